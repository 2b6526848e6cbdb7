// SPDX-License-Identifier: GPL-3.0-only
//! Duty in words: who is on and what is asked of whom, turns in lines, what an officer has to answer. Names stay masked
//! but on an officer's pages. The strip over every page is set here too.

mod choices;

use super::{Ask, Deed, PersonView, Phase, Place as Stands, Planned, Refusal, Step, TurnView, View};
use crate::alarm::screen::camera_problem;
use crate::cell;
use crate::scene::{DutyDone, DutyPage, DutyTouch, Link, Place, Scene, Touch};
use crate::screen::{Phrases, fill, of_id, pin, pin_waits, pressed, problem, said, signed_in};
use contract::DetaineeId;
use slint::{ComponentHandle, SharedString};
use ui::{DutyLine, DutyStep, MainWindow, Person, Sign, Tone};

pub(crate) fn wire(window: &MainWindow, touched: &(impl Fn(Touch) + Clone + 'static)) {
    let page = window.global::<ui::Duty<'_>>();
    page.on_person_chosen(said(touched, of_id(Touch::Person)));
    page.on_choice_chosen(said(touched, choices::touch));
    page.on_pin_entered(said(touched, pin));
    page.on_mine(pressed(touched, Touch::Duty(DutyTouch::Mine)));
    page.on_week(pressed(touched, Touch::Duty(DutyTouch::Week)));
    page.on_swap(pressed(touched, Touch::Duty(DutyTouch::Swap)));
    page.on_unwell(pressed(touched, Touch::Duty(DutyTouch::Unwell)));
    page.on_use_pin(pressed(touched, Touch::UsePin));
    page.on_use_officer(pressed(touched, Touch::UseOfficer));
    page.on_back(pressed(touched, Touch::Back));
    page.on_leave(pressed(touched, Touch::Leave));
}

/// The strip over every page and the button on Home: somebody is asked for.
pub(crate) fn call(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let duty = &scene.duty;
    let words = match (duty.step, duty.asks) {
        (Step::Told, _) => say.text("duty-call-told"),
        (Step::Light | Step::Voice, _) => say.text("duty-call-short"),
        (Step::None, true) => say.text("duty-call-confirm"),
        (Step::None, false) => SharedString::default(),
    };
    window.global::<ui::Nav<'_>>().set_duty_call(words.clone());
    let home = window.global::<ui::Home<'_>>();
    home.set_duty_call(words);
    home.set_duty_call_detail(say.text("duty-call-detail"));
}

/// One line for the tile on Home, and whether it is news.
pub(crate) fn tile(view: &View, say: &Phrases<'_>) -> (SharedString, bool) {
    let asked = view.step != Step::None || view.asks;
    if let Some(turn) = view.turns.iter().find(|turn| turn.phase == Phase::Running) {
        return (say.format("duty-tile-on", &[("on", turn.on_duty.into())]), asked);
    }
    match view.week.first() {
        Some(_) if view.unconfirmed => (say.text("duty-time-unsure"), asked),
        Some(next) => (titled("duty-tile-next", next, say), asked),
        None => (say.text("duty-tile-none"), asked),
    }
}

pub(crate) fn show(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let Place::Duty(at) = &scene.place else { return };
    let page = window.global::<ui::Duty<'_>>();
    let officers = matches!(at, DutyPage::Matters | DutyPage::Matter(_) | DutyPage::Reason { .. });
    page.set_signed_in(if officers { signed_in(scene, say) } else { SharedString::default() });
    page.set_problem(SharedString::default());
    page.set_question(SharedString::default());
    page.set_name(SharedString::default());
    match at {
        DutyPage::Today => today(window, scene, say),
        DutyPage::MineWho => who(window, "duty-mine-who", everybody(scene, say), say),
        DutyPage::SwapWho => who(window, "duty-swap-who", everybody(scene, say), say),
        DutyPage::UnwellWho => {
            page.set_empty(say.text("duty-unwell-nobody"));
            who(window, "duty-unwell-who", able_to_be_unwell(scene, say), say);
        }
        DutyPage::Mine(detainee) => {
            let own = |turn: &&Planned| turn.people.iter().any(|(id, _)| id == detainee);
            let turns = scene.duty.week.iter().filter(own);
            let line = |turn| DutyLine { people: SharedString::default(), ..line(turn, say) };
            lines(window, turns.map(line).collect(), "duty-mine-empty", say);
        }
        DutyPage::Week => {
            let turns = scene.duty.week.iter().map(|turn| line(turn, say));
            lines(window, turns.collect(), "duty-week-empty", say);
        }
        DutyPage::Remark(_)
        | DutyPage::SwapOwn(_)
        | DutyPage::SwapOther { .. }
        | DutyPage::Matters
        | DutyPage::Matter(_)
        | DutyPage::Reason { .. } => choices::show(window, at, scene, say),
        DutyPage::Face { detainee, deed } => {
            identify(window, *detainee, deed, scene, say);
            page.set_can_use_pin(cell::screen::find(scene, *detainee).is_some_and(|person| person.has_pin));
            page.set_step(DutyStep::Mirror);
        }
        DutyPage::Pin { detainee, deed } => {
            identify(window, *detainee, deed, scene, say);
            page.set_problem(problem(scene, say));
            page.set_pin_waiting(pin_waits(scene));
            page.set_step(DutyStep::Pin);
        }
        DutyPage::Done { name, what } => {
            let (done, then) = done(*what);
            page.set_name(name.as_str().into());
            page.set_done(say.text(done));
            page.set_done_detail(say.text(then));
            page.set_step(DutyStep::Done);
        }
    }
}

/// No name stays behind another page.
pub(crate) fn forget(window: &MainWindow) {
    let page = window.global::<ui::Duty<'_>>();
    fill(page.get_people(), Vec::new(), |rows| page.set_people(rows));
    fill(page.get_lines(), Vec::new(), |rows| page.set_lines(rows));
    fill(page.get_choices(), Vec::new(), |rows| page.set_choices(rows));
    page.set_name(SharedString::default());
    page.set_steward(SharedString::default());
}

pub(crate) fn refusal_text(refusal: Refusal, say: &Phrases<'_>) -> SharedString {
    say.text(match refusal {
        Refusal::NotYourTurn => "duty-refused-turn",
        Refusal::Already => "duty-refused-already",
        Refusal::NotNow => "duty-refused-not-now",
        Refusal::NoSuchSwap => "duty-refused-swap",
        Refusal::Called => "duty-refused-called",
        Refusal::ReasonMissing => "reason-typed-empty",
        Refusal::Answered => "duty-refused-answered",
    })
}

fn today(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let (page, view) = (window.global::<ui::Duty<'_>>(), &scene.duty);
    let shown = view.turns.iter().find(|turn| turn.phase == Phase::Running).or(view.turns.first());
    match (shown, view.week.first()) {
        (Some(turn), _) => {
            let missing = turn.needed.saturating_sub(turn.on_duty);
            let span = span(turn.begins_ms, turn.ends_ms, say);
            page.set_turn(format!("{} {span}", turn.title).into());
            page.set_count(
                say.format("duty-count", &[("on", turn.on_duty.into()), ("needed", turn.needed.into())]),
            );
            page.set_state(match missing {
                0 => say.text("duty-enough"),
                missing => say.format("duty-short", &[("missing", missing.into())]),
            });
            page.set_enough(missing == 0);
        }
        (None, next) => {
            // A time nobody confirmed says neither what comes next nor that nothing is now.
            let next = next.filter(|_| !view.unconfirmed);
            page.set_turn(next.map_or_else(SharedString::default, |next| titled("duty-next", next, say)));
            page.set_count(SharedString::default());
            page.set_state(say.text(if view.unconfirmed { "duty-time-unsure" } else { "duty-none-now" }));
            page.set_enough(true);
        }
    }
    let notes = [
        (view.none, "duty-no-rota"),
        (view.unconfirmed, "duty-unconfirmed"),
        (view.repeated, "duty-repeated"),
        (scene.link == Link::Offline && !view.none, "duty-as-of"),
    ];
    let notes = notes.into_iter().filter(|(holds, _)| *holds).map(|(_, id)| say.text(id));
    fill(page.get_notes(), notes.collect(), |rows| page.set_notes(rows));
    fill(page.get_people(), asked(view, say), |rows| page.set_people(rows));
    page.set_can_swap(view.week.iter().any(|turn| !turn.opened));
    page.set_can_be_unwell(!able_to_be_unwell(scene, say).is_empty());
    if view.stewards.is_empty() {
        page.set_steward(if view.none { SharedString::default() } else { say.text("duty-steward-none") });
        page.set_steward_detail(SharedString::default());
    } else {
        let names = view.stewards.iter().map(|name| cell::masked(name)).collect::<Vec<_>>().join(" ");
        page.set_steward(say.format("duty-steward", &[("names", names.into())]));
        page.set_steward_detail(say.text("duty-steward-detail"));
    }
    page.set_step(DutyStep::Today);
}

/// Everybody of the turns that go on, each once: what is asked of them counts before what was.
fn asked(view: &View, say: &Phrases<'_>) -> Vec<Person> {
    let mut tiles: Vec<Person> = Vec::new();
    let all = || view.turns.iter().flat_map(|turn| turn.people.iter().map(move |person| (turn, person)));
    let (open, other): (Vec<_>, Vec<_>) = all().partition(|(_, person)| person.ask.is_some());
    for (turn, person) in open.into_iter().chain(other) {
        let tile = person_tile(turn, person, say);
        if !tiles.iter().any(|shown| shown.id == tile.id) {
            tiles.push(tile);
        }
    }
    tiles
}

fn person_tile(turn: &TurnView, person: &PersonView, say: &Phrases<'_>) -> Person {
    let (word, sign, tone) = match (person.place, person.ask) {
        (_, _) if person.unwell => ("duty-place-unwell", Sign::Officer, Tone::Wait),
        (Stands::Left, _) => ("duty-place-left", Sign::Out, Tone::Quiet),
        (_, Some(Ask::SignOn)) if person.replaces => ("duty-replaces", Sign::Touch, Tone::Wait),
        (_, Some(Ask::SignOn)) | (Stands::Planned, _) => ("duty-place-planned", Sign::Touch, Tone::Wait),
        (Stands::On, Some(Ask::Confirm)) => ("duty-place-confirm", Sign::Touch, Tone::Wait),
        (Stands::On, Some(Ask::HandOver)) => ("duty-place-handover", Sign::Next, Tone::Action),
        (Stands::On, None) => ("duty-place-on", Sign::Done, Tone::Done),
    };
    Person {
        id: person.detainee.to_string().into(),
        name: cell::masked(&person.name).into(),
        badge: span(turn.begins_ms, turn.ends_ms, say),
        word: say.text(word),
        sign,
        tone,
        current: false,
        enabled: person.ask.is_some(),
    }
}

fn who(window: &MainWindow, question: &str, people: Vec<Person>, say: &Phrases<'_>) {
    let page = window.global::<ui::Duty<'_>>();
    page.set_question(say.text(question));
    fill(page.get_people(), people, |rows| page.set_people(rows));
    page.set_step(DutyStep::Who);
}

fn everybody(scene: &Scene, say: &Phrases<'_>) -> Vec<Person> {
    let people = scene.people.iter();
    people
        .map(|person| {
            let tile = cell::screen::tile(person, say);
            Person { name: cell::masked(&person.name).into(), ..tile }
        })
        .collect()
}

/// Whoever has a turn that goes on, and has not called yet.
fn able_to_be_unwell(scene: &Scene, say: &Phrases<'_>) -> Vec<Person> {
    let turns = scene.duty.turns.iter().filter(|turn| turn.phase != Phase::Over);
    let people = turns.flat_map(|turn| turn.people.iter().map(move |person| (turn, person)));
    let able = people.filter(|(_, person)| person.place != Stands::Left && !person.unwell);
    able.map(|(turn, person)| Person { enabled: true, ..person_tile(turn, person, say) }).collect()
}

fn lines(window: &MainWindow, lines: Vec<DutyLine>, empty: &str, say: &Phrases<'_>) {
    let page = window.global::<ui::Duty<'_>>();
    fill(page.get_lines(), lines, |rows| page.set_lines(rows));
    page.set_empty(say.text(empty));
    page.set_step(DutyStep::Turns);
}

fn line(turn: &Planned, say: &Phrases<'_>) -> DutyLine {
    let names = turn.people.iter().map(|(_, name)| cell::masked(name));
    DutyLine {
        when: when(turn, say),
        title: turn.title.as_str().into(),
        people: names.collect::<Vec<_>>().join(" ").into(),
    }
}

/// 11月22日 星期日 22:00–00:00.
fn when(turn: &Planned, say: &Phrases<'_>) -> SharedString {
    format!("{} {}", say.date(turn.begins_ms), span(turn.begins_ms, turn.ends_ms, say)).into()
}

fn span(from_ms: i64, to_ms: i64, say: &Phrases<'_>) -> SharedString {
    say.format("duty-span", &[("from", say.time(from_ms).into()), ("to", say.time(to_ms).into())])
}

fn titled(id: &str, turn: &Planned, say: &Phrases<'_>) -> SharedString {
    say.format(id, &[("time", say.time(turn.begins_ms).into()), ("title", turn.title.as_str().into())])
}

fn identify(window: &MainWindow, detainee: DetaineeId, deed: &Deed, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Duty<'_>>();
    let name = cell::masked(&cell::screen::name(scene, detainee));
    page.set_ask(match deed {
        Deed::SignOn => say.text("duty-ask-sign-on"),
        Deed::Confirm => say.text("duty-ask-confirm"),
        Deed::HandOver { .. } => say.text("duty-ask-handover"),
        Deed::Swap(_) => say.text("duty-ask-swap"),
    });
    page.set_name(name.into());
    let camera = camera_problem(scene.eye).map(|(what, _)| say.text(what));
    page.set_problem(if scene.refusal.is_some() { problem(scene, say) } else { camera.unwrap_or_default() });
}

fn done(what: DutyDone) -> (&'static str, &'static str) {
    match what {
        DutyDone::SignedOn => ("duty-done-sign-on", "duty-done-sign-on-detail"),
        DutyDone::Confirmed => ("duty-done-confirm", "duty-done-confirm-detail"),
        DutyDone::HandedOver => ("duty-done-handover", "duty-done-handover-detail"),
        DutyDone::SwapAsked => ("duty-done-swap", "duty-done-swap-detail"),
        DutyDone::Called => ("duty-done-unwell", "duty-done-unwell-detail"),
    }
}
