// SPDX-License-Identifier: GPL-3.0-only
//! The second factor of who uses the desk: sealed secrets, the last code taken, recovery codes.

use super::Conn;
use crate::Fault;
use sqlx::Row;

/// The sealed secret of a user who has enrolled.
pub(crate) async fn secret(conn: &mut Conn, name: &str) -> Result<Option<String>, Fault> {
    let row =
        sqlx::query("SELECT secret FROM desk_totp WHERE name = $1").bind(name).fetch_optional(conn).await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

/// Keeps the sealed secret of a user, whose first code was of `step`, with new recovery codes.
pub(crate) async fn enrol(
    conn: &mut Conn,
    name: &str,
    secret: &str,
    step: i64,
    recovery: &[String],
    now_ms: i64,
) -> Result<(), Fault> {
    forget(conn, name).await?;
    sqlx::query("INSERT INTO desk_totp (name, secret, last_step, enrolled_ms) VALUES ($1, $2, $3, $4)")
        .bind(name)
        .bind(secret)
        .bind(step)
        .bind(now_ms)
        .execute(&mut *conn)
        .await?;
    for tag in recovery {
        sqlx::query("INSERT INTO desk_recovery (name, tag) VALUES ($1, $2)")
            .bind(name)
            .bind(tag)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

/// Takes the code of a step; false if it or a later one was taken.
pub(crate) async fn take_step(conn: &mut Conn, name: &str, step: i64) -> Result<bool, Fault> {
    let done = sqlx::query("UPDATE desk_totp SET last_step = $1 WHERE name = $2 AND last_step < $1")
        .bind(step)
        .bind(name)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a recovery code; false if there is no such one or it was taken.
pub(crate) async fn take_recovery(
    conn: &mut Conn,
    name: &str,
    tag: &str,
    now_ms: i64,
) -> Result<bool, Fault> {
    let done =
        sqlx::query("UPDATE desk_recovery SET used_ms = $1 WHERE name = $2 AND tag = $3 AND used_ms IS NULL")
            .bind(now_ms)
            .bind(name)
            .bind(tag)
            .execute(conn)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets the second factor of a user; true if there was one.
pub(crate) async fn forget(conn: &mut Conn, name: &str) -> Result<bool, Fault> {
    sqlx::query("DELETE FROM desk_recovery WHERE name = $1").bind(name).execute(&mut *conn).await?;
    let done = sqlx::query("DELETE FROM desk_totp WHERE name = $1").bind(name).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}
