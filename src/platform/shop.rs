// SPDX-License-Identifier: GPL-3.0-only
//! What the shop does with an order: approve, pack, deliver, settle what was missing, take back.
//!
//! Promises: nothing is given out beyond what was approved, nothing kept of what was not delivered; each step is done once
//! and in its order, and the person sees it; what is less than was asked for has a word on why. Refuses: a step out of its
//! order, and counts above those before.

use crate::Fault;
use crate::orders::{self, Cause, differing};
use crate::roll_calls::policy;
use crate::tables::Conn;
use crate::tables::orders::{self as rows, LineRow, OrderRow};
use crate::tasks::TaskKind;
use contract::{EventId, OrderState, Text};

/// Why a step is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Unknown,
    /// It is not where this step begins.
    State,
    /// More than there can be, nothing at all, or as many numbers as there are no lines.
    Counts,
    /// A word on why is missing.
    Words,
}

/// A step with the numbers somebody typed, in the order of the lines, and their word.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Said<'a> {
    pub(crate) counts: &'a [u32],
    pub(crate) words: &'a str,
    pub(crate) by: &'a str,
}

/// 审批, with the approved counts; less than was asked for needs a word.
pub(crate) async fn approve(
    conn: &mut Conn,
    event: EventId,
    said: Said<'_>,
    now_ms: i64,
) -> Result<Result<(), Refusal>, Fault> {
    let mut order = match at(conn, event, &[OrderState::Placed]).await? {
        Ok(order) => order,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(less) = less(&order, said.counts, |line| line.ordered) else { return Ok(Err(Refusal::Counts)) };
    if less.iter().any(|count| *count > 0) && said.words.is_empty() {
        return Ok(Err(Refusal::Words));
    }
    for (line, count) in order.lines.iter_mut().zip(said.counts) {
        line.approved = Some(*count);
    }
    order.words = Text::new(said.words);
    orders::give_back(conn, &mut order, Cause::NotApproved, &less, said.by, now_ms).await?;
    orders::close(conn, &order, &[TaskKind::OrderApproval], "approved", now_ms).await?;
    go_on(conn, &mut order, OrderState::Approved, now_ms).await
}

/// 不予批准, or what was approved cannot be delivered at all; the money goes back.
pub(crate) async fn decline(
    conn: &mut Conn,
    event: EventId,
    said: Said<'_>,
    now_ms: i64,
) -> Result<Result<(), Refusal>, Fault> {
    let open = [OrderState::Placed, OrderState::Approved, OrderState::Packed];
    let mut order = match at(conn, event, &open).await? {
        Ok(order) => order,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if said.words.is_empty() {
        return Ok(Err(Refusal::Words));
    }
    order.words = Text::new(said.words);
    let all: Vec<u32> = order.lines.iter().map(|line| line.charged).collect();
    orders::give_back(conn, &mut order, Cause::Declined, &all, said.by, now_ms).await?;
    orders::close(conn, &order, &[TaskKind::OrderApproval], "declined", now_ms).await?;
    go_on(conn, &mut order, OrderState::Declined, now_ms).await
}

/// 配货.
pub(crate) async fn pack(conn: &mut Conn, event: EventId, now_ms: i64) -> Result<Result<(), Refusal>, Fault> {
    match at(conn, event, &[OrderState::Approved]).await? {
        Ok(mut order) => go_on(conn, &mut order, OrderState::Packed, now_ms).await,
        Err(refusal) => Ok(Err(refusal)),
    }
}

/// 送达, with the counts that were brought: what is less goes back, and needs a word.
pub(crate) async fn deliver(
    conn: &mut Conn,
    event: EventId,
    said: Said<'_>,
    now_ms: i64,
) -> Result<Result<(), Refusal>, Fault> {
    let mut order = match at(conn, event, &[OrderState::Packed]).await? {
        Ok(order) => order,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(less) = less(&order, said.counts, |line| line.approved.unwrap_or(0)) else {
        return Ok(Err(Refusal::Counts));
    };
    if less.iter().any(|count| *count > 0) {
        if said.words.is_empty() {
            return Ok(Err(Refusal::Words));
        }
        order.words = Text::new(said.words);
    }
    for (line, count) in order.lines.iter_mut().zip(said.counts) {
        line.delivered = Some(*count);
    }
    orders::give_back(conn, &mut order, Cause::NotDelivered, &less, said.by, now_ms).await?;
    let hours = policy(conn, order.terminal).await?.shop.sign_h;
    orders::wait_for(conn, TaskKind::OrderSignature, &order, hours, now_ms).await?;
    go_on(conn, &mut order, OrderState::Delivered, now_ms).await
}

/// 办结: of what was missing, wrong or damaged so many are refunded and the rest was replaced. An order nobody signed for
/// is closed the same way: what is not refunded counts as received, on paper.
pub(crate) async fn settle(
    conn: &mut Conn,
    event: EventId,
    said: Said<'_>,
    now_ms: i64,
) -> Result<Result<(), Refusal>, Fault> {
    let mut order = match at(conn, event, &[OrderState::Received, OrderState::Delivered]).await? {
        Ok(order) => order,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if said.words.is_empty() {
        return Ok(Err(Refusal::Words));
    }
    let open: Vec<u32> = order.lines.iter().map(waiting).collect();
    let fits =
        said.counts.len() == open.len() && said.counts.iter().zip(&open).all(|(count, of)| count <= of);
    if !fits || open.iter().all(|count| *count == 0) {
        return Ok(Err(Refusal::Counts));
    }
    order.words = Text::new(said.words);
    let kept: Vec<u32> = open.iter().zip(said.counts).map(|(open, back)| open - back).collect();
    orders::give_back(conn, &mut order, Cause::Settled, said.counts, said.by, now_ms).await?;
    let of = |line: &LineRow| {
        let place = order.lines.iter().position(|one| one.sku == line.sku);
        place.and_then(|place| kept.get(place)).copied().unwrap_or(0)
    };
    orders::sold(conn, &order, of, said.by, now_ms).await?;
    let kinds = [TaskKind::OrderDifference, TaskKind::OrderSignature];
    orders::close(conn, &order, &kinds, "settled", now_ms).await?;
    go_on(conn, &mut order, OrderState::Settled, now_ms).await
}

/// 退货: so many of what somebody has are back in the shop, once for each thing, and their money with the person.
pub(crate) async fn take_back(
    conn: &mut Conn,
    event: EventId,
    said: Said<'_>,
    now_ms: i64,
) -> Result<Result<(), Refusal>, Fault> {
    let mut order = match at(conn, event, &[OrderState::Received, OrderState::Settled]).await? {
        Ok(order) => order,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if said.words.is_empty() {
        return Ok(Err(Refusal::Words));
    }
    let settled = order.state == OrderState::Settled;
    let most = |line: &LineRow| line.charged - if settled { 0 } else { waiting(line).min(line.charged) };
    let fits = said.counts.len() == order.lines.len()
        && said.counts.iter().zip(&order.lines).all(|(count, line)| *count <= most(line));
    if !fits || said.counts.iter().all(|count| *count == 0) {
        return Ok(Err(Refusal::Counts));
    }
    for (line, count) in order.lines.iter().zip(said.counts).filter(|(_, count)| **count > 0) {
        if *count > 0 && rows::went_back(conn, event, line.sku.as_str(), Cause::TakenBack.name()).await? {
            return Ok(Err(Refusal::State));
        }
    }
    order.words = Text::new(said.words);
    orders::give_back(conn, &mut order, Cause::TakenBack, said.counts, said.by, now_ms).await?;
    orders::tell(conn, &order, now_ms).await?;
    Ok(Ok(()))
}

/// Somebody left for good: what is not delivered goes back to them, what is delivered and not signed for is theirs, and
/// what was missing is refunded.
pub(crate) async fn close_all(
    conn: &mut Conn,
    detainee: contract::DetaineeId,
    by: &str,
    now_ms: i64,
) -> Result<(), Fault> {
    for mut order in rows::unsettled(conn, detainee).await? {
        match order.state {
            OrderState::Placed | OrderState::Approved | OrderState::Packed => {
                let all: Vec<u32> = order.lines.iter().map(|line| line.charged).collect();
                orders::give_back(conn, &mut order, Cause::Left, &all, by, now_ms).await?;
                orders::step(conn, &mut order, OrderState::Cancelled, now_ms).await?;
            }
            OrderState::Delivered => {
                orders::sold(conn, &order, |line| line.charged, by, now_ms).await?;
                orders::step(conn, &mut order, OrderState::Settled, now_ms).await?;
            }
            OrderState::Received => {
                let open: Vec<u32> = order.lines.iter().map(differing).collect();
                if open.iter().all(|count| *count == 0) {
                    continue;
                }
                orders::give_back(conn, &mut order, Cause::Settled, &open, by, now_ms).await?;
                orders::step(conn, &mut order, OrderState::Settled, now_ms).await?;
            }
            OrderState::Declined | OrderState::Cancelled | OrderState::Settled => continue,
        }
        let kinds = [TaskKind::OrderApproval, TaskKind::OrderSignature, TaskKind::OrderDifference];
        orders::close(conn, &order, &kinds, "left", now_ms).await?;
    }
    Ok(())
}

/// How many of a line are to be settled: all that was brought where nobody signed.
pub(crate) fn waiting(line: &LineRow) -> u32 {
    match (line.delivered, line.good) {
        (Some(delivered), None) => delivered,
        (Some(_), Some(_)) => differing(line),
        (None, _) => 0,
    }
}

/// How much less each is than it could be; none where a number is more, they are all nothing, or there are not as many as
/// lines.
fn less(order: &OrderRow, counts: &[u32], most: impl Fn(&LineRow) -> u32) -> Option<Vec<u32>> {
    if counts.len() != order.lines.len() || counts.iter().all(|count| *count == 0) {
        return None;
    }
    order.lines.iter().zip(counts).map(|(line, count)| most(line).checked_sub(*count)).collect()
}

async fn at(
    conn: &mut Conn,
    event: EventId,
    states: &[OrderState],
) -> Result<Result<OrderRow, Refusal>, Fault> {
    let Some(order) = rows::get(conn, event).await? else { return Ok(Err(Refusal::Unknown)) };
    Ok(if states.contains(&order.state) { Ok(order) } else { Err(Refusal::State) })
}

async fn go_on(
    conn: &mut Conn,
    order: &mut OrderRow,
    state: OrderState,
    now_ms: i64,
) -> Result<Result<(), Refusal>, Fault> {
    orders::step(conn, order, state, now_ms).await?;
    orders::tell(conn, order, now_ms).await?;
    Ok(Ok(()))
}
