// SPDX-License-Identifier: GPL-3.0-only
//! Where a test keeps its tables: on both databases, each test in one of its own.
//!
//! `.ci/postgres` starts one throw-away PostgreSQL for a whole run and names it in `PLATFORM_TEST_DATABASE`.

use crate::Database;
use std::path::Path;
use tempfile::TempDir;
use url::Url;
use uuid::Uuid;

/// A database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum On {
    Sqlite,
    Postgres,
}

impl On {
    /// Whether there is such a database here. It says so where there is none, and fails where one is required.
    pub(crate) fn is_here(self) -> bool {
        let here = self == Self::Sqlite || server().is_some();
        assert!(here || std::env::var_os("CI").is_none(), "CI needs PostgreSQL: see .ci/postgres");
        if !here {
            eprintln!("skipped: there is no PostgreSQL; see .ci/postgres");
        }
        here
    }
}

fn server() -> Option<Url> {
    let text = std::env::var("PLATFORM_TEST_DATABASE").ok().filter(|text| !text.is_empty())?;
    Some(Url::parse(&text).unwrap())
}

/// A data directory and an empty database, gone when this goes.
pub(crate) struct Place {
    pub(crate) database: Database,
    dir: TempDir,
    own: Option<(Url, String)>,
}

impl Place {
    pub(crate) async fn new(on: On) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let Some(server) = server().filter(|_| on == On::Postgres) else {
            assert_eq!(on, On::Sqlite);
            return Self { database: Database::file(), dir, own: None };
        };
        let name = format!("t{}", Uuid::new_v4().simple());
        say(&server, format!("CREATE DATABASE {name}")).await;
        let mut url = server.clone();
        url.set_path(&name);
        Self { database: url.as_str().parse().unwrap(), dir, own: Some((server, name)) }
    }

    pub(crate) fn data(&self) -> &Path {
        self.dir.path()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((server, name)) = self.own.take() else { return };
        // A runtime of its own: the test's may have ended, or be the one that drops this.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(say(&server, format!("DROP DATABASE {name} WITH (FORCE)")));
        });
        assert!(dropped.join().is_ok() || std::thread::panicking(), "the test's database stays behind");
    }
}

async fn say(server: &Url, sql: String) {
    use sqlx::Connection;
    let mut conn = sqlx::PgConnection::connect(server.as_str()).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

/// Runs each of these tests on both databases. A test that is not named here is dead code, which the lints refuse.
macro_rules! on_both {
    ($($test:ident $(($($flavor:tt)+))?),+ $(,)?) => {
        mod on_sqlite {
            $(
                #[tokio::test $(($($flavor)+))?]
                async fn $test() {
                    super::$test(crate::tests::On::Sqlite).await;
                }
            )+
        }
        mod on_postgres {
            $(
                #[tokio::test $(($($flavor)+))?]
                async fn $test() {
                    if crate::tests::On::Postgres.is_here() {
                        super::$test(crate::tests::On::Postgres).await;
                    }
                }
            )+
        }
    };
}
pub(crate) use on_both;
