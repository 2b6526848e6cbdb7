// SPDX-License-Identifier: GPL-3.0-only
//! Signing in and out, who is at the desk, and the token each form carries.
//!
//! A password alone signs in nobody but the demo's users: [`super::second`] asks for more. A session ends after [`IDLE_MS`] without a request of a person (a page that refreshes itself is none). Five wrong
//! passwords make the next check wait, from [`WAIT_FIRST_MS`] doubling to [`WAIT_MAX_MS`]; an unknown name costs the
//! same time as a wrong password. Cookies are `HttpOnly` and `SameSite=Strict`; only a digest of the session's is
//! kept.

use super::layout::{self, Tab};
use super::rights::Right;
use super::words::Words;
use super::{Desk, Shared, Wrong, cookie};
use crate::tables::desk::{self as rows, Stage, UserRow};
use crate::tables::{Conn, tasks, totp as codes};
use crate::users::PASSWORD_BYTES_MAX;
use crate::{Fault, Totp, secrets};
use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use contract::{Digest, HexBytes, Post};
use maud::{Markup, html};
use std::collections::HashMap;
use std::sync::Arc;

/// A session ends after this without a person's request, in milliseconds.
const IDLE_MS: i64 = 15 * 60_000;
/// Time from the password to the second step, in milliseconds.
pub(super) const HALF_MS: i64 = 5 * 60_000;
/// Wrong passwords before waiting starts.
const WRONG_FREE: i64 = 5;
/// The first wait, and the longest, in milliseconds.
const WAIT_FIRST_MS: i64 = 30_000;
const WAIT_MAX_MS: i64 = 60 * 60_000;
/// Longest name and password looked at, in bytes.
const TYPED_MAX: usize = PASSWORD_BYTES_MAX;
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
    /// How much waits for their post.
    pub(super) tasks: i64,
}

impl Officer {
    /// Whether their post has this right.
    pub(super) fn may(&self, right: Right) -> bool {
        right.is_of(self.post)
    }

    /// Who is signed in where this request comes from, by its cookie.
    pub(super) async fn at(parts: &Parts, desk: &Desk) -> Result<Self, Wrong> {
        let token = cookie(&parts.headers, SESSION).ok_or(Wrong::SignedOut)?;
        Self::of(&token, Stage::In, &parts.uri, desk).await
    }

    /// Who is signed in with the window this request comes from: by its bearer token, never by a cookie.
    pub(super) async fn at_window(parts: &Parts, desk: &Desk) -> Result<Self, Wrong> {
        let held = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = held.and_then(|text| text.strip_prefix("Bearer ")).ok_or(Wrong::SignedOut)?;
        Self::of(token, Stage::Office, &parts.uri, desk).await
    }

    async fn of(token: &str, stage: Stage, uri: &Uri, desk: &Desk) -> Result<Self, Wrong> {
        let token = kept_as(token);
        let now_ms = desk.core.clock.now_ms();
        let mut read = desk.core.tables.read().await?;
        let session = rows::session(&mut read, &token).await?.ok_or(Wrong::SignedOut)?;
        let post = Post::of(&session.role).ok_or(Fault::Stored("role"))?;
        let tasks = tasks::count(&mut read, post, now_ms).await?;
        drop(read);
        if session.stage != stage {
            return Err(Wrong::SignedOut);
        }
        if now_ms.saturating_sub(session.seen_ms) >= IDLE_MS {
            let mut write = desk.core.tables.write().await?;
            rows::end_session(&mut write, &token, now_ms.saturating_sub(IDLE_MS)).await?;
            write.commit().await?;
            return Err(Wrong::SignedOut);
        }
        if !by_itself(uri) {
            let mut write = desk.core.tables.write().await?;
            rows::touch_session(&mut write, &token, now_ms).await?;
            write.commit().await?;
        }
        Ok(Self { name: session.name, post, csrf: session.csrf, tasks })
    }
}

/// Whether a page asks again by itself.
pub(super) fn by_itself(uri: &Uri) -> bool {
    uri.query().is_some_and(|query| query.split('&').any(|pair| pair == BY_ITSELF))
}

/// Who has given the right password and not yet the second step.
pub(super) struct Half {
    pub(super) name: String,
    pub(super) csrf: String,
    /// The session as it is kept.
    pub(super) token: String,
    stage: Stage,
}

impl Half {
    /// This one, if this is the step that is due.
    pub(super) fn of(self, stage: Stage) -> Result<Self, Wrong> {
        if self.stage == stage { Ok(self) } else { Err(Wrong::SignedOut) }
    }

    /// The code typed into a form of this sign-in.
    pub(super) async fn code(&self, desk: &Arc<Desk>, request: Request) -> Result<String, Wrong> {
        let fields = typed(request, desk).await?;
        let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
        if !secrets::same(field("csrf").as_bytes(), self.csrf.as_bytes())? {
            return Err(Wrong::Token);
        }
        Ok(field("code").trim().to_owned())
    }
}

impl FromRequestParts<Arc<Desk>> for Half {
    type Rejection = Wrong;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Wrong> {
        let token = kept_as(&cookie(&parts.headers, SESSION).ok_or(Wrong::SignedOut)?);
        let mut read = desk.core.tables.read().await?;
        let session = rows::session(&mut read, &token).await?.ok_or(Wrong::SignedOut)?;
        let late = desk.core.clock.now_ms().saturating_sub(session.seen_ms) >= HALF_MS;
        if late || matches!(session.stage, Stage::In | Stage::Office) {
            return Err(Wrong::SignedOut);
        }
        Ok(Self { name: session.name, csrf: session.csrf, token, stage: session.stage })
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
        Checked::Right(stage) => {
            let now_ms = desk.core.clock.now_ms();
            let mut write = desk.core.tables.write().await?;
            let set = cookie_of(&begin(&mut write, name, stage, now_ms).await?);
            write.commit().await?;
            let forget = format!("{BEFORE}=; Path=/login; Max-Age=0; HttpOnly; SameSite=Strict");
            let next = match stage {
                Stage::In | Stage::Office => "/",
                Stage::Code => "/login/code",
                Stage::Enrol => "/login/enrol",
            };
            let mut response = Redirect::to(next).into_response();
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
    headers: HeaderMap,
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

/// What became of a password or code.
pub(super) enum Checked {
    /// And what comes next.
    Right(Stage),
    Wrong,
    Wait {
        seconds: i64,
    },
}

/// Begins a session; its new token.
async fn begin(conn: &mut Conn, name: &str, stage: Stage, now_ms: i64) -> Result<String, Fault> {
    let token = HexBytes(secrets::random::<32>()?.to_vec()).to_string();
    let csrf = HexBytes(secrets::random::<16>()?.to_vec()).to_string();
    rows::put_session(conn, &kept_as(&token), name, &csrf, stage, now_ms).await?;
    if matches!(stage, Stage::In | Stage::Office) {
        rows::audit(conn, name, "sign_in", "", now_ms).await?;
    }
    Ok(token)
}

fn cookie_of(token: &str) -> String {
    format!("{SESSION}={token}; Path=/; HttpOnly; SameSite=Strict")
}

/// Begins a session of an office's window, for who has given all that is asked for; its token.
pub(super) async fn begin_window(desk: &Desk, name: &str) -> Result<String, Fault> {
    let mut write = desk.core.tables.write().await?;
    let token = begin(&mut write, name, Stage::Office, desk.core.clock.now_ms()).await?;
    write.commit().await?;
    Ok(token)
}

/// Ends the session of the window this request comes from.
pub(super) async fn end_window(desk: &Desk, headers: &HeaderMap, name: &str) -> Result<(), Fault> {
    let held = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some(token) = held.and_then(|text| text.strip_prefix("Bearer ")) else { return Ok(()) };
    let now_ms = desk.core.clock.now_ms();
    let mut write = desk.core.tables.write().await?;
    rows::end_session(&mut write, &kept_as(token), now_ms.saturating_sub(IDLE_MS)).await?;
    rows::audit(&mut write, name, "sign_out", "", now_ms).await?;
    write.commit().await?;
    Ok(())
}

/// A user's post.
pub(super) async fn post_of(desk: &Desk, name: &str) -> Result<Post, Fault> {
    let mut read = desk.core.tables.read().await?;
    let user = rows::user(&mut read, name).await?.ok_or(Fault::Unknown("user"))?;
    Post::of(&user.role).ok_or(Fault::Stored("role"))
}

/// Signs in who has done the second step, under a new token.
pub(super) async fn complete(
    conn: &mut Conn,
    half: &Half,
    now_ms: i64,
) -> Result<(HeaderName, String), Fault> {
    rows::set_wrong(conn, &half.name, 0, 0).await?;
    rows::end_session(conn, &half.token, now_ms.saturating_sub(IDLE_MS)).await?;
    let token = begin(conn, &half.name, Stage::In, now_ms).await?;
    Ok((header::SET_COOKIE, cookie_of(&token)))
}

/// How long this user has to wait before anything is checked.
pub(super) async fn waits(conn: &mut Conn, name: &str, now_ms: i64) -> Result<Option<Checked>, Fault> {
    let user = rows::user(conn, name).await?.ok_or(Fault::Unknown("user"))?;
    Ok(wait_of(&user, now_ms))
}

/// Counts something wrong, and says so in the audit.
pub(super) async fn count_wrong(conn: &mut Conn, name: &str, what: &str, now_ms: i64) -> Result<(), Fault> {
    let user = rows::user(conn, name).await?.ok_or(Fault::Unknown("user"))?;
    let (wrong, wait_ms) = after_wrong(&user, now_ms);
    rows::set_wrong(conn, name, wrong, wait_ms).await?;
    rows::audit(conn, name, what, "", now_ms).await
}

fn wait_of(user: &UserRow, now_ms: i64) -> Option<Checked> {
    (now_ms < user.wait_ms).then(|| Checked::Wait { seconds: (user.wait_ms - now_ms + 999) / 1000 })
}

/// Looks at a password.
pub(super) async fn check(desk: &Desk, name: &str, password: &str) -> Result<Checked, Wrong> {
    let _turn = desk.signing_in.lock().await;
    let now_ms = desk.core.clock.now_ms();
    let mut read = desk.core.tables.read().await?;
    let user = if name.len() > TYPED_MAX { None } else { rows::user(&mut read, name).await? };
    drop(read);
    let Some(user) = user.filter(|_| password.len() <= TYPED_MAX) else {
        secrets::verifies(&secrets::unfitting(), password.get(..TYPED_MAX).unwrap_or(password)).await?;
        return Ok(Checked::Wrong);
    };
    if let Some(wait) = wait_of(&user, now_ms) {
        return Ok(wait);
    }
    let right = secrets::verifies(&user.password, password).await?;
    let mut write = desk.core.tables.write().await?;
    // Another process may have counted wrong ones meanwhile.
    let user = rows::user(&mut write, name).await?.ok_or(Wrong::SignedOut)?;
    if let Some(wait) = wait_of(&user, now_ms) {
        return Ok(wait);
    }
    if !right {
        count_wrong(&mut write, name, "sign_in_wrong", now_ms).await?;
        write.commit().await?;
        return Ok(Checked::Wrong);
    }
    let stage = match (codes::secret(&mut write, name).await?, desk.core.totp) {
        (Some(_), Totp::Required | Totp::Optional) => Stage::Code,
        (None, Totp::Required) if !user.totp_off => Stage::Enrol,
        (None, Totp::Required | Totp::Optional) => Stage::In,
    };
    // The wrong ones are forgotten by the last step: a right password must not buy more guesses of a code.
    if stage == Stage::In {
        rows::set_wrong(&mut write, name, 0, 0).await?;
    }
    write.commit().await?;
    Ok(Checked::Right(stage))
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
