// SPDX-License-Identifier: GPL-3.0-only
//! Events on their way up: made with their state, numbered and chained, kept until a verdict for their hash.

use crate::{Fault, Read, Write, blobs};
use contract::{
    BODY_BYTES_MAX, Batch, BatchId, BatchReply, Blob, DeviceId, Digest, EVENTS_MAX, Envelope, Event, EventId,
    Flow, HexBytes, Lane, LaneHead, LaneState, PublicKey, Stamp, TerminalProof, Verdict,
};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row};
use std::path::Path;
use uuid::Uuid;

/// Where one event stands; each is said to a person only when true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// 已保存: it survives a power cut.
    Saved,
    /// 已上传平台, since this wall time in milliseconds, with the platform's verdict.
    Delivered { at_ms: i64, verdict: Verdict },
    /// The platform could not take it; kept here for a person to look at.
    Kept,
}

/// How a lane of the current epoch stands: `enqueued = acked + pending + quarantined`, always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub enqueued: u64,
    pub acked: u64,
    pub pending: u64,
    pub quarantined: u64,
}

/// An event the platform could not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    pub lane: Lane,
    pub kind: String,
    pub hash: Digest,
}

impl Write<'_> {
    /// Sends `event` with this transaction: kept when it is kept, gone when it is not. The only way out of the cell.
    ///
    /// # Errors
    /// The event is too large or not writable, its lane has used up its share of the file, the key or the disk fails.
    pub fn send(&self, event: &Event, now: &Stamp) -> Result<EventId, Fault> {
        self.send_naming(event, Vec::new(), now)
    }

    /// Sends `event`, which speaks of `blobs`; their files are in place.
    pub(crate) fn send_naming(&self, event: &Event, blobs: Vec<Blob>, now: &Stamp) -> Result<EventId, Fault> {
        let body = event.body().map_err(Fault::Event)?;
        if body.len() > BODY_BYTES_MAX {
            return Err(Fault::EventSize { bytes: body.len() });
        }
        let lane = event.lane();
        if self.is_full(lane)? {
            return Err(Fault::Full { lane: lane.name() });
        }
        let (seq, prev) = self.head(self.holder.epoch, lane)?;
        // A complaint tells the hour, and no order of time by its number.
        let (id, time) = match lane {
            Lane::Complaint => (EventId::fresh(), now.to_the_hour()),
            Lane::Panic | Lane::Alarm | Lane::RollCall | Lane::Care | Lane::Order | Lane::Progress => {
                (EventId::in_order(), *now)
            }
        };
        let mut envelope = Envelope {
            device: self.holder.device,
            epoch: self.holder.epoch,
            lane,
            seq: seq + 1,
            id,
            kind: event.kind().to_owned(),
            time,
            prev,
            body,
            withheld: None,
            blobs,
            signature: HexBytes::default(),
        };
        envelope.sign(&self.holder.signing).map_err(Fault::Sign)?;
        insert(self.sql(), &envelope)?;
        Ok(id)
    }

    /// Takes the platform's verdicts, with `receipt`: the signed answer as it came. One for another hash, or for an
    /// event that is not waiting, changes nothing. Returns the events that got their verdict with this reply.
    ///
    /// # Errors
    /// The disk fails.
    pub fn settle(&self, reply: &BatchReply, receipt: &str, now: &Stamp) -> Result<Vec<EventId>, Fault> {
        let mut settled = Vec::new();
        for verdict in reply.verdicts.iter().take(EVENTS_MAX) {
            match &verdict.verdict {
                Verdict::Fork => {
                    if let Some(epoch) = self.epoch_of(verdict.id)? {
                        self.freeze(epoch, reply.lane)?;
                        tracing::error!(lane = reply.lane.name(), "platform reports a fork, lane stopped");
                    }
                }
                // A gap: the platform holds less than it acknowledged, or something is gone here.
                Verdict::Retry { .. } => {
                    if let Some(epoch) = self.epoch_of(verdict.id)? {
                        self.send_again(epoch, reply.lane, reply.acked_seq)?;
                    }
                }
                Verdict::Accepted
                | Verdict::Duplicate
                | Verdict::Parked { .. }
                | Verdict::Rejected { .. } => {
                    let text = serde_json::to_string(&verdict.verdict).map_err(Fault::Event)?;
                    // A quarantined event stays so; the verdict is for its hash.
                    let changed = self.sql().execute(
                        "UPDATE outbox SET state = iif(state = 'pending', 'acked', state),
                             verdict = ?1, settled_ms = ?2, receipt = ?3
                         WHERE id = ?4 AND hash = ?5 AND verdict IS NULL",
                        (
                            text,
                            now.wall_ms,
                            reply.batch.0.as_bytes(),
                            verdict.id.0.as_bytes(),
                            verdict.hash.0,
                        ),
                    )?;
                    if changed == 1 {
                        settled.push(verdict.id);
                    }
                }
            }
        }
        if !settled.is_empty() {
            let sql = "INSERT INTO receipt VALUES (?1, ?2) ON CONFLICT DO NOTHING";
            self.sql().execute(sql, (reply.batch.0.as_bytes(), receipt))?;
        }
        Ok(settled)
    }

    fn epoch_of(&self, id: EventId) -> Result<Option<u32>, Fault> {
        let sql = "SELECT epoch FROM outbox WHERE id = ?1";
        Ok(self.sql().query_row(sql, [id.0.as_bytes()], |row| row.get(0)).optional()?)
    }

    /// Compares how far the platform holds each lane with what it acknowledged. Where it holds less, it was restored
    /// from a backup: what follows is sent again. A lane that is not named is held not at all.
    ///
    /// # Errors
    /// The disk fails.
    pub fn compare(&self, heads: &[LaneHead]) -> Result<(), Fault> {
        let mut statement = self.sql().prepare_cached(
            "SELECT o.epoch, o.lane, max(o.seq) FROM outbox o
             JOIN lane_head h ON h.epoch = o.epoch AND h.lane = o.lane AND h.frozen = 0
             WHERE o.verdict IS NOT NULL GROUP BY o.epoch, o.lane",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((row.get::<_, u32>(0)?, row.get::<_, String>(1)?, row.get::<_, u64>(2)?))
        })?;
        for row in rows {
            let (epoch, name, settled) = row?;
            let lane = Lane::of(&name).ok_or(Fault::Stored { what: "lane" })?;
            let head = heads.iter().find(|head| (head.epoch, head.lane) == (epoch, lane));
            let held = head.map_or(0, |head| head.acked_seq);
            if held < settled {
                tracing::warn!(
                    lane = lane.name(),
                    "the platform lost what it had acknowledged, it is sent again"
                );
                self.send_again(epoch, lane, held)?;
                self.bring_blobs_again()?;
            }
        }
        Ok(())
    }

    /// Everything of a lane that follows `held_seq` waits again.
    fn send_again(&self, epoch: u32, lane: Lane, held_seq: u64) -> Result<(), Fault> {
        self.sql().execute(
            "UPDATE outbox SET state = iif(state = 'acked', 'pending', state),
                 verdict = NULL, settled_ms = NULL, receipt = NULL
             WHERE epoch = ?1 AND lane = ?2 AND seq > ?3 AND verdict IS NOT NULL",
            (epoch, lane.name(), held_seq),
        )?;
        let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE epoch = ?1 AND lane = ?2 AND seq = ?3)";
        let follows: bool =
            self.sql().query_row(sql, (epoch, lane.name(), held_seq + 1), |row| row.get(0))?;
        if !follows {
            tracing::error!(
                lane = lane.name(),
                "what the platform asks for is not here any more, lane stopped"
            );
            self.freeze(epoch, lane)?;
        }
        Ok(())
    }

    /// Sets one event aside that the platform cannot read at all. Its bytes stay here; it goes up without its body from
    /// now on, so that those behind it can follow. Returns where it stands, if it was waiting.
    ///
    /// # Errors
    /// The disk fails.
    pub fn quarantine(&self, id: EventId) -> Result<Option<Quarantined>, Fault> {
        let sql = "UPDATE outbox SET state = 'quarantined' WHERE id = ?1 AND state = 'pending'
                   RETURNING lane, kind, hash";
        let row = self.sql().query_row(sql, [id.0.as_bytes()], |row| {
            Ok((row.get::<_, String>(0)?, row.get(1)?, Digest(row.get(2)?)))
        });
        let Some((lane, kind, hash)) = row.optional()? else { return Ok(None) };
        let lane = Lane::of(&lane).ok_or(Fault::Stored { what: "lane" })?;
        Ok(Some(Quarantined { lane, kind, hash }))
    }
}

impl Read<'_> {
    /// The next events of a lane in order, oldest epoch first, within `flow`; none while the lane is empty or stopped.
    ///
    /// # Errors
    /// The disk fails or a row cannot be read.
    pub fn next_batch(&self, lane: Lane, flow: Flow) -> Result<Option<Batch>, Fault> {
        let first: Option<u32> = self
            .sql()
            .query_row(
                "SELECT o.epoch FROM outbox o LEFT JOIN lane_head h ON h.epoch = o.epoch AND h.lane = o.lane
                 WHERE o.lane = ?1 AND coalesce(h.frozen, 0) = 0
                   AND (o.state = 'pending' OR (o.state = 'quarantined' AND o.verdict IS NULL))
                 ORDER BY o.epoch LIMIT 1",
                [lane.name()],
                |row| row.get(0),
            )
            .optional()?;
        let Some(epoch) = first else { return Ok(None) };
        let events_max = (flow.events_max as usize).clamp(1, EVENTS_MAX);
        let mut statement = self.sql().prepare_cached(
            "SELECT epoch, lane, seq, id, kind, time, prev, body, signature, blobs, state = 'quarantined' FROM outbox
             WHERE lane = ?1 AND epoch = ?2
               AND (state = 'pending' OR (state = 'quarantined' AND verdict IS NULL))
             ORDER BY seq LIMIT ?3",
        )?;
        let mut rows = statement.query((lane.name(), epoch, events_max))?;
        let (mut events, mut bytes) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            let whole = envelope(row, self.holder.device)?;
            let envelope = if row.get(10)? { whole.without_body() } else { whole };
            bytes += envelope.body.len() + 512;
            if !events.is_empty() && bytes > flow.bytes_max as usize {
                break;
            }
            events.push(envelope);
        }
        Ok(Some(Batch { batch: BatchId::fresh(), device: self.holder.device, epoch, lane, events }))
    }

    /// Everything without a verdict, in batches as they are sent, the highest lane and oldest epoch first, up to
    /// `bytes_max` bytes of bodies. What waits in a lane the platform stopped is among it: it is carried by hand.
    ///
    /// # Errors
    /// The disk fails or a row cannot be read.
    pub fn backlog(&self, bytes_max: usize) -> Result<Vec<Batch>, Fault> {
        let (mut batches, mut bytes) = (Vec::<Batch>::new(), 0);
        let limit = Flow::default().bytes_max as usize;
        let mut statement = self.sql().prepare_cached(
            "SELECT epoch, lane, seq, id, kind, time, prev, body, signature, blobs, state = 'quarantined' FROM outbox
             WHERE lane = ?1 AND (state = 'pending' OR (state = 'quarantined' AND verdict IS NULL))
             ORDER BY epoch, seq",
        )?;
        for lane in Lane::STORED {
            let (mut rows, mut in_batch) = (statement.query([lane.name()])?, 0);
            while let Some(row) = rows.next()? {
                let whole = envelope(row, self.holder.device)?;
                let event = if row.get(10)? { whole.without_body() } else { whole };
                let size = event.body.len() + 512;
                bytes += size;
                if bytes > bytes_max {
                    return Ok(batches);
                }
                match batches.last_mut() {
                    Some(last)
                        if (last.lane, last.epoch) == (lane, event.epoch)
                            && last.events.len() < EVENTS_MAX
                            && in_batch + size <= limit =>
                    {
                        last.events.push(event);
                        in_batch += size;
                    }
                    _ => {
                        let (batch, device, epoch) = (BatchId::fresh(), self.holder.device, event.epoch);
                        batches.push(Batch { batch, device, epoch, lane, events: vec![event] });
                        in_batch = size;
                    }
                }
            }
        }
        Ok(batches)
    }

    /// Where an event of this terminal stands; none when there is no such event.
    ///
    /// # Errors
    /// The disk fails or the row cannot be read.
    pub fn delivery(&self, id: EventId) -> Result<Option<Delivery>, Fault> {
        let row: Option<(String, Option<String>, Option<i64>)> = self
            .sql()
            .query_row(
                // What waits in a lane the platform stopped is kept here.
                "SELECT iif(o.state = 'pending' AND h.frozen > 0, 'quarantined', o.state), o.verdict, o.settled_ms
                 FROM outbox o LEFT JOIN lane_head h ON h.epoch = o.epoch AND h.lane = o.lane WHERE o.id = ?1",
                [id.0.as_bytes()],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .optional()?;
        Ok(match row {
            None => None,
            Some((state, Some(verdict), Some(at_ms))) if state == "acked" => {
                let verdict =
                    serde_json::from_str(&verdict).map_err(|_| Fault::Stored { what: "verdict" })?;
                Some(Delivery::Delivered { at_ms, verdict })
            }
            Some((state, ..)) if state == "quarantined" => Some(Delivery::Kept),
            Some(_) => Some(Delivery::Saved),
        })
    }

    /// The platform's signed answer that settled an event; none while there is none.
    ///
    /// # Errors
    /// The disk fails.
    pub fn receipt(&self, id: EventId) -> Result<Option<String>, Fault> {
        let sql = "SELECT r.signed FROM outbox o JOIN receipt r ON r.batch = o.receipt WHERE o.id = ?1";
        Ok(self.sql().query_row(sql, [id.0.as_bytes()], |row| row.get(0)).optional()?)
    }

    /// How a lane of the current epoch stands.
    ///
    /// # Errors
    /// The disk fails.
    pub fn counts(&self, lane: Lane) -> Result<Counts, Fault> {
        let count = |state: &str| -> Result<u64, Fault> {
            let sql = "SELECT count(*) FROM outbox WHERE epoch = ?1 AND lane = ?2 AND state = ?3";
            Ok(self.sql().query_row(sql, (self.holder.epoch, lane.name(), state), |row| row.get(0))?)
        };
        let (enqueued, _) = self.head(self.holder.epoch, lane)?;
        Ok(Counts {
            enqueued,
            acked: count("acked")?,
            pending: count("pending")?,
            quarantined: count("quarantined")?,
        })
    }

    /// How much of every lane, of all epochs, is still here.
    ///
    /// # Errors
    /// The disk fails or a row cannot be read.
    pub fn lanes(&self, now: &Stamp) -> Result<Vec<LaneState>, Fault> {
        Lane::STORED.iter().map(|&lane| self.lane(lane, now)).collect()
    }

    fn lane(&self, lane: Lane, now: &Stamp) -> Result<LaneState, Fault> {
        let (waiting, kept, oldest): (u64, u64, Option<String>) = self
            .sql()
            .prepare_cached(
                "WITH held AS (
                   SELECT o.epoch, o.seq, o.time, o.state = 'quarantined' OR coalesce(h.frozen, 0) > 0 AS kept
                   FROM outbox o LEFT JOIN lane_head h ON h.epoch = o.epoch AND h.lane = o.lane
                   WHERE o.lane = ?1 AND o.state <> 'acked')
                 SELECT count(*) FILTER (WHERE NOT kept), count(*) FILTER (WHERE kept),
                   (SELECT time FROM held WHERE NOT kept ORDER BY epoch, seq LIMIT 1) FROM held",
            )?
            .query_row([lane.name()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let oldest = oldest.map(|time| serde_json::from_str::<Stamp>(&time)).transpose();
        let oldest = oldest.map_err(|_| Fault::Stored { what: "stamp" })?;
        let oldest_s = oldest.map_or(0, |made| now.since_ms(&made).max(0).unsigned_abs() / 1000);
        Ok(LaneState { lane, waiting, oldest_s, kept })
    }

    /// The text by which an office verifies this terminal ([`TerminalProof`]): signed with the device's key, over the last
    /// event of the lane of complaints that the platform acknowledged and that is still kept here.
    ///
    /// # Errors
    /// The disk or the key fails.
    pub fn proof(&self, now: &Stamp) -> Result<String, Fault> {
        let newest = "SELECT seq, hash FROM outbox WHERE epoch = ?1 AND lane = ?2 AND state = 'acked'
            ORDER BY seq DESC LIMIT 1";
        let of = (self.holder.epoch, Lane::Complaint.name());
        let acked: Option<(u64, [u8; 32])> =
            self.sql().query_row(newest, of, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let (seq, head) = acked.map_or((0, Digest::ZERO), |(seq, hash)| (seq, Digest(hash)));
        let proof = TerminalProof {
            device: self.holder.device,
            epoch: self.holder.epoch,
            seq,
            head,
            at_ms: now.wall_ms,
            trust: now.trust,
            key: self.holder.signing.public().digest(),
        };
        proof.sign(&self.holder.signing).map_err(Fault::Sign)
    }

    fn head(&self, epoch: u32, lane: Lane) -> Result<(u64, Digest), Fault> {
        let head: Option<(u64, [u8; 32])> = self
            .sql()
            .query_row(
                "SELECT seq, hash FROM lane_head WHERE epoch = ?1 AND lane = ?2",
                (epoch, lane.name()),
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        Ok(head.map_or((0, Digest::ZERO), |(seq, hash)| (seq, Digest(hash))))
    }
}

fn insert(connection: &Connection, envelope: &Envelope) -> Result<(), Fault> {
    let hash = envelope.hash();
    let time = serde_json::to_string(&envelope.time).map_err(Fault::Event)?;
    let blobs = serde_json::to_string(&envelope.blobs).map_err(Fault::Event)?;
    connection
        .prepare_cached(
            "INSERT INTO outbox (epoch, lane, seq, id, kind, time, prev, body, signature, hash, blobs)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute((
            envelope.epoch,
            envelope.lane.name(),
            envelope.seq,
            envelope.id.0.as_bytes(),
            &envelope.kind,
            time,
            envelope.prev.0,
            &envelope.body,
            &envelope.signature.0,
            hash.0,
            blobs,
        ))?;
    connection
        .prepare_cached(
            "INSERT INTO lane_head (epoch, lane, seq, hash) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (epoch, lane) DO UPDATE SET seq = max(seq, excluded.seq), hash = excluded.hash",
        )?
        .execute((envelope.epoch, envelope.lane.name(), envelope.seq, hash.0))?;
    blobs::name(connection, envelope)
}

fn envelope(row: &Row<'_>, device: DeviceId) -> Result<Envelope, Fault> {
    let lane: String = row.get(1)?;
    let id: [u8; 16] = row.get(3)?;
    let time: String = row.get(5)?;
    let blobs: String = row.get(9)?;
    Ok(Envelope {
        device,
        epoch: row.get(0)?,
        lane: Lane::of(&lane).ok_or(Fault::Stored { what: "lane" })?,
        seq: row.get(2)?,
        id: EventId(Uuid::from_bytes(id)),
        kind: row.get(4)?,
        time: serde_json::from_str(&time).map_err(|_| Fault::Stored { what: "stamp" })?,
        prev: Digest(row.get(6)?),
        body: row.get(7)?,
        withheld: None,
        blobs: blobs::of_row(&blobs)?,
        signature: HexBytes(row.get(8)?),
    })
}

/// Carries the unsent events of a damaged file over that still verify, under their own epoch and number. What cannot be
/// read stays in the damaged file. Returns how many were carried.
pub(crate) fn salvage(connection: &Connection, damaged: &Path, device: DeviceId, key: &PublicKey) -> usize {
    let readable = match pending_of(damaged, device) {
        Ok(readable) => readable,
        Err(fault) => {
            tracing::warn!(
                fault = &fault as &dyn std::error::Error,
                "nothing salvaged from the damaged store"
            );
            return 0;
        }
    };
    readable
        .iter()
        .filter(|envelope| envelope.check(key).is_ok() && insert(connection, envelope).is_ok())
        .count()
}

/// The waiting events of a damaged file, up to the first page that cannot be read.
fn pending_of(damaged: &Path, device: DeviceId) -> Result<Vec<Envelope>, Fault> {
    let old = Connection::open_with_flags(damaged, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let select = |blobs: &str| {
        old.prepare(&format!(
            "SELECT epoch, lane, seq, id, kind, time, prev, body, signature, {blobs} FROM outbox
             WHERE state = 'pending' ORDER BY epoch, lane, seq"
        ))
    };
    // A file of before there were blobs names none.
    let mut statement = select("blobs").or_else(|_| select("'[]'"))?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Ok(Some(row)) = rows.next() {
        found.extend(envelope(row, device));
    }
    Ok(found)
}
