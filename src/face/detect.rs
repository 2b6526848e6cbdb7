// SPDX-License-Identifier: GPL-3.0-only
//! Finds faces and five landmarks of each with YuNet.
//!
//! Input: BGR floats 0..255, sides a multiple of 32 with zeros to the right and below. The decoding follows the
//! published model: three strides, anchor-free, score = √(class × objectness). Faces under about 20 pixels of the
//! scaled picture are missed one time in twenty. A picture without a face is an empty list, no error.

use crate::{
    models::Detector,
    pixels::{self, Planes, Scaling, View},
    runtime::RuntimeFault,
};

/// Overlap (intersection over union) from which the lower score is the same face. Value of the published sample.
const OVERLAP_MAX: f32 = 0.3;
/// Faces kept of one picture, by score.
const FACES_MAX: usize = 64;
/// The network halves its picture five times.
const SIDE_UNIT: usize = 32;

/// A face in pixels of the picture it was found in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    /// 0 to 1, how sure the detector is.
    pub score: f32,
    pub area: Area,
    pub landmarks: Landmarks,
}

/// An upright rectangle in pixels; it may reach outside the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    pub left: f32,
    pub top: f32,
    pub width: f32,
    pub height: f32,
}

/// Five points (x, y): the person's right eye, left eye, nose tip, right and left corner of the mouth. In a picture
/// that is not mirrored the right eye is on the left.
pub type Landmarks = [[f32; 2]; 5];

impl Area {
    /// Square pixels.
    pub fn size(&self) -> f32 {
        self.width * self.height
    }

    /// (x, y) of its middle.
    pub fn centre(&self) -> (f32, f32) {
        (self.left + self.width / 2.0, self.top + self.height / 2.0)
    }

    fn overlap(&self, other: &Self) -> f32 {
        let across = (self.left + self.width).min(other.left + other.width) - self.left.max(other.left);
        let down = (self.top + self.height).min(other.top + other.height) - self.top.max(other.top);
        let shared = across.max(0.0) * down.max(0.0);
        shared / (self.size() + other.size() - shared)
    }
}

impl Face {
    /// Pixels between the eyes.
    pub fn eye_distance_px(&self) -> f32 {
        let [right, left, ..] = self.landmarks;
        (left[0] - right[0]).hypot(left[1] - right[1])
    }

    fn is_finite(&self) -> bool {
        let area = [self.area.left, self.area.top, self.area.width, self.area.height];
        area.iter().chain(self.landmarks.as_flattened()).all(|value| value.is_finite())
    }

    /// The same face where each pixel is `scale` wide and the picture begins at `shift`.
    pub(crate) fn mapped(&self, scale: f32, shift: [f32; 2]) -> Self {
        Self {
            score: self.score,
            area: Area {
                left: self.area.left * scale + shift[0],
                top: self.area.top * scale + shift[1],
                width: self.area.width * scale,
                height: self.area.height * scale,
            },
            landmarks: self.landmarks.map(|point| [point[0] * scale + shift[0], point[1] * scale + shift[1]]),
        }
    }
}

/// Faces in `view`, scaled down to fit `fit` (width, height), with at least `score_min`, the surest first.
pub(crate) fn find(
    detector: &Detector,
    view: View<'_>,
    fit: (usize, usize),
    score_min: f32,
    planes: &mut Planes,
) -> Result<Vec<Face>, RuntimeFault> {
    let fit = detector.sides.unwrap_or(fit);
    let scaling = Scaling::within(view, fit.0, fit.1);
    let canvas = detector
        .sides
        .unwrap_or((scaling.width.next_multiple_of(SIDE_UNIT), scaling.height.next_multiple_of(SIDE_UNIT)));
    planes.clear(canvas.0, canvas.1);
    pixels::fill_bgr(view, scaling, planes);
    let outputs = detector.network.run(&planes.values, canvas.0, canvas.1)?;
    let found = decode(detector, &outputs, canvas, score_min)?;
    let back = scaling.step as f32;
    Ok(distinct(found).iter().map(|face| face.mapped(back, [0.0, 0.0])).collect())
}

fn decode(
    detector: &Detector,
    outputs: &[Vec<f32>],
    canvas: (usize, usize),
    score_min: f32,
) -> Result<Vec<Face>, RuntimeFault> {
    let mut found = Vec::new();
    for heads in &detector.heads {
        let columns = canvas.0 / heads.stride;
        let cells = columns * (canvas.1 / heads.stride);
        let plane = |output: usize, width: usize| {
            outputs.get(output).map(Vec::as_slice).filter(|values| values.len() == cells * width).ok_or_else(
                || RuntimeFault::Run {
                    reason: String::from("the detector's answer has another shape than YuNet's"),
                },
            )
        };
        let class = plane(heads.class, 1)?;
        let object = plane(heads.object, 1)?;
        let areas = plane(heads.area, 4)?.as_chunks::<4>().0;
        let points = plane(heads.points, 10)?.as_chunks::<10>().0;
        let stride = heads.stride as f32;
        for cell in 0..cells {
            let score = (class[cell].clamp(0.0, 1.0) * object[cell].clamp(0.0, 1.0)).sqrt();
            if score < score_min || score.is_nan() {
                continue;
            }
            let (column, row) = ((cell % columns) as f32, (cell / columns) as f32);
            let [x, y, width, height] = areas[cell];
            let (width, height) = (width.exp() * stride, height.exp() * stride);
            let mut landmarks = [[0.0; 2]; 5];
            for (to, from) in landmarks.iter_mut().zip(points[cell].as_chunks::<2>().0) {
                *to = [(from[0] + column) * stride, (from[1] + row) * stride];
            }
            let (centre_x, centre_y) = ((column + x) * stride, (row + y) * stride);
            let area = Area { left: centre_x - width / 2.0, top: centre_y - height / 2.0, width, height };
            let face = Face { score, area, landmarks };
            if face.is_finite() {
                found.push(face);
            }
        }
    }
    Ok(found)
}

fn distinct(mut found: Vec<Face>) -> Vec<Face> {
    found.sort_by(|one, other| other.score.total_cmp(&one.score));
    let mut kept: Vec<Face> = Vec::new();
    for face in found {
        if kept.len() == FACES_MAX {
            break;
        }
        if kept.iter().all(|other| face.area.overlap(&other.area) <= OVERLAP_MAX) {
            kept.push(face);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(score: f32, left: f32) -> Face {
        let area = Area { left, top: 0.0, width: 10.0, height: 10.0 };
        Face { score, area, landmarks: [[0.0; 2]; 5] }
    }

    #[test]
    fn the_surest_of_overlapping_faces_stays() {
        let kept = distinct(vec![face(0.7, 1.0), face(0.9, 0.0), face(0.8, 40.0)]);
        assert_eq!(kept, [face(0.9, 0.0), face(0.8, 40.0)]);
    }

    #[test]
    fn a_crowd_is_cut_to_the_limit() {
        let crowd = (0..500).map(|place| face(0.8, place as f32 * 20.0)).collect();
        assert_eq!(distinct(crowd).len(), FACES_MAX);
    }
}
