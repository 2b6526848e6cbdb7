// SPDX-License-Identifier: GPL-3.0-only
//! An office's complaints: what the list proves, and what the office says to it.
//!
//! Trusts nothing of a list but what the terminals and the office itself signed. What is answered is sealed to the key of
//! the complaint; the office's own copy is sealed to everybody of the office.

use contract::{
    Arrangement, Complaint, ComplaintEntry, ComplaintList, Custody, Digest, EventId, Finding, InCustody,
    Matter, Office, OfficeAnswer, OfficeKeys, OfficeStage, OfficeWord, PostedWord, ReceiptCode, SealKey,
    SealRecipient, Sealed, Seen, Signed, SigningKey, Text,
};
use zeroize::Zeroizing;

/// Why it is not done.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("find the office's keys in the list: it has stated none, or another has")]
    Keys,
    #[error("find {0} among what is sealed to this office")]
    Unknown(EventId),
    #[error("sign without a signing key: the first key file has none")]
    NoSigning,
    #[error("answer what is no complaint")]
    NoComplaint,
    #[error("sign")]
    Signed(#[from] contract::SignedError),
    #[error("seal")]
    Sealed(#[from] contract::SealedError),
    #[error("seal an answer")]
    Answer(#[from] contract::OfficeAnswerError),
}

/// Takes a further part of a list over, or the whole, if the platform begins again with a lower number.
pub fn merge(whole: &mut ComplaintList, part: ComplaintList) {
    if part.rev < whole.rev {
        *whole = part;
        return;
    }
    let is_newer = |id: EventId| {
        part.entries.iter().any(|entry| entry.envelope.id == id) || part.others.iter().any(|of| of.id == id)
    };
    whole.entries.retain(|entry| !is_newer(entry.envelope.id));
    whole.others.retain(|envelope| !is_newer(envelope.id));
    whole.entries.extend(part.entries);
    whole.others.extend(part.others);
    (whole.rev, whole.now_ms, whole.keys, whole.terminals) =
        (part.rev, part.now_ms, part.keys, part.terminals);
}

/// The office's keys as the list has them, if one of `open` is among their readers.
///
/// # Errors
/// [`Failure::Keys`].
pub fn own(list: &ComplaintList, open: &[&SealKey]) -> Result<OfficeKeys, Failure> {
    let statement = list.keys.as_ref().ok_or(Failure::Keys)?;
    let stated = OfficeKeys::read(statement).ok_or(Failure::Keys)?;
    let reads = open.iter().any(|key| stated.recipients.contains(&key.recipient()));
    if reads { Ok(stated) } else { Err(Failure::Keys) }
}

/// Looks the list through, against what was seen before, and takes what it found into `seen`.
pub fn look(list: &ComplaintList, own: &OfficeKeys, open: &[&SealKey], seen: &mut Seen) -> Custody {
    Custody::look(list, own.office, open, own.arrangement.map(|arranged| arranged.retention_days), seen)
}

/// One thing, as its device signed it.
///
/// # Errors
/// It is not there, or its device did not sign it as it stands.
pub fn find(list: &ComplaintList, open: &[&SealKey], event: EventId) -> Result<InCustody, Failure> {
    let found = look(list, &own(list, open)?, open, &mut Seen::default());
    let is_signed = |item: &InCustody| !found.findings.contains(&Finding::Signature(item.place));
    let item = found.items.iter().find(|item| item.event == event && is_signed(item));
    item.cloned().ok_or(Failure::Unknown(event))
}

/// The office's word to one thing.
///
/// # Errors
/// The key cannot be used.
pub fn word(
    office: Office,
    signing: &SigningKey,
    item: &InCustody,
    stage: OfficeStage,
    at_ms: i64,
) -> Result<PostedWord, Failure> {
    let word = OfficeWord { office, event: item.event, sealed: item.sealed, at_ms, stage };
    Ok(PostedWord { event: item.event, word: word.sign(signing)?, answer: None, own: None })
}

/// An answer, sealed to the key of the complaint, with the office's own copy.
///
/// # Errors
/// It answers no complaint, a key cannot be used, or it is too long.
pub fn answer(
    own: &OfficeKeys,
    signing: &SigningKey,
    item: &InCustody,
    words: &str,
    meeting_ms: Option<i64>,
    at_ms: i64,
) -> Result<PostedWord, Failure> {
    let Matter::Complaint(complaint) = &item.told.matter else { return Err(Failure::NoComplaint) };
    let answer =
        OfficeAnswer { office: own.office, event: item.event, at_ms, words: Text::new(words), meeting_ms };
    let sealed = answer.seal(signing, &complaint.answer_to)?;
    let copy = Signed::seal(OfficeAnswer::PURPOSE, &answer, signing)?;
    let copy = Sealed::seal(&copy, &own.recipients)?;
    let stage = OfficeStage::Answered { answer: Digest::of(sealed.as_str().as_bytes()) };
    Ok(PostedWord { answer: Some(sealed), own: Some(copy), ..word(own.office, signing, item, stage, at_ms)? })
}

/// What the office states of itself: its own keys among the readers, and what was arranged with it.
///
/// # Errors
/// The key cannot be used.
pub fn statement(
    office: Office,
    (open, signing): (&[&SealKey], &SigningKey),
    readers: &[SealRecipient],
    arrangement: Arrangement,
    now_ms: i64,
) -> Result<Signed, Failure> {
    let stated = OfficeKeys {
        office,
        recipients: open.iter().map(|key| key.recipient()).chain(readers.iter().cloned()).collect(),
        signing: signing.public(),
        made_ms: now_ms,
        arrangement: Some(arrangement),
    };
    Ok(stated.sign(signing)?)
}

/// How far a thing came by the office's own words, and when it was received and answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Said {
    pub received_ms: Option<i64>,
    pub answered_ms: Option<i64>,
    pub ended: Option<OfficeStage>,
}

/// The words of the list to one entry; what the office did not sign to just this counts for nothing.
pub fn said(entry: &ComplaintEntry, keys: &OfficeKeys, sealed: Digest) -> Said {
    let mut said = Said::default();
    for word in entry.words.iter().filter_map(|word| OfficeWord::open(word, keys).ok()) {
        if word.event != entry.envelope.id || word.sealed != sealed {
            continue;
        }
        said.received_ms = said.received_ms.or(Some(word.at_ms));
        match word.stage {
            OfficeStage::Received => {}
            OfficeStage::Answered { .. } => said.answered_ms = Some(word.at_ms),
            OfficeStage::Withdrawn | OfficeStage::Closed => said.ended = said.ended.or(Some(word.stage)),
        }
    }
    said
}

/// The office's own copy of its newest answer to an entry, if it signed it.
pub fn own_answer(entry: &ComplaintEntry, keys: &OfficeKeys, open: &[&SealKey]) -> Option<OfficeAnswer> {
    let sealed = entry.own.as_ref()?;
    let signed = open.iter().find_map(|key| sealed.open::<Signed>(key).ok())?;
    let answer: OfficeAnswer = signed.open(OfficeAnswer::PURPOSE, &keys.signing).ok()?;
    (answer.event == entry.envelope.id && answer.office == keys.office).then_some(answer)
}

/// When something is overdue: its receipt, or its answer; none where neither is.
pub fn overdue_since(entry: &ComplaintEntry, said: &Said, now_ms: i64) -> Option<i64> {
    let over = said.answered_ms.is_some() || said.ended.is_some();
    let receive = entry.receive_due_ms.filter(|_| said.received_ms.is_none());
    let answer = entry.answer_due_ms;
    receive.into_iter().chain(answer).filter(|due_ms| !over && *due_ms < now_ms).min()
}

/// Highest cost of a code's verifier, so that one made to stall the office does not.
const CODE_MEMORY_KIB_MAX: u32 = 64 * 1024;
const CODE_PASSES_MAX: u32 = 8;

/// Whether whoever named this code wrote the complaint. Takes some tens of milliseconds.
pub fn wrote(complaint: &Complaint, code: &ReceiptCode) -> bool {
    let of = &complaint.code;
    let sound = of.memory_kib <= CODE_MEMORY_KIB_MAX && of.passes <= CODE_PASSES_MAX && of.hash.0.len() == 32;
    let params = argon2::Params::new(of.memory_kib, of.passes, 1, Some(32)).ok().filter(|_| sound);
    let Some(params) = params else { return false };
    let mut hash = Zeroizing::new([0; 32]);
    let hashed = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
        .hash_password_into(code.as_str().as_bytes(), &of.salt.0, hash.as_mut());
    hashed.is_ok() && hash.as_slice() == of.hash.0
}
