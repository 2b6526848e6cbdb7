-- SPDX-License-Identifier: GPL-3.0-only
-- 账目: the accounts of the books: one of each person, and the house's own. What each holds is the sum of its entries.
CREATE TABLE book_account (
    -- A person's id, or the name of an account of the house.
    account TEXT NOT NULL PRIMARY KEY,
    -- person, or the name again.
    kind    TEXT NOT NULL,
    fen     BIGINT NOT NULL,
    -- What is given to the house, and what was put right, is beyond the books: those two stand for it.
    CHECK (fen >= 0 OR kind IN ('cash', 'adjustments'))
);
INSERT INTO book_account (account, kind, fen) VALUES
    ('cash', 'cash', 0), ('transit', 'transit', 0), ('shop', 'shop', 0),
    ('creditors', 'creditors', 0), ('adjustments', 'adjustments', 0);

-- What was booked, in its order. These, the entries, the lines and the returns are only ever added to.
CREATE TABLE book_transaction (
    number  BIGINT NOT NULL PRIMARY KEY,
    at_ms   BIGINT NOT NULL,
    kind    TEXT NOT NULL,
    -- Who did it at the desk; empty where a cell's event did.
    by_name TEXT NOT NULL
);
CREATE TABLE book_entry (
    number  BIGINT NOT NULL REFERENCES book_transaction (number),
    account TEXT NOT NULL REFERENCES book_account (account),
    fen     BIGINT NOT NULL CHECK (fen <> 0),
    PRIMARY KEY (number, account)
);
CREATE INDEX book_entry_account ON book_entry (account);

-- A line of a person's statement for each entry on their account.
CREATE TABLE statement_line (
    detainee     TEXT NOT NULL REFERENCES book_account (account),
    number       BIGINT NOT NULL CHECK (number > 0),
    transaction_number BIGINT NOT NULL REFERENCES book_transaction (number),
    at_ms        BIGINT NOT NULL,
    kind         TEXT NOT NULL,
    fen          BIGINT NOT NULL,
    balance_fen  BIGINT NOT NULL CHECK (balance_fen >= 0),
    words        TEXT NOT NULL,
    reference    TEXT NOT NULL,
    order_event  TEXT,
    -- Over the line and the one before.
    hash         TEXT NOT NULL,
    PRIMARY KEY (detainee, number),
    UNIQUE (detainee, transaction_number)
);

-- What belongs to a person's account beside money.
CREATE TABLE person_account (
    detainee   TEXT NOT NULL PRIMARY KEY REFERENCES book_account (account),
    -- Whose feed it is in; none while the person is in no cell. The last one stays named for who looks for them.
    terminal   TEXT REFERENCES terminal (id),
    last_terminal TEXT NOT NULL REFERENCES terminal (id),
    -- How long the statement is, and the hash of its last line.
    lines      BIGINT NOT NULL,
    head       TEXT NOT NULL,
    frozen_ms  BIGINT,
    frozen_why TEXT NOT NULL,
    frozen_reference TEXT NOT NULL,
    level      BIGINT NOT NULL,
    diets      TEXT NOT NULL,
    -- Instead of the policy's, where somebody decided so.
    month_fen  BIGINT,
    -- The free things may still be taken.
    kit        BIGINT NOT NULL,
    -- 出所结清: when it was paid out.
    released_ms BIGINT,
    -- Until when what the terminal was told of limits holds; zero where it was told nothing yet.
    told_until_ms BIGINT NOT NULL
);
CREATE INDEX person_account_told ON person_account (told_until_ms);

-- Who was here before there were books has an account without money; the free things are for who comes.
INSERT INTO book_account (account, kind, fen) SELECT DISTINCT key, 'person', 0 FROM feed
    WHERE collection = 'member' AND op = '"put"';
INSERT INTO person_account (detainee, terminal, last_terminal, lines, head, frozen_why, frozen_reference, level, diets,
    kit, told_until_ms)
    SELECT key, MAX(terminal), MAX(terminal), 0, '0000000000000000000000000000000000000000000000000000000000000000', '',
    '', 0, '[]', 0, 0 FROM feed WHERE collection = 'member' AND op = '"put"' GROUP BY key;

-- 应扣款项.
CREATE TABLE owed (
    id        TEXT NOT NULL PRIMARY KEY,
    detainee  TEXT NOT NULL REFERENCES person_account (detainee),
    why       TEXT NOT NULL,
    reference TEXT NOT NULL,
    total_fen BIGINT NOT NULL CHECK (total_fen > 0),
    paid_fen  BIGINT NOT NULL CHECK (paid_fen >= 0 AND paid_fen <= total_fen),
    at_ms     BIGINT NOT NULL
);
CREATE INDEX owed_of ON owed (detainee);

-- What a person said against a line, or against the freeze of a time; the newest of each counts.
CREATE TABLE objection (
    event     TEXT NOT NULL PRIMARY KEY,
    terminal  TEXT NOT NULL REFERENCES terminal (id),
    detainee  TEXT NOT NULL REFERENCES person_account (detainee),
    -- The line's number; zero for a freeze, whose time the other is.
    line      BIGINT NOT NULL,
    since_ms  BIGINT NOT NULL,
    at_ms     BIGINT NOT NULL,
    received_ms BIGINT NOT NULL,
    why       TEXT,
    answer_ms BIGINT,
    upheld    BIGINT,
    words     TEXT NOT NULL,
    by_name   TEXT NOT NULL
);
CREATE INDEX objection_of ON objection (detainee, line);

-- 更正, proposed by one and decided by another.
CREATE TABLE adjustment (
    id          TEXT NOT NULL PRIMARY KEY,
    detainee    TEXT NOT NULL REFERENCES person_account (detainee),
    fen         BIGINT NOT NULL CHECK (fen <> 0),
    words       TEXT NOT NULL,
    reference   TEXT NOT NULL,
    -- The objection it answers, if it is one.
    objection   TEXT REFERENCES objection (event),
    proposed_ms BIGINT NOT NULL,
    proposed_by TEXT NOT NULL,
    decided_ms  BIGINT,
    decided_by  TEXT,
    accepted    BIGINT,
    CHECK (decided_by <> proposed_by)
);
CREATE INDEX adjustment_open ON adjustment (decided_ms);

-- The catalogue. What terminals get is the body with the stock.
CREATE TABLE goods (
    sku        TEXT NOT NULL PRIMARY KEY,
    body       TEXT NOT NULL,
    -- None: it is not counted.
    stock      BIGINT CHECK (stock >= 0),
    -- What terminals were last told; minus one where they were told of none.
    told_stock BIGINT NOT NULL,
    withdrawn  BIGINT NOT NULL
);

CREATE TABLE shop_order (
    event       TEXT NOT NULL PRIMARY KEY,
    device      TEXT NOT NULL REFERENCES device (id),
    -- Where it was placed.
    terminal    TEXT NOT NULL REFERENCES terminal (id),
    detainee    TEXT NOT NULL REFERENCES person_account (detainee),
    -- The time limits count it by, and when it came.
    counted_ms  BIGINT NOT NULL,
    received_ms BIGINT NOT NULL,
    kit         BIGINT NOT NULL,
    state       TEXT NOT NULL,
    -- Each state with its time.
    steps       TEXT NOT NULL,
    words       TEXT NOT NULL
);
CREATE INDEX shop_order_of ON shop_order (detainee, counted_ms);
CREATE INDEX shop_order_state ON shop_order (state, received_ms);

CREATE TABLE shop_order_line (
    event     TEXT NOT NULL REFERENCES shop_order (event),
    place     BIGINT NOT NULL,
    sku       TEXT NOT NULL,
    name      TEXT NOT NULL,
    unit      TEXT NOT NULL,
    picture   TEXT NOT NULL,
    price_fen BIGINT NOT NULL CHECK (price_fen >= 0),
    ordered   BIGINT NOT NULL CHECK (ordered > 0),
    approved  BIGINT,
    delivered BIGINT,
    good      BIGINT,
    missing   BIGINT NOT NULL,
    wrong     BIGINT NOT NULL,
    damaged   BIGINT NOT NULL,
    -- How many are paid for.
    charged   BIGINT NOT NULL CHECK (charged >= 0 AND charged <= ordered),
    PRIMARY KEY (event, sku)
);

-- What went back, once for each line and cause.
CREATE TABLE shop_return (
    event  TEXT NOT NULL,
    sku    TEXT NOT NULL,
    cause  TEXT NOT NULL,
    count  BIGINT NOT NULL CHECK (count > 0),
    at_ms  BIGINT NOT NULL,
    PRIMARY KEY (event, sku, cause),
    FOREIGN KEY (event, sku) REFERENCES shop_order_line (event, sku)
);

INSERT INTO setting (name, value) VALUES ('book_number', '0');

-- An event is looked for by its id alone where it is spoken of later, and a person by theirs.
CREATE INDEX event_id ON event (device, id);
CREATE INDEX feed_key ON feed (key, collection);
