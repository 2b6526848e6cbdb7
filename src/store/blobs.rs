// SPDX-License-Identifier: GPL-3.0-only
//! Larger things an event speaks of, each in a file beside the store.
//!
//! Promises: a file is sealed, synced and in its place before the transaction that names it commits, so an event never
//! names what is not here; it goes only when both sides agree: the platform said, signed, that it has all of it, and the
//! thirty days for a platform restored from a backup are over. A file no row names was never sent and is swept when the
//! store opens. Limits: [`BLOB_BYTES_MAX`] a blob, [`BLOBS_BYTES_MAX`] together.

use crate::{Fault, Read, Store, Write};
use contract::{BLOB_BYTES_MAX, BLOBS_MAX, Blob, BlobState, Digest, Envelope, Event, EventId, Stamp, Text};
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The files together are no longer than this, in bytes.
const BLOBS_BYTES_MAX: u64 = 256 * 1024 * 1024;
const FOLDER: &str = "blobs";

/// What goes with an event.
#[derive(Clone, Copy)]
pub struct Attached<'a> {
    pub bytes: &'a [u8],
    pub mime: &'a str,
}

impl Write<'_> {
    /// As [`Write::send`], with blobs that follow the event: kept when it is kept. What a transaction that was given up
    /// leaves behind is swept when the store opens.
    ///
    /// # Errors
    /// As [`Write::send`]; or there are too many blobs, one is too large, or there is no room for it.
    pub fn send_with(&self, event: &Event, attached: &[Attached<'_>], now: &Stamp) -> Result<EventId, Fault> {
        if attached.len() > BLOBS_MAX {
            return Err(Fault::EventSize { bytes: attached.len() });
        }
        let mut blobs = Vec::with_capacity(attached.len());
        for one in attached {
            let len = one.bytes.len() as u64;
            if len > BLOB_BYTES_MAX {
                return Err(Fault::EventSize { bytes: one.bytes.len() });
            }
            let held: u64 =
                self.sql().query_row("SELECT coalesce(sum(len), 0) FROM blob", [], |row| row.get(0))?;
            if held.saturating_add(len) > BLOBS_BYTES_MAX {
                return Err(Fault::Full { lane: event.lane().name() });
            }
            let blob = Blob { sha256: Digest::of(one.bytes), len, mime: Text::new(one.mime) };
            let sealed = self.keys().seal(&place(blob.sha256), one.bytes)?;
            put(&self.holder.blobs, blob.sha256, &sealed)?;
            blobs.push(blob);
        }
        self.send_naming(event, blobs, now)
    }

    /// The platform has a blob whole, by its signed word as it came. One that is not waiting stays as it is.
    ///
    /// # Errors
    /// The disk fails.
    pub fn blob_whole(&self, state: &BlobState, receipt: &str, now: &Stamp) -> Result<(), Fault> {
        self.sql().execute(
            "UPDATE blob SET state = 'whole', whole_ms = ?1, receipt = ?2
             WHERE sha256 = ?3 AND len = ?4 AND state = 'waiting'",
            (now.wall_ms, receipt, state.sha256.0, state.len),
        )?;
        Ok(())
    }

    /// The platform lost what it had acknowledged: which blobs it lost nobody knows, so each is offered again. One that is
    /// still there costs a question.
    pub(crate) fn bring_blobs_again(&self) -> Result<(), Fault> {
        let sql = "UPDATE blob SET state = 'waiting', whole_ms = NULL, receipt = NULL WHERE state = 'whole'";
        self.sql().execute(sql, ())?;
        Ok(())
    }

    /// Forgets blobs the platform had whole before `before_ms`; their files go when the store is swept.
    pub(crate) fn forget_blobs(&self, before_ms: i64) -> Result<(), Fault> {
        self.sql().execute("DELETE FROM blob WHERE state = 'whole' AND whole_ms < ?1", [before_ms])?;
        Ok(())
    }
}

impl Read<'_> {
    /// The oldest blob the platform has not whole yet and whose event it has, with its bytes; none of `besides`. One whose
    /// file is damaged is told once and passed over.
    ///
    /// # Errors
    /// The disk fails.
    pub fn next_blob(&self, besides: &[Digest]) -> Result<Option<(Blob, Vec<u8>)>, Fault> {
        let mut statement = self.sql().prepare_cached(
            "SELECT sha256, len, mime FROM blob WHERE state = 'waiting'
             AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id = blob.event AND o.verdict IS NULL)
             ORDER BY event",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let mime: String = row.get(2)?;
            let blob = Blob { sha256: Digest(row.get(0)?), len: row.get(1)?, mime: Text::new(&mime) };
            if besides.contains(&blob.sha256) {
                continue;
            }
            match self.bytes_of(&blob) {
                Ok(bytes) => return Ok(Some((blob, bytes))),
                Err(fault) => {
                    let fault = &fault as &dyn std::error::Error;
                    tracing::error!(fault, sha256 = %blob.sha256, "a blob cannot be read here");
                }
            }
        }
        Ok(None)
    }

    /// How many blobs wait to be taken by the platform.
    ///
    /// # Errors
    /// The disk fails.
    pub fn blobs_waiting(&self) -> Result<u64, Fault> {
        let sql = "SELECT count(*) FROM blob WHERE state = 'waiting'";
        Ok(self.sql().query_row(sql, [], |row| row.get(0))?)
    }

    fn bytes_of(&self, blob: &Blob) -> Result<Vec<u8>, Fault> {
        let path = self.holder.blobs.join(blob.sha256.to_string());
        let sealed = std::fs::read(&path).map_err(|source| Fault::File { path, source })?;
        let bytes = self.keys().open(&place(blob.sha256), &sealed)?.to_vec();
        if Digest::of(&bytes) == blob.sha256 { Ok(bytes) } else { Err(Fault::Stored { what: "blob" }) }
    }
}

impl Store {
    /// Removes the files that no row names: left by a transaction that was given up, or agreed upon and forgotten.
    ///
    /// # Errors
    /// The disk fails.
    pub fn sweep(&mut self) -> Result<(), Fault> {
        let named = self.read(|read| named(read.sql()))?;
        let wrong = |source| Fault::File { path: self.holder.blobs.clone(), source };
        let entries = match self.holder.blobs.read_dir() {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(source) => return Err(wrong(source)),
        };
        for entry in entries {
            let entry = entry.map_err(wrong)?;
            if !named.contains(entry.file_name().to_string_lossy().as_ref()) {
                std::fs::remove_file(entry.path()).map_err(wrong)?;
            }
        }
        Ok(())
    }
}

/// Where the files of the store in `dir` lie.
pub(crate) fn folder(dir: &Path) -> PathBuf {
    dir.join(FOLDER)
}

/// An event names blobs, or names them again: they wait until the platform has them.
pub(crate) fn name(connection: &Connection, envelope: &Envelope) -> Result<(), Fault> {
    for blob in &envelope.blobs {
        connection
            .prepare_cached(
                "INSERT INTO blob (sha256, len, mime, event) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (sha256) DO UPDATE SET event = excluded.event, state = 'waiting', whole_ms = NULL,
                     receipt = NULL",
            )?
            .execute((blob.sha256.0, blob.len, blob.mime.as_str(), envelope.id.0.as_bytes()))?;
    }
    Ok(())
}

/// Moves the files of a damaged store out of the sweep's way; what is carried over is brought back by [`bring_back`].
pub(crate) fn set_aside(folder: &Path, damaged: &Path) -> Result<PathBuf, Fault> {
    let aside = damaged.with_extension(FOLDER);
    match std::fs::rename(folder, &aside) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(source) => return Err(Fault::File { path: folder.to_owned(), source }),
    }
    Ok(aside)
}

/// Brings the files back that carried-over events name. One that is missing is told when it is its turn.
pub(crate) fn bring_back(connection: &Connection, folder: &Path, aside: &Path) -> Result<(), Fault> {
    let named = named(connection)?;
    if named.is_empty() {
        return Ok(());
    }
    make(folder)?;
    for name in named {
        if let Err(error) = std::fs::rename(aside.join(&name), folder.join(&name)) {
            tracing::warn!(error = &error as &dyn std::error::Error, "a blob of a carried event is missing");
        }
    }
    sync(folder)
}

fn named(connection: &Connection) -> Result<BTreeSet<String>, Fault> {
    let mut statement = connection.prepare("SELECT sha256 FROM blob")?;
    let rows = statement.query_map([], |row| Ok(Digest(row.get(0)?).to_string()))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What a file is sealed for.
fn place(sha256: Digest) -> String {
    format!("blob/{sha256}")
}

/// Puts a file in its place, as a whole and synced, or not at all.
fn put(folder: &Path, sha256: Digest, sealed: &[u8]) -> Result<(), Fault> {
    make(folder)?;
    let path = folder.join(sha256.to_string());
    let partial = folder.join(format!("{sha256}.new"));
    let wrong = |source| Fault::File { path: path.clone(), source };
    let mut options = OpenOptions::new();
    let mut file =
        options.write(true).create(true).truncate(true).mode(0o600).open(&partial).map_err(wrong)?;
    file.write_all(sealed).and_then(|()| file.sync_all()).map_err(wrong)?;
    std::fs::rename(&partial, &path).map_err(wrong)?;
    sync(folder)
}

fn make(folder: &Path) -> Result<(), Fault> {
    let wrong = |source| Fault::File { path: folder.to_owned(), source };
    if folder.is_dir() {
        return Ok(());
    }
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(wrong)?;
    sync(folder.parent().unwrap_or(Path::new(".")))
}

fn sync(folder: &Path) -> Result<(), Fault> {
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|source| Fault::File { path: folder.to_owned(), source })
}

/// The blobs of a row, as they were signed.
pub(crate) fn of_row(text: &str) -> Result<Vec<Blob>, Fault> {
    serde_json::from_str(text).map_err(|_| Fault::Stored { what: "list of blobs" })
}
