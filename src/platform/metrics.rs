// SPDX-License-Identifier: GPL-3.0-only
//! Figures of a running platform for a monitoring system, as text, on a listener of their own.
//!
//! Promises: no name, no id of a person, a device, a terminal or an event, neither as a label nor as a value; labels
//! are routes, statuses, lanes, verdicts and listeners, so their number is bounded. Counters begin with the process;
//! what the tables know is read when it is asked for. Refuses: any address but a loopback one, since nobody signs in
//! here.

use crate::fault::chain;
use crate::listener::told;
use crate::tables::{devices, parked};
use crate::{Core, Fault};
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use contract::{Lane, Verdict};
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::sync::Arc;
use std::time::Duration;

/// A device that spoke within this is there.
const HEARD_MS: i64 = 5 * 60_000;
/// Upper bounds of the time a batch takes, in seconds.
const INGEST_S: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
/// The text format with its version.
const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Who a listener is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Gateway,
    Desk,
    Metrics,
}

impl Side {
    fn name(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::Desk => "desk",
            Self::Metrics => "metrics",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    listener: &'static str,
    /// As the router has it, with names of parameters in place of what was asked for.
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Judged {
    lane: &'static str,
    verdict: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Open {
    listener: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfLane {
    lane: &'static str,
}

/// What is counted.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    batches: Counter,
    events: Family<Judged, Counter>,
    forks: Family<OfLane, Counter>,
    feeds_held: Gauge,
    connections: Family<Open, Gauge>,
    ingest: Histogram,
    parked_open: Gauge,
    parked_evidence: Gauge,
    oldest_parked: Gauge,
    devices: Gauge,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut own = Self {
            registry: Registry::with_prefix("platform"),
            requests: Family::default(),
            batches: Counter::default(),
            events: Family::default(),
            forks: Family::default(),
            feeds_held: Gauge::default(),
            connections: Family::default(),
            ingest: Histogram::new(INGEST_S),
            parked_open: Gauge::default(),
            parked_evidence: Gauge::default(),
            oldest_parked: Gauge::default(),
            devices: Gauge::default(),
        };
        let registry = &mut own.registry;
        registry.register("requests", "Requests answered", own.requests.clone());
        registry.register("batches", "Batches of events taken", own.batches.clone());
        registry.register("events", "Events by the verdict they were given", own.events.clone());
        registry.register("forks", "Events that contradict what is held", own.forks.clone());
        registry.register("feeds_held", "Feed requests held until there is news", own.feeds_held.clone());
        registry.register("connections", "Open connections", own.connections.clone());
        registry.register_with_unit(
            "ingest",
            "Time from a batch being read to its signed reply",
            Unit::Seconds,
            own.ingest.clone(),
        );
        registry.register(
            "parked_open",
            "Parked events that may be tried again and were not",
            own.parked_open.clone(),
        );
        registry.register(
            "parked_evidence",
            "Parked events that never can have an effect",
            own.parked_evidence.clone(),
        );
        registry.register_with_unit(
            "parked_oldest_age",
            "Age of the oldest open parked event, 0 without one",
            Unit::Seconds,
            own.oldest_parked.clone(),
        );
        registry.register(
            "devices_heard",
            "Devices in service that spoke in the last five minutes",
            own.devices.clone(),
        );
        own
    }

    /// A batch was taken in this time.
    pub(crate) fn batch(&self, took: Duration) {
        self.batches.inc();
        self.ingest.observe(took.as_secs_f64());
    }

    /// An event was given this verdict; `fork` also where the alarm's lane went on in spite of it.
    pub(crate) fn event(&self, lane: Lane, verdict: &Verdict, fork: bool) {
        let lane = lane.name();
        let verdict = match verdict {
            Verdict::Accepted => "accepted",
            Verdict::Duplicate => "duplicate",
            Verdict::Parked { .. } => "parked",
            Verdict::Rejected { .. } => "rejected",
            Verdict::Retry { .. } => "retry",
            Verdict::Fork => "fork",
        };
        self.events.get_or_create(&Judged { lane, verdict }).inc();
        if fork {
            self.forks.get_or_create(&OfLane { lane }).inc();
        }
    }

    /// A feed request waits for as long as the answer lives.
    pub(crate) fn feed_held(&self) -> Held {
        Held::of(&self.feeds_held)
    }

    /// A connection is open for as long as the answer lives.
    pub(crate) fn connection(&self, side: Side) -> Held {
        Held::of(&self.connections.get_or_create_owned(&Open { listener: side.name() }))
    }

    fn answered(&self, side: Side, route: Option<&MatchedPath>, status: StatusCode) {
        let route = route.map_or("none", MatchedPath::as_str).to_owned();
        let labels = Answered { listener: side.name(), route, status: status.as_u16() };
        self.requests.get_or_create(&labels).inc();
    }
}

/// Counted in a gauge while it lives.
pub(crate) struct Held(Gauge);

impl Held {
    fn of(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Counts each request by its route and the status of its answer.
pub(crate) async fn count(
    State((core, side)): State<(Arc<Core>, Side)>,
    request: Request,
    next: Next,
) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    core.metrics.answered(side, route.as_ref(), response.status());
    response
}

pub(crate) fn router(core: Arc<Core>) -> Router {
    Router::new().route("/metrics", get(page)).with_state(core)
}

async fn page(State(core): State<Arc<Core>>) -> Response {
    let mut stop = core.stop.clone();
    let read = tokio::select! {
        read = refresh(&core) => read,
        () = told(&mut stop) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    if let Err(fault) = read {
        tracing::error!(inside = chain(&fault), "the figures were not read");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let mut page = String::new();
    match text::encode(&mut page, &core.metrics.registry) {
        Ok(()) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], page).into_response(),
        Err(error) => {
            tracing::error!(%error, "the figures were not written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Reads what the tables know.
async fn refresh(core: &Core) -> Result<(), Fault> {
    let now_ms = core.clock.now_ms();
    let mut read = core.tables.read().await?;
    let open = parked::open(&mut read).await?;
    let devices = devices::heard_since(&mut read, now_ms.saturating_sub(HEARD_MS)).await?;
    drop(read);
    let metrics = &core.metrics;
    metrics.parked_open.set(gauge(open.events));
    metrics.parked_evidence.set(gauge(open.evidence));
    metrics.oldest_parked.set(open.oldest_ms.map_or(0, |ms| now_ms.saturating_sub(ms).max(0) / 1000));
    metrics.devices.set(gauge(devices));
    Ok(())
}

fn gauge(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
