// SPDX-License-Identifier: GPL-3.0-only
//! 约见: who asks to see whom this post answers for, until when they must have been passed on, and the answers there are.
//! Each look is in the audit, and so is each answer. That a meeting took place is the person's own word.

use super::layout::{self, Tab};
use super::lists::{ROWS_MAX, heads};
use super::login::{Officer, Posted};
use super::words::{OFFSET_MIN, Words, machine};
use super::{Shared, Wrong};
use crate::appointments::{Deed, OFFERS_MAX, Refusal, WORDS_MAX, act, is_lawyer, with_of};
use crate::care::members;
use crate::tables::appointments::{self as rows, AppointmentRow, is_over};
use crate::tables::devices::{self, TerminalRow};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use contract::{AppointmentState, EventId, Member, TerminalId, Trust};
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use maud::{Markup, html};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// What is over stays on the page this long, in milliseconds.
const OVER_MS: i64 = 7 * 86_400_000;

pub(super) async fn page(State(desk): Shared, words: Words, officer: Officer) -> Result<Markup, Wrong> {
    let now_ms = desk.core.clock.now_ms();
    let with = with_of(officer.post);
    let mut read = desk.core.tables.read().await?;
    let found = rows::of(&mut read, &with, now_ms.saturating_sub(OVER_MS), ROWS_MAX).await?;
    let terminals = devices::terminals(&mut read).await?;
    let mut people: HashMap<TerminalId, Vec<Member>> = HashMap::new();
    for row in &found {
        if let Entry::Vacant(cell) = people.entry(row.terminal) {
            cell.insert(members(&mut read, row.terminal).await?);
        }
    }
    drop(read);
    let title = words.t("desk-nav-appointments");
    let body = html! {
        h1 { (title) }
        p.quiet { (words.t("desk-appointments-what")) }
        @if found.is_empty() { p id="appointments-empty" { (words.t("desk-appointments-empty")) } }
        @else {
            div.wide {
                table id="appointments" {
                    caption { (words.f("desk-appointments-caption", &[("count", (ROWS_MAX as i64).into())])) }
                    (heads(words, &["desk-cell", "desk-person", "desk-appointment", "desk-time", "desk-task-due",
                        "desk-state", "desk-task-answer"]))
                    tbody {
                        @for row in &found {
                            @let terminal = terminals.iter().find(|of| of.id == row.terminal);
                            @let of_cell = people.get(&row.terminal);
                            @let member = of_cell.and_then(|of| of.iter().find(|one| one.id == row.detainee));
                            (line(words, &officer, row, (terminal, member), now_ms))
                        }
                    }
                }
            }
        }
    };
    Ok(layout::page(words, Some(&officer), Tab::Appointments, &title, &body))
}

fn line(
    words: Words,
    officer: &Officer,
    row: &AppointmentRow,
    (terminal, member): (Option<&TerminalRow>, Option<&Member>),
    now_ms: i64,
) -> Markup {
    let offset = terminal.map_or(OFFSET_MIN, |of| of.utc_offset_min);
    let time = |ms: i64| html! { time datetime=(machine(ms)) { (words.at(ms, offset)) } };
    let at = words.at(row.at_ms, offset);
    let at = match row.trust {
        Trust::Synced => at,
        Trust::Estimated | Trust::Unsynced => words.f("desk-time-unverified", &[("time", at.into())]),
    };
    let state = row.status.as_ref().map(|status| status.state);
    let waits = matches!(state, None | Some(AppointmentState::Accepted));
    let overdue = waits && now_ms >= row.due_ms;
    let name = state.map_or("waiting", AppointmentState::name);
    html! {
        tr id={ "appointment-" (row.event) } data-state=(name) class=[overdue.then_some("alarm")] {
            td { @if let Some(of) = terminal { (of.block) " " (of.cell) } }
            th scope="row" {
                @match member {
                    Some(member) => { (member.name) " " (member.badge_number) },
                    None => (words.t("desk-appointment-left")),
                }
            }
            td { (words.f("desk-appointment-with", &[("with", row.with.name().into())])) }
            td { (at) }
            td {
                (time(row.due_ms))
                @if overdue {
                    @let late = words.span(now_ms.saturating_sub(row.due_ms));
                    " " strong.wait { (words.f("desk-task-overdue", &[("span", late.into())])) }
                }
            }
            td { (standing(words, row, name, offset)) }
            td { @if !state.is_some_and(is_over) { (answers(words, officer, row)) } }
        }
    }
}

fn standing(words: Words, row: &AppointmentRow, name: &str, offset: i16) -> Markup {
    html! {
        (words.f("desk-appointment-state", &[("state", name.into())]))
        @if let Some(status) = &row.status {
            " · " (words.at(status.at_ms, offset))
            @if let Some(slot) = status.slots.iter().find(|of| status.booked == Some(of.slot)) {
                br; (words.f("desk-appointment-booked", &[("time", words.at(slot.from_ms, offset).into())]))
            }
            @if let Some(ms) = status.lawyer_asked_ms {
                br; (words.f("desk-appointment-lawyer-asked", &[("time", words.at(ms, offset).into())]))
            }
        }
        @if let Some((ms, by)) = &row.done {
            br; (words.f("desk-appointment-done", &[("time", words.at(*ms, offset).into()), ("name", by.as_str().into())]))
        }
    }
}

fn answers(words: Words, officer: &Officer, row: &AppointmentRow) -> Markup {
    let form = |deed: &str, more: Markup| {
        html! {
            form.row method="post" action="/appointments" {
                (layout::token(officer))
                input type="hidden" name="terminal" value=(row.terminal);
                input type="hidden" name="request" value=(row.event);
                input type="hidden" name="deed" value=(deed);
                (more)
                button.plain id={ (deed) "-" (row.event) } type="submit" {
                    (words.f("desk-appointment-do", &[("deed", deed.into())]))
                }
            }
        }
    };
    let said = |deed: &str, required: bool| {
        let id = format!("words-{deed}-{}", row.event);
        html! {
            div {
                label for=(id) { (words.t("desk-appointment-words")) }
                input id=(id) name="words" type="text" maxlength=(WORDS_MAX) required[required];
            }
        }
    };
    let times = |deed: &str, count: usize| {
        html! {
            @for number in 1..=count {
                @let id = format!("at{number}-{deed}-{}", row.event);
                div {
                    label for=(id) { (words.f("desk-appointment-time", &[("number", (number as i64).into())])) }
                    input id=(id) name={ "at" (number) } type="datetime-local" required[number == 1];
                }
            }
        }
    };
    let booked = row.status.as_ref().is_some_and(|status| status.state == AppointmentState::Booked);
    html! {
        @if row.status.is_none() { (form("accept", html! {})) }
        @if is_lawyer(row.with) {
            (form("forward", said("forward", false)))
            (form("lawyer", times("lawyer", 1)))
        }
        (form("offer", times("offer", OFFERS_MAX)))
        (form("decline", said("decline", true)))
        @if booked && row.done.is_none() { (form("done", html! {})) }
    }
}

/// The answer, its way to the cell and its line in the audit are one transaction.
pub(super) async fn answer(State(desk): Shared, posted: Posted) -> Result<Response, Wrong> {
    let (terminal, request): (TerminalId, EventId) = (posted.get("terminal")?, posted.get("request")?);
    let words = posted.text("words").map_or("", str::trim);
    let now_ms = desk.core.clock.now_ms();
    let mut write = desk.core.tables.write().await?;
    let place = devices::terminal(&mut write, terminal).await?.ok_or(Wrong::Form)?;
    let deed = deed(&posted, place.utc_offset_min)?;
    let officer = (posted.officer.name.as_str(), posted.officer.post);
    match act(&mut write, (terminal, request), (&deed, words), officer, now_ms).await? {
        Ok(()) => {}
        Err(Refusal::Post) => return Err(Wrong::Forbidden),
        Err(Refusal::Unknown | Refusal::Unsound) => return Err(Wrong::Form),
        // Somebody else was faster, or the person: the page shows it.
        Err(Refusal::State) => return Ok(Redirect::to("/appointments").into_response()),
    }
    write.commit().await?;
    desk.core.bells.ring(terminal);
    Ok(Redirect::to("/appointments").into_response())
}

fn deed(posted: &Posted, offset_min: i16) -> Result<Deed, Wrong> {
    match posted.text("deed").ok_or(Wrong::Form)? {
        "accept" => Ok(Deed::Accept),
        "forward" => Ok(Deed::Forward),
        "lawyer" => Ok(Deed::LawyerAsked { at_ms: time(posted, 1, offset_min)?.ok_or(Wrong::Form)? }),
        "offer" => {
            let times = (1..=OFFERS_MAX).map(|number| time(posted, number, offset_min));
            Ok(Deed::Offer(times.filter_map(Result::transpose).collect::<Result<_, _>>()?))
        }
        "decline" => Ok(Deed::Decline),
        "done" => Ok(Deed::Done),
        _ => Err(Wrong::Form),
    }
}

/// A time as a form has it, on the terminal's clock; none where the field is empty.
fn time(posted: &Posted, number: usize, offset_min: i16) -> Result<Option<i64>, Wrong> {
    let Some(typed) = posted.text(&format!("at{number}")).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let at: DateTime = typed.parse().map_err(|_| Wrong::Form)?;
    let offset = Offset::from_seconds(i32::from(offset_min) * 60).map_err(|_| Wrong::Form)?;
    let zoned = at.to_zoned(TimeZone::fixed(offset)).map_err(|_| Wrong::Form)?;
    Ok(Some(zoned.timestamp().as_millisecond()))
}
