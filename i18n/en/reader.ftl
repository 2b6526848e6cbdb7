# SPDX-License-Identifier: GPL-3.0-only
## The desktop window of the clinic (医务室): dense, read at a desk by its staff.

reader-title = Clinic
reader-unlock = Unlock and sign in
reader-unlock-again = The screen is locked
reader-unlock-detail = What was sealed is opened on this machine only; the platform cannot read it
reader-platform = Platform address
reader-name = User name
reader-password = Password
reader-code = One-time code
reader-code-hint = Leave empty if you have no second step
reader-key-file = Key file
reader-passphrase = Key passphrase
reader-enter = Open
reader-opening = Opening…
reader-lock = Lock
reader-fingerprint = Fingerprint of these keys { $fingerprint }

reader-tab-triage = Reports
reader-tab-chart = Records
reader-tab-round = Medication
reader-tab-sent = Sent
reader-sent-waiting = Sent ({ $count } not sent)

## Link and faults: what happened, what is safe, what to do.
reader-link-ok = Connected, list of { $time }
reader-link-first = Fetching the list…
reader-link-down = No network, list of { $time }; what you write stays in this window
reader-link-down-never = The platform cannot be reached; there is no list yet
reader-fault-address = Not a platform address: https:// is needed, http:// on this machine only
reader-fault-sign-in = Wrong name, password or code, or no post at this office
reader-fault-session = The sign-in has ended, please sign in again; nothing unsent is lost
reader-fault-unreachable = The platform cannot be reached: check cable and address
reader-fault-untrusted = The platform's certificate is not trusted; nothing was sent. Tell IT
reader-fault-refused = The platform did not accept it ({ $status })
reader-fault-answer = The platform's answer cannot be read. Tell IT
reader-fault-file-missing = There is no key file there
reader-fault-file-wide = Others can read the key file: set its mode to 600 and try again
reader-fault-file-damaged = The key file is damaged, or no key file
reader-fault-file = The key file cannot be read
reader-fault-passphrase = Wrong key passphrase
reader-fault-too-long = Too long, not sent
reader-fault-too-many = Too much is unsent: see the page Sent first
reader-fault-time = Not a time: a date like 11-23, a time like 09:30
reader-fault-empty = Nothing is written yet
reader-fault-full = Six times at most
reader-keys-none = The platform has no keys of the clinic yet, so no report can arrive. The terminals keep the first keys they are given: compare the fingerprint first.
reader-keys-give = It is right, hand the public keys out
reader-keys-foreign = The clinic's keys on the platform are not those of this file. Terminals would refuse our letters, so none is sent. Tell IT.

## Triage.
reader-triage-empty = No open reports, list of { $time }
reader-triage-none = There is no list yet
reader-triage-choose = Choose a report on the left; opening it is its receipt
reader-urgency =
    { $urgency ->
        [danger] Danger
        [soon] Soon
       *[routine] Routine
    }
reader-state =
    { $state ->
        [opened] Opened
        [answered] Answered
        [closed] Closed
       *[none] Not opened
    }
reader-waiting = waits { $span }
reader-overdue = overdue
reader-nudged = { $count ->
        [one] asked once
       *[other] asked { $count } times
    }
reader-new-words = new words
reader-unreadable = Cannot be opened
reader-unreadable-key = Cannot be opened: it is not sealed to us, or was damaged on the way
reader-unreadable-other = Out of place: such a letter does not belong here
reader-unreadable-repeated = Repeated: the same letter came under another number; not counted
reader-unreadable-person = Another person's words; not counted
reader-unknown-person = Nobody said who
reader-gone-person = Somebody no longer listed ({ $number })
reader-person = { $name } · { $badge }
reader-place = { $block } { $cell }
reader-not-in-cell = This person is not in the cell it came from: check
reader-at = reported { $time }
reader-at-unsure = received { $time } (the terminal's clock is unverified)
reader-due = answer due { $time }
reader-label-when = Time
reader-label-symptoms = Symptoms
reader-label-since = Since
reader-label-severity = How bad
reader-label-dangers = Dangers
reader-label-prefers = Suits
reader-label-readings = Readings
reader-label-checked = Checked by
reader-label-nudges = Reminders
reader-label-said = Said later
reader-not-measured = not measured
reader-any-time = any
reader-unsaid = could not say
reader-severity = { $severity } / 10, { $word }
reader-symptom =
    { $symptom ->
        [head] head
        [chest] chest
        [cough] cough, short breath
        [belly] belly, eating
        [joints] back, legs, joints
        [fever] fever, chills
        [mind] distress
       *[other] something else
    }
reader-since =
    { $since ->
        [now] just now
        [today] today
        [yesterday] yesterday
        [days] several days
        [weeks] more than a week
       *[long] a long time
    }
reader-danger =
    { $danger ->
        [chest_pain] chest pain, pressure
        [breath] cannot breathe
        [bleeding] bleeding that does not stop
        [fainting] fainted, cannot be woken
       *[self_harm] wants to hurt themselves
    }
reader-day-part =
    { $part ->
        [morning] morning
        [afternoon] afternoon
       *[evening] evening
    }
reader-check =
    { $check ->
        [pin] their own PIN
        [officer] an officer
       *[none] nobody
    }
reader-for-other = said for somebody else
reader-said-accept = Accepts { $slot }
reader-said-accept-gone = Accepts a time that is no longer offered: offer again
reader-said-other-time = Asks for another time: { $prefers }
reader-said-cancel = Not needed any more
reader-said-refuse = Refuses treatment: { $why }
reader-said-worse = Worse: { $symptoms }, { $severity }
reader-said-dose =
    { $taken ->
        [yes] Taken
       *[no] Not taken: { $why }
    }
reader-said-sign =
    { $agreed ->
        [yes] Signed
       *[no] Does not agree: { $why }
    }
reader-book-this = Book it

## The answer.
reader-answer-hint = Words for the person, 500 characters at most
reader-answer-nobody = Nobody is named, so there is nobody to write to; close it, or have the block check
reader-answer-last = Last answer { $time }: { $words }
reader-slots = Times offered (six at most)
reader-slot-date = Day (MM-DD)
reader-slot-time = Time
reader-slot-add = Add
reader-slot-remove = Remove
reader-slot = { $time } { $kind ->
        [clinic] at the clinic
        [round] doctor comes to the cell
       *[remote] remote
    }
reader-slot-clinic = Clinic
reader-slot-round = In the cell
reader-slot-remote = Remote
reader-slot-booked = booked
reader-send = Send the answer
reader-close = Close
reader-open-chart = Record

## A person's record.
reader-people = People
reader-search = Find name, badge, cell
reader-chart-choose = Choose a person on the left
reader-chart-kind-visits = Visits
reader-chart-kind-medicines = Medicines
reader-chart-kind-readings = Readings
reader-chart-kind-documents = Documents
reader-chart-kind-notices = Care notices
reader-chart-empty = Nothing yet
reader-chart-visit = The visit (the person sees it)
reader-chart-medicine = Medicine
reader-chart-medicine-how = How much and when
reader-chart-reading = What was measured
reader-chart-reading-value = Value and unit
reader-chart-document-title = Title
reader-chart-document-text = Text, one paragraph a line
reader-chart-add = Add and send
reader-chart-stop = Stop
reader-dose = Handed out: { $medicine }
reader-waits-person = waits for the person
reader-document-waits = waits for a signature
reader-signature = Signature
reader-notice-needs = What is needed (no diagnosis)
reader-notice-posts = Who may see it
reader-notice-days = Ends by itself after days
reader-notice-release = Release
reader-notice-end = End
reader-notice-line = for { $posts }, until { $until }
reader-need =
    { $need ->
        [watch] keep an eye on
        [diet] diet
        [no_duty] no duty
        [rest] rest
       *[bring_to_clinic] bring to the clinic
    }
reader-post =
    { $post ->
        [duty_officer] duty officer
        [supervising_officer] supervising officer
        [control_room] control room
        [director] director
       *[doctor] doctor
    }

## The medication round.
reader-round-empty = Nobody has a medicine
reader-round-hand-out = Handed out
reader-round-last = last { $time } { $state }
reader-round-never = never handed out

## Sent and not sent.
reader-sent-empty = Nothing was sent since the unlocking
reader-sent-kind =
    { $kind ->
        [receipt] Receipt
        [answer] Answer
        [closed] Closing
        [record] Record
        [document] Document
       *[notice] Care notice
    }
reader-sent-sending = sending
reader-sent-done = given to the platform { $time }
reader-sent-not = Not sent: { $why }
reader-sent-again = Send again
reader-why-link = no network; it goes by itself once there is one
reader-why-terminal = that cell's terminal has no key yet; it waits
reader-why-keys = the keys on the platform are not ours
reader-why-refused = the platform did not accept it ({ $status })
