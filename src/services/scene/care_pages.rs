// SPDX-License-Identifier: GPL-3.0-only
//! Where the screen may be in care (看病), and what a finger does there.

use crate::care::{Answer, Draft};
use contract::{DayPart, DetaineeId, EventId, Strokes};
use uuid::Uuid;

/// 看病: a report on its way through the questions, and a person's own page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CarePage {
    Menu,
    /// Whom it is about.
    Who {
        for_other: bool,
    },
    /// A PIN, an officer, or neither: a report is not refused for it.
    Check(DetaineeId),
    Report(Draft),
    /// A danger was said, and somebody is called by this event.
    Red(Draft, Option<EventId>),
    /// The receipt of the report of this number.
    Sent(i64),
    MineWho,
    Mine,
    /// One report of mine, by its number.
    One(i64),
    OtherTime {
        report: i64,
        prefers: Vec<DayPart>,
    },
    RefuseWhy(i64),
    /// Visits, medicines, readings.
    Record,
    Doses,
    NotTakenWhy(Uuid),
    Documents,
    Document(Uuid),
    Sign(Uuid),
    DisagreeWhy(Uuid),
}

impl CarePage {
    /// Whether it shows what belongs to the person who proved who they are.
    pub fn is_own(&self) -> bool {
        match self {
            Self::Menu
            | Self::Who { .. }
            | Self::Check(_)
            | Self::Report(_)
            | Self::Red(..)
            | Self::Sent(_)
            | Self::MineWho => false,
            Self::Mine
            | Self::One(_)
            | Self::OtherTime { .. }
            | Self::RefuseWhy(_)
            | Self::Record
            | Self::Doses
            | Self::NotTakenWhy(_)
            | Self::Documents
            | Self::Document(_)
            | Self::Sign(_)
            | Self::DisagreeWhy(_) => true,
        }
    }

    /// The page it was come from.
    pub fn back(&self) -> Option<Self> {
        Some(match self {
            Self::Menu => return None,
            Self::Who { .. } | Self::MineWho | Self::Sent(_) => Self::Menu,
            Self::Check(_) => Self::Who { for_other: false },
            Self::Report(draft) => match draft.at.before() {
                Some(at) => Self::Report(Draft { at, ..draft.clone() }),
                None => Self::Menu,
            },
            Self::Red(draft, _) => Self::Report(draft.clone()),
            Self::Mine => return None,
            Self::One(_) | Self::Record | Self::Doses | Self::Documents => Self::Mine,
            Self::OtherTime { report, .. } | Self::RefuseWhy(report) => Self::One(*report),
            Self::NotTakenWhy(_) => Self::Doses,
            Self::Document(_) => Self::Documents,
            Self::Sign(document) | Self::DisagreeWhy(document) => Self::Document(*document),
        })
    }
}

/// A finger on the pages of care.
#[derive(Debug, Clone, PartialEq)]
pub enum CareTouch {
    Open,
    ForMe,
    ForOther,
    /// Whoever it is about has no tile here, or nobody can say who.
    Nobody,
    Mine,
    /// Without PIN and without officer.
    Unchecked,
    Answer(Answer),
    Next,
    /// From the page that says somebody is coming, on with the report.
    GoOn,
    One(i64),
    Nudge,
    Accept(u32),
    OtherTime,
    Cancel,
    Refuse,
    Record,
    Doses,
    Dose {
        dose: Uuid,
        taken: bool,
    },
    Documents,
    Document(Uuid),
    Sign,
    Signed(Strokes),
    Disagree,
}
