// SPDX-License-Identifier: GPL-3.0-only
//! 家属账单 on paper: the signed statement as a PDF with the code and a picture code to compare it by.
//!
//! Promises: every line is on it, whole; the glyphs that are used are in the file. The paper itself is not signed: its
//! picture code names the signed file (its number, the statement's last hash, the file's digest). Refuses: a machine without
//! a font for it.

use super::money::yuan;
use super::paper::{LEADING, MARGIN, PAGE, Sheet, TEXT, TITLE, font, settings, wrapped};
use super::words::{OFFSET_MIN, Words};
use crate::Fault;
use contract::{FamilyStatement, Signed, StatementLine, statement_code};
use krilla::Document;
use krilla::geom::{PathBuilder, Rect};
use krilla::metadata::Metadata;
use krilla::paint::Fill;
use qrcode::{Color, QrCode};

const QR: f32 = 110.0;
/// Where the columns begin, and how wide the last one is.
const COLUMNS: [f32; 6] = [0.0, 32.0, 140.0, 190.0, 255.0, 320.0];
const LAST: f32 = 190.0;

/// Whose it is, as the page names them.
pub(super) struct Whose<'a> {
    pub(super) name: &'a str,
    pub(super) badge_number: &'a str,
}

/// Sets a statement. It reads fonts from the disk: not for a thread that others wait for.
pub(super) fn make(
    words: Words,
    whose: &Whose<'_>,
    statement: &FamilyStatement,
    signed: &Signed,
) -> Result<Vec<u8>, Fault> {
    let font = font()?;
    let rows: Vec<[Vec<String>; 6]> = statement.lines.iter().map(|line| cells(words, line)).collect();
    let mut document = Document::new();
    document.set_metadata(
        Metadata::new().title(words.t("desk-statement")).language(words.lang().code().to_owned()),
    );
    let mut rows = rows.as_slice();
    let mut number = 1_i64;
    loop {
        let mut page = document.start_page_with(settings()?);
        let mut surface = page.surface();
        let mut sheet = Sheet { surface: &mut surface, font: &font, y: MARGIN + TITLE };
        if number == 1 {
            sheet.head(words, whose, statement, signed)?;
        }
        rows = sheet.rows(words, rows);
        sheet.y = PAGE.1 - MARGIN;
        let code = statement_code(statement.account.head);
        let foot = words.f("desk-statement-foot", &[("page", number.into()), ("code", code.into())]);
        sheet.text(0.0, TEXT, &foot);
        surface.finish();
        page.finish();
        if rows.is_empty() {
            break;
        }
        number += 1;
    }
    document.finish().map_err(|_| Fault::Refused("set a statement"))
}

/// One line of the statement, each cell as the lines it takes.
fn cells(words: Words, line: &StatementLine) -> [Vec<String>; 6] {
    let kind = words.f("desk-line-kind", &[("kind", line.kind.name().into())]);
    let said = format!("{} {}", line.words, line.reference);
    [
        vec![line.number.to_string()],
        vec![at(words, line.at_ms)],
        vec![kind],
        vec![yuan(words, line.amount)],
        vec![yuan(words, line.balance)],
        wrapped(said.trim(), LAST),
    ]
}

/// A time with its year: paper is kept for long.
fn at(words: Words, ms: i64) -> String {
    format!("{} {}", words.day(ms, OFFSET_MIN), words.clock(ms, OFFSET_MIN))
}

impl Sheet<'_, '_> {
    fn head(
        &mut self,
        words: Words,
        whose: &Whose<'_>,
        statement: &FamilyStatement,
        signed: &Signed,
    ) -> Result<(), Fault> {
        let account = &statement.account;
        self.text(0.0, TITLE, &format!("{} {}", statement.facility, words.t("desk-statement")));
        let top = self.y;
        self.y += LEADING * 2.0;
        let facts = [
            ("desk-person", format!("{} {}", whose.badge_number, whose.name)),
            ("desk-time", at(words, account.as_of_ms)),
            ("desk-account-balance", yuan(words, account.balance)),
            ("desk-statement-code", statement_code(account.head)),
            ("desk-statement-number", statement.statement.to_string()),
        ];
        for (id, value) in facts {
            self.text(0.0, TEXT, &words.t(id));
            self.text(90.0, TEXT, &value);
            self.y += LEADING;
        }
        for line in wrapped(&words.t("desk-statement-check"), PAGE.0 - 3.0 * MARGIN - QR) {
            self.text(0.0, TEXT, &line);
            self.y += LEADING;
        }
        let code = format!("kiosk-statement1 {} {} {}", statement.statement, account.head, signed.digest());
        self.picture(&code, top)?;
        self.y = self.y.max(top + QR) + LEADING * 2.0;
        Ok(())
    }

    /// The picture code, at the right edge from this height on.
    fn picture(&mut self, text: &str, top: f32) -> Result<(), Fault> {
        let code = QrCode::new(text).map_err(|_| Fault::Refused("make a picture code"))?;
        // A code has at most 177 squares a side.
        let side = u16::try_from(code.width()).map_err(|_| Fault::Refused("make a picture code"))?;
        let square = QR / f32::from(side);
        let mut path = PathBuilder::new();
        let mut dark = code.to_colors().into_iter().map(|color| color == Color::Dark);
        for y in 0..side {
            for x in 0..side {
                let left = PAGE.0 - MARGIN - QR + f32::from(x) * square;
                let rect = Rect::from_xywh(left, top + f32::from(y) * square, square, square);
                if let Some(rect) = rect.filter(|_| dark.next().unwrap_or(false)) {
                    path.push_rect(rect);
                }
            }
        }
        if let Some(path) = path.finish() {
            self.surface.set_fill(Some(Fill::default()));
            self.surface.draw_path(&path);
        }
        Ok(())
    }

    /// As many rows as fit; those that are left.
    fn rows<'r>(&mut self, words: Words, rows: &'r [[Vec<String>; 6]]) -> &'r [[Vec<String>; 6]] {
        let heads = [
            "desk-line-number",
            "desk-time",
            "desk-line-what",
            "desk-account-amount",
            "desk-account-balance",
            "desk-account-why",
        ];
        for (x, id) in COLUMNS.into_iter().zip(heads) {
            self.text(x, TEXT, &words.t(id));
        }
        self.y += LEADING * 1.5;
        let end = PAGE.1 - MARGIN - LEADING * 2.0;
        for (place, row) in rows.iter().enumerate() {
            let lines = row.iter().map(Vec::len).max().unwrap_or(1);
            let height = LEADING * f32::from(u8::try_from(lines).unwrap_or(u8::MAX));
            // A page takes one row at least.
            if self.y + height > end && place > 0 {
                return &rows[place..];
            }
            let top = self.y;
            for (x, cell) in COLUMNS.into_iter().zip(row) {
                self.y = top;
                for line in cell {
                    self.text(x, TEXT, line);
                    self.y += LEADING;
                }
            }
            self.y = top + height;
        }
        &[]
    }
}
