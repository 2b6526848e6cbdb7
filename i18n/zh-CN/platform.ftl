# SPDX-License-Identifier: GPL-3.0-only
## The desk: the platform's pages for officers.

desk-name = 监室终端工作台
desk-skip = 跳到正文
desk-nav = 页面
desk-nav-live = 点名
desk-nav-history = 点名记录
desk-nav-notices = 通知
desk-nav-parked = 待处理上报
desk-nav-terminals = 终端
desk-nav-audit = 操作记录
desk-languages = 语言
desk-logout = 退出
desk-post =
    { $post ->
        [duty_officer] 值班民警
        [supervising_officer] 管教民警
        [control_room] 巡控室
        [director] 所领导
        [doctor] 驻所医生
        [shop] 购物
        [finance] 财务
        [procurator] 驻所检察
        [it] 信息员
        [auditor] 审计
        [superior] 上级机关
       *[other] { $post }
    }
desk-none = —
desk-yes = 是
desk-no = 否
desk-save = 保存

desk-tasks = 待办
desk-nav-home = 首页
desk-tasks-count = 待办 { $count }
desk-tasks-caption = 等您的岗位处理，期限最近定下的在前
desk-task = 事项
desk-task-kind =
    { $kind ->
        [alarm] 一键报警，请派人查看
        [tamper] 终端被动过或断电
        [call] 监室报告，请联系
        [one_left] 室内只剩一人
        [camera] 摄像头看不见
        [trouble] 终端有故障
        [parked] 一条上报没有执行
        [evidence] 一条上报只作证据，请查看
        [roll_call] 点名到时没有结果
        [duty_gap] 值班空岗，请派人查看
        [duty_unwell] 值班人员撑不住了，请派民警
        [duty_swap] 换班等批准
        [duty_handover] 交班等确认
        [care_report] 病情反映等医生答复
        [danger] 有人病情危急，请派人查看
        [order_approval] 订单等审批
        [order_signature] 货已送达，等签收
        [order_difference] 收货有缺少、错误或损坏
        [line_dispute] 账目有异议，等答复
        [freeze_objection] 对账户冻结有异议，等答复
        [adjustment] 账目更正等复核
        [payout] 人员已离开监室，账户等结清
        [complaint] 有信件待本单位打开
        [appointment] 约见等答复
        [lawyer_meeting] 律师要求会见，等安排
        [document_declined] 有人不同意签名，请找本人谈话
       *[other] { $kind }
    }
desk-task-opened = 开始
desk-task-due = 期限
desk-task-overdue = 已超时 { $span }
desk-task-answer = 处理
desk-task-go = 去处理
desk-task-result = 处理结果
desk-task-done = 办结
desk-tasks-empty = 没有待办

desk-login-title = 登录
desk-login-name = 用户名
desk-login-password = 口令
desk-login-submit = 登录
desk-login-wrong = 用户名或口令不对
desk-login-wait = 错误次数太多，请等 { $seconds } 秒再试

desk-code-login-title = 第二步：验证码
desk-code-login-what = 请输入验证器上的六位验证码，或一个未用过的恢复码。
desk-code-login = 验证码
desk-code-wrong = 验证码不对，或已经用过
desk-enrol-title = 绑定验证器
desk-enrol-what = 用验证器应用扫描二维码，再输入它显示的六位验证码。以后每次登录都要口令和验证码。
desk-enrol-qr = 二维码，内容与下面的密钥相同
desk-enrol-secret = 不能扫描时，手工输入密钥：
desk-recovery-title = 恢复码
desk-recovery-what = 已绑定。验证器丢失时，每个恢复码可登录一次。只显示这一次，请抄下并妥善保管。
desk-recovery-done = 已抄好，进入工作台

desk-nav-users = 用户
desk-users-caption = 可使用工作台的人
desk-users-post = 岗位
desk-users-totp = 验证器
desk-users-totp-on = 已绑定
desk-users-totp-due = 下次登录时绑定
desk-users-totp-off = 不要求（仅限演示）
desk-users-change = 更改
desk-users-new = 新增用户
desk-users-name-what = 小写字母、数字、点、横线
desk-users-password = 换口令
desk-users-totp-reset = 重新绑定验证器
desk-users-password-title = 新口令
desk-users-password-what = 口令只显示这一次，请当面交给本人。

desk-wrong = 没有完成
desk-wrong-signed-out = 请先登录
desk-wrong-forbidden = 您的岗位不能进行这项操作
desk-wrong-token = 页面已过期，请返回后再试。刚才的操作没有执行。
desk-wrong-not-found = 没有这个页面
desk-wrong-form = 表单不完整。刚才的操作没有执行。
desk-wrong-fault = 平台出错了。刚才的操作没有执行，请再试一次。
desk-back-to-live = 返回点名页面

desk-live-title = 各监室点名
desk-live-pause = 暂停自动刷新
desk-live-stale = 连不上平台，下面的内容可能已经过时
desk-live-empty = 还没有终端
desk-live-alarms = 有 { $count } 起报警未接警
desk-live-unseen = 有 { $count } 条通知未查看
desk-as-of = 截至 { $time }
desk-last-heard = 终端最近联系 { $time }
desk-never-heard = 终端尚未联系过平台
desk-no-call = 还没有点名
desk-unresolved = 未处理 { $count } 人
desk-received-at = { $time } 收到结果
desk-progress-at = { $time } 收到进度
desk-opens-at = { $time } 开始叫名

desk-start = 立即点名
desk-start-now = 开始点名
desk-cancel-call = 取消这次点名
desk-cell = 监室
desk-call-title = 名称
desk-title-now = 临时点名
desk-title-morning = 早点名
desk-title-noon = 午点名
desk-title-evening = 晚点名
desk-title-night = 夜间查铺
desk-said-started = 已下达，终端收到后开始预告
desk-said-busy = 这个监室已有点名在等候或进行，没有再下达
desk-said-cancelled = 已取消
desk-said-too-late = 点名已经开始或结束，没有取消

desk-state = 状态
desk-state-asked = 已下达
desk-state-announced = 已预告
desk-state-open = 正在点名
desk-state-second-round = 第二轮
desk-state-review = 民警核对
desk-state-confirmed = 已确认，结果上传中
desk-state-received = 结果已收到
desk-state-cancelled = 已取消
desk-state-not-begun = 过期未开始

desk-expected = 应到
desk-present = 实到
desk-out = 带出
desk-not-seen = 未点到
desk-extra = 名单以外
desk-lines = 逐人情况
desk-lines-caption = 每人怎样点到、何时、由谁
desk-badge = 识别服编号
desk-person = 姓名
desk-unknown-person = 平台没有此人
desk-place = 情况
desk-place-waiting = 等候
desk-place-called = 正在点
desk-place-call-again = 再点
desk-place-for-officer = 等民警核验
desk-place-present = 点到
desk-place-out = 带出
desk-place-not-seen = 未点到

desk-how = 方式
desk-how-face = 人脸
desk-how-face-challenged = 人脸（做了动作）
desk-how-pin = 密码
desk-how-pin-chosen = 密码（本人选择）
desk-how-officer = 民警核验
desk-how-out = 带出
desk-how-not-seen = 民警记录
desk-time = 时间
desk-time-unverified = { $time }（时间未校准）
desk-times-unverified = 终端时间当时未经平台校准。先后以序号为准。
desk-score = 相似度
desk-score-live = { $score }（活体 { $liveness }）
desk-model = 模型
desk-tries = 刷脸次数
desk-officer = 民警
desk-reason = 理由
desk-note = 说明
desk-out-since = { $reason }，{ $time } 起

desk-number = 回执号
desk-begun-by = 发起
desk-asked-by = { $name } 在工作台下达
desk-by-platform = 平台任务
desk-opens = 计划叫名
desk-expires = 最迟开始
desk-opened = 开始
desk-confirmed = 确认
desk-signed-by = 签名
desk-received = 平台收到
desk-signature = 终端签名
desk-signature-good = 验证通过
desk-recounts = 重点次数
desk-policy-rev = 规则版本
desk-extra-caption = 不在名单上、由民警记录的人
desk-supplements = 补点
desk-supplements-what = 确认之后到的人另行补记，原结果不改。
desk-supplements-caption = 确认之后补记的人

desk-history-empty = 还没有点名记录
desk-history-caption = 最近 { $count } 次点名

desk-notice = 内容
desk-notices-empty = 没有通知
desk-notices-caption = 未查看的在前
desk-notice-alarm = 一键报警
desk-notice-camera =
    { $state ->
        [working] 摄像头恢复
        [covered] 摄像头被挡住
        [stalled] 摄像头没有画面
        [unplugged] 摄像头被拔下
        [missing] 没有摄像头
       *[other] 摄像头状态改变
    }
desk-notice-one-left = 室内只剩一人
desk-notice-parked =
    { $code ->
        [signature] 一条上报的签名不对，已原样保存，请技术人员查看
        [kind] 一条上报的种类不认识，已原样保存，请技术人员查看
        [body] 一条上报的内容读不懂，已原样保存，请技术人员查看
        [alarm_unknown] 平台没有它说的那次报警
        [not_of_this_cell] 一条上报说的不是本室的人，已原样保存，请核实
        [document_unknown] 上报说的文书不是这个人的，或没有这一版，已原样保存，请核实
        [text_differs] 签名的正文与平台的不一致，已原样保存，请核实
        [second_result] 同一次点名又来一个结果，已原样保存，请核实
        [total] 点名合计对不上，已原样保存，请核实
       *[other] 一条上报没有处理（{ $code }），已原样保存，请技术人员查看
    }
desk-notice-fork = 终端前后上报相矛盾（{ $code }），该通道已停，证据已保存
desk-notice-replaced = 换了新设备，旧设备已停用
desk-notice-trouble =
    { $trouble ->
        [store_damaged] 终端存储损坏，未上传的已抢救，损坏文件留在终端
        [lane_forked] 终端一条上报通道已停，此后用新编号上报
        [quarantined] 终端有一条上报平台读不了，原文留在终端
       *[other] 终端有故障
    }
desk-parked-what = 平台已按原样保存，但没有执行。能再试的，查明原因后再试；再试成功只执行一次，终端已得到的答复不变。
desk-parked-open = 有 { $count } 条上报待处理
desk-parked-evidence = 另有 { $count } 条只作证据保存
desk-parked-empty = 没有这样的上报
desk-parked-caption = 可再试的在前，最多 { $count } 条
desk-parked-kind = 种类
desk-parked-why = 原因
desk-parked-number = 序号
desk-parked-place = 第 { $epoch } 期 { $seq } 号
desk-parked-body = 内容
desk-parked-body-here = 在平台
desk-parked-body-withheld = 留在终端
desk-parked-state = 处理
desk-parked-again = 再试一次
desk-parked-waits = 待处理
desk-parked-replayed = { $name } { $time } 再次执行
desk-parked-only-evidence = 只作证据，不能再试
desk-parked-said-replayed = 已执行
desk-parked-done-before = 这条上报此前已经执行，没有再执行
desk-parked-never = 这条上报只作证据，不能执行：{ $why }
desk-parked-failed = 没有执行，什么都没有改变：{ $why }
desk-parked-code =
    { $code ->
        [signature] 签名不对，不能证明是这台设备说的
        [withheld] 平台当时读不了，内容留在终端
        [size] 大小或附件超过规定
        [kind] 平台不认识这个种类
        [body] 内容读不懂
        [lane] 走错了通道
        [not_of_this_cell] 说的不是本室的人
        [document_unknown] 没有这份文书，或不是这个人的
        [text_differs] 签名的正文与平台的不一致
        [report_unknown] 说的那条病情反映不在平台
        [not_sealed] 内容没有加密
        [recipient] 给的密钥不能用
        [second_result] 这次点名已有结果
        [supplement_without_result] 补点的那次点名还没有结果
        [total] 点名合计对不上
        [too_many_lines] 名单超过规定的长度
        [effect] 执行时平台出错
        [seq] 同一序号已有别的上报，前后矛盾
        [chain] 与前一条接不上，前后矛盾
        [id] 同一编号已有别的上报，前后矛盾
       *[other] { $code }
    }
desk-kind =
    { $kind ->
        [alarm_raised] 报警
        [alarm_camera] 摄像头状态
        [roll_call_result] 点名结果
        [roll_call_supplement] 补点
        [roll_call_progress] 点名进度
        [cell_movement] 出入监室
        [cell_one_left] 室内只剩一人
        [session_pin_issued] 发放密码
        [session_template_made] 采集人脸
        [session_template_erased] 删除人脸
        [device_trouble] 终端故障
        [device_health] 终端状态
        [panic_raised] 一键报警
        [panic_fine] 室内说没事了
        [panic_attended] 民警到场
        [device_case] 外壳或电源
        [request_call] 报告
        [care_report] 病情反映
        [care_said] 给医务室的话
        [care_nudge] 催办看病
        [care_danger] 病情危急
        [care_key] 接收医务室答复的密钥
        [request_item] 申领报修
        [complaint_sealed] 加密信件
        [complaint_count] 每日信件数
        [appointment_request] 申请约见
        [appointment_said] 对约见的回应
        [document_signed] 签名
        [document_declined] 不同意签名
       *[other] { $kind }
    }
desk-kind-unknown = 不认识的种类

desk-not-seen-yet = 未查看
desk-see = 标为已查看
desk-seen = 查看
desk-seen-by = { $name } { $time } 查看

desk-terminal = 终端位置编号
desk-camera = 摄像头
desk-camera-working = 摄像头正常
desk-camera-covered = 摄像头被挡住
desk-camera-stalled = 摄像头没有画面
desk-camera-unplugged = 摄像头被拔下
desk-camera-missing = 没有摄像头
desk-two-officers = 点名结果由两名民警签名
desk-no-device = 还没有设备登记
desk-device = 设备
desk-device-id = 设备编号
desk-device-state = 状态
desk-device-in-service = 在用
desk-device-revoked = { $time } 停用
desk-device-seen = 最近联系
desk-device-enrolled = 登记
desk-device-certificate = 证书有效至
desk-device-events = 已收上报
desk-device-forks = 矛盾上报
desk-lanes = 各通道收到哪里
desk-lane = 通道
desk-lane-name =
    { $lane ->
        [panic] 一键报警
        [alarm] 报警
        [roll_call] 点名
        [care] 医疗
        [complaint] 投诉
        [order] 事务
       *[progress] 进度
    }
desk-lane-frozen = 已停
desk-lane-epoch = 期
desk-lane-acked = 收到序号
desk-lane-parked = 待处理
desk-lane-newest = 最近一条收到
desk-lane-head = 链头
desk-ago = { $span }前
desk-span-seconds = { $count } 秒
desk-span-minutes = { $count } 分钟
desk-span-hours = { $count } 小时
desk-span-days = { $count } 天
desk-device-protocol = 协议版本
desk-device-clock = 终端时间
desk-device-clock-before = 最近一条上报的时间比平台收到早 { $span }（含排队和传送）
desk-device-clock-after = 最近一条上报的时间比平台收到晚 { $span }，终端时钟偏快
desk-device-clock-unsynced = 最近一条上报的时间未经平台校准
desk-device-clock-unsynced-before = 最近一条上报的时间未经平台校准；此前经过校准的：{ $difference }
desk-certificate-near = 只剩 { $days } 天，终端没有按时更新证书，请技术人员查看
desk-certificate-ended = 已到期，终端须先更新证书才能上传
desk-revoke = 停用这台设备
desk-make-code = 生成登记码
desk-code-title = 登记码
desk-code = 登记码
desk-code-until = 有效至
desk-root = 根证书指纹（SHA-256）
desk-code-what = 只显示这一次。可用一次，可试五次，只对这个监室的终端有效。

desk-nav-ledger = 电子台账
desk-ledger-from = 从
desk-ledger-to = 到
desk-ledger-all = 全部
desk-ledger-show = 查询
desk-ledger-count = 共 { $count } 条
desk-ledger-cut = 某一来源超过 { $count } 条，只列最近的。请缩短时间再查。
desk-ledger-caption = 工作台和终端上民警的操作，页面最多列 { $count } 条，导出不限
desk-ledger-at-terminal = 在终端

desk-audit-caption = 最近 { $count } 条，只增不改
desk-audit-number = 序号
desk-audit-who = 谁
desk-audit-what = 操作
desk-audit-object = 对象
desk-audit-business = 业务
desk-audit-place = 地点
desk-audit-result = 结果
desk-business =
    { $business ->
        [sign_in] 登录
        [roll_call] 点名
        [movement] 出入监室
        [identity] 身份信息
        [notice] 通知
        [alarm] 警情
        [request] 申领报修
        [parked] 待处理上报
        [terminal] 终端
        [policy] 规则
        [user] 用户
        [audit] 查阅
        [task] 待办
        [other] 其他
        [duty] 值班
        [care] 看病
        [shop] 购物
        [books] 账目
        [complaint] 投诉
        [appointment] 约见
       *[unknown] { $business }
    }
desk-result =
    { $result ->
        [done] 已完成
        [refused] 未成功
        [shown] 已查看
        [document] 签名捺印
        [public_notice] 公示
       *[other] { $result }
    }
desk-audit-action =
    { $action ->
        [sign_in] 登录
        [sign_in_wrong] 登录口令错误
        [enrol_wrong] 绑定验证器，验证码错误
        [code_wrong] 登录验证码错误
        [totp_enrol] 绑定验证器
        [totp_reset] 重置他人验证器
        [recovery] 使用恢复码
        [user_add] 新增用户
        [user_password] 更换他人口令
        [view] 查看页面
        [export] 导出台账
        [task_done] 办结待办
        [begin] 发起点名
        [sign] 签名确认点名
        [officer_check] 民警核验
        [not_seen] 记为未点到
        [extra] 记录名单以外的人
        [supplement] 补点
        [take_out] 带出
        [return] 带回
        [pin_issued] 发放密码
        [template_made] 采集人脸
        [sign_out] 退出
        [start] 下达点名
        [cancel] 取消点名
        [see] 查看通知
        [alarm_acknowledge] 接警
        [alarm_send] 派警
        [alarm_arrive] 记为已到场
        [alarm_close] 处置完毕
        [alarm_attended] 在终端到场
        [request_accepted] 受理申领报修
        [request_done] 办结申领报修
        [request_declined] 答复不能办理
        [revoke] 停用设备
        [policy] 修改规则
        [code] 生成登记码
        [replay] 再次执行上报
        [replay_refused] 再次执行上报，没有成功
        [duty_answer] 处理值班事项
        [rota] 批准值班表
        [care_letter] 医务室发出信件
        [care_letter_back] 医务室撤回信件
        [care_notice] 发布照护提示
        [care_notice_end] 结束照护提示
        [care_keys] 更换医务室密钥
        [goods_put] 修改商品
        [goods_withdraw] 下架商品
        [order_approve] 审批订单
        [order_decline] 不予批准订单
        [order_pack] 配货
        [order_deliver] 送达
        [order_settle] 办结收货差异
        [order_take_back] 退货
        [money_deposit] 登记存入
        [money_owe] 登记应扣款项
        [money_deduct] 扣款
        [account_freeze] 冻结账户
        [account_unfreeze] 解除冻结
        [account_rules] 修改账户级别与限额
        [account_release] 出所结清
        [adjustment_propose] 提出账目更正
        [adjustment_accept] 复核同意账目更正
        [adjustment_refuse] 复核不同意账目更正
        [objection_decline] 答复异议
        [statement_out] 出具账单
        [complaint_word] 收件单位签收或答复
        [complaint_keys] 更换收件单位密钥
        [appointment_accept] 受理约见
        [appointment_forward] 转交约见
        [appointment_lawyer] 记录律师会见要求
        [appointment_offer] 提供约见时间
        [appointment_decline] 答复不能安排约见
        [appointment_done] 记为已见面
        [document_ask] 发出文书
        [document_change] 改版文书
        [document_withdraw] 撤回文书
        [document_receive] 签收文书
        [document_print] 记为已线下捺印
        [document_talked] 记为已谈话
        [document_out] 导出文书
        [notice_post] 发布公示
        [notice_down] 撤下公示
       *[other] { $action }
    }

desk-nav-duty = 值班
desk-duty-cells = 各监室值班
desk-duty-open = 等处理
desk-duty-now = 现在值班
desk-duty-now-empty = 现在没有排班
desk-duty-now-caption = 当前班次的人员
desk-duty-repeated = 值班表已到期，终端沿用上一次批准的一周
desk-duty-shift = 班次
desk-duty-state = 状态
desk-duty-on = 已签到
desk-duty-not-on = 未见签到
desk-duty-matters = 等处理与已处理
desk-duty-matters-empty = 没有值班事项
desk-duty-matters-caption = 未处理的在前。空岗只有时间和人数，不归到任何人。
desk-duty-matter = 事项
desk-duty-ended = 结束
desk-duty-goes-on = 仍在继续
desk-duty-waits = 等管教民警处理
desk-duty-approve = 同意换班
desk-duty-refuse = 不同意
desk-duty-told =
    { $kind ->
        [nobody] 无人值班（要求 { $needed } 人）
        [too_few] 值班人数不够（在岗 { $on } 人，要求 { $needed } 人）
        [unconfirmed] 没有按时确认（要求 { $needed } 人）
        [no_handover] 到时没有交班
        [unrecorded] 终端停机或时间未确认，这段时间没有记录
        [handover] { $name } 交班
        [swap] { $name } 与 { $other } 换班
        [unwell] { $name } 撑不住了，请派民警
       *[other] { $kind }
    }
desk-duty-answered =
    { $answer ->
        [refused] { $name } 不同意
       *[confirmed] { $name } 已处理
    }
desk-duty-served = 近 { $days } 天各人值班次数
desk-duty-served-empty = 还没有签到
desk-duty-served-caption = 次数明显多的人，请了解是否替人值班
desk-duty-turns = 次数
desk-rota = 值班表
desk-rota-empty = 还没有值班表
desk-rota-from = 自 { $day } 起一周
desk-rota-day = { $day } 的值班
desk-rota-people = 人员
desk-rota-reserve = 替补
desk-rota-steward = 轮值员（白天）
desk-rota-keep = 保存并批准这一天
desk-rota-first = 按顺序排出第一周
desk-rota-next = 排出并批准下一周
