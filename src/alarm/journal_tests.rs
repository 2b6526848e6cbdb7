// SPDX-License-Identifier: GPL-3.0-only
use super::*;
use contract::{BootId, PanicForm, PanicRaised, PanicSource, Trust, VerdictFor};
use proptest::prelude::*;

struct World {
    dir: tempfile::TempDir,
    device: DeviceId,
    signing: Arc<SigningKey>,
}

impl World {
    fn new() -> Self {
        let signing = Arc::new(SigningKey::open(&SigningKey::generate().unwrap()).unwrap());
        Self { dir: tempfile::tempdir().unwrap(), device: DeviceId::fresh(), signing }
    }

    fn open(&self) -> Journal {
        Journal::open(self.dir.path(), self.device, Arc::clone(&self.signing))
    }

    fn path(&self, epoch: u32) -> PathBuf {
        self.dir.path().join(format!("panic.{epoch}.log"))
    }

    fn reply(&self, batch: &Batch, acked_seq: u64, verdict: &Verdict) -> (BatchReply, Signed) {
        let told = |event: &Envelope| VerdictFor {
            id: event.id,
            seq: event.seq,
            hash: event.hash(),
            verdict: verdict.clone(),
        };
        let reply = BatchReply {
            batch: batch.batch,
            device: self.device,
            lane: Lane::Panic,
            acked_seq,
            head: Digest::ZERO,
            verdicts: batch.events.iter().map(told).collect(),
            server_ms: 0,
            flow: Flow::default(),
            reconnect_window_s: 0,
        };
        let signed = Signed::seal("reply", &reply, &self.signing).unwrap();
        (reply, signed)
    }
}

fn now() -> Stamp {
    Stamp { boot: BootId::fresh(), mono_ms: 1, wall_ms: 2, trust: Trust::Synced }
}

fn press(journal: &mut Journal) -> EventId {
    let raised = PanicRaised { at: now(), form: PanicForm::Open, source: PanicSource::Key, joins: None };
    journal.add(&Event::PanicRaised(raised), &now()).unwrap()
}

fn ids(journal: &Journal) -> Vec<EventId> {
    let batch = journal.next_batch(Flow::default());
    batch.into_iter().flat_map(|batch| batch.events).map(|event| event.id).collect()
}

#[test]
fn what_was_added_is_there_after_the_power_went_and_goes_on_in_its_chain() {
    let world = World::new();
    let first = press(&mut world.open());
    let mut journal = world.open();
    let second = press(&mut journal);
    let batch = world.open().next_batch(Flow::default()).unwrap();
    assert_eq!(batch.events.iter().map(|event| event.id).collect::<Vec<_>>(), [first, second]);
    assert_eq!(batch.events[1].prev, batch.events[0].hash());
    for event in &batch.events {
        event.check(&world.signing.public()).unwrap();
    }
    assert!(journal.is_saved());
}

#[test]
fn a_verdict_ends_the_waiting_for_its_hash_alone() {
    let world = World::new();
    let mut journal = world.open();
    press(&mut journal);
    let batch = journal.next_batch(Flow::default()).unwrap();
    let (mut foreign, signed) = world.reply(&batch, 1, &Verdict::Accepted);
    foreign.verdicts[0].hash = Digest([7; 32]);
    journal.settle(&foreign, &signed, &now());
    assert_eq!(ids(&journal).len(), 1);
    let (reply, signed) = world.reply(&batch, 1, &Verdict::Accepted);
    journal.settle(&reply, &signed, &now());
    assert!(ids(&journal).is_empty());
    assert!(ids(&world.open()).is_empty(), "and after a power cut");
}

#[test]
fn a_platform_that_lost_alarms_gets_them_again() {
    let world = World::new();
    let mut journal = world.open();
    let all = [press(&mut journal), press(&mut journal)];
    let batch = journal.next_batch(Flow::default()).unwrap();
    let (reply, signed) = world.reply(&batch, 2, &Verdict::Accepted);
    journal.settle(&reply, &signed, &now());
    let third = press(&mut journal);
    let batch = journal.next_batch(Flow::default()).unwrap();
    let (reply, signed) = world.reply(&batch, 0, &Verdict::Retry { after_s: 1 });
    journal.settle(&reply, &signed, &now());
    assert_eq!(ids(&journal), [all[0], all[1], third]);
    assert_eq!(ids(&world.open()), [all[0], all[1], third]);
}

#[test]
fn a_file_damaged_further_up_stays_and_a_new_epoch_begins() {
    let world = World::new();
    let mut journal = world.open();
    let first = press(&mut journal);
    press(&mut journal);
    press(&mut journal);
    let mut bytes = std::fs::read(world.path(1)).unwrap();
    let second = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 100;
    bytes[second] ^= 1;
    std::fs::write(world.path(1), &bytes).unwrap();
    let mut journal = world.open();
    let next = press(&mut journal);
    assert_eq!(std::fs::read(world.path(1)).unwrap(), bytes, "what is damaged is left as it is");
    assert_eq!(ids(&journal), [first], "the oldest epoch first");
    let (reply, signed) = world.reply(&journal.next_batch(Flow::default()).unwrap(), 1, &Verdict::Accepted);
    journal.settle(&reply, &signed, &now());
    let batch = journal.next_batch(Flow::default()).unwrap();
    assert_eq!((batch.epoch, batch.events[0].seq, batch.events[0].id), (2, 1, next));
}

#[test]
fn a_disk_that_takes_nothing_keeps_no_alarm_from_being_sent() {
    let world = World::new();
    let mut journal = world.open();
    // A directory in the file's place is a disk that refuses, for root as well.
    std::fs::create_dir(world.path(1)).unwrap();
    let id = press(&mut journal);
    assert!(!journal.is_saved());
    assert_eq!(ids(&journal), [id]);
    std::fs::remove_dir(world.path(1)).unwrap();
    journal.write_rest();
    assert!(journal.is_saved());
    assert_eq!(ids(&world.open()), [id]);
}

#[test]
fn a_long_file_whose_events_are_settled_makes_room() {
    let world = World::new();
    let mut journal = world.open();
    // Made without the disk, which would take its time for each line.
    std::fs::create_dir(world.path(1)).unwrap();
    for _ in 0..3_000 {
        press(&mut journal);
        let batch = journal.next_batch(Flow::default()).unwrap();
        let (reply, signed) = world.reply(&batch, batch.events[0].seq, &Verdict::Accepted);
        journal.settle(&reply, &signed, &now());
    }
    std::fs::remove_dir(world.path(1)).unwrap();
    let lines: Vec<u8> = journal.unwritten.iter().flat_map(|line| written(line).unwrap()).collect();
    std::fs::write(world.path(1), lines).unwrap();
    let mut journal = world.open();
    assert_eq!((journal.epoch, journal.events().len()), (2, EVENTS_KEPT));
    let id = press(&mut journal);
    assert_eq!(ids(&world.open()), [id]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// The power goes while a line is written: every line before it is there, and the next event follows them.
    #[test]
    fn a_torn_line_is_gone_and_those_before_it_are_not(lines in 1_usize..6, cut in 1_usize..400) {
        let world = World::new();
        let mut journal = world.open();
        let made: Vec<_> = (0..lines).map(|_| press(&mut journal)).collect();
        let bytes = std::fs::read(world.path(1)).unwrap();
        let left = bytes.len() - cut.min(bytes.len());
        std::fs::write(world.path(1), &bytes[..left]).unwrap();
        let whole = bytes[..left].iter().filter(|byte| **byte == b'\n').count();
        let mut journal = world.open();
        prop_assert_eq!(ids(&journal), &made[..whole]);
        let next = press(&mut journal);
        let batch = world.open().next_batch(Flow::default()).unwrap();
        prop_assert_eq!((batch.epoch, batch.events.len()), (1, whole + 1));
        prop_assert_eq!(batch.events[whole].id, next);
        prop_assert_eq!(batch.events[whole].seq, whole as u64 + 1);
    }

    /// Whatever lies in the file, the alarm opens, and the next press is kept.
    #[test]
    fn no_bytes_keep_the_alarm_from_working(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let world = World::new();
        std::fs::write(world.path(1), &bytes).unwrap();
        let id = press(&mut world.open());
        prop_assert!(ids(&world.open()).contains(&id));
    }
}
