// SPDX-License-Identifier: GPL-3.0-only
//! What an answer must be to be believed.

use super::*;
use contract::{BatchId, BootId, Envelope, EventId, Flow, HexBytes, Lane, Stamp, Trust, Verdict, VerdictFor};

/// A signed reply with anything else in the place of an id, a number, a lane or a hash is not of this batch.
#[test]
fn a_reply_that_names_anything_else_does_not_fit() {
    let (batch, reply) = talk();
    assert_eq!(fits(&reply, &batch), Ok(()));
    let other = DeviceId::fresh();
    let (hash, id) = (Digest([9; 32]), EventId::fresh());
    let wrong: [fn(&mut BatchReply); 3] = [
        |reply| reply.batch = BatchId::fresh(),
        |reply| reply.lane = Lane::Alarm,
        |reply| reply.verdicts.extend(reply.verdicts.clone()),
    ];
    for change in wrong {
        let mut reply = reply.clone();
        change(&mut reply);
        assert!(fits(&reply, &batch).is_err());
    }
    assert!(fits(&BatchReply { device: other, ..reply.clone() }, &batch).is_err());
    for at in 0..reply.verdicts.len() {
        let judged = |change: &dyn Fn(&mut VerdictFor)| {
            let mut reply = reply.clone();
            change(&mut reply.verdicts[at]);
            fits(&reply, &batch).is_ok()
        };
        assert!(!judged(&|verdict| verdict.hash = hash));
        assert!(!judged(&|verdict| verdict.id = id));
        assert!(!judged(&|verdict| verdict.seq += 1));
    }
}

/// Two events of a lane and the reply that takes them.
fn talk() -> (Batch, BatchReply) {
    let (device, lane) = (DeviceId::fresh(), Lane::Order);
    let event = |seq| Envelope {
        device,
        epoch: 1,
        lane,
        seq,
        id: EventId::fresh(),
        kind: "x/1".to_owned(),
        time: Stamp { boot: BootId::fresh(), mono_ms: 1, wall_ms: 1, trust: Trust::Synced },
        prev: Digest::ZERO,
        body: String::new(),
        withheld: None,
        blobs: Vec::new(),
        signature: HexBytes::default(),
    };
    let batch = Batch { batch: BatchId::fresh(), device, epoch: 1, lane, events: vec![event(1), event(2)] };
    let verdicts = batch.events.iter().map(|event| VerdictFor {
        id: event.id,
        seq: event.seq,
        hash: event.hash(),
        verdict: Verdict::Accepted,
    });
    let reply = BatchReply {
        batch: batch.batch,
        device,
        lane,
        acked_seq: 2,
        head: Digest::ZERO,
        verdicts: verdicts.collect(),
        server_ms: 0,
        flow: Flow::default(),
        reconnect_window_s: 0,
    };
    (batch, reply)
}
