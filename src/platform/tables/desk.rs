// SPDX-License-Identifier: GPL-3.0-only
//! Who may use the desk, who is using it.

use super::{Conn, json};
use crate::Fault;
use contract::PinVerifier;
use sqlx::Row;

pub(crate) use super::audit::append as audit;

/// Someone who may use the desk.
#[derive(Debug, Clone)]
pub(crate) struct UserRow {
    /// A post's name.
    pub(crate) role: String,
    pub(crate) password: PinVerifier,
    /// Wrong passwords since the last right one.
    pub(crate) wrong: i64,
    /// Nothing is checked before this time.
    pub(crate) wait_ms: i64,
    /// A password is enough: the demo's users.
    pub(crate) totp_off: bool,
}

/// How far a sign-in is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    In,
    /// A code is asked for.
    Code,
    /// A second factor is offered.
    Enrol,
    /// Signed in with the window of an office: no page of the desk takes it.
    Office,
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Code => "code",
            Self::Enrol => "enrol",
            Self::Office => "office",
        }
    }

    fn of(name: &str) -> Option<Self> {
        [Self::In, Self::Code, Self::Enrol, Self::Office].into_iter().find(|stage| stage.name() == name)
    }
}

/// Someone at the desk.
#[derive(Debug, Clone)]
pub(crate) struct SessionRow {
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) csrf: String,
    pub(crate) seen_ms: i64,
    pub(crate) stage: Stage,
}

/// Keeps a user with a new password; whoever is signed in under the name is signed out.
pub(crate) async fn put_user(
    conn: &mut Conn,
    name: &str,
    role: &str,
    password: &PinVerifier,
    totp_off: bool,
) -> Result<(), Fault> {
    end_sessions(conn, name).await?;
    sqlx::query(
        "INSERT INTO desk_user (name, role, password, wrong, wait_ms, totp_off) VALUES ($1, $2, $3, 0, 0, $4) \
         ON CONFLICT (name) DO UPDATE SET role = excluded.role, password = excluded.password, wrong = 0, wait_ms = 0, \
         totp_off = excluded.totp_off",
    )
    .bind(name)
    .bind(role)
    .bind(serde_json::to_string(password)?)
    .bind(i64::from(totp_off))
    .execute(conn)
    .await?;
    Ok(())
}

/// A user as the list of them shows one.
#[derive(Debug, Clone)]
pub(crate) struct UserLine {
    pub(crate) name: String,
    pub(crate) post: String,
    pub(crate) totp_off: bool,
    /// When the second factor was enrolled.
    pub(crate) enrolled_ms: Option<i64>,
}

/// Everyone who may use the desk, by name.
pub(crate) async fn users(conn: &mut Conn) -> Result<Vec<UserLine>, Fault> {
    let rows = sqlx::query(
        "SELECT desk_user.name AS name, role, totp_off, enrolled_ms FROM desk_user \
         LEFT JOIN desk_totp ON desk_totp.name = desk_user.name ORDER BY desk_user.name",
    )
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(UserLine {
                name: row.try_get("name")?,
                post: row.try_get("role")?,
                totp_off: row.try_get::<i64, _>("totp_off")? != 0,
                enrolled_ms: row.try_get("enrolled_ms")?,
            })
        })
        .collect()
}

pub(crate) async fn user(conn: &mut Conn, name: &str) -> Result<Option<UserRow>, Fault> {
    let row = sqlx::query("SELECT * FROM desk_user WHERE name = $1").bind(name).fetch_optional(conn).await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(UserRow {
        role: row.try_get("role")?,
        password: json(&row, "password")?,
        wrong: row.try_get("wrong")?,
        wait_ms: row.try_get("wait_ms")?,
        totp_off: row.try_get::<i64, _>("totp_off")? != 0,
    }))
}

/// Sets how many wrong passwords there were, and until when nothing is checked.
pub(crate) async fn set_wrong(conn: &mut Conn, name: &str, wrong: i64, wait_ms: i64) -> Result<(), Fault> {
    sqlx::query("UPDATE desk_user SET wrong = $1, wait_ms = $2 WHERE name = $3")
        .bind(wrong)
        .bind(wait_ms)
        .bind(name)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn put_session(
    conn: &mut Conn,
    token: &str,
    name: &str,
    csrf: &str,
    stage: Stage,
    now_ms: i64,
) -> Result<(), Fault> {
    sqlx::query("INSERT INTO desk_session (token, name, csrf, seen_ms, stage) VALUES ($1, $2, $3, $4, $5)")
        .bind(token)
        .bind(name)
        .bind(csrf)
        .bind(now_ms)
        .bind(stage.name())
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn session(conn: &mut Conn, token: &str) -> Result<Option<SessionRow>, Fault> {
    let row = sqlx::query(
        "SELECT desk_session.name AS name, role, csrf, seen_ms, stage FROM desk_session \
         JOIN desk_user ON desk_user.name = desk_session.name WHERE token = $1",
    )
    .bind(token)
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(SessionRow {
        name: row.try_get("name")?,
        role: row.try_get("role")?,
        csrf: row.try_get("csrf")?,
        seen_ms: row.try_get("seen_ms")?,
        stage: Stage::of(row.try_get("stage")?).ok_or(Fault::Stored("stage"))?,
    }))
}

pub(crate) async fn touch_session(conn: &mut Conn, token: &str, now_ms: i64) -> Result<(), Fault> {
    sqlx::query("UPDATE desk_session SET seen_ms = $1 WHERE token = $2")
        .bind(now_ms)
        .bind(token)
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends a session, and every one unused since `before_ms`.
pub(crate) async fn end_session(conn: &mut Conn, token: &str, before_ms: i64) -> Result<(), Fault> {
    sqlx::query("DELETE FROM desk_session WHERE token = $1 OR seen_ms < $2")
        .bind(token)
        .bind(before_ms)
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends every session of a user.
pub(crate) async fn end_sessions(conn: &mut Conn, name: &str) -> Result<(), Fault> {
    sqlx::query("DELETE FROM desk_session WHERE name = $1").bind(name).execute(conn).await?;
    Ok(())
}

/// The sealed secret a sign-in was offered.
pub(crate) async fn offered(conn: &mut Conn, token: &str) -> Result<Option<String>, Fault> {
    let row = sqlx::query("SELECT secret FROM desk_session WHERE token = $1")
        .bind(token)
        .fetch_optional(conn)
        .await?;
    row.map_or(Ok(None), |row| Ok(row.try_get(0)?))
}

/// Offers a sealed secret to a sign-in; one that was offered before stays.
pub(crate) async fn offer(conn: &mut Conn, token: &str, secret: &str) -> Result<(), Fault> {
    sqlx::query("UPDATE desk_session SET secret = $1 WHERE token = $2 AND secret IS NULL")
        .bind(secret)
        .bind(token)
        .execute(conn)
        .await?;
    Ok(())
}
