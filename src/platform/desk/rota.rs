// SPDX-License-Identifier: GPL-3.0-only
//! The rota of a cell at the desk: a form a day, and next week's after this one's. Whoever keeps a day has approved it.
//! People who are exempt are not offered, and nobody reads why.

use super::duty::members;
use super::layout;
use super::lists::heads;
use super::login::{Officer, Posted};
use super::rights::Right;
use super::words::Words;
use super::{Shared, Wrong};
use crate::tables::desk as desk_rows;
use crate::tables::devices::{self, TerminalRow};
use crate::{duty, feed, rota};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use contract::{Collection, DetaineeId, Member, Rota, Shift, Steward, TerminalId};
use maud::{Markup, html};

/// Places offered for one shift, and for its reserve.
const PLACES: usize = 3;
const RESERVES: usize = 2;
const DAY_MIN: u32 = 24 * 60;
const DAY_MS: i64 = 86_400_000;

/// The rotas with a form a day.
pub(super) fn section(
    words: Words,
    officer: &Officer,
    row: &TerminalRow,
    rotas: &[(String, Rota)],
    members: &[Member],
) -> Markup {
    let may = officer.may(Right::EditRota);
    html! {
        section.card aria-labelledby="rota-heading" {
            h2 id="rota-heading" { (words.t("desk-rota")) }
            @if rotas.is_empty() { p id="rota-empty" { (words.t("desk-rota-empty")) } }
            @for (key, rota) in rotas.iter().rev().take(2).rev() {
                h3 { (words.f("desk-rota-from", &[("day", words.day(rota.from_ms, row.utc_offset_min).into())])) }
                @for day in 0..rota.days {
                    (day_form(words, officer, row, (key, rota), day, members))
                }
            }
            @if may {
                form.row method="post" action={ "/duty/" (row.id) "/week" } {
                    (layout::token(officer))
                    button type="submit" id="rota-next" {
                        (words.t(if rotas.is_empty() { "desk-rota-first" } else { "desk-rota-next" }))
                    }
                }
            }
        }
    }
}

fn day_form(
    words: Words,
    officer: &Officer,
    row: &TerminalRow,
    (key, rota): (&str, &Rota),
    day: u8,
    members: &[Member],
) -> Markup {
    let may = officer.may(Right::EditRota);
    let offset = row.utc_offset_min;
    let day_ms = rota.from_ms.saturating_add(i64::from(day) * DAY_MS);
    let steward = rota.stewards.iter().find(|steward| steward.day == day).map(|steward| steward.detainee);
    let name = words.day(day_ms, offset);
    html! {
        details {
            summary { (name) }
            form method="post" action={ "/duty/" (row.id) "/day" } {
                (layout::token(officer))
                input type="hidden" name="key" value=(key);
                input type="hidden" name="day" value=(day);
                div.wide {
                    table {
                        caption { (words.f("desk-rota-day", &[("day", name.as_str().into())])) }
                        (heads(words, &["desk-duty-shift", "desk-time", "desk-rota-people", "desk-rota-reserve"]))
                        tbody {
                            @for (at, shift) in of_day(rota, day) {
                                @let begins_ms = rota.begins_ms(shift, 0);
                                @let ends_ms = begins_ms.saturating_add(i64::from(shift.minutes) * 60_000);
                                tr {
                                    th scope="row" { (shift.title) }
                                    td { (words.clock(begins_ms, offset)) "–" (words.clock(ends_ms, offset)) }
                                    td {
                                        @for place in 0..PLACES {
                                            (select(words, &format!("s{at}-{place}"), &(place + 1).to_string(),
                                                shift.people.get(place).copied(), members, may))
                                        }
                                    }
                                    td {
                                        @for place in 0..RESERVES {
                                            (select(words, &format!("r{at}-{place}"), &(place + 1).to_string(),
                                                shift.reserve.get(place).copied(), members, may))
                                        }
                                    }
                                }
                            }
                            tr {
                                th scope="row" { (words.t("desk-rota-steward")) }
                                td { (words.t("desk-none")) }
                                td { (select(words, "steward", &words.t("desk-person"), steward, members, may)) }
                                td { (words.t("desk-none")) }
                            }
                        }
                    }
                }
                @if may { button.plain type="submit" { (words.t("desk-rota-keep")) } }
            }
        }
    }
}

fn select(
    words: Words,
    name: &str,
    label: &str,
    chosen: Option<DetaineeId>,
    members: &[Member],
    may: bool,
) -> Markup {
    html! {
        label {
            (label) " "
            select name=(name) disabled[!may] {
                option value="" { (words.t("desk-none")) }
                @for member in members.iter().filter(|one| one.exempt.is_none() || chosen == Some(one.id)) {
                    option value=(member.id) selected[chosen == Some(member.id)] {
                        (member.name) " " (member.badge_number)
                    }
                }
            }
        }
    }
}

/// Keeps a day.
pub(super) async fn day(
    State(desk): Shared,
    Path(terminal): Path<String>,
    posted: Posted,
) -> Result<Response, Wrong> {
    let terminal: TerminalId = terminal.parse().map_err(|_| Wrong::NotFound)?;
    let key = posted.text("key").ok_or(Wrong::Form)?;
    let day: u8 = posted.get("day")?;
    let now_ms = desk.core.clock.now_ms();
    let mut write = desk.core.tables.write().await?;
    let rotas = duty::rotas(&mut write, terminal).await?;
    let mut rota = rotas.into_iter().find(|(one, _)| one == key).ok_or(Wrong::NotFound)?.1;
    let members = members(&mut write, terminal).await?;
    let chosen = |name: &str| -> Result<Option<DetaineeId>, Wrong> {
        let Some(text) = posted.text(name).filter(|text| !text.is_empty()) else { return Ok(None) };
        let id: DetaineeId = text.parse().map_err(|_| Wrong::Form)?;
        members.iter().any(|member| member.id == id).then_some(Some(id)).ok_or(Wrong::Form)
    };
    let shifts: Vec<usize> = of_day(&rota, day).map(|(at, _)| at).collect();
    let each = |list: char, at: usize, places: usize, but: &[DetaineeId]| -> Result<Vec<DetaineeId>, Wrong> {
        let mut ids = Vec::new();
        for place in 0..places {
            let id = chosen(&format!("{list}{at}-{place}"))?;
            ids.extend(id.filter(|id| !ids.contains(id) && !but.contains(id)));
        }
        Ok(ids)
    };
    for at in shifts {
        let people = each('s', at, PLACES, &[])?;
        rota.shifts[at].reserve = each('r', at, RESERVES, &people)?;
        rota.shifts[at].people = people;
    }
    rota.stewards.retain(|steward| steward.day != day);
    rota.stewards.extend(chosen("steward")?.map(|detainee| Steward { day, detainee }));
    if rota.fault().is_some() {
        return Err(Wrong::Form);
    }
    feed::put(&mut write, terminal, Collection::Rota, key, &rota, now_ms).await?;
    let what = format!("{terminal} {key} {day}");
    desk_rows::audit(&mut write, &posted.officer.name, "rota", &what, now_ms).await?;
    write.commit().await?;
    desk.core.bells.ring(terminal);
    Ok(Redirect::to(&format!("/duty/{terminal}#rota-heading")).into_response())
}

/// Makes the cycle after the last one, or the first.
pub(super) async fn week(
    State(desk): Shared,
    Path(terminal): Path<String>,
    posted: Posted,
) -> Result<Response, Wrong> {
    let terminal: TerminalId = terminal.parse().map_err(|_| Wrong::NotFound)?;
    let now_ms = desk.core.clock.now_ms();
    let mut write = desk.core.tables.write().await?;
    let row = devices::terminal(&mut write, terminal).await?.ok_or(Wrong::NotFound)?;
    let members = members(&mut write, terminal).await?;
    let rotas = duty::rotas(&mut write, terminal).await?;
    let today_ms = rota::midnight_ms(now_ms, row.utc_offset_min);
    let made = match rotas.last() {
        None => rota::first(&members, today_ms)?.ok_or(Wrong::Form)?,
        Some((_, last)) => {
            let next = rota::next(last, &members)?;
            // After weeks without one, the next begins today and not in the past.
            Rota { from_ms: next.from_ms.max(today_ms), ..next }
        }
    };
    let key = Words::of(i18n::Lang::default()).day(made.from_ms, row.utc_offset_min);
    feed::put(&mut write, terminal, Collection::Rota, &key, &made, now_ms).await?;
    // Cycles that ended before the running one say nothing any more.
    for (old, _) in rotas.iter().rev().skip(2) {
        feed::remove(&mut write, terminal, Collection::Rota, old, now_ms).await?;
    }
    desk_rows::audit(&mut write, &posted.officer.name, "rota", &format!("{terminal} {key}"), now_ms).await?;
    write.commit().await?;
    desk.core.bells.ring(terminal);
    Ok(Redirect::to(&format!("/duty/{terminal}#rota-heading")).into_response())
}

/// The shifts that begin on a day, with their places in the rota, by time.
fn of_day(rota: &Rota, day: u8) -> impl Iterator<Item = (usize, &Shift)> {
    let day = u32::from(day);
    let mut shifts: Vec<(usize, &Shift)> =
        rota.shifts.iter().enumerate().filter(|(_, shift)| shift.begins_min / DAY_MIN == day).collect();
    shifts.sort_by_key(|(_, shift)| shift.begins_min);
    shifts.into_iter()
}
