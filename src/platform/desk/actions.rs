// SPDX-License-Identifier: GPL-3.0-only
//! What can be done at the desk. Each action and its line in the audit are one transaction.

use super::layout::{self, Tab};
use super::live::TITLES;
use super::login::Posted;
use super::rights::Right;
use super::words::Words;
use super::{Shared, Wrong};
use crate::enrol;
use crate::roll_calls::{self, Refusal};
use crate::tables::roll_calls::{self as call_rows, NoticeKind};
use crate::tables::{desk as rows, devices, tasks};
use crate::tasks::TaskKind;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use contract::{CallId, DeviceId, TerminalId};
use i18n::{Catalogue, Lang};
use maud::html;

pub(super) async fn start(State(desk): Shared, posted: Posted) -> Result<Response, Wrong> {
    let officer = &posted.officer;
    let terminal: TerminalId = posted.get("terminal")?;
    let title = TITLES.into_iter().find(|title| posted.text("title") == Some(title)).ok_or(Wrong::Form)?;
    let title = Catalogue::of(Lang::ZhCn).text(title);
    let now_ms = desk.core.clock.now_ms();
    let mut write = desk.core.tables.write().await?;
    devices::terminal(&mut write, terminal).await?.ok_or(Wrong::Form)?;
    match roll_calls::ask(&mut write, terminal, &title, &officer.name, now_ms, now_ms).await? {
        Ok(call) => {
            rows::audit(&mut write, &officer.name, "start", &call.to_string(), now_ms).await?;
            write.commit().await?;
            desk.core.bells.ring(terminal);
            Ok(Redirect::to("/?said=started").into_response())
        }
        Err(Refusal::Busy | Refusal::TooLate | Refusal::Unknown) => {
            Ok(Redirect::to("/?said=busy").into_response())
        }
    }
}

pub(super) async fn cancel(
    State(desk): Shared,
    Path((terminal, call)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Wrong> {
    let officer = &posted.officer;
    let (Ok(terminal), Ok(call)) = (terminal.parse::<TerminalId>(), call.parse::<CallId>()) else {
        return Err(Wrong::NotFound);
    };
    let now_ms = desk.core.clock.now_ms();
    let mut write = desk.core.tables.write().await?;
    match roll_calls::cancel(&mut write, terminal, call, &officer.name, now_ms).await? {
        Ok(()) => {
            rows::audit(&mut write, &officer.name, "cancel", &call.to_string(), now_ms).await?;
            write.commit().await?;
            desk.core.bells.ring(terminal);
            Ok(Redirect::to("/?said=cancelled").into_response())
        }
        Err(Refusal::Unknown) => Err(Wrong::NotFound),
        Err(Refusal::TooLate | Refusal::Busy) => Ok(Redirect::to("/?said=too-late").into_response()),
    }
}

pub(super) async fn see(State(desk): Shared, posted: Posted) -> Result<Response, Wrong> {
    let (device, event): (DeviceId, contract::EventId) = (posted.get("device")?, posted.get("event")?);
    let kind = posted.text("kind").ok_or(Wrong::Form)?;
    if !posted.officer.may(answers(NoticeKind::of(kind).ok_or(Wrong::Form)?)) {
        return Err(Wrong::Forbidden);
    }
    let now_ms = desk.core.clock.now_ms();
    let mut write = desk.core.tables.write().await?;
    if call_rows::see(&mut write, device, event, kind, &posted.officer.name, now_ms).await? {
        let answered = TaskKind::ALL.into_iter().filter(|kind| kind.is_answered_by_seeing());
        let answered: Vec<TaskKind> = answered.collect();
        if let Some(row) = devices::device(&mut write, device).await? {
            tasks::close(&mut write, &answered, &event.to_string(), row.terminal, "seen", now_ms).await?;
        }
        rows::audit(&mut write, &posted.officer.name, "see", &event.to_string(), now_ms).await?;
        write.commit().await?;
    }
    Ok(Redirect::to("/notices").into_response())
}

/// What somebody needs to answer a notice of this kind.
pub(super) fn answers(kind: NoticeKind) -> Right {
    match kind {
        NoticeKind::Alarm | NoticeKind::OneLeft => Right::AnswerAlarm,
        NoticeKind::Camera
        | NoticeKind::Parked
        | NoticeKind::Fork
        | NoticeKind::Replaced
        | NoticeKind::Trouble => Right::AnswerNotice,
    }
}

pub(super) async fn revoke(State(desk): Shared, posted: Posted) -> Result<Response, Wrong> {
    let device: DeviceId = posted.get("device")?;
    let now_ms = desk.core.clock.now_ms();
    let mut write = desk.core.tables.write().await?;
    if devices::revoke(&mut write, device, now_ms).await? {
        rows::audit(&mut write, &posted.officer.name, "revoke", &device.to_string(), now_ms).await?;
        write.commit().await?;
    }
    Ok(Redirect::to("/terminals").into_response())
}

/// The code is shown on this answer and nowhere else.
pub(super) async fn code(State(desk): Shared, words: Words, posted: Posted) -> Result<Response, Wrong> {
    let terminal: TerminalId = posted.get("terminal")?;
    let now_ms = desk.core.clock.now_ms();
    let mut write = desk.core.tables.write().await?;
    let row = devices::terminal(&mut write, terminal).await?.ok_or(Wrong::Form)?;
    let code = enrol::code(&mut write, terminal, now_ms).await?;
    rows::audit(&mut write, &posted.officer.name, "code", &terminal.to_string(), now_ms).await?;
    write.commit().await?;
    let fingerprint = desk.core.authority.root_fingerprint()?;
    let title = words.t("desk-code-title");
    let (head, tail) = code.split_at(code.len() / 2);
    let until = words.clock(now_ms.saturating_add(enrol::CODE_MS), row.utc_offset_min);
    let body = html! {
        h1 { (title) }
        section.card {
            dl.facts {
                dt { (words.t("desk-cell")) } dd { (row.block) " " (row.cell) }
                dt { (words.t("desk-code")) } dd id="code" { code { (head) "-" (tail) } }
                dt { (words.t("desk-code-until")) } dd { (until) }
                dt { (words.t("desk-root")) } dd id="root-sha256" { code { (fingerprint) } }
            }
            p { (words.t("desk-code-what")) }
            p { a href="/terminals" { (words.t("desk-nav-terminals")) } }
        }
    };
    Ok(layout::page(words, Some(&posted.officer), Tab::Other, &title, &body).into_response())
}
