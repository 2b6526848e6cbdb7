# SPDX-License-Identifier: GPL-3.0-only
## The window of a complaint office: what was sealed to it, its answers, its meetings, and what it can prove.

office-window = Office window
office-title =
    { $office ->
        [clinic] Clinic
        [procurator] Resident procurator
        [director] Director
        [supervising_officer] Supervising officer
       *[superior] Superior organ
    }
office-fingerprint = This office signs with key { $fingerprint }; the paper in the cells must say the same
office-keys-none = This office has stated no keys and no arrangement: nobody can write to it yet. State them with kioskctl open state (two keys at least: duty and deputy).
office-keys-foreign = The keys at the platform are not those of this file: it opens nothing and signs nothing. Tell the administrator.
office-keys-reads = This file reads only; receipts and answers are signed with another key of the office.
office-keys-ended = The arrangement with this office is over: nobody can write to it any more.
office-tab-complaints = Letters
office-tab-meetings = Meetings
office-tab-custody = Custody
office-unsent = { $count } not sent
office-fault-seen = The record of what was seen before (the .seen file beside the key file) cannot be read. It must not count as a first look: find out who touched it.
office-fault-keep = What was seen cannot be kept (the .seen file beside the key file): the next look cannot tell what is gone. Check the disk.
office-fault-time = That time cannot be read or has passed: a date like 11-23, a time like 09:30; fill in both or neither
office-list-empty = Nothing sealed yet, list of { $time }
office-list-none = No list yet
office-choose = Open one on the left; opening it is the receipt
office-kind =
    { $kind ->
        [quiet] QUIET PIN
        [mark] PIN mark
        [complaint] Letter
        [talk] Asks to talk alone
        [withdrawal] Asks to withdraw
        [escalation] Overdue elsewhere
       *[meeting] Of a meeting
    }
office-quiet-what = Somebody opened their page with the quiet PIN: they may be forced, or watched. Do not ask in the cell, and do not let the cell learn who it was.
office-mark-what = Somebody opened their page with the ordinary PIN. Each time leaves one; from outside it looks like a quiet one.
office-state =
    { $state ->
        [new] not opened
        [received] received
        [answered] answered
        [withdrawn] withdrawn
       *[closed] closed
    }
office-state-unsent = not sent
office-late-receive = Overdue: receipt was due { $time }
office-late-answer = Overdue: answer was due { $time }
office-came = came { $time }
office-marks = List ordinary marks too ({ $count })
office-unnamed = No name given
office-person = { $name } · { $badge }
office-person-gone = Somebody no longer on the list ({ $number })
office-place = { $block } { $cell }
office-place-unknown = Unknown terminal { $device }
office-unsound = Its terminal did not sign this as it stands: it does not count and gets no receipt
office-hour = about { $time }
office-label-said = Said at
office-label-about = About
office-label-topics = Topics
office-label-meeting = Wants to meet
office-label-number = Number
office-label-received = Received
office-label-answer = Answer
office-label-meet = Meeting
office-label-later = Later
office-label-of = Of letter
office-label-to = Was sent to
office-number = No. { $number } of this terminal to this office
office-due = Answer due { $time }
office-yes = yes
office-no = no
office-not-said = not said
office-said-nothing = No words, pictures only
office-said-talk = Please come and talk alone; the rest is said then
office-answer-was = { $time }: { $words }
office-unreceived = { $office }, about { $time }; never received
office-unanswered = { $office }, about { $time }; received and not answered
office-withdraws = Asks to withdraw it (the receipt code is right)
office-withdraws-unproven = Somebody asks to withdraw it, but the receipt code is wrong: not the writer
office-took-place =
    { $took ->
        [yes] The writer says it took place
        [no] The writer says nobody came
       *[unproven] Somebody told of the meeting, but the receipt code is wrong
    }
office-answer-hint = Words for the writer, at most 1000 characters; only their receipt code and PIN open them
office-answer-not = This one asks for no answer
office-answer-cannot = This file cannot sign, so it cannot answer
office-meeting-date = Meeting day, MM-DD
office-meeting-time = Time, HH:MM
office-send = Seal and answer
office-close = Close
office-let-go = Let it be withdrawn
office-again = Send again
office-again-why = Not sent: { $why }
office-meetings-what = Times this office named in sealed answers; whether it took place is the writer's word. Appointments asked for openly (officers, director, lawyers) are on the platform's own page.
office-meetings-empty = None named yet
office-meeting-open = Open letter
office-meeting-waits = still to come
office-meeting-passed = The time has passed; the writer has not said whether it took place
office-whole = Nothing is missing: every terminal's numbers, chain and daily counts agree
office-whole-none = No list yet: nothing is proven
office-wrong = { $count } things are wrong: kept back, changed or lost on the way. Note the numbers and ask whoever runs the platform.
office-more = { $count } more
office-finding-missing = { $place }: no. { $number } to this office was not handed over (epoch { $epoch })
office-finding-gap = { $place }: link { $number } of the chain was not handed over (epoch { $epoch })
office-finding-chain = { $place }: link { $number } does not follow from the one before (epoch { $epoch })
office-finding-signature = { $place }: link { $number } is not signed by its terminal (epoch { $epoch })
office-finding-gone = { $place }: link { $number }, seen the last time, is gone or another (epoch { $epoch })
office-finding-closed = { $place }: link { $number } opens with no key of this office (epoch { $epoch })
office-finding-key = { $place }: the terminal's key is another, or was not told
office-terminal-key = Terminal key { $fingerprint }
office-chain = Epoch { $epoch }: { $seq } in the chain, head { $head }; { $sent } of them to this office
office-chain-none = Nothing sent yet
office-missing = Missing: no. { $numbers } (epoch { $epoch })
office-count = +{ $count }
office-count-none = no count
office-verify-what = A terminal proves itself: in the cell, “Complaints → Verify this terminal” shows a code; read it with any scanner and paste its text here.
office-verify-code = Text of the code (begins with KIOSK1:)
office-verify = Verify
office-verdict-good = It is the terminal of { $place }: its key is the one this office noted; shown { $time }
office-verdict-doubt = Signed by the terminal of { $place }, shown { $time }, but there are doubts:
office-verdict-text = That is no terminal's code, or a part is missing
office-verdict-unknown = This office's list has no such terminal
office-verdict-signature = Not to be believed: not signed with the key this office noted
office-verdict-chain = The platform acknowledged no. { $seq } of epoch { $epoch }, head { $head }
office-doubt-old = It was not shown just now (over 15 minutes): it may be an old picture
office-doubt-clock = The terminal's clock is not confirmed: when it was shown cannot be told
office-doubt-head = This office holds another thing under that number: two histories
office-doubt-withheld = The platform acknowledged { $events } that were not handed to this office
office-doubt-newer = It is later than this office's list: verify again once the list is new
office-doubt-back = This office holds things of a later epoch: the terminal was set back, or two use one key
