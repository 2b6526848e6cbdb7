// SPDX-License-Identifier: GPL-3.0-only
//! 公示, at the desk: what is posted on every terminal, posting, taking down. Each deed is in the audit, in the
//! transaction that did it.

use super::layout::{self, Tab};
use super::login::{Officer, Posted};
use super::money::{self, Asked};
use super::words::{OFFSET_MIN, Words, day_ms, machine};
use super::{Shared, Wrong};
use crate::public_notices::{self, NoticeDraft, PARAGRAPH_MAX, TITLE_MAX};
use crate::tables::desk as desk_rows;
use crate::tables::public_notices::{self as rows, PostedRow};
use axum::extract::{Query, State};
use axum::response::Response;
use contract::{NOTICE_PARAGRAPHS_MAX, NoticeTopic, PUBLIC_NOTICES_MAX};
use maud::{Markup, html};

pub(super) async fn page(
    State(desk): Shared,
    words: Words,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> Result<Markup, Wrong> {
    let mut read = desk.core.tables.read().await?;
    let posted = rows::posted(&mut read, desk.core.clock.now_ms(), PUBLIC_NOTICES_MAX).await?;
    drop(read);
    let title = words.t("desk-nav-public-notices");
    let body = html! {
        h1 { (title) }
        (money::said(words, &asked))
        p.quiet { (words.t("desk-public-notices-what")) }
        section.card aria-labelledby="post-heading" {
            h2 id="post-heading" { (words.t("desk-public-notice-new")) }
            (post_form(words, &officer))
        }
        @if posted.is_empty() { p id="public-notices-empty" { (words.t("desk-public-notices-empty")) } }
        @for row in &posted { (one(words, &officer, row)) }
    };
    Ok(layout::page(words, Some(&officer), Tab::PublicNotices, &title, &body))
}

fn topic(words: Words, topic: NoticeTopic) -> String {
    words.f("notice-topic", &[("topic", topic.name().into())])
}

fn one(words: Words, officer: &Officer, row: &PostedRow) -> Markup {
    let notice = &row.notice;
    let by =
        [("name", row.posted_by.as_str().into()), ("time", words.at(notice.posted_ms, OFFSET_MIN).into())];
    html! {
        section.card id={ "notice-" (notice.notice) } {
            h2 { (notice.title) }
            p.quiet {
                @if notice.urgent { strong { (words.t("desk-public-notice-urgent")) } " · " }
                (topic(words, notice.topic)) " · "
                time datetime=(machine(notice.posted_ms)) { (words.f("desk-public-notice-by", &by)) }
                @if let Some(until) = notice.until_ms {
                    " · " (words.f("desk-public-notice-ends", &[("time", words.at(until, OFFSET_MIN).into())]))
                }
            }
            @for paragraph in &notice.paragraphs { p { (paragraph) } }
            form.inline method="post" action="/public-notices/down" {
                (layout::token(officer))
                input type="hidden" name="notice" value=(notice.notice);
                button.danger id={ "down-" (notice.notice) } type="submit" { (words.t("desk-public-notice-down")) }
            }
        }
    }
}

fn post_form(words: Words, officer: &Officer) -> Markup {
    let args = [("chars", (PARAGRAPH_MAX as i64).into()), ("count", (NOTICE_PARAGRAPHS_MAX as i64).into())];
    html! {
        form method="post" action="/public-notices" {
            (layout::token(officer))
            div {
                label for="topic" { (words.t("desk-public-notice-topic")) }
                select id="topic" name="topic" {
                    @for one in NoticeTopic::ALL { option value=(one.name()) { (topic(words, one)) } }
                }
            }
            div {
                label for="title" { (words.t("desk-document-title")) }
                input id="title" name="title" type="text" maxlength=(TITLE_MAX) required;
            }
            div {
                label for="text" { (words.f("desk-document-text", &args)) }
                textarea id="text" name="text" rows="10" cols="60" required {}
            }
            div {
                label for="until" { (words.t("desk-public-notice-until")) }
                input id="until" name="until" type="date";
            }
            div {
                input id="urgent" name="urgent" type="checkbox" value="yes";
                label for="urgent" { (words.t("desk-public-notice-is-urgent")) }
            }
            button id="post" type="submit" { (words.t("desk-public-notice-post")) }
        }
    }
}

/// The notice, its way to every terminal and its line in the audit are one transaction.
pub(super) async fn post(State(desk): Shared, posted: Posted) -> Result<Response, Wrong> {
    let draft = NoticeDraft {
        topic: posted.text("topic").and_then(NoticeTopic::of).ok_or(Wrong::Form)?,
        title: posted.text("title").ok_or(Wrong::Form)?,
        text: posted.text("text").ok_or(Wrong::Form)?,
        urgent: posted.text("urgent").is_some(),
        until_ms: day_ms(&posted, "until")?,
    };
    let (by, now_ms) = (&posted.officer.name, desk.core.clock.now_ms());
    let mut write = desk.core.tables.write().await?;
    let said = match public_notices::post(&mut write, draft, by, now_ms).await? {
        Ok(notice) => {
            desk_rows::audit(&mut write, by, "notice_post", &notice.to_string(), now_ms).await?;
            write.commit().await?;
            "done"
        }
        Err(_) => "unposted",
    };
    Ok(money::back("/public-notices", said, ""))
}

pub(super) async fn take_down(State(desk): Shared, posted: Posted) -> Result<Response, Wrong> {
    let notice = posted.get("notice")?;
    let now_ms = desk.core.clock.now_ms();
    let mut write = desk.core.tables.write().await?;
    if public_notices::take_down(&mut write, notice, now_ms).await? {
        desk_rows::audit(&mut write, &posted.officer.name, "notice_down", &notice.to_string(), now_ms)
            .await?;
        write.commit().await?;
    }
    Ok(money::back("/public-notices", "done", ""))
}
