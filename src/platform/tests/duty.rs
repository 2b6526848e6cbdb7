// SPDX-License-Identifier: GPL-3.0-only
//! What the platform makes of duty.

use super::*;
use contract::{
    DetaineeId, DutyAnswer, DutyGap, DutyHandedOver, DutyOfficerChecked, DutySignedOn, DutySwapAsked,
    DutyUnwell, GapKind, How, Rota, ShiftId, Swap, Turn,
};

on_both! {
    the_demo_has_a_rota_for_everybody_and_each_shift_has_two,
    what_people_did_is_kept_once_by_its_event,
    a_gap_and_its_end_are_one_and_name_nobody,
    a_gap_of_the_record_is_told_with_its_end_and_waits_for_an_answer,
    the_first_answer_counts_wherever_it_was_given,
    an_answer_that_comes_before_its_gap_waits_for_it,
    a_swap_an_officer_agrees_to_is_in_the_rota_once,
    somebody_of_another_cell_is_parked,
}

impl World {
    pub(crate) fn turn(&self) -> Turn {
        Turn { shift: ShiftId::fresh(), cycle: 0 }
    }

    pub(crate) fn who(&self, index: usize) -> DetaineeId {
        self.seeded.detainees[index].id
    }

    pub(crate) async fn rota(&self) -> Rota {
        self.running.platform.rotas(self.terminal()).await.unwrap().remove(0).1
    }
}

pub(crate) fn gap(kiosk: &Kiosk, turn: Turn) -> DutyGap {
    DutyGap {
        turn,
        number: 1,
        gap: GapKind::TooFew,
        on_duty: 1,
        needed: 2,
        since: kiosk.stamp(),
        ended: None,
        told: None,
    }
}

fn checked(world: &World, kiosk: &Kiosk, subject: EventId, answer: DutyAnswer) -> Event {
    let officer = world.seeded.officers[1].id;
    let note = "已查看，正常".into();
    Event::DutyOfficerChecked(DutyOfficerChecked { subject, answer, officer, note, at: kiosk.stamp() })
}

async fn the_demo_has_a_rota_for_everybody_and_each_shift_has_two(on: On) {
    let world = World::new(on).await;
    let rota = world.rota().await;
    assert!(rota.fault().is_none() && rota.shifts.len() == 35);
    assert!(rota.shifts.iter().all(|shift| shift.people.len() == 2));
    let serve = |person: &crate::demo::DemoDetainee| {
        rota.shifts.iter().filter(|shift| shift.people.contains(&person.id)).count()
    };
    assert!(world.seeded.detainees.iter().all(|person| (5..=6).contains(&serve(person))));
}

async fn what_people_did_is_kept_once_by_its_event(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let (turn, detainee, at) = (world.turn(), world.who(0), kiosk.stamp());
    let how = How::Pin { chosen: true };
    let fact = DutySignedOn { turn, detainee, instead_of: None, at, repeated: false, how: how.clone() };
    let event = kiosk.event(&Event::DutySignedOn(fact));
    for _ in 0..2 {
        kiosk.send(std::slice::from_ref(&event)).await.unwrap();
    }
    let remark = "一切正常".into();
    kiosk.say(&Event::DutyHandedOver(DutyHandedOver { turn, detainee, remark, at, how })).await;
    kiosk.say(&Event::DutyUnwell(DutyUnwell { turn, detainee, at })).await;
    let report = world.running.platform.duty(world.terminal()).await.unwrap();
    assert_eq!(report.signed_on, [(detainee, None)]);
    assert_eq!((report.handed_over, report.unwell), (vec![detainee], vec![detainee]));
}

async fn a_gap_and_its_end_are_one_and_name_nobody(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let told = gap(&kiosk, world.turn());
    let first = kiosk.event(&Event::DutyGap(told));
    let end = |told_by| DutyGap { ended: Some(kiosk.stamp()), told: Some(told_by), ..told };
    let (end, stray) = (end(first.id), end(EventId::fresh()));
    kiosk.send(std::slice::from_ref(&first)).await.unwrap();
    kiosk.say(&Event::DutyGap(end)).await;
    let stray = kiosk.event(&Event::DutyGap(stray));
    assert_eq!(kiosk.verdict(&stray).await, Verdict::Parked { code: "gap_unknown".into() });
    let gaps = world.running.platform.duty(world.terminal()).await.unwrap().gaps;
    assert_eq!(gaps.len(), 1);
    assert_eq!(gaps[0].ended_ms, Some(kiosk.stamp().wall_ms));
    assert!(world.seeded.detainees.iter().all(|person| !first.body.contains(&person.id.to_string())));
}

async fn a_gap_of_the_record_is_told_with_its_end_and_waits_for_an_answer(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let ended = Some(kiosk.stamp());
    let told = DutyGap { gap: GapKind::Unrecorded, on_duty: 0, ended, ..gap(&kiosk, world.turn()) };
    let event = kiosk.event(&Event::DutyGap(told));
    for _ in 0..2 {
        kiosk.send(std::slice::from_ref(&event)).await.unwrap();
    }
    let gaps = world.running.platform.duty(world.terminal()).await.unwrap().gaps;
    assert_eq!(gaps.len(), 1);
    assert_eq!((gaps[0].kind, gaps[0].ended_ms), (GapKind::Unrecorded, ended.map(|at| at.wall_ms)));
    assert_eq!(gaps[0].answered_by, None);
}

async fn the_first_answer_counts_wherever_it_was_given(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let told = gap(&kiosk, world.turn());
    let subject = kiosk.say(&Event::DutyGap(told)).await;
    for _ in 0..2 {
        let said = checked(&world, &kiosk, subject, DutyAnswer::Confirmed);
        kiosk.say(&said).await;
    }
    let gaps = world.running.platform.duty(world.terminal()).await.unwrap().gaps;
    assert_eq!(gaps[0].answered_by.as_deref(), Some("何志远"));
    let mut write = world.running.platform.core.tables.write().await.unwrap();
    let late = crate::tables::duty::Answer {
        answer: DutyAnswer::Confirmed,
        by: "director",
        note: "x",
        at_ms: NOW_MS,
    };
    let first = crate::duty::answer_at_desk(&mut write, world.terminal(), subject, &late).await.unwrap();
    assert!(!first);
}

async fn an_answer_that_comes_before_its_gap_waits_for_it(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let told = gap(&kiosk, world.turn());
    let first = kiosk.event(&Event::DutyGap(told));
    let said = checked(&world, &kiosk, first.id, DutyAnswer::Confirmed);
    kiosk.say(&said).await;
    assert!(world.running.platform.duty(world.terminal()).await.unwrap().gaps.is_empty());
    kiosk.send(std::slice::from_ref(&first)).await.unwrap();
    let gaps = world.running.platform.duty(world.terminal()).await.unwrap().gaps;
    assert_eq!(gaps[0].note.as_deref(), Some("已查看，正常"));
}

async fn a_swap_an_officer_agrees_to_is_in_the_rota_once(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let rota = world.rota().await;
    let turn = |at: usize| Turn { shift: rota.shifts[at].shift, cycle: 0 };
    let (first, second) = (rota.shifts[0].people[0], rota.shifts[1].people[0]);
    let swap = Swap { first, first_turn: turn(0), second, second_turn: turn(1) };
    let how = How::Pin { chosen: true };
    let asked = DutySwapAsked { swap, at: kiosk.stamp(), first_how: how.clone(), second_how: how };
    let subject = kiosk.say(&Event::DutySwapAsked(asked)).await;
    assert_eq!(world.rota().await, rota, "not before an officer");
    for answer in [DutyAnswer::Confirmed, DutyAnswer::Refused] {
        let said = checked(&world, &kiosk, subject, answer);
        kiosk.say(&said).await;
    }
    let swapped = world.rota().await;
    assert_eq!((swapped.shifts[0].people[0], swapped.shifts[1].people[0]), (second, first));
    assert_eq!(swapped.shifts[2..], rota.shifts[2..]);
}

async fn somebody_of_another_cell_is_parked(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let (turn, detainee, at) = (world.turn(), DetaineeId::fresh(), kiosk.stamp());
    let event = kiosk.event(&Event::DutyUnwell(DutyUnwell { turn, detainee, at }));
    assert_eq!(kiosk.verdict(&event).await, Verdict::Parked { code: "not_of_this_cell".into() });
}
