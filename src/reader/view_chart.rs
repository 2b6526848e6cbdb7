// SPDX-License-Identifier: GPL-3.0-only
//! A person's record and the medication round, as plain words and marks.

use crate::desk::{Kind, Open};
use crate::view::{ChartView, LineView, Mark, RoundView, offset_min, place, who};
use crate::view_triage::said_text;
use crate::words::Words;
use contract::{CareNeed, DetaineeId, Dose, Post, Said, Strokes, TerminalId};
use std::fmt::Write as _;

/// Whom a notice can be released to.
const POSTS: [Post; 5] =
    [Post::DutyOfficer, Post::SupervisingOfficer, Post::ControlRoom, Post::Director, Post::Doctor];
/// The field a signature is drawn in.
const FIELD: (f32, f32) = (240.0, 96.0);

pub(crate) fn empty() -> ChartView {
    ChartView {
        people: Vec::new(),
        nothing: String::new(),
        who: String::new(),
        place: String::new(),
        kind: Kind::Visits,
        lines: Vec::new(),
        needs: Vec::new(),
        posts: Vec::new(),
    }
}

pub(crate) fn chart(open: &Open, words: &Words) -> ChartView {
    let search = open.search.trim().to_lowercase();
    let mut people = Vec::new();
    for terminal in &open.clinic.terminals {
        let place = place(open, words, terminal.terminal);
        for person in &terminal.people {
            let text = format!("{} {} {place}", person.name, person.badge_number).to_lowercase();
            if search.split_whitespace().all(|word| text.contains(word)) {
                let who = who(open, words, Some(person.detainee));
                let selected = Some(person.detainee) == open.person;
                people.push((person.detainee.to_string(), who, place.clone(), selected));
            }
        }
    }
    let Some(detainee) = open.person else {
        return ChartView { people, nothing: words.say("reader-chart-choose"), ..empty() };
    };
    let terminal = terminal_of(open, detainee);
    let needs = CareNeed::ALL.map(|need| {
        let text = words.put("reader-need", [("need", need.name())]);
        (need.name().to_owned(), text, open.needs.contains(&need))
    });
    let posts = POSTS.map(|post| {
        let text = words.put("reader-post", [("post", post.name())]);
        (post.name().to_owned(), text, open.posts.contains(&post))
    });
    ChartView {
        people,
        nothing: String::new(),
        who: who(open, words, Some(detainee)),
        place: terminal.map_or_else(String::new, |terminal| place(open, words, terminal)),
        kind: open.kind,
        lines: lines(open, words, detainee, terminal.map_or(480, |terminal| offset_min(open, terminal))),
        needs: needs.to_vec(),
        posts: posts.to_vec(),
    }
}

fn terminal_of(open: &Open, detainee: DetaineeId) -> Option<TerminalId> {
    let here = open.clinic.person(detainee).map(|(terminal, _)| terminal.terminal);
    here.or_else(|| open.clinic.record(detainee).map(|(_, kept, _)| kept.terminal))
}

fn lines(open: &Open, words: &Words, detainee: DetaineeId, offset: i16) -> Vec<LineView> {
    let record = open.clinic.record(detainee).map(|(_, _, record)| record.clone()).unwrap_or_default();
    let line =
        |id: String, title: String, detail: String| LineView { id, title, detail, ..LineView::default() };
    match open.kind {
        Kind::Visits => {
            let visits = record.visits.iter().enumerate().rev();
            visits
                .map(|(at, visit)| {
                    let time = words.date_time(visit.at_ms, offset);
                    line(format!("v{at}"), visit.words.to_string(), time)
                })
                .collect()
        }
        Kind::Medicines => {
            let medicines = record.medicines.iter().enumerate();
            let mut lines: Vec<_> = medicines
                .map(|(at, medicine)| LineView {
                    action: words.say("reader-chart-stop"),
                    ..line(format!("m{at}"), medicine.name.to_string(), medicine.how.to_string())
                })
                .collect();
            lines.extend(record.doses.iter().rev().map(|dose| {
                let (state, mark) = dose_state(open, words, detainee, dose);
                let title = words.put("reader-dose", [("medicine", dose.medicine.as_str())]);
                let time = words.date_time(dose.at_ms, offset);
                LineView { state, mark, ..line(format!("d{}", dose.dose), title, time) }
            }));
            lines
        }
        Kind::Readings => {
            let readings = record.readings.iter().enumerate().rev();
            readings
                .map(|(at, reading)| {
                    let title = format!("{}　{}", reading.what, reading.value);
                    line(format!("r{at}"), title, words.date_time(reading.at_ms, offset))
                })
                .collect()
        }
        Kind::Documents => documents(open, words, detainee, offset),
        Kind::Notices => {
            let notices = open.clinic.notices.iter().filter(|notice| notice.detainee == detainee);
            notices
                .map(|notice| {
                    let (posts, until) =
                        (words.posts(&notice.posts), words.date_time(notice.until_ms, offset));
                    let args = [("posts", posts.as_str()), ("until", until.as_str())];
                    LineView {
                        action: words.say("reader-notice-end"),
                        ..line(
                            format!("n{}", notice.notice),
                            words.needs(&notice.needs),
                            words.put("reader-notice-line", args),
                        )
                    }
                })
                .collect()
        }
    }
}

fn documents(open: &Open, words: &Words, detainee: DetaineeId, offset: i16) -> Vec<LineView> {
    let documents = open.clinic.documents(detainee).into_iter();
    documents
        .map(|(kept, document)| {
            let is =
                |said: &Said| matches!(said, Said::Sign { document: of, .. } if *of == document.document);
            let said = open.clinic.last_word(detainee, is).map(|(_, said)| said);
            let (mut signature, mut mark) = (String::new(), Mark::Quiet);
            if let Some(Said::Sign { agreed, strokes, .. }) = said {
                mark = if *agreed { Mark::Done } else { Mark::Wait };
                signature = path(strokes);
            }
            let state = match said {
                Some(said) => said_text(words, Some(said)),
                None => words.say("reader-document-waits"),
            };
            LineView {
                id: format!("f{}", document.document),
                title: document.title.to_string(),
                detail: words.date_time(kept.content.at_ms, offset),
                state,
                mark,
                action: String::new(),
                signature,
            }
        })
        .collect()
}

fn dose_state(open: &Open, words: &Words, detainee: DetaineeId, dose: &Dose) -> (String, Mark) {
    let is = |said: &Said| matches!(said, Said::Dose { dose: of, .. } if *of == dose.dose);
    match open.clinic.last_word(detainee, is) {
        Some((_, said @ Said::Dose { taken, .. })) => {
            (said_text(words, Some(said)), if *taken { Mark::Done } else { Mark::Wait })
        }
        Some(_) | None => (words.say("reader-waits-person"), Mark::Quiet),
    }
}

/// The strokes as lines in [`FIELD`]; nothing where they are not sound.
fn path(strokes: &Strokes) -> String {
    let mut path = String::new();
    if !strokes.is_sound() {
        return path;
    }
    for stroke in &strokes.0 {
        for (at, (x, y)) in stroke.iter().enumerate() {
            let (x, y) = (f32::from(*x) * FIELD.0 / 1000.0, f32::from(*y) * FIELD.1 / 1000.0);
            write!(path, "{} {x:.1} {y:.1} ", if at == 0 { "M" } else { "L" }).ok();
        }
    }
    path
}

/// Who gets what, with the last dose of each.
pub(crate) fn round(open: &Open, words: &Words) -> Vec<RoundView> {
    let mut lines = Vec::new();
    for (detainee, record) in open.clinic.on_medicine() {
        let terminal = terminal_of(open, detainee);
        let offset = terminal.map_or(480, |terminal| offset_min(open, terminal));
        for (at, medicine) in record.medicines.iter().enumerate() {
            let last = record.doses.iter().rev().find(|dose| dose.medicine == medicine.name);
            let (last, mark) = match last {
                Some(dose) => {
                    let (state, mark) = dose_state(open, words, detainee, dose);
                    let time = words.date_time(dose.at_ms, offset);
                    let args = [("time", time.as_str()), ("state", state.as_str())];
                    (words.put("reader-round-last", args), mark)
                }
                None => (words.say("reader-round-never"), Mark::Quiet),
            };
            lines.push(RoundView {
                id: format!("{detainee}-{at}"),
                place: terminal.map_or_else(String::new, |terminal| place(open, words, terminal)),
                who: who(open, words, Some(detainee)),
                medicine: medicine.name.to_string(),
                how: medicine.how.to_string(),
                last,
                mark,
            });
        }
    }
    lines
}
