// SPDX-License-Identifier: GPL-3.0-only
//! How much of the gateway one peer may take, so that none takes the place of another.
//!
//! A device has [`DEVICE_CONNECTIONS_MAX`] connections. When one more comes, the oldest is cut: a terminal whose old
//! connections hang is let in at once, and one that opens thousands cuts only its own; what was on its way is sent
//! again. Over all of them [`BATCHES_MAX`] batches are in the tables at a time and [`FEEDS_MAX`] requests for the feed
//! are served, and [`BLOBS_MAX`] parts of blobs taken; the others wait their turn, so another terminal waits behind that many and no more. An address has
//! [`NAMELESS_MAX`] connections whose certificate is not known yet, or that have none; one without is cut after
//! [`NAMELESS`]. Many terminals may share an address, so nothing else is counted by it.

use contract::DeviceId;
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, Semaphore, SemaphorePermit};

/// Most connections of one device: two are in use, and some may hang until they are known to be dead.
pub(crate) const DEVICE_CONNECTIONS_MAX: usize = 8;
/// Most batches of one device in the tables at a time: an alarm never waits behind more than one other.
pub(crate) const BATCHES_MAX: usize = 2;
/// Most requests for the feed of one device that are served at a time.
pub(crate) const FEEDS_MAX: usize = 4;
/// Most parts of blobs of one device that are taken at a time.
pub(crate) const BLOBS_MAX: usize = 2;
/// Most connections from one address without a known certificate.
pub(crate) const NAMELESS_MAX: usize = 64;
/// How long a connection without a certificate may last: one enrolment.
pub(crate) const NAMELESS: Duration = Duration::from_secs(60);

/// Who holds how much.
#[derive(Default)]
pub(crate) struct Shares(Mutex<Held>);

#[derive(Default)]
struct Held {
    devices: HashMap<DeviceId, Device>,
    nameless: HashMap<IpAddr, usize>,
    /// The number of the next seat.
    next: u64,
}

struct Device {
    share: Arc<Share>,
    /// Its connections, oldest first.
    open: VecDeque<(u64, Arc<Notify>)>,
}

/// The turns of one device, over all its connections.
pub(crate) struct Share {
    batches: Semaphore,
    feeds: Semaphore,
    blobs: Semaphore,
}

impl Share {
    fn new() -> Self {
        Self {
            batches: Semaphore::new(BATCHES_MAX),
            feeds: Semaphore::new(FEEDS_MAX),
            blobs: Semaphore::new(BLOBS_MAX),
        }
    }

    /// Waits for the device's turn in the tables.
    pub(crate) async fn batch(&self) -> Option<SemaphorePermit<'_>> {
        self.batches.acquire().await.ok()
    }

    /// Waits until fewer of the device's requests for the feed are held.
    pub(crate) async fn feed(&self) -> Option<SemaphorePermit<'_>> {
        self.feeds.acquire().await.ok()
    }

    /// Waits until fewer parts of the device's blobs are on their way.
    pub(crate) async fn blob(&self) -> Option<SemaphorePermit<'_>> {
        self.blobs.acquire().await.ok()
    }
}

impl Shares {
    /// A place for a connection nobody knows yet; none when its address has too many.
    pub(crate) fn nameless(self: &Arc<Self>, address: IpAddr) -> Option<Nameless> {
        let mut held = self.lock();
        let count = held.nameless.entry(address).or_default();
        if *count >= NAMELESS_MAX {
            return None;
        }
        *count += 1;
        Some(Nameless { shares: Arc::clone(self), address })
    }

    /// A place for a connection of this device; its oldest one loses its own when there are too many.
    pub(crate) fn seat(self: &Arc<Self>, device: DeviceId) -> Seat {
        let mut held = self.lock();
        let number = held.next;
        held.next += 1;
        let own = held
            .devices
            .entry(device)
            .or_insert_with(|| Device { share: Arc::new(Share::new()), open: VecDeque::new() });
        if own.open.len() >= DEVICE_CONNECTIONS_MAX
            && let Some((_, oldest)) = own.open.pop_front()
        {
            oldest.notify_one();
        }
        let cut = Arc::new(Notify::new());
        own.open.push_back((number, Arc::clone(&cut)));
        Seat { shares: Arc::clone(self), device, number, share: Arc::clone(&own.share), cut }
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection without a name, given back when dropped.
pub(crate) struct Nameless {
    shares: Arc<Shares>,
    address: IpAddr,
}

impl Drop for Nameless {
    fn drop(&mut self) {
        let mut held = self.shares.lock();
        if let Some(count) = held.nameless.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                held.nameless.remove(&self.address);
            }
        }
    }
}

/// One connection of a device, given back when dropped.
pub(crate) struct Seat {
    shares: Arc<Shares>,
    device: DeviceId,
    number: u64,
    share: Arc<Share>,
    cut: Arc<Notify>,
}

impl Seat {
    pub(crate) fn share(&self) -> Arc<Share> {
        Arc::clone(&self.share)
    }

    /// Waits until newer connections of the same device took this one's place.
    pub(crate) async fn is_cut(&self) {
        self.cut.notified().await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut held = self.shares.lock();
        if let Some(own) = held.devices.get_mut(&self.device) {
            own.open.retain(|(number, _)| *number != self.number);
            if own.open.is_empty() {
                held.devices.remove(&self.device);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_back_leaves_nothing_behind() {
        let shares = Arc::new(Shares::default());
        let address = IpAddr::from([127, 0, 0, 1]);
        let mut places: Vec<Nameless> =
            (0..NAMELESS_MAX).map(|_| shares.nameless(address).unwrap()).collect();
        assert!(shares.nameless(address).is_none());
        assert!(shares.nameless(IpAddr::from([127, 0, 0, 2])).is_some());
        places.pop();
        assert!(shares.nameless(address).is_some());
        let seats: Vec<Seat> = (0..100).map(|_| shares.seat(DeviceId::fresh())).collect();
        drop((places, seats));
        let held = shares.lock();
        assert!(held.nameless.is_empty() && held.devices.is_empty());
    }

    #[tokio::test]
    async fn the_oldest_connection_of_a_device_goes_when_one_more_comes() {
        let shares = Arc::new(Shares::default());
        let device = DeviceId::fresh();
        let seats: Vec<Seat> = (0..=DEVICE_CONNECTIONS_MAX).map(|_| shares.seat(device)).collect();
        seats[0].is_cut().await;
        let second = tokio::time::timeout(Duration::from_millis(20), seats[1].is_cut()).await;
        assert!(second.is_err(), "only the oldest");
    }
}
