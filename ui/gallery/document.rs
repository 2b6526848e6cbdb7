// SPDX-License-Identifier: GPL-3.0-only
//! The pages of 签名捺印. Nobody in it exists.

use super::{Words, choice, choices_of_people, list};
use crate::{
    Choice, DocumentStep, Documents, Fact, MainWindow, MyRecord, MyRecordStep, Nav, Page, Point, ReceiptStep,
    Sign,
};
use slint::{ComponentHandle, SharedString};

const TITLE: &str = "权利义务告知书";
const PART: &str = "第一条 您有权委托辩护人；经济困难的可以申请法律援助，也可以约见值班律师。\n\
    第二条 您有权向驻所检察官反映情况，信件加密，任何人不得扣押。\n\
    第三条 您有权申请看病，病情危急可以随时报警。";

fn page<'a>(window: &'a MainWindow, step: DocumentStep) -> Documents<'a> {
    window.global::<Nav<'_>>().set_page(Page::Documents);
    let page = window.global::<Documents<'_>>();
    page.set_own(step != DocumentStep::Who);
    page.set_can_go_back(step != DocumentStep::List);
    page.set_step(step);
    page
}

fn line(title: SharedString, value: impl Into<SharedString>) -> Fact {
    Fact { id: SharedString::default(), title, value: value.into(), done: true }
}

fn way(id: &str, title: SharedString) -> Choice {
    choice(id, Sign::None, title, SharedString::default())
}

fn wave() -> Vec<Point> {
    let point = |at: u16| {
        let at = f32::from(at);
        Point { x: 300.0 + 2.0 * at, y: 500.0 + 180.0 * (at / 9.0).sin() }
    };
    (0..200_u16).map(point).collect()
}

pub(super) fn who(window: &MainWindow, words: &Words) {
    let page = page(window, DocumentStep::Who);
    page.set_question(words.say("document-who"));
    page.set_hint(words.say("document-who-hint"));
    page.set_people(choices_of_people(words, SharedString::default(), SharedString::default()));
}

pub(super) fn own_list(window: &MainWindow, words: &Words) {
    let page = page(window, DocumentStep::List);
    page.set_question(words.say("document-list"));
    page.set_hint(words.say("document-list-hint"));
    let one = |id: &str, sign, title: &str, state: &str, version: &str, far: &str| {
        let state = words.say(state);
        let args = [("state", state.as_str()), ("version", version), ("time", "11月22日 10:32")];
        let line = words.put("document-line", args);
        let detail = if far.is_empty() { line } else { format!("{line} · {}", words.say(far)).into() };
        choice(id, sign, title.into(), detail)
    };
    page.set_choices(list(vec![
        one("1", Sign::Paper, "随身物品清单", "document-state-open", "2", ""),
        one("2", Sign::Pen, "健康状况确认书", "document-state-declined", "1", "document-step-uploaded"),
        one("3", Sign::DoneCircle, TITLE, "document-state-signed", "1", "document-step-received"),
    ]));
}

pub(super) fn empty(window: &MainWindow, words: &Words) {
    own_list(window, words);
    let page = window.global::<Documents<'_>>();
    page.set_choices(list(Vec::new()));
    page.set_big(words.say("document-list-empty"));
}

pub(super) fn read(window: &MainWindow, words: &Words) {
    let page = page(window, DocumentStep::Read);
    page.set_question(TITLE.into());
    page.set_hint(words.say("document-read-whole"));
    page.set_part(PART.into());
    page.set_part_number(words.put("document-part", [("number", "1"), ("count", "3")]));
    page.set_can_next(true);
    page.set_can_listen(true);
    page.set_ways(list(vec![way("decline", words.say("document-decline"))]));
    page.set_next(words.say("document-sign"));
}

pub(super) fn read_end(window: &MainWindow, words: &Words) {
    read(window, words);
    let page = window.global::<Documents<'_>>();
    page.set_hint(SharedString::default());
    page.set_part_number(words.put("document-part", [("number", "3"), ("count", "3")]));
    page.set_can_previous(true);
    page.set_can_next(false);
    page.set_can_listen(false);
    page.set_aloud(true);
    page.set_can_go_on(true);
}

pub(super) fn copy(window: &MainWindow, words: &Words) {
    read_end(window, words);
    let page = window.global::<Documents<'_>>();
    page.set_hint(words.put("document-signed-at", [("time", "11月22日 10:32")]));
    page.set_ways(list(vec![way("receipt", words.say("document-receipt"))]));
    page.set_next(SharedString::default());
}

pub(super) fn aloud(window: &MainWindow, words: &Words) {
    let page = page(window, DocumentStep::Sure);
    page.set_question(words.say("document-aloud-question"));
    page.set_hint(words.say("document-aloud-hint"));
    page.set_sign(Sign::Sound);
    page.set_next(words.say("document-aloud-yes"));
    page.set_can_go_on(true);
}

pub(super) fn sign(window: &MainWindow, words: &Words) {
    let page = page(window, DocumentStep::Sign);
    page.set_question(TITLE.into());
    page.set_hint(words.say("document-sign-hint"));
    page.set_points(list(wave()));
    page.set_next(words.say("document-sign-done"));
    page.set_can_go_on(true);
}

pub(super) fn read_back(window: &MainWindow, words: &Words) {
    let page = page(window, DocumentStep::ReadBack);
    page.set_question(words.say("document-read-back"));
    page.set_lines(list(vec![
        line(words.say("document-line-title"), TITLE),
        line(words.say("document-line-version"), "1"),
        line(words.say("document-line-time"), "11月22日 10:32"),
        line(words.say("document-line-print"), words.say("document-print-offline")),
    ]));
    page.set_signed(list(wave()));
    page.set_next(words.say("document-confirm"));
    page.set_can_go_on(true);
}

pub(super) fn why(window: &MainWindow, words: &Words) {
    let page = page(window, DocumentStep::Choose);
    page.set_question(words.say("document-why"));
    page.set_hint(words.say("document-why-hint"));
    let ids = ["wrong", "missing", "unclear", "advice", "pressed", "unsaid"];
    let choices = ids.map(|id| {
        let id = format!("document-decline-{id}");
        choice(&id, Sign::None, words.say(&id), SharedString::default())
    });
    page.set_choices(list(choices.to_vec()));
}

pub(super) fn typing(window: &MainWindow, words: &Words) {
    let page = page(window, DocumentStep::Words);
    page.set_question(words.say("document-words-question"));
    page.set_hint(words.say("document-words-hint"));
}

pub(super) fn no(window: &MainWindow, words: &Words) {
    let page = page(window, DocumentStep::ReadBack);
    page.set_question(words.say("document-read-back-no"));
    page.set_lines(list(vec![
        line(words.say("document-line-title"), "健康状况确认书"),
        line(words.say("document-line-version"), "1"),
        line(words.say("document-line-why"), words.say("document-decline-missing")),
        line(words.say("document-line-words"), "zuo shou you shang"),
    ]));
    page.set_notes(list(vec![words.say("document-no-after")]));
    page.set_ways(list(vec![way("words", words.say("document-add-words"))]));
    page.set_next(words.say("document-confirm-no"));
    page.set_can_go_on(true);
}

fn sent(window: &MainWindow, words: &Words, big: &str, notes: Vec<SharedString>) {
    let page = page(window, DocumentStep::Receipt);
    page.set_sign(Sign::DoneCircle);
    page.set_big(words.say(big));
    let number = words.put("document-sent-number", [("number", "3F2A-91BC"), ("version", "1")]);
    page.set_big_detail(format!("{TITLE} · {number}").into());
    let step = |done, title: &str, detail: &str| ReceiptStep {
        done,
        title: words.say(title),
        detail: detail.into(),
    };
    page.set_steps(list(vec![
        step(true, "document-step-saved", "11月22日 10:32"),
        step(true, "document-step-uploaded", "11月22日 10:32"),
        step(false, "document-step-received", ""),
    ]));
    page.set_notes(list(notes));
    page.set_next(words.say("document-to-list"));
    page.set_can_go_on(true);
}

pub(super) fn signed(window: &MainWindow, words: &Words) {
    sent(window, words, "document-sent-signed", vec![words.say("document-print-waits")]);
}

pub(super) fn declined(window: &MainWindow, words: &Words) {
    let why = words.say("document-decline-missing");
    let why = words.put("document-said-why", [("why", why.as_str())]);
    sent(window, words, "document-sent-declined", vec![why, words.say("document-no-after")]);
}

pub(super) fn shielded(window: &MainWindow, words: &Words) {
    read(window, words);
    window.global::<Documents<'_>>().set_shielded(true);
}

/// The hint on the page of one's own information.
pub(super) fn hint(window: &MainWindow, words: &Words) {
    window.global::<Nav<'_>>().set_page(Page::MyRecord);
    let record = window.global::<MyRecord<'_>>();
    record.set_waiting(words.put("document-waiting", [("count", "2")]));
    record.set_empty(words.say("record-none"));
    record.set_step(MyRecordStep::List);
}
