// SPDX-License-Identifier: GPL-3.0-only
//! The reports in order of need and the one that is opened, as plain words and marks.

use crate::clinic::{Report, Unread};
use crate::desk::Open;
use crate::view::{Mark, OfferView, RowView, TriageView, WordView, offset_min, place, who};
use crate::words::Words;
use contract::{CareCheck, CareEntry, CareState, Said, SymptomReport, Urgency};

fn mark(urgency: Urgency) -> Mark {
    match urgency {
        Urgency::Danger => Mark::Danger,
        Urgency::Soon => Mark::Wait,
        Urgency::Routine => Mark::Quiet,
    }
}

pub(crate) fn triage(
    open: &Open,
    words: &Words,
    now_ms: i64,
    list: Option<&str>,
    draft_turn: u64,
) -> TriageView {
    let reports = open.clinic.triage(now_ms);
    let rows = reports.iter().map(|report| row(report, open, words, now_ms)).collect();
    let empty = match list {
        Some(time) => words.put("reader-triage-empty", [("time", time)]),
        None => words.say("reader-triage-none"),
    };
    let selected = reports.iter().find(|report| Some(report.entry.event) == open.selected);
    let mut view = TriageView { rows, empty, draft_turn, ..TriageView::default() };
    let Some(report) = selected else {
        view.nothing = words.say("reader-triage-choose");
        return view;
    };
    let offset = offset_min(open, report.entry.terminal);
    let known = report.detainee().and_then(|detainee| open.clinic.person(detainee));
    let is_elsewhere = known.is_some_and(|(terminal, _)| terminal.terminal != report.entry.terminal);
    view.who = title(report, open, words);
    view.place = place(open, words, report.entry.terminal);
    view.urgency = words.put("reader-urgency", [("urgency", report.urgency().name())]);
    view.mark = mark(report.urgency());
    view.caution = match report.content {
        Err(why) => unread(words, why),
        Ok(_) if is_elsewhere => words.say("reader-not-in-cell"),
        Ok(_) => String::new(),
    };
    view.facts = facts(report, words, now_ms, offset);
    let said = report.said.iter();
    view.words = said.map(|(entry, said)| word(entry, *said, report, words, offset)).collect();
    let answer = report.answer.map(|(_, kept, answer)| (kept, answer));
    if let Some((kept, answer)) = answer.filter(|(_, answer)| !answer.words.is_empty()) {
        let time = words.date_time(kept.content.at_ms, offset);
        view.last = words.put("reader-answer-last", [("time", &time), ("words", answer.words.as_str())]);
    }
    let draft = open.drafts.get(&report.entry.event);
    view.draft = draft.map(|draft| draft.words.clone()).unwrap_or_default();
    let offers = draft.into_iter().flat_map(|draft| &draft.offers);
    view.offers = offers
        .map(|slot| OfferView {
            slot: slot.slot,
            text: words.slot(slot.from_ms, slot.kind, offset),
            booked: answer.is_some_and(|(_, answer)| answer.booked == Some(slot.slot)),
            sent: answer.is_some_and(|(_, answer)| answer.slots.contains(slot)),
        })
        .collect();
    view.can_chart = report.detainee().is_some();
    view.can_answer = report.detainee().is_some();
    view.can_close = report.content.is_ok() && report.state() != Some(CareState::Closed);
    if report.content.is_ok() && report.detainee().is_none() {
        view.why_not = words.say("reader-answer-nobody");
    }
    view
}

fn title(report: &Report<'_>, open: &Open, words: &Words) -> String {
    match report.content {
        Ok(content) => who(open, words, content.detainee),
        Err(_) => words.say("reader-unreadable"),
    }
}

fn row(report: &Report<'_>, open: &Open, words: &Words, now_ms: i64) -> RowView {
    let state = report.state();
    let mut marks = Vec::new();
    if report.is_overdue(now_ms) {
        marks.push(words.say("reader-overdue"));
    }
    if report.entry.nudges > 0 {
        marks.push(words.count("reader-nudged", "count", report.entry.nudges.into()));
    }
    if state.is_some() && report.new_words().next().is_some() {
        marks.push(words.say("reader-new-words"));
    }
    let waits = match state {
        None | Some(CareState::Opened) => {
            let span = words.span(now_ms - report.entry.received_ms);
            words.put("reader-waiting", [("span", &span)])
        }
        Some(CareState::Answered | CareState::Closed) => String::new(),
    };
    RowView {
        id: report.entry.event.to_string(),
        who: title(report, open, words),
        place: place(open, words, report.entry.terminal),
        urgency: words.put("reader-urgency", [("urgency", report.urgency().name())]),
        mark: mark(report.urgency()),
        waits,
        marks: marks.join(" · "),
        state: words.put("reader-state", [("state", state.map_or("none", CareState::name))]),
        selected: Some(report.entry.event) == open.selected,
    }
}

fn unread(words: &Words, why: Unread) -> String {
    words.say(match why {
        Unread::Key => "reader-unreadable-key",
        Unread::Place => "reader-unreadable-other",
        Unread::Repeated => "reader-unreadable-repeated",
        Unread::Person => "reader-unreadable-person",
    })
}

fn facts(report: &Report<'_>, words: &Words, now_ms: i64, offset: i16) -> Vec<(String, String, Mark)> {
    let mut facts = Vec::new();
    let mut put = |label: &str, text: String, mark: Mark| facts.push((words.say(label), text, mark));
    let (at_ms, sure) = report.at_ms();
    let at = words.date_time(at_ms, offset);
    let at = words.put(if sure { "reader-at" } else { "reader-at-unsure" }, [("time", &at)]);
    let waited = words.put("reader-waiting", [("span", &words.span(now_ms - report.entry.received_ms))]);
    let due = report.entry.due_ms.map(|due_ms| words.date_time(due_ms, offset));
    let due = due.map(|time| words.put("reader-due", [("time", &time)]));
    let when = [Some(at), Some(waited), due].into_iter().flatten();
    let overdue = if report.is_overdue(now_ms) { Mark::Wait } else { Mark::Plain };
    put("reader-label-when", words.list(when), overdue);
    if let Ok(content) = report.content {
        about(content, words, offset, &mut put);
    }
    if let Some(nudged_ms) = report.entry.nudged_ms {
        let count = words.count("reader-nudged", "count", report.entry.nudges.into());
        put("reader-label-nudges", format!("{count}　{}", words.date_time(nudged_ms, offset)), Mark::Wait);
    }
    facts
}

fn about(report: &SymptomReport, words: &Words, offset: i16, put: &mut impl FnMut(&str, String, Mark)) {
    if !report.dangers.is_empty() {
        put("reader-label-dangers", words.dangers(&report.dangers), Mark::Wait);
    }
    put("reader-label-symptoms", words.symptoms(&report.symptoms), Mark::Plain);
    let since = report.since.map(|since| words.put("reader-since", [("since", since.name())]));
    put("reader-label-since", since.unwrap_or_else(|| words.say("reader-unsaid")), Mark::Plain);
    put("reader-label-severity", severity(report.severity, words), Mark::Plain);
    put("reader-label-prefers", words.parts(&report.prefers), Mark::Plain);
    let readings = report
        .readings
        .iter()
        .map(|reading| format!("{} {} ({})", reading.what, reading.value, words.time(reading.at_ms, offset)));
    let readings = words.list(readings);
    let none = readings.is_empty();
    put("reader-label-readings", if none { words.say("reader-not-measured") } else { readings }, Mark::Plain);
    let check = match report.check {
        CareCheck::Pin => "pin",
        CareCheck::Officer { .. } => "officer",
        CareCheck::None => "none",
    };
    let mut checked = vec![words.put("reader-check", [("check", check)])];
    if report.for_other {
        checked.push(words.say("reader-for-other"));
    }
    let unsure = report.for_other || check == "none";
    put("reader-label-checked", checked.join(" · "), if unsure { Mark::Wait } else { Mark::Plain });
}

/// As it was pointed at, with the word under the face.
fn severity(severity: Option<u8>, words: &Words) -> String {
    let Some(severity) = severity else { return words.say("reader-unsaid") };
    let face = words.put("care-face", [("face", format!("f{}", severity - severity % 2).as_str())]);
    words.put("reader-severity", [("severity", severity.to_string().as_str()), ("word", face.as_str())])
}

fn word(
    entry: &CareEntry,
    said: Result<&Said, Unread>,
    report: &Report<'_>,
    words: &Words,
    offset: i16,
) -> WordView {
    let answer = report.answer.map(|(_, _, answer)| answer);
    let (mut slot, mut can_book, mut mark) = (0, false, Mark::Plain);
    let text = match said {
        Err(why) => {
            mark = Mark::Quiet;
            unread(words, why)
        }
        Ok(Said::Accept { slot: accepted }) => {
            let offered = answer.and_then(|answer| answer.slots.iter().find(|one| one.slot == *accepted));
            slot = *accepted;
            can_book = offered.is_some() && answer.is_some_and(|answer| answer.booked != Some(*accepted));
            // Only the newest acceptance counts.
            let mut accepts =
                report.said.iter().rev().filter(|(_, said)| matches!(said, Ok(Said::Accept { .. })));
            can_book &= accepts.next().is_some_and(|(last, _)| last.event == entry.event);
            mark = if can_book { Mark::Wait } else { Mark::Plain };
            match offered {
                Some(offered) => {
                    let time = words.slot(offered.from_ms, offered.kind, offset);
                    words.put("reader-said-accept", [("slot", &time)])
                }
                None => words.say("reader-said-accept-gone"),
            }
        }
        Ok(Said::Worse { .. } | Said::Refuse { .. } | Said::OtherTime { .. }) => {
            mark = Mark::Wait;
            said_text(words, said.ok())
        }
        Ok(Said::Cancel | Said::Dose { .. } | Said::Sign { .. }) => said_text(words, said.ok()),
    };
    WordView { at: words.date_time(entry.received_ms, offset), text, mark, slot, can_book }
}

pub(crate) fn said_text(words: &Words, said: Option<&Said>) -> String {
    let yes = |is: bool| if is { "yes" } else { "no" };
    match said {
        None | Some(Said::Accept { .. }) => String::new(),
        Some(Said::OtherTime { prefers }) => {
            words.put("reader-said-other-time", [("prefers", &words.parts(prefers))])
        }
        Some(Said::Cancel) => words.say("reader-said-cancel"),
        Some(Said::Refuse { why }) => words.put("reader-said-refuse", [("why", why.as_str())]),
        Some(Said::Worse { symptoms, severity }) => {
            let (symptoms, severity) = (words.symptoms(symptoms), self::severity(*severity, words));
            words.put("reader-said-worse", [("symptoms", symptoms.as_str()), ("severity", severity.as_str())])
        }
        Some(Said::Dose { taken, why, .. }) => {
            words.put("reader-said-dose", [("taken", yes(*taken)), ("why", why.as_str())])
        }
        Some(Said::Sign { agreed, why, .. }) => {
            words.put("reader-said-sign", [("agreed", yes(*agreed)), ("why", why.as_str())])
        }
    }
}
