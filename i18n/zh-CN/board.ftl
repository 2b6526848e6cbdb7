# SPDX-License-Identifier: GPL-3.0-only
## The platform's board of alarms, and the requests of cells.

desk-nav-alarms = 警情
desk-nav-requests = 申领报修
desk-alarms-empty = 现在没有警情
desk-alarms-stale = 与平台的联系中断，或已退出登录：这里看不到新的警情
desk-alarms-muted = 浏览器还没有允许发声，新警情不会响
desk-alarms-sound = 打开声音
desk-alarms-closed = 最近处置完毕的，最多 { $count } 条
desk-alarm = 警情
desk-alarm-kind =
    { $kind ->
        [panic] 一键报警
        [silent] 静默报警
        [camera] 摄像头看不见
        [opened] 终端外壳被打开
        [power] 终端断电，电池供电
        [call] 报告
        [danger] 有人病情危急
       *[other] { $kind }
    }
desk-alarm-silent-what = 报警人身边可能有危险：室内没有任何提示，请不要呼叫监室，直接派警
desk-alarm-fine = 室内说已经没事了，仍要民警到场核实
desk-alarm-over = 情况已自行恢复，请核实后关闭
desk-alarm-next-post = 已同时呼叫值班民警和管教民警
desk-alarm-director = 已同时呼叫值班所领导
desk-alarm-raised = 触发时间
desk-alarm-received = 收到时间
desk-alarm-waits = 已等 { $span }
desk-alarm-presses = 按下次数
desk-alarm-presses-last = { $count } 次，最近 { $time }
desk-alarm-acknowledged = 接警
desk-alarm-coming = 派警
desk-alarm-arrived = 到场
desk-alarm-closed = 处置完毕
desk-alarm-whom = 派谁去
desk-alarm-note = 处置情况
desk-alarm-deed =
    { $deed ->
        [acknowledge] 接警
        [send] 派警
        [arrive] 民警已到场
       *[close] 处置完毕
    }

desk-requests-empty = 现在没有申领报修
desk-requests-caption = 未答复的在前，最多 { $count } 条
desk-request = 申领报修
desk-request-item =
    { $item ->
        [pen] 笔
        [paper] 纸
        [water] 饮水
        [toilet_paper] 卫生纸
        [bedding] 被褥
        [light] 灯坏了
        [plumbing] 厕所、水管坏了
       *[repair] 其他东西坏了
    }
desk-request-state =
    { $state ->
        [accepted] 已受理
        [done] 已办结
        [declined] 不能办理
       *[waiting] 未答复
    }
desk-request-do =
    { $state ->
        [accepted] 受理
        [done] 办结
       *[declined] 不能办理
    }
desk-request-why = 原因（监室会看到）
