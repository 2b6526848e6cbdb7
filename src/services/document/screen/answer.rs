// SPDX-License-Identifier: GPL-3.0-only
//! What is said to a text: signed and read back, or not agreed to; and the receipt of either.

use super::{Lists, fact, next, way};
use crate::document::{AnswerView, DocumentView};
use crate::reasons;
use crate::scene::Scene;
use crate::screen::Phrases;
use crate::screen::pen::drawn;
use contract::{Print, Strokes};
use slint::{ComponentHandle, SharedString};
use ui::{Choice, DocumentStep, MainWindow, ReceiptStep, Sign};

pub(super) fn sign(window: &MainWindow, held: &DocumentView, say: &Phrases<'_>) -> Lists {
    let page = window.global::<ui::Documents<'_>>();
    page.set_question(held.document.title.as_str().into());
    page.set_hint(say.text("document-sign-hint"));
    next(window, "signed", say.text("document-sign-done"), true);
    page.set_step(DocumentStep::Sign);
    Lists::default()
}

pub(super) fn read_back(
    window: &MainWindow,
    held: &DocumentView,
    strokes: &Strokes,
    scene: &Scene,
    say: &Phrases<'_>,
) -> Lists {
    let page = window.global::<ui::Documents<'_>>();
    page.set_question(say.text("document-read-back"));
    let print = match Print::of(&held.document) {
        Print::NotWanted => "document-print-none",
        Print::Offline => "document-print-offline",
    };
    let lines = vec![
        fact(say.text("document-line-title"), held.document.title.as_str()),
        fact(say.text("document-line-version"), held.document.version.to_string()),
        fact(say.text("document-line-time"), say.date_time(scene.now.wall_ms)),
        fact(say.text("document-line-print"), say.text(print)),
    ];
    next(window, "confirm", say.text("document-confirm"), true);
    page.set_step(DocumentStep::ReadBack);
    Lists { lines, signed: drawn(strokes), ..Lists::default() }
}

pub(super) fn why(window: &MainWindow, say: &Phrases<'_>) -> Lists {
    let page = window.global::<ui::Documents<'_>>();
    page.set_question(say.text("document-why"));
    page.set_hint(say.text("document-why-hint"));
    let choices = reasons::DOCUMENT_DECLINE.map(|id| Choice {
        id: id.into(),
        sign: Sign::None,
        title: say.text(id),
        detail: SharedString::default(),
        enabled: true,
    });
    page.set_step(DocumentStep::Choose);
    Lists { choices: choices.to_vec(), ..Lists::default() }
}

pub(super) fn words(window: &MainWindow, say: &Phrases<'_>) -> Lists {
    let page = window.global::<ui::Documents<'_>>();
    page.set_question(say.text("document-words-question"));
    page.set_hint(say.text("document-words-hint"));
    page.set_step(DocumentStep::Words);
    Lists::default()
}

pub(super) fn no(
    window: &MainWindow,
    held: &DocumentView,
    (why, words): (&str, &str),
    say: &Phrases<'_>,
) -> Lists {
    let page = window.global::<ui::Documents<'_>>();
    page.set_question(say.text("document-read-back-no"));
    let mut lines = vec![
        fact(say.text("document-line-title"), held.document.title.as_str()),
        fact(say.text("document-line-version"), held.document.version.to_string()),
        fact(say.text("document-line-why"), say.text(why)),
    ];
    if !words.is_empty() {
        lines.push(fact(say.text("document-line-words"), words));
    }
    next(window, "confirm", say.text("document-confirm-no"), true);
    page.set_step(DocumentStep::ReadBack);
    let (notes, ways) =
        (vec![say.text("document-no-after")], vec![way("words", "document-add-words", true, say)]);
    Lists { lines, notes, ways, ..Lists::default() }
}

pub(super) fn sent(window: &MainWindow, held: &DocumentView, say: &Phrases<'_>) -> Lists {
    let page = window.global::<ui::Documents<'_>>();
    let Some(answer) = held.stands() else { return Lists::default() };
    page.set_sign(if answer.is_parked() { Sign::Warning } else { Sign::DoneCircle });
    page.set_big(say.text(if answer.signed { "document-sent-signed" } else { "document-sent-declined" }));
    let args = [("number", answer.event.number().into()), ("version", held.document.version.into())];
    let number = say.format("document-sent-number", &args);
    page.set_big_detail(format!("{} · {number}", held.document.title).into());
    let mut notes = Vec::new();
    if answer.is_parked() {
        notes.push(say.text("document-parked"));
    }
    if answer.signed && held.document.print {
        let print = answer.told.as_ref().and_then(|told| told.print_ms);
        notes.push(match print {
            Some(ms) => say.format("document-print-done", &[("time", say.date_time(ms).into())]),
            None => say.text("document-print-waits"),
        });
    }
    if !answer.signed {
        let why = reasons::in_words(&answer.why, say.words);
        let said = if answer.words.is_empty() { why } else { format!("{why} · {}", answer.words) };
        notes.push(say.format("document-said-why", &[("why", said.into())]));
        notes.push(say.text("document-no-after"));
    }
    next(window, "list", say.text("document-to-list"), true);
    page.set_step(DocumentStep::Receipt);
    Lists { steps: steps(answer, say), notes, ..Lists::default() }
}

/// 已保存, 已上传平台, 已签收: what is true, each with its time.
fn steps(answer: &AnswerView, say: &Phrases<'_>) -> Vec<ReceiptStep> {
    let step = |title: &str, at_ms: Option<i64>| ReceiptStep {
        done: at_ms.is_some(),
        title: say.text(title),
        detail: at_ms.map_or_else(SharedString::default, |at_ms| say.date_time(at_ms).into()),
    };
    vec![
        step("document-step-saved", Some(answer.at_ms)),
        step("document-step-uploaded", answer.uploaded_ms()),
        step("document-step-received", answer.received_ms()),
    ]
}

/// How far an answer came, in one word.
pub(super) fn stands(answer: &AnswerView) -> &'static str {
    if answer.is_parked() {
        "document-parked-short"
    } else if answer.received_ms().is_some() {
        "document-step-received"
    } else if answer.uploaded_ms().is_some() {
        "document-step-uploaded"
    } else {
        "document-step-saved"
    }
}
