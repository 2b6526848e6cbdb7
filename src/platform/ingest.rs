// SPDX-License-Identifier: GPL-3.0-only
//! Batches of events and their verdicts.
//!
//! Promises: an event and its effect are one transaction, and a verdict is given only after its commit; an id has one
//! effect, however often and in whichever epoch it comes; a lane is taken gap-free; what contradicts what is held is
//! kept whole and stops the lane. What cannot be understood is kept and parked, so that it stops nobody. The alarms'
//! lanes never stop: there a contradiction is parked, with its effect, and an alarm that came out of order rings at
//! once. Limits: [`EVENTS_MAX`] events in a batch, sizes as the gateway reads them.

use crate::effects::{self, Effect};
use crate::fault::{ApiError, Code, chain};
use crate::tables::devices::{self, DeviceRow};
use crate::tables::events::{self, LaneKey, LaneRow};
use crate::tables::roll_calls::{self, NoticeKind, Origin};
use crate::tables::{self, Conn, blobs, parked};
use crate::{Core, Fault, complaints, replay};
use contract::{
    Batch, BatchReply, Digest, EVENTS_MAX, Envelope, EnvelopeError, Event, Flow, KINDS, Lane, Signed,
    Verdict, VerdictFor,
};
use sqlx::Acquire;

/// Most bytes the bodies of a batch may have together.
const BODIES_BYTES_MAX: usize = 256 * 1024;
/// After a loss, a terminal's first try waits a random part of this, in seconds: a facility has tens of terminals.
const RECONNECT_WINDOW_S: u32 = 30;
/// A terminal that is told of a gap comes again after this, in seconds.
const RETRY_AFTER_S: u32 = 1;

/// Takes a batch of `device` and says what became of each event.
pub(crate) async fn take(core: &Core, device: &DeviceRow, batch: Batch) -> Result<Signed, ApiError> {
    check(device, &batch)?;
    let now_ms = core.clock.now_ms();
    let key = LaneKey { device: device.id, epoch: batch.epoch, lane: batch.lane };
    let mut write = match batch.lane {
        // Orders are among them.
        Lane::Order => core.tables.write_books(device.terminal).await?,
        Lane::Alarm | Lane::Panic | Lane::RollCall | Lane::Care | Lane::Complaint | Lane::Progress => {
            core.tables.write_for(device.terminal).await?
        }
    };
    devices::seen(&mut write, device.id, now_ms).await?;
    let mut lane = events::hold_lane(&mut write, key).await?;
    let mut verdicts = Vec::with_capacity(batch.events.len());
    let mut news = false;
    let mut forks = vec![false; batch.events.len()];
    for (event, fork) in batch.events.iter().zip(&mut forks) {
        let hash = event.hash();
        let mut one = One { device, key, event, hash, now_ms, news: false, fork: false };
        let verdict = one.take(&mut write, &mut lane).await?;
        news |= one.news;
        *fork = one.fork;
        verdicts.push(VerdictFor { id: event.id, seq: event.seq, hash, verdict });
    }
    write.commit().await?;
    for (told, fork) in verdicts.iter().zip(forks) {
        core.metrics.event(batch.lane, &told.verdict, fork);
    }
    if news {
        core.bells.ring(device.terminal);
    }
    if batch.lane.never_stops() {
        core.bells.alarms.ring();
    }
    if batch.lane == Lane::Care {
        core.bells.care.ring();
    }
    if batch.lane == Lane::Complaint {
        core.bells.complaints.ring();
    }
    let reply = BatchReply {
        batch: batch.batch,
        device: device.id,
        lane: batch.lane,
        acked_seq: lane.acked_seq,
        head: lane.head,
        verdicts,
        server_ms: now_ms,
        flow: Flow::default(),
        reconnect_window_s: RECONNECT_WINDOW_S,
    };
    Ok(Signed::seal("reply", &reply, &core.authority.content).map_err(Fault::from)?)
}

/// Refuses a batch that is not of one device, epoch and lane, before anything of it is read.
fn check(device: &DeviceRow, batch: &Batch) -> Result<(), ApiError> {
    if batch.device != device.id {
        return Err(Code::DeviceMismatch.into());
    }
    if batch.events.len() > EVENTS_MAX {
        return Err(Code::BatchTooLong.into());
    }
    if batch.events.iter().map(|event| event.body.len()).sum::<usize>() > BODIES_BYTES_MAX {
        return Err(Code::BatchTooLarge.into());
    }
    // PostgreSQL keeps no such text, and no terminal that keeps to JSON writes one.
    if batch.events.iter().any(|event| event.kind.contains('\0') || event.body.contains('\0')) {
        return Err(ApiError::new(Code::BatchUnreadable, "a zero in a text".to_owned()));
    }
    let fits = |event: &Envelope| {
        event.device == batch.device
            && event.epoch == batch.epoch
            && event.lane == batch.lane
            && event.seq > 0
            && tables::column(event.seq).is_ok()
    };
    if batch.events.iter().all(fits) { Ok(()) } else { Err(Code::BatchInconsistent.into()) }
}

/// What is held where an event wants to stand.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Held {
    /// The hash and first verdict at the same number.
    place: Option<(Digest, Verdict)>,
    /// The epoch and content of the same id.
    id: Option<(u32, Digest)>,
}

/// What to do with an event, by its number and hashes alone.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Take,
    /// Taken in an earlier epoch, sent again in this one: it has its place, and no second effect.
    Again,
    Repeat(Verdict),
    Gap,
    Fork(&'static str),
}

fn step(lane: &LaneRow, held: Held, event: &Envelope, hash: Digest) -> Step {
    match held.place {
        Some((same, first)) if same == hash => return Step::Repeat(first),
        Some(_) if !lane.frozen => return Step::Fork("seq"),
        Some(_) | None => {}
    }
    if lane.frozen {
        return Step::Fork("frozen");
    }
    if event.seq > lane.acked_seq + 1 {
        return Step::Gap;
    }
    if event.prev != lane.head {
        return Step::Fork("chain");
    }
    match held.id {
        None => Step::Take,
        Some((epoch, same)) if epoch != event.epoch && same == content(event) => Step::Again,
        Some(_) => Step::Fork("id"),
    }
}

/// What an event says, apart from where it stands.
fn content(event: &Envelope) -> Digest {
    let body = event.body_hash();
    Digest::of([event.kind.as_bytes(), &[0], &body.0].concat().as_slice())
}

/// One event on its way into the tables.
struct One<'a> {
    device: &'a DeviceRow,
    key: LaneKey,
    event: &'a Envelope,
    hash: Digest,
    now_ms: i64,
    /// The terminal's feed changed.
    news: bool,
    /// It contradicts what is held.
    fork: bool,
}

impl One<'_> {
    async fn take(&mut self, conn: &mut Conn, lane: &mut LaneRow) -> Result<Verdict, Fault> {
        let event = self.event;
        let held = Held {
            place: events::at(conn, self.key, event.seq).await?,
            id: events::taken(conn, event.device, event.id).await?,
        };
        let known = held.id.is_some();
        match step(lane, held, event, self.hash) {
            Step::Repeat(Verdict::Accepted) => Ok(Verdict::Duplicate),
            Step::Repeat(first) => Ok(first),
            Step::Again => {
                let verdict = match events::first_verdict(conn, event.device, event.id).await? {
                    Some(rejected @ Verdict::Rejected { .. }) => rejected,
                    Some(
                        Verdict::Accepted
                        | Verdict::Duplicate
                        | Verdict::Parked { .. }
                        | Verdict::Retry { .. }
                        | Verdict::Fork,
                    )
                    | None => Verdict::Duplicate,
                };
                self.keep(conn, lane, verdict).await
            }
            Step::Take => {
                let verdict = self.effect(conn).await?;
                events::take(conn, event, content(event)).await?;
                self.keep(conn, lane, verdict).await
            }
            Step::Gap => {
                if event.lane.never_stops() {
                    self.effect(conn).await?;
                }
                Ok(Verdict::Retry { after_s: RETRY_AFTER_S })
            }
            Step::Fork(why) => self.fork(conn, lane, why, known).await,
        }
    }

    /// Gives the event its place in the lane.
    async fn keep(&self, conn: &mut Conn, lane: &mut LaneRow, verdict: Verdict) -> Result<Verdict, Fault> {
        events::insert(conn, self.event, self.hash, &verdict, self.kept_ms()).await?;
        if let Verdict::Parked { code } = &verdict {
            let evidence = replay::evidence(code.as_str());
            parked::park(conn, self.key, self.event.seq, code.as_str(), evidence, self.kept_ms()).await?;
        }
        if self.key.lane == Lane::Complaint {
            complaints::kept(conn, self.event, self.device.terminal, &verdict, self.now_ms).await?;
        }
        self.name_blobs(conn, &verdict).await?;
        lane.acked_seq = self.event.seq;
        lane.head = self.hash;
        events::advance(conn, self.key, lane.acked_seq, lane.head).await?;
        Ok(verdict)
    }

    /// When it came, as far as it is kept: of a complaint the hour alone.
    fn kept_ms(&self) -> i64 {
        match self.key.lane {
            Lane::Complaint => complaints::hour_of(self.now_ms),
            Lane::Panic | Lane::Alarm | Lane::RollCall | Lane::Care | Lane::Order | Lane::Progress => {
                self.now_ms
            }
        }
    }

    /// What the event speaks of may follow it, if it is the device's own word.
    async fn name_blobs(&self, conn: &mut Conn, verdict: &Verdict) -> Result<(), Fault> {
        let taken = match verdict {
            Verdict::Accepted | Verdict::Duplicate | Verdict::Rejected { .. } => true,
            Verdict::Parked { code } => !replay::evidence(code.as_str()),
            Verdict::Retry { .. } | Verdict::Fork => false,
        };
        if self.event.blobs.is_empty() || !taken || self.event.check(&self.device.key).is_err() {
            return Ok(());
        }
        for blob in &self.event.blobs {
            blobs::name(conn, self.device.id, self.event.id, blob, self.now_ms).await?;
        }
        Ok(())
    }

    /// Keeps a contradiction as evidence. Every lane but the alarm's stops.
    async fn fork(
        &mut self,
        conn: &mut Conn,
        lane: &mut LaneRow,
        why: &'static str,
        known: bool,
    ) -> Result<Verdict, Fault> {
        self.fork = true;
        events::keep_fork(conn, self.event, self.hash, why, self.kept_ms()).await?;
        if !lane.frozen {
            let origin = self.origin();
            roll_calls::put_notice(conn, &origin, NoticeKind::Fork, why, self.event.time).await?;
            tracing::warn!(device = %self.device.id, lane = self.key.lane.name(), why, "a lane contradicts itself");
        }
        if !self.key.lane.never_stops() {
            events::freeze(conn, self.key, self.now_ms).await?;
            lane.frozen = true;
            return Ok(Verdict::Fork);
        }
        if !known {
            self.effect(conn).await?;
            events::take(conn, self.event, content(self.event)).await?;
        }
        let verdict = Verdict::Parked { code: why.into() };
        if self.event.seq == lane.acked_seq + 1 { self.keep(conn, lane, verdict).await } else { Ok(verdict) }
    }

    /// Has the event's effect, or none where it cannot be trusted or understood; a fault of the effect alone parks it.
    async fn effect(&mut self, conn: &mut Conn) -> Result<Verdict, Fault> {
        let understood = match understand(self.event, self.device) {
            Ok(understood) => understood,
            Err(code) => return self.park(conn, code).await,
        };
        let mut point = conn.begin().await?;
        let origin = self.origin();
        match effects::apply(&mut point, &origin, &understood, self.event.time).await {
            Ok(Effect::Done { news }) => {
                point.commit().await?;
                self.news |= news;
                Ok(Verdict::Accepted)
            }
            Ok(Effect::Parked(code)) => {
                point.rollback().await?;
                self.park(conn, code).await
            }
            Ok(Effect::Rejected(code)) => {
                point.rollback().await?;
                Ok(Verdict::Rejected { code: code.into() })
            }
            Err(fault) => {
                point.rollback().await?;
                tracing::error!(inside = chain(&fault), kind = understood.kind(), "an event had no effect");
                self.park(conn, "effect").await
            }
        }
    }

    async fn park(&self, conn: &mut Conn, code: &'static str) -> Result<Verdict, Fault> {
        roll_calls::put_notice(conn, &self.origin(), NoticeKind::Parked, code, self.event.time).await?;
        tracing::warn!(device = %self.device.id, lane = self.key.lane.name(), code, "an event is parked");
        Ok(Verdict::Parked { code: code.into() })
    }

    fn origin(&self) -> Origin {
        Origin {
            device: self.device.id,
            terminal: self.device.terminal,
            event: self.event.id,
            hash: self.hash,
            epoch: self.event.epoch,
            seq: self.event.seq,
            received_ms: self.now_ms,
            now_ms: self.now_ms,
            again: false,
        }
    }
}

/// The event, if it is the device's own, of a known kind, in that kind's lane.
pub(crate) fn understand(event: &Envelope, device: &DeviceRow) -> Result<Event, &'static str> {
    event.check(&device.key).map_err(|error| code(&error))?;
    if event.withheld.is_some() {
        return Err("withheld");
    }
    if !KINDS.iter().any(|(kind, _)| *kind == event.kind) {
        return Err("kind");
    }
    if !KINDS.contains(&(event.kind.as_str(), event.lane)) {
        return Err("lane");
    }
    Event::decode(&event.kind, &event.body).map_err(|error| code(&error))
}

fn code(error: &EnvelopeError) -> &'static str {
    match error {
        EnvelopeError::Kind { .. } => "kind",
        EnvelopeError::Body { .. } => "body",
        EnvelopeError::Size { .. } => "size",
        EnvelopeError::Signature => "signature",
    }
}

#[cfg(test)]
mod tests;
