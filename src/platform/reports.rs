// SPDX-License-Identifier: GPL-3.0-only
//! Roll calls as people read them: with names, places and states. What a record does not say is not filled in.

use crate::tables::Conn;
use crate::tables::devices::{self, TerminalRow};
use crate::tables::roll_calls::{self as rows, RollCallRow};
use crate::{Fault, roll_calls};
use contract::{
    CallId, DetaineeId, Digest, FacilityKind, How, Line, LinePlace, OfficerId, Outcome, Phase,
    RollCallProgress, RollCallResult, Stamp, TerminalId, Total, Trust,
};
use serde::Serialize;
use std::collections::HashMap;

/// Where a roll call stands, as far as the platform knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CallState {
    /// Asked for; the terminal has not said anything of it.
    Asked,
    Announced,
    Open,
    SecondRound,
    Review,
    /// Confirmed at the terminal; the result is on its way.
    Confirmed,
    /// The signed result is here.
    Received,
    Cancelled,
    /// It expired before it began.
    NotBegun,
}

impl CallState {
    pub const ALL: [Self; 9] = [
        Self::Asked,
        Self::Announced,
        Self::Open,
        Self::SecondRound,
        Self::Review,
        Self::Confirmed,
        Self::Received,
        Self::Cancelled,
        Self::NotBegun,
    ];

    /// The name in text ids and element ids.
    pub fn name(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Announced => "announced",
            Self::Open => "open",
            Self::SecondRound => "second-round",
            Self::Review => "review",
            Self::Confirmed => "confirmed",
            Self::Received => "received",
            Self::Cancelled => "cancelled",
            Self::NotBegun => "not-begun",
        }
    }
}

/// A roll call with everything the desk may see of it.
#[derive(Debug, Clone, Serialize)]
pub struct CallReport {
    pub terminal: TerminalId,
    pub block: String,
    pub cell: String,
    pub utc_offset_min: i16,
    pub kind: FacilityKind,
    pub call: CallId,
    pub title: String,
    pub state: CallState,
    /// Who asked for it at the desk; none where an officer began it at the terminal.
    pub asked_by: Option<String>,
    /// Wall times in milliseconds since 1970 UTC.
    pub opens_ms: Option<i64>,
    pub expires_ms: Option<i64>,
    pub progress_ms: Option<i64>,
    pub received_ms: Option<i64>,
    pub total: Option<Total>,
    pub unresolved: u32,
    pub lines: Vec<LineReport>,
    pub extra: Vec<ExtraReport>,
    pub begun_by: Option<String>,
    pub opened: Option<Stamp>,
    pub confirmed: Option<Stamp>,
    /// Who signed the total.
    pub officers: Vec<String>,
    pub recounts: u8,
    pub policy_rev: u64,
    /// The hash of the signed event the result came in. Without a good signature it would not be here.
    pub signed_hash: Option<Digest>,
    /// A time of the result was not confirmed by the platform's clock.
    pub time_unverified: bool,
    pub supplements: Vec<SupplementReport>,
}

/// One person's line.
#[derive(Debug, Clone, Serialize)]
pub struct LineReport {
    pub detainee: DetaineeId,
    /// Empty where the platform has never known the person.
    pub name: String,
    pub badge_number: String,
    pub place: LinePlace,
    pub at: Option<Stamp>,
    pub tries: Option<u8>,
    pub outcome: Option<Outcome>,
    /// Who checked, recorded or took out.
    pub officer: Option<String>,
}

/// Someone who is not on the roster.
#[derive(Debug, Clone, Serialize)]
pub struct ExtraReport {
    pub at: Stamp,
    pub officer: String,
    pub note: String,
}

/// A late arrival.
#[derive(Debug, Clone, Serialize)]
pub struct SupplementReport {
    pub line: LineReport,
    pub officer: String,
    pub received_ms: i64,
}

/// The newest roll calls of all cells, newest first.
pub(crate) async fn newest(conn: &mut Conn, limit: usize, now_ms: i64) -> Result<Vec<CallReport>, Fault> {
    let found = rows::newest(conn, limit).await?;
    many(conn, found, now_ms).await
}

/// The newest roll calls of one cell, newest first.
pub(crate) async fn newest_of(
    conn: &mut Conn,
    terminal: TerminalId,
    limit: usize,
    now_ms: i64,
) -> Result<Vec<CallReport>, Fault> {
    let found = rows::newest_of(conn, terminal, limit).await?;
    many(conn, found, now_ms).await
}

/// One roll call.
pub(crate) async fn one(
    conn: &mut Conn,
    terminal: TerminalId,
    call: CallId,
    now_ms: i64,
) -> Result<Option<CallReport>, Fault> {
    let found = rows::roll_call(conn, terminal, call).await?;
    Ok(many(conn, found.into_iter().collect(), now_ms).await?.pop())
}

async fn many(conn: &mut Conn, found: Vec<RollCallRow>, now_ms: i64) -> Result<Vec<CallReport>, Fault> {
    let terminals = devices::terminals(conn).await?;
    let mut names = Names::default();
    let mut reports = Vec::with_capacity(found.len());
    for row in found {
        let Some(terminal) = terminals.iter().find(|terminal| terminal.id == row.terminal) else { continue };
        reports.push(report(conn, &mut names, row, terminal, now_ms).await?);
    }
    Ok(reports)
}

async fn report(
    conn: &mut Conn,
    names: &mut Names,
    row: RollCallRow,
    terminal: &TerminalRow,
    now_ms: i64,
) -> Result<CallReport, Fault> {
    let state = state(&row, now_ms);
    let mut supplements = Vec::new();
    for (supplement, received_ms) in rows::supplements(conn, row.terminal, row.call).await? {
        let line = names.line(conn, &supplement.line).await?;
        let officer = names.officer(conn, supplement.officer).await?;
        supplements.push(SupplementReport { line, officer, received_ms });
    }
    let mut report = CallReport {
        terminal: row.terminal,
        block: terminal.block.clone(),
        cell: terminal.cell.clone(),
        utc_offset_min: terminal.utc_offset_min,
        kind: roll_calls::facility(conn, terminal.id)
            .await?
            .map(|facility| facility.kind)
            .unwrap_or_default(),
        call: row.call,
        title: row.title,
        state,
        asked_by: row.asked_by,
        opens_ms: row.opens_ms,
        expires_ms: row.expires_ms,
        progress_ms: row.progress_ms,
        received_ms: row.result_ms,
        total: None,
        unresolved: 0,
        lines: Vec::new(),
        extra: Vec::new(),
        begun_by: None,
        opened: None,
        confirmed: None,
        officers: Vec::new(),
        recounts: 0,
        policy_rev: 0,
        signed_hash: row.result_hash,
        time_unverified: false,
        supplements,
    };
    if let Some(result) = row.result {
        fill_from_result(conn, names, &mut report, result).await?;
    } else if let Some(progress) = row.progress {
        fill_from_progress(conn, names, &mut report, progress).await?;
    }
    Ok(report)
}

fn state(row: &RollCallRow, now_ms: i64) -> CallState {
    if row.result.is_some() {
        return CallState::Received;
    }
    match row.progress.as_ref().map(|progress| progress.phase) {
        Some(Phase::Announced) => CallState::Announced,
        Some(Phase::Open) => CallState::Open,
        Some(Phase::SecondRound) => CallState::SecondRound,
        Some(Phase::Review) => CallState::Review,
        Some(Phase::Confirmed | Phase::Delivered) => CallState::Confirmed,
        None if row.cancelled_ms.is_some() => CallState::Cancelled,
        None if row.expires_ms.is_some_and(|expires_ms| now_ms >= expires_ms) => CallState::NotBegun,
        None => CallState::Asked,
    }
}

async fn fill_from_result(
    conn: &mut Conn,
    names: &mut Names,
    report: &mut CallReport,
    result: RollCallResult,
) -> Result<(), Fault> {
    for line in &result.lines {
        report.lines.push(names.line(conn, line).await?);
    }
    for officer in &result.officers {
        report.officers.push(names.officer(conn, *officer).await?);
    }
    report.begun_by = match result.begun_by {
        Some(officer) => Some(names.officer(conn, officer).await?),
        None => None,
    };
    let times = result.lines.iter().map(|line| &line.at).chain([&result.opened, &result.confirmed]);
    report.time_unverified = times.into_iter().any(|at| at.trust != Trust::Synced);
    report.total = Some(result.total);
    for extra in result.extra {
        let officer = names.officer(conn, extra.officer).await?;
        report.extra.push(ExtraReport { at: extra.at, officer, note: extra.note.as_str().to_owned() });
    }
    report.opened = Some(result.opened);
    report.confirmed = Some(result.confirmed);
    report.recounts = result.recounts;
    report.policy_rev = result.policy_rev;
    Ok(())
}

async fn fill_from_progress(
    conn: &mut Conn,
    names: &mut Names,
    report: &mut CallReport,
    progress: RollCallProgress,
) -> Result<(), Fault> {
    for (detainee, place) in progress.lines {
        let (name, badge_number) = names.of(conn, detainee.to_string()).await?;
        report.lines.push(LineReport {
            detainee,
            name,
            badge_number,
            place,
            at: None,
            tries: None,
            outcome: None,
            officer: None,
        });
    }
    report.total = Some(progress.total);
    report.unresolved = progress.unresolved;
    Ok(())
}

/// Names looked up once per page.
#[derive(Default)]
pub(crate) struct Names(HashMap<String, (String, String)>);

impl Names {
    /// Name and badge number; empty where nobody is known by this id.
    pub(crate) async fn of(&mut self, conn: &mut Conn, id: String) -> Result<(String, String), Fault> {
        if let Some(known) = self.0.get(&id) {
            return Ok(known.clone());
        }
        let found = rows::person(conn, &id).await?.unwrap_or_default();
        self.0.insert(id, found.clone());
        Ok(found)
    }

    pub(crate) async fn officer(&mut self, conn: &mut Conn, id: OfficerId) -> Result<String, Fault> {
        Ok(self.of(conn, id.to_string()).await?.0)
    }

    async fn line(&mut self, conn: &mut Conn, line: &Line) -> Result<LineReport, Fault> {
        let (name, badge_number) = self.of(conn, line.detainee.to_string()).await?;
        let (place, officer) = match &line.outcome {
            Outcome::Present(How::OfficerCheck { officer, .. }) => (LinePlace::Present, Some(*officer)),
            Outcome::Present(How::Face { .. } | How::Pin { .. }) => (LinePlace::Present, None),
            Outcome::Out { officer, .. } => (LinePlace::Out, *officer),
            Outcome::NotSeen { officer, .. } => (LinePlace::NotSeen, Some(*officer)),
        };
        let officer = match officer {
            Some(officer) => Some(self.officer(conn, officer).await?),
            None => None,
        };
        Ok(LineReport {
            detainee: line.detainee,
            name,
            badge_number,
            place,
            at: Some(line.at),
            tries: Some(line.tries),
            outcome: Some(line.outcome.clone()),
            officer,
        })
    }
}

/// The reports as lines for a console.
pub fn lines(reports: &[CallReport]) -> String {
    let mut text = String::new();
    for report in reports {
        let total = report.total.unwrap_or_default();
        text.push_str(&format!(
            "{} {} {}: {}, expected {}, present {}, out {}, not seen {}\n",
            report.block,
            report.cell,
            report.title,
            report.state.name(),
            total.expected,
            total.present,
            total.out,
            total.not_seen
        ));
        for line in &report.lines {
            let how = match &line.outcome {
                None => "…".to_owned(),
                Some(Outcome::Present(How::Face { score, .. })) => format!("face {score:.3}"),
                Some(Outcome::Present(How::Pin { .. })) => "PIN".to_owned(),
                Some(Outcome::Present(How::OfficerCheck { .. })) => "officer's check".to_owned(),
                Some(Outcome::Out { out_reason, .. }) => format!("out, {}", out_reason.name()),
                Some(Outcome::NotSeen { .. }) => "not seen".to_owned(),
            };
            text.push_str(&format!("  {} {}  {how}\n", line.badge_number, line.name));
        }
    }
    text
}
