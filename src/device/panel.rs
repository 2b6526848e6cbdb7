// SPDX-License-Identifier: GPL-3.0-only
//! What the alarm has of its own: a hardware key, and outputs that are on or off (the relay of the wall panel, the
//! siren); and what the case tells of itself.

use contract::CaseChange;

/// The hardware alarm key.
pub trait PanicKey: Send {
    /// Whether it is held down at this moment. Never waits; a key that cannot be read is not down.
    fn is_down(&mut self) -> bool;
}

/// Something that is on or off: a relay, a siren.
pub trait Output: Send {
    /// Switches it. Never waits.
    ///
    /// # Errors
    /// The device did not take it; the caller tries again.
    fn set(&mut self, on: bool) -> Result<(), OutputFault>;
}

/// An output did not switch.
#[derive(Debug, thiserror::Error)]
#[error("switch an output")]
pub struct OutputFault(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// The case's switch and the power supply.
pub trait CaseSensor: Send {
    /// What changed since the last question, if anything. Never waits.
    fn poll(&mut self) -> Option<CaseChange>;
}
