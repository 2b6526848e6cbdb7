// SPDX-License-Identifier: GPL-3.0-only
//! Without network a call or request is kept and sent when there is one, and says so; it needs no camera and no person;
//! after a power cut it is where it was.
//!
//! 报告 (the calm call of the control room) and 申领报修. Both are the cell's: they name nobody. One of a kind is open at
//! a time: asking again while it is asks for the same thing.

pub(crate) mod screen;
mod tables;
#[cfg(test)]
mod tests;

use crate::{Done, Stop};
use contract::{
    CallMade, Event, EventId, ITEM_KINDS, ItemKind, ItemRequested, RequestState, RequestStatus, Stamp,
};
use store::{Delivery, Fault, Migration, Read, Write};
use tables::Row;

pub const MIGRATION: Migration = Migration { service: "request", steps: &[include_str!("tables/0001.sql")] };

/// A call nobody answered may be made again after this, in milliseconds.
const CALL_AGAIN_MS: i64 = 60_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// 报告.
    Call,
    /// 申领报修.
    Item(ItemKind),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The same was asked for, and is not done yet.
    Open,
}

/// Where a request has got to.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub made: Stamp,
    pub delivery: Delivery,
    pub status: Option<RequestStatus>,
}

/// The newest of each kind; none where there is none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct View {
    pub call: Option<Asked>,
    pub items: Vec<(ItemKind, Option<Asked>)>,
}

/// Somebody of the cell called or asked.
///
/// # Errors
/// [`Refusal::Open`], or the disk fails.
pub fn act(tx: &Write<'_>, intent: &Intent, now: &Stamp) -> Result<Done, Stop> {
    let item = match intent {
        Intent::Call => None,
        Intent::Item(item) => Some(*item),
    };
    if let Some(row) = tables::newest(tx, item)?.filter(is_open) {
        match item {
            // Pressed again in haste, it is the same call.
            None if now.since_ms(&row.made) < CALL_AGAIN_MS => {
                return Ok(Done { receipt: Some(row.event), refused: None });
            }
            None => {}
            Some(_) => return Err(crate::Refusal::Request(Refusal::Open).into()),
        }
    }
    let event = match item {
        None => tx.send(&Event::CallMade(CallMade { at: *now }), now)?,
        Some(item) => tx.send(&Event::ItemRequested(ItemRequested { at: *now, item }), now)?,
    };
    tables::add(tx, event, item, now)?;
    Ok(Done { receipt: Some(event), refused: None })
}

/// The platform answered.
///
/// # Errors
/// The disk fails.
pub fn apply(tx: &Write<'_>, status: &RequestStatus) -> Result<(), Fault> {
    tables::set_status(tx, status)
}

/// The platform took its word back.
///
/// # Errors
/// The disk fails.
pub fn answer_gone(tx: &Write<'_>, request: EventId) -> Result<(), Fault> {
    tables::clear_status(tx, request)
}

/// What the cell asked for.
///
/// # Errors
/// The disk fails.
pub fn view(read: &Read<'_>) -> Result<View, Fault> {
    let items = ITEM_KINDS.into_iter().map(|item| Ok((item, asked(read, Some(item))?)));
    Ok(View { call: asked(read, None)?, items: items.collect::<Result<_, Fault>>()? })
}

fn asked(read: &Read<'_>, item: Option<ItemKind>) -> Result<Option<Asked>, Fault> {
    let Some(row) = tables::newest(read, item)? else { return Ok(None) };
    // One whose event is forgotten was answered long ago.
    let Some(delivery) = read.delivery(row.event)? else { return Ok(None) };
    Ok(Some(Asked { made: row.made, delivery, status: row.status }))
}

fn is_open(row: &Row) -> bool {
    row.status.as_ref().is_none_or(|status| match status.state {
        RequestState::Accepted => true,
        RequestState::Done | RequestState::Declined => false,
    })
}
