// SPDX-License-Identifier: GPL-3.0-only
//! The one loop: one thread, owns the store. Everything that can happen is one [`Input`]; after each the screen gets a
//! [`Scene`] when something changed, the eye an order, and the network a ring.
//!
//! A disk that fails is said on the screen and nothing of that touch counts; the loop goes on.

mod care;
mod complaint;
mod document;
mod duty;
mod follow;
mod look;
mod network;
mod notice;
mod pins;
mod prove;
mod shop;
mod touch;

use crate::eye::{Order, Sight};
use ::device::{CardNumber, Clock};
use contract::{
    Batch, BatchReply, Blob, BlobState, CameraState, CaseChange, DetaineeId, Digest, EventId, FeedPage, Flow,
    Lane, LaneHead, MediaItem, OfficerId, Signed, Stamp,
};
use services::scene::{DutyPage, Eye, Flash, Guide, Link, Place, Scene, Touch};
use services::session::{self, Session};
use services::{Actor, Done, Intent, Refusal, Stop, alarm, device, roll_call};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;
use store::{Fault, FeedPosition, Store};
use tokio::sync::oneshot;

/// How long the loop waits for an input before it looks at the clock.
const TICK: Duration = Duration::from_millis(200);
/// How long a flash is shown, in milliseconds.
const FLASH_MS: i64 = 1_800;

/// Everything that can happen to the terminal.
#[derive(Debug)]
pub enum Input {
    Touch(Touch),
    Card(CardNumber),
    /// What the eye saw, for the order with this number.
    Sight {
        order: u64,
        sight: Sight,
    },
    Camera(CameraState),
    /// Something was done to the terminal, or to its power.
    Case(CaseChange),
    /// What the alarm's process says; none: no alarm.
    Alarm(Option<alarm::Status>),
    /// The alarm's process did not carry a press out in time: it goes the second way too.
    AlarmLate,
    /// Whether the face models are installed and sound.
    Models(bool),
    Link(Link),
    Ask(Ask),
    Stop,
}

/// What the network's tasks ask of the store.
#[derive(Debug)]
pub enum Ask {
    NextBatch(Lane, Flow, oneshot::Sender<Option<Batch>>),
    Settle(BatchReply, Signed, oneshot::Sender<()>),
    FeedPosition(oneshot::Sender<FeedPosition>),
    Apply(FeedPage, Digest, oneshot::Sender<()>),
    Heads(Vec<LaneHead>, oneshot::Sender<()>),
    Quarantine(EventId, oneshot::Sender<()>),
    NextBlob(Vec<Digest>, oneshot::Sender<Option<(Blob, Vec<u8>)>>),
    Media(oneshot::Sender<Vec<MediaItem>>),
    BlobWhole(BlobState, Signed, oneshot::Sender<()>),
}

/// Where the loop's results go. None of them may block.
pub struct Outputs {
    pub scene: Box<dyn Fn(Scene) + Send>,
    pub order: Box<dyn Fn(Order) + Send>,
    /// An event may wait to be sent.
    pub ring: Box<dyn Fn() + Send>,
    /// An officer is there for the alarm.
    pub attended: Box<dyn Fn(OfficerId) + Send>,
    /// Where the terminal belongs at this moment.
    pub enrolled: Box<dyn Fn() -> Option<device::Enrolled> + Send>,
}

/// What an officer was asked to look at somebody for.
#[derive(Debug, Clone)]
enum Awaited {
    Duty(DetaineeId, services::duty::Deed),
    /// A symptom report.
    Care(DetaineeId),
}

/// The loop's state.
pub struct Desk {
    store: Store,
    clock: Arc<dyn Clock>,
    outputs: Outputs,
    session: Session,
    place: Place,
    link: Link,
    eye: Eye,
    /// As the alarm's process says.
    alarm: Option<alarm::Status>,
    refusal: Option<Refusal>,
    /// Since when a PIN has to wait, to count the seconds down.
    waits_since: Option<Stamp>,
    /// A person hid their page.
    hidden: bool,
    /// Whom, and for what, an officer was asked to look at.
    awaits_officer: Option<Awaited>,
    fault: bool,
    flash: Option<(Flash, Stamp)>,
    shown: Option<Scene>,
    ordered: Order,
    /// Since when whoever is there shops.
    shops_since: Option<Stamp>,
    /// When the store was last tidied.
    tidied: Option<Stamp>,
    /// When the terminal's health is told next, by the monotonic clock.
    health_ms: Option<i64>,
    /// Where the terminal belongs, read again when its page is opened.
    enrolled: Option<device::Enrolled>,
    /// Since the start: transactions kept, batches handed to the network, batches answered.
    commits: u64,
    batches: u64,
    settled: u64,
}

impl Desk {
    pub fn new(store: Store, clock: Arc<dyn Clock>, link: Link, outputs: Outputs) -> Self {
        Self {
            store,
            clock,
            outputs,
            session: Session::default(),
            place: Place::Home,
            link,
            eye: Eye { camera: CameraState::Missing, models: false, guide: None },
            alarm: None,
            refusal: None,
            waits_since: None,
            hidden: false,
            awaits_officer: None,
            fault: false,
            flash: None,
            shown: None,
            ordered: Order::idle(),
            shops_since: None,
            tidied: None,
            health_ms: None,
            enrolled: None,
            commits: 0,
            batches: 0,
            settled: 0,
        }
    }

    /// Runs until [`Input::Stop`], or until nobody can send any more; `heard` came before there was a store.
    pub fn run(mut self, heard: Vec<Input>, inputs: &Receiver<Input>) {
        let now = self.clock.now();
        self.tell_forks(&now);
        for input in heard {
            self.take(input);
        }
        self.settle_down();
        loop {
            match inputs.recv_timeout(TICK) {
                Ok(Input::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(input) => self.take(input),
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.settle_down();
        }
    }

    fn take(&mut self, input: Input) {
        let now = self.clock.now();
        match input {
            Input::Touch(touch) => self.touched(touch, &now),
            Input::Card(card) => self.card(&card, &now),
            Input::Sight { order, sight } if order == self.ordered.number => self.saw(sight, &now),
            // An answer to an order that was taken back.
            Input::Sight { .. } => {}
            Input::Camera(state) => {
                self.eye.camera = state;
                if state != CameraState::Working {
                    self.eye.guide = None;
                }
                self.act(Actor::Machine, alarm::Intent::Camera(state), &now);
            }
            Input::Case(change) => {
                self.act(Actor::Machine, alarm::Intent::Case(change), &now);
            }
            Input::Alarm(status) => self.alarm = status,
            Input::AlarmLate => {
                self.act(Actor::Anyone, alarm::Intent::Raise, &now);
            }
            Input::Models(sound) => self.eye.models = sound,
            Input::Link(link) => self.link = link,
            Input::Ask(ask) => self.answer(ask, &now),
            Input::Stop => {}
        }
    }

    /// Time, the place that follows from it, the scene, the order.
    fn settle_down(&mut self) {
        let now = self.clock.now();
        if self.store.read(|read| services::due(read, &now)).unwrap_or(false) {
            self.write(|tx| services::tick(tx, &now));
        }
        if self.flash.as_ref().is_some_and(|(_, until)| now.since_ms(until) > 0 || now.boot != until.boot) {
            self.flash = None;
        }
        self.tidy(&now);
        self.tell_health(&now);
        self.count_wait_down(&now);
        self.follow(&now);
        self.order();
        self.show(now);
    }

    /// A wait after wrong PINs is told second by second, and is over by itself.
    fn count_wait_down(&mut self, now: &Stamp) {
        let Some(Refusal::Session(session::Refusal::Wait { seconds })) = self.refusal else {
            self.waits_since = None;
            return;
        };
        let since = *self.waits_since.get_or_insert(*now);
        let passed = u32::try_from(now.since_ms(&since) / 1000).unwrap_or(u32::MAX);
        if passed == 0 {
            return;
        }
        self.waits_since = Some(*now);
        let left = seconds.saturating_sub(passed);
        self.refusal = (left > 0).then_some(Refusal::Session(session::Refusal::Wait { seconds: left }));
    }

    /// Carries an intent out; a refusal or a fault goes on the screen.
    fn act(&mut self, actor: Actor, intent: impl Into<Intent>, now: &Stamp) -> Option<Done> {
        let intent = intent.into();
        let mut outcome = self.store.write(|tx| services::act(tx, actor, &intent, now));
        if let Err(Stop::Failed(fault)) = &outcome
            && fault.is_full()
            && self.store.drop_ballast()
        {
            outcome = self.store.write(|tx| services::act(tx, actor, &intent, now));
        }
        match outcome {
            Ok(done) => {
                self.commits += 1;
                (self.outputs.ring)();
                // What the terminal does by itself takes no word from a person's eyes.
                if actor != Actor::Machine {
                    self.refusal = done.refused;
                }
                done.refused.is_none().then_some(done)
            }
            Err(Stop::Refused(refusal)) => {
                // The machine's eye may be late; only a person is told no.
                if actor != Actor::Machine {
                    self.refusal = Some(refusal);
                }
                None
            }
            Err(Stop::Failed(fault)) => {
                self.failed(&fault);
                None
            }
        }
    }

    fn write<T>(&mut self, change: impl FnOnce(&store::Write<'_>) -> Result<T, Fault>) -> Option<T> {
        match self.store.write(change) {
            Ok(value) => {
                self.commits += 1;
                (self.outputs.ring)();
                Some(value)
            }
            Err(fault) => {
                self.failed(&fault);
                None
            }
        }
    }

    fn failed(&mut self, fault: &Fault) {
        tracing::error!(
            fault = fault as &dyn std::error::Error,
            "the store failed, nothing of this was kept"
        );
        self.fault = true;
    }

    /// An identification step; a wrong PIN is counted and told.
    fn identify(
        &mut self,
        step: impl FnOnce(&mut Session, &store::Write<'_>) -> Result<Result<(), session::Refusal>, Fault>,
    ) -> bool {
        let mut session = std::mem::take(&mut self.session);
        let verdict = self.write(|tx| step(&mut session, tx));
        self.session = session;
        match verdict {
            Some(Ok(())) => {
                self.refusal = None;
                true
            }
            Some(Err(refusal)) => {
                self.refusal = Some(Refusal::Session(refusal));
                false
            }
            None => false,
        }
    }

    /// A card ends whatever a detainee had on the screen.
    fn card(&mut self, card: &CardNumber, now: &Stamp) {
        let shown = self.identify(|session, tx| session.card(tx, card.as_str(), now));
        let asks = if shown {
            self.session.actor() == Actor::Anyone || self.awaits_second_pin()
        } else {
            self.place == Place::Home
        };
        if asks {
            self.place = Place::Officer;
        }
    }

    fn saw(&mut self, sight: Sight, now: &Stamp) {
        match sight {
            Sight::Guide(guide) => self.eye.guide = Some(guide),
            Sight::Matched { detainee, score, liveness, challenged, model } => {
                if let Place::Prove(page) = self.place.clone() {
                    return self.proven_by_face(page, detainee, now);
                }
                if let Place::Duty(DutyPage::Face { deed, .. }) = self.place.clone() {
                    let seen =
                        services::duty::Intent::Seen { detainee, deed, score, liveness, challenged, model };
                    return self.matched_on_duty(seen, now);
                }
                self.matched(
                    detainee,
                    roll_call::Intent::Seen { detainee, score, liveness, challenged, model },
                    now,
                );
            }
            Sight::NotMatched { detainee } => {
                self.eye.guide = Some(Guide::TryAgain);
                self.not_matched(detainee, now);
            }
            Sight::Stranger => {
                self.act(Actor::Machine, roll_call::Intent::Stranger, now);
            }
            Sight::EnrolView(view) => {
                // Somebody stands before the camera: the officer beside them need not touch the screen.
                self.session.touch(now);
                self.enrol_view(view);
            }
            Sight::Enrolled { template, model } => self.enrolled(template, model, now),
            Sight::EnrolRefused(why) => self.enrol_refused(why),
        }
    }

    fn flash(&mut self, flash: Flash, now: &Stamp) {
        let until = Stamp { mono_ms: now.mono_ms + FLASH_MS, wall_ms: now.wall_ms + FLASH_MS, ..*now };
        self.flash = Some((flash, until));
    }
}
