// SPDX-License-Identifier: GPL-3.0-only
//! 看病: what becomes of the words of a cell, by events alone. The clinic's window is in `desk/tests/office.rs`.

use super::*;
use crate::tables::events::LaneKey;
use crate::tables::roll_calls::Origin;
use crate::{care, effects, replay};
use contract::{
    CareDanger, CareKeyMade, CareList, CareNudged, CareReported, CareSaid, Danger, DetaineeId, Facility,
    Policy, SealKey, SealRecipient, Sealed, Terminal, Urgency,
};
use std::time::Duration;

on_both! {
    a_report_waits_for_the_doctor_by_the_policy_of_its_cell,
    the_same_event_counts_once_however_it_comes_again,
    a_reminder_without_its_report_is_parked_and_counts_once_when_it_is_tried_again,
    an_effect_that_is_had_twice_is_one,
    a_terminal_adds_to_its_own_reports_alone,
    one_terminal_hides_nobody_elses_reports,
    what_is_not_sealed_is_parked,
    a_danger_rings_once_and_names_who_is_of_the_cell_alone,
    a_cells_key_is_the_last_its_device_in_service_told,
    an_asked_for_list_comes_when_something_changed,
    a_list_asked_for_at_one_platform_comes_when_the_other_is_told,
}

const HOUR_MS: i64 = 60 * 60_000;

impl World {
    pub(crate) async fn care(&self) -> CareList {
        care::list(&self.running.platform.core, 0, Duration::ZERO).await.unwrap()
    }

    /// A terminal in a cell of its own.
    pub(crate) async fn other_cell(&self) -> TerminalId {
        let terminal = TerminalId::fresh();
        let place =
            Terminal { terminal, block: "三监区".into(), cell: "306室".into(), utc_offset_min: 480 };
        let facility =
            Facility { name: "示范看守所".into(), kind: contract::FacilityKind::DetentionCentre };
        self.running.platform.put_terminal(&place, &facility).await.unwrap();
        terminal
    }
}

/// Words that only the holder of `to` reads.
pub(crate) fn sealed(words: &str, to: &SealKey) -> Sealed {
    Sealed::seal(&words, &[to.recipient()]).unwrap()
}

pub(crate) fn report(kiosk: &Kiosk, urgency: Urgency) -> Event {
    let sealed = sealed("头疼", &SealKey::generate());
    Event::CareReported(CareReported { at: kiosk.stamp(), urgency, sealed })
}

pub(crate) fn nudge(kiosk: &Kiosk, report: EventId) -> Event {
    Event::CareNudged(CareNudged { at: kiosk.stamp(), report })
}

fn word(kiosk: &Kiosk, report: Option<EventId>) -> Event {
    let sealed = sealed("好些了", &SealKey::generate());
    Event::CareSaid(CareSaid { at: kiosk.stamp(), report, sealed })
}

pub(crate) fn danger(kiosk: &Kiosk, detainee: Option<DetaineeId>) -> Event {
    let dangers = vec![Danger::Breath, Danger::ChestPain, Danger::Breath];
    Event::CareDanger(CareDanger { at: kiosk.stamp(), detainee, dangers })
}

fn key(kiosk: &Kiosk, recipient: SealRecipient) -> Event {
    Event::CareKeyMade(CareKeyMade { at: kiosk.stamp(), recipient })
}

async fn tasks_of(world: &World, kind: &str) -> Vec<i64> {
    use sqlx::Row;
    let mut read = world.running.platform.core.tables.read().await.unwrap();
    let rows = sqlx::query("SELECT due_ms FROM task_due WHERE kind = $1 AND done_ms IS NULL ORDER BY due_ms")
        .bind(kind)
        .fetch_all(&mut *read)
        .await
        .unwrap();
    rows.iter().map(|row| row.get("due_ms")).collect()
}

async fn a_report_waits_for_the_doctor_by_the_policy_of_its_cell(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let mut policy = world.running.platform.policy(world.terminal()).await.unwrap();
    policy.care.soon_h = 2;
    world.running.platform.put_policy(world.terminal(), &policy).await.unwrap();
    let mut expected = Vec::new();
    for (urgency, after_ms) in [
        (Urgency::Danger, 30 * 60_000),
        (Urgency::Soon, 2 * HOUR_MS),
        (Urgency::Routine, i64::from(Policy::default().care.routine_h) * HOUR_MS),
    ] {
        let event = kiosk.say(&report(&kiosk, urgency)).await;
        expected.push((event, Some(urgency), Some(NOW_MS + after_ms), None));
    }
    let list = world.care().await;
    let found: Vec<_> = list.entries.iter().map(|it| (it.event, it.urgency, it.due_ms, it.report)).collect();
    assert_eq!(found, expected);
    assert!(list.entries.iter().all(|it| it.terminal == world.terminal() && it.device == kiosk.device));
    let due: Vec<i64> = expected.iter().filter_map(|(_, _, due_ms, _)| *due_ms).collect();
    assert_eq!(tasks_of(&world, "care_report").await, due);
    let people = &list.terminals[0].people;
    assert!(people.len() == 12 && people.iter().any(|person| person.name.as_str() == "王建国"));
}

async fn the_same_event_counts_once_however_it_comes_again(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let said = kiosk.event(&report(&kiosk, Urgency::Soon));
    let asked = kiosk.event(&nudge(&kiosk, said.id));
    let words = kiosk.event(&word(&kiosk, Some(said.id)));
    let all = [said.clone(), asked, words];
    for _ in 0..2 {
        kiosk.send(&all).await.unwrap();
    }
    let rev = world.care().await.rev;
    // A terminal that lost its lane sends again in a new epoch.
    kiosk.epoch = 2;
    let mut prev = Digest::ZERO;
    let again = all.map(|mut envelope| {
        (envelope.epoch, envelope.prev) = (2, prev);
        envelope.sign(&kiosk.key).unwrap();
        prev = envelope.hash();
        envelope
    });
    kiosk.send(&again).await.unwrap();
    let list = world.care().await;
    assert_eq!((list.entries.len(), list.entries[0].nudges, list.rev), (2, 1, rev));
    assert_eq!(list.entries[0].nudged_ms, Some(NOW_MS));
    assert_eq!(list.entries[1].report, Some(said.id));
    assert_eq!(tasks_of(&world, "care_report").await.len(), 1);
}

async fn a_reminder_without_its_report_is_parked_and_counts_once_when_it_is_tried_again(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let later = EventId::in_order();
    let asked = kiosk.event(&nudge(&kiosk, later));
    assert_eq!(kiosk.verdict(&asked).await, Verdict::Parked { code: "report_unknown".into() });
    let mut said = kiosk.event(&report(&kiosk, Urgency::Routine));
    said.id = later;
    said.sign(&kiosk.key).unwrap();
    assert_eq!(kiosk.verdict(&said).await, Verdict::Accepted);
    let key = LaneKey { device: kiosk.device, epoch: 1, lane: Lane::Care };
    for expected in [Ok(None), Err(replay::Refusal::Done)] {
        let mut write = world.running.platform.core.tables.write().await.unwrap();
        assert_eq!(replay::again(&mut write, key, 1, "t", NOW_MS).await.unwrap(), expected);
        write.commit().await.unwrap();
        assert_eq!(world.care().await.entries[0].nudges, 1);
    }
}

async fn an_effect_that_is_had_twice_is_one(on: On) {
    let world = World::new(on).await;
    let kiosk = world.kiosk().await;
    let (said, asked) = (EventId::in_order(), EventId::in_order());
    let events = [(said, report(&kiosk, Urgency::Soon)), (asked, nudge(&kiosk, said))];
    for _ in 0..2 {
        let mut write = world.running.platform.core.tables.write().await.unwrap();
        for (seq, (id, event)) in (1..).zip(&events) {
            let origin = Origin {
                device: kiosk.device,
                terminal: world.terminal(),
                event: *id,
                hash: Digest::ZERO,
                epoch: 1,
                seq,
                received_ms: NOW_MS,
                now_ms: NOW_MS,
                again: false,
            };
            effects::apply(&mut write, &origin, event, kiosk.stamp()).await.unwrap();
        }
        write.commit().await.unwrap();
        let list = world.care().await;
        assert_eq!((list.entries.len(), list.entries[0].nudges), (1, 1));
        assert_eq!(tasks_of(&world, "care_report").await.len(), 1);
    }
}

async fn a_terminal_adds_to_its_own_reports_alone(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let mut intruder = world.kiosk_at(world.other_cell().await).await;
    let theirs = kiosk.say(&report(&kiosk, Urgency::Soon)).await;
    let asked = intruder.event(&nudge(&intruder, theirs));
    assert_eq!(intruder.verdict(&asked).await, Verdict::Parked { code: "report_unknown".into() });
    intruder.say(&word(&intruder, Some(theirs))).await;
    let list = world.care().await;
    let mine: Vec<_> = list.entries.iter().filter(|it| it.terminal == world.terminal()).collect();
    assert_eq!((mine.len(), mine[0].nudges, mine[0].urgency), (1, 0, Some(Urgency::Soon)));
    let word = list.entries.iter().find(|it| it.urgency.is_none()).unwrap();
    assert_eq!(word.report, None, "it is about no report of its own cell");
    assert_ne!(word.terminal, world.terminal());
    // Nor does an event of the same number take its place.
    let mut same = intruder.event(&report(&intruder, Urgency::Danger));
    same.id = theirs;
    same.sign(&intruder.key).unwrap();
    intruder.verdict(&same).await;
    let entries = world.care().await.entries;
    let mine: Vec<_> = entries.iter().filter(|it| it.terminal == world.terminal()).collect();
    assert!(mine.len() == 1 && mine[0].urgency == Some(Urgency::Soon));
}

async fn one_terminal_hides_nobody_elses_reports(on: On) {
    let world = World::new(on).await;
    let mut quiet = world.kiosk().await;
    let mut loud = world.kiosk_at(world.other_cell().await).await;
    let one = quiet.say(&report(&quiet, Urgency::Routine)).await;
    for _ in 0..5 {
        let batch: Vec<_> = (0..50).map(|_| loud.event(&report(&loud, Urgency::Danger))).collect();
        loud.send(&batch).await.unwrap();
    }
    let entries = world.care().await.entries;
    assert_eq!(entries.len(), 1 + 200);
    assert!(entries.iter().any(|entry| entry.event == one));
}

async fn what_is_not_sealed_is_parked(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let open = || Sealed::from("头疼".to_owned());
    let at = kiosk.stamp();
    for event in [
        Event::CareReported(CareReported { at, urgency: Urgency::Soon, sealed: open() }),
        Event::CareSaid(CareSaid { at, report: None, sealed: open() }),
    ] {
        let envelope = kiosk.event(&event);
        assert_eq!(kiosk.verdict(&envelope).await, Verdict::Parked { code: "not_sealed".into() });
    }
    assert!(world.care().await.entries.is_empty());
}

async fn a_danger_rings_once_and_names_who_is_of_the_cell_alone(on: On) {
    use sqlx::Row;
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let named = kiosk.event(&danger(&kiosk, Some(world.seeded.detainees[0].id)));
    let stranger = kiosk.event(&danger(&kiosk, Some(DetaineeId::fresh())));
    // One that overtook another rings at once, and comes again in its turn.
    for event in [&stranger, &named, &named, &stranger] {
        kiosk.send(std::slice::from_ref(event)).await.unwrap();
    }
    kiosk.say(&danger(&kiosk, None)).await;
    let alarms = world.running.platform.alarms().await.unwrap();
    assert_eq!(alarms.len(), 3);
    assert!(alarms.iter().all(|alarm| alarm.kind == "danger" && alarm.presses == 1));
    assert_eq!(tasks_of(&world, "danger").await.len(), 3);
    let mut read = world.running.platform.core.tables.read().await.unwrap();
    let rows = sqlx::query("SELECT id, rank, detail FROM alarm ORDER BY id").fetch_all(&mut *read).await;
    let rows = rows.unwrap();
    let dangers = r#""dangers":["chest_pain","breath"]}"#;
    let expected = [r#"["王建国","0312"]"#, "null", "null"].map(|it| format!(r#"{{"person":{it},{dangers}"#));
    let mut found: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
    found.sort();
    assert_eq!(found, expected);
    assert!(rows.iter().all(|row| row.get::<i64, _>("rank") == 1));
    let steps = crate::tables::alarms::steps(&mut read, 0, 10).await.unwrap();
    assert_eq!(steps.len(), 3, "each is told to the adapters once");
    drop(read);
    assert!(kiosk.alarms(0, 0).await.unwrap().alarms.is_empty(), "nobody pressed");
}

async fn a_cells_key_is_the_last_its_device_in_service_told(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let of_cell = async || world.care().await.terminals[0].recipient.clone();
    assert_eq!(of_cell().await, None);
    let [first, second, third] = [(); 3].map(|()| SealKey::generate().recipient());
    let earlier = kiosk.event(&key(&kiosk, first.clone()));
    kiosk.send(std::slice::from_ref(&earlier)).await.unwrap();
    assert_eq!(of_cell().await, Some(first));
    kiosk.say(&key(&kiosk, second.clone())).await;
    kiosk.send(std::slice::from_ref(&earlier)).await.unwrap();
    assert_eq!(of_cell().await, Some(second), "the earlier one comes again and changes nothing");
    let none: SealRecipient = serde_json::from_str("\"age1none\"").unwrap();
    let envelope = kiosk.event(&key(&kiosk, none));
    assert_eq!(kiosk.verdict(&envelope).await, Verdict::Parked { code: "recipient".into() });

    let mut after = world.kiosk().await;
    assert_eq!(of_cell().await, None, "the key of a device that was replaced opens nothing");
    let late = kiosk.event(&key(&kiosk, SealKey::generate().recipient()));
    let core = &world.running.platform.core;
    let mut read = core.tables.read().await.unwrap();
    let row = crate::tables::devices::device(&mut read, kiosk.device).await.unwrap().unwrap();
    drop(read);
    after.say(&key(&after, third.clone())).await;
    crate::ingest::take(core, &row, kiosk.batch(&[late])).await.unwrap();
    assert_eq!(of_cell().await, Some(third), "and a bundle does not bring it back");
}

async fn an_asked_for_list_comes_when_something_changed(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let core = &world.running.platform.core;
    let rev = world.care().await.rev;
    let said = report(&kiosk, Urgency::Soon);
    let hour = Duration::from_secs(3600);
    let (list, event) = tokio::join!(care::list(core, rev, hour), kiosk.say(&said));
    let list = list.unwrap();
    assert_eq!(list.entries.iter().map(|entry| entry.event).collect::<Vec<_>>(), [event]);
    let member = world.running.platform.members(world.terminal()).await.unwrap().remove(0);
    let gone = world.running.platform.remove_member(world.terminal(), member.id);
    let (after, gone) = tokio::join!(care::list(core, list.rev, hour), gone);
    gone.unwrap();
    assert_eq!(after.unwrap().terminals[0].people.len(), 11);
}

async fn a_list_asked_for_at_one_platform_comes_when_the_other_is_told(on: On) {
    let world = World::new(on).await;
    let beside = world.beside().await;
    let mut kiosk = world.kiosk().await;
    let rev = world.care().await.rev;
    let said = report(&kiosk, Urgency::Soon);
    let held = care::list(&beside.platform.core, rev, Duration::from_secs(3600));
    let (list, _) = tokio::join!(held, kiosk.say(&said));
    assert_eq!(list.unwrap().entries.len(), 1);
}
