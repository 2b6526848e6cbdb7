// SPDX-License-Identifier: GPL-3.0-only
//! Roll call as the cell sees it: who is called, who has been seen, what else one may use. Names stay masked here, even
//! when an officer stands before it. The officer's own page is `screen/review.rs`.

mod review;

pub(crate) use review::{checks, forget_review, show_review};

use super::{Current, LineView, Place as Stands, Refusal, View};
use crate::alarm::screen::camera_problem;
use crate::cell;
use crate::scene::{Flash, Place, RollCallPage, Scene, Touch};
use crate::screen::{Phrases, fill, of_id, pin, pin_waits, pressed, problem, said};
use contract::{DetaineeId, How, Outcome, Phase};
use slint::{ComponentHandle, SharedString};
use ui::{MainWindow, Person, RollCallStep, Sign, Tone};

pub(crate) fn wire(window: &MainWindow, touched: &(impl Fn(Touch) + Clone + 'static)) {
    let page = window.global::<ui::RollCall<'_>>();
    page.on_use_pin(pressed(touched, Touch::UsePin));
    page.on_use_officer(pressed(touched, Touch::UseOfficer));
    page.on_use_face(pressed(touched, Touch::UseFace));
    page.on_person_chosen(said(touched, of_id(Touch::Person)));
    page.on_pin_entered(said(touched, pin));
    page.on_officer(pressed(touched, Touch::Officer));
    page.on_finished(pressed(touched, Touch::Finished));
    review::wire(window, touched);
}

pub(crate) fn show_roll_call(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let (Place::RollCall(at), Some(call)) = (&scene.place, &scene.roll_call) else { return };
    let page = window.global::<ui::RollCall<'_>>();
    let step = step(*at, call, scene.flash.as_ref());
    page.set_title(titled(call, scene, say));
    page.set_since(since(call, scene, say));
    page.set_count(say.format(
        "roll-call-count",
        &[("expected", call.total.expected.into()), ("present", call.total.present.into())],
    ));
    page.set_countdown(say.words.countdown(call.opens_in_s.unwrap_or_default().into()).into());
    page.set_second_round(call.phase == Phase::SecondRound);
    page.set_any_order(call.any_order);
    let choosing = step == RollCallStep::ChooseSelf;
    let tile = |line| {
        if choosing { own(line, say) } else { in_turn(line, call, say) }
    };
    let people = call.lines.iter().map(tile);
    fill(page.get_people(), people.collect(), |rows| page.set_people(rows));
    let current = call.current.as_ref();
    let (name, badge) = whom(*at, call, scene, say);
    page.set_name(name);
    page.set_badge(badge);
    page.set_time_left(current.map_or(1.0, time_left));
    page.set_can_use_pin(current.is_none_or(|current| current.has_pin));
    page.set_note(note(call, scene, say));
    page.set_pin_problem(problem(scene, say));
    page.set_pin_waiting(pin_waits(scene));
    page.set_unresolved(match call.unresolved {
        0 => SharedString::default(),
        count => say.format("roll-call-unresolved", &[("count", count.into())]),
    });
    page.set_step(step);
}

fn step(at: RollCallPage, call: &View, flash: Option<&Flash>) -> RollCallStep {
    match (call.phase, flash, at) {
        (Phase::Announced, _, _) => RollCallStep::Announced,
        (Phase::Confirmed | Phase::Delivered, _, _) => RollCallStep::Delivered,
        (Phase::Open | Phase::SecondRound | Phase::Review, Some(Flash::Seen { .. }), _) => RollCallStep::Seen,
        (Phase::Open | Phase::SecondRound | Phase::Review, Some(Flash::ForOfficer { .. }), _) => {
            RollCallStep::ForOfficer
        }
        (Phase::Review, None, _) => RollCallStep::AllCalled,
        (Phase::Open | Phase::SecondRound, None, RollCallPage::Follow) => RollCallStep::Calling,
        (Phase::Open | Phase::SecondRound, None, RollCallPage::ChooseSelf) => RollCallStep::ChooseSelf,
        (Phase::Open | Phase::SecondRound, None, RollCallPage::Pin(_)) => RollCallStep::Pin,
    }
}

/// 晨间点名 · 305室.
fn titled(call: &View, scene: &Scene, say: &Phrases<'_>) -> SharedString {
    let (title, cell) = (call.title.as_str(), scene.cell.cell.as_str());
    say.format("roll-call-title", &[("title", title.into()), ("cell", cell.into())])
}

/// 10:45 开始，已 1 分 20 秒; nothing before it begins and after it ended.
fn since(call: &View, scene: &Scene, say: &Phrases<'_>) -> SharedString {
    match call.phase {
        Phase::Announced | Phase::Confirmed | Phase::Delivered => SharedString::default(),
        Phase::Open | Phase::SecondRound | Phase::Review => {
            let span = say.words.span(scene.now.since_ms(&call.opened) / 1000);
            let time = say.time(call.opened.wall_ms);
            say.format("roll-call-since", &[("time", time.into()), ("span", span.into())])
        }
    }
}

/// Masked name and badge of whoever is meant: seen a moment ago, entering a PIN, or called.
fn whom(at: RollCallPage, call: &View, scene: &Scene, say: &Phrases<'_>) -> (SharedString, SharedString) {
    let line = |detainee: DetaineeId| call.lines.iter().find(|line| line.detainee == detainee);
    match (&scene.flash, at) {
        (Some(Flash::Seen { name } | Flash::ForOfficer { name }), _) => {
            (name.as_str().into(), SharedString::default())
        }
        (None, RollCallPage::Pin(detainee)) => line(detainee).map_or_else(Default::default, |line| {
            (cell::masked(&line.name).into(), badge(&line.badge_number, say))
        }),
        (None, RollCallPage::Follow | RollCallPage::ChooseSelf) => {
            call.current.as_ref().map_or_else(Default::default, |current| {
                (current.name.as_str().into(), badge(&current.badge_number, say))
            })
        }
    }
}

fn badge(number: &str, say: &Phrases<'_>) -> SharedString {
    say.format("badge", &[("number", number.into())])
}

/// What is left of the person's time, 1 to 0.
fn time_left(current: &Current) -> f32 {
    let whole = current.seconds.max(1);
    #[expect(clippy::cast_precision_loss, reason = "seconds of one turn, far below 2^24")]
    let left = current.seconds_left.min(whole) as f32 / whole as f32;
    left
}

/// Whether the page of whoever is called is shown: it has a line for what is to be said.
pub(crate) fn is_calling(scene: &Scene) -> bool {
    scene
        .roll_call
        .as_ref()
        .is_some_and(|call| step(RollCallPage::Follow, call, scene.flash.as_ref()) == RollCallStep::Calling)
}

/// Why the last touch did not count; else why the camera is not used. Nothing where it is, or the person chose so.
fn note(call: &View, scene: &Scene, say: &Phrases<'_>) -> SharedString {
    if scene.refusal.is_some() {
        return problem(scene, say);
    }
    if let Some((what, _)) = camera_problem(scene.eye) {
        return say.text(what);
    }
    let Some(current) = call.current.as_ref().filter(|current| !current.face) else {
        return SharedString::default();
    };
    let enrolled = call.lines.iter().any(|line| line.detainee == current.detainee && line.enrolled);
    if !enrolled {
        say.text("roll-call-not-enrolled")
    } else if current.tries > 0 {
        say.text("roll-call-tries")
    } else {
        SharedString::default()
    }
}

/// A person's tile in the strip: whoever walks up out of turn taps it. In any order there are no turns.
fn in_turn(line: &LineView, call: &View, say: &Phrases<'_>) -> Person {
    let seen = seen(line, say);
    Person { enabled: seen.enabled && !line.called && !call.any_order, ..seen }
}

/// How a person stands: everybody keeps their tile, whatever became of them.
fn seen(line: &LineView, say: &Phrases<'_>) -> Person {
    let (word, sign, tone) = match &line.outcome {
        None if line.called => (say.text("chip-called"), Sign::None, Tone::Action),
        None => match line.place {
            Stands::Waiting | Stands::Resolved => (say.text("chip-waiting"), Sign::None, Tone::Plain),
            Stands::CallAgain => (say.text("chip-again"), Sign::Again, Tone::Wait),
            Stands::ForOfficer => (say.text("chip-for-officer"), Sign::ForOfficer, Tone::Wait),
        },
        Some(Outcome::Present(how)) => {
            let word = match how {
                How::Face { .. } => "chip-face",
                How::Pin { .. } => "chip-pin",
                How::OfficerCheck { .. } => "chip-officer",
            };
            (say.text(word), Sign::Done, Tone::Done)
        }
        Some(Outcome::Out { out_reason, .. }) => {
            let word = say.format("chip-out-reason", &[("reason", out_reason.name().into())]);
            (word, Sign::Out, Tone::Quiet)
        }
        Some(Outcome::NotSeen { .. }) => (say.text("chip-not-seen"), Sign::NotSeen, Tone::Wait),
    };
    Person {
        id: line.detainee.to_string().into(),
        name: line.initial.as_str().into(),
        badge: SharedString::default(),
        word,
        sign,
        tone,
        current: line.outcome.is_none() && line.called,
        enabled: line.outcome.is_none(),
    }
}

/// The same where people choose themselves: masked name and badge tell two of one surname apart.
fn own(line: &LineView, say: &Phrases<'_>) -> Person {
    Person { name: cell::masked(&line.name).into(), badge: badge(&line.badge_number, say), ..seen(line, say) }
}

pub(crate) fn refusal_text(refusal: Refusal, say: &Phrases<'_>) -> SharedString {
    match refusal {
        Refusal::Running => say.text("officer-menu-running"),
        Refusal::NotNow => say.text("officer-menu-not-now"),
        Refusal::NotOnRoster => say.text("roll-call-not-on-roster"),
        Refusal::NotYourTurn => say.text("roll-call-not-your-turn"),
        Refusal::AlreadyResolved => say.text("roll-call-already"),
        Refusal::IsOut => say.text("roll-call-is-out"),
        Refusal::Unresolved { lines } => say.format("review-sign-why-lines", &[("count", lines.into())]),
        Refusal::ReasonMissing => say.text("reason-typed-empty"),
        Refusal::SecondOfficerMissing => say.text("review-sign-second-detail"),
        Refusal::SameOfficer => say.text("review-same-officer"),
        Refusal::TooMany => say.text("review-too-many"),
    }
}
