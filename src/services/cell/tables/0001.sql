-- SPDX-License-Identifier: GPL-3.0-only
-- The platform's single things: facility, terminal, policy.
CREATE TABLE cell_truth (
    name TEXT PRIMARY KEY,
    rev INTEGER NOT NULL,          -- the feed's revision, named in results
    body TEXT NOT NULL             -- JSON as understood
) STRICT, WITHOUT ROWID;

-- Who is assigned to the cell, as the platform says. PIN verifiers are not here but sealed in session_pin.
CREATE TABLE cell_member (
    detainee BLOB PRIMARY KEY,
    body TEXT NOT NULL             -- JSON without the PIN
) STRICT, WITHOUT ROWID;

-- What an officer recorded here; holds until the platform has the event and has answered with its own state.
CREATE TABLE cell_movement (
    detainee BLOB PRIMARY KEY,
    out TEXT,                      -- JSON; NULL is back in the cell
    event BLOB NOT NULL            -- the movement's event in the outbox
) STRICT, WITHOUT ROWID;

CREATE TABLE cell_schedule (
    key TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
