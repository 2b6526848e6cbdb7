// SPDX-License-Identifier: GPL-3.0-only
//! Which files terminals have on their lists, as whoever runs the platform puts them there.
//!
//! Promises: a file stands on a list under its hash, so that putting it there again changes nothing; no list names a file
//! before the platform has it, and a file no list names any more is let go. Refuses: what is longer than terminals take,
//! and more than [`MEDIA_MAX`] files on a list. A terminal made later has none of what was put on the lists of all.

use crate::tables::Conn;
use crate::tables::feed as truth;
use crate::{Fault, Platform, feed, media};
use contract::{Collection, Digest, FeedItem, MEDIA_MAX, MediaItem, TerminalId, Text};
use std::collections::BTreeMap;
use std::path::Path;

/// What is said of a file.
#[derive(Debug, Clone)]
pub struct About {
    pub mime: Text<64>,
    pub title: Text<80>,
    /// It has its place on a terminal whatever else there is.
    pub mandatory: bool,
}

/// A file and the terminals that have it on their lists.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Listed {
    pub item: MediaItem,
    pub terminals: Vec<TerminalId>,
    /// The platform has it; one restored from a backup has not, until it is added again.
    pub here: bool,
}

impl Platform {
    /// Takes a file in and puts it on the list of a terminal, or of all there are. Returns it with the number of lists
    /// that changed.
    ///
    /// # Errors
    /// The file cannot be read, is empty or too long, a list is full, there is no such terminal, or the tables fail. Then
    /// no list changed.
    pub async fn add_media(
        &self,
        to: Option<TerminalId>,
        file: &Path,
        about: About,
    ) -> Result<(MediaItem, usize), Fault> {
        let terminals = self.lists(to).await?;
        let (sha256, len) = media::take_in(&self.core, file).await?;
        let About { mime, title, mandatory } = about;
        let (item, key) = (MediaItem { sha256, len, mime, title, mandatory }, sha256.to_string());
        let mut write = self.core.tables.write().await?;
        // Whoever took it off the last list meanwhile let it go, in their turn.
        if !media::is_here(&self.core, &item) {
            return Err(Fault::Refused("keep a file that was removed meanwhile: add it again"));
        }
        let mut changed = Vec::new();
        for terminal in terminals {
            let list = truth::all(&mut write, terminal, Collection::Media).await?;
            if list.iter().any(|held| held.key == key && read(held).is_some_and(|held| held == item)) {
                continue;
            }
            if list.iter().filter(|held| held.key != key).count() >= MEDIA_MAX {
                return Err(Fault::Refused("put more than 1000 files on the list of a terminal"));
            }
            feed::put(&mut write, terminal, Collection::Media, &key, &item, self.now_ms()).await?;
            changed.push(terminal);
        }
        write.commit().await?;
        changed.iter().for_each(|terminal| self.core.bells.ring(*terminal));
        Ok((item, changed.len()))
    }

    /// Every file on any list, by title; what is said of it is what the first terminal is told.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn media(&self) -> Result<Vec<Listed>, Fault> {
        let terminals = self.lists(None).await?;
        let mut read = self.core.tables.read().await?;
        let mut files: BTreeMap<Digest, Listed> = BTreeMap::new();
        for terminal in terminals {
            for (_, item) in named(&mut read, terminal).await? {
                let here = media::is_here(&self.core, &item);
                let listed = || Listed { item: item.clone(), terminals: Vec::new(), here };
                let listed = files.entry(item.sha256).or_insert_with(listed);
                if !listed.terminals.contains(&terminal) {
                    listed.terminals.push(terminal);
                }
            }
        }
        let mut files: Vec<Listed> = files.into_values().collect();
        files.sort_by(|one, other| one.item.title.cmp(&other.item.title));
        Ok(files)
    }

    /// Takes a file off the list of a terminal, or of all, and lets it go when no list names it any more. Returns the
    /// number of lists that changed.
    ///
    /// # Errors
    /// There is no such terminal, the file cannot be removed, or the tables fail.
    pub async fn drop_media(&self, from: Option<TerminalId>, sha256: Digest) -> Result<usize, Fault> {
        let (terminals, all) = (self.lists(from).await?, self.lists(None).await?);
        let mut write = self.core.tables.write().await?;
        let mut changed = Vec::new();
        for terminal in terminals {
            for (key, item) in named(&mut write, terminal).await? {
                if item.sha256 == sha256 {
                    feed::remove(&mut write, terminal, Collection::Media, &key, self.now_ms()).await?;
                    changed.push(terminal);
                }
            }
        }
        write.commit().await?;
        changed.iter().for_each(|terminal| self.core.bells.ring(*terminal));
        // In a turn of its own: a list that was not changed after all must find the file.
        let mut write = self.core.tables.write().await?;
        let mut is_named = false;
        for terminal in all {
            is_named |= named(&mut write, terminal).await?.iter().any(|(_, item)| item.sha256 == sha256);
        }
        if !is_named {
            media::let_go(&self.core, sha256)?;
        }
        write.commit().await?;
        Ok(changed.len())
    }

    /// The terminals whose lists are meant.
    async fn lists(&self, of: Option<TerminalId>) -> Result<Vec<TerminalId>, Fault> {
        let all = self.terminals().await?.into_iter().map(|terminal| terminal.id);
        let meant: Vec<TerminalId> = all.filter(|id| of.is_none_or(|of| of == *id)).collect();
        if meant.is_empty() && of.is_some() { Err(Fault::Unknown("terminal")) } else { Ok(meant) }
    }
}

/// The files on a terminal's list with their keys.
async fn named(conn: &mut Conn, terminal: TerminalId) -> Result<Vec<(String, MediaItem)>, Fault> {
    let items = truth::all(conn, terminal, Collection::Media).await?;
    Ok(items.into_iter().filter_map(|held| Some((held.key.clone(), read(&held)?))).collect())
}

fn read(held: &FeedItem) -> Option<MediaItem> {
    serde_json::from_value(held.body.clone()).ok()
}
