// SPDX-License-Identifier: GPL-3.0-only
//! Changing the content key: the present one signs which comes next, terminals learn it at their next connection, then it
//! signs; the statements stay, so that a terminal that was away finds its way from the key it knows.
//!
//! Each step is a command of its own; the platform is started again after it, every process at once: terminals believe no
//! earlier key once a later one has signed. A power cut within a step leaves the one before or the one after.

use crate::ca::{self, Authority, write_private};
use crate::fault::{ApiError, Code};
use crate::roots::sync_dir;
use crate::tables::devices::{self, DeviceRow};
use crate::tables::{self, Conn};
use crate::{Core, Fault, Platform, office};
use contract::{Digest, HexBytes, KeyChain, KeyStatement, PublicKey, STATEMENTS_MAX, Signed, SigningKey};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Signs replies and the feed.
pub(crate) const KEY: &str = "content.key";
/// Signs next.
pub(crate) const NEXT: &str = "content.next";
/// What leads from the first key that terminals may still know to the newest.
const CHAIN: &str = "content.chain";

/// The file of the statements.
#[derive(Serialize, Deserialize)]
struct Kept {
    first: PublicKey,
    statements: Vec<Signed>,
}

/// The statements, each read once and found right.
pub(crate) struct Chain {
    first: PublicKey,
    links: Vec<(KeyStatement, Signed)>,
}

impl Chain {
    /// Reads the statements in `dir`, whose present key is `present` and whose staged one is `staged`.
    pub(crate) fn open(dir: &Path, present: &PublicKey, staged: Option<&PublicKey>) -> Result<Self, Fault> {
        let path = dir.join(CHAIN);
        let mut chain = Self { first: present.clone(), links: Vec::new() };
        if path.exists() {
            let kept: Kept = serde_json::from_str(&ca::read(&path)?)
                .map_err(|_| Fault::Stored("chain of content keys"))?;
            chain.first = kept.first;
            for signed in kept.statements {
                let said = KeyStatement::open(&signed, chain.newest());
                chain.links.push((said.map_err(|_| Fault::Stored("chain of content keys"))?, signed));
            }
        }
        let newest = chain.newest();
        if newest == present || (Some(newest) == staged && chain.after(&present.digest()).is_some()) {
            Ok(chain)
        } else {
            Err(Fault::Stored("chain of content keys"))
        }
    }

    pub(crate) fn newest(&self) -> &PublicKey {
        self.links.last().map_or(&self.first, |(said, _)| &said.next)
    }

    /// The statements after the key of this name, as many as are sent at a time; none where no terminal may know it.
    fn after(&self, known: &Digest) -> Option<Vec<Signed>> {
        let from = if self.first.digest() == *known {
            0
        } else {
            self.links.iter().position(|(said, _)| said.next.digest() == *known)? + 1
        };
        Some(self.links[from..].iter().take(STATEMENTS_MAX).map(|(_, signed)| signed.clone()).collect())
    }

    /// All of them, oldest first.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &PublicKey> {
        std::iter::once(&self.first).chain(self.links.iter().map(|(said, _)| &said.next))
    }

    /// How many keys come before this one.
    fn before(&self, key: &Digest) -> usize {
        self.keys().take_while(|earlier| earlier.digest() != *key).count()
    }

    fn keep(&self, dir: &Path) -> Result<(), Fault> {
        let statements = self.links.iter().map(|(_, signed)| signed.clone()).collect();
        let kept = Kept { first: self.first.clone(), statements };
        write_private(&dir.join(CHAIN), &serde_json::to_vec(&kept)?)?;
        sync_dir(dir)
    }
}

/// Reads a key kept in hex.
pub(crate) fn read_key(path: &Path) -> Result<SigningKey, Fault> {
    let bytes: HexBytes = ca::read(path)?.trim().parse().map_err(|_| Fault::Stored("content key"))?;
    Ok(SigningKey::open(&bytes.0)?)
}

/// Makes a key and keeps it.
pub(crate) fn make_key(path: &Path) -> Result<(), Fault> {
    write_private(&path.to_owned(), HexBytes(SigningKey::generate()?).to_string().as_bytes())
}

/// The statements after the key a device knows; that it knows it is noted.
pub(crate) async fn chain(core: &Core, device: &DeviceRow, known: Digest) -> Result<KeyChain, ApiError> {
    let statements = core.authority.chain.after(&known).ok_or(Code::KeyUnknown)?;
    let mut write = core.tables.write_for(device.terminal).await?;
    devices::knows(&mut write, device.id, known).await?;
    write.commit().await.map_err(Fault::from)?;
    Ok(KeyChain { statements })
}

/// How a change of the content key stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentKeys {
    /// SHA-256 of the key that signs.
    pub active: Digest,
    /// Of the staged one.
    pub next: Option<Digest>,
    /// Keys that signed before and still lead terminals on.
    pub former: usize,
    /// Devices in service that do not know the staged one yet.
    pub waiting: usize,
    /// Devices in service that know neither the one that signs nor the staged one.
    pub behind: usize,
}

impl std::fmt::Display for ContentKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "signs {}", self.active)?;
        if let Some(next) = self.next {
            write!(f, "\nstaged {next}, still unknown to {} devices", self.waiting)?;
        }
        write!(f, "\nformer {}, {} devices know no later one", self.former, self.behind)
    }
}

impl Platform {
    /// How a change of the content key stands.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn content_keys(&self) -> Result<ContentKeys, Fault> {
        let authority = &self.core.authority;
        let active = authority.content.public().digest();
        let newest = authority.chain.newest().digest();
        let mut read = self.core.tables.read().await?;
        let known = devices::known_keys(&mut read).await?;
        let behind = |key: &&Option<Digest>| **key != Some(active) && **key != Some(newest);
        Ok(ContentKeys {
            active,
            next: (newest != active).then_some(newest),
            former: authority.chain.before(&active),
            waiting: known.iter().filter(|key| **key != Some(newest)).count(),
            behind: known.iter().filter(behind).count(),
        })
    }

    /// Makes the next content key, and the present one's word for it. From the next start on terminals learn it.
    ///
    /// # Errors
    /// There is one already, or the keys cannot be written.
    pub fn stage_content_key(&self) -> Result<(), Fault> {
        let (dir, authority) = (self.keys(), &self.core.authority);
        let present = authority.content.public();
        if *authority.chain.newest() != present || dir.join(NEXT).exists() && self.said_next()? {
            return Err(Fault::Refused("stage a content key where one is staged"));
        }
        // One that nobody spoke of was left by a power cut.
        make_key(&dir.join(NEXT))?;
        sync_dir(dir)?;
        let next = read_key(&dir.join(NEXT))?.public();
        let said = KeyStatement::seal(&authority.content, next, self.now_ms())?;
        let mut chain = Chain::open(dir, &present, None)?;
        chain.links.push((
            KeyStatement::open(&said, &present).map_err(|_| Fault::Stored("chain of content keys"))?,
            said,
        ));
        chain.keep(dir)
    }

    /// Lets the staged content key sign from the next start on. The former one is destroyed; its word stays.
    ///
    /// # Errors
    /// None is staged, or, unless `force`, a device in service does not know it yet: one that comes later finds its way.
    pub async fn switch_content_key(&self, force: bool) -> Result<(), Fault> {
        let keys = self.content_keys().await?;
        if keys.next.is_none() {
            return Err(Fault::Refused("switch to a content key that is not staged"));
        }
        if keys.waiting > 0 && !force {
            return Err(Fault::Refused("switch to a content key that devices in service do not know yet"));
        }
        let own = ca::known_by(self.root_fingerprint()?, self.core.authority.chain.newest());
        let mut write = self.core.tables.write().await?;
        if tables::setting(&mut write, office::AUTHORITY).await?.is_some() {
            tables::set(&mut write, office::AUTHORITY, &own.to_string()).await?;
        }
        write.commit().await?;
        // A power cut here is mended at the next start: see `finish_if_due`.
        finish_switch(self.keys())
    }

    /// Forgets the word of former content keys. Returns how many there were.
    ///
    /// # Errors
    /// Unless `force`, a device in service knows no later one and would be lost.
    pub async fn retire_content_keys(&self, force: bool) -> Result<usize, Fault> {
        let keys = self.content_keys().await?;
        if keys.behind > 0 && !force {
            return Err(Fault::Refused("retire content keys beyond which devices in service know none"));
        }
        let (dir, authority) = (self.keys(), &self.core.authority);
        let (present, newest) = (authority.content.public(), authority.chain.newest());
        let mut chain = Chain::open(dir, &present, Some(newest))?;
        chain.links.drain(..keys.former);
        chain.first = present;
        chain.keep(dir)?;
        Ok(keys.former)
    }

    /// Whether the file of the statements speaks of the staged key.
    fn said_next(&self) -> Result<bool, Fault> {
        let (dir, next) = (self.keys(), read_key(&self.keys().join(NEXT))?.public());
        let chain = Chain::open(dir, &self.core.authority.content.public(), Some(&next))?;
        Ok(*chain.newest() == next)
    }
}

/// Finishes a switch in `dir` that the shared tables know of: the power went between its two halves, or another process's
/// copy of the keys was switched. Whether it was due.
pub(crate) async fn finish_if_due(conn: &mut Conn, dir: &Path, authority: &Authority) -> Result<bool, Fault> {
    let staged = authority.staged_fingerprint()?;
    let held = tables::setting(conn, office::AUTHORITY).await?;
    let due = staged != authority.fingerprint()? && held == Some(staged.to_string());
    if due {
        finish_switch(dir)?;
    }
    Ok(due)
}

/// The staged key in `dir` becomes the present one, as a whole or not at all.
pub(crate) fn finish_switch(dir: &Path) -> Result<(), Fault> {
    let path = dir.join(NEXT);
    std::fs::rename(&path, dir.join(KEY)).map_err(|source| Fault::File { path, source })?;
    sync_dir(dir)
}
