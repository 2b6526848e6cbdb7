// SPDX-License-Identifier: GPL-3.0-only
//! The alarm's panel: a key to hold down, a relay and a siren to look at, a case to open.

use crate::panel::{CaseSensor, Output, OutputFault, PanicKey};
use contract::CaseChange;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Clones are the same panel.
#[derive(Clone, Default)]
pub struct Panel(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    key_down: bool,
    relay: Switched,
    siren: Switched,
    broken: bool,
    case: VecDeque<CaseChange>,
}

#[derive(Default)]
struct Switched {
    on: bool,
    /// When it was switched on last.
    since: Option<Instant>,
}

impl Panel {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn press_key(&self) {
        self.state().key_down = true;
    }

    pub fn release_key(&self) {
        self.state().key_down = false;
    }

    /// Whether the relay of the wall panel is closed.
    pub fn relay_is_closed(&self) -> bool {
        self.state().relay.on
    }

    /// When the relay closed last.
    pub fn relay_closed_at(&self) -> Option<Instant> {
        self.state().relay.since
    }

    pub fn siren_sounds(&self) -> bool {
        self.state().siren.on
    }

    /// Relay and siren take no order from here on, or do again.
    pub fn break_outputs(&self, broken: bool) {
        self.state().broken = broken;
    }

    /// Something happens to the case.
    pub fn change_case(&self, change: CaseChange) {
        self.state().case.push_back(change);
    }

    /// The relay's end that the alarm holds.
    pub fn relay(&self) -> impl Output + use<> {
        PanelOutput(self.clone(), |state| &mut state.relay)
    }

    /// The siren's end that the alarm holds.
    pub fn siren(&self) -> impl Output + use<> {
        PanelOutput(self.clone(), |state| &mut state.siren)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PanicKey for Panel {
    fn is_down(&mut self) -> bool {
        self.state().key_down
    }
}

impl CaseSensor for Panel {
    fn poll(&mut self) -> Option<CaseChange> {
        self.state().case.pop_front()
    }
}

struct PanelOutput(Panel, fn(&mut State) -> &mut Switched);

impl Output for PanelOutput {
    fn set(&mut self, on: bool) -> Result<(), OutputFault> {
        let mut state = self.0.state();
        if state.broken {
            return Err(OutputFault("the output is broken".into()));
        }
        let switched = (self.1)(&mut state);
        if on && !switched.on {
            switched.since = Some(Instant::now());
        }
        switched.on = on;
        Ok(())
    }
}
