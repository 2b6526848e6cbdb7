// SPDX-License-Identifier: GPL-3.0-only
//! The files of an office besides its keys: what was seen before, and a list that was saved.
//!
//! What was seen is written beside and put in its place, so that a power cut leaves the one before. A damaged one is told,
//! never begun anew by itself: who damages it would hide what was taken. Limit: [`SEEN_BYTES_MAX`].

use contract::{ComplaintList, Event, Seen};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Largest file of what was seen, in bytes.
const SEEN_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileFailure {
    #[error("read or write {path}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("understand {path}")]
    Json { path: PathBuf, source: serde_json::Error },
    #[error("read {path}: it is too large")]
    Long { path: PathBuf },
}

/// Where a key file's memory of what was seen lies: beside it.
pub fn seen_beside(keys: &Path) -> PathBuf {
    let mut name = keys.as_os_str().to_owned();
    name.push(".seen");
    name.into()
}

/// What was seen before; nothing at the first look.
///
/// # Errors
/// It cannot be read, or is damaged.
pub fn read_seen(path: &Path) -> Result<Seen, FileFailure> {
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Seen::default()),
        Err(source) => Err(FileFailure::File { path: path.to_owned(), source }),
        Ok(about) if about.len() > SEEN_BYTES_MAX => Err(FileFailure::Long { path: path.to_owned() }),
        Ok(_) => read_json(path),
    }
}

/// Keeps what was seen.
///
/// # Errors
/// It cannot be written; the one before is still there then.
pub fn keep_seen(path: &Path, seen: &Seen) -> Result<(), FileFailure> {
    let bytes =
        serde_json::to_vec(seen).map_err(|source| FileFailure::Json { path: path.to_owned(), source })?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let written = || -> std::io::Result<()> {
        let mut file = std::fs::File::create(&beside)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        std::fs::rename(&beside, path)
    };
    written().map_err(|source| FileFailure::File { path: path.to_owned(), source })
}

/// A list that was saved.
///
/// # Errors
/// It cannot be read, or is damaged.
pub fn read_list(path: &Path) -> Result<ComplaintList, FileFailure> {
    read_json(path)
}

/// Saves a list, and each sealed text as a file of its own for the ordinary age tool.
///
/// # Errors
/// It cannot be written.
pub fn save_list(list: &ComplaintList, to: &Path) -> Result<(), FileFailure> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| FileFailure::File { path, source }
    };
    std::fs::create_dir_all(to).map_err(failed(to))?;
    let path = to.join("list.json");
    let bytes =
        serde_json::to_vec(list).map_err(|source| FileFailure::Json { path: path.clone(), source })?;
    std::fs::write(&path, bytes).map_err(failed(&path))?;
    for entry in &list.entries {
        let Ok(Event::ComplaintSealed(sealed)) = Event::decode(&entry.envelope.kind, &entry.envelope.body)
        else {
            continue;
        };
        let path = to.join(format!("{}.age", entry.envelope.id));
        std::fs::write(&path, sealed.sealed.as_str()).map_err(failed(&path))?;
    }
    Ok(())
}

fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, FileFailure> {
    let bytes = std::fs::read(path).map_err(|source| FileFailure::File { path: path.to_owned(), source })?;
    serde_json::from_slice(&bytes).map_err(|source| FileFailure::Json { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_comes_back_and_a_damaged_file_is_not_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = seen_beside(&folder.path().join("procurator.age"));
        assert!(path.ends_with("procurator.age.seen"));
        assert_eq!(read_seen(&path).unwrap(), Seen::default());
        let seen = Seen {
            devices: Vec::new(),
            heads: vec![contract::SeenHead {
                device: contract::DeviceId::fresh(),
                epoch: 1,
                seq: 7,
                hash: contract::Digest::ZERO,
            }],
        };
        keep_seen(&path, &seen).unwrap();
        assert_eq!(read_seen(&path).unwrap(), seen);
        std::fs::write(&path, "{").unwrap();
        assert!(matches!(read_seen(&path), Err(FileFailure::Json { .. })));
        let large = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        large.set_len(SEEN_BYTES_MAX + 1).unwrap();
        assert!(matches!(read_seen(&path), Err(FileFailure::Long { .. })));
    }
}
