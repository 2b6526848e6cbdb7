-- SPDX-License-Identifier: GPL-3.0-only
-- What there is, as the platform says.
CREATE TABLE shop_item (
    sku TEXT PRIMARY KEY,
    shelf TEXT NOT NULL,               -- contract::Shelf
    name TEXT NOT NULL,
    body TEXT NOT NULL                 -- contract::CatalogueItem, JSON
) STRICT;
CREATE INDEX shop_item_shelf ON shop_item (shelf, name, sku);

-- The accounts of the people of the cell, as the platform's books had them.
CREATE TABLE shop_account (
    detainee BLOB PRIMARY KEY,
    body TEXT NOT NULL                 -- contract::Account, JSON
) STRICT;

-- Their statements, line by line.
CREATE TABLE shop_line (
    detainee BLOB NOT NULL,
    number INTEGER NOT NULL,
    body TEXT NOT NULL,                -- contract::StatementLine, JSON
    PRIMARY KEY (detainee, number)
) STRICT, WITHOUT ROWID;

-- Orders: what was placed here, and what the platform says of it. Either may come first.
CREATE TABLE shop_order (
    event BLOB PRIMARY KEY,
    detainee BLOB NOT NULL,
    placed TEXT,                       -- contract::OrderPlaced, JSON
    status TEXT                        -- contract::OrderStatus, JSON
) STRICT;
CREATE INDEX shop_order_of ON shop_order (detainee);

-- What a person said of an order, a line or a freeze, until the platform's own word shows it.
CREATE TABLE shop_said (
    number INTEGER PRIMARY KEY,
    event BLOB NOT NULL UNIQUE,
    detainee BLOB NOT NULL,
    about TEXT NOT NULL,               -- shop::About, JSON
    made TEXT NOT NULL                 -- its stamp, JSON
) STRICT;

-- What a person has in their cart.
CREATE TABLE shop_cart (
    detainee BLOB NOT NULL,
    sku TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (detainee, sku)
) STRICT, WITHOUT ROWID;

-- Who waits for the screen, in order.
CREATE TABLE shop_turn (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    detainee BLOB NOT NULL UNIQUE,
    called TEXT,                       -- since when they are called: a stamp, JSON
    missed INTEGER NOT NULL            -- how often they were called and did not come
) STRICT;
