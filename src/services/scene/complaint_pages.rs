// SPDX-License-Identifier: GPL-3.0-only
//! Where the screen may be in 投诉与约见, and what a finger does there. Drafts, codes and opened answers are in these
//! places alone: leaving forgets them.

use crate::complaint::{Answer, Draft};
use contract::{AppointmentWith, AppointmentWord, EventId, Office, OfficeAnswer, ReceiptCode};
use zeroize::Zeroizing;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ComplaintPage {
    /// To whom.
    Menu,
    /// Nothing is arranged with this office: the other ways.
    Closed(Office),
    /// Named or unnamed, and what neither can promise.
    Name(Office),
    Who(Office),
    Pin(Office),
    Write(Draft),
    /// Another office for what is written.
    Elsewhere(Draft),
    /// The text by which an office verifies this terminal, as it was signed, and when.
    Proof {
        text: String,
        at_ms: i64,
    },
    /// The receipt code, shown once.
    Sent(Held),
    /// A receipt code is asked for.
    Code,
    Status(Held),
    /// Whose it is, for the PIN that opens it.
    ProveWho(Held, Wish),
    ProvePin(Held, Wish),
    Answer(Held, Box<OfficeAnswer>),
    /// 撤回, asked once and asked again.
    Withdraw(Held),
    WithdrawSure(Held),
    /// 约见: who asks.
    SeeWho,
    SeePin,
    /// A person's own requests.
    SeeMine,
    SeeWhom,
    SeeSure(AppointmentWith),
    SeeOne(EventId),
    SeeSlots(EventId),
}

/// A complaint whose code was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub event: EventId,
    pub code: ReceiptCode,
}

/// What code and PIN are given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    Open,
    Withdraw,
}

impl ComplaintPage {
    /// The complaint it is about, once its code was given.
    pub fn about(&self) -> Option<EventId> {
        match self {
            Self::Sent(held)
            | Self::Status(held)
            | Self::ProveWho(held, _)
            | Self::ProvePin(held, _)
            | Self::Answer(held, _)
            | Self::Withdraw(held)
            | Self::WithdrawSure(held) => Some(held.event),
            Self::Menu
            | Self::Closed(_)
            | Self::Name(_)
            | Self::Who(_)
            | Self::Pin(_)
            | Self::Write(_)
            | Self::Elsewhere(_)
            | Self::Proof { .. }
            | Self::Code
            | Self::SeeWho
            | Self::SeePin
            | Self::SeeMine
            | Self::SeeWhom
            | Self::SeeSure(_)
            | Self::SeeOne(_)
            | Self::SeeSlots(_) => None,
        }
    }

    /// Whether it shows what only one person may see, so that it is shielded when nobody touches it.
    pub fn is_private(&self) -> bool {
        match self {
            Self::Menu
            | Self::Closed(_)
            | Self::Name(_)
            | Self::Who(_)
            | Self::Pin(_)
            | Self::Proof { .. }
            | Self::Code
            | Self::SeeWho
            | Self::SeePin => false,
            Self::Write(_)
            | Self::Elsewhere(_)
            | Self::Sent(_)
            | Self::Status(_)
            | Self::ProveWho(..)
            | Self::ProvePin(..)
            | Self::Answer(..)
            | Self::Withdraw(_)
            | Self::WithdrawSure(_)
            | Self::SeeMine
            | Self::SeeWhom
            | Self::SeeSure(_)
            | Self::SeeOne(_)
            | Self::SeeSlots(_) => true,
        }
    }

    /// Whether it shows what belongs to the person who proved who they are.
    pub fn is_own(&self) -> bool {
        matches!(self, Self::SeeMine | Self::SeeWhom | Self::SeeSure(_) | Self::SeeOne(_) | Self::SeeSlots(_))
    }

    /// The page it was come from.
    pub fn back(&self) -> Option<Self> {
        Some(match self {
            Self::Menu | Self::Sent(_) => return None,
            Self::Closed(_)
            | Self::Name(_)
            | Self::Proof { .. }
            | Self::Code
            | Self::Status(_)
            | Self::SeeWho
            | Self::SeeMine => Self::Menu,
            Self::SeePin => Self::SeeWho,
            Self::SeeWhom | Self::SeeOne(_) => Self::SeeMine,
            Self::SeeSure(_) => Self::SeeWhom,
            Self::SeeSlots(request) => Self::SeeOne(*request),
            Self::Who(office) => Self::Name(*office),
            Self::Pin(office) => Self::Who(*office),
            Self::Write(draft) => draft.before().map_or(Self::Menu, Self::Write),
            Self::Elsewhere(draft) => Self::Write(draft.clone()),
            Self::ProveWho(held, _)
            | Self::Answer(held, _)
            | Self::Withdraw(held)
            | Self::WithdrawSure(held) => Self::Status(held.clone()),
            Self::ProvePin(held, wish) => Self::ProveWho(held.clone(), *wish),
        })
    }
}

/// A finger on these pages.
#[derive(Debug, Clone, PartialEq)]
pub enum ComplaintTouch {
    Open,
    To(Office),
    Named,
    Unnamed,
    Answer(Answer),
    Next,
    /// The office cannot be written to any more: another one.
    Elsewhere,
    /// The code is kept.
    Kept,
    Status,
    /// The code by which an office verifies this terminal; again: a new one.
    Proof,
    /// Digits as entered.
    Code(Zeroizing<String>),
    Escalate,
    OpenAnswer,
    Withdraw,
    TookPlace(bool),
    /// 约见 is opened.
    See,
    SeeNew,
    With(AppointmentWith),
    SeeOne(EventId),
    Slots,
    Say(AppointmentWord),
}
