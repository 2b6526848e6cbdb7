// SPDX-License-Identifier: GPL-3.0-only
//! The questions of duty and their answers: how a turn was, which turns are swapped, what waits for an officer.

use super::{Planned, span, when};
use crate::duty::{Matter, MatterView};
use crate::roll_call::screen::checks;
use crate::scene::{DutyPage, DutyTouch, Scene, Touch};
use crate::screen::{Phrases, fill};
use crate::{cell, reasons};
use contract::{DetaineeId, DutyAnswer, DutyGap, Turn};
use slint::{ComponentHandle, SharedString};
use ui::{Choice, DutyStep, MainWindow, Sign};

/// Before the id of a matter's button.
const MATTER: &str = "matter.";
/// The ids of an officer's answers to a swap.
const APPROVE: &str = "approve";
const REFUSE: &str = "refuse";

/// What a button means; nothing for an id that was never offered.
pub(super) fn touch(id: &str) -> Option<Touch> {
    let duty = |touch| Some(Touch::Duty(touch));
    if let Some(subject) = id.strip_prefix(MATTER) {
        return subject.parse().ok().and_then(|subject| duty(DutyTouch::Matter(subject)));
    }
    match id {
        APPROVE => return duty(DutyTouch::Answer(DutyAnswer::Confirmed)),
        REFUSE => return duty(DutyTouch::Answer(DutyAnswer::Refused)),
        _ => {}
    }
    if let Some((turn, detainee)) = turn_of(id) {
        return duty(DutyTouch::Turn { turn, detainee });
    }
    let listed = reasons::check_reason(id).is_some()
        || reasons::duty_remark(id).is_some()
        || reasons::duty_note(id).is_some();
    listed.then(|| Touch::Reason(id.to_owned()))
}

pub(super) fn show(window: &MainWindow, at: &DutyPage, scene: &Scene, say: &Phrases<'_>) {
    match at {
        DutyPage::Remark(_) => ask(window, say.text("duty-remark"), listed(&reasons::DUTY_REMARK, say)),
        DutyPage::SwapOwn(first) => {
            let own = turns(scene, say, |id| id == *first);
            empty(window, say.text("duty-swap-none"));
            ask(window, say.text("duty-swap-own"), own);
        }
        DutyPage::SwapOther { first, first_turn } => {
            let taken = scene.duty.week.iter().find(|turn| turn.turn == *first_turn);
            let own = |turn: &Planned| turn.people.iter().any(|(id, _)| id == first);
            let both =
                |id: DetaineeId| taken.is_some_and(|turn| turn.people.iter().any(|(one, _)| *one == id));
            let others = scene.duty.week.iter().filter(|turn| !turn.opened && !own(turn));
            let others = others.flat_map(|turn| turn.people.iter().map(move |person| (turn, person)));
            let others = others.filter(|(_, (id, _))| !both(*id));
            let others = others.map(|(turn, (id, name))| turn_choice(turn, *id, name, say)).collect();
            empty(window, say.text("duty-swap-none"));
            ask(window, say.text("duty-swap-other"), others);
        }
        DutyPage::Reason { detainee, .. } => {
            let name = cell::screen::name(scene, *detainee);
            ask(window, say.format("check-ask", &[("name", name.as_str().into())]), checks(say));
        }
        DutyPage::Matters => {
            let open = scene.duty.matters.iter().filter(|matter| matter.answer.is_none());
            empty(window, say.text("duty-officer-empty"));
            ask(window, SharedString::default(), open.map(|matter| matter_choice(matter, say)).collect());
        }
        DutyPage::Matter(subject) => {
            let Some(matter) = scene.duty.matters.iter().find(|matter| matter.subject == *subject) else {
                return;
            };
            let answers = match matter.matter {
                Matter::Swap(_) => vec![
                    choice(APPROVE, Sign::Done, say.text("duty-approve"), SharedString::default()),
                    choice(REFUSE, Sign::Close, say.text("duty-refuse"), SharedString::default()),
                ],
                Matter::Gap(_) | Matter::Handover { .. } | Matter::Unwell(_) => {
                    listed(&reasons::DUTY_NOTE, say)
                }
            };
            let asked = match matter.matter {
                Matter::Swap(_) => question(matter, say),
                Matter::Gap(_) | Matter::Handover { .. } | Matter::Unwell(_) => {
                    format!("{} · {}", question(matter, say), say.text("duty-note")).into()
                }
            };
            ask(window, asked, answers);
        }
        DutyPage::Today
        | DutyPage::MineWho
        | DutyPage::Mine(_)
        | DutyPage::Week
        | DutyPage::Face { .. }
        | DutyPage::Pin { .. }
        | DutyPage::UnwellWho
        | DutyPage::SwapWho
        | DutyPage::Done { .. } => {}
    }
}

fn ask(window: &MainWindow, question: SharedString, choices: Vec<Choice>) {
    let page = window.global::<ui::Duty<'_>>();
    page.set_question(question);
    fill(page.get_choices(), choices, |rows| page.set_choices(rows));
    page.set_step(DutyStep::Choose);
}

fn empty(window: &MainWindow, why: SharedString) {
    window.global::<ui::Duty<'_>>().set_empty(why);
}

fn choice(id: &str, sign: Sign, title: SharedString, detail: SharedString) -> Choice {
    Choice { id: id.into(), sign, title, detail, enabled: true }
}

fn listed(ids: &[&str], say: &Phrases<'_>) -> Vec<Choice> {
    ids.iter().map(|id| choice(id, sign(id), say.text(id), SharedString::default())).collect()
}

/// The sign beside a remark or a note: whoever does not read finds the right one.
fn sign(id: &str) -> Sign {
    match id {
        "duty-remark-well" | "duty-note-seen" => Sign::DoneCircle,
        "duty-remark-unwell" | "duty-note-doctor" => Sign::Care,
        "duty-remark-dispute" | "duty-note-talked" => Sign::Talk,
        "duty-remark-broken" => Sign::Requests,
        "duty-remark-noise" => Sign::Sound,
        "duty-note-replaced" => Sign::People,
        _ => Sign::Officer,
    }
}

fn turns(scene: &Scene, say: &Phrases<'_>, whose: impl Fn(DetaineeId) -> bool) -> Vec<Choice> {
    let open = scene.duty.week.iter().filter(|turn| !turn.opened);
    let people = open.flat_map(|turn| turn.people.iter().map(move |person| (turn, person)));
    let theirs = people.filter(|(_, (id, _))| whose(*id));
    theirs.map(|(turn, (id, name))| turn_choice(turn, *id, name, say)).collect()
}

fn turn_choice(turn: &Planned, whose: DetaineeId, name: &str, say: &Phrases<'_>) -> Choice {
    let id = format!("{}.{}.{whose}", turn.turn.shift, turn.turn.cycle);
    let title = format!("{} {}", cell::masked(name), turn.title);
    choice(&id, Sign::Clock, title.into(), when(turn, say))
}

fn turn_of(id: &str) -> Option<(Turn, DetaineeId)> {
    let mut parts = id.split('.');
    let (shift, cycle, detainee) = (parts.next()?, parts.next()?, parts.next()?);
    let turn = Turn { shift: shift.parse().ok()?, cycle: cycle.parse().ok()? };
    Some((turn, detainee.parse().ok()?))
}

fn matter_choice(matter: &MatterView, say: &Phrases<'_>) -> Choice {
    let id = format!("{MATTER}{}", matter.subject);
    if let Matter::Gap(DutyGap { since, ended: Some(ended), .. }) = &matter.matter {
        let times = span(since.wall_ms, ended.wall_ms, say);
        return choice(&id, Sign::Warning, question(matter, say), times);
    }
    let (sign, since_ms) = match &matter.matter {
        Matter::Gap(gap) => (Sign::Warning, Some(gap.since.wall_ms)),
        Matter::Handover { at, .. } => (Sign::Next, Some(at.wall_ms)),
        Matter::Swap(_) => (Sign::Again, None),
        Matter::Unwell(unwell) => (Sign::Care, Some(unwell.at.wall_ms)),
    };
    let since = since_ms.map_or_else(SharedString::default, |ms| say.at("duty-matter-since", ms));
    choice(&id, sign, question(matter, say), since)
}

/// 值班人数不够; 交班：王小明 有人不舒服.
fn question(matter: &MatterView, say: &Phrases<'_>) -> SharedString {
    let kind = match &matter.matter {
        Matter::Gap(gap) => gap.gap.name(),
        Matter::Handover { .. } => "handover",
        Matter::Swap(_) => "swap",
        Matter::Unwell(_) => "unwell",
    };
    let args = [
        ("kind", kind.into()),
        ("name", matter.name.as_str().into()),
        ("other", matter.other.as_str().into()),
    ];
    let words = say.format("duty-matter", &args);
    match &matter.matter {
        Matter::Handover { remark, .. } => {
            format!("{words} {}", reasons::in_words(remark.as_str(), say.words)).into()
        }
        Matter::Gap(_) | Matter::Swap(_) | Matter::Unwell(_) => words,
    }
}
