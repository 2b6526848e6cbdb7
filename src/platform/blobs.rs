// SPDX-License-Identifier: GPL-3.0-only
//! Larger things events speak of, taken by tus 1.0 after the event that names them.
//!
//! Promises: an offset is told only of bytes that are on the disk; a blob is whole only with its hash; what was whole once
//! stays. Refuses: a blob that no taken event of this very device named, more than its length, and more than
//! [`DAY_BYTES_MAX`] a device and day. A part whose connection breaks counts as far as it came. Bytes lie in files below
//! the data directory, one folder a device: several processes on several machines need that folder in common, with locks.

use crate::fault::{ApiError, Code};
use crate::gateway::{BODY, Caller, Turns};
use crate::roots::sync_dir;
use crate::tables::blobs::{self as rows, BlobRow};
use crate::tables::devices::DeviceRow;
use crate::{Core, Fault};
use axum::Json;
use axum::body::{Body, HttpBody};
use axum::extract::{Path as Place, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use contract::{BLOB_PART_BYTES_MAX, BlobState, Digest, Signed, TUS_PART, TUS_VERSION};
use std::fs::{File, OpenOptions, TryLockError};
use std::future::poll_fn;
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

/// Most bytes of blobs a device may begin in a day.
const DAY_BYTES_MAX: u64 = 512 * 1024 * 1024;
const DAY_MS: i64 = 86_400_000;

const TUS: HeaderName = HeaderName::from_static("tus-resumable");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");

/// Begins an upload; one that was begun goes on.
pub(crate) async fn begin(
    State(core): State<Arc<Core>>,
    Caller(device): Caller,
    Place(sha256): Place<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let file = Stored::of(&core, &device, &sha256)?;
    tus(&headers)?;
    let row = file.named(&core).await?;
    if number(&headers, &LENGTH)? != row.len {
        return Err(Code::BlobLength.into());
    }
    if !row.begun {
        let now_ms = core.clock.now_ms();
        let mut write = core.tables.write_for(device.terminal).await?;
        let begun = rows::begun_since(&mut write, device.id, now_ms.saturating_sub(DAY_MS)).await?;
        if begun.saturating_add(row.len) > DAY_BYTES_MAX {
            return Err(Code::BlobQuota.into());
        }
        rows::begin(&mut write, device.id, file.sha256, now_ms).await?;
        write.commit().await?;
    }
    let location = HeaderValue::from_str(&format!("/v1/blobs/{}", file.sha256));
    let location = location.map_err(|_| Fault::Stored("blob"))?;
    Ok((StatusCode::CREATED, [(TUS, version()), (header::LOCATION, location)]).into_response())
}

/// How far an upload came.
pub(crate) async fn offset(
    State(core): State<Arc<Core>>,
    Caller(device): Caller,
    Place(sha256): Place<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let file = Stored::of(&core, &device, &sha256)?;
    tus(&headers)?;
    let row = file.begun(&core).await?;
    let offset = file.offset().await?;
    let headers = [
        (TUS, version()),
        (OFFSET, offset.into()),
        (LENGTH, row.len.into()),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((StatusCode::OK, headers).into_response())
}

/// Adds bytes from an offset.
pub(crate) async fn append(
    State(core): State<Arc<Core>>,
    Caller(device): Caller,
    Turns(share): Turns,
    Place(sha256): Place<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let file = Stored::of(&core, &device, &sha256)?;
    tus(&headers)?;
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != TUS_PART) {
        return Err(Code::BlobPart.into());
    }
    let at = number(&headers, &OFFSET)?;
    let row = file.begun(&core).await?;
    if body.size_hint().lower() > BLOB_PART_BYTES_MAX as u64 {
        return Err(Code::BodyTooLarge.into());
    }
    // A task of its own: when the connection breaks, what came of the part is kept all the same.
    let taking = tokio::spawn(async move {
        let _turn = match &share {
            Some(share) => share.blob().await,
            None => None,
        };
        let part = collect(body).await?;
        let offset = file.write(at, row.len, part).await?;
        if offset == row.len {
            file.finish(&core, row).await?;
        }
        Ok::<_, ApiError>(offset)
    });
    let offset = taking.await.map_err(|_| Fault::Worker)??;
    Ok((StatusCode::NO_CONTENT, [(TUS, version()), (OFFSET, offset.into())]).into_response())
}

/// Says, signed, how far a blob is held and whether it is whole.
pub(crate) async fn state(
    State(core): State<Arc<Core>>,
    Caller(device): Caller,
    Place(sha256): Place<String>,
) -> Result<Json<Signed>, ApiError> {
    let file = Stored::of(&core, &device, &sha256)?;
    let row = file.named(&core).await?;
    let offset = if row.begun { file.offset().await? } else { 0 };
    // A platform that was killed between the last byte and its mark looks once more; one that was restored may remember
    // what it has not.
    let whole = row.begun && offset == row.len && file.finish(&core, row).await.is_ok();
    let server_ms = core.clock.now_ms();
    let state = BlobState { device: device.id, sha256: file.sha256, len: row.len, offset, whole, server_ms };
    Ok(Json(Signed::seal("blob", &state, &core.authority.content).map_err(Fault::from)?))
}

/// What came of a part within its time, at most [`BLOB_PART_BYTES_MAX`].
async fn collect(mut body: Body) -> Result<Vec<u8>, ApiError> {
    let mut part = Vec::new();
    let reading = async {
        while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            let Ok(frame) = frame else { return true };
            let Ok(bytes) = frame.into_data() else { continue };
            if part.len() + bytes.len() > BLOB_PART_BYTES_MAX {
                return false;
            }
            part.extend_from_slice(&bytes);
        }
        true
    };
    let fitted = tokio::time::timeout(BODY, reading).await.unwrap_or(true);
    if fitted { Ok(part) } else { Err(Code::BodyTooLarge.into()) }
}

fn tus(headers: &HeaderMap) -> Result<(), ApiError> {
    if headers.get(TUS).is_some_and(|version| version == TUS_VERSION) {
        Ok(())
    } else {
        Err(Code::BlobVersion.into())
    }
}

fn version() -> HeaderValue {
    HeaderValue::from_static(TUS_VERSION)
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, ApiError> {
    let text = headers.get(name).and_then(|value| value.to_str().ok());
    text.and_then(|text| text.parse().ok()).ok_or_else(|| Code::BlobPart.into())
}

/// Where the bytes of one device's blob lie.
#[derive(Clone)]
struct Stored {
    device: DeviceRow,
    sha256: Digest,
    dir: PathBuf,
}

impl Stored {
    fn of(core: &Core, device: &DeviceRow, sha256: &str) -> Result<Self, ApiError> {
        let sha256 = sha256.parse().map_err(|_| Code::NotFound)?;
        let dir = dir(&core.data).join(device.id.to_string());
        Ok(Self { device: device.clone(), sha256, dir })
    }

    /// What is known of it, if this device named it.
    async fn named(&self, core: &Core) -> Result<BlobRow, ApiError> {
        let mut read = core.tables.read().await?;
        let row = rows::blob(&mut read, self.device.id, self.sha256).await?;
        row.ok_or_else(|| Code::BlobUnknown.into())
    }

    async fn begun(&self, core: &Core) -> Result<BlobRow, ApiError> {
        let row = self.named(core).await?;
        if row.begun { Ok(row) } else { Err(Code::BlobUnknown.into()) }
    }

    fn whole(&self) -> PathBuf {
        self.dir.join(self.sha256.to_string())
    }

    fn part(&self) -> PathBuf {
        self.dir.join(format!("{}.part", self.sha256))
    }

    async fn offset(&self) -> Result<u64, ApiError> {
        let file = self.clone();
        blocking(move || {
            if let Ok(found) = file.whole().metadata() {
                return Ok(found.len());
            }
            Ok(file.part().metadata().map_or(0, |found| found.len()))
        })
        .await
    }

    /// Writes a part where the one before ended, and returns when it is on the disk.
    async fn write(&self, at: u64, len: u64, part: Vec<u8>) -> Result<u64, ApiError> {
        let file = self.clone();
        blocking(move || {
            if file.whole().exists() {
                return if (at, part.len()) == (len, 0) { Ok(len) } else { Err(Code::BlobOffset.into()) };
            }
            let wrong = |source| ApiError::from(Fault::File { path: file.part(), source });
            std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&file.dir).map_err(wrong)?;
            let mut held = file.locked()?;
            let offset = held.seek(SeekFrom::End(0)).map_err(wrong)?;
            if offset != at {
                return Err(Code::BlobOffset.into());
            }
            let end = at.saturating_add(part.len() as u64);
            if end > len {
                return Err(Code::BodyTooLarge.into());
            }
            held.write_all(&part).and_then(|()| held.sync_data()).map_err(wrong)?;
            Ok(end)
        })
        .await
    }

    /// The bytes are all here: with the right hash they are the blob, with another they are nothing.
    async fn finish(&self, core: &Core, row: BlobRow) -> Result<(), ApiError> {
        let file = self.clone();
        blocking(move || {
            let wrong = |source| ApiError::from(Fault::File { path: file.part(), source });
            if file.whole().exists() {
                return Ok(());
            }
            let mut held = file.locked()?;
            let mut bytes = Vec::new();
            held.read_to_end(&mut bytes).map_err(wrong)?;
            if bytes.len() as u64 != row.len || Digest::of(&bytes) != file.sha256 {
                held.set_len(0).and_then(|()| held.sync_data()).map_err(wrong)?;
                return Err(Code::BlobHash.into());
            }
            std::fs::rename(file.part(), file.whole()).map_err(wrong)?;
            Ok(sync_dir(&file.dir)?)
        })
        .await?;
        if row.whole {
            return Ok(());
        }
        let mut write = core.tables.write_for(self.device.terminal).await?;
        rows::whole(&mut write, self.device.id, self.sha256, core.clock.now_ms()).await?;
        Ok(write.commit().await?)
    }

    /// The file of the parts, which nobody else writes meanwhile.
    fn locked(&self) -> Result<File, ApiError> {
        let wrong = |source| ApiError::from(Fault::File { path: self.part(), source });
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let file = options.open(self.part()).map_err(wrong)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(Code::BlobBusy.into()),
            Err(TryLockError::Error(source)) => Err(wrong(source)),
        }
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Fault::Worker)?
}

/// Where blobs lie in a data directory.
fn dir(data: &Path) -> PathBuf {
    data.join(crate::backup::BLOBS)
}
