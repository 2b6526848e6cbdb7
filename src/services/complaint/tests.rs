// SPDX-License-Identifier: GPL-3.0-only
use super::{
    Answer, Draft, Ended, Intent, OfficeState, Overdue, Refusal, SentView, Step, View, answer, find,
    fresh_code, is_writer, view,
};
use crate::pin::Secret;
use crate::scene::{ComplaintPage, Held};
use crate::session::{self, Session};
use crate::world::{World, pin};
use crate::{Actor, Refusal as Any};
use contract::{
    About, AppointmentSlot, AppointmentState, AppointmentStatus, AppointmentWith, AppointmentWord,
    Arrangement, Complaint, ComplaintSealed, ComplaintStatus, DetaineeId, Event, EventId, Lane, Mark, Matter,
    Office, OfficeAnswer, OfficeKeys, OfficeStage, OfficeWord, ReceiptCode, SealKey, SealRecipient,
    SigningKey, Text, ToOffice, Topic, Trust,
};

mod days;
mod keys;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
const WORDS: &str = "qingnimenlaikan";

/// An office with its keys: duty and deputy.
struct Bureau {
    office: Office,
    keys: [SealKey; 2],
    signing: SigningKey,
}

impl Bureau {
    fn new(office: Office) -> Self {
        let signing = SigningKey::open(&SigningKey::generate().unwrap()).unwrap();
        Self { office, keys: [SealKey::generate(), SealKey::generate()], signing }
    }

    fn statement(&self, world: &World) -> OfficeKeys {
        let now_ms = world.now.wall_ms;
        OfficeKeys {
            office: self.office,
            recipients: self.keys.each_ref().map(SealKey::recipient).to_vec(),
            signing: self.signing.public(),
            made_ms: 1,
            arrangement: Some(Arrangement {
                from_ms: now_ms - DAY_MS,
                until_ms: now_ms + 30 * DAY_MS,
                retention_days: 365,
            }),
        }
    }

    /// Its keys come down.
    fn opens(world: &mut World, office: Office) -> Self {
        let bureau = Self::new(office);
        let statement = bureau.statement(world).sign(&bureau.signing).unwrap();
        world.put("office", office.name(), &statement);
        bureau
    }

    /// What it reads of what waits to be sent.
    fn reads(&self, world: &mut World) -> Vec<ToOffice> {
        let sealed = world.complaints().into_iter().filter(|(_, sealed)| sealed.office == self.office);
        sealed.map(|(_, sealed)| sealed.sealed.open(&self.keys[1]).unwrap()).collect()
    }

    fn complaints(&self, world: &mut World) -> Vec<Complaint> {
        let complaint = |told: ToOffice| match told.matter {
            Matter::Complaint(complaint) => Some(complaint),
            Matter::Withdrawal { .. }
            | Matter::Escalation { .. }
            | Matter::Meeting { .. }
            | Matter::Mark(_) => None,
        };
        self.reads(world).into_iter().filter_map(complaint).collect()
    }

    fn marks(&self, world: &mut World) -> Vec<Mark> {
        let mark = |told: ToOffice| match told.matter {
            Matter::Mark(mark) => Some(mark),
            Matter::Withdrawal { .. }
            | Matter::Escalation { .. }
            | Matter::Meeting { .. }
            | Matter::Complaint(_) => None,
        };
        self.reads(world).into_iter().filter_map(mark).collect()
    }

    /// Its signed word to an event, with an answer where it says one.
    fn says(&self, world: &mut World, event: EventId, stage: OfficeStage, answer: Option<contract::Sealed>) {
        let (_, sealed) = world.complaints().into_iter().find(|(id, _)| *id == event).unwrap();
        let word = OfficeWord {
            office: self.office,
            event,
            sealed: sealed.digest(),
            at_ms: world.now.wall_ms,
            stage,
        };
        let words = vec![word.sign(&self.signing).unwrap()];
        world.put("complaint", &event.to_string(), &ComplaintStatus { words, answer });
    }

    fn answers(&self, world: &mut World, event: EventId, to: &SealRecipient, words: &str) {
        let answer = OfficeAnswer {
            office: self.office,
            event,
            at_ms: world.now.wall_ms,
            words: Text::new(words),
            meeting_ms: Some(world.now.wall_ms + HOUR_MS),
        };
        let sealed = answer.seal(&self.signing, to).unwrap();
        let digest = contract::Digest::of(sealed.as_str().as_bytes());
        self.says(world, event, OfficeStage::Answered { answer: digest }, Some(sealed));
    }
}

impl World {
    /// What waits to be sent under a seal, by event.
    fn complaints(&mut self) -> Vec<(EventId, ComplaintSealed)> {
        let batch = self.read(|read| read.next_batch(Lane::Complaint, contract::Flow::default()));
        let events = batch.map(|batch| batch.events).unwrap_or_default();
        let sealed = events.iter().filter_map(|event| {
            let Event::ComplaintSealed(sealed) = Event::decode(&event.kind, &event.body).unwrap() else {
                return None;
            };
            Some((event.id, sealed))
        });
        sealed.collect()
    }

    /// A PIN is entered at a private page; what it proves.
    fn proves(&mut self, person: usize, digits: &str) -> Option<Secret> {
        let (detainee, now) = (self.people[person], self.now);
        let mut session = Session::default();
        session.claim(detainee, &now);
        self.write(|tx| session.pin(tx, &pin(digits), &now)).ok()?;
        session.secret().cloned()
    }

    fn sends(&mut self, draft: Draft, secret: Option<Secret>) -> Result<Held, Any> {
        let code = self.read(|read| fresh_code(read.keys()));
        let actor = draft.writer.map_or(Actor::Anyone, Actor::Detainee);
        let event = self.act(actor, Intent::Send { draft, code: code.clone(), secret })?.receipt.unwrap();
        Ok(Held { event, code })
    }

    fn named(&mut self, person: usize, digits: &str) -> Held {
        let secret = self.proves(person, digits);
        let draft = beaten(Office::Procurator, Some(self.people[person]));
        self.sends(draft, secret).unwrap()
    }

    fn status(&mut self, held: &Held) -> SentView {
        let now = self.now;
        self.read(|read| view(read, None, &ComplaintPage::Status(held.clone()), &now)).sent.unwrap()
    }

    fn menu(&mut self) -> View {
        let now = self.now;
        self.read(|read| view(read, None, &ComplaintPage::Menu, &now))
    }

    fn state(&mut self, office: Office) -> OfficeState {
        self.menu().offices.iter().find(|line| line.office == office).unwrap().state
    }

    /// Hours go by at once.
    fn later(&mut self, ms: i64) {
        self.now.mono_ms += ms;
        self.now.wall_ms += ms;
        self.pass(1);
    }

    fn issues_pins(&mut self, person: usize, ordinary: &str, quiet: &str) {
        let detainee = self.people[person];
        let intent = session::Intent::IssuePin { detainee, pin: pin(ordinary), quiet: pin(quiet) };
        self.act(self.officer(), intent).unwrap();
    }
}

fn beaten(office: Office, writer: Option<DetaineeId>) -> Draft {
    Draft::to(office, writer)
        .answered(Answer::About(About::Officer))
        .answered(Answer::Topic(Topic::Violence))
        .answered(Answer::Words(Text::new(WORDS)))
}

fn refused(refusal: Refusal) -> Any {
    Any::Complaint(refusal)
}

#[test]
fn only_the_office_reads_a_complaint_and_no_file_of_the_terminal_holds_a_word_of_it() {
    let mut world = World::new(2);
    let procurator = Bureau::opens(&mut world, Office::Procurator);
    let held = world.named(0, "2001");
    let complaints = procurator.complaints(&mut world);
    let [complaint] = &complaints[..] else { panic!("{complaints:?}") };
    assert_eq!(complaint.writer, Some(world.people[0]));
    assert_eq!(
        (&complaint.about[..], &complaint.topics[..]),
        (&[About::Officer][..], &[Topic::Violence][..])
    );
    assert_eq!(complaint.words.as_str(), WORDS);
    world.power_cut();
    for (name, bytes) in world.files() {
        for secret in [WORDS, "violence", held.code.as_str(), complaint.answer_to.as_str(), "AGE-SECRET-KEY"]
        {
            assert!(
                !bytes.windows(secret.len()).any(|window| window == secret.as_bytes()),
                "{secret} in {name}"
            );
        }
    }
}

#[test]
fn an_unnamed_one_names_nobody_and_leaves_no_mark() {
    let mut world = World::new(2);
    let procurator = Bureau::opens(&mut world, Office::Procurator);
    let held = world.sends(beaten(Office::Procurator, None), None).unwrap();
    let told = procurator.reads(&mut world);
    let [ToOffice { number: 1, matter: Matter::Complaint(complaint) }] = &told[..] else {
        panic!("{told:?}")
    };
    assert_eq!((complaint.writer, complaint.meeting), (None, false));
    assert!(world.read(|read| is_writer(read, held.event, &held.code, None)), "the code alone opens it");
}

#[test]
fn nobody_writes_in_anothers_name_and_nothing_is_said_with_nothing() {
    let mut world = World::new(2);
    let _procurator = Bureau::opens(&mut world, Office::Procurator);
    let code = ReceiptCode::parse("12345678").unwrap();
    let secret = world.proves(1, "2002");
    let draft = beaten(Office::Procurator, Some(world.people[0]));
    let forged = Intent::Send { draft, code, secret };
    assert_eq!(world.act(Actor::Detainee(world.people[1]), forged.clone()), Err(refused(Refusal::NotYours)));
    assert_eq!(world.act(Actor::Anyone, forged), Err(refused(Refusal::NotYours)));
    let nothing = Draft::to(Office::Procurator, None);
    assert_eq!(world.sends(nothing, None), Err(refused(Refusal::Empty)));
}

#[test]
fn the_quiet_pin_differs_under_the_procurators_seal_alone() {
    let mut world = World::new(2);
    let procurator = Bureau::opens(&mut world, Office::Procurator);
    world.issues_pins(0, "4826", "7391");
    let ordinary = world.proves(0, "4826");
    let quiet = world.proves(0, "7391");
    assert!(ordinary.is_some() && ordinary == quiet, "both open the same");
    let marks = procurator.marks(&mut world);
    assert_eq!(marks.iter().map(|mark| mark.quiet).collect::<Vec<_>>(), [false, true]);
    assert!(marks.iter().all(|mark| mark.detainee == world.people[0] && mark.hour_ms % HOUR_MS == 0));
    let batch = world.read(|read| read.next_batch(Lane::Complaint, contract::Flow::default())).unwrap();
    let [first, second] = &batch.events[..] else { panic!("one event each") };
    assert_eq!((first.body.len(), &first.kind, first.time), (second.body.len(), &second.kind, second.time));
    for lane in [Lane::Alarm, Lane::RollCall, Lane::Care, Lane::Progress] {
        assert!(world.sent(lane).is_empty());
    }
}

#[test]
fn what_one_pin_locked_the_other_opens() {
    let mut world = World::new(1);
    let procurator = Bureau::opens(&mut world, Office::Procurator);
    world.issues_pins(0, "4826", "7391");
    let held = world.named(0, "7391");
    let to = procurator.complaints(&mut world)[0].answer_to.clone();
    procurator.answers(&mut world, held.event, &to, "明天来谈");
    let secret = world.proves(0, "4826");
    let opened = world.read(|read| answer(read, held.event, &held.code, secret.as_ref())).unwrap();
    assert_eq!(opened.words.as_str(), "明天来谈");
}

#[test]
fn an_answer_opens_with_code_and_pin_and_with_neither_alone() {
    let mut world = World::new(2);
    let procurator = Bureau::opens(&mut world, Office::Procurator);
    let held = world.named(0, "2001");
    let to = procurator.complaints(&mut world)[0].answer_to.clone();
    procurator.answers(&mut world, held.event, &to, "已查实");
    let (own, other) = (world.proves(0, "2001"), world.proves(1, "2002"));
    let wrong = ReceiptCode::parse("00000000").unwrap();
    let mut opens = |code: &ReceiptCode, secret: Option<&Secret>| {
        world.read(|read| answer(read, held.event, code, secret)).is_some()
    };
    assert!(opens(&held.code, own.as_ref()));
    assert!(!opens(&held.code, None) && !opens(&held.code, other.as_ref()) && !opens(&wrong, own.as_ref()));
}

#[test]
fn receipts_and_answers_count_if_the_office_signed_them_for_this_and_the_answer_is_the_one_it_named() {
    let mut world = World::new(1);
    let procurator = Bureau::opens(&mut world, Office::Procurator);
    let held = world.named(0, "2001");
    let to = procurator.complaints(&mut world)[0].answer_to.clone();
    let stranger = Bureau::new(Office::Procurator);
    stranger.says(&mut world, held.event, OfficeStage::Received, None);
    assert_eq!(world.status(&held).heard, Default::default(), "a stranger's receipt");
    procurator.says(&mut world, held.event, OfficeStage::Received, None);
    assert!(world.status(&held).heard.received_ms.is_some());
    // An answer the office did not name.
    let forged = OfficeAnswer {
        office: Office::Procurator,
        event: held.event,
        at_ms: 1,
        words: Text::new("没有问题"),
        meeting_ms: None,
    };
    let forged = forged.seal(&stranger.signing, &to).unwrap();
    let named = contract::Digest::of(b"another");
    procurator.says(&mut world, held.event, OfficeStage::Answered { answer: named }, Some(forged));
    assert!(!world.status(&held).has_answer);
    procurator.answers(&mut world, held.event, &to, "已查实");
    assert!(world.status(&held).has_answer && world.status(&held).overdue == Overdue::No);
    // What an office said stays said.
    world.delete("complaint", &held.event.to_string());
    assert!(world.status(&held).has_answer);
}

#[test]
fn a_swapped_key_is_not_taken_and_the_fingerprint_stays_that_of_the_first() {
    let mut world = World::new(1);
    let procurator = Bureau::opens(&mut world, Office::Procurator);
    let print = Some(procurator.signing.public().fingerprint());
    assert_eq!(world.menu().offices[0].fingerprint, print);
    let other = Bureau::new(Office::Procurator);
    world.put("office", "procurator", &other.statement(&world).sign(&other.signing).unwrap());
    world.named(0, "2001");
    assert_eq!(procurator.complaints(&mut world).len(), 1, "still to the first keys");
    // Keys that follow are taken, and the paper in the cell is right as before.
    let next = OfficeKeys { made_ms: 2, signing: other.signing.public(), ..procurator.statement(&world) };
    world.put("office", "procurator", &next.sign(&procurator.signing).unwrap());
    assert_eq!(world.menu().offices[0].fingerprint, print);
}

#[test]
fn an_office_without_an_arrangement_or_after_its_end_is_not_offered_and_is_not_written_to() {
    let mut world = World::new(1);
    assert_eq!(world.state(Office::Procurator), OfficeState::NotArranged);
    let refusal = Err(refused(Refusal::NotArranged));
    assert_eq!(world.sends(beaten(Office::Procurator, None), None).map(|_| ()), refusal);
    let procurator = Bureau::new(Office::Procurator);
    let bare = OfficeKeys { arrangement: None, ..procurator.statement(&world) };
    world.put("office", "procurator", &bare.sign(&procurator.signing).unwrap());
    assert_eq!(world.state(Office::Procurator), OfficeState::NotArranged);
    let arranged = OfficeKeys { made_ms: 2, ..procurator.statement(&world) };
    world.put("office", "procurator", &arranged.sign(&procurator.signing).unwrap());
    assert!(matches!(world.state(Office::Procurator), OfficeState::Arranged { .. }));
    world.later(31 * DAY_MS);
    assert_eq!(world.state(Office::Procurator), OfficeState::Ended);
    assert_eq!(world.sends(beaten(Office::Procurator, None), None).map(|_| ()), refusal);
    // A clock nobody confirmed closes no office.
    world.now.trust = Trust::Unsynced;
    assert!(world.sends(beaten(Office::Procurator, None), None).is_ok());
}

#[test]
fn a_pin_is_taken_also_where_nobody_is_arranged() {
    let mut world = World::new(1);
    assert!(world.proves(0, "2001").is_some());
    assert!(world.complaints().is_empty());
}

#[test]
fn it_is_withdrawn_by_its_writer_alone_and_the_offices_word_ends_it() {
    let mut world = World::new(2);
    let procurator = Bureau::opens(&mut world, Office::Procurator);
    let held = world.named(0, "2001");
    let (own, other) = (world.proves(0, "2001"), world.proves(1, "2002"));
    let withdraw = |secret| Intent::Withdraw { event: held.event, code: held.code.clone(), secret };
    for wrong in [withdraw(None), withdraw(other)] {
        assert_eq!(world.act(Actor::Anyone, wrong), Err(refused(Refusal::NotYours)));
    }
    world.act(Actor::Anyone, withdraw(own.clone())).unwrap();
    assert_eq!(world.act(Actor::Anyone, withdraw(own)), Err(refused(Refusal::Already)));
    let told = procurator.reads(&mut world);
    assert!(matches!(&told.last().unwrap().matter, Matter::Withdrawal { code, .. } if *code == held.code));
    assert_eq!(world.status(&held).heard.ended, None, "the office decides");
    procurator.says(&mut world, held.event, OfficeStage::Withdrawn, None);
    assert!(matches!(world.status(&held).heard.ended, Some((_, Ended::Withdrawn))));
}

#[test]
fn a_code_finds_its_complaint_and_guessing_has_to_wait() {
    let mut world = World::new(1);
    let _procurator = Bureau::opens(&mut world, Office::Procurator);
    let held = world.sends(beaten(Office::Procurator, None), None).unwrap();
    let now = world.now;
    assert_eq!(world.write(|tx| find(tx, &held.code, &now)), Ok(held.event));
    for guess in 0..6 {
        let code = ReceiptCode::parse(&format!("0000000{guess}")).unwrap();
        assert!(world.write(|tx| find(tx, &code, &now)).is_err());
    }
    let waits = world.write(|tx| find(tx, &held.code, &now));
    assert!(matches!(waits, Err(session::Refusal::Wait { .. })), "{waits:?}");
}

#[test]
fn a_private_talk_says_nothing_else() {
    let mut world = World::new(1);
    let procurator = Bureau::opens(&mut world, Office::Procurator);
    let secret = world.proves(0, "2001");
    let draft = Draft::to(Office::Procurator, Some(world.people[0])).answered(Answer::About(About::Officer));
    let draft = draft.answered(Answer::Talk);
    assert_eq!(draft.at, Step::ReadBack);
    world.sends(draft, secret).unwrap();
    let complaint = procurator.complaints(&mut world).remove(0);
    assert!(complaint.talk && complaint.meeting && complaint.about.is_empty() && complaint.topics.is_empty());
}

#[test]
fn an_appointment_is_asked_for_once_and_its_clock_is_the_laws() {
    let mut world = World::new(2);
    let (own, other) = (Actor::Detainee(world.people[0]), Actor::Detainee(world.people[1]));
    let see = Intent::See(AppointmentWith::LegalAid);
    assert_eq!(world.act(Actor::Anyone, see.clone()), Err(refused(Refusal::NotYours)));
    let request = world.act(own, see.clone()).unwrap().receipt.unwrap();
    assert_eq!(world.act(own, see), Err(refused(Refusal::Already)));
    let seen = |world: &mut World, person: usize| {
        let (viewer, now) = (world.people[person], world.now);
        world.read(|read| view(read, Some(viewer), &ComplaintPage::SeeMine, &now)).appointments
    };
    let [mine] = &seen(&mut world, 0)[..] else { panic!("one request") };
    assert_eq!(mine.forward_due_ms - mine.made.wall_ms, 24 * HOUR_MS, "法律援助法 §39");
    assert!(seen(&mut world, 1).is_empty(), "nobody else's");
    world.later(25 * HOUR_MS);
    assert!(seen(&mut world, 0)[0].is_overdue);
    let status = |state, booked, at_ms| AppointmentStatus {
        request,
        state,
        at_ms,
        words: Text::default(),
        forwarded_ms: None,
        lawyer_asked_ms: Some(at_ms),
        slots: vec![AppointmentSlot { slot: 7, from_ms: at_ms + HOUR_MS }],
        booked,
    };
    let at_ms = world.now.wall_ms;
    world.put("appointment", &request.to_string(), &status(AppointmentState::Offered, None, at_ms));
    let offered = &seen(&mut world, 0)[0];
    assert!(!offered.is_overdue);
    assert_eq!(
        offered.lawyer_due_ms,
        Some(at_ms + 48 * HOUR_MS),
        "from the lawyer's request, not from the tap"
    );
    let says = |said| Intent::SeeSaid { request, said };
    let accepts = |slot| says(AppointmentWord::Accept { slot });
    assert_eq!(world.act(other, accepts(7)), Err(refused(Refusal::NotYours)));
    assert_eq!(world.act(own, accepts(8)), Err(refused(Refusal::NotYours)), "not offered");
    world.act(own, accepts(7)).unwrap();
    world.put("appointment", &request.to_string(), &status(AppointmentState::Booked, Some(7), at_ms));
    assert!(world.act(own, says(AppointmentWord::TookPlace)).is_err(), "not yet");
    world.later(HOUR_MS);
    world.act(own, says(AppointmentWord::TookPlace)).unwrap();
    assert!(!seen(&mut world, 0)[0].is_open());
    assert_eq!(world.sent(Lane::Order).len(), 3);
}
