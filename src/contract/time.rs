// SPDX-License-Identifier: GPL-3.0-only
//! A time with its trust. Order comes from sequence numbers, never from a clock.

use crate::BootId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far the wall time can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// Corrected by a signed answer of the platform in this boot.
    Synced,
    /// Carried over from an earlier boot.
    Estimated,
    /// Nothing but the machine's own clock.
    Unsynced,
}

/// A moment as this terminal saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stamp {
    pub boot: BootId,
    /// Milliseconds since that boot; never goes back within it.
    pub mono_ms: i64,
    /// Milliseconds since 1970 UTC as believed then.
    pub wall_ms: i64,
    pub trust: Trust,
}

impl Stamp {
    /// Milliseconds from `earlier` to here: by the monotonic clock within one boot, else by the wall, never negative.
    pub fn since_ms(&self, earlier: &Self) -> i64 {
        let (now, then) = if self.boot == earlier.boot {
            (self.mono_ms, earlier.mono_ms)
        } else {
            (self.wall_ms, earlier.wall_ms)
        };
        now.saturating_sub(then).max(0)
    }
}
