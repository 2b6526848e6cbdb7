// SPDX-License-Identifier: GPL-3.0-only
//! Says how the terminal is, to the platform and to IT at its screen; names nobody.
//!
//! 终端状态. Trouble with the keeping of events goes up in the alarm's lane, how the terminal is doing in the last one.

pub(crate) mod screen;
mod tables;
#[cfg(test)]
mod tests;

use crate::{Done, Stop};
use contract::{
    CameraState, DeviceHealth, DeviceTrouble, DeviceTroubled, Event, LaneState, Stamp, TerminalId, Text,
};
use store::{Fault, Migration, Read, Write};

pub const MIGRATION: Migration = Migration { service: "device", steps: &[include_str!("tables/0001.sql")] };

/// The kind of the event by which trouble is told.
pub const TROUBLE: &str = "device.trouble/1";
/// A terminal that starts over and over tells how it is doing this often at most, in milliseconds.
const TOLD_EVERY_MS_MIN: i64 = 600_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// Something that IT has to look at.
    Trouble(DeviceTrouble),
    /// How the terminal is doing, to be told.
    Health(Facts),
}

/// What the program knows of its terminal beside the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub version: Text<40>,
    /// How far the terminal's own wall clock is behind the platform's; none until the platform said.
    pub clock_behind_ms: Option<i64>,
    pub camera: CameraState,
    /// The face models are installed and sound.
    pub models: bool,
}

/// What IT reads at the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub facts: Facts,
    pub place: Option<Enrolled>,
    /// Every lane.
    pub lanes: Vec<LaneState>,
    /// Transactions kept since the start.
    pub commits: u64,
    /// Batches handed to the network since the start, and those of them that were answered.
    pub batches: u64,
    pub settled: u64,
}

/// Where the terminal belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enrolled {
    pub terminal: TerminalId,
    /// When its certificate ends, milliseconds since 1970 UTC.
    pub until_ms: i64,
}

/// Tells the platform.
///
/// # Errors
/// The disk fails.
pub fn act(tx: &Write<'_>, intent: &Intent, now: &Stamp) -> Result<Done, Stop> {
    match intent {
        Intent::Trouble(trouble) => tell(tx, *trouble, now)?,
        Intent::Health(facts) => {
            if tables::told(tx)?.is_none_or(|told| now.since_ms(&told) >= TOLD_EVERY_MS_MIN) {
                let Facts { version, clock_behind_ms, camera, models } = facts.clone();
                let lanes = tx.lanes(now)?;
                let health = DeviceHealth { at: *now, version, clock_behind_ms, camera, models, lanes };
                tx.send(&Event::DeviceHealth(health), now)?;
                tables::set_told(tx, now)?;
            }
        }
    }
    Ok(Done::default())
}

/// Tells the platform, with this transaction, that IT has to look at the terminal.
///
/// # Errors
/// The disk fails.
pub fn tell(tx: &Write<'_>, trouble: DeviceTrouble, now: &Stamp) -> Result<(), Fault> {
    tx.send(&Event::DeviceTroubled(DeviceTroubled { at: *now, trouble }), now)?;
    Ok(())
}

/// How much of every lane is still here.
///
/// # Errors
/// The disk fails.
pub fn lanes(read: &Read<'_>, now: &Stamp) -> Result<Vec<LaneState>, Fault> {
    read.lanes(now)
}
