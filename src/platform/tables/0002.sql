-- SPDX-License-Identifier: GPL-3.0-only
-- The hash of a body the terminal kept for itself, because this platform could not read it.
ALTER TABLE event ADD COLUMN withheld TEXT;
