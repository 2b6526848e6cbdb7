# SPDX-License-Identifier: GPL-3.0-only
## Words that stand on several pages.

back = Back
more = More
previous = Previous
done-and-leave = Finish and leave
leave = Leave
cancel = Cancel
ok = OK
clear = Clear
enter = Enter
space = Space
hide = Hide

language = Language
text-size = Size
read-aloud = Listen
sound-off = Sound off

# The bar above each page.
time-unverified = Time not verified
link-connected = Connected
link-down = Offline, all is kept here
link-never = Not connected yet, all is kept here
link-refused = The platform refuses this terminal. Everything is kept here

# Where a thing has got to. "Uploaded" only after the platform's own answer.
delivery-saved = Saved
delivery-saved-at = Saved { $time }
delivery-sending = Sending
delivery-uploaded-at = Uploaded { $time }
delivery-upload = Upload to the platform
delivery-saved-help = A power cut cannot lose it
delivery-waiting-help = It is sent when the network is back
delivery-online-help = Waiting for the platform's answer
delivery-refused-help = The platform refuses this terminal. Tell a technician
delivery-parked-help = The platform leaves it to a person
delivery-rejected-at = The platform did not accept it { $time }
delivery-kept = Not uploaded
delivery-kept-help = It is kept in this terminal. Tell a technician

# What people are called here, by the kind of facility.
detainees =
    { $kind ->
        [lock_up] persons in short detention
        [drug_rehabilitation] residents
       *[detention_centre] detainees
    }
# The number assigned to the cell.
assigned =
    { $kind ->
        [lock_up] Held
        [drug_rehabilitation] Resident
       *[detention_centre] In custody
    }

badge = Badge { $number }
officer = Officer { $name }
officer-role =
    { $role ->
        [supervising_officer] Supervising officer
        [director] Director
       *[duty_officer] Duty officer
    }
out-reason =
    { $reason ->
        [interrogation] Interrogation
        [hearing] Court hearing
        [hospital] Hospital
        [lawyer_meeting] Lawyer
        [clinic] Clinic
        [family_visit] Family visit
        [talk] Talk
       *[other] Other
    }

touch-hint = Touch something with a frame
still-there = Are you still there?
still-there-detail = This closes in { $seconds } seconds. Nothing stays on the screen
still-there-yes = Still here
fault = Something went wrong
fault-store = The terminal cannot open its store and keeps trying. The alarm works; the one on the wall does too
fault-detail = What you just did was not saved. Please try again. The alarm and Call still work.
refused-officer-only = Only an officer may
safe-mode = This terminal is being repaired. Nothing is lost
