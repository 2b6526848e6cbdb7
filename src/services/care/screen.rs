// SPDX-License-Identifier: GPL-3.0-only
//! 看病 on the screen: the questions, what was called out, the receipt; and a person's own page.
//!
//! Promises: a shielded page holds nothing to read; what is read aloud are questions and what could be answered, never
//! what was.

mod own;
mod report;

use super::{Answer, Question, Refusal};
use crate::reasons;
use crate::scene::{CarePage, CareTouch, Idle, Place, Scene, Touch};
use crate::screen::pen::Pen;
use crate::screen::{Phrases, fill, of_id, pin, pressed, said};
use crate::spoken::Spoken;
use contract::{Danger, DayPart, Since, Symptom};
use i18n::Catalogue;
use slint::{ComponentHandle, SharedString};
use ui::{MainWindow, Picture, Sign};

pub(crate) fn wire(window: &MainWindow, touched: &(impl Fn(Touch) + Clone + 'static)) {
    let page = window.global::<ui::Care<'_>>();
    page.on_chosen(said(touched, touch));
    page.on_person_chosen(said(touched, of_id(Touch::Person)));
    page.on_pin_entered(said(touched, pin));
    page.on_use_officer(pressed(touched, Touch::UseOfficer));
    page.on_hide(pressed(touched, Touch::Hide));
    page.on_show(pressed(touched, Touch::Show));
    page.on_back(pressed(touched, Touch::Back));
    page.on_finished(pressed(touched, Touch::Finished));
    let (weak, skips) = (window.as_weak(), touched.clone());
    page.on_skip(move || {
        if let Some(touch) =
            weak.upgrade().and_then(|window| skipped(window.global::<ui::Care<'_>>().get_skip_id().as_str()))
        {
            skips(touch);
        }
    });
    let pen = Pen::default();
    page.set_points(pen.points());
    page.on_drawn({
        let pen = pen.clone();
        move |x, y, begin| pen.draw(x, y, begin)
    });
    page.on_wiped({
        let pen = pen.clone();
        move || pen.wipe()
    });
    let (weak, goes) = (window.as_weak(), touched.clone());
    page.on_go_on(move || {
        let Some(window) = weak.upgrade() else { return };
        match window.global::<ui::Care<'_>>().get_next_id().as_str() {
            "next" => goes(Touch::Care(CareTouch::Next)),
            "confirm" => goes(Touch::Confirmed),
            "go-on" => goes(Touch::Care(CareTouch::GoOn)),
            "sign" => goes(Touch::Care(CareTouch::Sign)),
            "signed" => {
                goes(Touch::Care(CareTouch::Signed(pen.strokes())));
                pen.wipe();
            }
            _ => {}
        }
    });
}

pub(crate) fn show(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let Place::Care(at) = &scene.place else { return };
    let page = window.global::<ui::Care<'_>>();
    let shielded = scene.idle != Idle::Touched;
    page.set_shielded(shielded);
    empty(window);
    if shielded {
        return;
    }
    if at.is_own() {
        own::show(window, at, scene, say);
    } else {
        report::show(window, at, scene, say);
    }
}

/// Nothing of anybody stays behind another page.
pub(crate) fn forget(window: &MainWindow) {
    empty(window);
    let page = window.global::<ui::Care<'_>>();
    page.invoke_wiped();
    fill(page.get_people(), Vec::new(), |rows| page.set_people(rows));
    fill(page.get_pictures(), Vec::new(), |rows| page.set_pictures(rows));
    fill(page.get_lines(), Vec::new(), |rows| page.set_lines(rows));
    fill(page.get_choices(), Vec::new(), |rows| page.set_choices(rows));
    fill(page.get_steps(), Vec::new(), |rows| page.set_steps(rows));
    page.set_step(ui::CareStep::Menu);
}

/// What does not stand on every page.
fn empty(window: &MainWindow) {
    let page = window.global::<ui::Care<'_>>();
    page.set_number(0);
    page.set_number_words(SharedString::default());
    page.set_hint(SharedString::default());
    page.set_next(SharedString::default());
    page.set_unsure(SharedString::default());
    page.set_big(SharedString::default());
    page.set_big_detail(SharedString::default());
    page.set_problem(SharedString::default());
    fill(page.get_notes(), Vec::new(), |rows| page.set_notes(rows));
    fill(page.get_ways(), Vec::new(), |rows| page.set_ways(rows));
}

/// The question with what could be answered; nothing of what was.
pub(crate) fn spoken(page: &CarePage, words: &Catalogue) -> Option<Spoken> {
    let (id, answers) = match page {
        CarePage::Menu => (
            "care-menu-hint",
            ["care-me", "care-other", "care-mine"].map(|id| words.text(id).into_owned()).to_vec(),
        ),
        CarePage::Who { for_other } => (if *for_other { "care-who-other" } else { "care-who" }, Vec::new()),
        CarePage::Report(draft) => match draft.at {
            Question::Where => ("care-where", Symptom::ALL.map(|one| report::symptom(one, words)).to_vec()),
            Question::Since => ("care-since", Since::ALL.map(|one| report::since(one, words)).to_vec()),
            Question::Severity => {
                ("care-severity", report::FACES.map(|one| report::face(one, words)).to_vec())
            }
            Question::Dangers => {
                let all = Danger::ALL.map(|one| report::danger(one, words)).to_vec();
                ("care-dangers", [all, vec![words.text("care-no-danger").into_owned()]].concat())
            }
            Question::ReadBack => return None,
        },
        CarePage::Red(..) => ("care-called", vec![words.text("care-called-alarm").into_owned()]),
        CarePage::Check(_) | CarePage::Sent(_) | CarePage::MineWho => return None,
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
        | CarePage::DisagreeWhy(_) => return None,
    };
    let parts: Vec<String> = std::iter::once(words.text(id).into_owned()).chain(answers).collect();
    Some(Spoken { id, words: parts.join(", ") })
}

pub(crate) fn refusal_text(refusal: Refusal, say: &Phrases<'_>) -> SharedString {
    say.text(match refusal {
        Refusal::Empty => "refused-care-empty",
        Refusal::NotYours => "refused-care-not-yours",
        Refusal::NoKeys => "refused-care-no-keys",
        Refusal::Closed => "refused-care-closed",
        Refusal::Already => "refused-care-already",
        Refusal::NudgedLately => "refused-care-nudged",
        Refusal::NotSigned => "refused-care-not-signed",
    })
}

/// The main button of the foot: its word, and what it does.
fn next(window: &MainWindow, id: &str, word: SharedString, enabled: bool) {
    let page = window.global::<ui::Care<'_>>();
    page.set_next_id(id.into());
    page.set_next(word);
    page.set_can_go_on(enabled);
}

/// The other button of the foot.
fn skip(window: &MainWindow, id: &str, word: SharedString) {
    let page = window.global::<ui::Care<'_>>();
    page.set_skip_id(id.into());
    page.set_unsure(word);
}

fn picture(id: &str, sign: Sign, title: SharedString, on: bool) -> Picture {
    Picture { id: id.into(), sign, title, on }
}

fn skipped(id: &str) -> Option<Touch> {
    Some(match id {
        "nobody" => Touch::Care(CareTouch::Nobody),
        "unchecked" => Touch::Care(CareTouch::Unchecked),
        "since" => answer(Answer::Since(None)),
        "severity" => answer(Answer::Severity(None)),
        "disagree" => Touch::Care(CareTouch::Disagree),
        _ => return None,
    })
}

fn answer(answer: Answer) -> Touch {
    Touch::Care(CareTouch::Answer(answer))
}

/// What a picture, a choice or a line's button means, by its id.
fn touch(id: &str) -> Option<Touch> {
    let plain = match id {
        "me" => Some(CareTouch::ForMe),
        "other" => Some(CareTouch::ForOther),
        "mine" => Some(CareTouch::Mine),
        "nudge" => Some(CareTouch::Nudge),
        "other-time" => Some(CareTouch::OtherTime),
        "cancel" => Some(CareTouch::Cancel),
        "refuse" => Some(CareTouch::Refuse),
        "record" => Some(CareTouch::Record),
        "doses" => Some(CareTouch::Doses),
        "documents" => Some(CareTouch::Documents),
        "danger-none" => Some(CareTouch::Answer(Answer::NoDanger)),
        _ => None,
    };
    if let Some(touch) = plain {
        return Some(Touch::Care(touch));
    }
    let listed = [reasons::CARE_REFUSAL, reasons::CARE_NOT_TAKEN, reasons::CARE_DISAGREEMENT];
    if listed.iter().any(|ids| ids.contains(&id)) {
        return Some(Touch::Reason(id.to_owned()));
    }
    let (what, which) = id.split_once('-')?;
    Some(Touch::Care(match what {
        "symptom" => CareTouch::Answer(Answer::Symptom(Symptom::of(which)?)),
        "since" => CareTouch::Answer(Answer::Since(Some(Since::of(which)?))),
        "face" => CareTouch::Answer(Answer::Severity(Some(which.parse().ok()?))),
        "danger" => CareTouch::Answer(Answer::Danger(Danger::of(which)?)),
        "part" => CareTouch::Answer(Answer::Prefer(DayPart::of(which)?)),
        "report" => CareTouch::One(which.parse().ok()?),
        "slot" => CareTouch::Accept(which.parse().ok()?),
        "taken" => CareTouch::Dose { dose: which.parse().ok()?, taken: true },
        "missed" => CareTouch::Dose { dose: which.parse().ok()?, taken: false },
        "document" => CareTouch::Document(which.parse().ok()?),
        _ => return None,
    }))
}
