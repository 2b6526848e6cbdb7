// SPDX-License-Identifier: GPL-3.0-only
//! `kioskctl open`: what was sealed to an office, without the office's window: list it, prove that nothing is missing, read
//! it, answer it. Works with the platform, or with a list that was saved; a single age file opens with `file`, and with
//! the ordinary `age` tool as well.
//!
//! Promises: what is missing is named by its number, and the exit code is then not 0; what the office signs, it signs
//! here. What is opened goes to the standard output alone and into no file and no log. Keys stay in their files. What was
//! seen before is kept beside them (`--seen`), so that an end cut off later shows.

mod keys;
mod lines;
mod window;

pub use keys::{KeyFailure, OfficeKeyFile};
pub use window::{Platform, PlatformFailure};

use crate::say::say;
use contract::{
    Arrangement, ComplaintList, Custody, Digest, EventId, Finding, InCustody, Matter, Office, OfficeAnswer,
    OfficeKeys, OfficeSignIn, OfficeStage, OfficeWord, PostedWord, SealRecipient, Sealed, Seen, Signed, Text,
    ToOffice,
};
use lines::{listed, shown, told_lines};
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
    Key(#[from] KeyFailure),
    #[error(transparent)]
    Platform(#[from] PlatformFailure),
    #[error("read or write {path}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("understand {path}")]
    Json { path: PathBuf, source: serde_json::Error },
    #[error("read what is typed")]
    Typed(#[source] std::io::Error),
    #[error("find the office's keys in the list: it has stated none, or another has")]
    Keys,
    #[error("find {0} among what is sealed to this office")]
    Unknown(EventId),
    #[error("do that without the platform")]
    Offline,
    #[error("sign without a signing key: the first key file has none")]
    NoSigning,
    #[error("answer what is no complaint")]
    NoComplaint,
    #[error("sign")]
    Signed(#[from] contract::SignedError),
    #[error("seal")]
    Sealed(#[from] contract::SealedError),
    #[error("seal an answer")]
    Answer(#[from] contract::OfficeAnswerError),
}

/// Does it and says what there is.
///
/// # Errors
/// See [`Failure`].
pub async fn run(args: Args) -> Result<ExitCode, Failure> {
    let mut keys = OfficeKeyFile { open: Vec::new(), sign: None };
    for path in &args.key {
        let file = OfficeKeyFile::open(path, || ask(&format!("Passphrase of {}: ", path.display())))?;
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
                platform.word(&word(&list, &keys, &item, OfficeStage::Received)?).await?;
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
            platform.word(&answer(&list, &keys, &item, &words, meeting_ms)?).await?;
            say("answer        sealed to the writer and handed over");
            Ok(ExitCode::SUCCESS)
        }
        Verb::Save { from, to } => {
            let (list, _) = from.open().await?;
            save(&list, &to)?;
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
            platform.keys(&statement(&keys, office, &reader, arrangement, list.now_ms)?).await?;
            say("keys          stated; terminals take them if they follow from those before");
            Ok(ExitCode::SUCCESS)
        }
        Verb::File { path } => {
            let text = std::fs::read_to_string(&path)
                .map_err(|source| Failure::File { path: path.clone(), source })?;
            let sealed = Sealed::from(text);
            let told = keys.open.iter().find_map(|key| sealed.open::<ToOffice>(key).ok());
            let told = told.ok_or(contract::SealedError::Key)?;
            for line in told_lines(&told, &[]) {
                say(line);
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

impl Source {
    async fn open(&self) -> Result<(ComplaintList, Option<Platform>), Failure> {
        if let Some(path) = &self.list {
            return Ok((read_json(path)?, None));
        }
        let (Some(address), Some(name)) = (&self.platform, &self.name) else { return Err(Failure::Offline) };
        let password = ask("Password: ").map_err(Failure::Typed)?;
        let code = ask("Code, if one is asked for: ").map_err(Failure::Typed)?;
        let who = OfficeSignIn { name: name.clone(), password, code: code.as_str().to_owned() };
        let platform = Platform::sign_in(address, self.roots.as_deref(), &who).await?;
        Ok((platform.list().await?, Some(platform)))
    }
}

/// The office's keys as the list has them, if they are those of the key files.
fn own(list: &ComplaintList, keys: &OfficeKeyFile) -> Result<OfficeKeys, Failure> {
    let statement = list.keys.as_ref().ok_or(Failure::Keys)?;
    let stated = OfficeKeys::read(statement).ok_or(Failure::Keys)?;
    let reads = keys.open.iter().any(|key| stated.recipients.contains(&key.recipient()));
    if reads { Ok(stated) } else { Err(Failure::Keys) }
}

/// Looks the list through, against what was seen before.
pub(crate) fn look(list: &ComplaintList, keys: &OfficeKeyFile, seen: &Path) -> Result<Custody, Failure> {
    let own = own(list, keys)?;
    let mut held: Seen = if seen.exists() { read_json(seen)? } else { Seen::default() };
    let found = custody(list, &own, keys, &mut held);
    write_json(seen, &held)?;
    Ok(found)
}

fn custody(list: &ComplaintList, own: &OfficeKeys, keys: &OfficeKeyFile, seen: &mut Seen) -> Custody {
    let opens: Vec<_> = keys.open.iter().collect();
    let retention = own.arrangement.map(|arranged| arranged.retention_days);
    Custody::look(list, own.office, &opens, retention, seen)
}

/// One thing, as its device signed it.
pub(crate) fn find(list: &ComplaintList, keys: &OfficeKeyFile, event: EventId) -> Result<InCustody, Failure> {
    let found = custody(list, &own(list, keys)?, keys, &mut Seen::default());
    let is_signed = |item: &InCustody| !found.findings.contains(&Finding::Signature(item.place));
    let item = found.items.iter().find(|item| item.event == event && is_signed(item));
    item.cloned().ok_or(Failure::Unknown(event))
}

/// The office's word to one thing.
pub(crate) fn word(
    list: &ComplaintList,
    keys: &OfficeKeyFile,
    item: &InCustody,
    stage: OfficeStage,
) -> Result<PostedWord, Failure> {
    let signing = keys.sign.as_ref().ok_or(Failure::NoSigning)?;
    let office = own(list, keys)?.office;
    let word = OfficeWord { office, event: item.event, sealed: item.sealed, at_ms: list.now_ms, stage };
    Ok(PostedWord { event: item.event, word: word.sign(signing)?, answer: None, own: None })
}

/// An answer, sealed to the key of the complaint, with the office's own copy.
pub(crate) fn answer(
    list: &ComplaintList,
    keys: &OfficeKeyFile,
    item: &InCustody,
    words: &str,
    meeting_ms: Option<i64>,
) -> Result<PostedWord, Failure> {
    let Matter::Complaint(complaint) = &item.told.matter else { return Err(Failure::NoComplaint) };
    let signing = keys.sign.as_ref().ok_or(Failure::NoSigning)?;
    let own = own(list, keys)?;
    let answer = OfficeAnswer {
        office: own.office,
        event: item.event,
        at_ms: list.now_ms,
        words: Text::new(words),
        meeting_ms,
    };
    let sealed = answer.seal(signing, &complaint.answer_to)?;
    let copy = Signed::seal(OfficeAnswer::PURPOSE, &answer, signing)?;
    let copy = Sealed::seal(&copy, &own.recipients)?;
    let stage = OfficeStage::Answered { answer: Digest::of(sealed.as_str().as_bytes()) };
    Ok(PostedWord { answer: Some(sealed), own: Some(copy), ..word(list, keys, item, stage)? })
}

/// What the office states of itself.
pub(crate) fn statement(
    keys: &OfficeKeyFile,
    office: Office,
    readers: &[SealRecipient],
    arrangement: Arrangement,
    now_ms: i64,
) -> Result<Signed, Failure> {
    let signing = keys.sign.as_ref().ok_or(Failure::NoSigning)?;
    let own = keys.open.iter().map(contract::SealKey::recipient);
    let stated = OfficeKeys {
        office,
        recipients: own.chain(readers.iter().cloned()).collect(),
        signing: signing.public(),
        made_ms: now_ms,
        arrangement: Some(arrangement),
    };
    Ok(stated.sign(signing)?)
}

/// Saves the list, and each sealed text for the ordinary tool.
pub(crate) fn save(list: &ComplaintList, to: &Path) -> Result<(), Failure> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| Failure::File { path, source }
    };
    std::fs::create_dir_all(to).map_err(failed(to))?;
    write_json(&to.join("list.json"), list)?;
    for entry in &list.entries {
        let Ok(contract::Event::ComplaintSealed(sealed)) =
            contract::Event::decode(&entry.envelope.kind, &entry.envelope.body)
        else {
            continue;
        };
        let path = to.join(format!("{}.age", entry.envelope.id));
        std::fs::write(&path, sealed.sealed.as_str()).map_err(failed(&path))?;
    }
    Ok(())
}

fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let bytes = std::fs::read(path).map_err(|source| Failure::File { path: path.to_owned(), source })?;
    serde_json::from_slice(&bytes).map_err(|source| Failure::Json { path: path.to_owned(), source })
}

fn write_json<T: serde::Serialize>(path: &Path, value: &T) -> Result<(), Failure> {
    let bytes =
        serde_json::to_vec(value).map_err(|source| Failure::Json { path: path.to_owned(), source })?;
    std::fs::write(path, bytes).map_err(|source| Failure::File { path: path.to_owned(), source })
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
