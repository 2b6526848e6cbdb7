// SPDX-License-Identifier: GPL-3.0-only
//! Several platforms over one database: what one does the others know, and nothing is done twice or lost.

use super::*;
use crate::{NoticeKind, Platform};
use contract::{Facility, FacilityKind, OneLeft, Policy, Terminal};
use std::time::{Duration, Instant};

on_both! {
    an_event_posted_to_one_is_known_to_the_other,
    a_terminal_that_waits_at_one_is_told_within_a_second_of_what_was_done_at_the_other,
    the_same_batch_posted_to_both_at_once_has_one_effect (flavor = "multi_thread", worker_threads = 4),
    what_many_terminals_post_to_both_at_once_is_all_kept (flavor = "multi_thread", worker_threads = 4),
    a_cell_asked_at_both_at_once_has_one_roll_call (flavor = "multi_thread", worker_threads = 4),
    wrong_guesses_at_either_are_counted_together,
    one_that_starts_while_another_starts_makes_no_second_keys,
}

impl Kiosk {
    /// The same terminal, on its way to this platform.
    fn towards(&self, running: &Running) -> Self {
        Self {
            device: self.device,
            key: SigningKey::open(&self.pkcs8).unwrap(),
            pkcs8: self.pkcs8.clone(),
            client: self.client.clone(),
            gateway: format!("https://{}", running.gateway_addr),
            content_key: self.content_key.clone(),
            epoch: self.epoch,
            boot: self.boot,
            heads: self.heads.clone(),
            certificate_pem: self.certificate_pem.clone(),
        }
    }
}

fn one_left(kiosk: &Kiosk) -> Event {
    Event::OneLeft(OneLeft { at: kiosk.stamp(), assigned: 12, out: 11 })
}

async fn notices(platform: &Platform) -> usize {
    let notices = platform.notices().await.unwrap();
    notices.iter().filter(|notice| notice.kind == NoticeKind::OneLeft).count()
}

async fn an_event_posted_to_one_is_known_to_the_other(on: On) {
    let world = World::new(on).await;
    let beside = world.beside().await;
    let mut kiosk = world.kiosk().await;
    kiosk.say(&one_left(&kiosk)).await;
    assert_eq!(notices(&beside.platform).await, 1);
    let there = kiosk.towards(&beside);
    let (page, _) = there.feed(0, 0).await.unwrap();
    assert_eq!(page.heads.unwrap()[0].acked_seq, 1);
    assert!(beside.platform.revoke(kiosk.device).await.unwrap());
    assert_eq!(refused(kiosk.feed(0, 0).await), (403, "device_revoked".to_owned()));
}

async fn a_terminal_that_waits_at_one_is_told_within_a_second_of_what_was_done_at_the_other(on: On) {
    let world = World::new(on).await;
    let beside = world.beside().await;
    let kiosk = world.kiosk().await.towards(&beside);
    let (page, _) = kiosk.feed(0, 0).await.unwrap();
    let waits = tokio::spawn(async move { kiosk.feed(page.to, 30).await.unwrap().0.items });
    let figures = format!("http://{}/metrics", beside.metrics_addr.unwrap());
    while !world
        .client(None)
        .get(&figures)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap()
        .contains("feeds_held 1")
    {
        tokio::task::yield_now().await;
    }
    world.running.platform.put_policy(world.terminal(), &Policy::default()).await.unwrap();
    let done = Instant::now();
    let items = waits.await.unwrap();
    let took = done.elapsed();
    assert_eq!(items.iter().map(|item| item.collection.as_str()).collect::<Vec<_>>(), ["policy"]);
    assert!(took < Duration::from_secs(1), "{took:?}");
}

async fn the_same_batch_posted_to_both_at_once_has_one_effect(on: On) {
    const ROUNDS: usize = 20;
    let world = World::new(on).await;
    let beside = world.beside().await;
    let mut kiosk = world.kiosk().await;
    let there = kiosk.towards(&beside);
    for _ in 0..ROUNDS {
        let events: Vec<Envelope> = (0..3).map(|_| kiosk.event(&one_left(&kiosk))).collect();
        let batch = kiosk.batch(&events);
        let (here, there) = tokio::join!(kiosk.send_batch(&batch), there.send_batch(&batch));
        let (here, there) = (here.unwrap(), there.unwrap());
        assert_eq!((here.acked_seq, here.head), (there.acked_seq, there.head));
        for (one, other) in here.verdicts.iter().zip(&there.verdicts) {
            let both = [&one.verdict, &other.verdict];
            assert!(both.contains(&&Verdict::Accepted) && both.contains(&&Verdict::Duplicate), "{both:?}");
        }
    }
    assert_eq!(beside.platform.kept(kiosk.device).await.unwrap(), (3 * ROUNDS as u64, 0));
    assert_eq!(notices(&world.running.platform).await, 3 * ROUNDS);
}

async fn what_many_terminals_post_to_both_at_once_is_all_kept(on: On) {
    const CELLS: usize = 8;
    const EVENTS: usize = 25;
    let world = World::new(on).await;
    let beside = world.beside().await;
    let mut posting = Vec::new();
    let mut devices = Vec::new();
    let mut kiosks = Vec::new();
    for cell in 0..CELLS {
        let terminal = put_cell(&world, cell).await;
        kiosks.push((terminal, world.kiosk_at(terminal).await));
    }
    let before = newest(&world).await;
    for (terminal, mut kiosk) in kiosks {
        let there = kiosk.towards(&beside);
        let platforms = [world.running.platform.clone(), beside.platform.clone()];
        devices.push(kiosk.device);
        posting.push(tokio::spawn(async move {
            for number in 0..EVENTS {
                let event = [kiosk.event(&one_left(&kiosk))];
                let sent = if number % 2 == 0 { kiosk.send(&event).await } else { there.send(&event).await };
                assert_eq!(sent.unwrap().verdicts[0].verdict, Verdict::Accepted);
                platforms[number % 2].put_policy(terminal, &Policy::default()).await.unwrap();
            }
            let (page, _) = there.feed(0, 0).await.unwrap();
            let policy = page.items.iter().find(|item| item.collection == "policy").unwrap();
            assert_eq!(policy.rev, page.to);
        }));
    }
    for one in posting {
        one.await.unwrap();
    }
    for device in devices {
        assert_eq!(beside.platform.kept(device).await.unwrap(), (EVENTS as u64, 0));
    }
    assert_eq!(notices(&beside.platform).await, CELLS * EVENTS);
    assert_eq!(newest(&world).await - before, (CELLS * EVENTS) as u64, "each change has its own revision");
}

/// The feed's newest cursor, of all terminals.
async fn newest(world: &World) -> u64 {
    let mut read = world.running.platform.core.tables.read().await.unwrap();
    crate::tables::feed::newest(&mut read).await.unwrap()
}

async fn a_cell_asked_at_both_at_once_has_one_roll_call(on: On) {
    let world = World::new(on).await;
    let beside = world.beside().await;
    for number in 0..20 {
        let terminal = put_cell(&world, number).await;
        let ask = |running: &Running| {
            let platform = running.platform.clone();
            tokio::spawn(async move { platform.start_roll_call(terminal, "点名").await })
        };
        let (here, there) = (ask(&world.running), ask(&beside));
        let asked = [here.await.unwrap().is_ok(), there.await.unwrap().is_ok()];
        assert_eq!(asked.iter().filter(|ok| **ok).count(), 1, "{asked:?}");
    }
}

async fn put_cell(world: &World, number: usize) -> TerminalId {
    let facility = Facility { name: "示范看守所".into(), kind: FacilityKind::DetentionCentre };
    let (terminal, cell) = (TerminalId::fresh(), format!("4{number:02}室").as_str().into());
    let place = Terminal { terminal, block: "四监区".into(), cell, utc_offset_min: 480 };
    world.running.platform.put_terminal(&place, &facility).await.unwrap();
    terminal
}

async fn wrong_guesses_at_either_are_counted_together(on: On) {
    let world = World::new(on).await;
    let beside = world.beside().await;
    let kiosk = world.newcomer();
    let there = kiosk.towards(&beside);
    for number in 0..60 {
        let asked = if number % 2 == 0 { &kiosk } else { &there };
        assert_eq!(refused(asked.enrol("0000000000").await), (403, "enrol_code".to_owned()));
    }
    for asked in [&kiosk, &there] {
        assert_eq!(refused(asked.enrol("0000000000").await).0, 429);
    }
    world.pass_ms(60_000);
    assert_eq!(refused(there.enrol("0000000000").await).0, 403);
}

async fn one_that_starts_while_another_starts_makes_no_second_keys(on: On) {
    let place = Place::new(on).await;
    let open = || Platform::open(place.data(), &place.database, Clock::system());
    let (one, other) = tokio::join!(open(), open());
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!((one.root_pem(), one.content_key()), (other.root_pem(), other.content_key()));
}

#[tokio::test]
async fn a_platform_with_other_keys_does_not_speak_for_a_shared_database() {
    if !On::Postgres.is_here() {
        return;
    }
    let place = Place::new(On::Postgres).await;
    let first = Platform::open(place.data(), &place.database, Clock::system()).await.unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let second = Platform::open(elsewhere.path(), &place.database, Clock::system()).await;
    assert!(matches!(second, Err(crate::Fault::Refused(_))));
    drop(first);
}
