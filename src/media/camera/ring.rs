// SPDX-License-Identifier: GPL-3.0-only
//! Frames in shared memory: three slots, the newest frame wins, nobody waits for anybody.
//!
//! Each slot is a seqlock (Boehm, "Can seqlocks get along with programming language memory models?", 2012): its turn
//! is odd while it is written, and a reader that saw the turn change throws away what it copied. With three slots a
//! reader must be two frames late for that. The reader trusts nothing it finds.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering, fence};
use std::time::Duration;

use device::{CameraFault, FRAME_SIDE_MAX, Frame};

use super::map::{SharedWords, WORD};

/// Most bytes of one frame: 1920×1080 RGB.
pub(super) const FRAME_BYTES_MAX: usize = 1920 * 1080 * 3;
const SLOTS: usize = 3;
const MAGIC: u64 = u64::from_be_bytes(*b"cellcam\n");
const VERSION: u64 = 1;
/// Times a copy is tried again when the writer came in between.
const READ_TRIES: usize = 3;

/// Words of the header.
const AT_MAGIC: usize = 0;
const AT_VERSION: usize = 1;
/// How many frames were ever laid down; the newest is in slot (that − 1) mod 3.
pub(super) const AT_NEWEST: usize = 2;
const AT_FAULT: usize = 3;
pub(super) const HEADER_WORDS: usize = 8;
/// Words at the start of a slot.
const AT_TURN: usize = 0;
pub(super) const AT_SIZE: usize = 1;
const AT_TAKEN: usize = 2;
const SLOT_HEADER_WORDS: usize = 4;
const SLOT_WORDS: usize = SLOT_HEADER_WORDS + FRAME_BYTES_MAX / WORD;
const RING_WORDS: usize = HEADER_WORDS + SLOTS * SLOT_WORDS;

pub(super) struct Ring {
    memory: SharedWords,
    /// Most words of pixels this end has seen in a slot: what there is to zero.
    used: AtomicUsize,
}

/// The other end wrote something that is no frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Absurd;

/// The frame is larger than a slot.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLarge;

impl Ring {
    /// A new ring, and the file to hand to the other process.
    pub(super) fn create() -> io::Result<(Self, OwnedFd)> {
        let (memory, fd) = SharedWords::create(RING_WORDS)?;
        let ring = Self { memory, used: AtomicUsize::new(0) };
        ring.word(AT_MAGIC).store(MAGIC, Ordering::Relaxed);
        ring.word(AT_VERSION).store(VERSION, Ordering::Release);
        Ok((ring, fd))
    }

    /// The ring the other process created.
    ///
    /// # Errors
    /// It is none of this version.
    pub(super) fn open(fd: impl AsFd) -> io::Result<Self> {
        let ring = Self { memory: SharedWords::open(fd, RING_WORDS)?, used: AtomicUsize::new(0) };
        ring.check().map_err(|Absurd| io::Error::from(io::ErrorKind::InvalidData))?;
        Ok(ring)
    }

    /// Lays down a frame. Only one thread of one process may do so.
    pub(super) fn publish(&self, frame: &Frame) -> Result<(), TooLarge> {
        if frame.rgb().len() > FRAME_BYTES_MAX {
            return Err(TooLarge);
        }
        let number = self.word(AT_NEWEST).load(Ordering::Relaxed).wrapping_add(1);
        let slot = self.slot(number);
        let pixels = &slot[SLOT_HEADER_WORDS..];
        self.used.fetch_max(frame.rgb().len().div_ceil(WORD), Ordering::Relaxed);
        slot[AT_TURN].store(writing(number), Ordering::Relaxed);
        fence(Ordering::Release);
        slot[AT_SIZE].store(u64::from(frame.width()) << 32 | u64::from(frame.height()), Ordering::Relaxed);
        slot[AT_TAKEN].store(nanos(frame.taken), Ordering::Relaxed);
        for (word, bytes) in pixels.iter().zip(frame.rgb().chunks(WORD)) {
            let mut whole = [0; WORD];
            whole[..bytes.len()].copy_from_slice(bytes);
            word.store(u64::from_ne_bytes(whole), Ordering::Relaxed);
        }
        slot[AT_TURN].store(written(number), Ordering::Release);
        self.word(AT_FAULT).store(0, Ordering::Relaxed);
        self.word(AT_NEWEST).store(number, Ordering::Release);
        Ok(())
    }

    /// The newest frame and its number, when that is not `seen`. The frame is given `seq`.
    ///
    /// # Errors
    /// What is there is no frame.
    pub(super) fn newest(&self, seen: u64, seq: u64) -> Result<Option<(u64, Frame)>, Absurd> {
        self.check()?;
        for _ in 0..READ_TRIES {
            let number = self.word(AT_NEWEST).load(Ordering::Acquire);
            if number == seen {
                return Ok(None);
            }
            if let Some(frame) = self.copy(number, seq)? {
                return Ok(Some((number, frame)));
            }
        }
        Ok(None)
    }

    /// Why no frames come, when the other end said so.
    pub(super) fn fault(&self) -> Result<Option<CameraFault>, Absurd> {
        let code = self.word(AT_FAULT).load(Ordering::Acquire);
        if code == 0 {
            return Ok(None);
        }
        u8::try_from(code).ok().and_then(fault_of).map(Some).ok_or(Absurd)
    }

    pub(super) fn set_fault(&self, fault: CameraFault) {
        self.word(AT_FAULT).store(code_of(fault).into(), Ordering::Release);
    }

    /// Leaves no pixel behind.
    pub(super) fn zero(&self) {
        let used = self.used.load(Ordering::Relaxed);
        for number in 0..SLOTS {
            let pixels = self.slot(number as u64);
            pixels[SLOT_HEADER_WORDS..][..used].iter().for_each(|word| word.store(0, Ordering::Relaxed));
        }
    }

    /// The raw words, for tests that play a child gone mad.
    #[cfg(test)]
    pub(super) fn words(&self) -> &[AtomicU64] {
        self.memory.words()
    }

    fn check(&self) -> Result<(), Absurd> {
        let is = |at, value| self.word(at).load(Ordering::Acquire) == value;
        if is(AT_MAGIC, MAGIC) && is(AT_VERSION, VERSION) { Ok(()) } else { Err(Absurd) }
    }

    /// Copies frame `number` out; nothing when the writer came in between.
    fn copy(&self, number: u64, seq: u64) -> Result<Option<Frame>, Absurd> {
        let slot = self.slot(number);
        if slot[AT_TURN].load(Ordering::Acquire) != written(number) {
            return Ok(None);
        }
        let size = slot[AT_SIZE].load(Ordering::Relaxed);
        let taken = Duration::from_nanos(slot[AT_TAKEN].load(Ordering::Relaxed));
        let (width, height) = ((size >> 32) as u32, size as u32);
        let sides = 1..=FRAME_SIDE_MAX;
        if !sides.contains(&width) || !sides.contains(&height) {
            return Err(Absurd);
        }
        let bytes = width as usize * height as usize * 3;
        if bytes > FRAME_BYTES_MAX {
            return Err(Absurd);
        }
        self.used.fetch_max(bytes.div_ceil(WORD), Ordering::Relaxed);
        let mut rgb = vec![0; bytes];
        for (bytes, word) in rgb.chunks_mut(WORD).zip(&slot[SLOT_HEADER_WORDS..]) {
            bytes.copy_from_slice(&word.load(Ordering::Relaxed).to_ne_bytes()[..bytes.len()]);
        }
        // A frame before the check, so that a torn copy is zeroed too.
        let frame = Frame::new(width, height, rgb, seq, taken).map_err(|_| Absurd)?;
        fence(Ordering::Acquire);
        Ok((slot[AT_TURN].load(Ordering::Relaxed) == written(number)).then_some(frame))
    }

    fn word(&self, at: usize) -> &AtomicU64 {
        &self.memory.words()[at]
    }

    fn slot(&self, number: u64) -> &[AtomicU64] {
        let index = (number % SLOTS as u64) as usize;
        &self.memory.words()[HEADER_WORDS + index * SLOT_WORDS..][..SLOT_WORDS]
    }
}

/// A fault as a code in the header and as a process's exit code.
pub(super) fn code_of(fault: CameraFault) -> u8 {
    match fault {
        CameraFault::Missing => 10,
        CameraFault::Unplugged => 11,
        CameraFault::Broken => 12,
        CameraFault::Stalled => 13,
    }
}

pub(super) fn fault_of(code: u8) -> Option<CameraFault> {
    [CameraFault::Missing, CameraFault::Unplugged, CameraFault::Broken, CameraFault::Stalled]
        .into_iter()
        .find(|&fault| code_of(fault) == code)
}

fn writing(number: u64) -> u64 {
    number.wrapping_mul(2).wrapping_sub(1)
}

fn written(number: u64) -> u64 {
    number.wrapping_mul(2)
}

fn nanos(taken: Duration) -> u64 {
    u64::try_from(taken.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Duration = Duration::from_millis(1234);

    fn frame(width: u32, height: u32, value: u8) -> Frame {
        let rgb = vec![value; width as usize * height as usize * 3];
        Frame::new(width, height, rgb, 1, MOMENT).expect("a frame")
    }

    fn ends() -> (Ring, Ring) {
        let (reader, fd) = Ring::create().expect("a ring");
        (reader, Ring::open(fd).expect("the same ring"))
    }

    #[test]
    fn the_newest_frame_arrives_once() {
        let (reader, writer) = ends();
        assert!(reader.newest(0, 1).expect("sane").is_none());
        for value in 1..=7 {
            writer.publish(&frame(5, 3, value)).expect("fits");
        }
        let (number, seen) = reader.newest(0, 42).expect("sane").expect("a frame");
        assert_eq!((seen.width(), seen.height(), seen.seq, seen.taken), (5, 3, 42, MOMENT));
        assert_eq!(seen.rgb(), [7; 45]);
        assert!(reader.newest(number, 43).expect("sane").is_none());
    }

    #[test]
    fn a_frame_larger_than_a_slot_is_refused() {
        let (_reader, writer) = ends();
        assert_eq!(writer.publish(&frame(1920, 1080, 1)), Ok(()));
        assert_eq!(writer.publish(&frame(1920, 1081, 1)), Err(TooLarge));
    }

    #[test]
    fn a_reader_never_sees_half_of_two_frames() {
        let (reader, writer) = ends();
        let writing = std::thread::spawn(move || {
            for round in 0..600u32 {
                writer.publish(&frame(320, 240, round as u8)).expect("fits");
            }
        });
        let (mut seen, mut frames) = (0, 0);
        while !writing.is_finished() || frames == 0 {
            if let Some((number, frame)) = reader.newest(seen, 1).expect("sane") {
                assert!(number > seen);
                assert!(frame.rgb().iter().all(|v| *v == frame.rgb()[0]), "a torn frame");
                (seen, frames) = (number, frames + 1);
            }
        }
        writing.join().expect("no panic");
    }

    #[test]
    fn absurd_sizes_are_refused() {
        let (reader, writer) = ends();
        writer.publish(&frame(4, 4, 9)).expect("fits");
        let size = &writer.slot(1)[AT_SIZE];
        for (width, height) in [(0, 4), (4, 0), (u32::MAX, u32::MAX), (4097, 1), (4096, 4096), (1921, 1080)] {
            size.store(u64::from(width) << 32 | u64::from(height), Ordering::Relaxed);
            assert_eq!(reader.newest(0, 1).err(), Some(Absurd), "{width}x{height}");
        }
    }

    #[test]
    fn no_nonsense_in_the_header_makes_a_frame() {
        let (reader, writer) = ends();
        writer.publish(&frame(4, 4, 9)).expect("fits");
        for value in [u64::MAX, 1 << 63, 0x5555_5555_5555_5555, 4] {
            for at in 0..HEADER_WORDS {
                let before = writer.word(at).swap(value, Ordering::Relaxed);
                let read = reader.newest(0, 1);
                let believable = matches!(read, Ok(None)) || at >= AT_FAULT;
                assert!(believable || read.is_err(), "word {at} = {value:#x}");
                writer.word(at).store(before, Ordering::Relaxed);
            }
        }
        writer.word(AT_FAULT).store(99, Ordering::Relaxed);
        assert_eq!(reader.fault(), Err(Absurd));
    }

    #[test]
    fn a_fault_is_told_until_the_next_frame() {
        let (reader, writer) = ends();
        assert_eq!(reader.fault(), Ok(None));
        writer.set_fault(CameraFault::Unplugged);
        assert_eq!(reader.fault(), Ok(Some(CameraFault::Unplugged)));
        writer.publish(&frame(4, 4, 9)).expect("fits");
        assert_eq!(reader.fault(), Ok(None));
    }

    #[test]
    fn zeroing_leaves_no_pixel() {
        let (reader, writer) = ends();
        for _ in 0..4 {
            writer.publish(&frame(64, 48, 0xff)).expect("fits");
        }
        writer.zero();
        let left = |ring: &Ring| {
            (0..3).any(|n| ring.slot(n)[SLOT_HEADER_WORDS..].iter().any(|w| w.load(Ordering::Relaxed) != 0))
        };
        assert!(!left(&reader));
        writer.publish(&frame(64, 48, 0xff)).expect("fits");
        reader.newest(0, 1).expect("sane").expect("a frame");
        reader.zero();
        assert!(!left(&writer));
    }
}
