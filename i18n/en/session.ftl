# SPDX-License-Identifier: GPL-3.0-only
## Who stands at the screen: officers, PINs, face templates, one's own record.

officer-title = Officer
officer-present-card = Present your card
officer-present-card-detail = Hold the officer's card to the reader
officer-lost-card = No card, or PIN forgotten
officer-enter-pin = Enter your PIN
officer-signed-in = Officer { $name } signed in
officer-unknown-card = This card does not belong to this block
officer-unknown = This officer is not known here
officer-second = Ask another officer to vouch for you
officer-vouch-detail = The other officer presents a card and enters a PIN
officer-choose-self = Which officer are you?
officer-choose-detail = Next, another officer presents a card and enters a PIN
officer-menu = Please choose
officer-menu-start = Start roll call
officer-menu-start-state = { $expected } expected
officer-menu-open-now = Call the names now
officer-menu-review = Review roll call
officer-menu-review-state = { $count } unresolved
officer-menu-review-none = No roll call to review
officer-menu-late = Late arrival
officer-menu-late-state = Came after the count
officer-menu-movement = Out and back
officer-menu-movement-state = { $count } out
officer-menu-enrol = Enrol a face
officer-menu-enrol-state = { $count } not enrolled
officer-menu-enrol-done = All enrolled
officer-menu-pin = Give a PIN
officer-menu-pin-state = { $count } without a PIN
officer-menu-pin-done = All have one
officer-menu-running = Roll call is on
officer-menu-not-now = Not available now

pin-digits = Digits
pin-pictures = Pictures
pin-wrong =
    { $left ->
        [one] Wrong PIN. { $left } more try
       *[other] Wrong PIN. { $left } more tries
    }
pin-wait = Wrong PIN. Please wait { $seconds } s
pin-none = No PIN. Please ask for an officer's check
pin-issue-title = Give a PIN
pin-issue-choose = Who gets a PIN?
pin-issue-first = Choose a new PIN
pin-issue-first-detail = 4 to 8 places. The officer turns away.
pin-issue-again = Enter it once more
pin-issue-quiet = Now a second PIN
pin-issue-quiet-detail = Everybody has two; both open the same pages. Use the second when somebody makes you or watches: only the procurator learns of it. Officer, please turn away.
pin-issue-same = The same as the first PIN; choose another
pin-issue-differs = The two differ. Please start again
pin-issue-easy = Too easy to guess. Please choose another
pin-issue-done = PIN saved
pin-issue-done-detail = Only you know it. If you forget it, ask an officer for a new one.
pin-has = Has a PIN
pin-has-none = No PIN
picture-flower = Flower
picture-sun = Sun
picture-house = House
picture-car = Car
picture-star = Star
picture-heart = Heart
picture-cake = Cake
picture-anchor = Anchor
picture-cup = Cup
picture-umbrella = Umbrella

enrol-title = Enrol a face
enrol-choose = Who is enrolled?
enrol-consent = Nobody has to be enrolled. A PIN or an officer's check is always possible, without giving a reason. The face data stays in this terminal and is erased on release or transfer.
enrol-start = I agree, start
enrol-front = Front
enrol-left = Turn left
enrol-right = Turn right
enrol-done = Enrolled
enrol-done-detail = At roll call, look at the screen. Each use is listed under My record.
enrol-too-alike = This face cannot be enrolled
enrol-too-alike-detail = Too like another person of this cell; they could be mistaken. Use a PIN or an officer's check.
enrol-no-quality = Not enrolled
enrol-not-one-person-detail = The three pictures do not agree. Try again, or use a PIN or an officer's check.
enrol-too-long-detail = It took too long. Try again, or use a PIN or an officer's check.
enrol-no-camera-detail = The camera does not work. Use a PIN or an officer's check.
enrol-try-again = Try again
enrol-erase = Erase the face data
enrol-has = Enrolled
enrol-has-none = Not enrolled

record-title = My record
record-claim = Touch your own tile
record-claim-detail = Nobody else's opens
record-template = Use of my face data
record-none = There is no face data of you
record-made = Enrolled
record-used = Used at roll call
record-used-not-matched = Used at roll call, not recognised
record-used-movement = Used when leaving or returning
record-used-record = Used to open my record
record-erased =
    { $cause ->
        [left_cell] Erased: left the cell
        [enrolled_again] Erased: enrolled again
        [model_changed] Erased: new models
       *[asked] Erased at your wish
    }
record-shield = Hidden
record-shield-detail = Touch to go on reading
