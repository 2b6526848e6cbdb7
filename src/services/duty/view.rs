// SPDX-License-Identifier: GPL-3.0-only
//! What the cell and the officer see of duty. The cell reads masked names; why somebody is exempt is in no view.

use super::{Deed, Matter, MatterRow, PersonRow, Phase, Place, Step, TurnRow, rota, tables};
use crate::roll_call::Viewer;
use crate::{cell, session};
use contract::{DetaineeId, DutyAnswer, DutyPolicy, EventId, GapKind, Stamp, Text, Turn};
use std::collections::HashMap;
use store::{Fault, Read};

/// How far ahead the rota is shown, in milliseconds: a week.
const AHEAD_MS: i64 = 7 * 86_400_000;

/// Duty as it stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct View {
    /// The turns that go on or open, the earliest first.
    pub turns: Vec<TurnView>,
    /// The rota from now on, a week.
    pub week: Vec<Planned>,
    /// 轮值员 of today: not on duty, and without a say.
    pub stewards: Vec<String>,
    /// No approved rota covers this time: the last one repeats.
    pub repeated: bool,
    /// The platform has sent no rota at all.
    pub none: bool,
    /// Nobody confirmed the time since the terminal came on: no turn begins until then.
    pub unconfirmed: bool,
    /// How far too few on duty has been told.
    pub step: Step,
    /// Somebody on duty is asked to confirm.
    pub asks: bool,
    /// The low voice may be heard at this hour.
    pub voice: bool,
    /// What an officer has to answer, and what was answered, the newest first.
    pub matters: Vec<MatterView>,
}

/// A turn that goes on.
#[derive(Debug, Clone, PartialEq)]
pub struct TurnView {
    pub turn: Turn,
    pub title: String,
    pub begins_ms: i64,
    pub ends_ms: i64,
    pub phase: Phase,
    pub on_duty: u32,
    pub needed: u32,
    pub repeated: bool,
    pub step: Step,
    pub gap: Option<GapKind>,
    pub handed_over: bool,
    pub people: Vec<PersonView>,
}

/// What is asked of a person at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    SignOn,
    Confirm,
    HandOver,
}

impl Ask {
    /// The deed that answers it.
    pub fn deed(self, remark: Text<200>) -> Deed {
        match self {
            Self::SignOn => Deed::SignOn,
            Self::Confirm => Deed::Confirm,
            Self::HandOver => Deed::HandOver { remark },
        }
    }
}

/// Somebody asked for a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonView {
    pub detainee: DetaineeId,
    /// Masked for the cell.
    pub name: String,
    pub badge_number: String,
    pub place: Place,
    /// Asked in somebody's place.
    pub replaces: bool,
    /// An officer was called for them.
    pub unwell: bool,
    pub ask: Option<Ask>,
    /// The camera may be used: a template, tries left, nothing against it.
    pub face: bool,
    pub has_pin: bool,
}

/// A turn of the rota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub turn: Turn,
    pub title: String,
    pub begins_ms: i64,
    pub ends_ms: i64,
    /// Names, masked for the cell.
    pub people: Vec<(DetaineeId, String)>,
    pub repeated: bool,
    /// Opened: it cannot be swapped any more.
    pub opened: bool,
}

/// What an officer is asked, with names as the viewer may read them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterView {
    pub subject: EventId,
    pub matter: Matter,
    /// Who it is about, and with whom; empty for a gap.
    pub name: String,
    pub other: String,
    pub answer: Option<DutyAnswer>,
}

/// What to show.
///
/// # Errors
/// The disk fails.
pub fn view(read: &Read<'_>, viewer: Viewer, now: &Stamp) -> Result<View, Fault> {
    let all = crate::policy(read)?.1;
    let policy = &all.duty;
    let rotas = tables::rotas(read)?;
    let active = tables::active(read)?;
    let names = names(read, viewer)?;
    let now_ms = super::passing::wall_ms(&active, now);
    let swaps = super::swaps(read)?;
    let week = rota::planned(&rotas, now_ms, now_ms.saturating_add(AHEAD_MS))
        .into_iter()
        .map(|planned| {
            let people = planned.people(&swaps).into_iter();
            Ok(Planned {
                turn: planned.turn,
                title: planned.shift.title.as_str().to_owned(),
                begins_ms: planned.begins_ms,
                ends_ms: planned.ends_ms,
                people: people.filter_map(|id| Some((id, names.get(&id)?.0.clone()))).collect(),
                repeated: planned.turn.cycle > 0,
                opened: tables::was_opened(read, planned.turn)?,
            })
        })
        .collect::<Result<Vec<_>, Fault>>()?;
    let mut turns = Vec::with_capacity(active.len());
    for row in &active {
        turns.push(turn_view(read, row, policy, all.roll_call.tries_max, &names, now)?);
    }
    let offset_min = cell::view(read, now)?.utc_offset_min.unwrap_or_default();
    let night =
        cell::is_within(cell::minute_of_day(now, offset_min), policy.night_from_min, policy.night_to_min);
    let name = |id: DetaineeId| names.get(&id).map_or_else(String::new, |(name, _)| name.clone());
    let stewards = rota::stewards(&rotas, now_ms).into_iter().map(name).filter(|name| !name.is_empty());
    Ok(View {
        stewards: stewards.collect(),
        repeated: week.first().is_some_and(|planned| planned.repeated),
        none: rotas.is_empty(),
        unconfirmed: !rotas.is_empty() && super::passing::opens_by_ms(&active, now).is_none(),
        step: turns.iter().map(|turn| turn.step).max().unwrap_or(Step::None),
        asks: turns.iter().any(|turn| turn.people.iter().any(|person| person.ask == Some(Ask::Confirm))),
        voice: !night || policy.night_voice,
        matters: tables::matters(read)?.into_iter().map(|row| matter_view(row, name)).collect(),
        turns,
        week,
    })
}

type Names = HashMap<DetaineeId, (String, String)>;

/// Name as the viewer may read it, and badge number.
fn names(read: &Read<'_>, viewer: Viewer) -> Result<Names, Fault> {
    let people = cell::roster(read)?.into_iter();
    Ok(people
        .map(|person| {
            let name = match viewer {
                Viewer::Cell => person.masked_name(),
                Viewer::Officer(_) => person.member.name.as_str().to_owned(),
            };
            (person.member.id, (name, person.member.badge_number.as_str().to_owned()))
        })
        .collect())
}

fn turn_view(
    read: &Read<'_>,
    row: &TurnRow,
    policy: &DutyPolicy,
    tries_max: u8,
    names: &Names,
    now: &Stamp,
) -> Result<TurnView, Fault> {
    let rows = tables::people(read, row.turn)?;
    let roster = cell::roster(read)?;
    let mut people = Vec::with_capacity(rows.len());
    for person in &rows {
        let Some((name, badge_number)) = names.get(&person.detainee) else { continue };
        let face_off = roster.iter().any(|p| p.member.id == person.detainee && p.member.face_off);
        people.push(PersonView {
            detainee: person.detainee,
            name: name.clone(),
            badge_number: badge_number.clone(),
            place: person.place,
            replaces: person.instead_of.is_some(),
            unwell: person.unwell,
            ask: ask(row, person, policy, now),
            face: !face_off && person.tries < tries_max && session::has_template(read, person.detainee)?,
            has_pin: session::has_pin(read, person.detainee)?,
        });
    }
    Ok(TurnView {
        turn: row.turn,
        title: row.title.as_str().to_owned(),
        begins_ms: row.begins_ms,
        ends_ms: row.begins_ms.saturating_add(row.length_ms),
        phase: row.phase,
        on_duty: row.count(&rows, policy, row.at_ms(now)).on_duty,
        needed: policy.people_min.into(),
        repeated: row.repeated,
        step: row.step,
        gap: row.gap.map(|gap| gap.kind),
        handed_over: row.handed_over.is_some(),
        people,
    })
}

fn ask(row: &TurnRow, person: &PersonRow, policy: &DutyPolicy, now: &Stamp) -> Option<Ask> {
    match person.place {
        Place::Left => None,
        Place::Planned => row.takes_sign_on().then_some(Ask::SignOn),
        Place::On if row.asks(person) => Some(Ask::Confirm),
        Place::On => row.takes_handover(policy, now).then_some(Ask::HandOver),
    }
}

fn matter_view(row: MatterRow, name: impl Fn(DetaineeId) -> String) -> MatterView {
    let (one, other) = match &row.matter {
        Matter::Gap(_) => (String::new(), String::new()),
        Matter::Handover { detainee, .. } => (name(*detainee), String::new()),
        Matter::Unwell(unwell) => (name(unwell.detainee), String::new()),
        Matter::Swap(swap) => (name(swap.first), name(swap.second)),
    };
    MatterView { subject: row.subject, matter: row.matter, name: one, other, answer: row.answer }
}
