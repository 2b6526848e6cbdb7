// SPDX-License-Identifier: GPL-3.0-only
//! One folder of files in memory that knows what would survive a power cut.
//!
//! Data is durable once its file was synced, a name once its folder was synced; that is what POSIX promises and no more.
//! A journal, as ext4 has one, also keeps names when their file is synced and never reorders them, so whoever survives
//! here survives there. Of what was not synced, a cut keeps all, nothing, a beginning, or a scattering: each write whole,
//! torn into sectors of 512 bytes, or not at all, a later one perhaps without the earlier.
//!
//! A sync that fails loses what it should have made durable, although readers still see it: the kernel marks such pages
//! clean, and the next sync does not write them.
//!
//! SQLite's `-shm` is memory in the shape of a file, made anew after every restart: no failure and no count meets it, and
//! it is gone after a cut.

use crate::Chance;
use fuser::Errno;
use std::collections::BTreeMap;

/// What a disk writes wholly or not at all.
const SECTOR: usize = 512;
/// Room is taken in blocks of this size.
const BLOCK: usize = 4096;
/// The largest file; the store's quota in the tests is far below.
const FILE_BYTES_MAX: usize = 256 * 1024 * 1024;

/// What a failure may meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// The first look at a part of a file; the kernel remembers it.
    Read,
    /// Any change: a write, a new length, a new, other or removed name.
    Change,
    /// Of a file or of the folder.
    Sync,
}

/// What is to go wrong, once. Operations are counted from 0 since [`Disk::expect`].
#[derive(Debug, Clone, Copy)]
pub enum Failure {
    /// At this change or sync the power goes; `seed` chooses what survives.
    PowerCut { at: u64, seed: u64 },
    /// This operation fails, the next one works.
    Error { operation: Operation, at: u64, errno: Errno },
}

/// How often each operation was asked for.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    reads: u64,
    changes: u64,
    syncs: u64,
}

/// The folder, as programs see it and as the next start would.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    files: BTreeMap<u64, File>,
    seen: BTreeMap<String, u64>,
    durable: BTreeMap<String, u64>,
    /// Each is one step that happens wholly or not at all: names with the file they now stand for.
    renamed: Vec<Vec<(String, Option<u64>)>>,
    last_inode: u64,
    bytes_max: Option<usize>,
    counts: Counts,
    failure: Option<Failure>,
    met: bool,
    survivors: Option<Box<Disk>>,
}

#[derive(Debug, Clone, Default)]
struct File {
    seen: Vec<u8>,
    durable: Vec<u8>,
    pending: Vec<Change>,
    is_memory: bool,
}

#[derive(Debug, Clone)]
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Length(usize),
}

impl Disk {
    /// An empty folder with unlimited room.
    pub fn new() -> Self {
        Self { last_inode: fuser::INodeNo::ROOT.0, ..Self::default() }
    }

    /// From here on `failure` lies ahead, and the counts begin anew.
    pub fn expect(&mut self, failure: Option<Failure>) {
        (self.failure, self.met, self.counts) = (failure, false, Counts::default());
    }

    /// The room there is from here on, in bytes.
    pub fn set_room(&mut self, bytes: Option<usize>) {
        self.bytes_max = bytes;
    }

    /// The room in use, in bytes.
    pub fn used(&self) -> usize {
        self.seen.values().filter_map(|inode| self.files.get(inode)).map(File::room).sum()
    }

    /// The room left, in bytes.
    pub(crate) fn free(&self) -> usize {
        self.bytes_max.unwrap_or(FILE_BYTES_MAX).saturating_sub(self.used())
    }

    /// How often an operation was asked for since [`Disk::expect`].
    pub fn count(&self, operation: Operation) -> u64 {
        match operation {
            Operation::Read => self.counts.reads,
            Operation::Change => self.counts.changes,
            Operation::Sync => self.counts.syncs,
        }
    }

    /// Whether the expected failure happened.
    pub fn was_met(&self) -> bool {
        self.met
    }

    /// What the next start finds: after a cut what survived it, otherwise what programs see.
    pub fn after_restart(&self) -> Self {
        let found = self.survivors.as_deref().unwrap_or(self);
        let mut next = Self { bytes_max: self.bytes_max, ..Self::new() };
        for (name, inode) in &found.seen {
            let Some(file) = found.files.get(inode).filter(|file| !file.is_memory) else { continue };
            next.last_inode += 1;
            next.seen.insert(name.clone(), next.last_inode);
            let (seen, durable) = (file.seen.clone(), file.seen.clone());
            next.files.insert(next.last_inode, File { seen, durable, ..File::default() });
        }
        next.durable = next.seen.clone();
        next
    }

    /// What a power cut at this moment would leave.
    #[must_use]
    pub fn cut(&self, chance: &mut Chance) -> Self {
        let mut left = Self { bytes_max: self.bytes_max, ..Self::new() };
        let mut names = self.durable.clone();
        for step in survivors(&self.renamed, chance, |step, _| vec![step.clone()]) {
            for (name, inode) in step {
                match inode {
                    Some(inode) => names.insert(name, inode),
                    None => names.remove(&name),
                };
            }
        }
        for (name, inode) in names {
            let Some(file) = self.files.get(&inode).filter(|file| !file.is_memory) else { continue };
            let mut found = file.durable.clone();
            for change in survivors(&file.pending, chance, Change::torn) {
                change.apply(&mut found);
            }
            left.last_inode = left.last_inode.max(inode);
            left.seen.insert(name, inode);
            left.files.insert(inode, File { seen: found.clone(), durable: found, ..File::default() });
        }
        left.durable = left.seen.clone();
        left
    }

    /// Names with their inodes.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, u64)> {
        self.seen.iter().map(|(name, inode)| (name.as_str(), *inode))
    }

    pub(crate) fn inode(&self, name: &str) -> Result<u64, Errno> {
        self.seen.get(name).copied().ok_or(Errno::ENOENT)
    }

    pub(crate) fn length(&self, inode: u64) -> Result<usize, Errno> {
        Ok(self.files.get(&inode).ok_or(Errno::ENOENT)?.seen.len())
    }

    pub(crate) fn read(&mut self, inode: u64, at: usize, length: usize) -> Result<&[u8], Errno> {
        let is_memory = self.file(inode)?.is_memory;
        self.meet(Operation::Read, is_memory)?;
        let seen = &self.file(inode)?.seen;
        let from = at.min(seen.len());
        Ok(&seen[from..from.saturating_add(length).min(seen.len())])
    }

    pub(crate) fn write(&mut self, inode: u64, at: usize, bytes: &[u8]) -> Result<(), Errno> {
        self.change(inode, Change::Write { at, bytes: bytes.to_vec() })
    }

    pub(crate) fn set_length(&mut self, inode: u64, length: usize) -> Result<(), Errno> {
        self.change(inode, Change::Length(length))
    }

    pub(crate) fn create(&mut self, name: &str) -> Result<u64, Errno> {
        let is_memory = name.ends_with("-shm");
        let inode = self.last_inode + 1;
        self.rename_step(vec![(name.to_owned(), Some(inode))], is_memory, |disk| {
            disk.last_inode = inode;
            disk.files.insert(inode, File { is_memory, ..File::default() });
        })?;
        Ok(inode)
    }

    pub(crate) fn remove(&mut self, name: &str) -> Result<(), Errno> {
        let inode = self.inode(name)?;
        let is_memory = self.files.get(&inode).is_some_and(|file| file.is_memory);
        self.rename_step(vec![(name.to_owned(), None)], is_memory, |_| ())
    }

    pub(crate) fn rename(&mut self, from: &str, to: &str) -> Result<(), Errno> {
        let inode = self.inode(from)?;
        let is_memory = self.files.get(&inode).is_some_and(|file| file.is_memory);
        self.rename_step(vec![(from.to_owned(), None), (to.to_owned(), Some(inode))], is_memory, |_| ())
    }

    pub(crate) fn sync_file(&mut self, inode: u64) -> Result<(), Errno> {
        let is_memory = self.file(inode)?.is_memory;
        let met = self.meet(Operation::Sync, is_memory);
        let file = self.file(inode)?;
        let pending = std::mem::take(&mut file.pending);
        met?;
        for change in pending {
            change.apply(&mut file.durable);
        }
        Ok(())
    }

    pub(crate) fn sync_folder(&mut self) -> Result<(), Errno> {
        self.meet(Operation::Sync, false)?;
        self.renamed.clear();
        self.durable = self.seen.clone();
        Ok(())
    }

    fn change(&mut self, inode: u64, change: Change) -> Result<(), Errno> {
        let file = self.file(inode)?;
        let (is_memory, before) = (file.is_memory, file.seen.len());
        let after = change.end(before);
        if after > FILE_BYTES_MAX {
            return Err(Errno::EFBIG);
        }
        let more = blocks(after).saturating_sub(blocks(before));
        if self.bytes_max.is_some_and(|max| more > 0 && self.used() + more > max) {
            return Err(Errno::ENOSPC);
        }
        // Pending before it is met: what is on its way when the power goes may survive too.
        self.file(inode)?.pending.push(change.clone());
        let met = self.meet(Operation::Change, is_memory);
        let file = self.file(inode)?;
        if met.is_ok() {
            change.apply(&mut file.seen);
        }
        if met.is_err() || is_memory {
            file.pending.pop();
        }
        met
    }

    fn file(&mut self, inode: u64) -> Result<&mut File, Errno> {
        self.files.get_mut(&inode).ok_or(Errno::ENOENT)
    }

    fn rename_step(
        &mut self,
        step: Vec<(String, Option<u64>)>,
        is_memory: bool,
        before: impl FnOnce(&mut Self),
    ) -> Result<(), Errno> {
        self.meet(Operation::Change, is_memory)?;
        before(self);
        for (name, inode) in &step {
            match inode {
                Some(inode) => self.seen.insert(name.clone(), *inode),
                None => self.seen.remove(name),
            };
        }
        self.renamed.push(step);
        Ok(())
    }

    /// Counts an operation, and lets the expected failure happen when its turn has come. After a cut nothing works.
    fn meet(&mut self, operation: Operation, is_memory: bool) -> Result<(), Errno> {
        if self.survivors.is_some() {
            return Err(Errno::EIO);
        }
        if is_memory {
            return Ok(());
        }
        let turn = match operation {
            Operation::Read => &mut self.counts.reads,
            Operation::Change => &mut self.counts.changes,
            Operation::Sync => &mut self.counts.syncs,
        };
        let turn = std::mem::replace(turn, *turn + 1);
        match self.failure {
            Some(Failure::Error { operation: which, at, errno }) if which == operation && at == turn => {
                self.met = true;
                Err(errno)
            }
            Some(Failure::PowerCut { at, seed })
                if operation != Operation::Read && at < self.counts.changes + self.counts.syncs =>
            {
                self.met = true;
                self.survivors = Some(Box::new(self.cut(&mut Chance::new(seed))));
                Err(Errno::EIO)
            }
            Some(Failure::Error { .. } | Failure::PowerCut { .. }) | None => Ok(()),
        }
    }
}

impl File {
    fn room(&self) -> usize {
        blocks(self.seen.len())
    }
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Length(length) => bytes.resize(*length, 0),
            Self::Write { at, bytes: new } => {
                let end = at + new.len();
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                bytes[*at..end].copy_from_slice(new);
            }
        }
    }

    /// The file's length after it.
    fn end(&self, before: usize) -> usize {
        match self {
            Self::Length(length) => *length,
            Self::Write { at, bytes } => before.max(at.saturating_add(bytes.len())),
        }
    }

    /// Some of its sectors.
    fn torn(&self, chance: &mut Chance) -> Vec<Self> {
        let Self::Write { at, bytes } = self else { return vec![self.clone()] };
        let (mut kept, mut from) = (Vec::new(), 0);
        while from < bytes.len() {
            let to = bytes.len().min(from + SECTOR - (at + from) % SECTOR);
            if chance.one_in(2) {
                kept.push(Self::Write { at: at + from, bytes: bytes[from..to].to_vec() });
            }
            from = to;
        }
        kept
    }
}

/// Which of the changes that no sync covered survive: all, none, a beginning with its last one torn, or a scattering.
fn survivors<T: Clone>(
    pending: &[T],
    chance: &mut Chance,
    torn: impl Fn(&T, &mut Chance) -> Vec<T>,
) -> Vec<T> {
    match chance.below(4) {
        0 => Vec::new(),
        1 => pending.to_vec(),
        2 => {
            let whole = chance.below(pending.len() as u64 + 1) as usize;
            let mut kept = pending[..whole].to_vec();
            kept.extend(pending.get(whole).map(|last| torn(last, chance)).unwrap_or_default());
            kept
        }
        _ => pending
            .iter()
            .flat_map(|change| match chance.below(3) {
                0 => Vec::new(),
                1 => vec![change.clone()],
                _ => torn(change, chance),
            })
            .collect(),
    }
}

fn blocks(length: usize) -> usize {
    length.div_ceil(BLOCK) * BLOCK
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a cut left of the file `a`, over many seeds.
    fn left(disk: &Disk) -> Vec<Option<Vec<u8>>> {
        let cut = |seed| disk.cut(&mut Chance::new(seed));
        (0..200)
            .map(cut)
            .map(|disk| disk.inode("a").ok().map(|inode| disk.files[&inode].seen.clone()))
            .collect()
    }

    #[test]
    fn what_was_synced_survives_every_cut_and_the_rest_only_some() {
        let mut disk = Disk::new();
        let file = disk.create("a").unwrap();
        disk.write(file, 0, b"kept").unwrap();
        disk.sync_file(file).unwrap();
        assert!(left(&disk).contains(&None), "a name needs its folder's sync");
        disk.sync_folder().unwrap();
        disk.write(file, 4, b"more").unwrap();
        let left = left(&disk);
        assert!(left.iter().flatten().all(|bytes| bytes.starts_with(b"kept")));
        assert!(left.contains(&Some(b"kept".to_vec())) && left.contains(&Some(b"keptmore".to_vec())));
    }

    #[test]
    fn a_write_is_torn_between_sectors_and_overtaken_by_a_later_one() {
        let mut disk = Disk::new();
        let file = disk.create("a").unwrap();
        disk.sync_folder().unwrap();
        disk.write(file, 0, &[1; 2 * SECTOR]).unwrap();
        disk.write(file, 2 * SECTOR, &[2; SECTOR]).unwrap();
        let left: Vec<_> = left(&disk).into_iter().flatten().collect();
        let sectors = |bytes: &[u8]| -> Vec<u8> { bytes.chunks(SECTOR).map(|sector| sector[0]).collect() };
        let seen: Vec<_> = left.iter().map(|bytes| sectors(bytes)).collect();
        for possible in [vec![], vec![1], vec![0, 1], vec![0, 0, 2], vec![1, 1, 2]] {
            assert!(seen.contains(&possible), "{possible:?}");
        }
        assert!(
            left.iter().flat_map(|bytes| bytes.chunks(SECTOR)).all(|s| s.iter().all(|byte| *byte == s[0]))
        );
    }

    #[test]
    fn a_failed_sync_loses_what_readers_still_see() {
        let mut disk = Disk::new();
        let file = disk.create("a").unwrap();
        disk.sync_folder().unwrap();
        disk.write(file, 0, b"gone").unwrap();
        disk.expect(Some(Failure::Error { operation: Operation::Sync, at: 0, errno: Errno::EIO }));
        assert!(disk.sync_file(file).is_err() && disk.was_met());
        disk.sync_file(file).unwrap();
        assert_eq!(disk.read(file, 0, 9).unwrap(), b"gone");
        assert!(left(&disk).iter().flatten().all(Vec::is_empty));
    }

    #[test]
    fn a_full_disk_takes_changes_in_place_only() {
        let mut disk = Disk::new();
        let file = disk.create("a").unwrap();
        disk.set_room(Some(BLOCK));
        disk.write(file, 0, &[1; BLOCK]).unwrap();
        assert!(disk.write(file, BLOCK, &[1]).is_err());
        disk.write(file, 0, &[2; BLOCK]).unwrap();
        disk.remove("a").unwrap();
        assert_eq!(disk.used(), 0);
    }
}
