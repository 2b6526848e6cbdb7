# SPDX-License-Identifier: GPL-3.0-only
## Roll call, as the officer reviews and signs it.

review-title = 点名核对 · { $cell }
review-subtitle = { $time } { $title }
review-after-round =
    { $round ->
        [1] 第一轮后
       *[2] 第二轮后
    }
review-present-of-expected = 实到 / 应到
review-out = 带出
review-by-face = 人脸
review-by-other = 密码 · 民警核验
review-not-seen = 未点到
review-extra = 多出
review-unresolved = 未处理
review-here = 在场，我核验
review-not-here = 未点到…
review-recount = 重新点名
review-recount-ask = 重新点名？
review-recount-ask-detail = 已经点到的人也要重新点
review-add-extra = 多出的人
review-remove = 撤销
review-extra-ask = 名单以外的人
review-sign = 确认并签名
review-sign-why-lines = 先处理 { $count } 人
review-sign-second = 请第二位民警签名
review-sign-second-detail = 请第二位民警刷卡、输入密码
review-signed-by = { $name } 已签名
review-same-officer = 两次签名要由两位民警
review-too-many = 已经记满，请告诉管理员

# Each line: how and when.
line-face = 人脸
line-pin-chosen = 密码（本人选择）
line-pin = 密码
line-officer = 民警核验 { $reason }
line-out = 带出 { $reason } { $time }
line-not-seen = 未点到 { $reason }
line-extra = 多出 { $note }
line-strangers = 名单外的人站到屏前 { $count } 次
line-unresolved-tries = 没有认出来
line-unresolved-asked = 本人要求民警核验
line-unresolved-absent = 没有到屏前
line-unresolved-not-enrolled = 未登记人脸
line-unresolved-camera = 摄像头不能用
line-unresolved-exempt = 免点 { $note }
line-late = 补点

# Why an officer looked himself.
check-reason =
    { $reason ->
        [asked] 本人要求
        [face_changed] 面部有伤或遮挡
        [not_enrolled] 未登记人脸
        [camera_down] 摄像头不能用
        [in_bed] 卧床
        [not_recognised] 没有认出来
        [forgot_pin] 忘记密码
       *[typed] 其他
    }
check-ask = { $name }：在场，怎样核验的
not-seen-ask = { $name }：为什么未点到
not-seen-not-in-cell = 不在监室
not-seen-moved = 已调监室，名单未更新
not-seen-released = 已出所，名单未更新
not-seen-being-looked-for = 正在查找
extra-moved-in = 刚调入，名单未更新
extra-admitted = 刚入所，名单未更新
extra-wrong-cell = 走错监室
extra-worker = 工作人员
reason-type = 打字
reason-list = 选理由
reason-typed-empty = 请写一句理由

read-back-title = 请核对，再签名
read-back-present = 实到
read-back-expected = 应到
read-back-out = 带出
read-back-not-seen = 未点到
read-back-extra = 多出
read-back-promise = 签名后不能修改，以后到的人用补点
read-back-sign = 签名

receipt-number = 点名编号
receipt-next = 平台收到后这里会显示时间
late-title = 补点
late-choose = 谁到了
late-empty = 没有未点到的人
