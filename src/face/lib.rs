// SPDX-License-Identifier: GPL-3.0-only
//! From a frame of the camera to a person of the roster: found, well seen, live, the same.
//!
//! [`Models::observe`] turns a frame into an [`Observation`]; [`Check`] and [`Enrolment`] decide over observations,
//! without clock, camera or chance of their own. The result is an aid to the officer: a failed check offers the next
//! way and never marks anyone absent. It knows nothing but alike or not: no emotion, ethnicity, sex or age, by no
//! model and in no field. Frames and embeddings live in memory only. The models are data of the site, checked by hash;
//! the engine is a trait. Limits: faces under 20 pixels between the eyes are asked to come closer, a covered face is
//! told only by the detector's doubt, and a close-up print without edges can pass as live where no challenge is set.

mod align;
mod check;
mod detect;
mod embed;
mod enrolment;
#[cfg(test)]
mod golden;
mod liveness;
mod manifest;
mod models;
mod observe;
pub mod photo;
mod pixels;
mod policy;
mod quality;
#[cfg(test)]
mod robust_tests;
mod runtime;
mod search;
mod still;
#[cfg(test)]
mod story_tests;
mod template;

pub use align::Placement;
pub use check::{Check, Draw, Match, Miss, Progress, Turn};
pub use detect::{Area, Face, Landmarks};
pub use embed::Embedding;
pub use enrolment::{Enrolment, EnrolmentProgress, View};
pub use manifest::{
    Channels, DetectorModel, EmbedderModel, LivenessModel, Manifest, ManifestFault, ModelFile, ModelHash,
    OpenVino, SITE_MANIFEST,
};
pub use models::{ModelFault, Models};
pub use observe::{Look, Observation};
pub use policy::{EnrolmentPolicy, FacePolicy, Gates, PolicyFault};
pub use quality::{Gate, Light, Pose, covered};
pub use runtime::{FaceRuntime, Network, Rten, RuntimeFault};
pub use search::Candidate;
pub use still::Acquired;
pub use template::{TEMPLATE_VIEWS_MAX, Template, TemplateFault};
