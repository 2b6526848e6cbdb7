// SPDX-License-Identifier: GPL-3.0-only
//! 购物: what becomes of an order, from the cell's word to the last of its things.
//!
//! Promises: an order is taken with its money and its stock together, or refused by a code of [`OrderRefused`] with nothing
//! changed; prices, limits and stock are the platform's own, and a price other than the person saw is a refusal; money of
//! an order is on its way (`Transit`) until the person signed for the things or the shop settled them; for one cause a line
//! goes back once; stock and money move together.
//!
//! Refuses nothing for the ordering window: the terminal keeps it, and an order it took in time may arrive late. Limits
//! count an order by its own time as far as that can be trusted. Limits: [`ORDER_LINES_MAX`] things of
//! [`ORDER_COUNT_MAX`] each.

use crate::accounts::{self, belonged, counted_ms};
use crate::books::{self, House, Short, Side, Transfer, Why};
use crate::effects::Effect;
use crate::roll_calls::policy;
use crate::tables::accounts::{self as account_rows, AccountRow};
use crate::tables::orders::{self as rows, LineRow, OrderRow};
use crate::tables::roll_calls::Origin;
use crate::tables::{Conn, events, goods, tasks};
use crate::tasks::TaskKind;
use crate::{Fault, feed};
use contract::{
    CatalogueItem, Collection, Fen, LineKind, ORDER_COUNT_MAX, ORDER_LINES_MAX, OrderCancelled, OrderPlaced,
    OrderReceived, OrderRefused, OrderState, OrderStep, ReceivedLine, Text, Verdict,
};
use std::collections::HashSet;

const HOUR_MS: i64 = 60 * 60 * 1000;
const NEWS: Effect = Effect::Done { news: true };

/// Why something of a line went back; once for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    NotApproved,
    Declined,
    Cancelled,
    NotDelivered,
    /// Missing, wrong or damaged.
    Settled,
    /// Brought back.
    TakenBack,
    /// The person left before it came.
    Left,
}

impl Cause {
    /// The name in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NotApproved => "not_approved",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::NotDelivered => "not_delivered",
            Self::Settled => "settled",
            Self::TakenBack => "taken_back",
            Self::Left => "left",
        }
    }

    /// Whether the things are in the shop again.
    fn restocks(self) -> bool {
        match self {
            Self::NotApproved
            | Self::Declined
            | Self::Cancelled
            | Self::NotDelivered
            | Self::TakenBack
            | Self::Left => true,
            Self::Settled => false,
        }
    }

    /// Where the money is until then, and what the person's line is.
    fn money(self) -> (House, LineKind) {
        match self {
            Self::NotApproved | Self::Declined | Self::Cancelled | Self::NotDelivered | Self::Left => {
                (House::Transit, LineKind::Returned)
            }
            Self::Settled => (House::Transit, LineKind::Refund),
            Self::TakenBack => (House::Shop, LineKind::Refund),
        }
    }
}

/// 下单.
pub(crate) async fn placed(conn: &mut Conn, origin: &Origin, placed: &OrderPlaced) -> Result<Effect, Fault> {
    if !is_sound(placed) {
        return refused(OrderRefused::Unsound);
    }
    let account = account_rows::get(conn, placed.detainee).await?;
    let Some(account) = account.filter(|account| account.released_ms.is_none()) else {
        return refused(OrderRefused::NotHere);
    };
    if !belonged(conn, origin, placed.detainee, placed.at).await? {
        return refused(OrderRefused::NotHere);
    }
    let at_ms = counted_ms(placed.at, origin.received_ms);
    let lines = match lines(conn, &account, placed, at_ms).await? {
        Ok(lines) => lines,
        Err(why) => return refused(why),
    };
    let order = OrderRow {
        event: origin.event,
        terminal: origin.terminal,
        detainee: placed.detainee,
        received_ms: origin.received_ms,
        kit: placed.kit,
        state: OrderState::Placed,
        steps: vec![OrderStep { state: OrderState::Placed, at_ms: origin.now_ms }],
        words: Text::default(),
        lines,
    };
    let total = order.charged()?;
    if total != placed.shown_total {
        return refused(OrderRefused::PriceChanged);
    }
    if total > Fen::ZERO && accounts::limit(conn, &account, at_ms).await?.left() < total {
        return refused(OrderRefused::Limit);
    }
    take(conn, origin, &account, &order, total, at_ms).await
}

/// Takes stock, order and money, or nothing: the caller rolls back what is refused.
async fn take(
    conn: &mut Conn,
    origin: &Origin,
    account: &AccountRow,
    order: &OrderRow,
    total: Fen,
    at_ms: i64,
) -> Result<Effect, Fault> {
    let words = words(order);
    let transfer = Transfer {
        from: Side::Person(order.detainee),
        to: Side::House(House::Transit),
        amount: total,
        why: Why::Line(LineKind::Order),
        words: &words,
        reference: "",
        order: Some(order.event),
        by: "",
    };
    if total > Fen::ZERO && books::transfer(conn, &transfer, origin.now_ms).await? == Err(Short) {
        return refused(OrderRefused::Balance);
    }
    for line in &order.lines {
        if !goods::take(conn, line.sku.as_str(), line.ordered).await? {
            return refused(OrderRefused::Stock);
        }
    }
    if !rows::add(conn, origin, order, at_ms).await? {
        return refused(OrderRefused::Unsound);
    }
    if order.kit {
        account_rows::set_kit(conn, order.detainee, false).await?;
    }
    let hours = policy(conn, origin.terminal).await?.shop.approve_h;
    wait_for(conn, TaskKind::OrderApproval, order, hours, origin.now_ms).await?;
    tell(conn, order, origin.now_ms).await?;
    accounts::tell_since(conn, order.detainee, account.lines, origin.now_ms).await?;
    Ok(NEWS)
}

fn refused(why: OrderRefused) -> Result<Effect, Fault> {
    Ok(Effect::Rejected(why.name()))
}

fn is_sound(placed: &OrderPlaced) -> bool {
    let mut seen = HashSet::new();
    (1..=ORDER_LINES_MAX).contains(&placed.lines.len())
        && placed.lines.iter().all(|line| {
            (1..=ORDER_COUNT_MAX).contains(&line.count) && seen.insert(line.sku.as_str().to_owned())
        })
}

/// The lines of an order at today's prices, or why it is not taken.
async fn lines(
    conn: &mut Conn,
    account: &AccountRow,
    placed: &OrderPlaced,
    at_ms: i64,
) -> Result<Result<Vec<LineRow>, OrderRefused>, Fault> {
    if placed.kit && !account.kit {
        return Ok(Err(OrderRefused::Kit));
    }
    if !placed.kit && account.frozen.is_some() {
        return Ok(Err(OrderRefused::Frozen));
    }
    let bought = accounts::bought(conn, account.detainee, at_ms).await?;
    let mut lines = Vec::with_capacity(placed.lines.len());
    for asked in &placed.lines {
        let Some(item) = goods::get(conn, asked.sku.as_str()).await? else {
            return Ok(Err(OrderRefused::NotOffered));
        };
        let before = bought.iter().find(|one| one.sku == item.sku).map_or(0, |one| one.count);
        let why = if placed.kit {
            (asked.count > item.in_kit).then_some(OrderRefused::Kit)
        } else {
            why_not(account, &item, (asked.count, before), asked.price_rev, at_ms)
        };
        if let Some(why) = why {
            return Ok(Err(why));
        }
        lines.push(LineRow {
            sku: item.sku,
            name: item.name,
            unit: item.unit,
            picture: item.picture,
            price: if placed.kit { Fen::ZERO } else { item.price },
            ordered: asked.count,
            approved: None,
            delivered: None,
            good: None,
            missing: 0,
            wrong: 0,
            damaged: 0,
            charged: asked.count,
        });
    }
    Ok(Ok(lines))
}

fn why_not(
    account: &AccountRow,
    item: &CatalogueItem,
    (count, before): (u32, u32),
    price_rev: u32,
    at_ms: i64,
) -> Option<OrderRefused> {
    if !item.is_offered(at_ms) || account.level < item.level_min || !item.suits_all(&account.diets) {
        return Some(OrderRefused::NotOffered);
    }
    if item.price_rev != price_rev {
        return Some(OrderRefused::PriceChanged);
    }
    let of_period = item.period.is_some_and(|period| before.saturating_add(count) > period.count);
    (count > item.order_max || of_period).then_some(OrderRefused::CountLimit)
}

/// What an order is of, as its statement line says it.
fn words(order: &OrderRow) -> String {
    let one = |line: &LineRow| format!("{}×{}", line.name, line.charged);
    order.lines.iter().filter(|line| line.charged > 0).map(one).collect::<Vec<_>>().join(" ")
}

/// 取消. Once it is packed, the answer is where the order stands.
pub(crate) async fn cancelled(
    conn: &mut Conn,
    origin: &Origin,
    cancelled: &OrderCancelled,
) -> Result<Effect, Fault> {
    let Some(mut order) = rows::get(conn, cancelled.order).await? else {
        return unknown(conn, origin, cancelled.order).await;
    };
    if order.detainee != cancelled.detainee
        || !belonged(conn, origin, cancelled.detainee, cancelled.at).await?
    {
        return Ok(Effect::Parked("not_of_this_cell"));
    }
    if matches!(order.state, OrderState::Placed | OrderState::Approved) {
        let counts: Vec<u32> = order.lines.iter().map(|line| line.charged).collect();
        give_back(conn, &mut order, Cause::Cancelled, &counts, "", origin.now_ms).await?;
        step(conn, &mut order, OrderState::Cancelled, origin.now_ms).await?;
        close(conn, &order, &[TaskKind::OrderApproval], "cancelled", origin.now_ms).await?;
    }
    tell(conn, &order, origin.now_ms).await?;
    Ok(NEWS)
}

/// A word about an order that was refused has nothing to do; one about an order that never came waits for somebody.
async fn unknown(conn: &mut Conn, origin: &Origin, order: contract::EventId) -> Result<Effect, Fault> {
    match events::first_verdict(conn, origin.device, order).await? {
        Some(Verdict::Rejected { .. }) => Ok(Effect::Done { news: false }),
        Some(
            Verdict::Accepted
            | Verdict::Duplicate
            | Verdict::Parked { .. }
            | Verdict::Retry { .. }
            | Verdict::Fork,
        )
        | None => Ok(Effect::Parked("order_unknown")),
    }
}

/// 签收, line by line. What is missing, wrong or damaged waits for the shop; its money is not the shop's yet.
pub(crate) async fn received(
    conn: &mut Conn,
    origin: &Origin,
    received: &OrderReceived,
) -> Result<Effect, Fault> {
    let Some(mut order) = rows::get(conn, received.order).await? else {
        return unknown(conn, origin, received.order).await;
    };
    if order.detainee != received.detainee || !belonged(conn, origin, received.detainee, received.at).await? {
        return Ok(Effect::Parked("not_of_this_cell"));
    }
    if order.state == OrderState::Delivered {
        if !take_receipt(&mut order, &received.lines) {
            return refused(OrderRefused::Unsound);
        }
        sold(conn, &order, good, "", origin.now_ms).await?;
        step(conn, &mut order, OrderState::Received, origin.now_ms).await?;
        close(conn, &order, &[TaskKind::OrderSignature], "received", origin.now_ms).await?;
        if order.lines.iter().any(|line| differing(line) > 0) {
            let hours = policy(conn, order.terminal).await?.shop.sign_h;
            wait_for(conn, TaskKind::OrderDifference, &order, hours, origin.now_ms).await?;
        }
    } else if !matches!(order.state, OrderState::Received | OrderState::Settled) {
        // Nothing was brought, by the officer's word.
        return refused(OrderRefused::Unsound);
    }
    tell(conn, &order, origin.now_ms).await?;
    Ok(NEWS)
}

/// Writes a receipt into the lines; false where it does not add up to what was delivered.
fn take_receipt(order: &mut OrderRow, receipt: &[ReceivedLine]) -> bool {
    let brought = order.lines.iter().filter(|line| line.delivered.is_some_and(|count| count > 0)).count();
    if receipt.len() != brought {
        return false;
    }
    for said in receipt {
        let Some(line) = order.lines.iter_mut().find(|line| line.sku == said.sku && line.good.is_none())
        else {
            return false;
        };
        let sum = [said.missing, said.wrong, said.damaged]
            .into_iter()
            .try_fold(said.good, |sum: u32, count| sum.checked_add(count));
        if sum != line.delivered {
            return false;
        }
        line.good = Some(said.good);
        (line.missing, line.wrong, line.damaged) = (said.missing, said.wrong, said.damaged);
    }
    true
}

fn good(line: &LineRow) -> u32 {
    line.good.unwrap_or(0)
}

/// How many of a line were missing, wrong or damaged.
pub(crate) fn differing(line: &LineRow) -> u32 {
    line.missing.saturating_add(line.wrong).saturating_add(line.damaged)
}

/// Gives so many of each line back, with their money.
pub(crate) async fn give_back(
    conn: &mut Conn,
    order: &mut OrderRow,
    cause: Cause,
    counts: &[u32],
    by: &str,
    now_ms: i64,
) -> Result<(), Fault> {
    let mut back = Fen::ZERO;
    let mut names = Vec::new();
    for (line, count) in order.lines.iter_mut().zip(counts.iter().copied()).filter(|(_, count)| *count > 0) {
        line.charged =
            line.charged.checked_sub(count).ok_or(Fault::Refused("give back more than was paid"))?;
        rows::add_return(conn, order.event, (line.sku.as_str(), cause.name(), count), now_ms).await?;
        if cause.restocks() {
            goods::put_back(conn, line.sku.as_str(), count).await?;
        }
        back = line.price.times(count).and_then(|fen| fen.plus(back)).ok_or(Fault::Stored("price"))?;
        names.push(format!("{}×{count}", line.name));
    }
    let account = account_rows::get(conn, order.detainee).await?.ok_or(Fault::Unknown("account"))?;
    if back > Fen::ZERO {
        let (house, kind) = cause.money();
        let transfer = Transfer {
            from: Side::House(house),
            to: Side::Person(order.detainee),
            amount: back,
            why: Why::Line(kind),
            words: &names.join(" "),
            reference: "",
            order: Some(order.event),
            by,
        };
        books::transfer(conn, &transfer, now_ms).await?.map_err(|_| Fault::Stored("balance"))?;
    }
    if order.kit && order.lines.iter().all(|line| line.charged == 0) && account.released_ms.is_none() {
        account_rows::set_kit(conn, order.detainee, true).await?;
    }
    rows::update(conn, order).await?;
    accounts::tell_since(conn, order.detainee, account.lines, now_ms).await
}

/// What so many of each line cost is the shop's from here on.
pub(crate) async fn sold(
    conn: &mut Conn,
    order: &OrderRow,
    count: impl Fn(&LineRow) -> u32,
    by: &str,
    now_ms: i64,
) -> Result<(), Fault> {
    let fen = order.lines.iter().map(|line| line.price.times(count(line)));
    let amount = fen.collect::<Option<Vec<_>>>().and_then(Fen::sum).ok_or(Fault::Stored("price"))?;
    if amount == Fen::ZERO {
        return Ok(());
    }
    let transfer = Transfer {
        from: Side::House(House::Transit),
        to: Side::House(House::Shop),
        amount,
        why: Why::Delivered,
        words: "",
        reference: "",
        order: Some(order.event),
        by,
    };
    books::transfer(conn, &transfer, now_ms).await?.map_err(|_| Fault::Stored("balance"))
}

/// An order goes on to this state.
pub(crate) async fn step(
    conn: &mut Conn,
    order: &mut OrderRow,
    state: OrderState,
    now_ms: i64,
) -> Result<(), Fault> {
    order.state = state;
    order.steps.push(OrderStep { state, at_ms: now_ms });
    rows::update(conn, order).await
}

/// Tells the terminal of its person where an order stands.
pub(crate) async fn tell(conn: &mut Conn, order: &OrderRow, now_ms: i64) -> Result<(), Fault> {
    let account = account_rows::get(conn, order.detainee).await?;
    let Some(terminal) = account.and_then(|account| account.terminal) else { return Ok(()) };
    let key = order.event.to_string();
    feed::put(conn, terminal, Collection::Order, &key, &order.status()?, now_ms).await
}

/// Opens a task about an order, due in so many hours.
pub(crate) async fn wait_for(
    conn: &mut Conn,
    kind: TaskKind,
    order: &OrderRow,
    hours: u32,
    now_ms: i64,
) -> Result<(), Fault> {
    let due_ms = now_ms.saturating_add(i64::from(hours) * HOUR_MS);
    tasks::open_until(conn, kind, &order.event.to_string(), order.terminal, now_ms, due_ms).await
}

/// Closes tasks about an order.
pub(crate) async fn close(
    conn: &mut Conn,
    order: &OrderRow,
    kinds: &[TaskKind],
    result: &str,
    now_ms: i64,
) -> Result<(), Fault> {
    tasks::close(conn, kinds, &order.event.to_string(), order.terminal, result, now_ms).await.map(|_| ())
}
