// SPDX-License-Identifier: GPL-3.0-only
//! 看病, as officers see it: where a report came from, how urgent it is, how long it waits. What was said is sealed to
//! the clinic and not read here. Notices the clinic released are shown to their posts, and are in nobody else's page.

use super::layout::{self, Tab};
use super::lists::{ROWS_MAX, heads};
use super::login::Officer;
use super::words::{OFFSET_MIN, Words, machine};
use super::{Shared, Wrong};
use crate::Fault;
use crate::care::{self, CLOSED_MS, NOTICES_LISTED_MAX};
use crate::tables::Conn;
use crate::tables::care::{self as rows, ReportRow};
use crate::tables::devices::{self, TerminalRow};
use axum::extract::State;
use contract::{CareNotice, CareState, Post, TerminalId, Trust};
use maud::{Markup, html};

/// A notice with whom it is about.
struct Notice {
    notice: CareNotice,
    terminal: TerminalId,
    name: String,
    badge_number: String,
}

pub(super) async fn page(State(desk): Shared, words: Words, officer: Officer) -> Result<Markup, Wrong> {
    let now_ms = desk.core.clock.now_ms();
    let mut read = desk.core.tables.read().await?;
    let reports = rows::reports(&mut read, now_ms.saturating_sub(CLOSED_MS), ROWS_MAX).await?;
    let notices = notices(&mut read, officer.post, now_ms).await?;
    let terminals = devices::terminals(&mut read).await?;
    drop(read);
    let title = words.t("desk-nav-care");
    let body = html! {
        h1 { (title) }
        p.quiet { (words.t("desk-care-what")) }
        @if reports.is_empty() { p id="care-empty" { (words.t("desk-care-empty")) } }
        @else {
            div.wide {
                table id="care" {
                    caption { (words.f("desk-care-caption", &[("count", (ROWS_MAX as i64).into())])) }
                    (heads(words, &["desk-cell", "desk-care-urgency", "desk-time", "desk-received", "desk-care-waited",
                        "desk-task-due", "desk-care-nudges", "desk-state"]))
                    tbody { @for report in &reports { (line(words, report, &terminals, now_ms)) } }
                }
            }
        }
        @if !notices.is_empty() { (noticed(words, &notices, &terminals)) }
    };
    Ok(layout::page(words, Some(&officer), Tab::Care, &title, &body))
}

/// What this post may know now, of people who are still where it was said of them.
async fn notices(conn: &mut Conn, post: Post, now_ms: i64) -> Result<Vec<Notice>, Fault> {
    let mut found = Vec::new();
    for (terminal, notice) in rows::notices(conn, NOTICES_LISTED_MAX).await? {
        if !notice.posts.contains(&post) || notice.until_ms <= now_ms {
            continue;
        }
        let members = care::members(conn, terminal).await?;
        if let Some(member) = members.iter().find(|member| member.id == notice.detainee) {
            found.push(Notice {
                notice,
                terminal,
                name: member.name.as_str().to_owned(),
                badge_number: member.badge_number.as_str().to_owned(),
            });
        }
    }
    found.truncate(ROWS_MAX);
    Ok(found)
}

fn line(words: Words, report: &ReportRow, terminals: &[TerminalRow], now_ms: i64) -> Markup {
    let terminal = terminals.iter().find(|row| row.id == report.terminal);
    let offset = terminal.map_or(OFFSET_MIN, |row| row.utc_offset_min);
    let time = |ms: i64| html! { time datetime=(machine(ms)) { (words.at(ms, offset)) } };
    let at = words.at(report.at_ms, offset);
    let at = match report.trust {
        Trust::Synced => at,
        Trust::Estimated | Trust::Unsynced => words.f("desk-time-unverified", &[("time", at.into())]),
    };
    let waits = matches!(report.state, None | Some(CareState::Opened));
    let overdue = waits && now_ms >= report.due_ms;
    let state = report.state.map_or("waiting", CareState::name);
    let nudges = i64::try_from(report.nudges).unwrap_or(i64::MAX);
    html! {
        tr id={ "report-" (report.event) } data-state=(state) class=[overdue.then_some("alarm")] {
            td { @if let Some(row) = terminal { (row.block) " " (row.cell) } }
            th scope="row" { (words.f("desk-care-urgency-name", &[("urgency", report.urgency.name().into())])) }
            td { (at) }
            td { (time(report.received_ms)) }
            td {
                @if waits { (words.span(now_ms.saturating_sub(report.received_ms))) }
                @else { (words.t("desk-none")) }
            }
            td {
                (time(report.due_ms))
                @if overdue {
                    @let late = words.span(now_ms.saturating_sub(report.due_ms));
                    " " strong.wait { (words.f("desk-task-overdue", &[("span", late.into())])) }
                }
            }
            td {
                @match report.nudged_ms {
                    Some(ms) => (words.f("desk-care-nudged", &[
                        ("count", nudges.into()), ("time", words.at(ms, offset).into()),
                    ])),
                    None => (words.t("desk-none")),
                }
            }
            td {
                (words.f("desk-care-state", &[("state", state.into())]))
                @if let Some(ms) = report.state_ms { " · " (words.at(ms, offset)) }
            }
        }
    }
}

fn noticed(words: Words, notices: &[Notice], terminals: &[TerminalRow]) -> Markup {
    html! {
        section aria-labelledby="care-notices-heading" {
            h2 id="care-notices-heading" { (words.t("desk-care-notices")) }
            p.quiet { (words.t("desk-care-notices-what")) }
            div.wide {
                table id="care-notices" {
                    caption { (words.f("desk-care-notices-caption", &[("count", (ROWS_MAX as i64).into())])) }
                    (heads(words, &["desk-cell", "desk-badge", "desk-person", "desk-care-needs", "desk-care-until"]))
                    tbody {
                        @for told in notices {
                            @let terminal = terminals.iter().find(|row| row.id == told.terminal);
                            @let offset = terminal.map_or(OFFSET_MIN, |row| row.utc_offset_min);
                            @let until_ms = told.notice.until_ms;
                            tr id={ "care-notice-" (told.notice.notice) } {
                                td { @if let Some(row) = terminal { (row.block) " " (row.cell) } }
                                td { (told.badge_number) }
                                th scope="row" { (told.name) }
                                td { (needs(words, &told.notice)) }
                                td { time datetime=(machine(until_ms)) { (words.at(until_ms, offset)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn needs(words: Words, notice: &CareNotice) -> String {
    let need = |need: &contract::CareNeed| words.f("desk-care-need", &[("need", need.name().into())]);
    notice.needs.iter().map(need).collect::<Vec<_>>().join(&words.t("desk-care-comma"))
}
