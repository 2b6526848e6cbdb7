// SPDX-License-Identifier: GPL-3.0-only
//! The whole way from a simulated camera's frames to a decision.

use std::{path::Path, time::Duration};

use device::{
    FrameSource as _,
    sim::{self, Pace, PhotoCamera, PhotoCameraHandle},
};

use crate::{
    Check, Embedding, Enrolment, EnrolmentProgress, FacePolicy, Gate, Look, Models, Progress, Template, Turn,
    View, golden::models_and_photos, photo,
};

struct Stage {
    models: Models,
    camera: PhotoCamera,
    hand: PhotoCameraHandle,
    policy: FacePolicy,
    now: Duration,
}

impl Stage {
    fn new(models: Models, photos: &Path) -> Self {
        let camera = PhotoCamera::open_at(photos, 1, Pace::AT_ONCE).unwrap();
        let hand = camera.handle();
        Self { models, camera, hand, policy: FacePolicy::default(), now: Duration::ZERO }
    }

    fn template(&mut self, photos: &Path, files: &[&str]) -> Template {
        let views: Vec<Embedding> = files
            .iter()
            .map(|file| {
                let photo = photo::read(&photos.join(file), 1024).unwrap();
                self.models.acquire(&photo).unwrap().unwrap().embedding
            })
            .collect();
        Template::new(self.models.model_hash(), views).unwrap()
    }

    /// Shows a photo and tells the camera where its face is, so that turns are about the head.
    fn show(&mut self, photo: &str) {
        self.hand.show(photo).unwrap();
        if let Some(area) = self.look(Look::Turned).area {
            let (x, y) = area.centre();
            self.hand.aim(sim::Head { x, y, height: area.height });
        }
    }

    fn look(&mut self, look: Look) -> crate::Observation {
        let frame = self.camera.next(Duration::from_secs(1)).unwrap();
        self.now += Duration::from_millis(100);
        self.models.observe(&frame, look, &self.policy).unwrap()
    }

    /// Feeds frames until `done` or 60 of them.
    fn check(&mut self, check: &mut Check, done: impl Fn(Progress) -> bool) -> Progress {
        let mut progress = Progress::Guide(Gate::NoFace);
        for _ in 0..60 {
            let seen = self.look(check.look());
            progress = check.feed(&seen, self.now);
            if done(progress) {
                break;
            }
        }
        progress
    }
}

fn is_end(progress: Progress) -> bool {
    match progress {
        Progress::Match(_) | Progress::NoMatch { .. } | Progress::NotOnRoster { .. } => true,
        Progress::Guide(_) | Progress::Hold { .. } | Progress::Challenge(_) | Progress::Again { .. } => false,
    }
}

#[test]
fn a_person_is_matched_and_someone_else_is_not() {
    let Some((models, photos)) = models_and_photos() else { return };
    let mut stage = Stage::new(models, &photos);
    let obama = stage.template(&photos, &["obama-2.jpg", "obama-4.jpg", "obama-5.jpg"]);
    stage.show("obama-1.jpg");
    let mut check = Check::person(stage.policy.clone(), &obama, Box::new(|| 0));
    let Progress::Match(found) = stage.check(&mut check, is_end) else { panic!("no match") };
    assert!(found.score > 0.6 && found.frames == 3 && !found.challenged, "{found:?}");

    stage.show("miranda-1.jpg");
    let mut check = Check::person(stage.policy.clone(), &obama, Box::new(|| 0));
    assert!(matches!(stage.check(&mut check, is_end), Progress::NoMatch { .. }));
    let mut check = Check::roster(stage.policy.clone(), &[obama], Box::new(|| 0));
    assert!(matches!(stage.check(&mut check, is_end), Progress::NotOnRoster { .. }));
}

#[test]
fn the_live_sample_needs_no_challenge_and_the_fake_one_never_passes_without() {
    let Some((models, photos)) = models_and_photos() else { return };
    let photos = photos.join("pad");
    let mut stage = Stage::new(models, &photos);
    let (live, fake) =
        (stage.template(&photos, &["sample_T1.jpg"]), stage.template(&photos, &["sample_F2.jpg"]));
    stage.show("sample_T1.jpg");
    let mut check = Check::person(stage.policy.clone(), &live, Box::new(|| 0));
    let Progress::Match(found) = stage.check(&mut check, is_end) else { panic!("no match") };
    assert!(!found.challenged);

    stage.show("sample_F2.jpg");
    let mut check = Check::person(stage.policy.clone(), &fake, Box::new(|| 0));
    assert_eq!(
        stage.check(&mut check, |progress| progress == Progress::Challenge(Turn::Left)),
        Progress::Challenge(Turn::Left)
    );
    let over = stage.check(&mut check, |progress| matches!(progress, Progress::Match(_)));
    assert!(!matches!(over, Progress::Match(_)), "a still picture never turns");
}

#[test]
fn each_asked_turn_is_read_from_the_head_and_matches() {
    let Some((models, photos)) = models_and_photos() else { return };
    let mut stage = Stage::new(models, &photos);
    stage.policy.live_min = 1.0;
    let obama = stage.template(&photos, &["obama-1.jpg"]);
    for (drawn, head) in [sim::Turn::Left, sim::Turn::Right, sim::Turn::Up].into_iter().enumerate() {
        stage.show("obama-1.jpg");
        stage.hand.turn(sim::Turn::Ahead);
        for _ in 0..30 {
            stage.look(Look::Turned);
        }
        let mut check = Check::person(stage.policy.clone(), &obama, Box::new(move || drawn as u32));
        let asked = stage.check(&mut check, |progress| matches!(progress, Progress::Challenge(_)));
        assert!(matches!(asked, Progress::Challenge(_)), "{asked:?}");
        stage.hand.turn(head);
        let Progress::Match(found) = stage.check(&mut check, is_end) else { panic!("{head:?} not read") };
        assert!(found.challenged);
    }
}

#[test]
fn front_left_and_right_before_the_camera_enrol_a_person() {
    let Some((models, photos)) = models_and_photos() else { return };
    let mut stage = Stage::new(models, &photos);
    let other = stage.template(&photos, &["miranda-1.jpg"]);
    stage.show("obama-1.jpg");
    let mut enrolment = Enrolment::new(stage.policy.clone(), &stage.models.model_hash().clone(), &[other]);
    let mut progress = EnrolmentProgress::Ask(View::Front);
    for _ in 0..120 {
        let seen = stage.look(enrolment.look());
        progress = enrolment.feed(&seen);
        match progress {
            EnrolmentProgress::Ask(View::Left) => stage.hand.turn(sim::Turn::Left),
            EnrolmentProgress::Ask(View::Right) => stage.hand.turn(sim::Turn::Right),
            EnrolmentProgress::Done { .. } => break,
            EnrolmentProgress::Ask(View::Front)
            | EnrolmentProgress::Guide { .. }
            | EnrolmentProgress::Hold { .. }
            | EnrolmentProgress::SomeoneElse(_)
            | EnrolmentProgress::TooAlike { .. } => {}
        }
    }
    let EnrolmentProgress::Done { weakest, .. } = progress else { panic!("{progress:?}") };
    assert!(weakest > 0.5, "{weakest}");
    let own = enrolment.into_template().unwrap();
    let again = stage.template(&photos, &["obama-4.jpg"]);
    assert!(own.mean().cosine(again.mean()) > 0.45);

    let mut twin = Enrolment::new(stage.policy.clone(), &stage.models.model_hash().clone(), &[own]);
    stage.hand.turn(sim::Turn::Ahead);
    let mut refused = progress;
    for _ in 0..60 {
        let seen = stage.look(twin.look());
        refused = twin.feed(&seen);
    }
    assert!(matches!(refused, EnrolmentProgress::TooAlike { index: 0, .. }), "{refused:?}");
}

#[test]
fn a_covered_camera_is_noticed_and_recovers() {
    let Some((models, photos)) = models_and_photos() else { return };
    let mut stage = Stage::new(models, &photos);
    stage.show("obama-1.jpg");
    assert_eq!(stage.look(Look::Front).gate, None);
    stage.hand.cover();
    assert_eq!(stage.look(Look::Front).gate, Some(Gate::Covered));
    stage.hand.uncover();
    assert_eq!(stage.look(Look::Front).gate, None);
}
