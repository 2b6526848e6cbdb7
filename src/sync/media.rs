// SPDX-License-Identifier: GPL-3.0-only
//! Fetches the files of the platform's list into a folder, a part at a time and behind every event.
//!
//! Promises: a file is in its place, named by its hash, only as a whole and with that hash; one that was cut goes on from
//! where it was. What is no longer on the list goes. The folder has a quota: for what is mandatory, what was not used
//! for the longest time goes; nothing that is mandatory ever does. Refuses: a file that does not fit beside the mandatory
//! ones.

use crate::Cell;
use crate::route::Route;
use crate::switch::Wake;
use crate::transport::Failure;
use contract::{Digest, MediaItem};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// Bytes asked for at a time.
const PART_BYTES: u64 = 256 * 1024;
/// The list is looked at this often.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// A file that was wrong or has no room is asked for again after this.
const HOLD: Duration = Duration::from_secs(3_600);

/// Where the files go, and how much room they have.
#[derive(Debug, Clone)]
pub struct MediaFolder {
    pub dir: PathBuf,
    /// The files together are no longer than this, in bytes.
    pub bytes_max: u64,
}

impl MediaFolder {
    /// Where a file lies when it is there as a whole; it counts as used at this moment.
    pub fn used(&self, sha256: Digest, now: SystemTime) -> Option<PathBuf> {
        let path = self.whole(sha256);
        File::open(&path).and_then(|file| file.set_modified(now)).ok()?;
        Some(path)
    }

    fn whole(&self, sha256: Digest) -> PathBuf {
        self.dir.join(sha256.to_string())
    }

    fn part(&self, sha256: Digest) -> PathBuf {
        self.dir.join(format!("{sha256}.part"))
    }

    /// Every file of the folder with its length and when it was used.
    fn files(&self) -> std::io::Result<Vec<(PathBuf, u64, SystemTime)>> {
        let entries = match self.dir.read_dir() {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let file = |entry: std::io::Result<std::fs::DirEntry>| {
            let entry = entry?;
            let found = entry.metadata()?;
            Ok((entry.path(), found.len(), found.modified()?))
        };
        entries.map(file).collect()
    }

    /// Removes what the list does not name.
    fn sweep(&self, list: &[MediaItem]) -> std::io::Result<()> {
        let named: BTreeSet<PathBuf> =
            list.iter().flat_map(|item| [self.whole(item.sha256), self.part(item.sha256)]).collect();
        for (path, ..) in self.files()? {
            if !named.contains(&path) {
                std::fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// Whether `item` has room, which a mandatory one is given by the others. Begun files count as long as they will be.
    fn make_room(&self, item: &MediaItem, list: &[MediaItem]) -> std::io::Result<bool> {
        let len = |path: &Path, held: u64| {
            let begun = list.iter().find(|other| self.part(other.sha256) == path);
            begun.map_or(held, |other| other.len)
        };
        let own = [self.whole(item.sha256), self.part(item.sha256)];
        let mut others: Vec<_> = self.files()?.into_iter().filter(|(path, ..)| !own.contains(path)).collect();
        others.sort_by_key(|(_, _, used)| *used);
        let mut bytes: u64 = others.iter().map(|(path, held, _)| len(path, *held)).sum();
        let spared: BTreeSet<PathBuf> = list
            .iter()
            .filter(|other| other.mandatory)
            .flat_map(|other| [self.whole(other.sha256), self.part(other.sha256)])
            .collect();
        for (path, held, _) in &others {
            if bytes.saturating_add(item.len) <= self.bytes_max || !item.mandatory {
                break;
            }
            if !spared.contains(path) {
                std::fs::remove_file(path)?;
                bytes -= len(path, *held);
            }
        }
        Ok(bytes.saturating_add(item.len) <= self.bytes_max)
    }

    /// How much of a file is here; one that is longer than it shall be begins anew.
    fn begun(&self, item: &MediaItem) -> std::io::Result<u64> {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.dir)?;
        match self.part(item.sha256).metadata() {
            Ok(found) if found.len() <= item.len => Ok(found.len()),
            Ok(_) => std::fs::remove_file(self.part(item.sha256)).map(|()| 0),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    fn append(&self, item: &MediaItem, bytes: &[u8]) -> std::io::Result<()> {
        let mut options = OpenOptions::new();
        options.create(true).append(true).mode(0o600).open(self.part(item.sha256))?.write_all(bytes)
    }

    /// Puts a file in its place, if it has its hash; else nothing of it stays.
    fn finish(&self, item: &MediaItem) -> std::io::Result<bool> {
        let part = self.part(item.sha256);
        let mut options = OpenOptions::new();
        let mut file = options.create(true).truncate(false).read(true).write(true).mode(0o600).open(&part)?;
        let mut context = ring::digest::Context::new(&ring::digest::SHA256);
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match file.read(&mut buffer)? {
                0 => break,
                count => context.update(&buffer[..count]),
            }
        }
        if context.finish().as_ref() != item.sha256.0 {
            std::fs::remove_file(&part)?;
            return Ok(false);
        }
        file.sync_all()?;
        std::fs::rename(&part, self.whole(item.sha256))?;
        File::open(&self.dir)?.sync_all()?;
        Ok(true)
    }
}

pub(crate) struct Fetcher<C> {
    route: Arc<Route>,
    cell: Arc<C>,
    folder: Arc<MediaFolder>,
    wake: Wake,
    held: BTreeMap<Digest, Instant>,
}

impl<C: Cell> Fetcher<C> {
    pub(crate) fn new(route: Arc<Route>, cell: Arc<C>, folder: MediaFolder, wake: &Wake) -> Self {
        Self { route, cell, folder: Arc::new(folder), wake: wake.clone(), held: BTreeMap::new() }
    }

    /// Runs until told to stop.
    pub(crate) async fn run(mut self) {
        let mut bell = self.wake.ear();
        while !self.route.stop().is_told() {
            bell.mark_unchanged();
            let now = Instant::now();
            self.held.retain(|_, until| *until > now);
            let list = match self.cell.media().await {
                Some(list) => {
                    let swept = list.clone();
                    self.on_disk(move |folder| folder.sweep(&swept)).await;
                    list
                }
                None => Vec::new(),
            };
            for item in
                list.iter().filter(|item| !self.held.contains_key(&item.sha256)).cloned().collect::<Vec<_>>()
            {
                let (sha256, beside) = (item.sha256, list.clone());
                match self.fetch(item, beside).await {
                    None => return,
                    Some(true) => {}
                    Some(false) => {
                        tracing::warn!(%sha256, "a file of the media is not had yet");
                        self.held.insert(sha256, Instant::now() + HOLD);
                    }
                }
            }
            tokio::select! {
                _ = bell.changed() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = self.route.stop().told() => {}
            }
        }
    }

    /// Whether the file is there; none when the task shall end.
    async fn fetch(&self, item: MediaItem, list: Vec<MediaItem>) -> Option<bool> {
        let wanted = item.clone();
        let ready = self.on_disk(move |folder| {
            if folder.whole(wanted.sha256).exists() {
                return Ok(None);
            }
            Ok(Some(if folder.make_room(&wanted, &list)? { Some(folder.begun(&wanted)?) } else { None }))
        });
        let mut from = match ready.await {
            None => return Some(false),
            Some(None) => return Some(true),
            Some(Some(None)) => return Some(false),
            Some(Some(Some(begun))) => begun,
        };
        while from < item.len {
            let pass = self.route.enter().await?;
            let to = item.len.min(from.saturating_add(PART_BYTES));
            let bytes = match pass.media(item.sha256, from, to).await {
                Ok(bytes) => bytes,
                Err(Failure::Status { status: 404 | 416, .. }) => return Some(false),
                // The link tells when to go on, and from here.
                Err(_) => continue,
            };
            from = to;
            let part = item.clone();
            if self.on_disk(move |folder| folder.append(&part, &bytes)).await.is_none() {
                return Some(false);
            }
        }
        let whole = item.clone();
        Some(self.on_disk(move |folder| folder.finish(&whole)).await.unwrap_or(false))
    }

    /// None when the disk did not do it.
    async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&MediaFolder) -> std::io::Result<T> + Send + 'static,
    ) -> Option<T> {
        let folder = Arc::clone(&self.folder);
        match tokio::task::spawn_blocking(move || work(&folder)).await.ok()? {
            Ok(value) => Some(value),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the folder of the media failed");
                None
            }
        }
    }
}
