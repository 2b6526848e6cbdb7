// SPDX-License-Identifier: GPL-3.0-only
//! The only part that names the window: fills it from a view, and makes touches of what it calls back.

use crate::desk::{Entered, Kind, Page, Touch};
use crate::screen_bureau::{self, fill_custody, fill_letters, fill_meetings};
use crate::view::{LineView, Mark, TriageView, View, slot_kind};
use contract::{CareNeed, DetaineeId, EventId, Post};
use slint::{ComponentHandle, ModelRc, SharedString, VecModel, Weak};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use ui::{
    ChartKind, ChartLine, ChartPerson, Entry, Finding, Offer, Reader, ReaderChart, ReaderPage, ReaderRound,
    ReaderSent, ReaderSignIn, ReaderTriage, ReaderWindow, RoundLine, SentLine, Sign, Switch, Tone,
    Touch as Finger, TriageRow, Word,
};
use zeroize::Zeroizing;

/// A window and what was last put into it.
pub struct Screen {
    window: Weak<ReaderWindow>,
    shown: RefCell<Option<View>>,
    unsent: Cell<usize>,
}

impl Screen {
    /// Joins the window to whoever takes its touches.
    pub fn join(window: &ReaderWindow, touch: impl Fn(Touch) + 'static) -> Rc<Self> {
        let touch: Rc<dyn Fn(Touch)> = Rc::new(touch);
        let any = Rc::clone(&touch);
        window.global::<Finger<'_>>().on_any(move || any(Touch::Any));
        join_frame(window, &touch);
        join_triage(window, &touch);
        join_chart(window, &touch);
        screen_bureau::join(window, &touch);
        Rc::new(Self { window: window.as_weak(), shown: RefCell::new(None), unsent: Cell::new(0) })
    }

    /// How many things are not sent yet.
    pub fn unsent(&self) -> usize {
        self.unsent.get()
    }

    /// Shows a view. What did not change is left alone, so that lists keep their place.
    pub fn show(&self, view: View) {
        let Some(window) = self.window.upgrade() else { return };
        self.unsent.set(view.unsent);
        let mut shown = self.shown.borrow_mut();
        let before = shown.as_ref();
        if before.map(|before| &before.sign_in) != Some(&view.sign_in) {
            fill_sign_in(&window, &view);
        }
        if before.map(|before| &before.triage) != Some(&view.triage) {
            fill_triage(&window, before.map(|before| &before.triage), &view.triage);
        }
        if before.map(|before| &before.chart) != Some(&view.chart) {
            fill_chart(&window, &view);
        }
        if before.map(|before| &before.round) != Some(&view.round) {
            fill_round(&window, &view);
        }
        if before.map(|before| &before.sent) != Some(&view.sent) {
            fill_sent(&window, &view);
        }
        if before.map(|before| &before.letters) != Some(&view.letters) {
            fill_letters(&window, before.map(|before| &before.letters), &view.letters);
        }
        if before.map(|before| &before.meetings) != Some(&view.meetings) {
            fill_meetings(&window, &view);
        }
        if before.map(|before| &before.custody) != Some(&view.custody) {
            fill_custody(&window, &view);
        }
        fill_frame(&window, &view);
        *shown = Some(view);
    }
}

fn join_frame(window: &ReaderWindow, touch: &Rc<dyn Fn(Touch)>) {
    let to = Rc::clone(touch);
    window.global::<ReaderSignIn<'_>>().on_entered(move |entry: Entry| {
        to(Touch::Entered(Box::new(Entered {
            platform: entry.platform.to_string(),
            name: entry.name.to_string(),
            password: Zeroizing::new(entry.password.to_string()),
            code: entry.code.to_string(),
            file: entry.file.as_str().into(),
            passphrase: Zeroizing::new(entry.passphrase.to_string()),
        })));
    });
    let reader = window.global::<Reader<'_>>();
    let to = Rc::clone(touch);
    reader.on_open(move |page| {
        to(Touch::Open(match page {
            ReaderPage::SignIn => return,
            ReaderPage::Triage => Page::Triage,
            ReaderPage::Chart => Page::Chart,
            ReaderPage::Round => Page::Round,
            ReaderPage::Sent => Page::Sent,
            ReaderPage::Complaints => Page::Complaints,
            ReaderPage::Meetings => Page::Meetings,
            ReaderPage::Custody => Page::Custody,
        }));
    });
    let to = Rc::clone(touch);
    reader.on_lock(move || to(Touch::Lock));
    let to = Rc::clone(touch);
    reader.on_give_keys(move || to(Touch::GiveKeys));
    let to = Rc::clone(touch);
    window.global::<ReaderSent<'_>>().on_again(move |number| {
        if let Ok(number) = number.parse() {
            to(Touch::Again(number));
        }
    });
    let to = Rc::clone(touch);
    window.global::<ReaderRound<'_>>().on_hand_out(move |line| {
        let Some((detainee, at)) = line.rsplit_once('-') else { return };
        if let (Ok(detainee), Ok(at)) = (detainee.parse::<DetaineeId>(), at.parse()) {
            to(Touch::HandOut(detainee, at));
        }
    });
}

fn join_triage(window: &ReaderWindow, touch: &Rc<dyn Fn(Touch)>) {
    let triage = window.global::<ReaderTriage<'_>>();
    let to = Rc::clone(touch);
    triage.on_select(move |event| {
        if let Ok(event) = event.parse::<EventId>() {
            to(Touch::Select(event));
        }
    });
    let to = Rc::clone(touch);
    triage.on_draft_edited(move |words| to(Touch::Draft(words.to_string())));
    let to = Rc::clone(touch);
    triage.on_offer(move |date, time, kind| {
        let sound = !date.is_empty() && !time.is_empty();
        to(Touch::Offer { date: date.to_string(), time: time.to_string(), kind: slot_kind(&kind) });
        sound
    });
    let to = Rc::clone(touch);
    triage.on_withdraw(move |slot| to(Touch::Withdraw(slot.unsigned_abs())));
    let to = Rc::clone(touch);
    triage.on_book(move |slot| to(Touch::Book(slot.unsigned_abs())));
    let to = Rc::clone(touch);
    triage.on_send(move || to(Touch::Send));
    let to = Rc::clone(touch);
    triage.on_close(move || to(Touch::Close));
    let to = Rc::clone(touch);
    triage.on_chart(move || to(Touch::Chart));
}

fn join_chart(window: &ReaderWindow, touch: &Rc<dyn Fn(Touch)>) {
    let chart = window.global::<ReaderChart<'_>>();
    let to = Rc::clone(touch);
    chart.on_search(move |text| to(Touch::Search(text.to_string())));
    let to = Rc::clone(touch);
    chart.on_select(move |detainee| {
        if let Ok(detainee) = detainee.parse() {
            to(Touch::Person(detainee));
        }
    });
    let to = Rc::clone(touch);
    chart.on_show(move |kind| {
        to(Touch::Kind(match kind {
            ChartKind::Visits => Kind::Visits,
            ChartKind::Medicines => Kind::Medicines,
            ChartKind::Readings => Kind::Readings,
            ChartKind::Documents => Kind::Documents,
            ChartKind::Notices => Kind::Notices,
        }));
    });
    let (to, weak) = (Rc::clone(touch), window.as_weak());
    chart.on_add(move |first, second| {
        let one =
            weak.upgrade().is_some_and(|w| w.global::<ReaderChart<'_>>().get_kind() == ChartKind::Visits);
        let whole = !first.trim().is_empty() && (one || !second.trim().is_empty());
        to(Touch::Add(first.to_string(), second.to_string()));
        whole
    });
    let to = Rc::clone(touch);
    chart.on_act(move |line| to(Touch::Act(line.to_string())));
    let to = Rc::clone(touch);
    chart.on_switch_need(move |need| {
        if let Some(need) = CareNeed::of(&need) {
            to(Touch::Need(need));
        }
    });
    let to = Rc::clone(touch);
    chart.on_switch_post(move |post| {
        if let Some(post) = Post::of(&post) {
            to(Touch::Post(post));
        }
    });
    let to = Rc::clone(touch);
    chart.on_release(move |days| {
        to(Touch::Release(days.to_string()));
        true
    });
}

fn fill_frame(window: &ReaderWindow, view: &View) {
    let reader = window.global::<Reader<'_>>();
    reader.set_page(match view.page {
        Page::SignIn => ReaderPage::SignIn,
        Page::Triage => ReaderPage::Triage,
        Page::Chart => ReaderPage::Chart,
        Page::Round => ReaderPage::Round,
        Page::Sent => ReaderPage::Sent,
        Page::Complaints => ReaderPage::Complaints,
        Page::Meetings => ReaderPage::Meetings,
        Page::Custody => ReaderPage::Custody,
    });
    reader.set_title(text(&view.title));
    reader.set_complaints(view.complaints);
    reader.set_wrong(view.custody_wrong);
    reader.set_link(text(&view.link));
    reader.set_linked(view.linked);
    reader.set_sent(text(&view.sent_tab));
    reader.set_unsent(view.unsent > 0);
    reader.set_notice(text(&view.notice));
    reader.set_keys(text(&view.keys));
    reader.set_fingerprint(text(&view.fingerprint));
    reader.set_can_give_keys(view.can_give_keys);
}

fn fill_sign_in(window: &ReaderWindow, view: &View) {
    let sign_in = window.global::<ReaderSignIn<'_>>();
    let view = &view.sign_in;
    sign_in.set_title(text(&view.title));
    sign_in.set_keys_only(view.keys_only);
    sign_in.set_busy(view.busy);
    sign_in.set_fault(text(&view.fault));
    sign_in.set_waiting(text(&view.waiting));
    sign_in.set_platform(text(&view.platform));
    sign_in.set_name(text(&view.name));
    sign_in.set_file(text(&view.file));
}

fn fill_triage(window: &ReaderWindow, before: Option<&TriageView>, view: &TriageView) {
    let triage = window.global::<ReaderTriage<'_>>();
    if before.map(|before| &before.rows) != Some(&view.rows) {
        triage.set_rows(model(&view.rows, |row| TriageRow {
            id: text(&row.id),
            who: text(&row.who),
            place: text(&row.place),
            urgency: text(&row.urgency),
            sign: Sign::None,
            danger: row.mark == Mark::Danger,
            tone: tone(row.mark),
            waits: text(&row.waits),
            marks: text(&row.marks),
            state: text(&row.state),
            selected: row.selected,
        }));
    }
    triage.set_empty(text(&view.empty));
    triage.set_nothing(text(&view.nothing));
    triage.set_who(text(&view.who));
    triage.set_place(text(&view.place));
    triage.set_urgency(text(&view.urgency));
    triage.set_danger(view.mark == Mark::Danger);
    triage.set_tone(tone(view.mark));
    triage.set_caution(text(&view.caution));
    triage.set_facts(model(&view.facts, |(label, words, mark)| Finding {
        label: text(label),
        text: text(words),
        tone: tone(*mark),
    }));
    triage.set_words(model(&view.words, |word| Word {
        at: text(&word.at),
        text: text(&word.text),
        tone: tone(word.mark),
        slot: number(word.slot),
        can_book: word.can_book,
    }));
    triage.set_last(text(&view.last));
    triage.set_offers(model(&view.offers, |offer| Offer {
        slot: number(offer.slot),
        text: text(&offer.text),
        booked: offer.booked,
        sent: offer.sent,
    }));
    if before.map(|before| before.draft_turn) != Some(view.draft_turn) {
        triage.set_draft(text(&view.draft));
    }
    triage.set_can_answer(view.can_answer);
    triage.set_can_close(view.can_close);
    triage.set_can_chart(view.can_chart);
    triage.set_why_not(text(&view.why_not));
}

fn fill_chart(window: &ReaderWindow, view: &View) {
    let chart = window.global::<ReaderChart<'_>>();
    let view = &view.chart;
    chart.set_people(model(&view.people, |(id, who, place, selected)| ChartPerson {
        id: text(id),
        who: text(who),
        place: text(place),
        selected: *selected,
    }));
    chart.set_nothing(text(&view.nothing));
    chart.set_who(text(&view.who));
    chart.set_place(text(&view.place));
    chart.set_kind(match view.kind {
        Kind::Visits => ChartKind::Visits,
        Kind::Medicines => ChartKind::Medicines,
        Kind::Readings => ChartKind::Readings,
        Kind::Documents => ChartKind::Documents,
        Kind::Notices => ChartKind::Notices,
    });
    chart.set_lines(model(&view.lines, chart_line));
    let switch =
        |(id, words, on): &(String, String, bool)| Switch { id: text(id), text: text(words), on: *on };
    chart.set_needs(model(&view.needs, switch));
    chart.set_posts(model(&view.posts, switch));
}

fn chart_line(line: &LineView) -> ChartLine {
    ChartLine {
        id: text(&line.id),
        title: text(&line.title),
        detail: text(&line.detail),
        state: text(&line.state),
        tone: tone(line.mark),
        action: text(&line.action),
        signature: text(&line.signature),
    }
}

fn fill_round(window: &ReaderWindow, view: &View) {
    window.global::<ReaderRound<'_>>().set_lines(model(&view.round, |line| RoundLine {
        id: text(&line.id),
        place: text(&line.place),
        who: text(&line.who),
        medicine: text(&line.medicine),
        how: text(&line.how),
        last: text(&line.last),
        tone: tone(line.mark),
    }));
}

fn fill_sent(window: &ReaderWindow, view: &View) {
    window.global::<ReaderSent<'_>>().set_lines(model(&view.sent, |line| SentLine {
        id: text(&line.id),
        what: text(&line.what),
        who: text(&line.who),
        place: text(&line.place),
        state: text(&line.state),
        sign: match line.mark {
            Mark::Done => Sign::DoneCircle,
            Mark::Wait | Mark::Danger => Sign::Waiting,
            Mark::Plain | Mark::Quiet | Mark::Action => Sign::Sending,
        },
        tone: tone(line.mark),
        can_again: line.can_again,
    }));
}

pub(crate) fn text(text: &str) -> SharedString {
    text.into()
}

fn number(slot: u32) -> i32 {
    i32::try_from(slot).unwrap_or(i32::MAX)
}

pub(crate) fn tone(mark: Mark) -> Tone {
    match mark {
        Mark::Plain => Tone::Plain,
        Mark::Quiet => Tone::Quiet,
        Mark::Action => Tone::Action,
        Mark::Done => Tone::Done,
        Mark::Wait | Mark::Danger => Tone::Wait,
    }
}

pub(crate) fn model<T, U: Clone + 'static>(items: &[T], line: impl Fn(&T) -> U) -> ModelRc<U> {
    ModelRc::new(VecModel::from(items.iter().map(line).collect::<Vec<_>>()))
}
