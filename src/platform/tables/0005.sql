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
