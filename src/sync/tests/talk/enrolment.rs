// SPDX-License-Identifier: GPL-3.0-only
//! Enrolment: every way to fail is told apart, and a failure leaves what was there.

use crate::platform::{CODE, FakePlatform, Mood, SERVER_MS};
use crate::{Terminal, dead_clock, enrol, hasty};
use contract::Lane;
use std::sync::Arc;
use sync::{EnrolError, Identity, LinkState, Why};

#[tokio::test]
async fn a_terminal_is_enrolled_with_a_key_that_never_left_it() {
    let platform = FakePlatform::start(2026).await;
    let dir = tempfile::tempdir().unwrap();
    let before = Identity::open_or_make(dir.path()).unwrap();
    let enrolled =
        sync::enrol(dir.path(), &platform.address, &platform.root_pem, CODE, dead_clock()).await.unwrap();
    assert_eq!(enrolled.device(), before.device());
    assert_eq!(enrolled.signing_key().public(), before.signing_key().public());
    let enrolment = enrolled.enrolment().unwrap().unwrap();
    assert_eq!(enrolment.gateway, platform.address);
    assert!(enrolment.validity().unwrap().until_ms > SERVER_MS);
}

#[tokio::test]
async fn a_wrong_an_old_and_a_worn_out_code_are_three_errors_and_change_nothing() {
    let platform = FakePlatform::start(2026).await;
    let dir = tempfile::tempdir().unwrap();
    let enrol = |code: &'static str| {
        sync::enrol(dir.path(), &platform.address, &platform.root_pem, code, dead_clock())
    };
    assert!(matches!(enrol("WRONG").await, Err(EnrolError::Code)));
    assert!(matches!(enrol("EXPIRED").await, Err(EnrolError::Expired)));
    assert!(matches!(enrol("OFTEN").await, Err(EnrolError::Later)));
    assert!(Identity::open(dir.path()).unwrap().enrolment().unwrap().is_none());
}

#[tokio::test]
async fn nobody_there_is_another_error_than_somebody_else_there() {
    let platform = FakePlatform::start(2026).await;
    let stranger = FakePlatform::start(2026).await;
    let dir = tempfile::tempdir().unwrap();
    let wrong = sync::enrol(dir.path(), &stranger.address, &platform.root_pem, CODE, dead_clock()).await;
    assert!(matches!(wrong, Err(EnrolError::Untrusted(_))), "{wrong:?}");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("https://{}", listener.local_addr().unwrap());
    drop(listener);
    let nobody = sync::enrol(dir.path(), &silent, &platform.root_pem, CODE, dead_clock()).await;
    assert!(matches!(nobody, Err(EnrolError::Unreachable(_))), "{nobody:?}");
}

#[tokio::test]
async fn a_certificate_of_a_later_year_is_an_error_of_the_clock() {
    let platform = FakePlatform::start(2030).await;
    let dir = tempfile::tempdir().unwrap();
    let enrol = |wall_ms: i64| {
        sync::enrol(dir.path(), &platform.address, &platform.root_pem, CODE, Arc::new(move || wall_ms))
    };
    let early = enrol(0).await;
    assert!(matches!(early, Err(EnrolError::Clock(_))), "{early:?}");
    const IN_2031_MS: i64 = 1_930_000_000_000;
    enrol(IN_2031_MS).await.unwrap();
}

#[tokio::test]
async fn a_clock_in_1970_or_2099_keeps_no_enrolled_terminal_from_its_platform() {
    const IN_2099_MS: i64 = 4_080_000_000_000;
    for wall_ms in [0, IN_2099_MS] {
        let platform = FakePlatform::start(2026).await;
        let mut setup = hasty();
        setup.wall = Arc::new(move || wall_ms);
        let terminal = Terminal::start(enrol(&platform).await, setup);
        terminal.queue(Lane::Order, 1);
        terminal.cell.until(|kept| kept.settled.len() == 1).await;
        terminal.tasks.stop().await;
    }
}

#[tokio::test]
async fn a_file_that_is_no_root_is_refused_before_anything_is_sent() {
    let platform = FakePlatform::start(2026).await;
    let dir = tempfile::tempdir().unwrap();
    for root in ["", "no certificate", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"] {
        let wrong = sync::enrol(dir.path(), &platform.address, root, CODE, dead_clock()).await;
        assert!(matches!(wrong, Err(EnrolError::Root(_))), "{wrong:?}");
    }
}

#[tokio::test]
async fn a_terminal_that_was_never_enrolled_keeps_events_and_sends_them_once_it_is() {
    let platform = FakePlatform::start(2026).await;
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().to_owned();
    let terminal = Terminal::start(dir, hasty());
    let ids = terminal.queue(Lane::RollCall, 3);
    terminal.cell.until_link(LinkState::Refused(Why::NotEnrolled)).await;
    sync::enrol(&place, &platform.address, &platform.root_pem, CODE, dead_clock()).await.unwrap();
    terminal.cell.until(|kept| kept.settled.len() == 3).await;
    terminal.cell.until_link(LinkState::Online).await;
    assert!(ids.iter().all(|id| platform.seen().effects[id] == 1));
    terminal.tasks.stop().await;
}

#[tokio::test]
async fn a_revoked_terminal_keeps_everything_and_says_so() {
    let platform = FakePlatform::start(2026).await;
    let terminal = Terminal::enrolled(&platform).await;
    terminal.cell.until_link(LinkState::Online).await;
    for (status, why) in [(401, Why::Certificate), (403, Why::Revoked), (426, Why::Version)] {
        platform.mood(Mood::Status(status));
        terminal.queue(Lane::Order, 1);
        terminal.cell.until_link(LinkState::Refused(why)).await;
        assert!(terminal.cell.kept().settled.is_empty());
    }
    platform.mood(Mood::Honest);
    terminal.cell.until(|kept| kept.settled.len() == 3).await;
    terminal.tasks.stop().await;
}
