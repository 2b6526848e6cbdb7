// SPDX-License-Identifier: GPL-3.0-only
//! Signing in and out, who is at the desk, and the token each form carries.
//!
//! A session ends after [`IDLE_MS`] without a request of a person (a page that refreshes itself is none). Five wrong
//! passwords make the next check wait, from [`WAIT_FIRST_MS`] doubling to [`WAIT_MAX_MS`]; an unknown name costs the
//! same time as a wrong password. Cookies are `HttpOnly` and `SameSite=Strict`; only a digest of the session's is
//! kept.

use super::layout::{self, Tab};
use super::rights::Right;
use super::words::Words;
use super::{Desk, Shared, Wrong, cookie};
use crate::tables::desk::{self as rows, UserRow};
use crate::{Fault, secrets};
use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use contract::{Digest, HexBytes, Post};
use maud::{Markup, html};
use std::collections::HashMap;
use std::sync::Arc;

/// A session ends after this without a person's request, in milliseconds.
const IDLE_MS: i64 = 15 * 60_000;
/// Wrong passwords before waiting starts.
const WRONG_FREE: i64 = 5;
/// The first wait, and the longest, in milliseconds.
const WAIT_FIRST_MS: i64 = 30_000;
const WAIT_MAX_MS: i64 = 60 * 60_000;
/// Longest name and password looked at, in bytes.
const TYPED_MAX: usize = 128;
/// Pages that ask again by themselves carry this in their query.
pub(super) const BY_ITSELF: &str = "by=itself";

const SESSION: &str = "desk";
/// Ties the sign-in form to the browser that was given it.
const BEFORE: &str = "desk_before";

/// Who is at the desk.
#[derive(Debug, Clone)]
pub(super) struct Officer {
    pub(super) name: String,
    pub(super) post: Post,
    /// Goes into every form.
    pub(super) csrf: String,
}

impl Officer {
    /// Whether their post has this right.
    pub(super) fn may(&self, right: Right) -> bool {
        right.is_of(self.post)
    }

    /// Who is signed in where this request comes from.
    pub(super) async fn at(parts: &Parts, desk: &Desk) -> Result<Self, Wrong> {
        let token = cookie(&parts.headers, SESSION).ok_or(Wrong::SignedOut)?;
        let token = kept_as(&token);
        let now_ms = desk.core.clock.now_ms();
        let mut read = desk.core.tables.read().await?;
        let session = rows::session(&mut read, &token).await?.ok_or(Wrong::SignedOut)?;
        drop(read);
        if now_ms.saturating_sub(session.seen_ms) >= IDLE_MS {
            let mut write = desk.core.tables.write().await?;
            rows::end_session(&mut write, &token, now_ms.saturating_sub(IDLE_MS)).await?;
            write.commit().await?;
            return Err(Wrong::SignedOut);
        }
        let by_itself = parts.uri.query().is_some_and(|query| query.split('&').any(|pair| pair == BY_ITSELF));
        if !by_itself {
            let mut write = desk.core.tables.write().await?;
            rows::touch_session(&mut write, &token, now_ms).await?;
            write.commit().await?;
        }
        let post = Post::of(&session.role).ok_or(Fault::Stored("role"))?;
        Ok(Self { name: session.name, post, csrf: session.csrf })
    }
}

/// A form of someone who is at the desk, with the session's token; there is no other way to read a form.
pub(super) struct Posted {
    pub(super) officer: Officer,
    fields: HashMap<String, String>,
}

impl Posted {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    /// A field read as its type.
    pub(super) fn get<T: std::str::FromStr>(&self, name: &str) -> Result<T, Wrong> {
        self.text(name).and_then(|text| text.parse().ok()).ok_or(Wrong::Form)
    }
}

impl FromRequest<Arc<Desk>> for Posted {
    type Rejection = Wrong;

    async fn from_request(request: Request, desk: &Arc<Desk>) -> Result<Self, Wrong> {
        let (mut parts, body) = request.into_parts();
        let officer = Officer::from_request_parts(&mut parts, desk).await?;
        let request = Request::from_parts(parts, body);
        let fields = typed(request, desk).await?;
        let token = fields.get("csrf").map(String::as_str).unwrap_or_default();
        if !secrets::same(token.as_bytes(), officer.csrf.as_bytes())? {
            return Err(Wrong::Token);
        }
        Ok(Self { officer, fields })
    }
}

/// The fields of a form. PostgreSQL keeps no zero in a text, and no browser types one.
async fn typed(request: Request, desk: &Arc<Desk>) -> Result<HashMap<String, String>, Wrong> {
    let Form(fields) =
        Form::<HashMap<String, String>>::from_request(request, desk).await.map_err(|_| Wrong::Form)?;
    if fields.values().any(|value| value.contains('\0')) { Err(Wrong::Form) } else { Ok(fields) }
}

pub(super) async fn page(words: Words) -> Result<Response, Wrong> {
    form(words, None, StatusCode::OK)
}

pub(super) async fn sign_in(State(desk): Shared, words: Words, request: Request) -> Result<Response, Wrong> {
    let before = cookie(request.headers(), BEFORE);
    let fields = typed(request, &desk).await?;
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let before = before.ok_or(Wrong::Token)?;
    if !secrets::same(before.as_bytes(), field("csrf").as_bytes())? {
        return Err(Wrong::Token);
    }
    let (name, password) = (field("name").trim(), field("password"));
    match check(&desk, name, password).await? {
        Checked::Right => {
            let token = HexBytes(secrets::random::<32>()?.to_vec()).to_string();
            let csrf = HexBytes(secrets::random::<16>()?.to_vec()).to_string();
            let now_ms = desk.core.clock.now_ms();
            let mut write = desk.core.tables.write().await?;
            rows::put_session(&mut write, &kept_as(&token), name, &csrf, now_ms).await?;
            rows::audit(&mut write, name, "sign_in", "", now_ms).await?;
            write.commit().await?;
            let set = format!("{SESSION}={token}; Path=/; HttpOnly; SameSite=Strict");
            let forget = format!("{BEFORE}=; Path=/login; Max-Age=0; HttpOnly; SameSite=Strict");
            let mut response = Redirect::to("/").into_response();
            for text in [set, forget] {
                response.headers_mut().append(header::SET_COOKIE, text.parse().map_err(|_| Wrong::Fault)?);
            }
            Ok(response)
        }
        Checked::Wrong => form(words, Some(words.t("desk-login-wrong")), StatusCode::UNAUTHORIZED),
        Checked::Wait { seconds } => {
            let text = words.f("desk-login-wait", &[("seconds", seconds.into())]);
            form(words, Some(text), StatusCode::TOO_MANY_REQUESTS)
        }
    }
}

pub(super) async fn sign_out(
    State(desk): Shared,
    headers: axum::http::HeaderMap,
    posted: Posted,
) -> Result<Response, Wrong> {
    let token = cookie(&headers, SESSION).ok_or(Wrong::SignedOut)?;
    let now_ms = desk.core.clock.now_ms();
    let mut write = desk.core.tables.write().await?;
    rows::end_session(&mut write, &kept_as(&token), now_ms.saturating_sub(IDLE_MS)).await?;
    rows::audit(&mut write, &posted.officer.name, "sign_out", "", now_ms).await?;
    write.commit().await?;
    let forget = format!("{SESSION}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
    Ok(([(header::SET_COOKIE, forget)], Redirect::to("/login")).into_response())
}

enum Checked {
    Right,
    Wrong,
    Wait { seconds: i64 },
}

async fn check(desk: &Desk, name: &str, password: &str) -> Result<Checked, Wrong> {
    let _turn = desk.signing_in.lock().await;
    let now_ms = desk.core.clock.now_ms();
    let mut read = desk.core.tables.read().await?;
    let user = if name.len() > TYPED_MAX { None } else { rows::user(&mut read, name).await? };
    drop(read);
    let Some(user) = user.filter(|_| password.len() <= TYPED_MAX) else {
        secrets::verifies(&secrets::unfitting(), password.get(..TYPED_MAX).unwrap_or(password)).await?;
        return Ok(Checked::Wrong);
    };
    let waits = |user: &UserRow| {
        (now_ms < user.wait_ms).then(|| Checked::Wait { seconds: (user.wait_ms - now_ms + 999) / 1000 })
    };
    if let Some(wait) = waits(&user) {
        return Ok(wait);
    }
    let right = secrets::verifies(&user.password, password).await?;
    let mut write = desk.core.tables.write().await?;
    // Another process may have counted wrong ones meanwhile.
    let user = rows::user(&mut write, name).await?.ok_or(Wrong::SignedOut)?;
    if let Some(wait) = waits(&user) {
        return Ok(wait);
    }
    let (wrong, wait_ms) = if right { (0, 0) } else { after_wrong(&user, now_ms) };
    rows::set_wrong(&mut write, &user.name, wrong, wait_ms).await?;
    if !right {
        rows::audit(&mut write, &user.name, "sign_in_wrong", "", now_ms).await?;
    }
    write.commit().await?;
    Ok(if right { Checked::Right } else { Checked::Wrong })
}

/// How many were wrong, and until when nothing is checked.
fn after_wrong(user: &UserRow, now_ms: i64) -> (i64, i64) {
    let wrong = user.wrong.saturating_add(1);
    let over = wrong - WRONG_FREE;
    if over < 0 {
        return (wrong, 0);
    }
    let doubled = WAIT_FIRST_MS.saturating_mul(1 << over.min(20)).min(WAIT_MAX_MS);
    (wrong, now_ms.saturating_add(doubled))
}

/// The form a session's cookie is kept in.
fn kept_as(token: &str) -> String {
    Digest::of(token.as_bytes()).to_string()
}

fn form(words: Words, wrong: Option<String>, status: StatusCode) -> Result<Response, Wrong> {
    let token = HexBytes(secrets::random::<16>()?.to_vec()).to_string();
    let set = format!("{BEFORE}={token}; Path=/login; HttpOnly; SameSite=Strict");
    let body = fields(words, wrong.as_deref(), &token);
    let page = layout::page(words, None, Tab::Login, &words.t("desk-login-title"), &body);
    Ok((status, [(header::SET_COOKIE, set)], page).into_response())
}

fn fields(words: Words, wrong: Option<&str>, token: &str) -> Markup {
    html! {
        h1 { (words.t("desk-login-title")) }
        @if let Some(wrong) = wrong {
            p.wrong id="login-wrong" role="alert" { (wrong) }
        }
        form.narrow method="post" action="/login" {
            input type="hidden" name="csrf" value=(token);
            label for="login-name" { (words.t("desk-login-name")) }
            input id="login-name" name="name" type="text" autocomplete="username" maxlength="64" required autofocus;
            label for="login-password" { (words.t("desk-login-password")) }
            input id="login-password" name="password" type="password" autocomplete="current-password"
                maxlength="128" required;
            button id="login-submit" type="submit" { (words.t("desk-login-submit")) }
        }
    }
}
