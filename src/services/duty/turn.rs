// SPDX-License-Identifier: GPL-3.0-only
//! One turn through its time. It is judged by its own elapsed time: the monotonic clock within one boot, the wall only
//! across a power cut, and the platform's time once it is known. What time alone changes is computed here, without
//! writing, so that an idle terminal writes nothing; a turn that goes on writes once a minute.

use super::{Dark, Gap, PersonRow, Phase, Place, Step, TurnRow};
use contract::{DutyPolicy, GapKind, Stamp, Trust};

/// Longest time without power a clock that nobody confirmed is believed about, in milliseconds: a day.
const DARK_MS_MAX: i64 = 86_400_000;
/// How often a turn that goes on keeps where it is, in milliseconds, so that a power cut is known to the minute.
const KEEP_EVERY_MS: i64 = 60_000;

/// How many are on duty, and how many of them have answered what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) on_duty: u32,
    pub(super) awake: u32,
}

impl TurnRow {
    /// Milliseconds since the turn began; negative before.
    pub(super) fn at_ms(&self, now: &Stamp) -> i64 {
        if self.base.boot == now.boot {
            return self.base_ms.saturating_add(now.since_ms(&self.base));
        }
        if now.trust == Trust::Synced {
            return now.wall_ms.saturating_sub(self.begins_ms);
        }
        let dark_ms = now.wall_ms.saturating_sub(self.base.wall_ms);
        // A clock that lost its time says nothing: the turn goes on where it was last known to be.
        let dark_ms = if (0..=DARK_MS_MAX).contains(&dark_ms) { dark_ms } else { 0 };
        self.base_ms.saturating_add(dark_ms)
    }

    /// Counts on from here. Within one boot a confirmed time stays confirmed, whatever the wall clock says since.
    pub(super) fn rebase(&mut self, now: &Stamp) {
        let at_ms = self.at_ms(now);
        let base = if self.base.boot == now.boot {
            let sure = self.base.trust == Trust::Synced;
            let wall_ms = if sure { self.begins_ms.saturating_add(at_ms) } else { now.wall_ms };
            Stamp { wall_ms, trust: self.base.trust, ..*now }
        } else {
            *now
        };
        (self.base_ms, self.base) = (at_ms, base);
    }

    /// The moment the turn was at a place of its time.
    pub(super) fn moment(&self, at_ms: i64, now: &Stamp) -> Stamp {
        let ago_ms = self.at_ms(now).saturating_sub(at_ms);
        Stamp {
            mono_ms: now.mono_ms.saturating_sub(ago_ms).max(0),
            wall_ms: now.wall_ms.saturating_sub(ago_ms),
            ..*now
        }
    }

    /// Whether it is not known yet how long the power was gone.
    pub(super) fn is_unsure(&self) -> bool {
        self.dark.is_some_and(|dark| dark.to_ms.is_none())
    }

    /// Whether people may sign on.
    pub(super) fn takes_sign_on(&self) -> bool {
        self.phase != Phase::Over
    }

    /// Whether a confirmation is open for somebody.
    pub(super) fn asks(&self, person: &PersonRow) -> bool {
        self.phase == Phase::Running
            && person.place == Place::On
            && !person.unwell
            && person.confirmed < self.asked
    }

    /// Whether it may be handed over.
    pub(super) fn takes_handover(&self, policy: &DutyPolicy, now: &Stamp) -> bool {
        self.phase != Phase::Open
            && self.handed_over.is_none()
            && self.at_ms(now) >= self.length_ms.saturating_sub(ms(policy.sign_on_before_s))
    }

    pub(super) fn count(&self, people: &[PersonRow], policy: &DutyPolicy, at_ms: i64) -> Count {
        let overdue = self.asked > 0 && at_ms >= self.asked_ms.saturating_add(ms(policy.confirm_window_s));
        let on = people.iter().filter(|person| person.place == Place::On);
        let awake = on.clone().filter(|person| !overdue || !self.asks(person)).count();
        Count { on_duty: crate::cell::count(on.count()), awake: crate::cell::count(awake) }
    }

    /// The turn as it must be now.
    pub(super) fn after(&self, people: &[PersonRow], policy: &DutyPolicy, now: &Stamp) -> Self {
        let mut row = self.clone();
        let rebooted = row.base.boot != now.boot;
        let confirmed = now.trust == Trust::Synced && (rebooted || row.base.trust != Trust::Synced);
        if rebooted {
            let from_ms = row.dark.map_or(row.base_ms, |dark| dark.from_ms);
            row.dark = Some(Dark { from_ms, on: *now, to_ms: None });
            row.rebase(now);
        }
        if confirmed {
            (row.base_ms, row.base) = (now.wall_ms.saturating_sub(row.begins_ms), *now);
            // A clock nobody had confirmed may have ended it too early.
            row.phase = Phase::Open;
            if let Some(dark) = &mut row.dark {
                dark.to_ms = Some(row.base_ms.saturating_sub(now.since_ms(&dark.on)));
            }
        }
        if rebooted || confirmed {
            // Whoever was asked when the power went, or while the clock was wrong, has the full time again.
            row.asked_ms = row.base_ms;
            row.below_ms = row.below_ms.map(|_| row.base_ms);
        }
        let at_ms = row.at_ms(now);
        if row.phase == Phase::Open && at_ms >= 0 {
            row.phase = Phase::Running;
        }
        if row.phase == Phase::Running && at_ms >= row.length_ms {
            row.phase = Phase::Over;
        }
        match row.phase {
            Phase::Open => {}
            Phase::Running => {
                row.ask(at_ms);
                row.watch(people, policy, at_ms, now);
            }
            // Whether it is over is not known: nothing is told of it, and nothing closes it but its handover.
            Phase::Over if row.is_unsure() => {
                row.step = Step::None;
                row.closed = row.handed_over.is_some();
            }
            Phase::Over => {
                (row.gap, row.step, row.below_ms) = (None, Step::None, None);
                let was_kept = people.iter().any(|person| person.place == Place::On);
                let waited = at_ms >= row.length_ms.saturating_add(ms(policy.sign_on_within_s));
                row.closed = row.handed_over.is_some() || !was_kept || waited;
            }
        }
        if row.phase != Phase::Over && at_ms.saturating_sub(row.base_ms) >= KEEP_EVERY_MS {
            row.rebase(now);
        }
        row
    }

    fn ask(&mut self, at_ms: i64) {
        let asked = self.confirmations_ms.iter().filter(|time| **time <= at_ms).count();
        let asked = crate::cell::count(asked);
        if asked > self.asked {
            (self.asked, self.asked_ms) = (asked, at_ms);
        }
    }

    /// First light, then a low voice, then the control room.
    fn watch(&mut self, people: &[PersonRow], policy: &DutyPolicy, at_ms: i64, now: &Stamp) {
        let count = self.count(people, policy, at_ms);
        let needed = u32::from(policy.people_min);
        self.below_ms = (count.on_duty < needed).then(|| self.below_ms.unwrap_or(at_ms.max(0)));
        let limit_ms = match self.below_ms {
            Some(below_ms) => below_ms.saturating_add(ms(policy.sign_on_within_s)),
            None if count.awake < needed => self.asked_ms.saturating_add(ms(policy.confirm_window_s)),
            None => {
                (self.gap, self.step) = (None, Step::None);
                return;
            }
        };
        let voice_ms = limit_ms.saturating_add(ms(policy.light_s));
        let told_ms = voice_ms.saturating_add(ms(policy.voice_s));
        self.step = if self.gap.is_some() || at_ms >= told_ms {
            Step::Told
        } else if at_ms >= voice_ms {
            Step::Voice
        } else if at_ms >= limit_ms {
            Step::Light
        } else {
            Step::None
        };
        if self.step == Step::Told && self.gap.is_none() {
            let kind = match (self.below_ms, count.on_duty) {
                (Some(_), 0) => GapKind::Nobody,
                (Some(_), _) => GapKind::TooFew,
                (None, _) => GapKind::Unconfirmed,
            };
            self.gaps += 1;
            let since = self.moment(limit_ms, now);
            self.gap = Some(Gap { number: self.gaps, kind, since, told: None });
        }
    }
}

pub(super) fn ms(seconds: u32) -> i64 {
    i64::from(seconds) * 1000
}
