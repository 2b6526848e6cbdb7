// SPDX-License-Identifier: GPL-3.0-only
//! 电子台账: a page with filters, and the same as CSV and JSON. Who takes it away is in the audit, or gets nothing.

use super::layout::{self, Tab};
use super::lists::{ROWS_MAX, heads};
use super::login::Officer;
use super::words::{OFFSET_MIN, Words, machine};
use super::{Desk, Shared, Wrong};
use crate::Fault;
use crate::audit::Business;
use crate::ledger::{self, Entry, LINES_MAX, Ledger, plain};
use crate::tables::audit as rows;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use jiff::tz::Offset;
use maud::{Markup, html};

const DAY_MS: i64 = 86_400_000;
/// Without dates, so many days.
const DAYS: i64 = 7;
/// Longest part of a name looked for, in characters.
const PERSON_MAX: usize = 64;
/// A spreadsheet takes a file without this for one of an older alphabet.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The filters as typed.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Typed {
    from: Option<String>,
    to: Option<String>,
    person: Option<String>,
    business: Option<String>,
}

impl Typed {
    /// What is asked for, and its first and last day.
    fn read(&self, now_ms: i64) -> Result<(ledger::Asked, Date, Date), Wrong> {
        let typed = |text: &Option<String>| match text.as_deref().filter(|text| !text.is_empty()) {
            Some(text) => text.parse::<Date>().map(Some).map_err(|_| Wrong::Form),
            None => Ok(None),
        };
        let to = typed(&self.to)?.map_or_else(|| day(now_ms), Ok)?;
        let from = typed(&self.from)?.map_or_else(|| day(begin(to)? - (DAYS - 1) * DAY_MS), Ok)?;
        let business = match self.business.as_deref().filter(|name| !name.is_empty()) {
            Some(name) => Some(Business::of(name).ok_or(Wrong::Form)?),
            None => None,
        };
        let person = self.person.as_deref().unwrap_or_default().trim();
        if person.chars().count() > PERSON_MAX || person.contains('\0') {
            return Err(Wrong::Form);
        }
        let (from_ms, to_ms) = (begin(from)?, begin(to)?.saturating_add(DAY_MS));
        Ok((ledger::Asked { from_ms, to_ms, person: person.to_owned(), business }, from, to))
    }
}

/// The day of a moment.
fn day(ms: i64) -> Result<Date, Wrong> {
    let at = jiff::Timestamp::from_millisecond(ms).map_err(|_| Wrong::Form)?;
    Ok(offset()?.to_datetime(at).date())
}

/// The first moment of a day.
fn begin(day: Date) -> Result<i64, Wrong> {
    let at = offset()?.to_timestamp(day.at(0, 0, 0, 0)).map_err(|_| Wrong::Form)?;
    Ok(at.as_millisecond())
}

fn offset() -> Result<Offset, Wrong> {
    Offset::from_seconds(i32::from(OFFSET_MIN) * 60).map_err(|_| Wrong::Fault)
}

pub(super) async fn page(
    State(desk): Shared,
    words: Words,
    officer: Officer,
    Query(typed): Query<Typed>,
) -> Result<Markup, Wrong> {
    let (asked, from, to) = typed.read(desk.core.clock.now_ms())?;
    let mut read = desk.core.tables.read().await?;
    let ledger = ledger::make(&mut read, &asked).await?;
    drop(read);
    let title = words.t("desk-nav-ledger");
    let count = i64::try_from(ledger.entries.len()).unwrap_or(i64::MAX);
    let body = html! {
        h1 { (title) }
        (filters(words, &asked, from, to))
        p id="ledger-count" data-count=(count) { (words.f("desk-ledger-count", &[("count", count.into())])) }
        @if ledger.cut { p.wait { (words.f("desk-ledger-cut", &[("count", (LINES_MAX as i64).into())])) } }
        div.wide {
            table id="ledger" {
                caption { (words.f("desk-ledger-caption", &[("count", (ROWS_MAX as i64).into())])) }
                (heads(words, &["desk-time", "desk-audit-who", "desk-users-post", "desk-audit-business",
                    "desk-audit-what", "desk-audit-place", "desk-audit-object", "desk-audit-result"]))
                tbody { @for entry in ledger.entries.iter().take(ROWS_MAX) { (line(words, entry)) } }
            }
        }
    };
    Ok(layout::page(words, Some(&officer), Tab::Ledger, &title, &body))
}

fn filters(words: Words, asked: &ledger::Asked, from: Date, to: Date) -> Markup {
    html! {
        form.row method="get" action="/ledger" {
            div {
                label for="ledger-from" { (words.t("desk-ledger-from")) }
                input id="ledger-from" name="from" type="date" value=(from);
            }
            div {
                label for="ledger-to" { (words.t("desk-ledger-to")) }
                input id="ledger-to" name="to" type="date" value=(to);
            }
            div {
                label for="ledger-person" { (words.t("desk-audit-who")) }
                input id="ledger-person" name="person" type="text" maxlength=(PERSON_MAX) value=(asked.person);
            }
            div {
                label for="ledger-business" { (words.t("desk-audit-business")) }
                select id="ledger-business" name="business" {
                    option value="" { (words.t("desk-ledger-all")) }
                    @for business in Business::ALL {
                        option value=(business.name()) selected[asked.business == Some(business)] {
                            (words.business(business.name()))
                        }
                    }
                }
            }
            button id="ledger-show" type="submit" { (words.t("desk-ledger-show")) }
            button.plain id="ledger-csv" type="submit" formaction="/ledger.csv" { "CSV" }
            button.plain id="ledger-json" type="submit" formaction="/ledger.json" { "JSON" }
        }
    }
}

fn line(words: Words, entry: &Entry) -> Markup {
    html! {
        tr data-business=(entry.business.name()) {
            td { time datetime=(machine(entry.at_ms)) { (words.at(entry.at_ms, OFFSET_MIN)) } }
            td { (entry.person) }
            td { (post(words, entry)) }
            td { (words.business(entry.business.name())) }
            th scope="row" { (words.f("desk-audit-action", &[("action", entry.action.as_str().into())])) }
            td { (entry.place) }
            td { code { (entry.object) } }
            td { (words.result(&entry.result)) }
        }
    }
}

fn post(words: Words, entry: &Entry) -> String {
    if entry.at_terminal { words.t("desk-ledger-at-terminal") } else { words.post(&entry.post) }
}

/// For a spreadsheet, in the reader's words.
pub(super) async fn csv(
    State(desk): Shared,
    words: Words,
    officer: Officer,
    Query(typed): Query<Typed>,
) -> Result<Response, Wrong> {
    let ledger = taken(&desk, &officer, &typed).await?;
    let mut table = csv::Writer::from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    let heads = [
        "desk-time",
        "desk-audit-who",
        "desk-users-post",
        "desk-audit-business",
        "desk-audit-what",
        "desk-audit-place",
        "desk-audit-object",
        "desk-audit-result",
    ];
    let write = |table: &mut csv::Writer<Vec<u8>>, cells: Vec<String>| {
        table.write_record(cells.iter().map(|cell| plain(cell))).map_err(|_| Wrong::Fault)
    };
    write(&mut table, heads.iter().map(|id| words.t(id)).collect())?;
    for entry in &ledger.entries {
        let cells = vec![
            machine(entry.at_ms),
            entry.person.clone(),
            post(words, entry),
            words.business(entry.business.name()),
            words.f("desk-audit-action", &[("action", entry.action.as_str().into())]),
            entry.place.clone(),
            entry.object.clone(),
            words.result(&entry.result),
        ];
        write(&mut table, cells)?;
    }
    let bytes = table.into_inner().map_err(|_| Wrong::Fault)?;
    let kind = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"ledger.csv\""),
    ];
    Ok((kind, bytes).into_response())
}

/// For other programs: names as they are in the tables.
pub(super) async fn json(
    State(desk): Shared,
    officer: Officer,
    Query(typed): Query<Typed>,
) -> Result<Response, Wrong> {
    let ledger = taken(&desk, &officer, &typed).await?;
    let kind = [(header::CONTENT_DISPOSITION, "attachment; filename=\"ledger.json\"")];
    Ok((kind, Json(ledger.entries)).into_response())
}

/// The ledger for who takes it away, which is in the audit before.
async fn taken(desk: &Desk, officer: &Officer, typed: &Typed) -> Result<Ledger, Wrong> {
    let now_ms = desk.core.clock.now_ms();
    let (asked, from, to) = typed.read(now_ms)?;
    let mut write = desk.core.tables.write().await?;
    rows::append(&mut write, &officer.name, "export", &format!("{from} {to}"), now_ms).await?;
    write.commit().await.map_err(Fault::from)?;
    let mut read = desk.core.tables.read().await?;
    Ok(ledger::make(&mut read, &asked).await?)
}
