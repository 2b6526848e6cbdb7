// SPDX-License-Identifier: GPL-3.0-only
//! What an office does at its own desk, whichever program it uses: its key file, what it asks the platform, what it proves
//! of its complaints, its signed words and sealed answers.
//!
//! `reader` is the window over this and `kioskctl open` the command line; neither has a way of its own. Promises: keys stay
//! in their file and in memory; nothing that was opened is written anywhere; what is signed is signed here. The only file
//! written besides a new key file and a saved list is what was seen before ([`files::keep_seen`]): device keys, numbers and
//! hashes, nothing of any content. No clock, screen or log of content.

pub mod complaints;
pub mod files;
pub mod keys;
pub mod platform;
