// SPDX-License-Identifier: GPL-3.0-only
//! The terminal's store, looked at in a copy: opening the file itself would migrate it, or set a damaged one aside under
//! a running terminal.

use super::Check;
use crate::say::chain;
use contract::Lane;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use store::{Config, Fault, Keys, Opened, PAGES_MAX, Store};
use sync::Identity;

/// A terminal that writes all the time is not waited for longer than these many copies.
const COPIES_MAX: u32 = 5;
/// The file, and its write-ahead log, without which a copy lacks the newest rows.
const FILES: [&str; 2] = ["kiosk.db", "kiosk.db-wal"];

/// Integrity of the store and what waits in each lane.
pub(super) fn look(data: &Path, identity: &Identity) -> Vec<Check> {
    const NAME: &str = "store";
    if !data.join(FILES[0]).exists() {
        return vec![Check::missing(NAME, "the terminal was never started")];
    }
    let copied = match quiet_copy(data) {
        Ok(Some(copied)) => copied,
        Ok(None) => return vec![Check::missing(NAME, "not looked at, the terminal is writing: try again")],
        Err(error) => return vec![Check::fail(NAME, format!("failed to copy it: {error}"))],
    };
    match counted(&copied.0, identity) {
        Ok(checks) => checks,
        Err(fault) => vec![Check::fail(NAME, format!("failed to {}", chain(&fault)))],
    }
}

fn counted(dir: &Path, identity: &Identity) -> Result<Vec<Check>, Fault> {
    let keys = Keys::from_storage_key(identity.storage_key())?;
    let config = Config {
        dir,
        device: identity.device(),
        signing: identity.signing_key(),
        keys,
        services: &[],
        pages_max: PAGES_MAX,
    };
    let (mut store, opened) = Store::open(config)?;
    if let Opened::Damaged { salvaged, .. } = opened {
        let words = format!(
            "damaged; {salvaged} unsent events can be saved. The next start sets it aside and goes on"
        );
        return Ok(vec![Check::fail("store", words)]);
    }
    store.read(|read| {
        let mut checks = vec![Check::pass("store", "sound")];
        for lane in Lane::STORED {
            let counts = read.counts(lane)?;
            let words = format!(
                "{} of {} wait to be sent, {} set aside",
                counts.pending, counts.enqueued, counts.quarantined
            );
            let name = lane.name();
            checks.push(if counts.quarantined == 0 {
                Check::pass(name, words)
            } else {
                Check::fail(name, words)
            });
        }
        Ok::<_, Fault>(checks)
    })
}

/// A folder of our own that goes away again.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, path = %self.0.display(), "failed to remove a copy of the store");
        }
    }
}

/// A copy of the store during which nobody wrote; none when someone always does.
fn quiet_copy(data: &Path) -> std::io::Result<Option<Scratch>> {
    let scratch = Scratch(data.join(format!(".doctor-{}", std::process::id())));
    std::os::unix::fs::DirBuilderExt::mode(&mut std::fs::DirBuilder::new(), 0o700).create(&scratch.0)?;
    for _ in 0..COPIES_MAX {
        let before = marks(data)?;
        for file in FILES {
            match std::fs::copy(data.join(file), scratch.0.join(file)) {
                Ok(_) => {}
                Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => {
                    let _ = std::fs::remove_file(scratch.0.join(file));
                }
                Err(error) => return Err(error),
            }
        }
        if marks(data)? == before {
            return Ok(Some(scratch));
        }
    }
    Ok(None)
}

/// Length and time of change of each file.
fn marks(data: &Path) -> std::io::Result<Vec<Option<(u64, SystemTime)>>> {
    let mark = |file: &&str| match std::fs::metadata(data.join(file)) {
        Ok(found) => Ok(Some((found.len(), found.modified()?))),
        Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    };
    FILES.iter().map(mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::State;
    use contract::{AlarmRaised, BootId, Event, Stamp, Trust};

    fn terminal(data: &Path) -> Identity {
        let identity = Identity::open_or_make(data).unwrap();
        let keys = Keys::from_storage_key(identity.storage_key()).unwrap();
        let signing = identity.signing_key();
        let config = Config {
            dir: data,
            device: identity.device(),
            signing,
            keys,
            services: &[],
            pages_max: PAGES_MAX,
        };
        let (mut store, _) = Store::open(config).unwrap();
        let at = Stamp { boot: BootId::fresh(), mono_ms: 1, wall_ms: 2, trust: Trust::Unsynced };
        store.write(|tx| tx.send(&Event::AlarmRaised(AlarmRaised { at }), &at)).unwrap();
        identity
    }

    #[test]
    fn what_waits_is_counted_and_nothing_is_left_behind() {
        let dir = tempfile::tempdir().unwrap();
        let identity = terminal(dir.path());
        let before = std::fs::read(dir.path().join("kiosk.db")).unwrap();
        let checks = look(dir.path(), &identity);
        assert!(checks.iter().all(|check| check.state == State::Pass), "{checks:?}");
        assert_eq!(checks[1], Check::pass("alarm", "1 of 1 wait to be sent, 0 set aside"));
        assert_eq!(std::fs::read(dir.path().join("kiosk.db")).unwrap(), before);
        let left = std::fs::read_dir(dir.path()).unwrap().flatten();
        assert!(left.into_iter().all(|entry| !entry.file_name().to_string_lossy().starts_with(".doctor")));
    }

    #[test]
    fn a_damaged_store_fails_and_stays_where_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let identity = terminal(dir.path());
        for file in FILES {
            if dir.path().join(file).exists() {
                std::fs::write(dir.path().join(file), vec![7; 8192]).unwrap();
            }
        }
        let checks = look(dir.path(), &identity);
        assert_eq!(checks.len(), 1);
        assert_eq!(checks[0].state, State::Fail, "{checks:?}");
        assert_eq!(std::fs::read(dir.path().join("kiosk.db")).unwrap(), vec![7; 8192]);
    }

    #[test]
    fn a_terminal_that_never_started_has_no_store() {
        let dir = tempfile::tempdir().unwrap();
        let identity = Identity::open_or_make(dir.path()).unwrap();
        assert_eq!(look(dir.path(), &identity)[0].state, State::Missing);
    }
}
