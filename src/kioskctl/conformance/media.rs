// SPDX-License-Identifier: GPL-3.0-only
//! Files for terminals to show: in ranges, and only those the terminal's own feed names.

use super::bench::Bench;
use super::door::Answer;
use super::terminal::Terminal;
use super::{Miss, Seen, hold};
use contract::{Collection, Digest, EventId, FeedOp, MEDIA_PART_BYTES_MAX, MediaItem};
use reqwest::Method;

/// A longer file is not read as a whole, in bytes.
const WHOLE_BYTES_MAX: u64 = 8 * 1024 * 1024;

pub(crate) async fn ranges(bench: &Bench) -> Seen {
    let (a, item) = (&bench.a, file(&bench.a).await?);
    let (from, last) = (item.len / 3, item.len / 2);
    let middle = part(&ask(a, item.sha256, Some(&format!("bytes={from}-{last}"))).await?, &item, from)?;
    hold(middle.len() as u64 == last - from + 1, || {
        format!("of {} bytes that were asked for {} came", last - from + 1, middle.len())
    })?;
    if item.len > WHOLE_BYTES_MAX {
        return Ok(());
    }
    let mut bytes = Vec::new();
    while (bytes.len() as u64) < item.len {
        let from = bytes.len() as u64;
        let answer = ask(a, item.sha256, Some(&format!("bytes={from}-"))).await?;
        bytes.extend(part(&answer, &item, from)?);
    }
    hold(bytes.len() as u64 == item.len && Digest::of(&bytes) == item.sha256, || {
        "the parts together are not the file the feed names".to_owned()
    })?;
    let begins = usize::try_from(from).unwrap_or_default();
    hold(bytes[begins..].starts_with(&middle), || "a part is not the file's at that place".to_owned())
}

pub(crate) async fn beyond(bench: &Bench) -> Seen {
    let item = file(&bench.a).await?;
    for range in [format!("bytes={}-", item.len), format!("bytes={}-{}", item.len + 5, item.len + 9)] {
        let answer = ask(&bench.a, item.sha256, Some(&range)).await?;
        hold(answer.status == 416, || format!("a range behind the end is answered {}", answer.told()))?;
    }
    Ok(())
}

pub(crate) async fn range_needed(bench: &Bench) -> Seen {
    let item = file(&bench.a).await?;
    let answer = ask(&bench.a, item.sha256, None).await?;
    hold(answer.refused(), || format!("a request without a range is answered {}", answer.told()))
}

pub(crate) async fn named(bench: &Bench) -> Seen {
    let strange = Digest::of(EventId::fresh().to_string().as_bytes());
    let answer = ask(&bench.a, strange, Some("bytes=0-")).await?;
    hold(answer.refused(), || format!("a file that never was is answered {}", answer.told()))?;
    let (a, b) = (&bench.a, bench.b()?);
    let (of_a, of_b) = (list(a).await?, list(b).await?);
    let mut looked = false;
    for (reader, own, others) in [(a, &of_a, &of_b), (b, &of_b, &of_a)] {
        let is_own = |other: &MediaItem| own.iter().any(|item| item.sha256 == other.sha256);
        let Some(other) = others.iter().find(|other| !is_own(other)) else { continue };
        let answer = ask(reader, other.sha256, Some("bytes=0-")).await?;
        hold(answer.refused(), || format!("a file only another's feed names is answered {}", answer.told()))?;
        looked = true;
    }
    let why = "it needs a file that one test terminal's feed names and the other's does not";
    if looked { Ok(()) } else { Err(Miss::Untested(why.to_owned())) }
}

/// The bytes of a part, once it says of itself what they are.
fn part(answer: &Answer, item: &MediaItem, from: u64) -> Result<Vec<u8>, Miss> {
    hold(answer.status == 206, || format!("a range is answered {}", answer.told()))?;
    let count = answer.body.len() as u64;
    hold((1..=MEDIA_PART_BYTES_MAX).contains(&count), || format!("a part has {count} bytes"))?;
    let is = format!("bytes {from}-{}/{}", from + count - 1, item.len);
    let told = answer.header("content-range").unwrap_or("missing");
    hold(told == is, || format!("Content-Range of {is:?} is {told:?}"))?;
    Ok(answer.body.clone())
}

async fn ask(terminal: &Terminal, sha256: Digest, range: Option<&str>) -> Result<Answer, Miss> {
    let headers: Vec<_> = range.map(|range| ("range", range.to_owned())).into_iter().collect();
    terminal.door.with(Method::GET, &format!("/v1/media/{sha256}"), &headers, Vec::new()).await
}

/// The shortest file of a terminal's list.
async fn file(terminal: &Terminal) -> Result<MediaItem, Miss> {
    let shortest = list(terminal).await?.into_iter().filter(|item| item.len > 0).min_by_key(|item| item.len);
    let why = "the feed of the first test terminal names no file: add one for the run";
    shortest.ok_or_else(|| Miss::Untested(why.to_owned()))
}

/// The files a terminal's feed names.
async fn list(terminal: &Terminal) -> Result<Vec<MediaItem>, Miss> {
    let mut named = std::collections::BTreeMap::new();
    for item in terminal.walk().await?.into_iter().flat_map(|(page, _)| page.items) {
        if item.collection != Collection::Media.name() {
            continue;
        }
        match item.op {
            FeedOp::Del => drop(named.remove(&item.key)),
            FeedOp::Put => {
                let read = serde_json::from_value(item.body);
                let file: MediaItem = read.map_err(|error| {
                    Miss::Broken(format!("a file of the feed cannot be read: {}", super::door::place(&error)))
                })?;
                named.insert(item.key, file);
            }
        }
    }
    Ok(named.into_values().collect())
}
