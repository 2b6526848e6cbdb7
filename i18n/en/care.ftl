# SPDX-License-Identifier: GPL-3.0-only
## Care: words of somebody frightened, not of a form. Only the doctor reads what is said; a danger is called out.

care-tile-state = Feeling ill? Report any time
care-me = I feel ill
care-other = Report for someone else
care-mine = My health records
care-menu-hint = If it is urgent, hold the red alarm at the bottom right
care-no-clinic = The clinic's key is not on this terminal yet. What you write is kept here and sent when it comes. If it is urgent, use Report or the alarm
care-who = Who are you?
care-who-other = For whom?
care-who-detail = Touch your name
care-who-other-detail = Touch their name; none of their records opens
care-who-mine = Whose records?
care-nobody = Not here, or cannot say
care-pin = Enter your PIN
care-pin-detail = No PIN is needed to report: ask an officer, or go on without
care-unchecked = Go on without
care-step = Step { $number } of { $numbers }
care-where = Where does it hurt?
care-where-hint = Choose as many as you like. Only the doctor reads this
care-symptom =
    { $symptom ->
        [head] Head
        [chest] Chest
        [cough] Cough, breath
        [belly] Belly, eating
        [joints] Back, joints
        [fever] Fever, chills
        [mind] Low spirits
       *[other] Other
    }
care-since = Since when?
care-since-hint = Only the doctor reads this
care-since-when =
    { $since ->
        [now] Just now
        [today] Today
        [yesterday] Yesterday
        [days] Some days
        [weeks] Over a week
       *[long] Long known
    }
care-severity = How bad is it?
care-severity-hint = Touch the face most like you
care-face =
    { $face ->
        [f0] Not bad
        [f2] A little
        [f4] Bearable
        [f6] Bad
        [f8] Very bad
       *[10] Unbearable
    }
care-unsure = Cannot say
care-dangers = Any of these now?
care-dangers-hint = Touching one calls an officer at once. They see who and which, nothing else
care-danger =
    { $danger ->
        [chest_pain] Chest pain
        [breath] Cannot breathe
        [bleeding] Heavy bleeding
        [fainting] Fainted
       *[self_harm] May harm myself
    }
care-no-danger = None
care-next = Next
care-read-back = Send this to the doctor?
care-read-back-hint = Only the doctor reads it; others see the cell, the time, how urgent
care-prefer = When would suit?
care-part =
    { $part ->
        [morning] Morning
        [afternoon] Afternoon
       *[evening] Evening
    }
care-line-where = Where
care-line-since = Since
care-line-severity = How bad
care-line-dangers = Danger
care-line-who = Who
care-line-temperature = Temperature
care-not-measured = Not measured
care-not-said = Not said
care-none = None
care-for-other = For { $name }
care-for-nobody = Not said who
care-send = Send to doctor
care-called = Help is called
care-called-who = They see: { $name }, { $danger }. Nothing else
care-called-cell = They see: this cell, { $danger }. Nothing else
care-called-alarm = If it is worse, hold the red alarm at the bottom right now
care-called-saved = Saved, being sent. Without network press the alarm as well
care-called-sent = The control room's platform has it since { $time }
care-go-on = Go on writing to the doctor
care-sent = It is sent
care-kept = It is kept
care-sent-number = No. { $number } · { $time } · { $urgency }
care-urgency =
    { $urgency ->
        [danger] Danger
        [soon] Soon
       *[routine] Routine
    }
care-step-saved = Saved on this terminal
care-step-uploaded = On the platform
care-step-opened = Opened by the doctor
care-step-answered = Answered by the doctor
care-step-waiting-keys = Waits for the clinic's key, then goes
care-step-sending = Being sent; not lost without network
care-step-due = Answer due before { $time }
care-step-overdue = Overdue since { $time }
care-waited = Waiting for { $span }
care-not-taken = The platform did not take it; kept here, an officer will look
care-empty = Nothing reported yet. Medicines and documents are on the right
care-report-title = { $time } { $symptoms }
care-state-closed = Closed
care-record = Visits, medicines
care-doses = Confirm doses
care-documents = Documents
care-record-empty = The clinic has sent no record yet
care-doses-empty = No dose to confirm
care-documents-empty = No document to read
care-medicine = Medicine
care-visit = Visit { $time }
care-notice = The doctor told { $posts }: { $needs } (until { $time })
care-need =
    { $need ->
        [watch] needs watching
        [diet] sick diet
        [no_duty] no duty
        [rest] needs rest
       *[bring_to_clinic] to be brought to the clinic
    }
care-post =
    { $post ->
        [duty_officer] duty officer
        [supervising_officer] supervising officer
        [control_room] control room
        [director] director
        [doctor] clinic
        [shop] shop
        [finance] finance
        [procurator] procurator
        [it] IT
        [auditor] auditor
       *[superior] superior organ
    }
care-nudge = Ask again
care-slot =
    { $kind ->
        [clinic] In the clinic
        [round] The doctor comes
       *[remote] By video
    }
care-slot-take = { $kind } · take it
care-slot-taken = { $kind } · agreed
care-other-time = Another time
care-other-time-question = When would suit?
care-other-time-hint = Choose as many as you like
care-cancel = Cancel
care-refuse = No treatment
care-refuse-question = No treatment, because…
care-refuse-hint = You can report again at any time; nobody is punished for it
care-refuse-better = I am well again
care-refuse-not-wanted = I do not want it
care-refuse-doctor = I want another doctor
care-refuse-unsaid = I would rather not say
care-said-accept = You chose { $time }
care-said-other-time = You asked for another time: { $parts }
care-said-any-time = You asked for another time
care-said-cancel = You cancelled
care-said-refuse = You want no treatment
care-said-worse = You said it is worse
care-line-said = You said
care-taken = Taken
care-missed = Not taken
care-dose-taken = You said: taken
care-dose-missed = You said: not taken
care-missed-question = Not taken, because…
care-missed-hint = Only the doctor reads this
care-dose-not-given = I was not given it
care-dose-unwell = It makes me unwell
care-dose-not-wanted = I do not want it
care-dose-wrong = Not my medicine
care-document-signed = You signed
care-document-refused = You do not agree
care-document-open = Please read; sign or disagree
care-sign = Agree and sign
care-disagree = I disagree…
care-disagree-question = You disagree, because…
care-disagree-hint = That is kept as you say it; nobody is punished for it
care-disagree-wrong = It is wrong
care-disagree-unclear = I do not understand it
care-disagree-hurt = An injury of mine is missing
care-disagree-unsaid = I would rather not say
care-sign-here = Sign here with a finger
care-sign-done = Signed
care-wipe = Wipe
refused-care-empty = Touch first where it hurts
refused-care-not-yours = That is no longer here
refused-care-no-keys = The clinic's key is not on this terminal yet, try later
refused-care-closed = It is closed. If you still feel ill, report again
refused-care-already = You said that already
refused-care-nudged = Asked already; in an hour you can again
refused-care-not-signed = Sign first, or choose a reason
