// SPDX-License-Identifier: GPL-3.0-only
//! What time does to complaints: clocks, the lane's random wait, the limit of a day, the day's count, figures.

use super::super::{Intent, Overdue, Refusal, SentView, figures, is_held, tables};
use super::{Bureau, DAY_MS, HOUR_MS, beaten, refused};
use crate::Actor;
use crate::world::World;
use contract::{
    AnswerFigures, ComplaintCount, Event, FigureKind, FigureLine, Lane, Matter, Office, Text, ToOffice,
};

#[test]
fn clocks_run_offline_and_what_is_overdue_goes_to_the_next_office_once() {
    let mut world = World::new(1);
    let procurator = Bureau::opens(&mut world, Office::Procurator);
    let _director = Bureau::opens(&mut world, Office::Director);
    let draft = beaten(Office::Director, None);
    let held = world.sends(draft, None).unwrap();
    assert_eq!(world.status(&held).overdue, Overdue::No);
    assert_eq!(world.act(Actor::Anyone, Intent::Escalate(held.event)), Err(refused(Refusal::NotOverdue)));
    world.later(26 * HOUR_MS);
    assert_eq!(world.status(&held).overdue, Overdue::NotReceived);
    assert_eq!(world.status(&held).next, Some(Office::Procurator));
    world.act(Actor::Anyone, Intent::Escalate(held.event)).unwrap();
    let told = procurator.reads(&mut world);
    let Some(ToOffice { matter: Matter::Escalation { complaint, office, unreceived, .. }, .. }) = told.last()
    else {
        panic!("{told:?}")
    };
    assert_eq!((*complaint, *office, *unreceived), (held.event, Office::Director, true));
    assert_eq!(world.act(Actor::Anyone, Intent::Escalate(held.event)), Err(refused(Refusal::Already)));
    assert!(world.status(&held).escalated && world.status(&held).next.is_none());
    world.later(7 * DAY_MS);
    assert_eq!(world.status(&held).overdue, Overdue::NotAnswered);
}

#[test]
fn the_lock_up_passes_on_within_a_day_whatever_the_site_sets() {
    let mut world = World::new(1);
    let _procurator = Bureau::opens(&mut world, Office::Procurator);
    world.policy(|policy| policy.complaint.receive_h = 100);
    let held = world.sends(beaten(Office::Procurator, None), None).unwrap();
    let span = |sent: SentView| (sent.receive_due_ms - sent.made.wall_ms) / HOUR_MS - 1;
    assert_eq!(span(world.status(&held)), 100);
    let facility = contract::Facility { name: Text::new("拘留所"), kind: contract::FacilityKind::LockUp };
    world.put("facility", "facility", &facility);
    assert_eq!(span(world.status(&held)), 24, "拘留所条例 §29");
}

#[test]
fn the_lane_waits_a_random_while_by_policy_and_not_over_a_restart() {
    let mut world = World::new(1);
    let _procurator = Bureau::opens(&mut world, Office::Procurator);
    world.sends(beaten(Office::Procurator, None), None).unwrap();
    let held = |world: &mut World| {
        let now = world.now;
        world.read(|read| is_held(read, &now))
    };
    let until = world.read(tables::delay).unwrap();
    assert!((0..15 * 60_000).contains(&(until.mono_ms - world.now.mono_ms)));
    world.later(15 * 60_000);
    assert!(!held(&mut world));
    assert_eq!(world.read(tables::delay), None);
    world.policy(|policy| policy.complaint.delay_min = 0);
    world.sends(beaten(Office::Procurator, None), None).unwrap();
    assert!(!held(&mut world));
    world.policy(|policy| policy.complaint.delay_min = 15);
    world.sends(beaten(Office::Procurator, None), None).unwrap();
    world.power_cut();
    assert!(!held(&mut world));
}

#[test]
fn the_first_of_a_day_never_waits_and_after_many_one_goes_an_hour() {
    let mut world = World::new(1);
    let _procurator = Bureau::opens(&mut world, Office::Procurator);
    world.policy(|policy| policy.complaint.free_per_day = 2);
    let send = |world: &mut World| world.sends(beaten(Office::Procurator, None), None).map(|_| ());
    assert_eq!((send(&mut world), send(&mut world)), (Ok(()), Ok(())));
    assert_eq!(send(&mut world), Err(refused(Refusal::Hourly)));
    world.later(HOUR_MS);
    assert_eq!(send(&mut world), Ok(()));
    assert_eq!(send(&mut world), Err(refused(Refusal::Hourly)));
    world.later(DAY_MS);
    assert_eq!(send(&mut world), Ok(()), "the first of the next day");
}

#[test]
fn every_day_is_counted_with_the_zeros_and_numbers_have_no_gap() {
    let mut world = World::new(1);
    let procurator = Bureau::opens(&mut world, Office::Procurator);
    let _director = Bureau::opens(&mut world, Office::Director);
    let counts = |world: &mut World| -> Vec<ComplaintCount> {
        let counts = world.sent(Lane::Complaint).into_iter().filter_map(|event| {
            let Event::ComplaintCount(count) = event else { return None };
            Some(count)
        });
        counts.collect()
    };
    world.pass(1);
    assert!(counts(&mut world).is_empty(), "the first day is not over");
    world.later(DAY_MS);
    world.named(0, "2001");
    world.named(0, "2001");
    let numbers: Vec<u64> = procurator.reads(&mut world).iter().map(|told| told.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4], "a mark and a complaint each");
    world.later(DAY_MS);
    world.pass(2);
    let counts = counts(&mut world);
    let sent =
        |count: &ComplaintCount| count.counts.iter().map(|one| (one.office, one.sent)).collect::<Vec<_>>();
    assert_eq!(
        counts.iter().map(sent).collect::<Vec<_>>(),
        [[(Office::Procurator, 0), (Office::Director, 0)], [(Office::Procurator, 4), (Office::Director, 0)],]
    );
    assert_eq!(counts[1].day, counts[0].day + 1);
}

#[test]
fn figures_of_too_few_are_not_shown() {
    let mut world = World::new(1);
    let line = |count| FigureLine {
        what: FigureKind::Complaint(Office::Procurator),
        count,
        median_h: Some(30),
        overdue: None,
    };
    let told = |count| AnswerFigures { from_ms: 0, until_ms: 1, lines: vec![line(count)] };
    world.put("answer_figures", "figures", &told(4));
    assert_eq!(world.read(figures), None);
    world.put("answer_figures", "figures", &told(5));
    assert_eq!(world.read(figures), Some(told(5)));
}
