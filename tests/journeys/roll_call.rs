// SPDX-License-Identifier: GPL-3.0-only
//! Roll call without a camera: PIN and officer's check, through outages and power cuts.

use crate::world::{Setup, World};
use contract::{CheckReason, How, LinePlace, OutReason, Outcome, Phase, Policy, Text};

#[test]
fn a_cell_without_camera_answers_by_pin_and_the_desk_receives_the_signed_count() {
    let world = World::new(Setup::default());
    let call = world.start_roll_call();
    world.all_answer_by_pin();
    world.officer_in(0);
    world.sign();
    let report = world.received(call);
    let total = report.total.expect("a total");
    assert_eq!((total.assigned, total.expected, total.present, total.not_seen), (12, 12, 12, 0));
    assert!(
        report.lines.iter().all(|line| line.outcome == Some(Outcome::Present(How::Pin { chosen: true })))
    );
    assert_eq!(report.officers, [world.seeded.officers[0].name.clone()]);
    world.until("the receipt tells that it arrived", |world| {
        world.scene().and_then(|s| s.roll_call).is_some_and(|call| call.phase == Phase::Delivered)
    });
}

#[test]
fn whoever_refuses_the_camera_and_the_pin_is_looked_at_by_the_officer() {
    let world = World::new(Setup::default());
    let call = world.start_roll_call();
    let refuser = world.called().id;
    world.touch("use-officer");
    world.all_answer_by_pin();
    world.officer_in(0);
    world.touch(&format!("here-{refuser}"));
    world.touch("choice-asked");
    world.sign();
    let report = world.received(call);
    let line = report.lines.iter().find(|line| line.detainee == refuser).expect("the refuser's line");
    assert!(matches!(
        &line.outcome,
        Some(Outcome::Present(How::OfficerCheck { reason: CheckReason::Asked, .. }))
    ));
}

#[test]
fn one_at_court_is_not_expected_and_comes_back_later() {
    let world = World::new(Setup::default());
    let away = world.person(0).id;
    world.take_out(0);
    let call = world.start_roll_call();
    assert_ne!(world.current(), Some(away));
    world.all_answer_by_pin();
    world.officer_in(0);
    world.sign();
    let report = world.received(call);
    let total = report.total.expect("a total");
    assert_eq!((total.assigned, total.out, total.expected, total.present), (12, 1, 11, 11));
    let line = report.lines.iter().find(|line| line.detainee == away).expect("a line");
    assert!(matches!(line.outcome, Some(Outcome::Out { out_reason: OutReason::Hearing, .. })));
}

#[test]
fn a_person_who_never_answers_is_not_seen_only_because_an_officer_says_so() {
    let world = World::new(Setup::default());
    let call = world.start_roll_call();
    let silent = world.called().id;
    world.until("the silent one is skipped", |world| world.current().is_some_and(|now| now != silent));
    for _ in 0..11 {
        world.answer_by_pin();
    }
    world.until("the silent one is called again", |world| world.current() == Some(silent));
    world.until("the review begins", World::in_review);
    world.officer_in(0);
    assert!(!ui::testing::click(world.window(), "sign-confirmed"), "not before each line is decided");
    world.touch(&format!("not-here-{silent}"));
    let reason = world.first("choice-");
    world.touch(&reason);
    world.sign();
    let report = world.received(call);
    assert_eq!(report.total.map(|total| (total.present, total.not_seen)), Some((11, 1)));
    let line = report.lines.iter().find(|line| line.detainee == silent).expect("a line");
    assert_eq!(
        (line.place, line.officer.as_ref()),
        (LinePlace::NotSeen, Some(&world.seeded.officers[0].name))
    );
}

#[test]
fn the_network_is_gone_for_the_whole_call_and_the_result_arrives_once() {
    let world = World::new(Setup::default());
    world.cut_network();
    world.officer_in(0);
    world.touch("choice-begin");
    world.until("somebody is called", |world| world.current().is_some());
    world.all_answer_by_pin();
    world.officer_in(0);
    world.sign();
    let call = world.scene().and_then(|s| s.roll_call).expect("the roll call").call;
    assert!(world.results().iter().all(|report| report.call != call), "nothing has left the cell");
    world.mend_network();
    let report = world.received(call);
    assert_eq!(report.total.map(|total| total.present), Some(12));
    assert_eq!(world.results().iter().filter(|report| report.call == call).count(), 1);
}

#[test]
fn the_power_goes_in_every_phase_and_nothing_is_asked_twice() {
    let mut world = World::new(Setup::default());
    let call = world.start_roll_call();
    world.power_cut_and_on();
    world.answer_by_pin();
    world.answer_by_pin();
    let third = world.called().id;
    world.power_cut_and_on();
    world.until("it goes on at the same person", |world| world.current() == Some(third));
    for _ in 0..9 {
        world.answer_by_pin();
    }
    let last = world.called().id;
    world.until("the second round", |world| {
        world.scene().and_then(|s| s.roll_call).is_some_and(|call| call.phase == Phase::SecondRound)
    });
    world.power_cut_and_on();
    world.until("the last is called again", |world| world.current() == Some(last));
    world.answer_by_pin();
    world.until("the review begins", World::in_review);
    world.power_cut_and_on();
    assert!(world.in_review());
    world.officer_in(0);
    world.cut_network();
    world.sign();
    world.power_cut_and_on();
    let report = world.received(call);
    assert_eq!(report.total.map(|total| (total.present, total.expected)), Some((12, 12)));
}

#[test]
fn invariant_11_a_wrong_clock_changes_no_count_and_is_put_right_by_the_platform() {
    let years = 30 * 365 * 86_400_000_i64;
    for off in [-years, years] {
        let world = World::new(Setup { clock_off_ms: off, ..Setup::default() });
        let call = world.start_roll_call();
        world.all_answer_by_pin();
        world.officer_in(0);
        world.sign();
        let report = world.received(call);
        assert_eq!(report.total.map(|total| total.present), Some(12));
    }
}

#[test]
fn somebody_who_comes_after_the_signature_is_a_supplement() {
    let world = World::new(Setup::default());
    let call = world.start_roll_call();
    let late = world.called().id;
    world.touch("use-officer");
    world.all_answer_by_pin();
    world.officer_in(0);
    world.touch(&format!("not-here-{late}"));
    let reason = world.first("choice-");
    world.touch(&reason);
    world.sign();
    world.touch("late");
    world.touch(&format!("person-{late}"));
    let reason = world.first("choice-");
    world.touch(&reason);
    world.until("the desk has the supplement", |world| {
        world.results().iter().any(|report| report.call == call && report.supplements.len() == 1)
    });
    let report = world.received(call);
    assert_eq!(report.total.map(|total| total.not_seen), Some(1), "the signed count stays");
}

#[test]
fn an_extra_person_is_recorded_by_the_officer_and_one_noted_by_mistake_is_taken_back() {
    let world = World::new(Setup::default());
    let call = world.start_roll_call();
    world.all_answer_by_pin();
    world.officer_in(0);
    for at in 0..2 {
        world.touch("extra-found");
        let note = world.first("choice-");
        world.touch(&note);
        world.until_sees(&format!("remove-extra-{at}"));
    }
    world.touch("remove-extra-0");
    world.until("one is left", |world| !world.sees("remove-extra-1"));
    world.sign();
    let report = world.received(call);
    assert_eq!((report.total.map(|total| total.extra), report.extra.len()), (Some(1), 1));
}

#[test]
fn one_injured_is_not_shown_to_the_camera_and_one_in_bed_is_left_to_the_officer() {
    let world = World::new(Setup::default());
    let (platform, terminal) = (&world.platform().platform, world.seeded.terminal);
    let (injured, in_bed) = (world.person(0).id, world.person(1).id);
    let mut members = world.block_on(platform.members(terminal)).unwrap();
    for member in &mut members {
        member.face_off = member.id == injured;
        member.exempt = (member.id == in_bed).then(|| Text::new("卧床"));
        world.block_on(platform.put_member(terminal, member)).unwrap();
    }
    let call = world.start_roll_call();
    assert_eq!(world.current(), Some(injured));
    let current = world.scene().and_then(|scene| scene.roll_call).and_then(|call| call.current);
    assert!(current.is_some_and(|current| !current.face), "the camera is not for an injured face");
    world.answer_by_pin();
    assert_ne!(world.called().id, in_bed, "nobody in bed is called to the screen");
    world.all_answer_by_pin();
    world.officer_in(0);
    world.touch(&format!("here-{in_bed}"));
    world.touch("choice-in_bed");
    world.sign();
    let report = world.received(call);
    let outcome = |person| report.lines.iter().find(|line| line.detainee == person)?.outcome.clone();
    assert!(matches!(outcome(injured), Some(Outcome::Present(How::Pin { .. }))), "{:?}", outcome(injured));
    assert!(matches!(
        outcome(in_bed),
        Some(Outcome::Present(How::OfficerCheck { reason: CheckReason::InBed, .. }))
    ));
    assert_eq!(report.total.map(|total| total.present), Some(12));
}

#[test]
fn where_the_site_asks_for_two_officers_one_alone_cannot_sign() {
    let world = World::new(Setup::default());
    let mut policy = Policy::default();
    policy.roll_call.two_officers = true;
    let (platform, terminal) = (&world.platform().platform, world.seeded.terminal);
    world.block_on(platform.put_policy(terminal, &policy)).unwrap();
    let call = world.start_roll_call();
    world.all_answer_by_pin();
    world.officer_in(0);
    world.touch("sign");
    world.until_sees("sign-confirmed");
    assert!(!ui::testing::click(world.window(), "sign-confirmed"), "one officer alone");
    let second = &world.seeded.officers[1];
    world.card(&second.card);
    world.pin(&second.pin);
    world.touch("sign-confirmed");
    world.until_sees("receipt-number");
    let names = [0, 1].map(|at| world.seeded.officers[at].name.clone());
    assert_eq!(world.received(call).officers, names);
}
