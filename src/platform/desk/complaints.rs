// SPDX-License-Identifier: GPL-3.0-only
//! 投诉, as the desk sees them: how many of which size came to which office in which hour, and nothing else; and how long
//! answers take, as it is released for everybody. What was said is opened in the office's own window alone. Nothing here
//! deletes, holds back, or asks for a cell or a person.

use super::layout::{self, Tab};
use super::lists::{ROWS_MAX, heads};
use super::login::Officer;
use super::words::{OFFSET_MIN, Words, machine};
use super::{Shared, Wrong};
use crate::ledger::plain;
use crate::tables::complaints::{self as rows, HourRow};
use crate::tables::figures as figure_rows;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use contract::{AnswerFigures, FIGURES_COUNT_MIN, FigureKind, FigureLine, Office};
use maud::{Markup, html};

/// Most hours in the file.
const CSV_ROWS_MAX: usize = 20_000;
/// Most months of figures.
const MONTHS_MAX: usize = 24;
/// A spreadsheet takes a file without this for one of an older alphabet.
const BYTE_ORDER_MARK: &str = "\u{feff}";
const COLUMNS: [&str; 4] =
    ["desk-complaint-hour", "desk-complaint-office", "desk-complaint-size", "desk-complaint-items"];

pub(super) async fn page(State(desk): Shared, words: Words, officer: Officer) -> Result<Markup, Wrong> {
    let mut read = desk.core.tables.read().await?;
    let hours = rows::by_hour(&mut read, ROWS_MAX).await?;
    drop(read);
    let title = words.t("desk-nav-complaints");
    let body = html! {
        h1 { (title) }
        p.quiet { (words.t("desk-complaints-what")) }
        @if hours.is_empty() { p id="complaints-empty" { (words.t("desk-complaints-empty")) } }
        @else {
            p { a id="complaints-csv" href="/complaints.csv" { (words.t("desk-complaints-csv")) } }
            div.wide {
                table id="complaints" {
                    caption { (words.f("desk-complaints-caption", &[("count", (ROWS_MAX as i64).into())])) }
                    (heads(words, &COLUMNS))
                    tbody {
                        @for hour in &hours {
                            tr {
                                td { time datetime=(machine(hour.hour_ms)) { (words.at(hour.hour_ms, OFFSET_MIN)) } }
                                th scope="row" { (office_name(words, hour.office)) }
                                td { (size(words, hour)) }
                                td { (hour.items) }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(layout::page(words, Some(&officer), Tab::Complaints, &title, &body))
}

/// The same as a file.
pub(super) async fn csv(State(desk): Shared, words: Words) -> Result<Response, Wrong> {
    let mut read = desk.core.tables.read().await?;
    let hours = rows::by_hour(&mut read, CSV_ROWS_MAX).await?;
    drop(read);
    let mut table = csv::Writer::from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    let mut write = |cells: [String; 4]| {
        table.write_record(cells.iter().map(|cell| plain(cell))).map_err(|_| Wrong::Fault)
    };
    write(COLUMNS.map(|id| words.t(id)))?;
    for hour in &hours {
        let office = office_name(words, hour.office);
        write([machine(hour.hour_ms), office, size(words, hour), hour.items.to_string()])?;
    }
    let bytes = table.into_inner().map_err(|_| Wrong::Fault)?;
    let kind = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"complaints.csv\""),
    ];
    Ok((kind, bytes).into_response())
}

/// The months that were released, the newest first.
pub(super) async fn figures(State(desk): Shared, words: Words, officer: Officer) -> Result<Markup, Wrong> {
    let mut read = desk.core.tables.read().await?;
    let months = figure_rows::released(&mut read, MONTHS_MAX).await?;
    drop(read);
    let title = words.t("desk-nav-figures");
    let body = html! {
        h1 { (title) }
        p.quiet { (words.f("desk-figures-what", &[("count", i64::from(FIGURES_COUNT_MIN).into())])) }
        @if months.is_empty() { p id="figures-empty" { (words.t("desk-figures-empty")) } }
        @for month in &months { (month_part(words, month)) }
    };
    Ok(layout::page(words, Some(&officer), Tab::Figures, &title, &body))
}

fn month_part(words: Words, month: &AnswerFigures) -> Markup {
    let day = |ms: i64| words.day(ms, OFFSET_MIN);
    let heading = format!("figures-{}", day(month.from_ms));
    html! {
        section.card aria-labelledby=(heading) {
            h2 id=(heading) {
                (words.f("desk-figures-month", &[
                    ("from", day(month.from_ms).into()), ("until", day(month.until_ms - 1).into()),
                ]))
            }
            @if month.lines.is_empty() { p { (words.t("desk-figures-few")) } }
            @else {
                div.wide {
                    table {
                        caption { (words.t("desk-figures-caption")) }
                        (heads(words, &["desk-figure", "desk-figure-count", "desk-figure-median", "desk-figure-overdue"]))
                        tbody { @for line in &month.lines { (figure(words, line)) } }
                    }
                }
            }
        }
    }
}

fn figure(words: Words, line: &FigureLine) -> Markup {
    let kept_back = || words.t("desk-figure-few");
    let median = |hours: u32| words.f("desk-span-hours", &[("count", i64::from(hours).into())]);
    html! {
        tr {
            th scope="row" { (figure_name(words, line.what)) }
            td { (line.count) }
            td { (line.median_h.map_or_else(kept_back, median)) }
            td { (line.overdue.map_or_else(kept_back, |overdue| overdue.to_string())) }
        }
    }
}

fn figure_name(words: Words, what: FigureKind) -> String {
    match what {
        FigureKind::Complaint(office) => {
            words.f("desk-figure-complaint", &[("office", office_name(words, office).into())])
        }
        FigureKind::Appointment(with) => words.f(
            "desk-figure-appointment",
            &[("with", words.f("desk-appointment-with", &[("with", with.name().into())]).into())],
        ),
        FigureKind::SymptomReport => words.t("desk-figure-report"),
    }
}

fn office_name(words: Words, office: Office) -> String {
    words.f("desk-office", &[("office", office.name().into())])
}

fn size(words: Words, hour: &HourRow) -> String {
    let kib = i64::try_from(hour.size.div_ceil(1024)).unwrap_or(i64::MAX);
    words.f("desk-complaint-kib", &[("kib", kib.into())])
}
