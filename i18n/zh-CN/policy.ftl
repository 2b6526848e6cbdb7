# SPDX-License-Identifier: GPL-3.0-only
## The desk's page of a terminal's settings.

desk-policy = 设置
desk-policy-what = 每项设置的范围、来源和可修改的岗位。修改后终端在线即生效，离线的终端在恢复后生效。
desk-policy-revision = 当前版本：{ $rev }
desk-policy-caption = 全部设置
desk-policy-setting = 设置
desk-policy-value = 当前值
desk-policy-range = 可用范围
desk-policy-source = 来源
desk-policy-by = 谁可以修改
desk-policy-start = 初始值 { $value }
desk-policy-letters = 最多 { $count } 个字
desk-policy-rule = 规定：{ $rule }
desk-policy-measured = 厂家测得，由本所逐步调整
desk-policy-site = 本所决定
desk-policy-everywhere = 用于所有监室
desk-policy-kept = 已保存
desk-policy-refused = “{ $typed }”超出范围，或与其他设置矛盾，没有保存
desk-unit =
    { $unit ->
        [seconds] 秒
        [minutes] 分钟
        [hours] 小时
        [yuan] 元
        [times] 次
        [people] 人
        [frames] 帧
        [cosine] 相似度
        [pixels] 像素
        [degrees] 度
       *[brightness] 亮度
    }
desk-setting =
    { $key ->
        [roll_call-announce_s] 点名预告时间
        [roll_call-person_s] 每人等候时间
        [roll_call-tries_max] 人脸可试次数
        [roll_call-rounds] 点名轮数
        [roll_call-two_officers] 结果由两名民警签名
        [roll_call-any_order] 不按顺序点名（在本室名单内识别）
        [roll_call-any_order_assessment] 不按顺序点名的评估依据
        [roll_call-quiet_from_min] 静音开始
        [roll_call-quiet_to_min] 静音结束
        [alarm-next_post_s] 报警未接，多久呼叫下一岗位
        [alarm-director_s] 报警未接，多久呼叫值班所领导
        [alarm-siren_s] 每次按下警铃响多久
        [alarm-silent] 按住屏幕一角静默报警
        [care-routine_h] 一般病情：多久内应答复
        [care-soon_h] 较急病情：多久内应答复
        [care-danger_min] 危急病情：多久内应答复
        [shop-days] 购物开放日（1为周一，如 12345）
        [shop-open_from_min] 购物开始
        [shop-open_to_min] 购物截止
        [shop-turn_s] 有人等候时每人购物时长
        [shop-call_s] 叫到后等候时间
        [shop-month_yuan] 每人每月消费限额
        [shop-festival_yuan] 节日月份增加的限额
        [shop-festival_months] 节日月份（如 1 2 10）
        [shop-approve_h] 订单：多久内应审批
        [shop-sign_h] 送达后：多久内应签收
        [shop-dispute_h] 账目异议：多久内应答复
        [complaint-forward_lock_up_h] 投诉（拘留所）：多久内应转交
        [complaint-receive_h] 投诉：多久内应签收
        [complaint-answer_h] 投诉：多久内应答复
        [complaint-free_per_day] 投诉：每天随到随发的件数（之后每小时一件）
        [complaint-delay_min] 投诉：上传前最长随机等待
        [complaint-marks_to_director] 身份核验标记也发给所长
        [appointment-legal_aid_h] 法律援助：多久内应转交
        [appointment-duty_lawyer_h] 值班律师：多久内应通知
        [appointment-lawyer_meeting_h] 律师会见：收到律师要求后多久内安排
        [appointment-defence_lawyer_h] 辩护律师：多久内应转告
        [appointment-staff_h] 约见民警、所长、医生、心理咨询：多久内应答复
        [session-officer_idle_s] 民警无操作自动退出
        [session-blur_s] 个人页面无操作即遮挡
        [session-ask_s] 个人页面无操作即询问
        [session-clear_s] 个人页面无操作即退出
        [session-pin_tries_max] 密码可错次数
        [session-pin_wait_s] 密码错误后首次等候
        [face-match_min] 认定为本人的最低相似度
        [face-margin_min] 与第二相似者的最小差距
        [face-doubt_min] 低于此值即认为不是本人
        [face-votes_min] 认定所需帧数
        [face-votes_window] 参与认定的帧数
        [face-agreement_min] 前后两帧为同一人的最低相似度
        [face-live_min] 活体判断下限
        [face-challenge_when_unknown] 没有活体模型时要求转头
        [face-try_s_max] 每次识别时长
        [face-tries_max] 识别次数
        [face-challenge_s_max] 转头等候时间
        [face-turned_agreement_min] 转头前后为同一人的最低相似度
        [face-gates-other_score_min] 画面中另有人脸的判定
        [face-gates-score_min] 人脸清楚程度
        [face-gates-alone_area_ratio] 视为一人的面积倍数
        [face-gates-eye_distance_px_min] 两眼间最小距离
        [face-gates-face_height_max] 人脸最大高度
        [face-gates-off_centre_max] 偏离中心的上限
        [face-gates-luma_min] 人脸最低亮度
        [face-gates-luma_max] 人脸最高亮度
        [face-gates-contrast_min] 人脸最低对比度
        [face-gates-dark_share_max] 过暗部分上限
        [face-gates-bright_share_max] 过亮部分上限
        [face-gates-roll_deg_max] 头部倾斜上限
        [face-gates-yaw_max] 左右转头上限
        [face-gates-pitch_min] 低头下限
        [face-gates-pitch_max] 抬头上限
        [face-gates-sharpness_min] 清晰度下限
        [face-gates-turned_yaw_min] 视为转头的幅度
        [face-gates-turned_up_min] 视为抬头的幅度
        [face-gates-turned_off_centre_max] 转头时偏离中心的上限
        [face-enrolment-frames_per_view] 登记时每个角度的帧数
        [face-enrolment-eye_distance_px_min] 登记时两眼间最小距离
        [face-enrolment-side_yaw_min] 登记侧脸的最小幅度
        [face-enrolment-side_yaw_max] 登记侧脸的最大幅度
        [face-enrolment-views_agreement_min] 登记各角度为同一人的最低相似度
        [face-enrolment-too_alike_min] 与同室他人过于相似的界限
        [duty-people_min] 最少值班人数
        [duty-sign_on_before_s] 班前可签到时间
        [duty-sign_on_within_s] 缺人多久算空岗
        [duty-confirm_every_s_min] 两次随机确认最短间隔
        [duty-confirm_every_s_max] 两次随机确认最长间隔
        [duty-confirm_window_s] 每次确认的时限
        [duty-light_s] 空岗后多久出低声提示
        [duty-voice_s] 低声提示后多久报巡控室
        [duty-night_from_min] 值班夜间开始
        [duty-night_to_min] 值班夜间结束
        [duty-night_voice] 夜间可以低声提示
       *[other] { $key }
    }
desk-device-told = 终端上次自报
desk-device-version = 程序版本
desk-device-models = 人脸模型正常
desk-device-own-clock = 本机时钟
desk-device-behind = 比平台慢 { $seconds } 秒
desk-device-waits =
    { $lane ->
        [alarm] 室内待上传：报警
        [roll_call] 室内待上传：点名
        [care] 室内待上传：医疗
        [complaint] 室内待上传：投诉
        [order] 室内待上传：事务
       *[progress] 室内待上传：进度
    }
desk-device-waiting = { $count } 条，最久 { $span }；平台不收而留在本机 { $kept } 条
