// SPDX-License-Identifier: GPL-3.0-only
//! The program in the cell, as a library: everything but the command line, so that journeys run it as it is.
//!
//! Threads: the window's (this one), the desk's (owns the store), the eye's, and a small runtime for the network. They
//! only exchange values; none waits for another but the network for the desk.

pub mod desk;
mod ear;
pub mod eye;
mod link;
pub mod memory;
pub mod screen;

use alarm::Command;
use desk::{Desk, Input, Outputs};
use device::{CardReader, CaseSensor, Clock, FrameSource};
use eye::Order;
use screen::{Mailbox, Screen};
use services::MIGRATIONS;
use services::alarm::Status;
use services::device::Enrolled;
use services::scene::{Link, Touch};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use store::{Config, Keys, Opened, PAGES_MAX, Store};
use sync::{Cut, Identity, MediaFolder, Setup, Tasks};

/// What is kept of what happens before there is a store.
const HEARD_MAX: usize = 1_000;
/// A store that did not open is tried again after this.
const STORE_AGAIN: Duration = Duration::from_secs(2);
/// The files the platform wants here together, in bytes: eight of the largest.
const MEDIA_BYTES_MAX: u64 = 16 * 1024 * 1024 * 1024;
/// How often the card reader and the case are asked.
const POLL: Duration = Duration::from_millis(100);

/// Why the terminal cannot start.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("open the terminal's identity")]
    Identity(#[from] sync::IdentityError),
    #[error("open the store")]
    Store(#[from] store::Fault),
    #[error("take the storage key")]
    Key(#[from] store::SealError),
    #[error("start the {thread} thread")]
    Thread { thread: &'static str, source: std::io::Error },
    #[error("start the network's runtime")]
    Runtime(#[source] std::io::Error),
}

/// The terminal's devices. A missing one is none.
pub struct Devices {
    pub clock: Arc<dyn Clock>,
    pub camera: Option<Box<dyn FrameSource>>,
    pub cards: Option<Box<dyn CardReader>>,
    pub case: Option<Box<dyn CaseSensor>>,
    pub sound: Option<media::sound::Sound>,
}

/// Where things are.
pub struct Places {
    /// Identity, store, and the files to show.
    pub data: PathBuf,
    pub models: Option<PathBuf>,
}

/// The running terminal.
pub struct Running {
    pub screen: Rc<Screen>,
    pub cut: Cut,
    inputs: Sender<Input>,
    desk: Option<JoinHandle<()>>,
    eye: Option<JoinHandle<()>>,
    runtime: tokio::runtime::Runtime,
    tasks: Option<Tasks>,
}

/// Starts the terminal around `window`. `alarm` reaches the alarm's process; `wake` is called, from any thread, when the
/// window has something to take by [`Screen::pump`].
///
/// # Errors
/// The identity cannot be opened, or the system gives no thread. A store that does not open is tried again for as long as
/// the terminal runs.
pub fn start(
    window: ui::MainWindow,
    places: Places,
    devices: Devices,
    alarm: alarm::Client,
    network: impl FnOnce(&mut Setup),
    wake: impl Fn() + Send + Clone + 'static,
) -> Result<Running, Fault> {
    let identity = Arc::new(Identity::open_or_make(&places.data)?);
    let (inputs, received) = channel();
    let touches = inputs.clone();
    let mailbox = Mailbox::default();
    let screen = Screen::new(
        window,
        mailbox.clone(),
        devices.sound.clone(),
        Some(alarm.clone()),
        move |touch: Touch| {
            touches.send(Input::Touch(touch)).ok();
        },
    );
    let (heard, shown, woken) = (inputs.clone(), mailbox.clone(), wake.clone());
    alarm.listen(move |state| {
        // While its process is away the last word stands: an alarm does not vanish from the screen.
        let Some(state) = state else { return };
        let status = status(state);
        shown.put_alarm(status);
        heard.send(Input::Alarm(status)).ok();
        woken();
    });

    let clock = Arc::clone(&devices.clock);
    let mut setup = Setup::new(Arc::new(move || clock.now().wall_ms));
    setup.media = Some(MediaFolder { dir: places.data.join("media"), bytes_max: MEDIA_BYTES_MAX });
    network(&mut setup);
    let cut = setup.cut.clone();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("network")
        .enable_all()
        .build()
        .map_err(Fault::Runtime)?;

    let (orders, ordered) = channel::<Order>();
    let ring = setup.wake.clone();
    let ear = devices.sound.map(ear::Ear::new);
    let scenes = (mailbox.clone(), wake.clone());
    let known = Arc::clone(&identity);
    let outputs = Outputs {
        scene: Box::new(move |scene| {
            if let Some(ear) = &ear {
                ear.hear(&scene);
            }
            scenes.0.put_scene(scene);
            (scenes.1)();
        }),
        order: Box::new(move |order| {
            orders.send(order).ok();
        }),
        ring: Box::new(move || ring.ring()),
        attended: Box::new(move |officer| alarm.give(Command::Attended { officer })),
        enrolled: Box::new(move || belongs(&known)),
    };
    let enrolled = identity.enrolment().ok().flatten().is_some();
    let link = if enrolled { Link::Offline } else { Link::NotEnrolled };
    let (data, keeper, clock) = (places.data, Arc::clone(&identity), Arc::clone(&devices.clock));
    let (closed, woken) = (mailbox.clone(), wake.clone());
    let desk = spawn("desk", move || {
        let told = || {
            closed.put_store_closed();
            woken();
        };
        let Some((store, opened, heard)) = open_store(&data, &keeper, &received, told) else { return };
        let mut desk = Desk::new(store, clock, link, outputs);
        if let Opened::Damaged { salvaged, .. } = opened {
            tracing::error!(salvaged, "the store was damaged; it lies beside the new one");
            desk.tell_damage(salvaged);
        }
        desk.run(heard, &received);
    })?;

    let pictures = (mailbox, wake);
    let eye = eye::Setup {
        source: devices.camera,
        models: places.models,
        inputs: inputs.clone(),
        orders: ordered,
        mirror: Box::new(move |frame| {
            pictures.0.put_frame(frame);
            (pictures.1)();
        }),
        draw: chance,
    };
    let eye = spawn("eye", move || eye::run(eye))?;
    if let Some(reader) = devices.cards {
        watch_cards(&runtime, reader, inputs.clone());
    }
    if let Some(case) = devices.case {
        watch_case(&runtime, case, inputs.clone());
    }

    let cell = Arc::new(link::DeskCell::new(inputs.clone(), devices.clock));
    let tasks = {
        let _entered = runtime.enter();
        sync::start(identity, cell, setup)
    };
    Ok(Running { screen, cut, inputs, desk: Some(desk), eye: Some(eye), runtime, tasks: Some(tasks) })
}

impl Running {
    /// Reaches the desk: devices, the developer dock, tests.
    pub fn inputs(&self) -> Sender<Input> {
        self.inputs.clone()
    }

    /// Ends everything in order. What was not sent is sent at the next start.
    pub fn stop(mut self) {
        if let Some(tasks) = self.tasks.take() {
            self.runtime.block_on(tasks.stop());
        }
        self.inputs.send(Input::Stop).ok();
        // The eye ends when the desk can order no more.
        for thread in [self.desk.take(), self.eye.take()].into_iter().flatten() {
            if thread.join().is_err() {
                tracing::error!("a thread ended badly");
            }
        }
        self.runtime.shutdown_timeout(Duration::from_secs(1));
    }
}

/// Opens the store, again and again while the disk does not let it: the window is there meanwhile, and the alarm works.
/// None when the terminal shall end.
fn open_store(
    data: &Path,
    identity: &Identity,
    inputs: &Receiver<Input>,
    told: impl Fn(),
) -> Option<(Store, Opened, Vec<Input>)> {
    let mut heard = Vec::new();
    loop {
        let opened = Keys::from_storage_key(identity.storage_key()).map_err(Fault::from).and_then(|keys| {
            let (device, signing) = (identity.device(), identity.signing_key());
            let config =
                Config { dir: data, device, signing, keys, services: MIGRATIONS, pages_max: PAGES_MAX };
            Ok(Store::open(config)?)
        });
        match opened {
            Ok((store, opened)) => return Some((store, opened, heard)),
            Err(fault) => {
                tracing::error!(fault = &fault as &dyn std::error::Error, "the store does not open");
                told();
            }
        }
        let again = Instant::now() + STORE_AGAIN;
        // What is touched or asked meanwhile means nothing: there is nothing to do it with. What is so stays so.
        while let Some(left) = again.checked_duration_since(Instant::now()) {
            match inputs.recv_timeout(left) {
                Ok(Input::Stop) | Err(RecvTimeoutError::Disconnected) => return None,
                Ok(Input::Touch(_) | Input::Card(_) | Input::Sight { .. } | Input::Ask(_))
                | Err(RecvTimeoutError::Timeout) => {}
                Ok(input) if heard.len() < HEARD_MAX => heard.push(input),
                Ok(_) => {}
            }
        }
    }
}

/// Where the terminal belongs, by its enrolment as it lies on the disk.
fn belongs(identity: &Identity) -> Option<Enrolled> {
    let enrolment = identity.enrolment().ok().flatten()?;
    Some(Enrolled { terminal: enrolment.terminal, until_ms: enrolment.validity().ok()?.until_ms })
}

fn spawn(thread: &'static str, body: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Fault> {
    let named = std::thread::Builder::new().name(thread.to_owned());
    named.spawn(body).map_err(|source| Fault::Thread { thread, source })
}

fn watch_cards(runtime: &tokio::runtime::Runtime, mut reader: Box<dyn CardReader>, inputs: Sender<Input>) {
    runtime.spawn(async move {
        let mut every = tokio::time::interval(POLL);
        loop {
            every.tick().await;
            if let Some(card) = reader.poll()
                && inputs.send(Input::Card(card)).is_err()
            {
                return;
            }
        }
    });
}

fn watch_case(runtime: &tokio::runtime::Runtime, mut case: Box<dyn CaseSensor>, inputs: Sender<Input>) {
    runtime.spawn(async move {
        let mut every = tokio::time::interval(POLL);
        loop {
            every.tick().await;
            if let Some(change) = case.poll()
                && inputs.send(Input::Case(change)).is_err()
            {
                return;
            }
        }
    });
}

/// What the screen says of the alarm's process.
fn status(state: alarm::State) -> Option<Status> {
    let alarm = state.alarm?;
    Some(Status {
        raised_ms: alarm.raised_ms,
        saved: alarm.saved,
        uploaded_ms: alarm.uploaded_ms,
        refused: false,
        acknowledged_ms: alarm.acknowledged_ms,
        coming_ms: alarm.coming_ms,
        attended_ms: alarm.attended_ms,
        closed_ms: alarm.closed_ms,
        fine_ms: alarm.fine_ms,
        presses: alarm.presses,
        reached: state.reached,
        second_way: false,
    })
}

/// Chance for the head turns; zero when the system has none, which makes them predictable and nothing else.
fn chance() -> u32 {
    let mut bytes = [0; 4];
    let random = ring::rand::SystemRandom::new();
    if ring::rand::SecureRandom::fill(&random, &mut bytes).is_err() {
        tracing::error!("the system gives no random numbers");
    }
    u32::from_ne_bytes(bytes)
}
