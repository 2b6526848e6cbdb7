// SPDX-License-Identifier: GPL-3.0-only
//! Verdicts: what a platform must answer to events that are right, and to those that are not.

use super::bench::Bench;
use super::line::now_ms;
use super::terminal::{custody, name, verdict};
use super::{Miss, Seen, hold};
use contract::{BatchReply, Digest, EVENTS_MAX, Flow, Lane, SigningKey, Verdict};

/// A clock further off than this is wrong, in milliseconds: a terminal believes the platform's time.
const CLOCK_MS_MAX: i64 = 5 * 60_000;
/// No platform makes a terminal wait longer, in seconds.
const WAIT_S_MAX: u32 = 3_600;

pub(crate) async fn reply_signed(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Order);
    let event = line.next()?;
    bench.a.signed(&line.answer(&[&event]).await?, "reply")
}

pub(crate) async fn reply_names_batch(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Order);
    let event = line.next()?;
    let batch = line.batch(&[&event]);
    let (reply, _): (BatchReply, Digest) = bench.a.door.post("/v1/events", &batch).await?.message()?;
    hold(reply.batch == batch.batch, || "the reply names another batch".to_owned())?;
    hold(reply.device == batch.device, || "the reply names another device".to_owned())?;
    hold(reply.lane == batch.lane, || "the reply names another lane".to_owned())
}

pub(crate) async fn verdicts(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Order);
    let events = [line.next()?, line.next()?, line.next()?];
    let reply = line.send(&events.each_ref()).await?;
    hold(reply.verdicts.len() == events.len(), || {
        format!("three events have {} verdicts", reply.verdicts.len())
    })?;
    for event in &events {
        let is_of = |told: &&contract::VerdictFor| told.id == event.id && told.seq == event.seq;
        let told = reply.verdicts.iter().find(is_of);
        hold(told.is_some_and(|told| told.hash == event.hash()), || {
            format!("no verdict is for the id, number and hash of event {}", event.seq)
        })?;
    }
    Ok(())
}

pub(crate) async fn accepted(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Alarm);
    let event = line.next()?;
    let reply = line.send(&[&event]).await?;
    let told = verdict(&reply, &event)?;
    hold(*told == Verdict::Accepted, || format!("alarm.camera/1 is answered {}", name(told)))
}

pub(crate) async fn duplicate(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Order);
    let events = [line.next()?, line.next()?];
    let batch = line.batch(&events.each_ref());
    let first: BatchReply = bench.a.door.post("/v1/events", &batch).await?.message()?.0;
    let again: BatchReply = bench.a.door.post("/v1/events", &batch).await?.message()?.0;
    for event in &events {
        let (first, again) = (verdict(&first, event)?, verdict(&again, event)?);
        let same = if *first == Verdict::Accepted { *again == Verdict::Duplicate } else { first == again };
        hold(same, || format!("what was {} is {} the second time", name(first), name(again)))?;
    }
    hold((again.acked_seq, again.head) == (first.acked_seq, first.head), || {
        format!("acked_seq or head moved: {} and then {}", first.acked_seq, again.acked_seq)
    })
}

pub(crate) async fn fork_seq(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Order);
    let event = line.next()?;
    let other = line.instead_of(&event)?;
    line.send(&[&event]).await?;
    let reply = line.send(&[&other]).await?;
    let told = verdict(&reply, &other)?;
    hold(*told == Verdict::Fork, || format!("another event at a taken number is answered {}", name(told)))
}

pub(crate) async fn fork_id(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Order);
    let event = line.next()?;
    line.send(&[&event]).await?;
    let mut other = line.next()?;
    other.id = event.id;
    line.sign(&mut other)?;
    let reply = line.send(&[&other]).await?;
    let told = verdict(&reply, &other)?;
    hold(*told == Verdict::Fork, || format!("another event with a taken id is answered {}", name(told)))
}

pub(crate) async fn fork_stops(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Order);
    let event = line.next()?;
    let other = line.instead_of(&event)?;
    line.send(&[&event]).await?;
    let reply = line.send(&[&other]).await?;
    if *verdict(&reply, &other)? != Verdict::Fork {
        return Err(Miss::Untested("the platform sees no fork, see fork_seq".to_owned()));
    }
    let next = line.next()?;
    let reply = line.send(&[&next]).await?;
    let told = verdict(&reply, &next)?;
    hold(*told == Verdict::Fork, || format!("the next event of a forked lane is answered {}", name(told)))?;
    let mut anew = bench.line(Lane::Order);
    let event = anew.next()?;
    let reply = anew.send(&[&event]).await?;
    let told = verdict(&reply, &event)?;
    hold(custody(told), || format!("the first event of the next epoch is answered {}", name(told)))
}

pub(crate) async fn chain(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Order);
    let event = line.next()?;
    line.send(&[&event]).await?;
    let (kind, body) = line.quiet()?;
    let other = line.at(2, Digest::of(b"another event"), kind, body)?;
    let reply = line.send(&[&other]).await?;
    let told = verdict(&reply, &other)?;
    let taken = matches!(told, Verdict::Accepted | Verdict::Duplicate);
    hold(!taken, || format!("an event that follows another than the head is answered {}", name(told)))
}

pub(crate) async fn signature(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Order);
    let mut event = line.next()?;
    let key = SigningKey::generate().and_then(|pkcs8| SigningKey::open(&pkcs8));
    let signed = key.and_then(|key| event.sign(&key));
    signed.map_err(|error| Miss::Untested(format!("failed to {error}")))?;
    let answer = line.answer(&[&event]).await?;
    if answer.status == 422 {
        return Ok(());
    }
    let (reply, _): (BatchReply, Digest) = answer.message()?;
    let told = verdict(&reply, &event)?;
    let judged = matches!(told, Verdict::Parked { .. } | Verdict::Rejected { .. } | Verdict::Fork);
    hold(judged, || format!("an event signed by another key is answered {}", name(told)))
}

pub(crate) async fn unknown_kind(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Order);
    let events = [line.next_of("conformance.nothing/1", "{}".to_owned())?, line.next()?];
    let reply = line.send(&events.each_ref()).await?;
    let told = verdict(&reply, &events[0])?;
    hold(matches!(told, Verdict::Parked { .. }), || {
        format!("an event of an unknown kind is answered {}", name(told))
    })?;
    hold(reply.acked_seq == 2, || format!("acked_seq is {} behind it, not 2", reply.acked_seq))
}

pub(crate) async fn unreadable_body(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Order);
    let (kind, _) = line.quiet()?;
    let (unreadable, next) = (line.next_of(kind, "not JSON".to_owned())?, line.next()?);
    let mut answer = line.answer(&[&unreadable, &next]).await?;
    if answer.status == 422 {
        answer = line.answer(&[&unreadable.clone().without_body(), &next]).await?;
    }
    let (reply, _): (BatchReply, Digest) = answer.message()?;
    let told = verdict(&reply, &unreadable)?;
    let judged = matches!(told, Verdict::Parked { .. } | Verdict::Rejected { .. });
    hold(judged, || format!("an event with an unreadable body is answered {}", name(told)))?;
    hold(reply.acked_seq == 2, || format!("acked_seq is {} behind it, not 2", reply.acked_seq))
}

pub(crate) async fn withheld(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Order);
    let events = [line.next()?.without_body(), line.next()?];
    let reply = line.send(&events.each_ref()).await?;
    for event in &events {
        let told = verdict(&reply, event)?;
        hold(custody(told), || format!("number {} of the two is answered {}", event.seq, name(told)))?;
    }
    hold(reply.acked_seq == 2, || format!("acked_seq is {} behind it, not 2", reply.acked_seq))
}

pub(crate) async fn server_time(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Order);
    let mut last = i64::MIN;
    for _ in 0..2 {
        let sent = now_ms();
        let event = line.next()?;
        let reply = line.send(&[&event]).await?;
        let off_ms =
            if reply.server_ms < sent { reply.server_ms - sent } else { (reply.server_ms - now_ms()).max(0) };
        hold(off_ms.abs() <= CLOCK_MS_MAX, || {
            format!("server_ms is {} s from this machine's clock", off_ms / 1000)
        })?;
        hold(reply.server_ms >= last, || format!("server_ms went back by {} ms", last - reply.server_ms))?;
        last = reply.server_ms;
    }
    Ok(())
}

pub(crate) async fn flow(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Order);
    let event = line.next()?;
    let reply = line.send(&[&event]).await?;
    let (Flow { events_max, bytes_max, interval_ms }, most) = (reply.flow, Flow::default());
    let events_fit = (1..=EVENTS_MAX as u32).contains(&events_max);
    hold(events_fit, || format!("events_max is {events_max}, not 1 to {EVENTS_MAX}"))?;
    let bytes_fit = (1..=most.bytes_max).contains(&bytes_max);
    hold(bytes_fit, || format!("bytes_max is {bytes_max}, not 1 to {}", most.bytes_max))?;
    hold(interval_ms <= WAIT_S_MAX * 1000, || format!("interval_ms is {interval_ms}, more than an hour"))?;
    let window_s = reply.reconnect_window_s;
    hold(window_s <= WAIT_S_MAX, || format!("reconnect_window_s is {window_s}, more than an hour"))
}
