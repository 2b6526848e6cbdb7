// SPDX-License-Identifier: GPL-3.0-only
//! The calm call on its button, and what may be asked for with where it has got to.

use super::{Asked, Refusal};
use crate::scene::{Scene, Touch};
use crate::screen::{Phrases, fill, pressed, said};
use contract::{ItemKind, RequestState, Verdict};
use slint::{ComponentHandle, ModelRc, SharedString};
use store::Delivery;
use ui::{Choice, MainWindow, Sign};

pub(crate) fn wire(window: &MainWindow, touched: &(impl Fn(Touch) + Clone + 'static)) {
    window.global::<ui::Alarm<'_>>().on_reported(pressed(touched, Touch::Report));
    let page = window.global::<ui::Requests<'_>>();
    page.on_chosen(said(touched, |id| ItemKind::of(id).map(Touch::Item)));
    page.on_back(pressed(touched, Touch::Back));
}

/// What stands on the button of the calm call, on every page.
pub(crate) fn show_call(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let state = scene.requests.call.as_ref().map(|call| call_state(call, say)).unwrap_or_default();
    window.global::<ui::Alarm<'_>>().set_report_state(state);
}

pub(crate) fn show(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Requests<'_>>();
    let choice = |(item, asked): &(ItemKind, Option<Asked>)| Choice {
        id: item.name().into(),
        sign: sign(*item),
        title: say.format("request-item", &[("item", item.name().into())]),
        detail: asked.as_ref().map(|asked| state(asked, say)).unwrap_or_default(),
        enabled: true,
    };
    fill(page.get_items(), scene.requests.items.iter().map(choice).collect(), |rows| page.set_items(rows));
}

pub(crate) fn forget(window: &MainWindow) {
    window.global::<ui::Requests<'_>>().set_items(ModelRc::default());
}

pub(crate) fn refusal_text(refusal: Refusal, say: &Phrases<'_>) -> SharedString {
    match refusal {
        Refusal::Open => say.text("refused-request-open"),
    }
}

/// A call that was answered leaves the button to the next one.
fn call_state(call: &Asked, say: &Phrases<'_>) -> SharedString {
    match call.status.as_ref().map(|status| status.state) {
        Some(RequestState::Accepted) => say.text("report-answered"),
        Some(RequestState::Done | RequestState::Declined) => SharedString::default(),
        None => match &call.delivery {
            Delivery::Saved => say.text("report-kept"),
            Delivery::Delivered { at_ms, .. } => say.at("report-sent-at", *at_ms),
            Delivery::Kept => say.text("alarm-not-taken"),
        },
    }
}

fn state(asked: &Asked, say: &Phrases<'_>) -> SharedString {
    if let Some(status) = &asked.status {
        let time = ("time", say.date_time(status.at_ms).into());
        return match status.state {
            RequestState::Accepted => say.format("request-accepted", &[time]),
            RequestState::Done => say.format("request-done", &[time]),
            RequestState::Declined => {
                say.format("request-declined", &[("words", status.words.as_str().into())])
            }
        };
    }
    match &asked.delivery {
        Delivery::Saved | Delivery::Delivered { verdict: Verdict::Retry { .. }, .. } => {
            say.text("delivery-saved")
        }
        Delivery::Delivered { at_ms, .. } => {
            say.format("request-uploaded", &[("time", say.date_time(*at_ms).into())])
        }
        Delivery::Kept => say.text("alarm-not-taken"),
    }
}

fn sign(item: ItemKind) -> Sign {
    match item {
        ItemKind::Water => Sign::Water,
        ItemKind::ToiletPaper => Sign::Roll,
        ItemKind::Bedding => Sign::Bedding,
        ItemKind::Pen => Sign::Pen,
        ItemKind::Paper => Sign::Paper,
        ItemKind::Light => Sign::Light,
        ItemKind::Plumbing => Sign::Plumbing,
        ItemKind::Repair => Sign::Requests,
    }
}
