// SPDX-License-Identifier: GPL-3.0-only
//! An office of its own (the clinic) and its desktop window: whose keys are whose, and what the window asks the platform.
//!
//! The keys stay in the window. The platform hands sealed things through and keeps what everybody on the way sees. These
//! paths are on the desk's listener, under `/office/v1`, for signed-in users of the office's post.

use crate::named::named;
use crate::{
    CareNotice, CareState, DetaineeId, DeviceId, Envelope, EventId, PublicKey, SEAL_RECIPIENTS_MAX,
    SealRecipient, Sealed, Signed, SignedError, TerminalId, Text, Trust, Urgency,
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
    /// 驻所检察室.
    Procurator,
    /// 所长.
    Director,
    /// 主管民警.
    SupervisingOfficer,
    /// 上级机关.
    Superior,
}

named!(Office {
    Clinic => "clinic",
    Procurator => "procurator",
    Director => "director",
    SupervisingOfficer => "supervising_officer",
    Superior => "superior",
});

impl Office {
    /// The offices complaints go to, in the order they are offered.
    pub const COMPLAINTS: [Self; 4] =
        [Self::Procurator, Self::Director, Self::SupervisingOfficer, Self::Superior];

    /// Fewest keys: a complaint must be readable to somebody when one is away, duty and deputy.
    fn recipients_min(self) -> usize {
        match self {
            Self::Clinic => 1,
            Self::Procurator | Self::Director | Self::SupervisingOfficer | Self::Superior => 2,
        }
    }

    /// Who is told when this one is overdue; none above the last.
    pub fn next(self) -> Option<Self> {
        match self {
            Self::SupervisingOfficer => Some(Self::Director),
            Self::Director => Some(Self::Procurator),
            Self::Procurator => Some(Self::Superior),
            Self::Clinic | Self::Superior => None,
        }
    }
}

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
    /// What was arranged in writing with the office (看守所条例 §31: letters there may be inspected, so a sealed channel
    /// rests on an arrangement). A complaint office without one that is running is not offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrangement: Option<Arrangement>,
}

/// From when to when an office takes sealed complaints, and how long it keeps them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Arrangement {
    /// Milliseconds since 1970 UTC; it begins here.
    pub from_ms: i64,
    /// It is over here.
    pub until_ms: i64,
    /// Days until the office destroys what it opened.
    pub retention_days: u32,
}

impl Arrangement {
    /// Whether it runs.
    pub fn holds(&self, now_ms: i64) -> bool {
        (self.from_ms..self.until_ms).contains(&now_ms)
    }
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
    /// The signature is another's, it is another office's, or there are too few to seal to.
    pub fn open(statement: &Signed, before: Option<&Self>) -> Result<Self, SignedError> {
        let keys: Self = match before {
            Some(before) => statement.open(PURPOSE, &before.signing)?,
            None => statement.open_by(PURPOSE, |keys: &Self| &keys.signing)?,
        };
        let mut distinct: Vec<_> = keys.recipients.iter().map(SealRecipient::as_str).collect();
        distinct.sort_unstable();
        distinct.dedup();
        let sound = distinct.len() == keys.recipients.len()
            && (keys.office.recipients_min()..=SEAL_RECIPIENTS_MAX).contains(&distinct.len())
            && keys.recipients.iter().all(|recipient| recipient.parse().is_ok())
            && before.is_none_or(|before| before.office == keys.office)
            && keys.arrangement.is_none_or(|arranged| arranged.from_ms < arranged.until_ms);
        if sound { Ok(keys) } else { Err(SignedError::Signature) }
    }

    /// Which office a statement claims to be of, trusted by nobody: to know what it must follow from.
    pub fn claimed(statement: &Signed) -> Option<Office> {
        statement.claimed::<Self>().map(|keys| keys.office)
    }

    /// What a statement says, trusted by nobody: an office knows its own by the key that is in it.
    pub fn read(statement: &Signed) -> Option<Self> {
        statement.claimed()
    }

    /// Whether complaints may be sealed to it now.
    pub fn is_arranged(&self, now_ms: i64) -> bool {
        self.arrangement.is_some_and(|arranged| arranged.holds(now_ms))
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

/// `GET /office/v1/complaints?since=&wait=`, for users of a complaint office: what came or changed after `since`, from 0
/// on everything sealed to it, as it came. The platform may cut it: the rest is asked for with this one's `rev`. The
/// window trusts nothing of it but what it checks: each envelope's signature with the key it pinned of that device, the
/// chain, the numbers under the seals against the day's counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComplaintList {
    /// How far this list goes; a platform that was restored may name a lower one, and begins again.
    pub rev: u64,
    pub now_ms: i64,
    /// The office's keys as the platform hands them on; none before the first were given.
    pub keys: Option<Signed>,
    pub terminals: Vec<ComplaintTerminal>,
    /// Sealed to this office, by device, epoch and number. What the retention of the arrangement let go is not among them.
    pub entries: Vec<ComplaintEntry>,
    /// The envelopes of every `complaint.count/1`, and of what was sealed to other offices as [`Envelope::without_body`]:
    /// with them the chain of the lane has no hole.
    pub others: Vec<Envelope>,
}

/// A terminal whose complaints may come here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplaintTerminal {
    pub device: DeviceId,
    pub terminal: TerminalId,
    pub block: Text<32>,
    pub cell: Text<32>,
    pub utc_offset_min: i16,
    /// Signs its events. The window pins it when it first sees it and shows a change.
    pub device_key: PublicKey,
    /// Who is of this cell, so that a named complaint has a name.
    pub people: Vec<CarePerson>,
}

/// One sealed thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplaintEntry {
    /// The whole event: its body is a [`crate::ComplaintSealed`].
    pub envelope: Envelope,
    pub received_ms: i64,
    /// What the office itself said to it so far: each a [`crate::OfficeWord`].
    pub words: Vec<Signed>,
    /// The office's own copy of its newest answer, sealed to itself.
    pub own: Option<Sealed>,
    /// When its receipt and its answer are due, by the site's policy; the platform cannot tell a mark, which asks for no
    /// answer, and names them for everything.
    #[serde(default)]
    pub receive_due_ms: Option<i64>,
    #[serde(default)]
    pub answer_due_ms: Option<i64>,
}

/// `POST /office/v1/complaints/words`: a word of the office to one event, which the platform puts into the feed of the
/// terminal it came from as the next of [`crate::ComplaintStatus::words`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostedWord {
    pub event: EventId,
    /// A [`crate::OfficeWord`].
    pub word: Signed,
    /// With a word of the stage `answered`: a signed [`crate::OfficeAnswer`], sealed to the complaint's key.
    #[serde(default)]
    pub answer: Option<Sealed>,
    /// With an answer: the same, sealed to the office.
    #[serde(default)]
    pub own: Option<Sealed>,
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
            arrangement: None,
        }
    }

    fn procurator(signing: &SigningKey, recipients: usize) -> OfficeKeys {
        OfficeKeys {
            office: Office::Procurator,
            recipients: (0..recipients).map(|_| SealKey::generate().recipient()).collect(),
            arrangement: Some(Arrangement { from_ms: 10, until_ms: 20, retention_days: 365 }),
            ..keys(signing)
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
    fn a_complaint_office_has_two_readers_at_least_and_they_are_two() {
        let first = signing();
        for recipients in [0, 1, SEAL_RECIPIENTS_MAX + 1] {
            let few = procurator(&first, recipients).sign(&first).unwrap();
            assert!(OfficeKeys::open(&few, None).is_err(), "{recipients}");
        }
        let mut twice = procurator(&first, 2);
        twice.recipients[1] = twice.recipients[0].clone();
        assert!(OfficeKeys::open(&twice.sign(&first).unwrap(), None).is_err());
        assert!(OfficeKeys::open(&procurator(&first, 2).sign(&first).unwrap(), None).is_ok());
    }

    #[test]
    fn keys_of_one_office_do_not_follow_from_anothers() {
        let first = signing();
        let clinic = keys(&first);
        let statement = procurator(&first, 2).sign(&first).unwrap();
        assert_eq!(OfficeKeys::claimed(&statement), Some(Office::Procurator));
        assert!(OfficeKeys::open(&statement, Some(&clinic)).is_err());
    }

    #[test]
    fn an_arrangement_begins_and_ends() {
        let first = signing();
        let procurator = procurator(&first, 2);
        assert!(!procurator.is_arranged(9) && procurator.is_arranged(10) && !procurator.is_arranged(20));
        assert!(!keys(&first).is_arranged(10));
        let backwards = Arrangement { from_ms: 20, until_ms: 20, retention_days: 1 };
        let backwards = OfficeKeys { arrangement: Some(backwards), ..procurator };
        assert!(OfficeKeys::open(&backwards.sign(&first).unwrap(), None).is_err());
    }

    #[test]
    fn keys_without_a_reader_are_no_keys() {
        let first = signing();
        let none = OfficeKeys { recipients: Vec::new(), ..keys(&first) };
        assert!(OfficeKeys::open(&none.sign(&first).unwrap(), None).is_err());
    }
}
