-- SPDX-License-Identifier: GPL-3.0-only
-- The last alarm and the camera's last told state: one row.
CREATE TABLE alarm_state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    event BLOB,                        -- the last alarm's event
    raised TEXT,                       -- its stamp, JSON
    camera TEXT                        -- JSON
) STRICT;
INSERT INTO alarm_state (one) VALUES (1);
