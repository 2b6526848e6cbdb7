// SPDX-License-Identifier: GPL-3.0-only
//! A cell in memory that keeps the promises of `sync::Cell`.

use contract::{
    Batch, BatchId, BatchReply, Blob, BlobState, BootId, DeviceId, Digest, Envelope, EventId, FeedPage, Flow,
    HexBytes, Lane, LaneHead, MediaItem, Signed, SigningKey, Stamp, Trust, Verdict,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use sync::{Cell, LinkState, Outbox, Quarantine};
use tokio::sync::watch;

use crate::platform::PATIENCE;

pub(crate) struct FakeCell {
    device: DeviceId,
    key: Arc<SigningKey>,
    kept: Mutex<Kept>,
    changed: watch::Sender<u64>,
}

#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) pending: BTreeMap<Lane, Vec<Envelope>>,
    pub(crate) heads: BTreeMap<Lane, (u64, Digest)>,
    /// In the order the verdicts came.
    pub(crate) settled: Vec<(EventId, Verdict)>,
    /// Blobs with the event that names each, and those the platform has whole.
    pub(crate) blobs: Vec<(Blob, EventId, Vec<u8>)>,
    pub(crate) whole: Vec<Digest>,
    pub(crate) media: Vec<MediaItem>,
    /// The disk does not give the list.
    pub(crate) media_unread: bool,
    pub(crate) quarantined: Vec<(EventId, Quarantine)>,
    pub(crate) links: Vec<LinkState>,
    pub(crate) witnessed: Vec<i64>,
    /// Cursor and digest of the page that led there.
    pub(crate) position: (u64, Option<Digest>),
    pub(crate) pages: Vec<(u64, u64)>,
    /// The newest revision of each key.
    pub(crate) truth: BTreeMap<String, u64>,
}

impl FakeCell {
    pub(crate) fn new(device: DeviceId, key: Arc<SigningKey>) -> Arc<Self> {
        Arc::new(Self { device, key, kept: Mutex::default(), changed: watch::Sender::new(0) })
    }

    pub(crate) fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap()
    }

    /// Queues `count` events.
    pub(crate) fn queue(&self, lane: Lane, count: usize) -> Vec<EventId> {
        (0..count).map(|_| self.queue_one(lane)).collect()
    }

    /// Queues an event that speaks of `bytes`.
    pub(crate) fn speak(&self, lane: Lane, bytes: &[u8]) -> Digest {
        let id = self.queue_one(lane);
        let sha256 = Digest::of(bytes);
        let blob = Blob { sha256, len: bytes.len() as u64, mime: "audio/ogg".into() };
        self.kept().blobs.push((blob, id, bytes.to_vec()));
        sha256
    }

    pub(crate) async fn until(&self, what: impl Fn(&Kept) -> bool) {
        let mut changed = self.changed.subscribe();
        let reached = async {
            while !what(&self.kept()) {
                changed.changed().await.unwrap();
            }
        };
        tokio::time::timeout(PATIENCE, reached).await.expect("the cell gets there in time");
    }

    /// Waits until the screen shows `state`.
    pub(crate) async fn until_link(&self, state: LinkState) {
        self.until(|kept| kept.links.last() == Some(&state)).await;
    }

    fn queue_one(&self, lane: Lane) -> EventId {
        let mut kept = self.kept();
        let (seq, prev) = kept.heads.get(&lane).copied().unwrap_or((0, Digest::ZERO));
        let mut event = Envelope {
            device: self.device,
            epoch: 1,
            lane,
            seq: seq + 1,
            id: EventId::fresh(),
            kind: "test/1".to_owned(),
            time: Stamp { boot: BootId::fresh(), mono_ms: 1, wall_ms: 2, trust: Trust::Unsynced },
            prev,
            body: "{}".to_owned(),
            withheld: None,
            blobs: Vec::new(),
            signature: HexBytes::default(),
        };
        event.sign(&self.key).unwrap();
        kept.heads.insert(lane, (event.seq, event.hash()));
        let id = event.id;
        kept.pending.entry(lane).or_default().push(event);
        id
    }

    fn change<T>(&self, change: impl FnOnce(&mut Kept) -> T) -> T {
        let value = change(&mut self.kept());
        self.changed.send_modify(|n| *n += 1);
        value
    }
}

impl Outbox for FakeCell {
    async fn next_batch(&self, lane: Lane, flow: Flow) -> Option<Batch> {
        let kept = self.kept();
        let pending = kept.pending.get(&lane)?;
        let events: Vec<Envelope> = pending.iter().take(flow.events_max as usize).cloned().collect();
        (!events.is_empty()).then(|| Batch {
            batch: BatchId::fresh(),
            device: self.device,
            epoch: 1,
            lane,
            events,
        })
    }

    async fn settle(&self, reply: BatchReply, _receipt: Signed) {
        self.change(|kept| {
            for verdict in reply.verdicts {
                if matches!(verdict.verdict, Verdict::Retry { .. }) {
                    continue;
                }
                let pending = kept.pending.entry(reply.lane).or_default();
                let before = pending.len();
                pending.retain(|event| event.id != verdict.id || event.hash() != verdict.hash);
                assert_eq!(pending.len() + 1, before, "a verdict is for one waiting event");
                kept.settled.push((verdict.id, verdict.verdict));
            }
        });
    }

    fn link(&self, state: LinkState) {
        self.change(|kept| kept.links.push(state));
    }

    fn witness(&self, server_ms: i64, round_trip_ms: i64) {
        assert!(round_trip_ms >= 0);
        self.change(|kept| kept.witnessed.push(server_ms));
    }

    async fn quarantine(&self, event: EventId, reason: Quarantine) {
        self.change(|kept| {
            kept.pending.values_mut().for_each(|pending| pending.retain(|waiting| waiting.id != event));
            kept.quarantined.push((event, reason));
        });
    }
}

impl Cell for FakeCell {
    async fn feed_position(&self) -> (u64, Digest) {
        let (cursor, digest) = self.kept().position;
        (cursor, digest.unwrap_or(Digest::ZERO))
    }

    async fn apply(&self, page: FeedPage, digest: Digest) {
        self.change(|kept| {
            for item in &page.items {
                let held = kept.truth.entry(item.key.clone()).or_default();
                *held = item.rev.max(*held);
            }
            kept.pages.push((page.from, page.to));
            kept.position = (page.to, Some(digest));
        });
    }

    async fn heads(&self, _heads: Vec<LaneHead>) {}

    async fn next_blob(&self, besides: Vec<Digest>) -> Option<(Blob, Vec<u8>)> {
        let kept = self.kept();
        let settled = |id: &EventId| kept.settled.iter().any(|(settled, _)| settled == id);
        let waiting = |(blob, event, _): &&(Blob, EventId, Vec<u8>)| {
            settled(event) && !besides.contains(&blob.sha256) && !kept.whole.contains(&blob.sha256)
        };
        kept.blobs.iter().find(waiting).map(|(blob, _, bytes)| (blob.clone(), bytes.clone()))
    }

    async fn blob_whole(&self, state: BlobState, _receipt: Signed) {
        assert!(state.whole);
        self.change(|kept| kept.whole.push(state.sha256));
    }

    async fn media(&self) -> Option<Vec<MediaItem>> {
        let kept = self.kept();
        (!kept.media_unread).then(|| kept.media.clone())
    }
}
