// SPDX-License-Identifier: GPL-3.0-only
//! Amounts as they are shown and typed, and what pages of shop and accounts have in common.

use super::Wrong;
use super::layout;
use super::login::{Officer, Posted};
use super::words::Words;
use axum::response::{IntoResponse, Redirect, Response};
use contract::Fen;
use maud::{Markup, html};
use serde::Deserialize;

/// Longest word on a form, in characters: what a line of a statement holds.
pub(super) const WORDS_MAX: usize = 100;
/// Longest reference.
pub(super) const REFERENCE_MAX: usize = 64;

/// What an action led back with.
#[derive(Deserialize)]
pub(super) struct Asked {
    said: Option<String>,
}

/// `¥12.30`.
pub(super) fn yuan(words: Words, fen: Fen) -> String {
    words.f("desk-yuan", &[("amount", plain(fen).into())])
}

/// `12.30`, as it is typed.
pub(super) fn plain(fen: Fen) -> String {
    let sign = if fen < Fen::ZERO { "-" } else { "" };
    let all = fen.0.unsigned_abs();
    format!("{sign}{}.{:02}", all / 100, all % 100)
}

/// An amount that was typed: yuan, with at most two places.
pub(super) fn typed(text: &str) -> Option<Fen> {
    let text = text.trim();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(part) || part.len() > 2 {
        return None;
    }
    let cents: i64 = format!("{part:0<2}").parse().ok()?;
    let fen = whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)?;
    Some(Fen(sign * fen))
}

/// An amount of a form.
pub(super) fn amount(posted: &Posted, name: &str) -> Result<Fen, Wrong> {
    posted.text(name).and_then(typed).ok_or(Wrong::Form)
}

/// A text of a form that may be empty; one that is too long is no form of ours.
pub(super) fn short<'a>(posted: &'a Posted, name: &str, max: usize) -> Result<&'a str, Wrong> {
    let text = posted.text(name).map_or("", str::trim);
    if text.chars().count() <= max { Ok(text) } else { Err(Wrong::Form) }
}

/// Leads back to a page, which says what became of it.
pub(super) fn back(page: &str, said: &str, place: &str) -> Response {
    Redirect::to(&format!("{page}?said={said}{place}")).into_response()
}

/// Says what became of an action, if it is one of ours.
pub(super) fn said(words: Words, asked: &Asked) -> Markup {
    const SAID: [(&str, &str); 10] = [
        ("done", "desk-money-said-done"),
        ("state", "desk-money-said-state"),
        ("counts", "desk-money-said-counts"),
        ("words", "desk-money-said-words"),
        ("amount", "desk-money-said-amount"),
        ("short", "desk-money-said-short"),
        ("own", "desk-money-said-own"),
        ("over", "desk-money-said-over"),
        ("unsound", "desk-money-said-unsound"),
        ("unposted", "desk-money-said-unposted"),
    ];
    let found = SAID.into_iter().find(|(code, _)| asked.said.as_deref() == Some(code));
    html! {
        @match found {
            Some(("done", text)) => p.said id="said" role="status" { (words.t(text)) },
            Some((_, text)) => p.wrong id="refused" role="alert" { (words.t(text)) },
            None => {},
        }
    }
}

/// A form with its token, one deed, and a button.
pub(super) fn form(
    officer: &Officer,
    (action, deed): (&str, &str),
    (id, text): (&str, &str),
    fields: &Markup,
) -> Markup {
    html! {
        form.row method="post" action=(action) {
            (layout::token(officer))
            input type="hidden" name="deed" value=(deed);
            (fields)
            button.plain id=(id) type="submit" { (text) }
        }
    }
}

/// A labelled line to type into.
pub(super) fn field((id, name): (&str, &str), label: &str, max: usize, required: bool) -> Markup {
    html! {
        div {
            label for=(id) { (label) }
            input id=(id) name=(name) type="text" maxlength=(max) required[required];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_as_it_is_written_and_no_nonsense_is() {
        for (text, fen) in [("12", 1_200), ("12.3", 1_230), ("0.05", 5), ("-7.50", -750), (" 1.00 ", 100)] {
            assert_eq!(typed(text), Some(Fen(fen)), "{text}");
        }
        for fen in [0, 5, 99, 1_230, -750] {
            assert_eq!(typed(&plain(Fen(fen))), Some(Fen(fen)));
        }
        for text in ["", ".5", "1.234", "1,5", "十", "1.-5", "--1", "99999999999999999999"] {
            assert_eq!(typed(text), None, "{text}");
        }
    }
}
