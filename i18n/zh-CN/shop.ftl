# SPDX-License-Identifier: GPL-3.0-only
## 购物与账户: plain words about money. What the platform decides is never promised here.

shop-tile-state = 买东西，看余额
shop-tile-called = 轮到 { $name } 购物
shop-browse = 看商品和价格
shop-buy = 买东西
shop-mine = 我的账户和订单
shop-mine-short = 我的账户
shop-front-hint = 价格谁都可以看。报警、看病、投诉不用排队
shop-closed = 现在不能下单。购物时间：{ $days } { $from }–{ $to }
shop-hours = 购物时间：{ $days } { $from }–{ $to }
shop-every-day = 每天
shop-day =
    { $day ->
        [d1] 周一
        [d2] 周二
        [d3] 周三
        [d4] 周四
        [d5] 周五
        [d6] 周六
       *[d7] 周日
    }
shop-called = 轮到 { $name }，请来购物。后面还有 { $count } 人
shop-waiting = { $count } 人在等候购物
shop-who = 谁要买东西？
shop-who-mine = 看谁的账户？
shop-who-hint = 点自己的名字，再看一下镜头、输入密码
shop-before = 前面还有 { $count } 人
shop-turn-detail = 排上队，轮到您时主页会显示您的姓
shop-turn-waits = 您已经在排队。轮到时主页会显示您的姓
shop-turn-wait = 我要排队
shop-queue = 排队
shop-queue-others = 别人排队
shop-queue-who = 谁要排队？点自己的名字
shop-queue-hint = 点名字就排上
shop-place = 第 { $place } 位
shop-turn-left = 有人在等，还剩 { $span }
shop-shelf =
    { $shelf ->
        [washing] 洗漱
        [daily] 日用
        [food] 吃的
        [drink] 喝的
        [clothing] 衣物
       *[paper] 纸笔书
    }
shop-shelf-empty = 这一类现在没有商品
shop-not-for-me = 另有 { $count } 种，按您的级别或饮食不能买
shop-sold-out = 卖完了
shop-few = 只剩 { $count } 件
shop-left = { $count } 件
shop-enough = 有货
shop-dearer = 涨价，原 { $before }
shop-cheaper = 降价，原 { $before }
shop-was = { $time } 前是 { $before }
shop-pieces = { $count } 件
shop-period = { $days } 天内最多 { $count } 件
shop-line-stock = 存货
shop-line-order-max = 一次最多
shop-line-period = 每人限购
shop-line-price = 变过价
shop-line-suits = 适合
shop-line-until = 卖到
shop-diet =
    { $diet ->
        [halal] 清真
        [vegetarian] 素食
        [low_sugar] 低糖
       *[low_salt] 低盐
    }
shop-go-on = 接着挑
shop-cart-empty = 购物车是空的
shop-cart-button = 购物车 { $count } 件 { $total }
shop-times = { $price } × { $count }
shop-remove = 不要了
shop-total = 一共
shop-remains = 余额 { $balance }（截至 { $time }），买后约剩 { $remains }；本期限额还剩 { $limit }
shop-no-account = 账户还没有传到本机
shop-no-account-detail = 平台传来后才能看到余额。下单由平台核对
shop-warn-stock = 存货可能不够，平台核对后答复
shop-warn-balance = 余额可能不够，平台核对后答复
shop-warn-limit = 可能超过本期限额，平台核对后答复
shop-warn-offline = 网络中断：先作为申请存在本机，连上后平台核对价格和余额才扣款
shop-checkout = 去核对
shop-read-back = 您要买这些，对吗？
shop-order = 下单
shop-kit = 领入所生活用品
shop-kit-hint = 新来的人领一次
shop-free = 不要钱
shop-kit-take = 领取
shop-sent = 订单 { $number } · { $total }
shop-kit-sent = 领取单 { $number }
shop-sent-detail = 平台核对后扣款，结果在“我的账户和订单”里
shop-refused = 平台没有受理
shop-refused-nothing = 没有扣款。可以改一改再下单
shop-look-again = 按现在的价格再看一遍
shop-refused-why =
    { $why ->
        [price_changed] 价格变了，请按新价格再看一遍
        [stock] 存货不够
        [balance] 余额不够
        [limit] 超过本期限额
        [count_limit] 超过这种商品的限购数量
        [not_offered] 有的商品现在不能买
        [frozen] 账户已冻结
        [kit] 已经领过，或者不能领
        [not_here] 您已不在本室
       *[unsound] 订单有误，请再下一次
    }
shop-step-saved = 已保存
shop-step-uploaded = 已上传平台
shop-parked = 已上传平台，有人在核对
shop-state-placed = 已受理，已扣款
shop-state-approved = 已审批
shop-state-declined = 不予批准，已退款
shop-state-packed = 已配货
shop-state-delivered = 已送达，请签收
shop-state-received = 已签收
shop-state-cancelled = 已取消，已退款
shop-state-settled = 已办结
shop-said-cancelled = 您已取消，等平台确认
shop-said-received = 您已签收，等平台确认
shop-balance-of = 余额，截至 { $time }
shop-balance = 余额 { $balance }
shop-limit = 本期限额 { $most }，还剩 { $left }，到 { $time }
shop-frozen-short = 账户已冻结，看原因和怎样提出异议
shop-pending = 未受理的订单 { $total }，还没有扣款
shop-orders = 我的订单
shop-orders-count = { $count } 个
shop-orders-to-sign = { $count } 个等您签收
shop-orders-empty = 还没有下过单
shop-order-title = { $time } · { $total }
shop-order-number = 订单 { $number }
shop-statement = 账单明细
shop-lines-count = { $count } 笔
shop-differs = 有差异：订的、批的、送的、扣的不一样，看下面带“！”的行。
shop-line-differs = ！{ $name }
shop-charged = 实际扣款
shop-cancel = 取消订单
shop-again = 再买一次
shop-receive = 签收
shop-ordered = 订 { $count }
shop-approved = 批 { $count }
shop-delivered = 送 { $count }
shop-received = 收 { $count }
shop-charged-count = 扣 { $count } 件的钱
shop-receive-question = 东西都对吗？不对的点“有问题”
shop-good = 收到 { $count }
shop-problem = 有问题
shop-problem-question = { $name }怎么了？
shop-problem-hint = 点一下算一件
shop-missing = 缺少
shop-wrong = 送错
shop-damaged = 损坏
shop-missing-count = 缺少 { $count }
shop-wrong-count = 送错 { $count }
shop-damaged-count = 损坏 { $count }
shop-all-good = 都是好的
shop-problem-done = 就这样
shop-sign = 签收
shop-statement-of = 截至 { $time } · 对账码 { $code }（家属的账单上应相同）
shop-incomplete = 账单还在传，传完才是全部
shop-statement-empty = 还没有账目
shop-line-detail = { $time } · 余额 { $balance }
shop-line-kind =
    { $kind ->
        [deposit] 存入
        [order] 购物
        [returned] 退回
        [refund] 退款
        [deduction] 扣款
        [adjustment] 更正
       *[payout] 结清
    }
shop-dispute = 有异议
shop-see = 查看
shop-newer = 更近的
shop-older = 更早的
shop-line-marked = 已提出异议，等答复
shop-line-answered = 异议已答复
shop-line-upheld = 异议成立，已更正
shop-why-hint = 已经记下异议。哪里不对？也可以不说
shop-why-later = 不说了
shop-why =
    { $why ->
        [not_mine] 不是我买的
        [amount] 金额不对
        [not_received] 没收到东西
        [twice] 扣了两次
       *[other] 别的
    }
shop-line-time = 时间
shop-line-balance = 之后余额
shop-line-words = 说明
shop-line-reference = 凭证
shop-line-disputed = 提出异议
shop-line-why = 原因
shop-owed = 应扣款项与冻结
shop-owed-paid = 已扣 { $paid }，共 { $total }
shop-owed-none = 没有应扣的款项
shop-frozen = 账户已冻结：{ $why }
shop-frozen-since = 冻结时间
shop-object = 我有异议
shop-objected = 您的异议
refused-shop-empty = 购物车是空的
refused-shop-not-yours = 这里没有您的这一项
refused-shop-closed = 现在不是购物时间，购物车给您留着
refused-shop-frozen = 账户已冻结，现在不能买。可以看原因、提出异议
refused-shop-too-many = 超过一次能买的数量
refused-shop-not-offered = 现在买不到，或者不能卖给您
refused-shop-no-kit = 没有可以领的
refused-shop-too-late = 已经配货，不能取消
refused-shop-nothing-to-sign = 现在没有要签收的
refused-shop-already = 已经提过了
refused-shop-turn-over = 这一轮时间到了，购物车给您留着，可以再排队

## The way to what belongs to somebody.

prove-shop = 购物
prove-order = 确认下单
prove-receive = 确认签收
prove-face-hint = 请看着屏幕上方的镜头
prove-pin-hint = 请输入自己的密码
prove-pin-again = 再输一次自己的密码，这单才算数
prove-face-known = 已认出是您。请再输入密码
prove-use-pin = 不用人脸，只用密码
