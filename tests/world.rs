// SPDX-License-Identifier: GPL-3.0-only
//! A world: the real kiosk in a headless window, simulated devices, the reference platform behind its own TLS, and one
//! clock that only the world moves. What a test does, a hand does: touch by accessible id, cards, verbs of devices.

use device::sim::{CardSlot, Clock, Pace, Panel, PhotoCamera, PhotoCameraHandle};
use device::{Clock as _, FrameSource};
use kiosk::{Devices, Places, Running};
use platform::demo::{DemoDetainee, DemoOfficer, Seed, Seeded};
use platform::{CallReport, Config};
use services::scene::Scene;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;
use ui::testing;

/// How far the world's clock moves with each look, in milliseconds.
const STEP_MS: i64 = 100;
/// How long one look waits for news, in real time.
const LOOK: Duration = Duration::from_millis(15);
/// Most looks before something counts as not happening: half a minute of real time.
const LOOKS_MAX: u32 = 2_000;
/// Around ten in the morning in China, so that it is neither night nor a day's edge.
const START_MS: i64 = 1_795_312_800_000;

/// How a world is made.
#[derive(Default)]
pub(crate) struct Setup {
    /// The folder of photos to use as camera; none is a terminal without one.
    pub(crate) photos: Option<PathBuf>,
    pub(crate) models: Option<PathBuf>,
    /// The terminal's own wall clock is wrong by so much from the enrolment on.
    pub(crate) clock_off_ms: i64,
    /// Size of the window in pixels.
    pub(crate) size: Option<(u32, u32)>,
    /// The alarm's process does not come up.
    pub(crate) no_alarm: bool,
}

pub(crate) struct World {
    pub(crate) seeded: Seeded,
    pub(crate) camera: Option<PhotoCameraHandle>,
    pub(crate) clock: Clock,
    /// The alarm's key, relay and siren.
    pub(crate) panel: Panel,
    alarm: Option<alarm::Running>,
    kiosk: Option<Running>,
    platform: Option<platform::Running>,
    runtime: tokio::runtime::Runtime,
    server_ms: Arc<AtomicI64>,
    card: CardSlot,
    woken: Receiver<()>,
    wake: Sender<()>,
    setup: Setup,
    dir: tempfile::TempDir,
}

impl World {
    pub(crate) fn new(setup: Setup) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let server_ms = Arc::new(AtomicI64::new(START_MS));
        let clock = Clock::at(START_MS);
        let (platform, seeded) = runtime.block_on(async {
            let config = Config {
                clock: platform::Clock::set_by(Arc::clone(&server_ms)),
                ..Config::loopback(dir.path().join("platform"))
            };
            let running = platform::start(config).await.unwrap();
            let seeded = platform::demo::seed(&running.platform, Seed::default()).await.unwrap();
            // The seed asks for a roll call of its own; stories ask for theirs.
            for call in running.platform.results().await.unwrap() {
                running.platform.cancel_roll_call(call.terminal, call.call).await.unwrap();
            }
            let code = running.platform.enrolment_code(seeded.terminal).await.unwrap();
            let gateway = format!("https://{}", running.gateway_addr);
            let wall = clock.clone();
            let wall: sync::WallClock = Arc::new(move || wall.now().wall_ms);
            let root = running.platform.root_pem().to_owned();
            sync::enrol(&dir.path().join("kiosk"), &gateway, &root, &code, wall).await.unwrap();
            (running, seeded)
        });
        clock.jump_wall(setup.clock_off_ms);
        let (wake, woken) = channel();
        let mut world = Self {
            seeded,
            camera: None,
            clock,
            panel: Panel::new(),
            alarm: None,
            kiosk: None,
            platform: Some(platform),
            runtime,
            server_ms,
            card: CardSlot::new(),
            woken,
            wake,
            setup,
            dir,
        };
        world.power_on();
        world
    }

    /// Time passes, for everybody.
    pub(crate) fn days_pass(&self, days: i64) {
        let ms = days * 86_400_000;
        self.clock.advance(ms);
        self.server_ms.fetch_add(ms, Ordering::AcqRel);
    }

    /// Seconds pass at once, for everybody.
    pub(crate) fn seconds_pass(&self, seconds: i64) {
        self.clock.advance(seconds * 1000);
        self.server_ms.fetch_add(seconds * 1000, Ordering::AcqRel);
        self.look();
    }

    /// Seconds pass while the terminal is off.
    pub(crate) fn seconds_pass_dark(&self, seconds: i64) {
        self.clock.advance(seconds * 1000);
        self.server_ms.fetch_add(seconds * 1000, Ordering::AcqRel);
    }

    /// The terminal starts with whatever is on its disk, and has its people.
    pub(crate) fn power_on(&mut self) {
        self.switch_on();
        self.until("the roster arrives", |world| world.scene().is_some_and(|scene| scene.people.len() == 12));
    }

    /// The terminal starts with whatever is on its disk.
    pub(crate) fn switch_on(&mut self) {
        let camera =
            self.setup.photos.as_ref().map(|dir| PhotoCamera::open_at(dir, 7, Pace::AT_ONCE).unwrap());
        self.camera = camera.as_ref().map(PhotoCamera::handle);
        let devices = Devices {
            clock: Arc::new(self.clock.clone()),
            camera: camera.map(|camera| Box::new(camera) as Box<dyn FrameSource>),
            cards: Some(Box::new(self.card.clone())),
            case: Some(Box::new(self.panel.clone())),
            sound: None,
        };
        let (late, came_late) = channel();
        let alarm = if self.setup.no_alarm {
            alarm::connect(
                &self.kiosk_dir(),
                || {},
                move |command| {
                    late.send(command).ok();
                },
            )
        } else {
            self.alarm_on();
            self.alarm.as_ref().expect("just started").client()
        };
        let places = Places { data: self.kiosk_dir(), models: self.setup.models.clone() };
        let (width, height) = self.setup.size.unwrap_or((1280, 800));
        let wake = self.wake.clone();
        let woken = move || {
            wake.send(()).ok();
        };
        let window = testing::open(width, height);
        self.kiosk = Some(
            kiosk::start(window, places, devices, alarm, |network| network.renewal_look = LOOK, woken)
                .unwrap(),
        );
        let inputs = self.kiosk().inputs();
        std::thread::spawn(move || {
            while let Ok(command) = came_late.recv() {
                if matches!(command, alarm::Command::Raise { .. }) {
                    inputs.send(kiosk::desk::Input::AlarmLate).ok();
                }
            }
        });
    }

    /// The power goes: nothing is finished or flushed on purpose.
    pub(crate) fn power_cut(&mut self) {
        self.kiosk.take().expect("the terminal is on").stop();
        if let Some(alarm) = self.alarm.take() {
            alarm.stop();
        }
        self.clock.reboot();
    }

    pub(crate) fn power_cut_and_on(&mut self) {
        self.power_cut();
        self.power_on();
    }

    pub(crate) fn kiosk_dir(&self) -> PathBuf {
        self.dir.path().join("kiosk")
    }

    /// The window's process is gone; the alarm's goes on.
    pub(crate) fn window_dies(&mut self) {
        self.kiosk.take().expect("the terminal is on").stop();
    }

    /// What the platform has of alarms, the camera's apart: most worlds have no camera.
    pub(crate) fn alarms(&self) -> Vec<platform::AlarmReport> {
        self.all_alarms().into_iter().filter(|alarm| alarm.kind != "camera").collect()
    }

    pub(crate) fn all_alarms(&self) -> Vec<platform::AlarmReport> {
        self.block_on(self.platform().platform.alarms()).unwrap()
    }

    /// The control room does something with the first alarm.
    pub(crate) fn answer_alarm(&self, deed: platform::AlarmDeed<'_>) {
        let alarm = self.alarms().remove(0);
        assert!(self.block_on(self.platform().platform.answer_alarm(&alarm, deed, "李民警")).unwrap());
    }

    pub(crate) fn set_policy(&self, change: impl FnOnce(&mut contract::Policy)) {
        let (platform, terminal) = (&self.platform().platform, self.seeded.terminal);
        let mut policy = self.block_on(platform.policy(terminal)).unwrap();
        change(&mut policy);
        self.block_on(platform.put_policy(terminal, &policy)).unwrap();
    }

    /// How many steps of the alarm's page are done.
    pub(crate) fn alarm_steps(&self) -> usize {
        let steps = slint::ComponentHandle::global::<ui::Alarm<'_>>(self.window()).get_steps();
        slint::Model::iter(&steps).filter(|step| step.done).count()
    }

    fn alarm_on(&mut self) {
        let panel = alarm::Panel {
            key: Some(Box::new(self.panel.clone())),
            relay: Some(Box::new(self.panel.relay())),
            siren: Some(Box::new(self.panel.siren())),
        };
        let clock = Arc::new(self.clock.clone());
        self.alarm = Some(alarm::start(&self.kiosk_dir(), clock, panel, |_| {}).unwrap());
    }

    pub(crate) fn cut_network(&self) {
        self.kiosk().cut.cut();
        if let Some(alarm) = &self.alarm {
            alarm.cut.cut();
        }
    }

    pub(crate) fn mend_network(&self) {
        self.kiosk().cut.mend();
        if let Some(alarm) = &self.alarm {
            alarm.cut.mend();
        }
    }

    pub(crate) fn photos(&self) -> &Path {
        self.setup.photos.as_deref().expect("this world has photos")
    }

    pub(crate) fn camera(&self) -> &PhotoCameraHandle {
        self.camera.as_ref().expect("this world has a camera")
    }

    fn kiosk(&self) -> &Running {
        self.kiosk.as_ref().expect("the terminal is on")
    }

    pub(crate) fn window(&self) -> &ui::MainWindow {
        self.kiosk().screen.window()
    }

    pub(crate) fn scene(&self) -> Option<Scene> {
        self.kiosk().screen.scene()
    }

    /// One look: the clock moves, the window takes what waits.
    pub(crate) fn look(&self) {
        self.clock.advance(STEP_MS);
        self.server_ms.fetch_add(STEP_MS, Ordering::AcqRel);
        self.woken.recv_timeout(LOOK).ok();
        while self.woken.try_recv().is_ok() {}
        self.kiosk().screen.pump();
        testing::elapsed(STEP_MS.unsigned_abs());
    }

    /// Looks until `happened`; a story whose next thing does not happen fails there, with what is on the screen.
    pub(crate) fn until(&self, what: &str, mut happened: impl FnMut(&Self) -> bool) {
        for _ in 0..LOOKS_MAX {
            self.look();
            if happened(self) {
                return;
            }
        }
        let ids: Vec<_> = testing::all(self.window()).iter().filter_map(|e| e.accessible_id()).collect();
        let at = self.scene().map(|scene| (scene.place, scene.eye, scene.refusal));
        panic!("it never happened that {what}; at {at:?}; on the screen: {ids:?}");
    }

    pub(crate) fn sees(&self, id: &str) -> bool {
        testing::find(self.window(), id).is_some()
    }

    pub(crate) fn until_sees(&self, id: &str) {
        self.until(&format!("{id} is shown"), |world| world.sees(id));
    }

    /// Waits until what is read out of this element holds these words.
    pub(crate) fn reads(&self, id: &str, words: &str) {
        self.until(&format!("{id} says {words}"), |world| {
            testing::label(world.window(), id).is_some_and(|label| label.contains(words))
        });
    }

    /// Waits for the element and touches it.
    pub(crate) fn touch(&self, id: &str) {
        self.until(&format!("{id} can be touched"), |world| {
            testing::find(world.window(), id).is_some_and(|e| e.accessible_enabled() != Some(false))
        });
        assert!(testing::click(self.window(), id), "{id} cannot be touched");
        self.look();
    }

    /// The first element whose id begins so, once there is one.
    pub(crate) fn first(&self, start: &str) -> String {
        let mut found = None;
        self.until(&format!("something with {start} is shown"), |world| {
            let ids = testing::all(world.window()).into_iter().filter_map(|element| element.accessible_id());
            found = ids.map(|id| id.to_string()).find(|id| id.starts_with(start));
            found.is_some()
        });
        found.expect("found above")
    }

    /// Turns the pages of a list until the person's tile is there, and touches it.
    pub(crate) fn touch_person(&self, person: contract::DetaineeId) {
        let tile = format!("person-{person}");
        self.first("person-");
        for _ in 0..6 {
            if self.sees(&tile) {
                return self.touch(&tile);
            }
            self.touch("more");
        }
        panic!("the person is on no page");
    }

    pub(crate) fn hold(&self, id: &str, ms: u64) {
        self.until_sees(id);
        assert!(testing::press_and_hold(self.window(), id, ms), "{id} cannot be held");
        self.look();
    }

    pub(crate) fn card(&self, number: &str) {
        assert!(self.card.insert(number), "no card number");
        self.look();
    }

    /// Enters digits on whatever pad is shown.
    pub(crate) fn pin(&self, digits: &str) {
        for digit in digits.chars() {
            self.touch(&format!("key-{digit}"));
        }
        self.touch("key-enter");
    }

    /// Card and PIN of an officer, up to the menu or the review.
    pub(crate) fn officer_in(&self, which: usize) {
        let DemoOfficer { card, pin, .. } = &self.seeded.officers[which];
        self.card(card);
        self.pin(pin);
        self.until("the officer is known", |world| {
            world.scene().is_some_and(|scene| matches!(scene.who, services::session::Who::Officer { .. }))
        });
    }

    pub(crate) fn person(&self, at: usize) -> &DemoDetainee {
        &self.seeded.detainees[at]
    }

    /// An officer takes a person out to a hearing.
    pub(crate) fn take_out(&self, at: usize) {
        self.officer_in(0);
        self.touch("choice-movement");
        self.touch_person(self.person(at).id);
        self.touch("choice-hearing");
        self.touch("choice-officer");
        self.touch("confirmed");
        self.until_sees("another");
        self.touch("leave");
    }

    /// The desk asks for a roll call at once; ends when the first person is called.
    pub(crate) fn start_roll_call(&self) -> contract::CallId {
        let platform = &self.platform().platform;
        let call = self.runtime.block_on(platform.start_roll_call(self.seeded.terminal, "晨间点名")).unwrap();
        self.until("the first name is called", |world| world.current().is_some());
        call
    }

    /// Who is called.
    pub(crate) fn current(&self) -> Option<contract::DetaineeId> {
        let call = self.scene()?.roll_call?;
        let calling = matches!(call.phase, contract::Phase::Open | contract::Phase::SecondRound);
        call.current.filter(|_| calling).map(|current| current.detainee)
    }

    /// The person called, as seeded.
    pub(crate) fn called(&self) -> &DemoDetainee {
        self.until("somebody is called", |world| world.current().is_some() && world.sees("use-pin"));
        let current = self.current().expect("somebody is called");
        self.seeded.detainees.iter().find(|d| d.id == current).expect("of this cell")
    }

    /// Whoever is called answers by PIN.
    pub(crate) fn answer_by_pin(&self) {
        let person = self.called();
        let (id, pin) = (person.id, person.pin.clone());
        self.touch("use-pin");
        self.pin(&pin);
        self.until("the answer counts", |world| world.current() != Some(id));
    }

    /// Everybody still to be called answers by PIN, until the officer is awaited.
    pub(crate) fn all_answer_by_pin(&self) {
        for _ in 0..self.seeded.detainees.len() {
            self.until("the next is called or all were", |world| {
                world.current().is_some() || world.in_review()
            });
            if self.in_review() {
                return;
            }
            self.answer_by_pin();
        }
        self.until("the review begins", Self::in_review);
    }

    pub(crate) fn in_review(&self) -> bool {
        self.scene()
            .and_then(|scene| scene.roll_call)
            .is_some_and(|call| call.phase == contract::Phase::Review)
    }

    /// The officer signs the total and sees the receipt.
    pub(crate) fn sign(&self) {
        self.touch("sign");
        self.touch("sign-confirmed");
        self.until_sees("receipt-number");
    }

    pub(crate) fn platform(&self) -> &platform::Running {
        self.platform.as_ref().expect("the platform runs")
    }

    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    pub(crate) fn results(&self) -> Vec<CallReport> {
        self.block_on(self.platform().platform.results()).unwrap()
    }

    /// What the desk has of a roll call, once its signed result is there.
    pub(crate) fn received(&self, call: contract::CallId) -> CallReport {
        let mut found = None;
        self.until("the desk receives the result", |world| {
            found = world
                .results()
                .into_iter()
                .find(|report| report.call == call && report.signed_hash.is_some());
            found.is_some()
        });
        found.expect("found above")
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(kiosk) = self.kiosk.take() {
            kiosk.stop();
        }
        if let Some(alarm) = self.alarm.take() {
            alarm.stop();
        }
        if let Some(platform) = self.platform.take() {
            self.runtime.block_on(platform.stop());
        }
    }
}

/// The models and photos of the site under test; without them a story is skipped aloud, or fails where `CI=true`.
pub(crate) fn models_and_photos() -> Option<(PathBuf, PathBuf)> {
    let dir = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|dir| Path::new(dir).is_dir());
    let found = dir("KIOSK_MODELS").zip(dir("KIOSK_PHOTOS"));
    if found.is_none() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "models and photos are required here");
        eprintln!("skipped: KIOSK_MODELS and KIOSK_PHOTOS name no folders");
    }
    found
}
