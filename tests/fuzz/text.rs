// SPDX-License-Identifier: GPL-3.0-only
//! Text from outside: whatever it was, what is shown is plain, on one line and no longer than it may be.

use crate::{cases, corpus};
use contract::Text;
use proptest::prelude::*;

const MAX: usize = 16;

fn is_safe(raw: &str) {
    let text = Text::<MAX>::new(raw);
    let shown = text.as_str();
    assert!(shown.chars().count() <= MAX);
    assert!(!shown.chars().any(char::is_control));
    let harmful = [
        '\u{200B}', '\u{200E}', '\u{200F}', '\u{202A}', '\u{202D}', '\u{202E}', '\u{2066}', '\u{2067}',
        '\u{2069}', '\u{FEFF}', '\u{2028}', '\u{2029}',
    ];
    assert!(!shown.contains(harmful), "{}", shown.escape_unicode());
    assert_eq!(Text::<MAX>::new(shown), text, "read again it is the same");
    let json = serde_json::to_string(&text).unwrap();
    assert_eq!(serde_json::from_str::<Text<MAX>>(&json).unwrap(), text);
}

#[test]
fn the_corpus_is_made_safe() {
    for bytes in corpus("text") {
        String::from_utf8_lossy(&bytes).split('\n').for_each(is_safe);
        is_safe(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn any_text_is_made_safe() {
    proptest!(ProptestConfig::with_cases(cases(4_000, 200_000)), |(raw in any::<String>())| is_safe(&raw));
}

#[test]
fn every_character_alone_and_among_others_is_made_safe() {
    for c in '\0'..=char::MAX {
        let text = Text::<4>::new(&format!("a{c}b"));
        assert!(text.as_str().starts_with('a') && text.as_str().ends_with('b'));
        assert!(!text.as_str().chars().any(|c| c.is_control() || c == '\u{2028}' || c == '\u{2029}'));
    }
}
