// SPDX-License-Identifier: GPL-3.0-only
//! The offices' desktop window, at `/office/v1`: JSON for who is signed in with a bearer token and holds the post. The
//! clinic has its list and the complaint offices have theirs; which office it is follows from the post, never from what
//! is asked.
//!
//! Names, passwords, codes and waits are those of the desk; the token is a session of its own sort, which no page takes,
//! and a page's cookie is none here. A request whose query says `by=itself` is not a person's and keeps nobody signed in.
//! Refuses: whoever has no second factor yet where one is required, which is set up at the desk. Limits: bodies of
//! [`BODY_BYTES_MAX`], sign-ins of [`SIGN_IN_BYTES_MAX`], a question held for [`HOLD_S_MAX`]. An answer that refuses
//! says a code and nothing from inside.

use super::login::{self, Checked, Officer};
use super::rights::Right;
use super::{Desk, Shared, Wrong, second};
use crate::Fault;
use crate::care::{self, Refusal, SEALED_TEXT_MAX};
use crate::complaints;
use crate::fault::chain;
use crate::gateway::BODY;
use crate::offices::{self, KeysRefused};
use crate::tables::desk::Stage;
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use contract::{
    CareList, CareNotice, ComplaintList, Office, OfficeSession, OfficeSignIn, PostedLetter, PostedNotice,
    PostedWord, Problem, Signed,
};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// Largest body, in bytes: a letter is two sealed texts, whose line ends JSON doubles.
const BODY_BYTES_MAX: usize = 3 * SEALED_TEXT_MAX;
/// Largest sign-in, in bytes.
const SIGN_IN_BYTES_MAX: usize = 4 * 1024;
/// Longest a question is held, in seconds: less than the desk's time for an answer.
const HOLD_S_MAX: u32 = 20;

/// What the window is told where it is not served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    SignedOut,
    Forbidden,
    /// Name or password.
    SignIn,
    /// The password was right; a code is asked for.
    CodeMissing,
    Code,
    /// A second factor has to be set up at the desk first.
    Enrol,
    Wait {
        seconds: i64,
    },
    TooLarge,
    TooSlow,
    Unreadable,
    Care(Refusal),
    Complaint(complaints::Refusal),
    /// They do not follow from those before, or are another office's.
    Keys,
    Fault,
}

impl Refused {
    fn outside(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::SignedOut => (StatusCode::UNAUTHORIZED, "signed_out", "sign in"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden", "this post may not"),
            Self::SignIn => (StatusCode::UNAUTHORIZED, "sign_in_wrong", "name or password is wrong"),
            Self::CodeMissing => (StatusCode::UNAUTHORIZED, "code_missing", "a code is asked for"),
            Self::Code => (StatusCode::UNAUTHORIZED, "code_wrong", "the code is wrong or was used"),
            Self::Enrol => (StatusCode::FORBIDDEN, "enrol", "set up the second factor at the desk first"),
            Self::Wait { .. } => (StatusCode::TOO_MANY_REQUESTS, "wait", "too many were wrong"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "the body is too large"),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, "body_too_slow", "the body took too long"),
            Self::Unreadable => {
                (StatusCode::UNPROCESSABLE_ENTITY, "unreadable", "the request cannot be read")
            }
            Self::Care(refusal) => of_care(refusal),
            Self::Complaint(refusal) => of_complaint(refusal),
            Self::Keys => {
                (StatusCode::CONFLICT, "keys_unfollowed", "these keys do not follow from those before")
            }
            Self::Fault => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "try again later"),
        }
    }
}

fn of_care(refusal: Refusal) -> (StatusCode, &'static str, &'static str) {
    match refusal {
        Refusal::Terminal => (StatusCode::NOT_FOUND, "terminal_unknown", "there is no such terminal"),
        Refusal::Report => (StatusCode::NOT_FOUND, "report_unknown", "the terminal made no such report"),
        Refusal::Letter => (StatusCode::CONFLICT, "letter_elsewhere", "the letter is of another terminal"),
        Refusal::Notice => (StatusCode::NOT_FOUND, "notice_unknown", "no such notice is open there"),
        Refusal::NoticeUnsound => {
            (StatusCode::UNPROCESSABLE_ENTITY, "notice_unsound", "person, needs, posts or time do not fit")
        }
        Refusal::Sealed => (StatusCode::UNPROCESSABLE_ENTITY, "not_sealed", "it is not sealed, or too long"),
        Refusal::Full => (StatusCode::CONFLICT, "full", "the terminal has too many"),
    }
}

fn of_complaint(refusal: complaints::Refusal) -> (StatusCode, &'static str, &'static str) {
    match refusal {
        complaints::Refusal::Event => {
            (StatusCode::NOT_FOUND, "event_unknown", "no such thing is sealed to you")
        }
        complaints::Refusal::Word => {
            (StatusCode::UNPROCESSABLE_ENTITY, "word_unsound", "it is not this office's own word")
        }
        complaints::Refusal::Sealed => {
            (StatusCode::UNPROCESSABLE_ENTITY, "not_sealed", "it is not sealed, or too long")
        }
        complaints::Refusal::Full => (StatusCode::CONFLICT, "full", "enough was said to this one"),
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, code, message) = self.outside();
        let body = Json(Problem { code: code.into(), message: message.into() });
        let mut response = (status, body).into_response();
        if let Self::Wait { seconds } = self {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        tracing::error!(inside = chain(&fault), "a request of an office's window failed");
        Self::Fault
    }
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Self {
        Fault::from(error).into()
    }
}

impl From<Wrong> for Refused {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::SignedOut => Self::SignedOut,
            Wrong::Forbidden | Wrong::Token => Self::Forbidden,
            Wrong::Form | Wrong::NotFound => Self::Unreadable,
            Wrong::Fault => Self::Fault,
        }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::Care(refusal)
    }
}

impl From<complaints::Refusal> for Refused {
    fn from(refusal: complaints::Refusal) -> Self {
        Self::Complaint(refusal)
    }
}

impl From<KeysRefused> for Refused {
    fn from(_: KeysRefused) -> Self {
        Self::Keys
    }
}

/// Lets pass who is signed in with a window and has the right.
pub(super) async fn guard(desk: &Desk, right: Right, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let officer = match Officer::at_window(&parts, desk).await {
        Ok(officer) => officer,
        Err(wrong) => return Refused::from(wrong).into_response(),
    };
    if !officer.may(right) {
        return Refused::Forbidden.into_response();
    }
    parts.extensions.insert(officer);
    next.run(Request::from_parts(parts, body)).await
}

/// Name, password and code at once. What the post is comes after the password: nobody learns it by guessing.
pub(super) async fn sign_in(State(desk): Shared, body: Body) -> Result<Json<OfficeSession>, Refused> {
    let asked: OfficeSignIn = read(body, SIGN_IN_BYTES_MAX).await?;
    let name = asked.name.trim();
    // PostgreSQL keeps no zero in a text.
    if name.contains('\0') {
        return Err(Refused::Unreadable);
    }
    let checked = login::check(&desk, name, &asked.password).await?;
    let stage = match checked {
        Checked::Right(stage) => stage,
        Checked::Wrong => return Err(Refused::SignIn),
        Checked::Wait { seconds } => return Err(Refused::Wait { seconds }),
    };
    if !Right::Window.is_of(login::post_of(&desk, name).await?) {
        return Err(Refused::Forbidden);
    }
    match stage {
        Stage::In | Stage::Office => {}
        Stage::Enrol => return Err(Refused::Enrol),
        Stage::Code if asked.code.trim().is_empty() => return Err(Refused::CodeMissing),
        Stage::Code => match second::prove(&desk, name, asked.code.trim()).await? {
            Checked::Right(_) => {}
            Checked::Wrong => return Err(Refused::Code),
            Checked::Wait { seconds } => return Err(Refused::Wait { seconds }),
        },
    }
    Ok(Json(OfficeSession { token: login::begin_window(&desk, name).await?.into() }))
}

pub(super) async fn sign_out(
    State(desk): Shared,
    headers: HeaderMap,
    officer: Officer,
) -> Result<StatusCode, Refused> {
    login::end_window(&desk, &headers, &officer.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    since: u64,
    /// Seconds.
    #[serde(default)]
    wait: u32,
}

pub(super) async fn care(
    State(desk): Shared,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<CareList>, Refused> {
    let Query(asked) = asked.map_err(|_| Refused::Unreadable)?;
    let wait = Duration::from_secs(asked.wait.min(HOLD_S_MAX).into());
    Ok(Json(care::list(&desk.core, asked.since, wait).await?))
}

pub(super) async fn keys(State(desk): Shared, officer: Officer, body: Body) -> Result<StatusCode, Refused> {
    let statement: Signed = read(body, BODY_BYTES_MAX).await?;
    let mut write = desk.core.tables.write().await?;
    let (office, now_ms) = (office_of(&officer)?, desk.core.clock.now_ms());
    let terminals = offices::put_keys(&mut write, office, &statement, &officer.name, now_ms).await??;
    write.commit().await?;
    for terminal in terminals {
        desk.core.bells.ring(terminal);
    }
    desk.core.bells.care.ring();
    desk.core.bells.complaints.ring();
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn letter(State(desk): Shared, officer: Officer, body: Body) -> Result<StatusCode, Refused> {
    let posted: PostedLetter = read(body, BODY_BYTES_MAX).await?;
    let mut write = desk.core.tables.write().await?;
    care::post_letter(&mut write, &posted, &officer.name, desk.core.clock.now_ms()).await??;
    write.commit().await?;
    desk.core.bells.ring(posted.terminal);
    desk.core.bells.care.ring();
    Ok(StatusCode::NO_CONTENT)
}

/// The answer is the notice as it was released, with its number and time, or as it was ended.
pub(super) async fn notice(
    State(desk): Shared,
    officer: Officer,
    body: Body,
) -> Result<Json<CareNotice>, Refused> {
    let posted: PostedNotice = read(body, BODY_BYTES_MAX).await?;
    let mut write = desk.core.tables.write().await?;
    let notice = care::post_notice(&mut write, &posted, &officer.name, desk.core.clock.now_ms()).await??;
    write.commit().await?;
    desk.core.bells.ring(posted.terminal);
    desk.core.bells.care.ring();
    Ok(Json(notice))
}

/// What is sealed to the officer's own office, and what proves that nothing is missing.
pub(super) async fn complaints(
    State(desk): Shared,
    officer: Officer,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<ComplaintList>, Refused> {
    let Query(asked) = asked.map_err(|_| Refused::Unreadable)?;
    let wait = Duration::from_secs(asked.wait.min(HOLD_S_MAX).into());
    Ok(Json(complaints::list(&desk.core, office_of(&officer)?, asked.since, wait).await?))
}

pub(super) async fn word(State(desk): Shared, officer: Officer, body: Body) -> Result<StatusCode, Refused> {
    let posted: PostedWord = read(body, BODY_BYTES_MAX).await?;
    let (office, now_ms) = (office_of(&officer)?, desk.core.clock.now_ms());
    let mut write = desk.core.tables.write().await?;
    let terminal = complaints::post_word(&mut write, office, &posted, &officer.name, now_ms).await??;
    write.commit().await?;
    desk.core.bells.ring(terminal);
    desk.core.bells.complaints.ring();
    Ok(StatusCode::NO_CONTENT)
}

fn office_of(officer: &Officer) -> Result<Office, Refused> {
    offices::office_of(officer.post).ok_or(Refused::Forbidden)
}

/// The body within its size and time; what is wrong with it is not told, since it may hold a password.
async fn read<T: DeserializeOwned>(body: Body, bytes_max: usize) -> Result<T, Refused> {
    let bytes = tokio::time::timeout(BODY, axum::body::to_bytes(body, bytes_max)).await;
    let bytes = bytes.map_err(|_| Refused::TooSlow)?.map_err(|_| Refused::TooLarge)?;
    serde_json::from_slice(&bytes).map_err(|_| Refused::Unreadable)
}
