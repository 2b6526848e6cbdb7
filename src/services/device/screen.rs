// SPDX-License-Identifier: GPL-3.0-only
//! The terminal's own page: one line a fact, marked where somebody should look.

use super::View;
use crate::scene::{Link, Scene, Touch};
use crate::screen::{Phrases, fill, pressed};
use contract::{CameraState, LaneState};
use slint::{ComponentHandle, ModelRc, SharedString};
use ui::{DeviceLine, MainWindow};

/// A clock this far off or less is right, in milliseconds.
const CLOCK_RIGHT_MS: i64 = 2_000;
/// An event older than this should have been sent, in seconds.
const WAITING_S_MAX: u64 = 600;
/// A certificate is renewed long before this is left, in milliseconds.
const CERTIFICATE_MS_MIN: i64 = 30 * 86_400_000;

pub(crate) fn wire(window: &MainWindow, touched: &(impl Fn(Touch) + Clone + 'static)) {
    let page = window.global::<ui::Device<'_>>();
    page.on_back(pressed(touched, Touch::Back));
    page.on_leave(pressed(touched, Touch::Leave));
}

pub(crate) fn show(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Device<'_>>();
    let lines = scene.device.as_ref().map_or_else(Vec::new, |view| lines(view, scene, say));
    fill(page.get_lines(), lines, |rows| page.set_lines(rows));
}

/// Nothing of it stays behind another page.
pub(crate) fn forget(window: &MainWindow) {
    window.global::<ui::Device<'_>>().set_lines(ModelRc::default());
}

fn lines(view: &View, scene: &Scene, say: &Phrases<'_>) -> Vec<DeviceLine> {
    let line =
        |title: &str, value: SharedString, good: bool| DeviceLine { title: say.text(title), value, good };
    let facts = &view.facts;
    let models = i64::from(facts.models);
    let camera = say.format("device-camera-state", &[("state", camera_name(facts.camera).into())]);
    let open = view.batches.saturating_sub(view.settled);
    let mut lines = vec![line("device-version", facts.version.as_str().into(), true)];
    match view.place {
        Some(place) => {
            let left_ms = place.until_ms.saturating_sub(scene.now.wall_ms);
            let until = say.day(place.until_ms).into();
            lines.push(line("device-place", place.terminal.to_string().into(), true));
            lines.push(line("device-certificate", until, left_ms > CERTIFICATE_MS_MIN));
        }
        None => lines.push(line("device-place", say.text("device-not-enrolled"), false)),
    }
    lines.extend([
        line("device-link", say.text(crate::screen::link_text(scene.link)), scene.link == Link::Online),
        line(
            "device-clock",
            clock(facts.clock_behind_ms, say),
            facts.clock_behind_ms.is_some_and(|ms| ms.saturating_abs() <= CLOCK_RIGHT_MS),
        ),
        line("device-camera", camera, facts.camera == CameraState::Working),
        line("device-models", say.format("device-models-state", &[("there", models.into())]), facts.models),
    ]);
    lines.extend(view.lanes.iter().map(|lane| lane_line(lane, say)));
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX).into();
    lines.extend([
        line("device-commits", say.format("device-commits-state", &[("count", count(view.commits))]), true),
        line(
            "device-batches",
            say.format("device-batches-state", &[("count", count(view.batches)), ("open", count(open))]),
            true,
        ),
    ]);
    lines
}

fn lane_line(lane: &LaneState, say: &Phrases<'_>) -> DeviceLine {
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX).into();
    let waiting = ("count", count(lane.waiting));
    let value = if lane.kept > 0 {
        say.format("device-lane-kept", &[waiting, ("kept", count(lane.kept))])
    } else if lane.waiting > 0 {
        let span = say.words.span(i64::try_from(lane.oldest_s).unwrap_or(i64::MAX));
        say.format("device-lane-waiting", &[waiting, ("span", span.into())])
    } else {
        say.text("device-lane-empty")
    };
    DeviceLine {
        title: say.format("device-lane", &[("lane", lane.lane.name().into())]),
        value,
        good: lane.kept == 0 && lane.oldest_s <= WAITING_S_MAX,
    }
}

fn clock(behind_ms: Option<i64>, say: &Phrases<'_>) -> SharedString {
    let Some(behind_ms) = behind_ms else { return say.text("device-clock-unknown") };
    if behind_ms.saturating_abs() <= CLOCK_RIGHT_MS {
        return say.text("device-clock-right");
    }
    let way = if behind_ms > 0 { "device-clock-behind" } else { "device-clock-ahead" };
    say.format(way, &[("span", say.words.span(behind_ms.saturating_abs() / 1000).into())])
}

fn camera_name(state: CameraState) -> &'static str {
    match state {
        CameraState::Working => "working",
        CameraState::Covered => "covered",
        CameraState::Stalled => "stalled",
        CameraState::Unplugged => "unplugged",
        CameraState::Missing => "missing",
    }
}
