// SPDX-License-Identifier: GPL-3.0-only
//! Accounts: whose they are and where they are told, what is said against them, what finance does with them.

use super::shop::{
    HOUR_MS, PAPER, cancel, desk, member, order, ready, receipt, rejected, said, signed, thing, verdict_on,
};
use super::*;
use crate::finance;
use crate::shop;
use crate::tables::accounts as account_rows;
use crate::tasks::TaskKind;
use contract::{
    CatalogueItem, Collection, DisputeReason, Fen, FreezeObjected, LineDisputed, LineKind, Member,
    OrderPlaced, OrderState, OrderStatus, Post, StatementPage,
};

on_both! {
    the_free_things_are_taken_once_for_each_arrival,
    a_disputed_line_is_marked_until_it_is_answered,
    a_freeze_can_be_objected_to_and_stops_orders_meanwhile,
    an_account_follows_its_person_and_leaves_the_old_cell,
    an_order_made_before_a_move_counts_and_one_after_does_not,
    who_is_released_is_paid_out_with_what_was_not_delivered,
    a_statement_is_told_in_pages_of_a_hundred,
    an_adjustment_needs_two_people_of_two_posts,
    what_is_owed_is_paid_in_parts_and_not_beyond,
}

async fn the_free_things_are_taken_once_for_each_arrival(on: On) {
    let (world, mut kiosk, person) = ready(on).await;
    world.put_thing(&CatalogueItem { in_kit: 2, stock: Some(5), ..thing("K1", 350) }).await;
    let now_ms = world.now_ms();
    desk!(world, write => finance::freeze(&mut write, person, PAPER, now_ms)).unwrap();
    let kit = |at| Event::OrderPlaced(OrderPlaced { kit: true, ..order(at, person, &[("K1", 2)], 0) });
    let first = kit(kiosk.stamp());
    let event = kiosk.say(&first).await;
    assert!(!world.account(world.terminal(), person).await.unwrap().kit);
    assert_eq!((world.balance(person).await, world.stock("K1").await), (10_000, Some(3)));
    let second = kit(kiosk.stamp());
    assert_eq!(verdict_on(&mut kiosk, &second).await, rejected("kit"));
    let back = cancel(&kiosk, person, event);
    kiosk.say(&back).await;
    assert_eq!(world.stock("K1").await, Some(5));
    let third = kit(kiosk.stamp());
    kiosk.say(&third).await;
    // Who comes again is a new arrival.
    desk!(world, write => finance::release(&mut write, person, PAPER, now_ms)).unwrap();
    world.running.platform.remove_member(world.terminal(), person).await.unwrap();
    world.running.platform.put_member(world.terminal(), &Member { id: person, ..member() }).await.unwrap();
    assert!(world.account(world.terminal(), person).await.unwrap().kit);
}

async fn a_disputed_line_is_marked_until_it_is_answered(on: On) {
    let (world, mut kiosk, person) = ready(on).await;
    let line = world.page(person, 1).await.lines.remove(0);
    let dispute = |kiosk: &Kiosk, hash, why| {
        let at = kiosk.stamp();
        Event::LineDisputed(LineDisputed { at, detainee: person, line: 1, hash, why })
    };
    let said = dispute(&kiosk, line.hash, None);
    let event = kiosk.say(&said).await;
    let later = dispute(&kiosk, line.hash, Some(DisputeReason::Amount));
    kiosk.say(&later).await;
    let marked = world.page(person, 1).await.lines.remove(0);
    assert_eq!(marked.objection.as_ref().unwrap().event, event);
    assert_eq!(world.waiting(Post::Finance).await, [TaskKind::LineDispute]);
    let other = dispute(&kiosk, Digest::ZERO, None);
    assert_eq!(verdict_on(&mut kiosk, &other).await, Verdict::Parked { code: "line_unknown".into() });
    let now_ms = world.now_ms();
    let silent = finance::Said { words: "", ..PAPER };
    let done = desk!(world, write => finance::decline_objection(&mut write, event, silent, now_ms));
    assert_eq!(done, Err(finance::Refusal::Words));
    desk!(world, write => finance::decline_objection(&mut write, event, PAPER, now_ms)).unwrap();
    let answer = world.page(person, 1).await.lines.remove(0).objection.unwrap().answer.unwrap();
    assert_eq!((answer.upheld, answer.words.as_str()), (false, "因为"));
    assert_eq!(world.waiting(Post::Finance).await, []);
    // Once more, and this time it is put right by a line of its own.
    let again = dispute(&kiosk, line.hash, Some(DisputeReason::Twice));
    let again = kiosk.say(&again).await;
    let asked = (Fen(50), Some(again));
    desk!(world, write => finance::propose(&mut write, person, asked, PAPER, now_ms)).unwrap();
    let id = proposal(&world).await;
    let director = ("director", Post::Director);
    desk!(world, write => finance::decide(&mut write, id, true, director, now_ms)).unwrap();
    let page = world.page(person, 1).await;
    assert!(page.lines[0].objection.as_ref().unwrap().answer.as_ref().unwrap().upheld);
    assert_eq!((page.lines[1].kind, page.lines[1].amount), (LineKind::Adjustment, Fen(50)));
    assert_eq!(page.lines[0].hash, line.hash, "what was said is no part of the line");
}

async fn proposal(world: &World) -> uuid::Uuid {
    let mut read = world.running.platform.core.tables.read().await.unwrap();
    account_rows::proposals(&mut read, 10).await.unwrap().remove(0).id
}

async fn a_freeze_can_be_objected_to_and_stops_orders_meanwhile(on: On) {
    let (world, mut kiosk, person) = ready(on).await;
    let now_ms = world.now_ms();
    let bare = finance::Said { reference: "", ..PAPER };
    let done = desk!(world, write => finance::freeze(&mut write, person, bare, now_ms));
    assert_eq!(done, Err(finance::Refusal::Words));
    desk!(world, write => finance::freeze(&mut write, person, PAPER, now_ms)).unwrap();
    let placed = Event::OrderPlaced(order(kiosk.stamp(), person, &[("T1", 1)], 350));
    assert_eq!(verdict_on(&mut kiosk, &placed).await, rejected("frozen"));
    let frozen = world.account(world.terminal(), person).await.unwrap().frozen.unwrap();
    assert_eq!((frozen.why.as_str(), frozen.reference.as_str()), ("因为", "第 1 号"));
    let said = FreezeObjected { at: kiosk.stamp(), detainee: person, since_ms: frozen.since_ms };
    kiosk.say(&Event::FreezeObjected(said.clone())).await;
    kiosk.say(&Event::FreezeObjected(said)).await;
    assert_eq!(world.waiting(Post::Finance).await, [TaskKind::FreezeObjection]);
    let told = world.account(world.terminal(), person).await.unwrap().frozen.unwrap();
    assert!(told.objection.unwrap().answer.is_none());
    desk!(world, write => finance::unfreeze(&mut write, person, PAPER, now_ms)).unwrap();
    assert_eq!(world.waiting(Post::Finance).await, []);
    kiosk.say(&placed).await;
}

async fn an_account_follows_its_person_and_leaves_the_old_cell(on: On) {
    let (world, mut kiosk, person) = ready(on).await;
    let placed = Event::OrderPlaced(order(kiosk.stamp(), person, &[("T1", 1)], 350));
    let event = kiosk.say(&placed).await;
    let next = world.cell("306室").await;
    world.running.platform.put_member(next, &Member { id: person, ..member() }).await.unwrap();
    world.running.platform.remove_member(world.terminal(), person).await.unwrap();
    assert!(world.account(world.terminal(), person).await.is_none());
    let old: Option<OrderStatus> = world.told(world.terminal(), Collection::Order, &event.to_string()).await;
    let key = StatementPage::key(person, 1);
    let page: Option<StatementPage> = world.told(world.terminal(), Collection::Statement, &key).await;
    assert!(old.is_none() && page.is_none());
    assert_eq!(world.account(next, person).await.unwrap().balance, Fen(9_650));
    let status: OrderStatus = world.told(next, Collection::Order, &event.to_string()).await.unwrap();
    assert_eq!(status.state, OrderState::Placed);
    let page: StatementPage = world.told(next, Collection::Statement, &key).await.unwrap();
    assert_eq!(page.lines.len(), 2);
    // The shop goes on, and the new cell hears of it and signs.
    let now_ms = world.now_ms();
    desk!(world, write => shop::approve(&mut write, event, said(&[1], ""), now_ms)).unwrap();
    desk!(world, write => shop::pack(&mut write, event, now_ms)).unwrap();
    desk!(world, write => shop::deliver(&mut write, event, said(&[1], ""), now_ms)).unwrap();
    let mut there = world.kiosk_at(next).await;
    let signed = signed(&there, person, event, vec![receipt("T1", [1, 0, 0, 0])]);
    there.say(&signed).await;
    let status: OrderStatus = world.told(next, Collection::Order, &event.to_string()).await.unwrap();
    assert_eq!(status.state, OrderState::Received);
    assert_eq!(world.waiting(Post::Finance).await, [], "who moved is not to be settled");
}

async fn an_order_made_before_a_move_counts_and_one_after_does_not(on: On) {
    let (world, mut kiosk, person) = ready(on).await;
    let before = kiosk.stamp();
    world.pass_ms(HOUR_MS);
    let next = world.cell("306室").await;
    world.running.platform.put_member(next, &Member { id: person, ..member() }).await.unwrap();
    world.running.platform.remove_member(world.terminal(), person).await.unwrap();
    world.pass_ms(HOUR_MS);
    let early = Event::OrderPlaced(order(before, person, &[("T1", 1)], 350));
    let event = kiosk.say(&early).await;
    assert_eq!(world.balance(person).await, 9_650);
    let status: OrderStatus = world.told(next, Collection::Order, &event.to_string()).await.unwrap();
    assert_eq!(status.state, OrderState::Placed);
    let after = Stamp { wall_ms: world.now_ms(), ..before };
    let unsure = Stamp { trust: Trust::Unsynced, ..before };
    for at in [after, unsure] {
        let late = Event::OrderPlaced(order(at, person, &[("T1", 1)], 350));
        assert_eq!(verdict_on(&mut kiosk, &late).await, rejected("not_here"));
    }
    world.pass_ms(31 * 24 * HOUR_MS);
    let long_ago = Event::OrderPlaced(order(before, person, &[("T1", 1)], 350));
    assert_eq!(verdict_on(&mut kiosk, &long_ago).await, rejected("not_here"));
}

async fn who_is_released_is_paid_out_with_what_was_not_delivered(on: On) {
    let (world, mut kiosk, person) = ready(on).await;
    let placed = Event::OrderPlaced(order(kiosk.stamp(), person, &[("T1", 2)], 700));
    let event = kiosk.say(&placed).await;
    world.running.platform.remove_member(world.terminal(), person).await.unwrap();
    assert_eq!(world.waiting(Post::Finance).await, [TaskKind::Payout]);
    let now_ms = world.now_ms();
    desk!(world, write => finance::release(&mut write, person, PAPER, now_ms)).unwrap();
    assert_eq!((world.balance(person).await, world.stock("T1").await), (0, Some(10)));
    assert_eq!(world.order_row(event).await.state, OrderState::Cancelled);
    assert_eq!(world.waiting(Post::Finance).await, []);
    assert_eq!(world.waiting(Post::Shop).await, []);
    let again = desk!(world, write => finance::release(&mut write, person, PAPER, now_ms));
    assert_eq!(again, Err(finance::Refusal::Over));
    let late = Event::OrderPlaced(order(kiosk.stamp(), person, &[("T1", 1)], 350));
    assert_eq!(verdict_on(&mut kiosk, &late).await, rejected("not_here"));
}

async fn a_statement_is_told_in_pages_of_a_hundred(on: On) {
    let (world, _, person) = ready(on).await;
    for _ in 0..104 {
        world.deposit(person, 1).await;
    }
    let first = world.page(person, 1).await;
    let second = world.page(person, 101).await;
    assert_eq!((first.lines.len(), second.lines.len()), (100, 5));
    let mut before = Digest::ZERO;
    for line in first.lines.iter().chain(&second.lines) {
        assert_eq!(line.clone().hashed(person, before).hash, line.hash);
        before = line.hash;
    }
    let account = world.account(world.terminal(), person).await.unwrap();
    assert_eq!((account.lines, account.head), (105, before));
}

async fn an_adjustment_needs_two_people_of_two_posts(on: On) {
    let (world, _, person) = ready(on).await;
    let now_ms = world.now_ms();
    desk!(world, write => finance::propose(&mut write, person, (Fen(-2_500), None), PAPER, now_ms)).unwrap();
    assert_eq!(world.balance(person).await, 10_000, "nothing is booked yet");
    assert_eq!(world.waiting(Post::Director).await, [TaskKind::Adjustment]);
    let id = proposal(&world).await;
    for by in [("finance", Post::Director), ("other", Post::Finance)] {
        let done = desk!(world, write => finance::decide(&mut write, id, true, by, now_ms));
        assert_eq!(done, Err(finance::Refusal::Own));
    }
    let director = ("director", Post::Director);
    desk!(world, write => finance::decide(&mut write, id, true, director, now_ms)).unwrap();
    let twice = desk!(world, write => finance::decide(&mut write, id, true, director, now_ms));
    assert_eq!(twice, Err(finance::Refusal::Unknown));
    assert_eq!(world.balance(person).await, 7_500);
    desk!(world, write => finance::propose(&mut write, person, (Fen(-7_501), None), PAPER, now_ms)).unwrap();
    let id = proposal(&world).await;
    let short = desk!(world, write => finance::decide(&mut write, id, true, director, now_ms));
    assert_eq!(short, Err(finance::Refusal::Short));
    desk!(world, write => finance::decide(&mut write, id, false, director, now_ms)).unwrap();
    assert_eq!((world.balance(person).await, world.waiting(Post::Director).await), (7_500, Vec::new()));
}

async fn what_is_owed_is_paid_in_parts_and_not_beyond(on: On) {
    let (world, _, person) = ready(on).await;
    let now_ms = world.now_ms();
    desk!(world, write => finance::owe(&mut write, person, Fen(5_000), PAPER, now_ms)).unwrap();
    let mut read = world.running.platform.core.tables.read().await.unwrap();
    let (id, _) = account_rows::owed(&mut read, person, 1).await.unwrap().remove(0);
    drop(read);
    desk!(world, write => finance::deduct(&mut write, person, (id, Fen(3_000)), "finance", now_ms)).unwrap();
    let owed = world.account(world.terminal(), person).await.unwrap().owed.remove(0);
    assert_eq!((owed.total, owed.paid), (Fen(5_000), Fen(3_000)));
    let over =
        desk!(world, write => finance::deduct(&mut write, person, (id, Fen(2_001)), "finance", now_ms));
    assert_eq!(over, Err(finance::Refusal::Amount));
    desk!(world, write => finance::deduct(&mut write, person, (id, Fen(2_000)), "finance", now_ms)).unwrap();
    let account = world.account(world.terminal(), person).await.unwrap();
    assert_eq!((account.balance, account.owed.len()), (Fen(5_000), 0));
}
