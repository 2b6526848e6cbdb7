// SPDX-License-Identifier: GPL-3.0-only
//! The reader without a screen, a server or a clock: a made-up platform, a made-up cell, and hands on the window.
#![cfg(feature = "dev")]
#![expect(clippy::unwrap_used, reason = "in a story an unwrap is how it fails")]

mod clinic;
mod pictures;
mod window;
mod world;
