// SPDX-License-Identifier: GPL-3.0-only
//! A real terminal's store, a real platform, and a stick between them.

use super::*;
use contract::{AlarmRaised, BootId, Event, OneLeft, Stamp, Trust};
use platform::demo::Seed;
use std::sync::Arc;

struct World {
    platform: platform::Running,
    terminal: contract::TerminalId,
    dir: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let platform =
            platform::start(platform::Config::loopback(dir.path().join("platform"))).await.unwrap();
        let seeded = platform::demo::seed(&platform.platform, Seed::default()).await.unwrap();
        Self { platform, terminal: seeded.terminal, dir }
    }

    /// An enrolled terminal's data folder, with a store as the terminal leaves it.
    async fn terminal(&self, name: &str) -> PathBuf {
        let data = self.dir.path().join(name);
        let code = self.platform.platform.enrolment_code(self.terminal).await.unwrap();
        let gateway = format!("https://{}", self.platform.gateway_addr);
        let clock = SystemClock::new();
        let wall: sync::WallClock = Arc::new(move || clock.now().wall_ms);
        sync::enrol(&data, &gateway, self.platform.platform.root_pem(), &code, wall).await.unwrap();
        data
    }

    fn stick(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

fn now() -> Stamp {
    Stamp { boot: BootId::fresh(), mono_ms: 1, wall_ms: 1_795_312_800_000, trust: Trust::Synced }
}

fn keep(data: &Path, events: &[Event]) {
    let identity = Identity::open(data).unwrap();
    let keys = Keys::from_storage_key(identity.storage_key()).unwrap();
    let (device, signing) = (identity.device(), identity.signing_key());
    let config = Config { dir: data, device, signing, keys, services: &[], pages_max: PAGES_MAX };
    let (mut store, _) = Store::open(config).unwrap();
    store.write(|tx| events.iter().try_for_each(|event| tx.send(event, &now()).map(|_| ()))).unwrap();
}

fn waiting(data: &Path) -> u64 {
    let identity = Identity::open(data).unwrap();
    let mut store = attach(data, &identity).unwrap();
    store.read(|read| read.lanes(&now())).unwrap().iter().map(|lane| lane.waiting).sum()
}

fn events(count: usize) -> Vec<Event> {
    let mut events = vec![Event::AlarmRaised(AlarmRaised { at: now() })];
    events.extend((0..count).map(|_| Event::OneLeft(OneLeft { at: now(), assigned: 12, out: 11 })));
    events
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backlog_goes_by_stick_and_its_answer_empties_the_queue_once() {
    let world = World::new().await;
    let data = world.terminal("kiosk").await;
    keep(&data, &events(130));
    let (bundle, reply) = (world.stick("bundle"), world.stick("answer"));
    assert_eq!(make(&data, &bundle).unwrap(), (131, false));
    assert_eq!(waiting(&data), 131, "until the answer everything stays");

    let sealed = std::fs::read(&bundle).unwrap();
    let answered = world.platform.platform.take_bundle(&sealed).await.unwrap();
    std::fs::write(&reply, &answered).unwrap();
    // Brought a second time: nothing is doubled.
    world.platform.platform.take_bundle(&sealed).await.unwrap();
    let device = Identity::open(&data).unwrap().device();
    assert_eq!(world.platform.platform.kept(device).await.unwrap(), (131, 0));

    assert_eq!(answer(&data, &reply).unwrap(), Counts { settled: 131, parked: 0, not_taken: 0 });
    assert_eq!(waiting(&data), 0);
    assert_eq!(answer(&data, &reply).unwrap().settled, 0, "taken a second time it changes nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alarm_nobody_has_goes_by_stick_too() {
    let world = World::new().await;
    let data = world.terminal("kiosk").await;
    keep(&data, &events(1));
    let panel = alarm::Panel { key: None, relay: None, siren: None };
    let running = {
        let data = data.clone();
        // It has a runtime of its own, which no other may hold up.
        let started = move || {
            let clock = std::sync::Arc::new(SystemClock::new());
            alarm::start(&data, clock, panel, |network| network.cut.cut()).unwrap()
        };
        std::thread::spawn(started).join().unwrap()
    };
    running.client().give(alarm::Command::Raise { form: contract::PanicForm::Open });
    while alarm::backlog(&data).unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    let (bundle, reply) = (world.stick("bundle"), world.stick("answer"));
    assert_eq!(make(&data, &bundle).unwrap(), (3, false));
    let answered = world.platform.platform.take_bundle(&std::fs::read(&bundle).unwrap()).await.unwrap();
    std::fs::write(&reply, &answered).unwrap();
    assert_eq!(answer(&data, &reply).unwrap().settled, 2, "an alarm that runs settles its own");
    std::thread::spawn(move || running.stop()).join().unwrap();
    assert_eq!(answer(&data, &reply).unwrap().settled, 1);
    assert!(alarm::backlog(&data).unwrap().is_empty());
    assert_eq!(world.platform.platform.alarms().await.unwrap()[0].kind, "panic");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bundle_nobody_can_read_change_or_answer_in_the_platforms_place() {
    let world = World::new().await;
    let data = world.terminal("kiosk").await;
    keep(&data, &events(3));
    let bundle = world.stick("bundle");
    make(&data, &bundle).unwrap();
    let mut sealed = std::fs::read(&bundle).unwrap();
    let text = String::from_utf8_lossy(&sealed);
    assert!(!text.contains("alarm") && !text.contains("roll_call"), "nothing is readable on the way");
    let last = sealed.len() - 1;
    sealed[last] ^= 1;
    assert!(world.platform.platform.take_bundle(&sealed).await.is_err());
    let other = World::new().await;
    let whole = std::fs::read(&bundle).unwrap();
    assert!(other.platform.platform.take_bundle(&whole).await.is_err(), "it is for another platform");

    // The answer to an earlier bundle is not the answer to this one.
    let earlier = world.stick("earlier");
    std::fs::write(&earlier, world.platform.platform.take_bundle(&whole).await.unwrap()).unwrap();
    make(&data, &bundle).unwrap();
    assert!(matches!(answer(&data, &earlier), Err(Failure::Bundle(_))));
    assert_eq!(waiting(&data), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_backlog_of_a_broken_terminal_goes_by_its_replacement() {
    let world = World::new().await;
    let broken = world.terminal("broken").await;
    keep(&broken, &events(5));
    let bundle = world.stick("bundle");
    make(&broken, &bundle).unwrap();
    let replacement = world.terminal("replacement").await;
    let send = Verb::Send { data: replacement, from: bundle, answer: world.stick("answer") };
    run(send).await.unwrap();
    let device = Identity::open(&broken).unwrap().device();
    assert_eq!(world.platform.platform.kept(device).await.unwrap(), (6, 0));
    assert_eq!(answer(&broken, &world.stick("answer")).unwrap().settled, 6);
    let alarms = world.platform.platform.alarms().await.unwrap();
    assert!(alarms.iter().any(|alarm| alarm.kind == "panic"));
}
