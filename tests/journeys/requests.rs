// SPDX-License-Identifier: GPL-3.0-only
//! 报告 and 申领报修: asked in the cell, answered at the desk, seen in the cell.

use crate::world::{Setup, World};
use contract::RequestState;
use platform::AlarmDeed;
use ui::testing;

fn reads(world: &World, id: &str, words: &str) {
    world.until(&format!("{id} says {words}"), |world| {
        testing::label(world.window(), id).is_some_and(|label| label.contains(words))
    });
}

#[test]
fn a_calm_call_reaches_the_control_room_and_its_answer_the_cell() {
    let world = World::new(Setup::default());
    world.cut_network();
    world.touch("report");
    reads(&world, "report", "网络中断，已保存");
    world.mend_network();
    reads(&world, "report", "已上传平台");
    assert_eq!(world.alarms()[0].kind, "call");
    world.answer_alarm(AlarmDeed::Acknowledge);
    reads(&world, "report", "巡控室已回应");
    world.answer_alarm(AlarmDeed::Close("已回应"));
    reads(&world, "report", "呼叫巡控室");
    assert!(!world.panel.relay_is_closed(), "it is no emergency");
}

#[test]
fn water_is_asked_for_once_and_the_answer_is_read_on_its_button() {
    let mut world = World::new(Setup::default());
    world.touch("tile-requests");
    world.touch("choice-water");
    reads(&world, "choice-water", "已上传平台");
    world.touch("choice-water");
    reads(&world, "notice", "已经报过了");
    let answer = |world: &World, state, words| {
        assert!(world.block_on(world.platform().platform.answer_request(state, words, "周民警")).unwrap());
    };
    answer(&world, RequestState::Declined, "明天统一送水");
    reads(&world, "choice-water", "明天统一送水");
    world.power_cut_and_on();
    world.touch("tile-requests");
    reads(&world, "choice-water", "明天统一送水");
    world.touch("choice-water");
    reads(&world, "choice-water", "已上传平台");
}

#[test]
fn the_page_is_left_by_itself() {
    let world = World::new(Setup::default());
    world.touch("tile-requests");
    world.until_sees("choice-water");
    world.clock.advance(120_000);
    world.until("home is back", |world| !world.sees("choice-water"));
}
