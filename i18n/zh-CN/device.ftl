# SPDX-License-Identifier: GPL-3.0-only
## How the terminal is doing, for IT.

officer-menu-device = 终端状态
officer-menu-device-state = 供信息员查看
device-title = 终端状态
device-version = 程序版本
device-place = 终端编号
device-certificate = 证书有效至
device-not-enrolled = 尚未接入平台
device-link = 平台连接
device-clock = 本机时钟比平台
device-clock-behind = 慢 { $span }
device-clock-ahead = 快 { $span }
device-clock-right = 一致
device-clock-unknown = 未与平台核对
device-camera = 摄像头
device-camera-state =
    { $state ->
        [working] 正常
        [covered] 被遮挡
        [stalled] 画面停住
        [unplugged] 已断开
       *[missing] 没有
    }
device-models = 人脸模型
device-models-state =
    { $there ->
        [1] 正常
       *[0] 没有或已损坏
    }
device-commits = 开机后写入
device-commits-state = { $count } 次
device-batches = 开机后上传
device-batches-state = { $count } 批，其中未答复 { $open } 批
device-lane =
    { $lane ->
        [alarm] 待上传：报警
        [roll_call] 待上传：点名
        [care] 待上传：看病
        [complaint] 待上传：投诉
        [order] 待上传：购物与申领
       *[progress] 待上传：进度
    }
device-lane-empty = 全部已上传
device-lane-waiting = { $count } 条，最久 { $span }
device-lane-kept = { $count } 条，另有 { $kept } 条平台不收，保存在本机
