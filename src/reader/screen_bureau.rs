// SPDX-License-Identifier: GPL-3.0-only
//! The pages of a complaint office in the window.

use crate::desk::Touch;
use crate::screen::{model, text, tone};
use crate::view::{Mark, View};
use crate::view_bureau::LettersView;
use contract::EventId;
use slint::{ComponentHandle, ModelRc, SharedString, VecModel};
use std::rc::Rc;
use ui::{
    CountCell, MeetingLine, OfficeComplaints, OfficeCustody, OfficeFact, OfficeMeetings, OfficeRow,
    ReaderWindow, Sign, TerminalLine,
};

pub(crate) fn join(window: &ReaderWindow, touch: &Rc<dyn Fn(Touch)>) {
    let page = window.global::<OfficeComplaints<'_>>();
    let to = Rc::clone(touch);
    page.on_select(move |event| open(&to, &event));
    let to = Rc::clone(touch);
    page.on_switch_marks(move || to(Touch::Marks));
    let to = Rc::clone(touch);
    page.on_draft_edited(move |words| to(Touch::Words(words.to_string())));
    let to = Rc::clone(touch);
    page.on_send(move |date, time| {
        let sound = date.is_empty() == time.is_empty();
        to(Touch::Answer { date: date.to_string(), time: time.to_string() });
        sound
    });
    let to = Rc::clone(touch);
    page.on_close(move || to(Touch::CloseItem));
    let to = Rc::clone(touch);
    page.on_let_go(move || to(Touch::LetGo));
    let to = Rc::clone(touch);
    page.on_again(move || to(Touch::AgainItem));
    let to = Rc::clone(touch);
    window.global::<OfficeMeetings<'_>>().on_open(move |event| open(&to, &event));
    let to = Rc::clone(touch);
    window.global::<OfficeCustody<'_>>().on_verify(move |code| to(Touch::Verify(code.to_string())));
}

fn open(touch: &Rc<dyn Fn(Touch)>, event: &SharedString) {
    if let Ok(event) = event.parse::<EventId>() {
        touch(Touch::Item(event));
    }
}

pub(crate) fn fill_letters(window: &ReaderWindow, before: Option<&LettersView>, view: &LettersView) {
    let page = window.global::<OfficeComplaints<'_>>();
    if before.map(|before| &before.rows) != Some(&view.rows) {
        page.set_rows(model(&view.rows, |row| OfficeRow {
            id: text(&row.id),
            kind: text(&row.kind),
            place: text(&row.place),
            at: text(&row.at),
            state: text(&row.state),
            late: text(&row.late),
            tone: tone(row.mark),
            quiet: row.quiet,
            selected: row.selected,
        }));
    }
    page.set_empty(text(&view.empty));
    page.set_marks(text(&view.marks));
    page.set_marks_shown(view.marks_shown);
    page.set_nothing(text(&view.nothing));
    page.set_kind(text(&view.kind));
    page.set_who(text(&view.who));
    page.set_place(text(&view.place));
    page.set_quiet(view.quiet);
    page.set_tone(tone(view.mark));
    page.set_caution(text(&view.caution));
    page.set_facts(model(&view.facts, |(label, words, mark)| OfficeFact {
        label: text(label),
        text: text(words),
        tone: tone(*mark),
    }));
    page.set_words(text(&view.words));
    if before.map(|before| before.draft_turn) != Some(view.draft_turn) {
        page.set_draft(text(&view.draft));
    }
    page.set_can_answer(view.can_answer);
    page.set_can_close(view.can_close);
    page.set_can_let_go(view.can_let_go);
    page.set_can_again(view.can_again);
    page.set_why_not(text(&view.why_not));
}

pub(crate) fn fill_meetings(window: &ReaderWindow, view: &View) {
    window.global::<OfficeMeetings<'_>>().set_lines(model(&view.meetings, |line| MeetingLine {
        id: text(&line.id),
        at: text(&line.at),
        who: text(&line.who),
        place: text(&line.place),
        state: text(&line.state),
        sign: match line.mark {
            Mark::Done => Sign::DoneCircle,
            Mark::Wait | Mark::Danger => Sign::Warning,
            Mark::Plain | Mark::Quiet | Mark::Action => Sign::Waiting,
        },
        tone: tone(line.mark),
    }));
}

pub(crate) fn fill_custody(window: &ReaderWindow, view: &View) {
    let page = window.global::<OfficeCustody<'_>>();
    let view = &view.custody;
    page.set_whole(text(&view.whole));
    page.set_wrong(view.wrong);
    page.set_findings(model(&view.findings, |line| text(line)));
    page.set_terminals(model(&view.terminals, |line| TerminalLine {
        id: text(&line.id),
        place: text(&line.place),
        key: text(&line.key),
        chain: text(&line.chain),
        missing: text(&line.missing),
        counts: counts(&line.counts),
    }));
    page.set_verdict(text(&view.verdict));
    page.set_verdict_tone(tone(view.verdict_mark));
    page.set_verdict_lines(model(&view.verdict_lines, |line| text(line)));
}

fn counts(cells: &[(String, String, Mark)]) -> ModelRc<CountCell> {
    let cell = |(day, count, mark): &(String, String, Mark)| CountCell {
        day: text(day),
        count: text(count),
        tone: tone(*mark),
    };
    ModelRc::new(VecModel::from(cells.iter().map(cell).collect::<Vec<_>>()))
}
