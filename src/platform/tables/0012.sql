-- SPDX-License-Identifier: GPL-3.0-only
-- 签名捺印: what people are asked to sign, each version of a text by itself. A text is never changed.
CREATE TABLE document (
    document  TEXT NOT NULL,
    version   BIGINT NOT NULL,
    detainee  TEXT NOT NULL,
    -- The exact text as it was asked: contract::Document, JSON.
    body      TEXT NOT NULL,
    -- SHA-256 over it: an answer names it.
    digest    TEXT NOT NULL,
    asked_ms  BIGINT NOT NULL,
    asked_by  TEXT NOT NULL,
    -- When it was asked no more: taken back, or replaced by a newer version. A signature ends it too.
    closed_ms BIGINT,
    PRIMARY KEY (document, version)
);
CREATE INDEX document_of ON document (detainee);
CREATE INDEX document_asked ON document (asked_ms);

-- What was said to a version: at most one no and one signature.
CREATE TABLE document_answer (
    document    TEXT NOT NULL,
    version     BIGINT NOT NULL,
    -- 1: signed; 0: not agreed.
    signed      BIGINT NOT NULL,
    event       TEXT NOT NULL,
    device      TEXT NOT NULL REFERENCES device (id),
    terminal    TEXT NOT NULL REFERENCES terminal (id),
    at_ms       BIGINT NOT NULL,
    trust       TEXT NOT NULL,
    uploaded_ms BIGINT NOT NULL,
    -- What was said, as it came: contract::DocumentSigned or DocumentDeclined, JSON.
    body        TEXT NOT NULL,
    -- 签收, by an officer's own word.
    received_ms BIGINT,
    received_by TEXT,
    -- 线下捺印, by an officer's own word. No print is kept anywhere.
    print_ms    BIGINT,
    print_by    TEXT,
    -- 谈话 with whoever did not agree.
    talked_ms   BIGINT,
    talked_by   TEXT,
    PRIMARY KEY (document, version, signed)
);
