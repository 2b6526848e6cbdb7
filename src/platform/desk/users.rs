// SPDX-License-Identifier: GPL-3.0-only
//! Who may use the desk: named, given a post, a new password, a new start with the second factor.
//!
//! A password is made here and shown once. Refuses: someone changing their own entry, so that no one can widen or lose
//! their own way in alone.

use super::layout::{self, Tab, post_name};
use super::lists::heads;
use super::login::{Officer, Posted};
use super::words::Words;
use super::{Shared, Wrong};
use crate::secrets;
use crate::tables::desk::{self as rows, UserLine};
use crate::tables::totp as codes;
use crate::users::{self, NAME_MAX};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use contract::Post;
use maud::{Markup, html};

pub(super) async fn page(State(desk): Shared, words: Words, officer: Officer) -> Result<Markup, Wrong> {
    let mut read = desk.core.tables.read().await?;
    let everyone = rows::users(&mut read).await?;
    drop(read);
    let title = words.t("desk-nav-users");
    let body = html! {
        h1 { (title) }
        div.wide {
            table id="users" {
                caption { (words.t("desk-users-caption")) }
                (heads(words, &["desk-login-name", "desk-users-post", "desk-users-totp", "desk-users-change"]))
                tbody { @for user in &everyone { (line(words, &officer, user)) } }
            }
        }
        section.card aria-labelledby="user-new-heading" {
            h2 id="user-new-heading" { (words.t("desk-users-new")) }
            form.row method="post" action="/users" {
                (layout::token(&officer))
                div {
                    label for="user-name" { (words.t("desk-login-name")) }
                    input id="user-name" name="name" type="text" maxlength=(NAME_MAX) required
                        pattern="[a-z0-9._\\-]+";
                    p.quiet { (words.t("desk-users-name-what")) }
                }
                div {
                    label for="user-post" { (words.t("desk-users-post")) }
                    select id="user-post" name="post" {
                        @for post in Post::ALL { option value=(post.name()) { (post_name(words, post)) } }
                    }
                }
                button id="user-new" type="submit" { (words.t("desk-users-new")) }
            }
        }
    };
    Ok(layout::page(words, Some(&officer), Tab::Users, &title, &body))
}

fn line(words: Words, officer: &Officer, user: &UserLine) -> Markup {
    let totp = match (user.enrolled_ms, user.totp_off) {
        (Some(_), _) => "desk-users-totp-on",
        (None, true) => "desk-users-totp-off",
        (None, false) => "desk-users-totp-due",
    };
    let id = format!("user-{}", user.name);
    html! {
        tr {
            th scope="row" id=(id) { (user.name) }
            td { @if let Some(post) = Post::of(&user.post) { (post_name(words, post)) } }
            td id={ "totp-" (user.name) } { (words.t(totp)) }
            td {
                @if user.name != officer.name {
                    @for (action, text) in [("/users/password", "desk-users-password"), ("/users/totp", "desk-users-totp-reset")] {
                        form.inline method="post" action=(action) {
                            (layout::token(officer))
                            input type="hidden" name="name" value=(user.name);
                            button.plain type="submit" aria-describedby=(id) { (words.t(text)) }
                        }
                        " "
                    }
                }
            }
        }
    }
}

pub(super) async fn add(State(desk): Shared, words: Words, posted: Posted) -> Result<Response, Wrong> {
    let name = posted.text("name").map(str::trim).ok_or(Wrong::Form)?;
    if !users::is_name(name) {
        return Err(Wrong::Form);
    }
    let post = posted.text("post").and_then(Post::of).ok_or(Wrong::Form)?;
    let password = users::password()?;
    let verifier = secrets::verifier(&password).await?;
    let now_ms = desk.core.clock.now_ms();
    let mut write = desk.core.tables.write().await?;
    if rows::user(&mut write, name).await?.is_some() {
        return Err(Wrong::Form);
    }
    rows::put_user(&mut write, name, post.name(), &verifier, false).await?;
    rows::audit(&mut write, &posted.officer.name, "user_add", name, now_ms).await?;
    write.commit().await?;
    Ok(shown_once(words, &posted.officer, name, &password))
}

/// A new password for someone else; whoever is signed in under the name is signed out.
pub(super) async fn password(State(desk): Shared, words: Words, posted: Posted) -> Result<Response, Wrong> {
    let name = other(&posted)?;
    let password = users::password()?;
    let verifier = secrets::verifier(&password).await?;
    let now_ms = desk.core.clock.now_ms();
    let mut write = desk.core.tables.write().await?;
    let everyone = rows::users(&mut write).await?;
    let user = everyone.iter().find(|user| user.name == name).ok_or(Wrong::Form)?;
    rows::put_user(&mut write, name, &user.post, &verifier, user.totp_off).await?;
    rows::audit(&mut write, &posted.officer.name, "user_password", name, now_ms).await?;
    write.commit().await?;
    Ok(shown_once(words, &posted.officer, name, &password))
}

/// Someone else begins anew with the second factor, as after a lost device.
pub(super) async fn reset(State(desk): Shared, posted: Posted) -> Result<Response, Wrong> {
    let name = other(&posted)?;
    let now_ms = desk.core.clock.now_ms();
    let mut write = desk.core.tables.write().await?;
    rows::user(&mut write, name).await?.ok_or(Wrong::Form)?;
    codes::forget(&mut write, name).await?;
    rows::end_sessions(&mut write, name).await?;
    rows::audit(&mut write, &posted.officer.name, "totp_reset", name, now_ms).await?;
    write.commit().await?;
    Ok(Redirect::to("/users").into_response())
}

/// The name in the form, if it is not one's own.
fn other(posted: &Posted) -> Result<&str, Wrong> {
    posted.text("name").filter(|name| *name != posted.officer.name).ok_or(Wrong::Form)
}

fn shown_once(words: Words, officer: &Officer, name: &str, password: &str) -> Response {
    let title = words.t("desk-users-password-title");
    let body = html! {
        h1 { (title) }
        section.card {
            dl.facts {
                dt { (words.t("desk-login-name")) } dd { (name) }
                dt { (words.t("desk-login-password")) } dd id="password" { code { (password) } }
            }
            p { (words.t("desk-users-password-what")) }
            p { a href="/users" { (words.t("desk-nav-users")) } }
        }
    };
    layout::page(words, Some(officer), Tab::Other, &title, &body).into_response()
}
