// SPDX-License-Identifier: GPL-3.0-only
//! The photo camera from outside: what a kiosk sees of it.

use std::path::Path;
use std::time::Duration;

use image::{Rgb, RgbImage};

use super::*;
use crate::{CameraFault, Frame, FrameSource, since_boot};

const NO_WAIT: Duration = Duration::ZERO;
const FRAME_BYTES: usize = (WIDTH * HEIGHT * 3) as usize;

/// Three photos, told apart by their grey: 60, 120 and 180.
fn photos() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    for (name, grey) in [("a-1.png", 60), ("b-1.png", 120), ("c-1.png", 180)] {
        save(dir.path(), name, &RgbImage::from_pixel(640, 480, Rgb([grey; 3])));
    }
    dir
}

fn save(dir: &Path, name: &str, photo: &RgbImage) {
    photo.save(dir.join(name)).expect("a photo");
}

fn camera(dir: &Path) -> (PhotoCamera, PhotoCameraHandle) {
    let camera = PhotoCamera::open_at(dir, 1, Pace::AT_ONCE).expect("a camera");
    let handle = camera.handle();
    (camera, handle)
}

fn grey(frame: &Frame) -> i32 {
    assert_eq!((frame.width(), frame.height(), frame.rgb().len()), (WIDTH, HEIGHT, FRAME_BYTES));
    (frame.rgb().iter().map(|&v| f64::from(v)).sum::<f64>() / FRAME_BYTES as f64).round() as i32
}

fn next_grey(camera: &mut PhotoCamera) -> i32 {
    grey(&camera.next(NO_WAIT).expect("a frame"))
}

#[test]
fn the_same_seed_and_verbs_give_the_same_frames() {
    let dir = photos();
    let film = |seed| -> Vec<Vec<u8>> {
        let mut camera = PhotoCamera::open_at(dir.path(), seed, Pace::AT_ONCE).expect("a camera");
        let mut frames: Vec<_> =
            (0..3).map(|_| camera.next(NO_WAIT).expect("a frame").rgb().to_vec()).collect();
        camera.handle().show("b").expect("the photo");
        camera.handle().turn(Turn::Left);
        frames.extend((0..3).map(|_| camera.next(NO_WAIT).expect("a frame").rgb().to_vec()));
        frames
    };
    let first = film(1);
    assert!(first == film(1));
    assert!(first != film(2));
}

#[test]
fn frames_of_one_photo_differ_and_are_numbered() {
    let dir = photos();
    let (mut camera, _) = camera(dir.path());
    let (one, two) = (camera.next(NO_WAIT).expect("a frame"), camera.next(NO_WAIT).expect("a frame"));
    assert!(one.rgb() != two.rgb());
    assert!(one.seq < two.seq && one.taken <= two.taken);
}

#[test]
fn photos_follow_each_other_in_the_order_of_their_names() {
    let dir = photos();
    let pace = Pace { interval: Duration::ZERO, photo_frames: 2 };
    let mut camera = PhotoCamera::open_at(dir.path(), 1, pace).expect("a camera");
    let greys: Vec<_> = (0..8).map(|_| next_grey(&mut camera)).collect();
    assert_eq!(greys, [60, 60, 120, 120, 180, 180, 60, 60]);
}

#[test]
fn a_photo_asked_for_stays_until_the_slide_show_goes_on() {
    let dir = photos();
    let pace = Pace { interval: Duration::ZERO, photo_frames: 2 };
    let mut camera = PhotoCamera::open_at(dir.path(), 1, pace).expect("a camera");
    let hand = camera.handle();
    hand.show("b-1").expect("the photo");
    assert_eq!((0..5).map(|_| next_grey(&mut camera)).collect::<Vec<_>>(), [120; 5]);
    hand.advance();
    assert_eq!((0..3).map(|_| next_grey(&mut camera)).collect::<Vec<_>>(), [180, 180, 60]);
}

#[test]
fn a_photo_that_is_not_there_changes_nothing() {
    let dir = photos();
    let (mut camera, hand) = camera(dir.path());
    assert_eq!(hand.show("nobody"), Err(ShowError::NotFound));
    assert_eq!(hand.show_two("a", "nobody"), Err(ShowError::NotFound));
    assert_eq!(next_grey(&mut camera), 60);
}

#[test]
fn bad_photos_are_left_out() {
    let dir = photos();
    for name in ["a-0.jpg", "b-2.png"] {
        std::fs::write(dir.path().join(name), b"no picture").expect("a file");
    }
    let (mut camera, hand) = camera(dir.path());
    assert_eq!(next_grey(&mut camera), 60);
    hand.advance();
    hand.advance();
    assert_eq!(next_grey(&mut camera), 180);
    assert_eq!(hand.show("b-2"), Err(ShowError::Unusable));
}

#[test]
fn a_folder_without_a_usable_photo_is_no_camera() {
    let dir = tempfile::tempdir().expect("a folder");
    let open = || PhotoCamera::open(dir.path(), 1).err();
    assert!(matches!(open(), Some(FolderError::NoneUsable { tried: 0 })));
    std::fs::write(dir.path().join("a.jpg"), b"no picture").expect("a file");
    assert!(matches!(open(), Some(FolderError::NoneUsable { tried: 1 })));
    assert!(matches!(PhotoCamera::open(&dir.path().join("gone"), 1), Err(FolderError::List(_))));
}

#[test]
fn two_photos_stand_side_by_side() {
    let dir = photos();
    let (mut camera, hand) = camera(dir.path());
    hand.show_two("a", "c").expect("the photos");
    let frame = camera.next(NO_WAIT).expect("a frame");
    let at = |x: u32| frame.rgb()[((HEIGHT / 2 * WIDTH + x) * 3) as usize];
    assert!(at(160).abs_diff(60) < 25);
    assert!(at(480).abs_diff(180) < 25);
}

#[test]
fn a_covered_lens_is_black_and_clears_again() {
    let dir = photos();
    let (mut camera, hand) = camera(dir.path());
    hand.cover();
    assert!(next_grey(&mut camera) < 5);
    hand.uncover();
    assert_eq!(next_grey(&mut camera), 60);
}

#[test]
fn a_dark_cell_is_nearly_black() {
    let dir = photos();
    let (mut camera, hand) = camera(dir.path());
    hand.show("c").expect("the photo");
    hand.dark();
    assert!((5..20).contains(&next_grey(&mut camera)));
    hand.light();
    assert_eq!(next_grey(&mut camera), 180);
}

#[test]
fn a_stalled_and_an_unplugged_camera_say_so_and_come_back() {
    let dir = photos();
    let (mut camera, hand) = camera(dir.path());
    hand.stall();
    assert_eq!(camera.next(NO_WAIT).err(), Some(CameraFault::Stalled));
    hand.unplug();
    assert_eq!(camera.next(NO_WAIT).err(), Some(CameraFault::Unplugged));
    hand.plug_in();
    assert_eq!(camera.next(NO_WAIT).err(), Some(CameraFault::Stalled));
    hand.resume();
    assert_eq!(next_grey(&mut camera), 60);
}

#[test]
fn a_head_turns_over_a_few_frames_and_the_next_person_looks_ahead() {
    let dir = photos();
    save(
        dir.path(),
        "stripes.png",
        &RgbImage::from_fn(640, 480, |x, _| Rgb([if x / 16 % 2 == 0 { 40 } else { 200 }; 3])),
    );
    let (mut camera, hand) = camera(dir.path());
    hand.show("stripes").expect("the photo");
    hand.aim(Head { x: 320.0, y: 240.0, height: 160.0 });
    let middle = |frame: &Frame| frame.rgb()[(200 * WIDTH * 3) as usize..(280 * WIDTH * 3) as usize].to_vec();
    let apart = |a: &[u8], b: &[u8]| -> u64 { a.iter().zip(b).map(|(a, b)| u64::from(a.abs_diff(*b))).sum() };
    let ahead = middle(&camera.next(NO_WAIT).expect("a frame"));
    let still = middle(&camera.next(NO_WAIT).expect("a frame"));
    hand.turn(Turn::Right);
    let turning: Vec<_> = (0..22).map(|_| middle(&camera.next(NO_WAIT).expect("a frame"))).collect();
    assert!(apart(&ahead, &turning[0]) < apart(&ahead, &turning[21]));
    assert!(apart(&turning[20], &turning[21]) < 2 * apart(&ahead, &still), "the turn ends");
    hand.show("stripes").expect("the photo");
    let again = middle(&camera.next(NO_WAIT).expect("a frame"));
    assert!(apart(&ahead, &again) < apart(&ahead, &turning[21]) / 2);
}

#[test]
fn a_paced_camera_waits_between_frames() {
    let dir = photos();
    let interval = Duration::from_millis(40);
    let mut camera =
        PhotoCamera::open_at(dir.path(), 1, Pace { interval, photo_frames: 0 }).expect("a camera");
    let first = camera.next(Duration::from_secs(5)).expect("a frame");
    let second = camera.next(Duration::from_secs(5)).expect("a frame");
    assert!(second.taken - first.taken >= interval);
}

#[test]
fn a_paced_camera_waits_no_longer_than_asked() {
    let dir = photos();
    let hour = Pace { interval: Duration::from_secs(3_600), photo_frames: 0 };
    let mut camera = PhotoCamera::open_at(dir.path(), 1, hour).expect("a camera");
    camera.next(NO_WAIT).expect("the first is due at once");
    for timeout in [NO_WAIT, Duration::from_millis(20)] {
        assert_eq!(camera.next(timeout).err(), Some(CameraFault::Stalled));
    }
}

#[test]
fn a_waiting_camera_notices_a_verb_at_once() {
    let dir = photos();
    let mut camera = PhotoCamera::open(dir.path(), 1).expect("a camera");
    let hand = camera.handle();
    hand.stall();
    let start = since_boot();
    let long = Duration::from_secs(30);
    let waiting = std::thread::spawn(move || camera.next(long).is_ok());
    hand.resume();
    assert!(waiting.join().expect("no panic"), "the frame came");
    assert!(since_boot() - start < long);
}
