// SPDX-License-Identifier: GPL-3.0-only
//! Alarms and requests for whoever runs a platform in their own program: the demo, tests.

use crate::alarms::{Deed, act, answer_request};
use crate::tables::alarms::{self as rows, AlarmRow};
use crate::tables::requests;
use crate::{Fault, Platform};
use contract::{DeviceId, EventId, RequestState, TerminalId};

/// Most alarms of one list.
const LIST_MAX: usize = 1_000;

/// An alarm as others see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmReport {
    pub device: DeviceId,
    pub alarm: EventId,
    pub terminal: TerminalId,
    /// `panic`, `silent`, `camera`, `opened`, `power`, `call`, `danger`.
    pub kind: &'static str,
    /// 1 is help that is needed.
    pub rank: i64,
    /// What the board says of it, in codes.
    pub detail: String,
    pub presses: u64,
    /// 0 the control room, 1 the next post too, 2 the director too.
    pub level: i64,
    pub is_fine: bool,
    pub is_acknowledged: bool,
    pub has_arrived: bool,
    pub is_over: bool,
    pub is_closed: bool,
}

impl Platform {
    /// The open alarms, help that is needed first, then the newest closed ones.
    ///
    /// # Errors
    /// The tables fail, or a record is damaged.
    pub async fn alarms(&self) -> Result<Vec<AlarmReport>, Fault> {
        let mut read = self.core.tables.read().await?;
        let mut found = rows::open(&mut read, LIST_MAX).await?;
        found.extend(rows::closed(&mut read, LIST_MAX).await?);
        let report = |row: AlarmRow| AlarmReport {
            device: row.device,
            alarm: row.id,
            terminal: row.terminal,
            kind: row.kind.name(),
            rank: row.kind.rank(),
            detail: row.detail,
            presses: row.presses,
            level: row.level,
            is_fine: row.fine_ms.is_some(),
            is_acknowledged: row.acknowledged.is_some(),
            has_arrived: row.arrived.is_some(),
            is_over: row.over_ms.is_some(),
            is_closed: row.closed_ms.is_some(),
        };
        Ok(found.into_iter().map(report).collect())
    }

    /// What an officer does with an alarm; false where it is closed.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn answer_alarm(&self, alarm: &AlarmReport, deed: Deed<'_>, by: &str) -> Result<bool, Fault> {
        let mut write = self.core.tables.write().await?;
        let now_ms = self.core.clock.now_ms();
        let done = act(&mut write, alarm.device, alarm.alarm, deed, by, now_ms).await?;
        write.commit().await?;
        self.core.bells.alarms.ring();
        self.core.bells.ring(alarm.terminal);
        Ok(done)
    }

    /// Answers the oldest request of 申领报修 that waits; false where none does.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn answer_request(&self, state: RequestState, words: &str, by: &str) -> Result<bool, Fault> {
        let mut write = self.core.tables.write().await?;
        let now_ms = self.core.clock.now_ms();
        let waiting = requests::newest(&mut write, LIST_MAX).await?;
        let Some(row) = waiting.into_iter().rfind(|row| row.state.is_none()) else { return Ok(false) };
        let told = requests::answer(&mut write, row.device, row.event, state, by, words, now_ms).await?;
        if let Some(terminal) = told {
            answer_request(&mut write, terminal, row.event, state, words, now_ms).await?;
            write.commit().await?;
            self.core.bells.ring(terminal);
        }
        Ok(told.is_some())
    }
}
