// SPDX-License-Identifier: GPL-3.0-only
//! 投诉: where each sealed thing lies, whom it is for, and what its office said. Nothing sealed is opened; nothing here
//! deletes, and nothing asks for a person, because there is none.

use super::events::LaneKey;
use super::{Conn, Found, column, count, json, next, parsed, setting};
use crate::Fault;
use contract::{DeviceId, Digest, Envelope, EventId, Lane, Office, Sealed, Signed, TerminalId};
use sqlx::Row;

const REV: &str = "complaint_rev";

/// What is kept of a thing that is sealed to an office, besides where it lies.
pub(crate) struct Addressed {
    pub(crate) office: Office,
    /// Over the sealed text.
    pub(crate) sealed: Digest,
    /// When its receipt and its answer are due.
    pub(crate) due_ms: i64,
    pub(crate) answer_due_ms: i64,
}

/// Where something of the lane of complaints lies, and what became of it.
#[derive(Debug, Clone)]
pub(crate) struct ItemRow {
    pub(crate) rev: u64,
    pub(crate) key: LaneKey,
    pub(crate) seq: u64,
    pub(crate) terminal: TerminalId,
    pub(crate) event: EventId,
    /// None of a daily count, and of what cannot be understood.
    pub(crate) office: Option<Office>,
    pub(crate) hour_ms: i64,
    pub(crate) answer: Option<Sealed>,
    pub(crate) own: Option<Sealed>,
    /// When receipt and answer are due.
    pub(crate) due_ms: Option<i64>,
    pub(crate) answer_due_ms: Option<i64>,
}

/// As much as anybody at the desk sees: how many of a size came to an office in an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HourRow {
    pub(crate) hour_ms: i64,
    pub(crate) office: Office,
    pub(crate) size: u64,
    pub(crate) items: u64,
}

/// The number of the newest change.
pub(crate) async fn rev(conn: &mut Conn) -> Result<u64, Fault> {
    let text = setting(conn, REV).await?.ok_or(Fault::Stored(REV))?;
    text.parse().map_err(|_| Fault::Stored(REV))
}

/// Something changed that an office's window has to see.
pub(crate) async fn touch(conn: &mut Conn) -> Result<(), Fault> {
    next(conn, REV).await.map(|_| ())
}

/// Keeps where an event of the lane lies; `addressed` where it is sealed to an office.
pub(crate) async fn put(
    conn: &mut Conn,
    envelope: &Envelope,
    terminal: TerminalId,
    addressed: Option<&Addressed>,
    hour_ms: i64,
) -> Result<(), Fault> {
    let rev = next(conn, REV).await?;
    sqlx::query(
        "INSERT INTO complaint_item (rev, device, epoch, seq, terminal, event, office, size, hour_ms, sealed, due_ms, \
         answer_due_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(rev)
    .bind(envelope.device.to_string())
    .bind(i64::from(envelope.epoch))
    .bind(column(envelope.seq)?)
    .bind(terminal.to_string())
    .bind(envelope.id.to_string())
    .bind(addressed.map(|it| it.office.name()))
    .bind(column(envelope.body.len() as u64)?)
    .bind(hour_ms)
    .bind(addressed.map(|it| it.sealed.to_string()))
    .bind(addressed.map(|it| it.due_ms))
    .bind(addressed.map(|it| it.answer_due_ms))
    .execute(conn)
    .await?;
    Ok(())
}

/// Says of what lies there already whom it is sealed to: it was parked, and tried again.
pub(crate) async fn address(
    conn: &mut Conn,
    device: DeviceId,
    event: EventId,
    addressed: &Addressed,
) -> Result<(), Fault> {
    let rev = next(conn, REV).await?;
    sqlx::query(
        "UPDATE complaint_item SET rev = $1, office = $2, sealed = $3, due_ms = $4, answer_due_ms = $5 \
         WHERE device = $6 AND event = $7",
    )
    .bind(rev)
    .bind(addressed.office.name())
    .bind(addressed.sealed.to_string())
    .bind(addressed.due_ms)
    .bind(addressed.answer_due_ms)
    .bind(device.to_string())
    .bind(event.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// What changed after `since`, the oldest change first.
pub(crate) async fn since(conn: &mut Conn, since: u64, limit: usize) -> Result<Vec<ItemRow>, Fault> {
    let rows = sqlx::query("SELECT * FROM complaint_item WHERE rev > $1 ORDER BY rev LIMIT $2")
        .bind(column(since)?)
        .bind(column(limit as u64)?)
        .fetch_all(conn)
        .await?;
    rows.iter().map(item).collect()
}

/// The event an office's word is about: sealed to that office, with just this text.
pub(crate) async fn addressed(
    conn: &mut Conn,
    office: Office,
    event: EventId,
    sealed: Digest,
) -> Result<Option<ItemRow>, Fault> {
    let row = sqlx::query(
        "SELECT * FROM complaint_item WHERE event = $1 AND office = $2 AND sealed = $3 ORDER BY rev LIMIT 1",
    )
    .bind(event.to_string())
    .bind(office.name())
    .bind(sealed.to_string())
    .fetch_optional(conn)
    .await?;
    row.as_ref().map(item).transpose()
}

fn item(row: &Found) -> Result<ItemRow, Fault> {
    let office: Option<&str> = row.try_get("office")?;
    let epoch = u32::try_from(count(row, "epoch")?).map_err(|_| Fault::Stored("epoch"))?;
    Ok(ItemRow {
        rev: count(row, "rev")?,
        key: LaneKey { device: parsed(row, "device")?, epoch, lane: Lane::Complaint },
        seq: count(row, "seq")?,
        terminal: parsed(row, "terminal")?,
        event: parsed(row, "event")?,
        office: office.map(|name| Office::of(name).ok_or(Fault::Stored("office"))).transpose()?,
        hour_ms: row.try_get("hour_ms")?,
        answer: row.try_get::<Option<String>, _>("answer")?.map(Sealed::from),
        own: row.try_get::<Option<String>, _>("own")?.map(Sealed::from),
        due_ms: row.try_get("due_ms")?,
        answer_due_ms: row.try_get("answer_due_ms")?,
    })
}

/// What the office said to an event, in its order.
pub(crate) async fn words(conn: &mut Conn, device: DeviceId, event: EventId) -> Result<Vec<Signed>, Fault> {
    let rows =
        sqlx::query("SELECT word FROM complaint_word WHERE device = $1 AND event = $2 ORDER BY number")
            .bind(device.to_string())
            .bind(event.to_string())
            .fetch_all(conn)
            .await?;
    rows.iter().map(|row| json(row, "word")).collect()
}

/// Keeps a word as the next of its event.
pub(crate) async fn put_word(
    conn: &mut Conn,
    (device, event): (DeviceId, EventId),
    (number, word): (usize, &Signed),
    by: &str,
    now_ms: i64,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO complaint_word (device, event, number, word, at_ms, by_name) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(device.to_string())
    .bind(event.to_string())
    .bind(column(number as u64)?)
    .bind(serde_json::to_string(word)?)
    .bind(now_ms)
    .bind(by)
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that the office opened it, and with `answer` that it answered; the first time counts.
pub(crate) async fn settle(
    conn: &mut Conn,
    (device, event): (DeviceId, EventId),
    answer: Option<(&Sealed, Option<&Sealed>)>,
    now_ms: i64,
) -> Result<(), Fault> {
    let rev = next(conn, REV).await?;
    sqlx::query(
        "UPDATE complaint_item SET rev = $1, received_ms = COALESCE(received_ms, $2) WHERE device = $3 AND event = $4",
    )
    .bind(rev)
    .bind(now_ms)
    .bind(device.to_string())
    .bind(event.to_string())
    .execute(&mut *conn)
    .await?;
    let Some((answer, own)) = answer else { return Ok(()) };
    sqlx::query(
        "UPDATE complaint_item SET answered_ms = COALESCE(answered_ms, $1), answer = $2, own = $3 \
         WHERE device = $4 AND event = $5",
    )
    .bind(now_ms)
    .bind(answer.as_str())
    .bind(own.map(Sealed::as_str))
    .bind(device.to_string())
    .bind(event.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// How many of each size came to each office in each hour, the newest hour first.
pub(crate) async fn by_hour(conn: &mut Conn, limit: usize) -> Result<Vec<HourRow>, Fault> {
    let rows = sqlx::query(
        "SELECT hour_ms, office, size, COUNT(*) AS items FROM complaint_item WHERE office IS NOT NULL \
         GROUP BY hour_ms, office, size ORDER BY hour_ms DESC, office, size LIMIT $1",
    )
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    let hour = |row: &Found| {
        Ok(HourRow {
            hour_ms: row.try_get("hour_ms")?,
            office: Office::of(row.try_get("office")?).ok_or(Fault::Stored("office"))?,
            size: count(row, "size")?,
            items: count(row, "items")?,
        })
    };
    rows.iter().map(hour).collect()
}
