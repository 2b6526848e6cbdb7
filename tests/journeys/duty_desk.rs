// SPDX-License-Identifier: GPL-3.0-only
//! Duty between the cell and the desk's own pages: confirmations, handovers, gaps and their answers, and what is known
//! of a time without power.

use super::duty::{on_duty, put, report, sign_on_by_pin, turn, until_known};
use super::pages::Pages;
use crate::world::{Setup, World};
use contract::{DutyAnswer, GapKind, Rota};
use device::Clock as _;
use platform::DutyReport;
use services::duty::{Ask, Phase};

impl Pages<'_> {
    /// The row of an event on the cell's page.
    fn row(&mut self, event: contract::EventId) -> String {
        let page = self.get(&format!("/duty/{}", self.world.seeded.terminal));
        let row =
            page.split(&format!("id=\"matter-{event}\"")).nth(1).unwrap_or_else(|| panic!("no row: {page}"));
        row.split("</tr>").next().unwrap().to_owned()
    }
}

/// A world whose confirmations come so many seconds after the turn begins, and again after as many.
fn world_asking_every(seconds: u32) -> (World, Rota) {
    let world = World::new(Setup::default());
    world.set_policy(|policy| {
        (policy.duty.confirm_every_s_min, policy.duty.confirm_every_s_max) = (seconds, seconds);
    });
    let rota = put(&world);
    (world, rota)
}

fn asked(world: &World, at: usize) -> Option<Ask> {
    let id = world.person(at).id;
    turn(world)?.people.into_iter().find(|person| person.detainee == id)?.ask
}

fn one_gap(world: &World, kind: GapKind) -> platform::GapReport {
    let known = |report: &DutyReport| report.gaps.len() == 1;
    let gap = until_known(world, "the control room knows", known).gaps.remove(0);
    assert_eq!(gap.kind, kind);
    gap
}

#[test]
fn one_confirms_and_the_other_does_not_and_the_desk_knows_both() {
    let (world, _) = world_asking_every(1_200);
    sign_on_by_pin(&world, 0);
    sign_on_by_pin(&world, 1);
    world.seconds_pass(60 + 1_200);
    world.until("both are asked", |world| {
        asked(world, 0) == Some(Ask::Confirm) && asked(world, 1) == Some(Ask::Confirm)
    });
    sign_on_by_pin(&world, 0);
    let first = world.person(0).id;
    until_known(&world, "the desk knows the first", |report| report.confirmed == [first]);
    assert_eq!((asked(&world, 0), asked(&world, 1)), (None, Some(Ask::Confirm)));
    world.seconds_pass(145);
    let gap = one_gap(&world, GapKind::Unconfirmed);
    assert_eq!(gap.ended_ms, None);
    sign_on_by_pin(&world, 1);
    let report = until_known(&world, "the gap is over", |report| report.gaps[0].ended_ms.is_some());
    assert_eq!((report.gaps.len(), report.confirmed.len()), (1, 2));
}

#[test]
fn a_handover_with_its_remark_is_read_and_confirmed_at_the_desk() {
    let (world, _) = world_asking_every(7_200);
    sign_on_by_pin(&world, 0);
    sign_on_by_pin(&world, 1);
    world.seconds_pass(60 + 3_600 - 240);
    world.until("it may be handed over", |world| asked(world, 0) == Some(Ask::HandOver));
    let (id, pin) = (world.person(0).id, world.person(0).pin.clone());
    if !world.sees("duty-mine") {
        world.touch("tile-duty");
    }
    world.touch(&format!("person-{id}"));
    world.touch("choice-duty-remark-noise");
    world.until_sees("key-enter");
    world.pin(&pin);
    world.until_sees("duty-done");
    until_known(&world, "the desk knows", |report| report.handed_over == [id]);
    let matter = || world.scene().and_then(|scene| scene.duty.matters.into_iter().next());
    let subject = matter().expect("an officer is asked").subject;
    let mut desk = Pages::signed_in(&world, "supervisor");
    let row = desk.row(subject);
    assert!(row.contains("交班") && row.contains("夜里有异常响动"), "{row}");
    let page = format!("/duty/{}", world.seeded.terminal);
    let from = desk.get(&page);
    let fields = [("subject", &*subject.to_string()), ("answer", "confirmed"), ("note", "已了解")];
    desk.post(&format!("{page}/answer"), &from, &fields);
    assert!(desk.row(subject).contains("supervisor 已处理 · 已了解"));
    world.until("the terminal knows", |_| matter().and_then(|one| one.answer) == Some(DutyAnswer::Confirmed));
    assert!(report(&world).gaps.is_empty());
}

#[test]
fn an_officer_at_the_kiosk_answers_a_gap_and_the_desk_shows_the_same_event_closed() {
    let (world, _) = world_asking_every(7_200);
    world.seconds_pass(61);
    world.seconds_pass(145);
    let gap = one_gap(&world, GapKind::Nobody);
    let mut desk = Pages::signed_in(&world, "control");
    assert!(desk.get("/").contains("data-kind=\"duty_gap\""), "a task of the control room");
    assert!(desk.row(gap.event).contains("等"));
    world.officer_in(0);
    world.touch("choice-duty");
    world.touch(&format!("choice-matter.{}", gap.event));
    world.touch("choice-duty-note-replaced");
    world.until_sees("empty");
    until_known(&world, "the desk knows", |report| report.gaps[0].answered_by.is_some());
    let row = desk.row(gap.event);
    let name = &world.seeded.officers[0].name;
    assert!(row.contains(&format!("{name} 已处理 · 已安排人员替换")), "{row}");
    assert!(!desk.get("/").contains("data-kind=\"duty_gap\""), "the task is closed");
}

#[test]
fn a_turn_without_power_is_a_gap_of_the_record_at_the_desk_and_told_once() {
    let (mut world, rota) = world_asking_every(7_200);
    let begins_ms = rota.from_ms;
    sign_on_by_pin(&world, 0);
    sign_on_by_pin(&world, 1);
    world.power_cut();
    // Off from before the first turn until ten minutes into the second, which is the demo's last.
    world.seconds_pass_dark(60 + 3_600 + 600);
    world.power_on();
    let report = until_known(&world, "the desk knows both", |report| report.gaps.len() >= 2);
    assert_eq!(report.gaps.len(), 2);
    assert!(report.gaps.iter().all(|gap| gap.kind == GapKind::Unrecorded && gap.ended_ms.is_some()));
    let [second, first] = &report.gaps[..] else { panic!("two") };
    let hour_ms = 3_600_000;
    assert_eq!((first.since_ms, first.ended_ms), (begins_ms, Some(begins_ms + hour_ms)));
    assert_eq!(second.since_ms, begins_ms + hour_ms);
    assert!(second.ended_ms.is_some_and(|ms| ms <= world.clock.now().wall_ms));
    world.until("the second turn runs", |world| {
        turn(world).is_some_and(|turn| turn.phase == Phase::Running && turn.begins_ms == begins_ms + hour_ms)
    });
    let (first, second) = (first.event, second.event);
    let mut desk = Pages::signed_in(&world, "control");
    for event in [first, second] {
        let row = desk.row(event);
        assert!(row.contains("没有记录") && row.matches("<time").count() == 2, "{row}");
    }
    drop(desk);
    assert_eq!(on_duty(&world), 0);
    world.power_cut_and_on();
    sign_on_by_pin(&world, 3);
    until_known(&world, "the desk knows who came", |report| report.signed_on.len() == 3);
    assert_eq!(self::report(&world).gaps.len(), 2, "told once");
}
