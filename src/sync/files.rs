// SPDX-License-Identifier: GPL-3.0-only
//! Small private files that are whole or absent: written beside, synced, renamed, and the directory synced.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Why a file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("read {path}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("write {path}")]
    Write { path: PathBuf, source: std::io::Error },
    #[error("read {path}, it is longer than {bytes_max} bytes")]
    Long { path: PathBuf, bytes_max: u64 },
}

/// Makes `dir` with its parents, for this user only.
pub(crate) fn make_private_dir(dir: &Path) -> Result<(), FileError> {
    let wrong = |source| FileError::Write { path: dir.to_owned(), source };
    DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(wrong)?;
    std::fs::set_permissions(dir, Permissions::from_mode(0o700)).map_err(wrong)
}

/// Waits for one's turn at `path`, among all processes; it ends with what is returned.
pub(crate) fn lock(path: &Path) -> Result<File, FileError> {
    let wrong = |source| FileError::Write { path: path.to_owned(), source };
    let file = File::create(path).map_err(wrong)?;
    file.lock().map_err(wrong)?;
    Ok(file)
}

/// The bytes of `path`; none where there is no such file.
pub(crate) fn read(path: &Path, bytes_max: u64) -> Result<Option<Vec<u8>>, FileError> {
    let wrong = |source| FileError::Read { path: path.to_owned(), source };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(absent) if absent.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(wrong(source)),
    };
    let mut bytes = Vec::new();
    let read = file.take(bytes_max + 1).read_to_end(&mut bytes).map_err(wrong)?;
    if read as u64 > bytes_max {
        return Err(FileError::Long { path: path.to_owned(), bytes_max });
    }
    Ok(Some(bytes))
}

/// Puts `bytes` at `path` for this user only, as a whole or not at all.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let wrong = |source| FileError::Write { path: path.to_owned(), source };
    let dir = path.parent().unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = dir.join(format!(".{name}.new"));
    let mut options = OpenOptions::new();
    let mut file =
        options.write(true).create(true).truncate(true).mode(0o600).open(&beside).map_err(wrong)?;
    file.set_permissions(Permissions::from_mode(0o600)).map_err(wrong)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(wrong)?;
    std::fs::rename(&beside, path).map_err(wrong)?;
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(wrong)
}
