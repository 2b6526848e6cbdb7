// SPDX-License-Identifier: GPL-3.0-only
//! A report while it is written: one question at a time, each of which may be left unanswered but the first.

use contract::{
    CareCheck, Danger, DayPart, DetaineeId, SEVERITY_MAX, Since, Symptom, SymptomReport, Urgency,
};
use serde::{Deserialize, Serialize};

/// From here on pain is severe: 7 to 10 on the numeric rating scale (Serlin et al., Pain 61, 1995).
const SEVERE_FROM: u8 = 7;

/// What somebody has said so far.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Draft {
    pub detainee: Option<DetaineeId>,
    pub for_other: bool,
    pub check: CareCheck,
    pub at: Question,
    pub symptoms: Vec<Symptom>,
    pub since: Option<Since>,
    pub severity: Option<u8>,
    pub dangers: Vec<Danger>,
    pub prefers: Vec<DayPart>,
}

/// The questions, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    #[default]
    Where,
    Since,
    Severity,
    Dangers,
    /// Read back, with the times that suit.
    ReadBack,
}

impl Question {
    /// The questions that are counted for the person.
    pub const ASKED: [Self; 4] = [Self::Where, Self::Since, Self::Severity, Self::Dangers];

    /// The one before; none before the first.
    pub fn before(self) -> Option<Self> {
        match self {
            Self::Where => None,
            Self::Since => Some(Self::Where),
            Self::Severity => Some(Self::Since),
            Self::Dangers => Some(Self::Severity),
            Self::ReadBack => Some(Self::Dangers),
        }
    }

    /// The one after; the last is followed by itself.
    pub fn after(self) -> Self {
        match self {
            Self::Where => Self::Since,
            Self::Since => Self::Severity,
            Self::Severity => Self::Dangers,
            Self::Dangers | Self::ReadBack => Self::ReadBack,
        }
    }
}

/// One answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// On or off.
    Symptom(Symptom),
    Since(Option<Since>),
    Severity(Option<u8>),
    /// Yes.
    Danger(Danger),
    /// None of the dangers.
    NoDanger,
    /// On or off.
    Prefer(DayPart),
}

impl Draft {
    /// A report of this person's own, or about them.
    pub fn about(detainee: Option<DetaineeId>, for_other: bool, check: CareCheck) -> Self {
        Self { detainee, for_other, check, ..Self::default() }
    }

    /// With one more answer. A question with one answer is left with it.
    #[must_use]
    pub fn answered(mut self, answer: Answer) -> Self {
        match answer {
            Answer::Symptom(symptom) => toggle(&mut self.symptoms, symptom),
            Answer::Prefer(part) => toggle(&mut self.prefers, part),
            Answer::Since(since) => {
                self.since = since;
                self.at = Question::Severity;
            }
            Answer::Severity(severity) => {
                self.severity = severity.filter(|severity| *severity <= SEVERITY_MAX);
                self.at = Question::Dangers;
            }
            // Said once, a danger is not taken back here: somebody is on their way.
            Answer::Danger(danger) => {
                if !self.dangers.contains(&danger) {
                    self.dangers.push(danger);
                }
            }
            Answer::NoDanger => self.at = Question::ReadBack,
        }
        self
    }

    /// Whether it says anything.
    pub fn is_whole(&self) -> bool {
        !self.symptoms.is_empty() || !self.dangers.is_empty()
    }

    pub fn urgency(&self) -> Urgency {
        if !self.dangers.is_empty() {
            Urgency::Danger
        } else if self.severity.is_some_and(|severity| severity >= SEVERE_FROM) {
            Urgency::Soon
        } else {
            Urgency::Routine
        }
    }

    /// As it goes to the clinic. No sensor is asked: nothing was measured.
    pub(super) fn report(&self) -> SymptomReport {
        SymptomReport {
            detainee: self.detainee,
            for_other: self.for_other,
            check: self.check,
            symptoms: self.symptoms.clone(),
            since: self.since,
            severity: self.severity,
            dangers: self.dangers.clone(),
            prefers: self.prefers.clone(),
            readings: Vec::new(),
        }
    }
}

/// What somebody says of their health is not debugged.
impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Draft(at {:?})", self.at)
    }
}

/// Puts one on a list, in order, or takes it off.
pub fn toggle<T: Ord>(list: &mut Vec<T>, one: T) {
    match list.iter().position(|held| *held == one) {
        Some(at) => {
            list.remove(at);
        }
        None => {
            list.push(one);
            list.sort();
        }
    }
}
