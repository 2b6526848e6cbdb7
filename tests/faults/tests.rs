// SPDX-License-Identifier: GPL-3.0-only
//! What the store promises, on a disk that fails. Each test has a short form and a long one, for `make faults`.

use crate::home::{Heard, Home, Known, Until};
use crate::writer::Role;
use crate::{Chance, Disk, Failure, Operation, is_possible};
use fuser::Errno;

/// Seeds that failed once, and run first every time.
const FAILED_ONCE: [u64; 0] = [];
/// Power cuts that one store goes through.
const CUTS_OF_A_STORE: usize = 5;
/// The latest moment of a cut, in changes and syncs since the start: some hundred transactions.
const LATEST_CUT: u64 = 3000;
/// The seed of the session that each failure meets.
const SESSION: u64 = 3;
const BLOCK: usize = 4096;
/// Room that SQLite's `-shm` takes while the store is open.
const SHARED_MEMORY_BLOCKS: usize = 8;

/// What came of some power cuts.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    cuts: usize,
    acknowledged: usize,
    lost: usize,
    stores_with_loss: usize,
}

#[test]
fn invariant_01_what_was_acknowledged_survives_a_power_cut() {
    if has_fuse() {
        survive_power_cuts(long_or(3, 60));
    }
}

#[test]
fn invariant_01_is_broken_by_a_commit_without_a_sync() {
    if has_fuse() {
        lose_by_power_cuts(long_or(2, 20));
    }
}

#[test]
fn invariant_01_what_was_acknowledged_survives_a_kill() {
    survive_kills(long_or(3, 20));
}

#[test]
fn invariant_03_an_error_of_the_disk_is_reported_and_takes_nothing_acknowledged() {
    if has_fuse() {
        fail_at_every(long_or(37, 1), Errno::EIO, |disk, seed| disk.cut(&mut Chance::new(seed)));
    }
}

#[test]
fn invariant_03_a_want_of_room_is_reported_and_takes_nothing_acknowledged() {
    if has_fuse() {
        fail_at_every(long_or(37, 1), Errno::ENOSPC, |disk, _| disk.after_restart());
    }
}

#[test]
fn invariant_09_a_full_disk_refuses_and_the_ballast_lets_an_alarm_through() {
    if has_fuse() {
        fill_up((SHARED_MEMORY_BLOCKS + 1..80).step_by(long_or(40, 2)));
    }
}

#[test]
fn invariant_09_a_store_opens_on_a_full_disk() {
    if has_fuse() {
        open_without_room();
    }
}

fn survive_power_cuts(stores: usize) {
    let mut all = Tally::default();
    for seed in FAILED_ONCE.into_iter().chain((0..).take(stores)) {
        let tally = cut_power(seed, Role::Write);
        assert_eq!(tally.lost, 0, "seed {seed} lost what was acknowledged: {tally:?}");
        all.add(tally);
    }
    eprintln!("{all:?}");
}

fn lose_by_power_cuts(stores: usize) {
    let mut all = Tally::default();
    for seed in (0..).take(stores) {
        all.add(cut_power(seed, Role::WriteUnsynced));
    }
    eprintln!("{all:?}");
    assert!(all.lost > 0, "this disk loses nothing, so it shows nothing: {all:?}");
}

/// One store through some power cuts: after each it must be sound, without a gap, and go on.
fn cut_power(seed: u64, role: Role) -> Tally {
    let (home, mut chance) = (Home::new(), Chance::new(seed));
    let (mut disk, mut known, mut tally) = (Disk::new(), Known::default(), Tally::default());
    for round in 0..=CUTS_OF_A_STORE {
        let last = round == CUTS_OF_A_STORE;
        // Early ones as often as late ones: opening and recovery are short.
        let latest = LATEST_CUT >> chance.below(8);
        let cut = Failure::PowerCut { at: chance.below(latest + 1), seed: chance.any() };
        disk.expect((!last).then_some(cut));
        let (heard, used) = home.run_on(disk, if last { Role::Check } else { role }, chance.any(), &known);
        let told = format!("seed {seed}, round {round}, {cut:?}: {heard:?}");
        assert!(heard.wrong.is_empty(), "{told}");
        assert_ne!(used.was_met(), last, "the store failed by itself: {told}");
        assert!(heard.checked || !last, "{told}");
        known.learn(&heard);
        tally.add(Tally {
            cuts: usize::from(!last),
            acknowledged: heard.acknowledged(),
            lost: heard.lost.len(),
            stores_with_loss: 0,
        });
        disk = used.after_restart();
    }
    Tally { stores_with_loss: usize::from(tally.lost > 0), ..tally }
}

/// The same session again and again, each time with one failure: at every `stride`-th operation of each kind. Then all
/// must be there, whether the store was closed or ended with `end`.
fn fail_at_every(stride: usize, errno: Errno, end: fn(&Disk, u64) -> Disk) {
    let (home, begun, known) = begun();
    let (mut runs, mut reported, mut kept) = (0, 0, 0);
    for operation in [Operation::Change, Operation::Sync, Operation::Read] {
        for role in [Role::Script, Role::ScriptAndClose] {
            for at in (0..).step_by(stride) {
                let mut disk = begun.clone();
                disk.expect(Some(Failure::Error { operation, at, errno }));
                let (heard, used) = home.run_on(disk, role, SESSION, &known);
                let told = format!("{operation:?} {at} of {role:?}: {heard:?}");
                assert!(heard.wrong.is_empty(), "{told}");
                if !used.was_met() {
                    break;
                }
                let mut known = known.clone();
                known.learn(&heard);
                let next = if role == Role::Script { end(&used, at) } else { used.after_restart() };
                let after = check(&home, next, &known, &told);
                runs += 1;
                reported += usize::from(!heard.failed.is_empty() || heard.stopped.is_some());
                kept += usize::from(after.kept > 0);
            }
        }
    }
    eprintln!("{runs} failures, {reported} of them reported, {kept} of these kept after all");
    assert!(reported > 0, "no failure met a transaction");
}

/// The disk fills up, and the power goes; it is still full after the restart, and an alarm must go through.
fn fill_up(rooms: impl IntoIterator<Item = usize>) {
    let (home, begun, known) = begun();
    for room in rooms {
        let (mut disk, mut known) = (begun.clone(), known.clone());
        disk.set_room(Some(begun.used() + room * BLOCK));
        for role in [Role::Fill, Role::FillAndGiveBack] {
            let (heard, used) = home.run_on(disk, role, room as u64, &known);
            let told = format!("{room} blocks, {role:?}: {heard:?}");
            assert!(heard.wrong.is_empty() && heard.stopped.is_none(), "{told}");
            assert_eq!(heard.failed.len(), 2, "{told}");
            known.learn(&heard);
            disk = used.after_restart();
        }
        disk.set_room(None);
        check(&home, disk, &known, &format!("{room} blocks"));
    }
}

/// Something else filled the disk while the terminal was off.
fn open_without_room() {
    let (home, begun, known) = begun();
    for room in 0..=SHARED_MEMORY_BLOCKS {
        let (mut disk, mut known) = (begun.clone(), known.clone());
        disk.set_room(Some(begun.used() + room * BLOCK));
        let (heard, used) = home.run_on(disk, Role::Alarm, 0, &known);
        let raised = heard.wrong.is_empty() && heard.stopped.is_none() && heard.acknowledged() == 1;
        assert!(raised, "{room} blocks: {heard:?}");
        known.learn(&heard);
        let mut disk = used.after_restart();
        disk.set_room(None);
        check(&home, disk, &known, &format!("{room} blocks"));
    }
}

/// A store in use for a while and closed, so that its disk can be copied for many beginnings.
fn begun() -> (Home, Disk, Known) {
    let (home, mut known) = (Home::new(), Known::default());
    let mut disk = Disk::new();
    for seed in 0..3 {
        let (heard, used) = home.run_on(disk, Role::ScriptAndClose, seed, &known);
        assert!(heard.failed.is_empty() && heard.stopped.is_none(), "{heard:?}");
        known.learn(&heard);
        disk = used.after_restart();
    }
    (home, disk, known)
}

/// All that is known is there, and the store goes on.
fn check(home: &Home, mut disk: Disk, known: &Known, told: &str) -> Heard {
    disk.expect(None);
    let (heard, _) = home.run_on(disk, Role::Check, 0, known);
    let sound = heard.checked && heard.wrong.is_empty() && heard.lost.is_empty() && heard.stopped.is_none();
    assert!(sound, "{told}, then {heard:?}");
    heard
}

fn survive_kills(rounds: usize) {
    let home = Home::new();
    let (mut chance, mut known) = (Chance::new(9), Known::default());
    for round in 0..rounds {
        let until = Until::Acknowledged(1 + chance.below(60));
        let heard = home.run(Role::Write, chance.any(), &known, until);
        let sound = heard.checked && heard.wrong.is_empty() && heard.lost.is_empty();
        assert!(sound, "round {round}, {until:?}: {heard:?}");
        known.learn(&heard);
    }
    let heard = home.run(Role::Check, 0, &known, Until::ItEnds);
    assert!(heard.checked && heard.wrong.is_empty() && heard.lost.is_empty(), "{heard:?}");
}

/// How much a test does: `make faults` asks for the long form.
fn long_or(short: usize, long: usize) -> usize {
    if std::env::var("FAULTS").is_ok_and(|form| form == "long") { long } else { short }
}

/// Without FUSE a test is skipped aloud; where there is, it must run.
fn has_fuse() -> bool {
    let possible = is_possible();
    if !possible {
        eprintln!("skipped: this machine has no FUSE");
    }
    possible
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.cuts += other.cuts;
        self.acknowledged += other.acknowledged;
        self.lost += other.lost;
        self.stores_with_loss += other.stores_with_loss;
    }
}
