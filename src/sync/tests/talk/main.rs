// SPDX-License-Identifier: GPL-3.0-only
//! A terminal and a platform talk over loopback: what is lost, forged, refused or slow, and that nothing is lost by it.

#![expect(clippy::unwrap_used, reason = "a helper of a test that cannot go on fails the test")]

mod blobs;
mod cell;
mod enrolment;
mod events;
mod feed;
mod keys;
mod media;
mod platform;

use cell::FakeCell;
use platform::{CODE, FakePlatform};
use std::sync::Arc;
use std::time::Duration;
use sync::{Cut, Identity, Pace, Setup, Tasks, TimeOuts, Wake, WallClock};

/// A clock whose battery died.
fn dead_clock() -> WallClock {
    Arc::new(|| 0)
}

/// An enrolled terminal that is in a hurry.
struct Terminal {
    cell: Arc<FakeCell>,
    wake: Wake,
    cut: Cut,
    tasks: Tasks,
    _dir: tempfile::TempDir,
}

impl Terminal {
    async fn enrolled(platform: &FakePlatform) -> Self {
        Self::start(enrol(platform).await, hasty())
    }

    /// One that waits a fifth of a second for a reply.
    async fn impatient(platform: &FakePlatform) -> Self {
        let mut setup = hasty();
        setup.ordinary.1.batch = Duration::from_millis(200);
        Self::start(enrol(platform).await, setup)
    }

    /// One that never gives an ordinary reply up.
    async fn patient(platform: &FakePlatform) -> Self {
        let mut setup = hasty();
        setup.ordinary.1.batch = Duration::from_secs(600);
        Self::start(enrol(platform).await, setup)
    }

    fn start(dir: tempfile::TempDir, setup: Setup) -> Self {
        let identity = Arc::new(Identity::open_or_make(dir.path()).unwrap());
        let cell = FakeCell::new(identity.device(), identity.signing_key());
        let (wake, cut) = (setup.wake.clone(), setup.cut.clone());
        let tasks = sync::start(identity, Arc::clone(&cell), setup);
        Self { cell, wake, cut, tasks, _dir: dir }
    }

    /// Queues events and rings the bell.
    fn queue(&self, lane: contract::Lane, count: usize) -> Vec<contract::EventId> {
        let ids = self.cell.queue(lane, count);
        self.wake.ring();
        ids
    }
}

async fn enrol(platform: &FakePlatform) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    sync::enrol(dir.path(), &platform.address, &platform.root_pem, CODE, dead_clock()).await.unwrap();
    dir
}

/// The rules of the protocol with waits a test can afford.
fn hasty() -> Setup {
    let pace =
        Pace { base_ms: 5, cap_ms: 50, window_ms: 0, window_ms_max: 0, refused_ms: 20, healthy_ms: 60_000 };
    let time_outs = TimeOuts {
        connect: Duration::from_secs(5),
        batch: Duration::from_secs(5),
        page: Duration::from_secs(5),
    };
    let mut setup = Setup::new(dead_clock());
    setup.ordinary = (pace, time_outs);
    setup.alarm = (pace, time_outs);
    setup
}
