// SPDX-License-Identifier: GPL-3.0-only
//! Bytes nobody meant: what is read from the wire or the disk is mutated, cut and made up, and must be refused, set
//! aside or understood as what it says, without a panic.
//!
//! Each target begins with what lies in `corpus/<target>/`, made by hand, and with valid things of its own. A short form
//! runs with all tests; `FAULTS=long` (`make faults`) runs for minutes. A case that failed is printed; it goes into the
//! corpus with its fix.

mod batch;
mod bytes;
mod chain;
mod feed;
mod mutations;
mod reply;
mod store;
mod text;

use contract::{
    BootId, DeviceId, Digest, Envelope, Event, EventId, HexBytes, OneLeft, SigningKey, Stamp, Trust,
};
use std::path::PathBuf;

/// The place of this crate in the checkout the tests run in, which need not be the one they were compiled in.
fn here() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap())
}

/// What lies in the corpus of a target, sorted by name.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(here().join("corpus").join(target)).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths.into_iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// How many cases a target tries.
fn cases(short: u32, long: u32) -> u32 {
    if std::env::var("FAULTS").is_ok_and(|form| form == "long") { long } else { short }
}

fn key() -> SigningKey {
    SigningKey::open(&SigningKey::generate().unwrap()).unwrap()
}

fn now() -> Stamp {
    Stamp { boot: BootId::fresh(), mono_ms: 1000, wall_ms: 1_795_315_200_000, trust: Trust::Synced }
}

/// A lane of events as a terminal makes them.
fn lane(key: &SigningKey, count: u64) -> Vec<Envelope> {
    let (device, mut prev) = (DeviceId::fresh(), Digest::ZERO);
    let event = Event::OneLeft(OneLeft { at: now(), assigned: 12, out: 11 });
    let mut events = Vec::new();
    for seq in 1..=count {
        let mut envelope = Envelope {
            device,
            epoch: 1,
            lane: event.lane(),
            seq,
            id: EventId::in_order(),
            kind: event.kind().to_owned(),
            time: now(),
            prev,
            body: event.body().unwrap(),
            withheld: None,
            blobs: Vec::new(),
            signature: HexBytes::default(),
        };
        envelope.sign(key).unwrap();
        prev = envelope.hash();
        events.push(envelope);
    }
    events
}
