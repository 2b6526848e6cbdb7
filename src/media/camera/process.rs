// SPDX-License-Identifier: GPL-3.0-only
//! The parent's end of the camera: starts the process, hands out its frames, kills it when it hangs.
//!
//! Asking is all it takes: each question starts, watches and restarts the process as needed, and none waits longer
//! than its time-out. Without questions the process goes on filming; a frame that grew old meanwhile is not handed
//! out.

use std::os::fd::AsFd;
use std::path::Path;
use std::process::{Child, Command as Program, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use contract::Stamp;
use device::sim::{Command, CommandError};
use device::{CameraFault, Clock, Frame, FrameSource, SystemClock, since_boot};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::link::{BEGIN, Link, REST, Said, WAKE};
use super::ring::{Absurd, Ring, fault_of};
use super::spec::{CameraSpec, command_args};
use crate::backoff::Backoff;

/// Longest time without a frame before the process is killed.
const STALL_MS: i64 = 1_000;
/// The same before its first frame: cameras take their time to wake.
const START_MS: i64 = 5_000;
/// Pause before a process is started again: first, doubling up to most.
const RESTART_MS: i64 = 1_000;
const RESTART_MS_MAX: i64 = 10_000;
/// How long a process that has closed its socket is waited for, to learn why: its memory goes before its exit code comes.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// How long a killed process is waited for. One stuck in its driver may take for ever and is left to be collected
/// later.
const REAP: Duration = Duration::from_millis(300);
/// Processes that would not die; with that many no further one is started.
const UNDEAD_MAX: usize = 3;

/// The camera of another process.
pub struct CameraProcess {
    program: Box<dyn Fn() -> Program + Send>,
    clock: Arc<dyn Clock>,
    phase: Phase,
    /// What is answered when no frame is there.
    fault: CameraFault,
    backoff: Backoff,
    seq: u64,
    undead: Vec<Child>,
    resting: bool,
    remote: CameraRemote,
}

/// A remote control of a simulated camera in another process: any number of hands, any thread.
#[derive(Clone)]
pub struct CameraRemote(Arc<Mutex<Remote>>);

/// Why a verb did not reach the camera.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    #[error(transparent)]
    Command(#[from] CommandError),
    #[error("control a camera that is not simulated")]
    Real,
    #[error("reach the camera process")]
    Down,
}

struct Remote {
    simulated: bool,
    link: Option<Link>,
    /// The photo last asked for: asked for again when the process has to be started again.
    shown: Option<Command>,
}

enum Phase {
    Down { since: Stamp, wait_ms: i64 },
    Up(Running),
}

struct Running {
    child: Child,
    link: Link,
    ring: Ring,
    /// When it started or delivered last.
    alive: Stamp,
    delivered: bool,
    seen: u64,
}

enum Look {
    Frame(Frame),
    /// Nothing yet; worth looking again after this long at the latest.
    Wait(i64),
}

impl CameraProcess {
    /// A camera run as `<exe> camera …`, which has to call [`super::serve`]. The process starts with the first
    /// question, and dies with the thread that asked it: ask from one that lasts.
    pub fn spawn(exe: &Path, spec: &CameraSpec) -> Self {
        let (exe, args) = (exe.to_owned(), command_args(spec));
        let simulated = match spec {
            CameraSpec::Photos(_) => true,
            CameraSpec::First | CameraSpec::Device(_) => false,
        };
        let program = move || {
            let mut program = Program::new(&exe);
            program.args(&args);
            program
        };
        Self::with(program, simulated, Arc::new(SystemClock::new()))
    }

    /// The same with any program and clock.
    pub(super) fn with(
        program: impl Fn() -> Program + Send + 'static,
        simulated: bool,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            program: Box::new(program),
            phase: Phase::Down { since: clock.now(), wait_ms: 0 },
            clock,
            fault: CameraFault::Stalled,
            backoff: Backoff::new(RESTART_MS, RESTART_MS_MAX),
            seq: 0,
            undead: Vec::new(),
            resting: false,
            remote: CameraRemote(Arc::new(Mutex::new(Remote { simulated, link: None, shown: None }))),
        }
    }

    /// Sends a verb to a simulated camera: `cover`, `uncover`, `show NAME`, `turn left` and so on.
    ///
    /// # Errors
    /// The line is no verb, the camera is real, or its process is down just now.
    pub fn control(&self, line: &str) -> Result<(), ControlError> {
        self.remote.control(line)
    }

    pub fn remote(&self) -> CameraRemote {
        self.remote.clone()
    }

    /// The process, while there is one.
    pub fn pid(&self) -> Option<u32> {
        match &self.phase {
            Phase::Up(running) => Some(running.child.id()),
            Phase::Down { .. } => None,
        }
    }

    fn look(&mut self) -> Result<Look, CameraFault> {
        let now = self.clock.now();
        match &mut self.phase {
            Phase::Down { since, wait_ms } => {
                let left_ms = *wait_ms - now.since_ms(since);
                if left_ms > 0 {
                    return Ok(Look::Wait(left_ms));
                }
                self.start(now)
            }
            Phase::Up(running) => {
                let gone = running.hear();
                match running.frame(now, self.seq + 1) {
                    Ok(Some(frame)) => {
                        self.seq += 1;
                        self.fault = CameraFault::Stalled;
                        self.backoff.succeeded();
                        return Ok(Look::Frame(frame));
                    }
                    Ok(None) => {}
                    Err(Absurd) => return Err(self.stop(CameraFault::Broken)),
                }
                if gone {
                    let fault = running.last_words();
                    return Err(self.stop(fault));
                }
                let told = match running.ring.fault() {
                    Ok(told) => told,
                    Err(Absurd) => return Err(self.stop(CameraFault::Broken)),
                };
                if let Some(fault) = told {
                    running.alive = now;
                    let news = self.fault != fault;
                    self.fault = fault;
                    return if news { Err(fault) } else { Ok(Look::Wait(STALL_MS)) };
                }
                let limit_ms = if running.delivered { STALL_MS } else { START_MS };
                match limit_ms - now.since_ms(&running.alive) {
                    ..=0 => Err(self.stop(CameraFault::Stalled)),
                    left_ms => Ok(Look::Wait(left_ms)),
                }
            }
        }
    }

    fn start(&mut self, now: Stamp) -> Result<Look, CameraFault> {
        self.undead.retain_mut(|child| !matches!(child.try_wait(), Ok(Some(_))));
        if self.undead.len() >= UNDEAD_MAX {
            return Err(self.rest(CameraFault::Stalled));
        }
        match Running::start((self.program)(), now, self.resting, &self.remote) {
            Ok(running) => {
                tracing::info!("camera process started");
                self.phase = Phase::Up(running);
                Ok(Look::Wait(START_MS))
            }
            Err(error) => {
                tracing::error!(%error, "camera process not started");
                Err(self.rest(CameraFault::Broken))
            }
        }
    }

    /// Ends the process because of `fault`, to be started again after a pause.
    fn stop(&mut self, fault: CameraFault) -> CameraFault {
        let fault = self.rest(fault);
        tracing::warn!(%fault, "camera process ended");
        fault
    }

    fn rest(&mut self, fault: CameraFault) -> CameraFault {
        let wait_ms = self.backoff.after_failure_ms();
        self.end(Phase::Down { since: self.clock.now(), wait_ms });
        self.fault = fault;
        fault
    }

    fn end(&mut self, then: Phase) {
        self.remote.lock().link = None;
        if let Phase::Up(running) = std::mem::replace(&mut self.phase, then) {
            self.undead.extend(running.kill());
        }
    }

    fn wait(&self, at_most: Duration) {
        let at_most = Timespec::try_from(at_most).ok();
        // Woken by a ring, by time or by a signal: the next look says what is there.
        let (Ok(_) | Err(_)) = match &self.phase {
            Phase::Up(running) => poll(&mut [PollFd::new(&running.link, PollFlags::IN)], at_most.as_ref()),
            Phase::Down { .. } => poll(&mut [], at_most.as_ref()),
        };
    }
}

impl FrameSource for CameraProcess {
    fn next(&mut self, timeout: Duration) -> Result<Frame, CameraFault> {
        let deadline = since_boot().saturating_add(timeout);
        loop {
            let wait_ms = match self.look()? {
                Look::Frame(frame) => return Ok(frame),
                Look::Wait(wait_ms) => wait_ms,
            };
            let left = deadline.saturating_sub(since_boot());
            if left.is_zero() {
                return Err(self.fault);
            }
            self.wait(left.min(Duration::from_millis(wait_ms.max(1).unsigned_abs())));
        }
    }

    fn rest(&mut self, resting: bool) {
        if std::mem::replace(&mut self.resting, resting) == resting {
            return;
        }
        if let Phase::Up(running) = &self.phase {
            // A process that does not listen is found out by its frames.
            drop(running.link.send(if resting { REST } else { WAKE }));
        }
    }
}

impl Drop for CameraProcess {
    fn drop(&mut self) {
        let since = self.clock.now();
        self.end(Phase::Down { since, wait_ms: i64::MAX });
    }
}

impl CameraRemote {
    /// As [`CameraProcess::control`].
    ///
    /// # Errors
    /// As [`CameraProcess::control`].
    pub fn control(&self, line: &str) -> Result<(), ControlError> {
        let command: Command = line.parse()?;
        let mut remote = self.lock();
        if !remote.simulated {
            return Err(ControlError::Real);
        }
        match &command {
            Command::Show(_) | Command::ShowTwo(..) => remote.shown = Some(command.clone()),
            Command::Advance => remote.shown = None,
            Command::Turn(_)
            | Command::TurnPartly(..)
            | Command::Aim(_)
            | Command::Cover
            | Command::Uncover
            | Command::Dark
            | Command::Light
            | Command::Stall
            | Command::Resume
            | Command::Unplug
            | Command::PlugIn => {}
        }
        let link = remote.link.as_ref().ok_or(ControlError::Down)?;
        link.send(command.to_string().as_bytes()).map_err(|_| ControlError::Down)
    }

    fn lock(&self) -> MutexGuard<'_, Remote> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    fn start(
        mut program: Program,
        now: Stamp,
        resting: bool,
        remote: &CameraRemote,
    ) -> std::io::Result<Self> {
        let (link, theirs) = Link::pair()?;
        let (ring, memory) = Ring::create()?;
        let mut child = program.stdin(Stdio::from(theirs)).stdout(Stdio::null()).spawn()?;
        // `program` still holds the child's end; without it gone the end of the child would go unheard.
        drop(program);
        let mut remote = remote.lock();
        let greeting = link.send_memory(memory.as_fd()).and_then(|()| {
            remote.shown.iter().try_for_each(|shown| link.send(shown.to_string().as_bytes()))?;
            link.send(BEGIN)?;
            if resting {
                link.send(REST)?;
            }
            link.try_clone()
        });
        match greeting {
            Ok(clone) => remote.link = Some(clone),
            Err(error) => {
                drop(child.kill());
                drop(child.wait());
                return Err(error);
            }
        }
        Ok(Self { child, link, ring, alive: now, delivered: false, seen: 0 })
    }

    /// Takes the rings off the socket; true when the child is gone.
    fn hear(&self) -> bool {
        loop {
            match self.link.try_receive() {
                Said::Packet(_) => {}
                Said::Nothing => return false,
                Said::Gone => return true,
            }
        }
    }

    /// The newest frame that is not old.
    fn frame(&mut self, now: Stamp, seq: u64) -> Result<Option<Frame>, Absurd> {
        let Some((number, frame)) = self.ring.newest(self.seen, seq)? else { return Ok(None) };
        self.seen = number;
        let age = since_boot().checked_sub(frame.taken).ok_or(Absurd)?;
        if age > Duration::from_millis(STALL_MS.unsigned_abs()) {
            return Ok(None);
        }
        self.alive = now;
        self.delivered = true;
        Ok(Some(frame))
    }

    /// Why the child went.
    fn last_words(&mut self) -> CameraFault {
        if let Ok(Some(told)) = self.ring.fault() {
            return told;
        }
        self.wait_for_end(LAST_WORDS);
        let code = self.child.try_wait().ok().flatten().and_then(|status| status.code());
        code.and_then(|code| fault_of(u8::try_from(code).ok()?)).unwrap_or(CameraFault::Broken)
    }

    /// Kills the child and zeroes its frames; gives it back when it would not die in time.
    fn kill(mut self) -> Option<Child> {
        drop(self.child.kill());
        let dead = self.is_collected() || (self.wait_for_end(REAP) && self.is_collected());
        self.ring.zero();
        (!dead).then_some(self.child)
    }

    fn is_collected(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)))
    }

    /// Waits for the child's end.
    fn wait_for_end(&self, at_most: Duration) -> bool {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        let Some(Ok(ended)) = pid.map(|pid| pidfd_open(pid, PidfdFlags::empty())) else { return false };
        let at_most = Timespec::try_from(at_most).ok();
        matches!(poll(&mut [PollFd::new(&ended, PollFlags::IN)], at_most.as_ref()), Ok(1..))
    }
}
