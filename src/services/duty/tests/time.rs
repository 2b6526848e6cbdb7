// SPDX-License-Identifier: GPL-3.0-only
//! Turns through power cuts, wrong clocks and weeks without a platform.

use super::*;

#[test]
fn the_times_of_confirmations_are_random_within_policy_and_the_same_after_a_power_cut() {
    let mut times = Vec::new();
    for cut in [false, true] {
        let mut world = World::new(6);
        let mut rota = rota(&world);
        for (number, shift) in rota.shifts.iter_mut().enumerate() {
            shift.shift = ShiftId(uuid::Uuid::from_u128(number as u128 + 1));
        }
        world.put("rota", "w", &rota);
        world.pass(9 * 60);
        sign_on(&mut world, &[0, 1]);
        if cut {
            world.power_cut();
        } else {
            world.pass(60);
        }
        let begins_ms = rota.begins_ms(&rota.shifts[0], 0);
        asked(&mut world);
        times.push((world.now.wall_ms - begins_ms) / 1000);
    }
    assert!((1_200..=2_400).contains(&times[0]), "{times:?}");
    assert!((times[0] - times[1]).abs() <= 1, "{times:?}");
}

#[test]
fn a_power_cut_in_every_phase_neither_loses_nor_doubles_a_sign_on() {
    let (mut world, _) = world();
    sign_on(&mut world, &[0]);
    world.power_cut();
    world.pass(1);
    assert_eq!(places(&mut world), [(0, Place::On), (1, Place::Planned)]);
    let first = world.people[0];
    assert_eq!(world.act(Actor::Machine, seen(first, Deed::SignOn)), Err(Any::Duty(Refusal::Already)));
    sign_on(&mut world, &[1]);
    world.power_cut();
    world.pass(1);
    assert_eq!(shown(&mut world).turns[0].phase, Phase::Running);
    asked(&mut world);
    world.power_cut();
    world.pass(1);
    let view = shown(&mut world);
    assert!(view.asks && view.step == Step::None, "the full time again");
    assert_eq!(signed_on(&mut world).len(), 2);
    assert!(gaps(&mut world).is_empty());
}

#[test]
fn a_gap_that_was_told_before_a_power_cut_goes_on_and_is_told_once() {
    let (mut world, _) = world();
    world.pass(60 + 141);
    assert_eq!(gaps(&mut world).len(), 1);
    world.power_cut();
    world.pass(300);
    assert_eq!(gaps(&mut world).len(), 1);
    assert_eq!(shown(&mut world).step, Step::Told);
}

/// A shift of the fourth and the fifth, so many minutes after the rota's first midnight.
fn extra(world: &World, begins_min: u32) -> Shift {
    Shift {
        shift: ShiftId::fresh(),
        title: Text::new("夜班"),
        begins_min,
        minutes: 60,
        people: vec![world.people[3], world.people[4]],
        reserve: Vec::new(),
    }
}

#[test]
fn a_clock_that_jumps_moves_no_turn_and_opens_none_twice() {
    // Each jump lands in a turn of the rota: at six in the evening, at two in the night, at ten on its third day.
    for jump_ms in [8 * HOUR_MS, -8 * HOUR_MS, 30 * 365 * 24 * HOUR_MS] {
        let mut world = World::new(6);
        let mut rota = rota(&world);
        rota.shifts.extend([18 * 60, 2 * 60, 2 * 24 * 60 + 10 * 60].map(|at| extra(&world, at)));
        world.put("rota", "w", &rota);
        world.pass(9 * 60);
        sign_on(&mut world, &[0, 1]);
        world.pass(120);
        (world.now.wall_ms, world.now.trust) = (world.now.wall_ms + jump_ms, Trust::Unsynced);
        world.pass(60);
        let view = shown(&mut world);
        assert_eq!((view.turns.len(), view.turns[0].on_duty, view.step), (1, 2, Step::None), "{jump_ms}");
        (world.now.wall_ms, world.now.trust) = (world.now.wall_ms - jump_ms, Trust::Synced);
        world.pass(60);
        let view = shown(&mut world);
        assert_eq!((view.turns.len(), view.turns[0].on_duty), (1, 2), "{jump_ms}");
        assert_eq!(signed_on(&mut world).len(), 2);
        assert!(gaps(&mut world).is_empty());
    }
}

#[test]
fn a_clock_that_jumps_while_a_turn_goes_on_keeps_the_next_one_on_time() {
    let (mut world, rota) = world();
    sign_on(&mut world, &[0, 1]);
    world.pass(120);
    (world.now.wall_ms, world.now.trust) = (world.now.wall_ms - 8 * HOUR_MS, Trust::Unsynced);
    world.pass(52 * 60);
    assert_eq!(shown(&mut world).turns.len(), 1);
    world.pass(2 * 60);
    let view = shown(&mut world);
    assert_eq!(view.turns.last().map(|turn| turn.turn.shift), Some(rota.shifts[1].shift));
    assert!(!view.unconfirmed);
}

/// The power is off for so many minutes, a minute at least; nobody confirms the time.
fn off_for(world: &mut World, minutes: i64) {
    world.power_cut();
    world.now.wall_ms += (minutes - 1) * 60_000;
}

fn confirmed(world: &mut World) {
    world.now.trust = Trust::Synced;
    world.pass(1);
}

#[test]
fn a_clock_that_lost_its_time_with_the_power_ends_no_turn() {
    let (mut world, rota) = world();
    sign_on(&mut world, &[0, 1]);
    world.pass(120);
    let was_ms = world.now.wall_ms;
    world.power_cut();
    world.now.wall_ms = 0;
    world.pass(60);
    assert_eq!(shown(&mut world).turns[0].on_duty, 2);
    assert!(gaps(&mut world).is_empty());
    // Ten minutes passed, the last one with power.
    world.now.wall_ms = was_ms + 10 * 60_000;
    confirmed(&mut world);
    assert_eq!(shown(&mut world).turns[0].on_duty, 2);
    let [gap] = gaps(&mut world)[..] else { panic!("one gap of the record") };
    assert_eq!((gap.gap, gap.turn.shift), (GapKind::Unrecorded, rota.shifts[0].shift));
    let ended_ms = gap.ended.unwrap().wall_ms;
    assert!((0..=60_000).contains(&(was_ms - gap.since.wall_ms)), "to the minute");
    assert_eq!(ended_ms, was_ms + 9 * 60_000 + 1_000);
}

#[test]
fn a_clock_nobody_confirmed_ends_no_turn_and_takes_it_back_up() {
    let (mut world, _) = world();
    sign_on(&mut world, &[0, 1]);
    world.pass(120);
    let was_ms = world.now.wall_ms;
    off_for(&mut world, 20 * 60);
    world.pass(300);
    assert!(gaps(&mut world).is_empty(), "nothing is told of a time nobody knows");
    world.now.wall_ms = was_ms + 6 * 60_000;
    confirmed(&mut world);
    let view = shown(&mut world);
    assert_eq!((view.turns.len(), view.turns[0].phase, view.turns[0].on_duty), (1, Phase::Running, 2));
    assert!(gaps(&mut world).is_empty());
}

#[test]
fn a_turn_missed_while_the_power_was_off_is_told_once_with_its_times_and_names_nobody() {
    let mut world = World::new(6);
    let rota = rota(&world);
    world.put("rota", "w", &rota);
    world.pass(1);
    off_for(&mut world, 180);
    world.pass(60);
    assert!(gaps(&mut world).is_empty() && shown(&mut world).turns.is_empty());
    confirmed(&mut world);
    let told = gaps(&mut world);
    assert_eq!(told.len(), 2);
    for (gap, shift) in told.iter().zip(&rota.shifts) {
        let begins_ms = rota.begins_ms(shift, 0);
        assert_eq!((gap.gap, gap.turn.shift, gap.on_duty), (GapKind::Unrecorded, shift.shift, 0));
        let times = (gap.since.wall_ms, gap.ended.map(|at| at.wall_ms));
        assert_eq!(times, (begins_ms, Some(begins_ms + HOUR_MS)));
    }
    let matters = shown(&mut world).matters;
    assert!(matters.iter().all(|matter| matches!(matter.matter, Matter::Gap(_)) && matter.name.is_empty()));
    world.pass(60);
    off_for(&mut world, 5);
    confirmed(&mut world);
    assert_eq!((gaps(&mut world).len(), shown(&mut world).matters.len()), (2, 2), "once");
}

#[test]
fn a_part_of_a_turn_without_power_is_told_and_whoever_was_on_stays_on() {
    let (mut world, _) = world();
    sign_on(&mut world, &[0, 1]);
    world.pass(60 + 15 * 60);
    let was_ms = world.now.wall_ms;
    off_for(&mut world, 20);
    world.pass(5);
    assert!(gaps(&mut world).is_empty());
    confirmed(&mut world);
    let [gap] = gaps(&mut world)[..] else { panic!("one gap of the record") };
    assert_eq!((gap.gap, gap.on_duty, gap.told), (GapKind::Unrecorded, 2, None));
    assert!((0..=60_000).contains(&(was_ms - gap.since.wall_ms)));
    assert_eq!(gap.ended.unwrap().wall_ms, was_ms + 20 * 60_000 + 1_000);
    let view = shown(&mut world);
    assert_eq!((view.turns[0].phase, view.turns[0].on_duty, view.step), (Phase::Running, 2, Step::None));
}

#[test]
fn a_turn_that_ended_without_power_is_a_gap_of_the_record_and_no_missing_handover() {
    let (mut world, rota) = world();
    sign_on(&mut world, &[0, 1]);
    world.pass(60 + 15 * 60);
    off_for(&mut world, 60);
    confirmed(&mut world);
    world.pass(200);
    let first: Vec<_> =
        gaps(&mut world).into_iter().filter(|gap| gap.turn.shift == rota.shifts[0].shift).collect();
    let [gap] = first[..] else { panic!("one gap of the record, {first:?}") };
    let end_ms = rota.begins_ms(&rota.shifts[0], 0) + HOUR_MS;
    assert_eq!((gap.gap, gap.ended.map(|at| at.wall_ms)), (GapKind::Unrecorded, Some(end_ms)));
}

#[test]
fn a_clock_nobody_confirmed_opens_no_turn_until_it_is_and_the_page_says_so() {
    let mut world = World::new(6);
    let rota = rota(&world);
    world.put("rota", "w", &rota);
    world.pass(1);
    assert!(!shown(&mut world).unconfirmed);
    off_for(&mut world, 20);
    world.pass(60);
    let view = shown(&mut world);
    assert!(view.turns.is_empty() && view.unconfirmed);
    let first = world.people[0];
    assert_eq!(world.act(Actor::Machine, seen(first, Deed::SignOn)), Err(Any::Duty(Refusal::NotYourTurn)));
    confirmed(&mut world);
    let view = shown(&mut world);
    assert_eq!((view.turns[0].phase, view.unconfirmed), (Phase::Running, false));
    let [gap] = gaps(&mut world)[..] else { panic!("what was before is a gap of the record") };
    let begins_ms = rota.begins_ms(&rota.shifts[0], 0);
    assert_eq!((gap.gap, gap.since.wall_ms), (GapKind::Unrecorded, begins_ms));
    assert_eq!(gap.ended, Some(world.now));
    sign_on(&mut world, &[0, 1]);
    world.pass(300);
    assert_eq!(gaps(&mut world).len(), 1);
}

#[test]
fn a_rota_that_arrives_late_holds_nothing_of_its_past_against_the_terminal() {
    let mut world = World::new(6);
    let first = rota(&world);
    world.now.wall_ms += 150 * 60_000;
    world.put("rota", "w", &first);
    world.pass(1);
    let mut second = first.clone();
    for shift in &mut second.shifts {
        shift.shift = ShiftId::fresh();
    }
    world.put("rota", "w", &second);
    world.pass(1);
    assert!(gaps(&mut world).is_empty());
}

#[test]
fn a_platform_that_is_gone_for_weeks_leaves_the_last_cycle_repeating_and_says_so() {
    let (mut world, rota) = world();
    assert!(!shown(&mut world).repeated);
    world.now.wall_ms += 3 * 7 * 24 * HOUR_MS;
    world.now.mono_ms += 3 * 7 * 24 * HOUR_MS;
    world.pass(60);
    let view = shown(&mut world);
    let running = view.turns.iter().find(|turn| turn.phase == Phase::Running).unwrap();
    assert_eq!(running.turn, Turn { shift: rota.shifts[0].shift, cycle: 3 });
    assert!(running.repeated && view.repeated);
    sign_on(&mut world, &[0]);
    let sent = world.sent(Lane::RollCall);
    assert!(matches!(sent.last(), Some(Event::DutySignedOn(fact)) if fact.repeated));
}

#[test]
fn a_newer_rota_takes_over_where_it_begins() {
    let (mut world, old) = world();
    let mut newer = rota(&world);
    newer.from_ms = old.from_ms + 24 * HOUR_MS;
    world.put("rota", "x", &newer);
    let view = shown(&mut world);
    let shifts: Vec<ShiftId> = view.week.iter().map(|turn| turn.turn.shift).collect();
    assert_eq!(
        shifts,
        [&old.shifts[..], &newer.shifts[..]].concat().iter().map(|s| s.shift).collect::<Vec<_>>()
    );
}

#[test]
fn a_rota_that_is_none_is_set_aside_and_the_last_one_stays() {
    let (mut world, good) = world();
    let nobody =
        Rota { shifts: vec![Shift { people: Vec::new(), ..good.shifts[0].clone() }], ..good.clone() };
    world.put("rota", "w", &nobody);
    assert_eq!(shown(&mut world).week.len(), 2);
}
