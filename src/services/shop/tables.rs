// SPDX-License-Identifier: GPL-3.0-only
//! The only SQL about the shop.

use super::About;
use contract::{
    Account, CatalogueItem, DetaineeId, EventId, OrderPlaced, OrderStatus, STATEMENT_PAGE_LINES, Shelf,
    Stamp, StatementLine,
};
use rusqlite::{OptionalExtension, Params};
use serde::de::DeserializeOwned;
use store::{Fault, Read, Write};
use uuid::Uuid;

/// An order as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OrderRow {
    pub(super) event: EventId,
    /// None where another terminal placed it.
    pub(super) placed: Option<OrderPlaced>,
    /// None before the platform's first word.
    pub(super) status: Option<OrderStatus>,
}

/// What a person said.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SaidRow {
    pub(super) event: EventId,
    pub(super) about: About,
    pub(super) made: Stamp,
}

/// Somebody who waits.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TurnRow {
    pub(super) detainee: DetaineeId,
    pub(super) called: Option<Stamp>,
    pub(super) missed: u32,
}

/// The JSON of one column, row by row.
fn all<T: DeserializeOwned>(
    read: &Read<'_>,
    sql: &str,
    params: impl Params,
    what: &'static str,
) -> Result<Vec<T>, Fault> {
    let mut statement = read.sql().prepare_cached(sql)?;
    let rows = statement.query_map(params, |row| row.get::<_, String>(0))?;
    rows.map(|body| crate::from_json(&body?, what)).collect()
}

fn one<T: DeserializeOwned>(
    read: &Read<'_>,
    sql: &str,
    params: impl Params,
    what: &'static str,
) -> Result<Option<T>, Fault> {
    let body: Option<String> =
        read.sql().prepare_cached(sql)?.query_row(params, |row| row.get(0)).optional()?;
    body.map(|body| crate::from_json(&body, what)).transpose()
}

const ITEM: &str = "thing of the catalogue";

pub(super) fn item(read: &Read<'_>, sku: &str) -> Result<Option<CatalogueItem>, Fault> {
    one(read, "SELECT body FROM shop_item WHERE sku = ?1", [sku], ITEM)
}

/// A shelf's things by name.
pub(super) fn shelf(read: &Read<'_>, shelf: Shelf) -> Result<Vec<CatalogueItem>, Fault> {
    all(read, "SELECT body FROM shop_item WHERE shelf = ?1 ORDER BY name, sku", [shelf.name()], ITEM)
}

/// What is in the free kit.
pub(super) fn kit(read: &Read<'_>) -> Result<Vec<CatalogueItem>, Fault> {
    let sql = "SELECT body FROM shop_item WHERE json_extract(body, '$.in_kit') > 0 ORDER BY name, sku";
    all(read, sql, [], ITEM)
}

pub(super) fn items_kept(read: &Read<'_>) -> Result<usize, Fault> {
    Ok(read.sql().query_row("SELECT count(*) FROM shop_item", [], |row| row.get(0))?)
}

pub(super) fn put_item(tx: &Write<'_>, item: &CatalogueItem) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO shop_item (sku, shelf, name, body) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (sku) DO UPDATE SET shelf = excluded.shelf, name = excluded.name, body = excluded.body",
        (item.sku.as_str(), item.shelf.name(), item.name.as_str(), crate::json(item)?),
    )?;
    Ok(())
}

pub(super) fn delete_item(tx: &Write<'_>, sku: &str) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM shop_item WHERE sku = ?1", [sku])?;
    Ok(())
}

pub(super) fn account(read: &Read<'_>, detainee: DetaineeId) -> Result<Option<Account>, Fault> {
    one(read, "SELECT body FROM shop_account WHERE detainee = ?1", [detainee.0.as_bytes()], "account")
}

pub(super) fn put_account(tx: &Write<'_>, account: &Account) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO shop_account (detainee, body) VALUES (?1, ?2)
         ON CONFLICT (detainee) DO UPDATE SET body = excluded.body",
        (account.detainee.0.as_bytes(), crate::json(account)?),
    )?;
    Ok(())
}

pub(super) fn delete_account(tx: &Write<'_>, detainee: DetaineeId) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM shop_account WHERE detainee = ?1", [detainee.0.as_bytes()])?;
    Ok(())
}

pub(super) fn line(
    read: &Read<'_>,
    detainee: DetaineeId,
    number: u64,
) -> Result<Option<StatementLine>, Fault> {
    let sql = "SELECT body FROM shop_line WHERE detainee = ?1 AND number = ?2";
    one(read, sql, (detainee.0.as_bytes(), number), "line of a statement")
}

/// At most `count` lines, the newest first, after leaving out so many.
pub(super) fn lines(
    read: &Read<'_>,
    detainee: DetaineeId,
    skip: u64,
    count: u64,
) -> Result<Vec<StatementLine>, Fault> {
    // By number, not by place: the thousandth page costs what the first does.
    let newest: Option<u64> = read
        .sql()
        .prepare_cached("SELECT max(number) FROM shop_line WHERE detainee = ?1")?
        .query_row([detainee.0.as_bytes()], |row| row.get(0))?;
    let Some(last) = newest.and_then(|newest| newest.checked_sub(skip)) else { return Ok(Vec::new()) };
    let sql = "SELECT body FROM shop_line WHERE detainee = ?1 AND number <= ?2 ORDER BY number DESC LIMIT ?3";
    all(read, sql, (detainee.0.as_bytes(), last, count), "line of a statement")
}

/// Puts a part of a statement in the place of what was there.
pub(super) fn put_lines(
    tx: &Write<'_>,
    detainee: DetaineeId,
    first: u64,
    lines: &[StatementLine],
) -> Result<(), Fault> {
    let end = first.saturating_add(STATEMENT_PAGE_LINES as u64);
    let sql = "DELETE FROM shop_line WHERE detainee = ?1 AND number >= ?2 AND number < ?3";
    tx.sql().execute(sql, (detainee.0.as_bytes(), first, end))?;
    let mut insert = tx
        .sql()
        .prepare_cached("INSERT OR REPLACE INTO shop_line (detainee, number, body) VALUES (?1, ?2, ?3)")?;
    for line in lines {
        insert.execute((detainee.0.as_bytes(), line.number, crate::json(line)?))?;
    }
    Ok(())
}

/// The orders of a person, the oldest first.
pub(super) fn orders(read: &Read<'_>, detainee: DetaineeId) -> Result<Vec<OrderRow>, Fault> {
    // The ids are in order of time.
    let mut statement = read
        .sql()
        .prepare_cached("SELECT event, placed, status FROM shop_order WHERE detainee = ?1 ORDER BY event")?;
    let rows = statement.query_map([detainee.0.as_bytes()], |row| {
        Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, Option<String>>(1)?, row.get::<_, Option<String>>(2)?))
    })?;
    rows.map(|row| {
        let (event, placed, status) = row?;
        Ok(OrderRow {
            event: EventId(Uuid::from_bytes(event)),
            placed: placed.map(|body| crate::from_json(&body, "order")).transpose()?,
            status: status.map(|body| crate::from_json(&body, "status of an order")).transpose()?,
        })
    })
    .collect()
}

pub(super) fn put_placed(tx: &Write<'_>, event: EventId, placed: &OrderPlaced) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO shop_order (event, detainee, placed) VALUES (?1, ?2, ?3)
         ON CONFLICT (event) DO UPDATE SET placed = excluded.placed",
        (event.0.as_bytes(), placed.detainee.0.as_bytes(), crate::json(placed)?),
    )?;
    Ok(())
}

pub(super) fn put_status(tx: &Write<'_>, status: &OrderStatus) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO shop_order (event, detainee, status) VALUES (?1, ?2, ?3)
         ON CONFLICT (event) DO UPDATE SET status = excluded.status",
        (status.order.0.as_bytes(), status.detainee.0.as_bytes(), crate::json(status)?),
    )?;
    Ok(())
}

pub(super) fn delete_order(tx: &Write<'_>, order: EventId) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM shop_order WHERE event = ?1", [order.0.as_bytes()])?;
    Ok(())
}

pub(super) fn add_said(
    tx: &Write<'_>,
    event: EventId,
    detainee: DetaineeId,
    about: &About,
    made: &Stamp,
) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO shop_said (event, detainee, about, made) VALUES (?1, ?2, ?3, ?4)",
        (event.0.as_bytes(), detainee.0.as_bytes(), crate::json(about)?, crate::json(made)?),
    )?;
    Ok(())
}

/// What a person said, in order.
pub(super) fn said(read: &Read<'_>, detainee: DetaineeId) -> Result<Vec<SaidRow>, Fault> {
    let sql = "SELECT event, about, made FROM shop_said WHERE detainee = ?1 ORDER BY number";
    let mut statement = read.sql().prepare_cached(sql)?;
    let rows = statement.query_map([detainee.0.as_bytes()], |row| {
        Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
    })?;
    rows.map(|row| {
        let (event, about, made) = row?;
        Ok(SaidRow {
            event: EventId(Uuid::from_bytes(event)),
            about: crate::from_json(&about, "word about the shop")?,
            made: crate::from_json(&made, "stamp")?,
        })
    })
    .collect()
}

pub(super) fn delete_said(tx: &Write<'_>, event: EventId) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM shop_said WHERE event = ?1", [event.0.as_bytes()])?;
    Ok(())
}

/// What is in a cart: 货号 and count.
pub(super) fn cart(read: &Read<'_>, detainee: DetaineeId) -> Result<Vec<(String, u32)>, Fault> {
    let sql = "SELECT sku, count FROM shop_cart WHERE detainee = ?1 ORDER BY sku";
    let mut statement = read.sql().prepare_cached(sql)?;
    let rows = statement.query_map([detainee.0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn put_cart(tx: &Write<'_>, detainee: DetaineeId, sku: &str, count: u32) -> Result<(), Fault> {
    if count == 0 {
        let sql = "DELETE FROM shop_cart WHERE detainee = ?1 AND sku = ?2";
        tx.sql().execute(sql, (detainee.0.as_bytes(), sku))?;
        return Ok(());
    }
    tx.sql().execute(
        "INSERT INTO shop_cart (detainee, sku, count) VALUES (?1, ?2, ?3)
         ON CONFLICT (detainee, sku) DO UPDATE SET count = excluded.count",
        (detainee.0.as_bytes(), sku, count),
    )?;
    Ok(())
}

pub(super) fn clear_cart(tx: &Write<'_>, detainee: DetaineeId) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM shop_cart WHERE detainee = ?1", [detainee.0.as_bytes()])?;
    Ok(())
}

/// Who waits, in order.
pub(super) fn turns(read: &Read<'_>) -> Result<Vec<TurnRow>, Fault> {
    let mut statement =
        read.sql().prepare_cached("SELECT detainee, called, missed FROM shop_turn ORDER BY number")?;
    let rows = statement.query_map([], |row| {
        Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, Option<String>>(1)?, row.get(2)?))
    })?;
    rows.map(|row| {
        let (detainee, called, missed) = row?;
        Ok(TurnRow {
            detainee: DetaineeId(Uuid::from_bytes(detainee)),
            called: called.map(|stamp| crate::from_json(&stamp, "stamp")).transpose()?,
            missed,
        })
    })
    .collect()
}

pub(super) fn add_turn(tx: &Write<'_>, detainee: DetaineeId, missed: u32) -> Result<(), Fault> {
    let sql = "INSERT INTO shop_turn (detainee, missed) VALUES (?1, ?2)";
    tx.sql().execute(sql, (detainee.0.as_bytes(), missed))?;
    Ok(())
}

pub(super) fn set_called(tx: &Write<'_>, detainee: DetaineeId, called: Option<&Stamp>) -> Result<(), Fault> {
    let called = called.map(crate::json).transpose()?;
    let sql = "UPDATE shop_turn SET called = ?2 WHERE detainee = ?1";
    tx.sql().execute(sql, (detainee.0.as_bytes(), called))?;
    Ok(())
}

pub(super) fn delete_turn(tx: &Write<'_>, detainee: DetaineeId) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM shop_turn WHERE detainee = ?1", [detainee.0.as_bytes()])?;
    Ok(())
}

/// Everything of a person but their account.
pub(super) fn delete_person(tx: &Write<'_>, detainee: DetaineeId) -> Result<(), Fault> {
    for table in ["shop_line", "shop_order", "shop_said", "shop_cart", "shop_turn"] {
        tx.sql().execute(&format!("DELETE FROM {table} WHERE detainee = ?1"), [detainee.0.as_bytes()])?;
    }
    Ok(())
}
