// SPDX-License-Identifier: GPL-3.0-only
//! 约见 on the screen: whom to see, a person's own requests, where one stands.

use super::{asked, choice, next, notes, sure, way, ways};
use crate::complaint::AppointmentView;
use crate::scene::Scene;
use crate::screen::{Phrases, fill};
use contract::{AppointmentState, AppointmentWith, AppointmentWord, EventId, Verdict};
use i18n::Catalogue;
use slint::{ComponentHandle, SharedString};
use store::Delivery;
use ui::{ComplaintStep, MainWindow, ReceiptStep, Sign};

/// Whose requests are shown, and the way to a new one.
pub(super) fn mine(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Complaint<'_>>();
    asked(window, "complaint-see-mine", "complaint-see-mine-hint", say);
    let line = |one: &AppointmentView| {
        let time = say.date_time(one.made.wall_ms);
        let stands = SharedString::from(format!("{time}  {}", stand(one, say.words)));
        choice(&format!("see-{}", one.request), sign(one.with), with(one.with, say.words).into(), stands)
    };
    let choices = scene.complaint.appointments.iter().map(line).collect();
    fill(page.get_choices(), choices, |rows| page.set_choices(rows));
    next(window, "see-new", say.text("complaint-see-new"), true);
    page.set_step(ComplaintStep::Choose);
}

pub(super) fn whom(window: &MainWindow, say: &Phrases<'_>) {
    let page = window.global::<ui::Complaint<'_>>();
    asked(window, "complaint-see-whom", "complaint-see-whom-hint", say);
    let choices = AppointmentWith::ALL.map(|one| {
        let id = format!("with-{}", one.name());
        choice(&id, sign(one), with(one, say.words).into(), SharedString::default())
    });
    fill(page.get_choices(), choices.to_vec(), |rows| page.set_choices(rows));
    page.set_step(ComplaintStep::Choose);
}

pub(super) fn confirm(window: &MainWindow, whom: AppointmentWith, say: &Phrases<'_>) {
    sure(window, "complaint-see-sure", "complaint-see-sure-hint", "complaint-see-send", say);
    let page = window.global::<ui::Complaint<'_>>();
    page.set_question(say.format("complaint-see-sure", &[("whom", with(whom, say.words).into())]));
}

pub(super) fn one(window: &MainWindow, request: EventId, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Complaint<'_>>();
    let Some(held) = scene.complaint.appointments.iter().find(|held| held.request == request) else { return };
    page.set_question(say.format("complaint-see-one", &[("whom", with(held.with, say.words).into())]));
    fill(page.get_steps(), steps(held, say), |rows| page.set_steps(rows));
    let mut lines = Vec::new();
    if let Some(status) = held.status.as_ref().filter(|status| !status.words.is_empty()) {
        lines.push(status.words.as_str().into());
    }
    if let Some(due_ms) = held.lawyer_due_ms {
        lines.push(say.format("complaint-see-lawyer-due", &[("time", say.date_time(due_ms).into())]));
    }
    notes(window, lines);
    let mut others = Vec::new();
    if held.is_open() {
        others.push(way("see-withdraw", say.text("complaint-see-withdraw")));
        let past = held.booked_ms().is_some_and(|booked_ms| scene.now.wall_ms >= booked_ms);
        if past {
            others.push(way("see-did-not", say.text("complaint-did-not")));
            next(window, "see-took-place", say.text("complaint-took-place"), true);
        } else if held.booked_ms().is_none() && held.status.as_ref().is_some_and(|one| !one.slots.is_empty())
        {
            next(window, "see-slots", say.text("complaint-see-slots"), true);
        }
    }
    ways(window, others);
    page.set_step(ComplaintStep::Status);
}

pub(super) fn slots(window: &MainWindow, request: EventId, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Complaint<'_>>();
    asked(window, "complaint-see-slots-question", "complaint-see-slots-hint", say);
    let held = scene.complaint.appointments.iter().find(|held| held.request == request);
    let slots = held.and_then(|held| held.status.as_ref()).map_or(&[][..], |status| &status.slots);
    let choices = slots.iter().map(|slot| {
        let time = say.date_time(slot.from_ms).into();
        choice(&format!("slot-{}", slot.slot), Sign::Calendar, time, SharedString::default())
    });
    fill(page.get_choices(), choices.collect(), |rows| page.set_choices(rows));
    ways(window, vec![way("other-time", say.text("complaint-see-other-time"))]);
    page.set_step(ComplaintStep::Choose);
}

fn with(with: AppointmentWith, words: &Catalogue) -> String {
    words.format("complaint-with", &[("with", with.name().into())])
}

/// Where it stands, in one line.
fn stand(held: &AppointmentView, words: &Catalogue) -> String {
    let state = match (&held.said, &held.status) {
        (Some(AppointmentWord::Withdrawn), _) => "withdrawn",
        (Some(AppointmentWord::TookPlace), _) => "took_place",
        (_, Some(status)) => status.state.name(),
        (_, None) if held.is_overdue => "overdue",
        (_, None) => "sent",
    };
    words.format("complaint-see-state", &[("state", state.into())])
}

fn steps(held: &AppointmentView, say: &Phrases<'_>) -> Vec<ReceiptStep> {
    let step = |done, title: SharedString, detail| ReceiptStep { done, title, detail };
    let at = |ms: i64| SharedString::from(say.date_time(ms));
    let mut steps = vec![step(true, say.text("complaint-step-saved"), at(held.made.wall_ms))];
    steps.push(match &held.delivery {
        Some(Delivery::Delivered { at_ms, verdict }) if !matches!(verdict, Verdict::Retry { .. }) => {
            step(true, say.text("complaint-step-uploaded"), at(*at_ms))
        }
        None => step(true, say.text("complaint-step-uploaded"), SharedString::default()),
        Some(Delivery::Saved | Delivery::Delivered { .. }) => {
            step(false, say.text("complaint-step-sending"), SharedString::default())
        }
        Some(Delivery::Kept) => step(false, say.text("complaint-not-taken"), SharedString::default()),
    });
    let forwarded_ms = held.status.as_ref().and_then(|status| status.forwarded_ms);
    steps.push(match forwarded_ms {
        Some(ms) => step(true, say.text("complaint-see-forwarded"), at(ms)),
        None => {
            let id =
                if held.is_overdue { "complaint-see-forward-overdue" } else { "complaint-see-forward-due" };
            let due = say.format(id, &[("time", say.date_time(held.forward_due_ms).into())]);
            let state = held.status.as_ref().map(|status| status.state);
            let answered = !matches!(state, None | Some(AppointmentState::Accepted));
            step(answered, due, SharedString::default())
        }
    });
    if let Some(ms) = held.booked_ms() {
        let title = say.format("complaint-answer-meeting", &[("time", say.date_time(ms).into())]);
        steps.push(step(true, title, SharedString::default()));
    } else if held.status.is_some() || held.said.is_some() {
        steps.push(step(!held.is_open(), stand(held, say.words).into(), SharedString::default()));
    }
    steps
}

fn sign(with: AppointmentWith) -> Sign {
    match with {
        AppointmentWith::SupervisingOfficer => Sign::Officer,
        AppointmentWith::Director => Sign::House,
        AppointmentWith::DefenceLawyer | AppointmentWith::DutyLawyer => Sign::Lawyer,
        AppointmentWith::LegalAid => Sign::Help,
        AppointmentWith::Doctor => Sign::Clinic,
        AppointmentWith::Counsellor => Sign::Mind,
    }
}
