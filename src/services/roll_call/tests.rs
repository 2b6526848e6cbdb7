// SPDX-License-Identifier: GPL-3.0-only
use super::{Decision, Intent, Refusal, View, Viewer, Wanted, view, wanted};
use crate::world::{World, pin};
use crate::{Actor, Refusal as Any, cell, session};
use contract::{
    CheckReason, DetaineeId, Event, FeedOp, How, IdentityCheck, Lane, OutReason, Outcome, Phase,
    RollCallResult, Text,
};
use zeroize::Zeroizing;

fn seen(detainee: DetaineeId) -> Intent {
    Intent::Seen { detainee, score: 0.8, liveness: Some(0.9), challenged: false, model: Text::new("m1") }
}

fn shown(world: &mut World) -> View {
    let now = world.now;
    world.read(|read| view(read, Viewer::Cell, &now)).expect("a roll call")
}

fn result(world: &mut World) -> RollCallResult {
    let results: Vec<_> = world
        .sent(Lane::RollCall)
        .into_iter()
        .filter_map(|event| if let Event::RollCallResult(result) = event { Some(result) } else { None })
        .collect();
    assert_eq!(results.len(), 1, "exactly one result");
    results.into_iter().next().unwrap()
}

/// A call in which the first person is at the screen.
fn open(people: usize) -> World {
    let mut world = World::new(people);
    world.act(world.officer(), Intent::Begin { title: Text::new("点名") }).unwrap();
    world.act(world.officer(), Intent::OpenNow).unwrap();
    world
}

fn answer_all(world: &mut World) {
    for detainee in world.people.clone() {
        world.act(Actor::Machine, seen(detainee)).unwrap();
    }
}

#[test]
fn a_task_is_announced_opened_called_in_roster_order_reviewed_and_signed() {
    let mut world = World::new(3);
    let call = world.task(120);
    world.pass(59);
    let now = world.now;
    assert!(world.read(|read| super::next_task(read, &now)).is_some());
    world.pass(2);
    assert_eq!(shown(&mut world).phase, Phase::Announced);
    world.pass(60);
    for detainee in world.people.clone() {
        assert_eq!(shown(&mut world).current.unwrap().detainee, detainee);
        world.act(Actor::Machine, seen(detainee)).unwrap();
    }
    assert_eq!(shown(&mut world).phase, Phase::Review);
    world.act(world.officer(), Intent::Sign { second: None }).unwrap();
    let result = result(&mut world);
    assert_eq!(result.call, call);
    assert_eq!((result.total.expected, result.total.present, result.total.not_seen), (3, 3, 0));
    assert_eq!(result.begun_by, None);
}

#[test]
fn a_task_taken_back_or_expired_is_not_begun() {
    let mut world = World::new(1);
    let call = world.task(120);
    world.feed("roll_call_task", &call.to_string(), FeedOp::Put, serde_json::json!({
        "call": call, "title": "晨", "opens_ms": world.now.wall_ms + 1000, "expires_ms": world.now.wall_ms + 9000,
        "cancelled": true }));
    world.pass(30);
    let now = world.now;
    assert!(world.read(|read| view(read, Viewer::Cell, &now)).is_none());
}

#[test]
fn whoever_does_not_come_is_called_again_and_then_left_to_the_officer() {
    let mut world = open(2);
    let (first, second) = (world.people[0], world.people[1]);
    world.pass(31);
    assert_eq!(shown(&mut world).current.unwrap().detainee, second);
    world.act(Actor::Machine, seen(second)).unwrap();
    let view = shown(&mut world);
    assert_eq!((view.phase, view.round), (Phase::SecondRound, 2));
    assert_eq!(view.current.unwrap().detainee, first);
    world.pass(31);
    let view = shown(&mut world);
    assert_eq!(view.phase, Phase::Review);
    assert_eq!((view.unresolved, view.total.not_seen), (1, 0), "the machine marks nobody as not seen");
    assert_eq!(
        world.act(world.officer(), Intent::Sign { second: None }),
        Err(Any::RollCall(Refusal::Unresolved { lines: 1 }))
    );
}

#[test]
fn only_an_officer_with_a_reason_records_someone_as_not_seen() {
    let mut world = open(1);
    let person = world.people[0];
    world.act(world.officer(), Intent::Review).unwrap();
    let decide = |decision| Intent::Decide { detainee: person, decision };
    for actor in [Actor::Machine, Actor::Anyone, Actor::Detainee(person)] {
        let refused = world.act(actor, decide(Decision::NotSeen(Text::new("不在"))));
        assert_eq!(refused, Err(Any::OfficerOnly));
    }
    let refused = world.act(world.officer(), decide(Decision::NotSeen(Text::default())));
    assert_eq!(refused, Err(Any::RollCall(Refusal::ReasonMissing)));
    world.act(world.officer(), decide(Decision::NotSeen(Text::new("监室内未见")))).unwrap();
    world.act(world.officer(), Intent::Sign { second: None }).unwrap();
    let result = result(&mut world);
    assert!(
        matches!(&result.lines[0].outcome, Outcome::NotSeen { officer, .. } if *officer == world.officers[0])
    );
    assert_eq!((result.total.present, result.total.not_seen), (0, 1));
}

#[test]
fn after_three_failed_tries_the_camera_steps_back_for_the_pin() {
    let mut world = open(1);
    let person = world.people[0];
    for tries in 1..=3 {
        assert_eq!(world.read(wanted), Some(Wanted::One(person)), "try {tries}");
        world.act(Actor::Machine, Intent::NotMatched { detainee: person }).unwrap();
    }
    assert_eq!(world.read(wanted), None);
    assert_eq!(shown(&mut world).unresolved, 1);
    world.act(Actor::Anyone, Intent::EnterPin { detainee: person, pin: pin("2001") }).unwrap();
    world.act(world.officer(), Intent::Sign { second: None }).unwrap();
    let line = &result(&mut world).lines[0];
    assert_eq!(line.tries, 3);
    assert_eq!(line.outcome, Outcome::Present(How::Pin { chosen: false }));
}

#[test]
fn the_pin_may_be_chosen_at_once_and_the_result_says_so() {
    let mut world = open(1);
    let person = world.people[0];
    world.act(Actor::Anyone, Intent::AskPin { detainee: person }).unwrap();
    assert_eq!(world.read(wanted), None, "the camera looks away");
    world.act(Actor::Anyone, Intent::EnterPin { detainee: person, pin: pin("2001") }).unwrap();
    world.act(world.officer(), Intent::Sign { second: None }).unwrap();
    assert_eq!(result(&mut world).lines[0].outcome, Outcome::Present(How::Pin { chosen: true }));
}

#[test]
fn a_wrong_pin_is_counted_and_then_makes_wait_ever_longer() {
    let mut world = open(1);
    let person = world.people[0];
    let enter = |digits| Intent::EnterPin { detainee: person, pin: pin(digits) };
    for left in [4, 3, 2, 1] {
        let refused = world.act(Actor::Anyone, enter("9999"));
        assert_eq!(refused, Err(Any::Session(session::Refusal::WrongPin { tries_left: left })));
    }
    assert_eq!(
        world.act(Actor::Anyone, enter("9999")),
        Err(Any::Session(session::Refusal::Wait { seconds: 30 }))
    );
    world.pass(10);
    let refused = world.act(Actor::Anyone, enter("2001"));
    assert_eq!(refused, Err(Any::Session(session::Refusal::Wait { seconds: 20 })), "even the right one");
    world.pass(20);
    assert_eq!(
        world.act(Actor::Anyone, enter("9999")),
        Err(Any::Session(session::Refusal::Wait { seconds: 60 }))
    );
}

#[test]
fn whoever_asks_for_the_officer_needs_no_reason_and_nobody_waits_for_it() {
    let mut world = open(2);
    world.act(Actor::Anyone, Intent::AskOfficer { detainee: world.people[0] }).unwrap();
    assert_eq!(shown(&mut world).current.unwrap().detainee, world.people[1]);
    world.act(Actor::Machine, seen(world.people[1])).unwrap();
    let decision = Decision::Present(CheckReason::Asked);
    world.act(world.officer(), Intent::Decide { detainee: world.people[0], decision }).unwrap();
    world.act(world.officer(), Intent::Sign { second: None }).unwrap();
    assert!(matches!(
        result(&mut world).lines[0].outcome,
        Outcome::Present(How::OfficerCheck { reason: CheckReason::Asked, .. })
    ));
}

#[test]
fn nobody_answers_for_another() {
    let mut world = open(2);
    let other = world.people[1];
    assert_eq!(world.act(Actor::Machine, seen(other)), Err(Any::RollCall(Refusal::NotYourTurn)));
    let refused = world.act(Actor::Anyone, Intent::EnterPin { detainee: other, pin: pin("2002") });
    assert_eq!(refused, Err(Any::RollCall(Refusal::NotYourTurn)));
}

#[test]
fn a_person_may_walk_up_by_tapping_their_own_tile() {
    let mut world = open(2);
    world.act(Actor::Anyone, Intent::CallMe { detainee: world.people[1] }).unwrap();
    assert_eq!(shown(&mut world).current.unwrap().detainee, world.people[1]);
    world.act(Actor::Machine, seen(world.people[1])).unwrap();
    assert_eq!(shown(&mut world).current.unwrap().detainee, world.people[0], "nobody loses a turn");
}

#[test]
fn taking_someone_out_changes_the_expected_at_once_and_return_makes_a_late_check() {
    let mut world = open(2);
    let person = world.people[0];
    let out = cell::Intent::TakeOut {
        detainee: person,
        reason: OutReason::Hearing,
        checked: IdentityCheck::Officer,
    };
    world.act(world.officer(), out).unwrap();
    let view = shown(&mut world);
    assert_eq!((view.total.assigned, view.total.out, view.total.expected), (2, 1, 1));
    assert_eq!(view.phase, Phase::Open);
    world.pass(1);
    assert_eq!(shown(&mut world).current.unwrap().detainee, world.people[1]);
    let back = cell::Intent::Return { detainee: person, checked: IdentityCheck::Officer };
    world.act(world.officer(), back).unwrap();
    world.act(Actor::Machine, seen(world.people[1])).unwrap();
    assert_eq!(shown(&mut world).current.unwrap().detainee, person);
}

#[test]
fn a_power_cut_in_any_phase_goes_on_at_the_same_person() {
    let mut world = World::new(3);
    world.act(world.officer(), Intent::Begin { title: Text::new("点名") }).unwrap();
    world.power_cut();
    assert_eq!(shown(&mut world).phase, Phase::Announced);
    world.pass(1);
    world.act(Actor::Machine, seen(world.people[0])).unwrap();
    world.pass(20);
    world.power_cut();
    world.pass(1);
    let view = shown(&mut world);
    assert_eq!(view.current.as_ref().unwrap().detainee, world.people[1]);
    assert!(view.current.unwrap().seconds_left >= 29, "with the full time again");
    assert_eq!(view.total.present, 1, "what was answered stays answered");
    for person in [world.people[1], world.people[2]] {
        world.act(Actor::Machine, seen(person)).unwrap();
    }
    world.power_cut();
    world.pass(5);
    assert_eq!(shown(&mut world).phase, Phase::Review);
    world.act(world.officer(), Intent::Sign { second: None }).unwrap();
    world.power_cut();
    assert_eq!(shown(&mut world).phase, Phase::Confirmed);
    assert_eq!(result(&mut world).lines.len(), 3);
}

#[test]
fn counting_again_asks_only_those_who_are_not_known_to_be_there() {
    let mut world = open(2);
    world.act(Actor::Machine, seen(world.people[0])).unwrap();
    world.act(world.officer(), Intent::Review).unwrap();
    let decision = Decision::NotSeen(Text::new("未见"));
    world.act(world.officer(), Intent::Decide { detainee: world.people[1], decision }).unwrap();
    world.act(world.officer(), Intent::CountAgain).unwrap();
    let view = shown(&mut world);
    assert_eq!((view.phase, view.recounts, view.total.present), (Phase::Open, 1, 1));
    assert_eq!(view.current.unwrap().detainee, world.people[1]);
}

#[test]
fn two_officers_sign_where_policy_asks_and_they_are_two() {
    let mut world = open(1);
    world.policy(|policy| policy.roll_call.two_officers = true);
    answer_all(&mut world);
    let [first, second] = [world.officers[0], world.officers[1]];
    let sign = |second| Intent::Sign { second };
    assert_eq!(
        world.act(Actor::Officer(first), sign(None)),
        Err(Any::RollCall(Refusal::SecondOfficerMissing))
    );
    assert_eq!(world.act(Actor::Officer(first), sign(Some(first))), Err(Any::RollCall(Refusal::SameOfficer)));
    world.act(Actor::Officer(first), sign(Some(second))).unwrap();
    assert_eq!(result(&mut world).officers, [first, second]);
}

#[test]
fn whoever_comes_after_the_signature_is_a_supplement_and_the_count_stays() {
    let mut world = open(1);
    let person = world.people[0];
    world.act(world.officer(), Intent::Review).unwrap();
    let decision = Decision::NotSeen(Text::new("未见"));
    world.act(world.officer(), Intent::Decide { detainee: person, decision }).unwrap();
    world.act(world.officer(), Intent::Sign { second: None }).unwrap();
    let late = Intent::Late { detainee: person, reason: CheckReason::InBed };
    world.act(world.officer(), late.clone()).unwrap();
    assert_eq!(world.act(world.officer(), late), Err(Any::RollCall(Refusal::AlreadyResolved)));
    assert_eq!(result(&mut world).total.not_seen, 1);
    assert!(world.sent(Lane::RollCall).iter().any(|event| matches!(event, Event::RollCallSupplement(_))));
}

#[test]
fn searching_needs_the_sites_recorded_assessment() {
    let mut world = open(2);
    world.policy(|policy| policy.roll_call.any_order = true);
    assert!(matches!(world.read(wanted), Some(Wanted::One(_))));
    world.policy(|policy| policy.roll_call.any_order_assessment = Text::new("2026-11 评估备案"));
    let Some(Wanted::Any(people)) = world.read(wanted) else { panic!("nobody is searched for") };
    assert_eq!(people.len(), 2);
    world.act(Actor::Machine, seen(world.people[1])).unwrap();
    world.act(Actor::Machine, seen(world.people[0])).unwrap();
    assert_eq!(shown(&mut world).phase, Phase::Review);
}

#[test]
fn somebody_exempt_or_without_any_way_is_left_to_the_officer_and_never_called() {
    let mut world = World::new(1);
    let mut exempt = world.member(2);
    exempt.exempt = Some(Text::new("病休"));
    let mut wayless = world.member(3);
    wayless.pin = None;
    for member in [&exempt, &wayless] {
        world.put("member", &member.id.to_string(), member);
    }
    world.act(world.officer(), Intent::Begin { title: Text::new("点名") }).unwrap();
    world.act(world.officer(), Intent::OpenNow).unwrap();
    world.act(Actor::Machine, seen(world.people[0])).unwrap();
    let view = shown(&mut world);
    assert_eq!((view.phase, view.unresolved), (Phase::Review, 2));
}

#[test]
fn the_cell_reads_masked_names_and_only_an_officer_whole_ones() {
    let mut world = open(1);
    let now = world.now;
    assert_eq!(shown(&mut world).lines[0].name, "王**");
    let officer = world.officers[0];
    let view = world.read(|read| view(read, Viewer::Officer(officer), &now)).unwrap();
    assert_eq!(view.lines[0].name, "王小明");
}

#[test]
fn someone_transferred_in_the_middle_leaves_the_count_and_their_template_is_erased() {
    let mut world = open(2);
    let person = world.people[0];
    let template = session::TemplateBytes(Zeroizing::new(vec![1, 2, 3]));
    let keep = session::Intent::KeepTemplate { detainee: person, template, model: Text::new("m1") };
    world.act(world.officer(), keep).unwrap();
    world.delete("member", &person.to_string());
    assert_eq!(shown(&mut world).total.assigned, 1);
    assert!(world.read(session::templates).is_empty());
    assert!(world.sent(Lane::Order).iter().any(|event| matches!(event, Event::TemplateErased(_))));
}

#[test]
fn extra_people_are_recorded_by_the_officer_and_counted() {
    let mut world = open(1);
    answer_all(&mut world);
    world.act(Actor::Machine, Intent::Stranger).unwrap();
    assert_eq!(shown(&mut world).strangers, 1);
    world.act(world.officer(), Intent::AddExtra { note: Text::new("隔壁监室人员") }).unwrap();
    world.act(world.officer(), Intent::Sign { second: None }).unwrap();
    assert_eq!(result(&mut world).total.extra, 1);
}

#[test]
fn the_desk_is_told_each_change_once() {
    let mut world = open(1);
    let before = world.sent(Lane::Progress).len();
    world.pass(3);
    assert_eq!(world.sent(Lane::Progress).len(), before, "nothing changed, nothing is told");
    world.act(Actor::Machine, seen(world.people[0])).unwrap();
    assert_eq!(world.sent(Lane::Progress).len(), before + 1);
}
