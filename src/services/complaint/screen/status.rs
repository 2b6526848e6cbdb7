// SPDX-License-Identifier: GPL-3.0-only
//! What became of it: the receipt code, how far it came, the office's answer.

use super::{next, notes, office, way, ways};
use crate::complaint::{Ended, Overdue, SentView};
use crate::scene::{Held, Scene};
use crate::screen::{Phrases, fill};
use contract::{OfficeAnswer, Trust, Verdict};
use slint::{ComponentHandle, SharedString};
use store::Delivery;
use ui::{ComplaintStep, MainWindow, ReceiptStep};

/// The code, once.
pub(super) fn receipt(window: &MainWindow, held: &Held, say: &Phrases<'_>) {
    let page = window.global::<ui::Complaint<'_>>();
    page.set_question(say.text("complaint-sent"));
    page.set_hint(say.text("complaint-sent-hint"));
    page.set_big(held.code.in_groups().as_str().into());
    page.set_big_detail(say.text("complaint-sent-keep"));
    notes(window, vec![say.text("complaint-sent-why"), say.text("complaint-sent-lost")]);
    next(window, "kept", say.text("complaint-kept"), true);
    page.set_step(ComplaintStep::Receipt);
}

pub(super) fn status(window: &MainWindow, sent: &SentView, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Complaint<'_>>();
    page.set_question(say.format("complaint-state", &[("office", office(sent.office, say.words).into())]));
    let made = say.date_time(sent.made.wall_ms);
    page.set_hint(say.format("complaint-state-made", &[("time", made.into())]));
    fill(page.get_steps(), steps(sent, say), |rows| page.set_steps(rows));
    let mut lines = Vec::new();
    if sent.escalated {
        lines.push(say.text("complaint-escalated"));
    }
    if sent.withdrawn && sent.heard.ended.is_none() {
        lines.push(say.text("complaint-withdrawal-sent"));
    }
    if let Some(to) = sent.next {
        lines.push(say.format("complaint-escalate-to", &[("office", office(to, say.words).into())]));
    }
    if scene.now.trust != Trust::Synced {
        lines.push(say.text("complaint-clock-unverified"));
    }
    notes(window, lines);
    let escalate = sent.next.map(|_| say.text("complaint-escalate"));
    let mut others = Vec::new();
    if !sent.withdrawn && sent.heard.ended.is_none() {
        others.push(way("withdraw", say.text("complaint-withdraw")));
    }
    if sent.has_answer {
        others.extend(escalate.map(|word| way("escalate", word)));
        next(window, "open", say.text("complaint-open"), true);
    } else if let Some(word) = escalate {
        next(window, "escalate", word, true);
    }
    ways(window, others);
    page.set_step(ComplaintStep::Status);
}

pub(super) fn answer(window: &MainWindow, answer: &OfficeAnswer, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Complaint<'_>>();
    let from = office(answer.office, say.words);
    page.set_question(say.format("complaint-answer-title", &[("office", from.into())]));
    page.set_hint(say.format("complaint-answer-at", &[("time", say.date_time(answer.at_ms).into())]));
    page.set_big(answer.words.as_str().into());
    if let Some(meeting_ms) = answer.meeting_ms {
        let time = say.date_time(meeting_ms);
        page.set_big_detail(say.format("complaint-answer-meeting", &[("time", time.into())]));
        if scene.now.wall_ms >= meeting_ms {
            let others = ["did-not", "took-place"].map(|id| way(id, say.text(&format!("complaint-{id}"))));
            ways(window, others.to_vec());
        }
    }
    page.set_step(ComplaintStep::Answer);
}

fn steps(sent: &SentView, say: &Phrases<'_>) -> Vec<ReceiptStep> {
    let step = |done, title: SharedString, detail| ReceiptStep { done, title, detail };
    let at = |ms: i64| SharedString::from(say.date_time(ms));
    let due = |id: &str, ms: i64| say.format(id, &[("time", say.date_time(ms).into())]);
    let mut steps = vec![step(true, say.text("complaint-step-saved"), at(sent.made.wall_ms))];
    steps.push(match &sent.delivery {
        Some(Delivery::Delivered { at_ms, verdict }) if !matches!(verdict, Verdict::Retry { .. }) => {
            step(true, say.text("complaint-step-uploaded"), at(*at_ms))
        }
        // Acknowledged so long ago that the event itself is forgotten.
        None => step(true, say.text("complaint-step-uploaded"), SharedString::default()),
        Some(Delivery::Saved | Delivery::Delivered { .. }) => {
            step(false, say.text("complaint-step-sending"), SharedString::default())
        }
        Some(Delivery::Kept) => step(false, say.text("complaint-not-taken"), SharedString::default()),
    });
    let over = sent.heard.ended.is_some() || sent.heard.answered_ms.is_some();
    steps.push(match sent.heard.received_ms {
        Some(ms) => step(true, say.text("complaint-step-received"), at(ms)),
        None => {
            let late = sent.overdue != Overdue::No;
            let id = if late { "complaint-step-receive-overdue" } else { "complaint-step-receive-due" };
            step(false, due(id, sent.receive_due_ms), SharedString::default())
        }
    });
    if let Some(ms) = sent.heard.answered_ms {
        steps.push(step(true, say.text("complaint-step-answered"), at(ms)));
    } else if !over {
        let late = sent.overdue == Overdue::NotAnswered;
        let id = if late { "complaint-step-answer-overdue" } else { "complaint-step-answer-due" };
        steps.push(step(false, due(id, sent.answer_due_ms), SharedString::default()));
    }
    if let Some((ms, how)) = sent.heard.ended {
        let id = match how {
            Ended::Withdrawn => "complaint-step-withdrawn",
            Ended::Closed => "complaint-step-closed",
        };
        steps.push(step(true, say.text(id), at(ms)));
    }
    steps
}
