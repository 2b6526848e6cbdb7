// SPDX-License-Identifier: GPL-3.0-only
//! A copy of all a platform holds, and putting it back.
//!
//! A backup is a directory: the tables as they were at one moment, the keys, what came with events, and a list of all with
//! their digests; files of the media are put again from where they came. It holds every secret of the platform: it is written for its owner alone. What came after the backup is lost only here:
//! terminals keep acknowledged events for thirty days and send them again. What terminals were told after it is told
//! anew with revisions above all earlier ones, and whoever is not named then is gone from them.
//!
//! A PostgreSQL is backed up by its own means; here its keys are kept, and [`Platform::restored`] is for afterwards.

use crate::ca::Authority;
use crate::tables::feed;
use crate::{Clock, Database, Fault, Platform};
use contract::Digest;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The directory of the keys, in the data directory and in a backup.
const KEYS: &str = "keys";
/// The directory of what came with events, a folder a device.
pub(crate) const BLOBS: &str = "blobs";
const TABLES: &str = "platform.db";
const LIST: &str = "backup.json";

/// What a backup holds.
#[derive(Debug, Serialize, Deserialize)]
struct List {
    /// When it was made, milliseconds since 1970 UTC.
    made_ms: i64,
    files: Vec<Listed>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Listed {
    /// Below the backup's directory.
    name: String,
    sha256: Digest,
}

impl Platform {
    /// Writes a backup into `to`, which must not be there yet. The platform may go on serving.
    ///
    /// # Errors
    /// `to` is there, or something cannot be read or written; what was written until then is no backup.
    pub async fn backup(&self, to: &Path) -> Result<(), Fault> {
        if to.exists() {
            return Err(Fault::Refused("write a backup where something lies"));
        }
        Authority::make_dir(&to.join(KEYS))?;
        let mut names = Vec::new();
        if self.core.tables.copy_to(&to.join(TABLES)).await? {
            names.push(TABLES.to_owned());
        }
        let keys = self.root_path().parent().unwrap_or(Path::new(KEYS));
        let wrong = |source| Fault::File { path: keys.to_owned(), source };
        for entry in keys.read_dir().map_err(wrong)? {
            let file = entry.map_err(wrong)?.path();
            let Some(name) = file.file_name().and_then(|name| name.to_str()) else { continue };
            let name = format!("{KEYS}/{name}");
            copy(&file, &to.join(&name))?;
            names.push(name);
        }
        for name in blobs(&self.core.data)? {
            make_dir_of(&to.join(&name))?;
            copy(&self.core.data.join(&name), &to.join(&name))?;
            names.push(name);
        }
        let files = names.into_iter().map(|name| Ok(Listed { sha256: digest(&to.join(&name))?, name }));
        let list = List { made_ms: self.core.clock.now_ms(), files: files.collect::<Result<_, Fault>>()? };
        let path = to.join(LIST);
        std::fs::write(&path, serde_json::to_vec_pretty(&list)?)
            .map_err(|source| Fault::File { path, source })
    }

    /// Tells every terminal everything anew: the tables were put back from a backup.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn restored(&self) -> Result<(), Fault> {
        let mut write = self.core.tables.write().await?;
        feed::tell_anew(&mut write, self.core.clock.now_ms()).await?;
        write.commit().await?;
        Ok(())
    }
}

/// Puts a backup at `data`, which must be empty or not there, and tells every terminal everything anew.
///
/// # Errors
/// A file of the backup is missing or not as it was listed: nothing was put back then. Or `data` holds something.
pub async fn restore(from: &Path, data: &Path, clock: Clock) -> Result<(), Fault> {
    let path = from.join(LIST);
    let text = std::fs::read(&path).map_err(|source| Fault::File { path, source })?;
    let list: List = serde_json::from_slice(&text).map_err(|_| Fault::Stored("list of the backup"))?;
    for file in &list.files {
        if !is_of_a_backup(&file.name) {
            return Err(Fault::Refused("restore a file no backup holds"));
        }
        if digest(&from.join(&file.name))? != file.sha256 {
            return Err(Fault::Refused("restore a backup whose files changed since it was made"));
        }
    }
    if !list.files.iter().any(|file| file.name == TABLES) {
        return Err(Fault::Refused("restore tables from a backup without them: they are in a PostgreSQL"));
    }
    if data.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Fault::Refused("restore over a platform: its directory is not empty"));
    }
    Authority::make_dir(&data.join(KEYS))?;
    for file in &list.files {
        make_dir_of(&data.join(&file.name))?;
        copy(&from.join(&file.name), &data.join(&file.name))?;
    }
    Platform::open(data, &Database::file(), clock).await?.restored().await
}

/// The tables, a key, or a blob of a device: nothing that leads out of the directory.
fn is_of_a_backup(name: &str) -> bool {
    let plain = |part: &&str| !part.is_empty() && *part != "..";
    let parts: Vec<&str> = name.split('/').collect();
    parts.iter().all(plain) && matches!(parts.as_slice(), [TABLES] | [KEYS, _] | [BLOBS, _, _])
}

/// The blobs in a data directory that are whole; those that are not come again.
fn blobs(data: &Path) -> Result<Vec<String>, Fault> {
    let mut names = Vec::new();
    for device in entries(&data.join(BLOBS))? {
        for file in entries(&data.join(BLOBS).join(&device))? {
            if file.parse::<Digest>().is_ok() {
                names.push(format!("{BLOBS}/{device}/{file}"));
            }
        }
    }
    Ok(names)
}

/// What lies in a directory; nothing where there is none.
fn entries(dir: &Path) -> Result<Vec<String>, Fault> {
    let wrong = |source| Fault::File { path: dir.to_owned(), source };
    let entries = match dir.read_dir() {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(wrong(source)),
    };
    let name =
        |entry: std::io::Result<std::fs::DirEntry>| Ok(entry?.file_name().to_string_lossy().into_owned());
    entries.map(name).collect::<Result<_, _>>().map_err(wrong)
}

fn make_dir_of(file: &Path) -> Result<(), Fault> {
    file.parent().map_or(Ok(()), Authority::make_dir)
}

fn copy(from: &Path, to: &Path) -> Result<(), Fault> {
    let wrong = |path: &Path| {
        let path: PathBuf = path.to_owned();
        move |source| Fault::File { path, source }
    };
    std::fs::copy(from, to).map_err(wrong(from))?;
    File::open(to).and_then(|file| file.sync_all()).map_err(wrong(to))
}

fn digest(path: &Path) -> Result<Digest, Fault> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|mut file| file.read_to_end(&mut bytes));
    read.map_err(|source| Fault::File { path: path.to_owned(), source })?;
    Ok(Digest::of(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(path: &Path, text: &str) {
        std::fs::write(path, text).unwrap();
    }

    #[tokio::test]
    async fn what_was_backed_up_is_put_back_and_nothing_else_is() {
        let dir = tempfile::tempdir().unwrap();
        let (data, copy) = (dir.path().join("data"), dir.path().join("copy"));
        let platform = Platform::open(&data, &Database::file(), Clock::system()).await.unwrap();
        crate::demo::seed(&platform, crate::demo::Seed::default()).await.unwrap();
        platform.backup(&copy).await.unwrap();
        assert!(platform.backup(&copy).await.is_err(), "never over something");
        let root = platform.root_pem().to_owned();

        let again = dir.path().join("again");
        restore(&copy, &again, Clock::system()).await.unwrap();
        let restored = Platform::open(&again, &Database::file(), Clock::system()).await.unwrap();
        assert_eq!(restored.root_pem(), root);
        assert_eq!(restored.terminals().await.unwrap(), platform.terminals().await.unwrap());
        assert!(restore(&copy, &again, Clock::system()).await.is_err(), "never over a platform");

        put(&copy.join("keys/content.key"), "other");
        let changed = restore(&copy, &dir.path().join("third"), Clock::system()).await;
        assert!(matches!(changed, Err(Fault::Refused(_))) && !dir.path().join("third").exists());
        put(&copy.join(LIST), r#"{"made_ms":0,"files":[{"name":"keys/../../x","sha256":"00"}]}"#);
        assert!(restore(&copy, &dir.path().join("third"), Clock::system()).await.is_err());
    }
}
