// SPDX-License-Identifier: GPL-3.0-only
//! The larger things events speak of: which were named, and which are here.

use super::{Conn, column, count};
use crate::Fault;
use contract::{Blob, DeviceId, Digest, EventId};
use sqlx::Row;

/// A blob a device named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BlobRow {
    pub(crate) len: u64,
    /// Its upload was begun.
    pub(crate) begun: bool,
    pub(crate) whole: bool,
}

/// An event that was taken names a blob; the first one that does counts.
pub(crate) async fn name(
    conn: &mut Conn,
    device: DeviceId,
    event: EventId,
    blob: &Blob,
    now_ms: i64,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO blob (device, sha256, len, mime, event, named_ms) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (device, sha256) DO NOTHING",
    )
    .bind(device.to_string())
    .bind(blob.sha256.to_string())
    .bind(column(blob.len)?)
    .bind(blob.mime.as_str())
    .bind(event.to_string())
    .bind(now_ms)
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn blob(
    conn: &mut Conn,
    device: DeviceId,
    sha256: Digest,
) -> Result<Option<BlobRow>, Fault> {
    let row = sqlx::query("SELECT * FROM blob WHERE device = $1 AND sha256 = $2")
        .bind(device.to_string())
        .bind(sha256.to_string())
        .fetch_optional(conn)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(BlobRow {
        len: count(&row, "len")?,
        begun: row.try_get::<Option<i64>, _>("begun_ms")?.is_some(),
        whole: row.try_get::<Option<i64>, _>("whole_ms")?.is_some(),
    }))
}

/// The bytes of the blobs a device has begun since.
pub(crate) async fn begun_since(conn: &mut Conn, device: DeviceId, since_ms: i64) -> Result<u64, Fault> {
    let row = sqlx::query(
        "SELECT CAST(COALESCE(SUM(len), 0) AS BIGINT) AS bytes FROM blob WHERE device = $1 AND begun_ms >= $2",
    )
    .bind(device.to_string())
    .bind(since_ms)
    .fetch_one(conn)
    .await?;
    count(&row, "bytes")
}

pub(crate) async fn begin(
    conn: &mut Conn,
    device: DeviceId,
    sha256: Digest,
    now_ms: i64,
) -> Result<(), Fault> {
    note(conn, "UPDATE blob SET begun_ms = $1 WHERE device = $2 AND sha256 = $3", device, sha256, now_ms)
        .await
}

/// All of it is here, and has its hash.
pub(crate) async fn whole(
    conn: &mut Conn,
    device: DeviceId,
    sha256: Digest,
    now_ms: i64,
) -> Result<(), Fault> {
    note(conn, "UPDATE blob SET whole_ms = $1 WHERE device = $2 AND sha256 = $3", device, sha256, now_ms)
        .await
}

async fn note(
    conn: &mut Conn,
    sql: &'static str,
    device: DeviceId,
    sha256: Digest,
    now_ms: i64,
) -> Result<(), Fault> {
    sqlx::query(sql).bind(now_ms).bind(device.to_string()).bind(sha256.to_string()).execute(conn).await?;
    Ok(())
}
