// SPDX-License-Identifier: GPL-3.0-only
//! Random numbers, codes that are read out, verifiers of PINs and passwords. What a person types is kept only as
//! argon2id or as a keyed digest, compared in constant time.

use crate::Fault;
use argon2::{Algorithm, Argon2, Params, Version};
use contract::{HexBytes, PinVerifier};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};

/// argon2id: 19 MiB, two passes, one lane, the first choice of OWASP's password storage cheat sheet for it.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Length of a verifier's hash and salt, in bytes.
const HASH_BYTES: usize = 32;
const SALT_BYTES: usize = 16;

/// Crockford's base32: no I, L, O or U, so that a code survives being read out.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// `N` random bytes.
///
/// # Errors
/// The system gives none.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Fault::Random)?;
    Ok(bytes)
}

/// `N` random characters of [`LETTERS`], five bits each.
pub(crate) fn letters<const N: usize>() -> Result<String, Fault> {
    Ok(random::<N>()?.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect())
}

/// `N` random decimal digits.
pub(crate) fn digits<const N: usize>() -> Result<String, Fault> {
    // 250 is the largest multiple of ten below 256: rejecting the rest keeps every digit as likely.
    let mut text = String::with_capacity(N);
    while text.len() < N {
        for byte in random::<16>()? {
            if byte < 250 && text.len() < N {
                text.push(char::from(b'0' + byte % 10));
            }
        }
    }
    Ok(text)
}

/// What was typed, as the letters that were meant: upper case, without spaces and dashes, O for 0, I and L for 1.
pub(crate) fn normal_letters(typed: &str) -> String {
    /// Longest input looked at, in characters.
    const TYPED_MAX: usize = 32;
    let meant = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        upper => upper,
    };
    typed.chars().take(TYPED_MAX).filter(|c| c.is_ascii_alphanumeric()).map(meant).collect()
}

/// A keyed digest of a random secret; a fast one is enough, since the secret is not a person's choice.
pub(crate) fn tag(salt: &[u8], secret: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, salt), secret.as_bytes()).as_ref().to_vec()
}

/// Whether `secret` has this tag, in constant time.
pub(crate) fn has_tag(salt: &[u8], secret: &str, tag: &[u8]) -> bool {
    hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, salt), secret.as_bytes(), tag).is_ok()
}

/// A verifier of a PIN or password. It costs tens of milliseconds of CPU on purpose, on a thread of its own.
pub(crate) async fn verifier(secret: &str) -> Result<PinVerifier, Fault> {
    let secret = secret.to_owned();
    tokio::task::spawn_blocking(move || make(&secret)).await.map_err(|_| Fault::Worker)?
}

/// Whether `secret` is the one the verifier was made of. Costs as much as making it.
pub(crate) async fn verifies(verifier: &PinVerifier, secret: &str) -> Result<bool, Fault> {
    let (verifier, secret) = (verifier.clone(), secret.to_owned());
    tokio::task::spawn_blocking(move || check(&verifier, &secret)).await.map_err(|_| Fault::Worker)?
}

/// A verifier that no secret fits and that costs as much to check as any.
pub(crate) fn unfitting() -> PinVerifier {
    let hash = HexBytes(Vec::new());
    PinVerifier { salt: HexBytes(vec![0; SALT_BYTES]), hash, memory_kib: MEMORY_KIB, passes: PASSES }
}

/// Whether two byte strings are the same, in a time that tells nothing of where they differ.
pub(crate) fn same(left: &[u8], right: &[u8]) -> Result<bool, Fault> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &random::<SALT_BYTES>()?);
    Ok(hmac::verify(&key, left, hmac::sign(&key, right).as_ref()).is_ok())
}

fn make(secret: &str) -> Result<PinVerifier, Fault> {
    let salt = random::<SALT_BYTES>()?;
    let hash = argon2id(secret, &salt, MEMORY_KIB, PASSES)?;
    Ok(PinVerifier {
        salt: HexBytes(salt.to_vec()),
        hash: HexBytes(hash),
        memory_kib: MEMORY_KIB,
        passes: PASSES,
    })
}

fn check(verifier: &PinVerifier, secret: &str) -> Result<bool, Fault> {
    let hash = argon2id(secret, &verifier.salt.0, verifier.memory_kib, verifier.passes)?;
    same(&hash, &verifier.hash.0)
}

fn argon2id(secret: &str, salt: &[u8], memory_kib: u32, passes: u32) -> Result<Vec<u8>, Fault> {
    let params = Params::new(memory_kib, passes, 1, Some(HASH_BYTES)).map_err(|_| Fault::Hash)?;
    let mut hash = vec![0; HASH_BYTES];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(secret.as_bytes(), salt, &mut hash)
        .map_err(|_| Fault::Hash)?;
    Ok(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_verifier_knows_its_secret_and_no_other() {
        let made = verifier("0312").await.unwrap();
        assert!(verifies(&made, "0312").await.unwrap());
        assert!(!verifies(&made, "0313").await.unwrap());
    }

    #[test]
    fn a_code_typed_as_it_was_heard_is_the_code() {
        assert_eq!(normal_letters(" il0o2-abcde "), "11002ABCDE");
        assert_eq!(normal_letters(&"长".repeat(1000)), "");
    }

    #[test]
    fn codes_have_only_letters_that_survive_being_read_out() {
        let code = letters::<64>().unwrap();
        assert_eq!(normal_letters(&code[..32]), code[..32]);
        assert!(!code.contains(['I', 'L', 'O', 'U']));
    }
}
