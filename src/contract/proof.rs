// SPDX-License-Identifier: GPL-3.0-only
//! How a terminal shows an office that it is the one the office's list names: a short text it signs itself, shown as a QR
//! code on its own screen and checked in the office, without the platform in between.
//!
//! What it proves: whoever made the text holds the device's private key, and at the time it names the platform had
//! acknowledged the lane of complaints up to this number with this head. Compared with the office's own list it tells that
//! the platform hands the office the same lane, whole, and that the device's key is not one the platform made up. What it
//! does not prove: that the text was made just now (no question of the office is in it, so that a picture taken earlier
//! passes until [`PROOF_MS_MAX`] is over, and for as long as it likes where the terminal's clock is wrong), in which room
//! the terminal hangs (whoever reads the code has to stand before it), that its software was not changed, and anything of
//! what the platform has not acknowledged: that is left out on purpose, or two codes would tell an officer that somebody
//! wrote between them.

use crate::{ComplaintList, DeviceId, Digest, HexBytes, KeyError, PublicKey, Seen, SigningKey, Trust};
use uuid::Uuid;

/// How old a text may be when it is checked, in milliseconds.
pub const PROOF_MS_MAX: i64 = 15 * 60_000;
/// Longest text that is read, in characters.
const TEXT_CHARS_MAX: usize = 512;
/// What the text begins with: kind and version.
const BEGINS: &str = "KIOSK1:";
/// What is signed begins so: no signature of anything else is one of this.
const SIGNED: &[u8] = b"kiosk terminal proof 1";
/// Bytes before the signature.
const SAID_LEN: usize = 16 + 4 + 8 + 32 + 8 + 1 + 32;

/// What a terminal says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TerminalProof {
    pub device: DeviceId,
    pub epoch: u32,
    /// The last event of the lane of complaints that the platform acknowledged; 0: none of this epoch.
    pub seq: u64,
    /// Its hash; [`Digest::ZERO`] of none.
    pub head: Digest,
    /// When it was shown, and how far the terminal's clock can be believed.
    pub at_ms: i64,
    pub trust: Trust,
    /// [`PublicKey::digest`] of the key that signs.
    pub key: Digest,
}

/// Why a text is none, or is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    #[error("read the text: it is no terminal's, or a part is missing")]
    Text,
    #[error("find the terminal in the office's list")]
    Unknown,
    #[error(
        "believe the text: its device did not sign it as it stands, or has another key in the office's list"
    )]
    Signature,
}

/// What is to be said of a text whose signature holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofDoubt {
    /// Shown longer ago than [`PROOF_MS_MAX`], or later than now.
    Old,
    /// The terminal's clock was never confirmed: how old it is cannot be told.
    Clock,
    /// The office holds another event under this number: two histories.
    Head,
    /// The platform acknowledged so many events to the terminal that it has not handed to the office.
    Withheld { events: u64 },
    /// It is later than the office's list: the list is to be asked for again.
    Newer,
    /// The office was handed things of a later epoch: the terminal was set back, or there are two with one key.
    Back,
}

/// A text whose signature holds, and what speaks against it all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    pub proof: TerminalProof,
    /// None: it is as the office knows it.
    pub doubts: Vec<ProofDoubt>,
}

impl TerminalProof {
    /// What is shown as a QR code: only capitals, digits and a colon, so that the code stays small.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn sign(&self, key: &SigningKey) -> Result<String, KeyError> {
        let mut bytes = self.said();
        bytes.extend_from_slice(&key.sign(&signed(&bytes))?.0);
        Ok(format!("{BEGINS}{}", HexBytes(bytes).to_string().to_uppercase()))
    }

    fn said(&self) -> Vec<u8> {
        let trust = match self.trust {
            Trust::Synced => 0,
            Trust::Estimated => 1,
            Trust::Unsynced => 2,
        };
        let mut bytes = Vec::with_capacity(SAID_LEN);
        bytes.extend_from_slice(self.device.0.as_bytes());
        bytes.extend_from_slice(&self.epoch.to_be_bytes());
        bytes.extend_from_slice(&self.seq.to_be_bytes());
        bytes.extend_from_slice(&self.head.0);
        bytes.extend_from_slice(&self.at_ms.to_be_bytes());
        bytes.push(trust);
        bytes.extend_from_slice(&self.key.0);
        bytes
    }

    /// What a text says and its signature; believed by nobody yet. Blanks and line ends are passed over, small letters
    /// are taken for capitals.
    fn read(text: &str) -> Option<(Self, Vec<u8>, HexBytes)> {
        if text.len() > TEXT_CHARS_MAX {
            return None;
        }
        let text: String = text.split_whitespace().collect::<String>().to_ascii_uppercase();
        let bytes: HexBytes = text.strip_prefix(BEGINS)?.parse().ok()?;
        let (said, signature) = bytes.0.split_at_checked(SAID_LEN)?;
        let mut rest = said;
        let device = DeviceId(Uuid::from_bytes(take(&mut rest)?));
        let epoch = u32::from_be_bytes(take(&mut rest)?);
        let seq = u64::from_be_bytes(take(&mut rest)?);
        let head = Digest(take(&mut rest)?);
        let at_ms = i64::from_be_bytes(take(&mut rest)?);
        let trust = match take::<1>(&mut rest)? {
            [0] => Trust::Synced,
            [1] => Trust::Estimated,
            [2] => Trust::Unsynced,
            [_] => return None,
        };
        let key = Digest(take(&mut rest)?);
        let proof = Self { device, epoch, seq, head, at_ms, trust, key };
        Some((proof, said.to_vec(), HexBytes(signature.to_vec())))
    }

    /// Checks a text against the office's list and what the office pinned before.
    ///
    /// # Errors
    /// It is no such text, of a terminal the office does not know, or not signed with the key the office pinned.
    pub fn check(text: &str, list: &ComplaintList, seen: &Seen, now_ms: i64) -> Result<Proven, ProofError> {
        let (proof, said, signature) = Self::read(text).ok_or(ProofError::Text)?;
        let key = known(list, seen, proof.device).ok_or(ProofError::Unknown)?;
        if key.digest() != proof.key || !key.verifies(&signed(&said), &signature) {
            return Err(ProofError::Signature);
        }
        let mut doubts = Vec::new();
        match proof.trust {
            Trust::Synced | Trust::Estimated => {
                if proof.at_ms.abs_diff(now_ms) > PROOF_MS_MAX.unsigned_abs() {
                    doubts.push(ProofDoubt::Old);
                }
            }
            Trust::Unsynced => doubts.push(ProofDoubt::Clock),
        }
        doubts.extend(proof.against(list, seen));
        Ok(Proven { proof, doubts })
    }

    /// Compares the lane it names with what the office was handed, this time and before.
    fn against(&self, list: &ComplaintList, seen: &Seen) -> Option<ProofDoubt> {
        let all = list.entries.iter().map(|entry| &entry.envelope).chain(&list.others);
        let of: Vec<_> = all.filter(|envelope| envelope.device == self.device).collect();
        let newer = seen.heads.iter().any(|head| head.device == self.device && head.epoch > self.epoch);
        if newer || of.iter().any(|envelope| envelope.epoch > self.epoch) {
            return Some(ProofDoubt::Back);
        }
        let lane = of.iter().filter(|envelope| envelope.epoch == self.epoch);
        let held = lane.clone().find(|envelope| envelope.seq == self.seq).map(|envelope| envelope.hash());
        let last = lane.map(|envelope| envelope.seq).max().unwrap_or_default();
        // What the office holds beyond it came since, or its acknowledgement has not reached the terminal.
        if self.seq > last {
            let later = self.trust != Trust::Unsynced && self.at_ms > list.now_ms;
            return Some(if later {
                ProofDoubt::Newer
            } else {
                ProofDoubt::Withheld { events: self.seq - last }
            });
        }
        (self.seq > 0 && held != Some(self.head)).then_some(ProofDoubt::Head)
    }
}

/// The key the office pinned of a device; the list's own where it pinned none yet.
fn known<'a>(list: &'a ComplaintList, seen: &'a Seen, device: DeviceId) -> Option<&'a PublicKey> {
    let pinned = seen.devices.iter().find(|of| of.device == device).map(|of| &of.key);
    pinned.or_else(|| list.terminals.iter().find(|of| of.device == device).map(|of| &of.device_key))
}

fn signed(said: &[u8]) -> Vec<u8> {
    [SIGNED, said].concat()
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_at_checked(N)?;
    *bytes = rest;
    first.try_into().ok()
}

#[cfg(test)]
#[path = "proof_tests.rs"]
mod tests;
