# SPDX-License-Identifier: GPL-3.0-only
## 投诉与约见: to whom, named or not, what about, the receipt code, what became of it.

complaint-tile-state = Procurator, director
complaint-menu = Whom do you want to tell?
complaint-menu-hint = It is sealed at once: only the office you choose can open it. No officer, no cellmate, nobody who runs the machines. A note in the procurator's box works too.
complaint-office =
    { $office ->
        [procurator] Procurator's office
        [director] Director
        [supervising_officer] Supervising officer
       *[superior] Superior organ
    }
complaint-office-sealed = Sealed: only they can open it
complaint-office-closed = Not possible now. Touch for other ways
complaint-status = Progress, answers
complaint-status-detail = With your receipt code
complaint-proof = Verify this terminal
complaint-proof-detail = A code for the procurator and other offices
complaint-proof-hint = Shown { $time }, good for 15 minutes
complaint-proof-what = An office that scans this code can tell whether this is the true terminal, and whether the platform kept back what was written to them.
complaint-proof-nothing = There is no name in it, nothing anybody wrote, and nothing of what was written just now.
complaint-proof-clock = The time is not confirmed; the office will see that.
complaint-proof-again = Make a new code
complaint-closed = You cannot write from here now: { $office }
complaint-closed-never = Nothing has been arranged with them yet that keeps it sealed. Until then nobody can promise that only they read it, so it stays closed.
complaint-closed-ended = The arrangement with them has ended and no new one has come.
complaint-closed-box = You can write a note and put it in the procurator's box.
complaint-closed-meet = You can tell the procurator when they come to the cell, or your lawyer, or your family.
complaint-closed-report = In danger, raise the alarm.
complaint-name = With your name or without?
complaint-named = With my name
complaint-named-detail = Asks for your PIN. They can come to talk to you.
complaint-unnamed = Without my name
complaint-unnamed-detail = No camera, nobody asks who, no record of your visit.
complaint-name-room = Others in the cell can see who uses the machine. In a small cell, what you say may show who you are: the machine cannot hide that.
complaint-name-key = Key { $fingerprint }. Compare it with the paper in the cell; if it differs, do not write.
complaint-name-power = What you write is on the screen only: a power cut, or leaving, loses it.
complaint-who = Which one are you?
complaint-who-detail = Your PIN comes next
complaint-pin = Enter your PIN
complaint-pin-detail = Either of your two PINs opens the same.
complaint-step = Question { $number } of { $numbers }
complaint-about-question = Whom is it about?
complaint-about-hint = Choose any, or none
complaint-about =
    { $about ->
        [officer] An officer
        [cellmate] A cellmate
        [medical] Medical staff
        [case_organ] Case organ
        [facility] Rules, conditions
       *[other] Other
    }
complaint-topic-question = What is it?
complaint-topic-hint = Choose any
complaint-topic =
    { $topic ->
        [violence] Violence
        [threats] Threats
        [sexual] Sexual abuse
        [restraints] Restraints
        [interrogation] Interrogation
        [custody_expiry] Custody expiry
        [lawyer] Lawyer
        [family] Family
        [medical] Medical care
        [living] Food and hygiene
        [money] Money
       *[other] Other
    }
complaint-words-question = Any words?
complaint-words-hint = Letters and digits only for now. What you chose is enough.
complaint-no-words = No words
complaint-next = Next
complaint-talk = I will say it in person
complaint-read-back = This is what will be sent
complaint-read-back-hint = If it is right, seal and send; if not, go back
complaint-line-office = To
complaint-line-writer = From
complaint-line-about = About
complaint-line-topics = What
complaint-line-words = Words
complaint-line-talk = Only this
complaint-writer-none = No name
complaint-talk-only = Please come to talk in private
complaint-not-said = Not said
complaint-meeting = Please see me
complaint-send = Seal and send
complaint-elsewhere = Another office
complaint-elsewhere-question = Whom to tell instead?
complaint-elsewhere-hint = What you wrote is still here
complaint-sent = Sealed and saved
complaint-sent-hint = A power cut does not lose it. Your receipt code, shown this once:
complaint-sent-keep = Keep it in your head, not where others can read it
complaint-sent-why = You need it for progress, answers and withdrawing; with a name, your PIN as well.
complaint-sent-lost = If you forget it, they still get it and deal with it.
complaint-kept = I have it
complaint-code = Enter your receipt code
complaint-code-detail = Eight digits
complaint-state = To: { $office }
complaint-state-made = About { $time }
complaint-step-saved = Saved
complaint-step-uploaded = Received by the platform
complaint-step-sending = Waiting to be sent
complaint-not-taken = The platform did not take it; it is kept here and will be fetched
complaint-step-received = Received by the office
complaint-step-receive-due = Receipt due by { $time }
complaint-step-receive-overdue = Overdue: no receipt by { $time }
complaint-step-answered = Answered
complaint-step-answer-due = Answer due by { $time }
complaint-step-answer-overdue = Overdue: no answer by { $time }
complaint-step-withdrawn = Withdrawn
complaint-step-closed = Closed
complaint-escalate = Tell them
complaint-escalate-to = It is overdue. You can tell: { $office }. Only that it is overdue, not what it says.
complaint-escalated = The next office was told that it is overdue.
complaint-withdrawal-sent = Your withdrawal was sent; the office will confirm it.
complaint-clock-unverified = The time is not verified now; the due times may be off.
complaint-open = Read the answer
complaint-withdraw = Withdraw
complaint-prove-who = Who wrote it?
complaint-prove-pin = Enter the writer's PIN
complaint-answer-title = Answer: { $office }
complaint-answer-at = { $time }
complaint-answer-meeting = They will see you at { $time }
complaint-took-place = It took place
complaint-did-not = Nobody came
complaint-withdraw-question = Withdraw it?
complaint-withdraw-hint = Nobody may make you. If you do not, the office goes on with it.
complaint-withdraw-go = Withdraw
complaint-withdraw-sure = Really withdraw it?
complaint-withdraw-sure-hint = You can write again later. If somebody makes you, go back.
complaint-withdraw-now = Withdraw
complaint-see = Ask to see someone
complaint-see-detail = Officer, lawyer, doctor
complaint-see-mine = Whom I asked to see
complaint-see-mine-hint = For the procurator use their own button: that is sealed
complaint-see-new = Ask to see someone
complaint-see-whom = Whom do you want to see?
complaint-see-whom-hint = Say why when you meet. Officers can see whom you asked for.
complaint-with =
    { $with ->
        [supervising_officer] Supervising officer
        [director] Director
        [defence_lawyer] My lawyer
        [duty_lawyer] Duty lawyer
        [legal_aid] Legal aid
        [doctor] Doctor
       *[counsellor] Counsellor
    }
complaint-see-sure = To see: { $whom }
complaint-see-sure-hint = It is sent when you confirm
complaint-see-send = Send
complaint-see-one = To see: { $whom }
complaint-see-state =
    { $state ->
        [sent] Sent
        [overdue] Overdue: not passed on
        [accepted] Accepted
        [forwarded] Passed on
        [offered] Choose a time
        [booked] Agreed
        [took_place] Took place
        [declined] Not possible
       *[withdrawn] Withdrawn
    }
complaint-see-forwarded = Passed on
complaint-see-forward-due = To be passed on by { $time }
complaint-see-forward-overdue = Overdue: not passed on by { $time }
complaint-see-lawyer-due = The lawyer has asked to come; to be arranged by { $time }
complaint-see-withdraw = Not needed
complaint-see-slots = Choose a time
complaint-see-slots-question = Which time suits you?
complaint-see-slots-hint = Choose one
complaint-see-other-time = None of these

refused-complaint-empty = Nothing is chosen yet
refused-complaint-not-arranged = You cannot write to them now. What you wrote is still here: choose another office, or use the procurator's box.
refused-complaint-not-yours = Code and PIN do not belong together
refused-complaint-hourly = Many were sent today; try again in an hour. What you wrote is still here.
refused-complaint-not-overdue = It is not overdue, or there is nobody further to tell
refused-complaint-already = It was sent before
refused-complaint-no-answer = The answer does not open, or is not theirs. You can write again and ask.
