// SPDX-License-Identifier: GPL-3.0-only
//! Brings the blobs of events that have their verdict, by tus 1.0, one after another and a part at a time.
//!
//! What the platform holds is asked first, so that an upload cut anywhere goes on from there. A blob is done only when the
//! platform says so, signed. One it does not take waits, and the next one has its turn; nothing here keeps an event
//! waiting.

use crate::Cell;
use crate::route::Route;
use crate::switch::Wake;
use crate::transport::Failure;
use contract::{Blob, Digest};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// Bytes in one request: small enough that an event goes between two of them on a slow line.
const PART_BYTES: usize = 128 * 1024;
/// A blob the platform does not take is offered again after this.
const HOLD: Duration = Duration::from_secs(300);
/// Blobs are looked for this often even when no bell rang.
const LOOK_EVERY: Duration = Duration::from_secs(15);

pub(crate) struct Uploader<C> {
    route: Arc<Route>,
    cell: Arc<C>,
    /// Held so that the bell outlives its ringers.
    _bell: Wake,
    wake: watch::Receiver<u64>,
    held: BTreeMap<Digest, Instant>,
}

/// How an upload ended.
enum End {
    /// The platform has it whole.
    Whole,
    /// There was no answer; the same again when there is one.
    Lost,
    /// The platform does not take it, or not yet.
    Held,
}

impl<C: Cell> Uploader<C> {
    pub(crate) fn new(route: Arc<Route>, cell: Arc<C>, bell: &Wake) -> Self {
        Self { route, cell, _bell: bell.clone(), wake: bell.ear(), held: BTreeMap::new() }
    }

    /// Runs until told to stop.
    pub(crate) async fn run(mut self) {
        while !self.route.stop().is_told() {
            self.wake.mark_unchanged();
            let now = Instant::now();
            self.held.retain(|_, until| *until > now);
            let besides = self.held.keys().copied().collect();
            let Some((blob, bytes)) = self.cell.next_blob(besides).await else {
                self.rest().await;
                continue;
            };
            match self.upload(&blob, &bytes).await {
                None => return,
                Some(End::Whole | End::Lost) => {}
                Some(End::Held) => {
                    tracing::warn!(sha256 = %blob.sha256, "the platform does not take a blob yet");
                    self.held.insert(blob.sha256, Instant::now() + HOLD);
                }
            }
        }
    }

    /// None when the task shall end.
    async fn upload(&self, blob: &Blob, bytes: &[u8]) -> Option<End> {
        let mut offset = match self.route.enter().await?.blob_offset(blob).await {
            Ok(offset) => offset,
            Err(Failure::Status { status: 404, .. }) => {
                match self.route.enter().await?.blob_begin(blob).await {
                    Ok(()) => 0,
                    Err(failure) => return Some(End::of(&failure)),
                }
            }
            Err(failure) => return Some(End::of(&failure)),
        };
        while let Some(rest) = usize::try_from(offset).ok().and_then(|from| bytes.get(from..)) {
            if rest.is_empty() {
                break;
            }
            let part = rest[..rest.len().min(PART_BYTES)].to_vec();
            let sent = part.len() as u64;
            match self.route.enter().await?.blob_part(blob, offset, part).await {
                Ok(reached) if reached == offset + sent => offset = reached,
                Ok(_) => return Some(End::Held),
                Err(failure) => return Some(End::of(&failure)),
            }
        }
        match self.route.enter().await?.blob_state(blob).await {
            Ok((state, signed)) if state.whole => {
                self.cell.blob_whole(state, signed).await;
                Some(End::Whole)
            }
            Ok(_) => Some(End::Held),
            Err(failure) => Some(End::of(&failure)),
        }
    }

    async fn rest(&mut self) {
        tokio::select! {
            _ = self.wake.changed() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = self.route.stop().told() => {}
        }
    }
}

impl End {
    fn of(failure: &Failure) -> Self {
        match failure {
            // Another offset, or another part under way: what is held is asked again.
            Failure::Status { status: 409 | 423, .. } => Self::Lost,
            Failure::Status { status, .. } if concerns_blob(*status) => Self::Held,
            Failure::Cut
            | Failure::TimedOut
            | Failure::Unreachable(_)
            | Failure::Untrusted(_)
            | Failure::Clock(_)
            | Failure::OwnCertificate(_)
            | Failure::Status { .. }
            | Failure::Long { .. }
            | Failure::NoMessage
            | Failure::Unsigned(_)
            | Failure::Unfit { .. }
            | Failure::Batch(_) => Self::Lost,
        }
    }
}

/// Whether a status speaks of one blob or file and not of the connection.
pub(crate) fn concerns_blob(status: u16) -> bool {
    matches!(status, 404 | 405 | 409 | 412 | 413 | 416 | 422 | 423 | 460 | 507)
}
