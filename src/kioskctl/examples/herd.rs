// SPDX-License-Identifier: GPL-3.0-only
//! Many terminals lose their platform together and come back, as JSON:
//! `cargo run -q --release -p kioskctl --example herd -- FOLDER [TERMINALS]`.
//!
//! Each terminal is the real `sync` with its own keys, certificate and connections, over TLS on loopback, and all of them
//! share one process with the reference platform: what is measured is this machine doing both sides. While they come
//! back, some raise an alarm each; it is timed from its making to its verdict. Aims: no second sees twice as many come
//! back as the platform's window means, and the alarms' p99 is within two seconds of the platform being there.

mod terminals;

use contract::{AlarmRaised, Event};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use sync::Setup;
use terminals::{Beast, Failure, enrolled, now, percentile, reached, wall};

const TERMINALS: usize = 2_000;
/// One terminal in so many raises an alarm during the return.
const ALARM_EVERY: usize = 20;
/// What the platform names as its window, in seconds, before a terminal was told another one.
const WINDOW_S: u64 = 30;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().map(PathBuf::from).ok_or("give a folder on the disk to measure")?;
    let count = args.next().map_or(Ok(TERMINALS), |text| text.parse())?;
    let folder = tempfile::tempdir_in(folder)?;
    let data = folder.path().join("platform");
    let config = platform::Config::loopback(&data);
    let running = platform::start(config.clone()).await?;
    let gateway_addr = running.gateway_addr;

    let begun = Instant::now();
    let mut herd = Vec::with_capacity(count);
    for n in 0..count {
        let identity = enrolled(&running, folder.path(), n).await?;
        let cell = Arc::new(Beast::new(&identity));
        let setup = Setup::new(wall());
        let wake = setup.wake.clone();
        herd.push((sync::start(identity, Arc::clone(&cell), setup), cell, wake));
    }
    let enrolled_s = begun.elapsed().as_secs_f64();
    reached(|| herd.iter().all(|(_, cell, _)| cell.is_online())).await?;

    running.stop().await;
    reached(|| herd.iter().all(|(_, cell, _)| !cell.is_online())).await?;
    let running = platform::start(platform::Config { gateway: gateway_addr, ..config }).await?;
    let back = Instant::now();
    for (_, cell, wake) in herd.iter().step_by(ALARM_EVERY) {
        cell.raise(&Event::AlarmRaised(AlarmRaised { at: now() }))?;
        wake.ring();
    }
    let settled = |cell: &Beast| cell.kept().took.is_some() || cell.kept().pending.is_none();
    reached(|| herd.iter().all(|(_, cell, _)| cell.is_online() && settled(cell))).await?;

    let came: Vec<Duration> = herd
        .iter()
        .filter_map(|(_, cell, _)| Some(cell.kept().online?.saturating_duration_since(back)))
        .collect();
    let mut alarms: Vec<Duration> = herd.iter().filter_map(|(_, cell, _)| cell.kept().took).collect();
    alarms.sort_unstable();
    let mut per_second = vec![0_usize; 1 + came.iter().max().map_or(0, |last| last.as_secs() as usize)];
    came.iter().for_each(|at| per_second[at.as_secs() as usize] += 1);
    let report = serde_json::json!({
        "terminals": count,
        "enrolled_per_s": count as f64 / enrolled_s,
        "window_s": WINDOW_S,
        "mean_per_s": count as f64 / WINDOW_S as f64,
        "most_per_s": per_second.iter().max(),
        "all_back_s": came.iter().max().map(Duration::as_secs_f64),
        "alarms": alarms.len(),
        "alarm_p99_ms": percentile(&alarms, 99).as_millis(),
    });
    for (tasks, ..) in herd {
        tasks.stop().await;
    }
    running.stop().await;
    #[expect(clippy::print_stdout, reason = "the report")]
    {
        println!("{report}");
    }
    Ok(())
}
