// SPDX-License-Identifier: GPL-3.0-only
//! What only its addressee reads: an age file (X25519), as text. The ordinary `age` tool opens it too.
//!
//! The length says little: what is sealed is filled up to 1, 4 or 16 KiB. Sealing is no signature: whoever knows the
//! recipient can seal. What must be trusted is a [`crate::Signed`] inside.

use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::secrecy::ExposeSecret;
use age::x25519;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::str::FromStr;
use zeroize::Zeroizing;

/// Largest text under a seal, in bytes.
pub const SEALED_BYTES_MAX: usize = 16 * 1024;
/// Most keys one thing is sealed to.
pub const SEAL_RECIPIENTS_MAX: usize = 4;
/// Longest sealed text taken, in bytes: base64 with the header of every recipient.
const ARMOR_BYTES_MAX: usize = 32 * 1024;
/// What is sealed is as long as one of these, in bytes.
pub(crate) const SIZES: [usize; 3] = [1024, 4 * 1024, SEALED_BYTES_MAX];

/// Somebody a thing is sealed to, `age1…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct SealRecipient(String);

impl SealRecipient {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn parse(&self) -> Result<x25519::Recipient, SealedError> {
        self.0.parse().map_err(|_| SealedError::Key)
    }
}

impl FromStr for SealRecipient {
    type Err = SealedError;

    fn from_str(text: &str) -> Result<Self, SealedError> {
        let recipient = Self(text.trim().to_owned());
        recipient.parse().map(|_| recipient)
    }
}

/// Opens what is sealed to its recipient.
pub struct SealKey(pub(crate) x25519::Identity);

impl SealKey {
    /// A new key.
    pub fn generate() -> Self {
        Self(x25519::Identity::generate())
    }

    pub fn recipient(&self) -> SealRecipient {
        SealRecipient(self.0.to_public().to_string())
    }

    /// As a line for a file that only its owner reads.
    pub fn secret(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.to_string().expose_secret().to_owned())
    }
}

impl FromStr for SealKey {
    type Err = SealedError;

    fn from_str(secret: &str) -> Result<Self, SealedError> {
        secret.trim().parse().map(Self).map_err(|_| SealedError::Key)
    }
}

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey(…)")
    }
}

/// Why a thing cannot be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealedError {
    #[error("read a key")]
    Key,
    #[error("seal to {0} keys")]
    Recipients(usize),
    #[error("seal more than {SEALED_BYTES_MAX} bytes")]
    Long,
    #[error("seal")]
    Seal(#[source] age::EncryptError),
    #[error("write what is sealed")]
    Write(#[source] std::io::Error),
    #[error("open: it is for somebody else, or was damaged on the way")]
    Open(#[source] age::DecryptError),
    #[error("read what is sealed")]
    Read(#[source] std::io::Error),
    #[error("understand what was sealed")]
    Json(#[source] serde_json::Error),
}

/// A value that only the holder of one of the keys reads.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Sealed(String);

impl Sealed {
    /// Seals `value` to every one of `to`.
    ///
    /// # Errors
    /// No recipient, too many, one that is no key; or the value is longer than [`SEALED_BYTES_MAX`].
    pub fn seal<T: Serialize>(value: &T, to: &[SealRecipient]) -> Result<Self, SealedError> {
        Self::seal_at_least(value, to, 0)
    }

    /// Seals `value`, filled up to the first size that is at least `bytes_min`: for things of which not even a short one
    /// may be told from others.
    ///
    /// # Errors
    /// As [`Sealed::seal`].
    pub fn seal_at_least<T: Serialize>(
        value: &T,
        to: &[SealRecipient],
        bytes_min: usize,
    ) -> Result<Self, SealedError> {
        if to.is_empty() || to.len() > SEAL_RECIPIENTS_MAX {
            return Err(SealedError::Recipients(to.len()));
        }
        let to = to.iter().map(SealRecipient::parse).collect::<Result<Vec<_>, _>>()?;
        let plain = filled_up(value, bytes_min)?;
        let keys = to.iter().map(|key| key as &dyn age::Recipient);
        let encryptor = age::Encryptor::with_recipients(keys).map_err(SealedError::Seal)?;
        let armor = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor).map_err(SealedError::Write)?;
        let mut writer = encryptor.wrap_output(armor).map_err(SealedError::Write)?;
        writer.write_all(&plain).map_err(SealedError::Write)?;
        let text = writer.finish().and_then(ArmoredWriter::finish).map_err(SealedError::Write)?;
        String::from_utf8(text).map(Self).map_err(|_| SealedError::Key)
    }

    /// Opens it.
    ///
    /// # Errors
    /// It is sealed to another key, damaged, too long, or no `T`.
    pub fn open<T: DeserializeOwned>(&self, key: &SealKey) -> Result<T, SealedError> {
        if self.0.len() > ARMOR_BYTES_MAX {
            return Err(SealedError::Long);
        }
        let decryptor =
            age::Decryptor::new(ArmoredReader::new(self.0.as_bytes())).map_err(SealedError::Open)?;
        let reader =
            decryptor.decrypt(std::iter::once(&key.0 as &dyn age::Identity)).map_err(SealedError::Open)?;
        let mut plain = Zeroizing::new(Vec::with_capacity(SEALED_BYTES_MAX));
        let bytes = reader.take(SEALED_BYTES_MAX as u64 + 1).read_to_end(&mut plain);
        if bytes.map_err(SealedError::Read)? > SEALED_BYTES_MAX {
            return Err(SealedError::Long);
        }
        serde_json::from_slice(&plain).map_err(SealedError::Json)
    }

    /// As it is sent and kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The value as JSON with blanks after it, which mean nothing.
fn filled_up<T: Serialize>(value: &T, bytes_min: usize) -> Result<Zeroizing<Vec<u8>>, SealedError> {
    let mut plain = Zeroizing::new(Vec::with_capacity(SEALED_BYTES_MAX));
    serde_json::to_writer(&mut *plain, value).map_err(SealedError::Json)?;
    let long = plain.len().max(bytes_min);
    let size = SIZES.into_iter().find(|size| long <= *size).ok_or(SealedError::Long)?;
    plain.resize(size, b' ');
    Ok(plain)
}

impl From<String> for Sealed {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_of_its_keys_opens_it_and_no_other() {
        let keys = [SealKey::generate(), SealKey::generate()];
        let sealed = Sealed::seal(&"头疼", &keys.each_ref().map(SealKey::recipient)).unwrap();
        for key in &keys {
            assert_eq!(sealed.open::<String>(key).unwrap(), "头疼");
        }
        assert!(matches!(sealed.open::<String>(&SealKey::generate()), Err(SealedError::Open(_))));
        assert!(sealed.as_str().starts_with("-----BEGIN AGE ENCRYPTED FILE-----"));
        assert!(!format!("{sealed:?}").contains("AGE"));
    }

    #[test]
    fn the_length_tells_little_and_has_a_limit() {
        let len = |characters: usize| filled_up(&"x".repeat(characters), 0).map(|plain| plain.len());
        assert_eq!((len(1).unwrap(), len(1000).unwrap(), len(1100).unwrap()), (1024, 1024, 4096));
        assert!(matches!(len(SEALED_BYTES_MAX), Err(SealedError::Long)));
        assert!(matches!(Sealed::seal(&1, &[]), Err(SealedError::Recipients(0))));
    }

    #[test]
    fn what_was_changed_on_the_way_does_not_open() {
        let key = SealKey::generate();
        let sealed = Sealed::seal(&7, &[key.recipient()]).unwrap();
        let at = sealed.as_str().len() / 2;
        let mut changed = sealed.as_str().to_owned().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        assert!(Sealed::from(String::from_utf8(changed).unwrap()).open::<u8>(&key).is_err());
        assert!(Sealed::from("x".repeat(ARMOR_BYTES_MAX + 1)).open::<u8>(&key).is_err());
    }
}
