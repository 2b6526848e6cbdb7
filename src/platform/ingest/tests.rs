// SPDX-License-Identifier: GPL-3.0-only
//! The rules of verdicts, by numbers and hashes alone.

use super::*;
use contract::{BootId, DeviceId, EventId, HexBytes, Lane, Stamp, Trust};

fn event(seq: u64, prev: Digest) -> Envelope {
    Envelope {
        device: DeviceId::fresh(),
        epoch: 2,
        lane: Lane::RollCall,
        seq,
        id: EventId::in_order(),
        kind: "cell.one_left/1".to_owned(),
        time: Stamp { boot: BootId::fresh(), mono_ms: 1, wall_ms: 1, trust: Trust::Synced },
        prev,
        body: "{}".to_owned(),
        withheld: None,
        blobs: Vec::new(),
        signature: HexBytes::default(),
    }
}

const HEAD: Digest = Digest([7; 32]);
const LANE: LaneRow = LaneRow { acked_seq: 4, head: HEAD, frozen: false };
const NOTHING: Held = Held { place: None, id: None };

fn judged(lane: &LaneRow, held: Held, event: &Envelope) -> Step {
    step(lane, held, event, event.hash())
}

#[test]
fn the_next_in_the_chain_is_taken() {
    assert_eq!(judged(&LANE, NOTHING, &event(5, HEAD)), Step::Take);
}

#[test]
fn the_same_again_gets_its_first_verdict_again() {
    let event = event(3, Digest::ZERO);
    let first = Verdict::Rejected { code: "price_changed".into() };
    let held = Held { place: Some((event.hash(), first.clone())), ..NOTHING };
    assert_eq!(judged(&LANE, held, &event), Step::Repeat(first));
}

#[test]
fn a_number_beyond_the_next_is_a_gap() {
    assert_eq!(judged(&LANE, NOTHING, &event(6, HEAD)), Step::Gap);
}

#[test]
fn another_content_at_a_held_number_is_a_fork() {
    let held = Held { place: Some((Digest([1; 32]), Verdict::Accepted)), ..NOTHING };
    assert_eq!(judged(&LANE, held, &event(4, Digest::ZERO)), Step::Fork("seq"));
}

#[test]
fn a_next_event_that_does_not_continue_the_chain_is_a_fork() {
    assert_eq!(judged(&LANE, NOTHING, &event(5, Digest::ZERO)), Step::Fork("chain"));
}

#[test]
fn a_known_id_with_another_content_or_twice_in_one_epoch_is_a_fork() {
    let event = event(5, HEAD);
    let other = Held { id: Some((1, Digest([1; 32]))), ..NOTHING };
    assert_eq!(judged(&LANE, other, &event), Step::Fork("id"));
    let twice = Held { id: Some((2, content(&event))), ..NOTHING };
    assert_eq!(judged(&LANE, twice, &event), Step::Fork("id"));
}

#[test]
fn an_event_sent_again_in_a_new_epoch_has_its_place_and_no_second_effect() {
    let event = event(5, HEAD);
    let held = Held { id: Some((1, content(&event))), ..NOTHING };
    assert_eq!(judged(&LANE, held, &event), Step::Again);
}

#[test]
fn a_frozen_lane_takes_nothing() {
    let frozen = LaneRow { frozen: true, ..LANE };
    assert_eq!(judged(&frozen, NOTHING, &event(5, HEAD)), Step::Fork("frozen"));
}

#[test]
fn a_frozen_lane_still_answers_for_what_it_holds() {
    let event = event(3, Digest::ZERO);
    let held = Held { place: Some((event.hash(), Verdict::Accepted)), ..NOTHING };
    let frozen = LaneRow { frozen: true, ..LANE };
    assert_eq!(judged(&frozen, held, &event), Step::Repeat(Verdict::Accepted));
    let other = Held { place: Some((Digest([1; 32]), Verdict::Accepted)), ..NOTHING };
    assert_eq!(judged(&frozen, other, &event), Step::Fork("frozen"));
}
