// SPDX-License-Identifier: GPL-3.0-only
//! The only SQL about roll calls.

use super::{CallRow, LineRow, Place};
use contract::{
    CallId, DetaineeId, EventId, ExtraPerson, OfficerId, Phase, RollCallProgress, RollCallTask, Text,
};
use rusqlite::{OptionalExtension, Row};
use store::{Fault, Read, Write};
use uuid::Uuid;

const CALL: &str =
    "SELECT call, title, begun_by, phase, round, policy_rev, opened, since, current, current_since,
    recounts, strangers FROM roll_call";

pub(super) fn put_task(tx: &Write<'_>, task: &RollCallTask) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO roll_call_task (call, body) VALUES (?1, ?2) ON CONFLICT (call) DO UPDATE SET body = excluded.body",
        (task.call.0.as_bytes(), crate::json(task)?),
    )?;
    Ok(())
}

pub(super) fn end_task(tx: &Write<'_>, call: CallId) -> Result<(), Fault> {
    tx.sql().execute("UPDATE roll_call_task SET ended = 1 WHERE call = ?1", [call.0.as_bytes()])?;
    Ok(())
}

/// Tasks that have not begun, the earliest first.
pub(super) fn tasks(read: &Read<'_>) -> Result<Vec<RollCallTask>, Fault> {
    let mut statement = read.sql().prepare_cached("SELECT body FROM roll_call_task WHERE ended = 0")?;
    let bodies = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut tasks: Vec<RollCallTask> =
        bodies.map(|body| crate::from_json(&body?, "task")).collect::<Result<_, _>>()?;
    tasks.sort_by_key(|task| task.opens_ms);
    Ok(tasks)
}

pub(super) fn put_call(tx: &Write<'_>, call: &CallRow) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO roll_call (call, title, begun_by, phase, round, policy_rev, opened, since, current, current_since,
             recounts, strangers) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         ON CONFLICT (call) DO UPDATE SET phase = excluded.phase, round = excluded.round, since = excluded.since,
             current = excluded.current, current_since = excluded.current_since, recounts = excluded.recounts,
             strangers = excluded.strangers",
        (
            call.call.0.as_bytes(),
            call.title.as_str(),
            call.begun_by.map(|officer| *officer.0.as_bytes()),
            call.phase.name(),
            call.round,
            call.policy_rev,
            crate::json(&call.opened)?,
            crate::json(&call.since)?,
            call.current.map(|current| *current.0.as_bytes()),
            crate::json(&call.current_since)?,
            call.recounts,
            call.strangers,
        ),
    )?;
    Ok(())
}

/// The roll call that is not signed yet.
pub(super) fn active(read: &Read<'_>) -> Result<Option<CallRow>, Fault> {
    one(read, &format!("{CALL} WHERE phase <> 'confirmed' ORDER BY id DESC LIMIT 1"))
}

pub(super) fn last_confirmed(read: &Read<'_>) -> Result<Option<CallRow>, Fault> {
    one(read, &format!("{CALL} WHERE phase = 'confirmed' ORDER BY id DESC LIMIT 1"))
}

fn one(read: &Read<'_>, sql: &str) -> Result<Option<CallRow>, Fault> {
    let mut statement = read.sql().prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    rows.next()?.map(call_row).transpose()
}

fn call_row(row: &Row<'_>) -> Result<CallRow, Fault> {
    let text = |index: usize| row.get::<_, String>(index);
    let phase = text(3)?;
    Ok(CallRow {
        call: CallId(Uuid::from_bytes(row.get(0)?)),
        title: Text::new(&text(1)?),
        begun_by: row.get::<_, Option<[u8; 16]>>(2)?.map(|id| OfficerId(Uuid::from_bytes(id))),
        phase: Phase::ALL.into_iter().find(|p| p.name() == phase).ok_or(Fault::Stored { what: "phase" })?,
        round: row.get(4)?,
        policy_rev: row.get(5)?,
        opened: crate::from_json(&text(6)?, "stamp")?,
        since: crate::from_json(&text(7)?, "stamp")?,
        current: row.get::<_, Option<[u8; 16]>>(8)?.map(|id| DetaineeId(Uuid::from_bytes(id))),
        current_since: crate::from_json(&text(9)?, "stamp")?,
        recounts: row.get(10)?,
        strangers: row.get(11)?,
    })
}

pub(super) fn set_result(tx: &Write<'_>, call: CallId, event: EventId) -> Result<(), Fault> {
    tx.sql().execute(
        "UPDATE roll_call SET result = ?1 WHERE call = ?2",
        (event.0.as_bytes(), call.0.as_bytes()),
    )?;
    Ok(())
}

pub(super) fn result(read: &Read<'_>, call: CallId) -> Result<Option<EventId>, Fault> {
    let event: Option<Option<[u8; 16]>> = read
        .sql()
        .query_row("SELECT result FROM roll_call WHERE call = ?1", [call.0.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(event.flatten().map(|event| EventId(Uuid::from_bytes(event))))
}

/// Remembers what is told; false when the same was told before.
pub(super) fn take_progress(tx: &Write<'_>, progress: &RollCallProgress) -> Result<bool, Fault> {
    let changed = tx.sql().execute(
        "UPDATE roll_call SET progress = ?1 WHERE call = ?2 AND progress IS NOT ?1",
        (crate::json(progress)?, progress.call.0.as_bytes()),
    )?;
    Ok(changed == 1)
}

pub(super) fn put_line(tx: &Write<'_>, call: CallId, line: &LineRow) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO roll_call_line VALUES (?1, ?2,
             (SELECT coalesce(max(id), 0) + 1 FROM roll_call_line WHERE call = ?1), ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (call, detainee) DO UPDATE SET place = excluded.place, tries = excluded.tries,
             other_way = excluded.other_way, outcome = excluded.outcome, at = excluded.at",
        (
            call.0.as_bytes(),
            line.detainee.0.as_bytes(),
            line.place.name(),
            line.tries,
            line.other_way,
            line.outcome.as_ref().map(crate::json).transpose()?,
            line.at.as_ref().map(crate::json).transpose()?,
        ),
    )?;
    Ok(())
}

pub(super) fn delete_line(tx: &Write<'_>, call: CallId, detainee: DetaineeId) -> Result<(), Fault> {
    tx.sql().execute(
        "DELETE FROM roll_call_line WHERE call = ?1 AND detainee = ?2",
        (call.0.as_bytes(), detainee.0.as_bytes()),
    )?;
    Ok(())
}

/// Every line, in the order people are called.
pub(super) fn lines(read: &Read<'_>, call: CallId) -> Result<Vec<LineRow>, Fault> {
    let mut statement = read.sql().prepare_cached(
        "SELECT detainee, place, tries, other_way, outcome, at FROM roll_call_line WHERE call = ?1 ORDER BY id",
    )?;
    let mut rows = statement.query([call.0.as_bytes()])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        lines.push(line_row(row)?);
    }
    Ok(lines)
}

pub(super) fn line(read: &Read<'_>, call: CallId, detainee: DetaineeId) -> Result<Option<LineRow>, Fault> {
    let mut statement = read.sql().prepare_cached(
        "SELECT detainee, place, tries, other_way, outcome, at FROM roll_call_line WHERE call = ?1 AND detainee = ?2",
    )?;
    let mut rows = statement.query((call.0.as_bytes(), detainee.0.as_bytes()))?;
    rows.next()?.map(line_row).transpose()
}

fn line_row(row: &Row<'_>) -> Result<LineRow, Fault> {
    let place: String = row.get(1)?;
    let outcome: Option<String> = row.get(4)?;
    let at: Option<String> = row.get(5)?;
    Ok(LineRow {
        detainee: DetaineeId(Uuid::from_bytes(row.get(0)?)),
        place: Place::ALL.into_iter().find(|p| p.name() == place).ok_or(Fault::Stored { what: "place" })?,
        tries: row.get(2)?,
        other_way: row.get(3)?,
        outcome: outcome.map(|outcome| crate::from_json(&outcome, "outcome")).transpose()?,
        at: at.map(|at| crate::from_json(&at, "stamp")).transpose()?,
    })
}

impl Place {
    const ALL: [Self; 4] = [Self::Waiting, Self::CallAgain, Self::ForOfficer, Self::Resolved];

    fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::CallAgain => "call_again",
            Self::ForOfficer => "for_officer",
            Self::Resolved => "resolved",
        }
    }
}

pub(super) fn add_extra(tx: &Write<'_>, call: CallId, extra: &ExtraPerson) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO roll_call_extra (call, body) VALUES (?1, ?2)",
        (call.0.as_bytes(), crate::json(extra)?),
    )?;
    Ok(())
}

pub(super) fn remove_extra(tx: &Write<'_>, call: CallId, index: usize) -> Result<(), Fault> {
    tx.sql().execute(
        "DELETE FROM roll_call_extra WHERE id =
             (SELECT id FROM roll_call_extra WHERE call = ?1 ORDER BY id LIMIT 1 OFFSET ?2)",
        (call.0.as_bytes(), index as i64),
    )?;
    Ok(())
}

pub(super) fn extras(read: &Read<'_>, call: CallId) -> Result<Vec<ExtraPerson>, Fault> {
    let mut statement =
        read.sql().prepare_cached("SELECT body FROM roll_call_extra WHERE call = ?1 ORDER BY id")?;
    let bodies = statement.query_map([call.0.as_bytes()], |row| row.get::<_, String>(0))?;
    bodies.map(|body| crate::from_json(&body?, "extra person")).collect()
}

pub(super) fn add_supplement(tx: &Write<'_>, call: CallId, detainee: DetaineeId) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO roll_call_supplement VALUES (?1, ?2)",
        (call.0.as_bytes(), detainee.0.as_bytes()),
    )?;
    Ok(())
}

pub(super) fn supplements(read: &Read<'_>, call: CallId) -> Result<Vec<DetaineeId>, Fault> {
    let mut statement =
        read.sql().prepare_cached("SELECT detainee FROM roll_call_supplement WHERE call = ?1")?;
    let ids = statement.query_map([call.0.as_bytes()], |row| row.get::<_, [u8; 16]>(0))?;
    ids.map(|id| Ok(DetaineeId(Uuid::from_bytes(id?)))).collect()
}
