# SPDX-License-Identifier: GPL-3.0-only
## Home.

home-schedule = 当前安排
home-schedule-empty = 平台还没有发来今天的安排
home-schedule-late = 安排为 { $time } 收到
home-hint = 点一下就能开始，随时可以退出
home-officer = 民警
tile-care = 看病
tile-shop = 购物
tile-complaints = 投诉与约见
tile-education = 学习
tile-record = 我的信息
tile-duty = 值班
tile-requests = 申领报修
tile-notices = 公告
tile-not-open = 尚未开通
tile-record-state = 人脸信息记录
tile-requests-state = 用品、维修
home-roll-call-going = 正在点名
home-roll-call-again = 回到点名
home-roll-call-review = 等民警核对
missing-camera = 摄像头不能用，点名用密码或民警核验
missing-models = 没有人脸模型，点名用密码或民警核验
missing-roster = 还没有名单，请联系管理员
missing-platform = 本机尚未在平台登记
missing-repaired = 本机修复过，请管理员检查
