// SPDX-License-Identifier: GPL-3.0-only
//! Files for terminals to show.

use super::hostile::two;
use super::*;
use contract::{MEDIA_PART_BYTES_MAX, MediaItem};

on_both! {
    a_terminal_gets_ranges_of_what_its_feed_names_and_of_nothing_else,
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
