// SPDX-License-Identifier: GPL-3.0-only
use super::{Intent, view};
use crate::Actor;
use crate::world::World;
use contract::{CameraState, Event, Lane};

#[test]
fn anyone_raises_it_each_press_is_kept_and_it_outlives_a_power_cut() {
    let mut world = World::new(1);
    world.act(Actor::Anyone, Intent::Raise).unwrap();
    world.act(Actor::Anyone, Intent::Raise).unwrap();
    world.power_cut();
    assert_eq!(world.sent(Lane::Alarm).len(), 2);
    let now = world.now;
    assert_eq!(world.read(|read| view(read, false, &now)).unwrap().uploaded_ms, None);
}

#[test]
fn a_camera_state_is_told_once_per_change() {
    let mut world = World::new(1);
    for state in [CameraState::Covered, CameraState::Covered, CameraState::Working] {
        world.act(Actor::Machine, Intent::Camera(state)).unwrap();
    }
    let told = world.sent(Lane::Alarm);
    assert!(matches!(&told[..], [Event::CameraStateChanged(a), Event::CameraStateChanged(b)]
        if (a.state, b.state) == (CameraState::Covered, CameraState::Working)));
}
