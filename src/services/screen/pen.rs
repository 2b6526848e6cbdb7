// SPDX-License-Identifier: GPL-3.0-only
//! What a finger draws on a field to sign, point by point, until it becomes [`Strokes`].

use contract::Strokes;
use slint::{Model, ModelRc, VecModel};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use ui::Point;

/// A point this near to the one before adds nothing, in thousandths of the field.
const POINT_APART: f32 = 6.0;

/// The strokes of one field. Its clones are the same strokes.
#[derive(Clone, Default)]
pub(crate) struct Pen {
    points: Rc<VecModel<Point>>,
    /// Where strokes begin, as indexes of points.
    begins: Rc<RefCell<Vec<usize>>>,
    last: Rc<Cell<Option<(f32, f32)>>>,
}

impl Pen {
    /// The points for the field that shows them.
    pub(crate) fn points(&self) -> ModelRc<Point> {
        Rc::clone(&self.points).into()
    }

    /// A finger is at this place; it came down there where a stroke begins. Beyond the most points nothing is drawn.
    pub(crate) fn draw(&self, x: f32, y: f32, begin: bool) {
        let near = |(was_x, was_y): (f32, f32)| (x - was_x).hypot(y - was_y) < POINT_APART;
        let count = self.points.row_count();
        if count >= contract::STROKE_POINTS_MAX || (!begin && self.last.get().is_some_and(near)) {
            return;
        }
        if begin || count == 0 {
            self.begins.borrow_mut().push(count);
        }
        self.last.set(Some((x, y)));
        self.points.push(Point { x, y });
    }

    /// All of it is gone.
    pub(crate) fn wipe(&self) {
        self.points.clear();
        self.begins.borrow_mut().clear();
        self.last.set(None);
    }

    /// The last stroke is gone.
    pub(crate) fn undo(&self) {
        let Some(begin) = self.begins.borrow_mut().pop() else { return };
        while self.points.row_count() > begin {
            self.points.remove(self.points.row_count() - 1);
        }
        self.last.set(None);
    }

    /// What was drawn, as strokes of whole thousandths.
    pub(crate) fn strokes(&self) -> Strokes {
        let begins = self.begins.borrow();
        let mut strokes = Vec::with_capacity(begins.len());
        for (index, point) in self.points.iter().enumerate() {
            if begins.contains(&index) {
                strokes.push(Vec::new());
            }
            // Inside the field by the page's own check; a stray one is brought back to its edge.
            let place = |value: f32| value.clamp(0.0, 1_000.0) as u16;
            if let Some(stroke) = strokes.last_mut() {
                stroke.push((place(point.x), place(point.y)));
            }
        }
        Strokes(strokes)
    }
}

/// Strokes as points to be shown.
pub(crate) fn drawn(strokes: &Strokes) -> Vec<Point> {
    let points = strokes.0.iter().flatten();
    points.map(|(x, y)| Point { x: f32::from(*x), y: f32::from(*y) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_stroke_is_taken_back_and_the_one_before_stays() {
        let pen = Pen::default();
        for (x, begin) in [(10.0, true), (30.0, false), (60.0, true), (90.0, false)] {
            pen.draw(x, 5.0, begin);
        }
        pen.undo();
        assert_eq!(pen.strokes(), Strokes(vec![vec![(10, 5), (30, 5)]]));
        pen.undo();
        pen.undo();
        assert!(!pen.strokes().is_sound());
        pen.draw(1.0, 1.0, false);
        assert_eq!(pen.strokes(), Strokes(vec![vec![(1, 1)]]));
    }

    #[test]
    fn no_finger_draws_more_than_is_kept() {
        let pen = Pen::default();
        for at in 0..3_000_u16 {
            pen.draw(f32::from(at % 1_000), f32::from(at % 97) * 10.0, at % 50 == 0);
        }
        assert!(pen.strokes().is_sound());
    }
}
