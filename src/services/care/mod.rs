// SPDX-License-Identifier: GPL-3.0-only
//! Without network a report is kept and goes when there is one, with its clock running; without camera, PIN or name it
//! is taken all the same; after a power cut a draft waits ten minutes for the person who wrote it.
//!
//! 看病. What a person says of their health is sealed to the clinic's keys before it leaves, and under the device's key
//! wherever it is kept. Before the clinic's keys are here a report waits for them. A danger calls somebody at once, in
//! the open, and the person was told so. A report is never refused for what is missing.

mod draft;
mod letters;
pub(crate) mod screen;
mod tables;
#[cfg(test)]
mod tests;
mod view;

pub use draft::{Answer, Draft, Question, toggle};
pub use letters::{apply, member_gone};
pub use view::{DoseView, NoticeView, Own, ReportView, Sent, View, WordView, draft_of, last, view};

use crate::{Actor, Done, Stop};
use contract::{
    CareCheck, CareDanger, CareNudged, CareReported, CareSaid, CareState, Danger, DetaineeId, Event, EventId,
    Office, Said, Sealed, Stamp, ToClinic,
};
use serde::{Deserialize, Serialize};
use store::{Fault, Migration, Read, Write};
use tables::ReportRow;

pub const MIGRATION: Migration = Migration { service: "care", steps: &[include_str!("tables/0001.sql")] };

/// How long a draft waits for the person who wrote it, in milliseconds.
pub const DRAFT_MS: i64 = 10 * 60_000;
/// How long after a 催办 the next may come, in milliseconds.
const NUDGE_AGAIN_MS: i64 = 60 * 60_000;
/// Reports that are kept; of more, the oldest that reached the platform go.
const REPORTS_MAX: usize = 300;
/// Words to reports that are kept; of more, the oldest go.
const SAID_MAX: usize = 600;

#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    /// Keeps what was said so far, for whoever proved who they are.
    Keep(Draft),
    /// A danger question was answered with yes.
    Danger {
        detainee: Option<DetaineeId>,
        danger: Danger,
    },
    Send(Draft),
    /// Something to a report, or to none: a dose, a document.
    Say {
        report: Option<EventId>,
        said: Said,
    },
    /// 催办.
    Nudge(EventId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It says nothing yet.
    Empty,
    /// Not this person's, or not there any more.
    NotYours,
    /// The clinic's keys are not here: nobody could read it.
    NoKeys,
    /// 已办结.
    Closed,
    /// Said before.
    Already,
    /// 催办 less than an hour ago.
    NudgedLately,
    /// Nothing was drawn, or no reason given.
    NotSigned,
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(crate::Refusal::Care(refusal))
    }
}

/// What a person said later, with who said it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct OwnWord {
    detainee: DetaineeId,
    said: Said,
}

/// Somebody of the cell did something about their health, or somebody else's.
///
/// # Errors
/// See [`Refusal`]; or the disk fails.
pub fn act(tx: &Write<'_>, actor: Actor, intent: &Intent, now: &Stamp) -> Result<Done, Stop> {
    let receipt = match intent {
        Intent::Keep(draft) => {
            if let (CareCheck::Pin, Some(detainee), Actor::Detainee(actor)) =
                (draft.check, draft.detainee, actor)
                && detainee == actor
            {
                forget_drafts(tx, |of| of == detainee)?;
                tables::put_draft(tx, draft, now)?;
            }
            None
        }
        Intent::Danger { detainee, danger } => {
            let danger = CareDanger { at: *now, detainee: *detainee, dangers: vec![*danger] };
            Some(tx.send(&Event::CareDanger(danger), now)?)
        }
        Intent::Send(draft) => {
            if !draft.is_whole() {
                return Err(Refusal::Empty.into());
            }
            let proven = match (draft.check, actor) {
                (CareCheck::Pin, Actor::Detainee(actor)) => draft.detainee == Some(actor),
                (CareCheck::Pin, Actor::Anyone | Actor::Officer(_) | Actor::Machine) => false,
                (CareCheck::Officer { .. } | CareCheck::None, _) => true,
            };
            // Whoever left in between is not known any more; what they said counts all the same.
            let draft =
                if proven { draft.clone() } else { Draft { check: CareCheck::None, ..draft.clone() } };
            let number = tables::add_report(tx, &draft.report(), draft.urgency(), now)?;
            if let Some(detainee) = draft.detainee.filter(|_| !draft.for_other) {
                forget_drafts(tx, |of| of == detainee)?;
            }
            prune(tx)?;
            match tables::reports(tx)?.into_iter().find(|row| row.number == number) {
                Some(row) => send_report(tx, &row, now)?,
                None => None,
            }
        }
        Intent::Say { report, said } => {
            let Actor::Detainee(detainee) = actor else { return Err(Refusal::NotYours.into()) };
            Some(say(tx, detainee, *report, said, now)?)
        }
        Intent::Nudge(report) => {
            let Actor::Detainee(detainee) = actor else { return Err(Refusal::NotYours.into()) };
            let row = own_report(tx, detainee, *report)?;
            if row.nudged.is_some_and(|nudged| now.since_ms(&nudged) < NUDGE_AGAIN_MS) {
                return Err(Refusal::NudgedLately.into());
            }
            tables::set_nudged(tx, row.number, now)?;
            Some(tx.send(&Event::CareNudged(CareNudged { at: *now, report: *report }), now)?)
        }
    };
    Ok(Done { receipt, refused: None })
}

/// Time passed: drafts nobody came back to are gone.
///
/// # Errors
/// The disk fails.
pub fn tick(tx: &Write<'_>, now: &Stamp) -> Result<(), Fault> {
    for (number, kept, _) in tables::drafts(tx)? {
        if is_over(&kept, now) {
            tables::delete_draft(tx, number)?;
        }
    }
    Ok(())
}

/// Whether [`tick`] would change anything.
///
/// # Errors
/// The disk fails.
pub fn due(read: &Read<'_>, now: &Stamp) -> Result<bool, Fault> {
    Ok(tables::drafts(read)?.iter().any(|(_, kept, _)| is_over(kept, now)))
}

/// A clock that went back makes no draft last longer than it has: of another start it counts by the wall, and one from
/// the future is over.
fn is_over(kept: &Stamp, now: &Stamp) -> bool {
    now.since_ms(kept) >= DRAFT_MS || (kept.boot != now.boot && now.wall_ms < kept.wall_ms)
}

/// Seals a report and sends it, where the clinic's keys are here; it waits for them elsewhere.
fn send_report(tx: &Write<'_>, row: &ReportRow, now: &Stamp) -> Result<Option<EventId>, Fault> {
    let Some(keys) = tables::office(tx, Office::Clinic)? else { return Ok(None) };
    let sealed = seal(&ToClinic::Report(row.content.clone()), &keys.recipients)?;
    let event = CareReported { at: row.made, urgency: row.urgency, sealed };
    let event = tx.send(&Event::CareReported(event), now)?;
    tables::set_event(tx, row.number, event)?;
    Ok(Some(event))
}

fn say(
    tx: &Write<'_>,
    detainee: DetaineeId,
    report: Option<EventId>,
    said: &Said,
    now: &Stamp,
) -> Result<EventId, Stop> {
    may_say(tx, detainee, report, said)?;
    let keys = tables::office(tx, Office::Clinic)?.ok_or(Stop::from(Refusal::NoKeys))?;
    let sealed = seal(&ToClinic::Said { detainee, said: said.clone() }, &keys.recipients)?;
    let event = tx.send(&Event::CareSaid(CareSaid { at: *now, report, sealed }), now)?;
    tables::add_said(tx, event, report, &OwnWord { detainee, said: said.clone() }, now)?;
    prune(tx)?;
    Ok(event)
}

/// Whether this person may say this to that.
fn may_say(tx: &Write<'_>, detainee: DetaineeId, report: Option<EventId>, said: &Said) -> Result<(), Stop> {
    let own = view::own(tx, detainee)?;
    let answered = |answer: Option<bool>| match answer {
        None => Err(Stop::from(Refusal::NotYours)),
        Some(true) => Err(Refusal::Already.into()),
        Some(false) => Ok(()),
    };
    match said {
        Said::Dose { dose, taken, why } => {
            if !taken && why.is_empty() {
                return Err(Refusal::NotSigned.into());
            }
            let held = own.doses.iter().find(|held| held.dose.dose == *dose);
            answered(held.map(|held| held.taken.is_some()))
        }
        Said::Sign { document, agreed, why, strokes } => {
            let held = own.documents.iter().find(|(held, _)| held.document == *document);
            answered(held.map(|(_, agreed)| agreed.is_some()))?;
            let whole = if *agreed { strokes.is_sound() } else { !why.is_empty() };
            if whole { Ok(()) } else { Err(Refusal::NotSigned.into()) }
        }
        Said::Accept { .. }
        | Said::OtherTime { .. }
        | Said::Cancel
        | Said::Refuse { .. }
        | Said::Worse { .. } => {
            let report = report.ok_or(Stop::from(Refusal::NotYours))?;
            let held = own.reports.iter().find(|held| held.event == Some(report));
            let held = held.ok_or(Stop::from(Refusal::NotYours))?;
            let answer = held.answer.as_ref().map(|(_, answer)| answer);
            if answer.is_some_and(|answer| answer.state == CareState::Closed) {
                return Err(Refusal::Closed.into());
            }
            let offered = |slot| answer.is_some_and(|answer| answer.slots.iter().any(|one| one.slot == slot));
            if let Said::Accept { slot } = said
                && !offered(*slot)
            {
                return Err(Refusal::NotYours.into());
            }
            if let Said::Refuse { why } = said
                && why.is_empty()
            {
                return Err(Refusal::NotSigned.into());
            }
            Ok(())
        }
    }
}

/// A report of this person that went out and is not closed.
fn own_report(tx: &Write<'_>, detainee: DetaineeId, report: EventId) -> Result<ReportRow, Stop> {
    let own = |row: &ReportRow| row.event == Some(report) && row.content.detainee == Some(detainee);
    let row = tables::reports(tx)?.into_iter().find(own).ok_or(Stop::from(Refusal::NotYours))?;
    let own = view::own(tx, detainee)?;
    let closed = own.reports.iter().any(|held| {
        held.event == Some(report)
            && held.answer.as_ref().is_some_and(|(_, answer)| answer.state == CareState::Closed)
    });
    if closed { Err(Refusal::Closed.into()) } else { Ok(row) }
}

fn forget_drafts(tx: &Write<'_>, of: impl Fn(DetaineeId) -> bool) -> Result<(), Fault> {
    for (number, _, draft) in tables::drafts(tx)? {
        if draft.is_none_or(|draft| draft.detainee.is_some_and(&of)) {
            tables::delete_draft(tx, number)?;
        }
    }
    Ok(())
}

/// Keeps the lists within their limits. What has not reached the platform stays.
fn prune(tx: &Write<'_>) -> Result<(), Fault> {
    for row in tables::reports(tx)?.iter().skip(REPORTS_MAX) {
        let settled = match row.event {
            Some(event) => !matches!(tx.delivery(event)?, Some(store::Delivery::Saved)),
            None => false,
        };
        if settled {
            tables::delete_report(tx, row.number)?;
        }
    }
    let said = tables::said(tx)?;
    for row in said.iter().take(said.len().saturating_sub(SAID_MAX)) {
        tables::delete_said(tx, row.event)?;
    }
    Ok(())
}

fn seal(content: &ToClinic, to: &[contract::SealRecipient]) -> Result<Sealed, Fault> {
    // The keys were checked when they came, and what a person can say has a limit far below the seal's.
    Sealed::seal(content, to).map_err(|_| Fault::Stored { what: "office keys" })
}
