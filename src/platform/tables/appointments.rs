// SPDX-License-Identifier: GPL-3.0-only
//! 约见: who asked to see whom, and where it stands.

use super::roll_calls::Origin;
use super::{Conn, Found, column, json, json_if_any, parsed};
use crate::Fault;
use contract::{
    AppointmentRequested, AppointmentState, AppointmentStatus, AppointmentWith, DetaineeId, EventId,
    TerminalId, Trust,
};
use sqlx::Row;

/// A request with its newest word.
#[derive(Debug, Clone)]
pub(crate) struct AppointmentRow {
    pub(crate) terminal: TerminalId,
    pub(crate) event: EventId,
    pub(crate) detainee: DetaineeId,
    pub(crate) with: AppointmentWith,
    pub(crate) at_ms: i64,
    pub(crate) trust: Trust,
    pub(crate) due_ms: i64,
    /// None before the first word of an officer.
    pub(crate) status: Option<AppointmentStatus>,
    /// When an officer said that it is done, and who.
    pub(crate) done: Option<(i64, String)>,
}

/// Keeps a request; the same event is one. False where it was there.
pub(crate) async fn put(
    conn: &mut Conn,
    origin: &Origin,
    asked: &AppointmentRequested,
    due_ms: i64,
) -> Result<bool, Fault> {
    let done = sqlx::query(
        "INSERT INTO appointment (terminal, event, device, detainee, wanted, at_ms, trust, received_ms, due_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (terminal, event) DO NOTHING",
    )
    .bind(origin.terminal.to_string())
    .bind(origin.event.to_string())
    .bind(origin.device.to_string())
    .bind(asked.detainee.to_string())
    .bind(asked.with.name())
    .bind(asked.at.wall_ms)
    .bind(serde_json::to_string(&asked.at.trust)?)
    .bind(origin.received_ms)
    .bind(due_ms)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Notes that this word of a person was heard. False where it was before.
pub(crate) async fn hear(conn: &mut Conn, origin: &Origin) -> Result<bool, Fault> {
    let done = sqlx::query(
        "INSERT INTO appointment_said (terminal, event) VALUES ($1, $2) ON CONFLICT (terminal, event) DO NOTHING",
    )
    .bind(origin.terminal.to_string())
    .bind(origin.event.to_string())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// A request of a terminal.
pub(crate) async fn one(
    conn: &mut Conn,
    terminal: TerminalId,
    event: EventId,
) -> Result<Option<AppointmentRow>, Fault> {
    let row = sqlx::query("SELECT * FROM appointment WHERE terminal = $1 AND event = $2")
        .bind(terminal.to_string())
        .bind(event.to_string())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(appointment).transpose()
}

/// Keeps where a request stands; with `answered_ms` where this answers it, the first time counts.
pub(crate) async fn set(
    conn: &mut Conn,
    row: &AppointmentRow,
    status: &AppointmentStatus,
    answered_ms: Option<i64>,
) -> Result<(), Fault> {
    sqlx::query(
        "UPDATE appointment SET state = $1, status = $2, answered_ms = COALESCE(answered_ms, $3) \
         WHERE terminal = $4 AND event = $5",
    )
    .bind(status.state.name())
    .bind(serde_json::to_string(status)?)
    .bind(answered_ms)
    .bind(row.terminal.to_string())
    .bind(row.event.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// An officer says that it is done, or none any more that it is.
pub(crate) async fn set_done(
    conn: &mut Conn,
    row: &AppointmentRow,
    done: Option<(i64, &str)>,
) -> Result<(), Fault> {
    let (done_ms, done_by) = done.unzip();
    sqlx::query("UPDATE appointment SET done_ms = $1, done_by = $2 WHERE terminal = $3 AND event = $4")
        .bind(done_ms)
        .bind(done_by)
        .bind(row.terminal.to_string())
        .bind(row.event.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// Requests to see one of these: those that wait first, by when they are due; those that ended after `ended_ms` too.
pub(crate) async fn of(
    conn: &mut Conn,
    with: &[AppointmentWith],
    ended_ms: i64,
    limit: usize,
) -> Result<Vec<AppointmentRow>, Fault> {
    let rows = sqlx::query(
        "SELECT * FROM appointment WHERE $2 LIKE '%,' || wanted || ',%' \
         AND (COALESCE(state, '') NOT IN ('took_place', 'declined', 'withdrawn') OR received_ms >= $1) \
         ORDER BY CASE WHEN state IS NULL THEN 0 WHEN state IN ('took_place', 'declined', 'withdrawn') THEN 2 ELSE 1 END, \
         due_ms, event LIMIT $3",
    )
    .bind(ended_ms)
    .bind(with.iter().map(|with| format!(",{},", with.name())).collect::<String>())
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    rows.iter().map(appointment).collect()
}

/// Whether a state is an end.
pub(crate) fn is_over(state: AppointmentState) -> bool {
    match state {
        AppointmentState::TookPlace | AppointmentState::Declined | AppointmentState::Withdrawn => true,
        AppointmentState::Accepted
        | AppointmentState::Forwarded
        | AppointmentState::Offered
        | AppointmentState::Booked => false,
    }
}

fn appointment(row: &Found) -> Result<AppointmentRow, Fault> {
    let (done_ms, done_by): (Option<i64>, Option<String>) =
        (row.try_get("done_ms")?, row.try_get("done_by")?);
    Ok(AppointmentRow {
        terminal: parsed(row, "terminal")?,
        event: parsed(row, "event")?,
        detainee: parsed(row, "detainee")?,
        with: AppointmentWith::of(row.try_get("wanted")?).ok_or(Fault::Stored("wanted"))?,
        at_ms: row.try_get("at_ms")?,
        trust: json(row, "trust")?,
        due_ms: row.try_get("due_ms")?,
        status: json_if_any(row, "status")?,
        done: done_ms.zip(done_by),
    })
}
