// SPDX-License-Identifier: GPL-3.0-only
//! What stands before the simulated camera: one photo or two on grey, the head turned as asked.
//!
//! A photo is flat, so a turned head is imitated: the picture is bent over the shape of a head with a nose, that
//! shape is rotated and looked at from the front. What was hidden stays hidden, so a face detector sees less of a turn
//! than there is: about half of one to a side, and too little of one upwards to tell it from looking ahead.

use image::RgbImage;
use image::imageops::{FilterType, resize};

use super::grain::{Grain, Pose};
use super::photo_camera::{HEIGHT, WIDTH};

/// The wall behind people, in grey levels.
const WALL: u8 = 128;
/// A photo whose longer side is below this is taken for a crop filled by one face, in pixels.
const CROP_SIDE_PX: u32 = 260;
/// Height given to such a crop: two fifths of the frame, as a head takes at arm's length.
const CROP_HEIGHT_PX: u32 = HEIGHT * 2 / 5;
/// How far a head turns to a side, and how far up, in degrees: so far that a detector sees some thirty to a side.
const YAW_DEG: f32 = 50.0;
const PITCH_DEG: f32 = 30.0;
/// Most rounds of solving for the place a turned point came from. Only where one side of a nose hides the other are
/// so many needed, and there any answer is as good.
const SOLVE_ROUNDS_MAX: usize = 25;
/// Good enough, in heights of the face: a fifth of a pixel on a face of 200.
const SOLVE_ERROR: f32 = 0.001;
/// How far around the head a turn is felt, in heights of the face.
const REACH: f32 = 2.2;

/// Which way the person looks. Left and right are the person's own, so a head turned left has its nose towards the
/// right edge of the frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Turn {
    #[default]
    Ahead,
    Left,
    Right,
    Up,
}

/// Where the face is in the frame, as a face detector's box gives it: forehead to chin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Head {
    /// Centre, in pixels from the frame's left edge.
    pub x: f32,
    /// Centre, in pixels from the frame's top.
    pub y: f32,
    /// Height in pixels.
    pub height: f32,
}

/// Rotation in radians: to the person's left, and up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Angle {
    pub(super) left: f32,
    pub(super) up: f32,
}

impl Turn {
    pub(super) fn angle(self) -> Angle {
        let (left, up) = match self {
            Self::Ahead => (0.0, 0.0),
            Self::Left => (YAW_DEG, 0.0),
            Self::Right => (-YAW_DEG, 0.0),
            Self::Up => (0.0, PITCH_DEG),
        };
        Angle { left: f32::to_radians(left), up: f32::to_radians(up) }
    }
}

/// A frame's worth of pixels without noise or movement, and where its face is believed to be.
pub(super) struct Scene {
    pub(super) pixels: RgbImage,
    pub(super) head: Head,
}

impl Scene {
    pub(super) fn of(photo: &RgbImage) -> Self {
        let mut pixels = wall();
        let head = place(photo, &mut pixels, 0, WIDTH);
        Self { pixels, head }
    }

    /// Two people side by side; turns are the left one's.
    pub(super) fn of_two(left: &RgbImage, right: &RgbImage) -> Self {
        let mut pixels = wall();
        let head = place(left, &mut pixels, 0, WIDTH / 2);
        place(right, &mut pixels, WIDTH / 2, WIDTH / 2);
        Self { pixels, head }
    }

    /// The scene with its head turned by `angle`.
    pub(super) fn turned(&self, angle: Angle) -> RgbImage {
        let mut out = self.pixels.clone();
        let Head { x, y, height } = self.head;
        let reach = REACH * height;
        let span = |centre: f32, side: u32| {
            let from = (centre - reach).clamp(0.0, side as f32) as u32;
            from..((centre + reach).clamp(0.0, side as f32) as u32)
        };
        for row in span(y, HEIGHT) {
            for column in span(x, WIDTH) {
                let (to_u, to_v) = ((column as f32 - x) / height, (row as f32 - y) / height);
                let (mut u, mut v) = (to_u, to_v);
                for _ in 0..SOLVE_ROUNDS_MAX {
                    let (du, dv) = moved(u, v, angle);
                    let off = (u - (to_u - du)).abs() + (v - (to_v - dv)).abs();
                    (u, v) = (to_u - du, to_v - dv);
                    if off < SOLVE_ERROR {
                        break;
                    }
                }
                out.put_pixel(column, row, sample(&self.pixels, x + u * height, y + v * height));
            }
        }
        out
    }
}

fn wall() -> RgbImage {
    RgbImage::from_pixel(WIDTH, HEIGHT, image::Rgb([WALL; 3]))
}

/// Fits `photo` into the columns from `left` and tells where its face is believed to be.
fn place(photo: &RgbImage, onto: &mut RgbImage, left: u32, width: u32) -> Head {
    let (w, h) = (photo.width().max(1) as f32, photo.height().max(1) as f32);
    let is_crop = photo.width().max(photo.height()) < CROP_SIDE_PX;
    let height = if is_crop { CROP_HEIGHT_PX } else { HEIGHT };
    let scale = (width as f32 / w).min(height as f32 / h);
    let fitted = |side: f32, most: u32| ((side * scale).round() as u32).clamp(1, most);
    let (w, h) = (fitted(w, width), fitted(h, height));
    let (x, y) = (left + (width - w) / 2, (HEIGHT - h) / 2);
    image::imageops::replace(onto, &resize(photo, w, h, FilterType::Triangle), x.into(), y.into());
    // A crop's face fills it. In a portrait it sits in the upper half: medians over a few dozen press portraits.
    let (down, share) = if is_crop { (0.5, 1.0) } else { (0.36, 0.41) };
    Head {
        x: x as f32 + w as f32 / 2.0,
        y: y as f32 + h as f32 * down,
        height: (h as f32 * share).clamp(1.0, HEIGHT as f32),
    }
}

/// How far the point (u, v) of the face moves when the head turns; unit: heights of the face, from its centre.
///
/// Depth is a broad bump for the head and a narrower one for nose and mouth, whose widths were chosen by trying: with
/// these a landmark detector followed the turn of most photos and a face embedder still knew the person.
fn moved(u: f32, v: f32, angle: Angle) -> (f32, f32) {
    let bump =
        |u: f32, v: f32, wide: f32, high: f32| (-(u / wide).powi(2) / 2.0 - (v / high).powi(2) / 2.0).exp();
    let depth = 0.4 * bump(u, v, 0.45, 0.6) + 0.2 * bump(u, v - 0.1, 0.25, 0.45);
    let held = bump(u, v, 0.7, 0.8);
    let across = (u * (angle.left.cos() - 1.0) + depth * angle.left.sin()) * held;
    let down = (v * (angle.up.cos() - 1.0) - depth * angle.up.sin()) * held;
    (across, down)
}

/// Bilinear, clamped to the edge.
fn sample(from: &RgbImage, x: f32, y: f32) -> image::Rgb<u8> {
    let x = x.clamp(0.0, (from.width() - 1) as f32);
    let y = y.clamp(0.0, (from.height() - 1) as f32);
    let (x0, y0) = (x as u32, y as u32);
    let (x1, y1) = ((x0 + 1).min(from.width() - 1), (y0 + 1).min(from.height() - 1));
    let (fx, fy) = (x.fract(), y.fract());
    let corners =
        [from.get_pixel(x0, y0), from.get_pixel(x1, y0), from.get_pixel(x0, y1), from.get_pixel(x1, y1)];
    let weights = [(1.0 - fx) * (1.0 - fy), fx * (1.0 - fy), (1.0 - fx) * fy, fx * fy];
    let channel = |c: usize| -> f32 { (0..4).map(|i| weights[i] * f32::from(corners[i].0[c])).sum() };
    image::Rgb(std::array::from_fn(|c| channel(c).round() as u8))
}

/// The scene as the sensor sees it: moved by `pose`, multiplied by `light` (1 is as photographed), with grain.
pub(super) fn expose(scene: &RgbImage, pose: Pose, light: f32, grain: &mut Grain) -> Vec<u8> {
    const CHANNELS: usize = 3;
    let (width, height) = (scene.width() as usize, scene.height() as usize);
    let step = |at: usize, side: usize, shift: f32| -> (usize, u32) {
        let centre = side as f32 / 2.0;
        let from = (centre + (at as f32 - centre) / pose.size - shift).clamp(0.0, side as f32 - 1.001);
        (from as usize, (from.fract() * 256.0) as u32)
    };
    let columns: Vec<_> = (0..width).map(|x| step(x, width, pose.right_px)).collect();
    let light = (light.clamp(0.0, 1.0) * 256.0) as u32;
    let pixels = scene.as_raw();
    let mut out = Vec::with_capacity(width * height * CHANNELS);
    for y in 0..height {
        let (y0, fy) = step(y, height, pose.down_px);
        let row = &pixels[y0 * width * CHANNELS..][..width * CHANNELS];
        let next = &pixels[(y0 + 1).min(height - 1) * width * CHANNELS..][..width * CHANNELS];
        let noise = grain.row(width * CHANNELS);
        for (&(x0, fx), noise) in columns.iter().zip(noise.chunks_exact(CHANNELS)) {
            let (at, beside) = (x0 * CHANNELS, (x0 + 1).min(width - 1) * CHANNELS);
            for (c, &noise) in noise.iter().enumerate() {
                let mix =
                    |line: &[u8]| u32::from(line[at + c]) * (256 - fx) + u32::from(line[beside + c]) * fx;
                let value = (mix(row) * (256 - fy) + mix(next) * fy) >> 16;
                out.push(((value * light) >> 8).saturating_add_signed(noise.into()).min(255) as u8);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const STILL: Pose = Pose { right_px: 0.0, down_px: 0.0, size: 1.0 };

    fn white(width: u32, height: u32) -> RgbImage {
        RgbImage::from_pixel(width, height, image::Rgb([255; 3]))
    }

    /// First and last column and row that are white.
    fn bounds(of: &RgbImage) -> (u32, u32, u32, u32) {
        let mut found = (WIDTH, HEIGHT, 0, 0);
        for (x, y, _) in of.enumerate_pixels().filter(|(_, _, p)| p.0[0] > 200) {
            found = (found.0.min(x), found.1.min(y), found.2.max(x), found.3.max(y));
        }
        found
    }

    /// Where a white dot put on the face at (u, v) is seen halfway through a turn, in heights of the face.
    fn dot_halfway(turn: Turn, u: f32, v: f32) -> (f32, f32) {
        let head = Head { x: 320.0, y: 240.0, height: 150.0 };
        let mut pixels = RgbImage::from_pixel(WIDTH, HEIGHT, image::Rgb([0; 3]));
        let (x, y) = ((head.x + u * head.height) as u32, (head.y + v * head.height) as u32);
        for (dx, dy) in (0..25).map(|i| (i % 5, i / 5)) {
            pixels.put_pixel(x + dx - 2, y + dy - 2, image::Rgb([255; 3]));
        }
        let Angle { left, up } = turn.angle();
        let seen = Scene { pixels, head }.turned(Angle { left: left / 2.0, up: up / 2.0 });
        let weight: f32 = seen.pixels().map(|p| f32::from(p.0[0])).sum();
        let mean = |f: fn(u32, u32) -> u32| {
            seen.enumerate_pixels().map(|(x, y, p)| f(x, y) as f32 * f32::from(p.0[0])).sum::<f32>() / weight
        };
        ((mean(|x, _| x) - head.x) / head.height, (mean(|_, y| y) - head.y) / head.height)
    }

    #[test]
    fn a_portrait_is_fitted_with_grey_beside_it() {
        let scene = Scene::of(&white(600, 800));
        assert_eq!(bounds(&scene.pixels), (140, 0, 499, 479));
        assert_eq!(scene.pixels.get_pixel(10, 10).0, [WALL; 3]);
    }

    #[test]
    fn a_wide_photo_is_fitted_with_grey_above_it() {
        assert_eq!(bounds(&Scene::of(&white(1024, 512)).pixels), (0, 80, 639, 399));
    }

    #[test]
    fn a_tight_crop_takes_two_fifths_of_the_height() {
        assert_eq!(bounds(&Scene::of(&white(150, 150)).pixels), (224, 144, 415, 335));
    }

    #[test]
    fn a_photo_of_absurd_proportions_still_fits() {
        for (width, height) in [(1, 4000), (4000, 1), (1, 1)] {
            let scene = Scene::of(&white(width, height));
            assert_eq!(scene.pixels.dimensions(), (WIDTH, HEIGHT));
        }
    }

    #[test]
    fn two_people_stand_side_by_side() {
        let scene = Scene::of_two(&white(150, 150), &white(150, 150));
        assert_eq!(bounds(&scene.pixels), (64, 144, 575, 335));
        assert_eq!(scene.pixels.get_pixel(320, 240).0, [WALL; 3]);
    }

    #[test]
    fn a_turned_head_moves_its_nose_between_its_eyes() {
        // Eyes and nose where a face has them.
        let nose_share = |turn| {
            let x = |u, v| dot_halfway(turn, u, v).0;
            let (eye, other_eye) = (x(-0.165, -0.11), x(0.165, -0.11));
            (x(0.0, 0.07) - eye) / (other_eye - eye)
        };
        assert!((nose_share(Turn::Ahead) - 0.5).abs() < 0.05);
        assert!(nose_share(Turn::Left) > 0.58, "left {}", nose_share(Turn::Left));
        assert!(nose_share(Turn::Right) < 0.42, "right {}", nose_share(Turn::Right));
    }

    #[test]
    fn a_raised_head_moves_its_nose_towards_its_eyes() {
        let nose_share = |turn| {
            let y = |u, v| dot_halfway(turn, u, v).1;
            let (eyes, mouth) = (y(0.165, -0.11), y(0.12, 0.27));
            (y(0.0, 0.07) - eyes) / (mouth - eyes)
        };
        assert!(nose_share(Turn::Up) < nose_share(Turn::Ahead) - 0.02, "up {}", nose_share(Turn::Up));
    }

    #[test]
    fn a_turn_leaves_the_room_as_it_is() {
        let scene = Scene::of(&white(150, 150));
        let turned = scene.turned(Turn::Left.angle());
        assert_eq!(turned.get_pixel(5, 5), scene.pixels.get_pixel(5, 5));
        assert_eq!(turned.get_pixel(630, 470), scene.pixels.get_pixel(630, 470));
    }

    #[test]
    fn no_light_is_nearly_black() {
        let seen = expose(&white(WIDTH, HEIGHT), STILL, 0.0, &mut Grain::new(1));
        let mean = seen.iter().map(|&v| f32::from(v)).sum::<f32>() / seen.len() as f32;
        assert!(mean < 3.0, "mean {mean}");
    }

    #[test]
    fn grain_moves_no_pixel_far() {
        let seen = expose(&wall(), STILL, 1.0, &mut Grain::new(1));
        assert_eq!(seen.len(), (WIDTH * HEIGHT * 3) as usize);
        assert!(seen.iter().all(|v| v.abs_diff(WALL) < 25));
        assert!(seen.iter().any(|v| v.abs_diff(WALL) > 3));
    }
}
