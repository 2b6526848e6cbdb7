# SPDX-License-Identifier: GPL-3.0-only
## The desktop window of the clinic (医务室): dense, read at a desk by its staff.

reader-title = 医务室
reader-unlock = 解锁并登录
reader-unlock-again = 屏幕已锁，请解锁
reader-unlock-detail = 信件只在本机打开，平台看不到内容
reader-platform = 平台地址
reader-name = 用户名
reader-password = 密码
reader-code = 动态口令
reader-code-hint = 没有第二步的可不填
reader-key-file = 密钥文件
reader-passphrase = 密钥口令
reader-enter = 打开
reader-opening = 正在打开…
reader-lock = 锁屏
reader-fingerprint = 本室密钥指纹 { $fingerprint }

reader-tab-triage = 病情
reader-tab-chart = 个人记录
reader-tab-round = 发药
reader-tab-sent = 发送
reader-sent-waiting = 发送（{ $count } 件未发出）

## Link and faults: what happened, what is safe, what to do.
reader-link-ok = 已连接，列表 { $time }
reader-link-first = 正在取列表…
reader-link-down = 网络中断，列表停在 { $time }，写好的留在本窗口
reader-link-down-never = 连不上平台，还没有列表
reader-fault-address = 平台地址不对：要 https://，本机可用 http://
reader-fault-sign-in = 用户名、密码或动态口令不对，或此人不是本室的
reader-fault-session = 登录已过期，请重新登录；未发出的都还在
reader-fault-unreachable = 连不上平台，请查网线和地址
reader-fault-untrusted = 平台的证书不可信，没有发送任何内容；请告诉管理员
reader-fault-refused = 平台没有接受（{ $status }）
reader-fault-answer = 平台的回答看不懂，请告诉管理员
reader-fault-file-missing = 找不到密钥文件
reader-fault-file-wide = 密钥文件别人也能读，请改成 600 权限再试
reader-fault-file-damaged = 密钥文件损坏，或不是密钥文件
reader-fault-file = 密钥文件读不出来
reader-fault-passphrase = 密钥口令不对
reader-fault-too-long = 内容太长，没有发送
reader-fault-too-many = 未发出的太多，先处理“发送”页
reader-fault-time = 时间看不懂：日期如 11-23，时间如 09:30
reader-fault-empty = 还没有写内容
reader-fault-full = 最多六个时间
reader-keys-none = 平台还没有医务室的公钥，病情还送不进来。监室终端只认第一次给的公钥，请先核对指纹。
reader-keys-give = 核对无误，交出公钥
reader-keys-foreign = 平台上的医务室公钥不是这个文件的：信会被终端拒收，所以不发。请告诉管理员。

## Triage.
reader-triage-empty = 没有未办的病情，列表 { $time }
reader-triage-none = 还没有列表
reader-triage-choose = 点左边一条打开；打开即签收
reader-urgency =
    { $urgency ->
        [danger] 危急
        [soon] 尽快
       *[routine] 一般
    }
reader-state =
    { $state ->
        [opened] 已签收
        [answered] 已答复
        [closed] 已办结
       *[none] 未打开
    }
reader-waiting = 已等 { $span }
reader-overdue = 逾期
reader-nudged = 催办 { $count } 次
reader-new-words = 有新话
reader-unreadable = 打不开
reader-unreadable-key = 打不开：不是封给本室的，或在路上坏了
reader-unreadable-other = 内容对不上：这里不该是这样的信
reader-unreadable-repeated = 重复：同一封信又以另一编号出现，不计
reader-unreadable-person = 对不上人：是另一个人的话，不计
reader-unknown-person = 没有说是谁
reader-gone-person = 已不在名单的人（{ $number }）
reader-person = { $name } · { $badge }
reader-place = { $block } { $cell }
reader-not-in-cell = 此人不在发出的监室，请核对
reader-at = { $time } 报
reader-at-unsure = { $time } 收到（终端时间未校准）
reader-due = 应在 { $time } 前答复
reader-label-when = 时间
reader-label-symptoms = 症状
reader-label-since = 多久了
reader-label-severity = 难受程度
reader-label-dangers = 危险
reader-label-prefers = 方便时间
reader-label-readings = 测量
reader-label-checked = 怎样核实
reader-label-nudges = 催办
reader-label-said = 后来说的
reader-not-measured = 未测得
reader-any-time = 都可以
reader-unsaid = 说不清
reader-severity = { $severity } / 10　{ $word }
reader-symptom =
    { $symptom ->
        [head] 头
        [chest] 胸口
        [cough] 咳嗽、气短
        [belly] 肚子、吃喝
        [joints] 腰腿、关节
        [fever] 发烧、发冷
        [mind] 心里难受
       *[other] 别的
    }
reader-since =
    { $since ->
        [now] 刚才
        [today] 今天
        [yesterday] 昨天
        [days] 好几天
        [weeks] 一个多星期
       *[long] 老毛病
    }
reader-danger =
    { $danger ->
        [chest_pain] 胸口痛、压着
        [breath] 喘不上气
        [bleeding] 出血止不住
        [fainting] 晕倒过、叫不醒
       *[self_harm] 想伤害自己
    }
reader-day-part =
    { $part ->
        [morning] 上午
        [afternoon] 下午
       *[evening] 晚上
    }
reader-check =
    { $check ->
        [pin] 本人密码
        [officer] 民警核验
       *[none] 没有核实
    }
reader-for-other = 别人替报
reader-said-accept = 接受 { $slot }
reader-said-accept-gone = 接受的时间已不在所给时间里，请重新给
reader-said-other-time = 另要时间：{ $prefers }
reader-said-cancel = 不用了
reader-said-refuse = 拒绝诊疗：{ $why }
reader-said-worse = 更重了：{ $symptoms }，{ $severity }
reader-said-dose =
    { $taken ->
        [yes] 已服药
       *[no] 没有服药：{ $why }
    }
reader-said-sign =
    { $agreed ->
        [yes] 已签名
       *[no] 不同意：{ $why }
    }
reader-book-this = 确认预约

## The answer.
reader-answer-hint = 写给本人看的话，最多 500 字
reader-answer-nobody = 不知道是谁，信无处可寄；可以办结，或请监区核实
reader-answer-last = 上次答复 { $time }：{ $words }
reader-slots = 可选时间（最多六个）
reader-slot-date = 日期（月-日）
reader-slot-time = 时间
reader-slot-add = 加上
reader-slot-remove = 去掉
reader-slot = { $time } { $kind ->
        [clinic] 到医务室
        [round] 医生来监室
       *[remote] 远程会诊
    }
reader-slot-clinic = 到医务室
reader-slot-round = 来监室
reader-slot-remote = 远程会诊
reader-slot-booked = 已约
reader-send = 发出答复
reader-close = 办结
reader-open-chart = 个人记录

## A person's record.
reader-people = 人员
reader-search = 找姓名、编号、监室
reader-chart-choose = 点左边一个人
reader-chart-kind-visits = 就诊
reader-chart-kind-medicines = 用药
reader-chart-kind-readings = 测量
reader-chart-kind-documents = 文书
reader-chart-kind-notices = 照护提示
reader-chart-empty = 还没有
reader-chart-visit = 就诊记录（本人可见）
reader-chart-medicine = 药名
reader-chart-medicine-how = 用法：多少、什么时候
reader-chart-reading = 测什么
reader-chart-reading-value = 数值和单位
reader-chart-document-title = 文书标题
reader-chart-document-text = 正文，一行一段
reader-chart-add = 加上并发给本人
reader-chart-stop = 停药
reader-dose = 发药：{ $medicine }
reader-waits-person = 等本人确认
reader-document-waits = 等本人签名
reader-signature = 签名
reader-notice-needs = 需要什么（不写病情）
reader-notice-posts = 谁可以看到
reader-notice-days = 几天后自动结束
reader-notice-release = 放出提示
reader-notice-end = 结束
reader-notice-line = 给 { $posts }，到 { $until }
reader-need =
    { $need ->
        [watch] 需要留意
        [diet] 病号饭
        [no_duty] 不安排值班
        [rest] 需要休息
       *[bring_to_clinic] 带到医务室
    }
reader-post =
    { $post ->
        [duty_officer] 值班民警
        [supervising_officer] 管教民警
        [control_room] 巡控室
        [director] 所领导
       *[doctor] 驻所医生
    }

## The medication round.
reader-round-empty = 没有人有用药
reader-round-hand-out = 已发
reader-round-last = 上次 { $time } { $state }
reader-round-never = 还没有发过

## Sent and not sent.
reader-sent-empty = 解锁后还没有发过信
reader-sent-kind =
    { $kind ->
        [receipt] 签收
        [answer] 答复
        [closed] 办结
        [record] 个人记录
        [document] 文书
       *[notice] 照护提示
    }
reader-sent-sending = 发送中
reader-sent-done = 已交平台 { $time }
reader-sent-not = 未发出：{ $why }
reader-sent-again = 再发
reader-why-link = 网络不通，接通后自动再发
reader-why-terminal = 该监室终端还没有公钥，等它
reader-why-keys = 平台上的公钥不是本室的
reader-why-refused = 平台没有接受（{ $status }）
