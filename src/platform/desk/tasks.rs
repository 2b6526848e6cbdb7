// SPDX-License-Identifier: GPL-3.0-only
//! 待办 on the first page: what waits for one's post, until when, where it is answered. What is overdue says so in words.
//! Only a roll call without a result is closed here, with a word on what was found: the rest is closed where it is
//! answered.

use super::layout;
use super::lists::{ROWS_MAX, heads};
use super::login::{Officer, Posted};
use super::words::{OFFSET_MIN, Words, machine};
use super::{Shared, Wrong};
use crate::Fault;
use crate::tables::devices::{self, TerminalRow};
use crate::tables::tasks::{self as rows, TaskRow};
use crate::tables::{Conn, desk as desk_rows};
use crate::tasks::TaskKind;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// Longest word on what was found, in characters.
const RESULT_MAX: usize = 200;

/// What waits for somebody, as the first page shows it.
pub(super) async fn list(
    conn: &mut Conn,
    words: Words,
    officer: &Officer,
    now_ms: i64,
) -> Result<Markup, Fault> {
    let tasks = rows::waiting(conn, officer.post, now_ms, ROWS_MAX).await?;
    let terminals = devices::terminals(conn).await?;
    Ok(html! {
        section.card aria-labelledby="tasks-heading" {
            h2 id="tasks-heading" { (words.t("desk-tasks")) }
            @if tasks.is_empty() { p id="tasks-empty" { (words.t("desk-tasks-empty")) } }
            @else {
                div.wide {
                    table id="tasks" {
                        caption { (words.t("desk-tasks-caption")) }
                        (heads(words, &["desk-task", "desk-cell", "desk-task-opened", "desk-task-due", "desk-task-answer"]))
                        tbody {
                            @for task in &tasks {
                                @let terminal = terminals.iter().find(|row| row.id == task.terminal);
                                (line(words, officer, task, terminal, now_ms))
                            }
                        }
                    }
                }
            }
        }
    })
}

fn line(
    words: Words,
    officer: &Officer,
    task: &TaskRow,
    terminal: Option<&TerminalRow>,
    now_ms: i64,
) -> Markup {
    let offset = terminal.map_or(OFFSET_MIN, |row| row.utc_offset_min);
    let overdue = now_ms >= task.due_ms;
    let time = |ms: i64| html! { time datetime=(machine(ms)) { (words.at(ms, offset)) } };
    html! {
        tr id={ "task-" (task.subject) } data-kind=(task.kind.name()) class=[overdue.then_some("alarm")] {
            th scope="row" id={ "task-kind-" (task.id) } {
                (words.f("desk-task-kind", &[("kind", task.kind.name().into())]))
            }
            td { @if let Some(row) = terminal { (row.block) " " (row.cell) } }
            td { (time(task.opened_ms)) }
            td {
                (time(task.due_ms))
                @if overdue {
                    @let late = words.span(now_ms.saturating_sub(task.due_ms));
                    " " strong.wait { (words.f("desk-task-overdue", &[("span", late.into())])) }
                }
            }
            td { (answer(words, officer, task)) }
        }
    }
}

fn answer(words: Words, officer: &Officer, task: &TaskRow) -> Markup {
    let described = format!("task-kind-{}", task.id);
    let link = |address: String| {
        html! { a href=(address) aria-describedby=(described) { (words.t("desk-task-go")) } }
    };
    match task.kind {
        TaskKind::Alarm | TaskKind::Camera | TaskKind::Tamper | TaskKind::Call | TaskKind::Danger => {
            link(format!("/alarms#alarm-{}", task.subject))
        }
        TaskKind::OneLeft | TaskKind::Trouble | TaskKind::Evidence => {
            link(format!("/notices#notice-{}", task.subject))
        }
        TaskKind::DutyGap | TaskKind::DutyUnwell | TaskKind::DutySwap | TaskKind::DutyHandover => {
            link(format!("/duty/{}#matter-{}", task.terminal, task.subject))
        }
        TaskKind::OrderApproval | TaskKind::OrderSignature | TaskKind::OrderDifference => {
            link(format!("/shop#order-{}", task.subject))
        }
        TaskKind::LineDispute | TaskKind::FreezeObjection => {
            link(format!("/accounts#objection-{}", task.subject))
        }
        TaskKind::Adjustment => link(format!("/adjustments#adjustment-{}", task.subject)),
        TaskKind::Payout => link(format!("/accounts/{}", task.subject)),
        TaskKind::CareReport => link(format!("/care#report-{}", task.subject)),
        TaskKind::Appointment | TaskKind::LawyerMeeting => {
            link(format!("/appointments#appointment-{}", task.subject))
        }
        TaskKind::DocumentDeclined => link(format!("/documents/{}", task.subject)),
        // It is opened in the office's own window, which no page leads to.
        TaskKind::Complaint => html! { (words.t("desk-task-window")) },
        TaskKind::Parked => link(format!("/parked#parked-{}", task.subject)),
        TaskKind::RollCall => html! {
            (link(format!("/roll-calls/{}/{}", task.terminal, task.subject)))
            form.row method="post" action="/tasks/done" {
                (layout::token(officer))
                input type="hidden" name="task" value=(task.id);
                div {
                    label for={ "result-" (task.id) } { (words.t("desk-task-result")) }
                    input id={ "result-" (task.id) } name="result" type="text" maxlength=(RESULT_MAX) required;
                }
                button.plain type="submit" aria-describedby=(described) { (words.t("desk-task-done")) }
            }
        },
    }
}

/// Closes what nothing else closes.
pub(super) async fn done(State(desk): Shared, posted: Posted) -> Result<Response, Wrong> {
    let id = posted.text("task").ok_or(Wrong::Form)?;
    let result =
        posted.text("result").map(str::trim).filter(|result| !result.is_empty()).ok_or(Wrong::Form)?;
    if result.chars().count() > RESULT_MAX {
        return Err(Wrong::Form);
    }
    let now_ms = desk.core.clock.now_ms();
    let mut write = desk.core.tables.write().await?;
    let Some(task) = rows::one(&mut write, id, now_ms).await? else {
        return Ok(Redirect::to("/").into_response());
    };
    if task.kind.post() != posted.officer.post {
        return Err(Wrong::Forbidden);
    }
    if task.kind != TaskKind::RollCall {
        return Err(Wrong::Form);
    }
    rows::close(&mut write, &[task.kind], &task.subject, task.terminal, result, now_ms).await?;
    desk_rows::audit(&mut write, &posted.officer.name, "task_done", &task.subject, now_ms).await?;
    write.commit().await?;
    Ok(Redirect::to("/").into_response())
}
