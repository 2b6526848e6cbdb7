// SPDX-License-Identifier: GPL-3.0-only
//! The thread that owns the desk, and the runtime beside it that asks the platform and does the passphrase's work.
//!
//! The window's thread only puts touches in a line and takes views out of one; it waits for neither.

use crate::desk::{Desk, Done, Job, Now, Touch};
use crate::keys::Keys;
use crate::platform::Platform;
use crate::view::{View, view};
use i18n::Lang;
use office::files;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How often time is looked at when nothing happens.
const TICK: Duration = Duration::from_secs(1);
/// How often what is shown is made anew for the time alone, in ticks.
const TICKS_TO_VIEW: u32 = 15;

/// What comes to the desk.
#[expect(clippy::large_enum_variant, reason = "there are few at a time, and none stays")]
enum Input {
    Touch(Touch),
    Done(Done),
    Stop,
}

/// The desk at work.
pub struct Running {
    inputs: Sender<Input>,
    thread: Option<JoinHandle<()>>,
}

/// Hands touches over.
#[derive(Clone)]
pub struct Hand(Sender<Input>);

impl Hand {
    pub fn touch(&self, touch: Touch) {
        self.0.send(Input::Touch(touch)).ok();
    }
}

impl Running {
    pub fn hand(&self) -> Hand {
        Hand(self.inputs.clone())
    }

    /// Ends the desk; its keys are dropped with it.
    pub fn stop(mut self) {
        self.inputs.send(Input::Stop).ok();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// Starts the desk; `show` is called on its thread with each new view.
///
/// # Errors
/// The system gives no thread or runtime.
pub fn start<P: Platform>(
    platform: P,
    address: String,
    file: PathBuf,
    lang: Lang,
    show: impl Fn(View) + Send + 'static,
) -> std::io::Result<Running> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let (inputs, line) = channel();
    let back = inputs.clone();
    let thread = std::thread::Builder::new().name("desk".to_owned()).spawn(move || {
        let clock = Clock(Instant::now());
        let desk = Desk::new(address, file, clock.now());
        let world = World { platform: Arc::new(platform), runtime, back };
        serve(desk, &line, &world, &clock, lang, show);
        world.runtime.shutdown_background();
    })?;
    Ok(Running { inputs, thread: Some(thread) })
}

fn serve<P: Platform>(
    mut desk: Desk,
    line: &Receiver<Input>,
    world: &World<P>,
    clock: &Clock,
    lang: Lang,
    show: impl Fn(View),
) {
    let mut shown = view(&desk, lang, clock.now());
    show(shown.clone());
    let mut quiet = 0;
    loop {
        let (jobs, is_input) = match line.recv_timeout(TICK) {
            Ok(Input::Touch(touch)) => (desk.touch(touch, clock.now()), true),
            Ok(Input::Done(done)) => (desk.done(done, clock.now()), true),
            Ok(Input::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                let page = desk.page;
                desk.tick(clock.now());
                (Vec::new(), page != desk.page)
            }
        };
        for job in jobs {
            world.start(job);
        }
        quiet = if is_input { 0 } else { quiet + 1 };
        if is_input || quiet % TICKS_TO_VIEW == 0 {
            let next = view(&desk, lang, clock.now());
            if next != shown {
                shown = next;
                show(shown.clone());
            }
        }
    }
}

/// Opens a key file, and what its office saw before.
pub fn open_keys(path: &Path, passphrase: &str, turn: u64) -> Done {
    Done::Keys {
        outcome: Keys::open(path, passphrase),
        seen: files::read_seen(&files::seen_beside(path)),
        turn,
    }
}

/// Keeps what an office saw beside its key file.
pub fn keep_seen(keys: &Path, seen: &contract::Seen) -> Done {
    Done::Kept { outcome: files::keep_seen(&files::seen_beside(keys), seen) }
}

struct Clock(Instant);

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "the desk is given its time here and nowhere else")]
    fn now(&self) -> Now {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let ms = |time: Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        Now { mono_ms: ms(self.0.elapsed()), wall_ms: ms(wall) }
    }
}

struct World<P> {
    platform: Arc<P>,
    runtime: tokio::runtime::Runtime,
    back: Sender<Input>,
}

impl<P: Platform> World<P> {
    fn start(&self, job: Job) {
        let back = self.back.clone();
        match job {
            Job::OpenKeys { path, passphrase, turn } => {
                self.runtime.spawn_blocking(move || {
                    let done = open_keys(&path, &passphrase, turn);
                    drop(passphrase);
                    back.send(Input::Done(done)).ok();
                });
            }
            Job::KeepSeen { keys, seen } => {
                // One after the other: a later one must not be overtaken by an earlier.
                back.send(Input::Done(keep_seen(&keys, &seen))).ok();
            }
            Job::Ask { to, ask, about, turn, after_ms } => {
                let platform = Arc::clone(&self.platform);
                self.runtime.spawn(async move {
                    if after_ms > 0 {
                        tokio::time::sleep(Duration::from_millis(after_ms.unsigned_abs())).await;
                    }
                    let outcome = platform.ask(&to, ask).await;
                    back.send(Input::Done(Done::Asked { outcome, about, turn })).ok();
                });
            }
        }
    }
}
