-- SPDX-License-Identifier: GPL-3.0-only
-- The approved cycles, by the platform's key.
CREATE TABLE duty_rota (
    key TEXT PRIMARY KEY,
    body TEXT NOT NULL                 -- JSON
) STRICT, WITHOUT ROWID;

-- Turns that were opened here. One that is closed stays, so that no clock opens it again.
CREATE TABLE duty_turn (
    id INTEGER PRIMARY KEY,            -- the order they were opened in
    shift BLOB NOT NULL,
    cycle INTEGER NOT NULL,
    body TEXT NOT NULL,                -- where it stands, JSON
    closed INTEGER NOT NULL,
    UNIQUE (shift, cycle)
) STRICT;

CREATE TABLE duty_person (
    id INTEGER PRIMARY KEY,            -- the order they were asked in
    shift BLOB NOT NULL,
    cycle INTEGER NOT NULL,
    detainee BLOB NOT NULL,
    body TEXT NOT NULL,                -- JSON
    UNIQUE (shift, cycle, detainee)
) STRICT;

-- A swap the first of two has agreed to.
CREATE TABLE duty_agreed (
    id INTEGER PRIMARY KEY,
    swap TEXT NOT NULL UNIQUE,         -- JSON
    how TEXT NOT NULL                  -- how the first showed who they are, JSON
) STRICT;

-- What an officer answers, by the event that told of it.
CREATE TABLE duty_matter (
    id INTEGER PRIMARY KEY,
    subject BLOB NOT NULL UNIQUE,
    body TEXT NOT NULL,                -- JSON
    answer TEXT                        -- the first answer; NULL waits
) STRICT;
