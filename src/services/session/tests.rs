// SPDX-License-Identifier: GPL-3.0-only
use super::{Intent, Refusal, Second, Session, Subject, TemplateBytes, Who, record, templates, try_pin};
use crate::world::{World, officer, pin};
use crate::{Actor, Refusal as Any};
use contract::{Event, Lane, SessionPolicy, Text};
use zeroize::Zeroizing;

fn identified(world: &mut World, session: &mut Session, card: &str, digits: &str) -> Result<(), Refusal> {
    let now = world.now;
    world.write(|tx| session.card(tx, card, &now))?;
    world.write(|tx| session.pin(tx, &pin(digits), &now))
}

#[test]
fn card_and_pin_make_an_officer_and_neither_alone_does() {
    let mut world = World::new(1);
    let (mut session, now) = (Session::default(), world.now);
    assert_eq!(world.write(|tx| session.pin(tx, &pin("7301"), &now)), Err(Refusal::NoPin));
    world.write(|tx| session.card(tx, "CARD1", &now)).unwrap();
    assert_eq!(session.actor(), Actor::Anyone);
    world.write(|tx| session.pin(tx, &pin("7301"), &now)).unwrap();
    assert_eq!(session.actor(), Actor::Officer(world.officers[0]));
}

#[test]
fn an_unknown_card_and_another_officers_pin_open_nothing() {
    let mut world = World::new(1);
    let mut session = Session::default();
    assert_eq!(identified(&mut world, &mut session, "CARD9", "7301"), Err(Refusal::UnknownCard));
    assert!(matches!(
        identified(&mut world, &mut session, "CARD1", "7302"),
        Err(Refusal::WrongPin { tries_left: 4 })
    ));
    assert_eq!(session.actor(), Actor::Anyone);
}

#[test]
fn a_lost_card_needs_a_second_officer_and_not_oneself() {
    let mut world = World::new(1);
    let (mut session, now, first) = (Session::default(), world.now, world.officers[0]);
    world.write(|tx| session.without_card(tx, first, &now)).unwrap();
    assert_eq!(world.write(|tx| session.pin(tx, &pin("7301"), &now)), Err(Refusal::NoPin));
    identified(&mut world, &mut session, "CARD2", "7302").unwrap();
    let Who::Officer { officer, vouched_by, .. } = &session.who else { panic!("not identified") };
    assert_eq!((officer.id, *vouched_by), (first, Some(world.officers[1])));
}

#[test]
fn a_second_card_is_the_second_signature_where_policy_asks() {
    let mut world = World::new(1);
    world.policy(|policy| policy.roll_call.two_officers = true);
    let mut session = Session::default();
    identified(&mut world, &mut session, "CARD1", "7301").unwrap();
    identified(&mut world, &mut session, "CARD2", "7302").unwrap();
    let Who::Officer { officer, second: Second::Confirmed(second), .. } = &session.who else {
        panic!("no second")
    };
    assert_eq!([officer.id, second.id], [world.officers[0], world.officers[1]]);
}

#[test]
fn an_officers_card_ends_a_detainees_session_at_once() {
    let mut world = World::new(1);
    let (mut session, now) = (Session::default(), world.now);
    session.claim(world.people[0], &now);
    world.write(|tx| session.pin(tx, &pin("2001"), &now)).unwrap();
    assert_eq!(session.actor(), Actor::Detainee(world.people[0]));
    world.write(|tx| session.card(tx, "CARD1", &now)).unwrap();
    assert_eq!(session.actor(), Actor::Anyone);
}

#[test]
fn a_session_ends_by_itself() {
    let mut world = World::new(1);
    let mut session = Session::default();
    identified(&mut world, &mut session, "CARD1", "7301").unwrap();
    let policy = SessionPolicy::default();
    world.pass(119);
    assert!(!session.expire(&policy, &world.now));
    world.pass(1);
    assert!(session.expire(&policy, &world.now));
    assert_eq!(session.actor(), Actor::Anyone);
}

#[test]
fn tries_and_waits_survive_a_power_cut() {
    let mut world = World::new(1);
    let subject = Subject::Officer(world.officers[0]);
    let policy = SessionPolicy::default();
    for _ in 0..8 {
        let now = world.now;
        let _ = world.write(|tx| try_pin(tx, subject, &pin("0000"), &policy, &now));
        world.now.mono_ms += 600_000;
        world.now.wall_ms += 600_000;
    }
    let now = world.now;
    let refused = world.write(|tx| try_pin(tx, subject, &pin("0000"), &policy, &now));
    assert_eq!(refused, Err(Refusal::Wait { seconds: 480 }));
    world.power_cut();
    let now = world.now;
    let refused = world.write(|tx| try_pin(tx, subject, &pin("7301"), &policy, &now));
    assert!(matches!(refused, Err(Refusal::Wait { .. })));
}

#[test]
fn a_pin_given_here_counts_above_the_platforms_and_obvious_ones_are_refused() {
    let mut world = World::new(1);
    let person = world.people[0];
    let issue = |digits| Intent::IssuePin { detainee: person, pin: pin(digits), quiet: pin("7391") };
    assert_eq!(world.act(Actor::Detainee(person), issue("4826")), Err(Any::OfficerOnly));
    assert_eq!(world.act(world.officer(), issue("1111")), Err(Any::Session(Refusal::ObviousPin)));
    assert_eq!(world.act(world.officer(), issue("7391")), Err(Any::Session(Refusal::SamePin)));
    world.act(world.officer(), issue("4826")).unwrap();
    let mut member = world.read(crate::cell::roster).remove(0).member;
    member.pin = world.member(1).pin;
    world.put("member", &person.to_string(), &member);
    let (now, policy) = (world.now, SessionPolicy::default());
    let subject = Subject::Detainee(person);
    assert_eq!(world.write(|tx| try_pin(tx, subject, &pin("4826"), &policy, &now)), Ok(()));
    assert!(world.sent(Lane::Order).iter().all(|event| matches!(event, Event::PinIssued(_))));
}

#[test]
fn a_template_is_sealed_and_says_when_it_was_used() {
    let mut world = World::new(1);
    let person = world.people[0];
    let secret = b"the features of a face";
    let template = TemplateBytes(Zeroizing::new(secret.to_vec()));
    let keep = Intent::KeepTemplate { detainee: person, template: template.clone(), model: Text::new("m1") };
    world.act(world.officer(), keep).unwrap();
    assert_eq!(world.read(templates)[0].bytes, template);
    let sealed: Vec<u8> = world.read(|read| {
        Ok(read.sql().query_row("SELECT sealed FROM session_template", [], |row| row.get(0))?)
    });
    assert!(!sealed.windows(secret.len()).any(|window| window == secret));
    let now = world.now;
    world.write(|tx| super::template_used(tx, person, true, &now));
    let own = world.read(|read| record(read, person));
    assert_eq!((own.made.is_some(), own.uses.len()), (true, 1));
    world.act(world.officer(), Intent::EraseTemplate { detainee: person }).unwrap();
    assert!(world.read(templates).is_empty());
}

#[test]
fn an_officer_who_left_the_block_cannot_come_back() {
    let mut world = World::new(1);
    let gone = world.officers[0];
    world.delete("officer", &gone.to_string());
    let mut session = Session::default();
    assert_eq!(identified(&mut world, &mut session, "CARD1", "7301"), Err(Refusal::UnknownCard));
    let extra = officer(3);
    world.put("officer", &extra.id.to_string(), &extra);
    identified(&mut world, &mut session, "CARD3", "7303").unwrap();
}
