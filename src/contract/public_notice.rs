// SPDX-License-Identifier: GPL-3.0-only
//! 公示: what the facility tells everybody. Nobody is named in it, so whoever stands at the screen may read it.
//!
//! A notice of 文明监室 tells the cell's total and the public criteria, never a person's result: each person reads their
//! own in full in their own record. That departs from "公示率100%" where it means every person's points on a wall, because a
//! list of who lost points for what is a list for cellmates to act on.

use crate::Text;
use crate::named::named;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Most paragraphs of a notice: with 500 characters each its item stays below the feed's 64 KiB.
pub const NOTICE_PARAGRAPHS_MAX: usize = 30;
/// Most notices a terminal keeps; the house's choice.
pub const PUBLIC_NOTICES_MAX: usize = 60;

/// The collection `public_notice`; its key is `notice`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublicNotice {
    pub notice: Uuid,
    pub topic: NoticeTopic,
    pub title: Text<64>,
    /// At least one, at most [`NOTICE_PARAGRAPHS_MAX`], none empty.
    pub paragraphs: Vec<Text<500>>,
    /// Stands first, and on Home.
    #[serde(default)]
    pub urgent: bool,
    /// When it was posted, wall time in milliseconds.
    pub posted_ms: i64,
    /// Not shown from then on; none: until it is taken down.
    #[serde(default)]
    pub until_ms: Option<i64>,
}

impl PublicNotice {
    /// Whether there is something to read, within the limits.
    pub fn is_sound(&self) -> bool {
        let counted = (1..=NOTICE_PARAGRAPHS_MAX).contains(&self.paragraphs.len());
        let written = self.paragraphs.iter().all(|paragraph| !paragraph.is_empty());
        let lasts = self.until_ms.is_none_or(|until| until > self.posted_ms);
        counted && written && lasts && !self.title.is_empty()
    }
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeTopic {
    /// 监规.
    Rules,
    /// 权利义务.
    Rights,
    /// 法律法规.
    Law,
    /// 伙食: menu and food standard.
    Food,
    /// 物价.
    Prices,
    /// 作息.
    Schedule,
    /// 文明监室: the cell's total and the public criteria.
    CivilCell,
    /// 别的.
    Other,
}

named!(NoticeTopic {
    Rules => "rules",
    Rights => "rights",
    Law => "law",
    Food => "food",
    Prices => "prices",
    Schedule => "schedule",
    CivilCell => "civil_cell",
    Other => "other",
});

#[cfg(test)]
mod tests {
    use super::*;

    fn notice() -> PublicNotice {
        PublicNotice {
            notice: Uuid::nil(),
            topic: NoticeTopic::Food,
            title: "本周菜谱".into(),
            paragraphs: vec!["周一：米饭、白菜、豆腐".into()],
            urgent: false,
            posted_ms: 10,
            until_ms: Some(11),
        }
    }

    #[test]
    fn a_notice_without_words_or_without_end_in_order_is_unsound() {
        assert!(notice().is_sound());
        for wrong in [
            PublicNotice { title: Text::default(), ..notice() },
            PublicNotice { paragraphs: Vec::new(), ..notice() },
            PublicNotice { paragraphs: vec![Text::default()], ..notice() },
            PublicNotice { paragraphs: vec!["一".into(); NOTICE_PARAGRAPHS_MAX + 1], ..notice() },
            PublicNotice { until_ms: Some(10), ..notice() },
        ] {
            assert!(!wrong.is_sound(), "{wrong:?}");
        }
    }

    #[test]
    fn the_longest_notice_fits_an_item_of_the_feed() {
        let long = "国".repeat(500);
        let paragraphs = vec![Text::new(&long); NOTICE_PARAGRAPHS_MAX];
        let longest = PublicNotice { title: Text::new(&"国".repeat(64)), paragraphs, ..notice() };
        assert!(longest.is_sound() && serde_json::to_vec(&longest).unwrap().len() < 64 * 1024);
    }
}
