-- SPDX-License-Identifier: GPL-3.0-only
-- Events without an effect, beside the event itself: its first verdict stays what the terminal was told.
CREATE TABLE parked (
    device      TEXT NOT NULL,
    epoch       BIGINT NOT NULL,
    lane        TEXT NOT NULL,
    seq         BIGINT NOT NULL,
    -- Why, as the first verdict says it.
    code        TEXT NOT NULL,
    -- 1 where no later try can give it an effect: it stays as evidence.
    evidence    BIGINT NOT NULL,
    parked_ms   BIGINT NOT NULL,
    -- When it had its effect after all, and who asked for that at the desk.
    replayed_ms BIGINT,
    replayed_by TEXT,
    PRIMARY KEY (device, epoch, lane, seq)
);
CREATE INDEX parked_open ON parked (evidence, replayed_ms, parked_ms);

-- What was parked before this table: a verdict is {"verdict":"parked","code":"…"}, and the code begins at letter 29.
INSERT INTO parked (device, epoch, lane, seq, code, evidence, parked_ms)
SELECT device, epoch, lane, seq, SUBSTR(verdict, 29, LENGTH(verdict) - 30),
    CASE WHEN SUBSTR(verdict, 29, LENGTH(verdict) - 30)
        IN ('signature', 'withheld', 'size', 'seq', 'chain', 'id', 'frozen') THEN 1 ELSE 0 END,
    received_ms
FROM event WHERE verdict LIKE '{"verdict":"parked","code":"%';
