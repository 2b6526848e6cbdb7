// SPDX-License-Identifier: GPL-3.0-only
//! Pixels into tensors: scaling, and reading between pixels.
//!
//! Pictures are RGB bytes; the networks were trained on BGR floats 0..255, so every plane here is written in the order
//! the caller names. Nothing fails: any picture with at least one pixel scales to any size.

use device::Frame;
use zeroize::Zeroize as _;

/// A borrowed RGB picture.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) rgb: &'a [u8],
}

impl<'a> From<&'a Frame> for View<'a> {
    fn from(frame: &'a Frame) -> Self {
        Self { width: frame.width() as usize, height: frame.height() as usize, rgb: frame.rgb() }
    }
}

/// A planar float picture, channel after channel.
#[derive(Default)]
pub(crate) struct Planes {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) values: Vec<f32>,
}

impl Planes {
    /// Makes it `width` × `height` of zeros, keeping the memory.
    pub(crate) fn clear(&mut self, width: usize, height: usize) {
        self.width = width;
        self.height = height;
        self.values.clear();
        self.values.resize(3 * width * height, 0.0);
    }
}

impl Drop for Planes {
    fn drop(&mut self) {
        self.values.zeroize();
    }
}

/// A scaled size that keeps the shape: each new pixel is exactly `step` old ones wide and high.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scaling {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) step: f64,
}

impl Scaling {
    /// The scaling by one over `step`, with at least one pixel.
    pub(crate) fn by(view: View<'_>, step: f64) -> Self {
        let side = |length: usize| ((length as f64 / step).round_ties_even() as usize).max(1);
        Self { width: side(view.width), height: side(view.height), step }
    }

    /// The scaling that brings `view` within `width` × `height`; a smaller one keeps its size.
    pub(crate) fn within(view: View<'_>, width: usize, height: usize) -> Self {
        let step = (view.width as f64 / width as f64).max(view.height as f64 / height as f64).max(1.0);
        let scaling = Self::by(view, step);
        Self { width: scaling.width.min(width), height: scaling.height.min(height), step }
    }
}

/// Writes `view` scaled into the top left corner of `planes` as BGR.
///
/// Shrinking averages over the area of each new pixel, growing interpolates linearly.
pub(crate) fn fill_bgr(view: View<'_>, scaling: Scaling, planes: &mut Planes) {
    let plane = planes.width * planes.height;
    let stride = planes.width;
    let (blue, rest) = planes.values.split_at_mut(plane);
    let (green, red) = rest.split_at_mut(plane);
    each_scaled_row(view, scaling, |y, row| {
        let at = y * stride;
        for (x, pixel) in row.as_chunks::<3>().0.iter().enumerate() {
            red[at + x] = pixel[0];
            green[at + x] = pixel[1];
            blue[at + x] = pixel[2];
        }
    });
}

/// `view` scaled, as RGB bytes.
pub(crate) fn scaled(view: View<'_>, scaling: Scaling) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(scaling.width * scaling.height * 3);
    each_scaled_row(view, scaling, |_, row| bytes.extend(row.iter().map(|value| value.round() as u8)));
    bytes
}

/// The part of `view` from (`left`, `top`), as RGB bytes.
pub(crate) fn cut(view: View<'_>, left: usize, top: usize, width: usize, height: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(width * height * 3);
    for y in top..top + height {
        let from = (y * view.width + left) * 3;
        bytes.extend_from_slice(&view.rgb[from..from + width * 3]);
    }
    bytes
}

/// The colour at (`x`, `y`), linear between pixel centres; outside the picture is black.
pub(crate) fn sample(view: View<'_>, x: f32, y: f32) -> [f32; 3] {
    let (x, y) = (x.clamp(-2.0, view.width as f32 + 1.0), y.clamp(-2.0, view.height as f32 + 1.0));
    let (left, top) = (x.floor(), y.floor());
    let (right_part, bottom_part) = (x - left, y - top);
    let (column, row) = (left as i64, top as i64);
    let pixel = |column: i64, row: i64, weight: f32, sum: &mut [f32; 3]| {
        let inside = (0..view.width as i64).contains(&column) && (0..view.height as i64).contains(&row);
        if inside {
            let at = (row as usize * view.width + column as usize) * 3;
            for (sum, &byte) in sum.iter_mut().zip(&view.rgb[at..at + 3]) {
                *sum += weight * f32::from(byte);
            }
        }
    };
    let mut sum = [0.0; 3];
    pixel(column, row, (1.0 - right_part) * (1.0 - bottom_part), &mut sum);
    pixel(column + 1, row, right_part * (1.0 - bottom_part), &mut sum);
    pixel(column, row + 1, (1.0 - right_part) * bottom_part, &mut sum);
    pixel(column + 1, row + 1, right_part * bottom_part, &mut sum);
    sum
}

/// Brightness of a pixel as the eye sees it (ITU-R BT.601).
pub(crate) fn luma([red, green, blue]: [f32; 3]) -> f32 {
    0.299 * red + 0.587 * green + 0.114 * blue
}

fn each_scaled_row(view: View<'_>, scaling: Scaling, mut emit: impl FnMut(usize, &[f32])) {
    let columns = taps(view.width, scaling.width, scaling.step);
    let rows = taps(view.height, scaling.height, scaling.step);
    let mut tall = vec![0.0_f32; view.width * 3];
    let mut wide = vec![0.0_f32; scaling.width * 3];
    for (y, (first, weights)) in rows.iter().enumerate() {
        tall.fill(0.0);
        for (offset, &weight) in weights.iter().enumerate() {
            let from = (first + offset) * view.width * 3;
            let source = &view.rgb[from..from + view.width * 3];
            for (sum, &byte) in tall.iter_mut().zip(source) {
                *sum += weight * f32::from(byte);
            }
        }
        for (pixel, (first, weights)) in wide.as_chunks_mut::<3>().0.iter_mut().zip(&columns) {
            let mut sum = [0.0; 3];
            for (source, &weight) in tall[first * 3..].as_chunks::<3>().0.iter().zip(weights) {
                sum[0] += weight * source[0];
                sum[1] += weight * source[1];
                sum[2] += weight * source[2];
            }
            *pixel = sum;
        }
        emit(y, &wide);
    }
    tall.zeroize();
    wide.zeroize();
}

/// For each of `to` new pixels: the first old pixel it reads, and the weights from there on, which sum to one.
fn taps(from: usize, to: usize, step: f64) -> Vec<(usize, Vec<f32>)> {
    (0..to)
        .map(|index| {
            if step > 1.0 {
                let (begin, end) = (index as f64 * step, ((index + 1) as f64 * step).min(from as f64));
                let first = (begin as usize).min(from - 1);
                let last = ((end - 1e-6).ceil() as usize).clamp(first + 1, from);
                let covered = |pixel: usize| end.min((pixel + 1) as f64) - begin.max(pixel as f64);
                let total: f64 = (first..last).map(covered).sum();
                (first, (first..last).map(|pixel| (covered(pixel) / total) as f32).collect())
            } else {
                let centre = ((index as f64 + 0.5) * step - 0.5).clamp(0.0, (from - 1) as f64);
                let first = (centre as usize).min(from.saturating_sub(2));
                let part = (centre - first as f64) as f32;
                if from == 1 { (0, vec![1.0]) } else { (first, vec![1.0 - part, part]) }
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halving_averages_four_pixels() {
        let rgb: Vec<u8> = [0, 40, 80, 120].iter().flat_map(|&value| [value, value, value]).collect();
        let view = View { width: 2, height: 2, rgb: &rgb };
        assert_eq!(scaled(view, Scaling::by(view, 2.0)), [60, 60, 60]);
    }

    #[test]
    fn planes_are_blue_green_red_though_pictures_are_red_green_blue() {
        let mut planes = Planes::default();
        planes.clear(2, 1);
        let view = View { width: 1, height: 1, rgb: &[10, 20, 30] };
        fill_bgr(view, Scaling::within(view, 2, 1), &mut planes);
        assert_eq!(planes.values, [30.0, 0.0, 20.0, 0.0, 10.0, 0.0]);
    }

    #[test]
    fn every_new_pixel_is_a_weighted_mean_of_old_ones() {
        let rgb = vec![0; 4096 * 16 * 3];
        for (width, height) in [(1, 1), (4096, 16), (16, 4096), (7, 1), (640, 480), (641, 479), (255, 257)] {
            let view = View { width, height, rgb: &rgb };
            for step in [0.3, 0.5, 1.0, 1.001, 1.6, 2.0, 12.8, 5000.0] {
                let scaling = Scaling::by(view, step);
                let (columns, rows) = (taps(width, scaling.width, step), taps(height, scaling.height, step));
                for ((first, weights), from) in
                    columns.iter().zip([width; 9999]).chain(rows.iter().zip([height; 9999]))
                {
                    assert!(first + weights.len() <= from, "{width}x{height} by {step} reads past the end");
                    assert!((weights.iter().sum::<f32>() - 1.0).abs() < 1e-4, "{width}x{height} by {step}");
                }
            }
        }
    }

    #[test]
    fn outside_the_picture_is_black() {
        let view = View { width: 1, height: 1, rgb: &[200, 100, 50] };
        assert_eq!(sample(view, 0.0, 0.0), [200.0, 100.0, 50.0]);
        assert_eq!(sample(view, -5.0, 3.0), [0.0, 0.0, 0.0]);
        assert_eq!(sample(view, f32::MAX, f32::NEG_INFINITY), [0.0, 0.0, 0.0]);
    }
}
