// SPDX-License-Identifier: GPL-3.0-only
//! A folder of photos as the camera.
//!
//! Each photo stands before the camera for a few seconds, fitted into the frame on a grey wall, with a sensor's noise
//! and small movements, so that no two frames are equal; a [`PhotoCameraHandle`] picks photos, turns heads and breaks
//! things. The same folder, seed and verbs between the same frames give the same pixels. At most one photo is held in
//! memory. Never waits longer than asked.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use image::RgbImage;

use super::control::Command;
use super::folder::{Folder, FolderError};
use super::grain::{Grain, Sway};
use super::scene::{Angle, Head, Scene, Turn, expose};
use crate::{CameraFault, Frame, FrameSource, since_boot};

/// Frame size, in pixels.
pub const WIDTH: u32 = 640;
pub const HEIGHT: u32 = 480;

/// Frames in which a head turns: a second at full pace, so that whoever watches can stop at enough.
const TURN_FRAMES: f32 = 20.0;
/// What is left of the light in a dark cell.
const DARK_LIGHT: f32 = 0.06;

/// How fast frames come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Time between frames; zero never waits, not even for a fault to pass.
    pub interval: Duration,
    /// Frames for which each photo is shown; zero keeps the first until told otherwise.
    pub photo_frames: u32,
}

impl Pace {
    /// 20 frames a second, each photo for four seconds.
    pub const LIVE: Self = Self { interval: Duration::from_millis(50), photo_frames: 80 };
    /// As fast as asked, keeping the photo: for tests.
    pub const AT_ONCE: Self = Self { interval: Duration::ZERO, photo_frames: 0 };
}

/// The camera's end.
pub struct PhotoCamera {
    shared: Arc<Shared>,
    pace: Pace,
    due: Duration,
    seq: u64,
    grain: Grain,
    sway: Sway,
}

/// The hand's end: a cloneable remote control. Verbs take effect with the next frame.
#[derive(Clone)]
pub struct PhotoCameraHandle(Arc<Shared>);

/// Why a photo is not shown; what was shown before stays.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ShowError {
    #[error("find the photo asked for")]
    NotFound,
    #[error("use the photo asked for")]
    Unusable,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    folder: Folder,
    index: usize,
    /// Shown on request: the slide show waits.
    held: bool,
    frames_shown: u32,
    scene: Scene,
    target: Angle,
    angle: Angle,
    turned: Option<RgbImage>,
    covered: bool,
    dark: bool,
    stalled: bool,
    unplugged: bool,
}

impl PhotoCamera {
    /// Opens the photos of `dir` at [`Pace::LIVE`].
    ///
    /// # Errors
    /// The folder cannot be listed, or holds no usable photo.
    pub fn open(dir: &Path, seed: u64) -> Result<Self, FolderError> {
        Self::open_at(dir, seed, Pace::LIVE)
    }

    /// Opens the photos of `dir` at `pace`.
    ///
    /// # Errors
    /// As [`PhotoCamera::open`].
    pub fn open_at(dir: &Path, seed: u64, pace: Pace) -> Result<Self, FolderError> {
        let folder = Folder::open(dir)?;
        let tried = folder.len();
        let (index, photo) = (0..tried)
            .find_map(|index| Some((index, folder.load(index)?)))
            .ok_or(FolderError::NoneUsable { tried })?;
        let state = State {
            folder,
            index,
            held: false,
            frames_shown: 0,
            scene: Scene::of(&photo),
            target: Angle::default(),
            angle: Angle::default(),
            turned: None,
            covered: false,
            dark: false,
            stalled: false,
            unplugged: false,
        };
        Ok(Self {
            shared: Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new() }),
            pace,
            due: Duration::ZERO,
            seq: 0,
            grain: Grain::new(seed),
            sway: Sway::new(seed),
        })
    }

    pub fn handle(&self) -> PhotoCameraHandle {
        PhotoCameraHandle(Arc::clone(&self.shared))
    }
}

impl FrameSource for PhotoCamera {
    fn next(&mut self, timeout: Duration) -> Result<Frame, CameraFault> {
        let start = since_boot();
        let deadline = start.saturating_add(timeout);
        let shared = Arc::clone(&self.shared);
        let mut state = shared.lock();
        loop {
            let now = since_boot();
            let (fault, until) = if state.unplugged {
                (CameraFault::Unplugged, start.saturating_add(self.pace.interval).min(deadline))
            } else if state.stalled {
                (CameraFault::Stalled, deadline)
            } else if self.due <= now {
                break;
            } else {
                (CameraFault::Stalled, self.due.min(deadline))
            };
            if self.pace.interval.is_zero() || deadline <= now || (state.unplugged && until <= now) {
                return Err(fault);
            }
            state = shared.wait(state, until.saturating_sub(now));
        }
        let now = since_boot();
        self.due = now.saturating_add(self.pace.interval);
        state.step(self.pace.photo_frames);
        let light = match (state.covered, state.dark) {
            (true, _) => 0.0,
            (false, true) => DARK_LIGHT,
            (false, false) => 1.0,
        };
        self.seq += 1;
        let pose = self.sway.at(self.seq);
        let seen = state.turned.as_ref().unwrap_or(&state.scene.pixels);
        let rgb = expose(seen, pose, light, &mut self.grain);
        Frame::new(WIDTH, HEIGHT, rgb, self.seq, now).map_err(|_| CameraFault::Broken)
    }
}

impl PhotoCameraHandle {
    /// Shows the photo called `name` (file name, without its ending, or how it begins) until told otherwise.
    ///
    /// # Errors
    /// There is none, or it is unusable.
    pub fn show(&self, name: &str) -> Result<(), ShowError> {
        self.with(|s| {
            let (index, photo) = s.photo(name)?;
            s.index = index;
            s.held = true;
            s.put(Scene::of(&photo));
            Ok(())
        })
    }

    /// Shows two photos side by side until told otherwise.
    ///
    /// # Errors
    /// As [`PhotoCameraHandle::show`].
    pub fn show_two(&self, left: &str, right: &str) -> Result<(), ShowError> {
        self.with(|s| {
            let scene = Scene::of_two(&s.photo(left)?.1, &s.photo(right)?.1);
            s.held = true;
            s.put(scene);
            Ok(())
        })
    }

    /// Goes on to the next usable photo and lets the slide show run again.
    pub fn advance(&self) {
        self.with(|s| {
            s.held = false;
            s.advance();
        });
    }

    /// Lets the person look another way, within a second.
    pub fn turn(&self, turn: Turn) {
        self.with(|s| s.target = turn.angle());
    }

    /// As [`PhotoCameraHandle::turn`], but only a `share` of it: few faces bear all of it.
    pub fn turn_partly(&self, turn: Turn, share: f32) {
        let Angle { left, up } = turn.angle();
        self.with(|s| s.target = Angle { left: left * share, up: up * share });
    }

    /// Says where the face of the photo shown is in the frame. Without it turns are about a guess, good for tight
    /// crops and centred portraits only; the next photo needs its own.
    pub fn aim(&self, head: Head) {
        self.with(|s| {
            s.scene.head = Head {
                x: head.x.clamp(0.0, WIDTH as f32),
                y: head.y.clamp(0.0, HEIGHT as f32),
                height: head.height.clamp(1.0, HEIGHT as f32),
            };
            s.turned = None;
        });
    }

    /// A hand over the lens.
    pub fn cover(&self) {
        self.with(|s| s.covered = true);
    }

    pub fn uncover(&self) {
        self.with(|s| s.covered = false);
    }

    /// The cell's lamp goes out.
    pub fn dark(&self) {
        self.with(|s| s.dark = true);
    }

    pub fn light(&self) {
        self.with(|s| s.dark = false);
    }

    /// Frames stop coming, as with a hung driver.
    pub fn stall(&self) {
        self.with(|s| s.stalled = true);
    }

    pub fn resume(&self) {
        self.with(|s| s.stalled = false);
    }

    pub fn unplug(&self) {
        self.with(|s| s.unplugged = true);
    }

    pub fn plug_in(&self) {
        self.with(|s| s.unplugged = false);
    }

    /// Does what a command line says.
    ///
    /// # Errors
    /// As [`PhotoCameraHandle::show`].
    pub fn obey(&self, command: &Command) -> Result<(), ShowError> {
        match command {
            Command::Show(name) => return self.show(name),
            Command::ShowTwo(left, right) => return self.show_two(left, right),
            Command::Advance => self.advance(),
            Command::Turn(turn) => self.turn(*turn),
            Command::TurnPartly(turn, share) => self.turn_partly(*turn, *share),
            Command::Aim(head) => self.aim(*head),
            Command::Cover => self.cover(),
            Command::Uncover => self.uncover(),
            Command::Dark => self.dark(),
            Command::Light => self.light(),
            Command::Stall => self.stall(),
            Command::Resume => self.resume(),
            Command::Unplug => self.unplug(),
            Command::PlugIn => self.plug_in(),
        }
        Ok(())
    }

    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        let answer = f(&mut self.0.lock());
        self.0.changed.notify_all();
        answer
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>, at_most: Duration) -> MutexGuard<'a, State> {
        self.changed.wait_timeout(state, at_most).unwrap_or_else(PoisonError::into_inner).0
    }
}

impl State {
    /// One frame's worth of change: the slide show and the turning head.
    fn step(&mut self, photo_frames: u32) {
        if photo_frames > 0 && !self.held && self.frames_shown >= photo_frames {
            self.advance();
        }
        self.frames_shown = self.frames_shown.saturating_add(1);
        let angle = Angle {
            left: approach(self.angle.left, self.target.left, Turn::Left.angle().left / TURN_FRAMES),
            up: approach(self.angle.up, self.target.up, Turn::Up.angle().up / TURN_FRAMES),
        };
        if angle == Angle::default() {
            self.turned = None;
        } else if angle != self.angle || self.turned.is_none() {
            self.turned = Some(self.scene.turned(angle));
        }
        self.angle = angle;
    }

    fn advance(&mut self) {
        let count = self.folder.len();
        let following = (1..=count).map(|step| (self.index + step) % count);
        let usable = following.into_iter().find_map(|index| Some((index, self.folder.load(index)?)));
        if let Some((index, photo)) = usable {
            self.index = index;
            self.put(Scene::of(&photo));
        }
    }

    fn photo(&self, name: &str) -> Result<(usize, RgbImage), ShowError> {
        let index = self.folder.find(name).ok_or(ShowError::NotFound)?;
        Ok((index, self.folder.load(index).ok_or(ShowError::Unusable)?))
    }

    /// A new person looks ahead.
    fn put(&mut self, scene: Scene) {
        self.scene = scene;
        self.frames_shown = 0;
        self.target = Angle::default();
        self.angle = Angle::default();
        self.turned = None;
    }
}

fn approach(from: f32, to: f32, step: f32) -> f32 {
    from + (to - from).clamp(-step, step)
}
