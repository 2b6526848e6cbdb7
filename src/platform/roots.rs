// SPDX-License-Identifier: GPL-3.0-only
//! Changing the root: the next one is staged and pinned by every terminal with its renewal, then it signs, and the
//! former one is trusted until the last certificate it signed has ended.
//!
//! Each step is a command of its own, days or months apart; the platform is started again within a day after it. A power
//! cut within a step leaves the one before or the one after.

use crate::ca::{self, DAY_MS, DEVICE_DAYS, write_private};
use crate::tables::{self, devices};
use crate::{Fault, Platform, office};
use contract::Digest;
use std::path::Path;

/// Of the root that signs next.
pub(crate) const NEXT_PEM: &str = "next.pem";
pub(crate) const NEXT_KEY: &str = "next.key";
/// How the certificates of former roots are called: this, when they signed last in milliseconds since 1970 UTC, `.pem`.
pub(crate) const FORMER: &str = "former-";

/// How a change of the root stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roots {
    /// SHA-256 of the root that signs.
    pub active: Digest,
    /// Of the staged one.
    pub next: Option<Digest>,
    /// Roots that are trusted and sign no more.
    pub former: usize,
    /// Devices in service that do not pin the staged one yet.
    pub waiting: usize,
}

impl std::fmt::Display for Roots {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "signs {}", self.active)?;
        if let Some(next) = self.next {
            write!(f, "\nstaged {next}, still unknown to {} devices", self.waiting)?;
        }
        write!(f, "\nformer {}", self.former)
    }
}

impl Platform {
    /// How a change of the root stands.
    ///
    /// # Errors
    /// The keys cannot be read or the tables fail.
    pub async fn roots(&self) -> Result<Roots, Fault> {
        let dir = self.keys();
        let next = match dir.join(NEXT_PEM) {
            path if path.exists() => Some(ca::read(&path)?),
            _ => None,
        };
        let waiting = match &next {
            Some(pem) => self.not_renewed_since(ca::not_before_ms(pem)?).await?,
            None => 0,
        };
        Ok(Roots {
            active: self.root_fingerprint()?,
            next: next.as_deref().map(ca::fingerprint_of).transpose()?,
            former: ca::former(dir)?.len(),
            waiting,
        })
    }

    /// Makes the next root. From the next start on terminals pin it with their renewal.
    ///
    /// # Errors
    /// There is one already, or the keys cannot be written.
    pub fn stage_root(&self) -> Result<(), Fault> {
        let dir = self.keys();
        if dir.join(NEXT_PEM).exists() {
            return Err(Fault::Refused("stage a root where one is staged"));
        }
        let (pem, key) = ca::make_root(&self.core.clock)?;
        write_private(&dir.join(NEXT_KEY), key.as_bytes())?;
        write_private(&dir.join(NEXT_PEM), pem.as_bytes())
    }

    /// Lets the staged root sign from the next start on. The key of the former one is destroyed.
    ///
    /// # Errors
    /// None is staged, or, unless `force`, a device in service does not pin it yet and would be lost.
    pub async fn switch_root(&self, force: bool) -> Result<(), Fault> {
        let dir = self.keys();
        let roots = self.roots().await?;
        let next = roots.next.ok_or(Fault::Refused("switch to a root that is not staged"))?;
        if roots.waiting > 0 && !force {
            return Err(Fault::Refused("switch to a root that devices in service do not pin yet"));
        }
        let now_ms = self.core.clock.now_ms();
        write_private(&dir.join(format!("{FORMER}{now_ms:015}.pem")), self.root_pem().as_bytes())?;
        let mut write = self.core.tables.write().await?;
        let own = ca::known_by(next, &self.content_key());
        if tables::setting(&mut write, office::AUTHORITY).await?.is_some() {
            tables::set(&mut write, office::AUTHORITY, &own.to_string()).await?;
        }
        write.commit().await?;
        rename(dir, NEXT_KEY, "root.key")?;
        // A power cut here is mended at the next start: see `Authority::open`.
        rename(dir, NEXT_PEM, "root.pem")
    }

    /// Stops trusting former roots. Returns how many there were.
    ///
    /// # Errors
    /// Unless `force`, a device in service has a certificate that one of them signed.
    pub async fn retire_roots(&self, force: bool) -> Result<usize, Fault> {
        let former = ca::former(self.keys())?;
        let last =
            former.last().and_then(|path| path.file_stem()?.to_str()?.strip_prefix(FORMER)?.parse().ok());
        let signed_by_former = match last {
            Some(switched_ms) => self.not_renewed_since(switched_ms).await?,
            None => 0,
        };
        if signed_by_former > 0 && !force {
            return Err(Fault::Refused("retire a root that certificates in service are from"));
        }
        for path in &former {
            std::fs::remove_file(path).map_err(|source| Fault::File { path: path.clone(), source })?;
        }
        Ok(former.len())
    }

    pub(crate) fn keys(&self) -> &Path {
        self.root_path().parent().unwrap_or(Path::new("."))
    }

    /// Devices in service whose certificate was made before `since_ms` or in the day after it, in which the platform may
    /// not have been started again.
    async fn not_renewed_since(&self, since_ms: i64) -> Result<usize, Fault> {
        let mut read = self.core.tables.read().await?;
        let in_service =
            devices::devices(&mut read).await?.into_iter().filter(|device| device.revoked_ms.is_none());
        let made_ms = |not_after_ms: i64| not_after_ms.saturating_sub(DEVICE_DAYS * DAY_MS);
        Ok(in_service
            .filter(|device| made_ms(device.not_after_ms) <= since_ms.saturating_add(DAY_MS))
            .count())
    }
}

fn rename(dir: &Path, from: &str, to: &str) -> Result<(), Fault> {
    let path = dir.join(from);
    std::fs::rename(&path, dir.join(to)).map_err(|source| Fault::File { path: path.clone(), source })?;
    sync_dir(dir)
}

/// What was renamed or made in `dir` outlives a power cut.
pub(crate) fn sync_dir(dir: &Path) -> Result<(), Fault> {
    let synced = std::fs::File::open(dir).and_then(|dir| dir.sync_all());
    synced.map_err(|source| Fault::File { path: dir.to_owned(), source })
}
