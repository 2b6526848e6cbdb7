// SPDX-License-Identifier: GPL-3.0-only
//! 购物, at the desk: orders from their placing to their end, and the list by which things are picked for each cell. Who
//! ordered what is shown to the shop; what anybody has on their account is not.

use super::layout::{self, Tab};
use super::lists::{ROWS_MAX, heads};
use super::login::{Officer, Posted};
use super::money::{self, Asked, WORDS_MAX, field, form, yuan};
use super::words::{OFFSET_MIN, Words, machine};
use super::{Shared, Wrong};
use crate::Fault;
use crate::reports::Names;
use crate::shop::{self, Refusal, Said};
use crate::tables::devices::{self, TerminalRow};
use crate::tables::orders::{self as rows, LineRow, OrderRow};
use crate::tables::{Conn, accounts, desk as desk_rows};
use axum::extract::{Query, State};
use axum::response::Response;
use contract::{EventId, ORDER_LINES_MAX, OrderState};
use maud::{Markup, html};

/// What can be done with an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Approve,
    Decline,
    Pack,
    Deliver,
    Settle,
    TakeBack,
}

impl Deed {
    const ALL: [Self; 6] =
        [Self::Approve, Self::Decline, Self::Pack, Self::Deliver, Self::Settle, Self::TakeBack];

    /// The name in forms and text ids.
    fn name(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Decline => "decline",
            Self::Pack => "pack",
            Self::Deliver => "deliver",
            Self::Settle => "settle",
            Self::TakeBack => "take_back",
        }
    }

    fn action(self) -> &'static str {
        match self {
            Self::Approve => "order_approve",
            Self::Decline => "order_decline",
            Self::Pack => "order_pack",
            Self::Deliver => "order_deliver",
            Self::Settle => "order_settle",
            Self::TakeBack => "order_take_back",
        }
    }

    /// What is offered for an order in this state.
    fn of(state: OrderState) -> &'static [Self] {
        match state {
            OrderState::Placed => &[Self::Approve, Self::Decline],
            OrderState::Approved => &[Self::Pack, Self::Decline],
            OrderState::Packed => &[Self::Deliver, Self::Decline],
            OrderState::Delivered => &[Self::Settle],
            OrderState::Received => &[Self::Settle, Self::TakeBack],
            OrderState::Settled => &[Self::TakeBack],
            OrderState::Declined | OrderState::Cancelled => &[],
        }
    }

    /// The number a line begins with in the form; none where no numbers are asked for.
    fn count(self, line: &LineRow) -> Option<u32> {
        match self {
            Self::Approve => Some(line.ordered),
            Self::Deliver => Some(line.approved.unwrap_or(0)),
            Self::Settle => Some(shop::waiting(line)),
            Self::TakeBack => Some(0),
            Self::Decline | Self::Pack => None,
        }
    }
}

/// Orders by where they stand, those that wait for the shop first.
const STATES: [OrderState; 8] = [
    OrderState::Placed,
    OrderState::Approved,
    OrderState::Packed,
    OrderState::Received,
    OrderState::Delivered,
    OrderState::Settled,
    OrderState::Declined,
    OrderState::Cancelled,
];

/// An order with whose it is and where they are.
struct Shown {
    order: OrderRow,
    name: String,
    badge_number: String,
    terminal: Option<TerminalRow>,
}

pub(super) async fn page(
    State(desk): Shared,
    words: Words,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> Result<Markup, Wrong> {
    let mut read = desk.core.tables.read().await?;
    let mut all = Vec::new();
    for state in STATES {
        all.push((state, shown(&mut read, state).await?));
    }
    drop(read);
    let title = words.t("desk-nav-shop");
    let body = html! {
        h1 { (title) }
        (money::said(words, &asked))
        p { a id="goods" href="/goods" { (words.t("desk-goods")) } " · " a id="picks" href="/picks" { (words.t("desk-picks")) } }
        @for (state, orders) in &all {
            @if !orders.is_empty() {
                section.card aria-labelledby={ "orders-" (state.name()) } {
                    h2 id={ "orders-" (state.name()) } {
                        (words.f("desk-order-state", &[("state", state.name().into())])) " (" (orders.len()) ")"
                    }
                    @for one in orders { (order(words, &officer, one)) }
                }
            }
        }
        @if all.iter().all(|(_, orders)| orders.is_empty()) { p id="shop-empty" { (words.t("desk-shop-empty")) } }
    };
    Ok(layout::page(words, Some(&officer), Tab::Shop, &title, &body))
}

async fn shown(conn: &mut Conn, state: OrderState) -> Result<Vec<Shown>, Fault> {
    let mut names = Names::default();
    let mut all = Vec::new();
    for order in rows::in_state(conn, state, ROWS_MAX).await? {
        let (name, badge_number) = names.of(conn, order.detainee.to_string()).await?;
        let account = accounts::get(conn, order.detainee).await?;
        let place =
            account.map_or(order.terminal, |account| account.terminal.unwrap_or(account.last_terminal));
        let terminal = devices::terminal(conn, place).await?;
        all.push(Shown { order, name, badge_number, terminal });
    }
    Ok(all)
}

fn order(words: Words, officer: &Officer, shown: &Shown) -> Markup {
    let Shown { order, name, badge_number, terminal } = shown;
    let offset = terminal.as_ref().map_or(OFFSET_MIN, |row| row.utc_offset_min);
    let id = order.event;
    html! {
        article id={ "order-" (id) } data-state=(order.state.name()) {
            h3 id={ "order-who-" (id) } {
                @if let Some(row) = terminal { (row.block) " " (row.cell) " · " }
                (badge_number) " " (name) " · " (id.number()) " · "
                time datetime=(machine(order.received_ms)) { (words.at(order.received_ms, offset)) }
                @if order.kit { " · " (words.t("desk-order-kit")) }
            }
            @if !order.words.is_empty() { p.quiet { (order.words) } }
            div.wide {
                table {
                    (heads(words, &["desk-goods-name", "desk-goods-unit", "desk-goods-price", "desk-order-ordered",
                        "desk-order-approved", "desk-order-delivered", "desk-order-good", "desk-order-differs", "desk-order-charged"]))
                    tbody { @for line in &order.lines { (cells(words, line)) } }
                }
            }
            @for deed in Deed::of(order.state) {
                @if *deed != Deed::Settle || order.lines.iter().any(|line| shop::waiting(line) > 0) {
                    (deed_form(words, officer, order, *deed))
                }
            }
        }
    }
}

fn cells(words: Words, line: &LineRow) -> Markup {
    let maybe = |count: Option<u32>| count.map_or_else(|| words.t("desk-none"), |count| count.to_string());
    html! {
        tr {
            th scope="row" { (line.sku) " " (line.name) }
            td { (line.unit) }
            td { (yuan(words, line.price)) }
            td { (line.ordered) }
            td { (maybe(line.approved)) }
            td { (maybe(line.delivered)) }
            td { (maybe(line.good)) }
            td {
                @if line.good.is_some() {
                    (words.f("desk-order-differing", &[
                        ("missing", line.missing.into()), ("wrong", line.wrong.into()), ("damaged", line.damaged.into()),
                    ]))
                }
                @else { (words.t("desk-none")) }
            }
            td { (line.charged) }
        }
    }
}

fn deed_form(words: Words, officer: &Officer, order: &OrderRow, deed: Deed) -> Markup {
    let id = format!("{}-{}", deed.name(), order.event);
    let fields = html! {
        input type="hidden" name="order" value=(order.event);
        @for (place, line) in order.lines.iter().enumerate() {
            @if let Some(count) = deed.count(line) {
                div {
                    label for={ (id) "-" (place) } { (line.name) }
                    input id={ (id) "-" (place) } name={ "count-" (place) } type="number" min="0" value=(count) required;
                }
            }
        }
        @if deed != Deed::Pack {
            (field((&format!("{id}-words"), "words"), &words.t("desk-order-words"), WORDS_MAX,
                matches!(deed, Deed::Decline | Deed::Settle | Deed::TakeBack)))
        }
    };
    let text = words.f("desk-order-deed", &[("deed", deed.name().into())]);
    form(officer, ("/shop", deed.name()), (&id, &text), &fields)
}

/// The step, its way to the cell and its line in the audit are one transaction.
pub(super) async fn act(State(desk): Shared, posted: Posted) -> Result<Response, Wrong> {
    let order: EventId = posted.get("order")?;
    let deed =
        Deed::ALL.into_iter().find(|deed| posted.text("deed") == Some(deed.name())).ok_or(Wrong::Form)?;
    let typed = money::short(&posted, "words", WORDS_MAX)?;
    let mut counts: Vec<u32> = Vec::new();
    while counts.len() < ORDER_LINES_MAX
        && let Some(text) = posted.text(&format!("count-{}", counts.len()))
    {
        counts.push(text.trim().parse().map_err(|_| Wrong::Form)?);
    }
    let now_ms = desk.core.clock.now_ms();
    let by = &posted.officer.name;
    let said = Said { counts: &counts, words: typed, by };
    let mut write = desk.core.tables.write().await?;
    let done = match deed {
        Deed::Approve => shop::approve(&mut write, order, said, now_ms).await?,
        Deed::Decline => shop::decline(&mut write, order, said, now_ms).await?,
        Deed::Pack => shop::pack(&mut write, order, now_ms).await?,
        Deed::Deliver => shop::deliver(&mut write, order, said, now_ms).await?,
        Deed::Settle => shop::settle(&mut write, order, said, now_ms).await?,
        Deed::TakeBack => shop::take_back(&mut write, order, said, now_ms).await?,
    };
    let told = match done {
        Ok(()) => {
            desk_rows::audit(&mut write, by, deed.action(), &order.to_string(), now_ms).await?;
            write.commit().await?;
            "done"
        }
        Err(Refusal::Unknown) => return Err(Wrong::Form),
        Err(Refusal::State) => "state",
        Err(Refusal::Counts) => "counts",
        Err(Refusal::Words) => "words",
    };
    Ok(money::back("/shop", told, &format!("#order-{order}")))
}

/// 配货单: what is to be picked and brought, cell by cell; a page to be printed.
pub(super) async fn picks(State(desk): Shared, words: Words, officer: Officer) -> Result<Markup, Wrong> {
    let mut read = desk.core.tables.read().await?;
    let mut all = shown(&mut read, OrderState::Approved).await?;
    all.extend(shown(&mut read, OrderState::Packed).await?);
    drop(read);
    let cell = |one: &Shown| {
        one.terminal.as_ref().map(|row| format!("{} {}", row.block, row.cell)).unwrap_or_default()
    };
    all.sort_by_key(|one| (cell(one), one.badge_number.clone(), one.order.received_ms));
    let title = words.t("desk-picks");
    let body = html! {
        h1 { (title) }
        p.quiet { (words.t("desk-picks-what")) }
        @if all.is_empty() { p id="picks-empty" { (words.t("desk-shop-empty")) } }
        @for cells in all.chunk_by(|one, other| cell(one) == cell(other)) {
            section.card {
                h2 { @if let Some(first) = cells.first() { (cell(first)) } }
                div.wide {
                    table {
                        (heads(words, &["desk-badge", "desk-person", "desk-goods-name", "desk-goods-unit", "desk-order-approved", "desk-picks-tick"]))
                        tbody {
                            @for one in cells {
                                @for line in one.order.lines.iter().filter(|line| line.approved.unwrap_or(0) > 0) {
                                    tr {
                                        td { (one.badge_number) }
                                        th scope="row" { (one.name) }
                                        td { (line.sku) " " (line.name) }
                                        td { (line.unit) }
                                        td { (line.approved.unwrap_or(0)) }
                                        td { "☐" }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(layout::page(words, Some(&officer), Tab::Shop, &title, &body))
}
