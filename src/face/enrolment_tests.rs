// SPDX-License-Identifier: GPL-3.0-only

use super::*;
use crate::{manifest::Manifest, quality::Light};

fn face(towards: usize, degrees: f32) -> Embedding {
    let mut values = vec![0.0; 16];
    values[0] = degrees.to_radians().cos();
    values[towards] = degrees.to_radians().sin();
    Embedding::normalised(values).unwrap()
}

fn model() -> ModelHash {
    Manifest::shipped().model_hash()
}

fn other(face: Embedding) -> Template {
    Template::new(&model(), vec![face]).unwrap()
}

struct Camera {
    enrolment: Enrolment,
    seq: u64,
}

impl Camera {
    fn new(others: &[Template]) -> Self {
        Self { enrolment: Enrolment::new(FacePolicy::default(), &model(), others), seq: 0 }
    }

    fn shows(&mut self, yaw: f32, embedding: Embedding, sharpness: f32) -> EnrolmentProgress {
        self.seq += 1;
        let light = Light { luma: 120.0, contrast: 50.0, dark_share: 0.0, bright_share: 0.0, sharpness };
        self.enrolment.feed(&Observation {
            gate: None,
            faces: 1,
            eye_distance_px: 60.0,
            pose: Some(Pose { roll_deg: 0.0, yaw, pitch: 0.55 }),
            light: Some(light),
            embedding: Some(embedding),
            ..Observation::held_back(self.seq, Gate::NoFace)
        })
    }

    fn shows_view(&mut self, yaw: f32, embedding: &Embedding) -> EnrolmentProgress {
        self.shows(yaw, embedding.clone(), 100.0);
        self.shows(yaw, embedding.clone(), 100.0);
        self.shows(yaw, embedding.clone(), 100.0)
    }
}

#[test]
fn front_left_and_right_make_a_template() {
    let mut camera = Camera::new(&[other(face(3, 90.0))]);
    assert_eq!(camera.shows_view(0.0, &face(1, 0.0)), EnrolmentProgress::Ask(View::Left));
    assert_eq!(camera.enrolment.look(), Look::Turned);
    assert_eq!(camera.shows_view(0.2, &face(1, 30.0)), EnrolmentProgress::Ask(View::Right));
    let EnrolmentProgress::Done { weakest, .. } = camera.shows_view(-0.2, &face(2, 30.0)) else { panic!() };
    assert!((weakest - 0.75).abs() < 1e-5, "{weakest}");
    assert_eq!(camera.enrolment.into_template().unwrap().views().len(), 3);
}

#[test]
fn the_sharpest_frame_of_a_view_is_kept() {
    let mut camera = Camera::new(&[]);
    camera.shows(0.0, face(1, 5.0), 60.0);
    camera.shows(0.0, face(1, 0.0), 900.0);
    camera.shows(0.0, face(1, 9.0), 70.0);
    assert!(camera.enrolment.taken[0].cosine(&face(1, 0.0)) > 0.999_999);
}

#[test]
fn the_wrong_side_or_a_turn_too_far_is_asked_again() {
    let mut camera = Camera::new(&[]);
    camera.shows_view(0.0, &face(1, 0.0));
    assert_eq!(camera.shows(-0.2, face(1, 10.0), 100.0), EnrolmentProgress::Ask(View::Left));
    assert_eq!(camera.shows(0.6, face(1, 10.0), 100.0), EnrolmentProgress::Ask(View::Left));
}

#[test]
fn another_person_in_a_side_view_is_not_taken() {
    let mut camera = Camera::new(&[]);
    camera.shows_view(0.0, &face(1, 0.0));
    assert_eq!(camera.shows(0.2, face(1, 80.0), 100.0), EnrolmentProgress::SomeoneElse(View::Left));
}

#[test]
fn someone_too_like_another_of_the_roster_is_refused_after_the_first_view() {
    let mut camera = Camera::new(&[other(face(3, 90.0)), other(face(1, 60.0))]);
    let refused = camera.shows_view(0.0, &face(1, 0.0));
    assert!(matches!(refused, EnrolmentProgress::TooAlike { index: 1, .. }));
    assert_eq!(camera.shows(0.0, face(2, 90.0), 100.0), refused, "it stays refused");
    assert!(camera.enrolment.into_template().is_none());
}

#[test]
fn the_same_frame_again_and_a_gated_frame_do_not_count() {
    let mut camera = Camera::new(&[]);
    camera.shows(0.0, face(1, 0.0), 100.0);
    camera.seq = 0;
    let again = camera.shows(0.0, face(1, 0.0), 100.0);
    assert_eq!(again, EnrolmentProgress::Hold { view: View::Front, frames: 1, of: 3 });
    let gated = camera.enrolment.feed(&Observation::held_back(9, Gate::TooDark));
    assert_eq!(gated, EnrolmentProgress::Guide { view: View::Front, gate: Gate::TooDark });
}
