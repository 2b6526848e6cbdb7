// SPDX-License-Identifier: GPL-3.0-only
//! The terminals' page: how far each lane is heard, how clock and certificate stand.

use super::*;
use contract::{OneLeft, Trust, Verdict};

on_both! {
    a_device_is_shown_with_its_lanes_and_how_old_their_newest_is,
    a_stopped_lane_and_a_parked_event_are_shown_with_their_lane,
    a_certificate_is_warned_of_when_it_is_near_and_when_it_ended,
}

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

async fn a_device_is_shown_with_its_lanes_and_how_old_their_newest_is(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let one_left = Event::OneLeft(OneLeft { at: kiosk.stamp(), assigned: 12, out: 11 });
    kiosk.say(&one_left).await;
    world.pass_ms(3 * MINUTE_MS);
    kiosk.say(&Event::AlarmRaised(AlarmRaised { at: kiosk.stamp() })).await;
    world.pass_ms(2 * MINUTE_MS);
    let mut browser = Browser::signed_in(&world, "control").await;
    let page = browser.get("/terminals").await.text;
    let device = kiosk.device;
    assert!(element(&page, &format!("seen-{device}")).ends_with("· 2 分钟前"));
    assert!(page.contains("<td>5 分钟前</td>") && page.contains("<td>2 分钟前</td>"));
    assert!(page.contains("协议版本"));
    assert!(!page.contains("已停"));
    // The demo's terminal dates all it says with the world's first moment.
    assert_eq!(
        element(&page, &format!("clock-{device}")),
        "最近一条上报的时间比平台收到早 3 分钟（含排队和传送）"
    );

    let mut unsure = kiosk.event(&one_left);
    unsure.time.trust = Trust::Unsynced;
    kiosk.send(&[unsure]).await.unwrap();
    let page = browser.get("/terminals").await.text;
    assert!(element(&page, &format!("clock-{device}")).starts_with("最近一条上报的时间未经平台校准；"));
}

async fn a_stopped_lane_and_a_parked_event_are_shown_with_their_lane(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let call = call_of(&world).await;
    let mut result = world.result(&kiosk, call);
    result.total.present = 99;
    let event = kiosk.event(&Event::RollCallResult(result));
    let reply = kiosk.send(std::slice::from_ref(&event)).await.unwrap();
    assert_eq!(reply.verdicts[0].verdict, Verdict::Parked { code: "total".into() });
    let mut browser = Browser::signed_in(&world, "duty").await;
    let page = browser.get("/terminals").await.text;
    assert!(page.contains("<td><a href=\"/parked\">1</a></td>") && !page.contains("已停"));

    let mut other = event;
    other.body.push(' ');
    kiosk.send(&[other]).await.unwrap();
    assert!(browser.get("/terminals").await.text.contains("点名 · 已停"));
}

async fn a_certificate_is_warned_of_when_it_is_near_and_when_it_ended(on: On) {
    let world = World::new(on).await;
    let kiosk = world.kiosk().await;
    let warning = format!("certificate-warning-{}", kiosk.device);
    let page = async |world: &World| Browser::signed_in(world, "duty").await.get("/terminals").await.text;
    assert!(!has(&page(&world).await, &warning));
    world.pass_ms(155 * DAY_MS);
    assert!(element(&page(&world).await, &warning).contains("没有按时更新证书"));
    world.pass_ms(30 * DAY_MS);
    assert!(element(&page(&world).await, &warning).starts_with("已到期"));
    world.running.platform.revoke(kiosk.device).await.unwrap();
    assert!(!has(&page(&world).await, &warning), "of a device out of service nobody expects one");
}
