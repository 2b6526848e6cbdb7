// SPDX-License-Identifier: GPL-3.0-only
//! A person's orders: the receipt, the list, one of them line by line, and what came of it.

use super::own::{fact, way, ways};
use super::{money, next, picture};
use crate::scene::{Link, Scene};
use crate::screen::{Phrases, fill};
use crate::shop::{OrderView, Own};
use contract::{OrderLineStatus, OrderState, ReceivedLine, Verdict};
use slint::{ComponentHandle, SharedString};
use store::Delivery;
use ui::{Choice, Fact, MainWindow, MoneyRow, ReceiptStep, ShopStep, Sign};

/// The receipt, and how far the order is.
pub(super) fn sent(window: &MainWindow, order: &OrderView, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Shop<'_>>();
    let refused = order.refused();
    page.set_sign(if refused.is_some() { Sign::Warning } else { Sign::DoneCircle });
    let args = [("number", order.event.number().into()), ("total", money(order.total).into())];
    page.set_big(match refused {
        Some(_) => say.text("shop-refused"),
        None if order.kit => say.format("shop-kit-sent", &args),
        None => say.format("shop-sent", &args),
    });
    page.set_big_detail(match refused {
        Some(why) => say.format("shop-refused-why", &[("why", why.name().into())]),
        None if scene.link == Link::Online => say.text("shop-sent-detail"),
        None => say.text("shop-warn-offline"),
    });
    fill(page.get_steps(), steps(order, say), |rows| page.set_steps(rows));
    let again = refused.is_some().then(|| say.text("shop-refused-nothing"));
    fill(page.get_notes(), again.into_iter().collect(), |rows| page.set_notes(rows));
    ways(window, vec![way("mine", "shop-mine-short", true, say)]);
    if refused.is_some() && !order.kit {
        next(window, "again", say.text("shop-look-again"), scene.shop.open);
    }
    page.set_step(ShopStep::Receipt);
}

/// 已保存, 已上传平台, 已申请 … 已签收: what is true, each with its time.
fn steps(order: &OrderView, say: &Phrases<'_>) -> Vec<ReceiptStep> {
    let step = |title: &str, at_ms: Option<i64>| ReceiptStep {
        done: at_ms.is_some(),
        title: say.text(title),
        detail: at_ms.map_or_else(SharedString::default, |at_ms| say.date_time(at_ms).into()),
    };
    let uploaded = match &order.delivery {
        Some(Delivery::Delivered { at_ms, .. }) => Some(*at_ms),
        Some(Delivery::Saved | Delivery::Kept) | None => None,
    };
    let saved = order.placed.map(|placed| step("shop-step-saved", Some(placed.wall_ms)));
    let mut steps: Vec<ReceiptStep> = saved.into_iter().collect();
    if order.delivery.is_some() {
        steps.push(step("shop-step-uploaded", uploaded));
    }
    if order.refused().is_some() {
        return steps;
    }
    let ended = [OrderState::Declined, OrderState::Cancelled];
    let end = ended.into_iter().find_map(|state| order.step(state));
    let chain = [
        OrderState::Placed,
        OrderState::Approved,
        OrderState::Packed,
        OrderState::Delivered,
        OrderState::Received,
    ];
    for state in chain {
        let at_ms = order.step(state).map(|step| step.at_ms);
        // What will not happen any more is not promised.
        if at_ms.is_some() || end.is_none() {
            steps.push(step(state_text(state), at_ms));
        }
    }
    steps.extend(end.map(|end| step(state_text(end.state), Some(end.at_ms))));
    steps.extend(order.step(OrderState::Settled).map(|end| step(state_text(end.state), Some(end.at_ms))));
    steps
}

fn state_text(state: OrderState) -> &'static str {
    match state {
        OrderState::Placed => "shop-state-placed",
        OrderState::Approved => "shop-state-approved",
        OrderState::Declined => "shop-state-declined",
        OrderState::Packed => "shop-state-packed",
        OrderState::Delivered => "shop-state-delivered",
        OrderState::Received => "shop-state-received",
        OrderState::Cancelled => "shop-state-cancelled",
        OrderState::Settled => "shop-state-settled",
    }
}

/// Where an order stands, in one word.
fn stands(order: &OrderView, say: &Phrases<'_>) -> SharedString {
    if let Some(why) = order.refused() {
        return say.format("shop-refused-why", &[("why", why.name().into())]);
    }
    if order.received.is_some()
        && order.status.as_ref().is_some_and(|status| status.state == OrderState::Delivered)
    {
        return say.text("shop-said-received");
    }
    match (&order.status, &order.delivery) {
        (Some(status), _) => say.text(state_text(status.state)),
        (None, _) if order.cancelled.is_some() => say.text("shop-said-cancelled"),
        (None, Some(Delivery::Delivered { verdict: Verdict::Parked { .. }, .. })) => say.text("shop-parked"),
        (None, Some(Delivery::Delivered { .. })) => say.text("shop-step-uploaded"),
        (None, Some(Delivery::Saved | Delivery::Kept) | None) => say.text("shop-step-saved"),
    }
}

pub(super) fn list(window: &MainWindow, own: &Own, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Shop<'_>>();
    let choice = |order: &OrderView| {
        let at_ms = order.placed.map(|placed| placed.wall_ms);
        let at_ms = at_ms.or_else(|| order.step(OrderState::Placed).map(|step| step.at_ms));
        let args = [
            ("time", say.date_time(at_ms.unwrap_or(scene.now.wall_ms)).into()),
            ("total", money(order.total).into()),
        ];
        Choice {
            id: format!("order-{}", order.event).into(),
            sign: if order.waits_for_signature() { Sign::Delivered } else { Sign::Bag },
            title: say.format("shop-order-title", &args),
            detail: stands(order, say),
            enabled: true,
        }
    };
    let choices = own.orders.iter().map(choice).collect();
    fill(page.get_choices(), choices, |rows| page.set_choices(rows));
    page.set_empty(say.text("shop-orders-empty"));
    page.set_step(ShopStep::Choose);
}

pub(super) fn one(window: &MainWindow, order: &OrderView, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Shop<'_>>();
    page.set_question(say.format("shop-order-number", &[("number", order.event.number().into())]));
    page.set_hint(stands(order, say));
    let words = order.status.as_ref().map(|status| status.words.as_str()).unwrap_or_default();
    let differs = order.lines.iter().any(OrderLineStatus::differs);
    page.set_big(match (differs, words.is_empty()) {
        (true, true) => say.text("shop-differs"),
        (true, false) => format!("{} {words}", say.text("shop-differs")).into(),
        (false, _) => words.into(),
    });
    let mut lines: Vec<Fact> = order
        .lines
        .iter()
        .map(|line| {
            let title = if line.differs() {
                say.format("shop-line-differs", &[("name", line.name.as_str().into())])
            } else {
                line.name.as_str().into()
            };
            fact(title, counts(line, say))
        })
        .collect();
    if let Some(status) = &order.status {
        lines.push(fact(say.text("shop-charged"), money(status.charged)));
    }
    lines.extend(
        steps(order, say).into_iter().filter(|step| step.done).map(|step| fact(step.title, step.detail)),
    );
    fill(page.get_lines(), lines, |rows| page.set_lines(rows));
    let mut all = Vec::new();
    if order.may_be_cancelled() && order.cancelled.is_none() {
        all.push(way("cancel", "shop-cancel", true, say));
    }
    if !order.kit && !order.waits_for_signature() {
        all.push(way("again", "shop-again", scene.shop.open, say));
    }
    ways(window, all);
    if order.waits_for_signature() {
        next(window, "receive", say.text("shop-receive"), true);
    }
    page.set_step(ShopStep::Detail);
}

/// 订 2 · 批 2 · 送 1 · 签 1 · 扣 1, as far as each is known.
fn counts(line: &OrderLineStatus, say: &Phrases<'_>) -> String {
    let count = |text: &str, count: u32| say.words.format(text, &[("count", count.into())]);
    let known = [
        Some(count("shop-ordered", line.ordered)),
        line.approved.map(|approved| count("shop-approved", approved)),
        line.delivered.map(|delivered| count("shop-delivered", delivered)),
        line.received.map(|received| count("shop-received", received)),
        (line.charged != line.ordered).then(|| count("shop-charged-count", line.charged)),
    ];
    known.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

pub(super) fn receive(window: &MainWindow, order: &OrderView, lines: &[ReceivedLine], say: &Phrases<'_>) {
    let page = window.global::<ui::Shop<'_>>();
    page.set_question(say.text("shop-receive-question"));
    let rows = lines.iter().enumerate().map(|(index, said)| {
        let line = order.lines.iter().find(|line| line.sku == said.sku);
        MoneyRow {
            id: format!("problem-{index}").into(),
            title: line.map_or_else(SharedString::default, |line| line.name.as_str().into()),
            detail: line.map_or_else(SharedString::default, |line| line.unit.as_str().into()),
            amount: say.format("shop-good", &[("count", said.good.into())]),
            word: wrongs(said, say),
            button: say.text("shop-problem"),
        }
    });
    fill(page.get_rows(), rows.collect(), |rows| page.set_rows(rows));
    next(window, "confirm", say.text("shop-sign"), true);
    page.set_step(ShopStep::Rows);
}

/// 缺少 1 · 损坏 1; nothing where all is good.
fn wrongs(said: &ReceivedLine, say: &Phrases<'_>) -> SharedString {
    let all = [
        ("shop-missing-count", said.missing),
        ("shop-wrong-count", said.wrong),
        ("shop-damaged-count", said.damaged),
    ];
    let some = all.into_iter().filter(|(_, count)| *count > 0);
    some.map(|(text, count)| say.words.format(text, &[("count", count.into())]))
        .collect::<Vec<_>>()
        .join(" · ")
        .into()
}

pub(super) fn problem(window: &MainWindow, order: &OrderView, said: &ReceivedLine, say: &Phrases<'_>) {
    let page = window.global::<ui::Shop<'_>>();
    let name = order.lines.iter().find(|line| line.sku == said.sku).map(|line| line.name.as_str());
    page.set_question(say.format("shop-problem-question", &[("name", name.unwrap_or_default().into())]));
    page.set_hint(say.text("shop-problem-hint"));
    let wrongs = wrongs(said, say);
    let good = say.format("shop-good", &[("count", said.good.into())]);
    page.set_big(if wrongs.is_empty() { good } else { format!("{good} · {wrongs}").into() });
    let pictures = vec![
        picture("missing", Sign::Missing, say.text("shop-missing"), said.missing > 0),
        picture("wrong", Sign::Swapped, say.text("shop-wrong"), said.wrong > 0),
        picture("damaged", Sign::Damaged, say.text("shop-damaged"), said.damaged > 0),
    ];
    fill(page.get_pictures(), pictures, |rows| page.set_pictures(rows));
    ways(window, vec![way("good", "shop-all-good", true, say)]);
    next(window, "back", say.text("shop-problem-done"), true);
    page.set_step(ShopStep::Pictures);
}
