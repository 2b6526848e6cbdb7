# SPDX-License-Identifier: GPL-3.0-only
## Duty, as the cell and the officer at the terminal see it.

duty-title = 值班
duty-mine = 我的班
duty-week = 本周值班表
duty-swap = 换班
duty-unwell = 我撑不住了
duty-unwell-detail = 民警会来，不算过错
duty-tap = 点自己的名字
duty-count = 在岗 { $on } 人 · 要求 { $needed } 人
duty-enough = 在岗人数够
duty-short = 还差 { $missing } 人
duty-none-now = 现在没有人要值班
duty-time-unsure = 时间未确认，暂不能签到
duty-next = 下一班 { $time } { $title }
duty-no-rota = 平台还没有发来值班表
duty-repeated = 值班表未更新，沿用上一次批准的
duty-unconfirmed = 本机时间还没有确认，确认后班次自动恢复
duty-as-of = 网络中断，按最后收到的值班表
duty-steward = 轮值员 { $names }
duty-steward-none = 今天没有轮值员
duty-steward-detail = 白天由民警指定，没有管理权
duty-span = { $from }–{ $to }
duty-place-planned = 待签到
duty-place-on = 在岗
duty-place-confirm = 请确认
duty-place-handover = 可交班
duty-place-left = 已换人
duty-place-unwell = 等民警
duty-replaces = 替班待签到
duty-ask-sign-on = 签到
duty-ask-confirm = 确认在岗
duty-ask-handover = 交班
duty-ask-swap = 同意换班
duty-look = 请看镜头
duty-use-pin = 用密码
duty-use-officer = 请民警核验
duty-remark = 这一班怎么样
duty-remark-well = 一切正常
duty-remark-unwell = 有人不舒服
duty-remark-dispute = 有人争吵
duty-remark-broken = 有东西坏了
duty-remark-noise = 夜里有异常响动
duty-remark-officer = 别的事，要当面对民警说
duty-mine-who = 您是哪一位
duty-mine-empty = 这一周没有排您的班
duty-week-empty = 这一周没有排班
duty-swap-who = 谁要换班
duty-swap-own = 换出哪一班
duty-swap-other = 和哪一班换
duty-swap-none = 没有可以换的班
duty-unwell-who = 谁撑不住了
duty-unwell-nobody = 现在没有人在值班
duty-done-sign-on = 已签到
duty-done-sign-on-detail = 请在岗，记得到时确认
duty-done-confirm = 已确认
duty-done-confirm-detail = 谢谢，请继续值班
duty-done-handover = 已交班
duty-done-handover-detail = 等民警确认
duty-done-swap = 已报民警
duty-done-swap-detail = 民警同意后才算换班
duty-done-unwell = 已叫民警
duty-done-unwell-detail = 请留在屏前或坐下，不算过错
duty-officer-empty = 没有要处理的值班事项
duty-matter =
    { $kind ->
        [nobody] 无人值班
        [too_few] 值班人数不够
        [unconfirmed] 没有按时确认
        [no_handover] 没有交班
        [unrecorded] 终端停机或时间未确认，没有记录
        [handover] 交班：{ $name }
        [swap] 换班：{ $name } 与 { $other }
        [unwell] { $name } 撑不住了
       *[other] { $kind }
    }
duty-matter-since = { $time } 起
duty-note = 处理结果
duty-note-seen = 已查看，正常
duty-note-replaced = 已安排人员替换
duty-note-doctor = 已联系医生
duty-note-talked = 已谈话了解
duty-approve = 同意换班
duty-refuse = 不同意
duty-menu = 值班
duty-menu-state = { $count } 件等处理
duty-menu-none = 没有等处理的
duty-refused-turn = 现在不轮到这一位
duty-refused-already = 已经做过了
duty-refused-not-now = 现在不需要
duty-refused-swap = 这两班不能换
duty-refused-called = 已经叫过民警
duty-refused-answered = 已经处理过了
duty-call-confirm = 值班人员请确认
duty-call-short = 值班人数不够
duty-call-told = 值班人数不够，已报巡控室
duty-call-detail = 点这里
duty-tile-on = 在岗 { $on } 人
duty-tile-next = { $time } { $title }
duty-tile-none = 没有排班
