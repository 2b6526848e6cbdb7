// SPDX-License-Identifier: GPL-3.0-only
//! A terminal in the hands of an enemy, with its key: what it may not read or write, and how much it may not take.

use super::gateway::other_cell;
use super::raw::{GO_AWAY, GREETING, RST_STREAM, ask_feed, cancel, connect, connect_from, frames};
use super::*;
use crate::NoticeKind;
use crate::share::{DEVICE_CONNECTIONS_MAX, FEEDS_MAX, NAMELESS_MAX};
use contract::{AlarmRaised, FeedOp, OneLeft};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;

on_both! {
    invariant_15_no_route_lets_a_terminal_read_or_write_as_another,
    invariant_02_the_same_bytes_again_get_the_same_verdicts_and_have_one_effect,
    what_another_key_signed_has_no_effect,
    many_batches_of_one_terminal_keep_no_alarm_of_another_waiting,
}

/// How long an alarm may take while another terminal does its worst, on a busy machine.
pub(super) const SOON: Duration = Duration::from_secs(15);

fn one_left(kiosk: &Kiosk) -> Event {
    Event::OneLeft(OneLeft { at: kiosk.stamp(), assigned: 12, out: 11 })
}

/// Two terminals, of two cells.
pub(super) async fn two(world: &World) -> (Kiosk, Kiosk) {
    let cell = other_cell(world).await;
    (world.kiosk().await, world.kiosk_at(cell).await)
}

pub(super) async fn alarm_is_taken(kiosk: &mut Kiosk, within: Duration) {
    let alarm = Event::AlarmRaised(AlarmRaised { at: kiosk.stamp() });
    tokio::time::timeout(within, kiosk.say(&alarm)).await.expect("an alarm is taken in time");
}

async fn effects(world: &World) -> usize {
    world.running.platform.notices().await.unwrap().len()
}

async fn invariant_15_no_route_lets_a_terminal_read_or_write_as_another(on: On) {
    let world = World::new(on).await;
    let (mut victim, mut intruder) = two(&world).await;
    let openapi = contract::openapi();
    let routes: BTreeSet<&str> = openapi["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    let source = include_str!("../gateway.rs").split(".route(").skip(1);
    let served: BTreeSet<&str> = source.map(|rest| rest.split('"').nth(1).unwrap()).collect();
    assert_eq!(served, routes, "a route outside of the contract");
    for route in routes {
        match route {
            "/v1/events" => {
                let event = victim.event(&one_left(&victim));
                let as_victim = victim.batch(std::slice::from_ref(&event));
                assert_eq!(
                    refused(intruder.send_batch(&as_victim).await),
                    (403, "device_mismatch".to_owned())
                );
                let smuggled = intruder.batch(&[event]);
                assert_eq!(
                    refused(intruder.send_batch(&smuggled).await),
                    (422, "batch_inconsistent".to_owned())
                );
                assert_eq!(world.running.platform.kept(victim.device).await.unwrap(), (0, 0));
            }
            "/v1/bundle" => {
                let event = victim.event(&one_left(&victim));
                let bundle = contract::Bundle {
                    bundle: contract::BundleId::fresh(),
                    device: victim.device,
                    at: victim.stamp(),
                    answer_to: contract::SealKey::generate().recipient(),
                    batches: vec![victim.batch(&[event])],
                };
                let to = world.running.platform.core.authority.bundle.recipient();
                for (key, why) in [(&victim.key, "device_mismatch"), (&intruder.key, "bundle_unreadable")] {
                    let sent = intruder.client.post(format!("{}/v1/bundle", intruder.gateway));
                    let sent = sent.header("Kiosk-Protocol", "1").body(bundle.seal(key, &to).unwrap());
                    let code = answer::<Signed>(sent.send().await.unwrap()).await.map(|_| ()).unwrap_err().1;
                    assert_eq!(code, why);
                }
                victim.heads.clear();
                assert_eq!(world.running.platform.kept(victim.device).await.unwrap(), (0, 0));
            }
            "/v1/feed" => {
                let (before, _) = intruder.feed(0, 0).await.unwrap();
                let secret = serde_json::json!({ "only": "for the victim" });
                let put =
                    world.running.platform.put_raw(world.terminal(), "policy", "", FeedOp::Put, &secret);
                put.await.unwrap();
                let address = format!(
                    "{}/v1/feed?since=0&device={}&terminal={}",
                    intruder.gateway,
                    victim.device,
                    world.terminal()
                );
                let sent = intruder.client.get(address).header("Kiosk-Protocol", "1").send().await.unwrap();
                let page: FeedPage =
                    answer::<Signed>(sent).await.unwrap().open("feed", &intruder.content_key).unwrap();
                assert_eq!((page.device, page.items), (intruder.device, before.items));
            }
            "/v1/alarms" => {
                intruder.say(&Event::AlarmRaised(AlarmRaised { at: intruder.stamp() })).await;
                assert_eq!(intruder.alarms(0, 0).await.unwrap().alarms.len(), 1);
                assert!(victim.alarms(0, 0).await.unwrap().alarms.is_empty());
            }
            "/v1/keys" => {
                let known = victim.content_key.digest();
                let address = format!("{}/v1/keys?known={known}&device={}", intruder.gateway, victim.device);
                let before = world.running.platform.content_keys().await.unwrap();
                let sent = intruder.client.get(address).header("Kiosk-Protocol", "1").send().await.unwrap();
                assert!(answer::<contract::KeyChain>(sent).await.unwrap().statements.is_empty());
                assert_eq!(world.running.platform.content_keys().await.unwrap(), before);
            }
            // Told in `blobs`: nobody_reads_or_writes_anothers_blob.
            "/v1/blobs/{sha256}" => {}
            // And in `media`: a_terminal_gets_ranges_of_what_its_feed_names_and_of_nothing_else.
            "/v1/media/{sha256}" => {}
            "/v1/renew" => {
                let csr_pem = victim.request().csr_pem;
                assert_eq!(refused(intruder.renew(&RenewRequest { csr_pem }).await).1, "enrol_key");
            }
            "/v1/enrol" => {
                let code = world.running.platform.enrolment_code(world.terminal()).await.unwrap();
                let taken = EnrolRequest { code, device: victim.device, ..intruder.request() };
                assert_eq!(refused(intruder.ask_enrol(&taken).await), (409, "enrol_device".to_owned()));
            }
            other => panic!("{other} has no story here"),
        }
    }
    victim.heads.clear();
    victim.say(&one_left(&victim)).await;
    intruder.say(&one_left(&intruder)).await;
}

async fn invariant_02_the_same_bytes_again_get_the_same_verdicts_and_have_one_effect(on: On) {
    let world = World::new(on).await;
    let (mut kiosk, thief) = two(&world).await;
    let events = [
        kiosk.event(&one_left(&kiosk)),
        kiosk.body(Lane::RollCall, "roll_call.invented/9", "{}"),
        kiosk.event(&one_left(&kiosk)),
    ];
    let bytes = serde_json::to_string(&kiosk.batch(&events)).unwrap();
    let verdicts = |reply: BatchReply| reply.verdicts.into_iter().map(|one| one.verdict).collect::<Vec<_>>();
    let first = verdicts(kiosk.send_text(bytes.clone()).await.unwrap());
    let parked = Verdict::Parked { code: "kind".into() };
    assert_eq!(first, [Verdict::Accepted, parked.clone(), Verdict::Accepted]);
    let before = effects(&world).await;
    for _ in 0..3 {
        let again = verdicts(kiosk.send_text(bytes.clone()).await.unwrap());
        assert_eq!(again, [Verdict::Duplicate, parked.clone(), Verdict::Duplicate]);
    }
    assert_eq!(refused(thief.send_text(bytes).await), (403, "device_mismatch".to_owned()));
    assert_eq!(effects(&world).await, before);
    assert_eq!(world.running.platform.kept(kiosk.device).await.unwrap(), (3, 0));
}

async fn what_another_key_signed_has_no_effect(on: On) {
    let world = World::new(on).await;
    let (mut kiosk, other) = two(&world).await;
    let mut forged = Vec::new();
    for (lane, event) in [
        (Lane::RollCall, one_left(&kiosk)),
        (Lane::Alarm, Event::AlarmRaised(AlarmRaised { at: kiosk.stamp() })),
    ] {
        let mut envelope = kiosk.event(&event);
        envelope.sign(&other.key).unwrap();
        forged.push((lane, envelope));
    }
    // Signed over something else, and not at all.
    let mut moved = kiosk.event(&one_left(&kiosk));
    moved.signature = forged[0].1.signature.clone();
    forged.push((Lane::RollCall, moved));
    let mut bare = kiosk.event(&one_left(&kiosk));
    bare.signature = HexBytes::default();
    forged.push((Lane::RollCall, bare));
    for (lane, envelope) in &forged {
        assert_eq!(envelope.lane, *lane);
        assert_eq!(kiosk.verdict(envelope).await, Verdict::Parked { code: "signature".into() });
    }
    let notices = world.running.platform.notices().await.unwrap();
    assert!(notices.iter().all(|notice| notice.kind == NoticeKind::Parked), "only that it is parked");
    kiosk.say(&one_left(&kiosk)).await;
}

async fn many_batches_of_one_terminal_keep_no_alarm_of_another_waiting(on: On) {
    const CLIENTS: usize = 4;
    const BATCHES: usize = 40;
    let world = World::new(on).await;
    let (mut loud, mut other) = two(&world).await;
    let events: Vec<Envelope> = (0..contract::EVENTS_MAX).map(|_| loud.event(&one_left(&loud))).collect();
    let batch = serde_json::to_string(&loud.batch(&events)).unwrap();
    loud.send_text(batch.clone()).await.unwrap();
    let address = format!("{}/v1/events", loud.gateway);
    let mut sends = JoinSet::new();
    for _ in 0..CLIENTS {
        let client = world.client(Some((&loud.certificate_pem, &loud.pkcs8)));
        for _ in 0..BATCHES {
            let request = client.post(&address).header("Kiosk-Protocol", "1").body(batch.clone());
            sends.spawn(request.send());
        }
    }
    for _ in 0..5 {
        alarm_is_taken(&mut other, SOON).await;
    }
    assert!(!sends.is_empty());
    sends.shutdown().await;
}

#[tokio::test]
async fn ten_thousand_streams_of_one_terminal_are_refused_and_anothers_alarm_is_taken() {
    const CONNECTIONS: usize = 4;
    const STREAMS: u32 = 2500;
    let world = World::new(On::Sqlite).await;
    let (loud, mut other) = two(&world).await;
    let since = loud.feed(0, 0).await.unwrap().0.to;
    let (mut held, mut refused) = (Vec::new(), JoinSet::new());
    for _ in 0..CONNECTIONS {
        let (mut from, mut to) = tokio::io::split(connect(&world, Some(&loud), b"h2").await);
        refused.spawn(async move {
            let enough = |counts: &[u32; 256]| {
                counts[usize::from(RST_STREAM)] > STREAMS / 2 || counts[usize::from(GO_AWAY)] > 0
            };
            frames(&mut from, enough).await
        });
        let asked = (0..STREAMS).flat_map(|n| ask_feed(2 * n + 1, since));
        let bytes: Vec<u8> = GREETING.iter().copied().chain(asked).collect();
        // The other side may end it before it has read all.
        to.write_all(&bytes).await.ok();
        held.push(to);
        alarm_is_taken(&mut other, SOON).await;
    }
    while let Some(counts) = tokio::time::timeout(SOON, refused.join_next()).await.expect("most are refused")
    {
        let counts = counts.unwrap();
        assert!(counts[usize::from(RST_STREAM)] + counts[usize::from(GO_AWAY)] > 0, "the excess is refused");
    }
    alarm_is_taken(&mut other, SOON).await;
    let feeds = figure(&world, "platform_feeds_held").await;
    assert!(feeds <= FEEDS_MAX as f64, "{feeds} are held");
}

#[tokio::test]
async fn requests_that_are_taken_back_at_once_cost_another_terminal_nothing() {
    let world = World::new(On::Sqlite).await;
    let (loud, mut other) = two(&world).await;
    let since = loud.feed(0, 0).await.unwrap().0.to;
    let (mut from, mut to) = tokio::io::split(connect(&world, Some(&loud), b"h2").await);
    let reads = tokio::spawn(async move { frames(&mut from, |_| false).await });
    let writes = tokio::spawn(async move {
        to.write_all(GREETING).await.ok();
        for n in 0..10_000 {
            let stream = 2 * n + 1;
            if to.write_all(&[ask_feed(stream, since), cancel(stream)].concat()).await.is_err() {
                break;
            }
        }
        to
    });
    for _ in 0..5 {
        alarm_is_taken(&mut other, SOON).await;
    }
    // Whether it was cut or heard to its end, nothing of it stays.
    drop(tokio::time::timeout(SOON, writes).await.expect("it is read or cut").unwrap());
    reads.abort();
    alarm_is_taken(&mut other, SOON).await;
}

#[tokio::test]
async fn one_terminal_has_few_connections_and_its_newest_is_among_them() {
    const OPENED: usize = 100;
    let world = World::new(On::Sqlite).await;
    let (mut loud, mut other) = two(&world).await;
    let since = loud.feed(0, 0).await.unwrap().0.to;
    // Held until there is news, so that no bound on idle ones ends them.
    let ask = format!(
        "GET /v1/feed?since={since}&wait=60 HTTP/1.1\r\nhost: localhost\r\nkiosk-protocol: 1\r\n\r\n"
    );
    let mut open = JoinSet::new();
    for _ in 0..OPENED {
        let mut stream = connect(&world, Some(&loud), b"http/1.1").await;
        stream.write_all(ask.as_bytes()).await.unwrap();
        open.spawn(async move { stream.read_to_end(&mut Vec::new()).await.is_ok() });
    }
    for _ in DEVICE_CONNECTIONS_MAX..OPENED {
        tokio::time::timeout(SOON, open.join_next()).await.expect("the oldest are cut");
    }
    alarm_is_taken(&mut loud, SOON).await;
    alarm_is_taken(&mut other, SOON).await;
}

#[tokio::test]
async fn one_address_has_few_connections_without_a_name() {
    const OPENED: usize = 300;
    let world = World::new(On::Sqlite).await;
    let (_, mut other) = two(&world).await;
    let mut open = JoinSet::new();
    for _ in 0..OPENED {
        let mut stream = connect_from([127, 0, 0, 2], world.running.gateway_addr).await.unwrap();
        open.spawn(async move { stream.read_to_end(&mut Vec::new()).await.is_ok() });
    }
    for _ in NAMELESS_MAX..OPENED {
        tokio::time::timeout(Duration::from_secs(8), open.join_next()).await.expect("the excess is refused");
    }
    alarm_is_taken(&mut other, SOON).await;
    world.kiosk().await;
}

#[tokio::test]
async fn a_body_of_a_hundred_megabytes_is_refused_early_and_takes_no_room() {
    const WHOLE: usize = 100 * 1024 * 1024;
    /// What the system buffers on both sides of a connection, and what may be read before the refusal.
    const EARLY: usize = 24 * 1024 * 1024;
    let world = World::new(On::Sqlite).await;
    let (loud, mut other) = two(&world).await;
    let post = "POST /v1/events HTTP/1.1\r\nhost: localhost\r\nkiosk-protocol: 1\r\n";

    let mut told = connect(&world, Some(&loud), b"http/1.1").await;
    told.write_all(format!("{post}content-length: {WHOLE}\r\n\r\n").as_bytes()).await.unwrap();
    let mut heard = [0; 12];
    tokio::time::timeout(SOON, told.read_exact(&mut heard)).await.expect("not waited for").unwrap();
    assert_eq!(&heard, b"HTTP/1.1 413", "by its length alone");

    let before = resident_bytes();
    let mut untold = connect(&world, Some(&loud), b"http/1.1").await;
    untold.write_all(format!("{post}transfer-encoding: chunked\r\n\r\n").as_bytes()).await.unwrap();
    let piece = [format!("{:x}\r\n", 64 * 1024).as_bytes(), &[b' '; 64 * 1024], b"\r\n"].concat();
    let mut sent = 0;
    while sent < WHOLE {
        match tokio::time::timeout(SOON, untold.write_all(&piece)).await {
            Ok(Ok(())) => sent += piece.len(),
            Ok(Err(_)) | Err(_) => break,
        }
    }
    assert!(sent < EARLY, "{sent} bytes were taken");
    let grown = resident_bytes().saturating_sub(before);
    assert!(grown < EARLY, "{grown} bytes more are held");
    alarm_is_taken(&mut other, SOON).await;
}

/// The memory this process holds; the platform is in it.
fn resident_bytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
}

async fn figure(world: &World, name: &str) -> f64 {
    let address = format!("http://{}/metrics", world.running.metrics_addr.unwrap());
    let text = world.client(None).get(address).send().await.unwrap().text().await.unwrap();
    let line = text.lines().find(|line| line.split(' ').next() == Some(name));
    line.and_then(|line| line.rsplit(' ').next()).map_or(0.0, |value| value.parse().unwrap())
}
