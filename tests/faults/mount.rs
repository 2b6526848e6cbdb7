// SPDX-License-Identifier: GPL-3.0-only
//! A [`Disk`] as a folder of this machine, by FUSE. Locks and shared memory are the kernel's own; it caches what it read,
//! but holds back no write, so a change meets the disk when the program makes it. Limits: one flat folder.

use crate::Disk;
use fuser::{
    BackgroundSession, Config, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation,
    INodeNo, KernelConfig, LockOwner, OpenFlags, RenameFlags, ReplyAttr, ReplyCreate, ReplyData,
    ReplyDirectory, ReplyEmpty, ReplyEntry, ReplyOpen, ReplyStatfs, ReplyWrite, Request, TimeOrNow,
    WriteFlags,
};
use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Nothing changes behind the kernel's back, so what it knows stays true.
const KNOWN_FOR: Duration = Duration::from_secs(3600);
const GENERATION: Generation = Generation(0);
const HANDLE: FileHandle = FileHandle(0);
const BLOCK: u32 = 512;

/// The disk, shared between the kernel's questions and the test.
#[derive(Debug, Clone, Default)]
pub struct SharedDisk(Arc<Mutex<Disk>>);

/// A disk that programs can use as a folder, until it is dropped.
#[derive(Debug)]
pub struct Mounted(BackgroundSession);

/// Whether this machine has FUSE at all.
pub fn is_possible() -> bool {
    Path::new("/dev/fuse").exists()
}

impl SharedDisk {
    pub fn new(disk: Disk) -> Self {
        Self(Arc::new(Mutex::new(disk)))
    }

    /// The disk as it stands; an empty one is left.
    pub fn take(&self) -> Disk {
        std::mem::take(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Disk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Mounted {
    /// Shows `disk` at the folder `at`.
    ///
    /// # Errors
    /// This machine or this user may not mount.
    pub fn new(disk: &SharedDisk, at: &Path) -> io::Result<Self> {
        fuser::spawn_mount(Folder(disk.clone()), at, &Config::default()).map(Self)
    }

    /// Takes it away and waits until the kernel asks nothing any more.
    ///
    /// # Errors
    /// A program still uses it.
    pub fn unmount(self) -> io::Result<()> {
        match self.0.umount_and_join() {
            // How the kernel ends the talk when it was about to ask something: the program's last file was just closed.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => Ok(()),
            ended => ended,
        }
    }
}

struct Folder(SharedDisk);

impl Folder {
    fn attributes(&self, inode: INodeNo) -> Result<FileAttr, Errno> {
        let is_folder = inode == INodeNo::ROOT;
        let size = if is_folder { 0 } else { self.0.lock().length(inode.0)? as u64 };
        Ok(FileAttr {
            ino: inode,
            size,
            blocks: size.div_ceil(u64::from(BLOCK)),
            atime: UNIX_EPOCH,
            mtime: UNIX_EPOCH,
            ctime: UNIX_EPOCH,
            crtime: UNIX_EPOCH,
            kind: if is_folder { FileType::Directory } else { FileType::RegularFile },
            perm: if is_folder { 0o700 } else { 0o600 },
            nlink: 1,
            uid: rustix::process::getuid().as_raw(),
            gid: rustix::process::getgid().as_raw(),
            rdev: 0,
            blksize: 4096,
            flags: 0,
        })
    }
}

impl Filesystem for Folder {
    fn init(&mut self, _: &Request, config: &mut KernelConfig) -> io::Result<()> {
        // Each page is asked for by itself, so that each can fail. The call gives the old value or the nearest.
        let (Ok(_) | Err(_)) = config.set_max_readahead(1);
        Ok(())
    }

    fn lookup(&self, _: &Request, _: INodeNo, name: &OsStr, reply: ReplyEntry) {
        let found = text(name).and_then(|name| self.0.lock().inode(name));
        match found.and_then(|inode| self.attributes(INodeNo(inode))) {
            Ok(attributes) => reply.entry(&KNOWN_FOR, &attributes, GENERATION),
            Err(errno) => reply.error(errno),
        }
    }

    fn getattr(&self, _: &Request, inode: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        match self.attributes(inode) {
            Ok(attributes) => reply.attr(&KNOWN_FOR, &attributes),
            Err(errno) => reply.error(errno),
        }
    }

    fn setattr(
        &self,
        _: &Request,
        inode: INodeNo,
        _: Option<u32>,
        _: Option<u32>,
        _: Option<u32>,
        size: Option<u64>,
        _: Option<TimeOrNow>,
        _: Option<TimeOrNow>,
        _: Option<SystemTime>,
        _: Option<FileHandle>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<fuser::BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        let resized = size.map_or(Ok(()), |size| self.0.lock().set_length(inode.0, place(size)));
        match resized.and_then(|()| self.attributes(inode)) {
            Ok(attributes) => reply.attr(&KNOWN_FOR, &attributes),
            Err(errno) => reply.error(errno),
        }
    }

    fn create(&self, _: &Request, _: INodeNo, name: &OsStr, _: u32, _: u32, _: i32, reply: ReplyCreate) {
        let made = text(name).and_then(|name| self.0.lock().create(name));
        match made.and_then(|inode| self.attributes(INodeNo(inode))) {
            Ok(attributes) => {
                reply.created(&KNOWN_FOR, &attributes, GENERATION, HANDLE, FopenFlags::FOPEN_KEEP_CACHE);
            }
            Err(errno) => reply.error(errno),
        }
    }

    fn open(&self, _: &Request, _: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        reply.opened(HANDLE, FopenFlags::FOPEN_KEEP_CACHE);
    }

    fn read(
        &self,
        _: &Request,
        inode: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        match self.0.lock().read(inode.0, place(offset), size as usize) {
            Ok(bytes) => reply.data(bytes),
            Err(errno) => reply.error(errno),
        }
    }

    fn write(
        &self,
        _: &Request,
        inode: INodeNo,
        _: FileHandle,
        offset: u64,
        bytes: &[u8],
        _: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        match self.0.lock().write(inode.0, place(offset), bytes) {
            // The kernel sends at most a megabyte at once.
            Ok(()) => reply.written(u32::try_from(bytes.len()).unwrap_or(u32::MAX)),
            Err(errno) => reply.error(errno),
        }
    }

    fn fallocate(
        &self,
        _: &Request,
        inode: INodeNo,
        _: FileHandle,
        offset: u64,
        length: u64,
        mode: i32,
        reply: ReplyEmpty,
    ) {
        let end = place(offset.saturating_add(length));
        let mut disk = self.0.lock();
        let allocated = match disk.length(inode.0) {
            _ if mode != 0 => Err(Errno::EOPNOTSUPP),
            Ok(before) if before < end => disk.set_length(inode.0, end),
            other => other.map(drop),
        };
        done(allocated, reply);
    }

    fn flush(&self, _: &Request, _: INodeNo, _: FileHandle, _: LockOwner, reply: ReplyEmpty) {
        reply.ok();
    }

    fn fsync(&self, _: &Request, inode: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        done(self.0.lock().sync_file(inode.0), reply);
    }

    fn fsyncdir(&self, _: &Request, _: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        done(self.0.lock().sync_folder(), reply);
    }

    fn unlink(&self, _: &Request, _: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        done(text(name).and_then(|name| self.0.lock().remove(name)), reply);
    }

    fn rename(
        &self,
        _: &Request,
        _: INodeNo,
        name: &OsStr,
        _: INodeNo,
        to: &OsStr,
        flags: RenameFlags,
        reply: ReplyEmpty,
    ) {
        let renamed = if flags.is_empty() {
            text(name).and_then(|name| self.0.lock().rename(name, text(to)?))
        } else {
            Err(Errno::EINVAL)
        };
        done(renamed, reply);
    }

    fn readdir(&self, _: &Request, _: INodeNo, _: FileHandle, offset: u64, mut reply: ReplyDirectory) {
        let disk = self.0.lock();
        for (at, (name, inode)) in disk.names().enumerate().skip(place(offset)) {
            if reply.add(INodeNo(inode), at as u64 + 1, FileType::RegularFile, name) {
                break;
            }
        }
        reply.ok();
    }

    fn statfs(&self, _: &Request, _: INodeNo, reply: ReplyStatfs) {
        let free = self.0.lock().free() as u64 / u64::from(BLOCK);
        reply.statfs(free, free, free, 0, 0, BLOCK, 255, BLOCK);
    }
}

fn text(name: &OsStr) -> Result<&str, Errno> {
    name.to_str().ok_or(Errno::EINVAL)
}

/// A place in a file; one beyond memory meets the limit of a file's length.
fn place(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

fn done(result: Result<(), Errno>, reply: ReplyEmpty) {
    match result {
        Ok(()) => reply.ok(),
        Err(errno) => reply.error(errno),
    }
}
