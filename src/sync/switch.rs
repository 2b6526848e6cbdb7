// SPDX-License-Identifier: GPL-3.0-only
//! The handles the rest of the terminal holds: a bell that wakes the senders, and a switch that cuts the network.

use tokio::sync::watch;

/// Rung after a commit that queued an event; a ring is never missed.
#[derive(Debug, Clone)]
pub struct Wake(watch::Sender<u64>);

impl Wake {
    pub fn new() -> Self {
        Self(watch::Sender::new(0))
    }

    /// Something new waits to be sent.
    pub fn ring(&self) {
        self.0.send_modify(|rings| *rings = rings.wrapping_add(1));
    }

    pub(crate) fn ear(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}

impl Default for Wake {
    fn default() -> Self {
        Self::new()
    }
}

/// Cuts and mends the network of this program alone: for the developer dock and for tests.
#[derive(Debug, Clone)]
pub struct Cut(watch::Sender<bool>);

impl Cut {
    /// The network is there.
    pub fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Requests under way are given up, and no new one leaves.
    pub fn cut(&self) {
        self.0.send_replace(true);
    }

    pub fn mend(&self) {
        self.0.send_replace(false);
    }

    pub fn is_cut(&self) -> bool {
        *self.0.borrow()
    }

    pub(crate) fn watch(&self) -> watch::Receiver<bool> {
        self.0.subscribe()
    }
}

impl Default for Cut {
    fn default() -> Self {
        Self::new()
    }
}

/// Whether the tasks shall end. The other half is dropped or says so.
#[derive(Debug, Clone)]
pub(crate) struct Stop(pub(crate) watch::Receiver<bool>);

impl Stop {
    pub(crate) fn is_told(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }

    /// Returns once the tasks shall end.
    pub(crate) async fn told(&self) {
        let mut told = self.0.clone();
        // An error means that nobody is left who could stop the tasks: that ends them too.
        let _ = told.wait_for(|stop| *stop).await;
    }
}
