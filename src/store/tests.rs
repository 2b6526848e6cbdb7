// SPDX-License-Identifier: GPL-3.0-only
use crate::{Config, Delivery, Fault, Keys, Opened, Store};
use contract::{
    AlarmRaised, BatchReply, BootId, DetaineeId, DeviceId, Event, EventId, Flow, Lane, OfficerId, PinIssued,
    SigningKey, Stamp, Trust, Verdict, VerdictFor,
};
use proptest::prelude::*;
use std::io::{Seek, SeekFrom, Write as _};
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;

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
        let keys = Keys::from_storage_key(&[7; 32]).unwrap();
        Store::open(Config { dir, device: self.id, signing: self.signing.clone(), keys, services: &[] })
            .unwrap()
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
    let settled = store.write(|tx| tx.settle(&reply(&batch, &Verdict::Accepted), &now())).unwrap();
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
    assert!(store.write(|tx| tx.settle(&wrong, &now())).unwrap().is_empty());
    assert!(next(&mut store, Lane::Alarm).is_some());
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
        store.write(|tx| tx.settle(&retry, &now())).unwrap();
        assert!(next(&mut store, lane).is_some());
        store.write(|tx| tx.settle(&reply(&batch, &Verdict::Fork), &now())).unwrap();
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
    store.write(|tx| tx.settle(&reply(&batch, &Verdict::Accepted), &now())).unwrap();
    send(&mut store, &pin_issued());
    let fourth = next(&mut store, Lane::Order).unwrap();
    let mut gap = reply(&fourth, &Verdict::Retry { after_s: 1 });
    gap.acked_seq = 1;
    store.write(|tx| tx.settle(&gap, &now())).unwrap();
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// enqueued = acked + pending + quarantined, whatever happens in whatever order.
    #[test]
    fn nothing_is_lost_or_doubled(actions in prop::collection::vec(0_u8..6, 1..60)) {
        let dir = tempfile::tempdir().unwrap();
        let device = Device::new();
        let (mut store, _) = device.open(dir.path());
        let mut sent = 0;
        for action in actions {
            match action {
                0..=2 => { send(&mut store, &pin_issued()); sent += 1; }
                3 => if let Some(batch) = next(&mut store, Lane::Order) {
                    let settled = reply(&batch, &Verdict::Accepted);
                    store.write(|tx| tx.settle(&settled, &now())).unwrap();
                    prop_assert!(store.write(|tx| tx.settle(&settled, &now())).unwrap().is_empty());
                },
                4 => if let Some(batch) = next(&mut store, Lane::Order) {
                    store.write(|tx| tx.quarantine(batch.events[0].id, &now())).unwrap();
                },
                _ => { drop(store); store = device.open(dir.path()).0; }
            }
            let counts = store.read(|r| r.counts(Lane::Order)).unwrap();
            prop_assert_eq!(counts.enqueued, sent);
            prop_assert_eq!(counts.enqueued, counts.acked + counts.pending + counts.quarantined);
        }
    }
}
