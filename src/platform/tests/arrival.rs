// SPDX-License-Identifier: GPL-3.0-only
//! A file that was put on the lists by hand reaches a terminal's disk, by the terminal's own network code.

use super::media::about;
use super::*;
use contract::{Blob, BlobState, Flow, LaneHead, MediaItem};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;
use sync::{Cell, Identity, LinkState, MediaFolder, Outbox, Pace, Quarantine, Setup, Tasks, TimeOuts, Wake};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

on_both! {
    a_file_put_on_the_lists_arrives_whole_and_goes_on_where_it_was_cut,
    a_file_with_a_wrong_byte_is_refused_and_arrives_once_it_is_put_right,
}

/// Bytes the terminal asks for at a time.
const PART: usize = 256 * 1024;
const PATIENCE: Duration = Duration::from_secs(60);

/// A line to the gateway that breaks when it carried so many bytes down.
struct Cable {
    address: String,
    left: Arc<AtomicI64>,
}

impl Cable {
    async fn to(world: &World) -> Self {
        let gateway = world.running.gateway_addr;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("https://{}", listener.local_addr().unwrap());
        let left = Arc::new(AtomicI64::new(i64::MAX));
        let carried = Arc::clone(&left);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = TcpStream::connect(gateway).await.unwrap();
                tokio::spawn(carry(near, far, Arc::clone(&carried)));
            }
        });
        Self { address, left }
    }

    fn breaks_after(&self, bytes: usize) {
        self.left.store(i64::try_from(bytes).unwrap(), Ordering::Release);
    }

    fn is_broken(&self) -> bool {
        self.left.load(Ordering::Acquire) <= 0
    }

    fn mend(&self) {
        self.left.store(i64::MAX, Ordering::Release);
    }
}

async fn carry(near: TcpStream, far: TcpStream, left: Arc<AtomicI64>) {
    let ((mut near_in, mut near_out), (mut far_in, mut far_out)) = (near.into_split(), far.into_split());
    let up = tokio::io::copy(&mut near_in, &mut far_out);
    let down = async {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = far_in.read(&mut buffer).await {
            let bytes = i64::try_from(count).unwrap();
            if left.fetch_sub(bytes, Ordering::AcqRel) < bytes
                || near_out.write_all(&buffer[..count]).await.is_err()
            {
                return;
            }
        }
    };
    tokio::select! {
        _ = up => {}
        () = down => {}
    }
}

/// A terminal's disk, as far as files to show go.
struct Disk {
    dir: tempfile::TempDir,
    folder: MediaFolder,
    named: Arc<Mutex<Named>>,
}

/// What a terminal keeps of the feed for that.
#[derive(Default)]
struct Named {
    position: Option<(u64, Digest)>,
    files: BTreeMap<String, MediaItem>,
}

struct Listing {
    named: Arc<Mutex<Named>>,
    wake: Wake,
}

impl Listing {
    fn named(&self) -> MutexGuard<'_, Named> {
        self.named.lock().unwrap()
    }
}

impl Outbox for Listing {
    async fn next_batch(&self, _: Lane, _: Flow) -> Option<Batch> {
        None
    }
    async fn settle(&self, _: BatchReply, _: Signed) {}
    async fn quarantine(&self, _: EventId, _: Quarantine) {}
    fn link(&self, _: LinkState) {}
    fn witness(&self, _: i64, _: i64) {}
}

impl Cell for Listing {
    async fn feed_position(&self) -> (u64, Digest) {
        self.named().position.unwrap_or((0, Digest::ZERO))
    }

    async fn apply(&self, page: FeedPage, digest: Digest) {
        let mut named = self.named();
        named.position = Some((page.to, digest));
        for item in page.items.into_iter().filter(|item| item.collection == "media") {
            named.files.insert(item.key, serde_json::from_value(item.body).unwrap());
        }
        drop(named);
        self.wake.ring();
    }

    async fn heads(&self, _: Vec<LaneHead>) {}

    async fn next_blob(&self, _: Vec<Digest>) -> Option<(Blob, Vec<u8>)> {
        None
    }

    async fn blob_whole(&self, _: BlobState, _: Signed) {}

    async fn media(&self) -> Option<Vec<MediaItem>> {
        let mut files: Vec<MediaItem> = self.named().files.values().cloned().collect();
        files.sort_by_key(|item| !item.mandatory);
        Some(files)
    }
}

impl Disk {
    async fn enrolled(world: &World, address: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let code = world.running.platform.enrolment_code(world.terminal()).await.unwrap();
        let root = world.running.platform.root_pem();
        sync::enrol(dir.path(), address, root, &code, Arc::new(|| NOW_MS)).await.unwrap();
        let folder = MediaFolder { dir: dir.path().join("media"), bytes_max: 64 * 1024 * 1024 };
        Self { dir, folder, named: Arc::default() }
    }

    /// The terminal is switched on.
    fn start(&self) -> Tasks {
        let identity = Arc::new(Identity::open_or_make(self.dir.path()).unwrap());
        let (refused_ms, healthy_ms) = (20, 60_000);
        let pace = Pace { base_ms: 5, cap_ms: 50, window_ms: 0, window_ms_max: 0, refused_ms, healthy_ms };
        let (connect, batch, page) = (Duration::from_secs(5), Duration::from_secs(5), Duration::from_secs(5));
        let mut setup = Setup::new(Arc::new(|| NOW_MS));
        setup.ordinary = (pace, TimeOuts { connect, batch, page });
        setup.feed_wait_s = 1;
        setup.media = Some(self.folder.clone());
        let listing = Listing { named: Arc::clone(&self.named), wake: setup.wake.clone() };
        sync::start(identity, Arc::new(listing), setup)
    }

    fn whole(&self, item: &MediaItem) -> PathBuf {
        self.folder.dir.join(item.sha256.to_string())
    }

    /// How much of a file is here, in bytes.
    fn begun(&self, item: &MediaItem) -> u64 {
        self.whole(item).with_extension("part").metadata().map_or(0, |found| found.len())
    }
}

async fn until(what: impl Fn() -> bool) {
    let reached = async {
        while !what() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, reached).await.expect("the terminal gets there in time");
}

/// Puts a file on the lists as the command does: from a process of its own, beside the platform that serves.
async fn add(world: &World, bytes: &[u8], mandatory: bool) -> MediaItem {
    let file = world.place.data().join("film.webm");
    std::fs::write(&file, bytes).unwrap();
    let clock = Clock::set_by(Arc::clone(&world.wall_ms));
    let command = crate::Platform::open(world.place.data(), &world.place.database, clock).await.unwrap();
    command.add_media(Some(world.terminal()), &file, about(mandatory)).await.unwrap().0
}

/// Changes a byte of the platform's copy.
fn spoil(world: &World, item: &MediaItem, at: usize) {
    let path = world.place.data().join("media").join(item.sha256.to_string());
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[at] ^= 1;
    std::fs::write(&path, bytes).unwrap();
}

async fn a_file_put_on_the_lists_arrives_whole_and_goes_on_where_it_was_cut(on: On) {
    let world = World::new(on).await;
    let cable = Cable::to(&world).await;
    let disk = Disk::enrolled(&world, &cable.address).await;
    cable.breaks_after(3 * PART);
    let tasks = disk.start();
    let bytes = blobs::noise(5 * PART + 7, 1);
    let item = add(&world, &bytes, false).await;
    until(|| cable.is_broken()).await;
    tasks.stop().await;
    let begun = disk.begun(&item);
    assert!(begun >= PART as u64 && begun < item.len && !disk.whole(&item).exists(), "{begun} bytes came");

    // What the terminal has already it would get wrong if it asked for it again.
    spoil(&world, &item, 0);
    cable.mend();
    let tasks = disk.start();
    until(|| disk.whole(&item).exists()).await;
    assert_eq!(std::fs::read(disk.whole(&item)).unwrap(), bytes);
    assert_eq!(disk.folder.dir.read_dir().unwrap().count(), 1, "nothing else stays");
    tasks.stop().await;
}

async fn a_file_with_a_wrong_byte_is_refused_and_arrives_once_it_is_put_right(on: On) {
    let world = World::new(on).await;
    let disk = Disk::enrolled(&world, &format!("https://{}", world.running.gateway_addr)).await;
    let bytes = blobs::noise(PART + 1, 2);
    let wrong = add(&world, &bytes, true).await;
    spoil(&world, &wrong, PART);
    let right = add(&world, &blobs::noise(100, 3), false).await;
    let tasks = disk.start();
    until(|| disk.whole(&right).exists()).await;
    tasks.stop().await;
    assert_eq!((disk.whole(&wrong).exists(), disk.begun(&wrong)), (false, 0), "nothing of it stays");

    assert_eq!(add(&world, &bytes, true).await, wrong);
    let tasks = disk.start();
    until(|| disk.whole(&wrong).exists()).await;
    assert_eq!(std::fs::read(disk.whole(&wrong)).unwrap(), bytes);
    tasks.stop().await;
}
