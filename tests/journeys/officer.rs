// SPDX-License-Identifier: GPL-3.0-only
//! Officers at the terminal: card and PIN, a lost card, PINs for people.

use crate::world::{Setup, World};
use services::session::Who;
use services::{Refusal, session};

fn is_officer(world: &World) -> bool {
    world.scene().is_some_and(|scene| matches!(scene.who, Who::Officer { .. }))
}

#[test]
fn a_wrong_pin_is_told_counted_and_makes_wait_and_the_cell_gets_nothing() {
    let world = World::new(Setup::default());
    let officer = &world.seeded.officers[0];
    world.card(&officer.card);
    let refused = |world: &World| world.scene().and_then(|scene| scene.refusal);
    for tries_left in [4, 3, 2, 1] {
        world.pin("000000");
        world.until("the wrong PIN is told", |world| {
            refused(world) == Some(Refusal::Session(session::Refusal::WrongPin { tries_left }))
        });
    }
    world.pin("000000");
    world.until("waiting begins", |world| {
        matches!(refused(world), Some(Refusal::Session(session::Refusal::Wait { .. })))
    });
    assert!(!is_officer(&world));
}

#[test]
fn an_officer_without_a_card_is_vouched_for_by_another() {
    let world = World::new(Setup::default());
    let [first, second, _] = &world.seeded.officers[..] else { panic!("three officers are seeded") };
    world.touch("officer");
    world.touch("lost-card");
    world.touch(&format!("choice-{}", first.id));
    world.card(&second.card);
    world.pin(&second.pin);
    world.until("the first officer is known", |world| {
        world.scene().is_some_and(|scene| {
            matches!(&scene.who, Who::Officer { officer, vouched_by: Some(by), .. }
                if officer.id == first.id && *by == second.id)
        })
    });
}

#[test]
fn a_new_pin_given_at_the_terminal_opens_the_persons_own_page() {
    let world = World::new(Setup::default());
    let person = world.person(3).id;
    world.officer_in(0);
    world.touch("choice-pin-issue");
    world.touch(&format!("person-{person}"));
    for digits in ["4826", "4826", "7391", "7391"] {
        world.pin(digits);
    }
    world.touch("finished");
    world.touch("leave");
    world.touch("tile-my-record");
    world.touch(&format!("person-{person}"));
    world.pin("4826");
    world.until("the record opens", |world| world.scene().is_some_and(|scene| scene.record.is_some()));
    world.touch("leave");
    world.until("the screen is clear", |world| world.scene().is_some_and(|scene| scene.record.is_none()));
}

#[test]
fn the_control_room_is_told_when_one_person_is_left_alone() {
    let world = World::new(Setup::default());
    world.officer_in(0);
    world.touch("choice-movement");
    for at in 0..11 {
        let person = world.person(at).id;
        world.touch_person(person);
        world.touch("choice-talk");
        world.touch("choice-officer");
        world.touch("confirmed");
        world.touch("another");
    }
    world.until("the desk is told", |world| {
        let notices = world.block_on(world.platform().platform.notices()).unwrap();
        notices.iter().any(|notice| matches!(notice.kind, platform::NoticeKind::OneLeft))
    });
}

#[test]
fn the_way_to_an_officer_left_open_hides_no_roll_call_and_closes_by_itself() {
    let world = World::new(Setup::default());
    world.touch("officer");
    world.until_sees("lost-card");
    world.start_roll_call();
    world.seconds_pass(30);
    world.until_sees("called-name");
    let world = World::new(Setup::default());
    for open in ["officer", "tile-my-record"] {
        world.touch(open);
        world.until_sees("back");
        world.seconds_pass(120);
        world.until("home is back", |world| world.sees("tile-duty"));
    }
}
