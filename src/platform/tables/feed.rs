// SPDX-License-Identifier: GPL-3.0-only
//! What each terminal has to know, in the order it changed.

use super::{Conn, Found, column, count, json, next, parsed};
use crate::Fault;
use contract::{Collection, DeviceId, Digest, FeedItem, FeedOp, TerminalId};
use sqlx::Row;

const CURSOR: &str = "feed_cursor";

/// One thing a terminal has to know.
#[derive(Debug, Clone)]
pub(crate) struct Thing<'a> {
    pub(crate) terminal: TerminalId,
    /// A name of [`Collection`].
    pub(crate) collection: &'a str,
    pub(crate) key: &'a str,
    pub(crate) op: FeedOp,
    pub(crate) body: &'a serde_json::Value,
}

/// Writes a thing at the feed's next cursor, which is its revision too: it rises with every change, and after a restore
/// it goes on above all that was ever told.
pub(crate) async fn put(conn: &mut Conn, thing: &Thing<'_>, now_ms: i64) -> Result<(), Fault> {
    let cursor = next(conn, CURSOR).await?;
    sqlx::query(
        "INSERT INTO feed (terminal, collection, key, rev, cursor, op, body, changed_ms) \
         VALUES ($1, $2, $3, $4, $4, $5, $6, $7) \
         ON CONFLICT (terminal, collection, key) DO UPDATE SET rev = excluded.rev, cursor = excluded.cursor, \
         op = excluded.op, body = excluded.body, changed_ms = excluded.changed_ms",
    )
    .bind(thing.terminal.to_string())
    .bind(thing.collection)
    .bind(thing.key)
    .bind(cursor)
    .bind(serde_json::to_string(&thing.op)?)
    .bind(thing.body.to_string())
    .bind(now_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// Tells every terminal everything anew, above `floor`: the tables were put back from a backup, and terminals may hold
/// later revisions than they do.
pub(crate) async fn tell_anew(conn: &mut Conn, floor: i64) -> Result<(), Fault> {
    let newest: i64 = next(conn, CURSOR).await?;
    let shift = floor.max(newest);
    sqlx::query("UPDATE feed SET cursor = cursor + $1, rev = cursor + $1")
        .bind(shift)
        .execute(&mut *conn)
        .await?;
    sqlx::query("DELETE FROM page").execute(&mut *conn).await?;
    super::set(conn, CURSOR, &shift.saturating_add(newest).to_string()).await
}

/// The items of a terminal after `since`, oldest change first, at most `limit`.
pub(crate) async fn after(
    conn: &mut Conn,
    terminal: TerminalId,
    since: u64,
    limit: usize,
) -> Result<Vec<FeedItem>, Fault> {
    let rows = sqlx::query("SELECT * FROM feed WHERE terminal = $1 AND cursor > $2 ORDER BY cursor LIMIT $3")
        .bind(terminal.to_string())
        .bind(column(since)?)
        .bind(column(limit as u64)?)
        .fetch_all(conn)
        .await?;
    rows.iter().map(item).collect()
}

/// The newest cursor of all terminals.
pub(crate) async fn newest(conn: &mut Conn) -> Result<u64, Fault> {
    let row = sqlx::query("SELECT COALESCE(MAX(cursor), 0) AS newest FROM feed").fetch_one(conn).await?;
    count(&row, "newest")
}

/// The terminals with a change after `since`, each with its newest cursor. Cursors become visible in their order, so
/// nothing before the newest is missed.
pub(crate) async fn changed(conn: &mut Conn, since: u64) -> Result<Vec<(TerminalId, u64)>, Fault> {
    let rows =
        sqlx::query("SELECT terminal, MAX(cursor) AS newest FROM feed WHERE cursor > $1 GROUP BY terminal")
            .bind(column(since)?)
            .fetch_all(conn)
            .await?;
    rows.iter().map(|row| Ok((parsed(row, "terminal")?, count(row, "newest")?))).collect()
}

/// One thing as it stands, deleted or not.
pub(crate) async fn get(
    conn: &mut Conn,
    terminal: TerminalId,
    collection: Collection,
    key: &str,
) -> Result<Option<FeedItem>, Fault> {
    let row = sqlx::query("SELECT * FROM feed WHERE terminal = $1 AND collection = $2 AND key = $3")
        .bind(terminal.to_string())
        .bind(collection.name())
        .bind(key)
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(item).transpose()
}

/// The things of one collection that are not deleted.
pub(crate) async fn all(
    conn: &mut Conn,
    terminal: TerminalId,
    collection: Collection,
) -> Result<Vec<FeedItem>, Fault> {
    let rows =
        sqlx::query("SELECT * FROM feed WHERE terminal = $1 AND collection = $2 AND op = $3 ORDER BY key")
            .bind(terminal.to_string())
            .bind(collection.name())
            .bind(serde_json::to_string(&FeedOp::Put)?)
            .fetch_all(conn)
            .await?;
    rows.iter().map(item).collect()
}

/// The keys of one collection that are not deleted and begin so.
pub(crate) async fn keys(
    conn: &mut Conn,
    terminal: TerminalId,
    collection: Collection,
    head: &str,
) -> Result<Vec<String>, Fault> {
    let rows = sqlx::query(
        "SELECT key FROM feed WHERE terminal = $1 AND collection = $2 AND op = $3 \
         AND SUBSTR(key, 1, $4) = $5 ORDER BY key",
    )
    .bind(terminal.to_string())
    .bind(collection.name())
    .bind(serde_json::to_string(&FeedOp::Put)?)
    .bind(i32::try_from(head.len()).map_err(|_| Fault::Stored("key"))?)
    .bind(head)
    .fetch_all(conn)
    .await?;
    rows.iter().map(|row| Ok(row.try_get("key")?)).collect()
}

/// When a thing was deleted; none where it is there, or never was.
pub(crate) async fn deleted_ms(
    conn: &mut Conn,
    terminal: TerminalId,
    collection: Collection,
    key: &str,
) -> Result<Option<i64>, Fault> {
    let row = sqlx::query(
        "SELECT changed_ms FROM feed WHERE terminal = $1 AND collection = $2 AND key = $3 AND op = $4",
    )
    .bind(terminal.to_string())
    .bind(collection.name())
    .bind(key)
    .bind(serde_json::to_string(&FeedOp::Del)?)
    .fetch_optional(conn)
    .await?;
    row.map(|row| Ok(row.try_get("changed_ms")?)).transpose()
}

/// The terminal that was told last of a thing that is not deleted, among those that hold one of this key.
pub(crate) async fn holder(
    conn: &mut Conn,
    collection: Collection,
    key: &str,
) -> Result<Option<TerminalId>, Fault> {
    let row = sqlx::query(
        "SELECT terminal FROM feed WHERE collection = $1 AND key = $2 AND op = $3 ORDER BY cursor DESC LIMIT 1",
    )
    .bind(collection.name())
    .bind(key)
    .bind(serde_json::to_string(&FeedOp::Put)?)
    .fetch_optional(conn)
    .await?;
    row.as_ref().map(|row| parsed(row, "terminal")).transpose()
}

/// Forgets roll-call tasks unchanged since `before_ms`: an expired one means nothing to a terminal.
pub(crate) async fn forget_tasks(conn: &mut Conn, terminal: TerminalId, before_ms: i64) -> Result<(), Fault> {
    sqlx::query("DELETE FROM feed WHERE terminal = $1 AND collection = $2 AND changed_ms < $3")
        .bind(terminal.to_string())
        .bind(Collection::RollCallTask.name())
        .bind(before_ms)
        .execute(conn)
        .await?;
    Ok(())
}

/// The digest of the last page sent to a device that ended at `cursor`.
pub(crate) async fn page(conn: &mut Conn, device: DeviceId, cursor: u64) -> Result<Option<Digest>, Fault> {
    let row = sqlx::query("SELECT digest FROM page WHERE device = $1 AND cursor = $2")
        .bind(device.to_string())
        .bind(column(cursor)?)
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(|row| parsed(row, "digest")).transpose()
}

/// Keeps a page's digest, and forgets those before the page it follows.
pub(crate) async fn put_page(
    conn: &mut Conn,
    device: DeviceId,
    from: u64,
    to: u64,
    digest: Digest,
) -> Result<(), Fault> {
    sqlx::query("DELETE FROM page WHERE device = $1 AND cursor < $2")
        .bind(device.to_string())
        .bind(column(from)?)
        .execute(&mut *conn)
        .await?;
    sqlx::query(
        "INSERT INTO page (device, cursor, digest) VALUES ($1, $2, $3) \
         ON CONFLICT (device, cursor) DO UPDATE SET digest = excluded.digest",
    )
    .bind(device.to_string())
    .bind(column(to)?)
    .bind(digest.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

fn item(row: &Found) -> Result<FeedItem, Fault> {
    Ok(FeedItem {
        cursor: count(row, "cursor")?,
        collection: row.try_get("collection")?,
        key: row.try_get("key")?,
        rev: count(row, "rev")?,
        op: json(row, "op")?,
        body: json(row, "body")?,
    })
}
