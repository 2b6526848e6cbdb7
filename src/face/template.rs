// SPDX-License-Identifier: GPL-3.0-only
//! What is kept of a person's face: the embeddings of an enrolment, as bytes to be encrypted by the store.
//!
//! Bytes carry a version and the model they came from; those of another model are refused, because their cosines mean
//! nothing. Memory is zeroed when dropped, and nothing shows in a log. This is no picture and cannot be turned into
//! the one it came from, but it identifies a person and is handled as such.

use zeroize::Zeroizing;

use crate::{
    embed::{DIMENSIONS, Embedding},
    manifest::{MODEL_HASH_DIGITS, ModelHash},
};

/// First byte of the stored form.
const VERSION: u8 = 1;
/// Most embeddings in one template.
pub const TEMPLATE_VIEWS_MAX: usize = 8;
/// Version, model hash, number of views, numbers of each.
const HEADER_BYTES: usize = 1 + MODEL_HASH_DIGITS + 1 + 2;

/// A person's enrolled face.
#[derive(Clone, Debug)]
pub struct Template {
    model: ModelHash,
    views: Vec<Embedding>,
    mean: Embedding,
}

/// Why bytes are no template for the loaded models.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateFault {
    #[error("use the face template: it was made with the models {made_with}, the loaded ones are {loaded}")]
    OtherModels { made_with: String, loaded: ModelHash },
    #[error("read the face template: version {version} is not known")]
    Version { version: u8 },
    #[error("read the face template: it is damaged")]
    Damaged,
}

impl Template {
    /// A template of `views`, each an embedding of `model`; `None` when there are none, too many, or they have no mean.
    pub fn new(model: &ModelHash, views: Vec<Embedding>) -> Option<Self> {
        if views.len() > TEMPLATE_VIEWS_MAX {
            return None;
        }
        let mean = Embedding::mean(&views)?;
        Some(Self { model: model.clone(), views, mean })
    }

    /// The views' mean brought to length one: what a frame is compared to.
    pub fn mean(&self) -> &Embedding {
        &self.mean
    }

    /// The single embeddings.
    pub fn views(&self) -> &[Embedding] {
        &self.views
    }

    /// The models it was made with.
    pub fn model(&self) -> &ModelHash {
        &self.model
    }

    /// The bytes to store, zeroed when dropped.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let dimensions = self.mean.values().len();
        let mut bytes = Zeroizing::new(Vec::with_capacity(
            HEADER_BYTES + self.views.len() * dimensions * size_of::<f32>(),
        ));
        bytes.push(VERSION);
        bytes.extend_from_slice(self.model.as_str().as_bytes());
        bytes.push(self.views.len() as u8);
        bytes.extend_from_slice(&(dimensions as u16).to_le_bytes());
        for value in self.views.iter().flat_map(Embedding::values) {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        bytes
    }

    /// Reads stored bytes for use with `loaded` models.
    ///
    /// # Errors
    /// See [`TemplateFault`].
    pub fn decode(bytes: &[u8], loaded: &ModelHash) -> Result<Self, TemplateFault> {
        let damaged = TemplateFault::Damaged;
        match bytes.first() {
            Some(&VERSION) => {}
            Some(&version) => return Err(TemplateFault::Version { version }),
            None => return Err(damaged),
        }
        let Some((header, values)) = bytes.split_at_checked(HEADER_BYTES) else {
            return Err(damaged);
        };
        let (made_with, sizes) = header[1..].split_at(MODEL_HASH_DIGITS);
        if made_with != loaded.as_str().as_bytes() {
            let hexadecimal = made_with.iter().all(u8::is_ascii_hexdigit);
            let made_with = String::from_utf8_lossy(made_with).into_owned();
            return Err(if hexadecimal {
                TemplateFault::OtherModels { made_with, loaded: loaded.clone() }
            } else {
                damaged
            });
        }
        let (views, dimensions) =
            (usize::from(sizes[0]), usize::from(u16::from_le_bytes([sizes[1], sizes[2]])));
        let whole = values.len() == views * dimensions * size_of::<f32>();
        if !whole || !DIMENSIONS.contains(&dimensions) || views == 0 {
            return Err(damaged);
        }
        let views: Option<Vec<Embedding>> = values
            .chunks_exact(dimensions * size_of::<f32>())
            .map(|view| {
                let values = view.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
                Embedding::normalised(values.collect())
            })
            .collect();
        views.and_then(|views| Self::new(loaded, views)).ok_or(damaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Manifest;
    use proptest::prelude::*;

    fn template() -> Template {
        let view =
            |seed: f32| Embedding::normalised((0..256).map(|at| (at as f32 * seed).sin()).collect()).unwrap();
        Template::new(&Manifest::shipped().model_hash(), vec![view(0.3), view(0.31), view(0.32)]).unwrap()
    }

    #[test]
    fn a_stored_template_comes_back_as_it_was() {
        let template = template();
        let back = Template::decode(&template.encode(), template.model()).unwrap();
        assert_eq!(back.views().len(), 3);
        assert!(back.mean().cosine(template.mean()) > 0.999_999);
    }

    #[test]
    fn a_template_of_other_models_is_refused_by_name() {
        let mut manifest = Manifest::shipped();
        manifest.embedder.file.sha256 = vec!["0".repeat(64)];
        let other = manifest.model_hash();
        let fault = Template::decode(&template().encode(), &other).unwrap_err();
        let made_with = Manifest::shipped().model_hash().to_string();
        assert_eq!(fault, TemplateFault::OtherModels { made_with, loaded: other });
    }

    #[test]
    fn a_later_version_is_told_from_damage() {
        let mut bytes = template().encode();
        bytes[0] = 9;
        assert_eq!(
            Template::decode(&bytes, template().model()).unwrap_err(),
            TemplateFault::Version { version: 9 }
        );
        bytes[0] = VERSION;
        bytes.pop();
        assert_eq!(Template::decode(&bytes, template().model()).unwrap_err(), TemplateFault::Damaged);
    }

    #[test]
    fn a_log_shows_nothing_of_it() {
        assert!(!format!("{:?}", template()).contains("0."));
    }

    proptest! {
        #[test]
        fn foreign_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = Template::decode(&bytes, &Manifest::shipped().model_hash());
        }
    }
}
