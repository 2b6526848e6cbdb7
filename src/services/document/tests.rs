// SPDX-License-Identifier: GPL-3.0-only
use super::{DocumentView, Intent, Reading, Refusal, view};
use crate::world::World;
use crate::{Actor, Refusal as Any};
use contract::{
    DOCUMENTS_EACH_MAX, DetaineeId, Document, DocumentAnswer, DocumentDeclined, DocumentKind, DocumentSigned,
    Event, EventId, Lane, OrderCheck, Print, Strokes, Text,
};
use uuid::Uuid;

/// Long enough for several parts.
fn long(detainee: DetaineeId) -> Document {
    Document {
        document: Uuid::from_u128(77),
        version: 1,
        detainee,
        kind: DocumentKind::Rights,
        title: "权利义务告知书".into(),
        paragraphs: vec![
            Text::new(&"您有权委托辩护人，也可以见驻所检察官。".repeat(20));
            2
        ],
        asked_ms: 5,
        print: false,
        open: true,
        answers: Vec::new(),
    }
}

fn strokes() -> Strokes {
    Strokes(vec![vec![(10, 10), (200, 300)]])
}

impl World {
    fn asks(&mut self, document: &Document) {
        self.put("document", &document.key(), document);
    }

    fn papers(&mut self, person: usize) -> Vec<DocumentView> {
        let viewer = self.people[person];
        self.read(|read| view(read, Some(viewer), true)).own
    }

    fn hint(&mut self, person: usize) -> usize {
        let viewer = self.people[person];
        self.read(|read| view(read, Some(viewer), false)).waiting
    }

    fn signs(&mut self, person: usize, reading: Reading, strokes: Strokes) -> Result<EventId, Any> {
        let intent = Intent::Sign { reading, strokes, check: OrderCheck::FaceAndPin };
        self.act(Actor::Detainee(self.people[person]), intent).map(|done| done.receipt.unwrap())
    }

    fn declines(&mut self, person: usize, reading: Reading, why: &str) -> Result<EventId, Any> {
        let (why, words) = (Text::new(why), Text::new("wo de hua"));
        let intent = Intent::Decline { reading, why, words, check: OrderCheck::Pin };
        self.act(Actor::Detainee(self.people[person]), intent).map(|done| done.receipt.unwrap())
    }

    fn signed_events(&mut self) -> Vec<DocumentSigned> {
        let sent = self.sent(Lane::Order).into_iter();
        sent.filter_map(|event| if let Event::DocumentSigned(signed) = event { Some(signed) } else { None })
            .collect()
    }
}

/// A text read page by page to its end.
fn whole(document: &Document, parts: usize) -> Reading {
    (1..parts).fold(Reading::of(document), |reading, _| reading.on(parts))
}

fn no(refusal: Refusal) -> Any {
    Any::Document(refusal)
}

#[test]
fn the_whole_text_is_shown_before_it_can_be_signed() {
    let mut world = World::new(1);
    let document = long(world.people[0]);
    world.asks(&document);
    let parts = world.papers(0)[0].parts.len();
    assert!(parts > 3);
    let mut reading = Reading::of(&document);
    for _ in 1..parts {
        assert_eq!(world.signs(0, reading, strokes()), Err(no(Refusal::NotWhole)));
        reading = reading.on(parts);
    }
    // Back on the first page it has been shown all the same.
    let reading = (0..parts).fold(reading, |reading, _| reading.back());
    assert_eq!(reading.part, 0);
    world.signs(0, reading, strokes()).unwrap();
    assert!(world.sent(Lane::Order).iter().any(|event| matches!(event, Event::DocumentSigned(_))));
}

#[test]
fn a_signature_carries_the_version_and_the_digest_of_the_text_that_was_shown() {
    let mut world = World::new(1);
    let document = Document { version: 3, print: true, ..long(world.people[0]) };
    world.asks(&document);
    let parts = world.papers(0)[0].parts.len();
    world.signs(0, whole(&document, parts), strokes()).unwrap();
    let signed = world.signed_events().remove(0);
    assert_eq!((signed.document, signed.version), (document.document, 3));
    assert_eq!(signed.digest, document.digest());
    assert_eq!((signed.print, signed.heard), (Print::Offline, false));
    assert_eq!(signed.strokes, strokes());
    assert_eq!(signed.at, world.now);
}

#[test]
fn it_was_heard_only_when_every_page_was_read_aloud() {
    let mut world = World::new(2);
    for (person, skips) in [(0, false), (1, true)] {
        let document =
            Document { document: Uuid::from_u128(person as u128 + 1), ..long(world.people[person]) };
        world.asks(&document);
        let parts = world.papers(person)[0].parts.len();
        let mut reading = Reading::of(&document);
        for part in 0..parts {
            if !(skips && part == 1) {
                reading = reading.told().told();
            }
            reading = reading.on(parts);
        }
        world.signs(person, reading, strokes()).unwrap();
        assert_eq!(world.signed_events().pop().unwrap().heard, !skips);
    }
}

#[test]
fn nothing_drawn_is_no_signature_and_no_reason_no_answer() {
    let mut world = World::new(1);
    let document = long(world.people[0]);
    world.asks(&document);
    let parts = world.papers(0)[0].parts.len();
    for empty in [Strokes::default(), Strokes(vec![Vec::new()]), Strokes(vec![vec![(0, 1_001)]])] {
        assert_eq!(world.signs(0, whole(&document, parts), empty), Err(no(Refusal::NotSigned)));
    }
    assert_eq!(world.declines(0, Reading::of(&document), ""), Err(no(Refusal::NotSigned)));
    assert!(world.sent(Lane::Order).is_empty());
}

#[test]
fn a_version_is_answered_once_and_after_a_no_it_may_be_signed() {
    let mut world = World::new(1);
    let document = long(world.people[0]);
    world.asks(&document);
    assert_eq!(world.hint(0), 1);
    let parts = world.papers(0)[0].parts.len();
    world.declines(0, Reading::of(&document), "写的和事实不符").unwrap();
    assert_eq!(world.hint(0), 0, "nobody is pressed");
    assert_eq!(world.declines(0, Reading::of(&document), "不想说原因"), Err(no(Refusal::Already)));
    assert!(world.papers(0)[0].may_sign());
    world.signs(0, whole(&document, parts), strokes()).unwrap();
    assert_eq!(world.signs(0, whole(&document, parts), strokes()), Err(no(Refusal::Already)));
    assert_eq!(world.declines(0, Reading::of(&document), "不想说原因"), Err(no(Refusal::Already)));
    let sent = world.sent(Lane::Order);
    let Some(Event::DocumentDeclined(DocumentDeclined { why, words, digest, .. })) = sent.first() else {
        panic!("{sent:?}")
    };
    assert_eq!((why.as_str(), words.as_str()), ("写的和事实不符", "wo de hua"));
    assert_eq!((*digest, sent.len()), (document.digest(), 2));
    let own = world.papers(0);
    assert_eq!(own[0].answers.len(), 2);
    assert!(own[0].stands().unwrap().signed);
}

#[test]
fn nobody_elses_document_is_seen_or_answered() {
    let mut world = World::new(2);
    let document = long(world.people[0]);
    world.asks(&document);
    let parts = world.papers(0)[0].parts.len();
    assert!(world.papers(1).is_empty());
    assert_eq!(world.hint(1), 0);
    assert_eq!(world.signs(1, whole(&document, parts), strokes()), Err(no(Refusal::NotYours)));
    assert_eq!(world.declines(1, whole(&document, parts), "x"), Err(no(Refusal::NotYours)));
    let intent =
        Intent::Sign { reading: whole(&document, parts), strokes: strokes(), check: OrderCheck::Pin };
    let officer = world.officer();
    for actor in [Actor::Anyone, officer, Actor::Machine] {
        assert_eq!(world.act(actor, intent.clone()), Err(no(Refusal::NotYours)));
    }
}

#[test]
fn a_changed_text_is_another_version_and_what_was_read_is_not_signed() {
    let mut world = World::new(1);
    let first = long(world.people[0]);
    world.asks(&first);
    let parts = world.papers(0)[0].parts.len();
    let reading = whole(&first, parts);
    let second = Document { version: 2, paragraphs: vec!["改过了。".into()], ..first.clone() };
    world.asks(&second);
    assert_eq!(world.signs(0, reading, strokes()), Err(no(Refusal::Changed)), "the newer one is asked");
    world.delete("document", &first.key());
    assert_eq!(world.signs(0, reading, strokes()), Err(no(Refusal::NotYours)));
    assert_eq!(world.papers(0).len(), 1);
    // The same version with another text, should a platform ever say so.
    let slipped = Document { paragraphs: vec!["又改过了。".into()], ..second.clone() };
    world.asks(&slipped);
    assert_eq!(world.signs(0, Reading::of(&second), strokes()), Err(no(Refusal::Changed)));
    assert!(world.sent(Lane::Order).is_empty());
    world.signs(0, Reading::of(&slipped), strokes()).unwrap();
    assert_eq!(world.signed_events()[0].digest, slipped.digest());
}

#[test]
fn what_is_not_asked_any_more_is_not_signed_and_a_copy_stays() {
    let mut world = World::new(1);
    let document = Document { paragraphs: vec!["一句话。".into()], ..long(world.people[0]) };
    world.asks(&document);
    world.declines(0, Reading::of(&document), "x").unwrap();
    world.asks(&Document { open: false, ..document.clone() });
    assert_eq!(world.signs(0, Reading::of(&document), strokes()), Err(no(Refusal::Closed)));
    // The platform has not heard of the answer and takes the text back: it is the person's copy.
    world.delete("document", &document.key());
    let own = world.papers(0);
    assert_eq!(own[0].document.paragraphs, document.paragraphs);
    assert!(!own[0].may_sign() && own[0].declined().is_some());
    let other = Document { document: Uuid::from_u128(5), ..document };
    world.asks(&other);
    world.delete("document", &other.key());
    assert_eq!(world.papers(0).len(), 1, "nobody answered that one");
}

#[test]
fn an_answer_is_there_after_a_power_cut_and_nothing_of_a_text_is_readable_on_the_disk() {
    let mut world = World::new(1);
    let paragraphs = vec![Text::new("左前臂有旧疤痕一处，自述有腰痛史。")];
    let document = Document { paragraphs, ..long(world.people[0]) };
    world.asks(&document);
    world.signs(0, Reading::of(&document), strokes()).unwrap();
    world.power_cut();
    let own = world.papers(0);
    assert_eq!(own[0].signed().unwrap().strokes, Some(strokes()));
    assert_eq!(own[0].signed().unwrap().uploaded_ms(), None, "saved, and not at the platform yet");
    assert_eq!(world.signed_events().len(), 1);
    for (name, bytes) in world.files() {
        for word in ["旧疤痕", "腰痛史", "权利义务"] {
            let found = bytes.windows(word.len()).any(|part| part == word.as_bytes());
            assert!(!found, "{word} is readable in {name}");
        }
    }
}

#[test]
fn what_is_asked_comes_first_and_what_the_platform_holds_is_told() {
    let mut world = World::new(1);
    let base = Document { paragraphs: vec!["一句话。".into()], ..long(world.people[0]) };
    let answer = DocumentAnswer {
        event: EventId::fresh(),
        signed: true,
        at_ms: 900,
        uploaded_ms: 950,
        received_ms: Some(990),
        print_ms: None,
        why: Text::default(),
        words: Text::default(),
    };
    // Signed at another terminal.
    let signed =
        Document { document: Uuid::from_u128(1), open: false, answers: vec![answer], ..base.clone() };
    let open = Document { document: Uuid::from_u128(2), asked_ms: 7, ..base };
    world.asks(&signed);
    world.asks(&open);
    let own = world.papers(0);
    assert!(own[0].document.document == open.document && own[1].document.document == signed.document);
    let stands = own[1].stands().unwrap();
    assert_eq!((stands.uploaded_ms(), stands.received_ms()), (Some(950), Some(990)));
    assert_eq!(stands.strokes, None);
    assert_eq!(world.signs(0, Reading::of(&signed), strokes()), Err(no(Refusal::Already)));
    assert_eq!(world.hint(0), 1);
}

#[test]
fn who_leaves_takes_their_documents_along_and_what_was_said_still_goes_out() {
    let mut world = World::new(1);
    let document = Document { paragraphs: vec!["一句话。".into()], ..long(world.people[0]) };
    world.asks(&document);
    world.signs(0, Reading::of(&document), strokes()).unwrap();
    let person = world.people[0].to_string();
    world.delete("member", &person);
    assert!(world.papers(0).is_empty());
    assert_eq!(world.signed_events().len(), 1);
}

#[test]
fn a_document_out_of_place_or_one_too_many_is_set_aside() {
    let mut world = World::new(1);
    let base = Document { paragraphs: vec!["一句话。".into()], ..long(world.people[0]) };
    world.put("document", &base.key(), &Document { version: 2, ..base.clone() });
    world.put("document", &base.key(), &Document { paragraphs: Vec::new(), ..base.clone() });
    assert!(world.papers(0).is_empty());
    for number in 0..=DOCUMENTS_EACH_MAX {
        world.asks(&Document { document: Uuid::from_u128(number as u128 + 1), ..base.clone() });
    }
    assert_eq!(world.papers(0).len(), DOCUMENTS_EACH_MAX);
}
