// SPDX-License-Identifier: GPL-3.0-only
//! The catalogue at the desk: things put in, changed and taken out. A changed price is a new revision, and terminals show
//! the one before.

use super::layout::{self, Tab};
use super::lists::heads;
use super::login::{Officer, Posted};
use super::money::{self, Asked, amount, plain, yuan};
use super::words::{OFFSET_MIN, Words, day_ms};
use super::{Shared, Wrong};
use crate::goods::{self, Refusal};
use crate::tables::{desk as desk_rows, goods as rows};
use axum::extract::{Query, State};
use axum::response::Response;
use contract::{CATALOGUE_MAX, CatalogueItem, Diet, Fen, Goods, ORDER_COUNT_MAX, PeriodMax, Shelf};
use maud::{Markup, html};

/// Longest number, name and unit of a thing, in characters.
const SKU_MAX: usize = 32;
const NAME_MAX: usize = 48;
const UNIT_MAX: usize = 24;

pub(super) async fn page(
    State(desk): Shared,
    words: Words,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> Result<Markup, Wrong> {
    let mut read = desk.core.tables.read().await?;
    let all = rows::all(&mut read, CATALOGUE_MAX).await?;
    drop(read);
    let title = words.t("desk-goods");
    let body = html! {
        h1 { (title) }
        (money::said(words, &asked))
        section.card aria-labelledby="goods-new-heading" {
            h2 id="goods-new-heading" { (words.t("desk-goods-new")) }
            (form(words, &officer, None))
        }
        @for shelf in Shelf::ALL {
            @let things: Vec<&CatalogueItem> = all.iter().filter(|item| item.shelf == shelf).collect();
            @if !things.is_empty() {
                section.card aria-labelledby={ "shelf-" (shelf.name()) } {
                    h2 id={ "shelf-" (shelf.name()) } { (words.f("desk-goods-shelf-name", &[("shelf", shelf.name().into())])) }
                    div.wide {
                        table {
                            (heads(words, &["desk-goods-sku", "desk-goods-name", "desk-goods-unit", "desk-goods-price",
                                "desk-goods-stock", "desk-goods-change"]))
                            tbody { @for item in things { (line(words, &officer, item)) } }
                        }
                    }
                }
            }
        }
    };
    Ok(layout::page(words, Some(&officer), Tab::Shop, &title, &body))
}

fn line(words: Words, officer: &Officer, item: &CatalogueItem) -> Markup {
    html! {
        tr id={ "goods-" (item.sku) } {
            td { (item.sku) }
            th scope="row" { (item.name) }
            td { (item.unit) }
            td {
                (yuan(words, item.price))
                @if let Some(before) = item.price_before {
                    " " span.quiet { (words.f("desk-goods-before", &[
                        ("price", yuan(words, before).into()), ("time", words.at(item.price_since_ms, OFFSET_MIN).into()),
                    ])) }
                }
            }
            td { @match item.stock { Some(stock) => (stock), None => (words.t("desk-goods-enough")) } }
            td {
                details { summary { (words.t("desk-goods-change")) } (form(words, officer, Some(item))) }
                form.inline method="post" action="/goods/withdraw" {
                    (layout::token(officer))
                    input type="hidden" name="sku" value=(item.sku);
                    button.danger id={ "withdraw-" (item.sku) } type="submit" { (words.t("desk-goods-withdraw")) }
                }
            }
        }
    }
}

fn form(words: Words, officer: &Officer, item: Option<&CatalogueItem>) -> Markup {
    let own = item.map_or("new", |item| item.sku.as_str());
    let id = |name: &str| format!("{name}-{own}");
    let text = |name: &str, label: &str, max: usize, value: String, required: bool| {
        html! {
            div {
                label for=(id(name)) { (words.t(label)) }
                input id=(id(name)) name=(name) type="text" maxlength=(max) value=(value) required[required];
            }
        }
    };
    let number = |name: &str, label: &str, value: Option<u32>, required: bool| {
        html! {
            div {
                label for=(id(name)) { (words.t(label)) }
                input id=(id(name)) name=(name) type="number" min="0" value=[value] required[required];
            }
        }
    };
    let day = |name: &str, label: &str, ms: Option<i64>| {
        html! {
            div {
                label for=(id(name)) { (words.t(label)) }
                input id=(id(name)) name=(name) type="date" value=[ms.map(|ms| words.day(ms, OFFSET_MIN))];
            }
        }
    };
    let of = |text: fn(&CatalogueItem) -> &str| item.map(text).unwrap_or_default().to_owned();
    html! {
        form.row method="post" action="/goods" {
            (layout::token(officer))
            @match item {
                Some(item) => {
                    input type="hidden" name="sku" value=(item.sku);
                    @if let Some(stock) = item.stock { input type="hidden" name="stock_was" value=(stock); }
                },
                None => (text("sku", "desk-goods-sku", SKU_MAX, String::new(), true)),
            }
            (text("name", "desk-goods-name", NAME_MAX, of(|item| item.name.as_str()), true))
            (text("unit", "desk-goods-unit", UNIT_MAX, of(|item| item.unit.as_str()), true))
            div {
                label for=(id("shelf")) { (words.t("desk-goods-shelf")) }
                select id=(id("shelf")) name="shelf" {
                    @for shelf in Shelf::ALL {
                        option value=(shelf.name()) selected[item.is_some_and(|item| item.shelf == shelf)] {
                            (words.f("desk-goods-shelf-name", &[("shelf", shelf.name().into())]))
                        }
                    }
                }
            }
            div {
                label for=(id("picture")) { (words.t("desk-goods-picture")) }
                select id=(id("picture")) name="picture" {
                    @for goods in Goods::ALL {
                        option value=(goods.name()) selected[item.is_some_and(|item| item.picture == goods)] {
                            (words.f("desk-goods-picture-name", &[("picture", goods.name().into())]))
                        }
                    }
                }
            }
            (text("price", "desk-goods-price", 12, item.map(|item| plain(item.price)).unwrap_or_default(), true))
            (number("stock", "desk-goods-stock", item.and_then(|item| item.stock), false))
            (number("order_max", "desk-goods-order-max", Some(item.map_or(5, |item| item.order_max)), true))
            (number("days", "desk-goods-days", item.and_then(|item| item.period).map(|period| period.days.into()), false))
            (number("period", "desk-goods-period", item.and_then(|item| item.period).map(|period| period.count), false))
            (number("level", "desk-goods-level", Some(item.map_or(0, |item| item.level_min.into())), false))
            (number("kit", "desk-goods-kit", Some(item.map_or(0, |item| item.in_kit)), false))
            (day("from", "desk-goods-from", item.and_then(|item| item.from_ms)))
            (day("until", "desk-goods-until", item.and_then(|item| item.until_ms)))
            fieldset {
                legend { (words.t("desk-goods-suits")) }
                (diets(words, own, item.map(|item| item.suits.as_slice()).unwrap_or_default()))
            }
            button id={ "put-" (own) } type="submit" { (words.t("desk-save")) }
        }
    }
}

/// A box for each diet.
pub(super) fn diets(words: Words, own: &str, chosen: &[Diet]) -> Markup {
    html! {
        @for diet in Diet::ALL {
            @let id = format!("diet-{}-{own}", diet.name());
            label for=(id) {
                input id=(id) name={ "diet-" (diet.name()) } type="checkbox" value="1" checked[chosen.contains(&diet)];
                " " (words.f("desk-diet", &[("diet", diet.name().into())]))
            }
            " "
        }
    }
}

/// The diets that were ticked.
pub(super) fn chosen_diets(posted: &Posted) -> Vec<Diet> {
    let ticked = |diet: &Diet| posted.text(&format!("diet-{}", diet.name())).is_some();
    Diet::ALL.into_iter().filter(ticked).collect()
}

/// The thing, its way to every cell and its line in the audit are one transaction.
pub(super) async fn put(State(desk): Shared, posted: Posted) -> Result<Response, Wrong> {
    let mut item = read(&posted)?;
    let now_ms = desk.core.clock.now_ms();
    let mut write = desk.core.tables.write().await?;
    // Orders may have taken some since the page was read: what was typed is by how much it changes.
    if let (Some(typed), Ok(was)) = (item.stock, posted.get::<u32>("stock_was"))
        && let Some(is) = rows::get(&mut write, item.sku.as_str()).await?.and_then(|item| item.stock)
    {
        item.stock = Some(is.saturating_add(typed).saturating_sub(was));
    }
    let told = match goods::put(&mut write, &item, now_ms).await? {
        Ok(()) => {
            desk_rows::audit(&mut write, &posted.officer.name, "goods_put", item.sku.as_str(), now_ms)
                .await?;
            write.commit().await?;
            "done"
        }
        Err(Refusal::Unsound | Refusal::Full) => "unsound",
    };
    Ok(money::back("/goods", told, &format!("#goods-{}", item.sku)))
}

pub(super) async fn withdraw(State(desk): Shared, posted: Posted) -> Result<Response, Wrong> {
    let sku = posted.text("sku").ok_or(Wrong::Form)?;
    let now_ms = desk.core.clock.now_ms();
    let mut write = desk.core.tables.write().await?;
    if goods::withdraw(&mut write, sku, now_ms).await? {
        desk_rows::audit(&mut write, &posted.officer.name, "goods_withdraw", sku, now_ms).await?;
        write.commit().await?;
    }
    Ok(money::back("/goods", "done", ""))
}

fn read(posted: &Posted) -> Result<CatalogueItem, Wrong> {
    let sku = money::short(posted, "sku", SKU_MAX)?;
    // It stands in addresses of pages and in keys.
    if sku.is_empty() || !sku.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_')) {
        return Err(Wrong::Form);
    }
    let number = |name: &str| -> Result<Option<u32>, Wrong> {
        match posted.text(name).map_or("", str::trim) {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| Wrong::Form),
        }
    };
    let day = |name: &str| day_ms(posted, name);
    let period = match (number("days")?, number("period")?) {
        (None, _) | (_, None) => None,
        (Some(days), Some(count)) => {
            Some(PeriodMax { days: u16::try_from(days).map_err(|_| Wrong::Form)?, count })
        }
    };
    Ok(CatalogueItem {
        sku: sku.into(),
        name: money::short(posted, "name", NAME_MAX)?.into(),
        unit: money::short(posted, "unit", UNIT_MAX)?.into(),
        shelf: posted.text("shelf").and_then(Shelf::of).ok_or(Wrong::Form)?,
        picture: posted.text("picture").and_then(Goods::of).ok_or(Wrong::Form)?,
        price: amount(posted, "price")?,
        price_rev: 0,
        price_before: None::<Fen>,
        price_since_ms: 0,
        stock: number("stock")?,
        order_max: number("order_max")?.unwrap_or(ORDER_COUNT_MAX),
        period,
        level_min: u8::try_from(number("level")?.unwrap_or(0)).map_err(|_| Wrong::Form)?,
        suits: chosen_diets(posted),
        from_ms: day("from")?,
        until_ms: day("until")?,
        in_kit: number("kit")?.unwrap_or(0),
    })
}
