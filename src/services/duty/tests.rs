// SPDX-License-Identifier: GPL-3.0-only
mod time;

use super::{Ask, Deed, Intent, Matter, Phase, Place, Refusal, Step, View, view};
use crate::roll_call::Viewer;
use crate::world::{World, pin};
use crate::{Actor, Refusal as Any, cell, session};
use contract::{
    CheckReason, DetaineeId, DutyAnswer, DutyAnswered, DutyGap, Event, GapKind, HexBytes, How, IdentityCheck,
    Lane, OutReason, Rota, Shift, ShiftId, Steward, Swap, Text, Trust, Turn,
};

const HOUR_MS: i64 = 3_600_000;

/// One shift at ten past ten by the world's clock, for an hour; the next follows at once. Two people each, one in
/// reserve.
fn rota(world: &World) -> Rota {
    let shift = |begins_min: u32, people: &[usize], reserve: &[usize]| Shift {
        shift: ShiftId::fresh(),
        title: Text::new("上午班"),
        begins_min,
        minutes: 60,
        people: people.iter().map(|index| world.people[*index]).collect(),
        reserve: reserve.iter().map(|index| world.people[*index]).collect(),
    };
    Rota {
        // The world begins at ten.
        from_ms: world.now.wall_ms - 10 * HOUR_MS,
        days: 7,
        seed: HexBytes(vec![7; 16]),
        shifts: vec![shift(610, &[0, 1], &[2]), shift(670, &[3, 4], &[])],
        stewards: vec![Steward { day: 0, detainee: world.people[5] }],
    }
}

/// A cell of six with that rota, a minute before its first turn.
fn world() -> (World, Rota) {
    let mut world = World::new(6);
    let rota = rota(&world);
    world.put("rota", "w", &rota);
    world.pass(9 * 60);
    (world, rota)
}

fn shown(world: &mut World) -> View {
    let now = world.now;
    world.read(|read| view(read, Viewer::Cell, &now))
}

fn seen(detainee: DetaineeId, deed: Deed) -> Intent {
    let (score, liveness, model) = (0.8, Some(0.9), Text::new("m1"));
    Intent::Seen { detainee, deed, score, liveness, challenged: false, model }
}

fn sign_on(world: &mut World, people: &[usize]) {
    for index in people {
        let person = world.people[*index];
        world.act(Actor::Machine, seen(person, Deed::SignOn)).unwrap();
    }
}

fn take_out(world: &mut World, index: usize) {
    let detainee = world.people[index];
    let intent =
        cell::Intent::TakeOut { detainee, reason: OutReason::Hearing, checked: IdentityCheck::Officer };
    world.act(world.officer(), intent).unwrap();
}

fn gaps(world: &mut World) -> Vec<DutyGap> {
    let events = world.sent(Lane::Alarm).into_iter();
    events.filter_map(|event| if let Event::DutyGap(gap) = event { Some(gap) } else { None }).collect()
}

fn places(world: &mut World) -> Vec<(usize, Place)> {
    let view = shown(world);
    let people = view.turns[0].people.iter();
    people
        .map(|person| (world.people.iter().position(|id| *id == person.detainee).unwrap(), person.place))
        .collect()
}

fn signed_on(world: &mut World) -> Vec<(DetaineeId, Option<DetaineeId>)> {
    let events = world.sent(Lane::RollCall).into_iter();
    let signed_on = events.filter_map(|event| {
        if let Event::DutySignedOn(fact) = event { Some((fact.detainee, fact.instead_of)) } else { None }
    });
    signed_on.collect()
}

/// Passes to the second after the first confirmation is asked.
fn asked(world: &mut World) {
    for _ in 0..3_600 {
        if shown(world).asks {
            return;
        }
        world.pass(1);
    }
    panic!("nobody is asked");
}

#[test]
fn sign_on_opens_five_minutes_before_and_not_earlier() {
    let mut world = World::new(6);
    let rota = rota(&world);
    world.put("rota", "w", &rota);
    world.pass(299);
    assert!(shown(&mut world).turns.is_empty());
    let first = world.people[0];
    assert_eq!(world.act(Actor::Machine, seen(first, Deed::SignOn)), Err(Any::Duty(Refusal::NotYourTurn)));
    world.pass(1);
    assert_eq!(shown(&mut world).turns[0].phase, Phase::Open);
    sign_on(&mut world, &[0]);
    assert_eq!(world.act(Actor::Machine, seen(first, Deed::SignOn)), Err(Any::Duty(Refusal::Already)));
    assert_eq!(signed_on(&mut world), [(first, None)]);
}

#[test]
fn two_who_sign_on_in_time_make_no_gap_and_hand_over_with_a_remark() {
    let (mut world, _) = world();
    sign_on(&mut world, &[0, 1]);
    world.pass(60 + 3 * 60);
    assert_eq!(shown(&mut world).step, Step::None);
    assert_eq!(shown(&mut world).turns[0].on_duty, 2);
    let person = world.people[0];
    let remark = Text::new("一切正常");
    let deed = Deed::HandOver { remark: remark.clone() };
    assert_eq!(
        world.act(Actor::Machine, seen(person, deed.clone())),
        Err(Any::Duty(Refusal::NotNow)),
        "not in the middle"
    );
    for _ in 0..(52 * 60) {
        world.pass(1);
        for index in [0, 1] {
            let person = world.people[index];
            world.act(Actor::Machine, seen(person, Deed::Confirm)).ok();
        }
    }
    world.act(Actor::Machine, seen(person, deed)).unwrap();
    world.pass(10 * 60);
    let first = shown_turn(&mut world);
    assert!(gaps(&mut world).iter().all(|gap| gap.turn != first), "only the next turn, which nobody keeps");
    let matters = shown(&mut world).matters;
    let Some(Matter::Handover { remark: said, .. }) = matters.last().map(|row| &row.matter) else {
        panic!("an officer is asked about the handover")
    };
    assert_eq!(*said, remark);
}

/// The first turn of the rota.
fn shown_turn(world: &mut World) -> Turn {
    let events = world.sent(Lane::RollCall).into_iter();
    let mut turns =
        events.filter_map(|event| if let Event::DutySignedOn(fact) = event { Some(fact.turn) } else { None });
    turns.next().unwrap()
}

#[test]
fn one_alone_is_first_light_then_a_low_voice_then_the_control_room_within_thirty_seconds() {
    let (mut world, _) = world();
    sign_on(&mut world, &[0]);
    world.pass(60 + 119);
    assert_eq!(shown(&mut world).step, Step::None);
    world.pass(1);
    assert_eq!(shown(&mut world).step, Step::Light);
    assert!(gaps(&mut world).is_empty());
    world.pass(10);
    assert_eq!(shown(&mut world).step, Step::Voice);
    assert!(gaps(&mut world).is_empty());
    world.pass(10);
    assert_eq!(shown(&mut world).step, Step::Told);
    let limit_ms = world.now.wall_ms - 20_000;
    let [gap] = gaps(&mut world)[..] else { panic!("one gap") };
    assert_eq!((gap.gap, gap.on_duty, gap.needed, gap.ended), (GapKind::TooFew, 1, 2, None));
    assert_eq!(gap.since.wall_ms, limit_ms);
    world.pass(120);
    assert_eq!(gaps(&mut world).len(), 1, "told once");
    sign_on(&mut world, &[1]);
    world.pass(1);
    assert_eq!(shown(&mut world).step, Step::None);
    let told = gaps(&mut world);
    assert_eq!(told.len(), 2);
    assert_eq!((told[1].number, told[1].ended.map(|at| at.wall_ms)), (1, Some(world.now.wall_ms)));
    assert!(told[1].told.is_some());
}

#[test]
fn nobody_on_duty_is_told_as_nobody_and_names_nobody() {
    let (mut world, _) = world();
    world.pass(60 + 141);
    let told = gaps(&mut world);
    assert_eq!(told[0].gap, GapKind::Nobody);
    let words = serde_json::to_string(&Event::DutyGap(told[0])).unwrap();
    assert!(world.people.iter().all(|person| !words.contains(&person.to_string())));
}

#[test]
fn both_asleep_is_light_then_voice_then_told_and_ends_when_they_answer() {
    let (mut world, _) = world();
    sign_on(&mut world, &[0, 1]);
    world.pass(61);
    asked(&mut world);
    world.pass(119);
    assert_eq!(shown(&mut world).step, Step::None);
    world.pass(1);
    assert_eq!(shown(&mut world).step, Step::Light);
    world.pass(20);
    assert_eq!(gaps(&mut world)[0].gap, GapKind::Unconfirmed);
    for index in [0, 1] {
        let person = world.people[index];
        world.act(Actor::Machine, seen(person, Deed::Confirm)).unwrap();
        assert_eq!(world.act(Actor::Machine, seen(person, Deed::Confirm)), Err(Any::Duty(Refusal::Already)));
    }
    world.pass(1);
    assert!(gaps(&mut world)[1].ended.is_some());
    assert_eq!(places(&mut world), [(0, Place::On), (1, Place::On)], "nobody is judged");
}

#[test]
fn whoever_is_taken_out_is_replaced_at_once_by_the_reserve_then_by_the_next_in_the_rota() {
    let (mut world, _) = world();
    sign_on(&mut world, &[0, 1]);
    take_out(&mut world, 0);
    assert_eq!(places(&mut world), [(0, Place::Left), (1, Place::On), (2, Place::Planned)]);
    take_out(&mut world, 2);
    assert_eq!(places(&mut world), [(0, Place::Left), (1, Place::On), (2, Place::Left), (3, Place::Planned)]);
    let view = shown(&mut world);
    assert!(view.turns[0].people[3].replaces);
    sign_on(&mut world, &[3]);
    assert_eq!(signed_on(&mut world)[2], (world.people[3], Some(world.people[2])));
}

#[test]
fn whoever_is_exempt_is_never_asked_and_nobody_reads_why() {
    let mut world = World::new(6);
    let rota = rota(&world);
    for index in [0, 2] {
        let exempt = contract::Member {
            id: world.people[index],
            exempt: Some(Text::new("抑郁")),
            ..world.member(index + 1)
        };
        world.put("member", &exempt.id.to_string(), &exempt);
    }
    world.put("rota", "w", &rota);
    world.pass(9 * 60);
    let view = shown(&mut world);
    let asked = view.turns[0].people.iter().filter(|person| person.ask.is_some());
    assert_eq!(asked.map(|person| person.detainee).collect::<Vec<_>>(), [world.people[1], world.people[3]]);
    assert!(!format!("{view:?}").contains("抑郁"));
    let person = world.people[0];
    let refused = world.act(Actor::Machine, seen(person, Deed::SignOn));
    assert_eq!(refused, Err(Any::Duty(Refusal::NotYourTurn)));
}

#[test]
fn somebody_transferred_in_the_middle_leaves_and_is_replaced() {
    let (mut world, _) = world();
    sign_on(&mut world, &[0, 1]);
    let gone = world.people[1].to_string();
    world.delete("member", &gone);
    assert_eq!(places(&mut world).last(), Some(&(2, Place::Planned)));
}

#[test]
fn i_cannot_stay_awake_calls_an_officer_once_and_is_no_gap_and_no_fault() {
    let (mut world, _) = world();
    sign_on(&mut world, &[0, 1]);
    world.pass(60);
    let person = world.people[0];
    let called = world.act(Actor::Anyone, Intent::Unwell { detainee: person }).unwrap();
    assert_eq!(
        world.act(Actor::Anyone, Intent::Unwell { detainee: person }),
        Err(Any::Duty(Refusal::Called))
    );
    assert!(matches!(&world.sent(Lane::Alarm)[..], [Event::DutyUnwell(unwell)] if unwell.detainee == person));
    asked(&mut world);
    let view = shown(&mut world);
    assert_eq!(view.turns[0].people[0].ask, None, "nobody unwell is asked to confirm");
    assert!(gaps(&mut world).is_empty());
    let (subject, note) = (called.receipt.unwrap(), Text::new("已安排人员替换"));
    let answer = Intent::Answer { subject, answer: DutyAnswer::Confirmed, note };
    assert_eq!(world.act(Actor::Anyone, answer.clone()), Err(Any::OfficerOnly));
    world.act(world.officer(), answer.clone()).unwrap();
    assert_eq!(world.act(world.officer(), answer), Err(Any::Duty(Refusal::Answered)));
    assert_eq!(places(&mut world), [(0, Place::Left), (1, Place::On), (2, Place::Planned)]);
    let stranger = world.people[4];
    let refused = world.act(Actor::Anyone, Intent::Unwell { detainee: stranger });
    assert_eq!(refused, Err(Any::Duty(Refusal::NotYourTurn)));
}

#[test]
fn a_pin_counts_and_a_wrong_one_is_counted_and_a_deed_that_may_not_be_done_uses_up_none() {
    let (mut world, _) = world();
    let (first, other) = (world.people[0], world.people[4]);
    let enter = |detainee, digits: &str| Intent::EnterPin { detainee, deed: Deed::SignOn, pin: pin(digits) };
    for _ in 0..9 {
        let refused = world.act(Actor::Anyone, enter(other, "9999"));
        assert_eq!(refused, Err(Any::Duty(Refusal::NotYourTurn)));
    }
    let wrong = world.act(Actor::Anyone, enter(first, "9999"));
    assert_eq!(wrong, Err(Any::Session(session::Refusal::WrongPin { tries_left: 4 })));
    world.act(Actor::Anyone, enter(first, "2001")).unwrap();
    let sent = world.sent(Lane::RollCall);
    assert!(
        matches!(&sent[..], [Event::DutySignedOn(fact)] if fact.how == How::Pin { chosen: true }),
        "{sent:?}"
    );
}

#[test]
fn an_officer_checks_with_a_reason_and_nobody_else_does() {
    let (mut world, _) = world();
    let detainee = world.people[0];
    let check = |reason| Intent::Check { detainee, deed: Deed::SignOn, reason };
    assert_eq!(world.act(Actor::Machine, check(CheckReason::Asked)), Err(Any::OfficerOnly));
    let empty = world.act(world.officer(), check(CheckReason::Typed(Text::default())));
    assert_eq!(empty, Err(Any::Duty(Refusal::ReasonMissing)));
    world.act(world.officer(), check(CheckReason::CameraDown)).unwrap();
    assert_eq!(places(&mut world)[0], (0, Place::On));
}

#[test]
fn after_the_tries_at_the_camera_another_way_is_offered_and_nothing_is_decided() {
    let (mut world, _) = world();
    let detainee = world.people[0];
    let template = session::TemplateBytes(zeroize::Zeroizing::new(vec![1, 2, 3]));
    let keep = session::Intent::KeepTemplate { detainee, template, model: Text::new("m1") };
    world.act(world.officer(), keep).unwrap();
    assert!(shown(&mut world).turns[0].people[0].face);
    for _ in 0..3 {
        world.act(Actor::Machine, Intent::NotMatched { detainee }).unwrap();
    }
    let person = shown(&mut world).turns[0].people[0].clone();
    assert_eq!((person.face, person.has_pin, person.ask), (false, true, Some(Ask::SignOn)));
}

#[test]
fn a_swap_needs_both_and_an_officer_and_is_the_officers_to_refuse() {
    let mut world = World::new(6);
    let rota = rota(&world);
    world.put("rota", "w", &rota);
    let turn = |index: usize| Turn { shift: rota.shifts[index].shift, cycle: 0 };
    let (first, second) = (world.people[0], world.people[3]);
    let swap = Swap { first, first_turn: turn(0), second, second_turn: turn(1) };
    let deed = Deed::Swap(swap);
    assert_eq!(
        world.act(Actor::Machine, seen(second, deed.clone())),
        Err(Any::Duty(Refusal::NoSuchSwap)),
        "the first agrees first"
    );
    world.act(Actor::Machine, seen(first, deed.clone())).unwrap();
    assert!(world.sent(Lane::RollCall).is_empty(), "nothing is asked by one alone");
    world.power_cut();
    let asked = world.act(Actor::Machine, seen(second, deed.clone())).unwrap();
    assert_eq!(world.act(Actor::Machine, seen(first, deed)), Err(Any::Duty(Refusal::Already)));
    let names = |world: &mut World| -> Vec<DetaineeId> {
        shown(world).week[0].people.iter().map(|(id, _)| *id).collect()
    };
    assert_eq!(names(&mut world), [first, world.people[1]], "not before the officer");
    let subject = asked.receipt.unwrap();
    let refused = Intent::Answer { subject, answer: DutyAnswer::Refused, note: Text::default() };
    world.act(world.officer(), refused).unwrap();
    assert_eq!(names(&mut world), [first, world.people[1]]);
    let said = DutyAnswered { subject, answer: DutyAnswer::Confirmed, at_ms: world.now.wall_ms };
    world.put("duty_answer", &subject.to_string(), &said);
    assert_eq!(names(&mut world), [second, world.people[1]], "the platform's rota wins");
    let swapped = Rota {
        shifts: vec![
            Shift { people: vec![second, world.people[1]], ..rota.shifts[0].clone() },
            Shift { people: vec![first, world.people[4]], ..rota.shifts[1].clone() },
        ],
        ..rota
    };
    world.put("rota", "w", &swapped);
    assert_eq!(names(&mut world), [second, world.people[1]], "swapped once");
}

#[test]
fn a_turn_that_is_not_theirs_or_has_begun_is_not_swapped() {
    let (mut world, rota) = world();
    let turn = |index: usize| Turn { shift: rota.shifts[index].shift, cycle: 0 };
    let (first, second) = (world.people[0], world.people[3]);
    for swap in [
        Swap { first, first_turn: turn(0), second, second_turn: turn(1) },
        Swap { first, first_turn: turn(1), second, second_turn: turn(1) },
        Swap { first: world.people[5], first_turn: turn(1), second, second_turn: turn(1) },
    ] {
        let refused = world.act(Actor::Machine, seen(swap.first, Deed::Swap(swap)));
        assert_eq!(refused, Err(Any::Duty(Refusal::NoSuchSwap)));
    }
}

#[test]
fn a_turn_nobody_hands_over_is_a_gap_after_its_end_and_names_nobody() {
    let (mut world, _) = world();
    world.policy(|policy| {
        (policy.duty.confirm_every_s_min, policy.duty.confirm_every_s_max) = (7_200, 7_200);
    });
    sign_on(&mut world, &[0, 1]);
    world.pass(60 * 60 + 60);
    let before = gaps(&mut world).into_iter().filter(|gap| gap.gap == GapKind::NoHandover).count();
    assert_eq!(before, 0);
    world.pass(200);
    let told: Vec<_> = gaps(&mut world).into_iter().filter(|gap| gap.gap == GapKind::NoHandover).collect();
    assert_eq!(told.len(), 1);
}

#[test]
fn the_steward_is_shown_apart_and_has_no_turn() {
    let (mut world, _) = world();
    let view = shown(&mut world);
    assert_eq!(view.stewards, ["王**"]);
    let steward = world.people[5];
    assert!(view.turns[0].people.iter().all(|person| person.detainee != steward));
}

#[test]
fn an_idle_terminal_writes_nothing() {
    let (mut world, _) = world();
    sign_on(&mut world, &[0, 1]);
    world.pass(120);
    let now = world.now;
    assert!(!world.read(|read| crate::due(read, &now)));
}

#[test]
fn in_the_night_nothing_is_said_but_what_policy_allows() {
    let (mut world, _) = world();
    // Where the platform has said nothing of a place, the facility's clock is UTC: it is ten in the morning.
    let night = |world: &mut World, voice: bool| {
        world.policy(|policy| {
            (policy.duty.night_from_min, policy.duty.night_to_min) = (9 * 60, 12 * 60);
            policy.duty.night_voice = voice;
        });
    };
    world.pass(60 + 135);
    assert!(shown(&mut world).voice && shown(&mut world).step == Step::Voice);
    night(&mut world, false);
    let view = shown(&mut world);
    assert!(!view.voice && view.step == Step::Voice, "the light stays");
    night(&mut world, true);
    assert!(shown(&mut world).voice);
}
