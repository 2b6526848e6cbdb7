// SPDX-License-Identifier: GPL-3.0-only
//! A fair turn for twenty people at one screen: who wants to shop goes on a list; the first is called when the screen is
//! free; who does not come goes to its end, and after the second time is off it. Alarm, care and complaints ask no turn.

use super::tables::{self, TurnRow};
use crate::policy;
use contract::{DetaineeId, ROSTER_MAX, Stamp};
use store::{Fault, Read, Write};

/// How often somebody may be called in vain.
const MISSED_MAX: u32 = 2;

/// Goes on the list, once.
pub(super) fn wait(tx: &Write<'_>, detainee: DetaineeId) -> Result<(), Fault> {
    let list = tables::turns(tx)?;
    if list.len() < ROSTER_MAX && !list.iter().any(|row| row.detainee == detainee) {
        tables::add_turn(tx, detainee, 0)?;
    }
    Ok(())
}

pub(super) fn call_next(tx: &Write<'_>, now: &Stamp) -> Result<(), Fault> {
    match tables::turns(tx)?.first() {
        Some(row) if row.called.is_none() => tables::set_called(tx, row.detainee, Some(now)),
        Some(_) | None => Ok(()),
    }
}

pub(super) fn hold(tx: &Write<'_>) -> Result<(), Fault> {
    for row in tables::turns(tx)?.iter().filter(|row| row.called.is_some()) {
        tables::set_called(tx, row.detainee, None)?;
    }
    Ok(())
}

/// Whoever is called stands there and proves who they are: their time to come begins again.
pub(super) fn came(tx: &Write<'_>, detainee: DetaineeId, now: &Stamp) -> Result<(), Fault> {
    match tables::turns(tx)?.first() {
        Some(row) if row.detainee == detainee => tables::set_called(tx, detainee, Some(now)),
        Some(_) | None => Ok(()),
    }
}

/// Time passed: who was called and did not come makes room.
///
/// # Errors
/// The disk fails.
pub fn tick(tx: &Write<'_>, now: &Stamp) -> Result<(), Fault> {
    let Some(row) = overdue(tx, now)? else { return Ok(()) };
    tables::delete_turn(tx, row.detainee)?;
    if row.missed + 1 < MISSED_MAX {
        tables::add_turn(tx, row.detainee, row.missed + 1)?;
    }
    Ok(())
}

/// Whether [`tick`] would change anything.
///
/// # Errors
/// The disk fails.
pub fn due(read: &Read<'_>, now: &Stamp) -> Result<bool, Fault> {
    Ok(overdue(read, now)?.is_some())
}

fn overdue(read: &Read<'_>, now: &Stamp) -> Result<Option<TurnRow>, Fault> {
    let Some(row) = tables::turns(read)?.into_iter().next() else { return Ok(None) };
    let Some(called) = row.called else { return Ok(None) };
    let (_, policy) = policy(read)?;
    // Another start of the machine: nobody heard the call.
    let over = called.boot != now.boot || now.since_ms(&called) / 1000 >= i64::from(policy.shop.call_s);
    Ok(over.then_some(row))
}
