// SPDX-License-Identifier: GPL-3.0-only
//! The policy of a cell's terminal: every setting with its range, its unit, where it comes from and who may change it.
//!
//! A change is one setting of one terminal, or of all of them at once; a value that does not fit, alone or beside the
//! others, changes nothing and is said at its row. Each change is a new revision of the feed and a line in the audit.

use super::layout::{self, Tab};
use super::lists::heads;
use super::login::{Officer, Posted};
use super::words::Words;
use super::{Shared, Wrong};
use crate::roll_calls::{self, POLICY_KEY};
use crate::tables::devices::{self, TerminalRow};
use crate::tables::{accounts, desk as rows, feed as truth};
use crate::{Fault, feed};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use contract::{Collection, Policy, Range, SETTINGS, Setting, Source, TerminalId, Unit};
use maud::{Markup, html};

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    /// The setting that was just changed.
    said: Option<String>,
}

/// What stands on the page beside the settings.
struct Told<'a> {
    /// The setting it is about.
    key: &'a str,
    /// What was typed and refused; none when it was kept.
    refused: Option<&'a str>,
}

pub(super) async fn page(
    State(desk): Shared,
    Path(terminal): Path<String>,
    words: Words,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> Result<Markup, Wrong> {
    let terminal: TerminalId = terminal.parse().map_err(|_| Wrong::NotFound)?;
    let mut read = desk.core.tables.read().await?;
    let row = devices::terminal(&mut read, terminal).await?.ok_or(Wrong::NotFound)?;
    let policy = roll_calls::policy(&mut read, terminal).await?;
    let rev = revision(&mut read, terminal).await?;
    drop(read);
    let told = asked.said.as_deref().map(|key| Told { key, refused: None });
    Ok(whole(words, &officer, &row, (&policy, rev), told.as_ref()))
}

/// Changes one setting.
pub(super) async fn set(
    State(desk): Shared,
    Path(terminal): Path<String>,
    words: Words,
    posted: Posted,
) -> Result<Response, Wrong> {
    let terminal: TerminalId = terminal.parse().map_err(|_| Wrong::NotFound)?;
    let setting = posted.text("key").and_then(Setting::of).ok_or(Wrong::Form)?;
    if !may_set(&posted.officer, setting) {
        return Err(Wrong::Forbidden);
    }
    // An unticked box sends nothing.
    let clock = posted.text("value").filter(|_| setting.unit == Unit::MinuteOfDay).and_then(minutes);
    let typed = match setting.range {
        Range::Whole(..) if clock.is_some() => clock.as_deref().unwrap_or_default(),
        Range::Switch => {
            if posted.text("value").is_some() {
                "true"
            } else {
                "false"
            }
        }
        Range::Whole(..) | Range::Number(..) | Range::Text(_) => posted.text("value").ok_or(Wrong::Form)?,
    };
    let now_ms = desk.core.clock.now_ms();
    let mut write = desk.core.tables.write().await?;
    let row = devices::terminal(&mut write, terminal).await?.ok_or(Wrong::NotFound)?;
    let everywhere = posted.text("everywhere").is_some();
    let places = if everywhere { devices::terminals(&mut write).await? } else { vec![row.clone()] };
    for place in &places {
        let policy = roll_calls::policy(&mut write, place.id).await?;
        let Ok(changed) = setting.write(&policy, typed) else {
            let rev = revision(&mut write, place.id).await?;
            let told = Told { key: setting.key, refused: Some(typed) };
            let page = whole(words, &posted.officer, place, (&policy, rev), Some(&told));
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        };
        if changed != policy {
            feed::put(&mut write, place.id, Collection::Policy, POLICY_KEY, &changed, now_ms).await?;
            accounts::outdate(&mut write, place.id).await?;
            let what = format!(
                "{} {} {} -> {}",
                place.id,
                setting.key,
                setting.read(&policy),
                setting.read(&changed)
            );
            rows::audit(&mut write, &posted.officer.name, "policy", &what, now_ms).await?;
        }
    }
    write.commit().await?;
    for place in &places {
        desk.core.bells.ring(place.id);
    }
    Ok(Redirect::to(&format!("/policy/{terminal}?said={0}#{0}", setting.key)).into_response())
}

/// The feed's revision of a terminal's policy; zero before it has any.
async fn revision(conn: &mut crate::tables::Conn, terminal: TerminalId) -> Result<u64, Fault> {
    Ok(truth::get(conn, terminal, Collection::Policy, POLICY_KEY).await?.map_or(0, |item| item.rev))
}

fn may_set(officer: &Officer, setting: &Setting) -> bool {
    setting.may_be_set_by(officer.post)
}

fn whole(
    words: Words,
    officer: &Officer,
    terminal: &TerminalRow,
    (policy, rev): (&Policy, u64),
    told: Option<&Told<'_>>,
) -> Markup {
    let title = words.t("desk-policy");
    let number = i64::try_from(rev).unwrap_or(i64::MAX);
    let body = html! {
        h1 { (title) " · " (terminal.block) " " (terminal.cell) }
        p.quiet { (words.t("desk-policy-what")) }
        p id="policy-rev" { (words.f("desk-policy-revision", &[("rev", number.into())])) }
        div.wide {
            table id="policy" {
                caption { (words.t("desk-policy-caption")) }
                (heads(words, &["desk-policy-setting", "desk-policy-value", "desk-policy-range",
                    "desk-policy-source", "desk-policy-by"]))
                tbody {
                    @for setting in SETTINGS {
                        (line(words, officer, terminal.id, policy, setting, told.filter(|told| told.key == setting.key)))
                    }
                }
            }
        }
    };
    layout::page(words, Some(officer), Tab::Other, &title, &body)
}

fn line(
    words: Words,
    officer: &Officer,
    terminal: TerminalId,
    policy: &Policy,
    setting: &Setting,
    told: Option<&Told<'_>>,
) -> Markup {
    let start = setting.read(&Policy::default());
    let held = setting.read(policy);
    html! {
        tr id=(setting.key) {
            th scope="row" { (words.f("desk-setting", &[("key", word(setting).into())])) }
            td {
                @if let Some(Told { refused: Some(typed), .. }) = told {
                    p.wrong role="alert" { (words.f("desk-policy-refused", &[("typed", (*typed).into())])) }
                } @else if told.is_some() {
                    p.said role="status" { (words.t("desk-policy-kept")) }
                }
                @if may_set(officer, setting) {
                    form.row method="post" action={ "/policy/" (terminal) } {
                        (layout::token(officer))
                        input type="hidden" name="key" value=(setting.key);
                        (field(words, setting, &held))
                        label {
                            input type="checkbox" name="everywhere" value="yes";
                            " " (words.t("desk-policy-everywhere"))
                        }
                        button.plain type="submit" { (words.t("desk-save")) }
                    }
                } @else { (value(words, setting, &held)) }
            }
            td {
                (range(words, setting))
                " · " (words.f("desk-policy-start", &[("value", value(words, setting, &start).into())]))
            }
            td { (source(words, setting.source)) }
            td {
                @for (at, post) in setting.by.iter().enumerate() {
                    @if at > 0 { " · " }
                    (words.f("desk-post", &[("post", post.name().into())]))
                }
            }
        }
    }
}

fn field(words: Words, setting: &Setting, held: &str) -> Markup {
    let label = words.f("desk-setting", &[("key", word(setting).into())]);
    match setting.range {
        Range::Switch => html! {
            label { input type="checkbox" name="value" value="yes" checked[held == "true"]; " " (words.t("desk-yes")) }
        },
        Range::Whole(..) if setting.unit == Unit::MinuteOfDay => html! {
            input type="time" name="value" value=(clock_time(held)) required aria-label=(label);
        },
        Range::Whole(min, max) => html! {
            input type="number" name="value" value=(held) min=(min) max=(max) step="1" required aria-label=(label);
            " " (unit(words, setting.unit))
        },
        Range::Number(min, max) => html! {
            input type="number" name="value" value=(held) min=(min) max=(max) step="any" required aria-label=(label);
            " " (unit(words, setting.unit))
        },
        Range::Text(max) => html! {
            input type="text" name="value" value=(held) maxlength=(max) aria-label=(label);
        },
    }
}

/// A value in words.
fn value(words: Words, setting: &Setting, held: &str) -> String {
    match setting.range {
        Range::Switch => words.t(if held == "true" { "desk-yes" } else { "desk-no" }),
        Range::Text(_) if held.is_empty() => words.t("desk-none"),
        Range::Text(_) => held.to_owned(),
        Range::Whole(..) if setting.unit == Unit::MinuteOfDay => clock_time(held),
        Range::Whole(..) | Range::Number(..) => {
            format!("{held} {}", unit(words, setting.unit)).trim().to_owned()
        }
    }
}

/// `22:00` for 1320 minutes after midnight.
fn clock_time(minutes: &str) -> String {
    minutes
        .parse::<u32>()
        .map_or_else(|_| minutes.to_owned(), |min| format!("{:02}:{:02}", min / 60, min % 60))
}

/// Minutes after midnight for `22:00`; none for what is no time of day.
fn minutes(clock: &str) -> Option<String> {
    let (hours, minutes) = clock.split_once(':')?;
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then(|| (hours * 60 + minutes).to_string())
}

fn range(words: Words, setting: &Setting) -> String {
    match setting.range {
        Range::Whole(min, max) if setting.unit == Unit::MinuteOfDay => {
            format!("{}–{}", clock_time(&min.to_string()), clock_time(&max.to_string()))
        }
        Range::Whole(min, max) => format!("{min}–{max}"),
        Range::Number(min, max) => format!("{min}–{max}"),
        Range::Switch => format!("{} / {}", words.t("desk-yes"), words.t("desk-no")),
        Range::Text(max) => {
            words.f("desk-policy-letters", &[("count", i64::try_from(max).unwrap_or_default().into())])
        }
    }
}

fn unit(words: Words, unit: Unit) -> String {
    let name = match unit {
        Unit::Seconds => "seconds",
        Unit::Minutes => "minutes",
        Unit::Hours => "hours",
        Unit::Yuan => "yuan",
        Unit::Times => "times",
        Unit::People => "people",
        Unit::Frames => "frames",
        Unit::Cosine => "cosine",
        Unit::Pixels => "pixels",
        Unit::Degrees => "degrees",
        Unit::Brightness => "brightness",
        Unit::MinuteOfDay | Unit::Share | Unit::Ratio | Unit::Variance | Unit::Switch | Unit::Text => {
            return String::new();
        }
    };
    words.f("desk-unit", &[("unit", name.into())])
}

fn source(words: Words, source: Source) -> String {
    match source {
        Source::Rule(rule) => words.f("desk-policy-rule", &[("rule", rule.into())]),
        Source::Measured => words.t("desk-policy-measured"),
        Source::Site => words.t("desk-policy-site"),
    }
}

/// The setting's name as a choice of a text: no dots.
fn word(setting: &Setting) -> String {
    setting.key.replace('.', "-")
}
