// SPDX-License-Identifier: GPL-3.0-only
//! The window as a person finds it: a scene is shown headless, and read back by accessible id.

mod calling;
mod duty;
mod home;
mod review;
mod spoken;
mod visitors;
mod whole;

use crate::alarm;
use crate::pin::Pin;
use crate::roll_call::{self, Current, LineView, Place as Stands};
use crate::scene::{
    EnrolPage, EnrolRefusal, Eye, Flash, Guide, Idle, Link, Menu, MovementPage, PersonLine, PinIssuePage,
    Place, ProvePage, RecordPage, ReviewPage, RollCallPage, Scene, Then, Touch, Way,
};
use crate::screen::{fill, show, show_alarm, wire};
use crate::session::{OfficerLine, Record, Second, TemplateUse, Who};
use crate::{Refusal, cell, session};
use contract::{
    BootId, CallId, CameraState, CheckReason, DetaineeId, ExtraPerson, FacilityKind, How, IdentityCheck,
    OfficerId, OfficerRole, Out, OutReason, Outcome, Phase, RollCallTask, ScheduleKind, Stamp, Text, Total,
    Trust, Verdict,
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
        requests: crate::request::View::default(),
        alarm_policy: contract::AlarmPolicy::default(),
        eye: Eye { camera: CameraState::Working, models: true, guide: Some(Guide::Closer) },
        device: None,
        duty: crate::duty::View::default(),
        care: crate::care::View::default(),
        shop: crate::shop::View::default(),
        by_face: false,
        turn_left_s: None,
        complaint: crate::complaint::View::default(),
        documents: crate::document::View::default(),
        notices: crate::public_notice::View::default(),
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

/// An alarm raised at 10:32 that is saved.
fn raised() -> alarm::Status {
    alarm::Status {
        raised_ms: NOW_MS,
        saved: true,
        uploaded_ms: None,
        refused: false,
        acknowledged_ms: None,
        coming_ms: None,
        attended_ms: None,
        closed_ms: None,
        fine_ms: None,
        presses: 1,
        reached: true,
        second_way: false,
    }
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
