// SPDX-License-Identifier: GPL-3.0-only
//! Many terminals for one measurement: the real `sync` with keys and certificates of their own, over TLS on loopback, and
//! behind it a cell in memory that raises one alarm at most.

use contract::{
    AlarmAnswers, Batch, BatchId, BatchReply, Blob, BlobState, DeviceId, Digest, Envelope, Event, EventId,
    FacilityKind, FeedPage, Flow, HexBytes, Lane, LaneHead, MediaItem, Signed, SigningKey, Stamp, Terminal,
    TerminalId,
};
use device::{Clock, SystemClock};
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use sync::{AlarmBox, Cell, Identity, LinkState, Outbox, Quarantine};

/// No wait of a run is longer.
const PATIENCE: Duration = Duration::from_secs(600);
/// How often the terminals are looked at.
const LOOK: Duration = Duration::from_millis(20);

pub(crate) type Failure = Box<dyn std::error::Error>;

/// A new terminal in a cell of its own, enrolled; its keys lie below `folder`.
pub(crate) async fn enrolled(
    running: &platform::Running,
    folder: &Path,
    n: usize,
) -> Result<Arc<Identity>, Failure> {
    let terminal = place(&running.platform, n).await?;
    let code = running.platform.enrolment_code(terminal).await?;
    let dir = folder.join(format!("kiosk-{n}"));
    let gateway = format!("https://{}", running.gateway_addr);
    Ok(Arc::new(sync::enrol(&dir, &gateway, running.platform.root_pem(), &code, wall()).await?))
}

pub(crate) fn wall() -> sync::WallClock {
    Arc::new(|| now().wall_ms)
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

pub(crate) async fn reached(what: impl Fn() -> bool) -> Result<(), Failure> {
    let looking = async {
        while !what() {
            tokio::time::sleep(LOOK).await;
        }
    };
    Ok(tokio::time::timeout(PATIENCE, looking).await?)
}

/// A cell in memory that has at most one alarm.
pub(crate) struct Beast {
    device: DeviceId,
    key: Arc<SigningKey>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
pub(crate) struct Kept {
    /// Since when the link is up.
    pub(crate) online: Option<Instant>,
    pub(crate) pending: Option<(Envelope, Instant)>,
    /// From the alarm's making to its verdict.
    pub(crate) took: Option<Duration>,
    position: Option<(u64, Digest)>,
}

impl Beast {
    pub(crate) fn new(identity: &Identity) -> Self {
        Self { device: identity.device(), key: identity.signing_key(), kept: Mutex::default() }
    }

    pub(crate) fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is_online(&self) -> bool {
        self.kept().online.is_some()
    }

    /// Makes the alarm; its task must be woken.
    pub(crate) fn raise(&self, event: &Event) -> Result<EventId, Failure> {
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
        let id = envelope.id;
        self.kept().pending = Some((envelope, Instant::now()));
        Ok(id)
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

    async fn media(&self) -> Option<Vec<MediaItem>> {
        None
    }
}

/// Nobody waits for the answers to an alarm here.
impl AlarmBox for Beast {
    async fn awaited(&self) -> Option<u64> {
        None
    }

    async fn answered(&self, _: AlarmAnswers) {}
}

/// The part of sorted times that `percent` of them are within.
pub(crate) fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or_default()
}

pub(crate) fn now() -> Stamp {
    static CLOCK: LazyLock<SystemClock> = LazyLock::new(SystemClock::new);
    CLOCK.now()
}
