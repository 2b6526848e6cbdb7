// SPDX-License-Identifier: GPL-3.0-only
//! The only SQL about documents. Texts and what was said to them are under the device's seal before they are written;
//! whose they are is a number in the clear, so that nobody else's is opened to find one's own.

use super::Said;
use contract::{DetaineeId, Document, EventId};
use rusqlite::{OptionalExtension, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Fault, Read, Write};
use uuid::Uuid;
use zeroize::Zeroizing;

/// What was said here to a version of a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SaidRow {
    pub(super) event: EventId,
    pub(super) document: Uuid,
    pub(super) version: u32,
    pub(super) said: Said,
}

fn seal<T: Serialize>(read: &Read<'_>, place: &str, value: &T) -> Result<Vec<u8>, Fault> {
    let plain = Zeroizing::new(crate::json(value)?);
    Ok(read.keys().seal(place, plain.as_bytes())?)
}

fn open<T: DeserializeOwned>(
    read: &Read<'_>,
    place: &str,
    column: &[u8],
    what: &'static str,
) -> Result<T, Fault> {
    let plain = read.keys().open(place, column)?;
    serde_json::from_slice(&plain).map_err(|_| Fault::Stored { what })
}

/// Where a text stands, for the seal.
fn text_place(document: Uuid, version: u32) -> String {
    format!("document_text/content/{document}-{version}")
}

fn said_place(event: EventId) -> String {
    format!("document_answer/content/{event}")
}

/// Puts a text in the place of what was there under its version.
pub(super) fn put_text(tx: &Write<'_>, document: &Document) -> Result<(), Fault> {
    let content = seal(tx, &text_place(document.document, document.version), document)?;
    let waits = document.open && document.answers.is_empty();
    tx.sql().execute(
        "INSERT INTO document_text (document, version, detainee, waits, content) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (document, version) DO UPDATE
         SET detainee = excluded.detainee, waits = excluded.waits, content = excluded.content",
        (document.document.as_bytes(), document.version, document.detainee.0.as_bytes(), waits, content),
    )?;
    Ok(())
}

pub(super) fn delete_text(tx: &Write<'_>, document: Uuid, version: u32) -> Result<(), Fault> {
    let sql = "DELETE FROM document_text WHERE document = ?1 AND version = ?2";
    tx.sql().execute(sql, (document.as_bytes(), version))?;
    Ok(())
}

/// One version of a text, whosever it is.
pub(super) fn text(read: &Read<'_>, document: Uuid, version: u32) -> Result<Option<Document>, Fault> {
    let content: Option<Vec<u8>> = read
        .sql()
        .prepare_cached("SELECT content FROM document_text WHERE document = ?1 AND version = ?2")?
        .query_row((document.as_bytes(), version), |row| row.get(0))
        .optional()?;
    content.map(|content| open(read, &text_place(document, version), &content, "document")).transpose()
}

/// The highest version of a document that is here; zero where none is.
pub(super) fn newest(read: &Read<'_>, document: Uuid) -> Result<u32, Fault> {
    Ok(read
        .sql()
        .prepare_cached("SELECT coalesce(max(version), 0) FROM document_text WHERE document = ?1")?
        .query_row([document.as_bytes()], |row| row.get(0))?)
}

/// Everything a person was asked to sign.
pub(super) fn texts(read: &Read<'_>, detainee: DetaineeId) -> Result<Vec<Document>, Fault> {
    let mut statement = read
        .sql()
        .prepare_cached("SELECT document, version, content FROM document_text WHERE detainee = ?1")?;
    let rows = statement.query_map([detainee.0.as_bytes()], |row| {
        Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, u32>(1)?, row.get::<_, Vec<u8>>(2)?))
    })?;
    rows.map(|row| {
        let (document, version, content) = row?;
        open(read, &text_place(Uuid::from_bytes(document), version), &content, "document")
    })
    .collect()
}

/// How many texts of a person are kept.
pub(super) fn texts_kept(read: &Read<'_>, detainee: DetaineeId) -> Result<usize, Fault> {
    let sql = "SELECT count(*) FROM document_text WHERE detainee = ?1";
    Ok(read.sql().prepare_cached(sql)?.query_row([detainee.0.as_bytes()], |row| row.get(0))?)
}

/// How many texts of a person wait for a first answer. Nothing is opened for it.
pub(super) fn waiting(read: &Read<'_>, detainee: DetaineeId) -> Result<usize, Fault> {
    let sql = "SELECT count(*) FROM document_text AS text WHERE detainee = ?1 AND waits = 1 AND NOT EXISTS
               (SELECT 1 FROM document_answer AS said
                WHERE said.document = text.document AND said.version = text.version)";
    Ok(read.sql().prepare_cached(sql)?.query_row([detainee.0.as_bytes()], |row| row.get(0))?)
}

pub(super) fn add_said(
    tx: &Write<'_>,
    event: EventId,
    (document, version): (Uuid, u32),
    detainee: DetaineeId,
    said: &Said,
) -> Result<(), Fault> {
    let content = seal(tx, &said_place(event), said)?;
    tx.sql().execute(
        "INSERT INTO document_answer (event, document, version, detainee, content) VALUES (?1, ?2, ?3, ?4, ?5)",
        (event.0.as_bytes(), document.as_bytes(), version, detainee.0.as_bytes(), content),
    )?;
    Ok(())
}

/// What a person said here, in order.
pub(super) fn said(read: &Read<'_>, detainee: DetaineeId) -> Result<Vec<SaidRow>, Fault> {
    let sql =
        "SELECT event, document, version, content FROM document_answer WHERE detainee = ?1 ORDER BY number";
    let mut statement = read.sql().prepare_cached(sql)?;
    let rows = statement.query_map([detainee.0.as_bytes()], raw)?;
    rows.map(|row| {
        let (event, document, version, content) = row?;
        let said = open(read, &said_place(event), &content, "answer to a document")?;
        Ok(SaidRow { event, document, version, said })
    })
    .collect()
}

fn raw(row: &Row<'_>) -> rusqlite::Result<(EventId, Uuid, u32, Vec<u8>)> {
    let (event, document): ([u8; 16], [u8; 16]) = (row.get(0)?, row.get(1)?);
    Ok((EventId(Uuid::from_bytes(event)), Uuid::from_bytes(document), row.get(2)?, row.get(3)?))
}

/// Whether anything was said here to a version.
pub(super) fn is_answered(read: &Read<'_>, document: Uuid, version: u32) -> Result<bool, Fault> {
    let sql = "SELECT EXISTS (SELECT 1 FROM document_answer WHERE document = ?1 AND version = ?2)";
    Ok(read.sql().prepare_cached(sql)?.query_row((document.as_bytes(), version), |row| row.get(0))?)
}

pub(super) fn delete_said(tx: &Write<'_>, event: EventId) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM document_answer WHERE event = ?1", [event.0.as_bytes()])?;
    Ok(())
}

/// Everything of a person.
pub(super) fn delete_person(tx: &Write<'_>, detainee: DetaineeId) -> Result<(), Fault> {
    for table in ["document_text", "document_answer"] {
        tx.sql().execute(&format!("DELETE FROM {table} WHERE detainee = ?1"), [detainee.0.as_bytes()])?;
    }
    Ok(())
}
