// SPDX-License-Identifier: GPL-3.0-only
//! The officer's card reader. Cards are for officers only: a loose card in a cell is contraband.

use zeroize::Zeroize;

/// Longest card number a reader may deliver, in characters.
pub const CARD_NUMBER_LEN_MAX: usize = 32;

/// What a card says of itself; compared as a peppered digest, never shown or logged.
#[derive(Clone, PartialEq, Eq)]
pub struct CardNumber(String);

impl CardNumber {
    /// Takes a reader's text: 4 to [`CARD_NUMBER_LEN_MAX`] ASCII letters and digits, else nothing.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = (4..=CARD_NUMBER_LEN_MAX).contains(&text.len());
        (fits && text.bytes().all(|b| b.is_ascii_alphanumeric())).then(|| Self(text.to_ascii_uppercase()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for CardNumber {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for CardNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CardNumber(…)")
    }
}

/// A reader that can be asked; PC/SC readers and simulated ones are of this shape.
pub trait CardReader: Send {
    /// The card that was put on the reader since the last question, if any. Never waits.
    fn poll(&mut self) -> Option<CardNumber>;
}

/// Readers that type: a burst of keys faster than a hand, ended by Enter.
#[derive(Default)]
pub struct KeyboardWedge {
    typed: String,
    last_ms: i64,
}

/// Longest pause between two keys of one card, in milliseconds; a hand is slower.
const KEY_PAUSE_MS_MAX: i64 = 60;

impl KeyboardWedge {
    /// One key at `now_ms`; the card when this key ended one.
    pub fn key(&mut self, text: &str, now_ms: i64) -> Option<CardNumber> {
        if now_ms.saturating_sub(self.last_ms) > KEY_PAUSE_MS_MAX || self.typed.len() > CARD_NUMBER_LEN_MAX {
            self.typed.zeroize();
            self.typed.clear();
        }
        self.last_ms = now_ms;
        if text == "\n" || text == "\r" {
            let card = CardNumber::parse(&self.typed);
            self.typed.zeroize();
            self.typed.clear();
            return card;
        }
        self.typed.push_str(text);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_ended_by_enter_is_a_card() {
        let mut wedge = KeyboardWedge::default();
        for (i, key) in ["a", "1", "2", "3"].into_iter().enumerate() {
            assert_eq!(wedge.key(key, 1000 + i as i64 * 5), None);
        }
        assert_eq!(wedge.key("\n", 1025).expect("a card").as_str(), "A123");
    }

    #[test]
    fn keys_typed_by_hand_are_no_card() {
        let mut wedge = KeyboardWedge::default();
        for (i, key) in ["1", "2", "3", "4"].into_iter().enumerate() {
            wedge.key(key, 1000 + i as i64 * 200);
        }
        assert_eq!(wedge.key("\n", 1800), None);
    }
}
