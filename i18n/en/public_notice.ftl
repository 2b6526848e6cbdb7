# SPDX-License-Identifier: GPL-3.0-only
## 公示: what the facility tells everybody; anybody may read it.

notice-tile-state = Rules, rights, menu, prices
notice-list = Notices
notice-list-hint = For everybody. Touch one to open it
notice-none = No notice is posted now
notice-topic =
    { $topic ->
        [rules] Rules
        [rights] Rights and duties
        [law] Law
        [food] Food
        [prices] Prices
        [schedule] Daily routine
        [civil_cell] Civil cell
       *[other] Other
    }
notice-line = { $topic } · posted { $time }
notice-line-urgent = Urgent · { $topic } · posted { $time }
notice-posted = Posted { $time }
notice-figures = How long answers take
notice-figures-hint = Complaints, meetings, clinic: last month's figures
notice-figures-of = { $from } to { $until }; fewer than five are not told
notice-figure-care = Clinic
notice-figure-count = { $count } in all
notice-figure-median = half answered within { $hours } h
notice-figure-overdue = { $count } overdue
