-- SPDX-License-Identifier: GPL-3.0-only
-- The second factor of who uses the desk: the secret of the codes, sealed with a key that is not in the database.
CREATE TABLE desk_totp (
    name        TEXT NOT NULL PRIMARY KEY REFERENCES desk_user (name),
    secret      TEXT NOT NULL,
    -- The half-minute of the last code taken: it and those before it are taken no more.
    last_step   BIGINT NOT NULL,
    enrolled_ms BIGINT NOT NULL
);

-- Codes for who has lost the device, each good once; kept as keyed digests.
CREATE TABLE desk_recovery (
    name    TEXT NOT NULL REFERENCES desk_user (name),
    tag     TEXT NOT NULL,
    used_ms BIGINT,
    PRIMARY KEY (name, tag)
);

-- 1 for the demo's users: a password is enough for them.
ALTER TABLE desk_user ADD COLUMN totp_off BIGINT NOT NULL DEFAULT 0;
-- How far a sign-in is: 'in', or waiting for a 'code', or 'enrol' with the sealed secret that is offered.
ALTER TABLE desk_session ADD COLUMN stage TEXT NOT NULL DEFAULT 'in';
ALTER TABLE desk_session ADD COLUMN secret TEXT;

-- 操作记录, as who (name and post) did what (business and action) on what, where, with what result. Each row's hash is over
-- the row and the hash of the one before. Rows from before this have none; the first with one is over all of them.
ALTER TABLE desk_audit ADD COLUMN post TEXT NOT NULL DEFAULT '';
ALTER TABLE desk_audit ADD COLUMN business TEXT NOT NULL DEFAULT '';
ALTER TABLE desk_audit ADD COLUMN terminal TEXT NOT NULL DEFAULT '';
ALTER TABLE desk_audit ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE desk_audit ADD COLUMN result TEXT NOT NULL DEFAULT '';
ALTER TABLE desk_audit ADD COLUMN hash TEXT NOT NULL DEFAULT '';
CREATE INDEX desk_audit_time ON desk_audit (at_ms);
-- Where a thing is that a line of the audit is about.
CREATE INDEX roll_call_call ON roll_call (call);
CREATE INDEX notice_event ON notice (event);

-- 待办: what waits for a post, and what became of it. `subject` is an event or a call; it opens at `opened_ms`, which for
-- a roll call is its end.
CREATE TABLE task_due (
    id        TEXT NOT NULL PRIMARY KEY,
    post      TEXT NOT NULL,
    kind      TEXT NOT NULL,
    subject   TEXT NOT NULL,
    terminal  TEXT NOT NULL,
    due_ms    BIGINT NOT NULL,
    opened_ms BIGINT NOT NULL,
    done_ms   BIGINT,
    result    TEXT,
    -- A terminal numbers its own: what another says of the same number is another thing.
    UNIQUE (kind, subject, terminal)
);
CREATE INDEX task_waiting ON task_due (post, done_ms, due_ms);
