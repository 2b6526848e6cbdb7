// SPDX-License-Identifier: GPL-3.0-only
//! The cells' roll calls as they run, and the way to start one.

use super::layout::{self, Tab};
use super::login::Officer;
use super::rights::Right;
use super::words::{OFFSET_MIN, Words, machine};
use super::{Shared, Wrong, call, tasks};
use crate::reports::{self, CallReport, CallState, LineReport};
use crate::tables::devices::{self, TerminalRow};
use crate::tables::{alarms as alarm_rows, roll_calls as rows};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use contract::{LinePlace, Total};
use maud::{Markup, html};

/// The titles a roll call may be given here: text ids. The cell always gets the Chinese one.
pub(super) const TITLES: [&str; 5] =
    ["desk-title-now", "desk-title-morning", "desk-title-noon", "desk-title-evening", "desk-title-night"];

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    /// Only the live part, for the script.
    part: Option<String>,
    /// What was just done.
    said: Option<String>,
}

/// One cell with its newest roll call.
struct Cell {
    terminal: TerminalRow,
    newest: Option<CallReport>,
    seen_ms: Option<i64>,
}

pub(super) async fn page(
    State(desk): Shared,
    words: Words,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> Result<Response, Wrong> {
    let now_ms = desk.core.clock.now_ms();
    let mut read = desk.core.tables.read().await?;
    let tasks = tasks::list(&mut read, words, &officer, now_ms).await?;
    if !officer.may(Right::SeeRollCalls) {
        return Ok(home(words, &officer, &tasks).into_response());
    }
    let devices = devices::devices(&mut read).await?;
    let unseen = rows::unseen(&mut read).await?;
    let alarms = alarm_rows::unanswered_count(&mut read).await?;
    let mut cells = Vec::new();
    for terminal in devices::terminals(&mut read).await? {
        let newest = reports::newest_of(&mut read, terminal.id, 1, now_ms).await?.pop();
        let of_cell =
            devices.iter().filter(|device| device.terminal == terminal.id && device.revoked_ms.is_none());
        let seen_ms = of_cell.filter_map(|device| device.seen_ms).max();
        cells.push(Cell { terminal, newest, seen_ms });
    }
    drop(read);
    let live = live(words, &officer, &cells, (unseen, alarms));
    let as_of = as_of(words, now_ms);
    if asked.part.as_deref() == Some("live") {
        return Ok(html! { (live) (as_of) }.into_response());
    }
    let title = words.t("desk-live-title");
    let body = html! {
        h1 { (title) }
        @if let Some(text) = asked.said.as_deref().and_then(said) {
            p.said id="said" role="status" { (words.t(text)) }
        }
        (tasks)
        @if officer.may(Right::StartRollCall) { (start(words, &officer, &cells)) }
        p hidden {
            label for="live-pause" { input id="live-pause" type="checkbox"; " " (words.t("desk-live-pause")) }
        }
        p.wrong id="live-stale" role="alert" hidden { (words.t("desk-live-stale")) }
        section id="live" aria-label=(words.t("desk-live-title")) { (live) }
        (as_of)
    };
    Ok(layout::page(words, Some(&officer), Tab::Live, &title, &body).into_response())
}

/// The page of a post that has nothing to do with roll calls.
fn home(words: Words, officer: &Officer, tasks: &Markup) -> Markup {
    let title = words.t("desk-nav-home");
    let body = html! {
        h1 { (title) }
        (tasks)
    };
    layout::page(words, Some(officer), Tab::Home, &title, &body)
}

/// What an action leads back with, if it is one of ours.
fn said(code: &str) -> Option<&'static str> {
    ["desk-said-started", "desk-said-busy", "desk-said-cancelled", "desk-said-too-late"]
        .into_iter()
        .find(|text| text.strip_prefix("desk-said-") == Some(code))
}

fn start(words: Words, officer: &Officer, cells: &[Cell]) -> Markup {
    html! {
        section.card aria-labelledby="start-heading" {
            h2 id="start-heading" { (words.t("desk-start")) }
            form.row method="post" action="/roll-calls" {
                (layout::token(officer))
                div {
                    label for="start-cell" { (words.t("desk-cell")) }
                    select id="start-cell" name="terminal" required {
                        @for cell in cells {
                            option value=(cell.terminal.id) { (cell.terminal.block) " " (cell.terminal.cell) }
                        }
                    }
                }
                div {
                    label for="start-title" { (words.t("desk-call-title")) }
                    select id="start-title" name="title" {
                        @for title in TITLES { option value=(title) { (words.t(title)) } }
                    }
                }
                button id="start-submit" type="submit" { (words.t("desk-start-now")) }
            }
        }
    }
}

fn live(words: Words, officer: &Officer, cells: &[Cell], unseen: (u64, u64)) -> Markup {
    let (unseen, alarms) =
        (i64::try_from(unseen.0).unwrap_or(i64::MAX), i64::try_from(unseen.1).unwrap_or(i64::MAX));
    html! {
        @if alarms > 0 {
            p.alarm id="live-alarms" role="alert" {
                a href="/alarms" { (words.f("desk-live-alarms", &[("count", alarms.into())])) }
            }
        }
        @if unseen > 0 {
            p id="live-unseen" { a href="/notices" { (words.f("desk-live-unseen", &[("count", unseen.into())])) } }
        }
        @if cells.is_empty() { p id="live-empty" { (words.t("desk-live-empty")) } }
        @for cell in cells { (card(words, officer, cell)) }
    }
}

/// Apart from the rest: it always changes, and the rest is replaced only when it says something new.
fn as_of(words: Words, now_ms: i64) -> Markup {
    let time = words.at(now_ms, OFFSET_MIN);
    html! { p.quiet id="live-as-of" { (words.f("desk-as-of", &[("time", time.into())])) } }
}

fn card(words: Words, officer: &Officer, cell: &Cell) -> Markup {
    let heading = format!("heading-{}", cell.terminal.id);
    html! {
        article.card id={ "cell-" (cell.terminal.id) } aria-labelledby=(heading) {
            h2 id=(heading) { (cell.terminal.block) " " (cell.terminal.cell) }
            p.quiet {
                @match cell.seen_ms {
                    Some(ms) => {
                        @let time = words.clock(ms, cell.terminal.utc_offset_min);
                        (words.f("desk-last-heard", &[("time", time.into())]))
                    }
                    None => (words.t("desk-never-heard")),
                }
                @if let Some(state) = cell.terminal.camera {
                    " · " (words.t(camera_text(state)))
                }
            }
            @match &cell.newest {
                None => p { (words.t("desk-no-call")) },
                Some(report) => (newest(words, officer, report)),
            }
        }
    }
}

fn newest(words: Words, officer: &Officer, report: &CallReport) -> Markup {
    html! {
        h3 {
            a id={ "call-" (report.call) } href=(call::address(report)) { (report.title) }
            " · "
            span id={ "state-" (report.terminal) } data-state=(report.state.name()) {
                (words.t(state_text(report.state)))
            }
        }
        (when(words, report))
        @if let Some(total) = &report.total { (counts(words, report, total)) }
        @if report.unresolved > 0 {
            p.wait { (words.f("desk-unresolved", &[("count", report.unresolved.into())])) }
        }
        @if !report.lines.is_empty() { (people(words, &report.lines)) }
        @if report.state == CallState::Asked && officer.may(Right::StartRollCall) {
            form method="post" action={ (call::address(report)) "/cancel" } {
                (layout::token(officer))
                button.danger id={ "cancel-" (report.call) } type="submit" { (words.t("desk-cancel-call")) }
            }
        }
    }
}

/// When it was asked for, begins, was received.
fn when(words: Words, report: &CallReport) -> Markup {
    let clock = |ms: i64| words.clock(ms, report.utc_offset_min);
    html! {
        p.quiet {
            @if let Some(ms) = report.received_ms {
                time datetime=(machine(ms)) { (words.f("desk-received-at", &[("time", clock(ms).into())])) }
            } @else if let Some(ms) = report.progress_ms {
                time datetime=(machine(ms)) { (words.f("desk-progress-at", &[("time", clock(ms).into())])) }
            } @else if let Some(ms) = report.opens_ms {
                time datetime=(machine(ms)) { (words.f("desk-opens-at", &[("time", clock(ms).into())])) }
            }
        }
    }
}

/// 应到 / 实到 / 带出 / 未点到.
pub(super) fn counts(words: Words, report: &CallReport, total: &Total) -> Markup {
    let kind = match report.kind {
        contract::FacilityKind::DetentionCentre => "detention_centre",
        contract::FacilityKind::LockUp => "lock_up",
        contract::FacilityKind::DrugRehabilitation => "drug_rehabilitation",
    };
    let numbers = [
        ("expected", words.t("desk-expected"), total.expected),
        ("present", words.t("desk-present"), total.present),
        ("out", words.t("desk-out"), total.out),
        ("not-seen", words.t("desk-not-seen"), total.not_seen),
        ("assigned", words.f("assigned", &[("kind", kind.into())]), total.assigned),
        ("extra", words.t("desk-extra"), total.extra),
    ];
    html! {
        dl.count {
            @for (name, text, number) in numbers {
                div { dt { (text) } dd id={ "total-" (name) "-" (report.call) } { (number) } }
            }
        }
    }
}

fn people(words: Words, lines: &[LineReport]) -> Markup {
    // Unresolved first: they are what the officer looks for.
    let order = |line: &&LineReport| match line.place {
        LinePlace::NotSeen => 0,
        LinePlace::ForOfficer => 1,
        LinePlace::CallAgain => 2,
        LinePlace::Called => 3,
        LinePlace::Waiting => 4,
        LinePlace::Present => 5,
        LinePlace::Out => 6,
    };
    let mut sorted: Vec<&LineReport> = lines.iter().collect();
    sorted.sort_by_key(order);
    html! {
        div.wide {
            table {
                caption { (words.t("desk-lines")) }
                thead { tr {
                    th scope="col" { (words.t("desk-badge")) }
                    th scope="col" { (words.t("desk-person")) }
                    th scope="col" { (words.t("desk-place")) }
                } }
                tbody {
                    @for line in sorted {
                        tr id={ "line-" (line.detainee) } data-place=(place_name(line.place)) {
                            td { (line.badge_number) }
                            th scope="row" { (name(words, line)) }
                            td { (words.t(place_text(line.place))) }
                        }
                    }
                }
            }
        }
    }
}

/// The person's name; words that say so where the platform has none.
pub(super) fn name(words: Words, line: &LineReport) -> String {
    if line.name.is_empty() { words.t("desk-unknown-person") } else { line.name.clone() }
}

pub(super) fn state_text(state: CallState) -> &'static str {
    match state {
        CallState::Asked => "desk-state-asked",
        CallState::Announced => "desk-state-announced",
        CallState::Open => "desk-state-open",
        CallState::SecondRound => "desk-state-second-round",
        CallState::Review => "desk-state-review",
        CallState::Confirmed => "desk-state-confirmed",
        CallState::Received => "desk-state-received",
        CallState::Cancelled => "desk-state-cancelled",
        CallState::NotBegun => "desk-state-not-begun",
    }
}

pub(super) fn place_text(place: LinePlace) -> &'static str {
    match place {
        LinePlace::Waiting => "desk-place-waiting",
        LinePlace::Called => "desk-place-called",
        LinePlace::CallAgain => "desk-place-call-again",
        LinePlace::ForOfficer => "desk-place-for-officer",
        LinePlace::Present => "desk-place-present",
        LinePlace::Out => "desk-place-out",
        LinePlace::NotSeen => "desk-place-not-seen",
    }
}

pub(super) fn place_name(place: LinePlace) -> &'static str {
    place_text(place).strip_prefix("desk-place-").unwrap_or_default()
}

pub(super) fn camera_text(state: contract::CameraState) -> &'static str {
    match state {
        contract::CameraState::Working => "desk-camera-working",
        contract::CameraState::Covered => "desk-camera-covered",
        contract::CameraState::Stalled => "desk-camera-stalled",
        contract::CameraState::Unplugged => "desk-camera-unplugged",
        contract::CameraState::Missing => "desk-camera-missing",
    }
}
