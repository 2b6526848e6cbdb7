// SPDX-License-Identifier: GPL-3.0-only
//! Seals what the platform must read again and nobody else may: the secrets of the desk's codes. AES-256-GCM under a
//! key that lies beside the root's, so that a copy of the database alone opens nothing.

use crate::{Fault, ca, secrets};
use contract::{Digest, HexBytes};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use std::path::Path;

/// Length of the key in its file, in bytes.
const KEY_BYTES: usize = 32;

/// The opened key.
pub(crate) struct Seal {
    box_key: LessSafeKey,
    tag_key: hmac::Key,
    own: Digest,
}

impl Seal {
    /// Opens the key in `dir`, or makes it. The caller keeps others from making it at the same time.
    pub(crate) fn open(dir: &Path) -> Result<Self, Fault> {
        let path = dir.join("desk.key");
        if !path.exists() {
            let key = HexBytes(secrets::random::<KEY_BYTES>()?.to_vec());
            ca::write_private(&path, key.to_string().as_bytes())?;
        }
        const STORED: Fault = Fault::Stored("desk key");
        let key: HexBytes = ca::read(&path)?.trim().parse().map_err(|_| STORED)?;
        if key.0.len() != KEY_BYTES {
            return Err(STORED);
        }
        let root = hmac::Key::new(hmac::HMAC_SHA256, &key.0);
        let derived = |label: &[u8]| hmac::sign(&root, label);
        let box_key = UnboundKey::new(&AES_256_GCM, derived(b"totp").as_ref()).map_err(|_| STORED)?;
        Ok(Self {
            box_key: LessSafeKey::new(box_key),
            tag_key: hmac::Key::new(hmac::HMAC_SHA256, derived(b"recovery").as_ref()),
            own: Digest::of(derived(b"name").as_ref()),
        })
    }

    /// Tells this key from another, and nothing of it.
    pub(crate) fn fingerprint(&self) -> Digest {
        self.own
    }

    /// Seals bytes for one user: they open under that name alone.
    pub(crate) fn close(&self, name: &str, bytes: &[u8]) -> Result<String, Fault> {
        let nonce: [u8; NONCE_LEN] = secrets::random()?;
        let mut sealed = bytes.to_vec();
        self.box_key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(name.as_bytes()),
                &mut sealed,
            )
            .map_err(|_| Fault::Hash)?;
        Ok(HexBytes([nonce.as_slice(), &sealed].concat()).to_string())
    }

    /// Opens what was sealed for this user.
    pub(crate) fn bytes(&self, name: &str, sealed: &str) -> Result<Vec<u8>, Fault> {
        const STORED: Fault = Fault::Stored("sealed secret");
        let sealed: HexBytes = sealed.parse().map_err(|_| STORED)?;
        let (nonce, sealed) = sealed.0.split_at_checked(NONCE_LEN).ok_or(STORED)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| STORED)?;
        let mut bytes = sealed.to_vec();
        let opened = self.box_key.open_in_place(nonce, Aad::from(name.as_bytes()), &mut bytes);
        Ok(opened.map_err(|_| STORED)?.to_vec())
    }

    /// A digest of a code made at random for this user; without the key nobody can try codes against it.
    pub(crate) fn tag(&self, name: &str, code: &str) -> String {
        let said = [name.as_bytes(), &[0], code.as_bytes()].concat();
        HexBytes(hmac::sign(&self.tag_key, &said).as_ref().to_vec()).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_under_its_name_and_key_alone() {
        let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let seal = Seal::open(dir.path()).unwrap();
        let sealed = seal.close("duty", b"secret").unwrap();
        assert_ne!(sealed, seal.close("duty", b"secret").unwrap());
        let again = Seal::open(dir.path()).unwrap();
        assert_eq!(again.bytes("duty", &sealed).unwrap(), b"secret");
        assert!(again.bytes("it", &sealed).is_err());
        let foreign = Seal::open(other.path()).unwrap();
        assert!(foreign.bytes("duty", &sealed).is_err());
        assert!(again.bytes("duty", "00").is_err());
        assert_eq!(seal.tag("duty", "A"), again.tag("duty", "A"));
        assert_ne!(seal.tag("duty", "A"), foreign.tag("duty", "A"));
    }
}
