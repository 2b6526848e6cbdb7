// SPDX-License-Identifier: GPL-3.0-only
//! How long answers take here: for everybody on the terminals, and for director and procurator at the desk.
//!
//! Computed from events the platform acknowledged, and from nothing else. Promises: a calendar month is told of once,
//! [`SETTLED_MS`] after its end, and never changes; each event counts in one month; nothing is told that counts fewer than
//! [`FIGURES_COUNT_MIN`], nor what would say it by a difference: how many were answered without being overdue, or a middle
//! of fewer. Of what is sealed, what the office answered and what it did not open in time counts; a thing that was opened
//! and not answered may be a mark, and nobody here can tell. The writer's own clock tells the next office of those.

use crate::tables::{Conn, devices, figures as rows};
use crate::{Core, Fault, feed};
use contract::{
    AnswerFigures, AppointmentWith, Collection, FIGURES_COUNT_MIN, FigureKind, FigureLine, Office, TerminalId,
};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use std::time::Duration;

/// How long after a month's end its figures are told, in milliseconds: 30 days, the longest an answer may be given.
pub(crate) const SETTLED_MS: i64 = 30 * 86_400_000;
const HOUR_MS: i64 = 60 * 60 * 1000;
/// China has one time zone.
const OFFSET_H: i8 = 8;
pub(crate) const LOOK_EVERY: Duration = Duration::from_secs(60);
/// The one item of its collection.
const KEY: &str = "figures";

/// One event that was answered or is overdue, without anybody in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) what: FigureKind,
    /// From the platform's custody to the answer; none where there was none.
    pub(crate) waited_ms: Option<i64>,
    pub(crate) overdue: bool,
}

/// The figures of these facts, with whatever would point at few of them left out.
pub(crate) fn figures((from_ms, until_ms): (i64, i64), facts: &[Fact]) -> AnswerFigures {
    let lines = kinds().filter_map(|what| {
        let of: Vec<&Fact> = facts.iter().filter(|fact| fact.what == what).collect();
        let count = enough(of.len())?;
        let overdue = of.iter().filter(|fact| fact.overdue).count();
        let tells_nobody = |number: usize| number == 0 || enough(number).is_some();
        let told = tells_nobody(overdue) && tells_nobody(of.len() - overdue);
        let overdue = u32::try_from(overdue).ok().filter(|_| told);
        let waited: Vec<i64> = of.iter().filter_map(|fact| fact.waited_ms).collect();
        Some(FigureLine { what, count, median_h: median_h(waited), overdue })
    });
    AnswerFigures { from_ms, until_ms, lines: lines.collect() }
}

fn enough(number: usize) -> Option<u32> {
    u32::try_from(number).ok().filter(|number| *number >= FIGURES_COUNT_MIN)
}

/// In whole hours, begun ones counted; none of too few.
fn median_h(mut waited_ms: Vec<i64>) -> Option<u32> {
    enough(waited_ms.len())?;
    waited_ms.sort_unstable();
    let middle = waited_ms.get(waited_ms.len() / 2)?;
    u32::try_from((middle + HOUR_MS - 1).div_euclid(HOUR_MS)).ok()
}

/// Everything a figure can be about, in the order it is shown.
fn kinds() -> impl Iterator<Item = FigureKind> {
    let complaints = Office::COMPLAINTS.into_iter().map(FigureKind::Complaint);
    let appointments = AppointmentWith::ALL.into_iter().map(FigureKind::Appointment);
    complaints.chain(appointments).chain([FigureKind::SymptomReport])
}

/// The newest month whose figures may be told at `now_ms`, from its first moment to the next month's.
pub(crate) fn period(now_ms: i64) -> Option<(i64, i64)> {
    let zone = TimeZone::fixed(Offset::constant(OFFSET_H));
    let settled = Timestamp::from_millisecond(now_ms.checked_sub(SETTLED_MS)?).ok()?.to_zoned(zone.clone());
    let until = settled.date().first_of_month();
    let from = until.yesterday().ok()?.first_of_month();
    let ms = |date: jiff::civil::Date| Some(date.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond());
    Some((ms(from)?, ms(until)?))
}

/// Tells a terminal the newest figures, if there are any.
pub(crate) async fn tell(conn: &mut Conn, terminal: TerminalId, now_ms: i64) -> Result<(), Fault> {
    let Some(newest) = rows::released(conn, 1).await?.pop() else { return Ok(()) };
    feed::put(conn, terminal, Collection::AnswerFigures, KEY, &newest, now_ms).await
}

/// Releases what is due and tells every terminal; whether there was any.
pub(crate) async fn release_due(core: &Core) -> Result<bool, Fault> {
    let now_ms = core.clock.now_ms();
    let Some(period) = period(now_ms) else { return Ok(false) };
    let mut read = core.tables.read().await?;
    if rows::is_released(&mut read, period.0).await? {
        return Ok(false);
    }
    drop(read);
    let mut write = core.tables.write().await?;
    let figures = figures(period, &rows::facts(&mut write, period, now_ms).await?);
    // Another process may have released them since it was read.
    if !rows::release(&mut write, &figures, now_ms).await? {
        return Ok(false);
    }
    let terminals = devices::terminals(&mut write).await?;
    for terminal in &terminals {
        tell(&mut write, terminal.id, now_ms).await?;
    }
    write.commit().await?;
    for terminal in terminals {
        core.bells.ring(terminal.id);
    }
    Ok(true)
}
