-- SPDX-License-Identifier: GPL-3.0-only
-- The keys of an office that things are sealed to; the first that came, and what followed from it.
CREATE TABLE care_office (
    office TEXT PRIMARY KEY,           -- contract::Office
    keys TEXT NOT NULL                 -- contract::OfficeKeys, JSON
) STRICT;

-- What the clinic seals its letters to. One row.
CREATE TABLE care_key (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    secret BLOB NOT NULL               -- sealed with the device's key
) STRICT;

-- A report that was begun and not sent, for whoever proved who they are, ten minutes long.
CREATE TABLE care_draft (
    number INTEGER PRIMARY KEY,
    kept TEXT NOT NULL,                -- the stamp of the last touch, JSON
    content BLOB NOT NULL              -- care::Draft, JSON, sealed with the device's key
) STRICT;

-- What was reported. Whom it is about is under the seal too.
CREATE TABLE care_report (
    number INTEGER PRIMARY KEY,
    event BLOB UNIQUE,                 -- none while the clinic's keys are not here
    made TEXT NOT NULL,                -- its stamp, JSON
    urgency TEXT NOT NULL,             -- contract::Urgency
    nudged TEXT,                       -- the stamp of the last 催办, JSON
    content BLOB NOT NULL              -- contract::SymptomReport, JSON, sealed with the device's key
) STRICT;

-- What a person said later, to a report, a dose, a document.
CREATE TABLE care_said (
    number INTEGER PRIMARY KEY,
    event BLOB NOT NULL UNIQUE,
    report BLOB,                       -- the event of the report it is about
    made TEXT NOT NULL,                -- its stamp, JSON
    content BLOB NOT NULL              -- who and what, JSON, sealed with the device's key
) STRICT;

-- The clinic's letters to the people of the cell.
CREATE TABLE care_letter (
    letter BLOB PRIMARY KEY,
    raw TEXT,                          -- as it came, while the clinic's keys are not here
    content BLOB                       -- contract::ToCell, JSON, sealed with the device's key
) STRICT;

-- 照护提示 the doctor released, and whom they let see it.
CREATE TABLE care_notice (
    notice BLOB PRIMARY KEY,
    body TEXT NOT NULL                 -- contract::CareNotice, JSON
) STRICT;
