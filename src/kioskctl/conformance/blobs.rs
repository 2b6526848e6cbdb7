// SPDX-License-Identifier: GPL-3.0-only
//! Larger things events speak of: after their event, from where the last part ended, whole only with their hash.

use super::bench::Bench;
use super::door::Answer;
use super::terminal::{Terminal, name, verdict};
use super::{Miss, Seen, hold};
use contract::{Blob, BlobState, Digest, EventId, Lane, TUS_PART, TUS_VERSION, Verdict};
use reqwest::Method;

/// Length of a test's blob, in bytes, and of its first part.
const LEN: usize = 3_000;
const PART: usize = 1_000;
/// As tus has it: the bytes have another hash.
const OTHER_HASH: u16 = 460;

/// A blob that never was before.
struct Thing {
    blob: Blob,
    bytes: Vec<u8>,
}

impl Thing {
    fn new() -> Self {
        let seed = EventId::fresh();
        let block = |n: usize| Digest::of(format!("{seed} {n}").as_bytes()).0;
        let bytes: Vec<u8> = (0..LEN.div_ceil(32)).flat_map(block).take(LEN).collect();
        let blob = Blob { sha256: Digest::of(&bytes), len: LEN as u64, mime: "audio/ogg".into() };
        Self { blob, bytes }
    }

    /// One that an event of the first test terminal names, which the platform took.
    async fn named(bench: &Bench) -> Result<Self, Miss> {
        let thing = Self::new();
        thing.name(bench).await?;
        Ok(thing)
    }

    /// One whose upload is begun.
    async fn begun(bench: &Bench) -> Result<Self, Miss> {
        let thing = Self::named(bench).await?;
        let answer = thing.begin(&bench.a).await?;
        hold(answer.status == 201, || format!("the beginning of an upload is answered {}", answer.told()))?;
        Ok(thing)
    }

    async fn name(&self, bench: &Bench) -> Seen {
        let mut line = bench.line(Lane::Alarm);
        let mut event = line.next()?;
        event.blobs = vec![self.blob.clone()];
        line.sign(&mut event)?;
        let reply = line.send(&[&event]).await?;
        let told = verdict(&reply, &event)?;
        if *told == Verdict::Accepted {
            return Ok(());
        }
        Err(Miss::Untested(format!("an event that names a blob is answered {}", name(told))))
    }

    async fn ask(
        &self,
        terminal: &Terminal,
        method: Method,
        besides: &[(&str, String)],
        body: Vec<u8>,
    ) -> Result<Answer, Miss> {
        let mut headers = vec![("tus-resumable", TUS_VERSION.to_owned())];
        headers.extend_from_slice(besides);
        let path = format!("/v1/blobs/{}", self.blob.sha256);
        terminal.door.with(method, &path, &headers, body).await
    }

    async fn begin(&self, terminal: &Terminal) -> Result<Answer, Miss> {
        let len = [("upload-length", self.blob.len.to_string())];
        self.ask(terminal, Method::POST, &len, Vec::new()).await
    }

    async fn add(&self, terminal: &Terminal, at: usize, part: &[u8]) -> Result<Answer, Miss> {
        let headers = [("upload-offset", at.to_string()), ("content-type", TUS_PART.to_owned())];
        self.ask(terminal, Method::PATCH, &headers, part.to_vec()).await
    }

    async fn head(&self, terminal: &Terminal) -> Result<Answer, Miss> {
        self.ask(terminal, Method::HEAD, &[], Vec::new()).await
    }

    /// HEAD tells this offset.
    async fn stands_at(&self, terminal: &Terminal, offset: usize, when: &str) -> Seen {
        let answer = self.head(terminal).await?;
        hold(answer.status == 200, || format!("HEAD is answered {} {when}", answer.status))?;
        let told = answer.header("upload-offset");
        hold(told == Some(offset.to_string().as_str()), || {
            format!("Upload-Offset is {} {when}, not {offset}", told.unwrap_or("missing"))
        })
    }

    async fn taken(&self, terminal: &Terminal, at: usize, part: &[u8]) -> Seen {
        let answer = self.add(terminal, at, part).await?;
        hold(answer.status == 204, || format!("a part from {at} on is answered {}", answer.told()))?;
        let (told, end) = (answer.header("upload-offset"), at + part.len());
        hold(told == Some(end.to_string().as_str()), || {
            format!("Upload-Offset is {} after a part up to {end}", told.unwrap_or("missing"))
        })
    }

    async fn state(&self, terminal: &Terminal) -> Result<BlobState, Miss> {
        Ok(self.ask(terminal, Method::GET, &[], Vec::new()).await?.message()?.0)
    }
}

pub(crate) async fn named(bench: &Bench) -> Seen {
    let thing = Thing::new();
    let early = thing.begin(&bench.a).await?;
    hold(early.refused(), || format!("an upload that no event names is answered {}", early.told()))?;
    thing.name(bench).await?;
    let answer = thing.begin(&bench.a).await?;
    hold(answer.status == 201, || format!("one that a taken event names is answered {}", answer.told()))
}

pub(crate) async fn offset(bench: &Bench) -> Seen {
    let (thing, a) = (Thing::begun(bench).await?, &bench.a);
    thing.stands_at(a, 0, "at the beginning").await?;
    thing.taken(a, 0, &thing.bytes[..PART]).await?;
    thing.stands_at(a, PART, "after the first part").await?;
    for (at, what) in [(0, "the first part again"), (PART + 1, "a part behind a gap")] {
        let answer = thing.add(a, at, &thing.bytes[at..PART + 2]).await?;
        hold(answer.status == 409, || format!("{what} is answered {}", answer.told()))?;
        thing.stands_at(a, PART, "after a part from elsewhere").await?;
    }
    thing.taken(a, PART, &thing.bytes[PART..]).await
}

pub(crate) async fn hash(bench: &Bench) -> Seen {
    let (thing, a) = (Thing::begun(bench).await?, &bench.a);
    let mut wrong = thing.bytes.clone();
    wrong[PART] ^= 1;
    let answer = thing.add(a, 0, &wrong).await?;
    hold(answer.status == OTHER_HASH, || format!("bytes of another hash are answered {}", answer.told()))?;
    thing.stands_at(a, 0, "after bytes of another hash").await?;
    thing.taken(a, 0, &thing.bytes).await
}

pub(crate) async fn signed(bench: &Bench) -> Seen {
    let (thing, a) = (Thing::begun(bench).await?, &bench.a);
    let answer = thing.ask(a, Method::GET, &[], Vec::new()).await?;
    a.signed(&answer, "blob")?;
    let (state, _): (BlobState, Digest) = answer.message()?;
    let (told, asked) =
        ((state.device, state.sha256, state.len), (a.device, thing.blob.sha256, thing.blob.len));
    hold(told == asked, || "the answer is of another device, hash or length".to_owned())
}

pub(crate) async fn whole(bench: &Bench) -> Seen {
    let (thing, a) = (Thing::begun(bench).await?, &bench.a);
    thing.taken(a, 0, &thing.bytes[..PART]).await?;
    let state = thing.state(a).await?;
    hold(!state.whole, || format!("{PART} of {LEN} bytes are called whole"))?;
    hold(state.offset == PART as u64, || format!("offset is {}, not {PART}", state.offset))?;
    thing.taken(a, PART, &thing.bytes[PART..]).await?;
    let state = thing.state(a).await?;
    hold(state.whole && state.offset == LEN as u64, || {
        format!("with all {LEN} bytes, whole is {} and offset {}", state.whole, state.offset)
    })
}

pub(crate) async fn isolation(bench: &Bench) -> Seen {
    let (a, b) = (&bench.a, bench.b()?);
    let thing = Thing::begun(bench).await?;
    thing.taken(a, 0, &thing.bytes[..PART]).await?;
    for (what, answer) in [
        ("POST", thing.begin(b).await?),
        ("HEAD", thing.head(b).await?),
        ("PATCH", thing.add(b, PART, &thing.bytes[PART..]).await?),
        ("GET", thing.ask(b, Method::GET, &[], Vec::new()).await?),
    ] {
        hold(answer.refused(), || {
            format!("{what} of another terminal's blob is answered {}", answer.told())
        })?;
    }
    thing.stands_at(a, PART, "after another terminal's requests").await
}
