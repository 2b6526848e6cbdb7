// SPDX-License-Identifier: GPL-3.0-only
//! Who answered an alarm: the terminal's own alarms, signed, and told as soon as there is something newer.
//!
//! What only an alarm can show is looked at where whoever asks allowed one: it rings at the desk.

use super::bench::Bench;
use super::terminal::{Terminal, name, verdict};
use super::{Miss, Seen, hold};
use contract::{
    ALARM_ANSWERS_MAX, AlarmAnswers, Digest, Event, EventId, Lane, PanicForm, PanicRaised, PanicSource,
    Verdict,
};
use std::time::{Duration, Instant};

/// How long a question without news is asked to be held back, in seconds.
const HELD_S: u32 = 1;
/// And one whose news are on their way.
const NEWS_S: u32 = 8;
/// A held answer comes this much later at most.
const LATE: Duration = Duration::from_secs(5);
/// Until a question surely arrived before its news.
const AHEAD: Duration = Duration::from_millis(300);
/// Somebody may act at the desk in between: a look is repeated this often.
const LOOKS: u32 = 3;

pub(crate) async fn signed(bench: &Bench) -> Seen {
    let answer = bench.a.door.get("/v1/alarms?since=0&wait=0").await?;
    bench.a.signed(&answer, "alarms")?;
    let (answers, _): (AlarmAnswers, Digest) = answer.message()?;
    hold(answers.device == bench.a.device, || "the answer names another device".to_owned())?;
    let count = answers.alarms.len();
    hold(count <= ALARM_ANSWERS_MAX, || format!("the answer tells of {count} alarms"))
}

pub(crate) async fn waits(bench: &Bench) -> Seen {
    let held = Duration::from_secs(HELD_S.into());
    for _ in 0..LOOKS {
        let rev = ask(&bench.a, 0, 0).await?.rev;
        let asked = Instant::now();
        let answers = ask(&bench.a, rev, HELD_S).await?;
        let took = asked.elapsed();
        hold(took <= held + LATE, || {
            format!("a question to be held {HELD_S} s is answered after {} ms", took.as_millis())
        })?;
        if answers.rev != rev {
            continue;
        }
        // A terminal's clock and a platform's are not the same to the millisecond.
        return hold(took >= held.mul_f32(0.9), || {
            format!("without news a question to be held {HELD_S} s is answered after {} ms", took.as_millis())
        });
    }
    Err(Miss::Untested("there was always news of the terminal's alarms".to_owned()))
}

pub(crate) async fn news(bench: &Bench) -> Seen {
    let before = ask(&bench.a, 0, 0).await?.rev;
    let asked = Instant::now();
    let held = async { (ask(&bench.a, before, NEWS_S).await, asked.elapsed()) };
    let pressed = async {
        tokio::time::sleep(AHEAD).await;
        press(bench).await
    };
    let ((answers, took), alarm) = tokio::join!(held, pressed);
    let (answers, alarm) = (answers?, alarm?);
    hold(took <= AHEAD + LATE, || {
        format!("a question that was held when an alarm came is answered after {} ms", took.as_millis())
    })?;
    hold(answers.rev > before, || format!("rev is {} after an alarm, {before} before it", answers.rev))?;
    let told = answers.alarms.iter().any(|answer| answer.alarm == alarm);
    hold(told, || "the answer does not name the alarm that was raised".to_owned())
}

pub(crate) async fn own(bench: &Bench) -> Seen {
    let (a, b) = (&bench.a, bench.b()?);
    let named = format!("/v1/alarms?since=0&wait=0&device={}&terminal={}", b.device, b.place);
    let answer = a.door.get(&named).await?;
    if answer.status == 200 {
        let (answers, _): (AlarmAnswers, Digest) = answer.message()?;
        hold(answers.device == a.device, || {
            "a terminal is told of another's alarms by naming it".to_owned()
        })?;
    }
    let mut own = ask(a, 0, 0).await?.alarms;
    if own.is_empty() {
        press(bench).await?;
        own = ask(a, 0, 0).await?.alarms;
    }
    hold(!own.is_empty(), || "a terminal is not told of the alarm it raised".to_owned())?;
    let theirs = ask(b, 0, 0).await?;
    hold(theirs.device == b.device, || "an answer names another device than its reader".to_owned())?;
    let seen = theirs.alarms.iter().any(|answer| own.iter().any(|own| own.alarm == answer.alarm));
    hold(!seen, || "a terminal is told of an alarm that another raised".to_owned())
}

async fn ask(terminal: &Terminal, since: u64, wait_s: u32) -> Result<AlarmAnswers, Miss> {
    Ok(terminal.door.get(&format!("/v1/alarms?since={since}&wait={wait_s}")).await?.message()?.0)
}

/// 一键报警 of the first test terminal.
async fn press(bench: &Bench) -> Result<EventId, Miss> {
    if !bench.may_press {
        return Err(Miss::Untested(
            "it needs an alarm, which rings at the desk: allow one with --press".to_owned(),
        ));
    }
    let mut line = bench.line(Lane::Panic);
    let (at, form, source) = (line.stamp(), PanicForm::Open, PanicSource::Screen);
    let raised = Event::PanicRaised(PanicRaised { at, form, source, joins: None });
    let body =
        raised.body().map_err(|error| Miss::Untested(format!("an event cannot be written: {error}")))?;
    let event = line.next_of(raised.kind(), body)?;
    let reply = line.send(&[&event]).await?;
    let told = verdict(&reply, &event)?;
    hold(*told == Verdict::Accepted, || format!("an alarm is answered {}", name(told)))?;
    Ok(event.id)
}
