// SPDX-License-Identifier: GPL-3.0-only
//! Events that were kept without an effect, and which of them had it later.

use super::events::LaneKey;
use super::{Conn, Found, column, count, json, parsed};
use crate::Fault;
use contract::{EventId, Lane, TerminalId, Trust};
use sqlx::Row;

/// A parked event as the desk lists it; the body is not read.
#[derive(Debug, Clone)]
pub(crate) struct ParkedRow {
    pub(crate) key: LaneKey,
    pub(crate) seq: u64,
    pub(crate) event: EventId,
    pub(crate) terminal: TerminalId,
    pub(crate) kind: String,
    /// As the terminal believed it.
    pub(crate) wall_ms: i64,
    pub(crate) trust: Trust,
    pub(crate) received_ms: i64,
    /// The terminal kept the body for itself.
    pub(crate) withheld: bool,
    pub(crate) state: ParkedState,
}

/// Why an event is parked and what became of it since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParkedState {
    pub(crate) code: String,
    /// No later try can give it an effect.
    pub(crate) evidence: bool,
    /// When it had its effect after all, and who asked for that.
    pub(crate) replayed: Option<(i64, String)>,
}

/// The events that wait for someone to look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Open {
    /// They may be tried again.
    pub(crate) events: u64,
    /// When the oldest of them came.
    pub(crate) oldest_ms: Option<i64>,
    /// Those that never can have an effect.
    pub(crate) evidence: u64,
}

/// Notes that the event at this place has no effect.
pub(crate) async fn park(
    conn: &mut Conn,
    key: LaneKey,
    seq: u64,
    code: &str,
    evidence: bool,
    now_ms: i64,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO parked (device, epoch, lane, seq, code, evidence, parked_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(key.device.to_string())
    .bind(i64::from(key.epoch))
    .bind(key.lane.name())
    .bind(column(seq)?)
    .bind(code)
    .bind(i64::from(evidence))
    .bind(now_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// What became of the event at this place, if it was parked.
pub(crate) async fn state(conn: &mut Conn, key: LaneKey, seq: u64) -> Result<Option<ParkedState>, Fault> {
    let row = sqlx::query(
        "SELECT code, evidence, replayed_ms, replayed_by FROM parked \
         WHERE device = $1 AND epoch = $2 AND lane = $3 AND seq = $4",
    )
    .bind(key.device.to_string())
    .bind(i64::from(key.epoch))
    .bind(key.lane.name())
    .bind(column(seq)?)
    .fetch_optional(conn)
    .await?;
    row.as_ref().map(state_of).transpose()
}

/// Marks the event as replayed and holds it until the transaction ends; false if it was, or never can be.
pub(crate) async fn claim(
    conn: &mut Conn,
    key: LaneKey,
    seq: u64,
    by: &str,
    now_ms: i64,
) -> Result<bool, Fault> {
    let done = sqlx::query(
        "UPDATE parked SET replayed_ms = $1, replayed_by = $2 \
         WHERE device = $3 AND epoch = $4 AND lane = $5 AND seq = $6 AND replayed_ms IS NULL AND evidence = 0",
    )
    .bind(now_ms)
    .bind(by)
    .bind(key.device.to_string())
    .bind(i64::from(key.epoch))
    .bind(key.lane.name())
    .bind(column(seq)?)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Those that may be tried again first, then those that were, then evidence; each newest first.
pub(crate) async fn list(conn: &mut Conn, limit: usize) -> Result<Vec<ParkedRow>, Fault> {
    let rows = sqlx::query(
        "SELECT parked.device AS device, parked.epoch AS epoch, parked.lane AS lane, parked.seq AS seq, code, evidence, \
         replayed_ms, replayed_by, event.id AS event, kind, wall_ms, trust, received_ms, withheld, terminal \
         FROM parked \
         JOIN event ON event.device = parked.device AND event.epoch = parked.epoch AND event.lane = parked.lane \
         AND event.seq = parked.seq \
         JOIN device ON device.id = parked.device \
         ORDER BY evidence, CASE WHEN replayed_ms IS NULL THEN 0 ELSE 1 END, parked_ms DESC, event.id DESC LIMIT $1",
    )
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    rows.iter().map(parked_row).collect()
}

/// How many wait, and since when.
pub(crate) async fn open(conn: &mut Conn) -> Result<Open, Fault> {
    let row = sqlx::query(
        "SELECT COUNT(CASE WHEN evidence = 0 THEN 1 END) AS events, \
         MIN(CASE WHEN evidence = 0 THEN parked_ms END) AS oldest_ms, \
         COUNT(CASE WHEN evidence = 1 THEN 1 END) AS evidence FROM parked WHERE replayed_ms IS NULL",
    )
    .fetch_one(conn)
    .await?;
    Ok(Open {
        events: count(&row, "events")?,
        oldest_ms: row.try_get("oldest_ms")?,
        evidence: count(&row, "evidence")?,
    })
}

fn parked_row(row: &Found) -> Result<ParkedRow, Fault> {
    let epoch = u32::try_from(count(row, "epoch")?).map_err(|_| Fault::Stored("epoch"))?;
    let lane = Lane::of(row.try_get("lane")?).ok_or(Fault::Stored("lane"))?;
    Ok(ParkedRow {
        key: LaneKey { device: parsed(row, "device")?, epoch, lane },
        seq: count(row, "seq")?,
        event: parsed(row, "event")?,
        terminal: parsed(row, "terminal")?,
        kind: row.try_get("kind")?,
        wall_ms: row.try_get("wall_ms")?,
        trust: json(row, "trust")?,
        received_ms: row.try_get("received_ms")?,
        withheld: row.try_get::<Option<&str>, _>("withheld")?.is_some(),
        state: state_of(row)?,
    })
}

fn state_of(row: &Found) -> Result<ParkedState, Fault> {
    let at: Option<i64> = row.try_get("replayed_ms")?;
    let by: Option<String> = row.try_get("replayed_by")?;
    Ok(ParkedState {
        code: row.try_get("code")?,
        evidence: row.try_get::<i64, _>("evidence")? != 0,
        replayed: at.zip(by),
    })
}
