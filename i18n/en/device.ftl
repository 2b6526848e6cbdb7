# SPDX-License-Identifier: GPL-3.0-only
## How the terminal is doing, for IT.

officer-menu-device = Terminal status
officer-menu-device-state = For IT
device-title = Terminal status
device-version = Program version
device-place = Terminal number
device-certificate = Certificate valid until
device-not-enrolled = Not connected to a platform yet
device-link = Platform
device-clock = Own clock, beside the platform's
device-clock-behind = { $span } behind
device-clock-ahead = { $span } ahead
device-clock-right = The same
device-clock-unknown = Not compared yet
device-camera = Camera
device-camera-state =
    { $state ->
        [working] Working
        [covered] Covered
        [stalled] Picture stands still
        [unplugged] Unplugged
       *[missing] None
    }
device-models = Face models
device-models-state =
    { $there ->
        [1] In order
       *[0] Missing or damaged
    }
device-commits = Written since the start
device-commits-state =
    { $count ->
        [one] Once
       *[other] { $count } times
    }
device-batches = Sent since the start
device-batches-state =
    { $count ->
        [one] 1 batch, { $open } without an answer
       *[other] { $count } batches, { $open } without an answer
    }
device-lane =
    { $lane ->
        [alarm] To send: alarm
        [roll_call] To send: roll call
        [care] To send: care
        [complaint] To send: complaints
        [order] To send: shop and requests
       *[progress] To send: progress
    }
device-lane-empty = All sent
device-lane-waiting = { $count }, oldest { $span }
device-lane-kept = { $count }, and { $kept } the platform does not take, kept here
