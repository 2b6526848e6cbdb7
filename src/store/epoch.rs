// SPDX-License-Identifier: GPL-3.0-only
//! Epochs: a new numbering of every lane, begun when a damaged file was set aside or the platform stopped a lane.
//!
//! The number lies in a file of its own beside the store, because it must outlive it. Events of an earlier epoch keep
//! their numbers; what still waits there is sent first.

use crate::{Fault, Read, Store, Write};
use contract::Lane;
use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// Values of `lane_head.frozen`: the platform reported a fork; it was told upward.
const FROZEN: u8 = 1;
const FROZEN_AND_TOLD: u8 = 2;

impl Store {
    /// The epoch new events are numbered in.
    pub fn epoch(&self) -> u32 {
        self.holder.epoch
    }

    /// Numbers every lane anew from here on.
    ///
    /// # Errors
    /// The epoch's file cannot be written; the old epoch goes on then.
    pub fn begin_epoch(&mut self) -> Result<(), Fault> {
        let next = self.holder.epoch.saturating_add(1);
        write(&file(&self.dir), next)?;
        self.holder.epoch = next;
        Ok(())
    }
}

impl Read<'_> {
    /// The epoch new events are numbered in.
    pub fn epoch(&self) -> u32 {
        self.holder.epoch
    }

    /// Lanes the platform stopped, of which nobody was told yet.
    ///
    /// # Errors
    /// The disk fails.
    pub fn forked(&self) -> Result<Vec<(u32, Lane)>, Fault> {
        let mut statement =
            self.sql().prepare_cached("SELECT epoch, lane FROM lane_head WHERE frozen = ?1")?;
        let rows = statement.query_map([FROZEN], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
        let mut forked = Vec::new();
        for row in rows {
            let (epoch, lane) = row?;
            forked.push((epoch, Lane::of(&lane).ok_or(Fault::Stored { what: "lane" })?));
        }
        Ok(forked)
    }
}

impl Write<'_> {
    /// The stop of a lane was told upward.
    ///
    /// # Errors
    /// The disk fails.
    pub fn fork_told(&self, epoch: u32, lane: Lane) -> Result<(), Fault> {
        let sql = "UPDATE lane_head SET frozen = ?1 WHERE epoch = ?2 AND lane = ?3";
        self.sql().execute(sql, (FROZEN_AND_TOLD, epoch, lane.name()))?;
        Ok(())
    }

    /// Stops a lane's epoch: the platform holds something else in its place. The alarm's lane never stops.
    pub(crate) fn freeze(&self, epoch: u32, lane: Lane) -> Result<(), Fault> {
        if !lane.never_stops() {
            let sql = "UPDATE lane_head SET frozen = ?1 WHERE epoch = ?2 AND lane = ?3 AND frozen = 0";
            self.sql().execute(sql, (FROZEN, epoch, lane.name()))?;
        }
        Ok(())
    }
}

/// Whether a lane of this epoch was stopped, so that the next epoch has to begin.
pub(crate) fn is_over(connection: &Connection, epoch: u32) -> Result<bool, Fault> {
    let sql = "SELECT EXISTS (SELECT 1 FROM lane_head WHERE epoch = ?1 AND frozen > 0)";
    Ok(connection.query_row(sql, [epoch], |row| row.get(0))?)
}

pub(crate) fn file(dir: &Path) -> PathBuf {
    dir.join("kiosk.epoch")
}

/// Unreadable counts as the first.
pub(crate) fn read(path: &Path) -> u32 {
    std::fs::read_to_string(path).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(1)
}

pub(crate) fn write(path: &Path, epoch: u32) -> Result<(), Fault> {
    let wrong = |source| Fault::File { path: path.into(), source };
    let temporary = path.with_extension("epoch.new");
    let mut file = std::fs::File::create(&temporary).map_err(wrong)?;
    std::io::Write::write_all(&mut file, epoch.to_string().as_bytes()).map_err(wrong)?;
    file.sync_all().map_err(wrong)?;
    std::fs::rename(&temporary, path).map_err(wrong)?;
    let dir = path.parent().unwrap_or(Path::new("."));
    std::fs::File::open(dir).and_then(|dir| dir.sync_all()).map_err(wrong)
}
