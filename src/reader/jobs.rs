// SPDX-License-Identifier: GPL-3.0-only
//! What the desk asks to be done outside, and what comes back.

use crate::keys::{KeyFileError, Keys};
use crate::platform::{Address, Answer, Ask, Failure};
use contract::{Seen, Slot};
use office::files::FileFailure;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Both clocks: the machine's running time, and the wall.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    pub mono_ms: i64,
    pub wall_ms: i64,
}

/// What a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    SignIn,
    /// The how manyth list.
    List(u64),
    Keys,
    Out(Uuid),
    /// A word of a complaint office, by its number here.
    Word(u64),
}

/// What is to be done outside.
pub enum Job {
    OpenKeys {
        path: PathBuf,
        passphrase: Zeroizing<String>,
        turn: u64,
    },
    Ask {
        to: Address,
        ask: Ask,
        about: About,
        turn: u64,
        after_ms: i64,
    },
    /// What was seen is kept beside the key file.
    KeepSeen {
        keys: PathBuf,
        seen: Seen,
    },
}

/// What was done.
#[expect(clippy::large_enum_variant, reason = "there are few at a time, and none stays")]
pub enum Done {
    Keys { outcome: Result<Keys, KeyFileError>, seen: Result<Seen, FileFailure>, turn: u64 },
    Kept { outcome: Result<(), FileFailure> },
    Asked { outcome: Result<Answer, Failure>, about: About, turn: u64 },
}

/// Why the last thing was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    Text(&'static str),
    Refused(u16),
}

/// An answer that is being written.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Draft {
    pub words: String,
    pub offers: Vec<Slot>,
}

/// How the connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Link {
    pub up: bool,
    /// The platform's time of the last list.
    pub list_ms: Option<i64>,
}
