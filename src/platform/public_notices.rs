// SPDX-License-Identifier: GPL-3.0-only
//! 公示: what is posted for everybody, on its way to every terminal.
//!
//! Promises: every terminal has the same notices, also one that is hung up later; what is over or taken down is on none.
//! Refuses what is beyond the limits: nothing is cut. Limits: [`PUBLIC_NOTICES_MAX`] posted at a time.

use crate::tables::{Conn, devices, public_notices as rows};
use crate::{Fault, Platform, feed};
use contract::{
    Collection, NOTICE_PARAGRAPHS_MAX, NoticeTopic, PUBLIC_NOTICES_MAX, PublicNotice, TerminalId, Text,
};
use uuid::Uuid;

/// Longest paragraph and title, in characters: what [`PublicNotice`] holds.
pub(crate) const PARAGRAPH_MAX: usize = 500;
pub(crate) const TITLE_MAX: usize = 64;

/// What is to be posted, as it was typed: a paragraph a line.
#[derive(Debug, Clone, Copy)]
pub struct NoticeDraft<'a> {
    pub topic: NoticeTopic,
    pub title: &'a str,
    pub text: &'a str,
    pub urgent: bool,
    /// Not shown from then on.
    pub until_ms: Option<i64>,
}

/// Why something is not posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeRefusal {
    /// Nothing to read, over already, or beyond the limits.
    Unsound,
    Full,
}

impl NoticeDraft<'_> {
    fn notice(&self, now_ms: i64) -> Option<PublicNotice> {
        let lines = self.text.lines().map(str::trim).filter(|line| !line.is_empty());
        let paragraphs: Vec<&str> = lines.take(NOTICE_PARAGRAPHS_MAX + 1).collect();
        let fits = |text: &str, max: usize| text.chars().count() <= max;
        if !fits(self.title.trim(), TITLE_MAX) || !paragraphs.iter().all(|line| fits(line, PARAGRAPH_MAX)) {
            return None;
        }
        let made = PublicNotice {
            notice: Uuid::now_v7(),
            topic: self.topic,
            title: Text::new(self.title.trim()),
            paragraphs: paragraphs.into_iter().map(Text::new).collect(),
            urgent: self.urgent,
            posted_ms: now_ms,
            until_ms: self.until_ms,
        };
        made.is_sound().then_some(made)
    }
}

/// Posts a notice on every terminal; its number.
pub(crate) async fn post(
    conn: &mut Conn,
    draft: NoticeDraft<'_>,
    by: &str,
    now_ms: i64,
) -> Result<Result<Uuid, NoticeRefusal>, Fault> {
    let Some(notice) = draft.notice(now_ms) else { return Ok(Err(NoticeRefusal::Unsound)) };
    if rows::posted(conn, now_ms, PUBLIC_NOTICES_MAX).await?.len() >= PUBLIC_NOTICES_MAX {
        return Ok(Err(NoticeRefusal::Full));
    }
    rows::add(conn, &notice, by).await?;
    for terminal in devices::terminals(conn).await? {
        tell(conn, terminal.id, &notice, now_ms).await?;
    }
    Ok(Ok(notice.notice))
}

/// Takes a notice down everywhere; false where it is not posted.
pub(crate) async fn take_down(conn: &mut Conn, notice: Uuid, now_ms: i64) -> Result<bool, Fault> {
    if !rows::take_down(conn, notice, now_ms).await? {
        return Ok(false);
    }
    for terminal in devices::terminals(conn).await? {
        feed::remove(conn, terminal.id, Collection::PublicNotice, &notice.to_string(), now_ms).await?;
    }
    Ok(true)
}

/// Tells a terminal everything that is posted.
pub(crate) async fn tell_all(conn: &mut Conn, terminal: TerminalId, now_ms: i64) -> Result<(), Fault> {
    for row in rows::posted(conn, now_ms, PUBLIC_NOTICES_MAX).await? {
        tell(conn, terminal, &row.notice, now_ms).await?;
    }
    Ok(())
}

async fn tell(
    conn: &mut Conn,
    terminal: TerminalId,
    notice: &PublicNotice,
    now_ms: i64,
) -> Result<(), Fault> {
    feed::put(conn, terminal, Collection::PublicNotice, &notice.notice.to_string(), notice, now_ms).await
}

impl Platform {
    /// Posts a notice on every terminal, as the desk does; its number.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn post_notice(
        &self,
        draft: NoticeDraft<'_>,
        by: &str,
    ) -> Result<Result<Uuid, NoticeRefusal>, Fault> {
        let mut write = self.core.tables.write().await?;
        let posted = post(&mut write, draft, by, self.now_ms()).await?;
        write.commit().await?;
        Ok(posted)
    }
}
