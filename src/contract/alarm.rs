// SPDX-License-Identifier: GPL-3.0-only
//! Calls for help, and what the terminal notices about itself.

use crate::Stamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 一键报警: someone held the alarm. It names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AlarmRaised {
    pub at: Stamp,
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
