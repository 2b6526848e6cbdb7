// SPDX-License-Identifier: GPL-3.0-only
//! Opening, bringing up to date, taking turns.

use super::*;
use crate::tests::{On, Place, on_both};
use sqlx::Row;
use std::time::Duration;

on_both! {
    tables_are_opened_twice_and_are_durable,
    what_was_parked_before_there_was_a_list_of_it_is_on_the_list,
    tables_of_a_later_release_are_refused,
    a_number_is_given_once_however_many_ask_at_once (flavor = "multi_thread", worker_threads = 4),
    who_writes_for_everyone_waits_for_who_writes_for_one,
    writes_given_up_while_they_wait_leave_the_turn_to_others,
    a_write_that_fails_inside_goes_on_after_its_savepoint,
}

async fn open(place: &Place) -> Tables {
    Tables::open(&place.database, place.data()).await.unwrap()
}

async fn one<T>(conn: &mut Conn, sql: &'static str) -> T
where
    T: for<'r> sqlx::Decode<'r, Any> + sqlx::Type<Any>,
{
    sqlx::query(sql).fetch_one(conn).await.unwrap().get(0)
}

async fn tables_are_opened_twice_and_are_durable(on: On) {
    let place = Place::new(on).await;
    let tables = open(&place).await;
    let mut write = tables.write().await.unwrap();
    set(&mut write, "word", "kept").await.unwrap();
    write.commit().await.unwrap();
    let mut dropped = tables.write().await.unwrap();
    set(&mut dropped, "word", "dropped").await.unwrap();
    drop(dropped);
    tables.close().await;

    let tables = open(&place).await;
    let mut read = tables.read().await.unwrap();
    assert_eq!(setting(&mut read, "word").await.unwrap().as_deref(), Some("kept"));
    match on {
        On::Sqlite => {
            assert_eq!(one::<i64>(&mut read, "PRAGMA synchronous").await, 2, "2 is FULL");
            assert_eq!(one::<String>(&mut read, "PRAGMA journal_mode").await, "wal");
            assert_eq!(one::<i64>(&mut read, "PRAGMA foreign_keys").await, 1);
            assert_eq!(one::<i64>(&mut read, "PRAGMA busy_timeout").await, 10_000);
        }
        On::Postgres => {
            assert_eq!(one::<String>(&mut read, "SHOW synchronous_commit").await, "on");
            assert_eq!(one::<String>(&mut read, "SHOW lock_timeout").await, "10s");
            assert_eq!(one::<String>(&mut read, "SHOW transaction_isolation").await, "repeatable read");
        }
    }
}

async fn what_was_parked_before_there_was_a_list_of_it_is_on_the_list(on: On) {
    let place = Place::new(on).await;
    let tables = Tables::connect(&place.database, place.data()).await.unwrap();
    tables.migrate(&MIGRATIONS[..2]).await.unwrap();
    let verdict = |code: &str| contract::Verdict::Parked { code: code.into() };
    let verdicts = [contract::Verdict::Accepted, verdict("total"), verdict("signature")];
    let mut write = tables.write().await.unwrap();
    for (seq, verdict) in (1_i64..).zip(verdicts) {
        sqlx::query(
            "INSERT INTO event (device, epoch, lane, seq, id, kind, hash, prev, boot, mono_ms, wall_ms, trust, body, \
             blobs, signature, verdict, received_ms) \
             VALUES ('d', 1, 'roll_call', $1, 'i', 'k', 'h', 'p', 'b', 0, 0, 't', '{}', '[]', 's', $2, 70)",
        )
        .bind(seq)
        .bind(serde_json::to_string(&verdict).unwrap())
        .execute(&mut *write)
        .await
        .unwrap();
    }
    write.commit().await.unwrap();
    tables.close().await;

    let tables = open(&place).await;
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

async fn tables_of_a_later_release_are_refused(on: On) {
    let place = Place::new(on).await;
    let tables = open(&place).await;
    let mut write = tables.write().await.unwrap();
    sqlx::query("INSERT INTO migration (version) VALUES (999)").execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();
    tables.close().await;
    let again = Tables::open(&place.database, place.data()).await;
    assert!(matches!(again, Err(Fault::TooNew { found: 999 })));
}

async fn a_number_is_given_once_however_many_ask_at_once(on: On) {
    const ASKED: i64 = 40;
    let place = Place::new(on).await;
    let (one, other) = tokio::join!(open(&place), open(&place));
    let asked: Vec<_> = (0..ASKED)
        .map(|number| {
            let tables = if number % 2 == 0 { one.clone() } else { other.clone() };
            tokio::spawn(async move {
                let mut write = tables.write_for(TerminalId::fresh()).await.unwrap();
                let given = next(&mut write, "audit_number").await.unwrap();
                write.commit().await.unwrap();
                given
            })
        })
        .collect();
    let mut given = Vec::new();
    for one in asked {
        given.push(one.await.unwrap());
    }
    given.sort_unstable();
    assert_eq!(given, (1..=ASKED).collect::<Vec<_>>());
}

async fn who_writes_for_everyone_waits_for_who_writes_for_one(on: On) {
    let place = Place::new(on).await;
    let tables = open(&place).await;
    let of_one = tables.write_for(TerminalId::fresh()).await.unwrap();
    if on == On::Postgres {
        let beside = tables.write_for(TerminalId::fresh()).await.unwrap();
        beside.rollback().await.unwrap();
    }
    let mut whole = Box::pin(tables.write());
    let waited = tokio::time::timeout(Duration::from_millis(100), &mut whole).await;
    assert!(waited.is_err(), "nobody else writes while everything is written");
    of_one.commit().await.unwrap();
    whole.await.unwrap();
}

async fn writes_given_up_while_they_wait_leave_the_turn_to_others(on: On) {
    let place = Place::new(on).await;
    let tables = open(&place).await;
    let held = tables.write().await.unwrap();
    for _ in 0..CONNECTIONS_MAX - 2 {
        let given_up = tokio::time::timeout(Duration::from_millis(20), tables.write()).await;
        assert!(given_up.is_err());
    }
    held.commit().await.unwrap();
    for _ in 0..CONNECTIONS_MAX * 2 {
        let mut write = tables.write().await.unwrap();
        next(&mut write, "audit_number").await.unwrap();
        write.commit().await.unwrap();
    }
}

async fn a_write_that_fails_inside_goes_on_after_its_savepoint(on: On) {
    use sqlx::Acquire;
    let place = Place::new(on).await;
    let tables = open(&place).await;
    let mut write = tables.write().await.unwrap();
    set(&mut write, "before", "kept").await.unwrap();
    let mut point = write.begin().await.unwrap();
    set(&mut point, "inside", "lost").await.unwrap();
    sqlx::query("INSERT INTO setting (name, value) VALUES ('before', 'again')")
        .execute(&mut *point)
        .await
        .unwrap_err();
    point.rollback().await.unwrap();
    set(&mut write, "after", "kept").await.unwrap();
    write.commit().await.unwrap();
    let mut read = tables.read().await.unwrap();
    assert_eq!(setting(&mut read, "before").await.unwrap().as_deref(), Some("kept"));
    assert_eq!(setting(&mut read, "inside").await.unwrap(), None);
    assert_eq!(setting(&mut read, "after").await.unwrap().as_deref(), Some("kept"));
}

#[tokio::test]
async fn this_sqlite_has_the_fix_for_lost_wal_resets() {
    let tables = open(&Place::new(On::Sqlite).await).await;
    let version: String = one(&mut tables.read().await.unwrap(), "SELECT sqlite_version()").await;
    let parts: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
    assert!(parts >= vec![3, 51, 3], "{version} can corrupt a WAL database");
}

#[tokio::test]
async fn the_file_lies_where_it_is_asked_for_whatever_its_name() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("看守所 50% #1?a=b");
    std::fs::create_dir(&data).unwrap();
    Tables::open(&Database::file(), &data).await.unwrap().close().await;
    assert!(data.join("platform.db").is_file());
}

/// Both databases have the same columns of the same types, each as it says.
#[tokio::test]
async fn both_databases_have_the_same_columns() {
    if !On::Postgres.is_here() {
        return;
    }
    let (sqlite, postgres) = tokio::join!(Place::new(On::Sqlite), Place::new(On::Postgres));
    let columns = async |place: &Place, sql: &'static str| -> Vec<String> {
        let tables = open(place).await;
        let mut read = tables.read().await.unwrap();
        let rows = sqlx::query(sql).fetch_all(&mut *read).await.unwrap();
        let mut columns: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        columns.sort_unstable();
        columns
    };
    let of_file = columns(
        &sqlite,
        "SELECT m.name || '.' || c.name || ' ' || UPPER(c.type) || ' ' || c.\"notnull\" \
         FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table'",
    );
    let of_server = columns(
        &postgres,
        "SELECT table_name || '.' || column_name || ' ' || UPPER(data_type) || ' ' || \
         CASE is_nullable WHEN 'NO' THEN '1' ELSE '0' END \
         FROM information_schema.columns WHERE table_schema = 'public'",
    );
    let (of_file, of_server) = tokio::join!(of_file, of_server);
    assert!(of_file.len() > 100, "{of_file:?}");
    assert_eq!(of_file, of_server);
}
