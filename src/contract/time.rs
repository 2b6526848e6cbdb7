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

/// Milliseconds of an hour.
const HOUR_MS: i64 = 3_600_000;

impl Stamp {
    /// The same moment as far as a complaint tells it: the hour, nothing of boot or monotonic time.
    #[must_use]
    pub fn to_the_hour(&self) -> Self {
        let wall_ms = self.wall_ms - self.wall_ms.rem_euclid(HOUR_MS);
        Self { boot: BootId(uuid::Uuid::nil()), mono_ms: 0, wall_ms, trust: self.trust }
    }

    /// Milliseconds from `earlier` to here: by the monotonic clock within one boot, else by the wall, never negative.
    pub fn since_ms(&self, earlier: &Self) -> i64 {
        let (now, then) = if self.boot == earlier.boot && !self.boot.0.is_nil() {
            (self.mono_ms, earlier.mono_ms)
        } else {
            (self.wall_ms, earlier.wall_ms)
        };
        now.saturating_sub(then).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coarse_time_tells_the_hour_and_its_trust_and_nothing_else() {
        let at = |wall_ms| Stamp { boot: BootId::fresh(), mono_ms: 77, wall_ms, trust: Trust::Synced };
        let coarse = at(10 * HOUR_MS + 1).to_the_hour();
        assert_eq!(coarse, at(11 * HOUR_MS - 1).to_the_hour());
        assert_eq!((coarse.wall_ms, coarse.mono_ms, coarse.trust), (10 * HOUR_MS, 0, Trust::Synced));
        assert!(coarse.boot.0.is_nil());
        assert_eq!(at(-1).to_the_hour().wall_ms, -HOUR_MS, "before 1970 too");
    }

    #[test]
    fn coarse_times_are_as_far_apart_as_the_wall_says() {
        let at = |wall_ms| Stamp { boot: BootId::fresh(), mono_ms: 5, wall_ms, trust: Trust::Synced };
        let (first, second) = (at(0).to_the_hour(), at(3 * HOUR_MS).to_the_hour());
        assert_eq!(second.since_ms(&first), 3 * HOUR_MS);
    }
}
