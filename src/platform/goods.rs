// SPDX-License-Identifier: GPL-3.0-only
//! The catalogue (商品): what the shop offers, on its way to every terminal.
//!
//! Promises: a price has a revision that rises with each change, and the price before stays to be seen; every terminal has
//! the same catalogue, also one that is hung up later; a stock changes with each order and is told soon after, once for
//! many orders. Limits: [`CATALOGUE_MAX`] things.

use crate::tables::{Conn, devices, goods as rows};
use crate::{Fault, feed};
use contract::{CATALOGUE_MAX, CatalogueItem, Collection, TerminalId};

/// Stocks told at a time: each to every terminal.
const STOCKS_EACH: usize = 50;

/// Why a thing is not put into the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Its numbers make no sense.
    Unsound,
    Full,
}

/// Puts a thing into the catalogue, or changes it, and tells every terminal. The price's revision and what it was before
/// are the platform's to say.
pub(crate) async fn put(
    conn: &mut Conn,
    asked: &CatalogueItem,
    now_ms: i64,
) -> Result<Result<(), Refusal>, Fault> {
    if !asked.is_sound() {
        return Ok(Err(Refusal::Unsound));
    }
    let before = rows::known(conn, asked.sku.as_str()).await?;
    if before.is_none() && rows::all(conn, CATALOGUE_MAX).await?.len() >= CATALOGUE_MAX {
        return Ok(Err(Refusal::Full));
    }
    let item = match before {
        None => CatalogueItem { price_rev: 1, price_before: None, price_since_ms: now_ms, ..asked.clone() },
        Some(before) if before.price == asked.price => CatalogueItem {
            price_rev: before.price_rev,
            price_before: before.price_before,
            price_since_ms: before.price_since_ms,
            ..asked.clone()
        },
        Some(before) => CatalogueItem {
            price_rev: before.price_rev.checked_add(1).ok_or(Fault::Stored("price"))?,
            price_before: Some(before.price),
            price_since_ms: now_ms,
            ..asked.clone()
        },
    };
    rows::put(conn, &item).await?;
    for terminal in devices::terminals(conn).await? {
        feed::put(conn, terminal.id, Collection::Catalogue, item.sku.as_str(), &item, now_ms).await?;
    }
    Ok(Ok(()))
}

/// Takes a thing out of the catalogue; false where it is not in it. Orders of it go on.
pub(crate) async fn withdraw(conn: &mut Conn, sku: &str, now_ms: i64) -> Result<bool, Fault> {
    if !rows::withdraw(conn, sku).await? {
        return Ok(false);
    }
    for terminal in devices::terminals(conn).await? {
        feed::remove(conn, terminal.id, Collection::Catalogue, sku, now_ms).await?;
    }
    Ok(true)
}

/// Tells a terminal the whole catalogue.
pub(crate) async fn tell_all(conn: &mut Conn, terminal: TerminalId, now_ms: i64) -> Result<(), Fault> {
    for item in rows::all(conn, CATALOGUE_MAX).await? {
        feed::put(conn, terminal, Collection::Catalogue, item.sku.as_str(), &item, now_ms).await?;
    }
    Ok(())
}

/// Whether a stock is another than terminals were told.
pub(crate) async fn waits(conn: &mut Conn) -> Result<bool, Fault> {
    Ok(!rows::untold(conn, 1).await?.is_empty())
}

/// Tells every terminal the stocks that changed; how many.
pub(crate) async fn tell_stocks(conn: &mut Conn, now_ms: i64) -> Result<usize, Fault> {
    let changed = rows::untold(conn, STOCKS_EACH).await?;
    if changed.is_empty() {
        return Ok(0);
    }
    let terminals = devices::terminals(conn).await?;
    for item in &changed {
        for terminal in &terminals {
            feed::put(conn, terminal.id, Collection::Catalogue, item.sku.as_str(), item, now_ms).await?;
        }
        rows::set_told(conn, item).await?;
    }
    Ok(changed.len())
}
