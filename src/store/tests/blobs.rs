// SPDX-License-Identifier: GPL-3.0-only
//! Files beside the store: there before the event that names them, gone only when both sides agree.

use super::*;
use crate::Attached;
use contract::{Blob, BlobState, Digest, EventId};
use std::path::PathBuf;

const VOICE: &[u8] = b"a voice that says where it hurts";

fn speak(store: &mut Store, bytes: &[u8]) -> EventId {
    let attached = [Attached { bytes, mime: "audio/ogg" }];
    store.write(|tx| tx.send_with(&pin_issued(), &attached, &now())).unwrap()
}

fn take(store: &mut Store) {
    let batch = next(store, Lane::Order).unwrap();
    let accepted = reply(&batch, &Verdict::Accepted);
    store.write(|tx| tx.settle(&accepted, RECEIPT, &now())).unwrap();
}

fn upload(store: &mut Store) -> Option<(Blob, Vec<u8>)> {
    store.read(|read| read.next_blob(&[])).unwrap()
}

fn whole(store: &mut Store, blob: &Blob) {
    let (sha256, len, device) = (blob.sha256, blob.len, DeviceId::fresh());
    let state = BlobState { device, sha256, len, offset: len, whole: true, server_ms: 0 };
    store.write(|tx| tx.blob_whole(&state, RECEIPT, &now())).unwrap();
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = dir.join("blobs").read_dir();
    entries.map(|entries| entries.map(|entry| entry.unwrap().path()).collect()).unwrap_or_default()
}

#[test]
fn a_blob_goes_up_after_the_verdict_of_its_event_and_lies_sealed_until_then() {
    let dir = tempfile::tempdir().unwrap();
    let device = Device::new();
    let (mut store, _) = device.open(dir.path());
    speak(&mut store, VOICE);
    let event = &next(&mut store, Lane::Order).unwrap().events[0];
    let named = Blob { sha256: Digest::of(VOICE), len: VOICE.len() as u64, mime: "audio/ogg".into() };
    assert_eq!(event.blobs, std::slice::from_ref(&named));
    event.check(&device.signing.public()).unwrap();
    assert_eq!(upload(&mut store), None, "the event goes first");
    let file = std::fs::read(&files(dir.path())[0]).unwrap();
    assert!(!file.windows(5).any(|part| part == &VOICE[2..7]), "nobody hears it on the disk");
    drop(store);
    let (mut store, opened) = device.open(dir.path());
    assert_eq!(opened, Opened::Sound);
    take(&mut store);
    assert_eq!(upload(&mut store), Some((named.clone(), VOICE.to_vec())));
    assert_eq!(store.read(|read| read.next_blob(&[named.sha256])).unwrap(), None);
    whole(&mut store, &named);
    assert_eq!((upload(&mut store), store.read(|read| read.blobs_waiting()).unwrap()), (None, 0));
}

#[test]
fn a_transaction_that_is_given_up_leaves_no_file_after_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let device = Device::new();
    let (mut store, _) = device.open(dir.path());
    let failed = store.write(|tx| {
        tx.send_with(&pin_issued(), &[Attached { bytes: VOICE, mime: "audio/ogg" }], &now())?;
        // At this moment the power may go: the file is whole and nothing names it.
        assert_eq!(files(dir.path()).len(), 1);
        Err::<(), _>(Fault::Stored { what: "test" })
    });
    assert!(failed.is_err() && next(&mut store, Lane::Order).is_none());
    std::fs::write(dir.path().join("blobs/half.new"), b"half").unwrap();
    drop(store);
    let (mut store, _) = device.open(dir.path());
    assert!(files(dir.path()).is_empty());
    speak(&mut store, VOICE);
    drop(store);
    device.open(dir.path());
    assert_eq!(files(dir.path()).len(), 1, "what an event names stays");
}

#[test]
fn a_file_goes_only_when_the_platform_has_it_and_thirty_days_are_over() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Device::new().open(dir.path());
    let later = |days: i64| Stamp { wall_ms: now().wall_ms + days * 86_400_000, ..now() };
    let tidy = |store: &mut Store, days| {
        store.write(|tx| tx.forget_old(&later(days))).unwrap();
        store.sweep().unwrap();
        files(dir.path()).len()
    };
    speak(&mut store, VOICE);
    take(&mut store);
    assert_eq!(tidy(&mut store, 400), 1, "it waits as long as the platform has it not");
    let (blob, _) = upload(&mut store).expect("also when its event is forgotten");
    whole(&mut store, &blob);
    assert_eq!(tidy(&mut store, 29), 1);
    assert_eq!(tidy(&mut store, 31), 0);
}

#[test]
fn a_platform_restored_from_a_backup_is_offered_every_blob_again() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Device::new().open(dir.path());
    for bytes in [VOICE, b"another"] {
        speak(&mut store, bytes);
        take(&mut store);
        let (blob, _) = upload(&mut store).unwrap();
        whole(&mut store, &blob);
    }
    store.write(|tx| tx.compare(&[held(Lane::Order, 1)])).unwrap();
    let (first, bytes) = upload(&mut store).expect("its event was not lost, the blob may be");
    assert_eq!(bytes, VOICE);
    assert_eq!(store.read(|read| read.next_blob(&[first.sha256])).unwrap(), None, "the event goes first");
    take(&mut store);
    assert_eq!(store.read(|read| read.next_blob(&[first.sha256])).unwrap().unwrap().1, b"another");
}

#[test]
fn a_damaged_file_stops_no_other_and_a_damaged_store_keeps_every_file() {
    let dir = tempfile::tempdir().unwrap();
    let device = Device::new();
    let (mut store, _) = device.open(dir.path());
    speak(&mut store, VOICE);
    speak(&mut store, b"another");
    take(&mut store);
    let path = dir.path().join("blobs").join(Digest::of(VOICE).to_string());
    let mut sealed = std::fs::read(&path).unwrap();
    sealed[20] ^= 1;
    std::fs::write(&path, sealed).unwrap();
    assert_eq!(upload(&mut store).unwrap().1, b"another");
    speak(&mut store, b"a third");
    drop(store);
    std::fs::write(dir.path().join("kiosk.db"), vec![b'x'; 10_000]).unwrap();
    let (_, opened) = device.open(dir.path());
    assert!(matches!(opened, Opened::Damaged { .. }));
    let aside = dir.path().join("kiosk.damaged-1.blobs").read_dir().unwrap().count();
    assert_eq!(aside + files(dir.path()).len(), 3);
}

#[test]
fn what_is_too_large_is_refused_with_its_event() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Device::new().open(dir.path());
    let huge = vec![0; usize::try_from(contract::BLOB_BYTES_MAX).unwrap() + 1];
    let refused =
        store.write(|tx| tx.send_with(&alarm(), &[Attached { bytes: &huge, mime: "audio/ogg" }], &now()));
    assert!(matches!(refused, Err(Fault::EventSize { .. })));
    let many = vec![Attached { bytes: b"x", mime: "audio/ogg" }; contract::BLOBS_MAX + 1];
    assert!(store.write(|tx| tx.send_with(&alarm(), &many, &now())).is_err());
    assert!(next(&mut store, Lane::Alarm).is_none() && files(dir.path()).is_empty());
}
