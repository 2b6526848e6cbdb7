// SPDX-License-Identifier: GPL-3.0-only
//! Brings a face into the place the embedder was trained on.
//!
//! Umeyama's similarity (scale, rotation, shift; no shear, no mirror) from five landmarks, then bilinear reading.
//! Landmarks on one spot have no such similarity and give `None`.

use crate::{
    detect::Landmarks,
    pixels::{self, Planes, View},
};

/// Landmark places of `face-reidentification-retail-0095` in a picture of 128 × 128: its documented fractions × 128.
const RETAIL_0095_128: Landmarks =
    [[40.3928, 59.0815], [87.3757, 59.0815], [64.0336, 81.9847], [44.7324, 105.5606], [83.6399, 105.5606]];

/// Landmark places of the ArcFace family in a picture of 112 × 112.
const ARCFACE_112: Landmarks =
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]];

/// Where an embedder wants the landmarks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Placement {
    #[serde(rename = "retail_0095")]
    Retail0095,
    Arcface,
}

impl Placement {
    /// The landmark places in a picture of `side` × `side` pixels.
    pub(crate) fn landmarks(self, side: usize) -> Landmarks {
        let (places, scale) = match self {
            Placement::Retail0095 => (RETAIL_0095_128, side as f32 / 128.0),
            Placement::Arcface => (ARCFACE_112, side as f32 / 112.0),
        };
        places.map(|point| point.map(|value| value * scale))
    }
}

/// A similarity as a complex multiplication and a shift: q = turn · p + shift.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Similarity {
    turn: [f32; 2],
    shift: [f32; 2],
}

impl Similarity {
    /// The least-squares similarity that brings `from` to `to`.
    ///
    /// In the plane and without mirroring, Umeyama's solution is the complex regression of the centred points.
    pub(crate) fn between(from: &Landmarks, to: &Landmarks) -> Option<Self> {
        let (from_mean, to_mean) = (mean(from), mean(to));
        let (mut real, mut imaginary, mut spread) = (0.0, 0.0, 0.0);
        for (point, place) in from.iter().zip(to) {
            let (x, y) = (point[0] - from_mean[0], point[1] - from_mean[1]);
            let (u, v) = (place[0] - to_mean[0], place[1] - to_mean[1]);
            real += x * u + y * v;
            imaginary += x * v - y * u;
            spread += x * x + y * y;
        }
        let turn = [real / spread, imaginary / spread];
        let size = turn[0].hypot(turn[1]);
        if !(size.is_normal() && size > 1e-4) {
            return None;
        }
        let moved = rotated(turn, from_mean);
        Some(Self { turn, shift: [to_mean[0] - moved[0], to_mean[1] - moved[1]] })
    }

    /// Where a point of the destination comes from.
    pub(crate) fn source(&self, point: [f32; 2]) -> [f32; 2] {
        let size = self.turn[0] * self.turn[0] + self.turn[1] * self.turn[1];
        let back = [self.turn[0] / size, -self.turn[1] / size];
        rotated(back, [point[0] - self.shift[0], point[1] - self.shift[1]])
    }
}

/// Reads `side` × `side` pixels around the face, each given to `put(x, y, rgb)`.
pub(crate) fn each_aligned_pixel(
    view: View<'_>,
    similarity: &Similarity,
    side: usize,
    mut put: impl FnMut(usize, usize, [f32; 3]),
) {
    let origin = similarity.source([0.0, 0.0]);
    let right = similarity.source([1.0, 0.0]);
    let step = [right[0] - origin[0], right[1] - origin[1]];
    for y in 0..side {
        let begin = similarity.source([0.0, y as f32]);
        for x in 0..side {
            let along = x as f32;
            put(x, y, pixels::sample(view, begin[0] + step[0] * along, begin[1] + step[1] * along));
        }
    }
}

/// Fills `planes` with the aligned face, `order` naming which of red, green, blue each plane holds.
pub(crate) fn fill(
    view: View<'_>,
    similarity: &Similarity,
    side: usize,
    order: [usize; 3],
    planes: &mut Planes,
    normalise: impl Fn(f32) -> f32,
) {
    planes.clear(side, side);
    let plane = side * side;
    each_aligned_pixel(view, similarity, side, |x, y, colour| {
        for (channel, &source) in order.iter().enumerate() {
            planes.values[channel * plane + y * side + x] = normalise(colour[source]);
        }
    });
}

fn mean(points: &Landmarks) -> [f32; 2] {
    let count = points.len() as f32;
    let sum = points.iter().fold([0.0, 0.0], |sum, point| [sum[0] + point[0], sum[1] + point[1]]);
    [sum[0] / count, sum[1] / count]
}

fn rotated(turn: [f32; 2], point: [f32; 2]) -> [f32; 2] {
    [turn[0] * point[0] - turn[1] * point[1], turn[0] * point[1] + turn[1] * point[0]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turned_scaled_and_shifted_face_is_brought_back() {
        let places = Placement::Retail0095.landmarks(128);
        let (angle, scale) = (0.4_f32, 2.5);
        let turned = places.map(|point| {
            let moved = rotated([scale * angle.cos(), scale * angle.sin()], point);
            [moved[0] + 30.0, moved[1] - 12.0]
        });
        let similarity = Similarity::between(&turned, &places).unwrap();
        for (place, point) in places.iter().zip(&turned) {
            let source = similarity.source(*place);
            assert!((source[0] - point[0]).hypot(source[1] - point[1]) < 1e-3);
        }
    }

    #[test]
    fn landmarks_on_one_spot_have_no_similarity() {
        let places = Placement::Arcface.landmarks(112);
        assert!(Similarity::between(&[[7.0, 7.0]; 5], &places).is_none());
        assert!(Similarity::between(&[[f32::NAN, 7.0]; 5], &places).is_none());
    }
}
