// SPDX-License-Identifier: GPL-3.0-only
use super::{Answer, DRAFT_MS, Draft, Intent, Own, Question, Refusal, Sent, draft_of, last, view};
use crate::scene::CarePage;
use crate::world::World;
use crate::{Actor, Refusal as Any};
use contract::{
    CareAnswer, CareCheck, CareDocument, CareNeed, CareNotice, CareRecord, CareReported, CareSaid, CareState,
    Danger, DetaineeId, Dose, Event, EventId, Lane, Letter, Office, OfficeKeys, Post, Said, SealKey, Sealed,
    Signed, SigningKey, Since, Slot, SlotKind, Strokes, Symptom, Text, ToCell, ToClinic, Urgency,
};
use uuid::Uuid;

/// The clinic with its keys.
struct Clinic {
    key: SealKey,
    signing: SigningKey,
}

impl Clinic {
    fn new() -> Self {
        let signing = SigningKey::open(&SigningKey::generate().unwrap()).unwrap();
        Self { key: SealKey::generate(), signing }
    }

    fn keys(&self) -> OfficeKeys {
        OfficeKeys {
            office: Office::Clinic,
            recipients: vec![self.key.recipient()],
            signing: self.signing.public(),
            made_ms: 1,
            arrangement: None,
        }
    }

    /// Its keys come down.
    fn opens(world: &mut World) -> Self {
        let clinic = Self::new();
        world.put("office", "clinic", &clinic.keys().sign(&clinic.signing).unwrap());
        clinic
    }

    /// What the clinic reads of the reports that wait to be sent.
    fn read(&self, world: &mut World) -> Vec<ToClinic> {
        let sealed = world.sent(Lane::Care).into_iter().filter_map(|event| {
            if let Event::CareReported(CareReported { sealed, .. })
            | Event::CareSaid(CareSaid { sealed, .. }) = event
            {
                Some(sealed)
            } else {
                None
            }
        });
        sealed.map(|sealed| sealed.open(&self.key).unwrap()).collect()
    }

    /// Writes to a person of the cell, as it was told to seal.
    fn writes(&self, world: &mut World, detainee: DetaineeId, content: Letter) -> Uuid {
        let letter = Uuid::new_v4();
        let at_ms = world.now.wall_ms;
        let sealed = self.sealed(world, &ToCell { letter, detainee, at_ms, content }, &self.signing);
        world.put("care", &letter.to_string(), &sealed);
        letter
    }

    fn sealed(&self, world: &mut World, letter: &ToCell, signing: &SigningKey) -> Sealed {
        let recipient = world
            .sent(Lane::Care)
            .into_iter()
            .find_map(|event| if let Event::CareKeyMade(made) = event { Some(made.recipient) } else { None });
        Sealed::seal(&Signed::seal(ToCell::PURPOSE, letter, signing).unwrap(), &[recipient.unwrap()]).unwrap()
    }
}

impl World {
    fn own(&mut self, person: usize) -> Own {
        let viewer = self.people[person];
        self.read(|read| view(read, Some(viewer), &CarePage::Mine)).own.unwrap()
    }

    /// A report by PIN; its event.
    fn reports(&mut self, person: usize, draft: Draft) -> Option<EventId> {
        let detainee = self.people[person];
        let draft = Draft { detainee: Some(detainee), check: CareCheck::Pin, ..draft };
        self.act(Actor::Detainee(detainee), Intent::Send(draft)).unwrap().receipt
    }

    fn says(&mut self, person: usize, report: EventId, said: Said) -> Result<(), Any> {
        let actor = Actor::Detainee(self.people[person]);
        self.act(actor, Intent::Say { report: Some(report), said }).map(|_| ())
    }
}

fn headache() -> Draft {
    Draft::default()
        .answered(Answer::Symptom(Symptom::Head))
        .answered(Answer::Since(Some(Since::Today)))
        .answered(Answer::Severity(Some(4)))
        .answered(Answer::NoDanger)
}

fn answer(report: EventId, state: CareState) -> Letter {
    let slot = |slot, hours: i64| Slot { slot, from_ms: hours * 3_600_000, kind: SlotKind::Clinic };
    let slots = vec![slot(1, 10), slot(2, 14)];
    Letter::Answer(CareAnswer { report, state, words: Text::new("多喝水"), slots, booked: None })
}

fn care(refusal: Refusal) -> Any {
    Any::Care(refusal)
}

#[test]
fn only_the_clinic_reads_a_report_and_others_see_a_time_and_an_urgency() {
    let mut world = World::new(2);
    let clinic = Clinic::opens(&mut world);
    world.reports(0, headache()).unwrap();
    let sent = world.sent(Lane::Care);
    let Some(Event::CareReported(report)) = sent.last() else { panic!("{sent:?}") };
    assert_eq!(report.urgency, Urgency::Routine);
    let body = Event::CareReported(report.clone()).body().unwrap();
    for word in ["head", "today", "severity", &world.people[0].to_string()] {
        assert!(!body.contains(word), "{word}");
    }
    let read = clinic.read(&mut world);
    let [ToClinic::Report(report)] = &read[..] else { panic!("{read:?}") };
    assert_eq!((report.detainee, &report.symptoms[..]), (Some(world.people[0]), &[Symptom::Head][..]));
    assert_eq!((report.since, report.severity, report.readings.len()), (Some(Since::Today), Some(4), 0));
}

#[test]
fn a_report_before_the_clinics_keys_waits_for_them_and_goes_once() {
    let mut world = World::new(1);
    assert_eq!(world.reports(0, headache()), None);
    assert!(world.sent(Lane::Care).is_empty());
    assert!(matches!(&world.own(0).reports[..], [one] if one.sent.delivery.is_none()));
    world.power_cut();
    let clinic = Clinic::opens(&mut world);
    assert_eq!(clinic.read(&mut world).len(), 1);
    // The same keys again, as after a reading from the beginning.
    world.put("office", "clinic", &clinic.keys().sign(&clinic.signing).unwrap());
    assert_eq!(clinic.read(&mut world).len(), 1);
}

#[test]
fn keys_that_do_not_follow_from_the_first_are_not_taken() {
    let mut world = World::new(1);
    let (clinic, other) = (Clinic::opens(&mut world), Clinic::new());
    world.put("office", "clinic", &other.keys().sign(&other.signing).unwrap());
    world.reports(0, headache()).unwrap();
    assert_eq!(clinic.read(&mut world).len(), 1, "still sealed to the first");
    // One more who reads, by the word of the first.
    let both =
        OfficeKeys { recipients: vec![clinic.key.recipient(), other.key.recipient()], ..clinic.keys() };
    world.put("office", "clinic", &both.sign(&clinic.signing).unwrap());
    world.reports(0, headache()).unwrap();
    let newest = world.sent(Lane::Care).pop().unwrap();
    let Event::CareReported(report) = newest else { panic!() };
    assert!(report.sealed.open::<ToClinic>(&other.key).is_ok());
}

#[test]
fn nothing_missing_refuses_a_report() {
    let mut world = World::new(1);
    Clinic::opens(&mut world);
    let nobody = Draft::about(None, false, CareCheck::None).answered(Answer::Symptom(Symptom::Other));
    world.act(Actor::Anyone, Intent::Send(nobody)).unwrap();
    let other =
        Draft::about(Some(world.people[0]), true, CareCheck::None).answered(Answer::Danger(Danger::Fainting));
    world.act(Actor::Anyone, Intent::Send(other)).unwrap();
    let own = world.own(0);
    assert!(matches!(&own.reports[..], [one] if one.report.for_other && one.sent.urgency == Urgency::Danger));
    let empty = Intent::Send(Draft::default());
    assert_eq!(world.act(Actor::Anyone, empty), Err(care(Refusal::Empty)));
}

#[test]
fn a_pin_counts_only_for_whom_it_proved() {
    let mut world = World::new(2);
    let clinic = Clinic::opens(&mut world);
    let claimed = Draft { detainee: Some(world.people[1]), check: CareCheck::Pin, ..headache() };
    world.act(Actor::Detainee(world.people[0]), Intent::Send(claimed.clone())).unwrap();
    world.act(Actor::Anyone, Intent::Send(claimed)).unwrap();
    for content in clinic.read(&mut world) {
        let ToClinic::Report(report) = content else { panic!() };
        assert_eq!(report.check, CareCheck::None, "taken, and not called proven");
    }
}

#[test]
fn severe_is_soon_and_a_danger_is_danger() {
    assert_eq!(headache().urgency(), Urgency::Routine);
    assert_eq!(headache().answered(Answer::Severity(Some(6))).urgency(), Urgency::Routine);
    assert_eq!(headache().answered(Answer::Severity(Some(8))).urgency(), Urgency::Soon);
    assert_eq!(headache().answered(Answer::Severity(None)).urgency(), Urgency::Routine);
    assert_eq!(headache().answered(Answer::Danger(Danger::Breath)).urgency(), Urgency::Danger);
    assert_eq!(headache().answered(Answer::Severity(Some(11))).severity, None, "no such face");
}

#[test]
fn a_danger_calls_at_once_with_who_and_which_and_nothing_else() {
    let mut world = World::new(1);
    let detainee = Some(world.people[0]);
    let intent = Intent::Danger { detainee, danger: Danger::ChestPain };
    assert!(world.act(Actor::Anyone, intent).unwrap().receipt.is_some());
    let sent = world.sent(Lane::Alarm);
    let Some(Event::CareDanger(danger)) = sent.last() else { panic!("{sent:?}") };
    assert_eq!((danger.detainee, &danger.dangers[..]), (detainee, &[Danger::ChestPain][..]));
    assert!(world.sent(Lane::Care).is_empty());
}

#[test]
fn a_draft_waits_ten_minutes_for_its_own_person_also_through_a_power_cut() {
    let mut world = World::new(2);
    let [first, second] = [world.people[0], world.people[1]];
    let half = Draft { detainee: Some(first), check: CareCheck::Pin, at: Question::Since, ..headache() };
    world.act(Actor::Detainee(first), Intent::Keep(half.clone())).unwrap();
    // Whoever did not prove to be them keeps nothing in their name.
    world
        .act(Actor::Detainee(second), Intent::Keep(Draft { symptoms: vec![Symptom::Mind], ..half.clone() }))
        .unwrap();
    world.act(Actor::Anyone, Intent::Keep(Draft { check: CareCheck::None, ..half.clone() })).unwrap();
    world.power_cut();
    let now = world.now;
    assert_eq!(world.read(|read| draft_of(read, first, &now)), Some(half.clone()));
    assert_eq!(world.read(|read| draft_of(read, second, &now)), None);
    world.pass(DRAFT_MS / 1000);
    let now = world.now;
    assert_eq!(world.read(|read| draft_of(read, first, &now)), None);
    assert!(world.read(super::tables::drafts).is_empty(), "and nothing of it is left");
    // A clock that went back keeps none for ever.
    world.act(Actor::Detainee(first), Intent::Keep(half)).unwrap();
    world.power_cut();
    world.now.wall_ms -= 86_400_000;
    world.pass(1);
    assert!(world.read(super::tables::drafts).is_empty());
}

#[test]
fn a_sent_report_leaves_no_draft() {
    let mut world = World::new(1);
    let person = world.people[0];
    let draft = Draft { detainee: Some(person), check: CareCheck::Pin, ..headache() };
    world.act(Actor::Detainee(person), Intent::Keep(draft.clone())).unwrap();
    world.act(Actor::Detainee(person), Intent::Send(draft)).unwrap();
    assert!(world.read(super::tables::drafts).is_empty());
}

#[test]
fn the_clinics_answer_is_the_persons_alone_and_only_the_clinics_counts() {
    let mut world = World::new(2);
    let clinic = Clinic::opens(&mut world);
    let report = world.reports(0, headache()).unwrap();
    let person = world.people[0];
    clinic.writes(&mut world, person, answer(report, CareState::Answered));
    let own = world.own(0);
    assert_eq!(own.reports[0].answer.as_ref().unwrap().1.words.as_str(), "多喝水");
    assert_eq!(world.own(1), Own::default());
    // Sealed by somebody who knows the terminal's key, in the clinic's name.
    let forged = SigningKey::open(&SigningKey::generate().unwrap()).unwrap();
    let letter = ToCell {
        letter: Uuid::new_v4(),
        detainee: person,
        at_ms: world.now.wall_ms + 1,
        content: answer(report, CareState::Closed),
    };
    let sealed = clinic.sealed(&mut world, &letter, &forged);
    world.put("care", &letter.letter.to_string(), &sealed);
    // The clinic's own letter in another's place.
    let sealed = clinic.sealed(&mut world, &letter, &clinic.signing);
    world.put("care", &Uuid::new_v4().to_string(), &sealed);
    assert_eq!(world.own(0).reports[0].answer.as_ref().unwrap().1.state, CareState::Answered);
    world.put("care", &letter.letter.to_string(), &sealed);
    assert_eq!(world.own(0).reports[0].answer.as_ref().unwrap().1.state, CareState::Closed);
}

#[test]
fn a_slot_is_accepted_changed_and_refused_with_a_reason() {
    let mut world = World::new(2);
    let clinic = Clinic::opens(&mut world);
    let report = world.reports(0, headache()).unwrap();
    assert_eq!(world.says(0, report, Said::Accept { slot: 1 }), Err(care(Refusal::NotYours)), "none offered");
    let person = world.people[0];
    clinic.writes(&mut world, person, answer(report, CareState::Answered));
    assert_eq!(world.says(0, report, Said::Accept { slot: 9 }), Err(care(Refusal::NotYours)));
    assert_eq!(world.says(1, report, Said::Accept { slot: 1 }), Err(care(Refusal::NotYours)), "another's");
    world.says(0, report, Said::Accept { slot: 1 }).unwrap();
    world.says(0, report, Said::Accept { slot: 2 }).unwrap();
    world.says(0, report, Said::OtherTime { prefers: Vec::new() }).unwrap();
    assert_eq!(world.says(0, report, Said::Refuse { why: Text::default() }), Err(care(Refusal::NotSigned)));
    world.says(0, report, Said::Refuse { why: Text::new("已经好了") }).unwrap();
    let said: Vec<_> = world.own(0).reports[0].said.iter().map(|word| word.said.clone()).collect();
    assert_eq!(said.len(), 4);
    let read = clinic.read(&mut world);
    assert!(
        matches!(read.last(), Some(ToClinic::Said { detainee, said: Said::Refuse { .. } }) if *detainee == person)
    );
    clinic.writes(&mut world, person, answer(report, CareState::Closed));
    assert_eq!(world.says(0, report, Said::Cancel), Err(care(Refusal::Closed)));
}

#[test]
fn asking_again_is_counted_once_an_hour_and_only_for_ones_own() {
    let mut world = World::new(2);
    Clinic::opens(&mut world);
    let report = world.reports(0, headache()).unwrap();
    let nudge = |world: &mut World, person: usize| {
        let actor = Actor::Detainee(world.people[person]);
        world.act(actor, Intent::Nudge(report)).map(|_| ())
    };
    assert_eq!(nudge(&mut world, 1), Err(care(Refusal::NotYours)));
    nudge(&mut world, 0).unwrap();
    assert_eq!(nudge(&mut world, 0), Err(care(Refusal::NudgedLately)));
    world.pass(3_600);
    nudge(&mut world, 0).unwrap();
    let nudges = world.sent(Lane::Care).into_iter().filter(|event| matches!(event, Event::CareNudged(_)));
    assert_eq!(nudges.count(), 2);
}

#[test]
fn doses_and_documents_are_answered_once_and_a_no_has_a_reason() {
    let mut world = World::new(2);
    let clinic = Clinic::opens(&mut world);
    let person = world.people[0];
    let (dose, document) = (Uuid::new_v4(), Uuid::new_v4());
    let doses = vec![Dose { dose, medicine: Text::new("阿莫西林"), at_ms: 1 }];
    clinic.writes(&mut world, person, Letter::Record(CareRecord { doses, ..CareRecord::default() }));
    let paper =
        CareDocument {
            document, title: Text::new("入所健康状况"), paragraphs: vec![Text::new("无外伤")]
        };
    clinic.writes(&mut world, person, Letter::Document(paper));
    let say = |world: &mut World, said: Said| {
        world.act(Actor::Detainee(person), Intent::Say { report: None, said }).map(|_| ())
    };
    let missed = |why: &str| Said::Dose { dose, taken: false, why: Text::new(why) };
    assert_eq!(say(&mut world, missed("")), Err(care(Refusal::NotSigned)));
    say(&mut world, missed("没有发到手")).unwrap();
    assert_eq!(say(&mut world, missed("没有发到手")), Err(care(Refusal::Already)));
    let sign = |agreed, why: &str, strokes| Said::Sign { document, agreed, why: Text::new(why), strokes };
    assert_eq!(say(&mut world, sign(true, "", Strokes::default())), Err(care(Refusal::NotSigned)));
    assert_eq!(say(&mut world, sign(false, "", Strokes::default())), Err(care(Refusal::NotSigned)));
    say(&mut world, sign(true, "", Strokes(vec![vec![(1, 1), (9, 9)]]))).unwrap();
    assert_eq!(say(&mut world, sign(false, "写的不对", Strokes::default())), Err(care(Refusal::Already)));
    let own = world.own(0);
    assert_eq!((own.doses[0].taken, own.documents[0].1), (Some(false), Some(true)));
    assert_eq!(world.own(1), Own::default(), "nobody else's");
}

#[test]
fn a_notice_is_shown_to_the_person_it_is_about() {
    let mut world = World::new(2);
    let notice = CareNotice {
        notice: Uuid::new_v4(),
        detainee: world.people[0],
        needs: vec![CareNeed::Watch],
        posts: vec![Post::SupervisingOfficer],
        at_ms: 1,
        until_ms: 2,
    };
    world.put("care_notice", &notice.notice.to_string(), &notice);
    assert_eq!(world.own(0).notices.len(), 1);
    assert!(world.own(1).notices.is_empty());
    world.delete("care_notice", &notice.notice.to_string());
    assert!(world.own(0).notices.is_empty());
}

#[test]
fn who_leaves_takes_everything_along_but_what_has_not_gone_out() {
    let mut world = World::new(1);
    assert_eq!(world.reports(0, headache()), None);
    let person = world.people[0];
    world.delete("member", &person.to_string());
    let clinic = Clinic::opens(&mut world);
    assert_eq!(clinic.read(&mut world).len(), 1, "the report still goes");
    world.delete("member", &person.to_string());
    assert!(world.read(super::tables::reports).is_empty());
}

#[test]
fn the_receipt_says_when_an_answer_is_due() {
    let mut world = World::new(1);
    world.reports(0, headache());
    let number = world.read(last).unwrap();
    let sent = world.read(|read| view(read, None, &CarePage::Sent(number))).sent.unwrap();
    assert!(matches!(sent, Sent { delivery: None, urgency: Urgency::Routine, .. }));
    assert_eq!(sent.due_ms - sent.made.wall_ms, 24 * 3_600_000);
}

#[test]
fn the_file_holds_no_word_of_it() {
    let mut world = World::new(1);
    let clinic = Clinic::opens(&mut world);
    let report = world.reports(0, headache()).unwrap();
    let person = world.people[0];
    clinic.writes(&mut world, person, answer(report, CareState::Answered));
    world.says(0, report, Said::Refuse { why: Text::new("已经好了") }).unwrap();
    world
        .act(
            Actor::Detainee(person),
            Intent::Keep(Draft { detainee: Some(person), check: CareCheck::Pin, ..headache() }),
        )
        .unwrap();
    let words = ["\"head\"", "symptoms", "severity", "多喝水", "已经好了", "AGE-SECRET-KEY"];
    for (name, bytes) in world.files() {
        for word in words {
            let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
            assert!(!found, "{word} in {name}");
        }
    }
}
