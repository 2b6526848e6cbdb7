// SPDX-License-Identifier: GPL-3.0-only
//! The alarm over every page, and what every mirror says of the camera. The camera's picture itself is not set here.
//!
//! 报告 (the calm call) is not open yet and says so.

use super::View;
use crate::scene::{Eye, Guide, Link, Place, Scene, Touch};
use crate::screen::{Phrases, pressed};
use contract::{CameraState, Verdict};
use slint::{ComponentHandle, SharedString};
use store::Delivery;
use ui::{AlarmStep, MainWindow};

pub(crate) fn wire(window: &MainWindow, touched: &(impl Fn(Touch) + Clone + 'static)) {
    let page = window.global::<ui::Alarm<'_>>();
    page.on_raised(pressed(touched, Touch::AlarmRaised));
    page.on_made_small(pressed(touched, Touch::AlarmMadeSmall));
}

pub(crate) fn show(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Alarm<'_>>();
    page.set_report_state(say.text("tile-not-open"));
    // Made small it stands on the alarm's own button: nothing of a page is covered.
    let large = scene.alarm.is_some() && !scene.alarm_small;
    page.set_step(if large { AlarmStep::Large } else { AlarmStep::None });
    let told = scene.alarm.as_ref().map(|alarm| state(alarm, scene.link, say));
    let (state, detail) = told.unwrap_or_default();
    page.set_state(state);
    page.set_detail(detail);
    page.set_title(match &scene.alarm {
        Some(alarm) => say.at("alarm-raised-at", alarm.raised.wall_ms),
        None => SharedString::default(),
    });
    camera(window, scene, say);
}

/// Where the alarm has got to, and what to do.
fn state(alarm: &View, link: Link, say: &Phrases<'_>) -> (SharedString, SharedString) {
    let (sending, not_taken) = (say.text("alarm-sending"), say.text("alarm-not-taken"));
    match &alarm.delivery {
        Delivery::Saved | Delivery::Delivered { verdict: Verdict::Retry { .. }, .. } => match link {
            Link::Online => (sending, say.text("alarm-sending-detail")),
            Link::Offline | Link::NotEnrolled | Link::Refused => {
                (say.text("delivery-saved"), say.text("alarm-no-network"))
            }
        },
        Delivery::Delivered {
            at_ms,
            verdict: Verdict::Accepted | Verdict::Duplicate | Verdict::Parked { .. },
        } => (say.at("alarm-uploaded-at", *at_ms), say.text("alarm-uploaded-detail")),
        Delivery::Delivered { verdict: Verdict::Rejected { .. } | Verdict::Fork, .. } | Delivery::Kept => {
            (not_taken, say.text("alarm-not-taken-detail"))
        }
    }
}

fn camera(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let camera = window.global::<ui::Camera<'_>>();
    let unused = face_is_unused(scene).then_some(("roll-call-face-unused", "roll-call-face-unused-detail"));
    let problem = camera_problem(scene.eye).or(unused);
    camera.set_working(problem.is_none());
    if let Some((what, then)) = problem {
        camera.set_problem(say.text(what));
        camera.set_problem_detail(say.text(then));
    }
    camera.set_guidance(say.text(scene.eye.guide.map_or("guide-look", guide_text)));
    camera.set_good(scene.eye.guide == Some(Guide::Holding));
}

/// What keeps the camera from being used: what it is, and what to do.
pub(crate) fn camera_problem(eye: Eye) -> Option<(&'static str, &'static str)> {
    match eye.camera {
        CameraState::Covered => Some(("roll-call-camera-covered", "roll-call-no-camera-detail")),
        CameraState::Stalled | CameraState::Unplugged | CameraState::Missing => {
            Some(("roll-call-no-camera", "roll-call-no-camera-detail"))
        }
        CameraState::Working if !eye.models => Some(("roll-call-no-models", "roll-call-face-unused-detail")),
        CameraState::Working => None,
    }
}

/// Whoever chose another way, or has no template, is not shown by the camera either.
fn face_is_unused(scene: &Scene) -> bool {
    let Some(call) = &scene.roll_call else { return false };
    matches!(scene.place, Place::RollCall(_))
        && !call.any_order
        && call.current.as_ref().is_some_and(|current| !current.face)
}

fn guide_text(guide: Guide) -> &'static str {
    match guide {
        Guide::ComeBefore => "guide-stand",
        Guide::Closer => "guide-closer",
        Guide::Back => "guide-back",
        Guide::ToTheMiddle => "guide-middle",
        Guide::OneAtATime => "guide-one",
        Guide::MoreLight => "guide-light",
        Guide::LessLight => "guide-bright",
        Guide::HoldStill => "guide-still",
        Guide::LookHere => "guide-look",
        Guide::HeadUpright => "guide-upright",
        Guide::Holding => "guide-good",
        Guide::TurnLeft => "guide-left",
        Guide::TurnRight => "guide-right",
        Guide::LookUp => "guide-up",
        Guide::LookAhead => "guide-straight",
        Guide::TryAgain => "guide-again",
        Guide::Uncover => "guide-mask",
    }
}
