// SPDX-License-Identifier: GPL-3.0-only
//! Follows the platform's feed: signed pages that continue one another, each applied as a whole.
//!
//! A page of another terminal, of another position, or that does not continue the page before is not applied. One that
//! does not continue means that the two sides remember differently: the feed is read again from its beginning, once
//! with a warning, and after that no faster than lost connections are tried again. An empty page is no link of the
//! chain: it moves nothing and the next one continues the page before it.

use crate::Cell;
use crate::route::Route;
use crate::transport::{Failure, Heard};
use contract::{Digest, FeedPage};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Every so many polls one is not held back, so that its answer tells the time.
const WITNESS_EVERY: u32 = 20;
/// An empty page that comes sooner was not held back.
const POLL_MIN: Duration = Duration::from_secs(1);

pub(crate) struct Follower<C> {
    route: Arc<Route>,
    cell: Arc<C>,
    /// How long the platform may hold a request, in seconds.
    wait_s: u32,
    polls: u32,
    /// The last request got no answer: the platform may be another than before.
    lost: bool,
    /// The next page is the first one again.
    restart: bool,
    /// A restart was followed by no page that continued it.
    restarted: bool,
}

/// Why a page is not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// It begins elsewhere than asked, or continues another page.
    Break,
    /// Its items do not lie within it.
    Nonsense,
}

impl<C: Cell> Follower<C> {
    pub(crate) fn new(route: Arc<Route>, cell: Arc<C>, wait_s: u32) -> Self {
        Self { route, cell, wait_s, polls: 0, lost: true, restart: false, restarted: false }
    }

    /// Runs until told to stop.
    pub(crate) async fn run(mut self) {
        let route = Arc::clone(&self.route);
        while let Some(pass) = route.enter().await {
            let (since, prev) = self.position().await;
            self.polls = self.polls.wrapping_add(1);
            let at_once = pass.is_probe() || self.lost || self.polls.is_multiple_of(WITNESS_EVERY);
            let wait_s = if at_once { 0 } else { self.wait_s };
            let asked = Instant::now();
            match pass.feed(since, wait_s).await {
                Ok(mut heard) => {
                    self.lost = false;
                    if let Some(heads) = heard.message.heads.take() {
                        self.cell.heads(heads).await;
                    }
                    let too_soon = !at_once && heard.message.to == since && asked.elapsed() < POLL_MIN;
                    self.take(heard, since, prev).await;
                    if too_soon {
                        self.rest().await;
                    }
                }
                Err(Failure::Status { status: 410, .. }) => self.begin_again("the platform asks for it"),
                Err(_) => self.lost = true,
            }
        }
    }

    /// A platform that does not hold requests back is not asked all the time.
    async fn rest(&self) {
        tokio::select! {
            () = tokio::time::sleep(POLL_MIN) => {}
            () = self.route.stop().told() => {}
        }
    }

    async fn position(&self) -> (u64, Digest) {
        if self.restart { (0, Digest::ZERO) } else { self.cell.feed_position().await }
    }

    async fn take(&mut self, heard: Heard<FeedPage>, since: u64, prev: Digest) {
        match follows(&heard.message, since, prev) {
            Ok(()) if heard.message.to == since => self.restart = false,
            Ok(()) => {
                let to = heard.message.to;
                self.cell.apply(heard.message, heard.digest).await;
                self.restart = false;
                self.restarted &= since == 0;
                if self.cell.feed_position().await.0 != to {
                    tracing::warn!("a page of the feed was not kept");
                    self.route.lost();
                }
            }
            Err(Misfit::Break) => self.begin_again("a page does not continue the one before"),
            Err(Misfit::Nonsense) => {
                tracing::warn!("a page of the feed holds items outside of it");
                self.route.lost();
            }
        }
    }

    fn begin_again(&mut self, why: &'static str) {
        if self.restart || self.restarted {
            self.route.lost();
        } else {
            tracing::warn!(why, "the feed is read from its beginning");
        }
        self.restart = true;
        self.restarted = true;
    }
}

/// Whether `page` is the one asked for with `since`, after the page with the digest `prev`.
pub(crate) fn follows(page: &FeedPage, since: u64, prev: Digest) -> Result<(), Misfit> {
    if page.from != since || page.prev != prev {
        return Err(Misfit::Break);
    }
    let mut last = page.from;
    for item in &page.items {
        if item.cursor <= last || item.cursor > page.to {
            return Err(Misfit::Nonsense);
        }
        last = item.cursor;
    }
    if page.to < page.from { Err(Misfit::Nonsense) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::{DeviceId, FeedItem, FeedOp};

    /// Every page with small numbers in it: what follows lies within what was asked for, each item after the one before.
    #[test]
    fn only_a_page_that_goes_on_from_here_follows() {
        let prev = Digest([1; 32]);
        let mut taken = 0;
        for n in 0..5_u64.pow(5) {
            let [from, to, first, second, since] = [1, 5, 25, 125, 625].map(|unit| n / unit % 5);
            let item = |cursor| FeedItem {
                cursor,
                collection: String::new(),
                key: String::new(),
                rev: 1,
                op: FeedOp::Del,
                body: serde_json::Value::Null,
            };
            let items = [first, second].into_iter().filter(|cursor| *cursor > 0).map(item).collect();
            let page = FeedPage {
                device: DeviceId::fresh(),
                from,
                to,
                prev,
                items,
                server_ms: 0,
                end: true,
                heads: None,
                newest_key: None,
            };
            assert_eq!(follows(&page, since, Digest::ZERO), Err(Misfit::Break));
            if follows(&page, since, prev).is_ok() {
                let cursors: Vec<u64> = page.items.iter().map(|item| item.cursor).collect();
                assert!(page.from == since && page.to >= since);
                assert!(cursors.iter().all(|cursor| *cursor > since && *cursor <= page.to));
                assert!(cursors.windows(2).all(|pair| pair[0] < pair[1]));
                taken += 1;
            }
        }
        assert!(taken > 0);
    }
}
