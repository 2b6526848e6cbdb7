// SPDX-License-Identifier: GPL-3.0-only
//! 购物 on the screen: the goods, the cart, orders, the account.
//!
//! Promises: a shielded page holds nothing to read; an amount is never shown without of when it is; a difference between
//! ordered, approved, delivered and charged is said without being asked for.

mod goods;
mod orders;
mod own;

use super::{LineView, Refusal};
use crate::scene::{Idle, Place, Scene, ShopPage, ShopTouch, Touch, Wrong};
use crate::screen::{Phrases, fill, of_id, pressed, said};
use crate::spoken::Spoken;
use contract::{DisputeReason, Fen, Goods, Shelf};
use i18n::Catalogue;
use slint::{ComponentHandle, SharedString};
use ui::{MainWindow, Picture, Sign};

pub(crate) fn wire(window: &MainWindow, touched: &(impl Fn(Touch) + Clone + 'static)) {
    let page = window.global::<ui::Shop<'_>>();
    page.on_chosen(said(touched, touch));
    page.on_person_chosen(said(touched, of_id(Touch::Person)));
    page.on_hide(pressed(touched, Touch::Hide));
    page.on_show(pressed(touched, Touch::Show));
    page.on_back(pressed(touched, Touch::Back));
    page.on_finished(pressed(touched, Touch::Finished));
}

pub(crate) fn show(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let Place::Shop(at) = &scene.place else { return };
    let page = window.global::<ui::Shop<'_>>();
    let shielded = scene.idle != Idle::Touched;
    page.set_shielded(shielded);
    empty(window);
    page.set_own(at.is_own());
    if shielded {
        return;
    }
    let left = scene.turn_left_s.filter(|_| at.is_shopping());
    let words = left
        .map(|seconds| say.format("shop-turn-left", &[("span", say.words.span(i64::from(seconds)).into())]));
    page.set_turn_left(words.unwrap_or_default());
    match &scene.shop.own {
        Some(own) => own::show(window, at, own, scene, say),
        None => goods::show(window, at, scene, say),
    }
}

/// Nothing of anybody stays behind another page.
pub(crate) fn forget(window: &MainWindow) {
    empty(window);
    let page = window.global::<ui::Shop<'_>>();
    fill(page.get_people(), Vec::new(), |rows| page.set_people(rows));
    page.set_step(ui::ShopStep::Front);
}

/// What does not stand on every page.
fn empty(window: &MainWindow) {
    let page = window.global::<ui::Shop<'_>>();
    page.set_question(SharedString::default());
    page.set_hint(SharedString::default());
    page.set_big(SharedString::default());
    page.set_big_detail(SharedString::default());
    page.set_next(SharedString::default());
    page.set_empty(SharedString::default());
    page.set_turn_left(SharedString::default());
    page.set_count(0);
    fill(page.get_notes(), Vec::new(), |rows| page.set_notes(rows));
    fill(page.get_pictures(), Vec::new(), |rows| page.set_pictures(rows));
    fill(page.get_lines(), Vec::new(), |rows| page.set_lines(rows));
    fill(page.get_rows(), Vec::new(), |rows| page.set_rows(rows));
    fill(page.get_choices(), Vec::new(), |rows| page.set_choices(rows));
    fill(page.get_ways(), Vec::new(), |rows| page.set_ways(rows));
    fill(page.get_steps(), Vec::new(), |rows| page.set_steps(rows));
    fill(page.get_goods(), Vec::new(), |rows| page.set_goods(rows));
}

/// The tile on Home: who is called, else what the shop is for.
pub(crate) fn tile(scene: &Scene, say: &Phrases<'_>) -> (SharedString, bool) {
    match scene.shop.turns.called {
        Some(called) => {
            (say.format("shop-tile-called", &[("name", goods::name(scene, called).into())]), true)
        }
        None => (say.text("shop-tile-state"), false),
    }
}

/// What the page asks, and what could be answered.
pub(crate) fn spoken(page: &ShopPage, words: &Catalogue) -> Option<Spoken> {
    if *page != ShopPage::Front {
        return None;
    }
    let id = "shop-front-hint";
    let parts = [id, "shop-browse", "shop-buy", "shop-mine"].map(|id| words.text(id).into_owned());
    Some(Spoken { id, words: parts.join(", ") })
}

pub(crate) fn refusal_text(refusal: Refusal, say: &Phrases<'_>) -> SharedString {
    say.text(match refusal {
        Refusal::Empty => "refused-shop-empty",
        Refusal::NotYours => "refused-shop-not-yours",
        Refusal::Closed => "refused-shop-closed",
        Refusal::Frozen => "refused-shop-frozen",
        Refusal::TooMany => "refused-shop-too-many",
        Refusal::NotOffered => "refused-shop-not-offered",
        Refusal::NoKit => "refused-shop-no-kit",
        Refusal::TooLate => "refused-shop-too-late",
        Refusal::NothingToSign => "refused-shop-nothing-to-sign",
        Refusal::Already => "refused-shop-already",
        Refusal::TurnOver => "refused-shop-turn-over",
    })
}

/// `¥12.50`, `−¥3.50`.
pub(crate) fn money(amount: Fen) -> String {
    i18n::money(amount.0)
}

/// The main button of the foot: its word, and what it does.
fn next(window: &MainWindow, id: &str, word: SharedString, enabled: bool) {
    let page = window.global::<ui::Shop<'_>>();
    page.set_next_id(id.into());
    page.set_next(word);
    page.set_can_go_on(enabled);
}

fn picture(id: &str, sign: Sign, title: SharedString, on: bool) -> Picture {
    Picture { id: id.into(), sign, title, on }
}

fn sign_of_shelf(shelf: Shelf) -> Sign {
    match shelf {
        Shelf::Washing => Sign::Soap,
        Shelf::Daily => Sign::House,
        Shelf::Food => Sign::Meal,
        Shelf::Drink => Sign::Drink,
        Shelf::Clothing => Sign::Shirt,
        Shelf::Paper => Sign::Notebook,
    }
}

fn sign_of(goods: Goods) -> Sign {
    match goods {
        Goods::Soap => Sign::Soap,
        Goods::Teeth => Sign::Teeth,
        Goods::Shampoo => Sign::Shampoo,
        Goods::Towel => Sign::Towel,
        Goods::Tissue => Sign::Roll,
        Goods::Pads => Sign::Pads,
        Goods::Cup => Sign::Cup,
        Goods::Bread => Sign::Bread,
        Goods::Noodles => Sign::Noodles,
        Goods::Fruit => Sign::Fruit,
        Goods::Sweets => Sign::Sweets,
        Goods::Meal => Sign::Dish,
        Goods::Water => Sign::Water,
        Goods::Drink => Sign::Drink,
        Goods::Shirt => Sign::Shirt,
        Goods::Shoes => Sign::Shoes,
        Goods::Notebook => Sign::Notebook,
        Goods::Pen => Sign::Pen,
        Goods::Book => Sign::Book,
        Goods::Stamp => Sign::Letter,
        Goods::Other => Sign::Bag,
    }
}

/// What a picture, a choice, a thing or a line's button means, by its id.
fn touch(id: &str) -> Option<Touch> {
    let plain = match id {
        "browse" => Some(ShopTouch::Browse),
        "buy" => Some(ShopTouch::Buy),
        "mine" => Some(ShopTouch::Mine),
        "more" => Some(ShopTouch::More),
        "less" => Some(ShopTouch::Less),
        "cart" => Some(ShopTouch::Cart),
        "checkout" => Some(ShopTouch::Checkout),
        "kit" => Some(ShopTouch::Kit),
        "orders" => Some(ShopTouch::Orders),
        "cancel" => Some(ShopTouch::Cancel),
        "again" => Some(ShopTouch::Again),
        "receive" => Some(ShopTouch::Receive),
        "good" => Some(ShopTouch::AllGood),
        "missing" => Some(ShopTouch::Is(Wrong::Missing)),
        "wrong" => Some(ShopTouch::Is(Wrong::Wrong)),
        "damaged" => Some(ShopTouch::Is(Wrong::Damaged)),
        "statement" => Some(ShopTouch::Statement),
        "older" => Some(ShopTouch::Older),
        "newer" => Some(ShopTouch::Newer),
        "owed" => Some(ShopTouch::Owed),
        "object" => Some(ShopTouch::Object),
        "wait" => Some(ShopTouch::Wait),
        "queue" => Some(ShopTouch::Queue),
        _ => None,
    };
    if let Some(touch) = plain {
        return Some(Touch::Shop(touch));
    }
    if id == "confirm" {
        return Some(Touch::Confirmed);
    }
    if id == "back" {
        return Some(Touch::Back);
    }
    let (what, which) = id.split_once('-')?;
    Some(Touch::Shop(match what {
        "shelf" => ShopTouch::Shelf(Shelf::of(which)?),
        "item" => ShopTouch::Item(which.to_owned()),
        "remove" => ShopTouch::Remove(which.to_owned()),
        "order" => ShopTouch::One(which.parse().ok()?),
        "problem" => ShopTouch::Problem(which.parse().ok()?),
        "dispute" => ShopTouch::Dispute(which.parse().ok()?),
        "line" => ShopTouch::Line(which.parse().ok()?),
        "why" => ShopTouch::Why(DisputeReason::of(which)?),
        _ => return None,
    }))
}

/// What stands against a line: said here, with the platform, answered.
fn objection(line: &LineView, say: &Phrases<'_>) -> SharedString {
    let answer = line.line.objection.as_ref().and_then(|objection| objection.answer.as_ref());
    match answer {
        Some(answer) if answer.upheld => say.text("shop-line-upheld"),
        Some(_) => say.text("shop-line-answered"),
        None if line.is_marked() => say.text("shop-line-marked"),
        None => SharedString::default(),
    }
}
