# SPDX-License-Identifier: GPL-3.0-only
## 投诉、约见, at the desk: what may be seen of complaints, the requests to see somebody, and how long answers take.

desk-nav-complaints = Sealed mail
desk-complaints-what = Only office, size and hour are shown here. What was said is sealed: the office alone opens it, in its own window. Nobody can delete it, hold it back, or look for a cell or a person.
desk-complaints-empty = Nothing was sealed yet
desk-complaints-csv = Take as a table
desk-complaints-caption = The newest first, { $count } lines at most
desk-complaint-hour = Came (hour)
desk-complaint-office = Office
desk-complaint-size = Size
desk-complaint-items = Items
desk-complaint-kib = { $kib } KiB
desk-office =
    { $office ->
        [clinic] Clinic
        [procurator] Resident procurator
        [director] Director
        [supervising_officer] Supervising officer
        [superior] Superior organ
       *[other] { $office }
    }
desk-task-window = Open it in your office's window

desk-nav-figures = Answer times
desk-figures-what = Only what the platform acknowledged counts. Fewer than { $count } are not told; each month is told once and never changes. Of sealed mail, what an office opened and did not answer is not in it: the platform cannot tell a letter from the mark of a PIN.
desk-figures-empty = Nothing was released yet
desk-figures-month = { $from } to { $until }
desk-figures-few = Too few of everything to be told
desk-figures-caption = From the platform's custody to the answer
desk-figure = Matter
desk-figure-count = Number
desk-figure-median = Time to the answer (median)
desk-figure-overdue = Overdue
desk-figure-few = Too few to be told
desk-figure-complaint = Complaints: { $office }
desk-figure-appointment = Appointments: { $with }
desk-figure-report = Symptom reports

desk-nav-appointments = Appointments
desk-appointments-what = Requests your post answers. Legal aid and the duty lawyer must be told within 24 hours; the 48 hours of a lawyer's meeting run from the lawyer's own request. Whether a meeting took place is the person's word.
desk-appointments-empty = There is no request
desk-appointments-caption = Those that wait first, { $count } at most
desk-appointment = To see
desk-appointment-with =
    { $with ->
        [supervising_officer] Supervising officer
        [director] Director
        [defence_lawyer] Defence lawyer
        [duty_lawyer] Duty lawyer
        [legal_aid] Legal aid
        [doctor] Doctor
        [counsellor] Counsellor
       *[other] { $with }
    }
desk-appointment-state =
    { $state ->
        [waiting] Not accepted yet
        [accepted] Accepted
        [forwarded] Passed on
        [offered] Times offered, the person chooses
        [booked] Agreed
        [took_place] Took place, by the person's word
        [declined] Cannot be arranged
        [withdrawn] Withdrawn by the person
       *[other] { $state }
    }
desk-appointment-left = Has left the cell
desk-appointment-booked = Agreed for { $time }
desk-appointment-lawyer-asked = The lawyer asked at { $time }
desk-appointment-done = { $name } noted at { $time } that it took place; the person has not said so yet
desk-appointment-words = Words to the person
desk-appointment-time = Time { $number }
desk-appointment-do =
    { $deed ->
        [accept] Accept
        [forward] Passed on
        [lawyer] Note when the lawyer asked
        [offer] Offer these times
        [decline] Say that it cannot be arranged
        [done] Note that it took place
       *[other] { $deed }
    }
