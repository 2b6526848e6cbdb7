// SPDX-License-Identifier: GPL-3.0-only
//! `kiosk.db` as a broken disk gives it back: it opens or is set aside, never a panic, never an error that comes again at
//! each start; what is salvaged is what the device signed; and then an alarm is kept.

use crate::bytes::{changed, changes};
use crate::{cases, now};
use contract::{AlarmRaised, DeviceId, Envelope, Event, Flow, Lane, OneLeft, SigningKey};
use proptest::prelude::*;
use std::path::Path;
use std::sync::Arc;
use store::{Config, Keys, Opened, PAGES_MAX, Store};

/// Events of the store that is broken.
const EVENTS: usize = 40;

struct Device {
    id: DeviceId,
    signing: Arc<SigningKey>,
}

impl Device {
    fn new() -> Self {
        Self { id: DeviceId::fresh(), signing: Arc::new(crate::key()) }
    }

    fn open(&self, dir: &Path) -> (Store, Opened) {
        let keys = Keys::from_storage_key(&[7; 32]).unwrap();
        let signing = Arc::clone(&self.signing);
        let config = Config { dir, device: self.id, signing, keys, services: &[], pages_max: PAGES_MAX };
        Store::open(config).unwrap()
    }

    /// A file with events of two lanes, and those events.
    fn file(&self) -> (Vec<u8>, Vec<Envelope>) {
        let dir = tempfile::tempdir().unwrap();
        let (mut store, _) = self.open(dir.path());
        for n in 0..EVENTS {
            let event = if n % 2 == 0 {
                Event::AlarmRaised(AlarmRaised { at: now() })
            } else {
                Event::OneLeft(OneLeft { at: now(), assigned: 12, out: 11 })
            };
            store.write(|tx| tx.send(&event, &now())).unwrap();
        }
        let made = waiting(&mut store, Lane::Alarm).into_iter().chain(waiting(&mut store, Lane::RollCall));
        let made = made.collect();
        drop(store);
        (std::fs::read(dir.path().join("kiosk.db")).unwrap(), made)
    }

    /// Opens these bytes as the terminal does at its start.
    fn survives(&self, bytes: &[u8], made: &[Envelope]) -> Opened {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("kiosk.db"), bytes).unwrap();
        let (mut store, opened) = self.open(dir.path());
        if let Opened::Damaged { set_aside, salvaged } = &opened {
            assert_eq!(std::fs::read(set_aside).map(|kept| kept.is_empty()).ok(), Some(bytes.is_empty()));
            let carried: Vec<Envelope> =
                [Lane::Alarm, Lane::RollCall].iter().flat_map(|lane| waiting(&mut store, *lane)).collect();
            assert_eq!(carried.len(), *salvaged);
            assert!(carried.iter().all(|event| made.contains(event)), "salvaged what nobody made");
        }
        let alarm = Event::AlarmRaised(AlarmRaised { at: now() });
        let id = store.write(|tx| tx.send(&alarm, &now())).unwrap();
        assert!(store.read(|read| read.delivery(id)).unwrap().is_some());
        drop(store);
        let (mut store, _) = self.open(dir.path());
        assert!(store.read(|read| read.delivery(id)).unwrap().is_some(), "kept over a restart");
        opened
    }
}

fn waiting(store: &mut Store, lane: Lane) -> Vec<Envelope> {
    let batch = store.read(|read| read.next_batch(lane, Flow::default())).unwrap();
    batch.map(|batch| batch.events).unwrap_or_default()
}

#[test]
fn a_sound_file_is_sound() {
    let device = Device::new();
    let (bytes, made) = device.file();
    assert_eq!(made.len(), EVENTS);
    assert_eq!(device.survives(&bytes, &made), Opened::Sound);
}

#[test]
fn every_byte_of_the_first_page_may_be_wrong() {
    let device = Device::new();
    let (bytes, made) = device.file();
    let mut stopped = Vec::new();
    // The header of the file is where a wrong byte means most.
    for at in (0..100).chain((100..4096).step_by(cases(97, 11) as usize)) {
        for flip in [0x01, 0x80, 0xFF] {
            let mut wrong = bytes.clone();
            wrong[at] ^= flip;
            let survives = std::panic::AssertUnwindSafe(|| device.survives(&wrong, &made));
            if std::panic::catch_unwind(survives).is_err() {
                stopped.push((at, flip));
            }
        }
    }
    assert!(stopped.is_empty(), "the terminal does not start with these bytes flipped: {stopped:?}");
}

#[test]
fn a_mutated_file_is_opened_or_set_aside() {
    let device = Device::new();
    let (bytes, made) = device.file();
    proptest!(ProptestConfig { cases: cases(48, 1_500), max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() }, |(changes in changes())| {
        device.survives(&changed(&bytes, &changes), &made);
    });
}

#[test]
fn a_file_cut_anywhere_is_opened_or_set_aside() {
    let device = Device::new();
    let (bytes, made) = device.file();
    for length in (0..bytes.len()).step_by(cases(4093, 401) as usize) {
        device.survives(&bytes[..length], &made);
    }
}

#[test]
fn any_bytes_are_set_aside() {
    let device = Device::new();
    proptest!(ProptestConfig { cases: cases(24, 800), failure_persistence: None, ..ProptestConfig::default() }, |(bytes in prop::collection::vec(any::<u8>(), 1..9000))| {
        let opened = device.survives(&bytes, &[]);
        let damaged = matches!(opened, Opened::Damaged { salvaged: 0, .. });
        prop_assert!(damaged);
    });
}

/// The number in the lane is another, the id the same: the file itself says no.
#[test]
fn invariant_02_the_file_itself_holds_an_id_once() {
    let (device, dir) = (Device::new(), tempfile::tempdir().unwrap());
    let (mut store, _) = device.open(dir.path());
    store.write(|tx| tx.send(&Event::AlarmRaised(AlarmRaised { at: now() }), &now())).unwrap();
    drop(store);
    let file = rusqlite::Connection::open(dir.path().join("kiosk.db")).unwrap();
    let again = "INSERT INTO outbox (epoch, lane, seq, id, kind, time, prev, body, signature, hash)
                 SELECT epoch, lane, seq + 1, id, kind, time, prev, body, signature, hash FROM outbox";
    let refused = file.execute(again, ()).unwrap_err();
    assert_eq!(refused.sqlite_error_code(), Some(rusqlite::ErrorCode::ConstraintViolation));
}

/// Damage of the rows alone: what can still be read and verified is carried over.
#[test]
fn what_is_salvaged_is_what_was_signed() {
    let device = Device::new();
    let (bytes, made) = device.file();
    let salvaged_some = std::cell::Cell::new(false);
    proptest!(ProptestConfig { cases: cases(24, 800), failure_persistence: None, ..ProptestConfig::default() }, |(at in any::<prop::sample::Index>(), length in 100_usize..3000)| {
        // Behind the first page, so that the tables are still found.
        let at = 4096 + at.index(bytes.len() - 4096);
        let mut wrong = bytes.clone();
        let to = (at + length).min(bytes.len());
        wrong[at..to].fill(0xA5);
        if let Opened::Damaged { salvaged, .. } = device.survives(&wrong, &made) {
            salvaged_some.set(salvaged_some.get() || salvaged > 0);
        }
    });
    assert!(salvaged_some.get(), "no case left anything to salvage");
}
