// SPDX-License-Identifier: GPL-3.0-only
//! 购物: looked at by anybody, ordered by face and PIN or by PIN alone, charged by the platform and by nobody else.

use super::pages::Pages;
use crate::world::{Setup, World};
use contract::{Fen, OrderState};
use services::scene::{Place, ShopPage};
use services::shop::{OrderView, Own};
use ui::testing;

/// Somebody whose account is neither frozen nor in debt.
const BUYER: usize = 0;
const OTHER: usize = 1;
/// The demo's frozen account, and the one with a debt.
const FROZEN: usize = 3;
const INDEBTED: usize = 4;

impl World {
    /// From Home to the goods, by PIN.
    fn goes_shopping(&self, person: usize) {
        self.touch("tile-shop");
        self.touch("choice-buy");
        self.touch_person(self.person(person).id);
        self.pin(&self.person(person).pin.clone());
        self.until_sees("choice-shelf-food");
    }

    /// From Home to the own account, by PIN.
    fn opens_account(&self, person: usize) {
        self.touch("tile-shop");
        self.touch("choice-mine");
        self.touch_person(self.person(person).id);
        self.pin(&self.person(person).pin.clone());
        self.until_sees("choice-statement");
    }

    /// So many of a thing of the first shelf into the cart.
    fn takes(&self, sku: &str, count: usize) {
        self.touch(&format!("good-{sku}"));
        for _ in 0..count {
            self.touch("more");
        }
        self.touch("back");
        self.until("the shelf is shown", |world| world.is_at(|page| matches!(page, ShopPage::Shelf(_))));
    }

    /// The cart, read back, to the PIN.
    fn confirms(&self) {
        self.touch("next");
        self.until("the cart is shown", |world| world.is_at(|page| matches!(page, ShopPage::Cart(_))));
        self.touch("next");
        self.until("it is read back", |world| world.is_at(|page| matches!(page, ShopPage::ReadBack(_))));
        self.touch("next");
        self.until_sees("key-1");
    }

    /// Reads back, confirms, and enters the PIN once more.
    fn orders(&self, person: usize) {
        self.confirms();
        self.pin(&self.person(person).pin.clone());
    }

    fn is_at(&self, page: impl Fn(&ShopPage) -> bool) -> bool {
        self.scene().is_some_and(|scene| matches!(&scene.place, Place::Shop(at) if page(at)))
    }

    fn own(&self) -> Own {
        self.scene().and_then(|scene| scene.shop.own).unwrap_or_default()
    }

    fn balance(&self) -> Fen {
        self.own().account.map(|account| account.balance).unwrap_or_default()
    }

    fn newest(&self) -> Option<OrderView> {
        self.own().orders.into_iter().next()
    }

    fn until_order_is(&self, state: OrderState) {
        self.until(&format!("the order is {}", state.name()), |world| {
            let status = world.newest().and_then(|order| order.status);
            status.is_some_and(|status| status.state == state)
        });
    }

    /// The account has come down.
    fn knows_the_account(&self, person: usize) -> Fen {
        self.opens_account(person);
        self.until("the account is here", |world| world.own().account.is_some());
        let balance = self.balance();
        self.touch("leave");
        balance
    }
}

#[test]
fn an_order_is_charged_by_the_platform_and_the_statement_says_so() {
    let world = World::new(Setup::default());
    let before = world.knows_the_account(BUYER);
    world.goes_shopping(BUYER);
    world.takes("W06", 2);
    world.takes("W04", 1);
    world.reads("next", "¥30.60");
    world.orders(BUYER);
    world.until_sees("shop-sent");
    world.until_order_is(OrderState::Placed);
    world.reads("receipt-2", "已受理");
    let total = world.newest().unwrap().total;
    assert_eq!(total, Fen(3_060));
    world.touch("way-mine");
    world.until("the books are here", |world| world.balance() == before.minus(total).unwrap());
    assert_eq!(world.own().pending, Fen::ZERO);
    world.touch("choice-statement");
    world.reads("row-dispute-3", "−¥30.60");
    assert!(world.own().complete);
    // One touch, and it is marked.
    world.touch("do-dispute-3");
    world.touch("choice-why-amount");
    world.until("the platform marked it", |world| {
        world.own().lines.first().is_some_and(|line| line.line.objection.is_some())
    });
    world.touch("back");
    world.reads("row-line-3", "等答复");
    world.touch("leave");

    world.opens_account(OTHER);
    assert!(world.own().orders.is_empty(), "another's orders are another's");
}

#[test]
fn without_network_an_order_is_a_request_and_is_charged_once_when_there_is_one() {
    let mut world = World::new(Setup::default());
    let before = world.knows_the_account(BUYER);
    world.cut_network();
    world.until("the line is known to be down", |world| {
        world.scene().is_some_and(|scene| scene.link == services::scene::Link::Offline)
    });
    world.goes_shopping(BUYER);
    world.takes("W06", 1);
    world.touch("next");
    world.reads("shop-sum", "截至");
    world.touch("back");
    world.until("the shelf is shown", |world| world.is_at(|page| matches!(page, ShopPage::Shelf(_))));
    world.orders(BUYER);
    world.until_sees("shop-sent");
    world.reads("shop-sent", "申请");
    world.touch("way-mine");
    world.reads("shop-note-0", "还没有扣款");
    assert_eq!(world.balance(), before, "the terminal charges nothing");
    world.power_cut_and_on();
    world.mend_network();
    world.opens_account(BUYER);
    world.until("it is charged", |world| world.balance() == before.minus(Fen(890)).unwrap());
    world.touch("leave");
    world.seconds_pass(120);
    world.opens_account(BUYER);
    assert_eq!(world.balance(), before.minus(Fen(890)).unwrap(), "once");
    assert_eq!(world.own().orders.len(), 1);
}

#[test]
fn a_cart_outlives_a_power_cut_and_no_half_order_is_made() {
    let mut world = World::new(Setup::default());
    world.knows_the_account(BUYER);
    world.goes_shopping(BUYER);
    world.takes("W06", 2);
    world.confirms();
    world.power_cut_and_on();
    world.goes_shopping(BUYER);
    world.reads("next", "¥17.80");
    assert!(world.own().orders.is_empty());
}

#[test]
fn a_wrong_pin_orders_nothing_and_the_cart_stays() {
    let world = World::new(Setup::default());
    world.knows_the_account(BUYER);
    world.goes_shopping(BUYER);
    world.takes("W06", 1);
    world.confirms();
    world.pin(&world.person(OTHER).pin.clone());
    world.touch("back");
    world.until("it is read back", |world| world.is_at(|page| matches!(page, ShopPage::ReadBack(_))));
    assert!(world.own().orders.is_empty());
    assert_eq!(world.own().cart.lines.len(), 1);
}

#[test]
fn more_than_the_balance_is_refused_by_the_platform_and_nothing_is_charged() {
    let world = World::new(Setup::default());
    let before = world.knows_the_account(INDEBTED);
    world.set_policy(|policy| policy.shop.month_yuan = 1);
    world.goes_shopping(INDEBTED);
    world.takes("W06", 2);
    world.orders(INDEBTED);
    world.until_sees("shop-sent");
    world.reads("shop-sent", "超过本期限额");
    world.touch("way-mine");
    assert_eq!((world.balance(), world.own().pending), (before, Fen::ZERO));
}

#[test]
fn a_frozen_account_says_why_and_can_be_objected_to() {
    let world = World::new(Setup::default());
    world.knows_the_account(FROZEN);
    world.goes_shopping(FROZEN);
    world.takes("W06", 1);
    world.orders(FROZEN);
    world.reads("notice", "冻结");
    world.touch("leave");
    world.opens_account(FROZEN);
    world.touch("choice-owed");
    world.reads("shop-word", "法院");
    world.touch("next");
    world.until("the platform knows", |world| {
        let frozen = world.own().account.and_then(|account| account.frozen);
        frozen.is_some_and(|frozen| frozen.objection.is_some())
    });
    assert!(testing::find(world.window(), "next").is_none(), "once");
}

#[test]
fn whoever_was_before_comes_first_and_nobody_waits_for_the_doctor() {
    let world = World::new(Setup::default());
    world.set_policy(|policy| {
        policy.shop.turn_s = 120;
        // Nobody touches until the turn is over.
        policy.session.clear_s = 900;
    });
    world.knows_the_account(BUYER);
    // While one shops two others get in line; then the turn has an end.
    world.goes_shopping(BUYER);
    assert!(!world.sees("turn-left"));
    world.takes("W06", 1);
    world.touch("way-queue");
    world.touch_person(world.person(OTHER).id);
    world.touch_person(world.person(FROZEN).id);
    world.touch("back");
    world.until_sees("turn-left");
    world.seconds_pass(121);
    world.until("the turn is over", |world| world.scene().unwrap().place == Place::Shop(ShopPage::Front));
    world.reads("notice", "购物车给您留着");
    world.reads("shop-note-0", "轮到");
    // The one who just shopped comes after both.
    world.touch("choice-buy");
    world.touch_person(world.person(BUYER).id);
    world.touch("next");
    assert_eq!(world.scene().unwrap().shop.turns.before(world.person(BUYER).id), Some(2));
    world.touch("leave");
    // The doctor asks no turn.
    world.touch("tile-care");
    world.until_sees("choice-me");
    world.touch("leave");
    // Who is called may begin; their place in the line is used.
    world.goes_shopping(OTHER);
    let waiting = world.scene().unwrap().shop.turns.waiting.clone();
    assert_eq!(waiting, [world.person(FROZEN).id, world.person(BUYER).id]);
    world.touch("leave");
    // Who does not come makes room.
    world.until("the next is called", |world| world.scene().unwrap().shop.turns.called.is_some());
    world.seconds_pass(31);
    world.until("the line moved", |world| {
        world.scene().unwrap().shop.turns.waiting.first() == Some(&world.person(BUYER).id)
    });
}

#[test]
fn what_was_approved_delivered_and_signed_for_stands_beside_what_was_ordered() {
    let world = World::new(Setup::default());
    let before = world.knows_the_account(BUYER);
    world.goes_shopping(BUYER);
    world.takes("W06", 2);
    world.orders(BUYER);
    world.until_order_is(OrderState::Placed);
    let order = world.newest().unwrap().event.to_string();
    world.touch("leave");
    let mut shop = Pages::signed_in(&world, "shop");
    let page = shop.get("/shop");
    let deed = |shop: &mut Pages<'_>, deed: &str, count: &str| {
        let mut fields = vec![("deed", deed), ("order", order.as_str())];
        if !count.is_empty() {
            fields.extend([("count-0", count), ("words", "缺货")]);
        }
        shop.post("/shop", &page, &fields);
    };
    deed(&mut shop, "approve", "2");
    deed(&mut shop, "pack", "");
    deed(&mut shop, "deliver", "1");
    world.opens_account(BUYER);
    world.touch("choice-orders");
    world.until_order_is(OrderState::Delivered);
    world.touch(&format!("choice-order-{order}"));
    world.reads("shop-word", "有差异");
    // One was delivered; it is damaged, and that is said line by line and signed with the PIN.
    world.touch("next");
    world.touch("do-problem-0");
    world.touch("choice-damaged");
    world.touch("back");
    world.reads("row-problem-0", "损坏 1");
    world.touch("next");
    world.pin(&world.person(BUYER).pin.clone());
    world.until_order_is(OrderState::Received);
    let line = world.newest().unwrap().lines[0].clone();
    assert_eq!((line.ordered, line.approved, line.delivered, line.received), (2, Some(2), Some(1), Some(0)));
    // The shop gives the money back for what was damaged; what never came was not paid for.
    let fields = [("deed", "settle"), ("order", order.as_str()), ("count-0", "1"), ("words", "损坏，退款")];
    shop.post("/shop", &page, &fields);
    world.until_order_is(OrderState::Settled);
    world.touch("back");
    world.touch("back");
    world.until("all of it is back", |world| world.balance() == before);
    assert!(!shop.get("/shop").contains("¥2"), "the shop sees no balance");
}
