// SPDX-License-Identifier: GPL-3.0-only
//! Who is let in, what is read, and the feed.

use super::*;
use contract::{DetaineeId, EVENTS_MAX, FeedItem, FeedOp, Member, OneLeft, Policy, Terminal, Update};

on_both! {
    without_a_certificate_there_is_only_enrolment,
    invariant_15_a_certificate_of_one_terminal_writes_nothing_as_another,
    a_certificate_of_another_authority_is_no_connection,
    a_revoked_device_gets_403_on_everything_at_once,
    an_expired_certificate_is_refused_on_an_open_connection_too,
    another_version_of_the_protocol_is_told_so,
    what_is_too_large_or_unreadable_is_refused_whole,
    a_largest_batch_that_keeps_the_flow_is_taken,
    the_feed_tells_the_whole_cell_and_every_item_is_understood,
    pages_follow_one_another_by_digest_and_an_empty_one_is_no_link,
    a_page_whose_answer_was_lost_is_sent_again_and_chains,
    a_cursor_that_was_never_sent_begins_again,
    invariant_15_a_terminal_sees_nothing_of_another_cell,
    a_waiting_terminal_is_told_at_once,
    who_leaves_for_good_leaves_a_tombstone_of_higher_revision,
    what_a_platform_errs_in_is_sent_as_it_is,
    a_stopped_platform_lets_waiting_terminals_go,
}

fn one_left(kiosk: &Kiosk) -> Event {
    Event::OneLeft(OneLeft { at: kiosk.stamp(), assigned: 12, out: 11 })
}

fn member(name: &str) -> Member {
    let id = DetaineeId::fresh();
    Member {
        id,
        name: name.into(),
        badge_number: "0400".into(),
        out: None,
        exempt: None,
        face_off: false,
        pin: None,
    }
}

pub(super) async fn other_cell(world: &World) -> TerminalId {
    let terminal = Terminal {
        terminal: TerminalId::fresh(),
        block: "三监区".into(),
        cell: "306室".into(),
        utc_offset_min: 480,
    };
    let facility =
        contract::Facility { name: "示范看守所".into(), kind: contract::FacilityKind::DetentionCentre };
    world.running.platform.put_terminal(&terminal, &facility).await.unwrap();
    terminal.terminal
}

async fn without_a_certificate_there_is_only_enrolment(on: On) {
    let world = World::new(on).await;
    let mut stranger = world.newcomer();
    let event = stranger.event(&one_left(&stranger));
    assert_eq!(refused(stranger.send(&[event]).await), (401, "certificate_missing".to_owned()));
    assert_eq!(refused(stranger.feed(0, 0).await), (401, "certificate_missing".to_owned()));
}

async fn invariant_15_a_certificate_of_one_terminal_writes_nothing_as_another(on: On) {
    let world = World::new(on).await;
    let mut victim = world.kiosk().await;
    let cell = other_cell(&world).await;
    let intruder = world.kiosk_at(cell).await;
    let event = victim.event(&one_left(&victim));

    let as_victim = victim.batch(std::slice::from_ref(&event));
    assert_eq!(refused(intruder.send_batch(&as_victim).await), (403, "device_mismatch".to_owned()));
    let mut smuggled = intruder.batch(&[event]);
    smuggled.lane = Lane::RollCall;
    assert_eq!(refused(intruder.send_batch(&smuggled).await), (422, "batch_inconsistent".to_owned()));
    assert_eq!(world.running.platform.kept(victim.device).await.unwrap(), (0, 0));
}

async fn a_certificate_of_another_authority_is_no_connection(on: On) {
    let world = World::new(on).await;
    let elsewhere = World::new(on).await;
    let code = elsewhere.running.platform.enrolment_code(elsewhere.terminal()).await.unwrap();
    let mut kiosk = elsewhere.newcomer();
    let reply = kiosk.enrol(&code).await.unwrap();
    kiosk.use_certificate(&world, &reply.certificate_pem);
    let address = format!("https://{}/v1/feed", world.running.gateway_addr);
    kiosk.client.get(address).header("Kiosk-Protocol", "1").send().await.unwrap_err();
}

async fn a_revoked_device_gets_403_on_everything_at_once(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    kiosk.say(&one_left(&kiosk)).await;
    assert!(world.running.platform.revoke(kiosk.device).await.unwrap());
    let event = kiosk.event(&one_left(&kiosk));
    assert_eq!(refused(kiosk.send(&[event]).await), (403, "device_revoked".to_owned()));
    assert_eq!(refused(kiosk.feed(0, 0).await), (403, "device_revoked".to_owned()));
}

async fn an_expired_certificate_is_refused_on_an_open_connection_too(on: On) {
    let world = World::new(on).await;
    let kiosk = world.kiosk().await;
    kiosk.feed(0, 0).await.unwrap();
    world.pass_ms(181 * 86_400_000);
    let address = format!("{}/v1/feed", kiosk.gateway);
    let again = kiosk.client.get(address).header("Kiosk-Protocol", "1").send().await;
    let refused_now = match again {
        Ok(response) => refused(answer::<Signed>(response).await) == (401, "certificate_expired".to_owned()),
        Err(_) => true,
    };
    assert!(refused_now);
}

async fn another_version_of_the_protocol_is_told_so(on: On) {
    let world = World::new(on).await;
    let kiosk = world.kiosk().await;
    let address = format!("{}/v1/feed", kiosk.gateway);
    for request in [kiosk.client.get(&address), kiosk.client.get(&address).header("Kiosk-Protocol", "2")] {
        let answered = answer::<Signed>(request.send().await.unwrap()).await;
        assert_eq!(refused(answered), (426, "protocol_version".to_owned()));
    }
}

async fn what_is_too_large_or_unreadable_is_refused_whole(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let too_large = kiosk.send_text("x".repeat(2 * 1024 * 1024)).await;
    assert_eq!(refused(too_large), (413, "body_too_large".to_owned()));
    assert_eq!(refused(kiosk.send_text("<html>".to_owned()).await), (422, "batch_unreadable".to_owned()));
    let many: Vec<Envelope> = (0..=EVENTS_MAX).map(|_| kiosk.event(&one_left(&kiosk))).collect();
    assert_eq!(refused(kiosk.send(&many).await), (413, "batch_too_long".to_owned()));
    let zero = kiosk.envelope(Lane::RollCall, 1, Digest::ZERO, "cell.one_left/1", "\0");
    assert_eq!(refused(kiosk.send(&[zero]).await), (422, "batch_unreadable".to_owned()));
    let zeroth = kiosk.envelope(Lane::RollCall, 0, Digest::ZERO, "cell.one_left/1", "{}");
    assert_eq!(refused(kiosk.send(&[zeroth]).await), (422, "batch_inconsistent".to_owned()));
    let last = kiosk.envelope(Lane::RollCall, u64::MAX, Digest::ZERO, "cell.one_left/1", "{}");
    assert_eq!(refused(kiosk.send(&[last]).await), (422, "batch_inconsistent".to_owned()));
    assert_eq!(world.running.platform.kept(kiosk.device).await.unwrap(), (0, 0));
}

async fn a_largest_batch_that_keeps_the_flow_is_taken(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let body = format!("\"{}\"", "\\\"".repeat(1280));
    let events: Vec<Envelope> =
        (0..EVENTS_MAX).map(|_| kiosk.body(Lane::RollCall, "roll_call.invented/1", &body)).collect();
    assert!(events.iter().map(|event| event.body.len()).sum::<usize>() > 250 * 1024);
    assert_eq!(kiosk.send(&events).await.unwrap().acked_seq, EVENTS_MAX as u64);
}

async fn the_feed_tells_the_whole_cell_and_every_item_is_understood(on: On) {
    let world = World::new(on).await;
    let kiosk = world.kiosk().await;
    let (page, _) = kiosk.feed(0, 0).await.unwrap();
    assert_eq!((page.from, page.prev, page.device), (0, Digest::ZERO, kiosk.device));
    assert_eq!(page.to, page.items.last().unwrap().cursor);
    assert!(page.items.windows(2).all(|pair| pair[0].cursor < pair[1].cursor));
    let updates: Vec<Update> = page.items.iter().map(|item| Update::decode(item).unwrap()).collect();
    assert_eq!(updates.iter().filter(|update| matches!(update, Update::Member(_))).count(), 12);
    assert_eq!(updates.iter().filter(|update| matches!(update, Update::Officer(_))).count(), 3);
    assert_eq!(updates.iter().filter(|update| matches!(update, Update::RollCallTask(_))).count(), 1);
}

async fn pages_follow_one_another_by_digest_and_an_empty_one_is_no_link(on: On) {
    let world = World::new(on).await;
    let kiosk = world.kiosk().await;
    let (first, digest) = kiosk.feed(0, 0).await.unwrap();
    let (empty, _) = kiosk.feed(first.to, 0).await.unwrap();
    assert_eq!((empty.from, empty.to, empty.prev), (first.to, first.to, digest));
    assert!(empty.items.is_empty());

    world.running.platform.put_member(world.terminal(), &member("郑十三")).await.unwrap();
    let (next, next_digest) = kiosk.feed(first.to, 0).await.unwrap();
    assert_eq!((next.from, next.prev, next.items.len()), (first.to, digest, 2));
    let (after, _) = kiosk.feed(next.to, 0).await.unwrap();
    assert_eq!(after.prev, next_digest);
}

async fn a_page_whose_answer_was_lost_is_sent_again_and_chains(on: On) {
    let world = World::new(on).await;
    let kiosk = world.kiosk().await;
    let (lost, _) = kiosk.feed(0, 0).await.unwrap();
    world.pass_ms(1000);
    let (again, digest) = kiosk.feed(0, 0).await.unwrap();
    assert_eq!((again.to, again.items.len()), (lost.to, lost.items.len()));
    assert_eq!(kiosk.feed(again.to, 0).await.unwrap().0.prev, digest);
}

async fn a_cursor_that_was_never_sent_begins_again(on: On) {
    let world = World::new(on).await;
    let kiosk = world.kiosk().await;
    assert_eq!(refused(kiosk.feed(999_999, 0).await), (410, "feed_reset".to_owned()));
    assert_eq!(refused(kiosk.feed(u64::MAX, 0).await), (410, "feed_reset".to_owned()));
}

async fn invariant_15_a_terminal_sees_nothing_of_another_cell(on: On) {
    let world = World::new(on).await;
    let cell = other_cell(&world).await;
    world.running.platform.put_member(cell, &member("郑十三")).await.unwrap();
    let kiosk = world.kiosk_at(cell).await;
    let (page, _) = kiosk.feed(0, 0).await.unwrap();
    let own = page.items.iter().map(|item| item.collection.as_str()).filter(|name| *name != "catalogue");
    assert_eq!(own.collect::<Vec<_>>(), ["facility", "terminal", "member", "account"]);
}

async fn a_waiting_terminal_is_told_at_once(on: On) {
    let world = World::new(on).await;
    let kiosk = world.kiosk().await;
    let (page, _) = kiosk.feed(0, 0).await.unwrap();
    let waits = kiosk.feed(page.to, 30);
    let policy = Policy::default();
    let changes = world.running.platform.put_policy(world.terminal(), &policy);
    let (heard, changed) = tokio::join!(waits, changes);
    changed.unwrap();
    let items = heard.unwrap().0.items;
    assert_eq!(items.len(), 1);
    assert!(items[0].collection == "policy" && items[0].rev > page.to, "newer than all before");
}

async fn who_leaves_for_good_leaves_a_tombstone_of_higher_revision(on: On) {
    let world = World::new(on).await;
    let kiosk = world.kiosk().await;
    let (page, _) = kiosk.feed(0, 0).await.unwrap();
    let gone = world.seeded.detainees[0].id;
    world.running.platform.remove_member(world.terminal(), gone).await.unwrap();
    let (next, _) = kiosk.feed(page.to, 0).await.unwrap();
    let FeedItem { op, rev, key, .. } = &next.items[0];
    assert_eq!((*op, key.as_str()), (FeedOp::Del, gone.to_string().as_str()));
    let before = page.items.iter().find(|item| item.key == *key).unwrap();
    assert!(*rev > before.rev);
    assert_eq!(Update::decode(&next.items[0]).unwrap(), Update::MemberGone(gone));
    assert_eq!(world.running.platform.members(world.terminal()).await.unwrap().len(), 11);
}

async fn what_a_platform_errs_in_is_sent_as_it_is(on: On) {
    let world = World::new(on).await;
    let kiosk = world.kiosk().await;
    let body = serde_json::json!({ "assigned": -1 });
    let put = world.running.platform.put_raw(world.terminal(), "weather", "x", FeedOp::Put, &body);
    put.await.unwrap();
    let (page, _) = kiosk.feed(0, 0).await.unwrap();
    let last = page.items.last().unwrap();
    assert_eq!((last.collection.as_str(), &last.body), ("weather", &body));
}

async fn a_stopped_platform_lets_waiting_terminals_go(on: On) {
    let world = World::new(on).await;
    let kiosk = world.kiosk().await;
    let (page, _) = kiosk.feed(0, 0).await.unwrap();
    world.pass_ms(1000);
    let waits = tokio::spawn(async move { kiosk.feed(page.to, 60).await.map(|(page, _)| page.items.len()) });
    while world.running.platform.devices().await.unwrap()[0].seen_ms != Some(NOW_MS + 1000) {
        tokio::task::yield_now().await;
    }
    world.running.stop().await;
    assert_eq!(waits.await.unwrap(), Ok(0));
}
