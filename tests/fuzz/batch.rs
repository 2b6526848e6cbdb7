// SPDX-License-Identifier: GPL-3.0-only
//! A batch as the platform reads it: the JSON, the envelopes, the signature, the event inside.

use crate::bytes::{changed, changes};
use crate::{cases, corpus, key, lane};
use contract::{BODY_BYTES_MAX, Batch, BatchId, Envelope, Event, PublicKey, SigningKey};
use proptest::prelude::*;

/// Reads as the platform does and says how many events it would have taken.
fn read(bytes: &[u8], key: &PublicKey, made: &[Envelope]) -> usize {
    let Ok(batch) = serde_json::from_slice::<Batch>(bytes) else { return 0 };
    let again = serde_json::to_vec(&batch).unwrap();
    assert_eq!(
        serde_json::from_slice::<Batch>(&again).unwrap(),
        batch,
        "what was read is written as it was read"
    );
    let taken = batch.events.iter().filter(|event| event.check(key).is_ok());
    taken
        .map(|event| {
            assert!(event.body.len() <= BODY_BYTES_MAX);
            assert!(made.contains(event), "nobody signed this: {event:?}");
            let understood = Event::decode(&event.kind, &event.body).unwrap();
            let body = understood.body().unwrap();
            assert_eq!(Event::decode(understood.kind(), &body).unwrap(), understood);
        })
        .count()
}

fn batch(key: &SigningKey) -> (Batch, Vec<Envelope>) {
    let events = lane(key, 3);
    let (device, lane) = (events[0].device, events[0].lane);
    (Batch { batch: BatchId::fresh(), device, epoch: 1, lane, events: events.clone() }, events)
}

#[test]
fn a_whole_batch_is_read_whole() {
    let key = key();
    let (batch, made) = batch(&key);
    assert_eq!(read(&serde_json::to_vec(&batch).unwrap(), &key.public(), &made), 3);
}

#[test]
fn what_was_made_by_hand_has_no_signature_and_no_effect() {
    let key = key();
    for bytes in corpus("batch") {
        assert_eq!(read(&bytes, &key.public(), &[]), 0);
    }
}

#[test]
fn a_mutated_batch_is_refused_or_is_what_was_signed() {
    let key = key();
    let (batch, made) = batch(&key);
    let mut seeds = corpus("batch");
    seeds.push(serde_json::to_vec(&batch).unwrap());
    proptest!(ProptestConfig::with_cases(cases(2_000, 200_000)), |(seed in any::<prop::sample::Index>(), changes in changes())| {
        read(&changed(&seeds[seed.index(seeds.len())], &changes), &key.public(), &made);
    });
}

#[test]
fn any_bytes_are_no_panic() {
    let key = key();
    proptest!(ProptestConfig::with_cases(cases(1_000, 200_000)), |(bytes in prop::collection::vec(any::<u8>(), 0..512))| {
        assert_eq!(read(&bytes, &key.public(), &[]), 0);
    });
}

#[test]
fn the_body_of_every_kind_is_read_or_refused() {
    let seeds: Vec<Vec<u8>> = corpus("batch");
    proptest!(ProptestConfig::with_cases(cases(2_000, 200_000)), |(
        kind in 0..contract::KINDS.len(), seed in any::<prop::sample::Index>(), changes in changes(),
    )| {
        let kind = contract::KINDS[kind].0;
        // The corpus holds batches; an event's body is the text inside.
        let bytes = &seeds[seed.index(seeds.len())];
        let inner = serde_json::from_slice::<Batch>(bytes).ok().and_then(|batch| batch.events.first().map(|event| event.body.clone()));
        let body = changed(inner.unwrap_or_default().as_bytes(), &changes);
        if let Ok(event) = Event::decode(kind, &String::from_utf8_lossy(&body)) {
            prop_assert_eq!(event.kind(), kind);
            let again = Event::decode(kind, &event.body().unwrap()).unwrap();
            prop_assert_eq!(again, event);
        }
    });
}
