// SPDX-License-Identifier: GPL-3.0-only
//! What a hand does, and the pages it does it on: the only way in for a person.

use contract::{CareNeed, DetaineeId, EventId, Post, SlotKind};
use std::path::PathBuf;
use uuid::Uuid;
use zeroize::Zeroizing;

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    SignIn,
    Triage,
    Chart,
    Round,
    Sent,
    /// Of a complaint office.
    Complaints,
    Meetings,
    Custody,
}

/// What of a person's record is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Visits,
    Medicines,
    Readings,
    Documents,
    Notices,
}

/// What is typed to open the window.
pub struct Entered {
    pub platform: String,
    pub name: String,
    pub password: Zeroizing<String>,
    pub code: String,
    pub file: PathBuf,
    pub passphrase: Zeroizing<String>,
}

/// What a hand does.
pub enum Touch {
    /// Anything: idle time starts again.
    Any,
    Entered(Box<Entered>),
    Open(Page),
    Lock,
    GiveKeys,
    Select(EventId),
    Draft(String),
    Offer {
        date: String,
        time: String,
        kind: SlotKind,
    },
    Withdraw(u32),
    Book(u32),
    Send,
    Close,
    Chart,
    Search(String),
    Person(DetaineeId),
    Kind(Kind),
    Add(String, String),
    Act(String),
    Need(CareNeed),
    Post(Post),
    Release(String),
    HandOut(DetaineeId, usize),
    Again(Uuid),
    /// One thing sealed to a complaint office is opened, on the page of letters.
    Item(EventId),
    Marks,
    Words(String),
    /// An answer, with a meeting where day and time are given.
    Answer {
        date: String,
        time: String,
    },
    CloseItem,
    LetGo,
    AgainItem,
    /// The text of a terminal's code.
    Verify(String),
}
