// SPDX-License-Identifier: GPL-3.0-only
//! Ids are types, so that an officer is never taken for a detainee.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident,)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new random id (UUIDv4: tells no time).
            pub fn fresh() -> Self {
                Self(Uuid::new_v4())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

id! {
    /// One terminal's key holder: made with the device key, kept across restarts, new after a replacement.
    DeviceId,
    /// The place in a cell a terminal hangs at; outlives the device.
    TerminalId,
    /// One run of the machine between power-on and power-off.
    BootId,
    /// One event; the idempotency key on the platform.
    EventId,
    /// One request that carries events.
    BatchId,
    /// One bundle of events carried by hand.
    BundleId,
    /// One roll call (点名).
    CallId,
    /// One shift of a rota (值班).
    ShiftId,
    /// A detained person (被监管人员).
    DetaineeId,
    /// An officer (民警).
    OfficerId,
}

impl CallId {
    /// The number a person reads and says, on the terminal's receipt and on the desk: 3F2A-91BC.
    pub fn number(&self) -> String {
        let id = self.0.simple().to_string().to_uppercase();
        format!("{}-{}", &id[..4], &id[4..8])
    }
}

impl EventId {
    /// The number a person reads and says, on a receipt and on the desk: 3F2A-91BC. From the random end: what was made
    /// in the same second begins alike.
    pub fn number(&self) -> String {
        let id = self.0.simple().to_string().to_uppercase();
        format!("{}-{}", &id[24..28], &id[28..])
    }

    /// A new id in order of time (UUIDv7).
    pub fn in_order() -> Self {
        Self(Uuid::now_v7())
    }
}
