// SPDX-License-Identifier: GPL-3.0-only
//! Without network an answer is kept and goes when there is one; without camera the PIN remains; after a power cut what
//! was confirmed is there, and what was not is read and signed anew.
//!
//! 签名捺印. A text is shown whole before it can be signed; an answer is bound to the very text that was on the screen.
//! Whoever does not agree says so with a reason: nothing follows from it here, and they may sign later as long as it is
//! asked. There is no pad: a 捺印 that is wanted is done with an officer, on paper.

pub(crate) mod screen;
mod tables;
#[cfg(test)]
mod tests;
mod truth;
mod view;

pub use truth::{apply, member_gone};
pub use view::{AnswerView, DocumentView, View, view};

use crate::{Actor, Done, Stop};
use contract::{
    DetaineeId, Digest, Document, DocumentDeclined, DocumentSigned, Event, EventId, OrderCheck, Print, Stamp,
    Strokes, Text,
};
use serde::{Deserialize, Serialize};
use store::{Fault, Migration, Write};
use uuid::Uuid;

pub const MIGRATION: Migration = Migration { service: "document", steps: &[include_str!("tables/0001.sql")] };

/// Answers of one person that are kept; of more, the oldest that the platform has go.
const SAID_MAX: usize = 2 * contract::DOCUMENTS_EACH_MAX;

/// Which text is on the screen, and how far it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    pub document: Uuid,
    pub version: u32,
    /// Of the text as it was opened.
    pub digest: Digest,
    /// The part that is shown, from 0.
    pub part: usize,
    /// The last of the parts that were shown one after another, from 0.
    pub reached: usize,
    /// The person wants it read aloud, knowing who hears it.
    pub aloud: bool,
    /// So many parts, from the first on, were read aloud.
    pub heard: usize,
}

impl Reading {
    /// A text that was just opened.
    pub fn of(document: &Document) -> Self {
        let (digest, version) = (document.digest(), document.version);
        let document = document.document;
        Self { document, version, digest, part: 0, reached: 0, aloud: false, heard: 0 }
    }

    /// The next part, where there is one.
    #[must_use]
    pub fn on(self, parts: usize) -> Self {
        let part = (self.part + 1).min(parts.saturating_sub(1));
        Self { part, reached: self.reached.max(part), ..self }
    }

    /// The part before.
    #[must_use]
    pub fn back(self) -> Self {
        Self { part: self.part.saturating_sub(1), ..self }
    }

    /// The part that is shown is read aloud. Parts count from the first on, none left out.
    #[must_use]
    pub fn told(self) -> Self {
        let heard = if self.part == self.heard { self.heard + 1 } else { self.heard };
        Self { heard, ..self }
    }

    /// Whether a text of so many parts was shown to its end.
    pub fn is_whole(&self, parts: usize) -> bool {
        self.reached + 1 >= parts
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// 签名.
    Sign { reading: Reading, strokes: Strokes, check: OrderCheck },
    /// 不同意.
    Decline { reading: Reading, why: Text<200>, words: Text<200>, check: OrderCheck },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Not this person's, or not there any more.
    NotYours,
    /// Not shown to its end.
    NotWhole,
    /// Nothing was drawn, or no reason given.
    NotSigned,
    /// Answered before.
    Already,
    /// Not asked any more.
    Closed,
    /// Another text than was on the screen.
    Changed,
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(crate::Refusal::Document(refusal))
    }
}

/// What somebody said here to a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Said {
    made: Stamp,
    what: What,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    Signed { strokes: Strokes },
    Declined { why: Text<200>, words: Text<200> },
}

/// Somebody answers a document of theirs.
///
/// # Errors
/// See [`Refusal`]; or the disk fails.
pub fn act(tx: &Write<'_>, actor: Actor, intent: &Intent, now: &Stamp) -> Result<Done, Stop> {
    let Actor::Detainee(detainee) = actor else { return Err(Refusal::NotYours.into()) };
    let receipt = match intent {
        Intent::Sign { reading, strokes, check } => sign(tx, detainee, *reading, strokes, *check, now)?,
        Intent::Decline { reading, why, words, check } => {
            let held = asked(tx, detainee, *reading)?;
            if held.declined().is_some() {
                return Err(Refusal::Already.into());
            }
            if why.is_empty() {
                return Err(Refusal::NotSigned.into());
            }
            let declined = DocumentDeclined {
                at: *now,
                detainee,
                document: reading.document,
                version: reading.version,
                digest: held.document.digest(),
                why: why.clone(),
                words: words.clone(),
                check: *check,
            };
            let event = tx.send(&Event::DocumentDeclined(declined), now)?;
            let what = What::Declined { why: why.clone(), words: words.clone() };
            keep(tx, detainee, event, *reading, what, now)?;
            event
        }
    };
    Ok(Done { receipt: Some(receipt), refused: None })
}

fn sign(
    tx: &Write<'_>,
    detainee: DetaineeId,
    reading: Reading,
    strokes: &Strokes,
    check: OrderCheck,
    now: &Stamp,
) -> Result<EventId, Stop> {
    let held = asked(tx, detainee, reading)?;
    if !reading.is_whole(held.parts.len()) {
        return Err(Refusal::NotWhole.into());
    }
    let signed = DocumentSigned {
        at: *now,
        detainee,
        document: reading.document,
        version: reading.version,
        digest: held.document.digest(),
        heard: reading.heard >= held.parts.len(),
        strokes: strokes.clone(),
        print: Print::of(&held.document),
        check,
    };
    if !signed.is_sound() {
        return Err(Refusal::NotSigned.into());
    }
    let event = tx.send(&Event::DocumentSigned(signed), now)?;
    keep(tx, detainee, event, reading, What::Signed { strokes: strokes.clone() }, now)?;
    Ok(event)
}

/// The text as it stands here, if it is this person's, the one that was read, and not signed yet.
fn asked(tx: &Write<'_>, detainee: DetaineeId, reading: Reading) -> Result<DocumentView, Stop> {
    let held = view::one(tx, detainee, reading.document, reading.version)?;
    let held = held.ok_or(Stop::from(Refusal::NotYours))?;
    if held.signed().is_some() {
        return Err(Refusal::Already.into());
    }
    if !held.newest || held.document.digest() != reading.digest {
        return Err(Refusal::Changed.into());
    }
    if !held.document.open {
        return Err(Refusal::Closed.into());
    }
    Ok(held)
}

fn keep(
    tx: &Write<'_>,
    detainee: DetaineeId,
    event: EventId,
    reading: Reading,
    what: What,
    now: &Stamp,
) -> Result<(), Fault> {
    let place = (reading.document, reading.version);
    tables::add_said(tx, event, place, detainee, &Said { made: *now, what })?;
    let said = tables::said(tx, detainee)?;
    for row in said.iter().take(said.len().saturating_sub(SAID_MAX)) {
        if !matches!(tx.delivery(row.event)?, Some(store::Delivery::Saved)) {
            tables::delete_said(tx, row.event)?;
        }
    }
    Ok(())
}
