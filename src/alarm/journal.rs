// SPDX-License-Identifier: GPL-3.0-only
//! The alarm's own file: lines that are only ever added, each with the hash of what it says.
//!
//! Promises: a line that was added survives a power cut; what was half written when the power went is not there at the
//! next start; a file that is damaged further up is left as it is, its readable part counts, and new events are
//! numbered in the next epoch, in a file of its own. On a full disk a reserve is given up, and a line finds room.
//! Limits: [`EVENTS_KEPT`] settled events, the older ones go when the file is opened.

use contract::{
    AlarmAnswers, Batch, BatchId, BatchReply, DeviceId, Digest, EVENTS_MAX, Envelope, Event, EventId, Flow,
    HexBytes, Lane, LaneState, Signed, SigningKey, Stamp, Verdict,
};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Settled events that stay for a platform that was restored from a backup.
const EVENTS_KEPT: usize = 2_000;
/// A file longer than this is written anew when it is opened, in bytes.
const FILE_BYTES_TIDY: u64 = 4 * 1024 * 1024;
/// Largest file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// Given up when the disk is full, in bytes: room for some hundred events.
const RESERVE_BYTES: usize = 256 * 1024;
const RESERVE_FILE: &str = "panic.reserve";

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JournalFault {
    #[error("use {path}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("write an event of the alarm")]
    Event(#[source] serde_json::Error),
    #[error("sign an event of the alarm")]
    Sign(#[source] contract::KeyError),
}

/// One line of the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub(crate) enum Line {
    Event {
        envelope: Envelope,
    },
    /// The platform's verdict, with its signed reply.
    Settled {
        id: EventId,
        verdict: Verdict,
        at_ms: i64,
        receipt: Signed,
    },
    /// The platform holds no more than this: what follows is sent again.
    Again {
        epoch: u32,
        held_seq: u64,
    },
    /// The platform cannot read it: it goes up without its body.
    Withheld {
        id: EventId,
    },
    Answers {
        answers: AlarmAnswers,
    },
}

/// An event with what became of it.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) envelope: Envelope,
    pub(crate) hash: Digest,
    /// The verdict and when it came, in milliseconds since 1970 UTC.
    pub(crate) settled: Option<(Verdict, i64)>,
    withheld: bool,
}

/// The alarm's events and their file.
pub(crate) struct Journal {
    dir: PathBuf,
    device: DeviceId,
    signing: Arc<SigningKey>,
    epoch: u32,
    file: Option<File>,
    /// Lines the disk did not take yet, the oldest first.
    unwritten: Vec<Line>,
    events: Vec<Kept>,
    /// The newest answers, and how many events were there when they came.
    answers: Option<(AlarmAnswers, usize)>,
    seq: u64,
    head: Digest,
}

impl Journal {
    /// Opens the files in `dir`. What cannot be read is left as it is and said in the log; the alarm works in any case.
    pub(crate) fn open(dir: &Path, device: DeviceId, signing: Arc<SigningKey>) -> Self {
        let (mut journal, end) = Self::load(dir, device, signing);
        match end {
            End::Whole => {}
            End::Torn { at } => journal.cut(at),
            End::Damaged => {
                tracing::error!(epoch = journal.epoch, "the alarm's file is damaged, a new one is begun");
                journal.next_epoch();
            }
        }
        journal.keep_reserve();
        journal.tidy();
        journal
    }

    /// What the files in `dir` hold. Changes nothing there: whoever has the alarm may be writing.
    pub(crate) fn look(dir: &Path, device: DeviceId, signing: Arc<SigningKey>) -> Self {
        Self::load(dir, device, signing).0
    }

    fn load(dir: &Path, device: DeviceId, signing: Arc<SigningKey>) -> (Self, End) {
        let mut journal = Self {
            dir: dir.to_owned(),
            device,
            signing,
            epoch: 1,
            file: None,
            unwritten: Vec::new(),
            events: Vec::new(),
            answers: None,
            seq: 0,
            head: Digest::ZERO,
        };
        let epochs = epochs_in(dir);
        let last = epochs.last().copied().unwrap_or(1);
        let mut end = End::Whole;
        for epoch in epochs {
            (journal.seq, journal.head) = (0, Digest::ZERO);
            let found = read(&journal.path(epoch));
            for line in found.lines {
                journal.learn(line);
            }
            end = found.end;
        }
        journal.epoch = last;
        (journal, end)
    }

    /// Numbers and signs `event` and adds it. It counts and is sent even when the disk does not take it: then
    /// [`Journal::is_saved`] is false, and it is tried again by [`Journal::write_rest`].
    ///
    /// # Errors
    /// It cannot be written as JSON, or the key fails.
    pub(crate) fn add(&mut self, event: &Event, now: &Stamp) -> Result<EventId, JournalFault> {
        let mut envelope = Envelope {
            device: self.device,
            epoch: self.epoch,
            lane: Lane::Panic,
            seq: self.seq + 1,
            id: EventId::in_order(),
            kind: event.kind().to_owned(),
            time: *now,
            prev: self.head,
            body: event.body().map_err(JournalFault::Event)?,
            withheld: None,
            blobs: Vec::new(),
            signature: HexBytes::default(),
        };
        envelope.sign(&self.signing).map_err(JournalFault::Sign)?;
        let id = envelope.id;
        self.put(Line::Event { envelope });
        Ok(id)
    }

    /// Whether everything is on the disk.
    pub(crate) fn is_saved(&self) -> bool {
        self.unwritten.is_empty()
    }

    /// Tries again what the disk did not take.
    pub(crate) fn write_rest(&mut self) {
        while let Some(line) = self.unwritten.first() {
            let line = line.clone();
            if self.append(&line).is_err() {
                return;
            }
            self.unwritten.remove(0);
        }
    }

    /// Takes the platform's verdicts.
    pub(crate) fn settle(&mut self, reply: &BatchReply, receipt: &Signed, now: &Stamp) {
        for told in reply.verdicts.iter().take(EVENTS_MAX) {
            let Some(kept) = self.events.iter().find(|kept| kept.envelope.id == told.id) else { continue };
            if kept.hash != told.hash {
                continue;
            }
            let (epoch, settled) = (kept.envelope.epoch, kept.settled.is_some());
            match &told.verdict {
                Verdict::Retry { .. } => {
                    let lost = |kept: &Kept| {
                        kept.envelope.epoch == epoch
                            && kept.envelope.seq > reply.acked_seq
                            && kept.settled.is_some()
                    };
                    if self.events.iter().any(lost) {
                        tracing::warn!("the platform lost alarms it had acknowledged, they are sent again");
                        self.put(Line::Again { epoch, held_seq: reply.acked_seq });
                    }
                }
                Verdict::Accepted
                | Verdict::Duplicate
                | Verdict::Parked { .. }
                | Verdict::Rejected { .. }
                | Verdict::Fork
                    if !settled =>
                {
                    self.put(Line::Settled {
                        id: told.id,
                        verdict: told.verdict.clone(),
                        at_ms: now.wall_ms,
                        receipt: receipt.clone(),
                    });
                }
                Verdict::Accepted
                | Verdict::Duplicate
                | Verdict::Parked { .. }
                | Verdict::Rejected { .. }
                | Verdict::Fork => {}
            }
        }
    }

    /// The next events in order, the oldest epoch first, within `flow`; none while nothing waits.
    pub(crate) fn next_batch(&self, flow: Flow) -> Option<Batch> {
        let epoch = self.waiting().next()?.envelope.epoch;
        let events_max = (flow.events_max as usize).clamp(1, EVENTS_MAX);
        let of_epoch = self.waiting().filter(|kept| kept.envelope.epoch == epoch).take(events_max);
        let events = of_epoch.map(|kept| match kept.withheld {
            true => kept.envelope.clone().without_body(),
            false => kept.envelope.clone(),
        });
        Some(Batch {
            batch: BatchId::fresh(),
            device: self.device,
            epoch,
            lane: Lane::Panic,
            events: events.collect(),
        })
    }

    /// Everything that waits, in batches as they are sent.
    pub(crate) fn backlog(&self) -> Vec<Batch> {
        let mut batches = Vec::<Batch>::new();
        for kept in self.waiting() {
            let event =
                if kept.withheld { kept.envelope.clone().without_body() } else { kept.envelope.clone() };
            match batches.last_mut() {
                Some(last) if last.epoch == event.epoch && last.events.len() < EVENTS_MAX => {
                    last.events.push(event);
                }
                _ => batches.push(Batch {
                    batch: BatchId::fresh(),
                    device: self.device,
                    epoch: event.epoch,
                    lane: Lane::Panic,
                    events: vec![event],
                }),
            }
        }
        batches
    }

    /// From here on this event is sent without its body.
    pub(crate) fn withhold(&mut self, id: EventId) {
        if self.waiting().any(|kept| kept.envelope.id == id) {
            self.put(Line::Withheld { id });
        }
    }

    /// The platform answered.
    pub(crate) fn answered(&mut self, answers: AlarmAnswers) {
        self.put(Line::Answers { answers });
    }

    /// The newest answers, and how many events were there when they came.
    pub(crate) fn answers(&self) -> Option<(&AlarmAnswers, usize)> {
        self.answers.as_ref().map(|(answers, after)| (answers, *after))
    }

    /// Every event, oldest first.
    pub(crate) fn events(&self) -> &[Kept] {
        &self.events
    }

    /// How the lane stands.
    pub(crate) fn state(&self, now: &Stamp) -> LaneState {
        let oldest = self.waiting().next().map(|kept| now.since_ms(&kept.envelope.time));
        LaneState {
            lane: Lane::Panic,
            waiting: self.waiting().count() as u64,
            oldest_s: oldest.unwrap_or(0).unsigned_abs() / 1000,
            kept: self.events.iter().filter(|kept| kept.withheld).count() as u64,
        }
    }

    fn waiting(&self) -> impl Iterator<Item = &Kept> {
        self.events.iter().filter(|kept| kept.settled.is_none())
    }

    fn put(&mut self, line: Line) {
        self.learn(line.clone());
        if !self.unwritten.is_empty() || self.append(&line).is_err() {
            self.unwritten.push(line);
        }
    }

    /// What a line changes in memory, the same when it is made and when it is read.
    fn learn(&mut self, line: Line) {
        match line {
            Line::Event { envelope } => {
                let hash = envelope.hash();
                (self.seq, self.head) = (envelope.seq, hash);
                self.events.push(Kept { envelope, hash, settled: None, withheld: false });
            }
            Line::Settled { id, verdict, at_ms, .. } => {
                if let Some(kept) = self.events.iter_mut().find(|kept| kept.envelope.id == id) {
                    kept.settled = Some((verdict, at_ms));
                }
            }
            Line::Again { epoch, held_seq } => {
                let lost = self.events.iter_mut().filter(|kept| kept.envelope.epoch == epoch);
                for kept in lost.filter(|kept| kept.envelope.seq > held_seq) {
                    kept.settled = None;
                }
            }
            Line::Withheld { id } => {
                if let Some(kept) = self.events.iter_mut().find(|kept| kept.envelope.id == id) {
                    kept.withheld = true;
                }
            }
            Line::Answers { answers } => self.answers = Some((answers, self.events.len())),
        }
    }

    fn append(&mut self, line: &Line) -> Result<(), JournalFault> {
        let bytes = written(line)?;
        let path = self.path(self.epoch);
        let wrong = |source| JournalFault::File { path: path.clone(), source };
        let mut tried = self.write_and_sync(&path, &bytes);
        if tried.as_ref().is_err_and(|error| error.kind() == ErrorKind::StorageFull)
            && std::fs::remove_file(self.dir.join(RESERVE_FILE)).is_ok()
        {
            tracing::error!("the disk is full, the alarm uses its reserve");
            tried = self.write_and_sync(&path, &bytes);
        }
        tried.map_err(|source| {
            tracing::error!(kind = ?source.kind(), "an alarm is not on the disk, it is sent all the same");
            wrong(source)
        })
    }

    /// Adds the bytes, or leaves the file as long as it was.
    fn write_and_sync(&mut self, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
        let mut file = match self.file.take() {
            Some(file) => file,
            None => {
                let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
                File::open(&self.dir)?.sync_all()?;
                file
            }
        };
        let before = file.metadata()?.len();
        match file.write_all(bytes).and_then(|()| file.sync_data()) {
            Ok(()) => {
                self.file = Some(file);
                Ok(())
            }
            Err(error) => {
                file.set_len(before).ok();
                Err(error)
            }
        }
    }

    fn cut(&mut self, at: u64) {
        let path = self.path(self.epoch);
        let cut = OpenOptions::new().write(true).open(&path).and_then(|file| {
            file.set_len(at)?;
            file.sync_all()
        });
        if cut.is_err() {
            self.next_epoch();
        }
    }

    fn next_epoch(&mut self) {
        self.epoch = self.epoch.saturating_add(1);
        (self.file, self.seq, self.head) = (None, 0, Digest::ZERO);
    }

    fn keep_reserve(&self) {
        let path = self.dir.join(RESERVE_FILE);
        if std::fs::metadata(&path).is_ok_and(|held| held.len() == RESERVE_BYTES as u64) {
            return;
        }
        // Not zeros: a file system may keep no room for those.
        if std::fs::write(&path, vec![0x5a; RESERVE_BYTES]).is_err() {
            tracing::warn!("there is no room for the alarm's reserve");
        }
    }

    /// Begins the next epoch's file with what still waits gone before it, once the present one is long and everything
    /// in it is settled.
    fn tidy(&mut self) {
        let long = std::fs::metadata(self.path(self.epoch)).is_ok_and(|file| file.len() > FILE_BYTES_TIDY);
        if !long || self.waiting().next().is_some() {
            return;
        }
        self.next_epoch();
        let spare = self.events.len().saturating_sub(EVENTS_KEPT);
        self.events.drain(..spare);
        if let Some((_, after)) = &mut self.answers {
            *after = after.saturating_sub(spare);
        }
        let oldest = self.events.first().map_or(self.epoch, |kept| kept.envelope.epoch);
        for epoch in epochs_in(&self.dir).into_iter().filter(|epoch| *epoch < oldest) {
            std::fs::remove_file(self.path(epoch)).ok();
        }
    }

    fn path(&self, epoch: u32) -> PathBuf {
        self.dir.join(format!("panic.{epoch}.log"))
    }
}

/// How a file ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Whole,
    /// The last line was being written when the power went; it begins here.
    Torn {
        at: u64,
    },
    Damaged,
}

struct Found {
    lines: Vec<Line>,
    end: End,
}

fn read(path: &Path) -> Found {
    let mut bytes = Vec::new();
    let whole = File::open(path).and_then(|file| file.take(FILE_BYTES_MAX).read_to_end(&mut bytes));
    if whole.is_err() {
        return Found { lines: Vec::new(), end: End::Damaged };
    }
    let (mut lines, mut at) = (Vec::new(), 0);
    for text in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line_of(text) {
            Some(line) => lines.push(line),
            // Nothing follows it: it was being written.
            None if at + text.len() == bytes.len() => {
                return Found { lines, end: End::Torn { at: at as u64 } };
            }
            None => return Found { lines, end: End::Damaged },
        }
        at += text.len();
    }
    Found { lines, end: End::Whole }
}

fn written(line: &Line) -> Result<Vec<u8>, JournalFault> {
    let json = serde_json::to_string(line).map_err(JournalFault::Event)?;
    Ok(format!("{} {json}\n", Digest::of(json.as_bytes())).into_bytes())
}

fn line_of(bytes: &[u8]) -> Option<Line> {
    let text = std::str::from_utf8(bytes.strip_suffix(b"\n")?).ok()?;
    let (hash, json) = text.split_once(' ')?;
    (hash == Digest::of(json.as_bytes()).to_string()).then(|| serde_json::from_str(json).ok()).flatten()
}

fn epochs_in(dir: &Path) -> Vec<u32> {
    let names = std::fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.file_name());
    let epoch = |name: &str| name.strip_prefix("panic.")?.strip_suffix(".log")?.parse().ok();
    let mut epochs: Vec<u32> = names.filter_map(|name| epoch(name.to_str()?)).collect();
    epochs.sort_unstable();
    epochs
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;
