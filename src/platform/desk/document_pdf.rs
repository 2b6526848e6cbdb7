// SPDX-License-Identifier: GPL-3.0-only
//! 签名捺印 on paper: the exact text, what was said to it, the signature as it was drawn. The paper itself is not signed:
//! the digest on it is of the text, and the signed event is the platform's.

use super::paper::{LEADING, MARGIN, PAGE, Sheet, TEXT, TITLE, font, settings, wrapped};
use super::words::Words;
use crate::Fault;
use contract::{Document, Strokes};
use krilla::metadata::Metadata;

/// Where values begin beside their names.
const VALUES: f32 = 110.0;
/// How wide and high a signature is.
const SIGNATURE: (f32, f32) = (260.0, 94.0);

/// What is set.
pub(super) struct Paper<'a> {
    pub(super) document: &'a Document,
    /// Names and values, under the text.
    pub(super) facts: &'a [(String, String)],
    pub(super) strokes: Option<&'a Strokes>,
}

/// Sets a document. It reads fonts from the disk: not for a thread that others wait for.
pub(super) fn make(words: Words, paper: &Paper<'_>) -> Result<Vec<u8>, Fault> {
    let font = font()?;
    let width = PAGE.0 - 2.0 * MARGIN;
    // Lines with where they begin; an empty one between paragraphs.
    let mut lines: Vec<(f32, String)> = Vec::new();
    for paragraph in &paper.document.paragraphs {
        lines.extend(wrapped(paragraph.as_str(), width).into_iter().map(|line| (0.0, line)));
        lines.push((0.0, String::new()));
    }
    let mut named: Vec<(String, Vec<String>)> = Vec::new();
    for (name, value) in paper.facts {
        named.push((name.clone(), wrapped(value, width - VALUES)));
    }
    let mut pdf = krilla::Document::new();
    pdf.set_metadata(
        Metadata::new().title(paper.document.title.to_string()).language(words.lang().code().to_owned()),
    );
    let mut rest = lines.as_slice();
    let mut facts = named.as_slice();
    let mut first = true;
    let mut is_signed = paper.strokes.is_none();
    loop {
        let mut page = pdf.start_page_with(settings()?);
        let mut surface = page.surface();
        let mut sheet = Sheet { surface: &mut surface, font: &font, y: MARGIN + TITLE };
        if std::mem::take(&mut first) {
            sheet.text(0.0, TITLE, paper.document.title.as_str());
            sheet.y += LEADING * 2.5;
        }
        let end = PAGE.1 - MARGIN - LEADING;
        while let Some(((x, line), more)) = rest.split_first().filter(|_| sheet.y < end) {
            sheet.text(*x, TEXT, line);
            sheet.y += LEADING;
            rest = more;
        }
        while let Some(((name, value), more)) =
            facts.split_first().filter(|_| rest.is_empty() && sheet.y < end)
        {
            sheet.text(0.0, TEXT, name);
            for line in value {
                sheet.text(VALUES, TEXT, line);
                sheet.y += LEADING;
            }
            facts = more;
        }
        let done = rest.is_empty() && facts.is_empty();
        if let Some(strokes) =
            paper.strokes.filter(|_| done && !is_signed && sheet.y + SIGNATURE.1 < PAGE.1 - MARGIN)
        {
            sheet.y += LEADING;
            sheet.drawn(strokes, SIGNATURE);
            is_signed = true;
        }
        surface.finish();
        page.finish();
        if done && is_signed {
            break;
        }
    }
    pdf.finish().map_err(|_| Fault::Refused("set a document"))
}
