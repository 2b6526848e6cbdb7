// SPDX-License-Identifier: GPL-3.0-only
//! The small platform's files: each place has one of its own.

use super::fixture::{Answered, Core, Device, Peer};
use super::wrong::Broken;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use contract::{Digest, MediaItem};
use std::sync::Arc;

/// More than a part has.
const LEN: usize = 300;
const PART: usize = 128;

fn film(device: &Device) -> Vec<u8> {
    let block = |n: usize| Digest::of(format!("{} {n}", device.place).as_bytes()).0;
    (0..LEN.div_ceil(32)).flat_map(block).take(LEN).collect()
}

pub(super) fn item(device: &Device) -> MediaItem {
    let sha256 = Digest::of(&film(device));
    MediaItem { sha256, len: LEN as u64, mime: "video/webm".into(), title: "防疫".into(), mandatory: false }
}

pub(super) async fn serve(
    State(core): State<Arc<Core>>,
    Extension(peer): Extension<Peer>,
    Path(sha256): Path<String>,
    headers: HeaderMap,
) -> Answered {
    let device = core.caller(&peer)?;
    let others: Vec<Device> = core.tables().devices.values().cloned().collect();
    let others = others.into_iter().filter(|_| core.is(Broken::FileOfAnother));
    let mut films = std::iter::once(device).chain(others).map(|device| film(&device));
    let film = films.find(|film| Digest::of(film).to_string() == sha256).ok_or(StatusCode::NOT_FOUND)?;
    let Some(range) = headers.get("range") else {
        return if core.is(Broken::WholeServed) {
            Ok(film.into_response())
        } else {
            Err(StatusCode::RANGE_NOT_SATISFIABLE)
        };
    };
    let range = range.to_str().ok().and_then(|range| range.strip_prefix("bytes=")?.split_once('-'));
    let (from, last) = range.ok_or(StatusCode::RANGE_NOT_SATISFIABLE)?;
    let from: usize = from.parse().map_err(|_| StatusCode::RANGE_NOT_SATISFIABLE)?;
    let end = last.parse().map_or(LEN, |last: usize| last + 1).min(LEN).min(from + PART);
    if from >= end {
        return if core.is(Broken::BeyondServed) {
            Ok((StatusCode::PARTIAL_CONTENT, [("content-range", format!("bytes */{LEN}"))]).into_response())
        } else {
            Err(StatusCode::RANGE_NOT_SATISFIABLE)
        };
    }
    let mut part = film[from..end].to_vec();
    if core.is(Broken::RangeShifted) {
        part.rotate_left(1);
    }
    let told = format!("bytes {from}-{}/{LEN}", end - 1);
    let name = if core.is(Broken::RangeUntold) { "x-range" } else { "content-range" };
    Ok((StatusCode::PARTIAL_CONTENT, [(name, told)], part).into_response())
}
