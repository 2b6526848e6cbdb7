# SPDX-License-Identifier: GPL-3.0-only
## The desk's page of a terminal's settings.

desk-policy = Settings
desk-policy-what = Each setting with its range, where it comes from and which posts may change it. A change counts at once where the terminal is connected, else when it is again.
desk-policy-revision = Version in force: { $rev }
desk-policy-caption = All settings
desk-policy-setting = Setting
desk-policy-value = Value
desk-policy-range = Range
desk-policy-source = Source
desk-policy-by = Who may change it
desk-policy-start = starts at { $value }
desk-policy-letters = up to { $count } characters
desk-policy-rule = Rule: { $rule }
desk-policy-measured = Measured by the makers, to be adjusted here
desk-policy-site = This facility decides
desk-policy-everywhere = In every cell
desk-policy-kept = Saved
desk-policy-refused = “{ $typed }” is out of range or contradicts another setting; nothing was saved
desk-unit =
    { $unit ->
        [seconds] seconds
        [minutes] minutes
        [hours] hours
        [yuan] yuan
        [times] times
        [people] people
        [frames] frames
        [cosine] likeness
        [pixels] pixels
        [degrees] degrees
       *[brightness] brightness
    }
desk-setting =
    { $key ->
        [roll_call-announce_s] Announcement before a roll call
        [roll_call-person_s] Wait for one person
        [roll_call-tries_max] Tries at the camera
        [roll_call-rounds] Rounds of a roll call
        [roll_call-two_officers] Two officers sign the result
        [roll_call-any_order] In any order (search within the cell's roster)
        [roll_call-any_order_assessment] Assessment of the search
        [roll_call-quiet_from_min] Silence begins
        [roll_call-quiet_to_min] Silence ends
        [alarm-next_post_s] An unanswered alarm calls the next post after
        [alarm-director_s] An unanswered alarm calls the director after
        [alarm-siren_s] Siren after each press
        [alarm-silent] A corner of the screen, held, raises a silent alarm
        [care-routine_h] Routine report: answer due within
        [care-soon_h] Severe report: answer due within
        [care-danger_min] Report with a danger: answer due within
        [shop-days] Days the shop is open (1 is Monday, as 12345)
        [shop-open_from_min] Shop opens
        [shop-open_to_min] Shop closes
        [shop-turn_s] A turn at the shop while others wait
        [shop-call_s] Wait for the next of the list
        [shop-month_yuan] One person may spend in a month
        [shop-festival_yuan] More in the months of a festival
        [shop-festival_months] Months of a festival (as 1 2 10)
        [shop-approve_h] Order: approved within
        [shop-sign_h] Delivered: signed for within
        [shop-dispute_h] Objection to an account: answered within
        [complaint-forward_lock_up_h] Complaint (lock-up): passed on within
        [complaint-receive_h] Complaint: receipt due within
        [complaint-answer_h] Complaint: answer due within
        [complaint-free_per_day] Complaints a day that go at once (then one an hour)
        [complaint-delay_min] Longest random wait before upload
        [complaint-marks_to_director] Marks of PINs go to the director too
        [appointment-legal_aid_h] Legal aid: passed on within
        [appointment-duty_lawyer_h] Duty lawyer: told within
        [appointment-lawyer_meeting_h] Lawyer meeting: within, from the lawyer's request
        [appointment-defence_lawyer_h] Defence lawyer: told within
        [appointment-staff_h] Officer, director, doctor, counsellor: answer due within
        [session-officer_idle_s] Officer signed out when idle
        [session-blur_s] Own page covered when idle
        [session-ask_s] Own page asks when idle
        [session-clear_s] Own page closed when idle
        [session-pin_tries_max] Wrong PINs before waiting
        [session-pin_wait_s] First wait after wrong PINs
        [face-match_min] Likeness that counts as the person
        [face-margin_min] Distance to the second most alike
        [face-doubt_min] Likeness that speaks against
        [face-votes_min] Frames that must agree
        [face-votes_window] Frames that are counted
        [face-agreement_min] Likeness of two frames in a row
        [face-live_min] Lowest live share
        [face-challenge_when_unknown] Head turn without a liveness model
        [face-try_s_max] Length of a try
        [face-tries_max] Tries
        [face-challenge_s_max] Wait for the head turn
        [face-turned_agreement_min] Likeness before and after the turn
        [face-gates-other_score_min] Counts as another face
        [face-gates-score_min] Clearness of the face
        [face-gates-alone_area_ratio] Larger than the next face by
        [face-gates-eye_distance_px_min] Least distance between the eyes
        [face-gates-face_height_max] Largest height of the face
        [face-gates-off_centre_max] Farthest from the middle
        [face-gates-luma_min] Darkest face
        [face-gates-luma_max] Brightest face
        [face-gates-contrast_min] Least contrast
        [face-gates-dark_share_max] Most of it too dark
        [face-gates-bright_share_max] Most of it too bright
        [face-gates-roll_deg_max] Head leaning at most
        [face-gates-yaw_max] Head turned aside at most
        [face-gates-pitch_min] Head down at most
        [face-gates-pitch_max] Head up at most
        [face-gates-sharpness_min] Least sharpness
        [face-gates-turned_yaw_min] Counts as turned aside
        [face-gates-turned_up_min] Counts as turned up
        [face-gates-turned_off_centre_max] Farthest from the middle, turned
        [face-enrolment-frames_per_view] Frames of each view at enrolment
        [face-enrolment-eye_distance_px_min] Distance between the eyes at enrolment
        [face-enrolment-side_yaw_min] Side view, least turn
        [face-enrolment-side_yaw_max] Side view, most turn
        [face-enrolment-views_agreement_min] Likeness of the views
        [face-enrolment-too_alike_min] Too like somebody else of the cell
        [duty-people_min] Fewest people on duty
        [duty-sign_on_before_s] Sign-on opens before a turn
        [duty-sign_on_within_s] Too few for this long is a gap
        [duty-confirm_every_s_min] Least time between confirmations
        [duty-confirm_every_s_max] Most time between confirmations
        [duty-confirm_window_s] Time to confirm
        [duty-light_s] From the light to the low voice
        [duty-voice_s] From the voice to the control room
        [duty-night_from_min] Night on duty begins
        [duty-night_to_min] Night on duty ends
        [duty-night_voice] A low voice is allowed at night
       *[other] { $key }
    }
desk-device-told = Last told by the terminal
desk-device-version = Program version
desk-device-models = Face models in order
desk-device-own-clock = Its own clock
desk-device-behind =
    { $seconds ->
        [one] 1 second behind the platform's
       *[other] { $seconds } seconds behind the platform's
    }
desk-device-waits =
    { $lane ->
        [alarm] Still in the cell: alarm
        [roll_call] Still in the cell: roll call
        [care] Still in the cell: care
        [complaint] Still in the cell: complaints
        [order] Still in the cell: requests
       *[progress] Still in the cell: progress
    }
desk-device-waiting = { $count }, oldest { $span }; { $kept } kept because the platform does not take them
