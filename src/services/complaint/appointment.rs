// SPDX-License-Identifier: GPL-3.0-only
//! 约见: whom somebody asks to see, in the open. The platform says where it stands; the person accepts a time, and says
//! whether it took place. The clock that runs is that of passing the request on: the law's where it sets one.

use super::{Refusal, tables};
use crate::{Stop, Taken, policy};
use contract::{
    APPOINTMENT_SLOTS_MAX, AppointmentRequested, AppointmentSaid, AppointmentState, AppointmentStatus,
    AppointmentWith, AppointmentWord, DetaineeId, Event, EventId, Stamp,
};
use serde::{Deserialize, Serialize};
use store::{Delivery, Fault, Read, Write};

/// Requests that are kept; of more, the oldest that reached the platform go.
const REQUESTS_MAX: usize = 300;
const HOUR_MS: i64 = 3_600_000;

/// A request as it is kept, under the device's seal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) detainee: DetaineeId,
    pub(super) with: AppointmentWith,
    pub(super) made: Stamp,
    pub(super) status: Option<AppointmentStatus>,
    /// What the person said last.
    pub(super) said: Option<AppointmentWord>,
}

/// A person's own request.
#[derive(Debug, Clone, PartialEq)]
pub struct AppointmentView {
    pub request: EventId,
    pub with: AppointmentWith,
    pub made: Stamp,
    pub delivery: Option<Delivery>,
    pub status: Option<AppointmentStatus>,
    pub said: Option<AppointmentWord>,
    /// Until when it must have been passed on.
    pub forward_due_ms: i64,
    pub is_overdue: bool,
    /// Until when the lawyer must be let in, from the lawyer's own request.
    pub lawyer_due_ms: Option<i64>,
}

impl AppointmentView {
    /// Neither seen, nor declined, nor taken back.
    pub fn is_open(&self) -> bool {
        is_open(self.status.as_ref(), self.said)
    }

    /// The time that is agreed.
    pub fn booked_ms(&self) -> Option<i64> {
        self.status.as_ref().and_then(booked_ms)
    }
}

/// Somebody asks to see somebody.
pub(super) fn ask(
    tx: &Write<'_>,
    detainee: DetaineeId,
    with: AppointmentWith,
    now: &Stamp,
) -> Result<EventId, Stop> {
    let all = tables::appointments(tx)?;
    let open = |kept: &Kept| {
        kept.detainee == detainee && kept.with == with && is_open(kept.status.as_ref(), kept.said)
    };
    if all.iter().any(|(_, kept)| open(kept)) {
        return Err(Refusal::Already.into());
    }
    let event =
        tx.send(&Event::AppointmentRequested(AppointmentRequested { at: *now, detainee, with }), now)?;
    tables::put_appointment(tx, event, &Kept { detainee, with, made: *now, status: None, said: None })?;
    for (request, _) in all.iter().take((all.len() + 1).saturating_sub(REQUESTS_MAX)) {
        if !matches!(tx.delivery(*request)?, Some(Delivery::Saved)) {
            tables::delete_appointment(tx, *request)?;
        }
    }
    Ok(event)
}

/// What the person says to their own request.
pub(super) fn say(
    tx: &Write<'_>,
    detainee: DetaineeId,
    request: EventId,
    said: AppointmentWord,
    now: &Stamp,
) -> Result<EventId, Stop> {
    let kept = tables::appointments(tx)?.into_iter().find(|(event, _)| *event == request);
    let own = kept.filter(|(_, kept)| kept.detainee == detainee);
    let (_, kept) = own.ok_or(Stop::from(Refusal::NotYours))?;
    if !is_open(kept.status.as_ref(), kept.said) {
        return Err(Refusal::Already.into());
    }
    let status = kept.status.as_ref();
    let fits = match said {
        AppointmentWord::Accept { slot } => {
            status.is_some_and(|status| status.slots.iter().any(|one| one.slot == slot))
        }
        AppointmentWord::OtherTime => status.is_some_and(|status| !status.slots.is_empty()),
        AppointmentWord::TookPlace | AppointmentWord::DidNotTakePlace => {
            status.and_then(booked_ms).is_some_and(|booked_ms| now.wall_ms >= booked_ms)
        }
        AppointmentWord::Withdrawn => true,
    };
    if !fits {
        return Err(Refusal::NotYours.into());
    }
    let event =
        tx.send(&Event::AppointmentSaid(AppointmentSaid { at: *now, detainee, request, said }), now)?;
    tables::put_appointment(tx, request, &Kept { said: Some(said), ..kept })?;
    Ok(event)
}

/// The platform's word. Of a request that is not of this terminal nobody here asks.
pub(super) fn take(tx: &Write<'_>, status: &AppointmentStatus) -> Result<Taken, Fault> {
    if status.slots.len() > APPOINTMENT_SLOTS_MAX {
        return Ok(Taken::SetAside("too many times"));
    }
    let kept = tables::appointments(tx)?.into_iter().find(|(event, _)| *event == status.request);
    if let Some((request, kept)) = kept {
        tables::put_appointment(tx, request, &Kept { status: Some(status.clone()), ..kept })?;
    }
    Ok(Taken::Yes)
}

/// A person's own requests, the newest first.
pub(super) fn own(read: &Read<'_>, viewer: DetaineeId, now: &Stamp) -> Result<Vec<AppointmentView>, Fault> {
    let (_, policy) = policy(read)?;
    let policy = &policy.appointment;
    let mut own = Vec::new();
    for (request, kept) in tables::appointments(read)?.into_iter().rev() {
        if kept.detainee != viewer {
            continue;
        }
        let forward_ms = i64::from(kept.with.forward_h(policy)) * HOUR_MS;
        let forward_due_ms = kept.made.wall_ms.saturating_add(forward_ms);
        let passed_on = kept.status.as_ref().is_some_and(|status| {
            status.forwarded_ms.is_some() || !status.slots.is_empty() || status.booked.is_some()
        });
        let lawyer_asked_ms = kept.status.as_ref().and_then(|status| status.lawyer_asked_ms);
        own.push(AppointmentView {
            request,
            with: kept.with,
            made: kept.made,
            delivery: read.delivery(request)?,
            is_overdue: !passed_on
                && is_open(kept.status.as_ref(), kept.said)
                && now.wall_ms >= forward_due_ms,
            status: kept.status,
            said: kept.said,
            forward_due_ms,
            lawyer_due_ms: lawyer_asked_ms
                .map(|asked_ms| asked_ms.saturating_add(i64::from(policy.lawyer_meeting_h) * HOUR_MS)),
        });
    }
    Ok(own)
}

/// Somebody left the cell: what they asked for is not shown here any more.
pub(super) fn member_gone(tx: &Write<'_>, detainee: DetaineeId) -> Result<(), Fault> {
    for (request, kept) in tables::appointments(tx)? {
        if kept.detainee == detainee {
            tables::delete_appointment(tx, request)?;
        }
    }
    Ok(())
}

fn booked_ms(status: &AppointmentStatus) -> Option<i64> {
    let booked = status.booked?;
    status.slots.iter().find(|one| one.slot == booked).map(|one| one.from_ms)
}

fn is_open(status: Option<&AppointmentStatus>, said: Option<AppointmentWord>) -> bool {
    let ended = match said {
        Some(AppointmentWord::TookPlace | AppointmentWord::Withdrawn) => true,
        Some(
            AppointmentWord::Accept { .. } | AppointmentWord::OtherTime | AppointmentWord::DidNotTakePlace,
        )
        | None => false,
    };
    let over = status.is_some_and(|status| match status.state {
        AppointmentState::TookPlace | AppointmentState::Declined | AppointmentState::Withdrawn => true,
        AppointmentState::Accepted
        | AppointmentState::Forwarded
        | AppointmentState::Offered
        | AppointmentState::Booked => false,
    });
    !ended && !over
}
