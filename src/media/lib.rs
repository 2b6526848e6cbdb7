// SPDX-License-Identifier: GPL-3.0-only
//! Engines for the eye and the ear: camera frames from a process of their own, tones and spoken prompts.
//!
//! A missing camera and a missing sound card are normal states, told as values. Nothing here waits without a limit,
//! writes a frame to disk, or records sound.

mod backoff;
pub mod camera;
pub mod sound;

pub use sound::{Cue, Heard, Sound};
