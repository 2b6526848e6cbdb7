// SPDX-License-Identifier: GPL-3.0-only
//! What every page has: its head, the way around, the language, who is signed in.

use super::Wrong;
use super::login::Officer;
use super::words::Words;
use i18n::Lang;
use maud::{DOCTYPE, Markup, html};

/// Where one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    Live,
    History,
    Notices,
    Parked,
    Terminals,
    Audit,
    Login,
    Other,
}

impl Tab {
    /// Text id and address; none for pages that are not in the way around.
    fn link(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Live => Some(("desk-nav-live", "/")),
            Self::History => Some(("desk-nav-history", "/history")),
            Self::Notices => Some(("desk-nav-notices", "/notices")),
            Self::Parked => Some(("desk-nav-parked", "/parked")),
            Self::Terminals => Some(("desk-nav-terminals", "/terminals")),
            Self::Audit => Some(("desk-nav-audit", "/audit")),
            Self::Login | Self::Other => None,
        }
    }
}

const AROUND: [Tab; 5] = [Tab::Live, Tab::History, Tab::Notices, Tab::Parked, Tab::Terminals];

/// A whole page. `officer` is none before sign-in.
pub(super) fn page(words: Words, officer: Option<&Officer>, tab: Tab, title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(words.lang().code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · " (words.t("desk-name")) }
                link rel="stylesheet" href="/desk.css";
                link rel="icon" type="image/svg+xml" href="/desk.svg";
                @if tab == Tab::Live {
                    script src="/desk.js" defer {}
                    noscript { meta http-equiv="refresh" content={ "5; url=/?" (super::login::BY_ITSELF) }; }
                }
            }
            body {
                a.skip href="#main" { (words.t("desk-skip")) }
                header {
                    p.name { (words.t("desk-name")) }
                    @if let Some(officer) = officer { (around(words, officer, tab)) }
                    (languages(words))
                    @if let Some(officer) = officer { (who(words, officer)) }
                }
                main id="main" tabindex="-1" { (body) }
            }
        }
    }
}

/// The page of something that is not shown or not done.
pub(super) fn wrong(words: Words, wrong: Wrong) -> Markup {
    let id = match wrong {
        Wrong::SignedOut => "desk-wrong-signed-out",
        Wrong::Forbidden => "desk-wrong-forbidden",
        Wrong::Token => "desk-wrong-token",
        Wrong::NotFound => "desk-wrong-not-found",
        Wrong::Form => "desk-wrong-form",
        Wrong::Fault => "desk-wrong-fault",
    };
    let body = html! {
        h1 { (words.t("desk-wrong")) }
        p.wrong id="wrong" role="alert" { (words.t(id)) }
        p { a href="/" { (words.t("desk-back-to-live")) } }
    };
    page(words, None, Tab::Other, &words.t("desk-wrong"), &body)
}

/// The token every form carries.
pub(super) fn token(officer: &Officer) -> Markup {
    html! { input type="hidden" name="csrf" value=(officer.csrf); }
}

fn around(words: Words, officer: &Officer, here: Tab) -> Markup {
    let audit = officer.role.may_manage().then_some(Tab::Audit);
    html! {
        nav aria-label=(words.t("desk-nav")) {
            ul {
                @for tab in AROUND.into_iter().chain(audit) {
                    @if let Some((text, address)) = tab.link() {
                        li { a href=(address) aria-current=[(tab == here).then_some("page")] { (words.t(text)) } }
                    }
                }
            }
        }
    }
}

fn languages(words: Words) -> Markup {
    html! {
        ul.languages aria-label=(words.t("desk-languages")) {
            @for lang in Lang::all() {
                li {
                    a href={ "?lang=" (lang.code()) } lang=(lang.code()) hreflang=(lang.code())
                        id={ "lang-" (lang.code()) }
                        aria-current=[(*lang == words.lang()).then_some("true")] { (lang.own_name()) }
                }
            }
        }
    }
}

fn who(words: Words, officer: &Officer) -> Markup {
    html! {
        form.who method="post" action="/logout" {
            (token(officer))
            span id="who" { (officer.name) " · " (words.t(role_text(officer.role))) }
            button id="logout" type="submit" { (words.t("desk-logout")) }
        }
    }
}

fn role_text(role: super::Role) -> &'static str {
    match role {
        super::Role::DutyOfficer => "desk-role-duty-officer",
        super::Role::ControlRoom => "desk-role-control-room",
        super::Role::Director => "desk-role-director",
    }
}
