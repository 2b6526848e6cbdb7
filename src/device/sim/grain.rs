// SPDX-License-Identifier: GPL-3.0-only
//! What keeps a still photo from being still: a sensor's noise and a person's small movements, from a seed.

use std::f32::consts::TAU;

/// Standard deviation of the sensor's noise, in grey levels: an indoor webcam's.
const NOISE_LEVELS: f32 = 3.0;
/// Values in the table of noise; a power of two, and long enough that no two rows of a frame look alike.
const NOISE_LEN: usize = 1 << 16;
/// How far a person sways, in pixels.
const SWAY_PX: f32 = 1.6;
/// How far a person leans in and out, as a share of the size.
const LEAN: f32 = 0.004;
/// Frames of one sway to the side, one up and down, one lean: without common divisors, so that no frame comes twice.
const PERIODS: [f32; 3] = [47.0, 61.0, 83.0];

/// SplitMix64 (Steele, Lea, Flood 2014): few lines, good enough for noise, no use for secrets.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Evenly from 0 to 1.
    fn share(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// Nearly Gaussian, deviation 1: twelve even draws (Irwin-Hall).
    fn gaussian(&mut self) -> f32 {
        (0..12).map(|_| self.share()).sum::<f32>() - 6.0
    }
}

/// Noise for whole rows, looked up rather than drawn.
pub(super) struct Grain {
    table: Vec<i8>,
    dice: Dice,
}

impl Grain {
    pub(super) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let table = (0..NOISE_LEN).map(|_| (dice.gaussian() * NOISE_LEVELS).round() as i8).collect();
        Self { table, dice }
    }

    /// `len` values for one row, another piece of the table each time.
    pub(super) fn row(&mut self, len: usize) -> &[i8] {
        let room = self.table.len().saturating_sub(len).max(1);
        let start = self.dice.next() as usize % room;
        &self.table[start..start + len]
    }
}

/// Where the person stands in one frame, relative to the photo.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pose {
    pub(super) right_px: f32,
    pub(super) down_px: f32,
    pub(super) size: f32,
}

pub(super) struct Sway {
    phases: [f32; 3],
}

impl Sway {
    pub(super) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0x5157);
        Self { phases: std::array::from_fn(|_| dice.share() * TAU) }
    }

    pub(super) fn at(&self, frame: u64) -> Pose {
        let wave = |i: usize| {
            let turn = (frame as f32 / PERIODS[i]).fract();
            (turn * TAU + self.phases[i]).sin()
        };
        Pose { right_px: SWAY_PX * wave(0), down_px: SWAY_PX * wave(1), size: 1.0 + LEAN * wave(2) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_has_the_promised_strength() {
        let grain = Grain::new(7);
        let n = grain.table.len() as f32;
        let mean = grain.table.iter().map(|&v| f32::from(v)).sum::<f32>() / n;
        let variance = grain.table.iter().map(|&v| (f32::from(v) - mean).powi(2)).sum::<f32>() / n;
        assert!(mean.abs() < 0.1, "mean {mean}");
        assert!((variance.sqrt() - NOISE_LEVELS).abs() < 0.1, "deviation {}", variance.sqrt());
    }

    #[test]
    fn a_person_never_stands_quite_still_and_never_walks_off() {
        let sway = Sway::new(7);
        for frame in 0..1_000 {
            let pose = sway.at(frame);
            assert!(pose != sway.at(frame + 1));
            assert!(pose.right_px.abs() <= SWAY_PX && pose.down_px.abs() <= SWAY_PX);
            assert!((pose.size - 1.0).abs() <= LEAN + f32::EPSILON);
        }
    }
}
