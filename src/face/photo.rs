// SPDX-License-Identifier: GPL-3.0-only
//! Still photos for tools, tests and demonstrations: decoded within limits, turned upright, scaled down.
//!
//! JPEG and PNG. A truncated, oversized or foreign file is an error that names the file's fault, never a panic or a
//! half picture.

use std::{
    io::Cursor,
    path::{Path, PathBuf},
    time::Duration,
};

use device::{FRAME_SIDE_MAX, Frame, FrameError};
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageReader, Limits};

use crate::pixels::{self, Scaling, View};

/// Longest side decoded, in pixels.
pub const PHOTO_SIDE_MAX: u32 = 8192;
/// Largest file read, in bytes.
const PHOTO_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Memory a decoder may take: the longest sides at four bytes a pixel.
const DECODE_BYTES_MAX: u64 = 4 * (PHOTO_SIDE_MAX as u64) * (PHOTO_SIDE_MAX as u64);

/// Why a file is no photo.
#[derive(Debug, thiserror::Error)]
pub enum PhotoFault {
    #[error("open the photo {path}")]
    Open { path: PathBuf, source: std::io::Error },
    #[error("accept the photo: it is over {PHOTO_BYTES_MAX} bytes")]
    TooBig,
    #[error("decode the photo")]
    Decode(#[from] ImageError),
    #[error("decode the photo: it ends too early")]
    Truncated,
    #[error(transparent)]
    Frame(#[from] FrameError),
}

/// Reads the photo at `path`, scaled down so that no side is over `side_max` (at most [`FRAME_SIDE_MAX`]).
///
/// # Errors
/// See [`PhotoFault`].
pub fn read(path: &Path, side_max: u32) -> Result<Frame, PhotoFault> {
    let open = |source| PhotoFault::Open { path: path.to_path_buf(), source };
    if std::fs::metadata(path).map_err(open)?.len() > PHOTO_BYTES_MAX {
        return Err(PhotoFault::TooBig);
    }
    decode(&std::fs::read(path).map_err(open)?, side_max)
}

/// Decodes a photo as [`read`] does.
///
/// # Errors
/// See [`PhotoFault`].
pub fn decode(bytes: &[u8], side_max: u32) -> Result<Frame, PhotoFault> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(ImageError::from)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(PHOTO_SIDE_MAX);
    limits.max_image_height = Some(PHOTO_SIDE_MAX);
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    reader.limits(limits);
    if reader.format() == Some(image::ImageFormat::Jpeg) && !has_jpeg_end(bytes) {
        return Err(PhotoFault::Truncated);
    }
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    let picture = picture.into_rgb8();
    let (width, height) = picture.dimensions();
    let view = View { width: width as usize, height: height as usize, rgb: picture.as_raw() };
    scaled_to(view, side_max)
}

/// `frame` scaled down so that its longer side is `side_max`, averaging over areas; a smaller one stays as it is.
pub fn shrunk(frame: &Frame, side_max: u32) -> Frame {
    scaled_to(frame.into(), side_max).unwrap_or_else(|_| frame.clone())
}

fn scaled_to(view: View<'_>, side_max: u32) -> Result<Frame, PhotoFault> {
    let side_max = side_max.clamp(1, FRAME_SIDE_MAX) as usize;
    let scaling = Scaling::within(view, side_max, side_max);
    let same = (scaling.width, scaling.height) == (view.width, view.height);
    let rgb = if same { view.rgb.to_vec() } else { pixels::scaled(view, scaling) };
    Ok(Frame::new(scaling.width as u32, scaling.height as u32, rgb, 0, Duration::ZERO)?)
}

/// Whether the end mark follows the picture data. A decoder fills a missing rest with grey, so it is looked for here,
/// past the header, which may hold a whole small preview.
fn has_jpeg_end(bytes: &[u8]) -> bool {
    const START_OF_SCAN: u8 = 0xda;
    const PADDING: u8 = 0xff;
    let mut at = 2;
    while let Some(&[0xff, mark, high, low]) = bytes.get(at..at + 4) {
        match mark {
            START_OF_SCAN => return bytes[at..].windows(2).any(|mark| mark == [0xff, 0xd9]),
            PADDING => at += 1,
            _ => at += 2 + usize::from(u16::from_be_bytes([high, low])),
        }
    }
    false
}
