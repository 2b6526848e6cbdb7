# SPDX-License-Identifier: GPL-3.0-only
## 申领报修: what the cell asks for.

request-what = Touch what is needed, and an officer is told
request-item =
    { $item ->
        [pen] Pen
        [paper] Paper
        [water] Drinking water
        [toilet_paper] Toilet paper
        [bedding] Bedding
        [light] The light is broken
        [plumbing] Toilet or water is broken
       *[repair] Something else is broken
    }
request-uploaded = Uploaded { $time }
request-accepted = Accepted { $time }
request-done = Done { $time }
request-declined = Declined: { $words }
refused-request-open = It was asked for already, and is being seen to
