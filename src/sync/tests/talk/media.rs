// SPDX-License-Identifier: GPL-3.0-only
//! Files downward: in parts, whole only with their hash, within the folder's quota.

use crate::platform::{FakePlatform, PATIENCE, Shared};
use crate::{Terminal, enrol, hasty};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use contract::{Digest, MediaItem};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use sync::MediaFolder;

const PART: usize = 256 * 1024;

pub(crate) async fn serve(
    State(shared): State<Arc<Shared>>,
    Path(sha256): Path<String>,
    headers: HeaderMap,
) -> Response {
    let range = headers["range"].to_str().unwrap().to_owned();
    let (from, last) = range.strip_prefix("bytes=").unwrap().split_once('-').unwrap();
    let (from, to): (usize, usize) = (from.parse().unwrap(), last.parse::<usize>().unwrap() + 1);
    let bytes = {
        let mut seen = shared.state();
        seen.ranges.push(range.clone());
        if seen.answers_left == Some(0) {
            seen.connections.drain(..).for_each(|connection| connection.abort());
            None
        } else {
            seen.answers_left = seen.answers_left.map(|left| left - 1);
            Some(seen.files.get(&sha256).map(|file| (file[from..to].to_vec(), file.len())))
        }
    };
    shared.tell();
    match bytes {
        None => std::future::pending().await,
        Some(None) => StatusCode::NOT_FOUND.into_response(),
        Some(Some((bytes, len))) => {
            let told = [("content-range", format!("bytes {from}-{}/{len}", to - 1))];
            (StatusCode::PARTIAL_CONTENT, told, bytes).into_response()
        }
    }
}

fn noise(len: usize, seed: u8) -> Vec<u8> {
    (0..len.div_ceil(32))
        .flat_map(|n| Digest::of(&[&n.to_be_bytes()[..], &[seed]].concat()).0)
        .take(len)
        .collect()
}

/// A file the platform has, and its place on the list.
fn offered(platform: &FakePlatform, bytes: &[u8], mandatory: bool) -> MediaItem {
    let (sha256, len) = (Digest::of(bytes), bytes.len() as u64);
    platform.seen().files.insert(sha256.to_string(), bytes.to_vec());
    MediaItem { sha256, len, mime: "video/webm".into(), title: "防疫".into(), mandatory }
}

struct Fetching {
    terminal: Terminal,
    folder: MediaFolder,
    _dir: tempfile::TempDir,
}

impl Fetching {
    async fn new(platform: &FakePlatform, bytes_max: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let folder = MediaFolder { dir: dir.path().join("media"), bytes_max: bytes_max as u64 };
        let mut setup = hasty();
        setup.media = Some(folder.clone());
        let terminal = Terminal::start(enrol(platform).await, setup);
        Self { terminal, folder, _dir: dir }
    }

    fn list(&self, items: &[&MediaItem]) {
        self.terminal.cell.kept().media = items.iter().map(|item| (*item).clone()).collect();
        self.terminal.wake.ring();
    }

    fn has(&self, item: &MediaItem) -> bool {
        self.folder.dir.join(item.sha256.to_string()).exists()
    }

    async fn until(&self, what: impl Fn(&Self) -> bool) {
        let reached = async {
            while !what(self) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, reached).await.expect("the folder gets there in time");
    }
}

#[tokio::test]
async fn a_file_cut_between_two_parts_goes_on_from_there() {
    let platform = FakePlatform::start(2026).await;
    let bytes = noise(3 * PART + 5, 1);
    let item = offered(&platform, &bytes, true);
    platform.seen().answers_left = Some(2);
    let fetching = Fetching::new(&platform, 10 * PART).await;
    fetching.list(&[&item]);
    platform.until(|seen| seen.ranges.len() > 3).await;
    assert!(!fetching.has(&item));
    platform.seen().answers_left = None;
    fetching.until(|fetching| fetching.has(&item)).await;
    assert_eq!(std::fs::read(fetching.folder.dir.join(item.sha256.to_string())).unwrap(), bytes);
    let begins = |range: &&String| range.starts_with("bytes=0-");
    assert_eq!(platform.seen().ranges.iter().filter(begins).count(), 1, "no byte was asked for twice");
    fetching.terminal.tasks.stop().await;
}

#[tokio::test]
async fn a_file_with_a_wrong_byte_is_nothing_and_keeps_no_other_waiting() {
    let platform = FakePlatform::start(2026).await;
    let (wrong, right) =
        (offered(&platform, &noise(PART, 2), true), offered(&platform, &noise(100, 3), false));
    platform.seen().files.get_mut(&wrong.sha256.to_string()).unwrap()[7] ^= 1;
    let fetching = Fetching::new(&platform, 10 * PART).await;
    fetching.list(&[&wrong, &right]);
    fetching.until(|fetching| fetching.has(&right)).await;
    assert!(!fetching.has(&wrong));
    assert_eq!(fetching.folder.dir.read_dir().unwrap().count(), 1, "nothing of it stays");
    fetching.terminal.tasks.stop().await;
}

#[tokio::test]
async fn a_full_folder_gives_up_what_was_not_used_for_the_longest_time_and_nothing_mandatory() {
    let platform = FakePlatform::start(2026).await;
    let file = |seed, mandatory| offered(&platform, &noise(1000, seed), mandatory);
    let (kept, old, used) = (file(1, true), file(2, false), file(3, false));
    let fetching = Fetching::new(&platform, 3500).await;
    fetching.list(&[&kept, &old, &used]);
    fetching.until(|fetching| [&kept, &old, &used].iter().all(|item| fetching.has(item))).await;
    let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    for (item, seconds) in [(&kept, 1), (&old, 2), (&used, 3)] {
        fetching.folder.used(item.sha256, at(seconds)).unwrap();
    }
    let (wanted, beyond) = (file(4, true), file(5, false));
    fetching.list(&[&kept, &wanted, &old, &used, &beyond]);
    fetching.until(|fetching| fetching.has(&wanted)).await;
    assert!(fetching.has(&kept) && fetching.has(&used) && !fetching.has(&old));
    platform.until(|seen| seen.requests == 0).await;
    assert!(!fetching.has(&beyond), "what is not mandatory takes nothing's place");
    fetching.list(&[&kept]);
    fetching.until(|fetching| !fetching.has(&wanted) && !fetching.has(&used)).await;
    assert!(fetching.has(&kept));
    fetching.terminal.tasks.stop().await;
}

#[tokio::test]
async fn a_list_that_cannot_be_read_takes_no_file_away() {
    let platform = FakePlatform::start(2026).await;
    let (item, next) = (offered(&platform, &noise(1000, 1), true), offered(&platform, &noise(1000, 2), true));
    let fetching = Fetching::new(&platform, 10 * PART).await;
    fetching.list(&[&item]);
    fetching.until(|fetching| fetching.has(&item)).await;
    fetching.terminal.cell.kept().media_unread = true;
    fetching.list(&[]);
    // Long enough for many looks at the folder, were it swept.
    for _ in 0..1000 {
        fetching.terminal.wake.ring();
        tokio::task::yield_now().await;
        assert!(fetching.has(&item));
    }
    fetching.terminal.cell.kept().media_unread = false;
    fetching.list(&[&next]);
    fetching.until(|fetching| fetching.has(&next) && !fetching.has(&item)).await;
    fetching.terminal.tasks.stop().await;
}
