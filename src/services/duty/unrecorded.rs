// SPDX-License-Identifier: GPL-3.0-only
//! Gaps of the record: turns, or parts of them, in which nobody could sign on here, because the terminal was off or did
//! not know the time. Each is told once, with its beginning and its end, when the time is confirmed; it says nothing of
//! who was on duty. A terminal that was off for longer tells the turns of its last week.

use super::{KEPT, Matter, Phase, TurnRow, passing, rota, tables, turn};
use contract::{DutyGap, DutyPolicy, Event, GapKind, Rota, Stamp, Trust};
use store::{Fault, Write};

/// How far back missed turns are told, in milliseconds: a week.
const BACK_MS: i64 = 7 * 86_400_000;

/// The turns that ended since everything was accounted for.
pub(super) fn over(rotas: &[(String, Rota)], from_ms: i64, now_ms: i64) -> Vec<rota::Planned<'_>> {
    let mut found = rota::planned(rotas, from_ms.max(now_ms.saturating_sub(BACK_MS)), now_ms);
    found.retain(|planned| planned.ends_ms <= now_ms);
    found
}

/// A turn began and ended, and was never opened here.
pub(super) fn missed(
    tx: &Write<'_>,
    mut row: Box<TurnRow>,
    policy: &DutyPolicy,
    now: &Stamp,
) -> Result<(), Fault> {
    let from_ms = from_ms(tx, &row)?;
    (row.phase, row.closed, row.ended_dark) = (Phase::Over, true, true);
    let to_ms = row.length_ms;
    tell(tx, &mut row, (from_ms, to_ms), 0, policy, now)?;
    tables::put_turn(tx, &row)?;
    tables::forget_turns(tx, KEPT)
}

/// A turn opens; where that is late, nobody could sign on here before.
pub(super) fn opens(
    tx: &Write<'_>,
    mut row: Box<TurnRow>,
    policy: &DutyPolicy,
    now: &Stamp,
) -> Result<(), Fault> {
    if now.trust == Trust::Synced {
        let span = (from_ms(tx, &row)?, row.base_ms);
        tell(tx, &mut row, span, 0, policy, now)?;
        tables::put_watched(tx, now.wall_ms)?;
    }
    tables::put_turn(tx, &row)
}

/// It is known how long the power was gone during a turn. A gap that was told before goes on, and covers it.
pub(super) fn lit(
    tx: &Write<'_>,
    row: &mut TurnRow,
    on_duty: u32,
    policy: &DutyPolicy,
    now: &Stamp,
) -> Result<(), Fault> {
    let Some(to_ms) = row.dark.and_then(|dark| dark.to_ms) else { return Ok(()) };
    let Some(dark) = row.dark.take() else { return Ok(()) };
    if row.gap.is_none() && tell(tx, row, (dark.from_ms, to_ms.min(row.length_ms)), on_duty, policy, now)? {
        row.ended_dark = to_ms >= row.length_ms;
    }
    Ok(())
}

/// Before the rota changes: what the last one asked for is accounted for, and what the new one asks of the past is not
/// held against this terminal.
pub(super) fn rota_changes(tx: &Write<'_>, now: &Stamp) -> Result<(), Fault> {
    if now.trust != Trust::Synced {
        return Ok(());
    }
    passing::tick(tx, now)?;
    if passing::due(tx, now)? {
        return Ok(());
    }
    tables::put_watched(tx, now.wall_ms)
}

/// Where in the turn nobody answers for it.
fn from_ms(tx: &Write<'_>, row: &TurnRow) -> Result<i64, Fault> {
    let watched_ms = tables::watched_ms(tx)?.unwrap_or(row.begins_ms);
    Ok(watched_ms.saturating_sub(row.begins_ms).max(0))
}

/// Tells a gap that is longer than people have to sign on; whether it was.
fn tell(
    tx: &Write<'_>,
    row: &mut TurnRow,
    (from_ms, to_ms): (i64, i64),
    on_duty: u32,
    policy: &DutyPolicy,
    now: &Stamp,
) -> Result<bool, Fault> {
    let from_ms = from_ms.max(0);
    if to_ms.saturating_sub(from_ms) <= turn::ms(policy.sign_on_within_s) {
        return Ok(false);
    }
    row.gaps += 1;
    let fact = DutyGap {
        turn: row.turn,
        number: row.gaps,
        gap: GapKind::Unrecorded,
        on_duty,
        needed: policy.people_min.into(),
        since: row.moment(from_ms, now),
        ended: Some(row.moment(to_ms, now)),
        told: None,
    };
    let event = tx.send(&Event::DutyGap(fact), now)?;
    tables::put_matter(tx, event, &Matter::Gap(fact), KEPT)?;
    Ok(true)
}
