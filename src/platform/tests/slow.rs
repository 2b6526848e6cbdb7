// SPDX-License-Identifier: GPL-3.0-only
//! Who holds a connection by being slow is cut, and nobody waits for it meanwhile.

use super::hostile::{SOON, alarm_is_taken, two};
use super::raw::{GREETING, connect, trickle};
use super::*;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// The bounds are ten seconds for a handshake, a first request and a head, and thirty for a body; the rest is for a
/// machine that is busy.
const CUT: Duration = Duration::from_secs(45);

/// The tables have no part in this, so once is enough.
#[tokio::test]
async fn what_never_ends_is_cut_and_another_terminals_alarms_are_answered_meanwhile() {
    let world = World::new(On::Sqlite).await;
    let (slow, mut other) = two(&world).await;
    let begun = Instant::now();
    let mut ends = JoinSet::new();

    let handshake = TcpStream::connect(world.running.gateway_addr).await.unwrap();
    ends.spawn(async move { ("a handshake", trickle(handshake, b"\x16\x03\x01\x40\x00\x01", b"").await) });
    let silent = connect(&world, Some(&slow), b"h2").await;
    ends.spawn(async move { ("silence", read_all(silent).await) });
    let greeting = connect(&world, Some(&slow), b"h2").await;
    ends.spawn(async move { ("a greeting", trickle(greeting, b"", &GREETING[..24]).await) });
    let head = connect(&world, Some(&slow), b"http/1.1").await;
    ends.spawn(async move { ("a head", trickle(head, b"GET /v1/feed HTTP/1.1\r\nhost: ", b"").await) });
    let body = connect(&world, Some(&slow), b"http/1.1").await;
    let post =
        b"POST /v1/events HTTP/1.1\r\nhost: localhost\r\nkiosk-protocol: 1\r\ncontent-length: 1000\r\n\r\n";
    ends.spawn(async move { ("a body", trickle(body, post, b"").await) });

    let watch = async {
        while let Some(ended) = ends.join_next().await {
            let (what, heard) = ended.unwrap();
            eprintln!("{what} was cut after {:?}", begun.elapsed());
            if what == "a body" {
                assert!(heard.starts_with(b"HTTP/1.1 408"), "{:?}", String::from_utf8_lossy(&heard));
            }
        }
    };
    let alarms = async {
        loop {
            alarm_is_taken(&mut other, SOON).await;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    tokio::select! {
        cut = tokio::time::timeout(CUT, watch) => cut.expect("each is cut in time"),
        () = alarms => {}
    }
}

async fn read_all<S: tokio::io::AsyncRead + Unpin>(mut stream: S) -> Vec<u8> {
    let mut heard = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut heard).await.ok();
    heard
}
