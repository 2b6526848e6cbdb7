// SPDX-License-Identifier: GPL-3.0-only
//! One roll call in detail: what was received, line by line, and what came after.

use super::layout::{self, Tab};
use super::live::{counts, name, place_name, place_text, state_text};
use super::login::Officer;
use super::words::{Words, machine};
use super::{Shared, Wrong};
use crate::reports::{self, CallReport, LineReport};
use axum::Json;
use axum::extract::{Path, State};
use contract::{CheckReason, How, Outcome};
use maud::{Markup, html};

/// Most roll calls given as JSON.
const RESULTS_MAX: usize = 200;

/// Where a roll call's page is.
pub(super) fn address(report: &CallReport) -> String {
    format!("/roll-calls/{}/{}", report.terminal, report.call)
}

/// The newest roll calls as JSON, for other programs of the facility.
pub(super) async fn results(State(desk): Shared, _officer: Officer) -> Result<Json<Vec<CallReport>>, Wrong> {
    let mut read = desk.core.tables.read().await?;
    Ok(Json(reports::newest(&mut read, RESULTS_MAX, desk.core.clock.now_ms()).await?))
}

pub(super) async fn page(
    State(desk): Shared,
    words: Words,
    officer: Officer,
    Path((terminal, call)): Path<(String, String)>,
) -> Result<Markup, Wrong> {
    let (Ok(terminal), Ok(call)) = (terminal.parse(), call.parse()) else { return Err(Wrong::NotFound) };
    let mut read = desk.core.tables.read().await?;
    let report =
        reports::one(&mut read, terminal, call, desk.core.clock.now_ms()).await?.ok_or(Wrong::NotFound)?;
    drop(read);
    let title = format!("{} {} · {}", report.block, report.cell, report.title);
    let body = html! {
        h1 { (title) }
        section.card aria-labelledby="summary-heading" {
            h2 id="summary-heading" {
                span id="state" data-state=(report.state.name()) { (words.t(state_text(report.state))) }
            }
            @if let Some(total) = &report.total { (counts(words, &report, total)) }
            @if report.unresolved > 0 {
                p.wait { (words.f("desk-unresolved", &[("count", report.unresolved.into())])) }
            }
            @if report.time_unverified { p.wait id="time-unverified" { (words.t("desk-times-unverified")) } }
            (facts(words, &report))
        }
        @if !report.lines.is_empty() { (lines(words, &report)) }
        @if !report.extra.is_empty() { (extra(words, &report)) }
        @if !report.supplements.is_empty() { (supplements(words, &report)) }
    };
    Ok(layout::page(words, Some(&officer), Tab::Other, &title, &body))
}

fn facts(words: Words, report: &CallReport) -> Markup {
    let offset = report.utc_offset_min;
    let time = |ms: i64| html! { time datetime=(machine(ms)) { (words.at(ms, offset)) } };
    html! {
        dl.facts {
            dt { (words.t("desk-number")) } dd id="number" { (report.call.number()) }
            dt { (words.t("desk-begun-by")) }
            dd id="begun-by" {
                @if let Some(officer) = &report.begun_by { (officer) }
                @else if let Some(asked_by) = report.asked_by.as_ref().filter(|name| !name.is_empty()) {
                    (words.f("desk-asked-by", &[("name", asked_by.as_str().into())]))
                }
                @else { (words.t("desk-by-platform")) }
            }
            @if let Some(ms) = report.opens_ms { dt { (words.t("desk-opens")) } dd { (time(ms)) } }
            @if let Some(ms) = report.expires_ms { dt { (words.t("desk-expires")) } dd { (time(ms)) } }
            @if let Some(at) = &report.opened {
                dt { (words.t("desk-opened")) } dd id="opened-at" { (words.stamp(at, offset)) }
            }
            @if let Some(at) = &report.confirmed {
                dt { (words.t("desk-confirmed")) } dd id="confirmed-at" { (words.stamp(at, offset)) }
            }
            @if !report.officers.is_empty() {
                dt { (words.t("desk-signed-by")) } dd id="signed-by" { (report.officers.join(", ")) }
            }
            @if let Some(ms) = report.received_ms {
                dt { (words.t("desk-received")) } dd id="received-at" { (time(ms)) }
            }
            @if let Some(hash) = &report.signed_hash {
                dt { (words.t("desk-signature")) }
                dd id="signature" { (words.t("desk-signature-good")) " " code { (hash) } }
                dt { (words.t("desk-recounts")) } dd { (report.recounts) }
                dt { (words.t("desk-policy-rev")) } dd { (report.policy_rev) }
            }
        }
    }
}

fn lines(words: Words, report: &CallReport) -> Markup {
    html! {
        section.card aria-labelledby="lines-heading" {
            h2 id="lines-heading" { (words.t("desk-lines")) }
            div.wide {
                table id="lines" {
                    caption { (words.t("desk-lines-caption")) }
                    (heads(words))
                    tbody {
                        @for line in &report.lines {
                            tr id={ "line-" (line.detainee) } data-place=(place_name(line.place)) {
                                (cells(words, line, report.utc_offset_min))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn supplements(words: Words, report: &CallReport) -> Markup {
    html! {
        section.card aria-labelledby="supplements-heading" {
            h2 id="supplements-heading" { (words.t("desk-supplements")) }
            p { (words.t("desk-supplements-what")) }
            div.wide {
                table id="supplements" {
                    caption { (words.t("desk-supplements-caption")) }
                    (heads(words))
                    tbody {
                        @for supplement in &report.supplements {
                            tr id={ "supplement-" (supplement.line.detainee) }
                                data-place=(place_name(supplement.line.place)) {
                                (cells(words, &supplement.line, report.utc_offset_min))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn extra(words: Words, report: &CallReport) -> Markup {
    html! {
        section.card aria-labelledby="extra-heading" {
            h2 id="extra-heading" { (words.t("desk-extra")) }
            div.wide {
                table id="extra" {
                    caption { (words.t("desk-extra-caption")) }
                    thead { tr {
                        th scope="col" { (words.t("desk-time")) }
                        th scope="col" { (words.t("desk-officer")) }
                        th scope="col" { (words.t("desk-note")) }
                    } }
                    tbody {
                        @for person in &report.extra {
                            tr {
                                td { (words.stamp(&person.at, report.utc_offset_min)) }
                                td { (person.officer) }
                                td { (person.note) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn heads(words: Words) -> Markup {
    let heads = [
        "desk-badge",
        "desk-person",
        "desk-place",
        "desk-how",
        "desk-time",
        "desk-score",
        "desk-model",
        "desk-tries",
        "desk-officer",
        "desk-reason",
    ];
    html! { thead { tr { @for id in heads { th scope="col" { (words.t(id)) } } } } }
}

fn cells(words: Words, line: &LineReport, offset_min: i16) -> Markup {
    let none = words.t("desk-none");
    let (score, model) = match &line.outcome {
        Some(Outcome::Present(How::Face { score, liveness, model, .. })) => {
            let score = match liveness {
                Some(liveness) => {
                    let args = [
                        ("score", format!("{score:.3}").into()),
                        ("liveness", format!("{liveness:.2}").into()),
                    ];
                    words.f("desk-score-live", &args)
                }
                None => format!("{score:.3}"),
            };
            (score, model.as_str().to_owned())
        }
        Some(
            Outcome::Present(How::Pin { .. } | How::OfficerCheck { .. })
            | Outcome::Out { .. }
            | Outcome::NotSeen { .. },
        )
        | None => (none.clone(), none.clone()),
    };
    html! {
        td { (line.badge_number) }
        th scope="row" { (name(words, line)) }
        td { (words.t(place_text(line.place))) }
        td { (how(words, line).unwrap_or_else(|| none.clone())) }
        td { @match &line.at { Some(at) => (words.stamp(at, offset_min)), None => (none) } }
        td { (score) }
        td { code { (model) } }
        td { @match line.tries { Some(tries) => (tries), None => (none) } }
        td { (line.officer.as_deref().unwrap_or(&none)) }
        td { (reason(words, line, offset_min).unwrap_or_else(|| none.clone())) }
    }
}

fn how(words: Words, line: &LineReport) -> Option<String> {
    Some(words.t(match line.outcome.as_ref()? {
        Outcome::Present(How::Face { challenged: true, .. }) => "desk-how-face-challenged",
        Outcome::Present(How::Face { challenged: false, .. }) => "desk-how-face",
        Outcome::Present(How::Pin { chosen: true }) => "desk-how-pin-chosen",
        Outcome::Present(How::Pin { chosen: false }) => "desk-how-pin",
        Outcome::Present(How::OfficerCheck { .. }) => "desk-how-officer",
        Outcome::Out { .. } => "desk-how-out",
        Outcome::NotSeen { .. } => "desk-how-not-seen",
    }))
}

fn reason(words: Words, line: &LineReport, offset_min: i16) -> Option<String> {
    match line.outcome.as_ref()? {
        Outcome::Present(How::OfficerCheck { reason, .. }) => Some(check_reason(words, reason)),
        Outcome::Present(How::Face { .. } | How::Pin { .. }) => None,
        Outcome::Out { out_reason, since_ms, .. } => {
            let reason = words.f("out-reason", &[("reason", out_reason.name().into())]);
            let time = words.clock(*since_ms, offset_min);
            Some(words.f("desk-out-since", &[("reason", reason.into()), ("time", time.into())]))
        }
        Outcome::NotSeen { reason, .. } => Some(reason.as_str().to_owned()),
    }
}

fn check_reason(words: Words, reason: &CheckReason) -> String {
    let name = match reason {
        CheckReason::Asked => "asked",
        CheckReason::FaceChanged => "face_changed",
        CheckReason::NotEnrolled => "not_enrolled",
        CheckReason::CameraDown => "camera_down",
        CheckReason::InBed => "in_bed",
        CheckReason::NotRecognised => "not_recognised",
        CheckReason::ForgotPin => "forgot_pin",
        CheckReason::Typed(typed) => return typed.as_str().to_owned(),
    };
    words.f("check-reason", &[("reason", name.into())])
}
