// SPDX-License-Identifier: GPL-3.0-only
//! The only SQL about duty.

use super::{Matter, MatterRow, PersonRow, TurnRow};
use contract::{DetaineeId, DutyAnswer, EventId, How, Rota, Swap, Turn};
use rusqlite::{OptionalExtension, Row};
use store::{Fault, Read, Write};
use uuid::Uuid;

pub(super) fn put_rota(tx: &Write<'_>, key: &str, rota: &Rota) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO duty_rota (key, body) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET body = excluded.body",
        (key, crate::json(rota)?),
    )?;
    Ok(())
}

pub(super) fn delete_rota(tx: &Write<'_>, key: &str) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM duty_rota WHERE key = ?1", [key])?;
    Ok(())
}

/// Every rota with its key, the earliest first.
pub(super) fn rotas(read: &Read<'_>) -> Result<Vec<(String, Rota)>, Fault> {
    let mut statement = read.sql().prepare_cached("SELECT key, body FROM duty_rota ORDER BY key")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    let mut rotas: Vec<(String, Rota)> = rows
        .map(|row| {
            let (key, body) = row?;
            Ok((key, crate::from_json(&body, "rota")?))
        })
        .collect::<Result<_, Fault>>()?;
    rotas.sort_by_key(|(_, rota)| rota.from_ms);
    Ok(rotas)
}

pub(super) fn put_turn(tx: &Write<'_>, row: &TurnRow) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO duty_turn (shift, cycle, body, closed) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (shift, cycle) DO UPDATE SET body = excluded.body, closed = excluded.closed",
        (row.turn.shift.0.as_bytes(), row.turn.cycle, crate::json(row)?, row.closed),
    )?;
    Ok(())
}

/// Whether a turn was opened here before.
pub(super) fn was_opened(read: &Read<'_>, turn: Turn) -> Result<bool, Fault> {
    let found: Option<i64> = read
        .sql()
        .query_row(
            "SELECT 1 FROM duty_turn WHERE shift = ?1 AND cycle = ?2",
            (turn.shift.0.as_bytes(), turn.cycle),
            |row| row.get(0),
        )
        .optional()?;
    Ok(found.is_some())
}

/// Up to when every turn is accounted for, in milliseconds since 1970 UTC.
pub(super) fn watched_ms(read: &Read<'_>) -> Result<Option<i64>, Fault> {
    let found = read.sql().query_row("SELECT until_ms FROM duty_watch WHERE id = 1", [], |row| row.get(0));
    Ok(found.optional()?)
}

pub(super) fn put_watched(tx: &Write<'_>, until_ms: i64) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO duty_watch (id, until_ms) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET until_ms = excluded.until_ms",
        [until_ms],
    )?;
    Ok(())
}

/// The turns that are not closed, the earliest opened first.
pub(super) fn active(read: &Read<'_>) -> Result<Vec<TurnRow>, Fault> {
    let mut statement =
        read.sql().prepare_cached("SELECT body FROM duty_turn WHERE closed = 0 ORDER BY id")?;
    let bodies = statement.query_map([], |row| row.get::<_, String>(0))?;
    bodies.map(|body| crate::from_json(&body?, "duty turn")).collect()
}

/// Forgets all but the newest `kept` closed turns with their people.
pub(super) fn forget_turns(tx: &Write<'_>, kept: u32) -> Result<(), Fault> {
    tx.sql().execute(
        "DELETE FROM duty_turn WHERE closed = 1 AND id <= (SELECT max(id) FROM duty_turn) - ?1",
        [kept],
    )?;
    tx.sql().execute(
        "DELETE FROM duty_person WHERE NOT EXISTS (SELECT 1 FROM duty_turn
             WHERE duty_turn.shift = duty_person.shift AND duty_turn.cycle = duty_person.cycle)",
        [],
    )?;
    Ok(())
}

pub(super) fn put_person(tx: &Write<'_>, turn: Turn, row: &PersonRow) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO duty_person (shift, cycle, detainee, body) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (shift, cycle, detainee) DO UPDATE SET body = excluded.body",
        (turn.shift.0.as_bytes(), turn.cycle, row.detainee.0.as_bytes(), crate::json(row)?),
    )?;
    Ok(())
}

/// Everybody asked for a turn, in the order they were asked.
pub(super) fn people(read: &Read<'_>, turn: Turn) -> Result<Vec<PersonRow>, Fault> {
    let mut statement = read
        .sql()
        .prepare_cached("SELECT body FROM duty_person WHERE shift = ?1 AND cycle = ?2 ORDER BY id")?;
    let bodies = statement.query_map((turn.shift.0.as_bytes(), turn.cycle), |row| row.get::<_, String>(0))?;
    bodies.map(|body| crate::from_json(&body?, "person on duty")).collect()
}

pub(super) fn put_agreed(tx: &Write<'_>, swap: &Swap, how: &How, kept: u32) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO duty_agreed (swap, how) VALUES (?1, ?2) ON CONFLICT (swap) DO UPDATE SET how = excluded.how",
        (crate::json(swap)?, crate::json(how)?),
    )?;
    tx.sql().execute("DELETE FROM duty_agreed WHERE id <= (SELECT max(id) FROM duty_agreed) - ?1", [kept])?;
    Ok(())
}

/// How the first of two agreed to a swap.
pub(super) fn agreed(read: &Read<'_>, swap: &Swap) -> Result<Option<How>, Fault> {
    let how: Option<String> = read
        .sql()
        .query_row("SELECT how FROM duty_agreed WHERE swap = ?1", [crate::json(swap)?], |row| row.get(0))
        .optional()?;
    how.map(|how| crate::from_json(&how, "how")).transpose()
}

pub(super) fn forget_agreed(tx: &Write<'_>, swap: &Swap) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM duty_agreed WHERE swap = ?1", [crate::json(swap)?])?;
    Ok(())
}

/// Nobody of the swap is of the cell any more.
pub(super) fn forget_agreed_of(tx: &Write<'_>, detainee: DetaineeId) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM duty_agreed WHERE instr(swap, ?1) > 0", [detainee.to_string()])?;
    Ok(())
}

pub(super) fn put_matter(tx: &Write<'_>, subject: EventId, matter: &Matter, kept: u32) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO duty_matter (subject, body) VALUES (?1, ?2) ON CONFLICT (subject) DO UPDATE SET body = excluded.body",
        (subject.0.as_bytes(), crate::json(matter)?),
    )?;
    tx.sql().execute(
        "DELETE FROM duty_matter WHERE answer IS NOT NULL AND id <= (SELECT max(id) FROM duty_matter) - ?1",
        [kept],
    )?;
    Ok(())
}

/// Keeps the first answer; false where there is one, or nothing was asked.
pub(super) fn answer(tx: &Write<'_>, subject: EventId, answer: DutyAnswer) -> Result<bool, Fault> {
    let changed = tx.sql().execute(
        "UPDATE duty_matter SET answer = ?1 WHERE subject = ?2 AND answer IS NULL",
        (answer.name(), subject.0.as_bytes()),
    )?;
    Ok(changed == 1)
}

/// Keeps the platform's answer, also over one given here.
pub(super) fn overrule(tx: &Write<'_>, subject: EventId, answer: DutyAnswer) -> Result<(), Fault> {
    tx.sql().execute(
        "UPDATE duty_matter SET answer = ?1 WHERE subject = ?2",
        (answer.name(), subject.0.as_bytes()),
    )?;
    Ok(())
}

pub(super) fn matter(read: &Read<'_>, subject: EventId) -> Result<Option<MatterRow>, Fault> {
    let mut statement =
        read.sql().prepare_cached("SELECT subject, body, answer FROM duty_matter WHERE subject = ?1")?;
    let mut rows = statement.query([subject.0.as_bytes()])?;
    rows.next()?.map(matter_row).transpose()
}

/// Everything an officer was or is asked, the newest first.
pub(super) fn matters(read: &Read<'_>) -> Result<Vec<MatterRow>, Fault> {
    let mut statement =
        read.sql().prepare_cached("SELECT subject, body, answer FROM duty_matter ORDER BY id DESC")?;
    let mut rows = statement.query([])?;
    let mut matters = Vec::new();
    while let Some(row) = rows.next()? {
        matters.push(matter_row(row)?);
    }
    Ok(matters)
}

fn matter_row(row: &Row<'_>) -> Result<MatterRow, Fault> {
    let answer: Option<String> = row.get(2)?;
    Ok(MatterRow {
        subject: EventId(Uuid::from_bytes(row.get(0)?)),
        matter: crate::from_json(&row.get::<_, String>(1)?, "matter of duty")?,
        answer: answer
            .map(|name| DutyAnswer::of(&name).ok_or(Fault::Stored { what: "answer" }))
            .transpose()?,
    })
}
