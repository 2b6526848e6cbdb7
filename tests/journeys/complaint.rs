// SPDX-License-Identifier: GPL-3.0-only
//! 投诉与约见: what somebody in the cell does and sees, with an office whose keys the platform hands through.

use crate::world::{Setup, World};
use contract::{Arrangement, FeedOp, Office, OfficeKeys, SealKey, SigningKey};
use services::complaint::{OfficeState, SentView};
use services::scene::{ComplaintPage, Place};
use store::Delivery;

const DAY_MS: i64 = 86_400_000;

/// An office: duty and deputy.
struct Bureau {
    keys: [SealKey; 2],
    signing: SigningKey,
}

impl Bureau {
    fn new() -> Self {
        let signing = SigningKey::open(&SigningKey::generate().unwrap()).unwrap();
        Self { keys: [SealKey::generate(), SealKey::generate()], signing }
    }

    /// Its statement comes down; whether the terminal takes it is another thing.
    fn states(&self, world: &World, days: i64) {
        self.states_until(world, days * DAY_MS);
    }

    /// The arrangement ends so long after now, or ended before.
    fn states_until(&self, world: &World, lasts_ms: i64) {
        let now_ms = device::Clock::now(&world.clock).wall_ms;
        let keys = OfficeKeys {
            office: Office::Procurator,
            recipients: self.keys.each_ref().map(SealKey::recipient).to_vec(),
            signing: self.signing.public(),
            made_ms: now_ms,
            arrangement: Some(Arrangement {
                from_ms: now_ms - DAY_MS,
                until_ms: now_ms + lasts_ms,
                retention_days: 365,
            }),
        };
        let body = serde_json::to_value(keys.sign(&self.signing).unwrap()).unwrap();
        let (platform, terminal) = (&world.platform().platform, world.seeded.terminal);
        world.block_on(platform.put_raw(terminal, "office", "procurator", FeedOp::Put, &body)).unwrap();
    }

    fn opens(world: &World) -> Self {
        let bureau = Self::new();
        world.set_policy(|policy| policy.complaint.delay_min = 0);
        bureau.states(world, 30);
        world.touch("tile-complaints");
        world.until("the office is arranged", |world| world.procurator().0);
        bureau
    }
}

impl World {
    /// Whether the procurator can be written to, and the fingerprint shown.
    pub(super) fn procurator(&self) -> (bool, Option<String>) {
        let Some(scene) = self.scene() else { return (false, None) };
        let line = scene.complaint.offices.iter().find(|line| line.office == Office::Procurator).cloned();
        line.map_or((false, None), |line| {
            (matches!(line.state, OfficeState::Arranged { .. }), line.fingerprint)
        })
    }

    /// What is written, from the first question to the receipt; the code.
    fn is_beaten(&self) -> String {
        self.touch("choice-about-officer");
        self.touch("next");
        self.touch("choice-topic-violence");
        self.touch("next");
        for key in ["h", "e", "l", "p", "m", "e", "x", "y"] {
            self.touch(&format!("type-{key}"));
        }
        self.touch("type-done");
        self.touch("next");
        self.until_sees("receipt-code");
        let code = match self.scene().map(|scene| scene.place) {
            Some(Place::Complaint(ComplaintPage::Sent(held))) => held.code.as_str().to_owned(),
            place => panic!("no receipt: {place:?}"),
        };
        self.touch("next");
        code
    }

    pub(super) fn writes_named(&self, person: usize) -> String {
        self.touch("choice-office-procurator");
        self.touch("choice-named");
        self.touch_person(self.person(person).id);
        self.pin(&self.person(person).pin.clone());
        self.is_beaten()
    }

    pub(super) fn looks_up(&self, code: &str) -> SentView {
        self.touch("tile-complaints");
        self.touch("choice-status");
        self.pin(code);
        self.until("the code is known", |world| world.about().is_some());
        self.about().unwrap()
    }

    pub(super) fn about(&self) -> Option<SentView> {
        self.scene().and_then(|scene| scene.complaint.sent)
    }

    /// Files of the terminal that hold these bytes.
    fn holds(&self, bytes: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.kiosk_dir()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if std::fs::read(&path)
                    .is_ok_and(|held| held.windows(bytes.len()).any(|part| part == bytes))
                {
                    found.push(path.display().to_string());
                }
            }
        }
        found
    }
}

#[test]
fn a_named_complaint_is_sealed_uploaded_and_found_again_with_its_code_alone() {
    let mut world = World::new(Setup::default());
    let _procurator = Bureau::opens(&world);
    let code = world.writes_named(0);
    let sent = world.looks_up(&code);
    assert_eq!(sent.office, Office::Procurator);
    world.until("it is uploaded", |world| {
        world.about().is_some_and(|sent| matches!(sent.delivery, Some(Delivery::Delivered { .. })))
    });
    world.touch("leave");
    world.power_cut();
    for secret in ["helpmexy", "violence", code.as_str()] {
        assert_eq!(world.holds(secret.as_bytes()), Vec::<String>::new(), "{secret}");
    }
    world.power_on();
    assert_eq!(world.looks_up(&code).event, sent.event);
}

#[test]
fn an_unnamed_complaint_asks_nobody_and_looks_at_nobody() {
    let world = World::new(Setup::default());
    let _procurator = Bureau::opens(&world);
    world.touch("choice-office-procurator");
    world.touch("choice-unnamed");
    world.until_sees("choice-about-officer");
    assert!(!world.sees("way-talk"), "nobody is there to be talked to");
    assert!(world.scene().is_some_and(|scene| scene.who == services::session::Who::Nobody));
    let code = world.is_beaten();
    assert_eq!(world.looks_up(&code).office, Office::Procurator);
}

#[test]
fn the_quiet_pin_shows_what_the_ordinary_one_shows() {
    let world = World::new(Setup::default());
    let person = world.person(3).id;
    world.officer_in(0);
    world.touch("choice-pin-issue");
    world.touch_person(person);
    for digits in ["4826", "4826", "7391", "7391"] {
        world.pin(digits);
    }
    world.touch("finished");
    world.touch("leave");
    let _procurator = Bureau::opens(&world);
    world.touch("leave");
    let opened = |digits: &str| {
        world.touch("tile-my-record");
        world.touch_person(person);
        world.pin(digits);
        world.until("the record opens", |world| world.scene().is_some_and(|scene| scene.record.is_some()));
        let mut ids: Vec<_> =
            ui::testing::all(world.window()).iter().filter_map(|one| one.accessible_id()).collect();
        ids.sort();
        let record = world.scene().unwrap().record;
        world.touch("leave");
        (ids, record)
    };
    assert_eq!(opened("4826"), opened("7391"));
}

#[test]
fn it_is_withdrawn_with_code_and_pin_and_asked_twice() {
    let world = World::new(Setup::default());
    let _procurator = Bureau::opens(&world);
    let code = world.writes_named(0);
    world.looks_up(&code);
    world.touch("way-withdraw");
    world.touch("next");
    world.touch_person(world.person(1).id);
    world.pin(&world.person(1).pin.clone());
    world.until("another's PIN is refused", |world| {
        world.scene().is_some_and(|scene| scene.refusal.is_some())
    });
    world.touch_person(world.person(0).id);
    world.pin(&world.person(0).pin.clone());
    world.until("it is asked again", |world| {
        world
            .scene()
            .is_some_and(|scene| matches!(scene.place, Place::Complaint(ComplaintPage::WithdrawSure(_))))
    });
    assert!(world.about().is_some_and(|sent| !sent.withdrawn));
    world.touch("next");
    world.until("it is withdrawn", |world| world.about().is_some_and(|sent| sent.withdrawn));
}

#[test]
fn without_an_arrangement_the_page_says_so_and_a_swapped_key_opens_nothing() {
    let world = World::new(Setup::default());
    world.touch("tile-complaints");
    world.touch("choice-office-procurator");
    world.until_sees("note-0");
    assert!(!world.sees("choice-named"));
    world.touch("leave");
    let procurator = Bureau::opens(&world);
    let print = world.procurator().1;
    assert_eq!(print, Some(procurator.signing.public().fingerprint()));
    let other = Bureau::new();
    other.states(&world, 60);
    world.seconds_pass(5);
    for _ in 0..20 {
        world.look();
    }
    assert_eq!(world.procurator(), (true, print));
}

#[test]
fn three_days_without_network_the_clock_runs_and_what_is_overdue_is_said() {
    let world = World::new(Setup::default());
    let _procurator = Bureau::opens(&world);
    world.cut_network();
    let code = world.writes_named(0);
    world.days_pass(3);
    let sent = world.looks_up(&code);
    assert_eq!(sent.overdue, services::complaint::Overdue::NotReceived);
    assert_eq!(sent.delivery, Some(Delivery::Saved), "nothing claims it was sent");
    world.touch("leave");
    world.mend_network();
    world.looks_up(&code);
    world.until("it is uploaded", |world| {
        world.about().is_some_and(|sent| matches!(sent.delivery, Some(Delivery::Delivered { .. })))
    });
}

#[test]
fn when_the_arrangement_ends_while_somebody_writes_the_draft_stays_and_other_ways_are_offered() {
    let world = World::new(Setup::default());
    let procurator = Bureau::opens(&world);
    for id in ["choice-office-procurator", "choice-unnamed", "choice-about-officer", "next"] {
        world.touch(id);
    }
    for id in ["choice-topic-violence", "next", "type-h", "type-e", "type-done"] {
        world.touch(id);
    }
    world.until_sees("way-elsewhere");
    world.seconds_pass(1);
    procurator.states_until(&world, -1);
    world.until("the end of the arrangement is here", |world| !world.procurator().0);
    world.touch("next");
    world.reads("problem", "写好的还在");
    world.reads("problem", "检察官信箱");
    let place = world.scene().map(|scene| scene.place);
    let Some(Place::Complaint(ComplaintPage::Write(draft))) = place else { panic!("{place:?}") };
    assert_eq!(draft.words.as_str(), "he");
    world.touch("way-elsewhere");
    world.reads("note-0", "检察官信箱");
    assert!(world.sees("choice-office-director"));
}
