// SPDX-License-Identifier: GPL-3.0-only
use super::{Facts, Intent, lanes};
use crate::world::World;
use crate::{Actor, alarm};
use contract::{CameraState, DeviceTrouble, Event, Lane, Text};

fn facts() -> Facts {
    Facts {
        version: Text::new("1.2.3"),
        clock_behind_ms: Some(-40),
        camera: CameraState::Working,
        models: true,
    }
}

#[test]
fn trouble_goes_first_and_health_last() {
    let mut world = World::new(1);
    world.act(Actor::Machine, Intent::Trouble(DeviceTrouble::StoreDamaged { salvaged: 3 })).unwrap();
    world.act(Actor::Machine, Intent::Health(facts())).unwrap();
    assert!(matches!(world.sent(Lane::Alarm)[..], [Event::DeviceTroubled(_)]));
    let told = world.sent(Lane::Progress);
    let [Event::DeviceHealth(health)] = &told[..] else { panic!("{told:?}") };
    assert_eq!((health.version.as_str(), health.clock_behind_ms), ("1.2.3", Some(-40)));
    let alarm = health.lanes.iter().find(|state| state.lane == Lane::Alarm).unwrap();
    assert_eq!((alarm.waiting, alarm.kept), (1, 0));
}

#[test]
fn a_terminal_that_starts_again_and_again_tells_it_once_in_ten_minutes() {
    let mut world = World::new(1);
    for _ in 0..3 {
        world.act(Actor::Machine, Intent::Health(facts())).unwrap();
        world.power_cut();
    }
    assert_eq!(world.sent(Lane::Progress).len(), 1);
    world.pass(600);
    world.act(Actor::Machine, Intent::Health(facts())).unwrap();
    assert_eq!(world.sent(Lane::Progress).len(), 2);
}

#[test]
fn a_lane_says_how_long_its_oldest_event_waits() {
    let mut world = World::new(1);
    world.act(Actor::Anyone, alarm::Intent::Raise).unwrap();
    world.pass(90);
    world.act(Actor::Anyone, alarm::Intent::Raise).unwrap();
    let now = world.now;
    let states = world.read(|read| lanes(read, &now));
    let alarm = states.iter().find(|state| state.lane == Lane::Alarm).unwrap();
    assert_eq!((alarm.waiting, alarm.oldest_s), (2, 90));
    assert!(states.iter().filter(|state| state.lane != Lane::Alarm).all(|state| state.waiting == 0));
}
