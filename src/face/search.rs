// SPDX-License-Identifier: GPL-3.0-only
//! Whom of several a face is most like.

use crate::{embed::Embedding, policy::FacePolicy};

/// The most alike of several.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Place among those searched.
    pub index: usize,
    /// Cosine to it.
    pub score: f32,
    /// How far it is ahead of the second; 2, the most there is, where there is no second.
    pub margin: f32,
}

impl Candidate {
    /// The most alike of `enrolled`; `None` when there is nobody.
    pub fn nearest<'a>(enrolled: impl IntoIterator<Item = &'a Embedding>, face: &Embedding) -> Option<Self> {
        let mut nearest: Option<Self> = None;
        for (index, score) in enrolled.into_iter().map(|one| one.cosine(face)).enumerate() {
            nearest = Some(match nearest {
                None => Self { index, score, margin: 2.0 },
                Some(before) if score > before.score => Self { index, score, margin: score - before.score },
                Some(before) => Self { margin: before.margin.min(before.score - score), ..before },
            });
        }
        nearest
    }

    /// Whether it may be named among a roster: like enough, and clearly more than anyone else.
    pub fn is_identified(&self, policy: &FacePolicy) -> bool {
        self.score >= policy.match_min && self.margin >= policy.margin_min
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(degrees: f32) -> Embedding {
        let mut values = vec![0.0; 16];
        (values[0], values[1]) = (degrees.to_radians().cos(), degrees.to_radians().sin());
        Embedding::normalised(values).unwrap()
    }

    #[test]
    fn the_margin_is_to_the_second_wherever_it_stands() {
        for enrolled in [[10.0, 40.0, 80.0], [40.0, 80.0, 10.0], [80.0, 10.0, 40.0], [40.0, 10.0, 80.0]] {
            let nearest = Candidate::nearest(&enrolled.map(at), &at(0.0)).unwrap();
            assert_eq!(enrolled[nearest.index], 10.0);
            let margin = 10_f32.to_radians().cos() - 40_f32.to_radians().cos();
            assert!((nearest.margin - margin).abs() < 1e-5);
        }
    }

    #[test]
    fn two_alike_are_never_identified() {
        let nearest = Candidate::nearest(&[at(5.0), at(6.0)], &at(0.0)).unwrap();
        assert!(!nearest.is_identified(&FacePolicy::default()));
        assert!(Candidate::nearest(&[at(5.0)], &at(0.0)).unwrap().is_identified(&FacePolicy::default()));
        assert!(Candidate::nearest(&[], &at(0.0)).is_none());
    }
}
