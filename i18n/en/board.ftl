# SPDX-License-Identifier: GPL-3.0-only
## The platform's board of alarms, and the requests of cells.

desk-nav-alarms = Alarms
desk-nav-requests = Requests
desk-alarms-empty = There is no alarm
desk-alarms-stale = The platform cannot be reached, or you are signed out: new alarms are not seen here
desk-alarms-muted = The browser allows no sound yet: new alarms will not be heard
desk-alarms-sound = Turn the sound on
desk-alarms-closed = Closed lately, { $count } at most
desk-alarm = Alarm
desk-alarm-kind =
    { $kind ->
        [panic] Alarm
        [silent] Silent alarm
        [camera] The camera sees nothing
        [opened] The terminal was opened
        [power] Mains power is gone, on battery
        [call] Call
        [danger] Somebody is in danger of their health
       *[other] { $kind }
    }
desk-alarm-silent-what = The danger may stand beside whoever raised it: nothing in the cell shows it. Do not call the cell, send somebody
desk-alarm-fine = The cell says that all is well; an officer still has to see
desk-alarm-over = It is over by itself; look at it and close it
desk-alarm-next-post = The duty and supervising officers are called too
desk-alarm-director = The director on duty is called too
desk-alarm-raised = Raised
desk-alarm-received = Received
desk-alarm-waits = waits for { $span }
desk-alarm-presses = Presses
desk-alarm-presses-last = { $count }, the last at { $time }
desk-alarm-acknowledged = Acknowledged
desk-alarm-coming = Sent
desk-alarm-arrived = Arrived
desk-alarm-closed = Closed
desk-alarm-whom = Who goes
desk-alarm-note = What was found
desk-alarm-deed =
    { $deed ->
        [acknowledge] Acknowledge
        [send] Send
        [arrive] An officer is there
       *[close] Close
    }

desk-requests-empty = There is no request
desk-requests-caption = Unanswered first, { $count } at most
desk-request = Request
desk-request-item =
    { $item ->
        [pen] Pen
        [paper] Paper
        [water] Drinking water
        [toilet_paper] Toilet paper
        [bedding] Bedding
        [light] The light is broken
        [plumbing] Toilet or water is broken
       *[repair] Something else is broken
    }
desk-request-state =
    { $state ->
        [accepted] Accepted
        [done] Done
        [declined] Declined
       *[waiting] Not answered
    }
desk-request-do =
    { $state ->
        [accepted] Accept
        [done] Done
       *[declined] Decline
    }
desk-request-why = Why (the cell sees it)
