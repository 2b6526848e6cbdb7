// SPDX-License-Identifier: GPL-3.0-only
//! The platform as a process that is killed at any moment under load: what it acknowledged is there once.

use super::*;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};

/// The data directory of the platform that this process shall be.
const DATA: &str = "PLATFORM_TEST_KILLED";
/// Where that platform says where it listens.
const ADDRESS: &str = "address";
/// Longest a platform takes to start.
const START: Duration = Duration::from_secs(60);
/// The latest moment of a kill, in milliseconds after the start.
const LATEST_MS: u32 = 400;
const BATCH: usize = 5;

/// Not a test of its own: the process that [`invariant_02_what_a_killed_platform_acknowledged_is_there_once`] kills.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_platform_that_is_killed() {
    let Some(data) = std::env::var_os(DATA) else { return };
    let data = Path::new(&data);
    let clock = Clock::set_by(Arc::new(AtomicI64::new(NOW_MS)));
    let running = crate::start(Config { clock, ..Config::loopback(data) }).await.unwrap();
    let partial = data.join("address.partial");
    std::fs::write(&partial, running.gateway_addr.to_string()).unwrap();
    std::fs::rename(partial, data.join(ADDRESS)).unwrap();
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn invariant_02_what_a_killed_platform_acknowledged_is_there_once() {
    let kills = if std::env::var("FAULTS").is_ok_and(|form| form == "long") { 100 } else { 10 };
    let world = World::new(On::Sqlite).await;
    let mut kiosk = world.kiosk().await;
    let World { running, wall_ms, place, .. } = world;
    running.stop().await;

    let (mut acknowledged, mut waiting) = (Vec::new(), Vec::new());
    let mut cut_short = 0;
    for kill in 0..kills {
        let (mut process, gateway) = run(place.data()).await;
        kiosk.gateway = format!("https://{gateway}");
        // Spread over the whole span, also where the machine is slow: which moment it meets is chance enough.
        let after = Duration::from_millis(u64::from(LATEST_MS / kills * kill) + 1);
        let load = async {
            loop {
                if waiting.is_empty() {
                    waiting = (0..BATCH).map(|_| alarm(&mut kiosk)).collect();
                }
                let batch = serde_json::to_string(&kiosk.batch(&waiting)).unwrap();
                let request = kiosk.client.post(format!("{}/v1/events", kiosk.gateway));
                let Ok(answered) = request.header("Kiosk-Protocol", "1").body(batch).send().await else {
                    break;
                };
                let Ok(signed) = answered.json::<Signed>().await else { break };
                let reply: BatchReply = signed.open("reply", &kiosk.content_key).unwrap();
                for one in &reply.verdicts {
                    assert!(
                        matches!(one.verdict, Verdict::Accepted | Verdict::Duplicate),
                        "{:?}",
                        one.verdict
                    );
                }
                acknowledged.extend(waiting.drain(..).map(|event| event.id));
            }
        };
        let killing = async {
            tokio::time::sleep(after).await;
            process.kill().await.unwrap();
            // The load meets the closed door by itself.
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = load => {}
            () = killing => {}
        }
        cut_short += usize::from(!waiting.is_empty());
    }

    let running = start(&place, &wall_ms).await;
    kiosk.gateway = format!("https://{}", running.gateway_addr);
    let last = kiosk.send(&waiting).await.unwrap();
    acknowledged.extend(last.verdicts.iter().map(|one| one.id));
    let alarms = running.platform.alarms().await.unwrap();
    eprintln!("{} events, {cut_short} of {kills} kills met a batch on its way", acknowledged.len());
    let presses: u64 = alarms.iter().map(|alarm| alarm.presses).sum();
    assert_eq!(presses, acknowledged.len() as u64, "each had one effect, and nothing else had one");
    assert_eq!(running.platform.kept(kiosk.device).await.unwrap(), (acknowledged.len() as u64, 0));
    assert!(cut_short > 0);
}

/// Killed while a blob comes: what it told of the offset is on the disk, and the blob is whole in the end.
#[tokio::test]
async fn a_blobs_offset_that_was_told_survives_the_platform() {
    let kills = if std::env::var("FAULTS").is_ok_and(|form| form == "long") { 50 } else { 5 };
    let world = World::new(On::Sqlite).await;
    let mut kiosk = world.kiosk().await;
    let bytes = super::blobs::noise(2 * 1024 * 1024, 9);
    let blob = super::blobs::blob_of(&bytes);
    kiosk.name(std::slice::from_ref(&blob)).await;
    assert_eq!(kiosk.begin(&blob).await, 201);
    let World { running, wall_ms, place, .. } = world;
    running.stop().await;

    let mut told = 0;
    for kill in 0..kills {
        let (mut process, gateway) = run(place.data()).await;
        kiosk.gateway = format!("https://{gateway}");
        let offset = kiosk.offset(&blob).await.unwrap();
        assert!(offset >= told, "{told} was told, {offset} is there");
        told = offset;
        let after = Duration::from_millis(u64::from(LATEST_MS / kills * kill / 4) + 1);
        let upload = async {
            while told < blob.len {
                let from = usize::try_from(told).unwrap();
                let part = bytes[from..bytes.len().min(from + 16 * 1024)].to_vec();
                let address = format!("{}/v1/blobs/{}", kiosk.gateway, blob.sha256);
                let request = kiosk.client.patch(address).header("Kiosk-Protocol", "1");
                let request = request.header("Tus-Resumable", contract::TUS_VERSION);
                let request =
                    request.header("content-type", contract::TUS_PART).header("Upload-Offset", told);
                let Ok(answered) = request.body(part).send().await else { break };
                told = answered.headers()["upload-offset"].to_str().unwrap().parse().unwrap();
            }
        };
        let killing = async {
            tokio::time::sleep(after).await;
            process.kill().await.unwrap();
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = upload => {}
            () = killing => {}
        }
    }
    let running = start(&place, &wall_ms).await;
    kiosk.gateway = format!("https://{}", running.gateway_addr);
    let mut offset = kiosk.offset(&blob).await.unwrap();
    assert!(offset >= told);
    while offset < blob.len {
        let from = usize::try_from(offset).unwrap();
        offset = kiosk.add(&blob, offset, &bytes[from..bytes.len().min(from + 512 * 1024)]).await.unwrap();
    }
    assert!(kiosk.state(&blob).await.unwrap().whole, "what was killed left no wrong byte");
}

fn alarm(kiosk: &mut Kiosk) -> Envelope {
    let event = Event::AlarmRaised(contract::AlarmRaised { at: kiosk.stamp() });
    kiosk.event(&event)
}

/// This test's own program as a platform over `data`, and where it listens.
async fn run(data: &Path) -> (Child, String) {
    std::fs::remove_file(data.join(ADDRESS)).ok();
    let process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::killed::the_platform_that_is_killed", "--nocapture"])
        .env(DATA, data)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let listens = async {
        loop {
            if let Ok(address) = std::fs::read_to_string(data.join(ADDRESS)) {
                return address;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let address = tokio::time::timeout(START, listens).await.expect("a killed platform starts again");
    (process, address)
}
