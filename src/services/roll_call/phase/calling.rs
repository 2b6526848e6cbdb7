// SPDX-License-Identifier: GPL-3.0-only
//! Open and second round: called by name in roster order, or in any order where the site decided so. Whoever does not
//! come in time is called once more; nobody is decided against.

use crate::roll_call::{CallRow, Intent, LineRow, Place, Refusal, passed_s, phase::review, tables};
use crate::session::{self, Subject};
use crate::{Actor, Done, Stop};
use contract::{DetaineeId, How, Phase, RollCallPolicy, Stamp};
use store::{Fault, Read, Write};

pub(in crate::roll_call) fn act(
    tx: &Write<'_>,
    call: &mut CallRow,
    policy: &RollCallPolicy,
    actor: Actor,
    intent: &Intent,
    now: &Stamp,
) -> Result<Done, Stop> {
    let mut done = Done::default();
    match intent {
        Intent::Seen { detainee, score, liveness, challenged, model } => {
            let mut line = open_line(tx, call, policy, *detainee)?;
            line.tries = line.tries.saturating_add(1);
            let (score, liveness) = (*score, *liveness);
            line.present(How::Face { score, liveness, challenged: *challenged, model: model.clone() }, now);
            tables::put_line(tx, call.call, &line)?;
            session::template_used(tx, *detainee, true, now)?;
            release(call, *detainee, now);
        }
        Intent::NotMatched { detainee } => {
            let mut line = open_line(tx, call, policy, *detainee)?;
            line.tries = line.tries.saturating_add(1);
            line.other_way = line.tries >= policy.tries_max;
            tables::put_line(tx, call.call, &line)?;
            session::template_used(tx, *detainee, false, now)?;
            // The next way gets its full time.
            call.current_since = *now;
        }
        Intent::Stranger => call.strangers = call.strangers.saturating_add(1),
        Intent::CallMe { detainee } => {
            let line = tables::line(tx, call.call, *detainee)?.ok_or(Refusal::NotOnRoster)?;
            if line.outcome.is_some() {
                return Err(Refusal::AlreadyResolved.into());
            }
            give_up_turn(tx, call, Place::Waiting)?;
            set_current(tx, call, line, now)?;
        }
        Intent::AskPin { detainee } => {
            let mut line = open_line(tx, call, policy, *detainee)?;
            line.other_way = true;
            tables::put_line(tx, call.call, &line)?;
            call.current_since = *now;
        }
        Intent::EnterPin { detainee, pin } => {
            let mut line = open_line(tx, call, policy, *detainee)?;
            let (_, all) = crate::policy(tx)?;
            call.current_since = *now;
            match session::try_pin(tx, Subject::Detainee(*detainee), pin, &all.session, now)? {
                Ok(()) => {
                    line.present(How::Pin { chosen: line.tries < policy.tries_max }, now);
                    tables::put_line(tx, call.call, &line)?;
                    release(call, *detainee, now);
                }
                Err(refusal) => done.refused = Some(crate::Refusal::Session(refusal)),
            }
        }
        Intent::AskOfficer { detainee } => {
            let mut line = open_line(tx, call, policy, *detainee)?;
            line.other_way = true;
            line.place = Place::ForOfficer;
            tables::put_line(tx, call.call, &line)?;
            release(call, *detainee, now);
        }
        Intent::Review => {
            actor.officer()?;
            give_up_turn(tx, call, Place::CallAgain)?;
            review::enter(call, now);
            return Ok(done);
        }
        Intent::Decide { .. } | Intent::AddExtra { .. } | Intent::RemoveExtra { .. } => {
            return review::act(tx, call, policy, actor, intent, now);
        }
        Intent::Begin { .. }
        | Intent::OpenNow
        | Intent::CountAgain
        | Intent::Sign { .. }
        | Intent::Late { .. } => return Err(Refusal::NotNow.into()),
    }
    go_on(tx, call, policy, now)?;
    Ok(done)
}

/// Whether time alone would change something.
pub(in crate::roll_call) fn is_due(
    read: &Read<'_>,
    call: &CallRow,
    policy: &RollCallPolicy,
    now: &Stamp,
) -> Result<bool, Fault> {
    if call.current_since.boot != now.boot {
        return Ok(true);
    }
    let lines = tables::lines(read, call.call)?;
    let waiting = lines.iter().filter(|line| line.place == Place::Waiting).count();
    Ok(if policy.searches() {
        waiting == 0 || round_is_over(call, policy, lines.len(), now)
    } else {
        call.current.is_none() || time_is_over(call, policy, now)
    })
}

/// Calls the next person, begins the next round, or ends the calling.
pub(in crate::roll_call) fn go_on(
    tx: &Write<'_>,
    call: &mut CallRow,
    policy: &RollCallPolicy,
    now: &Stamp,
) -> Result<(), Fault> {
    if call.current_since.boot != now.boot {
        // The terminal was off: the same person gets the full time again.
        call.current_since = *now;
        call.since = *now;
    }
    let lines = tables::lines(tx, call.call)?;
    if policy.searches() {
        if round_is_over(call, policy, lines.len(), now) {
            for mut line in lines.into_iter().filter(|line| line.place == Place::Waiting) {
                line.place = Place::CallAgain;
                tables::put_line(tx, call.call, &line)?;
            }
        }
    } else if call.current.is_some() {
        if !time_is_over(call, policy, now) {
            return Ok(());
        }
        give_up_turn(tx, call, Place::CallAgain)?;
    }
    next(tx, call, policy, now)
}

fn next(tx: &Write<'_>, call: &mut CallRow, policy: &RollCallPolicy, now: &Stamp) -> Result<(), Fault> {
    let lines = tables::lines(tx, call.call)?;
    if let Some(line) = lines.iter().find(|line| line.place == Place::Waiting) {
        if !policy.searches() {
            set_current(tx, call, line.clone(), now)?;
        }
        return Ok(());
    }
    let again: Vec<_> = lines.into_iter().filter(|line| line.place == Place::CallAgain).collect();
    if again.is_empty() || call.round >= policy.rounds {
        review::enter(call, now);
        return Ok(());
    }
    call.round += 1;
    call.phase = Phase::SecondRound;
    call.since = *now;
    for (index, mut line) in again.into_iter().enumerate() {
        line.place = Place::Waiting;
        line.other_way = false;
        line.tries = 0;
        tables::put_line(tx, call.call, &line)?;
        if index == 0 && !policy.searches() {
            set_current(tx, call, line, now)?;
        }
    }
    Ok(())
}

fn set_current(tx: &Write<'_>, call: &mut CallRow, mut line: LineRow, now: &Stamp) -> Result<(), Fault> {
    line.place = Place::Waiting;
    tables::put_line(tx, call.call, &line)?;
    call.current = Some(line.detainee);
    call.current_since = *now;
    Ok(())
}

/// Whoever is called steps back to `place` without a decision.
fn give_up_turn(tx: &Write<'_>, call: &mut CallRow, place: Place) -> Result<(), Fault> {
    let Some(current) = call.current.take() else { return Ok(()) };
    if let Some(mut line) = tables::line(tx, call.call, current)?
        && line.outcome.is_none()
        && line.place == Place::Waiting
    {
        line.place = place;
        tables::put_line(tx, call.call, &line)?;
    }
    Ok(())
}

/// The person is done with the screen.
fn release(call: &mut CallRow, detainee: DetaineeId, now: &Stamp) {
    if call.current == Some(detainee) {
        call.current = None;
        call.current_since = *now;
    }
}

/// The line of a person who may act now.
fn open_line(
    tx: &Write<'_>,
    call: &CallRow,
    policy: &RollCallPolicy,
    detainee: DetaineeId,
) -> Result<LineRow, Stop> {
    let line = tables::line(tx, call.call, detainee)?.ok_or(Refusal::NotOnRoster)?;
    if line.outcome.is_some() {
        return Err(Refusal::AlreadyResolved.into());
    }
    if !policy.searches() && call.current != Some(detainee) {
        return Err(Refusal::NotYourTurn.into());
    }
    Ok(line)
}

fn time_is_over(call: &CallRow, policy: &RollCallPolicy, now: &Stamp) -> bool {
    passed_s(now, &call.current_since) >= i64::from(policy.person_s.max(1))
}

/// In any order the round lasts as long as calling everybody would.
fn round_is_over(call: &CallRow, policy: &RollCallPolicy, people: usize, now: &Stamp) -> bool {
    let people = i64::try_from(people.max(1)).unwrap_or(i64::MAX);
    passed_s(now, &call.since) >= i64::from(policy.person_s.max(1)).saturating_mul(people)
}
