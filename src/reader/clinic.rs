// SPDX-License-Identifier: GPL-3.0-only
//! What the clinic knows, from the platform's list and its own key: reports in order of need, what was said to them,
//! everybody's record.
//!
//! Takes the list, the key and a time; reads no clock, file or socket. Each sealed thing is opened once. Whoever knows the
//! clinic's public key can seal to it, so what was opened is checked against its place: a report is a report, words
//! belong to the person of their report, a letter's copy carries its own number, and the same sealed text counts once.
//! What does not fit is shown as such and counts for nothing. Limit: the list's own (see [`crate::platform`]).

use contract::{
    CareAnswer, CareDocument, CareEntry, CareList, CareNotice, CarePerson, CareRecord, CareState,
    CareTerminal, DetaineeId, Digest, EventId, Letter, OfficeKeys, PublicKey, Said, SealKey, SealRecipient,
    Sealed, Signed, SymptomReport, TerminalId, ToCell, ToClinic, Trust, Urgency,
};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Why a sealed thing counts for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It is not sealed to this key, or was damaged.
    Key,
    /// What was in it does not belong in its place.
    Place,
    /// The same sealed text came before, as another entry.
    Repeated,
    /// It is another person's.
    Person,
}

/// Whose keys the platform hands to the terminals.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum HandedOut {
    #[default]
    None,
    /// This office's; its own copies are sealed to these.
    Ours(Vec<SealRecipient>),
    /// Another's: the terminals would refuse what is signed here.
    Foreign,
}

/// A letter of the office, as its own copy says.
#[derive(Debug, Clone)]
pub struct Kept {
    pub terminal: TerminalId,
    pub content: ToCell,
}

/// Everything the office works with.
#[derive(Default)]
pub struct Clinic {
    pub rev: u64,
    pub handed_out: HandedOut,
    pub terminals: Vec<CareTerminal>,
    pub notices: Vec<CareNotice>,
    entries: Vec<CareEntry>,
    /// By what was sealed, so that a changed text is opened anew and the same one only once.
    opened: HashMap<Digest, Result<ToClinic, Unread>>,
    /// What was sealed of each entry; none where it repeats another's.
    digests: HashMap<EventId, Option<Digest>>,
    letters: BTreeMap<Uuid, Kept>,
    copies: HashMap<Uuid, Digest>,
    /// Copies of letters that cannot be opened, or carry another letter's content.
    pub unread_letters: usize,
}

/// A report with everything that followed.
pub struct Report<'a> {
    pub entry: &'a CareEntry,
    pub content: Result<&'a SymptomReport, Unread>,
    /// Oldest first.
    pub said: Vec<(&'a CareEntry, Result<&'a Said, Unread>)>,
    /// The newest answer with its letter's number.
    pub answer: Option<(Uuid, &'a Kept, &'a CareAnswer)>,
}

impl Clinic {
    /// Takes the platform's list over, and opens what is new in it.
    pub fn take(&mut self, list: CareList, key: &SealKey, signing: &PublicKey) {
        self.rev = list.rev;
        self.handed_out = match &list.keys {
            None => HandedOut::None,
            Some(statement) => match OfficeKeys::open(statement, None) {
                Ok(keys) if keys.signing == *signing && keys.recipients.contains(&key.recipient()) => {
                    HandedOut::Ours(keys.recipients)
                }
                Ok(_) | Err(_) => HandedOut::Foreign,
            },
        };
        self.terminals = list.terminals;
        self.notices = list.notices;
        self.entries = list.entries;
        let mut first: HashMap<Digest, EventId> = HashMap::new();
        self.digests.clear();
        for entry in &self.entries {
            let digest = Digest::of(entry.sealed.as_str().as_bytes());
            if *first.entry(digest).or_insert(entry.event) != entry.event {
                self.digests.insert(entry.event, None);
                continue;
            }
            self.digests.insert(entry.event, Some(digest));
            self.opened.entry(digest).or_insert_with(|| entry.sealed.open(key).map_err(|_| Unread::Key));
        }
        self.opened.retain(|digest, _| first.contains_key(digest));
        self.unread_letters = 0;
        let numbers: Vec<Uuid> = list.letters.iter().map(|own| own.letter).collect();
        self.letters.retain(|letter, _| numbers.contains(letter));
        self.copies.retain(|letter, _| numbers.contains(letter));
        for own in list.letters {
            let digest = Digest::of(own.sealed.as_str().as_bytes());
            let known = self.letters.contains_key(&own.letter);
            if known && self.copies.get(&own.letter) == Some(&digest) {
                continue;
            }
            self.copies.insert(own.letter, digest);
            match open_copy(&own.sealed, own.letter, key, signing) {
                Some(content) => self.keep(own.terminal, content),
                None => {
                    self.letters.remove(&own.letter);
                    self.unread_letters += 1;
                }
            }
        }
    }

    /// Shows a letter before the platform has it.
    pub fn keep(&mut self, terminal: TerminalId, content: ToCell) {
        self.letters.insert(content.letter, Kept { terminal, content });
    }

    /// Reports in the order of need: open ones before closed ones, danger first, then overdue, then the older.
    pub fn triage(&self, now_ms: i64) -> Vec<Report<'_>> {
        let entries = self.entries.iter().filter(|entry| is_report(entry));
        let mut reports: Vec<_> = entries.map(|entry| self.with_all(entry)).collect();
        reports.sort_by_key(|report| {
            (
                report.state() == Some(CareState::Closed),
                std::cmp::Reverse(report.urgency()),
                !report.is_overdue(now_ms),
                report.entry.received_ms,
                report.entry.event,
            )
        });
        reports
    }

    pub fn report(&self, event: EventId) -> Option<Report<'_>> {
        let entry = self.entries.iter().find(|entry| entry.event == event && is_report(entry))?;
        Some(self.with_all(entry))
    }

    fn with_all<'a>(&'a self, entry: &'a CareEntry) -> Report<'a> {
        let content = match self.content(entry) {
            Ok(ToClinic::Report(report)) => Ok(report),
            Ok(ToClinic::Said { .. }) => Err(Unread::Place),
            Err(why) => Err(why),
        };
        let whose = content.as_ref().ok().and_then(|report| report.detainee);
        let said = self.entries.iter().filter(|other| other.report == Some(entry.event));
        let mut said: Vec<_> = said.map(|other| (other, self.said(other, whose))).collect();
        said.sort_by_key(|(entry, _)| (entry.received_ms, entry.event));
        let answers = self.letters.iter().filter_map(|(letter, kept)| match &kept.content.content {
            Letter::Answer(answer) if answer.report == entry.event => Some((*letter, kept, answer)),
            Letter::Answer(_) | Letter::Record(_) | Letter::Document(_) => None,
        });
        let answer = answers.max_by_key(|(_, kept, _)| kept.content.at_ms);
        Report { entry, content, said, answer }
    }

    /// What somebody said, if it is the words of `whose`; of anybody where the report names nobody.
    fn said(&self, entry: &CareEntry, whose: Option<DetaineeId>) -> Result<&Said, Unread> {
        match self.content(entry)? {
            ToClinic::Said { detainee, said } if whose.is_none_or(|whose| whose == *detainee) => Ok(said),
            ToClinic::Said { .. } => Err(Unread::Person),
            ToClinic::Report(_) => Err(Unread::Place),
        }
    }

    fn content(&self, entry: &CareEntry) -> Result<&ToClinic, Unread> {
        let digest = self.digests.get(&entry.event).copied().flatten().ok_or(Unread::Repeated)?;
        self.opened.get(&digest).ok_or(Unread::Key)?.as_ref().map_err(|why| *why)
    }

    /// A person's newest record with the number of its letter.
    pub fn record(&self, detainee: DetaineeId) -> Option<(Uuid, &Kept, &CareRecord)> {
        let records = self.letters.iter().filter_map(|(letter, kept)| match &kept.content.content {
            Letter::Record(record) if kept.content.detainee == detainee => Some((*letter, kept, record)),
            Letter::Record(_) | Letter::Answer(_) | Letter::Document(_) => None,
        });
        records.max_by_key(|(_, kept, _)| kept.content.at_ms)
    }

    /// A person's documents, newest first.
    pub fn documents(&self, detainee: DetaineeId) -> Vec<(&Kept, &CareDocument)> {
        let documents = self.letters.values().filter_map(|kept| match &kept.content.content {
            Letter::Document(document) if kept.content.detainee == detainee => Some((kept, document)),
            Letter::Document(_) | Letter::Answer(_) | Letter::Record(_) => None,
        });
        let mut documents: Vec<_> = documents.collect();
        documents.sort_by_key(|(kept, _)| std::cmp::Reverse(kept.content.at_ms));
        documents
    }

    /// What a person said last that `is`: of a dose, of a document. Only their own words count.
    pub fn last_word(&self, detainee: DetaineeId, is: impl Fn(&Said) -> bool) -> Option<(&CareEntry, &Said)> {
        let words = self.entries.iter().filter_map(|entry| match self.content(entry) {
            Ok(ToClinic::Said { detainee: whose, said }) if *whose == detainee && is(said) => {
                Some((entry, said))
            }
            Ok(ToClinic::Said { .. } | ToClinic::Report(_)) | Err(_) => None,
        });
        words.max_by_key(|(entry, _)| (entry.received_ms, entry.event))
    }

    /// Where a person is, by the lists of the terminals.
    pub fn person(&self, detainee: DetaineeId) -> Option<(&CareTerminal, &CarePerson)> {
        self.terminals.iter().find_map(|terminal| {
            let person = terminal.people.iter().find(|person| person.detainee == detainee)?;
            Some((terminal, person))
        })
    }

    pub fn terminal(&self, terminal: TerminalId) -> Option<&CareTerminal> {
        self.terminals.iter().find(|one| one.terminal == terminal)
    }

    /// Everybody with a medicine, by terminal and name as listed; who is in no list any more stands last.
    pub fn on_medicine(&self) -> Vec<(DetaineeId, &CareRecord)> {
        let people = self.terminals.iter().flat_map(|terminal| &terminal.people);
        let mut found: Vec<DetaineeId> = people.map(|person| person.detainee).collect();
        for kept in self.letters.values() {
            if !found.contains(&kept.content.detainee) {
                found.push(kept.content.detainee);
            }
        }
        let with = |detainee| self.record(detainee).map(|(_, _, record)| (detainee, record));
        found.into_iter().filter_map(with).filter(|(_, record)| !record.medicines.is_empty()).collect()
    }
}

impl Report<'_> {
    /// By what came open, and by what was found inside: neither can make the other less.
    pub fn urgency(&self) -> Urgency {
        let open = self.entry.urgency.unwrap_or(Urgency::Routine);
        let inside = match self.content {
            Ok(report) if !report.dangers.is_empty() => Urgency::Danger,
            Ok(_) | Err(_) => Urgency::Routine,
        };
        let worse = self.new_words().any(|said| matches!(said, Said::Worse { .. }));
        open.max(inside).max(if worse { Urgency::Soon } else { Urgency::Routine })
    }

    /// Where it stands: what was written here, or what the platform knows, whichever is further.
    pub fn state(&self) -> Option<CareState> {
        let rank = |state: &CareState| CareState::ALL.iter().position(|one| one == state);
        let written = self.answer.map(|(_, _, answer)| answer.state);
        written.into_iter().chain(self.entry.state).max_by_key(rank)
    }

    pub fn is_overdue(&self, now_ms: i64) -> bool {
        let waits = matches!(self.state(), None | Some(CareState::Opened));
        waits && self.entry.due_ms.is_some_and(|due_ms| due_ms < now_ms)
    }

    /// What was said after the newest answer.
    pub fn new_words(&self) -> impl Iterator<Item = &Said> {
        let answered_ms = match self.answer {
            Some((_, kept, answer)) if answer.state != CareState::Opened => kept.content.at_ms,
            Some(_) | None => i64::MIN,
        };
        let said = self.said.iter().filter(move |(entry, _)| entry.received_ms > answered_ms);
        said.filter_map(|(_, said)| said.as_ref().ok().copied())
    }

    pub fn detainee(&self) -> Option<DetaineeId> {
        self.content.ok().and_then(|report| report.detainee)
    }

    /// When it happened, where the terminal's clock can be believed; else when it arrived.
    pub fn at_ms(&self) -> (i64, bool) {
        match self.entry.trust {
            Trust::Synced => (self.entry.at_ms, true),
            Trust::Estimated | Trust::Unsynced => (self.entry.received_ms, false),
        }
    }
}

/// Whether an entry stands in the place of a report.
fn is_report(entry: &CareEntry) -> bool {
    entry.report.is_none() && entry.urgency.is_some()
}

/// An own copy, if the office signed it and it is the content of that letter.
pub fn open_copy(sealed: &Sealed, letter: Uuid, key: &SealKey, signing: &PublicKey) -> Option<ToCell> {
    let signed = sealed.open::<Signed>(key).ok()?;
    signed.open::<ToCell>(ToCell::PURPOSE, signing).ok().filter(|content| content.letter == letter)
}
