// SPDX-License-Identifier: GPL-3.0-only
//! What comes from the clinic: its keys, its letters, the notices it released.
//!
//! The first keys are kept, and afterwards only what follows from them: whoever can write the feed cannot slip other keys
//! in. A letter counts if it opens with the terminal's key, the clinic signed it, and it stands under its own number.

use super::tables;
use crate::Taken;
use contract::{
    CARE_LIST_MAX, CareKeyMade, DetaineeId, Event, Letter, Office, OfficeKeys, SealKey, Sealed, Signed,
    Stamp, ToCell, Update,
};
use store::{Fault, Write};
use uuid::Uuid;

/// Letters and notices that are kept; more are set aside.
const LETTERS_MAX: usize = 500;

/// The platform brought something from the clinic.
///
/// # Errors
/// The disk fails.
pub fn apply(tx: &Write<'_>, update: &Update, now: &Stamp) -> Result<Taken, Fault> {
    match update {
        Update::Office(statement) => take_keys(tx, statement, now),
        Update::Care { letter, sealed: Some(sealed) } => {
            if tables::letters_kept(tx)? >= LETTERS_MAX {
                return Ok(Taken::SetAside("too many letters"));
            }
            let clinic = tables::office(tx, Office::Clinic)?;
            let (Some(clinic), Some(key)) = (clinic, tables::key(tx)?) else {
                tables::put_raw(tx, *letter, sealed)?;
                return Ok(Taken::Yes);
            };
            take_letter(tx, *letter, sealed, &key, &clinic)
        }
        Update::Care { letter, sealed: None } => tables::delete_letter(tx, *letter).map(|()| Taken::Yes),
        Update::CareNotice { notice, body: Some(body) } => {
            if body.notice != *notice || body.needs.len() > CARE_LIST_MAX || body.posts.len() > CARE_LIST_MAX
            {
                return Ok(Taken::SetAside("a notice out of place"));
            }
            if tables::notices(tx)?.len() >= LETTERS_MAX {
                return Ok(Taken::SetAside("too many notices"));
            }
            tables::put_notice(tx, body).map(|()| Taken::Yes)
        }
        Update::CareNotice { notice, body: None } => tables::delete_notice(tx, *notice).map(|()| Taken::Yes),
        Update::Facility(_)
        | Update::Terminal(_)
        | Update::Member(_)
        | Update::MemberGone(_)
        | Update::Officer(_)
        | Update::OfficerGone(_)
        | Update::Schedule { .. }
        | Update::RollCallTask(_)
        | Update::Policy(_)
        | Update::Request(_)
        | Update::RequestGone(_)
        | Update::Media { .. }
        | Update::Rota { .. }
        | Update::Catalogue { .. }
        | Update::Account { .. }
        | Update::Statement { .. }
        | Update::Order { .. }
        | Update::Complaint { .. }
        | Update::Appointment(_)
        | Update::AppointmentGone(_)
        | Update::AnswerFigures(_)
        | Update::Document { .. }
        | Update::PublicNotice { .. }
        | Update::DutyAnswer(_) => Ok(Taken::SetAside("not of care")),
    }
}

/// Somebody left the cell: nothing of their health stays here but what has not gone out yet.
///
/// # Errors
/// The disk fails.
pub fn member_gone(tx: &Write<'_>, detainee: DetaineeId) -> Result<(), Fault> {
    super::forget_drafts(tx, |of| of == detainee)?;
    for row in tables::reports(tx)? {
        if row.content.detainee == Some(detainee) && row.event.is_some() {
            tables::delete_report(tx, row.number)?;
        }
    }
    for row in tables::said(tx)?.iter().filter(|row| row.word.detainee == detainee) {
        tables::delete_said(tx, row.event)?;
    }
    for letter in tables::letters(tx)?.iter().filter(|letter| letter.detainee == detainee) {
        tables::delete_letter(tx, letter.letter)?;
    }
    for notice in tables::notices(tx)?.iter().filter(|notice| notice.detainee == detainee) {
        tables::delete_notice(tx, notice.notice)?;
    }
    Ok(())
}

fn take_keys(tx: &Write<'_>, statement: &Signed, now: &Stamp) -> Result<Taken, Fault> {
    let before = tables::office(tx, Office::Clinic)?;
    let keys = match OfficeKeys::open(statement, before.as_ref()) {
        Ok(keys) => keys,
        Err(error) => {
            tracing::error!(why = &error as &dyn std::error::Error, "keys of an office do not follow");
            return Ok(Taken::SetAside("keys that do not follow from those that are known"));
        }
    };
    if before.is_some_and(|before| keys.made_ms < before.made_ms) {
        return Ok(Taken::SetAside("keys older than those that are known"));
    }
    tables::put_office(tx, &keys)?;
    let own = match tables::key(tx)? {
        Some(own) => own,
        None => {
            let own = SealKey::generate();
            tables::put_key(tx, &own)?;
            tx.send(&Event::CareKeyMade(CareKeyMade { at: *now, recipient: own.recipient() }), now)?;
            own
        }
    };
    for row in tables::reports(tx)?.iter().rev().filter(|row| row.event.is_none()) {
        super::send_report(tx, row, now)?;
    }
    for (letter, sealed) in tables::raw(tx)? {
        if take_letter(tx, letter, &sealed, &own, &keys)? != Taken::Yes {
            tracing::warn!("a letter that waited for the clinic's keys is not the clinic's");
        }
    }
    Ok(Taken::Yes)
}

fn take_letter(
    tx: &Write<'_>,
    number: Uuid,
    sealed: &Sealed,
    key: &SealKey,
    clinic: &OfficeKeys,
) -> Result<Taken, Fault> {
    let Ok(signed) = sealed.open::<Signed>(key) else {
        return Ok(Taken::SetAside("a letter that does not open"));
    };
    let Ok(letter) = signed.open::<ToCell>(ToCell::PURPOSE, &clinic.signing) else {
        return Ok(Taken::SetAside("a letter the clinic did not sign"));
    };
    if letter.letter != number || !is_bounded(&letter.content) {
        return Ok(Taken::SetAside("a letter out of place"));
    }
    tables::put_letter(tx, &letter)?;
    Ok(Taken::Yes)
}

/// Lists of the contract's length, each.
fn is_bounded(letter: &Letter) -> bool {
    let lists = match letter {
        Letter::Answer(answer) => vec![answer.slots.len()],
        Letter::Record(record) => {
            vec![record.visits.len(), record.medicines.len(), record.doses.len(), record.readings.len()]
        }
        Letter::Document(document) => vec![document.paragraphs.len()],
    };
    lists.into_iter().all(|len| len <= CARE_LIST_MAX)
}
