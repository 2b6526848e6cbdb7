// SPDX-License-Identifier: GPL-3.0-only
//! The only SQL about the cell.

use contract::{DetaineeId, EventId, Member, Out, ScheduleEntry};
use rusqlite::OptionalExtension;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Delivery, Fault, Read, Write};
use uuid::Uuid;

pub(super) fn put<T: Serialize>(tx: &Write<'_>, name: &str, rev: u64, value: &T) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO cell_truth VALUES (?1, ?2, ?3)
         ON CONFLICT (name) DO UPDATE SET rev = excluded.rev, body = excluded.body",
        (name, rev, crate::json(value)?),
    )?;
    Ok(())
}

pub(super) fn get<T: DeserializeOwned>(read: &Read<'_>, name: &str) -> Result<Option<(u64, T)>, Fault> {
    let row: Option<(u64, String)> = read
        .sql()
        .prepare_cached("SELECT rev, body FROM cell_truth WHERE name = ?1")?
        .query_row([name], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    row.map(|(rev, body)| Ok((rev, crate::from_json(&body, "truth")?))).transpose()
}

pub(super) fn put_member(tx: &Write<'_>, member: &Member) -> Result<(), Fault> {
    let open = Member { pin: None, ..member.clone() };
    tx.sql().execute(
        "INSERT INTO cell_member VALUES (?1, ?2) ON CONFLICT (detainee) DO UPDATE SET body = excluded.body",
        (member.id.0.as_bytes(), crate::json(&open)?),
    )?;
    Ok(())
}

pub(super) fn delete_member(tx: &Write<'_>, detainee: DetaineeId) -> Result<(), Fault> {
    for table in ["cell_member", "cell_movement"] {
        tx.sql().execute(&format!("DELETE FROM {table} WHERE detainee = ?1"), [detainee.0.as_bytes()])?;
    }
    Ok(())
}

pub(super) fn members(read: &Read<'_>) -> Result<Vec<Member>, Fault> {
    let mut statement = read.sql().prepare_cached("SELECT body FROM cell_member")?;
    let bodies = statement.query_map([], |row| row.get::<_, String>(0))?;
    bodies.map(|body| crate::from_json(&body?, "member")).collect()
}

pub(super) fn set_movement(
    tx: &Write<'_>,
    detainee: DetaineeId,
    out: Option<&Out>,
    event: EventId,
) -> Result<(), Fault> {
    let out = out.map(crate::json).transpose()?;
    tx.sql().execute(
        "INSERT INTO cell_movement VALUES (?1, ?2, ?3)
         ON CONFLICT (detainee) DO UPDATE SET out = excluded.out, event = excluded.event",
        (detainee.0.as_bytes(), out, event.0.as_bytes()),
    )?;
    Ok(())
}

/// The platform has answered after it had the movement: its word counts from here on.
pub(super) fn drop_delivered_movement(tx: &Write<'_>, detainee: DetaineeId) -> Result<(), Fault> {
    let event: Option<[u8; 16]> = tx
        .sql()
        .query_row("SELECT event FROM cell_movement WHERE detainee = ?1", [detainee.0.as_bytes()], |row| {
            row.get(0)
        })
        .optional()?;
    let Some(event) = event else { return Ok(()) };
    if matches!(tx.delivery(EventId(Uuid::from_bytes(event)))?, Some(Delivery::Delivered { .. })) {
        tx.sql().execute("DELETE FROM cell_movement WHERE detainee = ?1", [detainee.0.as_bytes()])?;
    }
    Ok(())
}

pub(super) fn movements(read: &Read<'_>) -> Result<Vec<(DetaineeId, Option<Out>)>, Fault> {
    let mut statement = read.sql().prepare_cached("SELECT detainee, out FROM cell_movement")?;
    let rows =
        statement.query_map([], |row| Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, Option<String>>(1)?)))?;
    rows.map(|row| {
        let (detainee, out) = row?;
        let out = out.map(|body| crate::from_json(&body, "out-state")).transpose()?;
        Ok((DetaineeId(Uuid::from_bytes(detainee)), out))
    })
    .collect()
}

pub(super) fn put_schedule(tx: &Write<'_>, key: &str, entry: &ScheduleEntry) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO cell_schedule VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET body = excluded.body",
        (key, crate::json(entry)?),
    )?;
    Ok(())
}

pub(super) fn delete_schedule(tx: &Write<'_>, key: &str) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM cell_schedule WHERE key = ?1", [key])?;
    Ok(())
}

pub(super) fn schedule(read: &Read<'_>) -> Result<Vec<ScheduleEntry>, Fault> {
    let mut statement = read.sql().prepare_cached("SELECT body FROM cell_schedule")?;
    let bodies = statement.query_map([], |row| row.get::<_, String>(0))?;
    bodies.map(|body| crate::from_json(&body?, "schedule")).collect()
}
