# SPDX-License-Identifier: GPL-3.0-only
## The window of a complaint office: what was sealed to it, its answers, its meetings, and what it can prove.

office-window = 阅信窗口
office-title =
    { $office ->
        [clinic] 医务室
        [procurator] 驻所检察室
        [director] 所长
        [supervising_officer] 主管民警
       *[superior] 上级机关
    }
office-fingerprint = 本室签名钥匙号 { $fingerprint }，应与监室里贴的一样
office-keys-none = 本室还没有交出公钥和约定，监室里还不能写给本室。请用 kioskctl open state 交出（至少两把钥匙：值班和备用）。
office-keys-foreign = 平台上的公钥没有这个文件的：信打不开，也不能签字。请告诉管理员。
office-keys-reads = 这个文件只能阅信，不能签收和答复：签字用的是本室另一把钥匙。
office-keys-ended = 与本室的约定已经到期，监室里不能再写给本室。
office-tab-complaints = 信件
office-tab-meetings = 见面
office-tab-custody = 保管
office-unsent = { $count } 件未发出
office-fault-seen = 上次看到的记录（钥匙文件旁的 .seen 文件）读不出来。不能当作第一次看：请先查明谁动过它。
office-fault-keep = 看到的记录存不下来（钥匙文件旁的 .seen 文件）：下次比对不出少了什么。请查磁盘。
office-fault-time = 时间看不懂或已过：日期如 11-23，时间如 09:30；两格都填或都不填
office-list-empty = 还没有密封的信，列表 { $time }
office-list-none = 还没有列表
office-choose = 点左边一条打开；打开即签收
office-kind =
    { $kind ->
        [quiet] 静默密码
        [mark] 核验标记
        [complaint] 信件
        [talk] 请单独谈
        [withdrawal] 要求撤回
        [escalation] 上报逾期
       *[meeting] 见面情况
    }
office-quiet-what = 有人用静默密码开了自己的页面：可能被人逼着，或被人看着。不要在监室里问，也不要让监室知道是谁说的。
office-mark-what = 有人用普通密码开了自己的页面。每次开都留一个，与静默密码的看上去一样。
office-state =
    { $state ->
        [new] 未打开
        [received] 已签收
        [answered] 已答复
        [withdrawn] 已撤回
       *[closed] 已办结
    }
office-state-unsent = 未发出
office-late-receive = 逾期：应在 { $time } 前签收
office-late-answer = 逾期：应在 { $time } 前答复
office-came = { $time } 到
office-marks = 也列出普通标记（{ $count }）
office-unnamed = 不写名字
office-person = { $name } · { $badge }
office-person-gone = 已不在名单的人（{ $number }）
office-place = { $block } { $cell }
office-place-unknown = 不认识的终端 { $device }
office-unsound = 这一件的签名不是该终端的：不能当真，不签收
office-hour = { $time } 前后
office-label-said = 说的时间
office-label-about = 关于谁
office-label-topics = 什么事
office-label-meeting = 要见面
office-label-number = 编号
office-label-received = 签收
office-label-answer = 答复
office-label-meet = 约见
office-label-later = 后来
office-label-of = 原信
office-label-to = 原写给
office-number = 本终端写给本室的第 { $number } 件
office-due = 应在 { $time } 前答复
office-yes = 是
office-no = 否
office-not-said = 没有说
office-said-nothing = 没有写字，只选了图
office-said-talk = 请单独来谈，别的到时候再说
office-answer-was = { $time }：{ $words }
office-unreceived = { $office }，{ $time } 前后；没有签收
office-unanswered = { $office }，{ $time } 前后；签收了没有答复
office-withdraws = 要求撤回（收据号核对无误）
office-withdraws-unproven = 有人要求撤回，但收据号对不上：不要当作本人
office-took-place =
    { $took ->
        [yes] 本人说见到了
        [no] 本人说没有来
       *[unproven] 有人说了见面情况，但收据号对不上
    }
office-answer-hint = 写给本人看的话，最多 1000 字；只有本人用收据号和密码能打开
office-answer-not = 这一件不用答复
office-answer-cannot = 这个文件不能签字，答复不了
office-meeting-date = 约见日期（月-日，可不填）
office-meeting-time = 时间（可不填）
office-send = 密封答复
office-close = 办结
office-let-go = 同意撤回
office-again = 再发
office-again-why = 未发出：{ $why }
office-meetings-what = 这里是本室密封答复里约的时间；是否见到，以本人说的为准。公开的约见（管教、所长、律师）在平台的“约见”页。
office-meetings-empty = 还没有约过
office-meeting-open = 打开信件
office-meeting-waits = 还没到时间
office-meeting-passed = 时间已过，本人还没有说见没见到
office-whole = 一件不少：每个终端的编号、链和每日报数都对得上
office-whole-none = 还没有列表，什么也证明不了
office-wrong = 有 { $count } 处不对：信件被扣、被改或在途中丢了。请记下编号，向平台的管理单位查问。
office-more = 另有 { $count } 处
office-finding-missing = { $place }：写给本室的第 { $number } 件没有交来（第 { $epoch } 期）
office-finding-gap = { $place }：链上第 { $number } 号没有交来（第 { $epoch } 期）
office-finding-chain = { $place }：链上第 { $number } 号接不上前一号（第 { $epoch } 期）
office-finding-signature = { $place }：链上第 { $number } 号不是该终端签的（第 { $epoch } 期）
office-finding-gone = { $place }：上次看到的第 { $number } 号，现在没有了或变了（第 { $epoch } 期）
office-finding-closed = { $place }：链上第 { $number } 号用本室的钥匙打不开（第 { $epoch } 期）
office-finding-key = { $place }：终端的钥匙换了，或没有告诉是哪把
office-terminal-key = 终端钥匙号 { $fingerprint }
office-chain = 第 { $epoch } 期：链上 { $seq } 件，链头 { $head }；其中写给本室 { $sent } 件
office-chain-none = 还没有发过
office-missing = 缺第 { $numbers } 件（第 { $epoch } 期）
office-count = +{ $count }
office-count-none = 无报数
office-verify-what = 终端自证：在监室屏幕“投诉与约见 → 核验本机”出示二维码，用任何扫码工具读出文字，粘在这里。
office-verify-code = 二维码里的文字（KIOSK1: 开头）
office-verify = 核验
office-verdict-good = 是 { $place } 的终端：钥匙与本室记下的一样，{ $time } 出示
office-verdict-doubt = 是 { $place } 的终端签的，{ $time } 出示，但有疑点：
office-verdict-text = 这不是终端的二维码文字，或不完整
office-verdict-unknown = 本室的名单里没有这台终端
office-verdict-signature = 不可信：不是本室记下的那把钥匙签的
office-verdict-chain = 平台已认收到第 { $epoch } 期第 { $seq } 号，链头 { $head }
office-doubt-old = 不是刚才出示的（超过 15 分钟），可能是旧照片
office-doubt-clock = 终端的时间没有校准，不知道是什么时候出示的
office-doubt-head = 同一编号，本室收到的是另一件：有两套历史
office-doubt-withheld = 平台认收了，却有 { $events } 件没有交给本室
office-doubt-newer = 出示的时间比本室的列表新，等列表更新后再核验
office-doubt-back = 本室已收到更新一期的信：终端被退回过，或有两台用同一把钥匙
