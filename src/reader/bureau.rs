// SPDX-License-Identifier: GPL-3.0-only
//! What a complaint office knows: what was sealed to it as its device signed it, in the order of need, how far each came
//! by the office's own words, and what it can prove.
//!
//! Takes the platform's list, the key and a time; reads no clock, file or socket. Before it is opened a thing shows its
//! kind, cell and hour alone. Opening one signs its receipt, and with it those of the ordinary marks that lie there
//! unopened, in no order: the platform sees receipts and not which of them is a letter's. What its device did not sign as
//! it stands is shown as such and gets none. Limit: [`MARKS_AT_ONCE`] marks with one opening.

use crate::desk::{Draft, Link};
use crate::keys::Keys;
use crate::letters::Why;
use contract::{
    Complaint, ComplaintEntry, ComplaintList, ComplaintTerminal, Custody, DeviceId, EventId, Finding,
    InCustody, Matter, OfficeAnswer, OfficeKeys, OfficeStage, PostedWord, ProofError, Proven, Seen,
    TerminalProof,
};
use office::complaints::{self, Said, overdue_since};
use std::collections::HashMap;

/// Most receipts of ordinary marks that go with one opening.
pub const MARKS_AT_ONCE: usize = 50;

/// How the keys at the platform stand to those of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// No list came yet.
    Unknown,
    /// The office stated none.
    None,
    Foreign,
    /// It opens, and another key of the office signs.
    ReadsOnly(OfficeKeys),
    Ours(OfficeKeys),
}

/// A word of the office on its way: signed, and sealed where it has content.
pub struct Told {
    pub number: u64,
    pub posted: PostedWord,
    pub stage: OfficeStage,
    pub at_ms: i64,
    pub state: ToldState,
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToldState {
    Ready,
    Sending,
    Waits(Why),
    /// The platform has it; the list does not show it yet.
    Taken,
}

/// What is said later of a letter.
pub struct Later<'a> {
    pub item: &'a InCustody,
    /// Its receipt code is that of the letter.
    pub proven: bool,
}

/// The window's state while it is open.
pub struct Bureau {
    pub keys: Keys,
    pub standing: Standing,
    pub list: Option<ComplaintList>,
    pub custody: Custody,
    pub seen: Seen,
    pub drafts: HashMap<EventId, Draft>,
    pub selected: Option<EventId>,
    pub marks_shown: bool,
    pub verdict: Option<Result<Proven, ProofError>>,
    pub link: Link,
    /// Whether a withdrawal or a word of a meeting names the letter's own code.
    proven: HashMap<EventId, bool>,
    pub(crate) lists_asked: u64,
    pub(crate) again_ms: i64,
}

impl Bureau {
    /// Before the first list.
    pub fn new(keys: Keys, seen: Seen, drafts: HashMap<EventId, Draft>) -> Self {
        Self {
            keys,
            standing: Standing::Unknown,
            list: None,
            custody: Custody::default(),
            seen,
            drafts,
            selected: None,
            marks_shown: false,
            verdict: None,
            link: Link::default(),
            proven: HashMap::new(),
            lists_asked: 0,
            again_ms: crate::desk::AGAIN_MS_MIN,
        }
    }

    /// Takes a part of the list over and looks the whole through.
    pub fn take(&mut self, part: ComplaintList) {
        let same = self.list.as_ref().is_some_and(|held| held.rev == part.rev && held.keys == part.keys);
        match &mut self.list {
            Some(whole) => complaints::merge(whole, part),
            None => self.list = Some(part),
        }
        let Some(list) = self.list.as_ref().filter(|_| !same) else { return };
        let open = [&self.keys.seal];
        self.standing = match (&list.keys, complaints::own(list, &open)) {
            (None, _) => Standing::None,
            (Some(_), Err(_)) => Standing::Foreign,
            (Some(_), Ok(own)) if own.office != self.keys.office => Standing::Foreign,
            (Some(_), Ok(own)) if own.signing == self.keys.signing.public() => Standing::Ours(own),
            (Some(_), Ok(own)) => Standing::ReadsOnly(own),
        };
        self.custody = match self.own() {
            Some(own) => {
                let own = own.clone();
                complaints::look(list, &own, &open, &mut self.seen)
            }
            None => Custody::default(),
        };
        self.prove();
    }

    /// Checks the receipt codes that are new.
    fn prove(&mut self) {
        let mut found = Vec::new();
        for item in &self.custody.items {
            let (of, code) = match &item.told.matter {
                Matter::Withdrawal { complaint, code } | Matter::Meeting { complaint, code, .. } => {
                    (complaint, code)
                }
                Matter::Complaint(_) | Matter::Escalation { .. } | Matter::Mark(_) => continue,
            };
            if !self.proven.contains_key(&item.event) {
                let letter = self.item(*of).and_then(letter);
                found.push((item.event, letter.is_some_and(|letter| complaints::wrote(letter, code))));
            }
        }
        self.proven.extend(found);
    }

    /// The office's keys as the platform hands them on, if this file is among them.
    pub fn own(&self) -> Option<&OfficeKeys> {
        match &self.standing {
            Standing::ReadsOnly(own) | Standing::Ours(own) => Some(own),
            Standing::Unknown | Standing::None | Standing::Foreign => None,
        }
    }

    /// One thing that was sealed to the office.
    pub fn item(&self, event: EventId) -> Option<&InCustody> {
        self.custody.items.iter().find(|item| item.event == event)
    }

    /// The entry it came with.
    pub fn entry(&self, event: EventId) -> Option<&ComplaintEntry> {
        self.list.as_ref()?.entries.iter().find(|entry| entry.envelope.id == event)
    }

    /// A terminal by its device.
    pub fn terminal(&self, device: DeviceId) -> Option<&ComplaintTerminal> {
        self.list.as_ref()?.terminals.iter().find(|terminal| terminal.device == device)
    }

    /// Whether its device signed it as it stands.
    pub fn is_sound(&self, item: &InCustody) -> bool {
        !self.custody.findings.contains(&Finding::Signature(item.place))
    }

    /// How far it came, with what is on its way.
    pub fn said(&self, item: &InCustody, told: &[Told]) -> Said {
        let (entry, own) = (self.entry(item.event), self.own());
        let mut said = entry
            .zip(own)
            .map_or_else(Said::default, |(entry, own)| complaints::said(entry, own, item.sealed));
        for one in told.iter().filter(|one| one.posted.event == item.event) {
            said.received_ms = said.received_ms.or(Some(one.at_ms));
            match one.stage {
                OfficeStage::Received => {}
                OfficeStage::Answered { .. } => said.answered_ms = Some(one.at_ms),
                OfficeStage::Withdrawn | OfficeStage::Closed => said.ended = said.ended.or(Some(one.stage)),
            }
        }
        said
    }

    /// Since when a letter is late; nothing else asks for an answer.
    pub fn late(&self, item: &InCustody, said: &Said, now_ms: i64) -> Option<i64> {
        letter(item)?;
        overdue_since(self.entry(item.event)?, said, now_ms)
    }

    /// The newest answer, by the office's own copy, also one that is on its way.
    pub fn answer(&self, event: EventId, told: &[Told]) -> Option<OfficeAnswer> {
        let (own, open) = (self.own()?, [&self.keys.seal]);
        let entry = self.entry(event)?;
        let newest = told.iter().rev().find(|one| one.posted.event == event && one.posted.own.is_some());
        match newest {
            Some(newest) => {
                let entry = ComplaintEntry { own: newest.posted.own.clone(), ..entry.clone() };
                complaints::own_answer(&entry, own, &open)
            }
            None => complaints::own_answer(entry, own, &open),
        }
    }

    /// What was said later of a letter, in its order.
    pub fn later(&self, event: EventId) -> Vec<Later<'_>> {
        let of = |item: &&InCustody| match &item.told.matter {
            Matter::Withdrawal { complaint, .. } | Matter::Meeting { complaint, .. } => *complaint == event,
            Matter::Complaint(_) | Matter::Escalation { .. } | Matter::Mark(_) => false,
        };
        let later = |item: &'_ InCustody| self.proven.get(&item.event).copied().unwrap_or_default();
        let sound = |item: &&InCustody| self.is_sound(item);
        self.custody
            .items
            .iter()
            .filter(of)
            .filter(sound)
            .map(|item| Later { item, proven: later(item) })
            .collect()
    }

    /// Everything to be listed: new quiet marks, what is late, what is new, what waits for an answer, the rest; ordinary
    /// marks last, and only where they are asked for. Within each, the older first; of what is done, the newer.
    pub fn rows(&self, told: &[Told], now_ms: i64) -> Vec<(&InCustody, Said)> {
        let listed = |item: &&InCustody| self.marks_shown || !is_ordinary_mark(item);
        let with = |item| (item, self.said(item, told));
        let mut rows: Vec<_> = self.custody.items.iter().filter(listed).map(with).collect();
        rows.sort_by_key(|(item, said)| {
            let late = self.late(item, said, now_ms);
            let is_new = said.received_ms.is_none();
            let rank = match () {
                () if is_ordinary_mark(item) => 5,
                () if is_quiet(item) && is_new => 0,
                () if late.is_some() => 1,
                () if is_new => 2,
                () if letter(item).is_some() && said.answered_ms.is_none() && said.ended.is_none() => 3,
                () => 4,
            };
            let came_ms = self.entry(item.event).map_or(0, |entry| entry.received_ms);
            let order = if rank == 4 { -came_ms } else { late.unwrap_or(came_ms) };
            (rank, order, item.event)
        });
        rows
    }

    /// Ordinary marks, opened or not.
    pub fn marks(&self) -> usize {
        self.custody.items.iter().filter(|item| is_ordinary_mark(item)).count()
    }

    /// What gets a receipt when this is opened: it, if it is new, and some of the marks, in no order.
    pub(crate) fn receipts(&self, event: EventId, told: &[Told]) -> Vec<&InCustody> {
        let is_new = |item: &&InCustody| self.is_sound(item) && self.said(item, told).received_ms.is_none();
        let Some(opened) = self.item(event).filter(is_new) else { return Vec::new() };
        let marks = self.custody.items.iter().filter(|item| is_ordinary_mark(item) && item.event != event);
        let mut all: Vec<_> = marks.filter(is_new).take(MARKS_AT_ONCE).chain([opened]).collect();
        // Ids of this lane tell no time.
        all.sort_by_key(|item| item.event);
        all
    }

    /// Checks the text of a terminal's code.
    pub(crate) fn verify(&mut self, text: &str, now_ms: i64) {
        self.verdict = self.list.as_ref().map(|list| TerminalProof::check(text, list, &self.seen, now_ms));
    }
}

/// Drops what the list shows by itself.
pub(crate) fn is_shown(bureau: &Bureau, told: &Told) -> bool {
    told.state == ToldState::Taken
        && bureau.entry(told.posted.event).is_some_and(|entry| entry.words.contains(&told.posted.word))
}

/// A letter, if it is one.
pub fn letter(item: &InCustody) -> Option<&Complaint> {
    match &item.told.matter {
        Matter::Complaint(complaint) => Some(complaint),
        Matter::Withdrawal { .. } | Matter::Escalation { .. } | Matter::Meeting { .. } | Matter::Mark(_) => {
            None
        }
    }
}

/// Whether it was left by a quiet PIN.
pub fn is_quiet(item: &InCustody) -> bool {
    matches!(&item.told.matter, Matter::Mark(mark) if mark.quiet)
}

fn is_ordinary_mark(item: &InCustody) -> bool {
    matches!(&item.told.matter, Matter::Mark(mark) if !mark.quiet)
}
