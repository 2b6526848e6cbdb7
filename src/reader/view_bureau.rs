// SPDX-License-Identifier: GPL-3.0-only
//! The pages of a complaint office as plain words: its letters, the opened one, its meetings.

use crate::bureau::{Bureau, Standing, Told, ToldState, is_quiet, letter};
use crate::bureau_desk::can_end;
use crate::view::{Mark, why_text};
use crate::words::Words;
use contract::{
    Complaint, ComplaintTerminal, DetaineeId, DeviceId, EventId, InCustody, Matter, Office, OfficeStage,
};
use office::complaints::Said;

/// The page of letters.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LettersView {
    pub rows: Vec<ItemView>,
    pub empty: String,
    pub marks: String,
    pub marks_shown: bool,
    pub nothing: String,
    pub kind: String,
    pub who: String,
    pub place: String,
    pub quiet: bool,
    pub mark: Mark,
    pub caution: String,
    pub facts: Vec<(String, String, Mark)>,
    pub words: String,
    pub draft: String,
    /// The field is filled anew when this changes, and only then.
    pub draft_turn: u64,
    pub can_answer: bool,
    pub can_close: bool,
    pub can_let_go: bool,
    pub can_again: bool,
    pub why_not: String,
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemView {
    pub id: String,
    pub kind: String,
    pub place: String,
    pub at: String,
    pub state: String,
    pub late: String,
    pub mark: Mark,
    pub quiet: bool,
    pub selected: bool,
}

/// A meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct MeetingView {
    pub id: String,
    pub at: String,
    pub who: String,
    pub place: String,
    pub state: String,
    pub mark: Mark,
}

/// What the pages are made of.
pub(crate) struct Seat<'a> {
    pub(crate) bureau: &'a Bureau,
    pub(crate) told: &'a [Told],
    pub(crate) words: &'a Words,
    pub(crate) now_ms: i64,
}

impl Seat<'_> {
    pub(crate) fn letters(&self, list: Option<&str>, draft_turn: u64) -> LettersView {
        let (bureau, words) = (self.bureau, self.words);
        let rows: Vec<_> =
            bureau.rows(self.told, self.now_ms).iter().map(|(item, said)| self.row(item, said)).collect();
        let marks = bureau.marks();
        let mut view = LettersView {
            empty: match list {
                Some(time) => words.put("office-list-empty", [("time", time)]),
                None => words.say("office-list-none"),
            },
            marks: if marks > 0 {
                words.count("office-marks", "count", marks.try_into().unwrap_or(i64::MAX))
            } else {
                String::new()
            },
            marks_shown: bureau.marks_shown,
            draft_turn,
            ..LettersView::default()
        };
        view.nothing = if rows.is_empty() { view.empty.clone() } else { words.say("office-choose") };
        view.rows = rows;
        if let Some(item) = bureau.selected.and_then(|event| bureau.item(event)) {
            view.nothing.clear();
            self.opened(&mut view, item);
        }
        view
    }

    fn row(&self, item: &InCustody, said: &Said) -> ItemView {
        let words = self.words;
        let came_ms = self.bureau.entry(item.event).map_or(0, |entry| entry.received_ms);
        let at = words.date_time(came_ms, self.offset_min(item.place.device));
        let late = self.late(item, said);
        let is_new = said.received_ms.is_none();
        ItemView {
            id: item.event.to_string(),
            kind: self.kind(item),
            place: self.place(item.place.device),
            at: words.put("office-came", [("time", &at)]),
            state: self.state(item.event, said),
            mark: match () {
                () if !late.is_empty() => Mark::Wait,
                () if said.answered_ms.is_some() || said.ended.is_some() => Mark::Done,
                () if is_new => Mark::Action,
                () => Mark::Quiet,
            },
            late,
            quiet: is_quiet(item) && is_new,
            selected: self.bureau.selected == Some(item.event),
        }
    }

    fn opened(&self, view: &mut LettersView, item: &InCustody) {
        let (bureau, words, event) = (self.bureau, self.words, item.event);
        let said = bureau.said(item, self.told);
        let sound = bureau.is_sound(item);
        view.kind = self.kind(item);
        view.quiet = is_quiet(item);
        view.mark = Mark::Action;
        view.place = self.place(item.place.device);
        view.who = self.who(item);
        view.caution = if sound { self.late(item, &said) } else { words.say("office-unsound") };
        let mut facts = Vec::new();
        let mut fact = |label: &str, text: String, mark| facts.push((words.say(label), text, mark));
        match &item.told.matter {
            Matter::Complaint(complaint) => {
                view.words = self.said_words(complaint);
                fact("office-label-said", self.time(item, complaint.at_ms), Mark::Plain);
                let about =
                    complaint.about.iter().map(|one| words.put("complaint-about", [("about", one.name())]));
                fact("office-label-about", self.listed(about), Mark::Plain);
                let topics =
                    complaint.topics.iter().map(|one| words.put("complaint-topic", [("topic", one.name())]));
                fact("office-label-topics", self.listed(topics), Mark::Plain);
                let wants = if complaint.meeting { "office-yes" } else { "office-no" };
                fact(
                    "office-label-meeting",
                    words.say(wants),
                    if complaint.meeting { Mark::Action } else { Mark::Plain },
                );
            }
            Matter::Mark(mark) => {
                view.words = words.say(if mark.quiet { "office-quiet-what" } else { "office-mark-what" });
                let hour = self.time(item, mark.hour_ms);
                fact("office-label-said", words.put("office-hour", [("time", &hour)]), Mark::Plain);
            }
            Matter::Withdrawal { complaint, .. } | Matter::Meeting { complaint, .. } => {
                view.words = self.later_words(item);
                fact("office-label-of", complaint.to_string(), Mark::Quiet);
            }
            Matter::Escalation { complaint, office, sent_ms, unreceived } => {
                let id = if *unreceived { "office-unreceived" } else { "office-unanswered" };
                let (office, sent) = (self.office(*office), self.time(item, *sent_ms));
                fact("office-label-to", words.put(id, [("office", &office), ("time", &sent)]), Mark::Wait);
                fact("office-label-of", complaint.to_string(), Mark::Quiet);
            }
        }
        for later in bureau.later(event) {
            let mark = if later.proven { Mark::Action } else { Mark::Wait };
            fact("office-label-later", self.later_words(later.item), mark);
        }
        if let Some(received_ms) = said.received_ms {
            fact("office-label-received", self.time(item, received_ms), Mark::Plain);
        }
        if let Some(answer) = bureau.answer(event, self.told) {
            let time = self.time(item, answer.at_ms);
            let text = words.put("office-answer-was", [("time", &time), ("words", answer.words.as_str())]);
            fact("office-label-answer", text, Mark::Done);
            if let Some(meeting_ms) = answer.meeting_ms {
                fact("office-label-meet", self.time(item, meeting_ms), Mark::Action);
            }
        } else if letter(item).is_some()
            && said.answered_ms.is_none()
            && let Some(due_ms) = bureau.entry(event).and_then(|entry| entry.answer_due_ms)
        {
            let due = words.put("office-due", [("time", &self.time(item, due_ms))]);
            fact("office-label-answer", due, Mark::Plain);
        }
        let number = words.count("office-number", "number", count(item.told.number));
        fact("office-label-number", format!("{number}  {event}"), Mark::Quiet);
        let waits = self.told.iter().find_map(|one| match one.state {
            ToldState::Waits(why) if one.posted.event == event => Some(why),
            ToldState::Waits(_) | ToldState::Ready | ToldState::Sending | ToldState::Taken => None,
        });
        view.facts = facts;
        let signs = matches!(bureau.standing, Standing::Ours(_));
        view.can_again = waits.is_some();
        view.can_answer = signs && sound && letter(item).is_some() && said.ended.is_none();
        view.can_close = signs && can_end(bureau, event, OfficeStage::Closed, self.told);
        view.can_let_go = signs && can_end(bureau, event, OfficeStage::Withdrawn, self.told);
        view.why_not = match waits {
            Some(why) => words.put("office-again-why", [("why", &why_text(words, why))]),
            None if letter(item).is_none() => words.say("office-answer-not"),
            None if !signs => words.say("office-answer-cannot"),
            None => String::new(),
        };
        view.draft = bureau.drafts.get(&event).map_or_else(String::new, |draft| draft.words.clone());
    }

    /// Meetings that were named: those to come first, then those nobody told of, then the rest.
    pub(crate) fn meetings(&self) -> Vec<MeetingView> {
        let mut lines = Vec::new();
        for item in self.bureau.custody.items.iter().filter(|item| letter(item).is_some()) {
            let answer = self.bureau.answer(item.event, self.told);
            let Some(meeting_ms) = answer.and_then(|answer| answer.meeting_ms) else { continue };
            let later = self.bureau.later(item.event);
            let word =
                later.iter().rev().find(|later| matches!(later.item.told.matter, Matter::Meeting { .. }));
            let (rank, state, mark) = match word {
                Some(later) => {
                    (2, self.later_words(later.item), if later.proven { Mark::Done } else { Mark::Wait })
                }
                None if meeting_ms > self.now_ms => (0, self.words.say("office-meeting-waits"), Mark::Action),
                None => (1, self.words.say("office-meeting-passed"), Mark::Wait),
            };
            let view = MeetingView {
                id: item.event.to_string(),
                at: self.time(item, meeting_ms),
                who: self.who(item),
                place: self.place(item.place.device),
                state,
                mark,
            };
            lines.push((rank, meeting_ms, view));
        }
        lines.sort_by_key(|(rank, at_ms, _)| (*rank, if *rank == 2 { -*at_ms } else { *at_ms }));
        lines.into_iter().map(|(_, _, view)| view).collect()
    }

    fn later_words(&self, item: &InCustody) -> String {
        let proven = match &item.told.matter {
            Matter::Withdrawal { complaint, .. } | Matter::Meeting { complaint, .. } => self
                .bureau
                .later(*complaint)
                .iter()
                .any(|later| later.item.event == item.event && later.proven),
            Matter::Complaint(_) | Matter::Escalation { .. } | Matter::Mark(_) => false,
        };
        match &item.told.matter {
            Matter::Withdrawal { .. } if proven => self.words.say("office-withdraws"),
            Matter::Withdrawal { .. } => self.words.say("office-withdraws-unproven"),
            Matter::Meeting { took_place, .. } => {
                let took = match (proven, took_place) {
                    (true, true) => "yes",
                    (true, false) => "no",
                    (false, _) => "unproven",
                };
                self.words.put("office-took-place", [("took", took)])
            }
            Matter::Complaint(_) | Matter::Escalation { .. } | Matter::Mark(_) => String::new(),
        }
    }

    fn said_words(&self, complaint: &Complaint) -> String {
        match (complaint.talk, complaint.words.as_str()) {
            (true, "") => self.words.say("office-said-talk"),
            (false, "") => self.words.say("office-said-nothing"),
            (_, words) => words.to_owned(),
        }
    }

    fn late(&self, item: &InCustody, said: &Said) -> String {
        let Some(due_ms) = self.bureau.late(item, said, self.now_ms) else { return String::new() };
        let id = if said.received_ms.is_none() { "office-late-receive" } else { "office-late-answer" };
        self.words.put(id, [("time", &self.time(item, due_ms))])
    }

    fn state(&self, event: EventId, said: &Said) -> String {
        let waits = |one: &Told| one.posted.event == event && matches!(one.state, ToldState::Waits(_));
        if self.told.iter().any(waits) {
            return self.words.say("office-state-unsent");
        }
        let state = match (said.ended, said.answered_ms, said.received_ms) {
            (Some(OfficeStage::Withdrawn), _, _) => "withdrawn",
            (Some(_), _, _) => "closed",
            (None, Some(_), _) => "answered",
            (None, None, Some(_)) => "received",
            (None, None, None) => "new",
        };
        self.words.put("office-state", [("state", state)])
    }

    fn kind(&self, item: &InCustody) -> String {
        let kind = match &item.told.matter {
            Matter::Mark(mark) if mark.quiet => "quiet",
            Matter::Mark(_) => "mark",
            Matter::Complaint(complaint) if complaint.talk => "talk",
            Matter::Complaint(_) => "complaint",
            Matter::Withdrawal { .. } => "withdrawal",
            Matter::Escalation { .. } => "escalation",
            Matter::Meeting { .. } => "meeting",
        };
        self.words.put("office-kind", [("kind", kind)])
    }

    fn who(&self, item: &InCustody) -> String {
        match &item.told.matter {
            Matter::Complaint(complaint) => match complaint.writer {
                Some(writer) => self.person(item.place.device, writer),
                None => self.words.say("office-unnamed"),
            },
            Matter::Mark(mark) => self.person(item.place.device, mark.detainee),
            Matter::Withdrawal { complaint, .. } | Matter::Meeting { complaint, .. } => {
                let of = self.bureau.item(*complaint).filter(|of| letter(of).is_some());
                of.map_or_else(String::new, |of| self.who(of))
            }
            Matter::Escalation { office, .. } => self.office(*office),
        }
    }

    fn person(&self, device: DeviceId, detainee: DetaineeId) -> String {
        let terminals = self.bureau.list.iter().flat_map(|list| &list.terminals);
        let here = self.bureau.terminal(device).into_iter().chain(terminals);
        let mut people = here.flat_map(|terminal: &ComplaintTerminal| &terminal.people);
        match people.find(|person| person.detainee == detainee) {
            Some(person) => self.words.put(
                "office-person",
                [("name", person.name.as_str()), ("badge", person.badge_number.as_str())],
            ),
            None => {
                let number = detainee.to_string();
                self.words.put("office-person-gone", [("number", number.get(..8).unwrap_or(&number))])
            }
        }
    }

    pub(crate) fn place(&self, device: DeviceId) -> String {
        match self.bureau.terminal(device) {
            Some(of) => {
                self.words.put("office-place", [("block", of.block.as_str()), ("cell", of.cell.as_str())])
            }
            None => {
                let number = device.to_string();
                self.words.put("office-place-unknown", [("device", number.get(..8).unwrap_or(&number))])
            }
        }
    }

    fn office(&self, office: Office) -> String {
        self.words.put("office-title", [("office", office.name())])
    }

    fn listed(&self, items: impl Iterator<Item = String>) -> String {
        let listed = self.words.list(items);
        if listed.is_empty() { self.words.say("office-not-said") } else { listed }
    }

    fn time(&self, item: &InCustody, ms: i64) -> String {
        self.words.date_time(ms, self.offset_min(item.place.device))
    }

    pub(crate) fn offset_min(&self, device: DeviceId) -> i16 {
        self.bureau.terminal(device).map_or(480, |terminal| terminal.utc_offset_min)
    }
}

pub(crate) fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
