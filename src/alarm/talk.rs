// SPDX-License-Identifier: GPL-3.0-only
//! How the window speaks to the alarm's process: a socket in the data directory, which only this user may enter, with a
//! line of JSON for each command and each state.
//!
//! The window's thread never waits: a command is put into a channel. It counts as delivered when the process says that
//! it was carried out; until then it is given again at each connection.

use crate::Input;
use crate::keeper::{Command, State};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The socket's name in the data directory.
pub const SOCKET_FILE: &str = "panic.socket";
/// Longest line, in bytes.
const LINE_BYTES_MAX: u64 = 4 * 1024;
/// Most windows that listen at a time.
const CLIENTS_MAX: usize = 8;
/// How long the window's thread waits for a command before it looks at the rest.
const LOOK: Duration = Duration::from_millis(20);
/// A command that is not carried out by then goes the second way.
const LATE: Duration = Duration::from_millis(500);
/// Longest a line may take to be taken by the other side.
const WRITE_MAX: Duration = Duration::from_secs(1);
/// Most commands that wait for a process that is not there.
const WAITING_MAX: usize = 64;

/// Why the socket cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("use the alarm's socket at {path}")]
pub struct TalkFault {
    path: PathBuf,
    source: std::io::Error,
}

/// Serves the socket in `data`; call it once, for as long as the process lives.
///
/// # Errors
/// The socket cannot be made.
pub fn serve(running: &crate::Running, data: &Path) -> Result<(), TalkFault> {
    let path = data.join(SOCKET_FILE);
    let wrong = |source| TalkFault { path: path.clone(), source };
    // The lock is ours: a socket that is there is nobody's.
    std::fs::remove_file(&path).ok();
    let listener = UnixListener::bind(&path).map_err(wrong)?;
    let inputs = running.inputs.clone();
    let clients = Arc::new(());
    let accept = move || {
        for stream in listener.incoming() {
            let Ok(stream) = stream else { continue };
            if Arc::strong_count(&clients) > CLIENTS_MAX {
                continue;
            }
            let (inputs, seat) = (inputs.clone(), Arc::clone(&clients));
            let serve = move || {
                serve_one(stream, &inputs);
                drop(seat);
            };
            std::thread::Builder::new().name("alarm-talk".to_owned()).spawn(serve).ok();
        }
    };
    std::thread::Builder::new().name("alarm-talk".to_owned()).spawn(accept).map_err(wrong)?;
    Ok(())
}

/// What the window says: a command with the number its answer will carry.
#[derive(Serialize, Deserialize)]
struct Asked {
    number: u64,
    command: Command,
}

/// What the process says.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    State(State),
    /// The command of this number was carried out.
    Done(u64),
}

fn serve_one(stream: UnixStream, inputs: &Sender<Input>) {
    let Ok(mut answers) = stream.try_clone() else { return };
    if answers.set_write_timeout(Some(WRITE_MAX)).is_err() {
        return;
    }
    // The loop must not wait for a window that does not read: a channel and a thread stand between.
    let (says, said) = channel::<Said>();
    let writer = std::thread::Builder::new().name("alarm-talk".to_owned()).spawn(move || {
        while let Ok(said) = said.recv() {
            if !write_line(&mut answers, &said) {
                break;
            }
        }
        // The reader's half ends with it.
        answers.shutdown(Shutdown::Both).ok();
    });
    let states = says.clone();
    let listener = move |state| states.send(Said::State(state)).is_ok();
    if writer.is_err() || inputs.send(Input::Listen(Box::new(listener))).is_err() {
        return;
    }
    for line in lines(stream) {
        let Ok(Asked { number, command }) = serde_json::from_slice(&line) else { continue };
        let says = says.clone();
        let done = move || {
            says.send(Said::Done(number)).ok();
        };
        if inputs.send(Input::Command(command, Box::new(done))).is_err() {
            return;
        }
    }
}

fn write_line<T: Serialize>(stream: &mut UnixStream, said: &T) -> bool {
    let Ok(mut line) = serde_json::to_vec(said) else { return true };
    line.push(b'\n');
    stream.write_all(&line).is_ok()
}

/// The lines of a stream; one that is too long ends it.
fn lines(stream: UnixStream) -> impl Iterator<Item = Vec<u8>> {
    let mut stream = BufReader::new(stream);
    std::iter::from_fn(move || {
        let mut line = Vec::new();
        match stream.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line) {
            Ok(1..) if line.ends_with(b"\n") => Some(line),
            Ok(_) | Err(_) => None,
        }
    })
}

type Heard = Arc<Mutex<Ears>>;

/// Who hears, and what was said last.
#[derive(Default)]
struct Ears {
    said: Option<State>,
    heard: Option<Box<dyn Fn(Option<State>) + Send>>,
}

/// The window's end.
#[derive(Clone)]
pub struct Client {
    commands: Sender<Command>,
    heard: Heard,
}

impl Client {
    /// Gives a command, and never waits. It is carried out once at least, when the process is there.
    pub fn give(&self, command: Command) {
        if self.commands.send(command).is_err() {
            tracing::error!("the thread that speaks to the alarm is gone");
        }
    }

    /// Has `heard` called with the present state and every new one, from another thread; with none when the process is
    /// gone.
    pub fn listen(&self, heard: impl Fn(Option<State>) + Send + 'static) {
        let mut ears = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        if ears.said.is_some() {
            heard(ears.said);
        }
        ears.heard = Some(Box::new(heard));
    }

    /// Within the alarm's own process.
    pub(crate) fn beside(inputs: Sender<Input>) -> Self {
        let (commands, given) = channel::<Command>();
        let heard = Heard::default();
        let ears = Arc::clone(&heard);
        let say = move |state| {
            tell(&ears, Some(state));
            true
        };
        // A loop that is gone hears nothing.
        inputs.send(Input::Listen(Box::new(say))).ok();
        std::thread::spawn(move || {
            while let Ok(command) = given.recv() {
                if inputs.send(Input::Command(command, Box::new(|| {}))).is_err() {
                    return;
                }
            }
        });
        Self { commands, heard }
    }
}

fn tell(heard: &Heard, state: Option<State>) {
    let mut ears = heard.lock().unwrap_or_else(PoisonError::into_inner);
    ears.said = state;
    if let Some(heard) = &ears.heard {
        heard(state);
    }
}

/// Reaches the alarm's process by its socket in `data`, again and again for as long as the client lives. `lost` is
/// called each time it is not there: it may start one. `late` is called once with each command that was not carried out
/// within [`LATE`], dead or hung: whoever asked may use the second way; the command is carried out all the same when
/// the process is back.
pub fn connect(
    data: &Path,
    lost: impl FnMut() + Send + 'static,
    late: impl FnMut(Command) + Send + 'static,
) -> Client {
    let (commands, given) = channel();
    let heard = Heard::default();
    let mut talk = Talk {
        path: data.join(SOCKET_FILE),
        given,
        waiting: VecDeque::new(),
        number: 0,
        heard: Arc::clone(&heard),
        late: Box::new(late),
    };
    let mut lost = lost;
    let body = move || {
        while talk.connection() {
            lost();
            if !talk.hear_commands() {
                return;
            }
        }
    };
    if std::thread::Builder::new().name("alarm-talk".to_owned()).spawn(body).is_err() {
        tracing::error!("the alarm cannot be reached: there is no thread for it");
    }
    Client { commands, heard }
}

/// A command on its way.
struct Waiting {
    number: u64,
    command: Command,
    given: Instant,
    sent: bool,
    late: bool,
}

/// The thread between the window and the process.
struct Talk {
    path: PathBuf,
    given: Receiver<Command>,
    waiting: VecDeque<Waiting>,
    number: u64,
    heard: Heard,
    late: Box<dyn FnMut(Command) + Send>,
}

impl Talk {
    /// One connection, until it ends; false when nobody will ask any more.
    fn connection(&mut self) -> bool {
        let Ok(stream) = UnixStream::connect(&self.path) else { return true };
        let Ok(mut out) = stream.try_clone() else { return true };
        if out.set_write_timeout(Some(WRITE_MAX)).is_err() {
            return true;
        }
        let (answers, answered) = channel();
        let heard = Arc::clone(&self.heard);
        let reader = std::thread::Builder::new().name("alarm-talk".to_owned()).spawn(move || {
            for line in lines(stream) {
                match serde_json::from_slice(&line) {
                    Ok(Said::State(state)) => tell(&heard, Some(state)),
                    Ok(Said::Done(number)) if answers.send(number).is_err() => return,
                    Ok(Said::Done(_)) | Err(_) => {}
                }
            }
        });
        if reader.is_err() {
            return true;
        }
        self.waiting.iter_mut().for_each(|waiting| waiting.sent = false);
        loop {
            for waiting in self.waiting.iter_mut().filter(|waiting| !waiting.sent) {
                let asked = Asked { number: waiting.number, command: waiting.command };
                if !write_line(&mut out, &asked) {
                    break;
                }
                waiting.sent = true;
            }
            let goes_on = self.hear_commands();
            loop {
                match answered.try_recv() {
                    Ok(number) => self.waiting.retain(|waiting| waiting.number != number),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => {
                        tell(&self.heard, None);
                        return goes_on;
                    }
                }
            }
            if !goes_on {
                out.shutdown(Shutdown::Both).ok();
                return false;
            }
        }
    }

    /// Takes a command if one comes, and tells the late ones; false when nobody will ask any more.
    fn hear_commands(&mut self) -> bool {
        match self.given.recv_timeout(LOOK) {
            Ok(command) => {
                self.number += 1;
                let waiting =
                    Waiting { number: self.number, command, given: Instant::now(), sent: false, late: false };
                self.waiting.push_back(waiting);
                // A press is never the one that goes.
                if self.waiting.len() > WAITING_MAX {
                    let spare = |waiting: &Waiting| !matches!(waiting.command, Command::Raise { .. });
                    let at = self.waiting.iter().position(spare).unwrap_or(1);
                    self.waiting.remove(at);
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return false,
        }
        for waiting in
            self.waiting.iter_mut().filter(|waiting| !waiting.late && waiting.given.elapsed() > LATE)
        {
            waiting.late = true;
            (self.late)(waiting.command);
        }
        true
    }
}
