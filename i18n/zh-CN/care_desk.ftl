# SPDX-License-Identifier: GPL-3.0-only
## 看病, at the desk: what officers see of reports, and the notices the clinic releases.

desk-nav-care = 看病
desk-care-what = 这里只有监室、时间和紧急程度。病情内容已加密，只有医务室能打开。
desk-care-empty = 现在没有病情反映
desk-care-caption = 逾期的在前，最多 { $count } 条
desk-care-urgency = 紧急程度
desk-care-urgency-name =
    { $urgency ->
        [routine] 一般
        [soon] 尽快
        [danger] 危急
       *[other] { $urgency }
    }
desk-care-waited = 已等
desk-care-nudges = 催办
desk-care-nudged = { $count } 次，最近 { $time }
desk-care-state =
    { $state ->
        [waiting] 待签收
        [opened] 医生已签收
        [answered] 已答复
        [closed] 已办结
       *[other] { $state }
    }
desk-care-comma = 、
desk-care-notices = 照护提示
desk-care-notices-what = 医生告知本岗位的照护需要，不含诊断。请勿转告其他人。
desk-care-notices-caption = 告知本岗位的，最多 { $count } 条
desk-care-needs = 需要
desk-care-until = 到期
desk-care-need =
    { $need ->
        [watch] 需要留意
        [diet] 病号饭
        [no_duty] 不安排值班
        [rest] 需要休息
        [bring_to_clinic] 带到医务室
       *[other] { $need }
    }
desk-danger =
    { $danger ->
        [chest_pain] 胸口痛、压着
        [breath] 喘不上气
        [bleeding] 出血止不住
        [fainting] 晕倒过、叫不醒
        [self_harm] 想伤害自己
       *[other] { $danger }
    }
desk-danger-nobody = 没有说是谁，请到监室查看
