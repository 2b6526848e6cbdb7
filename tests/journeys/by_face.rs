// SPDX-License-Identifier: GPL-3.0-only
//! Roll call by face: photos as the camera, the real models, everything else as in the cell.

use crate::world::{Setup, World, models_and_photos};
use contract::{CameraState, DetaineeId, How, Outcome, Policy};
use device::sim::Turn;
use services::scene::{EnrolPage, EnrolRefusal, Guide, MovementPage, Place};
use services::{Refusal, cell};
use std::path::PathBuf;

/// People who are easy to tell apart: the photo to enrol with, and how the names of their other photos begin.
const FACES: [(&str, &str); 3] = [("obama-3", "obama-"), ("biden-2", "biden-"), ("clapton-1", "clapton-")];
/// Looks a person gives one pose before trying to stand better.
const POSE_LOOKS: u32 = 100;

pub(super) fn world() -> Option<World> {
    let (models, photos) = models_and_photos()?;
    // Photos are no live faces; the challenge has its own tests beside the check.
    Some(world_of(models, photos, 0.0))
}

fn world_of(models: PathBuf, photos: PathBuf, live_min: f32) -> World {
    let world = World::new(Setup { models: Some(models), photos: Some(photos), ..Setup::default() });
    // Looking takes real time, and the world's clock runs ahead of it: give everybody more of it.
    let mut policy = Policy::default();
    policy.roll_call.announce_s = 5;
    policy.roll_call.person_s = 600;
    policy.session.officer_idle_s = 3_600;
    policy.face.live_min = live_min;
    world.block_on(world.platform().platform.put_policy(world.seeded.terminal, &policy)).unwrap();
    world.until("the eye is open", |world| {
        world.scene().is_some_and(|s| s.eye.models && s.eye.camera == CameraState::Working)
    });
    world
}

/// The officer enrols a person who stands before the camera as `photo`.
fn enrol(world: &World, person: DetaineeId, photo: &str) {
    world.camera().show(photo).unwrap();
    world.camera().turn(Turn::Ahead);
    world.touch_person(person);
    world.touch("agreed");
    let mut turned = 0;
    world.until("the enrolment ends", |world| {
        let Some(scene) = world.scene() else { return false };
        if let Place::Enrol(EnrolPage::Mirror { view, .. }) = scene.place
            && view != turned
        {
            turned = view;
            world.camera().turn([Turn::Ahead, Turn::Left, Turn::Right][usize::from(view.clamp(1, 3)) - 1]);
        }
        matches!(scene.place, Place::Enrol(EnrolPage::Done(_) | EnrolPage::Refused { .. }))
    });
    world.camera().turn(Turn::Ahead);
}

pub(super) fn enrol_first(world: &World, count: usize) {
    world.officer_in(0);
    world.touch("choice-enrol");
    for (at, (photo, _)) in FACES.iter().enumerate().take(count) {
        let person = world.person(at).id;
        enrol(world, person, photo);
        let place = world.scene().map(|scene| scene.place);
        assert_eq!(place, Some(Place::Enrol(EnrolPage::Done(person))), "{photo}");
        world.touch("finished");
    }
    world.touch("leave");
}

/// The person stands before the camera as one photo after another, the one of the enrolment last, until counted.
fn stand_before(world: &World, person: DetaineeId, (enrolled, begins): (&str, &str)) {
    let photos = std::fs::read_dir(world.photos()).unwrap().flatten().map(|entry| entry.file_name());
    let names = photos.map(|name| name.to_string_lossy().into_owned());
    let mut poses: Vec<_> = names.filter(|n| n.starts_with(begins) && !n.starts_with(enrolled)).collect();
    poses.sort();
    // Not everybody's other photos stand well before this camera; the first one did.
    poses.push(enrolled.to_owned());
    let mut looks = 0;
    world.until("the person is counted", |world| {
        if looks % POSE_LOOKS == 0 {
            let pose = &poses[(looks / POSE_LOOKS) as usize % poses.len()];
            world.camera().show(pose).unwrap();
        }
        looks += 1;
        world.current() != Some(person)
    });
}

#[test]
fn people_are_enrolled_called_and_counted_by_face() {
    let Some(world) = world() else { return };
    enrol_first(&world, FACES.len());
    let call = world.start_roll_call();
    for (at, face) in FACES.into_iter().enumerate() {
        let person = world.called().id;
        assert_eq!(person, world.person(at).id);
        stand_before(&world, person, face);
    }
    world.all_answer_by_pin();
    world.officer_in(0);
    world.sign();
    let report = world.received(call);
    assert_eq!(report.total.map(|total| total.present), Some(12));
    for at in 0..FACES.len() {
        let line = report.lines.iter().find(|line| line.detainee == world.person(at).id).expect("a line");
        assert!(
            matches!(line.outcome, Some(Outcome::Present(How::Face { score, .. })) if score >= 0.45),
            "{line:?}"
        );
    }
}

#[test]
fn an_impostor_is_never_taken_for_the_person_and_the_pin_is_offered() {
    let Some(world) = world() else { return };
    enrol_first(&world, 1);
    world.start_roll_call();
    let person = world.called().id;
    world.camera().show("john_schneider-000302").unwrap();
    world.until("three tries are over", |world| {
        world.current() != Some(person)
            || world.scene().and_then(|s| s.roll_call).and_then(|c| c.current).is_some_and(|c| !c.face)
    });
    let call = world.scene().and_then(|scene| scene.roll_call).expect("the roll call");
    let line = call.lines.iter().find(|line| line.detainee == person).expect("a line");
    assert_eq!(line.outcome, None, "the machine decides nothing");
    assert!(line.tries >= 1);
}

#[test]
fn two_faces_are_asked_to_come_one_at_a_time() {
    let Some(world) = world() else { return };
    enrol_first(&world, 1);
    world.start_roll_call();
    let person = world.called().id;
    world.camera().show_two("obama-1", "obama-1").unwrap();
    world.until("one at a time is asked for", |world| {
        world.scene().and_then(|scene| scene.eye.guide) == Some(Guide::OneAtATime)
    });
    assert_eq!(world.current(), Some(person));
}

#[test]
fn somebody_too_like_an_enrolled_person_is_not_enrolled() {
    let Some(world) = world() else { return };
    enrol_first(&world, 1);
    world.officer_in(0);
    world.touch("choice-enrol");
    let other = world.person(5).id;
    enrol(&world, other, "obama-1");
    let place = world.scene().map(|scene| scene.place);
    let refused = EnrolPage::Refused { detainee: other, why: EnrolRefusal::TooAlike };
    assert_eq!(place, Some(Place::Enrol(refused)));
}

#[test]
fn a_released_persons_template_is_erased_and_the_desk_is_told() {
    let Some(world) = world() else { return };
    enrol_first(&world, 1);
    let (platform, terminal, person) =
        (&world.platform().platform, world.seeded.terminal, world.person(0).id);
    world.block_on(platform.remove_member(terminal, person)).unwrap();
    world.until("the erasure is told", |world| {
        let facts = world.block_on(platform.person_facts(terminal, person)).unwrap();
        facts.iter().any(|fact| fact == "session.template_erased/1") && world.scene().is_some()
    });
}

/// The liveness models' own samples of one person: alive, and a picture of that person held before the camera. The
/// living one is enrolled and called.
fn world_of_samples() -> Option<(World, DetaineeId)> {
    let (models, photos) = models_and_photos()?;
    let world = world_of(models, photos.join("pad"), Policy::default().face.live_min);
    world.officer_in(0);
    world.touch("choice-enrol");
    let person = world.person(0).id;
    enrol(&world, person, "sample_T1");
    assert_eq!(world.scene().map(|scene| scene.place), Some(Place::Enrol(EnrolPage::Done(person))));
    world.touch("finished");
    world.touch("leave");
    world.start_roll_call();
    assert_eq!(world.called().id, person);
    Some((world, person))
}

#[test]
fn a_picture_of_the_person_is_asked_to_turn_its_head_and_never_counted() {
    let Some((world, person)) = world_of_samples() else { return };
    world.camera().show("sample_F2").unwrap();
    world.until("the picture is asked to turn", |world| {
        let guide = world.scene().and_then(|scene| scene.eye.guide);
        matches!(guide, Some(Guide::TurnLeft | Guide::TurnRight | Guide::LookUp))
    });
    world.until("the tries are over", |world| {
        world.current() != Some(person)
            || world.scene().and_then(|s| s.roll_call).and_then(|c| c.current).is_some_and(|c| !c.face)
    });
    let call = world.scene().and_then(|scene| scene.roll_call).expect("the roll call");
    let line = call.lines.iter().find(|line| line.detainee == person).expect("a line");
    assert_eq!(line.outcome, None, "the machine decides nothing");
}

#[test]
fn the_living_person_of_that_picture_is_counted() {
    let Some((world, person)) = world_of_samples() else { return };
    world.camera().show("sample_T1").unwrap();
    world.until("the person is counted", |world| world.current() != Some(person));
    let call = world.scene().and_then(|scene| scene.roll_call).expect("the roll call");
    let line = call.lines.iter().find(|line| line.detainee == person).expect("a line");
    assert!(matches!(line.outcome, Some(Outcome::Present(How::Face { .. }))), "{line:?}");
}

#[test]
fn whoever_is_not_recognised_on_the_way_out_is_told_and_checked_otherwise() {
    let Some(world) = world() else { return };
    enrol_first(&world, 1);
    let person = world.person(0).id;
    world.camera().show("john_schneider-000302").unwrap();
    world.officer_in(0);
    world.touch("choice-movement");
    world.touch_person(person);
    world.touch("choice-talk");
    world.touch("choice-face");
    let why = Some(Refusal::Cell(cell::Refusal::NotRecognised));
    world.until("it is told", |world| world.scene().is_some_and(|scene| scene.refusal == why));
    let place = world.scene().map(|scene| scene.place);
    assert!(matches!(place, Some(Place::Movement(MovementPage::Check { .. }))), "{place:?}");
    assert!(world.sees("problem"));
    world.touch("choice-officer");
    world.touch("confirmed");
    world.until_sees("another");
}

#[test]
fn a_face_opens_ones_own_pages_with_the_pin_and_never_without_and_a_strangers_costs_nothing() {
    let Some(world) = world() else { return };
    world.set_policy(|policy| {
        (policy.session.blur_s, policy.session.ask_s, policy.session.clear_s) = (300, 450, 600);
    });
    enrol_first(&world, 1);
    let (person, pin) = (world.person(0).id, world.person(0).pin.clone());
    let goes_there = |world: &World| {
        world.touch("tile-shop");
        world.touch("choice-mine");
        world.touch_person(person);
        world.until_sees("use-pin");
    };
    // Somebody else before the camera: nothing is held against anybody, the PIN is asked for all the same.
    world.camera().show(FACES[1].0).unwrap();
    goes_there(&world);
    world.until_sees("key-1");
    assert!(!world.scene().unwrap().by_face);
    world.touch("leave");
    // The person: known, and still asked for the PIN.
    world.camera().show(FACES[0].0).unwrap();
    goes_there(&world);
    world.until_sees("key-1");
    assert!(world.scene().unwrap().by_face, "the face was known");
    world.pin(&world.person(1).pin.clone());
    assert!(world.sees("key-1"), "another's PIN opens nothing");
    world.pin(&pin);
    world.until_sees("choice-statement");
    world.touch("leave");
    // Who would rather not looks at nothing.
    goes_there(&world);
    world.touch("use-pin");
    world.pin(&pin);
    world.until_sees("choice-statement");
    assert!(!world.scene().unwrap().by_face);
    world.touch("leave");
    // The same way leads to what the clinic answered, and to what is kept about the face.
    for (tile, choice, own) in
        [("tile-care", Some("choice-mine"), "care-record"), ("tile-my-record", None, "hide")]
    {
        world.touch(tile);
        if let Some(choice) = choice {
            world.touch(choice);
        }
        world.touch_person(person);
        world.until_sees("key-1");
        assert!(world.scene().unwrap().by_face, "{tile}: the face was known");
        world.pin(&pin);
        world.until_sees(own);
        world.touch("leave");
    }
}
