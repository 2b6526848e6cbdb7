// SPDX-License-Identifier: GPL-3.0-only
//! PINs: argon2id verifiers kept only under this device's pepper, so that a stolen file cannot be searched for the few
//! thousand PINs there are. Costs: OWASP's minimum of 19 MiB and two passes.
//!
//! Everybody has two: the ordinary and the quiet one. Both open the same, by the same work and the same secret
//! ([`Proof`]); which one it was is in the proof alone.

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

/// What is stored, sealed: salt, costs, and the peppered hash. A release that knows no quiet PIN reads the rest.
#[derive(Clone, Serialize, Deserialize)]
pub struct Kept {
    salt: HexBytes,
    memory_kib: u32,
    passes: u32,
    peppered: HexBytes,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quiet: Option<KeptQuiet>,
}

/// The quiet PIN, under the same salt and costs: one hash is compared with both.
#[derive(Clone, Serialize, Deserialize)]
struct KeptQuiet {
    peppered: HexBytes,
    /// The secret of the ordinary PIN, under the quiet one.
    wrapped: HexBytes,
}

/// What a right PIN gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    pub secret: Secret,
    /// It was the quiet one. Whoever reads this puts it under a seal, and nowhere else.
    pub quiet: bool,
}

/// Known to whoever knows one of a person's PINs, on this device. It opens what is locked with it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub(crate) Zeroizing<[u8; HASH_LEN]>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
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
        quiet: None,
    })
}

/// Makes what is stored for a person's new PINs.
///
/// # Errors
/// No random numbers, or no memory for argon2.
pub fn make(keys: &Keys, place: &str, pin: &Pin, quiet: &Pin) -> Result<Kept, Fault> {
    let salt = keys.random::<16>()?;
    let hash = hash(pin.0.as_bytes(), &salt)?;
    let quiet = self::hash(quiet.0.as_bytes(), &salt)?;
    let secret = keys.pepper(&secret_place(place), hash.as_ref());
    let wrap = keys.pepper(&wrap_place(place), quiet.as_ref());
    Ok(Kept {
        salt: HexBytes(salt.to_vec()),
        memory_kib: MEMORY_KIB,
        passes: PASSES,
        peppered: HexBytes(keys.pepper(place, hash.as_ref()).to_vec()),
        quiet: Some(KeptQuiet {
            peppered: HexBytes(keys.pepper(&quiet_place(place), quiet.as_ref()).to_vec()),
            wrapped: HexBytes(secret.iter().zip(wrap).map(|(a, b)| a ^ b).collect()),
        }),
    })
}

/// What `pin` proves, if it is one of the kept two. The same work is done for either of them and for a wrong one.
pub fn proof(keys: &Keys, place: &str, kept: &Kept, pin: &Pin) -> Option<Proof> {
    let hash = hash_of(pin.0.as_bytes(), &kept.salt.0, kept.memory_kib, kept.passes)?;
    let nothing = KeptQuiet { peppered: HexBytes::default(), wrapped: HexBytes(vec![0; HASH_LEN]) };
    let known = kept.quiet.as_ref().unwrap_or(&nothing);
    let ordinary = same(&keys.pepper(place, hash.as_ref()), &kept.peppered.0);
    let quiet = same(&keys.pepper(&quiet_place(place), hash.as_ref()), &known.peppered.0);
    let own = Zeroizing::new(keys.pepper(&secret_place(place), hash.as_ref()));
    let wrap = Zeroizing::new(keys.pepper(&wrap_place(place), hash.as_ref()));
    let mut secret = Secret(Zeroizing::new([0; HASH_LEN]));
    let mask = if quiet { u8::MAX } else { 0 };
    for (index, byte) in secret.0.iter_mut().enumerate() {
        let unwrapped = wrap[index] ^ known.wrapped.0.get(index).copied().unwrap_or_default();
        *byte = (own[index] & !mask) | (unwrapped & mask);
    }
    (ordinary | quiet).then_some(Proof { secret, quiet })
}

fn quiet_place(place: &str) -> String {
    format!("{place}/quiet")
}

fn secret_place(place: &str) -> String {
    format!("{place}/secret")
}

fn wrap_place(place: &str) -> String {
    format!("{place}/wrap")
}

/// Compares every byte, whatever the first ones are.
pub(crate) fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

/// argon2id at the usual costs.
///
/// # Errors
/// No memory for it.
pub(crate) fn hash(secret: &[u8], salt: &[u8]) -> Result<Zeroizing<[u8; HASH_LEN]>, Fault> {
    hash_of(secret, salt, MEMORY_KIB, PASSES).ok_or(Fault::Stored { what: "PIN cost" })
}

/// What somebody else may check `secret` with.
///
/// # Errors
/// No random numbers, or no memory for argon2.
pub(crate) fn verifier(keys: &Keys, secret: &[u8]) -> Result<PinVerifier, Fault> {
    let salt = keys.random::<16>()?;
    let hash = hash(secret, &salt)?;
    Ok(PinVerifier {
        salt: HexBytes(salt.to_vec()),
        hash: HexBytes(hash.to_vec()),
        memory_kib: MEMORY_KIB,
        passes: PASSES,
    })
}

fn hash_of(secret: &[u8], salt: &[u8], memory_kib: u32, passes: u32) -> Option<Zeroizing<[u8; HASH_LEN]>> {
    let params = Params::new(memory_kib, passes, 1, Some(HASH_LEN)).ok()?;
    let mut hash = Zeroizing::new([0; HASH_LEN]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(secret, salt, hash.as_mut())
        .ok()?;
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pin(digits: &str) -> Pin {
        Pin::parse(digits).unwrap()
    }

    #[test]
    fn a_pin_proves_itself_and_only_in_its_place() {
        let keys = Keys::from_storage_key(&[7; 32]).unwrap();
        let kept = make(&keys, "a", &pin("2580"), &pin("3690")).unwrap();
        assert!(!proof(&keys, "a", &kept, &pin("2580")).unwrap().quiet);
        assert!(proof(&keys, "a", &kept, &pin("3690")).unwrap().quiet);
        assert_eq!(proof(&keys, "a", &kept, &pin("2581")), None);
        assert_eq!(proof(&keys, "b", &kept, &pin("2580")), None);
    }

    #[test]
    fn both_pins_open_the_same_and_another_person_or_device_something_else() {
        let keys = Keys::from_storage_key(&[7; 32]).unwrap();
        let kept = make(&keys, "a", &pin("2580"), &pin("3690")).unwrap();
        let secret =
            |place: &str, kept: &Kept, digits| proof(&keys, place, kept, &pin(digits)).unwrap().secret;
        assert_eq!(secret("a", &kept, "2580"), secret("a", &kept, "3690"));
        let other = make(&keys, "b", &pin("2580"), &pin("3690")).unwrap();
        assert_ne!(secret("a", &kept, "2580"), secret("b", &other, "2580"));
    }

    #[test]
    fn what_is_stored_reads_as_it_did_before_there_was_a_quiet_pin() {
        #[derive(Deserialize)]
        struct Before {
            salt: HexBytes,
            memory_kib: u32,
            passes: u32,
            peppered: HexBytes,
        }
        let keys = Keys::from_storage_key(&[7; 32]).unwrap();
        let kept = make(&keys, "a", &pin("2580"), &pin("3690")).unwrap();
        let before: Before = serde_json::from_value(serde_json::to_value(&kept).unwrap()).unwrap();
        let Before { salt, memory_kib, passes, peppered } = before;
        let ordinary = serde_json::json!({
            "salt": salt, "memory_kib": memory_kib, "passes": passes, "peppered": peppered,
        });
        let read: Kept = serde_json::from_value(ordinary).unwrap();
        assert!(proof(&keys, "a", &read, &pin("2580")).is_some());
        assert!(proof(&keys, "a", &read, &pin("3690")).is_none());
    }

    #[test]
    fn the_platforms_verifier_is_worthless_without_the_device() {
        let keys = Keys::from_storage_key(&[7; 32]).unwrap();
        let pin = Pin::parse("2580").unwrap();
        let salt = [3; 16];
        let hash = hash_of(pin.0.as_bytes(), &salt, 64, 1).unwrap();
        let verifier = PinVerifier {
            salt: HexBytes(salt.to_vec()),
            hash: HexBytes(hash.to_vec()),
            memory_kib: 64,
            passes: 1,
        };
        let kept = keep(&keys, "a", &verifier).unwrap();
        assert!(proof(&keys, "a", &kept, &pin).is_some());
        assert_ne!(kept.peppered, verifier.hash);
        let stolen = Keys::from_storage_key(&[8; 32]).unwrap();
        assert_eq!(proof(&stolen, "a", &kept, &pin), None);
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
