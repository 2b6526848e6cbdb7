-- SPDX-License-Identifier: GPL-3.0-only
-- Portable between SQLite and PostgreSQL: ids, digests and JSON are TEXT, times and numbers BIGINT; *_ms is wall time in
-- milliseconds since 1970 UTC. Migrations only add.

-- Single values: the card salt, the feed's last cursor, the last number of the audit.
CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
INSERT INTO setting (name, value) VALUES ('feed_cursor', '0'), ('audit_number', '0');

-- The place in a cell a terminal hangs at. It outlives the device.
CREATE TABLE terminal (
    id             TEXT NOT NULL PRIMARY KEY,
    block          TEXT NOT NULL,
    cell           TEXT NOT NULL,
    utc_offset_min BIGINT NOT NULL,
    -- The camera as the terminal last reported it, and when that was.
    camera         TEXT,
    camera_ms      BIGINT,
    UNIQUE (block, cell)
);

-- The one live enrolment code of a terminal. Its first letters find the row, the others are kept as a keyed digest.
CREATE TABLE enrol_code (
    terminal   TEXT NOT NULL PRIMARY KEY REFERENCES terminal (id),
    handle     TEXT NOT NULL UNIQUE,
    salt       TEXT NOT NULL,
    tag        TEXT NOT NULL,
    expires_ms BIGINT NOT NULL,
    tries_left BIGINT NOT NULL
);

-- The key holder of a terminal. A revoked device stays, for its events.
CREATE TABLE device (
    id           TEXT NOT NULL PRIMARY KEY,
    terminal     TEXT NOT NULL REFERENCES terminal (id),
    key          TEXT NOT NULL,
    enrolled_ms  BIGINT NOT NULL,
    not_after_ms BIGINT NOT NULL,
    revoked_ms   BIGINT,
    seen_ms      BIGINT
);
CREATE INDEX device_terminal ON device (terminal);

-- How far a lane of a device is taken, gap-free. A frozen lane takes nothing more.
CREATE TABLE lane (
    device    TEXT NOT NULL REFERENCES device (id),
    epoch     BIGINT NOT NULL,
    lane      TEXT NOT NULL,
    acked_seq BIGINT NOT NULL,
    head      TEXT NOT NULL,
    frozen_ms BIGINT,
    PRIMARY KEY (device, epoch, lane)
);

-- Every event taken, with the bytes as they came. Never changed, never deleted.
CREATE TABLE event (
    device      TEXT NOT NULL,
    epoch       BIGINT NOT NULL,
    lane        TEXT NOT NULL,
    seq         BIGINT NOT NULL,
    id          TEXT NOT NULL,
    kind        TEXT NOT NULL,
    hash        TEXT NOT NULL,
    prev        TEXT NOT NULL,
    boot        TEXT NOT NULL,
    mono_ms     BIGINT NOT NULL,
    wall_ms     BIGINT NOT NULL,
    trust       TEXT NOT NULL,
    body        TEXT NOT NULL,
    blobs       TEXT NOT NULL,
    signature   TEXT NOT NULL,
    -- The first verdict, as JSON; said again when the event comes again.
    verdict     TEXT NOT NULL,
    received_ms BIGINT NOT NULL,
    PRIMARY KEY (device, epoch, lane, seq)
);

-- The idempotency key: one effect per id. `content` tells the same event, sent again in a new epoch, from another.
CREATE TABLE taken (
    device  TEXT NOT NULL,
    id      TEXT NOT NULL,
    epoch   BIGINT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (device, id)
);

-- Events that contradict what is held, kept whole as evidence.
CREATE TABLE fork (
    device      TEXT NOT NULL,
    hash        TEXT NOT NULL,
    why         TEXT NOT NULL,
    envelope    TEXT NOT NULL,
    received_ms BIGINT NOT NULL,
    PRIMARY KEY (device, hash)
);

-- What each terminal has to know: one row per thing, with a revision that only rises. A deleted thing stays as `del`.
CREATE TABLE feed (
    terminal   TEXT NOT NULL REFERENCES terminal (id),
    collection TEXT NOT NULL,
    key        TEXT NOT NULL,
    rev        BIGINT NOT NULL,
    cursor     BIGINT NOT NULL UNIQUE,
    op         TEXT NOT NULL,
    body       TEXT NOT NULL,
    changed_ms BIGINT NOT NULL,
    PRIMARY KEY (terminal, collection, key)
);
CREATE INDEX feed_order ON feed (terminal, cursor);

-- The digest of the last page a device was sent that ended at this cursor: the next page names it.
CREATE TABLE page (
    device TEXT NOT NULL REFERENCES device (id),
    cursor BIGINT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (device, cursor)
);

-- Names for reports; stays when a person leaves, so that an old roll call can still be read.
CREATE TABLE person (
    id           TEXT NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL,
    badge_number TEXT NOT NULL
);

-- A roll call of a cell: asked for here, or begun there. The result is written once.
CREATE TABLE roll_call (
    terminal       TEXT NOT NULL REFERENCES terminal (id),
    call           TEXT NOT NULL,
    title          TEXT NOT NULL,
    -- The task, where the platform asked for it.
    opens_ms       BIGINT,
    expires_ms     BIGINT,
    asked_by       TEXT,
    cancelled_ms   BIGINT,
    -- The newest progress, and where in the device's stream it stood.
    progress       TEXT,
    progress_epoch BIGINT,
    progress_seq   BIGINT,
    progress_ms    BIGINT,
    result         TEXT,
    result_hash    TEXT,
    result_ms      BIGINT,
    -- For the order of the lists.
    created_ms     BIGINT NOT NULL,
    PRIMARY KEY (terminal, call)
);
CREATE INDEX roll_call_newest ON roll_call (terminal, created_ms);

-- Late arrivals, beside the result they do not change.
CREATE TABLE supplement (
    device      TEXT NOT NULL,
    event       TEXT NOT NULL,
    terminal    TEXT NOT NULL,
    call        TEXT NOT NULL,
    body        TEXT NOT NULL,
    received_ms BIGINT NOT NULL,
    PRIMARY KEY (device, event)
);
CREATE INDEX supplement_call ON supplement (terminal, call);

-- 出入监室记录.
CREATE TABLE movement (
    device      TEXT NOT NULL,
    event       TEXT NOT NULL,
    terminal    TEXT NOT NULL,
    detainee    TEXT NOT NULL,
    body        TEXT NOT NULL,
    received_ms BIGINT NOT NULL,
    PRIMARY KEY (device, event)
);
CREATE INDEX movement_terminal ON movement (terminal, received_ms);

-- PINs given, templates made and erased: that it happened, never the thing itself.
CREATE TABLE person_fact (
    device      TEXT NOT NULL,
    event       TEXT NOT NULL,
    terminal    TEXT NOT NULL,
    detainee    TEXT NOT NULL,
    kind        TEXT NOT NULL,
    body        TEXT NOT NULL,
    received_ms BIGINT NOT NULL,
    PRIMARY KEY (device, event)
);
CREATE INDEX person_fact_detainee ON person_fact (terminal, detainee);

-- What the desk must see: alarms, a camera that sees nothing, one person left in a cell, an event to look at.
CREATE TABLE notice (
    device      TEXT NOT NULL,
    event       TEXT NOT NULL,
    terminal    TEXT NOT NULL,
    kind        TEXT NOT NULL,
    -- A camera's state, or why an event was set aside; a code, never words or names.
    detail      TEXT NOT NULL,
    at_ms       BIGINT NOT NULL,
    trust       TEXT NOT NULL,
    received_ms BIGINT NOT NULL,
    seen_ms     BIGINT,
    seen_by     TEXT,
    PRIMARY KEY (device, event, kind)
);
CREATE INDEX notice_newest ON notice (received_ms);

-- Who may use the desk.
CREATE TABLE desk_user (
    name        TEXT NOT NULL PRIMARY KEY,
    role        TEXT NOT NULL,
    password    TEXT NOT NULL,
    wrong       BIGINT NOT NULL,
    wait_ms     BIGINT NOT NULL
);

-- The cookie's value is kept as a digest.
CREATE TABLE desk_session (
    token   TEXT NOT NULL PRIMARY KEY,
    name    TEXT NOT NULL REFERENCES desk_user (name),
    csrf    TEXT NOT NULL,
    seen_ms BIGINT NOT NULL
);

-- What was done at the desk. Rows are only added.
CREATE TABLE desk_audit (
    number BIGINT NOT NULL PRIMARY KEY,
    at_ms  BIGINT NOT NULL,
    name   TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL
);
