// SPDX-License-Identifier: GPL-3.0-only
//! A terminal's home from the test's side: its key, what it acknowledged so far, and the program that uses its store,
//! started again and again. What the program says is believed; what it does not say is not.

use crate::writer::{self, Role, SAYS};
use crate::{Disk, Mounted, SharedDisk};
use contract::SigningKey;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Killed by the kernel for touching memory whose file is gone: the `-shm` after a cut.
const SIGBUS: i32 = 7;
/// Of a program that was killed on purpose.
const SIGKILL: i32 = 9;

/// The folder of one terminal.
pub(crate) struct Home(TempDir);

/// What the store promised: each event, and whether its verdict was taken as well.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    events: BTreeMap<String, bool>,
    /// Events whose transaction failed.
    refused: Vec<String>,
    /// Events of one transaction that was not acknowledged: all of them are there, or none.
    together: Vec<String>,
}

/// What a run of the program said.
#[derive(Clone, Default)]
pub(crate) struct Heard {
    sent: Vec<String>,
    settled: Vec<String>,
    /// Of transactions that the store reported as failed.
    refused: Vec<String>,
    /// Refused by a run before, and there all the same.
    pub(crate) kept: usize,
    /// Begun and not acknowledged.
    together: Vec<String>,
    pub(crate) lost: Vec<String>,
    /// What must never be: damage, a gap, a broken chain.
    pub(crate) wrong: Vec<String>,
    /// Faults the store reported, one for each transaction.
    pub(crate) failed: Vec<String>,
    /// Why the program ended early.
    pub(crate) stopped: Option<String>,
    pub(crate) checked: bool,
}

/// When to kill the program.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Until {
    ItEnds,
    Acknowledged(u64),
}

impl Home {
    pub(crate) fn new() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        std::fs::write(writer::key_file(home.path()), SigningKey::generate().unwrap()).unwrap();
        std::fs::create_dir(writer::store_folder(home.path())).unwrap();
        home
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    fn store(&self) -> PathBuf {
        writer::store_folder(self.path())
    }

    /// Runs the program on `disk`, which comes back with what the program said.
    pub(crate) fn run_on(&self, disk: Disk, role: Role, seed: u64, known: &Known) -> (Heard, Disk) {
        let shared = SharedDisk::new(disk);
        let mounted = Mounted::new(&shared, &self.store()).expect("a file system of its own");
        let heard = self.run(role, seed, known, Until::ItEnds);
        mounted.unmount().expect("nobody uses it");
        (heard, shared.take())
    }

    /// Runs the program on whatever lies in the store's folder.
    pub(crate) fn run(&self, role: Role, seed: u64, known: &Known, until: Until) -> Heard {
        std::fs::write(writer::known_file(self.path()), known.text()).unwrap();
        let mut program = Command::new(std::env::current_exe().unwrap());
        program.args(["--exact", "writer::writer_child", "--nocapture", "--test-threads=1"]);
        program.env(writer::ROLE, role.name()).env(writer::HOME, self.path());
        program.env(writer::SEED, seed.to_string());
        let mut child = program.stdout(Stdio::piped()).spawn().unwrap();
        let mut heard = Heard::default();
        let mut acknowledged = 0;
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            let Some(said) = line.strip_prefix(SAYS) else { continue };
            acknowledged += u64::from(said.starts_with("sent "));
            heard.hear(said);
            if matches!(until, Until::Acknowledged(enough) if acknowledged == enough) {
                child.kill().unwrap();
            }
        }
        let status = child.wait().unwrap();
        let expected = match until {
            Until::ItEnds => status.signal() == Some(SIGBUS),
            Until::Acknowledged(_) => status.signal() == Some(SIGKILL),
        };
        assert!(status.success() || expected, "the program ended with {status}: {heard:?}");
        heard
    }
}

impl Heard {
    fn hear(&mut self, said: &str) {
        let (word, rest) = said.split_once(' ').unwrap_or((said, ""));
        let rest = rest.to_owned();
        match word {
            "try" => self.together = rest.split(' ').map(str::to_owned).collect(),
            "sent" => {
                self.sent.push(rest);
                self.together.clear();
            }
            "settled" => self.settled.push(rest),
            "lost" => self.lost.push(rest),
            "wrong" => self.wrong.push(rest),
            "failed" => {
                self.failed.push(rest);
                self.refused.append(&mut self.together);
            }
            "kept" => self.kept += 1,
            "stopped" => self.stopped = Some(rest),
            "checked" => self.checked = true,
            _ => panic!("the program said {said}"),
        }
    }

    pub(crate) fn acknowledged(&self) -> usize {
        self.sent.len()
    }
}

impl Known {
    /// Adds what a run acknowledged, and forgets what it reported lost, so that each loss counts once.
    pub(crate) fn learn(&mut self, heard: &Heard) {
        for id in &heard.lost {
            self.events.remove(id);
        }
        for id in &heard.sent {
            self.events.entry(id.clone()).or_default();
        }
        for id in &heard.settled {
            self.events.insert(id.clone(), true);
        }
        if heard.checked || !heard.together.is_empty() {
            self.together.clone_from(&heard.together);
        }
        self.refused.extend_from_slice(&heard.refused);
    }

    fn text(&self) -> String {
        let mut text = format!("together {}\nrefused {}\n", self.together.join(" "), self.refused.join(" "));
        for (id, settled) in &self.events {
            text.push_str(if *settled { "settled " } else { "sent " });
            text.push_str(id);
            text.push('\n');
        }
        text
    }
}

/// Without the ids of what went well.
impl std::fmt::Debug for Heard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { sent, settled, refused, kept, together, lost, wrong, failed, stopped, checked } = self;
        f.debug_struct("Heard")
            .field("sent", &sent.len())
            .field("settled", &settled.len())
            .field("refused", &refused.len())
            .field("kept", kept)
            .field("together", together)
            .field("lost", lost)
            .field("wrong", wrong)
            .field("failed", failed)
            .field("stopped", stopped)
            .field("checked", checked)
            .finish()
    }
}
