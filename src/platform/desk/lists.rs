// SPDX-License-Identifier: GPL-3.0-only
//! Lists: earlier roll calls, notices, what was done at the desk.

use super::actions::answers;
use super::layout::{self, Tab};
use super::live::state_text;
use super::login::Officer;
use super::words::{OFFSET_MIN, Words, machine};
use super::{Shared, Wrong, call};
use crate::reports::{self, CallReport};
use crate::tables::devices::{self, TerminalRow};
use crate::tables::roll_calls::{self as rows, Notice, NoticeKind};
use crate::tables::{audit as audit_rows, parked};
use axum::extract::State;
use contract::Trust;
use maud::{Markup, html};

/// Most rows of one list.
pub(super) const ROWS_MAX: usize = 200;

pub(super) async fn history(State(desk): Shared, words: Words, officer: Officer) -> Result<Markup, Wrong> {
    let mut read = desk.core.tables.read().await?;
    let reports = reports::newest(&mut read, ROWS_MAX, desk.core.clock.now_ms()).await?;
    drop(read);
    let title = words.t("desk-nav-history");
    let body = html! {
        h1 { (title) }
        @if reports.is_empty() { p id="history-empty" { (words.t("desk-history-empty")) } }
        @else {
            div.wide {
                table id="history" {
                    caption { (words.f("desk-history-caption", &[("count", (ROWS_MAX as i64).into())])) }
                    (heads(words, &["desk-cell", "desk-call-title", "desk-state", "desk-expected", "desk-present",
                        "desk-out", "desk-not-seen", "desk-received"]))
                    tbody { @for report in &reports { (history_row(words, report)) } }
                }
            }
        }
    };
    Ok(layout::page(words, Some(&officer), Tab::History, &title, &body))
}

fn history_row(words: Words, report: &CallReport) -> Markup {
    let number = |pick: fn(&contract::Total) -> u32| {
        report.total.as_ref().map_or_else(|| words.t("desk-none"), |total| pick(total).to_string())
    };
    html! {
        tr id={ "call-" (report.call) } data-state=(report.state.name()) {
            td { (report.block) " " (report.cell) }
            th scope="row" { a href=(call::address(report)) { (report.title) } }
            td { (words.t(state_text(report.state))) }
            td { (number(|total| total.expected)) }
            td { (number(|total| total.present)) }
            td { (number(|total| total.out)) }
            td { (number(|total| total.not_seen)) }
            td {
                @match report.received_ms {
                    Some(ms) => time datetime=(machine(ms)) { (words.at(ms, report.utc_offset_min)) },
                    None => (words.t("desk-none")),
                }
            }
        }
    }
}

pub(super) async fn notices(State(desk): Shared, words: Words, officer: Officer) -> Result<Markup, Wrong> {
    let mut read = desk.core.tables.read().await?;
    let notices = rows::notices(&mut read, ROWS_MAX).await?;
    let terminals = devices::terminals(&mut read).await?;
    let open = parked::open(&mut read).await?;
    drop(read);
    let title = words.t("desk-nav-notices");
    let body = html! {
        h1 { (title) }
        @if open.events > 0 {
            @let count = ("count", (i64::try_from(open.events).unwrap_or(i64::MAX)).into());
            p.wait id="notices-parked" { a href="/parked" { (words.f("desk-parked-open", &[count])) } }
        }
        @if notices.is_empty() { p id="notices-empty" { (words.t("desk-notices-empty")) } }
        @else {
            div.wide {
                table id="notices" {
                    caption { (words.t("desk-notices-caption")) }
                    (heads(words, &["desk-cell", "desk-notice", "desk-time", "desk-received", "desk-seen"]))
                    tbody {
                        @for notice in &notices {
                            @let terminal = terminals.iter().find(|row| row.id == notice.terminal);
                            (notice_row(words, &officer, notice, terminal))
                        }
                    }
                }
            }
        }
    };
    Ok(layout::page(words, Some(&officer), Tab::Notices, &title, &body))
}

fn notice_row(words: Words, officer: &Officer, notice: &Notice, terminal: Option<&TerminalRow>) -> Markup {
    let offset = terminal.map_or(OFFSET_MIN, |row| row.utc_offset_min);
    let at = words.at(notice.at_ms, offset);
    let at = match notice.trust {
        Trust::Synced => at,
        Trust::Estimated | Trust::Unsynced => words.f("desk-time-unverified", &[("time", at.into())]),
    };
    let class = (notice.kind == NoticeKind::Alarm && notice.seen_ms.is_none()).then_some("alarm");
    html! {
        tr id={ "notice-" (notice.event) } data-kind=(notice.kind.name()) class=[class] {
            td { @if let Some(row) = terminal { (row.block) " " (row.cell) } }
            th scope="row" { (notice_text(words, notice)) }
            td { (at) }
            td { time datetime=(machine(notice.received_ms)) { (words.at(notice.received_ms, offset)) } }
            td {
                @if let (Some(ms), Some(by)) = (notice.seen_ms, &notice.seen_by) {
                    (words.f("desk-seen-by", &[("name", by.as_str().into()), ("time", words.clock(ms, offset).into())]))
                } @else if officer.may(answers(notice.kind)) {
                    form.inline method="post" action="/notices/seen" {
                        (layout::token(officer))
                        input type="hidden" name="device" value=(notice.device);
                        input type="hidden" name="event" value=(notice.event);
                        input type="hidden" name="kind" value=(notice.kind.name());
                        button.plain id={ "see-" (notice.event) } type="submit" { (words.t("desk-see")) }
                    }
                } @else {
                    span.wait { (words.t("desk-not-seen-yet")) }
                }
            }
        }
    }
}

fn notice_text(words: Words, notice: &Notice) -> String {
    match notice.kind {
        NoticeKind::Alarm => words.t("desk-notice-alarm"),
        NoticeKind::Camera => words.f("desk-notice-camera", &[("state", notice.detail.as_str().into())]),
        NoticeKind::OneLeft => words.t("desk-notice-one-left"),
        NoticeKind::Parked => words.f("desk-notice-parked", &[("code", notice.detail.as_str().into())]),
        NoticeKind::Fork => words.f("desk-notice-fork", &[("code", notice.detail.as_str().into())]),
        NoticeKind::Replaced => words.t("desk-notice-replaced"),
        NoticeKind::Trouble => words.f("desk-notice-trouble", &[("trouble", notice.detail.as_str().into())]),
    }
}

pub(super) async fn audit(State(desk): Shared, words: Words, officer: Officer) -> Result<Markup, Wrong> {
    let mut read = desk.core.tables.read().await?;
    let lines = audit_rows::newest(&mut read, ROWS_MAX).await?;
    drop(read);
    let title = words.t("desk-nav-audit");
    let body = html! {
        h1 { (title) }
        div.wide {
            table id="audit" {
                caption { (words.f("desk-audit-caption", &[("count", (ROWS_MAX as i64).into())])) }
                (heads(words, &["desk-audit-number", "desk-time", "desk-audit-who", "desk-users-post",
                    "desk-audit-business", "desk-audit-what", "desk-audit-place", "desk-audit-object",
                    "desk-audit-result"]))
                tbody {
                    @for line in &lines {
                        tr {
                            td { (line.number) }
                            td { time datetime=(machine(line.at_ms)) { (words.at(line.at_ms, OFFSET_MIN)) } }
                            td { (line.name) }
                            td { (words.post(&line.post)) }
                            td { (words.business(&line.business)) }
                            @let action = ("action", line.action.as_str().into());
                            th scope="row" { (words.f("desk-audit-action", &[action])) }
                            td { (line.place) }
                            td { code { (line.object) } }
                            td { (words.result(&line.result)) }
                        }
                    }
                }
            }
        }
    };
    Ok(layout::page(words, Some(&officer), Tab::Audit, &title, &body))
}

/// The heads of a table's columns.
pub(super) fn heads(words: Words, ids: &[&str]) -> Markup {
    html! { thead { tr { @for id in ids { th scope="col" { (words.t(id)) } } } } }
}
