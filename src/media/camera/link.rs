// SPDX-License-Identifier: GPL-3.0-only
//! The socket between a camera process and its parent. One packet is one thing said.
//!
//! Nothing here waits: a packet that does not fit is lost. Lost rings do not matter, for the next frame rings again.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use device::sim::COMMAND_LEN_MAX;
use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketFlags, SocketType, recv, recvmsg, send, sendmsg, socketpair,
};

/// What the child says for each new frame or fault.
pub(super) const RING: &[u8] = b"r";
/// What comes with the shared memory.
const HELLO: &[u8] = b"memory";
/// What the parent says last before the first frame; verbs before it hold for that frame.
pub(super) const BEGIN: &[u8] = b"begin";
/// Pictures are wanted only now and then, or at full pace again.
pub(super) const REST: &[u8] = b"rest";
pub(super) const WAKE: &[u8] = b"wake";

pub(super) struct Link(OwnedFd);

/// What came.
pub(super) enum Said {
    Packet(Vec<u8>),
    Nothing,
    /// The other end is gone.
    Gone,
}

impl Link {
    /// Both ends. Neither is inherited by another process unless handed over.
    pub(super) fn pair() -> io::Result<(Self, OwnedFd)> {
        let (ours, theirs) =
            socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
        Ok((Self(ours), theirs))
    }

    pub(super) fn over(fd: OwnedFd) -> Self {
        Self(fd)
    }

    pub(super) fn try_clone(&self) -> io::Result<Self> {
        Ok(Self(self.0.try_clone()?))
    }

    pub(super) fn send(&self, packet: &[u8]) -> io::Result<()> {
        send(&self.0, packet, SendFlags::DONTWAIT | SendFlags::NOSIGNAL)?;
        Ok(())
    }

    pub(super) fn try_receive(&self) -> Said {
        self.receive_with(RecvFlags::DONTWAIT)
    }

    /// Waits for the next packet: only for a thread that has nothing else to do.
    pub(super) fn receive(&self) -> Said {
        self.receive_with(RecvFlags::empty())
    }

    /// Hands the shared memory over.
    pub(super) fn send_memory(&self, memory: BorrowedFd<'_>) -> io::Result<()> {
        let fds = [memory];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut attached = SendAncillaryBuffer::new(&mut space);
        attached.push(SendAncillaryMessage::ScmRights(&fds));
        sendmsg(&self.0, &[IoSlice::new(HELLO)], &mut attached, SendFlags::DONTWAIT | SendFlags::NOSIGNAL)?;
        Ok(())
    }

    /// Takes the shared memory; the parent hands it over before anything else.
    ///
    /// # Errors
    /// Something else came, or nothing ever will.
    pub(super) fn receive_memory(&self) -> io::Result<OwnedFd> {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut attached = RecvAncillaryBuffer::new(&mut space);
        let mut word = [0; HELLO.len()];
        recvmsg(&self.0, &mut [IoSliceMut::new(&mut word)], &mut attached, RecvFlags::CMSG_CLOEXEC)?;
        attached
            .drain()
            .find_map(
                |message| {
                    if let RecvAncillaryMessage::ScmRights(mut fds) = message { fds.next() } else { None }
                },
            )
            .filter(|_| word == HELLO)
            .ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    fn receive_with(&self, flags: RecvFlags) -> Said {
        let mut packet = vec![0; COMMAND_LEN_MAX];
        loop {
            match recv(&self.0, packet.as_mut_slice(), flags) {
                Ok((_, 0)) => return Said::Gone,
                Ok((_, len)) => {
                    packet.truncate(len);
                    return Said::Packet(packet);
                }
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Said::Nothing,
                Err(_) => return Said::Gone,
            }
        }
    }
}

impl AsFd for Link {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_arrive_one_by_one_until_the_other_end_is_gone() {
        let (ours, theirs) = Link::pair().expect("a link");
        let theirs = Link::over(theirs);
        assert!(matches!(ours.try_receive(), Said::Nothing));
        theirs.send(b"turn left").expect("sent");
        theirs.send(RING).expect("sent");
        assert!(matches!(ours.try_receive(), Said::Packet(p) if p == b"turn left"));
        assert!(matches!(ours.receive(), Said::Packet(p) if p == RING));
        drop(theirs);
        assert!(matches!(ours.try_receive(), Said::Gone));
        assert!(ours.send(RING).is_err());
    }

    #[test]
    fn a_listener_that_never_reads_holds_nobody_up() {
        let (_ours, theirs) = Link::pair().expect("a link");
        let theirs = Link::over(theirs);
        let full = (0..1_000_000).find(|_| theirs.send(RING).is_err());
        assert!(full.is_some(), "the queue has an end");
    }

    #[test]
    fn only_memory_is_taken_for_memory() {
        let (ours, theirs) = Link::pair().expect("a link");
        let theirs = Link::over(theirs);
        ours.send(HELLO).expect("sent");
        assert!(theirs.receive_memory().is_err());
        ours.send_memory(ours.as_fd()).expect("sent");
        assert!(theirs.receive_memory().is_ok());
    }
}
