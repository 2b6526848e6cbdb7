// SPDX-License-Identifier: GPL-3.0-only
//! Never closes: without network the call is kept and sent again until it arrives; it needs no camera and no person;
//! after a power cut it goes on.
//!
//! 一键报警 as the screen shows it, its second way, and what the terminal notices about itself. The first way is the
//! alarm's own process; only where that cannot be reached a press comes here, as one event in the store's first lane.

pub(crate) mod screen;
mod tables;
#[cfg(test)]
mod tests;

use crate::{Done, Stop};
use contract::{
    AlarmRaised, CameraState, CameraStateChanged, CaseChange, CaseChanged, Event, Stamp, Verdict,
};
use store::{Delivery, Fault, Migration, Read, Write};

pub const MIGRATION: Migration = Migration { service: "alarm", steps: &[include_str!("tables/0001.sql")] };

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// The alarm's own process did not answer.
    Raise,
    /// Something was done to the terminal, or to its power.
    Case(CaseChange),
    /// The camera's state changed; told once per change.
    Camera(CameraState),
}

/// An alarm as far as it is true; times in milliseconds since 1970 UTC, none until it is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    pub raised_ms: i64,
    /// It survives a power cut.
    pub saved: bool,
    pub uploaded_ms: Option<i64>,
    /// The platform could not take it.
    pub refused: bool,
    pub acknowledged_ms: Option<i64>,
    pub coming_ms: Option<i64>,
    pub attended_ms: Option<i64>,
    pub closed_ms: Option<i64>,
    /// Somebody said that all is well; it ends nothing.
    pub fine_ms: Option<i64>,
    pub presses: u32,
    /// The platform answers at this moment.
    pub reached: bool,
    /// It came by the second way, which knows of no answers.
    pub second_way: bool,
}

impl Status {
    /// Whether "I am fine" may be said, once.
    pub fn can_say_fine(&self) -> bool {
        !self.second_way && self.fine_ms.is_none() && self.attended_ms.is_none() && self.closed_ms.is_none()
    }

    /// Whether an officer at the terminal can say that they are there.
    pub fn waits_for_an_officer(&self) -> bool {
        !self.second_way && self.attended_ms.is_none() && self.closed_ms.is_none()
    }
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
        Intent::Case(change) => {
            tx.send(&Event::CaseChanged(CaseChanged { at: *now, change: *change }), now)?;
            Done::default()
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

/// The last alarm that went the second way in this boot, none when there was none. `reached`: the platform answers.
///
/// # Errors
/// The disk fails.
pub fn view(read: &Read<'_>, reached: bool, now: &Stamp) -> Result<Option<Status>, Fault> {
    let Some((event, raised)) = tables::raised(read)? else { return Ok(None) };
    // One that is forgotten was acknowledged long ago.
    let Some(delivery) = read.delivery(event)? else { return Ok(None) };
    // A delivered one of an earlier boot is history; one that is still on its way is not.
    if raised.boot != now.boot && delivery != Delivery::Saved {
        return Ok(None);
    }
    let (uploaded_ms, refused) = match delivery {
        Delivery::Saved | Delivery::Delivered { verdict: Verdict::Retry { .. }, .. } => (None, false),
        Delivery::Delivered {
            at_ms,
            verdict: Verdict::Accepted | Verdict::Duplicate | Verdict::Parked { .. },
        } => (Some(at_ms), false),
        Delivery::Delivered { verdict: Verdict::Rejected { .. } | Verdict::Fork, .. } | Delivery::Kept => {
            (None, true)
        }
    };
    Ok(Some(Status {
        raised_ms: raised.wall_ms,
        saved: true,
        uploaded_ms,
        refused,
        acknowledged_ms: None,
        coming_ms: None,
        attended_ms: None,
        closed_ms: None,
        fine_ms: None,
        presses: 1,
        reached,
        second_way: true,
    }))
}
