// SPDX-License-Identifier: GPL-3.0-only
//! 一键报警, as a small process of its own: hardware key, relay, siren, a file that is only added to, one lane, one
//! connection.
//!
//! Without network the relay and the siren work, the file keeps every press, and sending is tried for ever; without
//! power it goes on where it was, and a call nobody answered sounds again; without a disk it sends from memory and says
//! that it is not saved. It waits for no window, store, commit, snapshot or lock of the terminal, and the terminal's
//! death is none of its business. Nobody in the cell can end a call.
//!
//! Its parts: `calls` the rules, `journal` the file, `keeper` the loop, `talk` the socket by which the window speaks
//! to it.

mod calls;
mod journal;
mod keeper;
mod talk;

pub use calls::Shown;
pub use keeper::{Command, Panel, State};
pub use talk::{Client, SOCKET_FILE, TalkFault, connect, serve};

use contract::{AlarmAnswers, Batch, BatchReply, EventId, Flow, Lane, Signed, Stamp};
use device::Clock;
use journal::Journal;
use keeper::{Input, Keeper};
use std::fs::File;
use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use sync::{AlarmBox, Identity, LinkState, Outbox, Quarantine, Setup, Tasks};
use tokio::sync::oneshot;

/// Held for as long as the process lives, so that two never write one file.
const LOCK_FILE: &str = "panic.lock";

/// Why the alarm cannot run.
#[derive(Debug, thiserror::Error)]
pub enum AlarmFault {
    #[error("open the terminal's identity")]
    Identity(#[from] sync::IdentityError),
    #[error("hold the alarm's lock")]
    Lock(#[source] std::io::Error),
    #[error("start the alarm, another process has it")]
    Taken,
    #[error("start the alarm's thread")]
    Thread(#[source] std::io::Error),
    #[error("start the alarm's network")]
    Runtime(#[source] std::io::Error),
}

/// The running alarm.
pub struct Running {
    /// Cuts the network of the alarm alone, for the dock and tests.
    pub cut: sync::Cut,
    inputs: Sender<Input>,
    keeper: Option<JoinHandle<()>>,
    runtime: tokio::runtime::Runtime,
    tasks: Option<Tasks>,
    _lock: File,
}

/// Starts the alarm with the identity and file in `data`. Key and relay work before the network is looked at.
///
/// # Errors
/// The identity cannot be opened, or another process has the alarm.
pub fn start(
    data: &Path,
    clock: Arc<dyn Clock>,
    panel: Panel,
    network: impl FnOnce(&mut Setup),
) -> Result<Running, AlarmFault> {
    let identity = Arc::new(Identity::open_or_make(data)?);
    let lock = lock(&data.join(LOCK_FILE))?;
    let journal = Journal::open(data, identity.device(), identity.signing_key());
    let wall = Arc::clone(&clock);
    let mut setup = Setup::new(Arc::new(move || wall.now().wall_ms));
    network(&mut setup);
    let (cut, ring) = (setup.cut.clone(), setup.wake.clone());

    let (inputs, received) = channel();
    let keeper = Keeper::new(Arc::clone(&clock), journal, panel, Box::new(move || ring.ring()));
    let keeper = std::thread::Builder::new()
        .name("alarm".to_owned())
        .spawn(move || keeper.run(&received))
        .map_err(AlarmFault::Thread)?;

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("alarm-network")
        .enable_all()
        .build()
        .map_err(AlarmFault::Runtime)?;
    let alarms = Arc::new(KeeperBox { inputs: Mutex::new(inputs.clone()), clock });
    let tasks = {
        let _entered = runtime.enter();
        sync::start_alarm(identity, alarms, setup)
    };
    Ok(Running { cut, inputs, keeper: Some(keeper), runtime, tasks: Some(tasks), _lock: lock })
}

impl Running {
    /// Speaks to the alarm from within the same process: for tests.
    pub fn client(&self) -> Client {
        Client::beside(self.inputs.clone())
    }

    /// Ends everything in order. What was not sent is sent at the next start.
    pub fn stop(mut self) {
        if let Some(tasks) = self.tasks.take() {
            self.runtime.block_on(tasks.stop());
        }
        self.inputs.send(Input::Stop).ok();
        if self.keeper.take().is_some_and(|keeper| keeper.join().is_err()) {
            tracing::error!("the alarm's thread ended badly");
        }
    }
}

/// The alarms without a verdict, in batches as they are sent, for IT to carry by hand. It may be asked while the alarm
/// runs.
///
/// # Errors
/// The identity cannot be opened.
pub fn backlog(data: &Path) -> Result<Vec<Batch>, AlarmFault> {
    let identity = Identity::open(data)?;
    Ok(Journal::look(data, identity.device(), identity.signing_key()).backlog())
}

/// Takes the platform's checked verdicts that came by hand. Returns how many events they settled.
///
/// # Errors
/// The identity cannot be opened, or the alarm runs: it will hear the same verdicts itself.
pub fn settle(data: &Path, reply: &BatchReply, receipt: &Signed, now: &Stamp) -> Result<usize, AlarmFault> {
    let identity = Identity::open(data)?;
    let _lock = lock(&data.join(LOCK_FILE))?;
    let mut journal = Journal::open(data, identity.device(), identity.signing_key());
    let waiting = |journal: &Journal| journal.events().iter().filter(|kept| kept.settled.is_none()).count();
    let before = waiting(&journal);
    journal.settle(reply, receipt, now);
    Ok(before.saturating_sub(waiting(&journal)))
}

fn lock(path: &Path) -> Result<File, AlarmFault> {
    let file = File::create(path).map_err(AlarmFault::Lock)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(AlarmFault::Taken),
        Err(std::fs::TryLockError::Error(error)) => Err(AlarmFault::Lock(error)),
    }
}

/// The network's side of the loop.
struct KeeperBox {
    inputs: Mutex<Sender<Input>>,
    clock: Arc<dyn Clock>,
}

impl KeeperBox {
    fn send(&self, input: Input) {
        // A loop that is gone is being shut down.
        self.inputs.lock().unwrap_or_else(PoisonError::into_inner).send(input).ok();
    }

    async fn ask<T>(&self, question: impl FnOnce(oneshot::Sender<T>) -> Input) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.send(question(reply));
        answer.await.ok()
    }
}

impl Outbox for KeeperBox {
    async fn next_batch(&self, lane: Lane, flow: Flow) -> Option<Batch> {
        if lane != Lane::Panic {
            return None;
        }
        self.ask(|reply| Input::NextBatch(flow, reply)).await.flatten()
    }

    async fn settle(&self, reply: BatchReply, receipt: Signed) {
        self.ask(|done| Input::Settle(Box::new((reply, receipt)), done)).await;
    }

    async fn quarantine(&self, event: EventId, _reason: Quarantine) {
        self.ask(|done| Input::Withhold(event, done)).await;
    }

    fn link(&self, state: LinkState) {
        self.send(Input::Reached(state == LinkState::Online));
    }

    fn witness(&self, server_ms: i64, round_trip_ms: i64) {
        self.clock.witness(server_ms, round_trip_ms);
    }
}

impl AlarmBox for KeeperBox {
    async fn awaited(&self) -> Option<u64> {
        self.ask(Input::Awaited).await.flatten()
    }

    async fn answered(&self, answers: AlarmAnswers) {
        self.ask(|done| Input::Answered(answers, done)).await;
    }
}

#[cfg(test)]
mod tests;
