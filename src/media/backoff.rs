// SPDX-License-Identifier: GPL-3.0-only
//! When to try again: a wait that doubles with each failure up to a limit. Knows no clock.

/// Waits in milliseconds.
pub(crate) struct Backoff {
    first_ms: i64,
    most_ms: i64,
    next_ms: i64,
}

impl Backoff {
    pub(crate) fn new(first_ms: i64, most_ms: i64) -> Self {
        Self { first_ms, most_ms, next_ms: first_ms }
    }

    /// How long to wait after one more failure.
    pub(crate) fn after_failure_ms(&mut self) -> i64 {
        let wait_ms = self.next_ms;
        self.next_ms = wait_ms.saturating_mul(2).min(self.most_ms);
        wait_ms
    }

    pub(crate) fn succeeded(&mut self) {
        self.next_ms = self.first_ms;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_limit_and_start_over_after_success() {
        let mut backoff = Backoff::new(1_000, 10_000);
        let waits: Vec<_> = (0..6).map(|_| backoff.after_failure_ms()).collect();
        assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
        backoff.succeeded();
        assert_eq!(backoff.after_failure_ms(), 1_000);
    }
}
