// SPDX-License-Identifier: GPL-3.0-only
//! 申领报修: what cells ask for, and the answer they get.

use super::layout::{self, Tab};
use super::lists::{ROWS_MAX, heads};
use super::login::{Officer, Posted};
use super::rights::Right;
use super::words::{OFFSET_MIN, Words, machine};
use super::{Shared, Wrong};
use crate::alarms;
use crate::tables::desk as desk_rows;
use crate::tables::devices::{self, TerminalRow};
use crate::tables::requests::{self as rows, RequestRow, state_name, state_of};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use contract::{DeviceId, EventId, RequestState};
use maud::{Markup, html};

/// Longest answer, in characters.
const WORDS_MAX: usize = 200;

pub(super) async fn page(State(desk): Shared, words: Words, officer: Officer) -> Result<Markup, Wrong> {
    let mut read = desk.core.tables.read().await?;
    let requests = rows::newest(&mut read, ROWS_MAX).await?;
    let terminals = devices::terminals(&mut read).await?;
    drop(read);
    let title = words.t("desk-nav-requests");
    let body = html! {
        h1 { (title) }
        @if requests.is_empty() { p id="requests-empty" { (words.t("desk-requests-empty")) } }
        @else {
            div.wide {
                table id="requests" {
                    caption { (words.f("desk-requests-caption", &[("count", (ROWS_MAX as i64).into())])) }
                    (heads(words, &["desk-cell", "desk-request", "desk-received", "desk-state", "desk-task-answer"]))
                    tbody {
                        @for request in &requests {
                            @let terminal = terminals.iter().find(|row| row.id == request.terminal);
                            (line(words, &officer, request, terminal))
                        }
                    }
                }
            }
        }
    };
    Ok(layout::page(words, Some(&officer), Tab::Requests, &title, &body))
}

fn line(words: Words, officer: &Officer, request: &RequestRow, terminal: Option<&TerminalRow>) -> Markup {
    let offset = terminal.map_or(OFFSET_MIN, |row| row.utc_offset_min);
    let state = request.state.map_or("waiting", state_name);
    html! {
        tr id={ "request-" (request.event) } data-state=(state) {
            td { @if let Some(row) = terminal { (row.block) " " (row.cell) } }
            th scope="row" { (words.f("desk-request-item", &[("item", request.item.name().into())])) }
            td { time datetime=(machine(request.received_ms)) { (words.at(request.received_ms, offset)) } }
            td {
                (words.f("desk-request-state", &[("state", state.into())]))
                @if let Some((ms, by)) = &request.answered { " · " (words.at(*ms, offset)) " · " (by) }
            }
            td { @if officer.may(Right::AnswerRequest) { (answers(words, officer, request)) } }
        }
    }
}

fn answers(words: Words, officer: &Officer, request: &RequestRow) -> Markup {
    let form = |state: RequestState, more: Markup| {
        let name = state_name(state);
        html! {
            form.row method="post" action="/requests" {
                (layout::token(officer))
                input type="hidden" name="device" value=(request.device);
                input type="hidden" name="request" value=(request.event);
                input type="hidden" name="state" value=(name);
                (more)
                button.plain id={ (name) "-" (request.event) } type="submit" {
                    (words.f("desk-request-do", &[("state", name.into())]))
                }
            }
        }
    };
    let id = format!("words-{}", request.event);
    html! {
        @if request.state.is_none() { (form(RequestState::Accepted, html! {})) }
        @if matches!(request.state, None | Some(RequestState::Accepted)) {
            (form(RequestState::Done, html! {}))
            (form(RequestState::Declined, html! {
                div {
                    label for=(id) { (words.t("desk-request-why")) }
                    input id=(id) name="words" type="text" maxlength=(WORDS_MAX) required;
                }
            }))
        }
    }
}

/// The answer, its way to the cell and its line in the audit are one transaction.
pub(super) async fn answer(State(desk): Shared, posted: Posted) -> Result<Response, Wrong> {
    let (device, request): (DeviceId, EventId) = (posted.get("device")?, posted.get("request")?);
    let state = posted.text("state").and_then(state_of).ok_or(Wrong::Form)?;
    let words = posted.text("words").map_or("", str::trim);
    let fits = words.chars().count() <= WORDS_MAX && (state != RequestState::Declined || !words.is_empty());
    if !fits {
        return Err(Wrong::Form);
    }
    let (now_ms, by) = (desk.core.clock.now_ms(), &posted.officer.name);
    let mut write = desk.core.tables.write().await?;
    if let Some(terminal) = rows::answer(&mut write, device, request, state, by, words, now_ms).await? {
        alarms::answer_request(&mut write, terminal, request, state, words, now_ms).await?;
        let action = match state {
            RequestState::Accepted => "request_accepted",
            RequestState::Done => "request_done",
            RequestState::Declined => "request_declined",
        };
        desk_rows::audit(&mut write, by, action, &request.to_string(), now_ms).await?;
        write.commit().await?;
        desk.core.bells.ring(terminal);
    }
    Ok(Redirect::to("/requests").into_response())
}
