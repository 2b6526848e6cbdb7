# SPDX-License-Identifier: GPL-3.0-only
## 看病: words of somebody frightened, not of a form. Only the doctor reads what is said; a danger is called out.

care-tile-state = 不舒服就报，随时可以
care-me = 我不舒服，要看病
care-other = 替别人报
care-mine = 我的看病记录
care-menu-hint = 急的话，按住右下角红色的“一键报警”
care-no-clinic = 医务室的密钥还没有送到本机。现在写的先存在本机，密钥一到就发出；急的请按“报告”或“一键报警”
care-who = 您是哪一位？
care-who-other = 替谁报？
care-who-detail = 点自己的名字
care-who-other-detail = 点他的名字，不会打开他的任何记录
care-who-mine = 看谁的记录？
care-nobody = 不在这里、说不清
care-pin = 请输入自己的密码
care-pin-detail = 没有密码也可以报：请民警核验，或者直接报
care-unchecked = 不核验，直接报
care-step = 第 { $number } 步，共 { $numbers } 步
care-where = 哪里不舒服？
care-where-hint = 可以选几个。只有医生看得到内容
care-symptom =
    { $symptom ->
        [head] 头
        [chest] 胸口
        [cough] 咳嗽 气短
        [belly] 肚子 吃喝
        [joints] 腰腿 关节
        [fever] 发烧 发冷
        [mind] 心里难受
       *[other] 别的
    }
care-since = 多久了？
care-since-hint = 只有医生看得到
care-since-when =
    { $since ->
        [now] 刚才
        [today] 今天
        [yesterday] 昨天
        [days] 好几天
        [weeks] 一个多星期
       *[long] 老毛病
    }
care-severity = 有多难受？
care-severity-hint = 点最像的脸
care-face =
    { $face ->
        [f0] 不难受
        [f2] 有一点
        [f4] 还能忍
        [f6] 难受
        [f8] 很难受
       *[10] 受不了
    }
care-unsure = 说不清
care-dangers = 现在有这些吗？
care-dangers-hint = 点了马上叫民警。来的人只看到是谁、哪一种
care-danger =
    { $danger ->
        [chest_pain] 胸口痛、压着
        [breath] 喘不上气
        [bleeding] 出血止不住
        [fainting] 晕倒、叫不醒
       *[self_harm] 想伤害自己
    }
care-no-danger = 都没有
care-next = 下一步
care-read-back = 这样报给医生，对吗？
care-read-back-hint = 只有医生看得到内容；别人只看到监室、时间、急不急
care-prefer = 什么时候方便？
care-part =
    { $part ->
        [morning] 上午
        [afternoon] 下午
       *[evening] 晚上
    }
care-line-where = 哪里
care-line-since = 多久
care-line-severity = 多难受
care-line-dangers = 危险
care-line-who = 谁
care-line-temperature = 体温
care-not-measured = 未测得
care-not-said = 没有说
care-none = 没有
care-for-other = 替 { $name } 报
care-for-nobody = 没有说是谁
care-send = 送给医生
care-called = 已经叫人
care-called-who = 来的人看到：{ $name }，{ $danger }。别的都看不到
care-called-cell = 来的人看到：本监室，{ $danger }。别的都看不到
care-called-alarm = 更急的话，现在就按住右下角红色的“一键报警”
care-called-saved = 已保存，正在发出。没有网络时请同时按“一键报警”
care-called-sent = 巡控室的平台已收到 { $time }
care-go-on = 接着写给医生
care-sent = 已经报上去了
care-kept = 已经存好了
care-sent-number = 编号 { $number } · { $time } · { $urgency }
care-urgency =
    { $urgency ->
        [danger] 危急
        [soon] 尽快
       *[routine] 一般
    }
care-step-saved = 已保存在本机
care-step-uploaded = 已上传平台
care-step-opened = 医生已签收
care-step-answered = 医生已答复
care-step-waiting-keys = 等医务室的密钥，一到就发出
care-step-sending = 发送中，断网也不会丢
care-step-due = 应在 { $time } 前答复
care-step-overdue = 逾期未答复，已过 { $time }
care-waited = 已经等了 { $span }
care-not-taken = 平台没有收下，已存在本机，民警会处理
care-empty = 还没有报过。点右边可以看用药和文书
care-report-title = { $time }　{ $symptoms }
care-state-closed = 已办结
care-record = 就诊和用药
care-doses = 服药确认
care-documents = 健康文书
care-record-empty = 医务室还没有送来记录
care-doses-empty = 没有要确认的药
care-documents-empty = 没有要看的文书
care-medicine = 用药
care-visit = 就诊 { $time }
care-notice = 医生已告诉{ $posts }：{ $needs }（到 { $time }）
care-need =
    { $need ->
        [watch] 需要留意
        [diet] 病号饭
        [no_duty] 不安排值班
        [rest] 需要休息
       *[bring_to_clinic] 带到医务室
    }
care-post =
    { $post ->
        [duty_officer] 值班民警
        [supervising_officer] 管教民警
        [control_room] 巡控室
        [director] 所领导
        [doctor] 医务室
        [shop] 购物
        [finance] 财务
        [procurator] 驻所检察
        [it] 信息员
        [auditor] 审计
       *[superior] 上级机关
    }
care-nudge = 催办
care-slot =
    { $kind ->
        [clinic] 到医务室
        [round] 医生来巡诊
       *[remote] 远程会诊
    }
care-slot-take = { $kind } · 就这个时间
care-slot-taken = { $kind } · 已约好
care-other-time = 换时间
care-other-time-question = 什么时候方便？
care-other-time-hint = 可以选几个
care-cancel = 取消
care-refuse = 不想治
care-refuse-question = 不想治，因为什么？
care-refuse-hint = 随时可以重新报，没有人会因此处罚您
care-refuse-better = 已经好了
care-refuse-not-wanted = 不愿意
care-refuse-doctor = 想换个医生看
care-refuse-unsaid = 不想说原因
care-said-accept = 您选了 { $time }
care-said-other-time = 您要换时间：{ $parts }
care-said-any-time = 您要换时间
care-said-cancel = 您取消了
care-said-refuse = 您说不想治
care-said-worse = 您说加重了
care-line-said = 您说过
care-taken = 吃了
care-missed = 没吃
care-dose-taken = 您说：吃了
care-dose-missed = 您说：没吃
care-missed-question = 没吃，因为什么？
care-missed-hint = 只有医生看得到
care-dose-not-given = 没有发到手
care-dose-unwell = 吃了难受
care-dose-not-wanted = 不想吃
care-dose-wrong = 不是我的药
care-document-signed = 您已签名
care-document-refused = 您不同意
care-document-open = 请看，请签名或说不同意
care-sign = 同意，签名
care-disagree = 不同意，因为…
care-disagree-question = 不同意，因为什么？
care-disagree-hint = 不同意也会原样记下，没有人会因此处罚您
care-disagree-wrong = 写的不对
care-disagree-unclear = 看不懂
care-disagree-hurt = 我有伤病没有写上
care-disagree-unsaid = 不想说原因
care-sign-here = 用手指在这里签名
care-sign-done = 签好了
care-wipe = 擦掉重写
refused-care-empty = 先点一下哪里不舒服
refused-care-not-yours = 这一条已经不在这里了
refused-care-no-keys = 医务室的密钥还没有送到本机，请稍后再试
refused-care-closed = 已经办结。还不舒服，请重新报
refused-care-already = 已经说过了
refused-care-nudged = 已经催过，一小时后可以再催
refused-care-not-signed = 请先签名，或选一个原因
