// SPDX-License-Identifier: GPL-3.0-only
//! 家属账单: a person's whole statement as a file that is signed, and the check of one that somebody brings.
//!
//! Promises: what leaves is signed by the platform's content key for this purpose alone; a file is taken for true only if a
//! key of this platform signed it, its lines follow one another and end where its account is. It says nothing of what was
//! booked since.

use crate::books::{self, StatementCheck};
use crate::roll_calls::facility;
use crate::tables::Conn;
use crate::tables::accounts as rows;
use crate::{Core, Fault, Platform, accounts};
use contract::{DetaineeId, Digest, FamilyStatement, Fen, Signed, StatementLine, Text, statement_code};
use uuid::Uuid;

/// Lines read at once.
const LINES_READ: usize = 1_000;

/// What a file that somebody brought is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatementFile {
    /// As this platform gave it out, at this time, with this short code.
    Whole { as_of_ms: i64, lines: u64, balance: Fen, code: String },
    /// No key of this platform signed it.
    Foreign,
    /// It is signed, and does not follow: it was never given out so.
    Broken { line: u64 },
}

impl std::fmt::Display for StatementFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole { as_of_ms, lines, balance, code } => {
                write!(f, "whole: {lines} lines, {} fen as of {as_of_ms}, code {code}", balance.0)
            }
            Self::Foreign => f.write_str("not signed by this platform"),
            Self::Broken { line } => write!(f, "broken at line {line}"),
        }
    }
}

/// A person's whole statement, signed; none where the books do not bear it out.
pub(crate) async fn family(
    conn: &mut Conn,
    core: &Core,
    detainee: DetaineeId,
) -> Result<Option<(FamilyStatement, Signed)>, Fault> {
    let Some(row) = rows::get(conn, detainee).await? else { return Err(Fault::Unknown("account")) };
    match books::check_statement(conn, detainee).await? {
        StatementCheck::Whole { .. } => {}
        StatementCheck::Broken { .. } | StatementCheck::End { .. } => return Ok(None),
    }
    let account = accounts::account(conn, &row, core.clock.now_ms()).await?;
    let mut lines: Vec<StatementLine> = Vec::new();
    loop {
        let more = accounts::lines_of(conn, detainee, lines.len() as u64 + 1, LINES_READ).await?;
        if more.is_empty() {
            break;
        }
        lines.extend(more);
    }
    let place = facility(conn, row.last_terminal).await?;
    let facility = place.map_or_else(Text::default, |facility| Text::new(facility.name.as_str()));
    let statement = FamilyStatement { statement: Uuid::now_v7(), facility, account, lines };
    let signed = Signed::seal(FamilyStatement::PURPOSE, &statement, &core.authority.content)?;
    Ok(Some((statement, signed)))
}

impl Platform {
    /// Looks at a statement that somebody brought.
    ///
    /// # Errors
    /// It is no such file.
    pub fn check_statement(&self, file: &[u8]) -> Result<StatementFile, Fault> {
        let signed: Signed = serde_json::from_slice(file)?;
        let keys = self.core.authority.chain.keys();
        let opened = keys.filter_map(|key| signed.open(FamilyStatement::PURPOSE, key).ok()).next();
        let Some(statement): Option<FamilyStatement> = opened else { return Ok(StatementFile::Foreign) };
        Ok(check(&statement))
    }
}

fn check(statement: &FamilyStatement) -> StatementFile {
    let account = &statement.account;
    let (mut before, mut balance) = (Digest::ZERO, Fen::ZERO);
    for (number, line) in (1..).zip(&statement.lines) {
        let follows = line.number == number
            && balance.plus(line.amount) == Some(line.balance)
            && line.clone().hashed(account.detainee, before).hash == line.hash;
        if !follows {
            return StatementFile::Broken { line: number };
        }
        (before, balance) = (line.hash, line.balance);
    }
    let lines = statement.lines.len() as u64;
    if (lines, before, balance) != (account.lines, account.head, account.balance) {
        return StatementFile::Broken { line: lines + 1 };
    }
    StatementFile::Whole { as_of_ms: account.as_of_ms, lines, balance, code: statement_code(account.head) }
}
