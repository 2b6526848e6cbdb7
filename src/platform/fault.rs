// SPDX-License-Identifier: GPL-3.0-only
//! What can fail: [`Fault`] inside, [`ApiError`] towards a terminal. A terminal sees a code of the contract and words
//! for IT; the inside message is for the log alone.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::net::SocketAddr;
use std::path::PathBuf;

/// The world failed.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("open the platform's tables at {place}")]
    Open { place: String, source: sqlx::Error },
    #[error("bring the platform's tables to version {version}")]
    Migrate { version: i64, source: sqlx::Error },
    #[error("open tables of version {found}, which a later release wrote")]
    TooNew { found: i64 },
    #[error("use the platform's tables")]
    Tables(#[from] sqlx::Error),
    #[error("read a stored {0}")]
    Stored(&'static str),
    #[error("use {path}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("make a certificate")]
    Certificate(#[from] rcgen::Error),
    #[error("use a signing key")]
    Key(#[from] contract::KeyError),
    #[error("sign a message")]
    Sign(#[from] contract::SignedError),
    #[error("write a record as JSON")]
    Json(#[from] serde_json::Error),
    #[error("set up TLS")]
    Tls(#[from] rustls::Error),
    #[error("set up the check of client certificates")]
    ClientCheck(#[from] rustls::server::VerifierBuilderError),
    #[error("listen at {addr}")]
    Listen { addr: SocketAddr, source: std::io::Error },
    #[error("get random numbers from the system")]
    Random,
    #[error("hash a secret")]
    Hash,
    #[error("find the {0}")]
    Unknown(&'static str),
    #[error("{0}")]
    Refused(&'static str),
    #[error("take the bundle: {0}")]
    Bundle(String),
    #[error("wait for a worker")]
    Worker,
}

/// What a terminal is told. The status says which way to go on: 401 and 403 to the identity path, 413 with half the
/// batch, 422 by bisection, 426 by an update, 429 and 503 later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    CertificateMissing,
    DeviceUnknown,
    DeviceRevoked,
    DeviceMismatch,
    CertificateExpired,
    ProtocolVersion,
    BodyTooLarge,
    BodyTooSlow,
    BatchTooLong,
    BatchTooLarge,
    BatchUnreadable,
    BatchInconsistent,
    BundleUnreadable,
    QueryUnreadable,
    EnrolUnreadable,
    EnrolWrong,
    EnrolExpired,
    EnrolLater,
    EnrolKey,
    EnrolDevice,
    FeedReset,
    KeyUnknown,
    BlobUnknown,
    BlobVersion,
    BlobLength,
    BlobQuota,
    BlobPart,
    BlobOffset,
    BlobBusy,
    BlobHash,
    MediaUnknown,
    NotFound,
    Unavailable,
}

impl Code {
    /// Code on the wire, status, words for IT.
    fn outside(self) -> (&'static str, StatusCode, &'static str) {
        match self {
            Self::CertificateMissing => {
                ("certificate_missing", StatusCode::UNAUTHORIZED, "a client certificate is required")
            }
            Self::DeviceUnknown => {
                ("device_unknown", StatusCode::FORBIDDEN, "this certificate is of no enrolled device")
            }
            Self::DeviceRevoked => ("device_revoked", StatusCode::FORBIDDEN, "this device is out of service"),
            Self::DeviceMismatch => (
                "device_mismatch",
                StatusCode::FORBIDDEN,
                "the batch names another device than the certificate",
            ),
            Self::CertificateExpired => (
                "certificate_expired",
                StatusCode::UNAUTHORIZED,
                "the client certificate has expired; renew it",
            ),
            Self::ProtocolVersion => {
                ("protocol_version", StatusCode::UPGRADE_REQUIRED, "Kiosk-Protocol 1 is spoken here")
            }
            Self::BodyTooLarge => {
                ("body_too_large", StatusCode::PAYLOAD_TOO_LARGE, "the request is too large; send half")
            }
            Self::BodyTooSlow => {
                ("body_too_slow", StatusCode::REQUEST_TIMEOUT, "the request did not arrive in time")
            }
            Self::BatchTooLong => {
                ("batch_too_long", StatusCode::PAYLOAD_TOO_LARGE, "the batch has too many events; send half")
            }
            Self::BatchTooLarge => (
                "batch_too_large",
                StatusCode::PAYLOAD_TOO_LARGE,
                "the bodies of the batch have more than 256 KiB; send half",
            ),
            Self::BatchUnreadable => {
                ("batch_unreadable", StatusCode::UNPROCESSABLE_ENTITY, "the batch cannot be read")
            }
            Self::BatchInconsistent => (
                "batch_inconsistent",
                StatusCode::UNPROCESSABLE_ENTITY,
                "an event is not of the batch's device, epoch and lane, or is numbered out of range",
            ),
            Self::BundleUnreadable => (
                "bundle_unreadable",
                StatusCode::UNPROCESSABLE_ENTITY,
                "the bundle is for another platform, damaged, or not its device's own",
            ),
            Self::QueryUnreadable => (
                "query_unreadable",
                StatusCode::UNPROCESSABLE_ENTITY,
                "since and wait are whole numbers, known is a SHA-256",
            ),
            Self::EnrolUnreadable => {
                ("enrol_unreadable", StatusCode::UNPROCESSABLE_ENTITY, "the request cannot be read")
            }
            Self::EnrolWrong => ("enrol_code", StatusCode::FORBIDDEN, "the code is wrong, used or spent"),
            Self::EnrolExpired => ("enrol_expired", StatusCode::FORBIDDEN, "the code is too old"),
            Self::EnrolLater => {
                ("enrol_later", StatusCode::TOO_MANY_REQUESTS, "too many wrong codes; wait a minute")
            }
            Self::EnrolKey => (
                "enrol_key",
                StatusCode::UNPROCESSABLE_ENTITY,
                "the signing request is not a P-256 request of the named device key",
            ),
            Self::EnrolDevice => (
                "enrol_device",
                StatusCode::CONFLICT,
                "this device id is already enrolled with another key or at another terminal",
            ),
            Self::FeedReset => {
                ("feed_reset", StatusCode::GONE, "this cursor is not known; start again from 0")
            }
            Self::KeyUnknown => (
                "key_unknown",
                StatusCode::NOT_FOUND,
                "no statement leads on from this content key; enrol again",
            ),
            Self::BlobUnknown => (
                "blob_unknown",
                StatusCode::NOT_FOUND,
                "no taken event of this device names it, or it was not begun",
            ),
            Self::BlobVersion => {
                ("blob_version", StatusCode::PRECONDITION_FAILED, "Tus-Resumable is 1.0.0 here")
            }
            Self::BlobLength => (
                "blob_length",
                StatusCode::UNPROCESSABLE_ENTITY,
                "the event that names it gave another length",
            ),
            Self::BlobQuota => {
                ("blob_quota", StatusCode::INSUFFICIENT_STORAGE, "too many bytes in a day; try again later")
            }
            Self::BlobPart => {
                ("blob_part", StatusCode::UNPROCESSABLE_ENTITY, "the part has no type, offset or length")
            }
            Self::BlobOffset => ("blob_offset", StatusCode::CONFLICT, "it is held up to another offset"),
            Self::BlobBusy => ("blob_busy", StatusCode::LOCKED, "another part of it is being taken"),
            Self::BlobHash => {
                ("blob_hash", hash_mismatch(), "all of it came and has another hash; begin anew")
            }
            Self::MediaUnknown => {
                ("media_unknown", StatusCode::NOT_FOUND, "this terminal's feed names no such file")
            }
            Self::NotFound => ("not_found", StatusCode::NOT_FOUND, "there is nothing here"),
            Self::Unavailable => (
                "unavailable",
                StatusCode::SERVICE_UNAVAILABLE,
                "the platform cannot answer; try again later",
            ),
        }
    }
}

/// A refused request: the code for outside, the reason for the log.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub(crate) code: Code,
    pub(crate) inside: String,
}

impl ApiError {
    pub(crate) fn new(code: Code, inside: impl Into<String>) -> Self {
        Self { code, inside: inside.into() }
    }
}

impl From<Code> for ApiError {
    fn from(code: Code) -> Self {
        Self::new(code, code.outside().2)
    }
}

impl From<Fault> for ApiError {
    fn from(fault: Fault) -> Self {
        Self::new(Code::Unavailable, chain(&fault))
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        Fault::from(error).into()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        /// Seconds a terminal waits before it asks an overloaded or failing platform again.
        const RETRY_AFTER_S: &str = "5";
        let (code, status, message) = self.code.outside();
        if status.is_server_error() {
            tracing::error!(code, inside = self.inside, "a request failed");
        } else {
            tracing::warn!(code, inside = self.inside, "a request was refused");
        }
        let body = axum::Json(contract::Problem { code: code.into(), message: message.into() });
        if self.code == Code::Unavailable || self.code == Code::EnrolLater {
            (status, [("retry-after", RETRY_AFTER_S)], body).into_response()
        } else {
            (status, body).into_response()
        }
    }
}

/// 460, as tus has it.
fn hash_mismatch() -> StatusCode {
    StatusCode::from_u16(460).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY)
}

/// An error with its causes, for one line of a log.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
