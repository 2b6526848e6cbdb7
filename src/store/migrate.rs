// SPDX-License-Identifier: GPL-3.0-only
//! Each service's numbered steps, run once and remembered. Steps only add: the release before must still open the file.

use crate::Fault;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// A service's steps, oldest first. A step never changes after a release.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    pub service: &'static str,
    pub steps: &'static [&'static str],
}

/// The store's own tables.
const STORE: Migration = Migration {
    service: "store",
    steps: &[
        include_str!("tables/0001.sql"),
        include_str!("tables/0002.sql"),
        include_str!("tables/0003.sql"),
        include_str!("tables/0004.sql"),
    ],
};

/// Which steps ran.
const MIGRATION: &str =
    "CREATE TABLE migration (service TEXT NOT NULL PRIMARY KEY, step INTEGER NOT NULL) STRICT";

/// Runs what has not run yet, each step in its own transaction. Steps of a newer release are left alone.
pub(crate) fn run(connection: &mut Connection, services: &[Migration]) -> Result<(), Fault> {
    if schema(connection)?.is_empty() {
        connection.execute_batch(MIGRATION)?;
    }
    for Migration { service, steps } in std::iter::once(&STORE).chain(services) {
        for (index, sql) in steps.iter().enumerate().skip(done(connection, service)?) {
            let step = index + 1;
            let wrong = |source| Fault::Migrate { service, step, source };
            let transaction = connection.transaction().map_err(wrong)?;
            transaction.execute_batch(sql).map_err(wrong)?;
            transaction
                .execute(
                    "INSERT INTO migration VALUES (?1, ?2) ON CONFLICT (service) DO UPDATE SET step = excluded.step",
                    (service, step),
                )
                .map_err(wrong)?;
            transaction.commit().map_err(wrong)?;
        }
    }
    Ok(())
}

/// Whether the file holds what the steps that ran have made, or nothing at all. What a later release added to a table
/// may stand in it.
pub(crate) fn is_as_made(connection: &Connection, services: &[Migration]) -> Result<bool, Fault> {
    let found = schema(connection)?;
    if found.is_empty() {
        return Ok(true);
    }
    if found.get("migration").is_none_or(|sql| sql != MIGRATION) {
        return Ok(false);
    }
    let made = Connection::open_in_memory()?;
    made.execute_batch(MIGRATION)?;
    let mut ran = 0;
    for Migration { service, steps } in std::iter::once(&STORE).chain(services) {
        let done = done(connection, service)?;
        ran += done;
        for sql in steps.iter().take(done) {
            made.execute_batch(sql)?;
        }
    }
    // Tables without a step that made them: the list of steps is damaged.
    let made = schema(&made)?;
    Ok((ran > 0 || found.len() == 1)
        && made.iter().all(|(name, sql)| found.get(name).is_some_and(|found| holds(found, sql))))
}

/// How many steps of a service ran.
fn done(connection: &Connection, service: &str) -> Result<usize, Fault> {
    let sql = "SELECT coalesce(max(step), 0) FROM migration WHERE service = ?1";
    Ok(connection.query_row(sql, [service], |row| row.get(0))?)
}

/// The text of each table and index by its name.
fn schema(connection: &Connection) -> Result<BTreeMap<String, String>, Fault> {
    let mut statement = connection.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether `found` is `made`, or `made` with more columns at one place.
fn holds(found: &str, made: &str) -> bool {
    let same = |(a, b): &(u8, u8)| a == b;
    let before = found.bytes().zip(made.bytes()).take_while(same).count();
    let after = found.bytes().rev().zip(made.bytes().rev()).take_while(same).count();
    found.len() >= made.len() && before + after >= made.len()
}
