-- SPDX-License-Identifier: GPL-3.0-only
-- The platform's signed answers, as they came: proof of what it took.
CREATE TABLE receipt (
    batch BLOB NOT NULL PRIMARY KEY,
    signed TEXT NOT NULL
) STRICT, WITHOUT ROWID;
ALTER TABLE outbox ADD COLUMN receipt BLOB;   -- the batch of the answer that settled the event

-- A quarantined event goes up as its hash alone until that has a verdict.
CREATE INDEX outbox_withheld ON outbox (lane, epoch, seq) WHERE state = 'quarantined' AND verdict IS NULL;
CREATE INDEX outbox_settled ON outbox (settled_ms) WHERE state = 'acked';
