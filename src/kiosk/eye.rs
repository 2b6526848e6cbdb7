// SPDX-License-Identifier: GPL-3.0-only
//! The terminal's eye: one thread that takes frames, shows them in the mirror, and looks for whom it was ordered to.
//!
//! A camera that is covered, dark, stalled, unplugged or missing is a normal state, told within two seconds, and left
//! again by itself. A frame lives for one look and is zeroed; nothing of it is kept.

use crate::desk::Input;
use contract::{CameraState, DetaineeId, FacePolicy, Text};
use device::{CameraFault, Frame, FrameSource};
use face::{
    Check, Draw, Enrolment, EnrolmentProgress, Gate, Look, Miss, Models, Progress, Template, Turn, View,
};
use services::scene::{EnrolRefusal, Guide};
use services::session::{self, TemplateBytes};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::time::Duration;

/// Longest wait for a frame before the camera counts as stalled: with the next look it is told within two seconds.
const FRAME_WAIT: Duration = Duration::from_secs(1);
/// Without a task, how often the eye opens to see that the camera is well.
const IDLE_LOOK: Duration = Duration::from_millis(500);
/// A state must hold this long before it is told, so that a passing hand is no event.
const STATE_HOLDS: Duration = Duration::from_millis(1_200);

/// Whom to look for. Sights carry the order's number, so that late ones of an older order are known.
#[derive(Debug, Clone)]
pub struct Order {
    pub number: u64,
    pub task: Task,
    pub tries_max: u8,
    pub policy: FacePolicy,
}

impl Order {
    pub fn idle() -> Self {
        Self { number: 0, task: Task::Idle, tries_max: 0, policy: FacePolicy::default() }
    }
}

#[derive(Debug, Clone)]
pub enum Task {
    Idle,
    /// No picture is taken at all.
    Closed,
    /// Only the mirror.
    Preview,
    One(session::Template),
    Any(Vec<session::Template>),
    Enrol {
        detainee: DetaineeId,
        others: Vec<session::Template>,
    },
}

impl Task {
    /// Whether both look for the same people.
    pub fn same_as(&self, other: &Self) -> bool {
        let ids = |templates: &[session::Template]| templates.iter().map(|t| t.detainee).collect::<Vec<_>>();
        match (self, other) {
            (Self::Idle, Self::Idle) | (Self::Closed, Self::Closed) | (Self::Preview, Self::Preview) => true,
            (Self::One(a), Self::One(b)) => a == b,
            (Self::Any(a), Self::Any(b)) => ids(a) == ids(b),
            (Self::Enrol { detainee: a, .. }, Self::Enrol { detainee: b, .. }) => a == b,
            (
                Self::Idle | Self::Closed | Self::Preview | Self::One(_) | Self::Any(_) | Self::Enrol { .. },
                _,
            ) => false,
        }
    }
}

/// What the eye has to say.
#[derive(Debug, Clone)]
pub enum Sight {
    Guide(Guide),
    Matched {
        detainee: DetaineeId,
        score: f32,
        liveness: Option<f32>,
        challenged: bool,
        model: Text<64>,
    },
    /// One try ended without a match.
    NotMatched {
        detainee: DetaineeId,
    },
    /// In a search: clearly nobody of the roster.
    Stranger,
    /// The enrolment goes on with this view: 1 front, 2 left, 3 right.
    EnrolView(u8),
    Enrolled {
        template: TemplateBytes,
        model: Text<64>,
    },
    EnrolRefused(EnrolRefusal),
}

/// What the thread needs.
pub struct Setup {
    /// Opened in the thread; none where the site has no camera.
    pub source: Option<Box<dyn FrameSource>>,
    /// The folder of the models; none where there is none.
    pub models: Option<PathBuf>,
    pub inputs: Sender<Input>,
    pub orders: Receiver<Order>,
    /// Shows a frame in the mirror; must not block.
    pub mirror: Box<dyn Fn(&Frame) + Send>,
    pub draw: fn() -> u32,
}

/// Runs until nobody can order any more.
pub fn run(setup: Setup) {
    let Setup { source, models, inputs, orders, mirror, draw } = setup;
    let models = models.and_then(|dir| {
        Models::load(&dir)
            .inspect_err(|fault| {
                tracing::error!(fault = fault as &dyn std::error::Error, "face models not used")
            })
            .ok()
    });
    inputs.send(Input::Models(models.is_some())).ok();
    let Some(source) = source else {
        inputs.send(Input::Camera(CameraState::Missing)).ok();
        return;
    };
    let eye = Eye {
        source,
        models,
        inputs,
        mirror,
        draw,
        state: Told::default(),
        order: Order::idle(),
        work: Work::None,
        enrol_view: 0,
    };
    eye.run(&orders);
}

struct Eye {
    source: Box<dyn FrameSource>,
    models: Option<Models>,
    inputs: Sender<Input>,
    mirror: Box<dyn Fn(&Frame) + Send>,
    draw: fn() -> u32,
    state: Told,
    order: Order,
    work: Work,
    enrol_view: u8,
}

enum Work {
    None,
    Check { check: Check, people: Vec<DetaineeId> },
    Enrol(Enrolment),
    Over,
}

impl Eye {
    fn run(mut self, orders: &Receiver<Order>) {
        self.source.rest(true);
        loop {
            match newest(orders) {
                Ok(Some(order)) => self.begin(order),
                Ok(None) => {}
                Err(Gone) => return,
            }
            if matches!(self.order.task, Task::Idle) {
                match orders.recv_timeout(IDLE_LOOK) {
                    Ok(order) => self.begin(order),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
            while matches!(self.order.task, Task::Closed) {
                match orders.recv() {
                    Ok(order) => self.begin(order),
                    Err(_) => return,
                }
            }
            match self.source.next(FRAME_WAIT) {
                Ok(frame) => self.look(&frame),
                Err(fault) => self.tell(state_of(fault), None),
            }
        }
    }

    fn begin(&mut self, order: Order) {
        self.source.rest(matches!(order.task, Task::Idle | Task::Closed));
        let model = self.models.as_ref().map(Models::model_hash);
        let opened = |template: &session::Template| {
            let template = Template::decode(&template.bytes.0, model?);
            template
                .inspect_err(|fault| {
                    tracing::warn!(fault = fault as &dyn std::error::Error, "template not used")
                })
                .ok()
        };
        let draw = self.draw;
        let chance = || -> Draw { Box::new(draw) };
        let mut policy = self.order_policy(&order);
        self.enrol_view = 0;
        self.work = match &order.task {
            Task::Idle | Task::Closed | Task::Preview => Work::None,
            Task::One(template) => opened(template).map_or(Work::None, |opened| Work::Check {
                check: Check::person(policy, &opened, chance()),
                people: vec![template.detainee],
            }),
            Task::Any(templates) => {
                let (people, opened): (Vec<_>, Vec<_>) =
                    templates.iter().filter_map(|t| Some((t.detainee, opened(t)?))).unzip();
                // In a search nobody uses up anybody's tries.
                policy.tries_max = 1;
                if opened.is_empty() {
                    Work::None
                } else {
                    Work::Check { check: Check::roster(policy, &opened, chance()), people }
                }
            }
            Task::Enrol { others, .. } => match model {
                Some(model) => {
                    let others: Vec<_> = others.iter().filter_map(opened).collect();
                    Work::Enrol(Enrolment::new(policy, model, &others))
                }
                None => Work::None,
            },
        };
        self.order = order;
    }

    fn order_policy(&self, order: &Order) -> FacePolicy {
        FacePolicy { tries_max: u32::from(order.tries_max.max(1)), ..order.policy.clone() }
    }

    fn look(&mut self, frame: &Frame) {
        let covered = face::covered(frame);
        self.tell(if covered { CameraState::Covered } else { CameraState::Working }, Some(frame.taken));
        if !matches!(self.order.task, Task::Idle) {
            (self.mirror)(frame);
        }
        let policy = self.order_policy(&self.order);
        let (Some(models), look) = (self.models.as_mut(), self.work.look()) else { return };
        let Some(look) = look else { return };
        let seen = match models.observe(frame, look, &policy) {
            Ok(seen) => seen,
            Err(fault) => {
                tracing::error!(fault = &fault as &dyn std::error::Error, "a frame could not be looked at");
                return;
            }
        };
        match &mut self.work {
            Work::Check { check, .. } => {
                let progress = check.feed(&seen, frame.taken);
                self.checked(progress);
            }
            Work::Enrol(enrolment) => {
                let progress = enrolment.feed(&seen);
                self.enrolled(progress);
            }
            Work::None | Work::Over => {}
        }
    }

    fn checked(&mut self, progress: Progress) {
        let Work::Check { people, .. } = &self.work else { return };
        let one = (!matches!(self.order.task, Task::Any(_))).then(|| people[0]);
        match progress {
            Progress::Guide(gate) => self.say(Sight::Guide(guide(gate))),
            Progress::Hold { .. } => self.say(Sight::Guide(Guide::Holding)),
            Progress::Challenge(turn) => self.say(Sight::Guide(turn_guide(turn))),
            Progress::Again { why, .. } => {
                self.say(Sight::Guide(Guide::TryAgain));
                self.missed(one, why);
            }
            Progress::Match(found) => {
                let Some(detainee) = people.get(found.index).copied() else { return };
                let Some(models) = &self.models else { return };
                let model = Text::new(models.model_hash().as_str());
                let (score, liveness, challenged) = (found.score, found.liveness, found.challenged);
                self.say(Sight::Matched { detainee, score, liveness, challenged, model });
                self.work = Work::Over;
            }
            Progress::NoMatch { why, .. } => {
                self.missed(one, why);
                self.again_or_over();
            }
            Progress::NotOnRoster { .. } => {
                self.say(Sight::Stranger);
                self.again_or_over();
            }
        }
    }

    /// A try that ended without a single good frame is nobody's failed try: nobody stood there.
    fn missed(&self, one: Option<DetaineeId>, why: Miss) {
        if let Some(detainee) = one
            && why != Miss::NotSeen
        {
            self.say(Sight::NotMatched { detainee });
        }
    }

    /// A search goes on with the next person; a check of one person goes on while the order stands.
    fn again_or_over(&mut self) {
        let order = self.order.clone();
        self.begin(order);
    }

    fn enrolled(&mut self, progress: EnrolmentProgress) {
        match progress {
            EnrolmentProgress::Guide { gate, .. } => self.say(Sight::Guide(guide(gate))),
            EnrolmentProgress::Ask(view) => {
                self.view(view);
                self.say(Sight::Guide(view_guide(view)));
            }
            EnrolmentProgress::Hold { view, .. } => {
                self.view(view);
                self.say(Sight::Guide(Guide::Holding));
            }
            EnrolmentProgress::SomeoneElse(_) => {
                self.say(Sight::EnrolRefused(EnrolRefusal::NotOnePerson));
                self.work = Work::Over;
            }
            EnrolmentProgress::TooAlike { .. } => {
                self.say(Sight::EnrolRefused(EnrolRefusal::TooAlike));
                self.work = Work::Over;
            }
            EnrolmentProgress::Done { .. } => {
                let Work::Enrol(enrolment) = std::mem::replace(&mut self.work, Work::Over) else { return };
                let Some(template) = enrolment.into_template() else { return };
                let model = Text::new(template.model().as_str());
                self.say(Sight::Enrolled { template: TemplateBytes(template.encode()), model });
            }
        }
    }

    fn view(&mut self, view: View) {
        let number = match view {
            View::Front => 1,
            View::Left => 2,
            View::Right => 3,
        };
        if number != self.enrol_view {
            self.enrol_view = number;
            self.say(Sight::EnrolView(number));
        }
    }

    fn say(&self, sight: Sight) {
        self.inputs.send(Input::Sight { order: self.order.number, sight }).ok();
    }

    fn tell(&mut self, state: CameraState, taken: Option<Duration>) {
        if let Some(state) = self.state.see(state, taken) {
            self.inputs.send(Input::Camera(state)).ok();
        }
    }
}

impl Work {
    fn look(&self) -> Option<Look> {
        match self {
            Self::None | Self::Over => None,
            Self::Check { check, .. } => Some(check.look()),
            Self::Enrol(enrolment) => Some(enrolment.look()),
        }
    }
}

/// Tells a state once it has held for a while; a fault of the camera at once, because it took a second to show.
#[derive(Default)]
struct Told {
    told: Option<CameraState>,
    seen: Option<(CameraState, Duration)>,
}

impl Told {
    fn see(&mut self, state: CameraState, taken: Option<Duration>) -> Option<CameraState> {
        if self.told == Some(state) {
            self.seen = None;
            return None;
        }
        let first = self.told.is_none();
        if let (Some(taken), false) = (taken, first) {
            let since = match self.seen {
                Some((seen, since)) if seen == state => since,
                Some(_) | None => {
                    self.seen = Some((state, taken));
                    taken
                }
            };
            if taken.saturating_sub(since) < STATE_HOLDS {
                return None;
            }
        }
        self.told = Some(state);
        self.seen = None;
        Some(state)
    }
}

struct Gone;

/// The last order that waits, if any.
fn newest(orders: &Receiver<Order>) -> Result<Option<Order>, Gone> {
    let mut last = None;
    loop {
        match orders.try_recv() {
            Ok(order) => last = Some(order),
            Err(TryRecvError::Empty) => return Ok(last),
            Err(TryRecvError::Disconnected) => return Err(Gone),
        }
    }
}

fn state_of(fault: CameraFault) -> CameraState {
    match fault {
        CameraFault::Missing => CameraState::Missing,
        CameraFault::Unplugged => CameraState::Unplugged,
        CameraFault::Stalled | CameraFault::Broken => CameraState::Stalled,
    }
}

fn guide(gate: Gate) -> Guide {
    match gate {
        Gate::Covered | Gate::NoFace => Guide::ComeBefore,
        Gate::SeveralFaces => Guide::OneAtATime,
        Gate::TooFar => Guide::Closer,
        Gate::TooClose => Guide::Back,
        Gate::NotCentred => Guide::ToTheMiddle,
        Gate::TooDark | Gate::Flat => Guide::MoreLight,
        Gate::TooBright => Guide::LessLight,
        Gate::Tilted => Guide::HeadUpright,
        Gate::Turned => Guide::LookHere,
        Gate::Hidden => Guide::Uncover,
        Gate::Blurred => Guide::HoldStill,
    }
}

fn turn_guide(turn: Turn) -> Guide {
    match turn {
        Turn::Left => Guide::TurnLeft,
        Turn::Right => Guide::TurnRight,
        Turn::Up => Guide::LookUp,
    }
}

fn view_guide(view: View) -> Guide {
    match view {
        View::Front => Guide::LookHere,
        View::Left => Guide::TurnLeft,
        View::Right => Guide::TurnRight,
    }
}
