// SPDX-License-Identifier: GPL-3.0-only
//! The command line of the IT tool.

use clap::{Parser, Subcommand};
use kioskctl::{bundle, chain, conformance, demo, doctor, enrol, face_eval, face_identify, models, open};
use std::error::Error;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

#[derive(Parser)]
#[command(version, about = "The IT tool of the cell terminals")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Give a terminal its certificate, with a one-time code from the platform.
    Enrol(enrol::Args),
    /// Look a terminal over and change nothing.
    Doctor(doctor::Args),
    /// Carry what waits in a terminal to the platform by hand, and its answer back.
    #[command(subcommand)]
    Bundle(bundle::Verb),
    /// Judge a platform by the protocol, with test terminals of its own: exit code 0 all holds, 1 something is broken,
    /// 2 it could not run.
    Conformance(conformance::Args),
    /// Put the face models into their folder.
    Models(models::Args),
    /// Measure the face check on pairs of photos.
    FaceEval(face_eval::Args),
    /// Measure the face check among the people of a cell.
    FaceIdentify(face_identify::Args),
    /// Open, prove and answer what was sealed to an office, with the office's key file.
    Open(open::Args),
    /// Run a whole made-up facility on this machine.
    Demo(demo::Args),
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match Cli::parse().verb {
        Verb::Enrol(args) => done(enrol::run(args).await),
        Verb::Doctor(args) => done(doctor::run(&args)),
        Verb::Bundle(verb) => done(bundle::run(verb).await),
        Verb::Conformance(args) => conformance::run(args).await,
        Verb::Models(args) => done(models::run(args).await),
        Verb::FaceEval(args) => done(face_eval::run(&args)),
        Verb::FaceIdentify(args) => done(face_identify::run(&args)),
        Verb::Open(args) => done(open::run(args).await),
        Verb::Demo(args) => done(demo::run(args).await),
    }
}

fn done<E: Error>(outcome: Result<ExitCode, E>) -> ExitCode {
    outcome.unwrap_or_else(|error| {
        tracing::error!("failed to {}", chain(&error));
        ExitCode::FAILURE
    })
}
