-- SPDX-License-Identifier: GPL-3.0-only
-- Roll calls asked for by the platform that have not begun.
CREATE TABLE roll_call_task (
    call BLOB PRIMARY KEY,
    body TEXT NOT NULL,                -- JSON
    ended INTEGER NOT NULL DEFAULT 0   -- begun, expired or taken back
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_call (
    id INTEGER PRIMARY KEY,            -- the order they began in
    call BLOB NOT NULL UNIQUE,
    title TEXT NOT NULL,
    begun_by BLOB,                     -- the officer; NULL is the platform's task
    phase TEXT NOT NULL,
    round INTEGER NOT NULL,
    policy_rev INTEGER NOT NULL,
    opened TEXT NOT NULL,              -- stamps, JSON
    since TEXT NOT NULL,
    current BLOB,                      -- who is called
    current_since TEXT NOT NULL,
    recounts INTEGER NOT NULL,
    strangers INTEGER NOT NULL,
    result BLOB,                       -- the result's event once signed
    progress TEXT                      -- the last progress told, JSON
) STRICT;

CREATE TABLE roll_call_line (
    call BLOB NOT NULL,
    detainee BLOB NOT NULL,
    id INTEGER NOT NULL,               -- roster order at the beginning, then order of arrival
    place TEXT NOT NULL,
    tries INTEGER NOT NULL,
    other_way INTEGER NOT NULL,
    outcome TEXT,                      -- JSON; NULL is unresolved
    at TEXT,
    PRIMARY KEY (call, detainee)
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_call_extra (
    id INTEGER PRIMARY KEY,
    call BLOB NOT NULL,
    body TEXT NOT NULL                 -- JSON
) STRICT;

CREATE TABLE roll_call_supplement (
    call BLOB NOT NULL,
    detainee BLOB NOT NULL,
    PRIMARY KEY (call, detainee)
) STRICT, WITHOUT ROWID;
