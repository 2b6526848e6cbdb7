// SPDX-License-Identifier: GPL-3.0-only
//! The facility, this terminal's cell, who is in it, who leaves and returns, who guards it.

use crate::{DetaineeId, Digest, HexBytes, OfficerId, Stamp, TerminalId, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most people one cell's roster may hold; one more is set aside and shown to IT.
pub const ROSTER_MAX: usize = 64;
/// Most officers a terminal may know.
pub const OFFICERS_MAX: usize = 200;
/// Most lines of a day.
pub const SCHEDULE_MAX: usize = 100;

/// Decides words, rules and clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FacilityKind {
    /// 看守所: the people are 在押人员.
    #[default]
    DetentionCentre,
    /// 拘留所: the people are 被拘留人员.
    LockUp,
    /// 强制隔离戒毒所: the people are 戒毒人员.
    DrugRehabilitation,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Facility {
    pub name: Text<64>,
    pub kind: FacilityKind,
}

/// Where this terminal hangs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Terminal {
    pub terminal: TerminalId,
    /// 监区.
    pub block: Text<32>,
    /// 监室.
    pub cell: Text<32>,
    /// Minutes the facility's clock is ahead of UTC.
    pub utc_offset_min: i16,
}

/// Why someone is out of the cell (带出).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutReason {
    /// 提讯.
    Interrogation,
    /// 开庭.
    Hearing,
    /// 住院.
    Hospital,
    /// 律师会见.
    LawyerMeeting,
    /// 就诊.
    Clinic,
    /// 家属会见.
    FamilyVisit,
    /// 谈话教育.
    Talk,
}

impl OutReason {
    pub const ALL: [Self; 7] = [
        Self::Interrogation,
        Self::Hearing,
        Self::Hospital,
        Self::LawyerMeeting,
        Self::Clinic,
        Self::FamilyVisit,
        Self::Talk,
    ];

    /// The name on the wire and in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Interrogation => "interrogation",
            Self::Hearing => "hearing",
            Self::Hospital => "hospital",
            Self::LawyerMeeting => "lawyer_meeting",
            Self::Clinic => "clinic",
            Self::FamilyVisit => "family_visit",
            Self::Talk => "talk",
        }
    }
}

/// Someone is out, since when, and who recorded it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Out {
    pub reason: OutReason,
    /// Wall time, milliseconds since 1970 UTC.
    pub since_ms: i64,
    #[serde(default)]
    pub officer: Option<OfficerId>,
}

/// argon2id over a PIN, made by the platform or at the terminal; the terminal keeps it only under its own pepper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PinVerifier {
    pub salt: HexBytes,
    pub hash: HexBytes,
    /// Memory cost in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
}

/// SHA-256 over the facility's card salt and the card's number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CardDigest {
    pub salt: HexBytes,
    pub digest: Digest,
}

impl CardDigest {
    /// The digest of `card` under this salt.
    pub fn digest_of(salt: &HexBytes, card: &str) -> Digest {
        let mut bytes = salt.0.clone();
        bytes.extend_from_slice(card.as_bytes());
        Digest::of(&bytes)
    }
}

/// A person assigned to the cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Member {
    pub id: DetaineeId,
    pub name: Text<32>,
    /// 识别服编号.
    pub badge_number: Text<16>,
    #[serde(default)]
    pub out: Option<Out>,
    /// Not called, and why; counted as present only by an officer.
    #[serde(default)]
    pub exempt: Option<Text<64>>,
    /// The camera is not used for this person (a twin, an injury): other ways from the start.
    #[serde(default)]
    pub face_off: bool,
    #[serde(default)]
    pub pin: Option<PinVerifier>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfficerRole {
    /// 值班民警.
    DutyOfficer,
    /// 管教民警.
    SupervisingOfficer,
    /// 所领导.
    Director,
}

/// An officer of this block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Officer {
    pub id: OfficerId,
    pub name: Text<32>,
    pub role: OfficerRole,
    pub card: CardDigest,
    pub pin: PinVerifier,
}

/// One line of the day (一日生活), as Home shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScheduleEntry {
    /// Minutes after midnight, facility time, 0 to 1439.
    pub minute: u16,
    pub kind: ScheduleKind,
    pub title: Text<32>,
    #[serde(default)]
    pub detail: Text<64>,
}

/// What a line of the day is, for its icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScheduleKind {
    RollCall,
    Meal,
    Lesson,
    ExerciseYard,
    Rest,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// 带出.
    TakeOut,
    /// 带回.
    Return,
}

/// How the officer made sure who leaves or returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdentityCheck {
    Face,
    Pin,
    Officer,
}

/// 出入监室记录.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Movement {
    pub detainee: DetaineeId,
    pub direction: Direction,
    pub reason: OutReason,
    pub at: Stamp,
    /// On a return, when the person had left: wall time, milliseconds since 1970 UTC.
    pub left_ms: Option<i64>,
    pub checked: IdentityCheck,
    pub officer: OfficerId,
    /// How many are in the cell after it.
    pub remaining: u32,
}

/// A movement left one person alone in the cell: a count for the control room, no name and no picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OneLeft {
    pub at: Stamp,
    pub assigned: u32,
    pub out: u32,
}
