// SPDX-License-Identifier: GPL-3.0-only
//! Parked events: kept as they came, without an effect. What may be tried again has a button for who may;
//! what only can be evidence says why. Bodies are not shown.

use super::layout::{self, Tab};
use super::lists::{ROWS_MAX, heads};
use super::login::{Officer, Posted};
use super::rights::Right;
use super::words::{OFFSET_MIN, Words, machine};
use super::{Shared, Wrong};
use crate::Fault;
use crate::replay::{self, Refusal};
use crate::tables::devices::{self, TerminalRow};
use crate::tables::events::LaneKey;
use crate::tables::parked::{self, Open, ParkedRow};
use crate::tables::{Conn, column, desk as rows};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use contract::{KINDS, Lane, Trust};
use maud::{Markup, html};

/// What is shown of the name of a kind that is not known here, in letters.
const KIND_LETTERS_MAX: usize = 60;

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    /// What was just done.
    said: Option<String>,
}

/// What the page shows.
struct List {
    rows: Vec<ParkedRow>,
    open: Open,
    terminals: Vec<TerminalRow>,
}

impl List {
    async fn read(conn: &mut Conn) -> Result<Self, Fault> {
        Ok(Self {
            rows: parked::list(conn, ROWS_MAX).await?,
            open: parked::open(conn).await?,
            terminals: devices::terminals(conn).await?,
        })
    }
}

pub(super) async fn page(
    State(desk): Shared,
    words: Words,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> Result<Markup, Wrong> {
    let mut read = desk.core.tables.read().await?;
    let list = List::read(&mut read).await?;
    drop(read);
    let said = (asked.said.as_deref() == Some("replayed")).then(|| {
        html! { p.said id="said" role="status" { (words.t("desk-parked-said-replayed")) } }
    });
    Ok(whole(words, &officer, &list, said))
}

/// One try. Whether it succeeded or not, who asked for it is in the audit, in the same transaction.
pub(super) async fn replay(State(desk): Shared, words: Words, posted: Posted) -> Result<Response, Wrong> {
    let by = &posted.officer.name;
    let lane = posted.text("lane").and_then(Lane::of).ok_or(Wrong::Form)?;
    let key = LaneKey { device: posted.get("device")?, epoch: posted.get("epoch")?, lane };
    let seq: u64 = posted.get("seq")?;
    column(seq).map_err(|_| Wrong::Form)?;
    let now_ms = desk.core.clock.now_ms();
    let object = format!("{} {} {} {seq}", key.device, key.epoch, lane.name());
    let mut write = desk.core.tables.write().await?;
    let refusal = match replay::again(&mut write, key, seq, by, now_ms).await? {
        Ok(news) => {
            rows::audit(&mut write, by, "replay", &object, now_ms).await?;
            write.commit().await?;
            if let Some(terminal) = news {
                desk.core.bells.ring(terminal);
            }
            if lane == Lane::Care {
                desk.core.bells.care.ring();
            }
            return Ok(Redirect::to("/parked?said=replayed").into_response());
        }
        Err(Refusal::Unknown) => return Err(Wrong::NotFound),
        Err(refusal) => refusal,
    };
    rows::audit(&mut write, by, "replay_refused", &object, now_ms).await?;
    let list = List::read(&mut write).await?;
    write.commit().await?;
    let why = match &refusal {
        Refusal::Done | Refusal::Unknown => words.t("desk-parked-done-before"),
        Refusal::Never(code) => words.f("desk-parked-never", &[("why", why(words, code).into())]),
        Refusal::Failed(code) => words.f("desk-parked-failed", &[("why", why(words, code).into())]),
    };
    let said = html! { p.wrong id="wrong" role="alert" { (why) } };
    Ok((StatusCode::CONFLICT, whole(words, &posted.officer, &list, Some(said))).into_response())
}

fn whole(words: Words, officer: &Officer, list: &List, said: Option<Markup>) -> Markup {
    let title = words.t("desk-nav-parked");
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let body = html! {
        h1 { (title) }
        @if let Some(said) = said { (said) }
        p id="parked-open" data-count=(list.open.events) {
            (words.f("desk-parked-open", &[("count", number(list.open.events).into())]))
        }
        @if list.open.evidence > 0 {
            p.quiet { (words.f("desk-parked-evidence", &[("count", number(list.open.evidence).into())])) }
        }
        p.quiet { (words.t("desk-parked-what")) }
        @if list.rows.is_empty() { p id="parked-empty" { (words.t("desk-parked-empty")) } }
        @else {
            div.wide {
                table id="parked" {
                    caption { (words.f("desk-parked-caption", &[("count", (ROWS_MAX as i64).into())])) }
                    (heads(words, &["desk-cell", "desk-parked-kind", "desk-parked-why", "desk-lane",
                        "desk-parked-number", "desk-time", "desk-received", "desk-parked-body", "desk-parked-state"]))
                    tbody { @for row in &list.rows { (line(words, officer, list, row)) } }
                }
            }
        }
    };
    layout::page(words, Some(officer), Tab::Parked, &title, &body)
}

fn line(words: Words, officer: &Officer, list: &List, row: &ParkedRow) -> Markup {
    let terminal = list.terminals.iter().find(|terminal| terminal.id == row.terminal);
    let offset = terminal.map_or(OFFSET_MIN, |row| row.utc_offset_min);
    let at = words.at(row.wall_ms, offset);
    let at = match row.trust {
        Trust::Synced => at,
        Trust::Estimated | Trust::Unsynced => words.f("desk-time-unverified", &[("time", at.into())]),
    };
    html! {
        tr id={ "parked-" (row.event) } data-code=(row.state.code) {
            td { @if let Some(row) = terminal { (row.block) " " (row.cell) } }
            th scope="row" id={ "parked-kind-" (row.event) } { (kind(words, &row.kind)) }
            td { (why(words, &row.state.code)) }
            td { (words.lane(row.key.lane)) }
            td { (words.f("desk-parked-place", &[
                ("epoch", i64::from(row.key.epoch).into()), ("seq", row.seq.to_string().into()),
            ])) }
            td { (at) }
            td { time datetime=(machine(row.received_ms)) { (words.at(row.received_ms, offset)) } }
            td { (words.t(if row.withheld { "desk-parked-body-withheld" } else { "desk-parked-body-here" })) }
            td { (state(words, officer, row, offset)) }
        }
    }
}

fn state(words: Words, officer: &Officer, row: &ParkedRow, offset: i16) -> Markup {
    let event = row.event;
    html! {
        @if let Some((ms, by)) = &row.state.replayed {
            span.done id={ "replayed-" (event) } {
                (words.f("desk-parked-replayed", &[
                    ("name", by.as_str().into()), ("time", words.at(*ms, offset).into()),
                ]))
            }
        } @else if row.state.evidence {
            span id={ "never-" (event) } { (words.t("desk-parked-only-evidence")) }
        } @else if officer.may(Right::ReplayParked) {
            form.inline method="post" action="/parked/replay" {
                (layout::token(officer))
                input type="hidden" name="device" value=(row.key.device);
                input type="hidden" name="epoch" value=(row.key.epoch);
                input type="hidden" name="lane" value=(row.key.lane.name());
                input type="hidden" name="seq" value=(row.seq);
                button.plain id={ "replay-" (event) } type="submit" aria-describedby={ "parked-kind-" (event) } {
                    (words.t("desk-parked-again"))
                }
            }
        } @else {
            span.wait { (words.t("desk-parked-waits")) }
        }
    }
}

fn why(words: Words, code: &str) -> String {
    words.f("desk-parked-code", &[("code", code.into())])
}

/// The kind in words, or what an unknown one calls itself.
fn kind(words: Words, kind: &str) -> Markup {
    let known = KINDS.iter().any(|(known, _)| *known == kind);
    let name = kind.split('/').next().unwrap_or_default().replace('.', "_");
    let shown: String = kind.chars().take(KIND_LETTERS_MAX).collect();
    html! {
        @if known { (words.f("desk-kind", &[("kind", name.into())])) }
        @else { (words.t("desk-kind-unknown")) }
        " " code { (shown) }
    }
}
