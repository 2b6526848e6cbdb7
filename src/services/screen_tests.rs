// SPDX-License-Identifier: GPL-3.0-only
//! The window as a person finds it: a scene is shown headless, and read back by accessible id.

use crate::alarm;
use crate::pin::Pin;
use crate::roll_call::{self, Current, LineView, Place as Stands};
use crate::scene::{
    EnrolPage, EnrolRefusal, Eye, Flash, Guide, Idle, Link, Menu, MovementPage, PersonLine, PinIssuePage,
    Place, RecordPage, ReviewPage, RollCallPage, Scene, Touch,
};
use crate::screen::{fill, show, wire};
use crate::session::{OfficerLine, Record, Second, TemplateUse, Who};
use crate::{Refusal, cell, session};
use contract::{
    BootId, CallId, CameraState, CheckReason, DetaineeId, FacilityKind, How, IdentityCheck, OfficerId,
    OfficerRole, Out, OutReason, Outcome, Phase, RollCallTask, ScheduleKind, Stamp, Text, Total, Trust,
    Verdict,
};
use i18n::{Catalogue, Lang};
use slint::{ComponentHandle, FilterModel, Model, ModelRc, VecModel};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use store::Delivery;
use ui::{MainWindow, testing};

/// 22 November 2026, 10:32 at a facility eight hours ahead of UTC.
const NOW_MS: i64 = 1_795_314_720_000;
const NAMES: [&str; 12] = [
    "陈大勇",
    "丁建军",
    "韩明",
    "刘志强",
    "马超",
    "孙立平",
    "唐海波",
    "王小明",
    "吴刚",
    "杨光",
    "张伟",
    "赵晓东",
];

fn stamp(minutes_ago: i64) -> Stamp {
    let ago_ms = minutes_ago * 60_000;
    Stamp {
        boot: BootId(uuid::Uuid::nil()),
        mono_ms: 9_000_000 - ago_ms,
        wall_ms: NOW_MS - ago_ms,
        trust: Trust::Synced,
    }
}

fn officer(name: &str) -> OfficerLine {
    OfficerLine { id: OfficerId::fresh(), name: name.to_owned(), role: OfficerRole::DutyOfficer }
}

fn signed_in() -> Who {
    Who::Officer { officer: officer("周建国"), vouched_by: None, second: Second::None }
}

/// A quiet morning: twelve people, everything works, nobody at the screen.
fn quiet() -> Scene {
    let people = NAMES.iter().enumerate().map(|(index, name)| PersonLine {
        id: DetaineeId::fresh(),
        name: cell::masked(name),
        initial: name.chars().take(1).collect(),
        badge_number: format!("03{:02}", index + 1),
        out: None,
        enrolled: true,
        has_pin: true,
    });
    let line = |minute, kind, title: &str, detail: &str, begins_in_min| cell::DayLine {
        minute,
        kind,
        title: title.to_owned(),
        detail: detail.to_owned(),
        begins_in_min,
    };
    Scene {
        now: stamp(0),
        place: Place::Home,
        link: Link::Online,
        cell: cell::View {
            facility: "示范看守所".to_owned(),
            kind: FacilityKind::DetentionCentre,
            block: "三监区".to_owned(),
            cell: "305室".to_owned(),
            utc_offset_min: Some(480),
            day: vec![
                line(540, ScheduleKind::Lesson, "学习", "监规", None),
                line(645, ScheduleKind::RollCall, "点名", "", Some(13)),
                line(690, ScheduleKind::Meal, "午餐", "米饭 炖白菜 鸡蛋", Some(58)),
                line(840, ScheduleKind::Lesson, "法治讲堂", "第 6 讲，40 分钟", Some(208)),
            ],
            assigned: 12,
            out: 0,
        },
        roll_call: None,
        next_task: Some(RollCallTask {
            call: CallId::fresh(),
            title: Text::new("晨间点名"),
            opens_ms: NOW_MS + 13 * 60_000,
            expires_ms: NOW_MS + 60 * 60_000,
            cancelled: false,
        }),
        who: Who::Nobody,
        officers: Vec::new(),
        people: people.collect(),
        record: None,
        alarm: None,
        alarm_small: false,
        eye: Eye { camera: CameraState::Working, models: true, guide: Some(Guide::Closer) },
        refusal: None,
        fault: false,
        flash: None,
        idle: Idle::Touched,
        quiet: false,
    }
}

fn face() -> Outcome {
    let model = Text::new("m");
    Outcome::Present(How::Face { score: 0.7, liveness: None, challenged: false, model })
}

/// The eighth is called; every other state a line can have is on some line.
fn calling() -> Scene {
    let mut scene = quiet();
    let by = OfficerId::fresh();
    let outcomes = [
        Some(face()),
        Some(face()),
        Some(Outcome::Present(How::Pin { chosen: true })),
        Some(Outcome::Out {
            out_reason: OutReason::LawyerMeeting,
            since_ms: NOW_MS - 27 * 60_000,
            officer: Some(by),
        }),
        Some(face()),
        None,
        Some(Outcome::NotSeen { officer: by, reason: Text::new("已调监室，名单未更新") }),
        None,
        None,
        Some(Outcome::Present(How::OfficerCheck { officer: by, reason: CheckReason::FaceChanged })),
        None,
        Some(Outcome::Present(How::Pin { chosen: false })),
    ];
    let lines = scene.people.iter().zip(outcomes).enumerate().map(|(index, (person, outcome))| LineView {
        detainee: person.id,
        name: person.name.clone(),
        initial: person.initial.clone(),
        badge_number: person.badge_number.clone(),
        place: match index {
            5 => Stands::CallAgain,
            10 => Stands::ForOfficer,
            _ if outcome.is_some() => Stands::Resolved,
            _ => Stands::Waiting,
        },
        called: index == 7,
        tries: if index == 5 { 3 } else { 1 },
        at: outcome.is_some().then(|| stamp(1)),
        outcome,
        late: false,
        enrolled: index != 10,
        asked: index == 10,
        exempt: None,
    });
    let call = roll_call::View {
        call: CallId::fresh(),
        title: "晨间点名".to_owned(),
        phase: Phase::Open,
        round: 1,
        opened: stamp(2),
        since: stamp(2),
        opens_in_s: None,
        total: Total { assigned: 12, out: 1, expected: 11, present: 6, not_seen: 1, extra: 0 },
        unresolved: 4,
        lines: lines.collect(),
        current: Some(Current {
            detainee: scene.people[7].id,
            name: scene.people[7].name.clone(),
            badge_number: "0308".to_owned(),
            seconds_left: 20,
            seconds: 30,
            face: true,
            has_pin: true,
            tries: 0,
        }),
        any_order: false,
        two_officers: false,
        extra: Vec::new(),
        strangers: 0,
        recounts: 0,
        delivery: None,
    };
    scene.cell.out = 1;
    scene.people[3].out =
        Some(Out { reason: OutReason::LawyerMeeting, since_ms: NOW_MS - 27 * 60_000, officer: Some(by) });
    scene.roll_call = Some(call);
    scene.place = Place::RollCall(RollCallPage::Follow);
    scene
}

/// The officer at the table: whole names, unresolved first.
fn review() -> Scene {
    let mut scene = calling();
    scene.who = signed_in();
    scene.place = Place::Review(ReviewPage::Table);
    for (person, name) in scene.people.iter_mut().zip(NAMES) {
        person.name = name.to_owned();
    }
    let people = scene.people.clone();
    let call = call(&mut scene);
    call.phase = Phase::Review;
    call.round = 2;
    call.current = None;
    for (line, person) in call.lines.iter_mut().zip(&people) {
        line.name = person.name.clone();
        line.called = false;
        if line.outcome.is_none() {
            line.place = Stands::ForOfficer;
        }
    }
    call.lines.sort_by_key(|line| line.outcome.is_some());
    scene
}

fn call(scene: &mut Scene) -> &mut roll_call::View {
    scene.roll_call.as_mut().unwrap()
}

fn shown(scene: &Scene, lang: Lang) -> MainWindow {
    let window = testing::open(1280, 800);
    ui::set_lang(&window, lang);
    show(&window, scene, Catalogue::of(lang));
    window
}

fn zh(scene: &Scene) -> MainWindow {
    shown(scene, Lang::ZhCn)
}

fn says(window: &MainWindow, id: &str) -> String {
    testing::label(window, id).unwrap_or_else(|| panic!("no {id} on the page"))
}

/// Everything a screen reader would read.
fn read_all(window: &MainWindow) -> String {
    testing::all(window)
        .iter()
        .filter_map(|e| e.accessible_label())
        .map(|label| format!("{label}\n"))
        .collect()
}

/// A window whose touches are kept.
fn touchable(scene: &Scene) -> (MainWindow, Rc<RefCell<Vec<Touch>>>) {
    let window = zh(scene);
    let touches = Rc::new(RefCell::new(Vec::new()));
    let kept = Rc::clone(&touches);
    wire(&window, move |touch| {
        if touch != Touch::Any {
            kept.borrow_mut().push(touch);
        }
    });
    (window, touches)
}

fn touched(scene: &Scene, id: &str) -> Vec<Touch> {
    let (window, touches) = touchable(scene);
    assert!(testing::click(&window, id), "{id} can be touched");
    touches.take()
}

#[test]
fn home_shows_the_day_and_eight_services_of_which_one_is_open() {
    let window = zh(&quiet());
    assert_eq!(says(&window, "clock"), "10:32");
    assert_eq!(says(&window, "page-title"), "三监区 305室");
    assert_eq!(says(&window, "link"), "已连接");
    assert_eq!(says(&window, "schedule-0"), "10:45 晨间点名, 还有 13 分钟");
    assert_eq!(says(&window, "schedule-1"), "09:00 学习, 监规");
    assert_eq!(says(&window, "schedule-2"), "11:30 午餐, 米饭 炖白菜 鸡蛋", "the same roll call stands once");
    let ids = ["care", "shop", "complaints", "education", "my-record", "duty", "requests", "notices"];
    let services = window.global::<ui::Home<'_>>().get_services();
    assert!(services.iter().map(|service| service.id).eq(ids));
    for id in ids {
        let tile = testing::find(&window, &format!("tile-{id}")).unwrap();
        assert_eq!(tile.accessible_enabled(), Some(id == "my-record"), "{id}");
        assert_eq!(says(&window, &format!("tile-{id}")).ends_with("尚未开通"), id != "my-record", "{id}");
    }
    assert!(testing::find(&window, "clock-unverified").is_none());
    assert!(testing::find(&window, "missing").is_none());
}

#[test]
fn a_clock_nobody_confirmed_carries_a_mark() {
    for trust in [Trust::Estimated, Trust::Unsynced] {
        let mut scene = quiet();
        scene.now.trust = trust;
        assert!(testing::find(&zh(&scene), "clock-unverified").is_some());
    }
    let mut scene = quiet();
    scene.cell.utc_offset_min = None;
    let window = zh(&scene);
    assert!(testing::find(&window, "clock-unverified").is_some());
    assert_eq!(says(&window, "clock"), "", "no time of day is invented");
}

#[test]
fn home_says_what_is_missing() {
    let mut scene = quiet();
    scene.eye = Eye { camera: CameraState::Missing, models: false, guide: None };
    scene.link = Link::NotEnrolled;
    scene.next_task = None;
    scene.cell.day.clear();
    let said = read_all(&zh(&scene));
    for words in ["摄像头不能用", "没有人脸模型", "尚未在平台登记", "平台还没有发来"]
    {
        assert!(said.contains(words), "{words} in {said}");
    }
}

#[test]
fn nobody_loses_their_tile_while_the_call_goes_on() {
    let scene = calling();
    let window = zh(&scene);
    let words = [
        "人脸",
        "人脸",
        "密码",
        "会见",
        "人脸",
        "再点",
        "未点到",
        "正在点",
        "等候",
        "民警",
        "待核验",
        "密码",
    ];
    for (person, word) in scene.people.iter().zip(words) {
        let tile = says(&window, &format!("person-{}", person.id));
        assert!(tile.starts_with(&person.initial) && tile.ends_with(word), "{tile}");
    }
    assert_eq!(says(&window, "called-name"), "王**");
    assert_eq!(says(&window, "count"), "应到 11 · 实到 6");
    assert_eq!(says(&window, "mirror"), "请靠近一点");
    let waiting = scene.people[8].id;
    assert_eq!(touched(&scene, &format!("person-{waiting}")), [Touch::Person(waiting)]);
    for index in [0, 3, 7] {
        let id = scene.people[index].id;
        assert!(!testing::click(&window, &format!("person-{id}")), "{index} has no turn to take");
    }
}

#[test]
fn the_cells_page_masks_names_even_with_an_officer_before_it() {
    let mut scene = review();
    for page in [RollCallPage::Follow, RollCallPage::ChooseSelf, RollCallPage::Pin(scene.people[7].id)] {
        scene.place = Place::RollCall(page);
        call(&mut scene).phase = Phase::Open;
        let said = read_all(&zh(&scene));
        assert!(NAMES.iter().all(|name| !said.contains(name)), "{said}");
    }
}

#[test]
fn a_wrong_pin_says_how_many_tries_are_left() {
    let mut scene = calling();
    scene.place = Place::RollCall(RollCallPage::Pin(scene.people[7].id));
    scene.refusal = Some(Refusal::Session(session::Refusal::WrongPin { tries_left: 2 }));
    assert_eq!(says(&zh(&scene), "pin-problem"), "密码不对，还可以试 2 次");
    assert_eq!(says(&shown(&scene, Lang::En), "pin-problem"), "Wrong PIN. 2 more tries");
}

#[test]
fn while_one_must_wait_the_pad_takes_nothing_and_says_how_long() {
    let wait = Some(Refusal::Session(session::Refusal::Wait { seconds: 28 }));
    let (mut in_call, mut at_card, mut own) = (calling(), quiet(), quiet());
    in_call.place = Place::RollCall(RollCallPage::Pin(in_call.people[7].id));
    at_card.place = Place::Officer;
    at_card.who = Who::CardShown(officer("周建国"));
    own.place = Place::MyRecord(RecordPage::Pin);
    for mut scene in [in_call, at_card, own] {
        assert!(testing::click(&zh(&scene), "key-1"));
        scene.refusal = wait;
        let window = zh(&scene);
        assert!(says(&window, "pin-problem").contains("28"));
        assert!(!testing::click(&window, "key-1"));
        assert!(testing::find(&window, "notice").is_none(), "said once");
    }
}

#[test]
fn a_short_or_a_long_pin_can_be_handed_over() {
    let mut scene = calling();
    scene.place = Place::RollCall(RollCallPage::Pin(scene.people[7].id));
    for digits in ["2580", "25802580"] {
        let (window, touches) = touchable(&scene);
        for digit in digits.chars() {
            assert!(testing::click(&window, &format!("key-{digit}")));
        }
        assert!(testing::click(&window, "key-enter"));
        assert_eq!(touches.take(), [Touch::Pin(zeroize::Zeroizing::new(digits.to_owned()))]);
    }
}

#[test]
fn a_refusal_without_a_place_on_the_page_is_said_above_the_foot() {
    let mut scene = review();
    scene.refusal = Some(Refusal::RollCall(roll_call::Refusal::IsOut));
    assert_eq!(says(&zh(&scene), "notice"), "已经带出");
}

#[test]
fn whoever_may_not_use_the_camera_is_told_why_and_not_mirrored() {
    let mut scene = calling();
    let current = |scene: &mut Scene, tries| {
        let call = call(scene);
        let current = call.current.as_mut().unwrap();
        (current.face, current.tries) = (false, tries);
    };
    current(&mut scene, 3);
    assert!(says(&zh(&scene), "note").starts_with("没有认出来"));
    current(&mut scene, 0);
    let window = zh(&scene);
    assert!(says(&window, "note").contains("不需要理由"), "a choice needs no reason and gets no comment");
    assert!(!window.global::<ui::Camera<'_>>().get_working());
    call(&mut scene).lines[7].enrolled = false;
    assert!(says(&zh(&scene), "note").starts_with("未登记人脸"));
    scene.eye.camera = CameraState::Covered;
    let window = zh(&scene);
    assert_eq!(says(&window, "note"), "摄像头被挡住");
    assert!(says(&window, "mirror").contains("民警核验"));
}

#[test]
fn every_phase_and_flash_has_its_page() {
    let mut scene = calling();
    call(&mut scene).phase = Phase::Announced;
    call(&mut scene).opens_in_s = Some(45);
    assert_eq!(says(&zh(&scene), "countdown"), "0:45");
    call(&mut scene).phase = Phase::SecondRound;
    assert!(testing::find(&zh(&scene), "second-round").is_some());
    scene.flash = Some(Flash::Seen { name: "王**".to_owned() });
    assert_eq!(says(&zh(&scene), "answer"), "王** 点到");
    scene.flash = Some(Flash::ForOfficer { name: "王**".to_owned() });
    assert!(says(&zh(&scene), "answer").starts_with("等民警核验"));
    scene.flash = None;
    call(&mut scene).phase = Phase::Review;
    let window = zh(&scene);
    assert!(says(&window, "answer").contains("4 人等民警核验"));
    assert!(testing::find(&window, "officer").is_some(), "an officer without a card has a way");
    for phase in [Phase::Confirmed, Phase::Delivered] {
        call(&mut scene).phase = phase;
        assert!(says(&zh(&scene), "answer").starts_with("点名结束"));
    }
}

#[test]
fn the_review_shows_the_unresolved_first_and_why() {
    let mut scene = review();
    call(&mut scene).strangers = 2;
    let window = zh(&scene);
    let lines = window.global::<ui::Review<'_>>().get_lines();
    let how: Vec<String> = lines.iter().take(5).map(|line| format!("{} {}", line.name, line.how)).collect();
    assert_eq!(how[0], "孙立平 没有认出来");
    assert_eq!(how[3], "张伟 没有认出来");
    assert_eq!(how[4], " 名单外的人站到屏前 2 次");
    assert_eq!(says(&window, "present-of-expected"), "6 / 11");
    assert_eq!(says(&window, "by-face"), "人脸 3");
    assert_eq!(says(&window, "sign"), "确认并签名, 先处理 4 人");
    assert!(!testing::click(&window, "sign"));
    let sun = scene.people[5].id;
    assert_eq!(touched(&scene, &format!("here-{sun}")), [Touch::Here(sun)]);
    assert_eq!(touched(&scene, &format!("not-here-{sun}")), [Touch::NotHere(sun)]);
}

#[test]
fn an_unresolved_line_says_only_what_is_certain() {
    let mut scene = review();
    let mut how = |change: fn(&mut LineView)| {
        let line = &mut call(&mut scene).lines[0];
        (line.tries, line.asked, line.enrolled, line.exempt) = (0, false, true, None);
        change(line);
        let window = zh(&scene);
        window.global::<ui::Review<'_>>().get_lines().row_data(0).unwrap().how.to_string()
    };
    assert_eq!(how(|_| {}), "没有到屏前");
    assert_eq!(how(|line| line.tries = 3), "没有认出来");
    assert_eq!(how(|line| line.asked = true), "本人要求民警核验");
    assert_eq!(how(|line| line.enrolled = false), "未登记人脸");
    assert_eq!(how(|line| line.exempt = Some("卧床".to_owned())), "免点 卧床");
}

#[test]
fn a_stored_reason_is_read_in_the_language_of_the_screen() {
    let window = shown(&review(), Lang::En);
    let lines = window.global::<ui::Review<'_>>().get_lines();
    assert!(lines.iter().any(|line| line.how == "Not seen: Transferred; roster is late"));
}

#[test]
fn the_second_officer_is_asked_for_before_the_signature() {
    let mut scene = review();
    scene.place = Place::Review(ReviewPage::ReadBack);
    call(&mut scene).unresolved = 0;
    call(&mut scene).two_officers = true;
    assert!(!testing::click(&zh(&scene), "sign-confirmed"));
    scene.who = Who::Officer {
        officer: officer("周建国"),
        vouched_by: None,
        second: Second::Confirmed(officer("吴敏")),
    };
    assert_eq!(says(&zh(&scene), "first-signature"), "吴** 已签名");
    assert_eq!(touched(&scene, "sign-confirmed"), [Touch::Confirmed]);
}

#[test]
fn uploaded_is_said_only_with_the_platforms_yes() {
    let code = Text::new("unknown_call");
    let delivered = |verdict| Delivery::Delivered { at_ms: NOW_MS, verdict };
    let cases = [
        (Delivery::Saved, "发送中 等平台回执", false),
        (Delivery::Kept, "没有上传成功 内容还在本机，请告诉管理员", false),
        (delivered(Verdict::Accepted), "已上传平台 10:32 ", true),
        (delivered(Verdict::Duplicate), "已上传平台 10:32 ", true),
        (delivered(Verdict::Parked { code: code.clone() }), "已上传平台 10:32 平台等人工处理", true),
        (delivered(Verdict::Rejected { code }), "平台没有接受 10:32 内容还在本机，请告诉管理员", false),
        (delivered(Verdict::Retry { after_s: 5 }), "发送中 等平台回执", false),
        (delivered(Verdict::Fork), "没有上传成功 内容还在本机，请告诉管理员", false),
    ];
    for (delivery, words, done) in cases {
        let mut scene = review();
        scene.place = Place::Review(ReviewPage::Receipt);
        call(&mut scene).phase = Phase::Confirmed;
        call(&mut scene).delivery = Some(delivery);
        let window = zh(&scene);
        assert_eq!(says(&window, "receipt-0"), "已保存 10:30 断电也不会丢");
        assert_eq!(says(&window, "receipt-1"), words);
        let steps = window.global::<ui::Review<'_>>().get_receipt();
        assert_eq!(steps.row_data(1).unwrap().done, done, "{words}");
    }
    for link in [Link::Offline, Link::NotEnrolled, Link::Refused] {
        let mut scene = review();
        scene.place = Place::Review(ReviewPage::Receipt);
        scene.link = link;
        call(&mut scene).delivery = Some(Delivery::Saved);
        assert!(says(&zh(&scene), "receipt-1").starts_with("上传平台"));
    }
}

#[test]
fn the_alarm_says_where_it_has_got_to_and_covers_nothing_once_small() {
    let mut scene = quiet();
    scene.alarm = Some(alarm::View { raised: stamp(0), delivery: Delivery::Saved });
    assert_eq!(says(&zh(&scene), "alarm-state"), "报警已触发 10:32, 正在发送, 平台还没有收到，本机一直在发");
    scene.link = Link::Offline;
    assert!(says(&zh(&scene), "alarm-state").ends_with("请同时按墙上报警"));
    let delivered = |verdict| Delivery::Delivered { at_ms: NOW_MS, verdict };
    scene.alarm = Some(alarm::View { raised: stamp(0), delivery: delivered(Verdict::Accepted) });
    assert!(says(&zh(&scene), "alarm-state").contains("已上传平台 10:32"));
    scene.alarm = Some(alarm::View {
        raised: stamp(0),
        delivery: delivered(Verdict::Rejected { code: Text::new("x") }),
    });
    assert!(says(&zh(&scene), "alarm-state").contains("平台没有接收"));
    scene.alarm_small = true;
    let window = zh(&scene);
    assert!(testing::find(&window, "alarm-state").is_none());
    assert_eq!(window.global::<ui::Alarm<'_>>().get_state(), "平台没有接收");
    assert_eq!(touched(&scene, "officer"), [Touch::Officer]);
}

#[test]
fn an_officer_is_led_from_card_to_menu() {
    let mut scene = quiet();
    scene.place = Place::Officer;
    scene.refusal = Some(Refusal::Session(session::Refusal::UnknownCard));
    let window = zh(&scene);
    assert_eq!(says(&window, "problem"), "这张卡不属于本监区");
    assert!(testing::find(&window, "lost-card").is_some());
    scene.refusal = None;
    scene.who = Who::CardShown(officer("周建国"));
    assert_eq!(says(&zh(&scene), "officer-name"), "周**");
    scene.who = Who::WithoutCard(officer("周建国"));
    let window = zh(&scene);
    assert_eq!(says(&window, "page-title"), "请另一位民警确认身份");
    assert!(testing::find(&window, "lost-card").is_none());
    scene.who = Who::Voucher { officer: officer("周建国"), voucher: officer("吴敏") };
    assert_eq!(says(&zh(&scene), "officer-name"), "吴**");
    scene.place = Place::OfficerChoose;
    scene.officers = vec![officer("周建国"), officer("周海")];
    let chosen = scene.officers[1].id;
    assert_eq!(touched(&scene, &format!("choice-{chosen}")), [Touch::OfficerChosen(chosen)]);
    scene.place = Place::Officer;
    scene.who = signed_in();
    let window = zh(&scene);
    assert_eq!(says(&window, "signed-in"), "民警 周** 已登录");
    let menu = window.global::<ui::Officer<'_>>().get_menu();
    assert!(menu.iter().map(|entry| entry.id).eq(scene.menu().map(Menu::name)));
    assert_eq!(touched(&scene, "choice-movement"), [Touch::Menu(Menu::Movement)]);
}

#[test]
fn a_movement_is_read_back_in_full() {
    let mut scene = review();
    let (wang, liu) = (scene.people[7].id, scene.people[3].id);
    let reason = Some(OutReason::Hearing);
    let checked = IdentityCheck::Pin;
    scene.place = Place::Movement(MovementPage::People);
    assert!(says(&zh(&scene), &format!("person-{liu}")).ends_with("律师会见 10:05"));
    scene.place = Place::Movement(MovementPage::Reason(wang));
    assert_eq!(touched(&scene, "choice-hearing"), [Touch::Reason("hearing".to_owned())]);
    scene.people[7].has_pin = false;
    scene.place = Place::Movement(MovementPage::Check { detainee: wang, reason });
    let window = zh(&scene);
    assert!(!testing::click(&window, "choice-pin"), "there is none to enter");
    assert_eq!(touched(&scene, "choice-officer"), [Touch::Check(IdentityCheck::Officer)]);
    scene.place = Place::Movement(MovementPage::ReadBack { detainee: wang, reason, checked });
    assert_eq!(says(&zh(&scene), "read-back"), "带出 王小明 开庭，密码");
    scene.place = Place::Movement(MovementPage::ReadBack { detainee: liu, reason: None, checked });
    assert_eq!(says(&zh(&scene), "read-back"), "带回 刘志强 律师会见，10:05 带出，密码");
    scene.place = Place::Movement(MovementPage::Done { detainee: wang, reason });
    scene.cell.out = 11;
    let window = zh(&scene);
    assert_eq!(says(&window, "expected"), "应到 1 人");
    assert!(says(&window, "one-left").ends_with("巡控室会收到提醒"));
}

#[test]
fn a_person_reads_their_own_record_and_a_page_left_behind_keeps_nothing() {
    let mut scene = quiet();
    scene.place = Place::MyRecord(RecordPage::List);
    scene.who = Who::Detainee(scene.people[7].id);
    let used = |minutes, matched| TemplateUse { at: stamp(minutes), matched };
    scene.record =
        Some(Record { made: Some(stamp(60)), uses: vec![used(1, true), used(2, false), used(90, true)] });
    let window = zh(&scene);
    assert_eq!(says(&window, "record-0"), "点名使用, 11月22日 10:31");
    assert_eq!(says(&window, "record-1"), "点名使用，没有认出来, 11月22日 10:30");
    assert_eq!(says(&window, "record-2"), "登记, 11月22日 09:32");
    scene.idle = Idle::Asked { clears_in_s: 30 };
    show(&window, &scene, Catalogue::of(Lang::ZhCn));
    assert!(testing::find(&window, "record-0").is_none());
    assert!(window.global::<ui::Nav<'_>>().get_still_there().contains("30"));
    show(&window, &quiet(), Catalogue::of(Lang::ZhCn));
    assert_eq!(window.global::<ui::MyRecord<'_>>().get_lines().row_count(), 0);
    show(&window, &review(), Catalogue::of(Lang::ZhCn));
    assert!(window.global::<ui::Review<'_>>().get_lines().row_count() > 0);
    show(&window, &quiet(), Catalogue::of(Lang::ZhCn));
    assert_eq!(window.global::<ui::Review<'_>>().get_lines().row_count(), 0);
}

#[test]
fn an_unchanged_row_is_not_told_as_changed() {
    let asked = Rc::new(Cell::new(0));
    let rows = Rc::new(VecModel::from(vec!["a", "b", "c"]));
    let counted = Rc::clone(&asked);
    let watcher = FilterModel::new(ModelRc::from(Rc::clone(&rows)), move |_: &&str| {
        counted.set(counted.get() + 1);
        true
    });
    assert_eq!(watcher.row_count(), 3);
    asked.set(0);
    let wanted =
        |wanted: &[&'static str]| fill(ModelRc::from(Rc::clone(&rows)), wanted.to_vec(), |_| panic!("kept"));
    wanted(&["a", "b", "c"]);
    assert_eq!(asked.get(), 0);
    wanted(&["a", "x", "c", "d"]);
    assert_eq!(asked.get(), 2);
    wanted(&["a"]);
    assert!(rows.iter().eq(["a"]));
}

#[test]
fn what_cannot_be_read_is_no_touch() {
    let (window, touches) = touchable(&quiet());
    for id in ["", "王小明", "00000000", "my-record-2"] {
        window.global::<ui::Home<'_>>().invoke_open(id.into());
        window.global::<ui::RollCall<'_>>().invoke_person_chosen(id.into());
        window.global::<ui::Officer<'_>>().invoke_officer_chosen(id.into());
        window.global::<ui::Officer<'_>>().invoke_menu_chosen(id.into());
        window.global::<ui::Review<'_>>().invoke_here(id.into());
        window.global::<ui::Review<'_>>().invoke_reason_chosen(id.into());
        window.global::<ui::Movement<'_>>().invoke_check_chosen(id.into());
        window.global::<ui::Movement<'_>>().invoke_reason_chosen(id.into());
    }
    assert!(touches.borrow().is_empty());
    assert_eq!(touched(&quiet(), "tile-my-record"), [Touch::MyRecord]);
    assert_eq!(touched(&calling(), "use-pin"), [Touch::UsePin]);
    assert_eq!(touched(&calling(), "use-officer"), [Touch::UseOfficer]);
}

fn refusals() -> Vec<Refusal> {
    use {cell::Refusal as C, roll_call::Refusal as R, session::Refusal as S};
    let cell = [C::NotOfThisCell, C::AlreadyOut, C::NotOut].map(Refusal::Cell);
    let session = [
        S::NotOfThisCell,
        S::UnknownCard,
        S::UnknownOfficer,
        S::NoPin,
        S::ObviousPin,
        S::WrongPin { tries_left: 1 },
        S::Wait { seconds: 30 },
        S::NoTemplate,
    ]
    .map(Refusal::Session);
    let roll_call = [
        R::Running,
        R::NotNow,
        R::NotOnRoster,
        R::NotYourTurn,
        R::AlreadyResolved,
        R::IsOut,
        R::Unresolved { lines: 1 },
        R::ReasonMissing,
        R::SecondOfficerMissing,
        R::SameOfficer,
        R::TooMany,
    ]
    .map(Refusal::RollCall);
    [Refusal::OfficerOnly].into_iter().chain(cell).chain(session).chain(roll_call).collect()
}

const GUIDES: [Guide; 17] = [
    Guide::ComeBefore,
    Guide::Closer,
    Guide::Back,
    Guide::ToTheMiddle,
    Guide::OneAtATime,
    Guide::MoreLight,
    Guide::LessLight,
    Guide::HoldStill,
    Guide::LookHere,
    Guide::HeadUpright,
    Guide::Uncover,
    Guide::Holding,
    Guide::TurnLeft,
    Guide::TurnRight,
    Guide::LookUp,
    Guide::LookAhead,
    Guide::TryAgain,
];

/// Every page in every state this crate can put on it.
fn places(scene: &Scene) -> Vec<Place> {
    let who = scene.people[7].id;
    let reason = Some(OutReason::Hospital);
    let checked = IdentityCheck::Face;
    let mut places = vec![Place::Home, Place::Officer, Place::OfficerChoose];
    let (own, table) = (RollCallPage::Pin(who), ReviewPage::Table);
    places.extend([RollCallPage::Follow, RollCallPage::ChooseSelf, own].map(Place::RollCall));
    let asked =
        [ReviewPage::Present(who), ReviewPage::NotSeen(who), ReviewPage::Extra, ReviewPage::LateReason(who)];
    places.extend(asked.map(Place::Review));
    let ends = [ReviewPage::Recount, ReviewPage::ReadBack, ReviewPage::Receipt, ReviewPage::Late, table];
    places.extend(ends.map(Place::Review));
    for reason in [reason, None] {
        let detainee = who;
        places.extend(
            [
                MovementPage::People,
                MovementPage::Reason(who),
                MovementPage::Check { detainee, reason },
                MovementPage::Mirror { detainee, reason },
                MovementPage::Pin { detainee, reason },
                MovementPage::ReadBack { detainee, reason, checked },
                MovementPage::Done { detainee, reason },
            ]
            .map(Place::Movement),
        );
    }
    let refused = |why| EnrolPage::Refused { detainee: who, why };
    places.extend(
        [
            EnrolPage::People,
            EnrolPage::Consent(who),
            EnrolPage::Mirror { detainee: who, view: 2 },
            EnrolPage::Done(who),
            refused(EnrolRefusal::TooAlike),
            refused(EnrolRefusal::NotOnePerson),
            refused(EnrolRefusal::TookTooLong),
            refused(EnrolRefusal::NoCamera),
        ]
        .map(Place::Enrol),
    );
    let again = PinIssuePage::Again(who, Pin::parse("258025").unwrap());
    let (first, differed) = (PinIssuePage::First(who), PinIssuePage::Differed(who));
    places
        .extend([PinIssuePage::People, first, again, differed, PinIssuePage::Done(who)].map(Place::PinIssue));
    places.extend([RecordPage::People, RecordPage::Pin, RecordPage::List].map(Place::MyRecord));
    places
}

#[test]
fn every_refusal_and_every_guide_has_its_own_words_in_every_language() {
    for lang in Lang::all() {
        let mut scene = review();
        let window = shown(&scene, *lang);
        let mut said = std::collections::BTreeSet::new();
        for refusal in refusals() {
            scene.refusal = Some(refusal);
            show(&window, &scene, Catalogue::of(*lang));
            said.insert(says(&window, "notice"));
        }
        // Two services know the same "not of this cell".
        assert_eq!(said.len(), refusals().len() - 1);
        let mut guidance = std::collections::BTreeSet::new();
        for guide in GUIDES {
            scene.eye.guide = Some(guide);
            show(&window, &scene, Catalogue::of(*lang));
            guidance.insert(window.global::<ui::Camera<'_>>().get_guidance());
        }
        assert_eq!(guidance.len(), GUIDES.len());
    }
    assert_eq!(i18n::missing(), 0);
}

#[test]
fn no_page_lacks_a_text_in_any_language() {
    for lang in Lang::all() {
        let mut scene = review();
        call(&mut scene).extra = vec![contract::ExtraPerson {
            at: stamp(0),
            officer: OfficerId::fresh(),
            note: Text::new("工作人员"),
        }];
        let window = shown(&scene, *lang);
        for place in places(&scene) {
            scene.place = place;
            show(&window, &scene, Catalogue::of(*lang));
            let said = read_all(&window);
            assert!(!said.contains('⟨'), "{:?}: {said}", scene.place);
        }
        for camera in
            [CameraState::Covered, CameraState::Stalled, CameraState::Unplugged, CameraState::Missing]
        {
            scene.eye.camera = camera;
            show(&window, &scene, Catalogue::of(*lang));
        }
        for link in [Link::Online, Link::Offline, Link::NotEnrolled, Link::Refused] {
            scene.link = link;
            show(&window, &scene, Catalogue::of(*lang));
        }
    }
    assert_eq!(i18n::missing(), 0);
}

// THROWAWAY
#[test]
fn pictures() {
    let Some(dir) = std::env::var_os("SHOT_DIR") else { return };
    let dir = std::path::PathBuf::from(dir);
    let save = |name: &str, window: &MainWindow| {
        let shot = testing::snapshot(window);
        let mut out = format!("P6\n{} {}\n255\n", shot.width(), shot.height()).into_bytes();
        for p in shot.as_slice() {
            out.extend([p.r, p.g, p.b]);
        }
        std::fs::write(dir.join(format!("{name}.ppm")), out).unwrap();
    };
    for lang in [Lang::ZhCn, Lang::En] {
        let c = lang.code();
        save(&format!("home-{c}"), &shown(&quiet(), lang));
        let mut s = calling();
        save(&format!("call-{c}"), &shown(&s, lang));
        s.refusal = Some(Refusal::RollCall(roll_call::Refusal::NotYourTurn));
        s.eye.camera = CameraState::Covered;
        save(&format!("call-covered-{c}"), &shown(&s, lang));
        s.refusal = Some(Refusal::Session(session::Refusal::Wait { seconds: 28 }));
        s.place = Place::RollCall(RollCallPage::Pin(s.people[7].id));
        save(&format!("call-pin-{c}"), &shown(&s, lang));
        s.refusal = None;
        s.place = Place::RollCall(RollCallPage::ChooseSelf);
        save(&format!("call-choose-{c}"), &shown(&s, lang));
        call(&mut s).phase = Phase::Review;
        save(&format!("all-called-{c}"), &shown(&s, lang));
        let mut r = review();
        call(&mut r).strangers = 2;
        save(&format!("review-{c}"), &shown(&r, lang));
        r.refusal = Some(Refusal::RollCall(roll_call::Refusal::IsOut));
        r.place = Place::Review(ReviewPage::Present(r.people[5].id));
        save(&format!("review-present-{c}"), &shown(&r, lang));
        r.refusal = None;
        r.place = Place::Review(ReviewPage::Receipt);
        r.link = Link::Offline;
        call(&mut r).phase = Phase::Confirmed;
        save(&format!("receipt-{c}"), &shown(&r, lang));
        r.place = Place::Review(ReviewPage::Late);
        save(&format!("late-{c}"), &shown(&r, lang));
        r.place = Place::Officer;
        save(&format!("menu-{c}"), &shown(&r, lang));
        r.place = Place::Movement(MovementPage::People);
        save(&format!("movement-{c}"), &shown(&r, lang));
        let mut r2 = review();
        r2.place = Place::Review(ReviewPage::ReadBack);
        call(&mut r2).unresolved = 0;
        call(&mut r2).two_officers = true;
        save(&format!("readback-{c}"), &shown(&r2, lang));
        let mut m = quiet();
        m.eye = Eye { camera: CameraState::Missing, models: false, guide: None };
        m.link = Link::NotEnrolled;
        m.now.trust = Trust::Unsynced;
        m.roll_call = s.roll_call.clone();
        m.alarm = Some(alarm::View { raised: stamp(0), delivery: Delivery::Saved });
        save(&format!("alarm-{c}"), &shown(&m, lang));
        m.alarm_small = true;
        save(&format!("home-missing-{c}"), &shown(&m, lang));
        let mut o = quiet();
        o.place = Place::Officer;
        o.who = Who::WithoutCard(officer("周建国"));
        save(&format!("vouch-{c}"), &shown(&o, lang));
        let mut p = quiet();
        p.place = Place::MyRecord(RecordPage::People);
        p.people[2].has_pin = false;
        save(&format!("claim-{c}"), &shown(&p, lang));
    }
}
