// SPDX-License-Identifier: GPL-3.0-only
//! Blobs: after their event, from any byte on, whole only with their hash, and nobody else's.

use super::hostile::{SOON, two};
use super::raw::connect;
use super::*;
use contract::{AlarmRaised, BLOB_BYTES_MAX, BLOB_PART_BYTES_MAX, Blob, BlobState, TUS_PART, TUS_VERSION};
use reqwest::{Method, RequestBuilder, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

on_both! {
    a_blob_follows_its_event_and_is_whole_only_with_its_hash,
    a_blob_cut_at_any_byte_goes_on_from_there_also_after_a_restart,
    a_blob_longer_than_it_was_named_or_than_any_may_be_is_not_taken,
    a_device_begins_no_more_than_a_days_bytes,
    nobody_reads_or_writes_anothers_blob,
    what_is_not_the_devices_own_word_names_no_blob,
}

/// Bytes that are not the same anywhere.
pub(super) fn noise(len: usize, seed: u8) -> Vec<u8> {
    let blocks = (0..len.div_ceil(32)).flat_map(|n| Digest::of(&[&n.to_be_bytes()[..], &[seed]].concat()).0);
    blocks.take(len).collect()
}

pub(super) fn blob_of(bytes: &[u8]) -> Blob {
    Blob { sha256: Digest::of(bytes), len: bytes.len() as u64, mime: "audio/ogg".into() }
}

impl Kiosk {
    /// The next alarm, which speaks of these.
    pub(super) fn naming(&mut self, blobs: &[Blob]) -> Envelope {
        let before = self.heads.clone();
        let mut event = self.event(&Event::AlarmRaised(AlarmRaised { at: self.stamp() }));
        self.heads = before;
        event.blobs = blobs.to_vec();
        event.sign(&self.key).unwrap();
        self.heads.insert(event.lane, (event.seq, event.hash()));
        event
    }

    pub(super) async fn name(&mut self, blobs: &[Blob]) {
        let event = self.naming(blobs);
        assert_eq!(self.verdict(&event).await, Verdict::Accepted);
    }

    fn blob(&self, method: Method, sha256: Digest) -> RequestBuilder {
        let address = format!("{}/v1/blobs/{sha256}", self.gateway);
        let request = self.client.request(method, address).header("Kiosk-Protocol", "1");
        request.header("Tus-Resumable", TUS_VERSION)
    }

    pub(super) async fn begin(&self, blob: &Blob) -> u16 {
        let request = self.blob(Method::POST, blob.sha256).header("Upload-Length", blob.len);
        let response = request.send().await.unwrap();
        if response.status() == StatusCode::CREATED {
            assert_eq!(response.headers()["location"], format!("/v1/blobs/{}", blob.sha256));
        }
        response.status().as_u16()
    }

    pub(super) async fn offset(&self, blob: &Blob) -> Result<u64, u16> {
        let response = self.blob(Method::HEAD, blob.sha256).send().await.unwrap();
        if response.status() != StatusCode::OK {
            return Err(response.status().as_u16());
        }
        assert_eq!(number(&response, "upload-length"), blob.len);
        Ok(number(&response, "upload-offset"))
    }

    pub(super) async fn add(&self, blob: &Blob, at: u64, bytes: &[u8]) -> Result<u64, u16> {
        let request = self.blob(Method::PATCH, blob.sha256).header("Upload-Offset", at);
        let response = request.header("content-type", TUS_PART).body(bytes.to_vec()).send().await.unwrap();
        if response.status() != StatusCode::NO_CONTENT {
            return Err(response.status().as_u16());
        }
        Ok(number(&response, "upload-offset"))
    }

    pub(super) async fn state(&self, blob: &Blob) -> Result<BlobState, u16> {
        let response = self.blob(Method::GET, blob.sha256).send().await.unwrap();
        let signed = answer::<Signed>(response).await.map_err(|(status, _)| status.as_u16())?;
        Ok(signed.open("blob", &self.content_key).unwrap())
    }
}

fn number(response: &Response, name: &str) -> u64 {
    response.headers()[name].to_str().unwrap().parse().unwrap()
}

async fn a_blob_follows_its_event_and_is_whole_only_with_its_hash(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let bytes = noise(3000, 1);
    let blob = blob_of(&bytes);
    assert_eq!(kiosk.begin(&blob).await, 404, "no event names it");
    kiosk.name(std::slice::from_ref(&blob)).await;
    assert_eq!(kiosk.offset(&blob).await, Err(404), "it was not begun");
    assert_eq!(kiosk.begin(&Blob { len: 2999, ..blob.clone() }).await, 422, "another length");
    assert_eq!(kiosk.begin(&blob).await, 201);
    assert_eq!(kiosk.add(&blob, 1, &bytes[1..]).await, Err(409));
    assert_eq!(kiosk.add(&blob, 0, &bytes[..1000]).await, Ok(1000));
    assert_eq!(kiosk.add(&blob, 0, &bytes[..1000]).await, Err(409), "the same part again");
    assert!(!kiosk.state(&blob).await.unwrap().whole);

    assert_eq!(kiosk.add(&blob, 1000, &noise(2000, 2)).await, Err(460), "another hash");
    assert_eq!(kiosk.offset(&blob).await, Ok(0), "nothing of it is kept");
    assert_eq!(kiosk.begin(&blob).await, 201, "begun twice is begun once");
    assert_eq!(kiosk.add(&blob, 0, &bytes).await, Ok(3000));
    let state = kiosk.state(&blob).await.unwrap();
    assert_eq!((state.whole, state.offset, state.device), (true, 3000, kiosk.device));
    assert_eq!(kiosk.add(&blob, 0, &noise(3000, 3)).await, Err(409), "what was whole stays");
    let file = world.place.data().join("blobs").join(kiosk.device.to_string()).join(blob.sha256.to_string());
    assert_eq!(std::fs::read(file).unwrap(), bytes);
    kiosk.name(&[blob_of(&bytes)]).await;
    assert!(kiosk.state(&blob).await.unwrap().whole, "named again, it is here already");
}

async fn a_blob_cut_at_any_byte_goes_on_from_there_also_after_a_restart(on: On) {
    let mut world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let bytes = noise(1500, 4);
    let blob = blob_of(&bytes);
    kiosk.name(std::slice::from_ref(&blob)).await;
    assert_eq!(kiosk.begin(&blob).await, 201);
    let mut held = 0;
    for n in (0..60).chain([333]) {
        let mut stream = connect(&world, Some(&kiosk), b"http/1.1").await;
        let head = format!(
            "PATCH /v1/blobs/{} HTTP/1.1\r\nHost: localhost\r\nKiosk-Protocol: 1\r\nTus-Resumable: {TUS_VERSION}\r\n\
             Content-Type: {TUS_PART}\r\nUpload-Offset: {held}\r\nContent-Length: {}\r\n\r\n",
            blob.sha256,
            bytes.len() - held
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let end = (held + n).min(bytes.len() - 1);
        stream.write_all(&bytes[held..end]).await.unwrap();
        stream.shutdown().await.unwrap();
        stream.read_to_end(&mut Vec::new()).await.ok();
        // The part that was cut is written beside the connection's end.
        let written = async {
            while kiosk.offset(&blob).await != Ok(end as u64) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(SOON, written).await.expect("what came is kept");
        held = end;
        if n == 30 {
            world.restart().await;
            let pem = kiosk.certificate_pem.clone();
            kiosk = world.again(kiosk, &pem);
            assert_eq!(kiosk.offset(&blob).await, Ok(held as u64));
        }
    }
    assert_eq!(kiosk.add(&blob, held as u64, &bytes[held..]).await, Ok(1500));
    assert!(kiosk.state(&blob).await.unwrap().whole);
}

async fn a_blob_longer_than_it_was_named_or_than_any_may_be_is_not_taken(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let bytes = noise(BLOB_PART_BYTES_MAX + 2, 5);
    let blob = blob_of(&bytes);
    kiosk.name(std::slice::from_ref(&blob)).await;
    assert_eq!(kiosk.begin(&blob).await, 201);
    assert_eq!(kiosk.add(&blob, 0, &bytes[..=BLOB_PART_BYTES_MAX]).await, Err(413), "too long a part");
    assert_eq!(kiosk.add(&blob, 0, &bytes[..BLOB_PART_BYTES_MAX]).await, Ok(BLOB_PART_BYTES_MAX as u64));
    assert_eq!(kiosk.add(&blob, BLOB_PART_BYTES_MAX as u64, b"abc").await, Err(413), "longer than named");
    let huge = Blob { len: BLOB_BYTES_MAX + 1, ..blob_of(b"huge") };
    let event = kiosk.naming(std::slice::from_ref(&huge));
    assert_eq!(kiosk.verdict(&event).await, Verdict::Parked { code: "size".into() });
    assert_eq!(kiosk.begin(&huge).await, 404);
}

async fn a_device_begins_no_more_than_a_days_bytes(on: On) {
    let world = World::new(on).await;
    let (mut kiosk, mut other) = two(&world).await;
    let blobs: Vec<Blob> = (0..65_u8).map(|n| Blob { len: BLOB_BYTES_MAX, ..blob_of(&[n]) }).collect();
    for some in blobs.chunks(16) {
        kiosk.name(some).await;
    }
    for blob in &blobs[..64] {
        assert_eq!(kiosk.begin(blob).await, 201);
    }
    assert_eq!(kiosk.begin(&blobs[64]).await, 507);
    other.name(&blobs[64..]).await;
    assert_eq!(other.begin(&blobs[64]).await, 201, "another terminal's day is its own");
    world.pass_ms(86_400_001);
    assert_eq!(kiosk.begin(&blobs[64]).await, 201, "the next day");
}

async fn nobody_reads_or_writes_anothers_blob(on: On) {
    let world = World::new(on).await;
    let (mut victim, mut intruder) = two(&world).await;
    let bytes = noise(100, 6);
    let blob = blob_of(&bytes);
    victim.name(std::slice::from_ref(&blob)).await;
    assert_eq!(victim.begin(&blob).await, 201);
    assert_eq!(victim.add(&blob, 0, &bytes[..50]).await, Ok(50));
    let refused = (
        intruder.begin(&blob).await,
        intruder.offset(&blob).await,
        intruder.add(&blob, 50, &bytes[50..]).await,
        intruder.state(&blob).await.map(|_| ()),
    );
    assert_eq!(refused, (404, Err(404), Err(404), Err(404)));
    // Whoever knows its hash and names it too has a copy of their own, and must bring every byte.
    intruder.name(std::slice::from_ref(&blob)).await;
    assert_eq!(intruder.begin(&blob).await, 201);
    assert_eq!(intruder.offset(&blob).await, Ok(0));
    assert_eq!(intruder.add(&blob, 0, &noise(100, 7)).await, Err(460));
    assert_eq!(victim.offset(&blob).await, Ok(50));
    assert_eq!(victim.add(&blob, 50, &bytes[50..]).await, Ok(100));
    assert!(victim.state(&blob).await.unwrap().whole);
    assert_eq!(intruder.offset(&blob).await, Ok(0));
    world.running.platform.revoke(victim.device).await.unwrap();
    assert_eq!(victim.offset(&blob).await, Err(403));
}

async fn what_is_not_the_devices_own_word_names_no_blob(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let blob = blob_of(b"not signed");
    let mut event = kiosk.naming(&[]);
    event.blobs = vec![blob.clone()];
    assert_eq!(kiosk.verdict(&event).await, Verdict::Parked { code: "signature".into() });
    assert_eq!(kiosk.begin(&blob).await, 404);
}
