// SPDX-License-Identifier: GPL-3.0-only
//! What the cell and the officer see of a roll call. The cell reads masked names; only an officer reads whole ones.

use super::{LineRow, Place, tables, total, unresolved};
use crate::{cell, session};
use contract::{CallId, DetaineeId, ExtraPerson, OfficerId, Outcome, Phase, RollCallTask, Stamp, Total};
use store::{Delivery, Fault, Read};

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    Cell,
    Officer(OfficerId),
}

/// A roll call as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    pub call: CallId,
    pub title: String,
    /// Delivered when the platform's verdict for the result is there.
    pub phase: Phase,
    pub round: u8,
    pub opened: Stamp,
    /// Since when it stands as it does: since the round began, or the count was signed.
    pub since: Stamp,
    /// Seconds until the first name, while announced.
    pub opens_in_s: Option<u32>,
    pub total: Total,
    pub unresolved: u32,
    /// Unresolved first for an officer, roster order for the cell.
    pub lines: Vec<LineView>,
    pub current: Option<Current>,
    /// People walk up in any order.
    pub any_order: bool,
    pub two_officers: bool,
    pub extra: Vec<ExtraPerson>,
    pub strangers: u32,
    pub recounts: u8,
    /// Where the signed result is.
    pub delivery: Option<Delivery>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct LineView {
    pub detainee: DetaineeId,
    /// Masked for the cell.
    pub name: String,
    /// The name's first character.
    pub initial: String,
    pub badge_number: String,
    pub place: Place,
    pub called: bool,
    pub tries: u8,
    pub outcome: Option<Outcome>,
    pub at: Option<Stamp>,
    /// Added after the count was signed.
    pub late: bool,
    /// A template is kept.
    pub enrolled: bool,
    /// The person wants an officer to look.
    pub asked: bool,
    /// Not called, and why.
    pub exempt: Option<String>,
}

/// Who is called, and what they may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Current {
    pub detainee: DetaineeId,
    pub name: String,
    pub badge_number: String,
    pub seconds_left: u32,
    /// Seconds a person has in all.
    pub seconds: u32,
    /// The camera may be used: a template, tries left, nothing against it.
    pub face: bool,
    pub has_pin: bool,
    pub tries: u8,
}

/// The running roll call, else the last signed one; none before the first.
///
/// # Errors
/// The disk fails.
pub fn view(read: &Read<'_>, viewer: Viewer, now: &Stamp) -> Result<Option<View>, Fault> {
    let call = match tables::active(read)? {
        Some(call) => call,
        None => match tables::last_confirmed(read)? {
            Some(call) => call,
            None => return Ok(None),
        },
    };
    let (_, policy) = crate::policy(read)?;
    let policy = policy.roll_call;
    let people = cell::roster(read)?;
    let rows = tables::lines(read, call.call)?;
    let extra = tables::extras(read, call.call)?;
    let late = tables::supplements(read, call.call)?;
    let total = total(&rows, extra.len());
    let unresolved = unresolved(&rows);
    let mut lines = Vec::with_capacity(rows.len());
    for row in &rows {
        let person = people.iter().find(|p| p.member.id == row.detainee);
        let full = person.map_or("", |p| p.member.name.as_str());
        lines.push(LineView {
            detainee: row.detainee,
            name: match viewer {
                Viewer::Cell => cell::masked(full),
                Viewer::Officer(_) => full.to_owned(),
            },
            initial: full.chars().take(1).collect(),
            badge_number: person.map_or_else(String::new, |p| p.member.badge_number.as_str().to_owned()),
            place: row.place,
            called: call.current == Some(row.detainee),
            tries: row.tries,
            outcome: row.outcome.clone(),
            at: row.at,
            late: late.contains(&row.detainee),
            enrolled: session::has_template(read, row.detainee)?,
            asked: row.place == Place::ForOfficer && row.other_way,
            exempt: person.and_then(|p| p.member.exempt.as_ref()).map(|why| why.as_str().to_owned()),
        });
    }
    let current = match call.current.and_then(|id| rows.iter().find(|row| row.detainee == id)) {
        Some(row) => {
            let left = seconds_left(policy.person_s, &call.current_since, now);
            Some(current(read, row, &people, left, policy.person_s)?)
        }
        None => None,
    };
    if matches!(viewer, Viewer::Officer(_)) {
        lines.sort_by_key(|line| {
            (line.outcome.is_some(), !matches!(line.outcome, Some(Outcome::NotSeen { .. })))
        });
    }
    let delivery = match tables::result(read, call.call)? {
        Some(event) => read.delivery(event)?,
        None => None,
    };
    let delivered = matches!(delivery, Some(Delivery::Delivered { .. }));
    Ok(Some(View {
        call: call.call,
        title: call.title.as_str().to_owned(),
        phase: if delivered { Phase::Delivered } else { call.phase },
        round: call.round,
        opened: call.opened,
        since: call.since,
        opens_in_s: (call.phase == Phase::Announced)
            .then(|| seconds_left(policy.announce_s, &call.since, now)),
        total,
        unresolved,
        lines,
        current,
        any_order: policy.searches(),
        two_officers: policy.two_officers,
        extra,
        strangers: call.strangers,
        recounts: call.recounts,
        delivery,
    }))
}

fn current(
    read: &Read<'_>,
    row: &LineRow,
    people: &[cell::Person],
    seconds_left: u32,
    seconds: u32,
) -> Result<Current, Fault> {
    let person = people.iter().find(|p| p.member.id == row.detainee);
    let face_off = person.is_some_and(|p| p.member.face_off);
    Ok(Current {
        detainee: row.detainee,
        name: person.map_or_else(String::new, cell::Person::masked_name),
        badge_number: person.map_or_else(String::new, |p| p.member.badge_number.as_str().to_owned()),
        seconds_left,
        seconds,
        face: !face_off && !row.other_way && session::has_template(read, row.detainee)?,
        has_pin: session::has_pin(read, row.detainee)?,
        tries: row.tries,
    })
}

fn seconds_left(limit_s: u32, since: &Stamp, now: &Stamp) -> u32 {
    let passed = u32::try_from(now.since_ms(since) / 1000).unwrap_or(u32::MAX);
    limit_s.saturating_sub(passed)
}

/// The next roll call the platform asked for.
///
/// # Errors
/// The disk fails.
pub fn next_task(read: &Read<'_>, now: &Stamp) -> Result<Option<RollCallTask>, Fault> {
    let tasks = tables::tasks(read)?;
    Ok(tasks.into_iter().find(|task| !task.cancelled && task.expires_ms > now.wall_ms))
}
