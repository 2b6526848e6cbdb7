// SPDX-License-Identifier: GPL-3.0-only
//! 账目: the books, in double entry. (The 电子台账 of what officers did is `ledger`.)
//!
//! Promises: a transaction is so much from one account to another, so its entries sum to zero; it is written whole and
//! never changed, by rule and by triggers of the database; nobody's account goes below zero, by rule and by a CHECK; each
//! entry on a person's account is a line of their statement that holds the hash of the line before. What was wrong is put
//! right by a further transaction.
//!
//! Whoever writes the books has them alone from the beginning to the commit: `Tables::write_books` for what a cell says,
//! `Tables::write` for the desk. On PostgreSQL that is READ COMMITTED behind an advisory lock, so that what is read after
//! the lock is had is what the writer before committed; a balance is written only over the one that was read. Locks of
//! single rows would not do: a batch holds several orders, and two batches with the same people and things in another
//! order would wait for each other. SQLite has one writer.
//!
//! Limits: [`AMOUNT_MAX`] in one transaction.

use crate::Fault;
use crate::tables::Conn;
use crate::tables::accounts;
use crate::tables::books as rows;
use contract::{DetaineeId, Digest, EventId, Fen, LineKind, StatementLine, Text};

/// Most that is booked at once: ¥1 000 000.
pub(crate) const AMOUNT_MAX: Fen = Fen(100_000_000);
/// Lines of a statement read at once when all of it is looked through.
const LINES_READ: usize = 1_000;

/// An account of the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum House {
    /// Money that came from outside, or went there; below zero by what people hold.
    Cash,
    /// Paid for orders that nobody has signed for yet.
    Transit,
    /// Paid for what was delivered.
    Shop,
    /// Paid off of what is owed to others.
    Creditors,
    /// What was put right, in either direction.
    Adjustments,
}

impl House {
    pub(crate) const ALL: [Self; 5] =
        [Self::Cash, Self::Transit, Self::Shop, Self::Creditors, Self::Adjustments];

    /// The name in tables and text ids.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Transit => "transit",
            Self::Shop => "shop",
            Self::Creditors => "creditors",
            Self::Adjustments => "adjustments",
        }
    }

    fn may_owe(self) -> bool {
        match self {
            Self::Cash | Self::Adjustments => true,
            Self::Transit | Self::Shop | Self::Creditors => false,
        }
    }
}

/// An account that money comes from or goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Person(DetaineeId),
    House(House),
}

impl Side {
    /// Its name in tables.
    pub(crate) fn account(self) -> String {
        match self {
            Self::Person(detainee) => detainee.to_string(),
            Self::House(house) => house.name().to_owned(),
        }
    }

    fn person(self) -> Option<DetaineeId> {
        match self {
            Self::Person(detainee) => Some(detainee),
            Self::House(_) => None,
        }
    }

    fn may_owe(self) -> bool {
        match self {
            Self::Person(_) => false,
            Self::House(house) => house.may_owe(),
        }
    }
}

/// Why money is booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// A line of somebody's statement.
    Line(LineKind),
    /// What was paid for has come: it is the shop's.
    Delivered,
}

impl Why {
    fn name(self) -> &'static str {
        match self {
            Self::Line(kind) => kind.name(),
            Self::Delivered => "delivered",
        }
    }
}

/// So much from one account to another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Transfer<'a> {
    pub(crate) from: Side,
    pub(crate) to: Side,
    pub(crate) amount: Fen,
    pub(crate) why: Why,
    pub(crate) words: &'a str,
    pub(crate) reference: &'a str,
    pub(crate) order: Option<EventId>,
    /// Who did it at the desk; empty where a cell's event did.
    pub(crate) by: &'a str,
}

/// The account does not hold so much. Nothing was booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Short;

/// Books a transfer, in the caller's turn at the books.
pub(crate) async fn transfer(
    conn: &mut Conn,
    transfer: &Transfer<'_>,
    now_ms: i64,
) -> Result<Result<(), Short>, Fault> {
    let Transfer { from, to, amount, why, by, .. } = *transfer;
    if amount <= Fen::ZERO || amount > AMOUNT_MAX {
        return Err(Fault::Refused("book an amount that is none or too large"));
    }
    if from == to || from.person().is_some() == to.person().is_some() && why != Why::Delivered {
        return Err(Fault::Refused("book between these accounts"));
    }
    const ACCOUNT: Fault = Fault::Unknown("account");
    let from_before = rows::balance(conn, from).await?.ok_or(ACCOUNT)?;
    let to_before = rows::balance(conn, to).await?.ok_or(ACCOUNT)?;
    let from_after = from_before.minus(amount).ok_or(Fault::Stored("balance"))?;
    let to_after = to_before.plus(amount).ok_or(Fault::Stored("balance"))?;
    if from_after < Fen::ZERO && !from.may_owe() {
        return Ok(Err(Short));
    }
    let sides = ((from, from_before, from_after), (to, to_before, to_after));
    let number = rows::transfer(conn, sides.0, sides.1, amount, (why.name(), by, now_ms)).await?;
    if let Why::Line(kind) = why {
        let (detainee, amount, balance) = match (from, to) {
            (Side::Person(detainee), _) => (detainee, Fen(-amount.0), from_after),
            (_, Side::Person(detainee)) => (detainee, amount, to_after),
            (Side::House(_), Side::House(_)) => return Err(Fault::Refused("book a line of nobody")),
        };
        let line = (kind, amount, balance);
        add_line(conn, transfer, (detainee, number), line, now_ms).await?;
    }
    Ok(Ok(()))
}

async fn add_line(
    conn: &mut Conn,
    transfer: &Transfer<'_>,
    (detainee, transaction): (DetaineeId, i64),
    (kind, amount, balance): (LineKind, Fen, Fen),
    now_ms: i64,
) -> Result<(), Fault> {
    let account = accounts::get(conn, detainee).await?.ok_or(Fault::Unknown("account"))?;
    let line = StatementLine {
        number: account.lines + 1,
        at_ms: now_ms,
        kind,
        amount,
        balance,
        words: Text::new(transfer.words),
        reference: Text::new(transfer.reference),
        order: transfer.order,
        hash: Digest::ZERO,
        objection: None,
    }
    .hashed(detainee, account.head);
    rows::add_line(conn, detainee, transaction, &line).await?;
    accounts::set_head(conn, detainee, line.number, line.hash).await
}

/// What looking through a statement found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StatementCheck {
    /// All lines follow one another and end with what the account holds.
    Whole { lines: u64 },
    /// The first line that does not follow from those before.
    Broken { line: u64 },
    /// The last line is not where the account is.
    End { line: u64 },
}

/// Looks through a person's whole statement: numbers, balances, hashes, and that it ends where the account is.
pub(crate) async fn check_statement(conn: &mut Conn, detainee: DetaineeId) -> Result<StatementCheck, Fault> {
    let account = accounts::get(conn, detainee).await?.ok_or(Fault::Unknown("account"))?;
    let held = rows::balance(conn, Side::Person(detainee)).await?.ok_or(Fault::Unknown("account"))?;
    let (mut number, mut balance, mut head) = (0, Fen::ZERO, Digest::ZERO);
    loop {
        let lines = rows::lines(conn, detainee, number + 1, LINES_READ).await?;
        if lines.is_empty() {
            break;
        }
        for line in lines {
            number += 1;
            let follows = balance.plus(line.amount) == Some(line.balance)
                && line.number == number
                && line.clone().hashed(detainee, head).hash == line.hash;
            if !follows {
                return Ok(StatementCheck::Broken { line: number });
            }
            (balance, head) = (line.balance, line.hash);
        }
    }
    let ends = (number, balance, head) == (account.lines, held, account.head);
    Ok(if ends { StatementCheck::Whole { lines: number } } else { StatementCheck::End { line: number } })
}
