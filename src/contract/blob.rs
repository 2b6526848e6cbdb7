// SPDX-License-Identifier: GPL-3.0-only
//! Larger things an event speaks of: voice, strokes of a signature. The event goes first and names them; each follows by
//! tus 1.0 at `/v1/blobs/{sha256}`: POST begins, HEAD tells the offset, PATCH adds from there, GET tells, signed, whether
//! the platform has it whole. Only then may the terminal let it go.

use crate::{DeviceId, Digest};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Largest blob, in bytes: a minute of speech needs a fifth of a megabyte.
pub const BLOB_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// Most bytes of one PATCH.
pub const BLOB_PART_BYTES_MAX: usize = 1024 * 1024;
/// Sent as `Tus-Resumable` with each request and answer.
pub const TUS_VERSION: &str = "1.0.0";
/// What a PATCH carries.
pub const TUS_PART: &str = "application/offset+octet-stream";

/// How far the platform holds a blob of this device. Signed by the content key for the purpose `"blob"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BlobState {
    pub device: DeviceId,
    pub sha256: Digest,
    pub len: u64,
    /// So many bytes of it are held, in bytes.
    pub offset: u64,
    /// All of it is held, and it has this hash.
    pub whole: bool,
    pub server_ms: i64,
}
