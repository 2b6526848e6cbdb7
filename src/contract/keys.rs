// SPDX-License-Identifier: GPL-3.0-only
//! Signatures: ECDSA on P-256 with SHA-256, the one algorithm every TPM, HSM and certificate here can hold.
//!
//! A signed message travels as its exact bytes ([`Signed`]), so nobody needs a canonical form of JSON.

use crate::{Digest, HexBytes};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("make a signing key")]
    Make,
    #[error("read a signing key")]
    Read,
    #[error("sign")]
    Sign,
}

/// A private key. Never shown, never sent.
pub struct SigningKey {
    pair: EcdsaKeyPair,
    random: SystemRandom,
}

impl SigningKey {
    /// Makes a new key; its PKCS #8 bytes are for safe keeping.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn generate() -> Result<Vec<u8>, KeyError> {
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new());
        Ok(pkcs8.map_err(|_| KeyError::Make)?.as_ref().to_vec())
    }

    /// Opens a key from its PKCS #8 bytes.
    ///
    /// # Errors
    /// The bytes are no P-256 key.
    pub fn open(pkcs8: &[u8]) -> Result<Self, KeyError> {
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8, &random);
        Ok(Self { pair: pair.map_err(|_| KeyError::Read)?, random })
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(HexBytes(self.pair.public_key().as_ref().to_vec()))
    }

    /// Signs `message`.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn sign(&self, message: &[u8]) -> Result<HexBytes, KeyError> {
        let signature = self.pair.sign(&self.random, message).map_err(|_| KeyError::Sign)?;
        Ok(HexBytes(signature.as_ref().to_vec()))
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// The other half: an uncompressed P-256 point, 65 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct PublicKey(pub HexBytes);

impl PublicKey {
    /// Whether `signature` over `message` was made by this key.
    pub fn verifies(&self, message: &[u8], signature: &HexBytes) -> bool {
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &self.0.0).verify(message, &signature.0).is_ok()
    }
}

/// Why a signed message cannot be trusted.
#[derive(Debug, thiserror::Error)]
pub enum SignedError {
    #[error("verify the signature of a message")]
    Signature,
    #[error("read a signed message")]
    Read(#[source] serde_json::Error),
    #[error("write a message to sign")]
    Write(#[source] serde_json::Error),
    #[error("sign a message")]
    Sign(#[source] KeyError),
}

/// A message as the exact text that was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Signed {
    /// JSON text; signed as these bytes.
    payload: String,
    signature: HexBytes,
}

impl Signed {
    /// Signs `message` for `purpose`; a signature for one purpose is none for another.
    ///
    /// # Errors
    /// The message is no JSON, or the key fails.
    pub fn seal<T: Serialize>(purpose: &str, message: &T, key: &SigningKey) -> Result<Self, SignedError> {
        let payload = serde_json::to_string(message).map_err(SignedError::Write)?;
        let signature = key.sign(&signed_bytes(purpose, &payload)).map_err(SignedError::Sign)?;
        Ok(Self { payload, signature })
    }

    /// The message, once the signature holds.
    ///
    /// # Errors
    /// A wrong signature or purpose, or a payload that is no `T`.
    pub fn open<T: DeserializeOwned>(&self, purpose: &str, key: &PublicKey) -> Result<T, SignedError> {
        if !key.verifies(&signed_bytes(purpose, &self.payload), &self.signature) {
            return Err(SignedError::Signature);
        }
        serde_json::from_str(&self.payload).map_err(SignedError::Read)
    }

    /// The message, once the signature of a key that it names itself holds: it shows only that whoever wrote it has that
    /// key.
    ///
    /// # Errors
    /// A wrong signature or purpose, or a payload that is no `T`.
    pub fn open_by<T: DeserializeOwned>(
        &self,
        purpose: &str,
        key: impl FnOnce(&T) -> &PublicKey,
    ) -> Result<T, SignedError> {
        let claimed = serde_json::from_str(&self.payload).map_err(SignedError::Read)?;
        self.open(purpose, key(&claimed))
    }

    /// What the payload says of itself, trusted by nobody: to know whose key to open it with.
    pub(crate) fn claimed<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(&self.payload).ok()
    }

    /// The digest of the payload, for chaining one page to the next.
    pub fn digest(&self) -> Digest {
        Digest::of(self.payload.as_bytes())
    }
}

fn signed_bytes(purpose: &str, payload: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(payload.len() + purpose.len() + 8);
    bytes.extend_from_slice(&(purpose.len() as u64).to_be_bytes());
    bytes.extend_from_slice(purpose.as_bytes());
    bytes.extend_from_slice(payload.as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_message_or_purpose_is_not_opened() {
        let key = SigningKey::open(&SigningKey::generate().unwrap()).unwrap();
        let mut signed = Signed::seal("reply", &7_u32, &key).unwrap();
        assert_eq!(signed.open::<u32>("reply", &key.public()).unwrap(), 7);
        assert!(matches!(signed.open::<u32>("feed", &key.public()), Err(SignedError::Signature)));
        signed.payload = "8".to_owned();
        assert!(matches!(signed.open::<u32>("reply", &key.public()), Err(SignedError::Signature)));
    }
}
