# SPDX-License-Identifier: GPL-3.0-only
## 公示：监所对所有人说的话，谁都可以看。

notice-tile-state = 监规、权利、菜谱、物价
notice-list = 公示
notice-list-hint = 谁都可以看，点一条打开
notice-none = 现在没有公示
notice-topic =
    { $topic ->
        [rules] 监规
        [rights] 权利义务
        [law] 法律法规
        [food] 伙食
        [prices] 物价
        [schedule] 作息
        [civil_cell] 文明监室
       *[other] 其他
    }
notice-line = { $topic } · { $time } 公示
notice-line-urgent = 紧急 · { $topic } · { $time } 公示
notice-posted = { $time } 公示
notice-figures = 多久能得到答复
notice-figures-hint = 投诉、约见、看病，上个月的统计
notice-figures-of = { $from }到{ $until }，少于五件的不公布
notice-figure-care = 看病
notice-figure-count = { $count } 件
notice-figure-median = 一半在 { $hours } 小时内答复
notice-figure-overdue = 逾期 { $count } 件
