// SPDX-License-Identifier: GPL-3.0-only
//! Events carried by hand where there is no network: the same batches, the same verdicts, on a stick.
//!
//! A bundle is signed by the terminal as a whole, so that nothing of it can be left out, and sealed (age, X25519) to the
//! platform, so that nobody on the way reads it. The answer holds the platform's signed replies and is sealed to a key
//! made for this bundle alone. What is lost on the way is not lost: the terminal keeps all of it until it has the answer.

use crate::{
    Batch, BundleId, DeviceId, KeyError, PublicKey, SealKey, SealRecipient, SealedError, Signed, SignedError,
    SigningKey, Stamp,
};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Largest bundle or answer, in bytes; what does not fit goes with the next.
pub const BUNDLE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// What a terminal gives into a person's hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Bundle {
    pub bundle: BundleId,
    pub device: DeviceId,
    pub at: Stamp,
    /// Whom the answer is sealed to.
    pub answer_to: SealRecipient,
    /// Everything without a verdict, the highest lane first.
    pub batches: Vec<Batch>,
}

/// What the platform gives back.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct BundleAnswer {
    pub bundle: BundleId,
    /// To each batch in order, as the network would have brought it.
    pub replies: Vec<Signed>,
}

/// A bundle as it lies under the seal: it names the device, so that its key can be looked up.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SignedBundle {
    pub device: DeviceId,
    signed: Signed,
}

/// Why a bundle cannot be made or read.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    #[error("use the key of a bundle")]
    Key(#[from] SealedError),
    #[error("seal a bundle")]
    Seal(#[source] age::EncryptError),
    #[error("open a bundle: it is for somebody else, or was damaged on the way")]
    Open(#[source] age::DecryptError),
    #[error("read a bundle: it is longer than {BUNDLE_BYTES_MAX} bytes")]
    Long,
    #[error("read a bundle")]
    Read(#[source] serde_json::Error),
    #[error("write a bundle")]
    Write(#[source] serde_json::Error),
    #[error("trust a bundle")]
    Signed(#[from] SignedError),
    #[error("use a signing key")]
    Signing(#[from] KeyError),
    #[error("trust a bundle: it names another device than its signature")]
    Device,
}

impl Bundle {
    /// Signed by the terminal's key and sealed to the platform.
    ///
    /// # Errors
    /// A key cannot be used.
    pub fn seal(&self, key: &SigningKey, to: &SealRecipient) -> Result<Vec<u8>, BundleError> {
        seal(&SignedBundle { device: self.device, signed: Signed::seal("bundle", self, key)? }, to)
    }
}

impl SignedBundle {
    /// What lies under the seal; not to be trusted before [`Self::open`].
    ///
    /// # Errors
    /// It is sealed to another key, damaged, too long or no bundle.
    pub fn unseal(bytes: &[u8], key: &SealKey) -> Result<Self, BundleError> {
        unseal(bytes, key)
    }

    /// The bundle, once it is the device's own.
    ///
    /// # Errors
    /// The signature is not `key`'s, or the bundle names another device.
    pub fn open(&self, key: &PublicKey) -> Result<Bundle, BundleError> {
        let bundle: Bundle = self.signed.open("bundle", key)?;
        if bundle.device == self.device { Ok(bundle) } else { Err(BundleError::Device) }
    }
}

impl BundleAnswer {
    /// Signed by the content key and sealed to the bundle's own.
    ///
    /// # Errors
    /// A key cannot be used.
    pub fn seal(&self, key: &SigningKey, to: &SealRecipient) -> Result<Vec<u8>, BundleError> {
        seal(&Signed::seal("bundle-answer", self, key)?, to)
    }

    /// The answer, once it is the platform's.
    ///
    /// # Errors
    /// It is sealed to another key, damaged, or not signed by `content_key`.
    pub fn open(bytes: &[u8], key: &SealKey, content_key: &PublicKey) -> Result<Self, BundleError> {
        Ok(unseal::<Signed>(bytes, key)?.open("bundle-answer", content_key)?)
    }
}

fn seal<T: Serialize>(message: &T, to: &SealRecipient) -> Result<Vec<u8>, BundleError> {
    let to = to.parse()?;
    let text = serde_json::to_vec(message).map_err(BundleError::Write)?;
    if text.len() > BUNDLE_BYTES_MAX {
        return Err(BundleError::Long);
    }
    age::encrypt(&to, &text).map_err(BundleError::Seal)
}

fn unseal<T: DeserializeOwned>(bytes: &[u8], key: &SealKey) -> Result<T, BundleError> {
    if bytes.len() > BUNDLE_BYTES_MAX {
        return Err(BundleError::Long);
    }
    let text = age::decrypt(&key.0, bytes).map_err(BundleError::Open)?;
    serde_json::from_slice(&text).map_err(BundleError::Read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BootId, Trust};

    fn bundle(answer_to: SealRecipient) -> Bundle {
        let at = Stamp { boot: BootId::fresh(), mono_ms: 1, wall_ms: 2, trust: Trust::Synced };
        Bundle { bundle: BundleId::fresh(), device: DeviceId::fresh(), at, answer_to, batches: Vec::new() }
    }

    fn signing() -> SigningKey {
        SigningKey::open(&SigningKey::generate().unwrap()).unwrap()
    }

    #[test]
    fn only_the_platform_opens_it_and_only_unchanged() {
        let (device, platform, other) = (signing(), SealKey::generate(), SealKey::generate());
        let bundle = bundle(other.recipient());
        let sealed = bundle.seal(&device, &platform.recipient()).unwrap();
        let opened = SignedBundle::unseal(&sealed, &platform).unwrap();
        assert_eq!(opened.open(&device.public()).unwrap(), bundle);
        assert!(opened.open(&signing().public()).is_err(), "another terminal's signature");
        assert!(matches!(SignedBundle::unseal(&sealed, &other), Err(BundleError::Open(_))));
        for at in [0, sealed.len() / 2, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(SignedBundle::unseal(&changed, &platform).is_err(), "byte {at}");
        }
        assert!(SignedBundle::unseal(&sealed[..sealed.len() - 1], &platform).is_err());
        assert!(SignedBundle::unseal(b"", &platform).is_err());
    }

    #[test]
    fn a_bundle_of_another_device_in_this_ones_name_is_refused() {
        let (device, platform) = (signing(), SealKey::generate());
        let bundle = bundle(platform.recipient());
        let mut signed =
            SignedBundle::unseal(&bundle.seal(&device, &platform.recipient()).unwrap(), &platform).unwrap();
        signed.device = DeviceId::fresh();
        assert!(matches!(signed.open(&device.public()), Err(BundleError::Device)));
    }

    #[test]
    fn an_answer_counts_only_from_the_platform_and_for_this_bundle() {
        let (content, own) = (signing(), SealKey::generate());
        let own: SealKey = own.secret().parse().unwrap();
        let answer = BundleAnswer { bundle: BundleId::fresh(), replies: Vec::new() };
        let sealed = answer.seal(&content, &own.recipient()).unwrap();
        assert_eq!(BundleAnswer::open(&sealed, &own, &content.public()).unwrap().bundle, answer.bundle);
        assert!(BundleAnswer::open(&sealed, &own, &signing().public()).is_err());
        assert!(BundleAnswer::open(&sealed, &SealKey::generate(), &content.public()).is_err());
    }
}
