// SPDX-License-Identifier: GPL-3.0-only
//! A cell without a window: the terminal's own store behind `sync::Cell`, as the desk keeps it.

use contract::{
    Batch, BatchReply, Blob, BlobState, BootId, Digest, Event, EventId, FeedPage, Flow, Lane, LaneHead,
    MediaItem, Signed, Stamp, Trust,
};
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use store::{Attached, Config, Counts, FeedPosition, Keys, PAGES_MAX, Store};
use sync::{Cell, Identity, LinkState, Outbox, Quarantine};
use tokio::sync::watch;

pub(crate) struct StoreCell {
    store: Mutex<Store>,
    boot: BootId,
    mono_ms: AtomicI64,
    /// The terminal's own idea of the time.
    wall_ms: Arc<AtomicI64>,
    changed: watch::Sender<u64>,
}

impl StoreCell {
    pub(crate) fn open(dir: &Path, identity: &Identity, wall_ms: Arc<AtomicI64>) -> Self {
        let (device, signing) = (identity.device(), identity.signing_key());
        let keys = Keys::from_storage_key(identity.storage_key()).unwrap();
        let config = Config { dir, device, signing, keys, services: &[], pages_max: PAGES_MAX };
        let (store, _) = Store::open(config).unwrap();
        let (boot, mono_ms) = (BootId::fresh(), AtomicI64::new(0));
        Self { store: Mutex::new(store), boot, mono_ms, wall_ms, changed: watch::Sender::new(0) }
    }

    pub(crate) fn now(&self) -> Stamp {
        Stamp {
            boot: self.boot,
            mono_ms: self.mono_ms.fetch_add(1, Ordering::AcqRel),
            wall_ms: self.wall_ms.load(Ordering::Acquire),
            trust: Trust::Unsynced,
        }
    }

    /// Keeps events, all in one transaction.
    pub(crate) fn keep(&self, events: &[Event]) -> Vec<EventId> {
        let now = self.now();
        self.store().write(|tx| events.iter().map(|event| tx.send(event, &now)).collect()).unwrap()
    }

    pub(crate) fn counts(&self, lane: Lane) -> Counts {
        self.store().read(|read| read.counts(lane)).unwrap()
    }

    /// Keeps an event that speaks of `bytes`.
    pub(crate) fn speak(&self, event: &Event, bytes: &[u8]) -> EventId {
        let (now, attached) = (self.now(), [Attached { bytes, mime: "audio/ogg" }]);
        self.store().write(|tx| tx.send_with(event, &attached, &now)).unwrap()
    }

    /// Waits until nothing waits.
    pub(crate) async fn drained(&self) {
        let mut changed = self.changed.subscribe();
        let blobs = || self.store().read(|read| read.blobs_waiting()).unwrap();
        while Lane::STORED.into_iter().any(|lane| self.counts(lane).pending > 0) || blobs() > 0 {
            changed.changed().await.unwrap();
        }
    }

    /// Waits for the next thing that the platform tells.
    pub(crate) async fn told(&self) {
        self.changed.subscribe().changed().await.unwrap();
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap()
    }

    fn tell(&self) {
        self.changed.send_modify(|n| *n += 1);
    }
}

impl Outbox for StoreCell {
    async fn next_batch(&self, lane: Lane, flow: Flow) -> Option<Batch> {
        self.store().read(|read| read.next_batch(lane, flow)).unwrap()
    }

    async fn settle(&self, reply: BatchReply, receipt: Signed) {
        let (now, receipt) = (self.now(), serde_json::to_string(&receipt).unwrap());
        self.store().write(|tx| tx.settle(&reply, &receipt, &now)).unwrap();
        self.tell();
    }

    fn link(&self, _state: LinkState) {
        self.tell();
    }

    fn witness(&self, _server_ms: i64, _round_trip_ms: i64) {}

    async fn quarantine(&self, event: EventId, _reason: Quarantine) {
        self.store().write(|tx| tx.quarantine(event)).unwrap();
    }
}

impl Cell for StoreCell {
    async fn feed_position(&self) -> (u64, Digest) {
        let position = self.store().read(|read| read.feed_position()).unwrap();
        (position.cursor, position.digest)
    }

    async fn apply(&self, page: FeedPage, digest: Digest) {
        let position = FeedPosition { cursor: page.to, digest };
        let taken = |tx: &store::Write<'_>| {
            page.items.iter().try_for_each(|item| tx.take_rev(item).map(|_| ()))?;
            tx.set_feed_position(position)
        };
        self.store().write(taken).unwrap();
        self.tell();
    }

    async fn heads(&self, heads: Vec<LaneHead>) {
        self.store().write(|tx| tx.compare(&heads)).unwrap();
        self.tell();
    }

    async fn next_blob(&self, besides: Vec<Digest>) -> Option<(Blob, Vec<u8>)> {
        self.store().read(|read| read.next_blob(&besides)).unwrap()
    }

    async fn blob_whole(&self, state: BlobState, receipt: Signed) {
        let (now, receipt) = (self.now(), serde_json::to_string(&receipt).unwrap());
        self.store().write(|tx| tx.blob_whole(&state, &receipt, &now)).unwrap();
        self.tell();
    }

    async fn media(&self) -> Option<Vec<MediaItem>> {
        None
    }
}
