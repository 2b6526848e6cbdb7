// SPDX-License-Identifier: GPL-3.0-only
//! The code by which an office verifies this terminal. It is made when the page is opened and stays as it is; what it
//! proves and what not stands at [`contract::TerminalProof`].

use super::{notes, way, ways};
use crate::scene::Scene;
use crate::screen::Phrases;
use contract::Trust;
use qrcode::{Color, EcLevel, QrCode};
use slint::{ComponentHandle, Image, Rgb8Pixel, SharedPixelBuffer};
use ui::{ComplaintStep, MainWindow};

/// Light modules around the code, without which it is not found.
const QUIET: usize = 4;

pub(super) fn show(window: &MainWindow, text: &str, at_ms: i64, scene: &Scene, say: &Phrases<'_>) {
    let page = window.global::<ui::Complaint<'_>>();
    page.set_question(say.text("complaint-proof"));
    page.set_hint(say.format("complaint-proof-hint", &[("time", say.date_time(at_ms).into())]));
    let mut lines = vec![say.text("complaint-proof-what"), say.text("complaint-proof-nothing")];
    if scene.now.trust != Trust::Synced {
        lines.push(say.text("complaint-proof-clock"));
    }
    notes(window, lines);
    ways(window, vec![way("proof", say.text("complaint-proof-again"))]);
    page.set_code_picture(picture(text).unwrap_or_default());
    page.set_step(ComplaintStep::Proof);
}

/// One pixel a module; the page draws it larger without smoothing. None where it is longer than any code holds.
fn picture(text: &str) -> Option<Image> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let (width, colors) = (code.width(), code.to_colors());
    let side = width + 2 * QUIET;
    let mut pixels =
        SharedPixelBuffer::<Rgb8Pixel>::new(u32::try_from(side).ok()?, u32::try_from(side).ok()?);
    for (at, pixel) in pixels.make_mut_slice().iter_mut().enumerate() {
        let (x, y) = (at % side, at / side);
        let inside = (QUIET..QUIET + width).contains(&x) && (QUIET..QUIET + width).contains(&y);
        let dark =
            inside && colors.get((y - QUIET.min(y)) * width + (x - QUIET.min(x))) == Some(&Color::Dark);
        let shade = if dark { 0 } else { u8::MAX };
        *pixel = Rgb8Pixel { r: shade, g: shade, b: shade };
    }
    Some(Image::from_rgb8(pixels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_quiet_border_and_its_corners() {
        let image = picture(&format!("KIOSK1:{}", "0123456789ABCDEF".repeat(20))).unwrap();
        let pixels = image.to_rgb8().unwrap();
        let side = pixels.width() as usize;
        let dark = |x: usize, y: usize| pixels.as_slice()[y * side + x].r == 0;
        assert!((0..side).all(|at| !dark(at, 0) && !dark(QUIET - 1, at)));
        assert!(dark(QUIET, QUIET) && dark(side - 1 - QUIET, QUIET) && dark(QUIET, side - 1 - QUIET));
        assert!(side < 90, "{side} modules are too fine for a cell's screen");
    }
}
