// SPDX-License-Identifier: GPL-3.0-only
//! Complaints (投诉、控告、检举、申诉): what is sealed to an office, and what the office says to it.
//!
//! Everything a person tells an office goes up as one kind, [`ComplaintSealed`]: a complaint, the wish for a private talk,
//! a withdrawal, an escalation, and the mark each proof of identity leaves ([`Matter`]). All are filled up to the same two
//! sizes, with the time to the hour and a random number, so that whoever carries them sees an office and nothing else. The
//! office opens them, signs a word to each ([`OfficeWord`]; to marks as well, or those without one would be known), and
//! seals its answer to a key that was made for this complaint alone ([`OfficeAnswer`]).
//!
//! Nothing may vanish unseen. Every sealed thing carries under its seal a number without a gap per terminal, epoch and
//! office ([`ToOffice::number`]); each day every terminal sends how many there were ([`ComplaintCount`]). An office that
//! holds the envelopes can check the device's signature, the chain, and name a number that is missing, alone.

use crate::named::named;
use crate::sealed::SIZES;
use crate::{
    BODY_BYTES_MAX, DetaineeId, Digest, EventId, Office, OfficeKeys, PinVerifier, SealRecipient, Sealed,
    SealedError, Signed, SignedError, SigningKey, Stamp, Text,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Most characters of a person's own words. In Chinese they fit in the smaller size, so that length tells nothing.
pub const COMPLAINT_WORDS_MAX: usize = 1_000;
/// Most words of an office to one event that are kept: receipt, answers, the end.
pub const OFFICE_WORDS_MAX: usize = 16;
/// Digits of a receipt code: two groups of four, to be read out.
pub const RECEIPT_CODE_LEN: usize = 8;
/// What is sealed to an office is at least this long, in bytes.
const SEALED_BYTES_MIN: usize = SIZES[1];
/// A body is exactly as long as one of these, in bytes: the smaller holds 4 KiB under the seal, the larger 16 KiB. 64 KiB
/// would be more than a body may be ([`BODY_BYTES_MAX`]).
const BODY_SIZES: [usize; 2] = [8 * 1024, 26 * 1024];
const _: () = assert!(BODY_SIZES[1] <= BODY_BYTES_MAX);

/// Something sealed to an office: all that everybody on its way sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ComplaintSealed {
    /// To the hour ([`Stamp::to_the_hour`]), like the envelope's.
    pub at: Stamp,
    pub office: Office,
    /// A [`ToOffice`].
    pub sealed: Sealed,
    /// Blanks. They mean nothing but that every body of a size is equally long: seals differ by some random bytes.
    #[serde(default)]
    fill: String,
}

impl ComplaintSealed {
    /// Seals to the keys of an office.
    ///
    /// # Errors
    /// No keys that can be sealed to, or more than fits.
    pub fn seal(told: &ToOffice, keys: &OfficeKeys, now: &Stamp) -> Result<Self, SealedError> {
        let sealed = Sealed::seal_at_least(told, &keys.recipients, SEALED_BYTES_MIN)?;
        let mut body = Self { at: now.to_the_hour(), office: keys.office, sealed, fill: String::new() };
        let bytes = serde_json::to_string(&body).map_err(SealedError::Json)?.len();
        let size = BODY_SIZES.into_iter().find(|size| bytes <= *size).ok_or(SealedError::Long)?;
        body.fill = " ".repeat(size - bytes);
        Ok(body)
    }

    /// What the office signs a word to.
    pub fn digest(&self) -> Digest {
        Digest::of(self.sealed.as_str().as_bytes())
    }
}

/// How many things this terminal sent to each office in this epoch: every day, zero included, to every complaint office
/// whose arrangement is here. The chain's head is in the envelope itself: `prev`, with the number `seq - 1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ComplaintCount {
    /// To the hour.
    pub at: Stamp,
    /// The day that is over, in days since 1970-01-01, facility time. A day without a count is one the terminal was off.
    pub day: i64,
    pub counts: Vec<OfficeCount>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OfficeCount {
    pub office: Office,
    /// The last [`ToOffice::number`] of the epoch when the day was over; zero while there was none.
    pub sent: u64,
}

/// What is under the seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToOffice {
    /// From 1, without a gap, per terminal, epoch and office.
    pub number: u64,
    pub matter: Matter,
}

/// What a person tells an office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    Complaint(Complaint),
    /// 撤回, by whoever wrote it. The office checks the code against [`Complaint::code`]; whether it goes on is the
    /// office's to say.
    Withdrawal {
        complaint: EventId,
        code: ReceiptCode,
    },
    /// 逾期: the answer of the office before is overdue, told to the next one. Nothing of the complaint itself is in it:
    /// the terminal cannot read it any more.
    Escalation {
        complaint: EventId,
        /// Whom it was sent to.
        office: Office,
        /// When, to the hour.
        sent_ms: i64,
        /// Nobody signed a receipt either.
        unreceived: bool,
    },
    /// The meeting an answer named took place, or did not.
    Meeting {
        complaint: EventId,
        code: ReceiptCode,
        took_place: bool,
    },
    Mark(Mark),
}

/// 投诉、控告、检举、申诉. A wish to talk in private is one with nothing but [`Complaint::talk`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// None: unnamed.
    #[serde(default)]
    pub writer: Option<DetaineeId>,
    /// Whom it is about.
    #[serde(default)]
    pub about: Vec<About>,
    #[serde(default)]
    pub topics: Vec<Topic>,
    #[serde(default)]
    pub words: Text<COMPLAINT_WORDS_MAX>,
    /// 约见: the person wants to be seen.
    #[serde(default)]
    pub meeting: bool,
    /// 谈的时候再说: nothing more is said here, a private talk is asked for.
    #[serde(default)]
    pub talk: bool,
    /// When it was said, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Made for this complaint: answers are sealed to it. Its other half opens with PIN and receipt code only.
    pub answer_to: SealRecipient,
    /// argon2id over the receipt code: whoever names the code wrote it.
    pub code: PinVerifier,
}

/// Left by every PIN that opens a private page, whichever of a person's two PINs it was: same kind, lane, size, time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub detainee: DetaineeId,
    /// The quiet PIN: somebody makes them do it, or watches.
    pub quiet: bool,
    /// To the hour, milliseconds since 1970 UTC.
    pub hour_ms: i64,
}

/// Eight digits that prove who wrote a complaint. Not shown, not debugged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReceiptCode(Zeroizing<String>);

impl ReceiptCode {
    /// Takes [`RECEIPT_CODE_LEN`] ASCII digits, blanks between them aside.
    pub fn parse(typed: &str) -> Option<Self> {
        let digits: Zeroizing<String> = Zeroizing::new(typed.chars().filter(|c| *c != ' ').collect());
        let fits = digits.len() == RECEIPT_CODE_LEN && digits.bytes().all(|b| b.is_ascii_digit());
        fits.then_some(Self(digits))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it is read and said: two groups.
    pub fn in_groups(&self) -> Zeroizing<String> {
        let (first, second) = self.0.split_at(self.0.len() / 2);
        Zeroizing::new(format!("{first} {second}"))
    }
}

impl std::fmt::Debug for ReceiptCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReceiptCode(…)")
    }
}

/// Whom a complaint is about, each by its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// 民警.
    Officer,
    /// 同监室的人.
    Cellmate,
    /// 医务人员.
    Medical,
    /// 办案单位.
    CaseOrgan,
    /// 所里的规定、条件.
    Facility,
    /// 别的.
    Other,
}

named!(About {
    Officer => "officer",
    Cellmate => "cellmate",
    Medical => "medical",
    CaseOrgan => "case_organ",
    Facility => "facility",
    Other => "other",
});

/// What it is about, each by its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// 打人、体罚.
    Violence,
    /// 威胁、欺负.
    Threats,
    /// 性侵害、性骚扰.
    Sexual,
    /// 戒具、单独关押.
    Restraints,
    /// 提讯、逼供.
    Interrogation,
    /// 羁押期限.
    CustodyExpiry,
    /// 律师会见.
    Lawyer,
    /// 家属、通信.
    Family,
    /// 看病.
    Medical,
    /// 吃住、卫生.
    Living,
    /// 钱物.
    Money,
    /// 别的.
    Other,
}

named!(Topic {
    Violence => "violence",
    Threats => "threats",
    Sexual => "sexual",
    Restraints => "restraints",
    Interrogation => "interrogation",
    CustodyExpiry => "custody_expiry",
    Lawyer => "lawyer",
    Family => "family",
    Medical => "medical",
    Living => "living",
    Money => "money",
    Other => "other",
});

/// What the office says to one event, in the open and signed by it for the purpose `"complaint-word"`: the terminal shows
/// nothing as received or answered that the office itself did not sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OfficeWord {
    pub office: Office,
    pub event: EventId,
    /// [`ComplaintSealed::digest`] of what was opened: it proves content and time.
    pub sealed: Digest,
    /// Milliseconds since 1970 UTC.
    pub at_ms: i64,
    pub stage: OfficeStage,
}

/// How far a complaint came, by the office's own word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "stage")]
pub enum OfficeStage {
    /// 已签收: opened.
    Received,
    /// 已答复: this answer, by SHA-256 over its sealed text.
    Answered { answer: Digest },
    /// 已撤回: the office let the withdrawal count.
    Withdrawn,
    /// 已办结.
    Closed,
}

impl OfficeWord {
    const PURPOSE: &str = "complaint-word";

    /// Signed by the office.
    ///
    /// # Errors
    /// The key cannot be used.
    pub fn sign(&self, key: &SigningKey) -> Result<Signed, SignedError> {
        Signed::seal(Self::PURPOSE, self, key)
    }

    /// The word, if it is this office's own.
    ///
    /// # Errors
    /// Another's signature, or another office's word.
    pub fn open(signed: &Signed, keys: &OfficeKeys) -> Result<Self, SignedError> {
        let word: Self = signed.open(Self::PURPOSE, &keys.signing)?;
        if word.office == keys.office { Ok(word) } else { Err(SignedError::Signature) }
    }
}

/// An answer. It travels as a [`Sealed`] [`Signed`]: signed by the office for the purpose `"complaint-answer"`, and then
/// sealed to [`Complaint::answer_to`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeAnswer {
    pub office: Office,
    pub event: EventId,
    pub at_ms: i64,
    pub words: Text<COMPLAINT_WORDS_MAX>,
    /// 约见时间, milliseconds since 1970 UTC.
    #[serde(default)]
    pub meeting_ms: Option<i64>,
}

impl OfficeAnswer {
    /// What an answer is signed for, and the office's own copy of it.
    pub const PURPOSE: &str = "complaint-answer";

    /// Signed by the office, then sealed to the key of the complaint.
    ///
    /// # Errors
    /// A key that cannot be used, or more than fits.
    pub fn seal(&self, key: &SigningKey, to: &SealRecipient) -> Result<Sealed, OfficeAnswerError> {
        let signed = Signed::seal(Self::PURPOSE, self, key).map_err(OfficeAnswerError::Signed)?;
        Sealed::seal_at_least(&signed, std::slice::from_ref(to), SEALED_BYTES_MIN)
            .map_err(OfficeAnswerError::Sealed)
    }
}

/// Why an answer cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum OfficeAnswerError {
    #[error("sign an answer")]
    Signed(#[source] SignedError),
    #[error("seal an answer")]
    Sealed(#[source] SealedError),
}

/// What came to one event, as the platform hands it down: the collection `complaint`, its key the event. That the platform
/// has custody is its verdict and is not repeated here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ComplaintStatus {
    /// Each an [`OfficeWord`], in order, at most [`OFFICE_WORDS_MAX`].
    pub words: Vec<Signed>,
    /// The newest [`OfficeAnswer`]. It counts if a word of the stage `answered` names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Sealed>,
}

/// How long answers take here: the collection `answer_figures`, one item, for everybody to read. The platform computes it
/// from events it acknowledged; whatever counts fewer than [`FIGURES_COUNT_MIN`] is left out (k-anonymity).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AnswerFigures {
    pub from_ms: i64,
    pub until_ms: i64,
    pub lines: Vec<FigureLine>,
}

/// Fewest events a figure is told of.
pub const FIGURES_COUNT_MIN: u32 = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FigureLine {
    pub what: FigureKind,
    /// Never below [`FIGURES_COUNT_MIN`]. Of a sealed office it counts what the office signed an answer to, or what is
    /// overdue there: marks are in neither.
    pub count: u32,
    /// Median hours from the platform's custody to the answer; none where nothing was answered.
    #[serde(default)]
    pub median_h: Option<u32>,
    /// None below [`FIGURES_COUNT_MIN`], unless it is zero.
    #[serde(default)]
    pub overdue: Option<u32>,
}

/// What a figure is about: as much as the platform knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FigureKind {
    Complaint(Office),
    Appointment(crate::AppointmentWith),
    SymptomReport,
}

#[cfg(test)]
#[path = "complaint_tests.rs"]
mod tests;
