// SPDX-License-Identifier: GPL-3.0-only
//! 公示: what is posted, and what was taken down.

use super::{Conn, column, json};
use crate::Fault;
use contract::PublicNotice;
use sqlx::Row;
use uuid::Uuid;

/// Something posted, and by whom.
#[derive(Debug, Clone)]
pub(crate) struct PostedRow {
    pub(crate) notice: PublicNotice,
    pub(crate) posted_by: String,
}

pub(crate) async fn add(conn: &mut Conn, notice: &PublicNotice, by: &str) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO public_notice (notice, body, posted_ms, posted_by, until_ms) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(notice.notice.to_string())
    .bind(serde_json::to_string(notice)?)
    .bind(notice.posted_ms)
    .bind(by)
    .bind(notice.until_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// What is posted and not over, the newest first.
pub(crate) async fn posted(conn: &mut Conn, now_ms: i64, limit: usize) -> Result<Vec<PostedRow>, Fault> {
    let rows = sqlx::query(
        "SELECT * FROM public_notice WHERE down_ms IS NULL AND (until_ms IS NULL OR until_ms > $1) \
         ORDER BY posted_ms DESC, notice LIMIT $2",
    )
    .bind(now_ms)
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    let row = |row| Ok(PostedRow { notice: json(row, "body")?, posted_by: row.try_get("posted_by")? });
    rows.iter().map(row).collect()
}

/// Takes one down; false where it is not posted.
pub(crate) async fn take_down(conn: &mut Conn, notice: Uuid, now_ms: i64) -> Result<bool, Fault> {
    let done = sqlx::query("UPDATE public_notice SET down_ms = $1 WHERE notice = $2 AND down_ms IS NULL")
        .bind(now_ms)
        .bind(notice.to_string())
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}
