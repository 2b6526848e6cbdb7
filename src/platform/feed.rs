// SPDX-License-Identifier: GPL-3.0-only
//! The platform's truth on its way to the terminals: written with a rising revision, sent in signed pages.
//!
//! A page goes from the cursor the terminal names to the last item in it, and names the digest of the page that ended
//! where it begins; the first one, from 0, names zero. A page without items is signed like any other but is no link of
//! the chain: when its answer is lost, the next page still fits. A cursor whose page is not remembered is answered
//! with 410, and the terminal begins again. A terminal sees its own rows and no others.

use crate::fault::{ApiError, Code, chain};
use crate::listener::told;
use crate::tables::feed as rows;
use crate::tables::{self, Conn, alarms, care, complaints, events};
use crate::{Core, Fault};
use contract::{
    Collection, DeviceId, Digest, FEED_ITEMS_MAX, FeedItem, FeedOp, FeedPage, LaneHead, Signed, TerminalId,
    WAIT_S_MAX,
};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

/// The bodies of one page are no longer than this together, in bytes, beyond its first item.
const PAGE_BYTES_MAX: usize = 1024 * 1024;
/// Other processes write too: each looks this often for what the others wrote, once for all requests it holds. Telling
/// one another by NOTIFY costs PostgreSQL a global lock at each commit.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Wakes the requests that wait for news of a terminal.
#[derive(Default)]
pub(crate) struct Bells {
    terminals: Mutex<HashMap<TerminalId, Arc<Notify>>>,
    /// For every step of an alarm, to the desks, terminals and adapters that wait.
    pub(crate) alarms: Bell,
    /// For whatever the clinic's window has to see.
    pub(crate) care: Bell,
    /// For whatever the window of a complaint office has to see.
    pub(crate) complaints: Bell,
}

impl Bells {
    /// There is news for this terminal.
    pub(crate) fn ring(&self, terminal: TerminalId) {
        self.of(terminal).notify_waiters();
    }

    fn of(&self, terminal: TerminalId) -> Arc<Notify> {
        let mut terminals = self.terminals.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(terminals.entry(terminal).or_default())
    }
}

/// Rings whenever anything of one sort changed; a ring is never missed.
pub(crate) struct Bell(watch::Sender<u64>);

impl Default for Bell {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Bell {
    pub(crate) fn ring(&self) {
        self.0.send_modify(|rings| *rings = rings.wrapping_add(1));
    }

    pub(crate) fn ear(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}

/// Rings for what other processes wrote.
pub(crate) struct Watch {
    core: Arc<Core>,
    /// Everything up to this cursor was rung for.
    rung: u64,
    /// And up to this step of an alarm.
    alarm_rung: u64,
    /// And up to this change for the clinic.
    care_rung: u64,
    /// And up to this change for the complaint offices.
    complaints_rung: u64,
}

impl Watch {
    /// From this moment on nothing is missed.
    pub(crate) async fn begin(core: Arc<Core>) -> Result<Self, Fault> {
        let mut read = core.tables.read().await?;
        let rung = rows::newest(&mut read).await?;
        let alarm_rung = alarms::newest(&mut read).await?;
        let care_rung = care::rev(&mut read).await?;
        let complaints_rung = complaints::rev(&mut read).await?;
        drop(read);
        Ok(Self { core, rung, alarm_rung, care_rung, complaints_rung })
    }

    /// Looks until the platform ends. While the tables fail nothing rings; what was written meanwhile rings after.
    pub(crate) async fn run(mut self) {
        let mut stop = self.core.stop.clone();
        let mut failing = false;
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = told(&mut stop) => return,
            }
            let looked = self.look().await;
            if let Err(fault) = &looked
                && !failing
            {
                tracing::error!(inside = chain(fault), "news of other processes is not seen");
            }
            failing = looked.is_err();
        }
    }

    async fn look(&mut self) -> Result<(), Fault> {
        let mut read = self.core.tables.read().await?;
        let changed = rows::changed(&mut read, self.rung).await?;
        let newest = alarms::newest(&mut read).await?;
        let care_rev = care::rev(&mut read).await?;
        let complaints_rev = complaints::rev(&mut read).await?;
        drop(read);
        if care_rev != self.care_rung {
            self.care_rung = care_rev;
            self.core.bells.care.ring();
        }
        if complaints_rev != self.complaints_rung {
            self.complaints_rung = complaints_rev;
            self.core.bells.complaints.ring();
        }
        if newest != self.alarm_rung {
            self.alarm_rung = newest;
            self.core.bells.alarms.ring();
        }
        for (terminal, cursor) in changed {
            self.core.bells.ring(terminal);
            self.rung = self.rung.max(cursor);
        }
        Ok(())
    }
}

/// Puts one thing a terminal has to know.
///
/// # Errors
/// `body` cannot be written as JSON, or the tables fail.
pub(crate) async fn put<T: serde::Serialize>(
    conn: &mut Conn,
    terminal: TerminalId,
    collection: Collection,
    key: &str,
    body: &T,
    now_ms: i64,
) -> Result<(), Fault> {
    let body = serde_json::to_value(body)?;
    let thing = rows::Thing { terminal, collection: collection.name(), key, op: FeedOp::Put, body: &body };
    rows::put(conn, &thing, now_ms).await
}

/// Takes one thing away; the terminal is told.
pub(crate) async fn remove(
    conn: &mut Conn,
    terminal: TerminalId,
    collection: Collection,
    key: &str,
    now_ms: i64,
) -> Result<(), Fault> {
    let body = serde_json::Value::Null;
    let thing = rows::Thing { terminal, collection: collection.name(), key, op: FeedOp::Del, body: &body };
    rows::put(conn, &thing, now_ms).await
}

/// The page after `since`, held back up to `wait_s` while it would be empty.
pub(crate) async fn page(
    core: &Core,
    device: DeviceId,
    terminal: TerminalId,
    since: u64,
    wait_s: u32,
) -> Result<Signed, ApiError> {
    let prev = previous(core, device, since).await?;
    let until = Instant::now() + Duration::from_secs(wait_s.min(WAIT_S_MAX).into());
    let bell = core.bells.of(terminal);
    let mut stop = core.stop.clone();
    let items = loop {
        let news = bell.notified();
        tokio::pin!(news);
        news.as_mut().enable();
        let mut read = core.tables.read().await?;
        let items = rows::after(&mut read, terminal, since, FEED_ITEMS_MAX).await?;
        drop(read);
        if !items.is_empty() || Instant::now() >= until {
            break items;
        }
        let _held = core.metrics.feed_held();
        tokio::select! {
            () = news => {}
            () = tokio::time::sleep_until(until) => {}
            () = told(&mut stop) => break items,
        }
    };
    let waiting = items.len();
    let items = fitting(items);
    let end = items.len() == waiting && waiting < FEED_ITEMS_MAX;
    let to = items.last().map_or(since, |item| item.cursor);
    let heads = if wait_s == 0 { Some(heads(core, device).await?) } else { None };
    let newest_key = (wait_s == 0).then(|| core.authority.chain.newest().digest());
    let server_ms = core.clock.now_ms();
    let page = FeedPage { device, from: since, to, prev, items, server_ms, end, heads, newest_key };
    let signed = Signed::seal("feed", &page, &core.authority.content).map_err(Fault::from)?;
    if to > since {
        let mut write = core.tables.write_for(terminal).await?;
        rows::put_page(&mut write, device, since, to, signed.digest()).await?;
        write.commit().await?;
    }
    Ok(signed)
}

/// How far each lane of the device is held; a stopped one is not asked for again.
async fn heads(core: &Core, device: DeviceId) -> Result<Vec<LaneHead>, Fault> {
    let mut read = core.tables.read().await?;
    let lanes = events::lanes(&mut read, device).await?;
    Ok(lanes
        .into_iter()
        .map(|(epoch, lane, row)| LaneHead { epoch, lane, acked_seq: row.acked_seq })
        .collect())
}

async fn previous(core: &Core, device: DeviceId, since: u64) -> Result<Digest, ApiError> {
    if since == 0 {
        return Ok(Digest::ZERO);
    }
    tables::column(since).map_err(|_| Code::FeedReset)?;
    let mut read = core.tables.read().await?;
    let held = rows::page(&mut read, device, since).await?;
    held.ok_or_else(|| Code::FeedReset.into())
}

/// The items that fit one page, at least one.
fn fitting(mut items: Vec<FeedItem>) -> Vec<FeedItem> {
    let mut bytes = 0;
    let fits = items.iter().take_while(|item| {
        bytes += item.body.to_string().len();
        bytes <= PAGE_BYTES_MAX
    });
    let kept = fits.count().max(1);
    items.truncate(kept);
    items
}
