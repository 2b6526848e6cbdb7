// SPDX-License-Identifier: GPL-3.0-only
//! A folder of photos, read one at a time.
//!
//! Photos are the `.jpg`, `.jpeg` and `.png` files of one folder in the order of their names. A photo that is
//! truncated, absurdly large or no picture is left out with a warning that does not name it: file names may be names
//! of people.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use image::{DynamicImage, ImageDecoder, ImageReader, Limits, RgbImage};

/// Most photos taken of a folder; the rest is not looked at.
pub const PHOTOS_MAX: usize = 4096;
/// Longest file read as a photo, in bytes.
pub const PHOTO_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Longest side of a photo, in pixels.
pub const PHOTO_SIDE_MAX: u32 = 10_000;
/// Most memory one photo may take while it is decoded, in bytes.
const DECODE_BYTES_MAX: u64 = 400 * 1024 * 1024;

/// Why a folder is no camera.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("list the folder of photos")]
    List(#[source] std::io::Error),
    #[error("find one usable photo among {tried} in the folder")]
    NoneUsable { tried: usize },
}

/// Why one file is no photo. Never carries the file's name.
#[derive(Debug, thiserror::Error)]
enum PhotoError {
    #[error("read the file")]
    Read(#[from] std::io::Error),
    #[error("accept a file of {0} bytes")]
    Length(u64),
    #[error("find the end of the picture")]
    Truncated,
    #[error("decode the picture")]
    Decode(#[from] image::ImageError),
}

pub(super) struct Folder {
    files: Vec<PathBuf>,
}

impl Folder {
    pub(super) fn open(dir: &Path) -> Result<Self, FolderError> {
        let mut files = Vec::new();
        for entry in fs::read_dir(dir).map_err(FolderError::List)? {
            let path = entry.map_err(FolderError::List)?.path();
            if is_photo_name(&path) && path.is_file() {
                files.push(path);
            }
        }
        files.sort();
        files.truncate(PHOTOS_MAX);
        Ok(Self { files })
    }

    pub(super) fn len(&self) -> usize {
        self.files.len()
    }

    /// The file called `name`, with or without its ending, else the first whose name begins with it.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let file_name = |path: &PathBuf| path.file_name().map(|n| n.to_string_lossy().into_owned());
        let stem = |path: &PathBuf| path.file_stem().map(|n| n.to_string_lossy().into_owned());
        let position = |f: &dyn Fn(&PathBuf) -> bool| self.files.iter().position(f);
        if name.is_empty() {
            return None;
        }
        position(&|p| file_name(p).is_some_and(|n| n == name))
            .or_else(|| position(&|p| stem(p).is_some_and(|n| n == name)))
            .or_else(|| position(&|p| file_name(p).is_some_and(|n| n.starts_with(name))))
    }

    /// The photo at `index`, upright; nothing, with a warning, when it is unusable.
    pub(super) fn load(&self, index: usize) -> Option<RgbImage> {
        match decode(self.files.get(index)?) {
            Ok(photo) => Some(photo),
            Err(error) => {
                tracing::warn!(index, error = &error as &dyn std::error::Error, "photo left out");
                None
            }
        }
    }
}

fn is_photo_name(path: &Path) -> bool {
    let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    ending.is_some_and(|e| ["jpg", "jpeg", "png"].contains(&e.as_str()))
}

fn decode(path: &Path) -> Result<RgbImage, PhotoError> {
    let length = fs::metadata(path)?.len();
    if length > PHOTO_BYTES_MAX {
        return Err(PhotoError::Length(length));
    }
    let bytes = fs::read(path)?;
    if is_cut_jpeg(&bytes) {
        return Err(PhotoError::Truncated);
    }
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(PHOTO_SIDE_MAX);
    limits.max_image_height = Some(PHOTO_SIDE_MAX);
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let upright = decoder.orientation()?;
    let mut photo = DynamicImage::from_decoder(decoder)?;
    photo.apply_orientation(upright);
    Ok(photo.to_rgb8())
}

/// The decoder fills a cut JPEG up with grey; such a picture must not pass for a face's.
fn is_cut_jpeg(bytes: &[u8]) -> bool {
    let last = |marker: [u8; 2]| bytes.windows(2).rposition(|pair| pair == marker);
    bytes.starts_with(&[0xff, 0xd8])
        && match (last([0xff, 0xda]), last([0xff, 0xd9])) {
            (Some(scan), Some(end)) => end < scan,
            (None, _) | (_, None) => true,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_of(files: &[(&str, &[u8])]) -> (tempfile::TempDir, Folder) {
        let dir = tempfile::tempdir().expect("a folder");
        for (name, bytes) in files {
            fs::write(dir.path().join(name), bytes).expect("a file");
        }
        let folder = Folder::open(dir.path()).expect("the folder");
        (dir, folder)
    }

    fn encoded(format: image::ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let photo = RgbImage::from_fn(64, 48, |x, y| image::Rgb([x as u8 * 3, y as u8 * 5, (x ^ y) as u8]));
        DynamicImage::ImageRgb8(photo).write_to(&mut bytes, format).expect("encodes");
        bytes.into_inner()
    }

    #[test]
    fn photos_are_found_by_name_or_by_how_it_begins() {
        let (_dir, folder) =
            folder_of(&[("b-1.jpg", b""), ("a-10.png", b""), ("a-1.JPEG", b""), ("notes.txt", b"")]);
        assert_eq!(folder.len(), 3);
        assert_eq!(folder.find("a-1"), Some(0));
        assert_eq!(folder.find("a-10.png"), Some(1));
        assert_eq!(folder.find("b"), Some(2));
        assert_eq!(folder.find("notes"), None);
        assert_eq!(folder.find(""), None);
    }

    #[test]
    fn whole_photos_load() {
        let (jpeg, png) = (encoded(image::ImageFormat::Jpeg), encoded(image::ImageFormat::Png));
        let (_dir, folder) = folder_of(&[("a.jpg", &jpeg), ("b.png", &png)]);
        for index in 0..2 {
            assert_eq!(folder.load(index).expect("a photo").dimensions(), (64, 48));
        }
    }

    #[test]
    fn truncated_photos_are_left_out() {
        let (jpeg, png) = (encoded(image::ImageFormat::Jpeg), encoded(image::ImageFormat::Png));
        for keep in [0, 3, 20, jpeg.len() / 2, jpeg.len() - 2] {
            let (_dir, folder) = folder_of(&[("a.jpg", &jpeg[..keep])]);
            assert!(folder.load(0).is_none(), "{keep} bytes of a JPEG passed");
        }
        for keep in [0, 3, 20, png.len() / 2] {
            let (_dir, folder) = folder_of(&[("a.png", &png[..keep])]);
            assert!(folder.load(0).is_none(), "{keep} bytes of a PNG passed");
        }
    }

    #[test]
    fn a_picture_that_claims_an_absurd_size_is_left_out() {
        let mut png = encoded(image::ImageFormat::Png);
        png[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
        let (_dir, folder) = folder_of(&[("a.png", &png)]);
        assert!(folder.load(0).is_none());
    }
}
