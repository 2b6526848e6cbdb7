-- SPDX-License-Identifier: GPL-3.0-only
-- How a device last said it is doing, JSON as the contract has it, and when that came.
CREATE TABLE device_health (
    device      TEXT NOT NULL PRIMARY KEY REFERENCES device (id),
    health      TEXT NOT NULL,
    received_ms BIGINT NOT NULL
);
