// SPDX-License-Identifier: GPL-3.0-only
//! What was done at the desk: added to, read, checked. The database itself refuses to change or remove a line.

use super::{Conn, Found, column, next, setting};
use crate::Fault;
use crate::audit::{self as rules, AuditCheck, Business, Line, Walk};
use contract::Digest;
use sqlx::Row;

/// Lines read at a time when all are read.
const PAGE: i64 = 1000;

/// Adds a line to what was done: by whom, what, and on what. Whoever did it has the post they have at this moment; the
/// place is where the thing hangs, if it is one that hangs somewhere.
pub(crate) async fn append(
    conn: &mut Conn,
    name: &str,
    action: &str,
    object: &str,
    now_ms: i64,
) -> Result<(), Fault> {
    let number = next(conn, "audit_number").await?;
    let post = sqlx::query("SELECT role FROM desk_user WHERE name = $1")
        .bind(name)
        .fetch_optional(&mut *conn)
        .await?
        .map_or(Ok(String::new()), |row| row.try_get(0))?;
    let (terminal, place) = place(conn, object).await?;
    let line = Line {
        number,
        at_ms: now_ms,
        name: name.to_owned(),
        post,
        business: Business::of_action(action).name().to_owned(),
        action: action.to_owned(),
        object: object.to_owned(),
        terminal,
        place,
        result: rules::result(action).to_owned(),
    };
    let hash = line.hash(before(conn, number).await?)?;
    sqlx::query(
        "INSERT INTO desk_audit (number, at_ms, name, post, business, action, object, terminal, place, result, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(line.number)
    .bind(line.at_ms)
    .bind(line.name)
    .bind(line.post)
    .bind(line.business)
    .bind(line.action)
    .bind(line.object)
    .bind(line.terminal)
    .bind(line.place)
    .bind(line.result)
    .bind(hash.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// The hash of the line before this number. A missing line does not keep the next from being written: the check tells.
async fn before(conn: &mut Conn, number: i64) -> Result<Digest, Fault> {
    let row = sqlx::query("SELECT hash FROM desk_audit WHERE number = $1")
        .bind(number - 1)
        .fetch_optional(&mut *conn)
        .await?;
    let Some(row) = row else { return Ok(Digest::ZERO) };
    match row.try_get(0)? {
        "" => Ok(walk(conn).await?.map_or(Digest::ZERO, |walk| walk.hash())),
        hash => hash.parse().map_err(|_| Fault::Stored("hash")),
    }
}

/// The terminal of a terminal, device, call, event or order, with what its cell is called.
async fn place(conn: &mut Conn, object: &str) -> Result<(String, String), Fault> {
    let Some(id) = object.split(' ').next().filter(|id| !id.is_empty()) else {
        return Ok(Default::default());
    };
    let row = sqlx::query(
        "SELECT id, block, cell FROM terminal WHERE id = $1 \
         OR id IN (SELECT terminal FROM device WHERE id = $1) \
         OR id IN (SELECT terminal FROM roll_call WHERE call = $1) \
         OR id IN (SELECT terminal FROM notice WHERE event = $1) \
         OR id IN (SELECT terminal FROM shop_order WHERE event = $1) ORDER BY id LIMIT 1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(Default::default()) };
    let (block, cell): (&str, &str) = (row.try_get("block")?, row.try_get("cell")?);
    Ok((row.try_get("id")?, format!("{block} {cell}")))
}

/// The newest lines, newest first.
pub(crate) async fn newest(conn: &mut Conn, limit: usize) -> Result<Vec<Line>, Fault> {
    let rows = sqlx::query("SELECT * FROM desk_audit ORDER BY number DESC LIMIT $1")
        .bind(column(limit as u64)?)
        .fetch_all(conn)
        .await?;
    rows.iter().map(line).collect()
}

/// What was done in this time, newest first, without what was only looked at.
pub(crate) async fn done(
    conn: &mut Conn,
    from_ms: i64,
    to_ms: i64,
    limit: usize,
) -> Result<Vec<Line>, Fault> {
    let rows = sqlx::query(
        "SELECT * FROM desk_audit WHERE at_ms >= $1 AND at_ms < $2 AND action <> 'view' \
         ORDER BY number DESC LIMIT $3",
    )
    .bind(from_ms)
    .bind(to_ms)
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    rows.iter().map(line).collect()
}

/// Looks through all lines.
pub(crate) async fn verify(conn: &mut Conn) -> Result<AuditCheck, Fault> {
    let counted = setting(conn, "audit_number").await?.and_then(|text| text.parse().ok());
    let counted: i64 = counted.ok_or(Fault::Stored("audit number"))?;
    let mut walk = Walk::begin();
    loop {
        let rows = page(conn, walk.number()).await?;
        if rows.is_empty() {
            return Ok(walk.end(counted));
        }
        for row in &rows {
            if let Some(broken) = walk.step(&line(row)?, row.try_get("hash")?)? {
                return Ok(broken);
            }
        }
    }
}

/// Walks to the end; none where the way is broken.
async fn walk(conn: &mut Conn) -> Result<Option<Walk>, Fault> {
    let mut walk = Walk::begin();
    loop {
        let rows = page(conn, walk.number()).await?;
        if rows.is_empty() {
            return Ok(Some(walk));
        }
        for row in &rows {
            if walk.step(&line(row)?, row.try_get("hash")?)?.is_some() {
                return Ok(None);
            }
        }
    }
}

async fn page(conn: &mut Conn, after: i64) -> Result<Vec<Found>, Fault> {
    Ok(sqlx::query("SELECT * FROM desk_audit WHERE number > $1 ORDER BY number LIMIT $2")
        .bind(after)
        .bind(PAGE)
        .fetch_all(conn)
        .await?)
}

fn line(row: &Found) -> Result<Line, Fault> {
    Ok(Line {
        number: row.try_get("number")?,
        at_ms: row.try_get("at_ms")?,
        name: row.try_get("name")?,
        post: row.try_get("post")?,
        business: row.try_get("business")?,
        action: row.try_get("action")?,
        object: row.try_get("object")?,
        terminal: row.try_get("terminal")?,
        place: row.try_get("place")?,
        result: row.try_get("result")?,
    })
}
