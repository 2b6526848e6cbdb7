// SPDX-License-Identifier: GPL-3.0-only
//! `reader`: an office's window; whose it is the key file says. `reader key new` makes it, `reader key public` prints the fingerprint.

use clap::{Parser, Subcommand};
use contract::Office;
use i18n::Lang;
use reader::desk::{Page, Touch};
use reader::keys::{Keys, PASSPHRASE_CHARS_MAX, SCRYPT_LOG_N};
use reader::platform::Http;
use reader::screen::Screen;
use slint::{CloseRequestResponse, ComponentHandle};
use std::cell::RefCell;
use std::error::Error;
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;
use zeroize::Zeroizing;

#[derive(Parser)]
#[command(
    version,
    about = "An office's window: its private keys stay here",
    args_conflicts_with_subcommands = true
)]
struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// The platform's desk, https://host:port.
    #[arg(long, env = "READER_PLATFORM", default_value = "")]
    platform: String,
    /// The key file.
    #[arg(long, env = "READER_KEY_FILE")]
    file: Option<PathBuf>,
    /// PEM file of the roots of the platform's certificate; the public ones without it.
    #[arg(long, env = "READER_ROOTS")]
    roots: Option<PathBuf>,
    /// The language, zh-CN or en.
    #[arg(long, env = "READER_LANG", default_value = "zh-CN", value_parser = lang)]
    lang: Lang,
}

#[derive(Subcommand)]
enum Verb {
    /// The office's key file.
    #[command(subcommand)]
    Key(KeyVerb),
}

#[derive(Subcommand)]
enum KeyVerb {
    /// Make new keys in a file of their own, under a passphrase. An existing file is never overwritten.
    New {
        #[arg(long)]
        file: PathBuf,
        /// Whose: clinic, procurator, director, supervising_officer or superior.
        #[arg(long, default_value = "clinic", value_parser = office)]
        office: Office,
    },
    /// Print the fingerprint of the public keys.
    Public {
        #[arg(long)]
        file: PathBuf,
    },
}

fn main() -> ExitCode {
    let args = Args::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("READER_LOG").unwrap_or_else(|_| "info".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let outcome = match args.verb {
        Some(Verb::Key(KeyVerb::New { file, office })) => key_new(&file, office),
        Some(Verb::Key(KeyVerb::Public { file })) => key_public(&file),
        None => run(args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error, "the reader cannot go on");
            ExitCode::FAILURE
        }
    }
}

type Outcome = Result<(), Box<dyn Error>>;

fn key_new(file: &Path, office: Office) -> Outcome {
    let passphrase = ask("Passphrase: ")?;
    if std::io::stdin().is_terminal() && *ask("The same again: ")? != *passphrase {
        return Err("the two passphrases differ".into());
    }
    let keys = Keys::make(file, office, &passphrase, SCRYPT_LOG_N)?;
    writeln!(std::io::stdout(), "{}", keys.fingerprint())?;
    Ok(())
}

fn key_public(file: &Path) -> Outcome {
    let keys = Keys::open(file, &ask("Passphrase: ")?)?;
    writeln!(std::io::stdout(), "{}\n{}", keys.fingerprint(), keys.recipient().as_str())?;
    Ok(())
}

/// A line that is not shown while it is typed.
fn ask(question: &str) -> Result<Zeroizing<String>, Box<dyn Error>> {
    let stdin = std::io::stdin();
    let before = if stdin.is_terminal() { Some(rustix::termios::tcgetattr(&stdin)?) } else { None };
    if let Some(before) = &before {
        write!(std::io::stderr(), "{question}")?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(rustix::termios::LocalModes::ECHO);
        rustix::termios::tcsetattr(&stdin, rustix::termios::OptionalActions::Flush, &quiet)?;
    }
    // Of its whole length from the beginning: growing would leave copies.
    let mut line = Zeroizing::new(String::with_capacity(8 * PASSPHRASE_CHARS_MAX));
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

fn run(args: Args) -> Outcome {
    let platform = Http::new(args.roots.as_deref())?;
    let window = ui::ReaderWindow::new()?;
    ui::install_reader_texts(&window, args.lang);
    let show = |view| {
        // After the window is gone nothing is shown.
        slint::invoke_from_event_loop(move || {
            SCREEN.with_borrow(|screen| {
                if let Some(screen) = screen {
                    screen.show(view);
                }
            });
        })
        .ok();
    };
    let running =
        reader::run::start(platform, args.platform, args.file.unwrap_or_default(), args.lang, show)?;
    let hand = running.hand();
    let screen = Screen::join(&window, move |touch| hand.touch(touch));
    SCREEN.set(Some(Rc::clone(&screen)));
    // What is not sent is lost with the window: the first try to close it shows what that is.
    let (hand, asked) = (running.hand(), std::cell::Cell::new(false));
    window.window().on_close_requested(move || {
        if screen.unsent() == 0 || asked.replace(true) {
            return CloseRequestResponse::HideWindow;
        }
        // Of a complaint office the letters' page says what is not sent.
        hand.touch(Touch::Open(Page::Sent));
        hand.touch(Touch::Open(Page::Complaints));
        CloseRequestResponse::KeepWindowShown
    });
    window.run()?;
    SCREEN.set(None);
    running.stop();
    Ok(())
}

thread_local! {
    /// The window's thread finds its screen here when there is something to show.
    static SCREEN: RefCell<Option<Rc<Screen>>> = const { RefCell::new(None) };
}

fn office(name: &str) -> Result<Office, String> {
    Office::of(name).ok_or_else(|| "clinic, procurator, director, supervising_officer or superior".to_owned())
}

fn lang(text: &str) -> Result<Lang, String> {
    Lang::from_code(text).ok_or_else(|| "zh-CN or en".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_to_call_it_is_understood() {
        let parse = |line: &str| Args::try_parse_from(line.split(' '));
        for line in [
            "reader",
            "reader --platform https://desk:1 --file k",
            "reader key new --file k",
            "reader key new --office procurator --file k",
        ] {
            assert!(parse(line).is_ok(), "{line}");
        }
        assert!(parse("reader key new").is_err());
    }
}
