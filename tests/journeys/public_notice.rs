// SPDX-License-Identifier: GPL-3.0-only
//! 公示: posted at the desk, read in the cell by whoever stands there.

use super::pages::Pages;
use crate::world::{Setup, World};
use contract::NoticeTopic;
use platform::NoticeDraft;
use services::scene::{NoticePage, Place};
use uuid::Uuid;

const RIGHTS: NoticeDraft<'_> = NoticeDraft {
    topic: NoticeTopic::Rights,
    title: "权利义务告知",
    text: "第一条 您有权委托辩护人。",
    urgent: false,
    until_ms: None,
};

impl World {
    fn posts(&self, draft: NoticeDraft<'_>) -> Uuid {
        self.block_on(self.platform().platform.post_notice(draft, "周民警")).unwrap().unwrap()
    }

    fn is_reading(&self, at: NoticePage) -> bool {
        self.scene().is_some_and(|scene| scene.place == Place::Notices(at))
    }
}

#[test]
fn a_notice_is_read_page_by_page_without_network_and_after_a_power_cut() {
    let mut world = World::new(Setup::default());
    let text = "您有权见驻所检察官，也可以写信，信件加密。".repeat(20);
    let long = world.posts(NoticeDraft { text: &text, ..RIGHTS });
    world.posts(NoticeDraft { title: "今晚停水", urgent: true, ..RIGHTS });
    world.until("Home tells what is urgent", |world| {
        ui::testing::label(world.window(), "tile-notices").is_some_and(|label| label.contains("今晚停水"))
    });
    world.cut_network();
    world.power_cut_and_on();
    world.touch("tile-notices");
    let (urgent, next) = (world.first("choice-notice-"), format!("choice-notice-{long}"));
    assert_ne!(urgent, next, "what is urgent stands first");
    world.touch(&next);
    world.reads("part-number", "第 1 页");
    assert!(!ui::testing::click(world.window(), "previous"));
    let mut read = String::new();
    for part in 0.. {
        world.until("the next part is shown", |world| {
            world.is_reading(NoticePage::Read { notice: long, part })
        });
        let label = ui::testing::label(world.window(), "document-part").unwrap();
        read.push_str(label.split_once(". ").unwrap().1);
        world.look();
        if !ui::testing::click(world.window(), "more") {
            break;
        }
    }
    assert_eq!(read.replace('\n', ""), text, "the whole of it, once");
    world.touch("back");
    world.touch("back");
    world.until_sees("tile-notices");
}

#[test]
fn one_that_is_taken_down_while_somebody_reads_it_goes_back_to_the_list() {
    let world = World::new(Setup::default());
    let notice = world.posts(RIGHTS);
    world.touch("tile-notices");
    world.until_sees(&format!("choice-notice-{notice}"));
    world.touch(&format!("choice-notice-{notice}"));
    world.until_sees("document-part");
    let mut desk = Pages::signed_in(&world, "supervisor");
    let page = desk.get("/public-notices");
    desk.post("/public-notices/down", &page, &[("notice", &notice.to_string())]);
    world.until("the list is back", |world| world.is_reading(NoticePage::List));
    world.until_sees("empty");
}

#[test]
fn a_roll_call_and_an_empty_place_end_the_reading() {
    let world = World::new(Setup::default());
    let notice = world.posts(RIGHTS);
    world.touch("tile-notices");
    world.touch(&format!("choice-notice-{notice}"));
    world.until_sees("document-part");
    world.seconds_pass(120);
    world.until("home is back", |world| world.sees("tile-notices"));
    world.touch("tile-notices");
    world.until_sees(&format!("choice-notice-{notice}"));
    world.start_roll_call();
    world.until("the roll call is shown", |world| {
        world.scene().is_some_and(|scene| matches!(scene.place, Place::RollCall(_)))
    });
}
