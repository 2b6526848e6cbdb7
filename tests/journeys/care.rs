// SPDX-License-Identifier: GPL-3.0-only
//! 看病: reported in the cell, read by the clinic with its own keys, answered sealed, read by the person alone.

use crate::world::{Setup, World};
use contract::{
    CareAnswer, CareCheck, CareDocument, CareRecord, CareState, Dose, EventId, Letter, OfficeKeys,
    OfficeSignIn, Said, Slot, SlotKind, Symptom, SymptomReport, Text, ToCell, Urgency,
};
use platform::AlarmDeed;
use reader::clinic::Clinic as Office;
use reader::keys::Keys;
use reader::letters::{Going, Outbox, Outgoing};
use reader::platform::{Address, Answer, Ask, Http, Platform};
use slint::{ComponentHandle, Model};
use ui::testing;
use uuid::Uuid;
use zeroize::Zeroizing;

/// The clinic at its own window's other end: its keys, what it was handed, what it sends.
struct Clinic {
    keys: Keys,
    office: Office,
    http: Http,
    address: Address,
    token: Zeroizing<String>,
}

impl Clinic {
    /// The doctor signs in and hands the clinic's keys out.
    fn opens(world: &World) -> Self {
        let file = world.kiosk_dir().with_file_name("clinic.key");
        let keys = Keys::make(&file, contract::Office::Clinic, "eine lange Passphrase", 2).unwrap();
        let http = Http::new(None).unwrap();
        let address = Address::parse(&format!("http://{}", world.platform().desk_addr)).unwrap();
        let user = world.seeded.desk_users.iter().find(|user| user.role == "doctor").expect("seeded");
        let password = Zeroizing::new(user.password.clone());
        let sign_in = OfficeSignIn { name: user.name.clone(), password, code: String::new() };
        let Answer::Session(session) = world.block_on(http.ask(&address, Ask::SignIn(sign_in))).unwrap()
        else {
            panic!("not let in")
        };
        let clinic = Self { keys, office: Office::default(), http, address, token: session.token };
        let statement = OfficeKeys {
            office: contract::Office::Clinic,
            recipients: vec![clinic.keys.recipient()],
            signing: clinic.keys.signing.public(),
            made_ms: 1,
            arrangement: None,
        };
        let statement = statement.sign(&clinic.keys.signing).unwrap();
        clinic.ask(world, Ask::Keys { token: clinic.token.clone(), statement });
        clinic
    }

    fn ask(&self, world: &World, ask: Ask) -> Answer {
        world.block_on(self.http.ask(&self.address, ask)).unwrap()
    }

    /// Reads until so many reports are there; the newest.
    fn reads(&mut self, world: &World, count: usize) -> (EventId, Urgency, SymptomReport) {
        world.until(&format!("the clinic has {count} reports"), |world| {
            self.look(world);
            self.office.triage(0).len() == count
        });
        let reports = self.office.triage(0);
        let newest = reports.iter().max_by_key(|report| report.entry.received_ms).unwrap();
        (newest.entry.event, newest.urgency(), newest.content.unwrap().clone())
    }

    fn look(&mut self, world: &World) {
        let ask = Ask::List { token: self.token.clone(), since: 0, wait_s: 0 };
        if let Answer::List(Some(list)) = self.ask(world, ask) {
            self.office.take(*list, &self.keys.seal, &self.keys.signing.public());
        }
    }

    /// Everything said later to this report, once there are so many.
    fn hears(&mut self, world: &World, report: EventId, count: usize) -> Vec<Said> {
        world.until(&format!("the clinic hears {count} words"), |world| {
            self.look(world);
            self.office.report(report).is_some_and(|report| report.said.len() == count)
        });
        let report = self.office.report(report).unwrap();
        report.said.iter().map(|(_, said)| (*said.as_ref().unwrap()).clone()).collect()
    }

    fn writes(
        &mut self,
        world: &World,
        person: usize,
        report: Option<(EventId, CareState)>,
        content: Letter,
    ) {
        let detainee = world.person(person).id;
        world.until("the terminal's key is known", |world| {
            self.look(world);
            self.office.terminal(world.seeded.terminal).is_some_and(|terminal| terminal.recipient.is_some())
        });
        let at_ms = device::Clock::now(&world.clock).wall_ms;
        let letter = ToCell { letter: Uuid::new_v4(), detainee, at_ms, content };
        let mut outbox = Outbox::default();
        let terminal = world.seeded.terminal;
        outbox
            .put(Outgoing::letter(&letter, terminal, report, &self.office, &self.keys, "letter").unwrap())
            .unwrap();
        for going in outbox.go(&self.office, &self.keys) {
            let Going::Letter(letter) = going else { panic!("a notice") };
            self.ask(world, Ask::Letter { token: self.token.clone(), letter: Box::new(letter) });
        }
    }

    fn answers(&mut self, world: &World, person: usize, report: EventId, state: CareState) {
        let from_ms = device::Clock::now(&world.clock).wall_ms + 3_600_000;
        let slots = vec![
            Slot { slot: 1, from_ms, kind: SlotKind::Clinic },
            Slot { slot: 2, from_ms: from_ms + 3_600_000, kind: SlotKind::Remote },
        ];
        let answer =
            CareAnswer { report, state, words: Text::new("先休息，多喝水"), slots, booked: None };
        self.writes(world, person, Some((report, state)), Letter::Answer(answer));
    }
}

impl World {
    /// From Home to the first question, by PIN.
    fn begins_a_report(&self, person: usize) {
        self.touch("tile-care");
        self.touch("choice-me");
        self.touch_person(self.person(person).id);
        self.pin(&self.person(person).pin.clone());
        self.until_sees("choice-symptom-head");
    }

    /// The questions, answered as by somebody with a headache since today.
    fn has_a_headache(&self) {
        self.touch("choice-symptom-head");
        self.touch("next");
        self.touch("choice-since-today");
        self.touch("choice-face-4");
        self.touch("choice-danger-none");
        self.touch("next");
        self.until_sees("care-sent");
    }

    fn opens_own_page(&self, person: usize) {
        self.touch("tile-care");
        self.touch("choice-mine");
        self.touch_person(self.person(person).id);
        self.pin(&self.person(person).pin.clone());
        self.until_sees("care-record");
    }

    /// The clinic's keys have come down.
    fn knows_the_clinic(&self) {
        self.touch("tile-care");
        self.until("the clinic can be written to", |world| {
            world.scene().is_some_and(|scene| scene.care.clinic)
        });
        self.touch("leave");
    }
}

#[test]
fn a_headache_is_read_by_the_doctor_alone_and_the_answer_by_whoever_asked() {
    let world = World::new(Setup::default());
    let mut clinic = Clinic::opens(&world);
    world.knows_the_clinic();
    world.begins_a_report(2);
    world.has_a_headache();
    world.reads("receipt-1", "已上传平台");
    world.reads("receipt-2", "前答复");
    let (event, urgency, report) = clinic.reads(&world, 1);
    assert_eq!(
        (urgency, report.check, report.detainee),
        (Urgency::Routine, CareCheck::Pin, Some(world.person(2).id))
    );
    assert_eq!(
        (&report.symptoms[..], report.readings.len()),
        (&[Symptom::Head][..], 0),
        "nothing was measured"
    );
    world.touch("leave");

    clinic.answers(&world, 2, event, CareState::Answered);
    world.opens_own_page(2);
    world.reads("choice-report-1", "医生已答复");
    world.touch("choice-report-1");
    world.reads("care-answer", "多喝水");
    world.touch("choice-slot-2");
    world.reads("choice-slot-2", "已约好");
    assert!(matches!(clinic.hears(&world, event, 1)[..], [Said::Accept { slot: 2 }]));
    world.touch("way-other-time");
    world.touch("choice-part-evening");
    world.touch("next");
    world.touch("way-nudge");
    world.touch("way-nudge");
    world.reads("notice", "一小时后");
    world.touch("way-refuse");
    world.touch("choice-care-refuse-better");
    assert!(matches!(clinic.hears(&world, event, 3).last(), Some(Said::Refuse { .. })));
    clinic.look(&world);
    assert_eq!(clinic.office.report(event).unwrap().entry.nudges, 1);
    world.touch("leave");

    // Another's page shows nothing of it.
    world.opens_own_page(3);
    assert!(!world.sees("choice-report-1") && world.sees("empty"));
    world.touch("leave");
    let care = world.window().global::<ui::Care<'_>>();
    assert_eq!(
        (care.get_choices().row_count(), care.get_lines().row_count()),
        (0, 0),
        "nothing stays behind"
    );
    let no_words = ["[\"head\"", "symptoms", "severity", "多喝水", "已经好了"];
    let folder = world.kiosk_dir();
    for folder in [folder.clone(), folder.with_file_name("platform")] {
        for entry in std::fs::read_dir(folder).unwrap().flatten().filter(|entry| entry.path().is_file()) {
            let bytes = std::fs::read(entry.path()).unwrap();
            for word in no_words {
                let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
                assert!(!found, "{word} in {:?}", entry.path());
            }
        }
    }
}

#[test]
fn without_network_and_before_the_clinics_keys_a_report_is_kept_and_goes_when_it_can() {
    let world = World::new(Setup::default());
    world.cut_network();
    world.touch("tile-care");
    world.until_sees("care-note");
    world.touch("leave");
    world.begins_a_report(2);
    world.has_a_headache();
    world.reads("receipt-1", "等医务室的密钥");
    world.touch("leave");
    world.mend_network();
    let mut clinic = Clinic::opens(&world);
    clinic.reads(&world, 1);
    world.cut_network();
    world.begins_a_report(2);
    world.has_a_headache();
    world.reads("receipt-1", "发送中");
    world.touch("leave");
    world.mend_network();
    clinic.reads(&world, 2);
    world.opens_own_page(2);
    world.reads("choice-report-2", "已上传平台");
}

#[test]
fn a_danger_calls_somebody_at_once_with_who_and_which_and_nothing_more() {
    let world = World::new(Setup::default());
    let mut clinic = Clinic::opens(&world);
    world.knows_the_clinic();
    world.begins_a_report(2);
    world.touch("choice-symptom-head");
    world.touch("next");
    world.touch("choice-since-today");
    world.touch("choice-face-8");
    world.touch("choice-danger-breath");
    world.reads("care-called", "喘不上气");
    world.until("somebody is called", |world| !world.alarms().is_empty());
    let alarm = world.alarms().remove(0);
    assert_eq!((alarm.kind, alarm.rank), ("danger", 1));
    assert!(alarm.detail.contains("breath") && !alarm.detail.contains("head"), "{}", alarm.detail);
    assert!(testing::find(world.window(), "alarm").is_some(), "the alarm is beside it");
    world.touch("next");
    world.touch("next");
    world.touch("next");
    world.until_sees("care-sent");
    let (_, urgency, report) = clinic.reads(&world, 1);
    assert_eq!((urgency, report.dangers.len()), (Urgency::Danger, 1));
    world.answer_alarm(AlarmDeed::Close("已看"));
}

#[test]
fn for_a_cellmate_who_cannot_and_for_whoever_has_no_pin_nothing_is_refused() {
    let world = World::new(Setup::default());
    let mut clinic = Clinic::opens(&world);
    world.knows_the_clinic();
    world.touch("tile-care");
    world.touch("choice-other");
    world.touch_person(world.person(4).id);
    world.has_a_headache();
    world.touch("leave");
    let (_, _, report) = clinic.reads(&world, 1);
    assert!(
        report.for_other && report.detainee == Some(world.person(4).id) && report.check == CareCheck::None
    );

    world.touch("tile-care");
    world.touch("choice-me");
    world.touch_person(world.person(2).id);
    world.touch("skip");
    world.has_a_headache();
    world.touch("leave");
    assert_eq!(clinic.reads(&world, 2).2.check, CareCheck::None);

    world.touch("tile-care");
    world.touch("choice-me");
    world.touch("skip");
    world.has_a_headache();
    world.touch("leave");
    assert_eq!(clinic.reads(&world, 3).2.detainee, None);

    world.touch("tile-care");
    world.touch("choice-me");
    world.touch_person(world.person(2).id);
    world.touch("use-officer");
    let officer = &world.seeded.officers[0];
    world.card(&officer.card);
    world.pin(&officer.pin);
    world.has_a_headache();
    world.touch("leave");
    let (_, _, report) = clinic.reads(&world, 4);
    assert!(matches!(report.check, CareCheck::Officer { .. }) && report.detainee == Some(world.person(2).id));
}

#[test]
fn a_draft_outlives_a_power_cut_for_its_own_person_and_ten_minutes() {
    let mut world = World::new(Setup::default());
    world.begins_a_report(2);
    world.touch("choice-symptom-chest");
    world.touch("next");
    world.until_sees("choice-since-today");
    world.power_cut_and_on();
    world.begins_a_report(3);
    world.touch("leave");
    world.touch("tile-care");
    world.touch("choice-me");
    world.touch_person(world.person(2).id);
    world.pin(&world.person(2).pin.clone());
    world.until_sees("choice-since-today");
    world.touch("leave");
    world.seconds_pass(600);
    world.begins_a_report(2);
}

#[test]
fn a_page_left_alone_is_hidden_and_then_gone_and_an_alarm_ends_it_at_once() {
    let world = World::new(Setup::default());
    world.begins_a_report(2);
    world.touch("hide");
    world.until("it is hidden", |world| world.sees("show") && !world.sees("choice-symptom-head"));
    world.touch("show");
    world.until_sees("choice-symptom-head");
    world.seconds_pass(21);
    world.until("it is hidden by itself", |world| world.sees("show"));
    world.seconds_pass(75);
    world.until_sees("tile-care");
    world.begins_a_report(2);
    world.hold("alarm", 1_300);
    world.until("the page is gone", |world| !world.sees("choice-symptom-head"));
}

#[test]
fn a_roll_call_waits_for_whoever_writes_and_takes_every_other_page_of_care() {
    let world = World::new(Setup::default());
    world.begins_a_report(2);
    let platform = &world.platform().platform;
    world.block_on(platform.start_roll_call(world.seeded.terminal, "晨间点名")).unwrap();
    world.until("the first name is called", |world| world.current().is_some());
    assert!(world.sees("choice-symptom-head"), "still there");
    world.has_a_headache();
    world.touch("leave");
    world.until_sees("use-pin");
}

#[test]
fn a_dose_is_confirmed_and_a_document_signed_or_not_agreed_to() {
    let world = World::new(Setup::default());
    let mut clinic = Clinic::opens(&world);
    world.knows_the_clinic();
    let (dose, first, second) = (Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4());
    let at_ms = device::Clock::now(&world.clock).wall_ms;
    let doses = vec![Dose { dose, medicine: Text::new("布洛芬"), at_ms }];
    clinic.writes(&world, 2, None, Letter::Record(CareRecord { doses, ..CareRecord::default() }));
    for document in [first, second] {
        let paragraphs = vec![Text::new("入所时无外伤。")];
        let paper = CareDocument { document, title: Text::new("入所健康检查记录"), paragraphs };
        clinic.writes(&world, 2, None, Letter::Document(paper));
    }
    world.opens_own_page(2);
    world.touch("care-doses");
    world.touch(&format!("missed-{dose}"));
    world.touch("choice-care-dose-not-given");
    world.reads("dose-0", "没吃");
    world.touch("back");
    world.touch("care-documents");
    world.touch(&format!("choice-document-{first}"));
    world.reads("document-part", "无外伤");
    world.touch("next");
    world.touch("next");
    world.reads("notice", "请先签名");
    let page = world.window().global::<ui::Care<'_>>();
    for at in 0..20_u8 {
        page.invoke_drawn(100.0 + 20.0 * f32::from(at), 500.0, at == 0);
    }
    world.touch("next");
    world.reads(&format!("choice-document-{first}"), "您已签名");
    world.touch(&format!("choice-document-{second}"));
    world.touch("skip");
    world.touch("choice-care-disagree-hurt");
    world.reads(&format!("choice-document-{second}"), "您不同意");
    let person = world.person(2).id;
    world.until("the clinic has all three", |world| {
        clinic.look(world);
        let agreed = |document: Uuid, yes: bool| {
            clinic.office.last_word(person, |said| {
                matches!(said, Said::Sign { document: signed, agreed, strokes, .. }
                    if *signed == document && *agreed == yes && strokes.is_sound() == yes)
            })
        };
        let missed =
            |said: &Said| matches!(said, Said::Dose { dose: told, taken: false, .. } if *told == dose);
        agreed(first, true).is_some()
            && agreed(second, false).is_some()
            && clinic.office.last_word(person, missed).is_some()
    });
}
