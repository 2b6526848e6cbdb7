-- SPDX-License-Identifier: GPL-3.0-only
-- Up to when every turn was opened here or told as a gap of the record. Moved by a confirmed time only.
CREATE TABLE duty_watch (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    until_ms INTEGER NOT NULL          -- milliseconds since 1970 UTC
) STRICT;
