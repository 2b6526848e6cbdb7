// SPDX-License-Identifier: GPL-3.0-only
//! The feed downward: it converges after anything, and takes no page that is not the next one for this terminal.

use crate::Terminal;
use crate::platform::{FakePlatform, Mood};
use sync::LinkState;

#[tokio::test]
async fn the_feed_is_followed_page_by_page_and_news_come_at_once() {
    let platform = FakePlatform::start(2026).await;
    (1..=7).for_each(|n| platform.put(&format!("key {n}")));
    let terminal = Terminal::enrolled(&platform).await;
    terminal.cell.until(|kept| kept.position.0 == 7).await;
    assert_eq!(terminal.cell.kept().pages, [(0, 3), (3, 6), (6, 7)]);
    platform.put("key 1");
    terminal.cell.until(|kept| kept.truth.get("key 1") == Some(&8)).await;
    terminal.tasks.stop().await;
}

#[tokio::test]
async fn invariant_10_the_feed_converges_after_a_cut_network() {
    let platform = FakePlatform::start(2026).await;
    let terminal = Terminal::enrolled(&platform).await;
    terminal.cell.until_link(LinkState::Online).await;
    for round in 0..5_u64 {
        terminal.cut.cut();
        (0..4).for_each(|n| platform.put(&format!("key {n}")));
        terminal.cut.mend();
        terminal.cell.until(|kept| kept.position.0 == (round + 1) * 4).await;
    }
    let revisions: Vec<u64> = terminal.cell.kept().truth.values().copied().collect();
    assert_eq!(revisions, [17, 18, 19, 20]);
    terminal.tasks.stop().await;
}

#[tokio::test]
async fn invariant_10_a_platform_that_remembers_other_pages_is_read_from_the_beginning() {
    let platform = FakePlatform::start(2026).await;
    let terminal = Terminal::enrolled(&platform).await;
    (1..=3).for_each(|n| platform.put(&format!("key {n}")));
    terminal.cell.until(|kept| kept.position.0 == 3).await;
    platform.forget_pages();
    platform.put("key 4");
    terminal.cell.until(|kept| kept.position.0 == 4).await;
    let begun = terminal.cell.kept().pages.iter().filter(|(from, _)| *from == 0).count();
    assert_eq!(begun, 2);
    terminal.tasks.stop().await;
}

#[tokio::test]
async fn a_page_for_another_terminal_or_with_another_signature_is_not_applied() {
    for mood in [Mood::Foreign, Mood::Forged, Mood::Html] {
        let platform = FakePlatform::start(2026).await;
        let terminal = Terminal::enrolled(&platform).await;
        terminal.cell.until_link(LinkState::Online).await;
        platform.mood(mood);
        platform.put("key");
        terminal.cell.until_link(LinkState::Offline).await;
        let asked = platform.seen().feed_requests.len();
        platform.until(|seen| seen.feed_requests.len() > asked + 2).await;
        assert_eq!(terminal.cell.kept().position, (0, None), "{mood:?}");
        assert!(terminal.cell.kept().pages.is_empty());
        platform.mood(Mood::Honest);
        terminal.cell.until(|kept| kept.position.0 == 1).await;
        terminal.tasks.stop().await;
    }
}

#[tokio::test]
async fn a_platform_without_that_cursor_is_read_from_the_beginning() {
    let platform = FakePlatform::start(2026).await;
    let terminal = Terminal::enrolled(&platform).await;
    platform.put("key");
    terminal.cell.until(|kept| kept.position.0 == 1).await;
    platform.mood(Mood::Status(410));
    platform.until(|seen| seen.feed_requests.ends_with(&[0, 0])).await;
    platform.mood(Mood::Honest);
    terminal.cell.until(|kept| kept.pages == [(0, 1), (0, 1)]).await;
    terminal.tasks.stop().await;
}

#[tokio::test]
async fn a_platform_that_holds_nothing_back_is_not_asked_all_the_time() {
    let platform = FakePlatform::start(2026).await;
    let terminal = Terminal::enrolled(&platform).await;
    terminal.cell.until_link(LinkState::Online).await;
    platform.mood(Mood::OtherBatch);
    let (asked, since) = (platform.seen().feed_requests.len(), tokio::time::Instant::now());
    platform.until(|seen| seen.feed_requests.len() >= asked + 3).await;
    assert!(since.elapsed() >= std::time::Duration::from_secs(1));
    terminal.tasks.stop().await;
}
