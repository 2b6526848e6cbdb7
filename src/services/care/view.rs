// SPDX-License-Identifier: GPL-3.0-only
//! What may be shown of care: to anybody, whether the clinic can be written to and how the newest report stands; to the
//! person themselves, what is theirs.

use super::{Draft, is_over, tables};
use crate::policy;
use crate::scene::CarePage;
use contract::{
    CareAnswer, CareDocument, CareNeed, CareRecord, DetaineeId, Dose, EventId, Letter, Office, Post, Said,
    Stamp, SymptomReport, Urgency,
};
use store::{Delivery, Fault, Read};

/// The pages of care as far as anybody may see them, and a person's own.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct View {
    /// The clinic's keys are here: what is written now can go.
    pub clinic: bool,
    /// Only for the person whose session it is.
    pub own: Option<Own>,
    /// The report the page is about, without what it says.
    pub sent: Option<Sent>,
    /// How the call for somebody stands, after a danger was said.
    pub called: Option<Delivery>,
}

/// How a report stands, for whoever sent it just now.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    pub number: i64,
    pub made: Stamp,
    pub urgency: Urgency,
    /// None while it waits for the clinic's keys.
    pub delivery: Option<Delivery>,
    /// When an answer is due, by the site's policy.
    pub due_ms: i64,
}

/// A person's own things.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Own {
    /// The newest first.
    pub reports: Vec<ReportView>,
    /// As the clinic last shared it.
    pub record: CareRecord,
    pub doses: Vec<DoseView>,
    /// With whether it was agreed to, once it was.
    pub documents: Vec<(CareDocument, Option<bool>)>,
    pub notices: Vec<NoticeView>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ReportView {
    pub sent: Sent,
    pub event: Option<EventId>,
    pub report: SymptomReport,
    /// The clinic's newest word, and when it was written.
    pub answer: Option<(i64, CareAnswer)>,
    /// What the person said since, in order.
    pub said: Vec<WordView>,
    pub nudged: Option<Stamp>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct WordView {
    pub made: Stamp,
    pub said: Said,
    pub delivery: Option<Delivery>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct DoseView {
    pub dose: Dose,
    /// What the person said of it.
    pub taken: Option<bool>,
}

/// Who was told what somebody needs.
#[derive(Debug, Clone, PartialEq)]
pub struct NoticeView {
    pub needs: Vec<CareNeed>,
    pub posts: Vec<Post>,
    pub at_ms: i64,
    pub until_ms: i64,
}

/// What to show on this page. `viewer` is whoever proved who they are.
///
/// # Errors
/// The disk fails.
pub fn view(read: &Read<'_>, viewer: Option<DetaineeId>, page: &CarePage) -> Result<View, Fault> {
    let mut view = View { clinic: tables::office(read, Office::Clinic)?.is_some(), ..View::default() };
    if let CarePage::Sent(number) = page {
        let row = tables::reports(read)?.into_iter().find(|row| row.number == *number);
        view.sent = row.map(|row| sent(read, &row)).transpose()?;
    }
    if let CarePage::Red(_, Some(event)) = page {
        view.called = read.delivery(*event)?;
    }
    if page.is_own() {
        view.own = viewer.map(|viewer| own(read, viewer)).transpose()?;
    }
    Ok(view)
}

/// The draft this person left behind less than ten minutes ago.
///
/// # Errors
/// The disk fails.
pub fn draft_of(read: &Read<'_>, viewer: DetaineeId, now: &Stamp) -> Result<Option<Draft>, Fault> {
    let drafts = tables::drafts(read)?.into_iter().filter(|(_, kept, _)| !is_over(kept, now));
    Ok(drafts.filter_map(|(.., draft)| draft).find(|draft| draft.detainee == Some(viewer)))
}

/// The number of the newest report.
///
/// # Errors
/// The disk fails.
pub fn last(read: &Read<'_>) -> Result<Option<i64>, Fault> {
    Ok(tables::reports(read)?.first().map(|row| row.number))
}

/// Everything of a person. What others said for them in their name is theirs too.
pub(super) fn own(read: &Read<'_>, viewer: DetaineeId) -> Result<Own, Fault> {
    let letters: Vec<_> =
        tables::letters(read)?.into_iter().filter(|letter| letter.detainee == viewer).collect();
    let said: Vec<_> = tables::said(read)?.into_iter().filter(|row| row.word.detainee == viewer).collect();
    let mut own = Own::default();
    for row in tables::reports(read)?.into_iter().filter(|row| row.content.detainee == Some(viewer)) {
        let words = said.iter().filter(|said| row.event.is_some() && said.report == row.event);
        let words = words.map(|said| {
            let delivery = read.delivery(said.event)?;
            Ok(WordView { made: said.made, said: said.word.said.clone(), delivery })
        });
        let answer = letters.iter().rev().find_map(|letter| match &letter.content {
            Letter::Answer(answer) if Some(answer.report) == row.event => {
                Some((letter.at_ms, answer.clone()))
            }
            Letter::Answer(_) | Letter::Record(_) | Letter::Document(_) => None,
        });
        own.reports.push(ReportView {
            sent: sent(read, &row)?,
            event: row.event,
            said: words.collect::<Result<_, Fault>>()?,
            report: row.content,
            answer,
            nudged: row.nudged,
        });
    }
    for letter in &letters {
        match &letter.content {
            Letter::Answer(_) => {}
            Letter::Record(record) => own.record = record.clone(),
            Letter::Document(document) => {
                let agreed = said.iter().rev().find_map(|row| {
                    let Said::Sign { document: signed, agreed, .. } = &row.word.said else { return None };
                    (*signed == document.document).then_some(*agreed)
                });
                own.documents.push((document.clone(), agreed));
            }
        }
    }
    own.doses = own
        .record
        .doses
        .iter()
        .map(|dose| DoseView {
            dose: dose.clone(),
            taken: said.iter().rev().find_map(|row| {
                let Said::Dose { dose: told, taken, .. } = &row.word.said else { return None };
                (*told == dose.dose).then_some(*taken)
            }),
        })
        .collect();
    own.notices = tables::notices(read)?
        .into_iter()
        .filter(|notice| notice.detainee == viewer)
        .map(|notice| NoticeView {
            needs: notice.needs,
            posts: notice.posts,
            at_ms: notice.at_ms,
            until_ms: notice.until_ms,
        })
        .collect();
    Ok(own)
}

fn sent(read: &Read<'_>, row: &tables::ReportRow) -> Result<Sent, Fault> {
    let (_, policy) = policy(read)?;
    let delivery = match row.event {
        Some(event) => read.delivery(event)?,
        None => None,
    };
    Ok(Sent {
        number: row.number,
        made: row.made,
        urgency: row.urgency,
        delivery,
        due_ms: row.made.wall_ms.saturating_add(policy.care.due_ms(row.urgency)),
    })
}
