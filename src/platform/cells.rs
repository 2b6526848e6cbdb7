// SPDX-License-Identifier: GPL-3.0-only
//! The facility's cells: where terminals hang, and who is in them.
//!
//! A new terminal is told what every terminal has to know; the offices' windows are told of every change; a person's
//! account follows them.

use crate::roll_calls::FACILITY_KEY;
use crate::tables::devices::{self, TerminalRow};
use crate::tables::roll_calls as rows;
use crate::tables::{Write, care as care_rows, complaints as complaint_rows};
use crate::{Fault, Platform, accounts, care, documents, feed, figures, goods, offices, public_notices};
use contract::{Collection, DetaineeId, Facility, Member, Terminal, TerminalId};

impl Platform {
    /// Keeps the place of a terminal and tells it the facility it is in.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn put_terminal(&self, terminal: &Terminal, facility: &Facility) -> Result<(), Fault> {
        let row = TerminalRow {
            id: terminal.terminal,
            block: terminal.block.as_str().to_owned(),
            cell: terminal.cell.as_str().to_owned(),
            utc_offset_min: terminal.utc_offset_min,
            camera: None,
            camera_ms: None,
        };
        let now_ms = self.now_ms();
        let mut write = self.core.tables.write().await?;
        devices::put_terminal(&mut write, &row).await?;
        feed::put(&mut write, row.id, Collection::Facility, FACILITY_KEY, facility, now_ms).await?;
        feed::put(&mut write, row.id, Collection::Terminal, "terminal", terminal, now_ms).await?;
        offices::tell_keys(&mut write, row.id, now_ms).await?;
        goods::tell_all(&mut write, row.id, now_ms).await?;
        figures::tell(&mut write, row.id, now_ms).await?;
        public_notices::tell_all(&mut write, row.id, now_ms).await?;
        care_rows::touch(&mut write).await?;
        complaint_rows::touch(&mut write).await?;
        self.publish_cell(write, row.id).await
    }

    /// Puts a person into the terminal's cell, or changes what is known of them.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn put_member(&self, terminal: TerminalId, member: &Member) -> Result<(), Fault> {
        let key = member.id.to_string();
        let mut write = self.core.tables.write().await?;
        rows::put_person(&mut write, &key, member.name.as_str(), member.badge_number.as_str()).await?;
        let now_ms = self.now_ms();
        feed::put(&mut write, terminal, Collection::Member, &key, member, now_ms).await?;
        let before = documents::terminal_of(&mut write, member.id).await?;
        accounts::came(&mut write, terminal, member.id, now_ms).await?;
        documents::moved(&mut write, member.id, (before, Some(terminal)), now_ms).await?;
        care_rows::touch(&mut write).await?;
        complaint_rows::touch(&mut write).await?;
        self.publish_cell(write, terminal).await
    }

    /// Takes a person out of the cell for good: released or transferred.
    ///
    /// # Errors
    /// The tables fail.
    pub async fn remove_member(&self, terminal: TerminalId, id: DetaineeId) -> Result<(), Fault> {
        let now_ms = self.now_ms();
        let mut write = self.core.tables.write().await?;
        feed::remove(&mut write, terminal, Collection::Member, &id.to_string(), now_ms).await?;
        care::left(&mut write, terminal, id, now_ms).await?;
        let before = documents::terminal_of(&mut write, id).await?;
        accounts::left(&mut write, terminal, id, now_ms).await?;
        let after = documents::terminal_of(&mut write, id).await?;
        documents::moved(&mut write, id, (before, after), now_ms).await?;
        care_rows::touch(&mut write).await?;
        complaint_rows::touch(&mut write).await?;
        self.publish_cell(write, terminal).await
    }

    /// The people of the terminal's cell.
    ///
    /// # Errors
    /// The tables fail, or a record is damaged.
    pub async fn members(&self, terminal: TerminalId) -> Result<Vec<Member>, Fault> {
        let mut read = self.core.tables.read().await?;
        care::members(&mut read, terminal).await
    }

    async fn publish_cell(&self, write: Write, terminal: TerminalId) -> Result<(), Fault> {
        self.publish(write, terminal).await?;
        self.core.bells.care.ring();
        self.core.bells.complaints.ring();
        Ok(())
    }
}
