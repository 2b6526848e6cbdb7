// SPDX-License-Identifier: GPL-3.0-only
//! Who this terminal is: its keys, its number, and, once enrolled, its certificate and what it pins.
//!
//! A terminal has its keys from the first start, so that it keeps and signs events before anyone enrolled it. Each file
//! is whole or absent: written beside, synced, renamed, in a directory only this user may enter. A damaged key is an
//! error and is never replaced: with a new one, what the old one sealed could not be opened. The device key lies in a
//! file; a machine with a TPM would hold it there.

use crate::files::{self, FileError};
use contract::{DeviceId, EnrolReply, KeyError, PublicKey, SealRecipient, SigningKey, TerminalId};
use ring::rand::{SecureRandom, SystemRandom};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use x509_parser::prelude::{FromDer, X509Certificate};
use zeroize::Zeroizing;

/// PKCS #8, P-256.
const KEY_FILE: &str = "device.key";
const ID_FILE: &str = "device.id";
const STORAGE_KEY_FILE: &str = "storage.key";
const ENROLMENT_FILE: &str = "enrolment.json";
/// The last signed server time, milliseconds since 1970 UTC, as decimal text.
const FLOOR_FILE: &str = "time.floor";
/// Held while what is missing is made.
const LOCK_FILE: &str = "identity.lock";
/// Largest file read here, in bytes.
const FILE_BYTES_MAX: u64 = 256 * 1024;

/// Keys and number of this terminal.
pub struct Identity {
    dir: PathBuf,
    pkcs8: Zeroizing<Vec<u8>>,
    signing: Arc<SigningKey>,
    device: DeviceId,
    storage: Zeroizing<[u8; 32]>,
    /// Held while the enrolment is changed.
    changing: Mutex<()>,
}

/// What enrolment gave. One file, so that it is there as a whole or not at all.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Enrolment {
    /// Where the platform is, `https://host:port`.
    pub gateway: String,
    pub terminal: TerminalId,
    /// PEM: the device's certificate, then its issuer.
    pub certificate_pem: String,
    /// PEM: the only roots the platform's certificate may come from.
    pub roots_pem: String,
    /// Signs replies and the feed.
    pub content_key: PublicKey,
    /// Those that follow it by its own word, in their order: one of them may sign already.
    #[serde(default)]
    pub next_keys: Vec<PublicKey>,
    /// Whom events carried by hand are sealed to.
    #[serde(default)]
    pub bundle_key: Option<SealRecipient>,
}

/// When a certificate counts, in milliseconds since 1970 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    pub from_ms: i64,
    pub until_ms: i64,
}

/// Why the identity cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("use {file} of the identity, it is damaged")]
    Damaged { file: &'static str },
    #[error("make the device's key")]
    Make(#[source] KeyError),
    #[error("get random numbers from the system")]
    Random,
    #[error("find {file} of the identity")]
    Absent { file: &'static str },
    #[error("use the enrolment, {what}")]
    Enrolment { what: &'static str },
}

impl Identity {
    /// Opens the identity in `dir`, making what a new terminal lacks.
    ///
    /// # Errors
    /// The directory cannot be written, or a file of it is damaged.
    pub fn open_or_make(dir: &Path) -> Result<Self, IdentityError> {
        files::make_private_dir(dir)?;
        // The alarm's process and the window's start at the same moment: one of them makes the key.
        let _turn = files::lock(&dir.join(LOCK_FILE))?;
        if files::read(&dir.join(KEY_FILE), FILE_BYTES_MAX)?.is_none() {
            let key = Zeroizing::new(SigningKey::generate().map_err(IdentityError::Make)?);
            files::write(&dir.join(KEY_FILE), &key)?;
        }
        if files::read(&dir.join(ID_FILE), FILE_BYTES_MAX)?.is_none() {
            files::write(&dir.join(ID_FILE), DeviceId::fresh().to_string().as_bytes())?;
        }
        if files::read(&dir.join(STORAGE_KEY_FILE), FILE_BYTES_MAX)?.is_none() {
            let mut key = Zeroizing::new([0; 32]);
            SystemRandom::new().fill(key.as_mut()).map_err(|_| IdentityError::Random)?;
            files::write(&dir.join(STORAGE_KEY_FILE), key.as_ref())?;
        }
        Self::open(dir)
    }

    /// Whether a terminal was ever started or enrolled with `dir`.
    pub fn is_in(dir: &Path) -> bool {
        dir.join(KEY_FILE).exists()
    }

    /// Opens the identity in `dir` and makes nothing.
    ///
    /// # Errors
    /// A file is absent or damaged.
    pub fn open(dir: &Path) -> Result<Self, IdentityError> {
        let must = |file: &'static str| {
            files::read(&dir.join(file), FILE_BYTES_MAX)?.ok_or(IdentityError::Absent { file })
        };
        let pkcs8 = Zeroizing::new(must(KEY_FILE)?);
        let signing = SigningKey::open(&pkcs8).map_err(|_| IdentityError::Damaged { file: KEY_FILE })?;
        let device = String::from_utf8(must(ID_FILE)?).ok().and_then(|text| text.trim().parse().ok());
        let mut storage = Zeroizing::new([0; 32]);
        let stored = Zeroizing::new(must(STORAGE_KEY_FILE)?);
        if stored.len() != storage.len() {
            return Err(IdentityError::Damaged { file: STORAGE_KEY_FILE });
        }
        storage.copy_from_slice(&stored);
        Ok(Self {
            dir: dir.to_owned(),
            pkcs8,
            signing: Arc::new(signing),
            device: device.ok_or(IdentityError::Damaged { file: ID_FILE })?,
            storage,
            changing: Mutex::default(),
        })
    }

    pub fn device(&self) -> DeviceId {
        self.device
    }

    /// Signs this terminal's events.
    pub fn signing_key(&self) -> Arc<SigningKey> {
        Arc::clone(&self.signing)
    }

    /// Seals columns and peppers verifiers on this device; never sent.
    pub fn storage_key(&self) -> &[u8; 32] {
        &self.storage
    }

    /// The enrolment as it lies on the disk at this moment; none before the terminal was enrolled.
    ///
    /// # Errors
    /// The file cannot be read or is damaged.
    pub fn enrolment(&self) -> Result<Option<Enrolment>, IdentityError> {
        let Some(bytes) = files::read(&self.dir.join(ENROLMENT_FILE), FILE_BYTES_MAX)? else {
            return Ok(None);
        };
        serde_json::from_slice(&bytes).map(Some).map_err(|_| IdentityError::Damaged { file: ENROLMENT_FILE })
    }

    pub(crate) fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// Keeps what the platform gave, in place of an earlier enrolment.
    pub(crate) fn keep(&self, gateway: &str, reply: EnrolReply) -> Result<(), IdentityError> {
        let _changing = self.changing();
        // A certificate brings the key that signs; what is known of those after it stays known.
        let held = self.enrolment().ok().flatten();
        let enrolment = Enrolment {
            gateway: gateway.to_owned(),
            terminal: reply.terminal,
            certificate_pem: reply.certificate_pem,
            roots_pem: reply.roots_pem,
            next_keys: held.map(|held| held.keys_after(&reply.content_key)).unwrap_or_default(),
            content_key: reply.content_key,
            bundle_key: reply.bundle_key,
        };
        self.put(&enrolment)?;
        self.keep_floor(reply.server_ms)
    }

    /// Keeps what follows `known` by the platform's word; nothing where `known` is not the newest any more.
    pub(crate) fn learn(&self, known: &PublicKey, keys: Vec<PublicKey>) -> Result<(), IdentityError> {
        let _changing = self.changing();
        let mut enrolment = self.enrolment()?.ok_or(IdentityError::Absent { file: ENROLMENT_FILE })?;
        if enrolment.content_keys().last() == Some(known) {
            enrolment.next_keys.extend(keys);
            self.put(&enrolment)?;
        }
        Ok(())
    }

    /// `key` has signed: none before it is believed from here on.
    pub(crate) fn believe(&self, key: &PublicKey) -> Result<(), IdentityError> {
        let _changing = self.changing();
        let mut enrolment = self.enrolment()?.ok_or(IdentityError::Absent { file: ENROLMENT_FILE })?;
        if enrolment.next_keys.contains(key) {
            enrolment.next_keys = enrolment.keys_after(key);
            enrolment.content_key = key.clone();
            self.put(&enrolment)?;
        }
        Ok(())
    }

    fn put(&self, enrolment: &Enrolment) -> Result<(), IdentityError> {
        enrolment.check(&self.signing.public())?;
        let text = serde_json::to_vec_pretty(enrolment)
            .map_err(|_| IdentityError::Enrolment { what: "it cannot be written as JSON" })?;
        Ok(files::write(&self.dir.join(ENROLMENT_FILE), &text)?)
    }

    fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a renewed certificate, and the roots and content key that came with it. What the terminal speaks with stays
    /// as it was when the reply does not fit.
    pub(crate) fn renew(&self, reply: EnrolReply) -> Result<(), IdentityError> {
        let held = self.enrolment()?.ok_or(IdentityError::Absent { file: ENROLMENT_FILE })?;
        if held.terminal != reply.terminal {
            return Err(IdentityError::Enrolment { what: "it is for another terminal" });
        }
        self.keep(&held.gateway, reply)
    }

    /// The last signed server time that was kept, milliseconds since 1970 UTC; zero before the first.
    pub fn last_signed_ms(&self) -> i64 {
        let kept = files::read(&self.dir.join(FLOOR_FILE), FILE_BYTES_MAX).ok().flatten();
        kept.and_then(|bytes| String::from_utf8(bytes).ok()?.trim().parse().ok()).unwrap_or(0)
    }

    /// A small file of a task of this crate, beside the identity.
    pub(crate) fn read_file(&self, name: &str, bytes_max: u64) -> Result<Option<Vec<u8>>, FileError> {
        files::read(&self.dir.join(name), bytes_max)
    }

    pub(crate) fn write_file(&self, name: &str, bytes: &[u8]) -> Result<(), FileError> {
        files::write(&self.dir.join(name), bytes)
    }

    pub(crate) fn keep_floor(&self, server_ms: i64) -> Result<(), IdentityError> {
        Ok(files::write(&self.dir.join(FLOOR_FILE), server_ms.to_string().as_bytes())?)
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Identity({})", self.device)
    }
}

impl Enrolment {
    /// When the device's certificate counts.
    ///
    /// # Errors
    /// The certificate cannot be read.
    pub fn validity(&self) -> Result<Validity, IdentityError> {
        let leaf = self.chain()?.into_iter().next();
        let leaf = leaf.ok_or(IdentityError::Enrolment { what: "it holds no certificate" })?;
        let (_, parsed) = parse(&leaf)?;
        let (from, until) = (parsed.validity().not_before, parsed.validity().not_after);
        Ok(Validity {
            from_ms: from.timestamp().saturating_mul(1000),
            until_ms: until.timestamp().saturating_mul(1000),
        })
    }

    /// The key that signs, and those that follow it.
    pub(crate) fn content_keys(&self) -> impl Iterator<Item = &PublicKey> {
        std::iter::once(&self.content_key).chain(&self.next_keys)
    }

    /// The keys that are known to follow this one.
    fn keys_after(&self, key: &PublicKey) -> Vec<PublicKey> {
        self.content_keys().skip_while(|known| *known != key).skip(1).cloned().collect()
    }

    pub(crate) fn chain(&self) -> Result<Vec<CertificateDer<'static>>, IdentityError> {
        certificates(&self.certificate_pem)
    }

    pub(crate) fn roots(&self) -> Result<Vec<CertificateDer<'static>>, IdentityError> {
        certificates(&self.roots_pem)
    }

    /// Refuses what would leave the terminal unable to speak: another's certificate, no roots, no content key.
    fn check(&self, device_key: &PublicKey) -> Result<(), IdentityError> {
        let chain = self.chain()?;
        let leaf = chain.first().ok_or(IdentityError::Enrolment { what: "it holds no certificate" })?;
        if parse(leaf)?.1.public_key().subject_public_key.data.as_ref() != device_key.0.0.as_slice() {
            return Err(IdentityError::Enrolment { what: "its certificate is for another key" });
        }
        if self.roots()?.is_empty() {
            return Err(IdentityError::Enrolment { what: "it pins no root" });
        }
        if self.content_key.0.0.len() != device_key.0.0.len() {
            return Err(IdentityError::Enrolment { what: "its content key is no P-256 point" });
        }
        Ok(())
    }
}

/// Every certificate of a PEM text.
pub(crate) fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, IdentityError> {
    CertificateDer::pem_slice_iter(pem.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|_| IdentityError::Enrolment { what: "a certificate is no PEM" })
}

fn parse<'a>(der: &'a CertificateDer<'_>) -> Result<(&'a [u8], X509Certificate<'a>), IdentityError> {
    X509Certificate::from_der(der)
        .map_err(|_| IdentityError::Enrolment { what: "a certificate cannot be read" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn processes_that_start_at_one_moment_have_one_identity() {
        let dir = tempfile::tempdir().unwrap();
        let start = std::sync::Barrier::new(8);
        let open = || {
            start.wait();
            let identity = Identity::open_or_make(dir.path()).unwrap();
            (identity.device(), identity.signing_key().public(), *identity.storage_key())
        };
        let made: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(made.iter().all(|one| *one == made[0]));
    }

    #[test]
    fn a_new_terminal_gets_keys_and_keeps_them() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("identity");
        let made = Identity::open_or_make(&place).unwrap();
        let again = Identity::open_or_make(&place).unwrap();
        assert_eq!(made.device(), again.device());
        assert_eq!(made.signing_key().public(), again.signing_key().public());
        assert_eq!(made.storage_key(), again.storage_key());
        assert!(again.enrolment().unwrap().is_none());
    }

    #[test]
    fn nobody_else_may_read_the_keys() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("identity");
        std::fs::create_dir(&place).unwrap();
        std::fs::set_permissions(&place, PermissionsExt::from_mode(0o755)).unwrap();
        Identity::open_or_make(&place).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&place), 0o700);
        for file in [KEY_FILE, ID_FILE, STORAGE_KEY_FILE] {
            assert_eq!(mode(&place.join(file)), 0o600, "{file}");
        }
    }

    #[test]
    fn a_damaged_key_is_an_error_and_is_never_replaced() {
        for file in [KEY_FILE, ID_FILE, STORAGE_KEY_FILE] {
            let dir = tempfile::tempdir().unwrap();
            Identity::open_or_make(dir.path()).unwrap();
            std::fs::write(dir.path().join(file), b"damaged").unwrap();
            let opened = Identity::open_or_make(dir.path());
            assert!(matches!(opened, Err(IdentityError::Damaged { file: f }) if f == file), "{file}");
            assert_eq!(std::fs::read(dir.path().join(file)).unwrap(), b"damaged");
        }
    }

    #[test]
    fn a_power_cut_between_two_files_leaves_a_terminal_that_starts() {
        let dir = tempfile::tempdir().unwrap();
        let device = Identity::open_or_make(dir.path()).unwrap().device();
        std::fs::remove_file(dir.path().join(STORAGE_KEY_FILE)).unwrap();
        std::fs::write(dir.path().join(".storage.key.new"), b"half").unwrap();
        assert_eq!(Identity::open_or_make(dir.path()).unwrap().device(), device);
    }
}
