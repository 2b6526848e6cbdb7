// SPDX-License-Identifier: GPL-3.0-only
use super::{Intent, Own, Refusal, STATEMENT_LINES, Turns, view};
use crate::scene::ShopPage;
use crate::world::World;
use crate::{Actor, Refusal as Any};
use contract::{
    Account, BatchId, BatchReply, CatalogueItem, DetaineeId, Diet, Digest, DisputeReason, Event, EventId,
    Fen, Flow, Frozen, Goods, Lane, LineKind, Objection, OrderCheck, OrderLineStatus, OrderRefused,
    OrderState, OrderStatus, OrderStep, ReceivedLine, Shelf, SpendingLimit, StatementLine, StatementPage,
    Text, Trust, Verdict, VerdictFor,
};

fn soap() -> CatalogueItem {
    CatalogueItem {
        sku: "S1".into(),
        name: "肥皂".into(),
        unit: "一块".into(),
        shelf: Shelf::Washing,
        picture: Goods::Soap,
        price: Fen(350),
        price_rev: 1,
        price_before: None,
        price_since_ms: 0,
        stock: Some(10),
        order_max: 5,
        period: None,
        level_min: 0,
        suits: Vec::new(),
        from_ms: None,
        until_ms: None,
        in_kit: 1,
    }
}

fn bread() -> CatalogueItem {
    CatalogueItem {
        sku: "B1".into(),
        name: "面包".into(),
        shelf: Shelf::Food,
        picture: Goods::Bread,
        price: Fen(500),
        in_kit: 0,
        suits: vec![Diet::Vegetarian],
        ..soap()
    }
}

/// A person of the cell with ¥50, and what the platform says of it all.
impl World {
    fn opens_shop(&mut self) {
        for item in [soap(), bread()] {
            self.put("catalogue", item.sku.as_str(), &item);
        }
        for person in 0..self.people.len() {
            let account = self.account(person);
            self.put("account", &account.detainee.to_string(), &account);
        }
    }

    fn account(&self, person: usize) -> Account {
        Account {
            detainee: self.people[person],
            as_of_ms: self.now.wall_ms - 60_000,
            balance: Fen(5_000),
            lines: 0,
            head: Digest::ZERO,
            limit: SpendingLimit {
                from_ms: 0,
                until_ms: i64::MAX,
                most: Fen(8_000),
                spent: Fen(1_000),
                festival: Text::default(),
            },
            frozen: None,
            level: 0,
            diets: Vec::new(),
            bought: Vec::new(),
            owed: Vec::new(),
            kit: false,
        }
    }

    fn person(&self, person: usize) -> Actor {
        Actor::Detainee(self.people[person])
    }

    fn puts(&mut self, person: usize, sku: &str, count: u32) -> Result<(), Any> {
        let actor = self.person(person);
        self.act(actor, Intent::Put { sku: sku.to_owned(), count }).map(|_| ())
    }

    fn orders(&mut self, person: usize) -> Result<EventId, Any> {
        let actor = self.person(person);
        self.act(actor, Intent::Order { check: OrderCheck::Pin }).map(|done| done.receipt.unwrap())
    }

    fn sees(&mut self, person: usize, page: &ShopPage) -> Own {
        let (viewer, now) = (self.people[person], self.now);
        self.read(|read| view(read, Some(viewer), Some(page), &now)).own.unwrap()
    }

    fn turns(&mut self) -> Turns {
        let now = self.now;
        self.read(|read| view(read, None, None, &now)).turns
    }

    /// The platform answers everything that waits in the lane of orders.
    fn answers(&mut self, verdict: &Verdict) {
        let batch = self.read(|read| read.next_batch(Lane::Order, Flow::default())).unwrap();
        let verdicts = batch.events.iter().map(|event| VerdictFor {
            seq: event.seq,
            id: event.id,
            hash: event.hash(),
            verdict: verdict.clone(),
        });
        let reply = BatchReply {
            batch: BatchId::fresh(),
            device: batch.device,
            lane: Lane::Order,
            acked_seq: batch.events.last().unwrap().seq,
            head: Digest::ZERO,
            verdicts: verdicts.collect(),
            server_ms: self.now.wall_ms,
            flow: Flow::default(),
            reconnect_window_s: 0,
        };
        let now = self.now;
        self.write(|tx| tx.settle(&reply, "", &now));
    }

    fn platform_says(&mut self, person: usize, order: EventId, state: OrderState, line: OrderLineStatus) {
        let status = OrderStatus {
            order,
            detainee: self.people[person],
            state,
            steps: vec![OrderStep { state, at_ms: self.now.wall_ms }],
            charged: line.price.times(line.charged).unwrap(),
            lines: vec![line],
            words: Text::default(),
        };
        self.put("order", &order.to_string(), &status);
    }
}

fn came(ordered: u32, delivered: u32) -> OrderLineStatus {
    OrderLineStatus {
        sku: "S1".into(),
        name: "肥皂".into(),
        unit: "一块".into(),
        picture: Goods::Soap,
        price: Fen(350),
        ordered,
        approved: Some(ordered),
        delivered: Some(delivered),
        received: None,
        charged: delivered,
    }
}

fn shop(refusal: Refusal) -> Any {
    Any::Shop(refusal)
}

#[test]
fn an_order_says_what_was_on_the_screen_and_takes_nothing_off_the_balance() {
    let mut world = World::new(1);
    world.opens_shop();
    world.puts(0, "S1", 2).unwrap();
    world.puts(0, "B1", 1).unwrap();
    let cart = world.sees(0, &ShopPage::Cart(Shelf::Food));
    assert_eq!((cart.cart.total, cart.remains()), (Some(Fen(1_200)), Some(Fen(3_800))));
    assert_eq!(cart.limit_remains(), Some(Fen(5_800)));
    let order = world.orders(0).unwrap();
    let sent = world.sent(Lane::Order);
    let [Event::OrderPlaced(placed)] = &sent[..] else { panic!("{sent:?}") };
    assert_eq!((placed.shown_total, placed.check, placed.lines.len()), (Fen(1_200), OrderCheck::Pin, 2));
    assert_eq!(
        (placed.lines[1].sku.as_str(), placed.lines[1].count, placed.lines[1].price_rev),
        ("S1", 2, 1)
    );
    let own = world.sees(0, &ShopPage::Mine);
    // The books have said nothing yet: what they said stays, and what is on its way is told beside it.
    assert_eq!(own.account.as_ref().unwrap().balance, Fen(5_000));
    assert_eq!((own.pending, own.remains()), (Fen(1_200), Some(Fen(3_800))));
    assert!(own.cart.lines.is_empty());
    assert_eq!(own.orders[0].event, order);
}

#[test]
fn no_touch_makes_more_money_than_the_platform_said() {
    let mut world = World::new(1);
    world.opens_shop();
    world.puts(0, "S1", 5).unwrap();
    assert_eq!(world.puts(0, "S1", 6), Err(shop(Refusal::TooMany)));
    assert_eq!(world.puts(0, "S1", u32::MAX), Err(shop(Refusal::TooMany)));
    assert_eq!(world.puts(0, "X", 1), Err(shop(Refusal::NotOffered)));
    world.orders(0).unwrap();
    let order = world.sees(0, &ShopPage::Orders).orders[0].event;
    let actor = world.person(0);
    world.act(actor, Intent::Cancel { order }).unwrap();
    assert_eq!(world.act(actor, Intent::Cancel { order }), Err(shop(Refusal::Already)));
    let own = world.sees(0, &ShopPage::Mine);
    assert_eq!((own.account.as_ref().unwrap().balance, own.pending), (Fen(5_000), Fen::ZERO));
    assert!(own.remains() <= Some(Fen(5_000)));
}

#[test]
fn a_changed_price_is_seen_and_the_person_is_asked_again() {
    let mut world = World::new(1);
    world.opens_shop();
    world.puts(0, "S1", 2).unwrap();
    let order = world.orders(0).unwrap();
    world.answers(&Verdict::Rejected { code: OrderRefused::PriceChanged.name().into() });
    let own = world.sees(0, &ShopPage::Orders);
    assert_eq!(own.orders[0].refused(), Some(OrderRefused::PriceChanged));
    assert_eq!(own.pending, Fen::ZERO, "nothing was charged");
    let dearer = CatalogueItem { price: Fen(400), price_rev: 2, price_before: Some(Fen(350)), ..soap() };
    world.put("catalogue", "S1", &dearer);
    let actor = world.person(0);
    world.act(actor, Intent::Again { order }).unwrap();
    world.orders(0).unwrap();
    let sent = world.sent(Lane::Order);
    let Some(Event::OrderPlaced(placed)) = sent.last() else { panic!("{sent:?}") };
    assert_eq!((placed.shown_total, placed.lines[0].price_rev), (Fen(800), 2));
}

#[test]
fn a_code_nobody_knows_is_still_a_no() {
    let mut world = World::new(1);
    world.opens_shop();
    world.puts(0, "S1", 1).unwrap();
    world.orders(0).unwrap();
    world.answers(&Verdict::Rejected { code: "moonlight".into() });
    assert_eq!(world.sees(0, &ShopPage::Orders).orders[0].refused(), Some(OrderRefused::Unsound));
}

#[test]
fn the_cart_is_each_persons_own_and_survives_a_power_cut() {
    let mut world = World::new(2);
    world.opens_shop();
    world.puts(0, "S1", 3).unwrap();
    world.power_cut();
    assert_eq!(world.sees(0, &ShopPage::Cart(Shelf::Food)).cart.lines[0].count, 3);
    assert!(world.sees(1, &ShopPage::Cart(Shelf::Food)).cart.lines.is_empty());
    assert_eq!(world.orders(1), Err(shop(Refusal::Empty)));
}

#[test]
fn outside_the_hours_and_frozen_nothing_is_ordered_and_the_cart_stays() {
    let mut world = World::new(1);
    world.opens_shop();
    world.puts(0, "S1", 1).unwrap();
    world.policy(|policy| policy.shop.open_to_min = 9 * 60);
    assert_eq!(world.orders(0), Err(shop(Refusal::Closed)));
    world.policy(|policy| policy.shop.open_to_min = 20 * 60);
    let frozen = Frozen { since_ms: 5, why: "查询".into(), reference: "K-1".into(), objection: None };
    let account = Account { frozen: Some(frozen), ..world.account(0) };
    world.put("account", &account.detainee.to_string(), &account);
    assert_eq!(world.orders(0), Err(shop(Refusal::Frozen)));
    assert_eq!(world.sees(0, &ShopPage::Cart(Shelf::Food)).cart.lines.len(), 1);
    let actor = world.person(0);
    world.act(actor, Intent::Object).unwrap();
    assert_eq!(world.act(actor, Intent::Object), Err(shop(Refusal::Already)));
    assert!(world.sees(0, &ShopPage::Owed).objected);
}

#[test]
fn a_clock_nobody_confirmed_closes_no_shop() {
    let mut world = World::new(1);
    world.opens_shop();
    world.puts(0, "S1", 1).unwrap();
    world.policy(|policy| policy.shop.open_to_min = 9 * 60);
    world.now.trust = Trust::Unsynced;
    world.orders(0).unwrap();
}

#[test]
fn what_is_not_for_somebody_is_counted_and_cannot_be_bought() {
    let mut world = World::new(1);
    world.opens_shop();
    let account = Account { diets: vec![Diet::Halal], ..world.account(0) };
    world.put("account", &account.detainee.to_string(), &account);
    let (viewer, now) = (world.people[0], world.now);
    let page = ShopPage::Shelf(Shelf::Food);
    let seen = world.read(|read| view(read, Some(viewer), Some(&page), &now));
    assert_eq!((seen.goods.len(), seen.not_for_me), (0, 1));
    assert_eq!(world.puts(0, "B1", 1), Err(shop(Refusal::NotOffered)));
    // Whoever only looks sees every price.
    let page = ShopPage::Browse(Shelf::Food);
    let seen = world.read(|read| view(read, None, Some(&page), &now));
    assert_eq!((seen.goods.len(), seen.not_for_me, seen.own), (1, 0, None));
}

#[test]
fn the_kit_is_free_and_asked_for_once() {
    let mut world = World::new(1);
    world.opens_shop();
    let actor = world.person(0);
    let kit = Intent::TakeKit { check: OrderCheck::Pin };
    assert_eq!(world.act(actor, kit.clone()), Err(shop(Refusal::NoKit)));
    let account = Account { kit: true, ..world.account(0) };
    world.put("account", &account.detainee.to_string(), &account);
    world.act(actor, kit.clone()).unwrap();
    assert_eq!(world.act(actor, kit), Err(shop(Refusal::NoKit)), "one is on its way");
    let sent = world.sent(Lane::Order);
    let Some(Event::OrderPlaced(placed)) = sent.last() else { panic!("{sent:?}") };
    assert!(placed.kit && placed.shown_total == Fen::ZERO && placed.lines[0].count == 1);
    assert_eq!(world.sees(0, &ShopPage::Mine).pending, Fen::ZERO);
}

#[test]
fn what_came_is_answered_for_line_by_line_once() {
    let mut world = World::new(1);
    world.opens_shop();
    world.puts(0, "S1", 2).unwrap();
    let order = world.orders(0).unwrap();
    let line = |good, missing| ReceivedLine { sku: "S1".into(), good, missing, wrong: 0, damaged: 0 };
    let receive = |lines: Vec<ReceivedLine>| Intent::Receive { order, lines, check: OrderCheck::FaceAndPin };
    let actor = world.person(0);
    assert_eq!(world.act(actor, receive(vec![line(2, 0)])), Err(shop(Refusal::NothingToSign)));
    world.platform_says(0, order, OrderState::Delivered, came(2, 2));
    for wrong in
        [vec![], vec![line(2, 1)], vec![line(1, 0)], vec![line(u32::MAX, 3)], vec![line(2, 0), line(2, 0)]]
    {
        assert_eq!(world.act(actor, receive(wrong)), Err(shop(Refusal::NothingToSign)));
    }
    world.act(actor, receive(vec![line(1, 1)])).unwrap();
    assert_eq!(world.act(actor, receive(vec![line(2, 0)])), Err(shop(Refusal::Already)));
    let sent = world.sent(Lane::Order);
    let Some(Event::OrderReceived(received)) = sent.last() else { panic!("{sent:?}") };
    assert_eq!((received.lines[0].good, received.lines[0].missing), (1, 1));
    assert_eq!(world.act(actor, Intent::Cancel { order }), Err(shop(Refusal::TooLate)));
}

fn statement(world: &World, person: usize, count: u64) -> Vec<StatementLine> {
    let mut before = Digest::ZERO;
    let line = |number: u64| {
        let line = StatementLine {
            number,
            at_ms: world.now.wall_ms,
            kind: LineKind::Deposit,
            amount: Fen(100),
            balance: Fen(100 * i64::try_from(number).unwrap()),
            words: "家属存入".into(),
            reference: "R-1".into(),
            order: None,
            hash: Digest::ZERO,
            objection: None,
        };
        let line = line.hashed(world.people[person], before);
        before = line.hash;
        line
    };
    (1..=count).map(line).collect()
}

impl World {
    fn states(&mut self, person: usize, lines: &[StatementLine]) {
        let detainee = self.people[person];
        for page in lines.chunks(contract::STATEMENT_PAGE_LINES) {
            let key = StatementPage::key(detainee, page[0].number);
            self.put("statement", &key, &StatementPage { lines: page.to_vec() });
        }
        let last = lines.last().unwrap();
        let (lines, head, balance) = (last.number, last.hash, last.balance);
        let account = Account { lines, head, balance, ..self.account(person) };
        self.put("account", &detainee.to_string(), &account);
    }
}

#[test]
fn a_statement_is_paged_from_the_newest_and_is_nobody_elses() {
    let mut world = World::new(2);
    let lines = statement(&world, 0, 230);
    world.states(0, &lines);
    let numbers = |own: &Own| own.lines.iter().map(|line| line.line.number).collect::<Vec<_>>();
    let own = world.sees(0, &ShopPage::Statement { skip: 0 });
    assert_eq!((numbers(&own), own.complete), (vec![230, 229, 228, 227], true));
    assert_eq!(numbers(&world.sees(0, &ShopPage::Statement { skip: STATEMENT_LINES })), [226, 225, 224, 223]);
    assert_eq!(numbers(&world.sees(0, &ShopPage::Statement { skip: 228 })), [2, 1]);
    assert!(world.sees(0, &ShopPage::Statement { skip: 1_000 }).lines.is_empty());
    assert!(world.sees(1, &ShopPage::Statement { skip: 0 }).lines.is_empty());
    assert!(world.sees(1, &ShopPage::Line(3)).lines.is_empty());
}

#[test]
fn a_line_that_does_not_follow_is_not_taken_and_the_statement_says_it_is_not_whole() {
    let mut world = World::new(1);
    let mut lines = statement(&world, 0, 3);
    world.states(0, &lines[..2]);
    lines[1].amount = Fen(999);
    let detainee = world.people[0];
    world.put("statement", &StatementPage::key(detainee, 1), &StatementPage { lines: lines.clone() });
    assert_eq!(world.sees(0, &ShopPage::Line(2)).lines[0].line.amount, Fen(100));
    let account = Account { lines: 3, head: lines[2].hash, ..world.account(0) };
    world.put("account", &detainee.to_string(), &account);
    assert!(!world.sees(0, &ShopPage::Statement { skip: 0 }).complete);
}

#[test]
fn a_line_is_disputed_by_one_touch_and_stays_marked_until_it_is_answered() {
    let mut world = World::new(2);
    let mut lines = statement(&world, 0, 2);
    world.states(0, &lines);
    let actor = world.person(0);
    let dispute = |why| Intent::Dispute { line: 2, why };
    let event = world.act(actor, dispute(None)).unwrap().receipt.unwrap();
    assert_eq!(world.act(actor, dispute(None)), Err(shop(Refusal::Already)));
    world.act(actor, dispute(Some(DisputeReason::Twice))).unwrap();
    assert_eq!(world.act(actor, dispute(Some(DisputeReason::Amount))), Err(shop(Refusal::Already)));
    let sent = world.sent(Lane::Order);
    let Some(Event::LineDisputed(disputed)) = sent.first() else { panic!("{sent:?}") };
    assert_eq!((disputed.line, disputed.hash, disputed.why), (2, lines[1].hash, None));
    let seen = world.sees(0, &ShopPage::Line(2)).lines[0].clone();
    assert!(seen.is_marked() && seen.disputed.unwrap().1 == Some(DisputeReason::Twice));
    lines[1].objection = Some(Objection { event, at_ms: 1, answer: None });
    world.states(0, &lines);
    assert!(world.sees(0, &ShopPage::Line(2)).lines[0].is_marked());
    let answer = contract::ObjectionAnswer { at_ms: 2, upheld: false, words: "核对无误".into() };
    lines[1].objection.as_mut().unwrap().answer = Some(answer);
    world.states(0, &lines);
    assert!(!world.sees(0, &ShopPage::Line(2)).lines[0].is_marked());
    let other = world.person(1);
    assert_eq!(world.act(other, Intent::Dispute { line: 2, why: None }), Err(shop(Refusal::NotYours)));
}

#[test]
fn nobody_does_anything_with_what_is_anothers() {
    let mut world = World::new(2);
    world.opens_shop();
    world.puts(0, "S1", 1).unwrap();
    let order = world.orders(0).unwrap();
    for actor in [Actor::Anyone, Actor::Machine, world.officer(), world.person(1)] {
        for intent in [Intent::Cancel { order }, Intent::Again { order }] {
            assert_eq!(world.act(actor, intent), Err(shop(Refusal::NotYours)));
        }
    }
    assert_eq!(
        world.act(world.officer(), Intent::Put { sku: "S1".to_owned(), count: 1 }),
        Err(shop(Refusal::NotYours))
    );
    assert!(world.sees(1, &ShopPage::Orders).orders.is_empty());
}

#[test]
fn whoever_left_the_cell_leaves_nothing_of_their_money() {
    let mut world = World::new(2);
    world.opens_shop();
    let lines = statement(&world, 0, 2);
    world.states(0, &lines);
    world.puts(0, "S1", 1).unwrap();
    world.orders(0).unwrap();
    world.puts(0, "S1", 1).unwrap();
    let gone: DetaineeId = world.people[0];
    world.delete("member", &gone.to_string());
    let own = world.sees(0, &ShopPage::Statement { skip: 0 });
    assert!(
        own.account.is_none() && own.lines.is_empty() && own.orders.is_empty() && own.cart.lines.is_empty()
    );
    assert_eq!(world.sent(Lane::Order).len(), 1, "what was ordered still goes");
}

#[test]
fn turns_are_fair_and_whoever_does_not_come_makes_room() {
    let mut world = World::new(3);
    let [a, b, c] = world.people[..] else { panic!() };
    for who in [a, b, a, c] {
        world.act(Actor::Anyone, Intent::Wait(who)).unwrap();
    }
    assert_eq!(world.turns(), Turns { waiting: vec![a, b, c], called: None });
    assert_eq!((world.turns().before(a), world.turns().before(c)), (None, Some(2)));
    world.act(Actor::Machine, Intent::CallNext).unwrap();
    assert_eq!(world.turns().called, Some(a));
    world.pass(31);
    assert_eq!(world.turns(), Turns { waiting: vec![b, c, a], called: None });
    world.act(Actor::Machine, Intent::CallNext).unwrap();
    world.act(Actor::Anyone, Intent::Begins(b)).unwrap();
    assert_eq!(world.turns().waiting, [c, a]);
    for _ in 0..2 {
        world.act(Actor::Machine, Intent::CallNext).unwrap();
        world.pass(31);
    }
    // a was called in vain twice.
    assert_eq!(world.turns().waiting, [c]);
    world.act(Actor::Machine, Intent::CallNext).unwrap();
    world.act(Actor::Machine, Intent::HoldCall).unwrap();
    world.pass(60);
    assert_eq!(
        world.turns().waiting,
        [c],
        "nobody loses a turn while the screen is needed for something else"
    );
}
