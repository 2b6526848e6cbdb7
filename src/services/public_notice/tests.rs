// SPDX-License-Identifier: GPL-3.0-only
use super::{View, view};
use crate::world::World;
use contract::{NoticeTopic, PUBLIC_NOTICES_MAX, PublicNotice, Text};
use uuid::Uuid;

fn notice(number: u128, posted_ms: i64) -> PublicNotice {
    PublicNotice {
        notice: Uuid::from_u128(number),
        topic: NoticeTopic::Food,
        title: Text::new(&format!("菜谱 {number}")),
        paragraphs: vec!["周一：米饭、白菜、豆腐".into()],
        urgent: false,
        posted_ms,
        until_ms: None,
    }
}

impl World {
    fn posts(&mut self, notice: &PublicNotice) {
        self.put("public_notice", &notice.notice.to_string(), notice);
    }

    fn board(&mut self) -> View {
        let now = self.now;
        self.read(|read| view(read, true, &now))
    }

    fn titles(&mut self) -> Vec<String> {
        self.board().posted.into_iter().map(|one| one.title.to_string()).collect()
    }
}

#[test]
fn urgent_ones_stand_first_then_the_newest_and_home_tells_the_newest_urgent_one() {
    let mut world = World::new(1);
    world.posts(&notice(1, 10));
    world.posts(&notice(2, 30));
    assert_eq!(world.board().urgent, None);
    world.posts(&PublicNotice { urgent: true, ..notice(3, 5) });
    world.posts(&PublicNotice { urgent: true, ..notice(4, 20) });
    assert_eq!(world.titles(), ["菜谱 4", "菜谱 3", "菜谱 2", "菜谱 1"]);
    let now = world.now;
    let home = world.read(|read| view(read, false, &now));
    assert_eq!(home.urgent.unwrap().title.as_str(), "菜谱 4");
    assert!(home.posted.is_empty(), "Home reads one");
}

#[test]
fn what_is_over_is_not_shown_and_what_was_taken_down_is_gone() {
    let mut world = World::new(1);
    let ends = world.now.wall_ms + 60_000;
    world.posts(&PublicNotice { until_ms: Some(ends), urgent: true, ..notice(1, 10) });
    world.posts(&notice(2, 20));
    assert_eq!(world.titles().len(), 2);
    world.pass(61);
    assert_eq!(world.titles(), ["菜谱 2"]);
    assert_eq!(world.board().urgent, None);
    world.delete("public_notice", &Uuid::from_u128(2).to_string());
    assert!(world.titles().is_empty());
}

#[test]
fn a_power_cut_keeps_what_is_posted_and_a_change_takes_the_place_of_what_it_changes() {
    let mut world = World::new(1);
    world.posts(&notice(1, 10));
    world.posts(&PublicNotice { title: "改过的菜谱".into(), ..notice(1, 11) });
    world.power_cut();
    assert_eq!(world.titles(), ["改过的菜谱"]);
}

#[test]
fn one_out_of_place_and_one_too_many_are_set_aside() {
    let mut world = World::new(1);
    world.put("public_notice", &Uuid::from_u128(9).to_string(), &notice(1, 10));
    world.posts(&PublicNotice { paragraphs: Vec::new(), ..notice(2, 10) });
    assert!(world.titles().is_empty());
    for number in 0..PUBLIC_NOTICES_MAX as u128 + 1 {
        world.posts(&notice(number, 10));
    }
    assert_eq!(world.titles().len(), PUBLIC_NOTICES_MAX);
    world.posts(&PublicNotice { title: "改过的菜谱".into(), ..notice(0, 99) });
    assert_eq!(world.titles()[0], "改过的菜谱", "a change of one that is here has room");
}
