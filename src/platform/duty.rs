// SPDX-License-Identifier: GPL-3.0-only
//! Duty (值班): what its events change, and what an officer answers at the desk.
//!
//! Promises: an event has one effect, and the first answer to a gap, a handover, a swap or a call for help counts,
//! wherever it was given. What speaks of a person who is not of the cell is parked. Refuses to write a gap to anyone's
//! account: it has a turn and times.

use crate::effects::Effect;
use crate::tables::duty::{self as rows, Answer, Fact, FactKind, FactRow};
use crate::tables::roll_calls::{self as call_rows, Origin};
use crate::tables::{Conn, feed as truth, tasks};
use crate::tasks::TaskKind;
use crate::{Fault, Platform, feed};
use contract::{
    Collection, DetaineeId, DutyAnswer, DutyAnswered, DutyGap, DutyOfficerChecked, DutySignedOn,
    DutySwapAsked, EventId, FeedOp, Rota, Swap, TerminalId,
};
use serde::Serialize;

/// The tasks an answer to an event of duty closes.
const TASKS: [TaskKind; 4] =
    [TaskKind::DutyGap, TaskKind::DutyUnwell, TaskKind::DutySwap, TaskKind::DutyHandover];

impl Platform {
    /// Sends a rota, or changes it; one that begins later takes over where it begins.
    ///
    /// # Errors
    /// It is none a terminal would take, or the tables fail.
    pub async fn put_rota(&self, terminal: TerminalId, key: &str, rota: &Rota) -> Result<(), Fault> {
        if rota.fault().is_some() {
            return Err(Fault::Refused("send a rota that is none"));
        }
        self.put(terminal, Collection::Rota, key, rota).await
    }

    /// What is known of duty in the terminal's cell, the newest first.
    ///
    /// # Errors
    /// The tables fail, or a record is damaged.
    pub async fn duty(&self, terminal: TerminalId) -> Result<DutyReport, Fault> {
        let mut read = self.core.tables.read().await?;
        report(&mut read, terminal).await
    }

    /// An officer answers a gap, a handover, a swap or a call for help; false where it was answered before.
    ///
    /// # Errors
    /// The tables fail, or a record is damaged.
    pub async fn answer_duty(
        &self,
        terminal: TerminalId,
        subject: EventId,
        by: &str,
        note: &str,
    ) -> Result<bool, Fault> {
        let said = Answer { answer: DutyAnswer::Confirmed, by, note, at_ms: self.now_ms() };
        let mut write = self.core.tables.write().await?;
        let first = answer_at_desk(&mut write, terminal, subject, &said).await?;
        write.commit().await?;
        self.core.bells.ring(terminal);
        Ok(first)
    }

    /// The rotas the terminal has, with their keys, the earliest first.
    ///
    /// # Errors
    /// The tables fail, or a record is damaged.
    pub async fn rotas(&self, terminal: TerminalId) -> Result<Vec<(String, Rota)>, Fault> {
        let mut read = self.core.tables.read().await?;
        rotas(&mut read, terminal).await
    }
}

/// Keeps a fact of a person of the cell, or parks it.
pub(crate) async fn of_person<T: Serialize>(
    conn: &mut Conn,
    origin: &Origin,
    fact: &Fact<'_, T>,
) -> Result<Effect, Fault> {
    if let Some(detainee) = fact.detainee
        && !is_known(conn, origin.terminal, detainee).await?
    {
        return Ok(Effect::Parked("not_of_this_cell"));
    }
    keep(conn, origin, fact).await
}

async fn keep<T: Serialize>(conn: &mut Conn, origin: &Origin, fact: &Fact<'_, T>) -> Result<Effect, Fault> {
    rows::put(conn, origin, fact).await?;
    let task = match fact.kind {
        FactKind::Gap => Some(TaskKind::DutyGap),
        FactKind::Unwell => Some(TaskKind::DutyUnwell),
        FactKind::Swap => Some(TaskKind::DutySwap),
        FactKind::Handover => Some(TaskKind::DutyHandover),
        FactKind::SignOn | FactKind::Confirm | FactKind::OfficerCheck => None,
    };
    if let Some(kind) = task {
        tasks::open(conn, kind, &origin.event.to_string(), origin.terminal, origin.now_ms).await?;
    }
    let mut news = false;
    for body in rows::take_early(conn, origin).await? {
        let checked = serde_json::from_str(&body).map_err(|_| Fault::Stored("early"))?;
        news |= take_answer(conn, origin, &checked).await?;
    }
    Ok(Effect::Done { news })
}

/// A gap, or its end.
pub(crate) async fn take_gap(conn: &mut Conn, origin: &Origin, gap: &DutyGap) -> Result<Effect, Fault> {
    if let (Some(ended), Some(told)) = (gap.ended, gap.told) {
        return Ok(if rows::end_gap(conn, origin.terminal, told, ended.wall_ms).await? {
            Effect::Done { news: false }
        } else {
            Effect::Parked("gap_unknown")
        });
    }
    let fact = Fact {
        kind: FactKind::Gap,
        turn: Some(gap.turn),
        number: gap.number,
        detainee: None,
        at: gap.since,
        body: gap,
    };
    let kept = keep(conn, origin, &fact).await?;
    // One of the record is over when it is told.
    if let Some(ended) = gap.ended {
        rows::end_gap(conn, origin.terminal, origin.event, ended.wall_ms).await?;
    }
    Ok(kept)
}

/// An officer answered at the terminal.
pub(crate) async fn take_check(
    conn: &mut Conn,
    origin: &Origin,
    checked: &DutyOfficerChecked,
) -> Result<Effect, Fault> {
    let fact = Fact {
        kind: FactKind::OfficerCheck,
        turn: None,
        number: 0,
        detainee: None,
        at: checked.at,
        body: checked,
    };
    rows::put(conn, origin, &fact).await?;
    if rows::one(conn, origin.terminal, checked.subject).await?.is_none() {
        rows::put_early(conn, origin, checked.subject, checked).await?;
        return Ok(Effect::Done { news: false });
    }
    Ok(Effect::Done { news: take_answer(conn, origin, checked).await? })
}

/// Whether the feed changed.
async fn take_answer(conn: &mut Conn, origin: &Origin, checked: &DutyOfficerChecked) -> Result<bool, Fault> {
    let by = call_rows::person(conn, &checked.officer.to_string()).await?;
    let by = by.map_or_else(|| checked.officer.to_string(), |(name, _)| name);
    let said =
        Answer { answer: checked.answer, by: &by, note: checked.note.as_str(), at_ms: checked.at.wall_ms };
    let first = answered(conn, origin.terminal, checked.subject, &said, origin.now_ms).await?;
    if first {
        return Ok(false);
    }
    // It was answered at the desk before: the terminal is told what counts.
    let Some(row) = rows::one(conn, origin.terminal, checked.subject).await? else { return Ok(false) };
    let Some(answer) = row.answer.filter(|answer| *answer != checked.answer) else { return Ok(false) };
    tell(conn, origin.terminal, checked.subject, answer, origin.now_ms).await?;
    Ok(true)
}

/// An officer answers at the desk; false where it was answered before.
pub(crate) async fn answer_at_desk(
    conn: &mut Conn,
    terminal: TerminalId,
    subject: EventId,
    said: &Answer<'_>,
) -> Result<bool, Fault> {
    let first = answered(conn, terminal, subject, said, said.at_ms).await?;
    if first {
        tell(conn, terminal, subject, said.answer, said.at_ms).await?;
    }
    Ok(first)
}

/// Keeps the first answer with what follows from it: its task is closed, and a swap is in the rota.
async fn answered(
    conn: &mut Conn,
    terminal: TerminalId,
    subject: EventId,
    said: &Answer<'_>,
    now_ms: i64,
) -> Result<bool, Fault> {
    if !rows::answer(conn, terminal, subject, said).await? {
        return Ok(false);
    }
    let result = if said.note.is_empty() { said.answer.name() } else { said.note };
    tasks::close(conn, &TASKS, &subject.to_string(), terminal, result, now_ms).await?;
    let row = rows::one(conn, terminal, subject).await?;
    if let Some(row) = row.filter(|row| row.kind == FactKind::Swap && said.answer == DutyAnswer::Confirmed) {
        swap_in_rota(conn, terminal, swap_of(&row)?, now_ms).await?;
    }
    Ok(true)
}

/// Who swaps what.
pub(crate) fn swap_of(row: &FactRow) -> Result<Swap, Fault> {
    let asked: DutySwapAsked = serde_json::from_str(&row.body).map_err(|_| Fault::Stored("swap"))?;
    Ok(asked.swap)
}

/// Each takes the other's place in the approved cycle; a cycle that merely repeats is not written.
async fn swap_in_rota(conn: &mut Conn, terminal: TerminalId, swap: Swap, now_ms: i64) -> Result<(), Fault> {
    for (key, mut rota) in rotas(conn, terminal).await? {
        let mut changed = false;
        for (turn, gives, takes) in
            [(swap.first_turn, swap.first, swap.second), (swap.second_turn, swap.second, swap.first)]
        {
            let shift = rota.shifts.iter_mut().find(|shift| shift.shift == turn.shift && turn.cycle == 0);
            let Some(shift) = shift.filter(|shift| !shift.people.contains(&takes)) else { continue };
            if let Some(place) = shift.people.iter_mut().find(|person| **person == gives) {
                (*place, changed) = (takes, true);
            }
        }
        if changed {
            feed::put(conn, terminal, Collection::Rota, &key, &rota, now_ms).await?;
        }
    }
    Ok(())
}

async fn tell(
    conn: &mut Conn,
    terminal: TerminalId,
    subject: EventId,
    answer: DutyAnswer,
    now_ms: i64,
) -> Result<(), Fault> {
    let said = DutyAnswered { subject, answer, at_ms: now_ms };
    feed::put(conn, terminal, Collection::DutyAnswer, &subject.to_string(), &said, now_ms).await
}

/// The rotas a terminal has, with their keys, the earliest first.
pub(crate) async fn rotas(conn: &mut Conn, terminal: TerminalId) -> Result<Vec<(String, Rota)>, Fault> {
    let items = truth::all(conn, terminal, Collection::Rota).await?;
    let mut rotas: Vec<(String, Rota)> = items
        .into_iter()
        .map(|item| {
            let rota = serde_json::from_value(item.body).map_err(|_| Fault::Stored("rota"))?;
            Ok((item.key, rota))
        })
        .collect::<Result<_, Fault>>()?;
    rotas.sort_by_key(|(_, rota)| rota.from_ms);
    Ok(rotas)
}

/// Whether the person is, or was, of this terminal's cell: what they did counts also after they left.
async fn is_known(conn: &mut Conn, terminal: TerminalId, id: DetaineeId) -> Result<bool, Fault> {
    let item = truth::get(conn, terminal, Collection::Member, &id.to_string()).await?;
    Ok(item.is_some_and(|item| matches!(item.op, FeedOp::Put | FeedOp::Del)))
}

/// A gap as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GapReport {
    pub event: EventId,
    pub kind: contract::GapKind,
    pub since_ms: i64,
    pub ended_ms: Option<i64>,
    pub answered_by: Option<String>,
    pub note: Option<String>,
}

/// What is known of duty in a cell, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct DutyReport {
    /// Who signed on, and in whose place.
    pub signed_on: Vec<(DetaineeId, Option<DetaineeId>)>,
    pub confirmed: Vec<DetaineeId>,
    pub handed_over: Vec<DetaineeId>,
    pub unwell: Vec<DetaineeId>,
    /// The swaps asked for, with their answers.
    pub swaps: Vec<(EventId, Option<DutyAnswer>)>,
    pub gaps: Vec<GapReport>,
}

/// Most facts of one report.
const REPORT_MAX: u32 = 500;

/// What is known of duty in the cell of a terminal.
pub(crate) async fn report(conn: &mut Conn, terminal: TerminalId) -> Result<DutyReport, Fault> {
    let mut report = DutyReport::default();
    for row in rows::newest(conn, terminal, REPORT_MAX).await? {
        match (row.kind, row.detainee) {
            (FactKind::SignOn, Some(detainee)) => {
                let fact: DutySignedOn =
                    serde_json::from_str(&row.body).map_err(|_| Fault::Stored("sign-on"))?;
                report.signed_on.push((detainee, fact.instead_of));
            }
            (FactKind::Confirm, Some(detainee)) => report.confirmed.push(detainee),
            (FactKind::Handover, Some(detainee)) => report.handed_over.push(detainee),
            (FactKind::Unwell, Some(detainee)) => report.unwell.push(detainee),
            (FactKind::Swap, _) => report.swaps.push((row.event, row.answer)),
            (FactKind::Gap, _) => {
                let gap: DutyGap = serde_json::from_str(&row.body).map_err(|_| Fault::Stored("gap"))?;
                report.gaps.push(GapReport {
                    event: row.event,
                    kind: gap.gap,
                    since_ms: row.at_ms,
                    ended_ms: row.ended_ms,
                    answered_by: row.answered_by,
                    note: row.note,
                });
            }
            (
                FactKind::SignOn
                | FactKind::Confirm
                | FactKind::Handover
                | FactKind::Unwell
                | FactKind::OfficerCheck,
                _,
            ) => {}
        }
    }
    Ok(report)
}
