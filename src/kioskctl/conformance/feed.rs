// SPDX-License-Identifier: GPL-3.0-only
//! The feed: signed pages that follow one another, and what a terminal can lean on when answers are lost.

use super::bench::Bench;
use super::terminal::Terminal;
use super::{Miss, Seen, hold};
use contract::{Digest, FeedPage, Lane, LaneHead};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// How long a page is asked to be held back, in seconds.
const HELD_S: u32 = 1;
/// A held page comes this much later at most.
const LATE: Duration = Duration::from_secs(5);
/// News may come in between: a look is repeated this often.
const LOOKS: u32 = 3;
/// Far beyond every cursor of a test terminal.
const FAR: u64 = 1_000_000;

pub(crate) async fn signed(bench: &Bench) -> Seen {
    let first = bench.a.page_answer(0, 0).await?;
    bench.a.signed(&first, "feed")?;
    let (page, _): (FeedPage, Digest) = first.message()?;
    hold(page.device == bench.a.device, || "the page names another device".to_owned())?;
    let end = end(&bench.a).await?;
    bench.a.signed(&bench.a.page_answer(end, 0).await?, "feed")
}

pub(crate) async fn cursors(bench: &Bench) -> Seen {
    let mut since = 0;
    for (page, _) in whole(&bench.a).await? {
        hold(page.from == since, || format!("the page after {since} says it is from {}", page.from))?;
        let mut last = page.from;
        for item in &page.items {
            let cursor = item.cursor;
            hold(cursor > last, || format!("cursor {cursor} comes after {last}"))?;
            last = cursor;
        }
        hold(page.to == last, || format!("a page is to {}, its last item is {last}", page.to))?;
        since = page.to;
    }
    Ok(())
}

pub(crate) async fn chain(bench: &Bench) -> Seen {
    let mut prev = Digest::ZERO;
    for (page, digest) in whole(&bench.a).await? {
        hold(page.prev == prev, || {
            format!("the page from {} does not name the digest of the one before", page.from)
        })?;
        prev = digest;
    }
    Ok(())
}

pub(crate) async fn again(bench: &Bench) -> Seen {
    whole(&bench.a).await?;
    let mut seen = Ok(());
    for _ in 0..LOOKS {
        let (first, _) = bench.a.page(0, 0).await?;
        let (again, digest) = bench.a.page(0, 0).await?;
        let after = if again.items.is_empty() { None } else { Some(bench.a.page(again.to, 0).await?.0) };
        seen = hold((first.to, &first.items) == (again.to, &again.items), || {
            format!("{} items came first and {} the second time", first.items.len(), again.items.len())
        })
        .and_then(|()| {
            hold(after.is_none_or(|after| after.prev == digest), || {
                "the page after it does not follow the second copy".to_owned()
            })
        });
        if seen.is_ok() {
            break;
        }
    }
    seen
}

pub(crate) async fn revisions(bench: &Bench) -> Seen {
    let mut first = HashMap::new();
    for (page, _) in whole(&bench.a).await? {
        rise(&mut first, page)?;
    }
    let mut second = HashMap::new();
    for (page, _) in whole(&bench.a).await? {
        rise(&mut second, page)?;
    }
    for (thing, rev) in &second {
        let before = first.get(thing).copied().unwrap_or(0);
        hold(*rev >= before, || format!("rev {rev} came in a second reading, {before} in the first"))?;
    }
    Ok(())
}

/// What comes twice in one reading has changed in between.
fn rise(held: &mut HashMap<(String, String), u64>, page: FeedPage) -> Seen {
    for item in page.items {
        let rev = item.rev;
        let before = held.insert((item.collection, item.key), rev).unwrap_or(0);
        hold(rev > before, || format!("rev {rev} came after {before}"))?;
    }
    Ok(())
}

pub(crate) async fn waits(bench: &Bench) -> Seen {
    let held = Duration::from_secs(HELD_S.into());
    for _ in 0..LOOKS {
        let since = end(&bench.a).await?;
        let asked = Instant::now();
        let (page, _) = bench.a.page(since, HELD_S).await?;
        let took = asked.elapsed();
        hold(took <= held + LATE, || {
            format!("a page to be held {HELD_S} s came after {} ms", took.as_millis())
        })?;
        if !page.items.is_empty() {
            continue;
        }
        hold((page.from, page.to) == (since, since), || {
            format!("an empty page after {since} leads from {} to {}", page.from, page.to)
        })?;
        // A terminal's clock and a platform's are not the same to the millisecond.
        return hold(took >= held.mul_f32(0.9), || {
            format!("an empty page to be held {HELD_S} s came after {} ms", took.as_millis())
        });
    }
    Err(Miss::Untested("there was always news for the terminal".to_owned()))
}

pub(crate) async fn absurd_cursor(bench: &Bench) -> Seen {
    let end = end(&bench.a).await?;
    for since in [end + FAR, u64::MAX] {
        let answer = bench.a.page_answer(since, 0).await?;
        if answer.status == 410 {
            continue;
        }
        let (page, _): (FeedPage, Digest) = answer.message()?;
        let stays = page.items.is_empty() && (page.from, page.to) == (since, since);
        hold(stays, || {
            format!("a cursor that was never given is answered from {} to {}", page.from, page.to)
        })?;
    }
    Ok(())
}

pub(crate) async fn heads(bench: &Bench) -> Seen {
    let mut line = bench.line(Lane::Order);
    let events = [line.next()?, line.next()?];
    let acked_seq = line.send(&events.each_ref()).await?.acked_seq;
    let (page, _) = bench.a.page(0, 0).await?;
    let heads =
        page.heads.ok_or_else(|| Miss::Broken("a page asked for with wait=0 has no heads".to_owned()))?;
    let expected = LaneHead { epoch: line.epoch, lane: Lane::Order, acked_seq };
    let told = heads.iter().find(|head| (head.epoch, head.lane) == (expected.epoch, expected.lane));
    hold(told == Some(&expected), || match told {
        Some(told) => format!("heads names {} of a lane whose reply named {acked_seq}", told.acked_seq),
        None => format!("heads does not name a lane that is held up to {acked_seq}"),
    })
}

pub(crate) async fn isolation(bench: &Bench) -> Seen {
    let (a, b) = (&bench.a, bench.b()?);
    let named = format!("/v1/feed?since=0&wait=0&device={}&terminal={}", b.device, b.place);
    let answer = a.door.get(&named).await?;
    if answer.status == 200 {
        let (page, _): (FeedPage, Digest) = answer.message()?;
        hold(page.device == a.device, || "a terminal gets another's page by naming it".to_owned())?;
    }
    let (page, _) = b.page(0, 0).await?;
    hold(page.device == b.device, || "a page names another device than its reader".to_owned())?;
    for (terminal, other) in [(a, b), (b, a)] {
        for (page, _) in terminal.walk().await? {
            let theirs = page.items.iter().any(|item| {
                item.collection == "terminal" && item.body["terminal"] == other.place.to_string()
            });
            hold(!theirs, || "a terminal reads another place's own item".to_owned())?;
        }
    }
    Ok(())
}

/// Every page, where there is more than the empty one: of nothing everything is true.
async fn whole(terminal: &Terminal) -> Result<Vec<(FeedPage, Digest)>, Miss> {
    let pages = terminal.walk().await?;
    if pages.len() < 2 {
        return Err(Miss::Untested("the feed of the first test terminal is empty".to_owned()));
    }
    Ok(pages)
}

/// Where the feed ends.
async fn end(terminal: &Terminal) -> Result<u64, Miss> {
    Ok(terminal.walk().await?.last().map_or(0, |(page, _)| page.to))
}
