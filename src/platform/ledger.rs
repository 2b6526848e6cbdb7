// SPDX-License-Identifier: GPL-3.0-only
//! 电子台账: what officers did, at the desk and at terminals, by person, business, event, time and place.
//!
//! Nobody's name stands in it but officers': an event is named by its number, and what it says of people is on its own
//! page. Made from what is kept, when it is asked for. Limits: [`LINES_MAX`] lines of each source, the newest; it says so
//! when there may be more.

use crate::Fault;
use crate::audit::Business;
use crate::tables::ledger::{self as rows, Act};
use crate::tables::{Conn, audit, roll_calls};
use contract::{Direction, Event, How, OfficerId, Outcome, RollCallResult, RollCallSupplement};
use serde::Serialize;
use std::collections::HashMap;

/// Most lines of each source.
pub(crate) const LINES_MAX: usize = 5000;

/// What is asked for; each end of the time is included but the last millisecond's next.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    pub(crate) from_ms: i64,
    pub(crate) to_ms: i64,
    /// A part of an officer's or user's name.
    pub(crate) person: String,
    pub(crate) business: Option<Business>,
}

/// One thing an officer did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Entry {
    pub(crate) at_ms: i64,
    pub(crate) person: String,
    /// Empty where it was done at a terminal.
    pub(crate) post: String,
    pub(crate) business: Business,
    pub(crate) action: String,
    pub(crate) place: String,
    /// A call, an event, a terminal, a user.
    pub(crate) object: String,
    pub(crate) result: String,
    pub(crate) at_terminal: bool,
}

/// What was done, newest first, and whether there may be more.
pub(crate) struct Ledger {
    pub(crate) entries: Vec<Entry>,
    pub(crate) cut: bool,
}

/// Makes the ledger of what is asked for.
pub(crate) async fn make(conn: &mut Conn, asked: &Asked) -> Result<Ledger, Fault> {
    let mut entries = Vec::new();
    let lines = audit::done(conn, asked.from_ms, asked.to_ms, LINES_MAX).await?;
    let mut cut = lines.len() == LINES_MAX;
    entries.extend(lines.into_iter().map(|line| Entry {
        at_ms: line.at_ms,
        person: line.name,
        post: line.post,
        business: Business::of(&line.business).unwrap_or(Business::Other),
        action: line.action,
        place: line.place,
        object: line.object,
        result: line.result,
        at_terminal: false,
    }));
    let mut names = HashMap::new();
    for act in rows::acts(conn, asked.from_ms, LINES_MAX, &mut cut).await? {
        for (officer, business, action, at_ms) in deeds(&act)? {
            let person = match names.get(&officer) {
                Some(name) => String::clone(name),
                None => {
                    let found = roll_calls::person(conn, &officer.to_string()).await?;
                    let name = found.map_or_else(|| officer.to_string(), |(name, _)| name);
                    names.insert(officer, name.clone());
                    name
                }
            };
            entries.push(Entry {
                at_ms,
                person,
                post: String::new(),
                business,
                action: action.to_owned(),
                place: act.place.clone(),
                object: act.object.clone(),
                result: "done".to_owned(),
                at_terminal: true,
            });
        }
    }
    entries.retain(|entry| {
        (asked.from_ms..asked.to_ms).contains(&entry.at_ms)
            && entry.person.contains(&asked.person)
            && asked.business.is_none_or(|business| business == entry.business)
    });
    entries.sort_by(|a, b| b.at_ms.cmp(&a.at_ms).then_with(|| a.object.cmp(&b.object)));
    Ok(Ledger { entries, cut })
}

/// An officer, what they did, and when, as the terminal believed it.
type Deed = (OfficerId, Business, &'static str, i64);

/// What officers did by one thing a terminal told of.
fn deeds(act: &Act) -> Result<Vec<Deed>, Fault> {
    if act.kind == rows::RESULT {
        return Ok(of_result(&serde_json::from_str(&act.body).map_err(|_| Fault::Stored("result"))?));
    }
    if act.kind == rows::SUPPLEMENT {
        let supplement: RollCallSupplement =
            serde_json::from_str(&act.body).map_err(|_| Fault::Stored("supplement"))?;
        let at_ms = supplement.line.at.wall_ms;
        return Ok(vec![(supplement.officer, Business::RollCall, "supplement", at_ms)]);
    }
    Ok(match Event::decode(&act.kind, &act.body).map_err(|_| Fault::Stored("event"))? {
        Event::Movement(movement) => {
            let action = match movement.direction {
                Direction::TakeOut => "take_out",
                Direction::Return => "return",
            };
            vec![(movement.officer, Business::Movement, action, movement.at.wall_ms)]
        }
        Event::PinIssued(fact) => vec![(fact.officer, Business::Identity, "pin_issued", fact.at.wall_ms)],
        Event::TemplateMade(fact) => {
            vec![(fact.officer, Business::Identity, "template_made", fact.at.wall_ms)]
        }
        Event::PanicAttended(fact) => {
            vec![(fact.officer, Business::Alarm, "alarm_attended", fact.at.wall_ms)]
        }
        Event::DutySignedOn(fact) => of_check(&fact.how, fact.at.wall_ms),
        Event::DutyConfirmed(fact) => of_check(&fact.how, fact.at.wall_ms),
        Event::DutyHandedOver(fact) => of_check(&fact.how, fact.at.wall_ms),
        Event::DutySwapAsked(fact) => {
            let at_ms = fact.at.wall_ms;
            [of_check(&fact.first_how, at_ms), of_check(&fact.second_how, at_ms)].concat()
        }
        Event::DutyOfficerChecked(fact) => {
            vec![(fact.officer, Business::Duty, "duty_answer", fact.at.wall_ms)]
        }
        // The terminal does it, or nobody in particular: no officer stands in it.
        Event::TemplateErased(_)
        | Event::AlarmRaised(_)
        | Event::PanicRaised(_)
        | Event::PanicFine(_)
        | Event::CaseChanged(_)
        | Event::CallMade(_)
        | Event::ItemRequested(_)
        | Event::CameraStateChanged(_)
        | Event::DeviceTroubled(_)
        | Event::DeviceHealth(_)
        | Event::RollCallProgress(_)
        | Event::RollCallResult(_)
        | Event::RollCallSupplement(_)
        | Event::DutyUnwell(_)
        | Event::DutyGap(_)
        | Event::CareReported(_)
        | Event::CareSaid(_)
        | Event::CareNudged(_)
        | Event::CareDanger(_)
        | Event::CareKeyMade(_)
        | Event::OrderPlaced(_)
        | Event::OrderCancelled(_)
        | Event::OrderReceived(_)
        | Event::LineDisputed(_)
        | Event::FreezeObjected(_)
        | Event::ComplaintSealed(_)
        | Event::ComplaintCount(_)
        | Event::AppointmentRequested(_)
        | Event::AppointmentSaid(_)
        | Event::DocumentSigned(_)
        | Event::DocumentDeclined(_)
        | Event::OneLeft(_) => Vec::new(),
    })
}

/// An officer looked at somebody on duty.
fn of_check(how: &How, at_ms: i64) -> Vec<Deed> {
    match how {
        How::OfficerCheck { officer, .. } => vec![(*officer, Business::Duty, "officer_check", at_ms)],
        How::Face { .. } | How::Pin { .. } => Vec::new(),
    }
}

fn of_result(result: &RollCallResult) -> Vec<Deed> {
    let did = |officer, action, at_ms| (officer, Business::RollCall, action, at_ms);
    let begun = result.begun_by.map(|officer| did(officer, "begin", result.opened.wall_ms));
    let lines = result.lines.iter().filter_map(|line| match &line.outcome {
        Outcome::Present(How::OfficerCheck { officer, .. }) => {
            Some(did(*officer, "officer_check", line.at.wall_ms))
        }
        Outcome::NotSeen { officer, .. } => Some(did(*officer, "not_seen", line.at.wall_ms)),
        Outcome::Present(How::Face { .. } | How::Pin { .. }) | Outcome::Out { .. } => None,
    });
    let extra = result.extra.iter().map(|extra| did(extra.officer, "extra", extra.at.wall_ms));
    let signed = result.officers.iter().map(|officer| did(*officer, "sign", result.confirmed.wall_ms));
    begun.into_iter().chain(lines).chain(extra).chain(signed).collect()
}

/// A cell of a table that a spreadsheet must take for text: what begins like a formula is quoted.
pub(crate) fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_text() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"] {
            assert_eq!(plain(text), format!("'{text}"));
        }
        assert_eq!(plain("马国庆 = 1"), "马国庆 = 1");
    }
}
