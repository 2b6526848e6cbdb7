// SPDX-License-Identifier: GPL-3.0-only
//! The camera in a process of its own.
//!
//! A camera driver may hang, and a thread waiting in it cannot be ended; a process can. [`serve`] is that process: it
//! asks the camera for frames and lays them into memory shared with its parent, the newest replacing older ones.
//! [`CameraProcess`] is the parent's end: it starts the process, hands out frames, notices within a second that none
//! come, kills and starts again.
//!
//! The two talk over a socket that is the child's standard input: the parent sends the shared memory and verbs for a
//! simulated camera, the child rings once a frame. Whatever the child writes is checked before it is believed, and
//! neither end lets a frame outlive its use: slots are zeroed at the end.

mod child;
mod link;
mod map;
mod pixels;
mod process;
mod ring;
mod spec;
mod v4l;

pub use child::serve;
pub use process::{CameraProcess, CameraRemote, ControlError};
pub use spec::{CameraSpec, SpecError, command_args, parse};

#[cfg(test)]
mod tests;
