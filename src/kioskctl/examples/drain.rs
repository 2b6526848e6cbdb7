// SPDX-License-Identifier: GPL-3.0-only
//! How fast a backlog goes up, as JSON: `cargo run -q --release -p kioskctl --example drain -- FOLDER`.
//!
//! The terminal's own store and sync against the reference platform on loopback, with full TLS and full commits on both
//! sides, in one process. The anchor of the same run sends one event a batch. Everything made in FOLDER is removed.

use contract::{
    Batch, BatchReply, Blob, BlobState, DetaineeId, Digest, ErasureCause, Event, EventId, FeedPage, Flow,
    Lane, LaneHead, MediaItem, Signed, Stamp, TemplateErased,
};
use device::{Clock, SystemClock};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use store::{Config, Fault, Keys, PAGES_MAX, Store};
use sync::{Cell, LinkState, Outbox, Quarantine, Setup};
use tokio::sync::Notify;

const BACKLOG: usize = 10_000;
const ONE_BY_ONE: usize = 300;

type Failure = Box<dyn std::error::Error>;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let folder =
        std::env::args_os().nth(1).map(PathBuf::from).ok_or("give a folder on the disk to measure")?;
    let folder = tempfile::tempdir_in(folder)?;
    let one_by_one = rate(&folder.path().join("one"), ONE_BY_ONE, 1).await?;
    let batched = rate(&folder.path().join("many"), BACKLOG, contract::EVENTS_MAX as u32).await?;
    let report = serde_json::json!({
        "events": BACKLOG,
        "events_per_s": batched,
        "one_by_one_per_s": one_by_one,
        "ratio": batched / one_by_one,
    });
    #[expect(clippy::print_stdout, reason = "the report")]
    {
        println!("{report}");
    }
    Ok(())
}

/// Events a second until the last of `count` has its verdict.
async fn rate(dir: &Path, count: usize, events_max: u32) -> Result<f64, Failure> {
    let platform = platform::start(platform::Config::loopback(dir.join("platform"))).await?;
    let seeded = platform::demo::seed(&platform.platform, platform::demo::Seed::default()).await?;
    let code = platform.platform.enrolment_code(seeded.terminal).await?;
    let gateway = format!("https://{}", platform.gateway_addr);
    let wall: sync::WallClock = Arc::new(|| now().wall_ms);
    let data = dir.join("kiosk");
    let root = platform.platform.root_pem().to_owned();
    let identity = Arc::new(sync::enrol(&data, &gateway, &root, &code, Arc::clone(&wall)).await?);
    let keys = Keys::from_storage_key(identity.storage_key())?;
    let (device, signing) = (identity.device(), identity.signing_key());
    let config = Config { dir: &data, device, signing, keys, services: &[], pages_max: PAGES_MAX };
    let (mut store, _) = Store::open(config)?;
    store.write(|tx| (0..count).try_for_each(|_| tx.send(&event(), &now()).map(drop)))?;

    let cell = Arc::new(Backlog { store: Mutex::new(store), events_max, settled: Notify::new() });
    let begun = Instant::now();
    let tasks = sync::start(identity, Arc::clone(&cell), Setup::new(wall));
    while cell.waiting()? > 0 {
        tokio::time::timeout(Duration::from_secs(60), cell.settled.notified()).await?;
    }
    let took = begun.elapsed();
    tasks.stop().await;
    platform.stop().await;
    Ok(count as f64 / took.as_secs_f64())
}

/// The store behind the network's questions.
struct Backlog {
    store: Mutex<Store>,
    events_max: u32,
    settled: Notify,
}

impl Backlog {
    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn waiting(&self) -> Result<u64, Fault> {
        self.store().read(|read| Ok(read.counts(Lane::Order)?.pending))
    }
}

impl Outbox for Backlog {
    async fn next_batch(&self, lane: Lane, flow: Flow) -> Option<Batch> {
        let flow = Flow { events_max: flow.events_max.min(self.events_max), ..flow };
        self.store().read(|read| read.next_batch(lane, flow)).ok().flatten()
    }

    async fn settle(&self, reply: BatchReply, receipt: Signed) {
        let receipt = serde_json::to_string(&receipt).unwrap_or_default();
        // What was not kept is sent again, and the run ends by its time-out.
        if self.store().write(|tx| tx.settle(&reply, &receipt, &now())).is_ok() {
            self.settled.notify_one();
        }
    }

    fn link(&self, _: LinkState) {}

    fn witness(&self, _: i64, _: i64) {}

    async fn quarantine(&self, _: EventId, _: Quarantine) {}
}

impl Cell for Backlog {
    async fn feed_position(&self) -> (u64, Digest) {
        (0, Digest::ZERO)
    }

    async fn apply(&self, _: FeedPage, _: Digest) {}

    async fn heads(&self, _: Vec<LaneHead>) {}

    async fn next_blob(&self, _: Vec<Digest>) -> Option<(Blob, Vec<u8>)> {
        None
    }

    async fn blob_whole(&self, _: BlobState, _: Signed) {}

    async fn media(&self) -> Option<Vec<MediaItem>> {
        None
    }
}

fn event() -> Event {
    let erased = TemplateErased { detainee: DetaineeId::fresh(), at: now(), cause: ErasureCause::LeftCell };
    Event::TemplateErased(erased)
}

fn now() -> Stamp {
    static CLOCK: LazyLock<SystemClock> = LazyLock::new(SystemClock::new);
    CLOCK.now()
}
