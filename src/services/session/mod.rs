// SPDX-License-Identifier: GPL-3.0-only
//! Without network everything here works: verifiers and templates are on the device. Without camera PINs and officers
//! remain. A power cut ends every session; tries and waits are remembered.
//!
//! Who stands at the screen: officers by card and PIN, detainees by PIN, face templates and who used them. Five wrong
//! PINs, then doubling waits. A PIN or template never leaves the device and is sealed under its key.

pub(crate) mod screen;
mod tables;
#[cfg(test)]
mod tests;
mod who;

pub use who::{Second, Session, Who};

use crate::pin::{self, Pin, Proof};
use crate::{Actor, Done, Stop, Taken, cell};
use contract::{
    CardDigest, DetaineeId, ErasureCause, Event, Member, OFFICERS_MAX, OfficerId, OfficerRole, PinIssued,
    SessionPolicy, Stamp, TemplateErased, TemplateMade, Text, Update,
};
use store::{Fault, Migration, Read, Write};
use zeroize::Zeroizing;

pub const MIGRATION: Migration = Migration { service: "session", steps: &[include_str!("tables/0001.sql")] };

/// Longest wait after wrong PINs, in seconds: an hour.
const PIN_WAIT_S_MAX: u64 = 3600;

/// What an officer does for a detainee, both being present.
#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    /// Gives or changes both PINs, the ordinary and the quiet one; also the reset of a forgotten one.
    IssuePin { detainee: DetaineeId, pin: Pin, quiet: Pin },
    /// Keeps a face template made just now.
    KeepTemplate { detainee: DetaineeId, template: TemplateBytes, model: Text<64> },
    /// Erases it at the person's wish.
    EraseTemplate { detainee: DetaineeId },
}

/// An encoded face template; gone when dropped, never shown.
#[derive(Clone, PartialEq)]
pub struct TemplateBytes(pub Zeroizing<Vec<u8>>);

impl std::fmt::Debug for TemplateBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TemplateBytes(…)")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    NotOfThisCell,
    UnknownCard,
    UnknownOfficer,
    NoPin,
    ObviousPin,
    /// The quiet PIN is the ordinary one.
    SamePin,
    WrongPin {
        tries_left: u8,
    },
    Wait {
        seconds: u32,
    },
    NoTemplate,
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(crate::Refusal::Session(refusal))
    }
}

/// Whose PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Officer(OfficerId),
    Detainee(DetaineeId),
}

impl Subject {
    fn place(self) -> String {
        match self {
            Self::Officer(id) => format!("officer/{id}"),
            Self::Detainee(id) => format!("detainee/{id}"),
        }
    }
}

/// An officer as this terminal knows them: nothing secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficerLine {
    pub id: OfficerId,
    pub name: String,
    pub role: OfficerRole,
}

/// A template as the face check needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    pub detainee: DetaineeId,
    pub model: String,
    pub bytes: TemplateBytes,
}

/// When a person's template was made or used, for that person only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub made: Option<Stamp>,
    /// Newest first.
    pub uses: Vec<TemplateUse>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TemplateUse {
    pub at: Stamp,
    pub matched: bool,
}

/// A person did something.
///
/// # Errors
/// Not an officer, not of this cell, an obvious PIN; or the disk fails.
pub fn act(tx: &Write<'_>, actor: Actor, intent: &Intent, now: &Stamp) -> Result<Done, Stop> {
    let officer = actor.officer()?;
    let (Intent::IssuePin { detainee, .. }
    | Intent::KeepTemplate { detainee, .. }
    | Intent::EraseTemplate { detainee }) = intent;
    let detainee = *detainee;
    if !cell::roster(tx)?.iter().any(|p| p.member.id == detainee) {
        return Err(Refusal::NotOfThisCell.into());
    }
    let receipt = match intent {
        Intent::IssuePin { pin, quiet, .. } => {
            if pin.is_obvious() || quiet.is_obvious() {
                return Err(Refusal::ObviousPin.into());
            }
            if pin == quiet {
                return Err(Refusal::SamePin.into());
            }
            let subject = Subject::Detainee(detainee);
            let kept = pin::make(tx.keys(), &subject.place(), pin, quiet)?;
            tables::put_pin(tx, &subject.place(), &kept, tables::Origin::Terminal)?;
            tables::forget_attempts(tx, &subject.place())?;
            tx.send(&Event::PinIssued(PinIssued { detainee, officer, at: *now }), now)?
        }
        Intent::KeepTemplate { template, model, .. } => {
            if tables::delete_template(tx, detainee)? {
                let erased = TemplateErased { detainee, at: *now, cause: ErasureCause::EnrolledAgain };
                tx.send(&Event::TemplateErased(erased), now)?;
            }
            tables::put_template(tx, detainee, template, model.as_str(), now)?;
            let made = TemplateMade { detainee, officer, at: *now, model: model.clone() };
            tx.send(&Event::TemplateMade(made), now)?
        }
        Intent::EraseTemplate { .. } => {
            if !tables::delete_template(tx, detainee)? {
                return Err(Refusal::NoTemplate.into());
            }
            let erased = TemplateErased { detainee, at: *now, cause: ErasureCause::Asked };
            tx.send(&Event::TemplateErased(erased), now)?
        }
    };
    Ok(Done { receipt: Some(receipt), refused: None })
}

/// The platform said something of the officers.
///
/// # Errors
/// The disk fails.
pub fn apply(tx: &Write<'_>, update: &Update) -> Result<Taken, Fault> {
    match update {
        Update::Officer(officer) => {
            let known = tables::officers(tx)?;
            if known.len() >= OFFICERS_MAX && !known.iter().any(|o| o.id == officer.id) {
                return Ok(Taken::SetAside("too many officers"));
            }
            let place = Subject::Officer(officer.id).place();
            let Some(kept) = pin::keep(tx.keys(), &place, &officer.pin) else {
                return Ok(Taken::SetAside("a PIN verifier out of range"));
            };
            tables::put_officer(tx, officer)?;
            tables::put_pin(tx, &place, &kept, tables::Origin::Platform)?;
        }
        Update::OfficerGone(officer) => {
            tables::delete_officer(tx, *officer, &Subject::Officer(*officer).place())?
        }
        Update::Facility(_)
        | Update::Terminal(_)
        | Update::Member(_)
        | Update::MemberGone(_)
        | Update::Schedule { .. }
        | Update::RollCallTask(_)
        | Update::Request(_)
        | Update::RequestGone(_)
        | Update::Policy(_)
        | Update::Rota { .. }
        | Update::DutyAnswer(_)
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
        | Update::Media { .. } => return Ok(Taken::SetAside("not of the session")),
    }
    Ok(Taken::Yes)
}

/// A member came or changed: the platform's first PIN counts until one was given here.
///
/// # Errors
/// The disk fails.
pub fn member_changed(tx: &Write<'_>, member: &Member) -> Result<(), Fault> {
    let Some(verifier) = &member.pin else { return Ok(()) };
    let place = Subject::Detainee(member.id).place();
    if tables::pin(tx, &place)?.is_some_and(|(_, origin)| origin == tables::Origin::Terminal) {
        return Ok(());
    }
    match pin::keep(tx.keys(), &place, verifier) {
        Some(kept) => tables::put_pin(tx, &place, &kept, tables::Origin::Platform),
        None => {
            tracing::warn!("a PIN verifier out of range was not taken");
            Ok(())
        }
    }
}

/// A member left the cell: template, PIN and uses are erased, and the platform is told so.
///
/// # Errors
/// The disk fails.
pub fn member_gone(tx: &Write<'_>, detainee: DetaineeId, now: &Stamp) -> Result<(), Fault> {
    if tables::delete_template(tx, detainee)? {
        let erased = TemplateErased { detainee, at: *now, cause: ErasureCause::LeftCell };
        tx.send(&Event::TemplateErased(erased), now)?;
    }
    tables::delete_person(tx, detainee, &Subject::Detainee(detainee).place())
}

/// The officer of a card, if this block has one.
///
/// # Errors
/// The disk fails.
pub fn officer_of_card(read: &Read<'_>, card: &str) -> Result<Option<OfficerLine>, Fault> {
    for (officer, kept) in tables::cards(read)? {
        let digest = CardDigest::digest_of(&kept.salt, card);
        if read.keys().pepper(&tables::card_place(officer.id), &digest.0) == *kept.peppered {
            return Ok(Some(officer));
        }
    }
    Ok(None)
}

/// Every officer of the block, by name.
///
/// # Errors
/// The disk fails.
pub fn officers(read: &Read<'_>) -> Result<Vec<OfficerLine>, Fault> {
    tables::officers(read)
}

/// Tries a PIN. A wrong one is counted in this transaction, so the caller must keep it.
///
/// # Errors
/// The disk fails.
pub fn try_pin(
    tx: &Write<'_>,
    subject: Subject,
    pin: &Pin,
    policy: &SessionPolicy,
    now: &Stamp,
) -> Result<Result<(), Refusal>, Fault> {
    Ok(prove(tx, subject, pin, policy, now)?.map(|_| ()))
}

/// Tries a PIN, for what it proves. A wrong one is counted in this transaction, so the caller must keep it.
///
/// # Errors
/// The disk fails.
pub(crate) fn prove(
    tx: &Write<'_>,
    subject: Subject,
    pin: &Pin,
    policy: &SessionPolicy,
    now: &Stamp,
) -> Result<Result<Proof, Refusal>, Fault> {
    let place = subject.place();
    let Some((kept, _)) = tables::pin(tx, &place)? else { return Ok(Err(Refusal::NoPin)) };
    tried(tx, &place, policy, now, || Ok(pin::proof(tx.keys(), &place, &kept, pin)))
}

/// Tries something that may be tried a few times only; of a wrong try, none, the count is kept under `subject`.
///
/// # Errors
/// The disk fails.
pub(crate) fn tried<T>(
    tx: &Write<'_>,
    subject: &str,
    policy: &SessionPolicy,
    now: &Stamp,
    attempt: impl FnOnce() -> Result<Option<T>, Fault>,
) -> Result<Result<T, Refusal>, Fault> {
    let attempts = tables::attempts(tx, subject)?;
    if let Some((failures, last)) = attempts {
        let wait = wait_s(failures, policy);
        let passed = u64::try_from(now.since_ms(&last) / 1000).unwrap_or(0);
        if passed < wait {
            return Ok(Err(Refusal::Wait { seconds: u32::try_from(wait - passed).unwrap_or(u32::MAX) }));
        }
    }
    if let Some(proven) = attempt()? {
        tables::forget_attempts(tx, subject)?;
        return Ok(Ok(proven));
    }
    let failures = attempts.map_or(0, |(failures, _)| failures).saturating_add(1);
    tables::put_attempts(tx, subject, failures, now)?;
    let wait = wait_s(failures, policy);
    Ok(Err(if wait > 0 {
        Refusal::Wait { seconds: u32::try_from(wait).unwrap_or(u32::MAX) }
    } else {
        Refusal::WrongPin {
            tries_left: policy.pin_tries_max.saturating_sub(u8::try_from(failures).unwrap_or(u8::MAX)),
        }
    }))
}

/// Seconds to wait after so many failures: none before the limit, then doubling.
fn wait_s(failures: u32, policy: &SessionPolicy) -> u64 {
    let Some(over) = failures.checked_sub(u32::from(policy.pin_tries_max.max(1))) else { return 0 };
    u64::from(policy.pin_wait_s).checked_shl(over.min(32)).unwrap_or(PIN_WAIT_S_MAX).min(PIN_WAIT_S_MAX)
}

/// Whether a person can use a PIN at this terminal.
///
/// # Errors
/// The disk fails.
pub fn has_pin(read: &Read<'_>, detainee: DetaineeId) -> Result<bool, Fault> {
    Ok(tables::pin(read, &Subject::Detainee(detainee).place())?.is_some())
}

/// Whether a face template of this person is kept.
///
/// # Errors
/// The disk fails.
pub fn has_template(read: &Read<'_>, detainee: DetaineeId) -> Result<bool, Fault> {
    tables::has_template(read, detainee)
}

/// The templates of the cell. One that cannot be opened any more counts as none.
///
/// # Errors
/// The disk fails.
pub fn templates(read: &Read<'_>) -> Result<Vec<Template>, Fault> {
    tables::templates(read)
}

/// A template was used by a face check of the roll call.
///
/// # Errors
/// The disk fails.
pub fn template_used(tx: &Write<'_>, detainee: DetaineeId, matched: bool, now: &Stamp) -> Result<(), Fault> {
    tables::put_use(tx, detainee, TemplateUse { at: *now, matched })
}

/// A person's own record.
///
/// # Errors
/// The disk fails.
pub fn record(read: &Read<'_>, viewer: DetaineeId) -> Result<Record, Fault> {
    Ok(Record { made: tables::template_made(read, viewer)?, uses: tables::uses(read, viewer)? })
}
