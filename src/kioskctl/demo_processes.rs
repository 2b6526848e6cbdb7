// SPDX-License-Identifier: GPL-3.0-only
//! Processes that end with the one that started them: each leads its own group, is asked to end, then ended, and reaped;
//! if the starter itself is killed, the kernel tells them.

use rustix::process::{Pid, Signal, kill_process_group};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{ChildStdout, Command};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// How long a process may take to end by itself.
const END_MAX: Duration = Duration::from_secs(8);
/// Lines of a log that are shown when its process died.
const LAST_LINES: usize = 12;
/// Largest part of a log that is read for them, in bytes.
const LOG_BYTES_MAX: usize = 64 * 1024;
const SETPRIV: &str = "/usr/bin/setpriv";

/// Why a process is not there.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    #[error("start {name}")]
    Start { name: &'static str, source: std::io::Error },
    #[error("write the log {path}")]
    Log { path: PathBuf, source: std::io::Error },
    #[error("hear from {name} in time")]
    Silent { name: &'static str },
}

/// A process that ended before it was told to.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) name: &'static str,
    pub(crate) status: Option<ExitStatus>,
}

/// All that were started, in order.
pub(crate) struct Processes {
    logs: PathBuf,
    running: Vec<Running>,
    ended: mpsc::UnboundedReceiver<Ended>,
    tell: mpsc::UnboundedSender<Ended>,
}

struct Running {
    name: &'static str,
    group: Pid,
    reaper: JoinHandle<()>,
}

impl Processes {
    /// Logs go to `logs`, one file for each process, begun anew at each start.
    pub(crate) fn new(logs: &Path) -> Self {
        let (tell, ended) = mpsc::unbounded_channel();
        Self { logs: logs.to_owned(), running: Vec::new(), ended, tell }
    }

    /// A command that is told when this process dies. Call it, and [`Self::start`], on the main thread: the kernel
    /// watches the thread.
    pub(crate) fn command(program: &Path) -> Command {
        if !Path::new(SETPRIV).exists() {
            return Command::new(program);
        }
        let mut command = Command::new(SETPRIV);
        command.args(["--pdeathsig", "TERM", "--"]).arg(program);
        command
    }

    /// Starts `command`; what it prints goes to its log.
    pub(crate) fn start(&mut self, name: &'static str, command: Command) -> Result<(), ProcessError> {
        let log = self.log(name)?;
        self.spawn(name, command, log.into()).map(drop)
    }

    /// Starts `command` and returns its first line that `wanted` understands.
    pub(crate) async fn start_and_hear<T>(
        &mut self,
        name: &'static str,
        command: Command,
        in_time: Duration,
        wanted: impl Fn(&str) -> Option<T>,
    ) -> Result<T, ProcessError> {
        let heard = self.spawn(name, command, Stdio::piped())?;
        let mut lines = BufReader::new(heard.ok_or(ProcessError::Silent { name })?).lines();
        let first = async {
            while let Ok(Some(line)) = lines.next_line().await {
                if let Some(understood) = wanted(&line) {
                    return Some(understood);
                }
            }
            None
        };
        let understood = tokio::time::timeout(in_time, first).await.ok().flatten();
        // Nobody may block on a full pipe, or die of a closed one.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        understood.ok_or(ProcessError::Silent { name })
    }

    /// Waits until one of them ends.
    pub(crate) async fn one_ended(&mut self) -> Ended {
        match self.ended.recv().await {
            Some(ended) => ended,
            // The sender lives in `self`.
            None => std::future::pending().await,
        }
    }

    /// The last lines of a process's log.
    pub(crate) fn last_lines(&self, name: &str) -> String {
        let bytes = std::fs::read(self.path(name)).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(LOG_BYTES_MAX)..]).into_owned();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
    }

    /// Ends all of them, the last one first, and waits until they are gone.
    pub(crate) async fn stop(mut self) {
        while let Some(mut running) = self.running.pop() {
            if running.reaper.is_finished() {
                continue;
            }
            signal(running.group, Signal::TERM);
            if tokio::time::timeout(END_MAX, &mut running.reaper).await.is_err() {
                tracing::warn!(name = running.name, "did not end by itself");
                signal(running.group, Signal::KILL);
                let _ = running.reaper.await;
            }
        }
    }

    fn spawn(
        &mut self,
        name: &'static str,
        mut command: Command,
        out: Stdio,
    ) -> Result<Option<ChildStdout>, ProcessError> {
        let log = self.log(name)?;
        command.stdin(Stdio::null()).stdout(out).stderr(log).process_group(0).kill_on_drop(true);
        let start = |source| ProcessError::Start { name, source };
        let mut child = command.spawn().map_err(start)?;
        let stdout = child.stdout.take();
        let id = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        let group = id.ok_or_else(|| start(std::io::Error::other("it has no number")))?;
        let tell = self.tell.clone();
        let reaper = tokio::spawn(async move {
            let status = child.wait().await.ok();
            // Its own children do not outlive it.
            signal(group, Signal::KILL);
            let _ = tell.send(Ended { name, status });
        });
        self.running.push(Running { name, group, reaper });
        Ok(stdout)
    }

    fn log(&self, name: &str) -> Result<File, ProcessError> {
        let path = self.path(name);
        let wrong = |source| ProcessError::Log { path: path.clone(), source };
        std::fs::create_dir_all(&self.logs).map_err(wrong)?;
        let truncate = !self.running.iter().any(|running| running.name == name);
        let mut options = std::fs::OpenOptions::new();
        options.create(true).write(true).truncate(truncate).open(&path).map_err(wrong)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.logs.join(format!("{name}.log"))
    }
}

/// What was not stopped in order is killed.
impl Drop for Processes {
    fn drop(&mut self) {
        for running in self.running.iter().filter(|running| !running.reaper.is_finished()) {
            signal(running.group, Signal::KILL);
        }
    }
}

fn signal(group: Pid, signal: Signal) {
    // A group that is gone already is what was wanted.
    let _ = kill_process_group(group, signal);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    /// A shell that starts a child of its own, which holds `fifo` open for as long as it lives.
    fn family(fifo: &Path) -> Command {
        let mut shell = Processes::command(Path::new("/bin/sh"));
        let script = r#"( exec 3> "$0"; echo ready; exec sleep 1000 ) & trap 'exit 0' TERM; wait"#;
        shell.arg("-c").arg(script).arg(fifo);
        shell
    }

    fn fifo(dir: &Path) -> PathBuf {
        let path = dir.join("fifo");
        let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
        rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
        path
    }

    /// Opening waits for the writer, the end comes when the last one is gone.
    fn end_of(fifo: PathBuf) -> JoinHandle<usize> {
        tokio::task::spawn_blocking(move || File::open(fifo).unwrap().read_to_end(&mut Vec::new()).unwrap())
    }

    fn said_ready(line: &str) -> Option<()> {
        (line == "ready").then_some(())
    }

    #[tokio::test]
    async fn what_was_started_ends_with_the_children_it_has() {
        let dir = tempfile::tempdir().unwrap();
        let fifo = fifo(dir.path());
        let end = end_of(fifo.clone());
        let mut processes = Processes::new(dir.path());
        processes.start_and_hear("family", family(&fifo), END_MAX, said_ready).await.unwrap();
        processes.stop().await;
        assert_eq!(tokio::time::timeout(END_MAX, end).await.unwrap().unwrap(), 0);
    }

    #[tokio::test]
    async fn what_is_dropped_without_being_stopped_ends_too() {
        let dir = tempfile::tempdir().unwrap();
        let fifo = fifo(dir.path());
        let end = end_of(fifo.clone());
        let mut processes = Processes::new(dir.path());
        processes.start_and_hear("family", family(&fifo), END_MAX, said_ready).await.unwrap();
        drop(processes);
        assert_eq!(tokio::time::timeout(END_MAX, end).await.unwrap().unwrap(), 0);
    }

    #[tokio::test]
    async fn one_that_dies_is_noticed_with_its_last_words() {
        let dir = tempfile::tempdir().unwrap();
        let mut processes = Processes::new(dir.path());
        let mut shell = Processes::command(Path::new("/bin/sh"));
        shell.args(["-c", "echo the disk is gone >&2; exit 3"]);
        processes.start("dying", shell).unwrap();
        let ended = tokio::time::timeout(END_MAX, processes.one_ended()).await.unwrap();
        assert_eq!((ended.name, ended.status.and_then(|status| status.code())), ("dying", Some(3)));
        assert_eq!(processes.last_lines("dying"), "the disk is gone");
        processes.stop().await;
    }

    #[tokio::test]
    async fn one_that_says_nothing_or_does_not_exist_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let mut processes = Processes::new(dir.path());
        let silent = Processes::command(Path::new("/bin/true"));
        let heard = processes.start_and_hear("silent", silent, END_MAX, said_ready).await;
        assert!(matches!(heard, Err(ProcessError::Silent { name: "silent" })));
        let absent = Processes::command(&dir.path().join("absent"));
        let heard = processes.start_and_hear("absent", absent, END_MAX, said_ready).await;
        assert!(matches!(heard, Err(ProcessError::Silent { .. } | ProcessError::Start { .. })));
        processes.stop().await;
    }
}
