-- SPDX-License-Identifier: GPL-3.0-only
-- When the terminal last told how it is doing: one row.
CREATE TABLE device_state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    told TEXT                          -- its stamp, JSON
) STRICT;
INSERT INTO device_state (one) VALUES (1);
