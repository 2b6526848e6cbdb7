# SPDX-License-Identifier: GPL-3.0-only
## Words that stand on several pages.

back = 返回
more = 更多
previous = 上一页
done-and-leave = 完成并退出
leave = 退出
cancel = 取消
ok = 知道了
clear = 清除
enter = 确定
space = 空格
hide = 遮住

language = 语言
text-size = 字号
read-aloud = 朗读
sound-off = 无声

# The bar above each page.
time-unverified = 时间未校准
link-connected = 已连接
link-down = 网络中断，内容已存本机
link-never = 尚未连接平台，内容已存本机
link-refused = 平台拒绝本机，内容已存本机

# Where a thing has got to. "Uploaded" only after the platform's own answer.
delivery-saved = 已保存
delivery-saved-at = 已保存 { $time }
delivery-sending = 发送中
delivery-uploaded-at = 已上传平台 { $time }
delivery-upload = 上传平台
delivery-saved-help = 断电也不会丢
delivery-waiting-help = 网络恢复后自动上传
delivery-online-help = 等平台回执
delivery-refused-help = 平台拒绝本机，请告诉管理员
delivery-parked-help = 平台等人工处理
delivery-rejected-at = 平台没有接受 { $time }
delivery-kept = 没有上传成功
delivery-kept-help = 内容还在本机，请告诉管理员

# What people are called here, by the kind of facility.
detainees =
    { $kind ->
        [lock_up] 被拘留人员
        [drug_rehabilitation] 戒毒人员
       *[detention_centre] 在押人员
    }
# The number assigned to the cell.
assigned =
    { $kind ->
        [lock_up] 在拘
        [drug_rehabilitation] 在所
       *[detention_centre] 在押
    }

badge = 识别服 { $number }
officer = 民警 { $name }
officer-role =
    { $role ->
        [supervising_officer] 管教民警
        [director] 所领导
       *[duty_officer] 值班民警
    }
out-reason =
    { $reason ->
        [interrogation] 提讯
        [hearing] 开庭
        [hospital] 住院
        [lawyer_meeting] 律师会见
        [clinic] 就诊
        [family_visit] 家属会见
        [talk] 谈话教育
       *[other] 其他
    }

touch-hint = 请点一下有框的地方
still-there = 还在操作吗？
still-there-detail = { $seconds } 秒后自动退出，内容不会留在屏上
still-there-yes = 还在
fault = 出错了
fault-store = 本机存储打不开，正在重试；报警可用，也请按墙上报警或叫民警
fault-detail = 刚才的操作没有保存，请再试一次。报警和报告不受影响。
refused-officer-only = 只有民警可以
safe-mode = 本机正在修复，内容没有丢
