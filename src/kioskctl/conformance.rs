// SPDX-License-Identifier: GPL-3.0-only
//! `kioskctl conformance`: asks a platform, as terminals would, for what the protocol promises, and says which of it
//! holds.
//!
//! It is a terminal of its own making, so that it judges by the wire alone: nothing of the real terminal's network code
//! is used. Each run makes new test terminals with the codes it is given and touches no other; a check works in an epoch
//! of its own, so none spoils the next. It speaks of nobody, and raises an alarm only where it is told that it may. What
//! stays on the platform is a few forks, parked events, small blobs and erasures of people who never were, all of the test
//! terminals. A file for the first of them to show, put into its feed before, lets it look at files. A code enrols over whatever
//! hung at that place before: give codes of places where no terminal works.

use crate::say::{chain, say};
use serde::Serialize;
use std::path::PathBuf;
use std::process::ExitCode;

mod alarms;
mod bench;
mod blobs;
mod door;
mod events;
mod feed;
mod identity;
mod keys;
mod lanes;
mod line;
mod media;
mod obligations;
mod sizes;
mod terminal;
#[cfg(test)]
mod tests;

pub use bench::BenchError;
pub use obligations::{OBLIGATIONS, Obligation};

/// Largest root file, in bytes.
const ROOT_BYTES_MAX: u64 = 256 * 1024;
/// The run could not begin.
const COULD_NOT_RUN: u8 = 2;

#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Where the platform is, https://host:port.
    pub url: String,
    /// The private root certificate the platform's own comes from, PEM.
    #[arg(long)]
    pub root: PathBuf,
    /// A one-time enrolment code of a place kept for tests. The first is for the terminal nearly everything is checked
    /// with; a second, of another place, for what one terminal must not see or do of another's. Terminals enrolled at
    /// these places before may go out of service.
    #[arg(long = "code", required = true)]
    pub codes: Vec<String>,
    /// Check this obligation alone; may be repeated.
    #[arg(long)]
    pub only: Vec<String>,
    /// Raise an alarm at the first test terminal, too, to see who is told of it. It rings at the desk: tell the control
    /// room before.
    #[arg(long)]
    pub press: bool,
    /// One JSON object instead of lines.
    #[arg(long)]
    pub json: bool,
}

/// What was seen of one obligation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Holds,
    Broken,
    NotTested,
}

/// One obligation and whether it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    pub name: &'static str,
    /// Where the protocol says so.
    pub section: &'static str,
    /// What is required, in one sentence.
    pub requires: &'static str,
    pub result: State,
    /// What was seen where it is broken, and why it was not tested; else nothing.
    pub words: String,
}

/// Why there is no result at all.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("read the root certificate {path}")]
    Root { path: PathBuf, source: std::io::Error },
    #[error("read the root certificate {path}, it is longer than {ROOT_BYTES_MAX} bytes")]
    RootLong { path: PathBuf },
    #[error("find an obligation named {0:?}")]
    Name(String),
    #[error(transparent)]
    Bench(#[from] BenchError),
    #[error("write the report as JSON")]
    Json(#[from] serde_json::Error),
}

/// Why an obligation is not seen to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Miss {
    /// What was seen.
    Broken(String),
    /// Why it could not be looked at.
    Untested(String),
}

/// What a check saw.
pub(crate) type Seen = Result<(), Miss>;

#[derive(Serialize)]
struct Report<'a> {
    ok: bool,
    checks: &'a [Check],
}

/// Checks and says what it saw: 0 when nothing is broken, 1 when something is, 2 when it could not run.
pub async fn run(args: Args) -> ExitCode {
    match report(&args).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            tracing::error!("failed to {}", chain(&failure));
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}

async fn report(args: &Args) -> Result<bool, Failure> {
    let wrong = |source| Failure::Root { path: args.root.clone(), source };
    if std::fs::metadata(&args.root).map_err(wrong)?.len() > ROOT_BYTES_MAX {
        return Err(Failure::RootLong { path: args.root.clone() });
    }
    let root_pem = std::fs::read_to_string(&args.root).map_err(wrong)?;
    let checks = examine(&args.url, &root_pem, &args.codes, &args.only, args.press).await?;
    let ok = checks.iter().all(|check| check.result != State::Broken);
    if args.json {
        say(serde_json::to_string(&Report { ok, checks: &checks })?);
    } else {
        lines(&checks).iter().for_each(say);
    }
    Ok(ok)
}

/// Checks every obligation of the platform at `url`, or those named in `only`; with an alarm where it may raise one.
///
/// # Errors
/// See [`Failure`]: nothing could be checked.
pub async fn examine(
    url: &str,
    root_pem: &str,
    codes: &[String],
    only: &[String],
    may_press: bool,
) -> Result<Vec<Check>, Failure> {
    let known = |name: &&String| !OBLIGATIONS.iter().any(|obligation| obligation.name == name.as_str());
    if let Some(unknown) = only.iter().find(known) {
        return Err(Failure::Name(unknown.clone()));
    }
    let bench = bench::Bench::open(url, root_pem, codes, may_press).await?;
    let mut checks = Vec::new();
    for obligation in &OBLIGATIONS {
        if !only.is_empty() && !only.iter().any(|name| name == obligation.name) {
            continue;
        }
        let (result, words) = match (obligation.check)(&bench).await {
            Ok(()) => (State::Holds, String::new()),
            Err(Miss::Broken(seen)) => (State::Broken, seen),
            Err(Miss::Untested(why)) => (State::NotTested, why),
        };
        let Obligation { name, section, requires, .. } = *obligation;
        checks.push(Check { name, section, requires, result, words });
    }
    Ok(checks)
}

fn lines(checks: &[Check]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut counts = [0; 3];
    for Check { name, section, requires, result, words } in checks {
        let (place, state, lead) = match result {
            State::Holds => (0, "holds", ""),
            State::Broken => (1, "BROKEN", "seen: "),
            State::NotTested => (2, "not tested", "why: "),
        };
        counts[place] += 1;
        lines.push(format!("{state:11} {name:20} {section:9} {requires}"));
        if !words.is_empty() {
            lines.push(format!("{:42} {lead}{words}", ""));
        }
    }
    let [holds, broken, untested] = counts;
    lines.push(format!("{holds} hold, {broken} broken, {untested} not tested"));
    lines
}

/// Holds, or is broken with these words.
pub(crate) fn hold(holds: bool, seen: impl FnOnce() -> String) -> Seen {
    if holds { Ok(()) } else { Err(Miss::Broken(seen())) }
}
