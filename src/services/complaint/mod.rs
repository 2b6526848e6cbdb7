// SPDX-License-Identifier: GPL-3.0-only
//! Without network a complaint is kept, sealed, and its clocks run; no camera is needed for any, and for an unnamed one it
//! is closed; a power cut loses what was not sent, because a draft is in memory only.
//!
//! 投诉、控告、检举、申诉. What a person says is sealed to the office they chose before anything of it is written. Nothing
//! here tells who wrote what: a receipt code finds a complaint, and code and PIN open its answer. An office is offered
//! where its keys and a running arrangement are here. Every PIN of a private page leaves a mark for the procurator, of the
//! same kind and size as a complaint. The lane waits a random while, and each day it is told how many went.
//! 约见 is asked for in the open and needs a PIN.

mod appointment;
mod draft;
mod lock;
mod offices;
pub(crate) mod screen;
mod tables;
#[cfg(test)]
mod tests;
mod view;

pub use appointment::AppointmentView;
pub use draft::{Answer, Draft, Step};
pub use lock::fresh_code;
pub use offices::apply;
pub use tables::{Ended, Heard};
pub use view::{OfficeLine, OfficeState, Overdue, SentView, View, answer, figures, find, is_writer, view};

use crate::care::toggle;
use crate::pin::{self, Secret};
use crate::{Actor, Done, Stop, cell, policy};
use contract::{
    AppointmentWith, AppointmentWord, Complaint, ComplaintCount, ComplaintSealed, DetaineeId, Digest, Event,
    EventId, Mark, Matter, Office, OfficeCount, OfficeKeys, ReceiptCode, SealKey, Stamp, ToOffice, Trust,
};
use store::{Delivery, Fault, Migration, Read, Write};
use tables::NewSent;

pub const MIGRATION: Migration =
    Migration { service: "complaint", steps: &[include_str!("tables/0001.sql")] };

/// The offices, in the order they are offered.
const COMPLAINT_OFFICES: [Office; 4] = Office::COMPLAINTS;
/// Complaints that can be asked for; of more, the oldest that reached the platform go.
const SENT_MAX: usize = 300;
const DAY_MS: i64 = 86_400_000;

#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    /// `secret` is the writer's, where they are named: with the code it opens the answer.
    Send { draft: Draft, code: ReceiptCode, secret: Option<Secret> },
    /// 逾期: the next office is told.
    Escalate(EventId),
    /// 撤回.
    Withdraw { event: EventId, code: ReceiptCode, secret: Option<Secret> },
    /// Whether a meeting an answer named took place.
    Meeting { event: EventId, code: ReceiptCode, took_place: bool },
    /// 约见.
    See(AppointmentWith),
    /// What a person says to their own request.
    SeeSaid { request: EventId, said: AppointmentWord },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It says nothing yet.
    Empty,
    /// The office's keys or its arrangement are not here, or are over.
    NotArranged,
    /// Code and PIN are not those of the writer, or the session is over.
    NotYours,
    /// Many were sent today: the next goes in the next hour.
    Hourly,
    /// Nothing is overdue, or nobody is left to tell.
    NotOverdue,
    /// Done before.
    Already,
    /// What came does not open, or is not the office's.
    NoAnswer,
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(crate::Refusal::Complaint(refusal))
    }
}

/// Somebody told an office something.
///
/// # Errors
/// See [`Refusal`]; or the disk fails.
pub fn act(tx: &Write<'_>, actor: Actor, intent: &Intent, now: &Stamp) -> Result<Done, Stop> {
    let receipt = match intent {
        Intent::Send { draft, code, secret } => {
            let own = match (draft.writer, actor) {
                (Some(writer), Actor::Detainee(actor)) => writer == actor && secret.is_some(),
                (Some(_), Actor::Anyone | Actor::Officer(_) | Actor::Machine) => false,
                (None, _) => secret.is_none(),
            };
            if !own {
                return Err(Refusal::NotYours.into());
            }
            send(tx, draft, code, secret.as_ref(), now)?
        }
        Intent::Escalate(event) => {
            let row = tables::sent(tx, *event)?.ok_or(Stop::from(Refusal::NotYours))?;
            if row.escalation.is_some() {
                return Err(Refusal::Already.into());
            }
            let sent = view::sent(tx, &row, now)?;
            let next = sent.next.ok_or(Stop::from(Refusal::NotOverdue))?;
            let matter = Matter::Escalation {
                complaint: *event,
                office: row.office,
                sent_ms: row.made.wall_ms,
                unreceived: row.heard.received_ms.is_none(),
            };
            let (escalation, _) = tell(tx, next, matter, now)?;
            tables::set_escalation(tx, *event, escalation)?;
            escalation
        }
        Intent::Withdraw { event, code, secret } => {
            let row = tables::sent(tx, *event)?.ok_or(Stop::from(Refusal::NotYours))?;
            if lock::unlock(&row.locked, code, secret.as_ref())?.is_none() {
                return Err(Refusal::NotYours.into());
            }
            if row.withdrawal.is_some() || row.heard.ended.is_some() {
                return Err(Refusal::Already.into());
            }
            let matter = Matter::Withdrawal { complaint: *event, code: code.clone() };
            let (withdrawal, _) = tell(tx, row.office, matter, now)?;
            tables::set_withdrawal(tx, *event, withdrawal)?;
            withdrawal
        }
        Intent::Meeting { event, code, took_place } => {
            let row = tables::sent(tx, *event)?.ok_or(Stop::from(Refusal::NotYours))?;
            let matter = Matter::Meeting { complaint: *event, code: code.clone(), took_place: *took_place };
            tell(tx, row.office, matter, now)?.0
        }
        Intent::See(with) => appointment::ask(tx, viewer(actor)?, *with, now)?,
        Intent::SeeSaid { request, said } => appointment::say(tx, viewer(actor)?, *request, *said, now)?,
    };
    Ok(Done { receipt: Some(receipt), refused: None })
}

/// Who proved who they are.
fn viewer(actor: Actor) -> Result<DetaineeId, Stop> {
    match actor {
        Actor::Detainee(detainee) => Ok(detainee),
        Actor::Anyone | Actor::Officer(_) | Actor::Machine => Err(Refusal::NotYours.into()),
    }
}

/// Somebody left the cell. Complaints stay: nothing here says whose they are.
///
/// # Errors
/// The disk fails.
pub fn member_gone(tx: &Write<'_>, detainee: DetaineeId) -> Result<(), Fault> {
    appointment::member_gone(tx, detainee)
}

/// A person's PIN opened a private page: the procurator learns of it, and by policy the director. Where nobody is
/// arranged nobody is told; and a PIN is never refused because there is no room for its mark.
///
/// # Errors
/// The disk fails.
pub fn mark(tx: &Write<'_>, detainee: DetaineeId, quiet: bool, now: &Stamp) -> Result<(), Fault> {
    let director = policy(tx)?.1.complaint.marks_to_director.then_some(Office::Director);
    for office in [Some(Office::Procurator), director].into_iter().flatten() {
        let matter = Matter::Mark(Mark { detainee, quiet, hour_ms: now.to_the_hour().wall_ms });
        match tell(tx, office, matter, now) {
            Ok(_) | Err(Stop::Refused(_)) => {}
            Err(Stop::Failed(fault)) if fault.is_full() => {}
            Err(Stop::Failed(fault)) => return Err(fault),
        }
    }
    Ok(())
}

/// Time passed: the lane may go, and the day's count is told.
///
/// # Errors
/// The disk fails.
pub fn tick(tx: &Write<'_>, now: &Stamp) -> Result<(), Fault> {
    if waited(tx, now)? {
        tables::delete_delay(tx)?;
    }
    if let Some(day) = uncounted(tx, now)? {
        let mut counts = Vec::new();
        for office in COMPLAINT_OFFICES {
            if let Some(row) = tables::office(tx, office)?.filter(|row| row.keys.arrangement.is_some()) {
                counts.push(OfficeCount { office, sent: row.sent(tx.epoch()) });
            }
        }
        let count = ComplaintCount { at: now.to_the_hour(), day, counts };
        match tx.send(&Event::ComplaintCount(count), now) {
            Ok(_) => {}
            // The next day's count holds this one's: it counts from the beginning.
            Err(fault) if fault.is_full() => tracing::warn!("no room for the day's count of complaints"),
            Err(fault) => return Err(fault),
        }
        tables::set_counted(tx, day)?;
        delay(tx, now)?;
    }
    Ok(())
}

/// Whether [`tick`] would change anything.
///
/// # Errors
/// The disk fails.
pub fn due(read: &Read<'_>, now: &Stamp) -> Result<bool, Fault> {
    Ok(waited(read, now)? || uncounted(read, now)?.is_some())
}

/// Whether the lane still waits its random while. A bundle that is carried by hand does not wait.
///
/// # Errors
/// The disk fails.
pub fn is_held(read: &Read<'_>, now: &Stamp) -> Result<bool, Fault> {
    Ok(tables::delay(read)?.is_some_and(|until| !is_past(&until, now)))
}

fn send(
    tx: &Write<'_>,
    draft: &Draft,
    code: &ReceiptCode,
    secret: Option<&Secret>,
    now: &Stamp,
) -> Result<EventId, Stop> {
    if !draft.is_whole() {
        return Err(Refusal::Empty.into());
    }
    if is_flood(tx, now)? {
        return Err(Refusal::Hourly.into());
    }
    let key = SealKey::generate();
    let complaint = Complaint {
        writer: draft.writer,
        about: if draft.talk { Vec::new() } else { draft.about.clone() },
        topics: if draft.talk { Vec::new() } else { draft.topics.clone() },
        words: if draft.talk { Default::default() } else { draft.words.clone() },
        meeting: draft.meeting || draft.talk,
        talk: draft.talk,
        at_ms: now.wall_ms,
        answer_to: key.recipient(),
        code: pin::verifier(tx.keys(), code.as_str().as_bytes())?,
    };
    let (event, sealed) = tell(tx, draft.office, Matter::Complaint(complaint), now)?;
    let sent = NewSent {
        event,
        office: draft.office,
        made: now.to_the_hour(),
        sealed,
        code: lock::tag(tx.keys(), code)?,
        locked: lock::lock(tx.keys(), code, secret, &key)?,
    };
    tables::add_sent(tx, &sent)?;
    prune(tx)?;
    Ok(event)
}

/// Seals to an office and sends; the event, and the digest of what was sealed.
fn tell(tx: &Write<'_>, office: Office, matter: Matter, now: &Stamp) -> Result<(EventId, Digest), Stop> {
    let row = tables::office(tx, office)?.filter(|row| offers(&row.keys, now));
    let row = row.ok_or(Stop::from(Refusal::NotArranged))?;
    let number = row.sent(tx.epoch()) + 1;
    let sealed = ComplaintSealed::seal(&ToOffice { number, matter }, &row.keys, now);
    // The keys were checked when they came, and what a person can say has a limit below the seal's.
    let sealed = sealed.map_err(|_| Fault::Stored { what: "office keys" })?;
    let digest = sealed.digest();
    let event = tx.send(&Event::ComplaintSealed(sealed), now)?;
    tables::set_number(tx, office, tx.epoch(), number)?;
    delay(tx, now)?;
    Ok((event, digest))
}

/// Whether an office may be written to now. A clock nobody confirmed closes none.
fn offers(keys: &OfficeKeys, now: &Stamp) -> bool {
    match now.trust {
        Trust::Synced | Trust::Estimated => keys.is_arranged(now.wall_ms),
        Trust::Unsynced => keys.arrangement.is_some(),
    }
}

/// After many on one day further ones go one an hour; the first of a day never waits.
fn is_flood(read: &Read<'_>, now: &Stamp) -> Result<bool, Fault> {
    let free = i64::from(policy(read)?.1.complaint.free_per_day.max(1));
    let today = day(read, now)?;
    let (mut of_today, mut of_hour) = (0_i64, false);
    for row in tables::all_sent(read)? {
        of_today += i64::from(day(read, &row.made)? == today);
        of_hour |= row.made.wall_ms == now.to_the_hour().wall_ms;
    }
    Ok(of_today >= free && of_hour)
}

/// The lane waits a random while from here, unless it waits already.
fn delay(tx: &Write<'_>, now: &Stamp) -> Result<(), Fault> {
    let most_ms = u64::from(policy(tx)?.1.complaint.delay_min) * 60_000;
    if most_ms == 0 || tables::delay(tx)?.is_some() {
        return Ok(());
    }
    let drawn = u64::from_be_bytes(tx.keys().random::<8>()?) % most_ms;
    let drawn = i64::try_from(drawn).unwrap_or_default();
    let until = Stamp {
        mono_ms: now.mono_ms.saturating_add(drawn),
        wall_ms: now.wall_ms.saturating_add(drawn),
        ..*now
    };
    tables::put_delay(tx, &until)
}

fn waited(read: &Read<'_>, now: &Stamp) -> Result<bool, Fault> {
    Ok(tables::delay(read)?.is_some_and(|until| is_past(&until, now)))
}

/// After a restart nothing waits any more: a clock that went back holds no complaint.
fn is_past(until: &Stamp, now: &Stamp) -> bool {
    now.boot != until.boot || now.mono_ms >= until.mono_ms
}

/// The day that is over and not told yet.
fn uncounted(read: &Read<'_>, now: &Stamp) -> Result<Option<i64>, Fault> {
    let Some(counted) = tables::counted(read)? else { return Ok(None) };
    if now.trust == Trust::Unsynced {
        return Ok(None);
    }
    let over = day(read, now)? - 1;
    Ok((over > counted).then_some(over))
}

/// Days since 1970, facility time.
fn day(read: &Read<'_>, at: &Stamp) -> Result<i64, Fault> {
    let offset_min = cell::terminal(read)?.map_or(0, |terminal| terminal.utc_offset_min);
    Ok(at.wall_ms.saturating_add(i64::from(offset_min) * 60_000).div_euclid(DAY_MS))
}

/// Keeps the list within its limit. What has not reached the platform stays.
fn prune(tx: &Write<'_>) -> Result<(), Fault> {
    let all = tables::all_sent(tx)?;
    for row in all.iter().take(all.len().saturating_sub(SENT_MAX)) {
        if !matches!(tx.delivery(row.event)?, Some(Delivery::Saved)) {
            tables::delete_sent(tx, row.event)?;
        }
    }
    Ok(())
}
