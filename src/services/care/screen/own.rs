// SPDX-License-Identifier: GPL-3.0-only
//! A person's own page: what they reported and what came of it, medicines, doses, documents, who was told what.

use super::report::{danger, face, line, part, parts, since, steps, symptom};
use super::{next, skip};
use crate::care::{Own, ReportView};
use crate::reasons;
use crate::scene::{CarePage, Scene};
use crate::screen::{Phrases, fill};
use contract::{CareState, Said, Slot};
use slint::{ComponentHandle, SharedString};
use ui::{CareStep, Choice, Fact, MainWindow, Sign};
use uuid::Uuid;

/// Characters of a document on one page, so that it fits at every size.
const PART_CHARACTERS: usize = 150;
/// Notices shown beside the list.
const NOTICES_MAX: usize = 1;

pub(super) fn show(window: &MainWindow, at: &CarePage, scene: &Scene, say: &Phrases<'_>) {
    let Some(own) = &scene.care.own else { return };
    match at {
        CarePage::Mine => mine(window, own, scene, say),
        CarePage::One(number) => {
            if let Some(report) = own.reports.iter().find(|report| report.sent.number == *number) {
                detail(window, report, scene, say);
            }
        }
        CarePage::OtherTime { prefers, .. } => {
            let page = window.global::<ui::Care<'_>>();
            asked(window, "care-other-time-question", "care-other-time-hint", say);
            parts(window, prefers, say);
            page.set_columns(3);
            page.set_several(true);
            next(window, "confirm", say.text("care-send"), true);
            page.set_step(CareStep::Pictures);
        }
        CarePage::RefuseWhy(_) => {
            why(window, "care-refuse-question", "care-refuse-hint", &reasons::CARE_REFUSAL, say)
        }
        CarePage::NotTakenWhy(_) => {
            why(window, "care-missed-question", "care-missed-hint", &reasons::CARE_NOT_TAKEN, say)
        }
        CarePage::DisagreeWhy(_) => {
            why(window, "care-disagree-question", "care-disagree-hint", &reasons::CARE_DISAGREEMENT, say)
        }
        CarePage::Record => record(window, own, say),
        CarePage::Doses => doses(window, own, say),
        CarePage::Documents => documents(window, own, say),
        CarePage::Document(document) => one_document(window, own, *document, say),
        CarePage::Sign(document) => {
            let page = window.global::<ui::Care<'_>>();
            titled(window, own, *document);
            next(window, "signed", say.text("care-sign-done"), true);
            page.set_step(CareStep::Sign);
        }
        // What anybody may see.
        CarePage::Menu
        | CarePage::Who { .. }
        | CarePage::Check(_)
        | CarePage::Report(_)
        | CarePage::Red(..)
        | CarePage::Sent(_)
        | CarePage::MineWho => {}
    }
}

fn mine(window: &MainWindow, own: &Own, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Care<'_>>();
    let choices = own.reports.iter().map(|report| {
        let steps = steps(&report.sent, state(report), scene, say);
        let stands = steps.iter().rev().find(|step| step.done).map(|step| step.title.clone());
        let time = say.date_time(report.sent.made.wall_ms);
        let args = [("time", time.into()), ("symptoms", symptoms(report, say).into())];
        Choice {
            id: format!("report-{}", report.sent.number).into(),
            sign: Sign::Care,
            title: say.format("care-report-title", &args),
            detail: stands.unwrap_or_default(),
            enabled: true,
        }
    });
    fill(page.get_choices(), choices.collect(), |rows| page.set_choices(rows));
    page.set_empty(say.text("care-empty"));
    let current = own.notices.iter().filter(|notice| notice.until_ms > scene.now.wall_ms);
    let notices = current.take(NOTICES_MAX).map(|notice| {
        let posts =
            notice.posts.iter().map(|post| say.words.format("care-post", &[("post", post.name().into())]));
        let needs =
            notice.needs.iter().map(|need| say.words.format("care-need", &[("need", need.name().into())]));
        let args = [
            ("posts", posts.collect::<Vec<_>>().join("、").into()),
            ("needs", needs.collect::<Vec<_>>().join("、").into()),
            ("time", say.date_time(notice.until_ms).into()),
        ];
        say.format("care-notice", &args)
    });
    fill(page.get_notes(), notices.collect(), |rows| page.set_notes(rows));
    page.set_step(CareStep::Mine);
}

fn detail(window: &MainWindow, report: &ReportView, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Care<'_>>();
    let answer = report.answer.as_ref().map(|(_, answer)| answer);
    page.set_big(answer.map_or_else(SharedString::default, |answer| answer.words.as_str().into()));
    let mut lines = vec![line("care-line-where", said_of(report, say).into(), say)];
    for step in steps(&report.sent, state(report), scene, say) {
        // What has not happened yet has no time of its own: its words say all.
        let value = if step.done { step.detail } else { SharedString::default() };
        lines.push(Fact { id: SharedString::default(), title: step.title, value, done: step.done });
    }
    for word in report.said.iter().rev().take(3) {
        lines.push(line("care-line-said", said_later(report, &word.said, say), say));
    }
    lines.extend(report.nudged.map(|at| Fact {
        id: SharedString::default(),
        title: say.text("care-nudge"),
        value: say.date_time(at.wall_ms).into(),
        done: true,
    }));
    fill(page.get_lines(), lines, |rows| page.set_lines(rows));
    fill(page.get_choices(), slots(report, say), |rows| page.set_choices(rows));
    fill(page.get_ways(), ways(report, say), |rows| page.set_ways(rows));
    page.set_step(CareStep::Detail);
}

/// The times that are offered.
fn slots(report: &ReportView, say: &Phrases<'_>) -> Vec<Choice> {
    let Some((_, answer)) = report.answer.as_ref().filter(|(_, answer)| answer.state != CareState::Closed)
    else {
        return Vec::new();
    };
    let chosen = report.said.iter().rev().find_map(|word| match &word.said {
        Said::Accept { slot } => Some(*slot),
        Said::OtherTime { .. }
        | Said::Cancel
        | Said::Refuse { .. }
        | Said::Worse { .. }
        | Said::Dose { .. }
        | Said::Sign { .. } => None,
    });
    let choice = |slot: &Slot| {
        let taken = answer.booked.or(chosen) == Some(slot.slot);
        let kind = say.words.format("care-slot", &[("kind", slot.kind.name().into())]);
        let state = if taken { "care-slot-taken" } else { "care-slot-take" };
        Choice {
            id: format!("slot-{}", slot.slot).into(),
            sign: if taken { Sign::DoneCircle } else { Sign::Calendar },
            title: say.date_time(slot.from_ms).into(),
            detail: say.format(state, &[("kind", kind.into())]),
            enabled: true,
        }
    };
    answer.slots.iter().map(choice).collect()
}

/// What else can be done about a report.
fn ways(report: &ReportView, say: &Phrases<'_>) -> Vec<Choice> {
    let closed = state(report).is_some_and(|(_, state)| state == CareState::Closed);
    if closed || report.event.is_none() {
        return Vec::new();
    }
    let offered = report.answer.as_ref().is_some_and(|(_, answer)| !answer.slots.is_empty());
    let way = |id: &str, title: &str| Choice {
        id: id.into(),
        sign: Sign::None,
        title: say.text(title),
        detail: SharedString::default(),
        enabled: true,
    };
    let other_time = offered.then(|| way("other-time", "care-other-time"));
    let always = [way("nudge", "care-nudge"), way("cancel", "care-cancel"), way("refuse", "care-refuse")];
    other_time.into_iter().chain(always).collect()
}

fn state(report: &ReportView) -> Option<(i64, CareState)> {
    report.answer.as_ref().map(|(at_ms, answer)| (*at_ms, answer.state))
}

fn symptoms(report: &ReportView, say: &Phrases<'_>) -> String {
    let symptoms = report.report.symptoms.iter().map(|one| symptom(*one, say.words));
    let dangers = report.report.dangers.iter().map(|one| danger(*one, say.words));
    symptoms.chain(dangers).collect::<Vec<_>>().join("、")
}

/// 头、发烧 · 今天 · 难受; and who said it, where that is not the person.
fn said_of(report: &ReportView, say: &Phrases<'_>) -> String {
    let mut parts = vec![symptoms(report, say)];
    parts.extend(report.report.since.map(|one| since(one, say.words)));
    parts.extend(report.report.severity.map(|one| face(one, say.words)));
    if report.report.for_other {
        parts.push(say.text("care-other").to_string());
    } else if !super::report::is_proven(report.report.check) {
        parts.push(say.text("care-unchecked").to_string());
    }
    parts.join(" · ")
}

fn said_later(report: &ReportView, said: &Said, say: &Phrases<'_>) -> SharedString {
    match said {
        Said::Accept { slot } => {
            let mut slots = report.answer.iter().flat_map(|(_, answer)| &answer.slots);
            let time = slots.find(|one| one.slot == *slot).map(|one| say.date_time(one.from_ms));
            say.format("care-said-accept", &[("time", time.unwrap_or_default().into())])
        }
        Said::OtherTime { prefers } if prefers.is_empty() => say.text("care-said-any-time"),
        Said::OtherTime { prefers } => {
            let parts: Vec<_> = prefers.iter().map(|one| part(*one, say.words)).collect();
            say.format("care-said-other-time", &[("parts", parts.join("、").into())])
        }
        Said::Cancel => say.text("care-said-cancel"),
        Said::Refuse { .. } => say.text("care-said-refuse"),
        Said::Worse { .. } => say.text("care-said-worse"),
        // Not said to a report.
        Said::Dose { .. } | Said::Sign { .. } => SharedString::default(),
    }
}

fn record(window: &MainWindow, own: &Own, say: &Phrases<'_>) {
    let page = window.global::<ui::Care<'_>>();
    let row = |title: SharedString, value: String| Fact {
        id: SharedString::default(),
        title,
        value: value.into(),
        done: true,
    };
    let medicines = own
        .record
        .medicines
        .iter()
        .map(|one| row(say.text("care-medicine"), format!("{} · {}", one.name, one.how)));
    let readings =
        own.record.readings.iter().map(|one| {
            row(one.what.as_str().into(), format!("{} · {}", one.value, say.date_time(one.at_ms)))
        });
    let visits = own.record.visits.iter().map(|one| {
        row(say.format("care-visit", &[("time", say.date_time(one.at_ms).into())]), one.words.to_string())
    });
    let lines = medicines.chain(readings).chain(visits).collect();
    fill(page.get_lines(), lines, |rows| page.set_lines(rows));
    page.set_empty(say.text("care-record-empty"));
    page.set_step(CareStep::Lines);
}

fn doses(window: &MainWindow, own: &Own, say: &Phrases<'_>) {
    let page = window.global::<ui::Care<'_>>();
    let lines = own.doses.iter().rev().map(|one| {
        let time = say.date_time(one.dose.at_ms);
        let told =
            one.taken.map(|taken| say.text(if taken { "care-dose-taken" } else { "care-dose-missed" }));
        Fact {
            id: one.dose.dose.to_string().into(),
            title: one.dose.medicine.as_str().into(),
            value: told.map_or(time.clone(), |told| format!("{time} · {told}")).into(),
            done: one.taken.is_some(),
        }
    });
    fill(page.get_lines(), lines.collect(), |rows| page.set_lines(rows));
    page.set_empty(say.text("care-doses-empty"));
    page.set_step(CareStep::Doses);
}

fn documents(window: &MainWindow, own: &Own, say: &Phrases<'_>) {
    let page = window.global::<ui::Care<'_>>();
    let choices = own.documents.iter().rev().map(|(document, agreed)| Choice {
        id: format!("document-{}", document.document).into(),
        sign: Sign::Paper,
        title: document.title.as_str().into(),
        detail: say.text(match agreed {
            None => "care-document-open",
            Some(true) => "care-document-signed",
            Some(false) => "care-document-refused",
        }),
        enabled: true,
    });
    fill(page.get_choices(), choices.collect(), |rows| page.set_choices(rows));
    page.set_question(say.text("care-documents"));
    page.set_empty(say.text("care-documents-empty"));
    page.set_step(CareStep::Choose);
}

fn one_document(window: &MainWindow, own: &Own, number: Uuid, say: &Phrases<'_>) {
    let page = window.global::<ui::Care<'_>>();
    let Some((document, agreed)) = own.documents.iter().find(|(one, _)| one.document == number) else {
        return;
    };
    titled(window, own, number);
    let parts = document.paragraphs.iter().flat_map(|paragraph| parts_of(paragraph.as_str()));
    let lines = parts.map(|part| Fact {
        id: SharedString::default(),
        title: SharedString::default(),
        value: part.into(),
        done: true,
    });
    fill(page.get_lines(), lines.collect(), |rows| page.set_lines(rows));
    if agreed.is_none() {
        skip(window, "disagree", say.text("care-disagree"));
        next(window, "sign", say.text("care-sign"), true);
    }
    page.set_step(CareStep::Document);
}

fn titled(window: &MainWindow, own: &Own, number: Uuid) {
    let title =
        own.documents.iter().find(|(one, _)| one.document == number).map(|(one, _)| one.title.as_str());
    window.global::<ui::Care<'_>>().set_question(title.unwrap_or_default().into());
}

/// A paragraph in parts that fit on a page.
fn parts_of(paragraph: &str) -> Vec<String> {
    let characters: Vec<char> = paragraph.chars().collect();
    characters.chunks(PART_CHARACTERS).map(|part| part.iter().collect()).collect()
}

fn why(window: &MainWindow, question: &str, hint: &str, ids: &[&str], say: &Phrases<'_>) {
    let page = window.global::<ui::Care<'_>>();
    asked(window, question, hint, say);
    let choices = ids.iter().map(|id| Choice {
        id: (*id).into(),
        sign: Sign::None,
        title: say.text(id),
        detail: SharedString::default(),
        enabled: true,
    });
    fill(page.get_choices(), choices.collect(), |rows| page.set_choices(rows));
    page.set_step(CareStep::Choose);
}

fn asked(window: &MainWindow, question: &str, hint: &str, say: &Phrases<'_>) {
    let page = window.global::<ui::Care<'_>>();
    page.set_question(say.text(question));
    page.set_hint(say.text(hint));
}
