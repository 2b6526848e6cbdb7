// SPDX-License-Identifier: GPL-3.0-only
//! What every page has: its head, the way around, the language, who is signed in.

use super::Wrong;
use super::login::Officer;
use super::rights::Right;
use super::words::Words;
use contract::Post;
use i18n::Lang;
use maud::{DOCTYPE, Markup, html};

/// Where one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    /// The first page of those who see roll calls.
    Live,
    /// The first page of the others.
    Home,
    Alarms,
    Requests,
    History,
    Notices,
    Parked,
    Terminals,
    Audit,
    Ledger,
    Users,
    Duty,
    Care,
    Shop,
    Accounts,
    Adjustments,
    Appointments,
    Complaints,
    Figures,
    Documents,
    PublicNotices,
    Login,
    Other,
}

impl Tab {
    /// Text id, address and the right it needs; none for pages that are not in the way around.
    fn link(self) -> Option<(&'static str, &'static str, Option<Right>)> {
        match self {
            Self::Live => Some(("desk-nav-live", "/", Some(Right::SeeRollCalls))),
            Self::Home => Some(("desk-nav-home", "/", None)),
            Self::Alarms => Some(("desk-nav-alarms", "/alarms", Some(Right::SeeAlarms))),
            Self::Requests => Some(("desk-nav-requests", "/requests", Some(Right::SeeAlarms))),
            Self::History => Some(("desk-nav-history", "/history", Some(Right::SeeRollCalls))),
            Self::Notices => Some(("desk-nav-notices", "/notices", Some(Right::SeeNotices))),
            Self::Parked => Some(("desk-nav-parked", "/parked", Some(Right::SeeParked))),
            Self::Terminals => Some(("desk-nav-terminals", "/terminals", Some(Right::SeeTerminals))),
            Self::Audit => Some(("desk-nav-audit", "/audit", Some(Right::SeeAudit))),
            Self::Ledger => Some(("desk-nav-ledger", "/ledger", Some(Right::SeeAudit))),
            Self::Users => Some(("desk-nav-users", "/users", Some(Right::ManageUsers))),
            Self::Duty => Some(("desk-nav-duty", "/duty", Some(Right::SeeDuty))),
            Self::Care => Some(("desk-nav-care", "/care", Some(Right::SeeCare))),
            Self::Shop => Some(("desk-nav-shop", "/shop", Some(Right::RunShop))),
            Self::Accounts => Some(("desk-nav-accounts", "/accounts", Some(Right::KeepAccounts))),
            Self::Adjustments => {
                Some(("desk-nav-adjustments", "/adjustments", Some(Right::DecideAdjustment)))
            }
            Self::Appointments => Some(("desk-nav-appointments", "/appointments", Some(Right::Appointments))),
            Self::Complaints => Some(("desk-nav-complaints", "/complaints", Some(Right::SeeComplaints))),
            Self::Figures => Some(("desk-nav-figures", "/figures", Some(Right::SeeFigures))),
            Self::Documents => Some(("desk-nav-documents", "/documents", Some(Right::Documents))),
            Self::PublicNotices => {
                Some(("desk-nav-public-notices", "/public-notices", Some(Right::PostNotices)))
            }
            Self::Login | Self::Other => None,
        }
    }
}

const AROUND: [Tab; 19] = [
    Tab::Alarms,
    Tab::Requests,
    Tab::Duty,
    Tab::Care,
    Tab::Shop,
    Tab::Accounts,
    Tab::Adjustments,
    Tab::Appointments,
    Tab::Documents,
    Tab::PublicNotices,
    Tab::Complaints,
    Tab::Figures,
    Tab::History,
    Tab::Notices,
    Tab::Parked,
    Tab::Terminals,
    Tab::Audit,
    Tab::Ledger,
    Tab::Users,
];

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
                @if tab == Tab::Alarms {
                    script src="/alarms.js" defer {}
                    noscript { meta http-equiv="refresh" content="5"; }
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
    let first = if officer.may(Right::SeeRollCalls) { Tab::Live } else { Tab::Home };
    let may = |right: Option<Right>| right.is_none_or(|right| officer.may(right));
    html! {
        nav aria-label=(words.t("desk-nav")) {
            ul {
                @for tab in [first].into_iter().chain(AROUND) {
                    @if let Some((text, address, _)) = tab.link().filter(|(_, _, right)| may(*right)) {
                        li {
                            a href=(address) aria-current=[(tab == here).then_some("page")] { (words.t(text)) }
                            @if address == "/" && officer.tasks > 0 {
                                " " strong id="nav-tasks" data-tasks=(officer.tasks) {
                                    (words.f("desk-tasks-count", &[("count", officer.tasks.into())]))
                                }
                            }
                        }
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
            span id="who" { (officer.name) " · " (post_name(words, officer.post)) }
            button id="logout" type="submit" { (words.t("desk-logout")) }
        }
    }
}

/// What a post is called.
pub(super) fn post_name(words: Words, post: Post) -> String {
    words.f("desk-post", &[("post", post.name().into())])
}
