// SPDX-License-Identifier: GPL-3.0-only
//! The window's rules: locked or open, which page, what a touch does, what is asked of the platform next.
//!
//! Takes touches, answers and a time, and returns what is to be done; reads no clock, file or socket. When nothing was
//! touched for [`IDLE_MS_MAX`], by the machine's running time or by the wall (a closed lid), it locks: keys and everything
//! readable are dropped; what is unsent and what is half written stays, sealed to the office's own key. A question that
//! fails is asked again later and later; what was opened stays, with the time of the last list.

use crate::bureau::{Bureau, Told};
use crate::clinic::Clinic;
use crate::faults::{fault, key_fault};
pub use crate::jobs::{About, Done, Draft, Job, Link, Notice, Now};
use crate::keys::Keys;
use crate::letters::{Going, Outbox, Why};
use crate::platform::{Address, Answer, Ask, Failure, WAIT_S};
pub use crate::touch::{Entered, Kind, Page, Touch};
use contract::{
    CareNeed, DetaineeId, EventId, Office, OfficeKeys, OfficeSession, OfficeSignIn, Post, Sealed, Seen,
};
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use zeroize::Zeroize;

/// Without a touch for this long, the screen locks.
pub const IDLE_MS_MAX: i64 = 5 * 60 * 1000;
/// The first wait after a list that failed, doubled up to the last.
pub(crate) const AGAIN_MS_MIN: i64 = 2_000;
pub(crate) const AGAIN_MS_MAX: i64 = 60_000;

/// The window's state while it is open.
pub struct Open {
    pub keys: Keys,
    pub clinic: Clinic,
    pub drafts: HashMap<EventId, Draft>,
    pub selected: Option<EventId>,
    pub person: Option<DetaineeId>,
    pub kind: Kind,
    pub search: String,
    pub needs: BTreeSet<CareNeed>,
    pub posts: Vec<Post>,
    pub link: Link,
    lists_asked: u64,
    again_ms: i64,
}

impl Open {
    /// Whether a list was asked for and did not come.
    pub fn again_was_needed(&self) -> bool {
        self.again_ms > AGAIN_MS_MIN
    }
}

/// The window.
pub struct Desk {
    pub page: Page,
    /// The clinic's.
    pub open: Option<Open>,
    /// A complaint office's.
    pub bureau: Option<Bureau>,
    pub outbox: Outbox,
    /// What a complaint office said and the list does not show yet.
    pub told: Vec<Told>,
    pub busy: bool,
    pub fault: Option<Notice>,
    pub notice: Option<Notice>,
    pub platform: String,
    pub name: String,
    pub file: PathBuf,
    /// Goes up when the field of the answer shows something else than what was typed.
    pub draft_turn: u64,
    /// Was open before: what is on the sign-in page says so.
    pub locked: bool,
    address: Option<Address>,
    pub(crate) session: Option<OfficeSession>,
    sign_in: Option<OfficeSignIn>,
    keys: Option<Keys>,
    seen: Seen,
    sealed_drafts: Vec<(EventId, Sealed)>,
    /// Answers to questions of an earlier turn are nobody's.
    turn: u64,
    touched: Now,
    /// How far the platform's clock is from the wall here.
    pub(crate) offset_ms: i64,
}

impl Desk {
    pub fn new(platform: String, file: PathBuf, now: Now) -> Self {
        Self {
            page: Page::SignIn,
            open: None,
            bureau: None,
            outbox: Outbox::default(),
            told: Vec::new(),
            busy: false,
            fault: None,
            notice: None,
            platform,
            name: String::new(),
            file,
            draft_turn: 0,
            locked: false,
            address: None,
            session: None,
            sign_in: None,
            keys: None,
            seen: Seen::default(),
            sealed_drafts: Vec::new(),
            turn: 0,
            touched: now,
            offset_ms: 0,
        }
    }

    /// Whether only the keys are asked for.
    pub fn is_signed_in(&self) -> bool {
        self.session.is_some()
    }

    /// Whether something can be read.
    pub fn is_open(&self) -> bool {
        self.open.is_some() || self.bureau.is_some()
    }

    /// The time as the platform has it, as far as it has told.
    pub fn platform_ms(&self, now: Now) -> i64 {
        now.wall_ms.saturating_add(self.offset_ms)
    }

    /// Time passed.
    pub fn tick(&mut self, now: Now) {
        let idle = (now.mono_ms - self.touched.mono_ms).max(now.wall_ms - self.touched.wall_ms);
        if idle >= IDLE_MS_MAX && (self.is_open() || self.keys.is_some()) {
            self.lock();
        }
    }

    /// A hand did something.
    pub fn touch(&mut self, touch: Touch, now: Now) -> Vec<Job> {
        // A touch after the time is up finds the screen locked.
        self.tick(now);
        self.touched = now;
        if self.bureau.is_some() && !matches!(touch, Touch::Any | Touch::Entered(_) | Touch::Lock) {
            return self.bureau_touched(touch, now);
        }
        match touch {
            Touch::Any => return Vec::new(),
            Touch::Entered(entered) => return self.enter(*entered),
            Touch::Lock => {
                self.lock();
                return Vec::new();
            }
            _ if self.open.is_none() => return Vec::new(),
            Touch::Item(_)
            | Touch::Marks
            | Touch::Words(_)
            | Touch::Answer { .. }
            | Touch::CloseItem
            | Touch::LetGo
            | Touch::AgainItem
            | Touch::Verify(_) => return Vec::new(),
            Touch::GiveKeys => return self.give_keys(now),
            other @ (Touch::Open(_)
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
            | Touch::Again(_)) => {
                self.notice = None;
                if let Err(notice) = self.act(other, self.platform_ms(now)) {
                    self.notice = Some(notice);
                }
            }
        }
        self.send()
    }

    fn enter(&mut self, entered: Entered) -> Vec<Job> {
        if self.busy || self.is_open() {
            return Vec::new();
        }
        self.fault = None;
        self.file = entered.file;
        if self.session.is_none() {
            self.platform = entered.platform;
            self.name = entered.name;
            match Address::parse(&self.platform) {
                Ok(address) => self.address = Some(address),
                Err(_) => {
                    self.fault = Some(Notice::Text("reader-fault-address"));
                    return Vec::new();
                }
            }
            self.sign_in = Some(OfficeSignIn {
                name: self.name.clone(),
                password: entered.password,
                code: entered.code,
            });
        }
        self.busy = true;
        self.turn += 1;
        vec![Job::OpenKeys { path: self.file.clone(), passphrase: entered.passphrase, turn: self.turn }]
    }

    /// Something outside was done.
    pub fn done(&mut self, done: Done, now: Now) -> Vec<Job> {
        self.tick(now);
        match done {
            Done::Keys { turn, .. } | Done::Asked { turn, .. } if turn != self.turn => Vec::new(),
            Done::Kept { outcome: Ok(()) } => Vec::new(),
            Done::Kept { outcome: Err(error) } => {
                tracing::error!(error = &error as &dyn std::error::Error, "what was seen is not kept");
                self.notice = Some(Notice::Text("office-fault-keep"));
                Vec::new()
            }
            Done::Keys { outcome: Ok(keys), seen: Err(error), .. } if keys.office != Office::Clinic => {
                tracing::error!(error = &error as &dyn std::error::Error, "what was seen cannot be read");
                self.shut("office-fault-seen")
            }
            Done::Keys { outcome: Ok(keys), seen, .. } => {
                self.keys = Some(keys);
                self.seen = seen.unwrap_or_default();
                match (self.sign_in.take(), &self.session) {
                    (Some(sign_in), None) => self.ask(Ask::SignIn(sign_in), About::SignIn, 0),
                    (_, Some(_)) => self.unlock(),
                    (None, None) => self.shut("reader-fault-session"),
                }
            }
            Done::Keys { outcome: Err(error), .. } => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the keys do not open");
                self.shut(key_fault(&error))
            }
            Done::Asked { outcome: Ok(answer), about, .. } => self.answered(answer, about, now),
            Done::Asked { outcome: Err(failure), about, .. } => self.failed(&failure, about),
        }
    }

    fn answered(&mut self, answer: Answer, about: About, now: Now) -> Vec<Job> {
        match (answer, about) {
            (Answer::Session(session), About::SignIn) => {
                self.session = Some(session);
                self.unlock()
            }
            (Answer::List(list), About::List(number)) => {
                let Some(open) = &mut self.open else { return Vec::new() };
                if let Some(list) = list {
                    self.offset_ms = list.now_ms - now.wall_ms;
                    open.link.list_ms = Some(list.now_ms);
                    open.clinic.take(*list, &open.keys.seal, &open.keys.signing.public());
                    for outgoing in self.outbox.newer_than(number) {
                        if let Some(content) = outgoing.open(&open.keys) {
                            open.clinic.keep(outgoing.terminal, content);
                        }
                    }
                } else if let Some(list_ms) = &mut open.link.list_ms {
                    // Held back and not newer: it still is the list.
                    *list_ms = now.wall_ms.saturating_add(self.offset_ms);
                }
                open.link.up = true;
                open.again_ms = AGAIN_MS_MIN;
                self.outbox.wake();
                let mut jobs = self.send();
                jobs.extend(self.list(WAIT_S, 0));
                jobs
            }
            (Answer::Taken, About::Out(number)) => {
                let asked = self.open.as_ref().map_or(0, |open| open.lists_asked);
                let at_ms = self.platform_ms(now);
                self.outbox.done(number, Ok(at_ms), asked);
                self.send()
            }
            (Answer::Complaints(list), About::List(_)) => self.bureau_list(*list, now),
            (Answer::Taken, About::Word(number)) => self.word_taken(number),
            (Answer::Taken, About::Keys) => Vec::new(),
            (Answer::Session(_) | Answer::List(_) | Answer::Complaints(_) | Answer::Taken, _) => {
                tracing::warn!("an answer to another question");
                Vec::new()
            }
        }
    }

    fn failed(&mut self, failure: &Failure, about: About) -> Vec<Job> {
        tracing::debug!(error = failure as &dyn std::error::Error, "no answer that counts");
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
        match about {
            About::SignIn => {
                self.keys = None;
                self.busy = false;
                let wrong = matches!(failure, Failure::Session | Failure::Status(400 | 403 | 422));
                let told = if wrong { Notice::Text("reader-fault-sign-in") } else { fault(failure) };
                self.fault = Some(told);
                Vec::new()
            }
            _ if matches!(failure, Failure::Session) => {
                self.lock();
                self.session = None;
                self.fault = Some(Notice::Text("reader-fault-session"));
                Vec::new()
            }
            About::List(_) if self.bureau.is_some() => self.bureau_list_failed(failure),
            About::Word(number) => self.word_failed(number, failure),
            About::List(_) => {
                let Some(open) = &mut self.open else { return Vec::new() };
                open.link.up = false;
                let after_ms = open.again_ms;
                open.again_ms = (after_ms * 2).min(AGAIN_MS_MAX);
                if !failure.passes() {
                    self.notice = Some(fault(failure));
                }
                self.list(0, after_ms)
            }
            About::Keys => {
                self.notice = Some(fault(failure));
                Vec::new()
            }
            About::Out(number) => {
                let why = if failure.passes() { Why::Link } else { Why::Refused(refused) };
                self.outbox.done(number, Err(why), 0);
                Vec::new()
            }
        }
    }

    fn unlock(&mut self) -> Vec<Job> {
        let Some(keys) = self.keys.take() else { return Vec::new() };
        let mut drafts = HashMap::new();
        for (report, sealed) in &self.sealed_drafts {
            if let Ok(draft) = sealed.open::<Draft>(&keys.seal) {
                drafts.insert(*report, draft);
            }
        }
        self.sealed_drafts.retain(|(report, _)| !drafts.contains_key(report));
        self.busy = false;
        self.fault = None;
        self.notice = None;
        self.draft_turn += 1;
        if keys.office != Office::Clinic {
            self.bureau = Some(Bureau::new(keys, std::mem::take(&mut self.seen), drafts));
            self.page = Page::Complaints;
            return self.bureau_ask(0, 0);
        }
        self.open = Some(Open {
            keys,
            clinic: Clinic::default(),
            drafts,
            selected: None,
            person: None,
            kind: Kind::Visits,
            search: String::new(),
            needs: BTreeSet::new(),
            posts: vec![Post::DutyOfficer, Post::SupervisingOfficer],
            link: Link::default(),
            lists_asked: 0,
            again_ms: AGAIN_MS_MIN,
        });
        self.page = Page::Triage;
        self.list(0, 0)
    }

    /// Drops everything that can be read, and the keys.
    fn lock(&mut self) {
        let clinic = self.open.take().map(|open| (open.keys, open.drafts));
        let bureau = self.bureau.take().map(|bureau| (bureau.keys, bureau.drafts));
        if let Some((keys, drafts)) = clinic.or(bureau) {
            let own = [keys.recipient()];
            for (report, mut draft) in drafts {
                if !draft.words.is_empty()
                    && let Ok(sealed) = Sealed::seal(&draft, &own)
                {
                    self.sealed_drafts.push((report, sealed));
                }
                draft.words.zeroize();
            }
        }
        self.keys = None;
        self.sign_in = None;
        self.outbox.lock();
        self.lock_told();
        self.busy = false;
        self.fault = None;
        self.notice = None;
        self.page = Page::SignIn;
        self.locked = true;
        self.turn += 1;
        self.draft_turn += 1;
    }

    fn shut(&mut self, why: &'static str) -> Vec<Job> {
        self.keys = None;
        self.sign_in = None;
        self.busy = false;
        self.fault = Some(Notice::Text(why));
        Vec::new()
    }

    fn list(&mut self, wait_s: u32, after_ms: i64) -> Vec<Job> {
        let (Some(open), Some(session)) = (&mut self.open, &self.session) else { return Vec::new() };
        open.lists_asked += 1;
        let about = About::List(open.lists_asked);
        let ask = Ask::List { token: session.token.clone(), since: open.clinic.rev, wait_s };
        self.ask(ask, about, after_ms)
    }

    fn give_keys(&mut self, now: Now) -> Vec<Job> {
        let made_ms = self.platform_ms(now);
        let (Some(open), Some(session)) = (&self.open, &self.session) else { return Vec::new() };
        let keys = OfficeKeys {
            office: contract::Office::Clinic,
            recipients: vec![open.keys.recipient()],
            signing: open.keys.signing.public(),
            made_ms,
            arrangement: None,
        };
        match keys.sign(&open.keys.signing) {
            Ok(statement) => self.ask(Ask::Keys { token: session.token.clone(), statement }, About::Keys, 0),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the keys cannot be signed");
                Vec::new()
            }
        }
    }

    /// Everything that is ready goes.
    fn send(&mut self) -> Vec<Job> {
        let (Some(open), Some(session)) = (&self.open, &self.session) else { return Vec::new() };
        let token = session.token.clone();
        let mut jobs = Vec::new();
        for going in self.outbox.go(&open.clinic, &open.keys) {
            let about = About::Out(going.number());
            let token = token.clone();
            let ask = match going {
                Going::Letter(letter) => Ask::Letter { token, letter: Box::new(letter) },
                Going::Notice(notice) => Ask::Notice { token, notice },
            };
            jobs.extend(self.ask(ask, about, 0));
        }
        jobs
    }

    pub(crate) fn ask(&self, ask: Ask, about: About, after_ms: i64) -> Vec<Job> {
        let to = self.address.clone();
        to.map(|to| Job::Ask { to, ask, about, turn: self.turn, after_ms }).into_iter().collect()
    }
}
