// SPDX-License-Identifier: GPL-3.0-only
//! `kioskctl open`: what was sealed to an office, without the office's window: list it, prove that nothing is missing, read
//! it, answer it, and verify a terminal by its code. Works with the platform, or with a list that was saved; a single age file opens with `file`, and with
//! the ordinary `age` tool as well.
//!
//! Promises: what is missing is named by its number, and the exit code is then not 0; what the office signs, it signs
//! here. What is opened goes to the standard output alone and into no file and no log. Keys stay in their files. What was
//! seen before is kept beside them (`--seen`), so that an end cut off later shows.

mod lines;

use crate::say::say;
use contract::{
    Arrangement, ComplaintList, Custody, EventId, InCustody, Office, OfficeSignIn, OfficeStage,
    SealRecipient, Sealed, Seen, TerminalProof, ToOffice,
};
use lines::{listed, proof_lines, shown, told_lines};
use office::complaints::{self, Failure as OfficeFailure};
use office::files::{self, FileFailure};
use office::keys::{KeyFile, KeyFileError};
use office::platform::{Address, Failure as PlatformFailure, Http, SetupError, SignedIn};
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use zeroize::Zeroizing;

/// Longest line that is typed, in bytes.
const TYPED_MAX: usize = 2048;

#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The office's key file: of its window, or a plain one of age's. May be named several times.
    #[arg(long, required = true)]
    pub key: Vec<PathBuf>,
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Debug, Clone, clap::Subcommand)]
pub enum Verb {
    /// List everything, quiet marks first, and name what is missing. Exit code 1 if something is.
    List {
        #[command(flatten)]
        from: Source,
        /// What was seen before; made at the first look.
        #[arg(long)]
        seen: PathBuf,
    },
    /// Print one thing; at the platform, that is the office's receipt to its writer.
    Show {
        #[command(flatten)]
        from: Source,
        event: EventId,
    },
    /// Answer a complaint, sealed to its writer. The words are read from the standard input, after what is asked for.
    Answer {
        #[command(flatten)]
        from: Source,
        event: EventId,
        /// A meeting, like 2026-11-23T10:00+08:00.
        #[arg(long)]
        meeting: Option<jiff::Timestamp>,
    },
    /// Save the list, and every sealed text as a file of its own for the ordinary age tool.
    Save {
        #[command(flatten)]
        from: Source,
        #[arg(long)]
        to: PathBuf,
    },
    /// State the office's keys and what was arranged with it; the first key file signs.
    State {
        #[command(flatten)]
        from: Source,
        #[arg(long, value_parser = office)]
        office: Office,
        /// Further readers, age1…; with the keys named there must be two at least.
        #[arg(long)]
        reader: Vec<SealRecipient>,
        /// From when the arrangement runs, and until when.
        #[arg(long)]
        since: jiff::Timestamp,
        #[arg(long)]
        until: jiff::Timestamp,
        /// Days until the office destroys what it opened.
        #[arg(long)]
        retention_days: u32,
    },
    /// Open one age file.
    File { path: PathBuf },
    /// Check the text of a terminal's QR code, as any reader of such codes gives it, against the list and what was seen
    /// before. Exit code 1 if the terminal is not as the office knows it.
    Verify {
        #[command(flatten)]
        from: Source,
        /// What was seen before, as `list` keeps it; not changed.
        #[arg(long)]
        seen: PathBuf,
        /// KIOSK1:…, or a file with it.
        text: String,
    },
}

/// Where the list comes from.
#[derive(Debug, Clone, clap::Args)]
#[group(required = true, multiple = true)]
pub struct Source {
    /// The platform's desk, https://host:port. Password and code are asked for.
    #[arg(long, requires = "name", conflicts_with = "list")]
    pub platform: Option<String>,
    #[arg(long)]
    pub name: Option<String>,
    /// PEM file of the roots of the platform's certificate; the public ones without it.
    #[arg(long)]
    pub roots: Option<PathBuf>,
    /// A list that was saved.
    #[arg(long)]
    pub list: Option<PathBuf>,
}

/// Why it is not done.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Key(#[from] KeyFileError),
    #[error(transparent)]
    Platform(#[from] PlatformFailure),
    #[error(transparent)]
    Setup(#[from] SetupError),
    #[error(transparent)]
    Office(#[from] OfficeFailure),
    #[error(transparent)]
    File(#[from] FileFailure),
    #[error("verify the terminal")]
    Proof(#[from] contract::ProofError),
    #[error("read what is typed")]
    Typed(#[source] std::io::Error),
    #[error("do that without the platform")]
    Offline,
    #[error("open it with these keys")]
    Sealed(#[from] contract::SealedError),
}

/// Does it and says what there is.
///
/// # Errors
/// See [`Failure`].
pub async fn run(args: Args) -> Result<ExitCode, Failure> {
    let mut keys = KeyFile { office: None, open: Vec::new(), sign: None };
    for path in &args.key {
        let file = KeyFile::open(path, || ask(&format!("Passphrase of {}: ", path.display())))?;
        keys.open.extend(file.open);
        keys.sign = keys.sign.or(file.sign);
    }
    match args.verb {
        Verb::List { from, seen } => {
            let (list, _) = from.open().await?;
            let found = look(&list, &keys, &seen)?;
            for line in listed(&list, &found) {
                say(line);
            }
            Ok(if found.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Verb::Show { from, event } => {
            let (list, platform) = from.open().await?;
            let item = find(&list, &keys, event)?;
            for line in shown(&list, &item) {
                say(line);
            }
            if let Some(platform) = platform {
                platform.word(word(&list, &keys, &item, OfficeStage::Received)?).await?;
                say("receipt       given to the writer");
            }
            Ok(ExitCode::SUCCESS)
        }
        Verb::Answer { from, event, meeting } => {
            let (list, platform) = from.open().await?;
            let platform = platform.ok_or(Failure::Offline)?;
            let item = find(&list, &keys, event)?;
            let words = ask("Words: ").map_err(Failure::Typed)?;
            let meeting_ms = meeting.map(jiff::Timestamp::as_millisecond);
            platform.word(answer(&list, &keys, &item, &words, meeting_ms)?).await?;
            say("answer        sealed to the writer and handed over");
            Ok(ExitCode::SUCCESS)
        }
        Verb::Save { from, to } => {
            let (list, _) = from.open().await?;
            files::save_list(&list, &to)?;
            say(format_args!("saved         {} sealed texts, {}", list.entries.len(), to.display()));
            Ok(ExitCode::SUCCESS)
        }
        Verb::State { from, office, reader, since, until, retention_days } => {
            let (list, platform) = from.open().await?;
            let platform = platform.ok_or(Failure::Offline)?;
            let arrangement = Arrangement {
                from_ms: since.as_millisecond(),
                until_ms: until.as_millisecond(),
                retention_days,
            };
            platform.keys(statement(&keys, office, &reader, arrangement, list.now_ms)?).await?;
            say("keys          stated; terminals take them if they follow from those before");
            Ok(ExitCode::SUCCESS)
        }
        Verb::File { path } => {
            let text = std::fs::read_to_string(&path)
                .map_err(|source| FileFailure::File { path: path.clone(), source })?;
            let sealed = Sealed::from(text);
            let told = keys.open.iter().find_map(|key| sealed.open::<ToOffice>(key).ok());
            let told = told.ok_or(contract::SealedError::Key)?;
            for line in told_lines(&told, &[]) {
                say(line);
            }
            Ok(ExitCode::SUCCESS)
        }
        Verb::Verify { from, seen, text } => {
            let (list, _) = from.open().await?;
            let (lines, holds) = verify(&list, &keys, &seen, &text)?;
            for line in lines {
                say(line);
            }
            Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}

impl Source {
    async fn open(&self) -> Result<(ComplaintList, Option<SignedIn>), Failure> {
        if let Some(path) = &self.list {
            return Ok((files::read_list(path)?, None));
        }
        let (Some(address), Some(name)) = (&self.platform, &self.name) else { return Err(Failure::Offline) };
        let address = Address::parse(address)?;
        let http = Http::new(self.roots.as_deref())?;
        let password = ask("Password: ").map_err(Failure::Typed)?;
        let code = ask("Code, if one is asked for: ").map_err(Failure::Typed)?;
        let who = OfficeSignIn { name: name.clone(), password, code: code.as_str().to_owned() };
        let platform = SignedIn::new(http, address, who).await?;
        Ok((platform.list().await?, Some(platform)))
    }
}

/// Looks the list through, against what was seen before.
pub(crate) fn look(list: &ComplaintList, keys: &KeyFile, seen: &Path) -> Result<Custody, Failure> {
    let open = keys.opening();
    let own = complaints::own(list, &open)?;
    let mut held = files::read_seen(seen)?;
    let found = complaints::look(list, &own, &open, &mut held);
    files::keep_seen(seen, &held)?;
    Ok(found)
}

pub(crate) fn find(list: &ComplaintList, keys: &KeyFile, event: EventId) -> Result<InCustody, Failure> {
    Ok(complaints::find(list, &keys.opening(), event)?)
}

pub(crate) fn word(
    list: &ComplaintList,
    keys: &KeyFile,
    item: &InCustody,
    stage: OfficeStage,
) -> Result<contract::PostedWord, Failure> {
    let own = complaints::own(list, &keys.opening())?;
    Ok(complaints::word(own.office, signing(keys)?, item, stage, list.now_ms)?)
}

pub(crate) fn answer(
    list: &ComplaintList,
    keys: &KeyFile,
    item: &InCustody,
    words: &str,
    meeting_ms: Option<i64>,
) -> Result<contract::PostedWord, Failure> {
    let own = complaints::own(list, &keys.opening())?;
    Ok(complaints::answer(&own, signing(keys)?, item, words, meeting_ms, list.now_ms)?)
}

pub(crate) fn statement(
    keys: &KeyFile,
    office: Office,
    readers: &[SealRecipient],
    arrangement: Arrangement,
    now_ms: i64,
) -> Result<contract::Signed, Failure> {
    let open = keys.opening();
    Ok(complaints::statement(office, (&open, signing(keys)?), readers, arrangement, now_ms)?)
}

fn signing(keys: &KeyFile) -> Result<&contract::SigningKey, Failure> {
    Ok(keys.sign.as_ref().ok_or(OfficeFailure::NoSigning)?)
}

/// What a terminal's text proves, as lines, and whether it is as the office knows the terminal. The custody of the list is
/// looked through first, so that a key is the one that was pinned; what was seen is left as it was.
pub(crate) fn verify(
    list: &ComplaintList,
    keys: &KeyFile,
    seen: &Path,
    text: &str,
) -> Result<(Vec<String>, bool), Failure> {
    let open = keys.opening();
    let mut held: Seen = files::read_seen(seen)?;
    complaints::look(list, &complaints::own(list, &open)?, &open, &mut held);
    let text = if Path::new(text).is_file() {
        std::fs::read_to_string(text).map_err(|source| FileFailure::File { path: text.into(), source })?
    } else {
        text.to_owned()
    };
    let proven = TerminalProof::check(&text, list, &held, list.now_ms)?;
    Ok((proof_lines(list, &proven), proven.doubts.is_empty()))
}

fn office(name: &str) -> Result<Office, String> {
    Office::of(name).ok_or_else(|| "procurator, director, supervising_officer or superior".to_owned())
}

/// A line that is not shown while it is typed.
fn ask(question: &str) -> std::io::Result<Zeroizing<String>> {
    let stdin = std::io::stdin();
    let before = if stdin.is_terminal() { Some(rustix::termios::tcgetattr(&stdin)?) } else { None };
    if let Some(before) = &before {
        write!(std::io::stderr(), "{question}")?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(rustix::termios::LocalModes::ECHO);
        rustix::termios::tcsetattr(&stdin, rustix::termios::OptionalActions::Flush, &quiet)?;
    }
    // Of its whole length from the beginning: growing would leave copies.
    let mut line = Zeroizing::new(String::with_capacity(TYPED_MAX));
    let read = stdin.lock().read_line(&mut line);
    if let Some(before) = &before {
        rustix::termios::tcsetattr(&stdin, rustix::termios::OptionalActions::Flush, before)?;
        writeln!(std::io::stderr())?;
    }
    read?;
    let whole = line.trim_end_matches(['\n', '\r']).len();
    line.truncate(whole);
    Ok(line)
}

#[cfg(test)]
mod tests;
