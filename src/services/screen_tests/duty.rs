// SPDX-License-Identifier: GPL-3.0-only
//! The pages of duty: today, the week, how somebody shows who they are, what an officer answers.

use super::*;
use crate::duty::{
    Ask, Deed, Matter, MatterView, PersonView, Phase as TurnPhase, Place as OnDuty, Planned, Refusal as No,
    Step, TurnView,
};
use crate::scene::{DutyDone, DutyPage, DutyTouch};
use contract::{DutyAnswer, DutyGap, DutyUnwell, EventId, GapKind, ShiftId, Swap, Turn};

const HOUR_MS: i64 = 3_600_000;

fn turn() -> Turn {
    Turn { shift: ShiftId::fresh(), cycle: 0 }
}

fn planned(scene: &Scene, begins_ms: i64, people: [usize; 2], opened: bool) -> Planned {
    let people = people.map(|at| (scene.people[at].id, scene.people[at].name.clone()));
    let ends_ms = begins_ms + 2 * HOUR_MS;
    Planned {
        turn: turn(),
        title: "午休班".to_owned(),
        begins_ms,
        ends_ms,
        people: people.to_vec(),
        repeated: false,
        opened,
    }
}

/// The first is on duty, the second has not signed on, the third was taken out and the fourth is asked instead.
fn on_duty() -> Scene {
    let mut scene = quiet();
    let person = |at: usize, place, ask, replaces| PersonView {
        detainee: scene.people[at].id,
        name: scene.people[at].name.clone(),
        badge_number: scene.people[at].badge_number.clone(),
        place,
        replaces,
        unwell: false,
        ask,
        face: true,
        has_pin: true,
    };
    let people = vec![
        person(0, OnDuty::On, None, false),
        person(1, OnDuty::Planned, Some(Ask::SignOn), false),
        person(2, OnDuty::Left, None, false),
        person(3, OnDuty::Planned, Some(Ask::SignOn), true),
    ];
    let running = planned(&scene, NOW_MS - 32 * 60_000, [0, 1], true);
    scene.duty.turns = vec![TurnView {
        turn: running.turn,
        title: running.title.clone(),
        begins_ms: running.begins_ms,
        ends_ms: running.ends_ms,
        phase: TurnPhase::Running,
        on_duty: 1,
        needed: 2,
        repeated: false,
        step: Step::None,
        gap: None,
        handed_over: false,
        people,
    }];
    let next = planned(&scene, NOW_MS + 2 * HOUR_MS, [4, 5], false);
    let after = planned(&scene, NOW_MS + 24 * HOUR_MS, [0, 4], false);
    scene.duty.week = vec![running, next, after];
    scene.duty.stewards = vec![scene.people[6].name.clone()];
    scene.place = Place::Duty(DutyPage::Today);
    scene
}

fn at(page: DutyPage) -> Scene {
    Scene { place: Place::Duty(page), ..on_duty() }
}

fn matter(matter: Matter, name: &str, other: &str) -> MatterView {
    let (name, other) = (name.to_owned(), other.to_owned());
    MatterView { subject: EventId::in_order(), matter, name, other, answer: None }
}

fn gap(kind: GapKind, ended: Option<Stamp>) -> Matter {
    let since = stamp(32);
    Matter::Gap(DutyGap {
        turn: turn(),
        number: 1,
        gap: kind,
        on_duty: 0,
        needed: 2,
        since,
        ended,
        told: None,
    })
}

#[test]
fn today_says_how_many_are_on_and_what_is_asked_of_whom_and_names_nobody_in_full() {
    let scene = on_duty();
    let window = zh(&scene);
    let state = says(&window, "duty-state");
    for words in ["午休班 10:00–12:00", "在岗 1 人 · 要求 2 人", "还差 1 人"] {
        assert!(state.contains(words), "{words} in {state}");
    }
    let tile = |at: usize| says(&window, &format!("person-{}", scene.people[at].id));
    assert!(tile(0).contains("在岗"));
    assert!(tile(1).contains("待签到") && !tile(1).contains("替班"));
    assert!(tile(3).contains("替班待签到"));
    assert!(tile(2).contains("已换人"));
    let said = read_all(&window);
    assert!(NAMES.iter().all(|name| !said.contains(name)), "{said}");
    assert!(says(&window, "steward").starts_with("轮值员 唐**"), "apart from those on duty");
    assert_eq!(
        touched(&scene, &format!("person-{}", scene.people[1].id)),
        [Touch::Person(scene.people[1].id)]
    );
    for (id, touch) in [
        ("duty-mine", DutyTouch::Mine),
        ("duty-week", DutyTouch::Week),
        ("duty-swap", DutyTouch::Swap),
        ("duty-unwell", DutyTouch::Unwell),
    ] {
        assert_eq!(touched(&scene, id), [Touch::Duty(touch)]);
    }
}

#[test]
fn what_does_not_hold_as_usual_is_said_and_a_time_nobody_confirmed_first() {
    let mut scene = on_duty();
    scene.duty.repeated = true;
    scene.link = Link::Offline;
    let window = zh(&scene);
    assert_eq!(says(&window, "duty-note-0"), "值班表未更新，沿用上一次批准的");
    assert_eq!(says(&window, "duty-note-1"), "网络中断，按最后收到的值班表");
    scene.duty.unconfirmed = true;
    scene.duty.turns.clear();
    let window = zh(&scene);
    assert!(says(&window, "duty-note-0").contains("时间还没有确认"));
    let state = says(&window, "duty-state");
    assert!(state.contains("时间未确认，暂不能签到") && !state.contains("下一班"), "{state}");
    scene.place = Place::Home;
    assert!(
        says(&zh(&scene), "tile-duty").contains("时间未确认"),
        "no turn is promised for a time nobody knows"
    );
}

#[test]
fn mine_and_the_week_are_lists_of_turns_with_masked_names() {
    let scene = on_duty();
    let mine = Scene { place: Place::Duty(DutyPage::Mine(scene.people[4].id)), ..scene.clone() };
    let window = zh(&mine);
    assert!(says(&window, "turn-0").contains("12:32"), "{}", says(&window, "turn-0"));
    assert!(testing::find(&window, "turn-1").is_some() && testing::find(&window, "turn-2").is_none());
    let week = Scene { place: Place::Duty(DutyPage::Week), ..scene.clone() };
    let window = zh(&week);
    assert!(says(&window, "turn-0").contains("陈** 丁**"), "{}", says(&window, "turn-0"));
    let none = Scene { place: Place::Duty(DutyPage::Mine(scene.people[9].id)), ..scene };
    assert_eq!(says(&zh(&none), "empty"), "这一周没有排您的班");
}

#[test]
fn whoever_signs_on_is_asked_masked_and_may_use_another_way() {
    let mut scene = on_duty();
    let detainee = scene.people[1].id;
    scene.place = Place::Duty(DutyPage::Face { detainee, deed: Deed::SignOn });
    assert!(says(&zh(&scene), "duty-name").contains("丁**"));
    assert_eq!(touched(&scene, "use-pin"), [Touch::UsePin]);
    assert_eq!(touched(&scene, "use-officer"), [Touch::UseOfficer]);
    let mut refused = at(DutyPage::Today);
    refused.refusal = Some(Refusal::Duty(No::NotYourTurn));
    assert!(read_all(&zh(&refused)).contains("现在不轮到这一位"));
    for (what, words) in [
        (DutyDone::SignedOn, "已签到"),
        (DutyDone::Confirmed, "已确认"),
        (DutyDone::HandedOver, "等民警确认"),
        (DutyDone::SwapAsked, "民警同意后才算换班"),
        (DutyDone::Called, "不算过错"),
    ] {
        let done = at(DutyPage::Done { name: "丁**".to_owned(), what });
        assert!(says(&zh(&done), "duty-done").contains(words), "{words}");
        assert!(testing::find(&zh(&done), "duty-ok").is_some());
    }
}

#[test]
fn a_handover_asks_how_the_turn_was_in_offered_words() {
    let scene = at(DutyPage::Remark(DetaineeId::fresh()));
    assert_eq!(touched(&scene, "choice-duty-remark-noise"), [Touch::Reason("duty-remark-noise".to_owned())]);
}

#[test]
fn a_swap_offers_own_turns_that_have_not_begun_then_those_of_others() {
    let scene = on_duty();
    let (first, other) = (scene.people[0].id, scene.people[5].id);
    let (own, next) = (scene.duty.week[2].turn, scene.duty.week[1].turn);
    let running = scene.duty.week[0].turn;
    let owns = Scene { place: Place::Duty(DutyPage::SwapOwn(first)), ..scene.clone() };
    let id = |turn: Turn, who: DetaineeId| format!("choice-{}.{}.{who}", turn.shift, turn.cycle);
    assert!(testing::find(&zh(&owns), &id(running, first)).is_none(), "it has begun");
    let touch = |turn, detainee| [Touch::Duty(DutyTouch::Turn { turn, detainee })];
    assert_eq!(touched(&owns, &id(own, first)), touch(own, first));
    let others = Scene { place: Place::Duty(DutyPage::SwapOther { first, first_turn: own }), ..scene };
    assert_eq!(touched(&others, &id(next, other)), touch(next, other));
}

#[test]
fn an_officer_reads_gaps_with_their_times_and_without_a_name_and_answers_each_its_way() {
    let mut scene = at(DutyPage::Matters);
    scene.who = signed_in();
    let swap = Swap {
        first: scene.people[0].id,
        first_turn: turn(),
        second: scene.people[4].id,
        second_turn: turn(),
    };
    let unwell = DutyUnwell { turn: turn(), detainee: scene.people[1].id, at: stamp(3) };
    let mut answered = matter(gap(GapKind::Nobody, None), "", "");
    answered.answer = Some(DutyAnswer::Confirmed);
    scene.duty.matters = vec![
        matter(gap(GapKind::TooFew, None), "", ""),
        matter(gap(GapKind::Unrecorded, Some(stamp(2))), "", ""),
        matter(Matter::Swap(swap), "陈大勇", "马超"),
        matter(Matter::Unwell(unwell), "丁建军", ""),
        answered.clone(),
    ];
    let id = |at: usize| format!("choice-matter.{}", scene.duty.matters[at].subject);
    let window = zh(&scene);
    assert!(says(&window, &id(0)).contains("值班人数不够") && says(&window, &id(0)).contains("10:00"));
    let record = says(&window, &id(1));
    assert!(record.contains("没有记录") && record.contains("10:00–10:30"), "{record}");
    assert!(NAMES.iter().all(|name| !record.contains(name) && !says(&window, &id(0)).contains(name)));
    assert!(testing::find(&window, &id(4)).is_none(), "answered");
    let subject = scene.duty.matters[0].subject;
    assert_eq!(touched(&scene, &id(0)), [Touch::Duty(DutyTouch::Matter(subject))]);
    let one = |at: usize| {
        let page = DutyPage::Matter(scene.duty.matters[at].subject);
        Scene { place: Place::Duty(page), ..scene.clone() }
    };
    assert_eq!(touched(&one(1), "choice-duty-note-seen"), [Touch::Reason("duty-note-seen".to_owned())]);
    let answer = |answer| [Touch::Duty(DutyTouch::Answer(answer))];
    assert_eq!(touched(&one(2), "choice-approve"), answer(DutyAnswer::Confirmed));
    assert_eq!(touched(&one(2), "choice-refuse"), answer(DutyAnswer::Refused));
    scene.duty.matters = vec![answered];
    assert_eq!(says(&zh(&scene), "empty"), "没有要处理的值班事项");
}

#[test]
fn the_strip_and_home_call_when_too_few_are_on_and_are_quiet_otherwise() {
    let mut scene = on_duty();
    scene.place = Place::Home;
    assert!(testing::find(&zh(&scene), "duty-call").is_none());
    for (step, asks, words) in [
        (Step::None, true, "值班人员请确认"),
        (Step::Light, false, "值班人数不够"),
        (Step::Told, false, "值班人数不够，已报巡控室"),
    ] {
        (scene.duty.step, scene.duty.asks) = (step, asks);
        assert!(says(&zh(&scene), "duty-call").contains(words), "{words}");
    }
}
