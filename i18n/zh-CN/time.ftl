# SPDX-License-Identifier: GPL-3.0-only
## Dates and spans. $weekday is 1 (Monday) to 7.

date =
    { $month }月{ $day }日 { $weekday ->
        [1] 星期一
        [2] 星期二
        [3] 星期三
        [4] 星期四
        [5] 星期五
        [6] 星期六
       *[7] 星期日
    }
date-time = { $month }月{ $day }日 { $time }
span-s = { $seconds } 秒
span-min-s =
    { $seconds ->
        [0] { $minutes } 分
       *[other] { $minutes } 分 { $seconds } 秒
    }
span-h-min =
    { $minutes ->
        [0] { $hours } 小时
       *[other] { $hours } 小时 { $minutes } 分
    }
in-minutes = 还有 { $minutes } 分钟
in-span = 还有 { $span }
