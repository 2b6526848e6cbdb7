// SPDX-License-Identifier: GPL-3.0-only
//! The two databases that can keep the tables, and all that differs between them: how they are reached, what each
//! connection is set to, how a read and a write begin, how audit, books and complaints are kept from changes.
//!
//! Promises, on both: what was committed survives a power cut; writers of the same thing take turns from their
//! beginning to their commit, in this process and in every other; a read sees one moment. Refuses: a PostgreSQL over
//! the network whose certificate is not checked, and one that does not keep UTF-8.
//!
//! SQLite: a write is `BEGIN IMMEDIATE`. PostgreSQL: a write is `READ COMMITTED` behind an advisory lock that its
//! commit gives back. A higher isolation would take its picture of the tables before the lock is had, and would fail
//! where the lock only waits: nothing here has to be tried again. A read is `REPEATABLE READ`, which is one moment there.

use super::Conn;
use crate::Fault;
use contract::{Digest, TerminalId};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{AssertSqlSafe, Row};
use std::path::Path;
use std::str::FromStr;
use url::Url;

/// How long a writer waits for another, in milliseconds.
const BUSY_MS: u32 = 10_000;
/// A process that stands still inside a write loses it after this, in milliseconds: the others wait for it.
const STALLED_MS: u32 = 30_000;
/// The file of the tables in the data directory.
const FILE: &str = "platform.db";

/// Which database keeps the tables: a file in the data directory, or a PostgreSQL.
///
/// Read from text it is a URL, `postgres://…`, or nothing for the file. Over the network it has `sslmode=verify-full`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Database(Option<Url>);

impl Database {
    /// SQLite, in the data directory.
    pub fn file() -> Self {
        Self(None)
    }

    /// Whether platforms on other machines can use it too.
    pub(crate) fn is_shared(&self) -> bool {
        self.0.is_some()
    }

    pub(super) fn backend(&self) -> Backend {
        if self.0.is_some() { Backend::Postgres } else { Backend::Sqlite }
    }

    /// What to call it in a log: no password, no user.
    pub(super) fn place(&self, data: &Path) -> String {
        match &self.0 {
            Some(url) => format!("{}{}", url.host_str().unwrap_or_default(), url.path()),
            None => data.join(FILE).display().to_string(),
        }
    }

    /// Where to connect to.
    pub(super) fn address(&self, data: &Path) -> Result<Url, Fault> {
        match &self.0 {
            Some(url) => Ok(url.clone()),
            None => {
                let data =
                    data.canonicalize().map_err(|source| Fault::File { path: data.to_owned(), source })?;
                let mut url = Url::from_file_path(data.join(FILE))
                    .and_then(|url| Url::parse(&url.as_str().replacen("file:", "sqlite:", 1)).map_err(|_| ()))
                    .map_err(|()| Fault::Refused("name the tables' file in a URL"))?;
                url.set_query(Some("mode=rwc"));
                Ok(url)
            }
        }
    }
}

impl FromStr for Database {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        if text.is_empty() {
            return Ok(Self(None));
        }
        const KNOWN: Fault = Fault::Refused("use a database URL that is no postgres://…");
        let url = Url::parse(text).map_err(|_| KNOWN)?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err(KNOWN);
        }
        let options: PgConnectOptions = text.parse().map_err(|_| KNOWN)?;
        let near = options.get_socket().is_some()
            || options.get_host().starts_with('/')
            || matches!(options.get_host(), "localhost" | "127.0.0.1" | "::1" | "[::1]");
        if !near && !matches!(options.get_ssl_mode(), PgSslMode::VerifyFull) {
            return Err(Fault::Refused("use a database over the network without sslmode=verify-full"));
        }
        Ok(Self(Some(url)))
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Database({})", self.place(Path::new("")))
    }
}

/// Whose turn a write waits for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Turn {
    /// Nobody else writes at all.
    Whole,
    /// Nobody else writes what belongs to this terminal, and nobody writes with [`Turn::Whole`].
    Of(TerminalId),
    /// As [`Turn::Of`], and nobody else touches the books. It is waited for last, so that no two wait for each other.
    Books(TerminalId),
}

/// How to speak to a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Backend {
    Sqlite,
    Postgres,
}

impl Backend {
    /// Sets a new connection.
    pub(super) async fn prepare(self, conn: &mut Conn) -> Result<(), sqlx::Error> {
        let sql = match self {
            Self::Sqlite => format!(
                "PRAGMA busy_timeout = {BUSY_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA foreign_keys = ON"
            ),
            // A site may ask for more than `on`, as with a standby, but not for less.
            Self::Postgres => format!(
                "SET lock_timeout = {BUSY_MS}; SET idle_in_transaction_session_timeout = {STALLED_MS}; \
                 SELECT set_config('synchronous_commit', 'on', false) \
                 WHERE current_setting('synchronous_commit') = 'off'"
            ),
        };
        // The text is put together from this file's own numbers.
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(conn).await?;
        Ok(())
    }

    /// Refuses a database that cannot keep the tables.
    pub(super) async fn check(self, conn: &mut Conn) -> Result<(), Fault> {
        match self {
            Self::Sqlite => Ok(()),
            Self::Postgres => {
                let row = sqlx::query("SELECT current_setting('server_encoding')").fetch_one(conn).await?;
                match row.try_get(0)? {
                    "UTF8" => Ok(()),
                    _ => Err(Fault::Refused("keep the tables in a database that is not of UTF-8")),
                }
            }
        }
    }

    /// What makes the database refuse to change or remove a line of the audit; said at every opening.
    pub(super) fn keeping(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "CREATE TRIGGER IF NOT EXISTS desk_audit_changed BEFORE UPDATE ON desk_audit \
                 BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END; \
                 CREATE TRIGGER IF NOT EXISTS desk_audit_removed BEFORE DELETE ON desk_audit \
                 BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END"
            }
            Self::Postgres => {
                "CREATE OR REPLACE FUNCTION desk_audit_kept() RETURNS trigger LANGUAGE plpgsql AS \
                 'BEGIN RAISE EXCEPTION ''the audit is only added to''; END'; \
                 DROP TRIGGER IF EXISTS desk_audit_kept ON desk_audit; \
                 CREATE TRIGGER desk_audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON desk_audit \
                 FOR EACH STATEMENT EXECUTE FUNCTION desk_audit_kept()"
            }
        }
    }

    /// What makes the database refuse to change or remove a row of this table of the books; said at every opening.
    pub(super) fn keeping_book(self, table: &'static str) -> String {
        match self {
            Self::Sqlite => format!(
                "CREATE TRIGGER IF NOT EXISTS {table}_changed BEFORE UPDATE ON {table} \
                 BEGIN SELECT RAISE(ABORT, 'the books are only added to'); END; \
                 CREATE TRIGGER IF NOT EXISTS {table}_removed BEFORE DELETE ON {table} \
                 BEGIN SELECT RAISE(ABORT, 'the books are only added to'); END"
            ),
            Self::Postgres => format!(
                "CREATE OR REPLACE FUNCTION books_kept() RETURNS trigger LANGUAGE plpgsql AS \
                 'BEGIN RAISE EXCEPTION ''the books are only added to''; END'; \
                 DROP TRIGGER IF EXISTS {table}_kept ON {table}; \
                 CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} \
                 FOR EACH STATEMENT EXECUTE FUNCTION books_kept()"
            ),
        }
    }

    /// What makes the database refuse to remove anything of a complaint, and to change what was said; said at every
    /// opening.
    pub(super) fn keeping_complaints(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "CREATE TRIGGER IF NOT EXISTS complaint_item_removed BEFORE DELETE ON complaint_item \
                 BEGIN SELECT RAISE(ABORT, 'nothing of a complaint is removed'); END; \
                 CREATE TRIGGER IF NOT EXISTS complaint_word_changed BEFORE UPDATE ON complaint_word \
                 BEGIN SELECT RAISE(ABORT, 'what an office said stays'); END; \
                 CREATE TRIGGER IF NOT EXISTS complaint_word_removed BEFORE DELETE ON complaint_word \
                 BEGIN SELECT RAISE(ABORT, 'what an office said stays'); END; \
                 CREATE TRIGGER IF NOT EXISTS complaint_event_changed BEFORE UPDATE ON event \
                 WHEN old.lane = 'complaint' BEGIN SELECT RAISE(ABORT, 'a complaint stays as it came'); END; \
                 CREATE TRIGGER IF NOT EXISTS complaint_event_removed BEFORE DELETE ON event \
                 WHEN old.lane = 'complaint' BEGIN SELECT RAISE(ABORT, 'a complaint stays as it came'); END"
            }
            Self::Postgres => {
                "CREATE OR REPLACE FUNCTION complaint_kept() RETURNS trigger LANGUAGE plpgsql AS \
                 'BEGIN RAISE EXCEPTION ''nothing of a complaint is removed''; END'; \
                 DROP TRIGGER IF EXISTS complaint_item_kept ON complaint_item; \
                 CREATE TRIGGER complaint_item_kept BEFORE DELETE OR TRUNCATE ON complaint_item \
                 FOR EACH STATEMENT EXECUTE FUNCTION complaint_kept(); \
                 DROP TRIGGER IF EXISTS complaint_word_kept ON complaint_word; \
                 CREATE TRIGGER complaint_word_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON complaint_word \
                 FOR EACH STATEMENT EXECUTE FUNCTION complaint_kept(); \
                 DROP TRIGGER IF EXISTS complaint_event_kept ON event; \
                 CREATE TRIGGER complaint_event_kept BEFORE UPDATE OR DELETE ON event \
                 FOR EACH ROW WHEN (old.lane = 'complaint') EXECUTE FUNCTION complaint_kept()"
            }
        }
    }

    /// The statement a read begins with.
    pub(super) fn read(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    /// The statement a write begins with; [`Backend::wait`] comes next.
    pub(super) fn write(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
        }
    }

    /// Waits for the write's turn, which ends with its transaction.
    pub(super) async fn wait(self, conn: &mut Conn, turn: Turn) -> Result<(), sqlx::Error> {
        match (self, turn) {
            // `BEGIN IMMEDIATE` has it: there is one writer.
            (Self::Sqlite, Turn::Whole | Turn::Of(_) | Turn::Books(_)) => {}
            (Self::Postgres, Turn::Whole) => {
                sqlx::query("SELECT CAST(pg_advisory_xact_lock(1, 0) AS TEXT)").execute(conn).await?;
            }
            (Self::Postgres, Turn::Of(terminal) | Turn::Books(terminal)) => {
                // Two terminals of one number only wait for each other.
                let [a, b, c, d, ..] = Digest::of(terminal.to_string().as_bytes()).0;
                sqlx::query(
                    "SELECT CAST(pg_advisory_xact_lock_shared(1, 0) AS TEXT), \
                     CAST(pg_advisory_xact_lock(2, $1) AS TEXT)",
                )
                .bind(i32::from_le_bytes([a, b, c, d]))
                .execute(&mut *conn)
                .await?;
                if matches!(turn, Turn::Books(_)) {
                    sqlx::query("SELECT CAST(pg_advisory_xact_lock(3, 0) AS TEXT)").execute(conn).await?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_over_the_network_is_one_whose_certificate_is_checked() {
        for near in ["postgres://p@localhost/d", "postgresql://p@127.0.0.1/d", "postgres://p@x/d?host=/run/p"]
        {
            assert!(near.parse::<Database>().is_ok(), "{near}");
        }
        for far in
            ["postgres://p@db.site/d", "postgres://p@db.site/d?sslmode=require", "mysql://p@localhost/d"]
        {
            assert!(far.parse::<Database>().is_err(), "{far}");
        }
        assert!("postgres://p@db.site/d?sslmode=verify-full".parse::<Database>().is_ok());
        assert_eq!("".parse::<Database>().unwrap(), Database::file());
    }

    #[test]
    fn a_database_shown_tells_no_password() {
        let database: Database = "postgres://p:secret@localhost/d?password=secret".parse().unwrap();
        assert_eq!(format!("{database:?}"), "Database(localhost/d)");
    }
}
