// SPDX-License-Identifier: GPL-3.0-only
//! The shop: what cells order, what the shop does with it, what people see of it.

use super::*;
use crate::finance;
use crate::orders;
use crate::shop::{self, Refusal, Said};
use crate::tables::orders::OrderRow;
use crate::tables::{books as book_rows, feed as truth, goods as goods_rows};
use crate::tables::{orders as order_rows, tasks};
use crate::tasks::TaskKind;
use crate::{books, goods};
use contract::{
    Account, CatalogueItem, Collection, DetaineeId, Diet, Facility, FacilityKind, Fen, Goods, LineKind,
    Member, OrderCancelled, OrderCheck, OrderLine, OrderPlaced, OrderReceived, OrderState, OrderStatus,
    PeriodMax, Post, ReceivedLine, Shelf, StatementPage, Terminal,
};

on_both! {
    an_order_takes_money_and_things_and_is_told,
    the_same_order_again_charges_once,
    what_is_refused_has_its_code_and_changes_nothing,
    limits_of_month_thing_and_person_hold,
    a_cancelled_order_is_paid_back_once_and_after_packing_not,
    the_chain_is_told_step_by_step_and_pays_back_what_is_less,
    what_is_missing_waits_for_the_shop_and_is_refunded_once,
    a_terminal_hung_up_later_has_the_catalogue_and_a_stock_is_told_after,
    a_rejected_order_stays_rejected_in_another_epoch,
}

pub(crate) const HOUR_MS: i64 = 60 * 60 * 1000;

pub(crate) fn thing(sku: &str, price: i64) -> CatalogueItem {
    CatalogueItem {
        sku: sku.into(),
        name: "肥皂".into(),
        unit: "一块".into(),
        shelf: Shelf::Washing,
        picture: Goods::Soap,
        price: Fen(price),
        price_rev: 0,
        price_before: None,
        price_since_ms: 0,
        stock: None,
        order_max: 50,
        period: None,
        level_min: 0,
        suits: Vec::new(),
        from_ms: None,
        until_ms: None,
        in_kit: 0,
    }
}

/// What the desk does, as the desk does it: one transaction.
macro_rules! desk {
    ($world:expr, $write:ident => $done:expr) => {{
        let mut $write = $world.running.platform.core.tables.write().await.unwrap();
        let done = $done.await.unwrap();
        if done.is_ok() {
            $write.commit().await.unwrap();
        }
        done
    }};
}

pub(crate) use desk;

pub(crate) fn said<'a>(counts: &'a [u32], words: &'a str) -> Said<'a> {
    Said { counts, words, by: "shop" }
}

pub(crate) const PAPER: finance::Said<'static> =
    finance::Said { words: "因为", reference: "第 1 号", by: "finance" };

impl World {
    pub(crate) fn now_ms(&self) -> i64 {
        self.running.platform.now_ms()
    }

    pub(crate) async fn put_thing(&self, item: &CatalogueItem) {
        let now_ms = self.now_ms();
        desk!(self, write => goods::put(&mut write, item, now_ms)).unwrap();
    }

    pub(crate) async fn stock(&self, sku: &str) -> Option<u32> {
        let mut read = self.running.platform.core.tables.read().await.unwrap();
        goods_rows::known(&mut read, sku).await.unwrap().unwrap().stock
    }

    pub(crate) async fn deposit(&self, detainee: DetaineeId, fen: i64) {
        let now_ms = self.now_ms();
        desk!(self, write => finance::deposit(&mut write, detainee, Fen(fen), PAPER, now_ms)).unwrap();
    }

    pub(crate) async fn balance(&self, detainee: DetaineeId) -> i64 {
        let mut read = self.running.platform.core.tables.read().await.unwrap();
        book_rows::balance(&mut read, books::Side::Person(detainee)).await.unwrap().unwrap().0
    }

    pub(crate) async fn house(&self, house: books::House) -> i64 {
        let mut read = self.running.platform.core.tables.read().await.unwrap();
        book_rows::balance(&mut read, books::Side::House(house)).await.unwrap().unwrap().0
    }

    pub(crate) async fn order_row(&self, event: EventId) -> OrderRow {
        let mut read = self.running.platform.core.tables.read().await.unwrap();
        order_rows::get(&mut read, event).await.unwrap().unwrap()
    }

    /// What a terminal was told last under this key.
    pub(crate) async fn told<T: serde::de::DeserializeOwned>(
        &self,
        terminal: TerminalId,
        collection: Collection,
        key: &str,
    ) -> Option<T> {
        let mut read = self.running.platform.core.tables.read().await.unwrap();
        let item = truth::get(&mut read, terminal, collection, key).await.unwrap();
        item.filter(|item| item.op == contract::FeedOp::Put)
            .map(|item| serde_json::from_value(item.body).unwrap())
    }

    pub(crate) async fn account(&self, terminal: TerminalId, detainee: DetaineeId) -> Option<Account> {
        self.told(terminal, Collection::Account, &detainee.to_string()).await
    }

    pub(crate) async fn status(&self, order: EventId) -> OrderStatus {
        self.told(self.terminal(), Collection::Order, &order.to_string()).await.unwrap()
    }

    pub(crate) async fn page(&self, detainee: DetaineeId, line: u64) -> StatementPage {
        let key = StatementPage::key(detainee, line);
        self.told(self.terminal(), Collection::Statement, &key).await.unwrap()
    }

    pub(crate) async fn waiting(&self, post: Post) -> Vec<TaskKind> {
        let mut read = self.running.platform.core.tables.read().await.unwrap();
        let all = tasks::waiting(&mut read, post, self.now_ms(), 100).await.unwrap();
        all.into_iter().map(|task| task.kind).collect()
    }

    /// A new person in this cell, with so much.
    pub(crate) async fn person(&self, terminal: TerminalId, fen: i64) -> DetaineeId {
        let member = member();
        self.running.platform.put_member(terminal, &member).await.unwrap();
        if fen > 0 {
            self.deposit(member.id, fen).await;
        }
        member.id
    }

    /// Another cell of the facility.
    pub(crate) async fn cell(&self, cell: &str) -> TerminalId {
        let facility = Facility { name: "示范看守所".into(), kind: FacilityKind::DetentionCentre };
        let place = Terminal {
            terminal: TerminalId::fresh(),
            block: "三监区".into(),
            cell: cell.into(),
            utc_offset_min: 480,
        };
        self.running.platform.put_terminal(&place, &facility).await.unwrap();
        place.terminal
    }
}

pub(crate) fn member() -> Member {
    Member {
        id: DetaineeId::fresh(),
        name: "冯十五".into(),
        badge_number: "0399".into(),
        out: None,
        exempt: None,
        face_off: false,
        pin: None,
    }
}

pub(crate) fn order(at: Stamp, detainee: DetaineeId, lines: &[(&str, u32)], total: i64) -> OrderPlaced {
    let line = |(sku, count): &(&str, u32)| OrderLine { sku: (*sku).into(), count: *count, price_rev: 1 };
    OrderPlaced {
        at,
        detainee,
        lines: lines.iter().map(line).collect(),
        shown_total: Fen(total),
        kit: false,
        check: OrderCheck::Pin,
    }
}

pub(crate) fn rejected(code: &str) -> Verdict {
    Verdict::Rejected { code: code.into() }
}

pub(crate) async fn verdict_on(kiosk: &mut Kiosk, event: &Event) -> Verdict {
    let envelope = kiosk.event(event);
    kiosk.verdict(&envelope).await
}

pub(crate) fn cancel(kiosk: &Kiosk, detainee: DetaineeId, order: EventId) -> Event {
    Event::OrderCancelled(OrderCancelled { at: kiosk.stamp(), detainee, order })
}

pub(crate) fn receipt(sku: &str, [good, missing, wrong, damaged]: [u32; 4]) -> ReceivedLine {
    ReceivedLine { sku: sku.into(), good, missing, wrong, damaged }
}

pub(crate) fn signed(kiosk: &Kiosk, detainee: DetaineeId, order: EventId, lines: Vec<ReceivedLine>) -> Event {
    let check = OrderCheck::FaceAndPin;
    Event::OrderReceived(OrderReceived { at: kiosk.stamp(), detainee, order, lines, check })
}

/// A cell with a kiosk, a person with ¥100 and two things: 3.50 with ten in stock, and 2.00.
pub(crate) async fn ready(on: On) -> (World, Kiosk, DetaineeId) {
    let world = World::new(on).await;
    let kiosk = world.kiosk().await;
    world.put_thing(&CatalogueItem { stock: Some(10), ..thing("T1", 350) }).await;
    world.put_thing(&thing("T2", 200)).await;
    let person = world.person(world.terminal(), 10_000).await;
    (world, kiosk, person)
}

async fn an_order_takes_money_and_things_and_is_told(on: On) {
    let (world, mut kiosk, person) = ready(on).await;
    let placed = order(kiosk.stamp(), person, &[("T1", 2), ("T2", 3)], 1_300);
    let event = kiosk.say(&Event::OrderPlaced(placed)).await;
    assert_eq!(world.balance(person).await, 8_700);
    assert_eq!(world.house(books::House::Transit).await, 1_300);
    assert_eq!(world.stock("T1").await, Some(8));
    let status = world.status(event).await;
    assert_eq!((status.state, status.charged), (OrderState::Placed, Fen(1_300)));
    assert!(!status.lines.iter().any(contract::OrderLineStatus::differs));
    let account = world.account(world.terminal(), person).await.unwrap();
    assert_eq!((account.balance, account.lines, account.limit.spent), (Fen(8_700), 2, Fen(1_300)));
    let page = world.page(person, 2).await;
    let last = page.lines.last().unwrap();
    assert_eq!((last.kind, last.amount, last.order), (LineKind::Order, Fen(-1_300), Some(event)));
    assert_eq!((last.words.as_str(), last.hash), ("肥皂×2 肥皂×3", account.head));
    assert_eq!(world.waiting(Post::Shop).await, [TaskKind::OrderApproval]);
}

async fn the_same_order_again_charges_once(on: On) {
    let (world, mut kiosk, person) = ready(on).await;
    let placed = order(kiosk.stamp(), person, &[("T1", 2)], 700);
    let envelope = kiosk.event(&Event::OrderPlaced(placed));
    assert_eq!(kiosk.verdict(&envelope).await, Verdict::Accepted);
    assert_eq!(kiosk.verdict(&envelope).await, Verdict::Duplicate);
    assert_eq!((world.balance(person).await, world.stock("T1").await), (9_300, Some(8)));
}

async fn what_is_refused_has_its_code_and_changes_nothing(on: On) {
    let (world, mut kiosk, person) = ready(on).await;
    let poor = world.person(world.terminal(), 100).await;
    let stranger = DetaineeId::fresh();
    let elsewhere = world.person(world.cell("306室").await, 10_000).await;
    world.put_thing(&CatalogueItem { level_min: 1, ..thing("T3", 100) }).await;
    world.put_thing(&CatalogueItem { until_ms: Some(NOW_MS), ..thing("T4", 100) }).await;
    world.put_thing(&CatalogueItem { order_max: 2, ..thing("T5", 100) }).await;
    world.put_thing(&thing("T6", 100)).await;
    world.put_thing(&thing("T6", 120)).await;
    world
        .put_thing(&CatalogueItem { shelf: Shelf::Food, suits: vec![Diet::Halal], ..thing("T7", 100) })
        .await;
    world.put_thing(&CatalogueItem { shelf: Shelf::Food, ..thing("T8", 100) }).await;
    let keeps = world.person(world.terminal(), 1_000).await;
    let now_ms = world.now_ms();
    desk!(world, write => finance::set_rules(&mut write, keeps, (0, &[Diet::Halal], None), now_ms)).unwrap();
    let at = kiosk.stamp();
    let kit = |line| OrderPlaced { kit: true, ..order(at, person, &[line], 0) };
    let cases = [
        (order(at, person, &[("T1", 2)], 699), "price_changed"),
        (order(at, person, &[("T6", 1)], 120), "price_changed"),
        (order(at, person, &[("T1", 11)], 3_850), "stock"),
        (order(at, poor, &[("T2", 1)], 200), "balance"),
        (order(at, person, &[("T5", 3)], 300), "count_limit"),
        (order(at, person, &[("T3", 1)], 100), "not_offered"),
        (order(at, person, &[("T4", 1)], 100), "not_offered"),
        (order(at, keeps, &[("T8", 1)], 100), "not_offered"),
        (order(at, person, &[("NONE", 1)], 100), "not_offered"),
        (order(at, stranger, &[("T2", 1)], 200), "not_here"),
        (order(at, elsewhere, &[("T2", 1)], 200), "not_here"),
        (order(at, person, &[], 0), "unsound"),
        (order(at, person, &[("T2", 1), ("T2", 1)], 400), "unsound"),
        (order(at, person, &[("T2", 0)], 0), "unsound"),
        (order(at, person, &[("T2", 100)], 20_000), "unsound"),
        (kit(("T1", 1)), "kit"),
    ];
    for (placed, code) in cases {
        assert_eq!(verdict_on(&mut kiosk, &Event::OrderPlaced(placed)).await, rejected(code));
    }
    assert_eq!(world.stock("T1").await, Some(10));
    assert_eq!([world.balance(person).await, world.balance(poor).await], [10_000, 100]);
    assert_eq!(world.house(books::House::Transit).await, 0);
    let halal = order(at, keeps, &[("T7", 1)], 100);
    assert_eq!(verdict_on(&mut kiosk, &Event::OrderPlaced(halal)).await, Verdict::Accepted);
    // A word about an order that was refused has nothing to do.
    let envelope = kiosk.event(&Event::OrderPlaced(order(at, poor, &[("T2", 1)], 200)));
    assert_eq!(kiosk.verdict(&envelope).await, rejected("balance"));
    let moot = cancel(&kiosk, poor, envelope.id);
    assert_eq!(verdict_on(&mut kiosk, &moot).await, Verdict::Accepted);
}

async fn limits_of_month_thing_and_person_hold(on: On) {
    let (world, mut kiosk, _) = ready(on).await;
    let rich = world.person(world.terminal(), 500_000).await;
    world.put_thing(&thing("T9", 10_000)).await;
    let buy =
        |at, count: u32| Event::OrderPlaced(order(at, rich, &[("T9", count)], i64::from(count) * 10_000));
    let eight = buy(kiosk.stamp(), 8);
    let first = kiosk.say(&eight).await;
    let more = buy(kiosk.stamp(), 1);
    assert_eq!(verdict_on(&mut kiosk, &more).await, rejected("limit"), "¥800 a month");
    // What went back counts no more.
    let back = cancel(&kiosk, rich, first);
    kiosk.say(&back).await;
    kiosk.say(&more).await;
    let mut policy = world.running.platform.policy(world.terminal()).await.unwrap();
    policy.shop.festival_months = "11".into();
    world.running.platform.put_policy(world.terminal(), &policy).await.unwrap();
    crate::accounts::tell_stale(&world.running.platform.core).await.unwrap();
    let account = world.account(world.terminal(), rich).await.unwrap();
    assert_eq!((account.limit.most, account.limit.festival.as_str()), (Fen(100_000), "节日"));
    let now_ms = world.now_ms();
    desk!(world, write => finance::set_rules(&mut write, rich, (0, &[], Some(Fen(15_000))), now_ms)).unwrap();
    let account = world.account(world.terminal(), rich).await.unwrap();
    assert_eq!((account.limit.most, account.limit.left()), (Fen(35_000), Fen(25_000)));
    let three = buy(kiosk.stamp(), 3);
    assert_eq!(verdict_on(&mut kiosk, &three).await, rejected("limit"));
    // Of one thing: two in seven days.
    let period = Some(PeriodMax { days: 7, count: 2 });
    world.put_thing(&CatalogueItem { period, ..thing("TP", 100) }).await;
    let two = Event::OrderPlaced(order(kiosk.stamp(), rich, &[("TP", 2)], 200));
    kiosk.say(&two).await;
    let third = Event::OrderPlaced(order(kiosk.stamp(), rich, &[("TP", 1)], 100));
    assert_eq!(verdict_on(&mut kiosk, &third).await, rejected("count_limit"));
    let account = world.account(world.terminal(), rich).await.unwrap();
    assert_eq!(account.bought.iter().map(|one| one.count).collect::<Vec<_>>(), [2]);
    world.pass_ms(7 * 24 * HOUR_MS);
    let later = Stamp { wall_ms: world.now_ms(), ..kiosk.stamp() };
    let third = Event::OrderPlaced(order(later, rich, &[("TP", 1)], 100));
    kiosk.say(&third).await;
    // The next month begins with nothing spent, and the terminal hears of it.
    world.pass_ms(7 * 24 * HOUR_MS);
    assert!(crate::accounts::tell_stale(&world.running.platform.core).await.unwrap() > 0);
    let account = world.account(world.terminal(), rich).await.unwrap();
    assert_eq!(account.limit.spent, Fen::ZERO);
    assert!((account.limit.from_ms..account.limit.until_ms).contains(&world.now_ms()));
}

async fn a_cancelled_order_is_paid_back_once_and_after_packing_not(on: On) {
    let (world, mut kiosk, person) = ready(on).await;
    let placed = Event::OrderPlaced(order(kiosk.stamp(), person, &[("T1", 2)], 700));
    let event = kiosk.say(&placed).await;
    for _ in 0..2 {
        let back = cancel(&kiosk, person, event);
        kiosk.say(&back).await;
    }
    assert_eq!((world.balance(person).await, world.stock("T1").await), (10_000, Some(10)));
    assert_eq!(world.status(event).await.state, OrderState::Cancelled);
    assert_eq!(world.waiting(Post::Shop).await, []);
    let event = kiosk.say(&placed).await;
    let now_ms = world.now_ms();
    desk!(world, write => shop::approve(&mut write, event, said(&[2], ""), now_ms)).unwrap();
    desk!(world, write => shop::pack(&mut write, event, now_ms)).unwrap();
    let late = cancel(&kiosk, person, event);
    kiosk.say(&late).await;
    assert_eq!(world.balance(person).await, 9_300);
    assert_eq!(world.status(event).await.state, OrderState::Packed, "the answer is where it stands");
    let foreign = cancel(&kiosk, world.seeded.detainees[0].id, event);
    let parked = Verdict::Parked { code: "not_of_this_cell".into() };
    assert_eq!(verdict_on(&mut kiosk, &foreign).await, parked);
}

async fn the_chain_is_told_step_by_step_and_pays_back_what_is_less(on: On) {
    let (world, mut kiosk, person) = ready(on).await;
    let placed = Event::OrderPlaced(order(kiosk.stamp(), person, &[("T1", 4), ("T2", 3)], 2_000));
    let event = kiosk.say(&placed).await;
    let now_ms = world.now_ms();
    let refused = desk!(world, write => shop::pack(&mut write, event, now_ms));
    assert_eq!(refused, Err(Refusal::State));
    for (counts, words, why) in [
        (&[5, 3][..], "", Refusal::Counts),
        (&[4], "", Refusal::Counts),
        (&[0, 0], "没有", Refusal::Counts),
        (&[4, 2], "", Refusal::Words),
    ] {
        let done = desk!(world, write => shop::approve(&mut write, event, said(counts, words), now_ms));
        assert_eq!(done, Err(why));
    }
    desk!(world, write => shop::approve(&mut write, event, said(&[4, 2], "每人两个"), now_ms)).unwrap();
    assert_eq!(world.balance(person).await, 8_200);
    let status = world.status(event).await;
    assert_eq!((status.state, status.words.as_str()), (OrderState::Approved, "每人两个"));
    assert!(status.lines[1].differs() && !status.lines[0].differs());
    desk!(world, write => shop::pack(&mut write, event, now_ms)).unwrap();
    let early = signed(&kiosk, person, event, vec![receipt("T1", [4, 0, 0, 0]), receipt("T2", [2, 0, 0, 0])]);
    assert_eq!(verdict_on(&mut kiosk, &early).await, rejected("unsound"), "nothing was brought yet");
    desk!(world, write => shop::deliver(&mut write, event, said(&[3, 2], "差一块"), now_ms)).unwrap();
    assert_eq!((world.balance(person).await, world.stock("T1").await), (8_550, Some(7)));
    assert_eq!(world.waiting(Post::Shop).await, [TaskKind::OrderSignature]);
    let wrong = signed(&kiosk, person, event, vec![receipt("T1", [4, 0, 0, 0]), receipt("T2", [2, 0, 0, 0])]);
    assert_eq!(verdict_on(&mut kiosk, &wrong).await, rejected("unsound"), "it does not add up");
    let right = signed(&kiosk, person, event, vec![receipt("T1", [3, 0, 0, 0]), receipt("T2", [2, 0, 0, 0])]);
    kiosk.say(&right).await;
    kiosk.say(&right).await;
    let status = world.status(event).await;
    let states: Vec<OrderState> = status.steps.iter().map(|step| step.state).collect();
    use OrderState::{Approved, Delivered, Packed, Placed, Received};
    assert_eq!(states, [Placed, Approved, Packed, Delivered, Received]);
    assert_eq!(status.charged, Fen(1_450));
    assert_eq!(world.house(books::House::Shop).await, 1_450);
    assert_eq!(world.house(books::House::Transit).await, 0);
    assert_eq!(world.waiting(Post::Shop).await, []);
    desk!(world, write => shop::take_back(&mut write, event, said(&[1, 0], "退一块"), now_ms)).unwrap();
    let twice = desk!(world, write => shop::take_back(&mut write, event, said(&[1, 0], "退"), now_ms));
    assert_eq!(twice, Err(Refusal::State), "once for each thing");
    assert_eq!((world.balance(person).await, world.house(books::House::Shop).await), (8_900, 1_100));
}

async fn what_is_missing_waits_for_the_shop_and_is_refunded_once(on: On) {
    let (world, mut kiosk, person) = ready(on).await;
    let placed = Event::OrderPlaced(order(kiosk.stamp(), person, &[("T1", 4)], 1_400));
    let event = kiosk.say(&placed).await;
    let now_ms = world.now_ms();
    desk!(world, write => shop::approve(&mut write, event, said(&[4], ""), now_ms)).unwrap();
    desk!(world, write => shop::pack(&mut write, event, now_ms)).unwrap();
    desk!(world, write => shop::deliver(&mut write, event, said(&[4], ""), now_ms)).unwrap();
    let receipt = signed(&kiosk, person, event, vec![receipt("T1", [1, 1, 1, 1])]);
    kiosk.say(&receipt).await;
    assert_eq!(world.waiting(Post::Shop).await, [TaskKind::OrderDifference]);
    assert_eq!(world.house(books::House::Transit).await, 1_050, "what is not good is not the shop's yet");
    let row = world.order_row(event).await;
    assert_eq!(orders::differing(&row.lines[0]), 3);
    let more = desk!(world, write => shop::settle(&mut write, event, said(&[4], "退"), now_ms));
    assert_eq!(more, Err(Refusal::Counts));
    let silent = desk!(world, write => shop::settle(&mut write, event, said(&[2], ""), now_ms));
    assert_eq!(silent, Err(Refusal::Words));
    desk!(world, write => shop::settle(&mut write, event, said(&[2], "退两块，换一块"), now_ms)).unwrap();
    let again = desk!(world, write => shop::settle(&mut write, event, said(&[1], "再退"), now_ms));
    assert_eq!(again, Err(Refusal::State));
    assert_eq!(world.balance(person).await, 9_300);
    assert_eq!([world.house(books::House::Transit).await, world.house(books::House::Shop).await], [0, 700]);
    let page = world.page(person, 3).await;
    assert_eq!(page.lines.last().unwrap().kind, LineKind::Refund);
    assert_eq!(world.waiting(Post::Shop).await, []);
}

async fn a_terminal_hung_up_later_has_the_catalogue_and_a_stock_is_told_after(on: On) {
    let (world, mut kiosk, person) = ready(on).await;
    let next = world.cell("306室").await;
    let item: CatalogueItem = world.told(next, Collection::Catalogue, "T1").await.unwrap();
    assert_eq!((item.stock, item.price_rev), (Some(10), 1));
    let placed = Event::OrderPlaced(order(kiosk.stamp(), person, &[("T1", 4)], 1_400));
    kiosk.say(&placed).await;
    crate::accounts::tell_stale(&world.running.platform.core).await.unwrap();
    for terminal in [world.terminal(), next] {
        let item: CatalogueItem = world.told(terminal, Collection::Catalogue, "T1").await.unwrap();
        assert_eq!(item.stock, Some(6));
    }
    world.put_thing(&thing("T1", 400)).await;
    let item: CatalogueItem = world.told(next, Collection::Catalogue, "T1").await.unwrap();
    assert_eq!((item.price, item.price_rev, item.price_before), (Fen(400), 2, Some(Fen(350))));
    let now_ms = world.now_ms();
    let mut write = world.running.platform.core.tables.write().await.unwrap();
    assert!(goods::withdraw(&mut write, "T1", now_ms).await.unwrap());
    write.commit().await.unwrap();
    assert!(world.told::<CatalogueItem>(next, Collection::Catalogue, "T1").await.is_none());
    world.put_thing(&thing("T1", 350)).await;
    let item: CatalogueItem = world.told(next, Collection::Catalogue, "T1").await.unwrap();
    assert_eq!(item.price_rev, 3, "a price that was there before is another price");
}

async fn a_rejected_order_stays_rejected_in_another_epoch(on: On) {
    let (world, mut kiosk, person) = ready(on).await;
    let envelope = kiosk.event(&Event::OrderPlaced(order(kiosk.stamp(), person, &[("T1", 2)], 1)));
    assert_eq!(kiosk.verdict(&envelope).await, rejected("price_changed"));
    assert_eq!(kiosk.verdict(&envelope).await, rejected("price_changed"));
    kiosk.epoch = 2;
    kiosk.heads.clear();
    let mut again = kiosk.body(Lane::Order, &envelope.kind, &envelope.body);
    again.id = envelope.id;
    again.sign(&kiosk.key).unwrap();
    assert_eq!(kiosk.verdict(&again).await, rejected("price_changed"));
    assert_eq!(world.balance(person).await, 10_000);
}
