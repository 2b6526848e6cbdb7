-- SPDX-License-Identifier: GPL-3.0-only
-- What the facility tells everybody. Nobody is named in it: it is kept open.
CREATE TABLE public_notice (
    notice BLOB PRIMARY KEY,
    posted_ms INTEGER NOT NULL,
    until_ms INTEGER,                  -- not shown from then on
    urgent INTEGER NOT NULL,           -- 1: stands first, and on Home
    body TEXT NOT NULL                 -- contract::PublicNotice, JSON
) STRICT, WITHOUT ROWID;
