// SPDX-License-Identifier: GPL-3.0-only
//! The numbers the face check decides by: the platform's to set, so they stand in the contract.

pub use contract::{EnrolmentPolicy, FacePolicy, Gates, PolicyFault};
