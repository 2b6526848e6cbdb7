// SPDX-License-Identifier: GPL-3.0-only
//! Duty (值班): the rota and officers' answers down; who signed on, confirmed, handed over, and gaps up.
//!
//! A gap is a time with fewer people than the site asks for: it has counts and times, and names nobody.

use crate::{DetaineeId, EventId, HexBytes, How, OfficerId, ShiftId, Stamp, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most shifts of one rota; one more makes it no rota.
pub const SHIFTS_MAX: usize = 168;
/// Most people of one shift, its reserve apart.
pub const SHIFT_PEOPLE_MAX: usize = 8;
/// Most days of one cycle.
pub const ROTA_DAYS_MAX: u8 = 31;

/// 值班表: an approved cycle. Where no newer one came it repeats, and is shown so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rota {
    /// Wall time of its first midnight at the facility, milliseconds since 1970 UTC.
    pub from_ms: i64,
    /// Days of one cycle, 1 to [`ROTA_DAYS_MAX`].
    pub days: u8,
    /// The times of random confirmations are drawn from it; shown to nobody.
    pub seed: HexBytes,
    pub shifts: Vec<Shift>,
    /// 轮值员: a day role, appointed by an officer, without authority and without a shift.
    #[serde(default)]
    pub stewards: Vec<Steward>,
}

/// A shift of the cycle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shift {
    pub shift: ShiftId,
    pub title: Text<32>,
    /// Minutes after the cycle's first midnight.
    pub begins_min: u32,
    /// How long it lasts, in minutes.
    pub minutes: u16,
    pub people: Vec<DetaineeId>,
    /// Who is asked first when one of them is taken out.
    #[serde(default)]
    pub reserve: Vec<DetaineeId>,
}

/// Who is 轮值员 on a day of the cycle, from 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Steward {
    pub day: u8,
    pub detainee: DetaineeId,
}

/// One shift on one day: the shift, and which repetition of the cycle. Times follow from it, not it from a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Turn {
    pub shift: ShiftId,
    /// 0 is the approved cycle; from 1 on it repeats without approval.
    pub cycle: u32,
}

impl Rota {
    /// Length of one cycle in milliseconds.
    pub fn cycle_ms(&self) -> i64 {
        i64::from(self.days) * 86_400_000
    }

    /// When a turn of this rota begins, milliseconds since 1970 UTC.
    pub fn begins_ms(&self, shift: &Shift, cycle: u32) -> i64 {
        let into = i64::from(shift.begins_min) * 60_000;
        self.from_ms.saturating_add(self.cycle_ms().saturating_mul(i64::from(cycle))).saturating_add(into)
    }

    /// Why it is no rota, if it is none.
    pub fn fault(&self) -> Option<&'static str> {
        let cycle_min = u32::from(self.days) * 24 * 60;
        if self.days == 0 || self.days > ROTA_DAYS_MAX {
            Some("a cycle of no or too many days")
        } else if self.shifts.len() > SHIFTS_MAX {
            Some("too many shifts")
        } else if self.shifts.iter().any(|s| s.people.is_empty() || s.people.len() > SHIFT_PEOPLE_MAX) {
            Some("a shift of nobody or of too many")
        } else if self.shifts.iter().any(|s| s.minutes == 0 || s.begins_min >= cycle_min) {
            Some("a shift out of its cycle")
        } else {
            None
        }
    }
}

/// Somebody came on duty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DutySignedOn {
    pub turn: Turn,
    pub detainee: DetaineeId,
    /// In whose place; the rota asked somebody else.
    pub instead_of: Option<DetaineeId>,
    pub at: Stamp,
    /// The rota was repeated without approval.
    pub repeated: bool,
    #[serde(flatten)]
    pub how: How,
}

/// Somebody on duty answered one of the confirmations at random times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DutyConfirmed {
    pub turn: Turn,
    pub detainee: DetaineeId,
    /// The turn's confirmation, from 1.
    pub number: u32,
    pub at: Stamp,
    #[serde(flatten)]
    pub how: How,
}

/// 交接班, with a remark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DutyHandedOver {
    pub turn: Turn,
    pub detainee: DetaineeId,
    pub remark: Text<200>,
    pub at: Stamp,
    #[serde(flatten)]
    pub how: How,
}

/// Two people want to take each other's turn; both have shown who they are. An officer decides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DutySwapAsked {
    #[serde(flatten)]
    pub swap: Swap,
    pub at: Stamp,
    pub first_how: How,
    pub second_how: How,
}

/// Who gives which turn to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Swap {
    pub first: DetaineeId,
    pub first_turn: Turn,
    pub second: DetaineeId,
    pub second_turn: Turn,
}

/// 我撑不住了: somebody on duty asks for an officer. It is no fault of theirs and counts as none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DutyUnwell {
    pub turn: Turn,
    pub detainee: DetaineeId,
    pub at: Stamp,
}

/// What a gap is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GapKind {
    Nobody,
    TooFew,
    /// Signed on, and too few of them answered a confirmation.
    Unconfirmed,
    /// The turn is over and nobody handed it over.
    NoHandover,
    /// The terminal was off, or could not know the time: nobody could sign on here. It is a gap of the record, and says
    /// nothing of who was on duty.
    Unrecorded,
}

impl GapKind {
    pub const ALL: [Self; 5] =
        [Self::Nobody, Self::TooFew, Self::Unconfirmed, Self::NoHandover, Self::Unrecorded];

    /// The name on the wire, in tables and in text ids.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::TooFew => "too_few",
            Self::Unconfirmed => "unconfirmed",
            Self::NoHandover => "no_handover",
            Self::Unrecorded => "unrecorded",
        }
    }

    /// The kind of this name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A gap in duty, told when it is known and once more when it is over; one of the record is told once, with its end. It
/// names nobody and judges nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DutyGap {
    pub turn: Turn,
    /// The turn's gap, from 1.
    pub number: u32,
    pub gap: GapKind,
    pub on_duty: u32,
    /// As many as policy asks for.
    pub needed: u32,
    /// The limit passed.
    pub since: Stamp,
    pub ended: Option<Stamp>,
    /// The first telling, where this is the end of one told before.
    pub told: Option<EventId>,
}

/// What an officer says to a gap, a handover, a swap, or a call for help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DutyAnswer {
    /// Seen and dealt with, or a swap agreed to.
    Confirmed,
    /// A swap that is not to be.
    Refused,
}

impl DutyAnswer {
    /// The name on the wire, in tables and in text ids.
    pub fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Refused => "refused",
        }
    }

    /// The answer of this name.
    pub fn of(name: &str) -> Option<Self> {
        [Self::Confirmed, Self::Refused].into_iter().find(|answer| answer.name() == name)
    }
}

/// An officer answered at the terminal. The first answer to an event counts, wherever it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DutyOfficerChecked {
    /// The event it answers.
    pub subject: EventId,
    pub answer: DutyAnswer,
    pub officer: OfficerId,
    pub note: Text<200>,
    pub at: Stamp,
}

/// An officer answered at the desk; the terminal is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DutyAnswered {
    /// The event it answers.
    pub subject: EventId,
    pub answer: DutyAnswer,
    /// Wall time, milliseconds since 1970 UTC.
    pub at_ms: i64,
}
