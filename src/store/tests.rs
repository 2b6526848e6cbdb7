// SPDX-License-Identifier: GPL-3.0-only
use crate::{Config, Delivery, Fault, Keys, Opened, PAGES_MAX, Store};
use contract::{
    AlarmRaised, BatchReply, BootId, ComplaintCount, DetaineeId, DeviceId, Envelope, Event, EventId, Flow,
    Lane, LaneHead, OfficerId, PinIssued, SigningKey, Stamp, Trust, Verdict, VerdictFor,
};
use proptest::prelude::*;
use std::io::{Seek, SeekFrom, Write as _};
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;

mod blobs;

/// A platform's signed answer, as far as the store cares.
const RECEIPT: &str = "signed";

struct Device {
    id: DeviceId,
    signing: Arc<SigningKey>,
}

impl Device {
    fn new() -> Self {
        let key = SigningKey::open(&SigningKey::generate().unwrap()).unwrap();
        Self { id: DeviceId::fresh(), signing: Arc::new(key) }
    }

    fn open(&self, dir: &Path) -> (Store, Opened) {
        self.open_within(dir, PAGES_MAX)
    }

    fn open_within(&self, dir: &Path, pages_max: u32) -> (Store, Opened) {
        let keys = Keys::from_storage_key(&[7; 32]).unwrap();
        let signing = self.signing.clone();
        Store::open(Config { dir, device: self.id, signing, keys, services: &[], pages_max }).unwrap()
    }
}

fn now() -> Stamp {
    Stamp { boot: BootId(Uuid::nil()), mono_ms: 1, wall_ms: 2, trust: Trust::Synced }
}

fn alarm() -> Event {
    Event::AlarmRaised(AlarmRaised { at: now() })
}

fn pin_issued() -> Event {
    Event::PinIssued(PinIssued { detainee: DetaineeId::fresh(), officer: OfficerId::fresh(), at: now() })
}

fn send(store: &mut Store, event: &Event) -> EventId {
    store.write(|tx| tx.send(event, &now())).unwrap()
}

fn reply(batch: &contract::Batch, verdict: &Verdict) -> BatchReply {
    let last = batch.events.last().unwrap();
    BatchReply {
        batch: batch.batch,
        device: batch.device,
        lane: batch.lane,
        acked_seq: last.seq,
        head: last.hash(),
        verdicts: batch
            .events
            .iter()
            .map(|e| VerdictFor { id: e.id, seq: e.seq, hash: e.hash(), verdict: verdict.clone() })
            .collect(),
        server_ms: 0,
        flow: Flow::default(),
        reconnect_window_s: 1,
    }
}

fn next(store: &mut Store, lane: Lane) -> Option<contract::Batch> {
    store.read(|read| read.next_batch(lane, Flow::default())).unwrap()
}

#[test]
fn sqlite_is_new_enough_not_to_lose_its_log() {
    assert!(rusqlite::version_number() >= crate::SQLITE_VERSION_MIN, "{}", Store::sqlite_version());
}

#[test]
fn the_file_is_synced_at_every_commit() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Device::new().open(dir.path());
    let synchronous: i64 = store
        .read(|read| Ok::<_, Fault>(read.sql().query_row("PRAGMA synchronous", [], |row| row.get(0))?))
        .unwrap();
    assert_eq!(synchronous, 2, "FULL");
}

#[test]
fn a_failed_change_leaves_neither_state_nor_event() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Device::new().open(dir.path());
    let failed = store.write(|tx| {
        tx.send(&alarm(), &now())?;
        Err::<(), _>(Fault::Stored { what: "test" })
    });
    assert!(failed.is_err());
    assert_eq!(next(&mut store, Lane::Alarm), None);
    send(&mut store, &alarm());
    assert_eq!(next(&mut store, Lane::Alarm).unwrap().events[0].seq, 1, "no number was used up");
}

#[test]
fn events_are_numbered_chained_and_signed() {
    let dir = tempfile::tempdir().unwrap();
    let device = Device::new();
    let (mut store, _) = device.open(dir.path());
    for _ in 0..3 {
        send(&mut store, &pin_issued());
    }
    let batch = next(&mut store, Lane::Order).unwrap();
    assert_eq!(batch.events.iter().map(|e| e.seq).collect::<Vec<_>>(), [1, 2, 3]);
    for pair in batch.events.windows(2) {
        assert_eq!(pair[1].prev, pair[0].hash());
    }
    for event in &batch.events {
        event.check(&device.signing.public()).unwrap();
    }
}

#[test]
fn an_event_survives_the_restart_and_leaves_only_by_a_verdict() {
    let dir = tempfile::tempdir().unwrap();
    let device = Device::new();
    let id = {
        let (mut store, _) = device.open(dir.path());
        send(&mut store, &alarm())
    };
    let (mut store, opened) = device.open(dir.path());
    assert_eq!(opened, Opened::Sound);
    assert_eq!(store.read(|r| r.delivery(id)).unwrap(), Some(Delivery::Saved));
    let batch = next(&mut store, Lane::Alarm).unwrap();
    let settled = store.write(|tx| tx.settle(&reply(&batch, &Verdict::Accepted), RECEIPT, &now())).unwrap();
    assert_eq!(settled, [id]);
    assert_eq!(next(&mut store, Lane::Alarm), None);
    let delivery = store.read(|r| r.delivery(id)).unwrap();
    assert_eq!(delivery, Some(Delivery::Delivered { at_ms: 2, verdict: Verdict::Accepted }));
}

#[test]
fn a_verdict_for_another_hash_settles_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Device::new().open(dir.path());
    send(&mut store, &alarm());
    let batch = next(&mut store, Lane::Alarm).unwrap();
    let mut wrong = reply(&batch, &Verdict::Accepted);
    wrong.verdicts[0].hash = contract::Digest::ZERO;
    assert!(store.write(|tx| tx.settle(&wrong, RECEIPT, &now())).unwrap().is_empty());
    assert!(next(&mut store, Lane::Alarm).is_some());
}

#[test]
fn a_complaint_leaves_with_the_hour_and_a_number_that_tells_no_time() {
    let (dir, device) = (tempfile::tempdir().unwrap(), Device::new());
    let (mut store, _) = device.open(dir.path());
    let now = Stamp { boot: BootId::fresh(), mono_ms: 4_321, wall_ms: 7_300_001, trust: Trust::Synced };
    let count = ComplaintCount { at: now.to_the_hour(), day: 0, counts: Vec::new() };
    store.write(|tx| tx.send(&Event::ComplaintCount(count), &now)).unwrap();
    let batch = next(&mut store, Lane::Complaint).unwrap();
    let time = batch.events[0].time;
    assert_eq!((time.wall_ms, time.mono_ms, time.boot), (7_200_000, 0, BootId(Uuid::nil())));
    assert_eq!(batch.events[0].id.0.get_version_num(), 4);
    batch.events[0].check(&device.signing.public()).unwrap();
}

#[test]
fn retry_keeps_the_event_and_fork_stops_its_lane_but_never_the_alarm() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Device::new().open(dir.path());
    for event in [pin_issued(), alarm()] {
        send(&mut store, &event);
    }
    for lane in [Lane::Order, Lane::Alarm] {
        let batch = next(&mut store, lane).unwrap();
        let mut retry = reply(&batch, &Verdict::Retry { after_s: 1 });
        retry.acked_seq = 0;
        store.write(|tx| tx.settle(&retry, RECEIPT, &now())).unwrap();
        assert!(next(&mut store, lane).is_some());
        store.write(|tx| tx.settle(&reply(&batch, &Verdict::Fork), RECEIPT, &now())).unwrap();
    }
    assert_eq!(next(&mut store, Lane::Order), None);
    assert!(next(&mut store, Lane::Alarm).is_some());
    assert_eq!(store.read(|r| r.counts(Lane::Order)).unwrap().pending, 1, "kept");
}

#[test]
fn a_platform_that_fell_back_gets_everything_after_its_head_again() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Device::new().open(dir.path());
    for _ in 0..3 {
        send(&mut store, &pin_issued());
    }
    let batch = next(&mut store, Lane::Order).unwrap();
    store.write(|tx| tx.settle(&reply(&batch, &Verdict::Accepted), RECEIPT, &now())).unwrap();
    send(&mut store, &pin_issued());
    let fourth = next(&mut store, Lane::Order).unwrap();
    let mut gap = reply(&fourth, &Verdict::Retry { after_s: 1 });
    gap.acked_seq = 1;
    store.write(|tx| tx.settle(&gap, RECEIPT, &now())).unwrap();
    let again = next(&mut store, Lane::Order).unwrap();
    assert_eq!(again.events.iter().map(|e| e.seq).collect::<Vec<_>>(), [2, 3, 4]);
}

#[test]
fn a_damaged_file_is_set_aside_and_its_unsent_events_are_carried_over() {
    let dir = tempfile::tempdir().unwrap();
    let device = Device::new();
    let mut ids = Vec::new();
    {
        let (mut store, _) = device.open(dir.path());
        for _ in 0..40 {
            ids.push(send(&mut store, &alarm()));
        }
    }
    let path = dir.path().join("kiosk.db");
    let mut file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    let length = file.metadata().unwrap().len();
    file.seek(SeekFrom::Start(length - 3000)).unwrap();
    file.write_all(&[0xA5; 2000]).unwrap();
    drop(file);

    let (mut store, opened) = device.open(dir.path());
    let Opened::Damaged { set_aside, salvaged } = opened else { panic!("the damage was not seen") };
    assert!(set_aside.exists());
    assert_eq!(store.epoch(), 2);
    let carried = ids.iter().filter(|id| store.read(|r| r.delivery(**id)).unwrap().is_some()).count();
    assert_eq!(carried, salvaged);
    let new = send(&mut store, &alarm());
    assert_eq!(store.read(|r| r.delivery(new)).unwrap(), Some(Delivery::Saved));
}

#[test]
fn a_file_that_is_no_database_is_set_aside() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("kiosk.db"), vec![b'x'; 10_000]).unwrap();
    let (mut store, opened) = Device::new().open(dir.path());
    assert!(matches!(opened, Opened::Damaged { salvaged: 0, .. }));
    send(&mut store, &alarm());
}

#[test]
fn a_sealed_column_opens_only_in_its_place() {
    let keys = Keys::from_storage_key(&[7; 32]).unwrap();
    let mut column = keys.seal("template/1", b"secret").unwrap();
    assert_eq!(&**keys.open("template/1", &column).unwrap(), b"secret");
    assert!(keys.open("template/2", &column).is_err());
    assert!(Keys::from_storage_key(&[8; 32]).unwrap().open("template/1", &column).is_err());
    *column.last_mut().unwrap() ^= 1;
    assert!(keys.open("template/1", &column).is_err());
    assert!(keys.open("template/1", &[1, 2]).is_err());
}

/// Everything of a lane that waits, in order.
fn waiting(store: &mut Store, lane: Lane) -> Vec<Envelope> {
    next(store, lane).map(|batch| batch.events).unwrap_or_default()
}

#[test]
fn a_quarantined_event_keeps_its_place_without_its_body_and_those_behind_it_follow() {
    let dir = tempfile::tempdir().unwrap();
    let device = Device::new();
    let (mut store, _) = device.open(dir.path());
    let ids: Vec<EventId> = (0..3).map(|_| send(&mut store, &pin_issued())).collect();
    let before = waiting(&mut store, Lane::Order);
    let held = store.write(|tx| tx.quarantine(ids[1])).unwrap().unwrap();
    assert_eq!((held.lane, held.hash), (Lane::Order, before[1].hash()));
    assert_eq!(store.write(|tx| tx.quarantine(ids[1])).unwrap(), None, "once");

    let after = waiting(&mut store, Lane::Order);
    assert_eq!(
        after.iter().map(Envelope::hash).collect::<Vec<_>>(),
        before.iter().map(Envelope::hash).collect::<Vec<_>>()
    );
    assert!(after[1].body.is_empty() && after[1].check(&device.signing.public()).is_ok());
    assert_eq!(after[2].prev, after[1].hash());

    let batch = next(&mut store, Lane::Order).unwrap();
    let parked = reply(&batch, &Verdict::Parked { code: "withheld".into() });
    assert_eq!(store.write(|tx| tx.settle(&parked, RECEIPT, &now())).unwrap(), ids);
    assert!(waiting(&mut store, Lane::Order).is_empty());
    assert_eq!(store.read(|r| r.delivery(ids[1])).unwrap(), Some(Delivery::Kept));
    assert_eq!(store.read(|r| r.counts(Lane::Order)).unwrap().quarantined, 1);
}

#[test]
fn a_forked_lane_goes_on_in_a_new_epoch_and_what_it_held_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let device = Device::new();
    let (mut store, _) = device.open(dir.path());
    let stuck = send(&mut store, &pin_issued());
    let batch = next(&mut store, Lane::Order).unwrap();
    let fork = reply(&batch, &Verdict::Fork);
    store.write(|tx| tx.settle(&fork, RECEIPT, &now())).unwrap();
    assert_eq!(store.read(|r| r.forked()).unwrap(), [(1, Lane::Order)]);
    assert_eq!(store.read(|r| r.delivery(stuck)).unwrap(), Some(Delivery::Kept));
    assert!(waiting(&mut store, Lane::Order).is_empty(), "a stopped lane sends nothing");

    // The power goes before the new epoch has begun.
    drop(store);
    let (mut store, opened) = device.open(dir.path());
    assert_eq!((opened, store.epoch()), (Opened::Sound, 2));
    assert_eq!(store.read(|r| r.forked()).unwrap(), [(1, Lane::Order)], "still to be told");
    store.write(|tx| tx.fork_told(1, Lane::Order)).unwrap();
    assert!(store.read(|r| r.forked()).unwrap().is_empty());
    let fresh = send(&mut store, &pin_issued());
    let sent = next(&mut store, Lane::Order).unwrap();
    assert_eq!((sent.epoch, sent.events[0].seq, sent.events[0].id), (2, 1, fresh));
}

#[test]
fn an_alarm_is_never_stopped_by_a_fork() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Device::new().open(dir.path());
    let id = send(&mut store, &alarm());
    let batch = next(&mut store, Lane::Alarm).unwrap();
    let fork = reply(&batch, &Verdict::Fork);
    store.write(|tx| tx.settle(&fork, RECEIPT, &now())).unwrap();
    assert!(store.read(|r| r.forked()).unwrap().is_empty());
    assert_eq!(waiting(&mut store, Lane::Alarm)[0].id, id);
}

/// Sends `count` events of the order lane and has the platform take them.
fn taken(store: &mut Store, count: usize) -> Vec<EventId> {
    let ids = (0..count).map(|_| send(store, &pin_issued())).collect();
    let batch = next(store, Lane::Order).unwrap();
    let accepted = reply(&batch, &Verdict::Accepted);
    store.write(|tx| tx.settle(&accepted, RECEIPT, &now())).unwrap();
    ids
}

fn held(lane: Lane, acked_seq: u64) -> LaneHead {
    LaneHead { epoch: 1, lane, acked_seq }
}

#[test]
fn invariant_16_a_platform_restored_from_a_backup_gets_back_what_it_acknowledged_since() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Device::new().open(dir.path());
    let ids = taken(&mut store, 5);
    let mut shown = |heads: &[LaneHead]| {
        store.write(|tx| tx.compare(heads)).unwrap();
        waiting(&mut store, Lane::Order).iter().map(|event| event.id).collect::<Vec<_>>()
    };
    assert!(shown(&[held(Lane::Order, 5)]).is_empty());
    assert!(shown(&[held(Lane::Order, 9)]).is_empty(), "more than was acknowledged asks for nothing");
    assert_eq!(shown(&[held(Lane::Order, 3)]), ids[3..]);
    assert_eq!(shown(&[held(Lane::Alarm, 1)]), ids, "a lane that is not named is held not at all");
}

#[test]
fn invariant_12_a_queue_of_the_first_tables_drains_with_these() {
    let dir = tempfile::tempdir().unwrap();
    let device = Device::new();
    let (mut store, _) = device.open(dir.path());
    let ids = [send(&mut store, &pin_issued()), send(&mut store, &pin_issued())];
    drop(store);
    // As the release before the second step left it.
    let old = rusqlite::Connection::open(dir.path().join("kiosk.db")).unwrap();
    old.execute_batch(
        "DROP TABLE media; DROP TABLE blob; ALTER TABLE outbox DROP COLUMN blobs;
         DROP TABLE feed_reading; ALTER TABLE feed_rev DROP COLUMN reading;
         DROP INDEX outbox_withheld; DROP INDEX outbox_settled; DROP TABLE receipt;
         ALTER TABLE outbox DROP COLUMN receipt;
         UPDATE migration SET step = 1 WHERE service = 'store';",
    )
    .unwrap();
    drop(old);
    let (mut store, opened) = device.open(dir.path());
    assert_eq!(opened, Opened::Sound);
    let batch = next(&mut store, Lane::Order).unwrap();
    assert_eq!(batch.events.iter().map(|event| event.id).collect::<Vec<_>>(), ids);
    let accepted = reply(&batch, &Verdict::Accepted);
    assert_eq!(store.write(|tx| tx.settle(&accepted, RECEIPT, &now())).unwrap(), ids);
}

#[test]
fn invariant_05_a_row_that_was_taken_out_of_the_queue_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Device::new().open(dir.path());
    taken(&mut store, 1);
    let ids = [send(&mut store, &pin_issued()), send(&mut store, &pin_issued())];
    store
        .write(|tx| {
            tx.sql().execute("DELETE FROM outbox WHERE id = ?1", [ids[0].0.as_bytes()])?;
            Ok::<_, Fault>(())
        })
        .unwrap();
    let batch = next(&mut store, Lane::Order).unwrap();
    let gap = BatchReply { acked_seq: 1, ..reply(&batch, &Verdict::Retry { after_s: 1 }) };
    store.write(|tx| tx.settle(&gap, RECEIPT, &now())).unwrap();
    assert_eq!(store.read(|r| r.forked()).unwrap(), [(1, Lane::Order)]);
    assert_eq!(store.read(|r| r.delivery(ids[1])).unwrap(), Some(Delivery::Kept));
}

#[test]
fn invariant_09_lower_lanes_leave_room_for_higher_ones() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Device::new().open_within(dir.path(), 400);
    let fill = |store: &mut Store, event: &Event| -> u32 {
        let mut sent = 0;
        loop {
            match store.write(|tx| tx.send(event, &now())) {
                Ok(_) => sent += 1,
                Err(fault) => {
                    assert!(fault.is_full(), "{fault}");
                    return sent;
                }
            }
        }
    };
    let orders = fill(&mut store, &pin_issued());
    assert!(orders > 100, "{orders}");
    assert!(store.read(|r| r.is_full(Lane::Progress)).unwrap());
    assert!(!store.read(|r| r.is_full(Lane::Care)).unwrap());
    assert!(fill(&mut store, &alarm()) > 100, "an alarm finds room");
    let counts = store.read(|r| r.counts(Lane::Order)).unwrap();
    assert_eq!((counts.enqueued, counts.pending), (u64::from(orders), u64::from(orders)));
}

#[test]
fn what_was_acknowledged_long_ago_is_forgotten_and_the_lane_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Device::new().open(dir.path());
    let old = send(&mut store, &pin_issued());
    let batch = next(&mut store, Lane::Order).unwrap();
    let taken = reply(&batch, &Verdict::Accepted);
    store.write(|tx| tx.settle(&taken, "signed", &now())).unwrap();
    let waits = send(&mut store, &pin_issued());
    let later = |days: i64, trust| Stamp { wall_ms: now().wall_ms + days * 86_400_000, trust, ..now() };
    let mut forget = |at: Stamp| store.write(|tx| tx.forget_old(&at)).unwrap();
    assert_eq!(forget(later(29, Trust::Synced)), 0, "the platform may ask for it again");
    assert_eq!(forget(later(9_000, Trust::Unsynced)), 0, "nobody knows how late it is");
    assert_eq!(forget(later(31, Trust::Synced)), 1);
    assert_eq!(store.read(|r| r.delivery(old)).unwrap(), None);
    assert_eq!(store.read(|r| r.delivery(waits)).unwrap(), Some(Delivery::Saved));
    assert_eq!(waiting(&mut store, Lane::Order)[0].prev, batch.events[0].hash());
}

#[test]
fn the_signed_answer_is_kept_with_what_it_settled() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Device::new().open(dir.path());
    let id = send(&mut store, &pin_issued());
    let batch = next(&mut store, Lane::Order).unwrap();
    let taken = reply(&batch, &Verdict::Accepted);
    assert_eq!(store.read(|r| r.receipt(id)).unwrap(), None);
    store.write(|tx| tx.settle(&taken, "as it was signed", &now())).unwrap();
    assert_eq!(store.read(|r| r.receipt(id)).unwrap().as_deref(), Some("as it was signed"));
}

#[test]
fn the_ballast_gives_its_room_back_once_and_is_made_again() {
    let dir = tempfile::tempdir().unwrap();
    let device = Device::new();
    let (store, _) = device.open(dir.path());
    assert!(store.drop_ballast());
    assert!(!store.drop_ballast());
    drop(store);
    assert!(device.open(dir.path()).0.drop_ballast());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// enqueued = acked + pending + quarantined, whatever happens in whatever order.
    #[test]
    fn invariant_03_nothing_is_lost_or_doubled(actions in prop::collection::vec(0_u8..6, 1..60)) {
        let dir = tempfile::tempdir().unwrap();
        let device = Device::new();
        let (mut store, _) = device.open(dir.path());
        let mut sent = 0;
        for action in actions {
            match action {
                0..=2 => { send(&mut store, &pin_issued()); sent += 1; }
                3 => if let Some(batch) = next(&mut store, Lane::Order) {
                    let settled = reply(&batch, &Verdict::Accepted);
                    store.write(|tx| tx.settle(&settled, RECEIPT, &now())).unwrap();
                    prop_assert!(store.write(|tx| tx.settle(&settled, RECEIPT, &now())).unwrap().is_empty());
                },
                4 => if let Some(batch) = next(&mut store, Lane::Order) {
                    store.write(|tx| tx.quarantine(batch.events[0].id)).unwrap();
                },
                _ => { drop(store); store = device.open(dir.path()).0; }
            }
            let counts = store.read(|r| r.counts(Lane::Order)).unwrap();
            prop_assert_eq!(counts.enqueued, sent);
            prop_assert_eq!(counts.enqueued, counts.acked + counts.pending + counts.quarantined);
        }
    }
}
