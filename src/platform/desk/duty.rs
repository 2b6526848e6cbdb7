// SPDX-License-Identifier: GPL-3.0-only
//! 值班: who is on duty in a cell now, what waits for an answer, how often each person serves. The rota itself is in
//! `rota.rs`. A gap is shown with its times and names nobody.

use super::layout::{self, Tab};
use super::lists::heads;
use super::login::{Officer, Posted};
use super::rights::Right;
use super::rota;
use super::words::{Words, machine};
use super::{Shared, Wrong};
use crate::duty;
use crate::reports::Names;
use crate::tables::Conn;
use crate::tables::desk as desk_rows;
use crate::tables::devices::{self, TerminalRow};
use crate::tables::duty::{self as rows, Answer, FactKind, FactRow};
use crate::{Fault, tables};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use contract::{Collection, DutyAnswer, DutyGap, DutyHandedOver, EventId, Member, TerminalId};
use i18n::Arg;
use maud::{Markup, html};

/// Most facts looked at for one page.
const FACTS_MAX: u32 = 300;
/// How often people serve is counted over so many days.
const SERVED_DAYS: i64 = 28;
const DAY_MS: i64 = 86_400_000;
/// Longest note, in characters.
const NOTE_MAX: usize = 200;

/// Every cell with the way to its page.
pub(super) async fn cells(State(desk): Shared, words: Words, officer: Officer) -> Result<Markup, Wrong> {
    let mut read = desk.core.tables.read().await?;
    let mut cells = Vec::new();
    for terminal in devices::terminals(&mut read).await? {
        let facts = rows::newest(&mut read, terminal.id, FACTS_MAX).await?;
        let open = facts.iter().filter(|fact| waits(fact)).count();
        cells.push((terminal, open));
    }
    drop(read);
    let title = words.t("desk-nav-duty");
    let body = html! {
        h1 { (title) }
        section.card {
            div.wide {
                table id="duty-cells" {
                    caption { (words.t("desk-duty-cells")) }
                    (heads(words, &["desk-cell", "desk-duty-open"]))
                    tbody {
                        @for (terminal, open) in &cells {
                            tr {
                                th scope="row" {
                                    a href={ "/duty/" (terminal.id) } { (terminal.block) " " (terminal.cell) }
                                }
                                td { (open) }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(layout::page(words, Some(&officer), Tab::Duty, &title, &body))
}

pub(super) async fn page(
    State(desk): Shared,
    words: Words,
    officer: Officer,
    Path(terminal): Path<String>,
) -> Result<Markup, Wrong> {
    let terminal: TerminalId = terminal.parse().map_err(|_| Wrong::NotFound)?;
    let now_ms = desk.core.clock.now_ms();
    let mut read = desk.core.tables.read().await?;
    let row = devices::terminal(&mut read, terminal).await?.ok_or(Wrong::NotFound)?;
    let facts = rows::newest(&mut read, terminal, FACTS_MAX).await?;
    let rotas = duty::rotas(&mut read, terminal).await?;
    let members = members(&mut read, terminal).await?;
    let mut names = Names::default();
    let now = now(&mut read, words, &row, (&rotas, &facts), &mut names, now_ms).await?;
    let matters = matters(&mut read, words, &officer, &row, &facts, &mut names).await?;
    let served = served(&mut read, words, terminal, &mut names, now_ms).await?;
    drop(read);
    let title = format!("{} · {} {}", words.t("desk-nav-duty"), row.block, row.cell);
    let body = html! {
        h1 { (title) }
        (now)
        (matters)
        (rota::section(words, &officer, &row, &rotas, &members))
        (served)
    };
    Ok(layout::page(words, Some(&officer), Tab::Duty, &title, &body))
}

/// Answers a gap, a handover, a swap or a call for help. The first answer counts.
pub(super) async fn answer(
    State(desk): Shared,
    Path(terminal): Path<String>,
    posted: Posted,
) -> Result<Response, Wrong> {
    let terminal: TerminalId = terminal.parse().map_err(|_| Wrong::NotFound)?;
    let subject: EventId = posted.get("subject")?;
    let said = posted.text("answer").and_then(DutyAnswer::of).ok_or(Wrong::Form)?;
    let note = posted.text("note").map(str::trim).unwrap_or_default();
    let now_ms = desk.core.clock.now_ms();
    let mut write = desk.core.tables.write().await?;
    let fact = rows::one(&mut write, terminal, subject).await?.ok_or(Wrong::NotFound)?;
    let needs_note = fact.kind == FactKind::Gap;
    let refused = said == DutyAnswer::Refused && fact.kind != FactKind::Swap;
    if !is_asked(fact.kind) || refused || note.chars().count() > NOTE_MAX || needs_note && note.is_empty() {
        return Err(Wrong::Form);
    }
    let said = Answer { answer: said, by: &posted.officer.name, note, at_ms: now_ms };
    if duty::answer_at_desk(&mut write, terminal, subject, &said).await? {
        desk_rows::audit(&mut write, &posted.officer.name, "duty_answer", &subject.to_string(), now_ms)
            .await?;
        write.commit().await?;
        desk.core.bells.ring(terminal);
    }
    Ok(Redirect::to(&format!("/duty/{terminal}")).into_response())
}

/// The people of a cell who are not deleted.
pub(super) async fn members(conn: &mut Conn, terminal: TerminalId) -> Result<Vec<Member>, Fault> {
    let items = tables::feed::all(conn, terminal, Collection::Member).await?;
    let member = |item: contract::FeedItem| serde_json::from_value(item.body);
    let members: Result<Vec<Member>, _> = items.into_iter().map(member).collect();
    let mut members = members.map_err(|_| Fault::Stored("member"))?;
    members.sort_by(|a, b| a.badge_number.cmp(&b.badge_number));
    Ok(members)
}

/// Whether an officer is asked at all.
fn is_asked(kind: FactKind) -> bool {
    match kind {
        FactKind::Gap | FactKind::Unwell | FactKind::Swap | FactKind::Handover => true,
        FactKind::SignOn | FactKind::Confirm | FactKind::OfficerCheck => false,
    }
}

fn waits(fact: &FactRow) -> bool {
    is_asked(fact.kind) && fact.answer.is_none()
}

async fn now(
    conn: &mut Conn,
    words: Words,
    row: &TerminalRow,
    (rotas, facts): (&[(String, contract::Rota)], &[FactRow]),
    names: &mut Names,
    now_ms: i64,
) -> Result<Markup, Fault> {
    let mut lines = Vec::new();
    if let Some((_, rota)) = rotas.iter().rfind(|(_, rota)| rota.from_ms <= now_ms) {
        let cycle = u32::try_from((now_ms - rota.from_ms) / rota.cycle_ms().max(1)).unwrap_or_default();
        for shift in &rota.shifts {
            let begins_ms = rota.begins_ms(shift, cycle);
            let ends_ms = begins_ms.saturating_add(i64::from(shift.minutes) * 60_000);
            if !(begins_ms..ends_ms).contains(&now_ms) {
                continue;
            }
            let of_turn = |fact: &&FactRow| {
                fact.kind == FactKind::SignOn && fact.turn.shift == shift.shift && fact.turn.cycle == cycle
            };
            let signed: Vec<_> = facts.iter().filter(of_turn).filter_map(|fact| fact.detainee).collect();
            let missing = shift.people.iter().filter(|person| !signed.contains(person));
            let all = signed.iter().map(|id| (*id, true)).chain(missing.map(|id| (*id, false)));
            for (id, is_on) in all.collect::<Vec<_>>() {
                let (name, badge) = names.of(conn, id.to_string()).await?;
                lines.push((shift.title.as_str().to_owned(), begins_ms, ends_ms, name, badge, is_on));
            }
        }
    }
    let repeated =
        rotas.last().is_some_and(|(_, rota)| now_ms >= rota.from_ms.saturating_add(rota.cycle_ms()));
    let time = |ms: i64| words.clock(ms, row.utc_offset_min);
    Ok(html! {
        section.card aria-labelledby="now-heading" {
            h2 id="now-heading" { (words.t("desk-duty-now")) }
            @if repeated { p.wait id="repeated" { (words.t("desk-duty-repeated")) } }
            @if lines.is_empty() { p id="now-empty" { (words.t("desk-duty-now-empty")) } }
            @else {
                div.wide {
                    table id="now" {
                        caption { (words.t("desk-duty-now-caption")) }
                        (heads(words, &["desk-duty-shift", "desk-time", "desk-person", "desk-badge", "desk-duty-state"]))
                        tbody {
                            @for (title, begins_ms, ends_ms, name, badge, is_on) in &lines {
                                tr {
                                    th scope="row" { (title) }
                                    td { (time(*begins_ms)) "–" (time(*ends_ms)) }
                                    td { (name) }
                                    td { (badge) }
                                    td { (words.t(if *is_on { "desk-duty-on" } else { "desk-duty-not-on" })) }
                                }
                            }
                        }
                    }
                }
            }
        }
    })
}

async fn matters(
    conn: &mut Conn,
    words: Words,
    officer: &Officer,
    row: &TerminalRow,
    facts: &[FactRow],
    names: &mut Names,
) -> Result<Markup, Fault> {
    let mut lines = Vec::new();
    for fact in facts.iter().filter(|fact| is_asked(fact.kind)) {
        lines.push((fact, told(conn, words, fact, names).await?));
    }
    lines.sort_by_key(|(fact, _)| fact.answer.is_some());
    let offset = row.utc_offset_min;
    let time = |ms: i64| html! { time datetime=(machine(ms)) { (words.at(ms, offset)) } };
    Ok(html! {
        section.card aria-labelledby="matters-heading" {
            h2 id="matters-heading" { (words.t("desk-duty-matters")) }
            @if lines.is_empty() { p id="matters-empty" { (words.t("desk-duty-matters-empty")) } }
            @else {
                div.wide {
                    table id="matters" {
                        caption { (words.t("desk-duty-matters-caption")) }
                        (heads(words, &["desk-duty-matter", "desk-time", "desk-duty-ended", "desk-task-answer"]))
                        tbody {
                            @for (fact, told) in &lines {
                                tr id={ "matter-" (fact.event) } data-kind=(fact.kind.name())
                                    class=[waits(fact).then_some("alarm")] {
                                    th scope="row" id={ "matter-what-" (fact.event) } { (told) }
                                    td { (time(fact.at_ms)) }
                                    td {
                                        @match (fact.kind, fact.ended_ms) {
                                            (_, Some(ms)) => (time(ms)),
                                            (FactKind::Gap, None) => (words.t("desk-duty-goes-on")),
                                            (_, None) => (words.t("desk-none")),
                                        }
                                    }
                                    td { (answer_cell(words, officer, row.id, fact)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    })
}

/// What happened, in words; names only where somebody did something.
async fn told(conn: &mut Conn, words: Words, fact: &FactRow, names: &mut Names) -> Result<String, Fault> {
    let mut who = String::new();
    if let Some(detainee) = fact.detainee {
        who = names.of(conn, detainee.to_string()).await?.0;
    }
    let mut args: Vec<(&str, Arg)> = vec![("name", who.into())];
    let (kind, more) = match fact.kind {
        FactKind::Gap => {
            let gap: DutyGap = serde_json::from_str(&fact.body).map_err(|_| Fault::Stored("gap"))?;
            args.extend([("on", gap.on_duty.into()), ("needed", gap.needed.into())]);
            (gap.gap.name(), String::new())
        }
        FactKind::Swap => {
            let swap = duty::swap_of(fact)?;
            let other = names.of(conn, swap.second.to_string()).await?.0;
            args.push(("other", other.into()));
            (fact.kind.name(), String::new())
        }
        FactKind::Handover => {
            let said: DutyHandedOver =
                serde_json::from_str(&fact.body).map_err(|_| Fault::Stored("handover"))?;
            (fact.kind.name(), format!(" · {}", said.remark))
        }
        FactKind::Unwell | FactKind::SignOn | FactKind::Confirm | FactKind::OfficerCheck => {
            (fact.kind.name(), String::new())
        }
    };
    args.push(("kind", kind.into()));
    Ok(words.f("desk-duty-told", &args) + &more)
}

fn answer_cell(words: Words, officer: &Officer, terminal: TerminalId, fact: &FactRow) -> Markup {
    if let Some(answer) = fact.answer {
        let by = fact.answered_by.as_deref().unwrap_or_default();
        let said = words.f("desk-duty-answered", &[("answer", answer.name().into()), ("name", by.into())]);
        return html! { (said) @if let Some(note) = fact.note.as_deref().filter(|note| !note.is_empty()) { " · " (note) } };
    }
    if !officer.may(Right::AnswerDuty) {
        return html! { (words.t("desk-duty-waits")) };
    }
    let described = format!("matter-what-{}", fact.event);
    let swap = fact.kind == FactKind::Swap;
    html! {
        form.row method="post" action={ "/duty/" (terminal) "/answer" } {
            (layout::token(officer))
            input type="hidden" name="subject" value=(fact.event);
            @if swap { input type="hidden" name="note" value=""; }
            @else {
                div {
                    label for={ "note-" (fact.event) } { (words.t("desk-task-result")) }
                    input id={ "note-" (fact.event) } name="note" type="text" maxlength=(NOTE_MAX)
                        required[fact.kind == FactKind::Gap];
                }
            }
            button.plain type="submit" name="answer" value="confirmed" aria-describedby=(described) {
                (words.t(if swap { "desk-duty-approve" } else { "desk-task-done" }))
            }
            @if swap {
                button.plain type="submit" name="answer" value="refused" aria-describedby=(described) {
                    (words.t("desk-duty-refuse"))
                }
            }
        }
    }
}

/// How often each person came on duty: one who serves for others shows.
async fn served(
    conn: &mut Conn,
    words: Words,
    terminal: TerminalId,
    names: &mut Names,
    now_ms: i64,
) -> Result<Markup, Fault> {
    let mut lines = Vec::new();
    for (id, turns) in rows::served(conn, terminal, now_ms.saturating_sub(SERVED_DAYS * DAY_MS)).await? {
        let (name, badge) = names.of(conn, id).await?;
        lines.push((name, badge, turns));
    }
    Ok(html! {
        section.card aria-labelledby="served-heading" {
            h2 id="served-heading" { (words.f("desk-duty-served", &[("days", SERVED_DAYS.into())])) }
            @if lines.is_empty() { p id="served-empty" { (words.t("desk-duty-served-empty")) } }
            @else {
                div.wide {
                    table id="served" {
                        caption { (words.t("desk-duty-served-caption")) }
                        (heads(words, &["desk-person", "desk-badge", "desk-duty-turns"]))
                        tbody {
                            @for (name, badge, turns) in &lines {
                                tr { th scope="row" { (name) } td { (badge) } td { (turns) } }
                            }
                        }
                    }
                }
            }
        }
    })
}
