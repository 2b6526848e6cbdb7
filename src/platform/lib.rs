// SPDX-License-Identifier: GPL-3.0-only
//! The reference facility platform: a gateway for terminals, a desk for officers, one file of tables.
//!
//! For the demo, tests, conformance and pilot sites; a terminal never links it. Promises: a verdict is given after the
//! commit; a terminal sees and changes only what belongs to it; what was received is never overwritten. Refuses: a
//! terminal without a certificate of this facility, and anyone at the desk without a password. Limits: one facility; one
//! process on SQLite.
//!
//! Several processes may serve one PostgreSQL, behind one address or several: they share its tables and a copy of the
//! data directory's keys, and keep nothing else that another would have to know. What stays in a process: who waits for
//! news of a terminal (`feed` looks for what the others wrote), the turns of those who sign in, and the figures, which a
//! monitoring system adds up.

mod accounts;
mod adapters;
mod alarm_reports;
mod alarms;
mod appointments;
mod audit;
mod backup;
mod blobs;
mod books;
mod bundle;
mod ca;
mod care;
mod cells;
mod clock;
mod complaints;
mod content;
pub mod demo;
mod demo_shop;
mod desk;
mod disputes;
mod documents;
mod duty;
mod effects;
mod enrol;
mod fault;
mod feed;
mod figures;
mod finance;
mod gateway;
mod goods;
mod ingest;
mod late;
mod ledger;
mod listener;
mod media;
mod media_lists;
mod metrics;
mod office;
mod offices;
mod orders;
mod public_notices;
mod replay;
mod reports;
mod roll_calls;
mod roots;
mod rota;
mod rounds;
mod running;
mod seal;
mod secrets;
mod share;
mod shop;
mod statements;
mod tables;
mod tasks;
mod users;

pub use adapters::Adapters;
pub use alarm_reports::AlarmReport;
pub use alarms::Deed as AlarmDeed;
pub use audit::AuditCheck;
pub use backup::restore;
pub use clock::Clock;
pub use content::ContentKeys;
pub use documents::{Draft as DocumentDraft, Refusal as DocumentRefusal};
pub use duty::{DutyReport, GapReport};
pub use fault::Fault;
pub use media_lists::{About, Listed};
pub use office::Platform;
pub use public_notices::{NoticeDraft, NoticeRefusal};
pub use reports::{CallReport, CallState, ExtraReport, LineReport, SupplementReport, lines};
pub use roots::Roots;
pub use running::{Config, Running, Totp, start};
pub use statements::StatementFile;
pub use tables::Database;
pub use tables::devices::{DeviceRow, TerminalRow};
pub use tables::roll_calls::{Notice, NoticeKind};

use tokio::sync::watch;

/// What every part of a running platform shares.
pub(crate) struct Core {
    pub(crate) tables: tables::Tables,
    pub(crate) authority: ca::Authority,
    pub(crate) seal: seal::Seal,
    /// Whether everyone at the desk needs a second factor.
    pub(crate) totp: Totp,
    pub(crate) clock: Clock,
    /// The data directory: blobs and media lie below it.
    pub(crate) data: std::path::PathBuf,
    pub(crate) bells: feed::Bells,
    pub(crate) metrics: metrics::Metrics,
    /// Becomes true once, at the end.
    pub(crate) stop: watch::Receiver<bool>,
}

#[cfg(test)]
mod tests;
