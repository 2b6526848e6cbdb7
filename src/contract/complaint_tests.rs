// SPDX-License-Identifier: GPL-3.0-only
//! What may be seen of a complaint from outside, and what counts as the office's word.

use super::*;
use crate::{Arrangement, BootId, Event, Lane, SealKey, Trust};

fn now() -> Stamp {
    Stamp { boot: BootId::fresh(), mono_ms: 123_456, wall_ms: 1_790_000_123_456, trust: Trust::Synced }
}

fn signing() -> SigningKey {
    SigningKey::open(&SigningKey::generate().unwrap()).unwrap()
}

fn keys(office: Office, to: &[&SealKey], signing: &SigningKey) -> OfficeKeys {
    OfficeKeys {
        office,
        recipients: to.iter().map(|key| key.recipient()).collect(),
        signing: signing.public(),
        made_ms: 1,
        arrangement: Some(Arrangement { from_ms: 0, until_ms: i64::MAX, retention_days: 30 }),
    }
}

fn complaint(words: &str) -> ToOffice {
    let code = PinVerifier {
        salt: crate::HexBytes(vec![1; 16]),
        hash: crate::HexBytes(vec![2; 32]),
        memory_kib: 19 * 1024,
        passes: 2,
    };
    let complaint = Complaint {
        writer: Some(DetaineeId::fresh()),
        about: About::ALL.to_vec(),
        topics: Topic::ALL.to_vec(),
        words: Text::new(words),
        meeting: true,
        talk: false,
        at_ms: 1_790_000_123_456,
        answer_to: SealKey::generate().recipient(),
        code,
    };
    ToOffice { number: u64::MAX, matter: Matter::Complaint(complaint) }
}

fn mark(quiet: bool) -> ToOffice {
    ToOffice { number: 1, matter: Matter::Mark(Mark { detainee: DetaineeId::fresh(), quiet, hour_ms: 0 }) }
}

fn body(told: &ToOffice, keys: &OfficeKeys) -> String {
    Event::ComplaintSealed(ComplaintSealed::seal(told, keys, &now()).unwrap()).body().unwrap()
}

#[test]
fn from_outside_a_mark_is_a_complaint_is_a_quiet_mark() {
    let (duty, deputy) = (SealKey::generate(), SealKey::generate());
    let keys = keys(Office::Procurator, &[&duty, &deputy], &signing());
    let longest = "申".repeat(COMPLAINT_WORDS_MAX);
    for _ in 0..50 {
        for told in [complaint(&longest), complaint(""), mark(true), mark(false)] {
            assert_eq!(body(&told, &keys).len(), BODY_SIZES[0]);
        }
    }
}

#[test]
fn the_longest_that_can_be_said_fits_a_body_whoever_reads_it() {
    let four: Vec<SealKey> = (0..crate::SEAL_RECIPIENTS_MAX).map(|_| SealKey::generate()).collect();
    let keys = keys(Office::SupervisingOfficer, &four.iter().collect::<Vec<_>>(), &signing());
    for _ in 0..20 {
        assert_eq!(body(&complaint(&"\"".repeat(COMPLAINT_WORDS_MAX)), &keys).len(), BODY_SIZES[0]);
        assert_eq!(body(&complaint(&"𠀀".repeat(COMPLAINT_WORDS_MAX)), &keys).len(), BODY_SIZES[1]);
    }
}

#[test]
fn the_body_names_the_office_and_the_hour_and_nothing_of_the_person() {
    let (duty, deputy) = (SealKey::generate(), SealKey::generate());
    let keys = keys(Office::Procurator, &[&duty, &deputy], &signing());
    let told = complaint("请来谈");
    let sealed = ComplaintSealed::seal(&told, &keys, &now()).unwrap();
    assert_eq!(sealed.at, now().to_the_hour());
    let text = Event::ComplaintSealed(sealed.clone()).body().unwrap();
    let Matter::Complaint(said) = &told.matter else { panic!("a complaint") };
    let writer = said.writer.unwrap().to_string();
    for secret in ["请来谈", "violence", writer.as_str(), "456", said.answer_to.as_str()] {
        assert!(!text.contains(secret), "{secret}");
    }
    for key in [&duty, &deputy] {
        assert_eq!(sealed.sealed.open::<ToOffice>(key).unwrap(), told);
    }
    assert_eq!(Event::decode("complaint.sealed/1", &text).unwrap(), Event::ComplaintSealed(sealed));
}

#[test]
fn all_of_it_travels_in_the_lane_of_complaints() {
    let (duty, deputy) = (SealKey::generate(), SealKey::generate());
    let keys = keys(Office::Procurator, &[&duty, &deputy], &signing());
    let sealed = ComplaintSealed::seal(&mark(false), &keys, &now()).unwrap();
    assert_eq!(Event::ComplaintSealed(sealed).lane(), Lane::Complaint);
    let count = ComplaintCount { at: now().to_the_hour(), day: 20_000, counts: Vec::new() };
    assert_eq!(Event::ComplaintCount(count).lane(), Lane::Complaint);
}

#[test]
fn a_word_counts_if_this_office_signed_it_for_this_purpose() {
    let (office, other) = (signing(), signing());
    let to = [&SealKey::generate(), &SealKey::generate()];
    let word = OfficeWord {
        office: Office::Procurator,
        event: EventId::fresh(),
        sealed: Digest::of(b"sealed"),
        at_ms: 5,
        stage: OfficeStage::Answered { answer: Digest::of(b"answer") },
    };
    let own = keys(Office::Procurator, &to, &office);
    assert_eq!(OfficeWord::open(&word.sign(&office).unwrap(), &own).unwrap(), word);
    assert!(OfficeWord::open(&word.sign(&other).unwrap(), &own).is_err());
    let same_key = keys(Office::Director, &to, &office);
    assert!(OfficeWord::open(&word.sign(&office).unwrap(), &same_key).is_err(), "another office's word");
    let answer = Signed::seal(OfficeAnswer::PURPOSE, &word, &office).unwrap();
    assert!(OfficeWord::open(&answer, &own).is_err(), "another purpose");
}

#[test]
fn an_answer_opens_with_the_key_of_its_complaint_alone() {
    let (office, made_for_it) = (signing(), SealKey::generate());
    let answer = OfficeAnswer {
        office: Office::Procurator,
        event: EventId::fresh(),
        at_ms: 5,
        words: Text::new("明天来谈"),
        meeting_ms: Some(6),
    };
    let sealed = answer.seal(&office, &made_for_it.recipient()).unwrap();
    let signed: Signed = sealed.open(&made_for_it).unwrap();
    assert_eq!(signed.open::<OfficeAnswer>(OfficeAnswer::PURPOSE, &office.public()).unwrap(), answer);
    assert!(sealed.open::<Signed>(&SealKey::generate()).is_err());
}

#[test]
fn a_receipt_code_is_eight_digits_however_it_is_typed_and_never_debugged() {
    let code = ReceiptCode::parse("3815 2047").unwrap();
    assert_eq!(code.as_str(), "38152047");
    assert_eq!(*code.in_groups(), "3815 2047");
    assert!(!format!("{code:?}").contains("38"));
    for wrong in ["3815204", "381520477", "3815204a", ""] {
        assert!(ReceiptCode::parse(wrong).is_none(), "{wrong}");
    }
}

#[test]
fn names_are_those_on_the_wire() {
    for about in About::ALL {
        assert_eq!(serde_json::to_value(about).unwrap(), about.name());
        assert_eq!(About::of(about.name()), Some(about));
    }
    for topic in Topic::ALL {
        assert_eq!(serde_json::to_value(topic).unwrap(), topic.name());
        assert_eq!(Topic::of(topic.name()), Some(topic));
    }
    for office in Office::ALL {
        assert_eq!(serde_json::to_value(office).unwrap(), office.name());
    }
}
