// SPDX-License-Identifier: GPL-3.0-only
//! The terminal's one file, `kiosk.db`: state and outbox in one transaction; larger things in files beside it.
//!
//! Promises: what [`Store::write`] returned survives a power cut; an event exists exactly when its state does, because
//! [`Write::send`] is only there inside a write; a row leaves the queue only by a verdict for its hash. A damaged file is
//! set aside, never deleted, and never stops the terminal. One connection, one thread, no waiting on the network.
//! Limits: [`PAGES_MAX`] pages of 4 KiB.

mod blobs;
mod epoch;
mod fault;
mod feed;
mod media;
mod migrate;
mod open;
mod outbox;
mod quota;
mod seal;
#[cfg(test)]
mod tests;

pub use blobs::Attached;
pub use fault::Fault;
pub use feed::FeedPosition;
pub use migrate::Migration;
pub use open::{Config, Opened, PAGES_MAX, SQLITE_VERSION_MIN};
pub use outbox::{Counts, Delivery, Quarantined};
pub use seal::{Keys, STORAGE_KEY_LEN, SealError};

use contract::{DeviceId, SigningKey};
use rusqlite::{Connection, TransactionBehavior};
use std::path::PathBuf;
use std::sync::Arc;

/// The open file. It belongs to one thread.
pub struct Store {
    connection: Connection,
    holder: Holder,
    dir: PathBuf,
}

/// Who signs, and with what columns are sealed.
struct Holder {
    device: DeviceId,
    signing: Arc<SigningKey>,
    keys: Keys,
    pages_max: u32,
    epoch: u32,
    /// Where the files of blobs lie.
    blobs: PathBuf,
}

impl Store {
    /// Runs `change` in one transaction: all of it is kept, or nothing. It is on the disk when this returns `Ok`.
    ///
    /// # Errors
    /// The error of `change`: nothing is kept then. Or a [`Fault`] of the disk: then only opening the file again tells
    /// whether it was kept, as a whole or not at all.
    pub fn write<T, E: From<Fault>>(
        &mut self,
        change: impl FnOnce(&Write<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let begun = self.connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let transaction = begun.map_err(Fault::Sql)?;
        let write = Write { read: Read { connection: &transaction, holder: &self.holder } };
        let value = change(&write)?;
        transaction.commit().map_err(Fault::Sql)?;
        Ok(value)
    }

    /// Runs `question` over one unchanging picture of the file.
    ///
    /// # Errors
    /// The error of `question`, or a [`Fault`] of the disk.
    pub fn read<T, E: From<Fault>>(
        &mut self,
        question: impl FnOnce(&Read<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let transaction = self.connection.transaction().map_err(Fault::Sql)?;
        question(&Read { connection: &transaction, holder: &self.holder })
    }

    /// The SQLite that is linked in.
    pub fn sqlite_version() -> &'static str {
        rusqlite::version()
    }
}

/// What may be asked inside a transaction.
pub struct Read<'a> {
    connection: &'a Connection,
    holder: &'a Holder,
}

impl Read<'_> {
    /// The connection, for the SQL of a service's `tables.rs` and of nobody else.
    pub fn sql(&self) -> &Connection {
        self.connection
    }

    /// Seals and opens private columns.
    pub fn keys(&self) -> &Keys {
        &self.holder.keys
    }

    pub fn device(&self) -> DeviceId {
        self.holder.device
    }
}

/// An open write transaction: the only place an event can be made.
pub struct Write<'a> {
    read: Read<'a>,
}

impl<'a> std::ops::Deref for Write<'a> {
    type Target = Read<'a>;

    fn deref(&self) -> &Read<'a> {
        &self.read
    }
}
