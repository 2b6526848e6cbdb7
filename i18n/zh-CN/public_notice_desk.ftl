# SPDX-License-Identifier: GPL-3.0-only
## 公示，在监所平台上。

desk-nav-public-notices = 公示
desk-public-notices-what = 发到每一台终端，谁都可以看。不写任何人的姓名和得分：个人的考核结果只在本人的“我的信息”里完整显示。
desk-public-notices-empty = 现在没有公示
desk-public-notice-new = 发布公示
desk-public-notice-topic = 类别
desk-public-notice-until = 到哪一天为止（空：撤下为止）
desk-public-notice-is-urgent = 紧急：排在最前，并显示在首页
desk-public-notice-urgent = 紧急
desk-public-notice-post = 发布
desk-public-notice-by = { $time } { $name } 发布
desk-public-notice-ends = 到 { $time } 为止
desk-public-notice-down = 撤下
