// SPDX-License-Identifier: GPL-3.0-only
//! Text from outside, made safe to show while it is read: no control or direction characters, no more than `MAX`
//! characters. A name that was shortened ends in `…`.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};

/// At most `MAX` characters of plain, single-line text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Text<const MAX: usize>(String);

impl<const MAX: usize> Text<MAX> {
    /// Cleans `raw`: line breaks become spaces, control and direction characters go, the rest is cut at `MAX`.
    pub fn new(raw: &str) -> Self {
        let mut kept = raw.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| shown(*c));
        let mut text: String = kept.by_ref().take(MAX).collect();
        if kept.next().is_some() {
            text.pop();
            text.push('…');
        }
        Self(text.trim().to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether a character may reach a screen. Direction overrides and invisible joiners can make a name read as another.
fn shown(c: char) -> bool {
    let invisible = matches!(c,
        '\u{00AD}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}');
    !c.is_control() && !invisible
}

impl<'de, const MAX: usize> Deserialize<'de> for Text<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::new(&String::deserialize(deserializer)?))
    }
}

impl<const MAX: usize> From<&str> for Text<MAX> {
    fn from(raw: &str) -> Self {
        Self::new(raw)
    }
}

impl<const MAX: usize> std::fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person's words do not belong in a log.
impl<const MAX: usize> std::fmt::Debug for Text<MAX> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Text({} characters)", self.0.chars().count())
    }
}

impl<const MAX: usize> JsonSchema for Text<MAX> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Text{MAX}").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "maxLength": MAX })
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn direction_overrides_and_controls_never_reach_a_screen() {
        let name = Text::<16>::new("王\u{202E}三\u{0007}\n四\u{200B}");
        assert_eq!(name.as_str(), "王三 四");
    }

    #[test]
    fn a_huge_name_is_cut_and_says_so() {
        let name = Text::<8>::new(&"长".repeat(100_000));
        assert_eq!(name.as_str(), "长长长长长长长…");
    }

    #[test]
    fn a_name_is_not_debugged() {
        assert_eq!(format!("{:?}", Text::<8>::new("王三")), "Text(2 characters)");
    }
}
