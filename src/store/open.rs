// SPDX-License-Identifier: GPL-3.0-only
//! Opening the file, whatever state it is in. A damaged one is moved aside beside its write-ahead log, its unsent events
//! that still verify are carried over, and a new epoch begins; the caller tells the platform.

use crate::{Fault, Holder, Keys, Migration, Store, blobs, epoch, migrate, outbox, quota};
use contract::{DeviceId, SigningKey};
use rusqlite::{Connection, ErrorCode, MAIN_DB, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The quota in pages of 4 KiB: 256 MiB. SQLite then refuses new rows while deletes still work; a full file system
/// would refuse both.
pub const PAGES_MAX: u32 = 65_536;
/// First SQLite without the WAL-reset corruption.
pub const SQLITE_VERSION_MIN: i32 = 3_051_003;
/// How long another program (kioskctl doctor) may hold the file.
const BUSY: Duration = Duration::from_secs(5);
/// Damaged files kept before the terminal refuses to make another.
const SET_ASIDE_MAX: u32 = 100;

/// What opening needs.
pub struct Config<'a> {
    /// The folder of `kiosk.db`.
    pub dir: &'a Path,
    pub device: DeviceId,
    pub signing: Arc<SigningKey>,
    pub keys: Keys,
    pub services: &'a [Migration],
    /// The quota in pages of 4 KiB; [`PAGES_MAX`] in a terminal.
    pub pages_max: u32,
}

/// How opening went.
#[derive(Debug, PartialEq, Eq)]
pub enum Opened {
    Sound,
    /// The file was damaged and lies at `set_aside`; `salvaged` unsent events were carried over.
    Damaged {
        set_aside: PathBuf,
        salvaged: usize,
    },
}

impl Store {
    /// Opens `kiosk.db`, making it when there is none.
    ///
    /// # Errors
    /// The folder cannot be written, or another program holds the file. Damage is no error: see [`Opened::Damaged`].
    pub fn open(config: Config<'_>) -> Result<(Self, Opened), Fault> {
        let path = config.dir.join("kiosk.db");
        let dir = config.dir.to_owned();
        let epoch_path = epoch::file(&dir);
        std::fs::create_dir_all(config.dir)
            .map_err(|source| Fault::File { path: config.dir.into(), source })?;
        let epoch = epoch::read(&epoch_path);
        let attempt = || {
            let mut connection = sound(&path, config.pages_max)?;
            is_usable(&path, &connection, config.services)?;
            migrate::run(&mut connection, config.services)?;
            Ok::<_, Fault>(connection)
        };
        let tried = match attempt() {
            // A full file system has no room even for the shared memory of the log.
            Err(fault) if fault.is_full() && quota::drop_ballast(&dir) => attempt(),
            tried => tried,
        };
        match tried {
            Ok(connection) => {
                quota::make_ballast(&dir);
                let over = epoch::is_over(&connection, epoch)?;
                let mut store = Self { connection, holder: holder(config, epoch), dir };
                if over {
                    store.begin_epoch()?;
                }
                if let Err(fault) = store.sweep() {
                    tracing::warn!(fault = &fault as &dyn std::error::Error, "unnamed files were not swept");
                }
                Ok((store, Opened::Sound))
            }
            Err(fault) if is_damage(&fault) => {
                tracing::error!(fault = &fault as &dyn std::error::Error, "store damaged, set aside");
                let set_aside = move_aside(&path)?;
                let blobs = blobs::folder(&dir);
                let blobs_aside = blobs::set_aside(&blobs, &set_aside)?;
                let epoch = epoch.saturating_add(1);
                epoch::write(&epoch_path, epoch)?;
                let mut connection = sound(&path, config.pages_max)?;
                migrate::run(&mut connection, config.services)?;
                let salvaged =
                    outbox::salvage(&connection, &set_aside, config.device, &config.signing.public());
                blobs::bring_back(&connection, &blobs, &blobs_aside)?;
                let store = Self { connection, holder: holder(config, epoch), dir };
                Ok((store, Opened::Damaged { set_aside, salvaged }))
            }
            Err(fault) => Err(fault),
        }
    }

    /// Opens the `kiosk.db` of a terminal beside the program that may be running on it. It makes, mends and migrates
    /// nothing.
    ///
    /// # Errors
    /// There is none, it is damaged, or another program holds it.
    pub fn attach(config: Config<'_>) -> Result<Self, Fault> {
        let path = config.dir.join("kiosk.db");
        if let Err(source) = std::fs::metadata(&path) {
            return Err(Fault::File { path, source });
        }
        let connection = sound(&path, config.pages_max)?;
        let epoch = epoch::read(&epoch::file(config.dir));
        let dir = config.dir.to_owned();
        Ok(Self { connection, holder: holder(config, epoch), dir })
    }

    /// Asks SQLite whether every page is sound; slow on a large file.
    ///
    /// # Errors
    /// What is wrong, as [`Fault::Stored`].
    pub fn check(&self) -> Result<(), Fault> {
        quick_check(&self.connection)
    }
}

fn holder(config: Config<'_>, epoch: u32) -> Holder {
    let Config { dir, device, signing, keys, pages_max, .. } = config;
    Holder { device, signing, keys, pages_max, epoch, blobs: blobs::folder(dir) }
}

fn sound(path: &Path, pages_max: u32) -> Result<Connection, Fault> {
    let wrong = |source| Fault::Open { path: path.into(), source };
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(wrong)?;
    connection.busy_timeout(BUSY).map_err(wrong)?;
    for (name, value) in [
        ("journal_mode", "WAL"),
        ("synchronous", "FULL"),
        ("foreign_keys", "ON"),
        ("secure_delete", "ON"),
        ("trusted_schema", "OFF"),
        ("journal_size_limit", "4194304"),
    ] {
        connection.pragma_update(None, name, value).map_err(wrong)?;
    }
    connection.pragma_update(None, "max_page_count", pages_max).map_err(wrong)?;
    quick_check(&connection)?;
    Ok(connection)
}

fn quick_check(connection: &Connection) -> Result<(), Fault> {
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(Fault::Stored { what: "page" }) }
}

/// What `quick_check` lets pass: a header that forbids writing or counts pages that are nowhere, and tables or indexes
/// that are not what the steps that ran have made. The file would open so at each start, and take nothing.
fn is_usable(path: &Path, connection: &Connection, services: &[Migration]) -> Result<(), Fault> {
    let number = |what: &str| connection.pragma_query_value(None, what, |row| row.get::<_, u64>(0));
    let length = |suffix: &str| {
        let file = PathBuf::from(format!("{}{suffix}", path.display()));
        file.metadata().map_or(0, |found| found.len())
    };
    let counted = number("page_count")?.saturating_mul(number("page_size")?);
    if connection.is_readonly(MAIN_DB)? || counted > length("") + length("-wal") {
        return Err(Fault::Stored { what: "header" });
    }
    match migrate::is_as_made(connection, services) {
        Ok(true) => Ok(()),
        Err(Fault::Sql(error))
            if error.sqlite_error_code().is_some_and(|code| code != ErrorCode::Unknown) =>
        {
            Err(error.into())
        }
        // Text that is none and numbers that are none are damage too, and a table that lost a column.
        Ok(false) | Err(Fault::Sql(_)) => Err(Fault::Stored { what: "schema" }),
        Err(fault) => Err(fault),
    }
}

fn is_damage(fault: &Fault) -> bool {
    let damaged = |error: &rusqlite::Error| {
        matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
    };
    // A header of a format that no SQLite wrote is a plain error there; so is a step that ran before, where the list of
    // those that ran is damaged.
    let plain = |error: &rusqlite::Error| {
        error.sqlite_error().is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_ERROR)
    };
    let again = |error: &rusqlite::Error| plain(error) && error.to_string().contains("already exists");
    match fault {
        Fault::Sql(error) => damaged(error),
        Fault::Open { source, .. } => damaged(source) || plain(source),
        Fault::Migrate { source, .. } => damaged(source) || again(source),
        Fault::Stored { .. } => true,
        Fault::File { .. }
        | Fault::Busy { .. }
        | Fault::Event(_)
        | Fault::EventSize { .. }
        | Fault::Full { .. }
        | Fault::Sign(_)
        | Fault::Seal(_) => false,
    }
}

/// Moves the file and its log to the first free `kiosk.damaged-N.db`.
fn move_aside(path: &Path) -> Result<PathBuf, Fault> {
    let free = (1..=SET_ASIDE_MAX)
        .map(|n| path.with_file_name(format!("kiosk.damaged-{n}.db")))
        .find(|candidate| !candidate.exists());
    let Some(target) = free else {
        return Err(Fault::Stored { what: "file: too many damaged ones" });
    };
    for suffix in ["", "-wal", "-shm"] {
        let from = PathBuf::from(format!("{}{suffix}", path.display()));
        let to = PathBuf::from(format!("{}{suffix}", target.display()));
        match std::fs::rename(&from, to) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(Fault::File { path: from, source }),
        }
    }
    Ok(target)
}
