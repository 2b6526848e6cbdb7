// SPDX-License-Identifier: GPL-3.0-only
//! The listener for terminals: TLS 1.3, one identity per connection, a few routes, and nothing for officers.
//!
//! A client certificate is optional in TLS, because enrolment comes before it, and required by every other route. The
//! table of devices is asked on each request: a revoked device gets 403 on everything. Sizes and times are limited;
//! `TCP_NODELAY` is set, since a small answer held back by Nagle's algorithm costs 40 ms.

use crate::ca::CertificateOf;
use crate::fault::{ApiError, Code, chain};
use crate::metrics::{self, Side};
use crate::share::Share;
use crate::tables::devices::{self, DeviceRow};
use crate::{Core, Fault, alarms, blobs, bundle, content, enrol, feed, ingest, media};
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, FromRequestParts, Query, Request, State};
use axum::http::request::Parts;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use contract::{
    BUNDLE_BYTES_MAX, Batch, Digest, EnrolReply, EnrolRequest, KeyChain, PROTOCOL_VERSION, RenewRequest,
    Signed,
};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The header of the protocol's version.
const VERSION_HEADER: &str = "kiosk-protocol";
/// Largest batch as sent, in bytes. The flow's 256 KiB count the bodies; JSON inside JSON at most doubles them, and a
/// hundred envelopes add 80 KiB.
const BATCH_BYTES_MAX: usize = 640 * 1024;
/// Largest enrolment request, in bytes.
const ENROL_BYTES_MAX: usize = 16 * 1024;

/// Time for the body of a request.
pub(crate) const BODY: Duration = Duration::from_secs(30);

/// Who is at the other end of a connection, as TLS verified it.
#[derive(Clone, Default)]
pub(crate) struct Peer {
    pub(crate) certificate: Option<Arc<CertificateOf>>,
    /// The turns of the certificate's device.
    pub(crate) share: Option<Arc<Share>>,
}

pub(crate) fn router(core: Arc<Core>) -> Router {
    Router::new()
        .route("/v1/events", post(events))
        .route("/v1/feed", get(feed_page))
        .route("/v1/alarms", get(alarm_answers))
        .route("/v1/enrol", post(enrol_device))
        .route("/v1/renew", post(renew))
        .route("/v1/bundle", post(hand_over))
        .route("/v1/keys", get(keys))
        .route(
            "/v1/blobs/{sha256}",
            get(blobs::state).head(blobs::offset).post(blobs::begin).patch(blobs::append),
        )
        .route("/v1/media/{sha256}", get(media::part))
        .fallback(|| async { ApiError::from(Code::NotFound) })
        .layer(middleware::from_fn(version))
        .layer(middleware::from_fn_with_state((Arc::clone(&core), Side::Gateway), metrics::count))
        .with_state(core)
}

async fn version(request: Request, next: Next) -> Response {
    let version = request.headers().get(VERSION_HEADER);
    if version.is_none_or(|version| version != PROTOCOL_VERSION) {
        return ApiError::from(Code::ProtocolVersion).into_response();
    }
    next.run(request).await
}

async fn events(
    State(core): State<Arc<Core>>,
    Caller(device): Caller,
    Extension(peer): Extension<Peer>,
    body: Body,
) -> Result<Json<Signed>, ApiError> {
    let bytes = read(body, BATCH_BYTES_MAX).await?;
    let batch: Batch = serde_json::from_slice(&bytes)
        .map_err(|error| ApiError::new(Code::BatchUnreadable, place(&error)))?;
    // Only a batch that has arrived takes a turn: one that trickles in keeps none from an alarm.
    let _turn = match &peer.share {
        Some(share) => share.batch().await,
        None => None,
    };
    let begun = Instant::now();
    let reply = ingest::take(&core, &device, batch).await?;
    core.metrics.batch(begun.elapsed());
    Ok(Json(reply))
}

/// A bundle handed over by a terminal: its own, or that of one whose place it took.
async fn hand_over(
    State(core): State<Arc<Core>>,
    Caller(device): Caller,
    Extension(peer): Extension<Peer>,
    body: Body,
) -> Result<Vec<u8>, ApiError> {
    let sealed = read(body, BUNDLE_BYTES_MAX).await?;
    let _turn = match &peer.share {
        Some(share) => share.batch().await,
        None => None,
    };
    bundle::take(&core, &sealed, Some(device.terminal)).await
}

async fn feed_page(
    State(core): State<Arc<Core>>,
    Caller(device): Caller,
    Extension(peer): Extension<Peer>,
    query: Result<Query<FeedQuery>, QueryRejection>,
) -> Result<Json<Signed>, ApiError> {
    let Query(query) = query.map_err(|_| Code::QueryUnreadable)?;
    let _turn = match &peer.share {
        Some(share) => share.feed().await,
        None => None,
    };
    let now_ms = core.clock.now_ms();
    let mut write = core.tables.write_for(device.terminal).await?;
    devices::seen(&mut write, device.id, now_ms).await?;
    write.commit().await.map_err(Fault::from)?;
    feed::page(&core, device.id, device.terminal, query.since, query.wait).await.map(Json)
}

async fn alarm_answers(
    State(core): State<Arc<Core>>,
    Caller(device): Caller,
    Extension(peer): Extension<Peer>,
    query: Result<axum::extract::Query<FeedQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Signed>, ApiError> {
    let axum::extract::Query(query) = query.map_err(|_| Code::QueryUnreadable)?;
    let _turn = match &peer.share {
        Some(share) => share.feed().await,
        None => None,
    };
    Ok(Json(alarms::answers(&core, device.id, query.since, query.wait).await?))
}

#[derive(serde::Deserialize)]
struct FeedQuery {
    #[serde(default)]
    since: u64,
    /// Seconds.
    #[serde(default)]
    wait: u32,
}

/// Also for one whose certificate has ended: the answer to its renewal is signed by a key it may not know yet.
async fn keys(
    State(core): State<Arc<Core>>,
    LateCaller(device): LateCaller,
    query: Result<Query<KeysQuery>, QueryRejection>,
) -> Result<Json<KeyChain>, ApiError> {
    let Query(query) = query.map_err(|_| Code::QueryUnreadable)?;
    content::chain(&core, &device, query.known).await.map(Json)
}

#[derive(serde::Deserialize)]
struct KeysQuery {
    /// SHA-256 of the newest content key the terminal knows.
    known: Digest,
}

async fn enrol_device(State(core): State<Arc<Core>>, body: Body) -> Result<Json<EnrolReply>, ApiError> {
    let bytes = read(body, ENROL_BYTES_MAX).await?;
    let request: EnrolRequest = serde_json::from_slice(&bytes)
        .map_err(|error| ApiError::new(Code::EnrolUnreadable, place(&error)))?;
    enrol::enrol(&core, &request).await.map(Json)
}

async fn renew(
    State(core): State<Arc<Core>>,
    LateCaller(device): LateCaller,
    body: Body,
) -> Result<Json<Signed>, ApiError> {
    let bytes = read(body, ENROL_BYTES_MAX).await?;
    let request: RenewRequest = serde_json::from_slice(&bytes)
        .map_err(|error| ApiError::new(Code::EnrolUnreadable, place(&error)))?;
    enrol::renew(&core, device, &request).await.map(Json)
}

/// Where reading failed, without what stood there: a body may hold names and codes.
fn place(error: &serde_json::Error) -> String {
    format!("{:?} error in line {} column {}", error.classify(), error.line(), error.column())
}

/// The body, within [`BODY`]. One that says it is too long is not read at all, another until it is.
async fn read(body: Body, bytes_max: usize) -> Result<Bytes, ApiError> {
    if body.size_hint().lower() > bytes_max as u64 {
        return Err(Code::BodyTooLarge.into());
    }
    tokio::time::timeout(BODY, axum::body::to_bytes(body, bytes_max))
        .await
        .map_err(|_| Code::BodyTooSlow)?
        .map_err(|error| ApiError::new(Code::BodyTooLarge, chain(&error)))
}

/// The enrolled device behind the connection's certificate.
pub(crate) struct Caller(pub(crate) DeviceRow);

impl FromRequestParts<Arc<Core>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, core: &Arc<Core>) -> Result<Self, ApiError> {
        let (LateCaller(device), not_after_ms) = known(parts, core).await?;
        if core.clock.now_ms() > not_after_ms {
            return Err(Code::CertificateExpired.into());
        }
        Ok(Self(device))
    }
}

/// The device, also while its certificate has ended not long ago.
struct LateCaller(DeviceRow);

impl FromRequestParts<Arc<Core>> for LateCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, core: &Arc<Core>) -> Result<Self, ApiError> {
        Ok(known(parts, core).await?.0)
    }
}

/// The turns of the device behind the connection.
pub(crate) struct Turns(pub(crate) Option<Arc<Share>>);

impl FromRequestParts<Arc<Core>> for Turns {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Core>) -> Result<Self, ApiError> {
        Ok(Self(parts.extensions.get::<Peer>().and_then(|peer| peer.share.clone())))
    }
}

/// Whose certificate TLS has verified, and until when it counts.
async fn known(parts: &Parts, core: &Core) -> Result<(LateCaller, i64), ApiError> {
    let peer = parts.extensions.get::<Peer>().and_then(|peer| peer.certificate.clone());
    let certificate = peer.ok_or(Code::CertificateMissing)?;
    let mut read = core.tables.read().await?;
    let device = devices::device(&mut read, certificate.device).await?.ok_or(Code::DeviceUnknown)?;
    if device.key != certificate.key {
        return Err(Code::DeviceUnknown.into());
    }
    if device.revoked_ms.is_some() {
        return Err(Code::DeviceRevoked.into());
    }
    Ok((LateCaller(device), certificate.not_after_ms))
}
