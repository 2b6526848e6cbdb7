// SPDX-License-Identifier: GPL-3.0-only
//! Requests and answers: batches of events and their verdicts, enrolment.

use crate::{BatchId, DeviceId, Digest, Envelope, EventId, Lane, PublicKey, SealRecipient, TerminalId, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Sent as `Kiosk-Protocol` with each request.
pub const PROTOCOL_VERSION: &str = "1";
/// Most events in one batch.
pub const EVENTS_MAX: usize = 100;
/// Longest the platform may hold a feed request, in seconds.
pub const WAIT_S_MAX: u32 = 60;

/// Events of one lane in order. `POST /v1/events`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Batch {
    pub batch: BatchId,
    pub device: DeviceId,
    pub epoch: u32,
    pub lane: Lane,
    pub events: Vec<Envelope>,
}

/// What the platform says of one event. All but `retry` advance the lane.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// Kept, and it had its effect.
    Accepted,
    /// Kept before: same id, same hash.
    Duplicate,
    /// Kept; a person will look at it.
    Parked { code: Text<64> },
    /// Kept; the answer is a final no, shown to whom it concerns.
    Rejected { code: Text<64> },
    /// Not taken; the same again after this many seconds.
    Retry { after_s: u32 },
    /// The same number or id with other content: the lane stops, the bytes are kept.
    Fork,
}

/// A verdict with the event it is for; it counts only for that hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VerdictFor {
    pub id: EventId,
    pub seq: u64,
    pub hash: Digest,
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// How much the platform wants at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Flow {
    pub events_max: u32,
    pub bytes_max: u32,
    pub interval_ms: u32,
}

impl Default for Flow {
    fn default() -> Self {
        Self { events_max: EVENTS_MAX as u32, bytes_max: 256 * 1024, interval_ms: 0 }
    }
}

/// The answer to a [`Batch`], signed by the content key for the purpose `"reply"`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BatchReply {
    pub batch: BatchId,
    pub device: DeviceId,
    pub lane: Lane,
    /// The highest number of a gap-free run the platform holds.
    pub acked_seq: u64,
    pub head: Digest,
    pub verdicts: Vec<VerdictFor>,
    pub server_ms: i64,
    pub flow: Flow,
    /// After a loss, the first try waits a random part of this.
    pub reconnect_window_s: u32,
}

/// Asks for a certificate. `POST /v1/enrol`, over TLS with the pinned root, without a client certificate.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct EnrolRequest {
    /// The one-time code read out to the installer.
    pub code: String,
    pub device: DeviceId,
    /// PKCS #10, PEM, made with the device's own key.
    pub csr_pem: String,
    /// The same key, for the signatures of events.
    pub device_key: PublicKey,
}

/// The certificate, and what the terminal pins from here on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct EnrolReply {
    pub terminal: TerminalId,
    /// PEM: the device's certificate, then its issuer.
    pub certificate_pem: String,
    /// PEM: the roots the platform's own certificate may come from.
    pub roots_pem: String,
    /// Signs replies and the feed.
    pub content_key: PublicKey,
    /// Whom events carried by hand are sealed to; none where the platform takes none.
    #[serde(default)]
    pub bundle_key: Option<SealRecipient>,
    pub server_ms: i64,
}

/// Asks for the next certificate. `POST /v1/renew`, with the present one, or one that ended less than 90 days ago. The
/// answer is an [`EnrolReply`] signed for the purpose `"renew"`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct RenewRequest {
    /// PKCS #10, PEM, made with the device's own key: the same key as before.
    pub csr_pem: String,
}

/// An error answer: a code of the contract, and words for IT. Nothing inside the platform shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    pub code: Text<64>,
    pub message: Text<200>,
}
