-- SPDX-License-Identifier: GPL-3.0-only
-- SHA-256 of the newest content key the device said it knows; none where it never said.
ALTER TABLE device ADD COLUMN content_key TEXT;
