// SPDX-License-Identifier: GPL-3.0-only
//! The desk as a browser meets it, over loopback: signing in, tokens, posts, pages.

mod appointments;
mod audit;
mod care;
mod complaints;
mod documents;
mod duty;
mod ledger;
mod office;
mod parked;
mod policy;
mod public_notices;
mod rights;
mod second;
mod several;
mod shop;
mod tasks;
mod terminals;

use crate::tests::{Kiosk, On, World, on_both};
use contract::{AlarmRaised, CallId, Event, Member};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Response, StatusCode};

on_both! {
    nobody_sees_anything_before_signing_in,
    every_answer_carries_the_headers_that_keep_a_page_to_itself,
    the_live_page_shows_a_roll_call_as_it_runs_and_its_count,
    one_roll_call_is_told_line_by_line_with_its_signature,
    an_officer_starts_and_cancels_a_roll_call_and_both_are_in_the_audit,
    what_a_post_may_not_do_is_neither_offered_nor_done,
    the_director_manages_terminals,
    a_form_without_the_sessions_token_does_nothing,
    a_sign_in_form_of_another_browser_is_refused,
    after_five_wrong_passwords_even_the_right_one_waits,
    an_unknown_name_is_answered_like_a_wrong_password,
    a_session_ends_when_nobody_uses_it_and_a_refreshing_page_is_nobody,
    signing_out_ends_the_session_on_the_platform,
    an_alarm_is_announced_until_someone_answers_it,
    the_language_is_chosen_once_and_no_text_is_missing,
    a_hostile_name_is_shown_as_text,
    results_are_given_as_json_to_who_is_signed_in,
    an_address_that_is_none_is_not_found_and_a_form_of_nonsense_is_refused,
}

/// A browser with its cookies.
#[derive(Clone)]
struct Browser {
    client: Client,
    desk: String,
    cookies: Vec<(String, String)>,
}

/// A page as it came.
struct Page {
    status: StatusCode,
    location: String,
    text: String,
}

impl Browser {
    fn new(world: &World) -> Self {
        Self {
            client: world.client(None),
            desk: format!("http://{}", world.running.desk_addr),
            cookies: Vec::new(),
        }
    }

    /// A browser in which the demo's user of this name is signed in.
    async fn signed_in(world: &World, name: &str) -> Self {
        let mut browser = Self::new(world);
        let page = browser.sign_in(name, &password(world, name)).await;
        assert_eq!((page.status, page.location.as_str()), (StatusCode::SEE_OTHER, "/"));
        browser
    }

    async fn sign_in(&mut self, name: &str, password: &str) -> Page {
        let form = self.get("/login").await;
        let token = token_of(&form.text);
        self.post("/login", &[("csrf", &token), ("name", name), ("password", password)]).await
    }

    async fn get(&mut self, path: &str) -> Page {
        let response = self.client.get(format!("{}{path}", self.desk)).header(COOKIE, self.cookie()).send();
        self.take(response.await.unwrap()).await
    }

    /// Posts with the token of the page it stands on.
    async fn press(&mut self, from: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = token_of(&self.get(from).await.text);
        let mut all = vec![("csrf", token.as_str())];
        all.extend_from_slice(fields);
        self.post(path, &all).await
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self
            .client
            .post(format!("{}{path}", self.desk))
            .header(COOKIE, self.cookie())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(pairs.join("&"));
        let response = request.send().await.unwrap();
        self.take(response).await
    }

    async fn put(&mut self, path: &str) -> Page {
        let response = self.client.put(format!("{}{path}", self.desk)).header(COOKIE, self.cookie()).send();
        self.take(response.await.unwrap()).await
    }

    fn cookie(&self) -> String {
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    async fn take(&mut self, response: Response) -> Page {
        for set in response.headers().get_all(SET_COOKIE) {
            let set = set.to_str().unwrap();
            assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict"), "{set}");
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(held, _)| held != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let status = response.status();
        let location = response.headers().get(LOCATION).map(|value| value.to_str().unwrap().to_owned());
        Page { status, location: location.unwrap_or_default(), text: response.text().await.unwrap() }
    }
}

fn password(world: &World, name: &str) -> String {
    world.seeded.desk_users.iter().find(|user| user.name == name).unwrap().password.clone()
}

/// The value of the first hidden token of a page.
fn token_of(html: &str) -> String {
    let after = html.split("name=\"csrf\" value=\"").nth(1).expect("the page has a form");
    after.split('"').next().unwrap().to_owned()
}

/// The text of the element with this id.
fn element<'a>(html: &'a str, id: &str) -> &'a str {
    let after = html.split(&format!("id=\"{id}\"")).nth(1).unwrap_or_else(|| panic!("no element {id}"));
    after.split_once('>').unwrap().1.split('<').next().unwrap()
}

fn has(html: &str, id: &str) -> bool {
    html.contains(&format!("id=\"{id}\""))
}

async fn call_of(world: &World) -> CallId {
    world.running.platform.results().await.unwrap()[0].call
}

/// The demo's first roll call with its result.
async fn received(world: &World) -> (Kiosk, CallId) {
    let mut kiosk = world.kiosk().await;
    let call = call_of(world).await;
    kiosk.say(&Event::RollCallResult(world.result(&kiosk, call))).await;
    (kiosk, call)
}

async fn nobody_sees_anything_before_signing_in(on: On) {
    let world = World::new(on).await;
    let mut browser = Browser::new(&world);
    let call = format!("/roll-calls/{}/{}", world.terminal(), call_of(&world).await);
    for path in [
        "/",
        "/history",
        "/notices",
        "/parked",
        "/terminals",
        "/audit",
        "/results.json",
        &call,
        "/?by=itself&part=live",
    ] {
        let page = browser.get(path).await;
        assert_eq!((page.status, page.location.as_str()), (StatusCode::SEE_OTHER, "/login"), "{path}");
    }
    for path in [
        "/roll-calls",
        "/notices/seen",
        "/parked/replay",
        "/terminals/code",
        "/terminals/revoke",
        "/policy/any",
        "/logout",
    ] {
        let page = browser.post(path, &[]).await;
        assert_eq!((page.status, page.location.as_str()), (StatusCode::SEE_OTHER, "/login"), "{path}");
    }
}

async fn every_answer_carries_the_headers_that_keep_a_page_to_itself(on: On) {
    let world = World::new(on).await;
    let browser = Browser::new(&world);
    for path in ["/login", "/", "/desk.css", "/desk.js", "/nowhere"] {
        let response = browser.client.get(format!("{}{path}", browser.desk)).send().await.unwrap();
        let header =
            |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert!(header("content-security-policy").unwrap().starts_with("default-src 'self';"), "{path}");
        assert_eq!(header("cache-control").as_deref(), Some("no-store"), "{path}");
        assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"), "{path}");
        assert_eq!(header("x-frame-options").as_deref(), Some("DENY"), "{path}");
    }
}

async fn the_live_page_shows_a_roll_call_as_it_runs_and_its_count(on: On) {
    let world = World::new(on).await;
    let mut browser = Browser::signed_in(&world, "duty").await;
    let page = browser.get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(element(&page.text, &format!("state-{}", world.terminal())), "已下达");
    let (_, call) = received(&world).await;
    let live = browser.get("/?by=itself&part=live").await.text;
    assert!(!live.contains("<html"), "only the live part");
    assert_eq!(element(&live, &format!("state-{}", world.terminal())), "结果已收到");
    assert_eq!(element(&live, &format!("total-expected-{call}")), "11");
    assert_eq!(element(&live, &format!("total-present-{call}")), "10");
    let missing = format!("line-{}", world.seeded.detainees[3].id);
    assert!(live.contains(&format!("id=\"{missing}\" data-place=\"not-seen\"")));
}

async fn one_roll_call_is_told_line_by_line_with_its_signature(on: On) {
    let world = World::new(on).await;
    let (_, call) = received(&world).await;
    let mut browser = Browser::signed_in(&world, "control").await;
    let page = browser.get(&format!("/roll-calls/{}/{call}", world.terminal())).await.text;
    assert_eq!(element(&page, "signed-by"), "马国庆");
    assert!(element(&page, "signature").starts_with("验证通过"));
    for word in ["王建国", "开庭", "卧床", "未到屏前", "0.612（活体 0.93）", "eb87ea5a", "密码（本人选择）"]
    {
        assert!(page.contains(word), "{word}");
    }
    assert!(!has(&page, "time-unverified"));
}

async fn an_officer_starts_and_cancels_a_roll_call_and_both_are_in_the_audit(on: On) {
    let world = World::new(on).await;
    world.running.platform.cancel_roll_call(world.terminal(), call_of(&world).await).await.unwrap();
    world.pass_ms(1000);
    let terminal = world.terminal().to_string();
    let mut browser = Browser::signed_in(&world, "duty").await;
    let fields = [("terminal", terminal.as_str()), ("title", "desk-title-now")];
    let page = browser.press("/", "/roll-calls", &fields).await;
    assert_eq!((page.status, page.location.as_str()), (StatusCode::SEE_OTHER, "/?said=started"));
    let report = world.running.platform.results().await.unwrap().remove(0);
    assert_eq!((report.title.as_str(), report.asked_by.as_deref()), ("临时点名", Some("duty")));

    let again = browser.press("/", "/roll-calls", &fields).await;
    assert_eq!(again.location, "/?said=busy");
    assert!(has(&browser.get(&again.location).await.text, "said"));

    let cancel = format!("/roll-calls/{terminal}/{}/cancel", report.call);
    assert_eq!(browser.press("/", &cancel, &[]).await.location, "/?said=cancelled");
    assert_eq!(browser.press("/", &cancel, &[]).await.location, "/?said=too-late");

    let mut director = Browser::signed_in(&world, "director").await;
    let audit = director.get("/audit").await.text;
    assert!(
        audit.contains("下达点名") && audit.contains("取消点名") && audit.contains(&report.call.to_string())
    );
}

async fn what_a_post_may_not_do_is_neither_offered_nor_done(on: On) {
    let world = World::new(on).await;
    let terminal = world.terminal().to_string();
    let kiosk = world.kiosk().await;
    let device = kiosk.device.to_string();
    let mut control = Browser::signed_in(&world, "control").await;
    let live = control.get("/").await.text;
    assert!(!has(&live, "start-submit") && !live.contains("/cancel"));
    let start =
        control.press("/", "/roll-calls", &[("terminal", &terminal), ("title", "desk-title-now")]).await;
    assert_eq!(start.status, StatusCode::FORBIDDEN);

    for name in ["control", "duty"] {
        let mut browser = Browser::signed_in(&world, name).await;
        let page = browser.get("/terminals").await.text;
        assert!(!page.contains("/terminals/revoke") && !page.contains("/terminals/code"), "{name}");
        let manage = [
            browser.press("/", "/terminals/revoke", &[("device", &device)]).await,
            browser.press("/", "/terminals/code", &[("terminal", &terminal)]).await,
            browser
                .press("/", &format!("/policy/{terminal}"), &[("key", "roll_call.rounds"), ("value", "3")])
                .await,
            browser.get("/audit").await,
        ];
        assert!(manage.iter().all(|page| page.status == StatusCode::FORBIDDEN), "{name}");
        assert!(has(&manage[0].text, "wrong"), "the page says so");
    }
    assert!(world.running.platform.devices().await.unwrap()[0].revoked_ms.is_none());
}

async fn the_director_manages_terminals(on: On) {
    let world = World::new(on).await;
    let terminal = world.terminal().to_string();
    let kiosk = world.kiosk().await;
    let mut browser = Browser::signed_in(&world, "director").await;

    let policy = format!("/policy/{terminal}");
    let fields = [("key", "roll_call.two_officers"), ("value", "yes")];
    browser.press(&policy, &policy, &fields).await;
    let page = browser.get("/terminals").await.text;
    assert_eq!(element(&page, &format!("two-officers-{terminal}")), "是");

    let code = browser.press("/terminals", "/terminals/code", &[("terminal", &terminal)]).await;
    assert!(
        has(&code.text, "code")
            && code.text.contains(&world.running.platform.root_fingerprint().unwrap().to_string())
    );

    let device = kiosk.device.to_string();
    browser.press("/terminals", "/terminals/revoke", &[("device", &device)]).await;
    assert!(world.running.platform.devices().await.unwrap()[0].revoked_ms.is_some());
}

async fn a_form_without_the_sessions_token_does_nothing(on: On) {
    let world = World::new(on).await;
    let (_, _) = received(&world).await;
    let terminal = world.terminal().to_string();
    let mut browser = Browser::signed_in(&world, "duty").await;
    let mut other = Browser::signed_in(&world, "duty").await;
    let foreign = token_of(&other.get("/").await.text);
    let before = world.running.platform.results().await.unwrap().len();
    for token in ["", "0", foreign.as_str()] {
        let fields = [("csrf", token), ("terminal", terminal.as_str()), ("title", "desk-title-now")];
        assert_eq!(browser.post("/roll-calls", &fields).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(world.running.platform.results().await.unwrap().len(), before);
}

async fn a_sign_in_form_of_another_browser_is_refused(on: On) {
    let world = World::new(on).await;
    let token = token_of(&Browser::new(&world).get("/login").await.text);
    let mut browser = Browser::new(&world);
    browser.get("/login").await;
    let password = password(&world, "duty");
    let page = browser.post("/login", &[("csrf", &token), ("name", "duty"), ("password", &password)]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}

async fn after_five_wrong_passwords_even_the_right_one_waits(on: On) {
    let world = World::new(on).await;
    let mut browser = Browser::new(&world);
    for _ in 0..5 {
        assert_eq!(browser.sign_in("duty", "wrong").await.status, StatusCode::UNAUTHORIZED);
    }
    let right = password(&world, "duty");
    assert_eq!(browser.sign_in("duty", &right).await.status, StatusCode::TOO_MANY_REQUESTS);
    world.pass_ms(29_999);
    assert_eq!(browser.sign_in("duty", &right).await.status, StatusCode::TOO_MANY_REQUESTS);
    world.pass_ms(1);
    assert_eq!(browser.sign_in("duty", "wrong").await.status, StatusCode::UNAUTHORIZED);
    world.pass_ms(59_999);
    assert_eq!(
        browser.sign_in("duty", &right).await.status,
        StatusCode::TOO_MANY_REQUESTS,
        "the wait doubles"
    );
    world.pass_ms(1);
    assert_eq!(browser.sign_in("duty", &right).await.status, StatusCode::SEE_OTHER);
}

async fn an_unknown_name_is_answered_like_a_wrong_password(on: On) {
    let world = World::new(on).await;
    let mut browser = Browser::new(&world);
    let unknown = browser.sign_in("nobody", "x").await;
    let wrong = browser.sign_in("duty", "x").await;
    assert_eq!(
        (unknown.status, element(&unknown.text, "login-wrong")),
        (wrong.status, element(&wrong.text, "login-wrong"))
    );
}

async fn a_session_ends_when_nobody_uses_it_and_a_refreshing_page_is_nobody(on: On) {
    let world = World::new(on).await;
    let mut browser = Browser::signed_in(&world, "duty").await;
    world.pass_ms(14 * 60_000);
    assert_eq!(browser.get("/history").await.status, StatusCode::OK, "used in time");
    world.pass_ms(14 * 60_000);
    assert_eq!(browser.get("/?by=itself&part=live").await.status, StatusCode::OK, "still there");
    world.pass_ms(60_000);
    assert_eq!(browser.get("/").await.location, "/login");
}

async fn signing_out_ends_the_session_on_the_platform(on: On) {
    let world = World::new(on).await;
    let mut browser = Browser::signed_in(&world, "duty").await;
    let kept = browser.cookies.clone();
    assert_eq!(browser.press("/", "/logout", &[]).await.location, "/login");
    browser.cookies = kept;
    assert_eq!(browser.get("/").await.location, "/login", "the old cookie opens nothing");
}

async fn an_alarm_is_announced_until_someone_answers_it(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let event = kiosk.say(&Event::AlarmRaised(AlarmRaised { at: kiosk.stamp() })).await;
    let mut browser = Browser::signed_in(&world, "control").await;
    assert!(has(&browser.get("/").await.text, "live-alarms"));
    let (device, event) = (kiosk.device.to_string(), event.to_string());
    let fields = [("device", device.as_str()), ("alarm", event.as_str()), ("deed", "acknowledge")];
    browser.press("/alarms", "/alarms", &fields).await;
    assert!(!has(&browser.get("/").await.text, "live-alarms"));
    assert!(world.running.platform.alarms().await.unwrap()[0].is_acknowledged);
}

async fn the_language_is_chosen_once_and_no_text_is_missing(on: On) {
    let world = World::new(on).await;
    let (mut kiosk, call) = received(&world).await;
    kiosk.say(&Event::AlarmRaised(AlarmRaised { at: kiosk.stamp() })).await;
    let mut browser = Browser::signed_in(&world, "director").await;
    let call = format!("/roll-calls/{}/{call}", world.terminal());
    let known = ["/", "/alarms", "/requests", "/history", "/notices", "/parked", "/terminals", "/audit"];
    let newer = ["/documents", "/public-notices", "/login", call.as_str(), "/nowhere"];
    let paths = [&known[..], &newer[..]].concat();
    for (code, word) in [("zh-CN", "退出"), ("en", "Sign out")] {
        assert_eq!(element(&browser.get(&format!("/?lang={code}")).await.text, "logout"), word);
        for path in &paths {
            let page = browser.get(path).await.text;
            assert!(page.contains(&format!("<html lang=\"{code}\"")), "{path}");
            assert!(!page.contains('⟨'), "a text is missing in {code} on {path}");
        }
    }
}

async fn a_hostile_name_is_shown_as_text(on: On) {
    let world = World::new(on).await;
    let platform = &world.running.platform;
    let mut member: Member = platform.members(world.terminal()).await.unwrap().remove(0);
    member.name = "<script>x</script>".into();
    platform.put_member(world.terminal(), &member).await.unwrap();
    let (_, call) = received(&world).await;
    let mut browser = Browser::signed_in(&world, "duty").await;
    let page = browser.get(&format!("/roll-calls/{}/{call}", world.terminal())).await.text;
    assert!(page.contains("&lt;script&gt;x"));
    assert!(!page.contains("<script>x"));
}

async fn results_are_given_as_json_to_who_is_signed_in(on: On) {
    let world = World::new(on).await;
    received(&world).await;
    let mut browser = Browser::signed_in(&world, "duty").await;
    let json: serde_json::Value = serde_json::from_str(&browser.get("/results.json").await.text).unwrap();
    assert_eq!((&json[0]["state"], &json[0]["lines"][0]["name"]), (&"received".into(), &"王建国".into()));
}

async fn an_address_that_is_none_is_not_found_and_a_form_of_nonsense_is_refused(on: On) {
    let world = World::new(on).await;
    let mut browser = Browser::signed_in(&world, "director").await;
    for path in
        ["/nowhere", "/roll-calls/x/y", &format!("/roll-calls/{}/{}", world.terminal(), CallId::fresh())]
    {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let nonsense = browser.press("/", "/roll-calls", &[("terminal", "x"), ("title", "desk-title-now")]).await;
    assert_eq!(nonsense.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(Browser::new(&world).sign_in("duty%00", "x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let huge = "x".repeat(64 * 1024);
    let too_large = browser.post("/roll-calls", &[("csrf", "x"), ("title", &huge)]).await;
    assert_eq!(too_large.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn colours_keep_a_contrast_of_seven_to_one() {
    let css = include_str!("desk.css");
    let colour = |name: &str| {
        let hex = css.split(&format!("--{name}: #")).nth(1).unwrap().get(..6).unwrap();
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
    };
    let contrast = |a: f64, b: f64| (a.max(b) + 0.05) / (a.min(b) + 0.05);
    for text in ["text", "quiet", "action", "done", "wait", "danger"] {
        for ground in ["ground", "card"] {
            let found = contrast(colour(text), colour(ground));
            assert!(found >= 7.0, "{text} on {ground} is {found:.1}:1");
        }
    }
    assert!(contrast(colour("action-text"), colour("action")) >= 7.0);
}
