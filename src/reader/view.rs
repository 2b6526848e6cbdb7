// SPDX-License-Identifier: GPL-3.0-only
//! What is to be seen, as plain words and marks; made anew from the desk, never changed.

use crate::bureau::{Bureau, Standing};
use crate::clinic::HandedOut;
use crate::desk::{Desk, Kind, Notice, Now, Open, Page};
use crate::keys::fingerprint;
use crate::letters::{Content, Outgoing, State, Why};
use crate::view_bureau::{LettersView, MeetingView, Seat};
use crate::view_custody::CustodyView;
use crate::words::Words;
use crate::{view_chart, view_triage};
use contract::{DetaineeId, SlotKind, TerminalId};
use i18n::Lang;

/// What a line is like, besides its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mark {
    #[default]
    Plain,
    Quiet,
    Action,
    Done,
    Wait,
    Danger,
}

#[derive(Debug, Clone, PartialEq)]
pub struct View {
    pub page: Page,
    pub title: String,
    /// Of a complaint office, not of the clinic.
    pub complaints: bool,
    pub custody_wrong: bool,
    pub letters: LettersView,
    pub meetings: Vec<MeetingView>,
    pub custody: CustodyView,
    pub sign_in: SignInView,
    pub link: String,
    pub linked: bool,
    pub sent_tab: String,
    pub unsent: usize,
    pub notice: String,
    pub keys: String,
    pub fingerprint: String,
    pub can_give_keys: bool,
    pub triage: TriageView,
    pub chart: ChartView,
    pub round: Vec<RoundView>,
    pub sent: Vec<SentView>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct SignInView {
    pub title: String,
    pub keys_only: bool,
    pub busy: bool,
    pub fault: String,
    pub waiting: String,
    pub platform: String,
    pub name: String,
    pub file: String,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct TriageView {
    pub rows: Vec<RowView>,
    pub empty: String,
    pub nothing: String,
    pub who: String,
    pub place: String,
    pub urgency: String,
    pub mark: Mark,
    pub caution: String,
    pub facts: Vec<(String, String, Mark)>,
    pub words: Vec<WordView>,
    pub last: String,
    pub offers: Vec<OfferView>,
    pub draft: String,
    /// The field is filled anew when this changes, and only then.
    pub draft_turn: u64,
    pub can_answer: bool,
    pub can_close: bool,
    pub can_chart: bool,
    pub why_not: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct RowView {
    pub id: String,
    pub who: String,
    pub place: String,
    pub urgency: String,
    pub mark: Mark,
    pub waits: String,
    pub marks: String,
    pub state: String,
    pub selected: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct WordView {
    pub at: String,
    pub text: String,
    pub mark: Mark,
    pub slot: u32,
    pub can_book: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct OfferView {
    pub slot: u32,
    pub text: String,
    pub booked: bool,
    pub sent: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ChartView {
    pub people: Vec<(String, String, String, bool)>,
    pub nothing: String,
    pub who: String,
    pub place: String,
    pub kind: Kind,
    pub lines: Vec<LineView>,
    pub needs: Vec<(String, String, bool)>,
    pub posts: Vec<(String, String, bool)>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct LineView {
    pub id: String,
    pub title: String,
    pub detail: String,
    pub state: String,
    pub mark: Mark,
    pub action: String,
    pub signature: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct RoundView {
    pub id: String,
    pub place: String,
    pub who: String,
    pub medicine: String,
    pub how: String,
    pub last: String,
    pub mark: Mark,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SentView {
    pub id: String,
    pub what: String,
    pub who: String,
    pub place: String,
    pub state: String,
    pub mark: Mark,
    pub can_again: bool,
}

/// What the desk shows at a time.
pub fn view(desk: &Desk, lang: Lang, now: Now) -> View {
    let words = Words::of(lang);
    let now_ms = desk.platform_ms(now);
    let unsent = desk.outbox.unsent() + desk.untold();
    let waiting = words.count("reader-sent-waiting", "count", unsent.try_into().unwrap_or(i64::MAX));
    let sign_in = SignInView {
        title: words.say(if desk.locked { "reader-unlock-again" } else { "reader-unlock" }),
        keys_only: desk.is_signed_in(),
        busy: desk.busy,
        fault: notice(&words, desk.fault.as_ref()),
        waiting: if unsent > 0 { waiting.clone() } else { String::new() },
        platform: desk.platform.clone(),
        name: desk.name.clone(),
        file: desk.file.display().to_string(),
    };
    let mut view = View {
        page: desk.page,
        title: words.say(if desk.open.is_some() { "reader-title" } else { "office-window" }),
        complaints: desk.bureau.is_some(),
        custody_wrong: false,
        letters: LettersView::default(),
        meetings: Vec::new(),
        custody: CustodyView::default(),
        sign_in,
        link: String::new(),
        linked: false,
        sent_tab: if unsent > 0 { waiting } else { words.say("reader-tab-sent") },
        unsent,
        notice: notice(&words, desk.notice.as_ref()),
        keys: String::new(),
        fingerprint: String::new(),
        can_give_keys: false,
        triage: TriageView::default(),
        chart: view_chart::empty(),
        round: Vec::new(),
        sent: Vec::new(),
    };
    if let Some(bureau) = &desk.bureau {
        bureau_view(&mut view, desk, bureau, &words, now_ms);
    }
    let Some(open) = &desk.open else { return view };
    let offset_min = open.clinic.terminals.first().map_or(480, |terminal| terminal.utc_offset_min);
    let list = open.link.list_ms.map(|ms| words.time(ms, offset_min));
    view.linked = open.link.up;
    view.link = link(&words, list.as_deref(), open.link.up, open.again_was_needed());
    if list.is_some() {
        let print = fingerprint(&open.keys.recipient(), &open.keys.signing.public());
        (view.keys, view.can_give_keys) = match open.clinic.handed_out {
            HandedOut::None => (words.say("reader-keys-none"), true),
            HandedOut::Ours(_) => (String::new(), false),
            HandedOut::Foreign => (words.say("reader-keys-foreign"), false),
        };
        view.fingerprint = words.put("reader-fingerprint", [("fingerprint", &print)]);
    }
    // Only the page that is shown is made: the others hold nothing.
    match desk.page {
        Page::SignIn | Page::Complaints | Page::Meetings | Page::Custody => {}
        Page::Triage => {
            view.triage = view_triage::triage(open, &words, now_ms, list.as_deref(), desk.draft_turn)
        }
        Page::Chart => view.chart = view_chart::chart(open, &words),
        Page::Round => view.round = view_chart::round(open, &words),
        Page::Sent => view.sent = desk.outbox.all().iter().rev().map(|one| sent(one, open, &words)).collect(),
    }
    view
}

fn bureau_view(view: &mut View, desk: &Desk, bureau: &Bureau, words: &Words, now_ms: i64) {
    let terminals = bureau.list.as_ref().map(|list| &list.terminals);
    let offset_min = terminals.and_then(|all| all.first()).map_or(480, |terminal| terminal.utc_offset_min);
    let list = bureau.link.list_ms.map(|ms| words.time(ms, offset_min));
    view.title = words.put("office-title", [("office", bureau.keys.office.name())]);
    view.linked = bureau.link.up;
    view.link = link(words, list.as_deref(), bureau.link.up, bureau.again_ms > crate::desk::AGAIN_MS_MIN);
    let untold = desk.untold();
    if untold > 0 {
        let unsent = words.count("office-unsent", "count", untold.try_into().unwrap_or(i64::MAX));
        view.link = words.list([view.link.clone(), unsent].into_iter());
    }
    view.custody_wrong = !bureau.custody.findings.is_empty();
    view.keys = match &bureau.standing {
        Standing::Unknown => String::new(),
        Standing::None => words.say("office-keys-none"),
        Standing::Foreign => words.say("office-keys-foreign"),
        Standing::ReadsOnly(_) => words.say("office-keys-reads"),
        Standing::Ours(own) if !own.is_arranged(now_ms) => words.say("office-keys-ended"),
        Standing::Ours(_) => String::new(),
    };
    view.fingerprint = words.put("office-fingerprint", [("fingerprint", &bureau.keys.fingerprint())]);
    let seat = Seat { bureau, told: &desk.told, words, now_ms };
    match desk.page {
        Page::SignIn | Page::Triage | Page::Chart | Page::Round | Page::Sent => {}
        Page::Complaints => view.letters = seat.letters(list.as_deref(), desk.draft_turn),
        Page::Meetings => view.meetings = seat.meetings(),
        Page::Custody => view.custody = seat.custody(),
    }
}

fn link(words: &Words, list: Option<&str>, up: bool, failed: bool) -> String {
    match (list, up) {
        (Some(time), true) => words.put("reader-link-ok", [("time", time)]),
        (Some(time), false) => words.put("reader-link-down", [("time", time)]),
        (None, _) if failed => words.say("reader-link-down-never"),
        (None, _) => words.say("reader-link-first"),
    }
}

fn notice(words: &Words, notice: Option<&Notice>) -> String {
    match notice {
        None => String::new(),
        Some(Notice::Text(id)) => words.say(id),
        Some(Notice::Refused(status)) => words.put("reader-fault-refused", [("status", &status.to_string())]),
    }
}

/// Who it is, by the terminals' lists; somebody in none is shown as such.
pub(crate) fn who(open: &Open, words: &Words, detainee: Option<DetaineeId>) -> String {
    let Some(detainee) = detainee else { return words.say("reader-unknown-person") };
    match open.clinic.person(detainee) {
        Some((_, person)) => {
            let (name, badge) = (person.name.as_str(), person.badge_number.as_str());
            words.put("reader-person", [("name", name), ("badge", badge)])
        }
        None => {
            let number = detainee.to_string();
            words.put("reader-gone-person", [("number", number.get(..8).unwrap_or(&number))])
        }
    }
}

pub(crate) fn place(open: &Open, words: &Words, terminal: TerminalId) -> String {
    open.clinic.terminal(terminal).map_or_else(String::new, |terminal| {
        words.put("reader-place", [("block", terminal.block.as_str()), ("cell", terminal.cell.as_str())])
    })
}

pub(crate) fn offset_min(open: &Open, terminal: TerminalId) -> i16 {
    open.clinic.terminal(terminal).map_or(480, |terminal| terminal.utc_offset_min)
}

fn sent(one: &Outgoing, open: &Open, words: &Words) -> SentView {
    let offset = offset_min(open, one.terminal);
    let detainee = match &one.content {
        Content::Letter { .. } => one.open(&open.keys).map(|content| content.detainee),
        Content::Notice(posted) => Some(posted.notice.detainee),
    };
    let (state, mark) = match one.state {
        State::Ready | State::Sending => (words.say("reader-sent-sending"), Mark::Quiet),
        State::Taken { at_ms } => {
            (words.put("reader-sent-done", [("time", &words.time(at_ms, offset))]), Mark::Done)
        }
        State::Waits(why) => (words.put("reader-sent-not", [("why", &why_text(words, why))]), Mark::Wait),
    };
    SentView {
        id: one.number.to_string(),
        what: words.put("reader-sent-kind", [("kind", one.kind)]),
        who: who(open, words, detainee),
        place: place(open, words, one.terminal),
        state,
        mark,
        can_again: matches!(one.state, State::Waits(_)),
    }
}

pub(crate) fn why_text(words: &Words, why: Why) -> String {
    match why {
        Why::Link => words.say("reader-why-link"),
        Why::Terminal => words.say("reader-why-terminal"),
        Why::Keys => words.say("reader-why-keys"),
        Why::Refused(status) => words.put("reader-why-refused", [("status", &status.to_string())]),
    }
}

/// The kinds of a time that is offered, by the name on their buttons.
pub fn slot_kind(name: &str) -> SlotKind {
    SlotKind::of(name).unwrap_or(SlotKind::Clinic)
}
