# SPDX-License-Identifier: GPL-3.0-only
## Roll call, as the officer reviews and signs it.

review-title = Review · { $cell }
review-subtitle = { $time } { $title }
review-after-round =
    { $round ->
        [1] round 1
       *[2] round 2
    }
review-present-of-expected = Present / expected
review-out = Out
review-by-face = By face
review-by-other = PIN, officer
review-not-seen = Not seen
review-extra = Extra
review-unresolved = Unresolved
review-here = Here, checked
review-not-here = Not seen…
review-recount = Count again
review-recount-ask = Count again?
review-recount-ask-detail = Everybody is called again, those present too
review-add-extra = Extra person
review-remove = Remove
review-extra-ask = Someone not on the roster
review-sign = Confirm and sign
review-sign-why-lines = First resolve { $count }
review-sign-second = A second officer signs
review-sign-second-detail = The second officer presents a card and enters a PIN
review-signed-by = Signed by { $name }
review-same-officer = Two officers must sign
review-too-many = The list is full. Tell a technician

# Each line: how and when.
line-face = Face
line-pin-chosen = PIN (own choice)
line-pin = PIN
line-officer = Officer's check: { $reason }
line-out = Out: { $reason } { $time }
line-not-seen = Not seen: { $reason }
line-extra = Extra: { $note }
line-strangers =
    { $count ->
        [one] Somebody not on the roster came to the screen once
       *[other] Somebody not on the roster came to the screen { $count } times
    }
line-unresolved-tries = Not recognised
line-unresolved-asked = Asked for the officer
line-unresolved-absent = Did not come to the screen
line-unresolved-not-enrolled = Not enrolled
line-unresolved-camera = Camera not working
line-unresolved-exempt = Not called: { $note }
line-late = Late

# Why an officer looked himself.
check-reason =
    { $reason ->
        [asked] Asked for it
        [face_changed] Face hurt or covered
        [not_enrolled] Not enrolled
        [camera_down] Camera not working
        [in_bed] In bed
        [not_recognised] Not recognised
        [forgot_pin] Forgot the PIN
       *[typed] Other
    }
check-ask = { $name } is here. How was that checked?
not-seen-ask = { $name }: why not seen?
not-seen-not-in-cell = Not in the cell
not-seen-moved = Transferred; roster is late
not-seen-released = Released; roster is late
not-seen-being-looked-for = Being looked for
extra-moved-in = Just transferred; roster is late
extra-admitted = Just admitted; roster is late
extra-wrong-cell = In the wrong cell
extra-worker = Staff
reason-type = Type
reason-list = List
reason-typed-empty = Please write a reason

read-back-title = Please check, then sign
read-back-present = Present
read-back-expected = Expected
read-back-out = Out
read-back-not-seen = Not seen
read-back-extra = Extra
read-back-promise = Nothing can be changed after signing. Whoever comes later is added as a late arrival
read-back-sign = Sign

receipt-number = Roll call number
receipt-next = The time appears here when the platform has it
late-title = Late arrival
late-choose = Who has come?
late-empty = Nobody was recorded as not seen
