-- SPDX-License-Identifier: GPL-3.0-only
-- Events on their way up. A row is never deleted before its verdict, and its bytes never change.
CREATE TABLE outbox (
    epoch INTEGER NOT NULL,              -- rises when a damaged file was set aside
    lane TEXT NOT NULL,
    seq INTEGER NOT NULL,                -- from 1 without a gap per epoch and lane
    id BLOB NOT NULL UNIQUE,             -- the idempotency key
    kind TEXT NOT NULL,
    time TEXT NOT NULL,                  -- the stamp, JSON
    prev BLOB NOT NULL,                  -- hash of the row before in this lane
    body TEXT NOT NULL,                  -- sent as these bytes
    signature BLOB NOT NULL,
    hash BLOB NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'acked', 'quarantined')),
    verdict TEXT,                        -- the platform's answer, JSON, once there is one
    settled_ms INTEGER,                  -- wall time of the verdict
    PRIMARY KEY (epoch, lane, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_pending ON outbox (lane, epoch, seq) WHERE state = 'pending';

-- The last number and hash of each lane; survives the pruning of old rows.
CREATE TABLE lane_head (
    epoch INTEGER NOT NULL,
    lane TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    frozen INTEGER NOT NULL DEFAULT 0,   -- the platform reported a fork
    PRIMARY KEY (epoch, lane)
) STRICT, WITHOUT ROWID;

-- How far the feed was read: one row.
CREATE TABLE feed_position (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    cursor INTEGER NOT NULL,
    digest BLOB NOT NULL                 -- of the last page
) STRICT;

-- The newest revision held of each item, tombstones included.
CREATE TABLE feed_rev (
    collection TEXT NOT NULL,
    key TEXT NOT NULL,
    rev INTEGER NOT NULL,
    PRIMARY KEY (collection, key)
) STRICT, WITHOUT ROWID;

-- Items that were not understood, as they came; a later release may understand them.
CREATE TABLE feed_set_aside (
    collection TEXT NOT NULL,
    key TEXT NOT NULL,
    rev INTEGER NOT NULL,
    body TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (collection, key)
) STRICT, WITHOUT ROWID;
