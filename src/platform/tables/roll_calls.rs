// SPDX-License-Identifier: GPL-3.0-only
//! Roll calls as the desk sees them, and the facts and notices that came with them.

use super::{Conn, Found, column, json, json_if_any, parsed};
use crate::Fault;
use crate::tasks::TaskKind;
use contract::{
    CallId, DetaineeId, DeviceId, Digest, EventId, RollCallProgress, RollCallResult, RollCallSupplement,
    RollCallTask, Stamp, TerminalId, Trust,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;

/// A roll call with all that is known of it.
#[derive(Debug, Clone)]
pub(crate) struct RollCallRow {
    pub(crate) terminal: TerminalId,
    pub(crate) call: CallId,
    pub(crate) title: String,
    pub(crate) opens_ms: Option<i64>,
    pub(crate) expires_ms: Option<i64>,
    pub(crate) asked_by: Option<String>,
    pub(crate) cancelled_ms: Option<i64>,
    pub(crate) progress: Option<RollCallProgress>,
    pub(crate) progress_ms: Option<i64>,
    pub(crate) result: Option<RollCallResult>,
    pub(crate) result_hash: Option<Digest>,
    pub(crate) result_ms: Option<i64>,
}

/// Where an event stood when it came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin {
    pub(crate) device: DeviceId,
    pub(crate) terminal: TerminalId,
    pub(crate) event: EventId,
    pub(crate) hash: Digest,
    pub(crate) epoch: u32,
    pub(crate) seq: u64,
    pub(crate) received_ms: i64,
    pub(crate) now_ms: i64,
    /// Tried again from the desk: what came after it counts more.
    pub(crate) again: bool,
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    Alarm,
    Camera,
    OneLeft,
    /// Kept without an effect; a person has to look.
    Parked,
    /// The terminal contradicts itself.
    Fork,
    /// Another device was enrolled in a device's place.
    Replaced,
    /// The terminal found something wrong with what it keeps.
    Trouble,
}

impl NoticeKind {
    pub(crate) const ALL: [Self; 7] =
        [Self::Alarm, Self::Camera, Self::OneLeft, Self::Parked, Self::Fork, Self::Replaced, Self::Trouble];

    /// The name in tables and text ids.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alarm => "alarm",
            Self::Camera => "camera",
            Self::OneLeft => "one-left",
            Self::Parked => "parked",
            Self::Fork => "fork",
            Self::Replaced => "replaced",
            Self::Trouble => "trouble",
        }
    }

    /// The kind of this name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Something the desk must see.
#[derive(Debug, Clone, Serialize)]
pub struct Notice {
    pub device: DeviceId,
    pub event: EventId,
    pub terminal: TerminalId,
    pub kind: NoticeKind,
    /// A code: a camera's state, why an event was set aside.
    pub detail: String,
    /// As the terminal believed it, milliseconds since 1970 UTC.
    pub at_ms: i64,
    pub trust: Trust,
    pub received_ms: i64,
    pub seen_ms: Option<i64>,
    pub seen_by: Option<String>,
}

/// Keeps the newest form of a task.
pub(crate) async fn put_task(
    conn: &mut Conn,
    terminal: TerminalId,
    task: &RollCallTask,
    asked_by: &str,
    now_ms: i64,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO roll_call (terminal, call, title, opens_ms, expires_ms, asked_by, cancelled_ms, created_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
         ON CONFLICT (terminal, call) DO UPDATE SET title = excluded.title, opens_ms = excluded.opens_ms, \
         expires_ms = excluded.expires_ms, cancelled_ms = excluded.cancelled_ms",
    )
    .bind(terminal.to_string())
    .bind(task.call.to_string())
    .bind(task.title.as_str())
    .bind(task.opens_ms)
    .bind(task.expires_ms)
    .bind(asked_by)
    .bind(task.cancelled.then_some(now_ms))
    .bind(now_ms)
    .execute(&mut *conn)
    .await?;
    super::tasks::roll_call_asked(conn, terminal, task, now_ms).await
}

/// Replaces the progress by a newer one; an older one changes nothing.
pub(crate) async fn put_progress(
    conn: &mut Conn,
    origin: &Origin,
    progress: &RollCallProgress,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO roll_call (terminal, call, title, progress, progress_epoch, progress_seq, progress_ms, created_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7) \
         ON CONFLICT (terminal, call) DO UPDATE SET progress = excluded.progress, \
         progress_epoch = excluded.progress_epoch, progress_seq = excluded.progress_seq, \
         progress_ms = excluded.progress_ms \
         WHERE roll_call.progress_epoch IS NULL OR roll_call.progress_epoch < excluded.progress_epoch \
         OR (roll_call.progress_epoch = excluded.progress_epoch AND roll_call.progress_seq < excluded.progress_seq)",
    )
    .bind(origin.terminal.to_string())
    .bind(progress.call.to_string())
    .bind(progress.title.as_str())
    .bind(serde_json::to_string(progress)?)
    .bind(i64::from(origin.epoch))
    .bind(column(origin.seq)?)
    .bind(origin.received_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes a result once; false if there is one.
pub(crate) async fn put_result(
    conn: &mut Conn,
    origin: &Origin,
    result: &RollCallResult,
) -> Result<bool, Fault> {
    let done = sqlx::query(
        "INSERT INTO roll_call (terminal, call, title, result, result_hash, result_ms, created_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $6) \
         ON CONFLICT (terminal, call) DO UPDATE SET result = excluded.result, result_hash = excluded.result_hash, \
         result_ms = excluded.result_ms WHERE roll_call.result IS NULL",
    )
    .bind(origin.terminal.to_string())
    .bind(result.call.to_string())
    .bind(result.title.as_str())
    .bind(serde_json::to_string(result)?)
    .bind(origin.hash.to_string())
    .bind(origin.received_ms)
    .execute(&mut *conn)
    .await?;
    super::tasks::close(
        conn,
        &[TaskKind::RollCall],
        &result.call.to_string(),
        origin.terminal,
        "confirmed",
        origin.now_ms,
    )
    .await?;
    Ok(done.rows_affected() > 0)
}

pub(crate) async fn roll_call(
    conn: &mut Conn,
    terminal: TerminalId,
    call: CallId,
) -> Result<Option<RollCallRow>, Fault> {
    let row = sqlx::query("SELECT * FROM roll_call WHERE terminal = $1 AND call = $2")
        .bind(terminal.to_string())
        .bind(call.to_string())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(roll_call_row).transpose()
}

/// The newest roll calls of every cell, newest first.
pub(crate) async fn newest(conn: &mut Conn, limit: usize) -> Result<Vec<RollCallRow>, Fault> {
    let rows = sqlx::query("SELECT * FROM roll_call ORDER BY created_ms DESC, call LIMIT $1")
        .bind(column(limit as u64)?)
        .fetch_all(conn)
        .await?;
    rows.iter().map(roll_call_row).collect()
}

/// The newest roll calls of one cell, newest first.
pub(crate) async fn newest_of(
    conn: &mut Conn,
    terminal: TerminalId,
    limit: usize,
) -> Result<Vec<RollCallRow>, Fault> {
    let rows =
        sqlx::query("SELECT * FROM roll_call WHERE terminal = $1 ORDER BY created_ms DESC, call LIMIT $2")
            .bind(terminal.to_string())
            .bind(column(limit as u64)?)
            .fetch_all(conn)
            .await?;
    rows.iter().map(roll_call_row).collect()
}

pub(crate) async fn put_supplement(
    conn: &mut Conn,
    origin: &Origin,
    supplement: &RollCallSupplement,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO supplement (device, event, terminal, call, body, received_ms) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(origin.device.to_string())
    .bind(origin.event.to_string())
    .bind(origin.terminal.to_string())
    .bind(supplement.call.to_string())
    .bind(serde_json::to_string(supplement)?)
    .bind(origin.received_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// The supplements of a roll call with when they were received, in that order.
pub(crate) async fn supplements(
    conn: &mut Conn,
    terminal: TerminalId,
    call: CallId,
) -> Result<Vec<(RollCallSupplement, i64)>, Fault> {
    let rows = sqlx::query(
        "SELECT body, received_ms FROM supplement WHERE terminal = $1 AND call = $2 ORDER BY received_ms, event",
    )
    .bind(terminal.to_string())
    .bind(call.to_string())
    .fetch_all(conn)
    .await?;
    rows.iter().map(|row| Ok((json(row, "body")?, row.try_get("received_ms")?))).collect()
}

pub(crate) async fn put_movement<T: Serialize>(
    conn: &mut Conn,
    origin: &Origin,
    detainee: DetaineeId,
    movement: &T,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO movement (device, event, terminal, detainee, body, received_ms) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(origin.device.to_string())
    .bind(origin.event.to_string())
    .bind(origin.terminal.to_string())
    .bind(detainee.to_string())
    .bind(serde_json::to_string(movement)?)
    .bind(origin.received_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether a movement of this person stood later in the device's lane, or came later from another device of the place.
/// A copy that was sent again in a later epoch is no movement of its own.
pub(crate) async fn moved_since(
    conn: &mut Conn,
    origin: &Origin,
    detainee: DetaineeId,
) -> Result<bool, Fault> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS later FROM movement \
         JOIN event ON event.device = movement.device AND event.id = movement.event \
         WHERE movement.terminal = $1 AND movement.detainee = $2 \
         AND event.verdict NOT LIKE '{\"verdict\":\"duplicate\"%' \
         AND ((event.device = $3 AND (event.epoch > $4 OR (event.epoch = $4 AND event.seq > $5))) \
         OR (event.device <> $3 AND event.received_ms > $6))",
    )
    .bind(origin.terminal.to_string())
    .bind(detainee.to_string())
    .bind(origin.device.to_string())
    .bind(i64::from(origin.epoch))
    .bind(column(origin.seq)?)
    .bind(origin.received_ms)
    .fetch_one(conn)
    .await?;
    Ok(super::count(&row, "later")? > 0)
}

/// The newest movements of a cell, newest first.
pub(crate) async fn movements<T: DeserializeOwned>(
    conn: &mut Conn,
    terminal: TerminalId,
    limit: usize,
) -> Result<Vec<T>, Fault> {
    let rows = sqlx::query(
        "SELECT body FROM movement WHERE terminal = $1 ORDER BY received_ms DESC, event DESC LIMIT $2",
    )
    .bind(terminal.to_string())
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    rows.iter().map(|row| json(row, "body")).collect()
}

pub(crate) async fn put_person_fact<T: Serialize>(
    conn: &mut Conn,
    origin: &Origin,
    detainee: DetaineeId,
    kind: &str,
    fact: &T,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO person_fact (device, event, terminal, detainee, kind, body, received_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(origin.device.to_string())
    .bind(origin.event.to_string())
    .bind(origin.terminal.to_string())
    .bind(detainee.to_string())
    .bind(kind)
    .bind(serde_json::to_string(fact)?)
    .bind(origin.received_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// The kinds of the facts of a person, oldest first.
pub(crate) async fn person_facts(
    conn: &mut Conn,
    terminal: TerminalId,
    detainee: DetaineeId,
) -> Result<Vec<String>, Fault> {
    let rows = sqlx::query(
        "SELECT kind FROM person_fact WHERE terminal = $1 AND detainee = $2 ORDER BY received_ms, event",
    )
    .bind(terminal.to_string())
    .bind(detainee.to_string())
    .fetch_all(conn)
    .await?;
    rows.iter().map(|row| Ok(row.try_get("kind")?)).collect()
}

/// Keeps a notice; the same event says the same thing once.
pub(crate) async fn put_notice(
    conn: &mut Conn,
    origin: &Origin,
    kind: NoticeKind,
    detail: &str,
    at: Stamp,
) -> Result<(), Fault> {
    let done = sqlx::query(
        "INSERT INTO notice (device, event, terminal, kind, detail, at_ms, trust, received_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (device, event, kind) DO NOTHING",
    )
    .bind(origin.device.to_string())
    .bind(origin.event.to_string())
    .bind(origin.terminal.to_string())
    .bind(kind.name())
    .bind(detail)
    .bind(at.wall_ms)
    .bind(serde_json::to_string(&at.trust)?)
    .bind(origin.received_ms)
    .execute(&mut *conn)
    .await?;
    // The same event again opens nothing again.
    if done.rows_affected() > 0 {
        super::tasks::notice_came(conn, origin, kind, detail).await
    } else {
        Ok(())
    }
}

/// The newest notices, unseen ones first.
pub(crate) async fn notices(conn: &mut Conn, limit: usize) -> Result<Vec<Notice>, Fault> {
    let rows = sqlx::query(
        "SELECT * FROM notice ORDER BY CASE WHEN seen_ms IS NULL THEN 0 ELSE 1 END, received_ms DESC, event LIMIT $1",
    )
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    rows.iter().map(notice_row).collect()
}

/// How many notices nobody has seen.
pub(crate) async fn unseen(conn: &mut Conn) -> Result<u64, Fault> {
    let row =
        sqlx::query("SELECT COUNT(*) AS every FROM notice WHERE seen_ms IS NULL").fetch_one(conn).await?;
    super::count(&row, "every")
}

/// Marks a notice as seen; false if it was, or is not there.
pub(crate) async fn see(
    conn: &mut Conn,
    device: DeviceId,
    event: EventId,
    kind: &str,
    by: &str,
    now_ms: i64,
) -> Result<bool, Fault> {
    let done = sqlx::query(
        "UPDATE notice SET seen_ms = $1, seen_by = $2 \
         WHERE device = $3 AND event = $4 AND kind = $5 AND seen_ms IS NULL",
    )
    .bind(now_ms)
    .bind(by)
    .bind(device.to_string())
    .bind(event.to_string())
    .bind(kind)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Keeps a name for reports.
pub(crate) async fn put_person(
    conn: &mut Conn,
    id: &str,
    name: &str,
    badge_number: &str,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO person (id, name, badge_number) VALUES ($1, $2, $3) \
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, badge_number = excluded.badge_number",
    )
    .bind(id)
    .bind(name)
    .bind(badge_number)
    .execute(conn)
    .await?;
    Ok(())
}

/// Name and badge number of a person.
pub(crate) async fn person(conn: &mut Conn, id: &str) -> Result<Option<(String, String)>, Fault> {
    let row = sqlx::query("SELECT name, badge_number FROM person WHERE id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await?;
    row.map(|row| Ok((row.try_get("name")?, row.try_get("badge_number")?))).transpose()
}

fn roll_call_row(row: &Found) -> Result<RollCallRow, Fault> {
    let hash: Option<&str> = row.try_get("result_hash")?;
    Ok(RollCallRow {
        terminal: parsed(row, "terminal")?,
        call: parsed(row, "call")?,
        title: row.try_get("title")?,
        opens_ms: row.try_get("opens_ms")?,
        expires_ms: row.try_get("expires_ms")?,
        asked_by: row.try_get("asked_by")?,
        cancelled_ms: row.try_get("cancelled_ms")?,
        progress: json_if_any(row, "progress")?,
        progress_ms: row.try_get("progress_ms")?,
        result: json_if_any(row, "result")?,
        result_hash: hash.map(|text| text.parse().map_err(|_| Fault::Stored("result_hash"))).transpose()?,
        result_ms: row.try_get("result_ms")?,
    })
}

fn notice_row(row: &Found) -> Result<Notice, Fault> {
    let kind: &str = row.try_get("kind")?;
    Ok(Notice {
        device: parsed(row, "device")?,
        event: parsed(row, "event")?,
        terminal: parsed(row, "terminal")?,
        kind: NoticeKind::of(kind).ok_or(Fault::Stored("kind"))?,
        detail: row.try_get("detail")?,
        at_ms: row.try_get("at_ms")?,
        trust: json(row, "trust")?,
        received_ms: row.try_get("received_ms")?,
        seen_ms: row.try_get("seen_ms")?,
        seen_by: row.try_get("seen_by")?,
    })
}
