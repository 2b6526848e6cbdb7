// SPDX-License-Identifier: GPL-3.0-only
//! Files for terminals to show: named by the feed, given in ranges to the terminals whose feed names them.
//!
//! Promises: a file is taken in whole before any feed names it; what a terminal is given is of the file its feed names.
//! Refuses: a file another terminal's feed names alone. Limits: [`MEDIA_BYTES_MAX`] a file,
//! [`MEDIA_PART_BYTES_MAX`] an answer. Files lie in a folder of the data directory, which several processes share.

use crate::fault::{ApiError, Code, chain};
use crate::gateway::Caller;
use crate::roots::sync_dir;
use crate::tables::feed as truth;
use crate::{Core, Fault, Platform};
use axum::extract::{Path as Place, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use contract::{Collection, Digest, MEDIA_BYTES_MAX, MEDIA_PART_BYTES_MAX, MediaItem, TerminalId, Text};
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use uuid::Uuid;

const TOO_LONG: &str = "take in a file of more than 2 GiB, which no terminal takes";

/// A part of a file, as asked for by `Range: bytes=…`.
pub(crate) async fn part(
    State(core): State<Arc<Core>>,
    Caller(device): Caller,
    Place(sha256): Place<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let sha256: Digest = sha256.parse().map_err(|_| Code::NotFound)?;
    let mut read = core.tables.read().await?;
    let named = truth::all(&mut read, device.terminal, Collection::Media).await?;
    drop(read);
    let of = |item: contract::FeedItem| serde_json::from_value::<MediaItem>(item.body).ok();
    let item =
        named.into_iter().filter_map(of).find(|item| item.sha256 == sha256).ok_or(Code::MediaUnknown)?;
    let asked = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let Some((from, to)) = range(asked, item.len) else {
        let whole =
            HeaderValue::from_str(&format!("bytes */{}", item.len)).map_err(|_| Fault::Stored("media"))?;
        return Ok((StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, whole)]).into_response());
    };
    let path = dir(&core.data).join(sha256.to_string());
    let bytes =
        tokio::task::spawn_blocking(move || slice(&path, from, to)).await.map_err(|_| Fault::Worker)?;
    // A platform restored from a backup lacks it until it is put again.
    let bytes = bytes.map_err(|fault| ApiError::new(Code::MediaUnknown, chain(&fault)))?;
    let what = HeaderValue::from_str(&format!("bytes {from}-{}/{}", to - 1, item.len));
    let headers = [
        (header::CONTENT_RANGE, what.map_err(|_| Fault::Stored("media"))?),
        (header::ACCEPT_RANGES, HeaderValue::from_static("bytes")),
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
    ];
    Ok((StatusCode::PARTIAL_CONTENT, headers, bytes).into_response())
}

/// The bytes from the first to before the second number; at most [`MEDIA_PART_BYTES_MAX`] of what was asked for. None
/// where nothing of it is in the file, or more than one range, or none, was asked for.
fn range(asked: Option<&str>, len: u64) -> Option<(u64, u64)> {
    let (from, last) = asked?.strip_prefix("bytes=")?.split_once('-')?;
    let from: u64 = from.parse().ok()?;
    let end = if last.is_empty() { len } else { last.parse::<u64>().ok()?.saturating_add(1).min(len) };
    let end = end.min(from.saturating_add(MEDIA_PART_BYTES_MAX));
    (from < end).then_some((from, end))
}

fn slice(path: &Path, from: u64, to: u64) -> Result<Vec<u8>, Fault> {
    let wrong = |source| Fault::File { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(wrong)?;
    file.seek(SeekFrom::Start(from)).map_err(wrong)?;
    let mut bytes = Vec::new();
    file.take(to - from).read_to_end(&mut bytes).map_err(wrong)?;
    if bytes.len() as u64 == to - from { Ok(bytes) } else { Err(Fault::Stored("media")) }
}

/// Where files of the media lie in a data directory.
fn dir(data: &Path) -> PathBuf {
    data.join("media")
}

impl Platform {
    /// Takes a file in and puts it on the list of a terminal, under `key`.
    ///
    /// # Errors
    /// The file cannot be read or is too long, or the tables fail.
    pub async fn put_media(
        &self,
        terminal: TerminalId,
        key: &str,
        file: &Path,
        (title, mime): (&str, &str),
        mandatory: bool,
    ) -> Result<MediaItem, Fault> {
        let (sha256, len) = take_in(&self.core, file).await?;
        let item = MediaItem { sha256, len, mime: Text::new(mime), title: Text::new(title), mandatory };
        self.put(terminal, Collection::Media, key, &item).await?;
        Ok(item)
    }

    /// Takes a file off the list of a terminal.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn remove_media(&self, terminal: TerminalId, key: &str) -> Result<(), Fault> {
        self.remove(terminal, Collection::Media, key).await
    }
}

/// Whether a file is here with its length.
pub(crate) fn is_here(core: &Core, item: &MediaItem) -> bool {
    let found = dir(&core.data).join(item.sha256.to_string()).metadata();
    found.is_ok_and(|found| found.is_file() && found.len() == item.len)
}

/// Lets a file go that no list names.
pub(crate) fn let_go(core: &Core, sha256: Digest) -> Result<(), Fault> {
    let path = dir(&core.data).join(sha256.to_string());
    match std::fs::remove_file(&path) {
        Err(source) if source.kind() != ErrorKind::NotFound => Err(Fault::File { path, source }),
        _ => Ok(()),
    }
}

/// Copies a file to where it is called by its hash, over a damaged copy too.
pub(crate) async fn take_in(core: &Core, file: &Path) -> Result<(Digest, u64), Fault> {
    let (source, into) = (file.to_owned(), dir(&core.data));
    let taking = tokio::task::spawn_blocking(move || {
        std::fs::create_dir_all(&into).map_err(|source| Fault::File { path: into.clone(), source })?;
        // Two who take in the same file do not write into one another's.
        let partial = into.join(format!("{}.partial", Uuid::new_v4()));
        let taken = copy(&source, &partial).and_then(|(sha256, len)| {
            let path = into.join(sha256.to_string());
            std::fs::rename(&partial, &path).map_err(|source| Fault::File { path, source })?;
            sync_dir(&into)?;
            Ok((sha256, len))
        });
        if taken.is_err() {
            std::fs::remove_file(&partial).ok();
        }
        taken
    });
    taking.await.map_err(|_| Fault::Worker)?
}

/// The hash is of what was written, whatever becomes of the source meanwhile.
fn copy(source: &Path, partial: &Path) -> Result<(Digest, u64), Fault> {
    let wrong = |path: &Path| {
        let path = path.to_owned();
        move |source| Fault::File { path, source }
    };
    let mut from = File::open(source).map_err(wrong(source))?;
    if from.metadata().map_err(wrong(source))?.len() > MEDIA_BYTES_MAX {
        return Err(Fault::Refused(TOO_LONG));
    }
    let mut to = File::create(partial).map_err(wrong(partial))?;
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    let mut buffer = vec![0; 64 * 1024];
    let mut len = 0;
    loop {
        let count = from.read(&mut buffer).map_err(wrong(source))?;
        len += count as u64;
        if count == 0 {
            break;
        }
        if len > MEDIA_BYTES_MAX {
            return Err(Fault::Refused(TOO_LONG));
        }
        context.update(&buffer[..count]);
        to.write_all(&buffer[..count]).map_err(wrong(partial))?;
    }
    if len == 0 {
        return Err(Fault::Refused("take in an empty file"));
    }
    to.sync_all().map_err(wrong(partial))?;
    let mut sha256 = Digest::ZERO;
    sha256.0.copy_from_slice(context.finish().as_ref());
    Ok((sha256, len))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_lies_within_the_file_and_is_no_longer_than_an_answer() {
        assert_eq!(range(Some("bytes=0-"), 10), Some((0, 10)));
        assert_eq!(range(Some("bytes=3-5"), 10), Some((3, 6)));
        assert_eq!(range(Some("bytes=9-99"), 10), Some((9, 10)));
        assert_eq!(range(Some("bytes=1-"), 5_000_000), Some((1, 1 + MEDIA_PART_BYTES_MAX)));
        for none in
            [None, Some(""), Some("bytes=10-"), Some("bytes=5-4"), Some("bytes=-5"), Some("bytes=0-1,3-4")]
        {
            assert_eq!(range(none, 10), None, "{none:?}");
        }
        assert_eq!(range(Some("bytes=18446744073709551615-18446744073709551615"), 10), None);
    }
}
