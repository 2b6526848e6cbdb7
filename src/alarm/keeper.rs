// SPDX-License-Identifier: GPL-3.0-only
//! The one loop of the alarm's process: one thread, owns the file and the outputs.
//!
//! A press closes the relay first and writes second: the one exception to "commit first". Nothing here waits for a
//! window, a store, the network or another process.

use crate::calls::{Calls, Shown};
use crate::journal::{Journal, JournalFault};
use contract::{
    AlarmAnswers, Batch, BatchReply, Event, EventId, Flow, LaneState, OfficerId, PanicForm, PanicSource,
    Signed, Stamp,
};
use device::{Clock, Output, PanicKey};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;
use tokio::sync::oneshot;

/// How long the loop waits for an input before it looks at key and clock: a tenth of the hundred milliseconds a press
/// may take to the relay, twice for the contact's bouncing.
const LOOK: Duration = Duration::from_millis(10);
/// Looks in a row that must find the key down.
const STEADY_LOOKS: u8 = 2;
/// What the disk did not take, and an output that did not switch, is tried again after this, in milliseconds.
const AGAIN_MS: i64 = 1_000;

/// What may be asked of the alarm's process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Command {
    /// The screen's control was held.
    Raise { form: PanicForm },
    /// Somebody in the cell says that all is well.
    Fine,
    /// An officer, known by card and PIN, is there.
    Attended { officer: OfficerId },
    /// Seconds the siren sounds after a press, by policy.
    SirenFor { siren_s: u32 },
}

/// What the alarm's process says, whenever it changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// None: no alarm, or one that nothing in the cell shows.
    pub alarm: Option<Shown>,
    /// The platform's last answer to this process was signed and fitted.
    pub reached: bool,
    pub siren: bool,
    pub lane: LaneState,
}

pub(crate) enum Input {
    /// With what is to be called when it was carried out.
    Command(Command, Box<dyn FnOnce() + Send>),
    NextBatch(Flow, oneshot::Sender<Option<Batch>>),
    Settle(Box<(BatchReply, Signed)>, oneshot::Sender<()>),
    Withhold(EventId, oneshot::Sender<()>),
    Awaited(oneshot::Sender<Option<u64>>),
    Answered(AlarmAnswers, oneshot::Sender<()>),
    Reached(bool),
    /// Somebody wants to hear every new state.
    Listen(Box<dyn Fn(State) -> bool + Send>),
    Stop,
}

/// The panel's devices. A missing one is none.
pub struct Panel {
    pub key: Option<Box<dyn PanicKey>>,
    pub relay: Option<Box<dyn Output>>,
    pub siren: Option<Box<dyn Output>>,
}

/// An output with what it was last told.
struct Switch {
    output: Option<Box<dyn Output>>,
    is: Option<bool>,
    failed: Option<Stamp>,
}

impl Switch {
    fn new(output: Option<Box<dyn Output>>) -> Self {
        Self { output, is: None, failed: None }
    }

    fn set(&mut self, on: bool, now: &Stamp) {
        let waits = self.failed.is_some_and(|at| at.boot == now.boot && now.since_ms(&at) < AGAIN_MS);
        let Some(output) = self.output.as_mut().filter(|_| self.is != Some(on) && !waits) else { return };
        match output.set(on) {
            Ok(()) => (self.is, self.failed) = (Some(on), None),
            Err(fault) => {
                if self.failed.replace(*now).is_none() {
                    tracing::error!(
                        fault = &fault as &dyn std::error::Error,
                        on,
                        "an output of the alarm fails"
                    );
                }
            }
        }
    }
}

pub(crate) struct Keeper {
    clock: Arc<dyn Clock>,
    journal: Journal,
    calls: Calls,
    key: Option<Box<dyn PanicKey>>,
    relay: Switch,
    siren: Switch,
    /// Rings for the senders.
    ring: Box<dyn Fn() + Send>,
    listeners: Vec<Box<dyn Fn(State) -> bool + Send>>,
    reached: bool,
    /// Looks in a row that found the key down, up to the press it was.
    key_down: u8,
    said: Option<State>,
    tried: Option<Stamp>,
}

impl Keeper {
    pub(crate) fn new(
        clock: Arc<dyn Clock>,
        journal: Journal,
        panel: Panel,
        ring: Box<dyn Fn() + Send>,
    ) -> Self {
        let calls = Calls::of(journal.events(), journal.answers(), &clock.now());
        Self {
            clock,
            journal,
            calls,
            key: panel.key,
            relay: Switch::new(panel.relay),
            siren: Switch::new(panel.siren),
            ring,
            listeners: Vec::new(),
            reached: false,
            key_down: 0,
            said: None,
            tried: None,
        }
    }

    /// Runs until [`Input::Stop`], or until nobody can send any more.
    pub(crate) fn run(mut self, inputs: &Receiver<Input>) {
        self.switch();
        loop {
            match inputs.recv_timeout(LOOK) {
                Ok(Input::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(input) => self.take(input),
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.look_at_key();
            self.time_passed();
            self.switch();
            self.say();
        }
        // A siren nobody can stop any more; the relay falls off with its line.
        let now = self.clock.now();
        self.siren.set(false, &now);
    }

    fn take(&mut self, input: Input) {
        let now = self.clock.now();
        // Whoever asked and is gone does not need the answer.
        match input {
            Input::Command(command, done) => {
                self.command(command, &now);
                done();
            }
            Input::NextBatch(flow, reply) => {
                reply.send(self.journal.next_batch(flow)).ok();
            }
            Input::Settle(heard, done) => {
                let (reply, receipt) = *heard;
                self.journal.settle(&reply, &receipt, &now);
                for told in &reply.verdicts {
                    self.calls.settled(told.id, &told.verdict, now.wall_ms);
                }
                done.send(()).ok();
                // Who answers is asked from here on.
                (self.ring)();
            }
            Input::Withhold(id, done) => {
                self.journal.withhold(id);
                done.send(()).ok();
            }
            Input::Awaited(reply) => {
                reply.send(self.calls.awaited(&now)).ok();
            }
            Input::Answered(answers, done) => {
                self.calls.answered(&answers, &now);
                self.journal.answered(answers);
                done.send(()).ok();
            }
            Input::Reached(reached) => self.reached = reached,
            Input::Listen(listener) => {
                if listener(self.state(&now)) {
                    self.listeners.push(listener);
                }
            }
            Input::Stop => {}
        }
    }

    fn command(&mut self, command: Command, now: &Stamp) {
        match command {
            Command::Raise { form } => self.press(form, PanicSource::Screen, now),
            Command::Fine => {
                if let Some(fine) = self.calls.fine(now) {
                    self.tell(Event::PanicFine(fine), now);
                }
            }
            Command::Attended { officer } => {
                for attended in self.calls.attended(officer, now) {
                    self.tell(Event::PanicAttended(attended), now);
                }
            }
            Command::SirenFor { siren_s } => self.calls.set_siren_s(siren_s),
        }
    }

    /// The relay closes before anything is written.
    fn press(&mut self, form: PanicForm, source: PanicSource, now: &Stamp) {
        if form == PanicForm::Open {
            self.relay.set(true, now);
            self.siren.set(true, now);
        }
        if let Some(raised) = self.calls.press(form, source, now) {
            tracing::info!("the alarm was raised");
            self.tell(Event::PanicRaised(raised), now);
        }
    }

    fn tell(&mut self, event: Event, now: &Stamp) {
        match self.journal.add(&event, now) {
            Ok(id) => {
                self.calls.learn(id, &event);
                (self.ring)();
            }
            Err(fault) => {
                let fault: &JournalFault = &fault;
                tracing::error!(fault = fault as &dyn std::error::Error, "an alarm cannot be made");
            }
        }
    }

    fn look_at_key(&mut self) {
        let down = self.key.as_mut().is_some_and(|key| key.is_down());
        self.key_down = if down { self.key_down.saturating_add(1) } else { 0 };
        if self.key_down == STEADY_LOOKS {
            let now = self.clock.now();
            self.press(PanicForm::Open, PanicSource::Key, &now);
        }
    }

    fn time_passed(&mut self) {
        let now = self.clock.now();
        if let Some(raised) = self.calls.due(&now) {
            self.tell(Event::PanicRaised(raised), &now);
        }
        let waited = self.tried.is_none_or(|at| at.boot != now.boot || now.since_ms(&at) >= AGAIN_MS);
        if !self.journal.is_saved() && waited {
            self.tried = Some(now);
            self.journal.write_rest();
        }
    }

    fn switch(&mut self) {
        let now = self.clock.now();
        self.relay.set(self.calls.relay(), &now);
        self.siren.set(self.calls.siren(&now), &now);
    }

    fn say(&mut self) {
        let state = self.state(&self.clock.now());
        // The age of what waits rises by itself and is no news.
        let news = |said: State| State { lane: LaneState { oldest_s: 0, ..said.lane }, ..said };
        if self.said.map(news) == Some(news(state)) {
            return;
        }
        self.said = Some(state);
        self.listeners.retain(|listener| listener(state));
    }

    fn state(&self, now: &Stamp) -> State {
        State {
            alarm: self.calls.shown(self.journal.is_saved(), now),
            reached: self.reached,
            siren: self.calls.siren(now),
            lane: self.journal.state(now),
        }
    }
}
