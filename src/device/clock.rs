// SPDX-License-Identifier: GPL-3.0-only
//! Time with its trust: the only place that reads the system's clocks.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use contract::{BootId, Stamp, Trust};

/// A longer round trip says too little about the time.
const ROUND_TRIP_MS_MAX: i64 = 5_000;

/// Tells the time as a [`Stamp`].
pub trait Clock: Send + Sync {
    fn now(&self) -> Stamp;

    /// The platform's signed answer says its wall clock shows `server_ms`, give or take half of `round_trip_ms`.
    fn witness(&self, server_ms: i64, round_trip_ms: i64);
}

/// The system's clocks: `CLOCK_BOOTTIME` for order, and the system's wall clock until the platform's first signed
/// answer. From then on the wall time is that answer's plus the time since: setting the system's clock moves nothing.
pub struct SystemClock {
    boot: BootId,
    /// What to add to the time since boot, once the platform has said.
    offset_ms: OnceLock<AtomicI64>,
}

impl SystemClock {
    pub fn new() -> Self {
        Self { boot: boot_id(), offset_ms: OnceLock::new() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Stamp {
        let mono_ms = mono_ms();
        let (wall_ms, trust) = match self.offset_ms.get() {
            Some(offset_ms) => (mono_ms.saturating_add(offset_ms.load(Ordering::Acquire)), Trust::Synced),
            None => (wall_ms(), Trust::Unsynced),
        };
        Stamp { boot: self.boot, mono_ms, wall_ms, trust }
    }

    fn witness(&self, server_ms: i64, round_trip_ms: i64) {
        if let Some(offset_ms) = offset_to(mono_ms(), server_ms, round_trip_ms) {
            self.offset_ms.get_or_init(AtomicI64::default).store(offset_ms, Ordering::Release);
        }
    }
}

/// What to add to a clock showing `local_ms` (Cristian's algorithm: the error is at most half the round trip);
/// nothing when the answer took longer than [`ROUND_TRIP_MS_MAX`].
pub(crate) fn offset_to(local_ms: i64, server_ms: i64, round_trip_ms: i64) -> Option<i64> {
    (0..=ROUND_TRIP_MS_MAX)
        .contains(&round_trip_ms)
        .then(|| server_ms.saturating_add(round_trip_ms / 2).saturating_sub(local_ms))
}

/// Time since boot, sleep included: the scale of [`Stamp::mono_ms`] and of [`crate::Frame::taken`], the same in
/// every process.
pub fn since_boot() -> Duration {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    Duration::new(t.tv_sec.max(0).unsigned_abs(), u32::try_from(t.tv_nsec).unwrap_or(0))
}

fn mono_ms() -> i64 {
    i64::try_from(since_boot().as_millis()).unwrap_or(i64::MAX)
}

fn wall_ms() -> i64 {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::Realtime);
    t.tv_sec.saturating_mul(1000).saturating_add(t.tv_nsec / 1_000_000)
}

/// The kernel's id of this boot; a fresh one where the kernel does not tell.
fn boot_id() -> BootId {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .map_or_else(BootId::fresh, BootId)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_platforms_time_runs_on_from_its_answer() {
        let clock = SystemClock::new();
        assert_eq!(clock.now().trust, Trust::Unsynced);
        clock.witness(1_000, 40);
        let first = clock.now();
        assert_eq!(first.trust, Trust::Synced);
        assert!((1_020..60_000).contains(&first.wall_ms), "{first:?}");
        let then = clock.now();
        assert_eq!(then.wall_ms - first.wall_ms, then.mono_ms - first.mono_ms);
    }
}
