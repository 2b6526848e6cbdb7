// SPDX-License-Identifier: GPL-3.0-only
//! A disk that fails on purpose, and what the store must hold on it: power cuts, failing writes and syncs, no room, and
//! a program killed in the middle.
//!
//! [`Disk`] is the model: it knows for each byte and each name whether a sync made it durable, and at a cut keeps,
//! drops, tears or reorders the rest. [`Mounted`] shows it to programs as a folder. The store itself runs in a process of
//! its own, so that it never waits for a file system that waits for it.

mod chance;
mod disk;
#[cfg(test)]
mod home;
mod mount;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod writer;

pub use chance::Chance;
pub use disk::{Disk, Failure, Operation};
pub use mount::{Mounted, SharedDisk, is_possible};
