// SPDX-License-Identifier: GPL-3.0-only
//! Files for terminals to show.

use super::hostile::two;
use super::*;
use crate::{About, Fault};
use contract::{FeedItem, FeedOp, MEDIA_BYTES_MAX, MEDIA_MAX, MEDIA_PART_BYTES_MAX, MediaItem};

on_both! {
    a_terminal_gets_ranges_of_what_its_feed_names_and_of_nothing_else,
    a_file_is_put_on_lists_once_and_let_go_with_the_last,
    what_no_terminal_takes_is_on_no_list,
}

impl Kiosk {
    async fn range(&self, sha256: Digest, range: &str) -> (u16, String, Vec<u8>) {
        let request = self.client.get(format!("{}/v1/media/{sha256}", self.gateway));
        let request = request.header("Kiosk-Protocol", "1").header("Range", range);
        let response = request.send().await.unwrap();
        let told = response.headers().get("content-range").map(|value| value.to_str().unwrap().to_owned());
        (response.status().as_u16(), told.unwrap_or_default(), response.bytes().await.unwrap().to_vec())
    }
}

async fn a_terminal_gets_ranges_of_what_its_feed_names_and_of_nothing_else(on: On) {
    let world = World::new(on).await;
    let (kiosk, other) = two(&world).await;
    let bytes = blobs::noise(MEDIA_PART_BYTES_MAX as usize + 10, 1);
    let file = world.place.data().join("film.webm");
    std::fs::write(&file, &bytes).unwrap();
    let platform = &world.running.platform;
    let put = platform.put_media(world.terminal(), "film", &file, ("防疫", "video/webm"), true);
    let item: MediaItem = put.await.unwrap();
    assert_eq!((item.sha256, item.len), (Digest::of(&bytes), bytes.len() as u64));
    let page = kiosk.feed(0, 0).await.unwrap().0;
    let told = page.items.iter().find(|item| item.collection == "media").unwrap();
    assert_eq!(serde_json::from_value::<MediaItem>(told.body.clone()).unwrap(), item);

    let len = bytes.len();
    assert_eq!(
        kiosk.range(item.sha256, "bytes=5-7").await,
        (206, format!("bytes 5-7/{len}"), bytes[5..8].to_vec())
    );
    let (status, told, first) = kiosk.range(item.sha256, "bytes=0-").await;
    assert_eq!((status, told), (206, format!("bytes 0-{}/{len}", MEDIA_PART_BYTES_MAX - 1)));
    let (_, _, rest) = kiosk.range(item.sha256, &format!("bytes={MEDIA_PART_BYTES_MAX}-")).await;
    assert_eq!([first, rest].concat(), bytes);
    assert_eq!(kiosk.range(item.sha256, &format!("bytes={len}-")).await.0, 416);
    assert_eq!(kiosk.range(item.sha256, "pages=1").await.0, 416);

    assert_eq!(other.range(item.sha256, "bytes=0-").await.0, 404, "another terminal's list");
    assert_eq!(kiosk.range(Digest::of(b"any"), "bytes=0-").await.0, 404);
    platform.remove_media(world.terminal(), "film").await.unwrap();
    assert_eq!(kiosk.range(item.sha256, "bytes=0-").await.0, 404, "off the list");
}

pub(super) fn about(mandatory: bool) -> About {
    About { mime: "video/webm".into(), title: "防疫".into(), mandatory }
}

/// What a terminal is told of files, from the beginning.
async fn told(kiosk: &Kiosk) -> Vec<FeedItem> {
    let items = kiosk.feed(0, 0).await.unwrap().0.items;
    items.into_iter().filter(|item| item.collection == "media").collect()
}

async fn a_file_is_put_on_lists_once_and_let_go_with_the_last(on: On) {
    let world = World::new(on).await;
    let (kiosk, other) = two(&world).await;
    let platform = &world.running.platform;
    let terminals = platform.terminals().await.unwrap().len();
    let (bytes, file) = (blobs::noise(5000, 2), world.place.data().join("film.webm"));
    std::fs::write(&file, &bytes).unwrap();

    let (item, changed) = platform.add_media(None, &file, about(false)).await.unwrap();
    assert_eq!((item.sha256, item.len, changed), (Digest::of(&bytes), 5000, terminals));
    let first = told(&kiosk).await;
    assert_eq!((first.len(), &first[0].key), (1, &item.sha256.to_string()));
    assert_eq!(other.range(item.sha256, "bytes=0-1").await.0, 206, "the other terminal has it too");
    assert_eq!(platform.add_media(None, &file, about(false)).await.unwrap(), (item.clone(), 0));
    assert_eq!(told(&kiosk).await, first, "the same again changes nothing, not even a revision");
    let (changed_item, changed) =
        platform.add_media(Some(world.terminal()), &file, about(true)).await.unwrap();
    assert_eq!((changed_item.mandatory, changed), (true, 1), "what is said of it may change");
    assert_eq!(told(&kiosk).await.len(), 1, "in its place");

    let stored = world.place.data().join("media").join(item.sha256.to_string());
    let listed = platform.media().await.unwrap();
    assert_eq!((listed.len(), listed[0].terminals.len(), listed[0].here), (1, terminals, true));
    assert_eq!(platform.drop_media(Some(world.terminal()), item.sha256).await.unwrap(), 1);
    assert_eq!(told(&kiosk).await[0].op, FeedOp::Del);
    assert!(stored.exists(), "the others have it still");
    assert_eq!(kiosk.range(item.sha256, "bytes=0-1").await.0, 404);
    assert_eq!(other.range(item.sha256, "bytes=0-1").await.0, 206);
    assert_eq!(platform.drop_media(None, item.sha256).await.unwrap(), terminals - 1);
    assert!(!stored.exists() && platform.media().await.unwrap().is_empty());
    assert_eq!(platform.drop_media(None, item.sha256).await.unwrap(), 0);

    let (_, changed) = platform.add_media(None, &file, about(false)).await.unwrap();
    assert_eq!(changed, terminals, "it may come back");
    std::fs::write(&stored, b"damaged").unwrap();
    assert!(!platform.media().await.unwrap()[0].here);
    assert_eq!(platform.add_media(None, &file, about(false)).await.unwrap().1, 0);
    assert_eq!(std::fs::read(&stored).unwrap(), bytes, "adding it again heals the platform's copy");
    let files = world.place.data().join("media").read_dir().unwrap().count();
    assert_eq!(files, 1, "nothing else stays in the folder");
}

async fn what_no_terminal_takes_is_on_no_list(on: On) {
    let world = World::new(on).await;
    let kiosk = world.kiosk().await;
    let platform = &world.running.platform;
    let file = world.place.data().join("film.webm");
    let refused = async |words: &str| match platform.add_media(None, &file, about(false)).await {
        Err(Fault::Refused(told)) => assert!(told.contains(words), "{told}"),
        other => panic!("{other:?}"),
    };
    assert!(matches!(platform.add_media(None, &file, about(false)).await, Err(Fault::File { .. })));
    std::fs::write(&file, b"").unwrap();
    refused("empty").await;
    std::fs::File::options().write(true).open(&file).unwrap().set_len(MEDIA_BYTES_MAX + 1).unwrap();
    refused("2 GiB").await;
    std::fs::write(&file, b"short").unwrap();
    let strange = platform.add_media(Some(TerminalId::fresh()), &file, about(false)).await;
    assert!(matches!(strange, Err(Fault::Unknown("terminal"))));

    let mut write = platform.core.tables.write().await.unwrap();
    for n in 0..MEDIA_MAX {
        let sha256 = Digest::of(&n.to_be_bytes());
        let About { mime, title, mandatory } = about(false);
        let body = serde_json::to_value(MediaItem { sha256, len: 1, mime, title, mandatory }).unwrap();
        let key = sha256.to_string();
        let (terminal, op) = (world.terminal(), FeedOp::Put);
        let thing = crate::tables::feed::Thing { terminal, collection: "media", key: &key, op, body: &body };
        crate::tables::feed::put(&mut write, &thing, NOW_MS).await.unwrap();
    }
    write.commit().await.unwrap();
    refused("1000 files").await;
    let own = Digest::of(b"short");
    assert_eq!(kiosk.range(own, "bytes=0-").await.0, 404);
    assert!(
        platform.media().await.unwrap().iter().all(|listed| listed.item.sha256 != own),
        "on no list at all"
    );
}
