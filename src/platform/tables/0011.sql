-- SPDX-License-Identifier: GPL-3.0-only
-- 投诉、约见. What is sealed stays closed here. A complaint has a terminal, an office, a size and an hour, and no person;
-- nothing of it is ever taken out again, by whomever.
CREATE TABLE complaint_item (
    -- Rises with every change of a row: an office asks for what has a higher one than it saw.
    rev           BIGINT NOT NULL,
    -- Its place in the lane of complaints. The event lies there, as it came.
    device        TEXT NOT NULL REFERENCES device (id),
    epoch         BIGINT NOT NULL,
    seq           BIGINT NOT NULL,
    terminal      TEXT NOT NULL REFERENCES terminal (id),
    event         TEXT NOT NULL,
    -- Whom it is sealed to; none of a daily count, and of what cannot be understood.
    office        TEXT,
    -- Bytes of the body: one of a few sizes.
    size          BIGINT NOT NULL,
    -- When it came, to the hour.
    hour_ms       BIGINT NOT NULL,
    -- SHA-256 over the sealed text: an office's word names it.
    sealed        TEXT,
    -- When the office's receipt and its answer are due, by the policy its terminal had then.
    due_ms        BIGINT,
    answer_due_ms BIGINT,
    -- When the office's first words of a stage came here.
    received_ms   BIGINT,
    answered_ms   BIGINT,
    -- The newest answer, sealed to the writer, and the office's own copy of it.
    answer        TEXT,
    own           TEXT,
    PRIMARY KEY (device, epoch, seq)
);
CREATE INDEX complaint_item_rev ON complaint_item (rev);
CREATE INDEX complaint_item_event ON complaint_item (event);
CREATE INDEX complaint_item_hour ON complaint_item (hour_ms);

-- What an office said to an event, in its order, as it signed it.
CREATE TABLE complaint_word (
    device  TEXT NOT NULL,
    event   TEXT NOT NULL,
    number  BIGINT NOT NULL,
    word    TEXT NOT NULL,
    at_ms   BIGINT NOT NULL,
    by_name TEXT NOT NULL,
    PRIMARY KEY (device, event, number)
);

-- 约见: in the open, by purpose.
CREATE TABLE appointment (
    terminal    TEXT NOT NULL REFERENCES terminal (id),
    event       TEXT NOT NULL,
    device      TEXT NOT NULL REFERENCES device (id),
    detainee    TEXT NOT NULL,
    -- Whom they want to see.
    wanted      TEXT NOT NULL,
    at_ms       BIGINT NOT NULL,
    trust       TEXT NOT NULL,
    received_ms BIGINT NOT NULL,
    -- Until when it must have been passed on, by the policy its terminal had then.
    due_ms      BIGINT NOT NULL,
    -- Where it stands, as the terminal was told; none before the first word of an officer.
    state       TEXT,
    status      TEXT,
    -- When it was first passed on, offered a time or declined.
    answered_ms BIGINT,
    -- An officer says that it is done; the person's own word is the state.
    done_ms     BIGINT,
    done_by     TEXT,
    PRIMARY KEY (terminal, event)
);
CREATE INDEX appointment_received ON appointment (received_ms);

-- What a person said later, each once.
CREATE TABLE appointment_said (
    terminal TEXT NOT NULL,
    event    TEXT NOT NULL,
    PRIMARY KEY (terminal, event)
);

-- The figures of a period that is over. Once released they never change: two of one period could be compared.
CREATE TABLE answer_figures (
    -- Its first moment.
    from_ms     BIGINT NOT NULL PRIMARY KEY,
    body        TEXT NOT NULL,
    released_ms BIGINT NOT NULL
);

-- Rises with every change an office's window has to see.
INSERT INTO setting (name, value) VALUES ('complaint_rev', '0');
