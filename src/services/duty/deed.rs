// SPDX-License-Identifier: GPL-3.0-only
//! What a person does with their face, their PIN, or an officer's word: signs on, confirms, hands over, agrees to a
//! swap. Whoever is not seen by the camera is offered the next way; nothing is decided against them.

use super::{Deed, Intent, KEPT, Matter, PersonRow, Place, Refusal, TurnRow, rota, tables};
use crate::session::{self, Subject};
use crate::{Actor, Done, Stop, cell};
use contract::{
    CheckReason, DetaineeId, DutyConfirmed, DutyHandedOver, DutySignedOn, DutySwapAsked, Event, EventId, How,
    Stamp, Swap,
};
use store::{Fault, Read, Write};

/// How far ahead a turn may be swapped, in milliseconds: two weeks.
const SWAP_AHEAD_MS: i64 = 14 * 86_400_000;

pub(super) fn act(tx: &Write<'_>, actor: Actor, intent: &Intent, now: &Stamp) -> Result<Done, Stop> {
    match intent {
        Intent::Seen { detainee, deed, score, liveness, challenged, model } => {
            let (score, liveness, challenged) = (*score, *liveness, *challenged);
            let how = How::Face { score, liveness, challenged, model: model.clone() };
            let event = carry_out(tx, *detainee, deed, how, now)?;
            session::template_used(tx, *detainee, true, now)?;
            Ok(Done { receipt: event, refused: None })
        }
        Intent::NotMatched { detainee } => {
            session::template_used(tx, *detainee, false, now)?;
            for row in tables::active(tx)? {
                for mut person in tables::people(tx, row.turn)? {
                    if person.detainee == *detainee {
                        person.tries = person.tries.saturating_add(1);
                        tables::put_person(tx, row.turn, &person)?;
                    }
                }
            }
            Ok(Done::default())
        }
        Intent::EnterPin { detainee, deed, pin } => {
            // Refused before the PIN is tried: nobody uses up tries on what they may not do.
            allowed(tx, *detainee, deed, now)?;
            let policy = crate::policy(tx)?.1;
            match session::try_pin(tx, Subject::Detainee(*detainee), pin, &policy.session, now)? {
                Ok(()) => {
                    let chosen = tries(tx, *detainee)? < policy.roll_call.tries_max;
                    let event = carry_out(tx, *detainee, deed, How::Pin { chosen }, now)?;
                    Ok(Done { receipt: event, refused: None })
                }
                Err(refusal) => Ok(Done { receipt: None, refused: Some(crate::Refusal::Session(refusal)) }),
            }
        }
        Intent::Check { detainee, deed, reason } => {
            let officer = actor.officer()?;
            if matches!(reason, CheckReason::Typed(words) if words.is_empty()) {
                return Err(Refusal::ReasonMissing.into());
            }
            let how = How::OfficerCheck { officer, reason: reason.clone() };
            let event = carry_out(tx, *detainee, deed, how, now)?;
            Ok(Done { receipt: event, refused: None })
        }
        Intent::Unwell { .. } | Intent::Answer { .. } => Err(Refusal::NotNow.into()),
    }
}

/// Tries at the camera for what is asked of this person.
pub(super) fn tries(read: &Read<'_>, detainee: DetaineeId) -> Result<u8, Fault> {
    let mut tries = 0;
    for row in tables::active(read)? {
        let people = tables::people(read, row.turn)?;
        tries = people.iter().filter(|p| p.detainee == detainee).map(|p| p.tries).fold(tries, u8::max);
    }
    Ok(tries)
}

/// The turn and the person's place in it, where the deed may be done.
fn allowed(
    tx: &Write<'_>,
    detainee: DetaineeId,
    deed: &Deed,
    now: &Stamp,
) -> Result<Option<(TurnRow, PersonRow)>, Stop> {
    if let Deed::Swap(swap) = deed {
        swappable(tx, swap, detainee, now)?;
        return Ok(None);
    }
    let policy = crate::policy(tx)?.1.duty;
    let mut why = Refusal::NotYourTurn;
    for row in tables::active(tx)? {
        let people = tables::people(tx, row.turn)?;
        let Some(person) = people.into_iter().find(|p| p.detainee == detainee && p.place != Place::Left)
        else {
            continue;
        };
        let verdict = match deed {
            Deed::SignOn if !row.takes_sign_on() => Err(Refusal::NotNow),
            Deed::SignOn if person.place == Place::On => Err(Refusal::Already),
            Deed::SignOn => Ok(()),
            Deed::Confirm if row.asks(&person) => Ok(()),
            Deed::Confirm if row.asked > 0 && person.confirmed >= row.asked => Err(Refusal::Already),
            Deed::Confirm => Err(Refusal::NotNow),
            Deed::HandOver { .. } if person.place != Place::On => Err(Refusal::NotNow),
            Deed::HandOver { .. } if row.handed_over.is_some() => Err(Refusal::Already),
            Deed::HandOver { .. } if row.takes_handover(&policy, now) => Ok(()),
            Deed::HandOver { .. } => Err(Refusal::NotNow),
            Deed::Swap(_) => Err(Refusal::NoSuchSwap),
        };
        match verdict {
            Ok(()) => return Ok(Some((row, person))),
            Err(refusal) => why = refusal,
        }
    }
    Err(why.into())
}

fn carry_out(
    tx: &Write<'_>,
    detainee: DetaineeId,
    deed: &Deed,
    how: How,
    now: &Stamp,
) -> Result<Option<EventId>, Stop> {
    let Some((mut row, mut person)) = allowed(tx, detainee, deed, now)? else {
        let Deed::Swap(swap) = deed else { return Err(Refusal::NotNow.into()) };
        return agree(tx, swap, detainee, how, now);
    };
    let turn = row.turn;
    let event = match deed {
        Deed::SignOn => {
            let (instead_of, repeated) = (person.instead_of, row.repeated);
            person.place = Place::On;
            // What was asked before is not asked of this person.
            person.confirmed = row.asked;
            let fact = DutySignedOn { turn, detainee, instead_of, at: *now, repeated, how };
            tx.send(&Event::DutySignedOn(fact), now)?
        }
        Deed::Confirm => {
            person.confirmed = row.asked;
            let fact = DutyConfirmed { turn, detainee, number: row.asked, at: *now, how };
            tx.send(&Event::DutyConfirmed(fact), now)?
        }
        Deed::HandOver { remark } => {
            let fact = DutyHandedOver { turn, detainee, remark: remark.clone(), at: *now, how };
            let event = tx.send(&Event::DutyHandedOver(fact), now)?;
            row.handed_over = Some(event);
            let matter = Matter::Handover { turn, detainee, remark: remark.clone(), at: *now };
            tables::put_matter(tx, event, &matter, KEPT)?;
            event
        }
        Deed::Swap(_) => return Err(Refusal::NoSuchSwap.into()),
    };
    person.tries = 0;
    tables::put_person(tx, turn, &person)?;
    row.rebase(now);
    tables::put_turn(tx, &row)?;
    Ok(Some(event))
}

/// Both turns are still to come and are these two people's, who are both of the cell.
fn swappable(read: &Read<'_>, swap: &Swap, detainee: DetaineeId, now: &Stamp) -> Result<(), Stop> {
    let of_cell = |id: DetaineeId| -> Result<bool, Fault> {
        let roster = cell::roster(read)?;
        Ok(roster.iter().any(|p| p.member.id == id && p.out.is_none() && p.member.exempt.is_none()))
    };
    let two = swap.first != swap.second && swap.first_turn != swap.second_turn;
    let one_of_them = detainee == swap.first || detainee == swap.second;
    if !two || !one_of_them || !of_cell(swap.first)? || !of_cell(swap.second)? {
        return Err(Refusal::NoSuchSwap.into());
    }
    let rotas = tables::rotas(read)?;
    let now_ms = super::passing::wall_ms(&tables::active(read)?, now);
    let swaps = super::swaps(read)?;
    let ahead = rota::planned(&rotas, now_ms, now_ms.saturating_add(SWAP_AHEAD_MS));
    for (turn, whose) in [(swap.first_turn, swap.first), (swap.second_turn, swap.second)] {
        let theirs = ahead.iter().any(|p| p.turn == turn && p.people(&swaps).contains(&whose));
        if !theirs || tables::was_opened(read, turn)? {
            return Err(Refusal::NoSuchSwap.into());
        }
    }
    let asked = tables::matters(read)?.into_iter().any(|row| row.matter == Matter::Swap(*swap));
    if asked { Err(Refusal::Already.into()) } else { Ok(()) }
}

/// The first agreement is kept; the second sends both to the officer.
fn agree(
    tx: &Write<'_>,
    swap: &Swap,
    detainee: DetaineeId,
    how: How,
    now: &Stamp,
) -> Result<Option<EventId>, Stop> {
    if detainee == swap.first {
        tables::put_agreed(tx, swap, &how, KEPT)?;
        return Ok(None);
    }
    let first_how = tables::agreed(tx, swap)?.ok_or(Refusal::NoSuchSwap)?;
    let fact = DutySwapAsked { swap: *swap, at: *now, first_how, second_how: how };
    let event = tx.send(&Event::DutySwapAsked(fact), now)?;
    tables::forget_agreed(tx, swap)?;
    tables::put_matter(tx, event, &Matter::Swap(*swap), KEPT)?;
    Ok(Some(event))
}
