// SPDX-License-Identifier: GPL-3.0-only
//! Whose documents, and which there are: what is asked first, then what was answered.

use super::Lists;
use crate::document::DocumentView;
use crate::scene::Scene;
use crate::screen::{Phrases, fill};
use crate::session::screen::claimable;
use slint::{ComponentHandle, SharedString};
use ui::{Choice, DocumentStep, MainWindow, Sign};

pub(super) fn who(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) -> Lists {
    let page = window.global::<ui::Documents<'_>>();
    page.set_question(say.text("document-who"));
    page.set_hint(say.text("document-who-hint"));
    let people = scene.people.iter().map(|person| claimable(person, say)).collect();
    fill(page.get_people(), people, |rows| page.set_people(rows));
    page.set_step(DocumentStep::Who);
    Lists::default()
}

pub(super) fn list(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) -> Lists {
    let page = window.global::<ui::Documents<'_>>();
    page.set_question(say.text("document-list"));
    page.set_hint(say.text("document-list-hint"));
    page.set_big(say.text("document-list-empty"));
    let choices = scene.documents.own.iter().map(|held| choice(held, say)).collect();
    page.set_step(DocumentStep::List);
    Lists { choices, ..Lists::default() }
}

fn choice(held: &DocumentView, say: &Phrases<'_>) -> Choice {
    let (sign, state) = match held.stands() {
        Some(answer) if answer.signed => (Sign::DoneCircle, "document-state-signed"),
        Some(_) => (Sign::Pen, "document-state-declined"),
        None if held.may_sign() => (Sign::Paper, "document-state-open"),
        None => (Sign::Paper, "document-state-closed"),
    };
    let since = held.stands().map_or(held.document.asked_ms, |answer| answer.at_ms);
    let far =
        held.stands().map_or_else(SharedString::default, |answer| say.text(super::answer::stands(answer)));
    let args = [
        ("state", say.text(state).to_string().into()),
        ("version", held.document.version.into()),
        ("time", say.date_time(since).into()),
    ];
    let line = say.format("document-line", &args);
    Choice {
        id: format!("document-{}", held.document.key()).into(),
        sign,
        title: held.document.title.as_str().into(),
        detail: if far.is_empty() { line } else { format!("{line} · {far}").into() },
        enabled: true,
    }
}
