// SPDX-License-Identifier: GPL-3.0-only
//! Time with its trust: the only place that reads the system's clocks.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use contract::{BootId, Stamp, Trust};

/// A longer round trip says too little about the time.
const ROUND_TRIP_MS_MAX: i64 = 5_000;
/// The best of so many answers counts.
const ANSWERS_KEPT: usize = 8;
/// A jump beyond this needs a second answer that agrees.
const JUMP_MS_MAX: i64 = 600_000;
/// How close two answers must be to agree, in milliseconds.
const AGREE_MS: i64 = 60_000;

/// Tells the time as a [`Stamp`].
pub trait Clock: Send + Sync {
    fn now(&self) -> Stamp;

    /// The platform's signed answer says its wall clock shows `server_ms`, give or take half of `round_trip_ms`.
    fn witness(&self, server_ms: i64, round_trip_ms: i64);

    /// How far the system's own wall clock is behind the platform's, in milliseconds; none until the platform has said.
    fn behind_ms(&self) -> Option<i64>;
}

/// The system's clocks: `CLOCK_BOOTTIME` for order, and the system's wall clock until the platform's first signed
/// answer. From then on the wall time is that answer's plus the time since: setting the system's clock moves nothing.
pub struct SystemClock {
    boot: BootId,
    offset: Mutex<Offset>,
}

impl SystemClock {
    pub fn new() -> Self {
        Self { boot: boot_id(), offset: Mutex::default() }
    }

    fn offset_ms(&self) -> Option<i64> {
        self.offset.lock().unwrap_or_else(PoisonError::into_inner).best_ms()
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
        let (wall_ms, trust) = match self.offset_ms() {
            Some(offset_ms) => (mono_ms.saturating_add(offset_ms), Trust::Synced),
            None => (wall_ms(), Trust::Unsynced),
        };
        Stamp { boot: self.boot, mono_ms, wall_ms, trust }
    }

    fn witness(&self, server_ms: i64, round_trip_ms: i64) {
        let mut offset = self.offset.lock().unwrap_or_else(PoisonError::into_inner);
        offset.witness(mono_ms(), server_ms, round_trip_ms);
    }

    fn behind_ms(&self) -> Option<i64> {
        Some(mono_ms().saturating_add(self.offset_ms()?).saturating_sub(wall_ms()))
    }
}

/// What to add to the time since boot, as far as signed answers say: the one of the last eight with the shortest round
/// trip (Cristian's algorithm: its error is at most half of that). One answer alone moves the time by ten minutes at
/// most; further only when the next agrees with it.
#[derive(Debug, Default)]
pub(crate) struct Offset {
    /// Round trip and offset, oldest first.
    answers: VecDeque<(i64, i64)>,
    /// Of an answer too far from the others, until another agrees.
    alone_ms: Option<i64>,
}

impl Offset {
    pub(crate) fn best_ms(&self) -> Option<i64> {
        self.answers.iter().min_by_key(|(round_trip_ms, _)| *round_trip_ms).map(|(_, offset_ms)| *offset_ms)
    }

    /// The platform said `server_ms` when the time since boot was `local_ms`. An answer that took longer than
    /// [`ROUND_TRIP_MS_MAX`] says nothing.
    pub(crate) fn witness(&mut self, local_ms: i64, server_ms: i64, round_trip_ms: i64) {
        if !(0..=ROUND_TRIP_MS_MAX).contains(&round_trip_ms) {
            return;
        }
        let offset_ms = server_ms.saturating_add(round_trip_ms / 2).saturating_sub(local_ms);
        let far = |from_ms: i64, by_ms: i64| offset_ms.saturating_sub(from_ms).saturating_abs() > by_ms;
        if self.best_ms().is_some_and(|best_ms| far(best_ms, JUMP_MS_MAX)) {
            if self.alone_ms.is_none_or(|alone_ms| far(alone_ms, AGREE_MS)) {
                self.alone_ms = Some(offset_ms);
                return;
            }
            self.answers.clear();
        }
        self.alone_ms = None;
        if self.answers.len() == ANSWERS_KEPT {
            self.answers.pop_front();
        }
        self.answers.push_back((round_trip_ms, offset_ms));
    }
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

    #[test]
    fn the_quickest_of_the_last_eight_answers_counts() {
        let mut offset = Offset::default();
        for (round_trip_ms, late_ms) in [(900, 400), (40, 3), (2_000, 700), (6_000, 9_000)] {
            offset.witness(0, 1_000 + late_ms - round_trip_ms / 2, round_trip_ms);
        }
        assert_eq!(offset.best_ms(), Some(1_003));
        for _ in 0..ANSWERS_KEPT {
            offset.witness(0, 1_500, 100);
        }
        assert_eq!(offset.best_ms(), Some(1_550), "an answer of long ago is forgotten");
    }

    #[test]
    fn one_answer_alone_does_not_move_the_time_far() {
        let (mut offset, hour_ms) = (Offset::default(), 3_600_000);
        offset.witness(0, 1_000, 0);
        offset.witness(0, 1_000 + hour_ms, 0);
        assert_eq!(offset.best_ms(), Some(1_000));
        offset.witness(0, 1_000 + 5 * hour_ms, 0);
        assert_eq!(offset.best_ms(), Some(1_000), "another that does not agree");
        offset.witness(50, 1_060 + 5 * hour_ms, 0);
        assert_eq!(offset.best_ms(), Some(1_010 + 5 * hour_ms));
    }
}
