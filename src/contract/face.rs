// SPDX-License-Identifier: GPL-3.0-only
//! Every number the face check decides by, in one place, set by the platform within bounds.
//!
//! The start values are measured on web photos of a few dozen mostly white adults: they are where a site begins to
//! measure, no promise. They hold for the shipped models only. A policy can make the check stricter at will, but
//! [`Policy::checked`] refuses one that lets strangers in: a match threshold is never lowered below the floor.

use crate::{Policy, PolicyFault};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Numbers the face check decides by. Cosines are of two embeddings, pixels are of the camera's frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct FacePolicy {
    /// Cosine from which a frame speaks for a person.
    pub match_min: f32,
    /// Among a roster, how much the best must be ahead of the second.
    pub margin_min: f32,
    /// Cosine below which a frame speaks against the person: between this and `match_min` it says nothing.
    pub doubt_min: f32,
    /// Frames that must speak for the same person.
    pub votes_min: u32,
    /// Well-seen frames among which they are counted; liveness is judged on as many.
    pub votes_window: u32,
    /// Cosine of two frames in a row below which they are not the same face seen steadily.
    pub agreement_min: f32,
    /// Median of the live share below which a challenge is set. The models' own doubt, not a measured error rate.
    pub live_min: f32,
    /// Whether a challenge is set when no liveness model is there.
    pub challenge_when_unknown: bool,
    /// How long a try lasts from the first face seen, in seconds.
    pub try_s_max: u32,
    /// Tries before the next way is offered.
    pub tries_max: u32,
    /// How long a person has to turn the head as asked, in seconds.
    pub challenge_s_max: u32,
    /// Cosine of a turned frame to the frames before below which someone else has stepped in.
    pub turned_agreement_min: f32,
    pub gates: Gates,
    pub enrolment: EnrolmentPolicy,
}

/// What a frame must be before it is looked at closer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Gates {
    /// Detector score from which something counts as another face.
    pub other_score_min: f32,
    /// Detector score of the face itself; a mask, a hand or hair lowers it.
    pub score_min: f32,
    /// How many times larger than the next a face must be to count as the only one.
    pub alone_area_ratio: f32,
    /// Pixels between the eyes.
    pub eye_distance_px_min: f32,
    /// Height of the face as a share of the frame's.
    pub face_height_max: f32,
    /// How far the middle of the face may be from the frame's, as a share of width and height.
    pub off_centre_max: f32,
    /// Mean brightness of the face, 0 to 255.
    pub luma_min: f32,
    pub luma_max: f32,
    /// Standard deviation of the face's brightness.
    pub contrast_min: f32,
    /// Share of the face darker than 30 or brighter than 240.
    pub dark_share_max: f32,
    pub bright_share_max: f32,
    /// Degrees the head may lean to a shoulder.
    pub roll_deg_max: f32,
    /// How far the nose may be from the middle of the eye line, as a share of the eye distance.
    pub yaw_max: f32,
    /// Where the nose may be between eye line (0) and mouth (1).
    pub pitch_min: f32,
    pub pitch_max: f32,
    /// Variance of the Laplacian of the aligned face; misses motion blur and is raised by noise, so it is one of
    /// two checks beside `agreement_min`.
    pub sharpness_min: f32,
    /// From where the nose counts as turned aside when asked to.
    pub turned_yaw_min: f32,
    /// How far the nose must rise, between eye line (0) and mouth (1), above where the person holds it looking ahead to
    /// count as turned up: people differ more than that among themselves. A picture tilted by 30 degrees at arm's
    /// length moves it by about 0.02 by geometry.
    pub turned_up_min: f32,
    /// As `off_centre_max`, for a turned face: a turned head moves.
    pub turned_off_centre_max: f32,
}

/// Numbers of an enrolment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct EnrolmentPolicy {
    /// Steady frames taken of each view; the sharpest is kept.
    pub frames_per_view: u32,
    /// Pixels between the eyes; more than for a check, because a template is made once.
    pub eye_distance_px_min: f32,
    /// How far the nose must be aside in the side views; `Gates::turned_yaw_min` would be too far for a template.
    pub side_yaw_min: f32,
    pub side_yaw_max: f32,
    /// Cosine of a side view to the front one: lower than `agreement_min`, because a turned head is less alike. Of 95
    /// pairs of photos of one person with heads turned apart as here, taken on different days, the lowest was 0.51.
    pub views_agreement_min: f32,
    /// Cosine to another template of the roster from which the two are too alike to be told apart safely.
    pub too_alike_min: f32,
}

impl Default for FacePolicy {
    fn default() -> Self {
        Self {
            match_min: 0.45,
            margin_min: 0.10,
            doubt_min: 0.33,
            votes_min: 3,
            votes_window: 5,
            agreement_min: 0.60,
            live_min: 0.70,
            challenge_when_unknown: true,
            try_s_max: 10,
            tries_max: 3,
            challenge_s_max: 8,
            turned_agreement_min: 0.40,
            gates: Gates::default(),
            enrolment: EnrolmentPolicy::default(),
        }
    }
}

impl Default for Gates {
    fn default() -> Self {
        Self {
            other_score_min: 0.60,
            score_min: 0.85,
            alone_area_ratio: 1.5,
            eye_distance_px_min: 20.0,
            face_height_max: 0.90,
            off_centre_max: 0.30,
            luma_min: 60.0,
            luma_max: 200.0,
            contrast_min: 25.0,
            dark_share_max: 0.30,
            bright_share_max: 0.20,
            roll_deg_max: 20.0,
            yaw_max: 0.15,
            pitch_min: 0.30,
            pitch_max: 0.75,
            sharpness_min: 50.0,
            turned_yaw_min: 0.20,
            turned_up_min: 0.07,
            turned_off_centre_max: 0.45,
        }
    }
}

impl Default for EnrolmentPolicy {
    fn default() -> Self {
        Self {
            frames_per_view: 3,
            eye_distance_px_min: 30.0,
            side_yaw_min: 0.12,
            side_yaw_max: 0.40,
            views_agreement_min: 0.50,
            too_alike_min: 0.40,
        }
    }
}

impl FacePolicy {
    /// The policy, if it keeps the floor and makes sense.
    ///
    /// # Errors
    /// [`PolicyFault`] names the first number out of bounds.
    pub fn checked(self) -> Result<Self, PolicyFault> {
        let policy = Policy { face: self, ..Policy::default() };
        policy.checked().map(|policy| policy.face)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_that_names_one_number_keeps_the_others() {
        let policy: FacePolicy = serde_json::from_str(r#"{"match_min":0.5}"#).unwrap();
        assert_eq!(policy, FacePolicy { match_min: 0.5, ..FacePolicy::default() });
    }
}
