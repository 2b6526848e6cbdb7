// SPDX-License-Identifier: GPL-3.0-only
//! Another clock whose wall time can be made wrong, for the developer dock.

use crate::Clock;
use contract::{Stamp, Trust};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Clones are the same clock.
#[derive(Clone)]
pub struct Jumpable {
    clock: Arc<dyn Clock>,
    jumped_ms: Arc<AtomicI64>,
    trust: Arc<Mutex<Option<Trust>>>,
}

impl Jumpable {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, jumped_ms: Arc::default(), trust: Arc::default() }
    }

    /// The wall clock jumps by `ms` and is believed only as far as `trust`, until the platform's next witness.
    pub fn jump(&self, ms: i64, trust: Trust) {
        self.jumped_ms.fetch_add(ms, Ordering::AcqRel);
        *self.trust.lock().unwrap_or_else(PoisonError::into_inner) = Some(trust);
    }
}

impl Clock for Jumpable {
    fn now(&self) -> Stamp {
        let now = self.clock.now();
        let trust = *self.trust.lock().unwrap_or_else(PoisonError::into_inner);
        Stamp {
            wall_ms: now.wall_ms.saturating_add(self.jumped_ms.load(Ordering::Acquire)),
            trust: trust.unwrap_or(now.trust),
            ..now
        }
    }

    /// The platform's time puts the jump right.
    fn witness(&self, server_ms: i64, round_trip_ms: i64) {
        self.clock.witness(server_ms, round_trip_ms);
        self.jumped_ms.store(0, Ordering::Release);
        *self.trust.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn behind_ms(&self) -> Option<i64> {
        let jumped_ms = self.jumped_ms.load(Ordering::Acquire);
        self.clock.behind_ms().map(|behind_ms| behind_ms.saturating_sub(jumped_ms))
    }
}
