// SPDX-License-Identifier: GPL-3.0-only
//! Lanes, the events they took, the ids that had their effect, and what contradicted them.

use super::{Conn, Found, column, count, json, json_if_any, parsed};
use crate::Fault;
use contract::{DeviceId, Digest, Envelope, EventId, Lane, Stamp, Trust, Verdict};
use sqlx::Row;

/// How far a lane is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LaneRow {
    pub(crate) acked_seq: u64,
    pub(crate) head: Digest,
    pub(crate) frozen: bool,
}

/// Where a lane is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LaneKey {
    pub(crate) device: DeviceId,
    pub(crate) epoch: u32,
    pub(crate) lane: Lane,
}

/// The lane, made if it is new, and held until the transaction ends.
pub(crate) async fn hold_lane(conn: &mut Conn, key: LaneKey) -> Result<LaneRow, Fault> {
    let row = sqlx::query(
        "INSERT INTO lane (device, epoch, lane, acked_seq, head) VALUES ($1, $2, $3, 0, $4) \
         ON CONFLICT (device, epoch, lane) DO UPDATE SET device = excluded.device \
         RETURNING acked_seq, head, frozen_ms",
    )
    .bind(key.device.to_string())
    .bind(i64::from(key.epoch))
    .bind(key.lane.name())
    .bind(Digest::ZERO.to_string())
    .fetch_one(conn)
    .await?;
    Ok(LaneRow {
        acked_seq: count(&row, "acked_seq")?,
        head: parsed(&row, "head")?,
        frozen: row.try_get::<Option<i64>, _>("frozen_ms")?.is_some(),
    })
}

pub(crate) async fn advance(
    conn: &mut Conn,
    key: LaneKey,
    acked_seq: u64,
    head: Digest,
) -> Result<(), Fault> {
    sqlx::query("UPDATE lane SET acked_seq = $1, head = $2 WHERE device = $3 AND epoch = $4 AND lane = $5")
        .bind(column(acked_seq)?)
        .bind(head.to_string())
        .bind(key.device.to_string())
        .bind(i64::from(key.epoch))
        .bind(key.lane.name())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn freeze(conn: &mut Conn, key: LaneKey, now_ms: i64) -> Result<(), Fault> {
    sqlx::query(
        "UPDATE lane SET frozen_ms = $1 WHERE device = $2 AND epoch = $3 AND lane = $4 AND frozen_ms IS NULL",
    )
    .bind(now_ms)
    .bind(key.device.to_string())
    .bind(i64::from(key.epoch))
    .bind(key.lane.name())
    .execute(conn)
    .await?;
    Ok(())
}

/// Every lane of a device, for the terminals' page.
pub(crate) async fn lanes(conn: &mut Conn, device: DeviceId) -> Result<Vec<(u32, Lane, LaneRow)>, Fault> {
    let rows = sqlx::query("SELECT * FROM lane WHERE device = $1 ORDER BY epoch DESC, lane")
        .bind(device.to_string())
        .fetch_all(conn)
        .await?;
    rows.iter()
        .map(|row| {
            let epoch = u32::try_from(count(row, "epoch")?).map_err(|_| Fault::Stored("epoch"))?;
            let lane = LaneRow {
                acked_seq: count(row, "acked_seq")?,
                head: parsed(row, "head")?,
                frozen: row.try_get::<Option<i64>, _>("frozen_ms")?.is_some(),
            };
            let name = Lane::of(row.try_get("lane")?).ok_or(Fault::Stored("lane"))?;
            Ok((epoch, name, lane))
        })
        .collect()
}

/// A lane as the terminals' page shows it.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    pub(crate) epoch: u32,
    pub(crate) lane: Lane,
    pub(crate) row: LaneRow,
    /// Events without an effect that may be tried again.
    pub(crate) parked: u64,
    /// The newest event, as its device believed the time, with that time's trust, and when it came.
    pub(crate) newest: Option<(i64, Trust, i64)>,
}

/// Every lane of a device with its newest event. A lane has no gaps: as many are kept as its number says.
pub(crate) async fn standing(conn: &mut Conn, device: DeviceId) -> Result<Vec<Standing>, Fault> {
    let rows = sqlx::query(
        "SELECT lane.epoch AS epoch, lane.lane AS lane, acked_seq, head, frozen_ms, wall_ms, trust, received_ms, \
         (SELECT COUNT(*) FROM parked WHERE parked.device = lane.device AND parked.epoch = lane.epoch \
         AND parked.lane = lane.lane AND evidence = 0 AND replayed_ms IS NULL) AS parked \
         FROM lane LEFT JOIN event ON event.device = lane.device AND event.epoch = lane.epoch \
         AND event.lane = lane.lane AND event.seq = lane.acked_seq \
         WHERE lane.device = $1 ORDER BY lane.epoch DESC, lane.lane",
    )
    .bind(device.to_string())
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            let wall_ms: Option<i64> = row.try_get("wall_ms")?;
            let received_ms: Option<i64> = row.try_get("received_ms")?;
            let trust: Option<Trust> = json_if_any(row, "trust")?;
            Ok(Standing {
                epoch: u32::try_from(count(row, "epoch")?).map_err(|_| Fault::Stored("epoch"))?,
                lane: Lane::of(row.try_get("lane")?).ok_or(Fault::Stored("lane"))?,
                row: LaneRow {
                    acked_seq: count(row, "acked_seq")?,
                    head: parsed(row, "head")?,
                    frozen: row.try_get::<Option<i64>, _>("frozen_ms")?.is_some(),
                },
                parked: count(row, "parked")?,
                newest: match (wall_ms, trust, received_ms) {
                    (Some(wall_ms), Some(trust), Some(received_ms)) => Some((wall_ms, trust, received_ms)),
                    _ => None,
                },
            })
        })
        .collect()
}

/// The hash and first verdict of the event at this place.
pub(crate) async fn at(conn: &mut Conn, key: LaneKey, seq: u64) -> Result<Option<(Digest, Verdict)>, Fault> {
    let row = sqlx::query(
        "SELECT hash, verdict FROM event WHERE device = $1 AND epoch = $2 AND lane = $3 AND seq = $4",
    )
    .bind(key.device.to_string())
    .bind(i64::from(key.epoch))
    .bind(key.lane.name())
    .bind(column(seq)?)
    .fetch_optional(conn)
    .await?;
    row.as_ref().map(|row: &Found| Ok((parsed(row, "hash")?, json(row, "verdict")?))).transpose()
}

/// An event as it was kept.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) envelope: Envelope,
    pub(crate) received_ms: i64,
}

/// The event at this place.
pub(crate) async fn kept(conn: &mut Conn, key: LaneKey, seq: u64) -> Result<Option<Kept>, Fault> {
    let row = sqlx::query("SELECT * FROM event WHERE device = $1 AND epoch = $2 AND lane = $3 AND seq = $4")
        .bind(key.device.to_string())
        .bind(i64::from(key.epoch))
        .bind(key.lane.name())
        .bind(column(seq)?)
        .fetch_optional(conn)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let withheld: Option<&str> = row.try_get("withheld")?;
    let envelope = Envelope {
        device: key.device,
        epoch: key.epoch,
        lane: key.lane,
        seq,
        id: parsed(&row, "id")?,
        kind: row.try_get("kind")?,
        time: Stamp {
            boot: parsed(&row, "boot")?,
            mono_ms: row.try_get("mono_ms")?,
            wall_ms: row.try_get("wall_ms")?,
            trust: json(&row, "trust")?,
        },
        prev: parsed(&row, "prev")?,
        body: row.try_get("body")?,
        withheld: withheld.map(|hash| hash.parse().map_err(|_| Fault::Stored("withheld"))).transpose()?,
        blobs: json(&row, "blobs")?,
        signature: parsed(&row, "signature")?,
    };
    Ok(Some(Kept { envelope, received_ms: row.try_get("received_ms")? }))
}

/// Keeps an event as it came, with its first verdict.
pub(crate) async fn insert(
    conn: &mut Conn,
    event: &Envelope,
    hash: Digest,
    verdict: &Verdict,
    now_ms: i64,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO event (device, epoch, lane, seq, id, kind, hash, prev, boot, mono_ms, wall_ms, trust, body, blobs, \
         signature, verdict, received_ms, withheld) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
    )
    .bind(event.device.to_string())
    .bind(i64::from(event.epoch))
    .bind(event.lane.name())
    .bind(column(event.seq)?)
    .bind(event.id.to_string())
    .bind(&event.kind)
    .bind(hash.to_string())
    .bind(event.prev.to_string())
    .bind(event.time.boot.to_string())
    .bind(event.time.mono_ms)
    .bind(event.time.wall_ms)
    .bind(serde_json::to_string(&event.time.trust)?)
    .bind(&event.body)
    .bind(serde_json::to_string(&event.blobs)?)
    .bind(event.signature.to_string())
    .bind(serde_json::to_string(verdict)?)
    .bind(now_ms)
    .bind(event.withheld.map(|hash| hash.to_string()))
    .execute(conn)
    .await?;
    Ok(())
}

/// Of which epoch and content the event of this id was.
pub(crate) async fn taken(
    conn: &mut Conn,
    device: DeviceId,
    id: EventId,
) -> Result<Option<(u32, Digest)>, Fault> {
    let row = sqlx::query("SELECT epoch, content FROM taken WHERE device = $1 AND id = $2")
        .bind(device.to_string())
        .bind(id.to_string())
        .fetch_optional(conn)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let epoch = u32::try_from(count(&row, "epoch")?).map_err(|_| Fault::Stored("epoch"))?;
    Ok(Some((epoch, parsed(&row, "content")?)))
}

/// The first verdict on the event of this id.
pub(crate) async fn first_verdict(
    conn: &mut Conn,
    device: DeviceId,
    id: EventId,
) -> Result<Option<Verdict>, Fault> {
    let row = sqlx::query(
        "SELECT verdict FROM event WHERE device = $1 AND id = $2 ORDER BY epoch, received_ms, seq LIMIT 1",
    )
    .bind(device.to_string())
    .bind(id.to_string())
    .fetch_optional(conn)
    .await?;
    row.as_ref().map(|row| json(row, "verdict")).transpose()
}

/// Marks an id as taken. Fails if it is.
pub(crate) async fn take(conn: &mut Conn, event: &Envelope, content: Digest) -> Result<(), Fault> {
    sqlx::query("INSERT INTO taken (device, id, epoch, content) VALUES ($1, $2, $3, $4)")
        .bind(event.device.to_string())
        .bind(event.id.to_string())
        .bind(i64::from(event.epoch))
        .bind(content.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// Keeps a contradicting event as evidence; the same one again changes nothing.
pub(crate) async fn keep_fork(
    conn: &mut Conn,
    event: &Envelope,
    hash: Digest,
    why: &str,
    now_ms: i64,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO fork (device, hash, why, envelope, received_ms) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (device, hash) DO NOTHING",
    )
    .bind(event.device.to_string())
    .bind(hash.to_string())
    .bind(why)
    .bind(serde_json::to_string(event)?)
    .bind(now_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// How many events and contradicting events are kept of a device.
pub(crate) async fn counts(conn: &mut Conn, device: DeviceId) -> Result<(u64, u64), Fault> {
    let row = sqlx::query(
        "SELECT (SELECT COUNT(*) FROM event WHERE device = $1) AS events, \
         (SELECT COUNT(*) FROM fork WHERE device = $1) AS forks",
    )
    .bind(device.to_string())
    .fetch_one(conn)
    .await?;
    Ok((count(&row, "events")?, count(&row, "forks")?))
}
