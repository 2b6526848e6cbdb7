// SPDX-License-Identifier: GPL-3.0-only
//! Sends batches until each event has a verdict.
//!
//! One batch at a time, so each lane has at most one in flight. A batch without a believable reply changes nothing: the
//! cell is asked again and gives the same events. What the platform can never take is narrowed down to one event and
//! handed to the cell's quarantine; everything behind it goes on. A `retry` stops its own lane only.

use crate::route::Route;
use crate::switch::Wake;
use crate::transport::Failure;
use crate::turns::Turns;
use crate::{Outbox, Quarantine};
use contract::{Batch, BatchReply, EventId, Flow, Lane, Signed, Verdict};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// The queue is looked at this often even when no bell rang.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// A lane whose batch moved nothing waits at least this long.
const HOLD_MIN: Duration = Duration::from_secs(1);

pub(crate) struct Pusher<C> {
    route: Arc<Route>,
    cell: Arc<C>,
    /// Rung when events are settled; held so that it outlives its ringers.
    bell: Wake,
    wake: watch::Receiver<u64>,
    /// No verdict or flow makes a lane wait longer.
    wait_max: Duration,
    turns: Turns,
    flow: Flow,
    lanes: BTreeMap<Lane, LaneFlow>,
}

/// What is known of one lane's sending.
#[derive(Default)]
struct LaneFlow {
    /// Fewer events than the platform's limit, while it cannot take a whole batch.
    events_max: Option<u32>,
    hold_until: Option<Instant>,
    /// The first event of the last batch that was settled.
    settled_first: Option<EventId>,
}

impl<C: Outbox> Pusher<C> {
    /// Sends `lanes`, highest first; none of them ever waits longer than `wait_max` for anything but the network.
    pub(crate) fn new(
        route: Arc<Route>,
        cell: Arc<C>,
        bell: &Wake,
        lanes: &[Lane],
        wait_max: Duration,
    ) -> Self {
        Self {
            route,
            cell,
            bell: bell.clone(),
            wake: bell.ear(),
            wait_max,
            turns: Turns::new(lanes),
            flow: Flow::default(),
            lanes: lanes.iter().map(|lane| (*lane, LaneFlow::default())).collect(),
        }
    }

    /// Runs until told to stop.
    pub(crate) async fn run(mut self) {
        let route = Arc::clone(&self.route);
        loop {
            self.wake.mark_unchanged();
            let Some(pass) = route.enter().await else { return };
            let Some(batch) = self.next_batch().await else {
                drop(pass);
                self.rest().await;
                continue;
            };
            self.turns.served(batch.lane);
            match pass.events(&batch).await {
                Ok(heard) => self.settle(&batch, heard.message, heard.signed).await,
                Err(failure) => self.narrow(&batch, &failure).await,
            }
        }
    }

    async fn next_batch(&self) -> Option<Batch> {
        let now = Instant::now();
        for lane in self.turns.order() {
            let known = self.lanes.get(&lane);
            if known.and_then(|known| known.hold_until).is_some_and(|until| until > now) {
                continue;
            }
            let events_max = known.and_then(|known| known.events_max).unwrap_or(self.flow.events_max);
            let flow = Flow { events_max: events_max.clamp(1, self.flow.events_max.max(1)), ..self.flow };
            if let Some(batch) =
                self.cell.next_batch(lane, flow).await.filter(|batch| !batch.events.is_empty())
            {
                return Some(batch);
            }
        }
        None
    }

    /// Waits for the bell, the end of a hold, the time to look again, or the end.
    async fn rest(&mut self) {
        let now = Instant::now();
        let holds = self.lanes.values().filter_map(|known| known.hold_until).filter(|until| *until > now);
        let until = holds.min().unwrap_or(now + LOOK_EVERY).min(now + LOOK_EVERY);
        tokio::select! {
            _ = self.wake.changed() => {}
            () = tokio::time::sleep_until(until) => {}
            () = self.route.stop().told() => {}
        }
    }

    async fn settle(&mut self, batch: &Batch, reply: BatchReply, receipt: Signed) {
        let retry_after = reply.verdicts.iter().find_map(|verdict| match verdict.verdict {
            Verdict::Retry { after_s } => Some(Duration::from_secs(after_s.into())),
            Verdict::Accepted
            | Verdict::Duplicate
            | Verdict::Parked { .. }
            | Verdict::Rejected { .. }
            | Verdict::Fork => None,
        });
        self.flow = Flow {
            events_max: reply.flow.events_max.clamp(1, contract::EVENTS_MAX as u32),
            bytes_max: reply.flow.bytes_max.clamp(1, Flow::default().bytes_max),
            interval_ms: reply.flow.interval_ms,
        };
        self.cell.settle(reply, receipt).await;
        // What the settled events name may follow them.
        self.bell.ring();
        let first = batch.events.first().map(|event| event.id);
        let known = self.lanes.entry(batch.lane).or_default();
        known.events_max =
            known.events_max.and_then(|max| max.checked_mul(2)).filter(|max| *max < self.flow.events_max);
        let stuck = known.settled_first == first;
        known.settled_first = first;
        if let Some(after) = retry_after {
            known.hold_until = Some(Instant::now() + after.max(HOLD_MIN).min(self.wait_max));
        } else if stuck {
            tracing::warn!(lane = batch.lane.name(), "a settled event was sent again");
            known.hold_until = Some(Instant::now() + HOLD_MIN);
        }
        let interval = Duration::from_millis(self.flow.interval_ms.into()).min(self.wait_max);
        if !interval.is_zero() && !batch.lane.never_stops() {
            tokio::select! {
                () = tokio::time::sleep(interval) => {}
                () = self.route.stop().told() => {}
            }
        }
    }

    /// A batch that is too large, or cannot be read, is tried again with half of it, down to one event.
    async fn narrow(&mut self, batch: &Batch, failure: &Failure) {
        let reason = match failure {
            Failure::Status { status: 413, .. } => Quarantine::TooLarge,
            Failure::Status { status: 422, .. } => Quarantine::Unreadable,
            Failure::Status { .. }
            | Failure::Cut
            | Failure::TimedOut
            | Failure::Unreachable(_)
            | Failure::Untrusted(_)
            | Failure::Clock(_)
            | Failure::OwnCertificate(_)
            | Failure::Long { .. }
            | Failure::NoMessage
            | Failure::Unsigned(_)
            | Failure::Unfit { .. }
            | Failure::Batch(_) => return,
        };
        let known = self.lanes.entry(batch.lane).or_default();
        match batch.events.as_slice() {
            [only] => {
                tracing::error!(lane = batch.lane.name(), hash = %only.hash(), "the platform cannot take an event");
                known.events_max = None;
                if known.settled_first.replace(only.id) == Some(only.id) {
                    known.hold_until = Some(Instant::now() + HOLD_MIN);
                }
                self.cell.quarantine(only.id, reason).await;
            }
            events => known.events_max = Some((events.len() / 2).max(1) as u32),
        }
    }
}
