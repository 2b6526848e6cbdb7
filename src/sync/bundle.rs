// SPDX-License-Identifier: GPL-3.0-only
//! The queue on a stick: what waits is sealed for the platform, and the platform's answer is taken back.
//!
//! The key of the answer lies beside the identity until the next bundle is made. A bundle that never comes back costs
//! nothing: its events still wait, and go by the network or with the next one; the platform counts each once.

use crate::files::FileError;
use crate::identity::{Identity, IdentityError};
use crate::transport::{Failure, TimeOuts, Transport, fits};
use crate::trusted_time::TrustedTime;
use contract::{Batch, BatchReply, Bundle, BundleAnswer, BundleError, BundleId, SealKey, Signed, Stamp};
use serde::{Deserialize, Serialize};

/// What is remembered of the last bundle.
const FILE: &str = "bundle.json";
/// Largest such file, in bytes: the batches stand in it once more.
const FILE_BYTES_MAX: u64 = 2 * contract::BUNDLE_BYTES_MAX as u64;

/// Why a bundle is not made or its answer not taken.
#[derive(Debug, thiserror::Error)]
pub enum BundleFault {
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error("make a bundle: this terminal was never enrolled")]
    NotEnrolled,
    #[error(
        "make a bundle: the platform gave no key for it; connect once, the certificate's renewal brings it"
    )]
    NoKey,
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Bundle(#[from] BundleError),
    #[error("take the answer: no bundle was made here")]
    NoneMade,
    #[error("take the answer: it is for another bundle than the last one made here")]
    Other,
    #[error("read what is remembered of the bundle")]
    Remembered(#[source] serde_json::Error),
    #[error("take the answer: {what}")]
    Unfit { what: &'static str },
}

#[derive(Serialize, Deserialize)]
struct Made {
    bundle: BundleId,
    secret: String,
    batches: Vec<Batch>,
}

/// Seals `batches` for the platform. What was remembered of an earlier bundle is forgotten: its answer is void.
///
/// # Errors
/// See [`BundleFault`].
pub fn make_bundle(identity: &Identity, batches: Vec<Batch>, at: Stamp) -> Result<Vec<u8>, BundleFault> {
    let enrolment = identity.enrolment()?.ok_or(BundleFault::NotEnrolled)?;
    let to = enrolment.bundle_key.ok_or(BundleFault::NoKey)?;
    let key = SealKey::generate();
    let bundle = Bundle {
        bundle: BundleId::fresh(),
        device: identity.device(),
        at,
        answer_to: key.recipient(),
        batches,
    };
    let sealed = bundle.seal(&identity.signing_key(), &to)?;
    let made = Made { bundle: bundle.bundle, secret: key.secret().to_string(), batches: bundle.batches };
    let text = serde_json::to_vec(&made).map_err(BundleFault::Remembered)?;
    identity.write_file(FILE, &text)?;
    Ok(sealed)
}

/// The replies of an answer, each checked as if the network had brought it, with the text that was signed.
///
/// # Errors
/// See [`BundleFault`]; nothing of such an answer counts.
pub fn open_answer(identity: &Identity, sealed: &[u8]) -> Result<Vec<(BatchReply, Signed)>, BundleFault> {
    let enrolment = identity.enrolment()?.ok_or(BundleFault::NotEnrolled)?;
    let text = identity.read_file(FILE, FILE_BYTES_MAX)?.ok_or(BundleFault::NoneMade)?;
    let made: Made = serde_json::from_slice(&text).map_err(BundleFault::Remembered)?;
    let key: SealKey = made.secret.parse().map_err(BundleError::Key)?;
    // By whichever of the known keys signed it; without a network a terminal learns of no other.
    let keys = || enrolment.content_keys();
    let last = || BundleAnswer::open(sealed, &key, &enrolment.content_key);
    let opened = keys().find_map(|content| Some((BundleAnswer::open(sealed, &key, content).ok()?, content)));
    let (answer, content_key) = match opened {
        Some(opened) => opened,
        None => (last()?, &enrolment.content_key),
    };
    if answer.bundle != made.bundle {
        return Err(BundleFault::Other);
    }
    if answer.replies.len() != made.batches.len() {
        return Err(BundleFault::Unfit { what: "it has not one reply to each batch" });
    }
    let checked = made.batches.iter().zip(answer.replies).map(|(batch, signed)| {
        let reply: BatchReply = signed.open("reply", content_key).map_err(BundleError::Signed)?;
        fits(&reply, batch).map_err(|what| BundleFault::Unfit { what })?;
        Ok((reply, signed))
    });
    checked.collect()
}

/// Hands a bundle, of this terminal or of one whose place it took, over this terminal's own connection. Returns the
/// sealed answer.
///
/// # Errors
/// The platform cannot be reached or refuses it.
pub async fn send_bundle(
    identity: &Identity,
    sealed: Vec<u8>,
    wall: crate::WallClock,
) -> Result<Vec<u8>, SendError> {
    let enrolment = identity.enrolment()?.ok_or(SendError::NotEnrolled)?;
    let time = TrustedTime::new(wall, identity.last_signed_ms());
    let transport =
        Transport::new(identity, &enrolment, &time, TimeOuts::ORDINARY).map_err(SendError::Setup)?;
    transport.bundle(sealed).await.map_err(SendError::Failed)
}

/// Why a bundle was not handed over.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error("hand the bundle over: this terminal was never enrolled")]
    NotEnrolled,
    #[error("set up the connection")]
    Setup(#[source] crate::SetupError),
    #[error("hand the bundle over")]
    Failed(#[source] Failure),
}
