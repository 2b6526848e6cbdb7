-- SPDX-License-Identifier: GPL-3.0-only
-- Readings of the feed from its beginning: what the last one did not name is gone at the platform.
CREATE TABLE feed_reading (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    number INTEGER NOT NULL,             -- rises with each page from the beginning
    ended INTEGER NOT NULL               -- the number of the last one that was read to its end
) STRICT;
INSERT INTO feed_reading VALUES (1, 0, 0);
ALTER TABLE feed_rev ADD COLUMN reading INTEGER NOT NULL DEFAULT 0;   -- the last one that named the item
