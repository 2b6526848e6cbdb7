// SPDX-License-Identifier: GPL-3.0-only
//! What an event changes: the roll calls the desk sees, who is out of the cell, notices, facts of a person.
//!
//! An effect touches only what belongs to the terminal the event came from, and the books and the shop's stock where it is
//! about money. A result is written once; whatever speaks of a person who is not of the cell is parked.

use crate::alarms::{self, AlarmKind};
use crate::tables::duty::{Fact, FactKind};
use crate::tables::roll_calls::{self as rows, NoticeKind, Origin};
use crate::tables::{Conn, devices, feed as truth, requests};
use crate::{Fault, appointments, care, complaints, disputes, documents, duty, feed, orders};
use contract::{
    CameraState, Collection, DetaineeId, DeviceTrouble, Direction, Event, FeedOp, Member, Movement, Out,
    ROSTER_MAX, RollCallResult, Stamp, Turn,
};

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It had its effect; with `news`, the terminal's feed changed.
    Done { news: bool },
    /// It has none, and why; a person has to look.
    Parked(&'static str),
    /// A final no with its code, for whoever said it; nothing is changed.
    Rejected(&'static str),
}

const QUIET: Effect = Effect::Done { news: false };
const NEWS: Effect = Effect::Done { news: true };

/// Has the event's effect inside the caller's transaction. `at` is the envelope's time.
pub(crate) async fn apply(
    conn: &mut Conn,
    origin: &Origin,
    event: &Event,
    at: Stamp,
) -> Result<Effect, Fault> {
    match event {
        Event::AlarmRaised(alarm) => {
            alarms::second_way(conn, origin, alarm.at).await?;
            Ok(QUIET)
        }
        Event::PanicRaised(raised) => {
            alarms::pressed(conn, origin, raised).await?;
            Ok(QUIET)
        }
        Event::PanicFine(fine) => known(alarms::fine(conn, origin, fine.alarm).await?),
        Event::PanicAttended(fact) => known(alarms::attended(conn, origin, fact.alarm, fact.officer).await?),
        Event::CaseChanged(changed) => {
            alarms::case(conn, origin, changed.change, changed.at).await?;
            Ok(QUIET)
        }
        Event::CallMade(call) => {
            alarms::raise(conn, origin, AlarmKind::Call, "", call.at).await?;
            Ok(QUIET)
        }
        Event::ItemRequested(request) => {
            requests::put(conn, origin, request.item, request.at).await?;
            Ok(QUIET)
        }
        Event::CameraStateChanged(change) => {
            // The camera may have said something newer since.
            if !origin.again {
                devices::set_camera(conn, origin.terminal, change.state, change.at.wall_ms).await?;
                alarms::camera(conn, origin, change.state, change.at).await?;
            }
            Ok(QUIET)
        }
        Event::DeviceTroubled(troubled) => {
            rows::put_notice(conn, origin, NoticeKind::Trouble, trouble_name(troubled.trouble), troubled.at)
                .await?;
            tracing::error!(terminal = %origin.terminal, trouble = ?troubled.trouble, "a terminal is in trouble");
            Ok(QUIET)
        }
        Event::DeviceHealth(health) => {
            devices::put_health(conn, origin.device, health, origin.received_ms).await?;
            Ok(QUIET)
        }
        Event::RollCallProgress(progress) => {
            if progress.lines.len() > ROSTER_MAX {
                return Ok(Effect::Parked("too_many_lines"));
            }
            rows::put_progress(conn, origin, progress).await?;
            Ok(QUIET)
        }
        Event::RollCallResult(result) => take_result(conn, origin, result).await,
        Event::RollCallSupplement(supplement) => {
            let call = rows::roll_call(conn, origin.terminal, supplement.call).await?;
            if call.is_none_or(|call| call.result.is_none()) {
                return Ok(Effect::Parked("supplement_without_result"));
            }
            rows::put_supplement(conn, origin, supplement).await?;
            Ok(QUIET)
        }
        Event::Movement(movement) => take_movement(conn, origin, movement).await,
        Event::OneLeft(_) => {
            rows::put_notice(conn, origin, NoticeKind::OneLeft, "", at).await?;
            Ok(QUIET)
        }
        Event::PinIssued(fact) => {
            let Some(mut member) = member(conn, origin, fact.detainee).await? else {
                return Ok(Effect::Parked("not_of_this_cell"));
            };
            rows::put_person_fact(conn, origin, fact.detainee, event.kind(), fact).await?;
            // The newer PIN is known to the terminal alone; sending the older one again would bring it back.
            if member.pin.take().is_none() {
                return Ok(QUIET);
            }
            put_member(conn, origin, &member).await
        }
        Event::TemplateMade(fact) => {
            if member(conn, origin, fact.detainee).await?.is_none() {
                return Ok(Effect::Parked("not_of_this_cell"));
            }
            rows::put_person_fact(conn, origin, fact.detainee, event.kind(), fact).await?;
            Ok(QUIET)
        }
        Event::DutySignedOn(said) => {
            duty::of_person(conn, origin, &fact(FactKind::SignOn, said.turn, said.detainee, said.at, said))
                .await
        }
        Event::DutyConfirmed(said) => {
            duty::of_person(conn, origin, &fact(FactKind::Confirm, said.turn, said.detainee, said.at, said))
                .await
        }
        Event::DutyHandedOver(said) => {
            duty::of_person(conn, origin, &fact(FactKind::Handover, said.turn, said.detainee, said.at, said))
                .await
        }
        Event::DutyUnwell(said) => {
            duty::of_person(conn, origin, &fact(FactKind::Unwell, said.turn, said.detainee, said.at, said))
                .await
        }
        Event::DutySwapAsked(said) => {
            let turn = said.swap.first_turn;
            duty::of_person(conn, origin, &fact(FactKind::Swap, turn, said.swap.first, said.at, said)).await
        }
        Event::DutyGap(gap) => duty::take_gap(conn, origin, gap).await,
        Event::DutyOfficerChecked(checked) => duty::take_check(conn, origin, checked).await,
        Event::CareReported(reported) => care::reported(conn, origin, reported).await,
        Event::CareSaid(said) => care::said(conn, origin, said).await,
        Event::CareNudged(nudged) => care::nudged(conn, origin, nudged).await,
        Event::CareDanger(danger) => {
            let found = match danger.detainee {
                Some(detainee) => member(conn, origin, detainee).await?,
                None => None,
            };
            care::danger(conn, origin, danger, found.as_ref()).await?;
            Ok(QUIET)
        }
        Event::CareKeyMade(made) => care::key_made(conn, origin, made).await,
        Event::OrderPlaced(placed) => orders::placed(conn, origin, placed).await,
        Event::OrderCancelled(cancelled) => orders::cancelled(conn, origin, cancelled).await,
        Event::OrderReceived(received) => orders::received(conn, origin, received).await,
        Event::LineDisputed(said) => disputes::line(conn, origin, said).await,
        Event::FreezeObjected(said) => disputes::freeze(conn, origin, said).await,
        Event::ComplaintSealed(sealed) => complaints::sealed(conn, origin, sealed).await,
        Event::ComplaintCount(count) => Ok(complaints::counted(count)),
        Event::AppointmentRequested(asked) => {
            if member(conn, origin, asked.detainee).await?.is_none() {
                return Ok(Effect::Parked("not_of_this_cell"));
            }
            appointments::requested(conn, origin, asked).await
        }
        Event::AppointmentSaid(said) => appointments::said(conn, origin, said).await,
        Event::DocumentSigned(said) => documents::signed(conn, origin, said).await,
        Event::DocumentDeclined(said) => documents::declined(conn, origin, said).await,
        // An erasure is also reported of someone who has left the cell.
        Event::TemplateErased(fact) => {
            rows::put_person_fact(conn, origin, fact.detainee, event.kind(), fact).await?;
            Ok(QUIET)
        }
    }
}

/// A word about an alarm the platform does not have waits for somebody to look.
fn known(known: bool) -> Result<Effect, Fault> {
    Ok(if known { QUIET } else { Effect::Parked("alarm_unknown") })
}

fn fact<T>(kind: FactKind, turn: Turn, detainee: DetaineeId, at: Stamp, body: &T) -> Fact<'_, T> {
    Fact { kind, turn: Some(turn), number: 0, detainee: Some(detainee), at, body }
}

/// A camera's state as a code.
pub(crate) fn camera_name(state: CameraState) -> &'static str {
    match state {
        CameraState::Working => "working",
        CameraState::Covered => "covered",
        CameraState::Stalled => "stalled",
        CameraState::Unplugged => "unplugged",
        CameraState::Missing => "missing",
    }
}

fn trouble_name(trouble: DeviceTrouble) -> &'static str {
    match trouble {
        DeviceTrouble::StoreDamaged { .. } => "store_damaged",
        DeviceTrouble::LaneForked { .. } => "lane_forked",
        DeviceTrouble::Quarantined { .. } => "quarantined",
    }
}

async fn take_result(conn: &mut Conn, origin: &Origin, result: &RollCallResult) -> Result<Effect, Fault> {
    if result.lines.len() > ROSTER_MAX || result.extra.len() > ROSTER_MAX {
        return Ok(Effect::Parked("too_many_lines"));
    }
    let total = result.total;
    let adds_up = total.assigned.checked_sub(total.out) == Some(total.expected)
        && total.present.checked_add(total.not_seen) == Some(total.expected);
    if !adds_up {
        return Ok(Effect::Parked("total"));
    }
    if rows::put_result(conn, origin, result).await? {
        Ok(QUIET)
    } else {
        Ok(Effect::Parked("second_result"))
    }
}

async fn take_movement(conn: &mut Conn, origin: &Origin, movement: &Movement) -> Result<Effect, Fault> {
    let Some(mut member) = member(conn, origin, movement.detainee).await? else {
        return Ok(Effect::Parked("not_of_this_cell"));
    };
    let overtaken = origin.again && rows::moved_since(conn, origin, movement.detainee).await?;
    rows::put_movement(conn, origin, movement.detainee, movement).await?;
    if overtaken {
        return Ok(QUIET);
    }
    member.out = match movement.direction {
        Direction::TakeOut => Some(Out {
            reason: movement.reason,
            since_ms: movement.at.wall_ms,
            officer: Some(movement.officer),
        }),
        Direction::Return => None,
    };
    put_member(conn, origin, &member).await
}

/// The person as this terminal's cell has them; none if they are not of it.
async fn member(conn: &mut Conn, origin: &Origin, id: DetaineeId) -> Result<Option<Member>, Fault> {
    let item = truth::get(conn, origin.terminal, Collection::Member, &id.to_string()).await?;
    let Some(item) = item.filter(|item| item.op == FeedOp::Put) else { return Ok(None) };
    serde_json::from_value(item.body).map(Some).map_err(|_| Fault::Stored("member"))
}

async fn put_member(conn: &mut Conn, origin: &Origin, member: &Member) -> Result<Effect, Fault> {
    let key = member.id.to_string();
    feed::put(conn, origin.terminal, Collection::Member, &key, member, origin.now_ms).await?;
    Ok(NEWS)
}
