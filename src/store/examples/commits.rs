// SPDX-License-Identifier: GPL-3.0-only
//! Commits of one event a second beside the disk's own rate, as JSON:
//! `cargo run -q --release -p store --example commits -- FOLDER`.
//!
//! Three loops take turns on the disk of FOLDER, so that its mood meets them alike: a store's write that sends one
//! event; a page appended to a file and synced; a page written over in a file of full length and synced, which spares
//! the file system its own journal, as SQLite's log does once it has wrapped. Each round is one ratio; the median of
//! the rounds is given. Everything made in FOLDER is removed.

use contract::{AlarmRaised, BootId, DeviceId, Event, SigningKey, Stamp, Trust};
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{Config, Fault, Keys, PAGES_MAX, Store};

const ROUNDS: usize = 15;
const COMMITS_PER_ROUND: usize = 40;
/// SQLite's page, the least it writes.
const PAGE_BYTES: usize = 4096;
/// The file written over in place, in pages: as long as SQLite's log before it wraps.
const LOG_PAGES: usize = 1000;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let folder =
        std::env::args_os().nth(1).map(PathBuf::from).ok_or("give a folder on the disk to measure")?;
    let folder = tempfile::tempdir_in(folder)?;
    let signing = Arc::new(SigningKey::open(&SigningKey::generate()?)?);
    let keys = Keys::from_storage_key(&[7; 32])?;
    let dir = folder.path();
    let config =
        Config { dir, device: DeviceId::fresh(), signing, keys, services: &[], pages_max: PAGES_MAX };
    let (mut store, _) = Store::open(config)?;
    let mut appended = OpenOptions::new().create(true).append(true).open(dir.join("appended"))?;
    let over = File::create(dir.join("over"))?;
    for page in 0..LOG_PAGES {
        over.write_all_at(&[0; PAGE_BYTES], offset(page))?;
    }
    over.sync_all()?;

    let (mut commits, mut appends, mut overwrites) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        commits.push(rate(|_| store.write(|tx| tx.send(&event(), &NOW)).map(drop).map_err(Fault::into))?);
        appends.push(rate(|_| {
            appended.write_all(&[1; PAGE_BYTES])?;
            Ok(appended.sync_data()?)
        })?);
        overwrites.push(rate(|at| {
            over.write_all_at(&[1; PAGE_BYTES], offset(round * COMMITS_PER_ROUND + at))?;
            Ok(over.sync_data()?)
        })?);
    }
    let ratios = |anchor: &[f64]| median(commits.iter().zip(anchor).map(|(own, raw)| own / raw).collect());
    let (to_append, to_overwrite) = (ratios(&appends), ratios(&overwrites));
    let report = serde_json::json!({
        "rounds": ROUNDS,
        "commits_per_round": COMMITS_PER_ROUND,
        "commits_per_s": median(commits),
        "appends_per_s": median(appends),
        "overwrites_per_s": median(overwrites),
        "ratio_to_append": to_append,
        "ratio_to_overwrite": to_overwrite,
    });
    writeln!(std::io::stdout().lock(), "{report:#}")?;
    Ok(())
}

const NOW: Stamp = Stamp { boot: BootId(uuid::Uuid::nil()), mono_ms: 1, wall_ms: 2, trust: Trust::Synced };

fn event() -> Event {
    Event::AlarmRaised(AlarmRaised { at: NOW })
}

fn offset(page: usize) -> u64 {
    ((page % LOG_PAGES) * PAGE_BYTES) as u64
}

/// Times a second that `step` can be done, over one round.
fn rate(mut step: impl FnMut(usize) -> Result<(), Failure>) -> Result<f64, Failure> {
    let begun = Instant::now();
    for at in 0..COMMITS_PER_ROUND {
        step(at)?;
    }
    Ok(COMMITS_PER_ROUND as f64 / begun.elapsed().max(Duration::from_nanos(1)).as_secs_f64())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
