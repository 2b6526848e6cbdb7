// SPDX-License-Identifier: GPL-3.0-only
//! The terminal's hardware behind traits: camera frames, card reader, clock, the alarm's key and relay, the case.
//!
//! A missing device is a normal state, told as a value; nothing here waits without a limit. `sim` holds the same
//! devices with verbs, for tests, the demo and the developer dock.

mod card;
mod clock;
mod frame;
pub mod gpio;
mod panel;
pub mod sim;

pub use card::{CARD_NUMBER_LEN_MAX, CardNumber, CardReader, KeyboardWedge};
pub use clock::{Clock, SystemClock, since_boot};
pub use frame::{CameraFault, FRAME_SIDE_MAX, Frame, FrameError, FrameSource};
pub use panel::{CaseSensor, Output, OutputFault, PanicKey};
