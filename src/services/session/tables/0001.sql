-- SPDX-License-Identifier: GPL-3.0-only
CREATE TABLE session_officer (
    officer BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,                -- JSON
    card_salt BLOB NOT NULL,
    card BLOB NOT NULL                 -- digest of the card under this device's pepper
) STRICT, WITHOUT ROWID;

-- Verifiers of officers and detainees, sealed and peppered.
CREATE TABLE session_pin (
    subject TEXT PRIMARY KEY,          -- officer/<id> or detainee/<id>
    sealed BLOB NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('platform', 'terminal'))
) STRICT, WITHOUT ROWID;

-- Wrong PINs since the last right one.
CREATE TABLE session_attempt (
    subject TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last TEXT NOT NULL                 -- stamp, JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE session_template (
    detainee BLOB PRIMARY KEY,
    model TEXT NOT NULL,               -- short hash of the models that made it
    sealed BLOB NOT NULL,
    made TEXT NOT NULL                 -- stamp, JSON
) STRICT, WITHOUT ROWID;

-- When a template was used, for the person's own page. The oldest are dropped beyond USES_MAX.
CREATE TABLE session_template_use (
    id INTEGER PRIMARY KEY,
    detainee BLOB NOT NULL,
    at TEXT NOT NULL,                  -- stamp, JSON
    matched INTEGER NOT NULL
) STRICT;
CREATE INDEX session_template_use_of ON session_template_use (detainee, id);
