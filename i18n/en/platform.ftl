# SPDX-License-Identifier: GPL-3.0-only
## The desk: the platform's pages for officers.

desk-name = Cell terminal desk
desk-skip = Skip to the content
desk-nav = Pages
desk-nav-live = Roll call
desk-nav-history = History
desk-nav-notices = Notices
desk-nav-parked = Parked events
desk-nav-terminals = Terminals
desk-nav-audit = Audit
desk-languages = Language
desk-logout = Sign out
desk-post =
    { $post ->
        [duty_officer] Duty officer
        [supervising_officer] Supervising officer
        [control_room] Control room
        [director] Director
        [doctor] Doctor
        [shop] Shop
        [finance] Finance
        [procurator] Resident procurator
        [it] IT
        [auditor] Auditor
        [superior] Superior organ
       *[other] { $post }
    }
desk-none = —
desk-yes = Yes
desk-no = No
desk-save = Save

desk-tasks = To do
desk-nav-home = First page
desk-tasks-count = { $count } to do
desk-tasks-caption = Waiting for your post, the newest deadline first
desk-task = What
desk-task-kind =
    { $kind ->
        [alarm] An alarm: send somebody
        [tamper] A terminal was tampered with, or lost power
        [call] A cell calls: speak to it
        [one_left] One person is left in a cell
        [camera] A camera sees nothing
        [trouble] A terminal is in trouble
        [parked] An event had no effect
        [evidence] An event is evidence only: look at it
        [roll_call] A roll call has no result in time
        [duty_gap] Gap in duty: send somebody
        [duty_unwell] Somebody on duty cannot go on: send an officer
        [duty_swap] A swap waits for approval
        [duty_handover] A handover waits to be confirmed
        [care_report] A symptom report waits for a doctor
        [danger] Somebody is in danger: send somebody
        [order_approval] An order waits to be approved
        [order_signature] Things were delivered and wait to be signed for
        [order_difference] Something delivered was missing, wrong or damaged
        [line_dispute] A line of a statement is disputed
        [freeze_objection] Somebody objects to a freeze
        [adjustment] An adjustment waits for a second person
        [payout] Somebody left their cell: the account waits to be settled
        [complaint] Something waits for your office to open it
        [appointment] A request to see somebody waits
        [lawyer_meeting] A lawyer asked to meet somebody
        [document_declined] Somebody does not agree to a document; please talk with them
       *[other] { $kind }
    }
desk-task-opened = Since
desk-task-due = Due
desk-task-overdue = overdue by { $span }
desk-task-answer = Answer
desk-task-go = Go there
desk-task-result = What was found
desk-task-done = Close
desk-tasks-empty = Nothing to do

desk-login-title = Sign in
desk-login-name = User name
desk-login-password = Password
desk-login-submit = Sign in
desk-login-wrong = The user name or the password is wrong
desk-login-wait = Too many wrong passwords. Wait { $seconds } seconds.

desk-code-login-title = Second step: the code
desk-code-login-what = Enter the six digits of your authenticator, or a recovery code not used before.
desk-code-login = Code
desk-code-wrong = The code is wrong or was used
desk-enrol-title = Set up an authenticator
desk-enrol-what = Scan the picture with an authenticator, then enter the six digits it shows. From then on you sign in with password and code.
desk-enrol-qr = QR code with the secret below
desk-enrol-secret = If it cannot be scanned, type the secret:
desk-recovery-title = Recovery codes
desk-recovery-what = The authenticator is set up. Should it be lost, each of these codes signs you in once. They are shown only now: write them down and keep them safe.
desk-recovery-done = I have written them down

desk-nav-users = Users
desk-users-caption = Who may use the desk
desk-users-post = Post
desk-users-totp = Authenticator
desk-users-totp-on = Set up
desk-users-totp-due = At the next sign-in
desk-users-totp-off = Not asked for (demo only)
desk-users-change = Change
desk-users-new = New user
desk-users-name-what = Small letters, digits, dot, dash
desk-users-password = New password
desk-users-totp-reset = Reset authenticator
desk-users-password-title = New password
desk-users-password-what = The password is shown only now. Hand it over in person.

desk-wrong = Not done
desk-wrong-signed-out = Sign in first
desk-wrong-forbidden = Your post may not do this
desk-wrong-token = This page is out of date. Go back and try again. Nothing was done.
desk-wrong-not-found = There is no such page
desk-wrong-form = The form is not complete. Nothing was done.
desk-wrong-fault = The platform failed. Nothing was done; try again.
desk-back-to-live = Back to roll call

desk-live-title = Roll calls of the cells
desk-live-pause = Pause refreshing
desk-live-stale = The platform cannot be reached: what is below may be out of date
desk-live-empty = There is no terminal yet
desk-live-alarms =
    { $count ->
        [one] { $count } alarm not answered
       *[other] { $count } alarms not answered
    }
desk-live-unseen =
    { $count ->
        [one] { $count } notice not seen
       *[other] { $count } notices not seen
    }
desk-as-of = As of { $time }
desk-last-heard = Terminal last heard { $time }
desk-never-heard = The terminal has not been heard yet
desk-no-call = No roll call yet
desk-unresolved = { $count } unresolved
desk-received-at = Result received { $time }
desk-progress-at = Progress received { $time }
desk-opens-at = First name called { $time }

desk-start = Roll call now
desk-start-now = Start roll call
desk-cancel-call = Cancel this roll call
desk-cell = Cell
desk-call-title = Title
desk-title-now = Unscheduled roll call
desk-title-morning = Morning roll call
desk-title-noon = Noon roll call
desk-title-evening = Evening roll call
desk-title-night = Night check
desk-said-started = Asked for; the terminal announces it when it hears
desk-said-busy = A roll call is waiting or running in this cell; no other was asked for
desk-said-cancelled = Cancelled
desk-said-too-late = It has begun or is over; it was not cancelled

desk-state = State
desk-state-asked = Asked for
desk-state-announced = Announced
desk-state-open = Open
desk-state-second-round = Second round
desk-state-review = Officer's review
desk-state-confirmed = Confirmed, result on its way
desk-state-received = Result received
desk-state-cancelled = Cancelled
desk-state-not-begun = Expired, not begun

desk-expected = Expected
desk-present = Present
desk-out = Out
desk-not-seen = Not seen
desk-extra = Not on the roster
desk-lines = Person by person
desk-lines-caption = How, when and by whom each was counted
desk-badge = Badge number
desk-person = Name
desk-unknown-person = Not known to the platform
desk-place = Standing
desk-place-waiting = Waiting
desk-place-called = Called
desk-place-call-again = To call again
desk-place-for-officer = For the officer
desk-place-present = Present
desk-place-out = Out
desk-place-not-seen = Not seen

desk-how = How
desk-how-face = Face
desk-how-face-challenged = Face (challenge met)
desk-how-pin = PIN
desk-how-pin-chosen = PIN (own choice)
desk-how-officer = Officer's check
desk-how-out = Out
desk-how-not-seen = Recorded by an officer
desk-time = Time
desk-time-unverified = { $time } (time unverified)
desk-times-unverified = The terminal's time was not verified by the platform then. Order comes from the sequence.
desk-score = Score
desk-score-live = { $score } (liveness { $liveness })
desk-model = Model
desk-tries = Tries
desk-officer = Officer
desk-reason = Reason
desk-note = Note
desk-out-since = { $reason }, since { $time }

desk-number = Receipt number
desk-begun-by = Begun by
desk-asked-by = { $name }, at the desk
desk-by-platform = The platform's task
desk-opens = First name planned
desk-expires = To begin before
desk-opened = Opened
desk-confirmed = Confirmed
desk-signed-by = Signed by
desk-received = Received
desk-signature = Terminal's signature
desk-signature-good = Verified
desk-recounts = Recounts
desk-policy-rev = Policy revision
desk-extra-caption = People not on the roster, recorded by an officer
desk-supplements = Supplements
desk-supplements-what = Who came after the confirmation is added here; the result is not changed.
desk-supplements-caption = Added after the confirmation

desk-history-empty = No roll calls yet
desk-history-caption = The newest { $count } roll calls

desk-notice = What
desk-notices-empty = There are no notices
desk-notices-caption = Unseen first
desk-notice-alarm = Alarm
desk-notice-camera =
    { $state ->
        [working] The camera works again
        [covered] The camera is covered
        [stalled] The camera gives no picture
        [unplugged] The camera was unplugged
        [missing] There is no camera
       *[other] The camera's state changed
    }
desk-notice-one-left = One person is alone in the cell
desk-notice-parked =
    { $code ->
        [signature] An event has a wrong signature. It is kept as it came; IT must look.
        [kind] An event is of an unknown kind. It is kept as it came; IT must look.
        [body] An event cannot be read. It is kept as it came; IT must look.
        [alarm_unknown] An event speaks of an alarm the platform does not have. It is kept as it came; check it.
        [not_of_this_cell] An event speaks of someone who is not of this cell. It is kept as it came; check it.
        [document_unknown] An answer is to a document that is not this person’s, or to no version there is. It is kept as it came; check it.
        [text_differs] What was signed is not the text the platform has. It is kept as it came; check it.
        [second_result] A second result came for one roll call. It is kept as it came; check it.
        [total] The count of a roll call does not add up. It is kept as it came; check it.
       *[other] An event had no effect ({ $code }). It is kept as it came; IT must look.
    }
desk-notice-fork = The terminal contradicts itself ({ $code }). The lane is stopped, the evidence is kept.
desk-notice-replaced = A new device was enrolled; the earlier one is out of service
desk-notice-trouble =
    { $trouble ->
        [store_damaged] The terminal's store was damaged; what was unsent was saved, the damaged file is on the terminal
        [lane_forked] A lane of the terminal was stopped; it goes on with new numbers
        [quarantined] The platform cannot read one of the terminal’s events; it is kept on the terminal
       *[other] The terminal is in trouble
    }
desk-parked-what = The platform has kept these as they came, without an effect. Find the cause, then try again: an event has its effect once, and what the terminal was told stays.
desk-parked-open =
    { $count ->
        [one] { $count } parked event waits
       *[other] { $count } parked events wait
    }
desk-parked-evidence =
    { $count ->
        [one] { $count } more is kept as evidence only
       *[other] { $count } more are kept as evidence only
    }
desk-parked-empty = There is none
desk-parked-caption = Those that may be tried again first; at most { $count }
desk-parked-kind = Kind
desk-parked-why = Reason
desk-parked-number = Number
desk-parked-place = Epoch { $epoch }, number { $seq }
desk-parked-body = Content
desk-parked-body-here = On the platform
desk-parked-body-withheld = Kept by the terminal
desk-parked-state = What was done
desk-parked-again = Try again
desk-parked-waits = Waits
desk-parked-replayed = Took effect, { $name }, { $time }
desk-parked-only-evidence = Evidence only; cannot be tried again
desk-parked-said-replayed = The event had its effect
desk-parked-done-before = This event had its effect before; nothing was done again
desk-parked-never = This event is evidence only: { $why }
desk-parked-failed = No effect, and nothing has changed: { $why }
desk-parked-code =
    { $code ->
        [signature] The signature is wrong: nothing proves that this device said it
        [withheld] The platform could not read it; the terminal kept the content
        [size] It is larger than allowed
        [kind] Its kind is not known here
        [body] Its content cannot be read
        [lane] It came in the wrong lane
        [alarm_unknown] It speaks of an alarm the platform does not have
        [not_of_this_cell] It speaks of someone who is not of this cell
        [document_unknown] There is no such document, or it is not this person’s
        [text_differs] What was signed is not the text the platform has
        [report_unknown] The symptom report it is about is not here
        [not_sealed] It is not sealed
        [recipient] The key it tells is none
        [second_result] This roll call has a result already
        [supplement_without_result] The roll call it adds to has no result yet
        [total] The count of the roll call does not add up
        [too_many_lines] The list is longer than allowed
        [effect] The platform failed at it
        [seq] Another event has this number: a contradiction
        [chain] It does not follow the event before: a contradiction
        [id] Another event has this id: a contradiction
       *[other] { $code }
    }
desk-kind =
    { $kind ->
        [alarm_raised] Alarm
        [alarm_camera] State of the camera
        [roll_call_result] Roll-call result
        [roll_call_supplement] Late arrival
        [roll_call_progress] Roll-call progress
        [cell_movement] Take-out or return
        [cell_one_left] One person left
        [session_pin_issued] PIN given
        [session_template_made] Face enrolled
        [session_template_erased] Face erased
        [device_trouble] Trouble of the terminal
        [device_health] Terminal status
        [panic_raised] Call for help
        [panic_fine] The cell says all is well
        [panic_attended] An officer came
        [device_case] Case or power
        [request_call] Call of the control room
        [care_report] Symptom report
        [care_said] A word to the clinic
        [care_nudge] Reminder to the clinic
        [care_danger] Danger to somebody's health
        [care_key] Key for answers of the clinic
        [request_item] Request
        [complaint_sealed] Sealed mail
        [complaint_count] Daily count of sealed mail
        [appointment_request] Request to see somebody
        [appointment_said] Word on an appointment
        [document_signed] Signature
        [document_declined] Not agreed to a document
       *[other] { $kind }
    }
desk-kind-unknown = Unknown kind

desk-not-seen-yet = Not seen
desk-see = Mark as seen
desk-seen = Seen
desk-seen-by = { $name }, { $time }

desk-terminal = Terminal's place
desk-camera = Camera
desk-camera-working = Camera works
desk-camera-covered = Camera covered
desk-camera-stalled = Camera gives no picture
desk-camera-unplugged = Camera unplugged
desk-camera-missing = No camera
desk-two-officers = Two officers sign a roll call
desk-no-device = No device is enrolled
desk-device = Device
desk-device-id = Device number
desk-device-state = State
desk-device-in-service = In service
desk-device-revoked = Out of service since { $time }
desk-device-seen = Last heard
desk-device-enrolled = Enrolled
desk-device-certificate = Certificate valid until
desk-device-events = Events kept
desk-device-forks = Contradicting events kept
desk-lanes = How far each lane is taken
desk-lane = Lane
desk-lane-name =
    { $lane ->
        [panic] Call for help
        [alarm] Alarm
        [roll_call] Roll call
        [care] Care
        [complaint] Complaint
        [order] Order
       *[progress] Progress
    }
desk-lane-frozen = stopped
desk-lane-epoch = Epoch
desk-lane-acked = Taken up to
desk-lane-parked = Parked
desk-lane-newest = Newest came
desk-lane-head = Head
desk-ago = { $span } ago
desk-span-seconds = { $count } s
desk-span-minutes = { $count } min
desk-span-hours = { $count } h
desk-span-days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
desk-device-protocol = Protocol version
desk-device-clock = Terminal's time
desk-device-clock-before = The newest event is dated { $span } before it came (waiting and travel included)
desk-device-clock-after = The newest event is dated { $span } after it came: the terminal's clock is fast
desk-device-clock-unsynced = The platform had not confirmed the time of the newest event
desk-device-clock-unsynced-before = The platform had not confirmed the time of the newest event; of one before it: { $difference }
desk-certificate-near =
    { $days ->
        [one] { $days } day left: the terminal has not renewed its certificate in time; IT must look
       *[other] { $days } days left: the terminal has not renewed its certificate in time; IT must look
    }
desk-certificate-ended = Ended: the terminal must renew it before it can send
desk-revoke = Put this device out of service
desk-make-code = Make an enrolment code
desk-code-title = Enrolment code
desk-code = Code
desk-code-until = Valid until
desk-root = Root's fingerprint (SHA-256)
desk-code-what = Shown this once. It works once, for five tries, for this cell's terminal only.

desk-nav-ledger = Ledger
desk-ledger-from = From
desk-ledger-to = To
desk-ledger-all = All
desk-ledger-show = Show
desk-ledger-count =
    { $count ->
        [one] { $count } line
       *[other] { $count } lines
    }
desk-ledger-cut = One source has more than { $count } lines; only the newest are here. Ask for a shorter time.
desk-ledger-caption = What officers did at the desk and at terminals; at most { $count } lines here, all in a file
desk-ledger-at-terminal = At a terminal

desk-audit-caption = The newest { $count } lines; they are only added
desk-audit-number = Number
desk-audit-who = Who
desk-audit-what = What
desk-audit-object = Object
desk-audit-business = Business
desk-audit-place = Place
desk-audit-result = Result
desk-business =
    { $business ->
        [sign_in] Sign-in
        [roll_call] Roll call
        [movement] Movements
        [identity] Identity
        [notice] Notices
        [alarm] Alarms
        [request] Requests
        [parked] Parked events
        [terminal] Terminals
        [policy] Policy
        [user] Users
        [audit] Reading
        [task] Tasks
        [other] Other
        [duty] Duty
        [care] Care
        [shop] Shop
        [books] Accounts
        [complaint] Complaints
        [appointment] Appointments
       *[unknown] { $business }
    }
desk-result =
    { $result ->
        [done] Done
        [refused] Not done
        [shown] Shown
        [document] Documents
        [public_notice] Public notices
       *[other] { $result }
    }
desk-audit-action =
    { $action ->
        [sign_in] Signed in
        [sign_in_wrong] Wrong password
        [enrol_wrong] Wrong code at setting up an authenticator
        [code_wrong] Wrong code at sign-in
        [totp_enrol] Set up an authenticator
        [totp_reset] Reset someone's authenticator
        [recovery] Used a recovery code
        [user_add] Added a user
        [user_password] New password for someone
        [view] Saw a page
        [export] Exported the ledger
        [task_done] Closed a task
        [begin] Began a roll call
        [sign] Signed a roll call
        [officer_check] Looked for themselves
        [not_seen] Recorded as not seen
        [extra] Recorded someone not on the list
        [supplement] Recorded a late arrival
        [take_out] Took out
        [return] Brought back
        [pin_issued] Gave a PIN
        [template_made] Enrolled a face
        [sign_out] Signed out
        [start] Asked for a roll call
        [cancel] Cancelled a roll call
        [see] Saw a notice
        [alarm_acknowledge] Acknowledged an alarm
        [alarm_send] Sent somebody to an alarm
        [alarm_arrive] Noted the arrival at an alarm
        [alarm_close] Closed an alarm
        [alarm_attended] Came to an alarm, at the terminal
        [request_accepted] Accepted a request
        [request_done] Finished a request
        [request_declined] Declined a request
        [revoke] Put a device out of service
        [policy] Changed the policy
        [code] Made an enrolment code
        [replay] Tried a parked event again
        [replay_refused] Tried a parked event again, without success
        [duty_answer] Answered a matter of duty
        [rota] Approved a rota
        [care_letter] Sent a letter of the clinic
        [care_letter_back] Took back a letter of the clinic
        [care_notice] Released a care notice
        [care_notice_end] Ended a care notice
        [care_keys] Changed the clinic's keys
        [goods_put] Changed a thing of the shop
        [goods_withdraw] Took a thing out of the shop
        [order_approve] Approved an order
        [order_decline] Declined an order
        [order_pack] Packed an order
        [order_deliver] Delivered an order
        [order_settle] Settled what was missing of an order
        [order_take_back] Took things back
        [money_deposit] Entered a deposit
        [money_owe] Entered what is owed
        [money_deduct] Deducted an instalment
        [account_freeze] Froze an account
        [account_unfreeze] Lifted a freeze
        [account_rules] Changed level and limit of an account
        [account_release] Settled an account at release
        [adjustment_propose] Proposed an adjustment
        [adjustment_accept] Agreed to an adjustment
        [adjustment_refuse] Did not agree to an adjustment
        [objection_decline] Answered an objection
        [statement_out] Gave out a statement
        [complaint_word] Word of an office to sealed mail
        [complaint_keys] Changed the keys of an office
        [appointment_accept] Accepted a request to see somebody
        [appointment_forward] Passed a request on
        [appointment_lawyer] Noted a lawyer's request
        [appointment_offer] Offered times
        [appointment_decline] Said that it cannot be arranged
        [appointment_done] Noted that a meeting took place
        [document_ask] Sent a document
        [document_change] Sent a new version of a document
        [document_withdraw] Withdrew a document
        [document_receive] Received a document
        [document_print] Fingerprint done on paper
        [document_talked] Talked about a document
        [document_out] Exported a document
        [notice_post] Posted a notice
        [notice_down] Took a notice down
       *[other] { $action }
    }

desk-nav-duty = Duty
desk-duty-cells = Duty in the cells
desk-duty-open = Waiting
desk-duty-now = On duty now
desk-duty-now-empty = No turn is planned now
desk-duty-now-caption = People of the turn that goes on
desk-duty-repeated = The rota has ended: the terminal repeats the last approved week
desk-duty-shift = Turn
desk-duty-state = State
desk-duty-on = Signed on
desk-duty-not-on = Not signed on yet
desk-duty-matters = Waiting and answered
desk-duty-matters-empty = Nothing of duty
desk-duty-matters-caption = What waits comes first. A gap has times and numbers and is nobody's.
desk-duty-matter = What
desk-duty-ended = Ended
desk-duty-goes-on = Goes on
desk-duty-waits = Waits for the supervising officer
desk-duty-approve = Agree
desk-duty-refuse = Refuse
desk-duty-told =
    { $kind ->
        [nobody] Nobody on duty ({ $needed } needed)
        [too_few] Too few on duty ({ $on } of { $needed })
        [unconfirmed] Not confirmed in time ({ $needed } needed)
        [no_handover] Not handed over
        [unrecorded] No record: the terminal was off, or its time unconfirmed
        [handover] Handover by { $name }
        [swap] { $name } and { $other } want to swap
        [unwell] { $name } cannot go on: send an officer
       *[other] { $kind }
    }
desk-duty-answered =
    { $answer ->
        [refused] Refused by { $name }
       *[confirmed] Answered by { $name }
    }
desk-duty-served = Turns of each person in { $days } days
desk-duty-served-empty = Nobody has signed on yet
desk-duty-served-caption = Ask whoever serves far more often whether they serve for others
desk-duty-turns = Turns
desk-rota = Rota
desk-rota-empty = There is no rota yet
desk-rota-from = A week from { $day }
desk-rota-day = Duty on { $day }
desk-rota-people = People
desk-rota-reserve = Reserve
desk-rota-steward = Day steward
desk-rota-keep = Keep and approve this day
desk-rota-first = Make the first week in order
desk-rota-next = Make and approve the next week
