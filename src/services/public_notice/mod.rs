// SPDX-License-Identifier: GPL-3.0-only
//! Without network what was posted stays to be read; it needs no camera and no person; a power cut changes nothing. What
//! is over is not shown, and what the platform took down is gone.
//!
//! 公示: rules, rights, food, prices, the day, how long answers take. Everybody may read it, and nobody is named in it.

pub(crate) mod screen;
mod tables;
#[cfg(test)]
mod tests;

use crate::{Taken, complaint, parts};
use contract::{AnswerFigures, PUBLIC_NOTICES_MAX, PublicNotice, Stamp};
use store::{Fault, Migration, Read, Write};
use uuid::Uuid;

pub const MIGRATION: Migration =
    Migration { service: "public_notice", steps: &[include_str!("tables/0001.sql")] };

/// What is posted, as far as it is looked at.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct View {
    /// The newest urgent one: on Home.
    pub urgent: Option<PublicNotice>,
    /// Urgent ones first, each the newest first. Only while the pages of 公示 are shown.
    pub posted: Vec<PublicNotice>,
    /// How long answers take here. Only while the pages of 公示 are shown.
    pub figures: Option<AnswerFigures>,
}

impl View {
    /// One that is posted, with its text in parts that fit the screen.
    pub fn of(&self, notice: Uuid) -> Option<(&PublicNotice, Vec<String>)> {
        let found = self.posted.iter().find(|one| one.notice == notice)?;
        Some((found, parts::parts(found.paragraphs.iter().map(|paragraph| paragraph.as_str()))))
    }
}

/// The platform posted something, changed it, or took it down.
///
/// # Errors
/// The disk fails.
pub fn apply(tx: &Write<'_>, notice: Uuid, body: Option<&PublicNotice>) -> Result<Taken, Fault> {
    let Some(body) = body else { return tables::delete(tx, notice).map(|()| Taken::Yes) };
    if body.notice != notice || !body.is_sound() {
        return Ok(Taken::SetAside("a notice out of place"));
    }
    let (known, others) = tables::kept(tx, notice)?;
    if !known && others >= PUBLIC_NOTICES_MAX {
        return Ok(Taken::SetAside("too many notices"));
    }
    tables::put(tx, body).map(|()| Taken::Yes)
}

/// What to show; `opened` while the pages of 公示 are.
///
/// # Errors
/// The disk fails.
pub fn view(read: &Read<'_>, opened: bool, now: &Stamp) -> Result<View, Fault> {
    let urgent = tables::urgent(read, now.wall_ms)?;
    if !opened {
        return Ok(View { urgent, ..View::default() });
    }
    Ok(View { urgent, posted: tables::shown(read, now.wall_ms)?, figures: complaint::figures(read)? })
}
