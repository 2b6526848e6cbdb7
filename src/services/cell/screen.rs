// SPDX-License-Identifier: GPL-3.0-only
//! Home, and 带出 · 带回. Home shows nobody's own things; movements are an officer's page.

use super::{DayLine, Refusal};
use crate::alarm::screen::camera_problem;
use crate::scene::{
    CareTouch, ComplaintTouch, DutyTouch, Link, MovementPage, NoticeTouch, PersonLine, Place, Scene,
    ShopTouch, Touch,
};
use crate::screen::{Phrases, fill, of_id, pin, pin_waits, pressed, problem, said, signed_in};
use contract::{
    CameraState, DetaineeId, IdentityCheck, Out, OutReason, Phase, RollCallTask, ScheduleKind, Stamp,
};
use slint::{ComponentHandle, SharedString};
use ui::{Appointment, Choice, MainWindow, MovementStep, Person, Service, Sign, Tone};

const MINUTE_MS: i64 = 60_000;
/// A wait up to this long is told in minutes.
const MINUTES_MAX: i64 = 90;
/// The tiles that are open; the others come with their services.
const OPEN: [&str; 7] = [CARE, SHOP, COMPLAINTS, RECORD, DUTY, REQUESTS, NOTICES];
const CARE: &str = "care";
const SHOP: &str = "shop";
const COMPLAINTS: &str = "complaints";
const RECORD: &str = "my-record";
const DUTY: &str = "duty";
const REQUESTS: &str = "requests";
const NOTICES: &str = "notices";
/// Id, sign, and text of every service's tile, in the order of Home.
const TILES: [(&str, Sign, &str); 8] = [
    (CARE, Sign::Care, "tile-care"),
    (SHOP, Sign::Shop, "tile-shop"),
    (COMPLAINTS, Sign::Complaints, "tile-complaints"),
    ("education", Sign::Education, "tile-education"),
    (RECORD, Sign::Record, "tile-record"),
    (DUTY, Sign::Duty, "tile-duty"),
    (REQUESTS, Sign::Requests, "tile-requests"),
    (NOTICES, Sign::Notices, "tile-notices"),
];
const CHECKS: [IdentityCheck; 3] = [IdentityCheck::Face, IdentityCheck::Pin, IdentityCheck::Officer];

pub(crate) fn wire(window: &MainWindow, touched: &(impl Fn(Touch) + Clone + 'static)) {
    let home = window.global::<ui::Home<'_>>();
    home.on_open(said(touched, |id| match id {
        RECORD => Some(Touch::MyRecord),
        REQUESTS => Some(Touch::Requests),
        NOTICES => Some(Touch::Notice(NoticeTouch::Open)),
        DUTY => Some(Touch::Duty(DutyTouch::Open)),
        CARE => Some(Touch::Care(CareTouch::Open)),
        SHOP => Some(Touch::Shop(ShopTouch::Open)),
        COMPLAINTS => Some(Touch::Complaint(ComplaintTouch::Open)),
        _ => None,
    }));
    home.on_duty_wanted(pressed(touched, Touch::Duty(DutyTouch::Open)));
    home.on_roll_call_wanted(pressed(touched, Touch::RollCall));
    home.on_officer(pressed(touched, Touch::Officer));
    let page = window.global::<ui::Movement<'_>>();
    page.on_person_chosen(said(touched, of_id(Touch::Person)));
    page.on_reason_chosen(said(touched, |id| {
        crate::reasons::out_reason(id).map(|reason| Touch::Reason(reason.name().to_owned()))
    }));
    page.on_check_chosen(said(touched, |id| {
        CHECKS.into_iter().find(|check| check_id(*check) == id).map(Touch::Check)
    }));
    page.on_pin_entered(said(touched, pin));
    page.on_confirmed(pressed(touched, Touch::Confirmed));
    page.on_another(pressed(touched, Touch::Another));
    page.on_back(pressed(touched, Touch::Back));
    page.on_leave(pressed(touched, Touch::Leave));
}

pub(crate) fn show_home(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let home = window.global::<ui::Home<'_>>();
    fill(home.get_schedule(), schedule(scene, say), |rows| home.set_schedule(rows));
    home.set_schedule_empty(say.text("home-schedule-empty"));
    fill(home.get_services(), services(scene, say), |rows| home.set_services(rows));
    fill(home.get_missing(), missing(scene, say), |rows| home.set_missing(rows));
    let (call, detail) = match scene.roll_call.as_ref().map(|call| call.phase) {
        Some(Phase::Announced | Phase::Open | Phase::SecondRound) => {
            (say.text("home-roll-call-going"), say.text("home-roll-call-again"))
        }
        Some(Phase::Review) => (say.text("home-roll-call-review"), say.text("home-roll-call-again")),
        None | Some(Phase::Confirmed | Phase::Delivered) => Default::default(),
    };
    home.set_roll_call(call);
    home.set_roll_call_detail(detail);
}

fn schedule(scene: &Scene, say: &Phrases<'_>) -> Vec<Appointment> {
    let offset_min = scene.cell.utc_offset_min.unwrap_or_default();
    let minute = |task: &RollCallTask| {
        super::minute_of_day(&Stamp { wall_ms: task.opens_ms, ..scene.now }, offset_min)
    };
    let task_minute = scene.next_task.as_ref().map(minute);
    let task = scene.next_task.iter().map(|task| appointed(task, scene.now.wall_ms, say));
    let day = scene.cell.day.iter().filter(|line| {
        // The task says the same, and when exactly.
        line.kind != ScheduleKind::RollCall || Some(line.minute) != task_minute
    });
    task.chain(day.map(|line| of_the_day(line, say))).collect()
}

fn appointed(task: &RollCallTask, now_ms: i64, say: &Phrases<'_>) -> Appointment {
    let wait_ms = task.opens_ms.saturating_sub(now_ms);
    Appointment {
        sign: Sign::RollCall,
        title: format!("{} {}", say.time(task.opens_ms), task.title).into(),
        detail: if wait_ms < MINUTE_MS {
            say.text("roll-call-begins")
        } else {
            wait(wait_ms / MINUTE_MS, say)
        },
    }
}

fn of_the_day(line: &DayLine, say: &Phrases<'_>) -> Appointment {
    let detail = match line.begins_in_min {
        Some(minutes) if line.detail.is_empty() => wait(minutes.into(), say),
        Some(_) | None => line.detail.as_str().into(),
    };
    Appointment {
        sign: match line.kind {
            ScheduleKind::RollCall => Sign::RollCall,
            ScheduleKind::Meal => Sign::Meal,
            ScheduleKind::Lesson => Sign::Lesson,
            ScheduleKind::ExerciseYard => Sign::Exercise,
            ScheduleKind::Rest => Sign::Rest,
            ScheduleKind::Other => Sign::Other,
        },
        title: format!("{:02}:{:02} {}", line.minute / 60, line.minute % 60, line.title).into(),
        detail,
    }
}

fn wait(minutes: i64, say: &Phrases<'_>) -> SharedString {
    if minutes <= MINUTES_MAX {
        say.format("in-minutes", &[("minutes", minutes.into())])
    } else {
        say.format("in-span", &[("span", say.words.span(minutes * 60).into())])
    }
}

fn services(scene: &Scene, say: &Phrases<'_>) -> Vec<Service> {
    let tile = |(id, sign, title): (&str, Sign, &str)| {
        let (state, attention) = match id {
            CARE => (say.text("care-tile-state"), false),
            SHOP => crate::shop::screen::tile(scene, say),
            COMPLAINTS => (say.text("complaint-tile-state"), false),
            RECORD => (say.text("tile-record-state"), false),
            REQUESTS => (say.text("tile-requests-state"), false),
            NOTICES => crate::public_notice::screen::tile(scene, say),
            DUTY => crate::duty::screen::tile(&scene.duty, say),
            _ => (say.text("tile-not-open"), false),
        };
        let open = OPEN.contains(&id);
        Service { id: id.into(), sign, title: say.text(title), state, attention, open }
    };
    TILES.into_iter().map(tile).collect()
}

fn missing(scene: &Scene, say: &Phrases<'_>) -> Vec<SharedString> {
    let lines = [
        (scene.link == Link::NotEnrolled, "missing-platform"),
        (scene.link != Link::NotEnrolled && scene.cell.assigned == 0, "missing-roster"),
        (scene.eye.camera != CameraState::Working, "missing-camera"),
        (!scene.eye.models, "missing-models"),
    ];
    lines.into_iter().filter(|(so, _)| *so).map(|(_, text)| say.text(text)).collect()
}

pub(crate) fn show_movement(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let Place::Movement(at) = &scene.place else { return };
    let page = window.global::<ui::Movement<'_>>();
    page.set_signed_in(signed_in(scene, say));
    page.set_problem(problem(scene, say));
    page.set_pin_waiting(pin_waits(scene));
    match *at {
        MovementPage::People => {
            let people = scene.people.iter().map(|person| moving(person, say)).collect();
            fill(page.get_people(), people, |rows| page.set_people(rows));
            page.set_step(MovementStep::People);
        }
        MovementPage::Reason(detainee) => {
            page.set_question(asked("movement-reason", scene, detainee, say));
            fill(page.get_reasons(), reasons(say), |rows| page.set_reasons(rows));
            page.set_step(MovementStep::Reason);
        }
        MovementPage::Check { detainee, reason } => {
            let question = if reason.is_some() { "movement-check-out" } else { "movement-check-back" };
            page.set_question(asked(question, scene, detainee, say));
            fill(page.get_checks(), checks(scene, detainee, say), |rows| page.set_checks(rows));
            page.set_step(MovementStep::Check);
        }
        MovementPage::Mirror { detainee, .. } => {
            page.set_name(name(scene, detainee));
            page.set_step(MovementStep::Mirror);
        }
        MovementPage::Pin { detainee, .. } => {
            page.set_name(name(scene, detainee));
            page.set_step(MovementStep::Pin);
        }
        MovementPage::ReadBack { detainee, reason, checked } => {
            let (title, confirm) = match reason {
                Some(_) => ("movement-read-back-out", "movement-confirm-out"),
                None => ("movement-read-back-return", "movement-confirm-return"),
            };
            page.set_returning(reason.is_none());
            page.set_read_back(asked(title, scene, detainee, say));
            page.set_read_back_detail(read_back(scene, detainee, reason, checked, say));
            page.set_confirm_word(say.text(confirm));
            page.set_step(MovementStep::ReadBack);
        }
        MovementPage::Done { reason, .. } => {
            let remaining = scene.cell.assigned.saturating_sub(scene.cell.out);
            let alone = reason.is_some() && remaining == 1;
            page.set_returning(reason.is_none());
            page.set_done(say.text(if reason.is_some() {
                "movement-done-out"
            } else {
                "movement-done-return"
            }));
            page.set_expected(
                say.format("movement-expected-now", &[("expected", super::count(remaining).into())]),
            );
            page.set_one_left(if alone { say.text("movement-one-left-detail") } else { Default::default() });
            page.set_step(MovementStep::Done);
        }
    }
}

pub(crate) fn forget_movement(window: &MainWindow) {
    let page = window.global::<ui::Movement<'_>>();
    fill(page.get_people(), Vec::new(), |rows| page.set_people(rows));
    page.set_name(SharedString::default());
    page.set_question(SharedString::default());
    page.set_read_back(SharedString::default());
}

/// A person of the cell, by name as the viewer may read it; nothing of how they stand.
pub(crate) fn tile(person: &PersonLine, say: &Phrases<'_>) -> Person {
    Person {
        id: person.id.to_string().into(),
        name: person.name.as_str().into(),
        badge: say.format("badge", &[("number", person.badge_number.as_str().into())]),
        enabled: true,
        ..Person::default()
    }
}

/// The name as the viewer may read it; empty for somebody who left the cell meanwhile.
pub(crate) fn name(scene: &Scene, detainee: DetaineeId) -> SharedString {
    find(scene, detainee).map_or_else(SharedString::default, |person| person.name.as_str().into())
}

pub(crate) fn find(scene: &Scene, detainee: DetaineeId) -> Option<&PersonLine> {
    scene.people.iter().find(|person| person.id == detainee)
}

pub(crate) fn out_reason(reason: OutReason, say: &Phrases<'_>) -> SharedString {
    say.format("out-reason", &[("reason", reason.name().into())])
}

pub(crate) fn refusal_text(refusal: Refusal, say: &Phrases<'_>) -> SharedString {
    say.text(match refusal {
        Refusal::NotOfThisCell => "movement-not-of-this-cell",
        Refusal::AlreadyOut => "movement-already-out",
        Refusal::NotOut => "movement-not-out",
        Refusal::NotRecognised => "movement-not-recognised",
    })
}

fn moving(person: &PersonLine, say: &Phrases<'_>) -> Person {
    let (word, sign, tone) = match &person.out {
        Some(out) => (out_since(out, say), Sign::Out, Tone::Action),
        None => (say.text("movement-in-cell"), Sign::None, Tone::Plain),
    };
    Person { word, sign, tone, ..tile(person, say) }
}

fn out_since(out: &Out, say: &Phrases<'_>) -> SharedString {
    let reason = out_reason(out.reason, say);
    let time = say.time(out.since_ms);
    say.format("movement-out-since", &[("reason", reason.as_str().into()), ("time", time.into())])
}

/// A sentence about one person.
fn asked(text: &str, scene: &Scene, detainee: DetaineeId, say: &Phrases<'_>) -> SharedString {
    say.format(text, &[("name", name(scene, detainee).as_str().into())])
}

fn reasons(say: &Phrases<'_>) -> Vec<Choice> {
    let choice = |reason: OutReason| Choice {
        id: reason.name().into(),
        sign: match reason {
            OutReason::Interrogation => Sign::Interrogation,
            OutReason::Hearing => Sign::Hearing,
            OutReason::Hospital => Sign::Hospital,
            OutReason::LawyerMeeting => Sign::Lawyer,
            OutReason::Clinic => Sign::Clinic,
            OutReason::FamilyVisit => Sign::Family,
            OutReason::Talk => Sign::Talk,
        },
        title: out_reason(reason, say),
        detail: SharedString::default(),
        enabled: true,
    };
    OutReason::ALL.into_iter().map(choice).collect()
}

fn checks(scene: &Scene, detainee: DetaineeId, say: &Phrases<'_>) -> Vec<Choice> {
    let person = find(scene, detainee);
    let choice = |check: IdentityCheck| {
        let (sign, why_not) = match check {
            IdentityCheck::Face => {
                let not_enrolled = person.is_none_or(|p| !p.enrolled).then_some("enrol-has-none");
                (Sign::Face, camera_problem(scene.eye).map(|(what, _)| what).or(not_enrolled))
            }
            IdentityCheck::Pin => (Sign::Pin, person.is_none_or(|p| !p.has_pin).then_some("pin-has-none")),
            IdentityCheck::Officer => (Sign::Officer, None),
        };
        Choice {
            id: check_id(check).into(),
            sign,
            title: check_word(check, say),
            detail: why_not.map_or_else(SharedString::default, |why| say.text(why)),
            enabled: why_not.is_none(),
        }
    };
    CHECKS.into_iter().map(choice).collect()
}

fn check_id(check: IdentityCheck) -> &'static str {
    match check {
        IdentityCheck::Face => "face",
        IdentityCheck::Pin => "pin",
        IdentityCheck::Officer => "officer",
    }
}

fn check_word(check: IdentityCheck, say: &Phrases<'_>) -> SharedString {
    say.text(match check {
        IdentityCheck::Face => "movement-by-face",
        IdentityCheck::Pin => "movement-by-pin",
        IdentityCheck::Officer => "movement-by-officer",
    })
}

/// Why or since when, and how identity was checked.
fn read_back(
    scene: &Scene,
    detainee: DetaineeId,
    reason: Option<OutReason>,
    checked: IdentityCheck,
    say: &Phrases<'_>,
) -> SharedString {
    let check = ("check", check_word(checked, say).as_str().into());
    let out = find(scene, detainee).and_then(|person| person.out.as_ref());
    match (reason, out) {
        (Some(reason), _) => {
            let reason = out_reason(reason, say);
            say.format("movement-read-back-detail-out", &[("reason", reason.as_str().into()), check])
        }
        (None, Some(out)) => {
            let reason = out_reason(out.reason, say);
            let time = say.time(out.since_ms);
            say.format(
                "movement-read-back-detail-return",
                &[("reason", reason.as_str().into()), ("time", time.into()), check],
            )
        }
        (None, None) => check_word(checked, say),
    }
}
