// SPDX-License-Identifier: GPL-3.0-only
//! Rotas (值班表): the first one of a cell, and next week's after this week's. Each is approved by whoever asks for it;
//! people who are exempt have no turn.

use crate::{Fault, secrets};
use contract::{DetaineeId, HexBytes, Member, Rota, Shift, ShiftId, Steward};

/// Days of a cycle.
const DAYS: u8 = 7;
/// People of a shift, and of its reserve.
const PEOPLE: usize = 2;
const DAY_MIN: u32 = 24 * 60;

/// When somebody is on duty on each day: title, minute after midnight, length in minutes. The noon rest and the night,
/// which is kept in turns of two hours.
const DAY: [(&str, u32, u16); 5] = [
    ("夜班二", 0, 120),
    ("夜班三", 120, 120),
    ("夜班四", 240, 150),
    ("午休班", 12 * 60, 150),
    ("夜班一", 22 * 60, 120),
];

/// A first rota from a midnight on: everybody in order, two by two.
pub(crate) fn first(members: &[Member], from_ms: i64) -> Result<Option<Rota>, Fault> {
    let able: Vec<DetaineeId> =
        members.iter().filter(|member| member.exempt.is_none()).map(|member| member.id).collect();
    if able.is_empty() {
        return Ok(None);
    }
    let person = |at: usize| able[at % able.len()];
    let mut shifts = Vec::new();
    for day in 0..DAYS {
        for (title, minute, minutes) in DAY {
            let at = shifts.len() * PEOPLE;
            let mut people: Vec<DetaineeId> = (at..at + PEOPLE).map(person).collect();
            people.dedup();
            shifts.push(Shift {
                shift: ShiftId::fresh(),
                title: title.into(),
                begins_min: u32::from(day) * DAY_MIN + minute,
                minutes,
                people,
                reserve: Vec::new(),
            });
        }
    }
    let stewards = (0..DAYS).map(|day| Steward { day, detainee: person(usize::from(day)) }).collect();
    Ok(Some(Rota { from_ms, days: DAYS, seed: seed()?, shifts, stewards }))
}

/// The cycle after this one: the same times, everybody one turn later, so that nobody keeps the worst hours.
pub(crate) fn next(rota: &Rota, members: &[Member]) -> Result<Rota, Fault> {
    let able = |id: &DetaineeId| members.iter().any(|one| one.id == *id && one.exempt.is_none());
    let count = rota.shifts.len();
    let mut shifts = rota.shifts.clone();
    for (at, shift) in shifts.iter_mut().enumerate() {
        shift.shift = ShiftId::fresh();
        let before = &rota.shifts[(at + count - 1) % count].people;
        let people: Vec<DetaineeId> = before.iter().copied().filter(able).collect();
        if !people.is_empty() {
            shift.people = people;
        }
    }
    let from_ms = rota.from_ms.saturating_add(rota.cycle_ms());
    Ok(Rota { from_ms, seed: seed()?, shifts, ..rota.clone() })
}

/// The midnight before a time on a clock `offset_min` ahead of UTC.
pub(crate) fn midnight_ms(now_ms: i64, offset_min: i16) -> i64 {
    const DAY_MS: i64 = 86_400_000;
    let offset_ms = i64::from(offset_min) * 60_000;
    now_ms.saturating_add(offset_ms).div_euclid(DAY_MS) * DAY_MS - offset_ms
}

fn seed() -> Result<HexBytes, Fault> {
    Ok(HexBytes(secrets::random::<16>()?.to_vec()))
}
