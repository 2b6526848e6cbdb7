// SPDX-License-Identifier: GPL-3.0-only
//! The platform's tables: open, migrate, transact. Only this module and those under it contain SQL.
//!
//! One text of SQL for SQLite (demo and pilot) and PostgreSQL (a city, or several processes): `$1`, TEXT and BIGINT, no
//! more than both understand. What differs is in `tables/backend.rs` alone. The rules rely on writers taking turns:
//! [`Tables::write_for`] where only one terminal's things are touched, [`Tables::write_books`] where the books and the
//! stock are too, [`Tables::write`] everywhere else. Columns are
//! explained in `tables/0001.sql`.

pub(crate) mod accounts;
pub(crate) mod alarms;
pub(crate) mod appointments;
pub(crate) mod audit;
mod backend;
pub(crate) mod blobs;
pub(crate) mod books;
pub(crate) mod care;
pub(crate) mod complaints;
pub(crate) mod desk;
pub(crate) mod devices;
pub(crate) mod documents;
pub(crate) mod duty;
pub(crate) mod events;
pub(crate) mod feed;
pub(crate) mod figures;
pub(crate) mod goods;
pub(crate) mod ledger;
pub(crate) mod orders;
pub(crate) mod parked;
pub(crate) mod public_notices;
pub(crate) mod requests;
pub(crate) mod roll_calls;
pub(crate) mod tasks;
pub(crate) mod totp;

use crate::Fault;
use backend::{Backend, Turn};
use contract::TerminalId;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions, AnyRow};
use sqlx::{Any, AnyConnection, AssertSqlSafe, Row};
use std::path::Path;
use std::str::FromStr;

pub use backend::Database;

/// Migrations in order; their number is the tables' version. Frozen after a release.
pub(crate) const MIGRATIONS: [&str; 13] = [
    include_str!("tables/0001.sql"),
    include_str!("tables/0002.sql"),
    include_str!("tables/0003.sql"),
    include_str!("tables/0004.sql"),
    include_str!("tables/0005.sql"),
    include_str!("tables/0006.sql"),
    include_str!("tables/0007.sql"),
    include_str!("tables/0008.sql"),
    include_str!("tables/0009.sql"),
    include_str!("tables/0010.sql"),
    include_str!("tables/0011.sql"),
    include_str!("tables/0012.sql"),
    include_str!("tables/0014.sql"),
];
/// The tables of the books that are only added to, and the step that made them.
const BOOKS: [&str; 4] = ["book_transaction", "book_entry", "statement_line", "shop_return"];
const BOOKS_SINCE: usize = 10;
/// Most connections at a time.
const CONNECTIONS_MAX: u32 = 8;

/// One connection, inside a transaction or not.
pub(crate) type Conn = AnyConnection;
/// One row of an answer.
pub(crate) type Found = AnyRow;
/// A write that has its effect at `commit`, or none.
pub(crate) type Write = sqlx::Transaction<'static, Any>;

/// The open tables.
#[derive(Clone)]
pub(crate) struct Tables {
    pool: sqlx::Pool<Any>,
    backend: Backend,
}

impl Tables {
    /// Opens the tables of the data directory `data`, makes them if they are missing and brings them to this release's
    /// version.
    pub(crate) async fn open(database: &Database, data: &Path) -> Result<Self, Fault> {
        let tables = Self::connect(database, data).await?;
        let backend = tables.backend;
        backend.check(&mut *tables.read().await?).await?;
        tables.migrate(&MIGRATIONS).await?;
        let mut write = tables.write().await?;
        sqlx::raw_sql(backend.keeping_complaints()).execute(&mut *write).await?;
        write.commit().await?;
        Ok(tables)
    }

    pub(crate) async fn connect(database: &Database, data: &Path) -> Result<Self, Fault> {
        sqlx::any::install_default_drivers();
        let backend = database.backend();
        let fault = |source| Fault::Open { place: database.place(data), source };
        let options = AnyConnectOptions::from_str(database.address(data)?.as_str()).map_err(fault)?;
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS_MAX)
            .after_connect(move |conn, _| Box::pin(backend.prepare(conn)))
            .connect_with(options)
            .await
            .map_err(fault)?;
        Ok(Self { pool, backend })
    }

    /// Begins a write of anything. Every other writer, of any process, waits from here to its commit.
    pub(crate) async fn write(&self) -> Result<Write, Fault> {
        self.turn(Turn::Whole).await
    }

    /// Begins a write of what belongs to one terminal: its device and lanes, its events and their effects, its feed. The
    /// writers of other terminals may go on.
    pub(crate) async fn write_for(&self, terminal: TerminalId) -> Result<Write, Fault> {
        self.turn(Turn::Of(terminal)).await
    }

    /// Begins a write as [`Tables::write_for`] does, of the books and the shop's stock too. Writers of other terminals'
    /// other things may go on; whoever else would touch money waits.
    pub(crate) async fn write_books(&self, terminal: TerminalId) -> Result<Write, Fault> {
        self.turn(Turn::Books(terminal)).await
    }

    /// Begins a read of one moment.
    pub(crate) async fn read(&self) -> Result<Write, Fault> {
        Ok(self.pool.begin_with(self.backend.read()).await?)
    }

    /// Writes all tables as they are at one moment into a new file; false where the database has its own means for that.
    pub(crate) async fn copy_to(&self, file: &Path) -> Result<bool, Fault> {
        if self.backend == Backend::Postgres {
            return Ok(false);
        }
        let Some(name) = file.to_str() else { return Err(Fault::Refused("name a file in other than UTF-8")) };
        sqlx::query("VACUUM INTO $1").bind(name).execute(&self.pool).await?;
        Ok(true)
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }

    async fn turn(&self, turn: Turn) -> Result<Write, Fault> {
        let mut write = self.pool.begin_with(self.backend.write()).await?;
        self.backend.wait(&mut write, turn).await?;
        Ok(write)
    }

    pub(crate) async fn migrate(&self, steps: &[&'static str]) -> Result<(), Fault> {
        let mut write = self.write().await?;
        sqlx::query("CREATE TABLE IF NOT EXISTS migration (version BIGINT NOT NULL PRIMARY KEY)")
            .execute(&mut *write)
            .await?;
        let found: i64 = sqlx::query("SELECT COALESCE(MAX(version), 0) FROM migration")
            .fetch_one(&mut *write)
            .await?
            .try_get(0)?;
        if found > steps.len() as i64 {
            return Err(Fault::TooNew { found });
        }
        for (version, sql) in (1_i64..).zip(steps) {
            if version <= found {
                continue;
            }
            let fault = |source| Fault::Migrate { version, source };
            sqlx::raw_sql(*sql).execute(&mut *write).await.map_err(fault)?;
            sqlx::query("INSERT INTO migration (version) VALUES ($1)")
                .bind(version)
                .execute(&mut *write)
                .await
                .map_err(fault)?;
        }
        sqlx::raw_sql(self.backend.keeping()).execute(&mut *write).await?;
        if steps.len() >= BOOKS_SINCE {
            for table in BOOKS {
                sqlx::raw_sql(AssertSqlSafe(self.backend.keeping_book(table))).execute(&mut *write).await?;
            }
        }
        write.commit().await?;
        Ok(())
    }
}

/// A single value by its name.
pub(crate) async fn setting(conn: &mut Conn, name: &str) -> Result<Option<String>, Fault> {
    let row =
        sqlx::query("SELECT value FROM setting WHERE name = $1").bind(name).fetch_optional(conn).await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

/// Keeps a single value.
pub(crate) async fn set(conn: &mut Conn, name: &str, value: &str) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(name)
    .bind(value)
    .execute(conn)
    .await?;
    Ok(())
}

/// Raises a number kept as a setting and returns it. Whoever raised it holds it until the transaction ends, so numbers
/// become visible in their order.
pub(crate) async fn next(conn: &mut Conn, name: &'static str) -> Result<i64, Fault> {
    let row = sqlx::query(
        "UPDATE setting SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT) WHERE name = $1 RETURNING value",
    )
    .bind(name)
    .fetch_one(conn)
    .await?;
    parsed(&row, "value")
}

/// A text column read as the type it was written from.
pub(crate) fn parsed<T: FromStr>(row: &Found, column: &'static str) -> Result<T, Fault> {
    row.try_get::<&str, _>(column)?.parse().map_err(|_| Fault::Stored(column))
}

/// A text column of JSON.
pub(crate) fn json<T: serde::de::DeserializeOwned>(row: &Found, column: &'static str) -> Result<T, Fault> {
    serde_json::from_str(row.try_get::<&str, _>(column)?).map_err(|_| Fault::Stored(column))
}

/// A text column of JSON that may be empty.
pub(crate) fn json_if_any<T: serde::de::DeserializeOwned>(
    row: &Found,
    column: &'static str,
) -> Result<Option<T>, Fault> {
    let text = row.try_get::<Option<&str>, _>(column)?;
    text.map(|text| serde_json::from_str(text).map_err(|_| Fault::Stored(column))).transpose()
}

/// A number column that is never negative.
pub(crate) fn count(row: &Found, column: &'static str) -> Result<u64, Fault> {
    u64::try_from(row.try_get::<i64, _>(column)?).map_err(|_| Fault::Stored(column))
}

/// A number as a column holds it. Numbers beyond it are refused before they come here.
pub(crate) fn column(number: u64) -> Result<i64, Fault> {
    i64::try_from(number).map_err(|_| Fault::Stored("number"))
}

#[cfg(test)]
mod tests;
