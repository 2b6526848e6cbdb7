// SPDX-License-Identifier: GPL-3.0-only
//! Hands on the window: what is pressed, and what the cell then reads.

use crate::world::{World, read, report, said};
use contract::{CareRecord, CareState, Letter, Said, Strokes, Text, ToClinic, Urgency};
use i18n::Lang;
use reader::desk::IDLE_MS_MAX;

/// A world with one danger and one ordinary report.
fn with_reports(lang: Lang) -> (World, contract::CareEntry, contract::CareEntry) {
    let world = World::in_language(lang);
    let (cell, key) = (&world.cells[0], &world.keys.seal);
    let plain = report(cell, key, 0, Urgency::Routine, 40);
    let danger = report(cell, key, 1, Urgency::Danger, 3);
    let entries = vec![plain.clone(), danger.clone()];
    world.list(|list| list.entries = entries);
    world.sign_in();
    (world, plain, danger)
}

fn answer(letter: Letter) -> contract::CareAnswer {
    match letter {
        Letter::Answer(answer) => answer,
        Letter::Record(_) | Letter::Document(_) => panic!("no answer"),
    }
}

fn record(letter: Letter) -> CareRecord {
    match letter {
        Letter::Record(record) => record,
        Letter::Answer(_) | Letter::Document(_) => panic!("no record"),
    }
}

#[test]
fn opening_is_the_receipt_once_and_an_answer_with_a_time_reaches_the_cell_alone() {
    let (world, plain, _) = with_reports(Lang::ZhCn);
    world.click(&format!("report-{}", plain.event));
    let posted = world.letters();
    assert_eq!(posted.len(), 1, "the receipt");
    assert_eq!(posted[0].report, Some((plain.event, CareState::Opened)));
    let receipt = read(&posted[0], &world.cells[0], &world.keys);
    assert_eq!(receipt.detainee, world.cells[0].people[0]);
    assert_eq!(answer(receipt.content).state, CareState::Opened);
    world.news();
    world.click(&format!("report-{}", plain.event));
    assert_eq!(world.letters().len(), 1, "a receipt is given once");

    world.fill_in("answer-words", "多喝水，明天上午来看看。");
    world.fill_in("slot-date", "11-23");
    world.fill_in("slot-time", "09:30");
    world.click("slot-add");
    world.click("send-answer");
    let posted = world.letters();
    assert_eq!(posted.len(), 2);
    assert_eq!(posted[1].letter, posted[0].letter, "the newer takes the older's place");
    let sent = answer(read(&posted[1], &world.cells[0], &world.keys).content);
    assert_eq!((sent.state, sent.words.as_str()), (CareState::Answered, "多喝水，明天上午来看看。"));
    assert_eq!(sent.slots.len(), 1);
    assert!(posted[1].cell.as_ref().unwrap().open::<contract::Signed>(&world.cells[1].key).is_err());

    let slot = sent.slots[0].slot;
    let (cell, key) = (&world.cells[0], &world.keys.seal);
    let accepted = said(cell, key, &plain, cell.people[0], Said::Accept { slot }, -1);
    world.list(|list| list.entries.push(accepted));
    world.news();
    assert!(world.label("word-0").contains("接受 11月23日 09:30"), "{}", world.label("word-0"));
    world.click(&format!("book-{slot}"));
    let booked = answer(read(&world.letters()[2], &world.cells[0], &world.keys).content);
    assert_eq!(booked.booked, Some(slot));
    world.click("close-report");
    let closed = answer(read(&world.letters()[3], &world.cells[0], &world.keys).content);
    assert_eq!((closed.state, closed.booked), (CareState::Closed, Some(slot)));
}

#[test]
fn without_the_network_it_says_so_and_the_letter_goes_later_with_its_number() {
    let (world, plain, _) = with_reports(Lang::ZhCn);
    world.click(&format!("report-{}", plain.event));
    world.down(true);
    world.fill_in("answer-words", "按时吃药");
    world.click("send-answer");
    world.news();
    assert!(world.label("link").contains("网络中断"), "{}", world.label("link"));
    assert!(world.label("link").contains("10:32"), "the time of the last list");
    world.click("tab-sent");
    assert!(world.words().contains("未发出"));
    // A lock loses nothing of it and shows nothing of it.
    world.click("lock");
    assert!(world.label("sign-in-waiting").contains('1'));
    world.down(false);
    world.fill_in("passphrase", crate::world::PASSPHRASE);
    world.click("enter");
    let posted = world.letters();
    assert_eq!(posted.len(), 2);
    assert_eq!(posted[1].letter, posted[0].letter);
    let sent = answer(read(&posted[1], &world.cells[0], &world.keys).content);
    assert_eq!(sent.words.as_str(), "按时吃药");
}

#[test]
fn a_letter_to_a_terminal_without_a_key_waits_and_says_so() {
    let (world, plain, _) = with_reports(Lang::ZhCn);
    world.list(|list| list.terminals[0].recipient = None);
    world.news();
    world.click(&format!("report-{}", plain.event));
    assert!(world.letters().is_empty());
    world.click("tab-sent");
    assert!(world.words().contains("还没有公钥"));
    let recipient = world.cells[0].key.recipient();
    world.list(|list| list.terminals[0].recipient = Some(recipient));
    world.news();
    assert_eq!(world.letters().len(), 1);
}

#[test]
fn after_five_minutes_nothing_can_be_read_and_half_an_answer_is_kept() {
    let (world, plain, _) = with_reports(Lang::ZhCn);
    world.click(&format!("report-{}", plain.event));
    world.fill_in("answer-words", "还没写完");
    world.pass(IDLE_MS_MAX - 1);
    assert!(world.words().contains("王小明"));
    world.pass(1);
    for gone in ["王小明", "李志强", "头", "还没写完", "305"] {
        assert!(!world.words().contains(gone), "{gone}");
    }
    assert!(world.desk.borrow().open.is_none(), "the keys are dropped");
    world.fill_in("passphrase", "又一句很长很长的另外的话");
    world.click("enter");
    assert_eq!(world.label("sign-in-fault"), "密钥口令不对");
    world.fill_in("passphrase", crate::world::PASSPHRASE);
    world.click("enter");
    world.click(&format!("report-{}", plain.event));
    assert!(world.words().contains("还没写完"));
    assert_eq!(world.letters().len(), 1, "and no second receipt");
}

#[test]
fn a_forged_report_is_shown_as_unreadable_and_gets_no_receipt() {
    let world = World::new();
    let mut forged = report(&world.cells[0], &contract::SealKey::generate(), 0, Urgency::Danger, 1);
    forged.urgency = Some(Urgency::Danger);
    let event = forged.event;
    world.list(|list| list.entries.push(forged));
    world.sign_in();
    world.click(&format!("report-{event}"));
    assert!(world.label("caution").contains("打不开"));
    assert!(world.letters().is_empty());
    assert!(!world.has("answer-words"));
}

#[test]
fn a_report_that_names_nobody_can_be_received_and_closed() {
    let world = World::new();
    let content = ToClinic::Report(crate::world::symptoms(None));
    let unnamed = crate::world::entry(&world.cells[0], &world.keys.seal, &content, Some(Urgency::Soon), 1);
    let event = unnamed.event;
    world.list(|list| list.entries.push(unnamed));
    world.sign_in();
    world.click(&format!("report-{event}"));
    world.news();
    world.click("close-report");
    let posted = world.letters();
    let states: Vec<_> = posted.iter().map(|letter| letter.report.map(|(_, state)| state)).collect();
    assert_eq!(states, [Some(CareState::Opened), Some(CareState::Closed)]);
    assert!(posted.iter().all(|letter| letter.cell.is_none() && letter.own.is_none()));
}

#[test]
fn a_medicine_is_handed_out_and_the_persons_word_comes_back() {
    let (world, _, _) = with_reports(Lang::ZhCn);
    let detainee = world.cells[0].people[2];
    world.click("tab-chart");
    world.click(&format!("chart-{detainee}"));
    world.click("kind-medicines");
    world.fill_in("add-first", "阿莫西林 0.5 g");
    world.fill_in("add-second", "一日三次，饭后");
    world.click("add");
    world.click("tab-round");
    world.click(&format!("hand-out-{detainee}-0"));
    world.click(&format!("hand-out-{detainee}-0"));
    let posted = world.letters();
    assert_eq!(posted.len(), 2, "a double click hands out once");
    assert_eq!(posted[0].letter, posted[1].letter);
    let sent = record(read(&posted[1], &world.cells[0], &world.keys).content);
    assert_eq!((sent.medicines.len(), sent.doses.len()), (1, 1));
    let word = Said::Dose { dose: sent.doses[0].dose, taken: true, why: Text::default() };
    let content = ToClinic::Said { detainee, said: word };
    let word = crate::world::entry(&world.cells[0], &world.keys.seal, &content, None, 0);
    world.list(|list| list.entries.push(word));
    world.news();
    assert!(world.label(&format!("round-{detainee}-0")).contains("已服药"));
}

#[test]
fn a_document_is_signed_and_a_notice_is_released_and_ended() {
    let (world, _, _) = with_reports(Lang::ZhCn);
    let detainee = world.cells[0].people[0];
    world.click("tab-chart");
    world.click(&format!("chart-{detainee}"));
    world.click("kind-documents");
    world.fill_in("add-first", "体检告知");
    world.fill_in("add-second", "第一段\n\n第二段");
    world.click("add");
    let Letter::Document(document) = read(&world.letters()[0], &world.cells[0], &world.keys).content else {
        panic!("no document")
    };
    assert_eq!(document.paragraphs.len(), 2);
    let strokes = Strokes(vec![vec![(100, 200), (500, 700), (900, 300)]]);
    let said = Said::Sign { document: document.document, agreed: true, why: Text::default(), strokes };
    let content = ToClinic::Said { detainee, said };
    let word = crate::world::entry(&world.cells[0], &world.keys.seal, &content, None, 0);
    world.list(|list| list.entries.push(word));
    world.news();
    assert!(world.words().contains("已签名"));

    world.click("kind-notices");
    world.click("release");
    assert!(world.label("notice").contains("还没有写"));
    world.click("need-no_duty");
    world.click("release");
    let notice = world.platform.0.lock().unwrap().notices[0].clone();
    assert_eq!((notice.notice.needs.len(), notice.ends), (1, false));
    world.click(&format!("act-n{}", notice.notice.notice));
    assert!(world.platform.0.lock().unwrap().notices[1].ends);
}

#[test]
fn a_wrong_password_opens_nothing_and_the_keys_are_handed_out_only_when_asked() {
    let world = World::new();
    world.list(|list| list.keys = None);
    for (field, text) in [("name", "x"), ("password", "wrong"), ("passphrase", crate::world::PASSPHRASE)] {
        world.fill_in(field, text);
    }
    world.click("enter");
    assert!(world.label("sign-in-fault").contains("用户名"));
    world.sign_in();
    assert!(world.platform.0.lock().unwrap().statement.is_none());
    world.click("give-keys");
    assert!(world.platform.0.lock().unwrap().statement.is_some());
    world.news();
    assert!(!world.has("give-keys"));
}
