// SPDX-License-Identifier: GPL-3.0-only
//! Limits: what is too much is refused with the status that tells a terminal how to go on, and harms nothing else.

use super::bench::Bench;
use super::line::Line;
use super::terminal::{custody, name, verdict};
use super::{Seen, hold};
use contract::{EVENTS_MAX, Envelope, Flow, Lane};

/// Far beyond every limit of the protocol, in bytes.
const HOSTILE_BYTES: usize = 4 * 1024 * 1024;
/// Nested so deep that a careless reader overflows its stack.
const HOSTILE_DEPTH: usize = 100_000;
/// Large events of one batch; each body is well below the limit of one.
const LARGE_EVENTS: usize = 4;

pub(crate) async fn too_many(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Order);
    let events = (0..=EVENTS_MAX).map(|_| line.next()).collect::<Result<Vec<_>, _>>()?;
    let all: Vec<&Envelope> = events.iter().collect();
    let answer = line.answer(&all).await?;
    hold(answer.status == 413, || format!("{} events are answered {}", events.len(), answer.told()))?;
    let reply = line.send(&all[..EVENTS_MAX]).await?;
    hold(reply.acked_seq == EVENTS_MAX as u64, || {
        format!("of the {EVENTS_MAX} that are allowed, {} are held", reply.acked_seq)
    })
}

pub(crate) async fn too_large(bench: &Bench) -> Seen {
    // Well below the limit, whether a platform counts bodies or the request, and well above it.
    let half = Flow::default().bytes_max as usize / 2;
    let mut line = bench.line(Lane::Order);
    let events = large(&mut line, half, 1)?;
    let answer = line.answer(&events.iter().collect::<Vec<_>>()).await?;
    hold(answer.status == 200, || format!("bodies of {} KiB are answered {}", half / 1024, answer.told()))?;
    let mut line = bench.line(Lane::Order);
    let events = large(&mut line, half, 8)?;
    let answer = line.answer(&events.iter().collect::<Vec<_>>()).await?;
    hold(answer.status == 413, || format!("bodies of {} KiB are answered {}", half * 8 / 1024, answer.told()))
}

/// Events whose bodies together have `times` as many bytes as `bytes`.
fn large(line: &mut Line<'_>, bytes: usize, times: usize) -> Result<Vec<Envelope>, super::Miss> {
    let body = format!("\"{}\"", "x".repeat(bytes / LARGE_EVENTS - 2));
    (0..LARGE_EVENTS * times).map(|_| line.next_of("conformance.nothing/1", body.clone())).collect()
}

/// A request that is cut off is as good as a refused one, if what comes after it is served.
pub(crate) async fn hostile_size(bench: &Bench) -> Seen {
    if let Ok(answer) = bench.a.door.send("/v1/events", vec![b'x'; HOSTILE_BYTES]).await {
        hold(answer.refused(), || format!("a body of 4 MiB is answered {}", answer.told()))?;
    }
    if let Ok(answer) = bench.stranger.send("/v1/enrol", vec![b'x'; HOSTILE_BYTES]).await {
        hold(answer.refused(), || format!("an enrolment of 4 MiB is answered {}", answer.told()))?;
    }
    still_served(bench).await
}

pub(crate) async fn hostile_text(bench: &Bench) -> Seen {
    for (what, text) in [
        ("a page of HTML", b"<html><body>sign in</body></html>".to_vec()),
        ("JSON of another shape", b"{\"events\":[]}".to_vec()),
        ("JSON nested without end", vec![b'['; HOSTILE_DEPTH]),
        ("bytes that are no text", vec![0xff; 1000]),
    ] {
        let answer = bench.a.door.send("/v1/events", text).await?;
        hold(answer.refused(), || format!("{what} is answered {}", answer.told()))?;
    }
    still_served(bench).await
}

async fn still_served(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Order);
    let event = line.next()?;
    let reply = line.send(&[&event]).await?;
    let told = verdict(&reply, &event)?;
    hold(custody(told), || format!("an event sent after it is answered {}", name(told)))
}
