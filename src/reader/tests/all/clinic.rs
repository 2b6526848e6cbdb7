// SPDX-License-Identifier: GPL-3.0-only
//! What the office makes of a list: order, receipts, and what does not fit.

use crate::world::{Cell, MINUTE_MS, NOW_MS, entry, fresh, own, report, said, signing, symptoms};
use contract::{
    CareAnswer, CareList, CareRecord, CareState, Danger, Dose, Letter, Medicine, OwnLetter, Said, SealKey,
    Sealed, Text, ToCell, ToClinic, Urgency,
};
use reader::act::when;
use reader::clinic::{Clinic, HandedOut, Unread};
use reader::keys::Keys;

fn list(cells: &[&Cell], entries: Vec<contract::CareEntry>) -> CareList {
    CareList {
        rev: 1,
        now_ms: NOW_MS,
        keys: None,
        terminals: cells.iter().map(|cell| cell.listed()).collect(),
        entries,
        letters: Vec::new(),
        notices: Vec::new(),
    }
}

fn cell() -> Cell {
    Cell::new("305室", &["王小明", "李志强", "赵大海"])
}

fn office(list: CareList, keys: &Keys) -> Clinic {
    let mut office = Clinic::default();
    office.take(list, &keys.seal, &keys.signing.public());
    office
}

fn keys() -> Keys {
    Keys { office: contract::Office::Clinic, seal: SealKey::generate(), signing: signing() }
}

#[test]
fn danger_comes_first_then_overdue_then_the_older() {
    let (cell, keys) = (cell(), keys());
    let at = |who, urgency, ago| report(&cell, &keys.seal, who, urgency, ago);
    let young = at(0, Urgency::Routine, 10);
    let older = at(1, Urgency::Routine, 90);
    let overdue = at(1, Urgency::Routine, 130);
    let soon = at(2, Urgency::Soon, 5);
    let danger = at(2, Urgency::Danger, 1);
    let mut closed = at(0, Urgency::Danger, 500);
    closed.state = Some(CareState::Closed);
    let wanted: Vec<_> = [&danger, &soon, &overdue, &older, &young, &closed].map(|e| e.event).into();
    let office = office(list(&[&cell], vec![closed, older, young, danger, soon, overdue]), &keys);
    let found: Vec<_> = office.triage(NOW_MS).iter().map(|report| report.entry.event).collect();
    assert_eq!(found, wanted);
}

#[test]
fn a_danger_inside_is_not_made_less_from_outside_and_worse_words_raise_it() {
    let (cell, keys) = (cell(), keys());
    let mut inside = symptoms(Some(cell.people[0]));
    inside.dangers = vec![Danger::Breath];
    let lowered = entry(&cell, &keys.seal, &ToClinic::Report(inside), Some(Urgency::Routine), 1);
    let plain = report(&cell, &keys.seal, 1, Urgency::Routine, 60);
    let worse = Said::Worse { symptoms: Vec::new(), severity: Some(9) };
    let worse = said(&cell, &keys.seal, &plain, cell.people[1], worse, 1);
    let (low, up) = (lowered.event, plain.event);
    let office = office(list(&[&cell], vec![lowered, plain, worse]), &keys);
    assert_eq!(office.report(low).unwrap().urgency(), Urgency::Danger);
    assert_eq!(office.report(up).unwrap().urgency(), Urgency::Soon);
}

#[test]
fn what_is_sealed_to_another_or_is_no_report_is_shown_as_such() {
    let (cell, keys) = (cell(), keys());
    let elsewhere = report(&cell, &SealKey::generate(), 0, Urgency::Danger, 1);
    let cancel = ToClinic::Said { detainee: cell.people[0], said: Said::Cancel };
    let misplaced = entry(&cell, &keys.seal, &cancel, Some(Urgency::Routine), 1);
    let mut damaged = report(&cell, &keys.seal, 0, Urgency::Routine, 1);
    damaged.sealed = Sealed::from("not sealed at all".to_owned());
    let events = [elsewhere.event, misplaced.event, damaged.event];
    let office = office(list(&[&cell], vec![elsewhere, misplaced, damaged]), &keys);
    let why = events.map(|event| office.report(event).unwrap().content.err());
    assert_eq!(why, [Some(Unread::Key), Some(Unread::Place), Some(Unread::Key)]);
    assert_eq!(office.triage(NOW_MS).len(), 3, "none is left out");
}

#[test]
fn the_same_sealed_text_under_another_number_counts_once() {
    let (cell, keys) = (cell(), keys());
    let first = report(&cell, &keys.seal, 0, Urgency::Soon, 5);
    let mut again = report(&cell, &keys.seal, 1, Urgency::Soon, 4);
    again.sealed = first.sealed.clone();
    let (one, other) = (first.event, again.event);
    let office = office(list(&[&cell], vec![first, again]), &keys);
    assert!(office.report(one).unwrap().content.is_ok());
    assert_eq!(office.report(other).unwrap().content.err(), Some(Unread::Repeated));
}

#[test]
fn another_persons_words_are_not_taken_for_the_reports() {
    let (cell, keys) = (cell(), keys());
    let ill = report(&cell, &keys.seal, 0, Urgency::Soon, 5);
    let foreign = said(&cell, &keys.seal, &ill, cell.people[1], Said::Cancel, 1);
    let right = said(&cell, &keys.seal, &ill, cell.people[0], Said::Accept { slot: 3 }, 2);
    let event = ill.event;
    let office = office(list(&[&cell], vec![ill, foreign, right]), &keys);
    let report = office.report(event).unwrap();
    assert_eq!(report.said[0].1, Ok(&Said::Accept { slot: 3 }));
    assert_eq!(report.said[1].1, Err(Unread::Person));
    assert_eq!(report.new_words().count(), 1);
}

#[test]
fn a_copy_with_another_letters_content_is_none() {
    let (cell, keys) = (cell(), keys());
    let record = |who: usize| ToCell {
        letter: fresh(),
        detainee: cell.people[who],
        at_ms: NOW_MS,
        content: Letter::Record(CareRecord::default()),
    };
    let (mine, other) = (record(0), record(1));
    let mut list = list(&[&cell], Vec::new());
    let mut replayed = own(&mine, &cell, &keys);
    replayed.letter = other.letter;
    // Sealed to the office by somebody else.
    let forged = Sealed::seal(&other, &[keys.recipient()]).unwrap();
    let forged = OwnLetter { letter: other.letter, terminal: cell.terminal, at_ms: NOW_MS, sealed: forged };
    list.letters = vec![own(&mine, &cell, &keys), replayed, forged];
    let office = office(list, &keys);
    assert!(office.record(cell.people[0]).is_some());
    assert!(office.record(cell.people[1]).is_none());
    assert_eq!(office.unread_letters, 2);
}

#[test]
fn only_a_persons_own_word_confirms_a_dose() {
    let (cell, keys) = (cell(), keys());
    let dose = fresh();
    let mut list = list(&[&cell], Vec::new());
    let record = CareRecord {
        medicines: vec![Medicine { name: "阿莫西林".into(), how: "一日三次".into() }],
        doses: vec![Dose { dose, medicine: "阿莫西林".into(), at_ms: NOW_MS }],
        ..CareRecord::default()
    };
    let detainee = cell.people[0];
    let content = ToCell { letter: fresh(), detainee, at_ms: NOW_MS, content: Letter::Record(record) };
    list.letters = vec![own(&content, &cell, &keys)];
    let word = |whose| ToClinic::Said {
        detainee: whose,
        said: Said::Dose { dose, taken: true, why: Text::default() },
    };
    list.entries = vec![entry(&cell, &keys.seal, &word(cell.people[1]), None, 1)];
    let is = |said: &Said| matches!(said, Said::Dose { dose: of, .. } if *of == dose);
    let mut before = office(list.clone(), &keys);
    assert!(before.last_word(detainee, is).is_none());
    assert_eq!(before.on_medicine().len(), 1);
    list.entries.push(entry(&cell, &keys.seal, &word(detainee), None, 0));
    before.take(list, &keys.seal, &keys.signing.public());
    assert!(before.last_word(detainee, is).is_some());
}

#[test]
fn keys_of_another_hand_are_known_as_such() {
    let (cell, keys, other) = (cell(), keys(), keys());
    let statement = |keys: &Keys| {
        let handed_out = contract::OfficeKeys {
            office: contract::Office::Clinic,
            recipients: vec![keys.recipient()],
            signing: keys.signing.public(),
            made_ms: 1,
            arrangement: None,
        };
        Some(handed_out.sign(&keys.signing).unwrap())
    };
    let mut list = list(&[&cell], Vec::new());
    assert_eq!(office(list.clone(), &keys).handed_out, HandedOut::None);
    list.keys = statement(&other);
    assert_eq!(office(list.clone(), &keys).handed_out, HandedOut::Foreign);
    list.keys = statement(&keys);
    assert_eq!(office(list, &keys).handed_out, HandedOut::Ours(vec![keys.recipient()]));
}

#[test]
fn an_answer_stops_the_clock_and_a_receipt_does_not() {
    let (cell, keys) = (cell(), keys());
    let mut late = report(&cell, &keys.seal, 0, Urgency::Soon, 500);
    late.state = Some(CareState::Opened);
    let event = late.event;
    let mut office = office(list(&[&cell], vec![late]), &keys);
    assert!(office.report(event).unwrap().is_overdue(NOW_MS));
    let answer = CareAnswer {
        report: event,
        state: CareState::Answered,
        words: "多喝水".into(),
        slots: Vec::new(),
        booked: None,
    };
    let detainee = cell.people[0];
    office.keep(
        cell.terminal,
        ToCell { letter: fresh(), detainee, at_ms: NOW_MS, content: Letter::Answer(answer) },
    );
    let report = office.report(event).unwrap();
    assert!(!report.is_overdue(NOW_MS));
    assert_eq!(report.state(), Some(CareState::Answered));
}

#[test]
fn a_time_is_the_next_one_so_written_in_the_cells_own_hours() {
    // NOW_MS is 11-22 10:32 at UTC+8.
    let tomorrow = when("11-23", "09:30", NOW_MS, 480).unwrap();
    assert_eq!(tomorrow - NOW_MS, (24 * 60 - 62) * MINUTE_MS);
    assert_eq!(when("11月23日", "9：30", NOW_MS, 480), Some(tomorrow));
    assert!(when("1-5", "09:00", NOW_MS, 480).is_some_and(|at| at > NOW_MS), "of the next year");
    for (date, time) in
        [("11-22", "10:00"), ("13-01", "09:00"), ("2-30", "09:00"), ("x", "09:00"), ("11-23", "25:00")]
    {
        assert_eq!(when(date, time, NOW_MS, 480), None, "{date} {time}");
    }
}
