// SPDX-License-Identifier: GPL-3.0-only
//! One lane of a test terminal in an epoch of its own: numbered, chained and signed as the protocol wants, or not.

use super::Miss;
use super::door::Answer;
use super::terminal::Terminal;
use contract::{
    Batch, BatchId, BatchReply, BootId, CameraState, CameraStateChanged, DetaineeId, Digest, Envelope,
    ErasureCause, Event, EventId, HexBytes, Lane, Stamp, TemplateErased, Trust,
};
use device::{Clock, SystemClock};

/// Events in the making.
pub(crate) struct Line<'a> {
    pub(crate) terminal: &'a Terminal,
    pub(crate) epoch: u32,
    pub(crate) lane: Lane,
    boot: BootId,
    seq: u64,
    head: Digest,
}

impl<'a> Line<'a> {
    pub(crate) fn new(terminal: &'a Terminal, epoch: u32, lane: Lane) -> Self {
        Self { terminal, epoch, lane, boot: BootId::fresh(), seq: 0, head: Digest::ZERO }
    }

    /// The next event, of the kind that changes least: on the alarm's lane a camera that works, else the erasure of the
    /// face of somebody who never was.
    pub(crate) fn next(&mut self) -> Result<Envelope, Miss> {
        let (kind, body) = self.quiet()?;
        self.next_of(kind, body)
    }

    pub(crate) fn next_of(&mut self, kind: &str, body: String) -> Result<Envelope, Miss> {
        let envelope = self.at(self.seq + 1, self.head, kind, body)?;
        self.seq += 1;
        self.head = envelope.hash();
        Ok(envelope)
    }

    /// An event anywhere; the lane does not go on.
    pub(crate) fn at(&self, seq: u64, prev: Digest, kind: &str, body: String) -> Result<Envelope, Miss> {
        let mut envelope = Envelope {
            device: self.terminal.device,
            epoch: self.epoch,
            lane: self.lane,
            seq,
            id: EventId::in_order(),
            kind: kind.to_owned(),
            time: self.stamp(),
            prev,
            body,
            withheld: None,
            blobs: Vec::new(),
            signature: HexBytes::default(),
        };
        self.sign(&mut envelope)?;
        Ok(envelope)
    }

    /// Another event at a number that is taken.
    pub(crate) fn instead_of(&self, taken: &Envelope) -> Result<Envelope, Miss> {
        let (kind, body) = self.quiet()?;
        self.at(taken.seq, taken.prev, kind, body)
    }

    pub(crate) fn sign(&self, envelope: &mut Envelope) -> Result<(), Miss> {
        envelope.sign(&self.terminal.key).map_err(|error| Miss::Untested(format!("failed to {error}")))
    }

    pub(crate) fn quiet(&self) -> Result<(&'static str, String), Miss> {
        let at = self.stamp();
        let event = if self.lane == Lane::Alarm {
            Event::CameraStateChanged(CameraStateChanged { at, state: CameraState::Working })
        } else {
            let (detainee, cause) = (DetaineeId::fresh(), ErasureCause::LeftCell);
            Event::TemplateErased(TemplateErased { detainee, at, cause })
        };
        let body =
            event.body().map_err(|error| Miss::Untested(format!("an event cannot be written: {error}")))?;
        Ok((event.kind(), body))
    }

    pub(crate) fn batch(&self, events: &[&Envelope]) -> Batch {
        Batch {
            batch: BatchId::fresh(),
            device: self.terminal.device,
            epoch: self.epoch,
            lane: self.lane,
            events: events.iter().map(|event| (*event).clone()).collect(),
        }
    }

    pub(crate) async fn send(&self, events: &[&Envelope]) -> Result<BatchReply, Miss> {
        Ok(self.answer(events).await?.message()?.0)
    }

    pub(crate) async fn answer(&self, events: &[&Envelope]) -> Result<Answer, Miss> {
        self.terminal.door.post("/v1/events", &self.batch(events)).await
    }

    pub(crate) fn stamp(&self) -> Stamp {
        Stamp { boot: self.boot, mono_ms: 1_000, wall_ms: now_ms(), trust: Trust::Synced }
    }
}

/// Milliseconds since 1970 UTC by this machine.
pub(crate) fn now_ms() -> i64 {
    SystemClock::new().now().wall_ms
}
