# SPDX-License-Identifier: GPL-3.0-only
## Who stands at the screen: officers, PINs, face templates, one's own record.

officer-title = 民警
officer-present-card = 请刷卡
officer-present-card-detail = 把民警卡贴近读卡处
officer-lost-card = 没带卡或忘记密码
officer-enter-pin = 请输入密码
officer-signed-in = 民警 { $name } 已登录
officer-unknown-card = 这张卡不属于本监区
officer-unknown = 不认识这位民警
officer-second = 请另一位民警确认身份
officer-vouch-detail = 请另一位民警刷卡、输入密码
officer-choose-self = 您是哪一位
officer-choose-detail = 下一步由另一位民警刷卡、输入密码
officer-menu = 请选择
officer-menu-start = 开始点名
officer-menu-start-state = 应到 { $expected } 人
officer-menu-open-now = 现在开始叫名
officer-menu-review = 核对点名
officer-menu-review-state = { $count } 人未处理
officer-menu-review-none = 没有待核对的点名
officer-menu-late = 补点
officer-menu-late-state = 点名后到的人
officer-menu-movement = 带出 · 带回
officer-menu-movement-state = 带出 { $count } 人
officer-menu-enrol = 人脸登记
officer-menu-enrol-state = { $count } 人未登记
officer-menu-enrol-done = 全部已登记
officer-menu-pin = 密码发放
officer-menu-pin-state = { $count } 人没有密码
officer-menu-pin-done = 全部已发放
officer-menu-running = 点名正在进行
officer-menu-not-now = 现在不能用

pin-digits = 用数字
pin-pictures = 用图画
pin-wrong = 密码不对，还可以试 { $left } 次
pin-wait = 密码不对，请等 { $seconds } 秒
pin-none = 没有密码，请民警核验
pin-issue-title = 密码发放
pin-issue-choose = 给谁发放密码
pin-issue-first = 请本人输入新密码
pin-issue-first-detail = 4 到 8 位。民警请转过身去。
pin-issue-again = 请再输入一遍
pin-issue-quiet = 再设第二个密码
pin-issue-quiet-detail = 人人都有两个密码，打开的页面一样。有人逼您或者盯着您看时，用第二个：只有检察室会知道。民警请转过身去。
pin-issue-same = 和第一个密码一样，请换一个
pin-issue-differs = 两遍不一样，请重新输入
pin-issue-easy = 太容易猜到，请换一个
pin-issue-done = 密码已保存
pin-issue-done-detail = 只有本人知道。忘记了可以请民警重新发放。
pin-has = 已有密码
pin-has-none = 没有密码
picture-flower = 花
picture-sun = 太阳
picture-house = 房子
picture-car = 汽车
picture-star = 星星
picture-heart = 心
picture-cake = 蛋糕
picture-anchor = 船锚
picture-cup = 杯子
picture-umbrella = 雨伞

enrol-title = 人脸登记
enrol-choose = 给谁登记
enrol-consent = 本人可以不登记人脸，点名时用密码或民警核验，不需要理由。人脸信息只存在本机，出所或换监室时删除。
enrol-start = 本人同意，开始
enrol-front = 正面
enrol-left = 向左转
enrol-right = 向右转
enrol-done = 登记完成
enrol-done-detail = 点名时看一下屏幕就可以。使用记录在「我的信息」里能查到。
enrol-too-alike = 不能登记人脸
enrol-too-alike-detail = 与同室另一人太像，容易认错。点名请用密码或民警核验。
enrol-no-quality = 没有登记成功
enrol-not-one-person-detail = 三张画面不像同一个人。可以再试一次，或者用密码、民警核验。
enrol-too-long-detail = 时间太长。可以再试一次，或者用密码、民警核验。
enrol-no-camera-detail = 摄像头不能用。点名请用密码或民警核验。
enrol-try-again = 再试一次
enrol-erase = 删除人脸信息
enrol-has = 已登记
enrol-has-none = 未登记

record-title = 我的信息
record-claim = 请点自己
record-claim-detail = 别人的信息点不开
record-template = 人脸信息使用记录
record-none = 没有您的人脸信息
record-made = 登记
record-used = 点名使用
record-used-not-matched = 点名使用，没有认出来
record-used-movement = 带出带回使用
record-used-record = 查询使用
record-erased =
    { $cause ->
        [left_cell] 删除：离开监室
        [enrolled_again] 删除：重新登记
        [model_changed] 删除：更换模型
       *[asked] 删除：本人要求
    }
record-shield = 内容已遮住
record-shield-detail = 点一下继续看
