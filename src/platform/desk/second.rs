// SPDX-License-Identifier: GPL-3.0-only
//! The second step of signing in: enrolling an authenticator at the first sign-in, a code of it at every other.
//!
//! A code is good for its half-minute and the one before and after, once. Wrong codes are counted with wrong passwords.
//! Ten recovery codes are shown once, each good once. Whoever has given the password alone reaches these pages and
//! nothing else, for [`HALF_MS`]. Refuses: a secret shown to another sign-in.

use super::layout::{self, Tab};
use super::login::{self, Checked, Half};
use super::words::Words;
use super::{Desk, Shared, Wrong};
use crate::tables::desk::{self as rows, Stage};
use crate::tables::{Conn, totp as codes};
use crate::{Fault, secrets};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, PreEscaped, html};
use qrcode::render::svg;
use totp_rs::{Builder, Totp};

/// Length of a secret, in bytes: RFC 4226 §4 recommends 160 bits.
const SECRET_BYTES: usize = 20;
/// How many half-minutes a clock may be off.
const SKEW_STEPS: u16 = 1;
/// Recovery codes given at enrolment, and their length in letters of five bits.
const RECOVERY_CODES: usize = 10;
const RECOVERY_LETTERS: usize = 10;
/// What the authenticator calls this place.
const ISSUER: &str = "Cell terminal desk";

pub(super) async fn enrol_page(State(desk): Shared, words: Words, half: Half) -> Result<Response, Wrong> {
    let half = half.of(Stage::Enrol)?;
    offer(&desk, words, &half, None, StatusCode::OK).await
}

/// The first code proves that the authenticator has the secret; it signs in too.
pub(super) async fn enrol(
    State(desk): Shared,
    words: Words,
    half: Half,
    request: Request,
) -> Result<Response, Wrong> {
    let half = half.of(Stage::Enrol)?;
    let typed = half.code(&desk, request).await?;
    let now_ms = desk.core.clock.now_ms();
    let _turn = desk.signing_in.lock().await;
    let mut write = desk.core.tables.write().await?;
    if let Some(wait) = login::waits(&mut write, &half.name, now_ms).await? {
        drop(write);
        return offer(&desk, words, &half, Some(&wait), StatusCode::TOO_MANY_REQUESTS).await;
    }
    let sealed = rows::offered(&mut write, &half.token).await?.ok_or(Wrong::SignedOut)?;
    let totp = totp(&half.name, desk.core.seal.bytes(&half.name, &sealed)?)?;
    let Some(step) = step(&totp, &typed, now_ms) else {
        login::count_wrong(&mut write, &half.name, "enrol_wrong", now_ms).await?;
        write.commit().await?;
        return offer(&desk, words, &half, Some(&Checked::Wrong), StatusCode::UNAUTHORIZED).await;
    };
    let recovery = recovery_codes()?;
    let tags: Vec<String> = recovery.iter().map(|code| desk.core.seal.tag(&half.name, code)).collect();
    codes::enrol(&mut write, &half.name, &sealed, step, &tags, now_ms).await?;
    rows::audit(&mut write, &half.name, "totp_enrol", "", now_ms).await?;
    let cookie = login::complete(&mut write, &half, now_ms).await?;
    write.commit().await?;
    let title = words.t("desk-recovery-title");
    let body = html! {
        h1 { (title) }
        p { (words.t("desk-recovery-what")) }
        ul.codes id="recovery" {
            @for code in &recovery {
                @let (head, tail) = code.split_at(RECOVERY_LETTERS / 2);
                li { code { (head) "-" (tail) } }
            }
        }
        p { a id="recovery-done" href="/" { (words.t("desk-recovery-done")) } }
    };
    Ok(([cookie], layout::page(words, None, Tab::Login, &title, &body)).into_response())
}

pub(super) async fn code_page(words: Words, half: Half) -> Result<Response, Wrong> {
    let half = half.of(Stage::Code)?;
    Ok(ask(words, &half, None).into_response())
}

pub(super) async fn code(
    State(desk): Shared,
    words: Words,
    half: Half,
    request: Request,
) -> Result<Response, Wrong> {
    let half = half.of(Stage::Code)?;
    let typed = half.code(&desk, request).await?;
    let now_ms = desk.core.clock.now_ms();
    let _turn = desk.signing_in.lock().await;
    let mut write = desk.core.tables.write().await?;
    if let Some(wait) = login::waits(&mut write, &half.name, now_ms).await? {
        return Ok((StatusCode::TOO_MANY_REQUESTS, ask(words, &half, Some(&wait))).into_response());
    }
    let Some(taken) = take(&desk, &mut write, &half.name, &typed, now_ms).await? else {
        login::count_wrong(&mut write, &half.name, "code_wrong", now_ms).await?;
        write.commit().await?;
        return Ok((StatusCode::UNAUTHORIZED, ask(words, &half, Some(&Checked::Wrong))).into_response());
    };
    if taken == Taken::Recovery {
        rows::audit(&mut write, &half.name, "recovery", "", now_ms).await?;
    }
    let cookie = login::complete(&mut write, &half, now_ms).await?;
    write.commit().await?;
    Ok(([cookie], Redirect::to("/")).into_response())
}

/// Looks at a code without a form: the window of an office gives it with the password.
pub(super) async fn prove(desk: &Desk, name: &str, typed: &str) -> Result<Checked, Wrong> {
    let now_ms = desk.core.clock.now_ms();
    let _turn = desk.signing_in.lock().await;
    let mut write = desk.core.tables.write().await?;
    if let Some(wait) = login::waits(&mut write, name, now_ms).await? {
        return Ok(wait);
    }
    let Some(taken) = take(desk, &mut write, name, typed, now_ms).await? else {
        login::count_wrong(&mut write, name, "code_wrong", now_ms).await?;
        write.commit().await?;
        return Ok(Checked::Wrong);
    };
    if taken == Taken::Recovery {
        rows::audit(&mut write, name, "recovery", "", now_ms).await?;
    }
    rows::set_wrong(&mut write, name, 0, 0).await?;
    write.commit().await?;
    Ok(Checked::Right(Stage::Office))
}

/// What was taken as the second step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    Code,
    Recovery,
}

async fn take(
    desk: &Desk,
    conn: &mut Conn,
    name: &str,
    typed: &str,
    now_ms: i64,
) -> Result<Option<Taken>, Fault> {
    let Some(sealed) = codes::secret(conn, name).await? else { return Ok(None) };
    let totp = totp(name, desk.core.seal.bytes(name, &sealed)?)?;
    if let Some(step) = step(&totp, typed, now_ms) {
        return Ok(codes::take_step(conn, name, step).await?.then_some(Taken::Code));
    }
    let tag = desk.core.seal.tag(name, &secrets::normal_letters(typed));
    Ok(codes::take_recovery(conn, name, &tag, now_ms).await?.then_some(Taken::Recovery))
}

/// The half-minute a code is of, if it is one of now.
fn step(totp: &Totp, typed: &str, now_ms: i64) -> Option<i64> {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    if digits.len() != 6 || typed.chars().any(|c| !c.is_ascii_digit() && c != ' ') {
        return None;
    }
    let step = totp.check(&digits, u64::try_from(now_ms / 1000).ok()?)?;
    i64::try_from(step).ok()
}

fn totp(name: &str, secret: Vec<u8>) -> Result<Totp, Fault> {
    // A colon parts issuer and name in the address; no name of a user has one.
    let built = Builder::new()
        .with_secret(secret)
        .with_skew(SKEW_STEPS)
        .with_issuer(Some(ISSUER))
        .with_account_name(name.replace(':', " "))
        .build();
    built.map_err(|_| Fault::Stored("sealed secret"))
}

fn recovery_codes() -> Result<Vec<String>, Fault> {
    (0..RECOVERY_CODES).map(|_| secrets::letters::<RECOVERY_LETTERS>()).collect()
}

/// Shows the secret this sign-in was given: made once, so that a page loaded again still fits.
async fn offer(
    desk: &Desk,
    words: Words,
    half: &Half,
    wrong: Option<&Checked>,
    status: StatusCode,
) -> Result<Response, Wrong> {
    let mut read = desk.core.tables.read().await?;
    let sealed = rows::offered(&mut read, &half.token).await?;
    drop(read);
    let sealed = match sealed {
        Some(sealed) => sealed,
        None => {
            let sealed = desk.core.seal.close(&half.name, &secrets::random::<SECRET_BYTES>()?)?;
            let mut write = desk.core.tables.write().await?;
            rows::offer(&mut write, &half.token, &sealed).await?;
            let kept = rows::offered(&mut write, &half.token).await?.ok_or(Wrong::SignedOut)?;
            write.commit().await?;
            kept
        }
    };
    let totp = totp(&half.name, desk.core.seal.bytes(&half.name, &sealed)?)?;
    let address = totp.to_url().map_err(|_| Fault::Stored("sealed secret"))?;
    let title = words.t("desk-enrol-title");
    let body = html! {
        h1 { (title) }
        p { (words.t("desk-enrol-what")) }
        div.qr role="img" aria-label=(words.t("desk-enrol-qr")) { (PreEscaped(qr(&address)?)) }
        p { (words.t("desk-enrol-secret")) " " code id="totp-secret" { (totp.secret().to_base32()) } }
        (form(words, half, "/login/enrol", wrong))
    };
    Ok((status, layout::page(words, None, Tab::Login, &title, &body)).into_response())
}

fn ask(words: Words, half: &Half, wrong: Option<&Checked>) -> Markup {
    let title = words.t("desk-code-login-title");
    let body = html! {
        h1 { (title) }
        p { (words.t("desk-code-login-what")) }
        (form(words, half, "/login/code", wrong))
    };
    layout::page(words, None, Tab::Login, &title, &body)
}

fn form(words: Words, half: &Half, action: &str, wrong: Option<&Checked>) -> Markup {
    let wrong = match wrong {
        Some(Checked::Wait { seconds }) => {
            Some(words.f("desk-login-wait", &[("seconds", (*seconds).into())]))
        }
        Some(Checked::Wrong | Checked::Right(_)) => Some(words.t("desk-code-wrong")),
        None => None,
    };
    html! {
        @if let Some(wrong) = wrong { p.wrong id="login-wrong" role="alert" { (wrong) } }
        form.narrow method="post" action=(action) {
            input type="hidden" name="csrf" value=(half.csrf);
            label for="login-code" { (words.t("desk-code-login")) }
            input id="login-code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code"
                maxlength="16" required autofocus;
            button id="login-submit" type="submit" { (words.t("desk-login-submit")) }
        }
    }
}

/// The picture of an address, to be put into a page.
fn qr(address: &str) -> Result<String, Fault> {
    let code = qrcode::QrCode::new(address).map_err(|_| Fault::Stored("sealed secret"))?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
    // The head of a file of its own has no place in a page.
    Ok(picture.split_once("?>").map_or(picture.as_str(), |(_, rest)| rest).to_owned())
}
