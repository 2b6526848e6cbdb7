// SPDX-License-Identifier: GPL-3.0-only
//! Roll call (点名): tasks down; results and supplements up. Never an image.

use crate::{CallId, DetaineeId, OfficerId, OutReason, Stamp, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The platform asks for a roll call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RollCallTask {
    pub call: CallId,
    pub title: Text<32>,
    /// Wall time of the first name, milliseconds since 1970 UTC.
    pub opens_ms: i64,
    /// Not begun by then, it is not begun any more; the platform sees that no result came.
    pub expires_ms: i64,
    /// Taken back before it began.
    #[serde(default)]
    pub cancelled: bool,
}

/// Where a roll call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Announced,
    Open,
    SecondRound,
    Review,
    Confirmed,
    Delivered,
}

impl Phase {
    pub const ALL: [Self; 6] =
        [Self::Announced, Self::Open, Self::SecondRound, Self::Review, Self::Confirmed, Self::Delivered];

    /// The name on the wire and in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::Open => "open",
            Self::SecondRound => "second_round",
            Self::Review => "review",
            Self::Confirmed => "confirmed",
            Self::Delivered => "delivered",
        }
    }
}

/// Why an officer looked for himself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "reason", content = "words", rename_all = "snake_case")]
pub enum CheckReason {
    /// The person asked for it; no reason is needed.
    Asked,
    /// Injured, bandaged, masked.
    FaceChanged,
    NotEnrolled,
    CameraDown,
    /// In bed, cannot stand.
    InBed,
    NotRecognised,
    ForgotPin,
    Typed(Text<200>),
}

/// How someone was seen to be present.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum How {
    Face {
        /// Cosine, -1 to 1.
        score: f32,
        /// 0 to 1, advisory; none where no such model is installed.
        liveness: Option<f32>,
        /// A challenge was asked and met.
        challenged: bool,
        /// The models' short hash.
        model: Text<64>,
    },
    Pin {
        /// The person chose it; else it was the next way after the camera.
        chosen: bool,
    },
    OfficerCheck {
        officer: OfficerId,
        #[serde(flatten)]
        reason: CheckReason,
    },
}

/// What is known of one person of the roster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    Present(How),
    Out {
        out_reason: OutReason,
        since_ms: i64,
        officer: Option<OfficerId>,
    },
    /// 未点到: said by an officer with a reason, never by the machine.
    NotSeen {
        officer: OfficerId,
        reason: Text<200>,
    },
}

/// One person's line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    pub detainee: DetaineeId,
    pub at: Stamp,
    /// Tries at the camera.
    pub tries: u8,
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// Someone in the cell who is not on its roster, as an officer recorded it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExtraPerson {
    pub at: Stamp,
    pub officer: OfficerId,
    pub note: Text<200>,
}

/// The count. `expected = assigned − out`; `present + not_seen = expected`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Total {
    /// 在押.
    pub assigned: u32,
    /// 带出.
    pub out: u32,
    /// 应到.
    pub expected: u32,
    /// 实到.
    pub present: u32,
    /// 未点到.
    pub not_seen: u32,
    /// Not on the roster.
    pub extra: u32,
}

/// A roll call, signed by an officer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RollCallResult {
    pub call: CallId,
    pub title: Text<32>,
    /// Begun by an officer at the terminal; else by the platform's task.
    pub begun_by: Option<OfficerId>,
    pub opened: Stamp,
    pub confirmed: Stamp,
    pub lines: Vec<Line>,
    pub extra: Vec<ExtraPerson>,
    pub total: Total,
    /// One, or two where policy asks.
    pub officers: Vec<OfficerId>,
    /// How often it was counted again.
    pub recounts: u8,
    /// The feed's revision of the policy it ran under; 0 is the built-in one.
    pub policy_rev: u64,
}

/// Someone came after the count was signed. The count is not edited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RollCallSupplement {
    pub call: CallId,
    pub line: Line,
    pub officer: OfficerId,
}

/// What the desk sees while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinePlace {
    Waiting,
    Called,
    CallAgain,
    ForOfficer,
    Present,
    Out,
    NotSeen,
}

/// A roll call as it stands; the newest replaces the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RollCallProgress {
    pub call: CallId,
    pub title: Text<32>,
    pub phase: Phase,
    pub total: Total,
    pub unresolved: u32,
    pub lines: Vec<(DetaineeId, LinePlace)>,
}
