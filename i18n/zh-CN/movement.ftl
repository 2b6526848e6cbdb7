# SPDX-License-Identifier: GPL-3.0-only
## Taking people out of the cell and bringing them back.

movement-title = 带出 · 带回
movement-choose = 请选择人员
movement-in-cell = 在室
movement-out-since = { $reason } { $time }
movement-reason = { $name }：带出事由
movement-check-out = { $name }：怎样确认身份
movement-check-back = { $name } 带回：怎样确认身份
movement-by-face = 人脸
movement-by-pin = 密码
movement-by-officer = 民警核对
movement-read-back-out = 带出 { $name }
movement-read-back-return = 带回 { $name }
movement-read-back-detail-out = { $reason }，{ $check }
movement-read-back-detail-return = { $reason }，{ $time } 带出，{ $check }
movement-confirm-out = 确认带出
movement-confirm-return = 确认带回
movement-done-out = 已带出
movement-done-return = 已带回
movement-expected-now = 应到 { $expected } 人
movement-one-left = 室内只剩 1 人
movement-one-left-detail = 巡控室会收到提醒
movement-one-left-known = 巡控室已得知
movement-another = 继续带出带回
movement-already-out = 已经带出了
movement-not-out = 没有带出
movement-not-of-this-cell = 不是本监室的人
movement-not-recognised = 没有认出来，请换一种方式
