// SPDX-License-Identifier: GPL-3.0-only
//! Absurd frames, damaged photos and wrong model files: a clear answer, never a panic.

use std::{path::Path, time::Duration};

use device::Frame;
use proptest::prelude::*;

use crate::{
    FacePolicy, Gate, Look, Manifest, ManifestFault, ModelFault, Models, covered, detect,
    golden::{folder, models_and_photos},
    manifest::{ModelFile, SITE_MANIFEST},
    photo::{self, PhotoFault},
};

fn frame(width: u32, height: u32, colour: impl FnMut(usize) -> u8) -> Frame {
    let bytes = (0..width as usize * height as usize * 3).map(colour).collect();
    Frame::new(width, height, bytes, 1, Duration::ZERO).unwrap()
}

/// Noise that needs no random source: the high byte of a linear congruential generator.
fn noise(seed: u32) -> impl FnMut(usize) -> u8 {
    let mut state = seed;
    move |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    }
}

#[test]
fn a_covered_lens_is_told_from_a_dark_cell() {
    assert!(covered(&frame(640, 480, |_| 0)), "black");
    assert!(covered(&frame(640, 480, |_| 90)), "a hand: even and without contrast");
    assert!(covered(&frame(640, 480, |at| [3, 7][at % 2])), "black with noise");
    assert!(!covered(&frame(640, 480, |at| [20, 45][at / 3 % 640 / 320])), "dark, with a lamp on one side");
    assert!(!covered(&frame(640, 480, noise(1))));
}

#[test]
fn absurd_frames_are_looked_at_without_a_face_or_a_panic() {
    let Some((mut models, _)) = models_and_photos() else { return };
    let policy = FacePolicy::default();
    for (width, height) in [(1, 1), (1, 480), (4096, 16), (16, 4096), (31, 33), (640, 480), (641, 479)] {
        for look in [Look::Front, Look::Turned] {
            let seen = models.observe(&frame(width, height, noise(width)), look, &policy).unwrap();
            assert!(seen.embedding.is_none(), "{width}x{height}");
            let seen = models.observe(&frame(width, height, |_| 0), look, &policy).unwrap();
            assert_eq!(seen.gate, Some(Gate::Covered), "{width}x{height}");
        }
        models.acquire(&frame(width, height, noise(height))).unwrap();
    }
}

#[test]
fn noise_over_a_face_never_panics() {
    let Some((models, photos)) = models_and_photos() else { return };
    let models = std::cell::RefCell::new(models);
    let photo = photo::read(&photos.join("obama-1.jpg"), 320).unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(24));
    let cases = (any::<u32>(), 0_u8..=255, 1_usize..2000);
    runner
        .run(&cases, |(seed, share, stretch)| {
            let mut noise = noise(seed);
            let mut bytes = photo.rgb().to_vec();
            for (at, byte) in bytes.iter_mut().enumerate() {
                let value = noise(at);
                if (at / stretch).is_multiple_of(7) || value < share / 4 {
                    *byte = value;
                }
            }
            let frame = Frame::new(photo.width(), photo.height(), bytes, 1, Duration::ZERO).unwrap();
            let seen = models.borrow_mut().observe(&frame, Look::Turned, &FacePolicy::default()).unwrap();
            prop_assert_eq!(seen.gate.is_none(), seen.embedding.is_some());
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_truncated_photo_says_so() {
    let Some(photos) = folder("KIOSK_PHOTOS") else { return };
    let whole = std::fs::read(photos.join("obama-1.jpg")).unwrap();
    for kept in [whole.len() / 2, whole.len() - 2, 40, 2, 0] {
        let fault = photo::decode(&whole[..kept], 640).unwrap_err();
        assert!(matches!(fault, PhotoFault::Truncated | PhotoFault::Decode(_)), "{kept}: {fault}");
    }
    photo::decode(&whole, 640).unwrap();
}

#[test]
fn a_file_that_is_no_photo_or_too_large_a_picture_is_refused() {
    assert!(matches!(photo::decode(b"not a photo at all", 640), Err(PhotoFault::Decode(_))));
    assert!(matches!(photo::read(Path::new("/nowhere/x.jpg"), 640), Err(PhotoFault::Open { .. })));
    let wide = image::RgbImage::new(photo::PHOTO_SIDE_MAX + 1, 1);
    let mut png = std::io::Cursor::new(Vec::new());
    wide.write_to(&mut png, image::ImageFormat::Png).unwrap();
    assert!(matches!(photo::decode(png.get_ref(), 640), Err(PhotoFault::Decode(_))));
}

#[test]
fn a_grey_png_is_a_photo() {
    let grey = image::GrayImage::from_fn(50, 20, |x, _| image::Luma([x as u8]));
    let mut png = std::io::Cursor::new(Vec::new());
    grey.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let frame = photo::decode(png.get_ref(), 640).unwrap();
    assert_eq!((frame.width(), frame.height(), &frame.rgb()[3..9]), (50, 20, &[1, 1, 1, 2, 2, 2][..]));
}

fn copy(models: &Path, to: &Path, file: &ModelFile) {
    std::fs::copy(models.join(&file.name), to.join(&file.name)).unwrap();
}

#[test]
fn missing_wrong_and_corrupt_models_are_different_errors() {
    let Some(models) = folder("KIOSK_MODELS") else { return };
    let manifest = Manifest::shipped();
    let dir = tempfile::tempdir().unwrap();
    let load = || Models::load(dir.path()).map(|_| ());
    assert!(matches!(load(), Err(ModelFault::Missing { .. })));

    copy(&models, dir.path(), &manifest.detector.file);
    copy(&models, dir.path(), &manifest.embedder.file);
    load().unwrap();

    let embedder = dir.path().join(&manifest.embedder.file.name);
    let mut bytes = std::fs::read(&embedder).unwrap();
    bytes.truncate(bytes.len() / 2);
    std::fs::remove_file(&embedder).unwrap();
    std::fs::write(&embedder, &bytes).unwrap();
    assert!(matches!(load(), Err(ModelFault::WrongHash { .. })));

    let hash = bytes_hash(&bytes);
    let site = format!(
        "[embedder]\nname = \"half\"\nlicence = \"MIT\"\nside = 128\nlandmarks = \"arcface\"\nchannels = \"rgb\"\n\
         file = {{ name = \"{}\", sha256 = [\"{hash}\"] }}\n",
        manifest.embedder.file.name
    );
    std::fs::write(dir.path().join(SITE_MANIFEST), site).unwrap();
    assert!(matches!(load(), Err(ModelFault::Corrupt { .. })));

    std::fs::write(dir.path().join(SITE_MANIFEST), "[embedder]\nnome = 1\n").unwrap();
    assert!(matches!(load(), Err(ModelFault::Manifest(ManifestFault::Parse { .. }))));
}

#[test]
fn a_site_may_use_the_detector_in_a_fixed_shape() {
    let Some((mut free, photos)) = models_and_photos() else { return };
    let Some(models) = folder("KIOSK_MODELS") else { return };
    let dir = tempfile::tempdir().unwrap();
    copy(&models, dir.path(), &Manifest::shipped().embedder.file);
    let name = "yunet_2023mar_640x480.onnx";
    std::fs::copy(models.join(name), dir.path().join(name)).unwrap();
    let hash = bytes_hash(&std::fs::read(models.join(name)).unwrap());
    let site = format!(
        "[detector]\nname = \"fixed\"\nlicence = \"MIT\"\nsides = [640, 480]\n\
         file = {{ name = \"{name}\", sha256 = [\"{hash}\"] }}\n"
    );
    std::fs::write(dir.path().join(SITE_MANIFEST), site).unwrap();
    let mut fixed = Models::load(dir.path()).unwrap();
    assert_ne!(fixed.model_hash(), free.model_hash());
    let photo = photo::read(&photos.join("obama-1.jpg"), 480).unwrap();
    let find = |models: &mut Models| {
        detect::find(&models.detector, (&photo).into(), (640, 480), 0.6, &mut models.planes).unwrap()
    };
    let (fixed, free) = (find(&mut fixed), find(&mut free));
    assert_eq!((fixed.len(), free.len()), (1, 1));
    for (one, other) in fixed[0].landmarks.iter().zip(&free[0].landmarks) {
        assert!((one[0] - other[0]).hypot(one[1] - other[1]) < 0.5);
    }
}

#[test]
fn a_wrong_liveness_model_is_an_error_though_an_absent_one_is_none() {
    let Some(models) = folder("KIOSK_MODELS") else { return };
    let manifest = Manifest::shipped();
    let dir = tempfile::tempdir().unwrap();
    copy(&models, dir.path(), &manifest.detector.file);
    copy(&models, dir.path(), &manifest.embedder.file);
    assert!(!Models::load(dir.path()).unwrap().knows_liveness());
    std::fs::write(dir.path().join(&manifest.liveness[0].file.name), "not a model").unwrap();
    assert!(matches!(Models::load(dir.path()), Err(ModelFault::WrongHash { .. })));
}

fn bytes_hash(bytes: &[u8]) -> String {
    let hash = ring::digest::digest(&ring::digest::SHA256, bytes);
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
