// SPDX-License-Identifier: GPL-3.0-only
//! Alarms with their steps, and how far adapters were told.

use super::roll_calls::Origin;
use super::{Conn, Found, column, count, json, next, parsed};
use crate::Fault;
use crate::alarms::{AlarmKind, Step};
use contract::{DeviceId, EventId, Stamp, TerminalId, Trust};
use sqlx::Row;

/// An alarm with all that became of it.
#[derive(Debug, Clone)]
pub(crate) struct AlarmRow {
    pub(crate) device: DeviceId,
    pub(crate) id: EventId,
    pub(crate) terminal: TerminalId,
    pub(crate) kind: AlarmKind,
    /// A camera's state; who is in danger of what, as JSON.
    pub(crate) detail: String,
    /// As the terminal believed it.
    pub(crate) raised_ms: i64,
    pub(crate) trust: Trust,
    pub(crate) received_ms: i64,
    pub(crate) presses: u64,
    pub(crate) pressed_ms: i64,
    /// Since when an answer is waited for.
    pub(crate) waits_ms: i64,
    pub(crate) level: i64,
    /// When, and by whom.
    pub(crate) acknowledged: Option<(i64, String)>,
    /// When, and who was sent.
    pub(crate) coming: Option<(i64, String)>,
    pub(crate) arrived: Option<(i64, String)>,
    pub(crate) fine_ms: Option<i64>,
    pub(crate) over_ms: Option<i64>,
    pub(crate) closed_ms: Option<i64>,
    pub(crate) closed_by: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) rev: u64,
}

/// One step, with the alarm it belongs to.
#[derive(Debug, Clone)]
pub(crate) struct StepRow {
    pub(crate) number: u64,
    pub(crate) alarm: EventId,
    pub(crate) terminal: TerminalId,
    pub(crate) kind: AlarmKind,
    pub(crate) step: String,
    pub(crate) at_ms: i64,
}

/// Whether an event has its effect on an alarm for the first time.
pub(crate) async fn is_first(conn: &mut Conn, origin: &Origin) -> Result<bool, Fault> {
    let done = sqlx::query("INSERT INTO alarm_event (device, event) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(origin.device.to_string())
        .bind(origin.event.to_string())
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Keeps a new alarm; false if its event raised one before.
pub(crate) async fn insert(
    conn: &mut Conn,
    origin: &Origin,
    kind: AlarmKind,
    detail: &str,
    at: Stamp,
) -> Result<bool, Fault> {
    let done = sqlx::query(
        "INSERT INTO alarm (device, id, terminal, kind, rank, detail, raised_ms, trust, received_ms, presses, \
         pressed_ms, waits_ms, level, rev) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $9, $9, 0, 0) \
         ON CONFLICT (device, id) DO NOTHING",
    )
    .bind(origin.device.to_string())
    .bind(origin.event.to_string())
    .bind(origin.terminal.to_string())
    .bind(kind.name())
    .bind(kind.rank())
    .bind(detail)
    .bind(at.wall_ms)
    .bind(serde_json::to_string(&at.trust)?)
    .bind(origin.now_ms)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Counts a press; one that was closed is open again, and one where somebody has been waits for an answer again. False
/// where there is no such alarm.
pub(crate) async fn press(
    conn: &mut Conn,
    device: DeviceId,
    id: EventId,
    now_ms: i64,
) -> Result<bool, Fault> {
    let sql = "UPDATE alarm SET presses = presses + 1, pressed_ms = $3, over_ms = NULL, \
         level = CASE WHEN arrived_ms IS NULL AND closed_ms IS NULL THEN level ELSE 0 END, \
         waits_ms = CASE WHEN arrived_ms IS NULL AND closed_ms IS NULL THEN waits_ms ELSE $3 END, \
         acknowledged_ms = CASE WHEN arrived_ms IS NULL AND closed_ms IS NULL THEN acknowledged_ms END, \
         coming_ms = CASE WHEN arrived_ms IS NULL AND closed_ms IS NULL THEN coming_ms END, \
         arrived_ms = NULL, closed_ms = NULL WHERE device = $1 AND id = $2";
    changed(conn, change(sql, device, id).bind(now_ms)).await
}

pub(crate) async fn set_detail(
    conn: &mut Conn,
    device: DeviceId,
    id: EventId,
    detail: &str,
) -> Result<(), Fault> {
    let sql = "UPDATE alarm SET detail = $3 WHERE device = $1 AND id = $2";
    changed(conn, change(sql, device, id).bind(detail)).await.map(|_| ())
}

pub(crate) async fn set_over(
    conn: &mut Conn,
    device: DeviceId,
    id: EventId,
    now_ms: i64,
) -> Result<(), Fault> {
    let sql = "UPDATE alarm SET over_ms = $3 WHERE device = $1 AND id = $2";
    changed(conn, change(sql, device, id).bind(now_ms)).await.map(|_| ())
}

/// False where there is no such alarm.
pub(crate) async fn set_fine(
    conn: &mut Conn,
    device: DeviceId,
    id: EventId,
    now_ms: i64,
) -> Result<bool, Fault> {
    let sql = "UPDATE alarm SET fine_ms = $3 WHERE device = $1 AND id = $2";
    changed(conn, change(sql, device, id).bind(now_ms)).await
}

/// The first who answers counts.
pub(crate) async fn acknowledge(
    conn: &mut Conn,
    device: DeviceId,
    id: EventId,
    by: &str,
    now_ms: i64,
) -> Result<(), Fault> {
    let sql = "UPDATE alarm SET acknowledged_ms = $3, acknowledged_by = $4 \
         WHERE device = $1 AND id = $2 AND acknowledged_ms IS NULL";
    changed(conn, change(sql, device, id).bind(now_ms).bind(by)).await.map(|_| ())
}

pub(crate) async fn send(
    conn: &mut Conn,
    device: DeviceId,
    id: EventId,
    whom: &str,
    now_ms: i64,
) -> Result<(), Fault> {
    let sql = "UPDATE alarm SET coming_ms = $3, coming = $4 WHERE device = $1 AND id = $2";
    changed(conn, change(sql, device, id).bind(now_ms).bind(whom)).await.map(|_| ())
}

/// Somebody is there; whoever is there has answered. False where there is no such alarm.
pub(crate) async fn arrive(
    conn: &mut Conn,
    device: DeviceId,
    id: EventId,
    by: &str,
    now_ms: i64,
) -> Result<bool, Fault> {
    acknowledge(conn, device, id, by, now_ms).await?;
    let sql = "UPDATE alarm SET arrived_ms = $3, arrived_by = $4 WHERE device = $1 AND id = $2";
    changed(conn, change(sql, device, id).bind(now_ms).bind(by)).await
}

pub(crate) async fn close(
    conn: &mut Conn,
    device: DeviceId,
    id: EventId,
    by: &str,
    note: &str,
    now_ms: i64,
) -> Result<(), Fault> {
    acknowledge(conn, device, id, by, now_ms).await?;
    let sql = "UPDATE alarm SET closed_ms = $3, closed_by = $4, note = $5 WHERE device = $1 AND id = $2";
    changed(conn, change(sql, device, id).bind(now_ms).bind(by).bind(note)).await.map(|_| ())
}

/// Raises the level of one nobody answered; false where it is that high, or answered.
pub(crate) async fn set_level(
    conn: &mut Conn,
    device: DeviceId,
    id: EventId,
    level: i64,
) -> Result<bool, Fault> {
    let sql = "UPDATE alarm SET level = $3 WHERE device = $1 AND id = $2 AND level < $3 \
         AND acknowledged_ms IS NULL AND closed_ms IS NULL";
    changed(conn, change(sql, device, id).bind(level)).await
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Any, sqlx::any::AnyArguments>;

/// A change of one alarm; what follows its device and id is bound by the caller.
fn change<'q>(sql: &'static str, device: DeviceId, id: EventId) -> Query<'q> {
    sqlx::query(sql).bind(device.to_string()).bind(id.to_string())
}

async fn changed(conn: &mut Conn, query: Query<'_>) -> Result<bool, Fault> {
    Ok(query.execute(conn).await?.rows_affected() > 0)
}

/// Numbers a step of an alarm and keeps it.
pub(crate) async fn step(
    conn: &mut Conn,
    device: DeviceId,
    id: EventId,
    step: Step,
    by: &str,
    now_ms: i64,
) -> Result<(), Fault> {
    let number = next(conn, "alarm_step").await?;
    sqlx::query(
        "INSERT INTO alarm_step (number, device, alarm, step, at_ms, who) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(number)
    .bind(device.to_string())
    .bind(id.to_string())
    .bind(step.name())
    .bind(now_ms)
    .bind(by)
    .execute(&mut *conn)
    .await?;
    let sql = "UPDATE alarm SET rev = $3 WHERE device = $1 AND id = $2";
    changed(conn, change(sql, device, id).bind(number)).await.map(|_| ())
}

pub(crate) async fn one(conn: &mut Conn, device: DeviceId, id: EventId) -> Result<Option<AlarmRow>, Fault> {
    let row = sqlx::query("SELECT * FROM alarm WHERE device = $1 AND id = $2")
        .bind(device.to_string())
        .bind(id.to_string())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(alarm).transpose()
}

/// The open alarm of a kind in a terminal's cell, the newest.
pub(crate) async fn open_of(
    conn: &mut Conn,
    terminal: TerminalId,
    kind: AlarmKind,
) -> Result<Option<AlarmRow>, Fault> {
    let row = sqlx::query(
        "SELECT * FROM alarm WHERE terminal = $1 AND kind = $2 AND closed_ms IS NULL ORDER BY received_ms DESC LIMIT 1",
    )
    .bind(terminal.to_string())
    .bind(kind.name())
    .fetch_optional(conn)
    .await?;
    row.as_ref().map(alarm).transpose()
}

/// What is open, help that is needed first, the longest waiting first.
pub(crate) async fn open(conn: &mut Conn, limit: usize) -> Result<Vec<AlarmRow>, Fault> {
    let rows = sqlx::query(
        "SELECT * FROM alarm WHERE closed_ms IS NULL \
         ORDER BY rank, CASE WHEN acknowledged_ms IS NULL THEN 0 ELSE 1 END, received_ms, id LIMIT $1",
    )
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    rows.iter().map(alarm).collect()
}

/// The newest closed ones, newest first.
pub(crate) async fn closed(conn: &mut Conn, limit: usize) -> Result<Vec<AlarmRow>, Fault> {
    let rows =
        sqlx::query("SELECT * FROM alarm WHERE closed_ms IS NOT NULL ORDER BY closed_ms DESC, id LIMIT $1")
            .bind(column(limit as u64)?)
            .fetch_all(conn)
            .await?;
    rows.iter().map(alarm).collect()
}

/// Calls for help that nobody answered and that may be called out further.
pub(crate) async fn unanswered(conn: &mut Conn) -> Result<Vec<AlarmRow>, Fault> {
    let rows = sqlx::query(
        "SELECT * FROM alarm WHERE rank = 1 AND closed_ms IS NULL AND acknowledged_ms IS NULL AND level < 2",
    )
    .fetch_all(conn)
    .await?;
    rows.iter().map(alarm).collect()
}

/// How many calls for help nobody answered.
pub(crate) async fn unanswered_count(conn: &mut Conn) -> Result<u64, Fault> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS waiting FROM alarm WHERE rank = 1 AND closed_ms IS NULL AND acknowledged_ms IS NULL",
    )
    .fetch_one(conn)
    .await?;
    count(&row, "waiting")
}

/// A device's calls for help that are open or were closed after `after_ms`, the newest first. A danger of 看病 was not
/// pressed for: the cell's alarm does not know it.
pub(crate) async fn of_device(
    conn: &mut Conn,
    device: DeviceId,
    after_ms: i64,
    limit: usize,
) -> Result<Vec<AlarmRow>, Fault> {
    let rows = sqlx::query(
        "SELECT * FROM alarm WHERE device = $1 AND rank = 1 AND kind <> 'danger' \
         AND (closed_ms IS NULL OR closed_ms > $2) ORDER BY rev DESC LIMIT $3",
    )
    .bind(device.to_string())
    .bind(after_ms)
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    rows.iter().map(alarm).collect()
}

/// The number of the newest step.
pub(crate) async fn newest(conn: &mut Conn) -> Result<u64, Fault> {
    let row =
        sqlx::query("SELECT COALESCE(MAX(number), 0) AS newest FROM alarm_step").fetch_one(conn).await?;
    count(&row, "newest")
}

/// The steps after a number, in order.
pub(crate) async fn steps(conn: &mut Conn, after: u64, limit: usize) -> Result<Vec<StepRow>, Fault> {
    let rows = sqlx::query(
        "SELECT alarm_step.number, alarm_step.step, alarm_step.at_ms, alarm.id, alarm.terminal, alarm.kind \
         FROM alarm_step JOIN alarm ON alarm.device = alarm_step.device AND alarm.id = alarm_step.alarm \
         WHERE alarm_step.number > $1 ORDER BY alarm_step.number LIMIT $2",
    )
    .bind(column(after)?)
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    let step = |row: &Found| {
        Ok(StepRow {
            number: count(row, "number")?,
            alarm: parsed(row, "id")?,
            terminal: parsed(row, "terminal")?,
            kind: AlarmKind::of(row.try_get("kind")?).ok_or(Fault::Stored("kind"))?,
            step: row.try_get("step")?,
            at_ms: row.try_get("at_ms")?,
        })
    };
    rows.iter().map(step).collect()
}

/// How far an adapter was told; none for a new one.
pub(crate) async fn told(conn: &mut Conn, adapter: &str) -> Result<Option<u64>, Fault> {
    let row = sqlx::query("SELECT number FROM alarm_told WHERE adapter = $1")
        .bind(adapter)
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(|row| count(row, "number")).transpose()
}

pub(crate) async fn set_told(conn: &mut Conn, adapter: &str, number: u64) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO alarm_told (adapter, number) VALUES ($1, $2) \
         ON CONFLICT (adapter) DO UPDATE SET number = excluded.number",
    )
    .bind(adapter)
    .bind(column(number)?)
    .execute(conn)
    .await?;
    Ok(())
}

fn alarm(row: &Found) -> Result<AlarmRow, Fault> {
    let by = |at: &str, who: &str| -> Result<Option<(i64, String)>, Fault> {
        let at: Option<i64> = row.try_get(at)?;
        let who: Option<String> = row.try_get(who)?;
        Ok(at.map(|at| (at, who.unwrap_or_default())))
    };
    Ok(AlarmRow {
        device: parsed(row, "device")?,
        id: parsed(row, "id")?,
        terminal: parsed(row, "terminal")?,
        kind: AlarmKind::of(row.try_get("kind")?).ok_or(Fault::Stored("kind"))?,
        detail: row.try_get("detail")?,
        raised_ms: row.try_get("raised_ms")?,
        trust: json(row, "trust")?,
        received_ms: row.try_get("received_ms")?,
        presses: count(row, "presses")?,
        pressed_ms: row.try_get("pressed_ms")?,
        waits_ms: row.try_get("waits_ms")?,
        level: row.try_get("level")?,
        acknowledged: by("acknowledged_ms", "acknowledged_by")?,
        coming: by("coming_ms", "coming")?,
        arrived: by("arrived_ms", "arrived_by")?,
        fine_ms: row.try_get("fine_ms")?,
        over_ms: row.try_get("over_ms")?,
        closed_ms: row.try_get("closed_ms")?,
        closed_by: row.try_get("closed_by")?,
        note: row.try_get("note")?,
        rev: count(row, "rev")?,
    })
}
