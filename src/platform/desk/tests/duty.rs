// SPDX-License-Identifier: GPL-3.0-only
//! 值班 at the desk: gaps are closed by whoever answers for the cell, swaps approved, the rota kept day by day.

use super::*;
use crate::tests::duty::gap;
use contract::{DutyGap, DutySignedOn, DutySwapAsked, GapKind, How, Swap, Turn};

on_both! {
    a_gap_waits_for_the_control_room_and_is_closed_with_a_note_by_the_supervising_officer,
    the_control_room_sees_a_gap_and_does_not_close_it,
    a_swap_is_refused_and_the_terminal_is_told,
    who_is_on_duty_and_how_often_each_serves_is_shown_and_an_exempt_one_is_not_offered,
    a_day_is_kept_and_a_shift_of_nobody_is_not,
    the_reserve_of_a_shift_is_kept_and_nobody_stands_twice,
    a_gap_of_the_record_is_shown_as_one_with_both_times,
    next_week_follows_this_one_with_everybody_a_turn_later,
}

fn page_of(world: &World) -> String {
    format!("/duty/{}", world.terminal())
}

async fn a_gap_waits_for_the_control_room_and_is_closed_with_a_note_by_the_supervising_officer(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let told = gap(&kiosk, world.turn());
    let event = kiosk.say(&Event::DutyGap(told)).await.to_string();
    let mut control = Browser::signed_in(&world, "control").await;
    assert!(control.get("/").await.text.contains("data-kind=\"duty_gap\""));
    let mut supervisor = Browser::signed_in(&world, "supervisor").await;
    let page = page_of(&world);
    let answer = format!("{page}/answer");
    let bare = [("subject", event.as_str()), ("answer", "confirmed"), ("note", "%20")];
    assert_eq!(supervisor.press(&page, &answer, &bare).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("subject", event.as_str()), ("answer", "confirmed"), ("note", "looked")];
    assert_eq!(supervisor.press(&page, &answer, &fields).await.status, StatusCode::SEE_OTHER);
    assert!(!control.get("/").await.text.contains("data-kind=\"duty_gap\""));
    let again = [("subject", event.as_str()), ("answer", "confirmed"), ("note", "again")];
    supervisor.press(&page, &answer, &again).await;
    let shown = supervisor.get(&page).await.text;
    assert!(shown.contains("supervisor 已处理 · looked") && !shown.contains("again"));
    let mut director = Browser::signed_in(&world, "director").await;
    let audit = director.get("/audit").await.text;
    assert_eq!(audit.matches("处理值班事项").count(), 1);
}

async fn the_control_room_sees_a_gap_and_does_not_close_it(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let told = gap(&kiosk, world.turn());
    let event = kiosk.say(&Event::DutyGap(told)).await.to_string();
    let mut control = Browser::signed_in(&world, "control").await;
    let page = page_of(&world);
    let shown = control.get(&page).await.text;
    assert!(shown.contains(&format!("matter-{event}")) && !shown.contains("name=\"note\""));
    let fields = [("subject", event.as_str()), ("answer", "confirmed"), ("note", "x")];
    let refused = control.press("/", &format!("{page}/answer"), &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

async fn a_swap_is_refused_and_the_terminal_is_told(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let rota = world.rota().await;
    let turn = |at: usize| Turn { shift: rota.shifts[at].shift, cycle: 0 };
    let swap = Swap {
        first: rota.shifts[0].people[0],
        first_turn: turn(0),
        second: rota.shifts[1].people[0],
        second_turn: turn(1),
    };
    let how = How::Pin { chosen: true };
    let asked = DutySwapAsked { swap, at: kiosk.stamp(), first_how: how.clone(), second_how: how };
    let event = kiosk.say(&Event::DutySwapAsked(asked)).await.to_string();
    let mut supervisor = Browser::signed_in(&world, "supervisor").await;
    let page = page_of(&world);
    let fields = [("subject", event.as_str()), ("answer", "refused"), ("note", "")];
    supervisor.press(&page, &format!("{page}/answer"), &fields).await;
    assert_eq!(world.rota().await, rota);
    let mut read = world.running.platform.core.tables.read().await.unwrap();
    let told =
        crate::tables::feed::get(&mut read, world.terminal(), contract::Collection::DutyAnswer, &event);
    assert_eq!(told.await.unwrap().unwrap().body["answer"], "refused");
}

async fn who_is_on_duty_and_how_often_each_serves_is_shown_and_an_exempt_one_is_not_offered(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let rota = world.rota().await;
    // Today at noon.
    let noon = rota.shifts.iter().find(|shift| shift.begins_min == 12 * 60).unwrap().clone();
    world.pass_ms(100 * 60_000);
    let turn = Turn { shift: noon.shift, cycle: 0 };
    let fact = DutySignedOn {
        turn,
        detainee: noon.people[0],
        instead_of: None,
        at: kiosk.stamp(),
        repeated: false,
        how: How::Pin { chosen: true },
    };
    kiosk.say(&Event::DutySignedOn(fact)).await;
    let platform = &world.running.platform;
    let mut members = platform.members(world.terminal()).await.unwrap();
    let exempt = members.iter_mut().find(|member| !noon.people.contains(&member.id)).unwrap();
    exempt.exempt = Some("抑郁".into());
    let (id, member) = (exempt.id, exempt.clone());
    platform.put_member(world.terminal(), &member).await.unwrap();
    let mut duty = Browser::signed_in(&world, "duty").await;
    let shown = duty.get(&page_of(&world)).await.text;
    let now = shown.split("id=\"now\"").nth(1).unwrap().split("</table>").next().unwrap();
    assert_eq!((now.matches("已签到").count(), now.matches("未见签到").count()), (1, 1));
    assert!(shown.split("id=\"served\"").nth(1).unwrap().contains("<td>1</td>"));
    assert!(!shown.contains("抑郁"), "nobody reads why");
    let offered = shown.matches(&format!("value=\"{id}\"")).count();
    let kept = rota.shifts.iter().filter(|shift| shift.people.contains(&id)).count()
        + rota.stewards.iter().filter(|steward| steward.detainee == id).count();
    assert_eq!(offered, kept, "only where they stand already, to be taken out");
}

async fn a_day_is_kept_and_a_shift_of_nobody_is_not(on: On) {
    let world = World::new(on).await;
    let mut supervisor = Browser::signed_in(&world, "supervisor").await;
    let page = page_of(&world);
    let key = world.running.platform.rotas(world.terminal()).await.unwrap().remove(0).0;
    let people: Vec<String> = (0..5).map(|at| world.who(at).to_string()).collect();
    let names: Vec<String> = (0..5).map(|at| format!("s{at}-0")).collect();
    let mut fields = vec![("key", key.as_str()), ("day", "0"), ("steward", people[4].as_str())];
    fields.extend(names.iter().zip(&people).map(|(name, id)| (name.as_str(), id.as_str())));
    let kept = supervisor.press(&page, &format!("{page}/day"), &fields).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER);
    let rota = world.rota().await;
    assert_eq!(rota.shifts[0].people, [world.who(0)]);
    assert_eq!(rota.shifts[5].people.len(), 2, "another day stays");
    fields.retain(|(name, _)| *name != "s2-0");
    let nobody = supervisor.press(&page, &format!("{page}/day"), &fields).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.rota().await, rota);
}

async fn the_reserve_of_a_shift_is_kept_and_nobody_stands_twice(on: On) {
    let world = World::new(on).await;
    let mut supervisor = Browser::signed_in(&world, "supervisor").await;
    let page = page_of(&world);
    let key = world.running.platform.rotas(world.terminal()).await.unwrap().remove(0).0;
    let id = |at: usize| world.who(at).to_string();
    let mut fields: Vec<(String, String)> = (0..5).map(|at| (format!("s{at}-0"), id(at))).collect();
    fields.extend([("key".to_owned(), key.clone()), ("day".to_owned(), "0".to_owned())]);
    // The first already stands in the shift.
    fields.extend([("r0-0".to_owned(), id(0)), ("r0-1".to_owned(), id(6)), ("r1-0".to_owned(), id(7))]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, id)| (name.as_str(), id.as_str())).collect();
    supervisor.press(&page, &format!("{page}/day"), &fields).await;
    let rota = world.rota().await;
    assert_eq!(rota.shifts[0].reserve, [world.who(6)]);
    assert_eq!(rota.shifts[1].reserve, [world.who(7)]);
    let shown = supervisor.get(&page).await.text;
    let select = shown.split("name=\"r0-0\"").nth(1).unwrap().split("</select>").next().unwrap();
    assert!(select.contains(&format!("value=\"{}\" selected", world.who(6))), "{select}");
    let without: Vec<_> = fields.iter().copied().filter(|(name, _)| !name.starts_with('r')).collect();
    supervisor.press(&page, &format!("{page}/day"), &without).await;
    assert!(world.rota().await.shifts[0].reserve.is_empty());
}

async fn a_gap_of_the_record_is_shown_as_one_with_both_times(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let told = gap(&kiosk, world.turn());
    let told = DutyGap { gap: GapKind::Unrecorded, on_duty: 0, ended: Some(told.since), ..told };
    let event = kiosk.say(&Event::DutyGap(told)).await;
    let mut control = Browser::signed_in(&world, "control").await;
    let shown = control.get(&page_of(&world)).await.text;
    let row = shown.split(&format!("id=\"matter-{event}\"")).nth(1).unwrap().split("</tr>").next().unwrap();
    assert!(row.contains("没有记录") && row.matches("<time").count() == 2, "{row}");
    assert!(
        control.get("/").await.text.contains("data-kind=\"duty_gap\""),
        "it is a task of the control room"
    );
}

async fn next_week_follows_this_one_with_everybody_a_turn_later(on: On) {
    let world = World::new(on).await;
    let mut supervisor = Browser::signed_in(&world, "supervisor").await;
    let page = page_of(&world);
    supervisor.press(&page, &format!("{page}/week"), &[]).await;
    let rotas = world.running.platform.rotas(world.terminal()).await.unwrap();
    let (this, next) = (&rotas[0].1, &rotas[1].1);
    assert_eq!(next.from_ms, this.from_ms + this.cycle_ms());
    assert_eq!(next.shifts[1].people, this.shifts[0].people);
    assert!(next.shifts.iter().all(|one| this.shifts.iter().all(|other| one.shift != other.shift)));
    assert_ne!(next.seed, this.seed);
}
