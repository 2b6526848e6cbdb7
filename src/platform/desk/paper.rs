// SPDX-License-Identifier: GPL-3.0-only
//! What all papers of the desk have in common: the page, its font, lines of text, a drawing.
//!
//! Promises: the glyphs that are used are in the file. Refuses: a machine without one of [`FONTS`].

use crate::Fault;
use contract::Strokes;
use krilla::geom::{PathBuilder, Point};
use krilla::page::PageSettings;
use krilla::paint::{Fill, LineCap, LineJoin, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use std::path::Path;

/// Where distributions put Noto Sans CJK, which the terminals' image has too; the first that is there is taken.
const FONTS: [&str; 3] = [
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
];
/// The face for simplified Chinese in that file.
const FACE: u32 = 2;
/// A4, its margins, and a line, in points.
pub(super) const PAGE: (f32, f32) = (595.0, 842.0);
pub(super) const MARGIN: f32 = 42.0;
pub(super) const LEADING: f32 = 13.0;
pub(super) const TITLE: f32 = 16.0;
pub(super) const TEXT: f32 = 9.0;

/// A page while it is set, from the top down.
pub(super) struct Sheet<'a, 's> {
    pub(super) surface: &'a mut Surface<'s>,
    pub(super) font: &'a Font,
    pub(super) y: f32,
}

impl Sheet<'_, '_> {
    /// A line of this size, so far from the left margin.
    pub(super) fn text(&mut self, x: f32, size: f32, text: &str) {
        self.surface.set_fill(Some(Fill::default()));
        let at = Point::from_xy(MARGIN + x, self.y);
        self.surface.draw_text(at, self.font.clone(), size, text, false, TextDirection::Auto);
    }

    /// What was drawn, so wide and high from here on.
    pub(super) fn drawn(&mut self, strokes: &Strokes, (width, height): (f32, f32)) {
        let place = |(x, y): &(u16, u16)| {
            (MARGIN + f32::from(*x) / 1_000.0 * width, self.y + f32::from(*y) / 1_000.0 * height)
        };
        let mut path = PathBuilder::new();
        for stroke in &strokes.0 {
            for (number, point) in stroke.iter().chain(stroke.last()).enumerate() {
                let (x, y) = place(point);
                if number == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
            }
        }
        let Some(path) = path.finish() else { return };
        let ink =
            Stroke { width: 1.6, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(ink));
        self.surface.draw_path(&path);
        self.surface.set_stroke(None);
    }
}

/// A page of a paper.
pub(super) fn settings() -> Result<PageSettings, Fault> {
    PageSettings::from_wh(PAGE.0, PAGE.1).ok_or(Fault::Refused("set a page of this size"))
}

/// A text in lines of this width. A Chinese character is as wide as it is high; of others two are.
pub(super) fn wrapped(text: &str, width: f32) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0.0;
    for c in text.chars() {
        let wide = if c.is_ascii() { TEXT * 0.62 } else { TEXT };
        if used + wide > width {
            lines.push(String::new());
            used = 0.0;
        }
        used += wide;
        if let Some(line) = lines.last_mut() {
            line.push(c);
        }
    }
    lines
}

/// The font of every paper.
pub(super) fn font() -> Result<Font, Fault> {
    const NONE: Fault = Fault::Refused("set a paper without Noto Sans CJK");
    let path = FONTS.into_iter().map(Path::new).find(|path| path.exists()).ok_or(NONE)?;
    let bytes = std::fs::read(path).map_err(|source| Fault::File { path: path.to_owned(), source })?;
    Font::new(bytes.into(), FACE).ok_or(NONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_wrapped_and_nothing_of_it_is_lost() {
        let text = "购物".repeat(40);
        let lines = wrapped(&text, 190.0);
        assert!(lines.len() > 1 && lines.concat() == text);
        assert!(lines.iter().all(|line| line.chars().count() as f32 * TEXT <= 190.0));
    }
}
