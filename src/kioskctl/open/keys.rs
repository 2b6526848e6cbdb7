// SPDX-License-Identifier: GPL-3.0-only
//! An office's key file: as the office's window makes it (under a passphrase, with a key that opens and one that signs), or
//! a plain one of age's own, which opens and does not sign. Read only; mode 0600 or it is refused.

use age::armor::ArmoredReader;
use age::secrecy::SecretString;
use contract::{HexBytes, SealKey, SigningKey};
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use zeroize::{Zeroize, Zeroizing};

/// Largest key file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 16 * 1024;
/// Most work a file may ask for: 2^20, a gigabyte.
const SCRYPT_LOG_N_MAX: u8 = 20;
const ARMOR: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";
const BINARY: &[u8] = b"age-encryption.org/";

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyFailure {
    #[error("read the key file {path}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("use {path}: others may read or change it (mode {mode:o}, wanted 600), or it is no plain file")]
    Wide { path: PathBuf, mode: u32 },
    #[error("open the key file {path}: the passphrase is wrong, or it is damaged")]
    Passphrase { path: PathBuf },
    #[error("find a key in {path}")]
    NoKey { path: PathBuf },
}

/// The keys of a file.
#[derive(Debug)]
pub struct OfficeKeyFile {
    pub open: Vec<SealKey>,
    /// None in a file that only opens.
    pub sign: Option<SigningKey>,
}

impl OfficeKeyFile {
    /// Opens the file; `passphrase` is asked for only where it has one.
    ///
    /// # Errors
    /// See [`KeyFailure`].
    pub fn open(
        path: &Path,
        passphrase: impl FnOnce() -> std::io::Result<Zeroizing<String>>,
    ) -> Result<Self, KeyFailure> {
        let failed = |source| KeyFailure::File { path: path.to_owned(), source };
        let file = File::open(path).map_err(failed)?;
        let about = file.metadata().map_err(failed)?;
        let mode = about.mode() & 0o777;
        if mode & 0o077 != 0 || !about.is_file() {
            return Err(KeyFailure::Wide { path: path.to_owned(), mode });
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(FILE_BYTES_MAX as usize));
        file.take(FILE_BYTES_MAX).read_to_end(&mut bytes).map_err(failed)?;
        let sealed = bytes.starts_with(ARMOR) || bytes.starts_with(BINARY);
        let text = if sealed {
            let passphrase = passphrase().map_err(failed)?;
            opened(&bytes, &passphrase).ok_or_else(|| KeyFailure::Passphrase { path: path.to_owned() })?
        } else {
            bytes
        };
        let text = std::str::from_utf8(&text).unwrap_or_default();
        Self::parse(text).ok_or_else(|| KeyFailure::NoKey { path: path.to_owned() })
    }

    /// `seal` and `sign` lines of the window's file, or bare identities of age's, comments aside.
    fn parse(text: &str) -> Option<Self> {
        let mut keys = Self { open: Vec::new(), sign: None };
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(secret) = line.strip_prefix("sign ") {
                let mut pkcs8: HexBytes = secret.parse().ok()?;
                let opened = SigningKey::open(&pkcs8.0);
                pkcs8.0.zeroize();
                keys.sign = Some(opened.ok()?);
            } else {
                keys.open.push(line.strip_prefix("seal ").unwrap_or(line).parse().ok()?);
            }
        }
        (!keys.open.is_empty()).then_some(keys)
    }
}

fn opened(bytes: &[u8], passphrase: &str) -> Option<Zeroizing<Vec<u8>>> {
    let decryptor = age::Decryptor::new(ArmoredReader::new(bytes)).ok()?;
    let mut identity = age::scrypt::Identity::new(SecretString::from(passphrase.to_owned()));
    identity.set_max_work_factor(SCRYPT_LOG_N_MAX);
    let reader = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)).ok()?;
    let mut text = Zeroizing::new(Vec::with_capacity(FILE_BYTES_MAX as usize));
    reader.take(FILE_BYTES_MAX).read_to_end(&mut text).ok()?;
    Some(text)
}
