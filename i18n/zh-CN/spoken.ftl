# SPDX-License-Identifier: GPL-3.0-only
## What is said aloud: by the terminal to the whole cell, and by the button that reads a page.

# A number said digit by digit.
spoken-announced = 马上点名。请大家坐好，等候叫号。
spoken-turn-face = 请 { $badge } 号，到屏幕前，看镜头。
spoken-turn-other = 请 { $badge } 号，到屏幕前，输入密码，或者请民警核验。
spoken-any-order = 正在点名。还没有点到的人，请一个一个到屏幕前，看镜头。
spoken-second-round = 现在再叫一遍没有点到的人。
spoken-seen = 点到。请回到原位。
spoken-for-officer = 已经记下。请回到原位，等民警核验。
spoken-review = 叫完了，等民警确认。
spoken-confirmed = 点名结束，民警已经确认。
spoken-alarm = 报警已经触发。

spoken-home = 现在是 { $time }。应到 { $expected } 人。
spoken-next = { $time }，{ $title }。
spoken-home-how = 要看自己的信息，请按，我的信息。紧急时，请按住红色报警键一秒钟，任何时候都可以。

spoken-duty-confirm = 请值班的人到屏幕前确认。
spoken-duty-short = 值班人数不够。请值班的人到屏幕前签到。
spoken-duty = 值班。点自己的名字，就可以签到、确认、交班。撑不住的时候，请按，我撑不住了，民警会来，不算过错。
