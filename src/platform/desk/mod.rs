// SPDX-License-Identifier: GPL-3.0-only
//! The desk: the pages an officer on duty works with, plain HTML from here, nothing from elsewhere.
//!
//! Promises: every page works without script, by keyboard and by screen reader, in Chinese and English; nobody sees or
//! does anything without having signed in; what a post may not do is not offered and is refused; each action is in the
//! audit, in the transaction that did it. Refuses: a form without the session's token. Limits: forms of
//! [`FORM_BYTES_MAX`]; plain HTTP, so it belongs on loopback or behind the site's TLS proxy. The pages show names:
//! they are never cached.

mod actions;
mod alarms;
mod appointments;
mod books;
mod call;
mod care;
mod complaints;
mod document_form;
mod document_pdf;
mod documents;
mod duty;
mod finance;
mod goods;
mod layout;
mod ledger;
mod lists;
mod live;
mod login;
mod money;
mod office;
mod paper;
mod parked;
mod policy;
mod public_notices;
mod requests;
mod rights;
mod rota;
mod routes;
mod second;
mod shop;
mod statement_pdf;
mod tasks;
mod terminals;
mod users;
mod words;

use crate::fault::chain;
use crate::metrics::{self, Side};
use crate::{Core, Fault};
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use i18n::Lang;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use words::Words;

/// Largest form, in bytes.
const FORM_BYTES_MAX: usize = 16 * 1024;
/// Time for a request and its answer.
const ANSWER: Duration = Duration::from_secs(30);
/// How long the language is remembered, in seconds.
const LANG_S: u32 = 365 * 24 * 60 * 60;

const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// The desk's own state.
pub(crate) struct Desk {
    core: Arc<Core>,
    /// Passwords are checked one at a time in a process: it keeps guesses countable and their cost bounded.
    signing_in: Mutex<()>,
}

type Shared = State<Arc<Desk>>;

pub(crate) fn router(core: Arc<Core>) -> Router {
    let desk = Arc::new(Desk { core, signing_in: Mutex::new(()) });
    routes::router(&desk)
        .fallback(|| async { Wrong::NotFound })
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(middleware::from_fn(frame))
        .layer(middleware::from_fn_with_state((Arc::clone(&desk.core), Side::Desk), metrics::count))
        .with_state(desk)
}

async fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// Why a page is not shown or an action not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// Nobody is signed in.
    SignedOut,
    /// The post may not.
    Forbidden,
    /// A form without the session's token: an old page, or another site.
    Token,
    NotFound,
    /// The form lacks something or holds nonsense.
    Form,
    Fault,
}

impl Wrong {
    fn status(self) -> StatusCode {
        match self {
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::Token => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Form => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<Fault> for Wrong {
    fn from(fault: Fault) -> Self {
        tracing::error!(inside = chain(&fault), "a page of the desk failed");
        Self::Fault
    }
}

impl From<sqlx::Error> for Wrong {
    fn from(error: sqlx::Error) -> Self {
        Fault::from(error).into()
    }
}

/// The page is made by [`frame`], which knows the language.
impl IntoResponse for Wrong {
    fn into_response(self) -> Response {
        if self == Self::SignedOut {
            return Redirect::to("/login").into_response();
        }
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives each request its language and each answer its headers; turns a [`Wrong`] into a page.
async fn frame(mut request: Request, next: Next) -> Response {
    let asked = request
        .uri()
        .query()
        .and_then(|query| query.split('&').find_map(|pair| Lang::from_code(pair.strip_prefix("lang=")?)));
    let kept = cookie(request.headers(), "lang").and_then(|code| Lang::from_code(&code));
    let words = Words::of(asked.or(kept).unwrap_or_default());
    request.extensions_mut().insert(words);
    let answered = tokio::time::timeout(ANSWER, next.run(request)).await;
    let mut response = answered.unwrap_or_else(|_| Wrong::Fault.into_response());
    if let Some(wrong) = response.extensions().get::<Wrong>().copied() {
        response = (wrong.status(), layout::wrong(words, wrong)).into_response();
    }
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(lang) = asked {
        let text = format!("lang={}; Path=/; Max-Age={LANG_S}; SameSite=Strict; HttpOnly", lang.code());
        headers.append(
            header::SET_COOKIE,
            HeaderValue::from_str(&text).expect("a language code is plain ASCII"),
        );
    }
    response
}

impl<S: Send + Sync> FromRequestParts<S> for Words {
    type Rejection = Wrong;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Wrong> {
        parts.extensions.get::<Self>().copied().ok_or(Wrong::Fault)
    }
}

/// The value of a cookie.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then(|| value.to_owned()))
}

#[cfg(test)]
mod tests;
