// SPDX-License-Identifier: GPL-3.0-only
//! Every page with plausible things on it: no text is missing, every control has its name and stays on the screen. With
//! `READER_PICTURES=folder` they are written there, for looking at. Nobody in them exists.

use crate::world::{MINUTE_MS, NOW_MS, World, entry, fresh, own, report, said};
use contract::{
    CareNeed, CareNotice, CareRecord, Dose, Letter, Medicine, Post, Reading, Said, Strokes, Symptom, Text,
    ToCell, ToClinic, Urgency, Visit,
};
use i_slint_backend_testing::AccessibleRole;
use i18n::Lang;
use std::collections::BTreeSet;
use ui::testing;

#[test]
fn every_page_is_whole_in_every_language() {
    for lang in Lang::all() {
        let world = full(*lang);
        check(&world, "sign-in");
        world.sign_in();
        check(&world, "triage-none");
        let events =
            world.platform.0.lock().unwrap().list.entries.iter().map(|e| e.event).collect::<Vec<_>>();
        world.click(&format!("report-{}", events[0]));
        world.fill_in("answer-words", "多喝水，明天上午到医务室看看。");
        world.fill_in("slot-date", "11-23");
        world.fill_in("slot-time", "09:30");
        world.click("slot-add");
        world.fill_in("slot-date", "11-23");
        world.fill_in("slot-time", "14:00");
        world.click("slot-round");
        world.click("slot-add");
        check(&world, "triage-danger");
        world.click(&format!("report-{}", events[1]));
        check(&world, "triage-words");
        world.click(&format!("report-{}", events[2]));
        check(&world, "triage-unreadable");
        world.click(&format!("report-{}", events[1]));
        world.click("open-chart");
        for kind in ["visits", "medicines", "readings", "documents", "notices"] {
            world.click(&format!("kind-{kind}"));
            check(&world, &format!("chart-{kind}"));
        }
        world.click("tab-round");
        check(&world, "round");
        world.down(true);
        world.click("tab-triage");
        world.click(&format!("report-{}", events[0]));
        world.click("send-answer");
        world.news();
        world.click("tab-sent");
        check(&world, "sent");
        world.click("lock");
        check(&world, "locked");
    }
}

fn check(world: &World, name: &str) {
    let picture = testing::snapshot(&world.window);
    assert_eq!(i18n::missing(), 0, "{name}");
    if let Some(folder) = std::env::var_os("READER_PICTURES") {
        let path = std::path::Path::new(&folder).join(format!("{name}-{}.png", world.lang.code()));
        let (width, height) = (picture.width(), picture.height());
        image::save_buffer(path, picture.as_bytes(), width, height, image::ColorType::Rgba8).unwrap();
    }
    let mut ids = BTreeSet::new();
    for element in testing::all(&world.window) {
        let id = element.accessible_id().unwrap_or_default();
        let label = element.accessible_label().unwrap_or_default();
        assert!(!label.contains('⟨'), "{name}: {label}");
        assert!(id.is_empty() || ids.insert(id.clone()), "{name}: {id} twice");
        let acts = [AccessibleRole::Button, AccessibleRole::TextInput];
        if element.accessible_role().is_some_and(|role| acts.contains(&role)) {
            let (at, size) = (element.absolute_position(), element.size());
            if size.width < 1.0 || element.accessible_enabled() == Some(false) {
                continue;
            }
            assert!(!id.is_empty(), "{name}: a control without an id, {label}");
            assert!(!label.is_empty(), "{name}: {id} has no label");
            assert!(
                at.x >= -1.0 && at.x + size.width <= 1281.0,
                "{name}: {id} from {} is {}",
                at.x,
                size.width
            );
            // What is further down a list is scrolled to.
            let scrolls = ["report-", "chart-", "act-", "hand-out-", "again-", "book-"];
            if !scrolls.iter().any(|list| id.starts_with(list)) {
                assert!(
                    at.y >= -1.0 && at.y + size.height <= 801.0,
                    "{name}: {id} ends at {}",
                    at.y + size.height
                );
            }
        }
    }
}

/// A clinic's morning.
fn full(lang: Lang) -> World {
    let world = World::in_language(lang);
    let (cell, other, key) = (&world.cells[0], &world.cells[1], &world.keys.seal);
    let danger = report(cell, key, 1, Urgency::Danger, 3);
    let mut nudged = report(cell, key, 0, Urgency::Soon, 150);
    (nudged.nudges, nudged.nudged_ms) = (2, Some(NOW_MS - 20 * MINUTE_MS));
    let worse = Said::Worse { symptoms: vec![Symptom::Cough, Symptom::Chest], severity: Some(8) };
    let words = vec![
        said(cell, key, &nudged, cell.people[0], Said::OtherTime { prefers: Vec::new() }, 60),
        said(cell, key, &nudged, cell.people[0], worse, 12),
    ];
    let unreadable = report(other, &contract::SealKey::generate(), 0, Urgency::Routine, 30);
    let mut more = vec![danger, nudged, unreadable];
    more.push(report(cell, key, 3, Urgency::Routine, 35));
    more.push(report(other, key, 1, Urgency::Routine, 15));
    let nobody = ToClinic::Report(crate::world::symptoms(None));
    more.push(entry(other, key, &nobody, Some(Urgency::Routine), 8));
    more.extend(words);
    let (dose, document) = (fresh(), fresh());
    let record = CareRecord {
        visits: vec![Visit {
            at_ms: NOW_MS - 3000 * MINUTE_MS,
            words: "咽部充血，给予阿莫西林，嘱多饮水。".into(),
        }],
        medicines: vec![
            Medicine {
                name: "阿莫西林胶囊 0.5 g".into(), how: "一日三次，饭后，五天".into()
            },
            Medicine { name: "硝苯地平缓释片 20 mg".into(), how: "早晚各一片".into() },
        ],
        doses: vec![Dose {
            dose, medicine: "阿莫西林胶囊 0.5 g".into(), at_ms: NOW_MS - 90 * MINUTE_MS
        }],
        readings: vec![Reading { what: "血压".into(), value: "138/86 mmHg".into(), at_ms: NOW_MS }],
    };
    let letter = |content| ToCell {
        letter: fresh(),
        detainee: cell.people[0],
        at_ms: NOW_MS - 200 * MINUTE_MS,
        content,
    };
    let paper =
        contract::CareDocument {
            document, title: "体检结果告知".into(), paragraphs: vec!["正常".into()]
        };
    let letters = [letter(Letter::Record(record)), letter(Letter::Document(paper))];
    let taken = Said::Dose { dose, taken: true, why: Text::default() };
    let stroke = (0..40u16).map(|at| (100 + at * 20, if at % 4 < 2 { 300 } else { 700 })).collect();
    let signed = Said::Sign { document, agreed: true, why: Text::default(), strokes: Strokes(vec![stroke]) };
    for said in [taken, signed] {
        more.push(entry(cell, key, &ToClinic::Said { detainee: cell.people[0], said }, None, 1));
    }
    let notice = CareNotice {
        notice: fresh(),
        detainee: cell.people[0],
        needs: vec![CareNeed::Rest, CareNeed::NoDuty],
        posts: vec![Post::DutyOfficer, Post::SupervisingOfficer],
        at_ms: NOW_MS,
        until_ms: NOW_MS + 3 * 24 * 60 * MINUTE_MS,
    };
    world.list(|list| {
        list.entries = more;
        list.letters = letters.iter().map(|content| own(content, cell, &world.keys)).collect();
        list.notices = vec![notice];
    });
    world
}
