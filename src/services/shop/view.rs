// SPDX-License-Identifier: GPL-3.0-only
//! What may be shown of the shop: to anybody the goods, the hours and who waits; to whoever proved who they are their
//! cart, account, orders and statement. Nothing here is a balance of the terminal's own: what the platform's books said
//! stands beside what is on its way there.

use super::tables::{self, OrderRow, SaidRow};
use super::{About, is_open};
use crate::policy;
use crate::scene::ShopPage;
use contract::{
    Account, CatalogueItem, DetaineeId, DisputeReason, EventId, Fen, Goods, OrderLineStatus, OrderRefused,
    OrderState, OrderStatus, OrderStep, ShopPolicy, Stamp, StatementLine, Verdict,
};
use store::{Delivery, Fault, Read};

/// Lines of a statement on one page.
pub const STATEMENT_LINES: u64 = 4;

/// The shop as one page of it needs it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct View {
    /// Orders are taken now, and when they are.
    pub open: bool,
    pub hours: ShopPolicy,
    /// What stands on the shelf that is shown, or the one thing, as far as it is offered to whoever looks.
    pub goods: Vec<CatalogueItem>,
    /// Things of the shelf that are not for whoever looks.
    pub not_for_me: usize,
    pub turns: Turns,
    /// Only for the person whose session it is.
    pub own: Option<Own>,
}

/// Who waits for the screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Turns {
    pub waiting: Vec<DetaineeId>,
    /// The first of them, while they are called.
    pub called: Option<DetaineeId>,
}

impl Turns {
    /// How many are before this person; none where they may begin.
    pub fn before(&self, detainee: DetaineeId) -> Option<usize> {
        let place = self.waiting.iter().position(|one| *one == detainee).unwrap_or(self.waiting.len());
        (place > 0).then_some(place)
    }
}

/// A person's own things.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Own {
    /// None before the platform said anything of it.
    pub account: Option<Account>,
    /// What was ordered here and is not in the books yet.
    pub pending: Fen,
    pub cart: Cart,
    /// The free kit may be taken, and this is in it.
    pub kit: Vec<CatalogueItem>,
    /// The newest first.
    pub orders: Vec<OrderView>,
    /// The page of the statement that is shown, the newest first.
    pub lines: Vec<LineView>,
    /// The statement is here down to its last line.
    pub complete: bool,
    /// The person objected to the freeze, here or before.
    pub objected: bool,
}

impl Own {
    /// What the books said, less what is on its way there and what is in the cart; none without an account.
    pub fn remains(&self) -> Option<Fen> {
        let balance = self.account.as_ref()?.balance;
        balance.minus(self.pending)?.minus(self.cart.total?)
    }

    /// What may still be spent in this period, likewise.
    pub fn limit_remains(&self) -> Option<Fen> {
        self.account.as_ref()?.limit.left().minus(self.pending)?.minus(self.cart.total?)
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cart {
    pub lines: Vec<CartLine>,
    /// None where it does not fit.
    pub total: Option<Fen>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CartLine {
    pub sku: String,
    pub count: u32,
    /// None where it is not offered any more.
    pub item: Option<CatalogueItem>,
}

/// An order as its person sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderView {
    pub event: EventId,
    pub placed: Option<Stamp>,
    pub kit: bool,
    /// As it was confirmed here; what is charged, where it was placed elsewhere.
    pub total: Fen,
    /// None where another terminal sent it.
    pub delivery: Option<Delivery>,
    pub status: Option<OrderStatus>,
    /// As the platform says, or as it was ordered.
    pub lines: Vec<OrderLineStatus>,
    /// The person cancelled it here, or signed for it.
    pub cancelled: Option<Stamp>,
    pub received: Option<Stamp>,
}

impl OrderView {
    /// Why the platform did not take it.
    pub fn refused(&self) -> Option<OrderRefused> {
        match &self.delivery {
            Some(Delivery::Delivered { verdict: Verdict::Rejected { code }, .. }) => {
                Some(OrderRefused::of(code.as_str()).unwrap_or(OrderRefused::Unsound))
            }
            Some(Delivery::Delivered { .. } | Delivery::Saved | Delivery::Kept) | None => None,
        }
    }

    /// It is on its way to the books.
    pub fn is_pending(&self) -> bool {
        self.status.is_none() && self.refused().is_none()
    }

    pub fn may_be_cancelled(&self) -> bool {
        match self.status.as_ref().map(|status| status.state) {
            None => self.refused().is_none(),
            Some(OrderState::Placed | OrderState::Approved) => true,
            Some(
                OrderState::Declined
                | OrderState::Packed
                | OrderState::Delivered
                | OrderState::Received
                | OrderState::Cancelled
                | OrderState::Settled,
            ) => false,
        }
    }

    /// It is there, to be signed for.
    pub fn waits_for_signature(&self) -> bool {
        let delivered = self.status.as_ref().is_some_and(|status| status.state == OrderState::Delivered);
        delivered && self.received.is_none()
    }

    /// When a state came.
    pub fn step(&self, state: OrderState) -> Option<OrderStep> {
        self.status.as_ref()?.steps.iter().rev().find(|step| step.state == state).copied()
    }
}

/// A line with what its person said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct LineView {
    pub line: StatementLine,
    /// Said here, and why; the platform's own word about it is in the line.
    pub disputed: Option<(Stamp, Option<DisputeReason>)>,
}

impl LineView {
    /// Marked until it is answered.
    pub fn is_marked(&self) -> bool {
        match &self.line.objection {
            Some(objection) => objection.answer.is_none(),
            None => self.disputed.is_some(),
        }
    }
}

/// What to show on this page. `viewer` is whoever proved who they are.
///
/// # Errors
/// The disk fails.
pub fn view(
    read: &Read<'_>,
    viewer: Option<DetaineeId>,
    page: Option<&ShopPage>,
    now: &Stamp,
) -> Result<View, Fault> {
    let rows = tables::turns(read)?;
    let called = rows.first().filter(|row| row.called.is_some()).map(|row| row.detainee);
    let turns = Turns { waiting: rows.into_iter().map(|row| row.detainee).collect(), called };
    // Elsewhere only the tile on Home is shown.
    let Some(page) = page else { return Ok(View { turns, ..View::default() }) };
    let (_, policy) = policy(read)?;
    let own = match viewer {
        Some(viewer) if page.is_own() => Some(own(read, viewer, page, now)?),
        Some(_) | None => None,
    };
    let (goods, not_for_me) = goods(read, page, own.as_ref(), now)?;
    Ok(View { open: is_open(read, now)?, hours: policy.shop, goods, not_for_me, turns, own })
}

/// The things of the page that are for whoever looks, and how many are not.
fn goods(
    read: &Read<'_>,
    page: &ShopPage,
    own: Option<&Own>,
    now: &Stamp,
) -> Result<(Vec<CatalogueItem>, usize), Fault> {
    let all = match page {
        ShopPage::Browse(shelf) | ShopPage::Shelf(shelf) => tables::shelf(read, *shelf)?,
        ShopPage::Look { sku, .. } | ShopPage::Item { sku, .. } => {
            tables::item(read, sku)?.into_iter().collect()
        }
        ShopPage::Front
        | ShopPage::Who { .. }
        | ShopPage::Turn(_)
        | ShopPage::Queue { .. }
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
        | ShopPage::Owed => Vec::new(),
    };
    let offered: Vec<CatalogueItem> = all.into_iter().filter(|item| item.is_offered(now.wall_ms)).collect();
    let everything = offered.len();
    let account = own.and_then(|own| own.account.as_ref());
    let mine: Vec<CatalogueItem> = offered.into_iter().filter(|item| is_for(item, account)).collect();
    let not_for_me = everything - mine.len();
    Ok((mine, not_for_me))
}

/// Whether level and diet let this person have it. Without an account nothing stands against it: the platform decides.
pub(super) fn is_for(item: &CatalogueItem, account: Option<&Account>) -> bool {
    account.is_none_or(|account| account.level >= item.level_min && item.suits_all(&account.diets))
}

pub(super) fn cart(read: &Read<'_>, detainee: DetaineeId, now: &Stamp) -> Result<Cart, Fault> {
    let mut lines = Vec::new();
    for (sku, count) in tables::cart(read, detainee)? {
        let item = tables::item(read, &sku)?.filter(|item| item.is_offered(now.wall_ms));
        lines.push(CartLine { sku, count, item });
    }
    let prices = lines
        .iter()
        .map(|line| line.item.as_ref().map_or(Some(Fen::ZERO), |item| item.price.times(line.count)));
    let total = prices.collect::<Option<Vec<Fen>>>().and_then(Fen::sum);
    Ok(Cart { lines, total })
}

/// Whether the platform lets this person take the kit and no order for one is on its way.
pub(super) fn may_take_kit(read: &Read<'_>, detainee: DetaineeId) -> Result<bool, Fault> {
    let granted = tables::account(read, detainee)?.is_some_and(|account| account.kit);
    Ok(granted && !orders(read, detainee)?.iter().any(|order| order.kit && order.is_pending()))
}

fn own(read: &Read<'_>, viewer: DetaineeId, page: &ShopPage, now: &Stamp) -> Result<Own, Fault> {
    let said = tables::said(read, viewer)?;
    let account = tables::account(read, viewer)?;
    let orders = orders(read, viewer)?;
    let pending = orders.iter().filter(|order| order.is_pending() && order.cancelled.is_none());
    let frozen_ms =
        account.as_ref().and_then(|account| account.frozen.as_ref()).map(|frozen| frozen.since_ms);
    let objected = frozen_ms
        .is_some_and(|since_ms| said.iter().any(|word| word.about == About::Freeze { since_ms }))
        || account
            .as_ref()
            .and_then(|account| account.frozen.as_ref())
            .is_some_and(|frozen| frozen.objection.is_some());
    let last = tables::lines(read, viewer, 0, 1)?;
    let complete = account.as_ref().is_none_or(|account| {
        account.lines == last.first().map_or(0, |line| line.number)
            && last.first().is_none_or(|line| line.hash == account.head)
    });
    Ok(Own {
        pending: Fen::sum(pending.map(|order| order.total)).unwrap_or_default(),
        cart: cart(read, viewer, now)?,
        kit: if may_take_kit(read, viewer)? { tables::kit(read)? } else { Vec::new() },
        lines: lines(read, viewer, page, &said)?,
        complete,
        objected,
        account,
        orders,
    })
}

fn lines(
    read: &Read<'_>,
    viewer: DetaineeId,
    page: &ShopPage,
    said: &[SaidRow],
) -> Result<Vec<LineView>, Fault> {
    let lines = if let ShopPage::Statement { skip } = page {
        tables::lines(read, viewer, *skip, STATEMENT_LINES)?
    } else if let ShopPage::Line(number) = page {
        tables::line(read, viewer, *number)?.into_iter().collect()
    } else {
        Vec::new()
    };
    Ok(lines.into_iter().map(|line| LineView { disputed: word_on_line(said, line.number), line }).collect())
}

/// What was said here of a line: when first, and the reason, once one was given.
pub(super) fn word_on_line(said: &[SaidRow], line: u64) -> Option<(Stamp, Option<DisputeReason>)> {
    let mut found: Option<(Stamp, Option<DisputeReason>)> = None;
    for word in said {
        if let About::Line { number, why } = &word.about
            && *number == line
        {
            let (made, before) = found.unwrap_or((word.made, None));
            found = Some((made, why.or(before)));
        }
    }
    found
}

/// One order of this person.
pub(super) fn order(read: &Read<'_>, viewer: DetaineeId, order: EventId) -> Result<Option<OrderView>, Fault> {
    Ok(orders(read, viewer)?.into_iter().find(|held| held.event == order))
}

fn orders(read: &Read<'_>, viewer: DetaineeId) -> Result<Vec<OrderView>, Fault> {
    let said = tables::said(read, viewer)?;
    let mut orders = Vec::new();
    for row in tables::orders(read, viewer)?.into_iter().rev() {
        let word = |about: About| said.iter().find(|word| word.about == about).map(|word| word.made);
        orders.push(OrderView {
            event: row.event,
            placed: row.placed.as_ref().map(|placed| placed.at),
            kit: row.placed.as_ref().is_some_and(|placed| placed.kit),
            total: match (&row.placed, &row.status) {
                (Some(placed), _) => placed.shown_total,
                (None, Some(status)) => status.charged,
                (None, None) => Fen::ZERO,
            },
            delivery: read.delivery(row.event)?,
            lines: order_lines(read, &row)?,
            cancelled: word(About::Cancel(row.event)),
            received: word(About::Received(row.event)),
            status: row.status,
        });
    }
    Ok(orders)
}

/// The platform's lines, or what was ordered as the catalogue calls it now.
fn order_lines(read: &Read<'_>, row: &OrderRow) -> Result<Vec<OrderLineStatus>, Fault> {
    if let Some(status) = &row.status {
        return Ok(status.lines.clone());
    }
    let mut lines = Vec::new();
    for line in row.placed.iter().flat_map(|placed| &placed.lines) {
        let item = tables::item(read, line.sku.as_str())?;
        let known = item.as_ref();
        lines.push(OrderLineStatus {
            sku: line.sku.clone(),
            name: known.map_or_else(|| line.sku.as_str().into(), |item| item.name.clone()),
            unit: known.map(|item| item.unit.clone()).unwrap_or_default(),
            picture: known.map_or(Goods::Other, |item| item.picture),
            price: known.map(|item| item.price).unwrap_or_default(),
            ordered: line.count,
            approved: None,
            delivered: None,
            received: None,
            charged: line.count,
        });
    }
    Ok(lines)
}
