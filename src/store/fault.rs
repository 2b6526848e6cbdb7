// SPDX-License-Identifier: GPL-3.0-only
//! What can go wrong with the file.

use std::path::PathBuf;

/// The world failed the store. Each fits "failed to …".
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("use the store")]
    Sql(#[from] rusqlite::Error),
    #[error("open the store at {path}")]
    Open { path: PathBuf, source: rusqlite::Error },
    #[error("use the file {path}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("find another program's lock off the store at {path}")]
    Busy { path: PathBuf },
    #[error("migrate {service} to step {step}")]
    Migrate { service: &'static str, step: usize, source: rusqlite::Error },
    #[error("write an event")]
    Event(#[source] serde_json::Error),
    #[error("write an event of {bytes} bytes")]
    EventSize { bytes: usize },
    #[error("find room for an event of the lane {lane}")]
    Full { lane: &'static str },
    #[error("sign an event")]
    Sign(#[source] contract::KeyError),
    #[error("read a stored {what}")]
    Stored { what: &'static str },
    #[error("use a sealed column")]
    Seal(#[from] crate::SealError),
}
