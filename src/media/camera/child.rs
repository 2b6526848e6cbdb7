// SPDX-License-Identifier: GPL-3.0-only
//! The camera process itself: asks the camera, lays frames into shared memory, rings.
//!
//! It ends with its parent, whether that closes the socket or dies, and leaves no pixel behind when it can. A
//! simulated camera that is unplugged is a state told to the parent, so that it can be plugged in again; a real one
//! ends the process with an exit code that says why.

use std::io;
use std::os::fd::AsFd;
use std::process::ExitCode;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use device::sim::{Command, PhotoCamera, PhotoCameraHandle};
use device::{CameraFault, Frame, FrameSource, since_boot};
use rustix::process::{Signal, set_parent_process_death_signal};

use super::link::{BEGIN, Link, REST, RING, Said, WAKE};
use super::ring::{Ring, code_of};
use super::spec::CameraSpec;
use super::v4l::V4lCamera;

/// How long a simulated camera is waited for in one go.
const ASK: Duration = Duration::from_millis(500);
/// Between two pictures while nobody looks: a covered lens is still seen in time.
const RESTING: Duration = Duration::from_millis(400);
/// Seed of the simulated sensor's noise.
const SEED: u64 = 1;

/// Runs as the camera process; returns when the camera is lost, or never. Standard input must be the socket of
/// [`super::CameraProcess`], and nothing else may read it.
pub fn serve(spec: &CameraSpec) -> ExitCode {
    let fault = match Desk::join() {
        Ok(desk) => desk.run(spec),
        Err(error) => {
            tracing::error!(%error, "camera process without a parent");
            CameraFault::Broken
        }
    };
    ExitCode::from(code_of(fault))
}

/// Where frames are laid down. The lock keeps a frame from being written while the slots are zeroed.
#[derive(Clone)]
pub(super) struct Desk {
    ring: Arc<Mutex<Ring>>,
    link: Arc<Link>,
    rest: Arc<Rest>,
}

/// Whether nobody looks just now.
#[derive(Default)]
struct Rest {
    resting: Mutex<bool>,
    woken: Condvar,
}

impl Rest {
    fn set(&self, resting: bool) {
        *self.resting.lock().unwrap_or_else(PoisonError::into_inner) = resting;
        self.woken.notify_all();
    }

    fn is_on(&self) -> bool {
        *self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits while nobody looks, [`RESTING`] at most.
    fn wait(&self) {
        let resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.woken.wait_timeout_while(resting, RESTING, |resting| *resting));
    }
}

impl Desk {
    pub(super) fn join() -> io::Result<Self> {
        set_parent_process_death_signal(Some(Signal::KILL))?;
        let link = Link::over(io::stdin().as_fd().try_clone_to_owned()?);
        let ring = Ring::open(link.receive_memory()?)?;
        Ok(Self { ring: Arc::new(Mutex::new(ring)), link: Arc::new(link), rest: Arc::default() })
    }

    /// The shared memory.
    pub(super) fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that there is something to look at. A parent that does not listen is not waited for.
    pub(super) fn bell(&self) {
        drop(self.link.send(RING));
    }

    fn run(&self, spec: &CameraSpec) -> CameraFault {
        let fault = match spec {
            CameraSpec::First => self.film(None),
            CameraSpec::Device(index) => self.film(Some(*index)),
            CameraSpec::Photos(dir) => match PhotoCamera::open(dir, SEED) {
                Ok(camera) => self.play(camera),
                Err(error) => {
                    tracing::error!(%error, "no camera in the folder of photos");
                    CameraFault::Missing
                }
            },
        };
        self.tell(fault);
        self.ring().zero();
        fault
    }

    fn film(&self, index: Option<u32>) -> CameraFault {
        self.listen_until_begin(None);
        self.listen(None);
        let mut camera = match V4lCamera::open(index) {
            Ok(camera) => camera,
            Err(fault) => return fault,
        };
        self.shoot(|| {
            // Read and thrown away: what waits in the driver grows old.
            let until = since_boot().saturating_add(RESTING);
            while self.rest.is_on() && since_boot() < until {
                camera.skip()?;
            }
            camera.next()
        })
    }

    /// Frames until a fault.
    fn shoot(&self, mut next: impl FnMut() -> Result<Frame, CameraFault>) -> CameraFault {
        loop {
            match next() {
                Ok(frame) if self.publish(&frame) => {}
                Ok(_) => return CameraFault::Broken,
                Err(CameraFault::Stalled) => {}
                Err(fault) => return fault,
            }
        }
    }

    /// Frames for ever: the simulated faults pass.
    fn play(&self, mut camera: PhotoCamera) -> ! {
        self.listen_until_begin(Some(&camera.handle()));
        self.listen(Some(camera.handle()));
        loop {
            let fault = self.shoot(|| {
                self.rest.wait();
                camera.next(ASK)
            });
            self.tell(fault);
        }
    }

    fn publish(&self, frame: &Frame) -> bool {
        let fits = self.ring().publish(frame).is_ok();
        self.bell();
        fits
    }

    fn tell(&self, fault: CameraFault) {
        self.ring().set_fault(fault);
        self.bell();
    }

    fn listen_until_begin(&self, hand: Option<&PhotoCameraHandle>) {
        while self.hear(hand) != BEGIN {}
    }

    /// Obeys the parent in a thread of its own.
    fn listen(&self, hand: Option<PhotoCameraHandle>) {
        let desk = self.clone();
        std::thread::spawn(move || {
            loop {
                desk.hear(hand.as_ref());
            }
        });
    }

    /// Waits for the parent to say something and obeys; ends the process with the parent.
    fn hear(&self, hand: Option<&PhotoCameraHandle>) -> Vec<u8> {
        match self.link.receive() {
            Said::Packet(line) => {
                match line.as_slice() {
                    BEGIN => {}
                    REST => self.rest.set(true),
                    WAKE => self.rest.set(false),
                    line => obey(hand, line),
                }
                line
            }
            Said::Nothing => Vec::new(),
            Said::Gone => {
                self.ring().zero();
                std::process::exit(0);
            }
        }
    }
}

fn obey(hand: Option<&PhotoCameraHandle>, line: &[u8]) {
    let command = str::from_utf8(line).ok().and_then(|line| line.parse::<Command>().ok());
    let (Some(hand), Some(command)) = (hand, command) else {
        tracing::warn!("camera command not understood");
        return;
    };
    if let Err(error) = hand.obey(&command) {
        tracing::warn!(%error, "camera command without effect");
    }
}
