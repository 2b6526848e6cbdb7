// SPDX-License-Identifier: GPL-3.0-only
//! The audit: only added to, hung together, and more than a list of clicks.

use super::*;
use crate::AuditCheck;
use crate::tables::{MIGRATIONS, Tables, audit as rows};
use crate::tests::Place;
use sqlx::AssertSqlSafe;

on_both! {
    the_database_refuses_to_change_or_remove_a_line,
    a_line_removed_changed_or_cut_off_shows,
    lines_from_before_the_chain_are_under_it,
    a_line_says_who_of_what_post_did_what_where_with_what_result,
    pages_with_names_are_audited_once_for_a_person_and_not_for_a_page_that_refreshes_itself,
    where_the_audit_fails_nothing_is_done_and_pages_are_still_shown,
}

async fn check(world: &World) -> AuditCheck {
    world.running.platform.verify_audit().await.unwrap()
}

/// Says something to the tables that the platform never says.
async fn tamper(world: &World, sql: &str) -> Result<(), sqlx::Error> {
    let mut write = world.running.platform.core.tables.write().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut *write).await?;
    write.commit().await
}

async fn unguard(world: &World, on: On) {
    let sql = match on {
        On::Sqlite => "DROP TRIGGER desk_audit_changed; DROP TRIGGER desk_audit_removed",
        On::Postgres => "DROP TRIGGER desk_audit_kept ON desk_audit",
    };
    tamper(world, sql).await.unwrap();
}

async fn busy(on: On) -> World {
    let world = World::new(on).await;
    for name in ["duty", "control", "director"] {
        Browser::signed_in(&world, name).await;
    }
    world
}

async fn the_database_refuses_to_change_or_remove_a_line(on: On) {
    let world = busy(on).await;
    for sql in
        ["UPDATE desk_audit SET name = 'x' WHERE number = 2", "DELETE FROM desk_audit WHERE number = 2"]
    {
        let refused = tamper(&world, sql).await.unwrap_err().to_string();
        assert!(refused.contains("only added to"), "{refused}");
    }
    assert!(matches!(check(&world).await, AuditCheck::Whole { lines: 3.., .. }));
}

async fn a_line_removed_changed_or_cut_off_shows(on: On) {
    for (sql, number) in [
        ("DELETE FROM desk_audit WHERE number = 2", 2),
        ("UPDATE desk_audit SET name = 'x' WHERE number = 2", 2),
        ("UPDATE desk_audit SET hash = '' WHERE number = 3", 3),
        ("DELETE FROM desk_audit WHERE number = 3", 3),
    ] {
        let world = busy(on).await;
        assert!(matches!(check(&world).await, AuditCheck::Whole { lines: 3, .. }));
        unguard(&world, on).await;
        tamper(&world, sql).await.unwrap();
        assert!(
            matches!(check(&world).await, AuditCheck::Broken { number: found, .. } if found == number),
            "{sql}"
        );
        Browser::signed_in(&world, "duty").await;
        assert!(
            matches!(check(&world).await, AuditCheck::Broken { number: found, .. } if found == number),
            "{sql}"
        );
    }
}

async fn lines_from_before_the_chain_are_under_it(on: On) {
    let place = Place::new(on).await;
    let tables = Tables::connect(&place.database, place.data()).await.unwrap();
    tables.migrate(&MIGRATIONS[..3]).await.unwrap();
    let mut write = tables.write().await.unwrap();
    let old = "INSERT INTO desk_audit (number, at_ms, name, action, object) VALUES \
               (1, 10, 'duty', 'sign_in', ''), (2, 20, 'duty', 'sign_out', '')";
    sqlx::raw_sql(old).execute(&mut *write).await.unwrap();
    crate::tables::set(&mut write, "audit_number", "2").await.unwrap();
    write.commit().await.unwrap();
    tables.close().await;
    let tables = Tables::open(&place.database, place.data()).await.unwrap();
    let mut write = tables.write().await.unwrap();
    rows::append(&mut write, "duty", "sign_in", "", 30).await.unwrap();
    rows::append(&mut write, "duty", "sign_out", "", 40).await.unwrap();
    assert!(matches!(rows::verify(&mut write).await.unwrap(), AuditCheck::Whole { lines: 4, .. }));
    let unguard = match on {
        On::Sqlite => "DROP TRIGGER desk_audit_changed",
        On::Postgres => "DROP TRIGGER desk_audit_kept ON desk_audit",
    };
    sqlx::raw_sql(unguard).execute(&mut *write).await.unwrap();
    sqlx::raw_sql("UPDATE desk_audit SET name = 'x' WHERE number = 1").execute(&mut *write).await.unwrap();
    assert!(matches!(rows::verify(&mut write).await.unwrap(), AuditCheck::Broken { number: 3, .. }));
}

async fn a_line_says_who_of_what_post_did_what_where_with_what_result(on: On) {
    let world = World::new(on).await;
    let call = call_of(&world).await;
    let mut browser = Browser::signed_in(&world, "duty").await;
    let cancel = format!("/roll-calls/{}/{call}/cancel", world.terminal());
    browser.press("/", &cancel, &[]).await;
    browser.sign_in("duty", "wrong").await;
    let mut read = world.running.platform.core.tables.read().await.unwrap();
    let lines = rows::newest(&mut read, 10).await.unwrap();
    let line = lines.iter().find(|line| line.action == "cancel").unwrap();
    let told =
        [&line.name, &line.post, &line.business, &line.object, &line.place, &line.result].map(String::as_str);
    assert_eq!(told, ["duty", "duty_officer", "roll_call", &call.to_string(), "三监区 305室", "done"]);
    assert_eq!(line.terminal, world.terminal().to_string());
    assert_eq!((lines[0].action.as_str(), lines[0].result.as_str()), ("sign_in_wrong", "refused"));
}

async fn views(world: &World) -> Vec<String> {
    let mut read = world.running.platform.core.tables.read().await.unwrap();
    let lines = rows::newest(&mut read, 200).await.unwrap();
    lines.into_iter().filter(|line| line.action == "view").map(|line| line.object).collect()
}

async fn pages_with_names_are_audited_once_for_a_person_and_not_for_a_page_that_refreshes_itself(on: On) {
    let world = World::new(on).await;
    let (_, call) = received(&world).await;
    let mut browser = Browser::signed_in(&world, "duty").await;
    let page = format!("/roll-calls/{}/{call}", world.terminal());
    for path in ["/", "/?by=itself&part=live", &page, "/terminals", "/parked", "/results.json", "/nowhere"] {
        browser.get(path).await;
    }
    assert_eq!(views(&world).await, ["/results.json", &call.to_string(), "/"]);
    Browser::signed_in(&world, "it").await.get("/").await;
    assert_eq!(views(&world).await.len(), 3, "nobody's data was shown");
}

async fn where_the_audit_fails_nothing_is_done_and_pages_are_still_shown(on: On) {
    let world = World::new(on).await;
    let (kiosk, call) = received(&world).await;
    let mut browser = Browser::signed_in(&world, "director").await;
    let token = token_of(&browser.get("/terminals").await.text);
    // The next number is one that is taken.
    tamper(&world, "UPDATE setting SET value = '0' WHERE name = 'audit_number'").await.unwrap();
    let device = kiosk.device.to_string();
    let page = browser.post("/terminals/revoke", &[("csrf", &token), ("device", &device)]).await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(world.running.platform.devices().await.unwrap()[0].revoked_ms.is_none());
    let page = browser.get(&format!("/roll-calls/{}/{call}", world.terminal())).await;
    assert_eq!(page.status, StatusCode::OK);
}
