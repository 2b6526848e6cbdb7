// SPDX-License-Identifier: GPL-3.0-only
//! Events that came by hand: each batch is taken as if the network had brought it, and the answer goes back sealed.
//!
//! Refuses: what is not sealed to this platform, not signed by the device it names, or of a device unknown here. A device
//! out of service is heard only through the terminal that took its place, or from the hand of whoever runs the platform.

use crate::fault::{ApiError, Code};
use crate::tables::devices;
use crate::{Core, Fault, ingest};
use contract::{BundleAnswer, BundleError, SignedBundle, TerminalId};

/// Takes a bundle and makes its answer. `place` is where the terminal that hands it over hangs; none from the command
/// line.
pub(crate) async fn take(core: &Core, sealed: &[u8], place: Option<TerminalId>) -> Result<Vec<u8>, ApiError> {
    let unread = |error: BundleError| ApiError::new(Code::BundleUnreadable, error.to_string());
    let signed = SignedBundle::unseal(sealed, &core.authority.bundle).map_err(unread)?;
    let mut read = core.tables.read().await.map_err(ApiError::from)?;
    let device = devices::device(&mut read, signed.device).await?.ok_or(Code::DeviceUnknown)?;
    drop(read);
    let bundle = signed.open(&device.key).map_err(unread)?;
    if place.is_some_and(|place| place != device.terminal) {
        return Err(Code::DeviceMismatch.into());
    }
    let mut replies = Vec::with_capacity(bundle.batches.len());
    for batch in bundle.batches {
        replies.push(ingest::take(core, &device, batch).await?);
    }
    tracing::info!(terminal = %device.terminal, batches = replies.len(), "a bundle was taken");
    let answer = BundleAnswer { bundle: bundle.bundle, replies };
    let sealed = answer.seal(&core.authority.content, &bundle.answer_to);
    Ok(sealed.map_err(|error| Fault::Bundle(error.to_string()))?)
}
