// SPDX-License-Identifier: GPL-3.0-only
//! `kioskctl enrol`: gives a terminal its certificate. Says what to do next for each way it can fail, and leaves an
//! earlier enrolment as it was when it does.

use crate::say::say;
use device::{Clock, SystemClock};
use std::path::PathBuf;
use std::process::ExitCode;
use sync::EnrolError;

const DAY_MS: i64 = 86_400_000;
/// Largest root file, in bytes.
const ROOT_BYTES_MAX: u64 = 256 * 1024;

#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The terminal's data folder.
    #[arg(long)]
    pub data: PathBuf,
    /// Where the platform is, https://host:port.
    #[arg(long)]
    pub platform: String,
    /// The facility's root certificate, PEM, from the hand of whoever runs the platform.
    #[arg(long)]
    pub root: PathBuf,
    /// The one-time code for this cell.
    #[arg(long)]
    pub code: String,
}

/// Why there is no enrolment.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("read the root certificate {path}")]
    Root { path: PathBuf, source: std::io::Error },
    #[error("read the root certificate {path}, it is longer than {ROOT_BYTES_MAX} bytes")]
    RootLong { path: PathBuf },
    #[error("enrol this terminal ({})", advice(.0))]
    Enrol(#[source] EnrolError),
}

/// Enrols and says so.
///
/// # Errors
/// See [`Failure`].
pub async fn run(args: Args) -> Result<ExitCode, Failure> {
    let identity = enrol(&args).await?;
    let validity = identity.enrolment().ok().flatten().and_then(|enrolment| enrolment.validity().ok());
    say(format_args!("enrolled      device {}", identity.device()));
    if let Some(validity) = validity {
        let days = (validity.until_ms - SystemClock::new().now().wall_ms) / DAY_MS;
        say(format_args!("certificate   counts for {days} days"));
    }
    Ok(ExitCode::SUCCESS)
}

/// The same without words, for the demo.
pub(crate) async fn enrol(args: &Args) -> Result<sync::Identity, Failure> {
    let wrong = |source| Failure::Root { path: args.root.clone(), source };
    if std::fs::metadata(&args.root).map_err(wrong)?.len() > ROOT_BYTES_MAX {
        return Err(Failure::RootLong { path: args.root.clone() });
    }
    let root = std::fs::read_to_string(&args.root).map_err(wrong)?;
    let clock = SystemClock::new();
    let wall: sync::WallClock = std::sync::Arc::new(move || clock.now().wall_ms);
    sync::enrol(&args.data, &args.platform, &root, &args.code, wall).await.map_err(Failure::Enrol)
}

/// What an installer can do about it.
fn advice(error: &EnrolError) -> &'static str {
    match error {
        EnrolError::Identity(_) => "the data folder cannot be used",
        EnrolError::Root(_) => "the root file must hold a certificate as PEM",
        EnrolError::Setup(_) => "the address must be https://host:port",
        EnrolError::Unreachable(_) => "check cable, address and that the platform runs",
        EnrolError::Untrusted(_) => "this is another platform, or the root file is of another facility",
        EnrolError::Clock(_) => "set this machine's clock",
        EnrolError::Code => {
            "type the code again, or ask for a new one: a code is good once, for fifteen minutes"
        }
        EnrolError::Expired => "ask for a new code: one is good for fifteen minutes",
        EnrolError::Later => "wait a minute",
        EnrolError::Elsewhere => "this device belongs to another cell: release it on the platform first",
        EnrolError::Version => "this tool and the platform are of releases too far apart",
        EnrolError::Refused { .. } => "the platform does not want it: ask whoever runs it",
        EnrolError::Request(_) | EnrolError::Write(_) => "this is a fault of this tool",
        EnrolError::Answer(_) | EnrolError::Reply(_) => "the platform does not keep to the protocol",
    }
}
