// SPDX-License-Identifier: GPL-3.0-only
//! Says how likely a face is live: the mean of two MiniFASNets over crops of different width.
//!
//! Input: BGR floats 0..255, not divided by 255 and not RGB. Either mistake is silent and gives wrong answers with
//! great confidence; the tests on the official samples hold it. The networks mostly see the edge and surroundings of a
//! print or screen, so a close-up print without edges passes: this is one advisory sign, never a verdict.

use crate::{
    detect::Area,
    models::{Liveness, Models},
    pixels::{self, Planes, View},
    runtime::RuntimeFault,
};

/// Width and height the networks want, in pixels.
const SIDE: usize = 80;
/// Which of the three answers says "live".
const CLASS_LIVE: usize = 1;

impl Models {
    /// 0 to 1, or `None` when no liveness model is there or the face is no area.
    pub(crate) fn liveness(&mut self, view: View<'_>, face: &Area) -> Result<Option<f32>, RuntimeFault> {
        let mut sum = 0.0;
        for model in &self.liveness {
            let Some(live) = live(model, view, face, &mut self.planes)? else {
                return Ok(None);
            };
            sum += live;
        }
        let count = self.liveness.len();
        Ok((count > 0).then(|| sum / count as f32))
    }
}

fn live(
    model: &Liveness,
    view: View<'_>,
    face: &Area,
    planes: &mut Planes,
) -> Result<Option<f32>, RuntimeFault> {
    let Some([left, top, width, height]) = crop(view, face, model.crop_scale) else {
        return Ok(None);
    };
    fill_crop(view, [left, top, width, height], planes);
    let outputs = model.network.run(&planes.values, SIDE, SIDE)?;
    let live = outputs.first().and_then(|classes| classes.get(CLASS_LIVE)).copied().ok_or_else(|| {
        RuntimeFault::Run { reason: String::from("the liveness model's answer has no class for live") }
    })?;
    Ok(live.is_finite().then_some(live))
}

/// Left, top, width and height of the crop: the face widened by `scale` as far as the picture allows, moved inside it.
///
/// The rounding is that of the published code, because the networks were trained with it.
fn crop(view: View<'_>, face: &Area, scale: f32) -> Option<[usize; 4]> {
    let (right_most, bottom_most) = ((view.width - 1) as f32, (view.height - 1) as f32);
    let scale = scale.min(bottom_most / face.height).min(right_most / face.width);
    let (width, height) = (face.width * scale, face.height * scale);
    if !(width.is_finite() && height.is_finite() && width >= 1.0 && height >= 1.0) {
        return None;
    }
    let (centre_x, centre_y) = face.centre();
    let left = (centre_x - width / 2.0).min(right_most - width).max(0.0);
    let top = (centre_y - height / 2.0).min(bottom_most - height).max(0.0);
    let (right, bottom) = ((left + width).min(right_most) as usize, (top + height).min(bottom_most) as usize);
    let (left, top) = (left as usize, top as usize);
    Some([left, top, (right + 1).checked_sub(left)?, (bottom + 1).checked_sub(top)?])
}

/// Bilinear without averaging, as the networks were trained.
fn fill_crop(view: View<'_>, [left, top, width, height]: [usize; 4], planes: &mut Planes) {
    planes.clear(SIDE, SIDE);
    let plane = SIDE * SIDE;
    let place = |index: usize, from: usize, begin: usize| {
        let inside = (index as f32 + 0.5) * from as f32 / SIDE as f32 - 0.5;
        begin as f32 + inside.clamp(0.0, from.saturating_sub(1) as f32)
    };
    for y in 0..SIDE {
        let from_y = place(y, height, top);
        for x in 0..SIDE {
            let [red, green, blue] = pixels::sample(view, place(x, width, left), from_y);
            let at = y * SIDE + x;
            planes.values[at] = blue;
            planes.values[plane + at] = green;
            planes.values[2 * plane + at] = red;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crop_stays_inside_the_picture_and_keeps_its_size_by_moving() {
        let rgb = vec![0; 100 * 80 * 3];
        let view = View { width: 100, height: 80, rgb: &rgb };
        let face = Area { left: 90.0, top: -5.0, width: 20.0, height: 20.0 };
        let [left, top, width, height] = crop(view, &face, 2.0).unwrap();
        assert!(left + width <= 100 && top + height <= 80);
        assert_eq!([left, top], [59, 0]);
        assert!((40..=41).contains(&width) && (40..=41).contains(&height));
    }

    #[test]
    fn a_face_without_size_has_no_crop() {
        let view = View { width: 1, height: 1, rgb: &[0; 3] };
        for side in [0.0, -3.0, f32::NAN, f32::INFINITY] {
            let face = Area { left: 0.0, top: 0.0, width: side, height: side };
            assert!(crop(view, &face, 2.7).is_none());
        }
    }
}
