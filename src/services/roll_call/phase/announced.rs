// SPDX-License-Identifier: GPL-3.0-only
//! Announced: everybody hears and sees that it is about to begin. Ends by itself, or when an officer says so.

use crate::roll_call::{CallRow, Intent, Refusal, tables};
use crate::{Actor, Done, Stop};
use contract::{CallId, OfficerId, Phase, Stamp, Text};
use store::{Fault, Write};

/// Announces a roll call; its lines are made from the roster by the reconciliation that follows.
pub(in crate::roll_call) fn begin(
    tx: &Write<'_>,
    call: CallId,
    title: Text<32>,
    begun_by: Option<OfficerId>,
    policy_rev: u64,
    now: &Stamp,
) -> Result<(), Fault> {
    let call = CallRow {
        call,
        title,
        begun_by,
        phase: Phase::Announced,
        round: 1,
        policy_rev,
        opened: *now,
        since: *now,
        current: None,
        current_since: *now,
        recounts: 0,
        strangers: 0,
    };
    tables::put_call(tx, &call)
}

/// The announcement is over.
pub(in crate::roll_call) fn open(call: &mut CallRow, now: &Stamp) {
    call.phase = Phase::Open;
    call.since = *now;
}

pub(in crate::roll_call) fn act(
    tx: &Write<'_>,
    call: &mut CallRow,
    actor: Actor,
    intent: &Intent,
    now: &Stamp,
) -> Result<Done, Stop> {
    if *intent != Intent::OpenNow {
        return Err(Refusal::NotNow.into());
    }
    actor.officer()?;
    open(call, now);
    let (_, policy) = crate::policy(tx)?;
    super::calling::go_on(tx, call, &policy.roll_call, now)?;
    Ok(Done::default())
}
