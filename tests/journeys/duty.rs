// SPDX-License-Identifier: GPL-3.0-only
//! Duty from the first touch to what the desk knows of it, through outages, power cuts and wrong clocks.

use super::by_face;
use crate::world::{Setup, World};
use contract::{DetaineeId, DutyAnswer, GapKind, HexBytes, Rota, Shift, ShiftId, Text, Turn};
use device::Clock as _;
use platform::DutyReport;
use services::duty::{Phase, Place as Stands, Step, TurnView};
use services::scene::{DutyPage, Place};

/// The demo's own rota has this key; stories put theirs in its place.
const KEY: &str = "0000-first";

/// A rota whose first turn begins in a minute: an hour of the first two, the third in reserve; then the next two.
fn rota(world: &World) -> Rota {
    let shift = |begins_min: u32, people: [usize; 2], reserve: &[usize]| Shift {
        shift: ShiftId::fresh(),
        title: Text::new("上午班"),
        begins_min,
        minutes: 60,
        people: people.map(|at| world.person(at).id).to_vec(),
        reserve: reserve.iter().map(|at| world.person(*at).id).collect(),
    };
    Rota {
        from_ms: world.clock.now().wall_ms + 60_000,
        days: 7,
        seed: HexBytes(vec![3; 16]),
        shifts: vec![shift(0, [0, 1], &[2]), shift(60, [3, 4], &[])],
        stewards: Vec::new(),
    }
}

pub(super) fn put(world: &World) -> Rota {
    let rota = rota(world);
    let platform = &world.platform().platform;
    world.block_on(platform.put_rota(world.seeded.terminal, KEY, &rota)).unwrap();
    world.until("the first turn opens", |world| turn(world).is_some());
    rota
}

fn world() -> World {
    let world = World::new(Setup::default());
    put(&world);
    world
}

/// The first turn that goes on.
pub(super) fn turn(world: &World) -> Option<TurnView> {
    world.scene()?.duty.turns.into_iter().next()
}

fn places(world: &World) -> Vec<(DetaineeId, Stands)> {
    turn(world).map(|turn| turn.people.iter().map(|p| (p.detainee, p.place)).collect()).unwrap_or_default()
}

pub(super) fn on_duty(world: &World) -> u32 {
    turn(world).map_or(0, |turn| turn.on_duty)
}

pub(super) fn report(world: &World) -> DutyReport {
    world.block_on(world.platform().platform.duty(world.seeded.terminal)).unwrap()
}

/// A person of the turn touches their tile and enters their PIN.
pub(super) fn sign_on_by_pin(world: &World, at: usize) {
    let (id, pin) = (world.person(at).id, world.person(at).pin.clone());
    if !world.scene().is_some_and(|scene| scene.place == Place::Duty(DutyPage::Today)) {
        world.touch("tile-duty");
    }
    world.touch(&format!("person-{id}"));
    world.until_sees("key-enter");
    world.pin(&pin);
    world.until_sees("duty-done");
    world.touch("duty-ok");
    world.until_sees("duty-mine");
}

pub(super) fn until_known(world: &World, what: &str, known: impl Fn(&DutyReport) -> bool) -> DutyReport {
    let mut found = DutyReport::default();
    world.until(what, |world| {
        found = report(world);
        known(&found)
    });
    found
}

#[test]
fn two_sign_on_by_pin_and_the_desk_knows_who_is_on_duty() {
    let world = world();
    sign_on_by_pin(&world, 0);
    sign_on_by_pin(&world, 1);
    let report = until_known(&world, "the desk knows both", |report| report.signed_on.len() == 2);
    assert!(report.signed_on.contains(&(world.person(0).id, None)));
    world.seconds_pass(200);
    world.until("the turn runs", |world| turn(world).is_some_and(|turn| turn.phase == Phase::Running));
    assert!(report.gaps.is_empty() && on_duty(&world) == 2);
    world.touch("leave");
    world.until_sees("tile-duty");
}

#[test]
fn one_is_known_by_face_and_signed_on_with_one_touch() {
    let Some(world) = by_face::world() else { return };
    by_face::enrol_first(&world, 1);
    put(&world);
    let id = world.person(0).id;
    world.touch("tile-duty");
    world.touch(&format!("person-{id}"));
    world.until_sees("duty-done");
    until_known(&world, "the desk knows", |report| report.signed_on == [(id, None)]);
}

#[test]
fn without_camera_and_pin_an_officer_looks_and_says_why() {
    let world = world();
    let id = world.person(0).id;
    world.touch("tile-duty");
    world.touch(&format!("person-{id}"));
    world.touch("use-officer");
    let officer = &world.seeded.officers[0];
    world.card(&officer.card);
    world.pin(&officer.pin);
    world.touch("choice-camera_down");
    world.until_sees("duty-done");
    assert!(
        world.scene().is_some_and(|scene| scene.who == services::session::Who::Nobody),
        "the officer is out"
    );
    until_known(&world, "the desk knows", |report| report.signed_on == [(id, None)]);
}

#[test]
fn a_power_cut_in_every_phase_loses_and_doubles_nothing() {
    let mut world = world();
    world.power_cut_and_on();
    sign_on_by_pin(&world, 0);
    world.power_cut_and_on();
    world.until("it knows who signed on", |world| on_duty(world) == 1);
    sign_on_by_pin(&world, 1);
    world.seconds_pass(120);
    world.power_cut_and_on();
    world.until("both are still on", |world| on_duty(world) == 2);
    let report = until_known(&world, "the desk knows both", |report| report.signed_on.len() >= 2);
    assert_eq!((report.signed_on.len(), report.gaps.len()), (2, 0));
}

#[test]
fn too_few_is_light_then_voice_then_told_and_the_task_is_closed_with_a_note() {
    let world = world();
    sign_on_by_pin(&world, 0);
    world.touch("leave");
    world.until_sees("tile-duty");
    assert!(!world.sees("duty-strip"));
    world.until("the turn runs", |world| turn(world).is_some_and(|turn| turn.phase == Phase::Running));
    world.seconds_pass(115);
    world.until_sees("duty-strip");
    world.until_sees("duty-call");
    world.until("the low voice may be heard", |world| {
        world.scene().is_some_and(|scene| scene.duty.step == Step::Voice)
    });
    let gap = until_known(&world, "the control room knows", |report| report.gaps.len() == 1).gaps.remove(0);
    assert_eq!((gap.kind, gap.ended_ms), (GapKind::TooFew, None));
    world.touch("duty-call");
    world.until_sees("duty-state");
    sign_on_by_pin(&world, 1);
    until_known(&world, "the gap is over", |report| report.gaps[0].ended_ms.is_some());
    world.until("the strip is dark", |world| !world.sees("duty-strip"));
    world.officer_in(0);
    world.touch("choice-duty");
    let matter = world.first("choice-matter.");
    world.touch(&matter);
    world.touch("choice-duty-note-seen");
    world.until_sees("empty");
    let closed =
        until_known(&world, "the desk knows it is closed", |report| report.gaps[0].answered_by.is_some());
    assert_eq!(closed.gaps[0].answered_by.as_ref(), Some(&world.seeded.officers[0].name));
}

#[test]
fn a_gap_closed_at_the_desk_is_closed_at_the_terminal() {
    let world = world();
    world.seconds_pass(61);
    world.seconds_pass(145);
    let gap = until_known(&world, "the control room knows", |report| report.gaps.len() == 1).gaps.remove(0);
    assert_eq!(gap.kind, GapKind::Nobody);
    let (platform, terminal) = (&world.platform().platform, world.seeded.terminal);
    assert!(world.block_on(platform.answer_duty(terminal, gap.event, "何志远", "已查看")).unwrap());
    assert!(!world.block_on(platform.answer_duty(terminal, gap.event, "何志远", "再次")).unwrap());
    world.until("the terminal knows", |world| {
        world.scene().is_some_and(|scene| {
            scene
                .duty
                .matters
                .iter()
                .any(|m| m.subject == gap.event && m.answer == Some(DutyAnswer::Confirmed))
        })
    });
}

#[test]
fn whoever_is_taken_out_is_replaced_and_the_replacement_signs_on() {
    let world = world();
    sign_on_by_pin(&world, 0);
    world.touch("leave");
    world.take_out(0);
    let (out, next) = (world.person(0).id, world.person(2).id);
    world.until("the reserve is asked", |world| {
        places(world).contains(&(out, Stands::Left)) && places(world).contains(&(next, Stands::Planned))
    });
    sign_on_by_pin(&world, 2);
    until_known(&world, "the desk knows in whose place", |report| {
        report.signed_on.contains(&(next, Some(out)))
    });
}

#[test]
fn one_exempt_is_never_asked_and_the_screen_has_no_reason() {
    let world = World::new(Setup::default());
    let (platform, terminal) = (&world.platform().platform, world.seeded.terminal);
    let exempt = world.person(1).id;
    let mut members = world.block_on(platform.members(terminal)).unwrap();
    let member = members.iter_mut().find(|member| member.id == exempt).expect("of the cell");
    member.exempt = Some(Text::new("抑郁"));
    world.block_on(platform.put_member(terminal, member)).unwrap();
    put(&world);
    world.until("the reserve is asked", |world| {
        places(world).contains(&(world.person(2).id, Stands::Planned))
    });
    world.touch("tile-duty");
    let tile = format!("person-{exempt}");
    let labels = ui::testing::all(world.window()).into_iter().filter_map(|e| e.accessible_label());
    assert!(labels.into_iter().all(|label| !label.contains("抑郁")));
    assert!(!ui::testing::click(world.window(), &tile), "nobody exempt is asked");
}

#[test]
fn i_cannot_stay_awake_calls_an_officer_with_two_touches() {
    let world = world();
    sign_on_by_pin(&world, 0);
    let id = world.person(0).id;
    world.touch("duty-unwell");
    world.touch(&format!("person-{id}"));
    world.until_sees("duty-done");
    let report = until_known(&world, "an officer is called", |report| report.unwell == [id]);
    assert!(report.gaps.is_empty());
}

#[test]
fn a_swap_is_agreed_to_by_both_and_by_an_officer_and_is_in_the_rota() {
    let world = World::new(Setup::default());
    let mut far = rota(&world);
    for shift in &mut far.shifts {
        shift.begins_min += 600;
    }
    let (platform, terminal) = (&world.platform().platform, world.seeded.terminal);
    world.block_on(platform.put_rota(terminal, KEY, &far)).unwrap();
    let planned = |world: &World, at: usize| -> Vec<DetaineeId> {
        let scene = world.scene().expect("a scene");
        let turn = Turn { shift: far.shifts[at].shift, cycle: 0 };
        let found = scene.duty.week.into_iter().find(|one| one.turn == turn);
        found.map(|one| one.people.into_iter().map(|(id, _)| id).collect()).unwrap_or_default()
    };
    world.until("the rota arrives", |world| !planned(world, 0).is_empty());
    let (first, second) = (world.person(0).id, world.person(3).id);
    let (own, other) = (far.shifts[0].shift, far.shifts[1].shift);
    world.touch("tile-duty");
    world.touch("duty-swap");
    world.touch_person(first);
    world.touch(&format!("choice-{own}.0.{first}"));
    world.touch(&format!("choice-{other}.0.{second}"));
    world.pin(&world.person(0).pin);
    world.until("the second is asked", |world| {
        matches!(world.scene().map(|s| s.place), Some(Place::Duty(DutyPage::Pin { detainee, .. })) if detainee == second)
    });
    world.pin(&world.person(3).pin);
    world.until_sees("duty-done");
    until_known(&world, "the desk is asked", |report| report.swaps.len() == 1);
    assert_eq!(planned(&world, 0)[0], first, "not before an officer");
    world.touch("leave");
    world.officer_in(1);
    world.touch("choice-duty");
    let matter = world.first("choice-matter.");
    world.touch(&matter);
    world.touch("choice-approve");
    world.until("the turns are swapped", |world| {
        planned(world, 0).first() == Some(&second) && planned(world, 1).first() == Some(&first)
    });
    until_known(&world, "the desk knows", |report| report.swaps[0].1 == Some(DutyAnswer::Confirmed));
    let kept = world.block_on(platform.rotas(terminal)).unwrap().remove(0).1;
    assert_eq!(kept.shifts[0].people[0], second, "the platform's rota has it");
}

#[test]
fn without_network_the_last_rota_counts_and_what_was_done_arrives_once() {
    let world = world();
    world.cut_network();
    sign_on_by_pin(&world, 0);
    sign_on_by_pin(&world, 1);
    assert!(report(&world).signed_on.is_empty());
    world.until("it says so", |world| world.sees("duty-note-0"));
    world.mend_network();
    let report = until_known(&world, "the desk knows both", |report| report.signed_on.len() >= 2);
    assert_eq!(report.signed_on.len(), 2);
}

#[test]
fn a_clock_that_jumps_loses_and_doubles_no_sign_on() {
    for jump_ms in [8 * 3_600_000, -8 * 3_600_000] {
        let world = world();
        sign_on_by_pin(&world, 0);
        world.cut_network();
        world.clock.jump_wall(jump_ms);
        world.look();
        sign_on_by_pin(&world, 1);
        world.until("both are on", |world| on_duty(world) == 2);
        world.mend_network();
        let report = until_known(&world, "the desk knows both", |report| report.signed_on.len() >= 2);
        assert_eq!(report.signed_on.len(), 2, "{jump_ms}");
    }
}
