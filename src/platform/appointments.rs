// SPDX-License-Identifier: GPL-3.0-only
//! 约见: who asked to see whom, what the post that was asked says, and what the person says to that.
//!
//! Promises: a request counts once and waits for one post, until the hour the law or the site sets from when it came; a
//! word of the person changes their own request alone; a meeting took place only by the person's word. Refuses: the
//! procurator, who is asked for under the seal of a complaint. Limits: [`OFFERS_MAX`] times at once,
//! [`APPOINTMENT_SLOTS_MAX`] in all, [`WORDS_MAX`] characters.

use crate::effects::Effect;
use crate::roll_calls::policy;
use crate::tables::appointments::{self as rows, AppointmentRow, is_over};
use crate::tables::roll_calls::Origin;
use crate::tables::{Conn, desk, tasks};
use crate::tasks::TaskKind;
use crate::{Fault, feed};
use contract::{
    APPOINTMENT_SLOTS_MAX, AppointmentRequested, AppointmentSaid, AppointmentSlot, AppointmentState,
    AppointmentStatus, AppointmentWith, AppointmentWord, Collection, EventId, Post, TerminalId, Text,
};

/// Most times offered at once.
pub(crate) const OFFERS_MAX: usize = 3;
/// Longest words to a person, in characters.
pub(crate) const WORDS_MAX: usize = 200;
const HOUR_MS: i64 = 60 * 60 * 1000;

/// What an officer does with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Deed {
    /// 已受理.
    Accept,
    /// 已转交, 已通知.
    Forward,
    /// The lawyer's own valid request came in then: 刑事诉讼法 §39.
    LawyerAsked { at_ms: i64 },
    /// Times, milliseconds since 1970 UTC.
    Offer(Vec<i64>),
    /// 不能安排, which is never without words.
    Decline,
    /// They met, as the officer has it. The person's own word is waited for.
    Done,
}

impl Deed {
    /// The action in the audit.
    fn action(&self) -> &'static str {
        match self {
            Self::Accept => "appointment_accept",
            Self::Forward => "appointment_forward",
            Self::LawyerAsked { .. } => "appointment_lawyer",
            Self::Offer(_) => "appointment_offer",
            Self::Decline => "appointment_decline",
            Self::Done => "appointment_done",
        }
    }
}

/// Why a deed is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Unknown,
    /// It is another post's.
    Post,
    /// It is over, or the deed does not fit where it stands.
    State,
    /// No words, no times, or too many; or a time that is over.
    Unsound,
}

/// Whose task a request is first, and who else may answer it.
pub(crate) fn posts_of(with: AppointmentWith) -> &'static [Post] {
    match with {
        AppointmentWith::SupervisingOfficer => &[Post::SupervisingOfficer],
        AppointmentWith::Director => &[Post::Director],
        AppointmentWith::Doctor | AppointmentWith::Counsellor => &[Post::Doctor],
        // At night the officer on duty passes them on: the law's hours run.
        AppointmentWith::DefenceLawyer | AppointmentWith::DutyLawyer | AppointmentWith::LegalAid => {
            &[Post::SupervisingOfficer, Post::DutyOfficer]
        }
    }
}

/// Whom people ask to see that this post answers for.
pub(crate) fn with_of(post: Post) -> Vec<AppointmentWith> {
    AppointmentWith::ALL.into_iter().filter(|with| posts_of(*with).contains(&post)).collect()
}

/// Whether it is a lawyer, who is passed on to and asks by themselves.
pub(crate) fn is_lawyer(with: AppointmentWith) -> bool {
    match with {
        AppointmentWith::DefenceLawyer | AppointmentWith::DutyLawyer | AppointmentWith::LegalAid => true,
        AppointmentWith::SupervisingOfficer
        | AppointmentWith::Director
        | AppointmentWith::Doctor
        | AppointmentWith::Counsellor => false,
    }
}

/// Somebody of the cell asks to see somebody. The caller has seen that they are of it.
pub(crate) async fn requested(
    conn: &mut Conn,
    origin: &Origin,
    asked: &AppointmentRequested,
) -> Result<Effect, Fault> {
    let hours = asked.with.forward_h(&policy(conn, origin.terminal).await?.appointment);
    let due_ms = origin.received_ms.saturating_add(i64::from(hours) * HOUR_MS);
    if rows::put(conn, origin, asked, due_ms).await? {
        let subject = origin.event.to_string();
        wait(conn, asked.with, (&subject, origin.terminal), origin.now_ms, due_ms).await?;
    }
    Ok(Effect::Done { news: false })
}

async fn wait(
    conn: &mut Conn,
    with: AppointmentWith,
    place: (&str, TerminalId),
    now_ms: i64,
    due_ms: i64,
) -> Result<(), Fault> {
    for post in posts_of(with).iter().take(1) {
        tasks::open_for(conn, (TaskKind::Appointment, *post), place, now_ms, due_ms).await?;
    }
    Ok(())
}

/// What the person says later; each event once, and of their own request alone. What came too late changes nothing.
pub(crate) async fn said(conn: &mut Conn, origin: &Origin, said: &AppointmentSaid) -> Result<Effect, Fault> {
    let row = rows::one(conn, origin.terminal, said.request).await?;
    let Some(row) = row.filter(|row| row.detainee == said.detainee) else {
        return Ok(Effect::Parked("request_unknown"));
    };
    let quiet = Effect::Done { news: false };
    if !rows::hear(conn, origin).await? {
        return Ok(quiet);
    }
    let Some(status) = after_word(&row, said.said, origin.now_ms) else { return Ok(quiet) };
    rows::set(conn, &row, &status, None).await?;
    match said.said {
        AppointmentWord::OtherTime | AppointmentWord::DidNotTakePlace => {
            let hours = row.with.forward_h(&policy(conn, origin.terminal).await?.appointment);
            let due_ms = origin.now_ms.saturating_add(i64::from(hours) * HOUR_MS);
            let subject = row.event.to_string();
            tasks::reopen(conn, TaskKind::Appointment, (&subject, row.terminal), origin.now_ms, due_ms)
                .await?;
            rows::set_done(conn, &row, None).await?;
        }
        AppointmentWord::TookPlace | AppointmentWord::Withdrawn => {
            end(conn, &row, status.state.name(), origin.now_ms).await?;
        }
        AppointmentWord::Accept { .. } => {}
    }
    tell(conn, &row, &status, origin.now_ms).await?;
    Ok(Effect::Done { news: true })
}

/// Where a request stands after the person's word; none where the word changes nothing.
fn after_word(row: &AppointmentRow, word: AppointmentWord, now_ms: i64) -> Option<AppointmentStatus> {
    let before = standing(row, now_ms);
    if is_over(before.state) {
        return None;
    }
    let state = |state| Some(AppointmentStatus { state, ..before.clone() });
    match word {
        AppointmentWord::Accept { slot } => {
            let offered = before.slots.iter().any(|of| of.slot == slot);
            offered.then_some(AppointmentStatus {
                state: AppointmentState::Booked,
                booked: Some(slot),
                ..before
            })
        }
        AppointmentWord::OtherTime | AppointmentWord::DidNotTakePlace => Some(AppointmentStatus {
            state: AppointmentState::Accepted,
            slots: Vec::new(),
            booked: None,
            ..before
        }),
        AppointmentWord::TookPlace => state(AppointmentState::TookPlace),
        AppointmentWord::Withdrawn => state(AppointmentState::Withdrawn),
    }
}

/// As the terminal has it, or as a request stands before the first word.
fn standing(row: &AppointmentRow, now_ms: i64) -> AppointmentStatus {
    let before = row.status.clone().unwrap_or_else(|| AppointmentStatus {
        request: row.event,
        state: AppointmentState::Accepted,
        at_ms: now_ms,
        words: Text::default(),
        forwarded_ms: None,
        lawyer_asked_ms: None,
        slots: Vec::new(),
        booked: None,
    });
    AppointmentStatus { at_ms: now_ms, ..before }
}

/// Does what an officer of `post` decided.
pub(crate) async fn act(
    conn: &mut Conn,
    (terminal, request): (TerminalId, EventId),
    (deed, words): (&Deed, &str),
    (by, post): (&str, Post),
    now_ms: i64,
) -> Result<Result<(), Refusal>, Fault> {
    let Some(row) = rows::one(conn, terminal, request).await? else { return Ok(Err(Refusal::Unknown)) };
    if !posts_of(row.with).contains(&post) {
        return Ok(Err(Refusal::Post));
    }
    if words.chars().count() > WORDS_MAX {
        return Ok(Err(Refusal::Unsound));
    }
    let status = match after_deed(&row, deed, words, now_ms) {
        Ok(status) => status,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let subject = request.to_string();
    match deed {
        Deed::Accept => {}
        Deed::Forward | Deed::Offer(_) => {
            close(conn, TaskKind::Appointment, &row, deed.action(), now_ms).await?;
        }
        Deed::LawyerAsked { at_ms } => {
            let hours = policy(conn, terminal).await?.appointment.lawyer_meeting_h;
            let due_ms = at_ms.saturating_add(i64::from(hours) * HOUR_MS);
            tasks::open_until(conn, TaskKind::LawyerMeeting, &subject, terminal, now_ms, due_ms).await?;
        }
        Deed::Decline | Deed::Done => end(conn, &row, deed.action(), now_ms).await?,
    }
    if *deed == Deed::Done {
        rows::set_done(conn, &row, Some((now_ms, by))).await?;
    } else {
        let answers = matches!(deed, Deed::Forward | Deed::Offer(_) | Deed::Decline);
        rows::set(conn, &row, &status, answers.then_some(now_ms)).await?;
        tell(conn, &row, &status, now_ms).await?;
    }
    desk::audit(conn, by, deed.action(), &format!("{terminal} {request}"), now_ms).await?;
    Ok(Ok(()))
}

/// Where a request stands after a deed.
fn after_deed(
    row: &AppointmentRow,
    deed: &Deed,
    words: &str,
    now_ms: i64,
) -> Result<AppointmentStatus, Refusal> {
    let before = standing(row, now_ms);
    if is_over(before.state) {
        return Err(Refusal::State);
    }
    let next = AppointmentStatus { words: words.into(), ..before };
    match deed {
        Deed::Accept if row.status.is_some() => Err(Refusal::State),
        Deed::Accept => Ok(next),
        Deed::Forward => Ok(AppointmentStatus {
            state: AppointmentState::Forwarded,
            forwarded_ms: next.forwarded_ms.or(Some(now_ms)),
            ..next
        }),
        Deed::LawyerAsked { at_ms } if !is_lawyer(row.with) || *at_ms > now_ms => Err(Refusal::Unsound),
        Deed::LawyerAsked { at_ms } => Ok(AppointmentStatus { lawyer_asked_ms: Some(*at_ms), ..next }),
        Deed::Offer(times) => offered(next, times, now_ms),
        Deed::Decline if words.is_empty() => Err(Refusal::Unsound),
        Deed::Decline => Ok(AppointmentStatus { state: AppointmentState::Declined, ..next }),
        Deed::Done if next.state != AppointmentState::Booked => Err(Refusal::State),
        Deed::Done => Ok(next),
    }
}

/// Times are never given the number of one that was offered before: an acceptance that is on its way means the other.
fn offered(before: AppointmentStatus, times: &[i64], now_ms: i64) -> Result<AppointmentStatus, Refusal> {
    let sound = (1..=OFFERS_MAX).contains(&times.len()) && times.iter().all(|ms| *ms > now_ms);
    if !sound || before.slots.len() + times.len() > APPOINTMENT_SLOTS_MAX {
        return Err(Refusal::Unsound);
    }
    let first = before.slots.iter().map(|of| of.slot + 1).max().unwrap_or(fresh(now_ms));
    let new = (first..).zip(times).map(|(slot, from_ms)| AppointmentSlot { slot, from_ms: *from_ms });
    let slots = before.slots.iter().copied().chain(new).collect();
    Ok(AppointmentStatus { state: AppointmentState::Offered, slots, booked: None, ..before })
}

/// A first number that no earlier offer of the same request had: those before were withdrawn with their numbers.
fn fresh(now_ms: i64) -> u32 {
    u32::try_from(now_ms.div_euclid(1000) & i64::from(u32::MAX >> 1)).unwrap_or_default()
}

async fn end(conn: &mut Conn, row: &AppointmentRow, result: &str, now_ms: i64) -> Result<(), Fault> {
    close(conn, TaskKind::Appointment, row, result, now_ms).await?;
    close(conn, TaskKind::LawyerMeeting, row, result, now_ms).await
}

async fn close(
    conn: &mut Conn,
    kind: TaskKind,
    row: &AppointmentRow,
    result: &str,
    now_ms: i64,
) -> Result<(), Fault> {
    tasks::close(conn, &[kind], &row.event.to_string(), row.terminal, result, now_ms).await.map(|_| ())
}

async fn tell(
    conn: &mut Conn,
    row: &AppointmentRow,
    status: &AppointmentStatus,
    now_ms: i64,
) -> Result<(), Fault> {
    let key = row.event.to_string();
    feed::put(conn, row.terminal, Collection::Appointment, &key, status, now_ms).await
}
