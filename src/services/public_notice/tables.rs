// SPDX-License-Identifier: GPL-3.0-only
//! The tables of 公示, and nothing else.

use contract::PublicNotice;
use rusqlite::OptionalExtension;
use store::{Fault, Read, Write};
use uuid::Uuid;

pub(super) fn put(tx: &Write<'_>, notice: &PublicNotice) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT OR REPLACE INTO public_notice (notice, posted_ms, until_ms, urgent, body) VALUES (?1, ?2, ?3, ?4, ?5)",
        (
            notice.notice.as_bytes(),
            notice.posted_ms,
            notice.until_ms,
            notice.urgent,
            crate::json(notice)?,
        ),
    )?;
    Ok(())
}

pub(super) fn delete(tx: &Write<'_>, notice: Uuid) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM public_notice WHERE notice = ?1", [notice.as_bytes()])?;
    Ok(())
}

/// Whether it is here, and how many others are.
pub(super) fn kept(read: &Read<'_>, notice: Uuid) -> Result<(bool, usize), Fault> {
    let sql = "SELECT coalesce(sum(notice = ?1), 0), coalesce(sum(notice <> ?1), 0) FROM public_notice";
    let counts = |row: &rusqlite::Row<'_>| Ok((row.get::<_, usize>(0)? > 0, row.get(1)?));
    Ok(read.sql().prepare_cached(sql)?.query_row([notice.as_bytes()], counts)?)
}

/// What is shown at a time: urgent ones first, each the newest first.
pub(super) fn shown(read: &Read<'_>, now_ms: i64) -> Result<Vec<PublicNotice>, Fault> {
    let mut statement = read.sql().prepare_cached(
        "SELECT body FROM public_notice WHERE until_ms IS NULL OR until_ms > ?1
         ORDER BY urgent DESC, posted_ms DESC, notice",
    )?;
    let bodies = statement.query_map([now_ms], |row| row.get::<_, String>(0))?;
    bodies.map(|body| crate::from_json(&body?, "public notice")).collect()
}

/// The first of what is shown, where it is urgent.
pub(super) fn urgent(read: &Read<'_>, now_ms: i64) -> Result<Option<PublicNotice>, Fault> {
    let body: Option<String> = read
        .sql()
        .prepare_cached(
            "SELECT body FROM public_notice WHERE urgent = 1 AND (until_ms IS NULL OR until_ms > ?1)
             ORDER BY posted_ms DESC, notice LIMIT 1",
        )?
        .query_row([now_ms], |row| row.get(0))
        .optional()?;
    body.map(|body| crate::from_json(&body, "public notice")).transpose()
}
