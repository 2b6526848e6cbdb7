// SPDX-License-Identifier: GPL-3.0-only
//! What a touch does in the window of a complaint office, and what is asked of the platform next.
//!
//! Words go one after the other, so that a receipt comes before its answer; one that the network did not carry goes again
//! with the next list, one the platform refused waits for a person. None is forgotten by a lock: they are signed and
//! sealed. Limit: [`TOLD_MAX`] that wait.

use crate::act::when;
use crate::bureau::{Bureau, Standing, Told, ToldState, is_shown, letter};
use crate::desk::{AGAIN_MS_MAX, AGAIN_MS_MIN, About, Desk, Draft, Job, Notice, Now, Page, Touch};
use crate::faults::fault;
use crate::letters::Why;
use crate::platform::{Ask, Failure, WAIT_S};
use contract::{COMPLAINT_WORDS_MAX, ComplaintList, EventId, OfficeStage, PostedWord};
use office::complaints;

/// Most words that wait.
const TOLD_MAX: usize = 400;

impl Desk {
    pub(crate) fn bureau_touched(&mut self, touch: Touch, now: Now) -> Vec<Job> {
        self.notice = None;
        if let Err(notice) = self.bureau_act(touch, self.platform_ms(now)) {
            self.notice = Some(notice);
        }
        self.send_words()
    }

    fn bureau_act(&mut self, touch: Touch, now_ms: i64) -> Result<(), Notice> {
        let Some(bureau) = &mut self.bureau else { return Ok(()) };
        match touch {
            Touch::Open(page @ (Page::Complaints | Page::Meetings | Page::Custody)) => self.page = page,
            Touch::Item(event) => {
                bureau.selected = Some(event);
                self.page = Page::Complaints;
                self.draft_turn += 1;
                self.receive(event, now_ms)?;
            }
            Touch::Marks => bureau.marks_shown = !bureau.marks_shown,
            Touch::Words(words) => {
                if let Some(event) = bureau.selected {
                    bureau.drafts.insert(event, Draft { words, offers: Vec::new() });
                }
            }
            Touch::Answer { date, time } => self.answer_item(&date, &time, now_ms)?,
            Touch::CloseItem => self.end_item(OfficeStage::Closed, now_ms)?,
            Touch::LetGo => self.end_item(OfficeStage::Withdrawn, now_ms)?,
            Touch::AgainItem => {
                let event = bureau.selected;
                for one in self.told.iter_mut().filter(|one| Some(one.posted.event) == event) {
                    if matches!(one.state, ToldState::Waits(_)) {
                        one.state = ToldState::Ready;
                    }
                }
            }
            Touch::Verify(text) => bureau.verify(&text, now_ms),
            Touch::Any
            | Touch::Entered(_)
            | Touch::Lock
            | Touch::GiveKeys
            | Touch::Open(_)
            | Touch::Select(_)
            | Touch::Draft(_)
            | Touch::Offer { .. }
            | Touch::Withdraw(_)
            | Touch::Book(_)
            | Touch::Send
            | Touch::Close
            | Touch::Chart
            | Touch::Search(_)
            | Touch::Person(_)
            | Touch::Kind(_)
            | Touch::Add(..)
            | Touch::Act(_)
            | Touch::Need(_)
            | Touch::Post(_)
            | Touch::Release(_)
            | Touch::HandOut(..)
            | Touch::Again(_) => {}
        }
        Ok(())
    }

    /// The receipt of what is opened, the first time.
    fn receive(&mut self, event: EventId, now_ms: i64) -> Result<(), Notice> {
        let Some(bureau) = self.bureau.as_ref() else { return Ok(()) };
        let Standing::Ours(own) = &bureau.standing else { return Ok(()) };
        let stage = OfficeStage::Received;
        let mut receipts = Vec::new();
        for item in bureau.receipts(event, &self.told) {
            receipts
                .push(complaints::word(own.office, &bureau.keys.signing, item, stage, now_ms).map_err(told)?);
        }
        for posted in receipts {
            self.say(posted, stage, now_ms)?;
        }
        Ok(())
    }

    fn answer_item(&mut self, date: &str, time: &str, now_ms: i64) -> Result<(), Notice> {
        let Some(bureau) = self.bureau.as_ref() else { return Ok(()) };
        let Standing::Ours(own) = &bureau.standing else { return Ok(()) };
        let item = bureau.selected.and_then(|event| bureau.item(event)).filter(|item| bureau.is_sound(item));
        let Some(item) = item else { return Ok(()) };
        let words = bureau.drafts.get(&item.event).map_or("", |draft| draft.words.trim());
        if words.is_empty() {
            return Err(Notice::Text("reader-fault-empty"));
        }
        if words.chars().count() > COMPLAINT_WORDS_MAX {
            return Err(Notice::Text("reader-fault-too-long"));
        }
        let offset_min = bureau.terminal(item.place.device).map_or(480, |terminal| terminal.utc_offset_min);
        let meeting_ms = match (date.trim(), time.trim()) {
            ("", "") => None,
            (date, time) => {
                Some(when(date, time, now_ms, offset_min).ok_or(Notice::Text("office-fault-time"))?)
            }
        };
        let posted =
            complaints::answer(own, &bureau.keys.signing, item, words, meeting_ms, now_ms).map_err(told)?;
        let event = item.event;
        let stage = match posted.answer.as_ref() {
            Some(sealed) => {
                OfficeStage::Answered { answer: contract::Digest::of(sealed.as_str().as_bytes()) }
            }
            None => return Ok(()),
        };
        self.say(posted, stage, now_ms)?;
        if let Some(draft) = self.bureau.as_mut().and_then(|bureau| bureau.drafts.get_mut(&event)) {
            draft.words.clear();
        }
        self.draft_turn += 1;
        Ok(())
    }

    fn end_item(&mut self, stage: OfficeStage, now_ms: i64) -> Result<(), Notice> {
        let Some(bureau) = self.bureau.as_ref() else { return Ok(()) };
        let Standing::Ours(own) = &bureau.standing else { return Ok(()) };
        let Some(item) = bureau.selected.and_then(|event| bureau.item(event)) else { return Ok(()) };
        if !can_end(bureau, item.event, stage, &self.told) {
            return Ok(());
        }
        let posted = complaints::word(own.office, &bureau.keys.signing, item, stage, now_ms).map_err(told)?;
        self.say(posted, stage, now_ms)
    }

    fn say(&mut self, posted: PostedWord, stage: OfficeStage, at_ms: i64) -> Result<(), Notice> {
        if self.told.len() >= TOLD_MAX {
            return Err(Notice::Text("reader-fault-too-many"));
        }
        let number = self.told.last().map_or(0, |last| last.number + 1);
        self.told.push(Told { number, posted, stage, at_ms, state: ToldState::Ready });
        Ok(())
    }

    /// The next word goes, if none is on its way.
    pub(crate) fn send_words(&mut self) -> Vec<Job> {
        let Some(session) = self.session.as_ref().filter(|_| self.bureau.is_some()) else {
            return Vec::new();
        };
        if self.told.iter().any(|one| one.state == ToldState::Sending) {
            return Vec::new();
        }
        let token = session.token.clone();
        let Some(next) = self.told.iter_mut().find(|one| one.state == ToldState::Ready) else {
            return Vec::new();
        };
        next.state = ToldState::Sending;
        let (number, word) = (next.number, Box::new(next.posted.clone()));
        self.ask(Ask::Word { token, word }, About::Word(number), 0)
    }

    pub(crate) fn word_taken(&mut self, number: u64) -> Vec<Job> {
        self.settle(number, ToldState::Taken);
        self.send_words()
    }

    pub(crate) fn word_failed(&mut self, number: u64, failure: &Failure) -> Vec<Job> {
        let refused = match failure {
            Failure::Status(status) => *status,
            Failure::Address
            | Failure::Unreachable(_)
            | Failure::TimedOut
            | Failure::Untrusted(_)
            | Failure::Session
            | Failure::Long(_)
            | Failure::Answer
            | Failure::Parts => 0,
        };
        let why = if failure.passes() { Why::Link } else { Why::Refused(refused) };
        self.settle(number, ToldState::Waits(why));
        if why == Why::Link { Vec::new() } else { self.send_words() }
    }

    fn settle(&mut self, number: u64, state: ToldState) {
        let one = self.told.iter_mut().find(|one| one.number == number && one.state == ToldState::Sending);
        if let Some(one) = one {
            one.state = state;
        }
    }

    /// Words that are not at the platform.
    pub fn untold(&self) -> usize {
        self.told.iter().filter(|one| one.state != ToldState::Taken).count()
    }

    pub(crate) fn lock_told(&mut self) {
        self.told.retain(|one| one.state != ToldState::Taken);
        for one in &mut self.told {
            if one.state == ToldState::Sending {
                one.state = ToldState::Ready;
            }
        }
    }

    pub(crate) fn bureau_list(&mut self, part: ComplaintList, now: Now) -> Vec<Job> {
        let Some(bureau) = &mut self.bureau else { return Vec::new() };
        self.offset_ms = part.now_ms - now.wall_ms;
        let before = bureau.seen.clone();
        // The rest of a long list is asked for at once.
        let is_more = bureau.list.as_ref().is_none_or(|held| part.rev > held.rev);
        bureau.link.list_ms = Some(part.now_ms);
        bureau.take(part);
        bureau.link.up = true;
        bureau.again_ms = AGAIN_MS_MIN;
        let changed = (bureau.seen != before).then(|| bureau.seen.clone());
        let keep = changed.map(|seen| Job::KeepSeen { keys: self.file.clone(), seen });
        self.told.retain(|one| !is_shown(bureau, one));
        for one in &mut self.told {
            if one.state == ToldState::Waits(Why::Link) {
                one.state = ToldState::Ready;
            }
        }
        let mut jobs: Vec<Job> = keep.into_iter().collect();
        jobs.extend(self.send_words());
        jobs.extend(self.bureau_ask(if is_more { 0 } else { WAIT_S }, 0));
        jobs
    }

    pub(crate) fn bureau_list_failed(&mut self, failure: &Failure) -> Vec<Job> {
        let Some(bureau) = &mut self.bureau else { return Vec::new() };
        bureau.link.up = false;
        let after_ms = bureau.again_ms;
        bureau.again_ms = (after_ms * 2).min(AGAIN_MS_MAX);
        if !failure.passes() {
            self.notice = Some(fault(failure));
        }
        self.bureau_ask(0, after_ms)
    }

    pub(crate) fn bureau_ask(&mut self, wait_s: u32, after_ms: i64) -> Vec<Job> {
        let (Some(bureau), Some(session)) = (&mut self.bureau, &self.session) else { return Vec::new() };
        bureau.lists_asked += 1;
        let about = About::List(bureau.lists_asked);
        let since = bureau.list.as_ref().map_or(0, |list| list.rev);
        let ask = Ask::Complaints { token: session.token.clone(), since, wait_s };
        self.ask(ask, about, after_ms)
    }
}

/// A letter is closed once it is answered, and withdrawn where its writer asked for that.
pub(crate) fn can_end(bureau: &Bureau, event: EventId, stage: OfficeStage, told: &[Told]) -> bool {
    let Some(item) = bureau.item(event).filter(|item| letter(item).is_some()) else { return false };
    let said = bureau.said(item, told);
    let asks = |later: &crate::bureau::Later<'_>| {
        later.proven && matches!(later.item.told.matter, contract::Matter::Withdrawal { .. })
    };
    said.ended.is_none()
        && match stage {
            OfficeStage::Closed => said.answered_ms.is_some(),
            OfficeStage::Withdrawn => bureau.later(event).iter().any(asks),
            OfficeStage::Received | OfficeStage::Answered { .. } => false,
        }
}

fn told(error: complaints::Failure) -> Notice {
    tracing::warn!(error = &error as &dyn std::error::Error, "a word cannot be written");
    Notice::Text("reader-fault-too-long")
}
