// SPDX-License-Identifier: GPL-3.0-only
//! The catalogue: what there is, what it costs, how many are left.

use super::{Conn, Found, column, json};
use crate::Fault;
use contract::CatalogueItem;
use sqlx::Row;

/// What stands for "not counted" where terminals were told of it.
const NOT_COUNTED: i64 = -1;

/// Keeps a thing; its stock is what it says.
pub(crate) async fn put(conn: &mut Conn, item: &CatalogueItem) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO goods (sku, body, stock, told_stock, withdrawn) VALUES ($1, $2, $3, $4, 0) \
         ON CONFLICT (sku) DO UPDATE SET body = excluded.body, stock = excluded.stock, \
         told_stock = excluded.told_stock, withdrawn = 0",
    )
    .bind(item.sku.as_str())
    .bind(serde_json::to_string(item)?)
    .bind(item.stock.map(i64::from))
    .bind(item.stock.map_or(NOT_COUNTED, i64::from))
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a thing out of the catalogue; false where it is not in it.
pub(crate) async fn withdraw(conn: &mut Conn, sku: &str) -> Result<bool, Fault> {
    let done = sqlx::query("UPDATE goods SET withdrawn = 1 WHERE sku = $1 AND withdrawn = 0")
        .bind(sku)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Takes so many from the stock, all or none; false where there are not so many.
pub(crate) async fn take(conn: &mut Conn, sku: &str, count: u32) -> Result<bool, Fault> {
    let done = sqlx::query(
        "UPDATE goods SET stock = stock - $1 WHERE sku = $2 AND withdrawn = 0 AND (stock IS NULL OR stock >= $1)",
    )
    .bind(i64::from(count))
    .bind(sku)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Puts so many back.
pub(crate) async fn put_back(conn: &mut Conn, sku: &str, count: u32) -> Result<(), Fault> {
    sqlx::query("UPDATE goods SET stock = stock + $1 WHERE sku = $2")
        .bind(i64::from(count))
        .bind(sku)
        .execute(conn)
        .await?;
    Ok(())
}

/// A thing of the catalogue, with its stock.
pub(crate) async fn get(conn: &mut Conn, sku: &str) -> Result<Option<CatalogueItem>, Fault> {
    let row = sqlx::query("SELECT * FROM goods WHERE sku = $1 AND withdrawn = 0")
        .bind(sku)
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(item).transpose()
}

/// The same, also where it was taken out.
pub(crate) async fn known(conn: &mut Conn, sku: &str) -> Result<Option<CatalogueItem>, Fault> {
    let row = sqlx::query("SELECT * FROM goods WHERE sku = $1").bind(sku).fetch_optional(conn).await?;
    row.as_ref().map(item).transpose()
}

/// The catalogue, by number.
pub(crate) async fn all(conn: &mut Conn, limit: usize) -> Result<Vec<CatalogueItem>, Fault> {
    let rows = sqlx::query("SELECT * FROM goods WHERE withdrawn = 0 ORDER BY sku LIMIT $1")
        .bind(column(limit as u64)?)
        .fetch_all(conn)
        .await?;
    rows.iter().map(item).collect()
}

/// Things whose stock is another than terminals were told.
pub(crate) async fn untold(conn: &mut Conn, limit: usize) -> Result<Vec<CatalogueItem>, Fault> {
    let rows = sqlx::query(
        "SELECT * FROM goods WHERE withdrawn = 0 AND COALESCE(stock, $1) <> told_stock ORDER BY sku LIMIT $2",
    )
    .bind(NOT_COUNTED)
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    rows.iter().map(item).collect()
}

/// Terminals were told of this stock.
pub(crate) async fn set_told(conn: &mut Conn, item: &CatalogueItem) -> Result<(), Fault> {
    sqlx::query("UPDATE goods SET told_stock = $1 WHERE sku = $2")
        .bind(item.stock.map_or(NOT_COUNTED, i64::from))
        .bind(item.sku.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

fn item(row: &Found) -> Result<CatalogueItem, Fault> {
    let item: CatalogueItem = json(row, "body")?;
    let stock: Option<i64> = row.try_get("stock")?;
    let stock = stock.map(|stock| u32::try_from(stock).map_err(|_| Fault::Stored("stock"))).transpose()?;
    Ok(CatalogueItem { stock, ..item })
}
