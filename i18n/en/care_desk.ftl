# SPDX-License-Identifier: GPL-3.0-only
## 看病, at the desk: what officers see of reports, and the notices the clinic releases.

desk-nav-care = Care
desk-care-what = Only cell, time and urgency are shown here. What was said is sealed: the clinic alone can open it.
desk-care-empty = There is no symptom report
desk-care-caption = Overdue ones first, { $count } at most
desk-care-urgency = Urgency
desk-care-urgency-name =
    { $urgency ->
        [routine] Routine
        [soon] Soon
        [danger] Danger
       *[other] { $urgency }
    }
desk-care-waited = Waits for
desk-care-nudges = Reminders
desk-care-nudged = { $count }, the last at { $time }
desk-care-state =
    { $state ->
        [waiting] Not opened yet
        [opened] Opened by a doctor
        [answered] Answered
        [closed] Closed
       *[other] { $state }
    }
desk-care-comma = ,{" "}
desk-care-notices = Care notices
desk-care-notices-what = What a doctor lets your post know, without a diagnosis. Do not pass it on.
desk-care-notices-caption = For your post, { $count } at most
desk-care-needs = Needs
desk-care-until = Until
desk-care-need =
    { $need ->
        [watch] Keep an eye on them
        [diet] Diet meals
        [no_duty] No duty shifts
        [rest] Rest
        [bring_to_clinic] Bring to the clinic
       *[other] { $need }
    }
desk-danger =
    { $danger ->
        [chest_pain] Chest pain
        [breath] Cannot breathe
        [bleeding] Bleeding that does not stop
        [fainting] Fainted, or does not wake
        [self_harm] Wants to harm themselves
       *[other] { $danger }
    }
desk-danger-nobody = Nobody was named: look in the cell
