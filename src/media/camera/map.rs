// SPDX-License-Identifier: GPL-3.0-only
//! Memory shared between two processes, as words that are only ever read and written atomically.
//!
//! The file behind it is sealed against shrinking before it is mapped, so that no access can fault, and everything in
//! it is an atomic, so that no value the other process writes is a data race here.
#![expect(unsafe_code, reason = "a shared mapping can only be looked at through a raw pointer")]

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::AtomicU64;

use memmap2::{MmapOptions, MmapRaw};
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, fcntl_get_seals, fstat, ftruncate, memfd_create};

/// Bytes of a word.
pub(super) const WORD: usize = size_of::<u64>();

pub(super) struct SharedWords {
    map: MmapRaw,
    len: usize,
}

impl SharedWords {
    /// New memory of `len` zeroed words, and the file to hand to the other process.
    pub(super) fn create(len: usize) -> io::Result<(Self, OwnedFd)> {
        let fd = memfd_create("camera", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
        ftruncate(&fd, (len * WORD) as u64)?;
        fcntl_add_seals(&fd, SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL)?;
        Ok((Self::open(&fd, len)?, fd))
    }

    /// Maps what the other process handed over.
    ///
    /// # Errors
    /// It is not sealed or not exactly `len` words long, or cannot be mapped.
    pub(super) fn open(fd: impl AsFd, len: usize) -> io::Result<Self> {
        let fd = fd.as_fd();
        let sealed = fcntl_get_seals(fd)?.contains(SealFlags::SHRINK);
        let bytes = usize::try_from(fstat(fd)?.st_size).unwrap_or(0);
        if !sealed || bytes != len * WORD {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(Self { map: MmapOptions::new().len(bytes).map_raw(&fd)?, len })
    }

    pub(super) fn words(&self) -> &[AtomicU64] {
        let start = self.map.as_mut_ptr().cast::<AtomicU64>();
        // SAFETY: the mapping is `len` words long, page-aligned and lives as long as `self`; its file is sealed
        // against shrinking, so every page stays backed; `AtomicU64` has no invalid values, and both processes touch
        // the memory through this function alone, hence atomically.
        unsafe { std::slice::from_raw_parts(start, self.len) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::Ordering;

    #[test]
    fn what_one_end_writes_the_other_reads() {
        let (ours, fd) = SharedWords::create(1024).expect("memory");
        let theirs = SharedWords::open(&fd, 1024).expect("the same memory");
        assert!(theirs.words().iter().all(|w| w.load(Ordering::Relaxed) == 0));
        ours.words()[1023].store(7, Ordering::Relaxed);
        assert_eq!(theirs.words()[1023].load(Ordering::Relaxed), 7);
    }

    #[test]
    fn memory_of_another_size_or_that_could_shrink_is_refused() {
        let (_ours, fd) = SharedWords::create(1024).expect("memory");
        assert!(SharedWords::open(&fd, 1025).is_err());
        assert!(ftruncate(&fd, 8).is_err());
        let loose = memfd_create("loose", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING).expect("a file");
        ftruncate(&loose, 8192).expect("its size");
        assert!(SharedWords::open(&loose, 1024).is_err());
    }
}
