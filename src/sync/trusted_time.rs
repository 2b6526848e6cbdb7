// SPDX-License-Identifier: GPL-3.0-only
//! The time certificates are checked at.
//!
//! A terminal whose clock battery is dead starts in 1970, and one set wrongly in 2099; neither may keep it from the
//! platform. The time is never before the floor, the later of the build and the last signed server time; a clock past
//! the end of this terminal's own certificate is not believed, and the floor counts.

use rustls::time_provider::TimeProvider;
use rustls_pki_types::UnixTime;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// No build is older: 2026-11-01, milliseconds since 1970 UTC.
const BUILD_MS_MIN: i64 = 1_793_491_200_000;

/// Tells the believed wall time in milliseconds since 1970 UTC.
pub type WallClock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// A floor under the clock, shared by all connections of a terminal.
#[derive(Clone)]
pub(crate) struct TrustedTime {
    wall: WallClock,
    floor_ms: Arc<AtomicI64>,
    /// A clock past this is not believed.
    until_ms: i64,
}

impl TrustedTime {
    /// `kept_ms` is the last signed server time of an earlier run.
    pub(crate) fn new(wall: WallClock, kept_ms: i64) -> Self {
        let floor_ms = kept_ms.max(build_ms());
        Self { wall, floor_ms: Arc::new(AtomicI64::new(floor_ms)), until_ms: i64::MAX }
    }

    /// The same, for a certificate that ends at `until_ms`.
    pub(crate) fn until(&self, until_ms: i64) -> Self {
        Self { until_ms, ..self.clone() }
    }

    /// A signed answer said it is `server_ms`.
    pub(crate) fn witness(&self, server_ms: i64) {
        self.floor_ms.fetch_max(server_ms, Ordering::AcqRel);
    }

    pub(crate) fn floor_ms(&self) -> i64 {
        self.floor_ms.load(Ordering::Acquire)
    }

    pub(crate) fn now_ms(&self) -> i64 {
        let (floor_ms, wall_ms) = (self.floor_ms(), (self.wall)());
        if wall_ms > self.until_ms { floor_ms } else { floor_ms.max(wall_ms) }
    }
}

impl TimeProvider for TrustedTime {
    fn current_time(&self) -> Option<UnixTime> {
        let now_ms = u64::try_from(self.now_ms()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_millis(now_ms)))
    }
}

impl std::fmt::Debug for TrustedTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TrustedTime(floor {})", self.floor_ms())
    }
}

/// A reproducible build names its time in seconds.
fn build_ms() -> i64 {
    let named = option_env!("SOURCE_DATE_EPOCH").and_then(|seconds| seconds.parse::<i64>().ok());
    named.map_or(0, |seconds| seconds.saturating_mul(1000)).max(BUILD_MS_MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 86_400_000;

    fn at(wall_ms: i64, kept_ms: i64) -> TrustedTime {
        TrustedTime::new(Arc::new(move || wall_ms), kept_ms)
    }

    #[test]
    fn a_dead_battery_falls_back_to_the_last_signed_time() {
        let kept_ms = BUILD_MS_MIN + 90 * DAY_MS;
        assert_eq!(at(0, kept_ms).now_ms(), kept_ms);
        assert!(at(0, 0).now_ms() >= BUILD_MS_MIN);
        assert!(at(-5, i64::MIN).current_time().is_some());
    }

    #[test]
    fn a_clock_after_the_floor_is_believed_up_to_the_end_of_the_own_certificate() {
        let kept_ms = BUILD_MS_MIN + DAY_MS;
        let until_ms = BUILD_MS_MIN + 180 * DAY_MS;
        assert_eq!(at(kept_ms + 5, kept_ms).until(until_ms).now_ms(), kept_ms + 5);
        assert_eq!(at(4_070_908_800_000, kept_ms).until(until_ms).now_ms(), kept_ms);
    }

    #[test]
    fn a_signed_time_raises_the_floor_and_never_lowers_it() {
        let time = at(0, BUILD_MS_MIN);
        time.witness(BUILD_MS_MIN + 7);
        time.witness(5);
        assert_eq!(time.now_ms(), BUILD_MS_MIN + 7);
    }
}
