// SPDX-License-Identifier: GPL-3.0-only
//! What the demo's kiosk sees with, and how it is told on the console. Neither camera nor models is a normal state.

use crate::demo::DemoError;
use crate::demo_cast::{self, Part};
use std::path::{Path, PathBuf};

/// The folder of a play's camera, in the demo's data.
const CAMERA: &str = "camera";

/// What the kiosk sees with.
pub(crate) struct Eyes {
    /// A folder of photos; else the first webcam.
    pub(crate) camera: Option<PathBuf>,
    pub(crate) models: Option<PathBuf>,
}

impl Eyes {
    /// What there is of the photos and models asked for. With people who play, the camera is a folder of its own under
    /// `data`, before which nobody stands but they.
    pub(crate) fn open(
        data: &Path,
        photos: Option<PathBuf>,
        models: Option<PathBuf>,
        parts: &[Part],
    ) -> Result<Self, DemoError> {
        let models = models.filter(|dir| dir.is_dir());
        let photos = match photos {
            Some(photos) if !parts.is_empty() => photos,
            camera => return Ok(Self { camera, models }),
        };
        let path = data.join(CAMERA);
        demo_cast::set_stage(&path, &photos, parts)
            .map_err(|source| DemoError::File { path: path.clone(), source })?;
        Ok(Self { camera: Some(path), models })
    }

    pub(crate) fn camera_words(&self) -> String {
        match &self.camera {
            Some(dir) => format!("the photos of {}", dir.display()),
            None if has_webcam() => "the first webcam".to_owned(),
            None => {
                "none here: roll call by PIN and the officer's check (--camera DIR takes photos)".to_owned()
            }
        }
    }

    pub(crate) fn models_words(&self) -> String {
        match &self.models {
            Some(dir) => dir.display().to_string(),
            None => "none here: roll call by PIN and the officer's check (`kioskctl models` fetches them)"
                .to_owned(),
        }
    }
}

fn has_webcam() -> bool {
    let devices = std::fs::read_dir("/dev").into_iter().flatten().flatten();
    devices.into_iter().any(|device| device.file_name().to_string_lossy().starts_with("video"))
}
