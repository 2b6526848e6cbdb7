// SPDX-License-Identifier: GPL-3.0-only
//! `kioskctl doctor`: looks at a terminal and changes nothing.
//!
//! Each check passes, fails, or finds something missing; missing things are normal states a terminal works without, and
//! only a failure makes the exit code 1. The store is looked at in a copy, so a running terminal is not disturbed and a
//! damaged file is not touched. It looks at what is there, not at whether a picture or a sound comes out.

use crate::say::{chain, say};
use device::{Clock, SystemClock};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use sync::Identity;

mod hardware;
mod kept;

const DAY_MS: i64 = 86_400_000;

#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The terminal's data folder.
    #[arg(long)]
    pub data: PathBuf,
    /// Where the face models are.
    #[arg(long, env = "KIOSK_MODELS")]
    pub models: Option<PathBuf>,
    /// One JSON object instead of lines.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Pass,
    Fail,
    /// Not there; the terminal works by other ways.
    Missing,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    pub name: &'static str,
    pub state: State,
    pub words: String,
}

impl Check {
    fn pass(name: &'static str, words: impl Into<String>) -> Self {
        Self { name, state: State::Pass, words: words.into() }
    }

    fn fail(name: &'static str, words: impl Into<String>) -> Self {
        Self { name, state: State::Fail, words: words.into() }
    }

    fn missing(name: &'static str, words: impl Into<String>) -> Self {
        Self { name, state: State::Missing, words: words.into() }
    }
}

#[derive(Serialize)]
struct Report<'a> {
    ok: bool,
    checks: &'a [Check],
}

/// Looks and says what it found.
///
/// # Errors
/// The report cannot be written as JSON.
pub fn run(args: &Args) -> Result<ExitCode, serde_json::Error> {
    let checks = look(args);
    let ok = checks.iter().all(|check| check.state != State::Fail);
    if args.json {
        say(serde_json::to_string(&Report { ok, checks: &checks })?);
    } else {
        for Check { name, state, words } in &checks {
            let state = match state {
                State::Pass => "pass",
                State::Fail => "FAIL",
                State::Missing => "missing",
            };
            say(format_args!("{state:8} {name:12} {words}"));
        }
    }
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Every check, in the order a terminal needs them.
pub fn look(args: &Args) -> Vec<Check> {
    let now_ms = SystemClock::new().now().wall_ms;
    let mut checks = Vec::new();
    if Identity::is_in(&args.data) {
        match Identity::open(&args.data) {
            Ok(identity) => {
                checks.push(Check::pass("identity", format!("device {}", identity.device())));
                checks.push(enrolment(&identity, now_ms));
                checks.push(clock(identity.last_signed_ms(), now_ms));
                checks.extend(kept::look(&args.data, &identity));
            }
            Err(error) => checks.push(Check::fail("identity", format!("failed to {}", chain(&error)))),
        }
    } else {
        checks.push(Check::missing("identity", "the terminal was never started or enrolled"));
        checks.push(clock(0, now_ms));
    }
    checks.push(models(args.models.as_deref()));
    checks.push(hardware::cameras(Path::new("/dev")));
    checks.push(hardware::card_readers(Path::new("/dev/input/by-id"), Path::new("/run/pcscd/pcscd.comm")));
    checks.push(hardware::sound(Path::new("/proc/asound/cards")));
    checks
}

fn enrolment(identity: &Identity, now_ms: i64) -> Check {
    const NAME: &str = "certificate";
    let enrolment = match identity.enrolment() {
        Ok(Some(enrolment)) => enrolment,
        Ok(None) => return Check::missing(NAME, "not enrolled: events are kept here until it is"),
        Err(error) => return Check::fail(NAME, format!("failed to {}", chain(&error))),
    };
    let validity = match enrolment.validity() {
        Ok(validity) => validity,
        Err(error) => return Check::fail(NAME, format!("failed to {}", chain(&error))),
    };
    if now_ms < validity.from_ms {
        return Check::fail(NAME, "does not count yet: is the clock right?");
    }
    let days = (validity.until_ms - now_ms).div_euclid(DAY_MS);
    if days < 0 {
        return Check::fail(NAME, format!("ended {} days ago: enrol again", -days));
    }
    Check::pass(NAME, format!("counts for {days} days, platform at {}", enrolment.gateway))
}

/// A clock behind the last signed time is wrong; one far ahead of it cannot be told from a terminal long switched off.
fn clock(last_signed_ms: i64, now_ms: i64) -> Check {
    const NAME: &str = "clock";
    const SLACK_MS: i64 = 120_000;
    let behind_ms = last_signed_ms.saturating_sub(now_ms);
    if behind_ms > SLACK_MS {
        let hours = behind_ms / 3_600_000;
        return Check::fail(
            NAME,
            format!("{hours} hours behind what the platform last said: is the battery dead?"),
        );
    }
    if last_signed_ms == 0 {
        return Check::missing(NAME, "the platform has not told the time yet");
    }
    Check::pass(NAME, "not behind what the platform last said")
}

fn models(dir: Option<&Path>) -> Check {
    const NAME: &str = "models";
    let Some(dir) = dir else {
        return Check::missing(NAME, "no folder given: roll call runs on PIN and officer's check");
    };
    match face::Models::load(dir) {
        Ok(models) => {
            let liveness = if models.knows_liveness() { "with liveness" } else { "no liveness model" };
            Check::pass(NAME, format!("{}, {liveness}", models.model_hash()))
        }
        Err(face::ModelFault::Missing { file, .. }) => {
            Check::missing(NAME, format!("{file} is not there: kioskctl models fetches it"))
        }
        Err(error) => Check::fail(NAME, format!("failed to {}", chain(&error))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_behind_the_last_signed_time_fails() {
        assert_eq!(clock(10 * DAY_MS, 0).state, State::Fail);
        assert_eq!(clock(10 * DAY_MS, 10 * DAY_MS - 60_000).state, State::Pass);
        assert_eq!(clock(10 * DAY_MS, 400 * DAY_MS).state, State::Pass);
        assert_eq!(clock(0, 0).state, State::Missing);
    }

    #[test]
    fn a_folder_that_was_never_a_terminal_is_missing_things_and_fails_nothing_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let args = Args { data: dir.path().join("none"), models: None, json: false };
        let checks = look(&args);
        let of = |name: &str| checks.iter().find(|check| check.name == name).map(|check| check.state);
        assert_eq!(of("identity"), Some(State::Missing));
        assert_eq!(of("models"), Some(State::Missing));
        assert!(!args.data.exists());
    }

    #[test]
    fn a_damaged_key_fails() {
        let dir = tempfile::tempdir().unwrap();
        Identity::open_or_make(dir.path()).unwrap();
        std::fs::write(dir.path().join("device.key"), "x").unwrap();
        let checks = look(&Args { data: dir.path().to_owned(), models: None, json: false });
        assert_eq!((checks[0].name, checks[0].state), ("identity", State::Fail));
    }

    #[test]
    fn models_that_are_not_the_accepted_ones_fail() {
        let dir = tempfile::tempdir().unwrap();
        for (file, _) in face::Manifest::shipped().files() {
            std::fs::write(dir.path().join(&file.name), "not a model").unwrap();
        }
        assert_eq!(models(Some(dir.path())).state, State::Fail);
        assert_eq!(models(Some(Path::new("/nowhere"))).state, State::Missing);
    }
}
