// SPDX-License-Identifier: GPL-3.0-only
//! Brings a running roll call in line with the roster: 应到 follows 带出 and 带回 at once, new people get a line, those who
//! left the cell for good lose theirs. Tells the platform where the call stands whenever that changed.

use super::{CallRow, LineRow, Place, tables, total, unresolved};
use crate::cell::{self, Person};
use crate::session;
use contract::{DetaineeId, Event, Lane, LinePlace, Outcome, Phase, RollCallProgress, Stamp};
use store::{Fault, Write};

/// See the module; does nothing while no roll call runs.
///
/// # Errors
/// The disk fails.
pub fn reconcile(tx: &Write<'_>, now: &Stamp) -> Result<(), Fault> {
    if let Some(mut call) = tables::active(tx)? {
        follow_roster(tx, &mut call, now)?;
        report(tx, &call, now)?;
    } else if let Some(call) = tables::last_confirmed(tx)? {
        report(tx, &call, now)?;
    }
    Ok(())
}

fn follow_roster(tx: &Write<'_>, call: &mut CallRow, now: &Stamp) -> Result<(), Fault> {
    let people = cell::roster(tx)?;
    let lines = tables::lines(tx, call.call)?;
    for line in &lines {
        if !people.iter().any(|p| p.member.id == line.detainee) {
            tables::delete_line(tx, call.call, line.detainee)?;
        }
    }
    for person in &people {
        let before = lines.iter().find(|line| line.detainee == person.member.id);
        let after = fitted(tx, call, person, before, now)?;
        if before != Some(&after) {
            tables::put_line(tx, call.call, &after)?;
        }
    }
    let current_open = match call.current {
        None => return Ok(()),
        Some(current) => tables::line(tx, call.call, current)?.is_some_and(|line| line.outcome.is_none()),
    };
    if !current_open {
        call.current = None;
        tables::put_call(tx, call)?;
    }
    Ok(())
}

/// The line as it must be for this person.
fn fitted(
    tx: &Write<'_>,
    call: &CallRow,
    person: &Person,
    line: Option<&LineRow>,
    now: &Stamp,
) -> Result<LineRow, Fault> {
    let id = person.member.id;
    let mut line = line.cloned().unwrap_or(LineRow {
        detainee: id,
        place: Place::Waiting,
        tries: 0,
        other_way: false,
        outcome: None,
        at: None,
    });
    match (&person.out, &line.outcome) {
        (Some(out), _) => {
            let outcome =
                Outcome::Out { out_reason: out.reason, since_ms: out.since_ms, officer: out.officer };
            if line.outcome.as_ref() != Some(&outcome) {
                line.resolve(outcome, now);
            }
        }
        (None, Some(Outcome::Out { .. })) => {
            line.outcome = None;
            line.at = None;
            line.place = if call.phase == Phase::Review { Place::ForOfficer } else { Place::Waiting };
        }
        (None, _) => {}
    }
    let only_officer = person.member.exempt.is_some() || !has_a_way(tx, person)?;
    if line.place == Place::Waiting && line.outcome.is_none() && only_officer && call.current != Some(id) {
        line.place = Place::ForOfficer;
    }
    Ok(line)
}

/// Whether the person can answer without an officer: a PIN, or a template and no reason against the camera.
fn has_a_way(tx: &Write<'_>, person: &Person) -> Result<bool, Fault> {
    let id: DetaineeId = person.member.id;
    Ok(session::has_pin(tx, id)? || (!person.member.face_off && session::has_template(tx, id)?))
}

fn report(tx: &Write<'_>, call: &CallRow, now: &Stamp) -> Result<(), Fault> {
    let lines = tables::lines(tx, call.call)?;
    let extra = tables::extras(tx, call.call)?.len();
    let progress = RollCallProgress {
        call: call.call,
        title: call.title.clone(),
        phase: call.phase,
        total: total(&lines, extra),
        unresolved: unresolved(&lines),
        lines: lines.iter().map(|line| (line.detainee, place(call, line))).collect(),
    };
    // The desk sees less of a roll call then; its result always finds room.
    if tx.is_full(Lane::Progress)? {
        return Ok(());
    }
    if tables::take_progress(tx, &progress)? {
        tx.send(&Event::RollCallProgress(progress), now)?;
    }
    Ok(())
}

fn place(call: &CallRow, line: &LineRow) -> LinePlace {
    match (&line.outcome, line.place) {
        (Some(Outcome::Present(_)), _) => LinePlace::Present,
        (Some(Outcome::Out { .. }), _) => LinePlace::Out,
        (Some(Outcome::NotSeen { .. }), _) => LinePlace::NotSeen,
        (None, _) if call.current == Some(line.detainee) => LinePlace::Called,
        (None, Place::CallAgain) => LinePlace::CallAgain,
        (None, Place::ForOfficer) => LinePlace::ForOfficer,
        (None, Place::Waiting | Place::Resolved) => LinePlace::Waiting,
    }
}
