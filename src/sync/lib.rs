// SPDX-License-Identifier: GPL-3.0-only
//! Moves events to the platform and the platform's truth to the cell. Names no service.
//!
//! Without a network, an enrolment or a right clock nothing is lost: events stay in the cell until the platform signed
//! a verdict for each, and the tasks here go on trying for as long as the terminal runs. Nothing here waits without a
//! limit, panics, or decides what an event means.

mod answers;
mod blobs;
mod bundle;
mod connect;
mod enrol;
mod feed;
mod files;
mod identity;
mod link;
mod media;
mod push;
mod renew;
mod route;
mod switch;
mod transport;
mod trusted_time;
mod turns;

pub use bundle::{BundleFault, SendError, make_bundle, open_answer, send_bundle};
pub use connect::SetupError;
pub use enrol::{EnrolError, enrol};
pub use files::FileError;
pub use identity::{Enrolment, Identity, IdentityError, Validity};
pub use link::{Link, LinkState, Pace, Why};
pub use media::MediaFolder;
pub use switch::{Cut, Wake};
pub use transport::{Failure, TimeOuts};
pub use trusted_time::WallClock;

use contract::{
    AlarmAnswers, Batch, BatchReply, Blob, BlobState, Digest, EventId, FeedPage, Flow, Lane, LaneHead,
    MediaItem, Signed,
};
use route::{Ear, Road, Route};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How often the certificate's age is looked at.
const RENEWAL_LOOK: Duration = Duration::from_secs(60);
/// Longest the platform is asked to hold a feed request, in seconds.
const FEED_WAIT_S: u32 = 30;

/// Why the platform can never take an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quarantine {
    /// It cannot read it (422).
    Unreadable,
    /// Alone it is larger than what the platform takes (413).
    TooLarge,
}

/// Events that wait to be sent, and what the network says of itself; answered by the loop that owns them.
pub trait Outbox: Send + Sync + 'static {
    /// The oldest unsettled events of `lane`, in order, within `flow`. The same ones again until they are settled.
    fn next_batch(&self, lane: Lane, flow: Flow) -> impl Future<Output = Option<Batch>> + Send;

    /// Keeps the verdicts of a reply whose signature, batch and hashes were checked, and `receipt`, the reply as it was
    /// signed, in one transaction. Where `acked_seq` is lower than what was settled before, the lane goes back to it.
    fn settle(&self, reply: BatchReply, receipt: Signed) -> impl Future<Output = ()> + Send;

    /// Sets one event aside that the platform can never take: from now on it is sent without its body, so that those
    /// behind it go on.
    fn quarantine(&self, event: EventId, reason: Quarantine) -> impl Future<Output = ()> + Send;

    /// The link's new state, for the screen.
    fn link(&self, state: LinkState);

    /// The platform's signed wall clock, in milliseconds since 1970 UTC, and how long asking took.
    fn witness(&self, server_ms: i64, round_trip_ms: i64);
}

/// What the terminal's tasks need besides: its place in the feed, and what to do with a page.
pub trait Cell: Outbox {
    /// The cursor reached, and the digest of the page that led there; zero and zero at the beginning.
    fn feed_position(&self) -> impl Future<Output = (u64, Digest)> + Send;

    /// Applies a checked page and its position in one transaction. A page from 0 begins the feed again: what is held
    /// already comes again with the same revision.
    fn apply(&self, page: FeedPage, digest: Digest) -> impl Future<Output = ()> + Send;

    /// The platform says how far it holds each lane; where that is less than was settled, it lost what it had, and the
    /// lane goes back.
    fn heads(&self, heads: Vec<LaneHead>) -> impl Future<Output = ()> + Send;

    /// The oldest blob whose event has its verdict and that the platform has not whole, with its bytes; none of `besides`.
    fn next_blob(&self, besides: Vec<Digest>) -> impl Future<Output = Option<(Blob, Vec<u8>)>> + Send;

    /// The platform has a blob whole; `receipt` is its word as it was signed.
    fn blob_whole(&self, state: BlobState, receipt: Signed) -> impl Future<Output = ()> + Send;

    /// The files the platform wants here, what is mandatory first; none while the list cannot be read, which takes no file
    /// away.
    fn media(&self) -> impl Future<Output = Option<Vec<MediaItem>>> + Send;
}

/// What the alarm's process needs besides: who answered.
pub trait AlarmBox: Outbox {
    /// The newest revision of the answers heard, while an alarm waits for more; none while none does.
    fn awaited(&self) -> impl Future<Output = Option<u64>> + Send;

    /// Answers of the platform whose signature was checked, newer than the awaited revision.
    fn answered(&self, answers: AlarmAnswers) -> impl Future<Output = ()> + Send;
}

/// What the tasks are given besides identity and cell.
#[derive(Clone)]
pub struct Setup {
    /// Rung when an event was queued.
    pub wake: Wake,
    /// Cuts the network, for the dock and tests.
    pub cut: Cut,
    /// The believed wall time, milliseconds since 1970 UTC; only certificates are checked by it.
    pub wall: WallClock,
    pub ordinary: (Pace, TimeOuts),
    pub alarm: (Pace, TimeOuts),
    /// How long the platform may hold a feed request, in seconds.
    pub feed_wait_s: u32,
    /// How often the certificate's age is looked at.
    pub renewal_look: Duration,
    /// Where the files go that the platform wants here; none fetches none.
    pub media: Option<MediaFolder>,
}

impl Setup {
    /// With the waits of the protocol.
    pub fn new(wall: WallClock) -> Self {
        Self {
            wake: Wake::new(),
            cut: Cut::new(),
            wall,
            ordinary: (Pace::ORDINARY, TimeOuts::ORDINARY),
            alarm: (Pace::ALARM, TimeOuts::ALARM),
            feed_wait_s: FEED_WAIT_S,
            renewal_look: RENEWAL_LOOK,
            media: None,
        }
    }
}

/// The running tasks. Dropping them tells them to end.
pub struct Tasks {
    stop: watch::Sender<bool>,
    handles: Vec<JoinHandle<()>>,
}

impl Tasks {
    /// Ends the tasks and waits until they ended. What was in flight is sent again at the next start.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for handle in self.handles {
            if let Err(error) = handle.await {
                tracing::error!(%error, "a sync task ended badly");
            }
        }
    }
}

/// Starts sending the store's events and following the feed; call it within a tokio runtime. A terminal that is not
/// enrolled is looked at again every few seconds and begins by itself once it is.
pub fn start<C: Cell>(identity: Arc<Identity>, cell: Arc<C>, setup: Setup) -> Tasks {
    let roads = Roads::new(identity, setup);
    let ordinary = roads.route(roads.setup.ordinary, Box::new(Shown(Arc::clone(&cell))));
    let alarm = roads.route(roads.setup.alarm, Box::new(Unshown(Arc::clone(&cell))));
    let (alarms, others) = Lane::STORED.split_at(1);
    let renewer = renew::Renewer {
        identity: Arc::clone(&roads.identity),
        time: roads.time.clone(),
        ordinary: Arc::clone(&ordinary),
        alarm: Arc::clone(&alarm),
        look_every: roads.setup.renewal_look,
    };
    let fetcher = roads.setup.media.clone().map(|folder| {
        media::Fetcher::new(Arc::clone(&ordinary), Arc::clone(&cell), folder, &roads.setup.wake).run()
    });
    let mut handles = vec![
        tokio::spawn(renewer.run()),
        tokio::spawn(roads.pusher(&alarm, &cell, alarms, roads.setup.alarm.0)),
        tokio::spawn(roads.pusher(&ordinary, &cell, others, roads.setup.ordinary.0)),
        tokio::spawn(blobs::Uploader::new(Arc::clone(&ordinary), Arc::clone(&cell), &roads.setup.wake).run()),
        tokio::spawn(feed::Follower::new(ordinary, cell, roads.setup.feed_wait_s).run()),
    ];
    handles.extend(fetcher.map(tokio::spawn));
    Tasks { stop: roads.stop, handles }
}

/// Starts sending what the alarm's process has, and asking who answered, over a connection of its own; call it within
/// a tokio runtime. The certificate is renewed by the terminal's own tasks: this reads what lies on the disk.
pub fn start_alarm<B: AlarmBox>(identity: Arc<Identity>, alarms: Arc<B>, setup: Setup) -> Tasks {
    let roads = Roads::new(identity, setup);
    let route = roads.route(roads.setup.alarm, Box::new(Shown(Arc::clone(&alarms))));
    let answers = answers::Answers::new(
        Arc::clone(&route),
        Arc::clone(&alarms),
        &roads.setup.wake,
        roads.setup.feed_wait_s,
    );
    let handles = vec![
        tokio::spawn(roads.pusher(&route, &alarms, &[Lane::Panic], roads.setup.alarm.0)),
        tokio::spawn(answers.run()),
    ];
    Tasks { stop: roads.stop, handles }
}

/// What every connection of a process is made of.
struct Roads {
    identity: Arc<Identity>,
    setup: Setup,
    time: trusted_time::TrustedTime,
    stop: watch::Sender<bool>,
    told: watch::Receiver<bool>,
}

impl Roads {
    fn new(identity: Arc<Identity>, setup: Setup) -> Self {
        let (stop, told) = watch::channel(false);
        let time = trusted_time::TrustedTime::new(Arc::clone(&setup.wall), identity.last_signed_ms());
        Self { identity, setup, time, stop, told }
    }

    fn route(&self, (pace, time_outs): (Pace, TimeOuts), ear: Box<dyn Ear>) -> Arc<Route> {
        let road = Road {
            identity: Arc::clone(&self.identity),
            time: self.time.clone(),
            cut: self.setup.cut.clone(),
            stop: switch::Stop(self.told.clone()),
            pace,
            time_outs,
        };
        Arc::new(Route::new(road, ear))
    }

    fn pusher<O: Outbox>(
        &self,
        route: &Arc<Route>,
        outbox: &Arc<O>,
        lanes: &[Lane],
        pace: Pace,
    ) -> impl Future<Output = ()> + Send + use<O> {
        let wait_max = Duration::from_millis(pace.cap_ms.unsigned_abs());
        push::Pusher::new(Arc::clone(route), Arc::clone(outbox), &self.setup.wake, lanes, wait_max).run()
    }
}

/// The connection whose state is the one to show: the ordinary one always has a request under way.
struct Shown<C>(Arc<C>);

impl<C: Outbox> Ear for Shown<C> {
    fn link(&self, state: LinkState) {
        self.0.link(state);
    }

    fn witness(&self, server_ms: i64, round_trip_ms: i64) {
        self.0.witness(server_ms, round_trip_ms);
    }
}

/// The first lane's connection exists only while something is sent.
struct Unshown<C>(Arc<C>);

impl<C: Outbox> Ear for Unshown<C> {
    fn link(&self, _: LinkState) {}

    fn witness(&self, server_ms: i64, round_trip_ms: i64) {
        self.0.witness(server_ms, round_trip_ms);
    }
}
