// SPDX-License-Identifier: GPL-3.0-only
//! A clock moved by hand. It stands still unless told.

use std::sync::{Arc, Mutex, PoisonError};

use contract::{BootId, Stamp, Trust};

use crate::clock::Offset;

/// Clones are the same clock.
#[derive(Clone)]
pub struct Clock(Arc<Mutex<State>>);

struct State {
    boot: BootId,
    mono_ms: i64,
    /// What the terminal's own wall clock shows, right or wrong.
    local_ms: i64,
    offset: Offset,
    trust: Trust,
}

impl Clock {
    /// A clock just booted, its wall clock at `wall_ms` and not yet synced.
    pub fn at(wall_ms: i64) -> Self {
        Self(Arc::new(Mutex::new(State {
            boot: BootId::fresh(),
            mono_ms: 0,
            local_ms: wall_ms,
            offset: Offset::default(),
            trust: Trust::Unsynced,
        })))
    }

    /// Time passes. A negative `ms` is taken as zero: the monotonic clock never goes back.
    pub fn advance(&self, ms: i64) {
        self.with(|s| {
            s.mono_ms = s.mono_ms.saturating_add(ms.max(0));
            s.local_ms = s.local_ms.saturating_add(ms.max(0));
        });
    }

    /// The wall clock jumps by `ms`, either way; the monotonic clock does not notice, nor does the time anchored to it.
    pub fn jump_wall(&self, ms: i64) {
        self.with(|s| s.local_ms = s.local_ms.saturating_add(ms));
    }

    pub fn set_trust(&self, trust: Trust) {
        self.with(|s| s.trust = trust);
    }

    /// A power cut and a new boot: another boot id, the monotonic clock from zero, nothing known of the platform's
    /// time. The wall clock goes on, as one with a battery does.
    pub fn reboot(&self) {
        self.with(|s| {
            s.boot = BootId::fresh();
            s.mono_ms = 0;
            s.offset = Offset::default();
            s.trust = Trust::Unsynced;
        });
    }

    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl crate::Clock for Clock {
    fn now(&self) -> Stamp {
        self.with(|s| Stamp {
            boot: s.boot,
            mono_ms: s.mono_ms,
            wall_ms: s.offset.best_ms().map_or(s.local_ms, |offset| s.mono_ms.saturating_add(offset)),
            trust: s.trust,
        })
    }

    fn witness(&self, server_ms: i64, round_trip_ms: i64) {
        self.with(|s| {
            s.offset.witness(s.mono_ms, server_ms, round_trip_ms);
            if s.offset.best_ms().is_some() {
                s.trust = Trust::Synced;
            }
        });
    }

    fn behind_ms(&self) -> Option<i64> {
        self.with(|s| Some(s.mono_ms.saturating_add(s.offset.best_ms()?).saturating_sub(s.local_ms)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clock as _;

    const NOON_MS: i64 = 1_795_320_000_000;

    #[test]
    fn time_stands_still_until_advanced() {
        let clock = Clock::at(NOON_MS);
        let (before, same) = (clock.now(), clock.now());
        let hand = clock.clone();
        hand.advance(1_500);
        let after = clock.now();
        assert_eq!((same.mono_ms, same.wall_ms), (before.mono_ms, before.wall_ms));
        assert_eq!((after.mono_ms, after.wall_ms), (1_500, NOON_MS + 1_500));
    }

    #[test]
    fn time_never_goes_back_by_advancing() {
        let clock = Clock::at(NOON_MS);
        clock.advance(-1);
        assert_eq!(clock.now().mono_ms, 0);
    }

    #[test]
    fn a_jump_of_the_wall_clock_leaves_the_order_of_things() {
        let clock = Clock::at(NOON_MS);
        clock.advance(10);
        clock.jump_wall(-86_400_000);
        let now = clock.now();
        assert_eq!((now.mono_ms, now.wall_ms), (10, NOON_MS + 10 - 86_400_000));
    }

    #[test]
    fn the_platforms_answer_corrects_a_wrong_clock() {
        let clock = Clock::at(0);
        clock.witness(NOON_MS, 200);
        let now = clock.now();
        assert_eq!((now.wall_ms, now.trust), (NOON_MS + 100, Trust::Synced));
        clock.jump_wall(86_400_000);
        assert_eq!(clock.now().wall_ms, NOON_MS + 100);
    }

    #[test]
    fn an_answer_that_took_too_long_says_nothing_about_the_time() {
        let clock = Clock::at(7);
        clock.witness(NOON_MS, 60_000);
        let now = clock.now();
        assert_eq!((now.wall_ms, now.trust), (7, Trust::Unsynced));
    }

    #[test]
    fn a_reboot_is_another_boot_and_forgets_the_trust() {
        let clock = Clock::at(NOON_MS);
        clock.advance(5);
        clock.set_trust(Trust::Synced);
        let before = clock.now();
        clock.reboot();
        let after = clock.now();
        assert!(before.boot != after.boot);
        assert_eq!((after.mono_ms, after.trust), (0, Trust::Unsynced));
        assert_eq!(after.wall_ms, before.wall_ms);
    }
}
