// SPDX-License-Identifier: GPL-3.0-only
//! One picture of the camera, in memory only: never written, zeroed when dropped.

use std::time::Duration;

use zeroize::Zeroize;

/// Longest side a camera may deliver, in pixels.
pub const FRAME_SIDE_MAX: u32 = 4096;

/// An RGB picture, 8 bits a channel, rows from the top, no padding.
#[derive(Clone)]
pub struct Frame {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
    /// Rises by at least one with each picture of a source; equal numbers are the same picture.
    pub seq: u64,
    /// When it was taken, on the monotonic clock of this boot.
    pub taken: Duration,
}

/// Why bytes are not a picture.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FrameError {
    #[error("accept a frame of {width}x{height} pixels")]
    Size { width: u32, height: u32 },
    #[error("accept {bytes} bytes as a frame of {width}x{height} pixels")]
    Length { width: u32, height: u32, bytes: usize },
}

impl Frame {
    /// Takes `rgb` as a picture.
    ///
    /// # Errors
    /// A side of zero or over [`FRAME_SIDE_MAX`], or a length other than width × height × 3.
    pub fn new(width: u32, height: u32, rgb: Vec<u8>, seq: u64, taken: Duration) -> Result<Self, FrameError> {
        let sides = 1..=FRAME_SIDE_MAX;
        if !sides.contains(&width) || !sides.contains(&height) {
            return Err(FrameError::Size { width, height });
        }
        if rgb.len() != width as usize * height as usize * 3 {
            return Err(FrameError::Length { width, height, bytes: rgb.len() });
        }
        Ok(Self { width, height, rgb, seq, taken })
    }

    pub fn width(&self) -> u32 {
        self.width
    }

    pub fn height(&self) -> u32 {
        self.height
    }

    /// The pixels, `width() * height() * 3` bytes.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        self.rgb.zeroize();
    }
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({}x{} #{})", self.width, self.height, self.seq)
    }
}

/// Why there is no picture. Every one of them is a normal state: roll call goes on by other ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CameraFault {
    /// No camera is configured or plugged in.
    #[error("find a camera")]
    Missing,
    /// It was there and is gone.
    #[error("reach the camera, it was unplugged")]
    Unplugged,
    /// No picture for a second.
    #[error("get a picture from the camera in time")]
    Stalled,
    /// The camera delivers something that is no picture.
    #[error("read the camera's picture")]
    Broken,
}

/// Where frames come from: the camera process, a folder of photos, a test.
pub trait FrameSource: Send {
    /// The newest picture, waiting at most `timeout` for one.
    ///
    /// # Errors
    /// [`CameraFault::Stalled`] when none came in time; the others as they say. The caller may ask again at once:
    /// a source recovers by itself.
    fn next(&mut self, timeout: Duration) -> Result<Frame, CameraFault>;

    /// Nobody looks for a while: a picture now and then is enough to see that the camera is well. A source may go on at
    /// full pace.
    fn rest(&mut self, _resting: bool) {}
}
