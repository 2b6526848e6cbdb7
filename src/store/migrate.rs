// SPDX-License-Identifier: GPL-3.0-only
//! Each service's numbered steps, run once and remembered. Steps only add: the release before must still open the file.

use crate::Fault;
use rusqlite::Connection;

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
    ],
};

/// Runs what has not run yet, each step in its own transaction. Steps of a newer release are left alone.
pub(crate) fn run(connection: &mut Connection, services: &[Migration]) -> Result<(), Fault> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS migration (service TEXT NOT NULL PRIMARY KEY, step INTEGER NOT NULL) STRICT",
    )?;
    for Migration { service, steps } in std::iter::once(&STORE).chain(services) {
        let done: usize = connection.query_row(
            "SELECT coalesce(max(step), 0) FROM migration WHERE service = ?1",
            [service],
            |row| row.get(0),
        )?;
        for (index, sql) in steps.iter().enumerate().skip(done) {
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
