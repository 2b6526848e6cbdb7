// SPDX-License-Identifier: GPL-3.0-only
//! The desktop window of an office: of the clinic (医务室), or of an office complaints are sealed to (驻所检察室、所长、主管民警、
//! 上级机关). Whose it is the key file says. It lists what was sealed to the office, opens it here, answers sealed.
//!
//! Without the network what was opened stays on the screen with the time of the last list, and what was written waits in
//! the window, sealed, until it can be sent; it is not kept on disk, so closing the window loses what is unsent, and the
//! window says how many that is. After [`desk::IDLE_MS_MAX`] without a touch the keys and everything readable are dropped.
//! Refuses: keys on a card or token (PKCS#11). Nothing a person said, no name and no text is ever logged.
//!
//! One touch, all the way: `ui/reader/*.slint` → `screen.rs` → [`desk::Touch`] → `desk.rs` (rules, no clock or socket) →
//! [`desk::Job`] → `run.rs` (the passphrase's work, the platform) → [`desk::Done`] → `desk.rs` → `view.rs` → `screen.rs`.

pub mod act;
pub mod bureau;
mod bureau_desk;
pub mod clinic;
pub mod desk;
mod faults;
mod jobs;
pub mod letters;
pub mod run;
pub mod screen;
mod screen_bureau;
mod touch;
pub mod view;
pub mod view_bureau;
mod view_chart;
mod view_custody;
mod view_triage;
mod words;

pub use office::{keys, platform};
