// SPDX-License-Identifier: GPL-3.0-only
use super::{Intent, Refusal, view};
use crate::Actor;
use crate::world::World;
use contract::{Event, EventId, ItemKind, Lane, RequestState, RequestStatus, Text};

fn water() -> Intent {
    Intent::Item(ItemKind::Water)
}

impl World {
    fn answered(&mut self, request: EventId, state: RequestState) {
        let status = RequestStatus { request, state, at_ms: 1, words: Text::new("明天送来") };
        self.put("request", &request.to_string(), &status);
    }
}

#[test]
fn one_of_a_kind_is_open_at_a_time_until_it_is_done_or_declined() {
    let mut world = World::new(1);
    for end in [RequestState::Done, RequestState::Declined] {
        let asked = world.act(Actor::Anyone, water()).unwrap().receipt.unwrap();
        assert_eq!(world.act(Actor::Anyone, water()), Err(crate::Refusal::Request(Refusal::Open)));
        world.act(Actor::Anyone, Intent::Item(ItemKind::Pen)).ok();
        world.answered(asked, RequestState::Accepted);
        assert_eq!(world.act(Actor::Anyone, water()), Err(crate::Refusal::Request(Refusal::Open)));
        world.answered(asked, end);
    }
    world.act(Actor::Anyone, water()).unwrap();
}

#[test]
fn a_call_pressed_again_in_haste_is_the_same_call_and_later_it_is_another() {
    let mut world = World::new(1);
    let first = world.act(Actor::Anyone, Intent::Call).unwrap();
    assert_eq!(world.act(Actor::Anyone, Intent::Call).unwrap(), first);
    world.pass(60);
    assert_ne!(world.act(Actor::Anyone, Intent::Call).unwrap(), first);
    let sent = world.sent(Lane::Alarm);
    assert_eq!(sent.iter().filter(|event| matches!(event, Event::CallMade(_))).count(), 2);
}

#[test]
fn what_was_asked_and_answered_outlives_a_power_cut() {
    let mut world = World::new(1);
    let asked = world.act(Actor::Anyone, water()).unwrap().receipt.unwrap();
    world.answered(asked, RequestState::Accepted);
    world.power_cut();
    let seen = world.read(view);
    let water = seen.items.iter().find(|(item, _)| *item == ItemKind::Water).unwrap().1.clone().unwrap();
    assert_eq!(water.status.unwrap().state, RequestState::Accepted);
    assert_eq!(seen.call, None);
    world.delete("request", &asked.to_string());
    let seen = world.read(view);
    assert!(seen.items.iter().all(|(_, asked)| asked.as_ref().is_none_or(|asked| asked.status.is_none())));
}

#[test]
fn an_answer_to_a_request_that_is_not_here_changes_nothing() {
    let mut world = World::new(1);
    world.answered(EventId::in_order(), RequestState::Done);
    assert!(world.read(view).items.iter().all(|(_, asked)| asked.is_none()));
}
