# SPDX-License-Identifier: GPL-3.0-only
## Roll call, as the cell sees it.

roll-call = Roll call
roll-call-title = { $title } · { $cell }
roll-call-ad-hoc = Unscheduled roll call
roll-call-begins = Roll call begins soon
roll-call-what-1 = When your name is called, come and look at the screen
roll-call-what-2 = You may use a PIN or an officer's check instead
roll-call-what-3 = Whoever cannot get up stays; an officer comes
roll-call-count = { $present } of { $expected } present
roll-call-since = Since { $time }, { $span }
roll-call-round-2 = Second round
roll-call-stand-here = Please come to the screen
roll-call-any-order = Come to the screen, anyone
roll-call-any-order-detail = One at a time, in any order
roll-call-use-pin = Use my PIN
roll-call-use-officer = Ask officer
roll-call-no-reason = You may choose another way. No reason is needed
roll-call-tries = Not recognised. Use your PIN or an officer's check.
roll-call-pin = Enter your PIN
roll-call-seen = Present
roll-call-for-officer = For the officer
roll-call-for-officer-detail = Noted. Please go back to your place
roll-call-all-called = All have been called
roll-call-all-called-detail = An officer, please present a card
roll-call-unresolved = { $count } for the officer
roll-call-delivered = Roll call is over
roll-call-delivered-detail = Checked and signed by the officer
roll-call-choose-self = Touch your own tile
roll-call-no-camera = Camera not working
roll-call-no-camera-detail = Use your PIN or an officer's check. This has been reported.
roll-call-camera-covered = The camera is covered
roll-call-no-models = No face models
roll-call-not-enrolled = Not enrolled. Use your PIN or an officer's check.
roll-call-face-unused = The camera is not used
roll-call-face-unused-detail = Use your PIN or an officer's check
roll-call-not-on-roster = Not on the roster of this roll call
roll-call-not-your-turn = Not called yet
roll-call-already = Already counted
roll-call-is-out = Out of the cell

# One line of guidance under the mirror.
guide-look = Look here
guide-stand = One person, please
guide-middle = Move to the middle
guide-closer = Come closer
guide-back = Step back a little
guide-one = One at a time, please
guide-light = Too dark
guide-bright = Too bright
guide-still = Hold still
guide-mask = Take off the mask
guide-straight = Face the screen
guide-upright = Hold your head upright
guide-left = Turn your head left
guide-right = Turn your head right
guide-up = Look up
guide-good = Good, hold still
guide-again = Not recognised. Once more, please

# The small word on a person's tile.
chip-waiting = Waiting
chip-called = Now
chip-again = Again
chip-face = Face
chip-pin = PIN
chip-officer = Officer
chip-for-officer = Check
chip-out-reason =
    { $reason ->
        [interrogation] Inquiry
        [hearing] Court
        [hospital] Hospital
        [lawyer_meeting] Lawyer
        [clinic] Clinic
        [family_visit] Visit
        [talk] Talk
       *[other] Out
    }
chip-not-seen = Unseen
