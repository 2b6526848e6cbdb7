// SPDX-License-Identifier: GPL-3.0-only
//! Without network the last roster counts and movements are queued; without camera an officer checks who leaves; after a
//! power cut everything stands as it was recorded.
//!
//! The cell: its roster, who is out (带出/带回), the day. The platform's truth wins for membership; what an officer
//! recorded here holds until the platform has it.

pub(crate) mod screen;
mod tables;
#[cfg(test)]
mod tests;

use crate::{Actor, Done, Stop, Taken};
use contract::{
    DetaineeId, Direction, Event, Facility, FacilityKind, IdentityCheck, Member, Movement, OneLeft, Out,
    OutReason, Policy, ROSTER_MAX, SCHEDULE_MAX, ScheduleKind, Stamp, Terminal, Update,
};
use store::{Fault, Migration, Read, Write};

pub const MIGRATION: Migration = Migration { service: "cell", steps: &[include_str!("tables/0001.sql")] };

/// An officer records who leaves or returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    TakeOut { detainee: DetaineeId, reason: OutReason, checked: IdentityCheck },
    Return { detainee: DetaineeId, checked: IdentityCheck },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    NotOfThisCell,
    AlreadyOut,
    NotOut,
    /// The camera did not know the person; another check is left.
    NotRecognised,
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(crate::Refusal::Cell(refusal))
    }
}

/// A person assigned to the cell, with the out-state in force here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub member: Member,
    pub out: Option<Out>,
}

impl Person {
    /// 王**: what the cell may read.
    pub fn masked_name(&self) -> String {
        masked(self.member.name.as_str())
    }
}

/// The first character of a name, the rest hidden.
pub fn masked(name: &str) -> String {
    name.chars().next().map_or_else(String::new, |first| format!("{first}**"))
}

/// What Home shows of the cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub facility: String,
    pub kind: FacilityKind,
    pub block: String,
    pub cell: String,
    /// None until the platform has said where this terminal hangs.
    pub utc_offset_min: Option<i16>,
    /// From now on, the running entry first.
    pub day: Vec<DayLine>,
    pub assigned: usize,
    pub out: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayLine {
    pub minute: u16,
    pub kind: ScheduleKind,
    pub title: String,
    pub detail: String,
    /// Minutes until it begins; none for the one that runs.
    pub begins_in_min: Option<u16>,
}

/// A person did something.
///
/// # Errors
/// Not an officer, not of this cell, already out or not out; or the disk fails.
pub fn act(tx: &Write<'_>, actor: Actor, intent: &Intent, now: &Stamp) -> Result<Done, Stop> {
    let officer = actor.officer()?;
    let (detainee, checked) = match intent {
        Intent::TakeOut { detainee, checked, .. } | Intent::Return { detainee, checked } => {
            (*detainee, *checked)
        }
    };
    let people = roster(tx)?;
    let person = people.iter().find(|p| p.member.id == detainee).ok_or(Refusal::NotOfThisCell)?;
    let (direction, reason, out, left_ms) = match (intent, &person.out) {
        (Intent::TakeOut { .. }, Some(_)) => return Err(Refusal::AlreadyOut.into()),
        (Intent::TakeOut { reason, .. }, None) => {
            let out = Out { reason: *reason, since_ms: now.wall_ms, officer: Some(officer) };
            (Direction::TakeOut, *reason, Some(out), None)
        }
        (Intent::Return { .. }, None) => return Err(Refusal::NotOut.into()),
        (Intent::Return { .. }, Some(out)) => (Direction::Return, out.reason, None, Some(out.since_ms)),
    };
    let before = people.iter().filter(|p| p.out.is_none()).count();
    let remaining = if out.is_some() { before - 1 } else { before + 1 };
    let movement = Movement {
        detainee,
        direction,
        reason,
        at: *now,
        left_ms,
        checked,
        officer,
        remaining: count(remaining),
    };
    let event = tx.send(&Event::Movement(movement), now)?;
    tables::set_movement(tx, detainee, out.as_ref(), event)?;
    if direction == Direction::TakeOut && remaining == 1 {
        let left = OneLeft { at: *now, assigned: count(people.len()), out: count(people.len() - 1) };
        tx.send(&Event::OneLeft(left), now)?;
    }
    Ok(Done { receipt: Some(event), refused: None })
}

/// The platform said something of the cell; `rev` is the feed's revision of it.
///
/// # Errors
/// The disk fails.
pub fn apply(tx: &Write<'_>, update: &Update, rev: u64) -> Result<Taken, Fault> {
    match update {
        Update::Facility(facility) => tables::put(tx, "facility", rev, facility)?,
        Update::Terminal(terminal) => tables::put(tx, "terminal", rev, terminal)?,
        Update::Policy(policy) => {
            if let Err(fault) = policy.clone().checked() {
                tracing::warn!(why = &fault as &dyn std::error::Error, "policy set aside");
                return Ok(Taken::SetAside("a policy out of bounds"));
            }
            tables::put(tx, "policy", rev, policy)?;
        }
        Update::Member(member) => {
            let known = tables::members(tx)?;
            if known.len() >= ROSTER_MAX && !known.iter().any(|m| m.id == member.id) {
                return Ok(Taken::SetAside("the roster is full"));
            }
            tables::put_member(tx, member)?;
            tables::drop_delivered_movement(tx, member.id)?;
        }
        Update::MemberGone(detainee) => tables::delete_member(tx, *detainee)?,
        Update::Schedule { key, entry: None } => tables::delete_schedule(tx, key)?,
        Update::Schedule { key, entry: Some(entry) } => {
            const MINUTES_OF_A_DAY: u16 = 24 * 60;
            if entry.minute >= MINUTES_OF_A_DAY {
                return Ok(Taken::SetAside("a minute beyond the day"));
            }
            if tables::schedule(tx)?.len() >= SCHEDULE_MAX {
                return Ok(Taken::SetAside("the day is full"));
            }
            tables::put_schedule(tx, key, entry)?;
        }
        Update::Officer(_)
        | Update::OfficerGone(_)
        | Update::RollCallTask(_)
        | Update::Office(_)
        | Update::Care { .. }
        | Update::Catalogue { .. }
        | Update::Account { .. }
        | Update::Statement { .. }
        | Update::Order { .. }
        | Update::CareNotice { .. }
        | Update::Complaint { .. }
        | Update::Appointment(_)
        | Update::AppointmentGone(_)
        | Update::AnswerFigures(_)
        | Update::Document { .. }
        | Update::PublicNotice { .. }
        | Update::Media { .. }
        | Update::Request(_)
        | Update::RequestGone(_)
        | Update::Rota { .. }
        | Update::DutyAnswer(_) => {
            return Ok(Taken::SetAside("not of the cell"));
        }
    }
    Ok(Taken::Yes)
}

/// Everybody assigned, by badge number, with the out-state in force: what an officer recorded here and the platform does
/// not have yet, else the platform's.
///
/// # Errors
/// The disk fails.
pub fn roster(read: &Read<'_>) -> Result<Vec<Person>, Fault> {
    let recorded = tables::movements(read)?;
    let mut people: Vec<Person> = tables::members(read)?
        .into_iter()
        .map(|member| {
            let here = recorded.iter().find(|(detainee, _)| *detainee == member.id);
            let out = here.map_or_else(|| member.out.clone(), |(_, out)| out.clone());
            Person { member, out }
        })
        .collect();
    people.sort_by(|a, b| (&a.member.badge_number, a.member.id).cmp(&(&b.member.badge_number, b.member.id)));
    Ok(people)
}

/// The policy in force with its revision.
///
/// # Errors
/// The disk fails.
pub fn policy(read: &Read<'_>) -> Result<(u64, Policy), Fault> {
    Ok(tables::get(read, "policy")?.unwrap_or_default())
}

/// The facility, once the platform has said.
///
/// # Errors
/// The disk fails.
pub fn facility(read: &Read<'_>) -> Result<Option<Facility>, Fault> {
    Ok(tables::get(read, "facility")?.map(|(_, facility): (u64, Facility)| facility))
}

/// Where this terminal hangs, once the platform has said.
///
/// # Errors
/// The disk fails.
pub fn terminal(read: &Read<'_>) -> Result<Option<Terminal>, Fault> {
    Ok(tables::get(read, "terminal")?.map(|(_, terminal): (u64, Terminal)| terminal))
}

/// What to show.
///
/// # Errors
/// The disk fails.
pub fn view(read: &Read<'_>, now: &Stamp) -> Result<View, Fault> {
    let (facility, terminal) = (facility(read)?, terminal(read)?);
    let utc_offset_min = terminal.as_ref().map(|t| t.utc_offset_min);
    let people = roster(read)?;
    let minute = minute_of_day(now, utc_offset_min.unwrap_or_default());
    Ok(View {
        facility: facility.as_ref().map_or_else(String::new, |f| f.name.as_str().to_owned()),
        kind: facility.map_or_else(FacilityKind::default, |f| f.kind),
        block: terminal.as_ref().map_or_else(String::new, |t| t.block.as_str().to_owned()),
        cell: terminal.map_or_else(String::new, |t| t.cell.as_str().to_owned()),
        utc_offset_min,
        day: day(tables::schedule(read)?, minute),
        assigned: people.len(),
        out: people.iter().filter(|p| p.out.is_some()).count(),
    })
}

/// How far the facility's clock is ahead of UTC, in minutes; zero until the platform has said so.
///
/// # Errors
/// The disk fails.
pub fn utc_offset_min(read: &Read<'_>) -> Result<i16, Fault> {
    let terminal: Option<(u64, Terminal)> = tables::get(read, "terminal")?;
    Ok(terminal.map_or(0, |(_, terminal)| terminal.utc_offset_min))
}

/// The day of the week at the facility; 1 is Monday.
pub fn weekday(now: &Stamp, utc_offset_min: i16) -> u8 {
    const DAY_MS: i64 = 24 * 60 * 60_000;
    let days = now.wall_ms.saturating_add(i64::from(utc_offset_min) * 60_000).div_euclid(DAY_MS);
    // 1970 began on a Thursday.
    u8::try_from(days.saturating_add(3).rem_euclid(7) + 1).unwrap_or(1)
}

/// Minutes after midnight at the facility.
pub fn minute_of_day(now: &Stamp, utc_offset_min: i16) -> u16 {
    let minutes =
        now.wall_ms.div_euclid(60_000).saturating_add(i64::from(utc_offset_min)).rem_euclid(24 * 60);
    u16::try_from(minutes).unwrap_or_default()
}

/// Whether a minute lies in a span that may go over midnight.
pub fn is_within(minute: u16, from: u16, to: u16) -> bool {
    if from <= to { (from..to).contains(&minute) } else { minute >= from || minute < to }
}

fn day(mut entries: Vec<contract::ScheduleEntry>, minute: u16) -> Vec<DayLine> {
    entries.sort_by_key(|entry| entry.minute);
    let running = entries.iter().rposition(|entry| entry.minute <= minute);
    entries
        .into_iter()
        .skip(running.unwrap_or(0))
        .map(|entry| DayLine {
            minute: entry.minute,
            kind: entry.kind,
            title: entry.title.as_str().to_owned(),
            detail: entry.detail.as_str().to_owned(),
            begins_in_min: entry.minute.checked_sub(minute).filter(|wait| *wait > 0),
        })
        .collect()
}

/// A count that fits: rosters are limited to [`ROSTER_MAX`].
pub(crate) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
