// SPDX-License-Identifier: GPL-3.0-only
//! A card reader with a slot. It holds one card: a second one put in before the question replaces the first.

use std::sync::{Arc, Mutex, PoisonError};

use crate::{CardNumber, CardReader};

/// Clones are the same slot.
#[derive(Clone, Default)]
pub struct CardSlot(Arc<Mutex<Option<CardNumber>>>);

impl CardSlot {
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a card on the reader; false, and nothing is put, when `number` is none a reader would deliver.
    pub fn insert(&self, number: &str) -> bool {
        let Some(card) = CardNumber::parse(number) else { return false };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(card);
        true
    }
}

impl CardReader for CardSlot {
    fn poll(&mut self) -> Option<CardNumber> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inserted_card_is_read_once() {
        let slot = CardSlot::new();
        let mut reader = slot.clone();
        assert!(slot.insert("a1b2"));
        assert_eq!(reader.poll().expect("the card").as_str(), "A1B2");
        assert_eq!(reader.poll(), None);
    }

    #[test]
    fn what_is_no_card_number_does_not_enter() {
        let slot = CardSlot::new();
        for number in ["", "123", "12 34", "一二三四", &"1".repeat(33)] {
            assert!(!slot.insert(number));
        }
        let mut reader = slot;
        assert_eq!(reader.poll(), None);
    }
}
