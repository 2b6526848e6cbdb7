// SPDX-License-Identifier: GPL-3.0-only
//! 申领报修: what cells ask for, and what became of it.

use super::roll_calls::Origin;
use super::{Conn, Found, column, parsed};
use crate::Fault;
use contract::{DeviceId, EventId, ItemKind, RequestState, Stamp, TerminalId};
use sqlx::Row;

/// A request of a cell.
#[derive(Debug, Clone)]
pub(crate) struct RequestRow {
    pub(crate) device: DeviceId,
    pub(crate) event: EventId,
    pub(crate) terminal: TerminalId,
    pub(crate) item: ItemKind,
    pub(crate) received_ms: i64,
    pub(crate) state: Option<RequestState>,
    /// When, and by whom.
    pub(crate) answered: Option<(i64, String)>,
}

/// Keeps a request; the same event is one request.
pub(crate) async fn put(conn: &mut Conn, origin: &Origin, item: ItemKind, at: Stamp) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO request (device, event, terminal, item, at_ms, received_ms, words) \
         VALUES ($1, $2, $3, $4, $5, $6, '') ON CONFLICT (device, event) DO NOTHING",
    )
    .bind(origin.device.to_string())
    .bind(origin.event.to_string())
    .bind(origin.terminal.to_string())
    .bind(item.name())
    .bind(at.wall_ms)
    .bind(origin.received_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// Answers a request; its terminal, or none where there is no such request or it is over.
pub(crate) async fn answer(
    conn: &mut Conn,
    device: DeviceId,
    event: EventId,
    state: RequestState,
    by: &str,
    words: &str,
    now_ms: i64,
) -> Result<Option<TerminalId>, Fault> {
    let row = sqlx::query(
        "UPDATE request SET state = $1, state_ms = $2, state_by = $3, words = $4 \
         WHERE device = $5 AND event = $6 AND (state IS NULL OR state = 'accepted') RETURNING terminal",
    )
    .bind(state_name(state))
    .bind(now_ms)
    .bind(by)
    .bind(words)
    .bind(device.to_string())
    .bind(event.to_string())
    .fetch_optional(conn)
    .await?;
    row.as_ref().map(|row| parsed(row, "terminal")).transpose()
}

/// The newest requests, those that wait first.
pub(crate) async fn newest(conn: &mut Conn, limit: usize) -> Result<Vec<RequestRow>, Fault> {
    let rows = sqlx::query(
        "SELECT * FROM request ORDER BY CASE WHEN state IS NULL THEN 0 WHEN state = 'accepted' THEN 1 ELSE 2 END, \
         received_ms DESC, event LIMIT $1",
    )
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    let request = |row: &Found| {
        let state: Option<&str> = row.try_get("state")?;
        let (at, by): (Option<i64>, Option<String>) = (row.try_get("state_ms")?, row.try_get("state_by")?);
        Ok(RequestRow {
            device: parsed(row, "device")?,
            event: parsed(row, "event")?,
            terminal: parsed(row, "terminal")?,
            item: ItemKind::of(row.try_get("item")?).ok_or(Fault::Stored("item"))?,
            received_ms: row.try_get("received_ms")?,
            state: state.and_then(state_of),
            answered: at.zip(by),
        })
    };
    rows.iter().map(request).collect()
}

/// The name of a state in tables and text ids.
pub(crate) fn state_name(state: RequestState) -> &'static str {
    match state {
        RequestState::Accepted => "accepted",
        RequestState::Done => "done",
        RequestState::Declined => "declined",
    }
}

/// The state of this name.
pub(crate) fn state_of(name: &str) -> Option<RequestState> {
    [RequestState::Accepted, RequestState::Done, RequestState::Declined]
        .into_iter()
        .find(|state| state_name(*state) == name)
}
