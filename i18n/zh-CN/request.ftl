# SPDX-License-Identifier: GPL-3.0-only
## 申领报修: what the cell asks for.

request-what = 需要什么，点一下就报给民警
request-item =
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
request-uploaded = 已上传平台 { $time }
request-accepted = 已受理 { $time }
request-done = 已办结 { $time }
request-declined = 不能办理：{ $words }
refused-request-open = 已经报过了，正在办理
