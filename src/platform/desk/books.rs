// SPDX-License-Identifier: GPL-3.0-only
//! The books as a whole, with their sums; and adjustments, decided by another post than the one that proposed them.

use super::layout::{self, Tab};
use super::lists::{ROWS_MAX, heads};
use super::login::{Officer, Posted};
use super::money::{self, Asked, form, yuan};
use super::words::{OFFSET_MIN, Words, machine};
use super::{Shared, Wrong};
use crate::books::House;
use crate::finance::{self, PROPOSALS_MAX, Refusal};
use crate::reports::Names;
use crate::tables::accounts as account_rows;
use crate::tables::{books as rows, desk as desk_rows};
use axum::extract::{Query, State};
use axum::response::Response;
use contract::{DetaineeId, Fen};
use maud::html;
use uuid::Uuid;

pub(super) async fn page(State(desk): Shared, words: Words, officer: Officer) -> Result<maud::Markup, Wrong> {
    let mut read = desk.core.tables.read().await?;
    let sums = rows::sums(&mut read).await?;
    let booked = rows::newest(&mut read, ROWS_MAX).await?;
    let mut names = Names::default();
    let mut lines = Vec::with_capacity(booked.len());
    for one in booked {
        let account = match one.account.parse::<DetaineeId>() {
            Ok(detainee) => {
                let (name, badge_number) = names.of(&mut read, detainee.to_string()).await?;
                format!("{badge_number} {name}")
            }
            Err(_) => house(words, &one.account),
        };
        lines.push((one, account));
    }
    drop(read);
    let whole = sums.uneven == 0 && sums.astray == 0 && sums.total == Fen::ZERO;
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let title = words.t("desk-books");
    let body = html! {
        h1 { (title) }
        @if whole {
            p.said id="books-whole" data-total=(sums.total.0) {
                (words.f("desk-books-whole", &[("count", count(sums.transactions).into()), ("total", yuan(words, sums.total).into())]))
            }
        } @else {
            p.wrong id="books-broken" role="alert" {
                (words.f("desk-books-broken", &[
                    ("uneven", count(sums.uneven).into()), ("astray", count(sums.astray).into()), ("total", yuan(words, sums.total).into()),
                ]))
            }
        }
        section.card {
            dl.facts {
                dt { (words.t("desk-books-people")) } dd { (yuan(words, sums.people)) }
                @for (one, fen) in &sums.house { dt { (house(words, one.name())) } dd id={ "house-" (one.name()) } { (yuan(words, *fen)) } }
            }
        }
        div.wide {
            table id="booked" {
                caption { (words.f("desk-books-caption", &[("count", (ROWS_MAX as i64).into())])) }
                (heads(words, &["desk-line-number", "desk-time", "desk-line-what", "desk-books-account", "desk-account-amount", "desk-books-by"]))
                tbody {
                    @for (one, account) in &lines {
                        tr {
                            td { (one.number) }
                            td { time datetime=(machine(one.at_ms)) { (words.at(one.at_ms, OFFSET_MIN)) } }
                            td { (words.f("desk-line-kind", &[("kind", one.kind.as_str().into())])) }
                            th scope="row" { (account) }
                            td { (yuan(words, one.fen)) }
                            td { (one.by) }
                        }
                    }
                }
            }
        }
    };
    Ok(layout::page(words, Some(&officer), Tab::Accounts, &title, &body))
}

fn house(words: Words, name: &str) -> String {
    let known = House::ALL.into_iter().any(|house| house.name() == name);
    if known { words.f("desk-books-house", &[("house", name.into())]) } else { name.to_owned() }
}

pub(super) async fn adjustments(
    State(desk): Shared,
    words: Words,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> Result<maud::Markup, Wrong> {
    let mut read = desk.core.tables.read().await?;
    let mut names = Names::default();
    let mut all = Vec::new();
    for one in account_rows::proposals(&mut read, PROPOSALS_MAX).await? {
        let (name, badge_number) = names.of(&mut read, one.detainee.to_string()).await?;
        all.push((one, format!("{badge_number} {name}")));
    }
    drop(read);
    let title = words.t("desk-nav-adjustments");
    let body = html! {
        h1 { (title) }
        (money::said(words, &asked))
        p.quiet { (words.t("desk-adjustments-what")) }
        @if all.is_empty() { p id="adjustments-empty" { (words.t("desk-adjustments-empty")) } }
        @for (one, who) in &all {
            section.card id={ "adjustment-" (one.id) } {
                dl.facts {
                    dt { (words.t("desk-person")) } dd { (who) }
                    dt { (words.t("desk-account-amount")) } dd { (yuan(words, one.amount)) }
                    dt { (words.t("desk-account-why")) } dd { (one.words) }
                    dt { (words.t("desk-account-reference")) } dd { (one.reference) }
                    dt { (words.t("desk-books-by")) } dd { (one.proposed_by) " · " (words.at(one.proposed_ms, OFFSET_MIN)) }
                }
                @for (deed, text) in [("accept", "desk-adjustment-accept"), ("refuse", "desk-adjustment-refuse")] {
                    @let fields = html! { input type="hidden" name="adjustment" value=(one.id); };
                    (form(&officer, ("/adjustments", deed), (&format!("{deed}-{}", one.id), &words.t(text)), &fields))
                }
            }
        }
    };
    Ok(layout::page(words, Some(&officer), Tab::Adjustments, &title, &body))
}

pub(super) async fn decide(State(desk): Shared, posted: Posted) -> Result<Response, Wrong> {
    let id: Uuid = posted.get("adjustment")?;
    let (accepted, action) = match posted.text("deed") {
        Some("accept") => (true, "adjustment_accept"),
        Some("refuse") => (false, "adjustment_refuse"),
        Some(_) | None => return Err(Wrong::Form),
    };
    let (now_ms, by) = (desk.core.clock.now_ms(), posted.officer.name.as_str());
    let mut write = desk.core.tables.write().await?;
    let who = (by, posted.officer.post);
    let told = match finance::decide(&mut write, id, accepted, who, now_ms).await? {
        Ok(()) => {
            desk_rows::audit(&mut write, by, action, &id.to_string(), now_ms).await?;
            write.commit().await?;
            "done"
        }
        Err(Refusal::Unknown | Refusal::Over | Refusal::Amount | Refusal::Words) => "over",
        Err(Refusal::Short) => "short",
        Err(Refusal::Own) => "own",
    };
    Ok(money::back("/adjustments", told, ""))
}
