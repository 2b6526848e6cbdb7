// SPDX-License-Identifier: GPL-3.0-only
//! Where the screen may be in documents (签名捺印), and what a finger does there.

use crate::document::Reading;
use contract::Strokes;
use uuid::Uuid;

/// 签名捺印: a text is read to its end, signed or not agreed to, read back, and counts when it is confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentPage {
    /// Whose.
    Who,
    List,
    Read(Reading),
    /// Whether it may be read aloud, where others hear it.
    Aloud(Reading),
    Sign(Reading),
    ReadBack {
        reading: Reading,
        strokes: Strokes,
    },
    /// Why not: one of `reasons::DOCUMENT_DECLINE`.
    Why(Reading),
    /// The no is read back; `why` is the id of its reason.
    No {
        reading: Reading,
        why: String,
        words: String,
    },
    /// Own words are typed.
    Words {
        reading: Reading,
        why: String,
    },
    /// What was said to this version of a text.
    Sent {
        document: Uuid,
        version: u32,
    },
}

impl DocumentPage {
    /// Whether it shows what belongs to the person who proved who they are.
    pub fn is_own(&self) -> bool {
        match self {
            Self::Who => false,
            Self::List
            | Self::Read(_)
            | Self::Aloud(_)
            | Self::Sign(_)
            | Self::ReadBack { .. }
            | Self::Why(_)
            | Self::No { .. }
            | Self::Words { .. }
            | Self::Sent { .. } => true,
        }
    }

    /// The text that is about to be answered.
    pub fn reading(&self) -> Option<&Reading> {
        match self {
            Self::Who | Self::List | Self::Sent { .. } => None,
            Self::Read(reading)
            | Self::Aloud(reading)
            | Self::Sign(reading)
            | Self::ReadBack { reading, .. }
            | Self::Why(reading)
            | Self::No { reading, .. }
            | Self::Words { reading, .. } => Some(reading),
        }
    }

    /// The page it was come from.
    pub fn back(&self) -> Option<Self> {
        Some(match self {
            Self::Who | Self::List => return None,
            Self::Read(_) | Self::Sent { .. } => Self::List,
            Self::Aloud(reading) | Self::Sign(reading) | Self::Why(reading) => Self::Read(*reading),
            Self::ReadBack { reading, .. } => Self::Sign(*reading),
            Self::No { reading, .. } => Self::Why(*reading),
            Self::Words { reading, why } => {
                Self::No { reading: *reading, why: why.clone(), words: String::new() }
            }
        })
    }
}

/// A finger on the pages of documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentTouch {
    /// The list, or before it the question whose.
    Open,
    /// One version of a text.
    One {
        document: Uuid,
        version: u32,
    },
    Next,
    Previous,
    /// It is to be read aloud.
    Listen,
    /// The part that is shown is being read aloud.
    Told,
    Sign,
    Signed(Strokes),
    Decline,
    /// What was said to it before.
    Receipt,
    /// Own words are to be added.
    AddWords,
}
