// SPDX-License-Identifier: GPL-3.0-only
//! The panel's devices on lines of a Linux GPIO chip.
//!
//! A line is named `CHIP:OFFSET`, like `/dev/gpiochip0:17`; with a `!` before it, it is active low. Lines are taken
//! when the program starts and given back at its end: the relay falls off when the process is gone.

use crate::panel::{CaseSensor, Output, OutputFault, PanicKey};
use contract::CaseChange;
use gpiocdev::Request;
use gpiocdev::line::{Bias, Offset, Value};
use std::str::FromStr;

/// Looks in a row that must agree before a contact counts as changed: contacts bounce.
const STEADY_LOOKS: u8 = 2;

/// Where a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    chip: String,
    offset: Offset,
    active_low: bool,
}

/// Why a line cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    #[error("read a line, it is CHIP:OFFSET")]
    Name,
    #[error("take line {offset} of {chip}")]
    Take { chip: String, offset: Offset, source: gpiocdev::Error },
}

impl FromStr for Line {
    type Err = LineError;

    fn from_str(text: &str) -> Result<Self, LineError> {
        let active_low = text.starts_with('!');
        let (chip, offset) = text.trim_start_matches('!').rsplit_once(':').ok_or(LineError::Name)?;
        let offset = offset.parse().map_err(|_| LineError::Name)?;
        if chip.is_empty() {
            return Err(LineError::Name);
        }
        Ok(Self { chip: chip.to_owned(), offset, active_low })
    }
}

impl Line {
    fn take(&self, output: bool) -> Result<Request, LineError> {
        let mut request = Request::builder();
        request.on_chip(&self.chip).with_consumer("kiosk").with_line(self.offset);
        if self.active_low {
            request.as_active_low();
        }
        if output {
            request.as_output(Value::Inactive);
        } else {
            request.as_input().with_bias(if self.active_low { Bias::PullUp } else { Bias::PullDown });
        }
        request.request().map_err(|source| LineError::Take {
            chip: self.chip.clone(),
            offset: self.offset,
            source,
        })
    }
}

/// A relay or a siren on a line.
pub struct GpioOutput {
    request: Request,
    offset: Offset,
}

impl GpioOutput {
    /// Takes the line, off.
    ///
    /// # Errors
    /// The chip is not there or the line is taken.
    pub fn open(line: &Line) -> Result<Self, LineError> {
        Ok(Self { request: line.take(true)?, offset: line.offset })
    }
}

impl Output for GpioOutput {
    fn set(&mut self, on: bool) -> Result<(), OutputFault> {
        let value = if on { Value::Active } else { Value::Inactive };
        self.request.set_value(self.offset, value).map_err(|error| OutputFault(Box::new(error)))?;
        Ok(())
    }
}

/// A contact on a line: the alarm key, the case's switch, the power supply's signal.
pub struct GpioContact {
    request: Request,
    offset: Offset,
}

impl GpioContact {
    /// Takes the line.
    ///
    /// # Errors
    /// The chip is not there or the line is taken.
    pub fn open(line: &Line) -> Result<Self, LineError> {
        Ok(Self { request: line.take(false)?, offset: line.offset })
    }

    fn is_closed(&self) -> Option<bool> {
        self.request.value(self.offset).ok().map(|value| value == Value::Active)
    }
}

impl PanicKey for GpioContact {
    fn is_down(&mut self) -> bool {
        self.is_closed().unwrap_or(false)
    }
}

/// The case's switch and the supply's signal, each where the board has one. A closed case and mains power are what is
/// expected at the start: anything else is told at once.
#[derive(Default)]
pub struct GpioCase {
    lid: Option<Watched>,
    mains: Option<Watched>,
}

struct Watched {
    contact: GpioContact,
    steady: Steady,
}

impl GpioCase {
    /// Takes the lines: closed is a closed case, active is mains power.
    ///
    /// # Errors
    /// The chip is not there or a line is taken.
    pub fn open(lid: Option<&Line>, mains: Option<&Line>) -> Result<Self, LineError> {
        let watched =
            |line: &Line| Ok(Watched { contact: GpioContact::open(line)?, steady: Steady::new(true) });
        Ok(Self { lid: lid.map(watched).transpose()?, mains: mains.map(watched).transpose()? })
    }
}

impl CaseSensor for GpioCase {
    fn poll(&mut self) -> Option<CaseChange> {
        let look = |watched: &mut Option<Watched>| {
            let watched = watched.as_mut()?;
            watched.steady.look(watched.contact.is_closed()?)
        };
        let lid =
            look(&mut self.lid).map(|closed| if closed { CaseChange::Closed } else { CaseChange::Opened });
        lid.or_else(|| {
            look(&mut self.mains).map(|mains| if mains { CaseChange::OnMains } else { CaseChange::OnBattery })
        })
    }
}

/// A contact without its bouncing.
struct Steady {
    told: bool,
    other: u8,
}

impl Steady {
    fn new(told: bool) -> Self {
        Self { told, other: 0 }
    }

    /// The new state, once it was seen [`STEADY_LOOKS`] times in a row.
    fn look(&mut self, seen: bool) -> Option<bool> {
        if seen == self.told {
            self.other = 0;
            return None;
        }
        self.other += 1;
        if self.other < STEADY_LOOKS {
            return None;
        }
        self.told = seen;
        self.other = 0;
        Some(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_chip_and_an_offset() {
        let line: Line = "!/dev/gpiochip0:17".parse().unwrap();
        assert_eq!(line, Line { chip: "/dev/gpiochip0".to_owned(), offset: 17, active_low: true });
        for nonsense in ["", "17", ":17", "/dev/gpiochip0:", "/dev/gpiochip0:x"] {
            assert!(nonsense.parse::<Line>().is_err(), "{nonsense}");
        }
    }

    #[test]
    fn a_line_that_is_not_there_is_an_error_and_no_panic() {
        let line: Line = "/dev/no-such-chip:1".parse().unwrap();
        assert!(matches!(GpioOutput::open(&line), Err(LineError::Take { .. })));
        assert!(matches!(GpioContact::open(&line), Err(LineError::Take { .. })));
    }

    #[test]
    fn a_contact_that_bounces_changes_once() {
        let mut lid = Steady::new(true);
        let seen = [true, false, true, false, false, false, true, false, true, true];
        let told: Vec<_> = seen.into_iter().filter_map(|seen| lid.look(seen)).collect();
        assert_eq!(told, [false, true]);
    }
}
