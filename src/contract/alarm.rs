// SPDX-License-Identifier: GPL-3.0-only
//! Calls for help, how they are answered, and what the terminal notices about itself.
//!
//! 一键报警 has a lane of its own, [`crate::Lane::Panic`], numbered and sent by the alarm's own process. An
//! [`AlarmRaised`] goes the way of every other event: the second way, when that process cannot be reached.

use crate::{DeviceId, EventId, OfficerId, Stamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most alarms one answer tells of.
pub const ALARM_ANSWERS_MAX: usize = 32;

/// 一键报警 by the second way: someone held the alarm, or a report of danger asked for it. It names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AlarmRaised {
    pub at: Stamp,
}

/// 一键报警. It names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PanicRaised {
    pub at: Stamp,
    pub form: PanicForm,
    pub source: PanicSource,
    /// It was pressed again while this alarm was open: one call for help, and none of its presses is dropped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joins: Option<EventId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PanicForm {
    /// With relay, siren and a page that says so.
    Open,
    /// The danger stands beside the caller: nothing in the cell shows it.
    Silent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PanicSource {
    Screen,
    /// The hardware key.
    Key,
}

/// Somebody in the cell says that all is well. It ends nothing: an officer has to see to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PanicFine {
    pub at: Stamp,
    pub alarm: EventId,
}

/// 民警已到场: an officer, known by card and PIN at the terminal, is there and stopped the siren.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PanicAttended {
    pub at: Stamp,
    pub alarm: EventId,
    pub officer: OfficerId,
}

/// What became of an alarm on the platform; each time in milliseconds since 1970 UTC, none until it is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AlarmAnswer {
    /// The event that raised it.
    pub alarm: EventId,
    /// 巡控室已接警.
    pub acknowledged_ms: Option<i64>,
    /// 民警正在赶来.
    pub coming_ms: Option<i64>,
    /// 民警已到场.
    pub arrived_ms: Option<i64>,
    /// 已处置.
    pub closed_ms: Option<i64>,
}

/// The alarms of a terminal that are open or were closed lately, the newest first, signed by the content key for the
/// purpose `"alarms"`. `GET /v1/alarms?since=&wait=`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AlarmAnswers {
    pub device: DeviceId,
    /// Rises with each step of any of them; a lower one than was heard is old.
    pub rev: u64,
    /// At most [`ALARM_ANSWERS_MAX`].
    pub alarms: Vec<AlarmAnswer>,
    pub server_ms: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CameraState {
    Working,
    /// Nothing to see: a hand, tape, darkness.
    Covered,
    /// No picture for a second.
    Stalled,
    Unplugged,
    Missing,
}

/// The camera's state changed and stayed so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CameraStateChanged {
    pub at: Stamp,
    pub state: CameraState,
}

/// Something was done to the terminal itself, or to its power.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseChanged {
    pub at: Stamp,
    pub change: CaseChange,
}

/// 防拆 and power.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseChange {
    Opened,
    Closed,
    /// Mains power is gone: it runs on its battery.
    OnBattery,
    OnMains,
}
