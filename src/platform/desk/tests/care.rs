// SPDX-License-Identifier: GPL-3.0-only
//! What officers see of 看病.

use super::office::{MINUTE_MS, Window, letter};
use super::*;
use crate::tests::care::{danger, nudge, report};
use contract::{CareState, Urgency};

on_both! {
    officers_see_how_long_a_report_waits_and_nothing_it_says,
    a_danger_is_on_the_board_with_who_and_which,
}

async fn officers_see_how_long_a_report_waits_and_nothing_it_says(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let routine = kiosk.say(&report(&kiosk, Urgency::Routine)).await;
    world.pass_ms(MINUTE_MS);
    let soon = kiosk.say(&report(&kiosk, Urgency::Soon)).await;
    kiosk.say(&nudge(&kiosk, soon)).await;
    let mut duty = Browser::signed_in(&world, "duty").await;
    let page = duty.get("/care").await.text;
    assert!(page.contains("待签收") && page.contains("尽快") && page.contains("1 次"));
    assert!(!page.contains("已超时"));
    assert!(!page.contains("AGE ENCRYPTED") && !page.contains("王建国"));
    world.pass_ms(5 * 60 * MINUTE_MS);
    let mut duty = Browser::signed_in(&world, "duty").await;
    let page = duty.get("/care").await.text;
    let [first, second] = [soon, routine].map(|event| page.find(&format!("id=\"report-{event}\"")).unwrap());
    assert!(first < second, "what is overdue is first");
    let late = page.get(first..second).unwrap();
    assert!(late.contains("class=\"alarm\"") && late.contains("<strong class=\"wait\">"), "{late}");
    let window = Window::signed_in(&world).await;
    window.post_letter(&letter(world.terminal(), Some((soon, CareState::Closed)))).await;
    let page = duty.get("/care").await.text;
    let [last, first] = [soon, routine].map(|event| page.find(&format!("id=\"report-{event}\"")).unwrap());
    assert!(first < last, "what waits for nothing is last");
    assert!(page.contains("已办结") && !page.contains("<strong class=\"wait\">"));
    for name in ["supervisor", "control", "director", "doctor"] {
        let mut browser = Browser::signed_in(&world, name).await;
        for path in ["/care", "/", "/notices", "/parked"] {
            assert!(!browser.get(path).await.text.contains("AGE ENCRYPTED"), "{name} {path}");
        }
    }
    for name in ["it", "auditor"] {
        let mut browser = Browser::signed_in(&world, name).await;
        assert_eq!(browser.get("/care").await.status, StatusCode::FORBIDDEN, "{name}");
    }
    let english = duty.get("/care?lang=en").await.text;
    assert!(english.contains("Closed") && !english.contains('⟨'));
}

async fn a_danger_is_on_the_board_with_who_and_which(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let person = &world.seeded.detainees[0];
    kiosk.say(&danger(&kiosk, Some(person.id))).await;
    kiosk.say(&danger(&kiosk, None)).await;
    let mut control = Browser::signed_in(&world, "control").await;
    let page = control.get("/alarms").await.text;
    assert!(page.contains("data-rings=\"1\"") && page.contains("有人病情危急"));
    assert!(page.contains(&person.name) && page.contains("没有说是谁"));
    assert!(page.contains("胸口痛、压着、喘不上气"));
    assert!(control.get("/").await.text.contains("有人病情危急，请派人查看"));
}
