// SPDX-License-Identifier: GPL-3.0-only
//! 签名捺印: the texts that were asked, version by version, and what was said to them.

use super::roll_calls::Origin;
use super::{Conn, Found, column, count, json, parsed};
use crate::Fault;
use contract::{
    DetaineeId, Digest, Document, DocumentDeclined, DocumentSigned, EventId, Stamp, TerminalId, Trust,
};
use sqlx::Row;
use uuid::Uuid;

/// One version of a text.
#[derive(Debug, Clone)]
pub(crate) struct DocumentRow {
    /// As it was asked.
    pub(crate) document: Document,
    pub(crate) digest: Digest,
    pub(crate) asked_by: String,
    pub(crate) closed_ms: Option<i64>,
}

/// What was said to one.
#[derive(Debug, Clone)]
pub(crate) struct AnswerRow {
    pub(crate) document: Uuid,
    pub(crate) version: u32,
    pub(crate) event: EventId,
    pub(crate) terminal: TerminalId,
    pub(crate) at_ms: i64,
    pub(crate) trust: Trust,
    pub(crate) uploaded_ms: i64,
    pub(crate) said: Said,
    /// When, and who.
    pub(crate) received: Option<(i64, String)>,
    pub(crate) print: Option<(i64, String)>,
    pub(crate) talked: Option<(i64, String)>,
}

/// Which of the two.
#[derive(Debug, Clone)]
pub(crate) enum Said {
    Signed(DocumentSigned),
    Declined(DocumentDeclined),
}

impl Said {
    pub(crate) fn is_signed(&self) -> bool {
        matches!(self, Self::Signed(_))
    }

    fn at(&self) -> Stamp {
        match self {
            Self::Signed(signed) => signed.at,
            Self::Declined(declined) => declined.at,
        }
    }

    fn place(&self) -> (Uuid, u32) {
        match self {
            Self::Signed(signed) => (signed.document, signed.version),
            Self::Declined(declined) => (declined.document, declined.version),
        }
    }

    fn body(&self) -> Result<String, Fault> {
        Ok(match self {
            Self::Signed(signed) => serde_json::to_string(signed)?,
            Self::Declined(declined) => serde_json::to_string(declined)?,
        })
    }
}

/// What an officer says about an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Received,
    Print,
    Talked,
}

/// Keeps a version of a text.
pub(crate) async fn add(conn: &mut Conn, document: &Document, by: &str) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO document (document, version, detainee, body, digest, asked_ms, asked_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(document.document.to_string())
    .bind(i64::from(document.version))
    .bind(document.detainee.to_string())
    .bind(serde_json::to_string(document)?)
    .bind(document.digest().to_string())
    .bind(document.asked_ms)
    .bind(by)
    .execute(conn)
    .await?;
    Ok(())
}

/// One version of a text.
pub(crate) async fn get(conn: &mut Conn, document: Uuid, version: u32) -> Result<Option<DocumentRow>, Fault> {
    let row = sqlx::query("SELECT * FROM document WHERE document = $1 AND version = $2")
        .bind(document.to_string())
        .bind(i64::from(version))
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(document_row).transpose()
}

/// Every version of a text, the newest first.
pub(crate) async fn versions(conn: &mut Conn, document: Uuid) -> Result<Vec<DocumentRow>, Fault> {
    let rows = sqlx::query("SELECT * FROM document WHERE document = $1 ORDER BY version DESC")
        .bind(document.to_string())
        .fetch_all(conn)
        .await?;
    rows.iter().map(document_row).collect()
}

/// Everything a person was asked, in order.
pub(crate) async fn of(conn: &mut Conn, detainee: DetaineeId) -> Result<Vec<DocumentRow>, Fault> {
    let rows = sqlx::query("SELECT * FROM document WHERE detainee = $1 ORDER BY asked_ms, document, version")
        .bind(detainee.to_string())
        .fetch_all(conn)
        .await?;
    rows.iter().map(document_row).collect()
}

/// The newest that were asked of anybody.
pub(crate) async fn newest(conn: &mut Conn, limit: usize) -> Result<Vec<DocumentRow>, Fault> {
    let rows = sqlx::query("SELECT * FROM document ORDER BY asked_ms DESC, document, version DESC LIMIT $1")
        .bind(column(limit as u64)?)
        .fetch_all(conn)
        .await?;
    rows.iter().map(document_row).collect()
}

/// A version is asked no more.
pub(crate) async fn close(conn: &mut Conn, document: Uuid, version: u32, now_ms: i64) -> Result<(), Fault> {
    sqlx::query(
        "UPDATE document SET closed_ms = COALESCE(closed_ms, $1) WHERE document = $2 AND version = $3",
    )
    .bind(now_ms)
    .bind(document.to_string())
    .bind(i64::from(version))
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps an answer. False where one of its sort was there.
pub(crate) async fn answer(conn: &mut Conn, origin: &Origin, said: &Said) -> Result<bool, Fault> {
    let ((document, version), at) = (said.place(), said.at());
    let done = sqlx::query(
        "INSERT INTO document_answer \
         (document, version, signed, event, device, terminal, at_ms, trust, uploaded_ms, body) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (document, version, signed) DO NOTHING",
    )
    .bind(document.to_string())
    .bind(i64::from(version))
    .bind(i64::from(said.is_signed()))
    .bind(origin.event.to_string())
    .bind(origin.device.to_string())
    .bind(origin.terminal.to_string())
    .bind(at.wall_ms)
    .bind(serde_json::to_string(&at.trust)?)
    .bind(origin.received_ms)
    .bind(said.body()?)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// What was said to a version: a no before a signature.
pub(crate) async fn answers(conn: &mut Conn, document: Uuid, version: u32) -> Result<Vec<AnswerRow>, Fault> {
    let rows =
        sqlx::query("SELECT * FROM document_answer WHERE document = $1 AND version = $2 ORDER BY signed")
            .bind(document.to_string())
            .bind(i64::from(version))
            .fetch_all(conn)
            .await?;
    rows.iter().map(answer_row).collect()
}

/// An officer says something about an answer, once. False where it was said before, or there is no such answer.
pub(crate) async fn mark(
    conn: &mut Conn,
    event: EventId,
    mark: Mark,
    by: &str,
    now_ms: i64,
) -> Result<bool, Fault> {
    let sql = match mark {
        Mark::Received => {
            "UPDATE document_answer SET received_ms = $1, received_by = $2 WHERE event = $3 AND received_ms IS NULL"
        }
        Mark::Print => {
            "UPDATE document_answer SET print_ms = $1, print_by = $2 WHERE event = $3 AND print_ms IS NULL"
        }
        Mark::Talked => {
            "UPDATE document_answer SET talked_ms = $1, talked_by = $2 WHERE event = $3 AND talked_ms IS NULL"
        }
    };
    let done = sqlx::query(sql).bind(now_ms).bind(by).bind(event.to_string()).execute(conn).await?;
    Ok(done.rows_affected() > 0)
}

fn document_row(row: &Found) -> Result<DocumentRow, Fault> {
    Ok(DocumentRow {
        document: json(row, "body")?,
        digest: parsed(row, "digest")?,
        asked_by: row.try_get("asked_by")?,
        closed_ms: row.try_get("closed_ms")?,
    })
}

fn answer_row(row: &Found) -> Result<AnswerRow, Fault> {
    let said = match row.try_get::<i64, _>("signed")? {
        0 => Said::Declined(json(row, "body")?),
        _ => Said::Signed(json(row, "body")?),
    };
    let marked = |ms: &str, by: &str| -> Result<Option<(i64, String)>, Fault> {
        let (at, who): (Option<i64>, Option<String>) = (row.try_get(ms)?, row.try_get(by)?);
        Ok(at.zip(who))
    };
    Ok(AnswerRow {
        document: parsed(row, "document")?,
        version: u32::try_from(count(row, "version")?).map_err(|_| Fault::Stored("version"))?,
        event: parsed(row, "event")?,
        terminal: parsed(row, "terminal")?,
        at_ms: row.try_get("at_ms")?,
        trust: json(row, "trust")?,
        uploaded_ms: row.try_get("uploaded_ms")?,
        said,
        received: marked("received_ms", "received_by")?,
        print: marked("print_ms", "print_by")?,
        talked: marked("talked_ms", "talked_by")?,
    })
}
