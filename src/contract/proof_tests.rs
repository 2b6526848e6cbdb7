// SPDX-License-Identifier: GPL-3.0-only
//! What a terminal's text proves to an office, and each way it may be wrong.

use super::*;
use crate::custody::tests::{NOW_MS, Story, signing};

/// What the terminal of a story says of itself when the platform acknowledged everything up to `seq`.
fn proof(story: &Story, seq: usize) -> TerminalProof {
    TerminalProof {
        device: story.device,
        epoch: 1,
        seq: seq as u64,
        head: seq.checked_sub(1).map_or(Digest::ZERO, |at| story.sent[at].hash()),
        at_ms: NOW_MS,
        trust: Trust::Synced,
        key: story.key.public().digest(),
    }
}

fn check(story: &Story, text: &str, handed: usize) -> Result<Vec<ProofDoubt>, ProofError> {
    let list = story.list(&story.sent[..handed]);
    TerminalProof::check(text, &list, &story.seen, NOW_MS).map(|proven| proven.doubts)
}

#[test]
fn a_terminal_proves_its_key_and_a_lane_that_is_whole() {
    let mut story = Story::new();
    let text = proof(&story, 5).sign(&story.key).unwrap();
    assert!(
        text.len() <= 370 && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase() || b == b':')
    );
    assert_eq!(check(&story, &text, 5), Ok(vec![]));
    // As it comes from a keyboard or a file.
    assert_eq!(check(&story, &format!(" {}\n {}\n", text[..90].to_lowercase(), &text[90..]), 5), Ok(vec![]));
    // More came since, or nothing was ever said; and after a look as before it.
    for seq in [0, 3] {
        let text = proof(&story, seq).sign(&story.key).unwrap();
        assert_eq!(check(&story, &text, 5), Ok(vec![]), "{seq}");
    }
    let list = story.list(&story.sent.clone());
    story.look(&list);
    assert_eq!(check(&story, &text, 5), Ok(vec![]));
}

#[test]
fn what_was_changed_is_anothers_or_is_no_proof_is_not_believed() {
    let story = Story::new();
    let text = proof(&story, 5).sign(&story.key).unwrap();
    for at in [10, 60, 120, 200, 300] {
        let mut changed = text.clone().into_bytes();
        changed[at] = if changed[at] == b'0' { b'1' } else { b'0' };
        let changed = String::from_utf8(changed).unwrap();
        let found = check(&story, &changed, 5);
        assert!(matches!(found, Err(ProofError::Signature | ProofError::Unknown)), "{at}: {found:?}");
    }
    let stranger = signing();
    let forged = proof(&story, 5).sign(&stranger).unwrap();
    assert_eq!(check(&story, &forged, 5), Err(ProofError::Signature));
    let own = TerminalProof { key: stranger.public().digest(), ..proof(&story, 5) }.sign(&stranger).unwrap();
    assert_eq!(check(&story, &own, 5), Err(ProofError::Signature), "with its own key named");
    let elsewhere = TerminalProof { device: DeviceId::fresh(), ..proof(&story, 5) }.sign(&story.key).unwrap();
    assert_eq!(check(&story, &elsewhere, 5), Err(ProofError::Unknown));
    for none in
        ["", "KIOSK1:", "KIOSK1:00FF", "https://example.org", &text[..text.len() / 2], &"K".repeat(600)]
    {
        assert_eq!(check(&story, none, 5), Err(ProofError::Text), "{none}");
    }
}

#[test]
fn a_key_the_platform_swaps_later_does_not_count() {
    let mut story = Story::new();
    let list = story.list(&story.sent.clone());
    story.look(&list);
    let swapped = signing();
    let forged = TerminalProof { key: swapped.public().digest(), ..proof(&story, 5) }.sign(&swapped).unwrap();
    let mut list = story.list(&story.sent.clone());
    list.terminals[0].device_key = swapped.public();
    assert_eq!(TerminalProof::check(&forged, &list, &story.seen, NOW_MS), Err(ProofError::Signature));
}

#[test]
fn an_old_picture_is_told_and_an_unconfirmed_clock_is() {
    let story = Story::new();
    let doubts = |proof: TerminalProof| check(&story, &proof.sign(&story.key).unwrap(), 5).unwrap();
    assert_eq!(doubts(TerminalProof { at_ms: NOW_MS - PROOF_MS_MAX, ..proof(&story, 5) }), []);
    for off in [-PROOF_MS_MAX - 1, PROOF_MS_MAX + 1, i64::MIN / 2, i64::MAX / 2] {
        assert_eq!(
            doubts(TerminalProof { at_ms: NOW_MS + off, ..proof(&story, 5) }),
            [ProofDoubt::Old],
            "{off}"
        );
    }
    assert_eq!(
        doubts(TerminalProof { at_ms: 0, trust: Trust::Unsynced, ..proof(&story, 5) }),
        [ProofDoubt::Clock]
    );
}

#[test]
fn what_the_platform_keeps_back_and_a_second_history_show() {
    let story = Story::new();
    let text = proof(&story, 5).sign(&story.key).unwrap();
    assert_eq!(check(&story, &text, 3), Ok(vec![ProofDoubt::Withheld { events: 2 }]));
    let later = TerminalProof { at_ms: NOW_MS + 1, ..proof(&story, 5) }.sign(&story.key).unwrap();
    assert_eq!(check(&story, &later, 3), Ok(vec![ProofDoubt::Newer]));
    let other = TerminalProof { head: Digest::of(b"another"), ..proof(&story, 3) }.sign(&story.key).unwrap();
    assert_eq!(check(&story, &other, 5), Ok(vec![ProofDoubt::Head]));
    let back = TerminalProof { epoch: 0, ..proof(&story, 3) }.sign(&story.key).unwrap();
    assert_eq!(check(&story, &back, 5), Ok(vec![ProofDoubt::Back]));
    let next = TerminalProof { epoch: 2, ..proof(&story, 0) }.sign(&story.key).unwrap();
    assert_eq!(check(&story, &next, 5), Ok(vec![]), "a new epoch has nothing yet");
}
