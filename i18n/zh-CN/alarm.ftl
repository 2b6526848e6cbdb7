# SPDX-License-Identifier: GPL-3.0-only
## The alarm and the calm call beside it.

alarm = 一键报警
alarm-hold = 按住 1 秒
alarm-keep-holding = 请按住不放
alarm-raised-at = 报警已触发 { $time }
alarm-saved = 已保存，警铃已响
alarm-sending = 正在发送
alarm-sending-detail = 平台还没有收到，本机一直在发
alarm-uploaded-at = 已上传平台 { $time }
alarm-uploaded-detail = 等待巡控室接警
alarm-not-taken = 平台没有接收
alarm-not-taken-detail = 请按墙上报警，或大声叫民警
alarm-no-network = 正在发送，请同时按墙上报警
alarm-answered = 巡控室已接警
alarm-answered-detail = 民警正在赶来
alarm-ended = 报警已由民警处理 { $time }
report = 报告
report-to = 呼叫巡控室
report-calling = 正在呼叫
report-sent-at = 已上传平台 { $time }
report-kept = 网络中断，已保存
report-answered = 巡控室已回应
