// SPDX-License-Identifier: GPL-3.0-only
//! A Video4Linux camera through nokhwa.
//!
//! Waits for a frame as long as the driver does, for ever if need be: only for a process that can be killed. Asks for
//! 640×480 uncompressed, then for motion JPEG, then takes what there is.

use std::borrow::Cow;
use std::path::PathBuf;

use device::{CameraFault, Frame, since_boot};
use nokhwa::utils::{
    ApiBackend, CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType, Resolution,
};
use nokhwa::{Camera, NokhwaError};

use super::pixels::{NoPicture, rgb_of_jpeg, rgb_of_yuyv};

const WIDTH: u32 = 640;
const HEIGHT: u32 = 480;
const FRAMES_PER_S: u32 = 30;
/// Most devices looked at.
const DEVICES_MAX: usize = 32;
/// Bad pictures in a row after which a camera counts as broken; single ones are common with motion JPEG.
const BAD_PICTURES_MAX: u32 = 15;
/// What is understood, best first: uncompressed has no artefacts.
const FORMATS: [FrameFormat; 2] = [FrameFormat::YUYV, FrameFormat::MJPEG];

pub(super) struct V4lCamera {
    camera: Camera,
    index: u32,
    seq: u64,
}

impl V4lCamera {
    /// Opens `/dev/video` with number `index`, or the first that delivers pictures.
    ///
    /// # Errors
    /// [`CameraFault::Missing`] without a device, [`CameraFault::Broken`] when none can be used.
    pub(super) fn open(index: Option<u32>) -> Result<Self, CameraFault> {
        let candidates = match index {
            Some(index) => vec![index],
            None => indices(),
        };
        let present: Vec<u32> = candidates.into_iter().filter(|&index| node(index).exists()).collect();
        if present.is_empty() {
            return Err(CameraFault::Missing);
        }
        present.into_iter().find_map(Self::open_one).ok_or(CameraFault::Broken)
    }

    fn open_one(index: u32) -> Option<Self> {
        let closest = |format| CameraFormat::new(Resolution::new(WIDTH, HEIGHT), format, FRAMES_PER_S);
        let wishes = FORMATS
            .map(|format| RequestedFormatType::Closest(closest(format)))
            .into_iter()
            .chain([RequestedFormatType::None]);
        for wish in wishes {
            match start(index, wish) {
                Ok(camera) => return Some(Self { camera, index, seq: 0 }),
                Err(error) => tracing::debug!(index, %error, "camera refused a format"),
            }
        }
        None
    }

    /// The next picture, when the driver has one.
    pub(super) fn next(&mut self) -> Result<Frame, CameraFault> {
        for _ in 0..BAD_PICTURES_MAX {
            if let Some(frame) = self.read()? {
                return Ok(frame);
            }
        }
        Err(CameraFault::Broken)
    }

    /// Takes a picture from the driver and looks at nothing of it.
    pub(super) fn skip(&mut self) -> Result<(), CameraFault> {
        self.raw().map(drop)
    }

    /// One frame from the driver; nothing when it was no picture.
    fn read(&mut self) -> Result<Option<Frame>, CameraFault> {
        let format = self.camera.camera_format();
        let (width, height) = (format.width(), format.height());
        let bytes = self.raw()?;
        let rgb = match format.format() {
            FrameFormat::YUYV => rgb_of_yuyv(&bytes, width, height),
            FrameFormat::MJPEG => rgb_of_jpeg(&bytes, width, height),
            FrameFormat::NV12 | FrameFormat::GRAY | FrameFormat::RAWRGB | FrameFormat::RAWBGR => {
                Err(NoPicture)
            }
        };
        self.seq += 1;
        Ok(rgb.ok().and_then(|rgb| Frame::new(width, height, rgb, self.seq, since_boot()).ok()))
    }

    fn raw(&mut self) -> Result<Cow<'_, [u8]>, CameraFault> {
        let index = self.index;
        self.camera.frame_raw().map_err(|error| {
            tracing::debug!(index, %error, "camera delivered no frame");
            if node(index).exists() { CameraFault::Broken } else { CameraFault::Unplugged }
        })
    }
}

fn start(index: u32, wish: RequestedFormatType) -> Result<Camera, NokhwaError> {
    let mut camera = Camera::new(CameraIndex::Index(index), RequestedFormat::with_formats(wish, &FORMATS))?;
    camera.open_stream()?;
    Ok(camera)
}

fn indices() -> Vec<u32> {
    let found = nokhwa::query(ApiBackend::Video4Linux).unwrap_or_default();
    let mut indices: Vec<u32> = found.iter().filter_map(|info| info.index().as_index().ok()).collect();
    indices.sort_unstable();
    indices.truncate(DEVICES_MAX);
    indices
}

fn node(index: u32) -> PathBuf {
    PathBuf::from(format!("/dev/video{index}"))
}
