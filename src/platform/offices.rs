// SPDX-License-Identifier: GPL-3.0-only
//! The offices things are sealed to: whose they are, and the keys they state.
//!
//! An office's keys are taken only from its own post, only if they follow from those before, and each office's are its
//! own. Every terminal gets the newest statement of each office, also one that is hung up later. A statement whose
//! arrangement is missing or over is handed on like any other: it is what tells the terminals that the office is not
//! offered any more, and they judge it by its signed times and their own clock.

use crate::Fault;
use crate::feed;
use crate::tables::{Conn, care as rows, complaints as complaint_rows, desk, devices};
use contract::{Collection, Office, OfficeKeys, Post, Signed, TerminalId};

/// Why keys are not taken: they are another office's, or do not follow from those before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeysRefused;

/// The office whose window a post uses; none where it has none.
pub(crate) fn office_of(post: Post) -> Option<Office> {
    match post {
        Post::Doctor => Some(Office::Clinic),
        Post::Procurator => Some(Office::Procurator),
        Post::Director => Some(Office::Director),
        Post::SupervisingOfficer => Some(Office::SupervisingOfficer),
        Post::Superior => Some(Office::Superior),
        Post::DutyOfficer | Post::ControlRoom | Post::Shop | Post::Finance | Post::It | Post::Auditor => None,
    }
}

/// Takes what an office states of its keys, and tells every terminal; the terminals. The same statement again changes
/// nothing, and an earlier one does not come back.
pub(crate) async fn put_keys(
    conn: &mut Conn,
    office: Office,
    statement: &Signed,
    by: &str,
    now_ms: i64,
) -> Result<Result<Vec<TerminalId>, KeysRefused>, Fault> {
    let before = rows::keys(conn, office).await?;
    if before.as_ref().is_some_and(|(_, held, _)| held == statement) {
        return Ok(Ok(Vec::new()));
    }
    let Ok(keys) = OfficeKeys::open(statement, before.as_ref().map(|(_, _, keys)| keys)) else {
        return Ok(Err(KeysRefused));
    };
    // What the same key signed earlier follows from it too.
    if keys.office != office || before.as_ref().is_some_and(|(_, _, held)| keys.made_ms <= held.made_ms) {
        return Ok(Err(KeysRefused));
    }
    let number = before.map_or(1, |(number, _, _)| number + 1);
    rows::put_keys(conn, number, (statement, &keys), by, now_ms).await?;
    let action = if office == Office::Clinic { "care_keys" } else { "complaint_keys" };
    desk::audit(conn, by, action, office.name(), now_ms).await?;
    let mut told = Vec::new();
    for terminal in devices::terminals(conn).await? {
        feed::put(conn, terminal.id, Collection::Office, office.name(), statement, now_ms).await?;
        told.push(terminal.id);
    }
    rows::touch(conn).await?;
    complaint_rows::touch(conn).await?;
    Ok(Ok(told))
}

/// Tells a terminal the keys of every office that has any.
pub(crate) async fn tell_keys(conn: &mut Conn, terminal: TerminalId, now_ms: i64) -> Result<(), Fault> {
    for office in Office::ALL {
        if let Some((_, statement, _)) = rows::keys(conn, office).await? {
            feed::put(conn, terminal, Collection::Office, office.name(), &statement, now_ms).await?;
        }
    }
    Ok(())
}
