// SPDX-License-Identifier: GPL-3.0-only
//! The rules of reaching the platform: when to try, how long to wait, what the screen says.
//!
//! Time and chance come in as arguments. Waits are full jitter, `U(0, min(cap, base·2ⁿ))`; the first try after a loss
//! waits a random part of the window the platform named, so that ten thousand terminals do not come back at once; `n`
//! goes back to zero only after a minute of health. A refusal keeps everything and is asked about again, slowly.

/// Longest wait the platform may ask of an ordinary terminal, in milliseconds.
const WINDOW_MS_MAX: i64 = 3_600_000;
/// How soon a terminal looks again whether someone enrolled it, in milliseconds.
const ENROL_LOOK_MS: i64 = 5_000;
/// The doubling stops here; every cap is reached long before.
const DOUBLINGS_MAX: u32 = 20;

/// The waits of one connection, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// The first wait is at most this.
    pub base_ms: i64,
    /// No wait between tries is longer.
    pub cap_ms: i64,
    /// The window before the platform named one, and the longest it may name.
    pub window_ms: i64,
    pub window_ms_max: i64,
    /// Between two tries of a terminal that was refused.
    pub refused_ms: i64,
    /// After this long online the tries count from zero again.
    pub healthy_ms: i64,
}

impl Pace {
    pub const ORDINARY: Self = Self {
        base_ms: 1_000,
        cap_ms: 300_000,
        window_ms: 30_000,
        window_ms_max: WINDOW_MS_MAX,
        refused_ms: 300_000,
        healthy_ms: 60_000,
    };
    pub const ALARM: Self = Self {
        base_ms: 1_000,
        cap_ms: 5_000,
        window_ms: 2_000,
        window_ms_max: 2_000,
        refused_ms: 30_000,
        healthy_ms: 60_000,
    };
}

/// Why the platform does not take this terminal. What it keeps stays kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It was never enrolled here.
    NotEnrolled,
    /// Its certificate does not count (401).
    Certificate,
    /// It is taken out of service (403).
    Revoked,
    /// It speaks a version the platform does not (426).
    Version,
    /// Its files cannot be used: IT must look.
    Damaged,
}

/// What the screen may say about the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    /// No answer; the next try is planned.
    Offline,
    /// A try is under way.
    Connecting,
    /// The last answer was signed and fitted.
    Online,
    Refused(Why),
}

/// One connection's state. `now_ms` is a monotonic time in milliseconds; `chance` is even in 0 to 1.
#[derive(Debug, Clone)]
pub struct Link {
    pace: Pace,
    state: LinkState,
    tries: u32,
    due_ms: i64,
    online_since_ms: i64,
    window_ms: i64,
}

impl Link {
    /// Not connected, and free to try at once.
    pub fn new(pace: Pace) -> Self {
        let window_ms = pace.window_ms;
        Self { pace, state: LinkState::Offline, tries: 0, due_ms: i64::MIN, online_since_ms: 0, window_ms }
    }

    pub fn state(&self) -> LinkState {
        self.state
    }

    /// Milliseconds until the next try is due; zero when it is.
    pub fn wait_ms(&self, now_ms: i64) -> i64 {
        self.due_ms.saturating_sub(now_ms).max(0)
    }

    /// A request goes out.
    pub fn begun(&mut self) {
        if self.state == LinkState::Offline {
            self.state = LinkState::Connecting;
        }
    }

    /// A signed answer that fits came in.
    pub fn answered(&mut self, now_ms: i64) {
        if self.state != LinkState::Online {
            self.online_since_ms = now_ms;
        }
        self.state = LinkState::Online;
        self.due_ms = now_ms;
    }

    /// The platform says over what time its terminals shall come back after a loss.
    pub fn window(&mut self, window_s: u32) {
        self.window_ms = i64::from(window_s).saturating_mul(1000).min(self.pace.window_ms_max);
    }

    /// The platform answered with a status that speaks of this request only, and signed nothing.
    pub fn reached(&mut self, now_ms: i64) {
        if self.state == LinkState::Connecting {
            self.state = LinkState::Offline;
            self.due_ms = now_ms;
        }
    }

    /// No answer, or one that cannot be believed.
    pub fn lost(&mut self, now_ms: i64, chance: f64) {
        self.delay(now_ms, 0, chance);
    }

    /// The platform is there and asks to wait (429, 503).
    pub fn busy(&mut self, now_ms: i64, after_ms: i64, chance: f64) {
        self.delay(now_ms, after_ms.clamp(0, self.pace.cap_ms), chance);
    }

    /// The platform, or this terminal's own files, say no.
    pub fn refused(&mut self, now_ms: i64, why: Why, chance: f64) {
        self.state = LinkState::Refused(why);
        let wait_ms = match why {
            Why::NotEnrolled => ENROL_LOOK_MS.min(self.pace.refused_ms),
            Why::Certificate | Why::Revoked | Why::Version | Why::Damaged => {
                self.pace.refused_ms / 2 + part(self.pace.refused_ms / 2, chance)
            }
        };
        self.due_ms = now_ms.saturating_add(wait_ms);
    }

    /// The machine sees a network again: a long wait becomes a part of the window.
    pub fn mended(&mut self, now_ms: i64, chance: f64) {
        if matches!(self.state, LinkState::Offline | LinkState::Connecting) {
            self.due_ms = self.due_ms.min(now_ms.saturating_add(part(self.window_ms, chance)));
        }
    }

    fn delay(&mut self, now_ms: i64, least_ms: i64, chance: f64) {
        let was_online = self.state == LinkState::Online;
        if was_online && now_ms.saturating_sub(self.online_since_ms) >= self.pace.healthy_ms {
            self.tries = 0;
        }
        let doubled = self.pace.base_ms.saturating_mul(1 << self.tries.min(DOUBLINGS_MAX));
        let back_off_ms = match (was_online, self.tries) {
            (true, 0) => self.window_ms,
            (true, _) => self.window_ms.max(doubled.min(self.pace.cap_ms)),
            (false, _) => doubled.min(self.pace.cap_ms),
        };
        self.tries = self.tries.saturating_add(1);
        self.state = LinkState::Offline;
        let longest_ms = self.pace.cap_ms.max(self.window_ms);
        self.due_ms = now_ms.saturating_add((least_ms + part(back_off_ms, chance)).min(longest_ms));
    }
}

fn part(whole_ms: i64, chance: f64) -> i64 {
    (whole_ms as f64 * chance.clamp(0.0, 1.0)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE_MS: i64 = 60_000;

    fn online(pace: Pace, now_ms: i64) -> Link {
        let mut link = Link::new(pace);
        link.begun();
        link.answered(now_ms);
        link
    }

    #[test]
    fn a_started_terminal_tries_at_once() {
        let mut link = Link::new(Pace::ORDINARY);
        assert_eq!((link.state(), link.wait_ms(0)), (LinkState::Offline, 0));
        link.begun();
        assert_eq!(link.state(), LinkState::Connecting);
        link.answered(5);
        assert_eq!((link.state(), link.wait_ms(5)), (LinkState::Online, 0));
    }

    #[test]
    fn the_first_try_after_a_loss_waits_a_part_of_the_platforms_window() {
        for (chance, wait_ms) in [(0.0, 0), (0.5, 300_000), (1.0, 600_000)] {
            let mut link = online(Pace::ORDINARY, 0);
            link.window(600);
            link.lost(2 * MINUTE_MS, chance);
            assert_eq!(link.wait_ms(2 * MINUTE_MS), wait_ms);
        }
    }

    #[test]
    fn waits_double_up_to_the_cap_and_no_further() {
        let mut link = Link::new(Pace::ORDINARY);
        let mut waits = Vec::new();
        for _ in 0..60 {
            link.begun();
            link.lost(0, 1.0);
            waits.push(link.wait_ms(0) / 1000);
        }
        assert_eq!(&waits[..10], [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
        assert!(waits[10..].iter().all(|wait| *wait == 300));
    }

    #[test]
    fn an_alarm_never_waits_longer_than_five_seconds() {
        let mut link = online(Pace::ALARM, 0);
        link.window(600);
        for _ in 0..60 {
            link.lost(0, 1.0);
            assert!(link.wait_ms(0) <= 5_000);
            link.busy(0, 86_400_000, 1.0);
            assert!(link.wait_ms(0) <= 5_000);
        }
    }

    #[test]
    fn an_answer_alone_does_not_reset_the_tries_only_a_minute_of_health_does() {
        let mut link = Link::new(Pace { window_ms: 0, ..Pace::ORDINARY });
        for _ in 0..5 {
            link.lost(0, 1.0);
        }
        link.answered(0);
        link.lost(MINUTE_MS - 1, 1.0);
        assert_eq!(link.wait_ms(MINUTE_MS - 1), 32_000);
        link.answered(MINUTE_MS);
        link.lost(3 * MINUTE_MS, 1.0);
        assert_eq!(link.wait_ms(3 * MINUTE_MS), 0);
        link.lost(3 * MINUTE_MS, 1.0);
        assert_eq!(link.wait_ms(3 * MINUTE_MS), 2_000);
    }

    #[test]
    fn invariant_13_ten_thousand_terminals_come_back_spread_over_the_window() {
        let mut per_second = [0; 600];
        for i in 0..10_000 {
            let mut link = online(Pace::ORDINARY, 0);
            link.window(600);
            link.lost(2 * MINUTE_MS, f64::from(i) / 10_000.0);
            per_second[link.wait_ms(2 * MINUTE_MS) as usize / 1000] += 1;
        }
        assert!(per_second.iter().all(|count| (15..=18).contains(count)));
    }

    #[test]
    fn a_refused_terminal_says_so_until_it_is_answered_and_asks_slowly() {
        let mut link = online(Pace::ORDINARY, 0);
        link.refused(0, Why::Revoked, 0.0);
        assert_eq!(link.wait_ms(0), 150_000);
        link.begun();
        assert_eq!(link.state(), LinkState::Refused(Why::Revoked));
        link.mended(0, 0.0);
        assert_eq!(link.wait_ms(0), 150_000);
        link.answered(150_000);
        assert_eq!(link.state(), LinkState::Online);
    }

    #[test]
    fn a_terminal_that_was_never_enrolled_looks_again_soon() {
        let mut link = Link::new(Pace::ORDINARY);
        link.refused(0, Why::NotEnrolled, 1.0);
        assert_eq!(link.wait_ms(0), 5_000);
    }

    #[test]
    fn a_busy_platform_is_left_alone_as_long_as_it_asks_within_the_cap() {
        let mut link = online(Pace { window_ms: 0, ..Pace::ORDINARY }, 0);
        link.busy(2 * MINUTE_MS, 30_000, 0.0);
        assert_eq!(link.wait_ms(2 * MINUTE_MS), 30_000);
        link.busy(0, i64::MAX, 0.0);
        assert_eq!(link.wait_ms(0), 300_000);
    }

    #[test]
    fn a_mended_network_shortens_a_long_wait_but_not_to_one_moment_for_all() {
        let mut link = Link::new(Pace::ORDINARY);
        for _ in 0..20 {
            link.lost(0, 1.0);
        }
        link.mended(0, 0.5);
        assert_eq!(link.wait_ms(0), 15_000);
    }

    #[test]
    fn a_status_about_one_request_is_no_loss() {
        let mut link = online(Pace::ORDINARY, 0);
        link.reached(1);
        assert_eq!(link.state(), LinkState::Online);
    }
}
