// SPDX-License-Identifier: GPL-3.0-only
//! Requests to the platform and what counts as an answer.
//!
//! TLS 1.3 with this terminal's certificate, and only the pinned roots; HTTP/2 kept alive; no proxy, no redirect. A 2xx
//! is an answer only with a body the platform's content key signed and that fits the request: a network's login page
//! never looks like success. Every request has a time-out and every body a limit.

use crate::connect::{SetupError, address, client, tls};
use crate::identity::{Enrolment, Identity};
use crate::trusted_time::TrustedTime;
use contract::{
    ALARM_ANSWERS_MAX, AlarmAnswers, BUNDLE_BYTES_MAX, Batch, BatchReply, Blob, BlobState, DeviceId, Digest,
    EnrolReply, FEED_ITEMS_MAX, FeedPage, KeyChain, PROTOCOL_VERSION, PublicKey, RenewRequest, Signed,
    SignedError, TUS_PART, TUS_VERSION,
};
use reqwest::{Client, Method, RequestBuilder, StatusCode, Url, header};
use rustls::{AlertDescription, CertificateError};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// Largest reply to a batch, in bytes.
const REPLY_BYTES_MAX: usize = 1024 * 1024;
/// Largest chain of statements of content keys, in bytes.
const CHAIN_BYTES_MAX: usize = 64 * 1024;
/// How long a bundle of many batches may take.
const BUNDLE_TIME_OUT: Duration = Duration::from_secs(300);
/// Largest page of the feed, in bytes.
const PAGE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Largest answer about alarms, in bytes.
const ANSWERS_BYTES_MAX: usize = 64 * 1024;
/// Longest `Retry-After` that is read, in seconds.
const RETRY_AFTER_S_MAX: i64 = 3_600;

/// How long a request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeOuts {
    pub connect: Duration,
    /// For a batch, from the first byte sent to the last one read.
    pub batch: Duration,
    /// For a page, beyond the time the platform was asked to hold it.
    pub page: Duration,
}

impl TimeOuts {
    pub const ORDINARY: Self = Self {
        connect: Duration::from_secs(10),
        batch: Duration::from_secs(30),
        page: Duration::from_secs(15),
    };
    pub const ALARM: Self =
        Self { connect: Duration::from_secs(5), batch: Duration::from_secs(5), page: Duration::from_secs(5) };
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("use the network, it is switched off")]
    Cut,
    #[error("get an answer in time")]
    TimedOut,
    #[error("reach the platform")]
    Unreachable(#[source] reqwest::Error),
    #[error("trust the platform's certificate")]
    Untrusted(#[source] reqwest::Error),
    #[error("trust the platform's certificate at this time")]
    Clock(#[source] reqwest::Error),
    #[error("be trusted with this terminal's certificate")]
    OwnCertificate(#[source] reqwest::Error),
    #[error("get an answer, the status is {status}")]
    Status { status: u16, retry_after_ms: i64 },
    #[error("read an answer of more than {bytes_max} bytes")]
    Long { bytes_max: usize },
    #[error("find a signed message in a 2xx")]
    NoMessage,
    #[error("trust an answer")]
    Unsigned(#[source] SignedError),
    #[error("use an answer, {what}")]
    Unfit { what: &'static str },
    #[error("write a batch")]
    Batch(#[source] serde_json::Error),
}

/// A signed answer, with what it tells about time.
#[derive(Debug)]
pub(crate) struct Heard<T> {
    pub(crate) message: T,
    /// The answer as it was signed.
    pub(crate) signed: Signed,
    /// Of the signed text, for chaining pages.
    pub(crate) digest: Digest,
    pub(crate) server_ms: i64,
    /// From sending to the last byte, milliseconds.
    pub(crate) round_trip_ms: i64,
}

/// A connection to the platform as this terminal.
pub(crate) struct Transport {
    client: Client,
    gateway: Url,
    /// The one that signs, and those that follow it.
    content_keys: Vec<PublicKey>,
    /// The place of the last of them that signed an answer.
    signed_by: AtomicUsize,
    device: DeviceId,
    time_outs: TimeOuts,
}

impl Transport {
    pub(crate) fn new(
        identity: &Identity,
        enrolment: &Enrolment,
        time: &TrustedTime,
        time_outs: TimeOuts,
    ) -> Result<Self, SetupError> {
        let time = time.until(enrolment.validity()?.until_ms);
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(identity.pkcs8().to_vec()));
        let tls = tls(&enrolment.roots()?, Some((enrolment.chain()?, key)), time)?;
        Ok(Self {
            client: client(tls, time_outs.connect)?,
            gateway: address(&enrolment.gateway)?,
            content_keys: enrolment.content_keys().cloned().collect(),
            signed_by: AtomicUsize::new(0),
            device: identity.device(),
            time_outs,
        })
    }

    /// `POST /v1/events`.
    pub(crate) async fn events(&self, batch: &Batch) -> Result<Heard<BatchReply>, Failure> {
        let (signed, round_trip_ms) = self.post("/v1/events", batch).await?;
        let reply: BatchReply = self.open("reply", &signed)?;
        fits(&reply, batch).map_err(|what| Failure::Unfit { what })?;
        Ok(Heard {
            digest: signed.digest(),
            server_ms: reply.server_ms,
            round_trip_ms,
            message: reply,
            signed,
        })
    }

    /// `POST /v1/renew`.
    pub(crate) async fn renew(&self, request: &RenewRequest) -> Result<Heard<EnrolReply>, Failure> {
        let (signed, round_trip_ms) = self.post("/v1/renew", request).await?;
        let reply: EnrolReply = self.open("renew", &signed)?;
        Ok(Heard {
            digest: signed.digest(),
            server_ms: reply.server_ms,
            round_trip_ms,
            message: reply,
            signed,
        })
    }

    /// `POST /v1/bundle`: a sealed bundle for a sealed answer.
    pub(crate) async fn bundle(&self, sealed: Vec<u8>) -> Result<Vec<u8>, Failure> {
        let request = self
            .client
            .post(self.at("/v1/bundle"))
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .timeout(BUNDLE_TIME_OUT)
            .body(sealed);
        answer(request, BUNDLE_BYTES_MAX).await
    }

    /// `GET /v1/feed`: the page after `since`, which the platform may hold back for `wait_s`.
    pub(crate) async fn feed(&self, since: u64, wait_s: u32) -> Result<Heard<FeedPage>, Failure> {
        let mut url = self.at("/v1/feed");
        url.set_query(Some(&format!("since={since}&wait={wait_s}")));
        let time_out = self.time_outs.page + Duration::from_secs(wait_s.into());
        let request = self.client.get(url).timeout(time_out);
        let (signed, round_trip_ms) = self.ask(request, PAGE_BYTES_MAX).await?;
        let page: FeedPage = self.open("feed", &signed)?;
        if page.device != self.device {
            return Err(Failure::Unfit { what: "the page is for another terminal" });
        }
        if page.items.len() > FEED_ITEMS_MAX {
            return Err(Failure::Unfit { what: "the page holds too many items" });
        }
        Ok(Heard { digest: signed.digest(), server_ms: page.server_ms, round_trip_ms, message: page, signed })
    }

    /// `GET /v1/alarms`.
    pub(crate) async fn alarms(&self, since: u64, wait_s: u32) -> Result<Heard<AlarmAnswers>, Failure> {
        let mut url = self.at("/v1/alarms");
        url.set_query(Some(&format!("since={since}&wait={wait_s}")));
        let time_out = self.time_outs.page + Duration::from_secs(wait_s.into());
        let request = self.client.get(url).timeout(time_out);
        let (signed, round_trip_ms) = self.ask(request, ANSWERS_BYTES_MAX).await?;
        let answers: AlarmAnswers = self.open("alarms", &signed)?;
        if answers.device != self.device {
            return Err(Failure::Unfit { what: "the answers are for another terminal" });
        }
        if answers.alarms.len() > ALARM_ANSWERS_MAX {
            return Err(Failure::Unfit { what: "the answers are too many" });
        }
        let (digest, server_ms) = (signed.digest(), answers.server_ms);
        Ok(Heard { digest, server_ms, round_trip_ms, message: answers, signed })
    }

    /// `GET /v1/keys`: what leads on from the newest content key that is known.
    pub(crate) async fn keys(&self, known: &PublicKey) -> Result<KeyChain, Failure> {
        let mut url = self.at("/v1/keys");
        url.set_query(Some(&format!("known={}", known.digest())));
        let bytes = answer(self.client.get(url).timeout(self.time_outs.batch), CHAIN_BYTES_MAX).await?;
        serde_json::from_slice(&bytes).map_err(|_| Failure::NoMessage)
    }

    /// `HEAD /v1/blobs/…`: how far the platform holds a blob.
    pub(crate) async fn blob_offset(&self, blob: &Blob) -> Result<u64, Failure> {
        let response = self.blob(Method::HEAD, blob).send().await.map_err(Failure::of)?;
        offset(&answered(response, StatusCode::OK)?)
    }

    /// `POST /v1/blobs/…`: begins its upload.
    pub(crate) async fn blob_begin(&self, blob: &Blob) -> Result<(), Failure> {
        let request = self.blob(Method::POST, blob).header("Upload-Length", blob.len);
        let response = request.send().await.map_err(Failure::of)?;
        answered(response, StatusCode::CREATED).map(drop)
    }

    /// `PATCH /v1/blobs/…`: adds a part, and returns how far it is held.
    pub(crate) async fn blob_part(&self, blob: &Blob, at: u64, part: Vec<u8>) -> Result<u64, Failure> {
        let request = self.blob(Method::PATCH, blob).header(header::CONTENT_TYPE, TUS_PART);
        let request = request.header("Upload-Offset", at).body(part);
        let response = request.send().await.map_err(Failure::of)?;
        offset(&answered(response, StatusCode::NO_CONTENT)?)
    }

    /// `GET /v1/blobs/…`: the platform's word on it.
    pub(crate) async fn blob_state(&self, blob: &Blob) -> Result<Heard<BlobState>, Failure> {
        let url = self.at(&format!("/v1/blobs/{}", blob.sha256));
        let request = self.client.get(url).timeout(self.time_outs.batch);
        let (signed, round_trip_ms) = self.ask(request, REPLY_BYTES_MAX).await?;
        let state: BlobState = self.open("blob", &signed)?;
        if (state.device, state.sha256, state.len) != (self.device, blob.sha256, blob.len) {
            return Err(Failure::Unfit { what: "the word is on another blob" });
        }
        let (digest, server_ms) = (signed.digest(), state.server_ms);
        Ok(Heard { digest, server_ms, round_trip_ms, message: state, signed })
    }

    /// `GET /v1/media/…`: the bytes of a file from the first number to before the second.
    pub(crate) async fn media(&self, sha256: Digest, from: u64, to: u64) -> Result<Vec<u8>, Failure> {
        let request = self.client.get(self.at(&format!("/v1/media/{sha256}"))).timeout(self.time_outs.batch);
        let request = request.header(header::RANGE, format!("bytes={from}-{}", to.saturating_sub(1)));
        let request = request.header("Kiosk-Protocol", PROTOCOL_VERSION);
        let response = request.send().await.map_err(Failure::of)?;
        let mut response = answered(response, StatusCode::PARTIAL_CONTENT)?;
        let told = response.headers().get(header::CONTENT_RANGE).and_then(|value| value.to_str().ok());
        if told.is_none_or(|told| !told.starts_with(&format!("bytes {from}-{}/", to.saturating_sub(1)))) {
            return Err(Failure::Unfit { what: "it is of another range" });
        }
        let len = usize::try_from(to.saturating_sub(from)).unwrap_or(usize::MAX);
        let bytes = read(&mut response, len).await?;
        if bytes.len() == len {
            Ok(bytes)
        } else {
            Err(Failure::Unfit { what: "it is shorter than its range" })
        }
    }

    fn blob(&self, method: Method, blob: &Blob) -> RequestBuilder {
        let request = self.client.request(method, self.at(&format!("/v1/blobs/{}", blob.sha256)));
        let request = request.header("Kiosk-Protocol", PROTOCOL_VERSION);
        request.header("Tus-Resumable", TUS_VERSION).timeout(self.time_outs.batch)
    }

    /// The newest content key that is known.
    pub(crate) fn newest_key(&self) -> Option<&PublicKey> {
        self.content_keys.last()
    }

    /// A content key that has signed here and is not the one that signed when the connection was set up.
    pub(crate) fn later_key(&self) -> Option<&PublicKey> {
        let place = self.signed_by.load(Ordering::Acquire);
        self.content_keys.get(place).filter(|_| place > 0)
    }

    fn open<T: DeserializeOwned>(&self, purpose: &str, signed: &Signed) -> Result<T, Failure> {
        let first = self.signed_by.load(Ordering::Acquire);
        for (place, key) in self.content_keys.iter().enumerate().skip(first) {
            match signed.open(purpose, key) {
                Err(SignedError::Signature) => {}
                opened => {
                    self.signed_by.fetch_max(place, Ordering::AcqRel);
                    return opened.map_err(Failure::Unsigned);
                }
            }
        }
        Err(Failure::Unsigned(SignedError::Signature))
    }

    fn at(&self, path: &str) -> Url {
        let mut url = self.gateway.clone();
        url.set_path(path);
        url
    }

    async fn post<T: serde::Serialize>(&self, path: &str, message: &T) -> Result<(Signed, i64), Failure> {
        let body = serde_json::to_vec(message).map_err(Failure::Batch)?;
        let request = self
            .client
            .post(self.at(path))
            .header(header::CONTENT_TYPE, "application/json")
            .timeout(self.time_outs.batch)
            .body(body);
        self.ask(request, REPLY_BYTES_MAX).await
    }

    async fn ask(&self, request: RequestBuilder, bytes_max: usize) -> Result<(Signed, i64), Failure> {
        let sent = Instant::now();
        let bytes = answer(request, bytes_max).await?;
        let round_trip_ms = i64::try_from(sent.elapsed().as_millis()).unwrap_or(i64::MAX);
        let signed = serde_json::from_slice(&bytes).map_err(|_| Failure::NoMessage)?;
        Ok((signed, round_trip_ms))
    }
}

impl Failure {
    /// What a request's error was: a time-out, a certificate that is not trusted on one side, or no connection.
    pub(crate) fn of(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::TimedOut;
        }
        match tls_error(&error) {
            Some(rustls::Error::InvalidCertificate(
                CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. }
                | CertificateError::Expired
                | CertificateError::ExpiredContext { .. },
            )) => Self::Clock(error),
            Some(rustls::Error::InvalidCertificate(_)) => Self::Untrusted(error),
            Some(rustls::Error::AlertReceived(
                AlertDescription::BadCertificate
                | AlertDescription::CertificateExpired
                | AlertDescription::CertificateRequired
                | AlertDescription::CertificateRevoked
                | AlertDescription::CertificateUnknown
                | AlertDescription::UnknownCA
                | AlertDescription::UnsupportedCertificate,
            )) => Self::OwnCertificate(error),
            Some(_) | None => Self::Unreachable(error),
        }
    }

    /// A missing network is daily life; an answer nobody may trust is for IT to look at.
    pub(crate) fn tell(&self) {
        let error = self as &dyn std::error::Error;
        match self {
            Self::Cut | Self::TimedOut | Self::Unreachable(_) => tracing::debug!(error, "no answer"),
            Self::Untrusted(_)
            | Self::Clock(_)
            | Self::OwnCertificate(_)
            | Self::Status { .. }
            | Self::Long { .. }
            | Self::NoMessage
            | Self::Unsigned(_)
            | Self::Unfit { .. }
            | Self::Batch(_) => tracing::warn!(error, "no answer that counts"),
        }
    }
}

/// A response of this status; every other one is a failure.
fn answered(response: reqwest::Response, right: StatusCode) -> Result<reqwest::Response, Failure> {
    if response.status() == right {
        return Ok(response);
    }
    let retry_after_ms = retry_after_ms(&response);
    Err(Failure::Status { status: response.status().as_u16(), retry_after_ms })
}

/// How far a blob is held, as an answer says.
fn offset(response: &reqwest::Response) -> Result<u64, Failure> {
    let text = response.headers().get("upload-offset").and_then(|value| value.to_str().ok());
    text.and_then(|text| text.parse().ok()).ok_or(Failure::Unfit { what: "it names no offset" })
}

/// The body of a 200, at most `bytes_max` of it; every other status is a failure.
pub(crate) async fn answer(request: RequestBuilder, bytes_max: usize) -> Result<Vec<u8>, Failure> {
    let request = request.header("Kiosk-Protocol", PROTOCOL_VERSION);
    let mut response = answered(request.send().await.map_err(Failure::of)?, StatusCode::OK)?;
    read(&mut response, bytes_max).await
}

/// The whole body, if it is no longer than `bytes_max`.
pub(crate) async fn read(response: &mut reqwest::Response, bytes_max: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Failure::of)? {
        if bytes.len() + chunk.len() > bytes_max {
            return Err(Failure::Long { bytes_max });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Whether a reply speaks of this batch and of nothing else.
pub(crate) fn fits(reply: &BatchReply, batch: &Batch) -> Result<(), &'static str> {
    if reply.batch != batch.batch || reply.device != batch.device || reply.lane != batch.lane {
        return Err("the reply is for another batch");
    }
    let mut judged = BTreeSet::new();
    for verdict in &reply.verdicts {
        if !judged.insert(verdict.id) {
            return Err("an event has two verdicts");
        }
        let sent = batch.events.iter().find(|event| event.id == verdict.id && event.seq == verdict.seq);
        if sent.is_none_or(|event| event.hash() != verdict.hash) {
            return Err("a verdict is for another event");
        }
    }
    Ok(())
}

/// Milliseconds of a `Retry-After` in seconds; zero without one.
fn retry_after_ms(response: &reqwest::Response) -> i64 {
    let text = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
    let seconds = text.and_then(|text| text.trim().parse::<i64>().ok()).unwrap_or(0);
    seconds.clamp(0, RETRY_AFTER_S_MAX) * 1000
}

/// What TLS said. An `io::Error` hides what it wraps from `source`.
fn tls_error(error: &reqwest::Error) -> Option<&rustls::Error> {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(tls) = error.downcast_ref() {
            return Some(tls);
        }
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(|io| io.get_ref());
        cause = match wrapped {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

#[cfg(test)]
#[path = "transport_tests.rs"]
mod tests;
