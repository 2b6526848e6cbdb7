// SPDX-License-Identifier: GPL-3.0-only
//! Our numbers against those of a reference pipeline (OpenCV and ONNX Runtime), on photos kept outside the tree.

use std::path::{Path, PathBuf};

use device::Frame;

use crate::{
    detect::{self, Face},
    embed::Embedding,
    models::Models,
    photo,
    pixels::View,
};

/// Longer side the reference pipeline detected at, in pixels, and the scores it kept.
const GOLDEN_SIDE: u32 = 640;
const GOLDEN_SCORE_MIN: f32 = 0.6;
/// Landmarks may differ by this much of the picture the detector saw, in pixels.
const LANDMARK_PX_MAX: f32 = 0.5;
const COSINE_MIN: f32 = 0.999;
const LIVENESS_MAX: f32 = 0.01;

#[derive(serde::Deserialize)]
struct Golden {
    photos: Vec<GoldenPhoto>,
    pad: Vec<GoldenSample>,
}

#[derive(serde::Deserialize)]
struct GoldenPhoto {
    file: String,
    faces: Vec<GoldenFace>,
    #[serde(default)]
    embedding: Vec<f32>,
}

#[derive(serde::Deserialize)]
struct GoldenFace {
    score: f32,
    landmarks: [[f32; 2]; 5],
}

#[derive(serde::Deserialize)]
struct GoldenSample {
    file: String,
    v2: [f32; 3],
    v1se: [f32; 3],
}

/// The folder an environment variable names; without it the test is skipped aloud, except where it is required.
pub(crate) fn folder(variable: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(variable).map(PathBuf::from);
    if folder.is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{variable} is required where CI is true");
        eprintln!("skipped: {variable} is not set");
    }
    folder
}

pub(crate) fn models_and_photos() -> Option<(Models, PathBuf)> {
    let (models, photos) = (folder("KIOSK_MODELS")?, folder("KIOSK_PHOTOS")?);
    Some((Models::load(&models).unwrap(), photos))
}

fn golden(photos: &Path) -> Golden {
    serde_json::from_slice(&std::fs::read(photos.join("golden.json")).unwrap()).unwrap()
}

fn found(models: &mut Models, frame: &Frame) -> Vec<Face> {
    let fit = (frame.width() as usize, frame.height() as usize);
    detect::find(&models.detector, frame.into(), fit, GOLDEN_SCORE_MIN, &mut models.planes).unwrap()
}

fn largest(faces: &[Face]) -> &Face {
    faces.iter().max_by(|one, other| one.area.size().total_cmp(&other.area.size())).unwrap()
}

/// Farthest landmark of the nearest found face, in pixels of the picture the detector saw.
fn farthest(faces: &[Face], golden: &GoldenFace, scale: f32) -> f32 {
    let of = |face: &Face| {
        let pairs = face.landmarks.iter().zip(&golden.landmarks);
        pairs
            .map(|(ours, theirs)| (ours[0] - theirs[0] * scale).hypot(ours[1] - theirs[1] * scale))
            .fold(0.0, f32::max)
    };
    faces.iter().map(of).fold(f32::INFINITY, f32::min)
}

#[test]
fn every_reference_face_is_found_in_its_place_with_its_embedding() {
    let Some((mut models, photos)) = models_and_photos() else { return };
    for golden in golden(&photos).photos {
        let full = photo::read(&photos.join(&golden.file), device::FRAME_SIDE_MAX).unwrap();
        let frame = photo::shrunk(&full, GOLDEN_SIDE);
        let scale = frame.width().max(frame.height()) as f32 / full.width().max(full.height()) as f32;
        let faces = found(&mut models, &frame);
        assert_eq!(faces.len(), golden.faces.len(), "{}", golden.file);
        for face in &golden.faces {
            let distance = farthest(&faces, face, scale);
            assert!(distance <= LANDMARK_PX_MAX, "{}: {distance} px at score {}", golden.file, face.score);
        }
        if let Some(reference) = Embedding::normalised(golden.embedding) {
            let ours = models.embed((&frame).into(), &largest(&faces).landmarks).unwrap().unwrap();
            let cosine = ours.cosine(&reference);
            assert!(cosine >= COSINE_MIN, "{}: cosine {cosine}", golden.file);
        }
    }
}

/// Our live share of a sample, and the reference's.
fn live_share(models: &mut Models, photos: &Path, sample: &str) -> (f32, f32) {
    let golden = golden(photos).pad.into_iter().find(|golden| golden.file.contains(sample)).unwrap();
    let frame = photo::read(&photos.join(&golden.file), GOLDEN_SIDE).unwrap();
    let face = *largest(&found(models, &frame));
    let ours = models.liveness(View::from(&frame), &face.area).unwrap().unwrap();
    (ours, (golden.v2[1] + golden.v1se[1]) / 2.0)
}

#[test]
fn live_sample_t1_stays_live_because_planes_are_not_divided_by_255() {
    let Some((mut models, photos)) = models_and_photos() else { return };
    let (ours, reference) = live_share(&mut models, &photos, "T1");
    assert!((ours - reference).abs() <= LIVENESS_MAX && ours > 0.99, "{ours} against {reference}");
}

#[test]
fn fake_sample_f1_stays_fake_because_planes_are_bgr() {
    let Some((mut models, photos)) = models_and_photos() else { return };
    let (ours, reference) = live_share(&mut models, &photos, "F1");
    assert!((ours - reference).abs() <= LIVENESS_MAX && ours < 0.3, "{ours} against {reference}");
}

#[test]
fn fake_sample_f2_stays_fake_because_planes_are_bgr() {
    let Some((mut models, photos)) = models_and_photos() else { return };
    let (ours, reference) = live_share(&mut models, &photos, "F2");
    assert!((ours - reference).abs() <= LIVENESS_MAX && ours < 0.1, "{ours} against {reference}");
}

#[test]
fn a_tight_small_crop_and_one_on_its_side_are_acquired() {
    let Some((mut models, photos)) = models_and_photos() else { return };
    let tight = photo::read(&photos.join("john_simm-000304_00470122.jpg"), 4096).unwrap();
    let upright = models.acquire(&tight).unwrap().unwrap();
    let (side, rgb) = (tight.width() as usize, tight.rgb());
    let lying: Vec<u8> = (0..side)
        .flat_map(|x| (0..tight.height() as usize).rev().map(move |y| (y * side + x) * 3))
        .flat_map(|at| [rgb[at], rgb[at + 1], rgb[at + 2]])
        .collect();
    let lying = Frame::new(tight.height(), tight.width(), lying, 0, tight.taken).unwrap();
    let turned = models.acquire(&lying).unwrap().unwrap();
    let cosine = upright.embedding.cosine(&turned.embedding);
    assert!(cosine > 0.9, "cosine {cosine} {turned:?} {upright:?}");
}
