// SPDX-License-Identifier: GPL-3.0-only
//! Columns nobody may read from the disk: templates, PIN verifiers, drafts. AES-256-GCM under the storage key, bound to
//! its place, so that one row's secret is worthless in another. Verifiers are besides peppered by HMAC.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

/// Length of the storage key, in bytes.
pub const STORAGE_KEY_LEN: usize = 32;

/// Why a sealed column cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SealError {
    #[error("take a storage key of {0} bytes")]
    Key(usize),
    #[error("get random numbers")]
    Random,
    #[error("open a sealed column, it was changed or belongs elsewhere")]
    Open,
}

/// The keys made from the device's storage key.
pub struct Keys {
    seal: LessSafeKey,
    pepper: hmac::Key,
    random: SystemRandom,
}

impl Keys {
    /// Derives both keys by HKDF-SHA256.
    ///
    /// # Errors
    /// A storage key of the wrong length.
    pub fn from_storage_key(storage_key: &[u8]) -> Result<Self, SealError> {
        let wrong = || SealError::Key(storage_key.len());
        if storage_key.len() != STORAGE_KEY_LEN {
            return Err(wrong());
        }
        let root = Salt::new(HKDF_SHA256, b"kiosk storage 1").extract(storage_key);
        let derive = |purpose: &[u8]| -> Result<Zeroizing<[u8; 32]>, SealError> {
            let mut key = Zeroizing::new([0; 32]);
            let info = [purpose];
            let okm = root.expand(&info, HKDF_SHA256).map_err(|_| wrong())?;
            okm.fill(key.as_mut()).map_err(|_| wrong())?;
            Ok(key)
        };
        let seal = UnboundKey::new(&AES_256_GCM, derive(b"columns")?.as_ref()).map_err(|_| wrong())?;
        let pepper = hmac::Key::new(hmac::HMAC_SHA256, derive(b"pepper")?.as_ref());
        Ok(Self { seal: LessSafeKey::new(seal), pepper, random: SystemRandom::new() })
    }

    /// Seals `plain` for `place` (table, column, row).
    ///
    /// # Errors
    /// No random numbers.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).map_err(|_| SealError::Random)?;
        let mut sealed = plain.to_vec();
        let aad = Aad::from(place.as_bytes());
        self.seal
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed)
            .map_err(|_| SealError::Open)?;
        let mut column = nonce.to_vec();
        column.append(&mut sealed);
        Ok(column)
    }

    /// Opens what was sealed for `place`.
    ///
    /// # Errors
    /// The column was changed, or sealed for another place or by another device.
    pub fn open(&self, place: &str, column: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (nonce, sealed) = column.split_at_checked(NONCE_LEN).ok_or(SealError::Open)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError::Open)?;
        let mut sealed = Zeroizing::new(sealed.to_vec());
        let aad = Aad::from(place.as_bytes());
        let plain_len = self.seal.open_in_place(nonce, aad, &mut sealed).map_err(|_| SealError::Open)?.len();
        sealed.truncate(plain_len);
        Ok(sealed)
    }

    /// A verifier that is worthless without this device.
    pub fn pepper(&self, place: &str, verifier: &[u8]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.pepper);
        context.update(&(place.len() as u64).to_be_bytes());
        context.update(place.as_bytes());
        context.update(verifier);
        let mut tag = [0; 32];
        tag.copy_from_slice(context.sign().as_ref());
        tag
    }

    /// Random bytes, for salts.
    ///
    /// # Errors
    /// No random numbers.
    pub fn random<const N: usize>(&self) -> Result<[u8; N], SealError> {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes).map_err(|_| SealError::Random)?;
        Ok(bytes)
    }
}
