// SPDX-License-Identifier: GPL-3.0-only
//! An office of its own (the clinic) and its desktop window: whose keys are whose, and what the window asks the platform.
//!
//! The keys stay in the window. The platform hands sealed things through and keeps what everybody on the way sees. These
//! paths are on the desk's listener, under `/office/v1`, for signed-in users of the office's post.

use crate::named::named;
use crate::{
    CareNotice, CareState, DetaineeId, DeviceId, EventId, PublicKey, SEAL_RECIPIENTS_MAX, SealRecipient,
    Sealed, Signed, SignedError, TerminalId, Text, Trust, Urgency,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An office that things are sealed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Office {
    /// 医务室.
    Clinic,
}

named!(Office {
    Clinic => "clinic",
});

/// The keys of an office, signed for the purpose `"office-keys"`: the first by themselves, each later one by the signing
/// key of the one before. A terminal keeps the first it is given, and afterwards takes only what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OfficeKeys {
    pub office: Office,
    /// Everybody of the office who reads, at most [`SEAL_RECIPIENTS_MAX`].
    pub recipients: Vec<SealRecipient>,
    /// What the office signs with.
    pub signing: PublicKey,
    pub made_ms: i64,
}

/// What keys are signed for.
const PURPOSE: &str = "office-keys";

impl OfficeKeys {
    /// Signed by `key`, for the platform to hand on.
    ///
    /// # Errors
    /// The key cannot be used.
    pub fn sign(&self, key: &crate::SigningKey) -> Result<Signed, SignedError> {
        Signed::seal(PURPOSE, self, key)
    }

    /// The keys a statement names, if they follow from `before`, or are the first.
    ///
    /// # Errors
    /// The signature is another's, or there is nobody to seal to.
    pub fn open(statement: &Signed, before: Option<&Self>) -> Result<Self, SignedError> {
        let keys: Self = match before {
            Some(before) => statement.open(PURPOSE, &before.signing)?,
            None => statement.open_by(PURPOSE, |keys: &Self| &keys.signing)?,
        };
        let sound = (1..=SEAL_RECIPIENTS_MAX).contains(&keys.recipients.len())
            && keys.recipients.iter().all(|recipient| recipient.parse().is_ok());
        if sound { Ok(keys) } else { Err(SignedError::Signature) }
    }
}

/// `POST /office/v1/login`. The code is that of the second step; the demo's users have none.
#[derive(Clone, Serialize, Deserialize)]
pub struct OfficeSignIn {
    pub name: String,
    pub password: zeroize::Zeroizing<String>,
    #[serde(default)]
    pub code: String,
}

/// What the window sends as `Authorization: Bearer` from then on.
#[derive(Clone, Serialize, Deserialize)]
pub struct OfficeSession {
    pub token: zeroize::Zeroizing<String>,
}

/// `GET /office/v1/care?since=&wait=`: everything the clinic works with; held back while nothing is newer than `since`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CareList {
    pub rev: u64,
    pub now_ms: i64,
    /// The clinic's keys as the platform hands them on; none before the first were given.
    pub keys: Option<Signed>,
    pub terminals: Vec<CareTerminal>,
    /// Reports and what was said later, oldest first; closed ones of the last days among them.
    pub entries: Vec<CareEntry>,
    /// The clinic's own copies of what it wrote.
    pub letters: Vec<OwnLetter>,
    pub notices: Vec<CareNotice>,
}

/// A cell with its people, and whom answers are sealed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CareTerminal {
    pub terminal: TerminalId,
    pub block: Text<32>,
    pub cell: Text<32>,
    pub utc_offset_min: i16,
    /// None where the terminal has not told its key yet.
    pub recipient: Option<SealRecipient>,
    pub people: Vec<CarePerson>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarePerson {
    pub detainee: DetaineeId,
    pub name: Text<64>,
    pub badge_number: Text<32>,
}

/// A report, or what was said later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CareEntry {
    pub device: DeviceId,
    pub event: EventId,
    pub terminal: TerminalId,
    /// None: it is a report itself, or about none.
    pub report: Option<EventId>,
    /// Of a report.
    pub urgency: Option<Urgency>,
    /// As the terminal's clock had it, and how far that is to be trusted.
    pub at_ms: i64,
    pub trust: Trust,
    pub received_ms: i64,
    /// When an answer is due, by the site's policy; of a report.
    pub due_ms: Option<i64>,
    /// 催办: how often, and when last.
    pub nudges: u32,
    pub nudged_ms: Option<i64>,
    pub state: Option<CareState>,
    pub sealed: Sealed,
}

/// `POST /office/v1/care/letters`: a letter to a person, and the clinic's own copy of it. One of the same number replaces
/// it; one without content takes it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostedLetter {
    pub letter: Uuid,
    pub terminal: TerminalId,
    /// The report it answers and where that stands with it.
    #[serde(default)]
    pub report: Option<(EventId, CareState)>,
    /// Sealed to the terminal; none takes the letter back.
    pub cell: Option<Sealed>,
    /// Sealed to the clinic.
    pub own: Option<Sealed>,
}

/// The clinic's own copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnLetter {
    pub letter: Uuid,
    pub terminal: TerminalId,
    pub at_ms: i64,
    pub sealed: Sealed,
}

/// `POST /office/v1/care/notices`: a notice for named posts; the platform sets number and time of day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostedNotice {
    pub terminal: TerminalId,
    pub notice: CareNotice,
    /// Ends one that was released before.
    #[serde(default)]
    pub ends: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SealKey, SigningKey};

    fn keys(signing: &SigningKey) -> OfficeKeys {
        OfficeKeys {
            office: Office::Clinic,
            recipients: vec![SealKey::generate().recipient()],
            signing: signing.public(),
            made_ms: 1,
        }
    }

    fn signing() -> SigningKey {
        SigningKey::open(&SigningKey::generate().unwrap()).unwrap()
    }

    #[test]
    fn the_first_keys_vouch_for_themselves_and_later_ones_follow_from_them() {
        let (first, second, other) = (signing(), signing(), signing());
        let before = keys(&first);
        assert_eq!(OfficeKeys::open(&before.sign(&first).unwrap(), None).unwrap(), before);
        assert!(OfficeKeys::open(&before.sign(&other).unwrap(), None).is_err());
        let after = keys(&second);
        assert_eq!(OfficeKeys::open(&after.sign(&first).unwrap(), Some(&before)).unwrap(), after);
        assert!(OfficeKeys::open(&after.sign(&second).unwrap(), Some(&before)).is_err(), "slipped in");
    }

    #[test]
    fn keys_without_a_reader_are_no_keys() {
        let first = signing();
        let none = OfficeKeys { recipients: Vec::new(), ..keys(&first) };
        assert!(OfficeKeys::open(&none.sign(&first).unwrap(), None).is_err());
    }
}
