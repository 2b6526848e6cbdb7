-- SPDX-License-Identifier: GPL-3.0-only
-- What the cell asked for, each by its event; the newest answer beside it. Names nobody.
CREATE TABLE request (
    event BLOB PRIMARY KEY,
    item TEXT,                         -- an item's name; none for 报告
    made TEXT NOT NULL,                -- its stamp, JSON
    status TEXT                        -- the platform's newest word, JSON
) STRICT;
