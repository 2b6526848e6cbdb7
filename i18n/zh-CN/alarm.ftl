# SPDX-License-Identifier: GPL-3.0-only
## The alarm and the calm call beside it.

alarm = 一键报警
alarm-hold = 按住 1 秒
alarm-keep-holding = 请按住不放
alarm-raised-at = 报警已触发 { $time }
alarm-raised-times = 报警已触发 { $time }，按了 { $count } 次
alarm-step-raised = 已触发，已保存
alarm-step-unsaved = 已触发，本机没能保存
alarm-step-uploaded = 已上传平台
alarm-step-acknowledged = 巡控室已接警
alarm-step-coming = 民警正在赶来
alarm-step-attended = 民警已到场
alarm-step-closed = 已处置
alarm-sending = 正在发送
alarm-sending-detail = 平台还没有收到，本机一直在发
alarm-uploaded-detail = 等待巡控室接警
alarm-not-taken = 平台没有接收
alarm-not-taken-detail = 请按墙上报警，或大声叫民警
alarm-no-network = 正在发送，请同时按墙上报警
alarm-answered = 巡控室已接警
alarm-answered-detail = 请留在原处，等民警到来
alarm-attended-detail = 还需要帮助，请再按住报警
alarm-ended-detail = 还需要帮助，请再按住报警
alarm-fine = 我没事了
alarm-fine-said = 已告诉巡控室没事了，仍会有民警来看
alarm-small = 收起
alarm-not-live = 本机的摄像头和麦克风没有向外传送画面和声音
camera-live = 摄像头开着
report = 报告
report-to = 呼叫巡控室
report-calling = 正在呼叫
report-sent-at = 已上传平台 { $time }
report-kept = 网络中断，已保存
report-answered = 巡控室已回应
officer-menu-attended = 民警已到场
officer-menu-attended-state = 停止警铃
