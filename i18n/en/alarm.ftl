# SPDX-License-Identifier: GPL-3.0-only
## The alarm and the calm call beside it.

alarm = Alarm
alarm-hold = Hold 1 second
alarm-keep-holding = Keep holding
alarm-raised-at = Alarm raised { $time }
alarm-saved = Saved. The siren is on
alarm-sending = Sending
alarm-sending-detail = The platform has not received it yet. This terminal keeps sending
alarm-uploaded-at = Uploaded { $time }
alarm-uploaded-detail = Waiting for the control room
alarm-not-taken = The platform did not take it
alarm-not-taken-detail = Press the alarm on the wall, or call out to an officer
alarm-no-network = Sending. Press the alarm on the wall as well
alarm-answered = The control room has answered
alarm-answered-detail = An officer is on the way
alarm-ended = Alarm closed by an officer { $time }
report = Call
report-to = Control room
report-calling = Calling
report-sent-at = Uploaded { $time }
report-kept = No network. Saved
report-answered = Control room answered
