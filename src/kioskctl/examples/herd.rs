// SPDX-License-Identifier: GPL-3.0-only
//! Many terminals lose their platform together and come back, as JSON:
//! `cargo run -q --release -p kioskctl --example herd -- FOLDER [TERMINALS]`.
//!
//! Each terminal is the real `sync` with its own keys, certificate and connections, over TLS on loopback, and all of them
//! share one process with the reference platform: what is measured is this machine doing both sides. While they come
//! back, some raise an alarm each; it is timed from its making to its verdict. Aims: no second sees twice as many come
//! back as the platform's window means, and the alarms' p99 is within two seconds of the platform being there.

use contract::{
    AlarmRaised, Batch, BatchId, BatchReply, Blob, BlobState, DeviceId, Digest, Envelope, Event, EventId,
    FacilityKind, FeedPage, Flow, HexBytes, Lane, LaneHead, MediaItem, Signed, SigningKey, Stamp, Terminal,
    TerminalId,
};
use device::{Clock, SystemClock};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use sync::{Cell, LinkState, Outbox, Quarantine, Setup};

const TERMINALS: usize = 2_000;
/// One terminal in so many raises an alarm during the return.
const ALARM_EVERY: usize = 20;
/// What the platform names as its window, in seconds, before a terminal was told another one.
const WINDOW_S: u64 = 30;
/// No wait of the run is longer.
const PATIENCE: Duration = Duration::from_secs(600);
/// How often the herd is looked at.
const LOOK: Duration = Duration::from_millis(20);

type Failure = Box<dyn std::error::Error>;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().map(PathBuf::from).ok_or("give a folder on the disk to measure")?;
    let count = args.next().map_or(Ok(TERMINALS), |text| text.parse())?;
    let folder = tempfile::tempdir_in(folder)?;
    let data = folder.path().join("platform");
    let config = platform::Config::loopback(&data);
    let running = platform::start(config.clone()).await?;
    let (gateway_addr, root) = (running.gateway_addr, running.platform.root_pem().to_owned());

    let begun = Instant::now();
    let wall: sync::WallClock = Arc::new(|| now().wall_ms);
    let mut herd = Vec::with_capacity(count);
    for n in 0..count {
        let terminal = place(&running.platform, n).await?;
        let code = running.platform.enrolment_code(terminal).await?;
        let dir = folder.path().join(format!("kiosk-{n}"));
        let gateway = format!("https://{gateway_addr}");
        let identity = Arc::new(sync::enrol(&dir, &gateway, &root, &code, Arc::clone(&wall)).await?);
        let cell = Arc::new(Beast::new(identity.device(), identity.signing_key()));
        let setup = Setup::new(Arc::clone(&wall));
        let wake = setup.wake.clone();
        herd.push((sync::start(identity, Arc::clone(&cell), setup), cell, wake));
    }
    let enrolled_s = begun.elapsed().as_secs_f64();
    reached(|| herd.iter().all(|(_, cell, _)| cell.is_online())).await?;

    running.stop().await;
    reached(|| herd.iter().all(|(_, cell, _)| !cell.is_online())).await?;
    let running = platform::start(platform::Config { gateway: gateway_addr, ..config }).await?;
    let back = Instant::now();
    for (_, cell, wake) in herd.iter().step_by(ALARM_EVERY) {
        cell.raise()?;
        wake.ring();
    }
    let settled = |cell: &Beast| cell.kept().took.is_some() || cell.kept().pending.is_none();
    reached(|| herd.iter().all(|(_, cell, _)| cell.is_online() && settled(cell))).await?;

    let came: Vec<Duration> = herd
        .iter()
        .filter_map(|(_, cell, _)| Some(cell.kept().online?.saturating_duration_since(back)))
        .collect();
    let mut alarms: Vec<Duration> = herd.iter().filter_map(|(_, cell, _)| cell.kept().took).collect();
    alarms.sort_unstable();
    let mut per_second = vec![0_usize; 1 + came.iter().max().map_or(0, |last| last.as_secs() as usize)];
    came.iter().for_each(|at| per_second[at.as_secs() as usize] += 1);
    let p99 = alarms.get((alarms.len() * 99).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default();
    let report = serde_json::json!({
        "terminals": count,
        "enrolled_per_s": count as f64 / enrolled_s,
        "window_s": WINDOW_S,
        "mean_per_s": count as f64 / WINDOW_S as f64,
        "most_per_s": per_second.iter().max(),
        "all_back_s": came.iter().max().map(Duration::as_secs_f64),
        "alarms": alarms.len(),
        "alarm_p99_ms": p99.as_millis(),
    });
    for (tasks, ..) in herd {
        tasks.stop().await;
    }
    running.stop().await;
    #[expect(clippy::print_stdout, reason = "the report")]
    {
        println!("{report}");
    }
    Ok(())
}

async fn place(platform: &platform::Platform, n: usize) -> Result<TerminalId, Failure> {
    let terminal = Terminal {
        terminal: TerminalId::fresh(),
        block: format!("{}", n / 40).as_str().into(),
        cell: format!("{n}").as_str().into(),
        utc_offset_min: 480,
    };
    let facility = contract::Facility { name: "bench".into(), kind: FacilityKind::DetentionCentre };
    platform.put_terminal(&terminal, &facility).await?;
    Ok(terminal.terminal)
}

async fn reached(what: impl Fn() -> bool) -> Result<(), Failure> {
    let looking = async {
        while !what() {
            tokio::time::sleep(LOOK).await;
        }
    };
    Ok(tokio::time::timeout(PATIENCE, looking).await?)
}

/// A cell in memory that has at most one alarm.
struct Beast {
    device: DeviceId,
    key: Arc<SigningKey>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// Since when the link is up.
    online: Option<Instant>,
    pending: Option<(Envelope, Instant)>,
    took: Option<Duration>,
    position: Option<(u64, Digest)>,
}

impl Beast {
    fn new(device: DeviceId, key: Arc<SigningKey>) -> Self {
        Self { device, key, kept: Mutex::default() }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_online(&self) -> bool {
        self.kept().online.is_some()
    }

    fn raise(&self) -> Result<(), Failure> {
        let event = Event::AlarmRaised(AlarmRaised { at: now() });
        let mut envelope = Envelope {
            device: self.device,
            epoch: 1,
            lane: event.lane(),
            seq: 1,
            id: EventId::in_order(),
            kind: event.kind().to_owned(),
            time: now(),
            prev: Digest::ZERO,
            body: event.body()?,
            withheld: None,
            blobs: Vec::new(),
            signature: HexBytes::default(),
        };
        envelope.sign(&self.key)?;
        self.kept().pending = Some((envelope, Instant::now()));
        Ok(())
    }
}

impl Outbox for Beast {
    async fn next_batch(&self, lane: Lane, _: Flow) -> Option<Batch> {
        let kept = self.kept();
        let (event, _) =
            kept.pending.as_ref().filter(|(event, _)| event.lane == lane && kept.took.is_none())?;
        let (batch, device, epoch) = (BatchId::fresh(), self.device, event.epoch);
        Some(Batch { batch, device, epoch, lane, events: vec![event.clone()] })
    }

    async fn settle(&self, _: BatchReply, _: Signed) {
        let mut kept = self.kept();
        kept.took = kept.pending.as_ref().map(|(_, made)| made.elapsed());
    }

    fn link(&self, state: LinkState) {
        let mut kept = self.kept();
        match state {
            LinkState::Online => kept.online = kept.online.or_else(|| Some(Instant::now())),
            LinkState::Offline | LinkState::Connecting | LinkState::Refused(_) => kept.online = None,
        }
    }

    fn witness(&self, _: i64, _: i64) {}

    async fn quarantine(&self, _: EventId, _: Quarantine) {}
}

impl Cell for Beast {
    async fn feed_position(&self) -> (u64, Digest) {
        self.kept().position.unwrap_or((0, Digest::ZERO))
    }

    async fn apply(&self, page: FeedPage, digest: Digest) {
        self.kept().position = Some((page.to, digest));
    }

    async fn heads(&self, _: Vec<LaneHead>) {}

    async fn next_blob(&self, _: Vec<Digest>) -> Option<(Blob, Vec<u8>)> {
        None
    }

    async fn blob_whole(&self, _: BlobState, _: Signed) {}

    async fn media(&self) -> Vec<MediaItem> {
        Vec::new()
    }
}

fn now() -> Stamp {
    static CLOCK: LazyLock<SystemClock> = LazyLock::new(SystemClock::new);
    CLOCK.now()
}
