-- SPDX-License-Identifier: GPL-3.0-only
-- The keys of a complaint office: the first that came, and what followed from it.
CREATE TABLE complaint_office (
    office TEXT PRIMARY KEY,           -- contract::Office
    root TEXT NOT NULL,                -- the signing key that came first, JSON: its fingerprint hangs in the cell
    keys TEXT NOT NULL,                -- contract::OfficeKeys, JSON
    epoch INTEGER NOT NULL DEFAULT 0,  -- of the number beside it
    sent INTEGER NOT NULL DEFAULT 0    -- the last number under a seal in that epoch
) STRICT;

-- What was sent and may be asked for with its receipt code. Who wrote it and what it says is nowhere here.
CREATE TABLE complaint_sent (
    event BLOB PRIMARY KEY,
    office TEXT NOT NULL,              -- contract::Office
    made TEXT NOT NULL,                -- to the hour: contract::Stamp, JSON
    sealed BLOB NOT NULL,              -- SHA-256 over what was sealed
    code BLOB NOT NULL UNIQUE,         -- argon2id over the receipt code, under this device's pepper
    locked BLOB NOT NULL,              -- the key answers are sealed to: opens with receipt code and PIN, on this device
    received_ms INTEGER,               -- the office's own words, each checked
    answered_ms INTEGER,
    ended_ms INTEGER,
    ended TEXT,                        -- 'withdrawn' or 'closed'
    answer TEXT,                       -- contract::Sealed, as the office named it
    withdrawal BLOB,                   -- the event that asks the office to let it go
    escalation BLOB                    -- the event that told the next office it is overdue
) STRICT;

-- Until when the lane waits. One row while it does.
CREATE TABLE complaint_delay (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    until TEXT NOT NULL                -- contract::Stamp, JSON
) STRICT;

-- The last day whose count was sent. One row once an office was arranged.
CREATE TABLE complaint_counted (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    day INTEGER NOT NULL               -- days since 1970-01-01, facility time
) STRICT;

-- How long answers take here, as the platform tells everybody. One row.
CREATE TABLE complaint_figures (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    body TEXT NOT NULL                 -- contract::AnswerFigures, JSON
) STRICT;

-- 约见 people of the cell asked for. Who and whom is under the seal.
CREATE TABLE complaint_appointment (
    number INTEGER PRIMARY KEY,
    request BLOB NOT NULL UNIQUE,      -- the event
    content BLOB NOT NULL              -- appointment::Kept, JSON, sealed with the device's key
) STRICT;
