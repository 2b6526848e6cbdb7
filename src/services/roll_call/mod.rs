// SPDX-License-Identifier: GPL-3.0-only
//! Without network the last roster is called and the result waits in the queue; without camera, models or a match the
//! next way is offered: PIN, then an officer's check; after a power cut it goes on at the same person.
//!
//! Roll call (点名). The machine proposes that someone is present; it never records anyone as not seen: only an officer
//! does, with a reason, and only an officer signs the count. Each phase has its file under `phase/`.

mod phase;
mod reconcile;
pub(crate) mod screen;
mod tables;
#[cfg(test)]
mod tests;
mod view;

pub use reconcile::reconcile;
pub use view::{Current, LineView, View, Viewer, next_task, view};

use crate::pin::Pin;
use crate::{Actor, Done, Stop, Taken};
use contract::{
    CallId, CheckReason, DetaineeId, How, OfficerId, Outcome, Phase, RollCallPolicy, RollCallTask, Stamp,
    Text, Total,
};
use store::{Fault, Migration, Read, Write};

pub const MIGRATION: Migration =
    Migration { service: "roll_call", steps: &[include_str!("tables/0001.sql")] };

/// Most extra people and most supplements of one call.
const NOTES_MAX: usize = 20;
/// Most changes one tick makes, so that it always ends.
const STEPS_MAX: usize = 8;

/// What a person or the machine's eye asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    /// An officer begins one now.
    Begin {
        title: Text<32>,
    },
    /// An officer ends the announcement.
    OpenNow,
    /// The face check saw this person.
    Seen {
        detainee: DetaineeId,
        score: f32,
        liveness: Option<f32>,
        challenged: bool,
        model: Text<64>,
    },
    /// One try at the camera ended without a match.
    NotMatched {
        detainee: DetaineeId,
    },
    /// Somebody who is on nobody's line stood before the camera.
    Stranger,
    /// A person walks up out of order and taps their own tile.
    CallMe {
        detainee: DetaineeId,
    },
    /// The person wants to use the PIN.
    AskPin {
        detainee: DetaineeId,
    },
    EnterPin {
        detainee: DetaineeId,
        pin: Pin,
    },
    /// The person wants an officer to look; no reason is needed.
    AskOfficer {
        detainee: DetaineeId,
    },
    /// An officer ends the calling and goes to the review.
    Review,
    /// An officer decides one line.
    Decide {
        detainee: DetaineeId,
        decision: Decision,
    },
    /// An officer records somebody who is not on the roster.
    AddExtra {
        note: Text<200>,
    },
    RemoveExtra {
        index: usize,
    },
    /// An officer calls the unresolved again.
    CountAgain,
    /// An officer signs the total; `second` where policy asks for two.
    Sign {
        second: Option<OfficerId>,
    },
    /// After the count was signed: someone came.
    Late {
        detainee: DetaineeId,
        reason: CheckReason,
    },
}

/// An officer's decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    Present(CheckReason),
    /// 未点到, with the reason.
    NotSeen(Text<200>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// One is running.
    Running,
    /// None is running, or it is not in a phase for this.
    NotNow,
    NotOnRoster,
    /// Another person is being called.
    NotYourTurn,
    AlreadyResolved,
    /// The person is out of the cell.
    IsOut,
    /// Lines without a decision.
    Unresolved {
        lines: u32,
    },
    ReasonMissing,
    SecondOfficerMissing,
    SameOfficer,
    TooMany,
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(crate::Refusal::RollCall(refusal))
    }
}

/// Where one person's line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Waiting,
    /// Called in vain; called once more in the next round.
    CallAgain,
    ForOfficer,
    Resolved,
}

/// One person's line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LineRow {
    detainee: DetaineeId,
    place: Place,
    tries: u8,
    /// The camera is over for this person: tries are used up, or another way was chosen.
    other_way: bool,
    outcome: Option<Outcome>,
    at: Option<Stamp>,
}

/// A roll call as stored.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CallRow {
    call: CallId,
    title: Text<32>,
    begun_by: Option<OfficerId>,
    phase: Phase,
    round: u8,
    policy_rev: u64,
    opened: Stamp,
    /// Since when the phase, round or wait counts.
    since: Stamp,
    current: Option<DetaineeId>,
    current_since: Stamp,
    recounts: u8,
    /// Times somebody unknown stood before the camera.
    strangers: u32,
}

/// Whom the camera should look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// 1:1 against this person.
    One(DetaineeId),
    /// 1:N within these people of the roster, by site policy.
    Any(Vec<DetaineeId>),
}

/// A person did something.
///
/// # Errors
/// See [`Refusal`]; or the disk fails.
pub fn act(tx: &Write<'_>, actor: Actor, intent: &Intent, now: &Stamp) -> Result<Done, Stop> {
    let (rev, policy) = crate::policy(tx)?;
    let policy = &policy.roll_call;
    match intent {
        Intent::Begin { title } => {
            let officer = actor.officer()?;
            if tables::active(tx)?.is_some() {
                return Err(Refusal::Running.into());
            }
            phase::announced::begin(tx, CallId::fresh(), title.clone(), Some(officer), rev, now)?;
            Ok(Done::default())
        }
        Intent::Late { detainee, reason } => {
            let officer = actor.officer()?;
            phase::confirmed::supplement(tx, officer, *detainee, reason, now)
        }
        Intent::OpenNow
        | Intent::Seen { .. }
        | Intent::NotMatched { .. }
        | Intent::Stranger
        | Intent::CallMe { .. }
        | Intent::AskPin { .. }
        | Intent::EnterPin { .. }
        | Intent::AskOfficer { .. }
        | Intent::Review
        | Intent::Decide { .. }
        | Intent::AddExtra { .. }
        | Intent::RemoveExtra { .. }
        | Intent::CountAgain
        | Intent::Sign { .. } => {
            let mut call = tables::active(tx)?.ok_or(Refusal::NotNow)?;
            let done = match call.phase {
                Phase::Announced => phase::announced::act(tx, &mut call, actor, intent, now)?,
                Phase::Open | Phase::SecondRound => {
                    phase::calling::act(tx, &mut call, policy, actor, intent, now)?
                }
                Phase::Review => phase::review::act(tx, &mut call, policy, actor, intent, now)?,
                Phase::Confirmed | Phase::Delivered => return Err(Refusal::NotNow.into()),
            };
            tables::put_call(tx, &call)?;
            Ok(done)
        }
    }
}

/// The platform asks for a roll call, or takes it back before it began.
///
/// # Errors
/// The disk fails.
pub fn apply(tx: &Write<'_>, task: &RollCallTask) -> Result<Taken, Fault> {
    if task.expires_ms <= task.opens_ms {
        return Ok(Taken::SetAside("it expires before it opens"));
    }
    tables::put_task(tx, task)?;
    Ok(Taken::Yes)
}

/// Time passed: a task begins, the announcement ends, the next person is called, a round is over.
///
/// # Errors
/// The disk fails.
pub fn tick(tx: &Write<'_>, now: &Stamp) -> Result<(), Fault> {
    for _ in 0..STEPS_MAX {
        let (rev, policy) = crate::policy(tx)?;
        let Some(step) = next_step(tx, &policy.roll_call, now)? else { return Ok(()) };
        match step {
            Step::Begin(task) => {
                tables::end_task(tx, task.call)?;
                phase::announced::begin(tx, task.call, task.title, None, rev, now)?;
            }
            Step::Expire(call) => tables::end_task(tx, call)?,
            Step::Phase(mut call) => {
                if call.phase == Phase::Announced {
                    phase::announced::open(&mut call, now);
                }
                phase::calling::go_on(tx, &mut call, &policy.roll_call, now)?;
                tables::put_call(tx, &call)?;
            }
        }
        reconcile(tx, now)?;
    }
    Ok(())
}

/// Whether [`tick`] would change anything.
///
/// # Errors
/// The disk fails.
pub fn due(read: &Read<'_>, now: &Stamp) -> Result<bool, Fault> {
    let (_, policy) = crate::policy(read)?;
    Ok(next_step(read, &policy.roll_call, now)?.is_some())
}

enum Step {
    Begin(RollCallTask),
    Expire(CallId),
    Phase(CallRow),
}

fn next_step(read: &Read<'_>, policy: &RollCallPolicy, now: &Stamp) -> Result<Option<Step>, Fault> {
    if let Some(call) = tables::active(read)? {
        let due = match call.phase {
            Phase::Announced => passed_s(now, &call.since) >= i64::from(policy.announce_s),
            Phase::Open | Phase::SecondRound => phase::calling::is_due(read, &call, policy, now)?,
            Phase::Review | Phase::Confirmed | Phase::Delivered => false,
        };
        return Ok(due.then_some(Step::Phase(call)));
    }
    let lead_ms = i64::from(policy.announce_s) * 1000;
    for task in tables::tasks(read)? {
        if now.wall_ms >= task.expires_ms || task.cancelled {
            return Ok(Some(Step::Expire(task.call)));
        }
        if now.wall_ms >= task.opens_ms.saturating_sub(lead_ms) {
            return Ok(Some(Step::Begin(task)));
        }
    }
    Ok(None)
}

/// Whom the camera should look for, as far as the rules go; templates and camera are the caller's to know.
///
/// # Errors
/// The disk fails.
pub fn wanted(read: &Read<'_>) -> Result<Option<Wanted>, Fault> {
    let Some(call) = tables::active(read)? else { return Ok(None) };
    if !matches!(call.phase, Phase::Open | Phase::SecondRound) {
        return Ok(None);
    }
    let (_, policy) = crate::policy(read)?;
    let people = crate::cell::roster(read)?;
    let face_off = |id: DetaineeId| people.iter().any(|p| p.member.id == id && p.member.face_off);
    let lines = tables::lines(read, call.call)?;
    let open = |line: &LineRow| line.outcome.is_none() && !line.other_way && !face_off(line.detainee);
    if policy.roll_call.searches() {
        let anyone: Vec<_> = lines.iter().filter(|l| open(l)).map(|l| l.detainee).collect();
        return Ok((!anyone.is_empty()).then_some(Wanted::Any(anyone)));
    }
    let current = call.current.and_then(|current| lines.iter().find(|l| l.detainee == current));
    Ok(current.filter(|line| open(line)).map(|line| Wanted::One(line.detainee)))
}

/// The count of these lines.
fn total(lines: &[LineRow], extra: usize) -> Total {
    let count = |pick: fn(&Outcome) -> bool| {
        crate::cell::count(lines.iter().filter(|line| line.outcome.as_ref().is_some_and(pick)).count())
    };
    let assigned = crate::cell::count(lines.len());
    let out = count(|outcome| matches!(outcome, Outcome::Out { .. }));
    Total {
        assigned,
        out,
        expected: assigned - out,
        present: count(|outcome| matches!(outcome, Outcome::Present(_))),
        not_seen: count(|outcome| matches!(outcome, Outcome::NotSeen { .. })),
        extra: crate::cell::count(extra),
    }
}

/// Lines without a decision.
fn unresolved(lines: &[LineRow]) -> u32 {
    crate::cell::count(lines.iter().filter(|line| line.outcome.is_none()).count())
}

/// Whole seconds between two stamps.
fn passed_s(now: &Stamp, since: &Stamp) -> i64 {
    now.since_ms(since) / 1000
}

impl LineRow {
    fn resolve(&mut self, outcome: Outcome, now: &Stamp) {
        self.outcome = Some(outcome);
        self.place = Place::Resolved;
        self.at = Some(*now);
    }

    fn present(&mut self, how: How, now: &Stamp) {
        self.resolve(Outcome::Present(how), now);
    }
}
