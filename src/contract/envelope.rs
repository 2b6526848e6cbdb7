// SPDX-License-Identifier: GPL-3.0-only
//! One event on its way: numbered without a gap in its lane, chained to the one before, signed by the device.
//!
//! `h = SHA-256("kiosk1" ‖ device ‖ epoch ‖ lane ‖ seq ‖ id ‖ kind ‖ time ‖ prev ‖ SHA-256(body) ‖ blobs)`, each field
//! led by its length. The body is hashed and sent as the bytes that were stored.

use crate::digest::Hasher;
use crate::{
    BLOB_BYTES_MAX, DeviceId, Digest, EventId, HexBytes, KeyError, PublicKey, SigningKey, Stamp, Text, Trust,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Largest body of one event, in bytes.
pub const BODY_BYTES_MAX: usize = 64 * 1024;
/// Most blobs one event may name.
pub const BLOBS_MAX: usize = 16;

/// What goes first when there is little network, highest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// 一键报警 alone: numbered by the alarm's own process in its own file.
    Panic,
    /// The first lane of the store: tamper, a gap in duty, danger in a symptom report.
    Alarm,
    RollCall,
    Care,
    Complaint,
    Order,
    Progress,
}

impl Lane {
    /// Every lane, by priority.
    pub const ALL: [Self; 7] =
        [Self::Panic, Self::Alarm, Self::RollCall, Self::Care, Self::Complaint, Self::Order, Self::Progress];
    /// The lanes of the store, by priority.
    pub const STORED: [Self; 6] =
        [Self::Alarm, Self::RollCall, Self::Care, Self::Complaint, Self::Order, Self::Progress];

    /// Whether it goes on whatever the platform says of it: a call for help is never stopped.
    pub fn never_stops(self) -> bool {
        match self {
            Self::Panic | Self::Alarm => true,
            Self::RollCall | Self::Care | Self::Complaint | Self::Order | Self::Progress => false,
        }
    }

    /// The name on the wire and in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Panic => "panic",
            Self::Alarm => "alarm",
            Self::RollCall => "roll_call",
            Self::Care => "care",
            Self::Complaint => "complaint",
            Self::Order => "order",
            Self::Progress => "progress",
        }
    }

    /// The lane of a name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lane| lane.name() == name)
    }
}

/// A larger thing an event speaks of, sent after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Blob {
    pub sha256: Digest,
    pub len: u64,
    pub mime: Text<64>,
}

/// An event with all that makes it one effect at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Envelope {
    pub device: DeviceId,
    /// Rises when a damaged store was set aside; each epoch has its own sequences.
    pub epoch: u32,
    pub lane: Lane,
    /// From 1, without a gap, per device, epoch and lane.
    pub seq: u64,
    pub id: EventId,
    pub kind: String,
    pub time: Stamp,
    /// The hash of the event before in this lane; zero for the first.
    pub prev: Digest,
    /// JSON text, unchanged since it was stored.
    pub body: String,
    /// The hash of the body, where the platform could not take the body itself: the event keeps its place in the lane,
    /// and the terminal keeps the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Digest>,
    #[serde(default)]
    pub blobs: Vec<Blob>,
    /// The device key's signature over [`Envelope::hash`].
    pub signature: HexBytes,
}

/// Why an envelope cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    #[error("take an event of unknown kind {kind}")]
    Kind { kind: String },
    #[error("read the body of a {kind}")]
    Body { kind: String, source: serde_json::Error },
    #[error("take a body of {bytes} bytes")]
    Size { bytes: usize },
    #[error("verify the device's signature")]
    Signature,
}

impl Envelope {
    /// The hash that chains and is signed.
    pub fn hash(&self) -> Digest {
        let mut h = Hasher::new();
        h.field(b"kiosk1");
        h.field(self.device.0.as_bytes());
        h.field(&self.epoch.to_be_bytes());
        h.field(self.lane.name().as_bytes());
        h.field(&self.seq.to_be_bytes());
        h.field(self.id.0.as_bytes());
        h.field(self.kind.as_bytes());
        h.field(self.time.boot.0.as_bytes());
        h.field(&self.time.mono_ms.to_be_bytes());
        h.field(&self.time.wall_ms.to_be_bytes());
        h.field(match self.time.trust {
            Trust::Synced => b"synced",
            Trust::Estimated => b"estimated",
            Trust::Unsynced => b"unsynced",
        });
        h.field(&self.prev.0);
        h.field(&self.body_hash().0);
        h.field(&(self.blobs.len() as u64).to_be_bytes());
        for blob in &self.blobs {
            h.field(&blob.sha256.0);
            h.field(&blob.len.to_be_bytes());
            h.field(blob.mime.as_str().as_bytes());
        }
        h.finish()
    }

    /// The hash of the body, whether it is here or withheld.
    pub fn body_hash(&self) -> Digest {
        self.withheld.unwrap_or_else(|| Digest::of(self.body.as_bytes()))
    }

    /// The same event without its body.
    #[must_use]
    pub fn without_body(mut self) -> Self {
        self.withheld = Some(self.body_hash());
        self.body = String::new();
        self
    }

    /// Signs the envelope as it stands.
    ///
    /// # Errors
    /// The key fails.
    pub fn sign(&mut self, key: &SigningKey) -> Result<(), KeyError> {
        self.signature = key.sign(&self.hash().0)?;
        Ok(())
    }

    /// Whether sizes and the device's signature hold.
    ///
    /// # Errors
    /// A body, a list or a blob over its limit, or a signature that is not the device's.
    pub fn check(&self, device_key: &PublicKey) -> Result<(), EnvelopeError> {
        let both = self.withheld.is_some() && !self.body.is_empty();
        let huge = self.blobs.iter().any(|blob| blob.len > BLOB_BYTES_MAX);
        if both || huge || self.body.len() > BODY_BYTES_MAX || self.blobs.len() > BLOBS_MAX {
            return Err(EnvelopeError::Size { bytes: self.body.len() });
        }
        if !device_key.verifies(&self.hash().0, &self.signature) {
            return Err(EnvelopeError::Signature);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BootId;

    fn envelope() -> Envelope {
        Envelope {
            device: DeviceId::fresh(),
            epoch: 1,
            lane: Lane::RollCall,
            seq: 1,
            id: EventId::in_order(),
            kind: "roll_call.result/1".to_owned(),
            time: Stamp { boot: BootId::fresh(), mono_ms: 5, wall_ms: 6, trust: Trust::Synced },
            prev: Digest::ZERO,
            body: "{}".to_owned(),
            withheld: None,
            blobs: Vec::new(),
            signature: HexBytes::default(),
        }
    }

    #[test]
    fn any_changed_field_breaks_the_signature() {
        let key = SigningKey::open(&SigningKey::generate().unwrap()).unwrap();
        let mut signed = envelope();
        signed.sign(&key).unwrap();
        signed.check(&key.public()).unwrap();
        let changes: [fn(&mut Envelope); 8] = [
            |e| e.epoch += 1,
            |e| e.lane = Lane::Order,
            |e| e.seq += 1,
            |e| e.id = EventId::fresh(),
            |e| e.kind.push('0'),
            |e| e.time.wall_ms += 1,
            |e| e.prev = Digest([1; 32]),
            |e| e.body.push(' '),
        ];
        for change in changes {
            let mut changed = signed.clone();
            change(&mut changed);
            assert!(matches!(changed.check(&key.public()), Err(EnvelopeError::Signature)));
        }
    }
}
