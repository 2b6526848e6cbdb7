// SPDX-License-Identifier: GPL-3.0-only
//! A signed answer as the terminal reads it: what opens is what was signed.

use crate::bytes::{changed, changes};
use crate::{cases, corpus, key, lane};
use contract::{BatchId, BatchReply, Flow, PublicKey, Signed, SigningKey, Verdict, VerdictFor};
use proptest::prelude::*;

fn reply(key: &SigningKey) -> BatchReply {
    let events = lane(key, 3);
    let verdicts =
        [Verdict::Accepted, Verdict::Parked { code: "kind".into() }, Verdict::Retry { after_s: 1 }];
    BatchReply {
        batch: BatchId::fresh(),
        device: events[0].device,
        lane: events[0].lane,
        acked_seq: 2,
        head: events[1].hash(),
        verdicts: events
            .iter()
            .zip(verdicts)
            .map(|(event, verdict)| VerdictFor { id: event.id, seq: event.seq, hash: event.hash(), verdict })
            .collect(),
        server_ms: 1,
        flow: Flow::default(),
        reconnect_window_s: 30,
    }
}

/// The answer, if the terminal would believe it.
fn believed(bytes: &[u8], key: &PublicKey) -> Option<BatchReply> {
    serde_json::from_slice::<Signed>(bytes).ok()?.open("reply", key).ok()
}

#[test]
fn a_mutated_answer_is_not_believed_unless_it_says_the_same() {
    let key = key();
    let said = reply(&key);
    let signed = Signed::seal("reply", &said, &key).unwrap();
    let whole = serde_json::to_vec(&signed).unwrap();
    assert_eq!(believed(&whole, &key.public()), Some(said.clone()));
    proptest!(ProptestConfig::with_cases(cases(2_000, 200_000)), |(changes in changes())| {
        let heard = believed(&changed(&whole, &changes), &key.public());
        prop_assert!(heard.is_none() || heard == Some(said.clone()));
    });
}

#[test]
fn what_nobody_signed_is_not_believed() {
    let key = key();
    let seeds = corpus("reply");
    assert!(seeds.iter().all(|bytes| believed(bytes, &key.public()).is_none()));
    proptest!(ProptestConfig::with_cases(cases(1_000, 200_000)), |(seed in any::<prop::sample::Index>(), changes in changes())| {
        prop_assert_eq!(believed(&changed(&seeds[seed.index(seeds.len())], &changes), &key.public()), None);
    });
}

#[test]
fn an_answer_of_any_content_is_read_or_refused() {
    let key = key();
    let text = serde_json::to_vec(&reply(&key)).unwrap();
    proptest!(ProptestConfig::with_cases(cases(1_000, 200_000)), |(changes in changes())| {
        // Signed by a platform that errs.
        if let Ok(reply) = serde_json::from_slice::<BatchReply>(&changed(&text, &changes)) {
            let again = serde_json::to_vec(&reply).unwrap();
            prop_assert_eq!(serde_json::from_slice::<BatchReply>(&again).unwrap(), reply);
        }
    });
}
