-- SPDX-License-Identifier: GPL-3.0-only
-- What an event speaks of beside its body, as it is signed: JSON, in the order of the envelope.
ALTER TABLE outbox ADD COLUMN blobs TEXT NOT NULL DEFAULT '[]';

-- Larger things that follow their event. The bytes lie sealed in a file of the folder `blobs`, named by their hash.
CREATE TABLE blob (
    sha256 BLOB NOT NULL PRIMARY KEY,
    len INTEGER NOT NULL,
    mime TEXT NOT NULL,
    event BLOB NOT NULL,                 -- the last event that names it
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'whole', 'damaged')),
    whole_ms INTEGER,                    -- wall time of the platform's word that it has all of it
    receipt TEXT                         -- that word as it was signed
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_waiting ON blob (event) WHERE state = 'waiting';

-- Files the platform wants here, by the key of the feed's item; JSON as the contract has it.
CREATE TABLE media (
    key TEXT NOT NULL PRIMARY KEY,
    item TEXT NOT NULL,
    mandatory INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
