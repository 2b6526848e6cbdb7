// SPDX-License-Identifier: GPL-3.0-only
//! Takes a person's template: front, left and right, with an officer beside.
//!
//! A pure machine like [`crate::Check`]. Each view is several steady frames, the sharpest of which is kept; all must be
//! the same person. It refuses a person too like another of the roster, because the two could not be told apart. It
//! has no time limit: the officer ends it.

use crate::{
    embed::Embedding,
    manifest::ModelHash,
    observe::{Look, Observation},
    policy::FacePolicy,
    quality::{Gate, Pose},
    template::Template,
};

/// A view of the face, from the person's own point of view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    Front,
    Left,
    Right,
}

/// Where the enrolment stands after a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum EnrolmentProgress {
    /// The frame cannot be used for this view; tell the person this.
    Guide { view: View, gate: Gate },
    /// Ask the person to turn a little, into this view.
    Ask(View),
    /// Steady frames of this view so far, of how many.
    Hold { view: View, frames: u32, of: u32 },
    /// This view is not the person of the first one.
    SomeoneElse(View),
    /// Too like the person at `index` of the others. Final.
    TooAlike { index: usize, score: f32 },
    /// Take the template with [`Enrolment::into_template`]. Final. `weakest` is the least cosine of two views,
    /// `liveness` the median live share of the front frames.
    Done { weakest: f32, liveness: Option<f32> },
}

/// One enrolment of one person.
pub struct Enrolment {
    policy: FacePolicy,
    model: ModelHash,
    others: Vec<Embedding>,
    taken: Vec<Embedding>,
    steady: Vec<Sight>,
    liveness: Vec<f32>,
    last_seq: Option<u64>,
    progress: EnrolmentProgress,
    template: Option<Template>,
    over: bool,
}

struct Sight {
    embedding: Embedding,
    sharpness: f32,
}

const VIEWS: [View; 3] = [View::Front, View::Left, View::Right];

impl Enrolment {
    /// An enrolment with `model`, beside the templates of everyone else on the roster.
    pub fn new(policy: FacePolicy, model: &ModelHash, others: &[Template]) -> Self {
        Self {
            policy,
            model: model.clone(),
            others: others.iter().map(|template| template.mean().clone()).collect(),
            taken: Vec::new(),
            steady: Vec::new(),
            liveness: Vec::new(),
            last_seq: None,
            progress: EnrolmentProgress::Ask(View::Front),
            template: None,
            over: false,
        }
    }

    /// How the next frame is to be looked at.
    pub fn look(&self) -> Look {
        if self.taken.is_empty() { Look::Front } else { Look::Turned }
    }

    /// Takes what a frame showed. A frame number seen just before changes nothing.
    pub fn feed(&mut self, seen: &Observation) -> EnrolmentProgress {
        if !self.over && self.last_seq.replace(seen.seq) != Some(seen.seq) {
            self.progress = self.next(seen);
        }
        self.progress
    }

    /// The template, once done.
    pub fn into_template(self) -> Option<Template> {
        self.template
    }

    fn next(&mut self, seen: &Observation) -> EnrolmentProgress {
        let Some(&view) = VIEWS.get(self.taken.len()) else {
            return self.progress;
        };
        let guide = |gate: Gate| EnrolmentProgress::Guide { view, gate };
        let (None, Some(face), Some(pose)) = (seen.gate, &seen.embedding, &seen.pose) else {
            return guide(seen.gate.unwrap_or(Gate::NoFace));
        };
        if view == View::Front && seen.eye_distance_px < self.policy.enrolment.eye_distance_px_min {
            return guide(Gate::TooFar);
        }
        if !self.is_held(view, pose) {
            self.steady.clear();
            return EnrolmentProgress::Ask(view);
        }
        let like_first = self
            .taken
            .first()
            .is_none_or(|front| front.cosine(face) >= self.policy.enrolment.views_agreement_min);
        if !like_first {
            self.steady.clear();
            return EnrolmentProgress::SomeoneElse(view);
        }
        let agrees = |before: &Sight| before.embedding.cosine(face) >= self.policy.agreement_min;
        if !self.steady.last().is_none_or(agrees) {
            self.steady.clear();
        }
        self.steady.push(Sight {
            embedding: face.clone(),
            sharpness: seen.light.map_or(0.0, |light| light.sharpness),
        });
        self.liveness.extend(seen.liveness);
        let (frames, of) = (self.steady.len() as u32, self.policy.enrolment.frames_per_view);
        if frames < of {
            return EnrolmentProgress::Hold { view, frames, of };
        }
        self.keep_sharpest();
        self.after_view()
    }

    fn keep_sharpest(&mut self) {
        let steady = std::mem::take(&mut self.steady);
        let sharpest = steady.into_iter().max_by(|one, other| one.sharpness.total_cmp(&other.sharpness));
        self.taken.extend(sharpest.map(|sight| sight.embedding));
    }

    fn after_view(&mut self) -> EnrolmentProgress {
        let Some(mean) = Embedding::mean(&self.taken) else {
            return self.progress;
        };
        let nearest = self
            .others
            .iter()
            .map(|other| other.cosine(&mean))
            .enumerate()
            .max_by(|one, other| one.1.total_cmp(&other.1));
        if let Some((index, score)) = nearest
            && score >= self.policy.enrolment.too_alike_min
        {
            self.over = true;
            return EnrolmentProgress::TooAlike { index, score };
        }
        if let Some(&view) = VIEWS.get(self.taken.len()) {
            return EnrolmentProgress::Ask(view);
        }
        self.over = true;
        let weakest = weakest(&self.taken);
        self.liveness.sort_by(f32::total_cmp);
        let liveness = self.liveness.get(self.liveness.len() / 2).copied();
        self.template = Template::new(&self.model, std::mem::take(&mut self.taken));
        EnrolmentProgress::Done { weakest, liveness }
    }

    fn is_held(&self, view: View, pose: &Pose) -> bool {
        let (gates, enrolment) = (&self.policy.gates, &self.policy.enrolment);
        let level = (gates.pitch_min..=gates.pitch_max).contains(&pose.pitch);
        let aside = enrolment.side_yaw_min..=enrolment.side_yaw_max;
        level
            && match view {
                View::Front => pose.yaw.abs() <= gates.yaw_max,
                View::Left => aside.contains(&pose.yaw),
                View::Right => aside.contains(&-pose.yaw),
            }
    }
}

fn weakest(views: &[Embedding]) -> f32 {
    let pairs =
        views.iter().enumerate().flat_map(|(at, one)| views[..at].iter().map(move |other| one.cosine(other)));
    pairs.fold(1.0, f32::min)
}

#[cfg(test)]
#[path = "enrolment_tests.rs"]
mod tests;
