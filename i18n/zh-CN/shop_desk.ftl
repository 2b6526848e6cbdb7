# SPDX-License-Identifier: GPL-3.0-only
## 购物 and 账户, at the desk.

desk-nav-shop = 购物
desk-nav-accounts = 账户
desk-nav-adjustments = 更正复核
desk-festival = 节日
desk-yuan = ¥{ $amount }
desk-money-said-done = 已完成
desk-money-said-state = 没有成功：已不在这一步
desk-money-said-counts = 没有成功：数量不对
desk-money-said-words = 没有成功：请写明原因和依据
desk-money-said-amount = 没有成功：金额不对
desk-money-said-short = 没有成功：余额不足
desk-money-said-own = 没有成功：提出的人和岗位不能自己复核
desk-money-said-over = 没有成功：已经处理过
desk-money-said-unsound = 没有成功：商品资料不对，或商品已满
desk-money-said-unposted = 没有成功：没有内容、太长、已过期，或公示已满
desk-shop-empty = 没有订单
desk-goods = 商品
desk-goods-new = 新增商品
desk-goods-sku = 货号
desk-goods-name = 名称
desk-goods-unit = 规格
desk-goods-shelf = 货架
desk-goods-picture = 图片
desk-goods-price = 单价（元）
desk-goods-before = 原价 { $price }，{ $time } 起调整
desk-goods-stock = 库存（不填表示充足）
desk-goods-enough = 充足
desk-goods-order-max = 每单最多
desk-goods-days = 限购天数
desk-goods-period = 期内最多
desk-goods-level = 最低处遇级别
desk-goods-kit = 入所生活用品件数
desk-goods-from = 开始供应
desk-goods-until = 停止供应
desk-goods-suits = 适合的饮食
desk-goods-change = 修改
desk-goods-withdraw = 下架
desk-picks = 配货单
desk-picks-what = 按监室列出已审批的订单。可以打印。
desk-picks-tick = 已配
desk-order-kit = 入所生活用品
desk-order-ordered = 申请
desk-order-approved = 审批
desk-order-delivered = 送达
desk-order-good = 签收完好
desk-order-differs = 差异
desk-order-differing = 缺少 { $missing }，错误 { $wrong }，损坏 { $damaged }
desk-order-charged = 已扣款
desk-order-words = 给本人的话
desk-answer-words = 答复
desk-objections = 异议
desk-objection-freeze = 对账户冻结有异议
desk-objection-line = 对第 { $line } 笔有异议
desk-objection-decline = 答复，不更正
desk-objection-uphold = 提出更正
desk-objection-waits = 有异议，待答复
desk-objection-upheld = 异议成立
desk-objection-declined = 异议不成立
desk-accounts-caption = 已离开监室的在前
desk-account-balance = 余额
desk-account-state = 状态
desk-account-open = 正常
desk-account-frozen = 已冻结
desk-account-left = 已离开监室，待结清
desk-account-released = 已结清
desk-account-limit = 本月消费 / 限额
desk-account-owed = 应扣款项
desk-account-deeds = 办理
desk-account-amount = 金额（元）
desk-account-why = 原因
desk-account-reference = 依据
desk-account-level = 处遇级别
desk-account-month = 本人月限额（元，不填按规则）
desk-account-diets = 饮食
desk-statement = 账单
desk-statement-code = 核对码
desk-statement-json = 出具家属账单（签名文件）
desk-statement-pdf = 出具家属账单（打印）
desk-statement-number = 账单编号
desk-statement-check = 凭核对码可与终端上本人的账单核对；凭右边的码可向看守所核对签名文件。
desk-statement-foot = 第 { $page } 页 · 核对码 { $code }
desk-statement-whole = 账单完整，共 { $count } 笔
desk-statement-broken = 账单不完整：第 { $line } 笔与前面不符
desk-line-number = 序号
desk-line-what = 事项
desk-adjustment-amount = 更正金额（元，减少写负数）
desk-adjustment-waits = 等复核：{ $amount } · { $words }
desk-adjustment-accept = 同意
desk-adjustment-refuse = 不同意
desk-adjustments-what = 财务提出，所领导复核。同意后记入账目，原来的账目不改。
desk-adjustments-empty = 没有等复核的更正
desk-books = 总账
desk-books-whole = 借贷平衡：共 { $count } 笔，合计 { $total }
desk-books-broken = 账目不平：{ $uneven } 笔不平，{ $astray } 个账户不符，合计 { $total }
desk-books-people = 全部个人账户
desk-books-caption = 最近 { $count } 条分录
desk-books-account = 账户
desk-books-by = 经办
desk-order-state =
    { $state ->
        [placed] 待审批
        [approved] 待配货
        [packed] 待送达
        [delivered] 待签收
        [received] 已签收
        [settled] 已办结
        [declined] 不予批准
        [cancelled] 已取消
       *[unknown] { $state }
    }
desk-order-deed =
    { $deed ->
        [approve] 批准
        [decline] 不予批准
        [pack] 记为已配货
        [deliver] 记为已送达
        [settle] 办结差异（填退款件数）
        [take_back] 退货
       *[unknown] { $deed }
    }
desk-account-deed =
    { $deed ->
        [deposit] 登记存入
        [owe] 登记应扣款项
        [deduct] 扣款
        [freeze] 冻结
        [unfreeze] 解除冻结
        [rules] 保存级别与限额
        [propose] 提出更正
        [release] 出所结清
       *[unknown] { $deed }
    }
desk-goods-shelf-name =
    { $shelf ->
        [washing] 洗漱
        [daily] 日用
        [food] 吃的
        [drink] 喝的
        [clothing] 衣物
        [paper] 纸笔书
       *[unknown] { $shelf }
    }
desk-goods-picture-name =
    { $picture ->
        [soap] 肥皂
        [teeth] 牙刷牙膏
        [shampoo] 洗发水
        [towel] 毛巾
        [tissue] 卫生纸
        [pads] 卫生巾
        [cup] 杯碗
        [bread] 饼干面包
        [noodles] 方便面
        [fruit] 水果
        [sweets] 零食
        [meal] 熟食
        [water] 水
        [drink] 饮料
        [shirt] 衣服
        [shoes] 鞋袜
        [notebook] 本子
        [pen] 笔
        [book] 书
        [stamp] 邮票信封
        [other] 其他
       *[unknown] { $picture }
    }
desk-diet =
    { $diet ->
        [halal] 清真
        [vegetarian] 素食
        [low_sugar] 低糖
        [low_salt] 低盐
       *[unknown] { $diet }
    }
desk-dispute-why =
    { $why ->
        [not_mine] 不是本人买的
        [amount] 金额不对
        [not_received] 没收到东西
        [twice] 扣了两次
        [other] 别的原因
       *[unknown] { $why }
    }
desk-line-kind =
    { $kind ->
        [deposit] 存入
        [order] 购物
        [returned] 退回
        [refund] 退款
        [deduction] 扣款
        [adjustment] 更正
        [payout] 出所结清
        [delivered] 货款转入
       *[unknown] { $kind }
    }
desk-books-house =
    { $house ->
        [cash] 现金
        [transit] 在途货款
        [shop] 购物收入
        [creditors] 代扣应付
        [adjustments] 更正
       *[unknown] { $house }
    }
