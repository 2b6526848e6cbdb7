// SPDX-License-Identifier: GPL-3.0-only
//! The office's two private keys in one file: an age identity that opens, and a P-256 key that signs; and whose they are.
//!
//! The file is age, armored, under a passphrase (scrypt); the ordinary `age` tool opens it too. It is made once, mode
//! 0600, and never overwritten; one that others may read or that is no plain file is refused. Both keys are zeroed when
//! they are dropped, as far as their libraries do that. Refuses: keys on a card or token (PKCS#11), which are not done.
//! Limits: [`FILE_BYTES_MAX`], [`PASSPHRASE_CHARS_MIN`] characters, [`SCRYPT_LOG_N_MAX`] of work when opening.

use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::secrecy::SecretString;
use contract::{Digest, HexBytes, Office, PublicKey, SealKey, SealRecipient, SigningKey};
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use zeroize::{Zeroize, Zeroizing};

/// Largest key file that is read, in bytes.
pub const FILE_BYTES_MAX: u64 = 16 * 1024;
/// Shortest passphrase of a new file, in characters: the file may be copied, and then nothing counts the tries.
pub const PASSPHRASE_CHARS_MIN: usize = 12;
/// Longest passphrase, in characters.
pub const PASSPHRASE_CHARS_MAX: usize = 256;
/// Work of a new file: 2^18, about a second and 256 MiB.
pub const SCRYPT_LOG_N: u8 = 18;
/// Most work a file may ask for: 2^20, a gigabyte.
const SCRYPT_LOG_N_MAX: u8 = 20;
/// What stands before each key in the file.
const SEAL: &str = "seal ";
const SIGN: &str = "sign ";
const OFFICE: &str = "office ";
/// How an age file begins.
const ARMOR: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";
const BINARY: &[u8] = b"age-encryption.org/";

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    #[error(
        "take a passphrase of fewer than {PASSPHRASE_CHARS_MIN} or more than {PASSPHRASE_CHARS_MAX} characters"
    )]
    Passphrase,
    #[error("make {path}: there is a file, and keys are never overwritten")]
    Exists { path: PathBuf },
    #[error("find the key file {path}")]
    Missing { path: PathBuf },
    #[error("use {path}: it is no plain file of at most {FILE_BYTES_MAX} bytes")]
    NoPlainFile { path: PathBuf },
    #[error("use {path}: others may read or change it (mode {mode:o}, wanted 600)")]
    Wide { path: PathBuf, mode: u32 },
    #[error("read or write {path}")]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("open the key file: the passphrase is wrong")]
    WrongPassphrase,
    #[error("open the key file: it is damaged, or no key file")]
    Damaged,
    #[error("read the passphrase")]
    Asked(#[source] std::io::Error),
    #[error("make keys")]
    Make(#[source] contract::KeyError),
    #[error("seal the keys")]
    Seal(#[source] age::EncryptError),
}

/// Both keys of an office. They leave only as what they sealed or signed.
#[derive(Debug)]
pub struct Keys {
    /// Whose they are; the clinic's where the file says nothing.
    pub office: Office,
    pub seal: SealKey,
    pub signing: SigningKey,
}

impl Keys {
    /// Makes new keys and keeps them at `path`.
    ///
    /// # Errors
    /// There is a file already, the passphrase is too short, or it cannot be written.
    pub fn make(path: &Path, office: Office, passphrase: &str, log_n: u8) -> Result<Self, KeyFileError> {
        if !(PASSPHRASE_CHARS_MIN..=PASSPHRASE_CHARS_MAX).contains(&passphrase.chars().count()) {
            return Err(KeyFileError::Passphrase);
        }
        let seal = SealKey::generate();
        let pkcs8 = Zeroizing::new(SigningKey::generate().map_err(KeyFileError::Make)?);
        let signing = SigningKey::open(&pkcs8).map_err(KeyFileError::Make)?;
        let sealed = under_passphrase(&plain(office, &seal, &pkcs8), passphrase, log_n, path)?;
        write_new(path, &sealed)?;
        Ok(Self { office, seal, signing })
    }

    /// Opens the keys kept at `path`. Takes about a second.
    ///
    /// # Errors
    /// See [`KeyFileError`].
    pub fn open(path: &Path, passphrase: &str) -> Result<Self, KeyFileError> {
        let text = opened(&read(path)?, passphrase)?;
        let file = KeyFile::parse(&text).ok_or(KeyFileError::Damaged)?;
        let mut open = file.open.into_iter();
        let (Some(seal), None, Some(signing)) = (open.next(), open.next(), file.sign) else {
            return Err(KeyFileError::Damaged);
        };
        Ok(Self { office: file.office.unwrap_or(Office::Clinic), seal, signing })
    }

    pub fn recipient(&self) -> SealRecipient {
        self.seal.recipient()
    }

    /// What is compared: of the clinic both keys, of a complaint office its signing key, as it hangs in the cells.
    pub fn fingerprint(&self) -> String {
        match self.office {
            Office::Clinic => fingerprint(&self.recipient(), &self.signing.public()),
            Office::Procurator | Office::Director | Office::SupervisingOfficer | Office::Superior => {
                self.signing.public().fingerprint()
            }
        }
    }
}

/// The keys of any file an office may have: as [`Keys`] makes it, or a plain one of age's own, which opens and does not
/// sign.
#[derive(Debug)]
pub struct KeyFile {
    pub office: Option<Office>,
    pub open: Vec<SealKey>,
    /// None in a file that only opens.
    pub sign: Option<SigningKey>,
}

impl KeyFile {
    /// Opens the file; `passphrase` is asked for only where it has one.
    ///
    /// # Errors
    /// See [`KeyFileError`].
    pub fn open(
        path: &Path,
        passphrase: impl FnOnce() -> std::io::Result<Zeroizing<String>>,
    ) -> Result<Self, KeyFileError> {
        let bytes = read(path)?;
        let text = if bytes.starts_with(ARMOR) || bytes.starts_with(BINARY) {
            opened(&bytes, &passphrase().map_err(KeyFileError::Asked)?)?
        } else {
            let text = std::str::from_utf8(&bytes).map_err(|_| KeyFileError::Damaged)?;
            Zeroizing::new(text.to_owned())
        };
        let file = Self::parse(&text).ok_or(KeyFileError::Damaged)?;
        if file.open.is_empty() { Err(KeyFileError::Damaged) } else { Ok(file) }
    }

    /// All its keys that open.
    pub fn opening(&self) -> Vec<&SealKey> {
        self.open.iter().collect()
    }

    /// `office`, `seal` and `sign` lines, or bare identities of age's, comments aside.
    fn parse(text: &str) -> Option<Self> {
        let mut keys = Self { office: None, open: Vec::new(), sign: None };
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(secret) = line.strip_prefix(SIGN) {
                let mut pkcs8: HexBytes = secret.parse().ok()?;
                let opened = SigningKey::open(&pkcs8.0);
                pkcs8.0.zeroize();
                keys.sign = Some(opened.ok()?);
            } else if let Some(name) = line.strip_prefix(OFFICE) {
                keys.office = Some(Office::of(name)?);
            } else {
                keys.open.push(line.strip_prefix(SEAL).unwrap_or(line).parse().ok()?);
            }
        }
        Some(keys)
    }
}

fn opened(sealed: &[u8], passphrase: &str) -> Result<Zeroizing<String>, KeyFileError> {
    let decryptor = age::Decryptor::new(ArmoredReader::new(sealed)).map_err(|_| KeyFileError::Damaged)?;
    if !decryptor.is_scrypt() {
        return Err(KeyFileError::Damaged);
    }
    let mut identity = age::scrypt::Identity::new(SecretString::from(passphrase.to_owned()));
    identity.set_max_work_factor(SCRYPT_LOG_N_MAX);
    let opened = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity));
    let reader = opened.map_err(|error| match error {
        age::DecryptError::DecryptionFailed
        | age::DecryptError::KeyDecryptionFailed
        | age::DecryptError::NoMatchingKeys => KeyFileError::WrongPassphrase,
        age::DecryptError::ExcessiveWork { .. }
        | age::DecryptError::InvalidHeader
        | age::DecryptError::InvalidMac
        | age::DecryptError::Io(_)
        | age::DecryptError::UnknownFormat
        | _ => KeyFileError::Damaged,
    })?;
    let mut text = Zeroizing::new(String::with_capacity(FILE_BYTES_MAX as usize));
    reader.take(FILE_BYTES_MAX).read_to_string(&mut text).map_err(|_| KeyFileError::Damaged)?;
    Ok(text)
}

/// What two people compare on the telephone: eight groups of four, over both public keys.
pub fn fingerprint(recipient: &SealRecipient, signing: &PublicKey) -> String {
    let digest = Digest::of(format!("{}\n{}", recipient.as_str(), signing.0).as_bytes()).to_string();
    let mut groups = String::new();
    for (at, character) in digest.chars().take(32).enumerate() {
        if at > 0 && at % 4 == 0 {
            groups.push(' ');
        }
        groups.push(character.to_ascii_uppercase());
    }
    groups
}

fn plain(office: Office, seal: &SealKey, pkcs8: &[u8]) -> Zeroizing<String> {
    // Of its whole length from the beginning: growing would leave copies.
    let mut text = Zeroizing::new(String::with_capacity(FILE_BYTES_MAX as usize));
    text.push_str(OFFICE);
    text.push_str(office.name());
    text.push('\n');
    text.push_str(SEAL);
    text.push_str(&seal.secret());
    text.push('\n');
    text.push_str(SIGN);
    for byte in pkcs8 {
        write!(text, "{byte:02x}").ok();
    }
    text.push('\n');
    text
}

fn under_passphrase(text: &str, passphrase: &str, log_n: u8, path: &Path) -> Result<Vec<u8>, KeyFileError> {
    let mut recipient = age::scrypt::Recipient::new(SecretString::from(passphrase.to_owned()));
    recipient.set_work_factor(log_n.clamp(1, SCRYPT_LOG_N_MAX));
    let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient));
    let encryptor = encryptor.map_err(KeyFileError::Seal)?;
    let written = || -> std::io::Result<Vec<u8>> {
        let armor = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)?;
        let mut writer = encryptor.wrap_output(armor)?;
        writer.write_all(text.as_bytes())?;
        writer.finish().and_then(ArmoredWriter::finish)
    };
    written().map_err(|source| KeyFileError::File { path: path.to_owned(), source })
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), KeyFileError> {
    let failed = |source: std::io::Error| {
        let path = path.to_owned();
        if source.kind() == std::io::ErrorKind::AlreadyExists {
            KeyFileError::Exists { path }
        } else {
            KeyFileError::File { path, source }
        }
    };
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        // Half a key file would stand in the way of the next try.
        std::fs::remove_file(path).ok();
    }
    written.map_err(failed)
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let named = path.to_owned();
    let mut file = File::open(path).map_err(|source| {
        if source.kind() == std::io::ErrorKind::NotFound {
            KeyFileError::Missing { path: named.clone() }
        } else {
            KeyFileError::File { path: named.clone(), source }
        }
    })?;
    let failed = |source| KeyFileError::File { path: path.to_owned(), source };
    let about = file.metadata().map_err(failed)?;
    if !about.is_file() || about.len() > FILE_BYTES_MAX {
        return Err(KeyFileError::NoPlainFile { path: named });
    }
    let mode = about.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyFileError::Wide { path: named, mode });
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(FILE_BYTES_MAX as usize));
    Read::by_ref(&mut file).take(FILE_BYTES_MAX).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::{Sealed, Signed};
    use std::os::unix::fs::PermissionsExt;

    const PASSPHRASE: &str = "谁也猜不到的一句很长的话";
    /// Little work: what is tested is not the work.
    const LOG_N: u8 = 4;

    #[test]
    fn keys_come_back_from_their_file_and_open_and_sign() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clinic.age");
        let made = Keys::make(&path, Office::Clinic, PASSPHRASE, LOG_N).unwrap();
        let opened = Keys::open(&path, PASSPHRASE).unwrap();
        assert_eq!(made.fingerprint(), opened.fingerprint());
        assert_eq!(opened.fingerprint().len(), 39);
        let sealed = Sealed::seal(&7, &[made.recipient()]).unwrap();
        assert_eq!(sealed.open::<u8>(&opened.seal).unwrap(), 7);
        let signed = Signed::seal("care", &7, &opened.signing).unwrap();
        assert_eq!(signed.open::<u8>("care", &made.signing.public()).unwrap(), 7);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("-----BEGIN AGE ENCRYPTED FILE-----"));
        assert!(!format!("{opened:?}").contains("AGE-SECRET"));
    }

    #[test]
    fn a_file_says_whose_it_is_and_one_that_does_not_is_the_clinics() {
        let folder = tempfile::tempdir().unwrap();
        for office in Office::ALL {
            let path = folder.path().join(office.name());
            let made = Keys::make(&path, office, PASSPHRASE, LOG_N).unwrap();
            let opened = Keys::open(&path, PASSPHRASE).unwrap();
            assert_eq!((opened.office, opened.fingerprint()), (office, made.fingerprint()));
            let file = KeyFile::open(&path, || Ok(Zeroizing::new(PASSPHRASE.to_owned()))).unwrap();
            assert_eq!((file.office, file.open.len(), file.sign.is_some()), (Some(office), 1, true));
        }
        let (seal, pkcs8) = (SealKey::generate(), SigningKey::generate().unwrap());
        let before = plain(Office::Clinic, &seal, &pkcs8).replace("office clinic\n", "");
        let path = folder.path().join("before");
        write_new(&path, &under_passphrase(&before, PASSPHRASE, LOG_N, &path).unwrap()).unwrap();
        assert_eq!(Keys::open(&path, PASSPHRASE).unwrap().office, Office::Clinic);
    }

    #[test]
    fn a_plain_file_of_the_ordinary_tool_opens_and_does_not_sign() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deputy.txt");
        let seal = SealKey::generate();
        write_new(&path, format!("# created: 2026-11-22\n{}\n", seal.secret().as_str()).as_bytes()).unwrap();
        let file = KeyFile::open(&path, || panic!("no passphrase")).unwrap();
        assert_eq!(file.open[0].recipient(), seal.recipient());
        assert!(file.sign.is_none() && file.office.is_none());
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(KeyFile::open(&path, || panic!("none")), Err(KeyFileError::Wide { .. })));
        let empty = folder.path().join("empty");
        write_new(&empty, b"# nothing\n").unwrap();
        assert!(matches!(KeyFile::open(&empty, || panic!("none")), Err(KeyFileError::Damaged)));
    }

    #[test]
    fn a_wrong_passphrase_and_a_damaged_file_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clinic.age");
        Keys::make(&path, Office::Clinic, PASSPHRASE, LOG_N).unwrap();
        assert!(matches!(Keys::open(&path, "又一句很长很长的另外的话"), Err(KeyFileError::WrongPassphrase)));
        let mut text = std::fs::read_to_string(&path).unwrap();
        text.truncate(text.len() - 80);
        std::fs::write(&path, &text).unwrap();
        assert!(matches!(Keys::open(&path, PASSPHRASE), Err(KeyFileError::Damaged)));
        std::fs::write(&path, "notes").unwrap();
        assert!(matches!(Keys::open(&path, PASSPHRASE), Err(KeyFileError::Damaged)));
        assert!(matches!(
            Keys::open(&folder.path().join("none"), PASSPHRASE),
            Err(KeyFileError::Missing { .. })
        ));
    }

    #[test]
    fn the_file_is_its_owners_alone_and_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clinic.age");
        Keys::make(&path, Office::Clinic, PASSPHRASE, LOG_N).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        let before = std::fs::read(&path).unwrap();
        assert!(matches!(
            Keys::make(&path, Office::Clinic, PASSPHRASE, LOG_N),
            Err(KeyFileError::Exists { .. })
        ));
        assert_eq!(std::fs::read(&path).unwrap(), before);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(Keys::open(&path, PASSPHRASE), Err(KeyFileError::Wide { mode: 0o640, .. })));
        assert!(matches!(Keys::open(folder.path(), PASSPHRASE), Err(KeyFileError::NoPlainFile { .. })));
    }

    #[test]
    fn a_short_passphrase_makes_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clinic.age");
        assert!(matches!(Keys::make(&path, Office::Clinic, "123456", LOG_N), Err(KeyFileError::Passphrase)));
        assert!(!path.exists());
    }

    #[test]
    fn a_file_of_excessive_size_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clinic.age");
        write_new(&path, &vec![b'x'; FILE_BYTES_MAX as usize + 1]).unwrap();
        assert!(matches!(Keys::open(&path, PASSPHRASE), Err(KeyFileError::NoPlainFile { .. })));
    }
}
