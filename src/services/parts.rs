// SPDX-License-Identifier: GPL-3.0-only
//! A text in parts that fit on the screen at every size of words, so that what is the last part is known to the rules.
//!
//! Promises: the parts together are the text, nothing left out, in its order.

/// Lines of one part in the largest words.
const LINES: usize = 6;
/// Widths of a line in the largest words, where a Chinese character is two wide and a Latin one is one.
const WIDTH: usize = 52;

/// The parts of a text, at least one.
pub(crate) fn parts<'a>(paragraphs: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut parts = Vec::new();
    let (mut part, mut used) = (String::new(), 0);
    for piece in paragraphs.flat_map(pieces) {
        let lines = width(&piece).div_ceil(WIDTH).max(1);
        if used + lines > LINES && !part.is_empty() {
            parts.push(std::mem::take(&mut part));
            used = 0;
        }
        if !part.is_empty() {
            part.push('\n');
        }
        part.push_str(&piece);
        used += lines;
    }
    parts.push(part);
    parts
}

/// A paragraph in pieces of at most a part each, parted after a full stop where there is one in the latter half.
fn pieces(paragraph: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = paragraph;
    while width(rest) > LINES * WIDTH {
        let (mut used, mut end, mut stop) = (0, 0, None);
        for (at, c) in rest.char_indices() {
            used += wide(c);
            if used > LINES * WIDTH {
                break;
            }
            end = at + c.len_utf8();
            if used * 2 > LINES * WIDTH && matches!(c, '。' | '；' | '！' | '？' | ' ') {
                stop = Some(end);
            }
        }
        let (piece, after) = rest.split_at(stop.unwrap_or(end));
        pieces.push(piece.to_owned());
        rest = after;
    }
    pieces.push(rest.to_owned());
    pieces
}

fn width(text: &str) -> usize {
    text.chars().map(wide).sum()
}

fn wide(c: char) -> usize {
    if c.is_ascii() { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(paragraphs: &[&str]) -> Vec<String> {
        parts(paragraphs.iter().copied())
    }

    #[test]
    fn nothing_of_a_text_is_left_out_and_every_part_fits() {
        let long = "第一条规定如下，请仔细看。".repeat(38);
        let latin = "Everything you say here is kept as it is. ".repeat(12);
        let all = of(&[&long, "短", &latin, "短"]);
        let together: String = all.concat().replace('\n', "");
        assert_eq!(together, format!("{long}短{latin}短"));
        for part in &all {
            let lines: usize = part.split('\n').map(|line| width(line).div_ceil(WIDTH)).sum();
            assert!((1..=LINES).contains(&lines), "{lines}: {part}");
        }
    }

    #[test]
    fn a_long_paragraph_is_parted_at_a_full_stop() {
        let all = of(&[&"第一条规定如下，请仔细看。".repeat(20)]);
        assert!(all.len() > 1 && all.iter().all(|part| part.ends_with('。')));
    }

    #[test]
    fn short_paragraphs_share_a_part_and_no_text_is_one_empty_part() {
        assert_eq!(of(&["甲", "乙", "丙"]), ["甲\n乙\n丙"]);
        assert_eq!(of(&[]), [""]);
    }

    #[test]
    fn a_text_without_any_place_to_part_it_is_parted_all_the_same() {
        let all = of(&[&"国".repeat(500)]);
        assert_eq!(all.concat().chars().count(), 500);
        assert!(all.len() > 3);
    }
}
