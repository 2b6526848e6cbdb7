// SPDX-License-Identifier: GPL-3.0-only
//! Asking a cell for a roll call (点名), and taking the wish back before it began.

use crate::tables::Conn;
use crate::tables::feed as truth;
use crate::tables::roll_calls::{self as rows, RollCallRow};
use crate::{Fault, feed};
use contract::{CallId, Collection, Facility, Policy, RollCallTask, TerminalId, Text};

/// A task not begun by then is not begun any more, in milliseconds after its first name.
const BEGIN_WITHIN_MS: i64 = 30 * 60 * 1000;
/// A terminal that never answered does not keep a cell from being called again, in milliseconds after the last word.
const SILENT_MS: i64 = 2 * 60 * 60 * 1000;
/// Tasks are sent this long, in milliseconds; after that they mean nothing to a terminal.
const TASKS_KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// Why a roll call is not started or not cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// One is waiting or running in this cell.
    Busy,
    /// It has begun, or is over.
    TooLate,
    Unknown,
}

/// Asks for a roll call whose first name is called after the policy's announcement from `from_ms` on.
pub(crate) async fn ask(
    conn: &mut Conn,
    terminal: TerminalId,
    title: &str,
    by: &str,
    from_ms: i64,
    now_ms: i64,
) -> Result<Result<CallId, Refusal>, Fault> {
    if rows::newest_of(conn, terminal, 8).await?.iter().any(|call| is_live(call, now_ms)) {
        return Ok(Err(Refusal::Busy));
    }
    let announce_s = policy(conn, terminal).await?.roll_call.announce_s;
    let opens_ms = from_ms.saturating_add(i64::from(announce_s) * 1000);
    let task = RollCallTask {
        call: CallId::fresh(),
        title: Text::new(title),
        opens_ms,
        expires_ms: opens_ms.saturating_add(BEGIN_WITHIN_MS),
        cancelled: false,
    };
    truth::forget_tasks(conn, terminal, now_ms.saturating_sub(TASKS_KEPT_MS)).await?;
    put(conn, terminal, &task, by, now_ms).await?;
    Ok(Ok(task.call))
}

/// Takes a task back. One that has begun goes on.
pub(crate) async fn cancel(
    conn: &mut Conn,
    terminal: TerminalId,
    call: CallId,
    by: &str,
    now_ms: i64,
) -> Result<Result<(), Refusal>, Fault> {
    let Some(row) = rows::roll_call(conn, terminal, call).await? else { return Ok(Err(Refusal::Unknown)) };
    let (Some(opens_ms), Some(expires_ms)) = (row.opens_ms, row.expires_ms) else {
        return Ok(Err(Refusal::TooLate));
    };
    if row.progress.is_some() || row.result.is_some() || row.cancelled_ms.is_some() {
        return Ok(Err(Refusal::TooLate));
    }
    let task = RollCallTask { call, title: Text::new(&row.title), opens_ms, expires_ms, cancelled: true };
    put(conn, terminal, &task, by, now_ms).await?;
    Ok(Ok(()))
}

/// Sends a task as it is.
pub(crate) async fn put(
    conn: &mut Conn,
    terminal: TerminalId,
    task: &RollCallTask,
    by: &str,
    now_ms: i64,
) -> Result<(), Fault> {
    rows::put_task(conn, terminal, task, by, now_ms).await?;
    feed::put(conn, terminal, Collection::RollCallTask, &task.call.to_string(), task, now_ms).await
}

/// Whether a roll call is waiting or running.
pub(crate) fn is_live(call: &RollCallRow, now_ms: i64) -> bool {
    if call.result.is_some() || call.cancelled_ms.is_some() {
        return false;
    }
    match (call.progress_ms, call.expires_ms) {
        (Some(heard_ms), _) => now_ms < heard_ms.saturating_add(SILENT_MS),
        (None, Some(expires_ms)) => now_ms < expires_ms,
        (None, None) => false,
    }
}

/// The policy a terminal has; the built-in one before it has any.
pub(crate) async fn policy(conn: &mut Conn, terminal: TerminalId) -> Result<Policy, Fault> {
    let item = truth::get(conn, terminal, Collection::Policy, POLICY_KEY).await?;
    item.map_or_else(
        || Ok(Policy::default()),
        |item| serde_json::from_value(item.body).map_err(|_| Fault::Stored("policy")),
    )
}

/// The facility a terminal was told it is in.
pub(crate) async fn facility(conn: &mut Conn, terminal: TerminalId) -> Result<Option<Facility>, Fault> {
    let item = truth::get(conn, terminal, Collection::Facility, FACILITY_KEY).await?;
    item.map(|item| serde_json::from_value(item.body).map_err(|_| Fault::Stored("facility"))).transpose()
}

/// The one facility of a terminal.
pub(crate) const FACILITY_KEY: &str = "facility";
/// The one policy of a terminal.
pub(crate) const POLICY_KEY: &str = "site";
