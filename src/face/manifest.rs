// SPDX-License-Identifier: GPL-3.0-only
//! Which model files are accepted, and how each wants its pictures.
//!
//! The shipped list is `assets/models.toml`. A `models.toml` in a site's models directory replaces whole sections of
//! it; an unknown word in it is refused rather than skipped.

use std::path::{Path, PathBuf};

use ring::digest;

use crate::align::Placement;

/// Name of a site's own list, in its models directory.
pub const SITE_MANIFEST: &str = "models.toml";

const SHIPPED: &str = include_str!("../../assets/models.toml");
/// Raised when this crate prepares pictures otherwise, because older templates then no longer compare.
const PREPARATION: &str = "1";
/// Hexadecimal digits of a [`ModelHash`].
pub(crate) const MODEL_HASH_DIGITS: usize = 16;

/// The accepted models.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub detector: DetectorModel,
    pub embedder: EmbedderModel,
    #[serde(default)]
    pub liveness: Vec<LivenessModel>,
}

/// Finds faces; required.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetectorModel {
    pub name: String,
    /// SPDX expression of the weights' licence.
    pub licence: String,
    pub file: ModelFile,
    /// Width and height in pixels of a model of fixed shape, each a multiple of 32.
    pub sides: Option<(usize, usize)>,
}

/// Turns a face into numbers; required.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmbedderModel {
    pub name: String,
    /// SPDX expression of the weights' licence.
    pub licence: String,
    pub file: ModelFile,
    /// Width and height in pixels.
    pub side: usize,
    pub landmarks: Placement,
    pub channels: Channels,
    /// Subtracted from each value 0..255.
    #[serde(default)]
    pub mean: f32,
    /// Each value is divided by it, after the mean.
    #[serde(default = "one")]
    pub deviation: f32,
    /// The published form our file can be written from.
    pub openvino: Option<OpenVino>,
}

/// An OpenVINO network: structure and weights.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenVino {
    pub network: ModelFile,
    pub weights: ModelFile,
}

/// Tells a live face from a picture of one; optional.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LivenessModel {
    pub name: String,
    /// SPDX expression of the weights' licence.
    pub licence: String,
    pub file: ModelFile,
    /// How much more than the face box it wants to see.
    pub crop_scale: f32,
}

/// One file and the bytes accepted under its name.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    pub name: String,
    /// Accepted hashes in lower-case hexadecimal, the binding one first.
    pub sha256: Vec<String>,
    /// Address it is published at.
    pub upstream: Option<String>,
}

/// Order of the colour planes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channels {
    Bgr,
    Rgb,
}

impl Channels {
    /// For each plane, which of red, green, blue it holds.
    pub(crate) fn order(self) -> [usize; 3] {
        match self {
            Channels::Bgr => [2, 1, 0],
            Channels::Rgb => [0, 1, 2],
        }
    }
}

/// Names the pair of detector and embedder a score or template came from: scores of different pairs do not compare.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub struct ModelHash(String);

impl ModelHash {
    /// Sixteen hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ModelHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a list of models is not one.
#[derive(Debug, thiserror::Error)]
pub enum ManifestFault {
    #[error("read the list of models at {path}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("understand the list of models at {path}")]
    Parse { path: PathBuf, source: Box<toml::de::Error> },
    #[error("accept the list of models: {reason}")]
    Refused { reason: String },
}

impl Manifest {
    /// The list this release ships.
    pub fn shipped() -> Self {
        toml::from_str(SHIPPED).expect("the shipped list is read by a test")
    }

    /// The shipped list with the sections `dir`'s own list replaces, if it has one.
    ///
    /// # Errors
    /// The site's list cannot be read, is not TOML, has unknown words, or names no usable file, side or hash.
    pub fn of_dir(dir: &Path) -> Result<Self, ManifestFault> {
        let path = dir.join(SITE_MANIFEST);
        let site = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(Self::shipped()),
            Err(source) => return Err(ManifestFault::Read { path, source }),
        };
        Self::with_site(&site)
            .map_err(|source| ManifestFault::Parse { path, source: Box::new(source) })?
            .checked()
    }

    /// Every file, required ones first, each with whether it is required.
    pub fn files(&self) -> impl Iterator<Item = (&ModelFile, bool)> {
        let liveness = self.liveness.iter().map(|model| (&model.file, false));
        [(&self.detector.file, true), (&self.embedder.file, true)].into_iter().chain(liveness)
    }

    /// Names this pair of detector and embedder.
    pub fn model_hash(&self) -> ModelHash {
        let embedder = &self.embedder;
        let identity = format!(
            "{PREPARATION} {} {} {} {:?} {:?} {} {}",
            self.detector.file.binding(),
            embedder.file.binding(),
            embedder.side,
            embedder.landmarks,
            embedder.channels,
            embedder.mean,
            embedder.deviation
        );
        let mut digits = hex_sha256(identity.as_bytes());
        digits.truncate(MODEL_HASH_DIGITS);
        ModelHash(digits)
    }

    fn with_site(site: &str) -> Result<Self, toml::de::Error> {
        let mut sections: toml::Table = toml::from_str(SHIPPED)?;
        sections.extend(toml::from_str::<toml::Table>(site)?);
        sections.try_into()
    }

    fn checked(self) -> Result<Self, ManifestFault> {
        let refuse = |reason: String| Err(ManifestFault::Refused { reason });
        let sources =
            self.embedder.openvino.iter().flat_map(|openvino| [&openvino.network, &openvino.weights]);
        for file in self.files().map(|(file, _)| file).chain(sources) {
            let plain = !file.name.is_empty()
                && !file.name.starts_with('.')
                && !file.name.contains(['/', '\\', '\0']);
            if !plain {
                return refuse(format!("{:?} is no plain file name", file.name));
            }
            let hash =
                |hash: &String| hash.len() == 64 && hash.bytes().all(|digit| digit.is_ascii_hexdigit());
            if file.sha256.is_empty() || !file.sha256.iter().all(hash) {
                return refuse(format!("{} has no SHA-256 hash of 64 digits", file.name));
            }
        }
        let sides = self.detector.sides.unwrap_or((32, 32));
        let sides_fit = |side: usize| (32..=1280).contains(&side) && side.is_multiple_of(32);
        if !sides_fit(sides.0) || !sides_fit(sides.1) {
            return refuse(String::from("the detector's sides are no multiples of 32 up to 1280"));
        }
        if !(32..=512).contains(&self.embedder.side) {
            return refuse(String::from("the embedder's side is not between 32 and 512"));
        }
        if !self.embedder.mean.is_finite() || !self.embedder.deviation.is_normal() {
            return refuse(String::from("the embedder's mean or deviation is no usable number"));
        }
        if !self.liveness.iter().all(|model| (1.0..=8.0).contains(&model.crop_scale)) {
            return refuse(String::from("a liveness model's crop_scale is not between 1 and 8"));
        }
        Ok(self)
    }
}

impl ModelFile {
    /// Whether `bytes` are accepted under this name.
    ///
    /// # Errors
    /// The hash of `bytes`, in hexadecimal, when it is not among the accepted ones.
    pub fn check(&self, bytes: &[u8]) -> Result<(), String> {
        let found = hex_sha256(bytes);
        if self.sha256.iter().any(|hash| hash.eq_ignore_ascii_case(&found)) { Ok(()) } else { Err(found) }
    }

    fn binding(&self) -> &str {
        self.sha256.first().map_or("", String::as_str)
    }
}

fn hex_sha256(bytes: &[u8]) -> String {
    digest::digest(&digest::SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn one() -> f32 {
    1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_list_is_acceptable() {
        let manifest = Manifest::shipped().checked().unwrap();
        assert_eq!(manifest.liveness.len(), 2);
        assert_eq!(manifest.model_hash().as_str().len(), MODEL_HASH_DIGITS);
    }

    #[test]
    fn a_site_replaces_the_embedder_only_and_its_scores_get_another_name() {
        let site = r#"
            [embedder]
            name = "own"
            licence = "MIT"
            side = 112
            landmarks = "arcface"
            channels = "rgb"
            mean = 127.5
            deviation = 127.5
            file = { name = "own.onnx", sha256 = ["0000000000000000000000000000000000000000000000000000000000000000"] }
        "#;
        let manifest = Manifest::with_site(site).unwrap().checked().unwrap();
        assert_eq!(manifest.embedder.file.name, "own.onnx");
        assert_eq!(manifest.detector.file.name, Manifest::shipped().detector.file.name);
        assert_ne!(manifest.model_hash(), Manifest::shipped().model_hash());
    }

    #[test]
    fn an_unknown_word_or_a_path_as_name_is_refused() {
        assert!(Manifest::with_site("[detecter]\nname = \"x\"").is_err());
        let mut manifest = Manifest::shipped();
        manifest.detector.file.name = String::from("../x.onnx");
        assert!(matches!(manifest.checked(), Err(ManifestFault::Refused { .. })));
    }
}
