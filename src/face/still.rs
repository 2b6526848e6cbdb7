// SPDX-License-Identifier: GPL-3.0-only
//! Takes the face of a still photo, for evaluation, demonstration and import: no live gates, the largest face counts.
//!
//! A tight crop leaves the detector no room around the face, a large photo makes it small, some lie on their side:
//! several paddings, scales and turns are tried before a photo counts as failed to acquire. A face that is small in
//! the scaled photo is looked at again from the full one.

use device::Frame;

use crate::{
    detect::{self, Face},
    embed::Embedding,
    models::Models,
    pixels::{self, Scaling, View},
    runtime::RuntimeFault,
};

/// Longest side up to which a photo is a tight crop, in pixels.
const TIGHT_SIDE_MAX: usize = 260;
/// Grey added on each side of a tight crop, as a share of its longer side.
const TIGHT_PADDING: f64 = 0.35;
const PADDING_GREY: u8 = 128;
/// Longer side a photo is usually looked at, in pixels.
const USUAL_SIDE: f64 = 640.0;
/// Bands of the detector's score. The first ends the search: a face lying on its side is found with wrong landmarks
/// and a score below it, so the other ways are looked at too and the best band wins.
const SCORE_BANDS: [f32; 4] = [0.9, 0.8, 0.6, 0.4];
/// Score from which a larger, less sure find does not take a face's place.
const SCORE_SURE: f32 = SCORE_BANDS[1];
const SCORE_MIN: f32 = SCORE_BANDS[3];
/// Eye distance up to which a face is looked at again from the full photo, and what is then aimed at, in pixels.
const SMALL_EYE_DISTANCE_PX: f32 = 60.0;
const FINE_EYE_DISTANCE_PX: f64 = 100.0;
/// It grows to twice its size at most: more would only blur.
const FINE_STEP_MIN: f64 = 0.5;
/// What of the photo is looked at again, as a multiple of the face's longer side.
const FINE_CUT: f32 = 2.4;

/// The face taken from a photo.
#[derive(Clone, Debug)]
pub struct Acquired {
    pub embedding: Embedding,
    /// The detector's score of it.
    pub score: f32,
    /// Pixels between the eyes in the photo as given.
    pub eye_distance_px: f32,
    /// Whether the first way of looking found it.
    pub at_once: bool,
}

/// One way of looking at a photo.
#[derive(Clone, Copy, Debug)]
struct Way {
    /// Grey on each side as a share of the longer side.
    padding: f64,
    /// Longer side after padding and scaling, in pixels; it may grow.
    side: f64,
    quarter_turns: usize,
}

/// A picture prepared by a [`Way`].
struct Prepared {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
    /// Pixels of the photo to one of it.
    step: f64,
    /// Grey pixels on each side.
    border: usize,
}

impl Models {
    /// The largest face of a photo; `None` when no way of looking finds one.
    ///
    /// # Errors
    /// The engine's.
    pub fn acquire(&mut self, photo: &Frame) -> Result<Option<Acquired>, RuntimeFault> {
        let view = View::from(photo);
        let mut best: Option<(usize, Way, Face)> = None;
        for (attempt, way) in ways(view).into_iter().enumerate() {
            let turned = quarter_turned(view, way.quarter_turns);
            let Some(face) = self.largest(prepare(turned.as_view(), way).as_view())? else {
                continue;
            };
            if best.as_ref().is_none_or(|(_, _, before)| band(&face) < band(before)) {
                best = Some((attempt, way, face));
            }
            if band(&face) == 0 {
                break;
            }
        }
        let Some((attempt, way, face)) = best else {
            return Ok(None);
        };
        let turned = quarter_turned(view, way.quarter_turns);
        let prepared = prepare(turned.as_view(), way);
        let fine = self.look_closer(turned.as_view(), &prepared, &face)?;
        let (picture, face) = fine.unwrap_or((prepared, face));
        let embedding = self.embed(picture.as_view(), &face.landmarks)?;
        Ok(embedding.map(|embedding| Acquired {
            embedding,
            score: face.score,
            eye_distance_px: face.eye_distance_px() * picture.step as f32,
            at_once: attempt == 0,
        }))
    }

    /// A small face again, cut from the full photo and scaled to a good size.
    fn look_closer(
        &mut self,
        photo: View<'_>,
        prepared: &Prepared,
        face: &Face,
    ) -> Result<Option<(Prepared, Face)>, RuntimeFault> {
        if face.eye_distance_px() >= SMALL_EYE_DISTANCE_PX {
            return Ok(None);
        }
        let (step, border) = (prepared.step as f32, prepared.border as f32);
        let found = face.mapped(step, [-border * step; 2]);
        let (x, y) = found.area.centre();
        let side = FINE_CUT * found.area.width.max(found.area.height);
        let within = |middle: f32, length: usize| {
            let begin = (middle - side / 2.0).clamp(0.0, length as f32 - 1.0) as usize;
            let end = (middle + side / 2.0).clamp(begin as f32 + 1.0, length as f32) as usize;
            (begin, end - begin)
        };
        let ((left, width), (top, height)) = (within(x, photo.width), within(y, photo.height));
        let rgb = pixels::cut(photo, left, top, width, height);
        let cut = View { width, height, rgb: &rgb };
        let step = (f64::from(found.eye_distance_px()) / FINE_EYE_DISTANCE_PX).max(FINE_STEP_MIN);
        let fine = scaled(cut, step);
        let again = self.largest(fine.as_view())?.filter(|again| band(again) <= band(face));
        Ok(again.map(|face| (fine, face)))
    }

    fn largest(&mut self, view: View<'_>) -> Result<Option<Face>, RuntimeFault> {
        let fit = (view.width, view.height);
        let found = detect::find(&self.detector, view, fit, SCORE_MIN, &mut self.planes)?;
        let sure = found.iter().any(|face| face.score >= SCORE_SURE);
        let likely = found.into_iter().filter(|face| !sure || face.score >= SCORE_SURE);
        Ok(likely.max_by(|one, other| one.area.size().total_cmp(&other.area.size())))
    }
}

fn band(face: &Face) -> usize {
    SCORE_BANDS.iter().position(|least| face.score >= *least).unwrap_or(SCORE_BANDS.len())
}

/// The usual way first, then ever less likely ones.
fn ways(photo: View<'_>) -> Vec<Way> {
    let longer = photo.width.max(photo.height) as f64;
    let padded = |padding: f64, growth: f64| Way {
        padding,
        side: (longer * (1.0 + 2.0 * padding) * growth).clamp(64.0, USUAL_SIDE),
        quarter_turns: 0,
    };
    let plain = |side: f64| Way { padding: 0.0, side, quarter_turns: 0 };
    let mut ways = if longer <= TIGHT_SIDE_MAX as f64 {
        vec![plain(2.0 * longer), padded(TIGHT_PADDING, 2.0), plain(longer), padded(0.7, 2.0)]
    } else {
        let usual = longer.min(USUAL_SIDE);
        vec![plain(usual), padded(TIGHT_PADDING, 1.0), plain(usual / 2.0), padded(0.7, 1.0)]
    };
    if longer > USUAL_SIDE {
        ways.extend([plain(longer.min(1280.0)), plain(longer.min(2048.0))]);
    }
    let usual = [ways[0], ways[1]];
    ways.extend(
        [1, 3, 2].into_iter().flat_map(|quarter_turns| usual.map(|way| Way { quarter_turns, ..way })),
    );
    ways
}

fn prepare(photo: View<'_>, way: Way) -> Prepared {
    let longer = photo.width.max(photo.height) as f64;
    let small = scaled(photo, longer * (1.0 + 2.0 * way.padding) / way.side);
    if way.padding == 0.0 {
        return small;
    }
    let border = (way.padding * longer / small.step).round() as usize;
    let (width, height) = (small.width + 2 * border, small.height + 2 * border);
    let mut rgb = vec![PADDING_GREY; width * height * 3];
    for (row, pixels) in small.rgb.chunks_exact(small.width * 3).enumerate() {
        let at = ((row + border) * width + border) * 3;
        rgb[at..at + pixels.len()].copy_from_slice(pixels);
    }
    Prepared { width, height, rgb, step: small.step, border }
}

fn scaled(view: View<'_>, step: f64) -> Prepared {
    let scaling = Scaling::by(view, step);
    let rgb = pixels::scaled(view, scaling);
    Prepared { width: scaling.width, height: scaling.height, rgb, step, border: 0 }
}

fn quarter_turned(view: View<'_>, turns: usize) -> Prepared {
    let (width, height) =
        if turns.is_multiple_of(2) { (view.width, view.height) } else { (view.height, view.width) };
    let mut rgb = Vec::with_capacity(view.rgb.len());
    for y in 0..height {
        for x in 0..width {
            let (from_x, from_y) = match turns % 4 {
                0 => (x, y),
                1 => (y, view.height - 1 - x),
                2 => (view.width - 1 - x, view.height - 1 - y),
                _ => (view.width - 1 - y, x),
            };
            let at = (from_y * view.width + from_x) * 3;
            rgb.extend_from_slice(&view.rgb[at..at + 3]);
        }
    }
    Prepared { width, height, rgb, step: 1.0, border: 0 }
}

impl Prepared {
    fn as_view(&self) -> View<'_> {
        View { width: self.width, height: self.height, rgb: &self.rgb }
    }
}
