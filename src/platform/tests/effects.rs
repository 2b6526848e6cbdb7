// SPDX-License-Identifier: GPL-3.0-only
//! What the desk knows after the events of a cell.

use super::*;
use crate::CallState;
use contract::{
    CallId, CameraState, CameraStateChanged, CheckReason, DetaineeId, Direction, ErasureCause, How,
    IdentityCheck, Line, LinePlace, Movement, OutReason, Outcome, Phase, PinIssued, RollCallProgress,
    RollCallResult, RollCallSupplement, TemplateErased, TemplateMade, Total, Update,
};

on_both! {
    a_roll_call_is_followed_from_the_task_to_the_signed_result,
    an_older_progress_never_replaces_a_newer_one,
    a_second_result_never_edits_the_first,
    a_total_that_does_not_add_up_is_parked,
    a_supplement_is_added_beside_its_result_and_only_there,
    a_call_of_one_cell_cannot_be_answered_by_another,
    who_is_taken_out_comes_back_to_the_cell_by_the_feed,
    a_pin_given_at_the_terminal_is_not_replaced_by_the_older_one,
    templates_are_facts_of_a_person_and_an_erasure_counts_after_they_left,
    a_covered_camera_is_an_alarm_of_lower_rank_and_the_terminals_state,
    one_roll_call_at_a_time_waits_in_a_cell_and_an_expired_one_frees_it,
    a_task_is_cancelled_before_it_begins_and_not_after,
    seeding_again_changes_nothing_but_the_secrets_it_is_asked_to,
}

impl World {
    /// A result of eleven present in four ways and one out.
    pub(crate) fn result(&self, kiosk: &Kiosk, call: CallId) -> RollCallResult {
        let officer = self.seeded.officers[0].id;
        let at = kiosk.stamp();
        let line = |index: usize| {
            let outcome = match index {
                0 => {
                    Outcome::Out { out_reason: OutReason::Hearing, since_ms: NOW_MS, officer: Some(officer) }
                }
                1 => Outcome::Present(How::Pin { chosen: true }),
                2 => Outcome::Present(How::OfficerCheck { officer, reason: CheckReason::InBed }),
                3 => Outcome::NotSeen { officer, reason: "未到屏前".into() },
                _ => Outcome::Present(How::Face {
                    score: 0.612,
                    liveness: Some(0.93),
                    challenged: false,
                    model: "eb87ea5a".into(),
                }),
            };
            Line { detainee: self.seeded.detainees[index].id, at, tries: 1, outcome }
        };
        RollCallResult {
            call,
            title: "上午点名".into(),
            begun_by: None,
            opened: at,
            confirmed: at,
            lines: (0..12).map(line).collect(),
            extra: Vec::new(),
            total: Total { assigned: 12, out: 1, expected: 11, present: 10, not_seen: 1, extra: 0 },
            officers: vec![officer],
            recounts: 0,
            policy_rev: 1,
        }
    }

    fn progress(&self, call: CallId, phase: Phase, called: usize) -> RollCallProgress {
        let place = |index: usize| match index.cmp(&called) {
            std::cmp::Ordering::Less => LinePlace::Present,
            std::cmp::Ordering::Equal => LinePlace::Called,
            std::cmp::Ordering::Greater => LinePlace::Waiting,
        };
        let lines = (0..12).map(|index| (self.seeded.detainees[index].id, place(index))).collect();
        let present = u32::try_from(called).unwrap();
        let total = Total { assigned: 12, expected: 12, present, ..Total::default() };
        RollCallProgress { call, title: "上午点名".into(), phase, total, unresolved: 12 - present, lines }
    }
}

async fn call_of(world: &World) -> CallId {
    world.running.platform.results().await.unwrap()[0].call
}

async fn a_roll_call_is_followed_from_the_task_to_the_signed_result(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let platform = &world.running.platform;
    let call = call_of(&world).await;
    assert_eq!(platform.results().await.unwrap()[0].state, CallState::Asked);

    let running = world.progress(call, Phase::Open, 3);
    kiosk.say(&Event::RollCallProgress(running)).await;
    let report = platform.results().await.unwrap().remove(0);
    assert_eq!((report.state, report.unresolved), (CallState::Open, 9));
    assert_eq!(report.lines[3].place, LinePlace::Called);
    assert_eq!(report.lines[0].name, "王建国");

    let result = world.result(&kiosk, call);
    let event = kiosk.event(&Event::RollCallResult(result));
    kiosk.send(std::slice::from_ref(&event)).await.unwrap();
    let report = platform.results().await.unwrap().remove(0);
    assert_eq!((report.state, report.signed_hash), (CallState::Received, Some(event.hash())));
    assert_eq!(report.officers, ["马国庆"]);
    let places: Vec<LinePlace> = report.lines.iter().take(5).map(|line| line.place).collect();
    use LinePlace::{NotSeen, Out, Present};
    assert_eq!(places, [Out, Present, Present, NotSeen, Present]);
    assert_eq!(report.lines[2].officer.as_deref(), Some("马国庆"));
    assert!(!report.time_unverified);
}

async fn an_older_progress_never_replaces_a_newer_one(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let call = call_of(&world).await;
    kiosk.epoch = 2;
    let newer = world.progress(call, Phase::Review, 12);
    kiosk.say(&Event::RollCallProgress(newer)).await;
    kiosk.epoch = 1;
    kiosk.heads.clear();
    let older = world.progress(call, Phase::Open, 3);
    kiosk.say(&Event::RollCallProgress(older)).await;
    assert_eq!(world.running.platform.results().await.unwrap()[0].state, CallState::Review);
}

async fn a_second_result_never_edits_the_first(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let call = call_of(&world).await;
    let first = world.result(&kiosk, call);
    kiosk.say(&Event::RollCallResult(first.clone())).await;
    let second = kiosk.event(&Event::RollCallResult(RollCallResult { recounts: 9, ..first }));
    assert_eq!(kiosk.verdict(&second).await, Verdict::Parked { code: "second_result".into() });
    let report = world.running.platform.results().await.unwrap().remove(0);
    assert_eq!(report.recounts, 0);
}

async fn a_total_that_does_not_add_up_is_parked(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let mut result = world.result(&kiosk, call_of(&world).await);
    result.total.present = u32::MAX;
    let event = kiosk.event(&Event::RollCallResult(result));
    assert_eq!(kiosk.verdict(&event).await, Verdict::Parked { code: "total".into() });
}

async fn a_supplement_is_added_beside_its_result_and_only_there(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let call = call_of(&world).await;
    let officer = world.seeded.officers[0].id;
    let result = world.result(&kiosk, call);
    let late = Line { outcome: Outcome::Present(How::Pin { chosen: false }), ..result.lines[3].clone() };
    let supplement = Event::RollCallSupplement(RollCallSupplement { call, line: late, officer });
    let early = kiosk.event(&supplement);
    assert_eq!(kiosk.verdict(&early).await, Verdict::Parked { code: "supplement_without_result".into() });
    kiosk.say(&Event::RollCallResult(result)).await;
    kiosk.say(&supplement).await;
    let report = world.running.platform.results().await.unwrap().remove(0);
    assert_eq!(report.supplements.len(), 1);
    assert_eq!(report.lines[3].place, LinePlace::NotSeen, "the result is not edited");
}

async fn a_call_of_one_cell_cannot_be_answered_by_another(on: On) {
    let world = World::new(on).await;
    let call = call_of(&world).await;
    let place = contract::Terminal {
        terminal: TerminalId::fresh(),
        block: "三监区".into(),
        cell: "306室".into(),
        utc_offset_min: 480,
    };
    let facility =
        contract::Facility { name: "示范看守所".into(), kind: contract::FacilityKind::DetentionCentre };
    world.running.platform.put_terminal(&place, &facility).await.unwrap();
    let mut intruder = world.kiosk_at(place.terminal).await;
    let result = world.result(&intruder, call);
    intruder.say(&Event::RollCallResult(result)).await;
    let reports = world.running.platform.results().await.unwrap();
    let own = reports.iter().find(|report| report.terminal == world.terminal()).unwrap();
    assert_eq!((own.state, own.lines.len()), (CallState::Asked, 0));
}

async fn who_is_taken_out_comes_back_to_the_cell_by_the_feed(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let (page, _) = kiosk.feed(0, 0).await.unwrap();
    let person = world.seeded.detainees[4].id;
    let movement = Movement {
        detainee: person,
        direction: Direction::TakeOut,
        reason: OutReason::Interrogation,
        at: kiosk.stamp(),
        left_ms: None,
        checked: IdentityCheck::Officer,
        officer: world.seeded.officers[1].id,
        remaining: 11,
    };
    kiosk.say(&Event::Movement(movement.clone())).await;
    let (page, _) = kiosk.feed(page.to, 0).await.unwrap();
    let Update::Member(member) = Update::decode(&page.items[0]).unwrap() else { panic!("no member") };
    assert_eq!((member.id, member.out.unwrap().reason), (person, OutReason::Interrogation));

    let back = Movement { direction: Direction::Return, left_ms: Some(NOW_MS), remaining: 12, ..movement };
    kiosk.say(&Event::Movement(back)).await;
    let taken_out = page.items[0].rev;
    let (page, _) = kiosk.feed(page.to, 0).await.unwrap();
    let Update::Member(member) = Update::decode(&page.items[0]).unwrap() else { panic!("no member") };
    assert!(member.out.is_none() && page.items[0].rev > taken_out);
    assert_eq!(world.running.platform.movements(world.terminal()).await.unwrap().len(), 2);

    let stranger = Movement {
        detainee: DetaineeId::fresh(),
        ..world.running.platform.movements(world.terminal()).await.unwrap().remove(0)
    };
    let event = kiosk.event(&Event::Movement(stranger));
    assert_eq!(kiosk.verdict(&event).await, Verdict::Parked { code: "not_of_this_cell".into() });
}

async fn a_pin_given_at_the_terminal_is_not_replaced_by_the_older_one(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let person = world.seeded.detainees[0].id;
    let fact = PinIssued { detainee: person, officer: world.seeded.officers[0].id, at: kiosk.stamp() };
    kiosk.say(&Event::PinIssued(fact)).await;
    let members = world.running.platform.members(world.terminal()).await.unwrap();
    assert!(members.iter().find(|member| member.id == person).unwrap().pin.is_none());
    assert_eq!(members.iter().filter(|member| member.pin.is_some()).count(), 11);
}

async fn templates_are_facts_of_a_person_and_an_erasure_counts_after_they_left(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let person = world.seeded.detainees[0].id;
    let (officer, at) = (world.seeded.officers[0].id, kiosk.stamp());
    kiosk.say(&Event::TemplateMade(TemplateMade { detainee: person, officer, at, model: "m".into() })).await;
    world.running.platform.remove_member(world.terminal(), person).await.unwrap();
    let erased = TemplateErased { detainee: person, at, cause: ErasureCause::LeftCell };
    kiosk.say(&Event::TemplateErased(erased)).await;
    let facts = world.running.platform.person_facts(world.terminal(), person).await.unwrap();
    assert_eq!(facts, ["session.template_made/1", "session.template_erased/1"]);
}

async fn a_covered_camera_is_an_alarm_of_lower_rank_and_the_terminals_state(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let state = CameraState::Covered;
    kiosk.say(&Event::CameraStateChanged(CameraStateChanged { at: kiosk.stamp(), state })).await;
    assert_eq!(world.running.platform.terminals().await.unwrap()[0].camera, Some(CameraState::Covered));
    let alarm = world.running.platform.alarms().await.unwrap().remove(0);
    assert_eq!((alarm.kind, alarm.presses), ("camera", 1));
}

async fn one_roll_call_at_a_time_waits_in_a_cell_and_an_expired_one_frees_it(on: On) {
    let world = World::new(on).await;
    let platform = &world.running.platform;
    platform.start_roll_call(world.terminal(), "点名").await.unwrap_err();
    world.pass_ms(60 * 60_000);
    platform.start_roll_call(world.terminal(), "点名").await.unwrap();
    let states: Vec<CallState> =
        platform.results().await.unwrap().iter().map(|report| report.state).collect();
    assert_eq!(states, [CallState::Asked, CallState::NotBegun]);
}

async fn a_task_is_cancelled_before_it_begins_and_not_after(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let platform = &world.running.platform;
    let call = call_of(&world).await;
    platform.cancel_roll_call(world.terminal(), call).await.unwrap();
    assert_eq!(platform.results().await.unwrap()[0].state, CallState::Cancelled);
    let (page, _) = kiosk.feed(0, 0).await.unwrap();
    let Update::RollCallTask(task) = Update::decode(page.items.last().unwrap()).unwrap() else {
        panic!("no task")
    };
    assert!(task.cancelled);

    world.pass_ms(1000);
    let next = platform.start_roll_call(world.terminal(), "点名").await.unwrap();
    let progress = world.progress(next, Phase::Announced, 0);
    kiosk.say(&Event::RollCallProgress(progress)).await;
    platform.cancel_roll_call(world.terminal(), next).await.unwrap_err();
}

async fn seeding_again_changes_nothing_but_the_secrets_it_is_asked_to(on: On) {
    let world = World::new(on).await;
    let platform = &world.running.platform;
    let before = platform.members(world.terminal()).await.unwrap();
    let again = demo::seed(platform, Seed::default()).await.unwrap();
    assert!(!again.new_secrets && again.detainees.is_empty() && !again.roll_call);
    assert_eq!(platform.members(world.terminal()).await.unwrap(), before);

    let renewed = demo::seed(platform, Seed { new_secrets: true, ..Seed::default() }).await.unwrap();
    assert_eq!(renewed.detainees.len(), 12);
    let ids = |members: &[contract::Member]| members.iter().map(|member| member.id).collect::<Vec<_>>();
    let after = platform.members(world.terminal()).await.unwrap();
    assert_eq!(ids(&after), ids(&before));
    assert_ne!(after, before);
}
