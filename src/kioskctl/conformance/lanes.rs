// SPDX-License-Identifier: GPL-3.0-only
//! Lanes: how far each is held, what a gap does, what one terminal can do to another's.

use super::bench::Bench;
use super::line::Line;
use super::terminal::{custody, name, verdict};
use super::{Seen, hold};
use contract::{BatchReply, Digest, Envelope, Lane, Verdict};

fn head_is(reply: &BatchReply, event: &Envelope) -> Seen {
    let (acked, seq) = (reply.acked_seq, event.seq);
    hold(acked == seq, || format!("acked_seq is {acked} after number {seq}"))?;
    hold(reply.head == event.hash(), || format!("head is not the hash of number {seq}"))
}

pub(crate) async fn heads(bench: &Bench) -> Seen {
    let mut order = bench.line(Lane::Order);
    let mut alarm = Line::new(&bench.a, order.epoch, Lane::Alarm);
    let orders = [order.next()?, order.next()?];
    head_is(&order.send(&orders.each_ref()).await?, &orders[1])?;
    let first = alarm.next()?;
    head_is(&alarm.send(&[&first]).await?, &first)?;
    let third = order.next()?;
    head_is(&order.send(&[&third]).await?, &third)
}

pub(crate) async fn gap(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Order);
    let events = [line.next()?, line.next()?];
    let reply = line.send(&[&events[1]]).await?;
    let told = verdict(&reply, &events[1])?;
    hold(matches!(told, Verdict::Retry { .. }), || {
        format!("an event behind a gap is answered {}", name(told))
    })?;
    let reply = line.send(&events.each_ref()).await?;
    for event in &events {
        let told = verdict(&reply, event)?;
        hold(custody(told) && *told != Verdict::Duplicate, || {
            format!("number {} is answered {} when the gap is filled", event.seq, name(told))
        })?;
    }
    Ok(())
}

pub(crate) async fn retry_stays(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Order);
    let events = [line.next()?, line.next()?, line.next()?];
    line.send(&[&events[0]]).await?;
    let reply = line.send(&[&events[2]]).await?;
    head_is(&reply, &events[0])?;
    head_is(&line.send(&[&events[1]]).await?, &events[1])
}

pub(crate) async fn lanes_apart(bench: &Bench) -> Seen {
    let mut order = bench.line(Lane::Order);
    let mut alarm = Line::new(&bench.a, order.epoch, Lane::Alarm);
    let (_missing, late) = (order.next()?, order.next()?);
    order.send(&[&late]).await?;
    let event = alarm.next()?;
    let reply = alarm.send(&[&event]).await?;
    let told = verdict(&reply, &event)?;
    hold(custody(told), || {
        format!("with a gap in the order lane, an event of the alarm lane is answered {}", name(told))
    })
}

pub(crate) async fn alarm_goes_on(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Alarm);
    let event = line.next()?;
    let other = line.instead_of(&event)?;
    line.send(&[&event]).await?;
    line.send(&[&other]).await?;
    let next = line.next()?;
    let reply = line.send(&[&next]).await?;
    let told = verdict(&reply, &next)?;
    hold(custody(told), || {
        format!("after a contradiction the next event of the alarm lane is answered {}", name(told))
    })
}

/// The reply is asked how far the lane of the other terminal is held, too: a refusal that keeps the bytes is none.
pub(crate) async fn isolation_events(bench: &Bench) -> Seen {
    let (a, b) = (&bench.a, bench.b()?);
    let mut theirs = Line::new(b, 1, Lane::Order);
    let first = theirs.next()?;
    let as_b = a.door.post("/v1/events", &theirs.batch(&[&first])).await?;
    hold(as_b.refused(), || format!("a batch in the name of another terminal is answered {}", as_b.told()))?;
    let mut smuggled = theirs.batch(&[&first]);
    smuggled.device = a.device;
    let answer = a.door.post("/v1/events", &smuggled).await?;
    if answer.status == 200 {
        let (reply, _): (BatchReply, Digest) = answer.message()?;
        let told = verdict(&reply, &first)?;
        let taken = matches!(told, Verdict::Accepted | Verdict::Duplicate);
        hold(!taken, || format!("another terminal's event in an own batch is answered {}", name(told)))?;
    } else {
        hold(answer.refused(), || {
            format!("another terminal's event in an own batch is answered {}", answer.told())
        })?;
    }
    let reply = theirs.send(&[&first]).await?;
    let told = verdict(&reply, &first)?;
    hold(custody(told) && *told != Verdict::Duplicate, || {
        format!("the other terminal's own first event is answered {} after that", name(told))
    })
}
