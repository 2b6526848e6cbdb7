// SPDX-License-Identifier: GPL-3.0-only
//! What was said must not be found in this process afterwards, nor in a file that is made of it.
//!
//! Two measures. [`forbid_dumps`]: no core file, and no other process of the same user reads this one (a process of root
//! still can). [`Wiping`]: what is given back to the heap is overwritten first, whoever wrote it: drafts, the window's
//! strings, JSON on its way under the seal. What remains: memory in use, for as long as a page shows it; and what a C
//! library was given, which is nothing of anybody's words. Pages may still be swapped out: a terminal is to have no swap.

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use std::alloc::{GlobalAlloc, Layout, System};

/// No core file of this process, and none of its own user's processes may look into it. An `exec` loses the second: each
/// process of the terminal asks for it at its start.
///
/// # Errors
/// The system refuses.
pub fn forbid_dumps() -> std::io::Result<()> {
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    Ok(())
}

/// The system's heap; what is given back to it is zeros.
pub struct Wiping;

#[expect(
    unsafe_code,
    reason = "an allocator is the one place that sees every copy of a text that is dropped"
)]
// SAFETY: every call goes to `System` with what it was given; what is overwritten is a block that is being given back, in
// its whole length and no further. `realloc` is the trait's own: a new block, a copy, and the old one given back here.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise about `layout` is handed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise about `layout` is handed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller gives back a block of this layout that came from here; nobody else uses it.
        unsafe {
            block.write_bytes(0, layout.size());
            // Writes to what is freed next may be left out, unless somebody could look.
            std::hint::black_box(block);
            System.dealloc(block, layout);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_core_file_is_made_of_this_process_and_nobody_attaches_to_it() {
        forbid_dumps().unwrap();
        let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");
        let dumpable = rustix::process::dumpable_behavior().unwrap();
        assert!(matches!(dumpable, DumpableBehavior::NotDumpable));
    }
}
