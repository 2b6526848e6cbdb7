// SPDX-License-Identifier: GPL-3.0-only
//! 投诉与约见 on the screen: to whom, named or not, the questions, the receipt code, what became of it.
//!
//! Promises: a shielded page holds nothing to read; what is read aloud are questions and what could be answered, never
//! what was; a code is shown on one page and never read aloud.

mod proof;
mod see;
mod status;
mod write;

use super::{Answer, Refusal, Step};
use crate::cell;
use crate::scene::{ComplaintPage, ComplaintTouch, Idle, Place, Scene, Touch, Wish};
use crate::screen::{Phrases, fill, of_id, pin, pin_waits, pressed, problem, said};
use crate::spoken::Spoken;
use contract::{About, AppointmentWith, AppointmentWord, Office, Text, Topic};
use i18n::Catalogue;
use slint::{ComponentHandle, SharedString};
use ui::{Choice, ComplaintStep, MainWindow, Person, Sign};

pub(crate) fn wire(window: &MainWindow, touched: &(impl Fn(Touch) + Clone + 'static)) {
    let page = window.global::<ui::Complaint<'_>>();
    page.on_chosen(said(touched, touch));
    page.on_person_chosen(said(touched, of_id(Touch::Person)));
    page.on_pin_entered(said(touched, pin));
    page.on_code_entered(said(touched, |digits| {
        Some(Touch::Complaint(ComplaintTouch::Code(zeroize::Zeroizing::new(digits.to_owned()))))
    }));
    page.on_typed(said(touched, |words| Some(answer(Answer::Words(Text::new(words))))));
    page.on_hide(pressed(touched, Touch::Hide));
    page.on_show(pressed(touched, Touch::Show));
    page.on_back(pressed(touched, Touch::Back));
    page.on_finished(pressed(touched, Touch::Finished));
    let (weak, goes) = (window.as_weak(), touched.clone());
    page.on_go_on(move || {
        let Some(window) = weak.upgrade() else { return };
        match window.global::<ui::Complaint<'_>>().get_next_id().as_str() {
            "next" => goes(Touch::Complaint(ComplaintTouch::Next)),
            "confirm" => goes(Touch::Confirmed),
            "kept" => goes(Touch::Complaint(ComplaintTouch::Kept)),
            "open" => goes(Touch::Complaint(ComplaintTouch::OpenAnswer)),
            "escalate" => goes(Touch::Complaint(ComplaintTouch::Escalate)),
            "see-new" => goes(Touch::Complaint(ComplaintTouch::SeeNew)),
            "see-slots" => goes(Touch::Complaint(ComplaintTouch::Slots)),
            "see-took-place" => goes(Touch::Complaint(ComplaintTouch::Say(AppointmentWord::TookPlace))),
            _ => {}
        }
    });
}

pub(crate) fn show(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let Place::Complaint(at) = &scene.place else { return };
    let page = window.global::<ui::Complaint<'_>>();
    let shielded = scene.idle != Idle::Touched;
    page.set_shielded(shielded);
    empty(window);
    page.set_private(at.is_private());
    page.set_can_go_back(at.back().is_some());
    if shielded {
        return;
    }
    match at {
        ComplaintPage::Menu => write::menu(window, scene, say),
        ComplaintPage::Closed(office) => write::closed(window, *office, scene, say),
        ComplaintPage::Name(office) => write::name(window, *office, scene, say),
        ComplaintPage::Who(_) => who(window, "complaint-who", "complaint-who-detail", scene, say),
        ComplaintPage::Pin(_) => pin_page(window, "complaint-pin", scene, say),
        ComplaintPage::Write(draft) => write::question(window, draft, scene, say),
        ComplaintPage::Elsewhere(_) => write::elsewhere(window, scene, say),
        ComplaintPage::Proof { text, at_ms } => proof::show(window, text, *at_ms, scene, say),
        ComplaintPage::Sent(held) => status::receipt(window, held, say),
        ComplaintPage::Code => {
            asked(window, "complaint-code", "complaint-code-detail", say);
            page.set_problem(problem(scene, say));
            page.set_pin_waiting(pin_waits(scene));
            page.set_step(ComplaintStep::Code);
        }
        ComplaintPage::Status(_) => {
            if let Some(sent) = &scene.complaint.sent {
                status::status(window, sent, scene, say);
            }
        }
        ComplaintPage::ProveWho(_, wish) => {
            let hint = match wish {
                Wish::Open => "complaint-who-detail",
                Wish::Withdraw => "complaint-withdraw-hint",
            };
            who(window, "complaint-prove-who", hint, scene, say);
        }
        ComplaintPage::ProvePin(..) => pin_page(window, "complaint-prove-pin", scene, say),
        ComplaintPage::Answer(_, answer) => status::answer(window, answer, scene, say),
        ComplaintPage::Withdraw(_) => sure(
            window,
            "complaint-withdraw-question",
            "complaint-withdraw-hint",
            "complaint-withdraw-go",
            say,
        ),
        ComplaintPage::WithdrawSure(_) => sure(
            window,
            "complaint-withdraw-sure",
            "complaint-withdraw-sure-hint",
            "complaint-withdraw-now",
            say,
        ),
        ComplaintPage::SeeWho => who(window, "complaint-who", "complaint-who-detail", scene, say),
        ComplaintPage::SeePin => pin_page(window, "complaint-pin", scene, say),
        ComplaintPage::SeeMine => see::mine(window, scene, say),
        ComplaintPage::SeeWhom => see::whom(window, say),
        ComplaintPage::SeeSure(with) => see::confirm(window, *with, say),
        ComplaintPage::SeeOne(request) => see::one(window, *request, scene, say),
        ComplaintPage::SeeSlots(request) => see::slots(window, *request, scene, say),
    }
}

/// Nothing of anybody stays behind another page.
pub(crate) fn forget(window: &MainWindow) {
    empty(window);
    let page = window.global::<ui::Complaint<'_>>();
    page.set_step(ComplaintStep::Menu);
}

/// What does not stand on every page.
fn empty(window: &MainWindow) {
    let page = window.global::<ui::Complaint<'_>>();
    page.set_number(0);
    page.set_number_words(SharedString::default());
    page.set_question(SharedString::default());
    page.set_hint(SharedString::default());
    page.set_next(SharedString::default());
    page.set_big(SharedString::default());
    page.set_big_detail(SharedString::default());
    page.set_code_picture(slint::Image::default());
    page.set_problem(SharedString::default());
    page.set_pin_waiting(false);
    fill(page.get_people(), Vec::new(), |rows| page.set_people(rows));
    fill(page.get_pictures(), Vec::new(), |rows| page.set_pictures(rows));
    fill(page.get_lines(), Vec::new(), |rows| page.set_lines(rows));
    fill(page.get_choices(), Vec::new(), |rows| page.set_choices(rows));
    fill(page.get_ways(), Vec::new(), |rows| page.set_ways(rows));
    fill(page.get_steps(), Vec::new(), |rows| page.set_steps(rows));
    fill(page.get_notes(), Vec::new(), |rows| page.set_notes(rows));
}

/// The question with what could be answered; nothing of what was.
pub(crate) fn spoken(page: &ComplaintPage, words: &Catalogue) -> Option<Spoken> {
    let (id, answers): (_, Vec<String>) = match page {
        ComplaintPage::Menu => {
            let offices = Office::COMPLAINTS.map(|office| self::office(office, words)).to_vec();
            ("complaint-menu", [offices, vec![words.text("complaint-menu-hint").into_owned()]].concat())
        }
        ComplaintPage::Name(_) => (
            "complaint-name",
            [
                "complaint-named",
                "complaint-named-detail",
                "complaint-unnamed",
                "complaint-unnamed-detail",
                "complaint-name-room",
            ]
            .map(|id| words.text(id).into_owned())
            .to_vec(),
        ),
        ComplaintPage::Who(_) => ("complaint-who", Vec::new()),
        ComplaintPage::Write(draft) => match draft.at {
            Step::About => ("complaint-about-question", About::ALL.map(|one| about(one, words)).to_vec()),
            Step::Topics => ("complaint-topic-question", Topic::ALL.map(|one| topic(one, words)).to_vec()),
            Step::Words => {
                ("complaint-words-question", vec![words.text("complaint-words-hint").into_owned()])
            }
            Step::ReadBack => return None,
        },
        ComplaintPage::Closed(_)
        | ComplaintPage::Pin(_)
        | ComplaintPage::Elsewhere(_)
        | ComplaintPage::Proof { .. }
        | ComplaintPage::Sent(_)
        | ComplaintPage::Code
        | ComplaintPage::Status(_)
        | ComplaintPage::ProveWho(..)
        | ComplaintPage::ProvePin(..)
        | ComplaintPage::Answer(..)
        | ComplaintPage::Withdraw(_)
        | ComplaintPage::WithdrawSure(_)
        | ComplaintPage::SeeWho
        | ComplaintPage::SeePin
        | ComplaintPage::SeeMine
        | ComplaintPage::SeeWhom
        | ComplaintPage::SeeSure(_)
        | ComplaintPage::SeeOne(_)
        | ComplaintPage::SeeSlots(_) => return None,
    };
    let parts: Vec<String> = std::iter::once(words.text(id).into_owned()).chain(answers).collect();
    Some(Spoken { id, words: parts.join(", ") })
}

pub(crate) fn refusal_text(refusal: Refusal, say: &Phrases<'_>) -> SharedString {
    say.text(match refusal {
        Refusal::Empty => "refused-complaint-empty",
        Refusal::NotArranged => "refused-complaint-not-arranged",
        Refusal::NotYours => "refused-complaint-not-yours",
        Refusal::Hourly => "refused-complaint-hourly",
        Refusal::NotOverdue => "refused-complaint-not-overdue",
        Refusal::Already => "refused-complaint-already",
        Refusal::NoAnswer => "refused-complaint-no-answer",
    })
}

/// Whether the page itself has a place for the refusal, beside what it is about.
pub(crate) fn tells_refusal(page: &ComplaintPage) -> bool {
    match page {
        ComplaintPage::Pin(_) | ComplaintPage::Code | ComplaintPage::ProvePin(..) | ComplaintPage::SeePin => {
            true
        }
        ComplaintPage::Write(draft) => draft.at == Step::ReadBack,
        ComplaintPage::Menu
        | ComplaintPage::Closed(_)
        | ComplaintPage::Name(_)
        | ComplaintPage::Who(_)
        | ComplaintPage::Elsewhere(_)
        | ComplaintPage::Proof { .. }
        | ComplaintPage::Sent(_)
        | ComplaintPage::Status(_)
        | ComplaintPage::ProveWho(..)
        | ComplaintPage::Answer(..)
        | ComplaintPage::Withdraw(_)
        | ComplaintPage::WithdrawSure(_)
        | ComplaintPage::SeeWho
        | ComplaintPage::SeeMine
        | ComplaintPage::SeeWhom
        | ComplaintPage::SeeSure(_)
        | ComplaintPage::SeeOne(_)
        | ComplaintPage::SeeSlots(_) => false,
    }
}

fn office(office: Office, words: &Catalogue) -> String {
    words.format("complaint-office", &[("office", office.name().into())])
}

fn about(about: About, words: &Catalogue) -> String {
    words.format("complaint-about", &[("about", about.name().into())])
}

fn topic(topic: Topic, words: &Catalogue) -> String {
    words.format("complaint-topic", &[("topic", topic.name().into())])
}

fn asked(window: &MainWindow, question: &str, hint: &str, say: &Phrases<'_>) {
    let page = window.global::<ui::Complaint<'_>>();
    page.set_question(say.text(question));
    page.set_hint(say.text(hint));
}

/// The main button of the foot: its word, and what it does.
fn next(window: &MainWindow, id: &str, word: SharedString, enabled: bool) {
    let page = window.global::<ui::Complaint<'_>>();
    page.set_next_id(id.into());
    page.set_next(word);
    page.set_can_go_on(enabled);
}

/// The other buttons of the foot.
fn ways(window: &MainWindow, ways: Vec<Choice>) {
    let page = window.global::<ui::Complaint<'_>>();
    fill(page.get_ways(), ways, |rows| page.set_ways(rows));
}

fn notes(window: &MainWindow, notes: Vec<SharedString>) {
    let page = window.global::<ui::Complaint<'_>>();
    fill(page.get_notes(), notes, |rows| page.set_notes(rows));
}

fn choice(id: &str, sign: Sign, title: SharedString, detail: SharedString) -> Choice {
    Choice { id: id.into(), sign, title, detail, enabled: true }
}

fn way(id: &str, title: SharedString) -> Choice {
    choice(id, Sign::None, title, SharedString::default())
}

fn sure(window: &MainWindow, question: &str, hint: &str, word: &str, say: &Phrases<'_>) {
    asked(window, question, hint, say);
    next(window, "confirm", say.text(word), true);
    window.global::<ui::Complaint<'_>>().set_step(ComplaintStep::Sure);
}

fn who(window: &MainWindow, question: &str, hint: &str, scene: &Scene, say: &Phrases<'_>) {
    asked(window, question, hint, say);
    let page = window.global::<ui::Complaint<'_>>();
    let people = scene.people.iter().map(|person| {
        let tile = cell::screen::tile(person, say);
        Person { name: cell::masked(&person.name).into(), ..tile }
    });
    fill(page.get_people(), people.collect(), |rows| page.set_people(rows));
    page.set_step(ComplaintStep::Who);
}

fn pin_page(window: &MainWindow, question: &str, scene: &Scene, say: &Phrases<'_>) {
    asked(window, question, "complaint-pin-detail", say);
    let page = window.global::<ui::Complaint<'_>>();
    page.set_problem(problem(scene, say));
    page.set_pin_waiting(pin_waits(scene));
    page.set_step(ComplaintStep::Pin);
}

fn answer(answer: Answer) -> Touch {
    Touch::Complaint(ComplaintTouch::Answer(answer))
}

/// What a picture, a choice or a button of the foot means, by its id.
fn touch(id: &str) -> Option<Touch> {
    let plain = match id {
        "named" => Some(ComplaintTouch::Named),
        "unnamed" => Some(ComplaintTouch::Unnamed),
        "status" => Some(ComplaintTouch::Status),
        "proof" => Some(ComplaintTouch::Proof),
        "talk" => Some(ComplaintTouch::Answer(Answer::Talk)),
        "meeting" => Some(ComplaintTouch::Answer(Answer::Meeting)),
        "no-words" => Some(ComplaintTouch::Answer(Answer::Words(Text::default()))),
        "elsewhere" => Some(ComplaintTouch::Elsewhere),
        "withdraw" => Some(ComplaintTouch::Withdraw),
        "escalate" => Some(ComplaintTouch::Escalate),
        "see" => Some(ComplaintTouch::See),
        "see-withdraw" => Some(ComplaintTouch::Say(AppointmentWord::Withdrawn)),
        "see-did-not" => Some(ComplaintTouch::Say(AppointmentWord::DidNotTakePlace)),
        "other-time" => Some(ComplaintTouch::Say(AppointmentWord::OtherTime)),
        "took-place" => Some(ComplaintTouch::TookPlace(true)),
        "did-not" => Some(ComplaintTouch::TookPlace(false)),
        _ => None,
    };
    if let Some(touch) = plain {
        return Some(Touch::Complaint(touch));
    }
    let (what, which) = id.split_once('-')?;
    Some(Touch::Complaint(match what {
        "office" => ComplaintTouch::To(Office::of(which)?),
        "about" => ComplaintTouch::Answer(Answer::About(About::of(which)?)),
        "topic" => ComplaintTouch::Answer(Answer::Topic(Topic::of(which)?)),
        "with" => ComplaintTouch::With(AppointmentWith::of(which)?),
        "see" => ComplaintTouch::SeeOne(which.parse().ok()?),
        "slot" => ComplaintTouch::Say(AppointmentWord::Accept { slot: which.parse().ok()? }),
        _ => return None,
    }))
}
