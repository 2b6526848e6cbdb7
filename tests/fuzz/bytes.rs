// SPDX-License-Identifier: GPL-3.0-only
//! How bytes are made wrong.

use proptest::prelude::*;
use proptest::sample::Index;

/// Most changes of one case.
const CHANGES_MAX: usize = 6;

/// Pieces of JSON that readers have stumbled over.
const PIECES: [&str; 16] = [
    "null",
    "-1",
    "1e999",
    "-0",
    "18446744073709551616",
    "9223372036854775808",
    "\"\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\u202e\"",
    "[[[[[[[[",
    "{}",
    "[]",
    ",",
    "\"alarm\"",
    "true",
];

/// One change of a sequence of bytes.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    Flip(Index, u8),
    Cut(Index),
    Remove(Index, usize),
    Twice(Index, usize),
    Insert(Index, Vec<u8>),
    /// Sets a run of bytes to one value, as a torn page has it.
    Fill(Index, usize, u8),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        4 => (at(), 0_u8..8).prop_map(|(at, bit)| Change::Flip(at, bit)),
        1 => at().prop_map(Change::Cut),
        1 => (at(), 1_usize..64).prop_map(|(at, length)| Change::Remove(at, length)),
        1 => (at(), 1_usize..64).prop_map(|(at, length)| Change::Twice(at, length)),
        1 => (at(), prop::collection::vec(any::<u8>(), 1..16)).prop_map(|(at, with)| Change::Insert(at, with)),
        2 => (at(), 0..PIECES.len()).prop_map(|(at, n)| Change::Insert(at, PIECES[n].as_bytes().to_vec())),
        1 => (at(), 1_usize..5000, any::<u8>()).prop_map(|(at, length, with)| Change::Fill(at, length, with)),
    ]
}

/// Some changes; none is one too.
pub(crate) fn changes() -> impl Strategy<Value = Vec<Change>> {
    prop::collection::vec(change(), 0..=CHANGES_MAX)
}

/// `bytes` with these changes, one after the other.
pub(crate) fn changed(bytes: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for change in changes {
        let (Change::Flip(at, _)
        | Change::Cut(at)
        | Change::Remove(at, _)
        | Change::Twice(at, _)
        | Change::Insert(at, _)
        | Change::Fill(at, ..)) = change;
        if bytes.is_empty() {
            break;
        }
        let from = at.index(bytes.len());
        let to = |length: usize| (from + length).min(bytes.len());
        match change {
            Change::Flip(_, bit) => bytes[from] ^= 1 << bit,
            Change::Cut(_) => bytes.truncate(from),
            Change::Remove(_, length) => drop(bytes.drain(from..to(*length))),
            Change::Twice(_, length) => {
                let piece = bytes[from..to(*length)].to_vec();
                bytes.splice(from..from, piece);
            }
            Change::Insert(_, with) => drop(bytes.splice(from..from, with.iter().copied())),
            Change::Fill(_, length, with) => {
                let to = to(*length);
                bytes[from..to].fill(*with);
            }
        }
    }
    bytes
}
