// SPDX-License-Identifier: GPL-3.0-only
//! Confirmed: the count is signed and on its way, and is never edited. Whoever comes late is a supplement.

use crate::roll_call::{NOTES_MAX, Refusal, tables};
use crate::{Done, Stop, cell};
use contract::{CheckReason, DetaineeId, Event, How, Line, OfficerId, Outcome, RollCallSupplement, Stamp};
use store::Write;

/// Adds someone who came after the count was signed.
pub(in crate::roll_call) fn supplement(
    tx: &Write<'_>,
    officer: OfficerId,
    detainee: DetaineeId,
    reason: &CheckReason,
    now: &Stamp,
) -> Result<Done, Stop> {
    let call = tables::last_confirmed(tx)?.ok_or(Refusal::NotNow)?;
    if !cell::roster(tx)?.iter().any(|p| p.member.id == detainee) {
        return Err(Refusal::NotOnRoster.into());
    }
    let counted = tables::line(tx, call.call, detainee)?.and_then(|line| line.outcome);
    let late = tables::supplements(tx, call.call)?;
    if matches!(counted, Some(Outcome::Present(_))) || late.contains(&detainee) {
        return Err(Refusal::AlreadyResolved.into());
    }
    if late.len() >= NOTES_MAX {
        return Err(Refusal::TooMany.into());
    }
    let outcome = Outcome::Present(How::OfficerCheck { officer, reason: reason.clone() });
    let line = Line { detainee, at: *now, tries: 0, outcome };
    let event =
        tx.send(&Event::RollCallSupplement(RollCallSupplement { call: call.call, line, officer }), now)?;
    tables::add_supplement(tx, call.call, detainee)?;
    Ok(Done { receipt: Some(event), refused: None })
}
