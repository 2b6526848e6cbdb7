// SPDX-License-Identifier: GPL-3.0-only
//! PINs: argon2id verifiers kept only under this device's pepper, so that a stolen file cannot be searched for the few
//! thousand PINs there are. Costs: OWASP's minimum of 19 MiB and two passes.

use argon2::{Algorithm, Argon2, Params, Version};
use contract::{HexBytes, PinVerifier};
use serde::{Deserialize, Serialize};
use store::{Fault, Keys};
use zeroize::Zeroizing;

/// Symbols in a PIN; a picture PIN has the same ten symbols drawn as pictures.
pub const PIN_LEN: std::ops::RangeInclusive<usize> = 4..=8;
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Highest cost accepted from the platform, so that a hostile verifier cannot stall the terminal.
const MEMORY_KIB_MAX: u32 = 64 * 1024;
const PASSES_MAX: u32 = 8;
const HASH_LEN: usize = 32;

/// Digits as a person entered them; gone when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// Takes 4 to 8 ASCII digits, else nothing.
    pub fn parse(digits: &str) -> Option<Self> {
        let fits = PIN_LEN.contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| Self(Zeroizing::new(digits.to_owned())))
    }

    /// Whether it is among the first a cellmate would try: one digit repeated, or a run up or down.
    pub fn is_obvious(&self) -> bool {
        let steps = |step: i16| {
            self.0.as_bytes().windows(2).all(|pair| i16::from(pair[1]) - i16::from(pair[0]) == step)
        };
        steps(0) || steps(1) || steps(-1)
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// What is stored, sealed: salt, costs, and the peppered hash.
#[derive(Clone, Serialize, Deserialize)]
pub struct Kept {
    salt: HexBytes,
    memory_kib: u32,
    passes: u32,
    peppered: HexBytes,
}

/// Takes the platform's verifier under this device's pepper; none when its costs or lengths are out of range.
pub fn keep(keys: &Keys, place: &str, verifier: &PinVerifier) -> Option<Kept> {
    let sound = (1..=MEMORY_KIB_MAX).contains(&verifier.memory_kib)
        && (1..=PASSES_MAX).contains(&verifier.passes)
        && (8..=64).contains(&verifier.salt.0.len())
        && verifier.hash.0.len() == HASH_LEN;
    sound.then(|| Kept {
        salt: verifier.salt.clone(),
        memory_kib: verifier.memory_kib,
        passes: verifier.passes,
        peppered: HexBytes(keys.pepper(place, &verifier.hash.0).to_vec()),
    })
}

/// Makes what is stored for a new PIN.
///
/// # Errors
/// No random numbers, or no memory for argon2.
pub fn make(keys: &Keys, place: &str, pin: &Pin) -> Result<Kept, Fault> {
    let salt = keys.random::<16>()?;
    let hash = hash(pin, &salt, MEMORY_KIB, PASSES).ok_or(Fault::Stored { what: "PIN cost" })?;
    Ok(Kept {
        salt: HexBytes(salt.to_vec()),
        memory_kib: MEMORY_KIB,
        passes: PASSES,
        peppered: HexBytes(keys.pepper(place, hash.as_ref()).to_vec()),
    })
}

/// Whether `pin` is the kept one. Takes as long either way.
pub fn matches(keys: &Keys, place: &str, kept: &Kept, pin: &Pin) -> bool {
    let Some(hash) = hash(pin, &kept.salt.0, kept.memory_kib, kept.passes) else { return false };
    let peppered = keys.pepper(place, hash.as_ref());
    peppered.len() == kept.peppered.0.len()
        && peppered.iter().zip(&kept.peppered.0).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

fn hash(pin: &Pin, salt: &[u8], memory_kib: u32, passes: u32) -> Option<Zeroizing<[u8; HASH_LEN]>> {
    let params = Params::new(memory_kib, passes, 1, Some(HASH_LEN)).ok()?;
    let mut hash = Zeroizing::new([0; HASH_LEN]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(pin.0.as_bytes(), salt, hash.as_mut())
        .ok()?;
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_matches_only_itself_and_only_in_its_place() {
        let keys = Keys::from_storage_key(&[7; 32]).unwrap();
        let (right, wrong) = (Pin::parse("2580").unwrap(), Pin::parse("2581").unwrap());
        let kept = make(&keys, "a", &right).unwrap();
        assert!(matches(&keys, "a", &kept, &right));
        assert!(!matches(&keys, "a", &kept, &wrong));
        assert!(!matches(&keys, "b", &kept, &right));
    }

    #[test]
    fn the_platforms_verifier_is_worthless_without_the_device() {
        let keys = Keys::from_storage_key(&[7; 32]).unwrap();
        let pin = Pin::parse("2580").unwrap();
        let salt = [3; 16];
        let hash = hash(&pin, &salt, 64, 1).unwrap();
        let verifier = PinVerifier {
            salt: HexBytes(salt.to_vec()),
            hash: HexBytes(hash.to_vec()),
            memory_kib: 64,
            passes: 1,
        };
        let kept = keep(&keys, "a", &verifier).unwrap();
        assert!(matches(&keys, "a", &kept, &pin));
        assert_ne!(kept.peppered, verifier.hash);
        let stolen = Keys::from_storage_key(&[8; 32]).unwrap();
        assert!(!matches(&stolen, "a", &kept, &pin));
    }

    #[test]
    fn a_verifier_that_would_stall_the_terminal_is_not_taken() {
        let keys = Keys::from_storage_key(&[7; 32]).unwrap();
        let mut verifier = PinVerifier {
            salt: HexBytes(vec![0; 16]),
            hash: HexBytes(vec![0; 32]),
            memory_kib: u32::MAX,
            passes: 1,
        };
        assert!(keep(&keys, "a", &verifier).is_none());
        verifier.memory_kib = 64;
        verifier.passes = 0;
        assert!(keep(&keys, "a", &verifier).is_none());
    }

    #[test]
    fn obvious_pins_are_known() {
        for digits in ["1111", "1234", "9876"] {
            assert!(Pin::parse(digits).unwrap().is_obvious());
        }
        assert!(!Pin::parse("2580").unwrap().is_obvious());
        assert!(Pin::parse("12").is_none() && Pin::parse("12a4").is_none());
    }
}
