-- SPDX-License-Identifier: GPL-3.0-only
-- SHA-256 of the newest content key the device said it knows; none where it never said.
ALTER TABLE device ADD COLUMN content_key TEXT;

-- Larger things that events which were taken name; the bytes lie in files of the data directory.
CREATE TABLE blob (
    device   TEXT NOT NULL REFERENCES device (id),
    sha256   TEXT NOT NULL,
    len      BIGINT NOT NULL,
    mime     TEXT NOT NULL,
    -- The first event that named it.
    event    TEXT NOT NULL,
    named_ms BIGINT NOT NULL,
    -- When its upload was begun, and when all of it was here with its hash.
    begun_ms BIGINT,
    whole_ms BIGINT,
    PRIMARY KEY (device, sha256)
);
CREATE INDEX blob_begun ON blob (device, begun_ms);
