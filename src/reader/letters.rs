// SPDX-License-Identifier: GPL-3.0-only
//! What was written and is not yet at the platform.
//!
//! A letter waits here sealed to the office's own key and is sealed to its terminal when it goes, so that a lock of the
//! screen loses nothing and leaves nothing readable. The same number goes again until it is taken; a letter changed while
//! it is on its way goes once more after it. Limit: [`OUTBOX_MAX`].

use crate::clinic::{Clinic, HandedOut, open_copy};
use crate::keys::Keys;
use contract::{
    CareState, EventId, PostedLetter, PostedNotice, SealRecipient, Sealed, SealedError, Signed, SignedError,
    TerminalId, ToCell,
};
use uuid::Uuid;

/// Most that waits.
pub const OUTBOX_MAX: usize = 200;

/// What goes out.
#[derive(Debug, Clone)]
pub enum Content {
    /// The own copy; none where nobody is named and only the state of the report is told.
    Letter {
        report: Option<(EventId, CareState)>,
        own: Option<Sealed>,
    },
    Notice(Box<PostedNotice>),
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// To be sent at the next turn.
    Ready,
    Sending,
    Waits(Why),
    Taken {
        at_ms: i64,
    },
}

/// Why it is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Link,
    /// The terminal has not told its key.
    Terminal,
    /// The keys the terminals hold are another's.
    Keys,
    Refused(u16),
}

/// One thing that goes out.
#[derive(Debug, Clone)]
pub struct Outgoing {
    pub number: Uuid,
    pub terminal: TerminalId,
    pub content: Content,
    pub state: State,
    /// What it is: told where its content cannot be.
    pub kind: &'static str,
    /// Changed while it was on its way.
    again: bool,
    /// The list that was last asked for when it was taken: that one may not have it yet.
    taken_after: u64,
}

/// Why a thing cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("keep more than {OUTBOX_MAX} unsent letters")]
    Full,
    #[error("seal a letter")]
    Seal(#[from] SealedError),
    #[error("sign a letter")]
    Sign(#[from] SignedError),
}

/// What waits, oldest first; taken ones are kept for the eye until the screen locks.
#[derive(Debug, Default)]
pub struct Outbox(Vec<Outgoing>);

impl Outbox {
    /// Puts a letter in line, in the place of one of the same number.
    pub fn put(&mut self, outgoing: Outgoing) -> Result<(), WriteError> {
        if let Some(same) = self.0.iter_mut().find(|one| one.number == outgoing.number) {
            if same.state == State::Sending {
                *same = Outgoing { state: State::Sending, again: true, ..outgoing };
                return Ok(());
            }
            if !matches!(same.state, State::Taken { .. }) {
                *same = outgoing;
                return Ok(());
            }
        }
        if self.unsent() >= OUTBOX_MAX {
            return Err(WriteError::Full);
        }
        self.0.retain(|one| one.number != outgoing.number);
        if self.0.len() >= 2 * OUTBOX_MAX
            && let Some(at) = self.0.iter().position(|one| matches!(one.state, State::Taken { .. }))
        {
            self.0.remove(at);
        }
        self.0.push(outgoing);
        Ok(())
    }

    pub fn all(&self) -> &[Outgoing] {
        &self.0
    }

    pub fn unsent(&self) -> usize {
        self.0.iter().filter(|one| !matches!(one.state, State::Taken { .. })).count()
    }

    /// What waited for a reason that may have gone is ready again; what was refused waits for a person.
    pub fn wake(&mut self) {
        for one in &mut self.0 {
            match one.state {
                State::Waits(Why::Link | Why::Terminal | Why::Keys) => one.state = State::Ready,
                State::Waits(Why::Refused(_)) | State::Ready | State::Sending | State::Taken { .. } => {}
            }
        }
    }

    /// A person asks for it to go again.
    pub fn again(&mut self, number: Uuid) {
        for one in self.0.iter_mut().filter(|one| one.number == number) {
            if matches!(one.state, State::Waits(_)) {
                one.state = State::Ready;
            }
        }
    }

    /// Everything ready, sealed to where it goes. What cannot go says why.
    pub fn go(&mut self, office: &Clinic, keys: &Keys) -> Vec<Going> {
        let mut going = Vec::new();
        for one in self.0.iter_mut().filter(|one| one.state == State::Ready) {
            match one.content.clone() {
                Content::Notice(notice) => {
                    one.state = State::Sending;
                    going.push(Going::Notice(*notice));
                }
                Content::Letter { report, own } => match seal_to(one, own.as_ref(), office, keys) {
                    Ok(cell) => {
                        one.state = State::Sending;
                        let (letter, terminal) = (one.number, one.terminal);
                        going.push(Going::Letter(PostedLetter { letter, terminal, report, cell, own }));
                    }
                    Err(why) => one.state = State::Waits(why),
                },
            }
        }
        going
    }

    /// The platform took it, or did not.
    pub fn done(&mut self, number: Uuid, outcome: Result<i64, Why>, lists_asked: u64) {
        let Some(one) = self.0.iter_mut().find(|one| one.number == number && one.state == State::Sending)
        else {
            return;
        };
        one.state = match outcome {
            Ok(_) if one.again => State::Ready,
            Ok(at_ms) => State::Taken { at_ms },
            Err(why) => State::Waits(why),
        };
        one.again = false;
        one.taken_after = lists_asked;
    }

    /// The letters that the list of this number may not have yet.
    pub fn newer_than(&self, list: u64) -> impl Iterator<Item = &Outgoing> {
        self.0.iter().filter(move |one| !matches!(one.state, State::Taken { .. }) || one.taken_after >= list)
    }

    /// The screen is locked: only what waits stays, and what was on its way goes once more after it.
    pub fn lock(&mut self) {
        self.0.retain(|one| !matches!(one.state, State::Taken { .. }));
        for one in &mut self.0 {
            if one.state == State::Sending {
                one.state = State::Ready;
            }
        }
    }
}

/// What is handed to the platform.
#[derive(Debug, Clone)]
pub enum Going {
    Letter(PostedLetter),
    Notice(PostedNotice),
}

impl Going {
    pub fn number(&self) -> Uuid {
        match self {
            Self::Letter(letter) => letter.letter,
            Self::Notice(posted) => posted.notice.notice,
        }
    }
}

impl Outgoing {
    /// A letter, sealed to the office until it goes.
    pub fn letter(
        content: &ToCell,
        terminal: TerminalId,
        report: Option<(EventId, CareState)>,
        office: &Clinic,
        keys: &Keys,
        kind: &'static str,
    ) -> Result<Self, WriteError> {
        // Signed too: what comes back from the platform may be edited and signed again. What is too long is refused while
        // it can still be changed.
        let signed = Signed::seal(ToCell::PURPOSE, content, &keys.signing)?;
        let own = Some(Sealed::seal(&signed, &readers(office, keys))?);
        let content_sealed = Content::Letter { report, own };
        Ok(Self::new(content.letter, terminal, content_sealed, kind))
    }

    pub fn new(number: Uuid, terminal: TerminalId, content: Content, kind: &'static str) -> Self {
        Self { number, terminal, content, state: State::Ready, kind, again: false, taken_after: 0 }
    }

    /// What is written in it, for whoever holds the keys.
    pub fn open(&self, keys: &Keys) -> Option<ToCell> {
        match &self.content {
            Content::Letter { own: Some(own), .. } => {
                open_copy(own, self.number, &keys.seal, &keys.signing.public())
            }
            Content::Letter { own: None, .. } | Content::Notice(_) => None,
        }
    }
}

/// Who reads the office's own copies.
fn readers(office: &Clinic, keys: &Keys) -> Vec<SealRecipient> {
    match &office.handed_out {
        HandedOut::Ours(recipients) => recipients.clone(),
        HandedOut::None | HandedOut::Foreign => vec![keys.recipient()],
    }
}

fn seal_to(
    one: &Outgoing,
    own: Option<&Sealed>,
    office: &Clinic,
    keys: &Keys,
) -> Result<Option<Sealed>, Why> {
    match office.handed_out {
        HandedOut::Ours(_) => {}
        HandedOut::None | HandedOut::Foreign => return Err(Why::Keys),
    }
    if own.is_none() {
        return Ok(None);
    }
    let recipient = office.terminal(one.terminal).and_then(|terminal| terminal.recipient.clone());
    let recipient = recipient.ok_or(Why::Terminal)?;
    let content = one.open(keys).ok_or(Why::Keys)?;
    let signed = Signed::seal(ToCell::PURPOSE, &content, &keys.signing).map_err(|_| Why::Keys)?;
    Sealed::seal(&signed, &[recipient]).map(Some).map_err(|_| Why::Terminal)
}
