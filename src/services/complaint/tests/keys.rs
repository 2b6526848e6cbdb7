// SPDX-License-Identifier: GPL-3.0-only
//! To whom is sealed: keys that change while somebody writes, and marks for the director where the site wants them.

use super::{Bureau, DAY_MS, beaten, refused};
use crate::complaint::Refusal;
use crate::world::World;
use contract::{Arrangement, Office, OfficeKeys};

#[test]
fn what_is_written_while_keys_change_is_sealed_to_those_that_follow_and_never_to_a_strangers() {
    let mut world = World::new(1);
    let procurator = Bureau::opens(&mut world, Office::Procurator);
    let draft = beaten(Office::Procurator, None);
    let next = Bureau::new(Office::Procurator);
    let rotated = OfficeKeys { made_ms: 2, ..next.statement(&world) };
    world.put("office", "procurator", &rotated.sign(&procurator.signing).unwrap());
    let stranger = Bureau::new(Office::Procurator);
    let unpinned = OfficeKeys { made_ms: 3, ..stranger.statement(&world) };
    world.put("office", "procurator", &unpinned.sign(&stranger.signing).unwrap());
    world.sends(draft, None).unwrap();
    assert_eq!(next.complaints(&mut world).len(), 1, "the keys that follow open it");
    let sealed = world.complaints().remove(0).1.sealed;
    for key in procurator.keys.iter().chain(&stranger.keys) {
        assert!(sealed.open::<contract::ToOffice>(key).is_err());
    }
}

#[test]
fn nothing_is_sealed_to_an_office_whose_arrangement_ended_while_somebody_wrote() {
    let mut world = World::new(1);
    let procurator = Bureau::opens(&mut world, Office::Procurator);
    let draft = beaten(Office::Procurator, None);
    let now_ms = world.now.wall_ms;
    let over = Arrangement { from_ms: now_ms - DAY_MS, until_ms: now_ms, retention_days: 365 };
    let ended = OfficeKeys { made_ms: 2, arrangement: Some(over), ..procurator.statement(&world) };
    world.put("office", "procurator", &ended.sign(&procurator.signing).unwrap());
    assert_eq!(world.sends(draft, None).map(|_| ()), Err(refused(Refusal::NotArranged)));
    assert!(world.complaints().is_empty());
}

#[test]
fn the_director_gets_marks_where_the_site_wants_it_and_none_by_itself() {
    let mut world = World::new(1);
    let procurator = Bureau::opens(&mut world, Office::Procurator);
    let director = Bureau::opens(&mut world, Office::Director);
    world.issues_pins(0, "4826", "7391");
    assert!(world.proves(0, "7391").is_some());
    assert_eq!((procurator.marks(&mut world).len(), director.marks(&mut world).len()), (1, 0));
    world.policy(|policy| policy.complaint.marks_to_director = true);
    assert!(world.proves(0, "4826").is_some() && world.proves(0, "7391").is_some());
    let quiet = |bureau: &Bureau, world: &mut World| {
        bureau.marks(world).iter().map(|mark| mark.quiet).collect::<Vec<_>>()
    };
    assert_eq!(quiet(&procurator, &mut world), [true, false, true]);
    assert_eq!(quiet(&director, &mut world), [false, true], "both, or a quiet one would show");
    world.policy(|policy| policy.complaint.marks_to_director = false);
    assert!(world.proves(0, "7391").is_some());
    assert_eq!((procurator.marks(&mut world).len(), director.marks(&mut world).len()), (4, 2));
}
