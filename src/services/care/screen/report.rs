// SPDX-License-Identifier: GPL-3.0-only
//! A report on its way: whom it is about, four questions, what was called out, read back, the receipt.

use super::{next, picture, skip};
use crate::care::{Draft, Question, Sent};
use crate::cell;
use crate::scene::{CarePage, Scene};
use crate::screen::{Phrases, fill, pin_waits, problem};
use contract::{CareCheck, Danger, DayPart, Since, Symptom, Verdict};
use i18n::Catalogue;
use slint::{ComponentHandle, SharedString};
use store::Delivery;
use ui::{CareStep, Fact, MainWindow, Person, Picture, ReceiptStep, Sign};

/// The faces, by the number they stand for.
pub(super) const FACES: [u8; 6] = [0, 2, 4, 6, 8, 10];

pub(super) fn show(window: &MainWindow, at: &CarePage, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Care<'_>>();
    match at {
        CarePage::Menu => menu(window, scene, say),
        CarePage::Who { for_other: false } => {
            who(window, "care-who", "care-who-detail", scene, say);
            skip(window, "nobody", say.text("care-nobody"));
        }
        CarePage::Who { for_other: true } => {
            who(window, "care-who-other", "care-who-other-detail", scene, say);
            skip(window, "nobody", say.text("care-nobody"));
        }
        CarePage::MineWho => who(window, "care-who-mine", "care-who-detail", scene, say),
        CarePage::Check(_) => {
            pin_page(window, "care-pin", scene, say);
            page.set_hint(say.text("care-pin-detail"));
            skip(window, "unchecked", say.text("care-unchecked"));
        }
        CarePage::Report(draft) => question(window, draft, scene, say),
        CarePage::Red(draft, _) => red(window, draft, scene, say),
        CarePage::Sent(_) => {
            if let Some(sent) = &scene.care.sent {
                receipt(window, sent, scene, say);
            }
        }
        // A person's own pages.
        CarePage::Mine
        | CarePage::One(_)
        | CarePage::OtherTime { .. }
        | CarePage::RefuseWhy(_)
        | CarePage::Record
        | CarePage::Doses
        | CarePage::NotTakenWhy(_)
        | CarePage::Documents
        | CarePage::Document(_)
        | CarePage::Sign(_)
        | CarePage::DisagreeWhy(_) => {}
    }
}

pub(super) fn symptom(symptom: Symptom, words: &Catalogue) -> String {
    words.format("care-symptom", &[("symptom", symptom.name().into())])
}

pub(super) fn since(since: Since, words: &Catalogue) -> String {
    words.format("care-since-when", &[("since", since.name().into())])
}

pub(super) fn danger(danger: Danger, words: &Catalogue) -> String {
    words.format("care-danger", &[("danger", danger.name().into())])
}

pub(super) fn part(part: DayPart, words: &Catalogue) -> String {
    words.format("care-part", &[("part", part.name().into())])
}

/// The words of the face that is nearest.
pub(super) fn face(severity: u8, words: &Catalogue) -> String {
    words.format("care-face", &[("face", format!("f{}", severity - severity % 2).into())])
}

pub(super) fn parts(window: &MainWindow, chosen: &[DayPart], say: &Phrases<'_>) {
    let page = window.global::<ui::Care<'_>>();
    let picture = |one: DayPart| {
        let sign = match one {
            DayPart::Morning => Sign::Morning,
            DayPart::Afternoon => Sign::Sun,
            DayPart::Evening => Sign::Evening,
        };
        picture(&format!("part-{}", one.name()), sign, part(one, say.words).into(), chosen.contains(&one))
    };
    let pictures = DayPart::ALL.into_iter().map(picture).collect();
    fill(page.get_pictures(), pictures, |rows| page.set_pictures(rows));
}

fn menu(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Care<'_>>();
    let pictures = vec![
        picture("me", Sign::Care, say.text("care-me"), false),
        picture("other", Sign::People, say.text("care-other"), false),
        picture("mine", Sign::Record, say.text("care-mine"), false),
    ];
    fill(page.get_pictures(), pictures, |rows| page.set_pictures(rows));
    let notes = if scene.care.clinic { Vec::new() } else { vec![say.text("care-no-clinic")] };
    fill(page.get_notes(), notes, |rows| page.set_notes(rows));
    page.set_hint(say.text("care-menu-hint"));
    page.set_step(CareStep::Menu);
}

fn who(window: &MainWindow, question: &str, hint: &str, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Care<'_>>();
    page.set_question(say.text(question));
    page.set_hint(say.text(hint));
    let people = scene.people.iter().map(|person| {
        let tile = cell::screen::tile(person, say);
        Person { name: cell::masked(&person.name).into(), ..tile }
    });
    fill(page.get_people(), people.collect(), |rows| page.set_people(rows));
    page.set_step(CareStep::Who);
}

fn pin_page(window: &MainWindow, question: &str, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Care<'_>>();
    page.set_question(say.text(question));
    page.set_problem(problem(scene, say));
    page.set_pin_waiting(pin_waits(scene));
    page.set_step(CareStep::Pin);
}

fn question(window: &MainWindow, draft: &Draft, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Care<'_>>();
    if let Some(at) = Question::ASKED.iter().position(|one| *one == draft.at) {
        let (number, numbers) = (at + 1, Question::ASKED.len());
        page.set_number(i32::try_from(number).unwrap_or_default());
        page.set_numbers(i32::try_from(numbers).unwrap_or_default());
        let args = [("number", cell::count(number).into()), ("numbers", cell::count(numbers).into())];
        page.set_number_words(say.format("care-step", &args));
    }
    let (columns, pictures): (i32, Vec<Picture>) = match draft.at {
        Question::Where => {
            asked(window, "care-where", "care-where-hint", say);
            next(window, "next", say.text("care-next"), draft.is_whole());
            let one = |one: Symptom| {
                let (id, on) = (format!("symptom-{}", one.name()), draft.symptoms.contains(&one));
                picture(&id, symptom_sign(one), symptom(one, say.words).into(), on)
            };
            (4, Symptom::ALL.into_iter().map(one).collect())
        }
        Question::Since => {
            asked(window, "care-since", "care-since-hint", say);
            skip(window, "since", say.text("care-unsure"));
            let one = |one: Since| {
                let (id, on) = (format!("since-{}", one.name()), draft.since == Some(one));
                picture(&id, since_sign(one), since(one, say.words).into(), on)
            };
            (3, Since::ALL.into_iter().map(one).collect())
        }
        Question::Severity => {
            asked(window, "care-severity", "care-severity-hint", say);
            skip(window, "severity", say.text("care-unsure"));
            let signs = [Sign::Face0, Sign::Face2, Sign::Face4, Sign::Face6, Sign::Face8, Sign::Face10];
            let one = |(one, sign): (u8, Sign)| {
                picture(
                    &format!("face-{one}"),
                    sign,
                    face(one, say.words).into(),
                    draft.severity == Some(one),
                )
            };
            (3, FACES.into_iter().zip(signs).map(one).collect())
        }
        Question::Dangers => {
            asked(window, "care-dangers", "care-dangers-hint", say);
            let one = |one: Danger| {
                let (id, on) = (format!("danger-{}", one.name()), draft.dangers.contains(&one));
                picture(&id, danger_sign(one), danger(one, say.words).into(), on)
            };
            let mut all: Vec<Picture> = Danger::ALL.into_iter().map(one).collect();
            if draft.dangers.is_empty() {
                all.push(picture("danger-none", Sign::NoneOfThem, say.text("care-no-danger"), false));
            } else {
                next(window, "next", say.text("care-next"), true);
            }
            (3, all)
        }
        Question::ReadBack => return read_back(window, draft, scene, say),
    };
    page.set_several(matches!(draft.at, Question::Where));
    page.set_columns(columns);
    fill(page.get_pictures(), pictures, |rows| page.set_pictures(rows));
    page.set_step(CareStep::Pictures);
}

fn asked(window: &MainWindow, question: &str, hint: &str, say: &Phrases<'_>) {
    let page = window.global::<ui::Care<'_>>();
    page.set_question(say.text(question));
    page.set_hint(say.text(hint));
}

fn read_back(window: &MainWindow, draft: &Draft, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Care<'_>>();
    asked(window, "care-read-back", "care-read-back-hint", say);
    let who = match (draft.detainee, draft.for_other) {
        (None, _) => say.text("care-for-nobody"),
        (Some(detainee), other) => {
            let name = cell::masked(&cell::screen::name(scene, detainee));
            if other { say.format("care-for-other", &[("name", name.into())]) } else { name.into() }
        }
    };
    let mut lines = content(draft, say);
    lines.push(line("care-line-who", who, say));
    lines.push(line("care-line-temperature", say.text("care-not-measured"), say));
    fill(page.get_lines(), lines, |rows| page.set_lines(rows));
    parts(window, &draft.prefers, say);
    next(window, "confirm", say.text("care-send"), true);
    page.set_step(CareStep::ReadBack);
}

/// What was said, in lines.
fn content(draft: &Draft, say: &Phrases<'_>) -> Vec<Fact> {
    let listed = |all: Vec<String>, none: &str| match all.is_empty() {
        true => say.text(none),
        false => all.join("、").into(),
    };
    let symptoms = draft.symptoms.iter().map(|one| symptom(*one, say.words)).collect();
    let dangers = draft.dangers.iter().map(|one| danger(*one, say.words)).collect();
    vec![
        line("care-line-where", listed(symptoms, "care-not-said"), say),
        line(
            "care-line-since",
            draft.since.map_or_else(|| say.text("care-not-said"), |one| since(one, say.words).into()),
            say,
        ),
        line(
            "care-line-severity",
            draft.severity.map_or_else(|| say.text("care-not-said"), |one| face(one, say.words).into()),
            say,
        ),
        line("care-line-dangers", listed(dangers, "care-none"), say),
    ]
}

pub(super) fn line(title: &str, value: SharedString, say: &Phrases<'_>) -> Fact {
    Fact { id: title.into(), title: say.text(title), value, done: true }
}

fn red(window: &MainWindow, draft: &Draft, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Care<'_>>();
    let dangers: Vec<_> = draft.dangers.iter().map(|one| danger(*one, say.words)).collect();
    let dangers = ("danger", dangers.join("、").into());
    page.set_big(say.text("care-called"));
    page.set_big_detail(match draft.detainee {
        Some(detainee) => {
            let name = cell::masked(&cell::screen::name(scene, detainee));
            say.format("care-called-who", &[("name", name.into()), dangers])
        }
        None => say.format("care-called-cell", &[dangers]),
    });
    page.set_hint(say.text("care-called-alarm"));
    let state = match &scene.care.called {
        Some(Delivery::Delivered { at_ms, verdict }) if !matches!(verdict, Verdict::Retry { .. }) => {
            say.at("care-called-sent", *at_ms)
        }
        Some(Delivery::Saved | Delivery::Delivered { .. } | Delivery::Kept) | None => {
            say.text("care-called-saved")
        }
    };
    fill(page.get_notes(), vec![state], |rows| page.set_notes(rows));
    next(window, "go-on", say.text("care-go-on"), true);
    page.set_step(CareStep::Red);
}

fn receipt(window: &MainWindow, sent: &Sent, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Care<'_>>();
    let uploaded = matches!(sent.delivery, Some(Delivery::Delivered { .. }));
    page.set_big(say.text(if uploaded { "care-sent" } else { "care-kept" }));
    let number = u32::try_from(sent.number).unwrap_or_default();
    let urgency = say.words.format("care-urgency", &[("urgency", sent.urgency.name().into())]);
    let time = say.date_time(sent.made.wall_ms);
    let args = [("number", number.into()), ("time", time.into()), ("urgency", urgency.into())];
    page.set_big_detail(say.format("care-sent-number", &args));
    fill(page.get_steps(), steps(sent, None, scene, say), |rows| page.set_steps(rows));
    next(window, "", SharedString::default(), false);
    page.set_step(CareStep::Receipt);
}

/// Where a report has got to; `answer` is the clinic's state and when it was said.
pub(super) fn steps(
    sent: &Sent,
    answer: Option<(i64, contract::CareState)>,
    scene: &Scene,
    say: &Phrases<'_>,
) -> Vec<ReceiptStep> {
    let step = |done, title: &str, detail| ReceiptStep { done, title: say.text(title), detail };
    let saved = step(true, "care-step-saved", say.date_time(sent.made.wall_ms).into());
    let uploaded = match &sent.delivery {
        Some(Delivery::Delivered { at_ms, verdict }) if !matches!(verdict, Verdict::Retry { .. }) => {
            step(true, "care-step-uploaded", say.date_time(*at_ms).into())
        }
        Some(Delivery::Saved | Delivery::Delivered { .. }) => {
            step(false, "care-step-sending", Default::default())
        }
        Some(Delivery::Kept) => step(false, "care-not-taken", Default::default()),
        None => step(false, "care-step-waiting-keys", Default::default()),
    };
    let clinic = match answer {
        Some((at_ms, state)) => {
            let title = match state {
                contract::CareState::Opened => "care-step-opened",
                contract::CareState::Answered => "care-step-answered",
                contract::CareState::Closed => "care-state-closed",
            };
            step(true, title, say.date_time(at_ms).into())
        }
        None => {
            let now_ms = scene.now.wall_ms;
            let waited_s = now_ms.saturating_sub(sent.made.wall_ms).max(0) / 1_000;
            let id = if now_ms > sent.due_ms { "care-step-overdue" } else { "care-step-due" };
            let due = say.format(id, &[("time", say.date_time(sent.due_ms).into())]);
            ReceiptStep {
                done: false,
                title: due,
                detail: say.format("care-waited", &[("span", say.words.span(waited_s).into())]),
            }
        }
    };
    vec![saved, uploaded, clinic]
}

/// Whether anybody proved who reports.
pub(super) fn is_proven(check: CareCheck) -> bool {
    match check {
        CareCheck::Pin | CareCheck::Officer { .. } => true,
        CareCheck::None => false,
    }
}

fn symptom_sign(symptom: Symptom) -> Sign {
    match symptom {
        Symptom::Head => Sign::Head,
        Symptom::Chest => Sign::Chest,
        Symptom::Cough => Sign::Breath,
        Symptom::Belly => Sign::Belly,
        Symptom::Joints => Sign::Joints,
        Symptom::Fever => Sign::Fever,
        Symptom::Mind => Sign::Mind,
        Symptom::Other => Sign::More,
    }
}

fn since_sign(since: Since) -> Sign {
    match since {
        Since::Now => Sign::Clock,
        Since::Today => Sign::Sun,
        Since::Yesterday => Sign::Evening,
        Since::Days | Since::Weeks => Sign::Calendar,
        Since::Long => Sign::History,
    }
}

fn danger_sign(danger: Danger) -> Sign {
    match danger {
        Danger::ChestPain => Sign::Chest,
        Danger::Breath => Sign::Breath,
        Danger::Bleeding => Sign::Bleeding,
        Danger::Fainting => Sign::Fainting,
        Danger::SelfHarm => Sign::Mind,
    }
}
