// SPDX-License-Identifier: GPL-3.0-only
//! The small platform's blobs.

use super::fixture::{Answered, Core, Peer};
use super::wrong::Broken;
use crate::conformance::line::now_ms;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use contract::{BlobState, DeviceId, Digest};
use std::sync::Arc;

/// A blob that an event named, and what came of it.
pub(super) struct Held {
    len: u64,
    begun: bool,
    bytes: Vec<u8>,
}

impl Held {
    pub(super) fn named(len: u64) -> Self {
        Self { len, begun: false, bytes: Vec::new() }
    }
}

impl Core {
    /// What is done with a blob of the caller's.
    fn held<T>(
        &self,
        peer: &Peer,
        sha256: &str,
        what: impl FnOnce(DeviceId, &mut Held) -> Result<T, StatusCode>,
    ) -> Result<T, StatusCode> {
        let device = self.caller(peer)?.id;
        let sha256: Digest = sha256.parse().map_err(|_| StatusCode::NOT_FOUND)?;
        let mut tables = self.tables();
        let mut blobs = tables.blobs.iter_mut();
        let is_it = |(of, hash): &(DeviceId, Digest)| {
            *hash == sha256 && (*of == device || self.is(Broken::BlobOfAnother))
        };
        let held = blobs.find(|(key, _)| is_it(key)).map(|(_, held)| held);
        what(device, held.ok_or(StatusCode::NOT_FOUND)?)
    }
}

pub(super) async fn begin(
    State(core): State<Arc<Core>>,
    Extension(peer): Extension<Peer>,
    Path(sha256): Path<String>,
) -> Answered {
    if core.is(Broken::BlobUnnamed) {
        let digest: Digest = sha256.parse().map_err(|_| StatusCode::NOT_FOUND)?;
        if !core.tables().blobs.keys().any(|(_, hash)| *hash == digest) {
            core.caller(&peer)?;
            return Ok(StatusCode::CREATED.into_response());
        }
    }
    core.held(&peer, &sha256, |_, held| {
        held.begun = true;
        Ok(StatusCode::CREATED.into_response())
    })
}

pub(super) async fn offset(
    State(core): State<Arc<Core>>,
    Extension(peer): Extension<Peer>,
    Path(sha256): Path<String>,
) -> Answered {
    core.held(&peer, &sha256, |_, held| {
        if !held.begun {
            return Err(StatusCode::NOT_FOUND);
        }
        Ok([("upload-offset", held.bytes.len().to_string())].into_response())
    })
}

pub(super) async fn append(
    State(core): State<Arc<Core>>,
    Extension(peer): Extension<Peer>,
    Path(sha256): Path<String>,
    headers: HeaderMap,
    part: Bytes,
) -> Answered {
    core.held(&peer, &sha256, |_, held| {
        let at = headers.get("upload-offset").and_then(|at| at.to_str().ok()?.parse::<usize>().ok());
        let at = at.filter(|_| held.begun).ok_or(StatusCode::NOT_FOUND)?;
        if at != held.bytes.len() {
            if !core.is(Broken::BlobFromAnywhere) {
                return Err(StatusCode::CONFLICT);
            }
            held.bytes.truncate(at);
        }
        held.bytes.extend_from_slice(&part);
        let wrong = held.bytes.len() as u64 == held.len && Digest::of(&held.bytes).to_string() != sha256;
        if wrong && !core.is(Broken::BlobHashUnread) {
            if !core.is(Broken::BlobKeptWrong) {
                held.bytes.clear();
            }
            return Err(StatusCode::from_u16(460).unwrap());
        }
        Ok((StatusCode::NO_CONTENT, [("upload-offset", held.bytes.len().to_string())]).into_response())
    })
}

pub(super) async fn state(
    State(core): State<Arc<Core>>,
    Extension(peer): Extension<Peer>,
    Path(sha256): Path<String>,
) -> Answered {
    core.held(&peer, &sha256, |device, held| {
        let offset = held.bytes.len() as u64;
        let whole = offset == held.len || core.is(Broken::BlobWholeEarly);
        let sha256 = sha256.parse().map_err(|_| StatusCode::NOT_FOUND)?;
        let state = BlobState { device, sha256, len: held.len, offset, whole, server_ms: now_ms() };
        Ok(core.signed("blob", &state, core.is(Broken::BlobUnsigned)).0)
    })
}
