-- SPDX-License-Identifier: GPL-3.0-only
-- 看病: what cells say to the clinic. What is sealed stays closed here: the platform has no key to it.
CREATE TABLE care_entry (
    terminal    TEXT NOT NULL REFERENCES terminal (id),
    event       TEXT NOT NULL,
    device      TEXT NOT NULL REFERENCES device (id),
    -- Its number in its lane: the order of what came at the same time.
    seq         BIGINT NOT NULL,
    -- Of a report; none of what was said later.
    urgency     TEXT,
    -- The report a later word says it is about; whether this terminal made such a one is asked when it is read.
    report      TEXT,
    -- As the terminal believed it, and how far it could.
    at_ms       BIGINT NOT NULL,
    trust       TEXT NOT NULL,
    received_ms BIGINT NOT NULL,
    -- Of a report: when an answer is due by the policy its terminal had then.
    due_ms      BIGINT,
    -- 催办: how often, and when last.
    nudges      BIGINT NOT NULL,
    nudged_ms   BIGINT,
    -- Of a report: where it stands by the clinic's word, and since when; none before the clinic's first.
    state       TEXT,
    state_ms    BIGINT,
    -- An age file, as text.
    sealed      TEXT NOT NULL,
    PRIMARY KEY (terminal, event)
);
CREATE INDEX care_entry_received ON care_entry (received_ms);
CREATE INDEX care_entry_state ON care_entry (state, due_ms);

-- The events that were counted as 催办: each counts once.
CREATE TABLE care_nudge (
    terminal TEXT NOT NULL,
    event    TEXT NOT NULL,
    report   TEXT NOT NULL,
    PRIMARY KEY (terminal, event)
);

-- Letters of the clinic. What the terminal gets is in its feed; here is the clinic's own copy.
CREATE TABLE care_letter (
    letter   TEXT NOT NULL PRIMARY KEY,
    terminal TEXT NOT NULL REFERENCES terminal (id),
    at_ms    BIGINT NOT NULL,
    -- Who posted it last.
    by_name  TEXT NOT NULL,
    -- Sealed to the clinic; none where it was taken back or no copy was given.
    own      TEXT,
    -- It is in the terminal's feed.
    posted   BIGINT NOT NULL
);
CREATE INDEX care_letter_of_terminal ON care_letter (terminal, posted);

-- 照护提示: what a doctor lets named posts know.
CREATE TABLE care_notice (
    notice   TEXT NOT NULL PRIMARY KEY,
    terminal TEXT NOT NULL REFERENCES terminal (id),
    -- As the terminal gets it: the person, the needs, the posts, the times.
    body     TEXT NOT NULL,
    by_name  TEXT NOT NULL,
    until_ms BIGINT NOT NULL,
    -- When it ended, and who ended it; empty where its time did, or the person left the cell.
    ended_ms BIGINT,
    ended_by TEXT
);
CREATE INDEX care_notice_open ON care_notice (ended_ms, until_ms);

-- What each office stated of its keys, each following from the one before; the highest number counts.
CREATE TABLE office_keys (
    office    TEXT NOT NULL,
    number    BIGINT NOT NULL,
    -- The signed statement as it is handed on, and what it says.
    statement TEXT NOT NULL,
    keys      TEXT NOT NULL,
    at_ms     BIGINT NOT NULL,
    by_name   TEXT NOT NULL,
    PRIMARY KEY (office, number)
);

-- Whom the clinic seals to in each cell: the key a device of the terminal told, and where in its lane it told it.
CREATE TABLE care_recipient (
    terminal  TEXT NOT NULL PRIMARY KEY REFERENCES terminal (id),
    recipient TEXT NOT NULL,
    device    TEXT NOT NULL REFERENCES device (id),
    epoch     BIGINT NOT NULL,
    seq       BIGINT NOT NULL,
    made_ms   BIGINT NOT NULL
);

-- Rises with every change the clinic's window has to see.
INSERT INTO setting (name, value) VALUES ('care_rev', '0');
