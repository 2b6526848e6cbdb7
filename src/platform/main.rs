// SPDX-License-Identifier: GPL-3.0-only
//! The command line of the reference platform: serve, seed the demo, give codes, show what the desk received.
//!
//! What a person asked for goes to the standard output, as JSON or as lines; the log goes to the standard error.

mod key_steps;
mod media_command;

use clap::{Parser, Subcommand, ValueEnum};
use contract::{FacilityKind, Post};
use key_steps::{ContentStep, RootStep};
use media_command::MediaVerb;
use platform::demo::{self, FirstCall, Seed, Seeded};
use platform::{Adapters, AuditCheck, Clock, Config, Database, Fault, Platform, StatementFile, Totp};
use serde_json::json;
use std::io::{BufRead, IsTerminal, Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;
use url::Url;

/// Longest line read from the standard input, in bytes.
const LINE_BYTES_MAX: u64 = 1024;

#[derive(Parser)]
#[command(version, about = "The reference facility platform for cell terminals")]
struct Cli {
    /// The database of the tables, postgres://…; without it a SQLite file in the data directory. A password belongs in the
    /// environment: others on the machine see the command line.
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    database: Option<String>,
    #[command(subcommand)]
    verb: Verb,
}

/// Other systems of the site that are told of every step of an alarm, signed.
#[derive(clap::Args)]
struct AdapterArgs {
    /// POST to this address: http:// on this machine, or https:// with --webhook-roots.
    #[arg(long)]
    webhook: Option<Url>,
    /// PEM file of the roots the webhook's certificate may come from.
    #[arg(long)]
    webhook_roots: Option<PathBuf>,
    /// Publish to this MQTT broker, HOST:PORT, under kiosk/alarms/.
    #[arg(long, value_parser = broker)]
    mqtt: Option<(String, u16)>,
}

impl From<AdapterArgs> for Adapters {
    fn from(args: AdapterArgs) -> Self {
        Self { webhook: args.webhook, webhook_roots: args.webhook_roots, mqtt: args.mqtt }
    }
}

fn broker(text: &str) -> Result<(String, u16), String> {
    let parsed = text.rsplit_once(':').and_then(|(host, port)| Some((host.to_owned(), port.parse().ok()?)));
    parsed.filter(|(host, _)| !host.is_empty()).ok_or_else(|| "HOST:PORT".to_owned())
}

#[derive(Subcommand)]
enum Verb {
    /// Listen for terminals and officers until Ctrl-C or SIGTERM.
    Serve {
        #[arg(long)]
        data: PathBuf,
        /// Where terminals connect, TLS.
        #[arg(long, default_value = "127.0.0.1:8443")]
        gateway: SocketAddr,
        /// Where officers connect, plain HTTP: keep it on loopback or behind the site's TLS proxy.
        #[arg(long, default_value = "127.0.0.1:8080")]
        desk: SocketAddr,
        /// Where a monitoring system reads figures, plain HTTP at /metrics: a loopback address. Port 0 takes a free one.
        #[arg(long, default_value = "127.0.0.1:0")]
        metrics: SocketAddr,
        /// A further name or address terminals know the gateway by; may be repeated.
        #[arg(long = "name")]
        names: Vec<String>,
        #[command(flatten)]
        adapters: Box<AdapterArgs>,
        /// The bound addresses are also written to this file, when it is listening.
        #[arg(long)]
        ready: Option<PathBuf>,
    },
    /// Fill an empty platform with a made-up facility and print its cards, PINs and passwords once.
    SeedDemo {
        #[arg(long)]
        data: PathBuf,
        #[arg(long, value_enum, default_value_t = Kind::DetentionCentre)]
        kind: Kind,
        /// When its own roll call is announced.
        #[arg(long, value_enum, default_value_t = When::Soon)]
        first_call: When,
        /// Make and print new cards, PINs and passwords.
        #[arg(long)]
        new_secrets: bool,
        #[arg(long)]
        json: bool,
    },
    /// Let the first person use the desk: prints a password once; the authenticator is set up at the first sign-in.
    FirstUser {
        #[arg(long)]
        data: PathBuf,
        /// The name to sign in with.
        #[arg(long)]
        name: String,
        /// The post; others are made at the desk.
        #[arg(long, default_value = "director", value_parser = post)]
        post: Post,
        /// Read the password from the standard input: one line.
        #[arg(long)]
        password_stdin: bool,
        /// Although there are users: for who lost every way in. The audit tells.
        #[arg(long)]
        another: bool,
    },
    /// Make a one-time code for the terminal of a cell: fifteen minutes, five tries.
    EnrolCode {
        #[arg(long)]
        data: PathBuf,
        /// The cell's name or the terminal's id.
        #[arg(long, visible_alias = "terminal")]
        cell: String,
        /// Where the gateway is, to print it with the code.
        #[arg(long)]
        gateway: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// Ask a cell for a roll call at once.
    RollCall {
        #[arg(long)]
        data: PathBuf,
        #[arg(long)]
        cell: String,
        #[arg(long, default_value = "点名")]
        title: String,
    },
    /// Show the roll calls as the desk has them.
    Results {
        #[arg(long)]
        data: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// Take events that were carried here on a stick, and write the answer to carry back.
    Bundle {
        #[arg(long)]
        data: PathBuf,
        /// What `kioskctl bundle make` wrote.
        file: PathBuf,
        #[arg(long)]
        answer: PathBuf,
    },
    /// Files for terminals to show.
    Media {
        #[command(subcommand)]
        verb: MediaVerb,
    },
    /// Write a copy of the tables and keys into a new directory. A PostgreSQL is copied by its own means: only the keys.
    Backup {
        #[arg(long)]
        data: PathBuf,
        #[arg(long)]
        to: PathBuf,
    },
    /// Put a backup into an empty data directory; terminals send again what is missing and are told everything anew.
    Restore {
        #[arg(long)]
        from: PathBuf,
        #[arg(long)]
        data: PathBuf,
    },
    /// After a PostgreSQL was restored by its own means: tell the terminals everything anew.
    Restored {
        #[arg(long)]
        data: PathBuf,
    },
    /// Change the root that signs the certificates of terminals and platform, in three steps.
    Root {
        #[arg(long)]
        data: PathBuf,
        #[command(subcommand)]
        step: RootStep,
    },
    /// Change the key that signs replies and the feed, in three steps.
    ContentKey {
        #[arg(long)]
        data: PathBuf,
        #[command(subcommand)]
        step: ContentStep,
    },
    /// Look after what was done at the desk.
    Audit {
        #[command(subcommand)]
        verb: AuditVerb,
    },
    /// Look at a family's statement that somebody brings.
    Statement {
        #[command(subcommand)]
        verb: StatementVerb,
    },
    /// Put a device out of service.
    Revoke {
        #[arg(long)]
        data: PathBuf,
        #[arg(long)]
        device: contract::DeviceId,
    },
}

#[derive(Subcommand)]
enum AuditVerb {
    /// Find the first line that is missing or is not as it was written.
    Verify {
        #[arg(long)]
        data: PathBuf,
    },
}

#[derive(Subcommand)]
enum StatementVerb {
    /// Find out whether this platform gave it out, as it is.
    Verify {
        #[arg(long)]
        data: PathBuf,
        file: PathBuf,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// 看守所
    DetentionCentre,
    /// 拘留所
    LockUp,
    /// 强制隔离戒毒所
    DrugRehabilitation,
}

#[derive(Clone, Copy, ValueEnum)]
enum When {
    /// In three minutes.
    Soon,
    Now,
    /// Somebody else asks for one.
    Never,
}

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Platform(#[from] Fault),
    #[error("write to the standard output")]
    Output(#[source] std::io::Error),
    #[error("write {path}")]
    Ready { path: PathBuf, source: std::io::Error },
    #[error("wait for a signal")]
    Signal(#[source] std::io::Error),
    #[error("find the audit as it was written")]
    Audit,
    #[error("find the statement as it was given out")]
    Statement,
    #[error("read {path}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("read a password from the standard input")]
    Input(#[source] std::io::Error),
    #[error("write JSON")]
    Json(#[from] serde_json::Error),
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    let Cli { database, verb } = Cli::parse();
    match run(verb, database.as_deref().unwrap_or_default()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let mut text = format!("failed to {failure}");
            let mut source = std::error::Error::source(&failure);
            while let Some(cause) = source {
                text.push_str(": ");
                text.push_str(&cause.to_string());
                source = cause.source();
            }
            tracing::error!("{text}");
            ExitCode::FAILURE
        }
    }
}

async fn run(verb: Verb, database: &str) -> Result<(), Failure> {
    // Not by clap: it would repeat a URL it cannot read, with its password.
    let database: Database = database.parse()?;
    match verb {
        Verb::Serve { data, gateway, desk, metrics, names, adapters, ready } => {
            let metrics = Some(metrics);
            let (clock, totp) = (Clock::system(), Totp::Required);
            let adapters = (*adapters).into();
            let config = Config { data, database, gateway, desk, metrics, names, clock, totp, adapters };
            serve(config, ready).await
        }
        Verb::SeedDemo { data, kind, first_call, new_secrets, json } => {
            let kind = match kind {
                Kind::DetentionCentre => FacilityKind::DetentionCentre,
                Kind::LockUp => FacilityKind::LockUp,
                Kind::DrugRehabilitation => FacilityKind::DrugRehabilitation,
            };
            let first_call = match first_call {
                When::Soon => FirstCall::Soon,
                When::Now => FirstCall::AtOnce,
                When::Never => FirstCall::Never,
            };
            let seeded =
                demo::seed(&open(&data, &database).await?, Seed { kind, first_call, new_secrets }).await?;
            if json { say(&serde_json::to_string(&seeded)?) } else { say(&table(&seeded)) }
        }
        Verb::FirstUser { data, name, post, password_stdin, another } => {
            let chosen = password_stdin.then(line).transpose()?;
            let platform = open(&data, &database).await?;
            match platform.first_user(&name, post, chosen.as_deref(), another).await? {
                Some(password) => say(&format!("name      {name}\npassword  {password}")),
                None => say(&format!("name      {name}")),
            }
        }
        Verb::EnrolCode { data, cell, gateway, json } => {
            let platform = open(&data, &database).await?;
            let terminal = platform.terminal_of(&cell).await?;
            let code = platform.enrolment_code(terminal).await?;
            let fingerprint = platform.root_fingerprint()?;
            let root = platform.root_path().display();
            if json {
                let answer = json!({ "terminal": terminal, "code": code, "gateway": gateway,
                    "root": root.to_string(), "root_sha256": fingerprint });
                return say(&answer.to_string());
            }
            let gateway = gateway.as_deref().unwrap_or("https://…");
            let (head, tail) = code.split_at(5);
            say(&format!(
                "code         {head}-{tail}\nterminal     {terminal}\ngateway      {gateway}\nroot         {root}\n\
                 root sha256  {fingerprint}"
            ))
        }
        Verb::RollCall { data, cell, title } => {
            let platform = open(&data, &database).await?;
            let terminal = platform.terminal_of(&cell).await?;
            say(&platform.start_roll_call(terminal, &title).await?.to_string())
        }
        Verb::Results { data, json } => {
            let results = open(&data, &database).await?.results().await?;
            if json { say(&serde_json::to_string(&results)?) } else { say(&platform::lines(&results)) }
        }
        Verb::Bundle { data, file, answer } => {
            let sealed = std::fs::read(&file).map_err(|source| Fault::File { path: file, source })?;
            let reply = open(&data, &database).await?.take_bundle(&sealed).await?;
            std::fs::write(&answer, reply).map_err(|source| Fault::File { path: answer, source })?;
            say("taken; carry the answer back to the terminal: kioskctl bundle answer")
        }
        Verb::Media { verb } => media_command::run(verb, &database).await,
        Verb::Backup { data, to } => {
            open(&data, &database).await?.backup(&to).await?;
            say("backed up; it holds the platform's keys: lock it away")
        }
        Verb::Restore { from, data } => {
            platform::restore(&from, &data, Clock::system()).await?;
            say("put back; start the platform")
        }
        Verb::Restored { data } => {
            open(&data, &database).await?.restored().await?;
            say("the terminals are told everything anew")
        }
        Verb::Audit { verb: AuditVerb::Verify { data } } => {
            let found = open(&data, &database).await?.verify_audit().await?;
            say(&found.to_string())?;
            match found {
                AuditCheck::Whole { .. } => Ok(()),
                AuditCheck::Broken { .. } => Err(Failure::Audit),
            }
        }
        Verb::Statement { verb: StatementVerb::Verify { data, file } } => {
            let bytes = std::fs::read(&file).map_err(|source| Failure::Read { path: file, source })?;
            let found = open(&data, &database).await?.check_statement(&bytes)?;
            say(&found.to_string())?;
            match found {
                StatementFile::Whole { .. } => Ok(()),
                StatementFile::Foreign | StatementFile::Broken { .. } => Err(Failure::Statement),
            }
        }
        Verb::Root { data, step } => {
            let platform = open(&data, &database).await?;
            match step {
                RootStep::Show => {}
                RootStep::Stage => platform.stage_root()?,
                RootStep::Switch { force } => platform.switch_root(force).await?,
                RootStep::Retire { force } => {
                    platform.retire_roots(force).await?;
                }
            }
            say(&open(&data, &database).await?.roots().await?.to_string())
        }
        Verb::ContentKey { data, step } => {
            let platform = open(&data, &database).await?;
            match step {
                ContentStep::Show => {}
                ContentStep::Stage => platform.stage_content_key()?,
                ContentStep::Switch { force } => platform.switch_content_key(force).await?,
                ContentStep::Retire { force } => {
                    platform.retire_content_keys(force).await?;
                }
            }
            say(&open(&data, &database).await?.content_keys().await?.to_string())
        }
        Verb::Revoke { data, device } => {
            let done = open(&data, &database).await?.revoke(device).await?;
            say(if done { "out of service" } else { "was not in service" })
        }
    }
}

async fn open(data: &Path, database: &Database) -> Result<Platform, Fault> {
    Platform::open(data, database, Clock::system()).await
}

async fn serve(config: Config, ready: Option<PathBuf>) -> Result<(), Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::Signal)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::Signal)?;
    let running = platform::start(config).await?;
    let bound = json!({
        "gateway": format!("https://{}", running.gateway_addr),
        "desk": format!("http://{}", running.desk_addr),
        "metrics": running.metrics_addr.map(|addr| format!("http://{addr}/metrics")),
        "root": running.platform.root_path(),
        "root_sha256": running.platform.root_fingerprint()?,
    })
    .to_string();
    say(&bound)?;
    if let Some(path) = ready {
        // Whoever waits for the file must never see half of it.
        let partial = path.with_extension("partial");
        std::fs::write(&partial, bound + "\n")
            .and_then(|()| std::fs::rename(&partial, &path))
            .map_err(|source| Failure::Ready { path, source })?;
    }
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    running.stop().await;
    Ok(())
}

/// Secrets as lines for a console.
fn table(seeded: &Seeded) -> String {
    let mut lines = vec![format!("{} {}  {}", seeded.block, seeded.cell, seeded.terminal)];
    if !seeded.new_secrets {
        lines.push("cards, PINs and passwords were shown before; --new-secrets makes new ones".to_owned());
    }
    for person in &seeded.detainees {
        lines.push(format!("{}  {}  PIN {}", person.badge_number, person.name, person.pin));
    }
    for officer in &seeded.officers {
        let role = match officer.role {
            contract::OfficerRole::DutyOfficer => "值班民警",
            contract::OfficerRole::SupervisingOfficer => "管教民警",
            contract::OfficerRole::Director => "所领导",
        };
        lines.push(format!("{role}  {}  card {}  PIN {}", officer.name, officer.card, officer.pin));
    }
    for user in &seeded.desk_users {
        lines.push(format!("desk  {}  password {}", user.name, user.password));
    }
    lines.join("\n")
}

/// One line of the standard input, which is no longer than any password.
fn line() -> Result<String, Failure> {
    let mut text = String::new();
    let mut input = std::io::stdin().lock().take(LINE_BYTES_MAX);
    input.read_line(&mut text).map_err(Failure::Input)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn post(name: &str) -> Result<Post, String> {
    let names = Post::ALL.map(Post::name).join(", ");
    Post::of(name).ok_or_else(|| format!("one of {names}"))
}

fn say(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(Failure::Output)
}
