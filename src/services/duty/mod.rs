// SPDX-License-Identifier: GPL-3.0-only
//! Without network the last rota counts, and repeats where no newer came, shown so; without camera or a match the next
//! way is offered: PIN, then an officer's check; after a power cut each turn goes on where it was, and what nobody could
//! do here meanwhile is told as a gap of the record; until the time is confirmed no turn begins, and the page says so.
//!
//! Duty (值班). People sign on, confirm at random times, hand over, each having shown who they are. Too few on duty is a
//! gap: light, then a low voice, then the control room. A gap has times and names nobody: the machine has no way to say
//! that somebody was at fault. 我撑不住了 calls an officer. Whoever is exempt is never asked, and nobody is told why.

mod deed;
mod passing;
mod reconcile;
mod rota;
pub(crate) mod screen;
mod tables;
#[cfg(test)]
mod tests;
mod turn;
mod unrecorded;
mod view;

pub use passing::{due, tick};
pub use reconcile::reconcile;
pub use view::{Ask, MatterView, PersonView, Planned, TurnView, View, view};

use crate::pin::Pin;
use crate::{Actor, Done, Stop, Taken};
use contract::{
    CheckReason, DetaineeId, DutyAnswer, DutyGap, DutyOfficerChecked, DutyUnwell, Event, EventId, GapKind,
    Stamp, Swap, Text, Turn, Update,
};
use serde::{Deserialize, Serialize};
use store::{Fault, Migration, Read, Write};

pub const MIGRATION: Migration =
    Migration { service: "duty", steps: &[include_str!("tables/0001.sql"), include_str!("tables/0002.sql")] };

/// Most cycles kept; one more is set aside.
const ROTAS_MAX: usize = 8;
/// Closed turns, half-agreed swaps and answered matters that are kept.
const KEPT: u32 = 100;

/// What a person does after having shown who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    SignOn,
    Confirm,
    HandOver {
        remark: Text<200>,
    },
    /// Agrees to a swap.
    Swap(Swap),
}

/// What a person or the machine's eye asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    /// The face check saw this person.
    Seen {
        detainee: DetaineeId,
        deed: Deed,
        score: f32,
        liveness: Option<f32>,
        challenged: bool,
        model: Text<64>,
    },
    /// One try at the camera ended without a match.
    NotMatched {
        detainee: DetaineeId,
    },
    EnterPin {
        detainee: DetaineeId,
        deed: Deed,
        pin: Pin,
    },
    /// An officer looked himself.
    Check {
        detainee: DetaineeId,
        deed: Deed,
        reason: CheckReason,
    },
    /// 我撑不住了: no identification, no reason.
    Unwell {
        detainee: DetaineeId,
    },
    /// An officer answers a gap, a handover, a swap, a call for help.
    Answer {
        subject: EventId,
        answer: DutyAnswer,
        note: Text<200>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Not of this cell, out, or asked for nothing now.
    NotYourTurn,
    /// Done before.
    Already,
    /// Nothing to confirm or to hand over now.
    NotNow,
    /// A swap of turns that are not these two people's, or have begun.
    NoSuchSwap,
    /// An officer has been called.
    Called,
    ReasonMissing,
    /// Nothing was asked, or it has been answered.
    Answered,
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(crate::Refusal::Duty(refusal))
    }
}

/// Where a turn is in its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Before it begins: people sign on.
    Open,
    Running,
    /// Past its end, not handed over yet.
    Over,
}

/// How far too few on duty has been told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    #[default]
    None,
    /// The flashing strip.
    Light,
    /// A low voice besides.
    Voice,
    /// The control room knows.
    Told,
}

/// Where a person of a turn stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    Planned,
    On,
    /// Taken out, exempt, unwell: somebody else is asked.
    Left,
}

/// A gap that goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Gap {
    number: u32,
    kind: GapKind,
    since: Stamp,
    told: Option<EventId>,
}

/// A turn as stored. Times named `…_ms` count from its beginning, unless they are the wall's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TurnRow {
    turn: Turn,
    title: Text<32>,
    /// By the wall, as planned.
    begins_ms: i64,
    length_ms: i64,
    repeated: bool,
    confirmations_ms: Vec<i64>,
    phase: Phase,
    /// Where it was at `base`.
    base_ms: i64,
    base: Stamp,
    /// Since when fewer are signed on than needed.
    below_ms: Option<i64>,
    /// How many confirmations were asked, and when the last one was.
    asked: u32,
    asked_ms: i64,
    step: Step,
    gap: Option<Gap>,
    gaps: u32,
    handed_over: Option<EventId>,
    closed: bool,
    /// Where nobody can say yet how long the power was gone.
    #[serde(default)]
    dark: Option<Dark>,
    /// It ended while the terminal was off: nobody could hand it over here.
    #[serde(default)]
    ended_dark: bool,
}

/// The terminal was off during a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Dark {
    /// Where the turn was when it last kept something.
    from_ms: i64,
    /// The first moment after it.
    on: Stamp,
    /// Where the turn was at that moment, once the time is confirmed.
    to_ms: Option<i64>,
}

/// A person asked for a turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PersonRow {
    detainee: DetaineeId,
    instead_of: Option<DetaineeId>,
    place: Place,
    /// The last confirmation answered.
    confirmed: u32,
    /// Tries at the camera for what is asked now.
    tries: u8,
    unwell: bool,
}

/// What an officer is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "matter", rename_all = "snake_case")]
pub enum Matter {
    Gap(DutyGap),
    Handover { turn: Turn, detainee: DetaineeId, remark: Text<200>, at: Stamp },
    Swap(Swap),
    Unwell(DutyUnwell),
}

/// The same with its number and the first answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MatterRow {
    subject: EventId,
    matter: Matter,
    answer: Option<DutyAnswer>,
}

/// A person did something.
///
/// # Errors
/// See [`Refusal`]; or the disk fails.
pub fn act(tx: &Write<'_>, actor: Actor, intent: &Intent, now: &Stamp) -> Result<Done, Stop> {
    match intent {
        Intent::Seen { .. } | Intent::NotMatched { .. } | Intent::EnterPin { .. } | Intent::Check { .. } => {
            deed::act(tx, actor, intent, now)
        }
        Intent::Unwell { detainee } => unwell(tx, *detainee, now),
        Intent::Answer { subject, answer, note } => {
            let officer = actor.officer()?;
            let row = tables::matter(tx, *subject)?.ok_or(Refusal::Answered)?;
            if *answer == DutyAnswer::Refused && !matches!(row.matter, Matter::Swap(_)) {
                return Err(Refusal::NotNow.into());
            }
            if !tables::answer(tx, *subject, *answer)? {
                return Err(Refusal::Answered.into());
            }
            let checked = DutyOfficerChecked {
                subject: *subject,
                answer: *answer,
                officer,
                note: note.clone(),
                at: *now,
            };
            let event = tx.send(&Event::DutyOfficerChecked(checked), now)?;
            answered(tx, &row.matter)?;
            Ok(Done { receipt: Some(event), refused: None })
        }
    }
}

fn unwell(tx: &Write<'_>, detainee: DetaineeId, now: &Stamp) -> Result<Done, Stop> {
    for row in tables::active(tx)? {
        let people = tables::people(tx, row.turn)?;
        let Some(mut person) = people.into_iter().find(|person| person.detainee == detainee) else {
            continue;
        };
        if person.place == Place::Left || row.phase == Phase::Over {
            continue;
        }
        if person.unwell {
            return Err(Refusal::Called.into());
        }
        let unwell = DutyUnwell { turn: row.turn, detainee, at: *now };
        let event = tx.send(&Event::DutyUnwell(unwell), now)?;
        person.unwell = true;
        tables::put_person(tx, row.turn, &person)?;
        tables::put_matter(tx, event, &Matter::Unwell(unwell), KEPT)?;
        return Ok(Done { receipt: Some(event), refused: None });
    }
    Err(Refusal::NotYourTurn.into())
}

/// What an answer changes in the cell: whoever is unwell is relieved. A swap is read from its answer.
fn answered(tx: &Write<'_>, matter: &Matter) -> Result<(), Fault> {
    let Matter::Unwell(DutyUnwell { turn, detainee, .. }) = matter else { return Ok(()) };
    let people = tables::people(tx, *turn)?;
    if let Some(mut person) = people.into_iter().find(|person| person.detainee == *detainee) {
        person.place = Place::Left;
        tables::put_person(tx, *turn, &person)?;
    }
    Ok(())
}

/// The platform sends a rota, or an officer's answer from the desk.
///
/// # Errors
/// The disk fails.
pub fn apply(tx: &Write<'_>, update: &Update, now: &Stamp) -> Result<Taken, Fault> {
    match update {
        Update::Rota { key, rota: None } => {
            unrecorded::rota_changes(tx, now)?;
            tables::delete_rota(tx, key)?;
        }
        Update::Rota { key, rota: Some(rota) } => {
            if let Some(fault) = rota.fault() {
                return Ok(Taken::SetAside(fault));
            }
            let held = tables::rotas(tx)?;
            if held.len() >= ROTAS_MAX && !held.iter().any(|(one, _)| one == key) {
                return Ok(Taken::SetAside("too many rotas"));
            }
            unrecorded::rota_changes(tx, now)?;
            tables::put_rota(tx, key, rota)?;
        }
        Update::DutyAnswer(said) => {
            let held = tables::matter(tx, said.subject)?;
            if let Some(row) = held.filter(|row| row.answer != Some(said.answer)) {
                tables::overrule(tx, said.subject, said.answer)?;
                answered(tx, &row.matter)?;
            }
        }
        Update::Facility(_)
        | Update::Terminal(_)
        | Update::Member(_)
        | Update::MemberGone(_)
        | Update::Officer(_)
        | Update::OfficerGone(_)
        | Update::Schedule { .. }
        | Update::RollCallTask(_)
        | Update::Request(_)
        | Update::RequestGone(_)
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
        | Update::Policy(_) => return Ok(Taken::SetAside("not of duty")),
    }
    Ok(Taken::Yes)
}

/// A member left the cell for good: no half-made swap of theirs stays.
///
/// # Errors
/// The disk fails.
pub fn member_gone(tx: &Write<'_>, detainee: DetaineeId) -> Result<(), Fault> {
    tables::forget_agreed_of(tx, detainee)
}

/// The swaps an officer agreed to, the earliest first.
fn swaps(read: &Read<'_>) -> Result<Vec<Swap>, Fault> {
    let agreed = tables::matters(read)?.into_iter().rev();
    Ok(agreed
        .filter_map(|row| match row.matter {
            Matter::Swap(swap) if row.answer == Some(DutyAnswer::Confirmed) => Some(swap),
            Matter::Swap(_) | Matter::Gap(_) | Matter::Handover { .. } | Matter::Unwell(_) => None,
        })
        .collect())
}

impl PersonRow {
    fn planned(detainee: DetaineeId, instead_of: Option<DetaineeId>) -> Self {
        Self { detainee, instead_of, place: Place::Planned, confirmed: 0, tries: 0, unwell: false }
    }
}
