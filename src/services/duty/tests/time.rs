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

#[test]
fn a_clock_that_jumps_moves_no_turn_and_opens_none_twice() {
    for jump_ms in [8 * HOUR_MS, -8 * HOUR_MS, 30 * 365 * 24 * HOUR_MS] {
        let (mut world, _) = world();
        sign_on(&mut world, &[0, 1]);
        world.pass(120);
        (world.now.wall_ms, world.now.trust) = (world.now.wall_ms + jump_ms, Trust::Unsynced);
        world.pass(60);
        let view = shown(&mut world);
        assert_eq!((view.turns.len(), view.turns[0].on_duty, view.step), (1, 2, Step::None), "{jump_ms}");
        (world.now.wall_ms, world.now.trust) = (world.now.wall_ms - jump_ms, Trust::Synced);
        world.pass(60);
        assert_eq!(shown(&mut world).turns[0].on_duty, 2, "{jump_ms}");
        assert_eq!(signed_on(&mut world).len(), 2);
        assert!(gaps(&mut world).is_empty());
    }
}

#[test]
fn a_clock_that_lost_its_time_with_the_power_ends_no_turn() {
    let (mut world, _) = world();
    sign_on(&mut world, &[0, 1]);
    world.pass(120);
    let was_ms = world.now.wall_ms;
    world.power_cut();
    world.now.wall_ms = 0;
    world.pass(60);
    assert_eq!(shown(&mut world).turns[0].on_duty, 2);
    (world.now.wall_ms, world.now.trust) = (was_ms + 10 * 60_000, Trust::Synced);
    world.pass(60);
    assert_eq!(shown(&mut world).turns[0].on_duty, 2);
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
