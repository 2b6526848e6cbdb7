// SPDX-License-Identifier: GPL-3.0-only
//! Every page with plausible things on it, for pictures and for looking at. Nobody in it exists.
//!
//! Long on purpose: one list of made-up data, a few lines a page state; splitting it would scatter the list.

mod care;
mod complaint;
mod document;
mod public_notice;
mod shop;

use crate::{
    Alarm, Appointment, Bar, Camera, Choice, Device, DeviceLine, Duty, DutyLine, DutyStep, Enrol, EnrolStep,
    Home, Line, MainWindow, Movement, MovementStep, MyRecord, MyRecordStep, Nav, Officer, OfficerStep, Page,
    Person, PinIssue, PinIssueStep, ReceiptStep, RecordLine, Requests, Review, ReviewStep, RollCall,
    RollCallStep, Service, Sign, Tone, testing,
};
use i18n::{Arg, Catalogue};
use slint::{ComponentHandle, Image, ModelRc, Rgb8Pixel, SharedPixelBuffer, SharedString};

/// One picture: a page in one state.
pub struct Scene {
    pub name: &'static str,
    fill: fn(&MainWindow, &Words),
}

/// All of them.
pub const SCENES: &[Scene] = &[
    Scene { name: "home", fill: home },
    Scene { name: "home-missing", fill: home_missing },
    Scene { name: "roll-call-announced", fill: |w, t| roll_call(w, t, RollCallStep::Announced) },
    Scene { name: "roll-call-calling", fill: |w, t| roll_call(w, t, RollCallStep::Calling) },
    Scene { name: "roll-call-second-round", fill: roll_call_second_round },
    Scene { name: "roll-call-any-order", fill: roll_call_any_order },
    Scene { name: "roll-call-no-camera", fill: roll_call_no_camera },
    Scene { name: "roll-call-pin", fill: |w, t| roll_call(w, t, RollCallStep::Pin) },
    Scene { name: "roll-call-choose-self", fill: |w, t| roll_call(w, t, RollCallStep::ChooseSelf) },
    Scene { name: "roll-call-seen", fill: |w, t| roll_call(w, t, RollCallStep::Seen) },
    Scene { name: "roll-call-for-officer", fill: |w, t| roll_call(w, t, RollCallStep::ForOfficer) },
    Scene { name: "roll-call-all-called", fill: |w, t| roll_call(w, t, RollCallStep::AllCalled) },
    Scene { name: "roll-call-delivered", fill: |w, t| roll_call(w, t, RollCallStep::Delivered) },
    Scene { name: "officer-card", fill: |w, t| officer(w, t, OfficerStep::Card) },
    Scene { name: "officer-pin", fill: |w, t| officer(w, t, OfficerStep::Pin) },
    Scene { name: "officer-choose-self", fill: |w, t| officer(w, t, OfficerStep::ChooseSelf) },
    Scene { name: "officer-menu", fill: |w, t| officer(w, t, OfficerStep::Menu) },
    Scene { name: "review-table", fill: |w, t| review(w, t, ReviewStep::Table) },
    Scene { name: "review-reason", fill: |w, t| review(w, t, ReviewStep::Reason) },
    Scene { name: "review-typing", fill: review_typing },
    Scene { name: "review-recount", fill: |w, t| review(w, t, ReviewStep::Recount) },
    Scene { name: "review-read-back", fill: |w, t| review(w, t, ReviewStep::ReadBack) },
    Scene { name: "review-receipt", fill: |w, t| review(w, t, ReviewStep::Receipt) },
    Scene { name: "review-late", fill: |w, t| review(w, t, ReviewStep::Late) },
    Scene { name: "movement-people", fill: |w, t| movement(w, t, MovementStep::People) },
    Scene { name: "movement-reason", fill: |w, t| movement(w, t, MovementStep::Reason) },
    Scene { name: "movement-check", fill: |w, t| movement(w, t, MovementStep::Check) },
    Scene { name: "movement-mirror", fill: |w, t| movement(w, t, MovementStep::Mirror) },
    Scene { name: "movement-pin", fill: |w, t| movement(w, t, MovementStep::Pin) },
    Scene { name: "movement-read-back", fill: |w, t| movement(w, t, MovementStep::ReadBack) },
    Scene { name: "movement-done", fill: |w, t| movement(w, t, MovementStep::Done) },
    Scene { name: "enrol-people", fill: |w, t| enrol(w, t, EnrolStep::People) },
    Scene { name: "enrol-consent", fill: |w, t| enrol(w, t, EnrolStep::Consent) },
    Scene { name: "enrol-mirror", fill: |w, t| enrol(w, t, EnrolStep::Mirror) },
    Scene { name: "enrol-done", fill: |w, t| enrol(w, t, EnrolStep::Done) },
    Scene { name: "enrol-refused", fill: |w, t| enrol(w, t, EnrolStep::Refused) },
    Scene { name: "pin-issue-people", fill: |w, t| pin_issue(w, t, PinIssueStep::People) },
    Scene { name: "pin-issue-first", fill: |w, t| pin_issue(w, t, PinIssueStep::First) },
    Scene { name: "pin-issue-pictures", fill: pin_issue_pictures },
    Scene { name: "pin-issue-done", fill: |w, t| pin_issue(w, t, PinIssueStep::Done) },
    Scene { name: "device", fill: device },
    Scene { name: "home-duty", fill: home_duty },
    Scene { name: "duty-today", fill: |w, t| duty(w, t, DutyStep::Today) },
    Scene { name: "duty-short", fill: duty_short },
    Scene { name: "duty-none", fill: duty_none },
    Scene { name: "duty-who", fill: |w, t| duty(w, t, DutyStep::Who) },
    Scene { name: "duty-week", fill: |w, t| duty(w, t, DutyStep::Turns) },
    Scene { name: "duty-remark", fill: |w, t| duty(w, t, DutyStep::Choose) },
    Scene { name: "duty-matters", fill: duty_matters },
    Scene { name: "duty-mirror", fill: |w, t| duty(w, t, DutyStep::Mirror) },
    Scene { name: "duty-pin", fill: |w, t| duty(w, t, DutyStep::Pin) },
    Scene { name: "duty-done", fill: |w, t| duty(w, t, DutyStep::Done) },
    Scene { name: "my-record-claim", fill: |w, t| my_record(w, t, MyRecordStep::Claim) },
    Scene { name: "my-record-list", fill: |w, t| my_record(w, t, MyRecordStep::List) },
    Scene { name: "my-record-shielded", fill: my_record_shielded },
    Scene { name: "alarm-large", fill: alarm },
    Scene { name: "requests", fill: requests },
    Scene { name: "care-menu", fill: care::menu },
    Scene { name: "care-no-clinic", fill: care::menu_without_clinic },
    Scene { name: "care-who", fill: care::who },
    Scene { name: "care-pin", fill: care::pin },
    Scene { name: "care-where", fill: care::place },
    Scene { name: "care-since", fill: care::since },
    Scene { name: "care-severity", fill: care::severity },
    Scene { name: "care-dangers", fill: care::dangers },
    Scene { name: "care-red", fill: care::red },
    Scene { name: "care-read-back", fill: care::read_back },
    Scene { name: "care-receipt", fill: care::receipt },
    Scene { name: "care-mine", fill: care::mine },
    Scene { name: "care-detail", fill: care::detail },
    Scene { name: "care-record", fill: care::record },
    Scene { name: "care-doses", fill: care::doses },
    Scene { name: "care-why", fill: care::why },
    Scene { name: "care-document", fill: care::document },
    Scene { name: "care-sign", fill: care::sign },
    Scene { name: "care-shielded", fill: care::shielded },
    Scene { name: "shop-front", fill: shop::front },
    Scene { name: "shop-who", fill: shop::who },
    Scene { name: "shop-turn", fill: shop::turn },
    Scene { name: "shop-queue", fill: shop::queue },
    Scene { name: "shop-browse", fill: shop::browse },
    Scene { name: "shop-look", fill: shop::look },
    Scene { name: "shop-shelf", fill: shop::shelf },
    Scene { name: "shop-item", fill: shop::item },
    Scene { name: "shop-cart", fill: shop::cart },
    Scene { name: "shop-read-back", fill: shop::read_back },
    Scene { name: "shop-sent", fill: shop::sent },
    Scene { name: "shop-refused", fill: shop::refused },
    Scene { name: "shop-mine", fill: shop::mine },
    Scene { name: "shop-orders", fill: shop::orders },
    Scene { name: "shop-order", fill: shop::order },
    Scene { name: "shop-receive", fill: shop::receive },
    Scene { name: "shop-problem", fill: shop::problem },
    Scene { name: "shop-statement", fill: shop::statement },
    Scene { name: "shop-line", fill: shop::line },
    Scene { name: "shop-owed", fill: shop::owed },
    Scene { name: "shop-shielded", fill: shop::shielded },
    Scene { name: "prove-face", fill: shop::prove_face },
    Scene { name: "prove-pin", fill: shop::prove_pin },
    Scene { name: "complaint-menu", fill: complaint::menu },
    Scene { name: "complaint-closed", fill: complaint::closed },
    Scene { name: "complaint-name", fill: complaint::name },
    Scene { name: "complaint-who", fill: complaint::who },
    Scene { name: "complaint-pin", fill: complaint::pin },
    Scene { name: "complaint-about", fill: complaint::about },
    Scene { name: "complaint-topics", fill: complaint::topics },
    Scene { name: "complaint-words", fill: complaint::words },
    Scene { name: "complaint-read-back", fill: complaint::read_back },
    Scene { name: "complaint-not-arranged", fill: complaint::not_arranged },
    Scene { name: "complaint-receipt", fill: complaint::receipt },
    Scene { name: "complaint-code", fill: complaint::code },
    Scene { name: "complaint-status", fill: complaint::status },
    Scene { name: "complaint-answer", fill: complaint::answer },
    Scene { name: "complaint-sure", fill: complaint::sure },
    Scene { name: "complaint-shielded", fill: complaint::shielded },
    Scene { name: "complaint-see-mine", fill: complaint::see_mine },
    Scene { name: "complaint-see-whom", fill: complaint::see_whom },
    Scene { name: "complaint-see-one", fill: complaint::see_one },
    Scene { name: "document-who", fill: document::who },
    Scene { name: "document-list", fill: document::own_list },
    Scene { name: "document-empty", fill: document::empty },
    Scene { name: "document-read", fill: document::read },
    Scene { name: "document-read-end", fill: document::read_end },
    Scene { name: "document-copy", fill: document::copy },
    Scene { name: "document-aloud", fill: document::aloud },
    Scene { name: "document-sign", fill: document::sign },
    Scene { name: "document-read-back", fill: document::read_back },
    Scene { name: "document-why", fill: document::why },
    Scene { name: "document-words", fill: document::typing },
    Scene { name: "document-no", fill: document::no },
    Scene { name: "document-signed", fill: document::signed },
    Scene { name: "document-declined", fill: document::declined },
    Scene { name: "document-shielded", fill: document::shielded },
    Scene { name: "document-hint", fill: document::hint },
    Scene { name: "notice-list", fill: public_notice::board },
    Scene { name: "notice-read", fill: public_notice::read },
    Scene { name: "notice-figures", fill: public_notice::figures },
    Scene { name: "pin-issue-quiet", fill: |w, t| pin_issue(w, t, PinIssueStep::Quiet) },
    Scene { name: "still-there", fill: still_there },
];

/// Shows a scene in the language of `catalogue`.
pub fn fill(window: &MainWindow, scene: &Scene, catalogue: &'static Catalogue) {
    let words = Words(catalogue);
    let bar = window.global::<Bar<'_>>();
    bar.set_cell("三监区 305室".into());
    bar.set_date(words.0.date(jiff::civil::date(2026, 11, 22)).into());
    bar.set_clock("10:32".into());
    bar.set_link(words.say("link-connected"));
    (scene.fill)(window, &words);
}

struct Words(&'static Catalogue);

impl Words {
    fn say(&self, id: &str) -> SharedString {
        self.0.text(id).as_ref().into()
    }

    fn put<const N: usize>(&self, id: &str, args: [(&str, &str); N]) -> SharedString {
        let args = args.map(|(name, value)| (name, Arg::from(value)));
        self.0.format(id, &args).into()
    }

    fn count(&self, id: &str, name: &str, number: i64) -> SharedString {
        self.0.format(id, &[(name, Arg::from(number))]).into()
    }
}

fn list<T: Clone + 'static>(items: Vec<T>) -> ModelRc<T> {
    ModelRc::from(items.as_slice())
}

fn home(window: &MainWindow, words: &Words) {
    window.global::<Nav<'_>>().set_page(Page::Home);
    let home = window.global::<Home<'_>>();
    let line = |sign, title: &str, detail: SharedString| Appointment { sign, title: title.into(), detail };
    home.set_schedule(list(vec![
        line(Sign::RollCall, "10:45 点名", words.count("in-minutes", "minutes", 13)),
        line(Sign::Meal, "11:30 午餐", "米饭 炖白菜 鸡蛋".into()),
        line(Sign::Rest, "12:30 午休", "".into()),
        line(Sign::Lesson, "14:00 法治讲堂", "第 6 讲，40 分钟".into()),
    ]));
    let closed = |id: &str, sign, title: &str| Service {
        id: id.into(),
        sign,
        title: words.say(title),
        state: words.say("tile-not-open"),
        attention: false,
        open: false,
    };
    home.set_services(list(vec![
        Service {
            state: words.say("care-tile-state"),
            open: true,
            ..closed("care", Sign::Care, "tile-care")
        },
        Service {
            state: words.say("shop-tile-state"),
            open: true,
            ..closed("shop", Sign::Shop, "tile-shop")
        },
        Service {
            state: words.say("complaint-tile-state"),
            open: true,
            ..closed("complaints", Sign::Complaints, "tile-complaints")
        },
        closed("education", Sign::Education, "tile-education"),
        Service {
            state: words.say("tile-record-state"),
            open: true,
            ..closed("record", Sign::Record, "tile-record")
        },
        Service {
            state: words.count("duty-tile-on", "on", 2),
            open: true,
            ..closed("duty", Sign::Duty, "tile-duty")
        },
        Service {
            state: words.say("tile-requests-state"),
            open: true,
            ..closed("requests", Sign::Requests, "tile-requests")
        },
        Service {
            state: words.say("notice-tile-state"),
            open: true,
            ..closed("notices", Sign::Notices, "tile-notices")
        },
    ]));
}

fn home_missing(window: &MainWindow, words: &Words) {
    home(window, words);
    let bar = window.global::<Bar<'_>>();
    bar.set_linked(false);
    bar.set_link(words.say("link-down"));
    bar.set_clock_verified(false);
    let home = window.global::<Home<'_>>();
    home.set_missing(list(vec![words.say("missing-camera"), words.say("missing-platform")]));
    home.set_roll_call(words.say("home-roll-call-going"));
    home.set_roll_call_detail(words.say("home-roll-call-again"));
}

fn still_there(window: &MainWindow, words: &Words) {
    my_record(window, words, MyRecordStep::Claim);
    window.global::<Nav<'_>>().set_still_there(words.count("still-there-detail", "seconds", 30));
}

/// A cell of twelve, as a strip of initials.
fn people(words: &Words) -> Vec<Person> {
    let person = |id: &str, name: &str, word: &str, sign, tone| Person {
        id: id.into(),
        name: name.into(),
        badge: "".into(),
        word: words.say(word),
        sign,
        tone,
        current: false,
        enabled: true,
    };
    vec![
        person("1", "陈", "chip-face", Sign::Done, Tone::Done),
        person("2", "丁", "chip-face", Sign::Done, Tone::Done),
        person("3", "韩", "chip-pin", Sign::Done, Tone::Done),
        Person {
            word: words.put("chip-out-reason", [("reason", "lawyer_meeting")]),
            ..person("4", "刘", "chip-waiting", Sign::Out, Tone::Quiet)
        },
        person("5", "马", "chip-face", Sign::Done, Tone::Done),
        person("6", "孙", "chip-again", Sign::Again, Tone::Wait),
        person("7", "唐", "chip-face", Sign::Done, Tone::Done),
        Person { current: true, ..person("8", "王", "chip-called", Sign::None, Tone::Plain) },
        person("9", "吴", "chip-waiting", Sign::None, Tone::Plain),
        person("10", "杨", "chip-for-officer", Sign::Officer, Tone::Wait),
        person("11", "张", "chip-waiting", Sign::None, Tone::Plain),
        person("12", "赵", "chip-face", Sign::Done, Tone::Done),
    ]
}

/// The same people to choose from, with a word each by turns.
fn choices_of_people(words: &Words, one: SharedString, other: SharedString) -> ModelRc<Person> {
    let masked = people(words).into_iter().enumerate().map(|(i, person)| {
        let first = i % 4 != 3;
        Person {
            name: format!("{}**", person.name).into(),
            badge: words.put("badge", [("number", &format!("03{:02}", i + 5))]),
            word: if first { one.clone() } else { other.clone() },
            sign: if first || other.is_empty() { Sign::None } else { Sign::Warning },
            tone: if first { Tone::Plain } else { Tone::Wait },
            current: false,
            ..person
        }
    });
    list(masked.collect())
}

fn roll_call(window: &MainWindow, words: &Words, step: RollCallStep) {
    camera(window, words);
    window.global::<Nav<'_>>().set_page(Page::RollCall);
    let roll_call = window.global::<RollCall<'_>>();
    roll_call.set_step(step);
    roll_call.set_title(words.put("roll-call-title", [("title", "晨间点名"), ("cell", "305室")]));
    if step != RollCallStep::Announced {
        let span = words.0.span(80);
        roll_call.set_since(words.put("roll-call-since", [("time", "10:45"), ("span", &span)]));
    }
    roll_call.set_count(words.put("roll-call-count", [("expected", "11"), ("present", "7")]));
    roll_call.set_countdown(words.0.countdown(45).into());
    roll_call.set_name("王**".into());
    roll_call.set_badge(words.put("badge", [("number", "0312")]));
    roll_call.set_time_left(0.6);
    roll_call.set_people(if step == RollCallStep::ChooseSelf {
        choices_of_people(words, words.say("chip-waiting"), words.say("chip-again"))
    } else {
        list(people(words))
    });
    roll_call.set_unresolved(words.count("roll-call-unresolved", "count", 2));
    roll_call.set_pin_problem(words.count("pin-wrong", "left", 4));
}

fn roll_call_second_round(window: &MainWindow, words: &Words) {
    roll_call(window, words, RollCallStep::Calling);
    let roll_call = window.global::<RollCall<'_>>();
    roll_call.set_second_round(true);
    roll_call.set_note(words.say("roll-call-tries"));
    let mut many = people(words);
    let waiting = many[8].clone();
    many.extend((13..=26).map(|i| Person { id: format!("{i}").into(), ..waiting.clone() }));
    roll_call.set_people(list(many));
}

fn roll_call_any_order(window: &MainWindow, words: &Words) {
    roll_call(window, words, RollCallStep::Calling);
    let roll_call = window.global::<RollCall<'_>>();
    roll_call.set_any_order(true);
    roll_call.set_name("".into());
    let camera = window.global::<Camera<'_>>();
    camera.set_good(true);
    camera.set_guidance(words.say("guide-good"));
}

fn roll_call_no_camera(window: &MainWindow, words: &Words) {
    roll_call(window, words, RollCallStep::Calling);
    let camera = window.global::<Camera<'_>>();
    camera.set_working(false);
    camera.set_problem(words.say("roll-call-no-camera"));
    camera.set_problem_detail(words.say("roll-call-no-camera-detail"));
}

/// A dim room with a shape where a face would be.
fn camera(window: &MainWindow, words: &Words) {
    const WIDTH: u32 = 320;
    const HEIGHT: u32 = 240;
    let mut frame = SharedPixelBuffer::<Rgb8Pixel>::new(WIDTH, HEIGHT);
    for (i, pixel) in frame.make_mut_slice().iter_mut().enumerate() {
        let (x, y) = ((i as u32 % WIDTH) as f32, (i as u32 / WIDTH) as f32);
        let head = ((x - 160.0) / 48.0).powi(2) + ((y - 100.0) / 64.0).powi(2) < 1.0;
        let body = ((x - 160.0) / 110.0).powi(2) + ((y - 250.0) / 80.0).powi(2) < 1.0;
        *pixel = if head {
            Rgb8Pixel::new(139, 111, 92)
        } else if body {
            Rgb8Pixel::new(67, 90, 99)
        } else {
            Rgb8Pixel::new((70.0 - y / 5.0) as u8, (84.0 - y / 5.0) as u8, (86.0 - y / 5.0) as u8)
        };
    }
    let camera = window.global::<Camera<'_>>();
    camera.set_working(true);
    camera.set_frame(Image::from_rgb8(frame));
    camera.set_guidance(words.say("guide-closer"));
}

fn choice(id: &str, sign: Sign, title: SharedString, detail: SharedString) -> Choice {
    Choice { id: id.into(), sign, title, detail, enabled: true }
}

fn signed_in(words: &Words) -> SharedString {
    words.put("officer-signed-in", [("name", "周**")])
}

fn officer(window: &MainWindow, words: &Words, step: OfficerStep) {
    window.global::<Nav<'_>>().set_page(Page::Officer);
    let officer = window.global::<Officer<'_>>();
    officer.set_step(step);
    officer.set_heading(words.say(if step == OfficerStep::Menu { "officer-menu" } else { "officer-title" }));
    officer.set_name("周**".into());
    match step {
        OfficerStep::Card => {
            officer.set_detail(words.say("officer-present-card-detail"));
            officer.set_problem(words.say("officer-unknown-card"));
        }
        OfficerStep::Pin => officer.set_problem(words.count("pin-wait", "seconds", 30)),
        OfficerStep::ChooseSelf => {}
        OfficerStep::Menu => officer.set_signed_in(signed_in(words)),
    }
    officer.set_waiting(step == OfficerStep::Pin);
    officer.set_officers(list(
        ["吴**", "郑**", "冯**"]
            .iter()
            .map(|name| choice(name, Sign::Officer, (*name).into(), "".into()))
            .collect(),
    ));
    officer.set_menu(list(vec![
        choice(
            "attended",
            Sign::Alarm,
            words.say("officer-menu-attended"),
            words.say("officer-menu-attended-state"),
        ),
        choice(
            "start",
            Sign::RollCall,
            words.say("officer-menu-start"),
            words.count("officer-menu-start-state", "expected", 11),
        ),
        choice(
            "review",
            Sign::Done,
            words.say("officer-menu-review"),
            words.count("officer-menu-review-state", "count", 2),
        ),
        choice(
            "movement",
            Sign::Out,
            words.say("officer-menu-movement"),
            words.count("officer-menu-movement-state", "count", 1),
        ),
        choice(
            "enrol",
            Sign::Face,
            words.say("officer-menu-enrol"),
            words.count("officer-menu-enrol-state", "count", 3),
        ),
        choice("pin", Sign::Pin, words.say("officer-menu-pin"), words.say("officer-menu-pin-done")),
        choice(
            "device",
            Sign::Requests,
            words.say("officer-menu-device"),
            words.say("officer-menu-device-state"),
        ),
        choice("duty", Sign::Duty, words.say("duty-menu"), words.count("duty-menu-state", "count", 1)),
    ]));
}

fn review(window: &MainWindow, words: &Words, step: ReviewStep) {
    window.global::<Nav<'_>>().set_page(Page::Review);
    let review = window.global::<Review<'_>>();
    review.set_step(step);
    review.set_title(words.put("review-title", [("cell", "305室")]));
    review.set_subtitle(words.put("review-subtitle", [("time", "10:45"), ("title", "晨间点名")]));
    review.set_signed_in(signed_in(words));
    review.set_assigned_word(words.put("assigned", [("kind", "detention_centre")]));
    review.set_assigned(12);
    review.set_expected(11);
    review.set_present(if step == ReviewStep::Table { 9 } else { 10 });
    review.set_out(1);
    review.set_by_face(6);
    review.set_by_other(3);
    review.set_unresolved(if step == ReviewStep::Table { 2 } else { 0 });
    review.set_not_seen(if step == ReviewStep::Table { 0 } else { 1 });
    review.set_lines(list(lines(words)));
    review.set_can_sign(step != ReviewStep::Table);
    if step == ReviewStep::Table {
        review.set_why_not(words.count("review-sign-why-lines", "count", 2));
    }
    review.set_question(words.put("check-ask", [("name", "孙**")]));
    let reasons =
        ["asked", "face_changed", "not_enrolled", "camera_down", "in_bed", "not_recognised", "forgot_pin"];
    review.set_reasons(list(
        reasons
            .iter()
            .map(|reason| {
                choice(reason, Sign::None, words.put("check-reason", [("reason", reason)]), "".into())
            })
            .collect(),
    ));
    if step == ReviewStep::ReadBack {
        review.set_first_signature(words.put("review-signed-by", [("name", "周**")]));
    }
    review.set_number("1045-7K3P".into());
    review.set_receipt(list(vec![
        ReceiptStep {
            done: true,
            title: words.say("delivery-saved"),
            detail: format!("10:52  {}", words.say("delivery-saved-help")).into(),
        },
        ReceiptStep {
            done: true,
            title: words.put("delivery-uploaded-at", [("time", "10:52")]),
            detail: "".into(),
        },
    ]));
    review.set_late_people(choices_of_people(words, words.say("chip-not-seen"), words.say("chip-not-seen")));
}

fn review_typing(window: &MainWindow, words: &Words) {
    review(window, words, ReviewStep::Reason);
    testing::click(window, "type-reason");
    for key in ["b", "e", "d", "space", "7"] {
        testing::click(window, &format!("type-{key}"));
    }
}

fn lines(words: &Words) -> Vec<Line> {
    let line = |id: &str, name: &str, sign, tone, how: SharedString, when: &str| Line {
        id: id.into(),
        name: name.into(),
        sign,
        tone,
        how,
        when: when.into(),
        unresolved: tone == Tone::Wait,
        removable: false,
    };
    let reason = words.put("check-reason", [("reason", "face_changed")]);
    let out = words.put("out-reason", [("reason", "lawyer_meeting")]);
    let face = || words.say("line-face");
    vec![
        line("6", "孙**", Sign::Warning, Tone::Wait, words.say("line-unresolved-tries"), ""),
        line("10", "杨**", Sign::Warning, Tone::Wait, words.say("line-unresolved-asked"), ""),
        line(
            "4",
            "刘**",
            Sign::Out,
            Tone::Quiet,
            words.put("line-out", [("reason", &out), ("time", "10:05")]),
            &words.put("officer", [("name", "吴**")]),
        ),
        line(
            "9",
            "吴**",
            Sign::Done,
            Tone::Done,
            words.put("line-officer", [("reason", &reason)]),
            "10:47:52",
        ),
        line("3", "韩**", Sign::Done, Tone::Done, words.say("line-pin-chosen"), "10:46:10"),
        line("1", "陈**", Sign::Done, Tone::Done, face(), "10:45:08"),
        line("2", "丁**", Sign::Done, Tone::Done, face(), "10:45:15"),
        line("5", "马**", Sign::Done, Tone::Done, face(), "10:45:31"),
        line("7", "唐**", Sign::Done, Tone::Done, face(), "10:45:40"),
        line("8", "王**", Sign::Done, Tone::Done, face(), "10:45:52"),
        line("11", "张**", Sign::Done, Tone::Done, face(), "10:46:31"),
        line("12", "赵**", Sign::Done, Tone::Done, face(), "10:46:40"),
    ]
}

fn movement(window: &MainWindow, words: &Words, step: MovementStep) {
    camera(window, words);
    window.global::<Nav<'_>>().set_page(Page::Movement);
    let movement = window.global::<Movement<'_>>();
    movement.set_step(step);
    movement.set_signed_in(signed_in(words));
    let hearing = words.put("out-reason", [("reason", "hearing")]);
    let out = words.put("movement-out-since", [("reason", &hearing), ("time", "09:10")]);
    movement.set_people(choices_of_people(words, words.say("movement-in-cell"), out));
    movement.set_name("王**".into());
    let signs = [
        ("interrogation", Sign::Interrogation),
        ("hearing", Sign::Hearing),
        ("hospital", Sign::Hospital),
        ("lawyer_meeting", Sign::Lawyer),
        ("clinic", Sign::Clinic),
        ("family_visit", Sign::Family),
        ("talk", Sign::Talk),
    ];
    movement.set_reasons(list(
        signs
            .iter()
            .map(|(reason, sign)| {
                choice(reason, *sign, words.put("out-reason", [("reason", reason)]), "".into())
            })
            .collect(),
    ));
    movement.set_checks(list(vec![
        choice("face", Sign::Face, words.say("movement-by-face"), "".into()),
        choice("pin", Sign::Pin, words.say("movement-by-pin"), "".into()),
        choice("officer", Sign::Officer, words.say("movement-by-officer"), "".into()),
    ]));
    let question = if step == MovementStep::Reason { "movement-reason" } else { "movement-check-out" };
    movement.set_question(words.put(question, [("name", "王**")]));
    if step == MovementStep::Check {
        movement.set_problem(words.say("pin-none"));
    }
    movement.set_read_back(words.put("movement-read-back-out", [("name", "王**")]));
    let check = words.say("movement-by-face");
    movement.set_read_back_detail(
        words.put("movement-read-back-detail-out", [("reason", &hearing), ("check", &check)]),
    );
    movement.set_confirm_word(words.say("movement-confirm-out"));
    movement.set_done(words.say("movement-done-out"));
    movement.set_expected(words.count("movement-expected-now", "expected", 1));
    movement.set_one_left(words.say("movement-one-left-detail"));
}

fn enrol(window: &MainWindow, words: &Words, step: EnrolStep) {
    camera(window, words);
    window.global::<Nav<'_>>().set_page(Page::Enrol);
    window.global::<Camera<'_>>().set_guidance(words.say("guide-left"));
    let enrol = window.global::<Enrol<'_>>();
    enrol.set_step(step);
    enrol.set_signed_in(signed_in(words));
    enrol.set_people(choices_of_people(words, words.say("enrol-has"), words.say("enrol-has-none")));
    enrol.set_name("王**".into());
    enrol.set_has_template(true);
    enrol.set_view(2);
    enrol.set_refused(words.say("enrol-too-alike"));
    enrol.set_refused_detail(words.say("enrol-too-alike-detail"));
    enrol.set_can_try_again(true);
}

fn pin_issue(window: &MainWindow, words: &Words, step: PinIssueStep) {
    window.global::<Nav<'_>>().set_page(Page::PinIssue);
    let pin_issue = window.global::<PinIssue<'_>>();
    pin_issue.set_step(step);
    pin_issue.set_signed_in(signed_in(words));
    pin_issue.set_people(choices_of_people(words, words.say("pin-has"), words.say("pin-has-none")));
    pin_issue.set_name("王**".into());
}

fn pin_issue_pictures(window: &MainWindow, words: &Words) {
    pin_issue(window, words, PinIssueStep::First);
    testing::click(window, "pin-style");
    testing::click(window, "key-5");
}

fn my_record(window: &MainWindow, words: &Words, step: MyRecordStep) {
    camera(window, words);
    window.global::<Nav<'_>>().set_page(Page::MyRecord);
    let record = window.global::<MyRecord<'_>>();
    record.set_step(step);
    record.set_people(choices_of_people(words, "".into(), "".into()));
    let at =
        |day, hour, minute| words.0.date_time(jiff::civil::date(2026, 11, day).at(hour, minute, 0, 0)).into();
    let mut lines: Vec<RecordLine> = (10..22)
        .rev()
        .map(|day| RecordLine {
            sign: Sign::RollCall,
            title: words.say("record-used"),
            when: at(day, 10, 46),
        })
        .collect();
    lines.insert(1, RecordLine { sign: Sign::Face, title: words.say("record-made"), when: at(21, 9, 5) });
    lines.insert(
        2,
        RecordLine {
            sign: Sign::Erase,
            title: words.put("record-erased", [("cause", "enrolled_again")]),
            when: at(21, 9, 4),
        },
    );
    record.set_lines(list(lines));
}

fn device(window: &MainWindow, words: &Words) {
    window.global::<Nav<'_>>().set_page(Page::Device);
    let line = |title: &str, value: SharedString, good| DeviceLine { title: words.say(title), value, good };
    let lane = |lane: &str, value| DeviceLine {
        title: words.put("device-lane", [("lane", lane)]),
        value,
        good: lane != "roll_call",
    };
    let waiting = Arg::from(2_i64);
    let span = Arg::from(words.0.span(1_270));
    let waits = words.0.format("device-lane-waiting", &[("count", waiting), ("span", span)]).into();
    window.global::<Device<'_>>().set_lines(list(vec![
        line("device-version", "0.1.0".into(), true),
        line("device-place", "018f3a5e-77aa-7c3e-9d5b-2f6f1f0c9b11".into(), true),
        line("device-certificate", "2027-05-21".into(), true),
        line("device-link", words.say("link-down"), false),
        line("device-clock", words.put("device-clock-behind", [("span", words.0.span(95).as_str())]), false),
        line("device-camera", words.put("device-camera-state", [("state", "working")]), true),
        lane("alarm", words.say("device-lane-empty")),
        lane("roll_call", waits),
        lane("care", words.say("device-lane-empty")),
    ]));
}

fn home_duty(window: &MainWindow, words: &Words) {
    home(window, words);
    let home = window.global::<Home<'_>>();
    home.set_duty_call(words.say("duty-call-short"));
    home.set_duty_call_detail(words.say("duty-call-detail"));
    window.global::<Nav<'_>>().set_duty_call(words.say("duty-call-short"));
}

/// A night turn of two, and the next two to come.
fn duty(window: &MainWindow, words: &Words, step: DutyStep) {
    camera(window, words);
    window.global::<Nav<'_>>().set_page(Page::Duty);
    let duty = window.global::<Duty<'_>>();
    duty.set_step(step);
    let span = |from: &str, to: &str| words.put("duty-span", [("from", from), ("to", to)]);
    duty.set_turn(format!("夜班二 {}", span("00:00", "02:00")).into());
    duty.set_count(words.put("duty-count", [("on", "2"), ("needed", "2")]));
    duty.set_state(words.say("duty-enough"));
    duty.set_steward(words.put("duty-steward", [("names", "孙**")]));
    duty.set_steward_detail(words.say("duty-steward-detail"));
    duty.set_can_be_unwell(true);
    let person = |id: &str, name: &str, from: &str, to: &str, word: &str, sign, tone| Person {
        id: id.into(),
        name: name.into(),
        badge: span(from, to),
        word: words.say(word),
        sign,
        tone,
        current: false,
        enabled: tone != Tone::Done && tone != Tone::Quiet,
    };
    duty.set_people(if step == DutyStep::Who {
        choices_of_people(words, "".into(), "".into())
    } else {
        list(vec![
            person("1", "王**", "00:00", "02:00", "duty-place-on", Sign::Done, Tone::Done),
            person("2", "李**", "00:00", "02:00", "duty-place-handover", Sign::Next, Tone::Action),
            person("3", "赵**", "00:00", "02:00", "duty-place-left", Sign::Out, Tone::Quiet),
            person("4", "杨**", "02:00", "04:00", "duty-place-planned", Sign::Touch, Tone::Wait),
            person("5", "孙**", "02:00", "04:00", "duty-replaces", Sign::Touch, Tone::Wait),
        ])
    });
    let line = |day, from: &str, to: &str, title: &str, people: &str| DutyLine {
        when: format!("{} {}", words.0.date(jiff::civil::date(2026, 11, day)), span(from, to)).into(),
        title: title.into(),
        people: people.into(),
    };
    duty.set_lines(list(
        (22..29)
            .flat_map(|day| {
                [
                    line(day, "00:00", "02:00", "夜班二", "孙** 马**"),
                    line(day, "12:00", "14:30", "午休班", "王** 李**"),
                    line(day, "22:00", "00:00", "夜班一", "赵** 杨**"),
                ]
            })
            .collect(),
    ));
    let remarks = ["well", "unwell", "dispute", "broken", "noise", "officer"];
    let signs = [Sign::DoneCircle, Sign::Care, Sign::Talk, Sign::Requests, Sign::Sound, Sign::Officer];
    let remark = |(id, sign): (&str, _)| choice(id, sign, words.say(&format!("duty-remark-{id}")), "".into());
    duty.set_choices(list(remarks.into_iter().zip(signs).map(remark).collect()));
    duty.set_question(words.say(if step == DutyStep::Who { "duty-mine-who" } else { "duty-remark" }));
    duty.set_name("王**".into());
    duty.set_ask(words.say("duty-ask-sign-on"));
    if step == DutyStep::Pin {
        duty.set_problem(words.count("pin-wrong", "left", 4));
    }
    duty.set_done(words.say("duty-done-sign-on"));
    duty.set_done_detail(words.say("duty-done-sign-on-detail"));
}

fn duty_short(window: &MainWindow, words: &Words) {
    duty(window, words, DutyStep::Today);
    let duty = window.global::<Duty<'_>>();
    duty.set_enough(false);
    duty.set_count(words.put("duty-count", [("on", "1"), ("needed", "2")]));
    duty.set_state(words.put("duty-short", [("missing", "1")]));
    duty.set_notes(list(vec![words.say("duty-as-of"), words.say("duty-repeated")]));
    window.global::<Nav<'_>>().set_duty_call(words.say("duty-call-short"));
}

fn duty_none(window: &MainWindow, words: &Words) {
    duty(window, words, DutyStep::Today);
    let duty = window.global::<Duty<'_>>();
    duty.set_people(list(Vec::new()));
    duty.set_count("".into());
    duty.set_state(words.say("duty-none-now"));
    duty.set_turn(words.put("duty-next", [("time", "12:00"), ("title", "午休班")]));
    duty.set_can_be_unwell(false);
    duty.set_steward(words.say("duty-steward-none"));
}

fn duty_matters(window: &MainWindow, words: &Words) {
    duty(window, words, DutyStep::Choose);
    let duty = window.global::<Duty<'_>>();
    duty.set_signed_in(signed_in(words));
    duty.set_question("".into());
    let matter = |id: &str, kind: &str, sign, time: &str| {
        let title = words.put("duty-matter", [("kind", kind), ("name", "王小明"), ("other", "李志强")]);
        choice(id, sign, title, words.put("duty-matter-since", [("time", time)]))
    };
    duty.set_choices(list(vec![
        matter("1", "unwell", Sign::Care, "01:32"),
        matter("2", "too_few", Sign::Warning, "00:12"),
        matter("3", "swap", Sign::Again, "21:40"),
        matter("4", "handover", Sign::Next, "00:01"),
        matter("5", "no_handover", Sign::Warning, "22:02"),
        matter("6", "unconfirmed", Sign::Warning, "21:12"),
        matter("7", "nobody", Sign::Warning, "20:02"),
    ]));
}

fn my_record_shielded(window: &MainWindow, words: &Words) {
    my_record(window, words, MyRecordStep::List);
    window.global::<MyRecord<'_>>().set_shielded(true);
}

fn alarm(window: &MainWindow, words: &Words) {
    home(window, words);
    let alarm = window.global::<Alarm<'_>>();
    alarm.set_large(true);
    alarm.set_title(words.put("alarm-raised-at", [("time", "10:32")]));
    alarm.set_state(words.say("alarm-answered"));
    alarm.set_detail(words.say("alarm-answered-detail"));
    alarm.set_can_say_fine(true);
    let step = |id: &str, time: &str| ReceiptStep {
        done: !time.is_empty(),
        title: words.say(id),
        detail: time.into(),
    };
    alarm.set_steps(list(vec![
        step("alarm-step-raised", "10:32"),
        step("alarm-step-uploaded", "10:32"),
        step("alarm-step-acknowledged", "10:33"),
        step("alarm-step-coming", ""),
        step("alarm-step-closed", ""),
    ]));
    alarm.set_report_state(words.say("report-calling"));
}

fn requests(window: &MainWindow, words: &Words) {
    home(window, words);
    window.global::<Nav<'_>>().set_page(Page::Requests);
    let choice = |id: &str, sign: Sign, detail: SharedString| Choice {
        id: id.into(),
        sign,
        title: words.put("request-item", [("item", id)]),
        detail,
        enabled: true,
    };
    let at = [("time", "10:32")];
    window.global::<Requests<'_>>().set_items(list(vec![
        choice("water", Sign::Water, words.put("request-accepted", at)),
        choice("toilet_paper", Sign::Roll, words.put("request-uploaded", at)),
        choice("bedding", Sign::Bedding, SharedString::default()),
        choice("pen", Sign::Pen, words.say("delivery-saved")),
        choice("paper", Sign::Paper, words.put("request-done", at)),
        choice("light", Sign::Light, words.put("request-done", at)),
        choice("plumbing", Sign::Plumbing, SharedString::default()),
        choice("repair", Sign::Requests, SharedString::default()),
    ]));
}
