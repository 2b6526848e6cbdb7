# SPDX-License-Identifier: GPL-3.0-only
## The alarm and the calm call beside it.

alarm = Alarm
alarm-hold = Hold 1 second
alarm-keep-holding = Keep holding
alarm-raised-at = Alarm raised { $time }
alarm-raised-times = Alarm raised { $time }, pressed { $count } times
alarm-step-raised = Raised and saved
alarm-step-unsaved = Raised. This terminal could not save it
alarm-step-uploaded = Uploaded
alarm-step-acknowledged = The control room has answered
alarm-step-coming = An officer is on the way
alarm-step-attended = An officer is here
alarm-step-closed = Closed
alarm-sending = Sending
alarm-sending-detail = The platform has not received it yet. This terminal keeps sending
alarm-uploaded-detail = Waiting for the control room
alarm-not-taken = The platform did not take it
alarm-not-taken-detail = Press the alarm on the wall, or call out to an officer
alarm-no-network = Sending. Press the alarm on the wall as well
alarm-answered = The control room has answered
alarm-answered-detail = Stay where you are, somebody will come
alarm-attended-detail = Hold the alarm again if you still need help
alarm-ended-detail = Hold the alarm again if you still need help
alarm-fine = I am fine
alarm-fine-said = The control room knows that you are fine. An officer will still come
alarm-small = Put away
alarm-not-live = This terminal's camera and microphone send no picture and no sound
camera-live = Camera on
report = Call
report-to = Control room
report-calling = Calling
report-sent-at = Uploaded { $time }
report-kept = No network. Saved
report-answered = Control room answered
officer-menu-attended = Alarm: I am here
officer-menu-attended-state = Stops the siren
