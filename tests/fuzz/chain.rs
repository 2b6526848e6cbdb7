// SPDX-License-Identifier: GPL-3.0-only
//! Invariant 5 on the wire: a chain with any change in it is no chain of the device.

use crate::bytes::{changed, changes};
use crate::{cases, key, lane};
use contract::{Digest, Envelope, PublicKey};
use proptest::prelude::*;

/// Whether this is a gap-free beginning of a lane that the device made.
fn holds(events: &[Envelope], key: &PublicKey) -> bool {
    let mut prev = Digest::ZERO;
    events.iter().zip(1_u64..).all(|(event, seq)| {
        let fits = event.seq == seq && event.prev == prev && event.check(key).is_ok();
        prev = event.hash();
        fits
    })
}

#[test]
fn invariant_05_any_flipped_bit_of_an_event_is_found() {
    let key = key();
    let events = lane(&key, 1);
    let whole = serde_json::to_vec(&events).unwrap();
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << bit;
            let Ok(read) = serde_json::from_slice::<Vec<Envelope>>(&bytes) else { continue };
            // A capital letter of a hex number is the same number.
            assert!(read == events || !holds(&read, &key.public()), "bit {bit} of byte {at}");
        }
    }
}

#[test]
fn invariant_05_a_mutated_chain_is_found() {
    let key = key();
    let events = lane(&key, 8);
    assert!(holds(&events, &key.public()));
    let whole = serde_json::to_vec(&events).unwrap();
    proptest!(ProptestConfig::with_cases(cases(1_000, 200_000)), |(changes in changes())| {
        if let Ok(read) = serde_json::from_slice::<Vec<Envelope>>(&changed(&whole, &changes)) {
            prop_assert!(read == events || read.is_empty() || !holds(&read, &key.public()));
        }
    });
}

#[test]
fn invariant_05_a_dropped_doubled_or_moved_event_is_found() {
    let key = key();
    let events = lane(&key, 8);
    for at in 0..events.len() - 1 {
        let mut dropped = events.clone();
        dropped.remove(at);
        let mut doubled = events.clone();
        doubled.insert(at, events[at].clone());
        let mut moved = events.clone();
        moved.swap(at, at + 1);
        for wrong in [dropped, doubled, moved] {
            assert!(!holds(&wrong, &key.public()), "event {at}");
        }
    }
}
