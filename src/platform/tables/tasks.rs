// SPDX-License-Identifier: GPL-3.0-only
//! What waits for a post, and what became of it.

use super::{Conn, Found, column, parsed};
use crate::Fault;
use crate::tables::roll_calls::{NoticeKind, Origin};
use crate::tasks::{TaskKind, end_of_roll_call};
use contract::{Post, RollCallTask, TerminalId};
use sqlx::Row;
use uuid::Uuid;

/// A task that waits.
#[derive(Debug, Clone)]
pub(crate) struct TaskRow {
    pub(crate) id: String,
    pub(crate) kind: TaskKind,
    /// An event or a call.
    pub(crate) subject: String,
    pub(crate) terminal: TerminalId,
    pub(crate) due_ms: i64,
    pub(crate) opened_ms: i64,
}

/// Opens what a notice asks for.
pub(crate) async fn notice_came(
    conn: &mut Conn,
    origin: &Origin,
    notice: NoticeKind,
    detail: &str,
) -> Result<(), Fault> {
    match TaskKind::of_notice(notice, detail) {
        Some(kind) => open(conn, kind, &origin.event.to_string(), origin.terminal, origin.now_ms).await,
        None => Ok(()),
    }
}

/// Opens the task of a roll call that was asked for, from its end on; one that was taken back has none.
pub(crate) async fn roll_call_asked(
    conn: &mut Conn,
    terminal: TerminalId,
    task: &RollCallTask,
    now_ms: i64,
) -> Result<(), Fault> {
    let call = task.call.to_string();
    if task.cancelled {
        return close(conn, &[TaskKind::RollCall], &call, terminal, "cancelled", now_ms).await.map(|_| ());
    }
    open(conn, TaskKind::RollCall, &call, terminal, end_of_roll_call(task.expires_ms)).await
}

/// Opens a task about something of a terminal; one that was there is left as it is.
pub(crate) async fn open(
    conn: &mut Conn,
    kind: TaskKind,
    subject: &str,
    terminal: TerminalId,
    opened_ms: i64,
) -> Result<(), Fault> {
    open_until(conn, kind, subject, terminal, opened_ms, opened_ms.saturating_add(kind.due_ms())).await
}

/// Opens one whose deadline something else than its kind sets.
pub(crate) async fn open_until(
    conn: &mut Conn,
    kind: TaskKind,
    subject: &str,
    terminal: TerminalId,
    opened_ms: i64,
    due_ms: i64,
) -> Result<(), Fault> {
    open_for(conn, (kind, kind.post()), (subject, terminal), opened_ms, due_ms).await
}

/// Opens one whose post something else than its kind sets.
pub(crate) async fn open_for(
    conn: &mut Conn,
    (kind, post): (TaskKind, Post),
    (subject, terminal): (&str, TerminalId),
    opened_ms: i64,
    due_ms: i64,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO task_due (id, post, kind, subject, terminal, due_ms, opened_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (kind, subject, terminal) DO NOTHING",
    )
    .bind(Uuid::now_v7().to_string())
    .bind(post.name())
    .bind(kind.name())
    .bind(subject)
    .bind(terminal.to_string())
    .bind(due_ms)
    .bind(opened_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// Opens a closed task again: what answered it did not hold.
pub(crate) async fn reopen(
    conn: &mut Conn,
    kind: TaskKind,
    (subject, terminal): (&str, TerminalId),
    opened_ms: i64,
    due_ms: i64,
) -> Result<(), Fault> {
    sqlx::query(
        "UPDATE task_due SET opened_ms = $1, due_ms = $2, done_ms = NULL, result = NULL \
         WHERE kind = $3 AND subject = $4 AND terminal = $5 AND done_ms IS NOT NULL",
    )
    .bind(opened_ms)
    .bind(due_ms)
    .bind(kind.name())
    .bind(subject)
    .bind(terminal.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// Closes the tasks of these kinds about something of this terminal, with a result; true if one was open.
pub(crate) async fn close(
    conn: &mut Conn,
    kinds: &[TaskKind],
    subject: &str,
    terminal: TerminalId,
    result: &str,
    now_ms: i64,
) -> Result<bool, Fault> {
    let mut closed = false;
    for kind in kinds {
        let done = sqlx::query(
            "UPDATE task_due SET done_ms = $1, result = $2 \
             WHERE kind = $3 AND subject = $4 AND terminal = $5 AND done_ms IS NULL",
        )
        .bind(now_ms)
        .bind(result)
        .bind(kind.name())
        .bind(subject)
        .bind(terminal.to_string())
        .execute(&mut *conn)
        .await?;
        closed |= done.rows_affected() > 0;
    }
    Ok(closed)
}

/// An open task.
pub(crate) async fn one(conn: &mut Conn, id: &str, now_ms: i64) -> Result<Option<TaskRow>, Fault> {
    let row = sqlx::query("SELECT * FROM task_due WHERE id = $1 AND done_ms IS NULL AND opened_ms <= $2")
        .bind(id)
        .bind(now_ms)
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(task).transpose()
}

/// What waits for a post, the newest deadline first.
pub(crate) async fn waiting(
    conn: &mut Conn,
    post: Post,
    now_ms: i64,
    limit: usize,
) -> Result<Vec<TaskRow>, Fault> {
    let rows = sqlx::query(
        "SELECT * FROM task_due WHERE post = $1 AND done_ms IS NULL AND opened_ms <= $2 \
         ORDER BY due_ms DESC, id DESC LIMIT $3",
    )
    .bind(post.name())
    .bind(now_ms)
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    rows.iter().map(task).collect()
}

/// How much waits for a post.
pub(crate) async fn count(conn: &mut Conn, post: Post, now_ms: i64) -> Result<i64, Fault> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS waiting FROM task_due WHERE post = $1 AND done_ms IS NULL AND opened_ms <= $2",
    )
    .bind(post.name())
    .bind(now_ms)
    .fetch_one(conn)
    .await?;
    Ok(row.try_get("waiting")?)
}

fn task(row: &Found) -> Result<TaskRow, Fault> {
    Ok(TaskRow {
        id: row.try_get("id")?,
        kind: TaskKind::of(row.try_get("kind")?).ok_or(Fault::Stored("kind"))?,
        subject: row.try_get("subject")?,
        terminal: parsed(row, "terminal")?,
        due_ms: row.try_get("due_ms")?,
        opened_ms: row.try_get("opened_ms")?,
    })
}
