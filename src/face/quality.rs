// SPDX-License-Identifier: GPL-3.0-only
//! Whether a face is seen well enough to be looked at closer, and if not, the one thing the person can change.
//!
//! The reasons come in the order a person can act on them: first be there and alone, then the distance, the light, the
//! pose, and holding still last. A covered face is not detected as such; it only lowers the detector's score.

use device::Frame;
use zeroize::Zeroize as _;

use crate::{
    align::{self, Placement, Similarity},
    detect::{Face, Landmarks},
    observe::Look,
    pixels::{self, View},
    policy::Gates,
};

/// Side of the aligned picture brightness and sharpness are measured on, in pixels.
const ALIGNED_SIDE: usize = 112;
/// Left out on each side of it, because hair and background are no face.
const ALIGNED_MARGIN: usize = 16;
/// Brightness below which a pixel is lost in the dark, and above which in the light.
const DARK_LUMA: f32 = 30.0;
const BRIGHT_LUMA: f32 = 240.0;
/// A frame whose brightness never rises, or that shows no contrast at all, comes from a covered lens. Even a dark cell
/// shows the noise and the glow of the screen.
const COVERED_LUMA_MAX: f32 = 16.0;
const COVERED_CONTRAST_MAX: f32 = 4.0;
/// One pixel in so many, across and down, is enough to tell a covered lens.
const COVERED_STEP: usize = 8;

/// The one thing that keeps a frame from being used, most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// The lens is covered or it is pitch dark.
    Covered,
    NoFace,
    /// No face is clearly the nearest.
    SeveralFaces,
    TooFar,
    TooClose,
    NotCentred,
    TooDark,
    TooBright,
    /// Light without contrast: fog on the lens, or light from behind.
    Flat,
    /// The head leans to a shoulder.
    Tilted,
    /// The head is turned aside, up or down.
    Turned,
    /// A mask, a hand or hair hides a part.
    Hidden,
    /// It moves or the lens is not sharp.
    Blurred,
}

/// How a head is held, read from its landmarks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// Degrees the head leans to the person's left shoulder.
    pub roll_deg: f32,
    /// How far the nose is from the middle of the eye line as a share of the eye distance; above 0 the person has
    /// turned to their own left. Not degrees: about 0.2 at 20 degrees for most heads.
    pub yaw: f32,
    /// Where the nose is between eye line (0) and mouth (1); smaller when the person looks up.
    pub pitch: f32,
}

/// How well a face is lit and how sharp it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Light {
    pub luma: f32,
    pub contrast: f32,
    pub dark_share: f32,
    pub bright_share: f32,
    /// Variance of the Laplacian.
    pub sharpness: f32,
}

impl Pose {
    /// The pose these landmarks show; `None` when the eyes or mouth and eyes coincide.
    pub fn read(landmarks: &Landmarks) -> Option<Self> {
        let [right_eye, left_eye, nose, right_mouth, left_mouth] = *landmarks;
        let line = [left_eye[0] - right_eye[0], left_eye[1] - right_eye[1]];
        let distance = line[0].hypot(line[1]);
        let along = |point: [f32; 2]| {
            ((point[0] - right_eye[0]) * line[0] + (point[1] - right_eye[1]) * line[1]) / distance
        };
        let below = |point: [f32; 2]| {
            ((point[1] - right_eye[1]) * line[0] - (point[0] - right_eye[0]) * line[1]) / distance
        };
        let mouth = below([(right_mouth[0] + left_mouth[0]) / 2.0, (right_mouth[1] + left_mouth[1]) / 2.0]);
        let pose = Self {
            roll_deg: line[1].atan2(line[0]).to_degrees(),
            yaw: along(nose) / distance - 0.5,
            pitch: below(nose) / mouth,
        };
        let finite = pose.roll_deg.is_finite() && pose.yaw.is_finite() && pose.pitch.is_finite();
        finite.then_some(pose)
    }
}

impl Light {
    /// Measures the aligned face; `None` when the landmarks do not form one.
    pub(crate) fn measure(view: View<'_>, landmarks: &Landmarks) -> Option<Self> {
        let similarity = Similarity::between(landmarks, &Placement::Arcface.landmarks(ALIGNED_SIDE))?;
        let mut grey = vec![0.0; ALIGNED_SIDE * ALIGNED_SIDE];
        align::each_aligned_pixel(view, &similarity, ALIGNED_SIDE, |x, y, colour| {
            grey[y * ALIGNED_SIDE + x] = pixels::luma(colour);
        });
        let core = ALIGNED_MARGIN..ALIGNED_SIDE - ALIGNED_MARGIN;
        let (mut luma, mut laplacian) = (Spread::default(), Spread::default());
        let (mut dark, mut bright) = (0.0, 0.0);
        for y in core.clone() {
            for x in core.clone() {
                let at = y * ALIGNED_SIDE + x;
                let value = grey[at];
                luma.add(value);
                let around = grey[at - 1] + grey[at + 1] + grey[at - ALIGNED_SIDE] + grey[at + ALIGNED_SIDE];
                laplacian.add(around - 4.0 * value);
                dark += f32::from(u8::from(value < DARK_LUMA));
                bright += f32::from(u8::from(value > BRIGHT_LUMA));
            }
        }
        grey.zeroize();
        Some(Self {
            luma: luma.mean(),
            contrast: luma.variance().sqrt(),
            dark_share: dark / luma.count,
            bright_share: bright / luma.count,
            sharpness: laplacian.variance(),
        })
    }
}

/// Whether the lens is covered or the cell is pitch dark. Reads every eighth pixel: well under a millisecond.
pub fn covered(frame: &Frame) -> bool {
    let view = View::from(frame);
    let mut luma = Spread::default();
    for row in (0..view.height).step_by(COVERED_STEP) {
        for column in (0..view.width).step_by(COVERED_STEP) {
            let at = (row * view.width + column) * 3;
            luma.add(pixels::luma([at, at + 1, at + 2].map(|byte| f32::from(view.rgb[byte]))));
        }
    }
    luma.mean() < COVERED_LUMA_MAX || luma.variance().sqrt() < COVERED_CONTRAST_MAX
}

/// The first of `faces` by size, if it is clearly the nearest.
pub(crate) fn subject(faces: &[Face], gates: &Gates) -> Result<Face, Gate> {
    let mut by_size: Vec<&Face> = faces.iter().collect();
    by_size.sort_by(|one, other| other.area.size().total_cmp(&one.area.size()));
    match by_size[..] {
        [] => Err(Gate::NoFace),
        [only] => Ok(*only),
        [largest, next, ..] if largest.area.size() >= gates.alone_area_ratio * next.area.size() => {
            Ok(*largest)
        }
        [_, _, ..] => Err(Gate::SeveralFaces),
    }
}

/// The first thing that holds the face back, in the order of [`Gate`].
pub(crate) fn gate(
    frame: View<'_>,
    face: &Face,
    pose: &Pose,
    light: &Light,
    look: Look,
    gates: &Gates,
) -> Option<Gate> {
    let (x, y) = face.area.centre();
    let off_x = (x / frame.width as f32 - 0.5).abs();
    let off_y = (y / frame.height as f32 - 0.5).abs();
    let turned = pose.yaw.abs() > gates.yaw_max || !(gates.pitch_min..=gates.pitch_max).contains(&pose.pitch);
    // A turned head has its eyes close together, leans and moves as seen from the front, and is found less surely.
    let (far, off_centre_max, roll_deg_max, score_min) = match look {
        Look::Front => {
            let far = face.eye_distance_px() < gates.eye_distance_px_min;
            (far, gates.off_centre_max, gates.roll_deg_max, gates.score_min)
        }
        Look::Turned => {
            let far = face.area.width < 2.0 * gates.eye_distance_px_min;
            (far, gates.turned_off_centre_max, 2.0 * gates.roll_deg_max, gates.other_score_min)
        }
    };
    [
        (Gate::TooFar, far),
        (Gate::TooClose, face.area.height > gates.face_height_max * frame.height as f32),
        (Gate::NotCentred, off_x > off_centre_max || off_y > off_centre_max),
        (Gate::TooDark, light.luma < gates.luma_min || light.dark_share > gates.dark_share_max),
        (Gate::TooBright, light.luma > gates.luma_max || light.bright_share > gates.bright_share_max),
        (Gate::Flat, light.contrast < gates.contrast_min),
        (Gate::Tilted, pose.roll_deg.abs() > roll_deg_max),
        (Gate::Turned, look == Look::Front && turned),
        (Gate::Hidden, face.score < score_min),
        (Gate::Blurred, light.sharpness < gates.sharpness_min),
    ]
    .into_iter()
    .find_map(|(gate, holds_back)| holds_back.then_some(gate))
}

#[derive(Default)]
struct Spread {
    count: f32,
    sum: f64,
    squares: f64,
}

impl Spread {
    fn add(&mut self, value: f32) {
        self.count += 1.0;
        self.sum += f64::from(value);
        self.squares += f64::from(value) * f64::from(value);
    }

    fn mean(&self) -> f32 {
        (self.sum / f64::from(self.count)) as f32
    }

    fn variance(&self) -> f32 {
        let mean = self.sum / f64::from(self.count);
        (self.squares / f64::from(self.count) - mean * mean).max(0.0) as f32
    }
}
