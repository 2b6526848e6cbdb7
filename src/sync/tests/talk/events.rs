// SPDX-License-Identifier: GPL-3.0-only
//! Events upward: one effect each, whatever happens to requests and replies.

use crate::Terminal;
use crate::platform::{FakePlatform, Mood, SERVER_MS};
use contract::{EventId, Lane, Verdict};
use std::collections::HashSet;
use sync::{LinkState, Quarantine};

fn each_had_one_effect(platform: &FakePlatform, ids: &[EventId]) {
    let seen = platform.seen();
    assert_eq!(seen.effects.len(), ids.len());
    assert!(ids.iter().all(|id| seen.effects.get(id) == Some(&1)));
}

#[tokio::test]
async fn a_lost_reply_brings_the_same_events_again_and_duplicates_settle_them() {
    let platform = FakePlatform::start(2026).await;
    let terminal = Terminal::enrolled(&platform).await;
    terminal.cell.until_link(LinkState::Online).await;
    platform.drop_replies(3);
    let ids = terminal.queue(Lane::RollCall, 5);
    terminal.cell.until(|kept| kept.settled.len() == 5).await;
    each_had_one_effect(&platform, &ids);
    assert!(terminal.cell.kept().settled.iter().all(|(_, verdict)| *verdict == Verdict::Duplicate));
    assert_eq!(platform.seen().batches, vec![ids.clone(); 4]);
    assert!(terminal.cell.kept().witnessed.contains(&SERVER_MS));
    terminal.tasks.stop().await;
}

#[tokio::test]
async fn a_login_page_a_redirect_and_a_forged_reply_are_no_success() {
    for mood in [Mood::Html, Mood::Redirect, Mood::Forged, Mood::Status(204), Mood::Status(500)] {
        let platform = FakePlatform::start(2026).await;
        let terminal = Terminal::enrolled(&platform).await;
        terminal.cell.until_link(LinkState::Online).await;
        platform.mood(mood);
        let ids = terminal.queue(Lane::Order, 2);
        platform.until(|seen| seen.requests >= 3).await;
        terminal.cell.until(|kept| kept.links.contains(&LinkState::Offline)).await;
        assert!(terminal.cell.kept().settled.is_empty(), "{mood:?}");
        assert_eq!(platform.seen().elsewhere, 0, "a redirect is not followed");
        platform.mood(Mood::Honest);
        terminal.cell.until(|kept| kept.settled.len() == 2).await;
        each_had_one_effect(&platform, &ids);
        terminal.tasks.stop().await;
    }
}

#[tokio::test]
async fn a_signed_reply_about_something_else_settles_nothing() {
    for mood in [Mood::OtherBatch, Mood::OtherContent] {
        let platform = FakePlatform::start(2026).await;
        let terminal = Terminal::enrolled(&platform).await;
        platform.mood(mood);
        let ids = terminal.queue(Lane::Order, 2);
        platform.until(|seen| seen.requests >= 3).await;
        assert!(terminal.cell.kept().settled.is_empty(), "{mood:?}");
        platform.mood(Mood::Honest);
        terminal.cell.until(|kept| kept.settled.len() == 2).await;
        each_had_one_effect(&platform, &ids);
        terminal.tasks.stop().await;
    }
}

#[tokio::test]
async fn invariant_06_what_the_platform_cannot_read_is_narrowed_down_to_one_event_and_the_rest_goes_on() {
    let platform = FakePlatform::start(2026).await;
    let terminal = Terminal::enrolled(&platform).await;
    let ids = terminal.cell.queue(Lane::Order, 100);
    platform.seen().poison.insert(ids[70]);
    terminal.wake.ring();
    terminal.cell.until(|kept| kept.settled.len() == 99).await;
    assert_eq!(terminal.cell.kept().quarantined, [(ids[70], Quarantine::Unreadable)]);
    let kept: HashSet<EventId> = terminal.cell.kept().settled.iter().map(|(id, _)| *id).collect();
    assert!(!kept.contains(&ids[70]));
    assert_eq!(platform.seen().effects.len(), 99);
    terminal.tasks.stop().await;
}

#[tokio::test]
async fn a_platform_that_takes_little_gets_little() {
    let platform = FakePlatform::start(2026).await;
    let terminal = Terminal::enrolled(&platform).await;
    platform.seen().events_max = Some(7);
    let ids = terminal.queue(Lane::Care, 60);
    terminal.cell.until(|kept| kept.settled.len() == 60).await;
    assert!(terminal.cell.kept().quarantined.is_empty());
    each_had_one_effect(&platform, &ids);
    terminal.tasks.stop().await;
}

#[tokio::test]
async fn an_alarm_overtakes_a_thousand_orders() {
    let platform = FakePlatform::start(2026).await;
    let terminal = Terminal::patient(&platform).await;
    platform.hold(Lane::Order);
    let orders = terminal.queue(Lane::Order, 1000);
    platform.until(|seen| seen.requests == 1).await;
    let alarm = terminal.queue(Lane::Alarm, 1);
    terminal.cell.until(|kept| kept.settled.len() == 1).await;
    assert_eq!(terminal.cell.kept().settled[0], (alarm[0], Verdict::Accepted));
    platform.release(Lane::Order);
    terminal.cell.until(|kept| kept.settled.len() == 1001).await;
    each_had_one_effect(&platform, &[orders, alarm].concat());
    terminal.tasks.stop().await;
}

#[tokio::test]
async fn invariant_07_higher_lanes_go_first_and_no_lane_starves() {
    let platform = FakePlatform::start(2026).await;
    let terminal = Terminal::enrolled(&platform).await;
    terminal.cut.cut();
    let calls = terminal.cell.queue(Lane::RollCall, 1500);
    let progress = terminal.cell.queue(Lane::Progress, 1);
    terminal.cut.mend();
    terminal.wake.ring();
    terminal.cell.until(|kept| kept.settled.len() == 1501).await;
    let firsts: Vec<EventId> = platform.seen().batches.iter().map(|batch| batch[0]).collect();
    assert_eq!(firsts[0], calls[0]);
    assert_eq!(firsts[7], progress[0]);
    terminal.tasks.stop().await;
}

#[tokio::test]
async fn a_cut_network_loses_nothing_and_comes_back_by_itself() {
    let platform = FakePlatform::start(2026).await;
    let terminal = Terminal::enrolled(&platform).await;
    terminal.cell.until_link(LinkState::Online).await;
    terminal.cut.cut();
    terminal.cell.until_link(LinkState::Offline).await;
    let ids = terminal.queue(Lane::RollCall, 250);
    assert!(terminal.cut.is_cut());
    assert_eq!(platform.seen().requests, 0);
    terminal.cut.mend();
    terminal.cell.until(|kept| kept.settled.len() == 250).await;
    terminal.cell.until_link(LinkState::Online).await;
    each_had_one_effect(&platform, &ids);
    terminal.tasks.stop().await;
}

#[tokio::test]
async fn a_busy_platform_is_asked_again_later() {
    let platform = FakePlatform::start(2026).await;
    let terminal = Terminal::enrolled(&platform).await;
    terminal.cell.until_link(LinkState::Online).await;
    for status in [429, 503] {
        platform.mood(Mood::Status(status));
        terminal.queue(Lane::Order, 1);
        terminal.cell.until_link(LinkState::Offline).await;
        platform.mood(Mood::Honest);
        terminal.cell.until_link(LinkState::Online).await;
    }
    terminal.cell.until(|kept| kept.settled.len() == 2).await;
    terminal.tasks.stop().await;
}

#[tokio::test]
async fn a_retry_stops_its_own_lane_only() {
    let platform = FakePlatform::start(2026).await;
    let terminal = Terminal::enrolled(&platform).await;
    platform.seen().later.insert(Lane::RollCall);
    let mut ids = terminal.queue(Lane::RollCall, 5);
    platform.until(|seen| seen.requests == 1).await;
    ids.extend(terminal.queue(Lane::Order, 5));
    terminal.cell.until(|kept| kept.settled.len() == 5).await;
    assert!(terminal.cell.kept().settled.iter().all(|(id, _)| ids[5..].contains(id)));
    assert_eq!(terminal.cell.kept().links.last(), Some(&LinkState::Online));
    platform.seen().later.clear();
    terminal.cell.until(|kept| kept.settled.len() == 10).await;
    each_had_one_effect(&platform, &ids);
    terminal.tasks.stop().await;
}

#[tokio::test]
async fn two_time_outs_throw_a_silent_connection_away() {
    let platform = FakePlatform::start(2026).await;
    let terminal = Terminal::impatient(&platform).await;
    terminal.cell.until_link(LinkState::Online).await;
    platform.hold(Lane::Order);
    let ids = terminal.queue(Lane::Order, 1);
    platform.until(|seen| seen.connections.len() >= 3).await;
    assert!(terminal.cell.kept().settled.is_empty());
    platform.release(Lane::Order);
    terminal.cell.until(|kept| kept.settled.len() == 1).await;
    each_had_one_effect(&platform, &ids);
    terminal.tasks.stop().await;
}
