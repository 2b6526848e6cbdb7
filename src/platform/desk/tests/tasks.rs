// SPDX-License-Identifier: GPL-3.0-only
//! 待办: opened by what happens, seen by its post, closed by what answers it.

use super::*;
use contract::{CameraState, CameraStateChanged, OneLeft};

on_both! {
    an_alarm_waits_for_the_control_room_until_it_is_answered,
    a_covered_camera_waits_for_it_until_it_works_again,
    a_roll_call_without_a_result_waits_for_the_duty_officer_from_its_end,
    a_result_or_taking_it_back_closes_a_roll_calls_task,
    a_result_of_another_cell_closes_nothing,
    what_is_parked_waits_for_the_director,
    what_is_overdue_says_so_in_words_and_the_newest_deadline_is_first,
    nobody_closes_the_task_of_another_post,
}

const MINUTE_MS: i64 = 60_000;

/// The kinds of what waits for this user, as their first page lists them.
async fn waiting(browser: &mut Browser) -> Vec<String> {
    let page = browser.get("/").await.text;
    let table = page.split("id=\"tasks\"").nth(1).map_or("", |rest| rest.split("</table>").next().unwrap());
    let kinds: Vec<String> =
        table.split("data-kind=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
    let counted = page.split("data-tasks=\"").nth(1).map_or("0", |rest| rest.split('"').next().unwrap());
    assert_eq!(counted, kinds.len().to_string(), "the count beside the first page");
    kinds
}

/// When and how tasks of this kind were closed.
async fn closed(world: &World, kind: &str) -> Vec<(i64, String)> {
    use sqlx::Row;
    let mut read = world.running.platform.core.tables.read().await.unwrap();
    let rows = sqlx::query("SELECT done_ms, result FROM task_due WHERE kind = $1 AND done_ms IS NOT NULL")
        .bind(kind)
        .fetch_all(&mut *read)
        .await
        .unwrap();
    rows.iter().map(|row| (row.get("done_ms"), row.get("result"))).collect()
}

async fn an_alarm_waits_for_the_control_room_until_it_is_answered(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let event = kiosk.say(&Event::AlarmRaised(AlarmRaised { at: kiosk.stamp() })).await.to_string();
    let mut control = Browser::signed_in(&world, "control").await;
    assert_eq!(waiting(&mut control).await, ["alarm"]);
    assert!(waiting(&mut Browser::signed_in(&world, "it").await).await.is_empty());
    let device = kiosk.device.to_string();
    let fields = [("device", device.as_str()), ("alarm", event.as_str()), ("deed", "acknowledge")];
    control.press("/alarms", "/alarms", &fields).await;
    assert!(waiting(&mut control).await.is_empty());
    assert_eq!(closed(&world, "alarm").await[0].1, "acknowledged");
}

async fn a_covered_camera_waits_for_it_until_it_works_again(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let mut it = Browser::signed_in(&world, "it").await;
    for (state, expected) in [
        (CameraState::Covered, &["camera"][..]),
        (CameraState::Working, &[]),
        (CameraState::Missing, &["camera"]),
    ] {
        kiosk.say(&Event::CameraStateChanged(CameraStateChanged { state, at: kiosk.stamp() })).await;
        assert_eq!(waiting(&mut it).await, expected, "{state:?}");
    }
    assert_eq!(closed(&world, "camera").await[0].1, "recovered");
}

async fn a_roll_call_without_a_result_waits_for_the_duty_officer_from_its_end(on: On) {
    let world = World::new(on).await;
    let call = call_of(&world).await;
    let row = world.running.platform.results().await.unwrap().remove(0);
    let end_ms = crate::tasks::end_of_roll_call(row.expires_ms.unwrap());
    world.pass_ms(end_ms - crate::tests::NOW_MS - 1);
    let mut duty = Browser::signed_in(&world, "duty").await;
    assert!(waiting(&mut duty).await.is_empty());
    world.pass_ms(1);
    assert_eq!(waiting(&mut duty).await, ["roll_call"]);
    let page = duty.get("/").await.text;
    let task = page.split("name=\"task\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let empty = duty.press("/", "/tasks/done", &[("task", &task), ("result", "%20")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    duty.press("/", "/tasks/done", &[("task", &task), ("result", "power-cut")]).await;
    assert!(waiting(&mut duty).await.is_empty());
    assert_eq!(closed(&world, "roll_call").await, [(end_ms, "power-cut".to_owned())]);
    let mut director = Browser::signed_in(&world, "director").await;
    let audit = director.get("/audit").await.text;
    assert!(audit.contains("办结待办") && audit.contains(&call.to_string()));
}

async fn a_result_or_taking_it_back_closes_a_roll_calls_task(on: On) {
    let world = World::new(on).await;
    received(&world).await;
    assert_eq!(closed(&world, "roll_call").await[0].1, "confirmed");
    let call = world.running.platform.start_roll_call(world.terminal(), "x").await.unwrap();
    world.running.platform.cancel_roll_call(world.terminal(), call).await.unwrap();
    world.pass_ms(24 * 60 * MINUTE_MS);
    assert!(waiting(&mut Browser::signed_in(&world, "duty").await).await.is_empty());
}

async fn a_result_of_another_cell_closes_nothing(on: On) {
    let world = World::new(on).await;
    let call = call_of(&world).await;
    let platform = &world.running.platform;
    let place = contract::Terminal {
        terminal: contract::TerminalId::fresh(),
        block: "三监区".into(),
        cell: "306室".into(),
        utc_offset_min: 480,
    };
    let facility = contract::Facility { name: "所".into(), kind: contract::FacilityKind::LockUp };
    platform.put_terminal(&place, &facility).await.unwrap();
    let mut other = world.kiosk_at(place.terminal).await;
    let result = world.result(&other, call);
    other.say(&Event::RollCallResult(result)).await;
    assert!(closed(&world, "roll_call").await.is_empty());
}

async fn what_is_parked_waits_for_the_director(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let call = call_of(&world).await;
    let result = world.result(&kiosk, call);
    let line = result.lines[3].clone();
    let officer = world.seeded.officers[0].id;
    let early = kiosk.event(&Event::RollCallSupplement(contract::RollCallSupplement { call, line, officer }));
    kiosk.send(std::slice::from_ref(&early)).await.unwrap();
    // In a lane of its own: what comes after it would not fit on it.
    let mut forged = kiosk.event(&Event::AlarmRaised(AlarmRaised { at: kiosk.stamp() }));
    forged.body.push(' ');
    kiosk.send(std::slice::from_ref(&forged)).await.unwrap();
    let mut director = Browser::signed_in(&world, "director").await;
    let mut kinds = waiting(&mut director).await;
    kinds.sort();
    assert_eq!(kinds, ["evidence", "parked"]);

    let device = kiosk.device.to_string();
    for (event, left) in [(early.id, 2), (forged.id, 1)] {
        let event = event.to_string();
        let fields = [("device", device.as_str()), ("event", &event), ("kind", "parked")];
        director.press("/notices", "/notices/seen", &fields).await;
        assert_eq!(waiting(&mut director).await.len(), left, "to see is not to try again");
    }
    kiosk.say(&Event::RollCallResult(result)).await;
    let (epoch, seq) = (early.epoch.to_string(), early.seq.to_string());
    let fields = [("device", device.as_str()), ("epoch", &epoch), ("lane", early.lane.name()), ("seq", &seq)];
    director.press("/parked", "/parked/replay", &fields).await;
    assert!(waiting(&mut director).await.is_empty());
    assert_eq!(closed(&world, "parked").await[0].1, "replayed");
}

async fn what_is_overdue_says_so_in_words_and_the_newest_deadline_is_first(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    kiosk.say(&Event::AlarmRaised(AlarmRaised { at: kiosk.stamp() })).await;
    kiosk.say(&Event::OneLeft(OneLeft { at: kiosk.stamp(), assigned: 12, out: 11 })).await;
    let mut control = Browser::signed_in(&world, "control").await;
    assert_eq!(waiting(&mut control).await, ["one_left", "alarm"]);
    assert!(!control.get("/").await.text.contains("已超时"));
    world.pass_ms(3 * MINUTE_MS);
    let page = control.get("/").await.text;
    assert_eq!(page.matches("已超时 2 分钟").count() + page.matches("已超时 120 秒").count(), 1);
}

async fn nobody_closes_the_task_of_another_post(on: On) {
    let world = World::new(on).await;
    world.pass_ms(24 * 60 * MINUTE_MS);
    let mut duty = Browser::signed_in(&world, "duty").await;
    let page = duty.get("/").await.text;
    let task = page.split("name=\"task\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for name in ["control", "director", "it"] {
        let mut other = Browser::signed_in(&world, name).await;
        let page = other.press("/", "/tasks/done", &[("task", &task), ("result", "x")]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{name}");
    }
    assert_eq!(waiting(&mut duty).await, ["roll_call"]);
}
