// SPDX-License-Identifier: GPL-3.0-only
//! The desk of one platform beside another over the same database.

use super::*;

on_both! {
    who_signed_in_at_one_desk_sees_at_the_other_what_was_posted_to_the_first,
    wrong_passwords_at_either_desk_are_counted_together,
}

async fn who_signed_in_at_one_desk_sees_at_the_other_what_was_posted_to_the_first(on: On) {
    let world = World::new(on).await;
    let beside = world.beside().await;
    let mut kiosk = world.kiosk().await;
    let mut browser = Browser::signed_in(&world, "duty").await;
    browser.desk = format!("http://{}", beside.desk_addr);
    assert!(!browser.get("/").await.text.contains("live-alarms"));
    kiosk.say(&Event::AlarmRaised(AlarmRaised { at: kiosk.stamp() })).await;
    assert!(browser.get("/?by=itself&part=live").await.text.contains("live-alarms"));
}

async fn wrong_passwords_at_either_desk_are_counted_together(on: On) {
    let world = World::new(on).await;
    let beside = world.beside().await;
    let mut browser = Browser::new(&world);
    let desks = [&world.running, &beside].map(|running| format!("http://{}", running.desk_addr));
    for (number, desk) in (0..6).zip(desks.iter().cycle()) {
        desk.clone_into(&mut browser.desk);
        let status = browser.sign_in("duty", "wrong").await.status;
        let counted = if number < 5 { StatusCode::UNAUTHORIZED } else { StatusCode::TOO_MANY_REQUESTS };
        assert_eq!(status, counted);
    }
}
