// SPDX-License-Identifier: GPL-3.0-only
//! Without network an order is a request and the balance says of when it is; without camera the PIN remains; after a
//! power cut the cart is as it was, and an order is placed whole or not at all.
//!
//! 购物. The terminal keeps no books: it shows what the platform's said, and sends what a person wants as it was on their
//! screen. What is ordered and not yet answered is taken off what remains, so that nobody is told more than there is.

pub(crate) mod screen;
mod tables;
#[cfg(test)]
mod tests;
mod truth;
mod turn;
mod view;

pub use truth::{apply, member_gone};
pub use turn::{due, tick};
pub use view::{Cart, CartLine, LineView, OrderView, Own, STATEMENT_LINES, Turns, View, view};

use crate::{Actor, Done, Stop, cell, policy};
use contract::{
    Account, DetaineeId, DisputeReason, Event, EventId, FreezeObjected, LineDisputed, ORDER_COUNT_MAX,
    ORDER_LINES_MAX, OrderCancelled, OrderCheck, OrderLine, OrderPlaced, OrderReceived, OrderState,
    ReceivedLine, Stamp, Trust,
};
use serde::{Deserialize, Serialize};
use store::{Fault, Migration, Read, Write};

pub const MIGRATION: Migration = Migration { service: "shop", steps: &[include_str!("tables/0001.sql")] };

/// Orders of one person that are kept; of more, the oldest that the platform answered go.
const ORDERS_MAX: usize = 200;
/// Words of one person that are kept; of more, the oldest go.
const SAID_MAX: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// So many of a thing in the cart of whoever shops; zero takes it out.
    Put {
        sku: String,
        count: u32,
    },
    /// Orders what is in the cart.
    Order {
        check: OrderCheck,
    },
    /// 入所生活用品.
    TakeKit {
        check: OrderCheck,
    },
    Cancel {
        order: EventId,
    },
    /// 签收.
    Receive {
        order: EventId,
        lines: Vec<ReceivedLine>,
        check: OrderCheck,
    },
    /// 对这笔有疑问.
    Dispute {
        line: u64,
        why: Option<DisputeReason>,
    },
    /// Against the account being frozen.
    Object,
    /// What was ordered is put into the cart again, as far as it is there.
    Again {
        order: EventId,
    },
    /// Somebody wants to shop when it is their turn.
    Wait(DetaineeId),
    /// The screen is free: the first who waits is called.
    CallNext,
    /// The screen is needed for something else: nobody is called any more.
    HoldCall,
    /// Somebody's turn begins, or they came when called.
    Came(DetaineeId),
    Begins(DetaineeId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing is in the cart.
    Empty,
    /// Not this person's, or not there any more.
    NotYours,
    /// Outside the hours of the shop.
    Closed,
    Frozen,
    /// More than one order takes, of one thing or of different ones.
    TooMany,
    /// Not there, not now, or not for this person.
    NotOffered,
    NoKit,
    /// Packed already, or over.
    TooLate,
    /// Not delivered yet, or signed for before.
    NothingToSign,
    /// Said before.
    Already,
    /// The time for this turn is over; the cart is kept.
    TurnOver,
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(crate::Refusal::Shop(refusal))
    }
}

/// What a person's word was about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum About {
    Cancel(EventId),
    Received(EventId),
    Line { number: u64, why: Option<DisputeReason> },
    Freeze { since_ms: i64 },
}

/// Somebody shops, signs for what came, or disputes a line.
///
/// # Errors
/// See [`Refusal`]; or the disk fails.
pub fn act(tx: &Write<'_>, actor: Actor, intent: &Intent, now: &Stamp) -> Result<Done, Stop> {
    match intent {
        Intent::Wait(detainee) => turn::wait(tx, *detainee)?,
        Intent::CallNext => turn::call_next(tx, now)?,
        Intent::HoldCall => turn::hold(tx)?,
        Intent::Came(detainee) => turn::came(tx, *detainee, now)?,
        Intent::Begins(detainee) => tables::delete_turn(tx, *detainee)?,
        Intent::Put { .. }
        | Intent::Order { .. }
        | Intent::TakeKit { .. }
        | Intent::Cancel { .. }
        | Intent::Receive { .. }
        | Intent::Dispute { .. }
        | Intent::Object
        | Intent::Again { .. } => {
            let Actor::Detainee(detainee) = actor else { return Err(Refusal::NotYours.into()) };
            return own(tx, detainee, intent, now).map(|receipt| Done { receipt, refused: None });
        }
    }
    Ok(Done::default())
}

/// What only somebody who proved who they are does, with their own things.
fn own(tx: &Write<'_>, detainee: DetaineeId, intent: &Intent, now: &Stamp) -> Result<Option<EventId>, Stop> {
    Ok(match intent {
        Intent::Put { sku, count } => {
            put(tx, detainee, sku, *count, now)?;
            None
        }
        Intent::Order { check } => Some(order(tx, detainee, *check, now)?),
        Intent::TakeKit { check } => Some(take_kit(tx, detainee, *check, now)?),
        Intent::Cancel { order } => Some(cancel(tx, detainee, *order, now)?),
        Intent::Receive { order, lines, check } => Some(receive(tx, detainee, *order, lines, *check, now)?),
        Intent::Dispute { line, why } => Some(dispute(tx, detainee, *line, *why, now)?),
        Intent::Object => Some(object(tx, detainee, now)?),
        Intent::Again { order } => {
            again(tx, detainee, *order, now)?;
            None
        }
        Intent::Wait(_) | Intent::CallNext | Intent::HoldCall | Intent::Came(_) | Intent::Begins(_) => None,
    })
}

/// Whether orders are taken now. A clock nobody confirmed closes nothing: the platform sees when it was ordered.
///
/// # Errors
/// The disk fails.
pub(super) fn is_open(read: &Read<'_>, now: &Stamp) -> Result<bool, Fault> {
    let (_, policy) = policy(read)?;
    let offset_min = cell::utc_offset_min(read)?;
    let (weekday, minute) = (cell::weekday(now, offset_min), cell::minute_of_day(now, offset_min));
    Ok(now.trust == Trust::Unsynced || policy.shop.is_open(weekday, minute))
}

fn put(tx: &Write<'_>, detainee: DetaineeId, sku: &str, count: u32, now: &Stamp) -> Result<(), Stop> {
    if count == 0 {
        return Ok(tables::put_cart(tx, detainee, sku, 0)?);
    }
    let item = tables::item(tx, sku)?.ok_or(Stop::from(Refusal::NotOffered))?;
    let account = tables::account(tx, detainee)?;
    if !item.is_offered(now.wall_ms) || !view::is_for(&item, account.as_ref()) {
        return Err(Refusal::NotOffered.into());
    }
    let cart = tables::cart(tx, detainee)?;
    let is_new = !cart.iter().any(|(held, _)| held == sku);
    if count > item.order_max.min(ORDER_COUNT_MAX) || (is_new && cart.len() >= ORDER_LINES_MAX) {
        return Err(Refusal::TooMany.into());
    }
    Ok(tables::put_cart(tx, detainee, sku, count)?)
}

fn order(tx: &Write<'_>, detainee: DetaineeId, check: OrderCheck, now: &Stamp) -> Result<EventId, Stop> {
    let account = may_buy(tx, detainee)?;
    if !is_open(tx, now)? {
        return Err(Refusal::Closed.into());
    }
    let cart = view::cart(tx, detainee, now)?;
    if cart.lines.is_empty() {
        return Err(Refusal::Empty.into());
    }
    let mut lines = Vec::with_capacity(cart.lines.len());
    for line in &cart.lines {
        let item = line.item.as_ref().filter(|item| view::is_for(item, account.as_ref()));
        let item = item.ok_or(Stop::from(Refusal::NotOffered))?;
        if line.count > item.order_max {
            return Err(Refusal::TooMany.into());
        }
        lines.push(OrderLine { sku: item.sku.clone(), count: line.count, price_rev: item.price_rev });
    }
    // Prices and counts are bounded: the total fits.
    let shown_total = cart.total.ok_or(Stop::from(Refusal::TooMany))?;
    let placed = OrderPlaced { at: *now, detainee, lines, shown_total, kit: false, check };
    tables::clear_cart(tx, detainee)?;
    place(tx, placed, now)
}

fn take_kit(tx: &Write<'_>, detainee: DetaineeId, check: OrderCheck, now: &Stamp) -> Result<EventId, Stop> {
    if !view::may_take_kit(tx, detainee)? {
        return Err(Refusal::NoKit.into());
    }
    let lines: Vec<OrderLine> = tables::kit(tx)?
        .into_iter()
        .take(ORDER_LINES_MAX)
        .map(|item| OrderLine { sku: item.sku, count: item.in_kit, price_rev: item.price_rev })
        .collect();
    if lines.is_empty() {
        return Err(Refusal::NoKit.into());
    }
    let shown_total = contract::Fen::ZERO;
    place(tx, OrderPlaced { at: *now, detainee, lines, shown_total, kit: true, check }, now)
}

fn place(tx: &Write<'_>, placed: OrderPlaced, now: &Stamp) -> Result<EventId, Stop> {
    let event = tx.send(&Event::OrderPlaced(placed.clone()), now)?;
    tables::put_placed(tx, event, &placed)?;
    prune(tx, placed.detainee)?;
    Ok(event)
}

fn may_buy(tx: &Write<'_>, detainee: DetaineeId) -> Result<Option<Account>, Stop> {
    let account = tables::account(tx, detainee)?;
    match account {
        Some(account) if account.frozen.is_some() => Err(Refusal::Frozen.into()),
        account => Ok(account),
    }
}

fn cancel(tx: &Write<'_>, detainee: DetaineeId, order: EventId, now: &Stamp) -> Result<EventId, Stop> {
    let held = view::order(tx, detainee, order)?.ok_or(Stop::from(Refusal::NotYours))?;
    if held.cancelled.is_some() {
        return Err(Refusal::Already.into());
    }
    if !held.may_be_cancelled() {
        return Err(Refusal::TooLate.into());
    }
    let event = tx.send(&Event::OrderCancelled(OrderCancelled { at: *now, detainee, order }), now)?;
    said(tx, detainee, event, About::Cancel(order), now)
}

fn receive(
    tx: &Write<'_>,
    detainee: DetaineeId,
    order: EventId,
    lines: &[ReceivedLine],
    check: OrderCheck,
    now: &Stamp,
) -> Result<EventId, Stop> {
    let held = view::order(tx, detainee, order)?.ok_or(Stop::from(Refusal::NotYours))?;
    if held.received.is_some() {
        return Err(Refusal::Already.into());
    }
    let status = held.status.filter(|status| status.state == OrderState::Delivered);
    let status = status.ok_or(Stop::from(Refusal::NothingToSign))?;
    // Each thing that came is answered for, and no more of it than came.
    let whole = lines.len() == status.lines.len()
        && status.lines.iter().all(|came| {
            let said = lines.iter().find(|line| line.sku == came.sku);
            said.is_some_and(|said| {
                let parts = [said.good, said.missing, said.wrong, said.damaged];
                let all = parts.into_iter().try_fold(0_u32, u32::checked_add);
                all == Some(came.delivered.unwrap_or(came.ordered))
            })
        });
    if !whole {
        return Err(Refusal::NothingToSign.into());
    }
    let received = OrderReceived { at: *now, detainee, order, lines: lines.to_vec(), check };
    let event = tx.send(&Event::OrderReceived(received), now)?;
    said(tx, detainee, event, About::Received(order), now)
}

fn dispute(
    tx: &Write<'_>,
    detainee: DetaineeId,
    number: u64,
    why: Option<DisputeReason>,
    now: &Stamp,
) -> Result<EventId, Stop> {
    let line = tables::line(tx, detainee, number)?.ok_or(Stop::from(Refusal::NotYours))?;
    let before = view::word_on_line(&tables::said(tx, detainee)?, number);
    let open = line.objection.as_ref().is_some_and(|objection| objection.answer.is_none());
    // The first word is the touch; a reason may follow it, once.
    if (before.is_some() || open) && (why.is_none() || before.is_none_or(|(_, told)| told.is_some())) {
        return Err(Refusal::Already.into());
    }
    let disputed = LineDisputed { at: *now, detainee, line: number, hash: line.hash, why };
    let event = tx.send(&Event::LineDisputed(disputed), now)?;
    said(tx, detainee, event, About::Line { number, why }, now)
}

fn object(tx: &Write<'_>, detainee: DetaineeId, now: &Stamp) -> Result<EventId, Stop> {
    let frozen = tables::account(tx, detainee)?.and_then(|account| account.frozen);
    let frozen = frozen.ok_or(Stop::from(Refusal::NotYours))?;
    let about = About::Freeze { since_ms: frozen.since_ms };
    let told = tables::said(tx, detainee)?.iter().any(|word| word.about == about);
    if told || frozen.objection.is_some() {
        return Err(Refusal::Already.into());
    }
    let objected = FreezeObjected { at: *now, detainee, since_ms: frozen.since_ms };
    let event = tx.send(&Event::FreezeObjected(objected), now)?;
    said(tx, detainee, event, about, now)
}

fn again(tx: &Write<'_>, detainee: DetaineeId, order: EventId, now: &Stamp) -> Result<(), Stop> {
    let held = view::order(tx, detainee, order)?.ok_or(Stop::from(Refusal::NotYours))?;
    let mut found = false;
    for line in &held.lines {
        let most = tables::item(tx, line.sku.as_str())?.map_or(0, |item| item.order_max);
        found |= put(tx, detainee, line.sku.as_str(), line.ordered.min(most), now).is_ok() && most > 0;
    }
    if found { Ok(()) } else { Err(Refusal::NotOffered.into()) }
}

fn said(
    tx: &Write<'_>,
    detainee: DetaineeId,
    event: EventId,
    about: About,
    now: &Stamp,
) -> Result<EventId, Stop> {
    tables::add_said(tx, event, detainee, &about, now)?;
    let kept = tables::said(tx, detainee)?;
    for word in kept.iter().take(kept.len().saturating_sub(SAID_MAX)) {
        tables::delete_said(tx, word.event)?;
    }
    Ok(event)
}

/// Keeps the orders of a person within their limit. What the platform has not answered stays.
fn prune(tx: &Write<'_>, detainee: DetaineeId) -> Result<(), Fault> {
    let orders = tables::orders(tx, detainee)?;
    let spare = orders.len().saturating_sub(ORDERS_MAX);
    for row in orders.iter().filter(|row| row.status.is_some()).take(spare) {
        tables::delete_order(tx, row.event)?;
    }
    Ok(())
}
