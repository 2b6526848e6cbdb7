// SPDX-License-Identifier: GPL-3.0-only
//! What a complaint office can prove, as plain words: what is missing by its number, each terminal's chain and counts, and
//! what came of a terminal's code. Limits: [`FINDINGS_MAX`] lines, [`DAYS_SHOWN`] days.

use crate::view::Mark;
use crate::view_bureau::{Seat, count};
use contract::{ComplaintTerminal, DayCount, DeviceId, Finding, Place, ProofDoubt, ProofError};
use std::collections::BTreeMap;

/// Most findings that stand on the page; of more, how many.
const FINDINGS_MAX: usize = 8;
/// Most numbers that are named of one terminal.
const NUMBERS_MAX: usize = 20;
/// How many days of counts are shown.
const DAYS_SHOWN: i64 = 14;
const DAY_MS: i64 = 86_400_000;

/// The page of custody.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CustodyView {
    pub whole: String,
    pub wrong: bool,
    pub findings: Vec<String>,
    pub terminals: Vec<TerminalView>,
    pub verdict: String,
    pub verdict_mark: Mark,
    pub verdict_lines: Vec<String>,
}

/// One terminal.
#[derive(Debug, Clone, PartialEq)]
pub struct TerminalView {
    pub id: String,
    pub place: String,
    pub key: String,
    pub chain: String,
    pub missing: String,
    /// Day, how many were added that day, and whether none was told.
    pub counts: Vec<(String, String, Mark)>,
}

impl Seat<'_> {
    pub(crate) fn custody(&self) -> CustodyView {
        let (words, findings) = (self.words, &self.bureau.custody.findings);
        let whole = match (&self.bureau.list, findings.len()) {
            (None, _) => words.say("office-whole-none"),
            (Some(_), 0) if self.bureau.own().is_none() => words.say("office-whole-none"),
            (Some(_), 0) => words.say("office-whole"),
            (Some(_), some) => words.count("office-wrong", "count", some.try_into().unwrap_or(i64::MAX)),
        };
        let mut lines: Vec<String> =
            findings.iter().take(FINDINGS_MAX).map(|finding| self.finding(*finding)).collect();
        if let Some(more) = findings.len().checked_sub(FINDINGS_MAX).filter(|more| *more > 0) {
            lines.push(words.count("office-more", "count", more.try_into().unwrap_or(i64::MAX)));
        }
        let terminals = self.bureau.list.iter().flat_map(|list| &list.terminals);
        let (verdict, verdict_mark, verdict_lines) = self.verdict();
        CustodyView {
            whole,
            wrong: !findings.is_empty() || self.bureau.own().is_none(),
            findings: lines,
            terminals: terminals.map(|terminal| self.line(terminal)).collect(),
            verdict,
            verdict_mark,
            verdict_lines,
        }
    }

    fn finding(&self, finding: Finding) -> String {
        let at = |id: &str, of: Place| {
            let (place, number, epoch) = (self.place(of.device), of.seq.to_string(), of.epoch.to_string());
            self.words.put(id, [("place", &place), ("number", &number), ("epoch", &epoch)])
        };
        match finding {
            Finding::Missing { device, epoch, number } => {
                at("office-finding-missing", Place { device, epoch, seq: number })
            }
            Finding::Gap(of) => at("office-finding-gap", of),
            Finding::Chain(of) => at("office-finding-chain", of),
            Finding::Signature(of) => at("office-finding-signature", of),
            Finding::Gone(of) => at("office-finding-gone", of),
            Finding::Closed(of) => at("office-finding-closed", of),
            Finding::Key { device } => self.words.put("office-finding-key", [("place", &self.place(device))]),
        }
    }

    fn line(&self, terminal: &ComplaintTerminal) -> TerminalView {
        let print = terminal.device_key.fingerprint();
        TerminalView {
            id: terminal.device.to_string(),
            place: self.place(terminal.device),
            key: self.words.put("office-terminal-key", [("fingerprint", &print)]),
            chain: self.chain(terminal.device),
            missing: self.missing(terminal.device),
            counts: self.counts(terminal),
        }
    }

    /// Each epoch's head, and how many of it were for this office.
    fn chain(&self, device: DeviceId) -> String {
        let heads = self.bureau.seen.heads.iter().filter(|head| head.device == device);
        let mut lines: Vec<_> = heads
            .map(|head| {
                let items = self.bureau.custody.items.iter();
                let sent = items.filter(|item| item.place.device == device && item.place.epoch == head.epoch);
                let hash = head.hash.to_string();
                let (epoch, seq, sent) =
                    (head.epoch.to_string(), head.seq.to_string(), sent.count().to_string());
                let short = hash.get(..16).unwrap_or(&hash);
                let args = [("epoch", epoch.as_str()), ("seq", &seq), ("head", short), ("sent", &sent)];
                (head.epoch, self.words.put("office-chain", args))
            })
            .collect();
        lines.sort();
        match lines.is_empty() {
            true => self.words.say("office-chain-none"),
            false => lines.into_iter().map(|(_, line)| line).collect::<Vec<_>>().join("\n"),
        }
    }

    fn missing(&self, device: DeviceId) -> String {
        let mut of: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for finding in &self.bureau.custody.findings {
            if let Finding::Missing { device: whose, epoch, number } = finding
                && *whose == device
            {
                of.entry(*epoch).or_default().push(number.to_string());
            }
        }
        let line = |(epoch, mut numbers): (u32, Vec<String>)| {
            if numbers.len() > NUMBERS_MAX {
                numbers.truncate(NUMBERS_MAX);
                numbers.push("…".to_owned());
            }
            let numbers = self.words.list(numbers.into_iter());
            self.words.put("office-missing", [("numbers", &numbers), ("epoch", &epoch.to_string())])
        };
        let lines: Vec<_> = of.into_iter().map(line).collect();
        lines.join("\n")
    }

    /// The last days: how many were added, zero included, and which day told nothing.
    fn counts(&self, terminal: &ComplaintTerminal) -> Vec<(String, String, Mark)> {
        let mut of: Vec<&DayCount> =
            self.bureau.custody.counts.iter().filter(|of| of.device == terminal.device).collect();
        of.sort_by_key(|of| (of.day, of.epoch));
        let offset_ms = i64::from(terminal.utc_offset_min) * 60_000;
        let yesterday = self.now_ms.saturating_add(offset_ms).div_euclid(DAY_MS) - 1;
        let Some(first) = of.first().map(|of| of.day.max(yesterday - DAYS_SHOWN + 1)) else {
            return Vec::new();
        };
        let mut cells = Vec::new();
        for day in first..=yesterday.max(first) {
            let name = self.words.month_day(day);
            let Some(told) = of.iter().rev().find(|of| of.day == day) else {
                cells.push((name, self.words.say("office-count-none"), Mark::Wait));
                continue;
            };
            let before = of.iter().rev().find(|of| of.day < day && of.epoch == told.epoch);
            let added = told.sent.saturating_sub(before.map_or(0, |of| of.sent));
            let mark = if added == 0 { Mark::Quiet } else { Mark::Action };
            cells.push((name, self.words.count("office-count", "count", count(added)), mark));
        }
        cells
    }

    fn verdict(&self) -> (String, Mark, Vec<String>) {
        let words = self.words;
        match &self.bureau.verdict {
            None => (String::new(), Mark::Plain, Vec::new()),
            Some(Err(error)) => {
                let id = match error {
                    ProofError::Text => "office-verdict-text",
                    ProofError::Unknown => "office-verdict-unknown",
                    ProofError::Signature => "office-verdict-signature",
                };
                (words.say(id), Mark::Wait, Vec::new())
            }
            Some(Ok(proven)) => {
                let proof = &proven.proof;
                let (place, hash) = (self.place(proof.device), proof.head.to_string());
                let time = words.date_time(proof.at_ms, self.offset_min(proof.device));
                let good = proven.doubts.is_empty();
                let id = if good { "office-verdict-good" } else { "office-verdict-doubt" };
                let (seq, epoch) = (proof.seq.to_string(), proof.epoch.to_string());
                let head = hash.get(..16).unwrap_or(&hash);
                let chain = words
                    .put("office-verdict-chain", [("seq", seq.as_str()), ("epoch", &epoch), ("head", head)]);
                let doubts = proven.doubts.iter().map(|doubt| match doubt {
                    ProofDoubt::Old => words.say("office-doubt-old"),
                    ProofDoubt::Clock => words.say("office-doubt-clock"),
                    ProofDoubt::Head => words.say("office-doubt-head"),
                    ProofDoubt::Withheld { events } => {
                        words.count("office-doubt-withheld", "events", count(*events))
                    }
                    ProofDoubt::Newer => words.say("office-doubt-newer"),
                    ProofDoubt::Back => words.say("office-doubt-back"),
                });
                let lines = doubts.chain([chain]).collect();
                let mark = if good { Mark::Done } else { Mark::Wait };
                (words.put(id, [("place", &place), ("time", &time)]), mark, lines)
            }
        }
    }
}
