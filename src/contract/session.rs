// SPDX-License-Identifier: GPL-3.0-only
//! Who stands at the screen: PINs and face templates, as facts. Neither a PIN nor a template ever leaves the device.

use crate::{DetaineeId, OfficerId, Stamp, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A PIN was given or changed, with the officer and the person both present.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PinIssued {
    pub detainee: DetaineeId,
    pub officer: OfficerId,
    pub at: Stamp,
}

/// A face template was made at this terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TemplateMade {
    pub detainee: DetaineeId,
    pub officer: OfficerId,
    pub at: Stamp,
    /// The models' short hash.
    pub model: Text<64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErasureCause {
    /// The person is no longer of this cell: released or transferred.
    LeftCell,
    /// Replaced by a new enrolment.
    EnrolledAgain,
    /// An officer erased it at the person's wish.
    Asked,
}

/// A face template was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TemplateErased {
    pub detainee: DetaineeId,
    pub at: Stamp,
    pub cause: ErasureCause,
}
