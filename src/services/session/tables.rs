// SPDX-License-Identifier: GPL-3.0-only
//! The only SQL about who stands at the screen.

use super::{OfficerLine, Template, TemplateBytes, TemplateUse};
use crate::pin::Kept;
use contract::{DetaineeId, HexBytes, Officer, OfficerId, Stamp};
use rusqlite::OptionalExtension;
use store::{Fault, Read, Write};
use uuid::Uuid;

/// Uses of a template kept per person.
const USES_MAX: u32 = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Platform,
    Terminal,
}

impl Origin {
    fn name(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::Terminal => "terminal",
        }
    }
}

/// A card as it is kept.
pub(super) struct KeptCard {
    pub(super) salt: HexBytes,
    pub(super) peppered: Box<[u8]>,
}

pub(super) fn card_place(officer: OfficerId) -> String {
    format!("card/{officer}")
}

pub(super) fn put_officer(tx: &Write<'_>, officer: &Officer) -> Result<(), Fault> {
    let card = tx.keys().pepper(&card_place(officer.id), &officer.card.digest.0);
    tx.sql().execute(
        "INSERT INTO session_officer VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (officer) DO UPDATE SET name = excluded.name, role = excluded.role,
             card_salt = excluded.card_salt, card = excluded.card",
        (
            officer.id.0.as_bytes(),
            officer.name.as_str(),
            crate::json(&officer.role)?,
            &officer.card.salt.0,
            card,
        ),
    )?;
    Ok(())
}

pub(super) fn delete_officer(tx: &Write<'_>, officer: OfficerId, subject: &str) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM session_officer WHERE officer = ?1", [officer.0.as_bytes()])?;
    delete_pin(tx, subject)
}

pub(super) fn cards(read: &Read<'_>) -> Result<Vec<(OfficerLine, KeptCard)>, Fault> {
    let mut statement = read
        .sql()
        .prepare_cached("SELECT officer, name, role, card_salt, card FROM session_officer ORDER BY name")?;
    let rows = statement.query_map([], |row| {
        let id: [u8; 16] = row.get(0)?;
        Ok((id, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get(3)?, row.get::<_, Vec<u8>>(4)?))
    })?;
    rows.map(|row| {
        let (id, name, role, salt, card) = row?;
        let id = OfficerId(Uuid::from_bytes(id));
        let line = OfficerLine { id, name, role: crate::from_json(&role, "officer")? };
        Ok((line, KeptCard { salt: HexBytes(salt), peppered: card.into() }))
    })
    .collect()
}

pub(super) fn officers(read: &Read<'_>) -> Result<Vec<OfficerLine>, Fault> {
    Ok(cards(read)?.into_iter().map(|(line, _)| line).collect())
}

pub(super) fn put_pin(tx: &Write<'_>, subject: &str, kept: &Kept, origin: Origin) -> Result<(), Fault> {
    let sealed = tx.keys().seal(&format!("session_pin/{subject}"), crate::json(kept)?.as_bytes())?;
    tx.sql().execute(
        "INSERT INTO session_pin VALUES (?1, ?2, ?3)
         ON CONFLICT (subject) DO UPDATE SET sealed = excluded.sealed, origin = excluded.origin",
        (subject, sealed, origin.name()),
    )?;
    Ok(())
}

/// A verifier that cannot be opened any more counts as none: the next way is an officer's check and a new PIN.
pub(super) fn pin(read: &Read<'_>, subject: &str) -> Result<Option<(Kept, Origin)>, Fault> {
    let row: Option<(Vec<u8>, String)> = read
        .sql()
        .prepare_cached("SELECT sealed, origin FROM session_pin WHERE subject = ?1")?
        .query_row([subject], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((sealed, origin)) = row else { return Ok(None) };
    let Ok(plain) = read.keys().open(&format!("session_pin/{subject}"), &sealed) else {
        tracing::error!("a PIN verifier cannot be opened with this device's key");
        return Ok(None);
    };
    let kept = serde_json::from_slice(&plain).map_err(|_| Fault::Stored { what: "PIN verifier" })?;
    let origin = if origin == Origin::Terminal.name() { Origin::Terminal } else { Origin::Platform };
    Ok(Some((kept, origin)))
}

fn delete_pin(tx: &Write<'_>, subject: &str) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM session_pin WHERE subject = ?1", [subject])?;
    forget_attempts(tx, subject)
}

pub(super) fn attempts(read: &Read<'_>, subject: &str) -> Result<Option<(u32, Stamp)>, Fault> {
    let row: Option<(u32, String)> = read
        .sql()
        .query_row("SELECT failures, last FROM session_attempt WHERE subject = ?1", [subject], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    row.map(|(failures, last)| Ok((failures, crate::from_json(&last, "stamp")?))).transpose()
}

pub(super) fn put_attempts(tx: &Write<'_>, subject: &str, failures: u32, last: &Stamp) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO session_attempt VALUES (?1, ?2, ?3)
         ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, last = excluded.last",
        (subject, failures, crate::json(last)?),
    )?;
    Ok(())
}

pub(super) fn forget_attempts(tx: &Write<'_>, subject: &str) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM session_attempt WHERE subject = ?1", [subject])?;
    Ok(())
}

pub(super) fn put_template(
    tx: &Write<'_>,
    detainee: DetaineeId,
    template: &TemplateBytes,
    model: &str,
    made: &Stamp,
) -> Result<(), Fault> {
    let sealed = tx.keys().seal(&template_place(detainee), &template.0)?;
    tx.sql().execute(
        "INSERT INTO session_template VALUES (?1, ?2, ?3, ?4)",
        (detainee.0.as_bytes(), model, sealed, crate::json(made)?),
    )?;
    Ok(())
}

pub(super) fn delete_template(tx: &Write<'_>, detainee: DetaineeId) -> Result<bool, Fault> {
    let gone =
        tx.sql().execute("DELETE FROM session_template WHERE detainee = ?1", [detainee.0.as_bytes()])?;
    Ok(gone == 1)
}

pub(super) fn delete_person(tx: &Write<'_>, detainee: DetaineeId, subject: &str) -> Result<(), Fault> {
    tx.sql().execute("DELETE FROM session_template_use WHERE detainee = ?1", [detainee.0.as_bytes()])?;
    delete_pin(tx, subject)
}

pub(super) fn templates(read: &Read<'_>) -> Result<Vec<Template>, Fault> {
    let mut statement = read.sql().prepare_cached("SELECT detainee, model, sealed FROM session_template")?;
    let rows = statement.query_map([], |row| {
        Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, String>(1)?, row.get::<_, Vec<u8>>(2)?))
    })?;
    let mut found = Vec::new();
    for row in rows {
        let (detainee, model, sealed) = row?;
        let detainee = DetaineeId(Uuid::from_bytes(detainee));
        match read.keys().open(&template_place(detainee), &sealed) {
            Ok(bytes) => found.push(Template { detainee, model, bytes: TemplateBytes(bytes) }),
            Err(_) => tracing::error!("a face template cannot be opened with this device's key"),
        }
    }
    Ok(found)
}

fn template_place(detainee: DetaineeId) -> String {
    format!("session_template/{detainee}")
}

pub(super) fn template_made(read: &Read<'_>, detainee: DetaineeId) -> Result<Option<Stamp>, Fault> {
    let made: Option<String> = read
        .sql()
        .query_row("SELECT made FROM session_template WHERE detainee = ?1", [detainee.0.as_bytes()], |row| {
            row.get(0)
        })
        .optional()?;
    made.map(|made| crate::from_json(&made, "stamp")).transpose()
}

pub(super) fn put_use(tx: &Write<'_>, detainee: DetaineeId, used: TemplateUse) -> Result<(), Fault> {
    tx.sql().execute(
        "INSERT INTO session_template_use (detainee, at, matched) VALUES (?1, ?2, ?3)",
        (detainee.0.as_bytes(), crate::json(&used.at)?, used.matched),
    )?;
    tx.sql().execute(
        "DELETE FROM session_template_use WHERE detainee = ?1 AND id NOT IN
             (SELECT id FROM session_template_use WHERE detainee = ?1 ORDER BY id DESC LIMIT ?2)",
        (detainee.0.as_bytes(), USES_MAX),
    )?;
    Ok(())
}

pub(super) fn uses(read: &Read<'_>, detainee: DetaineeId) -> Result<Vec<TemplateUse>, Fault> {
    let mut statement = read.sql().prepare_cached(
        "SELECT at, matched FROM session_template_use WHERE detainee = ?1 ORDER BY id DESC",
    )?;
    let rows =
        statement.query_map([detainee.0.as_bytes()], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    rows.map(|row| {
        let (at, matched) = row?;
        Ok(TemplateUse { at: crate::from_json(&at, "stamp")?, matched })
    })
    .collect()
}

pub(super) fn has_template(read: &Read<'_>, detainee: DetaineeId) -> Result<bool, Fault> {
    let found: Option<i64> = read
        .sql()
        .prepare_cached("SELECT 1 FROM session_template WHERE detainee = ?1")?
        .query_row([detainee.0.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(found.is_some())
}
