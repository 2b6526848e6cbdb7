// SPDX-License-Identifier: GPL-3.0-only
//! What people do at the terminal. Every service is the same four functions: `act` (a person did something), `apply`
//! (the platform said something), `tick` (time passed), `view` (what to show).
//!
//! Rules take `now` and data: no clock, file, socket or random number here. The enums are closed: the compiler names
//! every place a new service must be added.

pub mod alarm;
pub mod care;
pub mod cell;
pub mod complaint;
pub mod device;
pub mod document;
pub mod duty;
mod parts;
pub mod pin;
pub mod public_notice;
pub mod reasons;
pub mod request;
pub mod roll_call;
pub mod scene;
pub mod screen;
#[cfg(test)]
mod screen_tests;
pub mod session;
pub mod shop;
pub mod spoken;
#[cfg(test)]
mod world;

use contract::{
    DetaineeId, EventId, FeedItem, FeedOp, FeedPage, Office, OfficeKeys, OfficerId, Policy, Stamp, Update,
};
use store::{Fault, Migration, Read, Write};

/// Every service's tables, in the order they are made.
pub const MIGRATIONS: &[Migration] = &[
    cell::MIGRATION,
    session::MIGRATION,
    roll_call::MIGRATION,
    alarm::MIGRATION,
    device::MIGRATION,
    request::MIGRATION,
    duty::MIGRATION,
    care::MIGRATION,
    shop::MIGRATION,
    complaint::MIGRATION,
    document::MIGRATION,
    public_notice::MIGRATION,
];

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Somebody in the cell; nobody asked who.
    Anyone,
    /// A detainee who has shown who they are.
    Detainee(DetaineeId),
    /// An officer who has shown card and PIN, or was vouched for by another officer.
    Officer(OfficerId),
    /// The terminal's own eyes and clock. It never decides against a person.
    Machine,
}

impl Actor {
    /// The officer, or the refusal that only an officer may.
    ///
    /// # Errors
    /// [`Refusal::OfficerOnly`].
    pub fn officer(self) -> Result<OfficerId, Refusal> {
        match self {
            Self::Officer(officer) => Ok(officer),
            Self::Anyone | Self::Detainee(_) | Self::Machine => Err(Refusal::OfficerOnly),
        }
    }
}

/// What a person asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    Alarm(alarm::Intent),
    Cell(cell::Intent),
    Device(device::Intent),
    Session(session::Intent),
    RollCall(roll_call::Intent),
    Duty(duty::Intent),
    Request(request::Intent),
    Care(care::Intent),
    Shop(shop::Intent),
    Complaint(complaint::Intent),
    Document(document::Intent),
}

impl From<document::Intent> for Intent {
    fn from(intent: document::Intent) -> Self {
        Self::Document(intent)
    }
}

impl From<complaint::Intent> for Intent {
    fn from(intent: complaint::Intent) -> Self {
        Self::Complaint(intent)
    }
}

impl From<shop::Intent> for Intent {
    fn from(intent: shop::Intent) -> Self {
        Self::Shop(intent)
    }
}

impl From<care::Intent> for Intent {
    fn from(intent: care::Intent) -> Self {
        Self::Care(intent)
    }
}

impl From<request::Intent> for Intent {
    fn from(intent: request::Intent) -> Self {
        Self::Request(intent)
    }
}

impl From<alarm::Intent> for Intent {
    fn from(intent: alarm::Intent) -> Self {
        Self::Alarm(intent)
    }
}

impl From<cell::Intent> for Intent {
    fn from(intent: cell::Intent) -> Self {
        Self::Cell(intent)
    }
}

impl From<device::Intent> for Intent {
    fn from(intent: device::Intent) -> Self {
        Self::Device(intent)
    }
}

impl From<session::Intent> for Intent {
    fn from(intent: session::Intent) -> Self {
        Self::Session(intent)
    }
}

impl From<roll_call::Intent> for Intent {
    fn from(intent: roll_call::Intent) -> Self {
        Self::RollCall(intent)
    }
}

impl From<duty::Intent> for Intent {
    fn from(intent: duty::Intent) -> Self {
        Self::Duty(intent)
    }
}

/// Why not, as a value the screen can explain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Only an officer, identified at this terminal, may.
    OfficerOnly,
    Cell(cell::Refusal),
    Session(session::Refusal),
    RollCall(roll_call::Refusal),
    Request(request::Refusal),
    Duty(duty::Refusal),
    Care(care::Refusal),
    Shop(shop::Refusal),
    Complaint(complaint::Refusal),
    Document(document::Refusal),
}

/// An intent that was not carried out; nothing of it was kept.
#[derive(Debug)]
pub enum Stop {
    Refused(Refusal),
    Failed(Fault),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// What one intent or tick left behind for the loop.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// The event whose delivery the person waits for.
    pub receipt: Option<EventId>,
    /// Refused, and yet something was kept: a wrong PIN is counted.
    pub refused: Option<Refusal>,
}

/// A person did something.
///
/// # Errors
/// [`Stop::Refused`] with the reason to show, [`Stop::Failed`] when the disk fails; nothing was kept then.
pub fn act(tx: &Write<'_>, actor: Actor, intent: &Intent, now: &Stamp) -> Result<Done, Stop> {
    let done = match intent {
        Intent::Alarm(intent) => alarm::act(tx, intent, now)?,
        Intent::Cell(intent) => cell::act(tx, actor, intent, now)?,
        Intent::Device(intent) => device::act(tx, intent, now)?,
        Intent::Session(intent) => session::act(tx, actor, intent, now)?,
        Intent::RollCall(intent) => roll_call::act(tx, actor, intent, now)?,
        Intent::Request(intent) => request::act(tx, intent, now)?,
        Intent::Duty(intent) => duty::act(tx, actor, intent, now)?,
        Intent::Care(intent) => care::act(tx, actor, intent, now)?,
        Intent::Shop(intent) => shop::act(tx, actor, intent, now)?,
        Intent::Complaint(intent) => complaint::act(tx, actor, intent, now)?,
        Intent::Document(intent) => document::act(tx, actor, intent, now)?,
    };
    roll_call::reconcile(tx, now)?;
    duty::reconcile(tx)?;
    Ok(done)
}

/// The platform said something. An item that is not newer is ignored; one that is not understood or over a limit is set
/// aside and the rest counts. At the end of a reading from the beginning, whoever and whatever it did not name is gone.
///
/// # Errors
/// The disk fails.
pub fn apply(tx: &Write<'_>, page: &FeedPage, now: &Stamp) -> Result<(), Fault> {
    if page.from == 0 {
        tx.begin_reading()?;
    }
    for item in &page.items {
        if !tx.take_rev(item)? {
            continue;
        }
        let taken = match Update::decode(item) {
            Ok(update) => take(tx, item, &update, now)?,
            Err(error) => {
                tracing::warn!(why = &error as &dyn std::error::Error, "feed item set aside");
                Taken::SetAside("not understood")
            }
        };
        if let Taken::SetAside(why) = taken {
            tx.set_aside(item, why)?;
        }
    }
    if page.end {
        for (collection, key) in tx.end_reading()? {
            let item = FeedItem {
                cursor: page.to,
                collection,
                key,
                rev: 0,
                op: FeedOp::Del,
                body: serde_json::Value::Null,
            };
            // What cannot be deleted, like the facility, stays as it is.
            if let Ok(update) = Update::decode(&item) {
                take(tx, &item, &update, now)?;
            }
        }
    }
    roll_call::reconcile(tx, now)?;
    duty::reconcile(tx)
}

/// Whether an update had its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    Yes,
    /// Over a limit or out of place.
    SetAside(&'static str),
}

fn take(tx: &Write<'_>, item: &FeedItem, update: &Update, now: &Stamp) -> Result<Taken, Fault> {
    match update {
        Update::Facility(_) | Update::Terminal(_) | Update::Schedule { .. } | Update::Policy(_) => {
            cell::apply(tx, update, item.rev)
        }
        Update::Member(member) => {
            let taken = cell::apply(tx, update, item.rev)?;
            if taken == Taken::Yes {
                session::member_changed(tx, member)?;
            }
            Ok(taken)
        }
        Update::MemberGone(detainee) => {
            session::member_gone(tx, *detainee, now)?;
            duty::member_gone(tx, *detainee)?;
            care::member_gone(tx, *detainee)?;
            shop::member_gone(tx, *detainee)?;
            complaint::member_gone(tx, *detainee)?;
            document::member_gone(tx, *detainee)?;
            cell::apply(tx, update, item.rev)
        }
        Update::Officer(_) | Update::OfficerGone(_) => session::apply(tx, update),
        Update::RollCallTask(task) => roll_call::apply(tx, task),
        Update::Request(status) => request::apply(tx, status).map(|()| Taken::Yes),
        Update::RequestGone(request) => request::answer_gone(tx, *request).map(|()| Taken::Yes),
        Update::Media { key, item } => Ok(match tx.put_media(key, item.as_ref())? {
            true => Taken::Yes,
            false => Taken::SetAside("a file over the limits of the media"),
        }),
        Update::Rota { .. } | Update::DutyAnswer(_) => duty::apply(tx, update, now),
        Update::Catalogue { .. }
        | Update::Account { .. }
        | Update::Statement { .. }
        | Update::Order { .. } => shop::apply(tx, update),
        Update::Office(statement) => match OfficeKeys::claimed(statement) {
            Some(Office::Clinic) => care::apply(tx, update, now),
            Some(Office::Procurator | Office::Director | Office::SupervisingOfficer | Office::Superior) => {
                complaint::apply(tx, update, now)
            }
            None => Ok(Taken::SetAside("keys of no office")),
        },
        Update::Care { .. } | Update::CareNotice { .. } => care::apply(tx, update, now),
        Update::Complaint { .. }
        | Update::AnswerFigures(_)
        | Update::Appointment(_)
        | Update::AppointmentGone(_) => complaint::apply(tx, update, now),
        Update::Document { document, version, body } => {
            document::apply(tx, (*document, *version), body.as_deref())
        }
        Update::PublicNotice { notice, body } => public_notice::apply(tx, *notice, body.as_ref()),
    }
}

/// Time passed.
///
/// # Errors
/// The disk fails.
pub fn tick(tx: &Write<'_>, now: &Stamp) -> Result<(), Fault> {
    roll_call::tick(tx, now)?;
    duty::tick(tx, now)?;
    care::tick(tx, now)?;
    shop::tick(tx, now)?;
    complaint::tick(tx, now)
}

/// Whether [`tick`] would change anything; asked often, so that an idle terminal writes nothing.
///
/// # Errors
/// The disk fails.
pub fn due(read: &Read<'_>, now: &Stamp) -> Result<bool, Fault> {
    Ok(roll_call::due(read, now)?
        || duty::due(read, now)?
        || care::due(read, now)?
        || shop::due(read, now)?
        || complaint::due(read, now)?)
}

/// The policy in force with its revision; the built-in one until the platform sends one.
///
/// # Errors
/// The disk fails.
pub fn policy(read: &Read<'_>) -> Result<(u64, Policy), Fault> {
    cell::policy(read)
}

/// A value as stored text.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(Fault::Event)
}

/// A value from stored text.
pub(crate) fn from_json<T: serde::de::DeserializeOwned>(text: &str, what: &'static str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|_| Fault::Stored { what })
}
