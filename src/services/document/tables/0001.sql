-- SPDX-License-Identifier: GPL-3.0-only
-- What the people of the cell are asked to sign, each version of a text by itself.
CREATE TABLE document_text (
    document BLOB NOT NULL,
    version INTEGER NOT NULL,
    detainee BLOB NOT NULL,
    waits INTEGER NOT NULL,            -- 1: asked, and the platform has no answer
    content BLOB NOT NULL,             -- contract::Document, JSON, sealed with the device's key
    PRIMARY KEY (document, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_text_of ON document_text (detainee);

-- What was said to them here.
CREATE TABLE document_answer (
    number INTEGER PRIMARY KEY,
    event BLOB NOT NULL UNIQUE,
    document BLOB NOT NULL,
    version INTEGER NOT NULL,
    detainee BLOB NOT NULL,
    content BLOB NOT NULL              -- document::Said, JSON, sealed with the device's key
) STRICT;
CREATE INDEX document_answer_of ON document_answer (detainee);
