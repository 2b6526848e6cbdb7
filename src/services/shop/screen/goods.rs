// SPDX-License-Identifier: GPL-3.0-only
//! What anybody may look at: the goods with their prices, the hours, who waits for the screen.

use super::own::{way, ways};
use super::{money, next, picture, sign_of, sign_of_shelf};
use crate::cell;
use crate::scene::{Scene, ShopPage};
use crate::screen::{Phrases, fill};
use crate::shop::Own;
use contract::{CatalogueItem, DetaineeId, Diet, Shelf, ShopPolicy};
use slint::{ComponentHandle, SharedString};
use ui::{Fact, Good, MainWindow, Person, ShopStep, Sign};

/// How long a changed price is told, in milliseconds: 90 days.
const PRICE_NEWS_MS: i64 = 90 * 24 * 60 * 60_000;

pub(super) fn show(window: &MainWindow, at: &ShopPage, scene: &Scene, say: &Phrases<'_>) {
    match at {
        ShopPage::Front => front(window, scene, say),
        ShopPage::Who { buys } => who(window, *buys, scene, say),
        ShopPage::Turn(detainee) => turn(window, *detainee, scene, say),
        ShopPage::Queue { .. } => queue(window, scene, say),
        ShopPage::Browse(shelf) => self::shelf(window, *shelf, None, scene, say),
        ShopPage::Look { .. } => {
            if let Some(item) = scene.shop.goods.first() {
                self::item(window, item, scene, say);
            }
        }
        // A person's own pages.
        ShopPage::Shelf(_)
        | ShopPage::Item { .. }
        | ShopPage::Cart(_)
        | ShopPage::ReadBack(_)
        | ShopPage::Kit
        | ShopPage::Sent(_)
        | ShopPage::Mine
        | ShopPage::Orders
        | ShopPage::One(_)
        | ShopPage::Receive { .. }
        | ShopPage::Problem { .. }
        | ShopPage::Statement { .. }
        | ShopPage::Line(_)
        | ShopPage::Owed => {}
    }
}

/// 王**.
pub(super) fn name(scene: &Scene, detainee: DetaineeId) -> String {
    let found = scene.people.iter().find(|person| person.id == detainee);
    found.map_or_else(String::new, |person| cell::masked(&person.name))
}

fn front(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Shop<'_>>();
    let pictures = vec![
        picture("browse", Sign::Bag, say.text("shop-browse"), false),
        picture("buy", Sign::Cart, say.text("shop-buy"), false),
        picture("mine", Sign::Wallet, say.text("shop-mine"), false),
    ];
    fill(page.get_pictures(), pictures, |rows| page.set_pictures(rows));
    let closed = (!scene.shop.open).then(|| hours(&scene.shop.hours, "shop-closed", say));
    let turns = &scene.shop.turns;
    let waiting = [("count", cell::count(turns.waiting.len()).into())];
    let called = turns.called.map(|called| {
        say.format(
            "shop-called",
            &[("name", name(scene, called).into()), ("count", cell::count(turns.waiting.len() - 1).into())],
        )
    });
    let line = called.or_else(|| (!turns.waiting.is_empty()).then(|| say.format("shop-waiting", &waiting)));
    fill(page.get_notes(), closed.into_iter().chain(line).collect(), |rows| page.set_notes(rows));
    page.set_hint(say.text("shop-front-hint"));
    ways(window, vec![way("queue", "shop-queue", true, say)]);
    page.set_step(ShopStep::Front);
}

/// 购物时间:每天 08:00–20:00.
pub(super) fn hours(policy: &ShopPolicy, text: &str, say: &Phrases<'_>) -> SharedString {
    let days = policy.days.as_str();
    let day = |day: char| say.words.format("shop-day", &[("day", format!("d{day}").into())]);
    let days = if days.len() == 7 {
        say.text("shop-every-day").to_string()
    } else {
        days.chars().map(day).collect::<Vec<_>>().join("、")
    };
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let args = [
        ("days", days.into()),
        ("from", time(policy.open_from_min).into()),
        ("to", time(policy.open_to_min).into()),
    ];
    say.format(text, &args)
}

fn who(window: &MainWindow, buys: bool, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Shop<'_>>();
    page.set_question(say.text(if buys { "shop-who" } else { "shop-who-mine" }));
    page.set_hint(say.text("shop-who-hint"));
    let people = scene.people.iter().map(|person| {
        let tile = cell::screen::tile(person, say);
        let word = if person.has_pin { SharedString::default() } else { say.text("pin-has-none") };
        Person { name: cell::masked(&person.name).into(), word, enabled: person.has_pin, ..tile }
    });
    fill(page.get_people(), people.collect(), |rows| page.set_people(rows));
    page.set_step(ShopStep::Who);
}

fn turn(window: &MainWindow, detainee: DetaineeId, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Shop<'_>>();
    let turns = &scene.shop.turns;
    let before = turns.before(detainee).unwrap_or_default();
    let waits = turns.waiting.contains(&detainee);
    page.set_big(say.format("shop-before", &[("count", cell::count(before).into())]));
    page.set_big_detail(say.text(if waits { "shop-turn-waits" } else { "shop-turn-detail" }));
    if !waits {
        next(window, "wait", say.text("shop-turn-wait"), true);
    }
    page.set_step(ShopStep::Turn);
}

/// Everybody who wants to shop next, each with their place in the line.
fn queue(window: &MainWindow, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Shop<'_>>();
    page.set_question(say.text("shop-queue-who"));
    page.set_hint(say.text("shop-queue-hint"));
    let people = scene.people.iter().map(|person| {
        let tile = cell::screen::tile(person, say);
        let place = scene.shop.turns.waiting.iter().position(|one| *one == person.id);
        let word = place.map(|place| say.format("shop-place", &[("place", cell::count(place + 1).into())]));
        let sign = if place.is_some() { Sign::Waiting } else { Sign::None };
        Person {
            name: cell::masked(&person.name).into(),
            word: word.unwrap_or_default(),
            sign,
            enabled: place.is_none(),
            ..tile
        }
    });
    fill(page.get_people(), people.collect(), |rows| page.set_people(rows));
    page.set_step(ShopStep::Who);
}

pub(super) fn shelf(window: &MainWindow, shelf: Shelf, own: Option<&Own>, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Shop<'_>>();
    let shelves = Shelf::ALL.map(|one| {
        let title = say.format("shop-shelf", &[("shelf", one.name().into())]);
        picture(&format!("shelf-{}", one.name()), sign_of_shelf(one), title, one == shelf)
    });
    fill(page.get_shelves(), shelves.to_vec(), |rows| page.set_shelves(rows));
    let held = |sku: &str| {
        let line = own.and_then(|own| own.cart.lines.iter().find(|line| line.sku == sku));
        line.map_or(0, |line| i32::try_from(line.count).unwrap_or(i32::MAX))
    };
    let goods = scene.shop.goods.iter().map(|item| Good {
        id: item.sku.as_str().into(),
        sign: sign_of(item.picture),
        name: item.name.as_str().into(),
        unit: item.unit.as_str().into(),
        price: money(item.price).into(),
        word: word(item, scene.now.wall_ms, say),
        count: held(item.sku.as_str()),
    });
    fill(page.get_goods(), goods.collect(), |rows| page.set_goods(rows));
    page.set_empty(say.text("shop-shelf-empty"));
    let hidden = cell::count(scene.shop.not_for_me);
    let notes =
        (scene.shop.not_for_me > 0).then(|| say.format("shop-not-for-me", &[("count", hidden.into())]));
    fill(page.get_notes(), notes.into_iter().collect(), |rows| page.set_notes(rows));
    page.set_step(ShopStep::Shelf);
}

/// 卖完了, 剩 3 件, 涨价: what is to be known before it is touched.
fn word(item: &CatalogueItem, now_ms: i64, say: &Phrases<'_>) -> SharedString {
    match item.stock {
        Some(0) => say.text("shop-sold-out"),
        Some(left) if left <= 5 => say.format("shop-few", &[("count", left.into())]),
        Some(_) | None => price_news(item, now_ms, "shop-dearer", "shop-cheaper", say),
    }
}

fn price_news(item: &CatalogueItem, now_ms: i64, up: &str, down: &str, say: &Phrases<'_>) -> SharedString {
    let fresh = now_ms.saturating_sub(item.price_since_ms) < PRICE_NEWS_MS;
    match item.price_before.filter(|before| fresh && *before != item.price) {
        Some(before) => {
            let args = [("before", money(before).into()), ("time", say.day(item.price_since_ms).into())];
            say.format(if before < item.price { up } else { down }, &args)
        }
        None => SharedString::default(),
    }
}

/// A thing with everything that is to be known of it.
pub(super) fn item(window: &MainWindow, item: &CatalogueItem, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Shop<'_>>();
    page.set_sign(sign_of(item.picture));
    page.set_question(item.name.as_str().into());
    page.set_big(money(item.price).into());
    page.set_big_detail(item.unit.as_str().into());
    let fact = |title: &str, value: SharedString| Fact {
        id: SharedString::default(),
        title: say.text(title),
        value,
        done: true,
    };
    let stock = match item.stock {
        Some(0) => say.text("shop-sold-out"),
        Some(left) => say.format("shop-left", &[("count", left.into())]),
        None => say.text("shop-enough"),
    };
    let mut lines = vec![
        fact("shop-line-stock", stock),
        fact("shop-line-order-max", say.format("shop-pieces", &[("count", item.order_max.into())])),
    ];
    lines.extend(item.period.map(|period| {
        let args = [("days", u32::from(period.days).into()), ("count", period.count.into())];
        fact("shop-line-period", say.format("shop-period", &args))
    }));
    let news = price_news(item, scene.now.wall_ms, "shop-was", "shop-was", say);
    if !news.is_empty() {
        lines.push(fact("shop-line-price", news));
    }
    if item.shelf.is_eaten() {
        let diet = |diet: &Diet| say.words.format("shop-diet", &[("diet", diet.name().into())]);
        let suits = item.suits.iter().map(diet).collect::<Vec<_>>().join("、");
        if !suits.is_empty() {
            lines.push(fact("shop-line-suits", suits.into()));
        }
    }
    lines.extend(item.until_ms.map(|until| fact("shop-line-until", say.date_time(until).into())));
    fill(page.get_lines(), lines, |rows| page.set_lines(rows));
    page.set_step(ShopStep::Item);
}
