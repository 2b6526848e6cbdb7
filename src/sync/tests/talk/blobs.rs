// SPDX-License-Identifier: GPL-3.0-only
//! Blobs upward: after their event, from where the platform holds them, done only by its signed word.

use crate::Terminal;
use crate::platform::{FakePlatform, SERVER_MS, Shared};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use contract::{BlobState, Digest, Lane};
use std::sync::Arc;
use sync::LinkState;

pub(crate) async fn begin(State(shared): State<Arc<Shared>>, Path(sha256): Path<String>) -> StatusCode {
    if shared.state().refused.contains(&sha256.parse().unwrap()) {
        return StatusCode::NOT_FOUND;
    }
    shared.state().blobs.entry(sha256).or_default();
    StatusCode::CREATED
}

pub(crate) async fn offset(State(shared): State<Arc<Shared>>, Path(sha256): Path<String>) -> Response {
    match shared.state().blobs.get(&sha256) {
        Some(held) => [("upload-offset", held.len().to_string())].into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Keeps as much of a part as comes before the connection breaks.
pub(crate) async fn part(
    State(shared): State<Arc<Shared>>,
    Path(sha256): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let at: usize = headers["upload-offset"].to_str().unwrap().parse().unwrap();
    let (broken, reached) = {
        let mut seen = shared.state();
        seen.parts.push(at as u64);
        let room = seen.breaks_after.unwrap_or(usize::MAX).min(body.len());
        let held = seen.blobs.get_mut(&sha256).unwrap();
        if held.len() != at {
            return StatusCode::CONFLICT.into_response();
        }
        held.extend_from_slice(&body[..room]);
        let reached = held.len();
        let broken = room < body.len();
        if broken {
            seen.connections.drain(..).for_each(|connection| connection.abort());
        }
        (broken, reached)
    };
    shared.tell();
    if broken {
        std::future::pending::<()>().await;
    }
    (StatusCode::NO_CONTENT, [("upload-offset", reached.to_string())]).into_response()
}

pub(crate) async fn state(State(shared): State<Arc<Shared>>, Path(sha256): Path<String>) -> Response {
    let (state, forged) = {
        let mut seen = shared.state();
        seen.words += 1;
        let (held, sha256) = (&seen.blobs[&sha256], sha256.parse().unwrap());
        let (len, whole) = (held.len() as u64, Digest::of(held) == sha256);
        let (device, offset) = (seen.device.unwrap(), len);
        let state = BlobState { device, sha256, len, offset, whole, server_ms: SERVER_MS };
        (state, seen.forged_word)
    };
    shared.tell();
    shared.sign(if forged { "reply" } else { "blob" }, &state)
}

fn noise(len: usize) -> Vec<u8> {
    (0..len.div_ceil(32)).flat_map(|n| Digest::of(&n.to_be_bytes()).0).take(len).collect()
}

#[tokio::test]
async fn a_blob_comes_after_its_event_from_where_the_platform_holds_it() {
    let platform = FakePlatform::start(2026).await;
    let terminal = Terminal::enrolled(&platform).await;
    terminal.cell.until_link(LinkState::Online).await;
    platform.hold(Lane::Order);
    let bytes = noise(1000);
    let sha256 = terminal.cell.speak(Lane::Order, &bytes);
    terminal.wake.ring();
    platform.until(|seen| seen.requests > 0).await;
    assert!(platform.seen().blobs.is_empty(), "the event has no verdict yet");
    platform.seen().breaks_after = Some(7);
    platform.release(Lane::Order);
    platform.until(|seen| seen.parts.len() >= 20).await;
    platform.seen().breaks_after = None;
    terminal.cell.until(|kept| kept.whole == [sha256]).await;
    assert_eq!(platform.seen().blobs[&sha256.to_string()], bytes);
    let parts = platform.seen().parts.clone();
    assert!(parts.windows(2).all(|pair| pair[1] == pair[0] + 7), "each went on where the last was cut");
    terminal.tasks.stop().await;
}

#[tokio::test]
async fn only_a_signed_word_settles_a_blob() {
    let platform = FakePlatform::start(2026).await;
    let terminal = Terminal::enrolled(&platform).await;
    terminal.cell.until_link(LinkState::Online).await;
    platform.seen().forged_word = true;
    let sha256 = terminal.cell.speak(Lane::Order, &noise(10));
    terminal.wake.ring();
    platform.until(|seen| seen.words >= 3).await;
    assert!(terminal.cell.kept().whole.is_empty());
    platform.seen().forged_word = false;
    terminal.cell.until(|kept| kept.whole == [sha256]).await;
    assert_eq!(platform.seen().parts, [0], "its bytes came once");
    terminal.tasks.stop().await;
}

#[tokio::test]
async fn a_blob_the_platform_does_not_take_keeps_no_other_and_no_event_waiting() {
    let platform = FakePlatform::start(2026).await;
    let terminal = Terminal::enrolled(&platform).await;
    terminal.cell.until_link(LinkState::Online).await;
    let refused = terminal.cell.speak(Lane::Order, &noise(10));
    platform.seen().refused.insert(refused);
    let taken = terminal.cell.speak(Lane::Order, &noise(20));
    terminal.wake.ring();
    terminal.cell.until(|kept| kept.whole == [taken]).await;
    let so_far = terminal.cell.kept().links.len();
    terminal.queue(Lane::Order, 1);
    terminal.cell.until(|kept| kept.settled.len() == 3).await;
    assert_eq!(terminal.cell.kept().links.len(), so_far, "the link stays as it was");
    terminal.tasks.stop().await;
}
