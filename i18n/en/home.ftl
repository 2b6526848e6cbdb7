# SPDX-License-Identifier: GPL-3.0-only
## Home.

home-schedule = Today
home-schedule-empty = The platform has not sent today's schedule yet
home-schedule-late = Schedule received { $time }
home-hint = Touch to begin. You can leave at any time
home-officer = Officer
tile-care = Health
tile-shop = Shop
tile-complaints = Complaints
tile-education = Learning
tile-record = My record
tile-duty = Duty
tile-requests = Requests
tile-notices = Notices
tile-not-open = Not open yet
tile-record-state = Use of my face
tile-requests-state = Things, repairs
home-roll-call-going = Roll call is on
home-roll-call-again = Back to roll call
home-roll-call-review = Waiting for an officer
missing-camera = Camera not working. Roll call by PIN or officer's check
missing-models = No face models. Roll call by PIN or officer's check
missing-roster = No roster yet. Please tell the technician
missing-platform = This terminal is not registered with the platform
missing-repaired = This terminal was repaired. A technician should look at it
