# SPDX-License-Identifier: GPL-3.0-only
## Taking people out of the cell and bringing them back.

movement-title = Out and back
movement-choose = Choose a person
movement-in-cell = In the cell
movement-out-since = { $reason } { $time }
movement-reason = { $name } goes out: why?
movement-check-out = { $name }: how is identity checked?
movement-check-back = { $name } is back: how is identity checked?
movement-by-face = Face
movement-by-pin = PIN
movement-by-officer = Officer's check
movement-read-back-out = { $name } goes out
movement-read-back-return = { $name } is back
movement-read-back-detail-out = { $reason }, { $check }
movement-read-back-detail-return = { $reason }, left { $time }, { $check }
movement-confirm-out = Confirm: out
movement-confirm-return = Confirm: back
movement-done-out = Out, recorded
movement-done-return = Back, recorded
movement-expected-now = { $expected } expected now
movement-one-left = Only 1 person is left in the cell
movement-one-left-detail = The control room will be told
movement-one-left-known = The control room knows
movement-another = Another person
movement-already-out = Already out
movement-not-out = Not out
movement-not-of-this-cell = Not of this cell
movement-not-recognised = Not recognised. Please choose another way
