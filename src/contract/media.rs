// SPDX-License-Identifier: GPL-3.0-only
//! What a terminal may show from its own disk: videos, sounds, documents. The feed says which, signed; the bytes come by
//! `GET /v1/media/{sha256}` in ranges, and count only with their hash.

use crate::{Digest, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most items of a terminal's list.
pub const MEDIA_MAX: usize = 1000;
/// Largest file, in bytes: an hour of video.
pub const MEDIA_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;
/// Most bytes of one answer.
pub const MEDIA_PART_BYTES_MAX: u64 = 1024 * 1024;

/// One file of the list; the item's key is its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MediaItem {
    pub sha256: Digest,
    /// In bytes.
    pub len: u64,
    pub mime: Text<64>,
    pub title: Text<80>,
    /// It has its place on the terminal whatever else there is.
    #[serde(default)]
    pub mandatory: bool,
}
