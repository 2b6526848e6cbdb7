// SPDX-License-Identifier: GPL-3.0-only
//! What may be shown of documents: to the person themselves, everything they were asked to sign and what they said.

use super::What;
use super::tables::{self, SaidRow};
use crate::parts::parts;
use contract::{DetaineeId, Document, DocumentAnswer, EventId, Strokes, Verdict};
use store::{Delivery, Fault, Read};
use uuid::Uuid;

/// Documents as far as they may be seen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct View {
    /// How many wait for the person whose session it is.
    pub waiting: usize,
    /// Theirs: what is asked first, then what was answered, each the newest first. Only while their pages are shown.
    pub own: Vec<DocumentView>,
}

impl View {
    /// One version of a text.
    pub fn of(&self, document: Uuid, version: u32) -> Option<&DocumentView> {
        self.own.iter().find(|one| (one.document.document, one.document.version) == (document, version))
    }
}

/// A version of a text and what was said to it.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentView {
    pub document: Document,
    /// The text as it is shown and spoken, part by part.
    pub parts: Vec<String>,
    /// No later version is here.
    pub newest: bool,
    /// In order.
    pub answers: Vec<AnswerView>,
}

/// An answer, as it was kept here, or as the platform tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerView {
    pub event: EventId,
    pub signed: bool,
    /// When it was said, wall time in milliseconds.
    pub at_ms: i64,
    /// None: it was said at another terminal.
    pub delivery: Option<Delivery>,
    /// What the platform holds of it.
    pub told: Option<DocumentAnswer>,
    /// As drawn, where it was drawn here.
    pub strokes: Option<Strokes>,
    pub why: String,
    pub words: String,
}

impl AnswerView {
    /// When the platform said that it has it, wall time in milliseconds.
    pub fn uploaded_ms(&self) -> Option<i64> {
        match (&self.delivery, &self.told) {
            (Some(Delivery::Delivered { at_ms, .. }), _) => Some(*at_ms),
            (Some(Delivery::Saved | Delivery::Kept) | None, Some(told)) => Some(told.uploaded_ms),
            (Some(Delivery::Saved | Delivery::Kept) | None, None) => None,
        }
    }

    /// 已签收: when an officer took it.
    pub fn received_ms(&self) -> Option<i64> {
        self.told.as_ref().and_then(|told| told.received_ms)
    }

    /// The platform keeps it for a person to look at: it does not count yet.
    pub fn is_parked(&self) -> bool {
        let parked = |verdict: &Verdict| matches!(verdict, Verdict::Parked { .. } | Verdict::Fork);
        match &self.delivery {
            Some(Delivery::Delivered { verdict, .. }) => parked(verdict),
            Some(Delivery::Kept) => true,
            Some(Delivery::Saved) | None => false,
        }
    }

    /// The platform said a final no to it: the version was answered before, elsewhere.
    fn is_rejected(&self) -> bool {
        match &self.delivery {
            Some(Delivery::Delivered { verdict, .. }) => matches!(verdict, Verdict::Rejected { .. }),
            Some(Delivery::Saved | Delivery::Kept) | None => false,
        }
    }
}

impl DocumentView {
    /// The signature, where there is one.
    pub fn signed(&self) -> Option<&AnswerView> {
        self.answers.iter().find(|answer| answer.signed)
    }

    /// The no, where one was said.
    pub fn declined(&self) -> Option<&AnswerView> {
        self.answers.iter().find(|answer| !answer.signed)
    }

    /// The answer that stands: a signature, else a no.
    pub fn stands(&self) -> Option<&AnswerView> {
        self.signed().or(self.declined())
    }

    /// Whether it can be signed.
    pub fn may_sign(&self) -> bool {
        self.document.open && self.newest && self.signed().is_none()
    }

    /// Whether a no can be said.
    pub fn may_decline(&self) -> bool {
        self.may_sign() && self.declined().is_none()
    }
}

/// What to show to whoever proved who they are; `opened` while one of their pages of documents is shown.
///
/// # Errors
/// The disk fails.
pub fn view(read: &Read<'_>, viewer: Option<DetaineeId>, opened: bool) -> Result<View, Fault> {
    let Some(viewer) = viewer else { return Ok(View::default()) };
    let waiting = tables::waiting(read, viewer)?;
    if !opened {
        return Ok(View { waiting, own: Vec::new() });
    }
    let said = tables::said(read, viewer)?;
    let texts = tables::texts(read, viewer)?;
    let mut own = Vec::with_capacity(texts.len());
    for document in texts {
        own.push(whole(read, document, &said)?);
    }
    own.sort_by_key(|one| {
        let since = one.stands().map_or(one.document.asked_ms, |answer| answer.at_ms);
        (!(one.may_sign() && one.answers.is_empty()), std::cmp::Reverse(since), one.document.key())
    });
    Ok(View { waiting, own })
}

/// One version of this person's text; none where it is not theirs.
pub(super) fn one(
    read: &Read<'_>,
    viewer: DetaineeId,
    document: Uuid,
    version: u32,
) -> Result<Option<DocumentView>, Fault> {
    let held = tables::text(read, document, version)?.filter(|held| held.detainee == viewer);
    let Some(held) = held else { return Ok(None) };
    whole(read, held, &tables::said(read, viewer)?).map(Some)
}

fn whole(read: &Read<'_>, document: Document, said: &[SaidRow]) -> Result<DocumentView, Fault> {
    let place = (document.document, document.version);
    let mut answers = Vec::new();
    for row in said.iter().filter(|row| (row.document, row.version) == place) {
        let answer = own_answer(read, row, &document)?;
        // What the platform refused stays in its tables as an event, and is no answer.
        if !answer.is_rejected() {
            answers.push(answer);
        }
    }
    for told in &document.answers {
        if !answers.iter().any(|answer: &AnswerView| answer.event == told.event) {
            answers.push(AnswerView {
                event: told.event,
                signed: told.signed,
                at_ms: told.at_ms,
                delivery: None,
                told: Some(told.clone()),
                strokes: None,
                why: told.why.to_string(),
                words: told.words.to_string(),
            });
        }
    }
    answers.sort_by_key(|answer| (answer.signed, answer.at_ms));
    Ok(DocumentView {
        parts: parts(document.paragraphs.iter().map(|paragraph| paragraph.as_str())),
        newest: tables::newest(read, document.document)? <= document.version,
        document,
        answers,
    })
}

fn own_answer(read: &Read<'_>, row: &SaidRow, document: &Document) -> Result<AnswerView, Fault> {
    let (strokes, why, words) = match &row.said.what {
        What::Signed { strokes } => (Some(strokes.clone()), String::new(), String::new()),
        What::Declined { why, words } => (None, why.to_string(), words.to_string()),
    };
    Ok(AnswerView {
        event: row.event,
        signed: strokes.is_some(),
        at_ms: row.said.made.wall_ms,
        delivery: read.delivery(row.event)?,
        told: document.answers.iter().find(|told| told.event == row.event).cloned(),
        strokes,
        why,
        words,
    })
}
