// SPDX-License-Identifier: GPL-3.0-only
//! Terminals, their enrolment codes, their devices.

use super::{Conn, Found, json_if_any, parsed};
use crate::Fault;
use contract::{CameraState, DeviceHealth, DeviceId, Digest, HexBytes, PublicKey, TerminalId};
use sqlx::Row;

/// The place a terminal hangs at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminalRow {
    pub id: TerminalId,
    pub block: String,
    pub cell: String,
    pub utc_offset_min: i16,
    /// As last reported; none until the first report.
    pub camera: Option<CameraState>,
    pub camera_ms: Option<i64>,
}

/// A live enrolment code.
pub(crate) struct CodeRow {
    pub(crate) terminal: TerminalId,
    pub(crate) salt: HexBytes,
    pub(crate) tag: HexBytes,
    pub(crate) expires_ms: i64,
    pub(crate) tries_left: i64,
}

/// The key holder of a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    pub id: DeviceId,
    pub terminal: TerminalId,
    pub key: PublicKey,
    pub enrolled_ms: i64,
    pub not_after_ms: i64,
    pub revoked_ms: Option<i64>,
    pub seen_ms: Option<i64>,
}

pub(crate) async fn put_terminal(conn: &mut Conn, row: &TerminalRow) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO terminal (id, block, cell, utc_offset_min) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (id) DO UPDATE SET block = excluded.block, cell = excluded.cell, \
         utc_offset_min = excluded.utc_offset_min",
    )
    .bind(row.id.to_string())
    .bind(&row.block)
    .bind(&row.cell)
    .bind(i64::from(row.utc_offset_min))
    .execute(conn)
    .await?;
    Ok(())
}

/// Every terminal, by block and cell.
pub(crate) async fn terminals(conn: &mut Conn) -> Result<Vec<TerminalRow>, Fault> {
    let rows = sqlx::query("SELECT * FROM terminal ORDER BY block, cell").fetch_all(conn).await?;
    rows.iter().map(terminal_row).collect()
}

pub(crate) async fn terminal(conn: &mut Conn, id: TerminalId) -> Result<Option<TerminalRow>, Fault> {
    let row =
        sqlx::query("SELECT * FROM terminal WHERE id = $1").bind(id.to_string()).fetch_optional(conn).await?;
    row.as_ref().map(terminal_row).transpose()
}

pub(crate) async fn set_camera(
    conn: &mut Conn,
    terminal: TerminalId,
    state: CameraState,
    at_ms: i64,
) -> Result<(), Fault> {
    sqlx::query("UPDATE terminal SET camera = $1, camera_ms = $2 WHERE id = $3")
        .bind(serde_json::to_string(&state)?)
        .bind(at_ms)
        .bind(terminal.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// Keeps a code; an older one of the terminal is void from here on.
pub(crate) async fn put_code(conn: &mut Conn, handle: &str, row: &CodeRow) -> Result<(), Fault> {
    drop_code(conn, row.terminal).await?;
    sqlx::query(
        "INSERT INTO enrol_code (terminal, handle, salt, tag, expires_ms, tries_left) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(row.terminal.to_string())
    .bind(handle)
    .bind(row.salt.to_string())
    .bind(row.tag.to_string())
    .bind(row.expires_ms)
    .bind(row.tries_left)
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn code(conn: &mut Conn, handle: &str) -> Result<Option<CodeRow>, Fault> {
    let row =
        sqlx::query("SELECT * FROM enrol_code WHERE handle = $1").bind(handle).fetch_optional(conn).await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(CodeRow {
        terminal: parsed(&row, "terminal")?,
        salt: parsed(&row, "salt")?,
        tag: parsed(&row, "tag")?,
        expires_ms: row.try_get("expires_ms")?,
        tries_left: row.try_get("tries_left")?,
    }))
}

pub(crate) async fn spend_try(conn: &mut Conn, terminal: TerminalId) -> Result<(), Fault> {
    sqlx::query("UPDATE enrol_code SET tries_left = tries_left - 1 WHERE terminal = $1")
        .bind(terminal.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn drop_code(conn: &mut Conn, terminal: TerminalId) -> Result<(), Fault> {
    sqlx::query("DELETE FROM enrol_code WHERE terminal = $1")
        .bind(terminal.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// Keeps a device with its newest certificate.
pub(crate) async fn put_device(conn: &mut Conn, row: &DeviceRow) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO device (id, terminal, key, enrolled_ms, not_after_ms) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (id) DO UPDATE SET enrolled_ms = excluded.enrolled_ms, not_after_ms = excluded.not_after_ms, \
         revoked_ms = NULL",
    )
    .bind(row.id.to_string())
    .bind(row.terminal.to_string())
    .bind(row.key.0.to_string())
    .bind(row.enrolled_ms)
    .bind(row.not_after_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes a device's next certificate; false if the device is out of service.
pub(crate) async fn renew(conn: &mut Conn, id: DeviceId, not_after_ms: i64) -> Result<bool, Fault> {
    let done = sqlx::query("UPDATE device SET not_after_ms = $1 WHERE id = $2 AND revoked_ms IS NULL")
        .bind(not_after_ms)
        .bind(id.to_string())
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

pub(crate) async fn device(conn: &mut Conn, id: DeviceId) -> Result<Option<DeviceRow>, Fault> {
    let row =
        sqlx::query("SELECT * FROM device WHERE id = $1").bind(id.to_string()).fetch_optional(conn).await?;
    row.as_ref().map(device_row).transpose()
}

/// Every device, the newest of each terminal first.
pub(crate) async fn devices(conn: &mut Conn) -> Result<Vec<DeviceRow>, Fault> {
    let rows =
        sqlx::query("SELECT * FROM device ORDER BY terminal, enrolled_ms DESC").fetch_all(conn).await?;
    rows.iter().map(device_row).collect()
}

/// How many devices in service spoke since `since_ms`.
pub(crate) async fn heard_since(conn: &mut Conn, since_ms: i64) -> Result<u64, Fault> {
    let row =
        sqlx::query("SELECT COUNT(*) AS devices FROM device WHERE seen_ms >= $1 AND revoked_ms IS NULL")
            .bind(since_ms)
            .fetch_one(conn)
            .await?;
    super::count(&row, "devices")
}

/// Keeps how a device said it is doing. A report that came later stays, whichever is played again.
pub(crate) async fn put_health(
    conn: &mut Conn,
    id: DeviceId,
    health: &DeviceHealth,
    received_ms: i64,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO device_health (device, health, received_ms) VALUES ($1, $2, $3) \
         ON CONFLICT (device) DO UPDATE SET health = excluded.health, received_ms = excluded.received_ms \
         WHERE device_health.received_ms <= excluded.received_ms",
    )
    .bind(id.to_string())
    .bind(serde_json::to_string(health)?)
    .bind(received_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// How a device last said it is doing, and when that came.
pub(crate) async fn health(conn: &mut Conn, id: DeviceId) -> Result<Option<(DeviceHealth, i64)>, Fault> {
    let row = sqlx::query("SELECT health, received_ms FROM device_health WHERE device = $1")
        .bind(id.to_string())
        .fetch_optional(conn)
        .await?;
    row.map(|row| Ok((super::json(&row, "health")?, row.try_get("received_ms")?))).transpose()
}

/// Puts a device out of service; true if it was in service.
pub(crate) async fn revoke(conn: &mut Conn, id: DeviceId, now_ms: i64) -> Result<bool, Fault> {
    let done = sqlx::query("UPDATE device SET revoked_ms = $1 WHERE id = $2 AND revoked_ms IS NULL")
        .bind(now_ms)
        .bind(id.to_string())
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Notes that a device spoke.
pub(crate) async fn seen(conn: &mut Conn, id: DeviceId, now_ms: i64) -> Result<(), Fault> {
    sqlx::query("UPDATE device SET seen_ms = $1 WHERE id = $2")
        .bind(now_ms)
        .bind(id.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// The newest content key a device says it knows.
pub(crate) async fn knows(conn: &mut Conn, id: DeviceId, key: Digest) -> Result<(), Fault> {
    sqlx::query("UPDATE device SET content_key = $1 WHERE id = $2")
        .bind(key.to_string())
        .bind(id.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// The newest content key each device in service knows; none where it never said.
pub(crate) async fn known_keys(conn: &mut Conn) -> Result<Vec<Option<Digest>>, Fault> {
    let rows = sqlx::query("SELECT content_key FROM device WHERE revoked_ms IS NULL").fetch_all(conn).await?;
    let key = |row: &Found| {
        let text: Option<&str> = row.try_get("content_key")?;
        text.map(|text| text.parse().map_err(|_| Fault::Stored("content_key"))).transpose()
    };
    rows.iter().map(key).collect()
}

fn terminal_row(row: &Found) -> Result<TerminalRow, Fault> {
    let offset: i64 = row.try_get("utc_offset_min")?;
    Ok(TerminalRow {
        id: parsed(row, "id")?,
        block: row.try_get("block")?,
        cell: row.try_get("cell")?,
        utc_offset_min: i16::try_from(offset).map_err(|_| Fault::Stored("utc_offset_min"))?,
        camera: json_if_any(row, "camera")?,
        camera_ms: row.try_get("camera_ms")?,
    })
}

fn device_row(row: &Found) -> Result<DeviceRow, Fault> {
    Ok(DeviceRow {
        id: parsed(row, "id")?,
        terminal: parsed(row, "terminal")?,
        key: PublicKey(parsed(row, "key")?),
        enrolled_ms: row.try_get("enrolled_ms")?,
        not_after_ms: row.try_get("not_after_ms")?,
        revoked_ms: row.try_get("revoked_ms")?,
        seen_ms: row.try_get("seen_ms")?,
    })
}
