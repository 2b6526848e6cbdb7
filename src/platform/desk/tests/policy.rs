// SPDX-License-Identifier: GPL-3.0-only
//! The page of a terminal's settings.

use super::*;
use contract::SETTINGS;

on_both! {
    every_setting_stands_there_with_its_range_and_who_may_change_it,
    a_value_is_changed_told_to_the_terminal_and_audited,
    a_value_out_of_range_or_against_another_changes_nothing,
    a_change_for_every_cell_reaches_every_terminal,
    who_may_not_change_a_setting_sees_it_and_has_no_form,
}

async fn every_setting_stands_there_with_its_range_and_who_may_change_it(on: On) {
    let world = World::new(on).await;
    let mut browser = Browser::signed_in(&world, "director").await;
    for lang in ["zh-CN", "en"] {
        let page = browser.get(&format!("/policy/{}?lang={lang}", world.terminal())).await.text;
        for setting in SETTINGS {
            assert!(has(&page, setting.key), "{}", setting.key);
            assert!(!page.contains(&setting.key.replace('.', "-")), "{} has no name in {lang}", setting.key);
        }
    }
}

async fn a_value_is_changed_told_to_the_terminal_and_audited(on: On) {
    let world = World::new(on).await;
    let mut browser = Browser::signed_in(&world, "director").await;
    let path = format!("/policy/{}", world.terminal());
    let answer = browser.press(&path, &path, &[("key", "roll_call.person_s"), ("value", "45")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let told = held(&world, world.terminal()).await;
    assert_eq!(told.roll_call.person_s, 45);
    browser.press(&path, &path, &[("key", "roll_call.quiet_from_min"), ("value", "21:30")]).await;
    assert_eq!(held(&world, world.terminal()).await.roll_call.quiet_from_min, 21 * 60 + 30);
    assert!(browser.get(&path).await.text.contains("value=\"21:30\""));
    // A box that is not ticked is a no.
    browser.press(&path, &path, &[("key", "roll_call.two_officers"), ("value", "yes")]).await;
    assert!(held(&world, world.terminal()).await.roll_call.two_officers);
    browser.press(&path, &path, &[("key", "roll_call.two_officers")]).await;
    let told = held(&world, world.terminal()).await;
    assert_eq!((told.roll_call.two_officers, told.roll_call.person_s), (false, 45));
    assert!(browser.get("/audit").await.text.contains("roll_call.person_s"));
}

async fn a_value_out_of_range_or_against_another_changes_nothing(on: On) {
    let world = World::new(on).await;
    let mut browser = Browser::signed_in(&world, "director").await;
    let path = format!("/policy/{}", world.terminal());
    let before = held(&world, world.terminal()).await;
    for (key, value) in [("face.match_min", "0.2"), ("roll_call.rounds", "many"), ("session.blur_s", "250")] {
        let answer = browser.press(&path, &path, &[("key", key), ("value", value)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{key}");
        assert!(answer.text.contains(&format!("“{value}”")), "the page says what was refused");
    }
    assert_eq!(held(&world, world.terminal()).await, before);
    let unheard_of = browser.press(&path, &path, &[("key", "face.skin"), ("value", "1")]).await;
    assert_eq!(unheard_of.status, StatusCode::UNPROCESSABLE_ENTITY);
}

async fn a_change_for_every_cell_reaches_every_terminal(on: On) {
    let world = World::new(on).await;
    let other = contract::TerminalId::fresh();
    let (block, cell) = (contract::Text::new("四监区"), contract::Text::new("401室"));
    let place = contract::Terminal { terminal: other, block, cell, utc_offset_min: 480 };
    let facility = contract::Facility {
        name: contract::Text::new("看守所"),
        kind: contract::FacilityKind::DetentionCentre,
    };
    world.running.platform.put_terminal(&place, &facility).await.unwrap();
    let mut browser = Browser::signed_in(&world, "director").await;
    let path = format!("/policy/{}", world.terminal());
    let fields = [("key", "session.pin_wait_s"), ("value", "60"), ("everywhere", "yes")];
    browser.press(&path, &path, &fields).await;
    assert_eq!(held(&world, world.terminal()).await.session.pin_wait_s, 60);
    assert_eq!(held(&world, other).await.session.pin_wait_s, 60);
}

async fn who_may_not_change_a_setting_sees_it_and_has_no_form(on: On) {
    let world = World::new(on).await;
    let mut browser = Browser::signed_in(&world, "duty").await;
    let path = format!("/policy/{}", world.terminal());
    let page = browser.get(&path).await;
    assert!(page.status == StatusCode::OK && !page.text.contains("name=\"value\""));
    let answer = browser.press("/", &path, &[("key", "roll_call.person_s"), ("value", "45")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

/// The policy the terminal is told.
async fn held(world: &World, terminal: contract::TerminalId) -> contract::Policy {
    world.running.platform.policy(terminal).await.unwrap()
}
