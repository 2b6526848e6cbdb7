// SPDX-License-Identifier: GPL-3.0-only
//! The only SQL about care. Whatever speaks of somebody's health is under the device's seal before it is written.

use super::{Draft, OwnWord};
use contract::{
    CareNotice, EventId, Office, OfficeKeys, SealKey, Sealed, Stamp, SymptomReport, ToCell, Urgency,
};
use rusqlite::OptionalExtension;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Fault, Read, Write};
use uuid::Uuid;
use zeroize::Zeroizing;

/// A report as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ReportRow {
    pub(super) number: i64,
    pub(super) event: Option<EventId>,
    pub(super) made: Stamp,
    pub(super) urgency: Urgency,
    pub(super) nudged: Option<Stamp>,
    pub(super) content: SymptomReport,
}

/// What somebody said later, as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SaidRow {
    pub(super) event: EventId,
    pub(super) report: Option<EventId>,
    pub(super) made: Stamp,
    pub(super) word: OwnWord,
}

/// Where a value stands, for the seal.
fn place(table: &str, key: &dyn std::fmt::Display) -> String {
    format!("{table}/content/{key}")
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

pub(super) fn office(read: &Read<'_>, office: Office) -> Result<Option<OfficeKeys>, Fault> {
    let keys: Option<String> = read
        .sql()
        .prepare_cached("SELECT keys FROM care_office WHERE office = ?1")?
        .query_row([office.name()], |row| row.get(0))
        .optional()?;
    keys.map(|keys| crate::from_json(&keys, "office keys")).transpose()
}

pub(super) fn put_office(tx: &Write<'_>, keys: &OfficeKeys) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO care_office (office, keys) VALUES (?1, ?2) ON CONFLICT (office) DO UPDATE SET keys = excluded.keys",
        (keys.office.name(), crate::json(keys)?),
    )?;
    Ok(())
}

/// The terminal's own key, once there is one.
pub(super) fn key(read: &Read<'_>) -> Result<Option<SealKey>, Fault> {
    let secret: Option<Vec<u8>> = read
        .sql()
        .prepare_cached("SELECT secret FROM care_key")?
        .query_row([], |row| row.get(0))
        .optional()?;
    let Some(secret) = secret else { return Ok(None) };
    let secret: Zeroizing<String> = Zeroizing::new(open(read, &place("care_key", &1), &secret, "care key")?);
    secret.parse().map(Some).map_err(|_| Fault::Stored { what: "care key" })
}

pub(super) fn put_key(tx: &Write<'_>, key: &SealKey) -> Result<(), Fault> {
    let secret = seal(tx, &place("care_key", &1), &*key.secret())?;
    tx.sql().execute("INSERT INTO care_key (only, secret) VALUES (1, ?1)", [secret])?;
    Ok(())
}

/// Every draft, with its number and when it was last touched. One that cannot be opened any more is none.
pub(super) fn drafts(read: &Read<'_>) -> Result<Vec<(i64, Stamp, Option<Draft>)>, Fault> {
    let mut statement = read.sql().prepare_cached("SELECT number, kept, content FROM care_draft")?;
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get::<_, Vec<u8>>(2)?)))?;
    rows.map(|row| {
        let (number, kept, content): (i64, _, _) = row?;
        let draft = open(read, &place("care_draft", &number), &content, "draft").ok();
        Ok((number, crate::from_json(&kept, "stamp")?, draft))
    })
    .collect()
}

pub(super) fn put_draft(tx: &Write<'_>, draft: &Draft, now: &Stamp) -> Result<(), Fault> {
    let number: i64 =
        tx.sql().query_row("SELECT coalesce(max(number), 0) + 1 FROM care_draft", [], |row| row.get(0))?;
    let content = seal(tx, &place("care_draft", &number), draft)?;
    tx.sql().execute(
        "INSERT INTO care_draft (number, kept, content) VALUES (?1, ?2, ?3)",
        (number, crate::json(now)?, content),
    )?;
    Ok(())
}

pub(super) fn delete_draft(tx: &Write<'_>, number: i64) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM care_draft WHERE number = ?1", [number])?;
    Ok(())
}

/// Keeps a report that has not gone out; its number.
pub(super) fn add_report(
    tx: &Write<'_>,
    report: &SymptomReport,
    urgency: Urgency,
    made: &Stamp,
) -> Result<i64, Fault> {
    let number: i64 =
        tx.sql().query_row("SELECT coalesce(max(number), 0) + 1 FROM care_report", [], |row| row.get(0))?;
    let content = seal(tx, &place("care_report", &number), report)?;
    tx.sql().execute(
        "INSERT INTO care_report (number, made, urgency, content) VALUES (?1, ?2, ?3, ?4)",
        (number, crate::json(made)?, urgency.name(), content),
    )?;
    Ok(number)
}

/// Every report, the newest first.
pub(super) fn reports(read: &Read<'_>) -> Result<Vec<ReportRow>, Fault> {
    let mut statement = read.sql().prepare_cached(
        "SELECT number, event, made, urgency, nudged, content FROM care_report ORDER BY number DESC",
    )?;
    let rows = statement.query_map([], |row| {
        Ok((
            row.get::<_, i64>(0)?,
            row.get::<_, Option<[u8; 16]>>(1)?,
            row.get::<_, String>(2)?,
            row.get::<_, String>(3)?,
            row.get::<_, Option<String>>(4)?,
            row.get::<_, Vec<u8>>(5)?,
        ))
    })?;
    rows.map(|row| {
        let (number, event, made, urgency, nudged, content) = row?;
        Ok(ReportRow {
            number,
            event: event.map(|bytes| EventId(Uuid::from_bytes(bytes))),
            made: crate::from_json(&made, "stamp")?,
            urgency: Urgency::of(&urgency).ok_or(Fault::Stored { what: "urgency" })?,
            nudged: nudged.map(|stamp| crate::from_json(&stamp, "stamp")).transpose()?,
            content: open(read, &place("care_report", &number), &content, "report")?,
        })
    })
    .collect()
}

/// The report went out as this event.
pub(super) fn set_event(tx: &Write<'_>, number: i64, event: EventId) -> Result<(), Fault> {
    let sql = "UPDATE care_report SET event = ?2 WHERE number = ?1";
    tx.sql().execute(sql, (number, event.0.as_bytes()))?;
    Ok(())
}

pub(super) fn set_nudged(tx: &Write<'_>, number: i64, now: &Stamp) -> Result<(), Fault> {
    let sql = "UPDATE care_report SET nudged = ?2 WHERE number = ?1";
    tx.sql().execute(sql, (number, crate::json(now)?))?;
    Ok(())
}

pub(super) fn delete_report(tx: &Write<'_>, number: i64) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM care_report WHERE number = ?1", [number])?;
    Ok(())
}

pub(super) fn add_said(
    tx: &Write<'_>,
    event: EventId,
    report: Option<EventId>,
    word: &OwnWord,
    made: &Stamp,
) -> Result<(), Fault> {
    let content = seal(tx, &place("care_said", &event), word)?;
    tx.sql().execute(
        "INSERT INTO care_said (event, report, made, content) VALUES (?1, ?2, ?3, ?4)",
        (event.0.as_bytes(), report.map(|report| *report.0.as_bytes()), crate::json(made)?, content),
    )?;
    Ok(())
}

/// Everything that was said later, in order.
pub(super) fn said(read: &Read<'_>) -> Result<Vec<SaidRow>, Fault> {
    let mut statement =
        read.sql().prepare_cached("SELECT event, report, made, content FROM care_said ORDER BY number")?;
    let rows = statement.query_map([], |row| {
        Ok((
            row.get::<_, [u8; 16]>(0)?,
            row.get::<_, Option<[u8; 16]>>(1)?,
            row.get::<_, String>(2)?,
            row.get::<_, Vec<u8>>(3)?,
        ))
    })?;
    rows.map(|row| {
        let (event, report, made, content) = row?;
        let event = EventId(Uuid::from_bytes(event));
        Ok(SaidRow {
            event,
            report: report.map(|bytes| EventId(Uuid::from_bytes(bytes))),
            made: crate::from_json(&made, "stamp")?,
            word: open(read, &place("care_said", &event), &content, "word")?,
        })
    })
    .collect()
}

pub(super) fn delete_said(tx: &Write<'_>, event: EventId) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM care_said WHERE event = ?1", [event.0.as_bytes()])?;
    Ok(())
}

/// How many letters are kept.
pub(super) fn letters_kept(read: &Read<'_>) -> Result<usize, Fault> {
    Ok(read.sql().query_row("SELECT count(*) FROM care_letter", [], |row| row.get(0))?)
}

pub(super) fn put_raw(tx: &Write<'_>, letter: Uuid, sealed: &Sealed) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO care_letter (letter, raw) VALUES (?1, ?2)
         ON CONFLICT (letter) DO UPDATE SET raw = excluded.raw, content = NULL",
        (letter.as_bytes(), sealed.as_str()),
    )?;
    Ok(())
}

pub(super) fn put_letter(tx: &Write<'_>, letter: &ToCell) -> Result<(), Fault> {
    let content = seal(tx, &place("care_letter", &letter.letter), letter)?;
    tx.sql().execute(
        "INSERT INTO care_letter (letter, content) VALUES (?1, ?2)
         ON CONFLICT (letter) DO UPDATE SET raw = NULL, content = excluded.content",
        (letter.letter.as_bytes(), content),
    )?;
    Ok(())
}

pub(super) fn delete_letter(tx: &Write<'_>, letter: Uuid) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM care_letter WHERE letter = ?1", [letter.as_bytes()])?;
    Ok(())
}

/// Letters that wait for the clinic's keys.
pub(super) fn raw(read: &Read<'_>) -> Result<Vec<(Uuid, Sealed)>, Fault> {
    let mut statement =
        read.sql().prepare_cached("SELECT letter, raw FROM care_letter WHERE raw IS NOT NULL")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, String>(1)?)))?;
    rows.map(|row| {
        let (letter, raw) = row?;
        Ok((Uuid::from_bytes(letter), Sealed::from(raw)))
    })
    .collect()
}

/// Every letter that was opened, in the order it was written.
pub(super) fn letters(read: &Read<'_>) -> Result<Vec<ToCell>, Fault> {
    let mut statement =
        read.sql().prepare_cached("SELECT letter, content FROM care_letter WHERE content IS NOT NULL")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    let mut letters: Vec<ToCell> = rows
        .map(|row| {
            let (letter, content) = row?;
            open(read, &place("care_letter", &Uuid::from_bytes(letter)), &content, "letter")
        })
        .collect::<Result<_, Fault>>()?;
    letters.sort_by_key(|letter| letter.at_ms);
    Ok(letters)
}

pub(super) fn put_notice(tx: &Write<'_>, notice: &CareNotice) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO care_notice (notice, body) VALUES (?1, ?2) ON CONFLICT (notice) DO UPDATE SET body = excluded.body",
        (notice.notice.as_bytes(), crate::json(notice)?),
    )?;
    Ok(())
}

pub(super) fn delete_notice(tx: &Write<'_>, notice: Uuid) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM care_notice WHERE notice = ?1", [notice.as_bytes()])?;
    Ok(())
}

pub(super) fn notices(read: &Read<'_>) -> Result<Vec<CareNotice>, Fault> {
    let mut statement = read.sql().prepare_cached("SELECT body FROM care_notice")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    rows.map(|body| crate::from_json(&body?, "care notice")).collect()
}
