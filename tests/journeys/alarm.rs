// SPDX-License-Identifier: GPL-3.0-only
//! 一键报警: whatever else is broken, somebody is told, and whoever called sees by whom.

use crate::world::{Setup, World, models_and_photos};
use platform::AlarmDeed;
use services::scene::Place;
use std::io::{Seek, SeekFrom, Write};
use std::time::Duration;
use ui::testing;

/// From the finger to the closed relay.
const RELAY: Duration = Duration::from_millis(100);

fn state(world: &World) -> String {
    testing::label(world.window(), "alarm-state").unwrap_or_default()
}

fn says(world: &World, words: &str) {
    world.until(&format!("the alarm says {words}"), |world| state(world).contains(words));
}

/// Everything on the screen that can be seen or read.
fn screen(world: &World) -> Vec<(String, String)> {
    let text = |text: Option<slint::SharedString>| text.map(|text| text.to_string()).unwrap_or_default();
    let all = testing::all(world.window());
    all.iter().map(|e| (text(e.accessible_id()), text(e.accessible_label()))).collect()
}

#[test]
fn a_press_is_heard_answered_and_closed_and_each_step_is_seen_in_the_cell() {
    let world = World::new(Setup::default());
    world.hold("alarm", 1_300);
    world.until("the relay closes", |world| world.panel.relay_is_closed() && world.panel.siren_sounds());
    says(&world, "已上传平台");
    assert_eq!(world.alarm_steps(), 2);
    for (deed, words, steps) in [
        (AlarmDeed::Acknowledge, "巡控室已接警", 3),
        (AlarmDeed::Send("周民警"), "民警正在赶来", 4),
        (AlarmDeed::Arrive, "民警已到场", 4),
        (AlarmDeed::Close("无人受伤"), "已处置", 5),
    ] {
        world.answer_alarm(deed);
        says(&world, words);
        assert_eq!(world.alarm_steps(), steps, "{words}");
        world.until("relay and siren rest", |world| {
            !world.panel.relay_is_closed() && !world.panel.siren_sounds()
        });
    }
    world.touch("alarm-small");
    world.until("the page is put away", |world| !world.sees("alarm-state"));
    assert_eq!(world.alarms().len(), 1);
}

#[test]
fn the_relay_closes_within_a_tenth_of_a_second() {
    let world = World::new(Setup::default());
    let mut took: Vec<Duration> = Vec::new();
    for _ in 0..5 {
        let pressed = std::time::Instant::now();
        world.panel.press_key();
        world.until("the relay closes", |world| world.panel.relay_is_closed());
        took.push(world.panel.relay_closed_at().unwrap().saturating_duration_since(pressed));
        world.panel.release_key();
        world.until("the desk has it", |world| world.alarms().iter().any(|alarm| !alarm.is_closed));
        world.answer_alarm(AlarmDeed::Close("演练"));
        world.until("the relay opens", |world| !world.panel.relay_is_closed());
    }
    // A busy machine may be late once; a rule that is broken is late each time.
    took.sort_unstable();
    assert!(took[0] < RELAY, "{took:?}");
}

#[test]
fn with_the_cable_pulled_it_rings_here_says_so_and_goes_on_after_a_power_cut() {
    let mut world = World::new(Setup::default());
    world.cut_network();
    world.hold("alarm", 1_300);
    says(&world, "请同时按墙上报警");
    world.until("it rings here", |world| world.panel.relay_is_closed() && world.panel.siren_sounds());
    assert!(world.alarms().is_empty());
    world.power_cut();
    world.power_on();
    world.until("it rings again", |world| world.panel.relay_is_closed());
    world.until("the desk has it, once", |world| world.alarms().len() == 1);
    says(&world, "已上传平台");
}

#[test]
fn an_officer_at_the_terminal_stops_the_siren_without_network_and_the_desk_learns_it() {
    let world = World::new(Setup::default());
    world.cut_network();
    world.hold("alarm", 1_300);
    world.until("it rings", |world| world.panel.siren_sounds());
    world.touch("alarm-fine");
    says(&world, "仍会有民警来看");
    assert!(world.panel.relay_is_closed(), "nobody in the cell ends it");
    world.touch("alarm-small");
    world.officer_in(0);
    world.touch("choice-attended");
    world.until("it is silent", |world| !world.panel.relay_is_closed() && !world.panel.siren_sounds());
    world.mend_network();
    world.until("the desk has it all", |world| {
        world.alarms().first().is_some_and(|alarm| alarm.is_fine && alarm.has_arrived && !alarm.is_closed)
    });
}

#[test]
fn the_hardware_key_works_while_the_window_is_dead() {
    let mut world = World::new(Setup::default());
    world.window_dies();
    world.panel.press_key();
    let end = std::time::Instant::now() + Duration::from_secs(20);
    while world.alarms().is_empty() {
        assert!(std::time::Instant::now() < end, "the desk never had it");
        world.clock.advance(10);
    }
    assert_eq!(world.alarms()[0].presses, 1);
    assert!(world.panel.relay_is_closed());
}

#[test]
fn without_its_process_a_press_goes_the_second_way() {
    let world = World::new(Setup { no_alarm: true, ..Setup::default() });
    world.hold("alarm", 1_300);
    world.until("the desk has it", |world| world.alarms().len() == 1);
    says(&world, "已上传平台");
}

#[test]
fn a_person_s_own_page_is_closed_by_it() {
    let world = World::new(Setup::default());
    let person = world.person(3);
    world.touch("tile-my-record");
    world.touch_person(person.id);
    world.pin(&person.pin);
    world.until("their own page is open", |world| world.scene().is_some_and(|scene| scene.record.is_some()));
    world.hold("alarm", 1_300);
    world.until("nothing of it is left", |world| {
        world.scene().is_some_and(|scene| scene.record.is_none() && scene.place == Place::Home)
    });
    says(&world, "已上传平台");
}

#[test]
fn a_roll_call_goes_on_under_it() {
    let world = World::new(Setup::default());
    let call = world.start_roll_call();
    world.answer_by_pin();
    world.hold("alarm", 1_300);
    says(&world, "已上传平台");
    world.touch("alarm-small");
    world.all_answer_by_pin();
    assert_eq!(world.scene().unwrap().roll_call.unwrap().call, call);
}

#[test]
fn a_silent_alarm_leaves_no_trace_in_the_cell() {
    let world = World::new(Setup::default());
    let corner = |world: &World, ms| {
        testing::touch_at(world.window(), slint::LogicalPosition::new(12.0, 12.0), ms);
    };
    corner(&world, 2_500);
    world.look();
    assert!(world.alarms().is_empty(), "where the site does not want it there is none");
    world.set_policy(|policy| policy.alarm.silent = true);
    world.until("the policy came", |world| world.scene().is_some_and(|scene| scene.alarm_policy.silent));
    let before = screen(&world);
    corner(&world, 2_500);
    world.until("the desk has it", |world| world.alarms().first().is_some_and(|one| one.kind == "silent"));
    assert_eq!(screen(&world), before);
    assert!(!world.panel.relay_is_closed() && !world.panel.siren_sounds());
    // An answer shows nothing either.
    world.answer_alarm(AlarmDeed::Acknowledge);
    for _ in 0..20 {
        world.look();
    }
    assert_eq!(screen(&world), before);
}

#[test]
fn a_damaged_database_and_a_covered_camera_do_not_touch_it() {
    let Some((models, photos)) = models_and_photos() else { return };
    let mut world = World::new(Setup { models: Some(models), photos: Some(photos), ..Setup::default() });
    world.power_cut();
    let mut file = std::fs::File::options().write(true).open(world.kiosk_dir().join("kiosk.db")).unwrap();
    file.seek(SeekFrom::Start(4_096)).unwrap();
    file.write_all(&[0xff; 8_192]).unwrap();
    drop(file);
    world.power_on();
    world.camera().cover();
    world.hold("alarm", 1_300);
    says(&world, "已上传平台");
    world.until("the desk has both", |world| {
        let kinds: Vec<_> = world.all_alarms().iter().map(|alarm| alarm.kind).collect();
        kinds.first() == Some(&"panic") && kinds.contains(&"camera")
    });
}

#[test]
fn while_the_store_does_not_open_the_alarm_works_and_the_terminal_comes_back_by_itself() {
    let mut world = World::new(Setup::default());
    world.power_cut();
    let (db, aside) = (world.kiosk_dir().join("kiosk.db"), world.kiosk_dir().join("aside.db"));
    std::fs::rename(&db, &aside).unwrap();
    // A directory in its place is a disk that refuses, for root as well.
    std::fs::create_dir(&db).unwrap();
    world.switch_on();
    world.until_sees("fault-seen");
    world.hold("alarm", 1_300);
    says(&world, "已上传平台");
    assert!(world.panel.relay_is_closed());
    world.touch("alarm-small");
    std::fs::remove_dir(&db).unwrap();
    std::fs::rename(&aside, &db).unwrap();
    world.until("the roster is there", |world| world.scene().is_some_and(|scene| scene.people.len() == 12));
}

#[test]
fn an_opened_terminal_is_told() {
    let world = World::new(Setup::default());
    world.panel.change_case(contract::CaseChange::Opened);
    world.until("the desk has it", |world| world.alarms().first().is_some_and(|one| one.kind == "opened"));
    world.panel.change_case(contract::CaseChange::Closed);
    world.until("and that it is over", |world| world.alarms()[0].is_over);
}

#[test]
fn a_short_press_is_answered_and_raises_nothing() {
    let world = World::new(Setup::default());
    world.hold("alarm", 200);
    world.look();
    assert!(world.scene().is_some_and(|scene| scene.alarm.is_none()));
    assert!(!world.panel.relay_is_closed());
}
