// SPDX-License-Identifier: GPL-3.0-only
//! The queue through outages: the terminal's store and sync, the real platform with real TLS, and between them a network
//! that lies, cuts and swallows. Every story ends with each event's one effect at the desk. The invariants are those of
//! the protocol, by their numbers.

mod cell;
mod proxy;

use cell::StoreCell;
use contract::{
    DetaineeId, DeviceTrouble, DeviceTroubled, ErasureCause, Event, EventId, Lane, OneLeft, TemplateErased,
    TerminalId,
};
use proptest::prelude::*;
use proxy::{Proxy, Weather};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use sync::{Identity, Pace, Setup, Tasks, TimeOuts, Wake};

/// The platform's clock.
const SERVER_MS: i64 = 1_795_312_800_000;
/// Longest an outcome is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A terminal, a platform, and the network between them.
struct Line {
    platform: Option<platform::Running>,
    terminal: TerminalId,
    proxy: Proxy,
    dir: tempfile::TempDir,
    wall_ms: Arc<AtomicI64>,
    running: Option<Running>,
    /// What was kept, by the person it speaks of where it speaks of one.
    kept: Vec<(EventId, Option<DetaineeId>)>,
    backups: u32,
}

struct Running {
    cell: Arc<StoreCell>,
    wake: Wake,
    tasks: Tasks,
}

impl Line {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let platform = start(&dir.path().join("platform")).await;
        let seeded = platform::demo::seed(&platform.platform, platform::demo::Seed::default()).await.unwrap();
        let proxy = Proxy::start(platform.gateway_addr).await;
        let code = platform.platform.enrolment_code(seeded.terminal).await.unwrap();
        let root = platform.platform.root_pem().to_owned();
        let wall_ms = Arc::new(AtomicI64::new(SERVER_MS));
        let wall = Arc::clone(&wall_ms);
        let gateway = format!("https://{}", proxy.addr);
        let wall: sync::WallClock = Arc::new(move || wall.load(Ordering::Acquire));
        sync::enrol(&dir.path().join("kiosk"), &gateway, &root, &code, wall).await.unwrap();
        let mut line = Self {
            platform: Some(platform),
            terminal: seeded.terminal,
            proxy,
            dir,
            wall_ms,
            running: None,
            kept: Vec::new(),
            backups: 0,
        };
        line.power_on();
        line
    }

    fn power_on(&mut self) {
        let dir = self.dir.path().join("kiosk");
        let identity = Arc::new(Identity::open_or_make(&dir).unwrap());
        let cell = Arc::new(StoreCell::open(&dir, &identity, Arc::clone(&self.wall_ms)));
        let wall = Arc::clone(&self.wall_ms);
        let mut setup = Setup::new(Arc::new(move || wall.load(Ordering::Acquire)));
        let pace = Pace {
            base_ms: 5,
            cap_ms: 50,
            window_ms: 0,
            window_ms_max: 0,
            refused_ms: 20,
            healthy_ms: 60_000,
        };
        let time_outs = TimeOuts {
            connect: Duration::from_secs(2),
            batch: Duration::from_secs(2),
            page: Duration::from_secs(2),
        };
        (setup.ordinary, setup.alarm) = ((pace, time_outs), (pace, time_outs));
        let wake = setup.wake.clone();
        let tasks = sync::start(identity, Arc::clone(&cell), setup);
        self.running = Some(Running { cell, wake, tasks });
    }

    /// The terminal goes out and comes again.
    async fn power_cut(&mut self) {
        self.running.take().unwrap().tasks.stop().await;
        self.power_on();
    }

    fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    fn platform(&self) -> &platform::Platform {
        &self.platform.as_ref().unwrap().platform
    }

    fn say(&mut self, lane: Lane) {
        let at = self.running().cell.now();
        let (event, person) = match lane {
            Lane::Panic => unreachable!("the store has no such lane"),
            Lane::Alarm => (trouble(at), None),
            Lane::RollCall => (Event::OneLeft(OneLeft { at, assigned: 12, out: 11 }), None),
            Lane::Care | Lane::Complaint | Lane::Order | Lane::Progress => {
                let detainee = DetaineeId::fresh();
                let cause = ErasureCause::LeftCell;
                (Event::TemplateErased(TemplateErased { detainee, at, cause }), Some(detainee))
            }
        };
        let ids = self.running().cell.keep(&[event]);
        self.kept.extend(ids.into_iter().map(|id| (id, person)));
        self.running().wake.ring();
    }

    /// The platform goes out and comes again, at another address, with what is on its disk.
    async fn platform_restarts(&mut self) {
        self.platform.take().unwrap().stop().await;
        self.platform_comes_back().await;
    }

    async fn platform_comes_back(&mut self) {
        let platform = start(&self.dir.path().join("platform")).await;
        self.proxy.lead_to(platform.gateway_addr);
        self.proxy.weather(Weather::Fair);
        self.platform = Some(platform);
    }

    /// The platform is put back to how it is now when [`Self::restore`] is called.
    async fn back_up(&mut self) {
        self.platform.take().unwrap().stop().await;
        self.backups += 1;
        copy(&self.dir.path().join("platform"), &self.backup());
        self.platform_comes_back().await;
    }

    async fn restore(&mut self) {
        self.platform.take().unwrap().stop().await;
        let place = self.dir.path().join("platform");
        std::fs::remove_dir_all(&place).unwrap();
        copy(&self.backup(), &place);
        self.platform_comes_back().await;
    }

    fn backup(&self) -> PathBuf {
        self.dir.path().join(format!("backup-{}", self.backups))
    }

    /// With a fair network everything arrives, once.
    async fn all_had_one_effect(&self) {
        self.proxy.weather(Weather::Fair);
        self.running().wake.ring();
        // A platform that was restored asks again for what the terminal thinks it has, also after all seems done.
        let everything = async {
            loop {
                self.running().cell.drained().await;
                let missing = self.missing().await;
                let lanes = Lane::STORED.map(|lane| self.running().cell.counts(lane));
                if missing.is_empty() && lanes.iter().all(|counts| counts.pending == 0) {
                    return lanes;
                }
                tokio::time::timeout(Duration::from_millis(50), self.running().cell.told()).await.ok();
            }
        };
        let Ok(lanes) = tokio::time::timeout(PATIENCE, everything).await else {
            let lanes = Lane::STORED.map(|lane| self.running().cell.counts(lane));
            panic!("not all arrived: {:?} are missing, lanes stand at {lanes:?}", self.missing().await);
        };
        let effects = self.effects().await;
        assert!(effects.values().all(|count| *count == 1), "an event had two effects: {effects:?}");
        assert!(lanes.iter().all(|counts| counts.enqueued == counts.acked), "{lanes:?}");
    }

    async fn missing(&self) -> Vec<EventId> {
        let effects = self.effects().await;
        self.kept.iter().map(|(id, _)| *id).filter(|id| !effects.contains_key(id)).collect()
    }

    /// How many effects each event had.
    async fn effects(&self) -> BTreeMap<EventId, usize> {
        let mut effects = BTreeMap::new();
        for notice in self.platform().notices().await.unwrap() {
            *effects.entry(notice.event).or_default() += 1;
        }
        for (id, person) in &self.kept {
            let Some(person) = person else { continue };
            let facts = self.platform().person_facts(self.terminal, *person).await.unwrap().len();
            if facts > 0 {
                effects.insert(*id, facts);
            }
        }
        effects
    }
}

async fn start(dir: &Path) -> platform::Running {
    let clock = platform::Clock::set_by(Arc::new(AtomicI64::new(SERVER_MS)));
    let config = platform::Config { clock, ..platform::Config::loopback(dir) };
    platform::start(config).await.unwrap()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// Whether this is the long form of the fault tests, which takes many minutes.
fn is_long() -> bool {
    std::env::var("FAULTS").is_ok_and(|form| form == "long")
}

/// What may happen in an outage.
#[derive(Debug, Clone)]
enum Happens {
    Say(Lane),
    Weather(Weather),
    PowerCut,
    PlatformRestarts,
    BackUp,
    Restore,
    /// The terminal's clock jumps to this year's first day, about.
    Clock(i64),
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        6 => prop_oneof![Just(Lane::Alarm), Just(Lane::RollCall), Just(Lane::Order)].prop_map(Happens::Say),
        2 => (0_u64..6_000).prop_map(|bytes| Happens::Weather(Weather::CutAfter(bytes))),
        1 => Just(Happens::Weather(Weather::BlackHole)),
        2 => Just(Happens::Weather(Weather::Fair)),
        1 => Just(Happens::PowerCut),
        1 => Just(Happens::PlatformRestarts),
        1 => Just(Happens::BackUp),
        1 => Just(Happens::Restore),
        1 => (1970_i64..2099).prop_map(Happens::Clock),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if is_long() { 200 } else { 8 }, max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Invariants 2, 3, 4, 11 and 16 together: whatever happens in whatever order, each event has one effect.
    #[test]
    fn invariant_02_each_event_has_exactly_one_effect_whatever_happens(
        story in prop::collection::vec(happens(), 4..24),
    ) {
        runtime().block_on(async {
            let mut line = Line::new().await;
            line.back_up().await;
            for what in story {
                match what {
                    Happens::Say(lane) => line.say(lane),
                    Happens::Weather(weather) => line.proxy.weather(weather),
                    Happens::PowerCut => line.power_cut().await,
                    Happens::PlatformRestarts => line.platform_restarts().await,
                    Happens::BackUp => line.back_up().await,
                    Happens::Restore => line.restore().await,
                    Happens::Clock(year) => {
                        line.wall_ms.store((year - 1970) * 31_557_600_000, Ordering::Release);
                    }
                }
            }
            line.all_had_one_effect().await;
        });
    }
}

/// Cuts the connection after every so many bytes of an exchange of three events.
fn cut_everywhere(step: usize) {
    runtime().block_on(async {
        let mut line = Line::new().await;
        let before = line.proxy.carried();
        line.power_cut().await;
        (0..3).for_each(|_| line.say(Lane::RollCall));
        line.all_had_one_effect().await;
        let whole = line.proxy.carried() - before;
        for bytes in (0..whole).step_by(step) {
            line.proxy.weather(Weather::CutAfter(bytes));
            (0..3).for_each(|_| line.say(Lane::RollCall));
            line.running().cell.told().await;
            line.all_had_one_effect().await;
        }
    });
}

#[test]
fn invariant_02_a_connection_cut_anywhere_doubles_nothing() {
    cut_everywhere(if is_long() { 1 } else { 400 });
}

/// A voice after its event, through a network that cuts after every few bytes, a power cut and a restarted platform.
#[test]
fn a_blob_arrives_whole_through_a_network_that_cuts_everywhere() {
    runtime().block_on(async {
        let mut line = Line::new().await;
        let bytes: Vec<u8> = (0..400_000_u32).map(|n| n.to_be_bytes()[n as usize % 4]).collect();
        let at = line.running().cell.now();
        let id = line.running().cell.speak(&trouble(at), &bytes);
        line.kept.push((id, None));
        for round in 0..if is_long() { 400 } else { 40 } {
            line.proxy.weather(Weather::CutAfter(5_000 + round * 997 % 20_000));
            line.running().wake.ring();
            line.running().cell.told().await;
            match round {
                10 => line.power_cut().await,
                20 => line.platform_restarts().await,
                _ => {}
            }
        }
        line.all_had_one_effect().await;
        let blobs = line.dir.path().join("platform/blobs");
        let folder = blobs.read_dir().unwrap().next().unwrap().unwrap().path();
        let kept: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(kept.len(), 1);
        assert_eq!(std::fs::read(&kept[0]).unwrap(), bytes);
    });
}

#[test]
fn invariant_07_an_alarm_arrives_while_ten_thousand_orders_wait() {
    runtime().block_on(async {
        let mut line = Line::new().await;
        line.proxy.weather(Weather::BlackHole);
        let at = line.running().cell.now();
        let orders: Vec<Event> = (0..10_000)
            .map(|_| {
                let (detainee, cause) = (DetaineeId::fresh(), ErasureCause::LeftCell);
                Event::TemplateErased(TemplateErased { detainee, at, cause })
            })
            .collect();
        line.running().cell.keep(&orders);
        line.proxy.weather(Weather::Fair);
        line.say(Lane::Alarm);
        let alarm = line.kept[0].0;
        let rung = async {
            while !line.effects().await.contains_key(&alarm) {
                line.running().cell.told().await;
            }
        };
        tokio::time::timeout(PATIENCE, rung).await.unwrap();
        let waiting = line.running().cell.counts(Lane::Order).pending;
        assert!(waiting > 5_000, "the alarm did not wait behind them: {waiting} still do");
    });
}

/// One event of the store's first lane whose effect can be told from every other's.
fn trouble(at: contract::Stamp) -> Event {
    Event::DeviceTroubled(DeviceTroubled { at, trouble: DeviceTrouble::StoreDamaged { salvaged: 0 } })
}
