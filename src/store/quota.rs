// SPDX-License-Identifier: GPL-3.0-only
//! Room. The file has a quota, of which lower lanes may fill a part only, so that an alarm always finds room; a ballast
//! file gives some back when the file system itself is full, because SQLite can then not even delete; what the platform
//! acknowledged is forgotten after thirty days.

use crate::{Fault, Read, Store, Write};
use contract::{Lane, Stamp, Trust};
use rusqlite::ErrorCode;
use rustix::fs::{FallocateFlags, fallocate};
use rustix::io::Errno;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;

/// How long acknowledged events are kept: a platform restored from a backup may ask for them again.
const KEPT_MS: i64 = 30 * 86_400_000;
/// Events forgotten in one transaction, so that it stays short.
const FORGOTTEN_AT_ONCE: u32 = 500;
/// Size of the ballast in bytes: room for some hundreds of transactions.
const BALLAST_BYTES: usize = 8 * 1024 * 1024;
/// `SQLITE_IOERR_SHMOPEN` and `SQLITE_IOERR_SHMSIZE`: the log's shared memory could not be made or grow. SQLite says it
/// so when there is no room for it.
const SHARED_MEMORY: [i32; 2] = [10 | (18 << 8), 10 | (19 << 8)];
const BALLAST: &str = "kiosk.ballast";

/// The share of the quota up to which a lane may add, in eighths.
fn eighths(lane: Lane) -> u32 {
    match lane {
        Lane::Progress => 4,
        Lane::Order => 6,
        Lane::Care | Lane::Complaint => 7,
        Lane::Panic | Lane::Alarm | Lane::RollCall => 8,
    }
}

impl Read<'_> {
    /// Whether a lane has used up its share of the file.
    ///
    /// # Errors
    /// The disk fails.
    pub fn is_full(&self, lane: Lane) -> Result<bool, Fault> {
        let pages = |what: &str| -> Result<u32, Fault> {
            Ok(self.sql().pragma_query_value(None, what, |row| row.get(0))?)
        };
        let used = pages("page_count")?.saturating_sub(pages("freelist_count")?);
        Ok(used >= self.holder.pages_max / 8 * eighths(lane))
    }
}

impl Write<'_> {
    /// Forgets events that were acknowledged long ago, some at a time; their lane's head stays. Does nothing while the
    /// time is not known for sure. Returns how many were forgotten.
    ///
    /// # Errors
    /// The disk fails.
    pub fn forget_old(&self, now: &Stamp) -> Result<usize, Fault> {
        if now.trust != Trust::Synced {
            return Ok(0);
        }
        let forgotten = self.sql().execute(
            "DELETE FROM outbox WHERE (epoch, lane, seq) IN (
                 SELECT epoch, lane, seq FROM outbox WHERE state = 'acked' AND settled_ms < ?1 LIMIT ?2)",
            (now.wall_ms.saturating_sub(KEPT_MS), FORGOTTEN_AT_ONCE),
        )?;
        self.forget_blobs(now.wall_ms.saturating_sub(KEPT_MS))?;
        if forgotten > 0 {
            self.sql().execute(
                "DELETE FROM receipt WHERE batch NOT IN (SELECT receipt FROM outbox WHERE receipt IS NOT NULL)",
                (),
            )?;
        }
        Ok(forgotten)
    }
}

impl Fault {
    /// Whether there was no room, in the quota or on the file system.
    pub fn is_full(&self) -> bool {
        let full = |error: &rusqlite::Error| {
            error.sqlite_error_code() == Some(ErrorCode::DiskFull)
                || error.sqlite_error().is_some_and(|error| SHARED_MEMORY.contains(&error.extended_code))
        };
        match self {
            Self::Full { .. } => true,
            Self::Sql(error) => full(error),
            Self::Open { source, .. } | Self::Migrate { source, .. } => full(source),
            Self::File { source, .. } => source.kind() == std::io::ErrorKind::StorageFull,
            Self::Busy { .. }
            | Self::Event(_)
            | Self::EventSize { .. }
            | Self::Sign(_)
            | Self::Stored { .. }
            | Self::Seal(_) => false,
        }
    }
}

impl Store {
    /// Gives the ballast's room back. Whether there was any: then what failed for want of room may work now.
    pub fn drop_ballast(&self) -> bool {
        drop_ballast(&self.dir)
    }
}

pub(crate) fn drop_ballast(dir: &Path) -> bool {
    let dropped = std::fs::remove_file(dir.join(BALLAST)).is_ok();
    if dropped {
        tracing::error!("the file system is full, the ballast was given back");
    }
    dropped
}

/// Makes the ballast where it is missing. Without room for it the terminal works all the same.
pub(crate) fn make_ballast(dir: &Path) {
    let path = dir.join(BALLAST);
    if path.metadata().is_ok_and(|found| found.len() == BALLAST_BYTES as u64) {
        return;
    }
    // Allocated, not only sized: a sparse file holds no room.
    let made = File::create(&path).and_then(|mut file| {
        match fallocate(&file, FallocateFlags::empty(), 0, BALLAST_BYTES as u64) {
            Ok(()) => Ok(()),
            Err(Errno::OPNOTSUPP) => file.write_all(&vec![0; BALLAST_BYTES]),
            Err(error) => Err(error.into()),
        }?;
        file.sync_all()
    });
    if let Err(error) = made {
        tracing::warn!(error = &error as &dyn std::error::Error, "no room for the ballast");
        std::fs::remove_file(&path).ok();
    }
}
