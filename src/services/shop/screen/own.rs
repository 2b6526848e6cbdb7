// SPDX-License-Identifier: GPL-3.0-only
//! A person's own: their cart, what is read back, receipts, orders, account and statement.

use super::{goods, money, next, objection, orders, picture};
use crate::cell;
use crate::scene::{Link, Scene, ShopPage};
use crate::screen::{Phrases, fill};
use crate::shop::{LineView, Own, STATEMENT_LINES};
use contract::{DisputeReason, EventId, Fen, statement_code};
use slint::{ComponentHandle, SharedString};
use ui::{Choice, Fact, MainWindow, MoneyRow, ShopStep, Sign};

pub(super) fn show(window: &MainWindow, at: &ShopPage, own: &Own, scene: &Scene, say: &Phrases<'_>) {
    let order = |event: EventId| own.orders.iter().find(|order| order.event == event);
    match at {
        ShopPage::Shelf(shelf) => {
            goods::shelf(window, *shelf, Some(own), scene, say);
            ways(
                window,
                vec![way("mine", "shop-mine-short", true, say), way("queue", "shop-queue-others", true, say)],
            );
            cart_button(window, own, say);
        }
        ShopPage::Item { sku, .. } => item(window, sku, own, scene, say),
        ShopPage::Cart(_) => cart(window, own, scene, say),
        ShopPage::ReadBack(_) => read_back(window, own, scene, say),
        ShopPage::Kit => kit(window, own, scene, say),
        ShopPage::Sent(event) => {
            if let Some(order) = order(*event) {
                orders::sent(window, order, scene, say);
            }
        }
        ShopPage::Mine => mine(window, own, scene, say),
        ShopPage::Orders => orders::list(window, own, scene, say),
        ShopPage::One(event) => {
            if let Some(order) = order(*event) {
                orders::one(window, order, scene, say);
            }
        }
        ShopPage::Receive { order: event, lines } => {
            if let Some(order) = order(*event) {
                orders::receive(window, order, lines, say);
            }
        }
        ShopPage::Problem { order: event, lines, line } => {
            if let (Some(order), Some(line)) = (order(*event), lines.get(*line)) {
                orders::problem(window, order, line, say);
            }
        }
        ShopPage::Statement { skip } => statement(window, *skip, own, say),
        ShopPage::Line(_) => {
            if let Some(line) = own.lines.first() {
                self::line(window, line, say);
            }
        }
        ShopPage::Owed => owed(window, own, say),
        // What anybody may see.
        ShopPage::Front
        | ShopPage::Browse(_)
        | ShopPage::Look { .. }
        | ShopPage::Who { .. }
        | ShopPage::Turn(_)
        | ShopPage::Queue { .. } => {}
    }
}

pub(super) fn way(id: &str, title: &str, enabled: bool, say: &Phrases<'_>) -> Choice {
    Choice {
        id: id.into(),
        sign: Sign::None,
        title: say.text(title),
        detail: SharedString::default(),
        enabled,
    }
}

pub(super) fn ways(window: &MainWindow, ways: Vec<Choice>) {
    let page = window.global::<ui::Shop<'_>>();
    fill(page.get_ways(), ways, |rows| page.set_ways(rows));
}

pub(super) fn fact(title: SharedString, value: impl Into<SharedString>) -> Fact {
    Fact { id: SharedString::default(), title, value: value.into(), done: true }
}

/// 购物车 3 件 ¥12.50.
fn cart_button(window: &MainWindow, own: &Own, say: &Phrases<'_>) {
    let count: u32 = own.cart.lines.iter().map(|line| line.count).fold(0, u32::saturating_add);
    let word = match count {
        0 => say.text("shop-cart-empty"),
        count => {
            let total = money(own.cart.total.unwrap_or_default());
            say.format("shop-cart-button", &[("count", count.into()), ("total", total.into())])
        }
    };
    next(window, "cart", word, count > 0);
}

fn item(window: &MainWindow, sku: &str, own: &Own, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Shop<'_>>();
    let Some(item) = scene.shop.goods.first() else {
        page.set_empty(say.text("refused-shop-not-offered"));
        page.set_step(ShopStep::Choose);
        return;
    };
    goods::item(window, item, scene, say);
    let held = own.cart.lines.iter().find(|line| line.sku == sku).map_or(0, |line| line.count);
    let most = item.order_max.min(item.stock.unwrap_or(u32::MAX));
    page.set_count(i32::try_from(held).unwrap_or(i32::MAX));
    page.set_can_more(held < most);
    ways(window, vec![way("back", "shop-go-on", true, say)]);
    cart_button(window, own, say);
}

/// Of when the balance is, and what remains of it and of the limit.
fn remains(own: &Own, say: &Phrases<'_>) -> SharedString {
    let Some(account) = &own.account else { return say.text("shop-no-account") };
    let args = [
        ("balance", money(account.balance).into()),
        ("time", say.date_time(account.as_of_ms).into()),
        ("remains", money(own.remains().unwrap_or_default()).into()),
        ("limit", money(own.limit_remains().unwrap_or_default()).into()),
    ];
    say.format("shop-remains", &args)
}

/// What the platform would most likely answer; it decides, not the terminal.
fn warnings(own: &Own, scene: &Scene, say: &Phrases<'_>) -> Vec<SharedString> {
    let frozen = own.account.as_ref().is_some_and(|account| account.frozen.is_some());
    let short = own.remains().is_some_and(|left| left < Fen::ZERO);
    let limit = own.limit_remains().is_some_and(|left| left < Fen::ZERO);
    let gone = own.cart.lines.iter().any(|line| line.item.is_none());
    let few =
        own.cart.lines.iter().any(|line| {
            line.item.as_ref().and_then(|item| item.stock).is_some_and(|stock| stock < line.count)
        });
    let all = [
        (frozen, "refused-shop-frozen"),
        (gone, "refused-shop-not-offered"),
        (few, "shop-warn-stock"),
        (short, "shop-warn-balance"),
        (!short && limit, "shop-warn-limit"),
        (scene.link != Link::Online, "shop-warn-offline"),
    ];
    all.into_iter().filter(|(so, _)| *so).map(|(_, text)| say.text(text)).take(2).collect()
}

fn cart_rows(own: &Own, button: &str, say: &Phrases<'_>) -> Vec<MoneyRow> {
    let row = |line: &crate::shop::CartLine| {
        let item = line.item.as_ref();
        let sum = item.and_then(|item| item.price.times(line.count)).map(money);
        let price = item.map(|item| money(item.price)).unwrap_or_default();
        MoneyRow {
            id: format!("remove-{}", line.sku).into(),
            title: item.map_or_else(|| line.sku.as_str().into(), |item| item.name.as_str().into()),
            detail: say.format("shop-times", &[("price", price.into()), ("count", line.count.into())]),
            amount: sum.unwrap_or_default().into(),
            word: if item.is_none() { say.text("refused-shop-not-offered") } else { SharedString::default() },
            button: if button.is_empty() { SharedString::default() } else { say.text(button) },
        }
    };
    own.cart.lines.iter().map(row).collect()
}

fn total(window: &MainWindow, own: &Own, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Shop<'_>>();
    page.set_hint(say.text("shop-total"));
    page.set_big(money(own.cart.total.unwrap_or_default()).into());
    page.set_big_detail(remains(own, say));
    fill(page.get_notes(), warnings(own, scene, say), |rows| page.set_notes(rows));
}

fn cart(window: &MainWindow, own: &Own, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Shop<'_>>();
    fill(page.get_rows(), cart_rows(own, "shop-remove", say), |rows| page.set_rows(rows));
    page.set_empty(say.text("refused-shop-empty"));
    total(window, own, scene, say);
    next(window, "checkout", say.text("shop-checkout"), !own.cart.lines.is_empty());
    page.set_step(ShopStep::Rows);
}

fn read_back(window: &MainWindow, own: &Own, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Shop<'_>>();
    page.set_question(say.text("shop-read-back"));
    fill(page.get_rows(), cart_rows(own, "", say), |rows| page.set_rows(rows));
    total(window, own, scene, say);
    if !scene.shop.open {
        let closed = goods::hours(&scene.shop.hours, "shop-closed", say);
        fill(page.get_notes(), vec![closed], |rows| page.set_notes(rows));
    }
    next(window, "confirm", say.text("shop-order"), scene.shop.open && !own.cart.lines.is_empty());
    page.set_step(ShopStep::ReadBack);
}

fn kit(window: &MainWindow, own: &Own, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Shop<'_>>();
    page.set_question(say.text("shop-kit"));
    let rows = own.kit.iter().map(|item| MoneyRow {
        id: item.sku.as_str().into(),
        title: item.name.as_str().into(),
        detail: item.unit.as_str().into(),
        amount: say.format("shop-pieces", &[("count", item.in_kit.into())]),
        word: SharedString::default(),
        button: SharedString::default(),
    });
    fill(page.get_rows(), rows.collect(), |rows| page.set_rows(rows));
    page.set_empty(say.text("refused-shop-no-kit"));
    page.set_hint(say.text("shop-kit-hint"));
    page.set_big(say.text("shop-free"));
    let offline = (scene.link != Link::Online).then(|| say.text("shop-warn-offline"));
    fill(page.get_notes(), offline.into_iter().collect(), |rows| page.set_notes(rows));
    next(window, "confirm", say.text("shop-kit-take"), !own.kit.is_empty());
    page.set_step(ShopStep::ReadBack);
}

fn mine(window: &MainWindow, own: &Own, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Shop<'_>>();
    let mut notes = Vec::new();
    match &own.account {
        Some(account) => {
            page.set_hint(say.format("shop-balance-of", &[("time", say.date_time(account.as_of_ms).into())]));
            page.set_big(money(account.balance).into());
            let args = [
                ("most", money(account.limit.most).into()),
                ("left", money(own.limit_remains().unwrap_or_default().max(Fen::ZERO)).into()),
                ("time", say.day(account.limit.until_ms).into()),
            ];
            page.set_big_detail(say.format("shop-limit", &args));
            notes.extend(account.frozen.is_some().then(|| say.text("shop-frozen-short")));
        }
        None => {
            page.set_big(say.text("shop-no-account"));
            page.set_big_detail(say.text("shop-no-account-detail"));
        }
    }
    if own.pending > Fen::ZERO {
        notes.push(say.format("shop-pending", &[("total", money(own.pending).into())]));
    }
    let to_sign = own.orders.iter().filter(|order| order.waits_for_signature()).count();
    let choice = |id: &str, sign, title: &str, detail: SharedString| Choice {
        id: id.into(),
        sign,
        title: say.text(title),
        detail,
        enabled: true,
    };
    let open = if scene.shop.open {
        SharedString::default()
    } else {
        goods::hours(&scene.shop.hours, "shop-hours", say)
    };
    let waiting = match to_sign {
        0 => say.format("shop-orders-count", &[("count", cell::count(own.orders.len()).into())]),
        count => say.format("shop-orders-to-sign", &[("count", cell::count(count).into())]),
    };
    let lines = own.account.as_ref().map_or(0, |account| account.lines);
    let kit = (!own.kit.is_empty()).then(|| choice("kit", Sign::Kit, "shop-kit", say.text("shop-free")));
    let debts =
        own.account.as_ref().is_some_and(|account| account.frozen.is_some() || !account.owed.is_empty());
    let debts = debts.then(|| choice("owed", Sign::Warning, "shop-owed", SharedString::default()));
    let always = [
        choice("buy", Sign::Cart, "shop-buy", open),
        choice("orders", Sign::Delivered, "shop-orders", waiting),
        choice(
            "statement",
            Sign::Money,
            "shop-statement",
            say.format("shop-lines-count", &[("count", i64::try_from(lines).unwrap_or_default().into())]),
        ),
    ];
    let choices = kit.into_iter().chain(always).chain(debts).collect();
    fill(page.get_choices(), choices, |rows| page.set_choices(rows));
    fill(page.get_notes(), notes, |rows| page.set_notes(rows));
    page.set_step(ShopStep::Mine);
}

fn statement(window: &MainWindow, skip: u64, own: &Own, say: &Phrases<'_>) {
    let page = window.global::<ui::Shop<'_>>();
    let Some(account) = &own.account else {
        page.set_empty(say.text("shop-no-account-detail"));
        page.set_step(ShopStep::Choose);
        return;
    };
    page.set_big(say.format("shop-balance", &[("balance", money(account.balance).into())]));
    let args =
        [("time", say.date_time(account.as_of_ms).into()), ("code", statement_code(account.head).into())];
    page.set_big_detail(say.format("shop-statement-of", &args));
    let notes = if own.complete { Vec::new() } else { vec![say.text("shop-incomplete")] };
    fill(page.get_notes(), notes, |rows| page.set_notes(rows));
    let rows = own.lines.iter().map(|line| {
        let marked = line.is_marked() || line.line.objection.is_some();
        let balance = money(line.line.balance);
        let args = [("time", say.date_time(line.line.at_ms).into()), ("balance", balance.into())];
        MoneyRow {
            id: format!("{}-{}", if marked { "line" } else { "dispute" }, line.line.number).into(),
            title: title(line, say),
            detail: say.format("shop-line-detail", &args),
            amount: signed(line.line.amount).into(),
            word: objection(line, say),
            button: say.text(if marked { "shop-see" } else { "shop-dispute" }),
        }
    });
    fill(page.get_rows(), rows.collect(), |rows| page.set_rows(rows));
    page.set_empty(say.text("shop-statement-empty"));
    page.set_can_newer(skip > 0);
    page.set_can_older(skip.saturating_add(STATEMENT_LINES) < account.lines);
    page.set_step(ShopStep::Statement);
}

/// 购物 3F2A-91BC, or what the books say of it.
fn title(line: &LineView, say: &Phrases<'_>) -> SharedString {
    let kind = say.words.format("shop-line-kind", &[("kind", line.line.kind.name().into())]);
    match (line.line.order, line.line.words.is_empty()) {
        (Some(order), _) => format!("{kind} {}", order.number()).into(),
        (None, false) => format!("{kind} · {}", line.line.words).into(),
        (None, true) => kind.into(),
    }
}

/// `+¥12.50`, `−¥3.50`.
fn signed(amount: Fen) -> String {
    if amount > Fen::ZERO { format!("+{}", money(amount)) } else { money(amount) }
}

fn line(window: &MainWindow, line: &LineView, say: &Phrases<'_>) {
    let page = window.global::<ui::Shop<'_>>();
    page.set_question(format!("{} {}", title(line, say), signed(line.line.amount)).into());
    let answer = line.line.objection.as_ref().and_then(|objection| objection.answer.as_ref());
    let why = line.disputed.and_then(|(_, why)| why);
    if line.is_marked() && line.disputed.is_some() && why.is_none() {
        page.set_hint(say.text("shop-why-hint"));
        let pictures = DisputeReason::ALL.map(|reason| {
            let title = say.format("shop-why", &[("why", reason.name().into())]);
            picture(&format!("why-{}", reason.name()), sign_of_reason(reason), title, false)
        });
        fill(page.get_pictures(), pictures.to_vec(), |rows| page.set_pictures(rows));
        next(window, "back", say.text("shop-why-later"), true);
        page.set_step(ShopStep::Pictures);
        return;
    }
    page.set_hint(objection(line, say));
    page.set_big(answer.map_or_else(SharedString::default, |answer| answer.words.as_str().into()));
    let mut lines = vec![
        fact(say.text("shop-line-time"), say.date_time(line.line.at_ms)),
        fact(say.text("shop-line-balance"), money(line.line.balance)),
        fact(say.text("shop-line-words"), line.line.words.as_str()),
        fact(say.text("shop-line-reference"), line.line.reference.as_str()),
    ];
    lines.extend(
        line.disputed.map(|(made, _)| fact(say.text("shop-line-disputed"), say.date_time(made.wall_ms))),
    );
    lines.extend(
        why.map(|why| fact(say.text("shop-line-why"), say.format("shop-why", &[("why", why.name().into())]))),
    );
    fill(page.get_lines(), lines, |rows| page.set_lines(rows));
    page.set_step(ShopStep::Detail);
}

fn sign_of_reason(reason: DisputeReason) -> Sign {
    match reason {
        DisputeReason::NotMine => Sign::NotSeen,
        DisputeReason::Amount => Sign::Price,
        DisputeReason::NotReceived => Sign::Missing,
        DisputeReason::Twice => Sign::Twice,
        DisputeReason::Other => Sign::More,
    }
}

fn owed(window: &MainWindow, own: &Own, say: &Phrases<'_>) {
    let page = window.global::<ui::Shop<'_>>();
    page.set_question(say.text("shop-owed"));
    let Some(account) = &own.account else { return };
    let mut lines = Vec::new();
    if let Some(frozen) = &account.frozen {
        page.set_big(say.format("shop-frozen", &[("why", frozen.why.as_str().into())]));
        lines.push(fact(say.text("shop-frozen-since"), say.date_time(frozen.since_ms)));
        lines.push(fact(say.text("shop-line-reference"), frozen.reference.as_str()));
        match frozen.objection.as_ref().and_then(|objection| objection.answer.as_ref()) {
            Some(answer) => lines.push(fact(say.text("shop-line-answered"), answer.words.as_str())),
            None if own.objected => lines.push(fact(say.text("shop-objected"), say.text("shop-line-marked"))),
            None => next(window, "object", say.text("shop-object"), true),
        }
    }
    lines.extend(account.owed.iter().map(|owed| {
        let args = [("paid", money(owed.paid).into()), ("total", money(owed.total).into())];
        fact(owed.why.as_str().into(), say.format("shop-owed-paid", &args))
    }));
    fill(page.get_lines(), lines, |rows| page.set_lines(rows));
    page.set_empty(say.text("shop-owed-none"));
    page.set_step(ShopStep::Detail);
}
