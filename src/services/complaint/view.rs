// SPDX-License-Identifier: GPL-3.0-only
//! What may be shown of complaints: to anybody, which offices can be written to; to whoever has the receipt code, how far
//! theirs came. Its content is nowhere here.

use super::appointment::{self, AppointmentView};
use super::tables::{self, Ended, Heard, SentRow};
use super::{COMPLAINT_OFFICES, lock, offers};
use crate::pin::Secret;
use crate::scene::ComplaintPage;
use crate::{cell, policy, session};
use contract::{AnswerFigures, DetaineeId, EventId, Office, OfficeAnswer, ReceiptCode, Signed, Stamp};
use store::{Delivery, Fault, Read, Write};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct View {
    pub offices: Vec<OfficeLine>,
    /// What the page is about, for whoever gave its code.
    pub sent: Option<SentView>,
    /// 约见, only of the person whose session it is; the newest first.
    pub appointments: Vec<AppointmentView>,
}

/// An office, and whether it can be written to.
#[derive(Debug, Clone, PartialEq)]
pub struct OfficeLine {
    pub office: Office,
    pub state: OfficeState,
    /// Of its first key, to compare with the paper in the cell.
    pub fingerprint: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfficeState {
    /// Until this wall time.
    Arranged { until_ms: i64 },
    /// Nothing was arranged with it, or its keys are not here.
    NotArranged,
    /// The arrangement is over, or has not begun.
    Ended,
}

/// How far something came.
#[derive(Debug, Clone, PartialEq)]
pub struct SentView {
    pub event: EventId,
    pub office: Office,
    /// To the hour.
    pub made: Stamp,
    pub delivery: Option<Delivery>,
    pub heard: Heard,
    pub has_answer: bool,
    /// When the office's receipt, and its answer, are due.
    pub receive_due_ms: i64,
    pub answer_due_ms: i64,
    pub overdue: Overdue,
    /// Whom the delay can be told, if somebody, and it was not told yet.
    pub next: Option<Office>,
    pub escalated: bool,
    /// The office was asked to let it go.
    pub withdrawn: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overdue {
    No,
    /// The office did not even sign that it has it.
    NotReceived,
    NotAnswered,
}

/// What to show on this page. `viewer` is whoever proved who they are.
///
/// # Errors
/// The disk fails.
pub fn view(
    read: &Read<'_>,
    viewer: Option<DetaineeId>,
    page: &ComplaintPage,
    now: &Stamp,
) -> Result<View, Fault> {
    let offices = COMPLAINT_OFFICES.into_iter().map(|office| {
        let row = tables::office(read, office)?;
        let arrangement = row.as_ref().and_then(|row| row.keys.arrangement);
        let state = match (&row, arrangement) {
            (Some(row), Some(arranged)) if offers(&row.keys, now) => {
                OfficeState::Arranged { until_ms: arranged.until_ms }
            }
            (Some(_), Some(_)) => OfficeState::Ended,
            (None | Some(_), _) => OfficeState::NotArranged,
        };
        Ok(OfficeLine { office, state, fingerprint: row.map(|row| row.root.fingerprint()) })
    });
    let sent = match page.about() {
        Some(event) => tables::sent(read, event)?.map(|row| sent(read, &row, now)).transpose()?,
        None => None,
    };
    let appointments = match viewer.filter(|_| page.is_own()) {
        Some(viewer) => appointment::own(read, viewer, now)?,
        None => Vec::new(),
    };
    let offices = offices.collect::<Result<_, Fault>>()?;
    Ok(View { offices, sent, appointments })
}

pub(super) fn sent(read: &Read<'_>, row: &SentRow, now: &Stamp) -> Result<SentView, Fault> {
    let (_, policy) = policy(read)?;
    let kind = cell::facility(read)?.map(|facility| facility.kind).unwrap_or_default();
    // The hour is all that is known of when: it counts from its end, so that nothing is called overdue too early.
    const HOUR_MS: i64 = 3_600_000;
    let from_ms = row.made.wall_ms.saturating_add(HOUR_MS);
    let receive_due_ms = from_ms.saturating_add(policy.complaint.receive_ms(kind));
    let answer_due_ms = from_ms.saturating_add(policy.complaint.answer_ms());
    let over = row.heard.ended.is_some() || row.heard.answered_ms.is_some();
    let overdue = if over {
        Overdue::No
    } else if now.wall_ms >= answer_due_ms {
        Overdue::NotAnswered
    } else if row.heard.received_ms.is_none() && now.wall_ms >= receive_due_ms {
        Overdue::NotReceived
    } else {
        Overdue::No
    };
    let mut next = row.office.next();
    while let Some(office) = next {
        if tables::office(read, office)?.is_some_and(|row| offers(&row.keys, now)) {
            break;
        }
        next = office.next();
    }
    Ok(SentView {
        event: row.event,
        office: row.office,
        made: row.made,
        delivery: read.delivery(row.event)?,
        heard: row.heard,
        has_answer: row.answer.is_some(),
        receive_due_ms,
        answer_due_ms,
        overdue,
        next: next.filter(|_| overdue != Overdue::No && row.escalation.is_none()),
        escalated: row.escalation.is_some(),
        withdrawn: row.withdrawal.is_some() || matches!(row.heard.ended, Some((_, Ended::Withdrawn))),
    })
}

/// The complaint of a receipt code. Wrong codes are counted, whoever types them: the caller keeps the transaction.
///
/// # Errors
/// The disk fails.
pub fn find(
    tx: &Write<'_>,
    code: &ReceiptCode,
    now: &Stamp,
) -> Result<Result<EventId, session::Refusal>, Fault> {
    let limits = policy(tx)?.1.session;
    session::tried(tx, "complaint/code", &limits, now, || tables::by_code(tx, &lock::tag(tx.keys(), code)?))
}

/// Whether code and PIN are those of the writer: of an unnamed one the code alone.
///
/// # Errors
/// The disk fails.
pub fn is_writer(
    read: &Read<'_>,
    event: EventId,
    code: &ReceiptCode,
    secret: Option<&Secret>,
) -> Result<bool, Fault> {
    let Some(row) = tables::sent(read, event)? else { return Ok(false) };
    Ok(lock::unlock(&row.locked, code, secret)?.is_some())
}

/// The newest answer, if these open it and it is the office's own.
///
/// # Errors
/// The disk fails.
pub fn answer(
    read: &Read<'_>,
    event: EventId,
    code: &ReceiptCode,
    secret: Option<&Secret>,
) -> Result<Option<OfficeAnswer>, Fault> {
    let Some(row) = tables::sent(read, event)? else { return Ok(None) };
    let (Some(sealed), Some(office)) = (&row.answer, tables::office(read, row.office)?) else {
        return Ok(None);
    };
    let Some(key) = lock::unlock(&row.locked, code, secret)? else { return Ok(None) };
    let answer = sealed
        .open::<Signed>(&key)
        .ok()
        .and_then(|signed| signed.open::<OfficeAnswer>(OfficeAnswer::PURPOSE, &office.keys.signing).ok());
    Ok(answer.filter(|answer| answer.event == event && answer.office == row.office))
}

/// How long answers take here, as the platform last told it.
///
/// # Errors
/// The disk fails.
pub fn figures(read: &Read<'_>) -> Result<Option<AnswerFigures>, Fault> {
    tables::figures(read)
}
