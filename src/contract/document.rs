// SPDX-License-Identifier: GPL-3.0-only
//! Documents to be signed (签名捺印): what somebody is asked to read, and what they said to it.
//!
//! An answer names the document, the version of its text and the digest of the very text that was on the screen. A text
//! that changes is a new version and is asked anew; what was said to the old one stays with the old one.

use crate::digest::Hasher;
use crate::named::named;
use crate::{DetaineeId, Digest, EventId, OrderCheck, STROKE_POINTS_MAX, Stamp, Strokes, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Most paragraphs of a document: with 500 characters each its item stays below the feed's 64 KiB.
pub const DOCUMENT_PARAGRAPHS_MAX: usize = 30;
/// Most answers to one version: a no, and a signature after it.
pub const DOCUMENT_ANSWERS_MAX: usize = 2;
/// Highest version of a text; versions count from 1.
pub const DOCUMENT_VERSION_MAX: u32 = 999;
/// Most of one person's document versions that a terminal is told of and keeps; the house's choice.
pub const DOCUMENTS_EACH_MAX: usize = 100;

/// One version of a text, for one person; its key in the feed is [`Document::key`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    pub document: Uuid,
    /// From 1, at most [`DOCUMENT_VERSION_MAX`].
    pub version: u32,
    pub detainee: DetaineeId,
    pub kind: DocumentKind,
    pub title: Text<64>,
    /// At least one, at most [`DOCUMENT_PARAGRAPHS_MAX`].
    pub paragraphs: Vec<Text<500>>,
    /// When it was asked, wall time in milliseconds.
    pub asked_ms: i64,
    /// A 捺印 is wanted beside the signature.
    #[serde(default)]
    pub print: bool,
    /// It is asked still. A text with a newer version, or one that was taken back, is not.
    pub open: bool,
    /// What the platform holds of the person's answers, in order: at most one no, and one signature after it.
    #[serde(default)]
    pub answers: Vec<DocumentAnswer>,
}

impl Document {
    /// Its key in the feed.
    pub fn key(&self) -> String {
        Self::key_of(self.document, self.version)
    }

    /// The key of a version of a document.
    pub fn key_of(document: Uuid, version: u32) -> String {
        format!("{document}-{version}")
    }

    /// Reads a key of the feed: the document and the version.
    pub fn read_key(key: &str) -> Option<(Uuid, u32)> {
        let (document, version) = key.rsplit_once('-')?;
        Some((document.parse().ok()?, version.parse().ok()?))
    }

    /// SHA-256 over the exact text: whose, which, which version, its kind, its title, whether a 捺印 is wanted, and each
    /// paragraph, each with its length before it. What changes later (`open`, `answers`) is not in it.
    pub fn digest(&self) -> Digest {
        let mut hasher = Hasher::new();
        hasher.field(b"kiosk-document1");
        hasher.field(self.document.as_bytes());
        hasher.field(&self.version.to_be_bytes());
        hasher.field(self.detainee.0.as_bytes());
        hasher.field(self.kind.name().as_bytes());
        hasher.field(&[u8::from(self.print)]);
        hasher.field(self.title.as_str().as_bytes());
        for paragraph in &self.paragraphs {
            hasher.field(paragraph.as_str().as_bytes());
        }
        hasher.finish()
    }

    /// Whether there is something to read, within the limits.
    pub fn is_sound(&self) -> bool {
        let numbered = (1..=DOCUMENT_VERSION_MAX).contains(&self.version);
        let counted = (1..=DOCUMENT_PARAGRAPHS_MAX).contains(&self.paragraphs.len());
        let written = self.paragraphs.iter().all(|paragraph| !paragraph.is_empty());
        numbered && counted && written && !self.title.is_empty() && self.answers.len() <= DOCUMENT_ANSWERS_MAX
    }
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// 健康状况确认书.
    Health,
    /// 随身物品清单.
    Property,
    /// 保证书.
    Pledge,
    /// 权利义务告知书.
    Rights,
    /// 调解协议.
    Mediation,
    /// 别的.
    Other,
}

named!(DocumentKind {
    Health => "health",
    Property => "property",
    Pledge => "pledge",
    Rights => "rights",
    Mediation => "mediation",
    Other => "other",
});

/// What the platform holds of somebody's answer to a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentAnswer {
    /// The event that said it.
    pub event: EventId,
    pub signed: bool,
    /// When the person said it, wall time in milliseconds.
    pub at_ms: i64,
    /// When it came to the platform.
    pub uploaded_ms: i64,
    /// 已签收: when an officer took it, by their own word.
    #[serde(default)]
    pub received_ms: Option<i64>,
    /// When an officer took the 捺印 on paper.
    #[serde(default)]
    pub print_ms: Option<i64>,
    /// Why not, as the person said it; empty under a signature.
    #[serde(default)]
    pub why: Text<200>,
    #[serde(default)]
    pub words: Text<200>,
}

/// 签名: the whole text was shown to its end before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentSigned {
    pub at: Stamp,
    pub detainee: DetaineeId,
    pub document: Uuid,
    pub version: u32,
    /// Of the text that was on the screen: [`Document::digest`].
    pub digest: Digest,
    /// Each of its pages was also read aloud.
    pub heard: bool,
    /// As drawn; at least one point, at most [`STROKE_POINTS_MAX`].
    pub strokes: Strokes,
    pub print: Print,
    pub check: OrderCheck,
}

impl DocumentSigned {
    /// Whether something was drawn, within the limits.
    pub fn is_sound(&self) -> bool {
        const { assert!(STROKE_POINTS_MAX * 16 < crate::BODY_BYTES_MAX, "a signature fits in an event") };
        self.strokes.is_sound()
    }
}

/// 不同意: nothing follows from it at the terminal, and it can be signed later as long as it is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentDeclined {
    pub at: Stamp,
    pub detainee: DetaineeId,
    pub document: Uuid,
    pub version: u32,
    /// Of the text that was on the screen: [`Document::digest`].
    pub digest: Digest,
    /// One of a fixed set, in Chinese: an officer reads it.
    pub why: Text<200>,
    /// The person's own words, where they want to add some.
    #[serde(default)]
    pub words: Text<200>,
    pub check: OrderCheck,
}

/// 捺印. Terminals have no pad: where one is wanted it is done with an officer, on paper, and never compared with anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Print {
    NotWanted,
    /// 待线下捺印.
    Offline,
}

impl Print {
    /// What a document asks for.
    pub fn of(document: &Document) -> Self {
        if document.print { Self::Offline } else { Self::NotWanted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Document {
        Document {
            document: Uuid::from_u128(7),
            version: 1,
            detainee: DetaineeId(Uuid::from_u128(1)),
            kind: DocumentKind::Rights,
            title: "权利义务告知书".into(),
            paragraphs: vec!["第一条".into(), "第二条".into()],
            asked_ms: 0,
            print: false,
            open: true,
            answers: Vec::new(),
        }
    }

    #[test]
    fn names_are_those_on_the_wire() {
        for kind in DocumentKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
            assert_eq!(DocumentKind::of(kind.name()), Some(kind));
        }
    }

    #[test]
    fn a_key_says_which_version() {
        let document = Document { version: 12, ..document() };
        assert_eq!(Document::read_key(&document.key()), Some((document.document, 12)));
        assert!(document.key().len() <= 64);
        for wrong in ["", "7", "x-1", &document.document.to_string()] {
            assert_eq!(Document::read_key(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_digest_is_of_the_text_and_of_nothing_that_changes_later() {
        let first = document();
        let answer = DocumentAnswer {
            event: EventId::fresh(),
            signed: true,
            at_ms: 1,
            uploaded_ms: 2,
            received_ms: None,
            print_ms: None,
            why: Text::default(),
            words: Text::default(),
        };
        let later = Document { open: false, answers: vec![answer], asked_ms: 9, ..document() };
        assert_eq!(first.digest(), later.digest());
        let moved = vec!["第一条第二".into(), "条".into()];
        for other in [
            Document { version: 2, ..document() },
            Document { document: Uuid::from_u128(8), ..document() },
            Document { detainee: DetaineeId(Uuid::from_u128(2)), ..document() },
            Document { kind: DocumentKind::Pledge, ..document() },
            Document { print: true, ..document() },
            Document { title: "权利义务告知".into(), ..document() },
            Document { paragraphs: moved, ..document() },
        ] {
            assert_ne!(first.digest(), other.digest());
        }
    }

    #[test]
    fn a_document_without_text_or_beyond_its_limits_is_none() {
        assert!(document().is_sound());
        for unsound in [
            Document { version: 0, ..document() },
            Document { version: DOCUMENT_VERSION_MAX + 1, ..document() },
            Document { paragraphs: Vec::new(), ..document() },
            Document { paragraphs: vec!["文".into(); DOCUMENT_PARAGRAPHS_MAX + 1], ..document() },
            Document { paragraphs: vec![Text::default()], ..document() },
            Document { title: Text::default(), ..document() },
        ] {
            assert!(!unsound.is_sound());
        }
    }

    #[test]
    fn the_longest_document_fits_into_an_item_of_the_feed() {
        let paragraph = Text::new(&"国".repeat(500));
        let long = Document { paragraphs: vec![paragraph; DOCUMENT_PARAGRAPHS_MAX], ..document() };
        assert!(serde_json::to_string(&long).unwrap().len() < 64 * 1024 - 4 * 1024);
    }
}
