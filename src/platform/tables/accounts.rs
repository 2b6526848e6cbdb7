// SPDX-License-Identifier: GPL-3.0-only
//! What belongs to a person's account beside money: where they are, freeze, limits, what is owed, objections, and
//! adjustments that wait for a second person.

use super::roll_calls::Origin;
use super::{Conn, Found, column, count, json, parsed};
use crate::Fault;
use contract::{
    DetaineeId, Diet, Digest, DisputeReason, EventId, Fen, Frozen, Objection, ObjectionAnswer, Owed,
    TerminalId, Text,
};
use sqlx::Row;
use uuid::Uuid;

/// A person's account without its money.
#[derive(Debug, Clone)]
pub(crate) struct AccountRow {
    pub(crate) detainee: DetaineeId,
    pub(crate) terminal: Option<TerminalId>,
    pub(crate) last_terminal: TerminalId,
    pub(crate) lines: u64,
    pub(crate) head: Digest,
    /// Without what was said against it.
    pub(crate) frozen: Option<Frozen>,
    pub(crate) level: u8,
    pub(crate) diets: Vec<Diet>,
    pub(crate) month: Option<Fen>,
    pub(crate) kit: bool,
    pub(crate) released_ms: Option<i64>,
}

/// What was said against a line, or a freeze where the line is zero.
#[derive(Debug, Clone)]
pub(crate) struct ObjectionRow {
    pub(crate) event: EventId,
    pub(crate) terminal: TerminalId,
    pub(crate) detainee: DetaineeId,
    pub(crate) line: u64,
    pub(crate) since_ms: i64,
    pub(crate) received_ms: i64,
    pub(crate) why: Option<DisputeReason>,
    pub(crate) objection: Objection,
}

/// 更正 that was proposed.
#[derive(Debug, Clone)]
pub(crate) struct AdjustmentRow {
    pub(crate) id: Uuid,
    pub(crate) detainee: DetaineeId,
    pub(crate) amount: Fen,
    pub(crate) words: String,
    pub(crate) reference: String,
    pub(crate) objection: Option<EventId>,
    pub(crate) proposed_ms: i64,
    pub(crate) proposed_by: String,
}

pub(crate) async fn get(conn: &mut Conn, detainee: DetaineeId) -> Result<Option<AccountRow>, Fault> {
    let row = sqlx::query("SELECT * FROM person_account WHERE detainee = $1")
        .bind(detainee.to_string())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(account).transpose()
}

/// Adds a new account, of somebody who may take the free things.
pub(crate) async fn add(conn: &mut Conn, detainee: DetaineeId, terminal: TerminalId) -> Result<(), Fault> {
    super::books::open(conn, detainee).await?;
    sqlx::query(
        "INSERT INTO person_account (detainee, terminal, last_terminal, lines, head, frozen_why, frozen_reference, \
         level, diets, kit, told_until_ms) VALUES ($1, $2, $2, 0, $3, '', '', 0, '[]', 1, 0)",
    )
    .bind(detainee.to_string())
    .bind(terminal.to_string())
    .bind(Digest::ZERO.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// The person belongs to this terminal, or to none.
pub(crate) async fn set_terminal(
    conn: &mut Conn,
    detainee: DetaineeId,
    terminal: Option<TerminalId>,
) -> Result<(), Fault> {
    sqlx::query(
        "UPDATE person_account SET terminal = $1, last_terminal = COALESCE($1, last_terminal), told_until_ms = 0 \
         WHERE detainee = $2",
    )
    .bind(terminal.map(|terminal| terminal.to_string()))
    .bind(detainee.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// The statement has so many lines, and ends with this hash.
pub(crate) async fn set_head(
    conn: &mut Conn,
    detainee: DetaineeId,
    lines: u64,
    head: Digest,
) -> Result<(), Fault> {
    sqlx::query("UPDATE person_account SET lines = $1, head = $2 WHERE detainee = $3")
        .bind(column(lines)?)
        .bind(head.to_string())
        .bind(detainee.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// Freezes an account from a time on, or lifts it.
pub(crate) async fn set_frozen(
    conn: &mut Conn,
    detainee: DetaineeId,
    frozen: Option<&Frozen>,
) -> Result<(), Fault> {
    sqlx::query(
        "UPDATE person_account SET frozen_ms = $1, frozen_why = $2, frozen_reference = $3 WHERE detainee = $4",
    )
    .bind(frozen.map(|frozen| frozen.since_ms))
    .bind(frozen.map_or("", |frozen| frozen.why.as_str()))
    .bind(frozen.map_or("", |frozen| frozen.reference.as_str()))
    .bind(detainee.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// 处遇级别, diets, and what may be spent in a month where the policy's does not count.
pub(crate) async fn set_rules(
    conn: &mut Conn,
    detainee: DetaineeId,
    level: u8,
    diets: &[Diet],
    month: Option<Fen>,
) -> Result<(), Fault> {
    sqlx::query("UPDATE person_account SET level = $1, diets = $2, month_fen = $3 WHERE detainee = $4")
        .bind(i64::from(level))
        .bind(serde_json::to_string(diets)?)
        .bind(month.map(|month| month.0))
        .bind(detainee.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether the free things may still be taken.
pub(crate) async fn set_kit(conn: &mut Conn, detainee: DetaineeId, kit: bool) -> Result<(), Fault> {
    sqlx::query("UPDATE person_account SET kit = $1 WHERE detainee = $2")
        .bind(i64::from(kit))
        .bind(detainee.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// The account was paid out, or the person came again: then they may take the free things again.
pub(crate) async fn set_released(
    conn: &mut Conn,
    detainee: DetaineeId,
    released_ms: Option<i64>,
) -> Result<(), Fault> {
    sqlx::query("UPDATE person_account SET released_ms = $1, kit = $2 WHERE detainee = $3")
        .bind(released_ms)
        .bind(i64::from(released_ms.is_none()))
        .bind(detainee.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// What was told holds until then.
pub(crate) async fn set_told(conn: &mut Conn, detainee: DetaineeId, until_ms: i64) -> Result<(), Fault> {
    sqlx::query("UPDATE person_account SET told_until_ms = $1 WHERE detainee = $2")
        .bind(until_ms)
        .bind(detainee.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// Accounts in a cell whose terminal has to be told, the longest waiting first.
pub(crate) async fn stale(conn: &mut Conn, now_ms: i64, limit: usize) -> Result<Vec<DetaineeId>, Fault> {
    let rows = sqlx::query(
        "SELECT detainee FROM person_account WHERE told_until_ms <= $1 AND terminal IS NOT NULL \
         ORDER BY told_until_ms, detainee LIMIT $2",
    )
    .bind(now_ms)
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    rows.iter().map(|row| parsed(row, "detainee")).collect()
}

/// Every account of this terminal's cell is told anew.
pub(crate) async fn outdate(conn: &mut Conn, terminal: TerminalId) -> Result<(), Fault> {
    sqlx::query("UPDATE person_account SET told_until_ms = 0 WHERE terminal = $1")
        .bind(terminal.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// Everybody's account, those of who left with money first.
pub(crate) async fn all(conn: &mut Conn, limit: usize) -> Result<Vec<(AccountRow, Fen)>, Fault> {
    let rows = sqlx::query(
        "SELECT person_account.*, fen FROM person_account JOIN book_account ON account = detainee \
         ORDER BY CASE WHEN terminal IS NULL AND fen > 0 THEN 0 WHEN terminal IS NULL THEN 2 ELSE 1 END, detainee LIMIT $1",
    )
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    rows.iter().map(|row| Ok((account(row)?, Fen(row.try_get("fen")?)))).collect()
}

/// Keeps a sum that is to be paid off.
pub(crate) async fn add_owed(
    conn: &mut Conn,
    id: Uuid,
    detainee: DetaineeId,
    owed: &Owed,
    now_ms: i64,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO owed (id, detainee, why, reference, total_fen, paid_fen, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id.to_string())
    .bind(detainee.to_string())
    .bind(owed.why.as_str())
    .bind(owed.reference.as_str())
    .bind(owed.total.0)
    .bind(owed.paid.0)
    .bind(now_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// Counts an instalment; false where it is more than what is left.
pub(crate) async fn pay_owed(
    conn: &mut Conn,
    id: Uuid,
    detainee: DetaineeId,
    fen: Fen,
) -> Result<bool, Fault> {
    let done = sqlx::query(
        "UPDATE owed SET paid_fen = paid_fen + $1 WHERE id = $2 AND detainee = $3 AND total_fen - paid_fen >= $1",
    )
    .bind(fen.0)
    .bind(id.to_string())
    .bind(detainee.to_string())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// What a person still owes, oldest first.
pub(crate) async fn owed(
    conn: &mut Conn,
    detainee: DetaineeId,
    limit: usize,
) -> Result<Vec<(Uuid, Owed)>, Fault> {
    let rows = sqlx::query(
        "SELECT * FROM owed WHERE detainee = $1 AND paid_fen < total_fen ORDER BY at_ms, id LIMIT $2",
    )
    .bind(detainee.to_string())
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    let one = |row: &Found| {
        let owed = Owed {
            why: Text::from(row.try_get::<&str, _>("why")?),
            reference: Text::from(row.try_get::<&str, _>("reference")?),
            total: Fen(row.try_get("total_fen")?),
            paid: Fen(row.try_get("paid_fen")?),
        };
        Ok((parsed(row, "id")?, owed))
    };
    rows.iter().map(one).collect()
}

/// Keeps an objection; the same event is one. False where it was there.
pub(crate) async fn add_objection(
    conn: &mut Conn,
    origin: &Origin,
    detainee: DetaineeId,
    (line, since_ms, at_ms): (u64, i64, i64),
    why: Option<DisputeReason>,
) -> Result<bool, Fault> {
    let done = sqlx::query(
        "INSERT INTO objection (event, terminal, detainee, line, since_ms, at_ms, received_ms, why, words, by_name) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '') ON CONFLICT (event) DO NOTHING",
    )
    .bind(origin.event.to_string())
    .bind(origin.terminal.to_string())
    .bind(detainee.to_string())
    .bind(column(line)?)
    .bind(since_ms)
    .bind(at_ms)
    .bind(origin.received_ms)
    .bind(why.map(DisputeReason::name))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The later word on why.
pub(crate) async fn set_why(conn: &mut Conn, event: EventId, why: DisputeReason) -> Result<(), Fault> {
    sqlx::query("UPDATE objection SET why = $1 WHERE event = $2")
        .bind(why.name())
        .bind(event.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// Answers an objection; false where it is answered, or is none.
pub(crate) async fn answer_objection(
    conn: &mut Conn,
    event: EventId,
    answer: &ObjectionAnswer,
    by: &str,
) -> Result<bool, Fault> {
    let done = sqlx::query(
        "UPDATE objection SET answer_ms = $1, upheld = $2, words = $3, by_name = $4 \
         WHERE event = $5 AND answer_ms IS NULL",
    )
    .bind(answer.at_ms)
    .bind(i64::from(answer.upheld))
    .bind(answer.words.as_str())
    .bind(by)
    .bind(event.to_string())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

pub(crate) async fn objection(conn: &mut Conn, event: EventId) -> Result<Option<ObjectionRow>, Fault> {
    let row = sqlx::query("SELECT * FROM objection WHERE event = $1")
        .bind(event.to_string())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(objected).transpose()
}

/// What a person said against lines of these numbers, oldest first.
pub(crate) async fn objections(
    conn: &mut Conn,
    detainee: DetaineeId,
    (from, to): (u64, u64),
) -> Result<Vec<ObjectionRow>, Fault> {
    let rows = sqlx::query(
        "SELECT * FROM objection WHERE detainee = $1 AND line >= $2 AND line <= $3 ORDER BY received_ms, event",
    )
    .bind(detainee.to_string())
    .bind(column(from)?)
    .bind(column(to)?)
    .fetch_all(conn)
    .await?;
    rows.iter().map(objected).collect()
}

/// What waits for an answer, oldest first.
pub(crate) async fn unanswered(conn: &mut Conn, limit: usize) -> Result<Vec<ObjectionRow>, Fault> {
    let rows =
        sqlx::query("SELECT * FROM objection WHERE answer_ms IS NULL ORDER BY received_ms, event LIMIT $1")
            .bind(column(limit as u64)?)
            .fetch_all(conn)
            .await?;
    rows.iter().map(objected).collect()
}

/// Keeps a proposal.
pub(crate) async fn propose(conn: &mut Conn, row: &AdjustmentRow) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO adjustment (id, detainee, fen, words, reference, objection, proposed_ms, proposed_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(row.id.to_string())
    .bind(row.detainee.to_string())
    .bind(row.amount.0)
    .bind(&row.words)
    .bind(&row.reference)
    .bind(row.objection.map(|event| event.to_string()))
    .bind(row.proposed_ms)
    .bind(&row.proposed_by)
    .execute(conn)
    .await?;
    Ok(())
}

/// Decides a proposal; false where it is decided, is none, or is one's own.
pub(crate) async fn decide(
    conn: &mut Conn,
    id: Uuid,
    accepted: bool,
    by: &str,
    now_ms: i64,
) -> Result<bool, Fault> {
    let done = sqlx::query(
        "UPDATE adjustment SET decided_ms = $1, decided_by = $2, accepted = $3 \
         WHERE id = $4 AND decided_ms IS NULL AND proposed_by <> $2",
    )
    .bind(now_ms)
    .bind(by)
    .bind(i64::from(accepted))
    .bind(id.to_string())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Proposals that wait, oldest first.
pub(crate) async fn proposals(conn: &mut Conn, limit: usize) -> Result<Vec<AdjustmentRow>, Fault> {
    let rows =
        sqlx::query("SELECT * FROM adjustment WHERE decided_ms IS NULL ORDER BY proposed_ms, id LIMIT $1")
            .bind(column(limit as u64)?)
            .fetch_all(conn)
            .await?;
    let one = |row: &Found| {
        let objection: Option<&str> = row.try_get("objection")?;
        Ok(AdjustmentRow {
            id: parsed(row, "id")?,
            detainee: parsed(row, "detainee")?,
            amount: Fen(row.try_get("fen")?),
            words: row.try_get("words")?,
            reference: row.try_get("reference")?,
            objection: objection
                .map(|text| text.parse().map_err(|_| Fault::Stored("objection")))
                .transpose()?,
            proposed_ms: row.try_get("proposed_ms")?,
            proposed_by: row.try_get("proposed_by")?,
        })
    };
    rows.iter().map(one).collect()
}

fn account(row: &Found) -> Result<AccountRow, Fault> {
    let terminal: Option<&str> = row.try_get("terminal")?;
    let frozen_ms: Option<i64> = row.try_get("frozen_ms")?;
    let (why, reference): (&str, &str) = (row.try_get("frozen_why")?, row.try_get("frozen_reference")?);
    let frozen = frozen_ms.map(|since_ms| Frozen {
        since_ms,
        why: Text::from(why),
        reference: Text::from(reference),
        objection: None,
    });
    Ok(AccountRow {
        detainee: parsed(row, "detainee")?,
        terminal: terminal.map(|text| text.parse().map_err(|_| Fault::Stored("terminal"))).transpose()?,
        last_terminal: parsed(row, "last_terminal")?,
        lines: count(row, "lines")?,
        head: parsed(row, "head")?,
        frozen,
        level: u8::try_from(count(row, "level")?).map_err(|_| Fault::Stored("level"))?,
        diets: json(row, "diets")?,
        month: row.try_get::<Option<i64>, _>("month_fen")?.map(Fen),
        kit: row.try_get::<i64, _>("kit")? != 0,
        released_ms: row.try_get("released_ms")?,
    })
}

fn objected(row: &Found) -> Result<ObjectionRow, Fault> {
    let event = parsed(row, "event")?;
    let why: Option<&str> = row.try_get("why")?;
    let (answer_ms, upheld): (Option<i64>, Option<i64>) = (row.try_get("answer_ms")?, row.try_get("upheld")?);
    let words: &str = row.try_get("words")?;
    let answer = answer_ms.zip(upheld).map(|(at_ms, upheld)| ObjectionAnswer {
        at_ms,
        upheld: upheld != 0,
        words: Text::from(words),
    });
    Ok(ObjectionRow {
        event,
        terminal: parsed(row, "terminal")?,
        detainee: parsed(row, "detainee")?,
        line: count(row, "line")?,
        since_ms: row.try_get("since_ms")?,
        received_ms: row.try_get("received_ms")?,
        why: why.and_then(DisputeReason::of),
        objection: Objection { event, at_ms: row.try_get("at_ms")?, answer },
    })
}
