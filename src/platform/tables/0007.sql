-- SPDX-License-Identifier: GPL-3.0-only
-- 值班: what terminals told of duty, each by its event. A gap and its end are one row; it names nobody. The first answer
-- counts, at the desk or at the terminal.
CREATE TABLE duty_fact (
    terminal    TEXT NOT NULL,
    event       TEXT NOT NULL,
    kind        TEXT NOT NULL,
    -- The turn; an officer's answer has none.
    shift       TEXT NOT NULL,
    cycle       BIGINT NOT NULL,
    -- Of a gap: the turn's number of it. 0 otherwise.
    number      BIGINT NOT NULL,
    -- Who signed on, confirmed, handed over, called; NULL for a gap.
    detainee    TEXT,
    at_ms       BIGINT NOT NULL,
    trust       TEXT NOT NULL,
    ended_ms    BIGINT,
    -- The event's body, JSON.
    body        TEXT NOT NULL,
    received_ms BIGINT NOT NULL,
    answer      TEXT,
    answered_ms BIGINT,
    answered_by TEXT,
    note        TEXT,
    PRIMARY KEY (terminal, event)
);
CREATE INDEX duty_fact_time ON duty_fact (terminal, kind, at_ms);

-- Answers that came before what they are about; a lane does not wait for another.
CREATE TABLE duty_early (
    terminal TEXT NOT NULL,
    event    TEXT NOT NULL,
    about    TEXT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (terminal, event)
);
