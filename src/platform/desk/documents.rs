// SPDX-License-Identifier: GPL-3.0-only
//! 签名捺印, at the desk: who is asked to sign what, what they said, the 捺印 that is still to be done on paper. Each look
//! is in the audit, and so is each deed, in the transaction that did it.

use super::document_form::{ask_form, code, draft, kind_name, said, text_fields};
use super::document_pdf::{self, Paper};
use super::layout::{self, Tab};
use super::lists::{ROWS_MAX, heads};
use super::login::{Officer, Posted};
use super::money::form;
use super::words::{OFFSET_MIN, Words, machine};
use super::{Desk, Shared, Wrong};
use crate::documents;
use crate::reports::Names;
use crate::tables::documents::{self as rows, AnswerRow, DocumentRow, Mark, Said};
use crate::tables::{Conn, desk as desk_rows, devices};
use crate::{Fault, care};
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::MethodRouter;
use contract::{DetaineeId, Document, DocumentKind, EventId, OrderCheck, Strokes, Trust};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;
use uuid::Uuid;

/// Largest form with a text in it, in bytes: a Chinese character takes nine there.
const LONG_FORM_BYTES_MAX: usize = 192 * 1024;
/// What a signature's field is wide and high where it is drawn.
const FIELD: (u16, u16) = (1_000, 360);

/// What the list is asked to show.
#[derive(Deserialize)]
pub(super) struct Asked {
    said: Option<String>,
    /// A kind whose sample begins the text.
    template: Option<String>,
}

/// A version with what was said to it and whose it is.
struct One {
    row: DocumentRow,
    answers: Vec<AnswerRow>,
    name: String,
    badge_number: String,
    place: String,
    /// A later version is there.
    replaced: bool,
}

impl One {
    fn signed(&self) -> Option<&AnswerRow> {
        self.answers.iter().find(|answer| answer.said.is_signed())
    }

    fn declined(&self) -> Option<&AnswerRow> {
        self.answers.iter().find(|answer| !answer.said.is_signed())
    }

    fn state(&self) -> &'static str {
        match (self.signed(), self.declined(), self.row.closed_ms) {
            (Some(_), _, _) => "signed",
            (None, Some(_), None) => "declined",
            (None, _, Some(_)) if self.replaced => "changed",
            (None, _, Some(_)) => "closed",
            (None, None, None) => "open",
        }
    }

    fn print_waits(&self) -> bool {
        self.row.document.print && self.signed().is_some_and(|answer| answer.print.is_none())
    }

    /// Whether an officer has something to do.
    fn waits(&self) -> bool {
        let talk = self.signed().is_none()
            && self.declined().is_some_and(|answer| answer.talked.is_none() && self.row.closed_ms.is_none());
        let receive = self.signed().is_some_and(|answer| answer.received.is_none());
        talk || receive || self.print_waits()
    }

    fn whose(&self) -> String {
        format!("{} {} {}", self.place, self.badge_number, self.name).trim().to_owned()
    }
}

/// A route that takes a form with a whole text.
pub(super) fn long_form(handler: MethodRouter<Arc<Desk>>) -> MethodRouter<Arc<Desk>> {
    handler.layer(DefaultBodyLimit::max(LONG_FORM_BYTES_MAX))
}

pub(super) async fn list(
    State(desk): Shared,
    words: Words,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> Result<Markup, Wrong> {
    let mut read = desk.core.tables.read().await?;
    let mut all = Vec::new();
    for row in rows::newest(&mut read, ROWS_MAX).await? {
        all.push(one(&mut read, row).await?);
    }
    let people = people(&mut read).await?;
    drop(read);
    all.sort_by_key(|one| (!one.waits(), std::cmp::Reverse(one.row.document.asked_ms)));
    let prints: Vec<&One> = all.iter().filter(|one| one.print_waits()).collect();
    let title = words.t("desk-nav-documents");
    let body = html! {
        h1 { (title) }
        (said(words, asked.said.as_deref()))
        p.quiet { (words.t("desk-documents-what")) }
        @if !prints.is_empty() {
            section.card aria-labelledby="prints-heading" {
                h2 id="prints-heading" { (words.t("desk-documents-print")) }
                ul id="prints" {
                    @for one in &prints {
                        li { a href={ "/documents/" (one.row.document.key()) } { (one.whose()) " · " (one.row.document.title) } }
                    }
                }
            }
        }
        @if all.is_empty() { p id="documents-empty" { (words.t("desk-documents-empty")) } }
        @else { (table(words, &all)) }
        section.card aria-labelledby="ask-heading" {
            h2 id="ask-heading" { (words.t("desk-document-ask")) }
            (ask_form(words, &officer, &people, asked.template.as_deref().and_then(DocumentKind::of)))
        }
    };
    Ok(layout::page(words, Some(&officer), Tab::Documents, &title, &body))
}

fn table(words: Words, all: &[One]) -> Markup {
    html! {
        div.wide {
            table id="documents" {
                caption { (words.f("desk-documents-caption", &[("count", (ROWS_MAX as i64).into())])) }
                (heads(words, &["desk-document", "desk-document-version", "desk-person", "desk-time", "desk-state"]))
                tbody {
                    @for one in all {
                        @let document = &one.row.document;
                        tr id={ "document-" (document.key()) } data-state=(one.state()) class=[one.waits().then_some("alarm")] {
                            th scope="row" { a href={ "/documents/" (document.key()) } { (document.title) } }
                            td { (document.version) }
                            td { (one.whose()) }
                            td { time datetime=(machine(document.asked_ms)) { (words.at(document.asked_ms, OFFSET_MIN)) } }
                            td {
                                (state(words, one.state()))
                                @if one.print_waits() { " · " (words.t("desk-document-print-waits")) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn state(words: Words, name: &str) -> String {
    words.f("desk-document-state", &[("state", name.into())])
}

pub(super) async fn page(
    State(desk): Shared,
    Path(key): Path<String>,
    words: Words,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> Result<Markup, Wrong> {
    let mut read = desk.core.tables.read().await?;
    let one = found(&mut read, &key).await?;
    let versions = rows::versions(&mut read, one.row.document.document).await?;
    drop(read);
    let document = &one.row.document;
    let by = [
        ("name", one.row.asked_by.as_str().into()),
        ("time", words.at(document.asked_ms, OFFSET_MIN).into()),
    ];
    let title = document.title.to_string();
    let address = format!("/documents/{}", document.key());
    let body = html! {
        h1 { (title) }
        (said(words, asked.said.as_deref()))
        section.card {
            dl.facts {
                dt { (words.t("desk-person")) } dd { (one.whose()) }
                dt { (words.t("desk-document-kind")) } dd { (kind_name(words, document.kind)) }
                dt { (words.t("desk-document-version")) } dd { (document.version) }
                dt { (words.t("desk-state")) } dd id="state" data-state=(one.state()) { (state(words, one.state())) }
                dt { (words.t("desk-time")) } dd { (words.f("desk-document-asked", &by)) }
                dt { (words.t("desk-document-digest")) } dd { code id="digest" { (one.row.digest) } }
            }
            div id="text-asked" { @for paragraph in &document.paragraphs { p { (paragraph) } } }
            p { a id="pdf" href={ (address) "/paper.pdf" } { (words.t("desk-document-pdf")) } }
        }
        section.card aria-labelledby="answers-heading" {
            h2 id="answers-heading" { (words.t("desk-document-answers")) }
            @if one.answers.is_empty() { p { (words.t("desk-document-answers-none")) } }
            @for row in &one.answers { (answer(words, &officer, &one, row)) }
            @if one.row.closed_ms.is_none() && one.signed().is_none() {
                (form(&officer, (&address, "withdraw"), ("withdraw", &words.t("desk-document-withdraw")), &html! {}))
            }
        }
        @if !one.replaced {
            section.card aria-labelledby="change-heading" {
                h2 id="change-heading" { (words.t("desk-document-change")) }
                @let text = document.paragraphs.iter().map(|one| one.as_str()).collect::<Vec<_>>().join("\n");
                form method="post" action=(address) {
                    (layout::token(&officer))
                    input type="hidden" name="deed" value="change";
                    (text_fields(words, (document.kind, &title, &text, document.print)))
                    button id="change" type="submit" { (words.t("desk-document-change-do")) }
                }
            }
        }
        @if versions.len() > 1 {
            section.card aria-labelledby="versions-heading" {
                h2 id="versions-heading" { (words.t("desk-document-versions")) }
                ul {
                    @for other in &versions {
                        li { a href={ "/documents/" (other.document.key()) } {
                            (other.document.version) " · " (words.at(other.document.asked_ms, OFFSET_MIN))
                        } }
                    }
                }
            }
        }
    };
    Ok(layout::page(words, Some(&officer), Tab::Documents, &title, &body))
}

fn answer(words: Words, officer: &Officer, one: &One, row: &AnswerRow) -> Markup {
    let address = format!("/documents/{}", one.row.document.key());
    let marked = |id: &str, (ms, by): &(i64, String)| {
        words.f(id, &[("name", by.as_str().into()), ("time", words.at(*ms, OFFSET_MIN).into())])
    };
    let deed = |deed: &str, text: &str| {
        let event = html! { input type="hidden" name="event" value=(row.event); };
        form(officer, (&address, deed), (&format!("{deed}-{}", row.event), &words.t(text)), &event)
    };
    html! {
        article id={ "answer-" (row.event) } {
            p { strong { (told(words, row)) } " · "
                (words.f("desk-document-uploaded", &[("time", words.at(row.uploaded_ms, OFFSET_MIN).into())])) }
            p.quiet { (check(words, row)) }
            @match &row.said {
                Said::Signed(signed) => {
                    (drawn(words, &signed.strokes))
                    @if signed.heard { p { (words.t("desk-document-heard")) } }
                    @match &row.print {
                        Some(done) => p id="print-done" { (marked("desk-document-print-done", done)) },
                        None if one.row.document.print => {
                            p.wait { (words.t("desk-document-print-waits")) }
                            (deed("print", "desk-document-print-do"))
                        }
                        None => {},
                    }
                }
                Said::Declined(declined) => {
                    p { (words.f("desk-document-why", &[("why", declined.why.as_str().into())])) }
                    @if !declined.words.is_empty() {
                        p { (words.f("desk-document-words", &[("words", declined.words.as_str().into())])) }
                    }
                    @match &row.talked {
                        Some(done) => p id="talked" { (marked("desk-document-talked", done)) },
                        None => (deed("talked", "desk-document-talked-do")),
                    }
                }
            }
            @match &row.received {
                Some(done) => p id={ "received-" (row.event) } { (marked("desk-document-received", done)) },
                None => (deed("receive", "desk-document-receive")),
            }
        }
    }
}

/// What was said, when, and its number; a time nobody confirmed says so.
fn told(words: Words, row: &AnswerRow) -> String {
    let at = words.at(row.at_ms, OFFSET_MIN);
    let at = match row.trust {
        Trust::Synced => at,
        Trust::Estimated | Trust::Unsynced => words.f("desk-time-unverified", &[("time", at.into())]),
    };
    let id = if row.said.is_signed() { "desk-document-signed-at" } else { "desk-document-declined-at" };
    words.f(id, &[("time", at.into()), ("number", row.event.number().into())])
}

fn check(words: Words, row: &AnswerRow) -> String {
    let check = match &row.said {
        Said::Signed(signed) => signed.check,
        Said::Declined(declined) => declined.check,
    };
    words.t(match check {
        OrderCheck::FaceAndPin => "desk-document-check-face",
        OrderCheck::Pin => "desk-document-check-pin",
    })
}

/// A signature as it was drawn, on a field as wide as the terminal's.
fn drawn(words: Words, strokes: &Strokes) -> Markup {
    let line = |stroke: &Vec<(u16, u16)>| {
        // A single touch is a dot: its point stands twice.
        let points = stroke.iter().chain(stroke.last());
        let place = |(x, y): &(u16, u16)| format!("{x},{}", u32::from(*y) * u32::from(FIELD.1) / 1_000);
        points.map(place).collect::<Vec<_>>().join(" ")
    };
    html! {
        svg id="strokes" role="img" aria-label=(words.t("desk-document-strokes")) width="500" height="180"
            viewBox={ "0 0 " (FIELD.0) " " (FIELD.1) } fill="none" stroke="currentColor" stroke-width="7"
            stroke-linecap="round" stroke-linejoin="round" {
            @for stroke in &strokes.0 { polyline points=(line(stroke)) {} }
        }
    }
}

/// Asks somebody to sign.
pub(super) async fn ask(State(desk): Shared, posted: Posted) -> Result<Response, Wrong> {
    let (by, now_ms) = (posted.officer.name.as_str(), desk.core.clock.now_ms());
    let detainee: DetaineeId = posted.get("detainee")?;
    let mut write = desk.core.tables.write().await?;
    let code = match documents::ask(&mut write, detainee, draft(&posted)?, by, now_ms).await? {
        Ok(document) => {
            desk_rows::audit(&mut write, by, "document_ask", &Document::key_of(document, 1), now_ms).await?;
            done(&desk, write, detainee).await?;
            "done"
        }
        Err(refusal) => code(refusal),
    };
    Ok(Redirect::to(&format!("/documents?said={code}")).into_response())
}

/// The deed, its way to the cell and its line in the audit are one transaction.
pub(super) async fn act(
    State(desk): Shared,
    Path(key): Path<String>,
    posted: Posted,
) -> Result<Response, Wrong> {
    let place = Document::read_key(&key).ok_or(Wrong::NotFound)?;
    let (by, now_ms) = (posted.officer.name.as_str(), desk.core.clock.now_ms());
    let mut write = desk.core.tables.write().await?;
    let row = rows::get(&mut write, place.0, place.1).await?.ok_or(Wrong::NotFound)?;
    let mut next = key;
    let mark = |mark| Ok::<_, Wrong>((posted.get::<EventId>("event")?, mark));
    let (action, outcome) = match posted.text("deed") {
        Some("change") => {
            let draft = draft(&posted)?;
            let changed = documents::change(&mut write, place.0, draft, by, now_ms).await?;
            let outcome = changed.map(|version| next = Document::key_of(place.0, version));
            ("document_change", outcome)
        }
        Some("withdraw") => ("document_withdraw", documents::withdraw(&mut write, place, now_ms).await?),
        Some("receive") => {
            let said = mark(Mark::Received)?;
            ("document_receive", documents::mark(&mut write, place, said, by, now_ms).await?)
        }
        Some("print") => {
            let said = mark(Mark::Print)?;
            ("document_print", documents::mark(&mut write, place, said, by, now_ms).await?)
        }
        Some("talked") => {
            let said = mark(Mark::Talked)?;
            ("document_talked", documents::mark(&mut write, place, said, by, now_ms).await?)
        }
        Some(_) | None => return Err(Wrong::Form),
    };
    let code = match outcome {
        Ok(()) => {
            desk_rows::audit(&mut write, by, action, &next, now_ms).await?;
            done(&desk, write, row.document.detainee).await?;
            "done"
        }
        Err(refusal) => code(refusal),
    };
    Ok(Redirect::to(&format!("/documents/{next}?said={code}")).into_response())
}

/// The text and what was said to it, on paper; that it left is in the audit first.
pub(super) async fn pdf(
    State(desk): Shared,
    Path(key): Path<String>,
    words: Words,
    officer: Officer,
) -> Result<Response, Wrong> {
    let now_ms = desk.core.clock.now_ms();
    let mut write = desk.core.tables.write().await?;
    let one = found(&mut write, &key).await?;
    desk_rows::audit(&mut write, &officer.name, "document_out", &one.row.document.key(), now_ms).await?;
    write.commit().await?;
    let mut facts = vec![
        (words.t("desk-person"), one.whose()),
        (words.t("desk-document-kind"), kind_name(words, one.row.document.kind)),
        (words.t("desk-document-version"), one.row.document.version.to_string()),
        (words.t("desk-state"), state(words, one.state())),
        (words.t("desk-document-digest"), one.row.digest.to_string()),
    ];
    for row in &one.answers {
        facts.push((words.t("desk-document-answers"), told(words, row)));
        if let Said::Declined(declined) = &row.said {
            let why = words.f("desk-document-why", &[("why", declined.why.as_str().into())]);
            facts.push((String::new(), format!("{why} {}", declined.words)));
        }
    }
    if one.print_waits() {
        facts.push((String::new(), words.t("desk-document-print-waits")));
    }
    let strokes = one.signed().and_then(|row| match &row.said {
        Said::Signed(signed) => Some(signed.strokes.clone()),
        Said::Declined(_) => None,
    });
    let name = format!("attachment; filename=\"{}.pdf\"", one.row.document.key());
    let kind = [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, name)];
    let document = one.row.document;
    let set = tokio::task::spawn_blocking(move || {
        document_pdf::make(words, &Paper { document: &document, facts: &facts, strokes: strokes.as_ref() })
    });
    Ok((kind, set.await.map_err(|_| Fault::Worker)??).into_response())
}

async fn done(desk: &Desk, mut write: crate::tables::Write, detainee: DetaineeId) -> Result<(), Wrong> {
    let terminal = documents::terminal_of(&mut write, detainee).await?;
    write.commit().await?;
    if let Some(terminal) = terminal {
        desk.core.bells.ring(terminal);
    }
    Ok(())
}

async fn found(conn: &mut Conn, key: &str) -> Result<One, Wrong> {
    let (document, version): (Uuid, u32) = Document::read_key(key).ok_or(Wrong::NotFound)?;
    let row = rows::get(conn, document, version).await?.ok_or(Wrong::NotFound)?;
    Ok(one(conn, row).await?)
}

async fn one(conn: &mut Conn, row: DocumentRow) -> Result<One, Fault> {
    let (document, version, detainee) = (row.document.document, row.document.version, row.document.detainee);
    let answers = rows::answers(conn, document, version).await?;
    let (name, badge_number) = Names::default().of(conn, detainee.to_string()).await?;
    let place = match documents::terminal_of(conn, detainee).await? {
        Some(terminal) => devices::terminal(conn, terminal).await?,
        None => None,
    };
    let place = place.map(|row| format!("{} {}", row.block, row.cell)).unwrap_or_default();
    let newest = rows::versions(conn, document).await?.first().map_or(version, |one| one.document.version);
    Ok(One { row, answers, name, badge_number, place, replaced: newest > version })
}

/// Everybody who can be asked, by cell and badge number.
async fn people(conn: &mut Conn) -> Result<Vec<(DetaineeId, String)>, Fault> {
    let mut people = Vec::new();
    for place in devices::terminals(conn).await? {
        for member in care::members(conn, place.id).await? {
            let name = format!("{} {} {} {}", place.block, place.cell, member.badge_number, member.name);
            people.push((member.id, name));
        }
    }
    people.sort_by(|(_, one), (_, other)| one.cmp(other));
    Ok(people)
}
