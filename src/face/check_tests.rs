// SPDX-License-Identifier: GPL-3.0-only

use super::*;
use crate::manifest::Manifest;
use proptest::prelude::*;

/// An embedding at `degrees` from the first axis towards axis `towards`.
fn face(towards: usize, degrees: f32) -> Embedding {
    let mut values = vec![0.0; 16];
    values[0] = degrees.to_radians().cos();
    values[towards] = degrees.to_radians().sin();
    Embedding::normalised(values).unwrap()
}

fn template(face: Embedding) -> Template {
    Template::new(&Manifest::shipped().model_hash(), vec![face]).unwrap()
}

fn person() -> Template {
    template(face(1, 0.0))
}

/// A person like no other: at right angles to everyone.
fn nobody(axis: usize) -> Embedding {
    face(axis, 90.0)
}

/// Always draws the same turn: 0 left, 1 right, 2 up.
fn draw(turn: u32) -> Draw {
    Box::new(move || turn)
}

fn policy() -> FacePolicy {
    FacePolicy { challenge_when_unknown: false, ..FacePolicy::default() }
}

/// Feeds frames 100 ms apart, each with a new number.
struct Camera {
    check: Check,
    seq: u64,
    now: Duration,
}

impl Camera {
    fn new(check: Check) -> Self {
        Self { check, seq: 0, now: Duration::ZERO }
    }

    fn shows(&mut self, seen: Observation) -> Progress {
        self.seq += 1;
        self.now += Duration::from_millis(100);
        self.check.feed(&Observation { seq: self.seq, ..seen }, self.now)
    }

    fn shows_many(&mut self, seen: &Observation, times: usize) -> Progress {
        let mut progress = self.check.wait(self.now);
        for _ in 0..times {
            progress = self.shows(seen.clone());
        }
        progress
    }
}

fn seen(embedding: Embedding) -> Observation {
    let pose = Pose { roll_deg: 0.0, yaw: 0.0, pitch: 0.55 };
    Observation {
        gate: None,
        faces: 1,
        embedding: Some(embedding),
        pose: Some(pose),
        ..Observation::held_back(0, Gate::NoFace)
    }
}

fn live(share: f32) -> Observation {
    Observation { liveness: Some(share), ..seen(face(1, 10.0)) }
}

fn turned(yaw: f32, pitch: f32) -> Observation {
    Observation { pose: Some(Pose { roll_deg: 0.0, yaw, pitch }), ..seen(face(1, 30.0)) }
}

fn held(gate: Gate) -> Observation {
    Observation { faces: 1, ..Observation::held_back(0, gate) }
}

#[test]
fn three_agreeing_frames_match_and_two_do_not() {
    let mut camera = Camera::new(Check::person(policy(), &person(), draw(0)));
    assert_eq!(camera.shows(seen(face(1, 10.0))), Progress::Hold { votes: 1, of: 5 });
    assert_eq!(camera.shows(seen(face(1, 10.0))), Progress::Hold { votes: 2, of: 5 });
    let Progress::Match(found) = camera.shows(seen(face(1, 10.0))) else { panic!("no match") };
    assert_eq!((found.index, found.frames, found.tries, found.challenged), (0, 3, 1, false));
    assert!(camera.check.is_over());
}

#[test]
fn the_same_frame_shown_again_never_votes() {
    let mut check = Check::person(policy(), &person(), draw(0));
    let frame = Observation { seq: 7, ..seen(face(1, 0.0)) };
    for second in 0..5 {
        assert_eq!(check.feed(&frame, Duration::from_secs(second)), Progress::Hold { votes: 1, of: 5 });
    }
}

#[test]
fn a_gated_frame_guides_and_does_not_vote() {
    let mut camera = Camera::new(Check::person(policy(), &person(), draw(0)));
    camera.shows_many(&seen(face(1, 0.0)), 2);
    assert_eq!(camera.shows(held(Gate::Blurred)), Progress::Guide(Gate::Blurred));
    assert_eq!(camera.shows(held(Gate::SeveralFaces)), Progress::Guide(Gate::SeveralFaces));
    assert!(matches!(camera.shows(seen(face(1, 0.0))), Progress::Match(_)));
}

#[test]
fn frames_that_do_not_agree_start_the_count_again() {
    let mut camera = Camera::new(Check::person(policy(), &person(), draw(0)));
    camera.shows_many(&seen(face(1, 0.0)), 2);
    assert_eq!(camera.shows(seen(face(2, 60.0))), Progress::Hold { votes: 1, of: 5 }, "half alike only");
    assert_eq!(camera.shows(seen(face(1, 0.0))), Progress::Hold { votes: 1, of: 5 });
}

#[test]
fn three_tries_with_someone_else_end_without_a_match_and_without_saying_who() {
    let mut camera = Camera::new(Check::person(policy(), &person(), draw(0)));
    let stranger = seen(nobody(3));
    for tries_left in [2, 1] {
        let again = Progress::Again { why: Miss::SomeoneElse, tries_left };
        assert_eq!(camera.shows_many(&stranger, 5), again);
    }
    let Progress::NoMatch { best: Some(best), why } = camera.shows_many(&stranger, 5) else { panic!() };
    assert_eq!(why, Miss::SomeoneElse);
    assert!(best < 0.01);
    assert!(matches!(camera.shows(seen(face(1, 0.0))), Progress::NoMatch { .. }), "it stays over");
}

#[test]
fn a_score_between_doubt_and_match_is_neither_and_runs_into_the_time_limit() {
    let mut camera = Camera::new(Check::person(policy(), &person(), draw(0)));
    let unsure = seen(face(1, 67.0));
    assert_eq!(camera.shows_many(&unsure, 50), Progress::Hold { votes: 5, of: 5 });
    assert_eq!(camera.shows_many(&unsure, 51), Progress::Again { why: Miss::Unsure, tries_left: 2 });
}

#[test]
fn the_clock_of_a_try_starts_with_the_first_face() {
    let mut camera = Camera::new(Check::person(policy(), &person(), draw(0)));
    let empty = Observation::held_back(0, Gate::NoFace);
    assert_eq!(camera.shows_many(&empty, 500), Progress::Guide(Gate::NoFace));
    camera.shows(held(Gate::TooDark));
    let late = camera.now + Duration::from_secs(10);
    assert_eq!(camera.check.wait(late), Progress::Again { why: Miss::NotSeen, tries_left: 2 });
}

#[test]
fn among_a_roster_the_margin_decides_too() {
    let twins = [template(face(1, 0.0)), template(face(2, 20.0)), template(nobody(5))];
    let mut camera = Camera::new(Check::roster(policy(), &twins, draw(0)));
    assert_eq!(camera.shows_many(&seen(face(1, 0.0)), 20), Progress::Hold { votes: 5, of: 5 });

    let mut camera = Camera::new(Check::roster(policy(), &twins, draw(0)));
    let Progress::Match(found) = camera.shows_many(&seen(nobody(5)), 3) else { panic!() };
    assert_eq!(found.index, 2);
}

#[test]
fn a_stranger_to_the_roster_in_every_try_is_not_on_it() {
    let roster = [template(face(1, 0.0)), template(nobody(5))];
    let mut camera = Camera::new(Check::roster(policy(), &roster, draw(0)));
    assert!(matches!(camera.shows_many(&seen(nobody(3)), 15), Progress::NotOnRoster { .. }));

    let mut camera = Camera::new(Check::roster(policy(), &roster, draw(0)));
    camera.shows_many(&seen(nobody(3)), 10);
    camera.shows(held(Gate::TooDark));
    let over = camera.check.wait(camera.now + Duration::from_secs(10));
    assert!(
        matches!(over, Progress::NoMatch { why: Miss::NotSeen, .. }),
        "one try did not even see the face"
    );
}

#[test]
fn live_frames_match_at_once_and_doubted_ones_wait_for_five_then_a_challenge() {
    let mut camera = Camera::new(Check::person(policy(), &person(), draw(0)));
    let Progress::Match(found) = camera.shows_many(&live(0.9), 3) else { panic!() };
    assert_eq!(found.liveness, Some(0.9));

    let mut camera = Camera::new(Check::person(policy(), &person(), draw(0)));
    assert_eq!(camera.shows_many(&live(0.2), 4), Progress::Hold { votes: 4, of: 5 });
    assert_eq!(camera.shows(live(0.2)), Progress::Challenge(Turn::Left));
    assert_eq!(camera.check.look(), Look::Turned);
}

#[test]
fn one_doubted_frame_among_live_ones_is_outvoted_by_the_median() {
    let mut camera = Camera::new(Check::person(policy(), &person(), draw(0)));
    camera.shows(live(0.1));
    camera.shows(live(0.9));
    assert!(matches!(camera.shows(live(0.9)), Progress::Match(_)));
}

#[test]
fn without_a_liveness_model_the_policy_says_whether_a_challenge_comes() {
    let strict = FacePolicy { challenge_when_unknown: true, ..policy() };
    let mut camera = Camera::new(Check::person(strict, &person(), draw(1)));
    assert_eq!(camera.shows_many(&seen(face(1, 10.0)), 5), Progress::Challenge(Turn::Right));
}

#[test]
fn the_asked_turn_of_the_same_person_matches() {
    for (drawn, yaw, pitch) in [(0, 0.3, 0.55), (1, -0.3, 0.55), (2, 0.0, 0.45)] {
        let mut camera = Camera::new(Check::person(policy(), &person(), draw(drawn)));
        camera.shows_many(&live(0.2), 5);
        camera.shows(turned(0.0, 0.55));
        let Progress::Match(found) = camera.shows(turned(yaw, pitch)) else { panic!("turn {drawn}") };
        assert!(found.challenged);
        assert_eq!(found.liveness, Some(0.2), "the doubt is told");
    }
}

#[test]
fn a_wrong_turn_draws_another_and_a_second_one_ends_the_try() {
    let mut camera = Camera::new(Check::person(policy(), &person(), draw(0)));
    camera.shows_many(&live(0.2), 5);
    camera.shows_many(&turned(-0.3, 0.55), 2);
    camera.shows(turned(-0.1, 0.45));
    let after_wrong = camera.shows_many(&turned(-0.3, 0.55), 9);
    assert_eq!(after_wrong, Progress::Challenge(Turn::Left), "held on, it is one wrong turn");
    camera.shows(turned(0.0, 0.55));
    assert_eq!(
        camera.shows_many(&turned(0.0, 0.2), 3),
        Progress::Again { why: Miss::NotLive, tries_left: 2 }
    );
}

#[test]
fn someone_else_cannot_turn_the_head_for_the_person() {
    let mut camera = Camera::new(Check::person(policy(), &person(), draw(0)));
    camera.shows_many(&live(0.2), 5);
    let other = Observation { embedding: Some(nobody(3)), ..turned(0.4, 0.55) };
    assert_eq!(camera.shows_many(&other, 20), Progress::Challenge(Turn::Left));
    let late = camera.now + Duration::from_secs(8);
    assert_eq!(camera.check.wait(late), Progress::Again { why: Miss::NotLive, tries_left: 2 });
}

#[test]
fn a_picture_that_never_turns_fails_all_tries() {
    let mut camera = Camera::new(Check::person(policy(), &person(), draw(2)));
    let over = camera.shows_many(&live(0.2), 400);
    assert!(matches!(over, Progress::NoMatch { why: Miss::NotLive, .. }));
}

proptest! {
    #[test]
    fn it_always_ends_and_matches_only_who_is_alike(
        frames in proptest::collection::vec((0_usize..4, 0.0_f32..180.0, 0.0_f32..1.0, -0.6_f32..0.6), 400..500),
    ) {
        let roster = [template(face(1, 0.0)), template(nobody(5))];
        let mut camera = Camera::new(Check::roster(FacePolicy::default(), &roster, draw(0)));
        let mut last = Progress::Guide(Gate::NoFace);
        for (kind, degrees, share, yaw) in frames {
            let shown = match kind {
                0 => held(Gate::Blurred),
                1 => Observation { liveness: Some(share), ..seen(face(1, degrees)) },
                2 => Observation { embedding: Some(face(1, degrees)), ..turned(yaw, share) },
                _ => Observation { liveness: Some(share), ..seen(face(1, 10.0)) },
            };
            last = camera.shows(shown);
            if let Progress::Match(found) = last {
                prop_assert!(found.score >= FacePolicy::default().match_min);
                prop_assert!(found.frames >= 3);
            }
        }
        prop_assert!(camera.check.is_over(), "{last:?} after 40 s");
    }
}
