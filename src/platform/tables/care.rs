// SPDX-License-Identifier: GPL-3.0-only
//! 看病: reports and later words, the clinic's letters and notices, the keys on both sides. Nothing sealed is opened.

use super::roll_calls::Origin;
use super::{Conn, Found, column, json, next, parsed, setting};
use crate::Fault;
use contract::{
    CareEntry, CareNotice, CareState, EventId, Office, OfficeKeys, OwnLetter, SealRecipient, Sealed, Signed,
    Stamp, TerminalId, Trust, Urgency,
};
use sqlx::Row;
use uuid::Uuid;

const REV: &str = "care_rev";

/// A report or a later word, as it came.
pub(crate) struct NewEntry<'a> {
    /// Of a report, and when its answer is due.
    pub(crate) asks: Option<(Urgency, i64)>,
    /// What a later word is about.
    pub(crate) report: Option<EventId>,
    pub(crate) at: Stamp,
    pub(crate) sealed: &'a Sealed,
}

/// A report without what it says.
#[derive(Debug, Clone)]
pub(crate) struct ReportRow {
    pub(crate) terminal: TerminalId,
    pub(crate) event: EventId,
    pub(crate) urgency: Urgency,
    pub(crate) at_ms: i64,
    pub(crate) trust: Trust,
    pub(crate) received_ms: i64,
    pub(crate) due_ms: i64,
    pub(crate) nudges: u64,
    pub(crate) nudged_ms: Option<i64>,
    pub(crate) state: Option<CareState>,
    pub(crate) state_ms: Option<i64>,
}

/// The number of the newest change.
pub(crate) async fn rev(conn: &mut Conn) -> Result<u64, Fault> {
    let text = setting(conn, REV).await?.ok_or(Fault::Stored(REV))?;
    text.parse().map_err(|_| Fault::Stored(REV))
}

/// Something changed that the clinic's window has to see.
pub(crate) async fn touch(conn: &mut Conn) -> Result<(), Fault> {
    next(conn, REV).await.map(|_| ())
}

/// Keeps what came; the same event is one entry. False where it was there.
pub(crate) async fn put_entry(conn: &mut Conn, origin: &Origin, entry: &NewEntry<'_>) -> Result<bool, Fault> {
    let (urgency, due_ms) = entry.asks.map(|(urgency, due_ms)| (urgency.name(), due_ms)).unzip();
    let done = sqlx::query(
        "INSERT INTO care_entry (terminal, event, device, seq, urgency, report, at_ms, trust, received_ms, due_ms, \
         nudges, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11) \
         ON CONFLICT (terminal, event) DO NOTHING",
    )
    .bind(origin.terminal.to_string())
    .bind(origin.event.to_string())
    .bind(origin.device.to_string())
    .bind(column(origin.seq)?)
    .bind(urgency)
    .bind(entry.report.map(|report| report.to_string()))
    .bind(entry.at.wall_ms)
    .bind(serde_json::to_string(&entry.at.trust)?)
    .bind(origin.received_ms)
    .bind(due_ms)
    .bind(entry.sealed.as_str())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Whether the terminal made such a report.
pub(crate) async fn is_report(conn: &mut Conn, terminal: TerminalId, report: EventId) -> Result<bool, Fault> {
    let row =
        sqlx::query("SELECT 1 FROM care_entry WHERE terminal = $1 AND event = $2 AND urgency IS NOT NULL")
            .bind(terminal.to_string())
            .bind(report.to_string())
            .fetch_optional(conn)
            .await?;
    Ok(row.is_some())
}

/// Counts 催办 on a report; the same event counts once. False where it was counted before.
pub(crate) async fn nudge(conn: &mut Conn, origin: &Origin, report: EventId) -> Result<bool, Fault> {
    let done = sqlx::query(
        "INSERT INTO care_nudge (terminal, event, report) VALUES ($1, $2, $3) \
         ON CONFLICT (terminal, event) DO NOTHING",
    )
    .bind(origin.terminal.to_string())
    .bind(origin.event.to_string())
    .bind(report.to_string())
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query(
        "UPDATE care_entry SET nudges = nudges + 1, \
         nudged_ms = CASE WHEN nudged_ms IS NULL OR nudged_ms < $1 THEN $1 ELSE nudged_ms END \
         WHERE terminal = $2 AND event = $3",
    )
    .bind(origin.received_ms)
    .bind(origin.terminal.to_string())
    .bind(report.to_string())
    .execute(conn)
    .await?;
    Ok(true)
}

/// Sets where a report stands. A report that was answered is not merely opened again. False where there is none.
pub(crate) async fn set_state(
    conn: &mut Conn,
    terminal: TerminalId,
    report: EventId,
    state: CareState,
    now_ms: i64,
) -> Result<bool, Fault> {
    sqlx::query(
        "UPDATE care_entry SET state = $1, state_ms = $2 WHERE terminal = $3 AND event = $4 \
         AND urgency IS NOT NULL AND (state IS NULL OR (state <> $1 AND $1 <> 'opened'))",
    )
    .bind(state.name())
    .bind(now_ms)
    .bind(terminal.to_string())
    .bind(report.to_string())
    .execute(&mut *conn)
    .await?;
    is_report(conn, terminal, report).await
}

/// What the clinic works with, oldest first: reports that are not closed or were after `closed_ms`, what was said of
/// them, and words about no report since `words_ms`. At most `each` of a terminal, so that none hides another's, those
/// that wait before the others.
pub(crate) async fn entries(
    conn: &mut Conn,
    (closed_ms, words_ms): (i64, i64),
    each: usize,
    limit: usize,
) -> Result<Vec<CareEntry>, Fault> {
    let rows = sqlx::query(
        "SELECT * FROM (SELECT entry.*, about.event AS known, ROW_NUMBER() OVER (PARTITION BY entry.terminal ORDER BY \
         CASE WHEN entry.urgency IS NOT NULL AND COALESCE(entry.state, '') <> 'closed' THEN 0 ELSE 1 END, \
         entry.received_ms DESC, entry.seq DESC) AS place FROM care_entry AS entry \
         LEFT JOIN care_entry AS about ON about.terminal = entry.terminal AND about.event = entry.report \
         AND about.urgency IS NOT NULL \
         WHERE ((entry.urgency IS NOT NULL OR about.event IS NOT NULL) \
         AND (COALESCE(about.state, entry.state, '') <> 'closed' \
         OR COALESCE(about.state_ms, entry.state_ms, 0) >= $1 OR entry.received_ms >= $1)) \
         OR (entry.urgency IS NULL AND about.event IS NULL AND entry.received_ms >= $2)) AS ranked \
         WHERE place <= $3 ORDER BY place, received_ms DESC LIMIT $4",
    )
    .bind(closed_ms)
    .bind(words_ms)
    .bind(column(each as u64)?)
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    let mut found = rows
        .iter()
        .map(|row| Ok((row.try_get::<i64, _>("received_ms")?, row.try_get::<i64, _>("seq")?, entry(row)?)))
        .collect::<Result<Vec<_>, Fault>>()?;
    found.sort_by_key(|(received_ms, seq, entry)| (*received_ms, *seq, entry.event));
    Ok(found.into_iter().map(|(_, _, entry)| entry).collect())
}

fn entry(row: &Found) -> Result<CareEntry, Fault> {
    let known: Option<&str> = row.try_get("known")?;
    Ok(CareEntry {
        device: parsed(row, "device")?,
        event: parsed(row, "event")?,
        terminal: parsed(row, "terminal")?,
        report: known.map(|text| text.parse().map_err(|_| Fault::Stored("report"))).transpose()?,
        urgency: urgency(row)?,
        at_ms: row.try_get("at_ms")?,
        trust: json(row, "trust")?,
        received_ms: row.try_get("received_ms")?,
        due_ms: row.try_get("due_ms")?,
        nudges: u32::try_from(row.try_get::<i64, _>("nudges")?).unwrap_or(u32::MAX),
        nudged_ms: row.try_get("nudged_ms")?,
        state: state(row)?,
        sealed: Sealed::from(row.try_get::<String, _>("sealed")?),
    })
}

/// Reports that are not closed or were after `closed_ms`: those that wait for an answer first, each by when it is due, so
/// that what is overdue leads. What they say is not read.
pub(crate) async fn reports(conn: &mut Conn, closed_ms: i64, limit: usize) -> Result<Vec<ReportRow>, Fault> {
    let rows = sqlx::query(
        "SELECT terminal, event, urgency, at_ms, trust, received_ms, due_ms, nudges, nudged_ms, state, state_ms \
         FROM care_entry WHERE urgency IS NOT NULL AND (COALESCE(state, '') <> 'closed' OR state_ms >= $1) \
         ORDER BY CASE WHEN state = 'closed' THEN 2 WHEN state = 'answered' THEN 1 ELSE 0 END, due_ms, event LIMIT $2",
    )
    .bind(closed_ms)
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    let report = |row: &Found| {
        Ok(ReportRow {
            terminal: parsed(row, "terminal")?,
            event: parsed(row, "event")?,
            urgency: urgency(row)?.ok_or(Fault::Stored("urgency"))?,
            at_ms: row.try_get("at_ms")?,
            trust: json(row, "trust")?,
            received_ms: row.try_get("received_ms")?,
            due_ms: row.try_get("due_ms")?,
            nudges: super::count(row, "nudges")?,
            nudged_ms: row.try_get("nudged_ms")?,
            state: state(row)?,
            state_ms: row.try_get("state_ms")?,
        })
    };
    rows.iter().map(report).collect()
}

fn urgency(row: &Found) -> Result<Option<Urgency>, Fault> {
    let name: Option<&str> = row.try_get("urgency")?;
    name.map(|name| Urgency::of(name).ok_or(Fault::Stored("urgency"))).transpose()
}

fn state(row: &Found) -> Result<Option<CareState>, Fault> {
    let name: Option<&str> = row.try_get("state")?;
    name.map(|name| CareState::of(name).ok_or(Fault::Stored("state"))).transpose()
}

/// The terminal a letter is for, and whether it is in its feed.
pub(crate) async fn letter(conn: &mut Conn, letter: Uuid) -> Result<Option<(TerminalId, bool)>, Fault> {
    let row = sqlx::query("SELECT terminal, posted FROM care_letter WHERE letter = $1")
        .bind(letter.to_string())
        .fetch_optional(conn)
        .await?;
    row.map(|row| Ok((parsed(&row, "terminal")?, row.try_get::<i64, _>("posted")? != 0))).transpose()
}

/// How many letters are in a terminal's feed.
pub(crate) async fn posted(conn: &mut Conn, terminal: TerminalId) -> Result<i64, Fault> {
    let row = sqlx::query("SELECT COUNT(*) AS letters FROM care_letter WHERE terminal = $1 AND posted <> 0")
        .bind(terminal.to_string())
        .fetch_one(conn)
        .await?;
    Ok(row.try_get("letters")?)
}

/// Keeps a letter's own copy, if one was given, and whether it is in the feed.
pub(crate) async fn put_letter(
    conn: &mut Conn,
    (letter, terminal): (Uuid, TerminalId),
    own: Option<&Sealed>,
    posted: bool,
    by: &str,
    now_ms: i64,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO care_letter (letter, terminal, at_ms, by_name, own, posted) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (letter) DO UPDATE SET at_ms = excluded.at_ms, by_name = excluded.by_name, own = excluded.own, \
         posted = excluded.posted",
    )
    .bind(letter.to_string())
    .bind(terminal.to_string())
    .bind(now_ms)
    .bind(by)
    .bind(own.map(Sealed::as_str))
    .bind(i64::from(posted))
    .execute(conn)
    .await?;
    Ok(())
}

/// The clinic's own copies, oldest first, the newest `limit` of them.
pub(crate) async fn letters(conn: &mut Conn, limit: usize) -> Result<Vec<OwnLetter>, Fault> {
    let rows = sqlx::query(
        "SELECT letter, terminal, at_ms, own FROM care_letter WHERE own IS NOT NULL \
         ORDER BY at_ms DESC, letter DESC LIMIT $1",
    )
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    let letter = |row: &Found| {
        Ok(OwnLetter {
            letter: parsed(row, "letter")?,
            terminal: parsed(row, "terminal")?,
            at_ms: row.try_get("at_ms")?,
            sealed: Sealed::from(row.try_get::<String, _>("own")?),
        })
    };
    rows.iter().rev().map(letter).collect()
}

/// Keeps a notice that is released.
pub(crate) async fn put_notice(
    conn: &mut Conn,
    terminal: TerminalId,
    notice: &CareNotice,
    by: &str,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO care_notice (notice, terminal, body, by_name, until_ms) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(notice.notice.to_string())
    .bind(terminal.to_string())
    .bind(serde_json::to_string(notice)?)
    .bind(by)
    .bind(notice.until_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a notice of a terminal; `by` is empty where nobody did. The notice, or none where it was over or never was.
pub(crate) async fn end_notice(
    conn: &mut Conn,
    (notice, terminal): (Uuid, TerminalId),
    by: &str,
    now_ms: i64,
) -> Result<Option<CareNotice>, Fault> {
    let row = sqlx::query(
        "UPDATE care_notice SET ended_ms = $1, ended_by = $2 \
         WHERE notice = $3 AND terminal = $4 AND ended_ms IS NULL RETURNING body",
    )
    .bind(now_ms)
    .bind(by)
    .bind(notice.to_string())
    .bind(terminal.to_string())
    .fetch_optional(conn)
    .await?;
    row.as_ref().map(|row| json(row, "body")).transpose()
}

/// The notices nobody ended, oldest first; some may be over by their time.
pub(crate) async fn notices(conn: &mut Conn, limit: usize) -> Result<Vec<(TerminalId, CareNotice)>, Fault> {
    let rows = sqlx::query(
        "SELECT terminal, body FROM care_notice WHERE ended_ms IS NULL ORDER BY until_ms DESC, notice LIMIT $1",
    )
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    rows.iter().map(|row| Ok((parsed(row, "terminal")?, json(row, "body")?))).collect()
}

/// Notices whose time is over and that are not ended yet.
pub(crate) async fn over(
    conn: &mut Conn,
    now_ms: i64,
    limit: usize,
) -> Result<Vec<(Uuid, TerminalId)>, Fault> {
    let rows = sqlx::query(
        "SELECT notice, terminal FROM care_notice WHERE ended_ms IS NULL AND until_ms <= $1 LIMIT $2",
    )
    .bind(now_ms)
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    rows.iter().map(|row| Ok((parsed(row, "notice")?, parsed(row, "terminal")?))).collect()
}

/// How many notices of a terminal are not ended.
pub(crate) async fn open_notices(conn: &mut Conn, terminal: TerminalId) -> Result<i64, Fault> {
    let row =
        sqlx::query("SELECT COUNT(*) AS notices FROM care_notice WHERE terminal = $1 AND ended_ms IS NULL")
            .bind(terminal.to_string())
            .fetch_one(conn)
            .await?;
    Ok(row.try_get("notices")?)
}

/// The keys an office stated last, with their number.
pub(crate) async fn keys(
    conn: &mut Conn,
    office: Office,
) -> Result<Option<(i64, Signed, OfficeKeys)>, Fault> {
    let row = sqlx::query(
        "SELECT number, statement, keys FROM office_keys WHERE office = $1 ORDER BY number DESC LIMIT 1",
    )
    .bind(office.name())
    .fetch_optional(conn)
    .await?;
    row.as_ref()
        .map(|row| Ok((row.try_get("number")?, json(row, "statement")?, json(row, "keys")?)))
        .transpose()
}

/// Keeps what an office states of its keys.
pub(crate) async fn put_keys(
    conn: &mut Conn,
    number: i64,
    (statement, keys): (&Signed, &OfficeKeys),
    by: &str,
    now_ms: i64,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO office_keys (office, number, statement, keys, at_ms, by_name) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(keys.office.name())
    .bind(number)
    .bind(serde_json::to_string(statement)?)
    .bind(serde_json::to_string(keys)?)
    .bind(now_ms)
    .bind(by)
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps whom the clinic seals to in a cell; what a device said earlier does not replace what it said later. True if it
/// changed.
pub(crate) async fn put_recipient(
    conn: &mut Conn,
    origin: &Origin,
    recipient: &SealRecipient,
) -> Result<bool, Fault> {
    let done = sqlx::query(
        "INSERT INTO care_recipient (terminal, recipient, device, epoch, seq, made_ms) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (terminal) DO UPDATE SET recipient = excluded.recipient, device = excluded.device, \
         epoch = excluded.epoch, seq = excluded.seq, made_ms = excluded.made_ms \
         WHERE care_recipient.device <> excluded.device OR care_recipient.epoch < excluded.epoch \
         OR (care_recipient.epoch = excluded.epoch AND care_recipient.seq < excluded.seq)",
    )
    .bind(origin.terminal.to_string())
    .bind(recipient.as_str())
    .bind(origin.device.to_string())
    .bind(i64::from(origin.epoch))
    .bind(column(origin.seq)?)
    .bind(origin.received_ms)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Whom the clinic seals to, by cell. The key of a device that is out of service opens nothing any more.
pub(crate) async fn recipients(conn: &mut Conn) -> Result<Vec<(TerminalId, SealRecipient)>, Fault> {
    let rows = sqlx::query(
        "SELECT care_recipient.terminal AS terminal, recipient FROM care_recipient \
         JOIN device ON device.id = care_recipient.device WHERE device.revoked_ms IS NULL",
    )
    .fetch_all(conn)
    .await?;
    rows.iter().map(|row| Ok((parsed(row, "terminal")?, parsed(row, "recipient")?))).collect()
}
