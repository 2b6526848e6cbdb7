// SPDX-License-Identifier: GPL-3.0-only
//! The platform's tables: open, migrate, transact. Only this module and those under it contain SQL.
//!
//! SQLite for demo and pilot, in WAL mode with `synchronous=FULL`: what was committed survives a power cut. The SQL
//! keeps to what PostgreSQL also understands; what differs is in this file alone: the pragmas, and how a write begins.
//! The rules rely on writers taking turns: `BEGIN IMMEDIATE` here, `SERIALIZABLE` with a retry there. Columns are
//! explained in `tables/0001.sql`.

pub(crate) mod desk;
pub(crate) mod devices;
pub(crate) mod events;
pub(crate) mod feed;
pub(crate) mod parked;
pub(crate) mod roll_calls;

use crate::Fault;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{Row, Sqlite, SqliteConnection};
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

/// Migrations in order; their number is the tables' version. Frozen after a release.
const MIGRATIONS: [&str; 3] =
    [include_str!("tables/0001.sql"), include_str!("tables/0002.sql"), include_str!("tables/0003.sql")];
/// Most connections at a time.
const CONNECTIONS_MAX: u32 = 8;
/// How long a writer waits for another.
const BUSY: Duration = Duration::from_secs(10);

/// The database this build speaks to.
pub(crate) type Db = Sqlite;
/// One connection, inside a transaction or not.
pub(crate) type Conn = SqliteConnection;
/// One row of an answer.
pub(crate) type Found = SqliteRow;
/// A write that has its effect at `commit`, or none.
pub(crate) type Write = sqlx::Transaction<'static, Db>;

/// The open tables.
#[derive(Clone)]
pub(crate) struct Tables(sqlx::Pool<Db>);

impl Tables {
    /// Opens the tables at `path`, makes them if they are missing and brings them to this release's version.
    pub(crate) async fn open(path: &Path) -> Result<Self, Fault> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY);
        let pool = SqlitePoolOptions::new()
            .max_connections(CONNECTIONS_MAX)
            .connect_with(options)
            .await
            .map_err(|source| Fault::Open { path: path.to_owned(), source })?;
        let tables = Self(pool);
        tables.migrate().await?;
        Ok(tables)
    }

    /// Begins a write. Writers take turns from here to their commit.
    pub(crate) async fn write(&self) -> Result<Write, Fault> {
        Ok(self.0.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Begins a read of one moment.
    pub(crate) async fn read(&self) -> Result<Write, Fault> {
        Ok(self.0.begin().await?)
    }

    pub(crate) async fn close(&self) {
        self.0.close().await;
    }

    async fn migrate(&self) -> Result<(), Fault> {
        let mut write = self.write().await?;
        sqlx::query("CREATE TABLE IF NOT EXISTS migration (version BIGINT NOT NULL PRIMARY KEY)")
            .execute(&mut *write)
            .await?;
        let found: i64 = sqlx::query("SELECT COALESCE(MAX(version), 0) FROM migration")
            .fetch_one(&mut *write)
            .await?
            .try_get(0)?;
        if found > MIGRATIONS.len() as i64 {
            return Err(Fault::TooNew { found });
        }
        for (version, sql) in (1_i64..).zip(MIGRATIONS) {
            if version <= found {
                continue;
            }
            let fault = |source| Fault::Migrate { version, source };
            sqlx::raw_sql(sql).execute(&mut *write).await.map_err(fault)?;
            sqlx::query("INSERT INTO migration (version) VALUES ($1)")
                .bind(version)
                .execute(&mut *write)
                .await
                .map_err(fault)?;
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
mod tests {
    use super::*;

    #[tokio::test]
    async fn tables_are_opened_twice_and_are_durable() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("platform.db");
        let tables = Tables::open(&path).await.unwrap();
        let mut write = tables.write().await.unwrap();
        set(&mut write, "word", "kept").await.unwrap();
        write.commit().await.unwrap();
        let mut dropped = tables.write().await.unwrap();
        set(&mut dropped, "word", "dropped").await.unwrap();
        drop(dropped);
        tables.close().await;

        let tables = Tables::open(&path).await.unwrap();
        let mut read = tables.read().await.unwrap();
        assert_eq!(setting(&mut read, "word").await.unwrap().as_deref(), Some("kept"));
        let synchronous: i64 = sqlx::query("PRAGMA synchronous").fetch_one(&mut *read).await.unwrap().get(0);
        assert_eq!(synchronous, 2, "2 is FULL");
    }

    #[tokio::test]
    async fn what_was_parked_before_there_was_a_list_of_it_is_on_the_list() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("platform.db");
        let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
        let pool = sqlx::Pool::<Db>::connect_with(options).await.unwrap();
        sqlx::raw_sql("CREATE TABLE migration (version BIGINT NOT NULL PRIMARY KEY)")
            .execute(&pool)
            .await
            .unwrap();
        for (version, sql) in (1_i64..).zip(&MIGRATIONS[..2]) {
            sqlx::raw_sql(*sql).execute(&pool).await.unwrap();
            sqlx::query("INSERT INTO migration (version) VALUES ($1)")
                .bind(version)
                .execute(&pool)
                .await
                .unwrap();
        }
        let verdict = |code: &str| contract::Verdict::Parked { code: code.into() };
        let verdicts = [contract::Verdict::Accepted, verdict("total"), verdict("signature")];
        for (seq, verdict) in (1_i64..).zip(verdicts) {
            sqlx::query(
                "INSERT INTO event (device, epoch, lane, seq, id, kind, hash, prev, boot, mono_ms, wall_ms, trust, body, \
                 blobs, signature, verdict, received_ms) \
                 VALUES ('d', 1, 'roll_call', $1, 'i', 'k', 'h', 'p', 'b', 0, 0, 't', '{}', '[]', 's', $2, 70)",
            )
            .bind(seq)
            .bind(serde_json::to_string(&verdict).unwrap())
            .execute(&pool)
            .await
            .unwrap();
        }
        pool.close().await;

        let tables = Tables::open(&path).await.unwrap();
        let mut read = tables.read().await.unwrap();
        let rows = sqlx::query("SELECT * FROM parked ORDER BY seq").fetch_all(&mut *read).await.unwrap();
        let found: Vec<(i64, String, i64, i64)> = rows
            .iter()
            .map(|row| (row.get("seq"), row.get("code"), row.get("evidence"), row.get("parked_ms")))
            .collect();
        assert_eq!(found, [(2, "total".to_owned(), 0, 70), (3, "signature".to_owned(), 1, 70)]);
        let open = parked::open(&mut read).await.unwrap();
        assert_eq!(open, parked::Open { events: 1, oldest_ms: Some(70), evidence: 1 });
    }

    #[tokio::test]
    async fn tables_of_a_later_release_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("platform.db");
        let tables = Tables::open(&path).await.unwrap();
        let mut write = tables.write().await.unwrap();
        sqlx::query("INSERT INTO migration (version) VALUES (999)").execute(&mut *write).await.unwrap();
        write.commit().await.unwrap();
        tables.close().await;
        assert!(matches!(Tables::open(&path).await, Err(Fault::TooNew { found: 999 })));
    }

    #[tokio::test]
    async fn this_sqlite_has_the_fix_for_lost_wal_resets() {
        let dir = tempfile::tempdir().unwrap();
        let tables = Tables::open(&dir.path().join("platform.db")).await.unwrap();
        let mut read = tables.read().await.unwrap();
        let version: String =
            sqlx::query("SELECT sqlite_version()").fetch_one(&mut *read).await.unwrap().get(0);
        let parts: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
        assert!(parts >= vec![3, 51, 3], "{version} can corrupt a WAL database");
    }
}
