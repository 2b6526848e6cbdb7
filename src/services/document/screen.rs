// SPDX-License-Identifier: GPL-3.0-only
//! 签名捺印 on the screen: the list, the text part by part, the field to sign, what is read back, the receipt.
//!
//! Promises: a shielded page holds nothing to read; a text is read aloud only after its person said so, knowing who hears
//! it; saved, uploaded and received are said only when they are true.

mod answer;
mod list;

use super::{DocumentView, Reading, Refusal};
use crate::reasons;
use crate::scene::{DocumentPage, DocumentTouch, Idle, Place, Scene, Touch};
use crate::screen::pen::Pen;
use crate::screen::{Phrases, fill, of_id, pressed, said};
use crate::spoken::Spoken;
use i18n::Catalogue;
use slint::{ComponentHandle, SharedString};
use ui::{Choice, DocumentStep, Fact, MainWindow, Point, ReceiptStep, Sign};

pub(crate) fn wire(window: &MainWindow, touched: &(impl Fn(Touch) + Clone + 'static)) {
    let page = window.global::<ui::Documents<'_>>();
    page.on_chosen(said(touched, touch));
    page.on_person_chosen(said(touched, of_id(Touch::Person)));
    page.on_typed(said(touched, |words| Some(Touch::ReasonTyped(words.to_owned()))));
    page.on_hide(pressed(touched, Touch::Hide));
    page.on_show(pressed(touched, Touch::Show));
    page.on_back(pressed(touched, Touch::Back));
    page.on_finished(pressed(touched, Touch::Finished));
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
    page.on_undone({
        let pen = pen.clone();
        move || pen.undo()
    });
    let (weak, goes) = (window.as_weak(), touched.clone());
    page.on_go_on(move || {
        let Some(window) = weak.upgrade() else { return };
        let page = window.global::<ui::Documents<'_>>();
        match page.get_next_id().as_str() {
            "signed" => goes(Touch::Document(DocumentTouch::Signed(pen.strokes()))),
            "confirm" => goes(Touch::Confirmed),
            id => {
                if let Some(touch) = touch(id) {
                    goes(touch);
                }
            }
        }
    });
}

/// The lists of a page. Each is brought in line once, so that a row that stays keeps the finger on it.
#[derive(Default)]
struct Lists {
    choices: Vec<Choice>,
    ways: Vec<Choice>,
    lines: Vec<Fact>,
    steps: Vec<ReceiptStep>,
    notes: Vec<SharedString>,
    signed: Vec<Point>,
}

pub(crate) fn show(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let Place::Document(at) = &scene.place else { return };
    let page = window.global::<ui::Documents<'_>>();
    let shielded = scene.idle != Idle::Touched;
    page.set_shielded(shielded);
    page.set_own(at.is_own());
    page.set_can_go_back(!matches!(at, DocumentPage::List));
    empty(window);
    if !matches!(at, DocumentPage::Sign(_) | DocumentPage::ReadBack { .. }) {
        page.invoke_wiped();
    }
    let lists = if shielded { Lists::default() } else { lists(window, at, scene, say) };
    fill_all(window, lists);
}

fn lists(window: &MainWindow, at: &DocumentPage, scene: &Scene, say: &Phrases<'_>) -> Lists {
    let of = |reading: &Reading| scene.documents.of(reading.document, reading.version);
    let shown = match at {
        DocumentPage::Who => Some(list::who(window, scene, say)),
        DocumentPage::List => Some(list::list(window, scene, say)),
        DocumentPage::Aloud(_) => Some(aloud(window, say)),
        DocumentPage::Read(reading) => of(reading).map(|held| read(window, held, reading, say)),
        DocumentPage::Sign(reading) => of(reading).map(|held| answer::sign(window, held, say)),
        DocumentPage::ReadBack { reading, strokes } => {
            of(reading).map(|held| answer::read_back(window, held, strokes, scene, say))
        }
        DocumentPage::Why(_) => Some(answer::why(window, say)),
        DocumentPage::Words { .. } => Some(answer::words(window, say)),
        DocumentPage::No { reading, why, words } => {
            of(reading).map(|held| answer::no(window, held, (why, words), say))
        }
        DocumentPage::Sent { document, version } => {
            scene.documents.of(*document, *version).map(|held| answer::sent(window, held, say))
        }
    };
    shown.unwrap_or_default()
}

fn fill_all(window: &MainWindow, lists: Lists) {
    let page = window.global::<ui::Documents<'_>>();
    fill(page.get_choices(), lists.choices, |rows| page.set_choices(rows));
    fill(page.get_ways(), lists.ways, |rows| page.set_ways(rows));
    fill(page.get_lines(), lists.lines, |rows| page.set_lines(rows));
    fill(page.get_steps(), lists.steps, |rows| page.set_steps(rows));
    fill(page.get_notes(), lists.notes, |rows| page.set_notes(rows));
    fill(page.get_signed(), lists.signed, |rows| page.set_signed(rows));
}

/// Nothing of anybody stays behind another page.
pub(crate) fn forget(window: &MainWindow) {
    empty(window);
    fill_all(window, Lists::default());
    let page = window.global::<ui::Documents<'_>>();
    page.invoke_wiped();
    fill(page.get_people(), Vec::new(), |rows| page.set_people(rows));
    page.set_step(DocumentStep::Who);
}

/// What does not stand on every page.
fn empty(window: &MainWindow) {
    let page = window.global::<ui::Documents<'_>>();
    page.set_question(SharedString::default());
    page.set_hint(SharedString::default());
    page.set_part(SharedString::default());
    page.set_part_number(SharedString::default());
    page.set_big(SharedString::default());
    page.set_big_detail(SharedString::default());
    page.set_next(SharedString::default());
    page.set_aloud(false);
    page.set_can_listen(false);
    page.set_sign(Sign::None);
}

/// One part of the text, and below it what can be said to the whole of it.
fn read(window: &MainWindow, held: &DocumentView, reading: &Reading, say: &Phrases<'_>) -> Lists {
    let page = window.global::<ui::Documents<'_>>();
    let count = held.parts.len();
    page.set_question(held.document.title.as_str().into());
    page.set_part(
        held.parts.get(reading.part).map_or_else(SharedString::default, |part| part.as_str().into()),
    );
    let args = [
        ("number", crate::cell::count(reading.part + 1).into()),
        ("count", crate::cell::count(count).into()),
    ];
    page.set_part_number(say.format("document-part", &args));
    page.set_can_previous(reading.part > 0);
    page.set_can_next(reading.part + 1 < count);
    page.set_aloud(reading.aloud);
    page.set_can_listen(!reading.aloud);
    let whole = reading.is_whole(count);
    page.set_hint(match held.stands() {
        _ if held.may_sign() && !whole => say.text("document-read-whole"),
        Some(answer) if answer.signed => {
            say.format("document-signed-at", &[("time", say.date_time(answer.at_ms).into())])
        }
        Some(answer) => say.format("document-declined-at", &[("time", say.date_time(answer.at_ms).into())]),
        None => SharedString::default(),
    });
    let mut ways = Vec::new();
    if held.may_decline() {
        ways.push(way("decline", "document-decline", true, say));
    } else if held.stands().is_some() {
        ways.push(way("receipt", "document-receipt", true, say));
    }
    if held.may_sign() {
        next(window, "sign", say.text("document-sign"), whole);
    }
    page.set_step(DocumentStep::Read);
    Lists { ways, ..Lists::default() }
}

fn aloud(window: &MainWindow, say: &Phrases<'_>) -> Lists {
    let page = window.global::<ui::Documents<'_>>();
    page.set_question(say.text("document-aloud-question"));
    page.set_hint(say.text("document-aloud-hint"));
    page.set_sign(Sign::Sound);
    next(window, "confirm", say.text("document-aloud-yes"), true);
    page.set_step(DocumentStep::Sure);
    Lists::default()
}

/// The part that is shown, where its person wants it read aloud; nothing else of theirs.
pub(crate) fn spoken(page: &DocumentPage, scene: &Scene, words: &Catalogue) -> Option<Spoken> {
    let DocumentPage::Read(reading) = page else { return None };
    let held = scene.documents.of(reading.document, reading.version)?;
    let part = held.parts.get(reading.part).filter(|_| reading.aloud && scene.idle == Idle::Touched)?;
    let id = "document-part";
    let count = held.parts.len();
    let args = [
        ("number", crate::cell::count(reading.part + 1).into()),
        ("count", crate::cell::count(count).into()),
    ];
    let title = (reading.part == 0).then(|| held.document.title.to_string());
    let end = (reading.part + 1 == count).then(|| words.text("document-spoken-end").into_owned());
    let all = title.into_iter().chain([words.format(id, &args), part.replace('\n', " ")]).chain(end);
    Some(Spoken { id, words: all.collect::<Vec<_>>().join(". ") })
}

pub(crate) fn refusal_text(refusal: Refusal, say: &Phrases<'_>) -> SharedString {
    say.text(match refusal {
        Refusal::NotYours => "refused-document-not-yours",
        Refusal::NotWhole => "document-read-whole",
        Refusal::NotSigned => "refused-document-not-signed",
        Refusal::Already => "refused-document-already",
        Refusal::Closed => "refused-document-closed",
        Refusal::Changed => "refused-document-changed",
    })
}

/// The main button of the foot: its word, and what it does.
fn next(window: &MainWindow, id: &str, word: SharedString, enabled: bool) {
    let page = window.global::<ui::Documents<'_>>();
    page.set_next_id(id.into());
    page.set_next(word);
    page.set_can_go_on(enabled);
}

/// Another button of the foot.
fn way(id: &str, title: &str, enabled: bool, say: &Phrases<'_>) -> Choice {
    Choice {
        id: id.into(),
        sign: Sign::None,
        title: say.text(title),
        detail: SharedString::default(),
        enabled,
    }
}

fn fact(title: SharedString, value: impl Into<SharedString>) -> Fact {
    Fact { id: SharedString::default(), title, value: value.into(), done: true }
}

/// What a choice or a button means, by its id.
fn touch(id: &str) -> Option<Touch> {
    if reasons::DOCUMENT_DECLINE.contains(&id) {
        return Some(Touch::Reason(id.to_owned()));
    }
    Some(Touch::Document(match id {
        "next" => DocumentTouch::Next,
        "previous" => DocumentTouch::Previous,
        "listen" => DocumentTouch::Listen,
        "told" => DocumentTouch::Told,
        "sign" => DocumentTouch::Sign,
        "decline" => DocumentTouch::Decline,
        "receipt" => DocumentTouch::Receipt,
        "words" => DocumentTouch::AddWords,
        "list" => DocumentTouch::Open,
        _ => {
            let (document, version) = contract::Document::read_key(id.strip_prefix("document-")?)?;
            DocumentTouch::One { document, version }
        }
    }))
}
