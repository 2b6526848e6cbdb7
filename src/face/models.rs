// SPDX-License-Identifier: GPL-3.0-only
//! Loads the models of a directory, each checked against its pinned hash before the engine reads it.
//!
//! Detector and embedder are required. The liveness models are optional: without them liveness is unknown, never
//! assumed. A missing file, a wrong hash and a file the engine cannot read are different errors, because IT fixes each
//! otherwise.

use std::path::{Path, PathBuf};

use crate::{
    manifest::{EmbedderModel, Manifest, ManifestFault, ModelFile, ModelHash},
    pixels::Planes,
    runtime::{FaceRuntime, Network, Rten, RuntimeFault},
};

/// Largest model file read, in bytes.
const MODEL_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Strides of YuNet's three heads.
const STRIDES: [usize; 3] = [8, 16, 32];

/// The loaded models and the memory they work in. Made once; each run needs it alone.
pub struct Models {
    pub(crate) detector: Detector,
    pub(crate) embedder: Embedder,
    pub(crate) liveness: Vec<Liveness>,
    pub(crate) planes: Planes,
    hash: ModelHash,
}

pub(crate) struct Detector {
    pub(crate) network: Box<dyn Network>,
    pub(crate) sides: Option<(usize, usize)>,
    pub(crate) heads: Vec<Heads>,
}

/// Places of one stride's answers among the network's outputs.
pub(crate) struct Heads {
    pub(crate) stride: usize,
    pub(crate) class: usize,
    pub(crate) object: usize,
    pub(crate) area: usize,
    pub(crate) points: usize,
}

pub(crate) struct Embedder {
    pub(crate) network: Box<dyn Network>,
    pub(crate) model: EmbedderModel,
}

pub(crate) struct Liveness {
    pub(crate) network: Box<dyn Network>,
    pub(crate) crop_scale: f32,
}

/// Why a directory's models cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelFault {
    #[error(transparent)]
    Manifest(#[from] ManifestFault),
    #[error("find the model {file} in {dir}")]
    Missing { file: String, dir: PathBuf },
    #[error("open the model {path}")]
    Open { path: PathBuf, source: std::io::Error },
    #[error("accept the model {path}: it is over {MODEL_BYTES_MAX} bytes")]
    TooBig { path: PathBuf },
    #[error("accept the model {path}: its SHA-256 is {found}, which is not pinned")]
    WrongHash { path: PathBuf, found: String },
    #[error("use the model {path}")]
    Corrupt { path: PathBuf, source: RuntimeFault },
}

impl Models {
    /// Loads the models of `dir` with one inference thread.
    ///
    /// # Errors
    /// See [`ModelFault`]. A liveness model that is absent is no error; one that is present but wrong is.
    pub fn load(dir: &Path) -> Result<Self, ModelFault> {
        Self::load_with(dir, &Rten::new(1))
    }

    /// Loads the models of `dir` into another engine.
    ///
    /// # Errors
    /// As [`Models::load`].
    pub fn load_with(dir: &Path, runtime: &dyn FaceRuntime) -> Result<Self, ModelFault> {
        let manifest = Manifest::of_dir(dir)?;
        let hash = manifest.model_hash();
        let detector = read_detector(dir, runtime, &manifest)?;
        let embedder =
            Embedder { network: read(dir, runtime, &manifest.embedder.file)?, model: manifest.embedder };
        let mut liveness = Vec::new();
        for model in &manifest.liveness {
            match read(dir, runtime, &model.file) {
                Ok(network) => liveness.push(Liveness { network, crop_scale: model.crop_scale }),
                Err(ModelFault::Missing { .. }) => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(Self { detector, embedder, liveness, planes: Planes::default(), hash })
    }

    /// Goes with each score and template, see [`ModelHash`].
    pub fn model_hash(&self) -> &ModelHash {
        &self.hash
    }

    /// Whether at least one liveness model is there.
    pub fn knows_liveness(&self) -> bool {
        !self.liveness.is_empty()
    }
}

fn read_detector(dir: &Path, runtime: &dyn FaceRuntime, manifest: &Manifest) -> Result<Detector, ModelFault> {
    let file = &manifest.detector.file;
    let network = read(dir, runtime, file)?;
    let place = |part: &str, stride: usize| {
        let name = format!("{part}_{stride}");
        network.outputs().iter().position(|output| *output == name).ok_or_else(|| ModelFault::Corrupt {
            path: dir.join(&file.name),
            source: RuntimeFault::Read { reason: format!("it has no output {name}, so it is no YuNet") },
        })
    };
    let heads = STRIDES
        .into_iter()
        .map(|stride| {
            Ok(Heads {
                stride,
                class: place("cls", stride)?,
                object: place("obj", stride)?,
                area: place("bbox", stride)?,
                points: place("kps", stride)?,
            })
        })
        .collect::<Result<_, ModelFault>>()?;
    Ok(Detector { network, sides: manifest.detector.sides, heads })
}

fn read(dir: &Path, runtime: &dyn FaceRuntime, file: &ModelFile) -> Result<Box<dyn Network>, ModelFault> {
    let path = dir.join(&file.name);
    let bytes = match std::fs::metadata(&path) {
        Ok(found) if found.len() > MODEL_BYTES_MAX => return Err(ModelFault::TooBig { path }),
        Ok(_) => std::fs::read(&path).map_err(|source| ModelFault::Open { path: path.clone(), source })?,
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => {
            return Err(ModelFault::Missing { file: file.name.clone(), dir: dir.to_path_buf() });
        }
        Err(source) => return Err(ModelFault::Open { path, source }),
    };
    if let Err(found) = file.check(&bytes) {
        return Err(ModelFault::WrongHash { path, found });
    }
    runtime.read(bytes).map_err(|source| ModelFault::Corrupt { path, source })
}
