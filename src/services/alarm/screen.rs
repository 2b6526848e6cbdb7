// SPDX-License-Identifier: GPL-3.0-only
//! The alarm over every page, and what every mirror says of the camera. The camera's picture itself is not set here,
//! and what a finger does to the alarm goes to the alarm's own process, not through here.

use super::Status;
use crate::scene::{Eye, Guide, Place, Scene};
use crate::screen::{Phrases, fill};
use contract::CameraState;
use slint::{ComponentHandle, SharedString};
use ui::{MainWindow, ReceiptStep};

/// Shows the alarm; `small` is how somebody left it: then it stands on its button.
pub(crate) fn show(
    window: &MainWindow,
    alarm: Option<&Status>,
    small: bool,
    silent: bool,
    say: &Phrases<'_>,
) {
    let page = window.global::<ui::Alarm<'_>>();
    page.set_silent(silent);
    page.set_large(alarm.is_some() && !small);
    let Some(alarm) = alarm else {
        page.set_title(SharedString::default());
        page.set_state(SharedString::default());
        page.set_detail(SharedString::default());
        page.set_can_say_fine(false);
        fill(page.get_steps(), Vec::new(), |rows| page.set_steps(rows));
        return;
    };
    let time = ("time", say.time(alarm.raised_ms).into());
    page.set_title(match alarm.presses {
        0 | 1 => say.format("alarm-raised-at", &[time]),
        presses => say.format("alarm-raised-times", &[time, ("count", presses.into())]),
    });
    page.set_state(state(alarm, say));
    page.set_detail(detail(alarm, say));
    page.set_can_say_fine(alarm.can_say_fine());
    fill(page.get_steps(), steps(alarm, say), |rows| page.set_steps(rows));
}

/// The newest step in words.
fn state(alarm: &Status, say: &Phrases<'_>) -> SharedString {
    say.text(match alarm {
        Status { closed_ms: Some(_), .. } => "alarm-step-closed",
        Status { attended_ms: Some(_), .. } => "alarm-step-attended",
        Status { coming_ms: Some(_), .. } => "alarm-step-coming",
        Status { acknowledged_ms: Some(_), .. } => "alarm-answered",
        Status { uploaded_ms: Some(_), .. } => "alarm-step-uploaded",
        Status { refused: true, .. } => "alarm-not-taken",
        Status { .. } => "alarm-sending",
    })
}

/// What goes on, and what to do.
fn detail(alarm: &Status, say: &Phrases<'_>) -> SharedString {
    say.text(match alarm {
        Status { closed_ms: Some(_), .. } => "alarm-ended-detail",
        Status { attended_ms: Some(_), .. } => "alarm-attended-detail",
        Status { fine_ms: Some(_), .. } => "alarm-fine-said",
        Status { coming_ms: Some(_), .. } | Status { acknowledged_ms: Some(_), .. } => {
            "alarm-answered-detail"
        }
        Status { uploaded_ms: Some(_), .. } => "alarm-uploaded-detail",
        Status { refused: true, .. } => "alarm-not-taken-detail",
        Status { reached: true, .. } => "alarm-sending-detail",
        Status { .. } => "alarm-no-network",
    })
}

/// Each step with its time once it is true.
fn steps(alarm: &Status, say: &Phrases<'_>) -> Vec<ReceiptStep> {
    let step = |id: &str, at_ms: Option<i64>| ReceiptStep {
        done: at_ms.is_some(),
        title: say.text(id),
        detail: at_ms.map(|at_ms| say.time(at_ms).into()).unwrap_or_default(),
    };
    let raised = if alarm.saved { "alarm-step-raised" } else { "alarm-step-unsaved" };
    let there = match alarm.attended_ms {
        Some(at_ms) => step("alarm-step-attended", Some(at_ms)),
        None => step("alarm-step-coming", alarm.coming_ms),
    };
    vec![
        step(raised, Some(alarm.raised_ms)),
        step("alarm-step-uploaded", alarm.uploaded_ms),
        step("alarm-step-acknowledged", alarm.acknowledged_ms),
        there,
        step("alarm-step-closed", alarm.closed_ms),
    ]
}

pub(crate) fn show_camera(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
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
