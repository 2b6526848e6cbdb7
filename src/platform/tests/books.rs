// SPDX-License-Identifier: GPL-3.0-only
//! The books under whatever may come: any order of cells, desk and moves; many at once; somebody at the tables.

use super::shop::{PAPER, member, order, said, thing};
use super::*;
use crate::accounts;
use crate::books::{self, House, Side, StatementCheck};
use crate::finance;
use crate::shop;
use crate::tables::orders::{LineRow, OrderRow};
use crate::tables::{Conn, accounts as account_rows, books as book_rows, devices, orders as order_rows};
use crate::tables::{feed as truth, goods as goods_rows};
use crate::{Platform, ingest};
use contract::{
    Account, CatalogueItem, Collection, DetaineeId, FeedOp, Fen, LineDisputed, Member, OrderCancelled,
    OrderCheck, OrderReceived, OrderState, Post, ReceivedLine, STATEMENT_PAGE_LINES, StatementPage,
};
use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestRunner};
use sqlx::Row;

on_both! {
    invariant_08_money_is_neither_made_nor_lost_whatever_comes (flavor = "multi_thread", worker_threads = 2),
    invariant_08_of_four_hundred_orders_at_once_those_are_taken_that_money_and_stock_suffice_for (flavor = "multi_thread", worker_threads = 4),
    invariant_08_the_tables_themselves_refuse_what_the_books_may_not_hold,
    a_changed_line_is_found_by_its_number,
}

const CASES: u32 = 12;
const STEPS: usize = 90;
const PEOPLE: usize = 3;
const STOCK: u32 = 9;

/// One step: what is done, to whom or with what, how much.
type Step = (u8, u8, u8, u8);

async fn invariant_08_money_is_neither_made_nor_lost_whatever_comes(on: On) {
    let world = World::new(on).await;
    let next = world.cell("306室").await;
    let kiosks = [world.kiosk().await, world.kiosk_at(next).await];
    let state = tokio::sync::Mutex::new((kiosks, 0_u32));
    let steps = proptest::collection::vec(any::<Step>(), STEPS);
    let mut runner = TestRunner::new(Cases { cases: CASES, failure_persistence: None, ..Cases::default() });
    let runtime = tokio::runtime::Handle::current();
    let run = runner.run(&steps, |steps| {
        tokio::task::block_in_place(|| {
            runtime.block_on(async {
                let mut held = state.lock().await;
                held.1 += 1;
                let number = held.1;
                let mut case = Case::new(&world, [world.terminal(), next], number).await;
                for step in steps {
                    case.step(&mut held.0, step).await;
                    case.check().await;
                }
                case.deliver(&mut held.0).await;
                case.check().await;
                let before = case.snapshot().await;
                case.again(&held.0).await;
                assert_eq!(case.snapshot().await, before, "sent again, nothing changes");
            });
        });
        Ok(())
    });
    run.unwrap();
}

/// A run with people and things of its own in a world that goes on.
struct Case<'a> {
    world: &'a World,
    cells: [TerminalId; 2],
    people: Vec<DetaineeId>,
    skus: [String; 2],
    /// What each cell has said and not delivered; all that was delivered.
    queued: [Vec<Envelope>; 2],
    sent: [Vec<Envelope>; 2],
    orders: Vec<EventId>,
}

impl<'a> Case<'a> {
    async fn new(world: &'a World, cells: [TerminalId; 2], number: u32) -> Self {
        let skus = ["A", "B"].map(|name| format!("{name}{number}"));
        world.put_thing(&CatalogueItem { stock: Some(STOCK), ..thing(&skus[0], 130) }).await;
        world.put_thing(&CatalogueItem { stock: Some(STOCK), ..thing(&skus[1], 75) }).await;
        let mut people = Vec::new();
        for at in 0..PEOPLE {
            people.push(world.person(cells[at % 2], 500).await);
        }
        Self {
            world,
            cells,
            people,
            skus,
            queued: Default::default(),
            sent: Default::default(),
            orders: Vec::new(),
        }
    }

    async fn step(&mut self, kiosks: &mut [Kiosk; 2], (what, a, b, c): Step) {
        let person = self.people[usize::from(b) % PEOPLE];
        let cell = if a % 5 == 0 { usize::from(a / 5) % 2 } else { self.cell_of(person).await };
        let count = u32::from(c % 4) + 1;
        let order = self.orders.get(usize::from(b) % self.orders.len().max(1)).copied();
        match what % 30 {
            0..=4 => {
                let sku = &self.skus[usize::from(c / 4) % 2];
                let price = if *sku == self.skus[0] { 130 } else { 75 };
                let wrong = i64::from(c == 0);
                let total = i64::from(count) * price + wrong;
                let placed = super::shop::order(kiosks[cell].stamp(), person, &[(sku, count)], total);
                let envelope = kiosks[cell].event(&Event::OrderPlaced(placed));
                self.orders.push(envelope.id);
                self.queued[cell].push(envelope);
            }
            5..=7 => self.deliver(kiosks).await,
            8 => self.deliver_one(kiosks, cell).await,
            9 => {
                let Some(order) = order else { return };
                let at = kiosks[cell].stamp();
                let said = Event::OrderCancelled(OrderCancelled { at, detainee: person, order });
                let envelope = kiosks[cell].event(&said);
                self.queued[cell].push(envelope);
            }
            10 => {
                let mut read = self.world.running.platform.core.tables.read().await.unwrap();
                let lines = book_rows::lines(&mut read, person, u64::from(count), 1).await.unwrap();
                drop(read);
                let Some(line) = lines.first() else { return };
                let at = kiosks[cell].stamp();
                let said =
                    LineDisputed { at, detainee: person, line: line.number, hash: line.hash, why: None };
                let envelope = kiosks[cell].event(&Event::LineDisputed(said));
                self.queued[cell].push(envelope);
            }
            11 => {
                let platform = &self.world.running.platform;
                if c % 3 == 0 {
                    platform.remove_member(self.cells[cell], person).await.unwrap();
                } else {
                    let someone = Member { id: person, ..member() };
                    platform.put_member(self.cells[cell], &someone).await.unwrap();
                    platform.remove_member(self.cells[1 - cell], person).await.unwrap();
                }
            }
            12..=22 => {
                let Some(order) = order else { return };
                let Some(row) = self.row(order).await else { return };
                // The step that comes next, so that orders come to their end; now and then any other.
                let next = match row.state {
                    _ if c % 11 == 0 => 11 + a % 6,
                    OrderState::Placed => 11,
                    OrderState::Approved => 13,
                    OrderState::Packed => 14,
                    OrderState::Delivered if c % 5 > 0 => {
                        let cell = self.cell_of(row.detainee).await;
                        let lines = row.lines.iter().map(|line| receipt(line, count)).collect();
                        let (at, detainee) = (kiosks[cell].stamp(), row.detainee);
                        let said = OrderReceived { at, detainee, order, lines, check: OrderCheck::Pin };
                        let envelope = kiosks[cell].event(&Event::OrderReceived(said));
                        self.queued[cell].push(envelope);
                        return;
                    }
                    OrderState::Delivered | OrderState::Received => 15,
                    OrderState::Settled => 16,
                    OrderState::Declined | OrderState::Cancelled => 12,
                };
                self.desk(next, (person, Some(order)), (a, c)).await;
            }
            23 | 24 => self.desk(10, (person, order), (a, c)).await,
            other => self.desk(other - 10, (person, order), (a, c)).await,
        }
    }

    /// The cell somebody is in; the first where they are in none.
    async fn cell_of(&self, person: DetaineeId) -> usize {
        let mut read = self.world.running.platform.core.tables.read().await.unwrap();
        let row = account_rows::get(&mut read, person).await.unwrap().unwrap();
        usize::from(row.terminal == Some(self.cells[1]))
    }

    /// What somebody does at the desk; what is refused is rolled back.
    async fn desk(&self, what: u8, (person, order): (DetaineeId, Option<EventId>), (a, c): (u8, u8)) {
        let now_ms = self.world.now_ms();
        let fen = Fen(i64::from(c) * 7);
        let row = match order {
            Some(order) => self.row(order).await,
            None => None,
        };
        let counts: Vec<u32> = row
            .iter()
            .flat_map(|row| &row.lines)
            .map(|line| line.ordered.saturating_sub(u32::from(a % 3)))
            .collect();
        let less: Vec<u32> = counts.iter().map(|count| count % 3).collect();
        let mut write = self.world.running.platform.core.tables.write().await.unwrap();
        let conn: &mut Conn = &mut write;
        let done = match (what, order) {
            (10, _) => finance::deposit(conn, person, fen, PAPER, now_ms).await.unwrap().is_ok(),
            (11, Some(order)) => {
                shop::approve(conn, order, said(&counts, "少"), now_ms).await.unwrap().is_ok()
            }
            (12, Some(order)) => shop::decline(conn, order, said(&[], "不"), now_ms).await.unwrap().is_ok(),
            (13, Some(order)) => shop::pack(conn, order, now_ms).await.unwrap().is_ok(),
            (14, Some(order)) => {
                shop::deliver(conn, order, said(&counts, "少"), now_ms).await.unwrap().is_ok()
            }
            (15, Some(order)) => shop::settle(conn, order, said(&less, "退"), now_ms).await.unwrap().is_ok(),
            (16, Some(order)) => {
                shop::take_back(conn, order, said(&less, "退"), now_ms).await.unwrap().is_ok()
            }
            (17, _) => self.adjust(conn, person, (fen, c), now_ms).await,
            (18, _) => self.owe(conn, person, fen, now_ms).await,
            (19, _) if c % 4 == 0 => finance::release(conn, person, PAPER, now_ms).await.unwrap().is_ok(),
            _ => false,
        };
        if done {
            write.commit().await.unwrap();
        }
    }

    async fn adjust(&self, conn: &mut Conn, person: DetaineeId, (fen, c): (Fen, u8), now_ms: i64) -> bool {
        let fen = if c % 2 == 0 { fen } else { Fen(-fen.0) };
        let open = account_rows::unanswered(conn, 500).await.unwrap();
        let against = open.iter().find(|one| one.detainee == person && one.line > 0).map(|one| one.event);
        if finance::propose(conn, person, (fen, against), PAPER, now_ms).await.unwrap().is_err() {
            return false;
        }
        let id = account_rows::proposals(conn, 500).await.unwrap().pop().unwrap().id;
        finance::decide(conn, id, c % 3 > 0, ("director", Post::Director), now_ms).await.unwrap().is_ok()
    }

    async fn owe(&self, conn: &mut Conn, person: DetaineeId, fen: Fen, now_ms: i64) -> bool {
        match account_rows::owed(conn, person, 1).await.unwrap().first() {
            Some((id, _)) => {
                finance::deduct(conn, person, (*id, fen), "finance", now_ms).await.unwrap().is_ok()
            }
            None => finance::owe(conn, person, fen, PAPER, now_ms).await.unwrap().is_ok(),
        }
    }

    async fn row(&self, order: EventId) -> Option<OrderRow> {
        let mut read = self.world.running.platform.core.tables.read().await.unwrap();
        order_rows::get(&mut read, order).await.unwrap()
    }

    async fn deliver(&mut self, kiosks: &mut [Kiosk; 2]) {
        for cell in [1, 0] {
            self.deliver_one(kiosks, cell).await;
        }
    }

    /// All that a cell said, in one batch, and the batch again.
    async fn deliver_one(&mut self, kiosks: &mut [Kiosk; 2], cell: usize) {
        let events = std::mem::take(&mut self.queued[cell]);
        if events.is_empty() {
            return;
        }
        let first = self.take(&kiosks[cell], &events).await;
        assert!(first.iter().all(|verdict| !matches!(verdict, Verdict::Retry { .. } | Verdict::Fork)));
        let faults = first.iter().filter(|verdict| **verdict == Verdict::Parked { code: "effect".into() });
        assert_eq!(faults.count(), 0, "the rules refuse before the tables do");
        let again = self.take(&kiosks[cell], &events).await;
        for (first, again) in first.iter().zip(again) {
            let same = if *first == Verdict::Accepted { &Verdict::Duplicate } else { first };
            assert_eq!(&again, same);
        }
        self.sent[cell].extend(events);
    }

    async fn again(&self, kiosks: &[Kiosk; 2]) {
        for (kiosk, events) in kiosks.iter().zip(&self.sent) {
            for part in events.chunks(contract::EVENTS_MAX) {
                self.take(kiosk, part).await;
            }
        }
    }

    async fn take(&self, kiosk: &Kiosk, events: &[Envelope]) -> Vec<Verdict> {
        take(&self.world.running.platform, kiosk, events).await
    }

    /// Everybody's lines and balances, and the stock.
    async fn snapshot(&self) -> Vec<(i64, u64)> {
        let mut read = self.world.running.platform.core.tables.read().await.unwrap();
        let mut all = Vec::new();
        for person in &self.people {
            let row = account_rows::get(&mut read, *person).await.unwrap().unwrap();
            let fen = book_rows::balance(&mut read, Side::Person(*person)).await.unwrap().unwrap();
            all.push((fen.0, row.lines));
        }
        for sku in &self.skus {
            let item = goods_rows::known(&mut read, sku).await.unwrap().unwrap();
            all.push((i64::from(item.stock.unwrap()), 0));
        }
        all
    }

    async fn check(&self) {
        let mut read = self.world.running.platform.core.tables.read().await.unwrap();
        check_books(&mut read).await;
        for person in &self.people {
            self.check_person(&mut read, *person).await;
        }
        for sku in &self.skus {
            // What is not in the shop is ordered and did not go back into it.
            let out: i64 = sqlx::query(
                "SELECT CAST(COALESCE(SUM(ordered - COALESCE((SELECT SUM(count) FROM shop_return WHERE \
                 shop_return.event = shop_order_line.event AND shop_return.sku = shop_order_line.sku \
                 AND cause <> 'settled'), 0)), 0) AS BIGINT) AS gone FROM shop_order_line WHERE sku = $1",
            )
            .bind(sku)
            .fetch_one(&mut *read)
            .await
            .unwrap()
            .get("gone");
            let item = goods_rows::known(&mut read, sku).await.unwrap().unwrap();
            assert_eq!(i64::from(item.stock.unwrap()) + out, i64::from(STOCK), "no thing is lost or doubled");
        }
    }

    /// The statement follows, the terminal was told what the books say, and nobody else was.
    async fn check_person(&self, conn: &mut Conn, person: DetaineeId) {
        let check = books::check_statement(conn, person).await.unwrap();
        assert!(matches!(check, StatementCheck::Whole { .. }), "{check:?}");
        let row = account_rows::get(conn, person).await.unwrap().unwrap();
        for cell in self.cells {
            let key = person.to_string();
            let item = truth::get(conn, cell, Collection::Account, &key).await.unwrap();
            let told: Option<Account> = item
                .filter(|item| item.op == FeedOp::Put)
                .map(|item| serde_json::from_value(item.body).unwrap());
            assert_eq!(told.is_some(), row.terminal == Some(cell), "an account is with its person");
            let Some(told) = told else { continue };
            let held = book_rows::balance(conn, Side::Person(person)).await.unwrap();
            assert_eq!((Some(told.balance), told.lines, told.head), (held, row.lines, row.head));
            for first in (1..=row.lines).step_by(STATEMENT_PAGE_LINES) {
                let key = StatementPage::key(person, first);
                let page = truth::get(conn, cell, Collection::Statement, &key).await.unwrap().unwrap();
                let page: StatementPage = serde_json::from_value(page.body).unwrap();
                let lines = accounts::lines_of(conn, person, first, STATEMENT_PAGE_LINES).await.unwrap();
                assert_eq!(page.lines, lines);
            }
        }
    }
}

fn receipt(line: &LineRow, count: u32) -> ReceivedLine {
    let delivered = line.delivered.unwrap_or(0);
    let missing = delivered.min(count - 1);
    ReceivedLine { sku: line.sku.clone(), good: delivered - missing, missing, wrong: 0, damaged: 0 }
}

/// Posts without a connection.
async fn take(platform: &Platform, kiosk: &Kiosk, events: &[Envelope]) -> Vec<Verdict> {
    let core = &platform.core;
    let mut read = core.tables.read().await.unwrap();
    let device = devices::device(&mut read, kiosk.device).await.unwrap().unwrap();
    drop(read);
    let signed = ingest::take(core, &device, kiosk.batch(events)).await.unwrap();
    let reply: BatchReply = signed.open("reply", &kiosk.content_key).unwrap();
    reply.verdicts.into_iter().map(|told| told.verdict).collect()
}

/// Everything sums to zero, nothing is below zero, and what is on its way is what orders that are not over cost.
async fn check_books(conn: &mut Conn) {
    let sums = book_rows::sums(conn).await.unwrap();
    assert_eq!((sums.uneven, sums.astray, sums.total), (0, 0, Fen::ZERO), "the books sum to zero");
    let house = |house| sums.house.iter().find(|(one, _)| *one == house).unwrap().1;
    for (one, fen) in &sums.house {
        assert!(*fen >= Fen::ZERO || matches!(one, House::Cash | House::Adjustments), "{one:?}");
    }
    let mut waits = 0;
    for state in [OrderState::Placed, OrderState::Approved, OrderState::Packed, OrderState::Delivered] {
        for order in order_rows::in_state(conn, state, 10_000).await.unwrap() {
            waits += order.charged().unwrap().0;
        }
    }
    for order in order_rows::in_state(conn, OrderState::Received, 10_000).await.unwrap() {
        let open = |line: &LineRow| line.price.0 * i64::from(shop::waiting(line));
        waits += order.lines.iter().map(open).sum::<i64>();
    }
    assert_eq!(house(House::Transit), Fen(waits), "what is on its way is what waits");
}

async fn invariant_08_of_four_hundred_orders_at_once_those_are_taken_that_money_and_stock_suffice_for(
    on: On,
) {
    const CELLS: usize = 20;
    const EACH: usize = 20;
    const PLATFORMS: usize = 3;
    let world = World::new(on).await;
    let (poor, rich) = (member(), member());
    let mut kiosks = Vec::new();
    for cell in 0..CELLS {
        let terminal = world.cell(&format!("5{cell:02}室")).await;
        // Everybody is of every cell: what is ordered anywhere is for the same two accounts.
        world.running.platform.put_member(terminal, &poor).await.unwrap();
        world.running.platform.put_member(terminal, &rich).await.unwrap();
        kiosks.push(world.kiosk_at(terminal).await);
    }
    world.deposit(poor.id, 7_350).await;
    world.deposit(rich.id, 79_000).await;
    world.put_thing(&thing("C1", 100)).await;
    world.put_thing(&CatalogueItem { stock: Some(61), ..thing("C2", 100) }).await;
    let platforms = [world.beside().await, world.beside().await];
    let mut tries = tokio::task::JoinSet::new();
    for (number, mut kiosk) in kiosks.into_iter().enumerate() {
        let stamp = kiosk.stamp();
        let events: Vec<Envelope> = (0..EACH)
            .map(|one| {
                let (who, sku) = if one % 2 == 0 { (poor.id, "C1") } else { (rich.id, "C2") };
                kiosk.event(&Event::OrderPlaced(order(stamp, who, &[(sku, 1)], 100)))
            })
            .collect();
        let platform = match number % PLATFORMS {
            0 => world.running.platform.clone(),
            other => platforms[other - 1].platform.clone(),
        };
        tries.spawn(async move {
            let mut verdicts = Vec::new();
            for event in &events {
                verdicts.extend(take(&platform, &kiosk, std::slice::from_ref(event)).await);
            }
            verdicts
        });
    }
    let verdicts: Vec<Verdict> = tries.join_all().await.into_iter().flatten().collect();
    let count = |of: &Verdict| verdicts.iter().filter(|verdict| *verdict == of).count();
    let rejected = |code: &str| count(&Verdict::Rejected { code: code.into() });
    assert_eq!(verdicts.len(), CELLS * EACH);
    assert_eq!((count(&Verdict::Accepted), rejected("balance"), rejected("stock")), (73 + 61, 127, 139));
    assert_eq!((world.balance(poor.id).await, world.balance(rich.id).await), (50, 79_000 - 6_100));
    assert_eq!(world.stock("C2").await, Some(0));
    let mut read = world.running.platform.core.tables.read().await.unwrap();
    check_books(&mut read).await;
    for person in [poor.id, rich.id] {
        let check = books::check_statement(&mut read, person).await.unwrap();
        assert!(matches!(check, StatementCheck::Whole { .. }), "{check:?}");
    }
}

async fn tamper(world: &World, sql: String) -> Result<(), sqlx::Error> {
    let mut write = world.running.platform.core.tables.write().await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut *write).await?;
    write.commit().await
}

async fn invariant_08_the_tables_themselves_refuse_what_the_books_may_not_hold(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let person = world.person(world.terminal(), 1_000).await;
    world.put_thing(&CatalogueItem { stock: Some(5), ..thing("T1", 100) }).await;
    let placed = Event::OrderPlaced(order(kiosk.stamp(), person, &[("T1", 2)], 200));
    let event = kiosk.say(&placed).await;
    let now_ms = world.now_ms();
    let mut write = world.running.platform.core.tables.write().await.unwrap();
    shop::decline(&mut write, event, said(&[], "没有"), now_ms).await.unwrap().unwrap();
    write.commit().await.unwrap();
    for sql in [
        "UPDATE book_entry SET fen = 1".to_owned(),
        "DELETE FROM book_entry".to_owned(),
        "UPDATE book_transaction SET by_name = 'x'".to_owned(),
        "DELETE FROM statement_line".to_owned(),
        "UPDATE statement_line SET words = 'x'".to_owned(),
        "DELETE FROM shop_return".to_owned(),
        format!("UPDATE book_account SET fen = -1 WHERE account = '{person}'"),
        "UPDATE book_account SET fen = -1 WHERE account = 'transit'".to_owned(),
        "UPDATE goods SET stock = -1 WHERE sku = 'T1'".to_owned(),
        "UPDATE shop_order_line SET charged = 3".to_owned(),
        format!(
            "INSERT INTO shop_return (event, sku, cause, count, at_ms) VALUES ('{event}', 'T1', 'declined', 1, 1)"
        ),
    ] {
        assert!(tamper(&world, sql.clone()).await.is_err(), "{sql}");
    }
    let mut read = world.running.platform.core.tables.read().await.unwrap();
    check_books(&mut read).await;
}

async fn a_changed_line_is_found_by_its_number(on: On) {
    let world = World::new(on).await;
    let person = world.person(world.terminal(), 1_000).await;
    world.deposit(person, 50).await;
    world.deposit(person, 60).await;
    let unguard = match on {
        On::Sqlite => "DROP TRIGGER statement_line_changed",
        On::Postgres => "DROP TRIGGER statement_line_kept ON statement_line",
    };
    tamper(&world, unguard.to_owned()).await.unwrap();
    tamper(
        &world,
        format!("UPDATE statement_line SET words = 'x' WHERE detainee = '{person}' AND number = 2"),
    )
    .await
    .unwrap();
    let mut read = world.running.platform.core.tables.read().await.unwrap();
    let check = books::check_statement(&mut read, person).await.unwrap();
    assert_eq!(check, StatementCheck::Broken { line: 2 });
}
