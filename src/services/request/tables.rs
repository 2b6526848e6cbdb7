// SPDX-License-Identifier: GPL-3.0-only
//! The only SQL about requests.

use contract::{EventId, ItemKind, RequestStatus, Stamp};
use rusqlite::OptionalExtension;
use store::{Fault, Read, Write};
use uuid::Uuid;

/// Requests that are kept; the oldest go.
const KEPT_MAX: u32 = 200;

/// A request with the platform's newest word.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) event: EventId,
    pub(super) made: Stamp,
    pub(super) status: Option<RequestStatus>,
}

pub(super) fn add(tx: &Write<'_>, event: EventId, item: Option<ItemKind>, made: &Stamp) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO request (event, item, made) VALUES (?1, ?2, ?3)",
        (event.0.as_bytes(), item.map(ItemKind::name), crate::json(made)?),
    )?;
    tx.sql().execute(
        "DELETE FROM request WHERE event NOT IN (SELECT event FROM request ORDER BY rowid DESC LIMIT ?1)",
        [KEPT_MAX],
    )?;
    Ok(())
}

/// The newest request of a kind.
pub(super) fn newest(read: &Read<'_>, item: Option<ItemKind>) -> Result<Option<Row>, Fault> {
    let row: Option<([u8; 16], String, Option<String>)> = read
        .sql()
        .prepare_cached(
            "SELECT event, made, status FROM request WHERE item IS ?1 ORDER BY rowid DESC LIMIT 1",
        )?
        .query_row([item.map(ItemKind::name)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((event, made, status)) = row else { return Ok(None) };
    Ok(Some(Row {
        event: EventId(Uuid::from_bytes(event)),
        made: crate::from_json(&made, "stamp")?,
        status: status.map(|status| crate::from_json(&status, "request status")).transpose()?,
    }))
}

/// Keeps the platform's word; one about a request that is not here is no concern of this cell any more.
pub(super) fn set_status(tx: &Write<'_>, status: &RequestStatus) -> Result<(), Fault> {
    tx.sql().execute(
        "UPDATE request SET status = ?1 WHERE event = ?2",
        (crate::json(status)?, status.request.0.as_bytes()),
    )?;
    Ok(())
}

pub(super) fn clear_status(tx: &Write<'_>, request: EventId) -> Result<(), Fault> {
    tx.sql().execute("UPDATE request SET status = NULL WHERE event = ?1", [request.0.as_bytes()])?;
    Ok(())
}
