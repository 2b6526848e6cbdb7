// SPDX-License-Identifier: GPL-3.0-only
//! What a terminal notices about its own keeping of events. It travels in the alarm's lane: somebody's word may be
//! stuck, and only IT can free it.

use crate::{Digest, Lane, Stamp};
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
