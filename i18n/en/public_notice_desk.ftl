# SPDX-License-Identifier: GPL-3.0-only
## 公示, at the desk.

desk-nav-public-notices = Public notices
desk-public-notices-what = Posted on every terminal, for everybody to read. Name nobody and nobody's points: each person reads their own results in full in “My record”.
desk-public-notices-empty = No notice is posted
desk-public-notice-new = Post a notice
desk-public-notice-topic = About
desk-public-notice-until = Until the day (empty: until taken down)
desk-public-notice-is-urgent = Urgent: stands first, and on Home
desk-public-notice-urgent = Urgent
desk-public-notice-post = Post
desk-public-notice-by = posted { $time } by { $name }
desk-public-notice-ends = until { $time }
desk-public-notice-down = Take down
