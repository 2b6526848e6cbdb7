// SPDX-License-Identifier: GPL-3.0-only
//! 警情: the board of open alarms, and what officers do with them.
//!
//! The page holds its question until something happened, so that a press in a cell is seen at once; the script sounds
//! for as long as an alarm calls the reader's post and nobody answered. Without script the page loads itself anew. The
//! control room is manned day and night: its board keeps it signed in, every other post's is a page that asks by itself.

use super::layout::{self, Tab};
use super::lists::{ROWS_MAX, heads};
use super::live::camera_text;
use super::login::{Officer, Posted};
use super::rights::Right;
use super::words::{OFFSET_MIN, Words, machine};
use super::{Shared, Wrong};
use crate::alarms::{self, AlarmKind, Deed, is_called};
use crate::care::InDanger;
use crate::listener::told;
use crate::tables::alarms::{self as rows, AlarmRow};
use crate::tables::desk as desk_rows;
use crate::tables::devices::{self, TerminalRow};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use contract::{Danger, DeviceId, EventId, Post, Trust};
use maud::{Markup, html};
use std::time::Duration;

/// Longest the page's question is held.
const HOLD: Duration = Duration::from_secs(20);
/// Longest note and name, in characters.
const WORDS_MAX: usize = 200;
/// How many closed ones are listed.
const CLOSED_MAX: usize = 50;

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    /// Only the board, for the script.
    part: Option<String>,
    /// The number of the last step the script has seen: it waits for the next.
    since: Option<u64>,
}

pub(super) async fn page(
    State(desk): Shared,
    words: Words,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> Result<Response, Wrong> {
    let mut bell = desk.core.bells.alarms.ear();
    let mut stop = desk.core.stop.clone();
    let until = tokio::time::Instant::now() + HOLD;
    let seen = loop {
        bell.mark_unchanged();
        let mut read = desk.core.tables.read().await?;
        let newest = rows::newest(&mut read).await?;
        drop(read);
        if asked.since != Some(newest) || tokio::time::Instant::now() >= until {
            break newest;
        }
        tokio::select! {
            _ = bell.changed() => {}
            () = tokio::time::sleep_until(until) => {}
            () = told(&mut stop) => break newest,
        }
    };
    let now_ms = desk.core.clock.now_ms();
    let mut read = desk.core.tables.read().await?;
    let open = rows::open(&mut read, ROWS_MAX).await?;
    let terminals = devices::terminals(&mut read).await?;
    let board = board(words, &officer, &open, &terminals, seen, now_ms);
    if asked.part.as_deref() == Some("board") {
        return Ok(board.into_response());
    }
    let closed = rows::closed(&mut read, CLOSED_MAX).await?;
    drop(read);
    let title = words.t("desk-nav-alarms");
    let body = html! {
        h1 { (title) }
        p.wrong id="board-stale" role="alert" hidden { (words.t("desk-alarms-stale")) }
        p.wait id="board-muted" hidden {
            (words.t("desk-alarms-muted")) " "
            button id="board-sound" type="button" { (words.t("desk-alarms-sound")) }
        }
        (board)
        (past(words, &closed, &terminals))
    };
    Ok(layout::page(words, Some(&officer), Tab::Alarms, &title, &body).into_response())
}

fn board(
    words: Words,
    officer: &Officer,
    open: &[AlarmRow],
    terminals: &[TerminalRow],
    seen: u64,
    now_ms: i64,
) -> Markup {
    let rings = open.iter().any(|alarm| {
        alarm.kind.rank() == 1 && alarm.acknowledged.is_none() && is_called(officer.post, alarm.level)
    });
    html! {
        section id="board" aria-label=(words.t("desk-nav-alarms")) data-seen=(seen) data-rings=[rings.then_some("1")]
            data-by=[(officer.post != Post::ControlRoom).then_some("itself")] {
            @if open.is_empty() { p.done id="board-empty" { (words.t("desk-alarms-empty")) } }
            @for alarm in open {
                (card(words, officer, alarm, terminals.iter().find(|row| row.id == alarm.terminal), now_ms))
            }
        }
    }
}

fn card(
    words: Words,
    officer: &Officer,
    alarm: &AlarmRow,
    terminal: Option<&TerminalRow>,
    now_ms: i64,
) -> Markup {
    let offset = terminal.map_or(OFFSET_MIN, |row| row.utc_offset_min);
    let unanswered = alarm.acknowledged.is_none();
    let class = match (alarm.kind.rank(), unanswered) {
        (1, true) => "card alarm",
        (1, false) => "card answered",
        _ => "card",
    };
    let heading = format!("alarm-heading-{}", alarm.id);
    html! {
        article id={ "alarm-" (alarm.id) } class=(class) data-kind=(alarm.kind.name()) aria-labelledby=(heading)
            data-answered=[(!unanswered).then_some("1")] {
            h2 id=(heading) {
                @if let Some(row) = terminal { (row.block) " " (row.cell) " · " }
                (kind_text(words, alarm.kind))
                @if alarm.kind == AlarmKind::Camera { ": " (camera(words, &alarm.detail)) }
            }
            @if alarm.kind == AlarmKind::Danger { (in_danger(words, &alarm.detail)) }
            @if alarm.kind == AlarmKind::Silent { p.wait { (words.t("desk-alarm-silent-what")) } }
            (times(words, alarm, offset, now_ms))
            @if alarm.fine_ms.is_some() { p.wait { (words.t("desk-alarm-fine")) } }
            @if alarm.over_ms.is_some() { p.done { (words.t("desk-alarm-over")) } }
            @if unanswered && alarm.level > 0 {
                p.wait { (words.t(if alarm.level > 1 { "desk-alarm-director" } else { "desk-alarm-next-post" })) }
            }
            @if officer.may(Right::AnswerAlarm) { (deeds(words, officer, alarm)) }
        }
    }
}

fn times(words: Words, alarm: &AlarmRow, offset: i16, now_ms: i64) -> Markup {
    let clock = |ms: i64| words.clock(ms, offset);
    let at = clock(alarm.raised_ms);
    let at = match alarm.trust {
        Trust::Synced => at,
        Trust::Estimated | Trust::Unsynced => words.f("desk-time-unverified", &[("time", at.into())]),
    };
    let done = [
        ("desk-alarm-acknowledged", &alarm.acknowledged),
        ("desk-alarm-coming", &alarm.coming),
        ("desk-alarm-arrived", &alarm.arrived),
    ];
    html! {
        dl.facts {
            dt { (words.t("desk-alarm-raised")) } dd { (at) }
            dt { (words.t("desk-alarm-received")) }
            dd {
                time datetime=(machine(alarm.received_ms)) { (clock(alarm.received_ms)) }
                @if alarm.acknowledged.is_none() {
                    " · " (words.f("desk-alarm-waits", &[("span", words.span(now_ms - alarm.received_ms).into())]))
                }
            }
            @if alarm.presses > 1 {
                dt { (words.t("desk-alarm-presses")) }
                dd {
                    (words.f("desk-alarm-presses-last", &[("count", (alarm.presses as i64).into()),
                        ("time", clock(alarm.pressed_ms).into())]))
                }
            }
            @for (text, done) in done {
                @if let Some((ms, who)) = done {
                    dt { (words.t(text)) } dd { time datetime=(machine(*ms)) { (clock(*ms)) } " · " (who) }
                }
            }
        }
    }
}

fn deeds(words: Words, officer: &Officer, alarm: &AlarmRow) -> Markup {
    let form = |deed: &str, more: Markup, class: &str| {
        html! {
            form.row method="post" action="/alarms" {
                (layout::token(officer))
                input type="hidden" name="device" value=(alarm.device);
                input type="hidden" name="alarm" value=(alarm.id);
                input type="hidden" name="deed" value=(deed);
                (more)
                button class=(class) id={ (deed) "-" (alarm.id) } type="submit" {
                    (words.f("desk-alarm-deed", &[("deed", deed.into())]))
                }
            }
        }
    };
    let field = |name: &str, text: &str| {
        let id = format!("{name}-words-{}", alarm.id);
        html! {
            div {
                label for=(id) { (words.t(text)) }
                input id=(id) name="words" type="text" maxlength=(WORDS_MAX) required autocomplete="off";
            }
        }
    };
    html! {
        div.deeds {
            @if alarm.acknowledged.is_none() { (form("acknowledge", html! {}, "")) }
            @if alarm.arrived.is_none() {
                (form("send", field("send", "desk-alarm-whom"), "plain"))
                (form("arrive", html! {}, "plain"))
            }
            (form("close", field("close", "desk-alarm-note"), "plain"))
        }
    }
}

fn past(words: Words, closed: &[AlarmRow], terminals: &[TerminalRow]) -> Markup {
    html! {
        @if !closed.is_empty() {
            div.wide {
                table id="alarms-closed" {
                    caption { (words.f("desk-alarms-closed", &[("count", (CLOSED_MAX as i64).into())])) }
                    (heads(words, &["desk-cell", "desk-alarm", "desk-alarm-raised", "desk-alarm-acknowledged",
                        "desk-alarm-arrived", "desk-alarm-closed", "desk-alarm-note"]))
                    tbody { @for alarm in closed { (past_row(words, alarm, terminals)) } }
                }
            }
        }
    }
}

fn past_row(words: Words, alarm: &AlarmRow, terminals: &[TerminalRow]) -> Markup {
    let terminal = terminals.iter().find(|row| row.id == alarm.terminal);
    let offset = terminal.map_or(OFFSET_MIN, |row| row.utc_offset_min);
    let done = |done: &Option<(i64, String)>| match done {
        Some((ms, who)) => format!("{} · {who}", words.clock(*ms, offset)),
        None => words.t("desk-none"),
    };
    html! {
        tr id={ "alarm-" (alarm.id) } {
            td { @if let Some(row) = terminal { (row.block) " " (row.cell) } }
            th scope="row" { (kind_text(words, alarm.kind)) }
            td { (words.at(alarm.raised_ms, offset)) }
            td { (done(&alarm.acknowledged)) }
            td { (done(&alarm.arrived)) }
            td { (done(&alarm.closed_ms.zip(alarm.closed_by.clone()))) }
            td { (alarm.note.as_deref().unwrap_or_default()) }
        }
    }
}

fn kind_text(words: Words, kind: AlarmKind) -> String {
    words.f("desk-alarm-kind", &[("kind", kind.name().into())])
}

/// Who, if they are of the cell, and which danger: whoever goes there has to find them.
fn in_danger(words: Words, detail: &str) -> Markup {
    let Ok(told) = serde_json::from_str::<InDanger>(detail) else { return html! {} };
    let danger = |danger: &Danger| words.f("desk-danger", &[("danger", danger.name().into())]);
    let dangers: Vec<String> = told.dangers.iter().map(danger).collect();
    html! {
        p.in-danger {
            strong {
                @match &told.person {
                    Some((name, badge_number)) => { (name) " " (badge_number) },
                    None => (words.t("desk-danger-nobody")),
                }
            }
            @if !dangers.is_empty() { " · " (dangers.join(&words.t("desk-care-comma"))) }
        }
    }
}

fn camera(words: Words, name: &str) -> String {
    let state = serde_json::from_value(name.into()).ok();
    state.map_or_else(|| words.t("desk-none"), |state| words.t(camera_text(state)))
}

/// What an officer does with an alarm; the deed and its line in the audit are one transaction.
pub(super) async fn act(State(desk): Shared, posted: Posted) -> Result<Response, Wrong> {
    let (device, alarm): (DeviceId, EventId) = (posted.get("device")?, posted.get("alarm")?);
    let said = || {
        let said = posted.text("words").map(str::trim).filter(|said| !said.is_empty()).ok_or(Wrong::Form)?;
        if said.chars().count() > WORDS_MAX { Err(Wrong::Form) } else { Ok(said) }
    };
    let (deed, action) = match posted.text("deed") {
        Some("acknowledge") => (Deed::Acknowledge, "alarm_acknowledge"),
        Some("send") => (Deed::Send(said()?), "alarm_send"),
        Some("arrive") => (Deed::Arrive, "alarm_arrive"),
        Some("close") => (Deed::Close(said()?), "alarm_close"),
        Some(_) | None => return Err(Wrong::Form),
    };
    let now_ms = desk.core.clock.now_ms();
    let by = &posted.officer.name;
    let mut write = desk.core.tables.write().await?;
    let row = rows::one(&mut write, device, alarm).await?.ok_or(Wrong::NotFound)?;
    if alarms::act(&mut write, device, alarm, deed, by, now_ms).await? {
        desk_rows::audit(&mut write, by, action, &alarm.to_string(), now_ms).await?;
        write.commit().await?;
        desk.core.bells.alarms.ring();
        desk.core.bells.ring(row.terminal);
    }
    Ok(Redirect::to("/alarms").into_response())
}
