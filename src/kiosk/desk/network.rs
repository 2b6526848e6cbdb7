// SPDX-License-Identifier: GPL-3.0-only
//! The network's questions to the store, and what the store itself needs from time to time. What may be stuck or lost
//! is told upward in the alarm's lane.

use super::{Ask, Desk};
use contract::{DeviceTrouble, EventId, Lane, Stamp, Text};
use services::device::{self, Facts};
use services::{Actor, complaint};
use store::{Fault, FeedPosition};

/// Old receipts are looked for, and the terminal's health is told, this often, in milliseconds.
const TIDY_EVERY_MS: i64 = 3_600_000;
/// After a start the camera, the models and the platform's time take this long to be known, in milliseconds.
const SETTLED_MS: i64 = 60_000;

impl Desk {
    pub(super) fn answer(&mut self, ask: Ask, now: &Stamp) {
        // A receiver that is gone has given up waiting: nothing to tell it.
        match ask {
            Ask::NextBatch(lane, flow, reply) => {
                let batch = self.store.read(|read| {
                    let waits = lane == Lane::Complaint && complaint::is_held(read, now)?;
                    if waits { Ok(None) } else { read.next_batch(lane, flow) }
                });
                let batch = batch.unwrap_or_else(|fault| {
                    tracing::error!(fault = &fault as &dyn std::error::Error, "the outbox cannot be read");
                    None
                });
                self.batches += u64::from(batch.is_some());
                reply.send(batch).ok();
            }
            Ask::Settle(verdicts, receipt, reply) => {
                let kept = self.write(|tx| {
                    let receipt = serde_json::to_string(&receipt).map_err(Fault::Event)?;
                    tx.settle(&verdicts, &receipt, now)
                });
                if kept.is_some() {
                    self.settled += 1;
                    self.tell_forks(now);
                    reply.send(()).ok();
                }
            }
            Ask::FeedPosition(reply) => {
                if let Ok(position) = self.store.read(|read| read.feed_position()) {
                    reply.send(position).ok();
                }
            }
            Ask::Apply(page, digest, reply) => {
                let applied = self.write(|tx| {
                    services::apply(tx, &page, now)?;
                    tx.set_feed_position(FeedPosition { cursor: page.to, digest })
                });
                if applied.is_some() {
                    reply.send(()).ok();
                }
            }
            Ask::Heads(heads, reply) => {
                if self.write(|tx| tx.compare(&heads)).is_some() {
                    reply.send(()).ok();
                }
            }
            Ask::NextBlob(besides, reply) => {
                let blob = self.store.read(|read| read.next_blob(&besides)).unwrap_or_else(|fault| {
                    tracing::error!(fault = &fault as &dyn std::error::Error, "the blobs cannot be read");
                    None
                });
                reply.send(blob).ok();
            }
            Ask::Media(reply) => {
                if let Ok(list) = self.store.read(|read| read.media()) {
                    reply.send(list).ok();
                }
            }
            Ask::BlobWhole(state, receipt, reply) => {
                let kept = self.write(|tx| {
                    let receipt = serde_json::to_string(&receipt).map_err(Fault::Event)?;
                    tx.blob_whole(&state, &receipt, now)
                });
                if kept.is_some() {
                    reply.send(()).ok();
                }
            }
            Ask::Quarantine(event, reply) => {
                if self.quarantine(event, now).is_some() {
                    reply.send(()).ok();
                }
            }
        }
    }

    /// A store that was damaged is told, once, when the loop starts.
    pub fn tell_damage(&mut self, salvaged: usize) {
        let salvaged = u32::try_from(salvaged).unwrap_or(u32::MAX);
        let now = self.clock.now();
        self.act(Actor::Machine, device::Intent::Trouble(DeviceTrouble::StoreDamaged { salvaged }), &now);
    }

    /// Lanes the platform stopped go on in a new epoch. What a power cut leaves undone is done at the next start.
    pub(super) fn tell_forks(&mut self, now: &Stamp) {
        let forked = self.store.read(|read| read.forked()).unwrap_or_default();
        for (epoch, lane) in forked {
            if epoch == self.store.epoch()
                && let Err(fault) = self.store.begin_epoch()
            {
                return self.failed(&fault);
            }
            self.write(|tx| {
                tx.fork_told(epoch, lane)?;
                device::tell(tx, DeviceTrouble::LaneForked { lane, epoch }, now)
            });
        }
    }

    fn quarantine(&mut self, event: EventId, now: &Stamp) -> Option<()> {
        self.write(|tx| {
            let Some(held) = tx.quarantine(event)? else { return Ok(()) };
            // Of a report that cannot be read no further report is made.
            if held.kind == device::TROUBLE {
                return Ok(());
            }
            device::tell(tx, DeviceTrouble::Quarantined { lane: held.lane, hash: held.hash }, now)
        })
    }

    /// Forgets what was acknowledged long ago, a part of it at a time.
    pub(super) fn tidy(&mut self, now: &Stamp) {
        let due = self.tidied.is_none_or(|at| at.boot != now.boot || now.since_ms(&at) >= TIDY_EVERY_MS);
        // A disk that fails is asked again in an hour: nobody's touch waits for this.
        if due && self.write(|tx| tx.forget_old(now)).is_none_or(|forgotten| forgotten == 0) {
            self.tidied = Some(*now);
            if let Err(fault) = self.store.sweep() {
                tracing::warn!(fault = &fault as &dyn std::error::Error, "forgotten files were not swept");
            }
        }
    }

    /// Tells the platform how the terminal is doing.
    pub(super) fn tell_health(&mut self, now: &Stamp) {
        let next_ms = self.health_ms.get_or_insert(now.mono_ms.saturating_add(SETTLED_MS));
        if now.mono_ms >= *next_ms {
            self.health_ms = Some(now.mono_ms.saturating_add(TIDY_EVERY_MS));
            let facts = self.facts();
            self.act(Actor::Machine, device::Intent::Health(facts), now);
        }
    }

    pub(super) fn facts(&self) -> Facts {
        Facts {
            version: Text::new(env!("CARGO_PKG_VERSION")),
            clock_behind_ms: self.clock.behind_ms(),
            camera: self.eye.camera,
            models: self.eye.models,
        }
    }
}
