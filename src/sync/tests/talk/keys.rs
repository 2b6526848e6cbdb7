// SPDX-License-Identifier: GPL-3.0-only
//! Content keys: the next one is learned before it signs, a terminal that was away follows the former one's word, and
//! nobody else's.

use crate::platform::FakePlatform;
use crate::{Terminal, hasty};
use contract::Lane;
use sync::{Identity, LinkState};

/// How many keys are known to follow the one that signs.
fn known_after(terminal: &Terminal) -> usize {
    Identity::open(terminal._dir.path()).unwrap().enrolment().unwrap().unwrap().next_keys.len()
}

#[tokio::test]
async fn the_next_content_key_is_learned_before_it_signs_and_no_earlier_one_is_believed_after() {
    let platform = FakePlatform::start(2026).await;
    let terminal = Terminal::enrolled(&platform).await;
    terminal.cell.until_link(LinkState::Online).await;
    platform.seen().newest = 1;
    terminal.cut.cut();
    terminal.cell.until_link(LinkState::Offline).await;
    terminal.cut.mend();
    platform.until(|seen| seen.known == [0, 1]).await;
    assert_eq!(known_after(&terminal), 1);
    terminal.cell.until_link(LinkState::Online).await;

    platform.seen().signs = 1;
    let so_far = terminal.cell.kept().links.len();
    terminal.queue(Lane::Order, 2);
    terminal.cell.until(|kept| kept.settled.len() == 2).await;
    assert!(!terminal.cell.kept().links[so_far..].contains(&LinkState::Offline), "nothing was lost by it");
    assert_eq!(known_after(&terminal), 0);

    platform.seen().signs = 0;
    let requests = platform.seen().requests;
    terminal.queue(Lane::Order, 1);
    platform.until(|seen| seen.requests > requests + 2).await;
    assert_eq!(terminal.cell.kept().settled.len(), 2, "what a former key signs settles nothing");
    platform.seen().signs = 1;
    terminal.cell.until(|kept| kept.settled.len() == 3).await;
    terminal.tasks.stop().await;
}

#[tokio::test]
async fn a_terminal_that_was_away_through_two_switches_follows_the_former_keys_word() {
    let platform = FakePlatform::start(2026).await;
    let terminal = Terminal::enrolled(&platform).await;
    terminal.cell.until_link(LinkState::Online).await;
    let Terminal { tasks, _dir: dir, .. } = terminal;
    tasks.stop().await;
    (platform.seen().signs, platform.seen().newest) = (2, 2);
    let terminal = Terminal::start(dir, hasty());
    terminal.queue(Lane::Order, 3);
    terminal.queue(Lane::Alarm, 1);
    terminal.cell.until(|kept| kept.settled.len() == 4).await;
    assert_eq!(known_after(&terminal), 0);
    terminal.tasks.stop().await;
}

#[tokio::test]
async fn a_stranger_speaks_for_no_content_key() {
    let platform = FakePlatform::start(2026).await;
    let terminal = Terminal::enrolled(&platform).await;
    terminal.cell.until_link(LinkState::Online).await;
    {
        let mut seen = platform.seen();
        (seen.signs, seen.newest, seen.forged_chain) = (1, 1, true);
    }
    let ids = terminal.queue(Lane::Order, 1);
    platform.until(|seen| seen.known.len() >= 3).await;
    assert!(terminal.cell.kept().settled.is_empty());
    assert_eq!(known_after(&terminal), 0);
    platform.seen().forged_chain = false;
    terminal.cell.until(|kept| kept.settled.len() == 1).await;
    assert_eq!(platform.seen().effects[&ids[0]], 1);
    terminal.tasks.stop().await;
}
