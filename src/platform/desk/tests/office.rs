// SPDX-License-Identifier: GPL-3.0-only
//! The clinic's window against the desk's listener.

use super::*;
use crate::care::end_over;
use crate::tests::NOW_MS;
use crate::tests::care::{report, sealed};
use contract::{
    CareList, CareNeed, CareNotice, CareState, Collection, DetaineeId, EventId, FeedItem, FeedOp, Office,
    OfficeKeys, OfficeSession, Post, PostedLetter, PostedNotice, SealKey, Signed, SigningKey, TerminalId,
    Urgency,
};
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

on_both! {
    a_doctor_signs_in_with_a_window_and_nobody_else_does,
    a_window_waits_after_wrong_passwords_like_the_desk,
    a_window_asks_for_the_code_where_one_is_required,
    a_page_takes_no_token_and_a_window_no_cookie,
    a_window_nobody_uses_is_signed_out_and_signing_out_ends_it,
    keys_are_taken_only_if_they_follow_and_a_later_terminal_gets_them,
    a_letter_goes_to_its_cell_and_says_where_the_report_stands,
    a_letter_that_does_not_fit_changes_nothing,
    a_notice_is_shown_to_its_posts_alone_until_it_ends,
    a_notice_of_who_leaves_the_cell_ends_there,
    a_notice_that_does_not_fit_is_refused,
    a_body_too_large_or_unreadable_is_refused_without_a_word_of_it,
}

pub(super) const MINUTE_MS: i64 = 60_000;

/// A window of the clinic.
pub(super) struct Window {
    client: Client,
    desk: String,
    token: String,
}

impl Window {
    pub(super) fn new(world: &World) -> Self {
        let desk = format!("http://{}", world.running.desk_addr);
        Self { client: world.client(None), desk, token: String::new() }
    }

    pub(super) async fn signed_in(world: &World) -> Self {
        Self::signed_in_as(world, "doctor").await
    }

    pub(super) async fn signed_in_as(world: &World, name: &str) -> Self {
        let mut window = Self::new(world);
        let password = password(world, name);
        assert_eq!(window.sign_in(name, &password, "").await, (200, String::new()), "{name}");
        window
    }

    pub(super) async fn sign_in(&mut self, name: &str, password: &str, code: &str) -> (u16, String) {
        let body = json!({ "name": name, "password": password, "code": code });
        let sent =
            self.client.post(format!("{}/office/v1/login", self.desk)).json(&body).send().await.unwrap();
        if sent.status() == StatusCode::OK {
            assert!(sent.headers().get(SET_COOKIE).is_none(), "a window has no cookie");
            self.token = sent.json::<OfficeSession>().await.unwrap().token.to_string();
            return (200, String::new());
        }
        refusal(sent).await
    }

    pub(super) async fn send<T: serde::Serialize>(&self, method: Method, path: &str, body: &T) -> Response {
        let request = self.client.request(method, format!("{}/office/v1{path}", self.desk));
        request.bearer_auth(&self.token).json(body).send().await.unwrap()
    }

    async fn look(&self, query: &str) -> Response {
        self.get(&format!("/care{query}")).await
    }

    pub(super) async fn get(&self, path: &str) -> Response {
        let request = self.client.get(format!("{}/office/v1{path}", self.desk));
        request.bearer_auth(&self.token).send().await.unwrap()
    }

    async fn care(&self) -> CareList {
        self.look("").await.json().await.unwrap()
    }

    pub(super) async fn put_keys(&self, keys: &Signed) -> (u16, String) {
        refusal(self.send(Method::PUT, "/keys", keys).await).await
    }

    pub(super) async fn post_letter(&self, letter: &PostedLetter) -> (u16, String) {
        refusal(self.send(Method::POST, "/care/letters", letter).await).await
    }

    async fn post_notice(&self, notice: &PostedNotice) -> Result<CareNotice, (u16, String)> {
        let sent = self.send(Method::POST, "/care/notices", notice).await;
        if sent.status() == StatusCode::OK {
            Ok(sent.json().await.unwrap())
        } else {
            Err(refusal(sent).await)
        }
    }
}

/// The status, and the code of a refusal.
pub(super) async fn refusal(sent: Response) -> (u16, String) {
    let status = sent.status();
    if status.is_success() {
        return (status.as_u16(), String::new());
    }
    let problem: contract::Problem = sent.json().await.unwrap();
    (status.as_u16(), problem.code.as_str().to_owned())
}

pub(super) fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

pub(super) fn signing() -> SigningKey {
    SigningKey::open(&SigningKey::generate().unwrap()).unwrap()
}

fn keys(signing: &SigningKey, made_ms: i64) -> OfficeKeys {
    let recipients = vec![SealKey::generate().recipient()];
    OfficeKeys { office: Office::Clinic, recipients, signing: signing.public(), made_ms, arrangement: None }
}

/// What a terminal's feed holds of a collection.
pub(super) async fn told(kiosk: &Kiosk, collection: Collection) -> Vec<FeedItem> {
    let (page, _) = kiosk.feed(0, 0).await.unwrap();
    page.items.into_iter().filter(|item| item.collection == collection.name()).collect()
}

pub(super) fn letter(terminal: TerminalId, report: Option<(EventId, CareState)>) -> PostedLetter {
    let [cell, own] = ["多喝水", "普通感冒"].map(|words| Some(sealed(words, &SealKey::generate())));
    PostedLetter { letter: Uuid::now_v7(), terminal, report, cell, own }
}

fn notice(terminal: TerminalId, detainee: DetaineeId, posts: &[Post]) -> PostedNotice {
    let needs = vec![CareNeed::Watch, CareNeed::NoDuty, CareNeed::Watch];
    let posts = posts.to_vec();
    let until_ms = NOW_MS + 10 * MINUTE_MS;
    let notice = CareNotice { notice: Uuid::nil(), detainee, needs, posts, at_ms: 1, until_ms };
    PostedNotice { terminal, notice, ends: false }
}

async fn a_doctor_signs_in_with_a_window_and_nobody_else_does(on: On) {
    let world = World::new(on).await;
    let mut window = Window::new(&world);
    for path in ["", "?since=0&wait=5"] {
        assert_eq!(refusal(window.look(path).await).await, refused(401, "signed_out"));
    }
    assert_eq!(window.sign_in("nobody", "any", "").await, refused(401, "sign_in_wrong"));
    assert_eq!(window.sign_in("doctor", "wrong", "").await, refused(401, "sign_in_wrong"));
    for name in ["director", "supervisor", "procurator"] {
        let other = Window::signed_in_as(&world, name).await;
        assert_eq!(refusal(other.look("").await).await, refused(403, "forbidden"), "{name}: another office");
    }
    for name in ["duty", "control", "it", "auditor"] {
        let right = password(&world, name);
        assert_eq!(window.sign_in(name, &right, "").await, refused(403, "forbidden"), "{name}");
        assert_eq!(window.sign_in(name, "wrong", "").await, refused(401, "sign_in_wrong"), "{name}");
    }
    // One who was a doctor is none with a token of then.
    let window = Window::signed_in(&world).await;
    assert_eq!(window.care().await.terminals.len(), 1);
    let mut write = world.running.platform.core.tables.write().await.unwrap();
    sqlx::query("UPDATE desk_user SET role = 'it' WHERE name = 'doctor'").execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(refusal(window.look("").await).await, refused(403, "forbidden"));
}

async fn a_window_waits_after_wrong_passwords_like_the_desk(on: On) {
    let world = World::new(on).await;
    let (mut window, right) = (Window::new(&world), password(&world, "doctor"));
    for _ in 0..5 {
        assert_eq!(window.sign_in("doctor", "wrong", "").await, refused(401, "sign_in_wrong"));
    }
    assert_eq!(window.sign_in("doctor", &right, "").await, refused(429, "wait"));
    assert_eq!(Browser::new(&world).sign_in("doctor", &right).await.status, StatusCode::TOO_MANY_REQUESTS);
    world.pass_ms(30_000);
    assert_eq!(window.sign_in("doctor", &right, "").await.0, 200);
}

async fn a_window_asks_for_the_code_where_one_is_required(on: On) {
    use totp_rs::{Builder, Secret};
    let world = World::strict(on).await;
    let mut window = Window::new(&world);
    let demo = password(&world, "doctor");
    assert_eq!(window.sign_in("doctor", &demo, "").await.0, 200, "the demo's users have no second factor");
    world.running.platform.put_desk_user("li", Post::Doctor, "long enough").await.unwrap();
    assert_eq!(window.sign_in("li", "long enough", "").await, refused(403, "enrol"));
    let mut browser = Browser::new(&world);
    browser.sign_in("li", "long enough").await;
    let secret = element(&browser.get("/login/enrol").await.text, "totp-secret").to_owned();
    let code = |after_ms: i64| {
        let totp = Builder::new().with_secret(Secret::try_from_base32(&secret).unwrap());
        let totp = totp.with_account_name("any").build().unwrap();
        totp.generate(u64::try_from((NOW_MS + after_ms) / 1000).unwrap()).to_string()
    };
    browser.press("/login/enrol", "/login/enrol", &[("code", &code(0))]).await;
    assert_eq!(window.sign_in("li", "long enough", "").await, refused(401, "code_missing"));
    assert_eq!(
        window.sign_in("li", "long enough", &code(0)).await,
        refused(401, "code_wrong"),
        "it enrolled"
    );
    world.pass_ms(MINUTE_MS);
    assert_eq!(window.sign_in("li", "wrong", &code(MINUTE_MS)).await, refused(401, "sign_in_wrong"));
    assert_eq!(window.sign_in("li", "long enough", &code(MINUTE_MS)).await.0, 200);
    assert_eq!(
        window.sign_in("li", "long enough", &code(MINUTE_MS)).await,
        refused(401, "code_wrong"),
        "once"
    );
    for _ in 0..4 {
        assert_eq!(window.sign_in("li", "long enough", "123").await, refused(401, "code_wrong"));
    }
    assert_eq!(window.sign_in("li", "long enough", "123").await, refused(429, "wait"), "they are counted");
}

async fn a_page_takes_no_token_and_a_window_no_cookie(on: On) {
    let world = World::new(on).await;
    let window = Window::signed_in(&world).await;
    let browser = Browser::signed_in(&world, "doctor").await;
    let get = |path: &str| window.client.get(format!("{}{path}", window.desk));
    let held = browser.cookies[0].1.clone();
    // As it is given, and as the other.
    let page = get("/care").bearer_auth(&window.token).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::SEE_OTHER);
    let page = get("/care").header(COOKIE, format!("desk={}", window.token)).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::SEE_OTHER);
    let care = get("/office/v1/care").header(COOKIE, browser.cookie()).send().await.unwrap();
    assert_eq!(refusal(care).await, refused(401, "signed_out"));
    let care = get("/office/v1/care").bearer_auth(held).send().await.unwrap();
    assert_eq!(refusal(care).await, refused(401, "signed_out"));
}

async fn a_window_nobody_uses_is_signed_out_and_signing_out_ends_it(on: On) {
    let world = World::new(on).await;
    let window = Window::signed_in(&world).await;
    for _ in 0..3 {
        world.pass_ms(10 * MINUTE_MS);
        assert_eq!(window.look("").await.status(), StatusCode::OK);
    }
    world.pass_ms(10 * MINUTE_MS);
    assert_eq!(window.look("?by=itself").await.status(), StatusCode::OK);
    world.pass_ms(10 * MINUTE_MS);
    assert_eq!(refusal(window.look("?by=itself").await).await, refused(401, "signed_out"));
    let window = Window::signed_in(&world).await;
    assert_eq!(window.send(Method::POST, "/logout", &()).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(refusal(window.look("").await).await, refused(401, "signed_out"));
}

async fn keys_are_taken_only_if_they_follow_and_a_later_terminal_gets_them(on: On) {
    let world = World::new(on).await;
    let window = Window::signed_in(&world).await;
    let kiosk = world.kiosk().await;
    assert!(told(&kiosk, Collection::Office).await.is_empty());
    let (first, second) = (signing(), signing());
    let one = keys(&first, 1).sign(&first).unwrap();
    assert_eq!(
        window.put_keys(&keys(&first, 1).sign(&second).unwrap()).await,
        refused(409, "keys_unfollowed")
    );
    assert_eq!(window.put_keys(&one).await.0, 204);
    assert_eq!(window.put_keys(&one).await.0, 204, "the same again");
    let slipped_in = keys(&second, 2).sign(&second).unwrap();
    assert_eq!(window.put_keys(&slipped_in).await, refused(409, "keys_unfollowed"));
    let two = keys(&first, 2).sign(&first).unwrap();
    let three = keys(&second, 3).sign(&first).unwrap();
    for statement in [&two, &three] {
        assert_eq!(window.put_keys(statement).await.0, 204);
    }
    for earlier in [&one, &two] {
        assert_eq!(window.put_keys(earlier).await, refused(409, "keys_unfollowed"), "it does not come back");
    }
    assert_eq!(window.care().await.keys.as_ref(), Some(&three));
    let later = world.kiosk_at(world.other_cell().await).await;
    for kiosk in [kiosk, later] {
        let items = told(&kiosk, Collection::Office).await;
        assert_eq!(items.len(), 1);
        assert_eq!((items[0].key.as_str(), items[0].op), ("clinic", FeedOp::Put));
        assert_eq!(serde_json::from_value::<Signed>(items[0].body.clone()).unwrap(), three);
    }
}

async fn a_letter_goes_to_its_cell_and_says_where_the_report_stands(on: On) {
    let world = World::new(on).await;
    let window = Window::signed_in(&world).await;
    let mut kiosk = world.kiosk().await;
    let other = world.kiosk_at(world.other_cell().await).await;
    let event = kiosk.say(&report(&kiosk, Urgency::Soon)).await;
    let mut doctor = Browser::signed_in(&world, "doctor").await;
    let waits =
        async |browser: &mut Browser| browser.get("/").await.text.contains("data-kind=\"care_report\"");
    assert!(waits(&mut doctor).await);

    let opened = letter(world.terminal(), Some((event, CareState::Opened)));
    assert_eq!(window.post_letter(&opened).await.0, 204);
    assert!(waits(&mut doctor).await, "who opened it has not answered it");
    let answered = PostedLetter {
        letter: opened.letter,
        ..letter(world.terminal(), Some((event, CareState::Answered)))
    };
    let rev = window.care().await.rev;
    let since = format!("?since={rev}&wait=60");
    let (list, posted) = tokio::join!(window.look(&since), window.post_letter(&answered));
    assert_eq!(posted.0, 204);
    let list: CareList = list.json().await.unwrap();
    assert_eq!(list.entries[0].state, Some(CareState::Answered), "the question was held until then");
    assert!(!waits(&mut doctor).await);
    assert_eq!(list.letters.len(), 1);
    assert_eq!(Some(&list.letters[0].sealed), answered.own.as_ref());
    let late = letter(world.terminal(), Some((event, CareState::Opened)));
    assert_eq!(window.post_letter(&late).await.0, 204);
    assert_eq!(
        window.care().await.entries[0].state,
        Some(CareState::Answered),
        "it is not merely opened again"
    );

    let items = told(&kiosk, Collection::Care).await;
    let item = items.iter().find(|item| item.key == answered.letter.to_string()).unwrap();
    assert_eq!(item.body, serde_json::to_value(&answered.cell).unwrap());
    assert!(told(&other, Collection::Care).await.is_empty());
    let back = PostedLetter { cell: None, own: None, report: None, ..answered };
    assert_eq!(window.post_letter(&back).await.0, 204);
    let items = told(&kiosk, Collection::Care).await;
    let item = items.iter().find(|item| item.key == back.letter.to_string()).unwrap();
    assert_eq!(item.op, FeedOp::Del);
    assert!(!window.care().await.letters.iter().any(|own| own.letter == back.letter));
    let audit = Browser::signed_in(&world, "director").await.get("/audit").await.text;
    assert!(audit.contains("医务室发出信件") && audit.contains("医务室撤回信件"));
}

async fn a_letter_that_does_not_fit_changes_nothing(on: On) {
    let world = World::new(on).await;
    let window = Window::signed_in(&world).await;
    let mut kiosk = world.kiosk().await;
    let elsewhere = world.other_cell().await;
    let event = kiosk.say(&report(&kiosk, Urgency::Soon)).await;
    let good = letter(world.terminal(), None);
    assert_eq!(window.post_letter(&good).await.0, 204);
    let of = |terminal, state| letter(terminal, state);
    let open = Some(contract::Sealed::from("普通感冒".to_owned()));
    for (wrong, status, code) in [
        (of(TerminalId::fresh(), None), 404, "terminal_unknown"),
        (of(elsewhere, Some((event, CareState::Closed))), 404, "report_unknown"),
        (PostedLetter { letter: good.letter, ..of(elsewhere, None) }, 409, "letter_elsewhere"),
        (PostedLetter { letter: good.letter, cell: None, ..of(elsewhere, None) }, 409, "letter_elsewhere"),
        (PostedLetter { own: open.clone(), ..of(world.terminal(), None) }, 422, "not_sealed"),
        (PostedLetter { cell: open, ..of(world.terminal(), None) }, 422, "not_sealed"),
    ] {
        assert_eq!(window.post_letter(&wrong).await, refused(status, code));
    }
    let list = window.care().await;
    assert_eq!((list.letters.len(), list.entries[0].state), (1, None));
    assert_eq!(told(&kiosk, Collection::Care).await.len(), 1);
}

async fn a_notice_is_shown_to_its_posts_alone_until_it_ends(on: On) {
    let world = World::new(on).await;
    let window = Window::signed_in(&world).await;
    let kiosk = world.kiosk().await;
    let (person, next) = (&world.seeded.detainees[0], &world.seeded.detainees[1]);
    let posted = notice(world.terminal(), person.id, &[Post::DutyOfficer, Post::DutyOfficer]);
    let set = window.post_notice(&posted).await.unwrap();
    assert!(set.notice != posted.notice.notice && set.at_ms == NOW_MS, "number and time are the platform's");
    assert_eq!((set.needs.len(), set.posts.len()), (2, 1));
    let by_hand = window.post_notice(&notice(world.terminal(), next.id, &[Post::Director])).await.unwrap();
    assert_eq!(window.care().await.notices.len(), 2);
    let items = told(&kiosk, Collection::CareNotice).await;
    let item = items.iter().find(|item| item.key == set.notice.to_string()).unwrap();
    assert_eq!(serde_json::from_value::<CareNotice>(item.body.clone()).unwrap(), set);

    for name in ["duty", "supervisor", "control", "director", "doctor"] {
        let page = Browser::signed_in(&world, name).await.get("/care").await.text;
        for (shown, whose) in [(&person.name, "duty"), (&next.name, "director")] {
            assert_eq!(page.contains(shown.as_str()), name == whose, "{name} {shown}");
        }
        assert_eq!(page.contains("需要留意、不安排值班"), name == "duty" || name == "director", "{name}");
    }
    let audit = Browser::signed_in(&world, "auditor").await.get("/audit").await.text;
    assert!(audit.contains("发布照护提示") && audit.contains("doctor") && audit.contains("305室"));

    let elsewhere = PostedNotice { terminal: world.other_cell().await, ends: true, notice: by_hand.clone() };
    assert_eq!(window.post_notice(&elsewhere).await, Err(refused(404, "notice_unknown")));
    let ends = PostedNotice { terminal: world.terminal(), ends: true, notice: by_hand.clone() };
    assert_eq!(window.post_notice(&ends).await, Ok(by_hand.clone()));
    assert_eq!(window.post_notice(&ends).await, Err(refused(404, "notice_unknown")), "once");

    // Its time ends it at once on every page, and soon in the cell.
    world.pass_ms(10 * MINUTE_MS);
    let window = Window::signed_in(&world).await;
    assert!(window.care().await.notices.is_empty());
    let mut duty = Browser::signed_in(&world, "duty").await;
    assert!(!has(&duty.get("/care").await.text, "care-notices"));
    end_over(&world.running.platform.core).await.unwrap();
    let items = told(&kiosk, Collection::CareNotice).await;
    assert!(items.len() == 2 && items.iter().all(|item| item.op == FeedOp::Del));
}

async fn a_notice_of_who_leaves_the_cell_ends_there(on: On) {
    let world = World::new(on).await;
    let window = Window::signed_in(&world).await;
    let kiosk = world.kiosk().await;
    let [gone, stays] = [0, 1].map(|index: usize| world.seeded.detainees[index].id);
    for person in [gone, stays] {
        window.post_notice(&notice(world.terminal(), person, &[Post::DutyOfficer])).await.unwrap();
    }
    world.running.platform.remove_member(world.terminal(), gone).await.unwrap();
    let open = window.care().await.notices;
    assert!(open.len() == 1 && open[0].detainee == stays);
    let items = told(&kiosk, Collection::CareNotice).await;
    assert_eq!(items.iter().filter(|item| item.op == FeedOp::Del).count(), 1);
}

async fn a_notice_that_does_not_fit_is_refused(on: On) {
    let world = World::new(on).await;
    let window = Window::signed_in(&world).await;
    let person = world.seeded.detainees[0].id;
    let good = || notice(world.terminal(), person, &[Post::DutyOfficer]);
    let with = |change: fn(&mut CareNotice)| {
        let mut posted = good();
        change(&mut posted.notice);
        posted
    };
    for wrong in [
        with(|it| it.needs.clear()),
        with(|it| it.posts.clear()),
        with(|it| it.until_ms = NOW_MS),
        with(|it| it.until_ms = i64::MAX),
        with(|it| it.detainee = DetaineeId::fresh()),
        PostedNotice { terminal: world.other_cell().await, ..good() },
    ] {
        assert_eq!(window.post_notice(&wrong).await, Err(refused(422, "notice_unsound")), "{wrong:?}");
    }
    let nowhere = PostedNotice { terminal: TerminalId::fresh(), ..good() };
    assert_eq!(window.post_notice(&nowhere).await, Err(refused(404, "terminal_unknown")));
}

async fn a_body_too_large_or_unreadable_is_refused_without_a_word_of_it(on: On) {
    let world = World::new(on).await;
    let window = Window::signed_in(&world).await;
    for path in ["/login", "/care/letters", "/care/notices"] {
        let sent = window.send(Method::POST, path, &"x".repeat(200 * 1024)).await;
        assert_eq!(refusal(sent).await, refused(413, "body_too_large"), "{path}");
        let sent = window.send(Method::POST, path, &json!({ "password": "secret-word" })).await;
        assert_eq!(sent.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(!sent.text().await.unwrap().contains("secret-word"), "{path}");
    }
    assert_eq!(refusal(window.look("?since=x").await).await, refused(422, "unreadable"));
    let zero = json!({ "name": "doc\0tor", "password": "any" });
    let sent = window.send(Method::POST, "/login", &zero).await;
    assert_eq!(refusal(sent).await, refused(422, "unreadable"));
}
