# SPDX-License-Identifier: GPL-3.0-only
## Roll call, as the cell sees it.

roll-call = 点名
roll-call-title = { $title } · { $cell }
roll-call-ad-hoc = 临时点名
roll-call-begins = 马上开始点名
roll-call-what-1 = 叫到名字的人站到屏前，看着屏幕
roll-call-what-2 = 不想刷脸可以用密码，或请民警核验
roll-call-what-3 = 起不来的人不用动，民警会来核验
roll-call-count = 应到 { $expected } · 实到 { $present }
roll-call-since = { $time } 开始，已 { $span }
roll-call-round-2 = 第二轮
roll-call-stand-here = 请站到屏前
roll-call-any-order = 请任意一人站到屏前
roll-call-any-order-detail = 一次一人，先后不限
roll-call-use-pin = 用密码
roll-call-use-officer = 请民警核验
roll-call-no-reason = 不想刷脸可以直接选另外的办法，不需要理由
roll-call-tries = 没有认出来。请用密码，或请民警核验。
roll-call-pin = 请输入密码
roll-call-seen = 点到
roll-call-for-officer = 等民警核验
roll-call-for-officer-detail = 已经记下，请回到原位
roll-call-all-called = 都点过了
roll-call-all-called-detail = 请民警刷卡核对
roll-call-unresolved = { $count } 人等民警核验
roll-call-delivered = 点名结束
roll-call-delivered-detail = 民警已核对签名
roll-call-choose-self = 请点自己
roll-call-no-camera = 摄像头不能用
roll-call-no-camera-detail = 请用密码，或请民警核验。已经报告。
roll-call-camera-covered = 摄像头被挡住
roll-call-no-models = 没有人脸模型
roll-call-not-enrolled = 未登记人脸。请用密码，或请民警核验。
roll-call-face-unused = 没有使用摄像头
roll-call-face-unused-detail = 请用密码，或请民警核验
roll-call-not-on-roster = 不在点名名单上
roll-call-not-your-turn = 还没有叫到
roll-call-already = 已经点过了
roll-call-is-out = 已经带出

# One line of guidance under the mirror.
guide-look = 请看这里
guide-stand = 请一人站到屏前
guide-middle = 请站到中间
guide-closer = 请靠近一点
guide-back = 请退后一点
guide-one = 一次只能一人
guide-light = 光线太暗
guide-bright = 光线太亮
guide-still = 请站稳
guide-mask = 请摘下口罩
guide-straight = 请正对屏幕
guide-upright = 请把头摆正
guide-left = 请向左转头
guide-right = 请向右转头
guide-up = 请抬头
guide-good = 很好，请不要动
guide-again = 没有认出来，再试一次

# The small word on a person's tile.
chip-waiting = 等候
chip-called = 正在点
chip-again = 再点
chip-face = 人脸
chip-pin = 密码
chip-officer = 民警
chip-for-officer = 待核验
chip-out-reason =
    { $reason ->
        [interrogation] 提讯
        [hearing] 开庭
        [hospital] 住院
        [lawyer_meeting] 会见
        [clinic] 就诊
        [family_visit] 会见
        [talk] 谈话
       *[other] 带出
    }
chip-not-seen = 未点到
