// SPDX-License-Identifier: GPL-3.0-only
//! 警情: calls for help, tampering, calm calls, from the first event to the officer's note.
//!
//! Promises: a press joins the alarm that is open in its cell, and is counted; nothing but an officer closes an alarm;
//! each step has a number, and is told to terminals, desks and adapters in that order. What nobody answers is called
//! out to the next post, and to the director, by the policy of its cell: it goes on being the control room's.

use crate::feed;
use crate::listener::told;
use crate::roll_calls::policy;
use crate::tables::alarms::{self as rows, AlarmRow};
use crate::tables::roll_calls::Origin;
use crate::tables::{Conn, tasks};
use crate::tasks::TaskKind;
use crate::{Core, Fault};
use contract::{
    ALARM_ANSWERS_MAX, AlarmAnswer, AlarmAnswers, CameraState, CaseChange, Collection, DeviceId, EventId,
    OfficerId, PanicForm, PanicRaised, Post, RequestState, RequestStatus, Signed, Stamp, TerminalId, Text,
    WAIT_S_MAX,
};
use std::time::Duration;
use tokio::time::Instant;

/// How often the unanswered are looked at.
pub(crate) const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long a closed alarm is still told to its terminal, in milliseconds.
const TOLD_MS: i64 = 24 * 60 * 60 * 1000;

/// What an alarm is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AlarmKind {
    /// 一键报警.
    Panic,
    /// 一键报警 that nothing in the cell shows.
    Silent,
    /// The camera sees nothing.
    Camera,
    /// 防拆: the terminal was opened.
    Opened,
    /// Mains power is gone.
    Power,
    /// 报告.
    Call,
    /// A danger question of 看病 was answered with yes.
    Danger,
}

impl AlarmKind {
    const ALL: [Self; 7] =
        [Self::Panic, Self::Silent, Self::Camera, Self::Opened, Self::Power, Self::Call, Self::Danger];

    /// The name in tables and text ids.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Panic => "panic",
            Self::Silent => "silent",
            Self::Camera => "camera",
            Self::Opened => "opened",
            Self::Power => "power",
            Self::Call => "call",
            Self::Danger => "danger",
        }
    }

    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// 1 help is needed now, 2 something is done to a terminal, 3 a calm call.
    pub(crate) fn rank(self) -> i64 {
        match self {
            Self::Panic | Self::Silent | Self::Danger => 1,
            Self::Camera | Self::Opened | Self::Power => 2,
            Self::Call => 3,
        }
    }

    fn task(self) -> TaskKind {
        match self {
            Self::Panic | Self::Silent => TaskKind::Alarm,
            Self::Camera => TaskKind::Camera,
            Self::Opened | Self::Power => TaskKind::Tamper,
            Self::Call => TaskKind::Call,
            Self::Danger => TaskKind::Danger,
        }
    }
}

/// What happened to an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Raised,
    Pressed,
    /// Said in the cell.
    Fine,
    Acknowledged,
    Coming,
    Arrived,
    /// The next post was called too; the director was called too.
    NextPost,
    Director,
    /// What it was about is over.
    Over,
    Closed,
}

impl Step {
    /// The name in tables, in what adapters are told, and in text ids.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Pressed => "pressed",
            Self::Fine => "fine",
            Self::Acknowledged => "acknowledged",
            Self::Coming => "coming",
            Self::Arrived => "arrived",
            Self::NextPost => "next_post",
            Self::Director => "director",
            Self::Over => "over",
            Self::Closed => "closed",
        }
    }
}

/// Who is called at a level: the control room, then the duty officer and 管教 too, then the director too.
pub(crate) fn is_called(post: Post, level: i64) -> bool {
    match post {
        Post::ControlRoom => true,
        Post::DutyOfficer | Post::SupervisingOfficer => level >= 1,
        Post::Director => level >= 2,
        Post::Doctor
        | Post::Shop
        | Post::Finance
        | Post::Procurator
        | Post::It
        | Post::Auditor
        | Post::Superior => false,
    }
}

/// 一键报警 came; one that joins another is counted there.
pub(crate) async fn pressed(conn: &mut Conn, origin: &Origin, raised: &PanicRaised) -> Result<(), Fault> {
    if !rows::is_first(conn, origin).await? {
        return Ok(());
    }
    let kind = match raised.form {
        PanicForm::Open => AlarmKind::Panic,
        PanicForm::Silent => AlarmKind::Silent,
    };
    if let Some(joins) = raised.joins
        && rows::press(conn, origin.device, joins, origin.now_ms).await?
    {
        return step(conn, origin.device, joins, Step::Pressed, "", origin.now_ms).await;
    }
    raise(conn, origin, kind, "", raised.at).await
}

/// Raises an alarm by the event that came.
pub(crate) async fn raise(
    conn: &mut Conn,
    origin: &Origin,
    kind: AlarmKind,
    detail: &str,
    at: Stamp,
) -> Result<(), Fault> {
    if !rows::insert(conn, origin, kind, detail, at).await? {
        return Ok(());
    }
    tasks::open(conn, kind.task(), &origin.event.to_string(), origin.terminal, origin.now_ms).await?;
    tracing::info!(terminal = %origin.terminal, kind = kind.name(), "an alarm was raised");
    step(conn, origin.device, origin.event, Step::Raised, "", origin.now_ms).await
}

/// The second way of 一键报警: it joins a call for help that is open in the cell.
pub(crate) async fn second_way(conn: &mut Conn, origin: &Origin, at: Stamp) -> Result<(), Fault> {
    if !rows::is_first(conn, origin).await? {
        return Ok(());
    }
    match rows::open_of(conn, origin.terminal, AlarmKind::Panic).await? {
        Some(open) => {
            rows::press(conn, open.device, open.id, origin.now_ms).await?;
            step(conn, open.device, open.id, Step::Pressed, "", origin.now_ms).await
        }
        None => raise(conn, origin, AlarmKind::Panic, "", at).await,
    }
}

/// The camera's state changed: one alarm for as long as it sees nothing.
pub(crate) async fn camera(
    conn: &mut Conn,
    origin: &Origin,
    state: CameraState,
    at: Stamp,
) -> Result<(), Fault> {
    let lost = state != CameraState::Working;
    condition(conn, origin, AlarmKind::Camera, lost, crate::effects::camera_name(state), at).await
}

/// Something was done to the case or the power.
pub(crate) async fn case(
    conn: &mut Conn,
    origin: &Origin,
    change: CaseChange,
    at: Stamp,
) -> Result<(), Fault> {
    let (kind, lost) = match change {
        CaseChange::Opened => (AlarmKind::Opened, true),
        CaseChange::Closed => (AlarmKind::Opened, false),
        CaseChange::OnBattery => (AlarmKind::Power, true),
        CaseChange::OnMains => (AlarmKind::Power, false),
    };
    condition(conn, origin, kind, lost, "", at).await
}

/// Something that lasts: raised once while it is so, and marked as over when it is not any more. Who looks at it closes
/// it; a camera that sees again closes its task.
async fn condition(
    conn: &mut Conn,
    origin: &Origin,
    kind: AlarmKind,
    is_so: bool,
    detail: &str,
    at: Stamp,
) -> Result<(), Fault> {
    if !rows::is_first(conn, origin).await? {
        return Ok(());
    }
    let open = rows::open_of(conn, origin.terminal, kind).await?.filter(|open| open.over_ms.is_none());
    match (open, is_so) {
        (None, true) => raise(conn, origin, kind, detail, at).await,
        (Some(open), true) => {
            rows::press(conn, open.device, open.id, origin.now_ms).await?;
            rows::set_detail(conn, open.device, open.id, detail).await?;
            step(conn, open.device, open.id, Step::Pressed, "", origin.now_ms).await
        }
        (Some(open), false) => {
            rows::set_over(conn, open.device, open.id, origin.now_ms).await?;
            if kind == AlarmKind::Camera {
                let subject = open.id.to_string();
                let kinds = [TaskKind::Camera];
                tasks::close(conn, &kinds, &subject, open.terminal, "recovered", origin.now_ms).await?;
            }
            step(conn, open.device, open.id, Step::Over, "", origin.now_ms).await
        }
        (None, false) => Ok(()),
    }
}

/// Somebody in the cell says that all is well: it stands beside the alarm, and ends nothing. False where the device has
/// no such alarm.
pub(crate) async fn fine(conn: &mut Conn, origin: &Origin, alarm: EventId) -> Result<bool, Fault> {
    let known = rows::set_fine(conn, origin.device, alarm, origin.now_ms).await?;
    if known && rows::is_first(conn, origin).await? {
        step(conn, origin.device, alarm, Step::Fine, "", origin.now_ms).await?;
    }
    Ok(known)
}

/// An officer is there, by card and PIN at the terminal. False where the device has no such alarm.
pub(crate) async fn attended(
    conn: &mut Conn,
    origin: &Origin,
    alarm: EventId,
    officer: OfficerId,
) -> Result<bool, Fault> {
    let name = crate::tables::roll_calls::person(conn, &officer.to_string()).await?;
    let name = name.map_or_else(|| officer.to_string(), |(name, _)| name);
    let known = rows::arrive(conn, origin.device, alarm, &name, origin.now_ms).await?;
    if known && rows::is_first(conn, origin).await? {
        step(conn, origin.device, alarm, Step::Arrived, &name, origin.now_ms).await?;
    }
    Ok(known)
}

/// What an officer at the desk does with an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed<'a> {
    /// 接警.
    Acknowledge,
    /// 派警: who goes.
    Send(&'a str),
    Arrive,
    /// 处置完毕, with a note on what was found.
    Close(&'a str),
}

/// Carries a deed out; false where the alarm is closed, or was never there.
pub(crate) async fn act(
    conn: &mut Conn,
    device: DeviceId,
    alarm: EventId,
    deed: Deed<'_>,
    by: &str,
    now_ms: i64,
) -> Result<bool, Fault> {
    let Some(row) = rows::one(conn, device, alarm).await?.filter(|row| row.closed_ms.is_none()) else {
        return Ok(false);
    };
    let done = match deed {
        Deed::Acknowledge => {
            rows::acknowledge(conn, device, alarm, by, now_ms).await?;
            Step::Acknowledged
        }
        Deed::Send(whom) => {
            rows::acknowledge(conn, device, alarm, by, now_ms).await?;
            rows::send(conn, device, alarm, whom, now_ms).await?;
            Step::Coming
        }
        Deed::Arrive => {
            rows::arrive(conn, device, alarm, by, now_ms).await?;
            Step::Arrived
        }
        Deed::Close(note) => {
            rows::close(conn, device, alarm, by, note, now_ms).await?;
            Step::Closed
        }
    };
    let kinds = [row.kind.task()];
    let subject = alarm.to_string();
    tasks::close(conn, &kinds, &subject, row.terminal, done.name(), now_ms).await?;
    if row.kind == AlarmKind::Call {
        let state = if done == Step::Closed { RequestState::Done } else { RequestState::Accepted };
        let words = if let Deed::Close(note) = deed { note } else { "" };
        answer_request(conn, row.terminal, alarm, state, words, now_ms).await?;
    }
    step(conn, device, alarm, done, by, now_ms).await?;
    Ok(true)
}

/// Tells a terminal what became of a request.
pub(crate) async fn answer_request(
    conn: &mut Conn,
    terminal: TerminalId,
    request: EventId,
    state: RequestState,
    words: &str,
    now_ms: i64,
) -> Result<(), Fault> {
    let status = RequestStatus { request, state, at_ms: now_ms, words: Text::new(words) };
    feed::put(conn, terminal, Collection::Request, &request.to_string(), &status, now_ms).await
}

async fn step(
    conn: &mut Conn,
    device: DeviceId,
    alarm: EventId,
    step: Step,
    by: &str,
    now_ms: i64,
) -> Result<(), Fault> {
    rows::step(conn, device, alarm, step, by, now_ms).await
}

/// What a terminal is told of its alarms, held back up to `wait_s` while it has heard all of it.
pub(crate) async fn answers(core: &Core, device: DeviceId, since: u64, wait_s: u32) -> Result<Signed, Fault> {
    let until = Instant::now() + Duration::from_secs(wait_s.min(WAIT_S_MAX).into());
    let mut bell = core.bells.alarms.ear();
    let mut stop = core.stop.clone();
    let now_ms = core.clock.now_ms();
    let (rev, alarms) = loop {
        bell.mark_unchanged();
        let mut read = core.tables.read().await?;
        let rows = rows::of_device(&mut read, device, now_ms - TOLD_MS, ALARM_ANSWERS_MAX).await?;
        drop(read);
        let rev = rows.iter().map(|row| row.rev).max().unwrap_or(0);
        if rev != since || Instant::now() >= until {
            break (rev, rows);
        }
        tokio::select! {
            _ = bell.changed() => {}
            () = tokio::time::sleep_until(until) => {}
            () = told(&mut stop) => break (rev, rows),
        }
    };
    let answer = |row: &AlarmRow| AlarmAnswer {
        alarm: row.id,
        acknowledged_ms: row.acknowledged.as_ref().map(|(ms, _)| *ms),
        coming_ms: row.coming.as_ref().map(|(ms, _)| *ms),
        arrived_ms: row.arrived.as_ref().map(|(ms, _)| *ms),
        closed_ms: row.closed_ms,
    };
    let alarms = alarms.iter().map(answer).collect();
    let answers = AlarmAnswers { device, rev, alarms, server_ms: core.clock.now_ms() };
    Ok(Signed::seal("alarms", &answers, &core.authority.content)?)
}

/// Raises the level of what has waited too long; true if anything did.
pub(crate) async fn escalate(core: &Core) -> Result<bool, Fault> {
    let now_ms = core.clock.now_ms();
    let mut read = core.tables.read().await?;
    let mut late = Vec::new();
    for row in rows::unanswered(&mut read).await? {
        let policy = policy(&mut read, row.terminal).await?.alarm;
        let waited_ms = now_ms.saturating_sub(row.waits_ms);
        let level = i64::from(waited_ms >= i64::from(policy.next_post_s) * 1000)
            + i64::from(waited_ms >= i64::from(policy.director_s) * 1000);
        if level > row.level {
            late.push((row, level));
        }
    }
    drop(read);
    let mut called = false;
    for (row, level) in late {
        let mut write = core.tables.write_for(row.terminal).await?;
        // Another process may have done it, or somebody answered, since it was read.
        if rows::set_level(&mut write, row.device, row.id, level).await? {
            let reached = if level >= 2 { Step::Director } else { Step::NextPost };
            step(&mut write, row.device, row.id, reached, "", now_ms).await?;
            write.commit().await?;
            tracing::warn!(terminal = %row.terminal, level, "an alarm is not answered");
            called = true;
        }
    }
    if called {
        core.bells.alarms.ring();
    }
    Ok(called)
}
