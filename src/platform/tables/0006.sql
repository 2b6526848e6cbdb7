-- SPDX-License-Identifier: GPL-3.0-only
-- Calls for help and what ails a terminal, each from its first event to its end. Times of the platform but `raised_ms`.
CREATE TABLE alarm (
    device          TEXT NOT NULL REFERENCES device (id),
    -- The event that raised it.
    id              TEXT NOT NULL,
    terminal        TEXT NOT NULL,
    kind            TEXT NOT NULL,
    -- 1 help is needed now, 2 something is done to a terminal, 3 a calm call.
    rank            BIGINT NOT NULL,
    detail          TEXT NOT NULL,
    -- As the terminal believed it, and how far it could.
    raised_ms       BIGINT NOT NULL,
    trust           TEXT NOT NULL,
    received_ms     BIGINT NOT NULL,
    presses         BIGINT NOT NULL,
    pressed_ms      BIGINT NOT NULL,
    -- Since when an answer is waited for: a further press does not begin the waiting anew.
    waits_ms        BIGINT NOT NULL,
    -- Who is called: 0 the control room, 1 the next post too, 2 the director too.
    level           BIGINT NOT NULL,
    acknowledged_ms BIGINT,
    acknowledged_by TEXT,
    coming_ms       BIGINT,
    -- Who was sent.
    coming          TEXT,
    arrived_ms      BIGINT,
    arrived_by      TEXT,
    -- Somebody in the cell said that all is well.
    fine_ms         BIGINT,
    -- What it was about is over: the camera sees again, the case is closed.
    over_ms         BIGINT,
    closed_ms       BIGINT,
    closed_by       TEXT,
    note            TEXT,
    -- The number of its last step.
    rev             BIGINT NOT NULL,
    PRIMARY KEY (device, id)
);
CREATE INDEX alarm_open ON alarm (closed_ms, rank);
CREATE INDEX alarm_of_terminal ON alarm (terminal, kind, closed_ms);

-- Every step of every alarm, for those who have to be told: cameras, doors.
CREATE TABLE alarm_step (
    number BIGINT NOT NULL PRIMARY KEY,
    device TEXT NOT NULL,
    alarm  TEXT NOT NULL,
    step   TEXT NOT NULL,
    at_ms  BIGINT NOT NULL,
    -- Who did it; empty where nobody did.
    who    TEXT NOT NULL
);
CREATE INDEX alarm_step_alarm ON alarm_step (device, alarm, number);

-- The events that had their effect on an alarm: one that came out of order comes again.
CREATE TABLE alarm_event (
    device TEXT NOT NULL,
    event  TEXT NOT NULL,
    PRIMARY KEY (device, event)
);

-- How far each adapter was told.
CREATE TABLE alarm_told (
    adapter TEXT NOT NULL PRIMARY KEY,
    number  BIGINT NOT NULL
);
INSERT INTO setting (name, value) VALUES ('alarm_step', '0');

-- 申领报修.
CREATE TABLE request (
    device      TEXT NOT NULL REFERENCES device (id),
    event       TEXT NOT NULL,
    terminal    TEXT NOT NULL,
    item        TEXT NOT NULL,
    at_ms       BIGINT NOT NULL,
    received_ms BIGINT NOT NULL,
    -- None until somebody answered.
    state       TEXT,
    state_ms    BIGINT,
    state_by    TEXT,
    words       TEXT NOT NULL,
    PRIMARY KEY (device, event)
);
CREATE INDEX request_open ON request (state, received_ms);
