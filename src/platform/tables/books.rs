// SPDX-License-Identifier: GPL-3.0-only
//! The books: what was booked, on which accounts, and the lines of statements. Rows are only added.

use super::{Conn, Found, column, count, next, parsed};
use crate::Fault;
use crate::books::{House, Side};
use contract::{DetaineeId, EventId, Fen, LineKind, StatementLine, Text};
use sqlx::Row;

const NUMBER: &str = "book_number";

/// What the books say of themselves when all of them are added up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) transactions: u64,
    /// Transactions whose entries do not sum to zero.
    pub(crate) uneven: u64,
    /// Accounts that hold something else than the sum of their entries.
    pub(crate) astray: u64,
    /// All accounts together.
    pub(crate) total: Fen,
    /// What all persons' accounts hold together.
    pub(crate) people: Fen,
    pub(crate) house: Vec<(House, Fen)>,
}

/// Opens a person's account; one that is open stays as it is.
pub(crate) async fn open(conn: &mut Conn, detainee: DetaineeId) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO book_account (account, kind, fen) VALUES ($1, 'person', 0) ON CONFLICT DO NOTHING",
    )
    .bind(detainee.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// What an account holds; none where there is no such account.
pub(crate) async fn balance(conn: &mut Conn, side: Side) -> Result<Option<Fen>, Fault> {
    let row = sqlx::query("SELECT fen FROM book_account WHERE account = $1")
        .bind(side.account())
        .fetch_optional(conn)
        .await?;
    row.map(|row| Ok(Fen(row.try_get("fen")?))).transpose()
}

/// Writes a transaction of two entries: so much from one account to another, each as it was and as it is after. Its
/// number.
pub(crate) async fn transfer(
    conn: &mut Conn,
    (from, from_before, from_after): (Side, Fen, Fen),
    (to, to_before, to_after): (Side, Fen, Fen),
    amount: Fen,
    (kind, by, now_ms): (&str, &str, i64),
) -> Result<i64, Fault> {
    let number = next(conn, NUMBER).await?;
    sqlx::query("INSERT INTO book_transaction (number, at_ms, kind, by_name) VALUES ($1, $2, $3, $4)")
        .bind(number)
        .bind(now_ms)
        .bind(kind)
        .bind(by)
        .execute(&mut *conn)
        .await?;
    let sides = [(from, from_before, from_after, -amount.0), (to, to_before, to_after, amount.0)];
    for (side, before, after, fen) in sides {
        sqlx::query("INSERT INTO book_entry (number, account, fen) VALUES ($1, $2, $3)")
            .bind(number)
            .bind(side.account())
            .bind(fen)
            .execute(&mut *conn)
            .await?;
        let done = sqlx::query("UPDATE book_account SET fen = $1 WHERE account = $2 AND fen = $3")
            .bind(after.0)
            .bind(side.account())
            .bind(before.0)
            .execute(&mut *conn)
            .await?;
        // Who writes the books has their turn: nobody else can have changed it meanwhile.
        if done.rows_affected() != 1 {
            return Err(Fault::Stored("balance"));
        }
    }
    Ok(number)
}

/// Adds a line to a statement.
pub(crate) async fn add_line(
    conn: &mut Conn,
    detainee: DetaineeId,
    transaction: i64,
    line: &StatementLine,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO statement_line (detainee, number, transaction_number, at_ms, kind, fen, balance_fen, words, reference, \
         order_event, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(detainee.to_string())
    .bind(column(line.number)?)
    .bind(transaction)
    .bind(line.at_ms)
    .bind(line.kind.name())
    .bind(line.amount.0)
    .bind(line.balance.0)
    .bind(line.words.as_str())
    .bind(line.reference.as_str())
    .bind(line.order.map(|order| order.to_string()))
    .bind(line.hash.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// Lines of a statement from this number on, at most `limit`, without what was said against them.
pub(crate) async fn lines(
    conn: &mut Conn,
    detainee: DetaineeId,
    from: u64,
    limit: usize,
) -> Result<Vec<StatementLine>, Fault> {
    let rows = sqlx::query(
        "SELECT * FROM statement_line WHERE detainee = $1 AND number >= $2 ORDER BY number LIMIT $3",
    )
    .bind(detainee.to_string())
    .bind(column(from)?)
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    rows.iter().map(line).collect()
}

/// Adds everything up.
pub(crate) async fn sums(conn: &mut Conn) -> Result<Sums, Fault> {
    let row = sqlx::query(
        "SELECT (SELECT COUNT(*) FROM book_transaction) AS transactions, \
         (SELECT COUNT(*) FROM (SELECT number FROM book_entry GROUP BY number HAVING SUM(fen) <> 0) AS uneven) AS uneven, \
         (SELECT COUNT(*) FROM book_account WHERE fen <> COALESCE((SELECT SUM(entry.fen) FROM book_entry AS entry \
         WHERE entry.account = book_account.account), 0)) AS astray, \
         (SELECT CAST(COALESCE(SUM(fen), 0) AS BIGINT) FROM book_account) AS total, \
         (SELECT CAST(COALESCE(SUM(fen), 0) AS BIGINT) FROM book_account WHERE kind = 'person') AS people",
    )
    .fetch_one(&mut *conn)
    .await?;
    let mut house = Vec::with_capacity(House::ALL.len());
    for one in House::ALL {
        house.push((one, balance(conn, Side::House(one)).await?.ok_or(Fault::Stored("account"))?));
    }
    Ok(Sums {
        transactions: count(&row, "transactions")?,
        uneven: count(&row, "uneven")?,
        astray: count(&row, "astray")?,
        total: Fen(row.try_get("total")?),
        people: Fen(row.try_get("people")?),
        house,
    })
}

/// One transaction with its entries, for the page of the books.
#[derive(Debug, Clone)]
pub(crate) struct Booked {
    pub(crate) number: u64,
    pub(crate) at_ms: i64,
    pub(crate) kind: String,
    pub(crate) by: String,
    pub(crate) account: String,
    pub(crate) fen: Fen,
}

/// The newest entries, those of a transaction together.
pub(crate) async fn newest(conn: &mut Conn, limit: usize) -> Result<Vec<Booked>, Fault> {
    let rows = sqlx::query(
        "SELECT book_transaction.number AS number, at_ms, book_transaction.kind AS kind, by_name, account, fen \
         FROM book_transaction JOIN book_entry ON book_entry.number = book_transaction.number \
         ORDER BY book_transaction.number DESC, fen LIMIT $1",
    )
    .bind(column(limit as u64)?)
    .fetch_all(conn)
    .await?;
    let booked = |row: &Found| {
        Ok(Booked {
            number: count(row, "number")?,
            at_ms: row.try_get("at_ms")?,
            kind: row.try_get("kind")?,
            by: row.try_get("by_name")?,
            account: row.try_get("account")?,
            fen: Fen(row.try_get("fen")?),
        })
    };
    rows.iter().map(booked).collect()
}

fn line(row: &Found) -> Result<StatementLine, Fault> {
    let order: Option<&str> = row.try_get("order_event")?;
    let order: Option<EventId> =
        order.map(|text| text.parse().map_err(|_| Fault::Stored("order_event"))).transpose()?;
    Ok(StatementLine {
        number: count(row, "number")?,
        at_ms: row.try_get("at_ms")?,
        kind: LineKind::of(row.try_get("kind")?).ok_or(Fault::Stored("kind"))?,
        amount: Fen(row.try_get("fen")?),
        balance: Fen(row.try_get("balance_fen")?),
        words: Text::from(row.try_get::<&str, _>("words")?),
        reference: Text::from(row.try_get::<&str, _>("reference")?),
        order,
        hash: parsed(row, "hash")?,
        objection: None,
    })
}
