// SPDX-License-Identifier: GPL-3.0-only
//! The same devices with verbs: `cover()` the camera, `insert()` a card, `jump_wall()` the clock.
//!
//! For tests, the demo and the developer dock. Each handle is `Clone` and `Send`: one end stands where the device
//! stands, the other in the hand that plays with it. What they do depends on seed and verbs alone; only the pace of
//! a paced camera needs real time.

mod card;
mod clock;
mod control;
mod folder;
mod grain;
mod jumpable;
mod panel;
mod photo_camera;
mod scene;

pub use card::CardSlot;
pub use clock::Clock;
pub use control::{COMMAND_LEN_MAX, Command, CommandError};
pub use folder::{FolderError, PHOTO_BYTES_MAX, PHOTO_SIDE_MAX, PHOTOS_MAX};
pub use jumpable::Jumpable;
pub use panel::Panel;
pub use photo_camera::{HEIGHT, Pace, PhotoCamera, PhotoCameraHandle, ShowError, WIDTH};
pub use scene::{Head, Turn};

#[cfg(test)]
mod tests;
