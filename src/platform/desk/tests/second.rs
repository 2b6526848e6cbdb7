// SPDX-License-Identifier: GPL-3.0-only
//! The second step of signing in, and who manages users.

use super::*;
use crate::tests::NOW_MS;
use contract::Post;
use totp_rs::{Builder, Secret};

on_both! {
    a_user_enrols_at_the_first_sign_in_and_is_asked_for_a_code_from_then_on,
    a_code_is_taken_once_and_only_near_its_time,
    wrong_codes_are_counted_with_wrong_passwords_and_a_right_password_forgets_none,
    a_recovery_code_signs_in_once,
    the_director_resets_a_second_factor_and_gives_a_new_password,
    the_first_user_of_an_empty_platform_enrols_at_the_first_sign_in_and_there_is_one_first,
    half_a_sign_in_opens_nothing_and_ends_by_itself,
    the_demos_users_sign_in_by_password_where_codes_are_required,
    a_secret_lies_sealed_in_the_tables,
}

const STEP_MS: i64 = 30_000;

/// The code an authenticator with this secret shows so long after the world's first moment.
fn code(secret: &str, after_ms: i64) -> String {
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap());
    let totp = totp.with_account_name("any").build().unwrap();
    totp.generate(u64::try_from((NOW_MS + after_ms) / 1000).unwrap()).to_string()
}

async fn officer(world: &World) -> Browser {
    world.running.platform.put_desk_user("li", Post::DutyOfficer, "long enough").await.unwrap();
    Browser::new(world)
}

/// The secret and the recovery codes of a user who has just enrolled.
async fn enrolled(browser: &mut Browser) -> (String, Vec<String>) {
    let page = browser.sign_in("li", "long enough").await;
    assert_eq!((page.status, page.location.as_str()), (StatusCode::SEE_OTHER, "/login/enrol"));
    let page = browser.get("/login/enrol").await.text;
    assert!(page.contains("<svg") && !page.contains("<?xml"));
    let secret = element(&page, "totp-secret").to_owned();
    assert_eq!(element(&browser.get("/login/enrol").await.text, "totp-secret"), secret, "loaded again");
    let wrong = browser.press("/login/enrol", "/login/enrol", &[("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    let page = browser.press("/login/enrol", "/login/enrol", &[("code", &code(&secret, 0))]).await;
    assert_eq!(page.status, StatusCode::OK);
    let list = page.text.split("id=\"recovery\"").nth(1).unwrap().split("</ul>").next().unwrap().to_owned();
    let codes = list.split("<code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned());
    (secret, codes.collect())
}

async fn second(browser: &mut Browser, code: &str) -> Page {
    browser.press("/login/code", "/login/code", &[("code", code)]).await
}

async fn a_user_enrols_at_the_first_sign_in_and_is_asked_for_a_code_from_then_on(on: On) {
    let world = World::strict(on).await;
    let mut browser = officer(&world).await;
    let (secret, recovery) = enrolled(&mut browser).await;
    assert_eq!(recovery.len(), 10);
    assert_eq!(browser.get("/").await.status, StatusCode::OK, "the first code signs in");
    world.pass_ms(STEP_MS);
    let mut again = Browser::new(&world);
    assert_eq!(again.sign_in("li", "long enough").await.location, "/login/code");
    assert_eq!(second(&mut again, &code(&secret, STEP_MS)).await.location, "/");
    assert_eq!(again.get("/").await.status, StatusCode::OK);
}

async fn the_first_user_of_an_empty_platform_enrols_at_the_first_sign_in_and_there_is_one_first(on: On) {
    let world = World::empty(on).await;
    let platform = &world.running.platform;
    for name in ["", "所长", "Li", "li'--", &"l".repeat(33)] {
        assert!(platform.first_user(name, Post::Director, None, false).await.is_err(), "{name}");
    }
    assert!(platform.first_user("li", Post::Director, Some("short"), false).await.is_err());
    let made = platform.first_user("li", Post::Director, None, false).await.unwrap().unwrap();
    assert!(platform.first_user("he", Post::Director, None, false).await.is_err(), "there is one");
    assert!(platform.first_user("li", Post::It, None, true).await.is_err(), "the name is taken");

    let mut browser = Browser::new(&world);
    assert_eq!(browser.sign_in("li", &made).await.location, "/login/enrol");
    let secret = element(&browser.get("/login/enrol").await.text, "totp-secret").to_owned();
    browser.press("/login/enrol", "/login/enrol", &[("code", &code(&secret, 0))]).await;
    assert_eq!(browser.get("/users").await.status, StatusCode::OK, "a director makes the others");

    let chosen = platform.first_user("he", Post::It, Some("chosen by he"), true).await.unwrap();
    assert_eq!(chosen, None);
    assert_eq!(Browser::new(&world).sign_in("he", "chosen by he").await.location, "/login/enrol");
    assert!(matches!(platform.verify_audit().await.unwrap(), crate::AuditCheck::Whole { .. }));
    assert!(browser.get("/audit").await.text.contains("he"));
}

async fn a_code_is_taken_once_and_only_near_its_time(on: On) {
    let world = World::strict(on).await;
    let mut browser = officer(&world).await;
    let (secret, _) = enrolled(&mut browser).await;
    let mut again = Browser::new(&world);
    again.sign_in("li", "long enough").await;
    assert_eq!(second(&mut again, &code(&secret, 0)).await.status, StatusCode::UNAUTHORIZED, "it enrolled");
    world.pass_ms(10 * STEP_MS - 60_000);
    again.sign_in("li", "long enough").await;
    for off in [8 - 2, 8 + 2] {
        let page = second(&mut again, &code(&secret, off * STEP_MS)).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "two steps off");
    }
    assert_eq!(second(&mut again, &code(&secret, 9 * STEP_MS)).await.location, "/", "one step ahead");
    again.sign_in("li", "long enough").await;
    for taken in [9, 8] {
        let page = second(&mut again, &code(&secret, taken * STEP_MS)).await;
        assert_ne!(page.status, StatusCode::SEE_OTHER, "taken, or before one that was");
    }
}

async fn wrong_codes_are_counted_with_wrong_passwords_and_a_right_password_forgets_none(on: On) {
    let world = World::strict(on).await;
    let mut browser = officer(&world).await;
    let (secret, _) = enrolled(&mut browser).await;
    world.pass_ms(STEP_MS);
    let mut again = Browser::new(&world);
    for _ in 0..4 {
        again.sign_in("li", "long enough").await;
        assert_eq!(second(&mut again, "000000").await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(again.sign_in("li", "wrong").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(again.sign_in("li", "long enough").await.status, StatusCode::TOO_MANY_REQUESTS);
    world.pass_ms(STEP_MS);
    again.sign_in("li", "long enough").await;
    assert_eq!(second(&mut again, &code(&secret, 2 * STEP_MS)).await.location, "/");
}

async fn a_recovery_code_signs_in_once(on: On) {
    let world = World::strict(on).await;
    let mut browser = officer(&world).await;
    let (_, recovery) = enrolled(&mut browser).await;
    for (typed, status) in [
        (recovery[3].to_lowercase(), StatusCode::SEE_OTHER),
        (recovery[3].clone(), StatusCode::UNAUTHORIZED),
        (recovery[4].clone(), StatusCode::SEE_OTHER),
    ] {
        let mut again = Browser::new(&world);
        again.sign_in("li", "long enough").await;
        assert_eq!(second(&mut again, &typed).await.status, status, "{typed}");
    }
}

async fn the_director_resets_a_second_factor_and_gives_a_new_password(on: On) {
    let world = World::strict(on).await;
    let mut browser = officer(&world).await;
    enrolled(&mut browser).await;
    let mut director = Browser::signed_in(&world, "director").await;
    assert_eq!(element(&director.get("/users").await.text, "totp-li"), "已绑定");
    let own = director.press("/users", "/users/totp", &[("name", "director")]).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY, "not one's own");
    director.press("/users", "/users/totp", &[("name", "li")]).await;
    assert_eq!(browser.get("/").await.location, "/login", "signed out");
    assert_eq!(browser.sign_in("li", "long enough").await.location, "/login/enrol");

    let page = director.press("/users", "/users/password", &[("name", "li")]).await;
    let password = page.text.split("id=\"password\"><code>").nth(1).unwrap().split('<').next().unwrap();
    assert_eq!(browser.sign_in("li", "long enough").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.sign_in("li", password).await.location, "/login/enrol");
    let added = director.press("/users", "/users", &[("name", "chen.1"), ("post", "doctor")]).await;
    assert!(has(&added.text, "password"));
    for (name, post) in [("chen.1", "doctor"), ("Chen", "doctor"), ("%20", "doctor"), ("wu", "king")] {
        let page = director.press("/users", "/users", &[("name", name), ("post", post)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {post}");
    }
    let audit = director.get("/audit").await.text;
    for word in ["重置他人验证器", "更换他人口令", "新增用户", "绑定验证器"] {
        assert!(audit.contains(word), "{word}");
    }
}

async fn half_a_sign_in_opens_nothing_and_ends_by_itself(on: On) {
    let world = World::strict(on).await;
    let mut browser = officer(&world).await;
    let (secret, _) = enrolled(&mut browser).await;
    let mut half = Browser::new(&world);
    half.sign_in("li", "long enough").await;
    for path in ["/", "/history", "/login/enrol"] {
        assert_eq!(half.get(path).await.location, "/login", "{path}");
    }
    let token = token_of(&half.get("/login/code").await.text);
    assert_eq!(half.post("/login/code", &[("csrf", "x"), ("code", "1")]).await.status, StatusCode::FORBIDDEN);
    world.pass_ms(10 * STEP_MS);
    let late = [("csrf", token.as_str()), ("code", &code(&secret, 10 * STEP_MS))];
    assert_eq!(half.post("/login/code", &late).await.location, "/login");
}

async fn the_demos_users_sign_in_by_password_where_codes_are_required(on: On) {
    let world = World::strict(on).await;
    for user in &world.seeded.desk_users {
        Browser::signed_in(&world, &user.name).await;
    }
}

async fn a_secret_lies_sealed_in_the_tables(on: On) {
    let world = World::strict(on).await;
    let mut browser = officer(&world).await;
    let (secret, _) = enrolled(&mut browser).await;
    let core = &world.running.platform.core;
    let mut read = core.tables.read().await.unwrap();
    let kept = crate::tables::totp::secret(&mut read, "li").await.unwrap().unwrap();
    let plain = Secret::try_from_base32(&secret).unwrap();
    let hex = contract::HexBytes(plain.as_bytes().to_vec()).to_string();
    assert!(!kept.contains(&hex) && !kept.contains(&secret));
    assert_eq!(core.seal.bytes("li", &kept).unwrap(), plain.as_bytes());
}
