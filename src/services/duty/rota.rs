// SPDX-License-Identifier: GPL-3.0-only
//! What the rota says, without the cell: which turn begins when, whose it is, who comes next. Of several cycles the
//! newest that has begun counts; the last one repeats where no newer came.

use contract::{DetaineeId, Digest, DutyPolicy, Rota, Shift, Steward, Swap, Turn};

/// Most confirmations of one turn.
const CONFIRMATIONS_MAX: usize = 64;

/// A turn as it is planned.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Planned<'a> {
    pub(super) turn: Turn,
    pub(super) shift: &'a Shift,
    pub(super) rota: &'a Rota,
    pub(super) begins_ms: i64,
    pub(super) ends_ms: i64,
}

impl Planned<'_> {
    /// Whose turn it is, after the swaps an officer agreed to.
    pub(super) fn people(&self, swaps: &[Swap]) -> Vec<DetaineeId> {
        let mut people = self.shift.people.clone();
        for swap in swaps {
            let (gives, takes) = if swap.first_turn == self.turn {
                (swap.first, swap.second)
            } else if swap.second_turn == self.turn {
                (swap.second, swap.first)
            } else {
                continue;
            };
            // A newer rota that already has the swap names the other.
            if !people.contains(&takes)
                && let Some(place) = people.iter_mut().find(|person| **person == gives)
            {
                *place = takes;
            }
        }
        people
    }

    /// The times of its confirmations, in milliseconds from its beginning.
    pub(super) fn confirmations_ms(&self, policy: &DutyPolicy, last_ms: i64) -> Vec<i64> {
        let (least, most) = (policy.confirm_every_s_min, policy.confirm_every_s_max);
        let span = u64::from(most.saturating_sub(least)) + 1;
        let (mut times, mut at_ms) = (Vec::new(), 0);
        while times.len() < CONFIRMATIONS_MAX {
            let mut drawn = self.rota.seed.0.clone();
            drawn.extend_from_slice(self.turn.shift.0.as_bytes());
            drawn.extend_from_slice(&self.turn.cycle.to_be_bytes());
            drawn.extend_from_slice(&(times.len() as u64).to_be_bytes());
            let digest = Digest::of(&drawn).0;
            let drawn = digest.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
            let wait_s = u64::from(least.max(1)) + drawn % span;
            at_ms += i64::try_from(wait_s).unwrap_or(i64::MAX / 1000).saturating_mul(1000);
            if at_ms > last_ms {
                break;
            }
            times.push(at_ms);
        }
        times
    }
}

/// The turns that touch the time from `from_ms` to before `to_ms`, the earliest first.
pub(super) fn planned(rotas: &[(String, Rota)], from_ms: i64, to_ms: i64) -> Vec<Planned<'_>> {
    let mut found = Vec::new();
    for (index, (_, rota)) in rotas.iter().enumerate() {
        let until_ms = rotas.get(index + 1).map_or(i64::MAX, |(_, next)| next.from_ms);
        let cycle_ms = rota.cycle_ms().max(1);
        let first = from_ms.saturating_sub(rota.from_ms).div_euclid(cycle_ms) - 1;
        let last = to_ms.saturating_sub(rota.from_ms).div_euclid(cycle_ms);
        for cycle in first.max(0)..=last {
            let Ok(cycle) = u32::try_from(cycle) else { break };
            for shift in &rota.shifts {
                let begins_ms = rota.begins_ms(shift, cycle);
                let ends_ms = begins_ms.saturating_add(i64::from(shift.minutes) * 60_000);
                if begins_ms < until_ms && begins_ms < to_ms && ends_ms > from_ms {
                    let turn = Turn { shift: shift.shift, cycle };
                    found.push(Planned { turn, shift, rota, begins_ms, ends_ms });
                }
            }
        }
    }
    found.sort_by_key(|planned| planned.begins_ms);
    found
}

/// Who is asked when somebody of this shift is taken out: its reserve, then whoever comes next in the rota.
pub(super) fn next_in_rota(rotas: &[(String, Rota)], turn: Turn) -> Vec<DetaineeId> {
    let of = |rota: &&Rota| rota.shifts.iter().any(|shift| shift.shift == turn.shift);
    let Some(rota) = rotas.iter().map(|(_, rota)| rota).find(of) else { return Vec::new() };
    let mut shifts: Vec<&Shift> = rota.shifts.iter().collect();
    shifts.sort_by_key(|shift| shift.begins_min);
    let at = shifts.iter().position(|shift| shift.shift == turn.shift).unwrap_or(0);
    let reserve = shifts[at].reserve.iter();
    let following = (1..shifts.len()).flat_map(|ahead| &shifts[(at + ahead) % shifts.len()].people);
    let mut asked: Vec<DetaineeId> = Vec::new();
    for person in reserve.chain(following) {
        if !asked.contains(person) {
            asked.push(*person);
        }
    }
    asked
}

/// 轮值员 of the day a time lies in.
pub(super) fn stewards(rotas: &[(String, Rota)], now_ms: i64) -> Vec<DetaineeId> {
    let begun = |rota: &&Rota| rota.from_ms <= now_ms;
    let Some(rota) = rotas.iter().map(|(_, rota)| rota).rfind(begun) else { return Vec::new() };
    let day = now_ms.saturating_sub(rota.from_ms).div_euclid(86_400_000).rem_euclid(rota.days.max(1).into());
    let of_day = |steward: &&Steward| i64::from(steward.day) == day;
    rota.stewards.iter().filter(of_day).map(|steward| steward.detainee).collect()
}
