// SPDX-License-Identifier: GPL-3.0-only
//! The only SQL about complaints. Nothing here says who wrote one, or what.

use super::appointment::Kept;
use contract::{AnswerFigures, Digest, EventId, Office, OfficeKeys, PublicKey, Sealed, Stamp};
use rusqlite::{OptionalExtension, Row};
use store::{Fault, Read, Write};
use uuid::Uuid;
use zeroize::Zeroizing;

/// An office as it is known here.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OfficeRow {
    /// The signing key that came first.
    pub(super) root: PublicKey,
    pub(super) keys: OfficeKeys,
    epoch: u32,
    sent: u64,
}

impl OfficeRow {
    /// The last number under a seal in this epoch.
    pub(super) fn sent(&self, epoch: u32) -> u64 {
        if self.epoch == epoch { self.sent } else { 0 }
    }
}

/// Something that was sent.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SentRow {
    pub(super) event: EventId,
    pub(super) office: Office,
    /// To the hour.
    pub(super) made: Stamp,
    pub(super) sealed: Digest,
    pub(super) locked: Vec<u8>,
    pub(super) heard: Heard,
    pub(super) answer: Option<Sealed>,
    pub(super) withdrawal: Option<EventId>,
    pub(super) escalation: Option<EventId>,
}

/// What the office said of it, wall times in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Heard {
    pub received_ms: Option<i64>,
    pub answered_ms: Option<i64>,
    pub ended: Option<(i64, Ended)>,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Withdrawn,
    Closed,
}

impl Ended {
    fn name(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::Closed => "closed",
        }
    }
}

pub(super) fn office(read: &Read<'_>, office: Office) -> Result<Option<OfficeRow>, Fault> {
    let row: Option<(String, String, u32, u64)> = read
        .sql()
        .prepare_cached("SELECT root, keys, epoch, sent FROM complaint_office WHERE office = ?1")?
        .query_row([office.name()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .optional()?;
    let Some((root, keys, epoch, sent)) = row else { return Ok(None) };
    let root = crate::from_json(&root, "office root")?;
    Ok(Some(OfficeRow { root, keys: crate::from_json(&keys, "office keys")?, epoch, sent }))
}

pub(super) fn put_office(tx: &Write<'_>, keys: &OfficeKeys) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO complaint_office (office, root, keys) VALUES (?1, ?2, ?3)
         ON CONFLICT (office) DO UPDATE SET keys = excluded.keys",
        (keys.office.name(), crate::json(&keys.signing)?, crate::json(keys)?),
    )?;
    Ok(())
}

pub(super) fn set_number(tx: &Write<'_>, office: Office, epoch: u32, sent: u64) -> Result<(), Fault> {
    let sql = "UPDATE complaint_office SET epoch = ?2, sent = ?3 WHERE office = ?1";
    tx.sql().execute(sql, (office.name(), epoch, sent))?;
    Ok(())
}

/// Something that goes out now, with what its code finds and opens.
pub(super) struct NewSent {
    pub(super) event: EventId,
    pub(super) office: Office,
    pub(super) made: Stamp,
    pub(super) sealed: Digest,
    pub(super) code: [u8; 32],
    pub(super) locked: Vec<u8>,
}

pub(super) fn add_sent(tx: &Write<'_>, sent: &NewSent) -> Result<(), Fault> {
    let locked = tx.keys().seal(&locked_place(sent.event), &sent.locked)?;
    tx.sql().execute(
        "INSERT INTO complaint_sent (event, office, made, sealed, code, locked) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (
            sent.event.0.as_bytes(),
            sent.office.name(),
            crate::json(&sent.made)?,
            sent.sealed.0,
            sent.code,
            locked,
        ),
    )?;
    Ok(())
}

const SENT: &str =
    "SELECT event, office, made, sealed, locked, received_ms, answered_ms, ended_ms, ended, answer,
    withdrawal, escalation FROM complaint_sent";

/// Everything that was sent, the oldest first.
pub(super) fn all_sent(read: &Read<'_>) -> Result<Vec<SentRow>, Fault> {
    let mut statement = read.sql().prepare_cached(&format!("{SENT} ORDER BY rowid"))?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(sent_row(read, row)?);
    }
    Ok(all)
}

pub(super) fn sent(read: &Read<'_>, event: EventId) -> Result<Option<SentRow>, Fault> {
    let mut statement = read.sql().prepare_cached(&format!("{SENT} WHERE event = ?1"))?;
    let mut rows = statement.query([event.0.as_bytes()])?;
    rows.next()?.map(|row| sent_row(read, row)).transpose()
}

/// What this code was given for.
pub(super) fn by_code(read: &Read<'_>, code: &[u8; 32]) -> Result<Option<EventId>, Fault> {
    let event: Option<[u8; 16]> = read
        .sql()
        .query_row("SELECT event FROM complaint_sent WHERE code = ?1", [code], |row| row.get(0))
        .optional()?;
    Ok(event.map(|bytes| EventId(Uuid::from_bytes(bytes))))
}

fn sent_row(read: &Read<'_>, row: &Row<'_>) -> Result<SentRow, Fault> {
    let event = |bytes: [u8; 16]| EventId(Uuid::from_bytes(bytes));
    let id = event(row.get(0)?);
    let (office, made): (String, String) = (row.get(1)?, row.get(2)?);
    let locked: Vec<u8> = row.get(4)?;
    let ended = match (row.get::<_, Option<i64>>(7)?, row.get::<_, Option<String>>(8)?) {
        (Some(at_ms), Some(how)) if how == Ended::Withdrawn.name() => Some((at_ms, Ended::Withdrawn)),
        (Some(at_ms), Some(_)) => Some((at_ms, Ended::Closed)),
        (_, _) => None,
    };
    Ok(SentRow {
        event: id,
        office: Office::of(&office).ok_or(Fault::Stored { what: "office" })?,
        made: crate::from_json(&made, "stamp")?,
        sealed: Digest(row.get(3)?),
        locked: read.keys().open(&locked_place(id), &locked)?.to_vec(),
        heard: Heard { received_ms: row.get(5)?, answered_ms: row.get(6)?, ended },
        answer: row.get::<_, Option<String>>(9)?.map(Sealed::from),
        withdrawal: row.get::<_, Option<[u8; 16]>>(10)?.map(event),
        escalation: row.get::<_, Option<[u8; 16]>>(11)?.map(event),
    })
}

fn locked_place(event: EventId) -> String {
    format!("complaint_sent/locked/{event}")
}

pub(super) fn set_heard(
    tx: &Write<'_>,
    event: EventId,
    heard: &Heard,
    answer: Option<&Sealed>,
) -> Result<(), Fault> {
    tx.sql().execute(
        "UPDATE complaint_sent SET received_ms = ?2, answered_ms = ?3, ended_ms = ?4, ended = ?5, answer = ?6
         WHERE event = ?1",
        (
            event.0.as_bytes(),
            heard.received_ms,
            heard.answered_ms,
            heard.ended.map(|(at_ms, _)| at_ms),
            heard.ended.map(|(_, how)| how.name()),
            answer.map(Sealed::as_str),
        ),
    )?;
    Ok(())
}

pub(super) fn set_withdrawal(tx: &Write<'_>, event: EventId, withdrawal: EventId) -> Result<(), Fault> {
    let sql = "UPDATE complaint_sent SET withdrawal = ?2 WHERE event = ?1";
    tx.sql().execute(sql, (event.0.as_bytes(), withdrawal.0.as_bytes()))?;
    Ok(())
}

pub(super) fn set_escalation(tx: &Write<'_>, event: EventId, escalation: EventId) -> Result<(), Fault> {
    let sql = "UPDATE complaint_sent SET escalation = ?2 WHERE event = ?1";
    tx.sql().execute(sql, (event.0.as_bytes(), escalation.0.as_bytes()))?;
    Ok(())
}

pub(super) fn delete_sent(tx: &Write<'_>, event: EventId) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM complaint_sent WHERE event = ?1", [event.0.as_bytes()])?;
    Ok(())
}

pub(super) fn delay(read: &Read<'_>) -> Result<Option<Stamp>, Fault> {
    let until: Option<String> = read
        .sql()
        .prepare_cached("SELECT until FROM complaint_delay")?
        .query_row([], |row| row.get(0))
        .optional()?;
    until.map(|until| crate::from_json(&until, "stamp")).transpose()
}

pub(super) fn put_delay(tx: &Write<'_>, until: &Stamp) -> Result<(), Fault> {
    tx.sql().execute("INSERT INTO complaint_delay (only, until) VALUES (1, ?1)", [crate::json(until)?])?;
    Ok(())
}

pub(super) fn delete_delay(tx: &Write<'_>) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM complaint_delay", [])?;
    Ok(())
}

pub(super) fn counted(read: &Read<'_>) -> Result<Option<i64>, Fault> {
    let mut statement = read.sql().prepare_cached("SELECT day FROM complaint_counted")?;
    Ok(statement.query_row([], |row| row.get(0)).optional()?)
}

pub(super) fn set_counted(tx: &Write<'_>, day: i64) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO complaint_counted (only, day) VALUES (1, ?1) ON CONFLICT (only) DO UPDATE SET day = excluded.day",
        [day],
    )?;
    Ok(())
}

pub(super) fn figures(read: &Read<'_>) -> Result<Option<AnswerFigures>, Fault> {
    let body: Option<String> =
        read.sql().query_row("SELECT body FROM complaint_figures", [], |row| row.get(0)).optional()?;
    body.map(|body| crate::from_json(&body, "answer figures")).transpose()
}

pub(super) fn put_figures(tx: &Write<'_>, figures: Option<&AnswerFigures>) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM complaint_figures", [])?;
    if let Some(figures) = figures {
        let sql = "INSERT INTO complaint_figures (only, body) VALUES (1, ?1)";
        tx.sql().execute(sql, [crate::json(figures)?])?;
    }
    Ok(())
}

fn appointment_place(request: EventId) -> String {
    format!("complaint_appointment/content/{request}")
}

pub(super) fn put_appointment(tx: &Write<'_>, request: EventId, kept: &Kept) -> Result<(), Fault> {
    let plain = Zeroizing::new(crate::json(kept)?);
    let content = tx.keys().seal(&appointment_place(request), plain.as_bytes())?;
    tx.sql().execute(
        "INSERT INTO complaint_appointment (request, content) VALUES (?1, ?2)
         ON CONFLICT (request) DO UPDATE SET content = excluded.content",
        (request.0.as_bytes(), content),
    )?;
    Ok(())
}

pub(super) fn delete_appointment(tx: &Write<'_>, request: EventId) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM complaint_appointment WHERE request = ?1", [request.0.as_bytes()])?;
    Ok(())
}

/// Everything that was asked for, the oldest first.
pub(super) fn appointments(read: &Read<'_>) -> Result<Vec<(EventId, Kept)>, Fault> {
    let mut statement =
        read.sql().prepare_cached("SELECT request, content FROM complaint_appointment ORDER BY number")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    rows.map(|row| {
        let (request, content) = row?;
        let request = EventId(Uuid::from_bytes(request));
        let plain = read.keys().open(&appointment_place(request), &content)?;
        let kept = serde_json::from_slice(&plain).map_err(|_| Fault::Stored { what: "appointment" })?;
        Ok((request, kept))
    })
    .collect()
}
