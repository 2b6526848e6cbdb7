// SPDX-License-Identifier: GPL-3.0-only
//! What a document is typed into at the desk: a sample to begin with, title, text, and whether a 捺印 is wanted.

use super::Wrong;
use super::layout;
use super::login::{Officer, Posted};
use super::words::Words;
use crate::documents::{Draft, PARAGRAPH_MAX, Refusal, TITLE_MAX};
use contract::{DOCUMENT_PARAGRAPHS_MAX, DetaineeId, DocumentKind};
use maud::{Markup, html};

/// What a kind is called.
pub(super) fn kind_name(words: Words, kind: DocumentKind) -> String {
    words.f("desk-document-kind-name", &[("kind", kind.name().into())])
}

fn template(words: Words, kind: DocumentKind) -> String {
    words.t(match kind {
        DocumentKind::Health => "desk-document-template-health",
        DocumentKind::Property => "desk-document-template-property",
        DocumentKind::Pledge => "desk-document-template-pledge",
        DocumentKind::Rights => "desk-document-template-rights",
        DocumentKind::Mediation => "desk-document-template-mediation",
        DocumentKind::Other => "desk-document-template-other",
    })
}

/// The form that asks somebody; `chosen` begins with a sample.
pub(super) fn ask_form(
    words: Words,
    officer: &Officer,
    people: &[(DetaineeId, String)],
    chosen: Option<DocumentKind>,
) -> Markup {
    let title = chosen.map(|kind| kind_name(words, kind)).unwrap_or_default();
    let text = chosen.map(|kind| template(words, kind)).unwrap_or_default();
    html! {
        p {
            (words.t("desk-document-templates"))
            @for kind in DocumentKind::ALL {
                " " a id={ "template-" (kind.name()) } href={ "/documents?template=" (kind.name()) "#ask-heading" } { (kind_name(words, kind)) }
            }
        }
        form method="post" action="/documents" {
            (layout::token(officer))
            div {
                label for="detainee" { (words.t("desk-document-whom")) }
                select id="detainee" name="detainee" required {
                    @for (id, name) in people { option value=(id) { (name) } }
                }
            }
            (text_fields(words, (chosen.unwrap_or(DocumentKind::Rights), &title, &text, false)))
            button id="ask" type="submit" { (words.t("desk-document-ask-do")) }
        }
    }
}

/// What a text is typed into.
pub(super) fn text_fields(
    words: Words,
    (kind, title, text, print): (DocumentKind, &str, &str, bool),
) -> Markup {
    let args = [("chars", (PARAGRAPH_MAX as i64).into()), ("count", (DOCUMENT_PARAGRAPHS_MAX as i64).into())];
    html! {
        div {
            label for="kind" { (words.t("desk-document-kind")) }
            select id="kind" name="kind" {
                @for one in DocumentKind::ALL {
                    option value=(one.name()) selected[one == kind] { (kind_name(words, one)) }
                }
            }
        }
        div {
            label for="title" { (words.t("desk-document-title")) }
            input id="title" name="title" type="text" maxlength=(TITLE_MAX) value=(title) required;
        }
        div {
            label for="text" { (words.f("desk-document-text", &args)) }
            textarea id="text" name="text" rows="10" cols="60" required { (text) }
        }
        div {
            input id="print" name="print" type="checkbox" value="yes" checked[print];
            label for="print" { (words.t("desk-document-wants-print")) }
        }
    }
}

/// What was typed.
pub(super) fn draft(posted: &Posted) -> Result<Draft<'_>, Wrong> {
    Ok(Draft {
        kind: posted.text("kind").and_then(DocumentKind::of).ok_or(Wrong::Form)?,
        title: posted.text("title").unwrap_or_default(),
        text: posted.text("text").unwrap_or_default(),
        print: posted.text("print").is_some(),
    })
}

/// The code of a refusal in an address.
pub(super) fn code(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Unknown | Refusal::Unsound => "unsound",
        Refusal::State => "state",
        Refusal::Full => "full",
    }
}

/// Says what became of an action, if it is one of ours.
pub(super) fn said(words: Words, code: Option<&str>) -> Markup {
    html! {
        @match code {
            Some("done") => p.said id="said" role="status" { (words.t("desk-document-said-done")) },
            Some("state") => p.wrong id="refused" role="alert" { (words.t("desk-document-said-state")) },
            Some("unsound") => p.wrong id="refused" role="alert" { (words.t("desk-document-said-unsound")) },
            Some("full") => p.wrong id="refused" role="alert" { (words.t("desk-document-said-full")) },
            Some(_) | None => {},
        }
    }
}
