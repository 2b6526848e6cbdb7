// SPDX-License-Identifier: GPL-3.0-only
//! What terminals told of duty, and what officers answered.

use super::roll_calls::Origin;
use super::{Conn, Found, parsed};
use crate::Fault;
use contract::{DetaineeId, DutyAnswer, EventId, ShiftId, Stamp, TerminalId, Turn};
use serde::Serialize;
use sqlx::Row;

/// What a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FactKind {
    SignOn,
    Confirm,
    Handover,
    Swap,
    Unwell,
    Gap,
    /// An officer's answer, beside what it answers.
    OfficerCheck,
}

impl FactKind {
    const ALL: [Self; 7] = [
        Self::SignOn,
        Self::Confirm,
        Self::Handover,
        Self::Swap,
        Self::Unwell,
        Self::Gap,
        Self::OfficerCheck,
    ];

    /// The name in tables and text ids.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SignOn => "sign_on",
            Self::Confirm => "confirm",
            Self::Handover => "handover",
            Self::Swap => "swap",
            Self::Unwell => "unwell",
            Self::Gap => "gap",
            Self::OfficerCheck => "officer_check",
        }
    }
}

/// A fact to be kept.
pub(crate) struct Fact<'a, T> {
    pub(crate) kind: FactKind,
    /// None for an officer's answer.
    pub(crate) turn: Option<Turn>,
    /// Of a gap; 0 otherwise.
    pub(crate) number: u32,
    pub(crate) detainee: Option<DetaineeId>,
    pub(crate) at: Stamp,
    pub(crate) body: &'a T,
}

/// A fact as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct FactRow {
    pub(crate) event: EventId,
    pub(crate) kind: FactKind,
    pub(crate) turn: Turn,
    pub(crate) detainee: Option<DetaineeId>,
    pub(crate) at_ms: i64,
    pub(crate) ended_ms: Option<i64>,
    pub(crate) body: String,
    pub(crate) answer: Option<DutyAnswer>,
    pub(crate) answered_by: Option<String>,
    pub(crate) note: Option<String>,
}

/// An officer's answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answer<'a> {
    pub(crate) answer: DutyAnswer,
    pub(crate) by: &'a str,
    pub(crate) note: &'a str,
    pub(crate) at_ms: i64,
}

/// Keeps a fact once.
pub(crate) async fn put<T: Serialize>(
    conn: &mut Conn,
    origin: &Origin,
    fact: &Fact<'_, T>,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO duty_fact (terminal, event, kind, shift, cycle, number, detainee, at_ms, trust, body, received_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (terminal, event) DO NOTHING",
    )
    .bind(origin.terminal.to_string())
    .bind(origin.event.to_string())
    .bind(fact.kind.name())
    .bind(fact.turn.map_or_else(String::new, |turn| turn.shift.to_string()))
    .bind(fact.turn.map_or(0, |turn| i64::from(turn.cycle)))
    .bind(i64::from(fact.number))
    .bind(fact.detainee.map(|detainee| detainee.to_string()))
    .bind(fact.at.wall_ms)
    .bind(serde_json::to_string(&fact.at.trust)?)
    .bind(serde_json::to_string(fact.body)?)
    .bind(origin.received_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a gap that is known; false where it is not yet.
pub(crate) async fn end_gap(
    conn: &mut Conn,
    terminal: TerminalId,
    gap: EventId,
    ended_ms: i64,
) -> Result<bool, Fault> {
    let done = sqlx::query(
        "UPDATE duty_fact SET ended_ms = COALESCE(ended_ms, $1) WHERE terminal = $2 AND event = $3 AND kind = $4",
    )
    .bind(ended_ms)
    .bind(terminal.to_string())
    .bind(gap.to_string())
    .bind(FactKind::Gap.name())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Keeps the first answer; false where there is one.
pub(crate) async fn answer(
    conn: &mut Conn,
    terminal: TerminalId,
    subject: EventId,
    answer: &Answer<'_>,
) -> Result<bool, Fault> {
    let done = sqlx::query(
        "UPDATE duty_fact SET answer = $1, answered_ms = $2, answered_by = $3, note = $4 \
         WHERE terminal = $5 AND event = $6 AND answer IS NULL",
    )
    .bind(answer.answer.name())
    .bind(answer.at_ms)
    .bind(answer.by)
    .bind(answer.note)
    .bind(terminal.to_string())
    .bind(subject.to_string())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Keeps an answer until what it is about has come.
pub(crate) async fn put_early<T: Serialize>(
    conn: &mut Conn,
    origin: &Origin,
    about: EventId,
    body: &T,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO duty_early (terminal, event, about, body) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (terminal, event) DO NOTHING",
    )
    .bind(origin.terminal.to_string())
    .bind(origin.event.to_string())
    .bind(about.to_string())
    .bind(serde_json::to_string(body)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes out what waited for this event, the earliest first.
pub(crate) async fn take_early(conn: &mut Conn, origin: &Origin) -> Result<Vec<String>, Fault> {
    let rows = sqlx::query("SELECT body FROM duty_early WHERE terminal = $1 AND about = $2 ORDER BY event")
        .bind(origin.terminal.to_string())
        .bind(origin.event.to_string())
        .fetch_all(&mut *conn)
        .await?;
    sqlx::query("DELETE FROM duty_early WHERE terminal = $1 AND about = $2")
        .bind(origin.terminal.to_string())
        .bind(origin.event.to_string())
        .execute(conn)
        .await?;
    rows.iter().map(|row| Ok(row.try_get("body")?)).collect()
}

pub(crate) async fn one(
    conn: &mut Conn,
    terminal: TerminalId,
    event: EventId,
) -> Result<Option<FactRow>, Fault> {
    let row = sqlx::query("SELECT * FROM duty_fact WHERE terminal = $1 AND event = $2")
        .bind(terminal.to_string())
        .bind(event.to_string())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(fact).transpose()
}

/// The newest facts of a terminal that belong to a turn, the newest first.
pub(crate) async fn newest(conn: &mut Conn, terminal: TerminalId, limit: u32) -> Result<Vec<FactRow>, Fault> {
    let rows = sqlx::query(
        "SELECT * FROM duty_fact WHERE terminal = $1 AND shift <> '' ORDER BY at_ms DESC, event DESC LIMIT $2",
    )
    .bind(terminal.to_string())
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?;
    rows.iter().map(fact).collect()
}

/// How often each person came on duty since a time, the most often first.
pub(crate) async fn served(
    conn: &mut Conn,
    terminal: TerminalId,
    since_ms: i64,
) -> Result<Vec<(String, i64)>, Fault> {
    let rows = sqlx::query(
        "SELECT detainee, COUNT(*) AS turns FROM duty_fact WHERE terminal = $1 AND kind = $2 AND at_ms >= $3 \
         AND detainee IS NOT NULL GROUP BY detainee ORDER BY turns DESC, detainee",
    )
    .bind(terminal.to_string())
    .bind(FactKind::SignOn.name())
    .bind(since_ms)
    .fetch_all(conn)
    .await?;
    rows.iter().map(|row| Ok((row.try_get("detainee")?, row.try_get("turns")?))).collect()
}

fn fact(row: &Found) -> Result<FactRow, Fault> {
    let kind: &str = row.try_get("kind")?;
    let shift: ShiftId = parsed(row, "shift")?;
    let cycle = u32::try_from(row.try_get::<i64, _>("cycle")?).map_err(|_| Fault::Stored("cycle"))?;
    let detainee: Option<&str> = row.try_get("detainee")?;
    let answer: Option<&str> = row.try_get("answer")?;
    Ok(FactRow {
        event: parsed(row, "event")?,
        kind: FactKind::ALL.into_iter().find(|one| one.name() == kind).ok_or(Fault::Stored("kind"))?,
        turn: Turn { shift, cycle },
        detainee: detainee.map(|id| id.parse().map_err(|_| Fault::Stored("detainee"))).transpose()?,
        at_ms: row.try_get("at_ms")?,
        ended_ms: row.try_get("ended_ms")?,
        body: row.try_get("body")?,
        answer: answer.map(|name| DutyAnswer::of(name).ok_or(Fault::Stored("answer"))).transpose()?,
        answered_by: row.try_get("answered_by")?,
        note: row.try_get("note")?,
    })
}
