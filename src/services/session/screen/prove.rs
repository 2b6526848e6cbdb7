// SPDX-License-Identifier: GPL-3.0-only
//! The page on which somebody shows who they are, on their way to what belongs to them.

use crate::cell::screen::name;
use crate::scene::{Place, ProvePage, Scene, Then, Touch, Way};
use crate::screen::{Phrases, pin, pin_waits, pressed, problem, said};
use slint::{ComponentHandle, SharedString};
use ui::MainWindow;

pub(crate) fn wire(window: &MainWindow, touched: &(impl Fn(Touch) + Clone + 'static)) {
    let page = window.global::<ui::Prove<'_>>();
    page.on_pin_entered(said(touched, pin));
    page.on_use_pin(pressed(touched, Touch::UsePin));
    page.on_back(pressed(touched, Touch::Back));
    page.on_finished(pressed(touched, Touch::Finished));
}

pub(crate) fn show(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let Place::Prove(ProvePage { detainee, way, then }) = &scene.place else { return };
    let page = window.global::<ui::Prove<'_>>();
    let face_known = *way == Way::Pin && scene.by_face;
    page.set_face(*way != Way::Pin);
    page.set_face_known(face_known);
    let (title, again) = match then {
        Then::Shop | Then::Account => ("prove-shop", false),
        Then::Documents => ("document-title", false),
        Then::Order(_) | Then::Kit => ("prove-order", true),
        Then::Receive { .. } => ("prove-receive", true),
        Then::Record => ("record-title", false),
        Then::Care => ("care-mine", false),
    };
    page.set_title(say.text(title));
    page.set_hint(say.text(match (way, again) {
        (Way::Face { .. }, _) => "prove-face-hint",
        (Way::Pin, true) => "prove-pin-again",
        (Way::Pin, false) if face_known => "prove-face-known",
        (Way::Pin, false) => "prove-pin-hint",
    }));
    page.set_name(crate::cell::masked(&name(scene, *detainee)).into());
    page.set_problem(problem(scene, say));
    page.set_pin_waiting(pin_waits(scene));
}

pub(crate) fn forget(window: &MainWindow) {
    let page = window.global::<ui::Prove<'_>>();
    page.set_name(SharedString::default());
}
