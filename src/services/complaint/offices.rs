// SPDX-License-Identifier: GPL-3.0-only
//! What comes from the offices: their keys, and their words to what was sent.
//!
//! The first keys are kept, and afterwards only what follows from them. A word counts if the office itself signed it, for
//! this event and for what was sealed then; an answer counts if such a word names it. Whether it says anything only the
//! writer finds out.

use super::tables::{self, Ended, SentRow};
use super::{COMPLAINT_OFFICES, appointment, day};
use crate::Taken;
use contract::{
    ComplaintStatus, Digest, EventId, FIGURES_COUNT_MIN, OFFICE_WORDS_MAX, OfficeKeys, OfficeStage,
    OfficeWord, Signed, Stamp, Update,
};
use store::{Fault, Write};

/// Most lines of figures that are shown.
const FIGURES_MAX: usize = 32;

/// The platform brought something from an office.
///
/// # Errors
/// The disk fails.
pub fn apply(tx: &Write<'_>, update: &Update, now: &Stamp) -> Result<Taken, Fault> {
    match update {
        Update::Office(statement) => take_keys(tx, statement, now),
        Update::Complaint { event, status: Some(status) } => take_status(tx, *event, status),
        // What an office said stays said; the platform cannot take it back.
        Update::Complaint { status: None, .. } => Ok(Taken::Yes),
        Update::AnswerFigures(figures) => {
            let sound = figures.as_ref().is_none_or(|figures| {
                figures.lines.len() <= FIGURES_MAX
                    && figures.lines.iter().all(|line| line.count >= FIGURES_COUNT_MIN)
            });
            if !sound {
                return Ok(Taken::SetAside("figures of too few"));
            }
            tables::put_figures(tx, figures.as_ref()).map(|()| Taken::Yes)
        }
        Update::Appointment(status) => appointment::take(tx, status),
        Update::AppointmentGone(request) => tables::delete_appointment(tx, *request).map(|()| Taken::Yes),
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
        | Update::DutyAnswer(_)
        | Update::Care { .. }
        | Update::Catalogue { .. }
        | Update::Account { .. }
        | Update::Statement { .. }
        | Update::Order { .. }
        | Update::Document { .. }
        | Update::PublicNotice { .. }
        | Update::CareNotice { .. } => Ok(Taken::SetAside("not of complaints")),
    }
}

fn take_keys(tx: &Write<'_>, statement: &Signed, now: &Stamp) -> Result<Taken, Fault> {
    let Some(office) = OfficeKeys::claimed(statement).filter(|office| COMPLAINT_OFFICES.contains(office))
    else {
        return Ok(Taken::SetAside("keys of no complaint office"));
    };
    let before = tables::office(tx, office)?.map(|row| row.keys);
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
    if tables::counted(tx)?.is_none() {
        tables::set_counted(tx, day(tx, now)? - 1)?;
    }
    Ok(Taken::Yes)
}

fn take_status(tx: &Write<'_>, event: EventId, status: &ComplaintStatus) -> Result<Taken, Fault> {
    // A word to a mark, or to what was written at another terminal: nobody here waits for it.
    let Some(row) = tables::sent(tx, event)? else { return Ok(Taken::Yes) };
    let Some(office) = tables::office(tx, row.office)? else {
        return Ok(Taken::SetAside("a word of an office whose keys are not here"));
    };
    if status.words.len() > OFFICE_WORDS_MAX {
        return Ok(Taken::SetAside("too many words of an office"));
    }
    let mut heard = row.heard;
    let mut answer = row.answer.clone();
    let came = status.answer.as_ref().map(|sealed| (Digest::of(sealed.as_str().as_bytes()), sealed));
    let mut strange = false;
    for signed in &status.words {
        let Some(word) = of(signed, &office.keys, &row) else {
            strange = true;
            continue;
        };
        match word.stage {
            OfficeStage::Received => heard.received_ms = heard.received_ms.or(Some(word.at_ms)),
            OfficeStage::Answered { answer: named } => {
                heard.received_ms = heard.received_ms.or(Some(word.at_ms));
                if let Some((_, sealed)) = came.filter(|(digest, _)| *digest == named) {
                    heard.answered_ms = Some(word.at_ms);
                    answer = Some(sealed.clone());
                }
            }
            OfficeStage::Withdrawn => heard.ended = heard.ended.or(Some((word.at_ms, Ended::Withdrawn))),
            OfficeStage::Closed => heard.ended = heard.ended.or(Some((word.at_ms, Ended::Closed))),
        }
    }
    tables::set_heard(tx, event, &heard, answer.as_ref())?;
    Ok(if strange { Taken::SetAside("a word the office did not sign to this") } else { Taken::Yes })
}

fn of(signed: &Signed, keys: &OfficeKeys, row: &SentRow) -> Option<OfficeWord> {
    let word = OfficeWord::open(signed, keys).ok()?;
    (word.event == row.event && word.sealed == row.sealed).then_some(word)
}
