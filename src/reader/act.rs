// SPDX-License-Identifier: GPL-3.0-only
//! What a touch writes: answers, records, documents, notices. Each is one letter, shown at once and put in line.
//!
//! A report's answers and a person's records each keep one number, so that the newer takes the older's place. Limits:
//! [`OFFERS_MAX`] times in an answer, [`CARE_LIST_MAX`] of a kind in a record, and what is too long under a seal is
//! refused; only the oldest doses make room by themselves.

use crate::desk::{Desk, Draft, Kind, Notice, Open, Page, Touch};
use crate::letters::{Content, Outbox, Outgoing, WriteError};
use contract::{
    CARE_LIST_MAX, CareAnswer, CareDocument, CareNotice, CareRecord, CareState, DetaineeId, Dose, EventId,
    Letter, Medicine, PostedNotice, Reading, SealedError, Slot, SlotKind, TerminalId, Text, ToCell, Visit,
};
use jiff::civil::{Date, Time};
use jiff::{Timestamp, tz};
use uuid::Uuid;

/// Most times offered in one answer.
pub const OFFERS_MAX: usize = 6;
/// Longest words of an answer, in characters.
pub const WORDS_CHARS_MAX: usize = 500;
/// A second touch within this time hands nothing out again.
const DOSE_AGAIN_MS: i64 = 30_000;
const DAY_MS: i64 = 24 * 3600 * 1000;
/// A notice ends by itself within this many days.
const NOTICE_DAYS_MAX: i64 = 30;

type Acted = Result<(), Notice>;

impl Desk {
    /// Does what was touched at the platform's time `now_ms`.
    pub(crate) fn act(&mut self, touch: Touch, now_ms: i64) -> Acted {
        let Some(open) = &mut self.open else { return Ok(()) };
        match touch {
            Touch::Any | Touch::Entered(_) | Touch::Lock | Touch::GiveKeys => {}
            Touch::Open(Page::Complaints | Page::Meetings | Page::Custody) => {}
            Touch::Open(page) => self.page = page,
            Touch::Select(event) => {
                self.draft_turn += 1;
                select(open, &mut self.outbox, event, now_ms)?;
            }
            Touch::Draft(words) => {
                if let Some(draft) = draft(open) {
                    draft.words = words;
                }
            }
            Touch::Offer { date, time, kind } => offer(open, &date, &time, kind, now_ms)?,
            Touch::Withdraw(slot) => {
                if let Some(draft) = draft(open) {
                    draft.offers.retain(|one| one.slot != slot);
                }
            }
            Touch::Book(slot) => {
                answer(open, &mut self.outbox, CareState::Answered, Some(slot), now_ms)?;
            }
            Touch::Send => {
                answer(open, &mut self.outbox, CareState::Answered, None, now_ms)?;
                self.draft_turn += 1;
            }
            Touch::Close => {
                answer(open, &mut self.outbox, CareState::Closed, None, now_ms)?;
                self.draft_turn += 1;
            }
            Touch::Chart => {
                let report = open.selected.and_then(|event| open.clinic.report(event));
                if let Some(detainee) = report.and_then(|report| report.detainee()) {
                    open.person = Some(detainee);
                    self.page = Page::Chart;
                }
            }
            Touch::Search(text) => open.search = text,
            Touch::Person(detainee) => open.person = Some(detainee),
            Touch::Kind(kind) => open.kind = kind,
            Touch::Add(first, second) => add(open, &mut self.outbox, first.trim(), second.trim(), now_ms)?,
            Touch::Act(line) => act_on_line(open, &mut self.outbox, &line, now_ms)?,
            Touch::Need(need) => {
                if !open.needs.remove(&need) {
                    open.needs.insert(need);
                }
            }
            Touch::Post(post) => {
                if open.posts.contains(&post) {
                    open.posts.retain(|one| *one != post);
                } else {
                    open.posts.push(post);
                }
            }
            Touch::Release(days) => release(open, &mut self.outbox, &days, now_ms)?,
            Touch::HandOut(detainee, at) => hand_out(open, &mut self.outbox, detainee, at, now_ms)?,
            Touch::Again(number) => self.outbox.again(number),
            // Of a complaint office.
            Touch::Item(_)
            | Touch::Marks
            | Touch::Words(_)
            | Touch::Answer { .. }
            | Touch::CloseItem
            | Touch::LetGo
            | Touch::AgainItem
            | Touch::Verify(_) => {}
        }
        Ok(())
    }
}

/// The next day and time so written, by the terminal's clock; none where it is no time or has passed.
pub fn when(date: &str, time: &str, now_ms: i64, offset_min: i16) -> Option<i64> {
    let offset = tz::Offset::from_seconds(i32::from(offset_min) * 60).ok()?;
    let now = offset.to_datetime(Timestamp::from_millisecond(now_ms).ok()?);
    let (month, day) = two(date, &['-', '.', '/', '月'])?;
    let (hour, minute) = two(time, &[':', '：', '.'])?;
    let time = Time::new(hour, minute, 0, 0).ok()?;
    [now.year(), now.year() + 1].into_iter().find_map(|year| {
        let date = Date::new(year, month, day).ok()?;
        let at_ms = offset.to_timestamp(date.to_datetime(time)).ok()?.as_millisecond();
        (at_ms > now_ms && at_ms < now_ms + 180 * DAY_MS).then_some(at_ms)
    })
}

fn two(text: &str, between: &[char]) -> Option<(i8, i8)> {
    let (one, other) = text.trim().trim_end_matches('日').split_once(between)?;
    Some((one.trim().parse().ok()?, other.trim().parse().ok()?))
}

/// Opens a report: the first time, the person is told so.
fn select(open: &mut Open, outbox: &mut Outbox, event: EventId, now_ms: i64) -> Acted {
    open.selected = Some(event);
    let Some(report) = open.clinic.report(event) else { return Ok(()) };
    let offers = report.answer.map(|(_, _, answer)| answer.slots.clone()).unwrap_or_default();
    let is_new = report.state().is_none() && report.content.is_ok();
    open.drafts.entry(event).or_insert_with(|| Draft { words: String::new(), offers });
    if is_new { write_answer(open, outbox, event, opened(event), now_ms) } else { Ok(()) }
}

fn opened(report: EventId) -> CareAnswer {
    CareAnswer { report, state: CareState::Opened, words: Text::default(), slots: Vec::new(), booked: None }
}

fn draft(open: &mut Open) -> Option<&mut Draft> {
    open.drafts.get_mut(&open.selected?)
}

fn offer(open: &mut Open, date: &str, time: &str, kind: SlotKind, now_ms: i64) -> Acted {
    let report = open.selected.and_then(|event| open.clinic.report(event));
    let offset_min = report
        .and_then(|report| open.clinic.terminal(report.entry.terminal))
        .map_or(480, |t| t.utc_offset_min);
    let from_ms = when(date, time, now_ms, offset_min).ok_or(Notice::Text("reader-fault-time"))?;
    let Some(draft) = draft(open) else { return Ok(()) };
    if draft.offers.len() >= OFFERS_MAX {
        return Err(Notice::Text("reader-fault-full"));
    }
    // Never a number that was used: an acceptance on its way means the time it was given for.
    let slot = (Uuid::new_v4().as_u128() & 0x7fff_ffff) as u32;
    draft.offers.push(Slot { slot, from_ms, kind });
    draft.offers.sort_by_key(|slot| slot.from_ms);
    Ok(())
}

/// Writes the answer to the selected report, or books one of its times.
fn answer(open: &mut Open, outbox: &mut Outbox, state: CareState, book: Option<u32>, now_ms: i64) -> Acted {
    let Some(event) = open.selected else { return Ok(()) };
    let Some(report) = open.clinic.report(event) else { return Ok(()) };
    let before = report.answer.map_or_else(|| opened(event), |(_, _, answer)| answer.clone());
    let draft = open.drafts.get(&event).cloned().unwrap_or_default();
    let written = draft.words.trim().to_owned();
    if written.chars().count() > WORDS_CHARS_MAX {
        return Err(Notice::Text("reader-fault-too-long"));
    }
    if book.is_some_and(|slot| before.slots.iter().all(|one| one.slot != slot)) {
        return Err(Notice::Text("reader-said-accept-gone"));
    }
    if book.is_none() && state == CareState::Answered && written.is_empty() && draft.offers == before.slots {
        return Err(Notice::Text("reader-fault-empty"));
    }
    let words = if written.is_empty() || book.is_some() { before.words } else { Text::new(&written) };
    let slots = if book.is_some() { before.slots } else { draft.offers };
    let booked = book.or(before.booked).filter(|booked| slots.iter().any(|slot| slot.slot == *booked));
    write_answer(open, outbox, event, CareAnswer { report: event, state, words, slots, booked }, now_ms)?;
    if book.is_none()
        && let Some(draft) = open.drafts.get_mut(&event)
    {
        draft.words.clear();
    }
    Ok(())
}

fn write_answer(
    open: &mut Open,
    outbox: &mut Outbox,
    event: EventId,
    answer: CareAnswer,
    now_ms: i64,
) -> Acted {
    let Some(report) = open.clinic.report(event) else { return Ok(()) };
    let state = answer.state;
    let kind = match state {
        CareState::Opened => "receipt",
        CareState::Answered => "answer",
        CareState::Closed => "closed",
    };
    let terminal = report.entry.terminal;
    match report.detainee() {
        Some(detainee) => {
            let letter = report.answer.map_or_else(Uuid::new_v4, |(letter, _, _)| letter);
            let content = ToCell { letter, detainee, at_ms: now_ms, content: Letter::Answer(answer) };
            write(open, outbox, content, terminal, Some((event, state)), kind)
        }
        // Nobody to write to: only where the report stands is told.
        None => {
            let content = Content::Letter { report: Some((event, state)), own: None };
            outbox.put(Outgoing::new(Uuid::new_v4(), terminal, content, kind)).map_err(|error| told(&error))
        }
    }
}

fn write(
    open: &mut Open,
    outbox: &mut Outbox,
    content: ToCell,
    terminal: TerminalId,
    report: Option<(EventId, CareState)>,
    kind: &'static str,
) -> Acted {
    let outgoing = Outgoing::letter(&content, terminal, report, &open.clinic, &open.keys, kind);
    outgoing.and_then(|outgoing| outbox.put(outgoing)).map_err(|error| told(&error))?;
    open.clinic.keep(terminal, content);
    Ok(())
}

fn told(error: &WriteError) -> Notice {
    tracing::warn!(error = error as &dyn std::error::Error, "a letter cannot be written");
    Notice::Text(match error {
        WriteError::Full => "reader-fault-too-many",
        WriteError::Seal(_) | WriteError::Sign(_) => "reader-fault-too-long",
    })
}

/// Adds to the record of the person that is shown.
fn add(open: &mut Open, outbox: &mut Outbox, first: &str, second: &str, now_ms: i64) -> Acted {
    let Some(detainee) = open.person else { return Ok(()) };
    let two = !matches!(open.kind, Kind::Visits);
    if first.is_empty() || two && second.is_empty() {
        return Err(Notice::Text("reader-fault-empty"));
    }
    let change: Box<dyn FnOnce(&mut CareRecord)> = match open.kind {
        Kind::Visits => {
            let visit = Visit { at_ms: now_ms, words: fits::<200>(first)? };
            Box::new(|record| record.visits.push(visit))
        }
        Kind::Medicines => {
            let medicine = Medicine { name: fits::<64>(first)?, how: fits::<100>(second)? };
            Box::new(|record| record.medicines.push(medicine))
        }
        Kind::Readings => {
            let reading = Reading { what: fits::<32>(first)?, value: fits::<32>(second)?, at_ms: now_ms };
            Box::new(|record| record.readings.push(reading))
        }
        Kind::Documents => return document(open, outbox, detainee, first, second, now_ms),
        Kind::Notices => return Ok(()),
    };
    change_record(open, outbox, detainee, change, now_ms)
}

/// The text whole, or not at all.
fn fits<const MAX: usize>(raw: &str) -> Result<Text<MAX>, Notice> {
    if raw.chars().count() > MAX { Err(Notice::Text("reader-fault-too-long")) } else { Ok(Text::new(raw)) }
}

fn change_record(
    open: &mut Open,
    outbox: &mut Outbox,
    detainee: DetaineeId,
    change: impl FnOnce(&mut CareRecord),
    now_ms: i64,
) -> Acted {
    let before =
        open.clinic.record(detainee).map(|(letter, kept, record)| (letter, kept.terminal, record.clone()));
    let here = open.clinic.person(detainee).map(|(terminal, _)| terminal.terminal);
    let Some(terminal) = here.or(before.as_ref().map(|(_, terminal, _)| *terminal)) else { return Ok(()) };
    let mut record = before.as_ref().map(|(_, _, record)| record.clone()).unwrap_or_default();
    change(&mut record);
    for full in [record.visits.len(), record.medicines.len(), record.readings.len()] {
        if full > CARE_LIST_MAX {
            return Err(Notice::Text("reader-fault-too-long"));
        }
    }
    // The letter of another cell is taken back once this one is written.
    let moved =
        before.as_ref().filter(|(_, old, _)| *old != terminal).map(|(letter, old, _)| (*letter, *old));
    let letter = match &before {
        Some((letter, _, _)) if moved.is_none() => *letter,
        Some(_) | None => Uuid::new_v4(),
    };
    loop {
        record.doses.drain(..record.doses.len().saturating_sub(CARE_LIST_MAX));
        let content = ToCell { letter, detainee, at_ms: now_ms, content: Letter::Record(record.clone()) };
        match Outgoing::letter(&content, terminal, None, &open.clinic, &open.keys, "record") {
            Err(WriteError::Seal(SealedError::Long)) if record.doses.len() > 1 => {
                record.doses.remove(0);
            }
            Ok(_) | Err(_) => {
                write(open, outbox, content, terminal, None, "record")?;
                break;
            }
        }
    }
    if let Some((old, from)) = moved {
        let back = Content::Letter { report: None, own: None };
        outbox.put(Outgoing::new(old, from, back, "record")).map_err(|error| told(&error))?;
    }
    Ok(())
}

fn document(
    open: &mut Open,
    outbox: &mut Outbox,
    detainee: DetaineeId,
    title: &str,
    text: &str,
    now_ms: i64,
) -> Acted {
    let Some(terminal) = open.clinic.person(detainee).map(|(terminal, _)| terminal.terminal) else {
        return Ok(());
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let paragraphs = lines.map(fits::<500>).collect::<Result<Vec<_>, _>>()?;
    let document = CareDocument { document: Uuid::new_v4(), title: fits::<64>(title)?, paragraphs };
    let content =
        ToCell { letter: Uuid::new_v4(), detainee, at_ms: now_ms, content: Letter::Document(document) };
    write(open, outbox, content, terminal, None, "document")
}

/// Stops a medicine (`m` and its place), or ends a notice (`n` and its number).
fn act_on_line(open: &mut Open, outbox: &mut Outbox, line: &str, now_ms: i64) -> Acted {
    if let Some(at) = line.strip_prefix('m').and_then(|at| at.parse::<usize>().ok()) {
        let Some(detainee) = open.person else { return Ok(()) };
        let stop = |record: &mut CareRecord| {
            if at < record.medicines.len() {
                record.medicines.remove(at);
            }
        };
        return change_record(open, outbox, detainee, stop, now_ms);
    }
    let number = line.strip_prefix('n').and_then(|number| number.parse::<Uuid>().ok());
    let Some(notice) = open.clinic.notices.iter().find(|one| Some(one.notice) == number).cloned() else {
        return Ok(());
    };
    let Some(terminal) = open.clinic.person(notice.detainee).map(|(terminal, _)| terminal.terminal) else {
        return Ok(());
    };
    put_notice(open, outbox, PostedNotice { terminal, notice, ends: true })
}

fn release(open: &mut Open, outbox: &mut Outbox, days: &str, now_ms: i64) -> Acted {
    let Some(detainee) = open.person else { return Ok(()) };
    let days = days.trim().parse::<i64>().ok().filter(|days| (1..=NOTICE_DAYS_MAX).contains(days));
    let days = days.ok_or(Notice::Text("reader-fault-time"))?;
    if open.needs.is_empty() || open.posts.is_empty() {
        return Err(Notice::Text("reader-fault-empty"));
    }
    let Some(terminal) = open.clinic.person(detainee).map(|(terminal, _)| terminal.terminal) else {
        return Ok(());
    };
    let notice = CareNotice {
        notice: Uuid::new_v4(),
        detainee,
        needs: open.needs.iter().copied().collect(),
        posts: open.posts.clone(),
        at_ms: now_ms,
        until_ms: now_ms + days * DAY_MS,
    };
    put_notice(open, outbox, PostedNotice { terminal, notice, ends: false })?;
    open.needs.clear();
    Ok(())
}

fn put_notice(open: &mut Open, outbox: &mut Outbox, posted: PostedNotice) -> Acted {
    let (number, terminal, ends) = (posted.notice.notice, posted.terminal, posted.ends);
    let notice = posted.notice.clone();
    let content = Content::Notice(Box::new(posted));
    outbox.put(Outgoing::new(number, terminal, content, "notice")).map_err(|error| told(&error))?;
    open.clinic.notices.retain(|one| one.notice != number);
    if !ends {
        open.clinic.notices.push(notice);
    }
    Ok(())
}

/// 已发: a dose to confirm, unless it was handed out a moment ago.
fn hand_out(open: &mut Open, outbox: &mut Outbox, detainee: DetaineeId, at: usize, now_ms: i64) -> Acted {
    let Some((_, _, record)) = open.clinic.record(detainee) else { return Ok(()) };
    let Some(medicine) = record.medicines.get(at).map(|medicine| medicine.name.clone()) else {
        return Ok(());
    };
    let just =
        record.doses.iter().any(|dose| dose.medicine == medicine && now_ms - dose.at_ms < DOSE_AGAIN_MS);
    if just {
        return Ok(());
    }
    let dose = Dose { dose: Uuid::new_v4(), medicine, at_ms: now_ms };
    change_record(open, outbox, detainee, |record| record.doses.push(dose), now_ms)
}
