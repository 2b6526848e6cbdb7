# SPDX-License-Identifier: GPL-3.0-only
## What is said aloud: by the terminal to the whole cell, and by the button that reads a page.

# A number said digit by digit.
spoken-announced = Roll call begins soon. Please sit down and wait for your number.
spoken-turn-face = Number { $badge }, please come to the screen and look at the camera.
spoken-turn-other = Number { $badge }, please come to the screen. Enter your PIN, or ask for the officer.
spoken-any-order = Roll call. Whoever has not been counted, please come to the screen one at a time and look at the camera.
spoken-second-round = Those who have not been counted are now called again.
spoken-seen = Present. Please go back to your place.
spoken-for-officer = Noted. Please go back to your place. The officer will look.
spoken-review = Everybody has been called. The officer will confirm.
spoken-confirmed = Roll call is over. The officer has confirmed it.
spoken-alarm = The alarm has been raised.

spoken-home = It is { $time }. { $expected } people are expected.
spoken-next = { $time }, { $title }.
spoken-home-how = To see your own record, press My record. In danger, hold the red alarm button for one second, at any time.

spoken-duty-confirm = Whoever is on duty, please come to the screen and confirm.
spoken-duty-short = Too few are on duty. Whoever has this turn, please come to the screen.
spoken-duty = Duty. Touch your own name to sign on, confirm or hand over. If you cannot go on, press, I can't go on. An officer comes. It is no fault.
