// SPDX-License-Identifier: GPL-3.0-only
//! One way to the platform, shared by those who use it: its connection, its waits, and a door.
//!
//! While the platform does not answer, one request at a time goes through the door, in turn, and its outcome decides
//! for all; so a returning network sees one try of a terminal and not one of each task. Two time-outs in a row throw
//! the connection away: a half-open one never recovers by itself.

use crate::blobs::concerns_blob;
use crate::connect::SetupError;
use crate::identity::{Identity, IdentityError};
use crate::link::{Link, LinkState, Pace, Why};
use crate::switch::{Cut, Stop};
use crate::transport::{Failure, Heard, TimeOuts, Transport};
use crate::trusted_time::TrustedTime;
use contract::{
    AlarmAnswers, Batch, BatchReply, Blob, BlobState, Digest, EnrolReply, FeedPage, RenewRequest, Signed,
    SignedError,
};
use ring::rand::{SecureRandom, SystemRandom};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{MutexGuard as DoorGuard, watch};
use tokio::time::Instant;

/// Time-outs in a row after which the connection is made anew.
const TIME_OUTS_MAX: u32 = 2;
/// The floor under the clock is written again when it rose by this much, in milliseconds.
const FLOOR_STEP_MS: i64 = 3_600_000;

/// Most chains of content keys followed at a time.
const CHAINS_MAX: usize = 8;

/// What a route is made of.
pub(crate) struct Road {
    pub(crate) identity: Arc<Identity>,
    pub(crate) time: TrustedTime,
    pub(crate) cut: Cut,
    pub(crate) stop: Stop,
    pub(crate) pace: Pace,
    pub(crate) time_outs: TimeOuts,
}

/// Called with each new state of the link, and with each signed time and its round trip.
pub(crate) trait Ear: Send + Sync {
    fn link(&self, state: LinkState);
    fn witness(&self, server_ms: i64, round_trip_ms: i64);
}

pub(crate) struct Route {
    road: Road,
    ear: Box<dyn Ear>,
    door: tokio::sync::Mutex<()>,
    /// Batches of events on their way.
    sending: watch::Sender<u32>,
    inner: Mutex<Inner>,
    began: Instant,
}

struct Inner {
    link: Link,
    transport: Option<Arc<Transport>>,
    time_outs: u32,
    kept_floor_ms: i64,
}

/// Leave to send one request.
pub(crate) struct Pass<'a> {
    route: &'a Route,
    transport: Arc<Transport>,
    door: Option<DoorGuard<'a, ()>>,
}

impl Route {
    pub(crate) fn new(road: Road, ear: Box<dyn Ear>) -> Self {
        let inner = Inner {
            link: Link::new(road.pace),
            transport: None,
            time_outs: 0,
            kept_floor_ms: road.identity.last_signed_ms(),
        };
        let door = tokio::sync::Mutex::new(());
        Self {
            road,
            ear,
            door,
            sending: watch::Sender::new(0),
            inner: Mutex::new(inner),
            began: Instant::now(),
        }
    }

    pub(crate) fn stop(&self) -> &Stop {
        &self.road.stop
    }

    /// Waits until a request may be sent; none when the task shall end.
    pub(crate) async fn enter(&self) -> Option<Pass<'_>> {
        loop {
            if self.road.stop.is_told() {
                return None;
            }
            if let Some(transport) = self.online() {
                return Some(Pass { route: self, transport, door: None });
            }
            let door = tokio::select! {
                door = self.door.lock() => door,
                () = self.road.stop.told() => return None,
            };
            let wait_ms = self.lock().link.wait_ms(self.now_ms());
            if wait_ms > 0 {
                drop(door);
                self.pause(wait_ms).await;
            } else if let Some(transport) = self.transport() {
                return Some(Pass { route: self, transport, door: Some(door) });
            }
        }
    }

    /// The platform answered, and what it said cannot be used: wait as after a loss.
    pub(crate) fn lost(&self) {
        let now_ms = self.now_ms();
        self.change(|link| link.lost(now_ms, chance()));
    }

    pub(crate) fn state(&self) -> LinkState {
        self.lock().link.state()
    }

    /// What lies on the disk has changed: the next request goes over a new connection.
    pub(crate) fn begin_anew(&self) {
        self.lock().transport = None;
    }

    /// The enrolment was changed, or could not be.
    fn changed(&self, outcome: Result<(), IdentityError>) {
        match outcome {
            Ok(()) => self.begin_anew(),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "failed to keep a content key");
            }
        }
    }

    fn online(&self) -> Option<Arc<Transport>> {
        let inner = self.lock();
        (inner.link.state() == LinkState::Online).then(|| inner.transport.clone()).flatten()
    }

    /// The connection, set up from what lies on the disk when there is none.
    fn transport(&self) -> Option<Arc<Transport>> {
        let held = {
            let inner = self.lock();
            let ask_again = matches!(inner.link.state(), LinkState::Refused(_));
            if ask_again { None } else { inner.transport.clone() }
        };
        if held.is_some() {
            return held;
        }
        let made = self.set_up();
        let now_ms = self.now_ms();
        match made {
            Ok(Some(transport)) => {
                let transport = Arc::new(transport);
                self.lock().transport = Some(Arc::clone(&transport));
                Some(transport)
            }
            Ok(None) => {
                self.change(|link| link.refused(now_ms, Why::NotEnrolled, chance()));
                None
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "failed to set up the connection");
                self.change(|link| link.refused(now_ms, Why::Damaged, chance()));
                None
            }
        }
    }

    fn set_up(&self) -> Result<Option<Transport>, SetupError> {
        let Road { identity, time, time_outs, .. } = &self.road;
        let enrolment = identity.enrolment()?;
        enrolment.map(|enrolment| Transport::new(identity, &enrolment, time, *time_outs)).transpose()
    }

    /// Waits for a time, a mended network, or the end.
    async fn pause(&self, wait_ms: i64) {
        let mut cut = self.road.cut.watch();
        let was_cut = *cut.borrow_and_update();
        let mended = async {
            if !was_cut || cut.wait_for(|cut| !cut).await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(wait_ms.unsigned_abs())) => {}
            () = mended => {
                let now_ms = self.now_ms();
                self.lock().link.mended(now_ms, chance());
            }
            () = self.road.stop.told() => {}
        }
    }

    fn note<T>(&self, outcome: &Result<Heard<T>, Failure>, window_s: Option<u32>) {
        let now_ms = self.now_ms();
        match outcome {
            Ok(heard) => {
                self.lock().time_outs = 0;
                self.change(|link| {
                    link.answered(now_ms);
                    if let Some(window_s) = window_s {
                        link.window(window_s);
                    }
                });
                self.raise_floor(heard.server_ms);
            }
            Err(failure) => self.note_failure(now_ms, failure),
        }
    }

    fn note_failure(&self, now_ms: i64, failure: &Failure) {
        failure.tell();
        {
            let mut inner = self.lock();
            inner.time_outs = if matches!(failure, Failure::TimedOut) { inner.time_outs + 1 } else { 0 };
            if inner.time_outs >= TIME_OUTS_MAX {
                inner.time_outs = 0;
                inner.transport = None;
            }
        }
        let refusal = |why| move |link: &mut Link| link.refused(now_ms, why, chance());
        match failure {
            Failure::Status { status: 401, .. } | Failure::OwnCertificate(_) => {
                self.change(refusal(Why::Certificate))
            }
            Failure::Status { status: 403, .. } => self.change(refusal(Why::Revoked)),
            Failure::Status { status: 426, .. } => self.change(refusal(Why::Version)),
            Failure::Status { status: 410 | 413 | 422, .. } => self.change(|link| link.reached(now_ms)),
            Failure::Status { retry_after_ms, .. } => {
                self.change(|link| link.busy(now_ms, *retry_after_ms, chance()));
            }
            Failure::Cut
            | Failure::TimedOut
            | Failure::Unreachable(_)
            | Failure::Untrusted(_)
            | Failure::Clock(_)
            | Failure::Long { .. }
            | Failure::NoMessage
            | Failure::Unsigned(_)
            | Failure::Unfit { .. }
            | Failure::Batch(_) => self.change(|link| link.lost(now_ms, chance())),
        }
    }

    fn raise_floor(&self, server_ms: i64) {
        self.road.time.witness(server_ms);
        let mut inner = self.lock();
        if server_ms.saturating_sub(inner.kept_floor_ms) < FLOOR_STEP_MS {
            return;
        }
        inner.kept_floor_ms = server_ms;
        drop(inner);
        if let Err(error) = self.road.identity.keep_floor(server_ms) {
            tracing::warn!(error = &error as &dyn std::error::Error, "failed to keep the last signed time");
        }
    }

    /// Changes the link and tells a new state.
    fn change(&self, rule: impl FnOnce(&mut Link)) {
        let mut inner = self.lock();
        let before = inner.link.state();
        rule(&mut inner.link);
        let after = inner.link.state();
        drop(inner);
        if before != after {
            self.ear.link(after);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now_ms(&self) -> i64 {
        i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}

impl Pass<'_> {
    /// Whether the platform has not answered yet since the last loss.
    pub(crate) fn is_probe(&self) -> bool {
        self.door.is_some()
    }

    pub(crate) async fn events(self, batch: &Batch) -> Result<Heard<BatchReply>, Failure> {
        self.route.sending.send_modify(|batches| *batches += 1);
        let outcome = self.send(self.transport.events(batch)).await;
        self.route.sending.send_modify(|batches| *batches -= 1);
        let outcome = self.heeded(outcome, None).await?;
        let window_s = outcome.as_ref().ok().map(|heard| heard.message.reconnect_window_s);
        self.route.note(&outcome, window_s);
        let heard = outcome?;
        self.route.ear.witness(heard.server_ms, heard.round_trip_ms);
        Ok(heard)
    }

    /// A status says something of this request only: the platform may know no renewal, or not yet.
    pub(crate) async fn renew(self, request: &RenewRequest) -> Result<EnrolReply, Failure> {
        let outcome = self.send(self.transport.renew(request)).await;
        let outcome = self.heeded(outcome, None).await?;
        if let Err(Failure::Status { .. }) = &outcome {
            let now_ms = self.route.now_ms();
            self.route.change(|link| link.reached(now_ms));
        } else {
            self.route.note(&outcome, None);
        }
        Ok(outcome?.message)
    }

    /// A page that was held back tells the time too late to be a witness.
    pub(crate) async fn feed(self, since: u64, wait_s: u32) -> Result<Heard<FeedPage>, Failure> {
        let outcome = self.send(self.transport.feed(since, wait_s)).await;
        let newest = outcome.as_ref().ok().and_then(|heard| heard.message.newest_key);
        let outcome = self.heeded(outcome, newest).await?;
        self.route.note(&outcome, None);
        let heard = outcome?;
        if wait_s == 0 {
            self.route.ear.witness(heard.server_ms, heard.round_trip_ms);
        }
        Ok(heard)
    }

    /// Who answered; like a page of the feed, an answer that was held back is no witness of the time.
    pub(crate) async fn alarms(self, since: u64, wait_s: u32) -> Result<Heard<AlarmAnswers>, Failure> {
        let outcome = self.send(self.transport.alarms(since, wait_s)).await;
        let outcome = self.heeded(outcome, None).await?;
        self.route.note(&outcome, None);
        outcome
    }

    pub(crate) async fn blob_offset(self, blob: &Blob) -> Result<u64, Failure> {
        let outcome = self.send(self.transport.blob_offset(blob)).await;
        self.noted(outcome)
    }

    pub(crate) async fn blob_begin(self, blob: &Blob) -> Result<(), Failure> {
        let outcome = self.send(self.transport.blob_begin(blob)).await;
        self.noted(outcome)
    }

    pub(crate) async fn blob_part(self, blob: &Blob, at: u64, part: Vec<u8>) -> Result<u64, Failure> {
        let outcome = self.send(self.transport.blob_part(blob, at, part)).await;
        self.noted(outcome)
    }

    pub(crate) async fn blob_state(self, blob: &Blob) -> Result<(BlobState, Signed), Failure> {
        let outcome = self.send(self.transport.blob_state(blob)).await;
        let outcome = self.heeded(outcome, None).await?;
        if outcome.is_ok() {
            self.route.note(&outcome, None);
            return outcome.map(|heard| (heard.message, heard.signed));
        }
        self.noted(outcome).map(|heard| (heard.message, heard.signed))
    }

    /// Waits until no events are on their way, and asks for a part of a file.
    pub(crate) async fn media(self, sha256: Digest, from: u64, to: u64) -> Result<Vec<u8>, Failure> {
        let mut sending = self.route.sending.subscribe();
        let outcome = self
            .send(async {
                // An error means that the route is gone, and this request with it.
                let _ = sending.wait_for(|batches| *batches == 0).await;
                self.transport.media(sha256, from, to).await
            })
            .await;
        self.noted(outcome)
    }

    /// An answer without a signature says nothing of the link but that the platform was reached, and a status that speaks
    /// of one blob no more than that.
    fn noted<T>(&self, outcome: Result<T, Failure>) -> Result<T, Failure> {
        let now_ms = self.route.now_ms();
        match &outcome {
            Ok(_) => self.route.change(|link| link.reached(now_ms)),
            Err(Failure::Status { status, .. }) if concerns_blob(*status) => {
                self.route.change(|link| link.reached(now_ms));
            }
            Err(failure) => self.route.note_failure(now_ms, failure),
        }
        outcome
    }

    /// Takes up what an answer says of the content keys: that a later one signs, that there is a newer one, or, by a
    /// signature nobody knows here, that both happened while this terminal was away.
    ///
    /// # Errors
    /// The answer was signed by a key that was not known and is now: it is asked for again at once.
    async fn heeded<T>(
        &self,
        outcome: Result<Heard<T>, Failure>,
        newest: Option<Digest>,
    ) -> Result<Result<Heard<T>, Failure>, Failure> {
        if let Some(key) = self.transport.later_key() {
            self.route.changed(self.route.road.identity.believe(key));
        }
        let known = self.transport.newest_key().map(contract::PublicKey::digest);
        let strange = matches!(&outcome, Err(Failure::Unsigned(SignedError::Signature)));
        if !strange && newest.is_none_or(|newest| Some(newest) == known) {
            return Ok(outcome);
        }
        let learned = self.learn().await;
        match outcome {
            Err(failure) if strange && learned => {
                let now_ms = self.route.now_ms();
                self.route.change(|link| link.reached(now_ms));
                Err(failure)
            }
            outcome => Ok(outcome),
        }
    }

    /// Asks for what leads on from the newest content key, until nothing does. Whether anything did.
    async fn learn(&self) -> bool {
        let Some(mut known) = self.transport.newest_key().cloned() else { return false };
        let mut learned = false;
        // The last question tells the platform what this terminal knows.
        for _ in 0..CHAINS_MAX {
            let keys = match self.send(self.transport.keys(&known)).await {
                Ok(chain) => chain.follow(&known),
                Err(failure) => {
                    failure.tell();
                    return learned;
                }
            };
            match keys {
                Ok(keys) => {
                    let Some(last) = keys.last().cloned() else { return learned };
                    self.route.changed(self.route.road.identity.learn(&known, keys));
                    (known, learned) = (last, true);
                }
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "the platform's content keys do not follow one another");
                    return learned;
                }
            }
        }
        learned
    }

    /// Gives a request up when the network is cut or the task shall end.
    async fn send<T>(&self, request: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        self.route.change(Link::begun);
        let mut cut = self.route.road.cut.watch();
        tokio::select! {
            biased;
            _ = cut.wait_for(|cut| *cut) => Err(Failure::Cut),
            () = self.route.road.stop.told() => Err(Failure::Cut),
            outcome = request => outcome,
        }
    }
}

/// Even in 0 to 1; the middle when the system gives no random numbers.
fn chance() -> f64 {
    let mut bytes = [0; 4];
    match SystemRandom::new().fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX),
        Err(_) => 0.5,
    }
}
