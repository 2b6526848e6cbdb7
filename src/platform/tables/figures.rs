// SPDX-License-Identifier: GPL-3.0-only
//! How long answers took, as facts without anybody in them, and the figures that were released.

use super::{Conn, Found, column, json};
use crate::Fault;
use crate::figures::Fact;
use contract::{AnswerFigures, AppointmentWith, FigureKind, Office};
use sqlx::Row;

/// What came from `from_ms` to `until_ms`, as it stands now: of sealed things those that were answered, and those nobody
/// opened in time. Each once, in however many epochs it came.
pub(crate) async fn facts(
    conn: &mut Conn,
    (from_ms, until_ms): (i64, i64),
    now_ms: i64,
) -> Result<Vec<Fact>, Fault> {
    let complaints = "SELECT office AS what, MIN(hour_ms) AS came_ms, MIN(answered_ms) AS answered_ms, \
         MIN(answer_due_ms) AS due_ms FROM complaint_item WHERE office IS NOT NULL \
         AND (answered_ms IS NOT NULL OR (received_ms IS NULL AND due_ms <= $3)) \
         GROUP BY device, event, office HAVING MIN(hour_ms) >= $1 AND MIN(hour_ms) < $2";
    let appointments = "SELECT wanted AS what, received_ms AS came_ms, answered_ms, due_ms FROM appointment \
         WHERE received_ms >= $1 AND received_ms < $2 AND (answered_ms IS NOT NULL OR (due_ms <= $3 \
         AND COALESCE(state, '') <> 'withdrawn'))";
    let reports = "SELECT '' AS what, care_entry.received_ms AS came_ms, task_due.done_ms AS answered_ms, \
         care_entry.due_ms AS due_ms FROM care_entry LEFT JOIN task_due ON task_due.kind = 'care_report' \
         AND task_due.subject = care_entry.event AND task_due.terminal = care_entry.terminal \
         WHERE urgency IS NOT NULL AND received_ms >= $1 AND received_ms < $2 \
         AND (task_due.done_ms IS NOT NULL OR care_entry.due_ms <= $3)";
    let mut facts = Vec::new();
    for (query, kind) in [(complaints, complaint as Kind), (appointments, appointment), (reports, report)] {
        let rows = sqlx::query(query).bind(from_ms).bind(until_ms).bind(now_ms).fetch_all(&mut *conn).await?;
        for row in &rows {
            facts.push(fact(row, kind)?);
        }
    }
    Ok(facts)
}

type Kind = fn(&str) -> Option<FigureKind>;

fn complaint(name: &str) -> Option<FigureKind> {
    Office::of(name).map(FigureKind::Complaint)
}

fn appointment(name: &str) -> Option<FigureKind> {
    AppointmentWith::of(name).map(FigureKind::Appointment)
}

fn report(_: &str) -> Option<FigureKind> {
    Some(FigureKind::SymptomReport)
}

fn fact(row: &Found, kind: Kind) -> Result<Fact, Fault> {
    let came_ms: i64 = row.try_get("came_ms")?;
    let answered_ms: Option<i64> = row.try_get("answered_ms")?;
    let due_ms: i64 = row.try_get("due_ms")?;
    Ok(Fact {
        what: kind(row.try_get("what")?).ok_or(Fault::Stored("figure"))?,
        waited_ms: answered_ms.map(|ms| ms.saturating_sub(came_ms).max(0)),
        overdue: answered_ms.is_none_or(|ms| ms > due_ms),
    })
}

/// Whether the figures of the period that begins there were released.
pub(crate) async fn is_released(conn: &mut Conn, from_ms: i64) -> Result<bool, Fault> {
    let row =
        sqlx::query("SELECT 1 FROM answer_figures WHERE from_ms = $1").bind(from_ms).fetch_optional(conn);
    Ok(row.await?.is_some())
}

/// Releases figures. False where those of the period were: they never change.
pub(crate) async fn release(conn: &mut Conn, figures: &AnswerFigures, now_ms: i64) -> Result<bool, Fault> {
    let done = sqlx::query(
        "INSERT INTO answer_figures (from_ms, body, released_ms) VALUES ($1, $2, $3) \
         ON CONFLICT (from_ms) DO NOTHING",
    )
    .bind(figures.from_ms)
    .bind(serde_json::to_string(figures)?)
    .bind(now_ms)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The newest figures that were released, the newest first.
pub(crate) async fn released(conn: &mut Conn, limit: usize) -> Result<Vec<AnswerFigures>, Fault> {
    let rows = sqlx::query("SELECT body FROM answer_figures ORDER BY from_ms DESC LIMIT $1")
        .bind(column(limit as u64)?)
        .fetch_all(conn)
        .await?;
    rows.iter().map(|row| json(row, "body")).collect()
}
