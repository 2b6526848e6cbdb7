# SPDX-License-Identifier: GPL-3.0-only
## Duty, as the cell and the officer at the terminal see it.

duty-title = Duty
duty-mine = My turns
duty-week = This week
duty-swap = Swap
duty-unwell = I can't go on
duty-unwell-detail = An officer comes. No fault.
duty-tap = Touch your own name
duty-count = On duty { $on } · needed { $needed }
duty-enough = Enough on duty
duty-short = { $missing } more needed
duty-none-now = Nobody is on duty now
duty-time-unsure = Time not confirmed: no sign-on yet
duty-next = Next { $time } { $title }
duty-no-rota = The platform has sent no rota yet
duty-repeated = No new rota: the last approved one repeats
duty-unconfirmed = Time not confirmed: turns wait for it
duty-as-of = No network: the last rota received
duty-steward = Day steward { $names }
duty-steward-none = No day steward today
duty-steward-detail = Appointed by an officer, without authority
duty-span = { $from }–{ $to }
duty-place-planned = To sign on
duty-place-on = On duty
duty-place-confirm = Confirm
duty-place-handover = Hand over
duty-place-left = Replaced
duty-place-unwell = Officer called
duty-replaces = Stand-in, sign on
duty-ask-sign-on = Sign on
duty-ask-confirm = I am here
duty-ask-handover = Hand over
duty-ask-swap = Agree to swap
duty-look = Look here
duty-use-pin = Use PIN
duty-use-officer = Ask an officer
duty-remark = How was this turn?
duty-remark-well = All well
duty-remark-unwell = Somebody is unwell
duty-remark-dispute = There was a quarrel
duty-remark-broken = Something is broken
duty-remark-noise = Strange noises at night
duty-remark-officer = Something to tell an officer
duty-mine-who = Which one is you?
duty-mine-empty = You have no turn this week
duty-week-empty = No turns this week
duty-swap-who = Who wants to swap?
duty-swap-own = Which turn do you give?
duty-swap-other = For which turn?
duty-swap-none = There is no turn to swap
duty-unwell-who = Who can't go on?
duty-unwell-nobody = Nobody is on duty now
duty-done-sign-on = Signed on
duty-done-sign-on-detail = Stay awake, and confirm when asked
duty-done-confirm = Confirmed
duty-done-confirm-detail = Thank you, please go on
duty-done-handover = Handed over
duty-done-handover-detail = An officer will confirm
duty-done-swap = Told the officer
duty-done-swap-detail = It counts once an officer agrees
duty-done-unwell = Officer called
duty-done-unwell-detail = Stay here or sit down. It is no fault.
duty-officer-empty = Nothing of duty waits
duty-matter =
    { $kind ->
        [nobody] Nobody on duty
        [too_few] Too few on duty
        [unconfirmed] Not confirmed in time
        [no_handover] Not handed over
        [unrecorded] No record: the terminal was off, or its time unconfirmed
        [handover] Handover: { $name }
        [swap] Swap: { $name } and { $other }
        [unwell] { $name } can't go on
       *[other] { $kind }
    }
duty-matter-since = since { $time }
duty-note = What was done
duty-note-seen = Looked, all well
duty-note-replaced = Somebody else put on duty
duty-note-doctor = Doctor called
duty-note-talked = Talked with them
duty-approve = Agree
duty-refuse = Refuse
duty-menu = Duty
duty-menu-state = { $count } waiting
duty-menu-none = Nothing waits
duty-refused-turn = Nothing is asked of this person now
duty-refused-already = That was done before
duty-refused-not-now = Not needed now
duty-refused-swap = These two turns cannot be swapped
duty-refused-called = An officer has been called
duty-refused-answered = That has been answered
duty-call-confirm = On duty: please confirm
duty-call-short = Too few on duty
duty-call-told = Too few on duty, control room told
duty-call-detail = Touch here
duty-tile-on = { $on } on duty
duty-tile-next = { $time } { $title }
duty-tile-none = No turns
