# SPDX-License-Identifier: GPL-3.0-only
## 投诉与约见: to whom, named or not, what about, the receipt code, what became of it.

complaint-tile-state = 检察室、所长
complaint-menu = 想告诉谁
complaint-menu-hint = 写完马上密封：除了您选的单位，谁也打不开。民警、同室的人、管机器的人都看不到。也可以写纸条投进检察官信箱。
complaint-office =
    { $office ->
        [procurator] 驻所检察室
        [director] 所长
        [supervising_officer] 主管民警
       *[superior] 上级机关
    }
complaint-office-sealed = 密封，只有收的单位能打开
complaint-office-closed = 现在不能用，点这里看别的办法
complaint-status = 查进度、看答复
complaint-status-detail = 用收据号
complaint-proof = 核验本机
complaint-proof-detail = 给检察官等单位扫的码
complaint-proof-hint = { $time } 出示，15 分钟内有效
complaint-proof-what = 检察官等单位扫这个码，就能查出：是不是真的这台机器，平台有没有扣下写给他们的信。
complaint-proof-nothing = 码里没有谁的名字，没有写的内容，也不说写没写过新的。
complaint-proof-clock = 现在的时间没有核实，单位会看到这一点。
complaint-proof-again = 换一个新码
complaint-closed = 现在不能从这里写给：{ $office }
complaint-closed-never = 还没有和这个单位做好密封的约定。在这之前，写了也不保证只有他们看到，所以这里不开。
complaint-closed-ended = 和这个单位的密封约定到期了，新的还没有来。
complaint-closed-box = 可以写纸条，投进检察官信箱。
complaint-closed-meet = 巡视检察官来监室时，可以当面说；也可以告诉律师、家属。
complaint-closed-report = 有危险，请按报警。
complaint-name = 要不要写上名字
complaint-named = 写上我的名字
complaint-named-detail = 要输密码。单位能来找您谈。
complaint-unnamed = 不写名字
complaint-unnamed-detail = 不开摄像头，不问是谁，不留来过的记录。
complaint-name-room = 同室的人能看见谁在用机器。人少的监室，写的内容也会让人猜到是谁：这个机器做不到保密。
complaint-name-key = 钥匙号 { $fingerprint }。和监室里贴的纸对一对，不一样就不要写。
complaint-name-power = 写的东西只在屏幕上：停电或者离开就没有了，要重新写。
complaint-who = 您是哪一位
complaint-who-detail = 下一步输密码
complaint-pin = 请输入您的密码
complaint-pin-detail = 两个密码都可以，打开的都一样。
complaint-step = 第 { $number } 题，共 { $numbers } 题
complaint-about-question = 是关于谁的
complaint-about-hint = 可以选几个，也可以不选
complaint-about =
    { $about ->
        [officer] 民警
        [cellmate] 同室的人
        [medical] 医务人员
        [case_organ] 办案单位
        [facility] 规定、条件
       *[other] 别的
    }
complaint-topic-question = 是什么事
complaint-topic-hint = 可以选几个
complaint-topic =
    { $topic ->
        [violence] 打人、体罚
        [threats] 威胁、欺负
        [sexual] 性侵害
        [restraints] 戒具、单独关
        [interrogation] 提讯、逼供
        [custody_expiry] 关押期限
        [lawyer] 见律师
        [family] 家属、通信
        [medical] 看病
        [living] 吃住、卫生
        [money] 钱和东西
       *[other] 别的
    }
complaint-words-question = 想再写几句吗
complaint-words-hint = 现在只能打字母和数字。不写也可以，选好的就够了。
complaint-no-words = 不写了
complaint-next = 下一步
complaint-talk = 谈的时候再说
complaint-read-back = 要送出的就是这些
complaint-read-back-hint = 对就密封送出；不对点「返回」改
complaint-line-office = 写给
complaint-line-writer = 谁写的
complaint-line-about = 关于谁
complaint-line-topics = 什么事
complaint-line-words = 写的话
complaint-line-talk = 只说这一句
complaint-writer-none = 不写名字
complaint-talk-only = 请单独来谈，别的到时候再说
complaint-not-said = 没有说
complaint-meeting = 请来见我
complaint-send = 密封送出
complaint-elsewhere = 换一个单位
complaint-elsewhere-question = 换成写给谁
complaint-elsewhere-hint = 已经写好的还在
complaint-sent = 已密封保存
complaint-sent-hint = 停电也不会丢。这是收据号，只显示这一次：
complaint-sent-keep = 请记在心里，不要写在别人看得到的地方
complaint-sent-why = 查进度、看答复、撤回，都要用它。写了名字的，还要用密码。
complaint-sent-lost = 忘了也不影响：单位照样会收到、会处理。
complaint-kept = 记住了
complaint-code = 请输入收据号
complaint-code-detail = 八个数字
complaint-state = 写给{ $office }
complaint-state-made = { $time } 前后
complaint-step-saved = 已保存
complaint-step-uploaded = 已上传平台
complaint-step-sending = 等待上传
complaint-not-taken = 平台没有收，留在本机，会由人取走
complaint-step-received = 已签收
complaint-step-receive-due = 应在 { $time } 前签收
complaint-step-receive-overdue = 逾期：{ $time } 前没有签收
complaint-step-answered = 已答复
complaint-step-answer-due = 应在 { $time } 前答复
complaint-step-answer-overdue = 逾期：{ $time } 前没有答复
complaint-step-withdrawn = 已撤回
complaint-step-closed = 已办结
complaint-escalate = 告诉上一级
complaint-escalate-to = 到期没有人管，可以告诉：{ $office }。只说逾期，不说内容。
complaint-escalated = 逾期的事已经告诉上一级。
complaint-withdrawal-sent = 撤回的话已经送出，等单位确认。
complaint-clock-unverified = 现在的时间没有核实，期限可能有出入。
complaint-open = 看答复
complaint-withdraw = 撤回
complaint-prove-who = 是谁写的
complaint-prove-pin = 请输入写的人的密码
complaint-answer-title = { $office }的答复
complaint-answer-at = { $time }
complaint-answer-meeting = 约在 { $time } 见面
complaint-took-place = 见到了
complaint-did-not = 没有来
complaint-withdraw-question = 要撤回吗
complaint-withdraw-hint = 没有人可以叫您撤回。不撤回，单位会继续处理。
complaint-withdraw-go = 要撤回
complaint-withdraw-sure = 真的要撤回？
complaint-withdraw-sure-hint = 撤回以后也可以再写。有人逼您撤回，请点「返回」。
complaint-withdraw-now = 撤回
complaint-see = 约见
complaint-see-detail = 民警、律师、医生
complaint-see-mine = 我约的人
complaint-see-mine-hint = 约检察官请用「驻所检察室」，那里是密封的
complaint-see-new = 约人
complaint-see-whom = 想见谁
complaint-see-whom-hint = 不用写为什么，见面再说。民警能看到您约了谁。
complaint-with =
    { $with ->
        [supervising_officer] 管教民警
        [director] 所长
        [defence_lawyer] 我的律师
        [duty_lawyer] 值班律师
        [legal_aid] 法律援助
        [doctor] 医生
       *[counsellor] 心理咨询
    }
complaint-see-sure = 约见：{ $whom }
complaint-see-sure-hint = 确认后送出
complaint-see-send = 送出
complaint-see-one = 约见：{ $whom }
complaint-see-state =
    { $state ->
        [sent] 已送出
        [overdue] 逾期没有转交
        [accepted] 已受理
        [forwarded] 已转交
        [offered] 请选时间
        [booked] 已约好
        [took_place] 已见面
        [declined] 不能安排
       *[withdrawn] 不约了
    }
complaint-see-forwarded = 已转交
complaint-see-forward-due = 应在 { $time } 前转交
complaint-see-forward-overdue = 逾期：{ $time } 前没有转交
complaint-see-lawyer-due = 律师已经要求会见，应在 { $time } 前安排
complaint-see-withdraw = 不约了
complaint-see-slots = 选时间
complaint-see-slots-question = 什么时候合适
complaint-see-slots-hint = 选一个时间
complaint-see-other-time = 都不合适

refused-complaint-empty = 还没有选什么
refused-complaint-not-arranged = 现在不能写给这个单位。写好的还在，可以换一个单位，或者写纸条投进检察官信箱。
refused-complaint-not-yours = 收据号和密码对不上
refused-complaint-hourly = 今天送出的已经很多，请过一个小时再送。写好的还在。
refused-complaint-not-overdue = 还没有逾期，或者没有可以告诉的上一级
refused-complaint-already = 已经送出过了
refused-complaint-no-answer = 答复打不开，或者不是单位的。可以再写一次问。
