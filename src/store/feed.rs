// SPDX-License-Identifier: GPL-3.0-only
//! How far the platform's feed was read, which revision of each item is held, and what a reading from the beginning
//! named. Applying twice changes nothing.

use crate::{Fault, Read, Write};
use contract::{Digest, FeedItem};
use rusqlite::OptionalExtension;

/// The place in the feed: the next page must follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedPosition {
    pub cursor: u64,
    /// Digest of the page that ended there; zero at the start.
    pub digest: Digest,
}

impl Read<'_> {
    /// Where the feed was read to.
    ///
    /// # Errors
    /// The disk fails.
    pub fn feed_position(&self) -> Result<FeedPosition, Fault> {
        let row: Option<(u64, [u8; 32])> = self
            .sql()
            .query_row("SELECT cursor, digest FROM feed_position", [], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(row.map_or(FeedPosition { cursor: 0, digest: Digest::ZERO }, |(cursor, digest)| FeedPosition {
            cursor,
            digest: Digest(digest),
        }))
    }

    /// The revision held of an item, 0 when none.
    ///
    /// # Errors
    /// The disk fails.
    pub fn feed_rev(&self, collection: &str, key: &str) -> Result<u64, Fault> {
        let rev: Option<u64> = self
            .sql()
            .query_row(
                "SELECT rev FROM feed_rev WHERE collection = ?1 AND key = ?2",
                (collection, key),
                |row| row.get(0),
            )
            .optional()?;
        Ok(rev.unwrap_or(0))
    }
}

impl Write<'_> {
    /// Remembers that the feed was read to `position`.
    ///
    /// # Errors
    /// The disk fails.
    pub fn set_feed_position(&self, position: FeedPosition) -> Result<(), Fault> {
        self.sql().execute(
            "INSERT INTO feed_position VALUES (1, ?1, ?2)
             ON CONFLICT (one) DO UPDATE SET cursor = excluded.cursor, digest = excluded.digest",
            (position.cursor, position.digest.0),
        )?;
        Ok(())
    }

    /// Whether `item` is newer than what is held; if so it counts as held from here on.
    ///
    /// # Errors
    /// The disk fails.
    pub fn take_rev(&self, item: &FeedItem) -> Result<bool, Fault> {
        let held = self.feed_rev(&item.collection, &item.key)?;
        self.sql().execute(
            "INSERT INTO feed_rev (collection, key, rev, reading)
             VALUES (?1, ?2, ?3, (SELECT number FROM feed_reading))
             ON CONFLICT (collection, key) DO UPDATE
             SET rev = max(rev, excluded.rev), reading = excluded.reading",
            (&item.collection, &item.key, item.rev),
        )?;
        Ok(item.rev > held)
    }

    /// The feed is read from its beginning from here on.
    ///
    /// # Errors
    /// The disk fails.
    pub fn begin_reading(&self) -> Result<(), Fault> {
        self.sql().execute("UPDATE feed_reading SET number = number + 1", ())?;
        Ok(())
    }

    /// A reading from the beginning has come to its end: what it did not name, collection and key. Asked again it names
    /// nothing.
    ///
    /// # Errors
    /// The disk fails.
    pub fn end_reading(&self) -> Result<Vec<(String, String)>, Fault> {
        let mut statement = self.sql().prepare_cached(
            "SELECT collection, key FROM feed_rev JOIN feed_reading ON reading < number AND ended < number",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let unnamed = rows.collect::<Result<_, _>>()?;
        self.sql().execute("UPDATE feed_reading SET ended = number", ())?;
        Ok(unnamed)
    }

    /// Keeps an item that was not understood, as it came.
    ///
    /// # Errors
    /// The disk fails.
    pub fn set_aside(&self, item: &FeedItem, why: &str) -> Result<(), Fault> {
        /// Longest text kept of each part, in characters.
        const KEPT_MAX: usize = 16 * 1024;
        let cut = |text: &str| text.chars().take(KEPT_MAX).collect::<String>();
        self.sql().execute(
            "INSERT INTO feed_set_aside VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (collection, key) DO UPDATE
             SET rev = excluded.rev, body = excluded.body, why = excluded.why",
            (cut(&item.collection), cut(&item.key), item.rev, cut(&item.body.to_string()), why),
        )?;
        Ok(())
    }
}
