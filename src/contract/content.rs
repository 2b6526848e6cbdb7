// SPDX-License-Identifier: GPL-3.0-only
//! Changing the content key: each key signs which one comes after it, so that a terminal that knows one of them finds its
//! way to the newest, also when it was away while others signed.

use crate::{Digest, PublicKey, Signed, SignedError, SigningKey};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most statements read at a time: a key changed each year reaches beyond the life of any terminal.
pub const STATEMENTS_MAX: usize = 32;
const PURPOSE: &str = "content-key";

/// Which content key comes after `key`. Signed by `key` for the purpose `"content-key"`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeyStatement {
    /// SHA-256 over the point of the key that says so.
    pub key: Digest,
    pub next: PublicKey,
    /// When it was said, milliseconds since 1970 UTC.
    pub made_ms: i64,
}

/// The statements that lead from the key a terminal names to the newest one. `GET /v1/keys?known=`. It needs no signature:
/// each statement has its own.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct KeyChain {
    pub statements: Vec<Signed>,
}

/// Why a chain leads nowhere.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    #[error("follow more than {STATEMENTS_MAX} statements of keys")]
    Long,
    #[error("follow a statement of keys")]
    Statement(#[source] SignedError),
    #[error("follow a statement of another key")]
    Other,
    #[error("follow a statement to what is no key")]
    Point,
}

impl PublicKey {
    /// SHA-256 over the point: what the key is called where it need not stand in full.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.0.0)
    }

    /// As it hangs on paper and is compared by eye: the first 16 bytes of the digest, in eight groups.
    pub fn fingerprint(&self) -> String {
        let hex = self.digest().to_string().to_uppercase();
        let groups: Vec<&str> = (0..8).map(|group| &hex[group * 4..group * 4 + 4]).collect();
        groups.join(" ")
    }
}

impl KeyStatement {
    /// The statement of `key`, signed by it.
    ///
    /// # Errors
    /// The key fails.
    pub fn seal(key: &SigningKey, next: PublicKey, made_ms: i64) -> Result<Signed, SignedError> {
        Signed::seal(PURPOSE, &Self { key: key.public().digest(), next, made_ms }, key)
    }

    /// The statement, once it is `key`'s.
    ///
    /// # Errors
    /// See [`ChainError`].
    pub fn open(signed: &Signed, key: &PublicKey) -> Result<Self, ChainError> {
        let statement: Self = signed.open(PURPOSE, key).map_err(ChainError::Statement)?;
        if statement.key != key.digest() {
            return Err(ChainError::Other);
        }
        // Every point is as long as the one before: there is one algorithm.
        if statement.next.0.0.len() != key.0.0.len() {
            return Err(ChainError::Point);
        }
        Ok(statement)
    }
}

impl KeyChain {
    /// The keys after `known`, in their order; none where `known` is the newest.
    ///
    /// # Errors
    /// See [`ChainError`]: then nothing of the chain counts.
    pub fn follow(&self, known: &PublicKey) -> Result<Vec<PublicKey>, ChainError> {
        if self.statements.len() > STATEMENTS_MAX {
            return Err(ChainError::Long);
        }
        let mut keys = Vec::with_capacity(self.statements.len());
        for signed in &self.statements {
            let next = KeyStatement::open(signed, keys.last().unwrap_or(known))?.next;
            keys.push(next);
        }
        Ok(keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SigningKey {
        SigningKey::open(&SigningKey::generate().unwrap()).unwrap()
    }

    fn says(key: &SigningKey, next: &SigningKey) -> Signed {
        KeyStatement::seal(key, next.public(), 1).unwrap()
    }

    #[test]
    fn a_chain_is_followed_from_the_key_that_is_known_and_from_no_other() {
        let (first, second, third) = (key(), key(), key());
        let chain = KeyChain { statements: vec![says(&first, &second), says(&second, &third)] };
        assert_eq!(chain.follow(&first.public()).unwrap(), [second.public(), third.public()]);
        assert!(chain.follow(&second.public()).is_err());
        assert!(KeyChain { statements: Vec::new() }.follow(&first.public()).unwrap().is_empty());
    }

    #[test]
    fn a_fingerprint_is_eight_groups_of_four_and_another_keys_is_another() {
        let (first, second) = (key().public(), key().public());
        let print = first.fingerprint();
        assert_eq!(print.split(' ').map(str::len).collect::<Vec<_>>(), [4; 8]);
        assert!(first.digest().to_string().starts_with(&print.replace(' ', "").to_lowercase()));
        assert_ne!(print, second.fingerprint());
    }

    #[test]
    fn a_statement_of_a_stranger_or_out_of_its_place_ends_all_of_it() {
        let (first, second, third, stranger) = (key(), key(), key(), key());
        let forged = KeyStatement { key: first.public().digest(), next: stranger.public(), made_ms: 1 };
        let forged = Signed::seal(PURPOSE, &forged, &stranger).unwrap();
        let misnamed = KeyStatement { key: third.public().digest(), next: second.public(), made_ms: 1 };
        let misnamed = Signed::seal(PURPOSE, &misnamed, &first).unwrap();
        let other_purpose = KeyStatement { key: first.public().digest(), next: second.public(), made_ms: 1 };
        let other_purpose = Signed::seal("reply", &other_purpose, &first).unwrap();
        let no_point = KeyStatement::seal(&first, PublicKey(crate::HexBytes(vec![4])), 1).unwrap();
        for statements in [
            vec![forged],
            vec![misnamed],
            vec![other_purpose],
            vec![no_point],
            vec![says(&first, &second), says(&first, &third)],
            vec![says(&first, &second); STATEMENTS_MAX + 1],
        ] {
            assert!(KeyChain { statements }.follow(&first.public()).is_err());
        }
    }
}
