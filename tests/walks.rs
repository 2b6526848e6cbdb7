// SPDX-License-Identifier: GPL-3.0-only
//! Random walks of touches over every page: fingers that know nothing of the rules, officers' cards and PINs, right and
//! wrong ones, the alarm, a network that comes and goes, time, roll calls and duty.
//!
//! After each touch: nothing panicked, in no thread; the alarm and the calm call stand where they always stand and can be
//! touched; something else can be touched too; without an officer nobody's whole name is readable but that of whoever
//! is known. At the end the way back leads Home or to the roll call that runs, by touches or by nobody touching.
//!
//! `WALKS` says how many, `WALK_SEED` with which seed the first; a walk that fails prints its seed and steps. A seed
//! repeats the choices, not the instants at which threads and the network answer.

use crate::world::{Setup, World};
use contract::Phase;
use faults::Chance;
use platform::AlarmDeed;
use services::scene::{DutyPage, Place, RollCallPage};
use services::session::{Second, Who};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;
use ui::testing;

/// Walks of the short form, and of `make faults`.
const WALKS: u64 = 12;
const WALKS_LONG: u64 = 1_000;
const FIRST_SEED: u64 = 1;
/// Touches of one walk.
const STEPS: u64 = 20;
/// Most walks that one terminal sees; one that is left in a roll call sees no more.
const WALKS_OF_A_WORLD: u64 = 12;
/// Most touches of the way back.
const WAY_BACK_MAX: usize = 12;
/// Longer than any page waits for anybody, in seconds.
const NOBODY_S: i64 = 200;
/// How long the alarm is held, and how long too short, in milliseconds.
const HELD_MS: u64 = 1_300;
const TOO_SHORT_MS: u64 = 300;

/// Longest that the answer to a PIN or a card is waited for, in looks.
const LOOKS_MAX: u32 = 40;

/// What leads back, the nearest first.
const WAYS_BACK: [&str; 9] =
    ["alarm-small", "fault-seen", "stay", "back", "leave", "finished", "use-face", "duty-ok", "another"];
/// How often a way back is drawn at most until it is gone: walks lead onwards.
const DRAWN_AGAIN: u32 = 3;

/// Panics of any thread: the desk's are not this one's.
static PANICS: AtomicU32 = AtomicU32::new(0);

#[test]
fn walks_of_random_touches_meet_no_panic_no_dead_end_and_nobody_elses_name() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::AcqRel);
        before(info);
    }));
    let is_long = std::env::var("FAULTS").is_ok_and(|form| form == "long");
    let first = number("WALK_SEED").unwrap_or(FIRST_SEED);
    let count = number("WALKS").unwrap_or(if is_long { WALKS_LONG } else { WALKS });
    let begun = Instant::now();
    let mut seed = first;
    while seed < first + count {
        let world = world();
        let last = (seed + WALKS_OF_A_WORLD).min(first + count);
        let mut is_home = true;
        while is_home && seed < last {
            is_home = Walk::new(&world, seed).go();
            seed += 1;
        }
    }
    eprintln!("{count} walks of {STEPS} touches from seed {first} in {:?}", begun.elapsed());
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

/// A terminal as the demo seeds it, where duty is on for every hour.
fn world() -> World {
    let world = World::new(Setup::default());
    world.until("duty is known", |world| world.scene().is_some_and(|scene| !scene.duty.week.is_empty()));
    world
}

/// What somebody, or the world, does next.
#[derive(Debug)]
enum Deed {
    Touch(String),
    /// On whatever pad is shown.
    Pin(String),
    Card(String),
    HoldAlarm,
    HoldTooShort,
    /// A finger on nothing, anywhere.
    Anywhere(f32, f32),
    CutNetwork,
    MendNetwork,
    Seconds(i64),
    StartRollCall,
    /// The control room closes what is open.
    CloseAlarms,
}

struct Walk<'a> {
    world: &'a World,
    seed: u64,
    chance: Chance,
    /// Where the alarm and the calm call stand.
    foot: [Option<(f32, f32)>; 2],
    /// What can be touched beside them at the moment.
    controls: Vec<String>,
    done: Vec<String>,
}

impl<'a> Walk<'a> {
    fn new(world: &'a World, seed: u64) -> Self {
        let chance = Chance::new(seed);
        let Screen { foot, controls, .. } = Screen::of(world);
        assert!(foot.iter().all(Option::is_some), "the foot is on the first page");
        Self { world, seed, chance, foot, controls, done: Vec::new() }
    }

    /// Whether the terminal is Home at last, so that another walk may begin there.
    fn go(mut self) -> bool {
        for deed in self.opening() {
            self.does(&deed);
        }
        for _ in 0..STEPS {
            let deed = self.next();
            self.does(&deed);
        }
        if self.chance.one_in(2) {
            self.back_by_touches()
        } else {
            self.back_by_nobody()
        }
        self.tidy_up();
        self.world.scene().is_some_and(|scene| scene.place == Place::Home)
    }

    /// Where the walk begins: Home, a roll call, an officer's menu, somebody's own page, duty.
    fn opening(&mut self) -> Vec<Deed> {
        let seeded = &self.world.seeded;
        let touch = |id: &str| Deed::Touch(id.to_owned());
        match self.chance.below(7) {
            0 => vec![Deed::StartRollCall, Deed::Seconds(20)],
            1..4 => {
                let officer = &seeded.officers[self.chance.below(3) as usize];
                vec![Deed::Card(officer.card.clone()), Deed::Pin(officer.pin.clone())]
            }
            4 => {
                let person = &seeded.detainees[self.chance.below(8) as usize];
                let tile = format!("person-{}", person.id);
                vec![touch("tile-my-record"), Deed::Touch(tile), Deed::Pin(person.pin.clone())]
            }
            5 => vec![touch("tile-duty")],
            6.. => Vec::new(),
        }
    }

    fn next(&mut self) -> Deed {
        let pad = self.sees("key-enter");
        match self.chance.below(100) {
            // The alarm's page lies over all others: most walks go on below it.
            0..50 if self.sees("alarm-small") => Deed::Touch("alarm-small".to_owned()),
            0..50 if pad => Deed::Pin(self.a_pin()),
            0..6 => Deed::Card(self.a_card()),
            6..8 => Deed::HoldAlarm,
            8..10 => Deed::HoldTooShort,
            10..12 => Deed::Anywhere(self.chance.below(1280) as f32, self.chance.below(700) as f32),
            12..14 => Deed::CutNetwork,
            14..17 => Deed::MendNetwork,
            17..23 => Deed::Seconds([1, 5, 20, 46, 61, 95, 130][self.chance.below(7) as usize]),
            23..25 => Deed::StartRollCall,
            25..27 => Deed::CloseAlarms,
            _ => Deed::Touch(self.a_control()),
        }
    }

    fn sees(&self, id: &str) -> bool {
        self.controls.iter().any(|control| control == id)
    }

    fn a_control(&mut self) -> String {
        let mut drawn = "report";
        for _ in 0..DRAWN_AGAIN {
            let at = self.chance.below(self.controls.len() as u64 + 1) as usize;
            drawn = self.controls.get(at).map_or("report", String::as_str);
            if !WAYS_BACK.contains(&drawn) {
                break;
            }
        }
        drawn.to_owned()
    }

    /// Mostly the PIN of who is asked for, else anybody's, or nobody's.
    fn a_pin(&mut self) -> String {
        let (seeded, scene) = (&self.world.seeded, self.world.scene());
        let detainee = |id| seeded.detainees.iter().find(|one| one.id == id).map(|one| one.pin.clone());
        let officer = |id| seeded.officers.iter().find(|one| one.id == id).map(|one| one.pin.clone());
        let asked = scene.and_then(|scene| match (&scene.who, &scene.place) {
            (_, Place::RollCall(RollCallPage::Pin(id)) | Place::Duty(DutyPage::Pin { detainee: id, .. })) => {
                detainee(*id)
            }
            (Who::Claimed(id), _) => detainee(*id),
            (Who::CardShown(one) | Who::Voucher { voucher: one, .. }, _) => officer(one.id),
            (Who::Officer { second: Second::CardShown(one), .. }, _) => officer(one.id),
            _ => None,
        });
        match (self.chance.below(8), asked) {
            (0..6, Some(pin)) => pin,
            (0..7, _) => seeded.detainees[self.chance.below(12) as usize].pin.clone(),
            (7.., _) => format!("{:04}", self.chance.below(10_000)),
        }
    }

    fn a_card(&mut self) -> String {
        let officers = &self.world.seeded.officers;
        let at = self.chance.below(officers.len() as u64 + 1) as usize;
        officers.get(at).map_or_else(|| "0000000001".to_owned(), |officer| officer.card.clone())
    }

    fn does(&mut self, deed: &Deed) {
        self.done.push(self.told(deed));
        let world = self.world;
        match deed {
            Deed::Touch(id) => {
                testing::click(world.window(), id);
            }
            Deed::Pin(digits) => {
                for digit in digits.chars() {
                    testing::click(world.window(), &format!("key-{digit}"));
                }
                testing::click(world.window(), "key-enter");
            }
            Deed::Card(number) => world.card(number),
            Deed::HoldAlarm => {
                let pressed = |world: &World| {
                    world.scene().and_then(|scene| scene.alarm).map(|alarm| (alarm.raised_ms, alarm.presses))
                };
                let before = pressed(world);
                assert!(testing::press_and_hold(world.window(), "alarm", HELD_MS));
                world.until("the press counts", |world| pressed(world) != before);
            }
            Deed::HoldTooShort => {
                assert!(testing::press_and_hold(world.window(), "alarm", TOO_SHORT_MS));
                let how = testing::label(world.window(), "toast").filter(|how| !how.is_empty());
                let alarm = testing::label(world.window(), "alarm").unwrap_or_default();
                assert!(how.is_some_and(|how| alarm.ends_with(&how)), "nothing said how the alarm is held");
            }
            Deed::Anywhere(x, y) => {
                testing::touch_at(world.window(), slint::LogicalPosition::new(*x, *y), 100);
            }
            Deed::CutNetwork => world.cut_network(),
            Deed::MendNetwork => world.mend_network(),
            Deed::Seconds(seconds) => world.seconds_pass(*seconds),
            Deed::StartRollCall => {
                let platform = &world.platform().platform;
                // Refused where one runs.
                world.block_on(platform.start_roll_call(world.seeded.terminal, "抽查点名")).ok();
            }
            Deed::CloseAlarms => self.close_alarms(),
        }
        // A PIN is checked slowly, on purpose.
        let looks = if matches!(deed, Deed::Pin(_) | Deed::Card(_)) { LOOKS_MAX } else { 2 };
        let before = world.scene();
        for look in 0..looks {
            world.look();
            if look > 0 && world.scene() != before {
                break;
            }
        }
        self.holds();
    }

    /// As it is printed: who is behind an id or a PIN is different in each run.
    fn told(&self, deed: &Deed) -> String {
        let at = self.world.scene().map(|scene| (scene.place, scene.who));
        format!("{deed:?} at {at:?}")
    }

    /// What is true after each touch.
    fn holds(&mut self) {
        assert_eq!(PANICS.load(Ordering::Acquire), 0, "a thread panicked");
        let scene = self.world.scene().expect("a scene");
        assert!(!scene.fault, "the store failed");
        let screen = Screen::of(self.world);
        assert_eq!(screen.foot, self.foot, "the alarm or the calm call is gone, or not where it was");
        assert!(!screen.controls.is_empty(), "a page without a way on");
        let known = match &scene.who {
            Who::Officer { .. } => None,
            Who::Detainee(id) => Some(Some(*id)),
            Who::Nobody | Who::CardShown(_) | Who::WithoutCard(_) | Who::Voucher { .. } | Who::Claimed(_) => {
                Some(None)
            }
        };
        if let Some(known) = known {
            for person in self.world.seeded.detainees.iter().filter(|person| Some(person.id) != known) {
                let read = screen.labels.iter().find(|label| label.contains(&person.name));
                assert_eq!(read, None, "somebody else's name is readable");
            }
        }
        self.controls = screen.controls;
    }

    /// Whoever wants to leave finds the way by what the page offers for it.
    fn back_by_touches(&mut self) {
        for _ in 0..WAY_BACK_MAX {
            if self.is_back() {
                return;
            }
            match WAYS_BACK.into_iter().find(|id| self.sees(id)) {
                Some(id) => self.does(&Deed::Touch(id.to_owned())),
                None => self.does(&Deed::Seconds(NOBODY_S)),
            }
        }
        assert!(self.is_back(), "no way back");
    }

    /// Everybody walks away.
    fn back_by_nobody(&mut self) {
        for _ in 0..2 {
            self.does(&Deed::Seconds(NOBODY_S));
        }
        self.world.until("the page is left by itself", |_| self.is_back());
    }

    /// Home, the page of duty that anybody may read, or the roll call that runs.
    fn is_back(&self) -> bool {
        let Some(scene) = self.world.scene() else { return false };
        let phase = scene.roll_call.map(|call| call.phase);
        match scene.place {
            Place::Home => !matches!(phase, Some(Phase::Open | Phase::SecondRound)),
            Place::RollCall(RollCallPage::Follow) => phase.is_some(),
            Place::Duty(DutyPage::Today) => !matches!(phase, Some(Phase::Open | Phase::SecondRound)),
            _ => false,
        }
    }

    /// For the next walk: the network is there, nothing calls, nothing is counted.
    fn tidy_up(&mut self) {
        self.world.mend_network();
        self.world.until("no alarm is open", |world| {
            self.close_alarms();
            let alarm = world.scene().and_then(|scene| scene.alarm);
            alarm.is_none_or(|alarm| alarm.closed_ms.is_some() || alarm.second_way)
        });
        let platform = &self.world.platform().platform;
        for call in self.world.results() {
            // Refused where it is signed.
            self.world.block_on(platform.cancel_roll_call(call.terminal, call.call)).ok();
        }
        self.back_by_touches();
    }

    fn close_alarms(&self) {
        let platform = &self.world.platform().platform;
        for alarm in self.world.all_alarms().iter().filter(|alarm| !alarm.is_closed) {
            self.world.block_on(platform.answer_alarm(alarm, AlarmDeed::Close("已处置"), "周民警")).unwrap();
        }
    }
}

impl Drop for Walk<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("WALK_SEED={} WALKS=1 failed after:", self.seed);
            self.done.iter().for_each(|step| eprintln!("  {step}"));
        }
    }
}

/// What is on the screen at one moment.
struct Screen {
    /// The left upper corners of the alarm and the calm call, where they can be touched.
    foot: [Option<(f32, f32)>; 2],
    /// What else can be touched, by id.
    controls: Vec<String>,
    labels: Vec<String>,
}

impl Screen {
    fn of(world: &World) -> Self {
        let mut screen = Self { foot: [None, None], controls: Vec::new(), labels: Vec::new() };
        for element in testing::all(world.window()) {
            let label = element.accessible_label().unwrap_or_default().to_string();
            if testing::is_control(&element) {
                let at = element.absolute_position();
                match element.accessible_id().unwrap_or_default().as_str() {
                    "" => panic!("a control without an id: {label}"),
                    "alarm" => screen.foot[0] = Some((at.x, at.y)),
                    "report" => screen.foot[1] = Some((at.x, at.y)),
                    id => screen.controls.push(id.to_owned()),
                }
            }
            screen.labels.push(label);
        }
        screen
    }
}
