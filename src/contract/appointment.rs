// SPDX-License-Identifier: GPL-3.0-only
//! Appointments (约见): whom somebody of the cell asks to see, in the open. The procurator is asked for under the seal of a
//! complaint and never here.

use crate::named::named;
use crate::{AppointmentPolicy, DetaineeId, EventId, Stamp, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most times offered for one request.
pub const APPOINTMENT_SLOTS_MAX: usize = 20;

/// 约见: somebody asks to see somebody. The reason is told when they meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppointmentRequested {
    pub at: Stamp,
    pub detainee: DetaineeId,
    pub with: AppointmentWith,
}

/// What the person says later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppointmentSaid {
    pub at: Stamp,
    pub detainee: DetaineeId,
    pub request: EventId,
    pub said: AppointmentWord,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AppointmentWord {
    /// One of the offered times suits.
    Accept { slot: u32 },
    /// None suits.
    OtherTime,
    /// 已见面.
    TookPlace,
    /// The time passed and nobody came.
    DidNotTakePlace,
    /// 不用了.
    Withdrawn,
}

/// Whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AppointmentWith {
    /// 管教民警.
    SupervisingOfficer,
    /// 所长.
    Director,
    /// 辩护律师.
    DefenceLawyer,
    /// 值班律师.
    DutyLawyer,
    /// 法律援助.
    LegalAid,
    /// 驻所医生.
    Doctor,
    /// 心理咨询.
    Counsellor,
}

named!(AppointmentWith {
    SupervisingOfficer => "supervising_officer",
    Director => "director",
    DefenceLawyer => "defence_lawyer",
    DutyLawyer => "duty_lawyer",
    LegalAid => "legal_aid",
    Doctor => "doctor",
    Counsellor => "counsellor",
});

impl AppointmentWith {
    /// Within how many hours of the request it must have been passed on, by law or by the site: see [`AppointmentPolicy`].
    /// It says nothing of when somebody comes.
    pub fn forward_h(self, policy: &AppointmentPolicy) -> u32 {
        match self {
            Self::LegalAid => policy.legal_aid_h,
            Self::DutyLawyer => policy.duty_lawyer_h,
            Self::DefenceLawyer => policy.defence_lawyer_h,
            Self::SupervisingOfficer | Self::Director | Self::Doctor | Self::Counsellor => policy.staff_h,
        }
    }
}

/// The platform's word on a request: the collection `appointment`, its key the request's event. Deleting it ends it here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppointmentStatus {
    pub request: EventId,
    pub state: AppointmentState,
    /// When this word was given.
    pub at_ms: i64,
    #[serde(default)]
    pub words: Text<200>,
    /// When it was passed on (转交, 通知); it stops the clock of [`AppointmentWith::forward_h`].
    #[serde(default)]
    pub forwarded_ms: Option<i64>,
    /// When the lawyer's own valid request to meet came in: 48 hours run from here (刑事诉讼法 §39), not from the tap.
    #[serde(default)]
    pub lawyer_asked_ms: Option<i64>,
    /// At most [`APPOINTMENT_SLOTS_MAX`].
    #[serde(default)]
    pub slots: Vec<AppointmentSlot>,
    /// The number of the slot that is agreed.
    #[serde(default)]
    pub booked: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AppointmentState {
    /// 已受理.
    Accepted,
    /// 已转交.
    Forwarded,
    /// 可选时间.
    Offered,
    /// 已约定.
    Booked,
    /// 已见面, by the person's word.
    TookPlace,
    /// 不能安排, with words.
    Declined,
    /// 已取消.
    Withdrawn,
}

named!(AppointmentState {
    Accepted => "accepted",
    Forwarded => "forwarded",
    Offered => "offered",
    Booked => "booked",
    TookPlace => "took_place",
    Declined => "declined",
    Withdrawn => "withdrawn",
});

/// A time that is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppointmentSlot {
    pub slot: u32,
    pub from_ms: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_on_the_wire() {
        for with in AppointmentWith::ALL {
            assert_eq!(serde_json::to_value(with).unwrap(), with.name());
            assert_eq!(AppointmentWith::of(with.name()), Some(with));
        }
        for state in AppointmentState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.name());
        }
    }

    #[test]
    fn the_laws_clock_runs_for_whom_the_law_sets_one() {
        let policy = AppointmentPolicy::default();
        assert_eq!(AppointmentWith::LegalAid.forward_h(&policy), 24);
        assert_eq!(AppointmentWith::DutyLawyer.forward_h(&policy), 24);
    }
}
