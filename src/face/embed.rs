// SPDX-License-Identifier: GPL-3.0-only
//! A face as numbers, and how alike two are.
//!
//! Embeddings have length one, are zeroed when dropped and show nothing of themselves in a log. Two of different
//! length come from different models and are never alike.

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    align::{self, Similarity},
    detect::Landmarks,
    models::Models,
    pixels::View,
    runtime::RuntimeFault,
};

/// Fewest and most numbers of an embedding, of all published models worth using.
pub(crate) const DIMENSIONS: std::ops::RangeInclusive<usize> = 16..=4096;

/// A face as numbers.
#[derive(Clone, PartialEq, Zeroize, ZeroizeOnDrop)]
pub struct Embedding(Vec<f32>);

impl Embedding {
    /// `values` brought to length one; `None` when they are too few or many, not finite, or all zero.
    pub fn normalised(mut values: Vec<f32>) -> Option<Self> {
        let length = values.iter().map(|value| value * value).sum::<f32>().sqrt();
        if !length.is_normal() || !DIMENSIONS.contains(&values.len()) {
            values.zeroize();
            return None;
        }
        values.iter_mut().for_each(|value| *value /= length);
        Some(Self(values))
    }

    /// Cosine of the angle between two embeddings: 1 for the same picture, around 0 for strangers, −1 when they come
    /// from different models.
    pub fn cosine(&self, other: &Self) -> f32 {
        if self.0.len() != other.0.len() {
            return -1.0;
        }
        self.0.iter().zip(&other.0).map(|(one, other)| one * other).sum()
    }

    /// The mean of several, brought to length one; `None` when there are none, they differ in length or cancel out.
    pub fn mean<'a>(embeddings: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let mut embeddings = embeddings.into_iter();
        let mut sum = embeddings.next()?.0.clone();
        for embedding in embeddings {
            if embedding.0.len() != sum.len() {
                sum.zeroize();
                return None;
            }
            sum.iter_mut().zip(&embedding.0).for_each(|(sum, value)| *sum += value);
        }
        Self::normalised(sum)
    }

    pub(crate) fn values(&self) -> &[f32] {
        &self.0
    }
}

impl std::fmt::Debug for Embedding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Embedding(redacted)")
    }
}

impl Models {
    /// The embedding of the face with these landmarks; `None` when they do not form a face.
    pub(crate) fn embed(
        &mut self,
        view: View<'_>,
        landmarks: &Landmarks,
    ) -> Result<Option<Embedding>, RuntimeFault> {
        let model = &self.embedder.model;
        let places = model.landmarks.landmarks(model.side);
        let Some(similarity) = Similarity::between(landmarks, &places) else {
            return Ok(None);
        };
        let normalise = |value: f32| (value - model.mean) / model.deviation;
        align::fill(view, &similarity, model.side, model.channels.order(), &mut self.planes, normalise);
        let outputs = self.embedder.network.run(&self.planes.values, model.side, model.side)?;
        Ok(outputs.into_iter().next().and_then(Embedding::normalised))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn embedding(first: f32, second: f32) -> Embedding {
        let mut values = vec![0.0; 16];
        values[..2].copy_from_slice(&[first, second]);
        Embedding::normalised(values).unwrap()
    }

    #[test]
    fn the_same_face_has_cosine_one_and_a_right_angle_none() {
        assert!((embedding(3.0, 4.0).cosine(&embedding(6.0, 8.0)) - 1.0).abs() < 1e-6);
        assert_eq!(embedding(1.0, 0.0).cosine(&embedding(0.0, 1.0)), 0.0);
    }

    #[test]
    fn the_mean_has_length_one() {
        let mean = Embedding::mean([&embedding(1.0, 0.0), &embedding(0.0, 1.0)]).unwrap();
        assert!((mean.cosine(&mean) - 1.0).abs() < 1e-6);
        assert!(Embedding::mean([&embedding(1.0, 0.0), &embedding(-1.0, 0.0)]).is_none());
    }

    #[test]
    fn numbers_that_are_no_direction_are_no_embedding() {
        assert!(Embedding::normalised(vec![0.0; 256]).is_none());
        assert!(Embedding::normalised(vec![f32::NAN; 256]).is_none());
        assert!(Embedding::normalised(vec![1.0; 3]).is_none());
    }

    #[test]
    fn a_log_shows_nothing_of_it() {
        assert_eq!(format!("{:?}", embedding(1.0, 2.0)), "Embedding(redacted)");
    }
}
