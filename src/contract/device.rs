// SPDX-License-Identifier: GPL-3.0-only
//! What a terminal says of itself; it names nobody. Trouble with its keeping of events travels in the alarm's lane:
//! somebody's word may be stuck, and only IT can free it. How it is doing travels last.

use crate::{CameraState, Digest, Lane, Stamp, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that IT has to look at. It names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeviceTroubled {
    pub at: Stamp,
    pub trouble: DeviceTrouble,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "trouble", rename_all = "snake_case")]
pub enum DeviceTrouble {
    /// The store was damaged: it lies on the terminal, `salvaged` unsent events were carried over, a new epoch began.
    StoreDamaged { salvaged: u32 },
    /// The platform says that this lane contradicts itself: what it held is kept on the terminal, new events come in a
    /// new epoch.
    LaneForked { lane: Lane, epoch: u32 },
    /// The platform cannot read this event at all: it is kept on the terminal, and only its hash was sent.
    Quarantined { lane: Lane, hash: Digest },
}

/// How the terminal is doing, for the desk's list of terminals: after each start and every hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeviceHealth {
    pub at: Stamp,
    /// Of the program.
    pub version: Text<40>,
    /// How far the terminal's own wall clock is behind the platform's, in milliseconds; none until the platform said.
    pub clock_behind_ms: Option<i64>,
    pub camera: CameraState,
    /// The face models are installed and sound.
    pub models: bool,
    /// Every lane.
    pub lanes: Vec<LaneState>,
}

/// How much of a lane is still in the cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LaneState {
    pub lane: Lane,
    /// Events without a verdict.
    pub waiting: u64,
    /// Age of the oldest of them, in seconds.
    pub oldest_s: u64,
    /// Events the platform cannot take: kept here for a person to look at.
    pub kept: u64,
}
