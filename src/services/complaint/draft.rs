// SPDX-License-Identifier: GPL-3.0-only
//! A complaint while it is written. It is in memory only: a power cut loses it, and so does leaving.

use super::toggle;
use contract::{About, COMPLAINT_WORDS_MAX, DetaineeId, Office, Text, Topic};

/// What somebody has said so far.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    pub office: Office,
    /// None: unnamed.
    pub writer: Option<DetaineeId>,
    pub at: Step,
    pub about: Vec<About>,
    pub topics: Vec<Topic>,
    pub words: Text<COMPLAINT_WORDS_MAX>,
    pub meeting: bool,
    /// 谈的时候再说: nothing but the wish for a private talk goes.
    pub talk: bool,
}

/// The questions, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    About,
    Topics,
    Words,
    ReadBack,
}

impl Step {
    /// The questions that are counted for the person.
    pub const ASKED: [Self; 3] = [Self::About, Self::Topics, Self::Words];
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    About(About),
    Topic(Topic),
    Words(Text<COMPLAINT_WORDS_MAX>),
    /// 请来见我, or not.
    Meeting,
    /// 谈的时候再说.
    Talk,
}

impl Draft {
    /// Nothing is said yet.
    pub fn to(office: Office, writer: Option<DetaineeId>) -> Self {
        Self {
            office,
            writer,
            at: Step::About,
            about: Vec::new(),
            topics: Vec::new(),
            words: Text::default(),
            meeting: false,
            talk: false,
        }
    }

    /// With this answer. Several are given to the first two questions; only who is named can be met.
    #[must_use]
    pub fn answered(mut self, answer: Answer) -> Self {
        match answer {
            Answer::About(about) => toggle(&mut self.about, about),
            Answer::Topic(topic) => toggle(&mut self.topics, topic),
            Answer::Words(words) => {
                self.words = words;
                self.at = Step::ReadBack;
            }
            Answer::Meeting => self.meeting = !self.meeting && self.writer.is_some(),
            Answer::Talk if self.writer.is_some() => {
                self.talk = true;
                self.at = Step::ReadBack;
            }
            Answer::Talk => {}
        }
        self
    }

    /// Whether it says anything: a topic or a word alone is enough.
    pub fn is_whole(&self) -> bool {
        self.talk || !self.about.is_empty() || !self.topics.is_empty() || !self.words.is_empty()
    }

    /// On with the next question; the last is followed by itself.
    #[must_use]
    pub fn next(mut self) -> Self {
        self.at = match self.at {
            Step::About => Step::Topics,
            Step::Topics => Step::Words,
            Step::Words | Step::ReadBack => Step::ReadBack,
        };
        self
    }

    /// At the question before; none before the first.
    pub fn before(&self) -> Option<Self> {
        let at = match self.at {
            Step::About => return None,
            Step::ReadBack if self.talk => Step::About,
            Step::Topics => Step::About,
            Step::Words => Step::Topics,
            Step::ReadBack => Step::Words,
        };
        Some(Self { at, talk: false, ..self.clone() })
    }
}

/// What somebody complains of is not debugged.
impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Draft(at {:?})", self.at)
    }
}
