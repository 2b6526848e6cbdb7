# SPDX-License-Identifier: GPL-3.0-only
## 投诉、约见, at the desk: what may be seen of complaints, the requests to see somebody, and how long answers take.

desk-nav-complaints = 投诉信件
desk-complaints-what = 这里只有收件单位、大小和钟点。内容已加密，只有收件单位在自己的窗口里能打开。任何人都不能删除、扣押，也不能按监室或人员查找。
desk-complaints-empty = 还没有加密信件
desk-complaints-csv = 下载为表格
desk-complaints-caption = 最近的在前，最多 { $count } 行
desk-complaint-hour = 到达（整点）
desk-complaint-office = 收件单位
desk-complaint-size = 大小
desk-complaint-items = 件数
desk-complaint-kib = { $kib } KiB
desk-office =
    { $office ->
        [clinic] 医务室
        [procurator] 驻所检察室
        [director] 所长
        [supervising_officer] 主管民警
        [superior] 上级机关
       *[other] { $office }
    }
desk-task-window = 请在本单位的阅信窗口打开

desk-nav-figures = 答复时间
desk-figures-what = 只统计平台已确认收到的事项。满 { $count } 件才公布；每月公布一次，公布后不再改动。加密信件里，收件单位已经打开但没有答复的不在其中：平台分不出哪些是信、哪些只是核验标记。
desk-figures-empty = 还没有公布过
desk-figures-month = { $from } 至 { $until }
desk-figures-few = 件数都太少，不公布
desk-figures-caption = 从平台收到到答复
desk-figure = 事项
desk-figure-count = 件数
desk-figure-median = 答复时间（中位数）
desk-figure-overdue = 逾期
desk-figure-few = 太少，不公布
desk-figure-complaint = 投诉：{ $office }
desk-figure-appointment = 约见：{ $with }
desk-figure-report = 病情反映

desk-nav-appointments = 约见
desk-appointments-what = 本岗位要答复的约见。法律援助、值班律师 24 小时内应转交或通知；律师会见的 48 小时从律师本人提出要求起算。是否已见面以本人确认为准。
desk-appointments-empty = 没有约见
desk-appointments-caption = 等答复的在前，最多 { $count } 条
desk-appointment = 要见
desk-appointment-with =
    { $with ->
        [supervising_officer] 管教民警
        [director] 所长
        [defence_lawyer] 辩护律师
        [duty_lawyer] 值班律师
        [legal_aid] 法律援助
        [doctor] 驻所医生
        [counsellor] 心理咨询
       *[other] { $with }
    }
desk-appointment-state =
    { $state ->
        [waiting] 待受理
        [accepted] 已受理
        [forwarded] 已转交
        [offered] 已提供时间，等本人选
        [booked] 已约定
        [took_place] 本人确认已见面
        [declined] 不能安排
        [withdrawn] 本人已取消
       *[other] { $state }
    }
desk-appointment-left = 已离开本监室
desk-appointment-booked = 约定 { $time }
desk-appointment-lawyer-asked = 律师 { $time } 提出会见要求
desk-appointment-done = { $name } { $time } 记为已见面，等本人确认
desk-appointment-words = 给本人的话
desk-appointment-time = 时间 { $number }
desk-appointment-do =
    { $deed ->
        [accept] 受理
        [forward] 已转交、已通知
        [lawyer] 记下律师要求会见的时间
        [offer] 提供这些时间
        [decline] 答复不能安排
        [done] 记为已见面
       *[other] { $deed }
    }
