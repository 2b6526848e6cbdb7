// SPDX-License-Identifier: GPL-3.0-only
//! The camera, the disk, a hostile platform: the terminal stays usable and tells the truth.

use crate::world::{Setup, World, models_and_photos};
use contract::{CameraState, FeedOp};
use services::scene::Place;
use std::io::{Seek, SeekFrom, Write};

#[test]
fn the_camera_is_covered_in_the_middle_and_the_call_goes_on_by_pin() {
    let Some((models, photos)) = models_and_photos() else { return };
    let world = World::new(Setup { models: Some(models), photos: Some(photos), ..Setup::default() });
    let call = world.start_roll_call();
    world.answer_by_pin();
    world.camera().cover();
    let camera = |world: &World| world.scene().map(|scene| scene.eye.camera);
    world.until("the covered camera is noticed", |world| camera(world) == Some(CameraState::Covered));
    world.answer_by_pin();
    world.camera().uncover();
    world.until("it recovers by itself", |world| camera(world) == Some(CameraState::Working));
    world.camera().unplug();
    world.until("the missing camera is noticed", |world| camera(world) == Some(CameraState::Unplugged));
    world.all_answer_by_pin();
    world.officer_in(0);
    world.sign();
    assert_eq!(world.received(call).total.map(|total| total.present), Some(12));
}

#[test]
fn a_hostile_feed_shows_a_safe_page_and_loses_nothing() {
    let world = World::new(Setup::default());
    let platform = &world.platform().platform;
    let terminal = world.seeded.terminal;
    let put = |collection: &str, key: &str, body: serde_json::Value| {
        world.block_on(platform.put_raw(terminal, collection, key, FeedOp::Put, &body)).unwrap();
    };
    for n in 0..200 {
        let id = uuid::Uuid::from_u128(n);
        let name = "长\u{202E}\u{0007}".repeat(500);
        put("member", &id.to_string(), serde_json::json!({ "id": id, "name": name, "badge_number": "9999" }));
    }
    put("schedule", "bad", serde_json::json!({ "minute": -7, "kind": "meal", "title": "x" }));
    let id = uuid::Uuid::from_u128(1_000);
    let huge = "长".repeat(100_000);
    put("member", &id.to_string(), serde_json::json!({ "id": id, "name": huge, "badge_number": "9999" }));
    put("unknown", "thing", serde_json::json!({ "a": [1, 2, 3] }));
    put("policy", "policy", serde_json::json!({ "roll_call": { "person_s": -1 } }));
    world.until("the feed is read", |world| world.scene().is_some_and(|scene| scene.people.len() == 64));
    let scene = world.scene().expect("a scene");
    assert!(scene.people.iter().all(|person| person.name.chars().count() <= 32));
    assert!(scene.people.iter().all(|person| !person.name.contains(['\u{202E}', '\u{0007}'])));
    assert_eq!(scene.place, Place::Home);
}

#[test]
fn a_damaged_store_is_set_aside_and_the_terminal_comes_back_with_the_roster() {
    let mut world = World::new(Setup::default());
    world.power_cut();
    let path = world.kiosk_dir().join("kiosk.db");
    let mut file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.seek(SeekFrom::Start(4096)).unwrap();
    file.write_all(&vec![0x5A; 40_000]).unwrap();
    drop(file);
    world.power_on();
    world.until("the desk is told of the damage", |world| {
        troubles(world).contains(&"store_damaged".to_owned())
    });
    let aside = std::fs::read_dir(world.kiosk_dir()).unwrap().flatten();
    assert!(aside.map(|entry| entry.file_name()).any(|name| name.to_string_lossy().contains("damaged")));
}

/// What terminals told of their own trouble.
fn troubles(world: &World) -> Vec<String> {
    let notices = world.block_on(world.platform().platform.notices()).unwrap();
    let troubles = notices.into_iter().filter(|notice| matches!(notice.kind, platform::NoticeKind::Trouble));
    troubles.map(|notice| notice.detail).collect()
}

#[test]
fn a_store_put_back_from_an_older_copy_is_told_and_the_terminal_goes_on() {
    let mut world = World::new(Setup::default());
    world.power_cut();
    let (db, copy) = (world.kiosk_dir().join("kiosk.db"), world.kiosk_dir().join("copy"));
    let wal = world.kiosk_dir().join("kiosk.db-wal");
    std::fs::copy(&db, &copy).unwrap();
    assert!(!wal.metadata().is_ok_and(|wal| wal.len() > 0), "a terminal that was stopped leaves no log");
    world.power_on();
    let taken_out = |world: &World| {
        world.block_on(world.platform().platform.movements(world.seeded.terminal)).unwrap().len()
    };
    world.take_out(0);
    world.until("the first is known", |world| taken_out(world) == 1);
    world.power_cut();
    std::fs::copy(&copy, &db).unwrap();
    world.power_on();
    world.take_out(1);
    world.until("the desk is told", |world| troubles(world).contains(&"lane_forked".to_owned()));
    world.take_out(2);
    world.until("the next arrives", |world| taken_out(world) == 2);
}

#[test]
fn a_certificate_is_renewed_in_time_and_also_when_it_ended_while_the_power_was_off() {
    let mut world = World::new(Setup::default());
    // What the terminal holds, not what the platform issued: the power may go between the two.
    let until = |world: &World| {
        let enrolment = sync::Identity::open(&world.kiosk_dir()).unwrap().enrolment().unwrap().unwrap();
        enrolment.validity().unwrap().until_ms
    };
    let first = until(&world);
    world.days_pass(120);
    world.until("the certificate is renewed", |world| until(world) > first);
    let second = until(&world);
    world.power_cut();
    world.days_pass(200);
    world.power_on();
    world.until("it is renewed by the narrow path", |world| until(world) > second);
    let raised = |world: &World| !world.block_on(world.platform().platform.alarms()).unwrap().is_empty();
    world.hold("alarm", 1_300);
    world.until("the desk has the alarm", raised);
}
