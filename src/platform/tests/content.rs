// SPDX-License-Identifier: GPL-3.0-only
//! Changing the content key.

use super::*;
use crate::content;
use contract::{AlarmRaised, KeyChain};

on_both! {
    a_content_key_is_changed_in_three_steps_and_a_terminal_that_was_away_follows,
    the_word_for_a_key_is_also_for_whose_certificate_ended_and_for_nobody_from_outside,
    a_switch_cut_in_two_is_finished_at_the_next_start,
}

impl Kiosk {
    async fn chain(&self, known: Digest) -> Result<KeyChain, Refused> {
        let sent = self.client.get(format!("{}/v1/keys?known={known}", self.gateway));
        answer(sent.header("Kiosk-Protocol", "1").send().await.unwrap()).await
    }

    /// Follows to the newest key and tells the platform so.
    async fn learn(&mut self) -> Vec<PublicKey> {
        let known = self.content_key.clone();
        let keys = self.chain(known.digest()).await.unwrap().follow(&known).unwrap();
        let newest = keys.last().unwrap_or(&known).digest();
        assert!(self.chain(newest).await.unwrap().statements.is_empty());
        keys
    }
}

/// The platform is started again, and the terminal goes on.
async fn restart(world: &mut World, kiosk: Kiosk) -> Kiosk {
    world.restart().await;
    let pem = kiosk.certificate_pem.clone();
    world.again(kiosk, &pem)
}

fn alarm(kiosk: &Kiosk) -> Event {
    Event::AlarmRaised(AlarmRaised { at: kiosk.stamp() })
}

async fn a_content_key_is_changed_in_three_steps_and_a_terminal_that_was_away_follows(on: On) {
    let mut world = World::new(on).await;
    let cell = gateway::other_cell(&world).await;
    let (mut here, mut away) = (world.kiosk().await, world.kiosk_at(cell).await);
    let first = here.content_key.clone();
    assert!(here.learn().await.is_empty(), "there is one key");
    assert_eq!(here.feed(0, 0).await.unwrap().0.newest_key, Some(first.digest()));
    assert!(world.running.platform.switch_content_key(false).await.is_err(), "none is staged");
    world.running.platform.stage_content_key().unwrap();
    assert!(world.running.platform.stage_content_key().is_err(), "one is staged");

    here = restart(&mut world, here).await;
    assert_eq!(world.running.platform.content_key(), first, "the staged one does not sign yet");
    assert_eq!(world.running.platform.content_keys().await.unwrap().waiting, 2);
    let told = here.feed(0, 0).await.unwrap().0.newest_key;
    let next = here.learn().await.remove(0);
    assert_eq!(told, Some(next.digest()));
    assert_eq!(world.running.platform.content_keys().await.unwrap().waiting, 1);
    assert!(world.running.platform.switch_content_key(false).await.is_err(), "one terminal is away");
    world.running.platform.switch_content_key(true).await.unwrap();

    here = restart(&mut world, here).await;
    assert_eq!(world.running.platform.content_key(), next);
    here.content_key = next.clone();
    here.say(&alarm(&here)).await;
    assert!(world.running.platform.retire_content_keys(false).await.is_err(), "one would be lost");

    // A second change while it is away.
    world.running.platform.stage_content_key().unwrap();
    here = restart(&mut world, here).await;
    let third = here.learn().await.remove(0);
    world.running.platform.switch_content_key(true).await.unwrap();
    here = restart(&mut world, here).await;
    here.content_key = third.clone();
    here.say(&alarm(&here)).await;
    let pem = away.certificate_pem.clone();
    away = world.again(away, &pem);
    assert_eq!(away.content_key, first);
    assert_eq!(away.learn().await, [next, third.clone()]);
    away.content_key = third;
    away.say(&alarm(&away)).await;

    let keys = world.running.platform.content_keys().await.unwrap();
    assert_eq!((keys.former, keys.waiting, keys.behind), (2, 0, 0));
    assert_eq!(world.running.platform.retire_content_keys(false).await.unwrap(), 2);
    here = restart(&mut world, here).await;
    here.say(&alarm(&here)).await;
    assert_eq!(refused(here.chain(first.digest()).await), (404, "key_unknown".to_owned()));
    assert_eq!(world.running.platform.content_keys().await.unwrap().former, 0);
}

async fn the_word_for_a_key_is_also_for_whose_certificate_ended_and_for_nobody_from_outside(on: On) {
    let mut world = World::new(on).await;
    let kiosk = world.kiosk().await;
    let outside = world.newcomer();
    let known = outside.content_key.digest();
    assert_eq!(refused(outside.chain(known).await), (401, "certificate_missing".to_owned()));
    world.running.platform.stage_content_key().unwrap();
    world.restart().await;
    world.running.platform.switch_content_key(true).await.unwrap();
    world.restart().await;
    world.pass_ms(200 * 86_400_000);
    let pem = kiosk.certificate_pem.clone();
    let mut kiosk = world.again(kiosk, &pem);
    kiosk.content_key = kiosk.learn().await.remove(0);
    kiosk.renew(&RenewRequest { csr_pem: kiosk.request().csr_pem }).await.unwrap();
}

async fn a_switch_cut_in_two_is_finished_at_the_next_start(on: On) {
    let mut world = World::new(on).await;
    let kiosk = world.kiosk().await;
    world.running.platform.stage_content_key().unwrap();
    let mut kiosk = restart(&mut world, kiosk).await;
    let next = kiosk.learn().await.remove(0);
    // The power goes after the tables were written and before the key was renamed.
    let keys = world.place.data().join("keys");
    let before = std::fs::read(keys.join(content::KEY)).unwrap();
    let staged = std::fs::read(keys.join(content::NEXT)).unwrap();
    world.running.platform.switch_content_key(false).await.unwrap();
    std::fs::write(keys.join(content::KEY), before).unwrap();
    std::fs::write(keys.join(content::NEXT), staged).unwrap();
    kiosk = restart(&mut world, kiosk).await;
    // Where nothing outside of the directory remembers it, the step before is left.
    let expected = if on == On::Postgres { next } else { kiosk.content_key.clone() };
    assert_eq!(world.running.platform.content_key(), expected);
    kiosk.content_key = expected;
    kiosk.say(&alarm(&kiosk)).await;
}
