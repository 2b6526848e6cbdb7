// SPDX-License-Identifier: GPL-3.0-only
//! Other systems hear every step of an alarm, in order, also after they were away.

use super::*;
use crate::Adapters;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode as Code;
use axum::routing::post;
use contract::{PanicForm, PanicRaised, PanicSource, PublicKey};
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

#[derive(Clone, Default)]
struct Site {
    heard: Arc<Mutex<Vec<Signed>>>,
    away: Arc<AtomicBool>,
    bell: Arc<tokio::sync::Notify>,
}

impl Site {
    fn take(site: &Self, signed: Signed) -> Code {
        if site.away.load(Ordering::Acquire) {
            site.bell.notify_one();
            return Code::SERVICE_UNAVAILABLE;
        }
        site.heard.lock().unwrap().push(signed);
        site.bell.notify_one();
        Code::NO_CONTENT
    }

    /// The steps heard, each checked against the platform's key.
    fn steps(&self, key: &PublicKey) -> Vec<(u64, String)> {
        let heard = self.heard.lock().unwrap();
        let open = |signed: &Signed| {
            let step: serde_json::Value = signed.open("alarm-step", key).unwrap();
            (step["number"].as_u64().unwrap(), step["step"].as_str().unwrap().to_owned())
        };
        heard.iter().map(open).collect()
    }
}

impl World {
    async fn with(adapters: Adapters) -> Self {
        let mut world = Self::new(On::Sqlite).await;
        let config = Config {
            clock: Clock::set_by(Arc::clone(&world.wall_ms)),
            adapters,
            ..Config::loopback(world.place.data())
        };
        let before = std::mem::replace(&mut world.running, crate::start(config).await.unwrap());
        before.stop().await;
        world
    }
}

fn press(kiosk: &Kiosk) -> Event {
    let (form, source) = (PanicForm::Open, PanicSource::Screen);
    Event::PanicRaised(PanicRaised { at: kiosk.stamp(), form, source, joins: None })
}

async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(std::time::Duration::from_secs(20), future).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_hears_each_step_signed_and_what_it_missed_afterwards() {
    let site = Site::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/alarms", listener.local_addr().unwrap());
    let router =
        axum::Router::new()
            .route(
                "/alarms",
                post(|State(site): State<Site>, Json(signed): Json<Signed>| async move {
                    Site::take(&site, signed)
                }),
            )
            .with_state(site.clone());
    let router = hyper_util::service::TowerToHyperService::new(router);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let io = hyper_util::rt::TokioIo::new(stream);
            let served = hyper::server::conn::http1::Builder::new().serve_connection(io, router.clone());
            tokio::spawn(async move { served.await.ok() });
        }
    });
    let world = World::with(Adapters { webhook: Some(url.parse().unwrap()), ..Adapters::default() }).await;
    let mut kiosk = world.kiosk().await;
    // An adapter that is new begins with what comes next; it has begun when the first step comes through.
    kiosk.say(&press(&kiosk)).await;
    while site.heard.lock().unwrap().is_empty() {
        if tokio::time::timeout(std::time::Duration::from_secs(3), site.bell.notified()).await.is_err() {
            kiosk.say(&press(&kiosk)).await;
        }
    }
    site.away.store(true, Ordering::Release);
    kiosk.say(&press(&kiosk)).await;
    within(site.bell.notified()).await;
    kiosk.say(&press(&kiosk)).await;
    site.away.store(false, Ordering::Release);
    let heard = || site.steps(&kiosk.content_key);
    let newest = heard().last().unwrap().0 + 2;
    within(async {
        while heard().last().unwrap().0 < newest {
            site.bell.notified().await;
        }
    })
    .await;
    let numbers: Vec<u64> = heard().iter().map(|(number, _)| *number).collect();
    assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1), "in order, none missing: {numbers:?}");
    assert!(heard().iter().all(|(_, step)| step == "raised"));
}

/// The broker here takes a connection, acknowledges what is published, and keeps the last message.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_is_told_by_mqtt() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (published, mut heard) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        loop {
            let Ok(head) = stream.read_u8().await else { return };
            let (mut len, mut shift) = (0_usize, 0);
            loop {
                let byte = stream.read_u8().await.unwrap();
                len |= usize::from(byte & 0x7f) << shift;
                shift += 7;
                if byte & 0x80 == 0 {
                    break;
                }
            }
            let mut body = vec![0; len];
            stream.read_exact(&mut body).await.unwrap();
            match head >> 4 {
                1 => stream.write_all(&[0x20, 2, 0, 0]).await.unwrap(),
                3 => {
                    let topic = usize::from(u16::from_be_bytes([body[0], body[1]]));
                    let name = String::from_utf8(body[2..2 + topic].to_vec()).unwrap();
                    let id = [body[2 + topic], body[3 + topic]];
                    stream.write_all(&[0x40, 2, id[0], id[1]]).await.unwrap();
                    published.send((name, body[4 + topic..].to_vec())).unwrap();
                }
                12 => stream.write_all(&[0xd0, 0]).await.unwrap(),
                _ => {}
            }
        }
    });
    let mqtt = Some(("127.0.0.1".to_owned(), port));
    let world = World::with(Adapters { mqtt, ..Adapters::default() }).await;
    let mut kiosk = world.kiosk().await;
    let (topic, message) = loop {
        kiosk.say(&press(&kiosk)).await;
        let told = tokio::time::timeout(std::time::Duration::from_secs(3), heard.recv()).await;
        if let Ok(told) = told {
            break told.unwrap();
        }
    };
    assert_eq!(topic, format!("kiosk/alarms/{}", world.terminal()));
    let signed: Signed = serde_json::from_slice(&message).unwrap();
    let step: serde_json::Value = signed.open("alarm-step", &kiosk.content_key).unwrap();
    assert_eq!((step["kind"].as_str(), step["rank"].as_i64()), (Some("panic"), Some(1)));
}

#[tokio::test]
async fn plain_http_beyond_this_machine_is_refused() {
    let place = Place::new(On::Sqlite).await;
    let webhook = Some("http://192.0.2.1/alarms".parse().unwrap());
    let adapters = Adapters { webhook, ..Adapters::default() };
    let config = Config { adapters, ..Config::loopback(place.data()) };
    assert!(crate::start(config).await.is_err());
}
