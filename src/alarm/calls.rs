// SPDX-License-Identifier: GPL-3.0-only
//! The rules of the alarm: what counts as one call for help, what sounds, what the screen may say.
//!
//! Time comes in as an argument. Nobody in the cell ends a call: it is closed by the platform alone. A second press
//! joins the call that is open; presses that follow one another faster than [`REPEAT_MS`] are told together, none is
//! dropped.

use crate::journal::Kept;
use contract::{
    AlarmAnswer, AlarmAnswers, Event, EventId, OfficerId, PanicAttended, PanicFine, PanicForm, PanicRaised,
    PanicSource, Stamp, Verdict,
};
use serde::{Deserialize, Serialize};

/// Two presses closer than this are told upward as one event, in milliseconds.
pub(crate) const REPEAT_MS: i64 = 5_000;
/// How long a closed call is still shown, in milliseconds.
const CLOSED_SHOWN_MS: i64 = 10 * 60_000;
/// The siren after a press, in seconds, until the policy came.
const SIREN_S: u32 = 180;

/// What the screen may say of the open alarm, each only when true; times in milliseconds since 1970 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    pub raised_ms: i64,
    /// It survives a power cut.
    pub saved: bool,
    pub uploaded_ms: Option<i64>,
    pub acknowledged_ms: Option<i64>,
    pub coming_ms: Option<i64>,
    pub attended_ms: Option<i64>,
    pub closed_ms: Option<i64>,
    /// Somebody said that all is well; an officer still has to see to it.
    pub fine_ms: Option<i64>,
    pub presses: u32,
}

/// One call for help.
#[derive(Debug, Clone)]
struct Call {
    id: EventId,
    raised: Stamp,
    form: PanicForm,
    presses: u32,
    /// When it was last told upward.
    told: Stamp,
    /// Presses since then.
    untold: Option<PanicSource>,
    uploaded_ms: Option<i64>,
    answer: Option<AlarmAnswer>,
    /// When its end was heard.
    closed: Option<Stamp>,
    fine_ms: Option<i64>,
    attended_ms: Option<i64>,
    /// The last press, by which the siren is timed.
    pressed: Stamp,
}

impl Call {
    fn is_open(&self) -> bool {
        self.closed.is_none()
    }

    /// It is open, or was closed lately.
    fn is_fresh(&self, now: &Stamp) -> bool {
        self.closed.is_none_or(|closed| closed.boot == now.boot && now.since_ms(&closed) < CLOSED_SHOWN_MS)
    }

    /// Pressed again after somebody was there: that was not the answer to this press. While they are still on their
    /// way it is.
    fn cried_again(&mut self) {
        if self.attended_ms.is_some() || self.answer.is_some_and(|answer| answer.arrived_ms.is_some()) {
            self.answer = None;
            self.attended_ms = None;
        }
    }

    /// Nobody has answered it in any way.
    fn is_unanswered(&self) -> bool {
        self.is_open()
            && self.attended_ms.is_none()
            && self
                .answer
                .is_none_or(|answer| answer.acknowledged_ms.is_none() && answer.arrived_ms.is_none())
    }
}

/// Every call that is open, and those closed lately.
#[derive(Debug)]
pub(crate) struct Calls {
    calls: Vec<Call>,
    siren_s: u32,
    /// The newest revision of the answers.
    rev: u64,
}

impl Calls {
    /// What the file knows, at the start at `now`: events, and the newest answers with the number of events they came
    /// after. A call that nobody answered sounds again.
    pub(crate) fn of(events: &[Kept], answers: Option<(&AlarmAnswers, usize)>, now: &Stamp) -> Self {
        let mut calls = Self { calls: Vec::new(), siren_s: SIREN_S, rev: 0 };
        let heard = |at: usize| answers.filter(|(_, after)| *after == at).map(|(answers, _)| answers);
        for (at, kept) in events.iter().enumerate() {
            if let Some(answers) = heard(at) {
                calls.answered(answers, now);
            }
            let envelope = &kept.envelope;
            // One of a kind that is not known here was sent by another release: it is sent on and shows nothing.
            if let Ok(event) = Event::decode(&envelope.kind, &envelope.body) {
                calls.learn(envelope.id, &event);
            }
            if let Some((verdict, at_ms)) = &kept.settled {
                calls.settled(envelope.id, verdict, *at_ms);
            }
        }
        if let Some(answers) = heard(events.len()) {
            calls.answered(answers, now);
        }
        for call in &mut calls.calls {
            call.pressed = *now;
        }
        calls
    }

    /// Somebody pressed. The event to tell, none while a press was told just before.
    pub(crate) fn press(&mut self, form: PanicForm, source: PanicSource, now: &Stamp) -> Option<PanicRaised> {
        let Some(call) = self.calls.iter_mut().rfind(|call| call.is_open() && call.form == form) else {
            return Some(PanicRaised { at: *now, form, source, joins: None });
        };
        call.presses = call.presses.saturating_add(1);
        call.pressed = *now;
        call.cried_again();
        if now.boot == call.told.boot && now.since_ms(&call.told) < REPEAT_MS {
            call.untold = Some(source);
            return None;
        }
        Some(PanicRaised { at: *now, form, source, joins: Some(call.id) })
    }

    /// Presses that wait to be told, once it is time.
    pub(crate) fn due(&mut self, now: &Stamp) -> Option<PanicRaised> {
        let due = |call: &&mut Call| {
            call.untold.is_some() && (now.boot != call.told.boot || now.since_ms(&call.told) >= REPEAT_MS)
        };
        let call = self.calls.iter_mut().find(due)?;
        let source = call.untold.take()?;
        Some(PanicRaised { at: *now, form: call.form, source, joins: Some(call.id) })
    }

    /// "I am fine" about the open call that the screen shows; none where there is none, or it was said already.
    pub(crate) fn fine(&mut self, now: &Stamp) -> Option<PanicFine> {
        let call = self.shown_call().filter(|call| call.is_open() && call.fine_ms.is_none())?;
        Some(PanicFine { at: *now, alarm: call.id })
    }

    /// An officer is there: one event for each open call.
    pub(crate) fn attended(&self, officer: OfficerId, now: &Stamp) -> Vec<PanicAttended> {
        let open = self.calls.iter().filter(|call| call.is_open() && call.attended_ms.is_none());
        open.map(|call| PanicAttended { at: *now, alarm: call.id, officer }).collect()
    }

    /// An event that was made, or read from the file.
    pub(crate) fn learn(&mut self, id: EventId, event: &Event) {
        if let Event::PanicRaised(raised) = event {
            self.raised(id, raised);
        } else if let Event::PanicFine(fine) = event
            && let Some(call) = self.call(fine.alarm)
        {
            call.fine_ms = Some(fine.at.wall_ms);
        } else if let Event::PanicAttended(attended) = event
            && let Some(call) = self.call(attended.alarm)
        {
            call.attended_ms = Some(attended.at.wall_ms);
        }
    }

    fn raised(&mut self, id: EventId, raised: &PanicRaised) {
        match raised.joins.and_then(|joins| self.call(joins)) {
            Some(call) => {
                call.told = raised.at;
                call.untold = None;
                call.cried_again();
            }
            None => self.calls.push(Call {
                id,
                raised: raised.at,
                form: raised.form,
                presses: 1,
                told: raised.at,
                untold: None,
                uploaded_ms: None,
                answer: None,
                closed: None,
                fine_ms: None,
                attended_ms: None,
                pressed: raised.at,
            }),
        }
    }

    /// The platform's verdict on an event.
    pub(crate) fn settled(&mut self, id: EventId, verdict: &Verdict, at_ms: i64) {
        let Some(call) = self.call(id) else { return };
        match verdict {
            Verdict::Accepted | Verdict::Duplicate | Verdict::Parked { .. } => {
                call.uploaded_ms.get_or_insert(at_ms);
            }
            Verdict::Rejected { .. } | Verdict::Retry { .. } | Verdict::Fork => {}
        }
    }

    /// What the platform says of its alarms. A call it does not name is untouched: it may not have it yet.
    pub(crate) fn answered(&mut self, answers: &AlarmAnswers, now: &Stamp) {
        self.rev = answers.rev;
        for answer in &answers.alarms {
            let Some(call) = self.call(answer.alarm) else { continue };
            // Pressed again before the end was heard: the press opens it again, and is on its way.
            if answer.closed_ms.is_some() && call.untold.is_some() {
                continue;
            }
            call.answer = Some(*answer);
            call.closed = answer.closed_ms.and(call.closed.or(Some(*now)));
        }
        self.calls.retain(|call| {
            call.closed
                .is_none_or(|closed| closed.boot == now.boot && now.since_ms(&closed) < CLOSED_SHOWN_MS)
        });
    }

    pub(crate) fn set_siren_s(&mut self, siren_s: u32) {
        self.siren_s = siren_s;
    }

    /// The newest revision heard, while a call waits for more: also for a while after its end, which a press on its way
    /// may have undone.
    pub(crate) fn awaited(&self, now: &Stamp) -> Option<u64> {
        self.calls.iter().any(|call| call.is_fresh(now)).then_some(self.rev)
    }

    /// Whether the relay of the wall panel is closed: from the press until somebody answered.
    pub(crate) fn relay(&self) -> bool {
        self.calls.iter().any(|call| call.form == PanicForm::Open && call.is_unanswered())
    }

    /// Whether the siren sounds: as the relay, and no longer than the policy says.
    pub(crate) fn siren(&self, now: &Stamp) -> bool {
        let for_ms = i64::from(self.siren_s).saturating_mul(1000);
        self.calls.iter().any(|call| {
            call.form == PanicForm::Open
                && call.is_unanswered()
                && now.boot == call.pressed.boot
                && now.since_ms(&call.pressed) < for_ms
        })
    }

    /// What the screen shows; a silent call shows nothing.
    pub(crate) fn shown(&self, saved: bool, now: &Stamp) -> Option<Shown> {
        let call = self.shown_call().filter(|call| call.is_fresh(now))?;
        let answer = |of: fn(AlarmAnswer) -> Option<i64>| call.answer.and_then(of);
        Some(Shown {
            raised_ms: call.raised.wall_ms,
            saved,
            uploaded_ms: call.uploaded_ms,
            acknowledged_ms: answer(|answer| answer.acknowledged_ms),
            coming_ms: answer(|answer| answer.coming_ms),
            attended_ms: call.attended_ms.or(answer(|answer| answer.arrived_ms)),
            closed_ms: answer(|answer| answer.closed_ms),
            fine_ms: call.fine_ms,
            presses: call.presses,
        })
    }

    /// The newest open call, else the newest closed one.
    fn shown_call(&self) -> Option<&Call> {
        let open = |call: &&Call| call.form == PanicForm::Open;
        let newest_open = self.calls.iter().rfind(|call| open(call) && call.is_open());
        newest_open.or_else(|| self.calls.iter().rfind(open))
    }

    fn call(&mut self, id: EventId) -> Option<&mut Call> {
        self.calls.iter_mut().find(|call| call.id == id)
    }
}

#[cfg(test)]
#[path = "calls_tests.rs"]
mod tests;
