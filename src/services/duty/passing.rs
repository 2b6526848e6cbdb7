// SPDX-License-Identifier: GPL-3.0-only
//! Time passes over the turns: one opens, goes on, ends; too few on duty is told further. A turn opens by a confirmed
//! time only, in this boot or in an earlier second of it: a clock nobody confirmed opens none.

use super::{
    Gap, KEPT, Matter, PersonRow, Phase, Place, Step, TurnRow, reconcile, rota, tables, turn, unrecorded,
};
use contract::{DetaineeId, DutyGap, DutyPolicy, Event, GapKind, Stamp, Trust};
use store::{Fault, Read, Write};

/// Most changes one tick makes, so that it always ends.
const STEPS_MAX: usize = 16;

/// Time passed: a turn opens, begins, asks, ends; too few on duty is told further.
///
/// # Errors
/// The disk fails.
pub fn tick(tx: &Write<'_>, now: &Stamp) -> Result<(), Fault> {
    let policy = crate::policy(tx)?.1.duty;
    for _ in 0..STEPS_MAX {
        match next_change(tx, &policy, now)? {
            None => return Ok(()),
            Some(Change::Watches { from_ms }) => tables::put_watched(tx, from_ms)?,
            Some(Change::Missed(row)) => unrecorded::missed(tx, row, &policy, now)?,
            Some(Change::Opens(row, people)) => {
                unrecorded::opens(tx, row, &policy, now)?;
                for detainee in people.1 {
                    tables::put_person(tx, people.0, &PersonRow::planned(detainee, None))?;
                }
                tables::forget_turns(tx, KEPT)?;
            }
            Some(Change::Passes { before, after }) => pass(tx, &before, after, &policy, now)?,
        }
        reconcile(tx)?;
    }
    Ok(())
}

/// Whether [`tick`] would change anything.
///
/// # Errors
/// The disk fails.
pub fn due(read: &Read<'_>, now: &Stamp) -> Result<bool, Fault> {
    let policy = crate::policy(read)?.1.duty;
    Ok(next_change(read, &policy, now)?.is_some())
}

enum Change {
    /// From here on every turn is accounted for.
    Watches {
        from_ms: i64,
    },
    /// A turn began and ended while nobody could sign on here.
    Missed(Box<TurnRow>),
    Opens(Box<TurnRow>, (contract::Turn, Vec<DetaineeId>)),
    Passes {
        before: Box<TurnRow>,
        after: Box<TurnRow>,
    },
}

fn next_change(read: &Read<'_>, policy: &DutyPolicy, now: &Stamp) -> Result<Option<Change>, Fault> {
    let active = tables::active(read)?;
    for row in &active {
        let after = row.after(&tables::people(read, row.turn)?, policy, now);
        if after != *row {
            return Ok(Some(Change::Passes { before: Box::new(row.clone()), after: Box::new(after) }));
        }
    }
    let Some(now_ms) = opens_by_ms(&active, now) else { return Ok(None) };
    let rotas = tables::rotas(read)?;
    let confirmed = now.trust == Trust::Synced;
    match tables::watched_ms(read)? {
        None if confirmed && !rotas.is_empty() => return Ok(Some(Change::Watches { from_ms: now_ms })),
        Some(from_ms) if confirmed => {
            for planned in unrecorded::over(&rotas, from_ms, now_ms) {
                if !tables::was_opened(read, planned.turn)? {
                    return Ok(Some(Change::Missed(Box::new(row_of(&planned, policy, now_ms, now)))));
                }
            }
        }
        None | Some(_) => {}
    }
    let before_ms = turn::ms(policy.sign_on_before_s);
    for planned in rota::planned(&rotas, now_ms, now_ms.saturating_add(before_ms).saturating_add(1)) {
        if tables::was_opened(read, planned.turn)? {
            continue;
        }
        let row = row_of(&planned, policy, now_ms, now);
        let people = planned.people(&super::swaps(read)?);
        return Ok(Some(Change::Opens(Box::new(row), (planned.turn, people))));
    }
    Ok(None)
}

/// A turn as it is when it is first looked at.
fn row_of(planned: &rota::Planned<'_>, policy: &DutyPolicy, now_ms: i64, now: &Stamp) -> TurnRow {
    let length_ms = planned.ends_ms.saturating_sub(planned.begins_ms);
    let last_ms = length_ms.saturating_sub(turn::ms(policy.sign_on_before_s));
    TurnRow {
        turn: planned.turn,
        title: planned.shift.title.clone(),
        begins_ms: planned.begins_ms,
        length_ms,
        repeated: planned.turn.cycle > 0,
        confirmations_ms: planned.confirmations_ms(policy, last_ms),
        phase: Phase::Open,
        base_ms: now_ms.saturating_sub(planned.begins_ms),
        base: Stamp { wall_ms: now_ms, trust: Trust::Synced, ..*now },
        below_ms: None,
        asked: 0,
        asked_ms: 0,
        step: Step::None,
        gap: None,
        gaps: 0,
        handed_over: None,
        closed: false,
        dark: None,
        ended_dark: false,
    }
}

/// The time turns open by: confirmed by the platform in this boot, or carried on from there by a turn that goes on.
/// None where there is nothing but a clock nobody confirmed.
pub(super) fn opens_by_ms(active: &[TurnRow], now: &Stamp) -> Option<i64> {
    if now.trust == Trust::Synced {
        return Some(now.wall_ms);
    }
    let anchor = active.iter().rfind(|row| row.base.boot == now.boot && row.base.trust == Trust::Synced)?;
    Some(anchor.begins_ms.saturating_add(anchor.at_ms(now)))
}

/// The time the rota is shown by. A wall clock the platform has not confirmed does not move it while a turn goes on.
pub(super) fn wall_ms(active: &[TurnRow], now: &Stamp) -> i64 {
    let anchor = active.iter().rfind(|row| row.base.boot == now.boot);
    match anchor {
        Some(row) if now.trust != Trust::Synced => row.begins_ms.saturating_add(row.at_ms(now)),
        Some(_) | None => now.wall_ms,
    }
}

/// Keeps what time changed, and tells what has to be told.
fn pass(
    tx: &Write<'_>,
    before: &TurnRow,
    mut after: Box<TurnRow>,
    policy: &DutyPolicy,
    now: &Stamp,
) -> Result<(), Fault> {
    let people = tables::people(tx, after.turn)?;
    let on_duty = after.count(&people, policy, after.at_ms(now)).on_duty;
    let told = |gap: &Gap, ended: Option<Stamp>| DutyGap {
        turn: before.turn,
        number: gap.number,
        gap: gap.kind,
        on_duty,
        needed: policy.people_min.into(),
        since: gap.since,
        ended,
        told: gap.told,
    };
    unrecorded::lit(tx, &mut after, on_duty, policy, now)?;
    if let Some(gap) = before.gap.filter(|_| after.gap.is_none()) {
        let ended = after.moment(after.at_ms(now).min(after.length_ms), now);
        tx.send(&Event::DutyGap(told(&gap, Some(ended))), now)?;
    }
    if let Some(gap) = after.gap.as_mut().filter(|gap| gap.told.is_none()) {
        let fact = told(gap, None);
        let event = tx.send(&Event::DutyGap(fact), now)?;
        tables::put_matter(tx, event, &Matter::Gap(fact), KEPT)?;
        gap.told = Some(event);
    }
    let was_kept = people.iter().any(|person| person.place == Place::On);
    if after.closed && after.handed_over.is_none() && was_kept && !after.ended_dark {
        after.gaps += 1;
        let gap = Gap { number: after.gaps, kind: GapKind::NoHandover, since: *now, told: None };
        let fact = told(&gap, None);
        let event = tx.send(&Event::DutyGap(fact), now)?;
        tables::put_matter(tx, event, &Matter::Gap(fact), KEPT)?;
    }
    after.rebase(now);
    tables::put_turn(tx, &after)
}
