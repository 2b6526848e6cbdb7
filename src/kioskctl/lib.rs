// SPDX-License-Identifier: GPL-3.0-only
//! The IT tool: enrols terminals, looks them over, judges platforms, fetches and measures the face models, opens
//! what was sealed to an office, runs the demo.
//!
//! Each command is a module with its `Args` and `run`; the exit code is 0 when what was asked for is so, else 1. It
//! stores nothing of its own and prints no name, number or face of a person, but for the demo's made-up ones and what an
//! office opens with its own key.

pub mod bundle;
pub mod conformance;
pub mod demo;
mod demo_cast;
mod demo_display;
mod demo_dock;
mod demo_enrol;
mod demo_eyes;
mod demo_play;
mod demo_processes;
pub mod doctor;
pub mod enrol;
pub mod face_eval;
pub mod face_identify;
mod face_photos;
pub mod models;
pub mod open;
mod say;

pub use face_photos::{Failures, MeasureFault};
pub use say::chain;
