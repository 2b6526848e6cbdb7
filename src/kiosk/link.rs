// SPDX-License-Identifier: GPL-3.0-only
//! The network's side of the loop: every question becomes an [`Input`] and waits for its answer.

use crate::desk::{Ask, Input};
use contract::{
    Batch, BatchReply, Blob, BlobState, Digest, EventId, FeedPage, Flow, Lane, LaneHead, MediaItem, Signed,
};
use device::Clock;
use services::scene::Link;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use store::FeedPosition;
use sync::{Cell, LinkState, Outbox, Quarantine, Why};
use tokio::sync::oneshot;

/// Reaches the loop from the network's tasks.
pub(crate) struct DeskCell {
    inputs: Mutex<Sender<Input>>,
    clock: Arc<dyn Clock>,
}

impl DeskCell {
    pub(crate) fn new(inputs: Sender<Input>, clock: Arc<dyn Clock>) -> Self {
        Self { inputs: Mutex::new(inputs), clock }
    }

    fn send(&self, input: Input) {
        // A loop that is gone is being shut down.
        self.inputs.lock().unwrap_or_else(PoisonError::into_inner).send(input).ok();
    }

    async fn ask<T>(&self, ask: impl FnOnce(oneshot::Sender<T>) -> Ask) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.send(Input::Ask(ask(reply)));
        answer.await.ok()
    }
}

impl Outbox for DeskCell {
    async fn next_batch(&self, lane: Lane, flow: Flow) -> Option<Batch> {
        self.ask(|reply| Ask::NextBatch(lane, flow, reply)).await.flatten()
    }

    async fn settle(&self, reply: BatchReply, receipt: Signed) {
        self.ask(|done| Ask::Settle(reply, receipt, done)).await;
    }

    fn link(&self, state: LinkState) {
        let link = match state {
            LinkState::Online => Link::Online,
            LinkState::Offline | LinkState::Connecting => Link::Offline,
            LinkState::Refused(Why::NotEnrolled) => Link::NotEnrolled,
            LinkState::Refused(_) => Link::Refused,
        };
        self.send(Input::Link(link));
    }

    fn witness(&self, server_ms: i64, round_trip_ms: i64) {
        self.clock.witness(server_ms, round_trip_ms);
    }

    async fn quarantine(&self, event: EventId, _reason: Quarantine) {
        self.ask(|done| Ask::Quarantine(event, done)).await;
    }
}

impl Cell for DeskCell {
    async fn next_blob(&self, besides: Vec<Digest>) -> Option<(Blob, Vec<u8>)> {
        self.ask(|reply| Ask::NextBlob(besides, reply)).await.flatten()
    }

    async fn blob_whole(&self, state: BlobState, receipt: Signed) {
        self.ask(|done| Ask::BlobWhole(state, receipt, done)).await;
    }

    async fn media(&self) -> Option<Vec<MediaItem>> {
        self.ask(Ask::Media).await
    }

    async fn feed_position(&self) -> (u64, Digest) {
        let start = FeedPosition { cursor: 0, digest: Digest::ZERO };
        let position = self.ask(Ask::FeedPosition).await.unwrap_or(start);
        (position.cursor, position.digest)
    }

    async fn apply(&self, page: FeedPage, digest: Digest) {
        self.ask(|done| Ask::Apply(page, digest, done)).await;
    }

    async fn heads(&self, heads: Vec<LaneHead>) {
        self.ask(|done| Ask::Heads(heads, done)).await;
    }
}
