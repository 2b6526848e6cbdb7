// SPDX-License-Identifier: GPL-3.0-only
//! Review: the officer sees the unresolved first, decides each with a reason, may count again, and signs the total.

use crate::roll_call::{
    CallRow, Decision, Intent, LineRow, NOTES_MAX, Place, Refusal, phase::calling, tables, total, unresolved,
};
use crate::{Actor, Done, Stop};
use contract::{
    CheckReason, Event, ExtraPerson, How, Line, OfficerId, Outcome, Phase, RollCallPolicy, RollCallResult,
    Stamp,
};
use store::{Fault, Write};

/// The calling is over; nobody is called any more.
pub(in crate::roll_call) fn enter(call: &mut CallRow, now: &Stamp) {
    call.phase = Phase::Review;
    call.current = None;
    call.since = *now;
}

pub(in crate::roll_call) fn act(
    tx: &Write<'_>,
    call: &mut CallRow,
    policy: &RollCallPolicy,
    actor: Actor,
    intent: &Intent,
    now: &Stamp,
) -> Result<Done, Stop> {
    match intent {
        Intent::Stranger => {
            call.strangers = call.strangers.saturating_add(1);
            Ok(Done::default())
        }
        Intent::Decide { detainee, decision } => {
            let officer = actor.officer()?;
            let mut line = tables::line(tx, call.call, *detainee)?.ok_or(Refusal::NotOnRoster)?;
            if matches!(line.outcome, Some(Outcome::Out { .. })) {
                return Err(Refusal::IsOut.into());
            }
            line.resolve(outcome(decision, officer)?, now);
            tables::put_line(tx, call.call, &line)?;
            if call.current == Some(*detainee) {
                call.current = None;
            }
            Ok(Done::default())
        }
        Intent::AddExtra { note } => {
            let officer = actor.officer()?;
            let extra = tables::extras(tx, call.call)?;
            if extra.len() >= NOTES_MAX {
                return Err(Refusal::TooMany.into());
            }
            tables::add_extra(tx, call.call, &ExtraPerson { at: *now, officer, note: note.clone() })?;
            Ok(Done::default())
        }
        Intent::RemoveExtra { index } => {
            actor.officer()?;
            tables::remove_extra(tx, call.call, *index)?;
            Ok(Done::default())
        }
        Intent::CountAgain => {
            actor.officer()?;
            count_again(tx, call, policy, now)?;
            Ok(Done::default())
        }
        Intent::Sign { second } => sign(tx, call, policy, actor.officer()?, *second, now),
        Intent::Begin { .. }
        | Intent::OpenNow
        | Intent::Seen { .. }
        | Intent::NotMatched { .. }
        | Intent::CallMe { .. }
        | Intent::AskPin { .. }
        | Intent::EnterPin { .. }
        | Intent::AskOfficer { .. }
        | Intent::Review
        | Intent::Late { .. } => Err(Refusal::NotNow.into()),
    }
}

/// An officer's decision as an outcome; a typed reason must not be empty.
fn outcome(decision: &Decision, officer: OfficerId) -> Result<Outcome, Refusal> {
    match decision {
        Decision::Present(CheckReason::Typed(words)) if words.is_empty() => Err(Refusal::ReasonMissing),
        Decision::Present(reason) => {
            Ok(Outcome::Present(How::OfficerCheck { officer, reason: reason.clone() }))
        }
        Decision::NotSeen(reason) if reason.is_empty() => Err(Refusal::ReasonMissing),
        Decision::NotSeen(reason) => Ok(Outcome::NotSeen { officer, reason: reason.clone() }),
    }
}

/// Calls those again who are not known to be present. What an officer had said of them is open again.
fn count_again(
    tx: &Write<'_>,
    call: &mut CallRow,
    policy: &RollCallPolicy,
    now: &Stamp,
) -> Result<(), Fault> {
    for mut line in tables::lines(tx, call.call)? {
        if matches!(line.outcome, None | Some(Outcome::NotSeen { .. })) {
            line = LineRow {
                detainee: line.detainee,
                place: Place::Waiting,
                tries: 0,
                other_way: false,
                outcome: None,
                at: None,
            };
            tables::put_line(tx, call.call, &line)?;
        }
    }
    call.recounts = call.recounts.saturating_add(1);
    call.round = 1;
    call.phase = Phase::Open;
    call.since = *now;
    call.current = None;
    calling::go_on(tx, call, policy, now)
}

fn sign(
    tx: &Write<'_>,
    call: &mut CallRow,
    policy: &RollCallPolicy,
    officer: OfficerId,
    second: Option<OfficerId>,
    now: &Stamp,
) -> Result<Done, Stop> {
    let lines = tables::lines(tx, call.call)?;
    let open = unresolved(&lines);
    if open > 0 {
        return Err(Refusal::Unresolved { lines: open }.into());
    }
    if policy.two_officers && second.is_none() {
        return Err(Refusal::SecondOfficerMissing.into());
    }
    if second == Some(officer) {
        return Err(Refusal::SameOfficer.into());
    }
    let extra = tables::extras(tx, call.call)?;
    let result = RollCallResult {
        call: call.call,
        title: call.title.clone(),
        begun_by: call.begun_by,
        opened: call.opened,
        confirmed: *now,
        total: total(&lines, extra.len()),
        lines: lines.iter().filter_map(|line| signed_line(line, now)).collect(),
        extra,
        officers: std::iter::once(officer).chain(second).collect(),
        recounts: call.recounts,
        policy_rev: call.policy_rev,
    };
    let event = tx.send(&Event::RollCallResult(result), now)?;
    call.phase = Phase::Confirmed;
    call.since = *now;
    tables::set_result(tx, call.call, event)?;
    Ok(Done { receipt: Some(event), refused: None })
}

/// A line as it goes into the result; every line is resolved by then.
fn signed_line(line: &LineRow, now: &Stamp) -> Option<Line> {
    let outcome = line.outcome.clone()?;
    Some(Line { detainee: line.detainee, at: line.at.unwrap_or(*now), tries: line.tries, outcome })
}
