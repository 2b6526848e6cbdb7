// SPDX-License-Identifier: GPL-3.0-only
//! On the way to an office: to whom, named or not, the questions, read back.

use super::{about, asked, choice, next, notes, office, topic, way, ways};
use crate::cell;
use crate::complaint::{Draft, OfficeLine, OfficeState, Step};
use crate::scene::Scene;
use crate::screen::{Phrases, fill, problem};
use contract::{About, Office, Topic};
use slint::{ComponentHandle, SharedString};
use ui::{Choice, ComplaintStep, Fact, MainWindow, Picture, Sign};

pub(super) fn menu(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    asked(window, "complaint-menu", "complaint-menu-hint", say);
    offices(window, scene, say);
    let see = choice("see", Sign::Talk, say.text("complaint-see"), say.text("complaint-see-detail"));
    let (title, detail) = (say.text("complaint-status"), say.text("complaint-status-detail"));
    let (proof, what) = (say.text("complaint-proof"), say.text("complaint-proof-detail"));
    ways(
        window,
        vec![see, choice("status", Sign::Record, title, detail), choice("proof", Sign::Linked, proof, what)],
    );
    window.global::<ui::Complaint<'_>>().set_step(ComplaintStep::Menu);
}

/// Why it cannot be written to from here, and what can be done.
pub(super) fn closed(window: &MainWindow, to: Office, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Complaint<'_>>();
    page.set_question(say.format("complaint-closed", &[("office", office(to, say.words).into())]));
    let why = match line(scene, to).map(|line| line.state) {
        Some(OfficeState::Ended) => "complaint-closed-ended",
        Some(OfficeState::NotArranged | OfficeState::Arranged { .. }) | None => "complaint-closed-never",
    };
    page.set_hint(say.text(why));
    let others = ["complaint-closed-box", "complaint-closed-meet", "complaint-closed-report"];
    notes(window, others.map(|id| say.text(id)).to_vec());
    page.set_step(ComplaintStep::Choose);
}

pub(super) fn name(window: &MainWindow, to: Office, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Complaint<'_>>();
    page.set_question(say.text("complaint-name"));
    let choices = vec![
        choice("named", Sign::Person, say.text("complaint-named"), say.text("complaint-named-detail")),
        choice("unnamed", Sign::Hide, say.text("complaint-unnamed"), say.text("complaint-unnamed-detail")),
    ];
    fill(page.get_choices(), choices, |rows| page.set_choices(rows));
    let mut lines = vec![say.text("complaint-name-room"), say.text("complaint-name-power")];
    if let Some(print) = line(scene, to).and_then(|line| line.fingerprint.clone()) {
        lines.push(say.format("complaint-name-key", &[("fingerprint", print.into())]));
    }
    notes(window, lines);
    page.set_step(ComplaintStep::Choose);
}

pub(super) fn elsewhere(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    asked(window, "complaint-elsewhere-question", "complaint-elsewhere-hint", say);
    offices(window, scene, say);
    notes(window, vec![say.text("complaint-closed-box")]);
    window.global::<ui::Complaint<'_>>().set_step(ComplaintStep::Choose);
}

pub(super) fn question(window: &MainWindow, draft: &Draft, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Complaint<'_>>();
    if let Some(at) = Step::ASKED.iter().position(|one| *one == draft.at) {
        let (number, numbers) = (at + 1, Step::ASKED.len());
        page.set_number(i32::try_from(number).unwrap_or_default());
        page.set_numbers(i32::try_from(numbers).unwrap_or_default());
        let args = [("number", cell::count(number).into()), ("numbers", cell::count(numbers).into())];
        page.set_number_words(say.format("complaint-step", &args));
    }
    match draft.at {
        Step::About => {
            asked(window, "complaint-about-question", "complaint-about-hint", say);
            pictures(window, 3, About::ALL.map(|one| about_picture(one, draft, say)).to_vec());
            if draft.writer.is_some() {
                ways(window, vec![way("talk", say.text("complaint-talk"))]);
            }
            next(window, "next", say.text("complaint-next"), true);
        }
        Step::Topics => {
            asked(window, "complaint-topic-question", "complaint-topic-hint", say);
            pictures(window, 4, Topic::ALL.map(|one| topic_picture(one, draft, say)).to_vec());
            next(window, "next", say.text("complaint-next"), true);
        }
        Step::Words => {
            asked(window, "complaint-words-question", "complaint-words-hint", say);
            ways(window, vec![way("no-words", say.text("complaint-no-words"))]);
            page.set_step(ComplaintStep::Words);
        }
        Step::ReadBack => read_back(window, draft, scene, say),
    }
}

fn read_back(window: &MainWindow, draft: &Draft, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Complaint<'_>>();
    asked(window, "complaint-read-back", "complaint-read-back-hint", say);
    let listed = |all: Vec<String>| match all.is_empty() {
        true => say.text("complaint-not-said"),
        false => SharedString::from(all.join("、")),
    };
    let fact = |title: &str, value| Fact { id: title.into(), title: say.text(title), value, done: true };
    let writer = match draft.writer {
        Some(writer) => cell::masked(&cell::screen::name(scene, writer)).into(),
        None => say.text("complaint-writer-none"),
    };
    let mut lines = vec![
        fact("complaint-line-office", office(draft.office, say.words).into()),
        fact("complaint-line-writer", writer),
    ];
    if draft.talk {
        lines.push(fact("complaint-line-talk", say.text("complaint-talk-only")));
    } else {
        let words = draft.words.as_str();
        lines.extend([
            fact(
                "complaint-line-about",
                listed(draft.about.iter().map(|one| about(*one, say.words)).collect()),
            ),
            fact(
                "complaint-line-topics",
                listed(draft.topics.iter().map(|one| topic(*one, say.words)).collect()),
            ),
            fact(
                "complaint-line-words",
                if words.is_empty() { say.text("complaint-not-said") } else { words.into() },
            ),
        ]);
    }
    fill(page.get_lines(), lines, |rows| page.set_lines(rows));
    if draft.writer.is_some() && !draft.talk {
        let title = say.text("complaint-meeting");
        let meeting = Picture { id: "meeting".into(), sign: Sign::Talk, title, on: draft.meeting };
        fill(page.get_pictures(), vec![meeting], |rows| page.set_pictures(rows));
    }
    page.set_problem(problem(scene, say));
    ways(window, vec![way("elsewhere", say.text("complaint-elsewhere"))]);
    next(window, "confirm", say.text("complaint-send"), draft.is_whole());
    page.set_step(ComplaintStep::ReadBack);
}

fn offices(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Complaint<'_>>();
    let choice = |line: &OfficeLine| -> Choice {
        let detail = match line.state {
            OfficeState::Arranged { .. } => say.text("complaint-office-sealed"),
            OfficeState::NotArranged | OfficeState::Ended => say.text("complaint-office-closed"),
        };
        let id = format!("office-{}", line.office.name());
        choice(&id, office_sign(line.office), office(line.office, say.words).into(), detail)
    };
    let choices = scene.complaint.offices.iter().map(choice).collect();
    fill(page.get_choices(), choices, |rows| page.set_choices(rows));
}

fn line(scene: &Scene, office: Office) -> Option<&OfficeLine> {
    scene.complaint.offices.iter().find(|line| line.office == office)
}

fn pictures(window: &MainWindow, columns: i32, pictures: Vec<Picture>) {
    let page = window.global::<ui::Complaint<'_>>();
    page.set_columns(columns);
    fill(page.get_pictures(), pictures, |rows| page.set_pictures(rows));
    page.set_step(ComplaintStep::Pictures);
}

fn about_picture(one: About, draft: &Draft, say: &Phrases<'_>) -> Picture {
    let sign = match one {
        About::Officer => Sign::Officer,
        About::Cellmate => Sign::People,
        About::Medical => Sign::Clinic,
        About::CaseOrgan => Sign::Interrogation,
        About::Facility => Sign::House,
        About::Other => Sign::More,
    };
    let (id, on) = (format!("about-{}", one.name()), draft.about.contains(&one));
    Picture { id: id.into(), sign, title: about(one, say.words).into(), on }
}

fn topic_picture(one: Topic, draft: &Draft, say: &Phrases<'_>) -> Picture {
    let sign = match one {
        Topic::Violence => Sign::Bleeding,
        Topic::Threats => Sign::Warning,
        Topic::Sexual => Sign::NotSeen,
        Topic::Restraints => Sign::Lock,
        Topic::Interrogation => Sign::Interrogation,
        Topic::CustodyExpiry => Sign::Calendar,
        Topic::Lawyer => Sign::Lawyer,
        Topic::Family => Sign::Family,
        Topic::Medical => Sign::Care,
        Topic::Living => Sign::Meal,
        Topic::Money => Sign::Shop,
        Topic::Other => Sign::More,
    };
    let (id, on) = (format!("topic-{}", one.name()), draft.topics.contains(&one));
    Picture { id: id.into(), sign, title: topic(one, say.words).into(), on }
}

fn office_sign(office: Office) -> Sign {
    match office {
        Office::Procurator => Sign::Hearing,
        Office::Director => Sign::House,
        Office::SupervisingOfficer => Sign::Officer,
        Office::Superior => Sign::Notices,
        Office::Clinic => Sign::Clinic,
    }
}
