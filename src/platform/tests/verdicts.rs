// SPDX-License-Identifier: GPL-3.0-only
//! What becomes of events on the way through the wire into the tables.

use super::*;
use crate::NoticeKind;
use contract::{AlarmRaised, DeviceTrouble, DeviceTroubled, OneLeft};

on_both! {
    events_in_order_are_accepted_and_the_reply_tells_how_far,
    invariant_02_the_same_event_again_is_a_duplicate_with_one_effect,
    invariant_04_a_gap_is_asked_for_and_nothing_of_it_is_kept,
    another_content_at_the_same_number_freezes_the_lane_and_is_kept,
    after_a_fork_a_new_epoch_goes_on_and_repeats_nothing,
    an_event_with_a_wrong_signature_is_parked_without_effect,
    an_event_nobody_understands_is_kept_and_stops_nobody,
    an_event_without_its_body_keeps_its_place_and_those_behind_it_follow,
    a_terminal_in_trouble_is_told_to_the_desk,
    an_alarm_out_of_order_rings_at_once_and_once,
    the_alarms_lane_never_stops,
    lanes_and_devices_are_counted_apart,
    bodies_of_more_than_a_quarter_of_a_mebibyte_are_sent_in_halves,
    how_a_terminal_is_doing_is_kept_and_shown,
}

fn one_left(kiosk: &Kiosk, out: u32) -> Event {
    Event::OneLeft(OneLeft { at: kiosk.stamp(), assigned: 12, out })
}

fn alarm(kiosk: &Kiosk) -> Event {
    Event::AlarmRaised(AlarmRaised { at: kiosk.stamp() })
}

async fn notices(world: &World, kind: NoticeKind) -> Vec<String> {
    let notices = world.running.platform.notices().await.unwrap();
    notices.into_iter().filter(|notice| notice.kind == kind).map(|notice| notice.detail).collect()
}

/// How often the alarm rang.
async fn presses(world: &World) -> u64 {
    world.running.platform.alarms().await.unwrap().iter().map(|alarm| alarm.presses).sum()
}

fn parked(code: &str) -> Verdict {
    Verdict::Parked { code: code.into() }
}

async fn events_in_order_are_accepted_and_the_reply_tells_how_far(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let events = [kiosk.event(&one_left(&kiosk, 11)), kiosk.event(&one_left(&kiosk, 11))];
    let reply = kiosk.send(&events).await.unwrap();
    assert!(reply.verdicts.iter().all(|verdict| verdict.verdict == Verdict::Accepted));
    assert_eq!((reply.acked_seq, reply.head), (2, events[1].hash()));
    assert_eq!(reply.server_ms, NOW_MS);
    assert_eq!(world.running.platform.kept(kiosk.device).await.unwrap(), (2, 0));
}

async fn invariant_02_the_same_event_again_is_a_duplicate_with_one_effect(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let event = kiosk.event(&one_left(&kiosk, 11));
    assert_eq!(kiosk.verdict(&event).await, Verdict::Accepted);
    assert_eq!(kiosk.verdict(&event).await, Verdict::Duplicate);
    assert_eq!(notices(&world, NoticeKind::OneLeft).await.len(), 1);
    assert_eq!(world.running.platform.kept(kiosk.device).await.unwrap(), (1, 0));
}

async fn invariant_04_a_gap_is_asked_for_and_nothing_of_it_is_kept(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let first = kiosk.event(&one_left(&kiosk, 11));
    let second = kiosk.event(&one_left(&kiosk, 10));
    let reply = kiosk.send(std::slice::from_ref(&second)).await.unwrap();
    assert!(matches!(reply.verdicts[0].verdict, Verdict::Retry { .. }));
    assert_eq!((reply.acked_seq, reply.head), (0, Digest::ZERO));
    assert_eq!(world.running.platform.kept(kiosk.device).await.unwrap(), (0, 0));

    let reply = kiosk.send(&[first, second]).await.unwrap();
    assert_eq!(reply.acked_seq, 2);
}

async fn another_content_at_the_same_number_freezes_the_lane_and_is_kept(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let first = kiosk.event(&one_left(&kiosk, 11));
    kiosk.send(std::slice::from_ref(&first)).await.unwrap();
    let other =
        kiosk.envelope(Lane::RollCall, 1, Digest::ZERO, &first.kind, &one_left(&kiosk, 5).body().unwrap());
    assert_eq!(kiosk.verdict(&other).await, Verdict::Fork);
    let next = kiosk.event(&one_left(&kiosk, 11));
    assert_eq!(kiosk.verdict(&next).await, Verdict::Fork, "the lane is frozen");
    assert_eq!(world.running.platform.kept(kiosk.device).await.unwrap(), (1, 2));
    assert_eq!(notices(&world, NoticeKind::Fork).await, ["seq"]);
}

async fn after_a_fork_a_new_epoch_goes_on_and_repeats_nothing(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let first = kiosk.event(&one_left(&kiosk, 11));
    kiosk.send(std::slice::from_ref(&first)).await.unwrap();
    let broken = kiosk.envelope(Lane::RollCall, 2, Digest([9; 32]), &first.kind, &first.body);
    assert_eq!(kiosk.verdict(&broken).await, Verdict::Fork);

    kiosk.epoch = 2;
    let mut again = first.clone();
    again.epoch = 2;
    again.sign(&kiosk.key).unwrap();
    let reply = kiosk.send(std::slice::from_ref(&again)).await.unwrap();
    assert_eq!(reply.verdicts[0].verdict, Verdict::Duplicate);
    assert_eq!(reply.acked_seq, 1, "the copy has its place");
    assert_eq!(notices(&world, NoticeKind::OneLeft).await.len(), 1, "and no second effect");
}

async fn an_event_with_a_wrong_signature_is_parked_without_effect(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let mut event = kiosk.event(&one_left(&kiosk, 11));
    event.sign(&world.newcomer().key).unwrap();
    assert_eq!(kiosk.verdict(&event).await, parked("signature"));
    assert_eq!(kiosk.verdict(&event).await, parked("signature"), "the first verdict again");
    assert!(notices(&world, NoticeKind::OneLeft).await.is_empty());
    assert_eq!(notices(&world, NoticeKind::Parked).await, ["signature"]);
}

async fn an_event_nobody_understands_is_kept_and_stops_nobody(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let events = [
        kiosk.body(Lane::RollCall, "roll_call.invented/9", "{}"),
        kiosk.body(Lane::RollCall, one_left(&kiosk, 11).kind(), "not JSON"),
        kiosk.body(Lane::RollCall, "alarm.raised/1", "{}"),
        kiosk.event(&one_left(&kiosk, 11)),
    ];
    let reply = kiosk.send(&events).await.unwrap();
    let verdicts: Vec<String> =
        reply.verdicts.iter().map(|verdict| serde_json::to_string(&verdict.verdict).unwrap()).collect();
    let parked = |code: &str| serde_json::to_string(&parked(code)).unwrap();
    let accepted = serde_json::to_string(&Verdict::Accepted).unwrap();
    assert_eq!(verdicts, [parked("kind"), parked("body"), parked("lane"), accepted]);
    assert_eq!(reply.acked_seq, 4);
    assert_eq!(world.running.platform.kept(kiosk.device).await.unwrap(), (4, 0));
}

async fn an_event_without_its_body_keeps_its_place_and_those_behind_it_follow(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let first = kiosk.event(&one_left(&kiosk, 11)).without_body();
    let second = kiosk.event(&one_left(&kiosk, 10));
    let mut both = kiosk.event(&one_left(&kiosk, 9));
    both.withheld = Some(Digest::of(both.body.as_bytes()));
    let reply = kiosk.send(&[first, second, both]).await.unwrap();
    let verdicts: Vec<Verdict> = reply.verdicts.into_iter().map(|verdict| verdict.verdict).collect();
    assert_eq!(verdicts, [parked("withheld"), Verdict::Accepted, parked("size")]);
    assert_eq!(notices(&world, NoticeKind::OneLeft).await.len(), 1);
}

async fn a_terminal_in_trouble_is_told_to_the_desk(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let trouble = DeviceTrouble::StoreDamaged { salvaged: 3 };
    kiosk.say(&Event::DeviceTroubled(DeviceTroubled { at: kiosk.stamp(), trouble })).await;
    assert_eq!(notices(&world, NoticeKind::Trouble).await, ["store_damaged"]);
}

async fn an_alarm_out_of_order_rings_at_once_and_once(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let first = kiosk.event(&alarm(&kiosk));
    let second = kiosk.event(&alarm(&kiosk));
    assert!(matches!(kiosk.verdict(&second).await, Verdict::Retry { .. }));
    assert_eq!(presses(&world).await, 1);
    kiosk.send(&[first, second]).await.unwrap();
    assert_eq!(presses(&world).await, 2);
}

async fn the_alarms_lane_never_stops(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    kiosk.say(&alarm(&kiosk)).await;
    let body = alarm(&kiosk).body().unwrap();
    let other = kiosk.envelope(Lane::Alarm, 1, Digest::ZERO, "alarm.raised/1", &body);
    assert_eq!(kiosk.verdict(&other).await, parked("seq"));
    let broken = kiosk.envelope(Lane::Alarm, 2, Digest([9; 32]), "alarm.raised/1", &body);
    assert_eq!(kiosk.verdict(&broken).await, parked("chain"));
    kiosk.heads.insert(Lane::Alarm, (2, broken.hash()));
    kiosk.say(&alarm(&kiosk)).await;
    assert_eq!(presses(&world).await, 4);
}

async fn lanes_and_devices_are_counted_apart(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    kiosk.say(&one_left(&kiosk, 11)).await;
    let event = kiosk.event(&alarm(&kiosk));
    assert_eq!((event.seq, kiosk.send(&[event]).await.unwrap().acked_seq), (1, 1));
}

async fn bodies_of_more_than_a_quarter_of_a_mebibyte_are_sent_in_halves(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let events: Vec<_> = (0..9)
        .map(|_| {
            let mut event = kiosk.event(&one_left(&kiosk, 11));
            event.body = format!("\"{}\"", "a".repeat(30 * 1024));
            event
        })
        .collect();
    assert_eq!(refused(kiosk.send(&events).await), (413, "batch_too_large".to_owned()));
    kiosk.send(&events[..4]).await.unwrap();
}

async fn how_a_terminal_is_doing_is_kept_and_shown(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    for version in ["1.0.0", "1.0.1"] {
        let lane = contract::LaneState { lane: Lane::Order, waiting: 3, oldest_s: 90, kept: 1 };
        let health = contract::DeviceHealth {
            at: kiosk.stamp(),
            version: version.into(),
            clock_behind_ms: Some(4_000),
            camera: contract::CameraState::Working,
            models: true,
            lanes: vec![lane],
        };
        kiosk.say(&Event::DeviceHealth(health)).await;
    }
    let mut read = world.running.platform.core.tables.read().await.unwrap();
    let (held, _) = crate::tables::devices::health(&mut read, kiosk.device).await.unwrap().unwrap();
    assert_eq!((held.version.as_str(), held.lanes[0].waiting), ("1.0.1", 3));
}
