-- SPDX-License-Identifier: GPL-3.0-only
-- 公示: what is posted for everybody. What was taken down stays to be known.
CREATE TABLE public_notice (
    notice    TEXT NOT NULL PRIMARY KEY,
    -- contract::PublicNotice, JSON.
    body      TEXT NOT NULL,
    posted_ms BIGINT NOT NULL,
    posted_by TEXT NOT NULL,
    until_ms  BIGINT,
    down_ms   BIGINT
);
