// SPDX-License-Identifier: GPL-3.0-only
//! Never closes: without network the call is kept and sent again until it arrives; it needs no camera and no person;
//! after a power cut it goes on.
//!
//! 一键报警 and what the terminal notices about its camera. Each press is one event in the first lane.

pub(crate) mod screen;
mod tables;
#[cfg(test)]
mod tests;

use crate::{Done, Stop};
use contract::{AlarmRaised, CameraState, CameraStateChanged, Event, Stamp};
use store::{Delivery, Fault, Migration, Read, Write};

pub const MIGRATION: Migration = Migration { service: "alarm", steps: &[include_str!("tables/0001.sql")] };

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// Held for a second.
    Raise,
    /// The camera's state changed; told once per change.
    Camera(CameraState),
}

/// The last alarm, as far as it is true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub raised: Stamp,
    pub delivery: Delivery,
}

/// Somebody held the alarm, or the camera's state changed.
///
/// # Errors
/// The disk fails.
pub fn act(tx: &Write<'_>, intent: &Intent, now: &Stamp) -> Result<Done, Stop> {
    Ok(match intent {
        Intent::Raise => {
            let event = tx.send(&Event::AlarmRaised(AlarmRaised { at: *now }), now)?;
            tables::set_raised(tx, event, now)?;
            Done { receipt: Some(event), refused: None }
        }
        Intent::Camera(state) => {
            if tables::camera(tx)? != Some(*state) {
                tables::set_camera(tx, *state)?;
                tx.send(&Event::CameraStateChanged(CameraStateChanged { at: *now, state: *state }), now)?;
            }
            Done::default()
        }
    })
}

/// The last alarm of this boot, none when there was none.
///
/// # Errors
/// The disk fails.
pub fn view(read: &Read<'_>, now: &Stamp) -> Result<Option<View>, Fault> {
    let Some((event, raised)) = tables::raised(read)? else { return Ok(None) };
    // One that is forgotten was acknowledged long ago.
    let Some(delivery) = read.delivery(event)? else { return Ok(None) };
    // A delivered one of an earlier boot is history; one that is still on its way is not.
    let open = raised.boot == now.boot || delivery == Delivery::Saved;
    Ok(open.then_some(View { raised, delivery }))
}
