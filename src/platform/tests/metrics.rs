// SPDX-License-Identifier: GPL-3.0-only
//! The figures: the text parses, counts rise, and nothing in it names anyone.

use super::*;
use contract::{AlarmRaised, OneLeft};
use std::collections::BTreeMap;

on_both! {
    counts_rise_with_a_batch,
    a_contradiction_is_counted_in_its_lane_also_where_the_lane_goes_on,
    a_held_feed_request_is_counted_while_it_waits,
    no_figure_names_a_person_a_device_or_a_place,
    figures_are_off_unless_asked_for_and_never_beyond_this_machine,
}

/// A request is on its way for less than this many looks.
const LOOKS_MAX: u32 = 2000;

/// The figures by their name with its labels, as the text has them.
struct Figures {
    text: String,
    samples: BTreeMap<String, f64>,
}

impl Figures {
    /// Zero where nothing was counted.
    fn of(&self, name: &str) -> f64 {
        self.samples.get(name).copied().unwrap_or_default()
    }

    /// Reads the text strictly: a family is described before its samples, and the text has an end.
    fn parse(text: String) -> Self {
        let mut samples = BTreeMap::new();
        let mut families: Vec<(&str, &str)> = Vec::new();
        let mut lines = text.lines();
        assert_eq!(lines.next_back(), Some("# EOF"));
        for line in lines {
            if let Some(rest) = line.strip_prefix("# ") {
                let (word, rest) = rest.split_once(' ').unwrap();
                let (name, value) = rest.split_once(' ').unwrap();
                match word {
                    "TYPE" => families.push((name, value)),
                    "HELP" | "UNIT" => assert!(!value.is_empty(), "{line}"),
                    _ => panic!("{line}"),
                }
                continue;
            }
            let (name, value) = line.rsplit_once(' ').unwrap();
            let bare = name.split('{').next().unwrap();
            assert!(bare.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{line}");
            let (family, kind) = families.last().expect("a sample has a family");
            let suffix = bare.strip_prefix(family).unwrap_or_else(|| panic!("{line} is not of {family}"));
            let suffixes: &[&str] = match *kind {
                "counter" => &["_total"],
                "gauge" => &[""],
                "histogram" => &["_bucket", "_sum", "_count"],
                _ => panic!("{kind}"),
            };
            assert!(suffixes.contains(&suffix), "{line}");
            assert!(samples.insert(name.to_owned(), value.parse().unwrap()).is_none(), "{line} stands twice");
        }
        Self { samples, text }
    }

    /// Each label's name and value.
    fn labels(&self) -> Vec<(String, String)> {
        let inside = self.samples.keys().filter_map(|name| name.split_once('{')?.1.strip_suffix('}'));
        let pairs = inside.flat_map(|labels| labels.split(','));
        pairs
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap();
                (name.to_owned(), value.trim_matches('"').to_owned())
            })
            .collect()
    }
}

async fn figures(world: &World) -> Figures {
    let address = format!("http://{}/metrics", world.running.metrics_addr.unwrap());
    let response = world.client(None).get(address).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let kind = response.headers().get("content-type").unwrap().to_str().unwrap();
    assert!(kind.starts_with("application/openmetrics-text; version=1.0.0"));
    Figures::parse(response.text().await.unwrap())
}

fn one_left(kiosk: &Kiosk) -> Event {
    Event::OneLeft(OneLeft { at: kiosk.stamp(), assigned: 12, out: 11 })
}

async fn counts_rise_with_a_batch(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let before = figures(&world).await;
    let events = [
        kiosk.event(&one_left(&kiosk)),
        kiosk.body(Lane::RollCall, "roll_call.invented/9", "{}"),
        kiosk.event(&one_left(&kiosk)).without_body(),
    ];
    kiosk.send(&events).await.unwrap();
    world.pass_ms(90_000);
    let after = figures(&world).await;
    let rose = |name: &str| after.of(name) - before.of(name);
    assert_eq!(rose("platform_batches_total"), 1.0);
    assert_eq!(rose("platform_events_total{lane=\"roll_call\",verdict=\"accepted\"}"), 1.0);
    assert_eq!(rose("platform_events_total{lane=\"roll_call\",verdict=\"parked\"}"), 2.0);
    assert_eq!(
        rose("platform_requests_total{listener=\"gateway\",route=\"/v1/events\",status=\"200\"}"),
        1.0
    );
    assert_eq!(rose("platform_ingest_seconds_count"), 1.0);
    assert_eq!(after.of("platform_ingest_seconds_bucket{le=\"+Inf\"}"), 1.0);
    assert_eq!(rose("platform_parked_open"), 1.0);
    assert_eq!(rose("platform_parked_evidence"), 1.0);
    assert_eq!(after.of("platform_parked_oldest_age_seconds"), 90.0);
    assert_eq!(after.of("platform_devices_heard"), 1.0);
    assert!(after.of("platform_connections{listener=\"gateway\"}") >= 1.0);
    assert_eq!(after.of("platform_connections{listener=\"metrics\"}"), 1.0, "this one");

    world.pass_ms(5 * 60_000);
    assert_eq!(figures(&world).await.of("platform_devices_heard"), 0.0);
}

async fn a_contradiction_is_counted_in_its_lane_also_where_the_lane_goes_on(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    kiosk.say(&one_left(&kiosk)).await;
    let body = one_left(&kiosk).body().unwrap();
    let other = kiosk.envelope(Lane::RollCall, 1, Digest::ZERO, "cell.one_left/1", &body);
    assert_eq!(kiosk.verdict(&other).await, Verdict::Fork);
    let alarm = Event::AlarmRaised(AlarmRaised { at: kiosk.stamp() });
    let broken = kiosk.envelope(Lane::Alarm, 1, Digest([9; 32]), alarm.kind(), &alarm.body().unwrap());
    assert_eq!(kiosk.verdict(&broken).await, Verdict::Parked { code: "chain".into() });
    let figures = figures(&world).await;
    assert_eq!(figures.of("platform_forks_total{lane=\"roll_call\"}"), 1.0);
    assert_eq!(figures.of("platform_forks_total{lane=\"alarm\"}"), 1.0);
}

async fn a_held_feed_request_is_counted_while_it_waits(on: On) {
    let world = World::new(on).await;
    let kiosk = world.kiosk().await;
    let (page, _) = kiosk.feed(0, 0).await.unwrap();
    assert_eq!(figures(&world).await.of("platform_feeds_held"), 0.0);
    let held = tokio::spawn(async move { kiosk.feed(page.to, 30).await.unwrap() });
    let mut looks = 0;
    while figures(&world).await.of("platform_feeds_held") != 1.0 {
        looks += 1;
        assert!(looks < LOOKS_MAX, "the request is held and not counted");
    }
    let member = world.running.platform.members(world.terminal()).await.unwrap().remove(0);
    world.running.platform.put_member(world.terminal(), &member).await.unwrap();
    assert_eq!(held.await.unwrap().0.items.len(), 1);
    assert_eq!(figures(&world).await.of("platform_feeds_held"), 0.0);
}

async fn no_figure_names_a_person_a_device_or_a_place(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let call = world.running.platform.results().await.unwrap()[0].call;
    let event = kiosk.event(&Event::RollCallResult(world.result(&kiosk, call)));
    kiosk.send(std::slice::from_ref(&event)).await.unwrap();
    let desk = format!("http://{}", world.running.desk_addr);
    let gateway = kiosk.gateway.clone();
    let terminal = world.terminal();
    for address in [
        format!("{desk}/roll-calls/{terminal}/{call}"),
        format!("{desk}/nowhere/{call}?name=王建国"),
        format!("{gateway}/v1/{}", kiosk.device),
    ] {
        kiosk.client.get(address).header("Kiosk-Protocol", "1").send().await.unwrap();
    }
    let figures = figures(&world).await;
    let route =
        "platform_requests_total{listener=\"desk\",route=\"/roll-calls/{terminal}/{call}\",status=\"303\"}";
    assert_eq!(figures.of(route), 1.0);
    assert_eq!(figures.of("platform_requests_total{listener=\"desk\",route=\"none\",status=\"404\"}"), 1.0);

    let mut names =
        vec![kiosk.device.to_string(), terminal.to_string(), call.to_string(), event.id.to_string()];
    names.extend(
        world.seeded.detainees.iter().flat_map(|person| [person.id.to_string(), person.name.clone()]),
    );
    names.extend(world.seeded.officers.iter().map(|officer| officer.name.clone()));
    names.extend(world.seeded.desk_users.iter().map(|user| format!("\"{}\"", user.name)));
    for name in names {
        assert!(!figures.text.contains(&name), "{name}");
    }
    for (name, value) in figures.labels() {
        assert!(["listener", "route", "status", "lane", "verdict", "le"].contains(&name.as_str()), "{name}");
        let digits = value.bytes().filter(u8::is_ascii_digit).count();
        assert!(value.is_ascii() && digits <= 6 && value.len() <= 40, "{name}={value} may be an id");
    }
}

async fn figures_are_off_unless_asked_for_and_never_beyond_this_machine(on: On) {
    let place = Place::new(on).await;
    let config = Config { database: place.database.clone(), ..Config::loopback(place.data()) };
    assert_eq!(config.metrics, None);
    let open = Config { metrics: Some(([0, 0, 0, 0], 0).into()), ..config.clone() };
    assert!(matches!(crate::start(open).await, Err(crate::Fault::Refused(_))));
    let running = crate::start(config).await.unwrap();
    assert_eq!(running.metrics_addr, None);
    running.stop().await;
}
