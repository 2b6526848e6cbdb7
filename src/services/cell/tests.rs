// SPDX-License-Identifier: GPL-3.0-only
use super::{Intent, Refusal, is_within, roster, view};
use crate::world::World;
use crate::{Actor, Refusal as Any};
use contract::{
    Event, FeedItem, FeedOp, IdentityCheck, Lane, Member, OutReason, ROSTER_MAX, ScheduleEntry, ScheduleKind,
    Text,
};

fn take_out(detainee: contract::DetaineeId) -> Intent {
    Intent::TakeOut { detainee, reason: OutReason::Interrogation, checked: IdentityCheck::Officer }
}

#[test]
fn a_movement_needs_an_officer_and_is_told_upward() {
    let mut world = World::new(3);
    let person = world.people[0];
    assert_eq!(world.act(Actor::Anyone, take_out(person)), Err(Any::OfficerOnly));
    world.act(world.officer(), take_out(person)).unwrap();
    assert_eq!(world.act(world.officer(), take_out(person)), Err(Any::Cell(Refusal::AlreadyOut)));
    let sent = world.sent(Lane::RollCall);
    assert!(matches!(&sent[..], [Event::Movement(movement)] if movement.remaining == 2));
}

#[test]
fn the_control_room_is_told_when_one_person_is_left_alone() {
    let mut world = World::new(2);
    world.act(world.officer(), take_out(world.people[0])).unwrap();
    let sent = world.sent(Lane::RollCall);
    assert!(
        matches!(&sent[..], [Event::Movement(_), Event::OneLeft(left)] if (left.assigned, left.out) == (2, 1))
    );
}

#[test]
fn what_an_officer_recorded_here_holds_until_the_platform_has_it() {
    let mut world = World::new(2);
    let person = world.people[0];
    world.act(world.officer(), take_out(person)).unwrap();
    let mut member = world.read(roster).remove(0).member;
    member.face_off = true;
    world.put("member", &person.to_string(), &member);
    assert!(world.read(roster)[0].out.is_some(), "the platform has not seen the movement yet");
}

#[test]
fn a_roster_beyond_the_limit_is_set_aside_and_the_cell_stays_usable() {
    let mut world = World::new(2);
    for n in 0..200 {
        let member = world.member(n);
        world.put("member", &member.id.to_string(), &member);
    }
    assert_eq!(world.read(roster).len(), ROSTER_MAX);
}

#[test]
fn a_hostile_item_is_set_aside_and_the_rest_counts() {
    let mut world = World::new(1);
    world.feed("member", "x", FeedOp::Put, serde_json::json!({ "id": "no uuid", "name": -1 }));
    world.feed("balance", "x", FeedOp::Put, serde_json::json!(1));
    world.feed(
        "schedule",
        "late",
        FeedOp::Put,
        serde_json::json!({ "minute": 60000, "kind": "meal", "title": "午餐" }),
    );
    world.feed(
        "schedule",
        "less",
        FeedOp::Put,
        serde_json::json!({ "minute": -5, "kind": "meal", "title": "午餐" }),
    );
    world.feed("policy", "policy", FeedOp::Del, serde_json::Value::Null);
    let lunch = ScheduleEntry {
        minute: 690,
        kind: ScheduleKind::Meal,
        title: Text::new("午\u{202E}餐"),
        detail: Text::default(),
    };
    world.put("schedule", "lunch", &lunch);
    let now = world.now;
    let view = world.read(|read| view(read, &now));
    assert_eq!(view.day.iter().map(|line| line.title.as_str()).collect::<Vec<_>>(), ["午餐"]);
    assert_eq!(view.assigned, 1);
}

#[test]
fn a_policy_that_would_let_strangers_in_is_set_aside() {
    let mut world = World::new(1);
    world.policy(|policy| policy.face.match_min = 0.1);
    assert_eq!(world.read(crate::policy).1.face, contract::FacePolicy::default());
}

#[test]
fn the_day_begins_with_what_is_going_on() {
    let mut world = World::new(1);
    for (minute, title) in [(390, "起床"), (590, "学习"), (690, "午餐")] {
        let entry = ScheduleEntry {
            minute,
            kind: ScheduleKind::Other,
            title: Text::new(title),
            detail: Text::default(),
        };
        world.put("schedule", title, &entry);
    }
    let now = world.now;
    let day = world.read(|read| view(read, &now)).day;
    assert_eq!(day[0].title, "学习");
    assert_eq!((day[0].begins_in_min, day[1].begins_in_min), (None, Some(90)));
}

/// The feed's own words for a person of the cell.
fn named(world: &World, n: usize, cursor: u64, rev: u64) -> FeedItem {
    let member = Member { id: world.people[n], ..world.member(n + 1) };
    FeedItem {
        cursor,
        collection: "member".to_owned(),
        key: member.id.to_string(),
        rev,
        op: FeedOp::Put,
        body: serde_json::to_value(&member).unwrap(),
    }
}

#[test]
fn whom_a_reading_from_the_beginning_does_not_name_is_gone_at_its_end_and_not_before() {
    let mut world = World::new(3);
    let ids = |world: &mut World| -> Vec<_> {
        world.read(super::roster).into_iter().map(|person| person.member.id).collect()
    };
    let (first, third) = (named(&world, 0, 1_001, 1_001), named(&world, 2, 1_002, 1_002));
    world.page(0, 1_001, vec![first], false);
    assert_eq!(ids(&mut world).len(), 3, "more pages follow");
    world.page(1_001, 1_002, vec![third], true);
    let gone = world.people.remove(1);
    let left = ids(&mut world);
    assert!(left.len() == 2 && !left.contains(&gone));
    // A page at the end of an ordinary day takes nobody away.
    let again = named(&world, 0, 1_003, 1_003);
    world.page(1_002, 1_003, vec![again], true);
    assert_eq!(ids(&mut world).len(), 2);
}

#[test]
fn quiet_hours_go_over_midnight() {
    assert!(is_within(23 * 60, 22 * 60, 6 * 60) && is_within(60, 22 * 60, 6 * 60));
    assert!(!is_within(12 * 60, 22 * 60, 6 * 60));
}
