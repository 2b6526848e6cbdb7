// SPDX-License-Identifier: GPL-3.0-only
//! The list of files the platform wants the terminal to have; the files themselves are the network's business.

use crate::{Fault, Read, Write};
use contract::{MEDIA_BYTES_MAX, MEDIA_MAX, MediaItem};

impl Write<'_> {
    /// Keeps an item of the list, or takes it off. False for one beyond the limits.
    ///
    /// # Errors
    /// The disk fails.
    pub fn put_media(&self, key: &str, item: Option<&MediaItem>) -> Result<bool, Fault> {
        let Some(item) = item else {
            self.sql().execute("DELETE FROM media WHERE key = ?1", [key])?;
            return Ok(true);
        };
        let sql = "SELECT count(*) FROM media WHERE key <> ?1";
        let others: u64 = self.sql().query_row(sql, [key], |row| row.get(0))?;
        if others >= MEDIA_MAX as u64 || item.len > MEDIA_BYTES_MAX {
            return Ok(false);
        }
        let text = serde_json::to_string(item).map_err(Fault::Event)?;
        self.sql().execute(
            "INSERT INTO media (key, item, mandatory) VALUES (?1, ?2, ?3)
             ON CONFLICT (key) DO UPDATE SET item = excluded.item, mandatory = excluded.mandatory",
            (key, text, item.mandatory),
        )?;
        Ok(true)
    }
}

impl Read<'_> {
    /// The list, what is mandatory first.
    ///
    /// # Errors
    /// The disk fails or a row cannot be read.
    pub fn media(&self) -> Result<Vec<MediaItem>, Fault> {
        let mut statement =
            self.sql().prepare_cached("SELECT item FROM media ORDER BY mandatory DESC, key")?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        let item = |text: String| {
            serde_json::from_str(&text).map_err(|_| Fault::Stored { what: "item of the media" })
        };
        rows.map(|text| item(text?)).collect()
    }
}
