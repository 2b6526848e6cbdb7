// SPDX-License-Identifier: GPL-3.0-only
//! `kioskctl bundle`: the queue of a terminal without a network, carried to the platform and its answer carried back.
//!
//! Works beside the running terminal and on the data folder of one that is broken. Until the answer is taken the
//! terminal keeps everything; a stick that is lost, copied or brought twice changes nothing.

use crate::say::say;
use contract::{BUNDLE_BYTES_MAX, Batch, Lane, Verdict};
use device::{Clock, SystemClock};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::{Config, Keys, PAGES_MAX, Store};
use sync::Identity;

/// Bytes of bodies in one bundle: sealed and written as JSON it stays below what the platform reads.
const BODIES_BYTES_MAX: usize = BUNDLE_BYTES_MAX / 3;

#[derive(Debug, Clone, clap::Subcommand)]
pub enum Verb {
    /// Write what waits in the terminal into a sealed file for the platform.
    Make {
        /// The terminal's data folder.
        #[arg(long)]
        data: PathBuf,
        /// Where to, on the stick.
        #[arg(long)]
        to: PathBuf,
    },
    /// Take the platform's answer into the terminal.
    Answer {
        #[arg(long)]
        data: PathBuf,
        #[arg(long)]
        from: PathBuf,
    },
    /// Hand a bundle over by the connection of this terminal: its own, or that of the broken one it replaces.
    Send {
        #[arg(long)]
        data: PathBuf,
        #[arg(long)]
        from: PathBuf,
        /// Where the sealed answer is written, for the terminal the bundle is of.
        #[arg(long)]
        answer: PathBuf,
    },
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("use the terminal's identity")]
    Identity(#[from] sync::IdentityError),
    #[error("use the terminal's storage key")]
    Key(#[from] store::SealError),
    #[error("use the terminal's store")]
    Store(#[from] store::Fault),
    #[error(transparent)]
    Bundle(#[from] sync::BundleFault),
    #[error(transparent)]
    Send(#[from] sync::SendError),
    #[error(transparent)]
    Alarm(#[from] alarm::AlarmFault),
    #[error("read {path}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("read {path}, it is longer than {BUNDLE_BYTES_MAX} bytes")]
    Long { path: PathBuf },
    #[error("write {path}")]
    Write { path: PathBuf, source: std::io::Error },
    #[error("write the answer's text")]
    Text(#[from] serde_json::Error),
}

/// Does it and says what happened.
///
/// # Errors
/// See [`Failure`]; the terminal keeps what it had.
pub async fn run(verb: Verb) -> Result<ExitCode, Failure> {
    match verb {
        Verb::Make { data, to } => {
            let (events, more) = make(&data, &to)?;
            say(format_args!("bundle        {events} events, {}", to.display()));
            say(format_args!(
                "next          platform bundle FILE --answer ANSWER, then kioskctl bundle answer"
            ));
            if more {
                say(format_args!(
                    "more          what did not fit goes with the next bundle, after this one's answer"
                ));
            }
        }
        Verb::Answer { data, from } => {
            let counts = answer(&data, &from)?;
            say(format_args!("settled       {} events", counts.settled));
            say(format_args!("parked        {} of them wait for a person at the platform", counts.parked));
            say(format_args!("not taken     {} events, they stay here", counts.not_taken));
        }
        Verb::Send { data, from, answer } => {
            let clock = SystemClock::new();
            let wall: sync::WallClock = std::sync::Arc::new(move || clock.now().wall_ms);
            let reply = sync::send_bundle(&Identity::open(&data)?, read(&from)?, wall).await?;
            write(&answer, &reply)?;
            say(format_args!("answer        {}", answer.display()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns how many events the bundle holds, and whether more wait.
pub(crate) fn make(data: &Path, to: &Path) -> Result<(usize, bool), Failure> {
    let identity = Identity::open(data)?;
    let mut store = attach(data, &identity)?;
    let stored = store.read(|read| read.backlog(BODIES_BYTES_MAX))?;
    let count = |batches: &[Batch]| batches.iter().map(|batch| batch.events.len()).sum::<usize>();
    let taken = count(&stored);
    let batches = [alarm::backlog(data)?, stored].concat();
    let events = count(&batches);
    let now = SystemClock::new().now();
    let waiting: u64 = store.read(|read| read.lanes(&now))?.iter().map(|lane| lane.waiting + lane.kept).sum();
    write(to, &sync::make_bundle(&identity, batches, now)?)?;
    Ok((events, waiting > taken as u64))
}

/// What an answer changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) settled: usize,
    pub(crate) parked: usize,
    pub(crate) not_taken: usize,
}

pub(crate) fn answer(data: &Path, from: &Path) -> Result<Counts, Failure> {
    let identity = Identity::open(data)?;
    let replies = sync::open_answer(&identity, &read(from)?)?;
    let mut store = attach(data, &identity)?;
    let (now, mut counts) = (SystemClock::new().now(), Counts::default());
    for (reply, signed) in replies {
        let receipt = serde_json::to_string(&signed)?;
        counts.settled += match reply.lane {
            Lane::Panic => match alarm::settle(data, &reply, &signed, &now) {
                // The alarm runs, and must: it asks again itself, and hears that they are known.
                Err(alarm::AlarmFault::Taken) => 0,
                settled => settled?,
            },
            Lane::Alarm | Lane::RollCall | Lane::Care | Lane::Complaint | Lane::Order | Lane::Progress => {
                store.write(|tx| tx.settle(&reply, &receipt, &now))?.len()
            }
        };
        for verdict in &reply.verdicts {
            match verdict.verdict {
                Verdict::Parked { .. } => counts.parked += 1,
                Verdict::Retry { .. } | Verdict::Fork => counts.not_taken += 1,
                Verdict::Accepted | Verdict::Duplicate | Verdict::Rejected { .. } => {}
            }
        }
    }
    Ok(counts)
}

fn attach(data: &Path, identity: &Identity) -> Result<Store, Failure> {
    let keys = Keys::from_storage_key(identity.storage_key())?;
    let (device, signing) = (identity.device(), identity.signing_key());
    Ok(Store::attach(Config { dir: data, device, signing, keys, services: &[], pages_max: PAGES_MAX })?)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let wrong = |source| Failure::Read { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(wrong)?;
    file.take(BUNDLE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes).map_err(wrong)?;
    if bytes.len() > BUNDLE_BYTES_MAX { Err(Failure::Long { path: path.to_owned() }) } else { Ok(bytes) }
}

/// On the disk of the stick before it is pulled out.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let wrong = |source| Failure::Write { path: path.to_owned(), source };
    let mut file = std::fs::File::create(path).map_err(wrong)?;
    std::io::Write::write_all(&mut file, bytes).and_then(|()| file.sync_all()).map_err(wrong)
}

#[cfg(test)]
mod tests;
