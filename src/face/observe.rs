// SPDX-License-Identifier: GPL-3.0-only
//! One frame looked at: found, gated, and only if it passes, live and embedded.
//!
//! Everything a decision needs is in the [`Observation`]; it holds no pixels, so the frame can be zeroed at once.

use device::Frame;

use crate::{
    detect::{self, Area},
    embed::Embedding,
    models::Models,
    pixels::View,
    policy::FacePolicy,
    quality::{self, Gate, Light, Pose},
    runtime::RuntimeFault,
};

/// Picture the detector sees, in pixels: faces from 40 pixels of a 640 × 480 frame are found at half the cost of more.
const DETECT_FIT: (usize, usize) = (320, 256);

/// How the head is expected to be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Into the camera.
    Front,
    /// Any way: the person was asked to turn the head.
    Turned,
}

/// What one frame showed.
#[derive(Clone, Debug)]
pub struct Observation {
    /// The frame's number.
    pub seq: u64,
    /// Why the frame cannot be used, if it cannot.
    pub gate: Option<Gate>,
    /// Faces seen.
    pub faces: usize,
    /// Where the nearest face is, to be drawn around.
    pub area: Option<Area>,
    pub pose: Option<Pose>,
    pub light: Option<Light>,
    /// Pixels between the eyes.
    pub eye_distance_px: f32,
    /// Present when no gate holds the frame back.
    pub embedding: Option<Embedding>,
    /// 0 to 1; `None` when held back, turned, or no liveness model is there.
    pub liveness: Option<f32>,
}

impl Observation {
    /// A frame that showed nothing usable.
    pub fn held_back(seq: u64, gate: Gate) -> Self {
        Self {
            seq,
            gate: Some(gate),
            faces: 0,
            area: None,
            pose: None,
            light: None,
            eye_distance_px: 0.0,
            embedding: None,
            liveness: None,
        }
    }
}

impl Models {
    /// Looks at `frame`.
    ///
    /// # Errors
    /// The engine's; a frame without a usable face is no error.
    pub fn observe(
        &mut self,
        frame: &Frame,
        look: Look,
        policy: &FacePolicy,
    ) -> Result<Observation, RuntimeFault> {
        if quality::covered(frame) {
            return Ok(Observation::held_back(frame.seq, Gate::Covered));
        }
        let view = View::from(frame);
        let gates = &policy.gates;
        let faces = detect::find(&self.detector, view, DETECT_FIT, gates.other_score_min, &mut self.planes)?;
        let mut seen = Observation { faces: faces.len(), ..Observation::held_back(frame.seq, Gate::NoFace) };
        let nearest = faces.iter().max_by(|one, other| one.area.size().total_cmp(&other.area.size()));
        seen.area = nearest.map(|face| face.area);
        let face = match quality::subject(&faces, gates) {
            Ok(face) => face,
            Err(gate) => return Ok(Observation { gate: Some(gate), ..seen }),
        };
        seen.eye_distance_px = face.eye_distance_px();
        let (Some(pose), Some(light)) = (Pose::read(&face.landmarks), Light::measure(view, &face.landmarks))
        else {
            return Ok(seen);
        };
        seen.pose = Some(pose);
        seen.light = Some(light);
        seen.gate = quality::gate(view, &face, &pose, &light, look, gates);
        if seen.gate.is_some() {
            return Ok(seen);
        }
        seen.embedding = self.embed(view, &face.landmarks)?;
        if seen.embedding.is_none() {
            seen.gate = Some(Gate::NoFace);
            return Ok(seen);
        }
        if look == Look::Front {
            seen.liveness = self.liveness(view, &face.area)?;
        }
        Ok(seen)
    }
}
